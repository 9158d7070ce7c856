#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/decimal.h"
#include "base/result.h"
#include "base/watch.h"
#include "units/unit.h"

/// 合理性核查: what in the numbers of reports cannot be, or can hardly be. Every finding is evidence, never a verdict:
/// it shows the numbers and the arithmetic, asks for an explanation, and tells how often the check is wrong about
/// honest reports. A person decides.
namespace qy::engine::plausibility {

/// A number as a report states it.
struct Number {
  std::string id;  ///< within its report
  Decimal value;
  std::optional<Unit> unit;
  std::optional<Decimal> step;  ///< what it was rounded to; absent: the last decimal it is written with
  std::string place;            ///< "表3-2 第4行", shown with a finding
  std::string quantity;         ///< which quantity it is ("energy.electricity"); "" = only the page's own arithmetic
  std::string period;           ///< "2025", "2025-03"
  std::string boundary;         ///< of what: whole plant, workshop …
  bool fixed = false;  ///< 固定值: a capacity, a limit, a constant; rightly the same every year and elsewhere
};

/// One number of a report times a factor. A factor other than 1 and −1 carries its unit itself.
struct Term {
  std::size_t number = 0;  ///< index in the report's numbers
  Decimal times = 1;
};

/// 勾稽关系: what the report says about its own numbers: Σ terms = total, or Σ terms / Σ per × scale = total.
struct Relation {
  enum class Kind { sum, difference, conversion, ratio, percentage } kind = Kind::sum;
  std::vector<Term> terms, per;  ///< `per` of ratio and percentage only
  std::size_t total = 0;
};

/// 硬性约束: Σ terms ≤ (or ≥) bound + Σ bounds: yield, element balance, capacity × hours, evaporation within intake.
struct Limit {
  std::vector<Term> terms, bounds;
  Decimal bound = 0;
  bool at_most = true;
  std::string reason;  ///< why nothing else is possible, shown with the finding
};

/// 平衡检验: the global test of a reconciled balance.
struct Closure {
  std::string place;
  double statistic = 0;  ///< ≥ 0
  int dof = 1;
  bool independent = true;  ///< every stream metered for itself, none "by difference"
};

struct Report {
  std::string id, enterprise;
  std::vector<Number> numbers;
  std::vector<Relation> relations;
  std::vector<Limit> limits;
  std::vector<Closure> closures;
};

/// 同行数值 of an intensity (per tonne, per yuan …): at least 10 for a comparison.
struct Peers {
  std::string quantity;
  Unit unit;
  std::vector<double> values;  ///< > 0
};

/// A factor by which units are confused.
struct SlipFactor {
  double factor;
  Text meaning;
};

/// 驱动量: what a quantity should move with from year to year: energy with output.
struct Driver {
  std::string quantity, driver;
};

/// 批量数字: numbers whose digits are looked at together: of one office, one consultant, one industry.
struct Batch {
  std::string id;
  std::vector<Decimal> values;
  bool first_digit = false, second_digit = false, last_digit = false, heaping = false;
};

struct Submission {
  std::vector<Report> reports;
  std::vector<Peers> peers;
  std::vector<SlipFactor> slips;  ///< beside powers of ten and the factors between common units
  std::vector<Driver> drivers;
  std::vector<Batch> batches;
  double fdr = 0.05;       ///< false discovery rate at which a finding stands out
  std::uint64_t seed = 1;  ///< of the simulated p-values
};

/// The checks. What each takes for a finding stands beside it.
enum class Check {
  sum,                ///< sums and differences beyond what rounding or cutting of every number explains
  conversion,         ///< the same of one number in two units
  ratio,              ///< the same of ratios and percentages
  contradiction,      ///< one quantity, period and boundary, two values; without a unit beside one that has it: a note
  limit,              ///< a hard limit broken beyond rounding
  closed_too_well,    ///< χ² of independent meters below its 0.1 % quantile: perhaps written backwards
  gross_error,        ///< χ² above its 99 % quantile
  unit_slip,          ///< beyond 3.5 robust σ of the peers' logarithms, within 1.5 after one factor
  year_jump,          ///< growth beyond 4 robust σ of at least 10 enterprises' that year
  out_of_step,        ///< growth beyond 4 robust σ of what its driver's growth explains
  scaled_year,        ///< 8 or more numbers in one exact ratio to the year before, chance below 1e-6
  duplicates,         ///< numbers of ≥ 4 digits in two enterprises' reports, −Σ log10 P above 12
  scaled_duplicates,  ///< 8 or more numbers in one exact ratio between two enterprises, chance below 1e-12
  first_digit,        ///< Benford's law, ≥ 100 numbers, simulated p below 1 %
  second_digit,       ///< the same of the second digit
  last_digit,         ///< uniform last digits, ≥ 50 numbers, simulated p below 1 %
  heaping,            ///< last digits 0 and 5 above a fifth, ≥ 50 numbers, binomial p below 1 %
};
inline constexpr std::size_t kChecks = 17;
const char* name_of(Check check);

/// Distances, in robust σ, for which the checks that measure one (unit_slip, year_jump, out_of_step) are counted.
inline constexpr std::array<double, 5> kDistances{3.5, 6, 9, 13, 20};

/// How often a check is wrong and how often it is right, measured on simulated reports (simulation.h).
struct Rate {
  Check check;
  const char* per;                              ///< of what: "relation", "report", "pair of reports" …
  int honest, alarms;                           ///< honest ones looked at, findings among them
  int seeded, found;                            ///< errors put in, findings that hit them
  std::array<int, kDistances.size()> beyond{};  ///< alarms at least so far out

