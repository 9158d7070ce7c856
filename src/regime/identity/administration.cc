#include "regime/identity/administration.h"

#include <algorithm>

#include "base/text.h"
#include "regime/identity/accounts.h"

namespace qy::identity {
namespace {

constexpr int kResetDays = 7;
constexpr int kInvitationDays = 30;

Error at(const char* pointer, const char* code, Params params = {}) {
  return {ErrorKind::invalid, code, params, {{pointer, code, params}}};
}
Error no_such_user() { return {ErrorKind::not_found, "user.not_found"}; }

bool administers(const Caller& caller, const Office& office) {
  return caller.is_office() && caller.role == Role::administrator && caller.covers(office.region) &&
         (caller.line == Line::none || caller.line == office.line);
}

Result<void> must_administer(const Caller& caller) {
  if (caller.role != Role::administrator) return forbidden("forbidden.administrator_only");
  return {};
}

Result<Office> administered_office(Tx& tx, const Caller& caller, const OfficeId& id) {
  const auto office = store::find_office(tx, id);
  if (!office || !administers(caller, *office)) return Error{ErrorKind::not_found, "office.not_found"};
  return *office;
}

/// Whether the caller administers an office in which the person has or had a post.
bool administers_user(Tx& tx, const Caller& caller, const std::vector<store::Post>& posts) {
  return std::any_of(posts.begin(), posts.end(), [&](const store::Post& post) {
    const auto office = post.office ? store::find_office(tx, *post.office) : std::nullopt;
    return office && administers(caller, *office);
  });
}

Result<store::User> administered_user(Tx& tx, const Caller& caller, std::string_view id) {
  QY_CHECK(must_administer(caller));
  const auto user = store::find_user(tx, UserId::trusted(std::string(id)));
  if (!user || !administers_user(tx, caller, store::posts_of(tx, user->id))) return no_such_user();
  return *user;
}

/// 三员分立: nobody keeps their own account, and the auditor of an office is not kept by that office's own
/// administrator.
Result<void> may_keep(Tx& tx, const Caller& caller, const store::User& user) {
  if (user.id == caller.user) return forbidden("forbidden.own_account");
  for (const auto& post : store::posts_of(tx, user.id))
    if (post.role == Role::security_auditor && post.party_id == caller.party_id)
      return forbidden("forbidden.own_auditor");
  return {};
}

Result<void> may_give(const Caller& caller, Role role, const Office& office) {
  if (role != Role::officer && role != Role::chief && role != Role::administrator && role != Role::security_auditor)
    return at("#/role", "post.role");
  if (role == Role::security_auditor && office.id.str() == caller.party_id) return forbidden("forbidden.own_auditor");
  if (role == Role::security_auditor && office.level != Level::province && office.level != Level::nation)
    return at("#/role", "post.auditor_level");
  return {};
}

json::Value day(const std::optional<Date>& date) { return date ? json::Value(date->str()) : json::Value(nullptr); }

json::Object text(const Text& value) { return {{"zh", value.zh}, {"en", value.en}}; }

json::Array strings(const std::vector<std::string>& values) {
  json::Array out;
  for (const auto& value : values) out.push_back(json::Value(value));
  return out;
}

json::Object json_of(const Office& office, const Caller& caller) {
  json::Array allowed;
  if (administers(caller, office)) allowed = {"change", "add_user", "issue_token"};
  return {{"id", office.id.str()},
          {"region", office.region},
          {"province", office.province},
          {"line", to_string(office.line)},
          {"level", to_string(office.level)},
          {"name", text(office.name)},
          {"parent", office.parent ? json::Value(office.parent->str()) : json::Value(nullptr)},
          {"from", day(office.from)},
          {"to", day(office.to)},
          {"covered", strings(office.covered)},
          {"excepted", strings(office.excepted)},
          {"version", office.version},
          {"allowed_actions", std::move(allowed)}};
}

bool is_current(const std::optional<Date>& to, Date on) { return !to || *to >= on; }

json::Object json_of(Tx& tx, const store::Post& post) {
  json::Array deputies;
  for (const auto& deputy : store::deputies_of(tx, post.id))
    deputies.push_back(json::Object{{"id", deputy.id},
                                    {"user", deputy.user.str()},
                                    {"name", deputy.name},
                                    {"login", deputy.login},
                                    {"from", deputy.from.str()},
                                    {"to", day(deputy.to)}});
  return {{"id", post.id.str()},       {"role", to_string(post.role)},  {"party", to_string(post.party)},
          {"party_id", post.party_id}, {"party_name", post.party_name}, {"from", post.from.str()},
          {"to", day(post.to)},        {"version", post.version},       {"deputies", std::move(deputies)}};
}

/// A person as administrators see them: never their password, and of their posts only those in offices the
/// administrator keeps.
json::Object json_of(Tx& tx, const store::User& user, const Caller& caller, Instant now) {
  json::Array posts;
  for (const auto& post : store::posts_of(tx, user.id)) {
    const auto office = post.office ? store::find_office(tx, *post.office) : std::nullopt;
    if (office && administers(caller, *office)) posts.push_back(json_of(tx, post));
  }
  const auto failures = store::failures(tx, "login:" + user.login);
  const bool locked = failures.locked_until && *failures.locked_until > now;
  json::Array allowed;
  if (may_keep(tx, caller, user)) {
    allowed = {"change", "reset", "give_post"};
    if (locked) allowed.push_back("unlock");
  }
  return {{"id", user.id.str()},
          {"login", user.login},
          {"name", user.name},
          {"disabled", user.disabled},
          {"has_password", !user.password_hash.empty()},
          {"locked", locked},
          {"created_at", user.created_at.str()},
          {"version", user.version},
          {"posts", std::move(posts)},
          {"allowed_actions", std::move(allowed)}};
}

Result<json::Value> user_now(Tx& tx, const Caller& caller, const UserId& id, Instant now) {
  const auto user = store::find_user(tx, id);
  if (!user) return no_such_user();
  return json::Value(json_of(tx, *user, caller, now));
}

/// Whether prefixes and region fit the level: 6 digits; a province ends in 0000, a city in 00; the nation has none.
Result<void> check_region(const NewOffice& office) {
  const auto digits = [](std::string_view code) {
    return std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto& region = office.region;
  bool good = digits(region) && region.size() == 6;
  if (office.level == Level::nation) good = region.empty();
  if (office.level == Level::province) good = good && region.substr(2) == "0000";
  if (office.level == Level::city) good = good && region.substr(4) == "00" && region.substr(2, 2) != "00";
  if (office.level == Level::county) good = good && region.substr(4) != "00";
  if (!good) return at("#/region", "office.region", {{"level", to_string(office.level)}});
  for (const auto* list : {&office.covered, &office.excepted})
    for (const auto& prefix : *list)
      if (!digits(prefix) || prefix.size() < 2 || prefix.size() > 6 || prefix.size() == 5 || prefix.size() == 3)
        return at(list == &office.covered ? "#/covered" : "#/excepted", "office.prefix", {{"given", prefix}});
  return {};
}

Role colleague_role(const Caller& caller) {
  switch (caller.role) {
    case Role::signatory:
      return Role::filler;
    case Role::consultant:
      return Role::consultant;
    default:
      return Role::operator_;
  }
}

/// Signatories keep fillers; consultants and operators keep their peers.
bool keeps_team(const Caller& caller) {
  return !caller.is_office() &&
         (caller.role == Role::signatory || caller.role == Role::consultant || caller.role == Role::operator_);
}

json::Object team_json(Tx& tx, Party party, std::string_view party_id, Date on) {
  json::Array people;
  for (const auto& post : store::posts_of(tx, party, party_id)) {
    const auto user = store::find_user(tx, post.user);
    if (!user) continue;
    people.push_back(json::Object{{"post", post.id.str()},
                                  {"user", user->id.str()},
                                  {"name", user->name},
                                  {"login", user->login},
                                  {"role", to_string(post.role)},
                                  {"from", post.from.str()},
                                  {"to", day(post.to)},
                                  {"current", post.from <= on && is_current(post.to, on) && !user->disabled}});
  }
  json::Array codes;
  for (const auto& code : store::open_codes(tx, party, party_id, on))
    codes.push_back(json::Object{
        {"role", to_string(code.role)}, {"issued_at", code.issued_at.str()}, {"expires_on", code.expires_on.str()}});
  return {{"people", std::move(people)}, {"open_codes", std::move(codes)}};
}

Result<store::Place> officers_party(Tx& tx, const Caller& caller, Party party, std::string_view party_id) {
  if (!caller.is_office() || caller.machine || (caller.role != Role::officer && caller.role != Role::chief))
    return forbidden("forbidden.officer_only");
  const auto place = store::find_place(tx, party, party_id);
  if (!place || !caller.covers(place->region)) return Error{ErrorKind::not_found, "party.not_yours"};
  return *place;
}

void log(Tx& tx, const Act& act, db::Subject subject, std::string name, json::Object payload = {}) {
  db::append_action(tx, action_by(act, std::move(subject), std::move(name), nullptr, std::move(payload)), act.random);
}

json::Object json_of(const db::Action& action) {
  return {{"id", action.id},
          {"subject", json::Object{{"kind", action.subject.kind}, {"id", action.subject.id}}},
          {"seq", action.seq},
          {"name", action.name},
          {"at", action.at.str()},
          {"actor_id", action.actor_id},
          {"actor_name", action.actor_name},
          {"post", action.post},
          {"as_deputy", action.as_deputy},
          {"basis", action.basis},
          {"payload", action.payload},
          {"hash", action.hash}};
}

Result<std::string> auditors_province(const Caller& caller) {
  if (!caller.is_office() || caller.role != Role::security_auditor) return forbidden("forbidden.auditor_only");
  return caller.level == Level::nation ? std::string() : caller.province;
}

}  // namespace

// ---- Offices ----

Result<json::Value> list_offices(const Premises& premises, const Caller& caller, const OfficeQuery& query) {
  if (!caller.is_office()) return forbidden("forbidden.see_offices");
  const auto today = premises.today();
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    json::Array items;
    for (const auto& office : store::offices(tx)) {
      if (!caller.covers(office.region) && office.id.str() != caller.party_id) continue;
      if (!query.region.empty() && office.region.rfind(query.region, 0) != 0) continue;
      if (!query.line.empty() && to_string(office.line) != query.line) continue;
      if (!query.level.empty() && to_string(office.level) != query.level) continue;
      if (!query.closed && !is_current(office.to, today)) continue;
      items.push_back(json_of(office, caller));
    }
    const auto total = items.size();
    return json::Value(json::Object{{"items", std::move(items)}, {"total", total}});
  });
}

