#pragma once

#include "regime/audits/audits.h"
#include "regime/audits/audits_store.h"

/// What this room's routes call beyond the services of `audits.h`.
namespace qy::audits {

/// The business number of a new case: "99-2026-0001".
std::string next_number(Tx& tx, const std::string& province, int year);

/// What of all cases a caller's lists may contain.
store::Scope scope_of(const identity::Caller& caller);

/// Publishes a confirmed list, opens its cases and queues its notices. The one transaction of publication.
Result<listing::Published> publish(const Premises& premises, const identity::Caller& caller,
                                   const listing::ListId& list, const listing::Publication& publication);

/// 更正公告: publishes the correction of a list and carries it into its cases: a corrected name becomes the case's,
/// each case's log says what was corrected, and the enterprise is told. No clock moves. `listing::publish_correction`
/// decides.
Result<listing::Correction> correct(const Premises& premises, const identity::Caller& caller,
                                    const listing::ListId& list, const listing::NewCorrection& wanted,
                                    std::optional<std::int64_t> version, std::string_view password);
/// The same in the caller's transaction, without the password.
Result<listing::Correction> correct(Tx& tx, const Premises& premises, const identity::Act& act,
                                    const listing::ListId& list, const listing::NewCorrection& wanted,
                                    std::optional<std::int64_t> version = {});

/// An action of the procedure that belongs to no higher room: start, stop, resume, postpone, remove.
Result<Audit> act_on_case(const Premises& premises, const identity::Caller& caller, const AuditId& id,
                          const Perform& what, std::optional<std::int64_t> version, std::string_view password);

Result<void> mandate(const Premises& premises, const identity::Caller& caller, const AuditId& id,
                     const std::string& consultancy, Date from, Date to);
Result<void> end_mandate(const Premises& premises, const identity::Caller& caller, const AuditId& id);

}  // namespace qy::audits
