#include "base/text.h"
#include "regime/files/files.h"
#include "regime/identity/guard.h"

namespace qy::files {
namespace {

json::Object to_json(const File& file, bool may_change) {
  json::Array actions;
  if (may_change && !file.withdrawn_at) actions.emplace_back("withdraw");
  return {{"id", file.id.str()},
          {"subject", {{"kind", file.owner.kind}, {"id", file.owner.id}}},
          {"kind", file.kind},
          {"name", file.name},
          {"note", file.note},
          {"size", file.blob.size},
          {"media_type", file.blob.media_type},
          {"sha256", file.blob.hash},
          {"uploaded_at", file.uploaded_at.str()},
          {"uploaded_by", file.uploaded_by_name},
          {"allowed_actions", actions}};
}

db::Subject subject_of(const http::Request& request) {
  return {request.parameter("subject_kind"), request.parameter("subject_id")};
}

/// The multipart form: one part "file", and the texts "kind" and "note".
Result<Upload> read_upload(const http::Request& request) {
  QY_TRY(auto parts, request.multipart());
  Upload upload{.owner = subject_of(request), .kind = "other", .name = {}, .note = {}, .bytes = {}};
  bool has_file = false;
  std::vector<FieldError> wrong;
  for (auto& part : parts) {
    if (part.name == "file") {
      has_file = true;
      upload.name = part.file_name;
      upload.bytes = std::move(part.body);
      continue;
    }
    const auto text = std::string(trim(part.body));
    if (!is_utf8(text)) return Error{ErrorKind::malformed, "body.multipart"};
    if (part.name == "kind" && !text.empty()) {
      if (length_of(text) > 60) wrong.push_back({"#/kind", "field.too_long", {{"max", "60"}}});
      upload.kind = text;
    } else if (part.name == "note") {
      if (length_of(text) > 500) wrong.push_back({"#/note", "field.too_long", {{"max", "500"}}});
      upload.note = text;
    }
  }
  if (!has_file) wrong.push_back({"#/file", "field.required"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, wrong};
  return upload;
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);
  constexpr std::size_t kUploadLimit = static_cast<std::size_t>(kMaxBytes) + (1u << 20);

  add("GET", "/api/v1/attachments/{subject_kind}/{subject_id}",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto found, list(premises, caller, subject_of(request), request.query("kind")));
        json::Array items;
        for (const auto& file : found.files) items.push_back(to_json(file, found.may_change));
        json::Array actions;
        if (found.may_change) actions.emplace_back("upload");
        return http::ok(json::Object{{"items", items}, {"total", found.files.size()}, {"allowed_actions", actions}});
      });

  add(
      "POST", "/api/v1/attachments/{subject_kind}/{subject_id}",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto form, read_upload(request));
        QY_TRY(const auto file, upload(premises, caller, form));
        return http::created(to_json(file, true));
      },
      kUploadLimit);

  add("GET", "/api/v1/files/{file}",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, FileId::parse(request.parameter("file")));
        QY_TRY(auto content, download(premises, caller, id));
        const auto& type = content.file.blob.media_type;
        const bool shown = request.query("inline") == "1" && (type.starts_with("image/") || type == "application/pdf");
        return http::download(std::move(content.bytes), type, content.file.name, shown);
      });

  add("POST", "/api/v1/files/{file}/withdraw",
      [&premises](const http::Request& request, const identity::Caller& caller) -> Result<http::Response> {
        QY_TRY(const auto id, FileId::parse(request.parameter("file")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto reason = in.text("reason", 500);
        QY_CHECK(in.done());
        QY_CHECK(take_back(premises, caller, id, reason));
        return http::no_content();
      });
}

}  // namespace qy::files
