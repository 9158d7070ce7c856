#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <limits>
#include <set>

#include "base/catalogue.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/id.h"
#include "base/large_vector.h"
#include "base/rational.h"
#include "base/text.h"

namespace qy {
namespace {

TEST(Date, ReadsOnlyDaysThatExist) {
  struct Row {
    const char* name;
    const char* text;
    const char* code;
  };
  const Row rows[] = {
      {"an ordinary day", "2026-11-23", ""},
      {"the leap day of a leap year", "2024-02-29", ""},
      {"the first day of the range", "1900-01-01", ""},
      {"the last day of the range", "2199-12-31", ""},
      {"the leap day of an ordinary year", "2026-02-29", "date.nonexistent"},
      {"a day after the month's end", "2026-04-31", "date.nonexistent"},
      {"month thirteen", "2026-13-01", "date.nonexistent"},
      {"before the range", "1899-12-31", "date.range"},
      {"after the range", "2200-01-01", "date.range"},
      {"one digit for the month", "2026-1-01", "date.format"},
      {"slashes", "2026/11/23", "date.format"},
      {"a time behind it", "2026-11-23T00:00", "date.format"},
      {"nothing", "", "date.format"},
      {"blanks", " 2026-11-2", "date.format"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto date = Date::parse(row.text);
    EXPECT_EQ(date ? "" : date.error().code, row.code);
    if (date) {
      EXPECT_EQ(date->str(), row.text);
    }
  }
}

TEST(Date, CountsMonthsAsTheLawDoes) {
  struct Row {
    const char* name;
    Date from;
    int months;
    Date to;
  };
  const Row rows[] = {
      {"the same day next month", {2026, 8, 20}, 1, {2026, 9, 20}},
      {"the last day when the month has no such day", {2026, 1, 31}, 1, {2026, 2, 28}},
      {"the leap day when there is one", {2024, 1, 31}, 1, {2024, 2, 29}},
      {"a short month's last day stays that day number", {2026, 2, 28}, 1, {2026, 3, 28}},
      {"over the year's end", {2026, 11, 30}, 3, {2027, 2, 28}},
      {"a leap day a year later", {2024, 2, 29}, 12, {2025, 2, 28}},
      {"backwards", {2026, 3, 31}, -1, {2026, 2, 28}},
      {"the range ends and so does the count", {2199, 12, 1}, 5, {2199, 12, 31}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(row.from.plus_months(row.months), row.to);
  }
}

TEST(Date, KnowsItsWeekdayAndChineseForm) {
  EXPECT_EQ(Date(2026, 11, 23).weekday(), 1);
  EXPECT_EQ(Date(2026, 2, 28).weekday(), 6);
  EXPECT_EQ(Date(1970, 1, 4).weekday(), 7);
  EXPECT_EQ(Date(2026, 8, 5).zh(), "2026年8月5日");
  EXPECT_EQ(days_between(Date(2026, 2, 28), Date(2026, 3, 1)), 1);
}

TEST(Instant, KeepsMillisecondsAndKnowsTheDayInShanghai) {
  const auto instant = Instant::parse("2026-11-23T16:30:00.250Z");
  ASSERT_TRUE(instant);
  EXPECT_EQ(instant->str(), "2026-11-23T16:30:00.250Z");
  EXPECT_EQ(instant->shanghai_date(), Date(2026, 11, 24));
  EXPECT_EQ(Instant::shanghai_midnight(Date(2026, 11, 24)).str(), "2026-11-23T16:00:00.000Z");
  EXPECT_EQ(Instant::from_millis(-1).str(), "1969-12-31T23:59:59.999Z");
  for (const auto* wrong :
       {"2026-11-23T24:00:00.000Z", "2026-11-23 16:30:00.000Z", "2026-11-23T16:30:00Z", "2026-02-30T00:00:00.000Z", ""})
    EXPECT_EQ(Instant::parse(wrong).error().code, "instant.format") << wrong;
}

TEST(Decimal, ReadsWhatIsWrittenAndRefusesTheRest) {
  struct Row {
    const char* name;
    const char* text;
    const char* written;
  };
  const Row rows[] = {
      {"keeps trailing zeros", "1.60", "1.60"},
      {"negative below one", "-0.50", "-0.50"},
      {"an exponent is only notation", "1.2e3", "1200"},
      {"a negative exponent too", "12E-4", "0.0012"},
      {"leading zeros go", "007", "7"},
      {"minus zero is zero", "-0", "0"},
      {"thirty-six digits", "123456789012345678901234567890123456", "123456789012345678901234567890123456"},
      {"thirty-seven digits", "1234567890123456789012345678901234567", "decimal.overflow"},
      {"eighteen decimals", "0.000000000000000001", "0.000000000000000001"},
      {"nineteen decimals", "0.0000000000000000001", "decimal.overflow"},
      {"zeros beyond eighteen decimals do no harm", "0.10000000000000000000", "0.100000000000000000"},
      {"a huge exponent", "1e999999999999", "decimal.overflow"},
      {"zero with a huge exponent", "0e999999999999", "0"},
      {"nothing", "", "decimal.format"},
      {"a sign only", "-", "decimal.format"},
      {"a plus sign", "+1", "decimal.format"},
      {"no digit before the point", ".5", "decimal.format"},
      {"no digit after the point", "5.", "decimal.format"},
      {"two points", "1.2.3", "decimal.format"},
      {"an unfinished exponent", "1e", "decimal.format"},
      {"blanks", " 1", "decimal.format"},
      {"separators", "1,200", "decimal.format"},
      {"not a number", "NaN", "decimal.format"},
      {"hexadecimal", "0x10", "decimal.format"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto number = Decimal::parse(row.text);
    EXPECT_EQ(number ? number->str() : number.error().code, row.written);
  }
}

TEST(Decimal, ReadsWhatPeoplePaste) {
  struct Row {
    const char* name;
    const char* text;
    const char* written;
  };
  const Row rows[] = {
      {"blanks around it", " 12.5\t", "12.5"},
      {"full-width digits and point", "１２３４．５", "1234.5"},
      {"thousands separators", "1,234,567.50", "1234567.50"},
      {"full-width separators", "１，２３４", "1234"},
      {"a decimal comma is not guessed", "1,5", "decimal.format"},
      {"a missing group is not guessed", "1,234567", "decimal.format"},
      {"too long a first group", "1234,567", "decimal.format"},
      {"a separator after the point", "1.234,567", "decimal.format"},
      {"a separator first", ",123", "decimal.format"},
      {"a unit behind it", "12吨", "decimal.format"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto number = Decimal::parse_pasted(row.text);
    EXPECT_EQ(number ? number->str() : number.error().code, row.written);
  }
}

TEST(Decimal, RoundsByName) {
  struct Row {
    const char* name;
    const char* value;
    int decimals;
    const char* even;
    const char* up;
  };
  const Row rows[] = {
      {"a half goes to the even digit or away from zero", "2.05", 1, "2.0", "2.1"},
      {"a half over an odd digit goes up both ways", "2.15", 1, "2.2", "2.2"},
      {"negative numbers mirror", "-2.05", 1, "-2.0", "-2.1"},
      {"more than half goes up", "2.0501", 1, "2.1", "2.1"},
      {"less than half goes down", "2.0499", 1, "2.0", "2.0"},
      {"to tens", "25", -1, "20", "30"},
      {"fewer decimals than asked for stay", "2", 3, "2", "2"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(Decimal::of(row.value).rounded_half_even(row.decimals).str(), row.even);
    EXPECT_EQ(Decimal::of(row.value).rounded_half_up(row.decimals).str(), row.up);
  }
}

TEST(Decimal, CalculatesExactlyOrRefuses) {
  EXPECT_EQ((Decimal::of("0.1") + Decimal::of("0.2")).str(), "0.3");
  EXPECT_EQ((Decimal::of("1.50") * Decimal::of("0.2")).str(), "0.300");
  EXPECT_EQ((Decimal::of("-1") - Decimal::of("0.25")).str(), "-1.25");
  EXPECT_EQ(Decimal::divide(10, 3, 4)->str(), "3.3333");
  EXPECT_EQ(Decimal::divide(Decimal::of("-0.5"), Decimal::of("0.04"), 1)->str(), "-12.5");
  EXPECT_EQ(Decimal::divide(1, 8, 2)->str(), "0.12");
  EXPECT_EQ(Decimal::divide(1, 0, 2).error().code, "decimal.division_by_zero");
  const auto large = Decimal::of("999999999999999999999999999999999999");
  EXPECT_EQ(Decimal::checked_add(large, 1).error().code, "decimal.overflow");
  EXPECT_EQ(Decimal::checked_multiply(large, 2).error().code, "decimal.overflow");
  EXPECT_EQ(Decimal::checked_multiply(Decimal::of("0.0000000000001"), Decimal::of("0.0000000000001")).error().code,
            "decimal.overflow");
  EXPECT_EQ(Decimal::checked_multiply(Decimal::of("0.0000000000005"), Decimal::of("0.000020"))->shortest(),
            "0.00000000000000001");
}

TEST(Decimal, ComparesNumbersNotSpellings) {
  EXPECT_EQ(Decimal::of("1.60"), Decimal::of("1.6"));
  EXPECT_LT(Decimal::of("-2"), Decimal::of("-1.999999999999999999"));
  EXPECT_GT(Decimal::of("100000000000000000000000000000000000"), Decimal::of("0.000000000000000001"));
  EXPECT_EQ(Decimal::of("1234567.80").grouped(), "1,234,567.80");
  EXPECT_EQ(Decimal::of("-123").grouped(), "-123");
  EXPECT_EQ(Decimal::of("100.00").shortest(), "100");
  EXPECT_EQ(Decimal::of("100").shortest(), "100");
  EXPECT_EQ(Decimal::from_double(0.125, 2).str(), "0.12");
  EXPECT_EQ(Decimal::from_double(-0.001, 2).str(), "0.00");
  EXPECT_DOUBLE_EQ(Decimal::of("0.1").to_double(), 0.1);
}

TEST(Money, IsCountedInFen) {
  EXPECT_EQ(Money::parse("12000000.00")->fen(), 1'200'000'000);
  EXPECT_EQ(Money::parse("-0.5")->str(), "-0.50");
  EXPECT_EQ(Money::parse("1.500")->str(), "1.50");
  EXPECT_EQ(Money::parse("15000")->wan().shortest(), "1.5");
  EXPECT_EQ(Money::parse("1.234").error().code, "money.decimals");
  EXPECT_EQ(Money::parse("1,234").error().code, "money.format");
  EXPECT_EQ(Money::parse("1000000000000000000000").error().code, "money.overflow");
}

TEST(Rational, WritesEndingFractionsExactlyAndRoundsRepeatingOnes) {
  const auto third = Rational(1) / Rational(3);
  EXPECT_EQ(third.str(), "0.3333333333");
  EXPECT_EQ((third + third + third).str(), "1");
  EXPECT_EQ((Rational(2) / Rational(3)).str(4), "0.6667");
  EXPECT_EQ(Rational(Decimal::of("56.750")).str(), "56.75");
  EXPECT_EQ((Rational(1) / Rational(1 << 14)).str(), "0.00006103515625");
  EXPECT_EQ((Rational(-1) / Rational(8)).str(), "-0.125");
  EXPECT_EQ((Rational(1) / Rational(8)).to_decimal(2).str(), "0.12");
  EXPECT_EQ(Rational(0).str(), "0");
}

TEST(Rational, StaysExactWhereTheMachineWordsEnd) {
  using Exact = boost::multiprecision::cpp_rational;
  SeededRandom random(11);
  const auto word = [&] { return static_cast<std::int64_t>(random.next()) >> random.below(60); };
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t parts[] = {word(), word(), word(), word()};
    const std::int64_t under[] = {std::max<std::int64_t>(1, std::abs(parts[1])),
                                  std::max<std::int64_t>(1, std::abs(parts[3]))};
    const Rational a = Rational(parts[0]) / Rational(under[0]), b = Rational(parts[2]) / Rational(under[1]);
    const Exact x(parts[0], under[0]), y(parts[2], under[1]);
    const auto same = [](const Rational& ours, const Exact& theirs) {
      return std::abs(ours.to_double() - static_cast<double>(theirs)) <= 1e-15 * std::abs(ours.to_double());
    };
    EXPECT_TRUE(same(a + b, Exact(x + y)));
    EXPECT_TRUE(same(a - b, Exact(x - y)));
    EXPECT_TRUE(same(a * b, Exact(x * y)));
    EXPECT_EQ(a + b - b, a);
    EXPECT_EQ(a - b + b, a);
    if (!b.is_zero()) {
      EXPECT_EQ(a * b / b, a);
      EXPECT_EQ(a / b * b, a);
    }
    EXPECT_EQ((a + b) * (a - b), a * a - b * b);
    EXPECT_EQ(a < b, x < y);
    EXPECT_EQ(a == b, x == y);
  }
  const Rational huge(Decimal::of("123456789012345678901234567890.5"));
  EXPECT_EQ(huge.str(), "123456789012345678901234567890.5");
  EXPECT_EQ((huge - huge + Rational(1, 3)).str(), "0.3333333333");
  EXPECT_EQ((huge / huge).str(), "1");
  EXPECT_EQ(Rational(std::numeric_limits<std::int64_t>::min()).str(), "-9223372036854775808");
  EXPECT_EQ((Rational(1) / Rational(std::int64_t{1} << 40)).str(), "0.0000000000009094947017729282379150390625");
}

TEST(Rational, ComparesWithADecimalExactly) {
  EXPECT_EQ(compare(Decimal::of("0.3333333333"), Rational(1, 3)), std::strong_ordering::less);
  EXPECT_EQ(compare(Decimal::of("0.3333333334"), Rational(1, 3)), std::strong_ordering::greater);
  EXPECT_EQ(compare(Decimal::of("-1.50"), Rational(-3, 2)), std::strong_ordering::equal);
  const auto huge = Decimal::of("123456789012345678901234567890.5");
  EXPECT_EQ(compare(huge, Rational(huge)), std::strong_ordering::equal);
  EXPECT_EQ(compare(huge, Rational(huge) + Rational(1, 7)), std::strong_ordering::less);
  SeededRandom random(13);
  for (int i = 0; i < 20'000; ++i) {
    const auto decimal = *Decimal::of_parts(static_cast<std::int64_t>(random.next()) >> random.below(63), i % 19);
    const auto fraction = Rational(static_cast<std::int64_t>(random.next()) >> random.below(63)) /
                          Rational(1 + static_cast<std::int64_t>(random.next() >> (1 + random.below(62))));
    const Rational exact(decimal);
    EXPECT_EQ(compare(decimal, fraction) < 0, exact < fraction);
    EXPECT_EQ(compare(decimal, fraction) == 0, exact == fraction);
    EXPECT_EQ(compare(decimal, exact), std::strong_ordering::equal);
  }
}

TEST(LargeVector, HoldsLongRunsInWholePages) {
  LargeVector<double> numbers(3, 1.5);
  EXPECT_EQ(numbers.back(), 1.5);
  numbers.resize(2'000'000);  // beyond the first large pages; what is new has no value yet
  EXPECT_EQ(numbers[2], 1.5);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.data()) % (std::uintptr_t{2} << 20), 0u);
  numbers.assign(2'000'000, 0.25);
  const auto copy = numbers;
  EXPECT_EQ(copy.back(), 0.25);
  auto moved = std::move(numbers);
  EXPECT_EQ(moved, copy);
  moved.resize(1);
  moved.shrink_to_fit();
  EXPECT_EQ(moved.front(), 0.25);
}

TEST(Decimal, ToDoubleIsTheNearestOne) {
  SeededRandom random(12);
  for (int i = 0; i < 20'000; ++i) {
    const auto decimal = *Decimal::of_parts(static_cast<std::int64_t>(random.next()) >> (i % 60), i % 19);
    EXPECT_EQ(decimal.to_double(), std::strtod(decimal.str().c_str(), nullptr)) << decimal.str();
  }
}

TEST(Uuid, SortsByTimeAndIsWellFormed) {
  SeededRandom random(7);
  const auto first = new_uuid(Instant::from_millis(1'700'000'000'000), random);
  const auto second = new_uuid(Instant::from_millis(1'700'000'000'001), random);
  EXPECT_TRUE(is_uuid(first));
  EXPECT_EQ(first[14], '7');
  EXPECT_LT(first, second);
  EXPECT_EQ(first.substr(0, 13), "018bcfe5-6800");
  EXPECT_FALSE(is_uuid("018BCFE5-6800-7000-8000-000000000000"));
  EXPECT_FALSE(is_uuid("018bcfe568007000800000000000000000000"));
  EXPECT_EQ(Id<struct Tag>::parse("x").error().code, "id.format");
}

TEST(Random, IsRepeatableAndStaysBelowItsBound) {
  SeededRandom a(42), b(42);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(a.below(7), b.below(7));
    seen.insert(a.below(7));
    b.below(7);
  }
  EXPECT_EQ(seen.size(), 7u);
  EXPECT_EQ(*seen.rbegin(), 6u);
}

TEST(Text, KnowsUtf8) {
  EXPECT_TRUE(is_utf8("清洁生产 CP 𠮷"));
  for (const auto* wrong : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\xB8", "\xFF"})
    EXPECT_FALSE(is_utf8(wrong));
  EXPECT_FALSE(is_utf8(std::string_view("a\0b", 3)));
  EXPECT_EQ(length_of("清洁生产𠮷a"), 6u);
  EXPECT_EQ(prefix_of("清洁生产", 2), "清洁");
}

TEST(Text, ComparesWhatPeoplePasted) {
  EXPECT_EQ(trim("\uFEFF　 甲公司 \u00a0\n"), "甲公司");
  EXPECT_EQ(normalise_for_match("　示范（集团）  ＡＢＣ　公司 "), "示范(集团) ABC 公司");
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(join({"a", "b"}, "、"), "a、b");
}

TEST(Text, GroupsLongNumbers) {
  EXPECT_EQ(grouped("0"), "0");
  EXPECT_EQ(grouped("2026"), "2026") << "a year stays whole";
  EXPECT_EQ(grouped("10000"), "10 000");
  EXPECT_EQ(grouped("1000000"), "1 000 000");
  EXPECT_EQ(grouped("-100000"), "-100 000");
  EXPECT_EQ(grouped("-1000"), "-1000");
  EXPECT_EQ(grouped("1e12"), "1e12");
  EXPECT_EQ(grouped(""), "");
}

TEST(Text, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> known{"investment", "annual_saving", "取水量"};
  EXPECT_EQ(nearest("investmnet", known), "investment");
  EXPECT_EQ(nearest("titel", {"total", "title"}), "title") << "swapped neighbours are one mistake";
  EXPECT_EQ(nearest("取水亮", known), "取水量");
  EXPECT_EQ(nearest("discount", known), "");
}

TEST(Catalogue, FillsParametersAndPrefersTheLanguagesOwn) {
  static constexpr Sentence kSentences[] = {{"b.two", "超过{limit}个{what}", "more than {limit} {what}"},
                                            {"a.one", "一", "one"}};
  Catalogue catalogue;
  catalogue.add(kSentences);
  catalogue.add(kSentences);
  const Params params{{"limit", "3"}, {"what.zh", "字"}, {"what.en", "characters"}};
  EXPECT_EQ(catalogue.render("b.two", params, Language::zh), "超过3个字");
  EXPECT_EQ(catalogue.render("b.two", params, Language::en), "more than 3 characters");
  EXPECT_EQ(catalogue.render("b.two", {}, Language::en), "more than {limit} {what}");
  EXPECT_EQ(catalogue.render("c.unknown", {}, Language::zh), "c.unknown");
  EXPECT_TRUE(catalogue.knows("a.one"));
  EXPECT_FALSE(catalogue.knows("a.on"));
}

}  // namespace
}  // namespace qy
