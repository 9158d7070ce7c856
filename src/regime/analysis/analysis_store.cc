#include "regime/analysis/analysis_store.h"

#include <algorithm>

namespace qy::analysis::store {
namespace {

#define QY_OPTION_COLUMNS                                                                                        \
  "id, audit_id, code, title, description, cost_class, origin, state, responsible, planned_on, implemented_on, " \
  "drop_reason, version"
#define QY_OPTION_TYPES                                                                                    \
  OptionId, audits::AuditId, std::string, std::string, std::string, std::string, std::string, std::string, \
      std::string, std::optional<Date>, std::optional<Date>, std::string, std::int64_t

Option option_of(std::tuple<QY_OPTION_TYPES> row) {
  Option o;
  std::tie(o.id, o.audit, o.code, o.title, o.description, o.cost_class, o.origin, o.state, o.responsible, o.planned_on,
           o.implemented_on, o.drop_reason, o.version) = std::move(row);
  return o;
}

int number_of(const std::string& code) { return std::stoi(code.substr(2)); }

}  // namespace

void insert_option(Tx& tx, const Option& o, std::string_view province, Instant now, std::string_view by) {
  tx.run(R"sql(
      INSERT INTO cleaner_option (province, id, audit_id, code, title, description, cost_class, origin, state, responsible, planned_on, implemented_on,
                                  drop_reason, version, created_at, created_by)
      VALUES (:province, :id, :audit, :code, :title, :description, :class, :origin, :state, :responsible, :planned, :implemented, :why, 1, :now, :by))sql",
         province, o.id, o.audit, o.code, o.title, o.description, o.cost_class, o.origin, o.state, o.responsible,
         o.planned_on, o.implemented_on, o.drop_reason, now, by);
}

bool update_option(Tx& tx, const Option& o) {
  return tx.run(R"sql(
      UPDATE cleaner_option SET title = :title, description = :description, origin = :origin, state = :state, responsible = :responsible,
             planned_on = :planned, implemented_on = :implemented, drop_reason = :why, version = version + 1
       WHERE id = :id AND version = :version)sql",
                o.title, o.description, o.origin, o.state, o.responsible, o.planned_on, o.implemented_on, o.drop_reason,
                o.id, o.version) == 1;
}

bool delete_option(Tx& tx, const OptionId& id, std::int64_t version) {
  tx.run("DELETE FROM option_evidence WHERE option_id = :id", id);
  return tx.run("DELETE FROM cleaner_option WHERE id = :id AND version = :version", id, version) == 1;
}

std::optional<Option> find_option(Tx& tx, const OptionId& id) {
  auto row = tx.row<QY_OPTION_TYPES>("SELECT " QY_OPTION_COLUMNS " FROM cleaner_option WHERE id = :id", id);
  if (!row) return std::nullopt;
  return option_of(std::move(*row));
}

std::vector<Option> options_of(Tx& tx, const audits::AuditId& audit) {
  std::vector<Option> options;
  for (auto& row :
       tx.rows<QY_OPTION_TYPES>("SELECT " QY_OPTION_COLUMNS " FROM cleaner_option WHERE audit_id = :audit", audit))
    options.push_back(option_of(std::move(row)));
  std::sort(options.begin(), options.end(), [](const Option& a, const Option& b) {
    if (a.cost_class != b.cost_class) return a.cost_class > b.cost_class;  // none_or_low first
    return number_of(a.code) < number_of(b.code);
  });
  return options;
}

std::map<OptionId, std::vector<OptionEvidence>> evidence_of(Tx& tx, const audits::AuditId& audit) {
  std::map<OptionId, std::vector<OptionEvidence>> out;
  for (auto& [option, file, place, by_office, at, by_name] :
       tx.rows<OptionId, files::FileId, std::string, bool, Instant, std::string>(R"sql(
           SELECT e.option_id, e.file_id, e.place, e.by_office, e.added_at, e.by_name
             FROM option_evidence e JOIN cleaner_option o ON o.id = e.option_id
            WHERE o.audit_id = :audit ORDER BY e.added_at, e.file_id)sql",
                                                                                 audit))
    if (auto found = files::find_file(tx, file))
      out[option].push_back({std::move(*found), std::move(place), by_office, at, std::move(by_name)});
  return out;
}

void insert_evidence(Tx& tx, std::string_view province, const OptionId& option, const OptionEvidence& evidence) {
  tx.run(R"sql(
      INSERT INTO option_evidence (province, option_id, file_id, place, by_office, added_at, by_name)
      VALUES (:province, :option, :file, :place, :by_office, :at, :by))sql",
         province, option, evidence.file.id, evidence.place, evidence.by_office, evidence.at, evidence.by_name);
}

bool delete_evidence(Tx& tx, const OptionId& option, const files::FileId& file) {
  return tx.run("DELETE FROM option_evidence WHERE option_id = :option AND file_id = :file", option, file) == 1;
}

int next_number(Tx& tx, const audits::AuditId& audit, std::string_view cost_class) {
  int last = 0;
  for (const auto& option : options_of(tx, audit))
    if (option.cost_class == cost_class) last = std::max(last, number_of(option.code));
  return last + 1;
}

}  // namespace qy::analysis::store
