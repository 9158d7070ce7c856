#include "engine/economics/economics.h"

#include <algorithm>
#include <cmath>

#include "engine/economics/handbook.h"
#include "engine/economics/model.h"

namespace qy::engine::economics {
namespace {

constexpr int kPlaces = 12;

Decimal rounded(const Rational& value) {
  const auto decimal = value.to_decimal(kPlaces);
  return Decimal::of(decimal.shortest());
}

double pv_of_investment(const std::vector<Year<double>>& table, double rate, bool subsidy_taxed) {
  double value = 0;
  for (auto t = table.size(); t-- > 0;)
    value = value / (1 + rate) + table[t].investment - (subsidy_taxed ? 0 : table[t].subsidy);
  return value;
}

/// Present value of the payments before the first year with a surplus.
double pv_of_first_payments(const std::vector<double>& flows, double rate) {
  double value = 0, factor = 1;
  for (const auto flow : flows) {
    if (flow > 0) break;
    value -= flow * factor;
    factor /= 1 + rate;
  }
  return value;
}

void check_series(Checks& checks, const char* name, std::size_t count, std::size_t most) {
  if (count > most) checks.add(name, "economics.year_count", {{"max", std::to_string(most)}});
}

std::string member(const char* name, std::size_t i) { return std::string(name) + "/" + std::to_string(i); }

void check_vat(const Proposal& proposal, Checks& checks) {
  if (!proposal.vat) return;
  const auto& vat = *proposal.vat;
  checks.at_least_zero("vat/in_investment", vat.in_investment);
  checks.at_most("vat/in_investment", vat.in_investment, proposal.investment);
  checks.amount("vat/payable_per_year", vat.payable_per_year);
  checks.rate("vat/surtax_rate", vat.surtax_rate, 1);
  if (vat.refund_year) checks.years("vat/refund_year", *vat.refund_year, 1, proposal.years);
}

void check_loan(const Proposal& proposal, Checks& checks) {
  if (!proposal.loan) return;
  const auto& loan = *proposal.loan;
  checks.at_least_zero("loan/amount", loan.amount);
  checks.at_most("loan/amount", loan.amount, proposal.investment);
  checks.rate("loan/rate", loan.rate, 10);
  checks.years("loan/years", loan.years, 1, proposal.years);
}

/// Everything beyond the handbook's seven fields, which were found right.
void check_details(const Proposal& proposal, Checks& checks) {
  const auto& by_year = proposal.investment_by_year;
  check_series(checks, "investment_by_year", by_year.size(), kMostBuilding + 1);
  Rational sum;
  for (std::size_t i = 0; i < by_year.size(); ++i) {
    checks.at_least_zero(member("investment_by_year", i), by_year[i]);
    sum = sum + Rational(by_year[i]);
  }
  if (!by_year.empty() && !(sum == Rational(proposal.investment)))
    checks.add("investment_by_year", "economics.sum",
               {{"sum", sum.str()}, {"investment", proposal.investment.shortest()}});
  check_series(checks, "saving_by_year", proposal.saving_by_year.size(), static_cast<std::size_t>(proposal.years));
  for (std::size_t i = 0; i < proposal.saving_by_year.size(); ++i)
    checks.amount(member("saving_by_year", i), proposal.saving_by_year[i]);
  check_series(checks, "tax_rate_by_year", proposal.tax_rate_by_year.size(), static_cast<std::size_t>(proposal.years));
  for (std::size_t i = 0; i < proposal.tax_rate_by_year.size(); ++i)
    checks.rate(member("tax_rate_by_year", i), proposal.tax_rate_by_year[i], 1);
  checks.at_least_zero("working_capital", proposal.working_capital);
  checks.at_most("working_capital", proposal.working_capital, proposal.investment);
  checks.years("subsidy_year", proposal.subsidy_year, 0,
               static_cast<int>(std::max<std::size_t>(by_year.size(), 1)) - 1 + proposal.years);
  checks.years("loss_carry_forward_years", proposal.loss_carry_forward_years, 0, kMostYears);
  if (proposal.losses_offset_other_profit && proposal.loss_carry_forward_years > 0)
    checks.add("losses_offset_other_profit", "economics.losses_twice");
  if (proposal.finance_rate) checks.rate("finance_rate", *proposal.finance_rate, 10);
  if (proposal.reinvestment_rate) checks.rate("reinvestment_rate", *proposal.reinvestment_rate, 10);
  check_vat(proposal, checks);
  check_loan(proposal, checks);
  if (proposal.residual_value) {
    checks.at_least_zero("residual_value", *proposal.residual_value);
    const Rational base = Rational(proposal.investment) - Rational(proposal.working_capital) -
                          (proposal.vat ? Rational(proposal.vat->in_investment) : Rational(0)) -
                          (proposal.subsidy_taxed ? Rational(0) : Rational(proposal.subsidy));
    if (base < Rational(*proposal.residual_value))
      checks.add("residual_value", "economics.residual",
                 {{"base", base.str()}, {"value", proposal.residual_value->shortest()}});
  }
}

std::vector<Decimal> column(const std::vector<TableRow>& table, Decimal TableRow::*which) {
  std::vector<Decimal> out;
  for (const auto& row : table) out.push_back(row.*which);
  return out;
}

TableRow printed(const Year<Rational>& year, int t, int building) {
  TableRow row;
  row.year = t;
  row.operating_year = std::max(0, t - building);
  row.investment = rounded(year.investment);
  row.subsidy = rounded(year.subsidy);
  row.saving = rounded(year.saving);
  row.vat = rounded(year.vat);
  row.surtax = rounded(year.surtax);
  row.depreciation = rounded(year.depreciation);
  row.taxable_profit = rounded(year.taxable_profit);
  row.losses_used = rounded(year.losses_used);
  row.tax = rounded(year.tax);
  row.residual = rounded(year.residual);
  row.working_capital = rounded(year.working_capital);
  row.before_tax = rounded(year.before_tax);
  row.after_tax = rounded(year.after_tax);
  return row;
}

/// Flows of the owners: the loan comes in today, principal and interest go out, the interest saves tax.
Measures of_owners(const Plan<double>& plan, MeasureOf how) {
  std::vector<Year<double>> table;
  lay_out(plan, table);
  std::vector<Decimal> flows;
  const auto building = plan.investment.size() - 1;
  for (std::size_t t = 0; t < table.size(); ++t) {
    double flow = table[t].after_tax + (t == 0 ? plan.loan : 0);
    if (t > building && t - building - 1 < plan.interest.size())
      flow -= plan.interest[t - building - 1] + plan.principal[t - building - 1];
    flows.push_back(Decimal::of(Decimal::from_double(flow, 10).shortest()));
  }
  how.investment = pv_of_investment(table, how.rate, plan.subsidy_taxed) - plan.loan;
  bool ignored = false;
  return measure(flows, how, ignored);
}

void note_rates(const Measures& measures, bool falls_again, std::vector<Note>& notes) {
  if (measures.irr.empty()) notes.push_back({"economics.no_irr", {}});
  if (measures.irr.size() > 1)
    notes.push_back({"economics.several_irr", {{"count", std::to_string(measures.irr.size())}}});
  if (!measures.static_payback_years) notes.push_back({"economics.never_paid_back", {}});
  if (measures.static_payback_years && !measures.dynamic_payback_years)
    notes.push_back({"economics.never_paid_back_discounted", {}});
  if (falls_again) notes.push_back({"economics.falls_again", {}});
}

void note_chain(const Proposal& proposal, std::vector<Note>& notes) {
  const Rational investment = Rational(proposal.investment) - Rational(proposal.subsidy);
  const Rational depreciation = investment / Rational(proposal.depreciation_years);
  const Rational taxable = Rational(proposal.annual_saving) - depreciation;
  const Rational flow =
      (Rational(0) < taxable ? taxable * (Rational(1) - Rational(proposal.tax_rate)) : taxable) + depreciation;
  if (taxable < Rational(0)) notes.push_back({"economics.loss_not_taxed", {}});
  if (investment <= Rational(0)) notes.push_back({"economics.no_net_investment", {}});
  if (flow <= Rational(0)) notes.push_back({"economics.no_cash_flow", {}});
}

}  // namespace

Result<Appraisal> appraise(const Proposal& proposal) {
  Checks checks;
  check_chain(proposal, checks);
  check_details(proposal, checks);
  QY_CHECK(checks.done());

  Appraisal out;
  out.handbook = chain_of(proposal);
  note_chain(proposal, out.notes);
  const double rate = proposal.discount_rate.to_double();
  if (proposal.years > proposal.depreciation_years && !proposal.tax_rate.is_zero())
    out.notes.push_back({"economics.depreciation_ends", {{"years", std::to_string(proposal.depreciation_years)}}});

  const auto plan = plan_of<Rational>(proposal);
  std::vector<Year<Rational>> table;
  const auto credit = lay_out(plan, table);
  const int building = static_cast<int>(plan.investment.size()) - 1;
  Rational cumulated;
  for (std::size_t t = 0; t < table.size(); ++t) {
    auto row = printed(table[t], static_cast<int>(t), building);
    cumulated = cumulated + table[t].after_tax;
    row.cumulative = rounded(cumulated);
    row.discounted = row.after_tax.to_double() * std::pow(1 + rate, -static_cast<double>(t));
    out.table.push_back(std::move(row));
  }
  if (Rational(0) < credit) out.notes.push_back({"economics.vat_credit_left", {{"amount", credit.str()}}});
  if (!proposal.residual_value && proposal.years < proposal.depreciation_years)
    out.notes.push_back({"economics.book_value_left", {{"years", std::to_string(proposal.depreciation_years)}}});

  const auto floating = plan_of<double>(proposal);
  std::vector<Year<double>> approximate;
  lay_out(floating, approximate);
  MeasureOf how{rate,
                proposal.finance_rate.value_or(proposal.discount_rate).to_double(),
                proposal.reinvestment_rate.value_or(proposal.discount_rate).to_double(),
                pv_of_investment(approximate, rate, proposal.subsidy_taxed),
                {},
                static_cast<std::size_t>(building)};
  for (const auto& year : approximate) how.end.push_back(year.residual + year.working_capital);
  out.flows = column(out.table, &TableRow::after_tax);
  bool falls_again = false, ignored = false;
  out.engineering = measure(out.flows, how, falls_again);
  out.before_tax = measure(column(out.table, &TableRow::before_tax), how, ignored);
  if (proposal.loan) out.equity = of_owners(plan_with_loan(proposal), how);
  note_rates(out.engineering, falls_again, out.notes);
  return out;
}

Result<Appraisal> appraise(const CashFlows& cash) {
  Checks checks;
  if (cash.flows.size() < 2 || cash.flows.size() > 2 * kMostYears + 1)
    checks.add("cash_flows", "economics.flow_count", {{"max", std::to_string(2 * kMostYears + 1)}});
  for (std::size_t i = 0; i < cash.flows.size(); ++i) checks.amount(member("cash_flows", i), cash.flows[i]);
  checks.rate("discount_rate", cash.discount_rate, 10);
  if (cash.finance_rate) checks.rate("finance_rate", *cash.finance_rate, 10);
  if (cash.reinvestment_rate) checks.rate("reinvestment_rate", *cash.reinvestment_rate, 10);
  QY_CHECK(checks.done());

  Appraisal out;
  const double rate = cash.discount_rate.to_double();
  const auto equal = [&](const Decimal& flow) { return flow == cash.flows[1]; };
  if (cash.flows[0].is_negative() && std::all_of(cash.flows.begin() + 1, cash.flows.end(), equal)) {
    Handbook book;
    complete(book, Rational(-cash.flows[0]), Rational(cash.flows[1]), static_cast<int>(cash.flows.size()) - 1, rate);
    out.handbook = std::move(book);
  }
  const MeasureOf how{rate,
                      cash.finance_rate.value_or(cash.discount_rate).to_double(),
                      cash.reinvestment_rate.value_or(cash.discount_rate).to_double(),
                      pv_of_first_payments(doubles(cash.flows), rate),
                      {},
                      0};
  bool falls_again = false;
  out.engineering = measure(cash.flows, how, falls_again);
  out.flows = cash.flows;
  note_rates(out.engineering, falls_again, out.notes);
  return out;
}

}  // namespace qy::engine::economics
