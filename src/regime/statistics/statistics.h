#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/results/results.h"

/// 统计: progress by city, and the performance table (绩效表) with totals that open to their cases. Reads the roll-ups
/// that cases and results keep in their own transactions; what depends on today (late) is compared when it is read.
namespace qy::statistics {

/// One region's line of the progress table.
struct Progress {
  std::string region;
  Text name;
  std::int64_t listed = 0, disclosed = 0, started = 0, submitted = 0, evaluated = 0, implemented = 0, accepted = 0,
               report_filed = 0, late = 0;
  std::int64_t secret = 0;  ///< 涉密单位 counted by hand, beside the others and never among them
};

/// Progress of a year in the regions right below `region` (cities of a province, counties of a city), and the whole as
/// the last line.
struct ProgressTable {
  std::vector<Progress> rows;
  Progress total;
};
ProgressTable progress(Tx& tx, const Premises& premises, std::string_view region, std::optional<int> year, Date today);

/// 绩效表: per column of the packs, the sum over published results.
struct PerformanceCell {
  std::string column;
  Text title;
  std::string unit;
  std::int64_t value = 0;
  rules::Mark mark = rules::Mark::hint;
};
struct PerformanceRow {
  std::string region;
  Text name;
  std::int64_t cases = 0;
  std::vector<PerformanceCell> cells;
};
struct PerformanceTable {
  std::vector<PerformanceRow> rows;
  PerformanceRow total;
};
PerformanceTable performance(Tx& tx, const Premises& premises, std::string_view region, std::optional<int> year);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> statistics_messages();

}  // namespace qy::statistics
