#include "engine/economics/handbook.h"

#include <cmath>

namespace qy::engine::economics {
namespace {

/// The rate at which the annuity factor over `years` is `factor`: Newton on ln a(r), which is convex, so that from the
/// left of the root every step stays on its left; bisection if that does not settle.
std::optional<double> rate_of(double factor, double years) {
  if (annuity_factor(kLowestRate, years) < factor || annuity_factor(kHighestRate, years) > factor) return std::nullopt;
  double rate = 2 * (years - factor) / (factor * (years + 1));
  if (rate <= -0.9 || rate >= kHighestRate) rate = 0;
  for (int step = 0; step < 40; ++step) {
    const double now = annuity_factor(rate, years);
    const double slope = std::fabs(rate) < 1e-4 ? years * (years + 1) / 2 * ((years + 2) / 1.5 * rate - 1)
                                                : (years * (1 - now * rate) / (1 + rate) - now) / rate;
    const double next = rate - std::log(now / factor) * now / slope;
    if (!(next > kLowestRate) || !(next < kHighestRate)) break;
    if (std::fabs(next - rate) <= 4e-16 * (1 + std::fabs(next))) return next;
    rate = next;
  }
  return bisect(kLowestRate, kHighestRate, [&](double r) { return annuity_factor(r, years) - factor; });
}

}  // namespace

void complete(Handbook& book, const Rational& investment, const Rational& flow, int years, double rate) {
  const double i = investment.to_double(), f = flow.to_double();
  const auto npv_at = [&](double r) { return f * annuity_factor(r, years) - i; };
  book.net_cash_flow = flow.str();
  book.npv = npv_at(rate);
  if (Rational(0) < investment) book.npvr = book.npv / i;
  if (flow <= Rational(0)) return;
  book.payback_years = (investment / flow).str();
  if (investment <= Rational(0)) return;
  book.irr = rate_of(i / f, years);
  if (!book.irr || *book.irr < 0) return;
  // The two neighbouring rates of a table in whole per cents; on a table rate the interpolation answers that rate.
  const double i1 = std::floor(*book.irr * 100 + 1e-9) / 100, i2 = i1 + 0.01;
  const double above = npv_at(i1), below = npv_at(i2);
  book.irr_interpolated = i1 + above * (i2 - i1) / (above + std::fabs(below));
}

Handbook chain_of(const Proposal& proposal) {
  const Rational investment = Rational(proposal.investment) - Rational(proposal.subsidy);
  const Rational depreciation = investment / Rational(proposal.depreciation_years);
  const Rational taxable = Rational(proposal.annual_saving) - depreciation;
  const Rational profit = Rational(0) < taxable ? taxable * (Rational(1) - Rational(proposal.tax_rate)) : taxable;
  Handbook book;
  book.depreciation = depreciation.str();
  book.taxable_profit = taxable.str();
  book.net_profit = profit.str();
  complete(book, investment, profit + depreciation, proposal.years, proposal.discount_rate.to_double());
  return book;
}

void check_chain(const Proposal& proposal, Checks& checks) {
  checks.at_least_zero("investment", proposal.investment);
  checks.at_least_zero("subsidy", proposal.subsidy);
  checks.amount("annual_saving", proposal.annual_saving);
  checks.years("depreciation_years", proposal.depreciation_years, 1, kMostYears);
  checks.rate("tax_rate", proposal.tax_rate, 1);
  checks.years("years", proposal.years, 1, kMostYears);
  checks.rate("discount_rate", proposal.discount_rate, 10);
}

Result<Handbook> handbook_of(const Proposal& proposal) {
  Checks checks;
  check_chain(proposal, checks);
  QY_CHECK(checks.done());
  return chain_of(proposal);
}

}  // namespace qy::engine::economics
