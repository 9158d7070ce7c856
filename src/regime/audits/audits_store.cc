#include "regime/audits/audits_store.h"

#include "base/text.h"
#include "regime/audits/waiting.h"
#include "regime/obligations/obligations.h"

namespace qy::audits::store {
namespace {

constexpr const char* kColumns =
    "a.id, a.province, a.number, a.enterprise_id, a.enterprise_name, a.region, a.industry, a.tags, a.entry_id, a.year, "
    "a.jurisdiction, "
    "a.procedure_id, a.categories, a.lead_line, a.cosign_line, a.mode, a.state, a.holder, a.packs_hash, "
    "a.indicator_system, "
    "a.published_on, a.disclosed_on, a.started_on, a.submitted_on, a.evaluated_on, a.implemented_on, a.accepted_on, "
    "a.level, a.version, "
    "a.opened_at, a.changed_at";

using OptionalDate = std::optional<Date>;
using Record = std::tuple<AuditId, std::string, std::string, registry::EnterpriseId, std::string, std::string,
                          std::string, std::string, std::optional<std::string>, int, std::string, std::string,
                          std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                          std::string, OptionalDate, OptionalDate, OptionalDate, OptionalDate, OptionalDate,
                          OptionalDate, OptionalDate, std::optional<std::string>, std::int64_t, Instant, Instant>;

std::vector<std::string> list_of(const std::string& text) {
  return text.empty() ? std::vector<std::string>{} : split(text, ',');
}

Audit audit_of(Record record) {
  Audit a;
  std::string tags, categories;
  std::optional<std::string> entry;
  std::tie(a.id, a.province, a.number, a.enterprise, a.enterprise_name, a.region, a.industry, tags, entry, a.year,
           a.jurisdiction, a.procedure, categories, a.lead_line, a.cosign_line, a.mode, a.state, a.holder, a.packs_hash,
           a.indicator_system, a.published_on, a.disclosed_on, a.started_on, a.submitted_on, a.evaluated_on,
           a.implemented_on, a.accepted_on, a.level, a.version, a.opened_at, a.changed_at) = std::move(record);
  a.tags = list_of(tags);
  a.categories = list_of(categories);
  if (entry) a.entry = listing::EntryId::trusted(*entry);
  return a;
}

template <class... Columns>
std::vector<std::tuple<Columns...>> select(Tx& tx, const std::string& sql, const std::vector<db::Bind>& binds,
                                           std::tuple<Columns...>*) {
  return tx.rows_bound<Columns...>(sql, binds);
}

std::vector<Audit> audits(Tx& tx, const std::string& sql, const std::vector<db::Bind>& binds) {
  std::vector<Audit> found;
  for (auto& record : select(tx, sql, binds, static_cast<Record*>(nullptr)))
    found.push_back(audit_of(std::move(record)));
  return found;
}

/// The WHERE clause of a filter within a scope. Gluing is of constant text only; values are bound.
struct Where {
  std::string sql = "1 = 1";
  std::vector<db::Bind> binds;
  int next = 0;

