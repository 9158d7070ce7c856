#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.h"
#include "document/paper.h"
#include "http/http.h"
#include "regime/audits/audits.h"
#include "regime/files/files.h"
#include "rules/model.h"

/// 审核报告: the report of a case from the official outline, the ledger, the options and the writers' own texts.
/// Numbers are never typed here: tables and figures come from the ledger, and a text names a figure by a binding
/// ({{figure:water.fresh|2025}}). Every report made is kept with its version code and the fingerprint of what it was
/// made from.
namespace qy::dossier {

using BuildId = Id<struct ReportBuildTag>;

/// 评估稿 (before the medium and high-cost options are carried out) or 验收稿 (all seven chapters).
enum class Stage { evaluation, acceptance };
std::string to_string(Stage stage);
/// Errors: dossier.stage.
Result<Stage> stage_of(std::string_view text);
/// The report a case needs now: 验收稿 once its options are being carried out, or where evaluation and acceptance are
/// one step; else 评估稿.
Stage stage_now(const Premises& premises, const audits::Audit& audit);

/// A section of the outline with what its writers wrote.
struct Section {
  std::string id, number;  ///< number: "2.4", "" for what stands outside the chapters
  int level = 1;
  std::string parent;  ///< "" for a chapter
  Text title;
  std::string guidance;              ///< what belongs here, in our own words
  std::vector<std::string> content;  ///< blocks that are made from the data: energy_series, indicator_table …
  bool dropped = false;              ///< left out by the audit mode; stays visible
  std::string text;
  std::int64_t version = 0;  ///< 0 = nothing written yet
  std::optional<Instant> changed_at;
  std::string changed_by;
};

/// Something a reader of the report should know was missing when it was made.
struct Warning {
  std::string code;  ///< dossier.section_empty {section}, dossier.binding_blank {binding, section}
  Params params;
};

/// 报告版本.
struct Build {
  BuildId id;
  audits::AuditId audit;
  std::string province;
  Stage stage = Stage::evaluation;
  int number = 0;
  std::string code;  ///< "99-2026-0001-E2": case, stage, number; printed in every page's header
  files::FileId file;
  std::string hash;  ///< SHA-256 of the DOCX
  std::int64_t size = 0;
  std::string fingerprint;  ///< of what it was made from
  std::string pagination;   ///< "laid_out" | "estimated": how the page numbers of the contents were found
  std::vector<Warning> warnings;
  std::string pdf_hash;  ///< "" until a PDF was asked for
  Instant made_at;
  std::string made_by_name;
  bool stale = false;  ///< ledger, options, texts or facts changed since
};

// ---- Services for higher rooms
// --------------------------------------------------------------------------------------------

/// The newest report of a stage, with `stale` as of now.
std::optional<Build> latest_build(Tx& tx, const Premises& premises, const audits::Audit& audit, Stage stage);

/// Writes a section's text. Errors: dossier.section_unknown, dossier.section_stale, input.invalid
/// (dossier.binding_unknown {binding, suggestion}, dossier.text_too_long).
Result<Section> write_section(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit,
                              const std::string& section, const std::string& text, std::int64_t expected);

// ---- Commands
// -------------------------------------------------------------------------------------------------------------

struct View {
  audits::Audit audit;
  Stage stage = Stage::evaluation;
  const rules::Outline* outline = nullptr;
  std::vector<Section> sections;  ///< in the report's order
  std::vector<Build> builds;      ///< of the stage, newest first
  bool may_edit = false;
};
/// Errors: audit.not_found, dossier.no_outline.
Result<View> view(const Premises& premises, const identity::Caller& caller, const audits::AuditId& audit,
                  std::optional<Stage> stage);

/// Errors: those of audits::get_editable and write_section.
Result<Section> save_section(const Premises& premises, const identity::Caller& caller, const audits::AuditId& audit,
                             const std::string& section, const std::string& text, std::int64_t expected);

struct Revision {
  std::int64_t version = 0;
  std::string text;
  Instant at;
  std::string by;
};
/// Newest first. Errors: audit.not_found, dossier.section_unknown.
Result<std::vector<Revision>> revisions_of(const Premises& premises, const identity::Caller& caller,
                                           const audits::AuditId& audit, const std::string& section);

/// The report as it would be made now. Errors: audit.not_found, dossier.no_outline.
struct Draft {
  document::Paper paper;
  std::vector<Warning> warnings;
  std::string fingerprint;
  int next_number = 1;
};
Result<Draft> draft(const Premises& premises, const identity::Caller& caller, const audits::AuditId& audit,
                    Stage stage);

/// Makes the report: lays it out (seconds, outside any transaction), keeps the DOCX as an attachment of kind "report",
/// records the version and the action. Reports are in Chinese. Errors: those of audits::get_editable;
/// dossier.no_outline; dossier.building_elsewhere when another version was made meanwhile.
Result<Build> build_report(const Premises& premises, const identity::Caller& caller, const audits::AuditId& audit,
                           Stage stage);

struct Download {
  std::string name, media_type, bytes;
};
/// Errors: dossier.build_not_found, file.damaged.
Result<Download> docx_of(const Premises& premises, const identity::Caller& caller, const BuildId& build);
/// Converted once, then kept. Errors: as docx_of; pdf.unavailable, pdf.failed, pdf.timeout.
Result<Download> pdf_of(const Premises& premises, const identity::Caller& caller, const BuildId& build);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> dossier_messages();

}  // namespace qy::dossier
