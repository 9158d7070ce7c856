#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/tx.h"
#include "json/json.h"
#include "regime/register/register.h"

/// The only SQL over the register's tables. Every function joins the caller's transaction.
namespace qy::registry::store {

// ---- Enterprises ----

std::optional<Enterprise> find(Tx& tx, const EnterpriseId& id);
std::vector<PublicView> public_views(Tx& tx, const std::vector<std::string>& ids);
std::vector<Enterprise> find_all(Tx& tx, const std::vector<std::string>& ids);
/// Sites of the province whose legal person has one of these codes.
std::vector<Enterprise> by_credit_codes(Tx& tx, std::string_view province, const std::vector<std::string>& codes);
/// Sites whose own name, legal person's name or a former name has one of these match names, or an alias of them, in the
/// range of regions.
struct Named {
  std::string match_name, region;
  Enterprise enterprise;
};
std::vector<Named> by_match_names(Tx& tx, const RegionRange& range, const std::vector<std::string>& match_names);

/// Inserts sites and everything under them; their legal persons must exist.
void insert(Tx& tx, const std::vector<Enterprise>& enterprises);
/// Replaces the site's own facts unless somebody changed it after version `expected`. False when stale.
bool update(Tx& tx, const Enterprise& enterprise, const EnterpriseFacts& before, std::int64_t expected);
/// Many at once, with their standing: a version that was raised replaces the one before it, an equal one stays. False
/// when one of them was changed since.
struct Change {
  Enterprise after;
  EnterpriseFacts before;
};
bool update(Tx& tx, const std::vector<Change>& changes);
void add_alias(Tx& tx, std::string_view region, std::string_view match_name, const EnterpriseId& id);

// ---- Legal persons ----

struct LegalPerson {
  LegalPersonId id;
  std::string province, credit_code, name, registered_region;
};
std::optional<LegalPerson> find_legal_person(Tx& tx, const LegalPersonId& id);
std::optional<LegalPerson> legal_person_of_code(Tx& tx, std::string_view province, std::string_view credit_code);
std::vector<LegalPerson> legal_persons_of_codes(Tx& tx, std::string_view province,
                                                const std::vector<std::string>& codes);
void insert_legal_persons(Tx& tx, const std::vector<LegalPerson>& persons);
void update_legal_person(Tx& tx, const LegalPerson& person);
void add_former_name(Tx& tx, const LegalPersonId& id, std::string_view name, Date until);
std::vector<FormerName> former_names(Tx& tx, const LegalPersonId& id);
std::vector<EnterpriseId> sites_of(Tx& tx, const LegalPersonId& id);
std::vector<EnterpriseId> sites_of_credit_code(Tx& tx, std::string_view credit_code);

// ---- Lists ----

struct Filter {
  std::optional<identity::RowScope>
      scope;             ///< rows the caller may see, on e.region; not needed when `region` was checked
  std::string region;    ///< subtree
  std::string industry;  ///< prefix of the code
  std::vector<std::string> industry_codes;  ///< any of these prefixes (priority industry)
  std::string tag, category, status, text;
  std::string only;                  ///< one enterprise's id (an enterprise's own list)
  std::optional<Date> round_before;  ///< last round on or before this day, or none at all
  bool never_audited = false;
  bool closed_too = false;
};
struct Sorting {
  std::string column = "region";
  bool descending = false;
};  ///< region | name | industry | last_round_on | changed_at
std::vector<Enterprise> list(Tx& tx, const Filter& filter, const Sorting& sorting, int limit, std::int64_t offset);
std::int64_t count(Tx& tx, const Filter& filter);

// ---- History ----

struct Revision {
  std::string enterprise_id;
  std::int64_t version = 1;
  Instant at;
  std::string actor_id, actor_name, post, source, import_id;
  json::Value changes;
};
void add_revisions(Tx& tx, const std::vector<Revision>& revisions);
std::vector<Revision> revisions(Tx& tx, const EnterpriseId& id);

// ---- Standing ----

void put_round(Tx& tx, const EnterpriseId& id, const NewStanding& standing);
/// Recomputes the projection on the enterprise's row from its rounds of both kinds.
void project_standing(Tx& tx, const EnterpriseId& id);
std::vector<NewStanding> rounds(Tx& tx, const EnterpriseId& id);
std::vector<FormerRound> former_rounds(Tx& tx, const EnterpriseId& id);
std::optional<FormerRound> find_former_round(Tx& tx, const FormerRoundId& id);
bool former_round_in_year(Tx& tx, const EnterpriseId& id, int year, const FormerRoundId& but);
void insert_former_rounds(Tx& tx, std::string_view province, const std::vector<FormerRound>& rounds);
bool update_former_round(Tx& tx, const FormerRound& round, std::int64_t expected);
bool remove_former_round(Tx& tx, const FormerRoundId& id, std::int64_t expected);
void put_categories(Tx& tx, const EnterpriseId& id, const std::vector<std::string>& categories);
std::vector<std::string> categories(Tx& tx, const EnterpriseId& id);

// ---- Parties ----

std::optional<PartyEntry> find_party(Tx& tx, const PartyId& id);
struct PartyFilter {
  std::string kind, region, text, field;
  bool inactive_too = false;
};
std::vector<PartyEntry> list_parties(Tx& tx, const PartyFilter& filter, bool by_name, bool descending, int limit,
                                     std::int64_t offset);
std::int64_t count_parties(Tx& tx, const PartyFilter& filter);
bool party_exists(Tx& tx, std::string_view province, const PartyFacts& facts, const PartyId& but);
void insert_party(Tx& tx, const PartyEntry& party, Instant at);
bool update_party(Tx& tx, const PartyEntry& party, std::int64_t expected, Instant at);

// ---- 涉密单位 ----

struct SecretUnit {
  SecretUnitId id;
  std::string province, region, number, stage;
  int year = 0;
  std::int64_t version = 1;
};
/// `scope` is on the column `region`.
std::vector<SecretUnit> secret_units(Tx& tx, const identity::RowScope& scope, std::optional<int> year, int limit,
                                     std::int64_t offset);
std::int64_t count_secret_units(Tx& tx, const identity::RowScope& scope, std::optional<int> year);
std::optional<SecretUnit> find_secret_unit(Tx& tx, const SecretUnitId& id);
bool secret_unit_exists(Tx& tx, const SecretUnit& unit);
void insert_secret_unit(Tx& tx, const SecretUnit& unit);
bool update_secret_unit(Tx& tx, const SecretUnit& unit, std::int64_t expected);
bool remove_secret_unit(Tx& tx, const SecretUnitId& id, std::int64_t expected);
std::vector<SecretCount> secret_counts(Tx& tx, const identity::RowScope& scope, std::optional<int> year);

/// The subtree of a region as a scope on `column`.
identity::RowScope subtree(std::string_view region, std::string_view column);

/// "VALUES (:p0), (:p1), …" of `kBatch` binds, for `column IN (…)`: a small table to join with, which keeps its speed
/// where a long list of values is compared one by one. `batches` cuts a list into groups of exactly kBatch, padded with
/// their last element, so that one statement serves them all.
inline constexpr std::size_t kBatch = 250;
const std::string& batch_placeholders();
std::vector<std::vector<std::string>> batches(const std::vector<std::string>& all);

}  // namespace qy::registry::store
