#pragma once

#include <cstdint>
#include <memory>

#include "base/watch.h"
#include "engine/economics/economics.h"

/// 不确定性分析: how far the net present value follows its inputs, one by one (敏感性分析) and all together (蒙特卡罗).
namespace qy::engine::economics {

/// What may vary. Of a proposal all but the last two; of a cash flow the last two and the discount rate.
enum class Input {
  investment,
  subsidy,
  working_capital,
  annual_saving,
  residual_value,
  tax_rate,
  discount_rate,
  years,               ///< whole years
  depreciation_years,  ///< whole years
  inflows,             ///< factor on everything that comes in, 1 as given
  outflows,            ///< factor on everything that goes out, 1 as given
};
constexpr int kInputs = 11;

const char* to_string(Input input);
std::optional<Input> input_of(std::string_view name);
Text title_of(Input input);

/// What is examined: a proposal or a cash flow, found right by `appraise`.
class Subject {
 public:
  explicit Subject(const Proposal& proposal);
  explicit Subject(const CashFlows& cash);
  Subject(Subject&&) noexcept;
  ~Subject();

  /// The inputs that vary here, in the order of Input.
  std::vector<Input> inputs() const;
  double base(Input input) const;

  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  std::unique_ptr<Parts> parts_;
};

/// One bar of the tornado.
struct Swing {
  Input input;
  double base, low, high;    ///< the input as given, less the share, more the share (kept inside what it may be)
  double npv_low, npv_high;  ///< the NPV at `low` and at `high`
  double swing;              ///< |npv_high − npv_low|
  std::optional<double> elasticity;  ///< 敏感度系数: relative change of the NPV per relative change of the input
  std::optional<double>
      switching_value;  ///< 临界点: where the NPV is zero, nearest to the base, from 0 to ten times it
};

/// Every input of `inputs` (empty: all that are not zero) ± `share` of itself, the others as given; the widest first.
/// `share` above 0 up to 1.
std::vector<Swing> tornado(const Subject& subject, std::vector<Input> inputs, const Decimal& share);

/// How one input is spread. Draws outside what the input may be are drawn again (a truncated distribution).
struct Spread {
  enum class Kind { triangular, normal, uniform };
  Input input = Input::investment;
  Kind kind = Kind::uniform;
  Decimal first, second, third;  ///< triangular: least, likeliest, most; normal: mean, sd; uniform: least, most
};

struct Simulation {
  std::uint64_t seed = 1;
  int draws = 10'000;  ///< 1–1 000 000
  std::vector<Spread> spreads;
  std::vector<Decimal> quantiles;  ///< each above 0 and below 1
};

struct Simulated {
  double mean = 0, sd = 0, lowest = 0, highest = 0;
  double probability_negative = 0;  ///< share of draws with NPV < 0
  double probability_error = 0;     ///< standard error of that share
  std::vector<double> quantiles;  ///< in the order asked: the least drawn NPV that at least so many draws do not exceed
  struct Bin {
    double from, to;
    int count;
  };
  std::vector<Bin> histogram;  ///< 20 bins from the lowest to the highest; one when they are equal
};

/// Checks a simulation of `subject`. Complaints at "<pointer>/inputs/<name>": economics.input_of_other,
/// economics.spread_order, economics.spread_range; at "…/<name>/sd": economics.spread_sd.
std::vector<FieldError> check(const Subject& subject, const Simulation& simulation, const std::string& pointer);

/// Draws and appraises. For one seed the same numbers on every machine: the generator is SplitMix64, and only + − × ÷
/// and square roots of IEEE 754 are used. Errors: compute.stopped when the watch says so.
Result<Simulated> simulate(const Subject& subject, const Simulation& simulation, const Watch& watch);

}  // namespace qy::engine::economics
