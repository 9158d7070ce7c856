#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "regime/identity/administration.h"
#include "regime/identity/testing.h"

namespace qy::identity {
namespace {

using testing::Api;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kPassword;
using ::testing::Not;
using testing::Scenario;
using testing::World;

std::string text_at(const json::Value& value, std::string_view key) { return std::string(value.at(key).as_string()); }

/// Each test runs on every engine at hand.
class Identity : public ::testing::TestWithParam<std::string> {
 protected:
  World world{GetParam(), false};
  Api api{world, {add_routes}};

  http::Response log_in(const std::string& login, const std::string& password) {
    return api.call(nullptr, "POST", "/api/v1/session",
                    json::dump(json::Object{{"login", login}, {"password", password}}));
  }
  std::vector<db::Action> actions_of(const db::Subject& subject) {
    return *world.premises.database->read(
        [&](Tx& tx) -> Result<std::vector<db::Action>> { return db::actions_of(tx, subject); });
  }
  std::string code_for(Party party, const std::string& party_id, Role role, int days = 180) {
    const auto& officer = world.officer("990101");
    return *world.premises.database->write([&](Tx& tx) -> Result<std::string> {
      note_party(tx, party, party_id, "云溪电镀厂", "990101", "99");
      return issue_activation_code(tx, act_of(world.premises, officer), party, party_id, "云溪电镀厂", role, days);
    });
  }
  http::Response activate(const std::string& code, const std::string& login,
                          const std::string& password = "harbour-lamp-7") {
    return api.call(
        nullptr, "POST", "/api/v1/activation",
        json::dump(json::Object{{"code", code}, {"name", "李工"}, {"login", login}, {"password", password}}));
  }
};

std::string engine_name(const ::testing::TestParamInfo<std::string>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(Engines, Identity, ::testing::ValuesIn(db::testing::engines()), engine_name);

TEST(Caller, CoversItsSubtree) {
  struct Row {
    const char* name;
    Level level;
    const char* region;
    std::vector<std::string> covered, excepted;
    const char* asked;
    bool expected;
  };
  const Row rows[] = {
      {"a county is itself", Level::county, "990101", {}, {}, "990101", true},
      {"a county is not its neighbour", Level::county, "990101", {}, {}, "990102", false},
      {"a county is not its city", Level::county, "990101", {}, {}, "990100", false},
      {"a city has its counties", Level::city, "990100", {}, {}, "990101", true},
      {"a city is not another city", Level::city, "990100", {}, {}, "990201", false},
      {"a province has everything inside", Level::province, "990000", {}, {}, "990201", true},
      {"a province is not another province", Level::province, "990000", {}, {}, "980101", false},
      {"the nation has everything", Level::nation, "", {}, {}, "110101", true},
      {"a zone covers its own code", Level::county, "990171", {}, {}, "990171", true},
      {"a zone with towns of two counties", Level::county, "990171", {"990171", "990106"}, {}, "990106", true},
      {"a separately planned city is not the province's", Level::province, "990000", {}, {"9902"}, "990201", false},
      {"the rest of that province is", Level::province, "990000", {}, {"9902"}, "990101", true},
      {"兵团 with places inside another province", Level::province, "660000", {"66", "659001"}, {}, "659001", true},
      {"a place taken back from an exception", Level::province, "990000", {"99", "990201"}, {"9902"}, "990201", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Caller caller;
    caller.party = Party::office;
    caller.level = row.level;
    caller.region = row.region;
    caller.covered = row.covered;
    caller.excepted = row.excepted;
    EXPECT_EQ(caller.covers(row.asked), row.expected);
  }
  Caller enterprise;
  enterprise.party = Party::enterprise;
  enterprise.region = "990101";
  EXPECT_FALSE(enterprise.covers("990101"));
  EXPECT_TRUE(system_caller().covers("990101"));
}

TEST_P(Identity, RowScopeAgreesWithCovers) {
  const std::vector<std::string> regions{"990101", "990102", "990201", "990171", "659001", "660101", "110101"};
  *world.premises.database->write([&](Tx& tx) -> Result<int> {
    for (const auto& region : regions) note_party(tx, Party::park, region, "园区", region, region.substr(0, 2));
    return 0;
  });
  std::vector<Caller> callers;
  for (const auto& [level, region, covered, excepted] :
       std::vector<std::tuple<Level, std::string, std::vector<std::string>, std::vector<std::string>>>{
           {Level::nation, "", {}, {}},
           {Level::province, "990000", {}, {}},
           {Level::province, "990000", {}, {"9902"}},
           {Level::city, "990100", {}, {"990171"}},
           {Level::county, "990101", {}, {}},
           {Level::province, "660000", {"66", "659001"}, {}},
           {Level::province, "990000", {"99", "990201"}, {"9902"}}}) {
    Caller caller;
    caller.party = Party::office;
    caller.level = level;
    caller.region = region;
    caller.covered = covered;
    caller.excepted = excepted;
    callers.push_back(caller);
  }
  callers.push_back(Caller{});
  callers.back().party = Party::enterprise;
  for (const auto& caller : callers) {
    std::vector<std::string> expected;
    for (const auto& region : regions)
      if (caller.covers(region)) expected.push_back(region);
    std::sort(expected.begin(), expected.end());
    const auto scope = row_scope(caller, "region");
    const auto found = *world.premises.database->read([&](Tx& tx) -> Result<std::vector<std::string>> {
      std::vector<std::string> out;
      for (auto& [region] : tx.rows_bound<std::string>(
               "SELECT region FROM party_place WHERE " + scope.sql + " ORDER BY region", scope.binds))
        out.push_back(region);
      return out;
    });
    EXPECT_EQ(found, expected) << scope.sql;
  }
}

TEST_P(Identity, LogsInAndOut) {
  const auto& officer = world.officer("990101");
  const auto answer = log_in(upper_ascii(officer.login), kPassword);
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto me = *json::parse(answer.body);
  EXPECT_EQ(text_at(me.at("user"), "name"), officer.name);
  EXPECT_EQ(text_at(me.at("posts").at(0), "party_name"), "清河县生态环境局");
  EXPECT_EQ(text_at(me.at("posts").at(0), "region"), "990101");
  EXPECT_THAT(answer.body, Not(HasSubstr("argon2")));
  ASSERT_EQ(answer.set_cookies.size(), 1u);
  const auto& cookie = answer.set_cookies[0];
  EXPECT_THAT(cookie, HasSubstr("; HttpOnly; SameSite=Lax"));
  EXPECT_THAT(cookie, Not(HasSubstr("Secure"))) << "plain HTTP on loopback";
  const auto token =
      cookie.substr(std::string("qy_session=").size(), cookie.find(';') - std::string("qy_session=").size());
  EXPECT_THAT(answer.body, Not(HasSubstr(token))) << "the token is in the cookie only";

  EXPECT_EQ(present(world.premises, token)->posts.front().login, officer.login);
  EXPECT_EQ(text_at(me, "csrf_token"), csrf_token_of(token));
  ASSERT_TRUE(log_out(world.premises, token));
  EXPECT_EQ(present(world.premises, token).error().code, "session.none");
  const auto actions = actions_of({"user", officer.user.str()});
  EXPECT_EQ(actions.back().name, "log_out");
  EXPECT_EQ(actions[actions.size() - 2].name, "log_in");
}

TEST_P(Identity, DoesNotTellWhichAccountsExist) {
  const auto& officer = world.officer("990101");
  const auto unknown = log_in("nobody", "whatever-1234");
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(unknown.body, log_in(officer.login, "wrong-password").body);
}

TEST_P(Identity, LocksAfterFiveFailuresForFifteenMinutes) {
  const auto& officer = world.officer("990101");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in(officer.login, "wrong-password").status, 401);
  const auto locked = log_in(officer.login, kPassword);
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(locked.headers.at("Retry-After"), "900");
  EXPECT_THAT(locked.body, HasSubstr("15 分钟"));
  EXPECT_EQ(actions_of({"user", officer.user.str()}).back().name, "lock_login");
  world.fixture.pass_seconds(15 * 60);
  EXPECT_EQ(log_in(officer.login, kPassword).status, 201);
}

TEST_P(Identity, AdministratorsUnlock) {
  const auto& officer = world.officer("990101");
  const auto& administrator = world.officer("990100", Line::ecology, Role::administrator);
  for (int i = 0; i < 5; ++i) log_in(officer.login, "wrong-password");
  api.run({"unlocking",
           &administrator,
           "POST",
           "/api/v1/users/" + officer.user.str() + "/unlock",
           "",
           200,
           {"\"locked\":false"},
           {"argon2"},
           {"unlock_login"}});
  EXPECT_EQ(log_in(officer.login, kPassword).status, 201);
}

TEST_P(Identity, SessionsExpireWhenIdle) {
  const auto token = world.session_of(world.officer("990101"));
  world.fixture.pass_seconds(kIdleSeconds - 1);
  EXPECT_TRUE(present(world.premises, token)) << "within the idle time, which starts again";
  world.fixture.pass_seconds(kIdleSeconds - 1);
  EXPECT_TRUE(present(world.premises, token));
  world.fixture.pass_seconds(kIdleSeconds);
  EXPECT_EQ(present(world.premises, token).error().code, "session.expired");
}

TEST_P(Identity, SessionsEndAfterTwelveHoursHoweverBusy) {
  const auto& officer = world.officer("990101");
  const auto token = world.session_of(officer);
  for (int hour = 1; hour < 12; ++hour) {
    world.fixture.pass_seconds(3600);
    EXPECT_TRUE(present(world.premises, token)) << hour;
  }
  world.fixture.pass_seconds(3600);
  EXPECT_EQ(present(world.premises, token).error().code, "session.expired");
}

TEST_P(Identity, GuardsEveryRequest) {
  const auto& officer = world.officer("990101");
  const auto token = world.session_of(officer);
  api.run_all({
      {"nobody", nullptr, "GET", "/api/v1/sessions", "", 401, {"session.none"}},
      {"one's own sessions", &officer, "GET", "/api/v1/sessions", "", 200, {"\"current\":true"}, {token, "token"}},
  });
  http::Request write;
  write.method = "PUT";
  write.path = "/api/v1/session/language";
  write.body = R"({"language":"en"})";
  write.headers["content-type"] = "application/json";
  write.cookies["qy_session"] = token;
  const auto* route = *api.router().find(write);
  EXPECT_EQ(route->handler(write).error().code, "csrf.token") << "a write without its token";
  write.headers["x-csrf-token"] = "guess";
  EXPECT_EQ(route->handler(write).error().code, "csrf.token");
  write.headers["x-csrf-token"] = csrf_token_of(token);
  EXPECT_TRUE(route->handler(write));
  EXPECT_EQ(present(world.premises, token)->posts.front().language, Language::en);
}

TEST_P(Identity, RevokesSessionsOfOneselfOnly) {
  const auto& officer = world.officer("990101");
  const auto& other = world.officer("990102");
  const auto token = world.session_of(officer);
  const auto id = present(world.premises, token)->session_id;
  api.run({"somebody else's session", &other, "DELETE", "/api/v1/sessions/" + id, "", 404, {"session.unknown"}});
  api.run({"one's own", &officer, "DELETE", "/api/v1/sessions/" + id, "", 204, {}, {}, {"revoke_session"}});
  api.run({"revoked at once", &officer, "GET", "/api/v1/sessions", "", 401, {"session.none"}});
}

TEST_P(Identity, ChangesPasswords) {
  const auto& officer = world.officer("990101");
  const auto elsewhere = *log_in(officer.login, kPassword).set_cookies.begin();
  const auto other_token = elsewhere.substr(11, elsewhere.find(';') - 11);
  const auto body = [](const char* current, const char* next) {
    return json::dump(json::Object{{"current_password", current}, {"new_password", next}});
  };
  api.run_all({
      {"too short",
       &officer,
       "PUT",
       "/api/v1/session/password",
       body(kPassword, "short"),
       422,
       {"#/new_password", "password.too_short"}},
      {"common",
       &officer,
       "PUT",
       "/api/v1/session/password",
       body(kPassword, "password123"),
       422,
       {"password.too_simple"}},
      {"like the account",
       &officer,
       "PUT",
       "/api/v1/session/password",
       body(kPassword, (officer.login + "12").c_str()),
       422,
       {"#/new_password"}},
      {"wrong present one",
       &officer,
       "PUT",
       "/api/v1/session/password",
       body("river-stone-43", "harbour-lamp-7"),
       422,
       {"#/current_password", "password.wrong"}},
      {"right",
       &officer,
       "PUT",
       "/api/v1/session/password",
       body(kPassword, "harbour-lamp-7"),
       204,
       {},
       {},
       {"change_password"}},
      {"this session goes on", &officer, "GET", "/api/v1/session", "", 200, {officer.name}},
  });
  EXPECT_EQ(present(world.premises, other_token).error().code, "session.none") << "the others end";
  EXPECT_EQ(log_in(officer.login, kPassword).status, 401);
  EXPECT_EQ(log_in(officer.login, "harbour-lamp-7").status, 201);
}

TEST_P(Identity, AsksForThePasswordWhenSigning) {
  const auto& chief = world.officer("990100", Line::ecology, Role::chief);
  EXPECT_TRUE(confirm_password(world.premises, chief, kPassword));
  const auto refused = confirm_password(world.premises, chief, "something else");
  EXPECT_EQ(refused.error().code, "password.wrong");
  EXPECT_EQ(refused.error().fields.at(0).pointer, "#/password");
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(confirm_password(world.premises, chief, ""));
  EXPECT_EQ(confirm_password(world.premises, chief, kPassword).error().code, "login.locked");
}

TEST_P(Identity, OpensAnAccountOnceByCode) {
  const auto code = code_for(Party::enterprise, "enterprise-1", Role::signatory);
  const auto offer = api.call(nullptr, "POST", "/api/v1/activation/check",
                              json::dump(json::Object{{"code", " " + lower_ascii(code) + " "}}));
  EXPECT_EQ(offer.status, 200);
  EXPECT_THAT(offer.body, HasSubstr("云溪电镀厂"));
  EXPECT_EQ(activate(code, "li gong").status, 422) << "a blank in the account name";
  EXPECT_EQ(activate(code, "ligong", "short").status, 422);
  const auto opened = activate(code, "LiGong");
  ASSERT_EQ(opened.status, 201) << opened.body;
  const auto me = *json::parse(opened.body);
  EXPECT_EQ(text_at(me.at("posts").at(0), "role"), "signatory");
  EXPECT_EQ(text_at(me.at("posts").at(0), "party_id"), "enterprise-1");
  EXPECT_EQ(text_at(me.at("posts").at(0), "province"), "99");
  for (const auto& action : actions_of({"user", text_at(me.at("user"), "id")}))
    EXPECT_EQ(action.post, "授权签字人 · 云溪电镀厂") << action.name;
  EXPECT_EQ(log_in("ligong", "harbour-lamp-7").status, 201);

  const auto again = activate(code, "somebody");
  EXPECT_EQ(again.status, 422);
  EXPECT_THAT(again.body, HasSubstr("activation.used"));
  EXPECT_THAT(activate(code_for(Party::enterprise, "enterprise-1", Role::filler), "ligong").body,
              HasSubstr("user.login_taken"));
  EXPECT_THAT(activate("AAAA-BBBB-CCCC", "somebody").body, HasSubstr("activation.unknown"));
}

TEST_P(Identity, CodesExpireAndAreReplaced) {
  const auto first = code_for(Party::enterprise, "enterprise-1", Role::signatory, 30);
  const auto second = code_for(Party::enterprise, "enterprise-1", Role::signatory, 30);
  EXPECT_THAT(activate(first, "first").body, HasSubstr("activation.void"));
  world.fixture.set_today(Date(2026, 7, 1));
  const auto on_the_last_day =
      api.call(nullptr, "POST", "/api/v1/activation/check", json::dump(json::Object{{"code", second}}));
  EXPECT_EQ(on_the_last_day.status, 200) << "2026-06-01 + 30 days = 2026-07-01, which still counts";
  world.fixture.set_today(Date(2026, 7, 2));
  EXPECT_THAT(activate(second, "second").body, HasSubstr("2026-07-01"));
}

TEST_P(Identity, TheCountyReissuesCodesWhenStaffLeave) {
  const auto& county = world.officer("990101");
  const auto& neighbour = world.officer("990102");
  const auto& old_signatory = world.member(Party::enterprise, "enterprise-1", "云溪电镀厂", Role::signatory);
  const std::string path = "/api/v1/parties/enterprise/enterprise-1/activation-codes", body = R"({"role":"signatory"})";
  api.run_all({
      {"another county's enterprise does not exist",
       &neighbour,
       "POST",
       path,
       body,
       404,
       {"party.not_yours"},
       {"云溪电镀厂"}},
      {"enterprises do not reissue", &old_signatory, "POST", path, body, 403, {"forbidden.officer_only"}},
      {"no such role there", &county, "POST", path, R"({"role":"expert"})", 422, {"#/role"}},
      {"the accounts as the county sees them",
       &county,
       "GET",
       "/api/v1/parties/enterprise/enterprise-1/accounts",
       "",
       200,
       {old_signatory.login, "reissue"},
       {"argon2", "hash"}},
      {"who left still works until then", &old_signatory, "GET", "/api/v1/team", "", 200, {old_signatory.name}},
  });
  const auto issued = api.run(
      {"reissued", &county, "POST", path, body, 201, {"activation_code"}, {}, {"end_post", "issue_activation_code"}});
  EXPECT_EQ(issued.headers.at("Cache-Control"), "no-store, private");
  api.run({"whose post has ended is nobody", &old_signatory, "GET", "/api/v1/team", "", 401, {"session.none"}});
  EXPECT_EQ(log_in(old_signatory.login, kPassword).status, 403);
  EXPECT_EQ(activate(text_at(*json::parse(issued.body), "activation_code"), "successor").status, 201);
  const auto now = *world.premises.database->read([&](Tx& tx) -> Result<std::vector<Holder>> {
    return holders(tx, Party::enterprise, "enterprise-1", Role::signatory, world.premises.today());
  });
  ASSERT_EQ(now.size(), 1u);
  EXPECT_EQ(now[0].login, "successor");
}

TEST_P(Identity, SignatoriesKeepTheirFillers) {
  const auto& signatory = world.member(Party::enterprise, "enterprise-1", "云溪电镀厂", Role::signatory);
  const auto& filler = world.member(Party::enterprise, "enterprise-1", "云溪电镀厂", Role::filler);
  const auto& stranger = world.member(Party::enterprise, "enterprise-2", "石桥染整厂", Role::filler);
  api.run_all({
      {"a filler sees the team and may not change it",
       &filler,
       "GET",
       "/api/v1/team",
       "",
       200,
       {signatory.name, "\"allowed_actions\":[]"},
       {stranger.name}},
      {"a filler may not invite", &filler, "POST", "/api/v1/team/invitations", "", 403, {"forbidden.keep_team"}},
      {"officers have no team here",
       &world.officer("990101"),
       "GET",
       "/api/v1/team",
       "",
       403,
       {"forbidden.party_only"}},
      {"somebody else's filler",
       &signatory,
       "DELETE",
       "/api/v1/team/posts/" + stranger.post.str(),
       "",
       404,
       {"post.not_found"}},
      {"the signatory's own post", &signatory, "DELETE", "/api/v1/team/posts/" + signatory.post.str(), "", 403},
  });
  const auto invited = api.run({"an invitation",
                                &signatory,
                                "POST",
                                "/api/v1/team/invitations",
                                "",
                                201,
                                {"\"role\":\"filler\""},
                                {},
                                {"issue_activation_code"}});
  EXPECT_EQ(activate(text_at(*json::parse(invited.body), "activation_code"), "newfiller").status, 201);
  api.run({"a filler leaves",
           &signatory,
           "DELETE",
           "/api/v1/team/posts/" + filler.post.str(),
           "",
           200,
           {"newfiller"},
           {},
           {"end_post"}});
  api.run({"and is nobody", &filler, "GET", "/api/v1/team", "", 401});
}

TEST_P(Identity, AdministratorsKeepTheirSubtreeOnly) {
  const auto& city = world.officer("990100", Line::ecology, Role::administrator);
  const auto& inside = world.officer("990101");
  const auto& other_line = world.officer("990101", Line::development_reform);
  const auto& other_city = world.officer("990201");
  const auto& above = world.officer("990000");
  api.run_all({
      {"officers keep nobody", &inside, "GET", "/api/v1/users", "", 403, {"forbidden.administrator_only"}},
      {"the list has the subtree and no secrets",
       &city,
       "GET",
       "/api/v1/users",
       "",
       200,
       {inside.login, "\"total\":2"},
       {other_line.login, other_city.login, above.login, "argon2", "password_hash"}},
      {"searched", &city, "GET", "/api/v1/users?q=" + inside.login, "", 200, {inside.login, "\"total\":1"}},
      {"another line's person",
       &city,
       "GET",
       "/api/v1/users/" + other_line.user.str(),
       "",
       404,
       {"user.not_found"},
       {other_line.name}},
      {"another city's person", &city, "GET", "/api/v1/users/" + other_city.user.str(), "", 404, {"user.not_found"}},
      {"a person above", &city, "POST", "/api/v1/users/" + above.user.str() + "/reset", "", 404},
      {"oneself",
       &city,
       "POST",
       "/api/v1/users/" + city.user.str() + "/posts",
       R"({"role":"chief","office":")" + world.office("990100").str() + "\"}",
       403,
       {"forbidden.own_account"}},
      {"a post in another city",
       &city,
       "POST",
       "/api/v1/users/" + inside.user.str() + "/posts",
       R"({"role":"officer","office":")" + world.office("990201").str() + "\"}",
       404,
       {"office.not_found"}},
      {"a county has no auditor",
       &city,
       "POST",
       "/api/v1/users/" + inside.user.str() + "/posts",
       R"({"role":"security_auditor","office":")" + world.office("990101").str() + "\"}",
       422,
       {"post.auditor_level"}},
      {"the log is not theirs", &city, "GET", "/api/v1/actions", "", 403, {"forbidden.auditor_only"}},
  });
}

