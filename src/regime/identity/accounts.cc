#include "regime/identity/accounts.h"

#include <algorithm>

#include "base/text.h"

namespace qy::identity {
namespace {

constexpr std::size_t kShortestPassword = 10;
constexpr std::size_t kLongestPassword = 200;

/// What attackers try first; also everything made of fewer than five different characters or of one run along the
/// keyboard.
constexpr std::string_view kCommon[] = {
    "password", "qwertyuiop", "1234567890", "0123456789", "0987654321", "abcdefghij", "iloveyou", "admin",
    "qingyuan", "welcome",    "1q2w3e4r5t", "asdfghjkl",  "zxcvbnm",    "letmein",    "88888888", "woaini"};

bool is_simple(std::string_view password) {
  const auto lower = lower_ascii(password);
  std::string distinct = lower;
  std::sort(distinct.begin(), distinct.end());
  if (std::unique(distinct.begin(), distinct.end()) - distinct.begin() < 5) return true;
  // A common word with a few characters around it is still a common word.
  return std::any_of(std::begin(kCommon), std::end(kCommon), [&](std::string_view common) {
    return contains(lower, common) && lower.size() < common.size() + 5;
  });
}

Error at(std::string pointer, std::string code, Params params = {}) {
  return {ErrorKind::invalid, code, params, {{std::move(pointer), code, params}}};
}

}  // namespace

Result<void> check_password_rule(std::string_view login, std::string_view password, std::string pointer) {
  if (!is_utf8(password) || length_of(password) > kLongestPassword)
    return at(std::move(pointer), "password.too_long", {{"most", std::to_string(kLongestPassword)}});
  if (length_of(password) < kShortestPassword)
    return at(std::move(pointer), "password.too_short", {{"least", std::to_string(kShortestPassword)}});
  if (!login.empty() && lower_ascii(password).find(lower_ascii(login)) != std::string::npos &&
      password.size() < login.size() + 5)
    return at(std::move(pointer), "password.like_login");
  if (is_simple(password)) return at(std::move(pointer), "password.too_simple");
  return {};
}

Result<std::string> read_login(std::string_view typed, std::string pointer) {
  auto login = lower_ascii(trim(typed));
  const bool good =
      login.size() >= 3 && login.size() <= 64 && std::all_of(login.begin(), login.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@';
      });
  if (!good) return at(std::move(pointer), "user.login_format");
  return login;
}

Result<UserId> add_person(Tx& tx, const Act& act, std::string_view typed, std::string_view name,
                          std::string_view password_hash, std::string_view province, bool must_change) {
  QY_TRY(auto login, read_login(typed, "#/login"));
  if (store::find_user(tx, login))
    return Error{ErrorKind::conflict,
                 "user.login_taken",
                 {{"login", login}},
                 {{"#/login", "user.login_taken", {{"login", login}}}}};
  store::User user;
  user.id = UserId::make(act.at, act.random);
  user.province = province.empty() ? "00" : std::string(province);
  user.login = std::move(login);
  user.name = name;
  user.password_hash = password_hash;
  user.language = "zh";
  user.must_change_password = must_change;
  user.created_at = act.at;
  store::insert(tx, user);
  auto action = action_by(act, {"user", user.id.str()}, "open_account", nullptr, json::Object{{"login", user.login}});
  action.province = user.province;
  db::append_action(tx, action, act.random);
  return user.id;
}

PostId add_post(Tx& tx, const Act& act, const UserId& user, Role role, Party party, std::string_view party_id,
                std::string_view party_name, const std::optional<OfficeId>& office, std::string_view province,
                std::optional<Date> from, std::optional<Date> to) {
  store::Post post;
  post.id = PostId::make(act.at, act.random);
  post.user = user;
  post.role = role;
  post.party = party;
  post.party_id = party_id;
  post.party_name = party_name;
  post.province = province.empty() ? act.caller.province : std::string(province);
  post.from = from.value_or(act.on);
  post.to = to;
  if (const auto found = office ? store::find_office(tx, *office) : std::nullopt) {
    post.party = Party::office;
    post.party_id = found->id.str();
    post.party_name = found->name.zh;
    post.office = found->id;
    post.province = found->province;
  }
  store::insert(tx, post);
  json::Object payload{{"post", post.id.str()},
                       {"role", to_string(role)},
                       {"party", to_string(post.party)},
                       {"party_id", post.party_id},
                       {"from", post.from.str()}};
  if (to) payload.emplace("to", to->str());
  auto action = action_by(act, {"user", user.str()}, "give_post", nullptr, std::move(payload));
  action.province = post.province;
  db::append_action(tx, action, act.random);
  return post.id;
}

Result<UserId> add_user(Tx& tx, const Act& act, const NewUser& user) {
  auto province = user.province.empty() ? act.caller.province : user.province;
  if (user.office)
    if (const auto office = store::find_office(tx, *user.office)) province = office->province;
  QY_TRY(const auto id,
         add_person(tx, act, user.login, user.name, user.password_hash, province, user.must_change_password));
  add_post(tx, act, id, user.role, user.party, user.party_id, user.party_name, user.office, province);
  return id;
}

