#pragma once

#include <optional>
#include <utility>
#include <vector>

/// Inside engine/economics only: the year-by-year table over any exact or floating number, so that what is printed and
/// what is drawn a million times are one piece of code. Only + − × ÷ and comparisons: the same on every machine.
namespace qy::engine::economics {

template <class N>
struct Plan {
  std::vector<N> investment;  ///< by year; its length less one is the time of building
  N working_capital{}, subsidy{}, vat_in_investment{}, vat_payable{}, surtax_rate{};
  std::optional<N> residual;
  std::vector<N> saving, tax_rate;  ///< by operating year; the last one holds on
  int years = 1, depreciation_years = 1, subsidy_year = 0, loss_years = 0, refund_year = 0;
  bool losses_offset = false, subsidy_taxed = false;
  std::vector<N> interest, principal;  ///< of a loan, by operating year; empty without one
  N loan{};
};

template <class N>
struct Year {
  N investment{}, subsidy{}, saving{}, vat{}, surtax{}, depreciation{}, taxable_profit{}, losses_used{}, tax{},
      residual{}, working_capital{}, before_tax{}, after_tax{};
};

/// What may be written off: the investment less working capital, creditable VAT and an untaxed subsidy.
template <class N>
N depreciable(const Plan<N>& plan) {
  N base{};
  for (const auto& part : plan.investment) base = base + part;
  base = base - plan.working_capital - plan.vat_in_investment;
  return plan.subsidy_taxed ? base : base - plan.subsidy;
}

/// The table of years 0 … building + operating years. Returns what is left of the VAT credit.
template <class N>
N lay_out(const Plan<N>& plan, std::vector<Year<N>>& table) {
  const N zero{};
  const auto building = plan.investment.size() - 1;
  const auto operating = static_cast<std::size_t>(plan.years);
  const auto at = [](const std::vector<N>& series, std::size_t k) {
    return series[k < series.size() ? k : series.size() - 1];
  };
  const auto least = [](const N& a, const N& b) { return a < b ? a : b; };

  const N base = depreciable(plan);
  const N yearly = (base - plan.residual.value_or(zero)) / N(plan.depreciation_years);
  N credit = plan.vat_in_investment;
  std::vector<std::pair<std::size_t, N>> losses;  // operating year and what is left of its loss
  table.assign(building + operating + 1, Year<N>{});
  for (std::size_t t = 0; t < table.size(); ++t) {
    auto& year = table[t];
    if (t < plan.investment.size()) year.investment = plan.investment[t];
    if (t == static_cast<std::size_t>(plan.subsidy_year)) year.subsidy = plan.subsidy;
    N profit = plan.subsidy_taxed ? year.subsidy : zero;
    N cash = year.subsidy - year.investment;
    const N rate = at(plan.tax_rate, t > building ? t - building - 1 : 0);
    if (t > building) {
      const auto k = t - building - 1;
      year.saving = at(plan.saving, k);
      if (plan.vat_payable < zero) {
        credit = credit - plan.vat_payable;
      } else {
        const N used = least(credit, plan.vat_payable);
        credit = credit - used;
        year.vat = plan.vat_payable - used;
      }
      year.surtax = year.vat * plan.surtax_rate;
      if (static_cast<int>(k) + 1 == plan.refund_year) {
        year.vat = year.vat - credit;
        credit = zero;
      }
      if (static_cast<int>(k) < plan.depreciation_years) year.depreciation = yearly;
      profit = profit + year.saving - plan.vat_payable - year.surtax - year.depreciation;
      if (k < plan.interest.size()) profit = profit - plan.interest[k];
      cash = cash + year.saving - year.vat - year.surtax;
      if (k + 1 == operating) {
        year.working_capital = plan.working_capital;
        if (plan.residual) {
          const int written_off = plan.years < plan.depreciation_years ? plan.years : plan.depreciation_years;
          year.residual = *plan.residual;
          profit = profit + *plan.residual - (base - yearly * N(written_off));
        }
        cash = cash + year.working_capital + year.residual;
      }
    }
    year.taxable_profit = profit;
    if (zero < profit && plan.loss_years > 0) {
      for (auto& [when, left] : losses) {
        if (t - when > static_cast<std::size_t>(plan.loss_years)) continue;
        const N used = least(left, profit - year.losses_used);
        left = left - used;
        year.losses_used = year.losses_used + used;
      }
    }
    if (profit < zero && plan.loss_years > 0) losses.emplace_back(t, zero - profit);
    if (zero < profit || plan.losses_offset) year.tax = (profit - year.losses_used) * rate;
    year.before_tax = cash;
    year.after_tax = cash - year.tax;
  }
  return credit;
}

}  // namespace qy::engine::economics
