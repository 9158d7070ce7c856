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

json::Object form_json(Tx& tx, const Premises& premises, const Caller& caller, const audits::Audit& audit,
                       const Disclosure& d, Language language) {
  const auto today = premises.today();
  const bool may_edit = !d.published_on && audits::get_editable(tx, caller, audit.id, today);
  // Offered to who fills the form; what the register holds about people is not shown on the way.
  const auto known = may_edit ? known_from_register(tx, *premises.rules, audit) : std::map<std::string, std::string>();
  json::Array items;
  for (const auto* item : items_for(*premises.rules, audit.categories)) {
    const auto offered = known.find(item->id);
    items.push_back(
        json::Object{{"id", item->id},
                     {"title", json::both(item->title)},
                     {"help", json::both(item->help)},
                     {"kind", item->kind},
                     {"unit", item->unit},
                     {"from_register", offered == known.end() ? json::Value(nullptr) : json::Value(offered->second)},
                     {"mark", rules::to_string(item->mark)}});
  }
  json::Array missing;
  for (const auto& gap : gaps(*premises.rules, audit.categories, d.answers))
    missing.push_back(json::Object{{"pointer", gap.pointer},
                                   {"code", gap.code},
                                   {"detail", Catalogue::global().render(gap.code, gap.params, language)}});
  json::Array allowed;
  if (!d.published_on) {
    if (may_edit) allowed.push_back("edit");
    const auto actions = audits::allowed_actions(tx, premises, caller, audit, today);
    if (std::any_of(actions.begin(), actions.end(),
                    [](const auto& action) { return action == "disclose" || action == "disclose_late"; }))
      allowed.push_back("publish");
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
          return http::with_etag(http::ok(form_json(tx, premises, caller, audit, d, request.language)), d.version);
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
          return http::with_etag(http::ok(form_json(tx, premises, caller, audit, d, request.language)), d.version);
        });
      });

  add("POST", "/api/v1/audits/{audit}/disclosure/publish",
      [&premises](const Request& request, const Caller& caller) -> Result<Response> {
        QY_TRY(const auto id, audits::AuditId::parse(request.parameter("audit")));
        QY_TRY(const auto version, request.if_match());
        QY_TRY(const auto body, request.json());
        json::ObjectReader in(body);
        const auto elsewhere = in.optional_text("elsewhere", 300).value_or("");
        const auto published_on = in.optional_date("published_on");
        QY_CHECK(in.done());
        const auto act = identity::act_of(premises, caller);
        return premises.database->write([&](Tx& tx) -> Result<Response> {
          QY_TRY(const auto audit, audits::get_editable(tx, caller, id, act.on));
          QY_TRY(const auto d, publish(tx, premises, act, audit.id, elsewhere, published_on, version));
          const auto after = *audits::find_audit(tx, id);
          return http::with_etag(http::ok(form_json(tx, premises, caller, after, d, request.language)), d.version);
        });
      });
}

}  // namespace qy::disclosure
