#include "regime/listing/listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "document/paper.h"
#include "engine/procedure/procedure.h"
#include "regime/files/files.h"
#include "regime/identity/testing.h"
#include "regime/listing/corrections.h"
#include "regime/listing/listing_commands.h"
#include "regime/listing/listing_store.h"
#include "regime/listing/notice_paper.h"
#include "regime/messages/messages.h"

namespace qy::listing {
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

/// The city 990100 with an electroplating plant and a cement plant, and a plant of another city.
class Listing : public ::testing::TestWithParam<std::string> {
 protected:
  World world{GetParam()};
  Premises& premises = world.premises;
  Api api{world, {[](const Premises& p, http::Router& router) {
            files::add_routes(p, router);
            add_routes(p, router);
          }}};
  registry::EnterpriseId plating, cement, elsewhere;
  const Caller& officer = world.officer("990100");
  const Caller& chief = world.officer("990100", Line::ecology, Role::chief);
  const Caller& province = world.officer("990000", Line::ecology, Role::chief);
  const Caller& reform = world.officer("990100", Line::development_reform, Role::chief);
  const Caller& county = world.officer("990101");
  const std::string password = std::string("{\"password\": \"") + identity::testing::kPassword + "\"}";

  void SetUp() override {
    static const bool filled = [] {
      for (const auto& sentences : {listing_messages(), registry::register_messages(), procedure_messages(),
                                    json::json_messages(), files::files_messages()})
        Catalogue::global().add(sentences);
      return true;
    }();
    (void)filled;
    plating = enterprise("云溪明洁电镀有限公司", "990101", "3360", {"electroplating"}, "small");
    cement = enterprise("石桥水泥有限公司", "990102", "3011", {}, "medium");
    elsewhere = enterprise("江口印染有限公司", "990201", "1713", {}, "medium");
  }

  registry::EnterpriseId enterprise(const std::string& name, const std::string& region, const std::string& industry,
                                    std::vector<std::string> tags, const std::string& scale) {
    const auto system = identity::system_caller();
    return World::expect(premises.database->write([&](Tx& tx) {
      return registry::add_enterprise(tx, *premises.rules, identity::act_of(premises, system),
                                      {.name = name,
                                       .region = region,
                                       .address = "工业园1号",
                                       .industry = industry,
                                       .tags = std::move(tags),
                                       .scale = scale});
    }));
  }

