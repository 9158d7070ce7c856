#include "regime/evaluation/evaluation_store.h"

namespace qy::evaluation::store {
namespace {

using OptionalText = std::optional<std::string>;

#define QY_PANEL_COLUMNS                                                                                          \
  "id, audit_id, province, region, kind, scoring, state, edition_id, root, opened_on, opened_by, total, result, " \
  "level, opinion, concluded_on, "                                                                                \
  "concluded_by, reason, version"
#define QY_PANEL_TYPES                                                                                           \
  PanelId, audits::AuditId, std::string, std::string, std::string, std::string, std::string, figures::EditionId, \
      std::string, Date, std::string, std::optional<Decimal>, OptionalText, OptionalText, std::string,           \
      std::optional<Date>, OptionalText, std::string, std::int64_t

Panel panel_of(std::tuple<QY_PANEL_TYPES> row) {
  Panel p;
  OptionalText concluded_by;
  std::tie(p.id, p.audit, p.province, p.region, p.kind, p.scoring, p.state, p.edition, p.root, p.opened_on, p.opened_by,
           p.total, p.result, p.level, p.opinion, p.concluded_on, concluded_by, p.reason, p.version) = std::move(row);
  p.concluded_by = concluded_by.value_or("");
  return p;
}

void load_members(Tx& tx, Panel& panel) {
  for (auto& [expert, name, state, reason, comment, at, version] :
       tx.rows<registry::PartyId, std::string, std::string, std::string, std::string, std::optional<Instant>,
               std::int64_t>("SELECT expert_id, expert_name, state, recusal_reason, comment, submitted_at, version "
                             "FROM panel_member WHERE panel_id = :id ORDER BY expert_name, expert_id",
                             panel.id)) {
    Member member{.expert = expert,
                  .name = name,
                  .state = state,
                  .recusal_reason = reason,
                  .submitted_at = at,
                  .version = version};
    member.sheet.comment = comment;
    for (auto& [item, points, why] : tx.rows<std::string, Decimal, std::string>(
             "SELECT item, points, reason FROM panel_score WHERE panel_id = :id AND expert_id = :expert", panel.id,
             expert))
      member.sheet.items[item] = {points, why};
    for (auto& [veto, found, why] : tx.rows<std::string, bool, std::string>(
             "SELECT veto, found, reason FROM panel_veto WHERE panel_id = :id AND expert_id = :expert", panel.id,
             expert))
      member.sheet.vetoes[veto] = {found, why};
    panel.members.push_back(std::move(member));
  }
}

}  // namespace

void insert(Tx& tx, const Panel& p) {
  tx.run(R"sql(
      INSERT INTO panel (province, id, audit_id, region, kind, scoring, state, root, edition_id, opened_on, opened_by, version)
      VALUES (:province, :id, :audit, :region, :kind, :scoring, :state, :root, :edition, :on, :by, 1))sql",
         p.province, p.id, p.audit, p.region, p.kind, p.scoring, p.state, p.root, p.edition, p.opened_on, p.opened_by);
  for (const auto& member : p.members) insert_member(tx, p.id, member);
}

void insert_member(Tx& tx, const PanelId& id, const Member& member) {
  tx.run("INSERT INTO panel_member (panel_id, expert_id, expert_name, state) VALUES (:panel, :expert, :name, :state)",
         id, member.expert, member.name, member.state);
}

bool update(Tx& tx, const Panel& p) {
  return tx.run(R"sql(
      UPDATE panel SET state = :state, total = :total, result = :result, opinion = :opinion, level = :level, concluded_on = :on, concluded_by = :by,
             reason = :reason, version = version + 1
       WHERE id = :id AND version = :version)sql",
                p.state, p.total, p.result, p.opinion, p.level, p.concluded_on, p.concluded_by, p.reason, p.id,
                p.version) == 1;
}

std::optional<Panel> find(Tx& tx, const PanelId& id) {
  auto row = tx.row<QY_PANEL_TYPES>("SELECT " QY_PANEL_COLUMNS " FROM panel WHERE id = :id", id);
  if (!row) return std::nullopt;
  auto panel = panel_of(std::move(*row));
  load_members(tx, panel);
  return panel;
}

std::vector<Panel> of_audit(Tx& tx, const audits::AuditId& audit) {
  std::vector<Panel> panels;
  for (auto& row :
       tx.rows<QY_PANEL_TYPES>("SELECT " QY_PANEL_COLUMNS " FROM panel WHERE audit_id = :audit ORDER BY id", audit)) {
    panels.push_back(panel_of(std::move(row)));
    load_members(tx, panels.back());
  }
  return panels;
}

std::vector<Panel> of_expert(Tx& tx, std::string_view expert) {
  std::vector<Panel> panels;
  for (auto& row : tx.rows<QY_PANEL_TYPES>(
           "SELECT " QY_PANEL_COLUMNS
           " FROM panel WHERE id IN (SELECT panel_id FROM panel_member WHERE expert_id = :expert AND "
           "state <> 'recused') ORDER BY opened_on DESC, id",
           expert)) {
    panels.push_back(panel_of(std::move(row)));
    load_members(tx, panels.back());
  }
  return panels;
}

std::vector<Panel> of_offices(Tx& tx, const identity::RowScope& scope, std::string_view state) {
  std::vector<Panel> panels;
  auto binds = scope.binds;
  std::string sql = "SELECT " QY_PANEL_COLUMNS " FROM panel WHERE (" + scope.sql + ")";
  if (!state.empty()) {
    sql += " AND state = :state";
    binds.emplace_back(state);
  }
  for (auto& row : tx.rows_bound<QY_PANEL_TYPES>(sql + " ORDER BY opened_on DESC, id", binds))
    panels.push_back(panel_of(std::move(row)));
  return panels;
}

void save_sheet(Tx& tx, const PanelId& id, const Member& member) {
  tx.run("DELETE FROM panel_score WHERE panel_id = :panel AND expert_id = :expert", id, member.expert);
  tx.run("DELETE FROM panel_veto WHERE panel_id = :panel AND expert_id = :expert", id, member.expert);
  for (const auto& [item, score] : member.sheet.items)
    tx.run(
        "INSERT INTO panel_score (panel_id, expert_id, item, points, reason) VALUES (:panel, :expert, :item, :points, "
        ":reason)",
        id, member.expert, item, score.points, score.reason);
  for (const auto& [veto, vote] : member.sheet.vetoes)
    tx.run(
        "INSERT INTO panel_veto (panel_id, expert_id, veto, found, reason) VALUES (:panel, :expert, :veto, :found, "
        ":reason)",
        id, member.expert, veto, vote.found, vote.reason);
  save_member(tx, id, member);
}

void save_member(Tx& tx, const PanelId& id, const Member& member) {
  tx.run(R"sql(
      UPDATE panel_member SET state = :state, recusal_reason = :reason, comment = :comment, submitted_at = :at, version = version + 1
       WHERE panel_id = :panel AND expert_id = :expert)sql",
         member.state, member.recusal_reason, member.sheet.comment, member.submitted_at, id, member.expert);
}

}  // namespace qy::evaluation::store
