#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "db/tx.h"

/// 汇总计数: exact roll-ups. A measure has a fixed unit and scale and is a whole number; whoever changes a fact adds a
/// delta in the same transaction; a job folds deltas into totals; readers add what is not folded yet, so a total is
/// right at every moment.
namespace qy::tally {

/// Where a delta counts. Empty text means "not split by this".
struct Cell {
  std::string measure;       ///< "audits.published", "saving.electricity.kwh", "investment.fen"
  std::string province;      ///< "99"
  std::string city, county;  ///< GB/T 2260 codes "990100", "990101"; "" when it belongs to none
  int year = 0;
  std::string industry;  ///< GB/T 4754 code
  std::string category, mode, level;
  auto operator<=>(const Cell&) const = default;
};

/// The city and county columns of a region code: "990101" → {"990100", "990101"}; "990100" → {"990100", ""}; "990000" →
/// {"", ""}.
Cell at_region(std::string measure, std::string_view region, int year);

/// Adds `value` (may be negative) to the cell.
void add(Tx& tx, Random& random, Instant now, const Cell& cell, std::int64_t value);

/// Which cells to read; empty members do not filter. A region prefix "9901" means province, city or county by its
/// length (2, 4, 6).
struct Query {
  std::vector<std::string> measures;
  std::string region_prefix, industry_prefix, category, mode, level;
  std::optional<int> year_from, year_to;
};
/// By what to split the answer.
enum class By { measure, province, city, county, year, industry, division, category, mode, level };
struct Row {
  std::map<By, std::string> key;
  std::int64_t value = 0;
};
/// Sums, split by at most four columns; rows that add up to nothing are left out; ordered by key.
std::vector<Row> read(Tx& tx, const Query& query, const std::vector<By>& by);
/// One number.
std::int64_t total(Tx& tx, const Query& query);

/// Folds up to `limit` deltas into totals; the job "tally.fold" calls it until it returns 0.
std::int64_t fold(Tx& tx, int limit = 5000);

/// A difference between what the totals say and what recomputing the facts says.
struct Difference {
  Cell cell;
  std::int64_t stored = 0, recomputed = 0;
};
/// Compares one measure with its facts, summed anew by its owner.
std::vector<Difference> check(Tx& tx, std::string_view measure, const std::map<Cell, std::int64_t>& recomputed);
/// Writes the deltas that make the measure equal to its facts (an administrator's repair, logged by the caller).
void repair(Tx& tx, Random& random, Instant now, const std::vector<Difference>& differences);

}  // namespace qy::tally
