#include "regime/review/review.h"

#include <gtest/gtest.h>

#include "regime/audits/testing.h"
#include "regime/files/files.h"

namespace qy::review {
namespace {

using audits::testing::complaints;
using audits::testing::Plant;
using audits::testing::text_at;
using identity::Caller;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::UnorderedElementsAre;

// A trade without an indicator system, so that a test fills only what it is about.
const Plant kTailor{.industry = "1411", .tags = {}, .categories = {"local"}};

class Review : public ::testing::TestWithParam<std::string> {
 protected:
  struct Town : audits::testing::Town {
    explicit Town(const std::string& engine, const Plant& plant = kTailor)
        : audits::testing::Town(engine, {analysis::add_routes, review::add_routes}, plant) {
      static const bool filled = [] {
        Catalogue::global().add(analysis::analysis_messages());
        Catalogue::global().add(dossier::dossier_messages());
        Catalogue::global().add(review_messages());
        return true;
      }();
      (void)filled;
    }

    /// Everything a report needs, but not yet handed in.
    void make_ready() {
      advance("started");
      for (int year = 2023; year <= 2025; ++year) {
        put("electricity.bought", "1250000", year);
        put("water.fresh", "48000", year);
        put("material.input", "12.5", year, "material:面料");
        put("product.output", "310", year, "product:成衣");
      }
      option = write([&](Tx& tx) -> Result<analysis::OptionId> {
        const auto act = by(*filler);
        QY_TRY(const auto added, analysis::add_option(tx, premises, act, id,
                                                      {.title = "裁床变频",
                                                       .cost_class = "medium_or_high",
                                                       .origin = "equipment",
                                                       .planned = {{"investment", Decimal::of("12")}},
                                                       .planned_on = Date(2026, 10, 1)}));
        QY_CHECK(analysis::set_option_state(tx, premises, act, added, "feasible", {}, {}));
        const auto blob = files::store_blob(premises, "the report", "审核报告.txt");
        if (!blob) return blob.error();
        files::attach(
            tx, act,
            {.owner = {"audit", id.str()}, .province = "99", .kind = "report", .name = "审核报告.docx", .blob = *blob});
        return added;
      });
    }
    json::Object post(const Caller& who, const char* action, const std::string& body, int status = 200,
                      std::int64_t behind = 0) {
      return done(&who, "POST", path + "/" + action, body, status, audit().version - behind);
    }
    std::vector<std::string> obstacles() {
      std::vector<std::string> codes;
      for (const auto& one : list(filler, path + "/review", "obstacles"))
        codes.push_back(text_at(one.as_object(), "place") + " " + text_at(one.as_object(), "code"));
      return codes;
    }
    std::vector<figures::Edition> editions() {
      return read([&](Tx& tx) { return figures::editions_of(tx, {"audit", id.str()}); });
    }
    void set_option(const Caller& who, const char* state, std::map<std::string, Decimal> verified = {}) {
      write([&](Tx& tx) -> Result<bool> {
        QY_CHECK(analysis::set_option_state(tx, premises, by(who), option, state, premises.today(), verified));
        return true;
      });
    }
    const std::string password = R"("password": ")" + std::string(identity::testing::kPassword) + "\"";
    const std::string signed_report = R"({"truthful": true, )" + password + "}";
    analysis::OptionId option;
  };
};
INSTANTIATE_TEST_SUITE_P(Engines, Review, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(Review, EverythingThatIsOpenIsNamedWithItsPlace) {
  Town town(GetParam());
  town.perform(*town.filler, "start");
  EXPECT_THAT(town.obstacles(),
              IsSupersetOf({"disclosure gap.not_disclosed", "ledger gap.series.energy", "ledger gap.series.product",
                            "options gap.no_options", "dossier gap.no_report"}));
  const auto refused = town.post(*town.signatory, "submit", town.signed_report, 409);
  EXPECT_EQ(refused.at("code"), "review.not_ready");
  EXPECT_THAT(complaints(refused), IsSupersetOf({"#/disclosure gap.not_disclosed", "#/dossier gap.no_report"}));
  EXPECT_EQ(complaints(refused).size(), town.obstacles().size()) << "all at once";
  EXPECT_THAT(town.editions(), IsEmpty()) << "a refused report freezes nothing";
  EXPECT_EQ(town.audit().state, "started");
}

TEST_P(Review, AReportMadeBeforeTheLastChangeIsMadeAgainFirst) {
  Town town(GetParam());
  town.make_ready();
  const auto made = dossier::build_report(town.premises, *town.filler, town.id, dossier::Stage::evaluation);
  ASSERT_TRUE(made) << made.error().code;
  EXPECT_THAT(town.obstacles(), IsEmpty());
  town.api.run({.name = "what nobody wrote is told to the plant and to the office, and holds nothing back",
                .who = &town.officer,
                .path = town.path + "/review",
                .contains = {"dossier.section_empty"}});
  town.put("water.fresh", "47000", 2025);
  EXPECT_THAT(town.obstacles(), ElementsAre("dossier gap.report_stale"));
  const auto refused = town.post(*town.signatory, "submit", town.signed_report, 409);
  EXPECT_THAT(complaints(refused), ElementsAre("#/dossier gap.report_stale"));
  ASSERT_TRUE(dossier::build_report(town.premises, *town.filler, town.id, dossier::Stage::evaluation));
  town.post(*town.signatory, "submit", town.signed_report);
  EXPECT_THAT(town.obstacles(), IsEmpty()) << "what the department holds is not measured again";
}

TEST_P(Review, TheSignatorySubmitsAndAnEditionIsFrozen) {
  Town town(GetParam());
  town.make_ready();
  EXPECT_THAT(town.obstacles(), IsEmpty());
  EXPECT_THAT(complaints(town.post(*town.signatory, "submit", R"({"truthful": false, )" + town.password + "}", 422)),
              ElementsAre("#/truthful review.commitment"));
  town.post(*town.signatory, "submit", R"({"truthful": true, "password": "wrong"})", 422);
  town.post(*town.filler, "submit", town.signed_report, 403);
  town.post(town.officer, "submit", town.signed_report, 403);
  EXPECT_EQ(town.post(*town.signatory, "submit", town.signed_report, 412, 1).at("code"), "audit.stale");
  town.done(town.signatory, "POST", town.path + "/submit", town.signed_report, 428);
  EXPECT_THAT(town.editions(), IsEmpty()) << "none of them froze anything";

  town.api.run({.name = "the signatory does, with a password and a word of honour",
                .who = town.signatory,
                .method = "POST",
                .path = town.path + "/submit",
                .body = town.signed_report,
                .contains = {R"("state":"submitted")"},
                .actions = {"submit"},
                .if_match = town.audit().version});
  ASSERT_EQ(town.editions().size(), 1u);
  const auto edition = town.editions().front();
  EXPECT_EQ(edition.label, "submitted");
  const auto last = town.read([&](Tx& tx) { return db::actions_of(tx, {"audit", town.id.str()}); }).back();
  EXPECT_EQ(text_at(last.payload.as_object(), "root"), edition.root);
  EXPECT_EQ(text_at(last.payload.as_object(), "commitment"), "truthful");
  EXPECT_EQ(text_at(last.payload.as_object(), "report_hash").size(), 64u);

  town.done(town.filler, "PATCH", "/api/v1/figures/audit/" + town.id.str(),
            R"({"cells": [{"key": "water.fresh", "period": "2025", "value": {"kind": "number", "number": "1"}}]})",
            403);
  town.post(*town.signatory, "submit", town.signed_report, 409);
}

TEST_P(Review, TheOfficeReturnsWithReasonsAndTheNextEditionIsAnother) {
  Town town(GetParam());
  town.make_ready();
  town.post(*town.signatory, "submit", town.signed_report);
  EXPECT_THAT(complaints(town.post(town.officer, "return", "{}", 422)), ElementsAre("#/reason field.required"));
  town.post(*town.filler, "return", R"({"reason": "撤回"})", 403);
  town.post(town.industry_officer, "return", R"({"reason": "补充"})", 403);
  town.post(town.far_officer, "return", R"({"reason": "补充"})", 404);
  EXPECT_EQ(town.post(town.officer, "return", R"({"reason": "请补充水平衡"})").at("state"), "returned");
  town.put("water.fresh", "47000", 2025);
  town.post(*town.signatory, "submit", town.signed_report);
  const auto editions = town.editions();
  ASSERT_EQ(editions.size(), 2u);
  EXPECT_NE(editions[0].root, editions[1].root);
  const auto page = town.get(&town.officer, town.path + "/review");
  EXPECT_EQ(page.at("editions").as_array().size(), 2u);
  EXPECT_EQ(page.at("reports").as_array().size(), 1u);
}

TEST_P(Review, OutsideTheScopeTheReportIsFiledWithAReason) {
  Town town(GetParam());
  town.make_ready();
  town.post(*town.signatory, "submit", town.signed_report);
  const auto in_scope = town.get(&town.officer, town.path + "/review").at("always_evaluated").as_bool();
  EXPECT_FALSE(in_scope) << "the national rules leave this category to the office";
  EXPECT_THAT(complaints(town.post(town.officer, "file-report", "{}", 422)), ElementsAre("#/reason field.required"));
  town.post(*town.filler, "file-report", R"({"reason": "不评估"})", 403);
  town.post(town.industry_officer, "file-report", R"({"reason": "不评估"})", 403);
  EXPECT_EQ(town.post(town.officer, "file-report", R"({"reason": "不属于应当评估的范围"})").at("state"),
            "report_filed");
  town.post(town.officer, "file-report", R"({"reason": "再次"})", 409);
}

TEST_P(Review, AcceptanceIsAskedForWhenEveryOptionIsVerifiedOrDropped) {
  Town town(GetParam());
  town.make_ready();
  town.advance("implementing");
  const std::string ask = "{" + town.password + "}";
  auto refused = town.post(*town.signatory, "request-acceptance", ask, 409);
  EXPECT_EQ(refused.at("code"), "review.options_open");
  EXPECT_THAT(complaints(refused), ElementsAre("#/options review.option_open"));
  EXPECT_THAT(json::dump(refused), HasSubstr("裁床变频"));
  town.set_option(*town.filler, "implemented");
  town.post(*town.signatory, "request-acceptance", ask, 409);
  town.set_option(town.officer, "verified", {{"investment", Decimal::of("12.6")}});
  town.post(*town.filler, "request-acceptance", ask, 403);
  EXPECT_THAT(town.editions(), IsEmpty());
  EXPECT_EQ(town.post(*town.signatory, "request-acceptance", ask).at("state"), "acceptance_requested");
  ASSERT_EQ(town.editions().size(), 1u);
  EXPECT_EQ(town.editions().front().label, "implemented");
  EXPECT_EQ(town.post(town.officer, "return", R"({"reason": "请补充监测报告"})").at("state"), "implementing");
}

TEST_P(Review, AFailedCaseIsOpenAgainForTheAuditThatIsToBeRedone) {
  Town town(GetParam());
  town.make_ready();
  town.advance("accepting");
  town.perform(town.chief, "conclude_failed", "效果没有达到");
  EXPECT_EQ(town.audit().state, "failed");
  town.done(town.filler, "PATCH", "/api/v1/figures/audit/" + town.id.str(),
            R"({"cells": [{"key": "water.fresh", "period": "2025", "value": {"kind": "number", "number": "46000"}}]})");
  EXPECT_EQ(town.post(*town.signatory, "submit", town.signed_report).at("state"), "submitted");
}

TEST_P(Review, WhereBothStepsAreOneTheReportFollowsTheOptions) {
  auto plant = kTailor;
  plant.jurisdiction = "CN-37";
  Town town(GetParam(), plant);
  town.make_ready();
  EXPECT_THAT(town.obstacles(), ElementsAre("options review.option_open"));
  town.post(*town.signatory, "submit", town.signed_report, 409);
  town.set_option(*town.filler, "implemented");
  town.set_option(town.officer, "verified", {{"investment", Decimal::of("12")}});
  EXPECT_THAT(town.obstacles(), IsEmpty());
  EXPECT_EQ(town.post(*town.signatory, "submit", town.signed_report).at("state"), "submitted");
}

TEST_P(Review, WhoReadsTheReview) {
  Town town(GetParam());
  town.api.run_all({
      {.name = "the enterprise", .who = town.filler, .path = town.path + "/review", .contains = {"obstacles"}},
      {.name = "the office", .who = &town.county, .path = town.path + "/review"},
      {.name = "another line", .who = &town.industry_officer, .path = town.path + "/review"},
      {.name = "not another city", .who = &town.far_officer, .path = town.path + "/review", .status = 404},
      {.name = "not another enterprise", .who = town.stranger, .path = town.path + "/review", .status = 404},
      {.name = "not a consultancy without a mandate",
       .who = town.consultant,
       .path = town.path + "/review",
       .status = 404},
  });
}

}  // namespace
}  // namespace qy::review
