#include "engine/procedure/procedure.h"
#include "regime/audits/audits_json.h"
#include "regime/identity/guard.h"
#include "regime/results/results.h"

namespace qy::results {
namespace {

using audits::AuditId;
using http::Request;
using http::Response;
using identity::Caller;

json::Object result_json(const Published& p) {
  return {{"audit", p.audit.str()},
          {"enterprise", p.enterprise.str()},
          {"outcome", p.outcome},
          {"level", p.level ? json::Value(*p.level) : json::Value(nullptr)},
          {"year", p.year},
          {"decided_on", p.decided_on.str()},
          {"published_on", p.published_on.str()},
          {"where", p.where}};
}

/// Who publishes a result under the case's procedure, while one waits for it; null otherwise.
json::Value publisher_json(Tx& tx, const Premises& premises, const audits::Audit& audit) {
  const auto* procedure = premises.rules->find_procedure(audit.procedure);
  const auto* action = procedure ? procedure->find_action("publish_result") : nullptr;
  if (!action || !audits::unpublished_decision(tx, audit.id)) return nullptr;
  return json::both(engine::procedure::who_may(*action));
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/audits/{audit}/result",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        const auto today = premises.today();
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_visible(tx, caller, id, today));
          const auto result = find_result(tx, id);
          json::Array allowed;
          for (const auto& action : audits::allowed_actions(tx, premises, caller, audit, today))
            if (action == "publish_result") allowed.push_back(json::Value(action));
          return http::ok(json::Object{{"result", result ? json::Value(result_json(*result)) : json::Value(nullptr)},
                                       {"publisher", publisher_json(tx, premises, audit)},
                                       {"allowed_actions", std::move(allowed)}});
        });
      });

  add("POST", "/api/v1/audits/{audit}/result",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto where = in.text("where", 300);
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_CHECK(audits::get_visible(tx, caller, id, act.on));
          QY_TRY(const auto result, publish(tx, premises, act, id, where));
          return http::created(result_json(result));
        });
      });
}

}  // namespace qy::results
