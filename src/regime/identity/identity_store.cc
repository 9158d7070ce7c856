#include "regime/identity/identity_store.h"

#include "base/text.h"
#include "db/insert.h"
#include "db/where.h"

namespace qy::identity::store {
namespace {

std::vector<std::string> words(const std::string& text) {
  return text.empty() ? std::vector<std::string>() : split(text, ' ');
}

Language language_of(std::string_view name) { return name == "en" ? Language::en : Language::zh; }

// ---- Reading rows ----

using OfficeRow =
    std::tuple<OfficeId, std::string, std::string, std::string, std::string, std::string, std::string,
               std::optional<OfficeId>, std::string, std::string, Date, std::optional<Date>, std::int64_t>;

Office office_of(OfficeRow row) {
  auto& [id, province, region, line, level, zh, en, parent, covered, excepted, from, to, version] = row;
  Office office;
  office.id = std::move(id);
  office.province = std::move(province);
  office.region = std::move(region);
  office.line = line_of(line);
  office.level = level_of(level);
  office.name = {std::move(zh), std::move(en)};
  office.parent = std::move(parent);
  office.covered = words(covered);
  office.excepted = words(excepted);
  office.from = from;
  office.to = to;
  office.version = version;
  return office;
}

#define OFFICE_COLUMNS \
  "id, province, region, line, level, name_zh, name_en, parent_id, covered, excepted, from_day, to_day, version"

template <class... Args>
std::vector<Office> read_offices(Tx& tx, std::string_view sql, const Args&... args) {
  std::vector<Office> out;
  for (auto& row : tx.rows<OfficeId, std::string, std::string, std::string, std::string, std::string, std::string,
                           std::optional<OfficeId>, std::string, std::string, Date, std::optional<Date>, std::int64_t>(
           sql, args...))
    out.push_back(office_of(std::move(row)));
  return out;
}

#define USER_COLUMNS \
  "id, province, login, name, password_hash, language, must_change_password, disabled, created_at, version"

template <class Key>
std::optional<User> read_user(Tx& tx, std::string_view sql, const Key& key) {
  auto row = tx.row<UserId, std::string, std::string, std::string, std::string, std::string, bool, bool, Instant,
                    std::int64_t>(sql, key);
  if (!row) return std::nullopt;
  auto& [id, province, login, name, hash, language, must_change, disabled, created, version] = *row;
  return User{std::move(id),       std::move(province), std::move(login), std::move(name), std::move(hash),
              std::move(language), must_change,         disabled,         created,         version};
}

#define POST_COLUMNS "id, user_id, province, role, party, party_id, party_name, office_id, from_day, to_day, version"

template <class... Args>
std::vector<Post> read_posts(Tx& tx, std::string_view sql, const Args&... args) {
  std::vector<Post> out;
  for (auto& [id, user, province, role, party, party_id, party_name, office, from, to, version] :
       tx.rows<PostId, UserId, std::string, std::string, std::string, std::string, std::string, std::optional<OfficeId>,
               Date, std::optional<Date>, std::int64_t>(sql, args...))
    out.push_back({std::move(id), std::move(user), std::move(province), role_of(role), party_of(party),
                   std::move(party_id), std::move(party_name), std::move(office), from, to, version});
  return out;
}

template <class... Args>
std::vector<Deputy> read_deputies(Tx& tx, std::string_view sql, const Args&... args) {
  std::vector<Deputy> out;
  for (auto& [id, post, user, name, login, from, to] :
       tx.rows<std::string, PostId, UserId, std::string, std::string, Date, std::optional<Date>>(sql, args...))
    out.push_back({std::move(id), std::move(post), std::move(user), std::move(name), std::move(login), from, to});
  return out;
}

#define CODE_COLUMNS \
  "id, code_hash, province, user_id, role, party, party_id, party_name, issued_at, expires_on, used_at, voided_at"

template <class... Args>
std::vector<Code> read_codes(Tx& tx, std::string_view sql, const Args&... args) {
  std::vector<Code> out;
  for (auto& [id, hash, province, user, role, party, party_id, party_name, issued, expires, used, voided] :
       tx.rows<std::string, std::string, std::string, std::optional<UserId>, std::string, std::string, std::string,
               std::string, Instant, Date, std::optional<Instant>, std::optional<Instant>>(sql, args...))
    out.push_back({std::move(id), std::move(hash), std::move(province), std::move(user), role_of(role), party_of(party),
                   std::move(party_id), std::move(party_name), issued, expires, used, voided});
  return out;
}

#define TOKEN_COLUMNS "id, token_hash, office_id, name, scopes, issued_at, expires_on, revoked_at"

template <class... Args>
std::vector<Token> read_tokens(Tx& tx, std::string_view sql, const Args&... args) {
  std::vector<Token> out;
  for (auto& [id, hash, office, name, scopes, issued, expires, revoked] :
       tx.rows<std::string, std::string, OfficeId, std::string, std::string, Instant, Date, std::optional<Instant>>(
           sql, args...))
    out.push_back({std::move(id), std::move(hash), std::move(office), std::move(name), std::move(scopes), issued,
                   expires, revoked});
  return out;
}

template <class T>
std::optional<T> first(std::vector<T> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

/// Columns of a post joined with its office and its person, as a Caller.

#define CALLER_COLUMNS                                                                                                \
  "u.id, u.login, u.name, u.language, p.id, p.role, p.party, p.party_id, p.province, p.party_name, o.line, o.level, " \
  "o.region, o.name_zh, "                                                                                             \
  "o.covered, o.excepted"

Caller caller_of(UserId& user, std::string& login, std::string& name, std::string& language, PostId& post,
                 std::string& role, std::string& party, std::string& party_id, std::string& province,
                 std::string& party_name, std::optional<std::string>& line, std::optional<std::string>& level,
                 std::optional<std::string>& region, std::optional<std::string>& office_name,
                 std::optional<std::string>& covered, std::optional<std::string>& excepted, bool as_deputy) {
  Caller caller;
  caller.user = std::move(user);
  caller.login = std::move(login);
  caller.name = std::move(name);
  caller.language = language_of(language);
  caller.post = std::move(post);
  caller.role = role_of(role);
  caller.party = party_of(party);
  caller.party_id = std::move(party_id);
  caller.province = std::move(province);
  caller.party_name = office_name ? std::move(*office_name) : std::move(party_name);
  if (line) caller.line = line_of(*line);
  if (level) caller.level = level_of(*level);
  if (region) caller.region = std::move(*region);
  if (covered) caller.covered = words(*covered);
  if (excepted) caller.excepted = words(*excepted);
  caller.as_deputy = as_deputy;
  return caller;
}

/// WHERE of a user list, and its binds.
std::pair<std::string, std::vector<db::Bind>> where_of(const UserQuery& query) {
  std::string sql =
      " FROM app_user u WHERE EXISTS (SELECT 1 FROM post p JOIN office o ON o.id = p.office_id WHERE p.user_id = u.id "
      "AND " +
      query.scope.sql;
  auto binds = query.scope.binds;
  if (!query.line.empty()) {
    sql += " AND o.line = :line";
    binds.emplace_back(query.line);
  }
  if (!query.office.empty()) {
    sql += " AND o.id = :office";
    binds.emplace_back(query.office);
  }
  sql += ")";
  if (!query.text.empty()) {
    sql += " AND (lower(u.name) LIKE :name OR u.login LIKE :login)";
    const auto pattern = "%" + lower_ascii(query.text) + "%";
    binds.emplace_back(pattern);
    binds.emplace_back(pattern);
  }
  if (query.disabled) {
    sql += " AND u.disabled = :disabled";
    binds.emplace_back(*query.disabled);
  }
  return {std::move(sql), std::move(binds)};
}

}  // namespace

// ---- Offices ----

void insert(Tx& tx, const Office& office, Date from) {
  tx.run(
      "INSERT INTO office (id, province, region, line, level, name_zh, name_en, parent_id, covered, excepted, "
      "from_day, to_day) VALUES "
      "(:id, :province, :region, :line, :level, :zh, :en, :parent, :covered, :excepted, :from, :to)",
      office.id, office.province, office.region, to_string(office.line), to_string(office.level), office.name.zh,
      office.name.en, office.parent, join(office.covered, " "), join(office.excepted, " "), from, office.to);
}

std::optional<Office> find_office(Tx& tx, const OfficeId& id) {
  return first(read_offices(tx, "SELECT " OFFICE_COLUMNS " FROM office WHERE id = :id", id));
}

std::vector<Office> offices(Tx& tx) {
  return read_offices(tx, "SELECT " OFFICE_COLUMNS " FROM office ORDER BY region, line, id");
}

bool update(Tx& tx, const Office& office, std::int64_t version) {
  return tx.run(
             "UPDATE office SET name_zh = :zh, name_en = :en, covered = :covered, excepted = :excepted, to_day = :to, "
             "version = version + 1 WHERE id = :id AND version = :version",
             office.name.zh, office.name.en, join(office.covered, " "), join(office.excepted, " "), office.to,
             office.id, version) == 1;
}

// ---- Users and posts ----

void insert(Tx& tx, const User& user) {
  tx.run(
      "INSERT INTO app_user (id, province, login, name, password_hash, language, must_change_password, disabled, "
      "created_at) VALUES "
      "(:id, :province, :login, :name, :hash, :language, :must_change, :disabled, :created)",
      user.id, user.province, user.login, user.name, user.password_hash, user.language, user.must_change_password,
      user.disabled, user.created_at);
}

std::optional<User> find_user(Tx& tx, const UserId& id) {
  return read_user(tx, "SELECT " USER_COLUMNS " FROM app_user WHERE id = :id", id);
}

std::optional<User> find_user(Tx& tx, std::string_view login) {
  return read_user(tx, "SELECT " USER_COLUMNS " FROM app_user WHERE login = :login", lower_ascii(login));
}

bool update(Tx& tx, const User& user, std::int64_t version) {
  return tx.run(
             "UPDATE app_user SET name = :name, password_hash = :hash, language = :language, must_change_password = "
             ":must_change, disabled = :disabled, "
             "version = version + 1 WHERE id = :id AND version = :version",
             user.name, user.password_hash, user.language, user.must_change_password, user.disabled, user.id,
             version) == 1;
}

void insert(Tx& tx, const Post& post) {
  tx.run(
      "INSERT INTO post (id, user_id, province, role, party, party_id, party_name, office_id, from_day, to_day) VALUES "
      "(:id, :user, :province, :role, :party, :party_id, :party_name, :office, :from, :to)",
      post.id, post.user, post.province, to_string(post.role), to_string(post.party), post.party_id, post.party_name,
      post.office, post.from, post.to);
}

std::optional<Post> find_post(Tx& tx, const PostId& id) {
  return first(read_posts(tx, "SELECT " POST_COLUMNS " FROM post WHERE id = :id", id));
}

std::vector<Post> posts_of(Tx& tx, const UserId& user) {
  return read_posts(tx, "SELECT " POST_COLUMNS " FROM post WHERE user_id = :user ORDER BY from_day, id", user);
}

std::vector<Post> posts_of(Tx& tx, Party party, std::string_view party_id) {
  return read_posts(
      tx, "SELECT " POST_COLUMNS " FROM post WHERE party = :party AND party_id = :party_id ORDER BY from_day, id",
      to_string(party), party_id);
}

bool end_post(Tx& tx, const PostId& id, std::optional<Date> last_day, std::int64_t version) {
  return tx.run("UPDATE post SET to_day = :last, version = version + 1 WHERE id = :id AND version = :version", last_day,
                id, version) == 1;
}

void insert(Tx& tx, const Deputy& deputy) {
  tx.run("INSERT INTO post_deputy (id, post_id, user_id, from_day, to_day) VALUES (:id, :post, :user, :from, :to)",
         deputy.id, deputy.post, deputy.user, deputy.from, deputy.to);
}

std::vector<Deputy> deputies_of(Tx& tx, const PostId& post) {
  return read_deputies(tx,
                       "SELECT d.id, d.post_id, d.user_id, u.name, u.login, d.from_day, d.to_day FROM post_deputy d "
                       "JOIN app_user u ON u.id = d.user_id "
                       "WHERE d.post_id = :post ORDER BY d.from_day, d.id",
                       post);
}

std::optional<Deputy> find_deputy(Tx& tx, std::string_view id) {
  return first(read_deputies(tx,
                             "SELECT d.id, d.post_id, d.user_id, u.name, u.login, d.from_day, d.to_day FROM "
                             "post_deputy d JOIN app_user u ON u.id = d.user_id WHERE d.id = :id",
                             id));
}

void end_deputy(Tx& tx, std::string_view id, Date last_day) {
  tx.run("UPDATE post_deputy SET to_day = :last WHERE id = :id", last_day, id);
}

std::vector<UserId> users(Tx& tx, const UserQuery& query) {
  auto [where, binds] = where_of(query);
  binds.emplace_back(query.limit);
  binds.emplace_back(query.offset);
  std::vector<UserId> out;
  for (auto& [id, name] : tx.rows_bound<UserId, std::string>(
           "SELECT u.id, u.name" + where + " ORDER BY u.name, u.id LIMIT :limit OFFSET :offset", binds))
    out.push_back(std::move(id));
  return out;
}

std::int64_t count_users(Tx& tx, const UserQuery& query) {
  const auto [where, binds] = where_of(query);
  return std::get<0>(tx.rows_bound<std::int64_t>("SELECT COUNT(*)" + where, binds).front());
}

// ---- Sessions ----

void insert(Tx& tx, const Session& session) {
  tx.run(
      "INSERT INTO user_session (id, token_hash, user_id, created_at, last_seen_at, expires_at, remote, agent) VALUES "
      "(:id, :hash, :user, :created, :seen, :expires, :remote, :agent)",
      session.id, session.token_hash, session.user, session.created_at, session.last_seen_at, session.expires_at,
      session.remote, session.agent);
}

void touch(Tx& tx, std::string_view session_id, Instant at) {
  tx.run("UPDATE user_session SET last_seen_at = :at WHERE id = :id AND last_seen_at < :before AND ended_at IS NULL",
         at, session_id, at);
}

bool end_session(Tx& tx, std::string_view session_id, const UserId& user, Instant at) {
  return tx.run("UPDATE user_session SET ended_at = :at WHERE id = :id AND user_id = :user AND ended_at IS NULL", at,
                session_id, user) == 1;
}

void end_sessions(Tx& tx, const UserId& user, std::string_view except_id, Instant at) {
  tx.run("UPDATE user_session SET ended_at = :at WHERE user_id = :user AND id <> :except AND ended_at IS NULL", at,
         user, except_id);
}

std::vector<Session> open_sessions(Tx& tx, const UserId& user, Instant now, Instant idle_since) {
  std::vector<Session> out;
  for (auto& [id, created, seen, expires, remote, agent] :
       tx.rows<std::string, Instant, Instant, Instant, std::string, std::string>(
           "SELECT id, created_at, last_seen_at, expires_at, remote, agent FROM user_session WHERE user_id = :user AND "
           "ended_at IS NULL AND expires_at > :now "
           "AND last_seen_at > :idle ORDER BY last_seen_at DESC, id",
           user, now, idle_since))
    out.push_back({std::move(id), "", user, created, seen, expires, std::move(remote), std::move(agent)});
  return out;
}

void forget_sessions(Tx& tx, Instant before) {
  tx.run("DELETE FROM user_session WHERE expires_at < :before OR (ended_at IS NOT NULL AND ended_at < :ended)", before,
         before);
}

std::vector<Seat> seats(Tx& tx, std::string_view token_hash, Date on) {
  constexpr std::string_view kSql =
      "SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, u.must_change_password, " CALLER_COLUMNS
      ", 0 AS deputy FROM user_session s "
      "JOIN app_user u ON u.id = s.user_id JOIN post p ON p.user_id = u.id LEFT JOIN office o ON o.id = p.office_id "
      "WHERE s.token_hash = :hash1 AND s.ended_at IS NULL AND u.disabled = 0 AND p.from_day <= :on1 AND (p.to_day IS "
      "NULL OR p.to_day >= :on2) "
      "UNION ALL "
      "SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, u.must_change_password, " CALLER_COLUMNS
      ", 1 AS deputy FROM user_session s "
      "JOIN app_user u ON u.id = s.user_id JOIN post_deputy d ON d.user_id = u.id JOIN post p ON p.id = d.post_id LEFT "
      "JOIN office o ON o.id = p.office_id "
      "WHERE s.token_hash = :hash2 AND s.ended_at IS NULL AND u.disabled = 0 AND d.from_day <= :on3 AND (d.to_day IS "
      "NULL OR d.to_day >= :on4) "
      "AND p.from_day <= :on5 AND (p.to_day IS NULL OR p.to_day >= :on6) ORDER BY deputy, 10";
  std::vector<Seat> out;
  using O = std::optional<std::string>;
  for (auto& [session, created, seen, expires, must_change, user, login, name, language, post, role, party, party_id,
              province, party_name, line, level, region, office_name, covered, excepted, deputy] :
       tx.rows<std::string, Instant, Instant, Instant, bool, UserId, std::string, std::string, std::string, PostId,
               std::string, std::string, std::string, std::string, std::string, O, O, O, O, O, O, bool>(
           kSql, token_hash, on, on, token_hash, on, on, on, on)) {
    Seat seat;
    seat.session = {std::move(session), std::string(token_hash), user, created, seen, expires, "", ""};
    seat.must_change_password = must_change;
    seat.caller = caller_of(user, login, name, language, post, role, party, party_id, province, party_name, line, level,
                            region, office_name, covered, excepted, deputy);
    out.push_back(std::move(seat));
  }
  return out;
}

std::vector<Caller> callers_of(Tx& tx, const UserId& id, Date on) {
  constexpr std::string_view kSql =
      "SELECT " CALLER_COLUMNS
      ", 0 AS deputy FROM app_user u JOIN post p ON p.user_id = u.id LEFT JOIN office o ON o.id = p.office_id "
      "WHERE u.id = :user1 AND p.from_day <= :on1 AND (p.to_day IS NULL OR p.to_day >= :on2) "
      "UNION ALL "
      "SELECT " CALLER_COLUMNS
      ", 1 AS deputy FROM app_user u JOIN post_deputy d ON d.user_id = u.id JOIN post p ON p.id = d.post_id LEFT JOIN "
      "office o ON o.id = p.office_id "
      "WHERE u.id = :user2 AND d.from_day <= :on3 AND (d.to_day IS NULL OR d.to_day >= :on4) AND p.from_day <= :on5 "
      "AND (p.to_day IS NULL OR p.to_day >= :on6) ORDER BY deputy, 5";
  std::vector<Caller> out;
  using O = std::optional<std::string>;
  for (auto& [user, login, name, language, post, role, party, party_id, province, party_name, line, level, region,
              office_name, covered, excepted, deputy] :
       tx.rows<UserId, std::string, std::string, std::string, PostId, std::string, std::string, std::string,
               std::string, std::string, O, O, O, O, O, O, bool>(kSql, id, on, on, id, on, on, on, on))
    out.push_back(caller_of(user, login, name, language, post, role, party, party_id, province, party_name, line, level,
                            region, office_name, covered, excepted, deputy));
  return out;
}

// ---- Failed log-ins ----

Failures failures(Tx& tx, std::string_view key) {
  const auto row = tx.row<int, Instant, std::string>(
      "SELECT failures, last_at, locked_until FROM login_failure WHERE key = :key", key);
  if (!row) return {};
  const auto& [count, last, locked] = *row;
  Failures out{count, last, std::nullopt};
  if (const auto until = Instant::parse(locked)) out.locked_until = *until;
  return out;
}

void save(Tx& tx, std::string_view key, const Failures& failures) {
  tx.run(
      "INSERT INTO login_failure (key, failures, last_at, locked_until) VALUES (:key, :failures, :last, :locked) "
      "ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, locked_until = "
      "excluded.locked_until",
      key, failures.count, failures.last_at, failures.locked_until ? failures.locked_until->str() : std::string());
}

void forget_failures(Tx& tx, std::string_view key) { tx.run("DELETE FROM login_failure WHERE key = :key", key); }

// ---- Activation codes ----

void insert(Tx& tx, const Code& code) {
  tx.run(
      "INSERT INTO activation_code (id, code_hash, province, user_id, role, party, party_id, party_name, issued_at, "
      "expires_on) VALUES "
      "(:id, :hash, :province, :user, :role, :party, :party_id, :party_name, :issued, :expires)",
      code.id, code.code_hash, code.province, code.user, to_string(code.role), to_string(code.party), code.party_id,
      code.party_name, code.issued_at, code.expires_on);
}

std::optional<Code> find_code(Tx& tx, std::string_view code_hash) {
  return first(read_codes(tx, "SELECT " CODE_COLUMNS " FROM activation_code WHERE code_hash = :hash", code_hash));
}

bool use_code(Tx& tx, std::string_view id, Instant at) {
  return tx.run("UPDATE activation_code SET used_at = :at WHERE id = :id AND used_at IS NULL AND voided_at IS NULL", at,
                id) == 1;
}

void void_codes(Tx& tx, Party party, std::string_view party_id, Role role, Instant at) {
  tx.run(
      "UPDATE activation_code SET voided_at = :at WHERE party = :party AND party_id = :party_id AND role = :role AND "
      "user_id IS NULL AND used_at IS NULL AND voided_at IS NULL",
      at, to_string(party), party_id, to_string(role));
}

void void_codes(Tx& tx, const UserId& user, Instant at) {
  tx.run("UPDATE activation_code SET voided_at = :at WHERE user_id = :user AND used_at IS NULL AND voided_at IS NULL",
         at, user);
}

std::vector<Code> open_codes(Tx& tx, Party party, std::string_view party_id, Date on) {
  return read_codes(tx,
                    "SELECT " CODE_COLUMNS
                    " FROM activation_code WHERE party = :party AND party_id = :party_id AND user_id IS NULL AND "
                    "used_at IS NULL AND voided_at IS NULL "
                    "AND expires_on >= :on ORDER BY issued_at, id",
                    to_string(party), party_id, on);
}

// ---- Places of parties, machine tokens ----

void save_places(Tx& tx, Party party, const std::map<std::string, Place>& places) {
  constexpr std::size_t kAtOnce = 100;
  const auto kind = to_string(party);
  std::vector<std::vector<db::Bind>> rows;
  std::vector<std::string> ids;
  for (const auto& [id, place] : places) {
    rows.push_back({kind, id, place.name, place.region, place.province});
    ids.push_back(id);
  }
  db::insert_rows(tx, "INSERT INTO party_place (party, party_id, name, region, province)", rows,
                  "ON CONFLICT (party, party_id) DO UPDATE SET name = excluded.name, region = excluded.region");
  constexpr const char* kName =
      "(SELECT p.name FROM party_place p WHERE p.party = post.party AND p.party_id = post.party_id)";
  for (std::size_t at = 0; at < ids.size(); at += kAtOnce) {
    db::Where where;
    where.add("party = :party", kind);
    where.add_any("party_id", {ids.begin() + static_cast<std::ptrdiff_t>(at),
                               ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), at + kAtOnce))});
    where.add(std::string("party_name <> ") + kName);
    tx.execute(std::string("UPDATE post SET party_name = ") + kName + where.sql(), where.binds());
  }
}

