#pragma once

#include "regime/numbering/numbering.h"

/// The SQL of `number_series` and `document_number`.
namespace qy::numbering::store {

std::int64_t advance(Tx& tx, std::string_view kind, std::string_view region, int year);

/// False when the number is taken.
bool insert(Tx& tx, std::string_view province, std::string_view normalised, const DocumentNumber& number, Instant at,
            std::string_view by);
std::optional<DocumentNumber> find(Tx& tx, std::string_view normalised);
void remove(Tx& tx, const db::Subject& subject);

}  // namespace qy::numbering::store
