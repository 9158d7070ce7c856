#include "engine/indicators/indicators.h"

#include <algorithm>
#include <cassert>

#include "base/rational.h"
#include "base/text.h"
#include "engine/indicators/expression.h"

namespace qy::engine::indicators {
namespace {

using rules::Amount;
using rules::Benchmark;
using rules::IndicatorRow;
using rules::IndicatorSystem;
using rules::LevelRule;

constexpr std::array<std::string_view, 3> kLevels = {"I", "II", "III"};
const Rational kHundred(100);

/// 0 for "I", 1, 2; 3 for anything else.
std::size_t position_of(std::string_view level) {
  return static_cast<std::size_t>(std::find(kLevels.begin(), kLevels.end(), level) - kLevels.begin());
}

/// How many levels a grade misses: I 0 … below 3; rows without a grade miss all.
std::size_t position_of(Grade grade) {
  return grade <= Grade::three ? static_cast<std::size_t>(grade) : kLevels.size();
}

Text level_text(std::size_t level) {
  constexpr const char* kRoman[] = {"Ⅰ", "Ⅱ", "Ⅲ"};
  return {std::string(kRoman[level]) + "级", "level " + std::string(kLevels[level])};
}

/// What one level asks of a number.
struct Limit {
  bool any = false;  ///< blank: met by anyone
  bool known = false;
  Rational value;
  int decimals = 0;  ///< as written, for the rounded-value comparison
  std::string text;
};

enum class Answered { yes, no, unknown };

class Evaluator {
 public:
  Evaluator(const IndicatorSystem& system, const LevelRule& rule, const Input& input)
      : system_(system), rule_(rule), input_(input) {}

  Result<Evaluation> run() {
    check_names();
    for (std::size_t g = 0; g < system_.groups.size(); ++g)
      for (const auto& row : system_.groups[g].rows) {
        out_.rows.push_back({&row, g, Grade::missing, {}, {}, {}});
        grade(out_.rows.back());
      }
    weigh();
    if (!complaints_.empty())
      return Error{
          ErrorKind::invalid, "input.invalid", {{"count", std::to_string(complaints_.size())}}, std::move(complaints_)};

    for (const auto& row : out_.rows) {
      const bool unweighted = row.output_missing && system_.has_all_weights();
      if (row.grade == Grade::missing || row.grade == Grade::unread || unweighted) out_.missing.push_back(row.row->id);
      if (row.grade == Grade::unread) out_.unread.push_back(row.row->id);
    }
    if (!system_.in_force.covers(input_.on))
      warn("indicator_system.not_in_force", {{"system", system_.id}, {"day", input_.on.str()}});
    judge_limiting();
    if (system_.has_all_weights()) {
      add_up();
      decide();
    } else {
      out_.index_refused = Error{ErrorKind::invalid,
                                 "indicator_system.no_weights",
                                 {{"system.zh", system_.title.zh}, {"system.en", system_.title.en}}};
    }
    return std::move(out_);
  }

 private:
  // -- complaints ---------------------------------------------------------------------------------------------------

  void complain(const std::string& row, std::string_view field, const char* code, Params params = {}) {
    auto pointer = "#/values/" + row;
    if (!field.empty()) pointer += "/" + std::string(field);
    complaints_.push_back({std::move(pointer), code, std::move(params)});
  }

  void warn(const char* code, Params params) { out_.warnings.push_back({code, std::move(params)}); }

  void check_names() {
    std::vector<std::string> rows, names;
    for (const auto& group : system_.groups)
      for (const auto& row : group.rows) rows.push_back(row.id);
    for (const auto& parameter : system_.parameters) names.push_back(parameter.id);
    for (const auto& [id, answer] : input_.answers)
      if (std::find(rows.begin(), rows.end(), id) == rows.end())
        complain(id, "", "indicators.unknown_row", {{"row", prefix_of(id, 30)}, {"system", system_.id}});
    for (const auto& [name, value] : input_.parameters)
      if (std::find(names.begin(), names.end(), name) == names.end())
        complaints_.push_back({"#/parameters/" + name,
                               "indicators.unknown_parameter",
                               {{"name", prefix_of(name, 30)}, {"known", join(names, ", ")}}});
    for (const auto& name : names)
      if (!input_.parameters.contains(name))
        complaints_.push_back({"#/parameters/" + name, "indicators.parameter_missing", {{"name", name}}});
  }