Result<json::Value> get_office(const Premises& premises, const Caller& caller, std::string_view id) {
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    const auto office = store::find_office(tx, OfficeId::trusted(std::string(id)));
    if (!office || !caller.is_office() || (!caller.covers(office->region) && office->id.str() != caller.party_id))
      return Error{ErrorKind::not_found, "office.not_found"};
    return json::Value(json_of(*office, caller));
  });
}

Result<json::Value> create_office(const Premises& premises, const Caller& caller, const NewOffice& wanted) {
  QY_CHECK(must_administer(caller));
  QY_CHECK(check_region(wanted));
  Office preview;
  preview.region = wanted.region;
  preview.line = wanted.line;
  if (!administers(caller, preview)) return forbidden("forbidden.administer_office");
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    if (find_office_of(tx, wanted.region, wanted.line, wanted.from.value_or(act.on)))
      return Error{ErrorKind::conflict, "office.exists", {{"region", wanted.region}}};
    const auto id = add_office(tx, act, wanted);
    return json::Value(json_of(*store::find_office(tx, id), caller));
  });
}

Result<json::Value> change_office(const Premises& premises, const Caller& caller, std::string_view id,
                                  const OfficeChange& change, std::int64_t version) {
  QY_CHECK(must_administer(caller));
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(auto office, administered_office(tx, caller, OfficeId::trusted(std::string(id))));
    if (office.id.str() == caller.party_id && (change.covered != office.covered || change.excepted != office.excepted))
      return forbidden("forbidden.own_scope");
    QY_CHECK(check_region({office.region, office.province, office.line, office.level, change.name, office.parent,
                           office.from, change.covered, change.excepted}));
    office.name = change.name;
    office.to = change.to;
    office.covered = change.covered;
    office.excepted = change.excepted;
    if (!store::update(tx, office, version)) return Error{ErrorKind::stale, "office.stale"};
    log(tx, act, {"office", office.id.str()}, "change_office",
        {{"name", office.name.zh},
         {"to", day(office.to)},
         {"covered", strings(office.covered)},
         {"excepted", strings(office.excepted)}});
    return json::Value(json_of(*store::find_office(tx, office.id), caller));
  });
}

