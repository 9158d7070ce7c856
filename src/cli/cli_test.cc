// The program itself: what stands on standard output and standard error, and how it exits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "json/json.h"

namespace qy::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Ran {
  int exit = -1;
  std::string out, err;
};

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Runs `qingyuan words` in a shell with `input` on standard input.
Ran run(const std::string& words, const std::string& input = "") {
  const auto base = testing::TempDir() + "qingyuan-cli-" + std::to_string(::getpid());
  std::ofstream(base + ".in", std::ios::binary) << input;
  const auto command = "QY_PACKS='" QY_SOURCE_DIR "/packs' '" QY_BINARY_DIR "/qingyuan' " + words + " <'" + base +
                       ".in' >'" + base + ".out' 2>'" + base + ".err'";
  const int status = std::system(command.c_str());
  Ran ran{WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(base + ".out"), content_of(base + ".err")};
  for (const auto* suffix : {".in", ".out", ".err"}) std::remove((base + suffix).c_str());
  return ran;
}

constexpr const char* kProposal =
    R"({"investment": "10", "subsidy": "0", "annual_saving": "1.58", "depreciation_years": 10, "tax_rate": "0.25", "years": 10, "discount_rate": "0.06"})";

TEST(Program, AnswersOrNamesTheMistake) {
  struct Row {
    const char* name;
    const char* words;
    const char* input;
    int exit;
    const char* out;
    const char* err;
  };
  const Row rows[] = {
      {"no words are a request for help", "", "", 0, "qingyuan 命令", ""},
      {"help in English", "help --lang en", "", 0, "Usage: qingyuan COMMAND", ""},
      {"help on one command", "help compute", "", 0, "qingyuan compute NAME FILE", ""},
      {"help on a command's family", "help pack", "", 0, "qingyuan pack check", ""},
      {"the same by --help", "compute --help", "", 0, "qingyuan compute NAME FILE", ""},
      {"the version", "--version", "", 0, "qingyuan 0.", ""},
      {"an unknown command with a suggestion", "vesion", "", 2, "",
       "cli.unknown_command: 没有命令“vesion”。是否应为“version”？"},
      {"an unknown option with a suggestion", "version --jsn", "", 2, "",
       "cli.unknown_option: 命令version没有选项“--jsn”。是否应为“--json”？"},
      {"a word too many", "version now", "", 2, "", "cli.too_many_arguments"},
      {"a flag with a value", "version --json=yes", "", 2, "", "cli.flag_value"},
      {"an option without its value", "version --lang", "", 2, "", "cli.option_value"},
      {"a language that is not there", "version --lang fr", "", 2, "", "cli.language"},
      {"the language before the command", "--lang en version", "", 0, "qingyuan 0.", ""},
      {"a language before the command that is not there", "--lang=fr version", "", 2, "", "cli.language"},
      {"once before the command and once behind it", "--lang en version --lang zh", "", 2, "", "cli.option_twice"},
      {"an unknown command after the language", "--lang en vesion", "", 2, "", "Did you mean “version”?"},
      {"the language and no command", "--lang en", "", 0, "Usage: qingyuan COMMAND", ""},
      {"an option twice", "version --lang en --lang zh", "", 2, "", "cli.option_twice"},
      {"messages in English", "vesion --lang en", "", 2, "", "cli.unknown_command"},
      {"a missing argument", "compute economics", "", 2, "", "cli.missing_argument"},
      {"a file that is not there", "compute economics /nonexistent.json", "", 4, "", "cli.file_unreadable"},
      {"a computation that is not there", "compute alchemy -", "{}", 2, "", "compute.unknown"},
      {"economics from standard input", "compute economics -", kProposal, 0, "\"net_cash_flow\": \"1.435\"", ""},
      {"an event of a wrong year is named with its date", "compute clock -",
       R"({"jurisdiction": "CN", "listed_on": "2026-08-20", "as_of": "2026-11-23",
           "events": [{"type": "disclosed", "on": "2025-09-18"}]})",
       0, "事件“disclosed”（2025-09-18）早于时限的起算日2026-08-20，未计入", ""},
      {"a number without its unit is named with its place", "compute plausibility -",
       R"({"reports": [{"id": "r", "numbers": [
           {"id": "a", "value": "5.62", "place": "正文第3章", "quantity": "water", "period": "2025"},
           {"id": "b", "value": "52600", "unit": "m3", "place": "用水表", "quantity": "water", "period": "2025"}]}]})",
       0, "“正文第3章”只写5.62，没有单位，而“用水表”的单位是m³", ""},
      {"a size that is too large is told in plain digits", "compute exchange - --lang en",
       R"({"operations": [{"id": "1", "load": 1, "in_max": -1, "out_max": 100}]})", 2, "",
       "This must be from 0 to 1 000 000 000."},
      {"an unknown indicator system is answered with those there are", "compute indicators - --lang en",
       R"({"system": "x", "on": "2026-06-30"})", 2, "", "There is no indicator system “x”. There are: "},
      {"within a time limit, with progress", "compute economics - --seconds 60 --progress", kProposal, 0,
       "\"net_cash_flow\": \"1.435\"", ""},
      {"a time limit that is none", "compute economics - --seconds 0", kProposal, 2, "", "cli.number"},
      {"no JSON", "compute economics -", "{", 2, "", "json.syntax"},
      {"nothing at all", "compute clock -", "", 2, "", "json.syntax"},
      {"the same key twice", "compute clock -", R"({"as_of": 1, "as_of": 2})", 2, "", "json.duplicate_key"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto ran = run(row.words, row.input);
    EXPECT_EQ(ran.exit, row.exit) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(row.out));
    EXPECT_THAT(ran.err, HasSubstr(row.err));
    if (row.exit != 0) {
      EXPECT_EQ(ran.out, "") << "never a partial result";
    }
    if (row.exit == 0) {
      EXPECT_EQ(ran.err, "");
    }
  }
}

