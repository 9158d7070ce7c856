#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "crypto/crypto.h"
#include "regime/files/files.h"

namespace qy::files {
namespace {

namespace fs = std::filesystem;

bool is_zip(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }
bool is_ole(std::string_view bytes) { return bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"); }
bool is_zip_with(std::string_view bytes, std::string_view member) { return is_zip(bytes) && contains(bytes, member); }
bool is_text(std::string_view bytes) { return bytes.find('\0') == bytes.npos; }
std::string_view after_bom(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return bytes;
}

/// A kind of content: the extensions it goes by, how it is served, and how its bytes look.
struct Type {
  std::array<std::string_view, 2> extensions;
  const char* media_type;
  bool (*fits)(std::string_view bytes);
};

constexpr Type kTypes[] = {
    {{"pdf"}, "application/pdf", [](std::string_view b) { return b.substr(0, 1024).find("%PDF-") != b.npos; }},
    {{"ofd"}, "application/ofd", [](std::string_view b) { return is_zip_with(b, "OFD.xml"); }},
    {{"docx"},
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     [](std::string_view b) { return is_zip_with(b, "word/"); }},
    {{"xlsx"},
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     [](std::string_view b) { return is_zip_with(b, "xl/"); }},
    {{"pptx"},
     "application/vnd.openxmlformats-officedocument.presentationml.presentation",
     [](std::string_view b) { return is_zip_with(b, "ppt/"); }},
    {{"doc"}, "application/msword", is_ole},
    {{"xls"}, "application/vnd.ms-excel", is_ole},
    {{"ods"},
     "application/vnd.oasis.opendocument.spreadsheet",
     [](std::string_view b) { return is_zip_with(b.substr(0, 200), "opendocument.spreadsheet"); }},
    {{"odt"},
     "application/vnd.oasis.opendocument.text",
     [](std::string_view b) { return is_zip_with(b.substr(0, 200), "opendocument.text"); }},
    {{"csv"}, "text/csv", is_text},
    {{"txt"}, "text/plain", is_text},
    {{"xml"},
     "application/xml",
     [](std::string_view b) { return is_text(b) && trim(after_bom(b).substr(0, 200)).starts_with("<"); }},
    {{"json"},
     "application/json",
     [](std::string_view b) { return is_text(b) && trim(after_bom(b).substr(0, 200)).find_first_of("{[") == 0; }},
    {{"png"}, "image/png", [](std::string_view b) { return b.starts_with("\x89PNG\r\n\x1a\n"); }},
    {{"jpg", "jpeg"}, "image/jpeg", [](std::string_view b) { return b.starts_with("\xFF\xD8\xFF"); }},
    {{"gif"}, "image/gif", [](std::string_view b) { return b.starts_with("GIF87a") || b.starts_with("GIF89a"); }},
    {{"webp"},
     "image/webp",
     [](std::string_view b) { return b.starts_with("RIFF") && b.substr(0, 12).ends_with("WEBP"); }},
    {{"zip"}, "application/zip", is_zip},
};

std::string extension_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == name.npos ? "" : lower_ascii(name.substr(dot + 1));
}

const Type* type_of(std::string_view extension) {
  for (const auto& type : kTypes)
    for (const auto known : type.extensions)
      if (!known.empty() && known == extension) return &type;
  return nullptr;
}

std::string allowed_extensions() {
  std::vector<std::string> all;
  for (const auto& type : kTypes) all.emplace_back(type.extensions[0]);
  return join(all, ", ");
}

/// What the bytes look like, for the sentence that says why they were refused.
std::string looks_like(std::string_view bytes) {
  for (const auto& type : kTypes)
    if (type.fits(bytes)) return std::string(type.extensions[0]);
  return "?";
}

fs::path path_of(const Premises& premises, std::string_view hash) {
  return fs::path(premises.blob_directory) / std::string(hash.substr(0, 2)) / std::string(hash);
}

std::optional<std::string> read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void sync_directory(const fs::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) throw db::Broken("the blob directory cannot be synced");
}

/// Writes beside the place, syncs, renames: a reader sees the whole content or none.
void write_durably(const fs::path& path, std::string_view bytes) {
  const auto directory = path.parent_path();
  const bool fresh = fs::create_directories(directory);
  const fs::path part = path.string() + "." + crypto::random_token(crypto::system_random(), 9) + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool written = fd >= 0;
  for (std::string_view rest = bytes; written && !rest.empty();) {
    const auto count = ::write(fd, rest.data(), rest.size());
    written = count > 0;
    if (written) rest.remove_prefix(static_cast<std::size_t>(count));
  }
  written = written && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  std::error_code error;
  if (written) fs::rename(part, path, error);
  if (!written || error) {
    fs::remove(part, error);
    throw db::Broken("a blob cannot be written");
  }
  sync_directory(directory);
  if (fresh) sync_directory(directory.parent_path());
}

}  // namespace

Result<Blob> store_blob(const Premises& premises, std::string_view bytes, std::string_view file_name) {
  if (bytes.empty()) return Error{ErrorKind::invalid, "file.empty", {{"name", std::string(file_name)}}};
  if (static_cast<std::int64_t>(bytes.size()) > kMaxBytes)
    return Error{ErrorKind::too_many, "file.too_large", {{"limit_mb", std::to_string(kMaxBytes >> 20)}}};
  if (!is_utf8(file_name) || trim(file_name).empty() || length_of(file_name) > 200)
    return Error{ErrorKind::invalid, "file.name"};
  const auto* type = type_of(extension_of(file_name));
  if (!type)
    return Error{
        ErrorKind::invalid, "file.type", {{"name", std::string(file_name)}, {"allowed", allowed_extensions()}}};
  if (!type->fits(bytes))
    return Error{ErrorKind::invalid, "file.mismatch", {{"name", std::string(file_name)}, {"found", looks_like(bytes)}}};

  const std::string hash = crypto::sha256_hex(bytes);
  const auto path = path_of(premises, hash);
  const auto present = read_whole(path);
  if (!present || *present != bytes) write_durably(path, bytes);
  return Blob{hash, static_cast<std::int64_t>(bytes.size()), type->media_type};
}

Result<std::string> read_blob(const Premises& premises, const std::string& hash) {
  auto bytes = read_whole(path_of(premises, hash));
  if (!bytes || crypto::sha256_hex(*bytes) != hash)
    return Error{ErrorKind::unavailable, "file.damaged", {{"hash", hash}}};
  return std::move(*bytes);
}

}  // namespace qy::files