TEST_P(Identity, AdministratorsOpenDisableAndResetAccounts) {
  const auto& city = world.officer("990100", Line::ecology, Role::administrator);
  const auto office = world.office("990102").str();
  const auto made = api.run({"opened",
                             &city,
                             "POST",
                             "/api/v1/users",
                             R"({"login":"wangmin","name":"王敏","role":"officer","office":")" + office + "\"}",
                             201,
                             {"activation_code", "\"has_password\":false"},
                             {"argon2"},
                             {"open_account", "give_post", "issue_reset_code"}});
  const auto user = *json::parse(made.body);
  const auto id = text_at(user, "id");
  EXPECT_EQ(log_in("wangmin", "anything-at-all").status, 401) << "no password yet";
  const auto code = text_at(user, "activation_code");
  EXPECT_THAT(api.call(nullptr, "POST", "/api/v1/activation/check", json::dump(json::Object{{"code", code}})).body,
              HasSubstr("new_password"));
  EXPECT_EQ(activate(code, "").status, 201);
  EXPECT_EQ(log_in("wangmin", "harbour-lamp-7").status, 201);

  const auto reset = api.run({"reset",
                              &city,
                              "POST",
                              "/api/v1/users/" + id + "/reset",
                              "",
                              201,
                              {"activation_code"},
                              {},
                              {"issue_reset_code"}});
  EXPECT_EQ(log_in("wangmin", "harbour-lamp-7").status, 401) << "the old password is gone at once";
  EXPECT_EQ(activate(text_at(*json::parse(reset.body), "activation_code"), "", "window-cloud-9").status, 201);

  const auto version = api.json(&city, "GET", "/api/v1/users/" + id).at("version").to_number<std::int64_t>();
  const std::string disable = R"({"name":"王敏","disabled":true})";
  api.run_all({
      {"without a version", &city, "PUT", "/api/v1/users/" + id, disable, 428, {"if_match.missing"}},
      {"with an old version", &city, "PUT", "/api/v1/users/" + id, disable, 412, {"user.stale"}, {}, {}, version - 1},
      {"disabled",
       &city,
       "PUT",
       "/api/v1/users/" + id,
       disable,
       200,
       {"\"disabled\":true"},
       {},
       {"change_user"},
       version},
  });
  EXPECT_EQ(log_in("wangmin", "window-cloud-9").status, 401);
  EXPECT_THAT(api.call(&city, "POST", "/api/v1/users",
                       R"({"login":"WangMin","name":"王敏","role":"officer","office":")" + office + "\"}")
                  .body,
              HasSubstr("user.login_taken"));
}

