#include "regime/register/register_store.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "db/insert.h"
#include "regime/register/register_json.h"

namespace qy::registry::store {
namespace {

// What an Enterprise is read from, in the order of EnterpriseRow.
#define QY_ENTERPRISE_COLUMNS                                                                                         \
  "e.id, e.legal_person_id, e.province, e.name, p.name, p.credit_code, p.registered_region, e.region, e.address, "    \
  "e.industry, e.scale, e.legal_representative, e.contact_name, e.contact_phone, e.longitude, e.latitude, e.status, " \
  "e.status_since, e.park_id, e.note, e.last_round_on, e.last_entered_later, e.level, e.level_on, e.rounds, "         \
  "e.version, "                                                                                                       \
  "e.created_at, e.changed_at"
#define QY_ENTERPRISE_FROM " FROM enterprise e JOIN legal_person p ON p.id = e.legal_person_id "

using Text_ = std::string;
using EnterpriseRow =
    std::tuple<EnterpriseId, LegalPersonId, Text_, Text_, Text_, std::optional<Text_>, Text_, Text_, Text_, Text_,
               Text_, Text_, Text_, Text_, std::optional<Decimal>, std::optional<Decimal>, Text_, std::optional<Date>,
               std::optional<Text_>, Text_, std::optional<Date>, bool, Text_, std::optional<Date>, int, std::int64_t,
               Instant, Instant>;

Enterprise enterprise_from(EnterpriseRow&& row) {
  Enterprise e;
  auto& f = e.facts;
  std::optional<std::string> code, park;
  std::tie(e.id, e.legal_person, e.province, f.name, f.legal_name, code, f.registered_region, f.region, f.address,
           f.industry, f.scale, f.legal_representative, f.contact_name, f.contact_phone, f.longitude, f.latitude,
           f.status, f.status_since, park, f.note, e.standing.last_round_on, e.standing.last_entered_later,
           e.standing.level, e.standing.level_on, e.standing.rounds, e.version, e.created_at, e.changed_at) =
      std::move(row);
  f.credit_code = code.value_or("");
  f.park = park.value_or("");
  return e;
}

template <class... Columns>
std::vector<std::tuple<Columns...>> query(Tx& tx, const std::string& sql, std::vector<db::Bind> binds) {
  return tx.rows_bound<Columns...>(sql, binds);
}

std::vector<EnterpriseRow> enterprise_rows(Tx& tx, const std::string& sql, const std::vector<db::Bind>& binds) {
  std::vector<EnterpriseRow> out;
  for (auto& cells : tx.query(sql, binds, std::tuple_size_v<EnterpriseRow>)) {
    out.push_back([&]<std::size_t... I>(std::index_sequence<I...>) {
      return EnterpriseRow{db::Read<std::tuple_element_t<I, EnterpriseRow>>::from(cells[I])...};
    }(std::make_index_sequence<std::tuple_size_v<EnterpriseRow>>{}));
  }
  return out;
}

/// Fills in tags and permits, a batch of enterprises at a time.
void load_children(Tx& tx, std::vector<Enterprise>& enterprises) {
  if (enterprises.empty()) return;
  std::map<std::string, std::vector<Enterprise*>> by_id;
  std::vector<std::string> ids;
  for (auto& one : enterprises) {
    auto& same = by_id[one.id.str()];
    if (same.empty()) ids.push_back(one.id.str());
    same.push_back(&one);
  }

  static const std::string tags_sql = "SELECT enterprise_id, tag FROM enterprise_tag WHERE enterprise_id IN (" +
                                      batch_placeholders() + ") ORDER BY enterprise_id, tag";
  static const std::string permits_sql =
      "SELECT enterprise_id, kind, number, valid_from, valid_to FROM enterprise_permit WHERE enterprise_id IN (" +
      batch_placeholders() + ") ORDER BY enterprise_id, seq";
  for (const auto& batch : batches(ids)) {
    const std::vector<db::Bind> binds(batch.begin(), batch.end());
    for (auto& [id, tag] : query<std::string, std::string>(tx, tags_sql, binds))
      for (auto* one : by_id[id]) one->facts.tags.push_back(tag);
    for (auto& [id, kind, number, from, to] :
         query<std::string, std::string, std::string, std::optional<Date>, std::optional<Date>>(tx, permits_sql, binds))
      for (auto* one : by_id[id]) one->facts.permits.push_back({kind, number, from, to});
  }
}

void load_former_names(Tx& tx, std::vector<Enterprise>& enterprises) {
  static const std::string sql =
      "SELECT legal_person_id, name, until FROM legal_person_former_name WHERE legal_person_id IN (" +
      batch_placeholders() + ") ORDER BY until DESC, name";
  std::map<std::string, std::vector<FormerName>> names;
  std::vector<std::string> ids;
  for (const auto& one : enterprises)
    if (names.try_emplace(one.legal_person.str()).second) ids.push_back(one.legal_person.str());
  for (const auto& batch : batches(ids))
    for (auto& [id, name, until] :
         query<std::string, std::string, Date>(tx, sql, std::vector<db::Bind>(batch.begin(), batch.end())))
      names[id].push_back({std::move(name), until});
  for (auto& one : enterprises) one.former_names = names[one.legal_person.str()];
}

std::vector<Enterprise> load(Tx& tx, const std::string& sql, const std::vector<db::Bind>& binds) {
  std::vector<Enterprise> out;
  for (auto& row : enterprise_rows(tx, sql, binds)) out.push_back(enterprise_from(std::move(row)));
  load_children(tx, out);
  return out;
}

std::optional<std::string> null_if_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

void insert_tags_and_permits(Tx& tx, const std::vector<const Enterprise*>& tagged,
                             const std::vector<const Enterprise*>& permitted) {
  std::vector<std::vector<db::Bind>> tags, permits;
  for (const auto* one : tagged)
    for (const auto& tag : one->facts.tags) tags.push_back({one->id, tag});
  for (const auto* one : permitted) {
    int seq = 0;
    for (const auto& permit : one->facts.permits)
      permits.push_back({one->id, ++seq, permit.kind, permit.number, permit.valid_from, permit.valid_to});
  }
  db::insert_rows(tx, "INSERT INTO enterprise_tag (enterprise_id, tag)", tags);
  db::insert_rows(tx, "INSERT INTO enterprise_permit (enterprise_id, seq, kind, number, valid_from, valid_to)",
                  permits);
}

constexpr const char* kInsertEnterprise =
    "INSERT INTO enterprise (id, province, legal_person_id, name, match_name, region, address, industry, scale, "
    "legal_representative, contact_name, contact_phone, longitude, latitude, status, status_since, park_id, note, "
    "last_round_on, last_entered_later, level, level_on, rounds, version, created_at, changed_at)";

std::vector<db::Bind> row_of(const Enterprise& e) {
  const auto& f = e.facts;
  const auto& s = e.standing;
  return {e.id,
          e.province,
          e.legal_person,
          f.name,
          match_name_of(f.name),
          f.region,
          f.address,
          f.industry,
          f.scale,
          f.legal_representative,
          f.contact_name,
          f.contact_phone,
          f.longitude,
          f.latitude,
          f.status,
          f.status_since,
          null_if_empty(f.park),
          f.note,
          s.last_round_on,
          s.last_entered_later,
          s.level,
          s.level_on,
          s.rounds,
          e.version,
          e.created_at,
          e.changed_at};
}

/// `sql` ends where batch_placeholders() and ")" belong.
void delete_of(Tx& tx, const std::string& sql, const std::vector<const Enterprise*>& enterprises) {
  std::vector<std::string> ids;
  for (const auto* one : enterprises) ids.push_back(one->id.str());
  for (const auto& batch : batches(ids))
    tx.execute(sql + batch_placeholders() + ")", std::vector<db::Bind>(batch.begin(), batch.end()));
}

/// A LIKE pattern that finds `text` anywhere; its own wildcards are dropped.
std::string anywhere(std::string_view text) {
  std::string out = "%";
  for (const char c : match_name_of(text))
    if (c != '%' && c != '_' && c != '\\') out.push_back(c);
  return out + "%";
}

struct Where {
  std::string sql;
  std::vector<db::Bind> binds;
};

Where where_of(const Filter& filter) {
  Where where;
  int n = 0;
  const auto bind = [&](db::Bind value) {
    where.binds.push_back(std::move(value));
    return ":w" + std::to_string(n++);
  };
  if (!filter.only.empty()) {
    where.sql = " WHERE e.id = " + bind(filter.only);
  } else {
    const auto scope = filter.region.empty() && filter.scope ? *filter.scope : subtree(filter.region, "e.region");
    where.sql = " WHERE " + scope.sql;
    where.binds = scope.binds;
  }
  if (!filter.industry.empty()) where.sql += " AND e.industry LIKE " + bind(filter.industry + "%");
  if (!filter.industry_codes.empty()) {
    std::string any;
    for (const auto& code : filter.industry_codes)
      any += (any.empty() ? "e.industry LIKE " : " OR e.industry LIKE ") + bind(code + "%");
    where.sql += " AND (" + any + ")";
  }
  if (!filter.tag.empty())
    where.sql +=
        " AND EXISTS (SELECT 1 FROM enterprise_tag t WHERE t.enterprise_id = e.id AND t.tag = " + bind(filter.tag) +
        ")";
  if (!filter.category.empty())
    where.sql += " AND EXISTS (SELECT 1 FROM enterprise_category c WHERE c.enterprise_id = e.id AND c.category = " +
                 bind(filter.category) + ")";
  if (!filter.status.empty())
    where.sql += " AND e.status = " + bind(filter.status);
  else if (!filter.closed_too)
    where.sql += " AND e.status <> 'closed'";
  if (!filter.text.empty()) {
    const auto pattern = anywhere(filter.text);
    where.sql += " AND (e.match_name LIKE " + bind(pattern);
    where.sql += " OR p.match_name LIKE " + bind(pattern);
    where.sql += " OR lower(p.credit_code) LIKE " + bind(pattern);
    where.sql +=
        " OR EXISTS (SELECT 1 FROM legal_person_former_name f WHERE f.legal_person_id = p.id AND f.match_name LIKE " +
        bind(pattern) + "))";
  }
  if (filter.never_audited)
    where.sql += " AND e.last_round_on IS NULL";
  else if (filter.round_before)
    where.sql += " AND (e.last_round_on IS NULL OR e.last_round_on <= " + bind(*filter.round_before) + ")";
  return where;
}

using PartyRow = std::tuple<PartyId, Text_, Text_, Text_, std::optional<Text_>, Text_, Text_, Text_, Text_, Text_,
                            Text_, Text_, Text_, bool, Text_, std::int64_t>;
#define QY_PARTY_COLUMNS                                                                                            \
  "id, province, kind, name, credit_code, region, address, employer, title, fields, qualifications, contact_name, " \
  "contact_phone, active, note, version"

std::vector<std::string> texts_of(const std::string& stored) {
  std::vector<std::string> out;
  const auto parsed = json::parse(stored);
  if (parsed && parsed->is_array())
    for (const auto& one : parsed->as_array())
      if (one.is_string()) out.emplace_back(one.as_string());
  return out;
}

std::string stored(const std::vector<std::string>& texts) {
  json::Array out;
  for (const auto& text : texts) out.emplace_back(text);
  return json::dump(out);
}

PartyEntry party_from(PartyRow&& row) {
  PartyEntry party;
  auto& f = party.facts;
  std::string kind, fields, qualifications;
  std::optional<std::string> code;
  std::tie(party.id, party.province, kind, f.name, code, f.region, f.address, f.employer, f.title, fields,
           qualifications, f.contact_name, f.contact_phone, f.active, f.note, party.version) = std::move(row);
  f.kind = identity::party_of(kind);
  f.credit_code = code.value_or("");
  f.fields = texts_of(fields);
  f.qualifications = texts_of(qualifications);
  return party;
}

std::vector<PartyEntry> party_rows(Tx& tx, const std::string& sql, const std::vector<db::Bind>& binds) {
  std::vector<PartyEntry> out;
  for (auto& cells : tx.query(sql, binds, std::tuple_size_v<PartyRow>))
    out.push_back(party_from([&]<std::size_t... I>(std::index_sequence<I...>) {
      return PartyRow{db::Read<std::tuple_element_t<I, PartyRow>>::from(cells[I])...};
    }(std::make_index_sequence<std::tuple_size_v<PartyRow>>{})));
  return out;
}

Where where_of(const PartyFilter& filter) {
  Where where;
  const auto range = region_range(filter.region);
  where.sql = " WHERE kind = :kind AND region BETWEEN :low AND :high";
  where.binds = {filter.kind, range.low, range.high};
  if (!filter.inactive_too) where.sql += " AND active = 1";
  if (!filter.text.empty()) {
    where.sql += " AND (match_name LIKE :name OR lower(employer) LIKE :employer)";
    where.binds.push_back(anywhere(filter.text));
    where.binds.push_back(anywhere(filter.text));
  }
  if (!filter.field.empty()) {
    where.sql += " AND fields LIKE :field";
    std::string pattern = "%\"";
    for (const char c : filter.field)
      if (c != '%' && c != '"' && c != '\\') pattern.push_back(c);
    where.binds.push_back(pattern + "\"%");
  }
  return where;
}

using FormerRow = std::tuple<FormerRoundId, EnterpriseId, int, Text_, Date, Text_, Text_, Text_, Instant, std::int64_t>;

FormerRound former_from(FormerRow&& row) {
  FormerRound round;
  std::tie(round.id, round.enterprise, round.year, round.document_number, round.accepted_on, round.level, round.scan,
           round.recorded_by, round.recorded_at, round.version) = std::move(row);
  return round;
}

using SecretRow = std::tuple<SecretUnitId, Text_, Text_, Text_, Text_, int, std::int64_t>;

SecretUnit secret_from(SecretRow&& row) {
  SecretUnit unit;
  std::tie(unit.id, unit.province, unit.region, unit.number, unit.stage, unit.year, unit.version) = std::move(row);
  return unit;
}

/// Years from `from` to `to`; everything when none is asked for.
std::pair<int, int> years(std::optional<int> year) { return {year.value_or(0), year.value_or(9999)}; }

}  // namespace

const std::string& batch_placeholders() {
  static const std::string text = [] {
    std::string out = "VALUES ";
    for (std::size_t i = 0; i < kBatch; ++i) out += (i ? ", (:p" : "(:p") + std::to_string(i) + ")";
    return out;
  }();
  return text;
}

std::vector<std::vector<std::string>> batches(const std::vector<std::string>& all) {
  std::vector<std::vector<std::string>> out;
  for (std::size_t at = 0; at < all.size(); at += kBatch) {
    std::vector<std::string> one(all.begin() + static_cast<std::ptrdiff_t>(at),
                                 all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), at + kBatch)));
    const auto last = one.back();
    one.resize(kBatch, last);
    out.push_back(std::move(one));
  }
  return out;
}

