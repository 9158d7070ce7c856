#include "rules/expression.h"

namespace qy::rules {
namespace {

constexpr std::size_t kLongest = 200;
constexpr int kDeepest = 20;

/// sum := product (("+" | "-") product)*; product := factor (("*" | "/") factor)*; factor := "-" factor | number | name
/// | "(" sum ")"
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  bool whole() { return text_.size() <= kLongest && sum() && (skip(), at_ == text_.size()); }
  std::size_t position() const { return at_; }
  std::set<std::string> names;

 private:
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  static bool digit(char c) { return c >= '0' && c <= '9'; }
  static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

  bool sum() {
    if (!product()) return false;
    while (take('+') || take('-'))
      if (!product()) return false;
    return true;
  }
  bool product() {
    if (!factor()) return false;
    while (take('*') || take('/'))
      if (!factor()) return false;
    return true;
  }
  bool factor() {
    if (++depth_ > kDeepest) return false;
    const bool fine = take('-') ? factor() : take('(') ? sum() && take(')') : atom();
    --depth_;
    return fine;
  }
  bool atom() {
    skip();
    const std::size_t start = at_;
    if (at_ < text_.size() && letter(text_[at_])) {
      while (at_ < text_.size() && (letter(text_[at_]) || digit(text_[at_]))) ++at_;
      names.insert(std::string(text_.substr(start, at_ - start)));
      return true;
    }
    while (at_ < text_.size() && digit(text_[at_])) ++at_;
    if (at_ == start) return false;
    if (at_ < text_.size() && text_[at_] == '.') {
      const std::size_t point = at_++;
      while (at_ < text_.size() && digit(text_[at_])) ++at_;
      if (at_ == point + 1) return false;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<std::set<std::string>> names_in_expression(std::string_view expression) {
  Checker checker(expression);
  if (!checker.whole())
    return Error{ErrorKind::invalid,
                 "expression.syntax",
                 {{"expression", std::string(expression.substr(0, kLongest))},
                  {"position", std::to_string(checker.position() + 1)}}};
  return std::move(checker.names);
}

}  // namespace qy::rules
