#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "db/log.h"
#include "http/http.h"
#include "regime/identity/identity.h"

/// 证据与附件: content-addressed blobs and what they are attached to. A blob is durable on disk before the row that
/// names it and is checked against its SHA-256 whenever it is read. Who may see and attach is decided by the owner of
/// the subject (identity/access.h, Matter::files).
namespace qy::files {

using FileId = Id<struct FileTag>;

/// A stored content.
struct Blob {
  std::string hash;        ///< SHA-256, hex
  std::int64_t size = 0;   ///< bytes
  std::string media_type;  ///< sniffed, never as the client says
};

/// 附件: one file attached to a subject. Never changed; may be withdrawn, and then still stands in the log.
struct File {
  FileId id;
  db::Subject owner;
  std::string province;
  std::string kind;  ///< kind of document, the owner's word: "notice", "report", "invoice", "scan", "photo", "other" …
  std::string name;  ///< file name as uploaded, without folders
  std::string note;
  Blob blob;
  Instant uploaded_at;
  identity::UserId uploaded_by;
  std::string uploaded_by_name;
  std::optional<Instant> withdrawn_at;
};

/// Largest content accepted.
constexpr std::int64_t kMaxBytes = 50ll << 20;

/// Puts a content into the blob directory, durable when this returns. Call it before the transaction. Allowed are pdf,
/// ofd, docx, xlsx, pptx, doc, xls, ods, odt, csv, txt, xml, json, png, jpg, gif, webp, zip; what the bytes are must
/// fit the name's extension. Errors: file.empty, file.too_large {limit_mb}, file.type {name, allowed}, file.mismatch
/// {name, found}, file.name.
Result<Blob> store_blob(const Premises& premises, std::string_view bytes, std::string_view file_name);

/// The content of a hash. Errors: file.damaged {hash} when it is missing or is not what it was.
Result<std::string> read_blob(const Premises& premises, const std::string& hash);

struct NewFile {
  db::Subject owner;
  std::string province;  ///< two digits, of the owner
  std::string kind = "other";
  std::string name, note = {};
  Blob blob;
};

/// Attaches a stored blob. No permission is asked: the calling room has decided.
FileId attach(Tx& tx, const identity::Act& act, const NewFile& file);

std::optional<File> find_file(Tx& tx, const FileId& id);
/// Errors: file.not_found.
Result<File> get_file(Tx& tx, const FileId& id);
/// Not withdrawn, oldest first. `kind` may be empty.
std::vector<File> files_of(Tx& tx, const db::Subject& owner, std::string_view kind = "");
/// Whether `id`, as somebody sent it, names a file that hangs on the subject and is not withdrawn.
bool is_attached(Tx& tx, std::string_view id, const db::Subject& owner);
/// For checks such as "report attached".
bool has_file(Tx& tx, const db::Subject& owner, std::string_view kind);
/// Marks as withdrawn. Errors: file.not_found.
Result<void> withdraw(Tx& tx, const identity::Act& act, const FileId& id, std::string_view reason);

// ---- Commands
// -----------------------------------------------------------------------------------------------------------

struct Upload {
  db::Subject owner;
  std::string kind, name, note, bytes;
};
/// Errors: those of store_blob, subject.not_found, forbidden.subject_write.
Result<File> upload(const Premises& premises, const identity::Caller& caller, const Upload& upload);
struct Content {
  File file;
  std::string bytes;
};
/// Errors: file.not_found (also when the owner is not the caller's to see), file.damaged.
Result<Content> download(const Premises& premises, const identity::Caller& caller, const FileId& id);
/// The files the caller sees at a subject, and whether he may change them. Errors: subject.not_found.
struct Listing {
  std::vector<File> files;
  bool may_change = false;
};
Result<Listing> list(const Premises& premises, const identity::Caller& caller, const db::Subject& owner,
                     std::string_view kind);
/// Errors: file.not_found, forbidden.subject_write.
Result<void> take_back(const Premises& premises, const identity::Caller& caller, const FileId& id,
                       std::string_view reason);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> files_messages();

}  // namespace qy::files