  json::Value done(const Caller& who, const std::string& method, const std::string& path, const std::string& body = "",
                   int status = 200, std::int64_t if_match = -1) {
    const auto response = answer(who, method, path, body, if_match);
    EXPECT_EQ(response.status, status) << method << " " << path << "\n" << response.body;
    const auto value = json::parse(response.body);
    return value ? *value : json::Value(json::Object{});
  }
  http::Response answer(const Caller& who, const std::string& method, const std::string& path,
                        const std::string& body = "", std::int64_t if_match = -1) {
    std::map<std::string, std::string> headers;
    if (if_match >= 0) headers["if-match"] = http::etag(if_match);
    return api.call(&who, method, path, body, headers);
  }
  std::string entry(const registry::EnterpriseId& id, const std::string& category = "toxic",
                    const std::string& reason = "使用铬酸酐，产生电镀污泥") {
    return R"({"enterprise": ")" + id.str() + R"(", "categories": [")" + category + R"("], "reason": ")" + reason +
           R"(", "mode": "full"})";
  }
  std::string entries(std::initializer_list<std::string> all) {
    return R"({"entries": [)" + join(std::vector<std::string>(all), ", ") + "]}";
  }
  std::string draft(std::initializer_list<std::string> all) {
    const auto id = text_of(done(officer, "POST", "/api/v1/lists", R"({"year": 2026})", 201), "id");
    if (all.size() > 0) done(officer, "POST", "/api/v1/lists/" + id + "/entries", entries(all), 201);
    return id;
  }
  std::int64_t version(const std::string& list) {
    return done(officer, "GET", "/api/v1/lists/" + list).as_object().at("version").as_int64();
  }
  http::Response act(const Caller& who, const std::string& list, const std::string& action,
                     const std::string& body = "") {
    return answer(who, "POST", "/api/v1/lists/" + list + "/actions/" + action, body.empty() ? password : body,
                  version(list));
  }
  std::string state(const std::string& list) { return text_of(done(officer, "GET", "/api/v1/lists/" + list), "state"); }

  /// Proposed, co-signed and confirmed.
  std::string confirmed(std::initializer_list<std::string> all) {
    const auto id = draft(all);
    EXPECT_EQ(act(officer, id, "propose").status, 200);
    EXPECT_EQ(act(reform, id, "cosign").status, 200);
    EXPECT_EQ(act(province, id, "confirm").status, 200);
    return id;
  }
  Result<Published> publish(const Caller& who, const std::string& list, const Publication& publication) {
    const auto now = identity::act_of(premises, who);
    return premises.database->write(
        [&](Tx& tx) { return publish_list(tx, premises, now, ListId::trusted(list), publication); });
  }
  std::string published(std::initializer_list<std::string> all, Date on = Date(2026, 6, 1),
                        std::optional<std::string> number = {}) {
    const auto id = confirmed(all);
    World::expect(
        publish(province, id, {.published_on = on, .dated_on = {}, .where = "省厅网站", .document_number = number}));
    return id;
  }
  template <class F>
  auto read(F f) {
    using T = std::invoke_result_t<F, Tx&>;
    return World::expect(premises.database->read([&](Tx& tx) -> Result<T> { return f(tx); }));
  }
  Entry entry_of(const std::string& list, const registry::EnterpriseId& of) {
    return read([&](Tx& tx) {
      for (auto& one : entries_of(tx, ListId::trusted(list)))
        if (one.enterprise == of) return one;
      throw std::runtime_error("not on the list");
    });
  }
  Result<Corrected> correct(const Caller& who, const std::string& list, const NewCorrection& wanted) {
    const auto now = identity::act_of(premises, who);
    return premises.database->write(
        [&](Tx& tx) { return publish_correction(tx, premises, now, ListId::trusted(list), wanted); });
  }
  /// A correction that is in order, to be spoilt.
  NewCorrection correction_of(const Entry& entry, const std::string& name) {
    NewCorrection wanted;
    wanted.published_on = premises.today();
    wanted.where = "省厅网站";
    wanted.explanation = "企业名称录入有误";
    wanted.entries = {
        {.entry = entry.id.str(), .enterprise_name = name, .reason = {}, .mode_reason = {}, .refused = {}}};
    return wanted;
  }
  http::Response upload(const Caller& who, const std::string& kind, const std::string& id) {
    const std::string body =
        "--cut\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nscan\r\n--cut\r\nContent-Disposition: "
        "form-data; name=\"file\"; filename=\"扫描.pdf\"\r\nContent-Type: application/octet-stream\r\n\r\n%PDF-1.7\r\n"
        "--cut--\r\n";
    return api.call(&who, "POST", "/api/v1/attachments/" + kind + "/" + id, body,
                    {{"content-type", "multipart/form-data; boundary=cut"}});
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, Listing, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

// ---- Drafting

TEST_P(Listing, AnOfficerOfTheDraftingLevelDrafts) {
  const auto year = R"({"year": 2026})";
  api.run_all({
      {.name = "a county does not draft",
       .who = &county,
       .method = "POST",
       .path = "/api/v1/lists",
       .body = year,
       .status = 403,
       .contains = {"市级部门"}},
      {.name = "nor does a chief",
       .who = &chief,
       .method = "POST",
       .path = "/api/v1/lists",
       .body = year,
       .status = 403,
       .contains = {"listing.officer_drafts"}},
      {.name = "nor the industry department, which leads no category",
       .who = &world.officer("990100", Line::industry),
       .method = "POST",
       .path = "/api/v1/lists",
       .body = year,
       .status = 403,
       .contains = {"listing.line_drafts"}},
      {.name = "nor an enterprise",
       .who = &world.member(Party::enterprise, plating.str(), "电镀", Role::signatory),
       .method = "POST",
       .path = "/api/v1/lists",
       .body = year,
       .status = 403},
      {.name = "a year before the audits began is refused",
       .who = &officer,
       .method = "POST",
       .path = "/api/v1/lists",
       .body = R"({"year": 2002})",
       .status = 422,
       .contains = {"#/year"}},
      {.name = "the year after next is refused",
       .who = &officer,
       .method = "POST",
       .path = "/api/v1/lists",
       .body = R"({"year": 2028})",
       .status = 422,
       .contains = {"#/year"}},
      {.name = "a city's officer drafts",
       .who = &officer,
       .method = "POST",
       .path = "/api/v1/lists",
       .body = year,
       .status = 201,
       .contains = {"2026年强制性清洁生产审核企业名单", "\"batch\":1", "\"edit\""},
       .actions = {"draft"}},
      {.name = "the next list of the year is a batch",
       .who = &officer,
       .method = "POST",
       .path = "/api/v1/lists",
       .body = year,
       .status = 201,
       .contains = {"第2批", "(batch 2)"},
       .actions = {"draft"}},
      {.name = "the list page says that he may draft",
       .who = &officer,
       .path = "/api/v1/lists",
       .contains = {"\"total\":2", "[\"draft\"]"}},
      {.name = "and that the industry department may not",
       .who = &world.officer("990100", Line::industry),
       .path = "/api/v1/lists",
       .contains = {"\"total\":2", "\"allowed_actions\":[]"}},
      {.name = "another city sees neither",
       .who = &world.officer("990200"),
       .path = "/api/v1/lists",
       .contains = {"\"total\":0"},
       .absent = {"云溪"}},
      {.name = "a county sees the lists of its city",
       .who = &county,
       .path = "/api/v1/lists?year=2026&state=drafting",
       .contains = {"\"total\":2"}},
      {.name = "an administrator sees none",
       .who = &world.officer("990100", Line::ecology, Role::administrator),
       .path = "/api/v1/lists",
       .status = 403},
  });
}

TEST_P(Listing, EntriesComplainAboutEverythingAtOnceAtTheirFields) {
  const auto list = draft({});
  const auto path = "/api/v1/lists/" + list + "/entries";
  const auto refused =
      answer(officer, "POST", path,
             entries({R"({"enterprise": ")" + plating.str() + R"("})",
                      R"({"enterprise": ")" + cement.str() +
                          R"(", "categories": ["toxic", "toxic", "noisy"], "reason": " ", "mode": "swift"})",
                      entry(elsewhere)}));
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(complaints(refused),
              UnorderedElementsAre(
                  "#/entries/0/categories listing.category_missing", "#/entries/0/reason listing.reason_missing",
                  "#/entries/0/mode listing.mode_unknown", "#/entries/1/categories/1 listing.category_twice",
                  "#/entries/1/categories/2 listing.category_unknown", "#/entries/1/reason listing.reason_missing",
                  "#/entries/1/mode listing.mode_unknown", "#/entries/2/enterprise enterprise.not_found"));
  EXPECT_EQ(done(officer, "GET", path).as_object().at("total").as_int64(), 0) << "all or none";

  done(officer, "POST", path, entries({entry(plating)}), 201);
  EXPECT_THAT(complaints(answer(officer, "POST", path, entries({entry(cement), entry(plating)}))),
              ElementsAre("#/entries/1/enterprise listing.already_listed"));
  EXPECT_THAT(complaints(answer(officer, "POST", path, entries({entry(cement), entry(cement)}))),
              ElementsAre("#/entries/1/enterprise listing.already_listed"))
      << "twice in one request";
  const auto batch = draft({});
  EXPECT_THAT(complaints(answer(officer, "POST", "/api/v1/lists/" + batch + "/entries", entries({entry(plating)}))),
              ElementsAre("#/entries/0/enterprise listing.already_listed"))
      << "nor on another list of the year";

  const auto one = entry_of(list, plating);
  const auto at = "/api/v1/entries/" + one.id.str();
  const std::string changed =
      R"({"categories": ["energy_intensive"], "reason": "单位产品能耗超过限额", "mode": "full"})";
  EXPECT_EQ(answer(officer, "PUT", at, changed, 7).status, 412);
  EXPECT_EQ(answer(officer, "PUT", at, changed).status, 428);
  EXPECT_THAT(complaints(answer(officer, "PUT", at, R"({"mode": "swift"})", 1)),
              UnorderedElementsAre("#/categories listing.category_missing", "#/reason listing.reason_missing",
                                   "#/mode listing.mode_unknown"));
  EXPECT_EQ(answer(chief, "PUT", at, changed, 1).status, 403);
  EXPECT_EQ(answer(world.officer("990100", Line::development_reform), "PUT", at, changed, 1).status, 403);
  const auto after = done(officer, "PUT", at, changed, 200, 1).as_object();
  EXPECT_EQ(after.at("lead_line").as_string(), "development_reform");
  EXPECT_EQ(after.at("cosign_line").as_string(), "development_reform") << "who leads co-signs what ecology drafts";
  EXPECT_EQ(answer(officer, "DELETE", at, "", 1).status, 412);
  EXPECT_EQ(answer(officer, "DELETE", at, "", 2).status, 204);
  EXPECT_EQ(done(officer, "GET", path).as_object().at("total").as_int64(), 0);

  EXPECT_THAT(act(officer, list, "propose").body, HasSubstr("listing.empty"));
  done(officer, "POST", path, entries({entry(plating)}), 201);
  EXPECT_EQ(act(officer, list, "propose").status, 200);
  EXPECT_THAT(answer(officer, "POST", path, entries({entry(cement)})).body, HasSubstr("listing.not_editable"));
  EXPECT_THAT(answer(officer, "DELETE", "/api/v1/entries/" + entry_of(list, plating).id.str(), "", 1).body,
              HasSubstr("listing.not_editable"));
}

