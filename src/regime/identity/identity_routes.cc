#include "base/text.h"
#include "regime/identity/administration.h"
#include "regime/identity/guard.h"
#include "regime/identity/sessions.h"

namespace qy::identity {
namespace {

using http::Request;
using http::Response;

std::string cookie(std::string_view value, int seconds, bool secure) {
  return std::string(kSessionCookie) + "=" + std::string(value) +
         "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds) + (secure ? "; Secure" : "");
}

std::string language_cookie(Language language, bool secure) {
  return std::string("qy_lang=") + (language == Language::zh ? "zh" : "en") +
         "; Path=/; SameSite=Lax; Max-Age=31536000" + (secure ? "; Secure" : "");
}

/// Answers that hold a secret are kept by nobody, not even for Idempotency-Key.
Response secret(Response response) {
  response.headers["Cache-Control"] = "no-store, private";
  return response;
}

Response opened_answer(const Request& request, const Opened& opened) {
  auto response = secret(http::created(opened.me));
  response.set_cookies.push_back(cookie(opened.token, kLongestSeconds, request.secure));
  return response;
}

/// The resource with its ETag where it has a version.
Result<Response> answer(Result<json::Value> value) {
  if (!value) return value.error();
  auto response = http::ok(*value);
  if (const auto* object = value->if_object())
    if (const auto* version = object->if_contains("version"))
      response.headers["ETag"] = http::etag(version->to_number<std::int64_t>());
  return response;
}

Result<Response> answer_secret(Result<json::Value> value) {
  if (!value) return value.error();
  return secret(http::created(*value));
}

std::string token_of(const Request& request) {
  const auto found = request.cookies.find(kSessionCookie);
  return found == request.cookies.end() ? std::string() : found->second;
}

void add_session_routes(const Premises& premises, const Guard& add) {
  add.open("POST", "/api/v1/session", [&premises](const Request& request) -> Result<Response> {
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const LogIn attempt{in.text("login", 64), in.raw_text("password", 200), request.remote,
                        request.header("user-agent")};
    QY_CHECK(in.done());
    QY_TRY(const auto opened, log_in(premises, attempt));
    return opened_answer(request, opened);
  });
  add("GET", "/api/v1/session", [&premises](const Request& request, const Caller&) -> Result<Response> {
    const auto token = token_of(request);
    QY_TRY(const auto who, present(premises, token));
    return secret(http::ok(me_of(premises, who, token)));
  });
  add("DELETE", "/api/v1/session", [&premises](const Request& request, const Caller&) -> Result<Response> {
    QY_CHECK(log_out(premises, token_of(request)));
    auto response = http::no_content();
    response.set_cookies.push_back(cookie("", 0, request.secure));
    return response;
  });
  add("PUT", "/api/v1/session/password", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const auto current = in.raw_text("current_password", 200);
    const auto next = in.raw_text("new_password", 400);
    QY_CHECK(in.done());
    QY_TRY(const auto who, present(premises, token_of(request)));
    QY_CHECK(change_password(premises, caller, current, next, who.session_id));
    return http::no_content();
  });
  add("PUT", "/api/v1/session/language", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const auto language = in.choice("language", {"zh", "en"}) == "en" ? Language::en : Language::zh;
    QY_CHECK(in.done());
    QY_CHECK(change_language(premises, caller, language));
    auto response = http::no_content();
    response.set_cookies.push_back(language_cookie(language, request.secure));
    return response;
  });
  add("GET", "/api/v1/sessions", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto who, present(premises, token_of(request)));
    return answer(list_sessions(premises, caller, who.session_id));
  });
  add("DELETE", "/api/v1/sessions/{session}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_CHECK(revoke_session(premises, caller, request.parameter("session")));
        return http::no_content();
      });
  add.open("POST", "/api/v1/activation/check", [&premises](const Request& request) -> Result<Response> {
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const auto code = in.text("code", 60);
    QY_CHECK(in.done());
    QY_TRY(const auto offer, activation_offer(premises, code, request.remote));
    return secret(http::ok(offer));
  });
  add.open("POST", "/api/v1/activation", [&premises](const Request& request) -> Result<Response> {
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const Activation wanted{in.text("code", 60),
                            in.optional_text("name", 50).value_or(""),
                            in.optional_text("login", 64).value_or(""),
                            in.raw_text("password", 400),
                            request.remote,
                            request.header("user-agent")};
    QY_CHECK(in.done());
    QY_TRY(const auto opened, activate(premises, wanted));
    return opened_answer(request, opened);
  });
}

