#include "regime/audits/audits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "engine/procedure/procedure.h"
#include "regime/audits/audits_commands.h"
#include "regime/audits/consequences.h"
#include "regime/files/files.h"
#include "regime/identity/testing.h"
#include "regime/messages/messages.h"
#include "regime/obligations/obligations.h"
#include "regime/search/search.h"
#include "regime/tally/tally.h"

namespace qy::audits {
namespace {

using identity::Caller;
using identity::Line;
using identity::Party;
using identity::Role;
using identity::testing::Api;
using identity::testing::complaints;
using identity::testing::Scenario;
using identity::testing::text_of;
using identity::testing::World;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::string dump(const json::Value& value) { return json::dump(value); }

/// A city's list with a plating plant (toxic, led by ecology) and a cement plant (energy, led by reform).
class Audits : public ::testing::TestWithParam<std::string> {
 protected:
  World world{GetParam()};
  Premises& premises = world.premises;
  Api api{world, {[](const Premises& p, http::Router& router) {
            files::add_routes(p, router);
            listing::add_routes(p, router);
            add_routes(p, router);
          }}};
  registry::EnterpriseId plating, cement;
  std::string consultancy, other_consultancy;
  const Caller& officer = world.officer("990100");
  const Caller& chief = world.officer("990100", Line::ecology, Role::chief);
  const Caller& province = world.officer("990000", Line::ecology, Role::chief);
  const Caller& reform = world.officer("990100", Line::development_reform, Role::chief);
  const Caller& county = world.officer("990101");
  const Caller* filler = nullptr;
  const Caller* signatory = nullptr;
  const std::string password = identity::testing::kPassword;

  template <class F>
  auto write(F f) {
    return World::expect(premises.database->write(f));
  }
  template <class F>
  auto read(F f) {
    using T = std::invoke_result_t<F, Tx&>;
    return World::expect(premises.database->read([&](Tx& tx) -> Result<T> { return f(tx); }));
  }

  void SetUp() override {
    static const bool filled = [] {
      for (const auto& sentences : {audits_messages(), listing::listing_messages(), registry::register_messages(),
                                    procedure_messages(), json::json_messages(), files::files_messages()})
        Catalogue::global().add(sentences);
      return true;
    }();
    (void)filled;
    const auto system = identity::system_caller();
    write([&](Tx& tx) -> Result<void> {
      const auto act = identity::act_of(premises, system);
      const auto& rules = *premises.rules;
      QY_TRY(plating, registry::add_enterprise(tx, rules, act,
                                               {.name = "云溪明洁电镀有限公司",
                                                .region = "990101",
                                                .address = "工业园1号",
                                                .industry = "3360",
                                                .tags = {"electroplating"},
                                                .scale = "small"}));
      QY_TRY(cement, registry::add_enterprise(tx, rules, act,
                                              {.name = "石桥水泥有限公司",
                                               .region = "990102",
                                               .address = "石桥镇",
                                               .industry = "3011",
                                               .scale = "medium"}));
      QY_TRY(const auto a,
             registry::add_party(tx, rules, act,
                                 {.kind = Party::consultancy, .name = "清泉咨询有限公司", .region = "990100"}));
      QY_TRY(const auto b,
             registry::add_party(tx, rules, act,
                                 {.kind = Party::consultancy, .name = "碧水咨询有限公司", .region = "990100"}));
      consultancy = a.str();
      other_consultancy = b.str();
      return {};
    });
    filler = &world.member(Party::enterprise, plating.str(), "云溪明洁电镀有限公司", Role::filler);
    signatory = &world.member(Party::enterprise, plating.str(), "云溪明洁电镀有限公司", Role::signatory);
  }

  http::Response answer(const Caller& who, const std::string& method, const std::string& path,
                        const std::string& body = "", std::int64_t if_match = -1) {
    std::map<std::string, std::string> headers;
    if (if_match >= 0) headers["if-match"] = http::etag(if_match);
    return api.call(&who, method, path, body, headers);
  }
  json::Value done(const Caller& who, const std::string& method, const std::string& path, const std::string& body = "",
                   int status = 200, std::int64_t if_match = -1) {
    const auto response = answer(who, method, path, body, if_match);
    EXPECT_EQ(response.status, status) << method << " " << path << "\n" << response.body;
    const auto value = json::parse(response.body);
    return value ? *value : json::Value(json::Object{});
  }

