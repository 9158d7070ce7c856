#include "regime/identity/sessions.h"

#include "base/text.h"
#include "regime/identity/accounts.h"

namespace qy::identity {
namespace {

constexpr int kFailuresPerLogin = 5;
constexpr int kFailuresPerRemote = 50;
constexpr int kLockSeconds = 15 * 60;
constexpr int kTouchSeconds = 60;

/// A hash that nobody's password has: unknown logins cost as much time as known ones.
const std::string& nobodys_hash() {
  static const std::string hash = crypto::hash_password(crypto::random_token(crypto::system_random()));
  return hash;
}

std::string login_key(std::string_view login) { return "login:" + lower_ascii(trim(login)).substr(0, 64); }
std::string remote_key(std::string_view remote) { return "remote:" + std::string(remote.substr(0, 60)); }

Error locked(Instant until, Instant now) {
  const auto seconds = std::max<std::int64_t>(1, (until.millis() - now.millis() + 999) / 1000);
  return {ErrorKind::too_many,
          "login.locked",
          {{"minutes", std::to_string((seconds + 59) / 60)}, {"retry_after", std::to_string(seconds)}}};
}

Result<void> not_locked(Tx& tx, const std::vector<std::string>& keys, Instant now) {
  for (const auto& key : keys)
    if (const auto failures = store::failures(tx, key); failures.locked_until && *failures.locked_until > now)
      return locked(*failures.locked_until, now);
  return {};
}

/// Counts a failure; returns true when it is the one that locks. Old failures are forgotten after the lock's time.
bool count_failure(Tx& tx, const std::string& key, int most, Instant now) {
  auto failures = store::failures(tx, key);
  const bool old = failures.last_at && failures.last_at->plus_seconds(kLockSeconds) < now;
  failures.count = old ? 1 : failures.count + 1;
  failures.last_at = now;
  failures.locked_until = failures.count >= most ? std::optional(now.plus_seconds(kLockSeconds)) : std::nullopt;
  store::save(tx, key, failures);
  return failures.count == most;
}

Error wrong_password(const char* pointer) {
  return {ErrorKind::invalid, "password.wrong", {}, {{pointer, "password.wrong"}}};
}

/// Checks a password of somebody already logged in, with the same lockout as at the door.
Result<void> check_own_password(const Premises& premises, const Caller& caller, std::string_view password,
                                const char* pointer) {
  const auto now = premises.now();
  const auto key = login_key(caller.login);
  QY_TRY(const auto stored, premises.database->read([&](Tx& tx) -> Result<std::string> {
    QY_CHECK(not_locked(tx, {key}, now));
    const auto user = store::find_user(tx, caller.user);
    return user ? user->password_hash : std::string();
  }));
  const bool right = !stored.empty() && crypto::verify_password(stored, password);
  if (right) return {};
  QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
    if (count_failure(tx, key, kFailuresPerLogin, now))
      db::append_action(tx,
                        action_by(act_of(premises, caller), {"user", caller.user.str()}, "lock_login", nullptr,
                                  json::Object{{"at", "confirmation"}}),
                        *premises.random);
    return {};
  }));
  return wrong_password(pointer);
}

/// What a person does at the door, before any post is chosen: by the post that a session begins with.
db::NewAction action_at_door(Tx& tx, const Premises& premises, const store::User& user, std::string name,
                             json::Value payload = json::Object{}) {
  const auto now = premises.now();
  auto posts = store::callers_of(tx, user.id, now.shanghai_date());
  auto caller = posts.empty() ? system_caller() : std::move(posts.front());
  caller.user = user.id;
  caller.name = user.name;
  caller.province = user.province;
  return action_by({caller, now, now.shanghai_date(), *premises.random}, {"user", user.id.str()}, std::move(name),
                   nullptr, std::move(payload));
}

/// Inserts a session and returns its token.
std::string open_session(Tx& tx, const UserId& user, Instant now, std::string_view remote, std::string_view agent,
                         Random& random) {
  const auto token = crypto::random_token(random);
  store::Session session;
  session.id = new_uuid(now, random);
  session.token_hash = hash_of_token(token);
  session.user = user;
  session.created_at = session.last_seen_at = now;
  session.expires_at = now.plus_seconds(kLongestSeconds);
  session.remote = remote.substr(0, 60);
  session.agent = is_utf8(agent) ? prefix_of(agent, 200) : std::string();
  store::insert(tx, session);
  return token;
}

Result<Opened> opened(const Premises& premises, std::string token) {
  QY_TRY(const auto who, present(premises, token));
  auto me = me_of(premises, who, token);
  return Opened{std::move(token), std::move(me)};
}

