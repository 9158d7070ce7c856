#include "regime/disclosure/disclosure.h"

#include <gtest/gtest.h>

#include "regime/audits/testing.h"
#include "regime/register/register_commands.h"

namespace qy::disclosure {
namespace {

using audits::testing::complaints;
using audits::testing::Plant;
using audits::testing::text_at;
using identity::Caller;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class Disclosing : public ::testing::TestWithParam<std::string> {
 protected:
  struct Town : audits::testing::Town {
    explicit Town(const std::string& engine, const Plant& plant = {})
        : audits::testing::Town(engine, {disclosure::add_routes}, plant) {
      static const bool filled = [] {
        Catalogue::global().add(disclosure_messages());
        return true;
      }();
      (void)filled;
    }
    std::string at = path + "/disclosure";

    json::Object form() { return get(filler, at); }
    std::int64_t version() { return form().at("version").as_int64(); }
    json::Object save(const std::string& answers, int status = 200) {
      return done(filler, "PUT", at, R"({"answers": {)" + answers + "}}", status, version());
    }
    json::Object publish(const Caller& who, const std::string& body = "{}", int status = 200) {
      return done(&who, "POST", at + "/publish", body, status, version());
    }
    std::vector<std::string> items() {
      std::vector<std::string> ids;
      for (const auto& item : list(filler, at)) ids.emplace_back(item.at("id").as_string());
      return ids;
    }
    json::Value page() {
      return read([&](Tx& tx) { return public_page(tx, *premises.rules, *audits::find_audit(tx, id)); });
    }
  };
  static constexpr const char* kWhole =
      R"("name": {"text": "云溪明洁电镀有限公司"}, "legal_representative": {"text": "祁某"}, "address": {"text": "清河工业园1号"},
         "toxic_materials": {"none_reason": "配方涉及商业秘密，已另行报送主管部门"},
         "toxic_discharges": {"substances": [{"name": "六价铬", "mode": "经处理后排放", "concentration": "0.1 mg/L", "amount": "0.02 t"}]},
         "hazardous_waste": {"substances": [{"name": "电镀污泥", "mode": "委托处置", "amount": "36 t"}]},
         "risk_measures": {"text": "设事故应急池"})";
};
INSTANTIATE_TEST_SUITE_P(Engines, Disclosing, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(Disclosing, CategoriesSayWhatIsDisclosedEachItemOnce) {
  EXPECT_THAT(Town(GetParam()).items(), ElementsAre("name", "legal_representative", "address", "toxic_materials",
                                                    "toxic_discharges", "hazardous_waste", "risk_measures"));
  EXPECT_THAT(Town(GetParam(), {.categories = {"over_standard", "energy_intensive"}}).items(),
              ElementsAre("name", "legal_representative", "address", "pollutants", "exceedance", "energy_use",
                          "energy_per_output_value", "energy_per_product", "energy_exceedance"));
  Town town(GetParam());
  const auto form = town.form();
  for (const auto& item : form.at("items").as_array()) EXPECT_FALSE(item.at("mark").as_string().empty());
  EXPECT_EQ(form.at("missing").as_array().size(), 7u);
  EXPECT_EQ(form.at("version").as_int64(), 0);
  EXPECT_TRUE(form.at("published_on").is_null());
}

TEST_P(Disclosing, WhatTheRegisterKnowsIsOfferedAndSavedOnlyBySaving) {
  Town town(GetParam());
  const auto offers = [&](const Caller& who) {
    std::vector<std::string> all;
    for (const auto& item : town.list(&who, town.at))
      if (!item.at("from_register").is_null())
        all.push_back(std::string(item.at("id").as_string()) + "=" + std::string(item.at("from_register").as_string()));
    return all;
  };
  EXPECT_THAT(offers(*town.filler), ElementsAre("name=云溪明洁电镀有限公司", "address=清河工业园1号"))
      << "the register does not know the legal representative";
  auto facts = town.read([&](Tx& tx) { return registry::find_enterprise(tx, town.enterprise)->facts; });
  facts.legal_representative = "祁法人";
  const auto changed = registry::change_enterprise(town.premises, town.county, town.enterprise, facts, 1);
  ASSERT_TRUE(changed) << changed.error().code;
  EXPECT_THAT(offers(*town.signatory),
              ElementsAre("name=云溪明洁电镀有限公司", "legal_representative=祁法人", "address=清河工业园1号"));
  EXPECT_THAT(offers(town.officer), IsEmpty()) << "who does not fill it in is offered nothing";
  EXPECT_THAT(json::dump(town.get(&town.officer, town.at)), Not(HasSubstr("祁法人")));

  const auto form = town.form();
  EXPECT_TRUE(form.at("answers").as_object().empty()) << "an offer is no answer";
  EXPECT_EQ(form.at("missing").as_array().size(), 7u);
  EXPECT_EQ(town.publish(*town.filler, "{}", 422).at("code"), "disclosure.incomplete");
  town.save(R"("name": {"text": "云溪明洁电镀有限公司（清河厂）"})");
  EXPECT_EQ(town.form().at("answers").at("name").at("text"), "云溪明洁电镀有限公司（清河厂）");
  EXPECT_FALSE(town.form().at("answers").as_object().contains("address"));

  town.save(kWhole);
  town.publish(*town.filler);
  EXPECT_THAT(offers(*town.filler), IsEmpty()) << "what was published stays as it was";
  EXPECT_THAT(json::dump(town.page()), Not(HasSubstr("祁法人")));
}

TEST_P(Disclosing, AHalfPageIsSavedButNotPublished) {
  Town town(GetParam());
  const auto saved = town.save(R"("name": {"text": "云溪明洁电镀有限公司"}, "risk_measures": {"text": "  "},
      "toxic_discharges": {"substances": [{"mode": "排放"}, {"name": "六价铬"}]})");
  EXPECT_EQ(saved.at("version").as_int64(), 1);
  EXPECT_EQ(saved.at("answers").at("name").at("text"), "云溪明洁电镀有限公司");
  const auto refused = town.publish(*town.filler, "{}", 422);
  EXPECT_EQ(refused.at("code"), "disclosure.incomplete");
  EXPECT_THAT(complaints(refused),
              UnorderedElementsAre(
                  "#/answers/legal_representative disclosure.missing", "#/answers/address disclosure.missing",
                  "#/answers/toxic_materials disclosure.missing",
                  "#/answers/toxic_discharges/substances/0/name disclosure.substance_name",
                  "#/answers/toxic_discharges/substances/0/amount disclosure.substance_amount",
                  "#/answers/toxic_discharges/substances/1/amount disclosure.substance_amount",
                  "#/answers/hazardous_waste disclosure.missing", "#/answers/risk_measures disclosure.missing"));
  EXPECT_EQ(town.audit().state, "listed");
  EXPECT_TRUE(town.page().is_null()) << "a draft is nobody else's to read";
}

TEST_P(Disclosing, EveryWrongAnswerIsNamedAtItsFieldAndTheDraftStays) {
  Town town(GetParam(), {.categories = {"energy_intensive"}});
  town.save(R"("name": {"text": "原名"})");
  EXPECT_THAT(complaints(town.save(R"("energy_per_output_value": {"number": "-0.3"},
                  "energy_per_product": {"text": "见年报", "none_reason": "无"}, "risk_measures": {"text": "x"})",
                                   422)),
              UnorderedElementsAre("#/answers/energy_per_output_value/number disclosure.negative",
                                   "#/answers/energy_per_product/none_reason disclosure.answer_twice",
                                   "#/answers/risk_measures disclosure.item_unknown"));
  EXPECT_THAT(complaints(town.save(R"("energy_per_output_value": {"number": "many"}, "name": {"colour": "red"})", 422)),
              UnorderedElementsAre("#/answers/energy_per_output_value/number decimal.format",
                                   "#/answers/name/colour field.unknown"));
  EXPECT_EQ(town.form().at("answers").at("name").at("text"), "原名");
  const auto zero = town.save(R"("energy_per_output_value": {"number": "0"})");
  EXPECT_EQ(zero.at("answers").at("energy_per_output_value").at("number"), "0");
  for (const auto& gap : zero.at("missing").as_array())
    EXPECT_NE(gap.at("pointer"), "#/answers/energy_per_output_value") << "zero is an answer";
}

TEST_P(Disclosing, WhatSomebodyElseSavedIsNotOverwrittenNorPublishedUnseen) {
  Town town(GetParam());
  town.mandate();
  town.save(kWhole);
  const std::string mine = R"({"answers": {"name": {"text": "别名"}}})";
  town.done(town.consultant, "PUT", town.at, mine, 200, 1);
  EXPECT_EQ(town.done(town.filler, "PUT", town.at, mine, 412, 1).at("code"), "disclosure.stale");
  EXPECT_EQ(town.done(town.filler, "POST", town.at + "/publish", "{}", 412, 1).at("code"), "disclosure.stale");
  town.done(town.filler, "PUT", town.at, mine, 428);
  town.done(town.filler, "POST", town.at + "/publish", "{}", 428);
  EXPECT_EQ(town.form().at("version").as_int64(), 2);
}

TEST_P(Disclosing, WhatIsPublishedIsPublicAndStaysAsItWas) {
  Town town(GetParam());
  town.save(kWhole);
  town.api.run({.name = "publishing is an action of the case",
                .who = town.filler,
                .method = "POST",
                .path = town.at + "/publish",
                .body = R"({"elsewhere": "厂区公示栏", "published_on": "2026-05-28"})",
                .contains = {R"("published_on":"2026-05-28")", R"("allowed_actions":[])"},
                .actions = {"disclose"},
                .if_match = 1});
  const auto audit = town.audit();
  EXPECT_EQ(audit.state, "disclosed");
  EXPECT_EQ(audit.disclosed_on, Date(2026, 5, 28));

  const auto page = town.page().as_object();
  EXPECT_EQ(page.at("published_on"), "2026-05-28");
  EXPECT_EQ(page.at("elsewhere"), "厂区公示栏");
  EXPECT_EQ(page.at("items").as_array().size(), 7u);
  EXPECT_THAT(json::dump(page), HasSubstr("六价铬"));
  EXPECT_THAT(json::dump(page), HasSubstr("配方涉及商业秘密")) << "a trade secret is withheld with its reason";
  EXPECT_THAT(json::dump(page), Not(HasSubstr("测试"))) << "and nobody's name who filled it in";
  const auto log = town.read([&](Tx& tx) { return db::actions_of(tx, {"audit", town.id.str()}); });
  EXPECT_EQ(log.back().payload.at("root").as_string(), page.at("root").as_string());

  EXPECT_EQ(town.save(R"("name": {"text": "改名"})", 409).at("code"), "disclosure.published");
  EXPECT_EQ(town.publish(*town.filler, "{}", 409).at("code"), "disclosure.published");
  EXPECT_EQ(json::dump(town.page()), json::dump(page));
}

TEST_P(Disclosing, TheDayStandsAtItsOwnField) {
  Town town(GetParam());
  town.save(kWhole);
  EXPECT_THAT(complaints(town.publish(*town.filler, R"({"published_on": "2026-06-02"})", 422)),
              ElementsAre("#/published_on audit.event_future"));
  EXPECT_THAT(complaints(town.publish(*town.filler, R"({"published_on": "2026-05-19"})", 422)),
              ElementsAre("#/published_on audit.event_order"))
      << "nothing is disclosed before the list is published";
  EXPECT_THAT(complaints(town.publish(*town.filler, R"({"published_on": "2026-13-01"})", 422)),
              ElementsAre("#/published_on date.nonexistent"));
  EXPECT_TRUE(town.page().is_null());
  EXPECT_EQ(town.version(), 1) << "a refused publication leaves the draft as it was";
}

TEST_P(Disclosing, AfterTheStartItIsDisclosedLateAndTheCaseGoesOn) {
  Town town(GetParam());
  town.perform(*town.filler, "start");
  town.save(kWhole);
  town.api.run({.name = "late, but disclosed",
                .who = town.signatory,
                .method = "POST",
                .path = town.at + "/publish",
                .body = "{}",
                .actions = {"disclose_late"},
                .if_match = 1});
  EXPECT_EQ(town.audit().state, "started");
  EXPECT_EQ(town.audit().disclosed_on, Date(2026, 6, 1));
}

TEST_P(Disclosing, WhoFillsAndWhoPublishes) {
  Town town(GetParam());
  town.mandate();
  town.save(kWhole);
  town.api.run_all({
      {.name = "the enterprise fills and publishes",
       .who = town.filler,
       .path = town.at,
       .contains = {R"("allowed_actions":["edit","publish"])"}},
      {.name = "its consultancy fills only",
       .who = town.consultant,
       .path = town.at,
       .contains = {R"("allowed_actions":["edit"])"}},
      {.name = "and is refused when it tries",
       .who = town.consultant,
       .method = "POST",
       .path = town.at + "/publish",
       .body = "{}",
       .status = 403,
       .if_match = 1},
      {.name = "the office reads",
       .who = &town.officer,
       .path = town.at,
       .contains = {R"("allowed_actions":[])", "六价铬"}},
      {.name = "the office does not write it",
       .who = &town.officer,
       .method = "PUT",
       .path = town.at,
       .body = R"({"answers": {}})",
       .status = 403,
       .if_match = 1},
      {.name = "another enterprise does not see the draft",
       .who = town.stranger,
       .path = town.at,
       .status = 404,
       .absent = {"六价铬"}},
      {.name = "nor an office of another city", .who = &town.far_officer, .path = town.at, .status = 404},
      {.name = "nor anybody without logging in", .path = town.at, .status = 401},
  });
  EXPECT_TRUE(town.page().is_null());
  town.publish(*town.filler);
  town.advance("submitted");
  EXPECT_THAT(town.form().at("allowed_actions").as_array(), IsEmpty());
}

}  // namespace
}  // namespace qy::disclosure
