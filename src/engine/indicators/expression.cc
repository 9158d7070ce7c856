#include "engine/indicators/expression.h"

#include <optional>

#include "base/text.h"

namespace qy::engine::indicators {
namespace {

constexpr std::size_t kLongest = 200;  // as the pack loader allows; bounds the recursion too

Error error_of(const char* code, std::string_view text) {
  return {ErrorKind::invalid, code, {{"expression", prefix_of(text, 60)}}};
}

}  // namespace

/// sum = product {("+" | "-") product};  product = factor {("*" | "/") factor};  factor = number | name | "(" sum ")" |
/// "-" factor
class ExpressionReader {
 public:
  explicit ExpressionReader(Expression& out) : out_(out), rest_(out.text_) {}

  bool read() {
    sum();
    return good_ && trim(rest_).empty();
  }

 private:
  void sum() {
    product();
    while (good_) {
      if (take('+'))
        product(), emit('+');
      else if (take('-'))
        product(), emit('-');
      else
        break;
    }
  }

  void product() {
    factor();
    while (good_) {
      if (take('*'))
        factor(), emit('*');
      else if (take('/'))
        factor(), emit('/');
      else
        break;
    }
  }

  void factor() {
    if (take('-')) {
      emit(0);
      factor();
      return emit('-');
    }
    if (take('(')) {
      sum();
      good_ = good_ && take(')');
      return;
    }
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    const auto is_name = [&](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    if (!rest_.empty() && is_digit(rest_[0])) {
      const auto number = Decimal::parse(word([&](char c) { return is_digit(c); }));
      if (number) return emit(0, Rational(*number));
    } else if (!rest_.empty() && is_name(rest_[0])) {
      return emit('p', {}, std::string(word([&](char c) { return is_name(c) || (c >= '0' && c <= '9'); })));
    }
    good_ = false;
  }

  void emit(char sign, Rational number = {}, std::string name = {}) {
    out_.steps_.push_back({sign, std::move(number), std::move(name)});
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

  Expression& out_;
  std::string_view rest_;
  bool good_ = true;
};

Result<Expression> Expression::read(std::string_view text) {
  if (text.size() > kLongest) return error_of("indicators.expression", text);
  Expression out;
  out.text_ = text;
  if (!ExpressionReader(out).read()) return error_of("indicators.expression", text);
  return out;
}

Result<Rational> Expression::value(const Parameters& parameters) const {
  std::vector<Rational> values;
  values.reserve(steps_.size());
  for (const auto& step : steps_) {
    if (step.sign == 0) {
      values.push_back(step.number);
      continue;
    }
    if (step.sign == 'p') {
      const auto found = parameters.find(step.name);
      if (found == parameters.end())
        return Error{ErrorKind::invalid, "indicators.parameter_missing", {{"name", step.name}}};
      values.emplace_back(found->second);
      continue;
    }
    const auto right = std::move(values.back());
    values.pop_back();
    auto& left = values.back();
    switch (step.sign) {
      case '+':
        left = left + right;
        break;
      case '-':
        left = left - right;
        break;
      case '*':
        left = left * right;
        break;
      default:
        if (right.is_zero()) return error_of("indicators.parameter_zero", text_);
        left = left / right;
    }
  }
  return std::move(values.back());
}

Result<Rational> evaluate(std::string_view expression, const Parameters& parameters) {
  QY_TRY(const auto read, Expression::read(expression));
  return read.value(parameters);
}

}  // namespace qy::engine::indicators
