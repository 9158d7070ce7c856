#pragma once

#include "regime/files/files.h"

/// The SQL of the table `file`.
namespace qy::files::store {

void insert(Tx& tx, const File& file);
std::optional<File> find(Tx& tx, const FileId& id);
std::vector<File> present(Tx& tx, const db::Subject& owner, std::string_view kind);
bool has(Tx& tx, const db::Subject& owner, std::string_view kind);
/// False when there is none or it is withdrawn already.
bool withdraw(Tx& tx, const FileId& id, Instant at, std::string_view by_name, std::string_view reason);

}  // namespace qy::files::store
