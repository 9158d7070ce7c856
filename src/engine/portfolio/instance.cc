#include "engine/portfolio/instance.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace qy::engine::portfolio {
namespace {

constexpr double kRounding = 1e-9;

Exact power_of_ten(int n) {
  Exact out = 1;
  while (n-- > 0) out *= 10;
  return out;
}

Exact scaled(const Decimal& value, int scale) { return value.coefficient() * power_of_ten(scale - value.decimals()); }

double to_double(Exact coefficient, int scale) {
  return static_cast<double>(static_cast<long double>(coefficient) / std::pow(10.0L, scale));
}

Exact divisor(Exact a, Exact b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b != 0) std::swap(a %= b, b);
  return a;
}

/// Decimals written one by one, made a sum of one scale.
class SumOf {
 public:
  void add(std::size_t pick, const Decimal& value) {
    scale_ = std::max(scale_, value.decimals());
    terms_.emplace_back(pick, value);
  }
  Sum made() const {
    Sum sum{.scale = scale_};
    for (const auto& [pick, value] : terms_)
      if (!value.is_zero()) sum.terms.emplace_back(pick, scaled(value, scale_));
    return sum;
  }
  void widen(int scale) { scale_ = std::max(scale_, scale); }

 private:
  std::vector<std::pair<std::size_t, Decimal>> terms_;
  int scale_ = 0;
};

Exact total(const Sum& sum, const Taken& taken) {
  Exact out = 0;
  for (const auto& [pick, coefficient] : sum.terms)
    if (taken[pick]) out += coefficient;
  return out;
}

}  // namespace

Rational rational(Exact coefficient, int scale) {
  constexpr std::int64_t kBase = 1'000'000'000'000'000'000;
  const auto high = static_cast<std::int64_t>(coefficient / kBase),
             low = static_cast<std::int64_t>(coefficient % kBase);
  return (Rational(high) * Rational(kBase) + Rational(low)) /
         (Rational(static_cast<std::int64_t>(power_of_ten(std::min(scale, 18)))));
}

double to_double(const Rational& value) { return std::strtod(value.str(18).c_str(), nullptr); }

Instance::Instance(const Problem& problem, const LevelTable* level) : problem_(problem), level_(level) {
  model_.maximise = true;
  for (std::size_t k = 0; k < problem.options.size(); ++k) index_[problem.options[k].id] = k;
  make_picks();
  add_budgets();
  add_choices();
  add_pairs();
  add_streams();
  add_targets();
  add_level();
  find_grain();
  double most = 0;
  for (const auto& column : model_.columns) most = std::max(most, std::fabs(column.objective));
  if (most > 0) unit_ = 1000 / most;
  for (auto& column : model_.columns) column.objective *= unit_;
  grain_ *= unit_;
}

void Instance::add_row(milp::Row row, std::string name) {
  model_.add(std::move(row));
  row_names_.push_back(std::move(name));
}

milp::Row Instance::sum_of(std::size_t option, double coefficient) const {
  milp::Row row;
  for (const auto pick : of_option_[option]) row.terms.emplace_back(static_cast<int>(pick), coefficient);
  return row;
}

void Instance::make_picks() {
  SumOf objective;
  of_option_.resize(problem_.options.size());
  for (std::size_t k = 0; k < problem_.options.size(); ++k) {
    const auto& option = problem_.options[k];
    auto starts = option.starts;
    if (starts.empty()) starts.push_back({});
    auto cost = Decimal(0);
    for (const auto& part : option.cost) cost = cost + part;
    for (const auto& start : starts) {
      const auto pick = picks_.size();
      picks_.push_back({k, start.year - 1});
      of_option_[k].push_back(pick);
      objective.add(pick, problem_.objective == Objective::value ? start.value.value_or(option.value) : -cost);
    }
  }
  objective_ = objective.made();
  for (std::size_t pick = 0; pick < picks_.size(); ++pick) model_.add({0, 0, 1, true});
  for (const auto& [pick, coefficient] : objective_.terms)
    model_.columns[pick].objective = to_double(coefficient, objective_.scale);
}