TEST_P(Listing, EntriesAreFoundByPlaceCategoryModeAndName) {
  const auto list = draft({entry(plating), entry(cement, "energy_intensive")});
  const auto count = [&](const std::string& query) {
    return done(officer, "GET", "/api/v1/lists/" + list + "/entries?" + query).as_object().at("total").as_int64();
  };
  EXPECT_EQ(count("category=toxic"), 1);
  EXPECT_EQ(count("mode=full"), 2);
  EXPECT_EQ(count("mode=quick"), 0);
  EXPECT_EQ(count("region=990101"), 1);
  EXPECT_EQ(count("region=990100"), 2) << "a city is its counties";
  EXPECT_EQ(count("region=990200"), 0);
  EXPECT_EQ(count("text=%E6%B0%B4%E6%B3%A5"), 1);
  EXPECT_EQ(count("text=%25"), 0) << "a wildcard is a letter";
  EXPECT_EQ(count("waiting_for_line=development_reform"), 2);
}

TEST_P(Listing, CandidatesAreThoseOnNoListOfTheYear) {
  const auto system = identity::system_caller();
  World::expect(premises.database->write([&](Tx& tx) -> Result<void> {
    registry::set_standing(tx, cement, {.reference = "former", .accepted_on = Date(2021, 6, 2), .level = "II"});
    return {};
  }));
  const auto list = draft({});
  const auto path = "/api/v1/lists/" + list + "/candidates";
  const auto names = [&](const std::string& query = "") {
    std::vector<std::string> all;
    const auto page = done(officer, "GET", path + query);
    for (const auto& one : page.as_object().at("items").as_array()) all.push_back(text_of(one, "name"));
    return all;
  };
  EXPECT_THAT(names("?due=true"), ElementsAre("云溪明洁电镀有限公司")) << "never audited";
  EXPECT_THAT(names(), ElementsAre("云溪明洁电镀有限公司", "石桥水泥有限公司"));
  world.fixture.set_today(Date(2026, 6, 2));
  world.renew_sessions();
  EXPECT_THAT(names("?due=true"), ElementsAre("石桥水泥有限公司", "云溪明洁电镀有限公司"))
      << "five years after 2021-06-02 the interval is over, and such come first";
  EXPECT_THAT(names("?region=990102"), ElementsAre("石桥水泥有限公司"));
  EXPECT_THAT(names("?region=990100&priority_industry=electroplating"), ElementsAre("云溪明洁电镀有限公司"));
  EXPECT_THAT(names("?text=%E6%B0%B4%E6%B3%A5&due=true"), ElementsAre("石桥水泥有限公司"));

  // A list of the province for the same year takes its enterprise out of the city's candidates.
  World::expect(premises.database->write([&](Tx& tx) -> Result<void> {
    const auto now = identity::act_of(premises, system);
    QY_TRY(const auto above,
           draft_list(tx, premises, now, {.region = "990000", .year = 2026, .batch = 1, .title = {}}));
    QY_CHECK(add_entry(
        tx, premises, now, above,
        {.enterprise = plating, .categories = {"toxic"}, .reason = "省里列入", .mode = "full", .mode_reason = ""}));
    return {};
  }));
  EXPECT_THAT(names(), ElementsAre("石桥水泥有限公司"));
}

// ---- Co-signing, confirming, returning

TEST_P(Listing, TheOtherDepartmentCosignsItsEntries) {
  const auto list = draft({entry(plating), entry(cement, "energy_intensive")});
  const auto path = "/api/v1/lists/" + list;
  EXPECT_EQ(act(reform, list, "cosign").status, 409) << "not before it is proposed";
  EXPECT_EQ(act(officer, list, "propose").status, 200);
  EXPECT_THAT(act(province, list, "confirm").body, HasSubstr("还有2家企业待会签"));
  EXPECT_EQ(act(world.officer("990100", Line::development_reform), list, "cosign").status, 403) << "a chief co-signs";
  const auto industry = act(world.officer("990100", Line::industry, Role::chief), list, "cosign");
  EXPECT_EQ(industry.status, 409);
  EXPECT_THAT(industry.body, HasSubstr("listing.nothing_to_cosign"));
  const auto offered = json::dump(
      done(world.officer("990100", Line::industry, Role::chief), "GET", path).as_object().at("allowed_actions"));
  EXPECT_THAT(offered, Not(HasSubstr("cosign")));
  EXPECT_THAT(json::dump(done(reform, "GET", path).as_object().at("allowed_actions")), HasSubstr("\"cosign\""));
  EXPECT_EQ(act(reform, list, "cosign", R"({"password": "wrong"})").status, 422);
  EXPECT_EQ(answer(reform, "POST", path + "/actions/cosign", password, 1).status, 412) << "somebody moved it";
  EXPECT_EQ(act(reform, list, "cosign").status, 200);
  EXPECT_EQ(state(list), "cosigned");
  EXPECT_THAT(act(chief, list, "confirm").body, HasSubstr("由省级部门办理"));
  EXPECT_EQ(act(world.officer("990000"), list, "confirm").status, 403) << "a chief confirms";
  EXPECT_EQ(act(province, list, "confirm").status, 200);
  EXPECT_EQ(state(list), "confirmed");
}

TEST_P(Listing, APaperCosignatureNeedsItsScan) {
  const auto list = draft({entry(plating)});
  EXPECT_EQ(act(officer, list, "propose").status, 200);
  EXPECT_THAT(complaints(act(officer, list, "record_cosign")), ElementsAre("#/files listing.scan_missing"));
  EXPECT_THAT(
      complaints(act(officer, list, "record_cosign", R"({"files": ["00000000-0000-7000-8000-000000000000", "x"]})")),
      ElementsAre("#/files/0 listing.scan_unknown", "#/files/1 listing.scan_unknown"));
  const auto other = draft({});
  const auto foreign = text_of(*json::parse(upload(officer, "list", other).body), "id");
  EXPECT_THAT(complaints(act(officer, list, "record_cosign", R"({"files": [")" + foreign + "\"]}")),
              ElementsAre("#/files/0 listing.scan_unknown"));
  const auto scan = text_of(*json::parse(upload(officer, "list", list).body), "id");
  const auto files = R"({"files": [")" + scan + "\"]}";
  EXPECT_THAT(act(province, list, "record_cosign", files).body, HasSubstr("listing.drafting_office"));
  EXPECT_EQ(act(officer, list, "record_cosign", files).status, 200);
  EXPECT_EQ(state(list), "cosigned");
  const auto log = done(officer, "GET", "/api/v1/lists/" + list).as_object().at("log").as_array();
  EXPECT_EQ(text_of(log.back(), "name"), "record_cosign");
  EXPECT_THAT(json::dump(log.back()), HasSubstr(scan));
}

