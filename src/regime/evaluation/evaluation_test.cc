#include "regime/evaluation/evaluation.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "regime/audits/testing.h"
#include "regime/messages/messages.h"

namespace qy::evaluation {
namespace {

using audits::testing::complaints;
using audits::testing::Plant;
using audits::testing::text_at;
using identity::Caller;
using identity::Party;
using identity::Role;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Evaluation : public ::testing::TestWithParam<std::string> {
 protected:
  struct Town : audits::testing::Town {
    explicit Town(const std::string& engine, const Plant& plant = {})
        : audits::testing::Town(engine, {evaluation::add_routes}, plant) {
      static const bool filled = [] {
        Catalogue::global().add(evaluation_messages());
        return true;
      }();
      (void)filled;
      for (const auto& [name, employer] : std::vector<std::pair<std::string, std::string>>{
               {"周工", "岭南工学院"}, {"吴工", "岭南设计院"}, {"郑工", "岭南大学"}})
        experts.push_back(add_expert(name, employer));
      for (std::size_t i = 0; i < experts.size(); ++i)
        seats.push_back(&world.member(Party::expert, experts[i],
                                      i == 0   ? "周工"
                                      : i == 1 ? "吴工"
                                               : "郑工",
                                      Role::expert, "990000"));
    }

    std::string add_expert(const std::string& name, const std::string& employer, bool active = true) {
      return write([&](Tx& tx) {
               return registry::add_party(
                   tx, *premises.rules, by(chief),
                   {.kind = Party::expert, .name = name, .region = "990000", .employer = employer, .active = active});
             })
          .str();
    }
    /// The report is in, with the edition that panels judge.
    void submitted() {
      advance("submitted");
      freeze("submitted");
    }
    void freeze(const char* label) {
      write([&](Tx& tx) -> Result<bool> {
        figures::freeze_edition(tx, by(*signatory), {"audit", id.str()}, "99", label);
        return true;
      });
    }
    /// Codes of what the experts of a panel were told.
    std::vector<std::string> told(const std::string& panel) {
      return read([&](Tx& tx) {
        std::vector<std::string> codes;
        for (const auto& one : messages::messages_about(tx, {"panel", panel}))
          if (one.party == Party::expert) codes.push_back(one.code);
        return codes;
      });
    }
    std::string body(const std::string& kind, const std::vector<std::string>& who) {
      return R"({"kind": ")" + kind + R"(", "experts": [")" + join(who, "\", \"") + "\"]}";
    }
    std::string open(const std::string& kind = "evaluation", std::size_t count = 2) {
      const auto made = done(&officer, "POST", path + "/panels",
                             body(kind, {experts.begin(), experts.begin() + static_cast<std::ptrdiff_t>(count)}), 201);
      return text_at(made, "id");
    }
    static std::string at(const std::string& panel) { return "/api/v1/panels/" + panel; }

