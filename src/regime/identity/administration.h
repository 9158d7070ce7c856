#pragma once

#include "http/http.h"
#include "regime/identity/identity.h"

/// 账号与岗位管理: what administrators do with offices, people, posts and tokens; what signatories do for their own
/// staff; what officers do when an enterprise's people leave; what security auditors read. Every command checks the
/// caller's post itself.
namespace qy::identity {

// ---- Offices: an administrator's are those of their line inside their region; an administrator without a line has all
// lines. -------

struct OfficeQuery {
  std::string region, line, level;
  bool closed = false;
};
Result<json::Value> list_offices(const Premises& premises, const Caller& caller, const OfficeQuery& query);
Result<json::Value> get_office(const Premises& premises, const Caller& caller, std::string_view id);
/// Errors: office.exists (same region and line), office.region {level}, forbidden.administer_office.
Result<json::Value> create_office(const Premises& premises, const Caller& caller, const NewOffice& office);
struct OfficeChange {
  Text name;
  std::optional<Date> to;
  std::vector<std::string> covered, excepted;
};
Result<json::Value> change_office(const Premises& premises, const Caller& caller, std::string_view id,
                                  const OfficeChange& change, std::int64_t version);

// ---- People and posts
// ------------------------------------------------------------------------------------------------------------

struct UserListQuery {
  std::string text, office, line;
  std::optional<bool> disabled;
};
Result<json::Value> list_users(const Premises& premises, const Caller& caller, const UserListQuery& query,
                               const http::Page& page);
Result<json::Value> get_user(const Premises& premises, const Caller& caller, std::string_view id);
struct NewOfficer {
  std::string login, name;
  Role role = Role::officer;
  OfficeId office;
  std::optional<Date> from, to;
};
/// Opens an account without a password and answers the user with the code that sets one.
Result<json::Value> create_officer(const Premises& premises, const Caller& caller, const NewOfficer& officer);
struct UserChange {
  std::string name;
  bool disabled = false;
};
Result<json::Value> change_user(const Premises& premises, const Caller& caller, std::string_view id,
                                const UserChange& change, std::int64_t version);
/// A code that sets a new password once; the old password stops working at once.
Result<json::Value> reset_user(const Premises& premises, const Caller& caller, std::string_view id);
Result<json::Value> unlock_user(const Premises& premises, const Caller& caller, std::string_view id);
Result<json::Value> give_post(const Premises& premises, const Caller& caller, std::string_view user, Role role,
                              const OfficeId& office, std::optional<Date> from, std::optional<Date> to);
Result<json::Value> end_post(const Premises& premises, const Caller& caller, std::string_view post, Date last_day,
                             std::int64_t version);
/// AB角: `deputy` may act in the post, under their own name. Errors: deputy.same_person, deputy.other_office.
Result<json::Value> name_deputy(const Premises& premises, const Caller& caller, std::string_view post,
                                std::string_view deputy, std::optional<Date> from, std::optional<Date> to);
Result<json::Value> end_deputy(const Premises& premises, const Caller& caller, std::string_view deputy);

// ---- Parties other than offices
// -----------------------------------------------------------------------------------------------------

/// The people of the caller's own enterprise, consultancy …, and open codes.
Result<json::Value> list_team(const Premises& premises, const Caller& caller);
/// A code for one more colleague: a signatory's for a filler, a consultant's for a consultant, an operator's for an
/// operator.
Result<json::Value> invite_colleague(const Premises& premises, const Caller& caller);
Result<json::Value> end_colleague(const Premises& premises, const Caller& caller, std::string_view post);
/// The accounts of a party in the officer's region.
Result<json::Value> list_party(const Premises& premises, const Caller& caller, Party party, std::string_view party_id);
/// Ends the posts of `role` and issues a new code. Errors: party.unknown_place, forbidden.party_region.
Result<json::Value> reissue_code(const Premises& premises, const Caller& caller, Party party, std::string_view party_id,
                                 Role role);

// ---- Programs
// ------------------------------------------------------------------------------------------------------------------------

Result<json::Value> list_tokens(const Premises& premises, const Caller& caller, const OfficeId& office);
Result<json::Value> issue_token(const Premises& premises, const Caller& caller, const OfficeId& office,
                                std::string_view name, const std::vector<std::string>& scopes, Date expires_on);
Result<void> revoke_token(const Premises& premises, const Caller& caller, std::string_view id);

// ---- The log, for security auditors
// ------------------------------------------------------------------------------------------------

/// The entries of the caller's province, whatever province `filter` names; of the nation for its own auditors.
/// Errors: post.days at #/to.
Result<json::Value> list_actions(const Premises& premises, const Caller& caller, db::ActionFilter filter,
                                 const http::Page& page);
/// One subject's chain with the result of recomputing it.
Result<json::Value> get_chain(const Premises& premises, const Caller& caller, std::string_view kind,
                              std::string_view id);

}  // namespace qy::identity
