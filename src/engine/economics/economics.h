#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/decimal.h"
#include "base/result.h"

/// 方案经济评价: the handbook chain of cleaner production audits and engineering economics, side by side.
///
/// Nothing legal is a constant here: tax rates, the years a loss may be carried forward, how VAT and a subsidy are
/// treated are inputs. Money is in any one unit, below 10^15 of it; rates are fractions (0.25, not 25).
namespace qy::engine::economics {

/// 增值税. With it, investment and savings are stated including VAT.
struct Vat {
  Decimal in_investment;           ///< input VAT inside the investment: a credit, not written off
  Decimal payable_per_year;        ///< VAT inside a normal year's saving, due less the credit; < 0 adds to the credit
  Decimal surtax_rate;             ///< surtaxes on the VAT paid
  std::optional<int> refund_year;  ///< operating year in which what is left of the credit is paid out
};

/// 借款: for the view of the owners (资本金现金流量). Drawn today, repaid over its first operating years; interest
/// while building is part of the investment.
struct Loan {
  Decimal amount, rate;
  int years = 1;
  bool equal_payments = false;  ///< equal yearly payments; otherwise equal parts of the principal
};

/// 方案: what a proposal costs and brings. The first seven make the handbook chain; the others refine the engineering
/// part. Flows fall at the end of their year, year 0 is today; the first operating year follows the last payment.
struct Proposal {
  Decimal investment;           ///< total: construction, interest while building, working capital; ≥ 0
  Decimal subsidy;              ///< taken off the investment; ≥ 0
  Decimal annual_saving;        ///< 年运行费用总节省: saved running cost and added income of a normal year
  int depreciation_years = 10;  ///< straight line; 1–100
  Decimal tax_rate;             ///< income tax; 0–1
  int years = 10;               ///< 使用年限 n: operating years; 1–100
  Decimal discount_rate;        ///< 0–10

  std::vector<Decimal> investment_by_year;  ///< 建设期: paid at the end of years 0, 1 …, at most 21; sum: investment
  Decimal working_capital;  ///< 流动资金, part of the investment: not written off, comes back at the end
  std::optional<Decimal> residual_value;    ///< 残值, comes in at the end; gain or loss on the book value is taxed
  std::vector<Decimal> saving_by_year;      ///< instead of annual_saving, by operating year; the last one holds on
  std::vector<Decimal> tax_rate_by_year;    ///< instead of tax_rate, by operating year; the last one holds on
  int loss_carry_forward_years = 0;         ///< how long a tax loss may be set off against later profits
  bool losses_offset_other_profit = false;  ///< a loss saves tax at once, because the enterprise has other profit
  int subsidy_year = 0;                     ///< when the subsidy is paid out
  bool subsidy_taxed = false;  ///< true: taxable income, and the assets are written off in full; false: neither

  std::optional<Vat> vat;
  std::optional<Loan> loan;
  std::optional<Decimal> finance_rate, reinvestment_rate;  ///< of the MIRR; the discount rate unless given
};

/// A cash flow at the end of each year, the first today.
struct CashFlows {
  std::vector<Decimal> flows;  ///< 2–201
  Decimal discount_rate;       ///< 0–10
  std::optional<Decimal> finance_rate, reinvestment_rate;
};

/// Something to know about a result; its sentences are in the catalogue.
struct Note {
  std::string code;
  Params params;
};

/// 审核手册算法: D = I/Y, T = P − D, E = T(1 − t), F = E + D, N = I/F, NPV = F·((1 − (1+i)⁻ⁿ)/i) − I, NPVR = NPV/I,
/// IRR solved and interpolated between two whole per cents. I is the investment less the subsidy, F is the same in all
/// n years, as the handbook has it. Texts are exact decimals (repeating ones to 10 places).
struct Handbook {
  std::optional<std::string> depreciation, taxable_profit, net_profit;  ///< D, T, E; not known from cash flows
  std::string net_cash_flow;                                            ///< F
  std::optional<std::string> payback_years;                             ///< N; nothing when F ≤ 0
  double npv = 0;
  std::optional<double> npvr, irr, irr_interpolated;
};

/// 工程经济 of one cash flow.
struct Measures {
  double npv = 0;
  double nav = 0;              ///< net annual value: the NPV as an annuity
  std::optional<double> npvr;  ///< NPV over the present value of the investment; nothing when that is ≤ 0
  std::vector<double> irr;     ///< every root above −99 % and up to 100 000 %, ascending
  std::optional<double> mirr;  ///< modified rate of return
  std::optional<double> static_payback_years;   ///< from today, construction included
  std::optional<double> dynamic_payback_years;  ///< discounted; inside a year the flow is an annuity of part of a year
  std::optional<double> benefit_cost;           ///< present value of what comes in over that of what goes out
  double npv_mid_year = 0;                      ///< the NPV when a year's operation falls in its middle, not at its end
};

/// One year of the cash-flow table; exact decimals, repeating ones to 12 places.
struct TableRow {
  int year = 0;
  int operating_year = 0;  ///< 0 while building
  Decimal investment, subsidy, saving, vat, surtax, depreciation, taxable_profit, losses_used, tax, residual,
      working_capital, before_tax, after_tax, cumulative;
  double discounted = 0;
};

struct Appraisal {
  std::optional<Handbook> handbook;  ///< for cash flows only when one payment is followed by equal yearly flows
  Measures engineering;              ///< after income tax
  std::optional<Measures> before_tax, equity;
  std::vector<TableRow> table;  ///< of a proposal
  std::vector<Decimal> flows;   ///< after tax, year by year
  std::vector<Note> notes;
};

/// Appraises a proposal. Without the refinements a loss is not taxed and not carried forward, and depreciation ends
/// after its years. Errors: input.invalid with economics.negative, economics.amount, economics.rate, economics.years,
/// economics.sum, economics.more_than, economics.year_count, economics.losses_twice at "#/…". Source: cleaner
/// production audit handbook chain (regime dossier 9.6); Methods and Parameters for Economic Evaluation, 3rd ed. 2006.
Result<Appraisal> appraise(const Proposal& proposal);

/// Appraises a cash flow. Errors: input.invalid with economics.rate, economics.amount, economics.flow_count at "#/…".
Result<Appraisal> appraise(const CashFlows& cash);

/// The handbook chain alone, for bulk runs: the same Handbook as in `appraise`. Errors: as there.
Result<Handbook> handbook_of(const Proposal& proposal);

/// Present value of 1 a year over `years` at `rate`: (1 − (1+i)⁻ⁿ)/i; n when i is 0.
double annuity_factor(double rate, double years);

/// All rates above −0.99 and up to 1000 at which the present value of `flows` is zero, ascending. Exact sign counting
/// (Descartes on Bernstein coefficients) separates them, so none is lost; a tangent root counts once.
std::vector<double> internal_rates(const std::vector<Decimal>& flows);

std::span<const Sentence> economics_messages();

}  // namespace qy::engine::economics
