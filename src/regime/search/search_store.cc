#include "regime/search/search_store.h"

#include "db/insert.h"
#include "db/where.h"

namespace qy::search::store {

void upsert(Tx& tx, const std::vector<Entry>& entries, const std::vector<std::string>& words) {
  std::vector<std::vector<db::Bind>> rows;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& e = entries[i];
    rows.push_back({e.kind, e.id, e.province, e.region, e.party_id, e.title.zh, e.title.en, words[i], e.link});
  }
  db::insert_rows(
      tx, "INSERT INTO search_entry (kind, id, province, region, party_id, title_zh, title_en, words, link)", rows,
      R"sql(ON CONFLICT (kind, id) DO UPDATE SET province = excluded.province, region = excluded.region,
              party_id = excluded.party_id, title_zh = excluded.title_zh, title_en = excluded.title_en,
              words = excluded.words, link = excluded.link)sql");
}

void remove(Tx& tx, std::string_view kind, std::string_view id) {
  tx.run("DELETE FROM search_entry WHERE kind = :kind AND id = :id", kind, id);
}

std::vector<Hit> find(Tx& tx, bool office, std::string_view scope, const std::vector<std::string>& tokens,
                      std::string_view kind, int limit) {
  db::Where where;
  if (!office)
    where.add("(region = '' OR (party_id = :party AND party_id <> ''))", scope);
  else if (!scope.empty())
    where.add("(region = '' OR (region >= :region AND region < :region_end))", scope, std::string(scope) + "~");
  if (!kind.empty()) where.add("kind = :kind", kind);
  for (const auto& token : tokens) where.add("words LIKE :word ESCAPE '!'", db::like_containing(token));

  const auto start = db::like_containing(tokens.front()).substr(1);
  auto binds = where.binds_and(start, limit);
  std::vector<Hit> hits;
  for (const auto& [hit_kind, id, title_zh, title_en, region, link] :
       tx.rows_bound<std::string, std::string, std::string, std::string, std::string, std::string>(
           "SELECT kind, id, title_zh, title_en, region, link FROM search_entry" + where.sql() + R"sql(
            ORDER BY CASE WHEN lower(title_zh) LIKE :start ESCAPE '!' OR lower(title_en) LIKE :start ESCAPE '!' THEN 0 ELSE 1 END,
                     title_zh, kind, id LIMIT :limit)sql",
           binds))
    hits.push_back({.kind = hit_kind, .id = id, .title = {title_zh, title_en}, .region = region, .link = link});
  return hits;
}

}  // namespace qy::search::store
