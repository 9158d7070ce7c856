#include "codec/compute.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "codec/documents.h"

namespace qy::examples {
std::vector<std::pair<std::string_view, std::string_view>> codec();
}

namespace qy::codec {
namespace {

struct Entry {
  Computation computation;
  Result<json::Value> (*run)(const rules::Library& library, const json::Value& input, const Watch& watch);
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      {{"indicators",
        {"清洁生产评价：逐项评定、综合指数、等级", "cleaner production evaluation: rows, composite index, level"}},
       compute_indicators},
      {{"economics",
        {"方案经济评价：手册算法与工程经济", "economics of an option: handbook chain and engineering economics"}},
       compute_economics},
      {{"clock", {"法定时限", "statutory deadlines"}}, compute_clock},
  };
  return all;
}

}  // namespace

std::span<const Computation> computations() {
  static const auto all = [] {
    std::vector<Computation> out;
    for (const auto& entry : entries()) out.push_back(entry.computation);
    return out;
  }();
  return all;
}

std::string_view example_of(std::string_view name) {
  static const auto all = examples::codec();
  for (const auto& [of, text] : all)
    if (of == name) return text;
  return {};
}

Result<json::Value> compute(const rules::Library& library, std::string_view name, const json::Value& input,
                            const Watch& watch) {
  std::vector<std::string> known;
  for (const auto& entry : entries()) {
    if (entry.computation.name == name) return entry.run(library, input, watch);
    known.push_back(entry.computation.name);
  }
  return Error{ErrorKind::not_found, "compute.unknown", {{"name", prefix_of(name, 40)}, {"known", join(known, ", ")}}};
}

json::Value rounded_number(double value) {
  constexpr double kLongest = 1e17;
  if (!std::isfinite(value)) return nullptr;
  if (std::fabs(value) >= kLongest) return value;
  return json::number(Decimal::of(Decimal::from_double(value, 10).shortest()));
}

json::Value both_sentences(std::string_view code, const Params& params) {
  const auto& catalogue = Catalogue::global();
  return json::both({catalogue.render(code, params, Language::zh), catalogue.render(code, params, Language::en)});
}

json::Value remark(std::string_view code, const Params& params) {
  auto object = both_sentences(code, params).as_object();
  object["code"] = code;
  return object;
}

}  // namespace qy::codec