    /// A whole sheet that loses `lost` points on the table's heaviest items, each with a reason.
    json::Object sheet(const std::string& table_id, Decimal lost, const std::string& comment,
                       const std::string& veto = "") {
      const auto& table = *premises.rules->find_scoring_table(table_id);
      json::Object items, vetoes;
      for (const auto& item : table.items) {
        const auto off = lost < item.max ? lost : item.max;
        lost = lost - off;
        items[item.code] = json::Object{{"points", (item.max - off).str()}};
        if (!off.is_zero()) items[item.code].as_object()["reason"] = "证明材料不足";
      }
      for (const auto& one : table.vetoes) {
        vetoes[one.code] = json::Object{{"found", one.code == veto}};
        if (one.code == veto) vetoes[one.code].as_object()["reason"] = "监测报告系伪造";
      }
      return {{"items", items}, {"vetoes", vetoes}, {"comment", comment}};
    }
    std::int64_t sheet_version(const Caller& who, const std::string& panel) {
      for (const auto& one : list(&who, at(panel), "members"))
        if (one.at("mine").as_bool()) return one.at("version").as_int64();
      return 0;
    }
    json::Object save(std::size_t seat, const std::string& panel, const json::Object& what, int status = 200) {
      return done(seats[seat], "PUT", at(panel) + "/sheet", json::dump(what), status,
                  sheet_version(*seats[seat], panel));
    }
    json::Object submit(std::size_t seat, const std::string& panel, int status = 200) {
      return done(seats[seat], "POST", at(panel) + "/submit", password, status);
    }
    void score(std::size_t seat, const std::string& panel, const std::string& table, const char* lost,
               const std::string& veto = "") {
      save(seat, panel, sheet(table, Decimal::of(lost), "总体意见" + std::to_string(seat), veto));
      submit(seat, panel);
    }
    json::Object conclude(const Caller& who, const std::string& panel, const std::string& more = "", int status = 200) {
      return done(&who, "POST", at(panel) + "/conclude",
                  R"({"opinion": "经专家组评审", "password": ")" + std::string(identity::testing::kPassword) + "\"" +
                      more + "}",
                  status, get(&officer, at(panel)).at("version").as_int64());
    }
    const std::string password = R"({"password": ")" + std::string(identity::testing::kPassword) + "\"}";
    std::vector<std::string> experts;
    std::vector<const Caller*> seats;
  };
};
INSTANTIATE_TEST_SUITE_P(Engines, Evaluation, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(Evaluation, APanelHasTwoExpertsWithoutAnInterestInTheCase) {
  Town town(GetParam());
  town.mandate();
  const auto of_plant = town.add_expert("冯工", std::string(" ") + audits::testing::Town::kName);
  const auto of_firm = town.add_expert("陈工", audits::testing::Town::kFirm);
  const auto retired = town.add_expert("褚工", "岭南工学院", false);
  EXPECT_EQ(town.done(&town.officer, "POST", town.path + "/panels", town.body("evaluation", {town.experts[0]}), 409)
                .at("code"),
            "evaluation.no_edition");
  town.submitted();
  const auto refused = [&](const std::vector<std::string>& who) {
    return complaints(town.done(&town.officer, "POST", town.path + "/panels", town.body("evaluation", who), 422));
  };
  EXPECT_THAT(refused({town.experts[0]}), ElementsAre("#/experts evaluation.too_few"));
  EXPECT_THAT(refused({town.experts[0], town.experts[0]}), ElementsAre("#/experts evaluation.too_few"))
      << "one expert named twice is one";
  EXPECT_THAT(refused({of_plant, of_firm, retired, town.enterprise.str(), "nobody"}),
              UnorderedElementsAre("#/experts/0 evaluation.conflict", "#/experts/1 evaluation.conflict",
                                   "#/experts/2 evaluation.expert_unknown", "#/experts/3 evaluation.expert_unknown",
                                   "#/experts/4 evaluation.expert_unknown"));
  EXPECT_EQ(town.audit().state, "submitted") << "a refused panel moves nothing";
  EXPECT_THAT(town.list(&town.officer, town.path + "/panels"), IsEmpty());

  const auto whole = town.body("evaluation", {town.experts[0], town.experts[1]});
  town.api.run_all({
      {.name = "the enterprise opens no panel and learns nothing about experts",
       .who = town.signatory,
       .method = "POST",
       .path = town.path + "/panels",
       .body = town.body("evaluation", {of_firm, town.experts[0]}),
       .status = 403,
       .absent = {"陈工", "evaluation.conflict"}},
      {.name = "an office of another line does not",
       .who = &town.industry_officer,
       .method = "POST",
       .path = town.path + "/panels",
       .body = whole,
       .status = 403},
      {.name = "another city finds no case",
       .who = &town.far_officer,
       .method = "POST",
       .path = town.path + "/panels",
       .body = whole,
       .status = 404},
      {.name = "candidates are the leading office's to see",
       .who = town.signatory,
       .path = town.path + "/expert-candidates",
       .status = 403,
       .absent = {"周工"}},
      {.name = "with what stands against each",
       .who = &town.officer,
       .path = town.path + "/expert-candidates",
       .contains = {"周工", R"("conflict":"云溪明洁电镀有限公司")", R"("conflict":"清泉咨询有限公司")"},
       .absent = {"褚工"}},
      {.name = "an acceptance is not opened before it is asked for",
       .who = &town.officer,
       .method = "POST",
       .path = town.path + "/panels",
       .body = town.body("acceptance", {town.experts[0], town.experts[1]}),
       .status = 409},
      {.name = "the leading office opens the evaluation",
       .who = &town.officer,
       .method = "POST",
       .path = town.path + "/panels",
       .body = whole,
       .status = 201,
       .contains = {R"("state":"scoring")", "周工"},
       .actions = {"open_evaluation", "open"}},
  });
  EXPECT_EQ(town.audit().state, "evaluating");
  town.api.run({.name = "the experts may now read the case", .who = town.seats[0], .path = town.path});
  town.api.run({.name = "others may not", .who = town.seats[2], .path = town.path, .status = 404});
}

TEST_P(Evaluation, ABodyThatEvaluatesDoesNotConsult) {
  Town town(GetParam());
  town.write([&](Tx& tx) {
    return registry::add_party(
        tx, *town.premises.rules, town.by(town.chief),
        {.kind = Party::evaluation_body, .name = audits::testing::Town::kFirm, .region = "990100"});
  });
  const auto refused = town.done(
      town.signatory, "POST", town.path + "/mandates",
      R"({"consultancy": ")" + town.consultancy.str() + R"(", "from": "2026-06-01", "to": "2027-06-01"})", 422);
  EXPECT_THAT(complaints(refused), ElementsAre("#/consultancy audit.consultancy_evaluates"));
  town.api.run({.name = "so it sees nothing of the case", .who = town.consultant, .path = town.path, .status = 404});
}

TEST_P(Evaluation, ASheetIsCompleteWithReasonsBeforeItIsHandedIn) {
  Town town(GetParam());
  town.submitted();
  const auto panel = town.open();
  EXPECT_THAT(
      complaints(town.save(0, panel,
                           {{"items", json::Object{{"1.1", json::Object{{"points", "3.5"}}},
                                                   {"1.2", json::Object{{"points", "-1"}}},
                                                   {"9.9", json::Object{{"points", "1"}}}}},
                            {"vetoes", json::Object{{"V9", json::Object{{"found", true}}}}}},
                           422)),
      UnorderedElementsAre("#/items/1.1/points evaluation.points_range", "#/items/1.2/points evaluation.points_range",
                           "#/items/9.9 evaluation.item_unknown", "#/vetoes/V9 evaluation.item_unknown"));
  auto half = town.sheet("evaluation-2018", Decimal(0), "");
  half["items"].as_object().erase("1.2");
  half["items"].as_object()["1.1"] = json::Object{{"points", "2.5"}};
  town.save(0, panel, half);
  EXPECT_THAT(complaints(town.submit(0, panel, 422)),
              UnorderedElementsAre("#/items/1.1/reason evaluation.reason_missing",
                                   "#/items/1.2 evaluation.item_missing", "#/comment evaluation.comment_missing"));
  EXPECT_EQ(town.done(town.seats[0], "PUT", town.at(panel) + "/sheet", json::dump(half), 412, 9).at("code"),
            "evaluation.stale");
  town.done(town.seats[0], "PUT", town.at(panel) + "/sheet", json::dump(half), 428);
  town.save(0, panel, town.sheet("evaluation-2018", Decimal::of("2.5"), "可行"));
  town.done(town.seats[0], "POST", town.at(panel) + "/submit", R"({"password": "wrong"})", 422);
  town.api.run({.name = "handing in is recorded without what it says",
                .who = town.seats[0],
                .method = "POST",
                .path = town.at(panel) + "/submit",
                .body = town.password,
                .contains = {R"("total":"97.5")"},
                .actions = {"score"}});
  const auto chain = town.read([&](Tx& tx) { return db::actions_of(tx, {"panel", panel}); });
  EXPECT_EQ(text_at(chain.back().payload.as_object(), "sheet").size(), 64u);
  EXPECT_THAT(json::dump(chain.back().payload), ::testing::Not(::testing::HasSubstr("可行")));
  town.submit(0, panel, 409);
  EXPECT_EQ(town.done(town.seats[0], "PUT", town.at(panel) + "/sheet", json::dump(half), 409, 3).at("code"),
            "evaluation.submitted");
  for (const auto* who : {&town.officer, &town.chief, town.signatory, town.seats[2]})
    town.done(who, "PUT", town.at(panel) + "/sheet", json::dump(half), 404, 1);
}

TEST_P(Evaluation, NobodySeesAnothersSheetBeforeScoringIsOver) {
  Town town(GetParam());
  town.submitted();
  const auto panel = town.open();
  town.save(1, panel, town.sheet("evaluation-2018", Decimal(1), "第二位的草稿"));
  town.score(0, panel, "evaluation-2018", "1");
  const auto at = town.at(panel);
  const std::vector<std::string> blind = {"总体意见0", "第二位的草稿", "证明材料不足", "\"points\"", "\"total\""};
  town.api.run_all({
      {.name = "the leading office learns who has handed in, not what",
       .who = &town.officer,
       .path = at,
       .contains = {"周工", R"("state":"submitted")", R"("state":"invited")"},
       .absent = blind},
      {.name = "nor its chief", .who = &town.chief, .path = at, .absent = blind},
      {.name = "nor in the list of panels",
       .who = &town.chief,
       .path = "/api/v1/panels",
       .absent = {"总体意见0", "第二位的草稿", "\"points\""}},
      {.name = "nor on the case", .who = &town.chief, .path = town.path + "/panels", .absent = blind},
      {.name = "the first expert sees only the own sheet",
       .who = town.seats[0],
       .path = at,
       .contains = {"总体意见0"},
       .absent = {"第二位的草稿", "吴工"}},
      {.name = "the second expert sees only the own draft",
       .who = town.seats[1],
       .path = at,
       .contains = {"第二位的草稿"},
       .absent = {"总体意见0", "周工"}},
      {.name = "nor in the own list",
       .who = town.seats[1],
       .path = "/api/v1/panels",
       .contains = {panel},
       .absent = {"总体意见0", "周工"}},
      {.name = "an expert who does not sit finds nothing", .who = town.seats[2], .path = at, .status = 404},
      {.name = "the enterprise finds nothing", .who = town.signatory, .path = at, .status = 404},
      {.name = "not even that there is a panel",
       .who = town.signatory,
       .path = town.path + "/panels",
       .contains = {R"("items":[])"},
       .absent = {"周工", panel}},
      {.name = "another line of the city finds nothing", .who = &town.industry_officer, .path = at, .status = 404},
      {.name = "another city finds nothing", .who = &town.far_officer, .path = at, .status = 404},
      {.name = "the case's log tells nothing of it",
       .who = town.signatory,
       .path = town.path + "/log",
       .absent = {"总体意见0", "证明材料不足"}},
      {.name = "nobody concludes yet",
       .who = &town.chief,
       .method = "POST",
       .path = at + "/conclude",
       .body = R"({"opinion": "同意", "password": ")" + std::string(identity::testing::kPassword) + "\"}",
       .status = 409,
       .if_match = 1},
  });
  town.submit(1, panel);
  town.api.run_all({
      {.name = "when all are in the office reads them, and how sure the table is",
       .who = &town.officer,
       .path = at,
       .contains = {"总体意见0", "第二位的草稿", R"("total":"99.00")",
                    R"x(Evaluation scoring table (unofficial template)"},"mark":"hint")x"}},
      {.name = "and so do those who sat", .who = town.seats[0], .path = at, .contains = {"第二位的草稿", "吴工"}},
      {.name = "the enterprise still waits for the conclusion", .who = town.signatory, .path = at, .status = 404},
  });
  town.conclude(town.chief, panel);
  town.api.run({.name = "it learns the conclusion and no sheet, name or reason",
                .who = town.signatory,
                .path = at,
                .contains = {R"("result":"proceed")", R"("total":"99.00")", "经专家组评审"},
                .absent = {"总体意见0", "第二位的草稿", "证明材料不足", "周工", "members"}});
}

