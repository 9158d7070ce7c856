#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace qy {

/// A calendar day as the law means it; no time, no zone. Always valid, years 1900–2199.
class Date {
 public:
  /// 1970-01-01.
  Date() = default;

  /// A day known to exist (asserts); for literals in code and tests.
  Date(int year, int month, int day);

  /// Reads "2026-11-23". Errors: date.format, date.nonexistent (2026-02-30), date.range.
  static Result<Date> parse(std::string_view text);

  /// Days since 1970-01-01. Days before 1900 give its first day, days after 2199 its last; so does all arithmetic.
  static Date from_days(std::int32_t days);
  std::int32_t days() const { return days_; }

  int year() const;
  int month() const;
  int day() const;

  /// ISO weekday: 1 Monday … 7 Sunday.
  int weekday() const;

  /// "2026-11-23".
  std::string str() const;

  /// "2026年11月23日", as papers write it.
  std::string zh() const;

  Date plus_days(int days) const { return from_days(days_ + days); }

  /// The same day `months` calendar months later; the last day of that month when it has no such day
  /// (2026-01-31 + 1 month = 2026-02-28). This is how statutory months are counted.
  Date plus_months(int months) const;

  Date plus_years(int years) const { return plus_months(12 * years); }

  auto operator<=>(const Date&) const = default;

 private:
  std::int32_t days_ = 0;
};

/// Whole days from `from` to `to`; negative when `to` is earlier.
inline int days_between(Date from, Date to) { return to.days() - from.days(); }

/// A moment in UTC with millisecond precision, for events (logs, sessions), never for legal dates.
class Instant {
 public:
  Instant() = default;
  static Instant from_millis(std::int64_t millis) {
    Instant i;
    i.millis_ = millis;
    return i;
  }
  std::int64_t millis() const { return millis_; }

  /// Reads "2026-11-23T08:30:00.000Z". Errors: instant.format.
  static Result<Instant> parse(std::string_view text);

  /// "2026-11-23T08:30:00.000Z"; sorts as text in time order.
  std::string str() const;

  Instant plus_millis(std::int64_t millis) const { return from_millis(millis_ + millis); }
  Instant plus_seconds(std::int64_t seconds) const { return plus_millis(1000 * seconds); }

  /// The day it is in Asia/Shanghai (UTC+8 throughout, no summer time since 1992).
  Date shanghai_date() const;

  /// Midnight with which the day begins in Asia/Shanghai.
  static Instant shanghai_midnight(Date day);

  auto operator<=>(const Instant&) const = default;

 private:
  std::int64_t millis_ = 0;
};

}  // namespace qy
