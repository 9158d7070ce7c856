#include "regime/audits/audits_commands.h"

#include "codec/law.h"
#include "regime/audits/consequences.h"
#include "regime/listing/corrections.h"
#include "regime/messages/messages.h"

namespace qy::audits {
namespace {

/// Actions this room lets people perform directly; the others belong to the rooms that decide them.
bool is_own_action(std::string_view action) {
  return action == "start" || action == "stop" || action == "resume" || action == "postpone" || action == "remove";
}

}  // namespace

store::Scope scope_of(const identity::Caller& caller) {
  store::Scope scope;
  if (caller.role == identity::Role::administrator || caller.role == identity::Role::security_auditor) return scope;
  switch (caller.party) {
    case identity::Party::office:
      scope.offices = identity::row_scope(caller, "a.region");
      break;
    case identity::Party::enterprise:
      scope.enterprise = caller.party_id;
      break;
    case identity::Party::consultancy:
      scope.consultancy = caller.party_id;
      break;
    case identity::Party::none:
      scope.everything = true;
      break;
    default:
      scope.guest_party = identity::to_string(caller.party);
      scope.guest_id = caller.party_id;
  }
  return scope;
}

Result<listing::Published> publish(const Premises& premises, const identity::Caller& caller,
                                   const listing::ListId& list, const listing::Publication& publication) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<listing::Published> {
    QY_TRY(auto published, listing::publish_list(tx, premises, act, list, publication));
    QY_CHECK(open_cases(tx, premises, act, published));
    return published;
  });
}

Result<listing::Correction> correct(Tx& tx, const Premises& premises, const identity::Act& act,
                                    const listing::ListId& list, const listing::NewCorrection& wanted,
                                    std::optional<std::int64_t> version) {
  QY_TRY(auto corrected, listing::publish_correction(tx, premises, act, list, wanted, version));
  for (const auto& entry : corrected.entries) {
    json::Array values;
    Text what;
    for (const auto& value : corrected.correction.values) {
      if (value.entry != entry.id) continue;
      const auto title = listing::title_of_field(value.field);
      what.zh += (what.zh.empty() ? "" : "、") + title.zh;
      what.en += (what.en.empty() ? "" : ", ") + title.en;
      values.push_back(json::Object{{"field", value.field}, {"before", value.before}, {"after", value.after}});
    }
    const auto id = store::of_entry(tx, entry.id);
    if (id) {
      const auto before = *store::find(tx, *id);
      auto after = before;
      after.enterprise_name = entry.enterprise_name;
      after.changed_at = act.at;
      store::set_enterprise_name(tx, after);
      ++after.version;
      db::append_action(
          tx,
          identity::action_by(act, {"audit", id->str()}, "correct_listing",
                              codec::citations(*premises.rules, "listing.correct", corrected.correction.paper_day()),
                              json::Object{{"list", list.str()},
                                           {"correction", corrected.correction.id.str()},
                                           {"reason", corrected.correction.explanation},
                                           {"values", std::move(values)}}),
          act.random);
      settle(tx, premises, act, &before, after, {"更正公告", "Correction notice"});
    }
    messages::notify(tx, act,
                     {.party = identity::Party::enterprise,
                      .party_id = entry.enterprise.str(),
                      .code = "message.list_corrected",
                      .params = {{"list", corrected.list.title.zh},
                                 {"list_en", corrected.list.title.en},
                                 {"what", what.zh},
                                 {"what_en", what.en}},
                      .link = id ? "/audits/" + id->str() : "/",
                      .about = {"list", list.str()},
                      .province = corrected.list.province});
  }
  return std::move(corrected.correction);
}

Result<listing::Correction> correct(const Premises& premises, const identity::Caller& caller,
                                    const listing::ListId& list, const listing::NewCorrection& wanted,
                                    std::optional<std::int64_t> version, std::string_view password) {
  const auto* procedure = premises.rules->find_procedure("list-national");
  const auto* step = procedure ? procedure->find_action("correct") : nullptr;
  if (step && step->needs_password) QY_CHECK(identity::confirm_password(premises, caller, password));
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) { return correct(tx, premises, act, list, wanted, version); });
}

Result<Audit> act_on_case(const Premises& premises, const identity::Caller& caller, const AuditId& id,
                          const Perform& what, std::optional<std::int64_t> version, std::string_view password) {
  const auto act = identity::act_of(premises, caller);
  const auto needs_password = premises.database->read([&](Tx& tx) -> Result<bool> {
    QY_TRY(const auto audit, get_visible(tx, caller, id, act.on));
    const auto* procedure = premises.rules->find_procedure(audit.procedure);
    const auto* step = procedure ? procedure->find_action(what.action) : nullptr;
    if (step && !is_own_action(what.action))
      return Error{
          ErrorKind::conflict, "audit.other_room", {{"action", step->title.zh}, {"action_en", step->title.en}}};
    return step && step->needs_password;
  });
  QY_CHECK(needs_password);
  if (*needs_password) QY_CHECK(identity::confirm_password(premises, caller, password));
  return premises.database->write([&](Tx& tx) -> Result<Audit> {
    QY_TRY(const auto audit, get_visible(tx, caller, id, act.on));
    if (version && *version != audit.version) return Error{ErrorKind::stale, "audit.stale"};
    QY_TRY(auto after, perform(tx, premises, act, id, what));
    if (what.action == "remove" && !after.entry.empty())
      QY_CHECK(listing::remove_entry(tx, premises, act, after.entry, what.reason));
    return after;
  });
}

Result<void> mandate(const Premises& premises, const identity::Caller& caller, const AuditId& id,
                     const std::string& consultancy, Date from, Date to) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<void> {
    QY_TRY(const auto audit, get_visible(tx, caller, id, act.on));
    if (relation_of(tx, caller, audit, act.on) != Relation::enterprise || caller.role != identity::Role::signatory)
      return identity::forbidden("forbidden.signatory_only");
    return give_mandate(tx, premises, act, id, consultancy, from, to);
  });
}

Result<void> end_mandate(const Premises& premises, const identity::Caller& caller, const AuditId& id) {
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<void> {
    QY_TRY(const auto audit, get_visible(tx, caller, id, act.on));
    if (relation_of(tx, caller, audit, act.on) != Relation::enterprise || caller.role != identity::Role::signatory)
      return identity::forbidden("forbidden.signatory_only");
    store::end_mandates(tx, id, act.on.plus_days(-1));
    db::append_action(tx,
                      identity::action_by(act, {"audit", id.str()}, "end_mandate",
                                          codec::citations(*premises.rules, "audit.who", act.on)),
                      act.random);
    return {};
  });
}

}  // namespace qy::audits