TEST_P(Identity, DeputiesSignAsThemselves) {
  const auto& administrator = world.officer("990100", Line::ecology, Role::administrator);
  const auto& chief = world.officer("990100", Line::ecology, Role::chief);
  const auto& officer = world.officer("990100");
  const auto& outsider = world.officer("990101");
  const auto path = "/api/v1/posts/" + chief.post.str() + "/deputies";
  const auto naming = [](const Caller& who, const char* to) {
    return R"({"user":")" + who.user.str() + R"(","to":")" + to + "\"}";
  };
  api.run_all({
      {"nobody is their own deputy",
       &administrator,
       "POST",
       path,
       naming(chief, "2026-06-10"),
       422,
       {"deputy.same_person"}},
      {"somebody of another office",
       &administrator,
       "POST",
       path,
       naming(outsider, "2026-06-10"),
       422,
       {"deputy.other_office"}},
      {"named",
       &administrator,
       "POST",
       path,
       naming(officer, "2026-06-10"),
       200,
       {"\"deputies\":[{"},
       {},
       {"name_deputy"}},
  });
  const auto posts = present(world.premises, world.session_of(officer))->posts;
  ASSERT_EQ(posts.size(), 2u);
  EXPECT_FALSE(posts[0].as_deputy) << "one's own post first";
  const auto& acting = posts[1];
  EXPECT_TRUE(acting.as_deputy);
  EXPECT_EQ(acting.role, Role::chief);
  EXPECT_EQ(acting.post, chief.post);
  EXPECT_EQ(acting.name, officer.name);
  EXPECT_EQ(acting.post_text(), "负责人（代） · 云溪市生态环境局");
  const auto recorded = action_by(act_of(world.premises, acting), {"list", "x"}, "publish");
  EXPECT_EQ(recorded.actor_id, officer.user.str());
  EXPECT_TRUE(recorded.as_deputy);

  http::Response as_chief = api.call(&acting, "GET", "/api/v1/offices");
  EXPECT_EQ(as_chief.status, 200);
  EXPECT_EQ(api.call(&outsider, "GET", "/api/v1/offices", "", {{"x-post", chief.post.str()}}).status, 403)
      << "a post that is not theirs";
  world.fixture.set_today(Date(2026, 6, 11));
  const auto token = *log_in(officer.login, kPassword).set_cookies.begin();
  EXPECT_EQ(present(world.premises, token.substr(11, token.find(';') - 11))->posts.size(), 1u)
      << "the last day was 2026-06-10";
}

