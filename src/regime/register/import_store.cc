#include "regime/register/import_store.h"

#include "base/text.h"
#include "db/insert.h"
#include "regime/register/register_json.h"
#include "regime/register/register_store.h"

namespace qy::registry::store {
namespace {

constexpr std::size_t kRowsPerChunk = 500;

json::Value parsed(const std::string& stored) { return boost::json::parse(stored); }

json::Value sheets_json(const std::vector<ImportSheet>& sheets) {
  json::Array out;
  for (const auto& sheet : sheets) {
    json::Array sample;
    for (const auto& row : sheet.sample) {
      json::Array cells;
      for (const auto& cell : row) cells.emplace_back(cell);
      sample.emplace_back(std::move(cells));
    }
    out.push_back(json::Object{{"name", sheet.name},
                               {"hidden", sheet.hidden},
                               {"rows", sheet.rows},
                               {"columns", sheet.columns},
                               {"year", sheet.year},
                               {"sample", std::move(sample)}});
  }
  return out;
}

std::vector<ImportSheet> sheets_of(const std::string& stored) {
  std::vector<ImportSheet> out;
  const auto all = parsed(stored);
  for (const auto& value : all.as_array()) {
    const auto& from = value.as_object();
    ImportSheet sheet{std::string(from.at("name").as_string()),
                      from.at("hidden").as_bool(),
                      static_cast<int>(from.at("rows").to_number<std::int64_t>()),
                      static_cast<int>(from.at("columns").to_number<std::int64_t>()),
                      static_cast<int>(from.at("year").to_number<std::int64_t>()),
                      {}};
    for (const auto& row : from.at("sample").as_array()) {
      auto& cells = sheet.sample.emplace_back();
      for (const auto& cell : row.as_array()) cells.emplace_back(cell.as_string());
    }
    out.push_back(std::move(sheet));
  }
  return out;
}

std::string stored_mapping(const Import& import) {
  auto value = import.mapping.json();
  value.as_object()["mapping_name"] = import.mapping_name;
  return json::dump(value);
}

using T = std::string;
#define QY_IMPORT_COLUMNS                                                                                  \
  "id, province, office_id, file_name, file_hash, state, sheets, mapping, counts, plan_hash, actor_name, " \
  "uploaded_at, confirmed_at, version"
using ImportRow = std::tuple<ImportId, T, T, T, T, T, T, T, T, T, T, Instant, std::optional<Instant>, std::int64_t>;

Import import_from(ImportRow&& row) {
  Import import;
  std::string sheets, mapping, counts;
  std::tie(import.id, import.province, import.office, import.file_name, import.file_hash, import.state, sheets, mapping,
           counts, import.plan_hash, import.actor_name, import.uploaded_at, import.confirmed_at, import.version) =
      std::move(row);
  import.sheets = sheets_of(sheets);
  const auto value = parsed(mapping);
  import.mapping = Mapping::of(value);
  if (const auto* name = value.as_object().if_contains("mapping_name"))
    import.mapping_name = std::string(name->as_string());
  import.counts = parsed(counts).as_object();
  return import;
}

json::Value round_json(const std::optional<FormerRound>& round) {
  if (!round) return nullptr;
  return json::Object{{"year", round->year},
                      {"accepted_on", round->accepted_on.str()},
                      {"level", round->level},
                      {"document_number", round->document_number}};
}

std::optional<FormerRound> round_of(const json::Value& value) {
  if (!value.is_object()) return std::nullopt;
  const auto& from = value.as_object();
  FormerRound round;
  round.year = static_cast<int>(from.at("year").to_number<std::int64_t>());
  round.accepted_on = *Date::parse(std::string_view(from.at("accepted_on").as_string()));
  round.level = std::string(from.at("level").as_string());
  round.document_number = std::string(from.at("document_number").as_string());
  return round;
}

#define QY_UNMATCHED_COLUMNS \
  "id, province, region, office_id, import_id, source, name, facts, state, enterprise_id, decided_by, version"
using UnmatchedTuple = std::tuple<T, T, T, T, T, T, T, T, T, std::optional<EnterpriseId>, T, std::int64_t>;

UnmatchedRow unmatched_from(UnmatchedTuple&& from) {
  UnmatchedRow row;
  std::string facts;
  std::tie(row.id, row.province, row.region, row.office, row.import_id, row.source, row.name, facts, row.state,
           row.enterprise, row.decided_by, row.version) = std::move(from);
  const auto value = parsed(facts);
  row.facts = facts_from_stored(value.as_object().at("facts"));
  row.former = round_of(value.as_object().at("former"));
  return row;
}

}  // namespace

void insert_import(Tx& tx, const Import& import) {
  tx.run(
      R"sql(INSERT INTO enterprise_import (id, province, office_id, file_name, file_hash, state, sheets, mapping, actor_name, uploaded_at, version)
               VALUES (:id, :province, :office, :file, :hash, :state, :sheets, :mapping, :actor, :at, 1))sql",
      import.id, import.province, import.office, import.file_name, import.file_hash, import.state,
      json::dump(sheets_json(import.sheets)), stored_mapping(import), import.actor_name, import.uploaded_at);
}