// ---- People and posts ----

Result<json::Value> list_users(const Premises& premises, const Caller& caller, const UserListQuery& query,
                               const http::Page& page) {
  QY_CHECK(must_administer(caller));
  store::UserQuery wanted{row_scope(caller, "o.region"),
                          caller.line == Line::none ? query.line : to_string(caller.line),
                          query.text,
                          query.office,
                          query.disabled,
                          page.size,
                          page.offset()};
  const auto now = premises.now();
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    json::Array items;
    for (const auto& id : store::users(tx, wanted))
      items.push_back(json_of(tx, *store::find_user(tx, id), caller, now));
    return json::Value(json::Object{{"items", std::move(items)},
                                    {"total", store::count_users(tx, wanted)},
                                    {"page", page.page},
                                    {"page_size", page.size}});
  });
}

Result<json::Value> get_user(const Premises& premises, const Caller& caller, std::string_view id) {
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(const auto user, administered_user(tx, caller, id));
    return json::Value(json_of(tx, user, caller, premises.now()));
  });
}

Result<json::Value> create_officer(const Premises& premises, const Caller& caller, const NewOfficer& wanted) {
  QY_CHECK(must_administer(caller));
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(const auto office, administered_office(tx, caller, wanted.office));
    QY_CHECK(may_give(caller, wanted.role, office));
    if (wanted.from && wanted.to && *wanted.to < *wanted.from) return at("#/to", "post.days");
    QY_TRY(const auto id, add_person(tx, act, wanted.login, wanted.name, "", office.province, false));
    add_post(tx, act, id, wanted.role, Party::office, office.id.str(), office.name.zh, office.id, office.province,
             wanted.from, wanted.to);
    const auto user = *store::find_user(tx, id);
    const auto code = issue_reset_code(tx, act, user, kInvitationDays);
    auto answer = json_of(tx, user, caller, act.at);
    answer["activation_code"] = code;
    return json::Value(std::move(answer));
  });
}