TEST_P(Evaluation, ATotalFallsIntoTheBandThePackNamesWithItsMark) {
  struct Row {
    const char* name;
    const char* lost[2];
    const char* total;
    const char* result;
    const char* mark;
    const char* state;
  };
  // Limits at 70 and 90 of the unofficial table: above 90 proceeds, 70 and 90 themselves are supplemented.
  const Row rows[] = {
      {"exactly 90 is supplemented", {"10", "10"}, "90", "supplement", "hint", "supplement"},
      {"a hundredth above 90 proceeds", {"9.98", "10"}, "90.01", "proceed", "hint", "implementing"},
      {"less than half a hundredth above is 90", {"9.992", "10"}, "90", "supplement", "hint", "supplement"},
      {"exactly 70 is supplemented", {"30", "30"}, "70", "supplement", "hint", "supplement"},
      {"a hundredth below 70 is redone", {"30.02", "30"}, "69.99", "redo", "memory", "redo"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Town town(GetParam());
    town.submitted();
    const auto panel = town.open();
    for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, panel, "evaluation-2018", row.lost[seat]);
    const auto outcome = town.get(&town.officer, town.at(panel)).at("outcome").as_object();
    EXPECT_EQ(Decimal::of(text_at(outcome, "total")), Decimal::of(row.total));
    EXPECT_EQ(text_at(outcome, "result"), row.result);
    EXPECT_EQ(text_at(outcome, "mark"), row.mark);
    EXPECT_EQ(text_at(town.conclude(town.chief, panel), "result"), row.result);
    EXPECT_EQ(town.audit().state, row.state);
  }
}

