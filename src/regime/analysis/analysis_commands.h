#pragma once

#include "regime/analysis/analysis.h"

/// What this room's routes call beyond the services of `analysis.h`.
namespace qy::analysis {

/// Errors: option.not_found, option.stale, input.invalid (option.class_fixed, option.verified_fixed,
/// option.column_unknown …).
Result<Option> change_option(Tx& tx, const Premises& premises, const identity::Act& act, const OptionId& id,
                             const NewOption& wanted, std::int64_t version);

/// Takes a file away again; it stays attached to the case. Errors: option.evidence_not_found,
/// option.evidence_of_others.
Result<void> remove_evidence(Tx& tx, const identity::Act& act, const Option& option, std::string_view file);

/// Writes the figures that formulas give (indicator rows with a formula), with their inputs, so that lineage and
/// staleness work.
Result<void> recompute(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit);

/// Indicator systems offered for an enterprise, best match first: by process tag, then by industry code, then the rest.
struct Offer {
  const rules::IndicatorSystem* system = nullptr;
  bool by_tag = false, by_industry = false;
};
std::vector<Offer> systems_for(const rules::Library& rules, std::string_view industry,
                               const std::vector<std::string>& tags, Date on);

/// 经济评价 of an option from its planned investment and benefit; nullopt when it has none. Assumptions are part of the
/// answer.
struct Assumptions {
  Decimal tax_rate, discount_rate;
  int depreciation_years = 10, years = 10;
};
Result<std::optional<json::Value>> economics_of(const Premises& premises, const Option& option,
                                                const Assumptions& assumptions);

}  // namespace qy::analysis