  std::optional<Rational> amount(const Amount& amount) {
    if (amount.expression.empty()) return Rational(amount.value);
    auto value = evaluate(amount.expression, input_.parameters);
    if (value) return *value;
    const auto& error = value.error();
    if (error.code == "indicators.parameter_missing") return std::nullopt;  // said once by check_names
    const FieldError field{"#/parameters", error.code, error.params};
    if (std::find(complaints_.begin(), complaints_.end(), field) == complaints_.end()) complaints_.push_back(field);
    return std::nullopt;
  }

  // -- rows ---------------------------------------------------------------------------------------------------------

  void grade(Row& result) {
    const auto& row = *result.row;
    const auto found = input_.answers.find(row.id);
    static const Answer kNothing;
    const auto& answer = found == input_.answers.end() ? kNothing : found->second;

    const int kinds = (answer.value ? 1 : 0) + (answer.level.empty() ? 0 : 1) + (answer.metrics.empty() ? 0 : 1);
    if (!answer.not_applicable.empty()) {
      if (kinds > 0) complain(row.id, "not_applicable", "indicators.answer_twice");
      result.grade = Grade::not_applicable;
      result.reason = {"不适用：" + answer.not_applicable, "not applicable: " + answer.not_applicable};
    } else if (row.quantitative) {
      if (!answer.level.empty() || !answer.metrics.empty())
        complain(row.id, answer.level.empty() ? "metrics" : "level", "indicators.value_needed", {{"unit", row.unit}});
      else if (answer.value)
        grade_value(result, *answer.value);
    } else {
      grade_text(result, answer);
    }
    if (result.grade == Grade::missing && result.reason.zh.empty()) result.reason = {"未填报", "no answer"};
  }

  /// The value in the unit of the rule; nothing, with a complaint, when it cannot be converted.
  std::optional<Decimal> converted(const IndicatorRow& row, std::string_view field, const Quantity& quantity,
                                   const std::string& unit) {
    if (quantity.unit == Unit()) return quantity.value;
    const auto wanted = Unit::parse(unit);
    auto value = wanted ? quantity.in(*wanted) : Result<Quantity>(wanted.error());
    if (value) return value->value;
    complain(row.id, field, value.error().code.c_str(), value.error().params);
    return std::nullopt;
  }

  Limit limit_of(const Amount& wanted) {
    Limit limit;
    const auto value = amount(wanted);
    if (!value) return limit;
    limit.known = true;
    limit.value = *value;
    limit.text = wanted.expression.empty() ? wanted.value.str() : value->str(6);
    const auto point = limit.text.find('.');
    limit.decimals = point == std::string::npos ? 0 : static_cast<int>(limit.text.size() - point - 1);
    return limit;
  }

  /// The benchmark of a level with `same_as` followed.
  const Benchmark* benchmark_of(const IndicatorRow& row, std::size_t level) const {
    const Benchmark* found = nullptr;
    auto name = std::string(kLevels[level]);
    for (std::size_t hops = 0; hops <= kLevels.size(); ++hops) {
      const auto at = row.benchmarks.find(name);
      found = at == row.benchmarks.end() ? nullptr : &at->second;
      if (!found || found->kind != Benchmark::Kind::same_as) return found;
      name = found->same_as;
    }
    return nullptr;
  }

  Limit benchmark_limit(const IndicatorRow& row, std::size_t level) {
    const auto* benchmark = benchmark_of(row, level);
    Limit limit;
    if (benchmark && benchmark->kind == Benchmark::Kind::number) return limit_of(benchmark->number);
    limit.any = benchmark && benchmark->kind == Benchmark::Kind::none;
    return limit;
  }

  static bool meets(const Decimal& measured, const Limit& limit, bool higher_is_better, bool strict, bool rounded) {
    const Rational value(rounded ? measured.rounded_half_even(limit.decimals) : measured);
    if (strict && value == limit.value) return false;
    return higher_is_better ? value >= limit.value : value <= limit.value;
  }

  static std::string sign(bool higher_is_better, bool strict) {
    return higher_is_better ? (strict ? "> " : "≥ ") : (strict ? "< " : "≤ ");
  }

