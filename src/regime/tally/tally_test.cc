#include "regime/tally/tally.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "crypto/crypto.h"
#include "db/testing.h"

namespace qy::tally {
namespace {

const Instant kNow = *Instant::parse("2026-11-23T08:00:00.000Z");

Cell cell(std::string measure, std::string region, int year, std::string industry = "3360", std::string level = "") {
  auto out = at_region(std::move(measure), region, year);
  out.industry = std::move(industry);
  out.level = std::move(level);
  return out;
}

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  db::testing::Fresh fresh_ = db::testing::fresh_database(GetParam(), migrations::so_far());
  SeededRandom random_{1};

  void add(const Cell& at, std::int64_t value) {
    ASSERT_TRUE(fresh_->write([&](Tx& tx) -> Result<void> {
      tally::add(tx, random_, kNow, at, value);
      return {};
    }));
  }
  std::int64_t fold(int limit = 5000) {
    return *fresh_->write([&](Tx& tx) -> Result<std::int64_t> { return tally::fold(tx, limit); });
  }
  std::int64_t total(const Query& query) {
    return *fresh_->read([&](Tx& tx) -> Result<std::int64_t> { return tally::total(tx, query); });
  }
  std::string split(const Query& query, std::vector<By> by) {
    return *fresh_->read([&](Tx& tx) -> Result<std::string> {
      std::string out;
      for (const auto& row : read(tx, query, by)) {
        for (const auto column : by) out += row.key.at(column) + " ";
        out += std::to_string(row.value) + "; ";
      }
      return out;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Tally, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST(Region, ColumnsFollowTheCode) {
  struct Row {
    const char* region;
    const char* city;
    const char* county;
  };
  const Row rows[] = {
      {"990000", "", ""}, {"990100", "990100", ""}, {"990101", "990100", "990101"}, {"999001", "999000", "999001"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.region);
    const auto at = at_region("m", row.region, 2026);
    EXPECT_EQ(at.province, "99");
    EXPECT_EQ(at.city, row.city);
    EXPECT_EQ(at.county, row.county);
  }
}

TEST_P(OnEachEngine, TotalsAreRightBeforeDuringAndAfterFolding) {
  add(cell("audits", "990101", 2026), 3);
  add(cell("audits", "990102", 2026, "1713"), 2);
  add(cell("audits", "990201", 2025), 7);
  add(cell("audits", "990101", 2026), -1);
  add(cell("saving.kwh", "990101", 2026), 1'000'000'000'000);
  const auto check = [&] {
    EXPECT_EQ(total({.measures = {"audits"}}), 11);
    EXPECT_EQ(total({.measures = {"audits"}, .region_prefix = "99"}), 11);
    EXPECT_EQ(total({.measures = {"audits"}, .region_prefix = "9901"}), 4);
    EXPECT_EQ(total({.measures = {"audits"}, .region_prefix = "990101"}), 2);
    EXPECT_EQ(total({.measures = {"audits"}, .industry_prefix = "33"}), 9);
    EXPECT_EQ(total({.measures = {"audits"}, .year_from = 2026, .year_to = 2026}), 4);
    EXPECT_EQ(total({.measures = {"nothing"}}), 0);
    EXPECT_EQ(split({.measures = {"audits"}}, {By::city, By::year}), "990100 2026 4; 990200 2025 7; ");
    EXPECT_EQ(split({.measures = {"audits"}}, {By::division}), "17 2; 33 9; ");
    EXPECT_EQ(split({.measures = {"audits", "saving.kwh"}, .region_prefix = "990101"}, {By::measure}),
              "audits 2; saving.kwh 1000000000000; ");
  };
  check();
  EXPECT_EQ(fold(2), 2);
  check();
  EXPECT_EQ(fold(), 3);
  EXPECT_EQ(fold(), 0);
  check();
}

TEST_P(OnEachEngine, WhatAddsUpToNothingIsLeftOut) {
  add(cell("audits", "990101", 2026, "3360", "II"), 1);
  add(cell("audits", "990101", 2026, "3360", "II"), -1);
  add(cell("audits", "990101", 2026, "3360", "I"), 1);
  EXPECT_EQ(split({.measures = {"audits"}}, {By::level}), "I 1; ");
  fold();
  EXPECT_EQ(split({.measures = {"audits"}}, {By::level}), "I 1; ");
}

// The roll-up equals the facts whatever happens in between: deltas in random order, folding at random moments, on
// several threads.
TEST_P(OnEachEngine, NothingIsLostOrCountedTwiceUnderLoad) {
  std::atomic<std::int64_t> expected = 0;
  std::atomic<bool> done = false;
  std::thread folder([&] {
    while (!done) (void)fresh_->write([&](Tx& tx) -> Result<std::int64_t> { return tally::fold(tx, 7); });
  });
  std::vector<std::thread> writers;
  for (int t = 0; t < 3; ++t) {
    writers.emplace_back([&, t] {
      std::mt19937 dice(static_cast<unsigned>(t));
      for (int i = 0; i < 40; ++i) {
        const auto value = static_cast<std::int64_t>(dice() % 19) - 9;
        const auto county = "99010" + std::to_string(1 + dice() % 3);
        const bool kept = dice() % 4 != 0;
        const auto done_ = fresh_->write([&](Tx& tx) -> Result<void> {
          tally::add(tx, crypto::system_random(), kNow, cell("audits", county, 2026), value);
          if (!kept) return Error{ErrorKind::conflict, "test.refused"};
          return {};
        });
        EXPECT_EQ(done_.has_value(), kept);
        if (kept) expected += value;
      }
    });
  }
  for (auto& writer : writers) writer.join();
  done = true;
  folder.join();
  EXPECT_EQ(total({.measures = {"audits"}}), expected);
  while (fold() > 0) {
  }
  EXPECT_EQ(total({.measures = {"audits"}}), expected);
}

TEST_P(OnEachEngine, TheCheckFindsAndRepairsADifference) {
  add(cell("audits", "990101", 2026), 5);
  add(cell("audits", "990102", 2026), 2);
  fold();
  const std::map<Cell, std::int64_t> facts{{cell("audits", "990101", 2026), 5}, {cell("audits", "990103", 2026), 1}};
  ASSERT_TRUE(fresh_->write([&](Tx& tx) -> Result<void> {
    const auto differences = check(tx, "audits", facts);
    EXPECT_EQ(differences.size(), 2u);
    if (differences.size() != 2) return {};
    EXPECT_EQ(differences[0].cell.county, "990102");
    EXPECT_EQ(differences[0].stored, 2);
    EXPECT_EQ(differences[0].recomputed, 0);
    EXPECT_EQ(differences[1].recomputed, 1);
    repair(tx, random_, kNow, differences);
    EXPECT_TRUE(check(tx, "audits", facts).empty());
    return {};
  }));
}

}  // namespace
}  // namespace qy::tally
