#include "regime/obligations/obligations_store.h"

#include <algorithm>

#include "base/text.h"
#include "db/where.h"

namespace qy::obligations::store {
namespace {

constexpr std::string_view kColumns =
    "province, subject_kind, subject_id, rule, region, enterprise, about_zh, about_en, link, title_zh, title_en, "
    "rule_zh, rule_en, "
    "started_on, due_on, next_working_day, last_day, soon_from, holder_party, holder_id, holder_name, state, met_on, "
    "stopped_days, "
    "postponed, basis";

std::vector<Obligation> query(Tx& tx, const std::string& rest, const std::vector<db::Bind>& binds) {
  using Text_ = std::string;
  using Day = std::optional<Date>;
  std::vector<Obligation> out;
  for (auto& [province, kind, id, rule, region, enterprise, about_zh, about_en, link, title_zh, title_en, rule_zh,
              rule_en, started_on, due_on, next_working_day, last_day, soon_from, holder_party, holder_id, holder_name,
              state, met_on, stopped_days, postponed, basis] :
       tx.rows_bound<Text_, Text_, Text_, Text_, Text_, Text_, Text_, Text_, Text_, Text_, Text_, Text_, Text_, Date,
                     Date, Day, Date, Date, Text_, Text_, Text_, Text_, Day, int, bool, Text_>(
           "SELECT " + std::string(kColumns) + " FROM obligation" + rest, binds)) {
    auto cited = json::parse(basis);
    if (!cited) throw db::Broken("an obligation holds an unreadable basis");
    out.push_back({.id = id + ":" + rule,
                   .about = {.subject = {kind, id},
                             .province = province,
                             .region = region,
                             .enterprise = enterprise,
                             .title = {about_zh, about_en},
                             .link = link},
                   .rule = rule,
                   .title = {title_zh, title_en},
                   .rule_text = {rule_zh, rule_en},
                   .started_on = started_on,
                   .due_on = due_on,
                   .next_working_day = next_working_day,
                   .holder = {identity::party_of(holder_party), holder_id, holder_name},
                   .state = state,
                   .met_on = met_on,
                   .stopped_days = stopped_days,
                   .postponed = postponed,
                   .due_soon_days = days_between(soon_from, last_day),
                   .basis = std::move(*cited)});
  }
  return out;
}

void narrow(db::Where& where, const Filter& filter, Date as_of) {
  where.add_prefix("region >= :region AND region < :region_end", filter.region_prefix);
  if (!filter.enterprise.empty()) where.add("enterprise = :enterprise", filter.enterprise);
  if (!filter.rule.empty()) where.add("rule = :rule", filter.rule);
  if (!filter.text.empty()) {
    where.add("(lower(about_zh) LIKE :text ESCAPE '!' OR lower(about_en) LIKE :text ESCAPE '!')",
              db::like_containing(normalise_for_match(filter.text)));
  }
  if (filter.holder) {
    where.add("holder_party = :party", identity::to_string(filter.holder->party));
    where.add("holder_id = :holder", filter.holder->id);
  }
  if (filter.not_held_by)
    where.add("NOT (holder_party = :party AND holder_id = :holder)", identity::to_string(filter.not_held_by->party),
              filter.not_held_by->id);
  const std::string_view state = filter.state;
  if (state == "late") where.add("state = 'open' AND last_day < :as_of", as_of);
  if (state == "due_soon") where.add("state = 'open' AND last_day >= :as_of AND soon_from <= :as_of", as_of);
  if (state == "pending") where.add("state = 'open' AND soon_from > :as_of", as_of);
  if (state == "open") where.add("state <> 'met'");
  if (state == "running") where.add("state = 'open'");
  if (state == "stopped" || state == "met") where.add("state = :state", state);
  if (filter.due_from) where.add("due_on >= :due_from", *filter.due_from);
  if (filter.due_to) where.add("due_on <= :due_to", *filter.due_to);
}

std::string order_of(const http::Page& page) {
  const std::string column = page.sort == "region" ? "region" : page.sort == "enterprise" ? "about_zh" : "last_day";
  return " ORDER BY " + column + (page.descending ? " DESC" : "") + ", subject_id, rule";
}

}  // namespace

void upsert(Tx& tx, const Obligation& o) {
  tx.run(R"sql(
      INSERT INTO obligation (province, subject_kind, subject_id, rule, region, enterprise, about_zh, about_en, link, title_zh,
                              title_en, rule_zh, rule_en, started_on, due_on, next_working_day, last_day, soon_from,
                              holder_party, holder_id, holder_name, state, met_on, stopped_days, postponed, basis)
      VALUES (:province, :subject_kind, :subject_id, :rule, :region, :enterprise, :about_zh, :about_en, :link, :title_zh,
              :title_en, :rule_zh, :rule_en, :started_on, :due_on, :next_working_day, :last_day, :soon_from,
              :holder_party, :holder_id, :holder_name, :state, :met_on, :stopped_days, :postponed, :basis)
      ON CONFLICT (province, subject_kind, subject_id, rule) DO UPDATE SET
              region = excluded.region, enterprise = excluded.enterprise, about_zh = excluded.about_zh,
              about_en = excluded.about_en, link = excluded.link, title_zh = excluded.title_zh, title_en = excluded.title_en,
              rule_zh = excluded.rule_zh, rule_en = excluded.rule_en, started_on = excluded.started_on,
              due_on = excluded.due_on, next_working_day = excluded.next_working_day, last_day = excluded.last_day,
              soon_from = excluded.soon_from, holder_party = excluded.holder_party, holder_id = excluded.holder_id,
              holder_name = excluded.holder_name, state = excluded.state, met_on = excluded.met_on,
              stopped_days = excluded.stopped_days, postponed = excluded.postponed, basis = excluded.basis)sql",
         o.about.province, o.about.subject.kind, o.about.subject.id, o.rule, o.about.region, o.about.enterprise,
         o.about.title.zh, o.about.title.en, o.about.link, o.title.zh, o.title.en, o.rule_text.zh, o.rule_text.en,
         o.started_on, o.due_on, o.next_working_day, o.last_day(), o.last_day().plus_days(-o.due_soon_days),
         identity::to_string(o.holder.party), o.holder.id, o.holder.name, o.state, o.met_on, o.stopped_days,
         o.postponed, json::dump(o.basis));
}

