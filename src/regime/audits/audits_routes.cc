#include <algorithm>

#include "base/text.h"
#include "regime/audits/audits.h"
#include "regime/audits/audits_commands.h"
#include "regime/audits/audits_json.h"
#include "regime/audits/audits_store.h"
#include "regime/audits/consequences.h"
#include "regime/audits/waiting.h"
#include "regime/identity/access.h"
#include "regime/identity/guard.h"

namespace qy::audits {
namespace {

using http::Request;
using http::Response;
using identity::Caller;

Result<Filter> filter_of(const Premises& premises, const Caller& caller, const Request& request) {
  Filter filter;
  filter.region_prefix = identity::region_prefix(request.query("region"));
  filter.industry_prefix = request.query("industry");
  filter.state = request.query("state");
  filter.category = request.query("category");
  filter.text = request.query("text");
  filter.line = request.query("line");
  filter.mode = request.query("mode");
  filter.waiting = request.query("waiting");
  if (const auto kinds = waiting_kinds();
      !filter.waiting.empty() && std::ranges::find(kinds, filter.waiting) == kinds.end())
    return Error{
        ErrorKind::invalid, "audit.waiting_unknown", {{"given", filter.waiting}, {"allowed", join(kinds, ", ")}}};
  if (const auto own = waiting_filter(premises, caller, filter.waiting)) filter.states = own->states;
  filter.progress = request.query("progress");
  if (!filter.progress.empty() && std::ranges::find(kProgress, filter.progress) == std::end(kProgress))
    return Error{ErrorKind::invalid,
                 "audit.progress_unknown",
                 {{"given", filter.progress},
                  {"allowed", join(std::vector<std::string>(std::begin(kProgress), std::end(kProgress)), ", ")}}};
  QY_TRY(const auto year, request.query_integer("year", 0, 0, 2199));
  if (year) filter.year = static_cast<int>(year);
  if (const auto enterprise = request.query("enterprise"); !enterprise.empty()) filter.enterprise = enterprise;
  return filter;
}

/// A correction as the office writes it. Fields that no correction may touch are kept by name, so that the refusal says
/// why at the field.
listing::NewCorrection correction_of(json::ObjectReader& in) {
  const auto refused = [](json::ObjectReader& object, std::initializer_list<const char*> names) {
    std::vector<std::string> given;
    for (const char* name : names)
      if (object.has(name)) {
        (void)object.any(name);
        given.emplace_back(name);
      }
    return given;
  };
  const auto text = [](json::ObjectReader& object, const char* name) {
    return object.has(name) ? std::optional(object.raw_text(name, 1000)) : std::nullopt;
  };
  listing::NewCorrection wanted;
  wanted.published_on = in.optional_date("published_on");
  wanted.dated_on = in.optional_date("dated_on");
  wanted.where = in.optional_text("where", 300).value_or("");
  wanted.explanation = in.optional_text("explanation", 1000).value_or("");
  wanted.document_number = in.optional_text("document_number", 80);
  if (in.has("list")) {
    auto list = in.object("list");
    wanted.list = {.title_zh = text(list, "title_zh"),
                   .title_en = text(list, "title_en"),
                   .document_number = text(list, "document_number"),
                   .published_where = text(list, "published_where"),
                   .dated_on = list.optional_date("dated_on"),
                   .refused = refused(list, {"published_on"})};
  }
  for (auto& item : in.objects("entries", 500)) {
    wanted.entries.push_back(
        {.entry = item.text("entry", 36),
         .enterprise_name = text(item, "enterprise_name"),
         .reason = text(item, "reason"),
         .mode_reason = text(item, "mode_reason"),
         .refused = refused(item, {"categories", "mode", "lead_line", "cosign_line", "enterprise", "status"})});
  }
  return wanted;
}

/// The whole case as its page shows it.
/// Why the case stands where it does: what brought it there, where that needed words (退回、中止、移出、结论).
json::Value standing_of(Tx& tx, const Premises& premises, const Audit& audit) {
  const auto* procedure = premises.rules->find_procedure(audit.procedure);
  json::Value standing = nullptr;
  for (const auto& action : db::actions_of(tx, {"audit", audit.id.str()})) {
    const auto* step = procedure ? procedure->find_action(action.name) : nullptr;
    const auto payload = action.payload.is_object() ? action.payload.as_object() : json::Object{};
    const auto text = [&](const char* key) -> std::string {
      const auto* found = payload.if_contains(key);
      return found && found->is_string() ? std::string(found->as_string()) : "";
    };
    if (!step || text("to").empty() || text("from") == text("to")) continue;
    standing = nullptr;
    if (const auto reason = text("opinion").empty() ? text("reason") : text("opinion"); !reason.empty())
      standing = json::Object{{"title", json::both(step->title)},
                              {"reason", reason},
                              {"on", action.at.shanghai_date().str()},
                              {"post", action.post}};
  }
  return standing;
}

json::Object detail(Tx& tx, const Premises& premises, const Caller& caller, const Audit& audit, Date today) {
  auto body = audit_json(premises, audit);
  body["standing"] = standing_of(tx, premises, audit);
  body["allowed_actions"] = json::texts(allowed_actions(tx, premises, caller, audit, today));
  json::Array deadlines;
  for (const auto& d : deadlines_of(tx, premises, audit, today)) deadlines.push_back(deadline_json(premises, d));
  body["deadlines"] = std::move(deadlines);
  json::Array mandates;
  for (const auto& m : store::mandates(tx, audit.id))
    mandates.push_back(json::Object{{"consultancy", m.consultancy},
                                    {"name", m.consultancy_name},
                                    {"from", m.from.str()},
                                    {"to", m.to.str()},
                                    {"given_by", m.given_by},
                                    {"in_force", m.from <= today && today <= m.to}});
  body["mandates"] = std::move(mandates);

  json::Array steps;
  const auto* mode = premises.rules->find_mode(audit.mode);
  const auto* jurisdiction = premises.rules->find_jurisdiction(audit.jurisdiction);
  const bool handbook = jurisdiction && jurisdiction->step_names == "handbook";
  for (const auto& step : premises.rules->steps())
    steps.push_back(json::Object{{"id", step.id},
                                 {"title", json::both(handbook ? step.handbook_title : step.title)},
                                 {"content", json::both(step.content)},
                                 {"dropped", mode && mode->dropped_steps.contains(step.id)}});
  body["steps"] = std::move(steps);

  json::Array involved;
  for (const auto& holder : identity::holders(tx, identity::Party::enterprise, audit.enterprise.str(), std::nullopt))
    involved.push_back(json::Object{{"party", "enterprise"}, {"name", holder.name}});
  body["people"] = std::move(involved);
  return body;
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);
  obligations::register_work("audits", work_of);

