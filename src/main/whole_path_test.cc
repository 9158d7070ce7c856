#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "main/rooms.h"
#include "regime/evaluation/evaluation.h"
#include "regime/identity/testing.h"
#include "regime/listing/listing.h"
#include "regime/register/register.h"

// One mandatory audit from the draft of its list to its published result, over the real endpoints, on every engine.
namespace qy {
namespace {

using identity::Caller;
using identity::Line;
using identity::Party;
using identity::Role;
using identity::testing::Api;
using identity::testing::Scenario;
using identity::testing::text_of;
using identity::testing::World;

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

/// The world with an electroplating plant, a plain plant, three experts and a consultancy.
struct Town {
  World world;
  Api api;
  std::string plant, other_plant, consultancy;
  std::vector<std::string> experts;
  const Caller &officer, &chief, &province_chief, &reform_chief, &county;
  const Caller *filler = nullptr, *signatory = nullptr;

  explicit Town(const std::string& engine)
      : world(engine),
        api(world, {[](const Premises& premises, http::Router& router) { add_all_routes(premises, router); }}),
        officer(world.officer("990100")),
        chief(world.officer("990100", Line::ecology, Role::chief)),
        province_chief(world.officer("990000", Line::ecology, Role::chief)),
        reform_chief(world.officer("990100", Line::development_reform, Role::chief)),
        county(world.officer("990101")) {
    static const bool filled = [] {
      for (const auto& sentences :
           {listing::listing_messages(), evaluation::evaluation_messages(), registry::register_messages()})
        Catalogue::global().add(sentences);
      return true;
    }();
    (void)filled;
    const auto system = identity::system_caller();
    World::expect(world.premises.database->write([&](Tx& tx) -> Result<void> {
      const auto act = identity::act_of(world.premises, system);
      const auto& rules = *world.premises.rules;
      QY_TRY(const auto a, registry::add_enterprise(tx, rules, act,
                                                    {.name = "云溪明洁电镀有限公司",
                                                     .region = "990101",
                                                     .address = "清河工业园1号",
                                                     .industry = "3360",
                                                     .tags = {"electroplating"},
                                                     .scale = "small"}));
      QY_TRY(const auto b, registry::add_enterprise(tx, rules, act,
                                                    {.name = "石桥水泥有限公司",
                                                     .region = "990102",
                                                     .address = "石桥镇",
                                                     .industry = "3011",
                                                     .scale = "medium"}));
      plant = a.str();
      other_plant = b.str();
      QY_TRY(const auto firm,
             registry::add_party(tx, rules, act,
                                 {.kind = Party::consultancy, .name = "清泉咨询有限公司", .region = "990100"}));
      consultancy = firm.str();
      for (const auto& [name, employer] : std::vector<std::pair<std::string, std::string>>{
               {"周工", "岭南工学院"}, {"吴工", "岭南设计院"}, {"郑工", "清泉咨询有限公司"}}) {
        QY_TRY(const auto expert,
               registry::add_party(tx, rules, act,
                                   {.kind = Party::expert, .name = name, .region = "990000", .employer = employer}));
        experts.push_back(expert.str());
      }
      return {};
    }));
    filler = &world.member(Party::enterprise, plant, "云溪明洁电镀有限公司", Role::filler);
    signatory = &world.member(Party::enterprise, plant, "云溪明洁电镀有限公司", Role::signatory);
  }

  std::string password() const { return identity::testing::kPassword; }

