#include <algorithm>
#include <chrono>
#include <map>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "engine/indicators/indicators.h"
#include "json/json.h"
#include "rules/library.h"
#include "rules/values.h"

namespace qy::cli {
namespace {

using rules::Library;
using rules::PackCase;

/// The packs of a directory, or an error with a field for each problem: "cn/clocks.yaml:12".
Result<std::shared_ptr<const Library>> load(const std::string& directory) {
  auto loaded = Library::load(directory);
  if (loaded.library) return loaded.library;
  Error error{ErrorKind::invalid, "pack.invalid", {{"count", std::to_string(loaded.problems.size())}}, {}};
  for (auto& problem : loaded.problems)
    error.fields.push_back(
        {problem.file + ":" + std::to_string(problem.line), problem.code, std::move(problem.params)});
  return error;
}

std::string directory_of(const Args& args, std::string_view name = "DIR") {
  return args.has(name) ? args[name] : packs_directory();
}

/// The day of --on; today in Shanghai when it is not given.
Result<Date> day_of(const Args& args) {
  if (args.has("--on")) return Date::parse(args["--on"]);
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  return Instant::from_millis(now.count()).shanghai_date();
}

/// Complains once per expectation that the answer does not meet.
class CaseCheck {
 public:
  CaseCheck(const PackCase& one, std::vector<FieldError>& failures) : case_(one), failures_(failures) {}

  void same(const std::string& what, const std::string& expected, const std::string& found) {
    if (expected == found) return;
    failures_.push_back({case_.file + ":" + std::to_string(case_.line),
                         "pack.case_failed",
                         {{"name", case_.name}, {"what", what}, {"expected", expected}, {"found", found}}});
  }

