#include "engine/indicators/expression.h"

#include <optional>

#include "base/text.h"

namespace qy::engine::indicators {
namespace {

constexpr std::size_t kLongest = 200;  // as the pack loader allows; bounds the recursion too

/// sum = product {("+" | "-") product};  product = factor {("*" | "/") factor};  factor = number | name | "(" sum ")" |
/// "-" factor
class Reader {
 public:
  Reader(std::string_view text, const Parameters& parameters) : whole_(text), rest_(text), parameters_(parameters) {}

  Result<Rational> read() {
    const auto value = sum();
    if (!error_ && !trim(rest_).empty()) fail("indicators.expression");
    if (error_) return *error_;
    return value;
  }

 private:
  Rational sum() {
    auto value = product();
    while (!error_) {
      if (take('+'))
        value = value + product();
      else if (take('-'))
        value = value - product();
      else
        break;
    }
    return value;
  }

  Rational product() {
    auto value = factor();
    while (!error_) {
      if (take('*')) {
        value = value * factor();
      } else if (take('/')) {
        const auto divisor = factor();
        if (error_ || divisor.is_zero()) return fail("indicators.parameter_zero"), value;
        value = value / divisor;
      } else {
        break;
      }
    }
    return value;
  }

  Rational factor() {
    if (take('-')) return Rational(0) - factor();
    if (take('(')) {
      const auto value = sum();
      if (!take(')')) fail("indicators.expression");
      return value;
    }
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    const auto is_name = [&](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    if (!rest_.empty() && is_digit(rest_[0])) {
      const auto number = Decimal::parse(word([&](char c) { return is_digit(c); }));
      if (!number) fail("indicators.expression");
      return number ? Rational(*number) : Rational();
    }
    if (!rest_.empty() && is_name(rest_[0])) {
      const std::string name(word([&](char c) { return is_name(c) || (c >= '0' && c <= '9'); }));
      const auto found = parameters_.find(name);
      if (found != parameters_.end()) return Rational(found->second);
      if (!error_) error_ = Error{ErrorKind::invalid, "indicators.parameter_missing", {{"name", name}}};
      return {};
    }
    fail("indicators.expression");
    return {};
  }

  bool take(char wanted) {
    rest_ = trim(rest_);
    if (rest_.empty() || rest_[0] != wanted) return false;
    rest_ = trim(rest_.substr(1));
    return true;
  }

  template <class Accepts>
  std::string_view word(Accepts accepts) {
    std::size_t end = 0;
    while (end < rest_.size() && accepts(rest_[end])) ++end;
    const auto taken = rest_.substr(0, end);
    rest_ = trim(rest_.substr(end));
    return taken;
  }

  void fail(const char* code) {
    if (!error_) error_ = Error{ErrorKind::invalid, code, {{"expression", prefix_of(whole_, 60)}}};
  }

  std::string_view whole_, rest_;
  const Parameters& parameters_;
  std::optional<Error> error_;
};

}  // namespace

Result<Rational> evaluate(std::string_view expression, const Parameters& parameters) {
  if (expression.size() > kLongest)
    return Error{ErrorKind::invalid, "indicators.expression", {{"expression", prefix_of(expression, 60)}}};
  return Reader(expression, parameters).read();
}

}  // namespace qy::engine::indicators
