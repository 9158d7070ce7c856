#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/decimal.h"
#include "base/result.h"

/// 方案经济评价: the handbook chain of cleaner production audits and engineering economics, side by side.
namespace qy::engine::economics {

/// 方案: what a proposal costs and brings. Money in any one unit; rates as fractions (0.25, not 25).
struct Proposal {
  Decimal investment;           ///< total: construction, interest, working capital; ≥ 0
  Decimal subsidy;              ///< taken off the investment; ≥ 0
  Decimal annual_saving;        ///< 年运行费用总节省: saved running cost and added income a year
  int depreciation_years = 10;  ///< straight line, no residual value; 1–100
  Decimal tax_rate;             ///< income tax; 0–1
  int years = 10;               ///< 使用年限 n; 1–100
  Decimal discount_rate;        ///< 0–10
};

/// A cash flow at the end of each year, the first today.
struct CashFlows {
  std::vector<Decimal> flows;  ///< 2–201
  Decimal discount_rate;       ///< 0–10
};

/// Something to know about a result; its sentences are in the catalogue.
struct Note {
  std::string code;
  Params params;
};

/// 审核手册算法: D = I/Y, T = P − D, E = T(1 − t), F = E + D, N = I/F, NPV = F·((1 − (1+i)⁻ⁿ)/i) − I, NPVR = NPV/I,
/// IRR solved and interpolated between two whole per cents. F is the same in all n years, as the handbook has it.
/// Texts are exact decimals (repeating ones to 10 places).
struct Handbook {
  std::optional<std::string> depreciation, taxable_profit, net_profit;  ///< D, T, E; not known from cash flows
  std::string net_cash_flow;                                            ///< F
  std::optional<std::string> payback_years;                             ///< N; nothing when F ≤ 0
  double npv = 0;
  std::optional<double> npvr, irr, irr_interpolated;
};

/// 工程经济: from the year-by-year cash flow.
struct Engineering {
  double npv = 0;
  double nav = 0;                               ///< net annual value: the NPV as an annuity
  std::vector<double> irr;                      ///< every root above −99 % and up to 100 000 %, ascending
  std::optional<double> mirr;                   ///< financed and reinvested at the discount rate
  std::optional<double> static_payback_years;   ///< from today, construction included
  std::optional<double> dynamic_payback_years;  ///< discounted; inside a year the flow is an annuity of part of a year
};

struct Appraisal {
  std::optional<Handbook> handbook;  ///< for cash flows only when one payment is followed by equal yearly flows
  Engineering engineering;
  std::vector<Note> notes;
};

/// Appraises a proposal. In the engineering part depreciation ends after its years; a loss is not taxed and not carried
/// forward. Errors: input.invalid with economics.negative, economics.rate, economics.years at "#/…". Source: cleaner
/// production audit handbook chain (regime dossier 9.6); Methods and Parameters for Economic Evaluation, 3rd ed.
Result<Appraisal> appraise(const Proposal& proposal);

/// Appraises a cash flow. Errors: input.invalid with economics.rate, economics.flow_count at "#/…".
Result<Appraisal> appraise(const CashFlows& cash);

/// Present value of 1 a year over `years` at `rate`: (1 − (1+i)⁻ⁿ)/i; n when i is 0.
double annuity_factor(double rate, double years);

/// All rates above −0.99 and up to 1000 at which the present value of `flows` is zero, ascending. Exact sign counting
/// (Descartes on Bernstein coefficients) separates them, so none is lost; a tangent root counts once.
std::vector<double> internal_rates(const std::vector<Decimal>& flows);

std::span<const Sentence> economics_messages();

}  // namespace qy::engine::economics
