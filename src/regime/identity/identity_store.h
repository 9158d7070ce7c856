#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "regime/identity/identity.h"

/// The tables of this room; nobody else's SQL touches them.
namespace qy::identity::store {

// ---- Offices
// ---------------------------------------------------------------------------------------------------------------

void insert(Tx& tx, const Office& office, Date from);
std::optional<Office> find_office(Tx& tx, const OfficeId& id);
std::vector<Office> offices(Tx& tx);
/// False when the row has moved on from `version`.
bool update(Tx& tx, const Office& office, std::int64_t version);

// ---- Users and posts
// ----------------------------------------------------------------------------------------------------------

struct User {
  UserId id;
  std::string province, login, name, password_hash, language;
  bool must_change_password = false, disabled = false;
  Instant created_at;
  std::int64_t version = 1;
};
void insert(Tx& tx, const User& user);
std::optional<User> find_user(Tx& tx, const UserId& id);
std::optional<User> find_user(Tx& tx, std::string_view login);
bool update(Tx& tx, const User& user, std::int64_t version);

struct Post {
  PostId id;
  UserId user;
  std::string province;
  Role role = Role::officer;
  Party party = Party::none;
  std::string party_id, party_name;
  std::optional<OfficeId> office;
  Date from;
  std::optional<Date> to;
  std::int64_t version = 1;
};
void insert(Tx& tx, const Post& post);
std::optional<Post> find_post(Tx& tx, const PostId& id);
std::vector<Post> posts_of(Tx& tx, const UserId& user);
std::vector<Post> posts_of(Tx& tx, Party party, std::string_view party_id);
bool end_post(Tx& tx, const PostId& id, std::optional<Date> last_day, std::int64_t version);

struct Deputy {
  std::string id;
  PostId post;
  UserId user;
  std::string name, login;
  Date from;
  std::optional<Date> to;
};
void insert(Tx& tx, const Deputy& deputy);
std::vector<Deputy> deputies_of(Tx& tx, const PostId& post);
std::optional<Deputy> find_deputy(Tx& tx, std::string_view id);
void end_deputy(Tx& tx, std::string_view id, Date last_day);

/// Users with a post in the offices of the scope, by name. `line` "" = every line.
struct UserQuery {
  RowScope scope;
  std::string line, text, office;
  std::optional<bool> disabled;
  int limit = 20, offset = 0;
};
std::vector<UserId> users(Tx& tx, const UserQuery& query);
std::int64_t count_users(Tx& tx, const UserQuery& query);

// ---- Sessions
// --------------------------------------------------------------------------------------------------------------------

struct Session {
  std::string id, token_hash;
  UserId user;
  Instant created_at, last_seen_at, expires_at;
  std::string remote, agent;
};
void insert(Tx& tx, const Session& session);
void touch(Tx& tx, std::string_view session_id, Instant at);
/// True when an open session ended.
bool end_session(Tx& tx, std::string_view session_id, const UserId& user, Instant at);
void end_sessions(Tx& tx, const UserId& user, std::string_view except_id, Instant at);
std::vector<Session> open_sessions(Tx& tx, const UserId& user, Instant now, Instant idle_since);
/// Drops sessions that ended or expired before `before`.
void forget_sessions(Tx& tx, Instant before);

/// One post that the session's person may act in, own or as a deputy, with everything a Caller needs: one statement per
/// request.
struct Seat {
  Session session;
  bool must_change_password = false;
  Caller caller;
};
std::vector<Seat> seats(Tx& tx, std::string_view token_hash, Date on);
/// The posts of a user without a session (for the answer to a log-in).
std::vector<Caller> callers_of(Tx& tx, const UserId& user, Date on);

// ---- Failed log-ins
// ----------------------------------------------------------------------------------------------------------------

struct Failures {
  int count = 0;
  std::optional<Instant> last_at, locked_until;
};
Failures failures(Tx& tx, std::string_view key);
void save(Tx& tx, std::string_view key, const Failures& failures);
void forget_failures(Tx& tx, std::string_view key);

// ---- Activation codes
// -------------------------------------------------------------------------------------------------------------

struct Code {
  std::string id, code_hash, province;
  std::optional<UserId> user;
  Role role = Role::officer;
  Party party = Party::none;
  std::string party_id, party_name;
  Instant issued_at;
  Date expires_on;
  std::optional<Instant> used_at, voided_at;
};
void insert(Tx& tx, const Code& code);
std::optional<Code> find_code(Tx& tx, std::string_view code_hash);
/// False when somebody else used it meanwhile.
bool use_code(Tx& tx, std::string_view id, Instant at);
void void_codes(Tx& tx, Party party, std::string_view party_id, Role role, Instant at);
void void_codes(Tx& tx, const UserId& user, Instant at);
std::vector<Code> open_codes(Tx& tx, Party party, std::string_view party_id, Date on);

// ---- Places of parties, machine tokens
// ---------------------------------------------------------------------------------------------

struct Place {
  std::string name, region, province;
};
/// By party id. Posts of a renamed party take its new name.
void save_places(Tx& tx, Party party, const std::map<std::string, Place>& places);
std::optional<Place> find_place(Tx& tx, Party party, std::string_view party_id);

struct Token {
  std::string id, token_hash;
  OfficeId office;
  std::string name, scopes;
  Instant issued_at;
  Date expires_on;
  std::optional<Instant> revoked_at;
};
void insert(Tx& tx, const Token& token);
std::optional<Token> find_token(Tx& tx, std::string_view id);
std::optional<Token> find_token_by_hash(Tx& tx, std::string_view token_hash);
std::vector<Token> tokens(Tx& tx, const OfficeId& office);
void revoke_token(Tx& tx, std::string_view id, Instant at);

}  // namespace qy::identity::store
