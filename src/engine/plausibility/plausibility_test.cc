#include "engine/plausibility/plausibility.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/plausibility/simulation.h"
#include "engine/statistics/statistics.h"

namespace qy::engine::plausibility {
namespace {

using statistics::Random;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Number number(const char* id, const char* value, const char* unit = nullptr) {
  Number out;
  out.id = id;
  out.value = Decimal::of(value);
  if (unit) out.unit = Unit::of(unit);
  return out;
}

Submission of(std::vector<Number> numbers, std::vector<Relation> relations) {
  Submission out;
  out.reports.push_back({"r", "e", std::move(numbers), std::move(relations), {}, {}});
  return out;
}

std::vector<Finding> findings_of(const Submission& submission) {
  const auto answer = examine(submission);
  EXPECT_TRUE(answer);
  return answer ? answer->findings : std::vector<Finding>();
}

std::vector<std::string> hints_of(const Finding& finding) {
  std::vector<std::string> out;
  for (const auto& hint : finding.hints) out.push_back(hint.code);
  return out;
}

using enum Relation::Kind;

// A published audit balance (tests/cases/plaus_balance_arithmetic.json): the difference and what follows from it are
// wrong.
TEST(Arithmetic, APublishedBalanceDoesNotAgreeWithItsOwnTotals) {
  const auto findings = findings_of(
      of({number("input", "4746025", "kg"), number("output", "4646377", "kg"), number("difference", "43088", "kg"),
          number("deviation", "0.91")},
         {{difference, {{0}, {1, -1}}, {}, 2}, {percentage, {{2}}, {{0}}, 3}, {percentage, {{0}, {1, -1}}, {{0}}, 3}}));
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].arithmetic, "4746025 − 4646377 = 99648");
  EXPECT_EQ(findings[0].computed, "99648");
  EXPECT_THAT(findings[0].hints,
              Contains(testing::Field(&Note::params, Contains(Params::value_type{"fits", "4702937"}))));
  EXPECT_EQ(findings[1].arithmetic, "(4746025 − 4646377) ÷ 4746025 × 100 = 2.0996");
}

TEST(Arithmetic, RoundingAndCuttingAreNoMistakes) {
  struct Row {
    const char* name;
    std::vector<Number> numbers;
    Relation relation;
    bool found;
  };
  const Row rows[] = {
      {"parts rounded up, total rounded down",
       {number("a", "1.5"), number("b", "1.5"), number("c", "1.5"), number("t", "4.2")},
       {sum, {{0}, {1}, {2}}, {}, 3},
       false},
      {"beyond what three parts and a total can be cut by",
       {number("a", "1.5"), number("b", "1.5"), number("c", "1.5"), number("t", "4.0")},
       {sum, {{0}, {1}, {2}}, {}, 3},
       true},
      {"a share of a rounded whole",
       {number("a", "1"), number("b", "3"), number("p", "33.3")},
       {percentage, {{0}}, {{1}}, 2},
       false},
      {"kilograms and tonnes", {number("a", "1234", "kg"), number("b", "1.2", "t")}, {conversion, {{0}}, {}, 1}, false},
      {"kilograms taken for tonnes",
       {number("a", "1234", "kg"), number("b", "1234", "t")},
       {conversion, {{0}}, {}, 1},
       true},
      {"a ratio in its own unit",
       {number("a", "5000", "kWh"), number("b", "2", "万t"), number("r", "0.25", "kWh/t")},
       {ratio, {{0}}, {{1}}, 2},
       false},
      {"a ratio of the unconverted numbers",
       {number("a", "50000", "kWh"), number("b", "20.00", "万t"), number("r", "2500", "kWh/t")},
       {ratio, {{0}}, {{1}}, 2},
       true},
      {"standard coal by its factor",
       {number("a", "10000", "kWh"), number("b", "1.229", "tce")},
       {conversion, {{0, Decimal::of("0.0001229")}}, {}, 1},
       false},
      {"standard coal by another factor",
       {number("a", "10000", "kWh"), number("b", "4.04", "tce")},
       {conversion, {{0, Decimal::of("0.0001229")}}, {}, 1},
       true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_THAT(findings_of(of(row.numbers, {row.relation})), SizeIs(row.found ? 1 : 0));
  }
}

TEST(Arithmetic, SaysWhatMayHaveHappened) {
  const auto explained = [](const char* total, const char* last = "5678") {
    const auto findings = findings_of(
        of({number("a", "1234"), number("b", "2345"), number("c", "3456"), number("d", last), number("t", total)},
           {{sum, {{0}, {1}, {2}, {3}}, {}, 4}}));
    return findings.size() == 1 ? hints_of(findings[0]) : std::vector<std::string>{"none"};
  };
  EXPECT_THAT(explained("9257"), ElementsAre("plausibility.hint_left_out"));  // 3456 is missing
  EXPECT_THAT(explained("13947"), ElementsAre("plausibility.hint_counted_twice"));
  EXPECT_THAT(explained("17213"), ElementsAre("plausibility.hint_swapped_digits"));
  EXPECT_THAT(explained("12813"), ElementsAre("plausibility.hint_one_digit"));
  EXPECT_THAT(explained("127130"), ElementsAre("plausibility.hint_decimal_point"));
  EXPECT_THAT(explained("12713", "5687"), ElementsAre("plausibility.hint_swapped_digits"));
}

TEST(Arithmetic, HardLimits) {
  auto submission =
      of({number("intake", "1000", "m3"), number("evaporated", "700", "m3"), number("product", "0.035", "万m3")}, {});
  submission.reports[0].limits = {
      {{{1}, {2}}, {{0}}, 0, true, "水不会凭空产生。"}, {{{0}}, {}, 1000, false, ""}, {{{0}}, {}, 1002, false, ""}};
  const auto findings = findings_of(submission);
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].arithmetic, "700 + 350 = 1050 > 1000");
  EXPECT_EQ(findings[1].code, "plausibility.below_limit");
}