void Instance::add_budgets() {
  auto limit = Decimal(0);
  for (std::size_t year = 0; year < problem_.budget.size(); ++year) {
    SumOf spent;
    limit = problem_.carry_over ? limit + problem_.budget[year] : problem_.budget[year];
    spent.widen(limit.decimals());
    for (std::size_t pick = 0; pick < picks_.size(); ++pick) {
      const auto& cost = problem_.options[picks_[pick].option].cost;
      auto until = Decimal(0);
      for (std::size_t t = 0; t < cost.size(); ++t) {
        const auto paid = t + static_cast<std::size_t>(picks_[pick].year);
        if (paid == year || (problem_.carry_over && paid < year)) until = until + cost[t];
      }
      spent.add(pick, until);
    }
    budget_.push_back(spent.made());
    budget_limit_.push_back(scaled(limit, budget_.back().scale));
    milp::Row row{.terms = {}, .upper = limit.to_double()};
    for (const auto& [pick, coefficient] : budget_.back().terms)
      row.terms.emplace_back(static_cast<int>(pick), to_double(coefficient, budget_.back().scale));
    add_row(std::move(row), "budget " + std::to_string(year + 1));
  }
}

void Instance::add_choices() {
  const auto n = problem_.options.size();
  if (problem_.max_selected) {
    milp::Row row{.terms = {}, .upper = static_cast<double>(*problem_.max_selected)};
    for (std::size_t pick = 0; pick < picks_.size(); ++pick) row.terms.emplace_back(static_cast<int>(pick), 1);
    add_row(std::move(row), "max_selected");
  }
  std::vector<std::vector<char>> conflict(n, std::vector<char>(n, 0));
  const auto conflicting = [&](std::size_t a, std::size_t b) {
    if (a != b) conflict[a][b] = conflict[b][a] = 1;
  };
  for (std::size_t k = 0; k < n; ++k)
    for (const auto& other : problem_.options[k].excludes) conflicting(k, index_.at(other));
  for (const auto& group : problem_.exclusive)
    for (const auto& a : group)
      for (const auto& b : group) conflicting(index_.at(a), index_.at(b));
  // Each pair of the conflict graph is covered by a clique as large as a greedy sweep makes it.
  auto open = conflict;
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b) {
      if (!open[a][b]) continue;
      std::vector<std::size_t> clique{a, b};
      for (std::size_t c = 0; c < n; ++c)
        if (std::all_of(clique.begin(), clique.end(), [&](std::size_t k) { return conflict[c][k] != 0; }))
          clique.push_back(c);
      for (const auto i : clique)
        for (const auto j : clique) open[i][j] = 0;
      cliques_.push_back(std::move(clique));
    }
  std::vector<char> covered(n, 0);
  for (const auto& clique : cliques_) {
    milp::Row row{.terms = {}, .upper = 1};
    for (const auto k : clique) {
      covered[k] = 1;
      for (const auto pick : of_option_[k]) row.terms.emplace_back(static_cast<int>(pick), 1);
    }
    add_row(std::move(row));
  }
  needs_.resize(n);
  for (std::size_t k = 0; k < n; ++k) {
    if (!covered[k] && of_option_[k].size() > 1) {
      auto row = sum_of(k);
      row.upper = 1;
      add_row(std::move(row));
    }
    if (problem_.options[k].must) {
      auto row = sum_of(k);
      row.lower = 1;
      add_row(std::move(row), "must " + problem_.options[k].id);
    }
    for (const auto& other : problem_.options[k].needs) {
      const auto p = index_.at(other);
      needs_[k].push_back(p);
      for (const auto last : of_option_[k]) {
        milp::Row row{.terms = {}, .upper = 0};
        for (const auto pick : of_option_[k])
          if (picks_[pick].year <= picks_[last].year) row.terms.emplace_back(static_cast<int>(pick), 1);
        for (const auto pick : of_option_[p])
          if (picks_[pick].year <= picks_[last].year) row.terms.emplace_back(static_cast<int>(pick), -1);
        add_row(std::move(row));
      }
    }
  }
}

void Instance::add_pairs() {
  for (const auto& overlap : problem_.overlaps) {
    const Pair pair{index_.at(overlap.first), index_.at(overlap.second),
                    model_.add({problem_.objective == Objective::value ? overlap.value.to_double() : 0, 0, 1, false})};
    for (const auto k : {pair.first, pair.second}) {
      auto row = sum_of(k, -1);
      row.terms.emplace_back(pair.column, 1);
      row.upper = 0;
      add_row(std::move(row));
    }
    auto both = sum_of(pair.first, -1);
    for (const auto pick : of_option_[pair.second]) both.terms.emplace_back(static_cast<int>(pick), -1);
    both.terms.emplace_back(pair.column, 1);
    both.lower = -1;
    add_row(std::move(both));
    pairs_.push_back(pair);
  }
}

