#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/decimal.h"
#include "http/http.h"
#include "regime/analysis/analysis.h"
#include "regime/audits/audits.h"

/// 评估与验收: the panel of experts, blind scores with reasons, and the office's conclusion by the bands of the pinned
/// scoring table.
///
/// 评估 looks at the report before the costly options are built, 验收 at what was built (Guide 2018). Scores are blind:
/// until every sheet is in, nobody but its writer sees a sheet. The office concludes; it does not score.
namespace qy::evaluation {

using PanelId = Id<struct PanelTag>;

struct ItemScore {
  Decimal points;
  std::string reason;
};
struct VetoVote {
  bool found = false;
  std::string reason;
};

/// 评分表 of one expert.
struct Sheet {
  std::map<std::string, ItemScore> items;  ///< by item code
  std::map<std::string, VetoVote> vetoes;  ///< by veto code
  std::string comment;                     ///< overall opinion in words
};

struct Member {
  registry::PartyId expert;
  std::string name, state;  ///< invited | submitted | recused
  std::string recusal_reason;
  std::optional<Instant> submitted_at;
  Sheet sheet;
  std::int64_t version = 1;
  /// Sum of the item points; only of a complete sheet.
  std::optional<Decimal> total(const rules::ScoringTable& table) const;
};

struct Panel {
  PanelId id;
  audits::AuditId audit;
  std::string province, region, kind;  ///< kind: evaluation | acceptance
  std::string scoring;                 ///< rules::ScoringTable id
  std::string state;                   ///< scoring | scored | concluded | dissolved
  figures::EditionId edition;
  std::string root;
  Date opened_on;
  std::string opened_by;
  std::vector<Member> members;
  std::optional<Decimal> total;
  std::optional<std::string> result, level;
  std::string opinion;
  std::optional<Date> concluded_on;
  std::string concluded_by;
  std::string reason;  ///< why it was dissolved, or scoring last reopened
  std::int64_t version = 1;
};

std::optional<Panel> find_panel(Tx& tx, const PanelId& id);
std::vector<Panel> panels_of(Tx& tx, const audits::AuditId& audit);

/// Why an expert may not judge this case: his employer is the enterprise or its consultancy (Guide 2018 Art. 19).
/// nullopt: nothing is known against him.
std::optional<std::string> conflict_of(Tx& tx, const audits::Audit& audit, const registry::PartyEntry& expert);

/// Opens a panel of at least two experts and moves the case (`open_evaluation`, `open_acceptance`). Errors:
/// evaluation.too_few, evaluation.expert_unknown, evaluation.conflict {name, reason}, evaluation.no_edition,
/// procedure.*.
Result<PanelId> open_panel(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& audit,
                           const std::string& kind, const std::vector<std::string>& experts,
                           std::optional<Date> on = std::nullopt);

/// Saves a draft sheet of the calling expert. Errors: evaluation.not_yours, evaluation.submitted, input.invalid with
/// evaluation.item_unknown, evaluation.points_range {max}.
Result<Panel> save_sheet(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                         const registry::PartyId& expert, const Sheet& sheet, std::optional<std::int64_t> version);

/// Hands the sheet in: complete, every item below its maximum with a reason, every found veto with a reason. The last
/// one closes scoring. Errors: input.invalid with evaluation.item_missing, evaluation.reason_missing,
/// evaluation.veto_missing.
Result<Panel> submit_sheet(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                           const registry::PartyId& expert);

/// 增补专家 while scoring lasts, for one who must step back. Errors: evaluation.submitted, input.invalid with
/// evaluation.expert_unknown, evaluation.conflict, evaluation.member_already.
Result<Panel> invite(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                     const std::string& expert);

/// 回避: by the expert, or by the office. Errors: evaluation.too_few when fewer than two would remain.
Result<Panel> recuse(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                     const registry::PartyId& expert, const std::string& reason);

/// What the caller may do with a panel as its leading office, by the procedure pack: invite, recuse, conclude,
/// reopen_scoring, dissolve.
std::vector<std::string> allowed_to_office(Tx& tx, const Premises& premises, const identity::Caller& caller,
                                           const Panel& panel, Date on);

/// 退回重评: every sheet goes back to its expert, who may change it and hands it in again. Errors:
/// evaluation.lead_only, procedure.wrong_state, procedure.wrong_actor, evaluation.decision_reason.
Result<Panel> reopen_scoring(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                             const std::string& reason);

/// 解散专家组: the case goes back to before it was formed, and another may be. Sheets that nobody saw stay unseen.
/// Errors as of `reopen_scoring`.
Result<Panel> dissolve(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                       const std::string& reason);

/// Of a case that leaves the list: its panels that have not concluded are dissolved with it.
Result<void> dissolve_all(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit,
                          const std::string& reason);

/// 得分与结果: the mean of the sheets to two decimals (GB/T 8170), as the table has them taken together; the vetoes
/// found by any expert; and what band of the table that is.
struct Outcome {
  Decimal total;
  bool trimmed = false;  ///< one highest and one lowest sheet were left out
  std::vector<std::string> vetoes;
  std::string result;
  Text title, next_action;
  rules::Mark mark = rules::Mark::hint;  ///< of the band: how sure it is where its limits lie
};
Outcome outcome_of(const rules::ScoringTable& table, const Panel& panel);

/// Concludes by the outcome and performs the case's action (conclude_proceed, conclude_supplement, conclude_redo,
/// conclude_accepted, conclude_failed). `level` is rated at acceptance. Errors: evaluation.not_scored,
/// evaluation.opinion_missing, evaluation.level_missing, procedure.*.
Result<Panel> conclude(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                       const std::string& opinion, const std::optional<std::string>& level,
                       std::optional<Date> on = std::nullopt);

/// Checks a supplemented report and lets the options proceed (action `confirm_supplement`). Errors:
/// evaluation.no_supplement, procedure.*.
Result<audits::Audit> confirm_supplement(Tx& tx, const Premises& premises, const identity::Act& act,
                                         const audits::AuditId& id);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> evaluation_messages();

}  // namespace qy::evaluation
