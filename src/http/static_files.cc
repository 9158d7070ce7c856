#include "http/static_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "crypto/crypto.h"
#include "http/compress.h"

namespace qy::http {
namespace {

namespace fs = std::filesystem;

struct MediaType {
  std::string_view extension, type;
};
constexpr MediaType kMediaTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".yaml", "application/yaml; charset=utf-8"},
    {".pdf", "application/pdf"},
    {".wasm", "application/wasm"},
};

std::string_view extension_of(std::string_view path) {
  const auto slash = path.rfind('/');
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  return path.substr(dot);
}

std::string_view media_type(std::string_view path) {
  const auto extension = lower_ascii(extension_of(path));
  for (const auto& known : kMediaTypes)
    if (known.extension == extension) return known.type;
  return "application/octet-stream";
}

/// The bundler writes name-HASH.ext with eight or more characters of base64url below /assets/.
bool has_content_hash(std::string_view path) {
  if (path.rfind("/assets/", 0) != 0) return false;
  const auto dot = path.rfind('.');
  const auto dash = path.rfind('-', dot == std::string_view::npos || dot < 9 ? dot : dot - 8);
  return dot != std::string_view::npos && dash != std::string_view::npos && dot - dash >= 9;
}

}  // namespace

StaticFiles::StaticFiles(const std::string& root) {
  std::error_code problem;
  if (root.empty() || !fs::is_directory(root, problem)) return;
  for (const auto& entry : fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied)) {
    // A symbolic link could lead out of the root.
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    auto file = std::make_unique<File>();
    file->location = entry.path().string();
    files_.emplace("/" + fs::relative(entry.path(), root).generic_string(), std::move(file));
  }
}

void StaticFiles::load(File& file) {
  std::call_once(file.loaded, [&] {
    std::ifstream in(file.location, std::ios::binary);
    file.bytes.assign(std::istreambuf_iterator<char>(in), {});
    if (!in) return;  // taken away since the start: it does not exist
    file.etag = '"' + crypto::sha256_hex(file.bytes).substr(0, 20) + '"';
    if (file.bytes.size() > 1024 && is_compressible(media_type(file.location))) file.zipped = gzip(file.bytes, 9);
  });
}

std::optional<Response> StaticFiles::answer(const Request& request) {
  std::string_view path = request.path;
  auto found = files_.find(path);
  if (found == files_.end() && extension_of(path).empty()) {
    path = "/index.html";
    found = files_.find(path);
  }
  if (found == files_.end()) return std::nullopt;
  auto& file = *found->second;
  load(file);
  if (file.etag.empty()) return std::nullopt;

  Response response;
  response.headers["Content-Type"] = media_type(path);
  response.headers["ETag"] = file.etag;
  response.headers["Cache-Control"] = has_content_hash(path) ? "public, max-age=31536000, immutable" : "no-cache";
  if (!file.zipped.empty()) {
    response.headers["Vary"] = "Accept-Encoding";
    if (accepts_gzip(request.header("accept-encoding"))) {
      response.headers["Content-Encoding"] = "gzip";
      response.body = file.zipped;
      return response;
    }
  }
  response.body = file.bytes;
  return response;
}

}  // namespace qy::http
