#include "document/paper.h"
#include "regime/audits/audits_json.h"
#include "regime/dossier/dossier.h"
#include "regime/identity/guard.h"

namespace qy::dossier {
namespace {

using http::Request;
using http::Response;
using identity::Caller;

json::Object section_json(const Section& section, bool may_edit) {
  json::Array allowed;
  if (may_edit && !section.dropped) allowed.push_back("edit");
  return {{"id", section.id},
          {"number", section.number},
          {"level", section.level},
          {"parent", section.parent},
          {"title", json::both(section.title)},
          {"guidance", section.guidance},
          {"content", json::texts(section.content)},
          {"dropped", section.dropped},
          {"text", section.text},
          {"changed_at", section.changed_at ? json::Value(section.changed_at->str()) : json::Value(nullptr)},
          {"changed_by", section.changed_by},
          {"allowed_actions", std::move(allowed)},
          {"version", section.version}};
}

json::Array warnings_json(const std::vector<Warning>& warnings, Language language) {
  json::Array out;
  for (const auto& warning : warnings)
    out.push_back(json::Object{{"code", warning.code},
                               {"detail", Catalogue::global().render(warning.code, warning.params, language)}});
  return out;
}

json::Object build_json(const Build& build, Language language) {
  return {{"id", build.id.str()},
          {"audit", build.audit.str()},
          {"stage", to_string(build.stage)},
          {"number", build.number},
          {"code", build.code},
          {"file", build.file.str()},
          {"sha256", build.hash},
          {"size", build.size},
          {"fingerprint", build.fingerprint},
          {"pagination", build.pagination},
          {"warnings", warnings_json(build.warnings, language)},
          {"made_at", build.made_at.str()},
          {"made_by", build.made_by_name},
          {"stale", build.stale}};
}

json::Object view_json(const Premises& premises, const View& view, Language language) {
  json::Array sections, builds, stages, allowed;
  for (const auto& section : view.sections) sections.push_back(section_json(section, view.may_edit));
  for (const auto& build : view.builds) builds.push_back(build_json(build, language));
  for (const auto& outline : premises.rules->outlines())
    stages.push_back(json::Object{{"stage", outline.stage}, {"title", json::both(outline.title)}});
  if (view.may_edit) {
    allowed.push_back("edit");
    allowed.push_back("build");
  }
  const auto& source = view.outline->source;
  const auto* document = premises.rules->find_document(source.document);
  return {{"audit", view.audit.id.str()},
          {"stage", to_string(view.stage)},
          {"stages", std::move(stages)},
          {"outline", json::Object{{"id", view.outline->id},
                                   {"title", json::both(view.outline->title)},
                                   {"source", json::Object{{"document", source.document},
                                                           {"number", document ? document->number : ""},
                                                           {"clause", source.clause},
                                                           {"title", json::both(document ? document->title : Text{})},
                                                           {"gist", json::both(source.gist)},
                                                           {"mark", rules::to_string(source.mark)}}}}},
          {"sections", std::move(sections)},
          {"builds", std::move(builds)},
          {"pdf_offered", !premises.converter.empty()},
          {"allowed_actions", std::move(allowed)}};
}

Result<std::optional<Stage>> stage_in(const Request& request) {
  const auto text = request.query("stage");
  if (text.empty()) return std::optional<Stage>();
  QY_TRY(const auto stage, stage_of(text));
  return std::optional<Stage>(stage);
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/audits/{audit}/dossier",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto stage, stage_in(request));
        QY_TRY(const auto found, view(premises, caller, id, stage));
        return http::ok(view_json(premises, found, request.language));
      });

  add(
      "PUT", "/api/v1/audits/{audit}/dossier/sections/{section}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto text = in.raw_text("text", 100'000);
        QY_CHECK(in.done());
        QY_TRY(const auto section, save_section(premises, caller, id, request.parameter("section"), text, version));
        return http::with_etag(http::ok(section_json(section, true)), section.version);
      },
      512 << 10);

  add("GET", "/api/v1/audits/{audit}/dossier/sections/{section}/revisions",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto revisions, revisions_of(premises, caller, id, request.parameter("section")));
        json::Array items;
        for (const auto& revision : revisions)
          items.push_back(json::Object{
              {"version", revision.version}, {"text", revision.text}, {"at", revision.at.str()}, {"by", revision.by}});
        return http::ok(json::Object{{"total", items.size()}, {"items", std::move(items)}});
      });

  add("GET", "/api/v1/audits/{audit}/dossier/preview",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto stage, stage_of(request.query("stage", "evaluation")));
        QY_TRY(const auto made, draft(premises, caller, id, stage));
        return http::ok(json::Object{{"html", document::to_html(made.paper)},
                                     {"warnings", warnings_json(made.warnings, request.language)},
                                     {"fingerprint", made.fingerprint}});
      });

  add("POST", "/api/v1/audits/{audit}/dossier/builds",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto wanted = in.choice("stage", {"evaluation", "acceptance"});
        QY_CHECK(in.done());
        QY_TRY(const auto stage, stage_of(wanted));
        QY_TRY(const auto build, build_report(premises, caller, id, stage));
        return http::created(build_json(build, request.language));
      });

  const auto download = [&premises](auto command) {
    return [&premises, command](const Request& request, const Caller& caller) -> Result<Response> {
      QY_TRY(const auto id, BuildId::parse(request.parameter("build")));
      QY_TRY(auto found, command(premises, caller, id));
      return http::download(std::move(found.bytes), found.media_type, found.name, request.query("inline") == "1");
    };
  };
  add("GET", "/api/v1/report-builds/{build}/docx", download(docx_of));
  add("GET", "/api/v1/report-builds/{build}/pdf", download(pdf_of));
}

}  // namespace qy::dossier
