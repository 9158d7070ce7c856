#include "engine/clock/clock.h"

#include <gtest/gtest.h>

namespace qy::engine::clock {
namespace {

rules::ClockRule rule(std::string id, std::string from, std::string met_by, int months) {
  rules::ClockRule r;
  r.id = std::move(id);
  r.from_event = std::move(from);
  r.met_by = std::move(met_by);
  r.months = months;
  r.holder = "enterprise";
  return r;
}

// National Day 2026: 1–7 October are rest days; the Saturdays before and after are worked (2026-09-26 invented for the
// test).
std::vector<rules::CalendarYear> calendar_2026() {
  rules::CalendarYear year;
  year.year = 2026;
  for (int day = 1; day <= 7; ++day) year.holidays.insert(Date(2026, 10, day));
  year.working_weekends.insert(Date(2026, 9, 26));
  return {year};
}

std::vector<Deadline> run(const rules::ClockRule& r, std::vector<Event> events, Date as_of,
                          std::set<std::string> categories = {"toxic"}) {
  const rules::ClockRule rules[] = {r};
  return deadlines(rules, events, categories, as_of, calendar_2026());
}

TEST(Clock, CountsCalendarMonths) {
  struct Row {
    const char* name;
    Date published;
    int months;
    const char* due;
    const char* next_working_day;
  };
  const Row rows[] = {
      {"the same day a month later", {2026, 8, 20}, 1, "2026-09-20", "2026-09-21"},
      {"the last day when the month has no such day", {2026, 1, 31}, 1, "2026-02-28", "2026-03-02"},
      {"a leap year keeps its 29th", {2028, 1, 31}, 1, "2028-02-29", ""},
      {"a holiday is followed by the first working day", {2026, 9, 3}, 1, "2026-10-03", "2026-10-08"},
      {"a worked Saturday is a working day", {2026, 8, 26}, 1, "2026-09-26", ""},
      {"twelve months", {2026, 8, 20}, 12, "2027-08-20", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto got =
        run(rule("disclose", "published", "disclosed", row.months), {{"published", row.published}}, row.published);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].due_on.str(), row.due);
    EXPECT_EQ(got[0].next_working_day ? got[0].next_working_day->str() : "", row.next_working_day);
  }
}

TEST(Clock, KnowsWhereAClockStands) {
  const auto disclose = rule("disclose", "published", "disclosed", 1);
  const Event published{"published", {2026, 8, 20}};  // due Sunday 20 September, last day Monday 21
  struct Row {
    const char* name;
    std::vector<Event> events;
    Date as_of;
    State state;
    int days_left;
  };
  const Row rows[] = {
      {"far from due", {published}, {2026, 9, 1}, State::pending, 20},
      {"fifteen days before the last day it is due soon", {published}, {2026, 9, 6}, State::due_soon, 15},
      {"the due day itself is in time", {published}, {2026, 9, 20}, State::due_soon, 1},
      {"so is the next working day", {published}, {2026, 9, 21}, State::due_soon, 0},
      {"a day later it is late", {published}, {2026, 9, 22}, State::late, -1},
      {"done is done", {published, {"disclosed", {2026, 9, 18}}}, {2026, 12, 1}, State::met, 0},
      {"what happens tomorrow has not happened",
       {published, {"disclosed", {2026, 9, 24}}},
       {2026, 9, 23},
       State::late,
       -2},
      {"while stopped it cannot become late",
       {published, {"stopped", {2026, 9, 10}}},
       {2026, 12, 1},
       State::stopped,
       20 - 9 + 1},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto got = run(disclose, row.events, row.as_of);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].state, row.state);
    if (row.state != State::stopped) {
      EXPECT_EQ(got[0].days_left, row.days_left);
    }
  }
}

TEST(Clock, StopsPostponementsAndRedosMoveTheDueDay) {
  const Event published{"published", {2026, 3, 2}};
  const auto finish = rule("finish", "published", "finished", 12);

  auto got = run(finish, {published, {"stopped", {2026, 4, 1}}, {"resumed", {2026, 4, 11}}}, {2026, 5, 1});
  EXPECT_EQ(got[0].due_on.str(), "2027-03-12");  // 2027-03-02 + 10 days
  EXPECT_EQ(got[0].stopped_days, 10);

  got = run(finish, {published, {"postponed", {2026, 6, 1}, "finish", Date(2027, 6, 30)}}, {2026, 7, 1});
  EXPECT_EQ(got[0].due_on.str(), "2027-06-30");
  EXPECT_TRUE(got[0].postponed);

  const auto implement = rule("implement", "evaluated", "implemented", 12);
  got = run(implement,
            {published, {"evaluated", {2026, 6, 1}}, {"implemented", {2026, 7, 1}}, {"evaluated", {2026, 9, 1}}},
            {2026, 9, 2});
  EXPECT_EQ(got[0].due_on.str(), "2027-09-01");
  EXPECT_EQ(got[0].state, State::pending) << "what was done before the redo does not meet it";
}