TEST_P(Identity, OfficesOutsideThePlainTree) {
  const auto& province = world.officer("990000", Line::ecology, Role::administrator);
  const auto& city = world.officer("990100", Line::ecology, Role::administrator);
  const auto zone =
      R"({"region":"990171","line":"ecology","level":"county","name":{"zh":"云溪高新区生态环境分局","en":"Yunxi Hi-Tech Zone"},"covered":["990171","990106"]})";
  api.run_all({
      {"another city's zone",
       &world.officer("990200", Line::ecology, Role::administrator),
       "POST",
       "/api/v1/offices",
       zone,
       403,
       {"forbidden.administer_office"}},
      {"officers do not",
       &world.officer("990100"),
       "POST",
       "/api/v1/offices",
       zone,
       403,
       {"forbidden.administrator_only"}},
      {"a zone", &city, "POST", "/api/v1/offices", zone, 201, {"990106"}, {}, {"add_office"}},
      {"twice", &city, "POST", "/api/v1/offices", zone, 409, {"office.exists"}},
      {"a region that does not fit",
       &city,
       "POST",
       "/api/v1/offices",
       R"({"region":"990100","line":"ecology","level":"county","name":{"zh":"甲"}})",
       422,
       {"office.region"}},
      {"a broken prefix",
       &city,
       "POST",
       "/api/v1/offices",
       R"({"region":"990172","line":"ecology","level":"county","name":{"zh":"甲"},"covered":["99017"]})",
       422,
       {"office.prefix"}},
      {"one's own scope",
       &city,
       "PUT",
       "/api/v1/offices/" + world.office("990100").str(),
       R"({"name":{"zh":"云溪市生态环境局"},"covered":["99"]})",
       403,
       {"forbidden.own_scope"},
       {},
       {},
       1},
      {"a separately planned city, by the province",
       &province,
       "PUT",
       "/api/v1/offices/" + world.office("990200").str(),
       R"({"name":{"zh":"临江市生态环境局","en":"Linjiang"},"excepted":["990201"]})",
       200,
       {"\"version\":2"},
       {},
       {"change_office"},
       1},
      {"enterprises see no offices", &world.member(Party::enterprise, "e", "甲厂", Role::filler), "GET",
       "/api/v1/offices", "", 403},
      {"a city sees its own",
       &city,
       "GET",
       "/api/v1/offices?line=ecology",
       "",
       200,
       {"清河县", "云溪高新区"},
       {"临江市", "云岭省"}},
  });
  Caller linjiang = world.officer("990200");
  linjiang.excepted = {"990201"};
  EXPECT_FALSE(linjiang.covers("990201"));
}

