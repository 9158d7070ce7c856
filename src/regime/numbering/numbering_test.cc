#include "regime/numbering/numbering.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "db/testing.h"

namespace qy::numbering {
namespace {

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  db::testing::Fresh fresh_ = db::testing::fresh_database(GetParam(), migrations::so_far());
  SeededRandom random_{1};
  identity::Caller officer_ = [] {
    identity::Caller caller;
    caller.province = "99";
    caller.name = "王试";
    return caller;
  }();
  identity::Act act_{officer_, *Instant::parse("2026-11-23T08:00:00.000Z"), Date(2026, 11, 23), random_};

  Result<std::string> take(std::string_view kind, std::string_view region, int year) {
    return fresh_->write([&](Tx& tx) -> Result<std::string> { return next_number(tx, kind, region, year); });
  }
  Result<void> enter(std::string number, std::string id) {
    return fresh_->write([&](Tx& tx) {
      return register_document_number(tx, act_,
                                      {.number = std::move(number),
                                       .subject = {"list", id},
                                       .office_name = "云溪市生态环境局",
                                       .issued_on = Date(2026, 3, 2)});
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Numbering, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, EachSeriesCountsFromOne) {
  EXPECT_EQ(*take("audit", "99", 2026), "99-2026-0001");
  EXPECT_EQ(*take("audit", "99", 2026), "99-2026-0002");
  EXPECT_EQ(*take("audit", "99", 2027), "99-2027-0001");
  EXPECT_EQ(*take("audit", "990100", 2026), "990100-2026-0001");
  EXPECT_EQ(*take("notice", "99", 2026), "99-2026-0001");
}

TEST_P(OnEachEngine, ANumberTakenInARefusedTransactionIsGivenAgain) {
  EXPECT_EQ(*take("audit", "99", 2026), "99-2026-0001");
  const auto refused = fresh_->write([](Tx& tx) -> Result<void> {
    EXPECT_EQ(next_number(tx, "audit", "99", 2026), "99-2026-0002");
    return Error{ErrorKind::conflict, "test.refused"};
  });
  EXPECT_FALSE(refused);
  EXPECT_EQ(*take("audit", "99", 2026), "99-2026-0002");
}

TEST_P(OnEachEngine, RivalsLeaveNoGapAndShareNoNumber) {
  constexpr int kThreads = 6, kEach = 10;
  std::mutex mutex;
  std::set<std::string> numbers;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        const auto number = take("audit", "99", 2026);
        ASSERT_TRUE(number);
        const std::lock_guard lock(mutex);
        numbers.insert(*number);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(numbers.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(*numbers.rbegin(), "99-2026-0060");
}

TEST_P(OnEachEngine, ADocumentNumberStandsOnOnePaper) {
  ASSERT_TRUE(enter("云环〔2026〕12号", "l1"));
  EXPECT_TRUE(enter("云环〔2026〕12号", "l1")) << "the same paper again";
  struct Row {
    const char* why;
    const char* number;
    const char* expected;
  };
  const Row rows[] = {
      {"as it stands", "云环〔2026〕12号", "document_number.taken"},
      {"other brackets", "云环[2026]12号", "document_number.taken"},
      {"full-width brackets and digits", "云环（２０２６）12号", "document_number.taken"},
      {"with blanks", " 云环【2026】 12 号", "document_number.taken"},
      {"without brackets it is another", "云环2026 12号", ""},
      {"another number", "云环〔2026〕13号", ""},
      {"nothing", "  ", "document_number.format"},
      {"too long",
       "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五"
       "六七八九十一",
       "document_number.format"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.why);
    const auto entered = enter(row.number, row.why);
    EXPECT_EQ(entered ? "" : entered.error().code, row.expected);
  }
  ASSERT_TRUE(fresh_->write([](Tx& tx) -> Result<void> {
    EXPECT_EQ(find_document_number(tx, "云环(2026)12号")->office_name, "云溪市生态环境局");
    release_document_number(tx, {"list", "l1"});
    EXPECT_FALSE(find_document_number(tx, "云环(2026)12号"));
    return {};
  }));
  EXPECT_TRUE(enter("云环〔2026〕12号", "l2"));
}

}  // namespace
}  // namespace qy::numbering
