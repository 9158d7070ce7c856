#include "regime/obligations/obligations.h"

#include <gtest/gtest.h>

#include "regime/premises/testing.h"

namespace qy::obligations {
namespace {

using engine::clock::Deadline;
using engine::clock::State;

Deadline deadline(std::string id, Date due, State state = State::pending) {
  Deadline out;
  out.id = std::move(id);
  out.title = {"公示", "Disclose"};
  out.rule = {"名单公布之日起1个月", "1 month from publication"};
  out.started_on = due.plus_months(-1);
  out.due_on = due;
  out.state = state;
  out.holder = "enterprise";
  if (state == State::met) out.met_on = due.plus_days(-1);
  return out;
}

About about(std::string id, std::string region, std::string enterprise) {
  return {.subject = {"audit", id},
          .province = "99",
          .region = std::move(region),
          .enterprise = enterprise,
          .title = {"企业" + enterprise + " 99-2026-0001", "Enterprise " + enterprise},
          .link = "/audits/" + id};
}

identity::Caller caller(identity::Party party, std::string id, std::string region = "") {
  identity::Caller out;
  out.party = party;
  out.party_id = std::move(id);
  out.region = std::move(region);
  return out;
}

class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  qy::testing::TestPremises fixture_{GetParam()};
  const Premises& premises_ = fixture_.premises;
  const identity::Caller county_ = caller(identity::Party::office, "of1", "990101");
  const identity::Caller city_ = caller(identity::Party::office, "of2", "990100");
  const identity::Caller enterprise_ = caller(identity::Party::enterprise, "e1");

