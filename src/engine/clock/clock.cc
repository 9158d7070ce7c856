#include "engine/clock/clock.h"

#include <algorithm>

#include "rules/library.h"

namespace qy::engine::clock {
namespace {

Date due_by(const rules::ClockRule& rule, Date start, const std::vector<rules::CalendarYear>& calendars) {
  if (rule.months > 0) return start.plus_months(rule.months);
  if (rule.days > 0) return start.plus_days(rule.days);
  if (rule.working_days > 0) return rules::plus_working_days(calendars, start, rule.working_days);
  const int year = start.year() + rule.year_offset;
  const auto parsed = Date::parse(std::to_string(year) + "-" + rule.month_day);
  if (parsed) return *parsed;
  // "02-29" outside a leap year, or a year after the calendar's last
  return Date(start.year(), 2, 28).plus_years(rule.year_offset);
}

/// Days within [from, to) that lie inside a stop; `open` when a stop has not ended by `to`.
struct Stops {
  int days = 0;
  bool open = false;
};

Stops stops_between(std::span<const Event> events, Date from, Date to) {
  Stops stops;
  Date since;  // of the open stop
  for (const auto& event : events) {
    if (event.on > to) continue;
    if (event.type == "stopped" && !stops.open) {
      since = std::max(event.on, from);
      stops.open = true;
    }
    if (event.type == "resumed" && stops.open) {
      stops.days += std::max(0, days_between(since, std::max(event.on, from)));
      stops.open = false;
    }
  }
  if (stops.open) stops.days += std::max(0, days_between(since, to));
  return stops;
}

bool applies(const rules::ClockRule& rule, const std::set<std::string>& categories) {
  return rule.categories.empty() ||
         std::any_of(categories.begin(), categories.end(), [&](const auto& c) { return rule.categories.contains(c); });
}

}  // namespace

std::string to_string(State state) {
  switch (state) {
    case State::met:
      return "met";
    case State::pending:
      return "pending";
    case State::due_soon:
      return "due_soon";
    case State::late:
      return "late";
    case State::stopped:
      return "stopped";
  }
  return "";
}

std::vector<Deadline> deadlines(std::span<const rules::ClockRule> rules, std::span<const Event> given,
                                const std::set<std::string>& categories, Date as_of,
                                const std::vector<rules::CalendarYear>& calendars) {
  std::vector<Event> events;
  for (const auto& event : given)
    if (event.on <= as_of) events.push_back(event);
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.on < b.on; });

  std::vector<Deadline> found;
  for (const auto& rule : rules) {
    if (!applies(rule, categories)) continue;

    std::optional<Date> start;
    for (const auto& event : events)
      if (event.type == rule.from_event) start = event.on;
    if (!start) continue;

    Deadline d;
    d.id = rule.id;
    d.title = rule.title;
    d.rule = rule.rule;
    d.started_on = *start;
    d.holder = rule.holder;
    d.basis = rule.basis;
    d.local_source = rule.local_source;
    d.mark = rule.mark;

    for (const auto& event : events)
      if (event.type == rule.met_by && event.on >= *start && !d.met_on) d.met_on = event.on;

    const auto stops = stops_between(events, *start, d.met_on.value_or(as_of));
    d.stopped_days = stops.days;
    d.due_on = due_by(rule, *start, calendars).plus_days(stops.days);
    for (const auto& event : events)
      if (event.type == "postponed" && event.rule == rule.id && event.until && event.on >= *start) {
        d.due_on = *event.until;
        d.postponed = true;
      }
    if (rule.next_working_day && !rules::is_working_day(calendars, d.due_on))
      d.next_working_day = rules::next_working_day(calendars, d.due_on);

    if (d.met_on) {
      d.state = State::met;
      d.met_late = *d.met_on > d.last_day();
    } else {
      d.days_left = days_between(as_of, d.last_day());
      if (stops.open)
        d.state = State::stopped;
      else if (as_of > d.last_day())
        d.state = State::late;
      else if (d.days_left <= rule.due_soon_days)
        d.state = State::due_soon;
    }
    found.push_back(std::move(d));
  }
  return found;
}

std::vector<Ignored> ignored(std::span<const rules::ClockRule> rules, std::span<const Event> events,
                             const std::set<std::string>& categories, Date as_of) {
  const auto is_stop = [](const Event& event) { return event.type == "stopped" || event.type == "resumed"; };
  const auto is_open = [&](const Event& resumed) {  // whether something stands still when it is resumed
    std::optional<Event> last;
    for (const auto& event : events)
      if (is_stop(event) && &event != &resumed && event.on <= resumed.on && (!last || event.on >= last->on))
        last = event;
    return last && last->type == "stopped";
  };
  const auto first_start = [&](const rules::ClockRule& rule) {
    std::optional<Date> first;
    for (const auto& event : events)
      if (event.type == rule.from_event && event.on <= as_of && (!first || event.on < *first)) first = event.on;
    return first;
  };

  std::vector<Ignored> found;
  for (const auto& event : events) {
    if (event.on > as_of) {
      found.push_back({event, Ignored::Why::in_future, {}});
      continue;
    }
    bool counts = false;
    std::optional<Date> start;
    for (const auto& rule : rules) {
      if (!applies(rule, categories)) continue;
      const auto from = first_start(rule);
      if (!from) continue;
      counts = counts || event.type == rule.from_event;
      const bool concerns =
          event.type == rule.met_by || is_stop(event) || (event.type == "postponed" && event.rule == rule.id);
      if (!concerns) continue;
      // A stop before the start lasts on; a resumption before it has nothing to resume.
      if (event.on >= *from || event.type == "stopped") counts = true;
      if (!start || *from < *start) start = from;
    }
    if (start && !counts)
      found.push_back({event, Ignored::Why::before_start, *start});
    else if (event.type == "resumed" && !is_open(event))
      found.push_back({event, Ignored::Why::no_stop, {}});
  }
  return found;
}

}  // namespace qy::engine::clock
