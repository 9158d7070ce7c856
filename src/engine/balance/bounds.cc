#include "engine/balance/bounds.h"

#include <algorithm>
#include <cmath>

#include "engine/balance/feasibility.h"
#include "engine/balance/interior.h"

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

using ActiveSet = std::vector<signed char>;  // −1 at the lower bound, 1 at the upper

constexpr double kTolerance = 1e-9;
constexpr int kMostNewton = 12;
constexpr int kMostNewtonOfMany = 5;  ///< when more than one stream in twenty is beyond a bound
constexpr int kMostAfterwards = 4;
constexpr int kMostAlone = 40;  ///< when the interior point gave up as well

class Bounded {
 public:
  Bounded(const Model& model, const Estimator& free, Answer& answer, const Watch& watch)
      : model_(model),
        general_(!model.constraints.empty() || !model.covariances.empty()),
        answer_(answer),
        watch_(watch) {
    for (const auto& stream : model.streams)
      if (stream.role != Role::unmeasured) scale_ = std::max(scale_, std::fabs(stream.value));
    flow_ = free.flow;
  }

  Result<void> run() {
    ActiveSet active(model_.streams.size(), 0);
    const int beyond = update_free(active, flow_);
    const bool broken = beyond > 0;
    const bool loose = std::any_of(flow_.begin(), flow_.end(), [](double x) { return std::isnan(x); });
    if (!broken && !(loose && !carries_rest(flow_))) return {};
    if (!general_)
      if (const auto obstacle = network_obstacle(model_)) return refuse(*obstacle);

    const bool many = at(beyond) * 20 > active.size();
    if (newton(active, many ? kMostNewtonOfMany : kMostNewton)) return finish();
    if (stopped_) return Watch::stopped();

    // What can never leave its bound leaves no room inside for the method: it is held from here on.
    held_ = held_by_network(model_);
    if (std::any_of(held_.begin(), held_.end(), [](signed char side) { return side != 0; })) {
      active = held_;
      if (newton(active, kMostNewton)) return finish();
      if (stopped_) return Watch::stopped();
    }

    const auto problem = as_linear(with(held_));
    std::vector<double> lower, upper;
    for (size_t j = 0; j < held_.size(); ++j) {
      lower.push_back(held_[j] ? -kUnbounded : model_.streams[j].lower);
      upper.push_back(held_[j] ? kUnbounded : model_.streams[j].upper);
    }
    auto inner = solve_interior(problem, lower, upper, false, watch_);
    answer_.factorisations += inner.factorisations;
    if (inner.stopped) return Watch::stopped();
    if (inner.too_large) {
      answer_.status = Status::too_large;
      return {};
    }
    if (!inner.converged) {
      const auto elastic = solve_interior(problem, lower, upper, true, watch_);
      answer_.factorisations += elastic.factorisations;
      if (elastic.stopped) return Watch::stopped();
      double worst = 0;
      for (const double left : elastic.row) worst = std::max(worst, std::fabs(left));
      if (worst > 1e-7 * std::max(scale_, 1e-300)) return refuse(rows_left(elastic.row, worst));
      // Constraints may leave no room either: the bounds give way a little.
      const double room = 1e-7 * scale_;
      for (auto& bound : lower) bound -= room;
      for (auto& bound : upper) bound += room;
      inner = solve_interior(problem, lower, upper, false, watch_);
      answer_.factorisations += inner.factorisations;
      if (inner.stopped) return Watch::stopped();
    }
    active = inner.at_bound;
    for (size_t j = 0; j < held_.size(); ++j)
      if (held_[j]) active[j] = held_[j];
    if (newton(active, inner.converged ? kMostAfterwards : kMostAlone)) return finish();
    if (stopped_) return Watch::stopped();
    if (!inner.converged) {
      answer_.status = Status::too_large;
      return {};
    }
    // Ties that rounding cannot decide: the interior solution itself, which is as good.
    for (size_t j = 0; j < flow_.size(); ++j) {
      auto& out = answer_.streams[j];
      if (out.kind == Class::unobservable) continue;
      out.value = std::clamp(inner.x[j], model_.streams[j].lower, model_.streams[j].upper);
      out.at_bound = (inner.at_bound[j] != 0 || held_[j] != 0) && out.kind != Class::fixed;
      answer_.active_bounds += out.at_bound;
      if (model_.streams[j].role == Role::measured) out.adjustment = out.value - model_.streams[j].value;
      if (out.at_bound) out.sd = 0;
    }
    answer_.closing = 0;
    for (const double left : inner.row) answer_.closing = std::max(answer_.closing, std::fabs(left));
    answer_.closing_relative = scale_ > 0 ? answer_.closing / scale_ : 0;
    return {};
  }

 private:
  double margin(double bound) const { return kTolerance * std::max(scale_, std::fabs(bound)); }

