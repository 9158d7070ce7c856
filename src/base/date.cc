#include "base/date.h"

#include <algorithm>
#include <cassert>
#include <cstdio>

namespace qy {
namespace {

namespace chr = std::chrono;

constexpr int kFirstYear = 1900, kLastYear = 2199;
constexpr std::int32_t kFirstDay = chr::sys_days(chr::year(kFirstYear) / 1 / 1).time_since_epoch().count();
constexpr std::int32_t kLastDay = chr::sys_days(chr::year(kLastYear) / 12 / 31).time_since_epoch().count();

chr::year_month_day civil(std::int32_t days) { return chr::sys_days(chr::days(days)); }

std::int32_t days_of(chr::year_month_day day) { return chr::sys_days(day).time_since_epoch().count(); }

/// The number written in exactly `count` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

Error wrong(const char* code, std::string_view text) {
  return {ErrorKind::invalid, code, {{"text", std::string(text.substr(0, 40))}}};
}

}  // namespace

Date::Date(int year, int month, int day) {
  const chr::year_month_day date{chr::year(year), chr::month(month), chr::day(day)};
  assert(date.ok() && year >= kFirstYear && year <= kLastYear);
  days_ = days_of(date);
}

Result<Date> Date::parse(std::string_view text) {
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || year < 0 || month < 0 || day < 0)
    return wrong("date.format", text);
  if (!chr::year_month_day{chr::year(year), chr::month(month), chr::day(day)}.ok())
    return wrong("date.nonexistent", text);
  if (year < kFirstYear || year > kLastYear) return wrong("date.range", text);
  return Date(year, month, day);
}

Date Date::from_days(std::int32_t days) {
  Date date;
  date.days_ = std::clamp(days, kFirstDay, kLastDay);
  return date;
}

int Date::year() const { return static_cast<int>(civil(days_).year()); }
int Date::month() const { return static_cast<int>(static_cast<unsigned>(civil(days_).month())); }
int Date::day() const { return static_cast<int>(static_cast<unsigned>(civil(days_).day())); }
int Date::weekday() const { return static_cast<int>(chr::weekday(chr::sys_days(chr::days(days_))).iso_encoding()); }

std::string Date::str() const {
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02d-%02d", year(), month(), day());
  return out;
}

std::string Date::zh() const {
  return std::to_string(year()) + "年" + std::to_string(month()) + "月" + std::to_string(day()) + "日";
}

Date Date::plus_months(int months) const {
  const auto today = civil(days_);
  const auto target = chr::year_month(today.year(), today.month()) + chr::months(std::clamp(months, -4000, 4000));
  if (static_cast<int>(target.year()) < kFirstYear) return from_days(kFirstDay);
  if (static_cast<int>(target.year()) > kLastYear) return from_days(kLastDay);
  const chr::year_month_day same_day(target.year(), target.month(), today.day());
  return from_days(same_day.ok() ? days_of(same_day) : days_of(chr::sys_days(target / chr::last)));
}

Result<Instant> Instant::parse(std::string_view text) {
  const auto date = Date::parse(text.substr(0, 10));
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2),
            milli = digits(text, 20, 3);
  if (!date || text.size() != 24 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' ||
      text[23] != 'Z' || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || milli < 0)
    return wrong("instant.format", text);
  return from_millis(((date->days() * 24LL + hour) * 60 + minute) * 60'000 + second * 1000LL + milli);
}

std::string Instant::str() const {
  constexpr std::int64_t kDay = 86'400'000;
  const auto days = millis_ >= 0 ? millis_ / kDay : -((-millis_ + kDay - 1) / kDay);
  const int rest = static_cast<int>(millis_ - days * kDay);
  const auto date = civil(static_cast<std::int32_t>(days));
  char out[48];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3'600'000,
                rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
  return out;
}

Date Instant::shanghai_date() const {
  constexpr std::int64_t kDay = 86'400'000;
  const auto local = millis_ + 8 * 3'600'000LL;
  return Date::from_days(static_cast<std::int32_t>(local >= 0 ? local / kDay : -((-local + kDay - 1) / kDay)));
}

Instant Instant::shanghai_midnight(Date day) { return from_millis(day.days() * 86'400'000LL - 8 * 3'600'000LL); }

}  // namespace qy