  /// Does one thing and fails the test with the whole answer when the status is another one.
  json::Value done(const Caller& who, const std::string& method, const std::string& path, const std::string& body = "",
                   int status = 200, std::int64_t if_match = -1) {
    std::map<std::string, std::string> headers;
    if (if_match >= 0) headers["if-match"] = http::etag(if_match);
    const auto response = api.call(&who, method, path, body, headers);
    EXPECT_EQ(response.status, status) << method << " " << path << "\n" << response.body;
    if (response.body.empty()) return json::Object{};
    const auto value = json::parse(response.body);
    return value ? *value : json::Value(json::Object{});
  }
  std::int64_t version(const Caller& who, const std::string& path) {
    return done(who, "GET", path).as_object().at("version").as_int64();
  }
};

/// Accounts, posts and files are the platform's own; everything else done in the regime rests on the law of its day.
void expect_a_basis_for_every_action(Town& town) {
  const std::set<std::string> own{"issue_activation_code", "file_attached", "file_withdrawn"};
  int checked = 0;
  World::expect(town.world.premises.database->read([&](Tx& tx) -> Result<void> {
    for (const auto& subject : db::subjects_after(tx, {}, 1000)) {
      if (subject.kind == "user" || subject.kind == "office") continue;
      for (const auto& action : db::actions_of(tx, subject)) {
        if (own.contains(action.name)) continue;
        ++checked;
        const auto what = subject.kind + " " + action.name + ": " + json::dump(action.basis);
        if (!action.basis.is_array() || action.basis.as_array().empty()) {
          ADD_FAILURE() << what;
          continue;
        }
        for (const auto& citation : action.basis.as_array())
          for (const char* key : {"document", "title", "clause", "mark"})
            EXPECT_TRUE(citation.as_object().contains(key)) << what;
      }
    }
    return {};
  }));
  EXPECT_GE(checked, 8);
}

class WholePath : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Engines, WholePath, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

/// What waits for somebody: "list_confirm 1, case_evaluation 2".
std::string waits(Town& town, const Caller& who) {
  std::string found;
  const auto work = town.done(who, "GET", "/api/v1/work");
  for (const auto& item : work.as_object().at("items").as_array()) {
    if (!found.empty()) found += ", ";
    found += text_of(item, "id") + " " + std::to_string(item.as_object().at("count").as_int64());
    // Each line leads to something that exists.
    const auto link = text_of(item, "link");
    if (link.starts_with("/app/audits?")) {
      EXPECT_EQ(town.done(who, "GET", "/api/v1/audits?" + link.substr(12)).as_object().at("total").as_int64(),
                item.as_object().at("count").as_int64());
    }
  }
  return found;
}

/// Drafts, co-signs, confirms and publishes the year's list; the case's id.
std::string published_case(Town& town, const std::string& published_on = "2026-06-01") {
  const auto list = text_of(town.done(town.officer, "POST", "/api/v1/lists", R"({"year": 2026})", 201), "id");
  const auto path = "/api/v1/lists/" + list;
  town.done(town.officer, "POST", path + "/entries",
            R"({"entries": [{"enterprise": ")" + town.plant +
                R"(", "categories": ["toxic"], "reason": "使用铬酸酐，产生电镀污泥", "mode": "full"},
                            {"enterprise": ")" +
                town.other_plant +
                R"(", "categories": ["energy_intensive"], "reason": "单位产品能耗超过限额", "mode": "full"}]})",
            201);
  const auto act = [&](const Caller& who, const std::string& action, int status = 200) {
    return town.done(who, "POST", path + "/actions/" + action, R"({"password": ")" + town.password() + "\"}", status,
                     town.version(town.officer, path));
  };
  EXPECT_EQ(waits(town, town.officer), "list_draft 1");
  EXPECT_EQ(waits(town, town.reform_chief), "");
  act(town.officer, "propose");
  const auto counts = town.done(town.officer, "GET", path).as_object().at("counts").as_object();
  if (counts.at("to_cosign").as_int64() > 0) {
    act(town.province_chief, "confirm", 409);
    EXPECT_EQ(waits(town, town.reform_chief), "list_cosign 1");
    EXPECT_EQ(waits(town, town.province_chief), "");
    act(town.reform_chief, "cosign");
  }
  act(town.chief, "confirm", 403);
  EXPECT_EQ(waits(town, town.chief), "");
  EXPECT_EQ(waits(town, town.province_chief), "list_confirm 1");
  act(town.province_chief, "confirm");
  EXPECT_EQ(waits(town, town.province_chief), "list_publish 1");
  town.done(
      town.province_chief, "POST", path + "/publish",
      R"({"published_on": ")" + published_on + R"(", "where": "省厅网站", "password": ")" + town.password() + "\"}");
  EXPECT_TRUE(listing::make_notices(town.world.premises, listing::ListId::trusted(list)));
  const auto cases = town.done(*town.filler, "GET", "/api/v1/audits").as_object();
  EXPECT_EQ(cases.at("total").as_int64(), 1) << "an enterprise sees its own case and no other";
  return text_of(cases.at("items").as_array().at(0), "id");
}