Result<json::Value> change_user(const Premises& premises, const Caller& caller, std::string_view id,
                                const UserChange& change, std::int64_t version) {
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(auto user, administered_user(tx, caller, id));
    QY_CHECK(may_keep(tx, caller, user));
    const bool disables = change.disabled && !user.disabled;
    json::Object payload{{"disabled", change.disabled}, {"renamed", change.name != user.name}};
    user.name = change.name;
    user.disabled = change.disabled;
    if (!store::update(tx, user, version)) return Error{ErrorKind::stale, "user.stale"};
    if (disables) store::end_sessions(tx, user.id, "", act.at);
    log(tx, act, {"user", user.id.str()}, "change_user", std::move(payload));
    return user_now(tx, caller, user.id, act.at);
  });
}

Result<json::Value> reset_user(const Premises& premises, const Caller& caller, std::string_view id) {
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(auto user, administered_user(tx, caller, id));
    QY_CHECK(may_keep(tx, caller, user));
    if (user.disabled) return Error{ErrorKind::conflict, "user.disabled"};
    user.password_hash.clear();
    store::update(tx, user, user.version);
    store::end_sessions(tx, user.id, "", act.at);
    const auto code = issue_reset_code(tx, act, user, kResetDays);
    return json::Value(json::Object{
        {"login", user.login}, {"activation_code", code}, {"expires_on", act.on.plus_days(kResetDays).str()}});
  });
}

