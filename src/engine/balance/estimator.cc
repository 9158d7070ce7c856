#include "engine/balance/estimator.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

/// Largest |A x − b| of the nodes and constraints, absolute and over what they are made of.
void measure_closing(const LinearProblem& problem, std::span<const double> x, double& most, double& relative) {
  most = relative = 0;
  for (const auto& row : problem.rows) {
    double sum = -row.equals, size = std::fabs(row.equals);
    for (const auto& [variable, coefficient] : row.terms) {
      sum += coefficient * x[at(variable)];
      size += std::fabs(coefficient) * std::max(std::fabs(x[at(variable)]), std::fabs(problem.value[at(variable)]));
    }
    if (!std::isfinite(sum) || sum == 0) continue;
    most = std::max(most, std::fabs(sum));
    relative = std::max(relative, std::fabs(sum) / std::max(0.5 * size, std::fabs(sum)));
  }
}

class NetworkEstimator final : public Estimator {
 public:
  explicit NetworkEstimator(const Model& model)
      : model_(model),
        parts_(model),
        network_(model.nodes, parts_.links, parts_.roles),
        weighted_(network_, parts_.variance) {
    auto solved = weighted_.reconcile({parts_.value, parts_.variance});
    if (!solved.solved) {
      status = Status::contradictory;
      for (int node = 0; node < model.nodes; ++node)
        if (network_.island_of(node) == solved.bad_island) obstacle.nodes.push_back(node);
      obstacle.needed = solved.bad_sum;
      return;
    }
    flow = std::move(solved.flow);
    multiplier = std::move(solved.multiplier);
    imbalance = std::move(solved.imbalance);
    objective = solved.objective;
    closing = solved.closing;
    closing_relative = solved.closing_relative;
  }

  std::span<const Class> classes() const override { return network_.classes(); }
  int rank() const override { return network_.rank(); }
  bool has_variances() const override { return !network_.iterative(); }
  void select() override { weighted_.select(); }
  void solve(std::span<double> rhs) const override { weighted_.solve(rhs); }
  std::vector<double> variances() const override { return weighted_.variances(); }
  std::vector<double> completed(std::span<const double> wanted) const override {
    auto out = flow;
    for (size_t j = 0; j < out.size(); ++j)
      if (!std::isfinite(out[j])) out[j] = wanted[j];
    return out;
  }

  std::vector<double> prices() const override {
    std::vector<double> out(model_.streams.size());
    for (size_t j = 0; j < out.size(); ++j) {
      const auto [tail, head] = network_.ends()[j];
      out[j] = (head >= 0 ? multiplier[at(head)] : 0.0) - (tail >= 0 ? multiplier[at(tail)] : 0.0);
    }
    return out;
  }
  std::vector<double> adjustment_variances() const override {
    auto out = weighted_.leverages();
    for (size_t j = 0; j < out.size(); ++j) out[j] *= parts_.variance[j];
    return out;
  }
  double leverage_sum() const override {
    double sum = 0;
    for (const double share : weighted_.leverages()) sum += share;
    return sum;
  }
  Candidates candidates() const override {
    Candidates out;
    const auto& selected = weighted_.selected();
    const auto close = [&](Hypothesis::Kind kind, int index, bool measured, double energy) {
      out.kind.push_back(kind);
      out.index.push_back(index);
      out.measured.push_back(measured);
      out.start.push_back(static_cast<int>(out.terms.size()));
      out.energy.push_back(energy);
    };
    for (size_t j = 0; j < model_.streams.size(); ++j) {
      const auto kind = network_.classes()[j];
      const auto [tail, head] = network_.ends()[j];
      if (tail == head || (kind != Class::redundant && kind != Class::fixed)) continue;
      const int slot = tail >= 0 && head >= 0 ? network_.symbolic().slot(tail, head) : -1;
      double energy = 0;
      if (tail < 0 || head < 0 || slot >= 0) {
        energy = selected.resistance(tail, head, slot);
      } else {
        work_.resize(at(rank()), 0.0);
        const int places[] = {tail, head};
        const double values[] = {-1, 1};
        energy = weighted_.energy(places, values, work_);
      }
      if (head >= 0) out.terms.push_back({head, 1});
      if (tail >= 0) out.terms.push_back({tail, -1});
      close(Hypothesis::Kind::bias, static_cast<int>(j), kind == Class::redundant, energy);
    }
    for (int node = 0; node < model_.nodes; ++node)
      if (const int row = network_.row_of(node);
          row >= 0 && network_.island_of(node) < 0) {  // an island has no way out
        out.terms.push_back({row, 1});
        close(Hypothesis::Kind::leak, node, true, selected.diagonal[at(row)]);
      }
    return out;
  }
  std::vector<double> covariance_with(std::span<const double> coefficient) const override {
    return weighted_.covariance_with(coefficient);
  }
  std::vector<double> nodal_max_power() const override {
    std::vector<double> out(at(model_.nodes), kNone);
    for (int node = 0; node < model_.nodes; ++node)
      if (const int row = network_.row_of(node); row >= 0)
        out[at(node)] = multiplier[at(row)] / std::sqrt(weighted_.selected().diagonal[at(row)]);
    return out;
  }

