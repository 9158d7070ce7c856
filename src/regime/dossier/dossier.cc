#include "regime/dossier/dossier.h"

#include <algorithm>

#include "base/text.h"
#include "codec/law.h"
#include "document/pdf.h"
#include "regime/audits/audits_json.h"
#include "regime/dossier/dossier_store.h"
#include "regime/dossier/material.h"

namespace qy::dossier {
namespace {

constexpr std::size_t kLongestText = 20'000;  // characters of one section

db::Subject subject_of(const audits::AuditId& audit) { return {"audit", audit.str()}; }

Result<const rules::Outline*> outline_of(const rules::Library& rules, Stage stage) {
  for (const auto& outline : rules.outlines())
    if (outline.stage == to_string(stage)) return &outline;
  return Error{ErrorKind::conflict, "dossier.no_outline", {{"stage", to_string(stage)}}};
}

/// The section in whichever outline has it: chapters 1–5 are shared.
std::optional<Section> find_section(Tx& tx, const rules::Library& rules, const audits::Audit& audit,
                                    const std::string& id) {
  const auto texts = store::texts_of(tx, audit.id);
  for (const auto& outline : rules.outlines())
    for (auto& section : sections_of(rules, audit, outline, texts))
      if (section.id == id) return std::move(section);
  return std::nullopt;
}

Error section_unknown(const std::string& section) {
  return Error{ErrorKind::not_found, "dossier.section_unknown", {{"section", prefix_of(section, 60)}}};
}

Result<Material> material_for(const Premises& premises, const identity::Caller& caller, const audits::AuditId& id,
                              Stage stage, bool editing) {
  const auto today = premises.today();
  return premises.database->read([&](Tx& tx) -> Result<Material> {
    QY_TRY(const auto audit,
           editing ? audits::get_editable(tx, caller, id, today) : audits::get_visible(tx, caller, id, today));
    return gather(tx, premises, audit, stage);
  });
}

/// The build if the caller may see its case, with the case.
Result<std::pair<Build, audits::Audit>> visible_build(const Premises& premises, const identity::Caller& caller,
                                                      const BuildId& id) {
  return premises.database->read([&](Tx& tx) -> Result<std::pair<Build, audits::Audit>> {
    const Error unknown{ErrorKind::not_found, "dossier.build_not_found"};
    auto build = store::find_build(tx, id);
    if (!build) return unknown;
    auto audit = audits::get_visible(tx, caller, build->audit, premises.today());
    if (!audit) return unknown;
    return std::pair(std::move(*build), std::move(*audit));
  });
}

std::string file_name(const audits::Audit& audit, const Build& build, const char* extension) {
  return audit.enterprise_name + "清洁生产审核报告-" + build.code + extension;
}

}  // namespace

std::optional<Build> latest_build(Tx& tx, const Premises& premises, const audits::Audit& audit, Stage stage) {
  auto builds = store::builds_of(tx, audit.id, stage);
  if (builds.empty()) return std::nullopt;
  builds.front().stale = builds.front().fingerprint != fingerprint_of(tx, premises, audit);
  return std::move(builds.front());
}

Result<Section> write_section(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit,
                              const std::string& id, const std::string& text, std::int64_t expected) {
  const auto section = find_section(tx, *premises.rules, audit, id);
  if (!section) return section_unknown(id);
  auto wrong = wrong_bindings(*premises.rules, text);
  if (length_of(text) > kLongestText)
    wrong.push_back({"#/text", "dossier.text_too_long", {{"max", std::to_string(kLongestText)}}});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
  if (section->version != expected)
    return Error{ErrorKind::stale, "dossier.section_stale", {{"by", section->changed_by}}};
  if (section->text == text) return *section;
  const store::SectionText saved{id, text, expected + 1, act.at, act.caller.name};
  if (!store::save_text(tx, audit.province, audit.id, saved, expected, act.caller.user.str()))
    return Error{ErrorKind::stale, "dossier.section_stale", {{"by", section->changed_by}}};
  return *find_section(tx, *premises.rules, audit, id);
}

Result<View> view(const Premises& premises, const identity::Caller& caller, const audits::AuditId& id,
                  std::optional<Stage> wanted) {
  const auto today = premises.today();
  return premises.database->read([&](Tx& tx) -> Result<View> {
    QY_TRY(auto audit, audits::get_visible(tx, caller, id, today));
    View view{.audit = audit,
              .stage = wanted.value_or(stage_now(premises, audit)),
              .outline = nullptr,
              .sections = {},
              .builds = {},
              .may_edit = false};
    QY_TRY(view.outline, outline_of(*premises.rules, view.stage));
    view.sections = sections_of(*premises.rules, audit, *view.outline, store::texts_of(tx, id));
    view.builds = store::builds_of(tx, id, view.stage);
    if (!view.builds.empty()) {
      const auto now = fingerprint_of(tx, premises, audit);
      for (auto& build : view.builds) build.stale = build.fingerprint != now;
    }
    view.may_edit = audits::get_editable(tx, caller, id, today).has_value();
    return view;
  });
}

Result<Section> save_section(const Premises& premises, const identity::Caller& caller, const audits::AuditId& id,
                             const std::string& section, const std::string& text, std::int64_t expected) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<Section> {
    QY_TRY(const auto audit, audits::get_editable(tx, caller, id, act.on));
    return write_section(tx, premises, act, audit, section, text, expected);
  });
}

