#pragma once

#include "regime/search/search.h"

/// The SQL of `search_entry`.
namespace qy::search::store {

/// `words`: of each entry, in their order.
void upsert(Tx& tx, const std::vector<Entry>& entries, const std::vector<std::string>& words);
void remove(Tx& tx, std::string_view kind, std::string_view id);
/// `tokens` are normalised; all of them must be there. `office` = by region prefix, else by party.
std::vector<Hit> find(Tx& tx, bool office, std::string_view scope, const std::vector<std::string>& tokens,
                      std::string_view kind, int limit);

}  // namespace qy::search::store
