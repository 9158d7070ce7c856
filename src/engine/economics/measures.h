#pragma once

#include "engine/economics/economics.h"

/// Inside engine/economics only: what the files of the folder share.
namespace qy::engine::economics {

constexpr double kLowestRate = -0.99, kHighestRate = 1000;
constexpr int kMostYears = 100, kMostBuilding = 20;

/// Complaints at "#/…" of a document.
class Checks {
 public:
  void add(std::string name, const char* code, Params params = {});
  void amount(const std::string& name, const Decimal& value);  ///< below 10^15 either way
  void at_least_zero(const std::string& name, const Decimal& value);
  void at_most(const std::string& name, const Decimal& value, const Decimal& most);
  void rate(const std::string& name, const Decimal& value, const Decimal& most);
  void years(const std::string& name, int value, int least, int most);
  std::vector<FieldError> take() { return std::move(fields_); }
  Result<void> done();

 private:
  std::vector<FieldError> fields_;
};

double present_value(const std::vector<double>& flows, double rate);
std::vector<double> doubles(const std::vector<Decimal>& flows);

/// What the measures of one cash flow need beside it.
struct MeasureOf {
  double rate, finance_rate, reinvestment_rate;
  double investment;        ///< its present value
  std::vector<double> end;  ///< part of a year's flow that falls at its end even by the mid-year convention
  std::size_t building;     ///< the last year of building; its flows fall at the end of the year
};
/// `falls_again` becomes true when the cumulative flow turns negative after the payback.
Measures measure(const std::vector<Decimal>& flows, const MeasureOf& how, bool& falls_again);

/// Where `value` changes its sign between two arguments of different sign, by bisection to the last digit of a double.
template <class Function>
double bisect(double low, double high, const Function& value) {
  const bool rising = value(low) < 0;
  for (int step = 0; step < 200; ++step) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    const double there = value(middle);
    if (there == 0) return middle;
    (((there < 0) == rising) ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace qy::engine::economics