 private:
  struct Parts {
    std::vector<Link> links;
    std::vector<Role> roles;
    std::vector<double> value, variance;
    explicit Parts(const Model& model) {
      const auto count = model.streams.size();
      links.reserve(count), roles.reserve(count), value.reserve(count), variance.reserve(count);
      for (const auto& stream : model.streams) {
        links.push_back(stream.link);
        roles.push_back(stream.role);
        value.push_back(stream.role == Role::unmeasured ? 0.0 : stream.value);
        variance.push_back(stream.sd * stream.sd);
      }
    }
  };
  const Model& model_;
  Parts parts_;
  Network network_;
  WeightedNetwork weighted_;
  mutable std::vector<double> work_;
};

class LinearEstimator final : public Estimator {
 public:
  LinearEstimator(const Model& model, const Watch& watch)
      : model_(model), problem_(as_linear(model)), system_(problem_, watch) {
    switch (system_.state()) {
      case LinearSystem::State::ready:
        break;
      case LinearSystem::State::stopped:
        stopped = true;
        return;
      case LinearSystem::State::too_large:
        status = Status::too_large;
        return;
      case LinearSystem::State::contradictory:
        status = Status::contradictory;
        for (const auto& [row, coefficient] : system_.contradiction())
          (row < model.nodes ? obstacle.nodes : obstacle.constraints)
              .push_back(row < model.nodes ? row : row - model.nodes);
        obstacle.needed = system_.gap();
        return;
    }
    auto solved = system_.solve();
    flow = std::move(solved.value);
    multiplier = std::move(solved.multiplier);
    imbalance = std::move(solved.imbalance);
    objective = solved.objective;
    measure_closing(problem_, flow, closing, closing_relative);
  }

  std::span<const Class> classes() const override { return system_.classes(); }
  int rank() const override { return system_.rank(); }
  bool has_variances() const override { return true; }
  void select() override {}
  void solve(std::span<double> rhs) const override { system_.solve_reduced(rhs); }
  std::vector<double> variances() const override { return system_.variances(); }
  std::vector<double> adjustment_variances() const override { return system_.adjustment_variances(); }
  double leverage_sum() const override { return system_.leverage_sum(); }
  std::vector<double> covariance_with(std::span<const double> coefficient) const override {
    return system_.covariance_with(coefficient);
  }

