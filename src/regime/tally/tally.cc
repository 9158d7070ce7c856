#include "regime/tally/tally.h"

#include <cassert>

#include "regime/tally/tally_store.h"

namespace qy::tally {

Cell at_region(std::string measure, std::string_view region, int year) {
  Cell cell;
  cell.measure = std::move(measure);
  cell.province = std::string(region.substr(0, 2));
  cell.year = year;
  const bool in_city = region.size() == 6 && region.substr(2, 2) != "00";
  const bool in_county = in_city && region.substr(4, 2) != "00";
  if (in_city) cell.city = std::string(region.substr(0, 4)) + "00";
  if (in_county) cell.county = std::string(region);
  return cell;
}

void add(Tx& tx, Random& random, Instant now, const Cell& cell, std::int64_t value) {
  if (value != 0) store::insert_delta(tx, new_uuid(now, random), cell, value);
}

std::vector<Row> read(Tx& tx, const Query& query, const std::vector<By>& by) {
  assert(by.size() <= 4);
  return store::read(tx, query, by);
}

std::int64_t total(Tx& tx, const Query& query) { return store::read(tx, query, {}).at(0).value; }

std::int64_t fold(Tx& tx, int limit) {
  const auto deltas = store::oldest_deltas(tx, limit);
  std::map<Cell, std::int64_t> sums;
  for (const auto& delta : deltas) {
    sums[delta.cell] += delta.value;
    store::remove_delta(tx, delta.id);
  }
  for (const auto& [cell, value] : sums)
    if (value != 0) store::add_to_total(tx, cell, value);
  return static_cast<std::int64_t>(deltas.size());
}

std::vector<Difference> check(Tx& tx, std::string_view measure, const std::map<Cell, std::int64_t>& recomputed) {
  std::map<Cell, Difference> all;
  for (const auto& [cell, value] : store::cells_of(tx, measure)) all[cell].stored = value;
  for (const auto& [cell, value] : recomputed) all[cell].recomputed = value;
  std::vector<Difference> differences;
  for (auto& [cell, difference] : all) {
    if (difference.stored == difference.recomputed) continue;
    difference.cell = cell;
    differences.push_back(difference);
  }
  return differences;
}

void repair(Tx& tx, Random& random, Instant now, const std::vector<Difference>& differences) {
  for (const auto& difference : differences)
    add(tx, random, now, difference.cell, difference.recomputed - difference.stored);
}

}  // namespace qy::tally
