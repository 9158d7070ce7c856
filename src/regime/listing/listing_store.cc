#include "regime/listing/listing_store.h"

#include "base/text.h"
#include "db/where.h"

namespace qy::listing::store {
namespace {

using OptionalText = std::optional<std::string>;
using OptionalDate = std::optional<Date>;

#define QY_LIST_COLUMNS                                                                                          \
  "id, province, region, jurisdiction, year, batch, COALESCE(corrected_title_zh, title_zh), "                    \
  "COALESCE(corrected_title_en, title_en), state, COALESCE(corrected_document_number, document_number), "        \
  "COALESCE(corrected_dated_on, dated_on), published_on, COALESCE(corrected_published_where, published_where), " \
  "drafted_by, version, title_zh, title_en, document_number, dated_on, published_where, CASE WHEN "              \
  "COALESCE(corrected_title_zh, corrected_title_en, corrected_document_number, corrected_dated_on, "             \
  "corrected_published_where) IS NULL THEN 0 ELSE 1 END"
using ListRecord = std::tuple<ListId, std::string, std::string, std::string, int, int, std::string, std::string,
                              std::string, OptionalText, OptionalDate, OptionalDate, std::string, identity::OfficeId,
                              std::int64_t, std::string, std::string, OptionalText, OptionalDate, std::string, bool>;

List list_of(ListRecord record) {
  List l;
  List::Wording before;
  bool corrected = false;
  std::tie(l.id, l.province, l.region, l.jurisdiction, l.year, l.batch, l.title.zh, l.title.en, l.state,
           l.document_number, l.dated_on, l.published_on, l.published_where, l.drafted_by, l.version, before.title.zh,
           before.title.en, before.document_number, before.dated_on, before.published_where, corrected) =
      std::move(record);
  if (corrected) l.as_published = std::move(before);
  return l;
}

#define QY_ENTRY_NAME "COALESCE(corrected_enterprise_name, enterprise_name)"
#define QY_ENTRY_COLUMNS                                                                                         \
  "id, list_id, province, enterprise_id, " QY_ENTRY_NAME                                                         \
  ", region, industry, categories, lead_line, cosign_line, COALESCE(corrected_reason, reason), mode, "           \
  "COALESCE(corrected_mode_reason, mode_reason), cosigned, status, version, enterprise_name, reason, "           \
  "mode_reason, CASE WHEN COALESCE(corrected_enterprise_name, corrected_reason, corrected_mode_reason) IS NULL " \
  "THEN 0 ELSE 1 END"
using EntryRecord =
    std::tuple<EntryId, ListId, std::string, registry::EnterpriseId, std::string, std::string, std::string, std::string,
               std::string, std::string, std::string, std::string, std::string, bool, std::string, std::int64_t,
               std::string, std::string, std::string, bool>;

Entry entry_of(EntryRecord record) {
  Entry e;
  Entry::Wording before;
  std::string categories;
  bool corrected = false;
  std::tie(e.id, e.list, e.province, e.enterprise, e.enterprise_name, e.region, e.industry, categories, e.lead_line,
           e.cosign_line, e.reason, e.mode, e.mode_reason, e.cosigned, e.status, e.version, before.enterprise_name,
           before.reason, before.mode_reason, corrected) = std::move(record);
  e.categories = split(categories, ',');
  if (corrected) e.as_published = std::move(before);
  return e;
}

#define QY_CORRECTION_COLUMNS                                                                                       \
  "id, list_id, seq, published_on, dated_on, published_where, document_number, explanation, office_zh, office_en, " \
  "version"
using CorrectionRecord = std::tuple<CorrectionId, ListId, int, Date, OptionalDate, std::string, OptionalText,
                                    std::string, std::string, std::string, std::int64_t>;

Correction correction_of(CorrectionRecord record) {
  Correction c;
  std::tie(c.id, c.list, c.seq, c.published_on, c.dated_on, c.where, c.document_number, c.explanation, c.office.zh,
           c.office.en, c.version) = std::move(record);
  return c;
}

void read_values(Tx& tx, Correction& correction) {
  for (
      auto& [entry, enterprise, name, field, before, after] :
      tx.rows<OptionalText, OptionalText, OptionalText, std::string, std::string, std::string>(
          R"sql(SELECT v.entry_id, e.enterprise_id, COALESCE(e.corrected_enterprise_name, e.enterprise_name), v.field, v.value_before, v.value_after
                   FROM list_correction_value v LEFT JOIN list_entry e ON e.id = v.entry_id
                  WHERE v.correction_id = :id ORDER BY v.seq)sql",
          correction.id)) {
    Correction::Value value{.field = field, .before = before, .after = after};
    if (entry) value.entry = EntryId::trusted(*entry);
    if (enterprise) value.enterprise = registry::EnterpriseId::trusted(*enterprise);
    if (name) value.enterprise_name = *name;
    correction.values.push_back(std::move(value));
  }
}

#define QY_NOTICE_COLUMNS                                                                                     \
  "id, entry_id, code, file_id, dated_on, delivered_on, delivery, list_id, office_zh, office_en, withdrawn, " \
  "delivery_file, version"
using NoticeRecord = std::tuple<NoticeId, EntryId, std::string, OptionalText, Date, OptionalDate, std::string, ListId,
                                std::string, std::string, bool, OptionalText, std::int64_t>;

NoticeRow notice_row_of(NoticeRecord record) {
  NoticeRow r;
  OptionalText file, delivery_file;
  std::tie(r.notice.id, r.notice.entry, r.notice.code, file, r.notice.dated_on, r.notice.delivered_on,
           r.notice.delivery, r.list, r.office.zh, r.office.en, r.withdrawn, delivery_file, r.version) =
      std::move(record);
  r.notice.file = file.value_or("");
  r.delivery_file = delivery_file.value_or("");
  return r;
}

template <class Record, class Of>
auto all(Tx& tx, const std::string& sql, const std::vector<db::Bind>& binds, Of of) {
  std::vector<decltype(of(std::declval<Record>()))> found;
  auto collect = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
    for (auto& record : tx.rows_bound<Columns...>(sql, binds)) found.push_back(of(std::move(record)));
  };
  collect(std::type_identity<Record>{});
  return found;
}