  double false_alarm() const { return honest ? static_cast<double>(alarms) / honest : 0; }
  double detection() const { return seeded ? static_cast<double>(found) / seeded : 0; }
  /// Upper end of the 95 % interval (one-sided) of the false-alarm rate: what is believed where no alarm was seen.
  double false_alarm_bound() const;
  /// The chance of an alarm at least `distance` out (0: of any), half an alarm added to what was counted: the tail of
  /// honest data is longer than any law's.
  double chance(double distance) const;
};
std::span<const Rate> rates();
const Rate& rate_of(Check check);

struct Note {
  std::string code;
  Params params;
};

struct Reference {
  std::size_t report = 0, number = 0;
};

/// Something to explain.
struct Finding {
  Check check;
  std::string code;  ///< the sentence, with `params`
  Params params;
  std::vector<std::size_t> reports;  ///< whose it is
  std::vector<Reference> numbers;    ///< the evidence
  std::string arithmetic;            ///< "4746025 − 4646377 = 99648"
  std::string stated, computed;      ///< "" where there is no such thing
  std::vector<Note> hints;           ///< what may have happened
  double distance = 0;               ///< robust σ, of the checks that measure one
  double p = 1;                      ///< chance of this among honest data
  bool p_is_measured =
      false;     ///< p is the check's measured rate: it has no law of its own, or honest data do not keep it
  double q = 1;  ///< Benjamini–Hochberg over all tests made
};

struct Answer {
  std::vector<Finding> findings;              ///< smallest p first, at most 500 of each check
  std::array<std::size_t, kChecks> tested{};  ///< tests made of each check
  std::vector<Note> notes;                    ///< what could not be looked at, and why; what was left out
};

/// Makes every check that the submission gives material for. Time grows with the numbers and findings, not with pairs
/// of reports. Errors: input.invalid with plausibility.units_differ at "#/reports/i/relations/j" and the like,
/// decimal.overflow; compute.stopped.
Result<Answer> examine(const Submission& submission, const Watch& watch = {});

std::span<const Sentence> plausibility_messages();

}  // namespace qy::engine::plausibility
