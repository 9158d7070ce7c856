#include "regime/statistics/statistics.h"

#include <gtest/gtest.h>

#include "regime/audits/audits.h"
#include "regime/identity/testing.h"
#include "regime/listing/listing.h"

namespace qy::statistics {
namespace {

using identity::Line;
using identity::Role;
using identity::testing::Api;
using identity::testing::World;

/// Two cities; city 990100 lists two plants in 2025 and two in 2026, city 990200 one in 2026.
class OnEachEngine : public ::testing::TestWithParam<std::string> {
 protected:
  World world_{GetParam()};
  const Premises& premises_ = world_.premises;
  Api api_{world_, {audits::add_routes, add_routes}};
  std::vector<audits::AuditId> first_, second_, other_;

  void SetUp() override {
    Catalogue::global().add(statistics_messages());
    Catalogue::global().add(audits::audits_messages());
    world_.fixture.set_today(Date(2025, 6, 2));
    first_ = publish("990100", 2025, {"990101", "990102"});
    world_.fixture.set_today(Date(2026, 6, 1));
    second_ = publish("990100", 2026, {"990101", "990101"});
    other_ = publish("990200", 2026, {"990201"});
    world_.fixture.set_today(Date(2026, 6, 20));
    perform(second_[0], "disclose", Date(2026, 6, 10));
    perform(other_[0], "disclose", Date(2026, 6, 15));
    perform(other_[0], "start", Date(2026, 6, 16));
    // 2025's cases are late by now, 2026's undisclosed one after 1 July.
    world_.fixture.set_today(Date(2026, 7, 2));
    world_.renew_sessions();
  }

  identity::Act act_of(const identity::Caller& caller) { return identity::act_of(premises_, caller); }

  std::vector<audits::AuditId> publish(const std::string& city, int year, const std::vector<std::string>& counties) {
    const auto system = identity::system_caller();
    const auto& officer = world_.officer(city);
    const auto& second = world_.officer(city, Line::development_reform, Role::chief);
    const auto& above = world_.officer("990000", Line::ecology, Role::chief);
    return World::expect(premises_.database->write([&](Tx& tx) -> Result<std::vector<audits::AuditId>> {
      QY_TRY(const auto list, listing::draft_list(tx, premises_, act_of(officer), {.region = city, .year = year}));
      for (const auto& county : counties) {
        QY_TRY(const auto plant,
               registry::add_enterprise(tx, *premises_.rules, act_of(system),
                                        {.name = "试验" + std::to_string(++plants_) + "号电镀有限公司",
                                         .region = county,
                                         .address = "工业园",
                                         .industry = "3360",
                                         .tags = {"electroplating"},
                                         .scale = "small"}));
        QY_CHECK(listing::add_entry(
            tx, premises_, act_of(officer), list,
            {.enterprise = plant, .categories = {"toxic"}, .reason = "使用铬酸酐", .mode = "full", .mode_reason = ""}));
      }
      QY_CHECK(listing::perform(tx, premises_, act_of(officer), list, {.action = "propose"}));
      QY_CHECK(listing::perform(tx, premises_, act_of(second), list, {.action = "cosign"}));
      QY_CHECK(listing::perform(tx, premises_, act_of(above), list, {.action = "confirm"}));
      QY_TRY(const auto published, listing::publish_list(tx, premises_, act_of(above), list,
                                                         {.published_on = premises_.today(), .where = "省厅网站"}));
      return audits::open_cases(tx, premises_, act_of(above), published);
    }));
  }

  void perform(const audits::AuditId& id, const std::string& action, Date on) {
    const auto audit = World::expect(
        premises_.database->read([&](Tx& tx) -> Result<audits::Audit> { return audits::find_audit(tx, id).value(); }));
    const auto& who = world_.member(identity::Party::enterprise, audit.enterprise.str(), audit.enterprise_name,
                                    Role::filler, audit.region);
    World::expect(premises_.database->write(
        [&](Tx& tx) { return audits::perform(tx, premises_, act_of(who), id, {.action = action, .event_on = on}); }));
  }