Result<json::Value> unlock_user(const Premises& premises, const Caller& caller, std::string_view id) {
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(const auto user, administered_user(tx, caller, id));
    QY_CHECK(may_keep(tx, caller, user));
    store::forget_failures(tx, "login:" + user.login);
    log(tx, act, {"user", user.id.str()}, "unlock_login");
    return user_now(tx, caller, user.id, act.at);
  });
}

Result<json::Value> give_post(const Premises& premises, const Caller& caller, std::string_view id, Role role,
                              const OfficeId& office_id, std::optional<Date> from, std::optional<Date> to) {
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(const auto user, administered_user(tx, caller, id));
    QY_CHECK(may_keep(tx, caller, user));
    QY_TRY(const auto office, administered_office(tx, caller, office_id));
    QY_CHECK(may_give(caller, role, office));
    if (to && *to < from.value_or(act.on)) return at("#/to", "post.days");
    add_post(tx, act, user.id, role, Party::office, office.id.str(), office.name.zh, office.id, office.province, from,
             to);
    return user_now(tx, caller, user.id, act.at);
  });
}

Result<json::Value> end_post(const Premises& premises, const Caller& caller, std::string_view id, Date last_day,
                             std::int64_t version) {
  QY_CHECK(must_administer(caller));
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    const auto post = store::find_post(tx, PostId::trusted(std::string(id)));
    if (!post || !post->office) return Error{ErrorKind::not_found, "post.not_found"};
    QY_CHECK(administered_office(tx, caller, *post->office));
    QY_TRY(const auto user, administered_user(tx, caller, post->user.str()));
    QY_CHECK(may_keep(tx, caller, user));
    if (last_day < post->from.plus_days(-1)) return at("#/to", "post.days");
    if (!store::end_post(tx, post->id, last_day, version)) return Error{ErrorKind::stale, "post.stale"};
    log(tx, act, {"user", user.id.str()}, "end_post", {{"post", post->id.str()}, {"last_day", last_day.str()}});
    return user_now(tx, caller, user.id, act.at);
  });
}

Result<json::Value> name_deputy(const Premises& premises, const Caller& caller, std::string_view id,
                                std::string_view deputy_id, std::optional<Date> from, std::optional<Date> to) {
  QY_CHECK(must_administer(caller));
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    const auto post = store::find_post(tx, PostId::trusted(std::string(id)));
    if (!post || !post->office) return Error{ErrorKind::not_found, "post.not_found"};
    QY_CHECK(administered_office(tx, caller, *post->office));
    const auto deputy = store::find_user(tx, UserId::trusted(std::string(deputy_id)));
    if (!deputy) return at("#/user", "user.not_found");
    if (deputy->id == post->user) return at("#/user", "deputy.same_person");
    if (deputy->id == caller.user) return forbidden("forbidden.own_account");
    const auto posts = store::posts_of(tx, deputy->id);
    const bool colleague = std::any_of(posts.begin(), posts.end(), [&](const store::Post& one) {
      return one.party_id == post->party_id && is_current(one.to, act.on);
    });
    if (!colleague) return at("#/user", "deputy.other_office");
    if (to && *to < from.value_or(act.on)) return at("#/to", "post.days");
    const store::Deputy row{new_uuid(act.at, act.random), post->id, deputy->id, deputy->name, deputy->login,
                            from.value_or(act.on),        to};
    store::insert(tx, row);
    log(tx, act, {"user", post->user.str()}, "name_deputy",
        {{"post", post->id.str()}, {"deputy", deputy->id.str()}, {"from", row.from.str()}, {"to", day(to)}});
    return user_now(tx, caller, post->user, act.at);
  });
}

