#include "engine/balance/components.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/balance/block_laplacian.h"
#include "engine/balance/estimator.h"

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

/// A row that a step leaves open by more than this share of its size is looked at by elimination.
constexpr double kOpen = 1e-7;

/// Σ coefficient·x + Σ coefficient·x·x = equals
struct Bilinear {
  struct Product {
    int first, second;
    double coefficient;
  };
  std::vector<Term> terms;
  std::vector<Product> products;
  double equals = 0;
  int node = -1;        ///< whose balance it is
  int constraint = -1;  ///< of the model, which one it is
};

class Layers {
 public:
  Layers(const ComponentModel& model, const Watch& watch)
      : model_(model), watch_(watch), streams_(static_cast<int>(model.base.streams.size())) {
    for (const auto& stream : model.base.streams) variables_.push_back(stream);
    for (const auto& fraction : model.fractions)
      variables_.push_back({{}, fraction.role, fraction.value, fraction.sd, 0, 1});
    write_rows();
    for (const auto& stream : model.base.streams)
      if (stream.role != Role::unmeasured) scale_ = std::max(scale_, std::fabs(stream.value));
    if (scale_ == 0) scale_ = 1;
    typical_.assign(at(model.components), 0.0);
    for (int c = 0; c < model.components; ++c) {
      int count = 0;
      for (int j = 0; j < streams_; ++j)
        if (const auto& f = model.fractions[at(j * model.components + c)]; f.role != Role::unmeasured)
          typical_[at(c)] += f.value, ++count;
      typical_[at(c)] = count ? std::clamp(typical_[at(c)] / count, 1e-12, 1.0) : 0.5;
    }
    prepare_steps();
  }

  struct End {
    std::vector<double> x;
    double objective = 0;
    int iterations = 0;
    bool converged = false;
    Status status = Status::solved;
    Obstacle obstacle;
    bool stopped = false;
    std::vector<signed char> active;
    std::vector<double> multiplier;  ///< by row
  };

  /// Solves from `x`. Streams and fractions that leave their bounds are held there, and let go again when their
  /// multiplier says that the cost falls inside.
  End run(std::vector<double> x) {
    constexpr int kMostRounds = 30, kMostReleases = 2;
    End end;
    end.active.assign(variables_.size(), 0);
    std::vector<char> releases(variables_.size(), 0);
    for (int round = 0; round < kMostRounds; ++round) {
      if (!newton(x, end)) return end;
      bool changed = false;
      for (size_t v = 0; v < variables_.size(); ++v) {
        const auto& variable = variables_[v];
        if (variable.role == Role::fixed || end.active[v]) continue;
        const double margin = 1e-9 * (v < at(streams_) ? scale_ : 1.0);
        if (x[v] < variable.lower - margin) end.active[v] = -1;
        if (x[v] > variable.upper + margin) end.active[v] = 1;
        if (!end.active[v]) continue;
        x[v] = end.active[v] < 0 ? variable.lower : variable.upper;
        changed = true;
      }
      if (!changed) {
        const auto [slope, size] = slopes_of_cost(x, end.multiplier);
        for (size_t v = 0; v < variables_.size(); ++v)
          if (end.active[v] * slope[v] > 1e-7 * size[v] && releases[v] < kMostReleases) {
            end.active[v] = 0;
            ++releases[v];
            changed = true;
          }
      }
      if (!changed) break;
    }
    end.x = std::move(x);
    return end;
  }

  /// Flows of the total balance, fractions as measured, the rest from a linear solve with these flows.
  std::vector<double> start_from_flows() {
    std::vector<double> x(variables_.size(), 0.0);
    const auto total = Estimator::of(model_.base, watch_);
    for (int j = 0; j < streams_; ++j) {
      const auto& stream = variables_[at(j)];
      double value = total->flow.empty() ? kNone : total->flow[at(j)];
      if (!std::isfinite(value)) value = stream.role == Role::unmeasured ? 0.1 * scale_ : stream.value;
      x[at(j)] = std::clamp(value, stream.lower, stream.upper);
    }
    fill_fractions(x);
    std::vector<char> flows(variables_.size(), 0);
    std::fill(flows.begin(), flows.begin() + streams_, 1);
    if (const auto layers = steps_.step(coefficients(x), residuals(x), deviations(x), flows))
      for (size_t v = at(streams_); v < x.size(); ++v)
        if (variables_[v].role == Role::unmeasured) x[v] = std::clamp(x[v] + layers->change[v], 0.0, 1.0);
    return x;
  }
  /// Every unmetered flow alike, every unmeasured fraction the mean of its component.
  std::vector<double> start_from_means() {
    std::vector<double> x(variables_.size(), 0.0);
    for (int j = 0; j < streams_; ++j) {
      const auto& stream = variables_[at(j)];
      x[at(j)] = stream.role == Role::unmeasured ? std::clamp(0.5 * scale_, stream.lower, stream.upper) : stream.value;
    }
    fill_fractions(x);
    return x;
  }