std::optional<Import> find_import(Tx& tx, const ImportId& id) {
  auto row = tx.row<ImportId, T, T, T, T, T, T, T, T, T, T, Instant, std::optional<Instant>, std::int64_t>(
      "SELECT " QY_IMPORT_COLUMNS " FROM enterprise_import WHERE id = :id", id);
  if (!row) return std::nullopt;
  return import_from(std::move(*row));
}

std::vector<Import> imports_of(Tx& tx, std::string_view office, int limit, std::int64_t offset) {
  std::vector<Import> out;
  for (auto& row : tx.rows<ImportId, T, T, T, T, T, T, T, T, T, T, Instant, std::optional<Instant>, std::int64_t>(
           "SELECT " QY_IMPORT_COLUMNS
           " FROM enterprise_import WHERE office_id = :office ORDER BY id DESC LIMIT :limit OFFSET :offset",
           office, limit, offset))
    out.push_back(import_from(std::move(row)));
  return out;
}

std::int64_t count_imports(Tx& tx, std::string_view office) {
  return tx.value<std::int64_t>("SELECT COUNT(*) FROM enterprise_import WHERE office_id = :office", office).value_or(0);
}

bool update_import(Tx& tx, const Import& import, std::int64_t expected) {
  return tx.run(
             R"sql(UPDATE enterprise_import SET state = :state, mapping = :mapping, counts = :counts, plan_hash = :hash, confirmed_at = :confirmed,
                             version = :next
                       WHERE id = :id AND version = :expected)sql",
             import.state, stored_mapping(import), json::dump(import.counts), import.plan_hash, import.confirmed_at,
             expected + 1, import.id, expected) == 1;
}

void put_cells(Tx& tx, const ImportId& id, const std::vector<Cells>& sheets) {
  for (std::size_t sheet = 0; sheet < sheets.size(); ++sheet)
    for (std::size_t first = 0; first < sheets[sheet].rows.size(); first += kRowsPerChunk)
      tx.run("INSERT INTO import_chunk (import_id, sheet, first_row, cells) VALUES (:id, :sheet, :first, :cells)", id,
             static_cast<std::int64_t>(sheet), static_cast<std::int64_t>(first),
             stored_rows(sheets[sheet], first, kRowsPerChunk));
}

std::vector<Cells> cells(Tx& tx, const Import& import) {
  std::vector<Cells> out(import.sheets.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].name = import.sheets[i].name;
    out[i].hidden = import.sheets[i].hidden;
    out[i].columns = import.sheets[i].columns;
  }
  for (auto& [sheet, stored] : tx.rows<std::int64_t, std::string>(
           "SELECT sheet, cells FROM import_chunk WHERE import_id = :id ORDER BY sheet, first_row", import.id))
    restore_rows(out[static_cast<std::size_t>(sheet)], stored);
  return out;
}