TEST(Outcome, TakesTheSheetsTogetherAsTheTableSays) {
  struct Row {
    const char* name;
    const char* aggregation;
    std::vector<const char*> totals;
    const char* total;
    bool trimmed;
  };
  const Row rows[] = {
      {"the plain mean keeps all", "mean", {"60", "90", "90", "91", "99"}, "86", false},
      {"one highest and one lowest are left out", "trimmed_mean", {"91", "60", "99", "90", "90"}, "90.33", true},
      {"of equal ones only one", "trimmed_mean", {"90", "90", "90", "99", "99"}, "93", true},
      {"too few sheets: the plain mean", "trimmed_mean", {"60", "90", "90", "99"}, "84.75", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    rules::ScoringTable table;
    table.aggregation = row.aggregation;
    table.trim_from = 5;
    table.items.push_back({.code = "1", .max = Decimal(100)});
    Panel panel;
    // Who stepped back counts in nothing.
    panel.members.push_back({.state = "recused", .sheet = {.items = {{"1", {Decimal(0), ""}}}}});
    for (const auto* total : row.totals)
      panel.members.push_back({.state = "submitted", .sheet = {.items = {{"1", {Decimal::of(total), ""}}}}});
    const auto outcome = outcome_of(table, panel);
    EXPECT_EQ(outcome.total, Decimal::of(row.total));
    EXPECT_EQ(outcome.trimmed, row.trimmed);
  }
}

TEST_P(Evaluation, AcceptancePassesAtSixtyUnlessOneExpertFindsAVeto) {
  struct Row {
    const char* name;
    const char* lost;
    const char* veto;
    const char* result;
    const char* state;
  };
  const Row rows[] = {{"exactly 60 passes", "40", "", "accepted", "accepted"},
                      {"a hundredth below 60 fails", "40.01", "", "failed", "failed"},
                      {"full points and one veto fail", "0", "first", "failed", "failed"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Town town(GetParam());
    town.advance("acceptance_requested");
    town.freeze("implemented");
    const auto panel = town.open("acceptance");
    const auto& vetoes = town.premises.rules->find_scoring_table("acceptance-2018")->vetoes;
    ASSERT_FALSE(vetoes.empty());
    town.score(0, panel, "acceptance-2018", row.lost, *row.veto ? vetoes[0].code : "");
    town.score(1, panel, "acceptance-2018", row.lost);
    const auto outcome = town.get(&town.officer, town.at(panel)).at("outcome").as_object();
    EXPECT_EQ(text_at(outcome, "result"), row.result);
    EXPECT_EQ(outcome.at("vetoes").as_array().size(), *row.veto ? 1u : 0u);
    if (std::string(row.result) == "accepted") {
      EXPECT_THAT(complaints(town.conclude(town.chief, panel, "", 422)),
                  ElementsAre("#/level evaluation.level_missing"));
      EXPECT_EQ(text_at(town.conclude(town.chief, panel, R"(, "level": "II")"), "level"), "II");
      EXPECT_EQ(town.audit().level, "II");
      EXPECT_EQ(town.audit().accepted_on, Date(2026, 6, 1));
    } else {
      const auto after = town.conclude(town.chief, panel, R"(, "level": "I")");
      EXPECT_TRUE(after.at("level").is_null()) << "who fails is given no level";
      EXPECT_EQ(town.audit().level, std::nullopt);
    }
    EXPECT_EQ(town.audit().state, row.state);
  }
}

TEST_P(Evaluation, OnlyTheChiefConcludesOnceAtTheVersionSeen) {
  Town town(GetParam());
  town.submitted();
  const auto panel = town.open();
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, panel, "evaluation-2018", "0");
  town.conclude(town.officer, panel, "", 403);
  const std::string body = R"({"opinion": "同意", "password": ")" + std::string(identity::testing::kPassword) + "\"}";
  EXPECT_EQ(town.done(&town.chief, "POST", town.at(panel) + "/conclude", body, 412, 1).at("code"), "evaluation.stale");
  EXPECT_THAT(complaints(town.done(&town.chief, "POST", town.at(panel) + "/conclude",
                                   R"({"opinion": " ", "password": "x"})", 422, 2)),
              ElementsAre("#/opinion field.required"));
  town.done(town.seats[0], "POST", town.at(panel) + "/conclude", body, 403, 2);
  town.api.run({.name = "the chief concludes, and the case moves in the same breath",
                .who = &town.chief,
                .method = "POST",
                .path = town.at(panel) + "/conclude",
                .body = body,
                .contains = {R"("state":"concluded")", R"("allowed_actions":[])"},
                .actions = {"conclude_proceed", "conclude"},
                .if_match = 2});
  town.conclude(town.chief, panel, "", 409);
}