std::optional<Place> find_place(Tx& tx, Party party, std::string_view party_id) {
  auto row = tx.row<std::string, std::string, std::string>(
      "SELECT name, region, province FROM party_place WHERE party = :party AND party_id = :party_id", to_string(party),
      party_id);
  if (!row) return std::nullopt;
  auto& [name, region, province] = *row;
  return Place{std::move(name), std::move(region), std::move(province)};
}

void insert(Tx& tx, const Token& token) {
  tx.run(
      "INSERT INTO machine_token (id, token_hash, office_id, name, scopes, issued_at, expires_on) VALUES (:id, :hash, "
      ":office, :name, :scopes, :issued, :expires)",
      token.id, token.token_hash, token.office, token.name, token.scopes, token.issued_at, token.expires_on);
}

std::optional<Token> find_token(Tx& tx, std::string_view id) {
  return first(read_tokens(tx, "SELECT " TOKEN_COLUMNS " FROM machine_token WHERE id = :id", id));
}

std::optional<Token> find_token_by_hash(Tx& tx, std::string_view token_hash) {
  return first(read_tokens(tx, "SELECT " TOKEN_COLUMNS " FROM machine_token WHERE token_hash = :hash", token_hash));
}

std::vector<Token> tokens(Tx& tx, const OfficeId& office) {
  return read_tokens(
      tx, "SELECT " TOKEN_COLUMNS " FROM machine_token WHERE office_id = :office ORDER BY issued_at DESC, id", office);
}

void revoke_token(Tx& tx, std::string_view id, Instant at) {
  tx.run("UPDATE machine_token SET revoked_at = :at WHERE id = :id AND revoked_at IS NULL", at, id);
}

}  // namespace qy::identity::store