TEST_P(Listing, AListIsReturnedWithReasonAndWithdrawnByItsDrafter) {
  const auto list = draft({entry(plating), entry(cement)});
  EXPECT_EQ(act(officer, list, "propose").status, 200);
  EXPECT_EQ(act(reform, list, "cosign").status, 200);
  EXPECT_THAT(complaints(act(province, list, "return_list")), ElementsAre("#/reason listing.action_reason_missing"));
  EXPECT_EQ(act(province, list, "return_list", R"({"reason": "理由请写明物质"})").status, 200);
  EXPECT_EQ(state(list), "drafting");

  // What is changed is co-signed again; what is not keeps its signature.
  const auto one = entry_of(list, plating);
  done(officer, "PUT", "/api/v1/entries/" + one.id.str(),
       R"({"categories": ["toxic"], "reason": "使用铬酸酐", "mode": "full"})", 200, one.version);
  EXPECT_EQ(act(officer, list, "propose").status, 200);
  const auto counts = done(officer, "GET", "/api/v1/lists/" + list).as_object().at("counts").as_object();
  EXPECT_EQ(counts.at("to_cosign").as_int64(), 1);
  EXPECT_EQ(counts.at("cosigned").as_int64(), 1);

  // A defective sheet of co-signatures falls whole.
  EXPECT_EQ(act(reform, list, "cosign").status, 200);
  EXPECT_THAT(complaints(act(officer, list, "withdraw", R"({"reason": "误建", "void_cosignatures": true})")),
              ElementsAre("#/void_cosignatures listing.void_on_return"));
  EXPECT_EQ(act(province, list, "return_list", R"({"reason": "会签页缺公章", "void_cosignatures": true})").status, 200);
  const auto voided = done(officer, "GET", "/api/v1/lists/" + list).as_object();
  EXPECT_EQ(voided.at("counts").at("to_cosign").as_int64(), 2);
  EXPECT_EQ(voided.at("log").as_array().back().at("payload").at("cosignatures_voided").as_int64(), 2);
  EXPECT_EQ(act(officer, list, "propose").status, 200);
  EXPECT_THAT(act(province, list, "confirm").body, HasSubstr("还有2家企业待会签"));

  EXPECT_THAT(act(province, list, "withdraw", R"({"reason": "不办了"})").body, HasSubstr("由市级部门办理"));
  EXPECT_THAT(act(reform, list, "withdraw", R"({"reason": "不办了"})").body, HasSubstr("listing.drafting_office"));
  EXPECT_EQ(act(officer, list, "withdraw").status, 422);
  EXPECT_EQ(act(officer, list, "withdraw", R"({"reason": "合并到下一批"})").status, 200);
  EXPECT_EQ(state(list), "withdrawn");
  EXPECT_EQ(act(officer, list, "propose").status, 409);
  draft({entry(plating)});
}

// ---- Publication and its days

TEST_P(Listing, PublicationIsRefusedWithEveryReasonAtItsField) {
  const auto list = confirmed({entry(plating)});
  const auto wrong =
      publish(province, list,
              {.published_on = Date(2026, 6, 2), .dated_on = Date(2026, 6, 3), .where = " ", .document_number = {}});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(complaints(wrong.error()),
              UnorderedElementsAre("#/published_on listing.published_future",
                                   "#/dated_on listing.dated_after_published", "#/where field.required"));
  const Publication good{.published_on = Date(2026, 6, 1), .dated_on = {}, .where = "省厅网站", .document_number = {}};
  EXPECT_EQ(publish(chief, list, good).error().code, "listing.wrong_level");
  EXPECT_EQ(publish(world.officer("990000"), list, good).error().code, "procedure.wrong_actor");
  EXPECT_EQ(publish(province, draft({entry(cement)}), good).error().code, "procedure.wrong_state");
  EXPECT_EQ(act(province, list, "publish").status, 404) << "publication opens cases and has its own endpoint";
  const auto made = publish(province, list, good);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->list.state, "published");
  EXPECT_EQ(made->entries.size(), 1u);
  EXPECT_EQ(publish(province, list, good).error().code, "procedure.wrong_state") << "once";
  EXPECT_EQ(act(officer, list, "withdraw", R"({"reason": "不办了"})").status, 409);
}

TEST_P(Listing, ANumberMayComeBeforeOrAfterAndIsNotOverwrittenOncePublic) {
  const auto list = confirmed({entry(plating)});
  const auto path = "/api/v1/lists/" + list + "/document-number";
  const auto put = [&](const Caller& who, const std::string& body) {
    return answer(who, "PUT", path, body, version(list));
  };
  EXPECT_EQ(put(county, R"({"document_number": "云环发〔2026〕1号"})").status, 403);
  EXPECT_EQ(put(officer, "{}").status, 422);
  EXPECT_EQ(answer(officer, "PUT", path, R"({"document_number": "云环发〔2026〕1号"})", 1).status, 412);
  EXPECT_THAT(complaints(put(officer, R"({"document_number": "云环发〔2026〕1号", "dated_on": "2026-06-02"})")),
              ElementsAre("#/dated_on listing.dated_future"));
  EXPECT_EQ(put(officer, R"({"document_number": "云环发〔2026〕1号", "dated_on": "2026-05-28"})").status, 200);
  EXPECT_EQ(put(officer, R"({"document_number": "云环发〔2026〕11号"})").status, 200)
      << "before publication it may change";
  EXPECT_THAT(
      complaints(publish(province, list,
                         {.published_on = Date(2026, 5, 27), .dated_on = {}, .where = "网站", .document_number = {}})
                     .error()),
      ElementsAre("#/dated_on listing.dated_after_published"))
      << "the day entered before counts";
  ASSERT_TRUE(publish(province, list,
                      {.published_on = Date(2026, 5, 30), .dated_on = {}, .where = "网站", .document_number = {}}));
  const auto detail = done(officer, "GET", "/api/v1/lists/" + list).as_object();
  EXPECT_EQ(detail.at("dated_on").as_string(), "2026-05-28") << "publication does not forget the day of the paper";
  EXPECT_EQ(detail.at("document_number").as_string(), "云环发〔2026〕11号");
  EXPECT_THAT(json::dump(detail.at("allowed_actions")), Not(HasSubstr("set_document_number")));
  EXPECT_THAT(complaints(put(officer, R"({"document_number": "云环发〔2026〕12号", "dated_on": "2026-05-29"})")),
              UnorderedElementsAre("#/document_number listing.number_entered", "#/dated_on listing.dated_entered"));

  const auto later = published({entry(cement)});
  const auto number = "/api/v1/lists/" + later + "/document-number";
  EXPECT_THAT(
      complaints(answer(province, "PUT", number,
                        R"({"document_number": "云环发〔2026〕2号", "dated_on": "2026-06-02"})", version(later))),
      ElementsAre("#/dated_on listing.dated_after_published"));
  EXPECT_EQ(answer(province, "PUT", number, R"({"document_number": "云环发〔2026〕2号"})", version(later)).status, 200)
      << "the publisher may enter it too";
}