TEST(Clock, RunsOnlyWhatApplies) {
  auto toxic = rule("interval", "accepted", "published", 60);
  toxic.categories = {"toxic"};
  EXPECT_TRUE(run(toxic, {{"accepted", {2026, 3, 2}}}, {2026, 3, 2}, {"over_standard"}).empty());
  EXPECT_EQ(run(toxic, {{"accepted", {2026, 3, 2}}}, {2026, 3, 2}, {"over_standard", "toxic"}).size(), 1u);
  EXPECT_TRUE(run(toxic, {}, {2026, 3, 2}).empty()) << "its clock has not started";

  auto fixed = rule("report", "published", "reported", 0);
  fixed.month_day = "03-31";
  fixed.year_offset = 1;
  EXPECT_EQ(run(fixed, {{"published", {2026, 8, 20}}}, {2026, 8, 20})[0].due_on.str(), "2027-03-31");

  auto working = rule("answer", "published", "answered", 0);
  working.working_days = 5;
  // Thu 24 Sep → Fri 25, Sat 26 (worked), Mon 28, Tue 29, Wed 30
  EXPECT_EQ(run(working, {{"published", {2026, 9, 24}}}, {2026, 9, 24})[0].due_on.str(), "2026-09-30");
}

TEST(Clock, SaysWhichEventsDoNotCount) {
  const rules::ClockRule rules[] = {rule("disclose", "published", "disclosed", 1),
                                    rule("implement", "evaluated", "implemented", 12)};
  const Event published{"published", {2026, 8, 20}};
  struct Row {
    const char* name;
    std::vector<Event> events;
    std::optional<Ignored::Why> why;
    const char* on = "";
  };
  using Why = Ignored::Why;
  const Row rows[] = {
      {"in time", {published, {"disclosed", {2026, 9, 18}}}, std::nullopt},
      {"on the day of the list", {published, {"disclosed", {2026, 8, 20}}}, std::nullopt},
      {"a wrong year", {published, {"disclosed", {2025, 9, 18}}}, Why::before_start, "2025-09-18"},
      {"a year too late", {published, {"disclosed", {2027, 9, 18}}}, Why::in_future, "2027-09-18"},
      {"what no clock here waits for", {published, {"implemented", {2025, 1, 1}}}, std::nullopt},
      {"a start before the list", {published, {"evaluated", {2026, 1, 1}}}, std::nullopt},
      {"before a redo but after the first list",
       {published, {"disclosed", {2026, 9, 1}}, {"published", {2026, 10, 1}}},
       std::nullopt},
      {"a postponement of a wrong year",
       {published, {"postponed", {2025, 9, 1}, "disclose", Date(2026, 12, 1)}},
       Why::before_start,
       "2025-09-01"},
      {"a stop that lasts into the time", {published, {"stopped", {2026, 8, 1}}}, std::nullopt},
      {"a stop and its end", {published, {"stopped", {2026, 9, 1}}, {"resumed", {2026, 9, 5}}}, std::nullopt},
      {"resumed before the start",
       {published, {"stopped", {2026, 9, 1}}, {"resumed", {2025, 9, 5}}},
       Why::before_start,
       "2025-09-05"},
      {"resumed without a stop", {published, {"resumed", {2026, 9, 5}}}, Why::no_stop, "2026-09-05"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto got = ignored(rules, row.events, {"toxic"}, {2026, 11, 23});
    ASSERT_EQ(got.size(), row.why ? 1u : 0u);
    if (!row.why) continue;
    EXPECT_EQ(got[0].why, *row.why);
    EXPECT_EQ(got[0].event.on.str(), row.on);
    EXPECT_EQ(got[0].start, *row.why == Why::before_start ? published.on : Date());
  }
}

TEST(Clock, EndsWithTheCalendar) {
  auto yearly = rule("annual", "published", "annual_disclosed", 0);
  yearly.month_day = "03-15";
  yearly.year_offset = 1;
  const auto got = run(yearly, {{"published", {2199, 6, 1}}}, {2199, 6, 1});
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].due_on.str(), "2199-12-31");
}

}  // namespace
}  // namespace qy::engine::clock