TEST_P(Evaluation, ASupplementIsCheckedByTheChiefBeforeTheOptionsProceed) {
  Town town(GetParam());
  town.submitted();
  const auto confirm = [&](const Caller& who, int status) {
    return town.done(&who, "POST", town.path + "/confirm-supplement", town.password, status);
  };
  EXPECT_EQ(confirm(town.chief, 409).at("code"), "evaluation.no_supplement") << "before any evaluation";
  const auto panel = town.open();
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, panel, "evaluation-2018", "15");
  town.conclude(town.chief, panel);
  EXPECT_EQ(town.audit().state, "supplement");
  confirm(town.chief, 409);
  town.perform(*town.signatory, "submit");
  town.freeze("submitted");
  town.api.run({.name = "the officer is not offered it",
                .who = &town.officer,
                .path = town.path + "/panels",
                .absent = {"confirm_supplement"}});
  town.api.run({.name = "the chief is",
                .who = &town.chief,
                .path = town.path + "/panels",
                .contains = {"confirm_supplement", "open_evaluation"}});
  confirm(town.officer, 403);
  confirm(*town.signatory, 403);
  confirm(town.far_officer, 404);
  EXPECT_EQ(text_at(confirm(town.chief, 200), "state"), "implementing");
  const auto last = town.read([&](Tx& tx) { return db::actions_of(tx, {"audit", town.id.str()}); }).back();
  EXPECT_EQ(last.name, "confirm_supplement");
  EXPECT_EQ(text_at(last.payload.as_object(), "panel"), panel);
  EXPECT_EQ(text_at(last.payload.as_object(), "root").size(), 64u) << "it names the edition that was checked";
  confirm(town.chief, 409);
}

