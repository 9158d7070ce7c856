#pragma once

#include "regime/identity/identity.h"
#include "regime/identity/identity_store.h"

/// What the use-cases of this room share about accounts.
namespace qy::identity {

/// Errors at `pointer`: password.too_short {least}, password.too_long, password.too_simple, password.like_login.
Result<void> check_password_rule(std::string_view login, std::string_view password, std::string pointer);

/// The login as stored. Errors: user.login_format at `pointer`.
Result<std::string> read_login(std::string_view login, std::string pointer);

/// Adds a person without a post. Errors: user.login_taken at "#/login".
Result<UserId> add_person(Tx& tx, const Act& act, std::string_view login, std::string_view name,
                          std::string_view password_hash, std::string_view province, bool must_change);

/// A post of the person; the office's name and province when it is one.
PostId add_post(Tx& tx, const Act& act, const UserId& user, Role role, Party party, std::string_view party_id,
                std::string_view party_name, const std::optional<OfficeId>& office, std::string_view province,
                std::optional<Date> from = std::nullopt, std::optional<Date> to = std::nullopt);

/// A code that gives an existing user a new password once; earlier ones of theirs are void.
std::string issue_reset_code(Tx& tx, const Act& act, const store::User& user, int valid_days);

/// How a typed code is looked up: blanks, dashes and case do not matter.
std::string hash_of_code(std::string_view typed);

/// SHA-256 of a cookie or bearer token as stored.
std::string hash_of_token(std::string_view token);

json::Object json_of(const Caller& post);

}  // namespace qy::identity