Text read_name(json::ObjectReader& in) {
  auto name = in.object("name");
  return {name.text("zh", 100), name.optional_text("en", 200).value_or("")};
}

void add_office_routes(const Premises& premises, const Guard& add) {
  add("GET", "/api/v1/offices", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    return answer(list_offices(
        premises, caller,
        {request.query("region"), request.query("line"), request.query("level"), request.query("closed") == "1"}));
  });
  add("POST", "/api/v1/offices", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    NewOffice office;
    office.region = in.optional_text("region", 6).value_or("");
    office.province = office.region.empty() ? "00" : office.region.substr(0, 2);
    const auto line = in.choice("line", {"ecology", "development_reform", "industry", "none"});
    const auto level = in.choice("level", {"county", "city", "province", "nation"});
    office.name = read_name(in);
    if (const auto parent = in.optional_text("parent", 36)) office.parent = OfficeId::trusted(*parent);
    office.from = in.optional_date("from");
    office.covered = in.texts("covered", 50, 6);
    office.excepted = in.texts("excepted", 50, 6);
    QY_CHECK(in.done());
    office.line = line_of(line);
    office.level = level_of(level);
    QY_TRY(const auto value, create_office(premises, caller, office));
    return http::with_etag(http::created(value), 1);
  });
  add("GET", "/api/v1/offices/{office}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    return answer(get_office(premises, caller, request.parameter("office")));
  });
  add("PUT", "/api/v1/offices/{office}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto version, request.if_match());
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const OfficeChange change{read_name(in), in.optional_date("to"), in.texts("covered", 50, 6),
                              in.texts("excepted", 50, 6)};
    QY_CHECK(in.done());
    return answer(change_office(premises, caller, request.parameter("office"), change, version));
  });
  add("GET", "/api/v1/offices/{office}/tokens",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        return answer(list_tokens(premises, caller, OfficeId::trusted(request.parameter("office"))));
      });
  add("POST", "/api/v1/offices/{office}/tokens",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto name = in.text("name", 100);
        const auto scopes = in.texts("scopes", 20, 40);
        const auto expires_on = in.date("expires_on");
        QY_CHECK(in.done());
        return answer_secret(
            issue_token(premises, caller, OfficeId::trusted(request.parameter("office")), name, scopes, expires_on));
      });
  add("DELETE", "/api/v1/tokens/{token}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_CHECK(revoke_token(premises, caller, request.parameter("token")));
        return http::no_content();
      });
}

void add_people_routes(const Premises& premises, const Guard& add) {
  add("GET", "/api/v1/users", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto page, http::page_of(request, {"name"}, "name"));
    UserListQuery query{request.query("q"), request.query("office"), request.query("line"), std::nullopt};
    if (const auto state = request.query("state"); !state.empty()) query.disabled = state == "disabled";
    return answer(list_users(premises, caller, query, page));
  });
  add("POST", "/api/v1/users", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const auto role = in.choice("role", {"officer", "chief", "administrator", "security_auditor"});
    NewOfficer officer{
        in.text("login", 64),     in.text("name", 50),   Role::officer, OfficeId::trusted(in.text("office", 36)),
        in.optional_date("from"), in.optional_date("to")};
    QY_CHECK(in.done());
    officer.role = role_of(role);
    return answer_secret(create_officer(premises, caller, officer));
  });
  add("GET", "/api/v1/users/{user}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    return answer(get_user(premises, caller, request.parameter("user")));
  });
  add("PUT", "/api/v1/users/{user}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto version, request.if_match());
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const UserChange change{in.text("name", 50), in.flag("disabled")};
    QY_CHECK(in.done());
    return answer(change_user(premises, caller, request.parameter("user"), change, version));
  });
  add("POST", "/api/v1/users/{user}/reset",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        return answer_secret(reset_user(premises, caller, request.parameter("user")));
      });
  add("POST", "/api/v1/users/{user}/unlock",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        return answer(unlock_user(premises, caller, request.parameter("user")));
      });
  add("POST", "/api/v1/users/{user}/posts",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto role = in.choice("role", {"officer", "chief", "administrator", "security_auditor"});
        const auto office = in.text("office", 36);
        const auto from = in.optional_date("from"), to = in.optional_date("to");
        QY_CHECK(in.done());
        return answer(
            give_post(premises, caller, request.parameter("user"), role_of(role), OfficeId::trusted(office), from, to));
      });
  add("PUT", "/api/v1/posts/{post}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto version, request.if_match());
    QY_TRY(const auto body, request.json());
    json::ObjectReader in(body);
    const auto to = in.date("to");
    QY_CHECK(in.done());
    return answer(end_post(premises, caller, request.parameter("post"), to, version));
  });
  add("POST", "/api/v1/posts/{post}/deputies",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto user = in.text("user", 36);
        const auto from = in.optional_date("from"), to = in.optional_date("to");
        QY_CHECK(in.done());
        return answer(name_deputy(premises, caller, request.parameter("post"), user, from, to));
      });
  add("DELETE", "/api/v1/deputies/{deputy}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        return answer(end_deputy(premises, caller, request.parameter("deputy")));
      });
}