void Instance::add_streams() {
  for (const auto& stream : problem_.streams) {
    const auto flow = stream.flow.to_double();
    const auto worth = problem_.objective == Objective::value ? stream.unit_value.to_double() : 0;
    // In units of the flow, so that its row stays of size one.
    Shared shared{model_.add({worth * flow, 0, 1, false}), flow, {}};
    double all = 0;
    for (std::size_t k = 0; k < problem_.options.size(); ++k) {
      const auto found = problem_.options[k].savings.find(stream.id);
      if (found == problem_.options[k].savings.end() || found->second.is_zero()) continue;
      shared.savings.push_back({k, Rational(found->second), found->second.to_double()});
      if (shared.savings.back().value < 1) all += std::log1p(-shared.savings.back().value);
    }
    for (const double part : {0.0, 0.1, 0.25, 0.5, 0.75, 1.0}) add_row(tangent(shared, part * std::max(all, -40.0)));
    streams_.push_back(std::move(shared));
  }
}

/// saved ≤ 1 − e^L is concave in L = Σ ln(1 − share)·x: its tangent at L = `at`. A share of 1 saves everything and is
/// given the least coefficient with which it may.
milp::Row Instance::tangent(const Shared& stream, double at) const {
  const auto slope = std::exp(at);
  milp::Row row{.terms = {{stream.column, 1}}, .upper = 1 - slope * (1 - at) + kRounding};
  for (const auto& saving : stream.savings) {
    const auto coefficient = saving.value < 1 ? slope * std::log1p(-saving.value) : -slope * (1 - at);
    for (const auto pick : of_option_[saving.option]) row.terms.emplace_back(static_cast<int>(pick), coefficient);
  }
  return row;
}

/// Nemhauser & Wolsey: saved ≤ f(S) + Σ_{outside} (f(S+j) − f(S)) x_j − Σ_{inside} (f(all) − f(all−j)) (1 − x_j).
milp::Row Instance::submodular(const Shared& stream, const std::vector<char>& set) const {
  double left = 1, left_all = 1;
  int full = 0;
  for (std::size_t i = 0; i < stream.savings.size(); ++i) {
    const auto share = stream.savings[i].value;
    if (set[i]) left *= 1 - share;
    if (share < 1)
      left_all *= 1 - share;
    else
      ++full;
  }
  milp::Row row{.terms = {{stream.column, 1}}, .upper = 1 - left + kRounding};
  for (std::size_t i = 0; i < stream.savings.size(); ++i) {
    const auto share = stream.savings[i].value;
    double coefficient = 0;
    if (!set[i]) {
      coefficient = left * share;
    } else {
      const auto others = share < 1 ? (full > 0 ? 0 : left_all / (1 - share)) : (full > 1 ? 0 : left_all);
      coefficient = others * share;
      row.upper -= coefficient;
    }
    for (const auto pick : of_option_[stream.savings[i].option])
      row.terms.emplace_back(static_cast<int>(pick), -coefficient);
  }
  return row;
}

std::vector<milp::Row> Instance::stream_cuts(std::span<const double> x) const {
  std::vector<milp::Row> rows;
  for (const auto& stream : streams_) {
    double at = 0, left = 1;
    bool whole = true;
    std::vector<char> set;
    for (const auto& saving : stream.savings) {
      double share = 0;
      for (const auto pick : of_option_[saving.option]) share += x[pick];
      share = std::clamp(share, 0.0, 1.0);
      whole = whole && (share < 1e-6 || share > 1 - 1e-6);
      set.push_back(share > 0.5);
      if (saving.value < 1) at += share * std::log1p(-saving.value);
      left *= 1 - share * saving.value;
    }
    const auto saved = x[static_cast<std::size_t>(stream.column)];
    if (whole && saved > 1 - left + 1e-7) rows.push_back(submodular(stream, set));
    auto row = tangent(stream, std::max(at, -40.0));
    double side = 0;
    for (const auto& [column, coefficient] : row.terms) side += coefficient * x[static_cast<std::size_t>(column)];
    if (side > row.upper + 1e-6) rows.push_back(std::move(row));
  }
  return rows;
}

void Instance::add_targets() {
  std::map<std::string, SumOf> sums;
  for (const auto& [name, target] : problem_.targets) sums[name];
  for (std::size_t pick = 0; pick < picks_.size(); ++pick)
    for (const auto& [name, effect] : problem_.options[picks_[pick].option].effects) sums[name].add(pick, effect);
  for (const auto& [name, sum] : sums) effects_[name] = sum.made();
  for (const auto& [name, target] : problem_.targets) {
    milp::Row row{.terms = {}, .lower = target.to_double()};
    const auto& sum = effects_.at(name);
    for (const auto& [pick, coefficient] : sum.terms)
      row.terms.emplace_back(static_cast<int>(pick), to_double(coefficient, sum.scale));
    for (std::size_t i = 0; i < pairs_.size(); ++i)
      if (const auto found = problem_.overlaps[i].effects.find(name); found != problem_.overlaps[i].effects.end())
        row.terms.emplace_back(pairs_[i].column, found->second.to_double());
    for (std::size_t s = 0; s < streams_.size(); ++s)
      if (problem_.streams[s].effect == name) row.terms.emplace_back(streams_[s].column, streams_[s].flow);
    add_row(std::move(row), "target " + name);
  }
}