template <class Record, class Of>
auto first(Tx& tx, const std::string& sql, const std::vector<db::Bind>& binds, Of of) {
  auto found = all<Record>(tx, sql, binds, of);
  using T = typename decltype(found)::value_type;
  return found.empty() ? std::optional<T>() : std::optional<T>(std::move(found.front()));
}

std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : lower_ascii(text)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace

void insert_list(Tx& tx, const List& l, Instant now) {
  tx.run(R"sql(
      INSERT INTO audit_list (province, id, region, jurisdiction, year, batch, title_zh, title_en, state, document_number, dated_on, published_on,
                              published_where, drafted_by, version, created_at)
      VALUES (:province, :id, :region, :jurisdiction, :year, :batch, :zh, :en, :state, :number, :dated, :published, :place, :office, 1, :now))sql",
         l.province, l.id, l.region, l.jurisdiction, l.year, l.batch, l.title.zh, l.title.en, l.state,
         l.document_number, l.dated_on, l.published_on, l.published_where, l.drafted_by, now);
}

bool save_state(Tx& tx, const List& l) {
  return tx.run("UPDATE audit_list SET state = :state, version = version + 1 WHERE id = :id AND version = :version",
                l.state, l.id, l.version) == 1;
}

bool save_publication(Tx& tx, const List& l) {
  return tx.run(R"sql(
      UPDATE audit_list SET state = :state, document_number = :number, dated_on = :dated, published_on = :published,
             published_where = :place, version = version + 1
       WHERE id = :id AND version = :version)sql",
                l.state, l.document_number, l.dated_on, l.published_on, l.published_where, l.id, l.version) == 1;
}