std::string hash_of_code(std::string_view typed) {
  std::string plain;
  for (const char c : upper_ascii(normalise_for_match(typed)))
    if (c != '-' && c != ' ') plain.push_back(c);
  return crypto::sha256_hex("activation:" + plain);
}

std::string hash_of_token(std::string_view token) { return crypto::sha256_hex(token); }

std::string issue_activation_code(Tx& tx, const Act& act, Party party, std::string_view party_id,
                                  std::string_view party_name, Role role, int valid_days) {
  const auto typed = crypto::activation_code(act.random);
  store::void_codes(tx, party, party_id, role, act.at);
  const auto place = store::find_place(tx, party, party_id);
  store::Code code;
  code.id = new_uuid(act.at, act.random);
  code.code_hash = hash_of_code(typed);
  code.province = place ? place->province : act.caller.province.empty() ? "00" : act.caller.province;
  code.role = role;
  code.party = party;
  code.party_id = party_id;
  code.party_name = place ? place->name : std::string(party_name);
  code.issued_at = act.at;
  code.expires_on = act.on.plus_days(valid_days);
  store::insert(tx, code);
  auto action = action_by(act, {to_string(party), std::string(party_id)}, "issue_activation_code", nullptr,
                          json::Object{{"role", to_string(role)}, {"expires_on", code.expires_on.str()}});
  action.province = code.province;
  db::append_action(tx, action, act.random);
  return typed;
}

std::string reissue_activation_code(Tx& tx, const Act& act, Party party, std::string_view party_id,
                                    std::string_view party_name, Role role, int valid_days) {
  // The people who left hold their posts until the day before; what they signed stays theirs.
  for (const auto& post : store::posts_of(tx, party, party_id)) {
    if (post.role != role || (post.to && *post.to < act.on)) continue;
    store::end_post(tx, post.id, act.on.plus_days(-1), post.version);
    db::append_action(tx,
                      action_by(act, {"user", post.user.str()}, "end_post", nullptr,
                                json::Object{{"post", post.id.str()}, {"last_day", act.on.plus_days(-1).str()}}),
                      act.random);
  }
  return issue_activation_code(tx, act, party, party_id, party_name, role, valid_days);
}

std::string issue_reset_code(Tx& tx, const Act& act, const store::User& user, int valid_days) {
  const auto typed = crypto::activation_code(act.random);
  store::void_codes(tx, user.id, act.at);
  store::Code code;
  code.id = new_uuid(act.at, act.random);
  code.code_hash = hash_of_code(typed);
  code.province = user.province;
  code.user = user.id;
  const auto posts = store::posts_of(tx, user.id);
  if (!posts.empty()) {
    code.role = posts.back().role;
    code.party = posts.back().party;
    code.party_id = posts.back().party_id;
    code.party_name = posts.back().party_name;
  }
  code.issued_at = act.at;
  code.expires_on = act.on.plus_days(valid_days);
  store::insert(tx, code);
  db::append_action(tx,
                    action_by(act, {"user", user.id.str()}, "issue_reset_code", nullptr,
                              json::Object{{"expires_on", code.expires_on.str()}}),
                    act.random);
  return typed;
}

void note_party(Tx& tx, Party party, std::string_view party_id, std::string_view name, std::string_view region,
                std::string_view province) {
  note_parties(tx, party, {{std::string(party_id), std::string(name), std::string(region), std::string(province)}});
}

void note_parties(Tx& tx, Party party, const std::vector<NotedParty>& parties) {
  std::map<std::string, store::Place> places;
  for (const auto& one : parties) places[one.id] = {one.name, one.region, one.province};
  store::save_places(tx, party, places);
}

std::string name_of_user(Tx& tx, const UserId& id) {
  const auto user = store::find_user(tx, id);
  return user ? user->name : std::string();
}

std::vector<Holder> holders(Tx& tx, Party party, std::string_view party_id, std::optional<Role> role,
                            std::optional<Date> on) {
  std::vector<Holder> out;
  for (const auto& post : store::posts_of(tx, party, party_id)) {
    if (role && post.role != *role) continue;
    if (on ? post.from > *on || (post.to && *post.to < *on) : post.to.has_value()) continue;
    const auto user = store::find_user(tx, post.user);
    if (!user || user->disabled) continue;
    if (std::any_of(out.begin(), out.end(), [&](const Holder& known) { return known.user == user->id; })) continue;
    out.push_back({user->id, user->name, user->login});
  }
  return out;
}

json::Object json_of(const Caller& post) {
  return {{"id", post.post.str()},          {"role", to_string(post.role)},  {"party", to_string(post.party)},
          {"party_id", post.party_id},      {"party_name", post.party_name}, {"line", to_string(post.line)},
          {"level", to_string(post.level)}, {"region", post.region},         {"province", post.province},
          {"as_deputy", post.as_deputy}};
}

}  // namespace qy::identity