  ProgressTable table(std::string_view region, std::optional<int> year) {
    return World::expect(premises_.database->read(
        [&](Tx& tx) -> Result<ProgressTable> { return progress(tx, premises_, region, year, premises_.today()); }));
  }
  std::int64_t cases(const std::string& query) {
    return api_.json(&world_.officer("990000"), "GET", "/api/v1/audits?" + query).as_object().at("total").as_int64();
  }

 private:
  int plants_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, OnEachEngine, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(OnEachEngine, ProgressCountsTheCasesOfItsYearOnly) {
  const auto of_2026 = table("990000", 2026);
  ASSERT_EQ(of_2026.rows.size(), 3u) << "the province's cities, those without a case too";
  EXPECT_EQ(of_2026.rows[0].region, "990100");
  EXPECT_EQ(of_2026.rows[0].listed, 2);
  EXPECT_EQ(of_2026.rows[0].disclosed, 1);
  EXPECT_EQ(of_2026.rows[0].late, 1) << "the undisclosed one of 2026; those of 2025 are another year's";
  EXPECT_EQ(of_2026.rows[1].started, 1);
  EXPECT_EQ(of_2026.rows[1].late, 0);
  EXPECT_EQ(of_2026.total.listed, 3);
  EXPECT_EQ(of_2026.total.late, 1);
  const auto of_2025 = table("990000", 2025);
  EXPECT_EQ(of_2025.total.listed, 2);
  EXPECT_EQ(of_2025.total.late, 2) << "a case with several overdue duties counts once";
  const auto of_all = table("990000", std::nullopt);
  EXPECT_EQ(of_all.total.listed, 5);
  EXPECT_EQ(of_all.total.late, 3);
}

TEST_P(OnEachEngine, EveryNumberOpensExactlyItsCases) {
  for (const auto year : {2025, 2026})
    for (const auto* region : {"990000", "990100"}) {
      const auto progress = table(region, year);
      auto lines = progress.rows;
      lines.push_back(progress.total);
      for (const auto& line : lines) {
        const std::map<std::string, std::int64_t> numbers{
            {"listed", line.listed},       {"disclosed", line.disclosed},       {"started", line.started},
            {"submitted", line.submitted}, {"evaluated", line.evaluated},       {"implemented", line.implemented},
            {"accepted", line.accepted},   {"report_filed", line.report_filed}, {"late", line.late}};
        for (const auto& [column, number] : numbers)
          EXPECT_EQ(cases("region=" + line.region + "&year=" + std::to_string(year) + "&progress=" + column), number)
              << line.region << " " << year << " " << column;
      }
    }
}

TEST_P(OnEachEngine, ARemovedCaseCountsNowhereAndARoadThatIsNoneIsRefused) {
  const auto& chief = world_.officer("990000", Line::ecology, Role::chief);
  World::expect(premises_.database->write([&](Tx& tx) {
    return audits::perform(tx, premises_, act_of(chief), first_[0], {.action = "remove", .reason = "停产关闭"});
  }));
  const auto of_2025 = table("990000", 2025);
  EXPECT_EQ(of_2025.total.listed, 1);
  EXPECT_EQ(of_2025.total.late, 1);
  EXPECT_EQ(cases("year=2025&progress=listed"), 1);
  api_.run_all({
      {.name = "a progress that is none",
       .who = &world_.officer("990000"),
       .path = "/api/v1/audits?progress=half",
       .status = 422,
       .contains = {"half", "disclosed"}},
      {.name = "nobody", .path = "/api/v1/statistics/progress", .status = 401},
      {.name = "a city's officer does not read the other city",
       .who = &world_.officer("990100"),
       .path = "/api/v1/statistics/progress?region=990200",
       .status = 403,
       .absent = {"\"listed\""}},
      {.name = "a county has itself as its line",
       .who = &world_.officer("990101"),
       .path = "/api/v1/statistics/progress?region=990101&year=2026",
       .contains = {"\"listed\":2", "990101"},
       .absent = {"990102"}},
  });
}

}  // namespace
}  // namespace qy::statistics