// ---- Enterprises
// ----------------------------------------------------------------------------------------------------------

std::optional<Enterprise> find(Tx& tx, const EnterpriseId& id) {
  auto found = load(tx, "SELECT " QY_ENTERPRISE_COLUMNS QY_ENTERPRISE_FROM "WHERE e.id = :id", {id});
  if (found.empty()) return std::nullopt;
  found.front().former_names = former_names(tx, found.front().legal_person);
  return std::move(found.front());
}

std::vector<Enterprise> find_all(Tx& tx, const std::vector<std::string>& ids) {
  static const std::string sql =
      "SELECT " QY_ENTERPRISE_COLUMNS QY_ENTERPRISE_FROM "WHERE e.id IN (" + batch_placeholders() + ")";
  std::vector<Enterprise> out;
  for (const auto& batch : batches(ids))
    for (auto& one : load(tx, sql, std::vector<db::Bind>(batch.begin(), batch.end()))) out.push_back(std::move(one));
  load_former_names(tx, out);
  return out;
}

std::vector<PublicView> public_views(Tx& tx, const std::vector<std::string>& ids) {
  static const std::string sql = "SELECT e.id, e.name, p.credit_code, e.region, e.industry, e.status" QY_ENTERPRISE_FROM
                                 "WHERE e.id IN (" +
                                 batch_placeholders() + ")";
  std::vector<PublicView> out;
  for (const auto& batch : batches(ids))
    for (auto& [id, name, code, region, industry, status] :
         query<EnterpriseId, Text_, std::optional<Text_>, Text_, Text_, Text_>(
             tx, sql, std::vector<db::Bind>(batch.begin(), batch.end())))
      out.push_back({std::move(id),
                     std::move(name),
                     code.value_or(""),
                     std::move(region),
                     std::move(industry),
                     std::move(status),
                     {}});
  return out;
}

