#pragma once

#include "regime/audits/audits.h"

namespace qy::audits::store {

void insert_audit(Tx& tx, const Audit& audit, const std::string& phase);

/// Writes everything that moves (state, holder, dates, level, system, mode) and raises the version.
void update_audit(Tx& tx, const Audit& audit, const std::string& phase);

/// 企业名称 as a correction of the list reads; raises the version.
void set_enterprise_name(Tx& tx, const Audit& audit);

void set_level(Tx& tx, const AuditId& id, std::string_view level);

std::optional<Audit> find(Tx& tx, const AuditId& id);
std::vector<Audit> of_enterprise(Tx& tx, const std::string& enterprise);
std::optional<AuditId> of_entry(Tx& tx, const listing::EntryId& entry);

/// What limits a caller's list besides the filter.
struct Scope {
  bool everything = false;
  std::optional<identity::RowScope> offices;  ///< by region, for offices
  std::string enterprise, consultancy, guest_party, guest_id;
};
Found search(Tx& tx, const Filter& filter, const Scope& scope, const http::Page& page, Date today);

/// Cases by state for the caller's counters.
std::vector<std::pair<std::string, std::int64_t>> counts_by_state(Tx& tx, const Filter& filter, const Scope& scope,
                                                                  Date today);

void add_event(Tx& tx, const AuditId& id, const CaseEvent& event);
std::vector<CaseEvent> events(Tx& tx, const AuditId& id);

struct Mandate {
  std::string id, consultancy, consultancy_name;
  Date from, to;
  std::string given_by;
  Instant given_at;
};
void add_mandate(Tx& tx, const AuditId& id, const Mandate& mandate);
/// Nobody has a mandate after `last_day`; those that had not begun by then are void.
void end_mandates(Tx& tx, const AuditId& id, Date last_day);
std::vector<Mandate> mandates(Tx& tx, const AuditId& id);
bool has_mandate(Tx& tx, const AuditId& id, std::string_view consultancy, Date on);

void put_guest(Tx& tx, const AuditId& id, std::string_view party, std::string_view party_id, Date from, Date to);
bool is_guest(Tx& tx, const AuditId& id, std::string_view party, std::string_view party_id, Date on);

}  // namespace qy::audits::store