TEST_P(Listing, TheListIsAPaperAndATable) {
  const auto list = draft({entry(plating)});
  const auto paper_of = [&] {
    return read([&](Tx& tx) {
      return document::to_html(list_paper(*find_list(tx, ListId::trusted(list)), entries_of(tx, ListId::trusted(list)),
                                          *premises.rules, "云溪市生态环境局", premises.today()));
    });
  };
  EXPECT_FALSE(contains(paper_of(), "1970")) << "a draft bears no day";
  EXPECT_EQ(answer(officer, "GET", "/api/v1/lists/" + list + "/paper.docx").body.substr(0, 2), "PK");
  EXPECT_EQ(answer(officer, "GET", "/api/v1/lists/" + list + "/export.xlsx").body.substr(0, 2), "PK");
  EXPECT_EQ(answer(world.officer("990200"), "GET", "/api/v1/lists/" + list + "/paper.docx").status, 404);
  EXPECT_EQ(act(officer, list, "propose").status, 200);
  EXPECT_EQ(act(reform, list, "cosign").status, 200);
  EXPECT_EQ(act(province, list, "confirm").status, 200);
  ASSERT_TRUE(publish(province, list,
                      {.published_on = Date(2026, 6, 1), .dated_on = {}, .where = "网站", .document_number = {}}));
  EXPECT_TRUE(contains(paper_of(), "2026年6月1日"));
  EXPECT_TRUE(contains(paper_of(), "第十条"));
}

// ---- Notices

TEST_P(Listing, ANoticeCitesTheLawOfItsOwnDayAndCountsCalendarMonths) {
  struct Row {
    const char* name;
    Date published;
    std::optional<Date> dated;
    const char* law;
    const char* not_law;
    const char* disclose_by;
  };
  const Row rows[] = {
      {"a month without a 31st ends on its last day",
       Date(2026, 1, 31),
       {},
       "清洁生产促进法",
       "生态环境法典",
       "2026-02-28"},
      {"the last day of the Law", Date(2026, 8, 14), {}, "清洁生产促进法", "生态环境法典", "2026-09-14"},
      {"the first day of the Code", Date(2026, 8, 15), {}, "生态环境法典", "清洁生产促进法", "2026-09-15"},
      {"the paper is a day older than its publication", Date(2026, 8, 15), Date(2026, 8, 14), "清洁生产促进法",
       "生态环境法典", "2026-09-15"},
  };
  int n = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    world.fixture.set_today(std::max(row.published, Date(2026, 6, 1)));
    world.renew_sessions();
    const auto plant = enterprise("第" + std::to_string(++n) + "电镀厂", "990101", "3360", {"electroplating"}, "small");
    const auto list = confirmed({entry(plant)});
    World::expect(
        publish(province, list,
                {.published_on = row.published, .dated_on = row.dated, .where = "网站", .document_number = {}}));
    const auto content = read([&](Tx& tx) {
      const auto one = entries_of(tx, ListId::trusted(list)).front();
      const auto notice = store::notice_of(tx, one.id);
      return notice_content(tx, premises, *find_list(tx, ListId::trusted(list)), one, notice->notice, notice->office);
    });
    // The law of the duty; clocks may rest on departmental rules that go on.
    std::string duty;
    for (const auto& citation : content.duty) duty += cited(citation);
    EXPECT_THAT(duty, HasSubstr(row.law));
    EXPECT_THAT(duty, Not(HasSubstr(row.not_law)));
    ASSERT_FALSE(content.deadlines.empty());
    EXPECT_EQ(content.deadlines.front().due_on.str(), row.disclose_by);
    const auto html = document::to_html(notice_paper(content));
    EXPECT_TRUE(contains(html, row.disclose_by));
    EXPECT_FALSE(contains(html, row.not_law));
    EXPECT_TRUE(contains(html, content.code));
    EXPECT_TRUE(contains(html, "非官方")) << "what is from memory says so";
  }
}

TEST_P(Listing, NoticesAreMadeOnceAndReadByTheirRegionAndTheirEnterprise) {
  const auto list = published({entry(plating)});
  const auto id = ListId::trusted(list);
  const auto notice = read([&](Tx& tx) { return store::notices_of(tx, id).front().notice; });
  const auto path = "/api/v1/notices/" + notice.id.str();
  EXPECT_THAT(answer(county, "GET", path + "/paper.docx").body, HasSubstr("listing.notice_not_made"));
  EXPECT_EQ(World::expect(make_notices(premises, id)), 1);
  EXPECT_EQ(World::expect(make_notices(premises, id)), 0) << "again makes none";
  const auto& own = world.member(Party::enterprise, plating.str(), "云溪明洁电镀有限公司", Role::signatory);
  const auto& stranger = world.member(Party::enterprise, cement.str(), "石桥水泥有限公司", Role::signatory);
  for (const auto* who : {&county, &officer, &own}) {
    const auto paper = answer(*who, "GET", path + "/paper.docx");
    EXPECT_EQ(paper.status, 200);
    EXPECT_EQ(paper.body.substr(0, 2), "PK");
  }
  for (const auto* who : {&stranger, &world.officer("990102"), &world.officer("990200"),
                          &world.officer("990101", Line::ecology, Role::administrator)})
    EXPECT_EQ(answer(*who, "GET", path + "/paper.docx").status, 404);
  EXPECT_THAT(json::dump(json::Value(read([&](Tx& tx) {
                return messages::messages_about(tx, {"notice", notice.id.str()}).front().code;
              }))),
              HasSubstr("message.notice_served"));

  api.run_all({
      {.name = "anyone checks the code",
       .path = "/api/v1/public/notices/" + notice.code,
       .contains = {"云溪明洁电镀有限公司", "\"withdrawn\":false", "\"corrections\":[]"},
       .absent = {"测试"}},
      {.name = "a code that nobody printed",
       .path = "/api/v1/public/notices/AAAA-BBBB-CCCC",
       .status = 404,
       .contains = {"AAAA-BBBB-CCCC"}},
  });
  World::expect(premises.database->write([&](Tx& tx) {
    return remove_entry(tx, premises, identity::act_of(premises, province), notice.entry, "已关停");
  }));
  api.run({.name = "the notice of a removed enterprise is void",
           .path = "/api/v1/public/notices/" + notice.code,
           .contains = {"\"withdrawn\":true"}});
}

