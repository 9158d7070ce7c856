#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/plausibility/plausibility.h"

/// What the checks share while a submission is examined.
namespace qy::engine::plausibility {

/// A number with what every check asks of it.
struct Item {
  Reference at;
  const Number* number;
  double value;  ///< in its own unit
  double step;
};

class Examination {
 public:
  static constexpr std::size_t kMostFindings = 500;

  explicit Examination(const Submission& submission);

  const Submission& submission() const { return submission_; }
  const std::vector<Item>& items() const { return items_; }  ///< numbers that name a quantity
  const Number& number(const Reference& at) const { return submission_.reports[at.report].numbers[at.number]; }

  void tested(Check check, std::size_t count = 1) { answer_.tested[static_cast<std::size_t>(check)] += count; }
  /// Of each check the `kMostFindings` least likely are kept.
  void found(Finding finding);
  void note(std::string code, Params params) {
    if (answer_.notes.size() < kMostFindings) answer_.notes.push_back({std::move(code), std::move(params)});
  }
  void wrong(std::string pointer, std::string code, Params params = {}) {
    errors_.push_back({std::move(pointer), std::move(code), std::move(params)});
  }
  void wrong(std::string pointer, const Error& error) { wrong(std::move(pointer), error.code, error.params); }

  Result<Answer> finished() &&;

 private:
  void keep_least_likely(std::size_t check);

  const Submission& submission_;
  std::vector<Item> items_;
  std::array<std::vector<Finding>, kChecks> found_;
  std::array<std::size_t, kChecks> dropped_{};
  Answer answer_;
  std::vector<FieldError> errors_;
};

void check_arithmetic(Examination& examination);
void check_contradictions(Examination& examination);
void check_closures(Examination& examination);
void check_units(Examination& examination);
void check_years(Examination& examination);
void check_duplicates(Examination& examination);
void check_digits(Examination& examination);

inline constexpr double kDigitLevel = 0.01;  ///< p below which digits are a finding

/// A finding without its sentence's parameters, p and the rest.
Finding finding_of(Check check, std::string code, std::vector<std::size_t> reports, std::vector<Reference> numbers = {},
                   std::string arithmetic = {});

/// The step a number was rounded to.
Decimal step_of(const Number& number);
/// "平衡表 #input" or "#input": how a number is called in a sentence.
std::string called(const Number& number);
/// A number for people: at most six significant decimals.
std::string shown(double value);

/// A ratio for people: "1.0500".
std::string ratio_text(double ratio);
/// log₁₀ of the number of ways to choose k of n.
double log10_choose(std::size_t n, std::size_t k);

/// An interval of ratios that two rounded numbers allow, and whose numbers they are.
struct RatioInterval {
  double low, high;  ///< logarithms
  Reference first, second;
};

/// The largest set of intervals that have one ratio in common.
struct CommonRatio {
  double ratio = 1;
  std::vector<std::size_t> members;  ///< indices of intervals
  double log10_chance = 0;           ///< bound on the chance of such a set when ratios spread by 5 %
};
CommonRatio common_ratio(const std::vector<RatioInterval>& intervals);

}  // namespace qy::engine::plausibility