TEST(Arithmetic, RefusesUnitsThatCannotMeet) {
  const auto answer = examine(of({number("a", "1", "kg"), number("b", "1", "kWh")}, {{sum, {{0}}, {}, 1}}));
  ASSERT_FALSE(answer);
  ASSERT_THAT(answer.error().fields, SizeIs(1));
  EXPECT_EQ(answer.error().fields[0].pointer, "#/reports/0/relations/0");
  EXPECT_EQ(answer.error().fields[0].code, "unit.incommensurable");
}

Number stated(const char* quantity, const char* period, const char* value, const char* unit = "t") {
  auto out = number(quantity, value, unit);
  out.quantity = quantity;
  out.period = period;
  out.boundary = "plant";
  return out;
}

TEST(Contradictions, OneQuantityTwoPlaces) {
  Submission submission;
  submission.reports = {
      {"r1", "e", {stated("coal", "2024", "12345.6"), stated("water", "2024", "500")}, {}, {}, {}},
      {"r2",
       "e",
       {stated("coal", "2024", "1.23", "万t"), stated("water", "2024", "530"), stated("coal", "2025", "99")},
       {},
       {},
       {}},
      {"r3", "f", {stated("coal", "2024", "1")}, {}, {}, {}}};
  const auto findings = findings_of(submission);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].code, "plausibility.contradiction");
  EXPECT_EQ(findings[0].arithmetic, "500 t ≠ 530 t");
  EXPECT_THAT(findings[0].reports, ElementsAre(0u, 1u));
}

TEST(Contradictions, OnlyNumbersThatBothHaveAUnitOrNoneAreCompared) {
  auto bare = stated("water", "2024", "5.62");
  bare.unit.reset();
  Submission submission;
  submission.reports = {
      {"r", "e", {bare, stated("water", "2024", "52600"), stated("water", "2024", "53000")}, {}, {}, {}}};
  const auto answer = *examine(submission);
  ASSERT_THAT(answer.findings, SizeIs(1));
  EXPECT_EQ(answer.findings[0].arithmetic, "52600 t ≠ 53000 t");
  ASSERT_THAT(answer.notes, SizeIs(1));
  EXPECT_EQ(answer.notes[0].code, "plausibility.unit_missing");

  auto other = bare;
  other.value = Decimal::of("5.3");
  submission.reports[0].numbers = {bare, other};
  EXPECT_THAT(findings_of(submission), SizeIs(1)) << "two numbers without units are compared as they stand";
}