bool is_open(const store::Session& session, Instant now) {
  return session.expires_at > now && session.last_seen_at.plus_seconds(kIdleSeconds) > now;
}

Result<store::Code> usable_code(Tx& tx, std::string_view typed, Date on) {
  const auto at_code = [](const char* name, Params params = {}) {
    return Error{ErrorKind::invalid, name, params, {{"#/code", name, params}}};
  };
  const auto code = store::find_code(tx, hash_of_code(typed));
  if (!code) return at_code("activation.unknown");
  if (code->used_at) return at_code("activation.used");
  if (code->voided_at) return at_code("activation.void");
  if (code->expires_on < on) return at_code("activation.expired", {{"day", code->expires_on.str()}});
  return *code;
}

/// Guessing codes is a failed log-in of the address.
Result<store::Code> usable_code_counted(const Premises& premises, std::string_view typed, std::string_view remote) {
  const auto now = premises.now();
  auto code = premises.database->read([&](Tx& tx) -> Result<store::Code> {
    QY_CHECK(not_locked(tx, {remote_key(remote)}, now));
    return usable_code(tx, typed, now.shanghai_date());
  });
  if (!code && code.error().code == "activation.unknown")
    QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
      count_failure(tx, remote_key(remote), kFailuresPerRemote, now);
      return {};
    }));
  return code;
}

}  // namespace

Result<Opened> log_in(const Premises& premises, const LogIn& attempt) {
  const auto now = premises.now();
  const auto by_login = login_key(attempt.login), by_remote = remote_key(attempt.remote);
  struct Found {
    std::optional<store::User> user;
    bool has_post = false;
  };
  QY_TRY(const auto found, premises.database->read([&](Tx& tx) -> Result<Found> {
    QY_CHECK(not_locked(tx, {by_login, by_remote}, now));
    Found found{store::find_user(tx, trim(attempt.login)), false};
    if (found.user) found.has_post = !store::callers_of(tx, found.user->id, now.shanghai_date()).empty();
    return found;
  }));
  const bool known = found.user && !found.user->password_hash.empty();
  const bool right =
      crypto::verify_password(known ? found.user->password_hash : nobodys_hash(), attempt.password) && known;
  if (!right || found.user->disabled) {
    QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
      const bool locks = count_failure(tx, by_login, kFailuresPerLogin, now);
      count_failure(tx, by_remote, kFailuresPerRemote, now);
      if (locks && found.user)
        db::append_action(tx, action_at_door(tx, premises, *found.user, "lock_login", json::Object{{"at", "log_in"}}),
                          *premises.random);
      return {};
    }));
    return Error{ErrorKind::unauthenticated, "login.failed"};
  }
  if (!found.has_post) return Error{ErrorKind::forbidden, "login.no_post"};
  QY_TRY(auto token, premises.database->write([&](Tx& tx) -> Result<std::string> {
    store::forget_failures(tx, by_login);
    db::append_action(tx, action_at_door(tx, premises, *found.user, "log_in"), *premises.random);
    return open_session(tx, found.user->id, now, attempt.remote, attempt.agent, *premises.random);
  }));
  return opened(premises, std::move(token));
}

Result<Present> present(const Premises& premises, std::string_view token) {
  if (token.empty() || token.size() > 200) return Error{ErrorKind::unauthenticated, "session.none"};
  const auto now = premises.now();
  const auto hash = hash_of_token(token);
  QY_TRY(auto seats, premises.database->read([&](Tx& tx) -> Result<std::vector<store::Seat>> {
    return store::seats(tx, hash, now.shanghai_date());
  }));
  if (seats.empty()) return Error{ErrorKind::unauthenticated, "session.none"};
  const auto& session = seats.front().session;
  if (!is_open(session, now)) return Error{ErrorKind::unauthenticated, "session.expired"};
  if (session.last_seen_at.plus_seconds(kTouchSeconds) <= now)
    QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
      store::touch(tx, session.id, now);
      return {};
    }));
  Present out{session.id, seats.front().must_change_password, {}};
  for (auto& seat : seats) out.posts.push_back(std::move(seat.caller));
  return out;
}

Result<void> log_out(const Premises& premises, std::string_view token) {
  QY_TRY(const auto who, present(premises, token));
  const auto act = act_of(premises, who.posts.front());
  return premises.database->write([&](Tx& tx) -> Result<void> {
    if (store::end_session(tx, who.session_id, act.caller.user, act.at))
      db::append_action(tx, action_by(act, {"user", act.caller.user.str()}, "log_out"), act.random);
    return {};
  });
}

