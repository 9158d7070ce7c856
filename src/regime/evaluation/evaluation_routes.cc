#include <algorithm>

#include "regime/audits/audits_json.h"
#include "regime/evaluation/evaluation.h"
#include "regime/evaluation/evaluation_store.h"
#include "regime/identity/guard.h"
#include "regime/obligations/work.h"

namespace qy::evaluation {
namespace {

using audits::AuditId;
using http::Request;
using http::Response;
using identity::Caller;
using identity::Role;

/// What a caller may see of a panel. Sheets are blind while scoring lasts; the enterprise learns of a panel when it has
/// concluded.
enum class View { nothing, conclusion, members, own_sheet, sheets };

View view_of(Tx& tx, const Caller& caller, const Panel& panel, Date today) {
  const auto audit = audits::find_audit(tx, panel.audit);
  if (!audit) return View::nothing;
  if (caller.party == identity::Party::expert) {
    const auto mine = std::find_if(panel.members.begin(), panel.members.end(),
                                   [&](const Member& m) { return m.expert.str() == caller.party_id; });
    if (mine == panel.members.end() || mine->state == "recused") return View::nothing;
    return panel.state == "scoring" || panel.state == "dissolved" ? View::own_sheet : View::sheets;
  }
  switch (audits::relation_of(tx, caller, *audit, today)) {
    case audits::Relation::lead_office:
    case audits::Relation::cosign_office:
      // Of a panel dissolved while scoring lasted the sheets stay blind.
      return panel.state == "scoring" || (panel.state == "dissolved" && !panel.total) ? View::members : View::sheets;
    case audits::Relation::other_office:
      return panel.state == "concluded" ? View::sheets : View::nothing;
    case audits::Relation::enterprise:
    case audits::Relation::consultancy:
      return panel.state == "concluded" ? View::conclusion : View::nothing;
    default:
      return View::nothing;
  }
}

/// Who sits on a panel is the leading office's to change.
bool may_staff(Tx& tx, const Caller& caller, const Panel& panel, Date today) {
  const auto audit = audits::find_audit(tx, panel.audit);
  return audit && audits::relation_of(tx, caller, *audit, today) == audits::Relation::lead_office &&
         (caller.role == Role::officer || caller.role == Role::chief);
}

json::Object sheet_json(const Sheet& sheet) {
  json::Object items, vetoes;
  for (const auto& [code, score] : sheet.items)
    items[code] = json::Object{{"points", score.points.str()}, {"reason", score.reason}};
  for (const auto& [code, vote] : sheet.vetoes)
    vetoes[code] = json::Object{{"found", vote.found}, {"reason", vote.reason}};
  return {{"items", std::move(items)}, {"vetoes", std::move(vetoes)}, {"comment", sheet.comment}};
}

json::Object table_json(const rules::ScoringTable& table) {
  const auto item_json = [](const rules::ScoringTable::Item& item) {
    return json::Object{{"code", item.code},
                        {"block", json::both(item.block)},
                        {"text", json::both(item.text)},
                        {"max", item.max.shortest()},
                        {"mark", rules::to_string(item.mark)}};
  };
  json::Array items, bonus, vetoes, bands;
  for (const auto& item : table.items) items.push_back(item_json(item));
  for (const auto& item : table.bonus) bonus.push_back(item_json(item));
  for (const auto& veto : table.vetoes)
    vetoes.push_back(
        json::Object{{"code", veto.code}, {"text", json::both(veto.text)}, {"mark", rules::to_string(veto.mark)}});
  for (const auto& band : table.bands)
    bands.push_back(json::Object{{"min", band.min.shortest()},
                                 {"inclusive", band.inclusive},
                                 {"result", band.result},
                                 {"title", json::both(band.title)},
                                 {"next_action", json::both(band.next_action)},
                                 {"mark", rules::to_string(band.mark)}});
  return {{"id", table.id},
          {"title", json::both(table.title)},
          {"mark", rules::to_string(table.source.mark)},
          {"items", std::move(items)},
          {"bonus", std::move(bonus)},
          {"vetoes", std::move(vetoes)},
          {"bands", std::move(bands)}};
}

json::Object panel_json(Tx& tx, const Premises& premises, const Caller& caller, const Panel& panel, View view,
                        bool with_table) {
  const auto audit = audits::find_audit(tx, panel.audit);
  const auto* table = premises.rules->find_scoring_table(panel.scoring);
  json::Object body{{"id", panel.id.str()},
                    {"audit", panel.audit.str()},
                    {"audit_number", audit ? audit->number : ""},
                    {"enterprise_name", audit ? audit->enterprise_name : ""},
                    {"kind", panel.kind},
                    {"state", panel.state},
                    {"opened_on", panel.opened_on.str()},
                    {"edition", panel.edition.str()},
                    {"root", panel.root},
                    {"reason", view == View::conclusion ? "" : panel.reason},
                    {"version", panel.version}};
  if (with_table && table) body["table"] = table_json(*table);
  const bool concluded = panel.state == "concluded";
  if (view == View::conclusion || view == View::sheets) {
    body["total"] = panel.total ? json::Value(panel.total->str()) : json::Value(nullptr);
    body["result"] = panel.result ? json::Value(*panel.result) : json::Value(nullptr);
    body["level"] = panel.level ? json::Value(*panel.level) : json::Value(nullptr);
    body["opinion"] = panel.opinion;
    body["concluded_on"] = panel.concluded_on ? json::Value(panel.concluded_on->str()) : json::Value(nullptr);
    body["concluded_by"] = panel.concluded_by;
    if (table && (concluded || view == View::sheets)) {
      const auto outcome = outcome_of(*table, panel);
      body["outcome"] =
          json::Object{{"total", outcome.total.str()},          {"trimmed", outcome.trimmed},
                       {"vetoes", json::texts(outcome.vetoes)}, {"result", outcome.result},
                       {"title", json::both(outcome.title)},    {"next_action", json::both(outcome.next_action)},
                       {"mark", rules::to_string(outcome.mark)}};
    }
  }
  if (view != View::conclusion) {
    json::Array members;
    for (const auto& member : panel.members) {
      const bool mine = caller.party == identity::Party::expert && member.expert.str() == caller.party_id;
      // An expert learns who else sits when scoring is over.
      if (view == View::own_sheet && !mine) continue;
      json::Object entry{
          {"expert", member.expert.str()},
          {"name", member.name},
          {"state", member.state},
          {"recusal_reason", member.recusal_reason},
          {"submitted_at", member.submitted_at ? json::Value(member.submitted_at->str()) : json::Value(nullptr)},
          {"mine", mine}};
      if (mine || view == View::sheets) {
        entry["sheet"] = sheet_json(member.sheet);
        const auto total = table ? member.total(*table) : std::nullopt;
        entry["total"] = total ? json::Value(total->str()) : json::Value(nullptr);
        entry["version"] = member.version;
      }
      members.push_back(std::move(entry));
    }
    body["members"] = std::move(members);
  }
  json::Array allowed;
  if (view == View::own_sheet && panel.state == "scoring")
    for (const auto& member : panel.members)
      if (member.expert.str() == caller.party_id && member.state == "invited") {
        allowed.push_back("score");
        allowed.push_back("recuse");
      }
  // An expert recuses himself, the office somebody else.
  for (const auto& action : allowed_to_office(tx, premises, caller, panel, premises.today()))
    allowed.push_back(json::Value(action == "recuse" ? "recuse_member" : action));
  body["allowed_actions"] = std::move(allowed);
  return body;
}

Result<Panel> visible_panel(Tx& tx, const Caller& caller, const PanelId& id, Date today, View& view) {
  auto panel = store::find(tx, id);
  if (panel) view = view_of(tx, caller, *panel, today);
  if (!panel || view == View::nothing) return Error{ErrorKind::not_found, "evaluation.not_found"};
  return std::move(*panel);
}

Sheet read_sheet(json::ObjectReader& in) {
  Sheet sheet;
  for (auto& [code, reader] : in.members("items", 200))
    sheet.items[code] = {reader.decimal("points"), reader.optional_text("reason", 1000).value_or("")};
  for (auto& [code, reader] : in.members("vetoes", 50))
    sheet.vetoes[code] = {reader.flag("found"), reader.optional_text("reason", 1000).value_or("")};
  sheet.comment = in.optional_text("comment", 4000).value_or("");
  return sheet;
}

/// 待我办理: panels whose sheets are all in, for the chief who concludes.
void waiting(Tx& tx, const Premises& premises, const Caller& caller, std::vector<obligations::Work>& found) {
  if (!caller.is_office() || caller.role != identity::Role::chief) return;
  std::vector<std::string> panels;
  for (const auto& panel : store::of_offices(tx, identity::row_scope(caller, "region"), "scored")) {
    const auto audit = audits::find_audit(tx, panel.audit);
    if (audit && audits::relation_of(tx, caller, *audit, premises.today()) == audits::Relation::lead_office)
      panels.push_back(panel.id.str());
  }
  if (!panels.empty())
    found.push_back({"panel_scored", static_cast<std::int64_t>(panels.size()),
                     panels.size() == 1 ? "/app/panels/" + panels.front() : "/app/panels?state=scored"});
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  obligations::register_work("evaluation", waiting);
  audits::at_removal("evaluation", dissolve_all);
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/panels", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    const auto state = request.query("state");
    QY_TRY(const auto page, http::page_of(request, {"opened_on"}, "-opened_on"));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      std::vector<Panel> panels;
      if (caller.party == identity::Party::expert)
        panels = store::of_expert(tx, caller.party_id);
      else if (caller.is_office())
        panels = store::of_offices(tx, identity::row_scope(caller, "region"), state);
      const auto today = premises.today();
      std::erase_if(panels, [&](const Panel& panel) {
        return (!state.empty() && panel.state != state) || view_of(tx, caller, panel, today) == View::nothing;
      });
      if (!page.descending) std::reverse(panels.begin(), panels.end());
      // What still waits for somebody stands before what is concluded.
      std::stable_partition(panels.begin(), panels.end(),
                            [](const Panel& p) { return p.state == "scoring" || p.state == "scored"; });
      json::Array items;
      const auto offset = static_cast<std::size_t>(page.offset());
      for (auto i = offset; i < panels.size() && i < offset + static_cast<std::size_t>(page.size); ++i)
        if (const auto panel = store::find(tx, panels[i].id))
          items.push_back(panel_json(tx, premises, caller, *panel, view_of(tx, caller, *panel, today), false));
      return http::ok(json::Object{{"items", std::move(items)},
                                   {"total", static_cast<std::int64_t>(panels.size())},
                                   {"page", page.page},
                                   {"page_size", page.size}});
    });
  });

  add("GET", "/api/v1/audits/{audit}/panels",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        const auto today = premises.today();
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_visible(tx, caller, id, today));
          json::Array items;
          bool waits_for_supplement = false;
          for (const auto& panel : store::of_audit(tx, id)) {
            const auto view = view_of(tx, caller, panel, today);
            if (view != View::nothing) items.push_back(panel_json(tx, premises, caller, panel, view, false));
            if (panel.kind == "evaluation" && panel.state == "concluded")
              waits_for_supplement = panel.result == "supplement";
          }
          json::Array allowed;
          for (const auto& action : audits::allowed_actions(tx, premises, caller, audit, today)) {
            if (action == "confirm_supplement" && !waits_for_supplement) continue;
            if (action == "open_evaluation" || action == "open_acceptance" || action == "confirm_supplement")
              allowed.push_back(json::Value(action));
          }
          return http::ok(json::Object{{"items", std::move(items)}, {"allowed_actions", std::move(allowed)}});
        });
      });

  add("GET", "/api/v1/audits/{audit}/expert-candidates",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        const auto today = premises.today();
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_visible(tx, caller, id, today));
          if (audits::relation_of(tx, caller, audit, today) != audits::Relation::lead_office)
            return identity::forbidden("evaluation.lead_only");
          json::Array items;
          for (const auto& expert : registry::parties_of(tx, identity::Party::expert, audit.province + "0000")) {
            const auto conflict = conflict_of(tx, audit, expert);
            const auto panels = store::of_expert(tx, expert.id.str());
            const auto load = std::count_if(panels.begin(), panels.end(),
                                            [](const Panel& panel) { return panel.state == "scoring"; });
            items.push_back(json::Object{{"id", expert.id.str()},
                                         {"name", expert.facts.name},
                                         {"title", expert.facts.title},
                                         {"employer", expert.facts.employer},
                                         {"fields", json::texts(expert.facts.fields)},
                                         {"conflict", conflict ? json::Value(*conflict) : json::Value(nullptr)},
                                         {"load", static_cast<std::int64_t>(load)}});
          }
          return http::ok(json::Object{{"items", std::move(items)}});
        });
      });

  add("POST", "/api/v1/audits/{audit}/panels",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto kind = in.choice("kind", {"evaluation", "acceptance"});
        const auto experts = in.texts("experts", 15, 36);
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_CHECK(audits::get_visible(tx, caller, id, act.on));
          QY_TRY(const auto panel, open_panel(tx, premises, act, id, kind, experts));
          const auto made = *store::find(tx, panel);
          return http::with_etag(
              http::created(panel_json(tx, premises, caller, made, view_of(tx, caller, made, act.on), true)),
              made.version);
        });
      });

  add("GET", "/api/v1/panels/{panel}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto id, PanelId::parse(request.parameter("panel")));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      View view = View::nothing;
      QY_TRY(const auto panel, visible_panel(tx, caller, id, premises.today(), view));
      return http::with_etag(http::ok(panel_json(tx, premises, caller, panel, view, true)), panel.version);
    });
  });

  add("PUT", "/api/v1/panels/{panel}/sheet",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, PanelId::parse(request.parameter("panel")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto sheet = read_sheet(in);
        QY_CHECK(in.done());
        if (caller.party != identity::Party::expert) return Error{ErrorKind::not_found, "evaluation.not_found"};
        const auto act = identity::act_of(premises, caller);
        const auto expert = registry::PartyId::trusted(caller.party_id);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto panel, save_sheet(tx, premises, act, id, expert, sheet, version));
          auto answer = panel_json(tx, premises, caller, panel, View::own_sheet, false);
          return http::with_etag(http::ok(answer), version + 1);
        });
      });

  add("POST", "/api/v1/panels/{panel}/submit",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, PanelId::parse(request.parameter("panel")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto password = in.raw_text("password", 200);
        QY_CHECK(in.done());
        if (caller.party != identity::Party::expert) return Error{ErrorKind::not_found, "evaluation.not_found"};
        QY_CHECK(identity::confirm_password(premises, caller, password));
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto panel, submit_sheet(tx, premises, act, id, registry::PartyId::trusted(caller.party_id)));
          return http::with_etag(
              http::ok(panel_json(tx, premises, caller, panel, view_of(tx, caller, panel, act.on), true)),
              panel.version);
        });
      });

  add("POST", "/api/v1/panels/{panel}/members",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, PanelId::parse(request.parameter("panel")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto expert = in.text("expert", 36);
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          View view = View::nothing;
          QY_TRY(const auto before, visible_panel(tx, caller, id, act.on, view));
          if (!may_staff(tx, caller, before, act.on)) return identity::forbidden("evaluation.lead_only");
          QY_TRY(const auto panel, invite(tx, premises, act, id, expert));
          return http::with_etag(http::created(panel_json(tx, premises, caller, panel, view, true)), panel.version);
        });
      });

  add("POST", "/api/v1/panels/{panel}/recuse",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, PanelId::parse(request.parameter("panel")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto reason = in.text("reason", 500);
        const auto expert_text = in.optional_text("expert", 36);
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          View view = View::nothing;
          QY_TRY(const auto panel, visible_panel(tx, caller, id, act.on, view));
          registry::PartyId expert;
          if (caller.party == identity::Party::expert) {
            expert = registry::PartyId::trusted(caller.party_id);
          } else {
            if (!may_staff(tx, caller, panel, act.on)) return identity::forbidden("evaluation.lead_only");
            const auto named = registry::PartyId::parse(expert_text.value_or(""));
            if (!named)
              return Error{ErrorKind::invalid, "input.invalid", {}, {{"#/expert", "evaluation.expert_unknown"}}};
            expert = *named;
          }
          QY_CHECK(recuse(tx, premises, act, id, expert, reason));
          return http::no_content();
        });
      });

  add("POST", "/api/v1/panels/{panel}/conclude",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, PanelId::parse(request.parameter("panel")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto opinion = in.text("opinion", 4000);
        const auto level = in.optional_choice("level", {"I", "II", "III", "none"});
        const auto password = in.raw_text("password", 200);
        QY_CHECK(in.done());
        QY_CHECK(identity::confirm_password(premises, caller, password));
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          View view = View::nothing;
          QY_TRY(const auto before, visible_panel(tx, caller, id, act.on, view));
          if (before.version != version) return Error{ErrorKind::stale, "evaluation.stale"};
          QY_TRY(const auto panel, conclude(tx, premises, act, id, opinion, level));
          return http::with_etag(
              http::ok(panel_json(tx, premises, caller, panel, view_of(tx, caller, panel, act.on), true)),
              panel.version);
        });
      });

  using Decision = Result<Panel> (*)(Tx&, const Premises&, const identity::Act&, const PanelId&, const std::string&);
  for (const auto& [path, decide] : {std::pair<const char*, Decision>{"/api/v1/panels/{panel}/reopen", reopen_scoring},
                                     std::pair<const char*, Decision>{"/api/v1/panels/{panel}/dissolve", dissolve}})
    add("POST", path, [&premises, decide](const Request& request, const Caller& caller) -> Result<Response> {
      QY_TRY(const auto id, PanelId::parse(request.parameter("panel")));
      QY_TRY(const auto version, request.if_match());
      QY_TRY(const auto body, request.json());
      json::ObjectReader in(body);
      const auto reason = in.text("reason", 1000);
      QY_CHECK(in.done());
      const auto act = identity::act_of(premises, caller);
      return premises.database->write([&](Tx& tx) -> Result<Response> {
        View view = View::nothing;
        QY_TRY(const auto before, visible_panel(tx, caller, id, act.on, view));
        if (before.version != version) return Error{ErrorKind::stale, "evaluation.stale"};
        QY_TRY(const auto panel, decide(tx, premises, act, id, reason));
        return http::with_etag(
            http::ok(panel_json(tx, premises, caller, panel, view_of(tx, caller, panel, act.on), true)), panel.version);
      });
    });

  add("POST", "/api/v1/audits/{audit}/confirm-supplement",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto password = in.raw_text("password", 200);
        QY_CHECK(in.done());
        QY_CHECK(identity::confirm_password(premises, caller, password));
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_CHECK(audits::get_visible(tx, caller, id, act.on));
          QY_TRY(const auto audit, confirm_supplement(tx, premises, act, id));
          return http::with_etag(http::ok(audits::audit_json(premises, audit)), audit.version);
        });
      });
}

}  // namespace qy::evaluation
