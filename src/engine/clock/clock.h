#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/date.h"
#include "rules/model.h"

/// 法定时限: what must be done by when, from the clock rules of a jurisdiction and the events of a case. Pure: the day
/// on which it is asked is an argument.
namespace qy::engine::clock {

/// Something that happened in a case and starts, meets, stops or moves clocks.
///
///   "published", "disclosed", "started" …   types that rules name
///   "stopped", "resumed"                    every running clock stands still in between
///   "postponed"                             延期: `rule`'s deadline becomes `until`
struct Event {
  std::string type;
  Date on;
  std::string rule = {};
  std::optional<Date> until = {};
};

enum class State { met, pending, due_soon, late, stopped };
std::string to_string(State state);

struct Deadline {
  std::string id;    ///< of the rule
  Text title, rule;  ///< rule: "名单公布之日起1个月" / "1 calendar month from the list's publication"
  Date started_on;   ///< the day the duty arose: its law is the law of this day
  Date due_on;       ///< the calendar day
  std::optional<Date> next_working_day;  ///< set when due_on is a rest day and the rule shows it; then nothing is late
                                         ///< before this day is over
  State state = State::pending;
  std::optional<Date> met_on;
  bool met_late = false;  ///< met, but after the last day
  int days_left = 0;      ///< to the last day; negative when late; 0 when met
  int stopped_days = 0;   ///< by which stops moved the due day
  bool postponed = false;
  std::string holder;  ///< enterprise | authority | experts
  std::string basis;   ///< rules::LegalBasis id
  std::optional<rules::Source> local_source;
  rules::Mark mark = rules::Mark::hint;

  Date last_day() const { return next_working_day.value_or(due_on); }
};

/// The deadlines whose clock has started, in the order of `rules`.
///
/// Months count by calendar month: the same day, or the last day of a month that has no such day (2026-01-31 + 1 month
/// = 2026-02-28). Working days count from the day after. A rule whose `from_event` happened twice (a redo) runs from
/// the later one, and only what came on or after that day meets it. A stop of n days moves the due day by n; while a
/// stop lasts the clock's state is `stopped`. `categories` are those of the case; a rule for other categories does not
/// run. Events after `as_of` have not happened yet.
std::vector<Deadline> deadlines(std::span<const rules::ClockRule> rules, std::span<const Event> events,
                                const std::set<std::string>& categories, Date as_of,
                                const std::vector<rules::CalendarYear>& calendars);

/// An event that moved nothing, perhaps because its date is mistyped.
struct Ignored {
  enum class Why {
    before_start,  ///< before `start`, the first day on which a clock starts that it would meet, stop or move
    in_future,     ///< after `as_of`
    no_stop,       ///< "resumed" while nothing stands still
  };
  Event event;
  Why why = Why::before_start;
  Date start = {};
};

/// The events that `deadlines` leaves out of account, in the order given. An event that has nothing to do with the
/// clocks that run is not among them.
std::vector<Ignored> ignored(std::span<const rules::ClockRule> rules, std::span<const Event> events,
                             const std::set<std::string>& categories, Date as_of);

}  // namespace qy::engine::clock