TEST_P(Listing, DeliveryIsRecordedBetweenPublicationAndToday) {
  const auto list = published({entry(plating)});
  const auto notice = read([&](Tx& tx) { return store::notices_of(tx, ListId::trusted(list)).front().notice; });
  const auto path = "/api/v1/notices/" + notice.id.str() + "/delivery";
  const std::string good = R"({"delivered_on": "2026-06-01", "how": "直接送达，办公室签收"})";
  EXPECT_THAT(answer(county, "POST", path, good).body, HasSubstr("listing.notice_not_made"));
  World::expect(make_notices(premises, ListId::trusted(list)));
  const auto wrong = [&](const std::string& body) { return complaints(answer(county, "POST", path, body)); };
  EXPECT_THAT(wrong("{}"), UnorderedElementsAre("#/delivered_on field.required", "#/how field.required"));
  EXPECT_THAT(wrong(R"({"delivered_on": "2026-06-02", "how": " ", "file": "x"})"),
              UnorderedElementsAre("#/delivered_on listing.delivered_future", "#/how field.required",
                                   "#/file listing.receipt_unknown"));
  EXPECT_THAT(wrong(R"({"delivered_on": "2026-05-31", "how": "直接送达"})"),
              ElementsAre("#/delivered_on listing.delivered_before_published"));
  EXPECT_EQ(answer(world.officer("990102"), "POST", path, good).status, 404);
  EXPECT_EQ(answer(world.member(Party::enterprise, plating.str(), "电镀", Role::signatory), "POST", path, good).status,
            404);

  EXPECT_EQ(upload(world.officer("990102"), "notice", notice.id.str()).status, 404);
  EXPECT_EQ(
      upload(world.member(Party::enterprise, plating.str(), "电镀", Role::signatory), "notice", notice.id.str()).status,
      403);
  const auto receipt = text_of(*json::parse(upload(county, "notice", notice.id.str()).body), "id");
  api.run({.name = "the county records the delivery with its receipt",
           .who = &county,
           .method = "POST",
           .path = path,
           .body = R"({"delivered_on": "2026-06-01", "how": "直接送达，办公室签收", "file": ")" + receipt + "\"}",
           .contains = {"\"delivered_on\":\"2026-06-01\"", receipt},
           .actions = {"deliver"}});
  World::expect(premises.database->write([&](Tx& tx) {
    return remove_entry(tx, premises, identity::act_of(premises, province), notice.entry, "已关停");
  }));
  EXPECT_THAT(answer(county, "POST", path, good).body, HasSubstr("listing.notice_void"));
}

// ---- Supplementary batches

TEST_P(Listing, ASupplementaryBatchIsOpenedFromAPublishedList) {
  const auto list = published({entry(plating)});
  EXPECT_EQ(act(officer, list, "supplement").status, 422);
  const std::string why = R"({"reason": "新增一家双有企业"})";
  EXPECT_THAT(act(province, list, "supplement", why).body, HasSubstr("由市级部门办理"));
  EXPECT_THAT(act(world.officer("990100", Line::industry), list, "supplement", why).body,
              HasSubstr("listing.line_drafts"));
  const auto opened = act(officer, list, "supplement", why);
  ASSERT_EQ(opened.status, 200) << opened.body;
  const auto log = json::parse(opened.body)->at("log").as_array();
  EXPECT_EQ(text_of(log.back(), "name"), "supplement");
  const auto batch = text_of(log.back().at("payload"), "opened");
  EXPECT_EQ(done(officer, "GET", "/api/v1/lists/" + batch).as_object().at("batch").as_int64(), 2);
  EXPECT_EQ(state(list), "published");
  const auto path = "/api/v1/lists/" + batch + "/entries";
  EXPECT_THAT(complaints(answer(officer, "POST", path, entries({entry(plating)}))),
              ElementsAre("#/entries/0/enterprise listing.already_listed"));
  World::expect(premises.database->write([&](Tx& tx) {
    return remove_entry(tx, premises, identity::act_of(premises, province), entry_of(list, plating).id, "类别有误");
  }));
  done(officer, "POST", path, entries({entry(plating, "over_standard", "排放浓度超过标准")}), 201);
  EXPECT_EQ(act(officer, batch, "supplement", why).status, 409) << "a draft is supplemented by editing it";
}

// ---- Corrections

