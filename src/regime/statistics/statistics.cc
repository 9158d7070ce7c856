#include "regime/statistics/statistics.h"

#include <algorithm>

#include "regime/audits/audits.h"
#include "regime/identity/access.h"
#include "regime/tally/tally.h"

namespace qy::statistics {
namespace {

/// Regions right below, as of a day; the region itself when it has none below (a county).
std::vector<rules::Region> below(const rules::Library& rules, std::string_view region, Date day) {
  std::vector<rules::Region> found;
  for (const auto& candidate : rules.regions())
    if (candidate.parent == region && candidate.valid.covers(day)) found.push_back(candidate);
  if (found.empty())
    if (const auto* self = rules.find_region(region, day)) found.push_back(*self);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  return found;
}

Text name_of(const rules::Library& rules, std::string_view region, Date day) {
  if (region.empty()) return {"全国", "Nation"};
  const auto* found = rules.find_region(region, day);
  return found ? found->name : Text{std::string(region), std::string(region)};
}

tally::Query query_of(std::vector<std::string> measures, std::string region_prefix, std::optional<int> year) {
  tally::Query query;
  query.measures = std::move(measures);
  query.region_prefix = std::move(region_prefix);
  query.year_from = year;
  query.year_to = year;
  return query;
}

Progress progress_of(Tx& tx, const rules::Region& region, std::optional<int> year, Date today) {
  Progress p{.region = region.code, .name = region.name};
  const std::pair<const char*, std::int64_t Progress::*> measures[] = {
      {"audits.listed", &Progress::listed},       {"audits.disclosed", &Progress::disclosed},
      {"audits.started", &Progress::started},     {"audits.submitted", &Progress::submitted},
      {"audits.evaluated", &Progress::evaluated}, {"audits.implemented", &Progress::implemented},
      {"audits.accepted", &Progress::accepted},   {"audits.report_filed", &Progress::report_filed}};
  std::vector<std::string> names;
  for (const auto& [name, member] : measures) names.emplace_back(name);
  for (const auto& row :
       tally::read(tx, query_of(names, identity::region_prefix(region.code), year), {tally::By::measure}))
    for (const auto& [name, member] : measures)
      if (row.key.at(tally::By::measure) == name) p.*member = row.value;
  p.late =
      audits::find_audits(tx, {.region_prefix = identity::region_prefix(region.code), .year = year, .progress = "late"},
                          {.page = 1, .size = 1}, today)
          .total;
  for (const auto& secret : registry::secret_counts(tx, region.code, year)) p.secret += secret.listed;
  return p;
}

}  // namespace

ProgressTable progress(Tx& tx, const Premises& premises, std::string_view region, std::optional<int> year, Date today) {
  ProgressTable table;
  for (const auto& sub : below(*premises.rules, region, today)) {
    auto row = progress_of(tx, sub, year, today);
    // The nation's table names the provinces that work with the platform.
    if (!region.empty() || row.listed || row.secret) table.rows.push_back(std::move(row));
  }
  auto& t = table.total;
  t.region = std::string(region);
  t.name = name_of(*premises.rules, region, today);
  for (const auto& row : table.rows)
    for (auto member :
         {&Progress::listed, &Progress::disclosed, &Progress::started, &Progress::submitted, &Progress::evaluated,
          &Progress::implemented, &Progress::accepted, &Progress::report_filed, &Progress::late, &Progress::secret})
      t.*member += row.*member;
  return table;
}

PerformanceTable performance(Tx& tx, const Premises& premises, std::string_view region, std::optional<int> year) {
  const auto today = premises.today();
  PerformanceTable table;
  std::vector<std::string> measures{"results.accepted"};
  for (const auto& column : premises.rules->performance_columns())
    if (!column.unit.empty()) measures.push_back(results::measure_of(column.id));
  const auto fill = [&](PerformanceRow& row, std::string_view code) {
    std::map<std::string, std::int64_t> sums;
    for (const auto& found :
         tally::read(tx, query_of(measures, identity::region_prefix(code), year), {tally::By::measure}))
      sums[found.key.at(tally::By::measure)] = found.value;
    row.cases = sums["results.accepted"];
    for (const auto& column : premises.rules->performance_columns())
      if (!column.unit.empty())
        row.cells.push_back({column.id, column.title, column.unit, sums[results::measure_of(column.id)], column.mark});
  };
  for (const auto& sub : below(*premises.rules, region, today)) {
    PerformanceRow row{.region = sub.code, .name = sub.name};
    fill(row, sub.code);
    if (!region.empty() || row.cases) table.rows.push_back(std::move(row));
  }
  table.total.region = std::string(region);
  table.total.name = name_of(*premises.rules, region, today);
  fill(table.total, region);
  return table;
}

}  // namespace qy::statistics