TEST_P(WholePath, AListIsDraftedCosignedConfirmedPublishedAndNoticed) {
  Town town(GetParam());
  const auto id = published_case(town);

  const auto detail = town.done(town.county, "GET", "/api/v1/audits/" + id).as_object();
  EXPECT_EQ(detail.at("state").as_string(), "listed");
  EXPECT_EQ(detail.at("number").as_string(), "99-2026-0001");
  EXPECT_EQ(text_of(detail.at("deadlines").as_array().at(0), "due_on"), "2026-07-01");

  // Who has a signatory already gets no second code.
  World::expect(town.world.premises.database->read([&](Tx& tx) -> Result<void> {
    const auto codes = [&](const std::string& enterprise) {
      const auto log = db::actions_of(tx, {"enterprise", enterprise});
      return std::ranges::count(log, "issue_activation_code", &db::Action::name);
    };
    EXPECT_EQ(codes(town.plant), 0);
    EXPECT_EQ(codes(town.other_plant), 1);
    return {};
  }));

  // The county hands the notice out; its QR leads everybody to the same words.
  const auto lists = town.done(town.county, "GET", "/api/v1/lists").as_object();
  const auto list = text_of(lists.at("items").as_array().at(0), "id");
  const auto entries =
      town.done(town.county, "GET", "/api/v1/lists/" + list + "/entries?text=" + "%E7%94%B5%E9%95%80").as_object();
  const auto notice = entries.at("items").as_array().at(0).as_object().at("notice").as_object();
  const auto paper = town.api.call(&town.county, "GET", "/api/v1/notices/" + text_of(notice, "id") + "/paper.docx");
  EXPECT_EQ(paper.status, 200);
  EXPECT_EQ(paper.body.substr(0, 2), "PK");

  town.api.run_all({
      {.name = "anyone checks a notice by its code",
       .path = "/api/v1/public/notices/" + text_of(notice, "code"),
       .contains = {"云溪明洁电镀有限公司", "\"withdrawn\":false"}},
      {.name = "a code nobody issued is not found", .path = "/api/v1/public/notices/AAAA-BBBB-CCCC", .status = 404},
      {.name = "a consultancy does not see the list",
       .who = &town.world.member(Party::consultancy, town.consultancy, "清泉咨询有限公司", Role::consultant),
       .path = "/api/v1/lists/" + list,
       .status = 404},
      {.name = "an administrator reads no cases",
       .who = &town.world.officer("990100", Line::ecology, Role::administrator),
       .path = "/api/v1/audits/" + id,
       .status = 404},
      {.name = "another city's office does not see the case",
       .who = &town.world.officer("990200"),
       .path = "/api/v1/audits/" + id,
       .status = 404},
      {.name = "another city's office cannot fetch the paper with the activation code",
       .who = &town.world.officer("990200"),
       .path = "/api/v1/notices/" + text_of(notice, "id") + "/paper.docx",
       .status = 404},
      {.name = "nobody reads cases without logging in", .path = "/api/v1/audits", .status = 401},
  });
}

