#include <benchmark/benchmark.h>

#include <chrono>

#include "regime/premises/testing.h"
#include "regime/register/enterprise_import.h"

// Importing 10 000 enterprises of one county from a spreadsheet, and importing the same file again with another address
// in every row; then one without credit codes, whose rows all go to the queue. SQLite always; PostgreSQL when
// QY_TEST_POSTGRES holds the URI of a server.

namespace qy::registry {
namespace {

constexpr int kRows = 10'000;

/// A valid 统一社会信用代码 of the county 990101.
std::string credit_code(int n) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  constexpr int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  const std::string organisation = "MA" + std::to_string(100'000 + n);
  int sum = 0;
  for (int i = 0; i < 8; ++i) {
    const char c = organisation[static_cast<std::size_t>(i)];
    sum += weights[i] * (c <= '9' ? c - '0' : c - 'A' + 10);
  }
  const int check = 11 - sum % 11;
  std::string code = "91990101" + organisation + (check == 10 ? "X" : check == 11 ? "0" : std::to_string(check));
  int total = 0, weight = 1;
  for (const char c : code) {
    total += static_cast<int>(alphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return code + alphabet[static_cast<std::size_t>((31 - total % 31) % 31)];
}

std::string workbook(bool with_codes, const std::string& street) {
  std::string csv = "企业名称,统一社会信用代码,行政区划,详细地址,行业代码,工艺标签,企业规模,联系人,联系电话\n";
  for (int i = 0; i < kRows; ++i) {
    const auto n = std::to_string(10'000 + i);
    csv += "云溪第" + n + "表面处理有限公司," + (with_codes ? credit_code(i) : "") + ",990101," + street + n +
           "号,3360,电镀,小型,测试" + n + ",138000" + n + "\n";
  }
  return csv;
}

identity::Caller officer() {
  identity::Caller caller;
  caller.party = identity::Party::office;
  caller.role = identity::Role::officer;
  caller.level = identity::Level::county;
  caller.line = identity::Line::ecology;
  caller.region = "990101";
  caller.province = "99";
  caller.party_id = "office-1";
  caller.party_name = "清河县生态环境局";
  return caller;
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code);
  return std::move(*result);
}

/// Uploads, previews and confirms; milliseconds of each step, and what became of the rows.
void import(benchmark::State& state, const Premises& premises, const std::string& file, const std::string& round) {
  auto began = std::chrono::steady_clock::now();
  const auto lap = [&](const char* step) {
    const auto now = std::chrono::steady_clock::now();
    state.counters[round + step] = std::chrono::duration<double, std::milli>(now - began).count();
    began = now;
  };
  const auto caller = officer();
  const auto uploaded = must(upload_import(premises, caller, file, "台账.csv"));
  lap("upload_ms");
  const auto previewed = must(preview_import(premises, caller, uploaded.id, uploaded.mapping, "", uploaded.version));
  lap("preview_ms");
  const auto done = must(confirm_import(premises, caller, uploaded.id, false, previewed.version));
  lap("confirm_ms");
  for (const auto& [outcome, count] : done.counts)
    if (count.to_number<int>() > 0) state.counters[round + std::string(outcome)] = count.to_number<int>();
}

void run(benchmark::State& state, const std::string& engine) {
  const auto first = workbook(true, "工业园一路"), second = workbook(true, "工业园二路"),
             nameless = workbook(false, "工业园一路");
  for (auto step : state) {
    state.PauseTiming();
    testing::TestPremises fixture(engine);
    testing::TestPremises empty(engine);
    state.ResumeTiming();
    import(state, fixture.premises, first, "1_");
    import(state, fixture.premises, second, "2_again_");
    import(state, empty.premises, nameless, "3_no_codes_");
  }
}

const bool registered = [] {
  for (const auto& engine : db::testing::engines())
    benchmark::RegisterBenchmark(("import_10000/" + engine).c_str(), run, engine)
        ->Unit(benchmark::kMillisecond)
        ->Iterations(1);
  return true;
}();

}  // namespace
}  // namespace qy::registry