/// A row of the level counts when one of the options outside each combination that does not reach it is taken, or one
/// inside it is not; where more options never make a row worse, only the largest such combinations are written.
void Instance::add_level() {
  if (!level_) return;
  const auto position = [](indicators::Grade grade) {
    return grade <= indicators::Grade::below ? static_cast<std::size_t>(grade) : std::size_t{4};
  };
  milp::Row index{.terms = {}, .lower = level_->index_wanted() / 100 - 1e-8};
  const auto demand = [&](const LevelTable::Row& row, std::size_t worst, int column, const std::string& name) {
    const auto masks = row.grades.size();
    const auto misses = [&](std::size_t mask) { return position(row.grades[mask]) > worst; };
    bool monotone = true;
    for (std::size_t mask = 0; mask < masks; ++mask)
      for (std::size_t i = 0; i < row.options.size(); ++i)
        if (!misses(mask) && misses(mask | std::size_t{1} << i)) monotone = false;
    for (std::size_t mask = 0; mask < masks; ++mask) {
      if (!misses(mask)) continue;
      bool largest = true;
      for (std::size_t i = 0; i < row.options.size(); ++i)
        if (!(mask >> i & 1) && misses(mask | std::size_t{1} << i)) largest = false;
      if (monotone && !largest) continue;
      milp::Row cover{.terms = {}, .lower = column < 0 ? 1.0 : 0.0};
      for (std::size_t i = 0; i < row.options.size(); ++i) {
        const bool inside = mask >> i & 1;
        if (inside && monotone) continue;
        for (const auto pick : of_option_[row.options[i]])
          cover.terms.emplace_back(static_cast<int>(pick), inside ? -1 : 1);
        if (inside) cover.lower -= 1;
      }
      if (column >= 0) cover.terms.emplace_back(column, -1);
      add_row(std::move(cover), name);
    }
  };
  const auto named = "level " + problem_.goal->level;
  for (const auto& row : level_->rows()) {
    if (!row.applies) continue;
    demand(row, level_->demanded(row), -1, named + " row " + row.id);
    const int column = model_.add({0, 0, 1, false});
    demand(row, level_->aim(), column, "");
    index.terms.emplace_back(column, row.weight);
  }
  add_row(std::move(index), named + " index");
}

void Instance::find_grain() {
  const bool value = problem_.objective == Objective::value;
  if (value && !streams_.empty() &&
      std::any_of(problem_.streams.begin(), problem_.streams.end(),
                  [](const Stream& stream) { return !stream.unit_value.is_zero(); }))
    return;
  int scale = objective_.scale;
  if (value)
    for (const auto& overlap : problem_.overlaps) scale = std::max(scale, overlap.value.decimals());
  Exact common = 0;
  for (const auto& [pick, coefficient] : objective_.terms)
    common = divisor(common, coefficient * power_of_ten(scale - objective_.scale));
  if (value)
    for (const auto& overlap : problem_.overlaps) common = divisor(common, scaled(overlap.value, scale));
  grain_ = to_double(common, scale);
}

bool Instance::taken(std::size_t option, const Taken& taken) const {
  return std::any_of(of_option_[option].begin(), of_option_[option].end(),
                     [&](std::size_t pick) { return taken[pick] != 0; });
}

bool Instance::allowed(const Taken& taken) const {
  std::vector<int> year(problem_.options.size(), -1);
  std::int64_t count = 0;
  for (std::size_t pick = 0; pick < picks_.size(); ++pick) {
    if (!taken[pick]) continue;
    auto& start = year[picks_[pick].option];
    if (start >= 0) return false;
    start = picks_[pick].year;
    ++count;
  }
  if (problem_.max_selected && count > *problem_.max_selected) return false;
  for (const auto& clique : cliques_)
    if (std::count_if(clique.begin(), clique.end(), [&](std::size_t k) { return year[k] >= 0; }) > 1) return false;
  for (std::size_t k = 0; k < year.size(); ++k) {
    if (year[k] < 0 && problem_.options[k].must) return false;
    if (year[k] < 0) continue;
    for (const auto p : needs_[k])
      if (year[p] < 0 || year[p] > year[k]) return false;
  }
  return true;
}