bool save_number(Tx& tx, const List& l) {
  return tx.run(R"sql(
      UPDATE audit_list SET document_number = :number, dated_on = :dated, version = version + 1
       WHERE id = :id AND version = :version)sql",
                l.document_number, l.dated_on, l.id, l.version) == 1;
}

bool save_corrected(Tx& tx, const List& l) {
  return tx.run(R"sql(
      UPDATE audit_list SET corrected_title_zh = CASE WHEN title_zh = :zh1 THEN NULL ELSE :zh2 END,
             corrected_title_en = CASE WHEN title_en = :en1 THEN NULL ELSE :en2 END,
             corrected_document_number = CASE WHEN document_number = :number1 THEN NULL ELSE :number2 END,
             corrected_dated_on = CASE WHEN dated_on = :dated1 THEN NULL ELSE :dated2 END,
             corrected_published_where = CASE WHEN published_where = :place1 THEN NULL ELSE :place2 END,
             version = version + 1
       WHERE id = :id AND version = :version)sql",
                l.title.zh, l.title.zh, l.title.en, l.title.en, l.document_number, l.document_number, l.dated_on,
                l.dated_on, l.published_where, l.published_where, l.id, l.version) == 1;
}

std::optional<List> find_list(Tx& tx, const ListId& id) {
  return first<ListRecord>(tx, "SELECT " QY_LIST_COLUMNS " FROM audit_list WHERE id = :id", {db::Bind(id)}, list_of);
}

int last_batch(Tx& tx, std::string_view region, int year) {
  return *tx.value<int>("SELECT COALESCE(MAX(batch), 0) FROM audit_list WHERE region = :region AND year = :year",
                        region, year);
}

FoundLists search_lists(Tx& tx, const ListFilter& filter, const http::Page& page) {
  std::string where = "1 = 1";
  std::vector<db::Bind> binds;
  int next = 0;
  const auto name = [&] { return ":w" + std::to_string(next++); };
  if (!filter.everything) {
    where += " AND (1 = 0";
    for (const auto& prefix : filter.region_prefixes) {
      const auto low = name(), high = name();
      where += " OR (region >= " + low + " AND region < " + high + ")";
      binds.emplace_back(prefix);
      binds.emplace_back(prefix + "\x7f");
    }
    where += ")";
  }
  if (filter.year) {
    where += " AND year = " + name();
    binds.emplace_back(*filter.year);
  }
  if (!filter.state.empty()) {
    where += " AND state = " + name();
    binds.emplace_back(filter.state);
  }
  FoundLists found;
  found.total =
      std::get<0>(tx.rows_bound<std::int64_t>("SELECT COUNT(*) FROM audit_list WHERE " + where, binds).front());
  binds.emplace_back(page.size);
  binds.emplace_back(page.offset());
  found.items = all<ListRecord>(tx,
                                "SELECT " QY_LIST_COLUMNS " FROM audit_list WHERE " + where +
                                    " ORDER BY year DESC, region, batch DESC LIMIT :n OFFSET :skip",
                                binds, list_of);
  return found;
}

void insert_entry(Tx& tx, const Entry& e) {
  tx.run(R"sql(
      INSERT INTO list_entry (province, id, list_id, enterprise_id, enterprise_name, region, industry, categories, lead_line, cosign_line, reason, mode,
                              mode_reason, cosigned, status, version)
      VALUES (:province, :id, :list, :enterprise, :name, :region, :industry, :categories, :lead, :cosign, :reason, :mode, :why, 0, 'listed', 1))sql",
         e.province, e.id, e.list, e.enterprise, e.enterprise_name, e.region, e.industry, join(e.categories, ","),
         e.lead_line, e.cosign_line, e.reason, e.mode, e.mode_reason);
}

bool update_entry(Tx& tx, const Entry& e) {
  return tx.run(R"sql(
      UPDATE list_entry SET categories = :categories, lead_line = :lead, cosign_line = :cosign, reason = :reason, mode = :mode, mode_reason = :why,
             cosigned = :cosigned, version = version + 1
       WHERE id = :id AND version = :version)sql",
                join(e.categories, ","), e.lead_line, e.cosign_line, e.reason, e.mode, e.mode_reason, e.cosigned, e.id,
                e.version) == 1;
}

