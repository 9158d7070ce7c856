#include "regime/evaluation/evaluation.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "codec/law.h"
#include "regime/audits/audits_json.h"
#include "regime/evaluation/evaluation_store.h"
#include "regime/identity/actor.h"
#include "regime/messages/messages.h"

namespace qy::evaluation {
namespace {

constexpr int kSmallestPanel = 2;
constexpr int kGuestDays = 366;

db::Subject subject_of(const PanelId& id) { return {"panel", id.str()}; }

const rules::ScoringTable& table_of(const Premises& premises, const Panel& panel) {
  const auto* table = premises.rules->find_scoring_table(panel.scoring);
  if (!table) throw db::Broken("the packs have no scoring table " + panel.scoring);
  return *table;
}

Member* member_of(Panel& panel, const registry::PartyId& expert) {
  const auto found =
      std::find_if(panel.members.begin(), panel.members.end(), [&](const Member& m) { return m.expert == expert; });
  return found == panel.members.end() ? nullptr : &*found;
}

int sitting(const Panel& panel) {
  return static_cast<int>(
      std::count_if(panel.members.begin(), panel.members.end(), [](const Member& m) { return m.state != "recused"; }));
}

/// The expert named, if he may sit on this case.
std::optional<Member> invited(Tx& tx, const audits::Audit& audit, const std::string& text, const std::string& pointer,
                              std::vector<FieldError>& wrong) {
  const auto id = registry::PartyId::parse(text);
  const auto expert = id ? registry::find_party(tx, *id) : std::nullopt;
  if (!expert || expert->facts.kind != identity::Party::expert || !expert->facts.active)
    wrong.push_back({pointer, "evaluation.expert_unknown"});
  else if (const auto reason = conflict_of(tx, audit, *expert))
    wrong.push_back({pointer, "evaluation.conflict", {{"name", expert->facts.name}, {"reason", *reason}}});
  else
    return Member{.expert = *id, .name = expert->facts.name, .state = "invited"};
  return std::nullopt;
}

/// What a sheet says, for its hash.
json::Object content_of(const Sheet& sheet) {
  json::Object items, vetoes;
  for (const auto& [code, score] : sheet.items)
    items[code] = json::Object{{"points", score.points.str()}, {"reason", score.reason}};
  for (const auto& [code, vote] : sheet.vetoes)
    vetoes[code] = json::Object{{"found", vote.found}, {"reason", vote.reason}};
  return {{"items", std::move(items)}, {"vetoes", std::move(vetoes)}, {"comment", sheet.comment}};
}

/// Every sheet that counts is in: scoring is over and the sheets may be seen.
void close_when_complete(Tx& tx, const Premises& premises, const identity::Act& act, const rules::ScoringTable& table,
                         Panel& panel) {
  const bool complete =
      std::all_of(panel.members.begin(), panel.members.end(), [](const Member& m) { return m.state != "invited"; });
  if (!complete || sitting(panel) < kSmallestPanel) return;
  panel.state = "scored";
  panel.total = outcome_of(table, panel).total;
  if (!store::update(tx, panel)) throw db::Broken("panel " + panel.id.str() + " moved under its own transaction");
  ++panel.version;
  db::append_action(tx,
                    identity::action_by(act, subject_of(panel.id), "close_scoring",
                                        codec::citations(*premises.rules, "experts", act.on),
                                        json::Object{{"total", panel.total->str()}}),
                    act.random);
}

const rules::Procedure& procedure_of(const Premises& premises) {
  const auto* found = premises.rules->find_procedure("panel");
  if (!found) throw db::Broken("the packs have no procedure panel");
  return *found;
}

/// A decision of the leading office about a panel as a whole: who, when and why.
Result<void> check_decision(Tx& tx, const Premises& premises, const identity::Act& act, const Panel& panel,
                            const std::string& action, const std::string& reason) {
  const auto audit = audits::find_audit(tx, panel.audit);
  if (!audit || audits::relation_of(tx, act.caller, *audit, act.on) != audits::Relation::lead_office)
    return identity::forbidden("evaluation.lead_only");
  QY_CHECK(engine::procedure::check(procedure_of(premises), panel.state, action,
                                    identity::actor_of(act.caller, audit->lead_line, audit->cosign_line)));
  if (trim(reason).empty())
    return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/reason", "evaluation.decision_reason"}}};
  return {};
}

void tell_experts(Tx& tx, const identity::Act& act, const Panel& panel, const audits::Audit& audit, const char* code,
                  const std::string& reason) {
  for (const auto& member : panel.members)
    if (member.state != "recused")
      messages::notify(tx, act,
                       {.party = identity::Party::expert,
                        .party_id = member.expert.str(),
                        .code = code,
                        .params = {{"enterprise", audit.enterprise_name}, {"number", audit.number}, {"reason", reason}},
                        .link = "/panels/" + panel.id.str(),
                        .about = subject_of(panel.id),
                        .province = panel.province});
}

/// The panel's own end, whatever becomes of the case.
Result<void> break_up(Tx& tx, const Premises& premises, const identity::Act& act, Panel& panel,
                      const audits::Audit& audit, const std::string& reason) {
  panel.state = "dissolved";
  panel.reason = reason;
  if (!store::update(tx, panel)) return Error{ErrorKind::stale, "evaluation.stale"};
  ++panel.version;
  const auto panels = store::of_audit(tx, panel.audit);
  for (const auto& member : panel.members) {
    const bool sits_elsewhere = std::any_of(panels.begin(), panels.end(), [&](Panel other) {
      const auto* seat = other.state == "dissolved" ? nullptr : member_of(other, member.expert);
      return seat && seat->state != "recused";
    });
    if (!sits_elsewhere)
      audits::admit_guest(tx, panel.audit, identity::Party::expert, member.expert.str(), panel.opened_on,
                          act.on.plus_days(-1));
  }
  db::append_action(
      tx,
      identity::action_by(act, subject_of(panel.id), "dissolve", codec::citations(*premises.rules, "experts", act.on),
                          json::Object{{"reason", reason}}),
      act.random);
  tell_experts(tx, act, panel, audit, "message.panel_dissolved", reason);
  return {};
}

}  // namespace

std::optional<Decimal> Member::total(const rules::ScoringTable& table) const {
  Decimal sum;
  for (const auto* items : {&table.items, &table.bonus})
    for (const auto& item : *items) {
      const auto score = sheet.items.find(item.code);
      if (score == sheet.items.end()) {
        if (items == &table.bonus) continue;
        return std::nullopt;
      }
      sum = sum + score->second.points;
    }
  return sum;
}

std::optional<Panel> find_panel(Tx& tx, const PanelId& id) { return store::find(tx, id); }
std::vector<Panel> panels_of(Tx& tx, const audits::AuditId& audit) { return store::of_audit(tx, audit); }

std::optional<std::string> conflict_of(Tx& tx, const audits::Audit& audit, const registry::PartyEntry& expert) {
  const auto employer = normalise_for_match(expert.facts.employer);
  if (employer.empty()) return std::nullopt;
  if (employer == normalise_for_match(audit.enterprise_name)) return audit.enterprise_name;
  for (const auto& name : audits::mandated_consultancies(tx, audit.id))
    if (employer == normalise_for_match(name)) return name;
  return std::nullopt;
}

Result<PanelId> open_panel(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                           const std::string& kind, const std::vector<std::string>& experts, std::optional<Date> on) {
  const auto audit = audits::find_audit(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  const auto* jurisdiction = premises.rules->find_jurisdiction(audit->jurisdiction);
  const auto edition = figures::latest_edition(tx, {"audit", id.str()});
  if (!edition) return Error{ErrorKind::conflict, "evaluation.no_edition"};

  Panel panel;
  panel.id = PanelId::make(act.at, act.random);
  panel.audit = id;
  panel.province = audit->province;
  panel.region = audit->region;
  panel.kind = kind;
  panel.scoring =
      jurisdiction ? (kind == "evaluation" ? jurisdiction->evaluation_table : jurisdiction->acceptance_table) : "";
  panel.state = "scoring";
  panel.edition = edition->id;
  panel.root = edition->root;
  panel.opened_on = on.value_or(act.on);
  panel.opened_by = act.caller.post_text();

  // First, so that who may not open a panel learns nothing about experts.
  QY_CHECK(audits::perform(
      tx, premises, act, id,
      {.action = kind == "evaluation" ? "open_evaluation" : "open_acceptance",
       .payload = json::Object{{"panel", panel.id.str()}, {"edition", edition->id.str()}, {"root", edition->root}},
       .event_on = on}));

  std::vector<FieldError> wrong;
  const std::set<std::string> distinct(experts.begin(), experts.end());
  if (static_cast<int>(distinct.size()) < kSmallestPanel)
    wrong.push_back({"#/experts", "evaluation.too_few", {{"count", std::to_string(kSmallestPanel)}}});
  int position = 0;
  for (const auto& text : experts)
    if (auto member = invited(tx, *audit, text, "#/experts/" + std::to_string(position++), wrong);
        member && !member_of(panel, member->expert))
      panel.members.push_back(std::move(*member));
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  store::insert(tx, panel);
  json::Array names;
  for (const auto& member : panel.members) {
    names.push_back(json::Value(member.name));
    audits::admit_guest(tx, id, identity::Party::expert, member.expert.str(), panel.opened_on,
                        panel.opened_on.plus_days(kGuestDays));
  }
  db::append_action(
      tx,
      identity::action_by(act, subject_of(panel.id), "open", codec::citations(*premises.rules, "experts", act.on),
                          json::Object{{"audit", id.str()},
                                       {"kind", kind},
                                       {"table", panel.scoring},
                                       {"root", panel.root},
                                       {"experts", std::move(names)}}),
      act.random);
  return panel.id;
}

Result<Panel> save_sheet(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                         const registry::PartyId& expert, const Sheet& sheet, std::optional<std::int64_t> version) {
  auto panel = store::find(tx, id);
  auto* member = panel ? member_of(*panel, expert) : nullptr;
  if (!member || member->state == "recused") return Error{ErrorKind::not_found, "evaluation.not_found"};
  if (panel->state != "scoring" || member->state == "submitted")
    return Error{ErrorKind::conflict, "evaluation.submitted"};
  if (version && *version != member->version) return Error{ErrorKind::stale, "evaluation.stale"};
  (void)act;

  const auto& table = table_of(premises, *panel);
  std::vector<FieldError> wrong;
  for (const auto& [code, score] : sheet.items) {
    const rules::ScoringTable::Item* item = nullptr;
    for (const auto* items : {&table.items, &table.bonus})
      for (const auto& candidate : *items)
        if (candidate.code == code) item = &candidate;
    const auto pointer = "#/items/" + code;
    if (!item)
      wrong.push_back({pointer, "evaluation.item_unknown", {{"code", code}}});
    else if (score.points.is_negative() || score.points > item->max)
      wrong.push_back({pointer + "/points", "evaluation.points_range", {{"max", item->max.shortest()}}});
  }
  for (const auto& [code, vote] : sheet.vetoes)
    if (std::none_of(table.vetoes.begin(), table.vetoes.end(), [&](const auto& v) { return v.code == code; }))
      wrong.push_back({"#/vetoes/" + code, "evaluation.item_unknown", {{"code", code}}});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  member->sheet = sheet;
  store::save_sheet(tx, id, *member);
  ++member->version;
  return std::move(*panel);
}

Result<Panel> submit_sheet(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                           const registry::PartyId& expert) {
  auto panel = store::find(tx, id);
  auto* member = panel ? member_of(*panel, expert) : nullptr;
  if (!member || member->state == "recused") return Error{ErrorKind::not_found, "evaluation.not_found"};
  if (panel->state != "scoring" || member->state == "submitted")
    return Error{ErrorKind::conflict, "evaluation.submitted"};

  const auto& table = table_of(premises, *panel);
  std::vector<FieldError> wrong;
  for (const auto& item : table.items) {
    const auto score = member->sheet.items.find(item.code);
    if (score == member->sheet.items.end())
      wrong.push_back({"#/items/" + item.code, "evaluation.item_missing"});
    else if (score->second.points < item.max && trim(score->second.reason).empty())
      wrong.push_back({"#/items/" + item.code + "/reason", "evaluation.reason_missing"});
  }
  for (const auto& veto : table.vetoes) {
    const auto vote = member->sheet.vetoes.find(veto.code);
    if (vote == member->sheet.vetoes.end())
      wrong.push_back({"#/vetoes/" + veto.code, "evaluation.veto_missing"});
    else if (vote->second.found && trim(vote->second.reason).empty())
      wrong.push_back({"#/vetoes/" + veto.code + "/reason", "evaluation.reason_missing"});
  }
  if (trim(member->sheet.comment).empty()) wrong.push_back({"#/comment", "evaluation.comment_missing"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  member->state = "submitted";
  member->submitted_at = act.at;
  store::save_member(tx, id, *member);
  ++member->version;
  // The chain of a panel says that a sheet is in and what it hashes to, not what it says: blind scores cannot leak
  // through the log.
  db::append_action(
      tx,
      identity::action_by(act, subject_of(id), "score", codec::citations(*premises.rules, "experts", act.on),
                          json::Object{{"expert", member->expert.str()},
                                       {"sheet", crypto::sha256_hex(json::canonical(content_of(member->sheet)))}}),
      act.random);
  close_when_complete(tx, premises, act, table, *panel);
  return std::move(*panel);
}

Result<Panel> invite(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                     const std::string& expert) {
  auto panel = store::find(tx, id);
  const auto audit = panel ? audits::find_audit(tx, panel->audit) : std::nullopt;
  if (!audit) return Error{ErrorKind::not_found, "evaluation.not_found"};
  if (panel->state != "scoring") return Error{ErrorKind::conflict, "evaluation.submitted"};
  std::vector<FieldError> wrong;
  auto member = invited(tx, *audit, expert, "#/expert", wrong);
  if (member && member_of(*panel, member->expert)) wrong.push_back({"#/expert", "evaluation.member_already"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
  store::insert_member(tx, id, *member);
  audits::admit_guest(tx, panel->audit, identity::Party::expert, member->expert.str(), act.on,
                      act.on.plus_days(kGuestDays));
  db::append_action(
      tx,
      identity::action_by(act, subject_of(id), "invite", codec::citations(*premises.rules, "experts", act.on),
                          json::Object{{"expert", member->name}}),
      act.random);
  panel->members.push_back(std::move(*member));
  return std::move(*panel);
}

Result<Panel> recuse(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                     const registry::PartyId& expert, const std::string& reason) {
  auto panel = store::find(tx, id);
  auto* member = panel ? member_of(*panel, expert) : nullptr;
  if (!member) return Error{ErrorKind::not_found, "evaluation.not_found"};
  if (panel->state != "scoring" || member->state != "invited")
    return Error{ErrorKind::conflict, "evaluation.submitted"};
  std::vector<FieldError> wrong;
  if (trim(reason).empty()) wrong.push_back({"#/reason", "evaluation.recusal_reason"});
  if (sitting(*panel) - 1 < kSmallestPanel)
    wrong.push_back({"#/expert", "evaluation.too_few", {{"count", std::to_string(kSmallestPanel)}}});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
  member->state = "recused";
  member->recusal_reason = reason;
  store::save_member(tx, id, *member);
  audits::admit_guest(tx, panel->audit, identity::Party::expert, expert.str(), panel->opened_on, act.on.plus_days(-1));
  db::append_action(
      tx,
      identity::action_by(act, subject_of(id), "recuse", codec::citations(*premises.rules, "experts", act.on),
                          json::Object{{"expert", member->name}, {"reason", reason}}),
      act.random);
  close_when_complete(tx, premises, act, table_of(premises, *panel), *panel);
  return std::move(*panel);
}

std::vector<std::string> allowed_to_office(Tx& tx, const Premises& premises, const identity::Caller& caller,
                                           const Panel& panel, Date on) {
  const auto audit = audits::find_audit(tx, panel.audit);
  if (!audit || audits::relation_of(tx, caller, *audit, on) != audits::Relation::lead_office) return {};
  return engine::procedure::allowed(procedure_of(premises), panel.state,
                                    identity::actor_of(caller, audit->lead_line, audit->cosign_line));
}

Result<Panel> reopen_scoring(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                             const std::string& reason) {
  auto panel = store::find(tx, id);
  if (!panel) return Error{ErrorKind::not_found, "evaluation.not_found"};
  QY_CHECK(check_decision(tx, premises, act, *panel, "reopen_scoring", reason));
  const auto before = panel->total;
  for (auto& member : panel->members) {
    if (member.state != "submitted") continue;
    member.state = "invited";
    member.submitted_at = std::nullopt;
    store::save_member(tx, id, member);
    ++member.version;
  }
  panel->state = "scoring";
  panel->total = std::nullopt;
  panel->reason = reason;
  if (!store::update(tx, *panel)) return Error{ErrorKind::stale, "evaluation.stale"};
  ++panel->version;
  db::append_action(
      tx,
      identity::action_by(
          act, subject_of(id), "reopen_scoring", codec::citations(*premises.rules, "experts", act.on),
          json::Object{{"reason", reason}, {"total", before ? json::Value(before->str()) : json::Value(nullptr)}}),
      act.random);
  tell_experts(tx, act, *panel, *audits::find_audit(tx, panel->audit), "message.panel_reopened", reason);
  return std::move(*panel);
}

Result<Panel> dissolve(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                       const std::string& reason) {
  auto panel = store::find(tx, id);
  if (!panel) return Error{ErrorKind::not_found, "evaluation.not_found"};
  QY_CHECK(check_decision(tx, premises, act, *panel, "dissolve", reason));
  // The enterprise reads the case's log: why a panel was dissolved stays in the panel's.
  QY_TRY(const auto audit,
         audits::perform(tx, premises, act, panel->audit,
                         {.action = "dissolve_" + panel->kind, .payload = json::Object{{"panel", panel->id.str()}}}));
  QY_CHECK(break_up(tx, premises, act, *panel, audit, reason));
  return std::move(*panel);
}

Result<void> dissolve_all(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit,
                          const std::string& reason) {
  for (auto& panel : store::of_audit(tx, audit.id))
    if (panel.state == "scoring" || panel.state == "scored")
      QY_CHECK(break_up(tx, premises, act, panel, audit, reason));
  return {};
}

Outcome outcome_of(const rules::ScoringTable& table, const Panel& panel) {
  Outcome outcome;
  std::vector<Decimal> totals;
  std::set<std::string> vetoes;
  for (const auto& member : panel.members) {
    if (member.state != "submitted") continue;
    totals.push_back(member.total(table).value_or(Decimal()));
    for (const auto& [code, vote] : member.sheet.vetoes)
      if (vote.found) vetoes.insert(code);
  }
  outcome.trimmed = table.aggregation == "trimmed_mean" && static_cast<int>(totals.size()) >= table.trim_from;
  if (outcome.trimmed) {
    std::sort(totals.begin(), totals.end());
    totals = {totals.begin() + 1, totals.end() - 1};
  }
  Decimal sum;
  for (const auto& total : totals) sum = sum + total;
  if (!totals.empty()) outcome.total = *Decimal::divide(sum, Decimal(static_cast<int>(totals.size())), 2);
  outcome.vetoes.assign(vetoes.begin(), vetoes.end());
  for (const auto& band : table.bands) {
    const bool reached = band.inclusive ? outcome.total >= band.min : outcome.total > band.min;
    const bool barred = !vetoes.empty() && &band != &table.bands.back();
    if (!reached || barred) continue;
    outcome.result = band.result;
    outcome.title = band.title;
    outcome.next_action = band.next_action;
    outcome.mark = band.mark;
    break;
  }
  return outcome;
}

Result<Panel> conclude(Tx& tx, const Premises& premises, const identity::Act& act, const PanelId& id,
                       const std::string& opinion, const std::optional<std::string>& level, std::optional<Date> on) {
  auto panel = store::find(tx, id);
  if (!panel) return Error{ErrorKind::not_found, "evaluation.not_found"};
  if (panel->state != "scored") return Error{ErrorKind::conflict, "evaluation.not_scored"};
  const auto outcome = outcome_of(table_of(premises, *panel), *panel);
  std::vector<FieldError> wrong;
  if (trim(opinion).empty()) wrong.push_back({"#/opinion", "evaluation.opinion_missing"});
  const bool accepted = outcome.result == "accepted";
  static constexpr std::string_view kLevels[] = {"I", "II", "III", "none"};
  if (accepted && (!level || std::find(std::begin(kLevels), std::end(kLevels), *level) == std::end(kLevels)))
    wrong.push_back({"#/level", "evaluation.level_missing"});
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};

  json::Array vetoes = json::texts(outcome.vetoes);
  json::Array experts;
  for (const auto& member : panel->members)
    if (member.state == "submitted") experts.push_back(json::Value(member.name));
  json::Object payload{{"panel", id.str()},           {"total", outcome.total.str()}, {"result", outcome.result},
                       {"vetoes", std::move(vetoes)}, {"opinion", opinion},           {"edition", panel->edition.str()},
                       {"root", panel->root},         {"table", panel->scoring},      {"experts", std::move(experts)}};
  if (accepted) payload["level"] = *level;
  audits::Perform what{.action = "conclude_" + outcome.result, .payload = payload, .event_on = on};
  if (outcome.result != "proceed" && outcome.result != "accepted") what.reason = opinion;
  QY_TRY(const auto audit, audits::perform(tx, premises, act, panel->audit, what));
  if (accepted) {
    audits::record_level(tx, panel->audit, *level);
    registry::set_standing(
        tx, audit.enterprise,
        {.reference = audit.id.str(), .accepted_on = audit.accepted_on.value_or(act.on), .level = *level});
  }
  panel->state = "concluded";
  panel->total = outcome.total;
  panel->result = outcome.result;
  panel->opinion = opinion;
  panel->level = accepted ? level : std::nullopt;
  panel->concluded_on = on.value_or(act.on);
  panel->concluded_by = act.caller.post_text();
  if (!store::update(tx, *panel)) return Error{ErrorKind::stale, "evaluation.stale"};
  ++panel->version;
  const auto basis = panel->kind == "evaluation" ? "evaluation.result" : "acceptance.result";
  db::append_action(tx,
                    identity::action_by(act, subject_of(id), "conclude",
                                        codec::citations(*premises.rules, basis, act.on), std::move(payload)),
                    act.random);
  return std::move(*panel);
}

Result<audits::Audit> confirm_supplement(Tx& tx, const Premises& premises, const identity::Act& act,
                                         const audits::AuditId& id) {
  const auto panels = store::of_audit(tx, id);
  const auto last = std::find_if(panels.rbegin(), panels.rend(),
                                 [](const Panel& p) { return p.kind == "evaluation" && p.state == "concluded"; });
  if (last == panels.rend() || last->result != "supplement")
    return Error{ErrorKind::conflict, "evaluation.no_supplement"};
  const auto edition = figures::latest_edition(tx, {"audit", id.str()}, "submitted");
  json::Object payload{{"panel", last->id.str()}};
  if (edition) {
    payload["edition"] = edition->id.str();
    payload["root"] = edition->root;
  }
  return audits::perform(tx, premises, act, id, {.action = "confirm_supplement", .payload = std::move(payload)});
}

}  // namespace qy::evaluation
