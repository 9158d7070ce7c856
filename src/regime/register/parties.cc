#include "db/database.h"
#include "db/log.h"
#include "regime/register/register_commands.h"
#include "regime/register/register_json.h"
#include "regime/register/register_store.h"

namespace qy::registry {
namespace {

using identity::Caller;
using identity::Party;

bool is_own(const Caller& caller, const PartyEntry& party) {
  return caller.party == party.facts.kind && caller.party_id == party.id.str();
}

/// Offices read everything of a party; the party itself too; everyone else its public face.
bool sees_contacts(const Caller& caller, const PartyEntry& party) {
  return bool(may_read(caller)) || is_own(caller, party);
}

void without_contacts(PartyFacts& facts) {
  facts.contact_name.clear();
  facts.contact_phone.clear();
  facts.note.clear();
}

PartyDetail detail_of(const Caller& caller, PartyEntry party) {
  PartyDetail detail;
  detail.contacts = sees_contacts(caller, party);
  if (may_edit(caller, party.facts.region)) detail.allowed_actions.push_back("change");
  if (!detail.contacts) without_contacts(party.facts);
  detail.party = std::move(party);
  return detail;
}

}  // namespace

Result<PartyList> list_parties(const Premises& premises, const Caller& caller, PartyListQuery query) {
  const bool office = bool(may_read(caller));
  // An enterprise chooses its consultancy, an office its experts; lists of experts are no one else's business.
  const bool may_choose =
      caller.party == Party::enterprise && (query.filter.kind == "consultancy" || query.filter.kind == "park");
  if (!office && !may_choose) return identity::forbidden("forbidden.register_read");
  if (!office) query.filter.inactive_too = false;
  return premises.database->read([&](Tx& tx) -> Result<PartyList> {
    PartyList out;
    out.contacts = office;
    out.total = store::count_parties(tx, query.filter);
    out.items = store::list_parties(tx, query.filter, query.by_name, query.descending, query.size,
                                    static_cast<std::int64_t>(query.page - 1) * query.size);
    if (!office)
      for (auto& one : out.items) without_contacts(one.facts);
    return out;
  });
}

Result<PartyDetail> party_detail(const Premises& premises, const Caller& caller, const PartyId& id) {
  return premises.database->read([&](Tx& tx) -> Result<PartyDetail> {
    QY_TRY(auto party, get_party(tx, id));
    const bool chooses =
        caller.party == Party::enterprise && party.facts.kind == Party::consultancy && party.facts.active;
    if (!sees_contacts(caller, party) && !chooses)
      return Error{ErrorKind::not_found, "party.not_found", {{"id", id.str()}}};
    return detail_of(caller, std::move(party));
  });
}

Result<PartyDetail> create_party(const Premises& premises, const Caller& caller, const PartyFacts& given) {
  QY_CHECK(may_edit(caller, ""));
  const auto act = identity::act_of(premises, caller);
  PartyFacts facts = given;
  if (auto wrong = normalise_and_check(*premises.rules, act.on, facts); !wrong.empty())
    return form_error(std::move(wrong));
  QY_CHECK(may_edit(caller, facts.region));
  return premises.database->write([&](Tx& tx) -> Result<PartyDetail> {
    QY_TRY(const auto id, add_party(tx, *premises.rules, act, facts));
    db::append_action(tx,
                      identity::action_by(act, {"party", id.str()}, "register", register_basis(*premises.rules, act.on),
                                          json::Object{{"kind", identity::to_string(facts.kind)}}),
                      act.random);
    return detail_of(caller, *store::find_party(tx, id));
  });
}

Result<PartyDetail> change_party(const Premises& premises, const Caller& caller, const PartyId& id,
                                 const PartyFacts& given, std::int64_t expected) {
  const auto act = identity::act_of(premises, caller);
  PartyFacts facts = given;
  auto wrong = normalise_and_check(*premises.rules, act.on, facts);
  return premises.database->write([&](Tx& tx) -> Result<PartyDetail> {
    QY_CHECK(may_edit(caller, ""));
    QY_TRY(auto party, get_party(tx, id));
    QY_CHECK(may_edit(caller, party.facts.region));
    if (!wrong.empty()) return form_error(wrong);
    QY_CHECK(may_edit(caller, facts.region));
    if (facts.kind != party.facts.kind) return form_error({{"kind", "party.kind_fixed", {}}});
    if (store::party_exists(tx, party.province, facts, id))
      return Error{ErrorKind::conflict, "party.exists", {{"name", facts.name}}};
    if (party.version != expected) return Error{ErrorKind::stale, "party.stale"};
    const auto before = party_json(party.facts), after = party_json(facts);
    json::Array changed;
    for (const auto& [name, value] : after)
      if (before.at(name) != value) changed.emplace_back(name);
    if (changed.empty()) return detail_of(caller, std::move(party));
    party.facts = facts;
    if (!store::update_party(tx, party, expected, act.at)) return Error{ErrorKind::stale, "party.stale"};
    identity::note_party(tx, facts.kind, id.str(), facts.name, facts.region, party.province);
    db::append_action(tx,
                      identity::action_by(act, {"party", id.str()}, "change", register_basis(*premises.rules, act.on),
                                          json::Object{{"version", expected + 1}, {"fields", changed}}),
                      act.random);
    return detail_of(caller, *store::find_party(tx, id));
  });
}

// ---- 涉密单位
// -------------------------------------------------------------------------------------------------------------------

namespace {

Result<void> check_unit(const Premises& premises, const Caller& caller, store::SecretUnit& unit) {
  QY_CHECK(may_edit(caller, ""));
  const auto* region = premises.rules->find_region(unit.region, premises.today());
  if (!region) return form_error({{"region", "register.region_unknown", {{"region", unit.region}}}});
  QY_CHECK(may_edit(caller, unit.region));
  // A number, not a name: letters, digits and dashes only, so that nothing secret can be written here.
  for (const char c : unit.number)
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-'))
      return form_error({{"number", "secret_unit.number", {}}});
  unit.province = unit.region.substr(0, 2);
  return {};
}

void record(Tx& tx, const Premises& premises, const identity::Act& act, const store::SecretUnit& unit,
            const char* name) {
  db::append_action(
      tx,
      identity::action_by(
          act, {"secret_unit", unit.id.str()}, name, register_basis(*premises.rules, act.on),
          json::Object{{"region", unit.region}, {"year", unit.year}, {"number", unit.number}, {"stage", unit.stage}}),
      act.random);
}

Error unit_exists(const store::SecretUnit& unit) {
  return Error{
      ErrorKind::conflict, "secret_unit.exists", {{"number", unit.number}, {"year", std::to_string(unit.year)}}};
}

}  // namespace

Result<SecretUnitList> list_secret_units(const Premises& premises, const Caller& caller, const std::string& region,
                                         std::optional<int> year, int page, int size) {
  QY_CHECK(may_read(caller));
  if (!region.empty() && !caller.covers(region))
    return identity::forbidden("forbidden.register_region", {{"region", region}});
  const auto scope = region.empty() ? identity::row_scope(caller, "region") : store::subtree(region, "region");
  return premises.database->read([&](Tx& tx) -> Result<SecretUnitList> {
    return SecretUnitList{store::secret_units(tx, scope, year, size, static_cast<std::int64_t>(page - 1) * size),
                          store::count_secret_units(tx, scope, year), store::secret_counts(tx, scope, year)};
  });
}

Result<store::SecretUnit> record_secret_unit(const Premises& premises, const Caller& caller, store::SecretUnit unit) {
  QY_CHECK(check_unit(premises, caller, unit));
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<store::SecretUnit> {
    if (store::secret_unit_exists(tx, unit)) return unit_exists(unit);
    auto added = unit;
    added.id = SecretUnitId::make(act.at, act.random);
    store::insert_secret_unit(tx, added);
    record(tx, premises, act, added, "record_secret_unit");
    return added;
  });
}