  /// The problem linearised at x as a model without nodes: its streams are all variables.
  Model linearised(std::span<const double> x, std::span<const signed char> active) const {
    Model out;
    out.streams = variables_;
    for (size_t v = 0; v < variables_.size(); ++v) {
      auto& variable = out.streams[v];
      if (active[v]) variable.role = Role::fixed, variable.value = x[v];
      variable.link = {};
      variable.lower = -kUnbounded, variable.upper = kUnbounded;
    }
    for (const auto& row : rows_) {
      Row line;
      line.terms = row.terms;
      line.equals = row.equals;
      for (const auto& [first, second, coefficient] : row.products) {
        line.terms.push_back({first, coefficient * x[at(second)]});
        line.terms.push_back({second, coefficient * x[at(first)]});
        line.equals += coefficient * x[at(first)] * x[at(second)];
      }
      out.constraints.push_back(std::move(line));
    }
    out.covariances = model_.base.covariances;
    return out;
  }

  const std::vector<Bilinear>& rows() const { return rows_; }
  bool has_unmetered() const {
    return std::any_of(model_.base.streams.begin(), model_.base.streams.end(),
                       [](const Stream& s) { return s.role == Role::unmeasured; });
  }

 private:
  int fraction(int stream, int component) const { return streams_ + stream * model_.components + component; }

  void write_rows() {
    const int nodes = model_.base.nodes;
    std::vector<char> splits(at(nodes), 0);
    std::vector<std::vector<int>> in(at(nodes)), out(at(nodes));
    for (int j = 0; j < streams_; ++j) {
      const auto& link = model_.base.streams[at(j)].link;
      if (link.to >= 0) in[at(link.to)].push_back(j);
      if (link.from >= 0) out[at(link.from)].push_back(j);
    }
    for (const int node : model_.splitters) splits[at(node)] = 1;
    std::vector<char> reacts(at(nodes) * at(model_.components), 0);
    for (const auto& [node, component] : model_.reacting) reacts[at(node) * at(model_.components) + at(component)] = 1;
    for (int node = 0; node < nodes; ++node) {
      bool all = model_.components > 0;
      const bool simple_split = splits[at(node)] && in[at(node)].size() == 1;
      for (int c = 0; c < model_.components; ++c) {
        const bool balanced = !reacts[at(node) * at(model_.components) + at(c)] && !simple_split;
        all = all && balanced;
        if (!balanced) continue;
        Bilinear row;
        row.node = node;
        for (const int j : in[at(node)]) row.products.push_back({j, fraction(j, c), 1});
        for (const int j : out[at(node)]) row.products.push_back({j, fraction(j, c), -1});
        rows_.push_back(std::move(row));
      }
      // With complete compositions the component balances add up to the total one.
      if (!(model_.complete && all)) {
        Bilinear row;
        row.node = node;
        for (const int j : in[at(node)]) row.terms.push_back({j, 1});
        for (const int j : out[at(node)]) row.terms.push_back({j, -1});
        rows_.push_back(std::move(row));
      }
      if (!splits[at(node)] || out[at(node)].empty()) continue;
      const int reference = simple_split ? in[at(node)][0] : out[at(node)][0];
      for (const int j : out[at(node)])
        for (int c = 0; c < model_.components; ++c)
          if (j != reference) rows_.push_back({{{fraction(j, c), 1}, {fraction(reference, c), -1}}, {}, 0, node, -1});
    }
    for (const auto& [node, stream, component, coefficient] : model_.transfers) {
      Bilinear row;
      row.node = node;
      row.products.push_back({stream, fraction(stream, component), 1});
      for (const int j : in[at(node)]) row.products.push_back({j, fraction(j, component), -coefficient});
      rows_.push_back(std::move(row));
    }
    if (model_.complete)
      for (int j = 0; j < streams_; ++j) {
        Bilinear row;
        row.equals = 1;
        for (int c = 0; c < model_.components; ++c) row.terms.push_back({fraction(j, c), 1});
        rows_.push_back(std::move(row));
      }
    for (size_t i = 0; i < model_.base.constraints.size(); ++i) {
      const auto& constraint = model_.base.constraints[i];
      rows_.push_back({constraint.terms, {}, constraint.equals, -1, static_cast<int>(i)});
    }
  }

  void fill_fractions(std::vector<double>& x) const {
    for (size_t v = at(streams_); v < x.size(); ++v)
      x[v] =
          variables_[v].role == Role::unmeasured ? typical_[(v - at(streams_)) % typical_.size()] : variables_[v].value;
  }

