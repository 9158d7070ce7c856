#pragma once

#include "regime/tally/tally.h"

/// The SQL of `tally_total` and `tally_delta`.
namespace qy::tally::store {

void insert_delta(Tx& tx, std::string_view id, const Cell& cell, std::int64_t value);
std::vector<Row> read(Tx& tx, const Query& query, const std::vector<By>& by);
struct Delta {
  std::string id;
  Cell cell;
  std::int64_t value = 0;
};
std::vector<Delta> oldest_deltas(Tx& tx, int limit);
void remove_delta(Tx& tx, std::string_view id);
void add_to_total(Tx& tx, const Cell& cell, std::int64_t value);
std::map<Cell, std::int64_t> cells_of(Tx& tx, std::string_view measure);

}  // namespace qy::tally::store
