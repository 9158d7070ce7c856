#include "regime/portal/portal.h"

#include "regime/figures/figures.h"
#include "regime/results/testing.h"

namespace qy::portal {
namespace {

using identity::testing::Api;
using identity::testing::Scenario;
using results::testing::City;

const char* const kNobody = "018f0000-0000-7000-8000-000000000000";

class Portal : public ::testing::TestWithParam<std::string> {
 protected:
  Portal() {
    Catalogue::global().add(portal_messages());
    plant = city.add_plant({.name = "云溪明洁电镀有限公司",
                            .credit_code = "91990101MA0000015C",
                            .legal_representative = "赵法人",
                            .contact_name = "李隐私",
                            .contact_phone = "13912345678",
                            .note = "内部备注：曾被举报"});
    other = city.add_plant({.name = "石桥镀锌厂", .region = "990102"});
    page = "/api/v1/public/enterprises/" + plant.str();
  }

  void publish_year(int year, Date day) {
    city.on(day);
    list = city.confirmed_list(year, {plant, other});
    city.publish_list(list, day);
    id = city.case_of(plant);
  }
  json::Object get(const std::string& path) { return api.json(nullptr, "GET", path).as_object(); }
  json::Array array(const std::string& path, const char* name) { return get(path).at(name).as_array(); }
  std::string names(const std::string& query) {
    std::string out;
    for (const auto& item : array("/api/v1/public/enterprises" + query, "items"))
      out += std::string(item.as_object().at("name").as_string()) + " ";
    return out;
  }
  std::int64_t total(const std::string& path) { return get(path).at("total").as_int64(); }
  json::Object round(std::size_t which = 0) { return array(page, "rounds").at(which).as_object(); }
  std::map<std::string, disclosure::Answer> answers() {
    std::map<std::string, disclosure::Answer> out;
    for (const auto* item : disclosure::items_for(*city.premises.rules, {"toxic"})) {
      auto& answer = out[item->id];
      if (item->kind == "number")
        answer.number = Decimal::of("12.50");
      else if (item->kind == "substances")
        answer.substances = {{"六价铬", "经处理后排放", "0.1 mg/L", "0.02 t"}};
      else
        answer.text = "按要求公布";
    }
    return out;
  }