Result<json::Value> end_deputy(const Premises& premises, const Caller& caller, std::string_view id) {
  QY_CHECK(must_administer(caller));
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    const auto deputy = store::find_deputy(tx, id);
    const auto post = deputy ? store::find_post(tx, deputy->post) : std::nullopt;
    if (!post || !post->office) return Error{ErrorKind::not_found, "deputy.not_found"};
    QY_CHECK(administered_office(tx, caller, *post->office));
    store::end_deputy(tx, id, act.on.plus_days(-1));
    log(tx, act, {"user", post->user.str()}, "end_deputy", {{"post", post->id.str()}, {"deputy", deputy->user.str()}});
    return user_now(tx, caller, post->user, act.at);
  });
}

// ---- Parties other than offices ----

Result<json::Value> list_team(const Premises& premises, const Caller& caller) {
  if (caller.is_office() || caller.party == Party::none) return forbidden("forbidden.party_only");
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    auto team = team_json(tx, caller.party, caller.party_id, premises.today());
    team["allowed_actions"] = keeps_team(caller) ? json::Array{"invite", "end_post"} : json::Array{};
    return json::Value(std::move(team));
  });
}

Result<json::Value> invite_colleague(const Premises& premises, const Caller& caller) {
  if (!keeps_team(caller)) return forbidden("forbidden.keep_team");
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    const auto role = colleague_role(caller);
    const auto code =
        issue_activation_code(tx, act, caller.party, caller.party_id, caller.party_name, role, kInvitationDays);
    return json::Value(json::Object{
        {"activation_code", code}, {"role", to_string(role)}, {"expires_on", act.on.plus_days(kInvitationDays).str()}});
  });
}

Result<json::Value> end_colleague(const Premises& premises, const Caller& caller, std::string_view id) {
  if (!keeps_team(caller)) return forbidden("forbidden.keep_team");
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    const auto post = store::find_post(tx, PostId::trusted(std::string(id)));
    if (!post || post->party != caller.party || post->party_id != caller.party_id)
      return Error{ErrorKind::not_found, "post.not_found"};
    if (post->role != colleague_role(caller)) return forbidden("forbidden.keep_team");
    if (post->user == caller.user) return forbidden("forbidden.own_account");
    store::end_post(tx, post->id, act.on.plus_days(-1), post->version);
    log(tx, act, {"user", post->user.str()}, "end_post",
        {{"post", post->id.str()}, {"last_day", act.on.plus_days(-1).str()}});
    auto team = team_json(tx, caller.party, caller.party_id, act.on);
    team["allowed_actions"] = json::Array{"invite", "end_post"};
    return json::Value(std::move(team));
  });
}

Result<json::Value> list_party(const Premises& premises, const Caller& caller, Party party, std::string_view party_id) {
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(const auto place, officers_party(tx, caller, party, party_id));
    auto team = team_json(tx, party, party_id, premises.today());
    team["party"] = to_string(party);
    team["party_id"] = std::string(party_id);
    team["party_name"] = place.name;
    team["allowed_actions"] = json::Array{"reissue"};
    return json::Value(std::move(team));
  });
}

Result<json::Value> reissue_code(const Premises& premises, const Caller& caller, Party party, std::string_view party_id,
                                 Role role) {
  const auto act = act_of(premises, caller);
  constexpr int kDays = 180;
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(const auto place, officers_party(tx, caller, party, party_id));
    const auto code = reissue_activation_code(tx, act, party, party_id, place.name, role, kDays);
    return json::Value(json::Object{
        {"activation_code", code}, {"role", to_string(role)}, {"expires_on", act.on.plus_days(kDays).str()}});
  });
}

// ---- Programs ----

Result<json::Value> list_tokens(const Premises& premises, const Caller& caller, const OfficeId& office) {
  QY_CHECK(must_administer(caller));
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    QY_CHECK(administered_office(tx, caller, office));
    json::Array items;
    for (const auto& token : store::tokens(tx, office)) {
      json::Array allowed;
      if (!token.revoked_at) allowed.push_back("revoke");
      items.push_back(json::Object{{"id", token.id},
                                   {"name", token.name},
                                   {"scopes", strings(split(token.scopes, ' '))},
                                   {"issued_at", token.issued_at.str()},
                                   {"expires_on", token.expires_on.str()},
                                   {"revoked", token.revoked_at.has_value()},
                                   {"allowed_actions", std::move(allowed)}});
    }
    const auto total = items.size();
    return json::Value(json::Object{{"items", std::move(items)}, {"total", total}});
  });
}