  /// Which variables stand in which row, and where each part of a row is found among them.
  void prepare_steps() {
    std::vector<Role> roles;
    std::vector<double> variance;
    for (const auto& variable : variables_) {
      roles.push_back(variable.role);
      variance.push_back(variable.sd * variable.sd);
    }
    for (const auto& row : rows_) {
      std::vector<int> inside;
      for (const auto& [variable, coefficient] : row.terms) inside.push_back(variable);
      for (const auto& [first, second, coefficient] : row.products) inside.push_back(first), inside.push_back(second);
      std::sort(inside.begin(), inside.end());
      inside.erase(std::unique(inside.begin(), inside.end()), inside.end());
      pattern_.push_back(std::move(inside));
    }
    steps_ = BlockLaplacian(roles, variance, model_.base.covariances, pattern_);
  }

  /// The rows' slopes at x, as `pattern_` has them.
  std::vector<std::vector<double>> coefficients(std::span<const double> x) const {
    std::vector<std::vector<double>> out(rows_.size());
    for (size_t i = 0; i < rows_.size(); ++i) {
      out[i].assign(pattern_[i].size(), 0.0);
      const auto slope = [&](int variable) -> double& {
        const auto found = std::lower_bound(pattern_[i].begin(), pattern_[i].end(), variable);
        return out[i][static_cast<size_t>(found - pattern_[i].begin())];
      };
      for (const auto& [variable, coefficient] : rows_[i].terms) slope(variable) += coefficient;
      for (const auto& [first, second, coefficient] : rows_[i].products) {
        slope(first) += coefficient * x[at(second)];
        slope(second) += coefficient * x[at(first)];
      }
    }
    return out;
  }
  std::vector<double> residuals(std::span<const double> x) const {
    std::vector<double> out;
    for (const auto& row : rows_) out.push_back(left(row, x));
    return out;
  }
  std::vector<double> deviations(std::span<const double> x) const {
    std::vector<double> out(x.size(), 0.0);
    for (size_t v = 0; v < x.size(); ++v)
      if (variables_[v].role == Role::measured) out[v] = variables_[v].value - x[v];
    return out;
  }

  /// What the Lagrangian ½·objective + λ'rows gains with each variable, and the size of what that is made of.
  /// Covariances of held readings do not count.
  std::pair<std::vector<double>, std::vector<double>> slopes_of_cost(std::span<const double> x,
                                                                     std::span<const double> multiplier) const {
    std::vector<double> slope(x.size(), 0.0), size(x.size(), 0.0);
    const auto add = [&](int variable, double value) {
      slope[at(variable)] += value;
      size[at(variable)] += std::fabs(value);
    };
    for (size_t v = 0; v < x.size(); ++v)
      if (const auto& variable = variables_[v]; variable.role == Role::measured)
        add(static_cast<int>(v), (x[v] - variable.value) / (variable.sd * variable.sd));
    const auto slopes = coefficients(x);
    for (size_t i = 0; i < rows_.size(); ++i)
      for (size_t t = 0; t < pattern_[i].size(); ++t) add(pattern_[i][t], slopes[i][t] * multiplier[i]);
    return {std::move(slope), std::move(size)};
  }

  struct Next {
    std::vector<double> x, multiplier;
  };
  /// The minimum of the problem linearised at x, by the block Laplacian; when that leaves a row open, by elimination,
  /// which finds out what contradicts what. Nothing: `end` says why.
  std::optional<Next> next(std::span<const double> x, End& end) {
    const auto slopes = coefficients(x);
    const auto residual = residuals(x);
    std::vector<char> held(x.size());
    std::copy(end.active.begin(), end.active.end(), held.begin());
    if (!steps_.too_full())
      if (auto step = steps_.step(slopes, residual, deviations(x), held)) {
        bool closes = true;
        for (size_t i = 0; i < rows_.size() && closes; ++i) {
          double rest = residual[i], size = std::fabs(rows_[i].equals);
          for (size_t t = 0; t < pattern_[i].size(); ++t) {
            const auto v = at(pattern_[i][t]);
            rest += slopes[i][t] * step->change[v];
            size += std::fabs(slopes[i][t]) * std::max(std::fabs(x[v]), std::fabs(step->change[v]));
          }
          closes = std::fabs(rest) <= kOpen * size;
        }
        if (closes) {
          Next out{{x.begin(), x.end()}, std::move(step->multiplier)};
          for (size_t v = 0; v < x.size(); ++v) out.x[v] += step->change[v];
          return out;
        }
      }
    const auto model = linearised(x, end.active);
    const auto solved = Estimator::of(model, watch_);
    end.stopped = solved->stopped;
    end.status = solved->status;
    end.obstacle = solved->obstacle;
    if (end.stopped || end.status != Status::solved) return std::nullopt;
    return Next{solved->completed(x), solved->constraint_multipliers()};
  }

