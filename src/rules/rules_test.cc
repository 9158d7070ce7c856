#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/expression.h"
#include "rules/library.h"
#include "rules/testing.h"

namespace qy::rules {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> cited(std::string_view basis, Date day) {
  std::vector<std::string> found;
  for (const auto& citation : shipped_packs()->cite(basis, day))
    found.push_back(citation.document + " " + citation.clause);
  return found;
}

TEST(ShippedPacks, AnswerWithTheLawUntilItsLastDayAndWithTheCodeFromItsFirst) {
  struct Row {
    const char* name;
    const char* basis;
    Date day;
    std::vector<std::string> expect;
  };
  const Row rows[] = {
      {"toxic, last day of the Law",
       "mandatory.toxic",
       {2026, 8, 14},
       {"cppl 第二十七条第二款第（三）项", "order-38 第八条第（三）项"}},
      {"toxic, first day of the Code",
       "mandatory.toxic",
       {2026, 8, 15},
       {"code 第九百六十七条第（二）项", "order-38 第八条第（三）项"}},
      {"energy survives through other cases",
       "mandatory.energy_intensive",
       {2026, 8, 15},
       {"code 第九百六十七条第（三）项", "order-38 第八条第（二）项"}},
      {"no audit, last day of the Law", "penalty.no_audit", {2026, 8, 14}, {"cppl 第三十九条"}},
      {"no audit, first day of the Code, lighter law beside",
       "penalty.no_audit",
       {2026, 8, 15},
       {"code 第一千二百二十一条", "code 第一千零五十七条"}},
      {"starting rests on the Law and Order 38",
       "audit.start",
       {2026, 8, 14},
       {"cppl 第二十七条", "order-38 第十二条"}},
      {"then on the Code and Order 38", "audit.start", {2026, 8, 15}, {"code 第九百六十七条", "order-38 第十二条"}},
      {"Order 38 was not yet in force", "audit.start", {2016, 6, 30}, {}},
      {"Order 38 came into force", "audit.start", {2016, 7, 1}, {"cppl 第二十七条", "order-38 第十二条"}},
      {"nothing answers an unknown question", "no.such.basis", {2026, 8, 15}, {}},
  };
  for (const auto& row : rows) EXPECT_EQ(cited(row.basis, row.day), row.expect) << row.name;
}

TEST(ShippedPacks, EveryBasisThatAnActionOrClockNamesIsAnsweredOnBothSidesOfTheChangeOfLaw) {
  const auto packs = shipped_packs();
  for (const auto& day : {Date(2026, 8, 14), Date(2026, 8, 15)}) {
    for (const auto& procedure : packs->procedures())
      for (const auto& action : procedure.actions)
        if (!action.basis.empty()) {
          EXPECT_THAT(packs->cite(action.basis, day), Not(IsEmpty()))
              << procedure.id << " " << action.id << " " << day.str();
        }
    for (const auto& clock : packs->clocks())
      if (!clock.basis.empty()) {
        EXPECT_THAT(packs->cite(clock.basis, day), Not(IsEmpty())) << clock.id;
      }
  }
}

TEST(ShippedPacks, FindTheMostSpecificJurisdiction) {
  struct Row {
    const char* name;
    const char* region;
    const char* expect;
  };
  const Row rows[] = {
      {"a county of Wuhan", "420106", "CN-4201"},
      {"Wuhan itself", "420100", "CN-4201"},
      {"another city of Hubei", "420500", "CN-42"},
      {"Shandong", "370000", "CN-37"},
      {"a province without rules of its own", "330100", "CN"},
      {"the demonstration province", "990101", "CN-99"},
      {"the nation", "", "CN"},
  };
  for (const auto& row : rows) EXPECT_EQ(shipped_packs()->jurisdiction_of(row.region).code, row.expect) << row.name;
}

TEST(ShippedPacks, JurisdictionsTakeWhatTheyDoNotSayFromTheirParent) {
  const auto packs = shipped_packs();
  const auto& wuhan = *packs->find_jurisdiction("CN-4201");
  EXPECT_EQ(wuhan.procedure, "audit-national");
  EXPECT_EQ(wuhan.list_published_by, "city");
  EXPECT_EQ(wuhan.list_confirmed_by, "province");
  EXPECT_THAT(wuhan.clocks, ElementsAre("disclose", "start", "finish", "cn-4201.evaluate", "cn-4201.implement"));
  const auto& shandong = *packs->find_jurisdiction("CN-37");
  EXPECT_EQ(shandong.procedure, "audit-combined");
  EXPECT_TRUE(shandong.combined_evaluation.contains("yes"));
  EXPECT_THAT(shandong.clocks, ElementsAre("disclose", "start", "cn-37.finish"));
  EXPECT_EQ(shandong.acceptance_table, "combined");
}

TEST(ShippedPacks, NationalProcedureHasTheAgreedStatesAndActions) {
  const auto* audit = shipped_packs()->find_procedure("audit-national");
  ASSERT_NE(audit, nullptr);
  EXPECT_EQ(audit->initial, "listed");
  for (const auto* state :
       {"listed", "disclosed", "started", "submitted", "returned", "evaluating", "redo", "supplement", "implementing",
        "acceptance_requested", "accepting", "accepted", "failed", "report_filed", "removed", "stopped"})
    EXPECT_NE(audit->find_state(state), nullptr) << state;
  struct Row {
    const char* action;
    const char* to;
    bool password;
    const char* event;
  };
  for (const Row& row : {Row{"disclose", "disclosed", false, "disclosed"},
                         {"start", "started", false, "started"},
                         {"submit", "submitted", true, "submitted"},
                         {"return_report", "returned", false, "returned"},
                         {"file_report", "report_filed", false, "report_filed"},
                         {"conclude_proceed", "implementing", true, "evaluated"},
                         {"request_acceptance", "acceptance_requested", true, "implemented"},
                         {"conclude_accepted", "accepted", true, "accepted"},
                         {"remove", "removed", true, "removed"}}) {
    const auto* action = audit->find_action(row.action);
    ASSERT_NE(action, nullptr) << row.action;
    EXPECT_EQ(action->to, row.to) << row.action;
    EXPECT_EQ(action->needs_password, row.password) << row.action;
    EXPECT_EQ(action->event, row.event) << row.action;
  }
}

TEST(ShippedPacks, EveryClockIsMetByAnEventThatAProcedureMakes) {
  const auto packs = shipped_packs();
  for (const auto& jurisdiction : packs->jurisdictions()) {
    std::set<std::string> events{"published"};
    for (const auto& action : packs->find_procedure(jurisdiction.procedure)->actions) events.insert(action.event);
    for (const auto& id : jurisdiction.clocks) {
      const auto* clock = packs->find_clock(id);
      EXPECT_THAT(events, Contains(clock->from_event)) << jurisdiction.code << " " << id;
      EXPECT_THAT(events, Contains(clock->met_by)) << jurisdiction.code << " " << id;
    }
  }
}

TEST(ShippedPacks, UnverifiedPointsAreMarkedAsHintsAndSumToTheirTotal) {
  const auto packs = shipped_packs();
  for (const auto* id : {"evaluation-2018", "acceptance-2018", "combined"}) {
    Decimal sum;
    for (const auto& item : packs->find_scoring_table(id)->items) {
      EXPECT_EQ(item.mark, Mark::hint) << id << " " << item.code;
      sum = sum + item.max;
    }
    EXPECT_EQ(sum, Decimal(100)) << id;
  }
}

TEST(ShippedPacks, ElectroplatingReadsAsIssued) {
  const auto* system = shipped_packs()->find_system("electroplating-2015");
  ASSERT_NE(system, nullptr);
  EXPECT_TRUE(system->has_all_weights());
  std::size_t rows = 0;
  for (const auto& group : system->groups) rows += group.rows.size();
  EXPECT_EQ(rows, 25u);
  const auto* water = system->find_row("5");
  EXPECT_TRUE(water->limiting);
  EXPECT_EQ(water->benchmarks.at("II").number.value, Decimal(24));
  EXPECT_EQ(water->formula_denominator, "plating.rinsed_area");
  EXPECT_EQ(system->find_row("6")->weight->expression, "0.8/n");
  EXPECT_EQ(system->find_row("4")->benchmarks.at("III").same_as, "II");
}

TEST(ShippedPacks, SystemsWithUnknownWeightsOrRowsSaySo) {
  const auto packs = shipped_packs();
  for (const auto* id :
       {"steel-2014", "cement-2014", "coal-power-2015", "pulp-paper-2015-bkp", "pcb-gbt43329-draft", "pcb-hj450-2008"})
    EXPECT_FALSE(packs->find_system(id)->has_all_weights()) << id;
  for (const auto* id : {"hazwaste-incineration-zaepi-draft-a", "hazwaste-incineration-zaepi-draft-b"})
    EXPECT_TRUE(packs->find_system(id)->has_all_weights()) << id;
  const auto* steel = packs->find_system("steel-2014");
  EXPECT_EQ(steel->find_row("2.4")->benchmarks.at("III").kind, Benchmark::Kind::none);
  EXPECT_EQ(steel->find_row("1.7")->benchmarks.at("II").kind, Benchmark::Kind::unread);
}

TEST(ShippedPacks, FactorsComeFromTheRegionAndTheNewestYearNotLater) {
  const auto packs = shipped_packs();
  struct Row {
    const char* name;
    const char* factor;
    const char* region;
    int year;
    const char* expect;
  };
  const Row rows[] = {
      {"national average of the year", "grid.co2", "", 2022, "0.5366"},
      {"newest year not later", "grid.co2", "", 2026, "0.5306"},
      {"the region's own", "grid.co2", "420106", 2023, "0.5271"},
      {"region without its own that year", "grid.co2", "420106", 2022, "0.5366"},
      {"an unassigned region takes the nation's", "grid.co2", "990101", 2023, "0.5306"},
      {"water, 2008 edition", "water.fresh", "", 2020, "0.0857"},
      {"water, 2020 edition", "water.fresh", "", 2022, "0.2571"},
  };
  for (const auto& row : rows) {
    const auto* value = packs->find_factor(row.factor, row.region, row.year);
    ASSERT_NE(value, nullptr) << row.name;
    EXPECT_EQ(value->value, Decimal::of(row.expect)) << row.name;
  }
  EXPECT_EQ(packs->find_factor("grid.co2", "", 2021), nullptr);
  EXPECT_TRUE(packs->find_factor("gas.natural", "", 2026)->upper);
}

TEST(ShippedPacks, RegionsAreFoundAsOfADay) {
  const auto packs = shipped_packs();
  EXPECT_EQ(packs->find_region("500000", {1997, 3, 13}), nullptr);
  EXPECT_EQ(packs->find_region("500000", {1997, 3, 14})->name.zh, "重庆市");
  std::map<std::string, int> demonstration;
  for (const auto& region : packs->regions())
    if (region.code.starts_with("99")) ++demonstration[region.level];
  EXPECT_EQ(demonstration, (std::map<std::string, int>{{"province", 1}, {"city", 3}, {"county", 9}}));
}

TEST(ShippedPacks, LoadAndHashTheSameTwice) {
  const auto root = std::string(QY_SOURCE_DIR "/packs");
  const auto again = Library::load(root);
  ASSERT_NE(again.library, nullptr);
  EXPECT_EQ(again.library->hash(), shipped_packs()->hash());
  EXPECT_EQ(again.library->hash().size(), 64u);
}

TEST(ShippedPacks, HashFollowsEveryByte) {
  const std::string pack =
      "kind: documents\nid: a\ntitle: {zh: 甲, en: A}\nverification: draft\nchecked_on: 2026-11-23\ndocuments: []\n";
  const auto one = Library::load_texts({{"a.yaml", pack}}),
             other = Library::load_texts({{"a.yaml", pack + "# seen\n"}});
  ASSERT_TRUE(one.library && other.library);
  EXPECT_NE(one.library->hash(), other.library->hash());
}

TEST(WorkingDays, FollowTheCalendarWithItsSwaps) {
  const auto& calendars = shipped_packs()->calendars();
  struct Row {
    const char* name;
    Date day;
    bool working;
  };
  const Row rows[] = {
      {"an ordinary Monday", {2026, 11, 23}, true},
      {"an ordinary Sunday", {2026, 11, 22}, false},
      {"National Day", {2026, 10, 1}, false},
      {"a weekday inside the holiday", {2026, 10, 7}, false},
      {"a swapped Saturday", {2026, 10, 10}, true},
      {"a swapped Saturday after Spring Festival", {2026, 2, 28}, true},
      {"New Year's Eve of the lunar year 2027", {2027, 2, 5}, false},
      {"a weekday in a year without calendar", {2031, 10, 1}, true},
      {"a Saturday in a year without calendar", {2031, 10, 4}, false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_working_day(calendars, row.day), row.working) << row.name;
}

TEST(WorkingDays, NextAndPlus) {
  const auto& calendars = shipped_packs()->calendars();
  EXPECT_EQ(next_working_day(calendars, {2026, 10, 3}), Date(2026, 10, 8));
  EXPECT_EQ(next_working_day(calendars, {2026, 11, 23}), Date(2026, 11, 23));
  EXPECT_EQ(plus_working_days(calendars, {2026, 9, 30}, 1), Date(2026, 10, 8));
  EXPECT_EQ(plus_working_days(calendars, {2026, 9, 30}, 3), Date(2026, 10, 10));
  EXPECT_EQ(plus_working_days(calendars, {2026, 9, 30}, 0), Date(2026, 9, 30));
  EXPECT_FALSE(
      std::find_if(calendars.begin(), calendars.end(), [](const auto& c) { return c.year == 2027; })->official);
}

TEST(Expression, NamesItsParametersOrRefuses) {
  struct Row {
    const char* name;
    const char* expression;
    bool fine;
    std::set<std::string> names;
  };
  const Row rows[] = {
      {"a weight by count", "0.8/n", true, {"n"}},
      {"a linear limit", "0.14+0.08*n", true, {"n"}},
      {"brackets and a sign", "-(a + 2) * b", true, {"a", "b"}},
      {"a number alone", "85", true, {}},
      {"nothing", "", false, {}},
      {"two operators", "1+*n", false, {}},
      {"an open bracket", "(1+n", false, {}},
      {"a point without digits", "1.+n", false, {}},
      {"something behind", "1 n", false, {}},
      {"a function", "max(1)", false, {}},
      {"full-width operator", "1＋n", false, {}},
  };
  for (const auto& row : rows) {
    const auto names = names_in_expression(row.expression);
    EXPECT_EQ(names.has_value(), row.fine) << row.name;
    if (names && row.fine) {
      EXPECT_EQ(*names, row.names) << row.name;
    }
  }
  EXPECT_FALSE(names_in_expression(std::string(150, '(') + "1" + std::string(49, ')')));
}

}  // namespace
}  // namespace qy::rules