  void replace(const About& what, std::vector<Deadline> deadlines) {
    ASSERT_TRUE(premises_.database->write([&](Tx& tx) -> Result<void> {
      replace_for(tx, what, deadlines, *premises_.rules, [&](std::string_view holder) -> Holder {
        if (holder == "enterprise") return {identity::Party::enterprise, what.enterprise, "企业" + what.enterprise};
        return {identity::Party::office, "of1", "云溪区局"};
      });
      return {};
    }));
  }
  std::string found(const identity::Caller& who, Filter filter, Date day = Date(2026, 6, 1)) {
    http::Page page;
    page.sort = "due_on";
    std::string out;
    const auto listed = list(premises_, who, filter, page, day);
    for (const auto& one : listed->items)
      out += (out.empty() ? "" : " ") + one.about.subject.id + ":" + one.rule + "=" + one.state_on(day);
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Obligations, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, LateIsComparedWithTheDayOnWhichItIsAsked) {
  auto due = deadline("disclose", Date(2026, 6, 20));
  due.next_working_day = Date(2026, 6, 22);
  replace(about("a1", "990101", "e1"), {due});
  const int soon = premises_.rules->find_clock("disclose")->due_soon_days;
  struct Row {
    const char* why;
    Date day;
    const char* state;
  };
  const Row rows[] = {
      {"long before", Date(2026, 5, 21), "pending"},
      {"the day before it is near", Date(2026, 6, 22).plus_days(-soon - 1), "pending"},
      {"the first day on which it is near", Date(2026, 6, 22).plus_days(-soon), "due_soon"},
      {"the calendar day", Date(2026, 6, 20), "due_soon"},
      {"the working day after", Date(2026, 6, 22), "due_soon"},
      {"a day later", Date(2026, 6, 23), "late"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(found(county_, {}, row.day), std::string("a1:disclose=") + row.state);
    for (const char* state : {"pending", "due_soon", "late"}) {
      Filter filter;
      filter.state = state;
      EXPECT_EQ(found(county_, filter, row.day).empty(), std::string(state) != row.state) << state;
    }
  }
}

TEST_P(OnEachEngine, EachSeesHisOwn) {
  replace(about("a1", "990101", "e1"), {deadline("disclose", Date(2026, 6, 20))});
  replace(about("a2", "990102", "e2"), {deadline("disclose", Date(2026, 6, 21))});
  replace(about("a3", "990201", "e3"), {deadline("disclose", Date(2026, 6, 22))});
  struct Row {
    const char* who;
    identity::Caller caller;
    const char* expected;
  };
  const Row rows[] = {
      {"a county", county_, "a1"},
      {"its city", city_, "a1 a2"},
      {"the province", caller(identity::Party::office, "of3", "990000"), "a1 a2 a3"},
      {"the nation", caller(identity::Party::office, "of4", ""), "a1 a2 a3"},
      {"another province", caller(identity::Party::office, "of5", "980000"), ""},
      {"an enterprise", enterprise_, "a1"},
      {"a consultancy holds nothing here", caller(identity::Party::consultancy, "c1"), ""},
      {"an expert holds nothing here", caller(identity::Party::expert, "x1"), ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.who);
    std::string ids;
    http::Page page;
    page.sort = "due_on";
    const auto listed = list(premises_, row.caller, {}, page, std::nullopt);
    for (const auto& one : listed->items) ids += (ids.empty() ? "" : " ") + one.about.subject.id;
    EXPECT_EQ(ids, row.expected);
  }
  Filter elsewhere;
  elsewhere.region_prefix = "9902";
  EXPECT_EQ(found(city_, elsewhere), "") << "a filter never widens the scope";
  Filter other;
  other.enterprise = "e2";
  EXPECT_EQ(found(enterprise_, other), "");
  Filter text;
  text.text = "企业e2";
  EXPECT_EQ(found(city_, text).substr(0, 2), "a2");
}

TEST_P(OnEachEngine, ReplacingKeepsWhatIsMetAndDropsWhatIsGone) {
  const auto what = about("a1", "990101", "e1");
  replace(what, {deadline("disclose", Date(2026, 6, 20)), deadline("start", Date(2026, 7, 20))});
  replace(what,
          {deadline("disclose", Date(2026, 6, 20), State::met), deadline("finish", Date(2027, 5, 20), State::stopped)});
  EXPECT_EQ(found(county_, {}), "a1:disclose=met a1:finish=stopped");
  Filter open;
  open.state = "open";
  EXPECT_EQ(found(county_, open), "a1:finish=stopped");
  ASSERT_TRUE(premises_.database->write([](Tx& tx) -> Result<void> {
    EXPECT_EQ(obligations_of(tx, {"audit", "a1"})[0].met_on, Date(2026, 6, 19));
    clear_for(tx, {"audit", "a1"});
    return {};
  }));
  EXPECT_EQ(found(county_, {}), "");
}

TEST_P(OnEachEngine, TheBasisIsTheLawOfTheDayOnWhichTheDutyArose) {
  const auto basis = premises_.rules->find_clock("disclose")->basis;
  ASSERT_FALSE(basis.empty());
  auto before = deadline("disclose", Date(2026, 9, 14)), after = before;
  before.basis = after.basis = basis;
  before.started_on = Date(2026, 8, 14);
  after.started_on = Date(2026, 8, 15);
  replace(about("a1", "990101", "e1"), {before});
  replace(about("a2", "990101", "e2"), {after});
  const auto cited = [&](const char* id) {
    return json::dump(premises_.database
                          ->read([&](Tx& tx) -> Result<json::Value> {
                            return obligations_of(tx, {"audit", id})[0].basis;
                          })
                          .value());
  };
  EXPECT_NE(cited("a1"), "[]");
  EXPECT_NE(cited("a1"), cited("a2"));
}

TEST_P(OnEachEngine, TheBoardCounts) {
  replace(about("a1", "990101", "e1"), {deadline("disclose", Date(2026, 5, 20)), deadline("start", Date(2026, 6, 5))});
  auto mine = deadline("evaluate", Date(2026, 12, 1));
  mine.holder = "authority";
  replace(about("a2", "990101", "e2"), {mine, deadline("finish", Date(2026, 12, 1), State::stopped),
                                        deadline("disclose", Date(2026, 5, 1), State::met)});
  replace(about("a3", "990201", "e3"), {deadline("disclose", Date(2026, 5, 20))});
  const auto board = *counts(premises_, county_);  // as of 2026-06-01
  EXPECT_EQ(board.late, 1);
  EXPECT_EQ(board.due_soon, 1);
  EXPECT_EQ(board.with_me, 1);
  EXPECT_EQ(board.with_others, 2);
  EXPECT_EQ(board.stopped, 1);

  // Each counter opens the list it counts.
  const auto me = Holder{county_.party, county_.party_id, county_.party_name};
  const auto listed = [&](Filter filter) {
    return list(premises_, county_, std::move(filter), {}, std::nullopt)->total;
  };
  EXPECT_EQ(listed({.state = "late"}), board.late);
  EXPECT_EQ(listed({.state = "due_soon"}), board.due_soon);
  EXPECT_EQ(listed({.holder = me, .state = "running"}), board.with_me);
  EXPECT_EQ(listed({.not_held_by = me, .state = "running"}), board.with_others);
  EXPECT_EQ(listed({.state = "stopped"}), board.stopped);

  const auto none = *counts(premises_, caller(identity::Party::office, "of9", "980000"));
  EXPECT_EQ(none.late + none.due_soon + none.with_me + none.with_others + none.stopped, 0);
}

TEST_P(OnEachEngine, TheCalendarHoldsWhatIsOpen) {
  auto due = deadline("disclose", Date(2026, 6, 20));
  due.next_working_day = Date(2026, 6, 22);
  replace(about("a1", "990101", "e1"), {due, deadline("start", Date(2026, 5, 1), State::met)});
  const auto text = *calendar(premises_, enterprise_);
  EXPECT_EQ(text.rfind("BEGIN:VCALENDAR\r\n", 0), 0u);
  EXPECT_NE(text.find("DTSTART;VALUE=DATE:20260622\r\n"), text.npos);
  EXPECT_NE(text.find("SUMMARY:公示：企业e1 99-2026-0001\r\n"), text.npos);
  EXPECT_EQ(text.find("20260501"), text.npos);
  for (std::size_t at = 0, end; (end = text.find("\r\n", at)) != text.npos; at = end + 2) EXPECT_LE(end - at, 75u);
}

}  // namespace
}  // namespace qy::obligations
