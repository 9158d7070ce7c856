#include "regime/audits/audits_json.h"

#include "codec/law.h"

namespace qy::audits {
namespace {

json::Value day(const std::optional<Date>& date) { return date ? json::Value(date->str()) : json::Value(nullptr); }

}  // namespace

json::Object audit_json(const Premises& premises, const Audit& audit) {
  const auto& rules = *premises.rules;
  const auto on = audit.published_on.value_or(audit.opened_at.shanghai_date());
  const auto* region = rules.find_region(audit.region, on);
  const auto* industry = rules.find_industry(audit.industry);
  const auto* mode = rules.find_mode(audit.mode);
  const auto* procedure = rules.find_procedure(audit.procedure);
  const auto* state = procedure ? procedure->find_state(audit.state) : nullptr;
  const auto* system = rules.find_system(audit.indicator_system);
  json::Array categories;
  for (const auto& id : audit.categories) {
    const auto* category = rules.find_category(id);
    categories.push_back(json::Object{{"id", id}, {"title", json::both(category ? category->title : Text{id, id})}});
  }
  return {{"id", audit.id.str()},
          {"number", audit.number},
          {"enterprise", audit.enterprise.str()},
          {"enterprise_name", audit.enterprise_name},
          {"region", audit.region},
          {"region_name", json::both(region ? region->name : Text{audit.region, audit.region})},
          {"industry", audit.industry},
          {"industry_name", json::both(industry ? industry->name : Text{audit.industry, audit.industry})},
          {"tags", json::texts(audit.tags)},
          {"year", audit.year},
          {"jurisdiction", audit.jurisdiction},
          {"categories", std::move(categories)},
          {"lead_line", audit.lead_line},
          {"cosign_line", audit.cosign_line},
          {"mode", audit.mode},
          {"mode_title", json::both(mode ? mode->title : Text{audit.mode, audit.mode})},
          {"state", audit.state},
          {"state_title", json::both(state ? state->title : Text{audit.state, audit.state})},
          {"phase", state ? state->phase : ""},
          {"terminal", state && state->terminal},
          {"holder", audit.holder},
          {"packs_hash", audit.packs_hash},
          {"indicator_system", audit.indicator_system},
          {"indicator_system_title", system ? json::both(system->title) : json::Value(nullptr)},
          {"indicator_system_verification", system ? json::Value(system->verification) : json::Value(nullptr)},
          {"published_on", day(audit.published_on)},
          {"disclosed_on", day(audit.disclosed_on)},
          {"started_on", day(audit.started_on)},
          {"submitted_on", day(audit.submitted_on)},
          {"evaluated_on", day(audit.evaluated_on)},
          {"implemented_on", day(audit.implemented_on)},
          {"accepted_on", day(audit.accepted_on)},
          {"level", audit.level ? json::Value(*audit.level) : json::Value(nullptr)},
          {"changed_at", audit.changed_at.str()},
          {"version", audit.version}};
}

json::Object deadline_json(const Premises& premises, const engine::clock::Deadline& d) {
  auto basis = codec::citations(premises.rules->cite(d.basis, d.started_on));
  if (d.local_source) {
    const auto* document = premises.rules->find_document(d.local_source->document);
    basis.insert(basis.begin(), json::Object{{"document", d.local_source->document},
                                             {"number", document ? document->number : ""},
                                             {"title", json::both(document ? document->title : Text{})},
                                             {"clause", d.local_source->clause},
                                             {"gist", json::both(d.local_source->gist)},
                                             {"mark", rules::to_string(d.local_source->mark)}});
  }
  return {{"id", d.id},
          {"title", json::both(d.title)},
          {"rule", json::both(d.rule)},
          {"started_on", d.started_on.str()},
          {"due_on", d.due_on.str()},
          {"next_working_day", day(d.next_working_day)},
          {"state", engine::clock::to_string(d.state)},
          {"met_on", day(d.met_on)},
          {"met_late", d.met_late},
          {"days_left", d.days_left},
          {"stopped_days", d.stopped_days},
          {"postponed", d.postponed},
          {"holder", d.holder},
          {"basis", std::move(basis)},
          {"mark", rules::to_string(d.mark)}};
}

}  // namespace qy::audits