std::string csrf_token_of(std::string_view session_token) { return crypto::hmac_hex(session_token, "csrf"); }

json::Object me_of(const Premises& premises, const Present& present, std::string_view token) {
  const auto& first = present.posts.front();
  json::Array posts;
  for (const auto& post : present.posts) posts.push_back(json_of(post));
  return {{"user", json::Object{{"id", first.user.str()},
                                {"login", first.login},
                                {"name", first.name},
                                {"language", first.language == Language::zh ? "zh" : "en"},
                                {"must_change_password", present.must_change_password}}},
          {"posts", std::move(posts)},
          {"csrf_token", csrf_token_of(token)},
          {"today", premises.today().str()}};
}

Result<Caller> machine_caller(const Premises& premises, std::string_view token, std::string_view path_segment) {
  const auto today = premises.today();
  return premises.database->read([&](Tx& tx) -> Result<Caller> {
    const auto found = store::find_token_by_hash(tx, hash_of_token(token));
    if (!found || found->revoked_at) return Error{ErrorKind::unauthenticated, "token.unknown"};
    if (found->expires_on < today)
      return Error{ErrorKind::unauthenticated, "token.expired", {{"day", found->expires_on.str()}}};
    const auto scopes = split(found->scopes, ' ');
    if (std::find(scopes.begin(), scopes.end(), path_segment) == scopes.end())
      return forbidden("token.scope", {{"scope", std::string(path_segment)}});
    const auto office = store::find_office(tx, found->office);
    if (!office || (office->to && *office->to < today)) return Error{ErrorKind::unauthenticated, "token.unknown"};
    Caller caller;
    caller.login = "token:" + found->id;
    caller.name = found->name;
    caller.role = Role::officer;
    caller.party = Party::office;
    caller.party_id = office->id.str();
    caller.party_name = office->name.zh;
    caller.line = office->line;
    caller.level = office->level;
    caller.region = office->region;
    caller.province = office->province;
    caller.covered = office->covered;
    caller.excepted = office->excepted;
    caller.machine = true;
    return caller;
  });
}

Result<void> confirm_password(const Premises& premises, const Caller& caller, std::string_view password) {
  return check_own_password(premises, caller, password, "#/password");
}

Result<void> change_password(const Premises& premises, const Caller& caller, std::string_view current,
                             std::string_view next, std::string_view session_id) {
  QY_CHECK(check_password_rule(caller.login, next, "#/new_password"));
  QY_CHECK(check_own_password(premises, caller, current, "#/current_password"));
  if (current == next) return Error{ErrorKind::invalid, "password.same", {}, {{"#/new_password", "password.same"}}};
  const auto hash = crypto::hash_password(next);
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<void> {
    auto user = store::find_user(tx, caller.user);
    if (!user) return Error{ErrorKind::not_found, "user.not_found"};
    user->password_hash = hash;
    user->must_change_password = false;
    if (!store::update(tx, *user, user->version)) return Error{ErrorKind::stale, "user.stale"};
    store::end_sessions(tx, caller.user, session_id, act.at);
    db::append_action(tx, action_by(act, {"user", caller.user.str()}, "change_password"), act.random);
    return {};
  });
}

Result<void> set_password(const Premises& premises, std::string_view login, std::string_view password) {
  const auto hash = crypto::hash_password(password);
  const auto now = premises.now();
  return premises.database->write([&](Tx& tx) -> Result<void> {
    auto user = store::find_user(tx, trim(login));
    if (!user) return Error{ErrorKind::not_found, "user.not_found"};
    user->password_hash = hash;
    user->must_change_password = true;
    user->disabled = false;
    store::update(tx, *user, user->version);
    store::end_sessions(tx, user->id, "", now);
    store::forget_failures(tx, login_key(user->login));
    const auto system = system_caller();
    auto action = action_by(act_of(premises, system), {"user", user->id.str()}, "reset_at_machine");
    action.province = user->province;
    db::append_action(tx, action, *premises.random);
    return {};
  });
}

void forget_old_sessions(Tx& tx, Instant before) { store::forget_sessions(tx, before); }

Result<void> change_language(const Premises& premises, const Caller& caller, Language language) {
  return premises.database->write([&](Tx& tx) -> Result<void> {
    auto user = store::find_user(tx, caller.user);
    if (!user) return Error{ErrorKind::not_found, "user.not_found"};
    user->language = language == Language::zh ? "zh" : "en";
    if (!store::update(tx, *user, user->version)) return Error{ErrorKind::stale, "user.stale"};
    return {};
  });
}