Result<json::Value> issue_token(const Premises& premises, const Caller& caller, const OfficeId& office_id,
                                std::string_view name, const std::vector<std::string>& scopes, Date expires_on) {
  QY_CHECK(must_administer(caller));
  const auto act = act_of(premises, caller);
  if (expires_on <= act.on || expires_on > act.on.plus_years(2)) return at("#/expires_on", "token.expiry");
  if (scopes.empty()) return at("#/scopes", "field.required");
  // Programs read cases and lists; accounts and the log are for people.
  for (const auto& scope : scopes)
    for (const std::string_view closed : {"session", "sessions", "users", "offices", "posts", "deputies", "team",
                                          "parties", "tokens", "actions", "activation", ""})
      if (scope == closed) return at("#/scopes", "token.closed_scope", {{"scope", scope}});
  return premises.database->write([&](Tx& tx) -> Result<json::Value> {
    QY_TRY(const auto office, administered_office(tx, caller, office_id));
    const auto secret = crypto::random_token(act.random);
    const store::Token token{new_uuid(act.at, act.random),
                             hash_of_token(secret),
                             office.id,
                             std::string(name),
                             join(scopes, " "),
                             act.at,
                             expires_on,
                             std::nullopt};
    store::insert(tx, token);
    log(tx, act, {"office", office.id.str()}, "issue_token",
        {{"token", token.id}, {"name", token.name}, {"scopes", token.scopes}, {"expires_on", expires_on.str()}});
    return json::Value(json::Object{{"id", token.id},
                                    {"name", token.name},
                                    {"scopes", strings(scopes)},
                                    {"expires_on", expires_on.str()},
                                    {"token", secret}});
  });
}

Result<void> revoke_token(const Premises& premises, const Caller& caller, std::string_view id) {
  QY_CHECK(must_administer(caller));
  const auto act = act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<void> {
    const auto token = store::find_token(tx, id);
    if (!token || !administered_office(tx, caller, token->office))
      return Error{ErrorKind::not_found, "token.not_found"};
    store::revoke_token(tx, id, act.at);
    log(tx, act, {"office", token->office.str()}, "revoke_token", {{"token", token->id}});
    return {};
  });
}

// ---- The log ----

Result<json::Value> list_actions(const Premises& premises, const Caller& caller, db::ActionFilter filter,
                                 const http::Page& page) {
  QY_TRY(filter.province, auditors_province(caller));
  if (filter.from && filter.to && *filter.to < *filter.from)
    return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/to", "post.days"}}};
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    json::Array items;
    for (const auto& action : db::recent_actions(tx, filter, page.size, page.offset()))
      items.push_back(json_of(action));
    return json::Value(json::Object{{"items", std::move(items)},
                                    {"total", db::count_actions(tx, filter)},
                                    {"page", page.page},
                                    {"page_size", page.size}});
  });
}

Result<json::Value> get_chain(const Premises& premises, const Caller& caller, std::string_view kind,
                              std::string_view id) {
  QY_TRY(const auto province, auditors_province(caller));
  return premises.database->read([&](Tx& tx) -> Result<json::Value> {
    const db::Subject subject{std::string(kind), std::string(id)};
    const auto owner = db::province_of(tx, subject);
    if (owner.empty() || (!province.empty() && owner != province))
      return Error{ErrorKind::not_found, "chain.not_found"};
    const auto actions = db::actions_of(tx, subject);
    json::Array items;
    for (const auto& action : actions) items.push_back(json_of(action));
    const auto broken = db::first_broken_link(tx, subject);
    json::Object answer{{"subject", json::Object{{"kind", subject.kind}, {"id", subject.id}}},
                        {"items", std::move(items)},
                        {"holds", !broken.has_value()}};
    answer["first_broken"] = broken ? json::Value(*broken) : json::Value(nullptr);
    return json::Value(std::move(answer));
  });
}

}  // namespace qy::identity
