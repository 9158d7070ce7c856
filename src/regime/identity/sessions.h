#pragma once

#include "regime/identity/identity.h"
#include "regime/identity/identity_store.h"

/// Logging in and being known: passwords, sessions, activation, bearer tokens.
namespace qy::identity {

inline constexpr const char* kSessionCookie = "qy_session";
inline constexpr int kIdleSeconds = 2 * 3600;      ///< without a request
inline constexpr int kLongestSeconds = 12 * 3600;  ///< in all

struct LogIn {
  std::string login, password, remote, agent;
};

/// A session just opened. `token` goes into the cookie and nowhere else.
struct Opened {
  std::string token;
  json::Object me;  ///< {user, posts, csrf_token}
};

/// Errors: login.failed (unknown, wrong, or disabled: they look alike), login.locked {minutes, retry_after},
/// login.no_post, login.no_password.
Result<Opened> log_in(const Premises& premises, const LogIn& attempt);
Result<void> log_out(const Premises& premises, std::string_view token);

/// Who carries this token, in every post they may act in; the first is their own oldest. Refreshes "last seen" once a
/// minute. Errors: session.none, session.expired.
struct Present {
  std::string session_id;
  bool must_change_password = false;
  std::vector<Caller> posts;
};
Result<Present> present(const Premises& premises, std::string_view token);

/// What the client needs to know about itself.
json::Object me_of(const Premises& premises, const Present& present, std::string_view token);

/// The token that writes carry in X-CSRF-Token.
std::string csrf_token_of(std::string_view session_token);

/// An office's program, by its bearer token; may read `path_segment` (the first below /api/v1/).
/// Errors: token.unknown, token.expired, token.scope {scope}.
Result<Caller> machine_caller(const Premises& premises, std::string_view token, std::string_view path_segment);

/// Errors: password.wrong at "#/current_password", the password rule's at "#/new_password".
Result<void> change_password(const Premises& premises, const Caller& caller, std::string_view current,
                             std::string_view next, std::string_view session_id);
Result<void> change_language(const Premises& premises, const Caller& caller, Language language);

Result<json::Value> list_sessions(const Premises& premises, const Caller& caller, std::string_view current_id);
/// Errors: session.unknown.
Result<void> revoke_session(const Premises& premises, const Caller& caller, std::string_view session_id);

/// What an activation code opens. Errors: activation.unknown, activation.used, activation.void, activation.expired
/// {day}, login.locked.
Result<json::Value> activation_offer(const Premises& premises, std::string_view code, std::string_view remote);

struct Activation {
  std::string code, name, login, password, remote, agent;
};
/// Opens the account, or gives the existing person the new password, and logs them in. Errors: as above, user.*,
/// password.*.
Result<Opened> activate(const Premises& premises, const Activation& activation);

}  // namespace qy::identity
