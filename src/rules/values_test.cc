#include "rules/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "rules/testing.h"

namespace qy::rules {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The shipped packs with one text replaced in one file.
std::shared_ptr<const Library> changed(const std::string& path, const std::string& from, const std::string& to) {
  std::map<std::string, std::string> files;
  for (const auto& file : shipped_packs()->files()) files[file.path] = shipped_packs()->bytes_of(file.path);
  auto& text = files.at(path);
  const auto at = text.find(from);
  if (at == std::string::npos) return nullptr;
  text.replace(at, from.size(), to);
  return Library::load_texts(files).library;
}

std::vector<std::string> told(const std::vector<PackChange>& changes) {
  std::vector<std::string> lines;
  for (const auto& change : changes) {
    lines.push_back(change.pack + " " + change.path + ": " + change.before.value_or("-") + " > " +
                    change.after.value_or("-"));
    for (const auto& who : change.affected) lines.back() += " | " + who.en;
  }
  return lines;
}

TEST(PackValues, PathsNameItemsNotPositions) {
  const auto values = values_of("a:\n  - {id: x, on: 1}\n  - {name: {zh: 水}, on: 2}\n  - plain\n  - {on: 3}\n");
  std::vector<std::string> lines;
  for (const auto& value : values) lines.push_back(value.path + "=" + value.value + "@" + std::to_string(value.line));
  EXPECT_THAT(lines, ElementsAre("a[x].id=x@2", "a[x].on=1@2", "a[水].name.zh=水@3", "a[水].on=2@3", "a[plain]=plain@4",
                                 "a[4].on=3@5"));
}

TEST(PackCompare, NamesTheValueAndWhoUsesIt) {
  struct Row {
    const char* name;
    const char* path;
    const char* from;
    const char* to;
    const char* expect;
  };
  const Row rows[] = {
      {"a clock of one province", "cn/clocks.yaml", "months: 24", "months: 18",
       "cn-clocks clocks[cn-21.accept].months: 24 > 18 | Liaoning (CN-21)"},
      {"a limit", "cn/indicators/electroplating-2015.yaml", "II: \"24\"", "II: \"23\"",
       "electroplating-2015 groups[资源消耗指标].rows[5].benchmarks.II: 24 > 23 | Metal surface treatment and heat "
       "treatment (3360) | electroplating"},
      {"points of a table", "cn/scoring/combined.yaml", "min: \"60\"", "min: \"65\"",
       "combined bands[1].min: 60 > 65 | Shandong (CN-37)"},
      {"a key of a formula", "cn/keys.yaml", "Rinsed area (area times rinses)", "Rinsed area",
       "cn-ledger-keys keys[plating.rinsed_area].title.en: Rinsed area (area times rinses) > Rinsed area | Fresh water "
       "per product area and rinse (electroplating-2015/5)"},
  };
  for (const auto& row : rows) {
    const auto after = changed(row.path, row.from, row.to);
    ASSERT_NE(after, nullptr) << row.name;
    EXPECT_THAT(told(compare(*shipped_packs(), *after)), ElementsAre(row.expect)) << row.name;
  }
  EXPECT_THAT(compare(*shipped_packs(), *shipped_packs()), IsEmpty());
}

TEST(PackCompare, AWholeFileMayComeOrGo) {
  const std::string pack =
      "kind: documents\nid: a\ntitle: {zh: 甲, en: A}\nverification: draft\nchecked_on: 2026-11-23\ndocuments: []\n";
  const auto empty = Library::load_texts({}), one = Library::load_texts({{"a.yaml", pack}});
  ASSERT_TRUE(empty.library && one.library);
  EXPECT_THAT(told(compare(*empty.library, *one.library)), ElementsAre("a : - > a"));
  EXPECT_THAT(told(compare(*one.library, *empty.library)), ElementsAre("a : a > -"));
}

TEST(PackStale, FilesNotCheckedForLong) {
  const auto old = stale_values(*shipped_packs(), {2027, 11, 24}, 365);
  EXPECT_EQ(std::count_if(old.begin(), old.end(), [](const auto& value) { return value.code == "stale.unchecked"; }),
            static_cast<std::ptrdiff_t>(shipped_packs()->files().size()));
  const auto fresh = stale_values(*shipped_packs(), {2027, 11, 23}, 365);
  EXPECT_EQ(
      std::count_if(fresh.begin(), fresh.end(), [](const auto& value) { return value.code == "stale.unchecked"; }), 0);
}

TEST(PackStale, ValuesInUseWhoseDocumentHasEnded) {
  std::vector<std::string> paths;
  for (const auto& value : stale_values(*shipped_packs(), {2026, 11, 23}, 36500))
    paths.push_back(value.pack + " " + value.path);
  EXPECT_THAT(paths, Contains("cn-clocks clocks[cn-21.accept].local_source.document"));
  EXPECT_THAT(paths, Contains("jurisdiction-cn-21 source.document"));
  // The Law ended on 2026-08-14, but so did every answer that cites it.
  for (const auto& path : paths) EXPECT_EQ(path.find("cn-legal-bases"), std::string::npos) << path;
}

}  // namespace
}  // namespace qy::rules
