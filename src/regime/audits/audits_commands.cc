#include "regime/audits/audits_commands.h"

#include "codec/law.h"

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