TEST_P(Evaluation, AnAuditToBeRedoneIsEvaluatedAnew) {
  Town town(GetParam());
  town.submitted();
  const auto first = town.open();
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, first, "evaluation-2018", "40");
  town.conclude(town.chief, first);
  EXPECT_EQ(town.audit().state, "redo");
  EXPECT_EQ(town.audit().evaluated_on, std::nullopt) << "no clock starts from an evaluation that asks for another";
  town.perform(*town.signatory, "submit");
  EXPECT_EQ(town.done(&town.chief, "POST", town.path + "/confirm-supplement", town.password, 409).at("code"),
            "evaluation.no_supplement");
  const auto second = town.open();
  EXPECT_NE(first, second);
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, second, "evaluation-2018", "0");
  town.conclude(town.chief, second);
  EXPECT_EQ(town.audit().state, "implementing");
  EXPECT_EQ(town.list(&town.officer, town.path + "/panels").size(), 2u);
}

TEST_P(Evaluation, AnExpertStepsBackWhenEnoughRemain) {
  Town town(GetParam());
  town.submitted();
  const auto panel = town.open("evaluation", 3);
  const auto recuse = [&](const Caller& who, const std::string& expert, int status,
                          const char* reason = "曾任该厂顾问") {
    return town.done(&who, "POST", town.at(panel) + "/recuse",
                     R"({"reason": ")" + std::string(reason) + "\"" +
                         (expert.empty() ? "" : R"(, "expert": ")" + expert + "\"") + "}",
                     status);
  };
  EXPECT_THAT(complaints(recuse(*town.seats[2], "", 422, " ")), ElementsAre("#/reason field.required"));
  EXPECT_THAT(complaints(recuse(town.officer, "nobody", 422)), ElementsAre("#/expert evaluation.expert_unknown"));
  recuse(*town.signatory, town.experts[2], 404);
  recuse(*town.seats[2], town.experts[0], 204);
  EXPECT_EQ(town.list(&town.officer, town.at(panel), "members").at(2).at("state"), "recused")
      << "an expert steps back for nobody but the own seat";
  town.api.run_all({
      {.name = "who stepped back sees neither panel", .who = town.seats[2], .path = town.at(panel), .status = 404},
      {.name = "nor case", .who = town.seats[2], .path = town.path, .status = 404},
  });
  EXPECT_THAT(complaints(recuse(town.officer, town.experts[0], 422)), ElementsAre("#/expert evaluation.too_few"));
  town.score(0, panel, "evaluation-2018", "0");
  recuse(*town.seats[0], "", 409);
  town.score(1, panel, "evaluation-2018", "1");
  EXPECT_EQ(text_at(town.get(&town.officer, town.at(panel)).at("outcome").as_object(), "total"), "99.50")
      << "of the two who remained";
}

TEST_P(Evaluation, TheLeadingOfficeAddsAnExpertSoThatAnotherMayStepBack) {
  Town town(GetParam());
  town.mandate();
  const auto of_firm = town.add_expert("陈工", audits::testing::Town::kFirm);
  town.submitted();
  const auto panel = town.open();
  const auto invite = [&](const Caller& who, const std::string& expert, int status) {
    return town.done(&who, "POST", town.at(panel) + "/members", R"({"expert": ")" + expert + "\"}", status);
  };
  town.done(town.seats[0], "POST", town.at(panel) + "/recuse", R"({"reason": "近亲在该厂任职"})", 422);
  invite(*town.signatory, town.experts[2], 404);
  invite(*town.seats[0], town.experts[2], 403);
  EXPECT_THAT(complaints(invite(town.officer, of_firm, 422)), ElementsAre("#/expert evaluation.conflict"));
  EXPECT_THAT(complaints(invite(town.officer, "nobody", 422)), ElementsAre("#/expert evaluation.expert_unknown"));
  EXPECT_THAT(complaints(invite(town.officer, town.experts[1], 422)),
              ElementsAre("#/expert evaluation.member_already"));
  town.score(1, panel, "evaluation-2018", "0");
  town.api.run({.name = "the officer adds the third",
                .who = &town.officer,
                .method = "POST",
                .path = town.at(panel) + "/members",
                .body = R"({"expert": ")" + town.experts[2] + "\"}",
                .status = 201,
                .contains = {"郑工", "\"invite\""},
                .absent = {"总体意见1"},
                .actions = {"invite"}});
  town.done(town.seats[0], "POST", town.at(panel) + "/recuse", R"({"reason": "近亲在该厂任职"})", 204);
  EXPECT_EQ(text_at(town.get(&town.officer, town.at(panel)), "state"), "scoring");
  EXPECT_THAT(complaints(invite(town.officer, town.experts[0], 422)), ElementsAre("#/expert evaluation.member_already"))
      << "who stepped back does not come back";
  town.score(2, panel, "evaluation-2018", "2");
  EXPECT_EQ(text_at(town.get(&town.officer, town.at(panel)), "state"), "scored");
  invite(town.officer, town.experts[2], 409);
}