bool remove_entry(Tx& tx, const Entry& e, const std::string& reason) {
  return tx.run(R"sql(
      UPDATE list_entry SET status = 'removed', status_reason = :reason, version = version + 1
       WHERE id = :id AND version = :version)sql",
                reason, e.id, e.version) == 1;
}

bool save_corrected(Tx& tx, const Entry& e) {
  return tx.run(R"sql(
      UPDATE list_entry SET corrected_enterprise_name = CASE WHEN enterprise_name = :name1 THEN NULL ELSE :name2 END,
             corrected_reason = CASE WHEN reason = :reason1 THEN NULL ELSE :reason2 END,
             corrected_mode_reason = CASE WHEN mode_reason = :why1 THEN NULL ELSE :why2 END,
             version = version + 1
       WHERE id = :id AND version = :version)sql",
                e.enterprise_name, e.enterprise_name, e.reason, e.reason, e.mode_reason, e.mode_reason, e.id,
                e.version) == 1;
}

bool delete_entry(Tx& tx, const EntryId& id, std::int64_t version) {
  return tx.run("DELETE FROM list_entry WHERE id = :id AND version = :version", id, version) == 1;
}

std::optional<Entry> find_entry(Tx& tx, const EntryId& id) {
  return first<EntryRecord>(tx, "SELECT " QY_ENTRY_COLUMNS " FROM list_entry WHERE id = :id", {db::Bind(id)}, entry_of);
}

std::vector<Entry> entries_of(Tx& tx, const ListId& id) {
  return all<EntryRecord>(
      tx, "SELECT " QY_ENTRY_COLUMNS " FROM list_entry WHERE list_id = :id ORDER BY region, " QY_ENTRY_NAME ", id",
      {db::Bind(id)}, entry_of);
}

std::vector<PublishedEntry> published_entries(Tx& tx, std::string_view region_prefix) {
  std::map<std::string, int> years;
  for (auto& [list, year] : tx.rows<std::string, int>("SELECT id, year FROM audit_list WHERE state = 'published'"))
    years.emplace(std::move(list), year);
  db::Where where;
  where.add("status = :status", "listed");
  where.add("list_id IN (SELECT id FROM audit_list WHERE state = :state)", "published");
  where.add_prefix("region >= :region AND region < :region_end", region_prefix);
  std::vector<PublishedEntry> found;
  for (auto& entry :
       all<EntryRecord>(tx, "SELECT " QY_ENTRY_COLUMNS " FROM list_entry" + where.sql(), where.binds(), entry_of)) {
    const int year = years.at(entry.list.str());
    found.push_back({std::move(entry), year});
  }
  return found;
}

FoundEntries search_entries(Tx& tx, const ListId& list, const EntryFilter& filter, const http::Page& page) {
  std::string where = "list_id = :list";
  std::vector<db::Bind> binds{db::Bind(list)};
  if (!filter.category.empty()) {
    where += " AND ',' || categories || ',' LIKE :category";
    binds.emplace_back("%," + filter.category + ",%");
  }
  if (!filter.mode.empty()) {
    where += " AND mode = :mode";
    binds.emplace_back(filter.mode);
  }
  if (!filter.waiting_for_line.empty()) {
    where += " AND cosign_line = :line AND cosigned = 0";
    binds.emplace_back(filter.waiting_for_line);
  }
  if (!filter.region_prefix.empty()) {
    where += " AND region >= :low AND region < :high";
    binds.emplace_back(filter.region_prefix);
    binds.emplace_back(filter.region_prefix + "\x7f");
  }
  if (!filter.text.empty()) {
    where += " AND lower(" QY_ENTRY_NAME ") LIKE :text ESCAPE '\\'";
    binds.emplace_back(like_pattern(filter.text));
  }
  FoundEntries found;
  found.total =
      std::get<0>(tx.rows_bound<std::int64_t>("SELECT COUNT(*) FROM list_entry WHERE " + where, binds).front());
  const std::string direction = page.descending ? " DESC" : " ASC";
  const std::string order = page.sort == "enterprise_name" ? QY_ENTRY_NAME : page.sort == "mode" ? "mode" : "region";
  binds.emplace_back(page.size);
  binds.emplace_back(page.offset());
  found.items = all<EntryRecord>(tx,
                                 "SELECT " QY_ENTRY_COLUMNS " FROM list_entry WHERE " + where + " ORDER BY " + order +
                                     direction + ", " QY_ENTRY_NAME ", id LIMIT :n OFFSET :skip",
                                 binds, entry_of);
  return found;
}