  std::string name() { return ":w" + std::to_string(next++); }
  void prefix(const std::string& column, const std::string& value) {
    const std::string low = name(), high = name();
    sql += " AND " + column + " >= " + low + " AND " + column + " < " + high;
    binds.emplace_back(value);
    binds.emplace_back(value + "\x7f");
  }
  void equal(const std::string& column, db::Bind value) {
    sql += " AND " + column + " = " + name();
    binds.push_back(std::move(value));
  }
};

Where where_of(const Filter& filter, const Scope& scope, Date today) {
  Where w;
  if (!scope.everything) {
    if (!scope.enterprise.empty())
      w.equal("a.enterprise_id", scope.enterprise);
    else if (!scope.consultancy.empty()) {
      w.sql += " AND EXISTS (SELECT 1 FROM audit_mandate m WHERE m.audit_id = a.id AND m.consultancy_id = " + w.name() +
               " AND m.from_day <= " + w.name() + " AND m.to_day >= " + w.name() + ")";
      w.binds.emplace_back(scope.consultancy);
      w.binds.emplace_back(today);
      w.binds.emplace_back(today);
    } else if (!scope.guest_id.empty()) {
      w.sql += " AND EXISTS (SELECT 1 FROM audit_guest g WHERE g.audit_id = a.id AND g.party = " + w.name() +
               " AND g.party_id = " + w.name() + " AND g.from_day <= " + w.name() + " AND g.to_day >= " + w.name() +
               ")";
      w.binds.emplace_back(scope.guest_party);
      w.binds.emplace_back(scope.guest_id);
      w.binds.emplace_back(today);
      w.binds.emplace_back(today);
    } else if (scope.offices) {
      w.sql += " AND (" + scope.offices->sql + ")";
      w.binds.insert(w.binds.end(), scope.offices->binds.begin(), scope.offices->binds.end());
    } else {
      w.sql += " AND 1 = 0";
    }
  }
  if (!filter.region_prefix.empty()) w.prefix("a.region", filter.region_prefix);
  if (!filter.industry_prefix.empty()) w.prefix("a.industry", filter.industry_prefix);
  if (!filter.state.empty()) w.equal("a.state", filter.state);
  if (!filter.line.empty()) w.equal("a.lead_line", filter.line);
  if (!filter.mode.empty()) w.equal("a.mode", filter.mode);
  if (filter.year) w.equal("a.year", *filter.year);
  if (filter.enterprise) w.equal("a.enterprise_id", *filter.enterprise);
  if (filter.waiting == "publication")
    w.sql +=
        " AND NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.audit_id = a.id "
        "AND e.type = 'result_published' AND e.seq > (SELECT MAX(d.seq) FROM audit_event d WHERE d.audit_id = a.id AND "
        "d.type IN ('accepted', 'failed')))";
  else if (const auto* told = find_waiting(filter.waiting))
    w.sql += " AND a.id IN (" + std::string(told->cases) + ")";
  else if (!filter.waiting.empty()) {
    w.sql += " AND a.holder = 'authority'";
    w.equal("a.phase", filter.waiting);
  }
  if (!filter.states.empty()) {
    std::vector<std::string> any;
    for (const auto& [procedure, states] : filter.states) {
      auto one = "(a.procedure_id = " + w.name() + " AND a.state IN (";
      w.binds.emplace_back(procedure);
      for (const auto& state : states) {
        one += (one.ends_with("(") ? "" : ", ") + w.name();
        w.binds.emplace_back(state);
      }
      any.push_back(one + "))");
    }
    w.sql += " AND (" + join(any, " OR ") + ")";
  }
  if (!filter.progress.empty()) {
    w.sql += " AND a.state <> 'removed'";
    if (filter.progress == "accepted" || filter.progress == "report_filed")
      w.equal("a.state", filter.progress);
    else if (filter.progress == "late") {
      auto late = obligations::late_subjects("audit", today);
      w.sql += " AND a.id IN (" + late.sql + ")";
      w.binds.insert(w.binds.end(), late.binds.begin(), late.binds.end());
    } else if (filter.progress != "listed") {
      w.sql += " AND a." + filter.progress + "_on IS NOT NULL";
    }
  }
  if (!filter.category.empty()) {
    w.sql += " AND ',' || a.categories || ',' LIKE " + w.name();
    w.binds.emplace_back("%," + filter.category + ",%");
  }
  if (!filter.text.empty()) {
    std::string pattern = "%";
    for (const char c : lower_ascii(filter.text)) {
      if (c == '%' || c == '_' || c == '\\') pattern += '\\';
      pattern += c;
    }
    w.sql += " AND (lower(a.enterprise_name) LIKE " + w.name() + " ESCAPE '\\' OR lower(a.number) LIKE " + w.name() +
             " ESCAPE '\\')";
    w.binds.emplace_back(pattern + "%");
    w.binds.emplace_back(pattern + "%");
  }
  return w;
}

}  // namespace

void insert_audit(Tx& tx, const Audit& a, const std::string& phase) {
  const std::optional<std::string> entry = a.entry.empty() ? std::nullopt : std::optional(a.entry.str());
  tx.run(R"sql(
      INSERT INTO audit (province, id, number, enterprise_id, enterprise_name, region, industry, tags, entry_id, year, jurisdiction, procedure_id,
                         categories, lead_line, cosign_line, mode, state, phase, holder, packs_hash, indicator_system, published_on, version,
                         opened_at, changed_at)
      VALUES (:province, :id, :number, :enterprise, :name, :region, :industry, :tags, :entry, :year, :jurisdiction, :procedure,
              :categories, :lead, :cosign, :mode, :state, :phase, :holder, :packs, :system, :published, :version, :opened, :changed))sql",
         a.province, a.id, a.number, a.enterprise, a.enterprise_name, a.region, a.industry, join(a.tags, ","), entry,
         a.year, a.jurisdiction, a.procedure, join(a.categories, ","), a.lead_line, a.cosign_line, a.mode, a.state,
         phase, a.holder, a.packs_hash, a.indicator_system, a.published_on, a.version, a.opened_at, a.changed_at);
}