Result<std::vector<Revision>> revisions_of(const Premises& premises, const identity::Caller& caller,
                                           const audits::AuditId& id, const std::string& section) {
  return premises.database->read([&](Tx& tx) -> Result<std::vector<Revision>> {
    QY_TRY(const auto audit, audits::get_visible(tx, caller, id, premises.today()));
    if (!find_section(tx, *premises.rules, audit, section)) return section_unknown(section);
    return store::revisions_of(tx, id, section);
  });
}

Result<Draft> draft(const Premises& premises, const identity::Caller& caller, const audits::AuditId& id, Stage stage) {
  QY_TRY(const auto material, material_for(premises, caller, id, stage, false));
  return assemble(material, premises);
}

Result<Build> build_report(const Premises& premises, const identity::Caller& caller, const audits::AuditId& id,
                           Stage stage) {
  QY_TRY(const auto material, material_for(premises, caller, id, stage, true));
  auto made = assemble(material, premises);
  QY_TRY(const auto docx, document::to_docx(made.paper, premises.converter));

  const auto act = identity::act_of(premises, caller);
  Build build{.id = BuildId::make(act.at, act.random),
              .audit = id,
              .province = material.audit.province,
              .stage = stage,
              .number = made.next_number,
              .code = {},
              .file = {},
              .hash = {},
              .size = static_cast<std::int64_t>(docx.bytes.size()),
              .fingerprint = made.fingerprint,
              .pagination = {},
              .warnings = std::move(made.warnings),
              .pdf_hash = {},
              .made_at = act.at,
              .made_by_name = caller.name};
  build.code = material.audit.number + (stage == Stage::acceptance ? "-A" : "-E") + std::to_string(build.number);
  build.pagination = docx.pagination == document::Pagination::laid_out    ? "laid_out"
                     : docx.pagination == document::Pagination::estimated ? "estimated"
                                                                          : "none";
  const auto name = file_name(material.audit, build, ".docx");
  QY_TRY(const auto blob, files::store_blob(premises, docx.bytes, name));
  build.hash = blob.hash;

  return premises.database->write([&](Tx& tx) -> Result<Build> {
    QY_TRY(const auto audit, audits::get_editable(tx, caller, id, act.on));
    if (store::next_number(tx, id, stage) != build.number)
      return Error{ErrorKind::conflict, "dossier.building_elsewhere"};
    build.file = files::attach(tx, act,
                               {.owner = subject_of(id),
                                .province = build.province,
                                .kind = "report",
                                .name = name,
                                .note = build.code,
                                .blob = blob});
    store::insert_build(tx, build, caller.user.str());
    db::append_action(tx,
                      identity::action_by(act, subject_of(id), "make_report",
                                          codec::citations(*premises.rules, "report.duty", act.on),
                                          json::Object{{"code", build.code},
                                                       {"stage", to_string(stage)},
                                                       {"sha256", build.hash},
                                                       {"fingerprint", build.fingerprint},
                                                       {"packs", premises.rules->hash()},
                                                       {"pagination", build.pagination}}),
                      act.random);
    build.stale = build.fingerprint != fingerprint_of(tx, premises, audit);
    return build;
  });
}

Result<Download> docx_of(const Premises& premises, const identity::Caller& caller, const BuildId& id) {
  QY_TRY(const auto found, visible_build(premises, caller, id));
  QY_TRY(auto bytes, files::read_blob(premises, found.first.hash));
  return Download{file_name(found.second, found.first, ".docx"),
                  "application/vnd.openxmlformats-officedocument.wordprocessingml.document", std::move(bytes)};
}

Result<Download> pdf_of(const Premises& premises, const identity::Caller& caller, const BuildId& id) {
  QY_TRY(const auto found, visible_build(premises, caller, id));
  const auto& [build, audit] = found;
  const auto name = file_name(audit, build, ".pdf");
  if (!build.pdf_hash.empty()) {
    QY_TRY(auto bytes, files::read_blob(premises, build.pdf_hash));
    return Download{name, "application/pdf", std::move(bytes)};
  }
  QY_TRY(const auto docx, files::read_blob(premises, build.hash));
  QY_TRY(auto pdf, document::to_pdf(docx, premises.converter));
  QY_TRY(const auto blob, files::store_blob(premises, pdf, name));
  QY_CHECK(premises.database->write([&](Tx& tx) -> Result<void> {
    store::set_pdf(tx, id, blob.hash);
    return {};
  }));
  return Download{name, "application/pdf", std::move(pdf)};
}

}  // namespace qy::dossier
