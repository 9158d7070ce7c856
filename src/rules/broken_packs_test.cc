#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "rules/library.h"

// One folder of testdata/broken per mistake: the loader must find it, name its line, and find nothing else.
namespace qy::rules {
namespace {

const std::string kBroken = QY_SOURCE_DIR "/src/rules/testdata/broken";

struct Expected {
  const char* mistake;  ///< the folder
  const char* file;
  int line;
  const char* code;
  const char* suggestion;  ///< "" = none
};

constexpr Expected kExpected[] = {
    {"aggregation_not_built", "pack.yaml", 8, "pack.unknown_value", ""},
    {"alias", "pack.yaml", 9, "pack.alias", ""},
    {"bad_boolean", "pack.yaml", 15, "pack.bad_boolean", "false"},
    {"bad_date", "pack.yaml", 11, "pack.bad_date", ""},
    {"bad_decimal", "pack.yaml", 12, "pack.bad_decimal", ""},
    {"bad_expression", "pack.yaml", 22, "pack.bad_expression", ""},
    {"bad_industry_code", "pack.yaml", 7, "pack.bad_industry_code", ""},
    {"bad_integer", "pack.yaml", 11, "pack.bad_integer", ""},
    {"bad_month_day", "pack.yaml", 11, "pack.bad_date", ""},
    {"bad_region_code", "pack.yaml", 7, "pack.bad_region_code", ""},
    {"bad_unit", "pack.yaml", 20, "pack.bad_unit", ""},
    {"bands_gap", "pack.yaml", 13, "pack.bands_gap", ""},
    {"basis_without_source", "pack.yaml", 13, "pack.missing_source", ""},
    {"case_without_expectation", "cases.yaml", 8, "pack.case_without_expectation", ""},
    {"choices", "pack.yaml", 8, "pack.choices", ""},
    {"clock_period", "pack.yaml", 7, "pack.clock_period", ""},
    {"clock_without_source", "pack.yaml", 7, "pack.missing_source", ""},
    {"dangling_basis", "pack.yaml", 13, "pack.dangling", ""},
    {"dangling_clock", "cn.yaml", 8, "pack.dangling", ""},
    {"dangling_document", "pack.yaml", 15, "pack.dangling", "law"},
    {"dangling_row", "cases.yaml", 8, "pack.dangling", ""},
    {"dangling_state", "pack.yaml", 11, "pack.dangling", "closed"},
    {"dangling_table", "pack.yaml", 10, "pack.dangling", ""},
    {"dead_end_state", "pack.yaml", 9, "pack.dead_end_state", ""},
    {"duplicate_id", "pack.yaml", 13, "pack.duplicate_id", ""},
    {"duplicate_key", "pack.yaml", 13, "pack.duplicate_key", ""},
    {"empty_file", "pack.yaml", 1, "pack.empty_file", ""},
    {"empty_text", "pack.yaml", 9, "pack.empty_text", ""},
    {"factor_overlap", "pack.yaml", 13, "pack.overlapping_dates", ""},
    {"from_after_to", "pack.yaml", 11, "pack.from_after_to", ""},
    {"group_weights_sum", "pack.yaml", 12, "pack.weights_sum", ""},
    {"holiday_and_working", "pack.yaml", 7, "pack.holiday_and_working", ""},
    {"jurisdiction_without_procedure", "cn.yaml", 1, "pack.missing_key", ""},
    {"key_without_unit", "pack.yaml", 8, "pack.missing_key", ""},
    {"missing_benchmark", "pack.yaml", 22, "pack.missing_key", ""},
    {"missing_benchmark", "pack.yaml", 22, "pack.unknown_key", ""},
    {"missing_key", "pack.yaml", 7, "pack.missing_key", ""},
    {"missing_kind", "pack.yaml", 1, "pack.missing_key", ""},
    {"missing_language", "pack.yaml", 9, "pack.missing_language", ""},
    {"missing_mark", "pack.yaml", 7, "pack.missing_mark", ""},
    {"missing_source", "pack.yaml", 16, "pack.missing_source", ""},
    {"negative_weight", "pack.yaml", 18, "pack.negative_weight", ""},
    {"not_a_weekend", "pack.yaml", 10, "pack.not_a_weekend", ""},
    {"not_complete", "pack.yaml", 4, "pack.not_complete", ""},
    {"not_utf8", "pack.yaml", 6, "pack.not_utf8", ""},
    {"out_of_range", "pack.yaml", 12, "pack.out_of_range", ""},
    {"overlapping_dates", "pack.yaml", 13, "pack.overlapping_dates", ""},
    {"overlapping_succession", "pack.yaml", 7, "pack.overlapping_dates", ""},
    {"parent_cycle", "a.yaml", 6, "pack.parent_cycle", ""},
    {"parent_cycle", "b.yaml", 6, "pack.parent_cycle", ""},
    {"points_sum", "pack.yaml", 8, "pack.points_sum", ""},
    {"register_fact", "pack.yaml", 8, "pack.unknown_value", "address"},
    {"register_fact", "pack.yaml", 9, "pack.unknown_key", ""},
    {"same_as_itself", "pack.yaml", 30, "pack.same_as_itself", ""},
    {"second_document", "pack.yaml", 14, "pack.second_document", ""},
    {"source_without_mark", "pack.yaml", 15, "pack.missing_mark", ""},
    {"syntax", "pack.yaml", 12, "pack.syntax", ""},
    {"tag", "pack.yaml", 8, "pack.tag", ""},
    {"text_in_a_number", "pack.yaml", 22, "pack.wrong_type", ""},
    {"unit_of_a_text", "pack.yaml", 8, "pack.wrong_unit", ""},
    {"trim_of_a_plain_mean", "pack.yaml", 9, "pack.unknown_key", ""},
    {"trim_without_count", "pack.yaml", 1, "pack.missing_key", ""},
    {"unknown_key", "pack.yaml", 7, "pack.missing_key", ""},
    {"unknown_key", "pack.yaml", 10, "pack.unknown_key", "issuer"},
    {"unknown_kind", "pack.yaml", 1, "pack.unknown_kind", "documents"},
    {"unknown_parameter", "pack.yaml", 22, "pack.unknown_parameter", ""},
    {"unknown_value", "pack.yaml", 8, "pack.unknown_value", "law"},
    {"unordered_bands", "pack.yaml", 15, "pack.unordered_bands", ""},
    {"unordered_levels", "pack.yaml", 7, "pack.unordered_levels", ""},
    {"unordered_limits", "pack.yaml", 22, "pack.unordered_limits", ""},
    {"unordered_limits_higher", "pack.yaml", 22, "pack.unordered_limits", ""},
    {"unordered_range", "pack.yaml", 12, "pack.unordered_range", ""},
    {"unreachable_state", "pack.yaml", 10, "pack.unreachable_state", ""},
    {"weights_sum", "pack.yaml", 13, "pack.weights_sum", ""},
    {"wrong_type", "pack.yaml", 6, "pack.wrong_type", ""},
    {"wrong_unit", "pack.yaml", 16, "pack.incommensurable_unit", ""},
    {"wrong_year", "pack.yaml", 9, "pack.wrong_year", ""},
};

std::string suggestion_of(const PackProblem& problem) {
  for (const auto& [name, value] : problem.params)
    if (name == "suggestion") return value;
  return "";
}

TEST(BrokenPacks, EachMistakeIsFoundAtItsLineAndNothingElse) {
  std::map<std::string, std::vector<std::string>> wanted;
  for (const auto& one : kExpected)
    wanted[one.mistake].push_back(std::string(one.file) + ":" + std::to_string(one.line) + " " + one.code + " " +
                                  one.suggestion);
  for (const auto& [mistake, lines] : wanted) {
    const auto loaded = Library::load(kBroken + "/" + mistake);
    EXPECT_EQ(loaded.library, nullptr) << mistake;
    std::vector<std::string> found;
    for (const auto& problem : loaded.problems)
      found.push_back(problem.file + ":" + std::to_string(problem.line) + " " + problem.code + " " +
                      suggestion_of(problem));
    EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(lines)) << mistake;
  }
}

TEST(BrokenPacks, EverySampleFolderIsInTheTable) {
  std::set<std::string> folders, named;
  for (const auto& entry : std::filesystem::directory_iterator(kBroken))
    folders.insert(entry.path().filename().string());
  for (const auto& one : kExpected) named.insert(one.mistake);
  EXPECT_EQ(folders, named);
}

TEST(BrokenPacks, EveryProblemHasItsSentenceInBothLanguages) {
  Catalogue catalogue;
  catalogue.add(rules_messages());
  for (const auto& one : kExpected) {
    for (const auto& problem : Library::load(kBroken + "/" + one.mistake).problems)
      for (const auto language : {Language::zh, Language::en}) {
        const auto sentence = catalogue.render(problem.code, problem.params, language);
        EXPECT_NE(sentence, problem.code);
        EXPECT_EQ(sentence.find('{'), std::string::npos) << one.mistake << ": " << sentence;
      }
  }
}

TEST(BrokenPacks, ReportsAllProblemsOfAllFilesAtOnceInOrder) {
  const std::string broken =
      "kind: documents\nid: a\ntitle: {zh: 甲, en: A}\nverification: draft\nchecked_on: never\ndocumets: []\n";
  const auto loaded = Library::load_texts({{"a.yaml", broken}, {"b.yaml", broken}});
  std::vector<std::string> found;
  for (const auto& problem : loaded.problems)
    found.push_back(problem.file + ":" + std::to_string(problem.line) + " " + problem.code);
  EXPECT_THAT(
      found, ::testing::ElementsAre("a.yaml:1 pack.missing_key", "a.yaml:5 pack.bad_date", "a.yaml:6 pack.unknown_key",
                                    "b.yaml:1 pack.missing_key", "b.yaml:2 pack.duplicate_id", "b.yaml:5 pack.bad_date",
                                    "b.yaml:6 pack.unknown_key"));
}

TEST(BrokenPacks, AMissingFolderIsAProblemNotAnEmptyLibrary) {
  const auto loaded = Library::load(kBroken + "/no-such-folder");
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_EQ(loaded.problems[0].code, "pack.unreadable");
}

}  // namespace
}  // namespace qy::rules
