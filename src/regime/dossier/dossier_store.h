#pragma once

#include <map>

#include "regime/dossier/dossier.h"

namespace qy::dossier::store {

struct SectionText {
  std::string section, text;
  std::int64_t version = 0;
  Instant at;
  std::string by_name;
};
/// By section id.
std::map<std::string, SectionText> texts_of(Tx& tx, const audits::AuditId& audit);
/// Saves the section unless someone changed it after version `expected` (0 = nothing there) and adds the revision;
/// false when it has moved on.
bool save_text(Tx& tx, const std::string& province, const audits::AuditId& audit, const SectionText& text,
               std::int64_t expected, const std::string& by);
std::vector<Revision> revisions_of(Tx& tx, const audits::AuditId& audit, const std::string& section);

void insert_build(Tx& tx, const Build& build, const std::string& by);
std::optional<Build> find_build(Tx& tx, const BuildId& id);
/// Newest first.
std::vector<Build> builds_of(Tx& tx, const audits::AuditId& audit, Stage stage);
int next_number(Tx& tx, const audits::AuditId& audit, Stage stage);
void set_pdf(Tx& tx, const BuildId& id, const std::string& hash);

}  // namespace qy::dossier::store