TEST_P(Listing, ACorrectionShowsBeforeAndAfterAndKeepsWhatWasPublished) {
  const auto list =
      published({entry(plating), entry(cement, "energy_intensive")}, Date(2026, 6, 1), "云环发〔2026〕1号");
  World::expect(make_notices(premises, ListId::trusted(list)));
  const auto one = entry_of(list, plating);
  const auto code = read([&](Tx& tx) { return store::notice_of(tx, one.id)->notice.code; });
  world.fixture.set_today(Date(2026, 8, 16));
  world.renew_sessions();

  auto wanted = correction_of(one, "云溪明洁表面处理有限公司");
  wanted.published_on = Date(2026, 8, 15);
  wanted.dated_on = Date(2026, 8, 14);
  wanted.entries.front().reason = "使用铬酸酐、硫酸镍";
  wanted.list.title_zh = "云溪市2026年度强制性清洁生产审核企业名单";
  wanted.list.document_number = "云环发〔2026〕10号";
  const auto first = correct(province, list, wanted);
  ASSERT_TRUE(first) << first.error().code;
  EXPECT_EQ(first->correction.seq, 1);
  EXPECT_EQ(first->list.published_on, Date(2026, 6, 1)) << "the clocks' day stands";

  const auto now = entry_of(list, plating);
  EXPECT_EQ(now.enterprise_name, "云溪明洁表面处理有限公司");
  EXPECT_EQ(now.reason, "使用铬酸酐、硫酸镍");
  ASSERT_TRUE(now.as_published);
  EXPECT_EQ(now.as_published->enterprise_name, "云溪明洁电镀有限公司");
  EXPECT_EQ(now.as_published->reason, one.reason);
  EXPECT_EQ(read([&](Tx& tx) {
              return *tx.value<std::string>("SELECT enterprise_name FROM list_entry WHERE id = :id", one.id);
            }),
            "云溪明洁电镀有限公司")
      << "the row that was published is not rewritten";
  EXPECT_FALSE(entry_of(list, cement).as_published);
  const auto counts = read([&](Tx& tx) { return store::counts(tx, ListId::trusted(list)); });
  EXPECT_EQ(counts.listed, 2);

  // A second correction starts from the first.
  auto again = correction_of(now, "云溪明洁表面处理有限责任公司");
  again.published_on = Date(2026, 8, 16);
  ASSERT_TRUE(correct(province, list, again));
  const auto detail = done(officer, "GET", "/api/v1/lists/" + list).as_object();
  const auto corrections = detail.at("corrections").as_array();
  ASSERT_EQ(corrections.size(), 2u);
  EXPECT_EQ(text_of(corrections.at(1).at("values").at(0), "before"), "云溪明洁表面处理有限公司");
  EXPECT_EQ(text_of(corrections.at(1).at("values").at(0), "after"), "云溪明洁表面处理有限责任公司");
  EXPECT_EQ(text_of(detail.at("as_published").at("title"), "zh"), "云溪市2026年强制性清洁生产审核企业名单");
  EXPECT_EQ(text_of(detail.at("title"), "zh"), "云溪市2026年度强制性清洁生产审核企业名单");
  EXPECT_EQ(detail.at("document_number").as_string(), "云环发〔2026〕10号");
  const auto log = detail.at("log").as_array();
  EXPECT_EQ(text_of(log.back(), "name"), "correct");
  EXPECT_EQ(text_of(log.back().at("basis").at(0), "document"), "order-38");
  EXPECT_EQ(text_of(log.back().at("basis").at(0), "mark"), "memory");
  EXPECT_EQ(done(officer, "GET", "/api/v1/lists/" + list + "/entries?text=%E8%A1%A8%E9%9D%A2").as_object().at("total"),
            1)
      << "found under its corrected name";
  EXPECT_EQ(done(officer, "GET", "/api/v1/lists/" + list + "/entries?text=%E7%94%B5%E9%95%80").as_object().at("total"),
            0);

  // Its paper tells the law of its own day, and a later correction does not change its words.
  const auto paper_of = [&](std::size_t n) {
    return read([&](Tx& tx) {
      const auto id = ListId::trusted(list);
      const auto all = corrections_of(tx, id);
      return document::to_html(
          correction_paper(*find_list(tx, id), entries_of(tx, id), all.at(n), all, *premises.rules));
    });
  };
  EXPECT_TRUE(contains(paper_of(0), "关于《云溪市2026年强制性清洁生产审核企业名单》的更正公告"));
  EXPECT_TRUE(contains(paper_of(0), "（云环发〔2026〕1号）"));
  EXPECT_TRUE(contains(paper_of(0), "清洁生产促进法"));
  EXPECT_FALSE(contains(paper_of(0), "生态环境法典"));
  EXPECT_FALSE(contains(paper_of(0), "有限责任公司"));
  EXPECT_TRUE(contains(paper_of(0), "2026年8月14日"));
  EXPECT_TRUE(contains(paper_of(1), "关于《云溪市2026年度强制性清洁生产审核企业名单》的更正公告"));
  EXPECT_TRUE(contains(paper_of(1), "生态环境法典"));
  EXPECT_FALSE(contains(paper_of(1), "清洁生产促进法"));
  EXPECT_TRUE(contains(paper_of(1), "2026年6月1日")) << "the deadlines' day";
  const auto file = answer(county, "GET", "/api/v1/corrections/" + text_of(corrections.at(0), "id") + "/paper.docx");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body.substr(0, 2), "PK");
  EXPECT_EQ(
      answer(world.officer("990200"), "GET", "/api/v1/corrections/" + text_of(corrections.at(0), "id") + "/paper.docx")
          .status,
      404);
  const auto announcement = read([&](Tx& tx) {
    const auto id = ListId::trusted(list);
    return document::to_html(
        list_paper(*find_list(tx, id), entries_of(tx, id), *premises.rules, "局", Date(2026, 8, 16)));
  });
  EXPECT_TRUE(contains(announcement, "云溪明洁电镀有限公司")) << "the announcement stays as it was published";
  EXPECT_FALSE(contains(announcement, "表面处理"));

  api.run({.name = "who checks the notice in his hand reads what was corrected since",
           .path = "/api/v1/public/notices/" + code,
           .contains = {"云溪明洁表面处理有限责任公司", "云溪明洁电镀有限公司", "\"withdrawn\":false"},
           .absent = {"石桥水泥"}});

  // Taken back to the printed words, nothing differs any more.
  auto back = correction_of(entry_of(list, plating), "云溪明洁电镀有限公司");
  back.entries.front().reason = one.reason;
  ASSERT_TRUE(correct(province, list, back));
  EXPECT_FALSE(entry_of(list, plating).as_published);
}