TEST_P(Evaluation, TheChiefReopensScoringAndEverySheetGoesBackToItsExpert) {
  Town town(GetParam());
  town.submitted();
  const auto panel = town.open();
  const auto at = town.at(panel);
  const std::string why = R"({"reason": "两位专家对水平衡的口径不一致"})";
  EXPECT_EQ(town.done(&town.chief, "POST", at + "/reopen", why, 409, 1).at("code"), "procedure.wrong_state")
      << "while scoring lasts there is nothing to reopen";
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, panel, "evaluation-2018", seat ? "30" : "10");
  EXPECT_THAT(complaints(town.done(&town.chief, "POST", at + "/reopen", R"({"reason": " "})", 422, 2)),
              ElementsAre("#/reason field.required"));
  EXPECT_EQ(town.done(&town.chief, "POST", at + "/reopen", why, 412, 1).at("code"), "evaluation.stale");
  town.api.run_all({
      {.name = "the officer does not reopen",
       .who = &town.officer,
       .method = "POST",
       .path = at + "/reopen",
       .body = why,
       .status = 403,
       .contains = {"procedure.wrong_actor"},
       .if_match = 2},
      {.name = "nor an expert",
       .who = town.seats[0],
       .method = "POST",
       .path = at + "/reopen",
       .body = why,
       .status = 403,
       .contains = {"evaluation.lead_only"},
       .if_match = 2},
      {.name = "the enterprise knows of no panel",
       .who = town.signatory,
       .method = "POST",
       .path = at + "/reopen",
       .body = why,
       .status = 404,
       .if_match = 2},
      {.name = "nor does another city",
       .who = &town.far_officer,
       .method = "POST",
       .path = at + "/reopen",
       .body = why,
       .status = 404,
       .if_match = 2},
      {.name = "the chief does, and the sheets are blind again",
       .who = &town.chief,
       .method = "POST",
       .path = at + "/reopen",
       .body = why,
       .contains = {R"("state":"scoring")", "两位专家对水平衡的口径不一致", R"("state":"invited")"},
       .absent = {"总体意见0", "\"points\"", "\"outcome\""},
       .actions = {"reopen_scoring"},
       .if_match = 2},
      {.name = "the expert finds the own sheet as it was, why, and may change it",
       .who = town.seats[0],
       .path = at,
       .contains = {"总体意见0", "两位专家对水平衡的口径不一致", "\"score\""},
       .absent = {"总体意见1", "吴工"}},
  });
  EXPECT_THAT(town.told(panel), ElementsAre("message.panel_reopened", "message.panel_reopened")) << "each expert";
  EXPECT_EQ(town.audit().state, "evaluating") << "the case stays where it was";
  const auto last = town.read([&](Tx& tx) { return db::actions_of(tx, {"panel", panel}); }).back();
  EXPECT_EQ(text_at(last.payload.as_object(), "total"), "80.00") << "the log keeps the total that did not stand";
  town.conclude(town.chief, panel, "", 409);
  town.submit(0, panel);
  EXPECT_EQ(text_at(town.get(&town.officer, at), "state"), "scoring") << "the other sheet is out";
  town.score(1, panel, "evaluation-2018", "12");
  EXPECT_EQ(text_at(town.get(&town.officer, at).at("outcome").as_object(), "total"), "89.00");
  town.conclude(town.chief, panel);
  town.done(&town.chief, "POST", at + "/reopen", why, 409, 5);
  town.api.run({.name = "the enterprise learns the conclusion, not the way to it",
                .who = town.signatory,
                .path = at,
                .contains = {R"("result":"supplement")"},
                .absent = {"两位专家对水平衡的口径不一致"}});
}

TEST_P(Evaluation, ADissolvedPanelLeavesTheCaseWhereAnotherMayBeFormed) {
  Town town(GetParam());
  town.submitted();
  const auto panel = town.open();
  const auto at = town.at(panel);
  town.score(0, panel, "evaluation-2018", "10");
  const std::string why = R"({"reason": "吴工与企业负责人系近亲属"})";
  town.done(&town.officer, "POST", at + "/dissolve", why, 403, 1);
  town.done(town.seats[0], "POST", at + "/dissolve", why, 403, 1);
  town.done(town.signatory, "POST", at + "/dissolve", why, 404, 1);
  town.done(&town.industry_officer, "POST", at + "/dissolve", why, 404, 1);
  EXPECT_THAT(complaints(town.done(&town.chief, "POST", at + "/dissolve", "{}", 422, 1)),
              ElementsAre("#/reason field.required"));
  EXPECT_EQ(town.audit().state, "evaluating") << "who may not moves nothing";
  town.api.run_all({
      {.name = "the chief dissolves it, and the sheet that was in stays unseen",
       .who = &town.chief,
       .method = "POST",
       .path = at + "/dissolve",
       .body = why,
       .contains = {R"("state":"dissolved")", R"("allowed_actions":[])", "吴工与企业负责人系近亲属"},
       .absent = {"总体意见0", "\"points\""},
       .actions = {"dissolve_evaluation", "dissolve"},
       .if_match = 1},
      {.name = "an expert keeps the own sheet",
       .who = town.seats[0],
       .path = at,
       .contains = {"总体意见0"},
       .absent = {"吴工\""}},
      {.name = "and no longer reads the case", .who = town.seats[0], .path = town.path, .status = 404},
      {.name = "the enterprise reads that there is no panel, not why",
       .who = town.signatory,
       .path = town.path + "/log",
       .contains = {"dissolve_evaluation"},
       .absent = {"近亲属", "吴工"}},
      {.name = "nothing more is scored",
       .who = town.seats[1],
       .method = "POST",
       .path = at + "/submit",
       .body = town.password,
       .status = 409},
      {.name = "nor decided twice",
       .who = &town.chief,
       .method = "POST",
       .path = at + "/dissolve",
       .body = why,
       .status = 409,
       .contains = {"procedure.wrong_state"},
       .if_match = 2},
  });
  EXPECT_THAT(town.told(panel), ElementsAre("message.panel_dissolved", "message.panel_dissolved"));
  EXPECT_EQ(town.audit().state, "submitted");
  const auto second = town.open();
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, second, "evaluation-2018", "0");
  town.api.run({.name = "who sits again reads the case again", .who = town.seats[0], .path = town.path});
  town.conclude(town.chief, second);
  EXPECT_EQ(town.audit().state, "implementing");
  town.done(&town.chief, "POST", town.at(second) + "/dissolve", why, 409, 3);
}