void drop_cells(Tx& tx, const ImportId& id) { tx.run("DELETE FROM import_chunk WHERE import_id = :id", id); }

void put_preview(Tx& tx, const ImportId& id, const std::vector<PreviewRow>& rows) {
  std::vector<std::vector<db::Bind>> values;
  for (const auto& row : rows) values.push_back({id, row.seq, row.outcome, row.content});
  db::insert_rows(tx, "INSERT INTO import_row (import_id, seq, outcome, content)", values);
}

void drop_preview(Tx& tx, const ImportId& id) { tx.run("DELETE FROM import_row WHERE import_id = :id", id); }

std::vector<std::string> preview(Tx& tx, const ImportId& id, std::string_view outcome, int limit, std::int64_t offset) {
  std::vector<std::string> out;
  if (outcome.empty()) {
    for (auto& [content] : tx.rows<std::string>(
             "SELECT content FROM import_row WHERE import_id = :id ORDER BY seq LIMIT :limit OFFSET :offset", id, limit,
             offset))
      out.push_back(std::move(content));
    return out;
  }
  for (auto& [content] : tx.rows<std::string>("SELECT content FROM import_row WHERE import_id = :id AND outcome = "
                                              ":outcome ORDER BY seq LIMIT :limit OFFSET :offset",
                                              id, outcome, limit, offset))
    out.push_back(std::move(content));
  return out;
}

std::int64_t count_preview(Tx& tx, const ImportId& id, std::string_view outcome) {
  if (outcome.empty())
    return tx.value<std::int64_t>("SELECT COUNT(*) FROM import_row WHERE import_id = :id", id).value_or(0);
  return tx
      .value<std::int64_t>("SELECT COUNT(*) FROM import_row WHERE import_id = :id AND outcome = :outcome", id, outcome)
      .value_or(0);
}

void put_mapping(Tx& tx, const SavedMapping& mapping, std::string_view province, std::string_view office) {
  json::Object headings;
  for (const auto& [heading, field] : mapping.headings) headings[heading] = field;
  tx.run(
      R"sql(INSERT INTO import_mapping (id, province, office_id, name, mapping, changed_at) VALUES (:id, :province, :office, :name, :mapping, :at)
               ON CONFLICT (office_id, name) DO UPDATE SET mapping = excluded.mapping, changed_at = excluded.changed_at)sql",
      mapping.id, province, office, mapping.name,
      json::dump(json::Object{{"headings", std::move(headings)}, {"default_region", mapping.default_region}}),
      mapping.changed_at);
}

std::vector<SavedMapping> mappings_of(Tx& tx, std::string_view office) {
  std::vector<SavedMapping> out;
  for (auto& [id, name, stored, at] :
       tx.rows<T, T, T, Instant>("SELECT id, name, mapping, changed_at FROM import_mapping WHERE office_id = :office "
                                 "ORDER BY changed_at DESC, name",
                                 office)) {
    SavedMapping mapping{std::move(id), std::move(name), {}, "", at};
    const auto value = parsed(stored);
    for (const auto& [heading, field] : value.as_object().at("headings").as_object())
      mapping.headings[std::string(heading)] = std::string(field.as_string());
    mapping.default_region = std::string(value.as_object().at("default_region").as_string());
    out.push_back(std::move(mapping));
  }
  return out;
}

bool remove_mapping(Tx& tx, std::string_view office, std::string_view id) {
  return tx.run("DELETE FROM import_mapping WHERE office_id = :office AND id = :id", office, id) == 1;
}

std::map<std::string, std::vector<int>> former_years(Tx& tx, const std::vector<std::string>& enterprises) {
  static const std::string sql =
      "SELECT enterprise_id, year FROM former_round WHERE enterprise_id IN (" + batch_placeholders() + ")";
  std::map<std::string, std::vector<int>> out;
  for (const auto& batch : batches(enterprises))
    for (auto& [id, year] : tx.rows_bound<std::string, int>(sql, std::vector<db::Bind>(batch.begin(), batch.end())))
      out[id].push_back(year);
  return out;
}