  City city{GetParam()};
  Api api{city.world, {add_routes, listing::add_routes, registry::add_routes}};
  registry::EnterpriseId plant, other;
  listing::ListId list;
  audits::AuditId id;
  std::string page;
};
INSTANTIATE_TEST_SUITE_P(Engines, Portal, ::testing::ValuesIn(db::testing::engines()),
                         [](const auto& info) { return info.param; });

TEST_P(Portal, NothingIsPublicBeforeTheListIsPublished) {
  const auto waiting = city.confirmed_list(2026, {plant, other});
  const std::string name = "云溪明洁";
  api.run_all({
      {.name = "the front page is empty",
       .path = "/api/v1/public/summary",
       .contains = {"\"lists\":0", "\"latest_lists\":[]", "\"years\":[]", "\"regions\":[]"},
       .absent = {name}},
      {.name = "no list", .path = "/api/v1/public/lists", .contains = {"\"total\":0"}, .absent = {waiting.str()}},
      {.name = "not by its address either",
       .path = "/api/v1/public/lists/" + waiting.str(),
       .status = 404,
       .contains = {"portal.not_found", "可能尚未公布"},
       .absent = {name}},
      {.name = "no enterprise", .path = "/api/v1/public/enterprises", .contains = {"\"total\":0"}, .absent = {name}},
      {.name = "not by name",
       .path = "/api/v1/public/enterprises?text=%E7%94%B5%E9%95%80",
       .contains = {"\"total\":0"}},
      {.name = "nor by its address", .path = page, .status = 404, .absent = {name}},
  });
  city.write([&](Tx& tx) {
    return listing::perform(tx, city.premises, city.by(city.province_chief), waiting,
                            {.action = "return_list", .reason = "请核对"});
  });
  city.write([&](Tx& tx) {
    return listing::perform(tx, city.premises, city.by(city.officer), waiting,
                            {.action = "withdraw", .reason = "重新摸底"});
  });
  api.run(
      {.name = "a withdrawn list never was public", .path = "/api/v1/public/lists/" + waiting.str(), .status = 404});
}

TEST_P(Portal, APublishedListShowsWhoAndWhyInBothLanguagesAndNobodysName) {
  publish_year(2026, Date(2026, 6, 1));
  const std::vector<std::string> never{"李隐私", "13912345678", "赵法人", "内部备注", "测试", "person", "cosign"};
  api.run_all({
      {.name = "the front page",
       .path = "/api/v1/public/summary",
       .contains = {"\"lists\":1", "\"years\":[2026]", list.str(), "\"code\":\"990100\""},
       .absent = never},
      {.name = "the list",
       .path = "/api/v1/public/lists/" + list.str(),
       .contains = {"云溪明洁电镀有限公司", "石桥镀锌厂", "使用铬酸酐", "\"published_on\":\"2026-06-01\"",
                    "强制性清洁生产审核企业名单", "Enterprises for mandatory cleaner production audit"},
       .absent = never},
      {.name = "the enterprise",
       .path = page,
       .contains = {"91990101MA0000015C", "\"stage\":\"listed\"", "\"disclosure\":null", "\"result\":null",
                    "使用铬酸酐"},
       .absent = never},
      {.name = "found by part of its name",
       .path = "/api/v1/public/enterprises?text=%E6%98%8E%E6%B4%81",
       .contains = {"\"total\":1", "\"latest_year\":2026"},
       .absent = never},
  });
  const auto entry = get("/api/v1/public/lists/" + list.str()).at("entries").as_array().at(0).as_object();
  for (const char* language : {"zh", "en"}) {
    EXPECT_FALSE(entry.at("region_name").as_object().at(language).as_string().empty()) << language;
    EXPECT_FALSE(
        entry.at("categories").as_array().at(0).as_object().at("title").as_object().at(language).as_string().empty())
        << language;
  }
  EXPECT_EQ(names("?text=91990101ma0000015c"), "云溪明洁电镀有限公司 ") << "by its credit code, in any case";
  EXPECT_EQ(names("?region=990102"), "石桥镀锌厂 ");
  EXPECT_EQ(names("?region=990200"), "");
  EXPECT_EQ(names("?text=%E6%9D%8E%E9%9A%90%E7%A7%81"), "") << "nobody is found by a person's name";
}

TEST_P(Portal, WhatIsNotThereIsNotFoundAndWrongQuestionsAreAnswered) {
  publish_year(2026, Date(2026, 6, 1));
  api.run_all({
      {.name = "an unknown list", .path = std::string("/api/v1/public/lists/") + kNobody, .status = 404},
      {.name = "a malformed list", .path = "/api/v1/public/lists/2026", .status = 404},
      {.name = "an unknown enterprise", .path = std::string("/api/v1/public/enterprises/") + kNobody, .status = 404},
      {.name = "a malformed enterprise", .path = "/api/v1/public/enterprises/abc", .status = 404},
      {.name = "an unknown notice", .path = "/api/v1/public/notices/AAAA-BBBB-CCCC", .status = 404},
      {.name = "an unknown region holds nothing",
       .path = "/api/v1/public/lists?region=110000",
       .contains = {"\"total\":0"}},
      {.name = "a year that is none", .path = "/api/v1/public/lists?year=soon", .status = 422},
      {.name = "a page that is none", .path = "/api/v1/public/lists?page=0", .status = 422},
      {.name = "too long a page", .path = "/api/v1/public/enterprises?page_size=51", .status = 422},
      {.name = "sorted by what is not shown", .path = "/api/v1/public/enterprises?sort=contact_name", .status = 422},
      {.name = "the law of no day", .path = "/api/v1/public/law?on=2026-02-30", .status = 422},
  });
}

TEST_P(Portal, ListsAndEnterprisesArePagedAndSortedAsAsked) {
  for (const int year : {2024, 2025, 2026}) publish_year(year, Date(year, 3, 1 + (2026 - year)));
  const auto years = [&](const std::string& query) {
    std::string out;
    for (const auto& item : array("/api/v1/public/lists" + query, "items"))
      out += std::to_string(item.as_object().at("year").as_int64()) + " ";
    return out;
  };
  EXPECT_EQ(years(""), "2026 2025 2024 ");
  EXPECT_EQ(years("?sort=year"), "2024 2025 2026 ");
  EXPECT_EQ(years("?page=2&page_size=2"), "2024 ");
  EXPECT_EQ(years("?page=3&page_size=2"), "");
  EXPECT_EQ(years("?year=2025"), "2025 ");
  EXPECT_EQ(total("/api/v1/public/lists?page=3&page_size=2"), 3);
  EXPECT_EQ(names(""), "云溪明洁电镀有限公司 石桥镀锌厂 ");
  EXPECT_EQ(names("?sort=-name"), "石桥镀锌厂 云溪明洁电镀有限公司 ");
  EXPECT_EQ(names("?page=2&page_size=1"), "石桥镀锌厂 ");
  EXPECT_EQ(total("/api/v1/public/enterprises?page=2&page_size=1"), 2) << "each enterprise once, not once a list";
  for (const auto& item : array("/api/v1/public/enterprises", "items"))
    EXPECT_EQ(item.as_object().at("latest_year").as_int64(), 2026);
  EXPECT_EQ(array(page, "rounds").size(), 3u);
  const auto latest = array("/api/v1/public/summary", "latest_lists");
  ASSERT_EQ(latest.size(), 3u);
  EXPECT_EQ(latest.at(0).as_object().at("year").as_int64(), 2026);
}

TEST_P(Portal, TheNewestPublicationComesFirstOnTheFrontPage) {
  publish_year(2026, Date(2026, 3, 1));
  const auto first = list;
  city.on(Date(2026, 9, 1));
  const auto third = city.add_plant({.name = "清河电镀二厂"});
  list = city.confirmed_list(2025, {third});
  city.publish_list(list, Date(2026, 9, 1));
  const auto latest = array("/api/v1/public/summary", "latest_lists");
  EXPECT_EQ(latest.at(0).as_object().at("id").as_string(), list.str()) << "a late batch of an earlier year is news";
  EXPECT_EQ(latest.at(1).as_object().at("id").as_string(), first.str());
}

TEST_P(Portal, ADisclosureIsPublicWhenItIsPublishedAndNotBefore) {
  publish_year(2026, Date(2026, 6, 1));
  const auto& filler = city.filler(id);
  city.write(
      [&](Tx& tx) { return disclosure::save(tx, city.premises, city.by(filler), city.audit(id), answers(), 0); });
  api.run({.name = "the draft", .path = page, .contains = {"\"disclosure\":null"}, .absent = {"六价铬", "12.50"}});
  city.on(Date(2026, 6, 12));
  city.write([&](Tx& tx) { return disclosure::publish(tx, city.premises, city.by(filler), id, "本厂网站"); });
  api.run({.name = "published",
           .path = page,
           .contains = {"六价铬", "0.02 t", "本厂网站", "\"published_on\":\"2026-06-12\"", "\"stage\":\"disclosed\""},
           .absent = {"李隐私", "13912345678"}});
  const auto published = round().at("disclosure").as_object();
  for (const auto& item : published.at("items").as_array()) {
    const auto& title = item.as_object().at("title").as_object();
    EXPECT_FALSE(title.at("zh").as_string().empty());
    EXPECT_FALSE(title.at("en").as_string().empty());
  }
  api.run({.name = "another enterprise's page stays empty",
           .path = "/api/v1/public/enterprises/" + other.str(),
           .contains = {"\"disclosure\":null"},
           .absent = {"六价铬"}});
}

// What an enterprise hands in to be judged is its own; only the outcome is the public's, and only once published.
TEST_P(Portal, FiguresOptionsScoresAndUnpublishedDecisionsStayInside) {
  publish_year(2026, Date(2026, 6, 1));
  city.perform(city.signatory(id), id, "start");
  const auto& filler = city.filler(id);
  city.write([&](Tx& tx) -> Result<void> {
    std::vector<figures::Entry> ledger(1);
    auto& secret = ledger[0];
    secret.place = {"electricity.bought", "", figures::Period::year(2025), figures::Aspect::measured};
    secret.value = figures::Value::of(Decimal::of("9876543"), "kWh");
    secret.basis = figures::Basis::billed;
    QY_CHECK(figures::set_figures(tx, city.by(filler), *city.premises.rules, {"audit", id.str()}, "99", ledger));
    return {};
  });
  city.add_option(id, {{"investment", "43.21"}}, {{"investment", "45.67"}, {"water", "8765.4321"}});
  city.submit(id);
  const std::vector<std::string> inside{"9876543",  "镀槽加挡液板", "43.21",  "45.67",  "8765",     "同意按计划实施",
                                        "验收合格", "主要方案",     "周评审", "points", "验收意见", "测试"};
  api.run({.name = "submitted", .path = page, .contains = {"\"stage\":\"submitted\""}, .absent = inside});
  city.on(Date(2026, 9, 1));
  city.conclude(id, false);
  api.run({.name = "failed, not published",
           .path = page,
           .contains = {"\"stage\":\"submitted\"", "\"result\":null"},
           .absent = inside});
  city.on(Date(2026, 9, 5));
  city.write([&](Tx& tx) { return results::publish(tx, city.premises, city.by(city.province_chief), id, "市局网站"); });
  api.run({.name = "failed, published",
           .path = page,
           .contains = {"\"stage\":\"failed\"", "\"level\":null", "\"decided_on\":\"2026-09-01\"",
                        "\"published_on\":\"2026-09-05\""},
           .absent = inside});
  city.on(Date(2026, 12, 1));
  city.submit(id);
  city.conclude(id, true, "I");
  api.run({.name = "accepted since, the published failure stands",
           .path = page,
           .contains = {"\"stage\":\"failed\""},
           .absent = {"\"level\":\"I\"", "accepted"}});
  city.write([&](Tx& tx) { return results::publish(tx, city.premises, city.by(city.province_chief), id, "市局网站"); });
  api.run({.name = "accepted, published",
           .path = page,
           .contains = {"\"stage\":\"accepted\"", "\"level\":\"I\"", "市局网站"},
           .absent = inside});
}

TEST_P(Portal, ARemovedCaseLeavesEveryPageAndItsNoticeSaysSo) {
  publish_year(2026, Date(2026, 6, 1));
  const auto entry = city.audit(id).entry;
  const auto code = city.read(
      [&](Tx& tx) { return *tx.value<std::string>("SELECT code FROM notice WHERE entry_id = :entry", entry); });
  const auto notice = "/api/v1/public/notices/" + code;
  api.run({.name = "the notice holds",
           .path = notice,
           .contains = {"云溪明洁电镀有限公司", "\"withdrawn\":false"},
           .absent = {"activation", "李隐私", "使用铬酸酐"}});
  city.perform(city.chief, id, "remove", "企业已注销");
  city.write(
      [&](Tx& tx) { return listing::remove_entry(tx, city.premises, city.by(city.chief), entry, "企业已注销"); });
  api.run_all({
      {.name = "its page is gone", .path = page, .status = 404, .absent = {"云溪明洁", "注销"}},
      {.name = "the list stays without it",
       .path = "/api/v1/public/lists/" + list.str(),
       .contains = {"石桥镀锌厂"},
       .absent = {"云溪明洁", "注销"}},
      {.name = "the search stays without it",
       .path = "/api/v1/public/enterprises",
       .contains = {"\"total\":1"},
       .absent = {"云溪明洁"}},
      {.name = "the notice is marked", .path = notice, .contains = {"\"withdrawn\":true"}, .absent = {"注销"}},
  });
}

TEST_P(Portal, UnitsKeptOfflineLeaveNoTrace) {
  publish_year(2026, Date(2026, 6, 1));
  api.run({.name = "an office notes its number",
           .who = &city.world.officer("990101"),
           .method = "POST",
           .path = "/api/v1/secret-units",
           .body = R"({"region": "990101", "year": 2026, "number": "SM-7731", "stage": "listed"})",
           .status = 201,
           .actions = {"record_secret_unit"}});
  for (const std::string path : {"/summary", "/lists", "/enterprises"})
    api.run({.name = "public", .path = "/api/v1/public" + path, .absent = {"7731", "secret"}});
  api.run({.name = "the list", .path = "/api/v1/public/lists/" + list.str(), .absent = {"7731", "secret"}});
  EXPECT_EQ(total("/api/v1/public/enterprises"), 2);
}

TEST_P(Portal, ARenamedEnterpriseIsFoundByItsNewNameAndTellsItsFormerOne) {
  publish_year(2026, Date(2026, 6, 1));
  const auto detail = city.read([&](Tx& tx) { return *registry::find_enterprise(tx, plant); });
  const auto answer = api.call(
      &city.world.officer("990101"), "PUT", "/api/v1/enterprises/" + plant.str(),
      R"({"name": "云溪新洁电镀有限公司", "legal_name": "云溪新洁电镀有限公司", "credit_code": "91990101MA0000015C", "region": "990101", "industry": "3360", "status": "operating"})",
      {{"if-match", http::etag(detail.version)}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(names("?text=%E6%96%B0%E6%B4%81"), "云溪新洁电镀有限公司 ");
  EXPECT_EQ(names("?text=%E6%98%8E%E6%B4%81"), "");
  api.run({.name = "the page", .path = page, .contains = {"\"former_names\":[\"云溪明洁电镀有限公司\"]"}});
  api.run({.name = "the list says what was published",
           .path = "/api/v1/public/lists/" + list.str(),
           .contains = {"云溪明洁电镀有限公司"},
           .absent = {"云溪新洁"}});
}

TEST_P(Portal, TheLawIsThatOfTheDay) {
  api.run_all({
      {.name = "the day before the Code",
       .path = "/api/v1/public/law?on=2026-08-14",
       .contains = {"\"on\":\"2026-08-14\"", "\"id\":\"cppl\""},
       .absent = {"\"id\":\"code\"", "\"kind\":\"draft\""}},
      {.name = "the day of the Code",
       .path = "/api/v1/public/law?on=2026-08-15",
       .contains = {"\"id\":\"code\""},
       .absent = {"\"id\":\"cppl\""}},
      {.name = "today when no day is given", .path = "/api/v1/public/law", .contains = {"\"on\":\"2026-06-01\""}},
  });
  for (const std::string day : {"2026-08-14", "2026-08-15"})
    for (const auto& basis : array("/api/v1/public/law?on=" + day, "bases"))
      for (const auto& citation : basis.as_object().at("citations").as_array()) {
        const auto& one = citation.as_object();
        EXPECT_NE(one.at("document").as_string(), day == "2026-08-14" ? "code" : "cppl") << day;
        EXPECT_FALSE(one.at("mark").as_string().empty()) << "no provision without its mark";
      }
}

}  // namespace
}  // namespace qy::portal