std::vector<Enterprise> by_credit_codes(Tx& tx, std::string_view province, const std::vector<std::string>& codes) {
  static const std::string sql = "SELECT " QY_ENTERPRISE_COLUMNS QY_ENTERPRISE_FROM
                                 "WHERE p.province = :province AND p.credit_code IN (" +
                                 batch_placeholders() + ") ORDER BY e.id";
  std::vector<Enterprise> out;
  for (const auto& batch : batches(codes)) {
    std::vector<db::Bind> binds{std::string(province)};
    binds.insert(binds.end(), batch.begin(), batch.end());
    for (auto& one : load(tx, sql, binds)) out.push_back(std::move(one));
  }
  load_former_names(tx, out);
  return out;
}

std::vector<Named> by_match_names(Tx& tx, const RegionRange& range, const std::vector<std::string>& match_names) {
  // Names find few rows, a region many: the region is compared here, lest the database begin with it.
  static const std::string statements[] = {
      "SELECT e.match_name, e.region, e.id FROM enterprise e WHERE e.match_name IN (" + batch_placeholders() +
          ") ORDER BY e.id",
      "SELECT p.match_name, e.region, e.id FROM legal_person p JOIN enterprise e ON e.legal_person_id = p.id WHERE "
      "p.match_name IN (" +
          batch_placeholders() + ") ORDER BY e.id",
      "SELECT f.match_name, e.region, e.id FROM legal_person_former_name f JOIN enterprise e ON e.legal_person_id = "
      "f.legal_person_id WHERE f.match_name IN (" +
          batch_placeholders() + ") ORDER BY e.id",
      "SELECT a.match_name, a.region, a.enterprise_id FROM enterprise_alias a WHERE a.match_name IN (" +
          batch_placeholders() + ") ORDER BY a.enterprise_id"};
  struct Hit {
    std::string match_name, region, id;
  };
  std::vector<Hit> hits;
  std::vector<std::string> ids;
  for (const auto& batch : batches(match_names)) {
    const std::vector<db::Bind> binds(batch.begin(), batch.end());
    for (const auto& sql : statements)
      for (auto& [name, region, id] : query<std::string, std::string, std::string>(tx, sql, binds)) {
        if (region < range.low || range.high < region) continue;
        ids.push_back(id);
        hits.push_back({std::move(name), std::move(region), std::move(id)});
      }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::map<std::string, Enterprise> by_id;
  for (auto& one : find_all(tx, ids)) by_id.emplace(one.id.str(), std::move(one));
  std::vector<Named> out;
  for (auto& hit : hits)
    if (const auto found = by_id.find(hit.id); found != by_id.end())
      out.push_back({std::move(hit.match_name), std::move(hit.region), found->second});
  return out;
}

void insert(Tx& tx, const std::vector<Enterprise>& enterprises) {
  std::vector<std::vector<db::Bind>> rows;
  std::vector<const Enterprise*> all;
  for (const auto& one : enterprises) {
    rows.push_back(row_of(one));
    all.push_back(&one);
  }
  db::insert_rows(tx, kInsertEnterprise, rows);
  insert_tags_and_permits(tx, all, all);
}

bool update(Tx& tx, const std::vector<Change>& changes) {
  std::vector<std::vector<db::Bind>> rows;
  std::vector<const Enterprise*> tagged, permitted;
  for (const auto& change : changes) {
    rows.push_back(row_of(change.after));
    if (change.after.facts.tags != change.before.tags) tagged.push_back(&change.after);
    if (change.after.facts.permits != change.before.permits) permitted.push_back(&change.after);
  }
  const auto touched = db::insert_rows(tx, kInsertEnterprise, rows, R"sql(
      ON CONFLICT (id) DO UPDATE SET legal_person_id = excluded.legal_person_id, name = excluded.name,
             match_name = excluded.match_name, region = excluded.region, address = excluded.address,
             industry = excluded.industry, scale = excluded.scale, legal_representative = excluded.legal_representative,
             contact_name = excluded.contact_name, contact_phone = excluded.contact_phone,
             longitude = excluded.longitude, latitude = excluded.latitude, status = excluded.status,
             status_since = excluded.status_since, park_id = excluded.park_id, note = excluded.note,
             last_round_on = excluded.last_round_on, last_entered_later = excluded.last_entered_later,
             level = excluded.level, level_on = excluded.level_on, rounds = excluded.rounds,
             version = excluded.version, changed_at = excluded.changed_at
       WHERE enterprise.version IN (excluded.version - 1, excluded.version))sql");
  if (touched != static_cast<std::int64_t>(changes.size())) return false;
  delete_of(tx, "DELETE FROM enterprise_tag WHERE enterprise_id IN (", tagged);
  delete_of(tx, "DELETE FROM enterprise_permit WHERE enterprise_id IN (", permitted);
  insert_tags_and_permits(tx, tagged, permitted);
  return true;
}

bool update(Tx& tx, const Enterprise& e, const EnterpriseFacts& before, std::int64_t expected) {
  const auto& f = e.facts;
  const auto touched =
      tx.run(R"sql(
      UPDATE enterprise SET legal_person_id = :legal_person, name = :name, match_name = :match_name, region = :region, address = :address,
             industry = :industry, scale = :scale, legal_representative = :representative, contact_name = :contact_name,
             contact_phone = :contact_phone, longitude = :longitude, latitude = :latitude, status = :status, status_since = :status_since,
             park_id = :park, note = :note, version = :next, changed_at = :changed_at
       WHERE id = :id AND version = :expected)sql",
             e.legal_person, f.name, match_name_of(f.name), f.region, f.address, f.industry, f.scale,
             f.legal_representative, f.contact_name, f.contact_phone, f.longitude, f.latitude, f.status, f.status_since,
             null_if_empty(f.park), f.note, e.version, e.changed_at, e.id, expected);
  if (touched != 1) return false;
  if (f.tags != before.tags) {
    tx.run("DELETE FROM enterprise_tag WHERE enterprise_id = :id", e.id);
    insert_tags_and_permits(tx, {&e}, {});
  }
  if (f.permits != before.permits) {
    tx.run("DELETE FROM enterprise_permit WHERE enterprise_id = :id", e.id);
    insert_tags_and_permits(tx, {}, {&e});
  }
  return true;
}

