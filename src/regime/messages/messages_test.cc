#include "regime/messages/messages.h"

#include <gtest/gtest.h>

#include "regime/premises/testing.h"

namespace qy::messages {
namespace {

identity::Caller person(std::string user, identity::Party party, std::string party_id, identity::Role role) {
  identity::Caller caller;
  caller.user = identity::UserId::trusted(user);
  caller.name = "人" + user;
  caller.party = party;
  caller.party_id = std::move(party_id);
  caller.role = role;
  caller.province = "99";
  return caller;
}

/// A channel that keeps letters, or refuses them.
class Kept : public Channel {
 public:
  std::string name() const override { return "kept"; }
  std::string address_of(Tx&, const std::string&) override { return "a@example.test"; }
  Result<void> send(const Letter& letter) override {
    if (down) return Error{ErrorKind::unavailable, "test.down"};
    letters.push_back(letter);
    return {};
  }
  bool down = false;
  std::vector<Letter> letters;
};

std::shared_ptr<Kept> kept() {
  static const auto channel = [] {
    auto made = std::make_shared<Kept>();
    use_channel(made);
    static constexpr Sentence sentences[] = {
        {"message.notice_served", "告知书已送达{enterprise}", "The notice was served on {enterprise}"}};
    Catalogue::global().add(sentences);
    return made;
  }();
  return channel;
}

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  qy::testing::TestPremises fixture_{GetParam(), false};
  const Premises& premises_ = fixture_.premises;
  const identity::Caller officer_ = person("o1", identity::Party::office, "of1", identity::Role::officer);
  const identity::Caller filler_ = person("f1", identity::Party::enterprise, "e1", identity::Role::filler);
  const identity::Caller signatory_ = person("s1", identity::Party::enterprise, "e1", identity::Role::signatory);
  const identity::Caller stranger_ = person("f2", identity::Party::enterprise, "e2", identity::Role::filler);

  void SetUp() override {
    kept()->letters.clear();
    kept()->down = false;
  }

  MessageId send(NewMessage message) {
    fixture_.pass_seconds(1);
    message.code = "message.notice_served";
    message.params = {{"enterprise", "云溪明洁电镀有限公司"}};
    message.link = "/audits/a1";
    message.about = {"audit", "a1"};
    return *premises_.database->write(
        [&](Tx& tx) -> Result<MessageId> { return notify(tx, identity::act_of(premises_, officer_), message); });
  }
  std::int64_t unread(const identity::Caller& caller) { return *unread_count(premises_, caller); }
};
INSTANTIATE_TEST_SUITE_P(Messages, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, EachReadsWhatIsToHim) {
  send({.party = identity::Party::enterprise, .party_id = "e1"});
  send({.party = identity::Party::enterprise, .party_id = "e1", .role = identity::Role::signatory});
  send({.user = "f1"});
  EXPECT_EQ(unread(filler_), 2);
  EXPECT_EQ(unread(signatory_), 2);
  EXPECT_EQ(unread(stranger_), 0);
  EXPECT_EQ(unread(officer_), 0);
  EXPECT_EQ(unread(identity::system_caller()), 0);
  const auto found = inbox(premises_, filler_, false, {});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->total, 2);
  EXPECT_EQ(found->items[0].user, "f1") << "newest first";
  EXPECT_EQ(found->items[1].params, (Params{{"enterprise", "云溪明洁电镀有限公司"}}));
  EXPECT_EQ(found->items[1].link, "/audits/a1");
}

TEST_P(OnEachEngine, ReadingLeavesAReceiptOfThatPersonOnly) {
  const auto id = send({.party = identity::Party::enterprise, .party_id = "e1"});
  send({.party = identity::Party::enterprise, .party_id = "e1"});
  EXPECT_EQ(mark_read(premises_, stranger_, id).error().code, "message.not_found");
  ASSERT_TRUE(mark_read(premises_, filler_, id));
  ASSERT_TRUE(mark_read(premises_, filler_, id)) << "again is no error and no second receipt";
  EXPECT_EQ(unread(filler_), 1);
  EXPECT_EQ(unread(signatory_), 2);
  EXPECT_EQ(inbox(premises_, filler_, true, {})->total, 1);
  EXPECT_EQ(*mark_all_read(premises_, signatory_), 2);
  EXPECT_EQ(*mark_all_read(premises_, signatory_), 0);
  const auto receipts =
      *premises_.database->read([&](Tx& tx) -> Result<std::vector<Receipt>> { return receipts_of(tx, id); });
  ASSERT_EQ(receipts.size(), 2u);
  EXPECT_EQ(receipts[0].name, "人f1");
  EXPECT_EQ(premises_.database
                ->read([&](Tx& tx) -> Result<std::vector<Message>> {
                  return messages_about(tx, {"audit", "a1"});
                })
                ->size(),
            2u);
}

TEST_P(OnEachEngine, ARefusedTransactionTellsNobody) {
  const auto refused = premises_.database->write([&](Tx& tx) -> Result<void> {
    notify(tx, identity::act_of(premises_, officer_),
           {.party = identity::Party::enterprise, .party_id = "e1", .code = "message.notice_served"});
    return Error{ErrorKind::conflict, "test.refused"};
  });
  EXPECT_FALSE(refused);
  EXPECT_EQ(unread(filler_), 0);
}

TEST_P(OnEachEngine, TheOutboxIsDeliveredAndTriedAgain) {
  send({.user = "f1"});
  kept()->down = true;
  ASSERT_TRUE(deliver(premises_));
  EXPECT_TRUE(kept()->letters.empty());
  kept()->down = false;
  ASSERT_TRUE(deliver(premises_));
  EXPECT_TRUE(kept()->letters.empty()) << "not before a minute has passed";
  fixture_.pass_seconds(60);
  ASSERT_TRUE(deliver(premises_));
  ASSERT_EQ(kept()->letters.size(), 1u);
  EXPECT_EQ(kept()->letters[0].subject, "告知书已送达云溪明洁电镀有限公司");
  EXPECT_EQ(kept()->letters[0].body, "告知书已送达云溪明洁电镀有限公司\nhttp://localhost:8080/audits/a1");
  fixture_.pass_seconds(86400);
  ASSERT_TRUE(deliver(premises_));
  EXPECT_EQ(kept()->letters.size(), 1u) << "once";
}

}  // namespace
}  // namespace qy::messages