  /// A confirmed list of these plants; both when none is named.
  std::string confirmed(std::vector<registry::EnterpriseId> plants = {}) {
    if (plants.empty()) plants = {plating, cement};
    std::string id;
    write([&](Tx& tx) -> Result<void> {
      const auto by = [&](const Caller& who) { return identity::act_of(premises, who); };
      QY_TRY(const auto list, listing::draft_list(tx, premises, by(officer),
                                                  {.region = "990100", .year = 2026, .batch = 1, .title = {}}));
      for (const auto& plant : plants)
        QY_CHECK(listing::add_entry(tx, premises, by(officer), list,
                                    plant == plating ? listing::NewEntry{.enterprise = plating,
                                                                         .categories = {"toxic"},
                                                                         .reason = "使用铬酸酐",
                                                                         .mode = "full",
                                                                         .mode_reason = ""}
                                                     : listing::NewEntry{.enterprise = cement,
                                                                         .categories = {"energy_intensive"},
                                                                         .reason = "能耗超限额",
                                                                         .mode = "simplified",
                                                                         .mode_reason = ""}));
      for (const auto& [who, action] :
           {std::pair(&officer, "propose"), std::pair(&reform, "cosign"), std::pair(&province, "confirm")})
        QY_CHECK(listing::perform(tx, premises, by(*who), list,
                                  {.action = action, .reason = {}, .files = {}, .version = {}}));
      id = list.str();
      return {};
    });
    return id;
  }
  std::string publication(const std::string& on, const std::string& with = "river-stone-42") {
    return R"({"published_on": ")" + on + R"(", "where": "省厅网站", "password": ")" + with + "\"}";
  }
  std::string list;
  /// Publishes both; the id of the plating plant's case.
  std::string open(const std::string& on = "2026-06-01") {
    list = confirmed();
    done(province, "POST", "/api/v1/lists/" + list + "/publish", publication(on));
    return case_of(plating);
  }
  std::string case_of(const registry::EnterpriseId& enterprise) {
    return read([&](Tx& tx) { return audits_of_enterprise(tx, enterprise).front().id.str(); });
  }
  Audit audit(const std::string& id) {
    return read([&](Tx& tx) { return *find_audit(tx, AuditId::trusted(id)); });
  }
  std::string path(const std::string& id) { return "/api/v1/audits/" + id; }
  http::Response act(const Caller& who, const std::string& id, const std::string& action,
                     const std::string& body = "{}") {
    return answer(who, "POST", path(id) + "/actions/" + action, body, audit(id).version);
  }
  /// Due day, or the whole deadline as written, of one clock.
  json::Object deadline(const std::string& id, std::string_view rule) {
    const auto detail = done(officer, "GET", path(id));
    for (const auto& one : detail.as_object().at("deadlines").as_array())
      if (one.as_object().at("id").as_string() == rule) return one.as_object();
    ADD_FAILURE() << "no deadline " << rule;
    return {{"due_on", ""}, {"state", ""}, {"stopped_days", 0}, {"postponed", false}, {"met_on", nullptr}};
  }
  std::string due(const std::string& id, std::string_view rule) { return text_of(deadline(id, rule), "due_on"); }
  /// An action that belongs to a higher room.
  void above(const std::string& id, const Caller& who, const std::string& action) {
    const auto now = identity::act_of(premises, who);
    write([&](Tx& tx) { return perform(tx, premises, now, AuditId::trusted(id), {.action = action}); });
  }
  void today(Date day) {
    world.fixture.set_today(day);
    world.renew_sessions();
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, Audits, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

// ---- Publication

TEST_P(Audits, PublishingOpensANumberedCasePerEnterprise) {
  const auto id = confirmed();
  const auto at = "/api/v1/lists/" + id + "/publish";
  EXPECT_EQ(answer(province, "POST", at, publication("2026-06-01", "wrong")).status, 422);
  EXPECT_EQ(answer(chief, "POST", at, publication("2026-06-01")).status, 403);
  EXPECT_THAT(
      complaints(answer(province, "POST", at,
                        R"({"published_on": "2026-06-02", "dated_on": "2026-06-03", "where": "网站", "password": ")" +
                            password + "\"}")),
      UnorderedElementsAre("#/published_on listing.published_future", "#/dated_on listing.dated_after_published"));
  EXPECT_EQ(read([](Tx& tx) { return *tx.value<std::int64_t>("SELECT COUNT(*) FROM audit"); }), 0);
  api.run({.name = "the province's chief publishes",
           .who = &province,
           .method = "POST",
           .path = at,
           .body = publication("2026-06-01"),
           .contains = {"\"cases\":2"},
           .actions = {"publish", "open", "open"}});
  EXPECT_EQ(answer(province, "POST", at, publication("2026-06-01")).status, 409) << "once";

  const auto one = audit(case_of(plating));
  EXPECT_EQ(one.number, "99-2026-0001");
  EXPECT_EQ(one.state, "listed");
  EXPECT_EQ(one.holder, "enterprise");
  EXPECT_EQ(one.lead_line, "ecology");
  EXPECT_EQ(one.cosign_line, "development_reform");
  EXPECT_EQ(one.packs_hash, premises.rules->hash());
  const auto two = audit(case_of(cement));
  EXPECT_EQ(two.number, "99-2026-0002");
  EXPECT_EQ(two.lead_line, "development_reform");
  EXPECT_EQ(two.cosign_line, "ecology");
  EXPECT_EQ(read([&](Tx& tx) { return registry::categories_of(tx, cement); }),
            std::vector<std::string>{"energy_intensive"});
  EXPECT_EQ(read([](Tx& tx) { return tally::total(tx, {.measures = {"audits.listed"}}); }), 2);
  EXPECT_EQ(read([&](Tx& tx) { return obligations::obligations_of(tx, {"audit", one.id.str()}).size(); }), 3u);
}

TEST_P(Audits, TheClocksRunByCalendarMonthsFromTheDayOfPublication) {
  const auto id = open("2026-01-31");
  EXPECT_EQ(due(id, "disclose"), "2026-02-28");
  EXPECT_EQ(due(id, "start"), "2026-03-31");
  EXPECT_EQ(due(id, "finish"), "2027-01-31");
  EXPECT_EQ(text_of(deadline(id, "disclose"), "state"), "late");
}

TEST_P(Audits, TheLogRestsOnTheLawOfTheDayOfPublication) {
  today(Date(2026, 8, 20));
  struct Row {
    const char* day;
    registry::EnterpriseId plant;
    const char* document;
    const char* not_document;
  };
  const Row rows[] = {{"2026-08-14", plating, "cppl", "code"}, {"2026-08-15", cement, "code", "cppl"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.day);
    done(province, "POST", "/api/v1/lists/" + confirmed({row.plant}) + "/publish", publication(row.day));
    const auto log = done(officer, "GET", path(case_of(row.plant)) + "/log").as_object();
    EXPECT_TRUE(log.at("intact").as_bool());
    const auto entry = log.at("items").as_array().at(0);
    EXPECT_EQ(text_of(entry, "name"), "open");
    std::vector<std::string> documents;
    for (const auto& citation : entry.at("basis").as_array()) {
      documents.push_back(text_of(citation, "document"));
      EXPECT_FALSE(text_of(citation, "clause").empty());
      EXPECT_FALSE(text_of(citation, "mark").empty());
    }
    EXPECT_THAT(documents, Contains(row.document));
    EXPECT_THAT(documents, Not(Contains(row.not_document)));
  }
}

// ---- Who sees what

TEST_P(Audits, EveryRoleSeesItsOwnCasesAndNoOther) {
  const auto id = open();
  World::expect(premises.database->write([&](Tx& tx) -> Result<void> {
    admit_guest(tx, AuditId::trusted(id), Party::expert, "expert-1", Date(2026, 6, 1), Date(2026, 6, 10));
    return {};
  }));
  struct Row {
    const char* name;
    const Caller* who;
    std::int64_t total;  ///< of the list
    int status;          ///< of the plating plant's case
    std::vector<std::string> may;
  };
  const std::vector<std::string> lead{"stop"}, lead_chief{"postpone", "stop", "remove"};
  const Row rows[] = {
      {"the plant's county", &county, 1, 200, lead},
      {"the other county", &world.officer("990102"), 1, 404, {}},
      {"the city's lead department", &officer, 2, 200, lead},
      {"its chief", &chief, 2, 200, lead_chief},
      {"the department that co-signs reads", &reform, 2, 200, {}},
      {"the industry department reads", &world.officer("990100", Line::industry), 2, 200, {}},
      {"another city", &world.officer("990200"), 0, 404, {}},
      {"the province", &world.officer("990000"), 2, 200, lead},
      {"the ministry", &world.officer(""), 2, 200, lead},
      {"an administrator reads no cases", &world.officer("990100", Line::ecology, Role::administrator), 0, 404, {}},
      {"nor does a security auditor", &world.officer("990100", Line::ecology, Role::security_auditor), 0, 404, {}},
      {"the plant's filler", filler, 1, 200, {"disclose", "start", "edit"}},
      {"its signatory", signatory, 1, 200, {"disclose", "start", "edit", "give_mandate"}},
      {"the other plant",
       &world.member(Party::enterprise, cement.str(), "石桥水泥有限公司", Role::signatory),
       1,
       404,
       {}},
      {"a consultancy without a mandate",
       &world.member(Party::consultancy, consultancy, "清泉咨询有限公司", Role::consultant),
       0,
       404,
       {}},
      {"an expert who was let in", &world.member(Party::expert, "expert-1", "周工", Role::expert), 1, 200, {}},
      {"an expert who was not", &world.member(Party::expert, "expert-2", "吴工", Role::expert), 0, 404, {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(done(*row.who, "GET", "/api/v1/audits").as_object().at("total").as_int64(), row.total);
    EXPECT_EQ(done(*row.who, "GET", "/api/v1/audits/counts").as_object().at("total").as_int64(), row.total);
    const auto detail = answer(*row.who, "GET", path(id));
    EXPECT_EQ(detail.status, row.status);
    EXPECT_EQ(answer(*row.who, "GET", path(id) + "/log").status, row.status);
    if (row.status != 200) continue;
    std::vector<std::string> may;
    const auto body = *json::parse(detail.body);
    for (const auto& action : body.as_object().at("allowed_actions").as_array()) may.emplace_back(action.as_string());
    EXPECT_THAT(may, ::testing::UnorderedElementsAreArray(row.may));
  }
  EXPECT_EQ(api.call(nullptr, "GET", path(id)).status, 401);
  today(Date(2026, 6, 11));
  EXPECT_EQ(answer(world.member(Party::expert, "expert-1", "周工", Role::expert), "GET", path(id)).status, 404)
      << "a guest's time is over";
}

TEST_P(Audits, OnlyTheEnterpriseAndItsConsultancyEditAndOnlyInOpenStates) {
  const auto id = AuditId::trusted(open());
  const auto edit = [&](const Caller& who) {
    return read([&](Tx& tx) {
      const auto got = get_editable(tx, who, id, premises.today());
      return got ? std::string() : got.error().code;
    });
  };
  EXPECT_EQ(edit(*filler), "");
  EXPECT_EQ(edit(officer), "forbidden.audit_edit");
  EXPECT_EQ(edit(world.officer("990200")), "audit.not_found");
  EXPECT_EQ(act(officer, id.str(), "stop", R"({"reason": "停产"})").status, 200);
  EXPECT_EQ(edit(*filler), "audit.read_only");
  const auto detail = done(*signatory, "GET", path(id.str()));
  EXPECT_EQ(detail.as_object().at("allowed_actions").as_array().size(), 0u);
}

// ---- Actions

TEST_P(Audits, AnActionIsRefusedWithItsReason) {
  const auto id = open();
  const auto start = path(id) + "/actions/start";
  EXPECT_EQ(answer(*filler, "POST", start, "{}").status, 428);
  EXPECT_EQ(answer(*filler, "POST", start, "{}", 9).status, 412);
  EXPECT_EQ(act(officer, id, "start").status, 403) << "the enterprise starts";
  EXPECT_EQ(act(world.officer("990200"), id, "stop", R"({"reason": "停产"})").status, 404);
  EXPECT_THAT(complaints(act(*filler, id, "start", R"({"event_on": "2026-06-02", "files": ["nothing"]})")),
              UnorderedElementsAre("#/event_on audit.event_future", "#/files/0 audit.file_unknown"));
  EXPECT_THAT(complaints(act(*filler, id, "start", R"({"event_on": "2026-05-31"})")),
              ElementsAre("#/event_on audit.event_order"));
  EXPECT_EQ(act(*filler, id, "dance").status, 404);
  EXPECT_THAT(act(*signatory, id, "submit").body, HasSubstr("audit.other_room"));
  EXPECT_THAT(complaints(act(officer, id, "stop")), ElementsAre("#/reason audit.reason_missing"));
  EXPECT_EQ(act(reform, id, "stop", R"({"reason": "停产"})").status, 403) << "the lead department stops";
  EXPECT_EQ(act(officer, id, "resume", R"({"reason": "复产"})").status, 409) << "it is not stopped";
  EXPECT_EQ(audit(id).version, 1) << "a refusal changes nothing";
}

TEST_P(Audits, AStartMeetsItsDeadlineOnTheDayItHappened) {
  const auto id = open();
  today(Date(2026, 6, 21));
  api.run({.name = "the filler records a start of some days ago",
           .who = filler,
           .method = "POST",
           .path = path(id) + "/actions/start",
           .body = R"({"event_on": "2026-06-15"})",
           .contains = {"\"state\":\"started\"", "\"started_on\":\"2026-06-15\""},
           .actions = {"start"},
           .if_match = 1});
  EXPECT_EQ(text_of(deadline(id, "start"), "met_on"), "2026-06-15");
  EXPECT_EQ(text_of(deadline(id, "start"), "state"), "met");
  EXPECT_EQ(text_of(deadline(id, "disclose"), "state"), "due_soon");
  EXPECT_EQ(act(*filler, id, "start").status, 409);
  EXPECT_EQ(read([](Tx& tx) { return tally::total(tx, {.measures = {"audits.started"}}); }), 1);
  const auto log = done(*filler, "GET", path(id) + "/log").as_object().at("items").as_array();
  EXPECT_EQ(text_of(log.back().at("payload"), "event_on"), "2026-06-15");
  EXPECT_EQ(text_of(log.back().at("payload"), "from"), "listed");
}

TEST_P(Audits, AStopMovesTheClocksAndResumingLeadsBack) {
  const auto id = open();
  today(Date(2026, 6, 11));
  above(id, *filler, "disclose");
  EXPECT_EQ(audit(id).state, "disclosed");
  ASSERT_EQ(act(officer, id, "stop", R"({"reason": "停产检修"})").status, 200);
  EXPECT_EQ(text_of(deadline(id, "start"), "state"), "stopped");
  today(Date(2026, 6, 21));
  ASSERT_EQ(act(officer, id, "resume", R"({"reason": "恢复生产"})").status, 200);
  EXPECT_EQ(audit(id).state, "disclosed") << "where it was stopped";
  EXPECT_EQ(due(id, "start"), "2026-08-11") << "2026-08-01 and the 10 days of the stop";
  EXPECT_EQ(due(id, "finish"), "2027-06-11");
  EXPECT_EQ(deadline(id, "start").at("stopped_days").as_int64(), 10);
  const auto obligation = read([&](Tx& tx) {
    std::string day;
    for (const auto& one : obligations::obligations_of(tx, {"audit", id}))
      if (one.rule == "start") day = one.due_on.str();
    return day;
  });
  EXPECT_EQ(obligation, "2026-08-11") << "the board says the same";
  ASSERT_EQ(act(*filler, id, "start").status, 200);
  ASSERT_EQ(act(officer, id, "stop", R"({"reason": "再次停产"})").status, 200);
  ASSERT_EQ(act(officer, id, "resume", R"({"reason": "恢复"})").status, 200);
  EXPECT_EQ(audit(id).state, "started");
}

TEST_P(Audits, APostponementNamesAnOpenDeadlineAndALaterDay) {
  const auto id = open();
  const auto postpone = [&](const Caller& who, const std::string& body) { return act(who, id, "postpone", body); };
  EXPECT_EQ(postpone(officer, R"({"rule": "start", "until": "2026-09-01", "reason": "停产检修"})").status, 403);
  EXPECT_THAT(complaints(postpone(chief, R"({"rule": "acceptance", "until": "2026-09-01"})")),
              UnorderedElementsAre("#/reason audit.reason_missing", "#/rule audit.postpone_rule"));
  EXPECT_THAT(complaints(postpone(chief, R"({"rule": "start", "until": "2026-08-01", "reason": "停产检修"})")),
              ElementsAre("#/until audit.postpone_until"))
      << "the present day is not later";
  EXPECT_THAT(complaints(postpone(chief, R"({"rule": "start", "reason": "停产检修"})")),
              ElementsAre("#/until audit.postpone_until"));
  ASSERT_EQ(postpone(chief, R"({"rule": "start", "until": "2026-09-01", "reason": "停产检修"})").status, 200);
  EXPECT_EQ(due(id, "start"), "2026-09-01");
  EXPECT_TRUE(deadline(id, "start").at("postponed").as_bool());
  EXPECT_EQ(due(id, "disclose"), "2026-07-01") << "the others stay";
  EXPECT_THAT(answer(*filler, "GET", path(id) + "/log").body, HasSubstr(R"("rule_title":{"zh":"启动审核")"))
      << "the log names the deadline";
  EXPECT_EQ(audit(id).state, "listed");
  above(id, *filler, "disclose");
  EXPECT_THAT(complaints(postpone(chief, R"({"rule": "disclose", "until": "2026-09-01", "reason": "停产检修"})")),
              ElementsAre("#/rule audit.postpone_rule"))
      << "what is met is not postponed";
}

TEST_P(Audits, ARemovalClosesTheCaseAndTakesTheEntryOffTheList) {
  const auto id = open();
  const std::string reason = R"({"reason": "企业已关停", "password": ")" + password + "\"}";
  EXPECT_EQ(act(officer, id, "remove", reason).status, 403);
  EXPECT_EQ(act(chief, id, "remove", R"({"reason": "企业已关停", "password": "wrong"})").status, 422);
  EXPECT_THAT(complaints(act(chief, id, "remove", R"({"password": ")" + password + "\"}")),
              ElementsAre("#/reason audit.reason_missing"));
  api.run({.name = "the chief removes it",
           .who = &chief,
           .method = "POST",
           .path = path(id) + "/actions/remove",
           .body = reason,
           .contains = {"\"state\":\"removed\"", "\"terminal\":true"},
           .actions = {"remove", "remove_entry"},
           .if_match = 1});
  EXPECT_TRUE(read([&](Tx& tx) { return obligations::obligations_of(tx, {"audit", id}); }).empty());
  EXPECT_EQ(read([](Tx& tx) { return tally::total(tx, {.measures = {"audits.listed"}}); }), 1);
  const auto counts = done(officer, "GET", "/api/v1/lists/" + list).as_object().at("counts").as_object();
  EXPECT_EQ(counts.at("listed").as_int64(), 1);
  EXPECT_EQ(counts.at("removed").as_int64(), 1);
  EXPECT_EQ(act(chief, id, "remove", reason).status, 409);
  EXPECT_EQ(act(*filler, id, "start").status, 409);
  api.run({.name = "the plant reads why, and no deadline runs on",
           .who = filler,
           .path = path(id),
           .contains = {R"("deadlines":[])", R"("reason":"企业已关停")"},
           .absent = {"\"pending\""}});
}

TEST_P(Audits, AnIndicatorSystemInForceIsPinned) {
  const auto id = open("2014-01-10");
  const auto choose = [&](const Caller& who, const std::string& system) {
    return answer(who, "PUT", path(id) + "/indicator-system", R"({"system": ")" + system + "\"}");
  };
  EXPECT_THAT(complaints(choose(*filler, "clouds-2020")), ElementsAre("#/system audit.system_unknown"));
  EXPECT_EQ(choose(officer, "electroplating-2015").status, 403);
  const auto early = choose(*filler, "electroplating-2015");
  EXPECT_THAT(complaints(early), ElementsAre("#/system audit.system_not_in_force"));
  EXPECT_THAT(early.body, HasSubstr("2014-01-10"));
  EXPECT_EQ(answer(*filler, "PUT", path(id) + "/indicator-system", "{}").status, 422);
  api.run({.name = "the filler chooses one that was in force",
           .who = filler,
           .method = "PUT",
           .path = path(id) + "/indicator-system",
           .body = R"({"system": "coking-hjt126-2003"})",
           .contains = {"\"indicator_system\":\"coking-hjt126-2003\""},
           .actions = {"choose_system"}});
  api.run({.name = "choosing it again says nothing new",
           .who = filler,
           .method = "PUT",
           .path = path(id) + "/indicator-system",
           .body = R"({"system": "coking-hjt126-2003"})"});
}

// ---- Mandates

TEST_P(Audits, AMandateLetsAConsultancyInForItsTime) {
  const auto id = open();
  const auto at = path(id) + "/mandates";
  const auto& consultant = world.member(Party::consultancy, consultancy, "清泉咨询有限公司", Role::consultant);
  const auto give = [&](const Caller& who, const std::string& to_whom, const std::string& from, const std::string& to) {
    return answer(who, "POST", at,
                  R"({"consultancy": ")" + to_whom + R"(", "from": ")" + from + R"(", "to": ")" + to + "\"}");
  };
  EXPECT_EQ(give(*filler, consultancy, "2026-06-01", "2027-06-01").status, 403) << "the signatory gives it";
  EXPECT_EQ(give(officer, consultancy, "2026-06-01", "2027-06-01").status, 403);
  EXPECT_THAT(complaints(give(*signatory, "nobody", "2026-06-02", "2026-06-01")),
              UnorderedElementsAre("#/consultancy audit.consultancy_unknown", "#/to audit.mandate_dates"));
  EXPECT_THAT(complaints(give(*signatory, plating.str(), "2026-06-01", "2026-06-02")),
              ElementsAre("#/consultancy audit.consultancy_unknown"));
  write([&](Tx& tx) {
    return registry::add_party(tx, *premises.rules, identity::act_of(premises, officer),
                               {.kind = Party::evaluation_body, .name = "碧水咨询有限公司", .region = "990100"});
  });
  EXPECT_THAT(complaints(give(*signatory, other_consultancy, "2026-06-01", "2027-06-01")),
              ElementsAre("#/consultancy audit.consultancy_evaluates"));
  EXPECT_EQ(answer(consultant, "GET", path(id)).status, 404);