EntryCounts counts(Tx& tx, const ListId& list) {
  EntryCounts c;
  for (auto& [status, line, cosigned, count] : tx.rows<std::string, std::string, bool, std::int64_t>(
           "SELECT status, cosign_line, cosigned, COUNT(*) FROM list_entry WHERE list_id = :list GROUP BY status, "
           "cosign_line, cosigned",
           list)) {
    if (status == "removed") {
      c.removed += count;
      continue;
    }
    c.listed += count;
    if (!line.empty()) (cosigned ? c.cosigned : c.to_cosign) += count;
  }
  return c;
}

std::int64_t cosign(Tx& tx, const ListId& list, std::string_view line, std::string_view record) {
  return tx.run(R"sql(
      UPDATE list_entry SET cosigned = 1, cosign_record = :record, version = version + 1
       WHERE list_id = :list AND cosign_line = :line AND cosigned = 0 AND status = 'listed')sql",
                record, list, line);
}

std::int64_t void_cosignatures(Tx& tx, const ListId& list) {
  return tx.run(
      "UPDATE list_entry SET cosigned = 0, cosign_record = '', version = version + 1 WHERE list_id = :list AND "
      "cosigned = 1 AND status = 'listed'",
      list);
}

std::int64_t waiting_for(Tx& tx, const ListId& list, std::string_view line) {
  return *tx.value<std::int64_t>(
      "SELECT COUNT(*) FROM list_entry WHERE list_id = :list AND cosign_line = :line AND cosigned = 0 AND status = "
      "'listed'",
      list, line);
}

std::vector<std::string> listed_enterprises(Tx& tx, int year) {
  std::vector<std::string> found;
  for (auto& [id] : tx.rows<std::string>(R"sql(
           SELECT DISTINCT e.enterprise_id FROM list_entry e JOIN audit_list l ON l.id = e.list_id
            WHERE l.year = :year AND l.state <> 'withdrawn' AND e.status = 'listed')sql",
                                         year))
    found.push_back(id);
  return found;
}

bool is_listed(Tx& tx, const registry::EnterpriseId& enterprise, int year) {
  return tx
      .value<std::int64_t>(R"sql(
             SELECT 1 FROM list_entry e JOIN audit_list l ON l.id = e.list_id
              WHERE e.enterprise_id = :enterprise AND l.year = :year AND l.state <> 'withdrawn' AND e.status = 'listed' LIMIT 1)sql",
                           enterprise, year)
      .has_value();
}

void insert_correction(Tx& tx, const Correction& c, std::string_view province, Instant now) {
  tx.run(R"sql(
      INSERT INTO list_correction (province, id, list_id, seq, published_on, dated_on, published_where, document_number, explanation, office_zh,
                                   office_en, version, created_at)
      VALUES (:province, :id, :list, :seq, :published, :dated, :place, :number, :explanation, :zh, :en, 1, :now))sql",
         province, c.id, c.list, c.seq, c.published_on, c.dated_on, c.where, c.document_number, c.explanation,
         c.office.zh, c.office.en, now);
  int seq = 0;
  for (const auto& value : c.values)
    tx.run(R"sql(
        INSERT INTO list_correction_value (correction_id, seq, entry_id, field, value_before, value_after)
        VALUES (:id, :seq, :entry, :field, :before, :after))sql",
           c.id, ++seq, value.entry.empty() ? OptionalText() : OptionalText(value.entry.str()), value.field,
           value.before, value.after);
}