TEST_P(WholePath, ACorrectionIsPublicWithBothWordingsAndNoPerson) {
  Town town(GetParam());
  const auto id = published_case(town);
  const auto lists = town.done(town.officer, "GET", "/api/v1/lists");
  const auto list = text_of(lists.as_object().at("items").as_array().at(0), "id");
  const auto entries = town.done(town.officer, "GET", "/api/v1/lists/" + list + "/entries?category=toxic");
  const auto entry = text_of(entries.as_object().at("items").as_array().at(0), "id");
  town.done(town.province_chief, "POST", "/api/v1/lists/" + list + "/corrections",
            R"({"published_on": "2026-06-01", "where": "省厅网站", "explanation": "理由表述不完整",
                "list": {"title_zh": "云溪市2026年度强制性审核名单"},
                "entries": [{"entry": ")" +
                entry + R"(", "enterprise_name": "云溪明洁表面处理有限公司", "reason": "使用铬酸酐、硫酸镍"}]})",
            201, town.version(town.officer, "/api/v1/lists/" + list));
  town.api.run_all({
      {.name = "the public list tells what it said and what it says",
       .path = "/api/v1/public/lists/" + list,
       .contains = {"云溪市2026年度强制性审核名单", "云溪市2026年强制性清洁生产审核企业名单",
                    "云溪明洁表面处理有限公司", "云溪明洁电镀有限公司", "\"published_on\":\"2026-06-01\"",
                    "\"document\":\"order-38\""},
       .absent = {"测试", "person"}},
      {.name = "so does the enterprise's page",
       .path = "/api/v1/public/enterprises/" + town.plant,
       .contains = {"使用铬酸酐、硫酸镍", "使用铬酸酐，产生电镀污泥", "理由表述不完整"},
       .absent = {"测试", "2026年度强制性审核名单"}},
      {.name = "the other plant's page does not",
       .path = "/api/v1/public/enterprises/" + town.other_plant,
       .contains = {"\"corrections\":[]"},
       .absent = {"理由表述不完整"}},
      {.name = "the case bears the corrected name",
       .who = &town.county,
       .path = "/api/v1/audits/" + id,
       .contains = {"云溪明洁表面处理有限公司"}},
  });
  expect_a_basis_for_every_action(town);
}

