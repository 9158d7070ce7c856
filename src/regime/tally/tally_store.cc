#include "regime/tally/tally_store.h"

#include "db/where.h"

namespace qy::tally::store {
namespace {

using Str = std::string;

constexpr std::string_view kCell = "measure, province, city, county, year, industry, category, mode, level";

std::string_view column_of(By by) {
  switch (by) {
    case By::measure:
      return "measure";
    case By::province:
      return "province";
    case By::city:
      return "city";
    case By::county:
      return "county";
    case By::year:
      return "year";
    case By::industry:
      return "industry";
    case By::division:
      return "substr(industry, 1, 2)";
    case By::category:
      return "category";
    case By::mode:
      return "mode";
    case By::level:
      return "level";
  }
  return "measure";
}

db::Where where_of(const Query& query) {
  db::Where where;
  where.add_any("measure", query.measures);
  const auto& region = query.region_prefix;
  if (region.size() >= 2) where.add("province = :province", region.substr(0, 2));
  if (region.size() == 4) where.add("city = :city", region + "00");
  if (region.size() == 6) where.add("county = :county", region);
  where.add_prefix("industry >= :industry AND industry < :industry_end", query.industry_prefix);
  if (!query.category.empty()) where.add("category = :category", query.category);
  if (!query.mode.empty()) where.add("mode = :mode", query.mode);
  if (!query.level.empty()) where.add("level = :level", query.level);
  if (query.year_from) where.add("year >= :year_from", *query.year_from);
  if (query.year_to) where.add("year <= :year_to", *query.year_to);
  return where;
}

/// Totals and what is not folded yet, as one table.
std::string both(const std::string& where) {
  const std::string columns(kCell);
  return "(SELECT " + columns + ", value FROM tally_total" + where + " UNION ALL SELECT " + columns +
         ", value FROM tally_delta" + where + ") t";
}

Cell cell_of(const Str& measure, const Str& province, const Str& city, const Str& county, int year, const Str& industry,
             const Str& category, const Str& mode, const Str& level) {
  return {.measure = measure,
          .province = province,
          .city = city,
          .county = county,
          .year = year,
          .industry = industry,
          .category = category,
          .mode = mode,
          .level = level};
}

}  // namespace

void insert_delta(Tx& tx, std::string_view id, const Cell& cell, std::int64_t value) {
  tx.run(R"sql(
      INSERT INTO tally_delta (id, measure, province, city, county, year, industry, category, mode, level, value)
      VALUES (:id, :measure, :province, :city, :county, :year, :industry, :category, :mode, :level, :value))sql",
         id, cell.measure, cell.province, cell.city, cell.county, cell.year, cell.industry, cell.category, cell.mode,
         cell.level, value);
}

std::vector<Row> read(Tx& tx, const Query& query, const std::vector<By>& by) {
  const auto where = where_of(query);
  // Up to four columns are read, so that one row type serves; missing ones are ''.
  std::string columns, group;
  for (std::size_t i = 0; i < 4; ++i) {
    columns += i < by.size() ? "CAST(" + std::string(column_of(by[i])) + " AS TEXT), " : std::string("'', ");
    if (i < by.size()) group += (i ? ", " : "") + std::string(column_of(by[i]));
  }
  const std::string sql = "SELECT " + columns + "COALESCE(sum(value), 0) FROM " + both(where.sql()) +
                          (group.empty() ? "" : " GROUP BY " + group + " HAVING sum(value) <> 0 ORDER BY " + group);
  std::vector<Row> rows;
  for (const auto& [a, b, c, d, value] : tx.rows_bound<Str, Str, Str, Str, std::int64_t>(sql, where.binds())) {
    const std::string* cells[] = {&a, &b, &c, &d};
    Row row{.key = {}, .value = value};
    for (std::size_t i = 0; i < by.size() && i < 4; ++i) row.key[by[i]] = *cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Delta> oldest_deltas(Tx& tx, int limit) {
  std::vector<Delta> out;
  for (const auto& [id, measure, province, city, county, year, industry, category, mode, level, value] :
       tx.rows<Str, Str, Str, Str, Str, int, Str, Str, Str, Str, std::int64_t>(
           "SELECT id, " + std::string(kCell) + ", value FROM tally_delta ORDER BY id LIMIT :limit", limit))
    out.push_back({id, cell_of(measure, province, city, county, year, industry, category, mode, level), value});
  return out;
}

void remove_delta(Tx& tx, std::string_view id) { tx.run("DELETE FROM tally_delta WHERE id = :id", id); }

void add_to_total(Tx& tx, const Cell& cell, std::int64_t value) {
  tx.run(R"sql(
      INSERT INTO tally_total (measure, province, city, county, year, industry, category, mode, level, value)
      VALUES (:measure, :province, :city, :county, :year, :industry, :category, :mode, :level, :value)
      ON CONFLICT (measure, province, city, county, year, industry, category, mode, level)
      DO UPDATE SET value = tally_total.value + excluded.value)sql",
         cell.measure, cell.province, cell.city, cell.county, cell.year, cell.industry, cell.category, cell.mode,
         cell.level, value);
}

std::map<Cell, std::int64_t> cells_of(Tx& tx, std::string_view measure) {
  const std::string cell(kCell);
  std::map<Cell, std::int64_t> out;
  for (const auto& [name, province, city, county, year, industry, category, mode, level, value] :
       tx.rows<Str, Str, Str, Str, int, Str, Str, Str, Str, std::int64_t>(
           "SELECT " + cell + ", sum(value) FROM " + both(" WHERE measure = :measure") + " GROUP BY " + cell, measure))
    out[cell_of(name, province, city, county, year, industry, category, mode, level)] = value;
  return out;
}

}  // namespace qy::tally::store
