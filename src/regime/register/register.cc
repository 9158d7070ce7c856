#include "regime/register/register.h"

#include <algorithm>
#include <map>

#include "regime/register/register_commands.h"
#include "regime/register/register_json.h"
#include "regime/register/register_store.h"

namespace qy::registry {
namespace {

Summary summary_from(const rules::Library& rules, Enterprise&& e) {
  auto& f = e.facts;
  auto industries = priority_industries_of(rules, f.industry, f.tags);
  return {std::move(e.id),          std::move(e.province), std::move(f.region),  std::move(f.name),
          std::move(f.credit_code), std::move(f.industry), std::move(f.scale),   std::move(f.status),
          std::move(f.tags),        std::move(industries), std::move(e.standing)};
}

std::vector<Summary> summaries_from(const rules::Library& rules, std::vector<Enterprise>&& enterprises) {
  std::vector<Summary> out;
  out.reserve(enterprises.size());
  for (auto& one : enterprises) out.push_back(summary_from(rules, std::move(one)));
  return out;
}

store::Filter subtree(std::string_view region, bool closed_too) {
  store::Filter filter;
  filter.region = std::string(region);
  filter.closed_too = closed_too;
  return filter;
}

}  // namespace

std::optional<Enterprise> find_enterprise(Tx& tx, const EnterpriseId& id) { return store::find(tx, id); }

Result<Enterprise> get_enterprise(Tx& tx, const EnterpriseId& id) {
  auto found = store::find(tx, id);
  if (!found) return Error{ErrorKind::not_found, "enterprise.not_found", {{"id", id.str()}}};
  return std::move(*found);
}

std::optional<Summary> find_summary(Tx& tx, const rules::Library& rules, const EnterpriseId& id) {
  auto found = summaries_of(tx, rules, {id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Summary> summaries_of(Tx& tx, const rules::Library& rules, const std::vector<EnterpriseId>& ids) {
  std::vector<std::string> texts;
  for (const auto& id : ids) texts.push_back(id.str());
  std::map<std::string, Enterprise> found;
  for (auto& one : store::find_all(tx, texts)) found.insert_or_assign(one.id.str(), std::move(one));
  std::vector<Summary> out;
  for (const auto& id : ids)
    if (const auto at = found.find(id.str()); at != found.end())
      out.push_back(summary_from(rules, Enterprise(at->second)));
  return out;
}

std::vector<Summary> enterprises_of_credit_code(Tx& tx, const rules::Library& rules, std::string_view credit_code) {
  return summaries_of(tx, rules, store::sites_of_credit_code(tx, credit_code));
}

std::vector<Summary> enterprises_in(Tx& tx, const rules::Library& rules, std::string_view region, bool closed_too) {
  constexpr int everything = 1'000'000'000;
  return summaries_from(rules, store::list(tx, subtree(region, closed_too), {}, everything, 0));
}

std::int64_t count_enterprises_in(Tx& tx, std::string_view region, bool closed_too) {
  return store::count(tx, subtree(region, closed_too));
}

Result<EnterpriseId> add_enterprise(Tx& tx, const rules::Library& rules, const identity::Act& act,
                                    const EnterpriseFacts& given) {
  EnterpriseFacts facts = given;
  if (auto wrong = normalise_and_check(rules, act.on, facts); !wrong.empty()) return form_error(std::move(wrong));
  QY_TRY(const auto enterprise, insert_enterprise(tx, act, facts, "system", ""));
  return enterprise.id;
}

// ---- Standing
// -----------------------------------------------------------------------------------------------------------------

void set_standing(Tx& tx, const EnterpriseId& id, const NewStanding& standing) {
  store::put_round(tx, id, standing);
  store::project_standing(tx, id);
}

Standing standing_of(Tx& tx, const EnterpriseId& id) {
  const auto found = store::find(tx, id);
  return found ? found->standing : Standing{};
}

void set_categories(Tx& tx, const EnterpriseId& id, const std::vector<std::string>& categories) {
  store::put_categories(tx, id, categories);
}

std::vector<std::string> categories_of(Tx& tx, const EnterpriseId& id) { return store::categories(tx, id); }

std::vector<FormerRound> former_rounds_of(Tx& tx, const EnterpriseId& id) { return store::former_rounds(tx, id); }

Result<void> check_former_round(const FormerRound& round, Date on) {
  std::vector<FieldError> wrong;
  if (on < round.accepted_on)
    wrong.push_back({"accepted_on", "register.date_future", {{"date", round.accepted_on.str()}}});
  if (round.year < 1990 || round.accepted_on.year() < round.year)
    wrong.push_back({"year",
                     "former_round.year",
                     {{"year", std::to_string(round.year)}, {"accepted_on", round.accepted_on.str()}}});
  if (!wrong.empty()) return form_error(std::move(wrong));
  return {};
}

Result<FormerRoundId> add_former_round(Tx& tx, const identity::Act& act, const FormerRound& given) {
  QY_TRY(const auto enterprise, get_enterprise(tx, given.enterprise));
  auto round = given;
  QY_CHECK(check_former_round(round, act.on));
  if (store::former_round_in_year(tx, round.enterprise, round.year, FormerRoundId()))
    return Error{ErrorKind::conflict, "former_round.exists", {{"year", std::to_string(round.year)}}};
  round.id = FormerRoundId::make(act.at, act.random);
  round.recorded_by = act.caller.name;
  round.recorded_at = act.at;
  store::insert_former_rounds(tx, enterprise.province, {round});
  store::project_standing(tx, round.enterprise);
  return round.id;
}

// ---- Parties
// --------------------------------------------------------------------------------------------------------------------

Result<PartyId> add_party(Tx& tx, const rules::Library& rules, const identity::Act& act, const PartyFacts& given) {
  PartyEntry party;
  party.facts = given;
  if (auto wrong = normalise_and_check(rules, act.on, party.facts); !wrong.empty()) return form_error(std::move(wrong));
  party.province = party.facts.region.substr(0, 2);
  if (store::party_exists(tx, party.province, party.facts, PartyId()))
    return Error{ErrorKind::conflict, "party.exists", {{"name", party.facts.name}}};
  party.id = PartyId::make(act.at, act.random);
  store::insert_party(tx, party, act.at);
  identity::note_party(tx, party.facts.kind, party.id.str(), party.facts.name, party.facts.region, party.province);
  return party.id;
}

std::optional<PartyEntry> find_party(Tx& tx, const PartyId& id) { return store::find_party(tx, id); }

Result<PartyEntry> get_party(Tx& tx, const PartyId& id) {
  auto found = store::find_party(tx, id);
  if (!found) return Error{ErrorKind::not_found, "party.not_found", {{"id", id.str()}}};
  return std::move(*found);
}

std::vector<PartyEntry> parties_of(Tx& tx, identity::Party kind, std::string_view region) {
  store::PartyFilter filter;
  filter.kind = identity::to_string(kind);
  filter.region = std::string(region);
  return store::list_parties(tx, filter, true, false, 1'000'000'000, 0);
}

std::vector<SecretCount> secret_counts(Tx& tx, std::string_view region, std::optional<int> year) {
  return store::secret_counts(tx, store::subtree(region, "region"), year);
}

std::optional<PublicView> public_view(Tx& tx, const EnterpriseId& id) {
  const auto found = store::find(tx, id);
  if (!found) return std::nullopt;
  const auto& f = found->facts;
  PublicView view{id, f.name, f.credit_code, f.region, f.industry, f.status, {}};
  for (const auto& former : found->former_names) view.former_names.push_back(former.name);
  return view;
}

std::map<std::string, PublicView> public_views(Tx& tx, const std::vector<EnterpriseId>& ids) {
  std::vector<std::string> texts;
  for (const auto& id : ids) texts.push_back(id.str());
  std::map<std::string, PublicView> views;
  for (auto& view : store::public_views(tx, texts)) {
    const auto id = view.id.str();
    views.emplace(id, std::move(view));
  }
  return views;
}

}  // namespace qy::registry
