#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/tx.h"
#include "regime/register/enterprise_import.h"

/// The only SQL over the tables of imports and of the queue.
namespace qy::registry::store {

void insert_import(Tx& tx, const Import& import);
std::optional<Import> find_import(Tx& tx, const ImportId& id);
std::vector<Import> imports_of(Tx& tx, std::string_view office, int limit, std::int64_t offset);
std::int64_t count_imports(Tx& tx, std::string_view office);
/// Saves state, mapping, counts and hash unless somebody changed it after `expected`. False when stale.
bool update_import(Tx& tx, const Import& import, std::int64_t expected);

void put_cells(Tx& tx, const ImportId& id, const std::vector<Cells>& sheets);
/// The cells of all sheets, named as `import` says.
std::vector<Cells> cells(Tx& tx, const Import& import);
void drop_cells(Tx& tx, const ImportId& id);

struct PreviewRow {
  std::int64_t seq = 0;
  std::string outcome;
  std::string content;
};
void put_preview(Tx& tx, const ImportId& id, const std::vector<PreviewRow>& rows);
void drop_preview(Tx& tx, const ImportId& id);
std::vector<std::string> preview(Tx& tx, const ImportId& id, std::string_view outcome, int limit, std::int64_t offset);
std::int64_t count_preview(Tx& tx, const ImportId& id, std::string_view outcome);

void put_mapping(Tx& tx, const SavedMapping& mapping, std::string_view province, std::string_view office);
std::vector<SavedMapping> mappings_of(Tx& tx, std::string_view office);
bool remove_mapping(Tx& tx, std::string_view office, std::string_view id);

std::map<std::string, std::vector<int>> former_years(Tx& tx, const std::vector<std::string>& enterprises);

/// Puts names into the queue, or opens them again with the newer facts.
void put_unmatched(Tx& tx, const std::vector<UnmatchedRow>& rows);
std::optional<UnmatchedRow> find_unmatched(Tx& tx, std::string_view id);
/// `scope` is on the column `region`.
std::vector<UnmatchedRow> unmatched(Tx& tx, const identity::RowScope& scope, std::string_view state, int limit,
                                    std::int64_t offset);
std::int64_t count_unmatched(Tx& tx, const identity::RowScope& scope, std::string_view state);
/// False when it was decided meanwhile.
bool decide(Tx& tx, const UnmatchedRow& row, std::string_view state, const std::optional<EnterpriseId>& enterprise,
            std::string_view by, Instant at);

/// Names of a county, for likeness.
std::vector<Candidate> names_in(Tx& tx, std::string_view region);

}  // namespace qy::registry::store