void remove_except(Tx& tx, const db::Subject& subject, const std::vector<std::string>& kept_rules) {
  for (const auto& [rule] : tx.rows<std::string>(
           "SELECT rule FROM obligation WHERE subject_kind = :kind AND subject_id = :id", subject.kind, subject.id)) {
    if (std::find(kept_rules.begin(), kept_rules.end(), rule) == kept_rules.end())
      tx.run("DELETE FROM obligation WHERE subject_kind = :kind AND subject_id = :id AND rule = :rule", subject.kind,
             subject.id, rule);
  }
}

std::vector<Obligation> of_subject(Tx& tx, const db::Subject& subject) {
  return query(tx, " WHERE subject_kind = :kind AND subject_id = :id ORDER BY due_on, rule",
               {subject.kind, subject.id});
}

Found find(Tx& tx, const Filter& scope, const Filter& filter, const http::Page& page, Date as_of) {
  db::Where where;
  narrow(where, scope, as_of);
  narrow(where, filter, as_of);
  Found found;
  found.total =
      std::get<0>(tx.rows_bound<std::int64_t>("SELECT count(*) FROM obligation" + where.sql(), where.binds()).at(0));
  found.items = query(tx, where.sql() + order_of(page) + " LIMIT :limit OFFSET :offset",
                      where.binds_and(page.size, page.offset()));
  return found;
}

Counts count(Tx& tx, const Filter& scope, const Holder& me, Date as_of) {
  db::Where where;
  narrow(where, scope, as_of);
  where.add("state <> 'met'");
  // One pass; the sums are NULL when there is nothing.
  const std::string sql = R"sql(
      SELECT COALESCE(sum(CASE WHEN state = 'open' AND last_day < :as_of THEN 1 ELSE 0 END), 0),
             COALESCE(sum(CASE WHEN state = 'open' AND last_day >= :as_of AND soon_from <= :as_of THEN 1 ELSE 0 END), 0),
             COALESCE(sum(CASE WHEN state = 'open' AND holder_party = :party AND holder_id = :holder THEN 1 ELSE 0 END), 0),
             COALESCE(sum(CASE WHEN state = 'open' THEN 1 ELSE 0 END), 0),
             COALESCE(sum(CASE WHEN state = 'stopped' THEN 1 ELSE 0 END), 0)
        FROM obligation)sql" +
                          where.sql();
  std::vector<db::Bind> binds{as_of, identity::to_string(me.party), me.id};
  binds.insert(binds.end(), where.binds().begin(), where.binds().end());
  const auto [late, due_soon, with_me, open, stopped] =
      tx.rows_bound<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(sql, binds).at(0);
  return {.late = late, .due_soon = due_soon, .with_me = with_me, .with_others = open - with_me, .stopped = stopped};
}

}  // namespace qy::obligations::store
