#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/http.h"
#include "regime/identity/access.h"
#include "regime/register/register.h"
#include "regime/register/register_store.h"

/// What routes call: each decides permission, opens its one transaction, records the action. For this room only.
namespace qy::registry {

/// What this caller may do to the register as a whole.
std::vector<std::string> allowed_in_register(const identity::Caller& caller);

// ---- Enterprises ----

struct EnterpriseListQuery {
  store::Filter filter;
  std::string priority_industry;  ///< rules::PriorityIndustry id
  std::optional<Date> due_by;     ///< interval since the last round full by this day, or never audited
  store::Sorting sorting;
  int page = 1, size = 20;
};
struct EnterpriseList {
  std::vector<Enterprise> items;
  std::int64_t total = 0;
};
/// Offices see their subtree; an enterprise sees itself. Errors: forbidden.register_read.
Result<EnterpriseList> list_enterprises(const Premises& premises, const identity::Caller& caller,
                                        EnterpriseListQuery query);
/// The list as .xlsx, without pages; people's names and telephone numbers masked. At most 100 000 rows. Errors: as
/// list; register.export_too_large.
Result<std::string> export_enterprises(const Premises& premises, const identity::Caller& caller,
                                       EnterpriseListQuery query);

/// One enterprise with what surrounds it.
struct EnterpriseDetail {
  Enterprise enterprise;
  std::vector<Enterprise> siblings;  ///< other sites of the legal person that the caller may see
  std::vector<std::string> categories;
  std::vector<NewStanding> rounds;
  std::vector<FormerRound> former_rounds;
  std::string park_name;
  std::optional<Date>
      next_due_on;  ///< last round + shortest interval of its categories (of any category when it has none)
  std::vector<std::string> allowed_actions;
};
/// Errors: enterprise.not_found, also when it exists but is not the caller's to see.
Result<EnterpriseDetail> enterprise_detail(const Premises& premises, const identity::Caller& caller,
                                           const EnterpriseId& id);
/// Errors: forbidden.register_edit, forbidden.register_region, input.invalid, enterprise.exists.
Result<EnterpriseDetail> create_enterprise(const Premises& premises, const identity::Caller& caller,
                                           const EnterpriseFacts& facts);
/// The enterprise itself may change only its contact. Errors: enterprise.not_found, enterprise.stale, forbidden.*,
/// input.invalid, enterprise.exists.
Result<EnterpriseDetail> change_enterprise(const Premises& premises, const identity::Caller& caller,
                                           const EnterpriseId& id, const EnterpriseFacts& facts, std::int64_t expected);

/// One line of an enterprise's history, newest first.
struct HistoryEntry {
  Instant at;
  std::string name;  ///< register | change | import | former_round …: an action or a revision's source
  std::string actor_name, post;
  json::Value changes;  ///< {"field": [before, after]} or null
  json::Value basis, payload;
};
Result<std::vector<HistoryEntry>> enterprise_history(const Premises& premises, const identity::Caller& caller,
                                                     const EnterpriseId& id);

Result<FormerRound> record_former_round(const Premises& premises, const identity::Caller& caller, FormerRound round);
Result<FormerRound> correct_former_round(const Premises& premises, const identity::Caller& caller, FormerRound round,
                                         std::int64_t expected);
Result<void> remove_former_round(const Premises& premises, const identity::Caller& caller, const FormerRoundId& id,
                                 std::int64_t expected);

// ---- Parties ----

struct PartyListQuery {
  store::PartyFilter filter;
  bool by_name = false, descending = false;
  int page = 1, size = 20;
};
struct PartyList {
  std::vector<PartyEntry> items;
  std::int64_t total = 0;
  bool contacts = false;
};
/// Offices see all with contacts; others active ones without. Errors: forbidden.register_read.
Result<PartyList> list_parties(const Premises& premises, const identity::Caller& caller, PartyListQuery query);
struct PartyDetail {
  PartyEntry party;
  bool contacts = false;
  std::vector<std::string> allowed_actions;
};
Result<PartyDetail> party_detail(const Premises& premises, const identity::Caller& caller, const PartyId& id);
Result<PartyDetail> create_party(const Premises& premises, const identity::Caller& caller, const PartyFacts& facts);
Result<PartyDetail> change_party(const Premises& premises, const identity::Caller& caller, const PartyId& id,
                                 const PartyFacts& facts, std::int64_t expected);

// ---- 涉密单位 ----

struct SecretUnitList {
  std::vector<store::SecretUnit> items;
  std::int64_t total = 0;
  std::vector<SecretCount> counts;
};
Result<SecretUnitList> list_secret_units(const Premises& premises, const identity::Caller& caller,
                                         const std::string& region, std::optional<int> year, int page, int size);
Result<store::SecretUnit> record_secret_unit(const Premises& premises, const identity::Caller& caller,
                                             store::SecretUnit unit);
Result<store::SecretUnit> change_secret_unit(const Premises& premises, const identity::Caller& caller,
                                             store::SecretUnit unit, std::int64_t expected);
Result<void> remove_secret_unit(const Premises& premises, const identity::Caller& caller, const SecretUnitId& id,
                                std::int64_t expected);

// ---- Shared by this room's commands ----

/// Errors: forbidden.register_read.
Result<void> may_read(const identity::Caller& caller);
/// Errors: forbidden.register_edit, forbidden.register_region {region}.
Result<void> may_edit(const identity::Caller& caller, std::string_view region);
/// True when the caller may see this enterprise at all.
bool may_see(const identity::Caller& caller, const EnterpriseId& id, std::string_view region);

/// What the caller may do with what hangs on an enterprise (files, comments); its figures are the enterprise's own.
std::optional<identity::Access> access_to_enterprise(Tx& tx, const identity::Caller& caller, std::string_view id,
                                                     bool figures);

/// Inserts with revision, legal person and search entry; facts must have been checked. Errors: enterprise.exists.
Result<Enterprise> insert_enterprise(Tx& tx, const identity::Act& act, const EnterpriseFacts& facts,
                                     std::string_view source, std::string_view import_id);
/// Saves changed facts with revision, legal person and search entry. Errors: enterprise.stale, enterprise.exists.
Result<Enterprise> save_enterprise(Tx& tx, const identity::Act& act, const Enterprise& before,
                                   const EnterpriseFacts& facts, std::int64_t expected, std::string_view source,
                                   std::string_view import_id);
/// Tells the rooms below: identity where it belongs, search by what it is found (name, former names, credit code,
/// address).
void announce(Tx& tx, const std::vector<Enterprise>& enterprises);
/// Whether a former round may be recorded on this day. Errors: former_round.future, former_round.year.
Result<void> check_former_round(const FormerRound& round, Date on);
/// {"errors"} of a form: kind invalid, code input.invalid, pointers "#/field".
Error form_error(std::vector<FieldError> wrong);
/// The citations of the platform's own legal hook in force on `on`, as `basis` of an action.
json::Value register_basis(const rules::Library& rules, Date on);

}  // namespace qy::registry