  /// Free streams beyond a bound become active; how many.
  int update_free(ActiveSet& active, std::span<const double> x) const {
    int changes = 0;
    for (size_t j = 0; j < active.size(); ++j) {
      const auto& stream = model_.streams[j];
      if (active[j] != 0 || stream.role == Role::fixed || std::isnan(x[j])) continue;
      if (x[j] < stream.lower - margin(stream.lower))
        active[j] = -1, ++changes;
      else if (x[j] > stream.upper + margin(stream.upper))
        active[j] = 1, ++changes;
    }
    return changes;
  }

  bool carries_rest(std::span<const double> x) const { return !rest_obstacle(model_, x); }

  Model with(const ActiveSet& active) const {
    auto out = model_;
    for (size_t j = 0; j < active.size(); ++j) {
      if (active[j] == 0) continue;
      auto& stream = out.streams[j];
      const double bound = active[j] < 0 ? stream.lower : stream.upper;
      if (general_) {  // a correlated meter still speaks for its partners
        out.constraints.push_back({{{static_cast<int>(j), 1.0}}, bound});
      } else {
        stream.role = Role::fixed;
        stream.value = bound;
      }
    }
    return out;
  }

  /// Semismooth Newton as an active-set method: every step is one equality problem.
  bool newton(ActiveSet& active, int most) {
    for (int step = 0; step < most; ++step) {
      if (!watch_.go_on(0.75)) {
        stopped_ = true;
        return false;
      }
      auto conditioned = std::make_unique<Model>(with(active));
      auto estimator = Estimator::of(*conditioned, watch_);
      ++answer_.factorisations;
      if (estimator->stopped) stopped_ = true;
      if (estimator->stopped || estimator->status != Status::solved) return false;
      int changes = release(active, *estimator);
      changes += update_free(active, estimator->flow);
      if (changes == 0) {
        const bool loose =
            std::any_of(estimator->flow.begin(), estimator->flow.end(), [](double x) { return std::isnan(x); });
        if (loose && !carries_rest(estimator->flow)) return false;
        conditioned_ = std::move(conditioned);
        estimator_ = std::move(estimator);
        active_ = active;
        return true;
      }
    }
    return false;
  }

  int release(ActiveSet& active, const Estimator& estimator) const {
    const auto prices = estimator.prices();
    const auto multipliers = estimator.constraint_multipliers();
    size_t row = model_.constraints.size();  // of the row that holds the stream at its bound
    int changes = 0;
    for (size_t j = 0; j < active.size(); ++j) {
      if (active[j] == 0) continue;
      if (!held_.empty() && held_[j] != 0) {
        row += general_;
        continue;
      }
      const auto& stream = model_.streams[j];
      const double bound = active[j] < 0 ? stream.lower : stream.upper;
      double slope = 0, size = 0;
      if (general_) {
        slope = -multipliers[row++];
        size = std::fabs(slope);
      } else {
        const double own = stream.role == Role::measured ? (bound - stream.value) / (stream.sd * stream.sd) : 0.0;
        slope = own + prices[j];
        size = std::fabs(own) + std::fabs(prices[j]);
      }
      if (active[j] * slope > kTolerance * size) {
        active[j] = 0;
        ++changes;
      }
    }
    return changes;
  }

  Result<void> finish() {
    estimator_->select();
    std::vector<double> variance;
    if (estimator_->has_variances()) variance = estimator_->variances();
    for (size_t j = 0; j < active_.size(); ++j) {
      auto& out = answer_.streams[j];
      const auto& stream = model_.streams[j];
      out.at_bound = active_[j] != 0;
      answer_.active_bounds += out.at_bound;
      out.value = estimator_->flow[j];
      if (out.at_bound) out.value = active_[j] < 0 ? stream.lower : stream.upper;
      if (!variance.empty()) out.sd = out.at_bound ? 0.0 : std::sqrt(variance[j]);
      if (stream.role == Role::measured) out.adjustment = out.value - stream.value;
    }
    answer_.closing = estimator_->closing;
    answer_.closing_relative = estimator_->closing_relative;
    return {};
  }

  Result<void> refuse(Obstacle obstacle) {
    answer_ = Answer();
    answer_.status = Status::infeasible;
    answer_.obstacle = std::move(obstacle);
    return {};
  }

  Obstacle rows_left(std::span<const double> left, double worst) const {
    Obstacle out;
    for (size_t i = 0; i < left.size(); ++i) {
      if (std::fabs(left[i]) < 1e-3 * worst) continue;
      if (i < at(model_.nodes))
        out.nodes.push_back(static_cast<int>(i));
      else
        out.constraints.push_back(static_cast<int>(i) - model_.nodes);
    }
    out.needed = worst;
    return out;
  }

  const Model& model_;
  bool general_;
  Answer& answer_;
  const Watch& watch_;
  double scale_ = 0;
  std::vector<double> flow_;
  ActiveSet active_, held_;  ///< `held_`: by the network alone; empty until it was asked
  std::unique_ptr<Model> conditioned_;
  std::unique_ptr<Estimator> estimator_;
  bool stopped_ = false;
};

}  // namespace

Result<void> apply_bounds(const Model& model, const Estimator& free, Answer& answer, const Watch& watch) {
  return Bounded(model, free, answer, watch).run();
}

}  // namespace qy::engine::balance
