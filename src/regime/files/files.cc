#include "regime/files/files.h"

#include "base/text.h"
#include "regime/files/files_store.h"
#include "regime/identity/access.h"

namespace qy::files {
namespace {

Error not_found() { return {ErrorKind::not_found, "file.not_found"}; }

/// The last part of what some browsers send as a whole path.
std::string base_name(std::string_view name) { return std::string(trim(name.substr(name.find_last_of("/\\") + 1))); }

json::Object payload_of(const File& file) {
  return {{"file", file.id.str()}, {"kind", file.kind}, {"name", file.name}, {"sha256", file.blob.hash}};
}

}  // namespace

FileId attach(Tx& tx, const identity::Act& act, const NewFile& file) {
  const File row{.id = FileId::make(act.at, act.random),
                 .owner = file.owner,
                 .province = file.province,
                 .kind = file.kind,
                 .name = base_name(file.name),
                 .note = file.note,
                 .blob = file.blob,
                 .uploaded_at = act.at,
                 .uploaded_by = act.caller.user,
                 .uploaded_by_name = act.caller.name,
                 .withdrawn_at = {}};
  store::insert(tx, row);
  return row.id;
}

std::optional<File> find_file(Tx& tx, const FileId& id) { return store::find(tx, id); }

Result<File> get_file(Tx& tx, const FileId& id) {
  auto file = store::find(tx, id);
  if (!file) return not_found();
  return std::move(*file);
}

std::vector<File> files_of(Tx& tx, const db::Subject& owner, std::string_view kind) {
  return store::present(tx, owner, kind);
}

bool is_attached(Tx& tx, std::string_view id, const db::Subject& owner) {
  const auto parsed = FileId::parse(id);
  const auto file = parsed ? find_file(tx, *parsed) : std::nullopt;
  return file && file->owner == owner && !file->withdrawn_at;
}

bool has_file(Tx& tx, const db::Subject& owner, std::string_view kind) { return store::has(tx, owner, kind); }

Result<void> withdraw(Tx& tx, const identity::Act& act, const FileId& id, std::string_view reason) {
  if (!store::withdraw(tx, id, act.at, act.caller.name, reason)) return not_found();
  return {};
}

Result<File> upload(const Premises& premises, const identity::Caller& caller, const Upload& upload) {
  using identity::Matter;
  // Asked before the disk is written, and again with the row.
  QY_CHECK(premises.database->read([&](Tx& tx) -> Result<identity::Access> {
    return identity::write_access(tx, premises, caller, upload.owner, Matter::files);
  }));
  const auto name = base_name(upload.name);
  QY_TRY(const auto blob, store_blob(premises, upload.bytes, name));
  return premises.database->write([&](Tx& tx) -> Result<File> {
    QY_TRY(const auto access, identity::write_access(tx, premises, caller, upload.owner, Matter::files));
    const auto act = identity::act_of(premises, caller);
    const auto id = attach(tx, act,
                           {.owner = upload.owner,
                            .province = access.province,
                            .kind = upload.kind,
                            .name = name,
                            .note = upload.note,
                            .blob = blob});
    QY_TRY(auto file, get_file(tx, id));
    auto action = identity::action_by(act, upload.owner, "file_attached", nullptr, payload_of(file));
    action.province = access.province;
    db::append_action(tx, action, act.random);
    return file;
  });
}

Result<Content> download(const Premises& premises, const identity::Caller& caller, const FileId& id) {
  QY_TRY(auto file, premises.database->read([&](Tx& tx) -> Result<File> {
    QY_TRY(auto found, get_file(tx, id));
    const auto access = identity::read_access(tx, premises, caller, found.owner, identity::Matter::files);
    if (!access || found.withdrawn_at) return not_found();
    return found;
  }));
  QY_TRY(auto bytes, read_blob(premises, file.blob.hash));
  return Content{std::move(file), std::move(bytes)};
}

Result<Listing> list(const Premises& premises, const identity::Caller& caller, const db::Subject& owner,
                     std::string_view kind) {
  return premises.database->read([&](Tx& tx) -> Result<Listing> {
    QY_TRY(const auto access, identity::read_access(tx, premises, caller, owner, identity::Matter::files));
    return Listing{files_of(tx, owner, kind), access.write};
  });
}

Result<void> take_back(const Premises& premises, const identity::Caller& caller, const FileId& id,
                       std::string_view reason) {
  return premises.database->write([&](Tx& tx) -> Result<void> {
    QY_TRY(const auto file, get_file(tx, id));
    const auto access = identity::write_access(tx, premises, caller, file.owner, identity::Matter::files);
    if (!access) {
      if (access.error().kind == ErrorKind::not_found) return not_found();
      return access.error();
    }
    const auto act = identity::act_of(premises, caller);
    QY_CHECK(withdraw(tx, act, id, reason));
    auto payload = payload_of(file);
    payload["reason"] = reason;
    auto action = identity::action_by(act, file.owner, "file_withdrawn", nullptr, payload);
    action.province = access->province;
    db::append_action(tx, action, act.random);
    return {};
  });
}

}  // namespace qy::files