  /// "达到Ⅱ级（≤ 24 L/m2），未达到Ⅰ级（≤ 8 L/m2）"
  Text explained(std::size_t level, const std::string& value, const std::string& unit,
                 const std::array<std::string, 3>& demands) const {
    Text text{"填报值" + value, "value " + value};
    if (!unit.empty()) text = {text.zh + " " + unit, text.en + " " + unit};
    const auto add = [&](std::size_t at, const char* zh, const char* en) {
      const auto name = level_text(at);
      text.zh += zh + name.zh + "（" + (demands[at].empty() ? "无要求" : demands[at]) + "）";
      text.en += en + name.en + " (" + (demands[at].empty() ? "no demand" : demands[at]) + ")";
    };
    if (level < kLevels.size()) add(level, "，达到", ", reaches ");
    if (level > 0) add(level - 1, "，未达到", ", misses ");
    return text;
  }

  void refuse(Row& result, std::size_t level) {
    const auto name = level_text(level);
    result.grade = Grade::unread;
    result.reason = {name.zh + "基准值未收录，无法评定",
                     "the benchmark of " + name.en + " is not known, so the row cannot be graded"};
  }

  void grade_value(Row& result, const Quantity& quantity) {
    const auto& row = *result.row;
    const auto measured = converted(row, "value", quantity, row.unit);
    if (!measured) return;
    std::array<std::string, 3> demands;
    std::size_t reached = kLevels.size();
    for (std::size_t level = 0; level < kLevels.size() && reached == kLevels.size(); ++level) {
      const auto limit = benchmark_limit(row, level);
      if (limit.any) {
        reached = level;
      } else if (!limit.known) {
        return refuse(result, level);
      } else {
        demands[level] = sign(row.higher_is_better, row.strict) + limit.text;
        if (meets(*measured, limit, row.higher_is_better, row.strict, row.rounded_value)) reached = level;
      }
    }
    result.grade = static_cast<Grade>(reached);
    if (input_.explain) result.reason = explained(reached, measured->str(), row.unit, demands);
  }