TEST_P(Evaluation, APanelOfAnAcceptanceThatHasScoredMayBeDissolvedAndItsSheetsStayOnRecord) {
  Town town(GetParam());
  town.advance("acceptance_requested");
  town.freeze("implemented");
  const auto panel = town.open("acceptance");
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, panel, "acceptance-2018", "0");
  town.done(&town.chief, "POST", town.at(panel) + "/dissolve", R"({"reason": "现场验收未通知企业"})", 200, 2);
  EXPECT_EQ(town.audit().state, "acceptance_requested");
  EXPECT_EQ(town.audit().level, std::nullopt);
  town.api.run_all({
      {.name = "the office reads what it had read",
       .who = &town.officer,
       .path = town.at(panel),
       .contains = {"总体意见0", R"("total":"100.00")"}},
      {.name = "an expert the own sheet only", .who = town.seats[0], .path = town.at(panel), .absent = {"总体意见1"}},
      {.name = "the enterprise nothing", .who = town.signatory, .path = town.at(panel), .status = 404},
      {.name = "another line nothing", .who = &town.industry_officer, .path = town.at(panel), .status = 404},
  });
  town.conclude(town.chief, panel, R"(, "level": "I")", 409);
}

TEST_P(Evaluation, ACaseThatLeavesTheListTakesItsPanelWithIt) {
  Town town(GetParam());
  town.submitted();
  const auto first = town.open();
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, first, "evaluation-2018", "40");
  town.conclude(town.chief, first);
  town.perform(*town.signatory, "submit");
  const auto panel = town.open();
  town.perform(town.chief, "remove", "企业已关停");
  EXPECT_EQ(text_at(town.get(&town.officer, town.at(panel)), "state"), "dissolved");
  EXPECT_EQ(text_at(town.get(&town.officer, town.at(panel)), "reason"), "企业已关停");
  EXPECT_EQ(text_at(town.get(&town.officer, town.at(first)), "state"), "concluded") << "what is concluded stands";
  town.api.run({.name = "its experts have nothing left to score",
                .who = town.seats[0],
                .path = "/api/v1/panels?state=scoring",
                .contains = {R"("total":0)"}});
  town.submit(0, panel, 409);
}

TEST_P(Evaluation, PanelsAreListedForThoseWhoSitAndThoseWhoLead) {
  Town town(GetParam());
  town.submitted();
  const auto panel = town.open();
  EXPECT_EQ(town.get(town.seats[0], "/api/v1/panels").at("total").as_int64(), 1);
  EXPECT_EQ(town.get(town.seats[2], "/api/v1/panels").at("total").as_int64(), 0);
  EXPECT_EQ(town.get(&town.county, "/api/v1/panels").at("total").as_int64(), 1);
  EXPECT_EQ(town.get(&town.far_officer, "/api/v1/panels").at("total").as_int64(), 0);
  EXPECT_EQ(town.get(&town.industry_officer, "/api/v1/panels").at("total").as_int64(), 0);
  EXPECT_EQ(town.get(town.signatory, "/api/v1/panels").at("total").as_int64(), 0);
  EXPECT_EQ(town.get(&town.officer, "/api/v1/panels?state=concluded").at("total").as_int64(), 0);
  town.done(town.seats[0], "GET", "/api/v1/panels/" + town.id.str(), "", 404);
  for (std::size_t seat = 0; seat < 2; ++seat) town.score(seat, panel, "evaluation-2018", "0");
  town.conclude(town.chief, panel);
  EXPECT_EQ(town.get(&town.industry_officer, "/api/v1/panels").at("total").as_int64(), 1)
      << "another line reads what is concluded";
}

}  // namespace
}  // namespace qy::evaluation