bool Instance::affordable(const Taken& taken) const {
  for (std::size_t year = 0; year < budget_.size(); ++year)
    if (total(budget_[year], taken) > budget_limit_[year]) return false;
  return true;
}

double Instance::estimate(const Taken& taken_picks) const {
  double sum = 0;
  for (std::size_t pick = 0; pick < picks_.size(); ++pick)
    if (taken_picks[pick]) sum += model_.columns[pick].objective;
  for (const auto& pair : pairs_)
    if (taken(pair.first, taken_picks) && taken(pair.second, taken_picks))
      sum += model_.columns[static_cast<std::size_t>(pair.column)].objective;
  for (const auto& stream : streams_) {
    double left = 1;
    for (const auto& saving : stream.savings)
      if (taken(saving.option, taken_picks)) left *= 1 - saving.value;
    sum += model_.columns[static_cast<std::size_t>(stream.column)].objective * (1 - left);
  }
  return sum;
}

Rational Instance::saved(std::size_t stream, const Taken& taken_picks) const {
  Rational left(1);
  for (const auto& saving : streams_[stream].savings)
    if (taken(saving.option, taken_picks)) left = left * (Rational(1) - saving.share);
  return Rational(problem_.streams[stream].flow) * (Rational(1) - left);
}

Rational Instance::effect(const std::string& name, const Taken& taken_picks) const {
  const auto found = effects_.find(name);
  auto sum = found == effects_.end() ? Rational(0) : rational(total(found->second, taken_picks), found->second.scale);
  for (std::size_t i = 0; i < pairs_.size(); ++i)
    if (const auto extra = problem_.overlaps[i].effects.find(name); extra != problem_.overlaps[i].effects.end() &&
                                                                    taken(pairs_[i].first, taken_picks) &&
                                                                    taken(pairs_[i].second, taken_picks))
      sum = sum + Rational(extra->second);
  for (std::size_t s = 0; s < streams_.size(); ++s)
    if (problem_.streams[s].effect == name) sum = sum + saved(s, taken_picks);
  return sum;
}

std::optional<Rational> Instance::value(const Taken& taken_picks) const {
  if (!allowed(taken_picks) || !affordable(taken_picks)) return std::nullopt;
  for (const auto& [name, target] : problem_.targets)
    if (effect(name, taken_picks) < Rational(target)) return std::nullopt;
  if (level_) {
    std::vector<char> options(problem_.options.size(), 0);
    for (std::size_t k = 0; k < options.size(); ++k) options[k] = taken(k, taken_picks);
    if (!level_->reached(options)) return std::nullopt;
  }
  auto sum = rational(total(objective_, taken_picks), objective_.scale);
  if (problem_.objective == Objective::cost) return sum;
  for (std::size_t i = 0; i < pairs_.size(); ++i)
    if (taken(pairs_[i].first, taken_picks) && taken(pairs_[i].second, taken_picks))
      sum = sum + Rational(problem_.overlaps[i].value);
  for (std::size_t s = 0; s < streams_.size(); ++s)
    if (!problem_.streams[s].unit_value.is_zero())
      sum = sum + Rational(problem_.streams[s].unit_value) * saved(s, taken_picks);
  return sum;
}

std::vector<Decimal> Instance::spent(const Taken& taken) const {
  std::vector<Decimal> out(std::max<std::size_t>(1, problem_.budget.size()), Decimal(0));
  for (std::size_t pick = 0; pick < picks_.size(); ++pick) {
    if (!taken[pick]) continue;
    const auto& cost = problem_.options[picks_[pick].option].cost;
    for (std::size_t t = 0; t < cost.size(); ++t) {
      const auto paid = t + static_cast<std::size_t>(picks_[pick].year);
      if (paid >= out.size()) out.resize(paid + 1, Decimal(0));
      out[paid] = out[paid] + cost[t];
    }
  }
  return out;
}

Choice Instance::choice(const Taken& taken, const Rational& value) const {
  Choice out{problem_.objective == Objective::cost ? 0 - to_double(value) : to_double(value), {}, {}};
  for (std::size_t pick = 0; pick < picks_.size(); ++pick) {
    if (!taken[pick]) continue;
    out.selected.push_back(problem_.options[picks_[pick].option].id);
    out.starts.push_back(picks_[pick].year + 1);
  }
  return out;
}

}  // namespace qy::engine::portfolio