void add_alias(Tx& tx, std::string_view region, std::string_view match_name, const EnterpriseId& id) {
  tx.run(R"sql(INSERT INTO enterprise_alias (region, match_name, enterprise_id) VALUES (:region, :match_name, :id)
               ON CONFLICT (region, match_name) DO UPDATE SET enterprise_id = excluded.enterprise_id)sql",
         region, match_name, id);
}

// ---- Legal persons
// --------------------------------------------------------------------------------------------------------

namespace {
using PersonRow = std::tuple<LegalPersonId, Text_, std::optional<Text_>, Text_, Text_>;
LegalPerson person_from(PersonRow&& row) {
  auto& [id, province, code, name, region] = row;
  return {std::move(id), std::move(province), code.value_or(""), std::move(name), std::move(region)};
}
}  // namespace

std::optional<LegalPerson> find_legal_person(Tx& tx, const LegalPersonId& id) {
  auto found = tx.row<LegalPersonId, Text_, std::optional<Text_>, Text_, Text_>(
      "SELECT id, province, credit_code, name, registered_region FROM legal_person WHERE id = :id", id);
  if (!found) return std::nullopt;
  return person_from(std::move(*found));
}

std::optional<LegalPerson> legal_person_of_code(Tx& tx, std::string_view province, std::string_view credit_code) {
  auto found = tx.row<LegalPersonId, Text_, std::optional<Text_>, Text_, Text_>(
      "SELECT id, province, credit_code, name, registered_region FROM legal_person WHERE province = :province AND "
      "credit_code = :code",
      province, credit_code);
  if (!found) return std::nullopt;
  return person_from(std::move(*found));
}