  std::vector<double> prices() const override {
    const auto lambda = system_.row_multipliers(multiplier);
    std::vector<double> out(model_.streams.size(), 0.0);
    for (size_t i = 0; i < problem_.rows.size(); ++i)
      for (const auto& [variable, coefficient] : problem_.rows[i].terms) out[at(variable)] += coefficient * lambda[i];
    return out;
  }
  std::vector<double> completed(std::span<const double> wanted) const override {
    return system_.completed(flow, wanted);
  }
  std::vector<double> constraint_multipliers() const override {
    const auto lambda = system_.row_multipliers(multiplier);
    return {lambda.begin() + model_.nodes, lambda.end()};
  }
  Candidates candidates() const override {
    Candidates out;
    const auto close = [&](Hypothesis::Kind kind, int index, bool measured, std::span<const Term> terms) {
      const double energy = system_.energy(terms);
      if (!(energy > 0)) return;
      out.terms.insert(out.terms.end(), terms.begin(), terms.end());
      out.kind.push_back(kind);
      out.index.push_back(index);
      out.measured.push_back(measured);
      out.start.push_back(static_cast<int>(out.terms.size()));
      out.energy.push_back(energy);
    };
    const auto rows = system_.row_columns();
    std::vector<std::vector<Term>> fixed(model_.streams.size());  // rows of the problem by fixed stream
    for (size_t i = 0; i < problem_.rows.size(); ++i)
      for (const auto& [variable, coefficient] : problem_.rows[i].terms)
        if (problem_.roles[at(variable)] == Role::fixed)
          fixed[at(variable)].push_back({static_cast<int>(i), coefficient});
    std::vector<double> row_error(problem_.rows.size(), 0.0);
    for (size_t j = 0; j < model_.streams.size(); ++j) {
      if (classes()[j] == Class::redundant) {
        close(Hypothesis::Kind::bias, static_cast<int>(j), true, system_.column(static_cast<int>(j)));
      } else if (!fixed[j].empty()) {
        for (const auto& [row, coefficient] : fixed[j]) row_error[at(row)] += coefficient;
        const bool possible = system_.agrees(row_error);
        std::vector<double> error;
        if (possible) error = system_.reduced_error(row_error);
        for (const auto& [row, coefficient] : fixed[j]) row_error[at(row)] = 0;
        std::vector<Term> merged;
        for (size_t k = 0; k < error.size(); ++k)
          if (error[k] != 0) merged.push_back({static_cast<int>(k), error[k]});
        close(Hypothesis::Kind::bias, static_cast<int>(j), false, merged);
      }
    }
    for (int node = 0; node < model_.nodes; ++node)
      if (!rows[at(node)].empty()) close(Hypothesis::Kind::leak, node, true, rows[at(node)]);
    return out;
  }
  std::vector<double> nodal_max_power() const override {
    std::vector<double> out(at(model_.nodes), kNone);
    const auto rows = system_.row_columns();
    for (int node = 0; node < model_.nodes; ++node) {
      double sum = 0;
      for (const auto& [row, coefficient] : rows[at(node)]) sum += coefficient * multiplier[at(row)];
      if (const double energy = system_.energy(rows[at(node)]); energy > 0) out[at(node)] = sum / std::sqrt(energy);
    }
    return out;
  }

 private:
  const Model& model_;
  LinearProblem problem_;
  LinearSystem system_;
};

}  // namespace

LinearProblem as_linear(const Model& model) {
  LinearProblem out;
  out.rows.resize(at(model.nodes));
  for (size_t j = 0; j < model.streams.size(); ++j) {
    const auto& stream = model.streams[j];
    out.roles.push_back(stream.role);
    out.value.push_back(stream.role == Role::unmeasured ? 0.0 : stream.value);
    out.variance.push_back(stream.sd * stream.sd);
    if (stream.link.from == stream.link.to) continue;
    if (stream.link.to >= 0) out.rows[at(stream.link.to)].terms.push_back({static_cast<int>(j), 1});
    if (stream.link.from >= 0) out.rows[at(stream.link.from)].terms.push_back({static_cast<int>(j), -1});
  }
  out.rows.insert(out.rows.end(), model.constraints.begin(), model.constraints.end());
  out.covariances = model.covariances;
  return out;
}

std::unique_ptr<Estimator> Estimator::of(const Model& model, const Watch& watch) {
  if (model.constraints.empty() && model.covariances.empty()) return std::make_unique<NetworkEstimator>(model);
  return std::make_unique<LinearEstimator>(model, watch);
}

}  // namespace qy::engine::balance
