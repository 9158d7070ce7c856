#include "regime/comments/comments.h"

#include <gtest/gtest.h>

#include "regime/identity/access.h"
#include "regime/premises/testing.h"

namespace qy::comments {
namespace {

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  qy::testing::TestPremises fixture_{GetParam(), false};
  const Premises& premises_ = fixture_.premises;
  identity::Caller expert_ = [] {
    identity::Caller caller;
    caller.user = identity::UserId::trusted("u1");
    caller.name = "李评";
    caller.party = identity::Party::expert;
    caller.party_name = "省专家库";
    caller.role = identity::Role::expert;
    return caller;
  }();
  const db::Subject audit_{"audit", "a1"};
  bool may_read_ = true, may_write_ = true;

  void SetUp() override {
    identity::register_subject("audit",
                               [this](Tx&, const Premises&, const identity::Caller&, std::string_view id,
                                      identity::Matter matter) -> std::optional<identity::Access> {
                                 EXPECT_EQ(matter, identity::Matter::comments);
                                 if (id != "a1") return std::nullopt;
                                 return identity::Access{
                                     .read = may_read_, .write = may_write_, .province = "99", .region = "990101"};
                               });
  }
};
INSTANTIATE_TEST_SUITE_P(Comments, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, AThreadGrowsAndIsResolved) {
  const auto opened = start(premises_, expert_, audit_, "section:3.2", "水平衡差8%，请说明。");
  ASSERT_TRUE(opened);
  fixture_.pass_seconds(60);
  const auto answered = answer(premises_, expert_, opened->id, "已补充蒸发量。");
  ASSERT_TRUE(answered);
  ASSERT_EQ(answered->comments.size(), 2u);
  EXPECT_EQ(answered->comments[0].text, "水平衡差8%，请说明。");
  EXPECT_EQ(answered->comments[1].author_name, "李评");
  EXPECT_EQ(answered->comments[1].post, expert_.post_text());

  ASSERT_TRUE(start(premises_, expert_, audit_, "", "总体意见"));
  EXPECT_EQ(list(premises_, expert_, audit_, "")->threads.size(), 2u);
  EXPECT_EQ(list(premises_, expert_, audit_, "section:3.2")->threads.size(), 1u);
  EXPECT_EQ(list(premises_, expert_, audit_, "")->open, 2);

  const auto resolved = resolve(premises_, expert_, opened->id, true, 1);
  ASSERT_TRUE(resolved);
  EXPECT_TRUE(resolved->resolved);
  EXPECT_EQ(resolved->resolved_by_name, "李评");
  EXPECT_EQ(resolved->version, 2);
  EXPECT_EQ(resolve(premises_, expert_, opened->id, false, 1).error().code, "comment.stale");
  EXPECT_EQ(list(premises_, expert_, audit_, "")->open, 1);
  const auto reopened = resolve(premises_, expert_, opened->id, false, 2);
  ASSERT_TRUE(reopened);
  EXPECT_FALSE(reopened->resolved_at);
}

TEST_P(OnEachEngine, WhatTheOwnerRefusesIsRefused) {
  const auto opened = start(premises_, expert_, audit_, "", "意见");
  ASSERT_TRUE(opened);
  may_write_ = false;
  EXPECT_EQ(start(premises_, expert_, audit_, "", "意见").error().code, "forbidden.subject_write");
  EXPECT_EQ(answer(premises_, expert_, opened->id, "答").error().code, "forbidden.subject_write");
  EXPECT_EQ(resolve(premises_, expert_, opened->id, true, 1).error().code, "forbidden.subject_write");
  EXPECT_FALSE(list(premises_, expert_, audit_, "")->may_write);
  may_read_ = false;
  EXPECT_EQ(list(premises_, expert_, audit_, "").error().code, "subject.not_found");
  EXPECT_EQ(answer(premises_, expert_, opened->id, "答").error().code, "comment.thread_not_found");
  EXPECT_EQ(answer(premises_, expert_, ThreadId::trusted("nobody"), "答").error().code, "comment.thread_not_found");
}

}  // namespace
}  // namespace qy::comments
