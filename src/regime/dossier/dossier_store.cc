#include "regime/dossier/dossier_store.h"

namespace qy::dossier::store {
namespace {

std::string warnings_text(const std::vector<Warning>& warnings) {
  json::Array all;
  for (const auto& warning : warnings) {
    json::Object params;
    for (const auto& [name, value] : warning.params) params[name] = value;
    all.push_back(json::Object{{"code", warning.code}, {"params", std::move(params)}});
  }
  return json::canonical(all);
}

std::vector<Warning> warnings_of(const std::string& text) {
  const auto parsed = json::parse(text);
  if (!parsed || !parsed->is_array()) throw db::Broken("the warnings of a report are not readable");
  std::vector<Warning> out;
  for (const auto& item : parsed->as_array()) {
    const auto& object = item.as_object();
    Warning warning{std::string(object.at("code").as_string()), {}};
    for (const auto& param : object.at("params").as_object())
      warning.params.emplace_back(std::string(param.key()), std::string(param.value().as_string()));
    out.push_back(std::move(warning));
  }
  return out;
}

std::vector<Build> query(Tx& tx, std::string_view rest, const std::vector<db::Bind>& binds) {
  const std::string sql =
      "SELECT id, audit_id, province, stage, number, code, file_id, hash, size, fingerprint, pagination, warnings, "
      "pdf_hash, made_at, made_by_name FROM report_build " +
      std::string(rest);
  std::vector<Build> out;
  for (const auto& [id, audit, province, stage, number, code, file, hash, size, fingerprint, pagination, warnings, pdf,
                    at, by] :
       tx.rows_bound<BuildId, audits::AuditId, std::string, std::string, int, std::string, files::FileId, std::string,
                     std::int64_t, std::string, std::string, std::string, std::string, Instant, std::string>(sql,
                                                                                                             binds))
    out.push_back({.id = id,
                   .audit = audit,
                   .province = province,
                   .stage = stage == "acceptance" ? Stage::acceptance : Stage::evaluation,
                   .number = number,
                   .code = code,
                   .file = file,
                   .hash = hash,
                   .size = size,
                   .fingerprint = fingerprint,
                   .pagination = pagination,
                   .warnings = warnings_of(warnings),
                   .pdf_hash = pdf,
                   .made_at = at,
                   .made_by_name = by});
  return out;
}

}  // namespace

std::map<std::string, SectionText> texts_of(Tx& tx, const audits::AuditId& audit) {
  std::map<std::string, SectionText> out;
  for (const auto& [section, text, version, at, by] :
       tx.rows<std::string, std::string, std::int64_t, Instant, std::string>(
           "SELECT section, contents, version, changed_at, changed_by_name FROM report_section WHERE audit_id = :audit "
           "ORDER BY section",
           audit))
    out[section] = {section, text, version, at, by};
  return out;
}

bool save_text(Tx& tx, const std::string& province, const audits::AuditId& audit, const SectionText& text,
               std::int64_t expected, const std::string& by) {
  const std::int64_t next = expected + 1;
  const auto saved = expected == 0 ? tx.run(R"sql(
      INSERT INTO report_section (province, audit_id, section, contents, version, changed_at, changed_by, changed_by_name)
      VALUES (:province, :audit, :section, :contents, :version, :at, :by, :by_name)
      ON CONFLICT (province, audit_id, section) DO NOTHING)sql",
                                            province, audit, text.section, text.text, next, text.at, by, text.by_name)
                                   : tx.run(R"sql(
      UPDATE report_section SET contents = :contents, version = :version, changed_at = :at, changed_by = :by, changed_by_name = :by_name
       WHERE audit_id = :audit AND section = :section AND version = :expected)sql",
                                            text.text, next, text.at, by, text.by_name, audit, text.section, expected);
  if (saved != 1) return false;
  tx.run(R"sql(
      INSERT INTO report_section_revision (province, audit_id, section, version, contents, at, by_name)
      VALUES (:province, :audit, :section, :version, :contents, :at, :by_name))sql",
         province, audit, text.section, next, text.text, text.at, text.by_name);
  return true;
}

std::vector<Revision> revisions_of(Tx& tx, const audits::AuditId& audit, const std::string& section) {
  std::vector<Revision> out;
  for (const auto& [version, text, at, by] : tx.rows<std::int64_t, std::string, Instant, std::string>(
           "SELECT version, contents, at, by_name FROM report_section_revision WHERE audit_id = :audit AND section = "
           ":section ORDER BY version DESC LIMIT 100",
           audit, section))
    out.push_back({version, text, at, by});
  return out;
}

void insert_build(Tx& tx, const Build& build, const std::string& by) {
  tx.run(R"sql(
      INSERT INTO report_build (province, id, audit_id, stage, number, code, file_id, hash, size, fingerprint, pagination, warnings, made_at, made_by, made_by_name)
      VALUES (:province, :id, :audit, :stage, :number, :code, :file, :hash, :size, :fingerprint, :pagination, :warnings, :at, :by, :by_name))sql",
         build.province, build.id, build.audit, to_string(build.stage), build.number, build.code, build.file,
         build.hash, build.size, build.fingerprint, build.pagination, warnings_text(build.warnings), build.made_at, by,
         build.made_by_name);
}

std::optional<Build> find_build(Tx& tx, const BuildId& id) {
  auto found = query(tx, "WHERE id = :id", {id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Build> builds_of(Tx& tx, const audits::AuditId& audit, Stage stage) {
  return query(tx, "WHERE audit_id = :audit AND stage = :stage ORDER BY number DESC", {audit, to_string(stage)});
}

int next_number(Tx& tx, const audits::AuditId& audit, Stage stage) {
  return tx.value<std::optional<int>>("SELECT MAX(number) FROM report_build WHERE audit_id = :audit AND stage = :stage",
                                      audit, to_string(stage))
             .value_or(std::nullopt)
             .value_or(0) +
         1;
}

void set_pdf(Tx& tx, const BuildId& id, const std::string& hash) {
  tx.run("UPDATE report_build SET pdf_hash = :hash WHERE id = :id", hash, id);
}

}  // namespace qy::dossier::store