Result<Party> read_party(const Request& request) {
  for (const auto party : {Party::enterprise, Party::consultancy, Party::expert, Party::park, Party::association,
                           Party::institute, Party::evaluation_body})
    if (to_string(party) == request.parameter("party")) return party;
  return Error{ErrorKind::not_found, "party.not_yours"};
}

void add_party_routes(const Premises& premises, const Guard& add) {
  add("GET", "/api/v1/team", [&premises](const Request&, const Caller& caller) -> Result<Response> {
    return answer(list_team(premises, caller));
  });
  add("POST", "/api/v1/team/invitations", [&premises](const Request&, const Caller& caller) -> Result<Response> {
    return answer_secret(invite_colleague(premises, caller));
  });
  add("DELETE", "/api/v1/team/posts/{post}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        return answer(end_colleague(premises, caller, request.parameter("post")));
      });
  add("GET", "/api/v1/parties/{party}/{id}/accounts",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto party, read_party(request));
        return answer(list_party(premises, caller, party, request.parameter("id")));
      });
  add("POST", "/api/v1/parties/{party}/{id}/activation-codes",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto party, read_party(request));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto role = party == Party::enterprise    ? in.choice("role", {"signatory", "filler"})
                          : party == Party::consultancy ? in.choice("role", {"consultant"})
                          : party == Party::expert      ? in.choice("role", {"expert"})
                                                        : in.choice("role", {"operator"});
        QY_CHECK(in.done());
        return answer_secret(reissue_code(premises, caller, party, request.parameter("id"), role_of(role)));
      });
}

Result<db::ActionFilter> action_filter(const Request& request) {
  db::ActionFilter filter;
  filter.kind = request.query("kind");
  filter.name = request.query("name");
  filter.actor = trim(request.query("actor"));
  // English pages call the system by its English name.
  if (request.language == Language::en && lower_ascii(filter.actor) == "system")
    filter.also_actor = system_caller().name;
  std::vector<FieldError> wrong;
  const auto day = [&](const char* name) -> std::optional<Date> {
    const auto text = request.query(name);
    if (text.empty()) return std::nullopt;
    const auto date = Date::parse(text);
    if (date) return *date;
    wrong.push_back({"#/" + std::string(name), date.error().code, date.error().params});
    return std::nullopt;
  };
  filter.from = day("from");
  filter.to = day("to");
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
  return filter;
}

void add_log_routes(const Premises& premises, const Guard& add) {
  add("GET", "/api/v1/actions", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto page, http::page_of(request, {"at"}, "-at"));
    QY_TRY(auto filter, action_filter(request));
    return answer(list_actions(premises, caller, std::move(filter), page));
  });
  add("GET", "/api/v1/actions/{kind}/{id}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        return answer(get_chain(premises, caller, request.parameter("kind"), request.parameter("id")));
      });
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const Guard add(premises, router);
  add_session_routes(premises, add);
  add_office_routes(premises, add);
  add_people_routes(premises, add);
  add_party_routes(premises, add);
  add_log_routes(premises, add);
}

}  // namespace qy::identity
