#include "regime/results/results.h"

#include "base/text.h"
#include "regime/analysis/analysis.h"
#include "regime/results/results_store.h"
#include "regime/tally/tally.h"

namespace qy::results {

std::string measure_of(std::string_view column) { return "effect." + std::string(column); }

Decimal effect_of(std::int64_t value) { return *Decimal::divide(Decimal(value), Decimal(10'000), kEffectDecimals); }

Result<Published> publish(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                          const std::string& where, std::optional<Date> on) {
  const auto decision = audits::unpublished_decision(tx, id);
  const auto former = store::find(tx, id);
  if (former && !decision) return Error{ErrorKind::conflict, "results.published"};
  QY_TRY(const auto audit,
         audits::perform(tx, premises, act, id,
                         {.action = "publish_result", .payload = json::Object{{"where", where}}, .event_on = on}));

  Published result;
  result.audit = id;
  result.enterprise = audit.enterprise;
  result.region = audit.region;
  result.year = audit.year;
  result.outcome = audit.state == "accepted" ? "accepted" : "failed";
  result.level = result.outcome == "accepted" ? audit.level : std::nullopt;
  result.published_on = on.value_or(act.on);
  result.decided_on = decision ? decision->on : result.published_on;
  result.where = where;

  std::map<std::string, std::int64_t> effects;
  if (result.outcome == "accepted")
    for (const auto& [column, value] : analysis::totals_of(analysis::options_of(tx, premises, id), true))
      effects[column] = static_cast<std::int64_t>((value * Decimal(10'000)).rounded_half_even(0).coefficient());
  store::save(tx, result, audit.province, effects);

  auto cell = tally::at_region("", audit.region, audit.year);
  cell.province = audit.province;
  cell.industry = audit.industry;
  cell.category = audit.categories.empty() ? "" : audit.categories.front();
  cell.mode = audit.mode;
  cell.level = result.level.value_or("");
  for (const auto& [column, value] : effects) {
    cell.measure = measure_of(column);
    tally::add(tx, act.random, act.at, cell, value);
  }
  cell.measure = "results." + result.outcome;
  tally::add(tx, act.random, act.at, cell, 1);
  if (former) {
    cell.measure = "results." + former->outcome;
    cell.level = former->level.value_or("");
    tally::add(tx, act.random, act.at, cell, -1);
  }
  return result;
}

std::optional<Published> find_result(Tx& tx, const audits::AuditId& id) { return store::find(tx, id); }
std::vector<Published> results_of_enterprise(Tx& tx, const registry::EnterpriseId& id) {
  return store::of_enterprise(tx, id);
}

Contributions contributions(Tx& tx, std::string_view column, std::string_view region_prefix, std::optional<int> year,
                            const http::Page& page) {
  auto found = store::contributions(tx, column, region_prefix, year, page);
  for (auto& contribution : found.items)
    if (const auto audit = audits::find_audit(tx, contribution.audit)) {
      contribution.number = audit->number;
      contribution.enterprise_name = audit->enterprise_name;
      contribution.region = audit->region;
    }
  return found;
}

}  // namespace qy::results