  ASSERT_EQ(give(*signatory, consultancy, "2026-06-01", "2026-06-30").status, 204);
  const auto detail = dump(done(consultant, "GET", path(id)).as_object().at("allowed_actions"));
  EXPECT_THAT(detail, HasSubstr("\"edit\""));
  EXPECT_THAT(detail, Not(HasSubstr("give_mandate")));
  EXPECT_EQ(done(consultant, "GET", "/api/v1/audits").as_object().at("total").as_int64(), 1);
  EXPECT_EQ(give(consultant, consultancy, "2026-06-01", "2027-06-30").status, 403) << "nor prolongs it itself";
  EXPECT_EQ(answer(consultant, "DELETE", at).status, 403);
  today(Date(2026, 6, 30));
  EXPECT_EQ(answer(consultant, "GET", path(id)).status, 200) << "its last day";
  today(Date(2026, 7, 1));
  EXPECT_EQ(answer(consultant, "GET", path(id)).status, 404);
}

TEST_P(Audits, AMandateEndsAtOnceAndRecusalRemembersIt) {
  const auto id = open();
  const auto at = path(id) + "/mandates";
  const auto& consultant = world.member(Party::consultancy, consultancy, "清泉咨询有限公司", Role::consultant);
  const auto& other = world.member(Party::consultancy, other_consultancy, "碧水咨询有限公司", Role::consultant);
  const auto give = [&](const std::string& to_whom, const std::string& from) {
    EXPECT_EQ(answer(*signatory, "POST", at,
                     R"({"consultancy": ")" + to_whom + R"(", "from": ")" + from + R"(", "to": "2027-06-01"})")
                  .status,
              204);
  };
  give(consultancy, "2026-06-01");
  EXPECT_EQ(answer(consultant, "GET", path(id)).status, 200);
  EXPECT_EQ(answer(*signatory, "DELETE", at).status, 204);
  EXPECT_EQ(answer(consultant, "GET", path(id)).status, 404) << "ended on its first day, it ends at once";

  give(consultancy, "2026-06-01");
  give(other_consultancy, "2026-06-10");
  today(Date(2026, 6, 9));
  EXPECT_EQ(answer(consultant, "GET", path(id)).status, 200);
  EXPECT_EQ(answer(other, "GET", path(id)).status, 404) << "not before its first day";
  today(Date(2026, 6, 10));
  EXPECT_EQ(answer(consultant, "GET", path(id)).status, 404) << "the new mandate ends the old one the day before";
  EXPECT_EQ(answer(other, "GET", path(id)).status, 200);

  give(consultancy, "2026-08-01");
  EXPECT_EQ(answer(*signatory, "DELETE", at).status, 204);
  today(Date(2026, 8, 1));
  EXPECT_EQ(answer(consultant, "GET", path(id)).status, 404) << "a mandate ended before it began never begins";
  EXPECT_THAT(read([&](Tx& tx) { return mandated_consultancies(tx, AuditId::trusted(id)); }),
              ::testing::IsSupersetOf({"清泉咨询有限公司", "碧水咨询有限公司"}));

  EXPECT_EQ(act(officer, id, "stop", R"({"reason": "停产"})").status, 200);
  EXPECT_THAT(answer(*signatory, "POST", at,
                     R"({"consultancy": ")" + consultancy + R"(", "from": "2026-08-01", "to": "2027-06-01"})")
                  .body,
              HasSubstr("audit.read_only"))
      << "what is not offered is refused";
}

