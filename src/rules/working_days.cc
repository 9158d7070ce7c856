#include <algorithm>

#include "rules/library.h"

namespace qy::rules {

bool is_working_day(const std::vector<CalendarYear>& calendars, Date day) {
  const auto year =
      std::find_if(calendars.begin(), calendars.end(), [&](const CalendarYear& c) { return c.year == day.year(); });
  const bool weekend = day.weekday() >= 6;
  if (year == calendars.end()) return !weekend;
  if (year->holidays.contains(day)) return false;
  return !weekend || year->working_weekends.contains(day);
}

Date next_working_day(const std::vector<CalendarYear>& calendars, Date day) {
  while (!is_working_day(calendars, day)) day = day.plus_days(1);
  return day;
}

Date plus_working_days(const std::vector<CalendarYear>& calendars, Date day, int count) {
  for (int left = count; left > 0;) {
    day = day.plus_days(1);
    if (is_working_day(calendars, day)) --left;
  }
  return day;
}

}  // namespace qy::rules
