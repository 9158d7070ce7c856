#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "http/http.h"
#include "regime/audits/audits.h"
#include "regime/evaluation/evaluation.h"

/// 审核结果: publishing what acceptance decided, with the level and the verified effects. Only what is published here
/// counts in statistics and stands on the public page.
namespace qy::results {

/// Effects are kept as integers of this fraction of their column's unit.
constexpr int kEffectDecimals = 4;

struct Published {
  audits::AuditId audit;
  registry::EnterpriseId enterprise;
  std::string region, outcome;  ///< accepted | failed
  int year = 0;
  std::optional<std::string> level;
  Date decided_on, published_on;
  std::string where;
};

/// Publishes the decision of a case (action `publish_result`), takes over its verified effects and counts them. Once
/// per decision: the result of a case that failed, was audited again and accepted takes the place of the failure, which
/// the case's log keeps. Errors: results.published, procedure.*, input.invalid with audit.event_*.
Result<Published> publish(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                          const std::string& where, std::optional<Date> on = std::nullopt);

std::optional<Published> find_result(Tx& tx, const audits::AuditId& id);
std::vector<Published> results_of_enterprise(Tx& tx, const registry::EnterpriseId& id);

/// The cases behind a total of the performance table: one page of them by contribution, how many there are, and the
/// exact sum of all.
struct Contribution {
  audits::AuditId audit;
  std::string number, enterprise_name, region;
  std::int64_t value = 0;
};
struct Contributions {
  std::vector<Contribution> items;
  std::int64_t total = 0, sum = 0;
};
Contributions contributions(Tx& tx, std::string_view column, std::string_view region_prefix, std::optional<int> year,
                            const http::Page& page);

/// 10^-4 units as a decimal of the column's unit.
Decimal effect_of(std::int64_t value);

/// The tally measure of a column: "effect.electricity".
std::string measure_of(std::string_view column);

void add_routes(const Premises& premises, http::Router& router);
std::span<const Sentence> results_messages();

}  // namespace qy::results
