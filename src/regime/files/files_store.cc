#include "regime/files/files_store.h"

namespace qy::files::store {
namespace {

using Row =
    std::tuple<FileId, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
               std::int64_t, std::string, Instant, identity::UserId, std::string, std::optional<Instant>>;

File file_of(const Row& row) {
  const auto& [id, province, owner_kind, owner_id, kind, name, note, hash, size, media_type, at, by, by_name,
               withdrawn] = row;
  return {.id = id,
          .owner = {owner_kind, owner_id},
          .province = province,
          .kind = kind,
          .name = name,
          .note = note,
          .blob = {hash, size, media_type},
          .uploaded_at = at,
          .uploaded_by = by,
          .uploaded_by_name = by_name,
          .withdrawn_at = withdrawn};
}

std::vector<File> query(Tx& tx, std::string_view rest, const std::vector<db::Bind>& binds) {
  const std::string sql =
      "SELECT id, province, owner_kind, owner_id, kind, name, note, hash, size, media_type, uploaded_at, uploaded_by, "
      "uploaded_by_name, withdrawn_at FROM file " +
      std::string(rest);
  std::vector<File> files;
  for (const auto& row :
       tx.rows_bound<FileId, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                     std::int64_t, std::string, Instant, identity::UserId, std::string, std::optional<Instant>>(sql,
                                                                                                                binds))
    files.push_back(file_of(row));
  return files;
}

}  // namespace

void insert(Tx& tx, const File& file) {
  tx.run(R"sql(
      INSERT INTO file (province, id, owner_kind, owner_id, kind, name, note, hash, size, media_type, uploaded_at, uploaded_by,
                        uploaded_by_name)
      VALUES (:province, :id, :owner_kind, :owner_id, :kind, :name, :note, :hash, :size, :media_type, :at, :by, :by_name))sql",
         file.province, file.id, file.owner.kind, file.owner.id, file.kind, file.name, file.note, file.blob.hash,
         file.blob.size, file.blob.media_type, file.uploaded_at, file.uploaded_by, file.uploaded_by_name);
}

std::optional<File> find(Tx& tx, const FileId& id) {
  auto found = query(tx, "WHERE id = :id", {id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<File> present(Tx& tx, const db::Subject& owner, std::string_view kind) {
  if (kind.empty())
    return query(tx, "WHERE owner_kind = :owner_kind AND owner_id = :owner_id AND withdrawn_at IS NULL ORDER BY id",
                 {owner.kind, owner.id});
  return query(
      tx,
      "WHERE owner_kind = :owner_kind AND owner_id = :owner_id AND kind = :kind AND withdrawn_at IS NULL ORDER BY id",
      {owner.kind, owner.id, kind});
}

bool has(Tx& tx, const db::Subject& owner, std::string_view kind) {
  return tx
      .value<std::int64_t>(R"sql(
      SELECT 1 FROM file
       WHERE owner_kind = :owner_kind AND owner_id = :owner_id AND kind = :kind AND withdrawn_at IS NULL LIMIT 1)sql",
                           owner.kind, owner.id, kind)
      .has_value();
}

bool withdraw(Tx& tx, const FileId& id, Instant at, std::string_view by_name, std::string_view reason) {
  return tx.run(R"sql(
      UPDATE file SET withdrawn_at = :at, withdrawn_by_name = :by_name, withdrawn_reason = :reason
       WHERE id = :id AND withdrawn_at IS NULL)sql",
                at, by_name, reason, id) == 1;
}

}  // namespace qy::files::store
