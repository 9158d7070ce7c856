#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "regime/identity/accounts.h"
#include "regime/identity/guard.h"
#include "regime/identity/sessions.h"
#include "regime/premises/testing.h"

/// For tests only: a small province with offices, a Caller for every role, and rows that say who asks for what and what
/// must happen.
namespace qy::identity::testing {

/// The password of everybody here.
inline constexpr const char* kPassword = "river-stone-42";

inline const std::string& password_hash() {
  static const std::string hash = crypto::hash_password(kPassword);
  return hash;
}

/// Province 99 with offices of three lines at 990000, 990100 (city), 990101 and 990102 (its counties), 990200 (another
/// city) and 990201 (its county), and the nation's two ministries and industry ministry. People are made when they are
/// first asked for.
///
///   World world;
///   const auto& officer = world.officer("990101");
///   const auto& signatory = world.member(Party::enterprise, enterprise_id, "云溪电镀厂", Role::signatory);
class World {
 public:
  /// `engine`: "sqlite" or "postgres".
  explicit World(const std::string& engine = "sqlite", bool with_rules = true)
      : fixture(engine, with_rules), premises(fixture.premises) {
    struct Row {
      const char* region;
      const char* province;
      Level level;
      const char* zh;
      const char* en;
      const char* parent;
    };
    constexpr Row kRows[] = {{"", "00", Level::nation, "国家", "National", nullptr},
                             {"990000", "99", Level::province, "云岭省", "Yunling Province", ""},
                             {"990100", "99", Level::city, "云溪市", "Yunxi City", "990000"},
                             {"990101", "99", Level::county, "清河县", "Qinghe County", "990100"},
                             {"990102", "99", Level::county, "石桥区", "Shiqiao District", "990100"},
                             {"990200", "99", Level::city, "临江市", "Linjiang City", "990000"},
                             {"990201", "99", Level::county, "江口县", "Jiangkou County", "990200"}};
    const auto system = system_caller();
    expect(premises.database->write([&](Tx& tx) -> Result<void> {
      const auto act = act_of(premises, system);
      for (const auto& row : kRows)
        for (const auto line : {Line::ecology, Line::development_reform, Line::industry}) {
          NewOffice office{row.region,   row.province, line, row.level, name(row.zh, row.en, line),
                           std::nullopt, std::nullopt};
          if (row.parent) office.parent = offices_.at({row.parent, line});
          offices_[{row.region, line}] = add_office(tx, act, office);
        }
      return {};
    }));
  }

  const OfficeId& office(const std::string& region, Line line = Line::ecology) const {
    return offices_.at({region, line});
  }

  /// Somebody in an office: officer, chief, administrator or security auditor.
  const Caller& officer(const std::string& region, Line line = Line::ecology, Role role = Role::officer) {
    auto& caller = people_[{region, to_string(line), to_string(role)}];
    if (caller.user.empty()) caller = add({"", "", "", role, Party::office, "", "", office(region, line)});
    return caller;
  }

  /// Somebody of an enterprise, consultancy …; `region` is where the party lies.
  const Caller& member(Party party, const std::string& party_id, const std::string& party_name, Role role,
                       const std::string& region = "990101") {
    auto& caller = people_[{party_id, to_string(party), to_string(role)}];
    if (caller.user.empty()) {
      expect(premises.database->write([&](Tx& tx) -> Result<void> {
        note_party(tx, party, party_id, party_name, region, region.substr(0, 2));
        return {};
      }));
      NewUser user{"", "", "", role, party, party_id, party_name, std::nullopt};
      user.province = region.substr(0, 2);
      caller = add(std::move(user));
    }
    return caller;
  }

  /// An open session of the person; its token is what the cookie holds.
  std::string session_of(const Caller& caller) {
    auto& token = sessions_[caller.user];
    if (token.empty()) {
      token = "session-" + std::to_string(++count_) + "-of-" + caller.user.str();
      const auto now = premises.now();
      expect(premises.database->write([&](Tx& tx) -> Result<void> {
        store::insert(tx, store::Session{new_uuid(now, *premises.random), hash_of_token(token), caller.user, now, now,
                                         now.plus_seconds(kLongestSeconds), "127.0.0.1", "test"});
        return {};
      }));
    }
    return token;
  }

  /// Everybody logs in anew at the next call: sessions end when the clock is set far ahead.
  void renew_sessions() { sessions_.clear(); }

  template <class T>
  static T expect(Result<T> result) {
    if (!result) throw std::runtime_error("the test's world could not be made: " + result.error().code);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }

  qy::testing::TestPremises fixture;
  Premises& premises;

 private:
  static Text name(std::string zh, std::string en, Line line) {
    if (line == Line::ecology) return {zh + "生态环境局", en + " Ecology and Environment"};
    if (line == Line::industry) return {zh + "工业和信息化局", en + " Industry"};
    return {zh + "发展和改革局", en + " Development and Reform"};
  }
  Caller add(NewUser user) {
    const auto number = std::to_string(++count_);
    user.login = "person" + number;
    user.name = "测试" + number;
    user.password_hash = password_hash();
    const auto system = system_caller();
    const auto id =
        expect(premises.database->write([&](Tx& tx) { return add_user(tx, act_of(premises, system), user); }));
    return expect(premises.database->read(
        [&](Tx& tx) -> Result<Caller> { return store::callers_of(tx, id, premises.today()).at(0); }));
  }