  double left(const Bilinear& row, std::span<const double> x) const {
    double sum = -row.equals;
    for (const auto& [variable, coefficient] : row.terms) sum += coefficient * x[at(variable)];
    for (const auto& [first, second, coefficient] : row.products) sum += coefficient * x[at(first)] * x[at(second)];
    return sum;
  }
  double objective(std::span<const double> x) const {
    double sum = 0;
    for (size_t v = 0; v < variables_.size(); ++v)
      if (variables_[v].role == Role::measured) sum += std::pow((x[v] - variables_[v].value) / variables_[v].sd, 2);
    return sum;
  }

  /// Gauss–Newton with an ℓ₁ merit: ½·objective + Σ weight·|row|, weights above the multipliers.
  bool newton(std::vector<double>& x, End& end) {
    constexpr int kMostSteps = 100;
    std::vector<double> weight(rows_.size(), 0.0);
    const auto merit = [&](std::span<const double> point) {
      double sum = 0.5 * objective(point);
      for (size_t i = 0; i < rows_.size(); ++i) sum += weight[i] * std::fabs(left(rows_[i], point));
      return sum;
    };
    end.converged = false;
    for (int step = 0; step < kMostSteps; ++step) {
      if (!watch_.go_on(0.3)) {
        end.stopped = true;
        return false;
      }
      ++end.iterations;
      const auto found = next(x, end);
      if (!found) return false;
      const auto& [next, multipliers] = *found;
      for (size_t i = 0; i < rows_.size(); ++i) weight[i] = std::max(weight[i], 2 * std::fabs(multipliers[i]));
      end.multiplier = multipliers;
      // Undeterminable quantities may wander a little; nothing depends on them.
      double longest = 0, worst = 0;
      for (size_t v = 0; v < x.size(); ++v)
        longest = std::max(longest, (variables_[v].role == Role::measured ? 1.0 : 0.01) * std::fabs(next[v] - x[v]) /
                                        (v < at(streams_) ? scale_ : 1.0));
      for (const auto& row : rows_) worst = std::max(worst, std::fabs(left(row, x)));
      if (longest < 1e-11 && worst < 1e-10 * scale_) {
        end.converged = true;
        break;
      }
      const double before = merit(x);
      double length = 1;
      std::vector<double> tried(x.size());
      for (;; length *= 0.5) {
        for (size_t v = 0; v < x.size(); ++v) tried[v] = x[v] + length * (next[v] - x[v]);
        if (length < 1e-3 || merit(tried) <= before + 1e-12 * std::fabs(before)) break;
      }
      x = tried;
    }
    end.objective = objective(x);
    return true;
  }

  const ComponentModel& model_;
  const Watch& watch_;
  int streams_;
  std::vector<Stream> variables_;
  std::vector<Bilinear> rows_;
  std::vector<std::vector<int>> pattern_;  ///< variables by row
  BlockLaplacian steps_;
  std::vector<double> typical_;
  double scale_ = 0;
};

}  // namespace

Result<ComponentAnswer> reconcile(const ComponentModel& model, const Options& options, const Watch& watch) {
  ComponentAnswer out;
  Layers layers(model, watch);
  auto end = layers.run(layers.start_from_flows());
  if (end.stopped) return Watch::stopped();
  if (layers.has_unmetered()) {
    auto other = layers.run(layers.start_from_means());
    if (other.stopped) return Watch::stopped();
    const bool good = other.status == Status::solved && other.converged;
    if (good && end.converged && std::fabs(other.objective - end.objective) > 1e-6 * (1 + end.objective))
      out.other_objective = std::max(other.objective, end.objective);
    if (good && (end.status != Status::solved || !end.converged || other.objective < end.objective))
      end = std::move(other);
  }
  out.iterations = end.iterations;
  out.converged = end.converged;
  if (end.status != Status::solved) {
    out.answer.status = end.status;
    for (const int number : end.obstacle.constraints) {
      const auto& row = layers.rows()[at(number)];
      if (row.node >= 0) out.answer.obstacle.nodes.push_back(row.node);
      if (row.constraint >= 0) out.answer.obstacle.constraints.push_back(row.constraint);
    }
    auto& nodes = out.answer.obstacle.nodes;
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    out.answer.obstacle.needed = end.obstacle.needed;
    return out;
  }
  auto linear = layers.linearised(end.x, end.active);
  QY_TRY(out.answer, reconcile(linear, options, watch));
  for (size_t v = 0; v < end.active.size() && v < out.answer.streams.size(); ++v) {
    out.answer.streams[v].at_bound = end.active[v] != 0;
    out.answer.active_bounds += end.active[v] != 0;
  }
  return out;
}

}  // namespace qy::engine::balance
