#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "json/json.h"
#include "regime/register/import_plan.h"
#include "regime/register/register.h"

/// 名录导入: upload → sheets and mapping → preview → confirm. Nothing reaches the register before `confirm_import`.
namespace qy::registry {

/// A sheet as people choose it.
struct ImportSheet {
  std::string name;
  bool hidden = false;
  int rows = 0, columns = 0, year = 0;           ///< year: in the tab's name, 0 when none
  std::vector<std::vector<std::string>> sample;  ///< its first rows
};

/// One import of an office.
struct Import {
  ImportId id;
  std::string province, office;  ///< OfficeId
  std::string file_name, file_hash;
  std::string state;  ///< uploaded | previewed | confirmed | discarded
  std::vector<ImportSheet> sheets;
  Mapping mapping;           ///< proposed at upload, then as the person set it
  std::string mapping_name;  ///< of the saved mapping it came from, ""
  json::Object counts;  ///< {"new", "changed", "unchanged", "unmatched", "wrong", "merged", "skipped", "former_rounds"}
  std::string plan_hash;
  std::string actor_name;
  Instant uploaded_at;
  std::optional<Instant> confirmed_at;
  std::int64_t version = 1;
};

struct SavedMapping {
  std::string id, name;
  std::map<std::string, std::string> headings;
  std::string default_region;
  Instant changed_at;
};

/// Reads the file in a child with limited memory and proposes a mapping: a saved one of the office that knows the
/// headings, else by synonyms. Errors: forbidden.register_edit, spreadsheet.*.
Result<Import> upload_import(const Premises& premises, const identity::Caller& caller, std::string_view bytes,
                             const std::string& file_name);
/// A proposal anew: with a saved mapping, or with other heading rows. Saves nothing.
Result<Mapping> propose_import(const Premises& premises, const identity::Caller& caller, const ImportId& id,
                               const std::string& saved_mapping, const std::map<int, std::pair<int, int>>& headers);
/// Sets the mapping and computes the preview. `save_as` keeps the mapping under a name for the office ("" = not).
/// Errors: import.not_found, import.over, import.stale, input.invalid at the mapping.
Result<Import> preview_import(const Premises& premises, const identity::Caller& caller, const ImportId& id,
                              const Mapping& mapping, const std::string& save_as, std::int64_t expected);
struct ImportRows {
  std::vector<json::Value> items;
  std::int64_t total = 0;
};
/// Rows of the preview in the file's order; `outcome` "" = all.
Result<ImportRows> import_rows(const Premises& premises, const identity::Caller& caller, const ImportId& id,
                               const std::string& outcome, int page, int size);
/// Carries the preview out in one transaction: certain rows into the register, unmatched ones into the queue. Wrong
/// rows are left out only when `leave_out_wrong`. Errors: import.not_previewed, import.over, import.has_wrong {count},
/// import.outdated when the register changed since the preview, import.nothing when there is nothing to do.
Result<Import> confirm_import(const Premises& premises, const identity::Caller& caller, const ImportId& id,
                              bool leave_out_wrong, std::int64_t expected);
Result<Import> discard_import(const Premises& premises, const identity::Caller& caller, const ImportId& id,
                              std::int64_t expected);
Result<Import> get_import(const Premises& premises, const identity::Caller& caller, const ImportId& id);
struct Imports {
  std::vector<Import> items;
  std::int64_t total = 0;
};
Result<Imports> list_imports(const Premises& premises, const identity::Caller& caller, int page, int size);

Result<std::vector<SavedMapping>> saved_mappings(const Premises& premises, const identity::Caller& caller);
Result<void> remove_saved_mapping(const Premises& premises, const identity::Caller& caller, const std::string& id);

/// The .xlsx people fill in, with drop-downs, notes and one example row (which is recognised and skipped when it comes
/// back unchanged).
Result<std::string> import_template(const Premises& premises, const identity::Caller& caller, Language language);

// ---- The queue of unmatched names
// -----------------------------------------------------------------------------------------------

struct Candidate {
  EnterpriseId id;
  std::string name, region, credit_code;
  double likeness = 0;
};
struct UnmatchedRow {
  std::string id, province, region, office, import_id, source, name,
      state;  ///< state: open | matched | created | dismissed
  EnterpriseFacts facts;
  std::optional<FormerRound> former;
  std::optional<EnterpriseId> enterprise;
  std::string decided_by;
  std::int64_t version = 1;
  std::vector<Candidate> candidates;  ///< most alike first, at most five
};
struct UnmatchedList {
  std::vector<UnmatchedRow> items;
  std::int64_t total = 0;
};
Result<UnmatchedList> list_unmatched(const Premises& premises, const identity::Caller& caller, const std::string& state,
                                     const std::string& region, int page, int size);

/// What a person decided about rows of the queue.
struct UnmatchedDecision {
  std::vector<std::string> rows;
  std::string action;  ///< match (one row, with `enterprise`) | create | dismiss
  std::string enterprise;
};
/// All rows or none. A match becomes an alias: the same name is certain from then on.
/// Errors: unmatched.not_found, unmatched.decided {name}, unmatched.one_row, enterprise.not_found,
/// unmatched.other_region, enterprise.exists.
Result<int> decide_unmatched(const Premises& premises, const identity::Caller& caller,
                             const UnmatchedDecision& decision);

}  // namespace qy::registry