// ---- Lists of cases

TEST_P(Audits, TheListIsFilteredSortedAndCounted) {
  const auto id = open();
  ASSERT_EQ(act(*filler, id, "start").status, 200);
  struct Row {
    const char* query;
    std::vector<std::string> numbers;
  };
  const std::string enterprise = "enterprise=" + cement.str();
  const Row rows[] = {
      {"sort=number", {"99-2026-0001", "99-2026-0002"}},
      {"sort=-number", {"99-2026-0002", "99-2026-0001"}},
      {"sort=number&page_size=1&page=2", {"99-2026-0002"}},
      {"state=started", {"99-2026-0001"}},
      {"state=accepted", {}},
      {"category=energy_intensive", {"99-2026-0002"}},
      {"line=development_reform", {"99-2026-0002"}},
      {"mode=simplified", {"99-2026-0002"}},
      {"year=2026&sort=number", {"99-2026-0001", "99-2026-0002"}},
      {"year=2025", {}},
      {"region=990100&sort=number", {"99-2026-0001", "99-2026-0002"}},
      {"region=990102", {"99-2026-0002"}},
      {"industry=33", {"99-2026-0001"}},
      {"text=%E7%94%B5%E9%95%80", {"99-2026-0001"}},
      {"text=2026-0002", {"99-2026-0002"}},
      {"text=%25", {}},
      {enterprise.c_str(), {"99-2026-0002"}},
      {"state=started&category=energy_intensive", {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.query);
    std::vector<std::string> numbers;
    const auto page = done(officer, "GET", std::string("/api/v1/audits?") + row.query);
    for (const auto& one : page.as_object().at("items").as_array()) numbers.push_back(text_of(one, "number"));
    EXPECT_EQ(numbers, row.numbers);
  }
  EXPECT_EQ(answer(officer, "GET", "/api/v1/audits?sort=secret").status, 422);
  EXPECT_EQ(dump(done(officer, "GET", "/api/v1/audits/counts").as_object().at("states")),
            R"({"listed":1,"started":1})");
  EXPECT_EQ(dump(done(officer, "GET", "/api/v1/audits/counts?category=toxic").as_object().at("states")),
            R"({"started":1})");
  const auto first = done(officer, "GET", "/api/v1/audits?state=started").as_object().at("items").as_array().at(0);
  EXPECT_EQ(text_of(first.at("next_deadline"), "id"), "disclose") << "the first that is still open";
}

// ---- Corrections of the list

TEST_P(Audits, ACorrectionCarriesTheNameIntoTheCaseAndMovesNoClock) {
  const auto id = open();
  const auto other = case_of(cement);
  today(Date(2026, 6, 20));
  const auto before = done(officer, "GET", path(id)).as_object();
  const auto entry = audit(id).entry.str();
  const auto at = "/api/v1/lists/" + list + "/corrections";
  const auto version = [&] {
    return done(officer, "GET", "/api/v1/lists/" + list).as_object().at("version").as_int64();
  };
  const std::string good =
      R"({"published_on": "2026-06-18", "dated_on": "2026-06-17", "where": "省厅网站", "explanation": "企业名称录入有误",
      "entries": [{"entry": ")" +
      entry + R"(", "enterprise_name": "云溪明洁表面处理有限公司"}]})";
  EXPECT_EQ(answer(province, "POST", at, good).status, 428);
  EXPECT_EQ(answer(province, "POST", at, good, 1).status, 412);
  EXPECT_EQ(answer(chief, "POST", at, good, version()).status, 403);
  EXPECT_EQ(answer(world.officer("990000"), "POST", at, good, version()).status, 403);
  EXPECT_EQ(answer(*signatory, "POST", at, good, version()).status, 403);

  // Category, mode, the day of publication and the list's members are no wording.
  EXPECT_THAT(
      complaints(answer(
          province, "POST", at,
          R"({"list": {"published_on": "2026-06-02"}, "entries": [{"entry": ")" + entry +
              R"(", "categories": ["energy_intensive"], "mode": "quick", "status": "removed"}, {"entry": "x"}]})",
          version())),
      UnorderedElementsAre(
          "#/published_on field.required", "#/where field.required", "#/explanation listing.action_reason_missing",
          "#/list/published_on listing.correction_published_on", "#/entries/0/categories listing.correction_category",
          "#/entries/0/mode listing.correction_category", "#/entries/0/status listing.correction_entries",
          "#/entries/1/entry listing.entry_not_found"));
  EXPECT_THAT(complaints(answer(province, "POST", at, R"({"entries": [], "colour": "red"})", version())),
              Contains("#/colour field.unknown"));

  api.run({.name = "the publisher's chief corrects",
           .who = &province,
           .method = "POST",
           .path = at,
           .body = good,
           .status = 201,
           .contains = {"云溪明洁电镀有限公司", "云溪明洁表面处理有限公司", "\"seq\":1", "order-38"},
           .actions = {"correct", "correct_listing"},
           .if_match = version()});
  const auto after = done(officer, "GET", path(id)).as_object();
  EXPECT_EQ(after.at("enterprise_name").as_string(), "云溪明洁表面处理有限公司");
  EXPECT_EQ(dump(after.at("deadlines")), dump(before.at("deadlines")));
  EXPECT_EQ(after.at("published_on"), before.at("published_on"));
  EXPECT_EQ(dump(after.at("categories")), dump(before.at("categories")));
  EXPECT_EQ(after.at("state"), before.at("state"));
  EXPECT_EQ(done(officer, "GET", "/api/v1/audits?text=%E8%A1%A8%E9%9D%A2").as_object().at("total").as_int64(), 1);
  EXPECT_EQ(audit(other).version, 1) << "the other case is not touched";
  EXPECT_EQ(read([&](Tx& tx) { return search::find(tx, officer, "表面处理", "audit").size(); }), 1u);
  EXPECT_THAT(read([&](Tx& tx) {
                return obligations::obligations_of(tx, {"audit", id}).front().about.title.zh;
              }),
              HasSubstr("表面处理"));
  EXPECT_EQ(read([](Tx& tx) { return tally::total(tx, {.measures = {"audits.listed"}}); }), 2);
  const auto log = done(*filler, "GET", path(id) + "/log").as_object();
  EXPECT_TRUE(log.at("intact").as_bool());
  const auto entry_of_log = log.at("items").as_array().back();
  EXPECT_EQ(text_of(entry_of_log, "name"), "correct_listing");
  EXPECT_THAT(dump(entry_of_log.at("payload")), HasSubstr("云溪明洁电镀有限公司"));
  EXPECT_EQ(text_of(entry_of_log.at("basis").at(0), "document"), "order-38");
  const auto told = read([&](Tx& tx) { return messages::messages_about(tx, {"list", list}); });
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told.front().code, "message.list_corrected");
  EXPECT_EQ(told.front().party_id, plating.str());
  EXPECT_EQ(told.front().link, "/audits/" + id);

  // Work goes on under the corrected name: the fold of the log still leads to the state.
  EXPECT_EQ(act(*filler, id, "start").status, 200);
}

}  // namespace
}  // namespace qy::audits
