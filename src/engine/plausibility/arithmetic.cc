// Recomputing the page: sums, differences, conversions, ratios, percentages, hard limits.
#include <algorithm>
#include <cmath>

#include "engine/plausibility/examination.h"

namespace qy::engine::plausibility {
namespace {

struct Rounded {
  Decimal value, step;
};

bool is_one(const Decimal& times) { return times == Decimal(1) || times == Decimal(-1); }

Result<Rounded> in_unit(const Number& number, const std::optional<Unit>& unit) {
  const Rounded as_written{number.value, step_of(number)};
  if (!unit || !number.unit || *unit == *number.unit) return as_written;
  QY_TRY(const auto value, Quantity{as_written.value, *number.unit}.in(*unit));
  QY_TRY(const auto step, Quantity{as_written.step, *number.unit}.in(*unit));
  return Rounded{value.value, step.value};
}

/// Σ terms in one unit, how far rounding may have moved it, and how it is written out.
struct Sum {
  Decimal value, room;
  std::string text;
  std::vector<Decimal> parts;
};

Result<Sum> sum_of(const Report& report, const std::vector<Term>& terms, const std::optional<Unit>& unit) {
  Sum out;
  for (const auto& [index, times] : terms) {
    const auto& number = report.numbers[index];
    QY_TRY(const auto term,
           is_one(times) ? in_unit(number, unit) : Result<Rounded>(Rounded{number.value, step_of(number)}));
    QY_TRY(const auto part, Decimal::checked_multiply(term.value, times));
    QY_TRY(const auto room, Decimal::checked_multiply(term.step, times.is_negative() ? -times : times));
    QY_TRY(out.value, Decimal::checked_add(out.value, part));
    QY_TRY(out.room, Decimal::checked_add(out.room, room));
    const auto factor = times.is_negative() ? -times : times;
    if (!out.text.empty() || times.is_negative()) out.text += times.is_negative() ? " − " : " + ";
    if (!is_one(times)) out.text += factor.shortest() + " × ";
    out.text += term.value.is_negative() ? "(" + term.value.str() + ")" : term.value.str();
    out.parts.push_back(part);
  }
  if (out.text.starts_with(" − ")) out.text = "−" + out.text.substr(std::string(" − ").size());
  return out;
}

Decimal magnitude(const Decimal& value) { return value.is_negative() ? -value : value; }

std::string digits_of(const Decimal& value) {
  std::string out;
  for (const char c : magnitude(value).shortest())
    if (c >= '0' && c <= '9' && !(out.empty() && c == '0')) out += c;
  while (out.ends_with('0')) out.pop_back();
  return out;
}

/// How one number may have been made from another by a slip of the pen.
const char* slip_between(const Decimal& stated, const Decimal& meant) {
  if (stated.is_zero() || meant.is_zero() || stated == meant) return nullptr;
  if (stated == -meant) return "plausibility.hint_sign";
  if (digits_of(stated) == digits_of(meant)) return "plausibility.hint_decimal_point";
  const auto a = magnitude(stated).shortest(), b = magnitude(meant).shortest();
  if (a.size() != b.size() || a.size() < 3) return nullptr;
  std::vector<std::size_t> differ;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) differ.push_back(i);
  if (differ.size() == 1) return "plausibility.hint_one_digit";
  if (differ.size() == 2 && a[differ[0]] == b[differ[1]] && a[differ[1]] == b[differ[0]])
    return "plausibility.hint_swapped_digits";
  return nullptr;
}

void add_hint(std::vector<Note>& hints, const Number& number, const Decimal& fits) {
  if (const auto* slip = slip_between(number.value, fits))
    hints.push_back({slip, {{"number", called(number)}, {"stated", number.value.str()}, {"fits", fits.shortest()}}});
}

/// What each number of a sum would have to be, and whether a slip explains it.
void explain(Finding& finding, const Report& report, const Relation& relation, const Sum& sum, const Decimal& total,
             const Decimal& room) {
  const auto difference = Decimal::checked_add(total, -sum.value);
  if (!difference) return;
  const auto alike = [&](const Decimal& a, const Decimal& b) {
    return std::fabs(a.to_double() - b.to_double()) <= room.to_double() * (1 + 1e-9);
  };
  add_hint(finding.hints, report.numbers[relation.total],
           sum.value.rounded_half_even(report.numbers[relation.total].value.decimals()));
  std::vector<Note> slips;
  for (std::size_t i = 0; i < relation.terms.size(); ++i) {
    const auto& number = report.numbers[relation.terms[i].number];
    const Params named{{"number", called(number)}, {"stated", number.value.str()}};
    if (relation.terms.size() > 2 && alike(*difference, -sum.parts[i]))
      finding.hints.push_back({"plausibility.hint_left_out", named});
    if (relation.terms.size() > 2 && alike(*difference, sum.parts[i]))
      finding.hints.push_back({"plausibility.hint_counted_twice", named});
    if (!is_one(relation.terms[i].times)) continue;
    const auto fits =
        Decimal::checked_add(number.value, relation.terms[i].times.is_negative() ? -*difference : *difference);
    if (!fits ||
        (number.unit && report.numbers[relation.total].unit && !(*number.unit == *report.numbers[relation.total].unit)))
      continue;
    add_hint(slips, number, *fits);
    if (relation.terms.size() <= 3)
      finding.hints.push_back(
          {"plausibility.hint_would_fit",
           {{"number", called(number)}, {"stated", number.value.str()}, {"fits", fits->shortest()}}});
  }
  // What any of several numbers would explain explains nothing.
  if (slips.size() <= 2) finding.hints.insert(finding.hints.end(), slips.begin(), slips.end());
}

/// The numbers of terms, each once.
void add_numbers(Finding& finding, std::size_t at, const std::vector<Term>& terms) {
  for (const auto& term : terms)
    if (std::none_of(finding.numbers.begin(), finding.numbers.end(),
                     [&](const auto& other) { return other.number == term.number; }))
      finding.numbers.push_back({at, term.number});
}

/// Of a relation or limit: honest reports are wrong about it as often as was measured.
Finding finding_about(Check check, const char* code, std::size_t at, const std::vector<Term>& terms) {
  auto finding = finding_of(check, code, {at});
  finding.p_is_measured = true;
  add_numbers(finding, at, terms);
  return finding;
}

Result<void> check_sum(Examination& examination, std::size_t at, const Relation& relation) {
  const auto& report = examination.submission().reports[at];
  const auto& total = report.numbers[relation.total];
  const bool conversion = relation.kind == Relation::Kind::conversion;
  const auto check = conversion ? Check::conversion : Check::sum;
  QY_TRY(const auto sum, sum_of(report, relation.terms, total.unit));
  QY_TRY(const auto room, Decimal::checked_add(sum.room, step_of(total)));
  QY_TRY(const auto difference, Decimal::checked_add(total.value, -sum.value));
  examination.tested(check);
  if (magnitude(difference) <= room) return {};

  auto finding = finding_about(check, conversion ? "plausibility.conversion" : "plausibility.sum", at, relation.terms);
  finding.numbers.push_back({at, relation.total});
  finding.stated = total.value.str();
  finding.computed = sum.value.shortest();
  // A conversion by units shows the number as it was written: "523.4 t = 523400 kg".
  const auto& from = report.numbers[relation.terms[0].number];
  const bool by_units = conversion && from.unit && total.unit && is_one(relation.terms[0].times);
  finding.arithmetic =
      by_units ? from.value.str() + " " + from.unit->plain() + " = " + finding.computed + " " + total.unit->plain()
               : sum.text + " = " + finding.computed;
  finding.params = {{"number", called(total)},
                    {"stated", finding.stated},
                    {"arithmetic", finding.arithmetic},
                    {"computed", finding.computed},
                    {"difference", difference.shortest()},
                    {"room", room.shortest()}};
  if (!conversion) explain(finding, report, relation, sum, total.value, room);
  if (conversion) add_hint(finding.hints, total, sum.value.rounded_half_even(total.value.decimals()));
  examination.found(std::move(finding));
  return {};
}

/// The unit of a quotient where all three units are known.
Result<Quantity> in_quotient_unit(const Decimal& value, const Number& above, const Number& below, const Number& total) {
  const Quantity plain{value, {}};
  if (!above.unit || !below.unit || !total.unit || above.unit->str().find('/') != std::string::npos ||
      below.unit->str().find('/') != std::string::npos)
    return plain;
  const auto unit = Unit::parse(above.unit->str() + "/" + below.unit->str());
  if (!unit) return plain;
  return Quantity{value, *unit}.in(*total.unit);
}

Result<void> check_quotient(Examination& examination, std::size_t at, const Relation& relation) {
  const auto& report = examination.submission().reports[at];
  const auto& total = report.numbers[relation.total];
  const auto &above = report.numbers[relation.terms[0].number], &below = report.numbers[relation.per[0].number];
  const bool percentage = relation.kind == Relation::Kind::percentage;
  // Both sides of a percentage are the same kind of quantity.
  QY_TRY(const auto numerator, sum_of(report, relation.terms, above.unit));
  QY_TRY(const auto denominator, sum_of(report, relation.per, percentage ? above.unit : below.unit));
  if (magnitude(denominator.value) <= denominator.room) return {};
  QY_TRY(const auto scaled, Decimal::checked_multiply(numerator.value, percentage ? Decimal(100) : Decimal(1)));
  QY_TRY(auto exact, Decimal::divide(scaled, denominator.value, 10));
  if (!percentage) {
    QY_TRY(const auto converted, in_quotient_unit(exact, above, below, total));
    exact = converted.value;
  }
  examination.tested(Check::ratio);
  const double value = std::fabs(exact.to_double());
  const double top = std::fabs(numerator.value.to_double()), bottom = std::fabs(denominator.value.to_double());
  const double most_top = (top + numerator.room.to_double()) * (1 + 1e-9);
  const double scale = top > 0 ? value / (top / bottom) : 0;
  const double room = scale * (most_top / (bottom - denominator.room.to_double()) - top / bottom) +
                      step_of(total).to_double() * (1 + 1e-9) + 1e-10;
  QY_TRY(const auto difference, Decimal::checked_add(total.value, -exact));
  if (std::fabs(difference.to_double()) <= room) return {};

  auto finding =
      finding_about(Check::ratio, percentage ? "plausibility.percentage" : "plausibility.ratio", at, relation.terms);
  add_numbers(finding, at, relation.per);
  finding.numbers.push_back({at, relation.total});
  const auto bracketed = [](const Sum& sum) { return sum.parts.size() > 1 ? "(" + sum.text + ")" : sum.text; };
  finding.stated = total.value.str();
  finding.computed = Decimal::of(exact.rounded_half_even(total.value.decimals() + 2).shortest()).str();
  finding.arithmetic =
      bracketed(numerator) + " ÷ " + bracketed(denominator) + (percentage ? " × 100" : "") + " = " + finding.computed;
  finding.params = {{"number", called(total)},
                    {"stated", finding.stated},
                    {"arithmetic", finding.arithmetic},
                    {"computed", finding.computed}};
  add_hint(finding.hints, total, exact.rounded_half_even(total.value.decimals()));
  examination.found(std::move(finding));
  return {};
}

Result<void> check_limit(Examination& examination, std::size_t at, const Limit& limit) {
  const auto& report = examination.submission().reports[at];
  const auto unit = report.numbers[limit.terms[0].number].unit;
  QY_TRY(const auto left, sum_of(report, limit.terms, unit));
  QY_TRY(auto right, sum_of(report, limit.bounds, unit));
  QY_TRY(right.value, Decimal::checked_add(right.value, limit.bound));
  QY_TRY(const auto room, Decimal::checked_add(left.room, right.room));
  QY_TRY(const auto over, Decimal::checked_add(left.value, -right.value));
  examination.tested(Check::limit);
  if ((limit.at_most ? over : -over) <= room) return {};
  auto finding = finding_about(Check::limit, limit.at_most ? "plausibility.above_limit" : "plausibility.below_limit",
                               at, limit.terms);
  add_numbers(finding, at, limit.bounds);
  if (!right.text.empty() && !limit.bound.is_zero()) right.text += " + ";
  if (right.text.empty() || !limit.bound.is_zero()) right.text += limit.bound.shortest();
  finding.computed = left.value.shortest();
  finding.arithmetic = left.text + (left.parts.size() > 1 ? " = " + left.value.shortest() : "") +
                       (limit.at_most ? " > " : " < ") + right.text +
                       (limit.bounds.size() + !limit.bound.is_zero() > 1 ? " = " + right.value.shortest() : "");
  finding.params = {
      {"arithmetic", finding.arithmetic}, {"reason", limit.reason}, {"difference", magnitude(over).shortest()}};
  examination.found(std::move(finding));
  return {};
}

std::string pointer(std::size_t report, const char* list, std::size_t index) {
  return "#/reports/" + std::to_string(report) + "/" + list + "/" + std::to_string(index);
}

}  // namespace

void check_arithmetic(Examination& examination) {
  const auto& reports = examination.submission().reports;
  for (std::size_t at = 0; at < reports.size(); ++at) {
    for (std::size_t i = 0; i < reports[at].relations.size(); ++i) {
      const auto& relation = reports[at].relations[i];
      const bool quotient = relation.kind == Relation::Kind::ratio || relation.kind == Relation::Kind::percentage;
      const auto done = quotient ? check_quotient(examination, at, relation) : check_sum(examination, at, relation);
      if (!done) examination.wrong(pointer(at, "relations", i), done.error());
    }
    for (std::size_t i = 0; i < reports[at].limits.size(); ++i)
      if (const auto done = check_limit(examination, at, reports[at].limits[i]); !done)
        examination.wrong(pointer(at, "limits", i), done.error());
  }
}

}  // namespace qy::engine::plausibility
