#include <algorithm>

#include "regime/audits/audits_json.h"
#include "regime/disclosure/disclosure.h"
#include "regime/disclosure/disclosure_store.h"
#include "regime/identity/guard.h"

namespace qy::disclosure {
namespace {

using http::Request;
using http::Response;
using identity::Caller;

/// True in a state from which the procedure discloses, in time or after the start.
bool may_publish(const rules::Library& rules, const audits::Audit& audit) {
  const auto* procedure = rules.find_procedure(audit.procedure);
  for (const char* id : {"disclose", "disclose_late"})
    if (const auto* action = procedure ? procedure->find_action(id) : nullptr)
      if (std::find(action->from.begin(), action->from.end(), audit.state) != action->from.end()) return true;
  return false;
}

json::Object form_json(const Premises& premises, const audits::Audit& audit, const Disclosure& d, Language language,
                       bool editable) {
  json::Array items;
  for (const auto* item : items_for(*premises.rules, audit.categories))
    items.push_back(json::Object{{"id", item->id},
                                 {"title", json::both(item->title)},
                                 {"help", json::both(item->help)},
                                 {"kind", item->kind},
                                 {"unit", item->unit},
                                 {"mark", rules::to_string(item->mark)}});
  json::Array missing;
  for (const auto& gap : gaps(*premises.rules, audit.categories, d.answers))
    missing.push_back(json::Object{{"pointer", gap.pointer},
                                   {"code", gap.code},
                                   {"detail", Catalogue::global().render(gap.code, gap.params, language)}});
  json::Array allowed;
  if (editable && !d.published_on) {
    allowed.push_back("edit");
    if (may_publish(*premises.rules, audit)) allowed.push_back("publish");
  }
  return {{"audit", audit.id.str()},
          {"items", std::move(items)},
          {"answers", store::answers_json(d.answers)},
          {"missing", std::move(missing)},
          {"published_on", d.published_on ? json::Value(d.published_on->str()) : json::Value(nullptr)},
          {"elsewhere", d.elsewhere},
          {"root", d.root},
          {"allowed_actions", std::move(allowed)},
          {"version", d.version}};
}

std::map<std::string, Answer> read_answers(json::ObjectReader& in) {
  std::map<std::string, Answer> answers;
  for (auto& [item, reader] : in.members("answers", 60)) {
    Answer answer;
    answer.text = reader.optional_text("text", 4000).value_or("");
    answer.number = reader.optional_decimal("number");
    answer.none_reason = reader.optional_text("none_reason", 500).value_or("");
    for (auto& row : reader.objects("substances", 100))
      answer.substances.push_back(
          {row.optional_text("name", 100).value_or(""), row.optional_text("mode", 100).value_or(""),
           row.optional_text("concentration", 100).value_or(""), row.optional_text("amount", 100).value_or("")});
    answers.emplace(item, std::move(answer));
  }
  return answers;
}

bool may_edit(Tx& tx, const Caller& caller, const audits::AuditId& id, Date on) {
  return audits::get_editable(tx, caller, id, on).has_value();
}

}  // namespace

void add_routes(const Premises& premises, http::Router& router) {
  const identity::Guard add(premises, router);

  add("GET", "/api/v1/audits/{audit}/disclosure",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        const auto today = premises.today();
        return premises.database->read([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_visible(tx, caller, id, today));
          const auto d = disclosure_of(tx, id);
          return http::with_etag(
              http::ok(form_json(premises, audit, d, request.language, may_edit(tx, caller, id, today))), d.version);
        });
      });

  add("PUT", "/api/v1/audits/{audit}/disclosure",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto answers = read_answers(in);
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_editable(tx, caller, id, act.on));
          QY_TRY(const auto d, save(tx, premises, act, audit, answers, version));
          return http::with_etag(http::ok(form_json(premises, audit, d, request.language, true)), d.version);
        });
      });

  add("POST", "/api/v1/audits/{audit}/disclosure/publish",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto elsewhere = in.optional_text("elsewhere", 300).value_or("");
        const auto published_on = in.optional_date("published_on");
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_editable(tx, caller, id, act.on));
          QY_TRY(const auto d, publish(tx, premises, act, audit.id, elsewhere, published_on));
          const auto after = *audits::find_audit(tx, id);
          return http::with_etag(http::ok(form_json(premises, after, d, request.language, true)), d.version);
        });
      });
}

}  // namespace qy::disclosure