std::vector<LegalPerson> legal_persons_of_codes(Tx& tx, std::string_view province,
                                                const std::vector<std::string>& codes) {
  static const std::string sql =
      "SELECT id, province, credit_code, name, registered_region FROM legal_person WHERE province = :province AND "
      "credit_code IN (" +
      batch_placeholders() + ")";
  std::vector<LegalPerson> out;
  for (const auto& batch : batches(codes)) {
    std::vector<db::Bind> binds{std::string(province)};
    binds.insert(binds.end(), batch.begin(), batch.end());
    for (auto& row : query<LegalPersonId, Text_, std::optional<Text_>, Text_, Text_>(tx, sql, binds))
      out.push_back(person_from(std::move(row)));
  }
  return out;
}

void insert_legal_persons(Tx& tx, const std::vector<LegalPerson>& persons) {
  std::vector<std::vector<db::Bind>> rows;
  for (const auto& one : persons)
    rows.push_back({one.id, one.province, null_if_empty(one.credit_code), one.name, match_name_of(one.name),
                    one.registered_region});
  db::insert_rows(tx, "INSERT INTO legal_person (id, province, credit_code, name, match_name, registered_region)",
                  rows);
}

void update_legal_person(Tx& tx, const LegalPerson& person) {
  tx.run(
      "UPDATE legal_person SET credit_code = :code, name = :name, match_name = :match_name, registered_region = "
      ":region WHERE id = :id",
      null_if_empty(person.credit_code), person.name, match_name_of(person.name), person.registered_region, person.id);
}

void add_former_name(Tx& tx, const LegalPersonId& id, std::string_view name, Date until) {
  tx.run(
      R"sql(INSERT INTO legal_person_former_name (legal_person_id, name, match_name, until) VALUES (:id, :name, :match_name, :until)
               ON CONFLICT DO NOTHING)sql",
      id, name, match_name_of(name), until);
}

std::vector<FormerName> former_names(Tx& tx, const LegalPersonId& id) {
  std::vector<FormerName> out;
  for (auto& [name, until] : tx.rows<std::string, Date>(
           "SELECT name, until FROM legal_person_former_name WHERE legal_person_id = :id ORDER BY until DESC, name",
           id))
    out.push_back({std::move(name), until});
  return out;
}

std::vector<EnterpriseId> sites_of(Tx& tx, const LegalPersonId& id) {
  std::vector<EnterpriseId> out;
  for (auto& [site] :
       tx.rows<EnterpriseId>("SELECT id FROM enterprise WHERE legal_person_id = :id ORDER BY region, match_name", id))
    out.push_back(std::move(site));
  return out;
}

