#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "document/spreadsheet.h"
#include "json/json.h"
#include "regime/identity/identity.h"
#include "regime/register/register.h"
#include "regime/register/register_store.h"

/// 导入名录: from the cells of a spreadsheet to what would happen to the register. Pure: no database, no clock; the
/// caller looks up what `keys_of` asks for and hands it to `plan`.
namespace qy::registry {

// ---- Cells
// ----------------------------------------------------------------------------------------------------------------

/// A cell kept from a workbook; owns its text.
struct Cell {
  std::string text;
  document::SheetCell::Kind kind = document::SheetCell::Kind::empty;
  bool merged = false, approximate = false;
  bool empty() const { return kind == document::SheetCell::Kind::empty; }
};

/// The rows of one sheet; short rows end at their last non-empty cell.
struct Cells {
  std::string name;
  bool hidden = false;
  std::vector<std::vector<Cell>> rows;
  int columns = 0;
  const Cell& at(int row, int column) const;
};
Cells cells_of(const document::Sheet& sheet);

/// Rows as they are kept between upload and confirmation: one JSON array of texts a row, each led by a letter for its
/// kind (t n d b e; a approximate number; capitals: merged).
std::string stored_rows(const Cells& cells, std::size_t first, std::size_t count);
void restore_rows(Cells& cells, std::string_view stored);

// ---- Fields and headings
// ----------------------------------------------------------------------------------------------------

/// What a column may hold.
struct ImportField {
  const char*
      id;  ///< a field of EnterpriseFacts, or "permit_number", "former_accepted_on", "former_level", "former_number"
  Text title;  ///< heading in the template
  Text help;
  std::vector<const char*> synonyms;  ///< headings seen in county ledgers, as match names
  double width = 0;                   ///< of the template's column
};
const std::vector<ImportField>& import_fields();
const ImportField* find_import_field(std::string_view id);

/// How one sheet is read.
struct SheetMapping {
  int sheet = 0;
  bool use = false;
  int header_first = 0, header_last = -1;  ///< rows of the heading, 0-based; last < first: none found
  std::vector<std::string> columns;        ///< field id per column, "" = not imported
};
struct Mapping {
  std::vector<SheetMapping> sheets;
  std::string default_region;  ///< where rows without a region lie
  json::Value json() const;
  static Mapping of(const json::Value& stored);
};

/// The heading above a column: its lowest text, with the group above it where they differ ("联系方式 电话").
std::string heading_of(const Cells& cells, const SheetMapping& mapping, int column);
/// "2023" in "2023年名单"; 0 when there is none.
int year_in(std::string_view sheet_name);

/// Proposes how to read a workbook: finds the heading among the first rows (title rows above it, two-row headings),
/// maps columns by `known` headings (match name → field id) first, by synonyms otherwise. `headers` are rows people
/// chose for a sheet (first, last).
Mapping propose_mapping(const std::vector<Cells>& sheets, const std::map<std::string, std::string>& known,
                        std::string_view default_region, const std::map<int, std::pair<int, int>>& headers = {});
/// The headings of a mapping with their fields: what is saved under a name.
std::map<std::string, std::string> known_headings(const std::vector<Cells>& sheets, const Mapping& mapping);
/// Complaints about the mapping itself: a used sheet without a name column, a field twice, an unknown field, a sheet
/// that is not there.
std::vector<FieldError> check_mapping(const std::vector<Cells>& sheets, const Mapping& mapping);

// ---- Rows
// ---------------------------------------------------------------------------------------------------------------------

/// A row as read: facts where cells were filled, complaints with their cell ("2023!C7").
struct ReadRow {
  int sheet = 0, row = 0;
  EnterpriseFacts facts;
  std::vector<std::string> given;  ///< ids of the fields whose cell was filled
  std::optional<FormerRound> former;
  std::vector<FieldError> wrong;
  bool has(std::string_view field) const;
};
struct ReadResult {
  std::vector<ReadRow> rows;
  int skipped = 0;
};  ///< skipped: blank, total, section and remark rows

/// What the office may import into.
struct ImportScope {
  const rules::Library& rules;
  Date on;
  const identity::Caller& caller;
};
ReadResult read_rows(const std::vector<Cells>& sheets, const Mapping& mapping, const ImportScope& scope);

enum class Outcome { fresh, changed, unchanged, unmatched, wrong, merged };
std::string to_string(Outcome);

/// What would happen with one row.
struct PlanRow {
  int sheet = 0, row = 0;
  Outcome outcome = Outcome::wrong;
  EnterpriseFacts facts;             ///< as the enterprise would be
  std::optional<Enterprise> before;  ///< of changed and unchanged
  json::Object changes;
  std::optional<FormerRound> former;  ///< to be added
  std::vector<FieldError> wrong;
  std::string merged_into;  ///< of merged: the later row of the same enterprise, "2023!7"
};
struct Plan {
  std::vector<PlanRow> rows;
  int skipped = 0;
  std::map<Outcome, int> counts;
  int former_rounds = 0;
  /// SHA-256 over every outcome, change and version it rests on: equal hashes do the same to the register.
  std::string hash() const;
};

/// What must be looked up before planning.
struct Keys {
  std::vector<std::string> credit_codes, match_names;
};
Keys keys_of(const std::vector<ReadRow>& rows);

/// What was found.
struct Known {
  std::vector<Enterprise> by_code;
  std::vector<store::Named> by_name;
  std::map<std::string, std::vector<int>> former_years;  ///< enterprise id → years on record
};

/// Decides each row: by credit code and site, else by name and county; what nothing certain matches goes to the queue.
/// Rows of the same enterprise on several sheets (year tabs) become one, the later tab's cells winning; twice on one
/// sheet is an error.
Plan plan(const std::vector<Cells>& sheets, ReadResult read, const Known& known, const ImportScope& scope);

}  // namespace qy::registry