TEST_P(Identity, ProgramsReadWithTokens) {
  const auto& administrator = world.officer("990100", Line::ecology, Role::administrator);
  const auto office = world.office("990100").str();
  const auto wish = [](const char* scopes, const char* day) {
    return std::string(R"({"name":"数据交换","scopes":[)") + scopes + R"(],"expires_on":")" + day + "\"}";
  };
  Guard(world.premises, api.router())(
      "GET", "/api/v1/things", [](const http::Request&, const Caller& caller) -> Result<http::Response> {
        return http::ok({{"who", caller.post_text()}, {"covers", caller.covers("990101")}});
      });
  Guard(world.premises, api.router())(
      "POST", "/api/v1/things",
      [](const http::Request&, const Caller&) -> Result<http::Response> { return http::no_content(); });
  api.run_all({
      {"accounts are for people",
       &administrator,
       "POST",
       "/api/v1/offices/" + office + "/tokens",
       wish("\"users\"", "2027-01-01"),
       422,
       {"token.closed_scope"}},
      {"at most two years",
       &administrator,
       "POST",
       "/api/v1/offices/" + office + "/tokens",
       wish("\"things\"", "2029-01-01"),
       422,
       {"token.expiry"}},
      {"officers do not issue", &world.officer("990100"), "POST", "/api/v1/offices/" + office + "/tokens",
       wish("\"things\"", "2027-01-01"), 403},
  });
  const auto issued = api.run({"issued",
                               &administrator,
                               "POST",
                               "/api/v1/offices/" + office + "/tokens",
                               wish("\"things\"", "2026-12-31"),
                               201,
                               {"\"token\""},
                               {},
                               {"issue_token"}});
  const auto token = text_at(*json::parse(issued.body), "token"), id = text_at(*json::parse(issued.body), "id");
  const std::map<std::string, std::string> bearer{{"authorization", "Bearer " + token}};
  const auto read = api.call(nullptr, "GET", "/api/v1/things", "", bearer);
  EXPECT_EQ(read.status, 200) << read.body;
  EXPECT_THAT(read.body, HasSubstr("接口 · 云溪市生态环境局"));
  EXPECT_THAT(read.body, HasSubstr("\"covers\":true"));
  EXPECT_EQ(api.call(nullptr, "POST", "/api/v1/things", "", bearer).status, 403) << "reads only";
  EXPECT_EQ(api.call(nullptr, "GET", "/api/v1/users", "", bearer).status, 403) << "outside its scopes";
  EXPECT_EQ(api.call(nullptr, "GET", "/api/v1/things", "", {{"authorization", "Bearer guess"}}).status, 401);
  api.run({"the list does not show it again",
           &administrator,
           "GET",
           "/api/v1/offices/" + office + "/tokens",
           "",
           200,
           {"数据交换"},
           {token, "hash"}});
  world.fixture.set_today(Date(2027, 1, 1));
  EXPECT_EQ(api.call(nullptr, "GET", "/api/v1/things", "", bearer).status, 401) << "expired";
  world.fixture.set_today(Date(2026, 6, 1));
  api.run({"revoked", &administrator, "DELETE", "/api/v1/tokens/" + id, "", 204, {}, {}, {"revoke_token"}});
  EXPECT_EQ(api.call(nullptr, "GET", "/api/v1/things", "", bearer).status, 401);
}