Result<json::Value> list_sessions(const Premises& premises, const Caller& caller, std::string_view current_id) {
  const auto now = premises.now();
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    json::Array items;
    for (const auto& session : store::open_sessions(tx, caller.user, now, now.plus_seconds(-kIdleSeconds)))
      items.push_back(json::Object{{"id", session.id},
                                   {"created_at", session.created_at.str()},
                                   {"last_seen_at", session.last_seen_at.str()},
                                   {"expires_at", session.expires_at.str()},
                                   {"remote", session.remote},
                                   {"agent", session.agent},
                                   {"current", session.id == current_id}});
    return json::Value(json::Object{{"items", std::move(items)}});
  });
}

Result<void> revoke_session(const Premises& premises, const Caller& caller, std::string_view session_id) {
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<void> {
    if (!store::end_session(tx, session_id, caller.user, act.at)) return Error{ErrorKind::not_found, "session.unknown"};
    db::append_action(tx,
                      action_by(act, {"user", caller.user.str()}, "revoke_session", nullptr,
                                json::Object{{"session", std::string(session_id)}}),
                      act.random);
    return {};
  });
}

Result<json::Value> activation_offer(const Premises& premises, std::string_view typed, std::string_view remote) {
  QY_TRY(const auto code, usable_code_counted(premises, typed, remote));
  json::Object offer{{"party", to_string(code.party)},
                     {"party_name", code.party_name},
                     {"role", to_string(code.role)},
                     {"purpose", code.user ? "new_password" : "new_account"},
                     {"expires_on", code.expires_on.str()}};
  if (code.user) {
    QY_TRY(const auto user, premises.database->read([&](Tx& tx) -> Result<std::optional<store::User>> {
      return store::find_user(tx, *code.user);
    }));
    if (user) {
      offer["login"] = user->login;
      offer["name"] = user->name;
    }
  }
  return json::Value(std::move(offer));
}

Result<Opened> activate(const Premises& premises, const Activation& wanted) {
  QY_TRY(const auto offered, usable_code_counted(premises, wanted.code, wanted.remote));
  std::string login;
  if (offered.user) {
    QY_TRY(const auto user, premises.database->read([&](Tx& tx) -> Result<std::optional<store::User>> {
      return store::find_user(tx, *offered.user);
    }));
    if (!user || user->disabled)
      return Error{ErrorKind::conflict, "activation.void", {}, {{"#/code", "activation.void"}}};
    login = user->login;
  } else {
    QY_TRY(login, read_login(wanted.login, "#/login"));
    if (trim(wanted.name).empty())
      return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/name", "field.required"}}};
  }
  QY_CHECK(check_password_rule(login, wanted.password, "#/password"));
  const auto hash = crypto::hash_password(wanted.password);
  const auto now = premises.now();

  QY_TRY(auto token, premises.database->write([&](Tx& tx) -> Result<std::string> {
    QY_TRY(const auto code, usable_code(tx, wanted.code, now.shanghai_date()));
    UserId id;
    if (code.user) {
      auto user = store::find_user(tx, *code.user);
      if (!user || user->disabled)
        return Error{ErrorKind::conflict, "activation.void", {}, {{"#/code", "activation.void"}}};
      user->password_hash = hash;
      user->must_change_password = false;
      store::update(tx, *user, user->version);
      store::end_sessions(tx, user->id, "", now);
      store::forget_failures(tx, login_key(user->login));
      id = user->id;
      db::append_action(tx, action_at_door(tx, premises, *user, "set_password"), *premises.random);
    } else {
      // The person acts for themselves, in the post and province of the code.
      auto person = system_caller();
      person.province = code.province;
      person.name = trim(wanted.name);
      person.role = code.role;
      person.party = code.party;
      person.party_name = code.party_name;
      const auto act = act_of(premises, person);
      QY_TRY(id, add_person(tx, act, login, trim(wanted.name), hash, code.province, false));
      add_post(tx, act, id, code.role, code.party, code.party_id, code.party_name,
               code.party == Party::office ? std::optional(OfficeId::trusted(code.party_id)) : std::nullopt,
               code.province);
    }
    if (!store::use_code(tx, code.id, now))
      return Error{ErrorKind::invalid, "activation.used", {}, {{"#/code", "activation.used"}}};
    return open_session(tx, id, now, wanted.remote, wanted.agent, *premises.random);
  }));
  return opened(premises, std::move(token));
}

}  // namespace qy::identity