  /// The best level whose demands on every metric hold.
  std::optional<std::size_t> level_of_metrics(const IndicatorRow& row, const std::vector<Quantity>& metrics,
                                              std::string_view field) {
    std::vector<Decimal> values;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const auto pointer = field == "value" ? std::string(field) : std::string(field) + "/" + std::to_string(i);
      const auto value = converted(row, pointer, metrics[i], row.metrics[i].unit);
      if (!value) return std::nullopt;
      values.push_back(*value);
    }
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
      bool all = true;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto wanted = row.metrics[i].levels.find(std::string(kLevels[level]));
        if (wanted == row.metrics[i].levels.end()) continue;
        const auto limit = limit_of(wanted->second);
        if (!limit.known) return std::nullopt;
        all = all && meets(values[i], limit, row.metrics[i].higher_is_better, row.strict, row.rounded_value);
      }
      if (all) return level;
    }
    return kLevels.size();
  }

  /// Where an assessor's choice stands once merged cells (same_as) and blank ones are counted: the best level it meets.
  Answered chosen_meets(const IndicatorRow& row, std::size_t chosen, std::size_t level) const {
    const auto* asked = benchmark_of(row, level);
    if (asked && asked->kind == Benchmark::Kind::none) return Answered::yes;
    if (!asked || asked->kind == Benchmark::Kind::unread)
      return level >= chosen && chosen < kLevels.size() ? Answered::unknown : Answered::no;
    if (chosen == kLevels.size()) return Answered::no;
    return chosen <= level || benchmark_of(row, chosen) == asked ? Answered::yes : Answered::no;
  }

  void grade_text(Row& result, const Answer& answer) {
    const auto& row = *result.row;
    if (answer.value && answer.metrics.empty() && row.metrics.size() != 1)
      return complain(row.id, "value", "indicators.level_needed");
    if (answer.value && !answer.metrics.empty()) return complain(row.id, "value", "indicators.answer_twice");
    if (!answer.metrics.empty() && answer.metrics.size() != row.metrics.size())
      return complain(row.id, "metrics", "indicators.metrics_count", {{"count", std::to_string(row.metrics.size())}});
    const auto chosen = answer.level == "below" ? kLevels.size() : position_of(answer.level);
    if (!answer.level.empty() && answer.level != "below" && chosen == kLevels.size())
      return complain(row.id, "level", "indicators.level_choice");

    std::optional<std::size_t> by_choice, by_numbers;
    if (!answer.level.empty()) {
      by_choice = kLevels.size();
      for (std::size_t level = 0; level < kLevels.size() && *by_choice == kLevels.size(); ++level) {
        const auto answered = chosen_meets(row, chosen, level);
        if (answered == Answered::unknown) return refuse(result, level);
        if (answered == Answered::yes) by_choice = level;
      }
    }
    if (answer.value || !answer.metrics.empty()) {
      by_numbers = level_of_metrics(row, answer.value ? std::vector<Quantity>{*answer.value} : answer.metrics,
                                    answer.value ? "value" : "metrics");
      if (!by_numbers) return;
    }
    if (!by_choice && !by_numbers) return;
    const auto reached = std::max(by_choice.value_or(0), by_numbers.value_or(0));
    result.grade = static_cast<Grade>(reached);
    if (input_.explain) explain_text(result, reached, by_choice, by_numbers);
  }

  void explain_text(Row& result, std::size_t reached, std::optional<std::size_t> by_choice,
                    std::optional<std::size_t> by_numbers) const {
    const auto name = reached < kLevels.size() ? level_text(reached) : Text{"未达到Ⅲ级", "below level III"};
    const auto* benchmark =
        reached < kLevels.size() ? benchmark_of(*result.row, reached) : benchmark_of(*result.row, kLevels.size() - 1);
    auto demand = benchmark && benchmark->kind == Benchmark::Kind::text ? benchmark->text : Text{"", ""};
    if (demand.en.empty()) demand.en = demand.zh;
    const bool numbers_decide = by_numbers && (!by_choice || *by_numbers >= *by_choice);
    result.reason = numbers_decide ? Text{"按数值评定为" + name.zh, "graded by its numbers: " + name.en}
                                   : Text{"评定为" + name.zh, "assessed as " + name.en};
    if (by_choice && by_numbers && *by_choice < *by_numbers)
      result.reason = {result.reason.zh + "，低于所选的" + level_text(*by_choice).zh,
                       result.reason.en + ", worse than the chosen " + level_text(*by_choice).en};
    if (!demand.zh.empty()) result.reason = {result.reason.zh + "：" + demand.zh, result.reason.en + ": " + demand.en};
  }

  // -- weights ------------------------------------------------------------------------------------------------------

  bool applies(const Row& row) const { return row.grade != Grade::not_applicable; }

  /// Output share of a row inside its product group; 1 outside one or when it is the only one made.
  std::optional<Rational> share_of(Row& row) {
    if (row.row->product_group.empty()) return Rational(1);
    Rational total(0), own(0);
    std::size_t made = 0;
    bool all_told = true;
    for (const auto& other : out_.rows) {
      if (other.group != row.group || other.row->product_group != row.row->product_group || !applies(other)) continue;
      ++made;
      const auto found = input_.answers.find(other.row->id);
      const auto* output = found == input_.answers.end() || !found->second.output ? nullptr : &*found->second.output;
      all_told = all_told && output;
      if (output) total = total + Rational(*output);
      if (output && other.row == row.row) own = Rational(*output);
    }
    if (made == 1) {
      if (input_.explain)
        row.sharing = {"本组只有这一种产品，权重不分摊", "the only product of its group, so the weight is not shared"};
      return Rational(1);
    }
    if (!all_told || total.is_zero()) return std::nullopt;
    if (input_.explain) {
      const auto percent = (own * kHundred / total).str(2) + "%";
      row.sharing = {"产量" + own.str() + "，占本组产量" + total.str() + "的" + percent + "，权重按此分摊",
                     "output " + own.str() + " of the group's " + total.str() + " (" + percent +
                         "), by which the weight is shared"};
    }
    return own / total;
  }

  /// Rows of a product group need the outputs of their products as soon as two of them are answered.
  void check_outputs() {
    for (auto& row : out_.rows) {
      const auto found = input_.answers.find(row.row->id);
      if (found == input_.answers.end()) continue;
      const auto& output = found->second.output;
      if (output && (output->is_negative() || output->is_zero()))
        complain(row.row->id, "output", "indicators.output_sign");
      if (output && row.row->product_group.empty()) complain(row.row->id, "output", "indicators.output_not_asked");
      if (output || row.row->product_group.empty() || !applies(row) || row.grade == Grade::missing) continue;
      const bool alone = std::none_of(out_.rows.begin(), out_.rows.end(), [&](const Row& other) {
        return &other != &row && other.group == row.group && other.row->product_group == row.row->product_group &&
               applies(other) && other.grade != Grade::missing;
      });
      row.output_missing = !alone;
      if (row.output_missing && !input_.unfinished) complain(row.row->id, "output", "indicators.output_missing");
    }
  }

  /// Gives every row its exact part of the whole: w_i · w_ij / Σ w_ij over the applicable rows of the group (formula
  /// 5-3).
  void weigh() {
    check_outputs();
    weights_.assign(out_.rows.size(), std::nullopt);
    inner_.resize(out_.rows.size());
    group_weights_.assign(system_.groups.size(), Rational(0));
    std::vector<Rational> sums(system_.groups.size());
    std::vector<bool> known(system_.groups.size(), true), filled(system_.groups.size(), false);
    for (std::size_t i = 0; i < out_.rows.size(); ++i) {
      auto& row = out_.rows[i];
      if (!applies(row)) continue;
      filled[row.group] = true;
      const auto own = row.row->weight ? amount(*row.row->weight) : std::nullopt;
      const auto share = own ? share_of(row) : std::nullopt;
      if (own && share)
        weights_[i] = *own * *share;
      else
        known[row.group] = false;
      if (weights_[i]) sums[row.group] = sums[row.group] + *weights_[i];
    }
    Rational lost(0), kept(0);
    for (std::size_t g = 0; g < system_.groups.size(); ++g) {
      const auto& group = system_.groups[g];
      out_.groups.push_back({&group, {}, !filled[g]});
      if (!group.weight) {
        known[g] = false;
        continue;
      }
      group_weights_[g] = Rational(*group.weight);
      if (!group.bonus) (filled[g] ? kept : lost) = (filled[g] ? kept : lost) + group_weights_[g];
      if (!filled[g])
        warn(input_.redistribute_empty_groups ? "indicators.group_redistributed" : "indicators.group_empty",
             {{"group.zh", group.name.zh}, {"group.en", group.name.en}, {"weight", group.weight->shortest()}});
      if (known[g] && Rational(1) < sums[g])
        warn("indicators.weights_over_one",
             {{"group.zh", group.name.zh}, {"group.en", group.name.en}, {"sum", sums[g].str(6)}});
    }
    for (std::size_t g = 0; g < system_.groups.size(); ++g)
      if (input_.redistribute_empty_groups && filled[g] && !system_.groups[g].bonus && !kept.is_zero())
        group_weights_[g] = group_weights_[g] * (kept + lost) / kept;
    for (std::size_t i = 0; i < out_.rows.size(); ++i) {
      auto& row = out_.rows[i];
      if (!applies(row)) {
        row.weight = "0";
        continue;
      }
      if (!weights_[i] || !known[row.group]) continue;
      inner_[i] = sums[row.group].is_zero() ? Rational(0) : *weights_[i] / sums[row.group];
      weights_[i] = group_weights_[row.group] * inner_[i];
      row.weight = weights_[i]->str();
    }
  }

  // -- the whole ----------------------------------------------------------------------------------------------------

  bool reaches(const Row& row, std::size_t level) const { return position_of(row.grade) <= level; }

  void judge_limiting() {
    for (const auto& level : rule_.levels) {
      const auto wanted = position_of(level.limiting);
      out_.limiting[level.id] = std::all_of(out_.rows.begin(), out_.rows.end(), [&](const Row& row) {
        return !row.row->limiting || !applies(row) || reaches(row, wanted);
      });
    }
  }

  Rational capped(const Rational& index) const { return kHundred <= index ? kHundred : index; }

  void add_up() {
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
      std::vector<Rational> groups(system_.groups.size());
      sums_[level] = Rational(0);
      for (std::size_t i = 0; i < out_.rows.size(); ++i) {
        const auto& row = out_.rows[i];
        if (!applies(row) || !reaches(row, level) || !weights_[i]) continue;
        groups[row.group] = groups[row.group] + inner_[i] * kHundred;
        sums_[level] = sums_[level] + *weights_[i] * kHundred;
      }
      for (std::size_t g = 0; g < groups.size(); ++g) out_.groups[g].index[level] = groups[g].str();
      out_.index[std::string(kLevels[level])] = capped(sums_[level]).str();
    }
  }

  bool holds(const LevelRule::Level& level) const {
    const auto index = capped(sums_[position_of(level.id)]);
    const Rational wanted(level.index);
    if (level.exactly ? !(index == wanted) : index < wanted) return false;
    if (!out_.limiting.at(level.id)) return false;
    return level.others.empty() || std::all_of(out_.rows.begin(), out_.rows.end(), [&](const Row& row) {
             return row.row->limiting || !applies(row) || reaches(row, position_of(level.others));
           });
  }

  void decide() {
    if (!out_.missing.empty()) return;
    const LevelRule::Level* better = nullptr;
    out_.level = "none";
    out_.level_name = {"未达到最低等级", "below the lowest level"};
    for (const auto& level : rule_.levels) {
      if (holds(level)) {
        out_.level = level.id;
        out_.level_name = level.name;
        break;
      }
      better = &level;
    }
    if (better) out_.next = next_level(*better);
  }

  NextLevel next_level(const LevelRule::Level& target) const {
    const auto at = position_of(target.id);
    NextLevel next{target.id, capped(sums_[at]).str(), target.index.shortest(), {}, {}, true};
    std::vector<bool> rises(out_.rows.size(), false);
    auto index = sums_[at];
    const auto raise = [&](std::size_t i, std::size_t to, const char* why) {
      const auto& row = out_.rows[i];
      rises[i] = true;
      next.rows.push_back({row.row->id, row.grade, std::string(kLevels[to]), row.weight, why});
      if (to <= at && !reaches(row, at)) index = index + *weights_[i] * kHundred;
    };
    for (std::size_t i = 0; i < out_.rows.size(); ++i)
      if (const auto& row = out_.rows[i];
          row.row->limiting && applies(row) && !reaches(row, position_of(target.limiting)))
        raise(i, position_of(target.limiting), "limiting");
    for (std::size_t i = 0; i < out_.rows.size() && !target.others.empty(); ++i)
      if (const auto& row = out_.rows[i];
          !row.row->limiting && applies(row) && !reaches(row, position_of(target.others)))
        raise(i, position_of(target.others), "others");

    // The heaviest rows first give the fewest; then what turned out not to be needed goes again, the lightest first.
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < out_.rows.size(); ++i)
      if (applies(out_.rows[i]) && !reaches(out_.rows[i], at) && !(rises[i] && rise_reaches(next, out_.rows[i], at)))
        open.push_back(i);
    std::stable_sort(open.begin(), open.end(),
                     [&](std::size_t a, std::size_t b) { return *weights_[b] < *weights_[a]; });
    const Rational wanted(target.index);
    std::vector<std::size_t> chosen;
    for (const auto i : open) {
      if (capped(index) >= wanted) break;
      chosen.push_back(i);
      index = index + *weights_[i] * kHundred;
    }
    for (auto k = chosen.size(); k-- > 0;) {
      const auto without = index - *weights_[chosen[k]] * kHundred;
      if (capped(without) < wanted) continue;
      index = without;
      chosen.erase(chosen.begin() + static_cast<std::ptrdiff_t>(k));
    }
    for (const auto i : chosen) {
      if (rises[i])
        std::find_if(next.rows.begin(), next.rows.end(), [&](const auto& rise) {
          return rise.row == out_.rows[i].row->id;
        })->to = kLevels[at];
      else
        next.rows.push_back(
            {out_.rows[i].row->id, out_.rows[i].grade, std::string(kLevels[at]), out_.rows[i].weight, "index"});
    }
    next.index_then = capped(index).str();
    next.reachable = capped(index) >= wanted;
    return next;
  }

  static bool rise_reaches(const NextLevel& next, const Row& row, std::size_t level) {
    return std::any_of(next.rows.begin(), next.rows.end(),
                       [&](const auto& rise) { return rise.row == row.row->id && position_of(rise.to) <= level; });
  }

  const IndicatorSystem& system_;
  const LevelRule& rule_;
  const Input& input_;
  Evaluation out_;
  std::vector<FieldError> complaints_;
  std::vector<std::optional<Rational>> weights_;  ///< per row, of the whole
  std::vector<Rational> inner_;                   ///< per row, of its group
  std::vector<Rational> group_weights_;
  std::array<Rational, 3> sums_;  ///< Y per level, not capped
};

}  // namespace

std::string to_string(Grade grade) {
  switch (grade) {
    case Grade::one:
      return "I";
    case Grade::two:
      return "II";
    case Grade::three:
      return "III";
    case Grade::below:
      return "below";
    case Grade::not_applicable:
      return "not_applicable";
    case Grade::missing:
    case Grade::unread:
      break;
  }
  return "missing";
}

Result<Evaluation> evaluate(const IndicatorSystem& system, const LevelRule& rule, const Input& input) {
  return Evaluator(system, rule, input).run();
}

}  // namespace qy::engine::indicators
