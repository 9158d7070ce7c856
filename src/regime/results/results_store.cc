#include "regime/results/results_store.h"

namespace qy::results::store {
namespace {

#define QY_RESULT_COLUMNS \
  "audit_id, enterprise_id, region, outcome, year, level, decided_on, published_on, published_where"
#define QY_RESULT_TYPES                                                                                           \
  audits::AuditId, registry::EnterpriseId, std::string, std::string, int, std::optional<std::string>, Date, Date, \
      std::string

Published result_of(std::tuple<QY_RESULT_TYPES> row) {
  Published p;
  std::tie(p.audit, p.enterprise, p.region, p.outcome, p.year, p.level, p.decided_on, p.published_on, p.where) =
      std::move(row);
  return p;
}

}  // namespace

void save(Tx& tx, const Published& p, std::string_view province, const std::map<std::string, std::int64_t>& effects) {
  const auto replaced = tx.run(R"sql(
      UPDATE audit_result SET region = :region, year = :year, outcome = :outcome, level = :level, decided_on = :decided,
             published_on = :published, published_where = :place
       WHERE audit_id = :audit)sql",
                               p.region, p.year, p.outcome, p.level, p.decided_on, p.published_on, p.where, p.audit);
  if (replaced == 0)
    tx.run(R"sql(
      INSERT INTO audit_result (province, audit_id, enterprise_id, region, year, outcome, level, decided_on, published_on, published_where)
      VALUES (:province, :audit, :enterprise, :region, :year, :outcome, :level, :decided, :published, :place))sql",
           province, p.audit, p.enterprise, p.region, p.year, p.outcome, p.level, p.decided_on, p.published_on,
           p.where);
  for (const auto& [column, value] : effects)
    tx.run("INSERT INTO result_effect (audit_id, column_id, value) VALUES (:audit, :column, :value)", p.audit, column,
           value);
}

std::optional<Published> find(Tx& tx, const audits::AuditId& id) {
  auto row = tx.row<QY_RESULT_TYPES>("SELECT " QY_RESULT_COLUMNS " FROM audit_result WHERE audit_id = :id", id);
  if (!row) return std::nullopt;
  return result_of(std::move(*row));
}

std::vector<Published> of_enterprise(Tx& tx, const registry::EnterpriseId& id) {
  std::vector<Published> found;
  for (auto& row :
       tx.rows<QY_RESULT_TYPES>("SELECT " QY_RESULT_COLUMNS
                                " FROM audit_result WHERE enterprise_id = :id ORDER BY published_on DESC, audit_id",
                                id))
    found.push_back(result_of(std::move(row)));
  return found;
}

std::vector<Contribution> contributions(Tx& tx, std::string_view column, std::string_view region_prefix,
                                        std::optional<int> year) {
  std::string sql =
      "SELECT e.audit_id, e.value FROM result_effect e JOIN audit_result r ON r.audit_id = e.audit_id WHERE "
      "e.column_id = :column";
  std::vector<db::Bind> binds{db::Bind(column)};
  if (!region_prefix.empty()) {
    sql += " AND r.region >= :low AND r.region < :high";
    binds.emplace_back(region_prefix);
    binds.emplace_back(std::string(region_prefix) + "\x7f");
  }
  if (year) {
    sql += " AND r.year = :year";
    binds.emplace_back(*year);
  }
  std::vector<Contribution> found;
  for (auto& [audit, value] :
       tx.rows_bound<audits::AuditId, std::int64_t>(sql + " ORDER BY e.value DESC, e.audit_id", binds))
    found.push_back({.audit = audit, .value = value});
  return found;
}

}  // namespace qy::results::store