 private:
  const PackCase& case_;
  std::vector<FieldError>& failures_;
};

void run_case(const Library& library, const PackCase& one, std::vector<FieldError>& failures) {
  namespace indicators = engine::indicators;
  CaseCheck check(one, failures);
  const auto& system = *library.find_system(one.system);  // the loader has seen to it that there is one
  indicators::Input input{.parameters = one.parameters, .answers = {}, .on = one.on};
  for (const auto& [row, value] : one.values) {
    indicators::Answer answer;
    answer.level = value.level;
    answer.not_applicable = value.not_applicable;
    if (!value.value.empty()) answer.value = Quantity{Decimal::of(value.value), Unit()};
    input.answers.emplace(row, std::move(answer));
  }
  const auto result = indicators::evaluate(system, *library.find_level_rule(system.level_rule), input);
  if (!result)
    return check.same("error", one.expect_error,
                      result.error().fields.empty() ? result.error().code : result.error().fields.front().code);
  if (!one.expect_error.empty()) return check.same("error", one.expect_error, "");

  std::map<std::string, std::string> grades;
  for (const auto& row : result->rows) grades[row.row->id] = indicators::to_string(row.grade);
  for (const auto& [row, expected] : one.expect_rows) check.same(row, expected, grades[row]);
  if (!one.expect_level.empty()) check.same("level", one.expect_level, result->level.value_or("missing"));
  for (const auto& [grade, expected] : one.expect_index) {
    const auto index = result->index(indicators::grade_of(grade));
    check.same("Y " + grade, expected, index ? index->str() : "");
  }
}

/// qingyuan pack check [DIR]
Result<void> run_check(const Args& args, Io& io) {
  QY_TRY(const auto library, load(directory_of(args)));
  std::vector<FieldError> failures;
  for (const auto& one : library->cases()) run_case(*library, one, failures);
  if (!failures.empty())
    return Error{ErrorKind::invalid, "pack.invalid", {{"count", std::to_string(failures.size())}}, std::move(failures)};

  const auto files = library->files().size(), cases = library->cases().size();
  if (io.json)
    io.out << json::pretty(json::Object{{"files", files}, {"cases", cases}, {"hash", library->hash()}}) << '\n';
  else if (io.language == Language::zh)
    io.out << files << "个规则包，" << cases << "个用例，全部通过。  " << library->hash().substr(0, 12) << '\n';
  else
    io.out << files << " packs, " << cases << " cases, all in order.  " << library->hash().substr(0, 12) << '\n';
  return {};
}

/// Left-aligned in a column of `width` ASCII characters.
std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

/// qingyuan pack list [DIR]
Result<void> run_list(const Args& args, Io& io) {
  QY_TRY(const auto library, load(directory_of(args)));
  json::Array rows;
  for (const auto& file : library->files()) {
    const auto checked_on = file.checked_on ? file.checked_on->str() : "";
    if (io.json)
      rows.push_back(json::Object{{"id", file.id},
                                  {"kind", file.kind},
                                  {"title", json::both(file.title)},
                                  {"verification", file.verification},
                                  {"checked_on", checked_on},
                                  {"hash", file.hash},
                                  {"path", file.path}});
    else
      io.out << padded(file.id, 40) << padded(file.kind, 20) << padded(file.verification, 19) << padded(checked_on, 12)
             << file.hash.substr(0, 12) << "  " << in_language(file.title, io) << '\n';
  }
  if (io.json) io.out << json::pretty(json::Object{{"hash", library->hash()}, {"items", std::move(rows)}}) << '\n';
  return {};
}

/// qingyuan pack show ID [DIR]
Result<void> run_show(const Args& args, Io& io) {
  QY_TRY(const auto library, load(directory_of(args)));
  const auto& files = library->files();
  const auto file = std::find_if(files.begin(), files.end(), [&](const auto& one) { return one.id == args["ID"]; });
  if (file == files.end()) {
    std::vector<std::string> known;
    for (const auto& one : files) known.push_back(one.id);
    const auto meant = nearest(args["ID"], known);
    return Error{ErrorKind::not_found,
                 "pack.not_found",
                 {{"id", prefix_of(args["ID"], 60)},
                  {"hint.zh", meant.empty() ? "" : "是否应为“" + meant + "”？"},
                  {"hint.en", meant.empty() ? "" : " Did you mean “" + meant + "”?"}}};
  }
  const auto values = rules::values_of(library->bytes_of(file->path));
  if (io.json) {
    json::Array rows;
    for (const auto& value : values)
      rows.push_back(json::Object{{"path", value.path}, {"value", value.value}, {"line", value.line}});
    io.out << json::pretty(json::Object{
                  {"id", file->id}, {"path", file->path}, {"hash", file->hash}, {"values", std::move(rows)}})
           << '\n';
    return {};
  }
  io.out << in_language(file->title, io) << '\n' << file->path << "  " << file->hash << "\n\n";
  for (const auto& value : values) io.out << value.path << " = " << value.value << '\n';
  return {};
}

/// qingyuan pack diff OLD NEW
Result<void> run_diff(const Args& args, Io& io) {
  QY_TRY(const auto before, load(args["OLD"]));
  QY_TRY(const auto after, load(args["NEW"]));
  json::Array rows;
  const bool zh = io.language == Language::zh;
  for (const auto& change : rules::compare(*before, *after)) {
    if (io.json) {
      json::Array affected;
      for (const auto& who : change.affected) affected.push_back(json::both(who));
      rows.push_back(json::Object{{"pack", change.pack},
                                  {"kind", change.kind},
                                  {"path", change.path},
                                  {"before", change.before ? json::Value(*change.before) : json::Value(nullptr)},
                                  {"after", change.after ? json::Value(*change.after) : json::Value(nullptr)},
                                  {"affected", std::move(affected)}});
      continue;
    }
    std::vector<std::string> affected;
    for (const auto& who : change.affected) affected.push_back(who.in(io.language));
    const std::string absent = zh ? "（无）" : "(none)";
    io.out << change.pack << (change.path.empty() ? "" : " " + change.path) << ": " << change.before.value_or(absent)
           << " → " << change.after.value_or(absent) << '\n';
    if (!affected.empty()) io.out << (zh ? "    影响：" : "    affects: ") << join(affected, zh ? "、" : ", ") << '\n';
  }
  if (io.json) io.out << json::pretty(json::Object{{"changes", std::move(rows)}}) << '\n';
  return {};
}

/// qingyuan pack stale [DIR] [--older-than DAYS] [--on DATE]
Result<void> run_stale(const Args& args, Io& io) {
  QY_TRY(const auto older_than, args.integer("--older-than", 0, 36500, 365));
  QY_TRY(const auto on, day_of(args));
  QY_TRY(const auto library, load(directory_of(args)));
  json::Array rows;
  for (const auto& value : rules::stale_values(*library, on, static_cast<int>(older_than))) {
    const Text why{Catalogue::global().render(value.code, value.params, Language::zh),
                   Catalogue::global().render(value.code, value.params, Language::en)};
    if (io.json)
      rows.push_back(json::Object{{"file", value.file},
                                  {"line", value.line},
                                  {"pack", value.pack},
                                  {"path", value.path},
                                  {"code", value.code},
                                  {"detail", json::both(why)}});
    else
      io.out << value.file << ':' << value.line << ": " << (value.path.empty() ? "" : value.path + ": ")
             << in_language(why, io) << '\n';
  }
  if (io.json) io.out << json::pretty(json::Object{{"on", on.str()}, {"items", std::move(rows)}}) << '\n';
  return {};
}

const Argument kDirectory{
    "DIR", {"规则包目录，缺省为随程序的packs", "folder of packs; the program's own by default"}, true};

}  // namespace

extern const Command pack_check_command, pack_list_command, pack_show_command, pack_diff_command, pack_stale_command;

const Command pack_check_command{
    .name = "pack check",
    .summary = {"严格检查规则包并运行其用例，一次列出全部问题",
                "check the packs strictly, run their cases, report all problems at once"},
    .arguments = {kDirectory},
    .run = run_check,
};
const Command pack_list_command{
    .name = "pack list",
    .summary = {"列出规则包：标识、类型、核实程度、核对日期、散列",
                "list the packs: id, kind, verification, day checked, hash"},
    .arguments = {kDirectory},
    .run = run_list,
};
const Command pack_show_command{
    .name = "pack show",
    .summary = {"逐值显示一个规则包", "show one pack value by value"},
    .arguments = {{"ID", {"规则包标识", "id of the pack"}}, kDirectory},
    .run = run_show,
};
const Command pack_diff_command{
    .name = "pack diff",
    .summary = {"逐值比较两套规则包，并列出受影响者",
                "compare two folders of packs value by value, with who is affected"},
    .arguments = {{"OLD", {"旧目录", "old folder"}}, {"NEW", {"新目录", "new folder"}}},
    .run = run_diff,
};
const Command pack_stale_command{
    .name = "pack stale",
    .summary = {"列出久未核对的规则包，以及依据已失效的值",
                "list packs not checked for long and values whose document has ended"},
    .arguments = {kDirectory},
    .options = {{"--older-than", "DAYS", {"超过多少天算久，缺省365", "how many days are long; 365 by default"}},
                {"--on", "DATE", {"按哪一天判断，缺省今天", "the day to judge by; today by default"}}},
    .run = run_stale,
};

}  // namespace qy::cli
