#include "regime/results/results_store.h"

#include "db/where.h"

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

Contributions contributions(Tx& tx, std::string_view column, std::string_view region_prefix, std::optional<int> year,
                            const http::Page& page) {
  db::Where where;
  where.add("e.column_id = :column", column);
  where.add_prefix("r.region >= :region AND r.region < :region_end", region_prefix);
  if (year) where.add("r.year = :year", *year);
  const std::string from =
      " FROM result_effect e JOIN audit_result r ON r.audit_id = e.audit_id" + std::string(where.sql());
  Contributions found;
  std::tie(found.total, found.sum) =
      tx.rows_bound<std::int64_t, std::int64_t>("SELECT COUNT(*), CAST(COALESCE(sum(e.value), 0) AS BIGINT)" + from,
                                                where.binds())
          .front();
  const std::string order = page.descending ? " ORDER BY e.value DESC, e.audit_id" : " ORDER BY e.value, e.audit_id";
  for (auto& [audit, value] : tx.rows_bound<audits::AuditId, std::int64_t>(
           "SELECT e.audit_id, e.value" + from + order + " LIMIT :n OFFSET :skip",
           where.binds_and(page.size, page.offset())))
    found.items.push_back({.audit = audit, .value = value});
  return found;
}

}  // namespace qy::results::store
