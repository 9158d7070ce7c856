#pragma once

#include <map>

#include "regime/analysis/analysis.h"
#include "regime/dossier/dossier.h"
#include "regime/dossier/dossier_store.h"

namespace qy::dossier {

/// Everything a report is made from, read in one snapshot.
struct Material {
  audits::Audit audit;
  std::optional<registry::Enterprise> enterprise;
  std::vector<registry::FormerRound> former_rounds;
  figures::Ledger ledger;
  std::vector<analysis::Option> options;
  std::optional<analysis::Benchmark> found, after;  ///< level as found, and with what was verified
  std::map<std::string, store::SectionText> texts;
  std::vector<files::File> attachments;  ///< without the reports themselves
  const rules::Outline* outline = nullptr;
  Stage stage = Stage::evaluation;
  Date on;
  int next_number = 1;
  std::string fingerprint;  ///< SHA-256 over revisions of all of it and the packs

  /// The three years a report shows, oldest first.
  std::vector<int> years() const { return {audit.year - 3, audit.year - 2, audit.year - 1}; }
};

/// Errors: dossier.no_outline.
Result<Material> gather(Tx& tx, const Premises& premises, const audits::Audit& audit, Stage stage);

/// The fingerprint alone.
std::string fingerprint_of(Tx& tx, const Premises& premises, const audits::Audit& audit);

/// "t{COD}" → "t": of what it is stands in the row's name.
std::string shown_unit(std::string_view unit);
std::string shown(const figures::Value& value);

/// A text of a writer with its bindings: {{figure:key|scope|period|aspect}} (everything after the key optional, in any
/// order), {{enterprise:name}}, {{audit:number}},
/// {{total:annual_saving}}, {{total:annual_saving|verified}}, {{level}}, {{level|after}}.
struct Bound {
  std::string text;
  std::vector<std::string> blank;
};  ///< blank: bindings without a value; they print as （未填）
Bound bind_text(const Material& material, const rules::Library& rules, std::string_view text);
/// What is wrong with a text's bindings, before it is saved.
std::vector<FieldError> wrong_bindings(const rules::Library& rules, std::string_view text);

/// The blocks that a content name makes from the data; empty when there is nothing to show. Names the rules' outlines
/// may use are `known_blocks`.
std::vector<document::Block> blocks_of(const Material& material, const Premises& premises, std::string_view name);
const std::vector<std::string>& known_blocks();
/// Paragraphs, lists ("- …") and tables ("| a | b |", headed by a line "表：…") of a writer's text.
std::vector<document::Block> text_blocks(std::string_view text);

/// The sections of an outline in order, flattened, with titles by the jurisdiction's names of the steps.
std::vector<Section> sections_of(const rules::Library& rules, const audits::Audit& audit, const rules::Outline& outline,
                                 const std::map<std::string, store::SectionText>& texts);

/// Puts the report together.
Draft assemble(const Material& material, const Premises& premises);

}  // namespace qy::dossier