void put_unmatched(Tx& tx, const std::vector<UnmatchedRow>& rows) {
  std::map<std::pair<std::string, std::string>, std::vector<db::Bind>> newest;  // a name may stand on several sheets
  for (const auto& row : rows) {
    const auto match_name = match_name_of(row.name);
    newest[{row.region, match_name}] = {
        row.id,
        row.province,
        row.region,
        row.office,
        row.import_id,
        row.source,
        row.name,
        match_name,
        json::dump(json::Object{{"facts", facts_json(row.facts)}, {"former", round_json(row.former)}}),
        "open",
        1};
  }
  std::vector<std::vector<db::Bind>> values;
  for (auto& [name, row] : newest) values.push_back(std::move(row));
  db::insert_rows(
      tx,
      "INSERT INTO unmatched_row (id, province, region, office_id, import_id, source, name, match_name, facts, state, "
      "version)",
      values,
      R"sql(ON CONFLICT (region, match_name) DO UPDATE SET office_id = excluded.office_id, import_id = excluded.import_id,
                   source = excluded.source, name = excluded.name, facts = excluded.facts, state = 'open',
                   enterprise_id = NULL, decided_by = '', decided_at = NULL, version = unmatched_row.version + 1)sql");
}

std::optional<UnmatchedRow> find_unmatched(Tx& tx, std::string_view id) {
  auto row = tx.row<T, T, T, T, T, T, T, T, T, std::optional<EnterpriseId>, T, std::int64_t>(
      "SELECT " QY_UNMATCHED_COLUMNS " FROM unmatched_row WHERE id = :id", id);
  if (!row) return std::nullopt;
  return unmatched_from(std::move(*row));
}

std::vector<UnmatchedRow> unmatched(Tx& tx, const identity::RowScope& scope, std::string_view state, int limit,
                                    std::int64_t offset) {
  auto binds = scope.binds;
  binds.emplace_back(state);
  binds.emplace_back(limit);
  binds.emplace_back(offset);
  std::vector<UnmatchedRow> out;
  for (auto& row : tx.rows_bound<T, T, T, T, T, T, T, T, T, std::optional<EnterpriseId>, T, std::int64_t>(
           "SELECT " QY_UNMATCHED_COLUMNS " FROM unmatched_row WHERE " + scope.sql +
               " AND state = :state ORDER BY region, id LIMIT :limit OFFSET :offset",
           binds))
    out.push_back(unmatched_from(std::move(row)));
  return out;
}

std::int64_t count_unmatched(Tx& tx, const identity::RowScope& scope, std::string_view state) {
  auto binds = scope.binds;
  binds.emplace_back(state);
  return std::get<0>(tx.rows_bound<std::int64_t>(
                           "SELECT COUNT(*) FROM unmatched_row WHERE " + scope.sql + " AND state = :state", binds)
                         .front());
}

bool decide(Tx& tx, const UnmatchedRow& row, std::string_view state, const std::optional<EnterpriseId>& enterprise,
            std::string_view by, Instant at) {
  return tx.run(
             R"sql(UPDATE unmatched_row SET state = :state, enterprise_id = :enterprise, decided_by = :by, decided_at = :at, version = :next
                       WHERE id = :id AND version = :expected AND state = 'open')sql",
             state, enterprise, by, at, row.version + 1, row.id, row.version) == 1;
}

std::vector<Candidate> names_in(Tx& tx, std::string_view region) {
  std::vector<Candidate> out;
  for (auto& [id, name, code] : tx.rows<EnterpriseId, T, std::optional<T>>(
           R"sql(SELECT e.id, e.name, p.credit_code FROM enterprise e JOIN legal_person p ON p.id = e.legal_person_id
                  WHERE e.region = :region ORDER BY e.name LIMIT 20000)sql",
           region))
    out.push_back({std::move(id), std::move(name), std::string(region), code.value_or(""), 0});
  return out;
}

}  // namespace qy::registry::store