// Lower tails of published balances that were constructed (methods 4.2): ethylene 0.155 on 26, Rosenberg 0.068 on 4.
TEST(Closures, BothTails) {
  Submission submission;
  submission.reports = {{"r",
                         "e",
                         {},
                         {},
                         {},
                         {{"ethylene", 0.155, 26, true},
                          {"by difference", 0.155, 26, false},
                          {"rosenberg", 0.068, 4, true},
                          {"fair", 20, 26, true},
                          {"gross", 60, 26, true}}}};
  const auto answer = examine(submission);
  ASSERT_TRUE(answer);
  std::vector<std::string> codes;
  for (const auto& finding : answer->findings) codes.push_back(finding.code + " " + finding.params[0].second);
  EXPECT_THAT(codes, ElementsAre("plausibility.closed_too_well ethylene", "plausibility.gross_error gross",
                                 "plausibility.closed_too_well rosenberg"));
  EXPECT_NEAR(answer->findings[0].p / 5.6e-25, 1, 0.2);
  EXPECT_THAT(answer->notes, SizeIs(1));
}

TEST(Units, ASlipIsTheFactorThatBringsItBackAmongItsPeers) {
  Submission submission;
  Peers peers{"intensity", Unit::of("kWh/t"), {}};
  Random random(3);
  for (int i = 0; i < 30; ++i) peers.values.push_back(400 * std::exp(0.2 * random.normal()));
  submission.peers = {peers};
  submission.reports = {
      {"r",
       "e",
       {stated("intensity", "2025", "410", "kWh/t"), stated("intensity", "2024", "0.41", "kWh/t"),
        stated("intensity", "2023", "1440", "kWh/t"), stated("intensity", "2022", "0.0412", "万kWh/t"),
        stated("intensity", "2021", "90000", "kWh/t")},
       {},
       {},
       {}}};
  const auto findings = findings_of(submission);
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].numbers[0].number, 1u);
  EXPECT_THAT(findings[0].params, Contains(Params::value_type{"meaning.en", "a factor of 10^3"}));
  EXPECT_EQ(findings[1].numbers[0].number, 2u);
  EXPECT_THAT(findings[1].params, Contains(Params::value_type{"meaning.en", "kWh and MJ (3.6)"}));
}

/// Two reports of one enterprise with twelve quantities; `factor` makes the second year.
Submission two_years(double factor, double noise) {
  Random random(8);
  Submission submission;
  submission.reports = {{"y1", "e", {}, {}, {}, {}}, {"y2", "e", {}, {}, {}, {}}};
  for (int i = 0; i < 12; ++i) {
    const auto quantity = "q" + std::to_string(i);
    const double value = 10000 * std::exp(random.normal());
    auto first = stated(quantity.c_str(), "2024", "1"), second = stated(quantity.c_str(), "2025", "1");
    first.value = Decimal::from_double(value, 1);
    second.value = Decimal::from_double(first.value.to_double() * factor * std::exp(noise * random.normal()), 1);
    submission.reports[0].numbers.push_back(first);
    submission.reports[1].numbers.push_back(second);
  }
  return submission;
}

TEST(Years, LastYearsReportTimesAFactor) {
  const auto scaled = findings_of(two_years(1.05, 0));
  ASSERT_THAT(scaled, SizeIs(1));
  EXPECT_EQ(scaled[0].code, "plausibility.scaled_year");
  EXPECT_THAT(scaled[0].params, Contains(Params::value_type{"ratio", "1.0500"}));
  EXPECT_THAT(scaled[0].params, Contains(Params::value_type{"count", "12"}));
  const auto repeated = findings_of(two_years(1, 0));
  ASSERT_THAT(repeated, SizeIs(1));
  EXPECT_EQ(repeated[0].code, "plausibility.repeated_year");
  EXPECT_THAT(findings_of(two_years(1.05, 0.03)), IsEmpty());
}