TEST_P(Identity, AuditorsReadTheLogAndItsProof) {
  const auto& auditor = world.officer("990000", Line::ecology, Role::security_auditor);
  const auto& officer = world.officer("990101");
  world.fixture.pass_seconds(1);
  EXPECT_EQ(log_in(officer.login, kPassword).status, 201);
  api.run_all({
      {"the newest entries",
       &auditor,
       "GET",
       "/api/v1/actions?page_size=5",
       "",
       200,
       {"log_in", officer.name},
       {"argon2"}},
      {"by name", &auditor, "GET", "/api/v1/actions?name=log_in", "", 200, {"\"total\":1"}, {"open_account"}},
      {"one chain with its proof",
       &auditor,
       "GET",
       "/api/v1/actions/user/" + officer.user.str(),
       "",
       200,
       {"\"holds\":true", "\"first_broken\":null", "log_in"}},
      {"no such chain", &auditor, "GET", "/api/v1/actions/user/nobody", "", 404, {"chain.not_found"}},
      {"officers do not", &officer, "GET", "/api/v1/actions", "", 403},
      {"auditors keep nobody", &auditor, "GET", "/api/v1/users", "", 403},
  });
}

TEST_P(Identity, AuditorsNarrowTheLogByPersonDayKindAndAction) {
  const auto& auditor = world.officer("990000", Line::ecology, Role::security_auditor);
  const auto& officer = world.officer("990101");
  const auto at = [&](const char* id, const char* kind, const char* name, const char* province, const char* person,
                      const char* when) {
    db::NewAction action{.subject = {kind, id}, .name = name, .province = province, .at = *Instant::parse(when)};
    action.actor_id = "u-" + std::string(id);
    action.actor_name = person;
    action.post = "承办人 · 云溪市生态环境局";
    action.payload = json::Object{};
    ASSERT_TRUE(world.premises.database->write([&](Tx& tx) -> Result<void> {
      db::append_action(tx, action, *world.premises.random);
      return {};
    }));
  };
  at("one", "audit", "submit", "99", "李明", "2024-03-04T15:59:59.999Z");
  at("two", "audit", "submit", "99", "李小明", "2024-03-04T16:00:00.000Z");
  at("three", "list", "publish", "99", "Ann Lee", "2024-03-05T15:59:59.999Z");
  at("four", "list", "publish", "99", "系统", "2024-03-05T16:00:00.000Z");
  at("elsewhere", "audit", "submit", "42", "李明", "2024-03-05T08:00:00.000Z");
  const std::string path = "/api/v1/actions?", li = "actor=%E6%9D%8E";
  api.run_all({
      {"part of a name",
       &auditor,
       "GET",
       path + li,
       "",
       200,
       {"\"total\":2", "\"one\"", "\"two\""},
       {"\"elsewhere\"", "Ann Lee", officer.name}},
      {"in any case, blanks around it", &auditor, "GET", path + "actor=+LEE+", "", 200, {"\"total\":1", "\"three\""}},
      {"a day of Asia/Shanghai",
       &auditor,
       "GET",
       path + "from=2024-03-05&to=2024-03-05",
       "",
       200,
       {"\"total\":2", "\"two\"", "\"three\""},
       {"\"one\"", "\"four\"", "\"elsewhere\""}},
      {"up to a day", &auditor, "GET", path + "to=2024-03-04", "", 200, {"\"total\":1", "\"one\""}},
      {"everything at once",
       &auditor,
       "GET",
       path + "kind=audit&name=submit&from=2024-03-05&to=2024-03-05&" + li,
       "",
       200,
       {"\"total\":1", "\"two\""},
       {"\"one\"", "\"elsewhere\""}},
      {"the second page",
       &auditor,
       "GET",
       path + "to=2024-03-06&page=2&page_size=3",
       "",
       200,
       {"\"total\":4", "\"page\":2", "\"one\""},
       {"\"two\"", "\"elsewhere\""}},
      {"the other province's chain", &auditor, "GET", "/api/v1/actions/audit/elsewhere", "", 404, {"chain.not_found"}},
      {"both days wrong",
       &auditor,
       "GET",
       path + "from=2024-02-30&to=yesterday",
       "",
       422,
       {"#/from", "date.nonexistent", "#/to", "date.format", "请写成年-月-日"}},
      {"the wrong way round",
       &auditor,
       "GET",
       path + "from=2024-03-06&to=2024-03-05",
       "",
       422,
       {"#/to", "post.days"},
       {"#/from"}},
      {"still not for officers", &officer, "GET", path + li, "", 403, {"forbidden.auditor_only"}, {"李"}},
  });
  const std::map<std::string, std::string> english{{"accept-language", "en"}};
  EXPECT_EQ(
      text_at(
          api.json(&auditor, "GET", path + "actor=system&to=2024-03-06", "", english).at("items").at(0).at("subject"),
          "id"),
      "four");
  EXPECT_EQ(api.json(&auditor, "GET", path + "actor=system&to=2024-03-06").at("total").as_int64(), 0);
}