TEST(Program, WritesAProblemDocumentWithEveryMistake) {
  const auto ran = run("compute economics - --lang en", R"({"investment": "ten", "tax_rate": "0.25", "x": 1})");
  EXPECT_EQ(ran.exit, 2);
  const auto problem = json::parse(ran.err);
  ASSERT_TRUE(problem) << ran.err;
  EXPECT_EQ(problem->at("code"), "input.invalid");
  EXPECT_EQ(problem->at("status"), 422);
  const auto& errors = problem->at("errors").as_array();
  ASSERT_EQ(errors.size(), 6u);
  EXPECT_EQ(errors[0].at("pointer"), "#/investment");
  EXPECT_EQ(errors[0].at("code"), "decimal.format");
  EXPECT_EQ(errors[0].at("detail"), "“ten” is not a number; write it like 1234.5.");
  EXPECT_EQ(errors[5].at("code"), "field.unknown");
}

TEST(Program, HelpIsADocumentToo) {
  const auto ran = run("help --json");
  const auto help = json::parse(ran.out);
  ASSERT_TRUE(help);
  std::set<std::string> names;
  for (const auto& command : help->at("commands").as_array()) {
    EXPECT_TRUE(names.emplace(command.at("name").as_string()).second) << command.at("name");
    for (const auto* language : {"zh", "en"})
      EXPECT_FALSE(command.at("summary").at(language).as_string().empty()) << command.at("name");
  }
  EXPECT_TRUE(names.contains("compute"));
}

TEST(Program, EverySentenceItSaysIsKnown) {
  for (const auto* words : {"vesion", "version --jsn", "compute", "compute x -", "compute economics /nonexistent"}) {
    const auto ran = run(words, "{}");
    const auto code = ran.err.substr(0, ran.err.find(':'));
    EXPECT_THAT(ran.err, testing::Not(StartsWith(code + ": " + code))) << words;
  }
}

}  // namespace
}  // namespace qy::cli