TEST(Years, JumpsAndWhatDoesNotFollow) {
  Submission submission;
  submission.drivers = {{"energy", "output"}};
  Random random(5);
  for (int i = 0; i < 20; ++i) {
    const double growth = 0.1 * random.normal(), output = 5000 + 100 * i, energy = output * 0.3;
    double later = energy * std::exp(0.8 * growth + 0.02 * random.normal());
    if (i == 3) later = energy * 0.4 * std::exp(growth);
    Report report{"r" + std::to_string(i), "e" + std::to_string(i), {}, {}, {}, {}};
    const auto add = [&](const char* quantity, const char* period, double value) {
      report.numbers.push_back(stated(quantity, period, "1"));
      report.numbers.back().value = Decimal::from_double(value, 2);
    };
    add("output", "2024", output);
    add("output", "2025", output * std::exp(growth));
    add("energy", "2024", energy);
    add("energy", "2025", later);
    submission.reports.push_back(report);
  }
  std::vector<std::string> codes;
  for (const auto& finding : findings_of(submission)) {
    codes.push_back(finding.code);
    EXPECT_THAT(finding.reports, ElementsAre(3u));
  }
  EXPECT_THAT(codes, testing::UnorderedElementsAre("plausibility.year_jump", "plausibility.out_of_step"));
}

/// Reports of five enterprises with twelve quantities each; the last has `copied` of the first's, times `factor`.
Submission five_plants(int copied, double factor) {
  Random random(12);
  Submission submission;
  for (int plant = 0; plant < 5; ++plant) {
    submission.reports.push_back({"r" + std::to_string(plant), "e" + std::to_string(plant), {}, {}, {}, {}});
    for (int i = 0; i < 12; ++i) {
      auto each = stated(("q" + std::to_string(i)).c_str(), "2025", "1");
      each.value = Decimal::from_double(10000 * std::exp(random.normal()), 1);
      if (plant == 4 && i < copied)
        each.value = Decimal::from_double(
            submission.reports[0].numbers[static_cast<std::size_t>(i)].value.to_double() * factor, 1);
      submission.reports.back().numbers.push_back(each);
    }
    submission.reports.back().numbers.push_back(stated("price", "2025", "0.6325"));
  }
  return submission;
}

TEST(Duplicates, NumbersOfAnotherEnterprise) {
  EXPECT_THAT(findings_of(five_plants(0, 1)), IsEmpty());
  const auto copied = findings_of(five_plants(6, 1));
  ASSERT_THAT(copied, SizeIs(1));
  EXPECT_EQ(copied[0].code, "plausibility.duplicates");
  EXPECT_THAT(copied[0].reports, ElementsAre(0u, 4u));
  EXPECT_LT(copied[0].p, 1e-8);
  const auto scaled = findings_of(five_plants(12, 1.3));
  ASSERT_THAT(scaled, SizeIs(1));
  EXPECT_EQ(scaled[0].code, "plausibility.scaled_duplicates");
  EXPECT_THAT(scaled[0].params, Contains(Params::value_type{"ratio", "1.3000"}));
  // An enterprise may repeat itself, and a unit is no disguise.
  auto own = five_plants(6, 1);
  own.reports[4].enterprise = "e0";
  EXPECT_THAT(findings_of(own), Each(testing::Field(&Finding::check, Check::contradiction)));
  EXPECT_THAT(findings_of(five_plants(8, 1000)), SizeIs(1));
}

TEST(Digits, OnlyOfBatchesAndAgainstTheRightLaw) {
  Random random(21);
  Batch honest{"honest", {}, true, true, true, true}, invented{"invented", {}, true, false, true, true},
      small{"small", {1, 2}, true, false, false, false};
  for (int i = 0; i < 500; ++i) {
    honest.values.push_back(Decimal::from_double(std::pow(10, 2 + 4 * random.uniform()), 2));
    invented.values.push_back(Decimal(static_cast<std::int64_t>(100 + random.below(180) * 5)));
  }
  Submission submission;
  submission.batches = {honest, invented, small};
  const auto answer = examine(submission);
  ASSERT_TRUE(answer);
  std::vector<std::string> codes;
  for (const auto& finding : answer->findings) {
    codes.push_back(finding.code);
    EXPECT_THAT(finding.params, Contains(Params::value_type{"batch", "invented"}));
  }
  EXPECT_THAT(codes, testing::UnorderedElementsAre("plausibility.first_digit", "plausibility.last_digit",
                                                   "plausibility.heaping"));
  ASSERT_THAT(answer->notes, SizeIs(1));
  EXPECT_EQ(answer->notes[0].code, "plausibility.small_batch");
  const auto again = examine(submission);
  EXPECT_EQ(again->findings[0].p, answer->findings[0].p);
}