std::vector<EnterpriseId> sites_of_credit_code(Tx& tx, std::string_view credit_code) {
  std::vector<EnterpriseId> out;
  for (auto& [site] :
       tx.rows<EnterpriseId>("SELECT e.id FROM enterprise e JOIN legal_person p ON p.id = e.legal_person_id WHERE "
                             "p.credit_code = :code ORDER BY e.region, e.name, e.id",
                             credit_code))
    out.push_back(std::move(site));
  return out;
}

// ---- Lists
// ------------------------------------------------------------------------------------------------------------------

std::vector<Enterprise> list(Tx& tx, const Filter& filter, const Sorting& sorting, int limit, std::int64_t offset) {
  auto where = where_of(filter);
  const std::string way = sorting.descending ? " DESC" : "";
  std::string order = " ORDER BY e.region" + way + ", e.name" + way + ", e.id";
  if (sorting.column == "name") order = " ORDER BY e.name" + way + ", e.id";
  if (sorting.column == "industry") order = " ORDER BY e.industry" + way + ", e.name, e.id";
  if (sorting.column == "last_round_on")
    order =
        " ORDER BY e.last_round_on" + way + (sorting.descending ? " NULLS LAST" : " NULLS FIRST") + ", e.name, e.id";
  if (sorting.column == "changed_at") order = " ORDER BY e.changed_at" + way + ", e.id";
  where.binds.emplace_back(limit);
  where.binds.emplace_back(offset);
  return load(tx,
              "SELECT " QY_ENTERPRISE_COLUMNS QY_ENTERPRISE_FROM + where.sql + order + " LIMIT :limit OFFSET :offset",
              where.binds);
}

std::int64_t count(Tx& tx, const Filter& filter) {
  const auto where = where_of(filter);
  const std::string from = filter.text.empty() ? " FROM enterprise e" : QY_ENTERPRISE_FROM;
  return std::get<0>(tx.rows_bound<std::int64_t>("SELECT COUNT(*)" + from + where.sql, where.binds).front());
}

// ---- History
// ------------------------------------------------------------------------------------------------------------------

void add_revisions(Tx& tx, const std::vector<Revision>& revisions) {
  std::vector<std::vector<db::Bind>> rows;
  for (const auto& one : revisions)
    rows.push_back({one.enterprise_id, one.version, one.at, one.actor_id, one.actor_name, one.post, one.source,
                    one.import_id, json::dump(one.changes)});
  db::insert_rows(tx,
                  "INSERT INTO enterprise_revision (enterprise_id, version, at, actor_id, actor_name, post, source, "
                  "import_id, changes)",
                  rows);
}

std::vector<Revision> revisions(Tx& tx, const EnterpriseId& id) {
  std::vector<Revision> out;
  for (auto& [version, at, actor, name, post, source, import_id, changes] :
       tx.rows<std::int64_t, Instant, Text_, Text_, Text_, Text_, Text_, Text_>(
           R"sql(SELECT version, at, actor_id, actor_name, post, source, import_id, changes FROM enterprise_revision
                  WHERE enterprise_id = :id ORDER BY version DESC)sql",
           id)) {
    auto parsed = json::parse(changes);
    out.push_back({id.str(), version, at, std::move(actor), std::move(name), std::move(post), std::move(source),
                   std::move(import_id), parsed ? std::move(*parsed) : json::Value(json::Object{})});
  }
  return out;
}

// ---- Standing
// -----------------------------------------------------------------------------------------------------------------

void put_round(Tx& tx, const EnterpriseId& id, const NewStanding& standing) {
  tx.run(
      R"sql(INSERT INTO enterprise_round (enterprise_id, reference, accepted_on, level) VALUES (:id, :reference, :on, :level)
               ON CONFLICT (enterprise_id, reference) DO UPDATE SET accepted_on = excluded.accepted_on, level = excluded.level)sql",
      id, standing.reference, standing.accepted_on, standing.level);
}

std::vector<NewStanding> rounds(Tx& tx, const EnterpriseId& id) {
  std::vector<NewStanding> out;
  for (auto& [reference, on, level] :
       tx.rows<Text_, Date, Text_>("SELECT reference, accepted_on, level FROM enterprise_round WHERE enterprise_id = "
                                   ":id ORDER BY accepted_on DESC, reference DESC",
                                   id))
    out.push_back({std::move(reference), on, std::move(level)});
  return out;
}

void project_standing(Tx& tx, const EnterpriseId& id) {
  const auto here = rounds(tx, id);
  const auto former = former_rounds(tx, id);
  std::optional<Date> last, level_on;
  bool entered_later = false;
  std::string level;
  if (!here.empty()) last = here.front().accepted_on;
  for (const auto& round : here)
    if (!round.level.empty()) {
      level = round.level;
      level_on = round.accepted_on;
      break;
    }
  if (!former.empty() && (!last || *last < former.front().accepted_on)) {
    last = former.front().accepted_on;
    entered_later = true;
  }
  tx.run(
      R"sql(UPDATE enterprise SET last_round_on = :last, last_entered_later = :later, level = :level, level_on = :level_on, rounds = :rounds
                WHERE id = :id)sql",
      last, entered_later, level, level_on, static_cast<std::int64_t>(here.size() + former.size()), id);
}

std::vector<FormerRound> former_rounds(Tx& tx, const EnterpriseId& id) {
  std::vector<FormerRound> out;
  for (
      auto& row : tx.rows<FormerRoundId, EnterpriseId, int, Text_, Date, Text_, Text_, Text_, Instant, std::int64_t>(
          R"sql(SELECT id, enterprise_id, year, document_number, accepted_on, level, scan, recorded_by, recorded_at, version
                   FROM former_round WHERE enterprise_id = :id ORDER BY accepted_on DESC, id DESC)sql",
          id))
    out.push_back(former_from(std::move(row)));
  return out;
}