TEST_P(Identity, TheLogNamesThePostAtTheDoor) {
  const auto& officer = world.officer("990101");
  const auto post_of_last = [&] { return actions_of({"user", officer.user.str()}).back(); };
  ASSERT_EQ(log_in(officer.login, kPassword).status, 201);
  EXPECT_EQ(post_of_last().name, "log_in");
  EXPECT_EQ(post_of_last().post, "承办人 · 清河县生态环境局");
  EXPECT_EQ(post_of_last().actor_id, officer.user.str());
  EXPECT_FALSE(post_of_last().as_deputy);
  for (int i = 0; i < 5; ++i) log_in(officer.login, "wrong-password");
  EXPECT_EQ(post_of_last().name, "lock_login");
  EXPECT_EQ(post_of_last().post, "承办人 · 清河县生态环境局");

  world.fixture.pass_seconds(16 * 60);
  ASSERT_TRUE(world.premises.database->write([&](Tx& tx) -> Result<void> {
    tx.run("UPDATE post SET to_day = :day WHERE user_id = :user", world.premises.today().plus_days(-1), officer.user);
    return {};
  }));
  for (int i = 0; i < 5; ++i) log_in(officer.login, "wrong-password");
  EXPECT_EQ(post_of_last().name, "lock_login");
  EXPECT_EQ(post_of_last().post, "系统") << "nobody's post any more";
  EXPECT_FALSE(*world.premises.database->read([&](Tx& tx) -> Result<bool> {
    return db::first_broken_link(tx, {"user", officer.user.str()}).has_value();
  }));
}

TEST_P(Identity, WhoMustChangeThePasswordMayDoNothingElse) {
  const auto system = system_caller();
  NewUser user{"fresh", "新人", testing::password_hash(), Role::officer, Party::office,
               "",      "",     world.office("990101"),   true};
  ASSERT_TRUE(
      world.premises.database->write([&](Tx& tx) { return add_user(tx, act_of(world.premises, system), user); }));
  const auto answer = log_in("fresh", kPassword);
  EXPECT_THAT(answer.body, HasSubstr("\"must_change_password\":true"));
  const auto token = answer.set_cookies.at(0).substr(11, answer.set_cookies.at(0).find(';') - 11);
  http::Request request;
  request.method = "GET";
  request.path = "/api/v1/offices";
  request.cookies["qy_session"] = token;
  EXPECT_EQ((*api.router().find(request))->handler(request).error().code, "password.must_change");
  request.path = "/api/v1/session";
  EXPECT_TRUE((*api.router().find(request))->handler(request));
}

}  // namespace
}  // namespace qy::identity