TEST(Examine, StopsWhenToldTo) {
  EXPECT_EQ(examine({}, Watch([](double) { return false; })).error().code, "compute.stopped");
  EXPECT_EQ(measure(1, 5, Watch([](double) { return false; })).error().code, "compute.stopped");
}

RC_GTEST_PROP(Arithmetic, TrueSumsInAnyOrderAreNeverAccused, ()) {
  const auto parts = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-1000000, 1000000));
  RC_PRE(!parts.empty());
  const int decimals = *rc::gen::inRange(0, 4);
  const bool cuts = *rc::gen::arbitrary<bool>();
  std::vector<Number> numbers;
  std::vector<Term> terms;
  const auto written = [&](double value) {
    const double scale = std::pow(10, decimals);
    return Decimal::from_double(cuts ? std::trunc(value * scale) / scale : value, decimals);
  };
  double total = 0;
  for (const auto part : parts) {
    Number each;
    each.id = std::to_string(numbers.size());
    each.value = written(part / 7919.0);
    total += part / 7919.0;
    terms.push_back({numbers.size()});
    numbers.push_back(each);
  }
  std::reverse(terms.begin(), terms.end());
  Number sum_of_all;
  sum_of_all.id = "total";
  sum_of_all.value = written(total);
  numbers.push_back(sum_of_all);
  RC_ASSERT(findings_of(of(numbers, {{sum, terms, {}, numbers.size() - 1}})).empty());
}

TEST(Examine, TheOrderOfReportsDoesNotMatter) {
  Random random(31);
  auto world = honest_world(random);
  seed_errors(world, random);
  const auto seen = [](const Submission& submission) {
    std::vector<std::pair<std::string, double>> out;
    for (const auto& finding : findings_of(submission))
      out.emplace_back(finding.code, std::round(std::log10(finding.p) * 1e6));
    std::sort(out.begin(), out.end());
    return out;
  };
  const auto before = seen(world);
  std::reverse(world.reports.begin(), world.reports.end());
  EXPECT_EQ(seen(world), before);
  EXPECT_GT(before.size(), 12u);
}

TEST(Examine, HonestIndustriesSeldomHaveAFindingThatStandsOut) {
  Random random(8);
  int with_any = 0;
  for (int i = 0; i < 10; ++i) {
    const auto world = honest_world(random);
    const auto findings = findings_of(world);
    with_any +=
        std::any_of(findings.begin(), findings.end(), [&](const auto& finding) { return finding.q <= world.fdr; });
  }
  EXPECT_LE(with_any, 3);
}

/// The chance of a count so far from the rate, by the binomial law.
bool agrees(int seen, int of_so_many, double low, double high) {
  return statistics::binomial_survival(seen, of_so_many, high) > 1e-4 &&
         statistics::binomial_cdf(seen, of_so_many, low) > 1e-4;
}

TEST(Rates, AreWhatASmallerSimulationSees) {
  const auto fresh = measure(77, 15);
  ASSERT_TRUE(fresh);
  for (const auto& seen : *fresh) {
    SCOPED_TRACE(name_of(seen.check));
    const auto& carried = rate_of(seen.check);
    ASSERT_GT(seen.honest, 0);
    ASSERT_GT(seen.seeded, 0);
    ASSERT_GE(carried.seeded, 1000);
    const auto alarms = statistics::share_interval(carried.alarms, carried.honest, 0.999);
    const auto found = statistics::share_interval(carried.found, carried.seeded, 0.999);
    // Findings of one world hang together, so the count is taken as if a tenth of the tests were made.
    EXPECT_TRUE(agrees(seen.alarms / 10, seen.honest / 10 + 1, alarms.lower, alarms.upper))
        << seen.alarms << " of " << seen.honest;
    EXPECT_TRUE(agrees(seen.found, seen.seeded, found.lower, found.upper)) << seen.found << " of " << seen.seeded;
  }
}

}  // namespace
}  // namespace qy::engine::plausibility