void update_audit(Tx& tx, const Audit& a, const std::string& phase) {
  tx.run(R"sql(
      UPDATE audit SET mode = :mode, state = :state, phase = :phase, holder = :holder, indicator_system = :system, published_on = :published,
             disclosed_on = :disclosed, started_on = :started, submitted_on = :submitted, evaluated_on = :evaluated, implemented_on = :implemented,
             accepted_on = :accepted, level = :level, version = version + 1, changed_at = :changed
       WHERE id = :id)sql",
         a.mode, a.state, phase, a.holder, a.indicator_system, a.published_on, a.disclosed_on, a.started_on,
         a.submitted_on, a.evaluated_on, a.implemented_on, a.accepted_on, a.level, a.changed_at, a.id);
}

void set_enterprise_name(Tx& tx, const Audit& a) {
  tx.run("UPDATE audit SET enterprise_name = :name, version = version + 1, changed_at = :changed WHERE id = :id",
         a.enterprise_name, a.changed_at, a.id);
}

void set_level(Tx& tx, const AuditId& id, std::string_view level) {
  tx.run("UPDATE audit SET level = :level, version = version + 1 WHERE id = :id", level, id);
}

std::optional<Audit> find(Tx& tx, const AuditId& id) {
  static const std::string sql = std::string("SELECT ") + kColumns + " FROM audit a WHERE a.id = :id";
  auto found = audits(tx, sql, {db::Bind(id)});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Audit> of_enterprise(Tx& tx, const std::string& enterprise) {
  static const std::string sql = std::string("SELECT ") + kColumns +
                                 " FROM audit a WHERE a.enterprise_id = :enterprise ORDER BY a.year DESC, a.id DESC";
  return audits(tx, sql, {db::Bind(enterprise)});
}

std::optional<AuditId> of_entry(Tx& tx, const listing::EntryId& entry) {
  return tx.value<AuditId>("SELECT id FROM audit WHERE entry_id = :entry", entry);
}

Found search(Tx& tx, const Filter& filter, const Scope& scope, const http::Page& page, Date today) {
  auto where = where_of(filter, scope, today);
  Found found;
  found.total =
      std::get<0>(tx.rows_bound<std::int64_t>("SELECT COUNT(*) FROM audit a WHERE " + where.sql, where.binds).front());

  std::string order = "a.changed_at";
  for (const char* column : {"number", "enterprise_name", "region", "state", "published_on", "changed_at"})
    if (page.sort == column) order = std::string("a.") + column;
  const std::string direction = page.descending ? " DESC" : " ASC";
  auto binds = where.binds;
  binds.emplace_back(page.size);
  binds.emplace_back(page.offset());
  found.items = audits(tx,
                       std::string("SELECT ") + kColumns + " FROM audit a WHERE " + where.sql + " ORDER BY " + order +
                           direction + (page.descending ? " NULLS LAST" : " NULLS FIRST") + ", a.id" + direction +
                           " LIMIT :size OFFSET :skip",
                       binds);
  return found;
}

std::vector<std::pair<std::string, std::int64_t>> counts_by_state(Tx& tx, const Filter& filter, const Scope& scope,
                                                                  Date today) {
  auto where = where_of(filter, scope, today);
  std::vector<std::pair<std::string, std::int64_t>> counts;
  for (auto& [state, count] : tx.rows_bound<std::string, std::int64_t>(
           "SELECT a.state, COUNT(*) FROM audit a WHERE " + where.sql + " GROUP BY a.state ORDER BY a.state",
           where.binds))
    counts.emplace_back(state, count);
  return counts;
}

void add_event(Tx& tx, const AuditId& id, const CaseEvent& event) {
  const auto seq =
      *tx.value<std::int64_t>("SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_event WHERE audit_id = :id", id);
  tx.run(
      "INSERT INTO audit_event (audit_id, seq, type, happened_on, rule, until_day) VALUES (:id, :seq, :type, :on, "
      ":rule, :until)",
      id, seq, event.type, event.on, event.rule, event.until);
}

std::vector<CaseEvent> events(Tx& tx, const AuditId& id) {
  std::vector<CaseEvent> found;
  for (auto& [type, on, rule, until] : tx.rows<std::string, Date, std::string, std::optional<Date>>(
           "SELECT type, happened_on, rule, until_day FROM audit_event WHERE audit_id = :id ORDER BY seq", id))
    found.push_back({type, on, rule, until});
  return found;
}

void add_mandate(Tx& tx, const AuditId& id, const Mandate& mandate) {
  tx.run(R"sql(
      INSERT INTO audit_mandate (id, audit_id, consultancy_id, consultancy_name, from_day, to_day, given_by, given_at)
      VALUES (:id, :audit, :consultancy, :name, :from, :to, :by, :at))sql",
         mandate.id, id, mandate.consultancy, mandate.consultancy_name, mandate.from, mandate.to, mandate.given_by,
         mandate.given_at);
}