TEST_P(Listing, ACorrectionIsRefusedWithEveryMistakeAtItsField) {
  const auto list = published({entry(plating), entry(cement)});
  const auto other = published({entry(enterprise("第三电镀厂", "990101", "3360", {"electroplating"}, "small"))});
  const auto one = entry_of(list, plating);
  const auto two = entry_of(list, cement);
  const auto foreign = read([&](Tx& tx) { return entries_of(tx, ListId::trusted(other)).front(); });
  world.fixture.set_today(Date(2026, 6, 10));
  world.renew_sessions();

  NewCorrection bad;
  bad.published_on = Date(2026, 6, 11);
  bad.dated_on = Date(2026, 5, 31);
  bad.list.title_en = " ";
  bad.list.document_number = "云环发〔2026〕1号";
  bad.list.dated_on = Date(2026, 6, 2);
  bad.list.published_where = "省厅网站";
  bad.list.refused = {"published_on"};
  const auto of = [](const std::string& id) {
    NewCorrection::OfEntry entry;
    entry.entry = id;
    return entry;
  };
  bad.entries = {of(one.id.str()), of(foreign.id.str()), of("nobody"), of(two.id.str()), of(two.id.str())};
  bad.entries[0].enterprise_name = one.enterprise_name;
  bad.entries[0].reason = std::string(501, 'x');
  bad.entries[0].refused = {"categories", "mode", "status"};
  bad.entries[1].enterprise_name = "别的名单";
  bad.entries[4].mode_reason = "规模较小";
  const auto refused = correct(province, list, bad);
  ASSERT_FALSE(refused);
  EXPECT_THAT(
      complaints(refused.error()),
      UnorderedElementsAre(
          "#/published_on listing.correction_future", "#/dated_on listing.correction_early", "#/where field.required",
          "#/explanation listing.action_reason_missing", "#/list/published_on listing.correction_published_on",
          "#/list/title_en field.required", "#/list/document_number listing.correction_number_first",
          "#/list/dated_on listing.correction_number_first", "#/list/published_where listing.correction_same",
          "#/entries/0/categories listing.correction_category", "#/entries/0/mode listing.correction_category",
          "#/entries/0/status listing.correction_entries", "#/entries/0/enterprise_name listing.correction_same",
          "#/entries/0/reason field.too_long", "#/entries/1/entry listing.entry_not_found",
          "#/entries/2/entry listing.entry_not_found", "#/entries/3 listing.correction_nothing",
          "#/entries/4/entry listing.correction_twice"));

  struct Row {
    const char* name;
    std::function<void(NewCorrection&)> spoil;
    const char* complaint;
  };
  const Row rows[] = {
      {"before the list was published", [](auto& c) { c.published_on = Date(2026, 5, 31); },
       "#/published_on listing.correction_early"},
      {"without a day", [](auto& c) { c.published_on.reset(); }, "#/published_on field.required"},
      {"the paper younger than its publication",
       [](auto& c) {
         c.published_on = Date(2026, 6, 9);
         c.dated_on = Date(2026, 6, 10);
       },
       "#/dated_on listing.dated_after_published"},
      {"the paper in the future", [](auto& c) { c.dated_on = Date(2026, 6, 11); }, "#/dated_on listing.dated_future"},
      {"nothing corrected", [](auto& c) { c.entries.clear(); }, "#/entries listing.correction_empty"},
      {"an enterprise nobody listed", [](auto& c) { c.entries.front().entry = "00000000-0000-7000-8000-000000000000"; },
       "#/entries/0/entry listing.entry_not_found"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto wanted = correction_of(one, "新名称有限公司");
    row.spoil(wanted);
    const auto got = correct(province, list, wanted);
    ASSERT_FALSE(got);
    EXPECT_THAT(complaints(got.error()), ElementsAre(row.complaint));
  }
  EXPECT_TRUE(read([&](Tx& tx) { return corrections_of(tx, ListId::trusted(list)); }).empty());
  EXPECT_FALSE(entry_of(list, plating).as_published) << "a refused correction leaves nothing behind";

  // On the day of publication itself it is in order; a later one may not be dated before it.
  auto same_day = correction_of(one, "新名称有限公司");
  same_day.published_on = Date(2026, 6, 5);
  ASSERT_TRUE(correct(province, list, same_day));
  auto earlier = correction_of(two, "石桥水泥股份有限公司");
  earlier.published_on = Date(2026, 6, 4);
  EXPECT_THAT(complaints(correct(province, list, earlier).error()),
              ElementsAre("#/published_on listing.correction_order"));

  World::expect(premises.database->write(
      [&](Tx& tx) { return remove_entry(tx, premises, identity::act_of(premises, province), two.id, "已关停"); }));
  EXPECT_THAT(complaints(correct(province, list, correction_of(two, "石桥水泥股份有限公司")).error()),
              ElementsAre("#/entries/0/entry listing.correction_removed"));
}

TEST_P(Listing, OnlyThePublishersChiefCorrectsAndOnlyWhatIsPublished) {
  const auto list = published({entry(plating)});
  const auto wanted = correction_of(entry_of(list, plating), "新名称有限公司");
  struct Row {
    const char* name;
    const Caller* who;
    const char* code;
  };
  const Row rows[] = {
      {"the province's officer", &world.officer("990000"), "procedure.wrong_actor"},
      {"the city's chief, whose level does not publish", &chief, "listing.wrong_level"},
      {"a county's chief", &world.officer("990101", Line::ecology, Role::chief), "listing.wrong_level"},
      {"the enterprise", &world.member(Party::enterprise, plating.str(), "电镀", Role::signatory),
       "procedure.wrong_actor"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(correct(*row.who, list, wanted).error().code, row.code);
  }
  EXPECT_THAT(json::dump(done(officer, "GET", "/api/v1/lists/" + list).as_object().at("allowed_actions")),
              Not(HasSubstr("\"correct\"")));
  EXPECT_THAT(json::dump(done(province, "GET", "/api/v1/lists/" + list).as_object().at("allowed_actions")),
              HasSubstr("\"correct\""));
  EXPECT_EQ(act(province, list, "correct", R"({"reason": "名称有误"})").status, 404)
      << "a bare line in the log is no correction";
  const auto running = draft({entry(cement)});
  EXPECT_EQ(correct(province, running, correction_of(entry_of(running, cement), "新名称有限公司")).error().code,
            "procedure.wrong_state");

  // The number of the correction comes later, once.
  const auto made = correct(province, list, wanted);
  ASSERT_TRUE(made);
  const auto path = "/api/v1/corrections/" + made->correction.id.str() + "/document-number";
  const std::string number = R"({"document_number": "云环发〔2026〕9号"})";
  EXPECT_EQ(answer(county, "PUT", path, number, 1).status, 403);
  EXPECT_EQ(answer(world.officer("990200"), "PUT", path, number, 1).status, 404);
  EXPECT_EQ(answer(officer, "PUT", path, number, 9).status, 412);
  EXPECT_THAT(complaints(answer(officer, "PUT", path, R"({"document_number": "9号", "dated_on": "2026-05-31"})", 1)),
              ElementsAre("#/dated_on listing.correction_early"));
  EXPECT_THAT(complaints(answer(officer, "PUT", path, R"({"document_number": "9号", "dated_on": "2026-06-02"})", 1)),
              ElementsAre("#/dated_on listing.dated_after_published"));
  api.run({.name = "the city's officer enters it",
           .who = &officer,
           .method = "PUT",
           .path = path,
           .body = number,
           .contains = {"云环发〔2026〕9号", "\"allowed_actions\":[]"},
           .actions = {"set_correction_number"},
           .if_match = 1});
  EXPECT_THAT(complaints(answer(officer, "PUT", path, number, 2)),
              ElementsAre("#/document_number listing.correction_number_entered"));
}

// ---- Pure parts

TEST(Lines, FollowTheCategoriesAndTheJurisdiction) {
  const auto rules = qy::testing::shipped_packs();
  struct Row {
    const char* name;
    std::vector<std::string> categories;
    const char* lead;
    const char* cosign;
  };
  const Row rows[] = {
      {"ecology leads the toxic ones", {"toxic"}, "ecology", "development_reform"},
      {"reform leads the energy-intensive ones", {"energy_intensive"}, "development_reform", "ecology"},
      {"two categories, one round: the first leads", {"toxic", "energy_intensive"}, "ecology", "development_reform"},
      {"no category, nobody", {}, "", ""}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto lines = lines_of(*rules, rules->jurisdiction_of("990100"), row.categories);
    EXPECT_EQ(lines.lead, row.lead);
    EXPECT_EQ(lines.cosign, row.cosign);
  }
}

TEST(ProposedModes, AreSimplerOnlyForSmallPlantsInALaterRound) {
  const auto rules = qy::testing::shipped_packs();
  struct Row {
    const char* name;
    const char* scale;
    int rounds;
    std::vector<std::string> categories;
    const char* mode;
  };
  const Row rows[] = {{"small, second round", "small", 1, {"toxic"}, "simplified"},
                      {"small, first round", "small", 0, {"toxic"}, "full"},
                      {"large, second round", "large", 1, {"toxic"}, "full"},
                      {"small but over the standard", "small", 1, {"over_standard"}, "full"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    registry::Summary plant;
    plant.scale = row.scale;
    plant.standing.rounds = row.rounds;
    EXPECT_EQ(propose_mode(*rules, plant, row.categories).mode, row.mode);
  }
}

}  // namespace
}  // namespace qy::listing