TEST_P(WholePath, AnAuditGoesFromDisclosureToAPublishedResult) {
  Town town(GetParam());
  const auto id = published_case(town);
  const auto path = "/api/v1/audits/" + id;

  // Disclosure: a half page is refused with every open item.
  auto form = town.done(*town.filler, "GET", path + "/disclosure").as_object();
  town.done(*town.filler, "POST", path + "/disclosure/publish", "{}", 422, form.at("version").as_int64());
  std::string answers;
  for (const auto& item : form.at("items").as_array()) {
    const auto kind = text_of(item, "kind");
    const auto value =
        kind == "number" ? R"({"number": "12.5"})"
        : kind == "substances"
            ? R"({"substances": [{"name": "六价铬", "mode": "经处理后排放", "concentration": "0.1 mg/L", "amount": "0.02 t"}]})"
            : R"({"text": "按要求公布"})";
    answers += (answers.empty() ? "" : ", ") + quoted(text_of(item, "id")) + ": " + value;
  }
  town.done(*town.filler, "PUT", path + "/disclosure", R"({"answers": {)" + answers + "}}", 200,
            form.at("version").as_int64());
  town.done(*town.filler, "POST", path + "/disclosure/publish", R"({"elsewhere": "本厂网站"})", 200,
            town.version(*town.filler, path + "/disclosure"));
  town.done(*town.filler, "POST", path + "/actions/start", "{}", 200, town.version(*town.filler, path));

  // The ledger, three years.
  std::string cells;
  for (int year = 2023; year <= 2025; ++year)
    for (const auto& [key, number] :
         std::vector<std::pair<std::string, std::string>>{{"electricity.bought", "1250000"}, {"water.fresh", "48000"}})
      cells += (cells.empty() ? "" : ", ") +
               (R"({"key": ")" + key + R"(", "period": ")" + std::to_string(year) +
                R"(", "version": 0, "basis": "billed", "value": {"kind": "number", "number": ")" + number + R"("}})");
  for (const auto& group : {"material", "product"})
    for (const auto& key : town.world.premises.rules->keys())
      if (key.group == group && key.kind == "decimal") {
        for (int year = 2023; year <= 2025; ++year)
          cells += R"(, {"key": ")" + key.key + R"(", "period": ")" + std::to_string(year) +
                   R"(", "version": 0, "basis": "billed", "value": {"kind": "number", "number": "310"}})";
        break;
      }
  town.done(*town.filler, "PATCH", "/api/v1/figures/audit/" + id, R"({"cells": [)" + cells + "]}");

  // The benchmark: eight rows give no level but the list of what is missing.
  town.done(*town.filler, "PUT", path + "/indicator-system", R"({"system": "electroplating-2015"})");
  auto page = town.done(
      *town.filler, "PATCH", path + "/benchmark",
      R"({"parameters": {"n": "3"}, "rows": {"1": {"level": "II"}, "2": {"level": "I"}, "3": {"level": "I"}, "4": {"level": "II"}, "5": {"value": "22"}, "6": {"value": "81"}, "7": {"value": "92"}, "8": {"value": "90"}}})");
  auto document = page.as_object().at("benchmark").as_object();
  EXPECT_TRUE(document.at("level").is_null());
  EXPECT_EQ(document.at("missing").as_array().size(), 17u);
  std::string rows;
  for (const char* row : {"9", "10", "11", "12"})
    rows += std::string(rows.empty() ? "" : ", ") + quoted(row) + R"(: {"not_applicable": "无此镀种"})";
  rows += R"(, "13": {"value": "45"}, "14": {"value": "100"}, "15": {"level": "II"})";
  for (const char* row : {"16", "17", "18", "19", "21", "23", "24", "25"})
    rows += ", " + quoted(row) + R"(: {"level": "I"})";
  for (const char* row : {"20", "22"}) rows += ", " + quoted(row) + R"(: {"level": "II"})";
  page = town.done(*town.filler, "PATCH", path + "/benchmark", R"({"rows": {)" + rows + "}}");
  document = page.as_object().at("benchmark").as_object();
  EXPECT_EQ(document.at("level").as_string(), "II") << json::dump(document.at("missing"));
  EXPECT_EQ(document.at("index").as_object().at("III").as_string(), "100");

  // Options with economics; the costly one waits for the evaluation.
  const auto low = town.done(
      *town.filler, "POST", path + "/options",
      R"({"title": "镀槽加挡液板", "cost_class": "none_or_low", "origin": "management", "planned": {"investment": "0.8", "annual_saving": "2.1", "heavy_metals": "0.004"}})",
      201);
  const auto high = town.done(
      *town.filler, "POST", path + "/options",
      R"({"title": "逆流漂洗改造", "cost_class": "medium_or_high", "origin": "process", "planned_on": "2026-12-31", "planned": {"investment": "42", "annual_saving": "15.6", "water": "12000"}})",
      201);
  EXPECT_EQ(text_of(low, "code"), "WD1");
  EXPECT_EQ(text_of(high, "code"), "ZG1");
  const auto economics = town.done(*town.filler, "GET", "/api/v1/options/" + text_of(high, "id") + "/economics")
                             .as_object()
                             .at("economics")
                             .as_object();
  EXPECT_TRUE(economics.contains("handbook"));
  const auto state = [&](const Caller& who, const json::Value& option, const std::string& body, int status = 200) {
    const auto list = town.done(town.officer, "GET", path + "/options").as_object().at("items").as_array();
    std::int64_t version = 0;
    for (const auto& one : list)
      if (text_of(one, "id") == text_of(option, "id")) version = one.as_object().at("version").as_int64();
    town.done(who, "POST", "/api/v1/options/" + text_of(option, "id") + "/state", body, status, version);
  };
  state(*town.filler, low, R"({"state": "feasible"})");
  state(*town.filler, low, R"({"state": "implemented", "on": "2026-05-20"})");
  state(*town.filler, high, R"({"state": "feasible"})");
  state(*town.filler, high, R"({"state": "implemented", "on": "2026-05-20"})", 409);

  // Nothing goes in without the report; the filler cannot sign.
  const auto submit = R"({"truthful": true, "password": ")" + town.password() + "\"}";
  town.done(*town.signatory, "POST", path + "/submit", submit, 409, town.version(*town.filler, path));
  town.done(*town.filler, "POST", path + "/dossier/builds", R"({"stage": "evaluation"})", 201);
  town.done(*town.filler, "POST", path + "/submit", submit, 403, town.version(*town.filler, path));
  const auto ready = town.done(*town.signatory, "GET", path + "/review").as_object();
  EXPECT_EQ(ready.at("obstacles").as_array().size(), 0u) << json::dump(ready.at("obstacles"));
  EXPECT_EQ(waits(town, town.chief).find("case_"), std::string::npos);
  town.done(*town.signatory, "POST", path + "/submit", submit, 200, town.version(*town.filler, path));
  EXPECT_NE(waits(town, town.chief).find("case_evaluation 1"), std::string::npos);
  EXPECT_EQ(waits(town, town.reform_chief).find("case_"), std::string::npos) << "the case is led by the other line";
  EXPECT_EQ(waits(town, *town.filler), "");

  // A returned case carries reasons.
  town.done(town.officer, "POST", path + "/return", "{}", 422, town.version(town.officer, path));
  town.done(town.officer, "POST", path + "/return", R"({"reason": "请补充水平衡说明"})", 200,
            town.version(town.officer, path));
  town.done(
      *town.filler, "PATCH", "/api/v1/figures/audit/" + id,
      R"({"cells": [{"key": "water.reused", "period": "2025", "version": 0, "value": {"kind": "number", "number": "21000"}}]})");
  town.done(*town.signatory, "POST", path + "/submit", submit, 409, town.version(*town.filler, path));
  town.done(*town.filler, "POST", path + "/dossier/builds", R"({"stage": "evaluation"})", 201);
  town.done(*town.signatory, "POST", path + "/submit", submit, 200, town.version(*town.filler, path));
  town.done(*town.filler, "PATCH", "/api/v1/figures/audit/" + id,
            R"({"cells": [{"key": "water.reused", "period": "2025", "value": {"kind": "number", "number": "99999"}}]})",
            403);

  // Evaluation: blind until both sheets are in.
  const auto open = [&](const std::string& kind) {
    return town.done(
        town.officer, "POST", path + "/panels",
        R"({"kind": ")" + kind + R"(", "experts": [")" + town.experts[0] + "\", \"" + town.experts[1] + "\"]}", 201);
  };
  const Caller& first = town.world.member(Party::expert, town.experts[0], "周工", Role::expert, "990000");
  const Caller& second = town.world.member(Party::expert, town.experts[1], "吴工", Role::expert, "990000");
  const Caller& third = town.world.member(Party::expert, town.experts[2], "郑工", Role::expert, "990000");
  auto panel = text_of(open("evaluation"), "id");
  const auto score = [&](const Caller& expert, const std::string& panel_id, const std::string& remark) {
    const auto seen = town.done(expert, "GET", "/api/v1/panels/" + panel_id).as_object();
    const auto table = seen.at("table").as_object();
    std::string items, vetoes;
    for (const auto& item : table.at("items").as_array())
      items += (items.empty() ? "" : ", ") + quoted(text_of(item, "code")) + R"(: {"points": ")" +
               text_of(item, "max") + "\"}";
    for (const auto& veto : table.at("vetoes").as_array())
      vetoes += (vetoes.empty() ? "" : ", ") + quoted(text_of(veto, "code")) + R"(: {"found": false})";
    const auto version = seen.at("members").as_array().at(0).as_object().at("version").as_int64();
    town.done(expert, "PUT", "/api/v1/panels/" + panel_id + "/sheet",
              R"({"items": {)" + items + R"(}, "vetoes": {)" + vetoes + R"(}, "comment": ")" + remark + "\"}", 200,
              version);
    town.done(expert, "POST", "/api/v1/panels/" + panel_id + "/submit", R"({"password": ")" + town.password() + "\"}");
  };
  score(first, panel, "第一位专家的意见");
  town.api.run_all({
      {.name = "the office learns who has handed in, not what",
       .who = &town.officer,
       .path = "/api/v1/panels/" + panel,
       .contains = {"submitted"},
       .absent = {"第一位专家的意见", "\"points\""}},
      {.name = "the other expert sees neither sheet nor name",
       .who = &second,
       .path = "/api/v1/panels/" + panel,
       .absent = {"第一位专家的意见", "周工"}},
      {.name = "an expert who does not sit sees nothing",
       .who = &third,
       .path = "/api/v1/panels/" + panel,
       .status = 404},
      {.name = "the enterprise does not learn of the panel before its time",
       .who = town.signatory,
       .path = path + "/panels",
       .contains = {"\"items\":[]"}},
      {.name = "nor by the panel's own address",
       .who = town.signatory,
       .path = "/api/v1/panels/" + panel,
       .status = 404},
      {.name = "the case's log does not tell the sheet",
       .who = town.signatory,
       .path = path + "/log",
       .absent = {"第一位专家的意见"}},
      {.name = "nobody concludes before all sheets are in",
       .who = &town.chief,
       .method = "POST",
       .path = "/api/v1/panels/" + panel + "/conclude",
       .body = R"({"opinion": "同意", "password": ")" + town.password() + "\"}",
       .status = 409,
       .if_match = 1},
  });
  EXPECT_EQ(waits(town, town.chief).find("panel_scored"), std::string::npos);
  score(second, panel, "第二位专家的意见");
  EXPECT_NE(waits(town, town.chief).find("panel_scored 1"), std::string::npos);
  EXPECT_EQ(waits(town, town.officer).find("panel_scored"), std::string::npos) << "the chief concludes";
  town.done(town.officer, "POST", "/api/v1/panels/" + panel + "/conclude",
            R"({"opinion": "同意按计划实施", "password": ")" + town.password() + "\"}", 403,
            town.version(town.officer, "/api/v1/panels/" + panel));
  town.done(town.chief, "POST", "/api/v1/panels/" + panel + "/conclude",
            R"({"opinion": "同意按计划实施", "password": ")" + town.password() + "\"}", 200,
            town.version(town.officer, "/api/v1/panels/" + panel));

  // Options carried out and verified by the office, then acceptance.
  EXPECT_EQ(town.done(town.officer, "GET", path).as_object().at("state").as_string(), "implementing");
  town.world.fixture.set_today(Date(2026, 12, 20));
  town.world.renew_sessions();
  const auto ask = R"({"password": ")" + town.password() + "\"}";
  town.done(*town.signatory, "POST", path + "/request-acceptance", ask, 409, town.version(*town.filler, path));
  state(*town.filler, high, R"({"state": "implemented", "on": "2026-12-10"})");
  state(*town.filler, high, R"({"state": "verified", "verified": {"investment": "43.5"}})", 403);
  EXPECT_NE(waits(town, town.officer).find("case_options 1"), std::string::npos);
  state(town.officer, high,
        R"({"state": "verified", "verified": {"investment": "43.5", "annual_saving": "14.2", "water": "11500"}})");
  state(town.officer, low,
        R"({"state": "verified", "verified": {"investment": "0.8", "annual_saving": "2", "heavy_metals": "0.0035"}})");
  EXPECT_EQ(waits(town, town.officer).find("case_options"), std::string::npos) << "all are verified";
  town.done(*town.signatory, "POST", path + "/request-acceptance", ask, 200, town.version(*town.filler, path));
  EXPECT_NE(waits(town, town.officer).find("case_acceptance 1"), std::string::npos);
  panel = text_of(open("acceptance"), "id");
  score(first, panel, "验收意见一");
  score(second, panel, "验收意见二");
  town.done(town.chief, "POST", "/api/v1/panels/" + panel + "/conclude",
            R"({"opinion": "合格", "password": ")" + town.password() + "\"}", 422,
            town.version(town.officer, "/api/v1/panels/" + panel));
  town.done(town.chief, "POST", "/api/v1/panels/" + panel + "/conclude",
            R"({"opinion": "合格", "level": "II", "password": ")" + town.password() + "\"}", 200,
            town.version(town.officer, "/api/v1/panels/" + panel));
  EXPECT_NE(waits(town, town.province_chief).find("case_publication 1"), std::string::npos);
  EXPECT_EQ(waits(town, town.chief).find("case_publication"), std::string::npos) << "the province publishes";
  town.api.run_all({
      {.name = "an unpublished result is not public",
       .path = "/api/v1/public/enterprises/" + town.plant,
       .contains = {"\"result\":null"},
       .absent = {"\"level\":\"II\""}},
      {.name = "the city's chief does not publish it",
       .who = &town.chief,
       .method = "POST",
       .path = path + "/result",
       .body = R"({"where": "市局网站"})",
       .status = 403},
      {.name = "the province's chief does",
       .who = &town.province_chief,
       .method = "POST",
       .path = path + "/result",
       .body = R"({"where": "市局网站"})",
       .status = 201,
       .actions = {"publish_result"}},
      {.name = "once only",
       .who = &town.province_chief,
       .method = "POST",
       .path = path + "/result",
       .body = R"({"where": "市局网站"})",
       .status = 409},
      {.name = "the public page shows level, reason and disclosure, and no person",
       .path = "/api/v1/public/enterprises/" + town.plant,
       .contains = {"\"level\":\"II\"", "使用铬酸酐", "六价铬"},
       .absent = {"周工", "测试", "person"}},
  });

  // Totals add up to their cases exactly.
  const auto table =
      town.done(town.world.officer("990000"), "GET", "/api/v1/statistics/performance?year=2026").as_object();
  EXPECT_EQ(table.at("total").as_object().at("values").as_object().at("annual_saving").as_string(), "16.2");
  EXPECT_EQ(table.at("total").as_object().at("values").as_object().at("heavy_metals").as_string(), "0.0035");
  const auto behind =
      town.done(town.world.officer("990000"), "GET", "/api/v1/statistics/performance/annual_saving/cases?year=2026")
          .as_object();
  EXPECT_EQ(behind.at("sum").as_string(), "16.2");
  const auto progress =
      town.done(town.world.officer("990000"), "GET", "/api/v1/statistics/progress?year=2026").as_object();
  EXPECT_EQ(progress.at("total").as_object().at("listed").as_int64(), 2);
  EXPECT_EQ(progress.at("total").as_object().at("accepted").as_int64(), 1);

  const auto log = town.done(town.officer, "GET", path + "/log").as_object();
  EXPECT_TRUE(log.at("intact").as_bool());
  expect_a_basis_for_every_action(town);
}