  std::map<std::pair<std::string, Line>, OfficeId> offices_;
  std::map<std::tuple<std::string, std::string, std::string>, Caller> people_;
  std::map<UserId, std::string> sessions_;
  int count_ = 0;
};

/// One row of a scenario table: who asks for what, and what must and must not happen.
struct Scenario {
  const char* name;
  const Caller* who = nullptr;  ///< nullptr: nobody logged in
  std::string method = "GET";
  std::string path;
  std::string body = {};  ///< JSON; "" = none
  int status = 200;
  std::vector<std::string> contains = {};  ///< in the body
  std::vector<std::string> absent = {};    ///< nowhere in the body
  std::vector<std::string> actions = {};   ///< names appended to the log, in any order
  std::int64_t if_match = 0;               ///< 0 = no header
};

/// Calls the real routes of a router in the process, through the session guard.
class Api {
 public:
  using AddRoutes = void (*)(const Premises&, http::Router&);
  Api(World& world, std::vector<AddRoutes> rooms) : world_(world) {
    for (const auto add : rooms) add(world.premises, router_);
    static const bool filled = [] {
      for (const auto& sentences : {base_messages(), http::http_messages(), identity_messages()})
        Catalogue::global().add(sentences);
      return true;
    }();
    (void)filled;
  }

  http::Response call(const Caller* who, const std::string& method, const std::string& path,
                      const std::string& body = "", const std::map<std::string, std::string>& headers = {}) {
    http::Request request;
    request.method = method;
    request.id = "test";
    request.remote = "127.0.0.1";
    request.body = body;
    request.headers = headers;
    if (!body.empty()) request.headers.emplace("content-type", "application/json");
    if (who) {
      const auto token = world_.session_of(*who);
      request.cookies["qy_session"] = token;
      request.headers.emplace("x-csrf-token", csrf_token_of(token));
      request.headers.emplace("x-post", who->post.str());
    }
    if (const auto read = http::read_target(path, request); !read)
      return http::problem(read.error(), Language::zh, request.id);
    request.language = http::language_of(request);
    const auto route = router_.find(request);
    if (!route) return http::problem(route.error(), Language::zh, request.id);
    auto response = (*route)->handler(request);
    return response ? *response : http::problem(response.error(), Language::zh, request.id);
  }

  /// The same, as JSON; a failure to be JSON is a test failure.
  json::Value json(const Caller* who, const std::string& method, const std::string& path, const std::string& body = "",
                   const std::map<std::string, std::string>& headers = {}) {
    const auto response = call(who, method, path, body, headers);
    auto value = json::parse(response.body);
    EXPECT_TRUE(value) << response.status << " " << response.body;
    return value ? *value : json::Value();
  }

  http::Response run(const Scenario& row) {
    SCOPED_TRACE(row.name);
    const auto before = recorded();
    std::map<std::string, std::string> headers;
    if (row.if_match != 0) headers["if-match"] = http::etag(row.if_match);
    const auto response = call(row.who, row.method, row.path, row.body, headers);
    EXPECT_EQ(response.status, row.status) << response.body;
    for (const auto& text : row.contains) EXPECT_THAT(response.body, ::testing::HasSubstr(text));
    for (const auto& text : row.absent) EXPECT_THAT(response.body, ::testing::Not(::testing::HasSubstr(text)));
    EXPECT_THAT(names_since(before), ::testing::UnorderedElementsAreArray(row.actions)) << "actions recorded";
    return response;
  }
  void run_all(const std::vector<Scenario>& rows) {
    for (const auto& row : rows) run(row);
  }

  http::Router& router() { return router_; }

 private:
  std::vector<db::Action> newest() {
    return World::expect(world_.premises.database->read(
        [&](Tx& tx) -> Result<std::vector<db::Action>> { return db::recent_actions(tx, {}, 1000, 0); }));
  }
  std::set<std::string> recorded() {
    std::set<std::string> ids;
    for (const auto& action : newest()) ids.insert(action.id);
    return ids;
  }
  std::vector<std::string> names_since(const std::set<std::string>& before) {
    std::vector<std::string> names;
    for (const auto& action : newest())
      if (!before.contains(action.id)) names.push_back(action.name);
    return names;
  }

  World& world_;
  http::Router router_;
};

inline std::string text_of(const json::Value& value, const char* key) {
  return std::string(value.as_object().at(key).as_string());
}

/// "pointer code" of every complaint: of an error, or of a problem document.
inline std::vector<std::string> complaints(const Error& error) {
  std::vector<std::string> all;
  for (const auto& field : error.fields) all.push_back(field.pointer + " " + field.code);
  return all;
}
inline std::vector<std::string> complaints(const json::Object& problem) {
  std::vector<std::string> all;
  if (const auto* errors = problem.if_contains("errors"))
    for (const auto& error : errors->as_array())
      all.push_back(text_of(error, "pointer") + " " + text_of(error, "code"));
  return all;
}
inline std::vector<std::string> complaints(const http::Response& response) {
  const auto body = json::parse(response.body);
  return body ? complaints(body->as_object()) : std::vector<std::string>{};
}

}  // namespace qy::identity::testing
