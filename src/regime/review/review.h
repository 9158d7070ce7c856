#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/analysis/analysis.h"
#include "regime/audits/audits.h"
#include "regime/dossier/dossier.h"

/// 校核与提交: what must be complete before a report goes in, the signature that submits it, and the office's first
/// answer: returned with reasons, filed (已报送审核报告), or on to evaluation. Submitting freezes an edition of the
/// ledger; every later decision names its root.
namespace qy::review {

/// Everything that keeps the report from being submitted, as sentences with the place to mend it; empty = ready. Where
/// the procedure submits after the options, those that are open as well.
std::vector<analysis::Gap> obstacles(Tx& tx, const Premises& premises, const audits::Audit& audit);

/// What the newest report, when it was made here, leaves open without keeping it from being submitted: sections nobody
/// wrote, values that were blank.
std::vector<dossier::Warning> cautions(Tx& tx, const Premises& premises, const audits::Audit& audit);

/// Submits for the enterprise: no obstacle left, edition "submitted" frozen, action `submit` with its root and the
/// report's file. Errors: review.not_ready with every obstacle; review.commitment; procedure.*.
Result<audits::Audit> submit(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                             bool truthful, std::optional<Date> on = std::nullopt);

/// Whether a case must be evaluated: the jurisdiction's pack names its categories; otherwise the office decides (Order
/// 38 Art. 20).
bool always_evaluated(const rules::Library& rules, const audits::Audit& audit);

/// Ends a case outside the scope of evaluation at 已报送审核报告. Errors: review.in_scope, review.scope_reason.
Result<audits::Audit> file_report(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                                  const std::string& reason, std::optional<Date> on = std::nullopt);

/// Asks for acceptance: every option that was not dropped is carried out and verified; edition "implemented" frozen.
/// Errors: review.options_open with each.
Result<audits::Audit> request_acceptance(Tx& tx, const Premises& premises, const identity::Act& act,
                                         const audits::AuditId& id, std::optional<Date> on = std::nullopt);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> review_messages();

}  // namespace qy::review
