#include "regime/results/results.h"

#include "base/text.h"
#include "regime/results/testing.h"
#include "regime/tally/tally.h"

namespace qy::results {
namespace {

using audits::AuditId;
using identity::Line;
using identity::Role;
using identity::testing::Api;
using identity::testing::Scenario;
using testing::City;

class Results : public ::testing::TestWithParam<std::string> {
 protected:
  Results() {
    Catalogue::global().add(results_messages());
    Catalogue::global().add(audits::audits_messages());
    plant = city.add_plant({.name = "云溪明洁电镀有限公司"});
    neighbour = city.add_plant({.name = "石桥镀锌厂", .region = "990102"});
    id = publish_year(2026, {plant, neighbour}).at(0);
    if (city.audit(id).enterprise != plant) id = city.case_of(plant);
    path = "/api/v1/audits/" + id.str() + "/result";
  }

  std::vector<AuditId> publish_year(int year, const std::vector<registry::EnterpriseId>& plants) {
    city.on(Date(year, 6, 1));
    return city.publish_list(city.confirmed_list(year, plants), Date(year, 6, 1));
  }
  Result<Published> publish(const AuditId& which, std::optional<Date> on = std::nullopt) {
    return city.premises.database->write([&](Tx& tx) {
      return results::publish(tx, city.premises, city.by(city.province_chief), which, "市局网站", on);
    });
  }
  std::int64_t total(const std::string& measure, const std::string& region, std::optional<int> year = std::nullopt) {
    return city.read([&](Tx& tx) {
      tally::Query query;
      query.measures = {measure};
      query.region_prefix = region;
      query.year_from = query.year_to = year;
      return tally::total(tx, query);
    });
  }
  /// "name value; …" and then the sum, as decimals.
  std::string behind(const std::string& column, const std::string& region, std::optional<int> year = std::nullopt) {
    return city.read([&](Tx& tx) {
      std::string out;
      std::int64_t sum = 0;
      const auto found = contributions(tx, column, region, year, {.size = 100, .descending = true});
      for (const auto& one : found.items) {
        out += one.enterprise_name + " " + effect_of(one.value).shortest() + "; ";
        sum += one.value;
      }
      EXPECT_EQ(sum, found.sum);
      EXPECT_EQ(found.total, static_cast<std::int64_t>(found.items.size()));
      EXPECT_EQ(sum, total(measure_of(column), region, year)) << column << " " << region;
      return out + effect_of(sum).shortest();
    });
  }