  identity::register_subject(
      "audit",
      [](Tx& tx, const Premises& premises, const Caller& caller, std::string_view id,
         identity::Matter matter) -> std::optional<identity::Access> {
        const auto parsed = AuditId::parse(id);
        if (!parsed) return std::nullopt;
        const auto audit = find_audit(tx, *parsed);
        if (!audit) return std::nullopt;
        const auto today = premises.today();
        const auto relation = relation_of(tx, caller, *audit, today);
        // Files and comments of a case are written by offices of its lines as well; its figures only by those who may
        // edit it.
        const bool office =
            relation == Relation::lead_office || relation == Relation::cosign_office || relation == Relation::guest;
        const bool write =
            get_editable(tx, caller, *parsed, today).has_value() || (office && matter != identity::Matter::figures);
        return identity::Access{
            .read = relation != Relation::none, .write = write, .province = audit->province, .region = audit->region};
      });

  add("GET", "/api/v1/audits", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto filter, filter_of(premises, caller, request));
    QY_TRY(const auto page,
           http::page_of(request, {"number", "enterprise_name", "region", "state", "published_on", "changed_at"},
                         "-changed_at"));
    const auto today = premises.today();
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      const auto found = store::search(tx, filter, scope_of(caller), page, today);
      json::Array items;
      for (const auto& audit : found.items) {
        auto item = audit_json(premises, audit);
        item["next_deadline"] = nullptr;
        for (const auto& d : deadlines_of(tx, premises, audit, today))
          if (d.state != engine::clock::State::met) {
            item["next_deadline"] = deadline_json(premises, d);
            break;
          }
        items.push_back(std::move(item));
      }
      return http::ok(json::Object{
          {"items", std::move(items)}, {"total", found.total}, {"page", page.page}, {"page_size", page.size}});
    });
  });

  add("GET", "/api/v1/audits/counts", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto filter, filter_of(premises, caller, request));
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      json::Object states;
      std::int64_t total = 0;
      for (const auto& [state, count] : store::counts_by_state(tx, filter, scope_of(caller), premises.today())) {
        states[state] = count;
        total += count;
      }
      return http::ok(json::Object{{"total", total}, {"states", std::move(states)}});
    });
  });

  add("GET", "/api/v1/audits/{audit}", [&premises](const Request& request, const Caller& caller) -> Result<Response> {
    QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
    const auto today = premises.today();
    return premises.database->read([&](Tx& tx) -> Result<Response> {
      QY_TRY(const auto audit, get_visible(tx, caller, id, today));
      return http::with_etag(http::ok(detail(tx, premises, caller, audit, today)), audit.version);
    });
  });

  add("GET", "/api/v1/audits/{audit}/log",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, get_visible(tx, caller, id, premises.today()));
          const auto* procedure = premises.rules->find_procedure(audit.procedure);
          json::Array items;
          for (const auto& action : db::actions_of(tx, {"audit", id.str()})) {
            const auto* step = procedure ? procedure->find_action(action.name) : nullptr;
            const auto* rule = action.payload.is_object() ? action.payload.as_object().if_contains("rule") : nullptr;
            const auto* clock =
                rule && rule->is_string() ? premises.rules->find_clock(std::string(rule->as_string())) : nullptr;
            items.push_back(json::Object{{"seq", action.seq},
                                         {"name", action.name},
                                         {"title", step ? json::both(step->title) : json::Value(nullptr)},
                                         {"rule_title", clock ? json::both(clock->title) : json::Value(nullptr)},
                                         {"at", action.at.str()},
                                         {"actor", action.actor_name},
                                         {"post", action.post},
                                         {"as_deputy", action.as_deputy},
                                         {"basis", action.basis},
                                         {"payload", action.payload},
                                         {"hash", action.hash}});
          }
          const auto broken = db::first_broken_link(tx, {"audit", id.str()});
          return http::ok(json::Object{{"items", std::move(items)}, {"intact", !broken.has_value()}});
        });
      });

  add("POST", "/api/v1/audits/{audit}/actions/{action}",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        Perform what{.action = request.parameter("action")};
        what.reason = in.optional_text("reason", 1000).value_or("");
        what.files = in.texts("files", 20, 36);
        what.event_on = in.optional_date("event_on");
        what.rule = in.optional_text("rule", 40).value_or("");
        what.until = in.optional_date("until");
        const auto password = in.raw_text("password", 200);
        QY_CHECK(in.done());
        QY_TRY(const auto audit, act_on_case(premises, caller, id, what, version, password));
        const auto today = premises.today();
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          return http::with_etag(http::ok(detail(tx, premises, caller, audit, today)), audit.version);
        });
      });

  add("PUT", "/api/v1/audits/{audit}/indicator-system",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto system = in.text("system", 80);
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, get_editable(tx, caller, id, act.on));
          QY_CHECK(choose_system(tx, premises, act, audit.id, system));
          const auto after = *find_audit(tx, id);
          return http::with_etag(http::ok(detail(tx, premises, caller, after, act.on)), after.version);
        });
      });

  add("POST", "/api/v1/audits/{audit}/mandates",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto consultancy = in.text("consultancy", 36);
        const auto from = in.date("from");
        const auto to = in.date("to");
        QY_CHECK(in.done());
        QY_CHECK(mandate(premises, caller, id, consultancy, from, to));
        return http::no_content();
      });

  add("DELETE", "/api/v1/audits/{audit}/mandates",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_CHECK(end_mandate(premises, caller, id));
        return http::no_content();
      });

  add("POST", "/api/v1/lists/{list}/corrections",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, listing::ListId::parse(request.parameter("list")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto wanted = correction_of(in);
        const auto password = in.raw_text("password", 200);
        QY_CHECK(in.done());
        QY_TRY(const auto correction, correct(premises, caller, id, wanted, version, password));
        return http::created(listing::correction_json(*premises.rules, correction));
      });

  add("POST", "/api/v1/lists/{list}/publish",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, listing::ListId::parse(request.parameter("list")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        listing::Publication publication;
        publication.published_on = in.date("published_on");
        publication.dated_on = in.optional_date("dated_on");
        publication.where = in.text("where", 300);
        publication.document_number = in.optional_text("document_number", 80);
        const auto password = in.raw_text("password", 200);
        QY_CHECK(in.done());
        QY_CHECK(identity::confirm_password(premises, caller, password));
        QY_TRY(const auto published, publish(premises, caller, id, publication));
        return http::ok(json::Object{{"list", published.list.id.str()},
                                     {"state", published.list.state},
                                     {"cases", static_cast<std::int64_t>(published.entries.size())}});
      });
}

}  // namespace qy::audits