bool save_correction_number(Tx& tx, const Correction& c) {
  return tx.run(R"sql(
      UPDATE list_correction SET document_number = :number, dated_on = :dated, version = version + 1
       WHERE id = :id AND version = :version)sql",
                c.document_number, c.dated_on, c.id, c.version) == 1;
}

std::optional<Correction> find_correction(Tx& tx, const CorrectionId& id) {
  auto found = first<CorrectionRecord>(tx, "SELECT " QY_CORRECTION_COLUMNS " FROM list_correction WHERE id = :id",
                                       {db::Bind(id)}, correction_of);
  if (found) read_values(tx, *found);
  return found;
}

std::vector<Correction> corrections_of(Tx& tx, const ListId& list) {
  auto found = all<CorrectionRecord>(
      tx, "SELECT " QY_CORRECTION_COLUMNS " FROM list_correction WHERE list_id = :list ORDER BY seq", {db::Bind(list)},
      correction_of);
  for (auto& correction : found) read_values(tx, correction);
  return found;
}

void insert_notice(Tx& tx, const NoticeRow& r, std::string_view province) {
  tx.run(R"sql(
      INSERT INTO notice (province, id, entry_id, list_id, code, dated_on, office_zh, office_en, version)
      VALUES (:province, :id, :entry, :list, :code, :dated, :zh, :en, 1))sql",
         province, r.notice.id, r.notice.entry, r.list, r.notice.code, r.notice.dated_on, r.office.zh, r.office.en);
}

bool update_notice(Tx& tx, const NoticeRow& r) {
  const OptionalText file = r.notice.file.empty() ? std::nullopt : OptionalText(r.notice.file);
  const OptionalText delivery_file = r.delivery_file.empty() ? std::nullopt : OptionalText(r.delivery_file);
  return tx.run(R"sql(
      UPDATE notice SET file_id = :file, delivered_on = :delivered, delivery = :delivery, delivery_file = :delivery_file, withdrawn = :withdrawn,
             version = version + 1
       WHERE id = :id AND version = :version)sql",
                file, r.notice.delivered_on, r.notice.delivery, delivery_file, r.withdrawn, r.notice.id,
                r.version) == 1;
}

std::optional<NoticeRow> find_notice(Tx& tx, const NoticeId& id) {
  return first<NoticeRecord>(tx, "SELECT " QY_NOTICE_COLUMNS " FROM notice WHERE id = :id", {db::Bind(id)},
                             notice_row_of);
}

std::optional<NoticeRow> find_notice_by_code(Tx& tx, std::string_view code) {
  return first<NoticeRecord>(tx, "SELECT " QY_NOTICE_COLUMNS " FROM notice WHERE code = :code", {db::Bind(code)},
                             notice_row_of);
}

std::optional<NoticeRow> notice_of(Tx& tx, const EntryId& entry) {
  return first<NoticeRecord>(
      tx, "SELECT " QY_NOTICE_COLUMNS " FROM notice WHERE entry_id = :entry ORDER BY id DESC LIMIT 1",
      {db::Bind(entry)}, notice_row_of);
}

std::vector<NoticeRow> notices_of(Tx& tx, const ListId& list) {
  return all<NoticeRecord>(tx, "SELECT " QY_NOTICE_COLUMNS " FROM notice WHERE list_id = :list ORDER BY id",
                           {db::Bind(list)}, notice_row_of);
}

std::vector<NoticeRow> unmade_notices(Tx& tx, const ListId& list, int limit) {
  return all<NoticeRecord>(
      tx, "SELECT " QY_NOTICE_COLUMNS " FROM notice WHERE list_id = :list AND file_id IS NULL ORDER BY id LIMIT :n",
      {db::Bind(list), db::Bind(limit)}, notice_row_of);
}

}  // namespace qy::listing::store