std::optional<FormerRound> find_former_round(Tx& tx, const FormerRoundId& id) {
  auto row = tx.row<FormerRoundId, EnterpriseId, int, Text_, Date, Text_, Text_, Text_, Instant, std::int64_t>(
      R"sql(SELECT id, enterprise_id, year, document_number, accepted_on, level, scan, recorded_by, recorded_at, version
              FROM former_round WHERE id = :id)sql",
      id);
  if (!row) return std::nullopt;
  return former_from(std::move(*row));
}

bool former_round_in_year(Tx& tx, const EnterpriseId& id, int year, const FormerRoundId& but) {
  return tx
      .value<std::int64_t>("SELECT 1 FROM former_round WHERE enterprise_id = :id AND year = :year AND id <> :but", id,
                           year, but.str())
      .has_value();
}

void insert_former_rounds(Tx& tx, std::string_view province, const std::vector<FormerRound>& rounds) {
  std::vector<std::vector<db::Bind>> rows;
  for (const auto& one : rounds)
    rows.push_back({one.id, province, one.enterprise, one.year, one.document_number, one.accepted_on, one.level,
                    one.scan, one.recorded_by, one.recorded_at, 1});
  db::insert_rows(tx,
                  "INSERT INTO former_round (id, province, enterprise_id, year, document_number, accepted_on, level, "
                  "scan, recorded_by, recorded_at, version)",
                  rows);
}

bool update_former_round(Tx& tx, const FormerRound& round, std::int64_t expected) {
  return tx.run(
             R"sql(UPDATE former_round SET year = :year, document_number = :number, accepted_on = :on, level = :level, scan = :scan,
                             recorded_by = :by, recorded_at = :at, version = :next
                       WHERE id = :id AND version = :expected)sql",
             round.year, round.document_number, round.accepted_on, round.level, round.scan, round.recorded_by,
             round.recorded_at, expected + 1, round.id, expected) == 1;
}

bool remove_former_round(Tx& tx, const FormerRoundId& id, std::int64_t expected) {
  return tx.run("DELETE FROM former_round WHERE id = :id AND version = :expected", id, expected) == 1;
}

void put_categories(Tx& tx, const EnterpriseId& id, const std::vector<std::string>& categories) {
  tx.run("DELETE FROM enterprise_category WHERE enterprise_id = :id", id);
  for (const auto& category : categories)
    tx.run("INSERT INTO enterprise_category (enterprise_id, category) VALUES (:id, :category) ON CONFLICT DO NOTHING",
           id, category);
}

std::vector<std::string> categories(Tx& tx, const EnterpriseId& id) {
  std::vector<std::string> out;
  for (auto& [one] :
       tx.rows<std::string>("SELECT category FROM enterprise_category WHERE enterprise_id = :id ORDER BY category", id))
    out.push_back(std::move(one));
  return out;
}

// ---- Parties
// --------------------------------------------------------------------------------------------------------------------

std::optional<PartyEntry> find_party(Tx& tx, const PartyId& id) {
  auto found = party_rows(tx, "SELECT " QY_PARTY_COLUMNS " FROM register_party WHERE id = :id", {id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<PartyEntry> list_parties(Tx& tx, const PartyFilter& filter, bool by_name, bool descending, int limit,
                                     std::int64_t offset) {
  auto where = where_of(filter);
  const std::string way = descending ? " DESC" : "";
  const std::string order =
      by_name ? " ORDER BY name" + way + ", id" : " ORDER BY region" + way + ", name" + way + ", id";
  where.binds.emplace_back(limit);
  where.binds.emplace_back(offset);
  return party_rows(
      tx, "SELECT " QY_PARTY_COLUMNS " FROM register_party" + where.sql + order + " LIMIT :limit OFFSET :offset",
      where.binds);
}

std::int64_t count_parties(Tx& tx, const PartyFilter& filter) {
  const auto where = where_of(filter);
  return std::get<0>(
      tx.rows_bound<std::int64_t>("SELECT COUNT(*) FROM register_party" + where.sql, where.binds).front());
}

bool party_exists(Tx& tx, std::string_view province, const PartyFacts& facts, const PartyId& but) {
  const auto kind = identity::to_string(facts.kind);
  if (!facts.credit_code.empty())
    return tx
        .value<std::int64_t>(
            "SELECT 1 FROM register_party WHERE province = :province AND kind = :kind AND credit_code = :code AND id "
            "<> :but",
            province, kind, facts.credit_code, but.str())
        .has_value();
  return tx
      .value<std::int64_t>(
          "SELECT 1 FROM register_party WHERE province = :province AND kind = :kind AND match_name = :name AND "
          "employer = :employer AND "
          "region = :region AND id <> :but",
          province, kind, match_name_of(facts.name), facts.employer, facts.region, but.str())
      .has_value();
}

void insert_party(Tx& tx, const PartyEntry& party, Instant at) {
  const auto& f = party.facts;
  tx.run(
      R"sql(INSERT INTO register_party (id, province, kind, name, match_name, credit_code, region, address, employer, title, fields,
                                           qualifications, contact_name, contact_phone, active, note, version, changed_at)
               VALUES (:id, :province, :kind, :name, :match_name, :code, :region, :address, :employer, :title, :fields,
                       :qualifications, :contact_name, :contact_phone, :active, :note, 1, :at))sql",
      party.id, party.province, identity::to_string(f.kind), f.name, match_name_of(f.name),
      null_if_empty(f.credit_code), f.region, f.address, f.employer, f.title, stored(f.fields),
      stored(f.qualifications), f.contact_name, f.contact_phone, f.active, f.note, at);
}

bool update_party(Tx& tx, const PartyEntry& party, std::int64_t expected, Instant at) {
  const auto& f = party.facts;
  return tx.run(
             R"sql(UPDATE register_party SET name = :name, match_name = :match_name, credit_code = :code, region = :region, address = :address,
                             employer = :employer, title = :title, fields = :fields, qualifications = :qualifications,
                             contact_name = :contact_name, contact_phone = :contact_phone, active = :active, note = :note, version = :next,
                             changed_at = :at
                       WHERE id = :id AND version = :expected)sql",
             f.name, match_name_of(f.name), null_if_empty(f.credit_code), f.region, f.address, f.employer, f.title,
             stored(f.fields), stored(f.qualifications), f.contact_name, f.contact_phone, f.active, f.note,
             expected + 1, at, party.id, expected) == 1;
}

