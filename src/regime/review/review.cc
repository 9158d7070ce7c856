#include "regime/review/review.h"

#include <algorithm>

#include "base/text.h"
#include "regime/files/files.h"

namespace qy::review {
namespace {

db::Subject subject_of(const audits::AuditId& id) { return {"audit", id.str()}; }

std::vector<FieldError> as_fields(const std::vector<analysis::Gap>& gaps) {
  std::vector<FieldError> fields;
  for (const auto& gap : gaps) fields.push_back({"#/" + gap.place, gap.code, gap.params});
  return fields;
}

json::Object frozen(Tx& tx, const identity::Act& act, const audits::Audit& audit, std::string_view label) {
  const auto edition = figures::freeze_edition(tx, act, subject_of(audit.id), audit.province, label);
  return {{"edition", edition.id.str()}, {"root", edition.root}, {"packs", audit.packs_hash}};
}

/// Options that are neither verified nor dropped.
std::vector<FieldError> open_options(Tx& tx, const Premises& premises, const audits::AuditId& id) {
  std::vector<FieldError> open;
  for (const auto& option : analysis::options_of(tx, premises, id))
    if (option.state != "verified" && option.state != "dropped")
      open.push_back({"#/options", "review.option_open", {{"code", option.code}, {"title", option.title}}});
  return open;
}

/// Where evaluation and acceptance are one step, the report follows the options (Shandong, Art. 31).
bool submits_after_options(const Premises& premises, const audits::Audit& audit) {
  const auto* procedure = premises.rules->find_procedure(audit.procedure);
  const auto* step = procedure ? procedure->find_action("submit") : nullptr;
  return step && step->conditions.contains("options_verified");
}

/// The version of the report that a file is, when it was made here and is the newest.
std::optional<dossier::Build> build_of(Tx& tx, const Premises& premises, const audits::Audit& audit,
                                       const files::FileId& file) {
  for (const auto stage : {dossier::Stage::evaluation, dossier::Stage::acceptance})
    if (auto build = dossier::latest_build(tx, premises, audit, stage); build && build->file == file) return build;
  return std::nullopt;
}

}  // namespace

std::vector<dossier::Warning> cautions(Tx& tx, const Premises& premises, const audits::Audit& audit) {
  const auto reports = files::files_of(tx, subject_of(audit.id), "report");
  if (reports.empty()) return {};
  auto build = build_of(tx, premises, audit, reports.back().id);
  return build ? std::move(build->warnings) : std::vector<dossier::Warning>{};
}

std::vector<analysis::Gap> obstacles(Tx& tx, const Premises& premises, const audits::Audit& audit) {
  auto gaps = analysis::gaps_of(tx, premises, audit);
  if (!audit.disclosed_on) gaps.insert(gaps.begin(), {"gap.not_disclosed", {}, "disclosure"});
  const auto reports = files::files_of(tx, subject_of(audit.id), "report");
  if (reports.empty())
    gaps.push_back({"gap.no_report", {}, "dossier"});
  else if (const auto build = build_of(tx, premises, audit, reports.back().id);
           build && build->stale && audit.holder == "enterprise")
    gaps.push_back({"gap.report_stale", {{"code", build->code}}, "dossier"});
  if (submits_after_options(premises, audit))
    for (auto& open : open_options(tx, premises, audit.id))
      gaps.push_back({std::move(open.code), std::move(open.params), "options"});
  return gaps;
}

Result<audits::Audit> submit(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                             bool truthful, std::optional<Date> on) {
  const auto audit = audits::find_audit(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  if (!truthful) return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/truthful", "review.commitment"}}};
  if (auto gaps = obstacles(tx, premises, *audit); !gaps.empty())
    return Error{ErrorKind::conflict, "review.not_ready", {{"count", std::to_string(gaps.size())}}, as_fields(gaps)};
  auto payload = frozen(tx, act, *audit, "submitted");
  const auto reports = files::files_of(tx, subject_of(id), "report");
  payload["report"] = reports.back().id.str();
  payload["report_hash"] = reports.back().blob.hash;
  payload["commitment"] = "truthful";
  return audits::perform(tx, premises, act, id, {.action = "submit", .payload = std::move(payload), .event_on = on});
}

bool always_evaluated(const rules::Library& rules, const audits::Audit& audit) {
  const auto* jurisdiction = rules.find_jurisdiction(audit.jurisdiction);
  return jurisdiction && std::any_of(audit.categories.begin(), audit.categories.end(),
                                     [&](const auto& c) { return jurisdiction->evaluation_scope.contains(c); });
}

Result<audits::Audit> file_report(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                                  const std::string& reason, std::optional<Date> on) {
  const auto audit = audits::find_audit(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  if (always_evaluated(*premises.rules, *audit)) return Error{ErrorKind::conflict, "review.in_scope"};
  if (trim(reason).empty())
    return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/reason", "review.scope_reason"}}};
  return audits::perform(tx, premises, act, id, {.action = "file_report", .reason = reason, .event_on = on});
}

Result<audits::Audit> request_acceptance(Tx& tx, const Premises& premises, const identity::Act& act,
                                         const audits::AuditId& id, std::optional<Date> on) {
  const auto audit = audits::find_audit(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  auto open = open_options(tx, premises, id);
  if (!open.empty())
    return Error{ErrorKind::conflict, "review.options_open", {{"count", std::to_string(open.size())}}, std::move(open)};
  return audits::perform(
      tx, premises, act, id,
      {.action = "request_acceptance", .payload = frozen(tx, act, *audit, "implemented"), .event_on = on});
}

}  // namespace qy::review
