#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/identity/identity.h"
#include "regime/listing/listing.h"
#include "regime/register/register.h"
#include "rules/model.h"

/// 审核任务: the case. Its state is a fold over its actions (engine/procedure) projected into a row in the same
/// transaction; its deadlines are recomputed (engine/clock → obligations) with every action that is an event. Higher
/// rooms perform their own actions through `perform`, which only checks state, actor and clock, and appends.
namespace qy::audits {

using AuditId = Id<struct AuditTag>;

struct Audit {
  AuditId id;
  std::string province, number;  ///< number: 99-2026-0001
  registry::EnterpriseId enterprise;
  std::string enterprise_name, region, industry;
  std::vector<std::string> tags;        ///< process tags of the enterprise when the case was opened
  listing::EntryId entry;               ///< empty for a voluntary audit
  int year = 0;                         ///< of the list
  std::string jurisdiction, procedure;  ///< pinned
  std::vector<std::string> categories;
  std::string lead_line, cosign_line, mode;
  std::string state, holder;     ///< holder: enterprise | authority | experts | none
  std::string packs_hash;        ///< manifest pinned when the case was opened
  std::string indicator_system;  ///< pinned at start; "" until chosen
  std::optional<Date> published_on, disclosed_on, started_on, submitted_on, evaluated_on, implemented_on, accepted_on;
  std::optional<std::string> level;  ///< "I", "II", "III", "none", once decided
  std::int64_t version = 1;
  Instant opened_at, changed_at;
};

/// What a caller is to a case; decides what he sees and may do.
/// lead_office and cosign_office are offices of the case's lines whose scope covers its region, at any level;
/// other_office covers the region but is of neither line: it reads.
enum class Relation { none, lead_office, cosign_office, other_office, enterprise, consultancy, guest };
Relation relation_of(Tx& tx, const identity::Caller& caller, const Audit& audit, Date on);

/// Lets a party that is neither office, enterprise nor mandated consultancy (an expert of the panel, an entrusted
/// evaluation body) see the case through `to`. Higher rooms decide who; this room only remembers.
void admit_guest(Tx& tx, const AuditId& id, identity::Party party, std::string_view party_id, Date from, Date to);

std::optional<Audit> find_audit(Tx& tx, const AuditId& id);
/// The case if the caller may see it. Errors: audit.not_found (also when it exists but is not his to see).
Result<Audit> get_visible(Tx& tx, const identity::Caller& caller, const AuditId& id, Date on);
/// The case if the caller may edit its data now: enterprise filler or signatory, or a consultant under a mandate in
/// force, in a state that is open for editing (listed … started, returned, supplement, redo, failed; implementing for
/// effects). Errors: audit.not_found, audit.read_only, forbidden.audit_edit.
Result<Audit> get_editable(Tx& tx, const identity::Caller& caller, const AuditId& id, Date on);

/// Actions of the procedure the caller may perform now.
std::vector<std::string> allowed_actions(Tx& tx, const Premises& premises, const identity::Caller& caller,
                                         const Audit& audit, Date on);

/// 方案实施 by the procedure: the state stands in the phase of implementation, or waits for an action that needs the
/// options verified (where evaluation and acceptance are one).
bool options_are_carried_out_in(const rules::Procedure& procedure, const rules::State& state);
/// 待核实: what is carried out has to be verified now, because acceptance waits for it.
bool verified_options_are_awaited_in(const rules::Procedure& procedure, const rules::State& state);
/// 实施效果核实: from the start of the audit (no/low-cost options are carried out while it runs) until acceptance is
/// concluded, while the enterprise works or acceptance is under way.
bool options_are_verified_in(const rules::Procedure& procedure, const rules::State& state);
/// Whether `where` holds for the case as it stands.
bool stands_in(const Premises& premises, const Audit& audit,
               bool (*where)(const rules::Procedure& procedure, const rules::State& state));

struct Perform {
  std::string action;                    ///< id in the procedure pack
  std::string reason;                    ///< required where the pack says needs_reason
  std::vector<std::string> files;        ///< attached documents
  json::Value payload = json::Object{};  ///< what the room decided, with the root hash of what it relied on
  std::optional<Date> event_on;  ///< day of the event when it is not today (recorded later); never in the future
  std::string rule;              ///< of `postpone`: whose deadline
  std::optional<Date> until;     ///< of `postpone`: the new one
};
/// Checks state, actor, reason, documents; appends the action with its basis in force on the day; folds; saves the
/// projection; recomputes deadlines; writes the tally deltas; notifies the next holder. Joins the caller's transaction;
/// returns the case as it is then. Errors: procedure.wrong_state {state, action}, procedure.wrong_actor {who},
/// audit.reason_missing, audit.document_missing {documents}, audit.event_future, audit.event_order,
/// audit.postpone_rule, audit.postpone_until.
Result<Audit> perform(Tx& tx, const Premises& premises, const identity::Act& act, const AuditId& id,
                      const Perform& what);

/// What a room above does when a case is removed from the list, in the same transaction. Called by its `add_routes`; a
/// room's second call replaces its first.
using AtRemoval = Result<void> (*)(Tx& tx, const Premises& premises, const identity::Act& act, const Audit& audit,
                                   const std::string& reason);
void at_removal(std::string_view room, AtRemoval what);

/// Opens the cases of a published list's entries. Called by `publish`; also by the demonstration.
Result<std::vector<AuditId>> open_cases(Tx& tx, const Premises& premises, const identity::Act& act,
                                        const listing::Published& published);

/// Pins the indicator system and its parameters. Errors: audit.system_unknown,
/// audit.system_not_in_force (on the day the list was published).
Result<void> choose_system(Tx& tx, const Premises& premises, const identity::Act& act, const AuditId& id,
                           const std::string& system);

/// 评定: writes the decided level and result; results/ calls it.
void record_level(Tx& tx, const AuditId& id, const std::string& level);

/// 委托授权: gives a consultancy the right to edit from … to …; the enterprise's signatory gives and ends it.
Result<void> give_mandate(Tx& tx, const Premises& premises, const identity::Act& act, const AuditId& id,
                          const std::string& consultancy, Date from, Date to);

/// Names of the consultancies that have had a mandate on the case, for recusal.
std::vector<std::string> mandated_consultancies(Tx& tx, const AuditId& id);

/// Filter of case lists; empty members do not filter.
struct Filter {
  std::string region_prefix, industry_prefix, state, category, text, line, mode;
  std::optional<int> year;
  std::optional<std::string> enterprise;
  std::string progress;  ///< one of `kProgress`: only cases that this column of the progress table counts
  std::string waiting;   ///< one of `waiting_kinds` (waiting.h): only cases in which the department has this to do
  std::map<std::string, std::vector<std::string>>
      states;  ///< only cases in one of these of their procedure; empty = any
};
/// 进度: the columns of the progress table, in its order. "late": some duty of the case is overdue.
inline constexpr std::string_view kProgress[] = {"listed",      "disclosed", "started",      "submitted", "evaluated",
                                                 "implemented", "accepted",  "report_filed", "late"};

struct Found {
  std::vector<Audit> items;
  std::int64_t total = 0;
};
/// Sorts: number, enterprise_name, region, state, published_on, changed_at.
Found find_audits(Tx& tx, const Filter& filter, const http::Page& page, Date today);
/// The cases of one enterprise, newest first.
std::vector<Audit> audits_of_enterprise(Tx& tx, const registry::EnterpriseId& enterprise);

/// Events of a case for engine/clock, in order.
struct CaseEvent {
  std::string type;
  Date on;
  std::string rule = {};           ///< of "postponed": whose deadline
  std::optional<Date> until = {};  ///< of "postponed": the new one
};
std::vector<CaseEvent> events_of(Tx& tx, const AuditId& id);
/// 结论: the last event `accepted` or `failed`, unless its result was published since.
std::optional<CaseEvent> unpublished_decision(Tx& tx, const AuditId& id);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> audits_messages();

}  // namespace qy::audits