// ---- 涉密单位
// -------------------------------------------------------------------------------------------------------------------

std::vector<SecretUnit> secret_units(Tx& tx, const identity::RowScope& scope, std::optional<int> year, int limit,
                                     std::int64_t offset) {
  const auto [from, to] = years(year);
  auto binds = scope.binds;
  for (const std::int64_t bind : {std::int64_t{from}, std::int64_t{to}, std::int64_t{limit}, offset})
    binds.emplace_back(bind);
  std::vector<SecretUnit> out;
  for (auto& row : tx.rows_bound<SecretUnitId, Text_, Text_, Text_, Text_, int, std::int64_t>(
           "SELECT id, province, region, number, stage, year, version FROM secret_unit WHERE " + scope.sql +
               " AND year BETWEEN :first_year AND :last_year ORDER BY year DESC, region, number LIMIT :limit OFFSET "
               ":offset",
           binds))
    out.push_back(secret_from(std::move(row)));
  return out;
}

std::int64_t count_secret_units(Tx& tx, const identity::RowScope& scope, std::optional<int> year) {
  const auto [from, to] = years(year);
  auto binds = scope.binds;
  binds.emplace_back(from);
  binds.emplace_back(to);
  return std::get<0>(tx.rows_bound<std::int64_t>("SELECT COUNT(*) FROM secret_unit WHERE " + scope.sql +
                                                     " AND year BETWEEN :first_year AND :last_year",
                                                 binds)
                         .front());
}

std::optional<SecretUnit> find_secret_unit(Tx& tx, const SecretUnitId& id) {
  auto row = tx.row<SecretUnitId, Text_, Text_, Text_, Text_, int, std::int64_t>(
      "SELECT id, province, region, number, stage, year, version FROM secret_unit WHERE id = :id", id);
  if (!row) return std::nullopt;
  return secret_from(std::move(*row));
}

bool secret_unit_exists(Tx& tx, const SecretUnit& unit) {
  return tx
      .value<std::int64_t>(
          "SELECT 1 FROM secret_unit WHERE region = :region AND year = :year AND number = :number AND id <> :id",
          unit.region, unit.year, unit.number, unit.id.str())
      .has_value();
}

void insert_secret_unit(Tx& tx, const SecretUnit& unit) {
  tx.run(
      "INSERT INTO secret_unit (id, province, region, year, number, stage, version) VALUES (:id, :province, :region, "
      ":year, :number, :stage, 1)",
      unit.id, unit.province, unit.region, unit.year, unit.number, unit.stage);
}

bool update_secret_unit(Tx& tx, const SecretUnit& unit, std::int64_t expected) {
  return tx.run(
             R"sql(UPDATE secret_unit SET region = :region, year = :year, number = :number, stage = :stage, version = :next
                       WHERE id = :id AND version = :expected)sql",
             unit.region, unit.year, unit.number, unit.stage, expected + 1, unit.id, expected) == 1;
}

bool remove_secret_unit(Tx& tx, const SecretUnitId& id, std::int64_t expected) {
  return tx.run("DELETE FROM secret_unit WHERE id = :id AND version = :expected", id, expected) == 1;
}

std::vector<SecretCount> secret_counts(Tx& tx, const identity::RowScope& scope, std::optional<int> year) {
  const auto [from, to] = years(year);
  auto binds = scope.binds;
  binds.emplace_back(from);
  binds.emplace_back(to);
  std::vector<SecretCount> out;
  for (auto& [where, when, listed, reported, accepted] : tx.rows_bound<Text_, int, int, int, int>(
           "SELECT region, year, COUNT(*), SUM(CASE WHEN stage = 'listed' THEN 0 ELSE 1 END), SUM(CASE WHEN stage = "
           "'accepted' THEN 1 ELSE 0 END) "
           "FROM secret_unit WHERE " +
               scope.sql +
               " AND year BETWEEN :first_year AND :last_year GROUP BY region, year ORDER BY year DESC, region",
           binds))
    out.push_back({where, when, listed, reported, accepted});
  return out;
}

identity::RowScope subtree(std::string_view region, std::string_view column) {
  const auto range = region_range(region);
  const std::string name(column);
  if (range.low == range.high) return {name + " = :region", {range.low}};
  return {name + " BETWEEN :low_region AND :high_region", {range.low, range.high}};
}

}  // namespace qy::registry::store