void end_mandates(Tx& tx, const AuditId& id, Date last_day) {
  tx.run("DELETE FROM audit_mandate WHERE audit_id = :id AND from_day > :day", id, last_day);
  tx.run("UPDATE audit_mandate SET to_day = :last WHERE audit_id = :id AND to_day > :day", last_day, id, last_day);
}

std::vector<Mandate> mandates(Tx& tx, const AuditId& id) {
  std::vector<Mandate> found;
  for (auto& [mandate, consultancy, name, from, to, by, at] :
       tx.rows<std::string, std::string, std::string, Date, Date, std::string, Instant>(
           R"sql(SELECT id, consultancy_id, consultancy_name, from_day, to_day, given_by, given_at
                   FROM audit_mandate WHERE audit_id = :id ORDER BY from_day, id)sql",
           id))
    found.push_back({mandate, consultancy, name, from, to, by, at});
  return found;
}

bool has_mandate(Tx& tx, const AuditId& id, std::string_view consultancy, Date on) {
  return tx
      .value<std::int64_t>(
          "SELECT 1 FROM audit_mandate WHERE audit_id = :id AND consultancy_id = :consultancy AND from_day <= :a AND "
          "to_day >= :b LIMIT 1",
          id, consultancy, on, on)
      .has_value();
}

void put_guest(Tx& tx, const AuditId& id, std::string_view party, std::string_view party_id, Date from, Date to) {
  tx.run(R"sql(
      INSERT INTO audit_guest (audit_id, party, party_id, from_day, to_day) VALUES (:id, :party, :party_id, :from, :to)
      ON CONFLICT (audit_id, party, party_id) DO UPDATE SET from_day = excluded.from_day, to_day = excluded.to_day)sql",
         id, party, party_id, from, to);
}

bool is_guest(Tx& tx, const AuditId& id, std::string_view party, std::string_view party_id, Date on) {
  return tx
      .value<std::int64_t>(
          "SELECT 1 FROM audit_guest WHERE audit_id = :id AND party = :party AND party_id = :who AND from_day <= :a "
          "AND to_day >= :b",
          id, party, party_id, on, on)
      .has_value();
}

}  // namespace qy::audits::store
