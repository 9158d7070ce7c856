#pragma once

#include "base/rational.h"
#include "engine/economics/economics.h"
#include "engine/economics/plan.h"

/// Inside engine/economics only: a proposal as the plan that `lay_out` reads.
namespace qy::engine::economics {

inline void convert(const Decimal& from, Rational& to) { to = Rational(from); }
inline void convert(const Decimal& from, double& to) { to = from.to_double(); }

template <class N>
N as(const Decimal& decimal) {
  N out{};
  convert(decimal, out);
  return out;
}

template <class N>
std::vector<N> as_series(const std::vector<Decimal>& series, const Decimal& otherwise) {
  if (series.empty()) return {as<N>(otherwise)};
  std::vector<N> out;
  for (const auto& item : series) out.push_back(as<N>(item));
  return out;
}

template <class N>
Plan<N> plan_of(const Proposal& proposal) {
  Plan<N> plan;
  plan.investment = as_series<N>(proposal.investment_by_year, proposal.investment);
  plan.working_capital = as<N>(proposal.working_capital);
  plan.subsidy = as<N>(proposal.subsidy);
  if (proposal.residual_value) plan.residual = as<N>(*proposal.residual_value);
  if (proposal.vat) {
    plan.vat_in_investment = as<N>(proposal.vat->in_investment);
    plan.vat_payable = as<N>(proposal.vat->payable_per_year);
    plan.surtax_rate = as<N>(proposal.vat->surtax_rate);
    plan.refund_year = proposal.vat->refund_year.value_or(0);
  }
  plan.saving = as_series<N>(proposal.saving_by_year, proposal.annual_saving);
  plan.tax_rate = as_series<N>(proposal.tax_rate_by_year, proposal.tax_rate);
  plan.years = proposal.years;
  plan.depreciation_years = proposal.depreciation_years;
  plan.subsidy_year = proposal.subsidy_year;
  plan.loss_years = proposal.loss_carry_forward_years;
  plan.losses_offset = proposal.losses_offset_other_profit;
  plan.subsidy_taxed = proposal.subsidy_taxed;
  return plan;
}

inline Plan<double> plan_with_loan(const Proposal& proposal) {
  auto plan = plan_of<double>(proposal);
  const auto& loan = *proposal.loan;
  plan.loan = loan.amount.to_double();
  const double rate = loan.rate.to_double();
  const double payment = plan.loan / annuity_factor(rate, loan.years);
  double owed = plan.loan;
  for (int year = 0; year < loan.years; ++year) {
    plan.interest.push_back(owed * rate);
    plan.principal.push_back(loan.equal_payments ? payment - plan.interest.back() : plan.loan / loan.years);
    owed -= plan.principal.back();
  }
  return plan;
}

}  // namespace qy::engine::economics
