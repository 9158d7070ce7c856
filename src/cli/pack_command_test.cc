// The program's `pack` commands over the shipped packs and over broken ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace qy::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string kPacks = QY_SOURCE_DIR "/packs";
const std::string kBroken = QY_SOURCE_DIR "/src/rules/testdata/broken";

struct Ran {
  int exit = -1;
  std::string text;
};

/// Runs `qingyuan pack words`; `text` is what it wrote to both streams.
Ran pack(const std::string& words) {
  Ran ran;
  FILE* pipe = ::popen(
      ("QY_PACKS='" + kPacks + "' '" QY_BINARY_DIR "/qingyuan' pack " + words + " 2>&1 </dev/null").c_str(), "r");
  if (!pipe) return ran;
  char block[4096];
  for (std::size_t got; (got = std::fread(block, 1, sizeof block, pipe)) > 0;) ran.text.append(block, got);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ran.exit = WEXITSTATUS(status);
  return ran;
}

TEST(PackCommand, AnswersOrNamesTheMistake) {
  struct Row {
    const char* name;
    std::string words;
    int exit;
    const char* text;
  };
  const Row rows[] = {
      {"the shipped packs are in order", "check", 0, "全部通过"},
      {"and in English", "check --lang en", 0, "all in order"},
      {"and as JSON", "check --json", 0, "\"hash\": \""},
      {"a limit out of order is named with its place", "check " + kBroken + "/unordered_limits", 2,
       "pack.yaml:22  pack.unordered_limits: 第1行基准值顺序颠倒：I级（1.6）应≤II级（1.5）。"},
      {"a misspelt field is named with a suggestion", "check --lang en " + kBroken + "/unknown_key", 2,
       "pack.yaml:10  pack.unknown_key: “documents” has no field “isuer”. Did you mean “issuer”?"},
      {"all problems come at once", "check " + kBroken + "/unknown_key", 2, "pack.yaml:7  pack.missing_key"},
      {"problems as JSON", "check --json " + kBroken + "/dangling_document", 2,
       "\"pointer\":\"pack.yaml:15\",\"code\":\"pack.dangling\""},
      {"a folder that is not there", "check /nonexistent", 2, "pack.unreadable"},
      {"the list has every pack", "list", 0, "electroplating-2015                     indicator_system"},
      {"one pack value by value", "show cn-clocks", 0, "clocks[disclose].months = 1\n"},
      {"a pack that is not there, with a suggestion", "show cn-clock", 4, "是否应为“cn-clocks”？"},
      {"nothing differs from itself", "diff " + kPacks + " " + kPacks + " --json", 0, "\"changes\": []"},
      {"what rests on an ended document is stale", "stale --on 2026-11-23", 0, "cn/jurisdictions/cn-21.yaml:"},
      {"days that are no number", "stale --older-than soon", 2, "cli.number"},
      {"a day that does not exist", "stale --on 2026-02-30", 2, "date.nonexistent"},
  };
  for (const auto& row : rows) {
    const auto ran = pack(row.words);
    EXPECT_EQ(ran.exit, row.exit) << row.name << "\n" << ran.text;
    EXPECT_THAT(ran.text, HasSubstr(row.text)) << row.name;
  }
}

/// A copy of the shipped packs with one text replaced in one file.
class ChangedPacks : public testing::Test {
 protected:
  void SetUp() override {
    root_ = testing::TempDir() + "qingyuan-packs-" + std::to_string(::getpid());
    fs::remove_all(root_);
    fs::copy(kPacks, root_, fs::copy_options::recursive);
  }
  void TearDown() override { fs::remove_all(root_); }
  void replace(const std::string& file, const std::string& from, const std::string& to) {
    std::stringstream text;
    text << std::ifstream(root_ + "/" + file, std::ios::binary).rdbuf();
    auto changed = text.str();
    const auto at = changed.find(from);
    ASSERT_NE(at, std::string::npos);
    std::ofstream(root_ + "/" + file, std::ios::binary) << changed.replace(at, from.size(), to);
  }
  std::string root_;
};

TEST_F(ChangedPacks, ACaseThatNoLongerHoldsFailsTheCheck) {
  replace("cn/indicators/electroplating-2015.yaml", "II: \"24\"", "II: \"21\"");
  const auto ran = pack("check " + root_);
  EXPECT_EQ(ran.exit, 2);
  EXPECT_THAT(ran.text, HasSubstr("cn/indicators/electroplating-2015.cases.yaml:12  pack.case_failed"));
}

TEST_F(ChangedPacks, TheDifferenceNamesTheValueAndWhoIsAffected) {
  replace("cn/clocks.yaml", "months: 24", "months: 18");
  const auto ran = pack("diff " + kPacks + " " + root_);
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.text, "cn-clocks clocks[cn-21.accept].months: 24 → 18\n    影响：辽宁省（CN-21）\n");
}

}  // namespace
}  // namespace qy::cli