TEST_P(WholePath, AConflictedExpertIsRefusedAndANoticeCitesTheLawOfItsDay) {
  Town town(GetParam());
  town.world.fixture.set_today(Date(2026, 8, 20));
  const auto id = published_case(town, "2026-08-15");
  const auto path = "/api/v1/audits/" + id;
  town.done(*town.signatory, "POST", path + "/mandates",
            R"({"consultancy": ")" + town.consultancy + R"(", "from": "2026-08-20", "to": "2027-08-20"})", 204);
  const auto candidates =
      town.done(town.officer, "GET", path + "/expert-candidates").as_object().at("items").as_array();
  bool refused = false;
  for (const auto& one : candidates)
    refused = refused || (text_of(one, "id") == town.experts[2] && !one.as_object().at("conflict").is_null());
  EXPECT_TRUE(refused) << "the expert employed by the mandated consultancy";

  const Caller& consultant =
      town.world.member(Party::consultancy, town.consultancy, "清泉咨询有限公司", Role::consultant);
  town.api.run_all({
      {.name = "under a mandate the consultancy edits",
       .who = &consultant,
       .path = path,
       .contains = {"\"edit\""},
       .absent = {"\"submit\""}},
      {.name = "it cannot give mandates",
       .who = &consultant,
       .method = "POST",
       .path = path + "/mandates",
       .body = R"({"consultancy": ")" + town.consultancy + R"(", "from": "2026-08-20", "to": "2027-08-20"})",
       .status = 403},
      {.name = "a postponement must be later than the present day",
       .who = &town.chief,
       .method = "POST",
       .path = path + "/actions/postpone",
       .body = R"({"rule": "disclose", "until": "2026-09-01", "reason": "停产检修"})",
       .status = 422,
       .if_match = town.version(town.chief, path)},
  });
  town.world.fixture.set_today(Date(2027, 8, 21));
  town.world.renew_sessions();
  town.api.run(
      {.name = "when the mandate is over the case is out of sight", .who = &consultant, .path = path, .status = 404});

  const auto log = json::dump(town.done(town.officer, "GET", path + "/log"));
  EXPECT_NE(log.find("code"), std::string::npos);
  EXPECT_EQ(log.find("\"cppl\""), std::string::npos) << "on 2026-08-15 the Code had replaced the Law";
  expect_a_basis_for_every_action(town);
}

}  // namespace
}  // namespace qy
