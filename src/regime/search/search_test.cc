#include "regime/search/search.h"

#include <gtest/gtest.h>

#include "db/testing.h"

namespace qy::search {
namespace {

identity::Caller office(std::string region) {
  identity::Caller caller;
  caller.party = identity::Party::office;
  caller.region = std::move(region);
  return caller;
}

identity::Caller enterprise(std::string id) {
  identity::Caller caller;
  caller.party = identity::Party::enterprise;
  caller.party_id = std::move(id);
  return caller;
}

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  db::testing::Fresh fresh_ = db::testing::fresh_database(GetParam(), migrations::so_far());

  void SetUp() override {
    const Entry entries[] = {
        {"enterprise",
         "e1",
         "99",
         "990101",
         "e1",
         {"云溪明洁电镀有限公司", "Yunxi Mingjie Plating"},
         "91990101MA00000001 电镀工业园1号",
         "/enterprises/e1"},
        {"enterprise", "e2", "99", "990102", "e2", {"云溪印染厂", "Yunxi Dyeing"}, "100%棉 a_b", "/enterprises/e2"},
        {"enterprise", "e3", "99", "990201", "e3", {"青石电镀厂", "Qingshi Plating"}, "", "/enterprises/e3"},
        {"document",
         "order-38",
         "00",
         "",
         "",
         {"清洁生产审核办法", "Order 38"},
         "第十一条 电镀",
         "/knowledge/order-38"},
    };
    ASSERT_TRUE(fresh_->write([&](Tx& tx) -> Result<void> {
      for (const auto& entry : entries) index(tx, entry);
      return {};
    }));
  }

  std::string found(const identity::Caller& caller, std::string_view words, std::string_view kind = "") {
    return *fresh_->read([&](Tx& tx) -> Result<std::string> {
      std::string ids;
      for (const auto& hit : find(tx, caller, words, kind)) ids += (ids.empty() ? "" : " ") + hit.id;
      return ids;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Search, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, FindsEveryWordWhereverItStands) {
  struct Row {
    const char* why;
    const char* words;
    const char* expected;
  };
  const Row rows[] = {
      {"a part of the name, names that begin with it first", "云溪", "e2 e1"},
      {"two words in any order", "电镀 云溪", "e1"},
      {"a credit code in lower case", "ma0000", "e1"},
      {"full-width letters", "ＭＡ００００", "e1"},
      {"the English title", "dyeing", "e2"},
      {"wildcards are plain characters", "100%", "e2"},
      {"an underscore is one too", "a_b", "e2"},
      {"a wildcard finds nothing by itself", "1%1", ""},
      {"blanks only", "   ", ""},
      {"nowhere", "炼油", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(found(office(""), row.words), row.expected);
  }
}

TEST_P(OnEachEngine, EachFindsOnlyWhatIsHis) {
  struct Row {
    const char* who;
    identity::Caller caller;
    const char* expected;
  };
  const Row rows[] = {
      {"the nation", office(""), "e1 order-38 e3"},
      {"the province", office("990000"), "e1 order-38 e3"},
      {"a city", office("990100"), "e1 order-38"},
      {"its county", office("990101"), "e1 order-38"},
      {"another county", office("990102"), "order-38"},
      {"another province", office("980000"), "order-38"},
      {"the enterprise", enterprise("e3"), "order-38 e3"},
      {"another enterprise", enterprise("e2"), "order-38"},
      {"somebody without a party", enterprise(""), "order-38"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.who);
    EXPECT_EQ(found(row.caller, "电镀"), row.expected);
  }
  EXPECT_EQ(found(office(""), "电镀", "document"), "order-38");
}

TEST_P(OnEachEngine, AnEntryIsReplacedAndRemoved) {
  ASSERT_TRUE(fresh_->write([](Tx& tx) -> Result<void> {
    index(tx, {"enterprise", "e1", "99", "990201", "e1", {"新名电镀", "New"}, "", "/enterprises/e1"});
    remove(tx, "enterprise", "e3");
    return {};
  }));
  EXPECT_EQ(found(office(""), "云溪"), "e2");
  EXPECT_EQ(found(office("990201"), "电镀", "enterprise"), "e1");
}

}  // namespace
}  // namespace qy::search