Result<store::SecretUnit> change_secret_unit(const Premises& premises, const Caller& caller, store::SecretUnit unit,
                                             std::int64_t expected) {
  QY_CHECK(check_unit(premises, caller, unit));
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<store::SecretUnit> {
    const auto before = store::find_secret_unit(tx, unit.id);
    if (!before || !caller.covers(before->region)) return Error{ErrorKind::not_found, "secret_unit.not_found"};
    if (store::secret_unit_exists(tx, unit)) return unit_exists(unit);
    if (!store::update_secret_unit(tx, unit, expected)) return Error{ErrorKind::stale, "secret_unit.stale"};
    record(tx, premises, act, unit, "change_secret_unit");
    return *store::find_secret_unit(tx, unit.id);
  });
}

Result<void> remove_secret_unit(const Premises& premises, const Caller& caller, const SecretUnitId& id,
                                std::int64_t expected) {
  QY_CHECK(may_edit(caller, ""));
  const auto act = identity::act_of(premises, caller);
  return premises.database->write([&](Tx& tx) -> Result<void> {
    const auto before = store::find_secret_unit(tx, id);
    if (!before || !caller.covers(before->region)) return Error{ErrorKind::not_found, "secret_unit.not_found"};
    if (!store::remove_secret_unit(tx, id, expected)) return Error{ErrorKind::stale, "secret_unit.stale"};
    record(tx, premises, act, *before, "remove_secret_unit");
    return {};
  });
}

}  // namespace qy::registry