  City city{GetParam()};
  Api api{city.world, {add_routes}};
  registry::EnterpriseId plant, neighbour;
  AuditId id;
  std::string path;
};
INSTANTIATE_TEST_SUITE_P(Engines, Results, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST(Effects, AreTenThousandthsOfTheirUnit) {
  struct Row {
    std::int64_t stored;
    const char* shown;
  };
  for (const auto& row : {Row{0, "0"},
                          {1, "0.0001"},
                          {35, "0.0035"},
                          {10'000, "1"},
                          {162'000, "16.2"},
                          {-5, "-0.0005"},
                          {1'234'567'890'123'456, "123456789012.3456"}})
    EXPECT_EQ(effect_of(row.stored).shortest(), row.shown);
  EXPECT_EQ(measure_of("water"), "effect.water");
}

TEST_P(Results, OnlyTheProvincesLeadChiefPublishesAndOnlyWhatWasDecided) {
  const auto body = R"({"where": "市局网站"})";
  const auto& filler = city.filler(id);
  const auto& other_filler = city.filler(city.case_of(neighbour));
  api.run_all({
      {.name = "nobody without logging in", .path = path, .status = 401},
      {.name = "nothing to publish while the case is open",
       .who = &city.province_chief,
       .path = path,
       .contains = {"\"result\":null", "\"allowed_actions\":[]"}},
      {.name = "nor by insisting",
       .who = &city.province_chief,
       .method = "POST",
       .path = path,
       .body = body,
       .status = 409,
       .contains = {"procedure.wrong_state"}},
  });
  city.submit(id);
  city.conclude(id, true);
  api.run_all({
      {.name = "the chief may",
       .who = &city.province_chief,
       .path = path,
       .contains = {"\"publish_result\"", "\"result\":null"}},
      {.name = "the enterprise sees nothing yet and may nothing",
       .who = &filler,
       .path = path,
       .contains = {"\"result\":null", "\"allowed_actions\":[]"}},
      {.name = "another enterprise does not learn of the case", .who = &other_filler, .path = path, .status = 404},
      {.name = "nor does another city",
       .who = &city.world.officer("990200", Line::ecology, Role::chief),
       .method = "POST",
       .path = path,
       .body = body,
       .status = 404},
      {.name = "the city's chief concluded it and reads who publishes",
       .who = &city.chief,
       .path = path,
       .contains = {"\"allowed_actions\":[]", "省级牵头部门负责人", "provincial lead department's chief"}},
      {.name = "but does not publish",
       .who = &city.chief,
       .method = "POST",
       .path = path,
       .body = body,
       .status = 403,
       .contains = {"procedure.wrong_actor"}},
      {.name = "the officer prepares but does not publish",
       .who = &city.officer,
       .method = "POST",
       .path = path,
       .body = body,
       .status = 403},
      {.name = "nor does the chief of another department",
       .who = &city.reform_chief,
       .method = "POST",
       .path = path,
       .body = body,
       .status = 403},
      {.name = "nor the enterprise", .who = &filler, .method = "POST", .path = path, .body = body, .status = 403},
      {.name = "an administrator reads no cases",
       .who = &city.world.officer("990100", Line::ecology, Role::administrator),
       .path = path,
       .status = 404},
      {.name = "where it was published must be said",
       .who = &city.province_chief,
       .method = "POST",
       .path = path,
       .body = R"({"where": " "})",
       .status = 422,
       .contains = {"#/where"}},
      {.name = "all mistakes at once",
       .who = &city.province_chief,
       .method = "POST",
       .path = path,
       .body = R"({"wher": "x"})",
       .status = 422,
       .contains = {"#/where", "#/wher\""}},
      {.name = "an unknown case",
       .who = &city.province_chief,
       .method = "POST",
       .path = "/api/v1/audits/018f0000-0000-7000-8000-000000000000/result",
       .body = body,
       .status = 404},
      {.name = "a malformed one", .who = &city.province_chief, .path = "/api/v1/audits/abc/result", .status = 404},
  });
  EXPECT_EQ(total("results.accepted", "99"), 0) << "nothing counts before it is published";
  EXPECT_EQ(behind("water", "99"), "0");
  api.run_all({
      {.name = "published",
       .who = &city.province_chief,
       .method = "POST",
       .path = path,
       .body = body,
       .status = 201,
       .contains = {"\"outcome\":\"accepted\"", "\"level\":\"II\"", "市局网站"},
       .actions = {"publish_result"}},
      {.name = "once",
       .who = &city.province_chief,
       .method = "POST",
       .path = path,
       .body = body,
       .status = 409,
       .contains = {"results.published"}},
      {.name = "the enterprise reads it",
       .who = &filler,
       .path = path,
       .contains = {"\"decided_on\":\"2026-06-01\"", "\"level\":\"II\"", "\"allowed_actions\":[]"},
       .absent = {"同意按计划实施", "周评审", "points"}},
      {.name = "and the chief is not asked again",
       .who = &city.province_chief,
       .path = path,
       .contains = {"\"allowed_actions\":[]"}},
  });
  const auto may = city.read([&](Tx& tx) {
    return audits::allowed_actions(tx, city.premises, city.province_chief, city.audit(id), Date(2026, 6, 1));
  });
  EXPECT_EQ(std::count(may.begin(), may.end(), "publish_result"), 0) << "the case's page offers it no more";
}

TEST_P(Results, ThePublicationIsNeitherBeforeTheDecisionNorInTheFuture) {
  city.submit(id);
  city.on(Date(2026, 9, 10));
  city.conclude(id, true);
  city.on(Date(2026, 9, 20));
  const auto early = publish(id, Date(2026, 9, 9));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().fields.at(0).code, "audit.event_order");
  const auto late = publish(id, Date(2026, 9, 21));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().fields.at(0).code, "audit.event_future");
  EXPECT_FALSE(city.read([&](Tx& tx) { return find_result(tx, id); })) << "a refusal leaves nothing behind";
  EXPECT_EQ(total("results.accepted", "99"), 0);

  const auto published = publish(id, Date(2026, 9, 18));
  ASSERT_TRUE(published);
  EXPECT_EQ(published->decided_on, Date(2026, 9, 10));
  EXPECT_EQ(published->published_on, Date(2026, 9, 18));
}

// 0.1 + 0.2 = 0.3 exactly; 0.00005 and 0.00015 sum to 0.0002 although each alone would round to even.
TEST_P(Results, VerifiedEffectsCountExactlyAndNothingElseDoes) {
  city.perform(city.signatory(id), id, "start");
  city.add_option(id, {{"water", "1200"}, {"investment", "9"}},
                  {{"water", "0.1"}, {"heavy_metals", "0.00005"}, {"investment", "0.8"}});
  city.add_option(id, {{"water", "800"}, {"co2", "77"}}, {{"water", "0.2"}, {"heavy_metals", "0.00015"}});
  city.add_option(id, {{"water", "5000"}, {"cod", "3"}});  // proposed, never carried out
  const auto dropped = city.add_option(id, {{"water", "9000"}});
  const auto& filler = city.filler(id);
  city.write([&](Tx& tx) {
    return analysis::set_option_state(tx, city.premises, city.by(filler), dropped, "dropped", {}, {}, "不可行");
  });
  city.submit(id);
  city.conclude(id, true, "I");
  ASSERT_TRUE(publish(id));
  EXPECT_EQ(behind("water", "99"), "云溪明洁电镀有限公司 0.3; 0.3");
  EXPECT_EQ(behind("heavy_metals", "99"), "云溪明洁电镀有限公司 0.0002; 0.0002");
  EXPECT_EQ(behind("investment", "99"), "云溪明洁电镀有限公司 0.8; 0.8");
  EXPECT_EQ(behind("co2", "99"), "0") << "planned, not verified";
  EXPECT_EQ(behind("cod", "99"), "0");
  EXPECT_EQ(behind("no_such_column", "99"), "0");
}

TEST_P(Results, TotalsAreTheSumOfTheirCasesInEveryRegionAndYear) {
  const auto other = city.case_of(neighbour);
  const auto bring = [&](const AuditId& which, const char* water) {
    city.perform(city.signatory(which), which, "start");
    city.add_option(which, {{"water", "1"}}, {{"water", water}});
    city.submit(which);
    city.conclude(which, true);
  };
  bring(id, "100.25");
  bring(other, "2000.5");
  ASSERT_TRUE(publish(id));
  EXPECT_EQ(behind("water", "99"), "云溪明洁电镀有限公司 100.25; 100.25") << "the other one is not published yet";
  ASSERT_TRUE(publish(other));
  const auto next_year = publish_year(2029, {plant}).at(0);
  bring(next_year, "-3.0001");
  ASSERT_TRUE(publish(next_year));

  struct Row {
    const char* region;
    std::optional<int> year;
    const char* expected;
  };
  const Row rows[] = {
      {"", std::nullopt, "石桥镀锌厂 2000.5; 云溪明洁电镀有限公司 100.25; 云溪明洁电镀有限公司 -3.0001; 2097.7499"},
      {"99", 2026, "石桥镀锌厂 2000.5; 云溪明洁电镀有限公司 100.25; 2100.75"},
      {"9901", std::nullopt, "石桥镀锌厂 2000.5; 云溪明洁电镀有限公司 100.25; 云溪明洁电镀有限公司 -3.0001; 2097.7499"},
      {"990101", std::nullopt, "云溪明洁电镀有限公司 100.25; 云溪明洁电镀有限公司 -3.0001; 97.2499"},
      {"990102", 2026, "石桥镀锌厂 2000.5; 2000.5"},
      {"990102", 2029, "0"},
      {"9902", std::nullopt, "0"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.region) + " " + (row.year ? std::to_string(*row.year) : ""));
    EXPECT_EQ(behind("water", row.region, row.year), row.expected);
  }
  const auto second = city.read([&](Tx& tx) { return contributions(tx, "water", "99", {}, {.page = 2, .size = 1}); });
  ASSERT_EQ(second.items.size(), 1u);
  EXPECT_EQ(effect_of(second.items[0].value).shortest(), "100.25") << "the smallest first";
  EXPECT_EQ(second.items[0].region, "990101");
  EXPECT_EQ(second.total, 3) << "a page does not change the count";
  EXPECT_EQ(effect_of(second.sum).shortest(), "2097.7499") << "nor the sum";
  EXPECT_EQ(total("results.accepted", "99"), 3);
  const auto history = city.read([&](Tx& tx) { return results_of_enterprise(tx, plant); });
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].year, 2029);
  EXPECT_EQ(history[1].year, 2026);
}

TEST_P(Results, AFailureIsPublishedAndTheAcceptanceAfterItTakesItsPlace) {
  city.perform(city.signatory(id), id, "start");
  city.add_option(id, {{"water", "10"}}, {{"water", "7.5"}});
  city.submit(id);
  city.on(Date(2026, 9, 1));
  city.conclude(id, false);
  city.on(Date(2026, 9, 8));
  const auto failed = publish(id);
  ASSERT_TRUE(failed) << failed.error().code;
  EXPECT_EQ(failed->outcome, "failed");
  EXPECT_EQ(failed->level, std::nullopt);
  EXPECT_EQ(failed->decided_on, Date(2026, 9, 1)) << "the day of the conclusion, not of its publication";
  EXPECT_EQ(behind("water", "99"), "0") << "what failed has no effects that count";
  EXPECT_EQ(total("results.failed", "99"), 1);
  const auto twice = publish(id);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, "results.published");

  // 重新审核: the enterprise works on its data again, hands in again, and passes.
  const auto& filler = city.filler(id);
  EXPECT_TRUE(city.read([&](Tx& tx) { return audits::get_editable(tx, filler, id, Date(2026, 9, 8)).has_value(); }));
  city.on(Date(2027, 3, 1));
  city.submit(id);
  city.conclude(id, true, "III");
  api.run({.name = "until it is published the failure stands",
           .who = &city.province_chief,
           .path = path,
           .contains = {"\"outcome\":\"failed\"", "\"publish_result\""},
           .absent = {"III"}});
  city.on(Date(2027, 3, 9));
  api.run({.name = "the new decision is published",
           .who = &city.province_chief,
           .method = "POST",
           .path = path,
           .body = R"({"where": "市局网站"})",
           .status = 201,
           .contains = {"\"outcome\":\"accepted\"", "\"level\":\"III\"", "\"decided_on\":\"2027-03-01\"",
                        "\"published_on\":\"2027-03-09\""},
           .actions = {"publish_result"}});
  EXPECT_EQ(behind("water", "99"), "云溪明洁电镀有限公司 7.5; 7.5");
  EXPECT_EQ(total("results.failed", "99"), 0);
  EXPECT_EQ(total("results.accepted", "99"), 1);
  EXPECT_EQ(city.read([&](Tx& tx) { return results_of_enterprise(tx, plant).size(); }), 1u);
  const auto log = city.read([&](Tx& tx) { return db::actions_of(tx, {"audit", id.str()}); });
  EXPECT_EQ(std::count_if(log.begin(), log.end(), [](const auto& action) { return action.name == "publish_result"; }),
            2)
      << "the log keeps both";
  EXPECT_FALSE(city.read([&](Tx& tx) { return db::first_broken_link(tx, {"audit", id.str()}); }));
}

}  // namespace
}  // namespace qy::results
