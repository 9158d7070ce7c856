#include "engine/exchange/fixed_charges.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>

namespace qy::engine::exchange {
namespace {

constexpr double kFlow = 1e-7;

/// A first solution and the columns that good ones use.
class Descent {
 public:
  Descent(const milp::Model& model, const std::vector<Charge>& charges, const Watch& watch)
      : model_(model), watch_(watch), ever_(model.columns.size(), 0) {
    std::vector<int> charge_of(model.columns.size(), -1);
    for (std::size_t i = 0; i < charges.size(); ++i) charge_of[static_cast<std::size_t>(charges[i].used)] = int(i);
    for (std::size_t j = 0; j < model.columns.size(); ++j) {
      if (!model.columns[j].whole || model.columns[j].upper <= 0) continue;
      const auto fixed = model.columns[j].objective;
      if (charge_of[j] >= 0) {
        const auto& charge = charges[static_cast<std::size_t>(charge_of[j])];
        switches_.push_back({charge.flow, charge.used, charge.most, fixed, column(charge.flow).objective});
      } else {
        switches_.push_back({int(j), int(j), 1, fixed, 1e-6 * fixed});
      }
    }
    lp_ = milp::Lp(linear(charges, charge_of));
  }

  /// Values of all columns, or nothing.
  std::vector<double> run(bool thoroughly) {
    constexpr int kAgain = 12;
    for (const double part : {1.0, 0.5, 0.25}) scale(part, 0);
    for (int again = 0; best_ && thoroughly && again < kAgain; ++again) {
      improve();
      if (!first_ || best_->cost < first_->cost) first_ = best_;
      best_.reset();
      if (again + 1 == kAgain || !watch_.go_on(0)) break;
      for (const auto& s : switches_) open(s, true);
      scale(again % 2 == 0 ? 1 : 0.5, 0.4);
    }
    if (best_ && (!first_ || best_->cost < first_->cost)) first_ = best_;
    return first_ ? first_->values : std::vector<double>();
  }
  double cost() const { return first_ ? first_->cost : milp::kInfinity; }
  /// Of each column, whether some solution used it.
  const std::vector<char>& ever() const { return ever_; }

 private:
  struct Switch {
    int flow, used;
    double most, fixed, price;
  };
  struct Candidate {
    double cost = 0;
    std::vector<double> values;
  };

  const milp::Column& column(int j) const { return model_.columns[static_cast<std::size_t>(j)]; }

  /// Without the 0-1 columns of charges: used = flow/most wherever it counts, and rows that only link the two are gone.
  milp::Model linear(const std::vector<Charge>& charges, const std::vector<int>& charge_of) const {
    milp::Model out{.columns = model_.columns};
    for (auto& column : out.columns) column.whole = false;
    for (const auto& charge : charges) {
      auto& used = out.columns[static_cast<std::size_t>(charge.used)];
      auto& flow = out.columns[static_cast<std::size_t>(charge.flow)];
      flow.upper = std::min(flow.upper, charge.most * used.upper);
      used = {0, 0, 0, false};
    }
    for (const auto& row : model_.rows) {
      milp::Row made{.terms = {}, .lower = row.lower, .upper = row.upper};
      bool links = false;
      for (const auto& [j, a] : row.terms) {
        const auto i = charge_of[static_cast<std::size_t>(j)];
        if (i < 0) {
          made.terms.emplace_back(j, a);
          continue;
        }
        const auto& charge = charges[static_cast<std::size_t>(i)];
        links = links || row.terms.size() == 2;
        if (charge.most > 0) made.terms.emplace_back(charge.flow, a / charge.most);
      }
      if (links) continue;
      std::sort(made.terms.begin(), made.terms.end());
      std::vector<std::pair<int, double>> merged;
      for (const auto& term : made.terms)
        if (!merged.empty() && merged.back().first == term.first)
          merged.back().second += term.second;
        else
          merged.push_back(term);
      made.terms = std::move(merged);
      out.add(std::move(made));
    }
    return out;
  }

  /// The last solution of the linear program with its switches turned on; nothing when a row does not hold.
  std::optional<Candidate> completed() const {
    Candidate out{0, {lp_->values().begin(), lp_->values().end()}};
    for (const auto& s : switches_) {
      const bool on = out.values[static_cast<std::size_t>(s.flow)] > kFlow || column(s.used).lower > 0.5;
      if (!on) out.values[static_cast<std::size_t>(s.flow)] = 0;
      out.values[static_cast<std::size_t>(s.used)] = on;
    }
    for (std::size_t j = 0; j < out.values.size(); ++j) out.cost += model_.columns[j].objective * out.values[j];
    for (const auto& row : model_.rows) {
      double sum = 0, size = 1;
      for (const auto& [j, a] : row.terms) {
        const auto part = a * out.values[static_cast<std::size_t>(j)];
        sum += part;
        size = std::max(size, std::fabs(part));
      }
      if (sum < row.lower - 1e-6 * size || sum > row.upper + 1e-6 * size) return std::nullopt;
    }
    return out;
  }

  /// Solves and keeps what is better than the best.
  std::optional<Candidate> tried() {
    if (++solved_ > kMostSolved || !watch_.go_on(0)) return std::nullopt;
    if (lp_->solve(0, watch_) != milp::Status::optimal) return std::nullopt;
    auto found = completed();
    if (!found) return std::nullopt;
    if (!best_ || found->cost < best_->cost - 1e-9 * (1 + std::fabs(best_->cost))) best_ = found;
    return found;
  }

  /// Fixed costs are turned by up to `noise` of themselves in the first round.
  void scale(double part, double noise) {
    constexpr int kRounds = 25;
    for (const auto& s : switches_) {
      seed_ = seed_ * 1664525u + 1013904223u;
      const auto turned = 1 + noise * (static_cast<double>(seed_ >> 8) / (1 << 23) - 1);
      lp_->price(s.flow, s.price + turned * s.fixed / (part * std::max(s.most, kFlow)));
    }
    std::vector<char> pattern, last;
    for (int round = 0; round < kRounds; ++round) {
      if (solved_ >= kMostSolved || !watch_.go_on(0)) return;
      if (!tried() && lp_->values().empty()) return;
      pattern.clear();
      for (const auto& s : switches_) {
        const auto flow = lp_->values()[static_cast<std::size_t>(s.flow)];
        pattern.push_back(flow > kFlow);
        if (flow > kFlow) lp_->price(s.flow, s.price + s.fixed / flow);
      }
      if (pattern == last) break;
      last = pattern;
    }
  }

  void open(const Switch& s, bool on) { lp_->bound(s.flow, 0, on ? std::min(s.most, column(s.flow).upper) : 0); }

  bool on(std::size_t i) const { return best_->values[static_cast<std::size_t>(switches_[i].used)] > 0.5; }

  void settle() {
    for (std::size_t i = 0; i < switches_.size(); ++i) open(switches_[i], on(i));
  }

  bool gains() {
    const auto before = best_->cost;
    tried();
    return best_->cost < before - 1e-9 * (1 + std::fabs(before));
  }

  std::vector<std::size_t> used() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < switches_.size(); ++i)
      if (on(i) && column(switches_[i].used).lower < 0.5) out.push_back(i);
    return out;
  }

  /// Closes and opens single flows while that gains; closed ones bear no cost, what is open is counted when it flows.
  void improve() {
    constexpr std::size_t kOpened = 40;
    for (const auto& s : switches_) lp_->price(s.flow, s.price);
    settle();
    tried();
    settle();
    for (bool gained = true; gained && solved_ < kMostSolved && watch_.go_on(0);) {
      gained = false;
      auto order = used();
      std::vector<double> worth(switches_.size());
      for (const auto i : order)
        worth[i] = switches_[i].fixed / std::max(best_->values[static_cast<std::size_t>(switches_[i].flow)], kFlow);
      std::sort(order.begin(), order.end(), [&](auto a, auto b) { return worth[a] > worth[b]; });
      for (const auto i : order) {
        if (!on(i)) continue;
        open(switches_[i], false);
        if (gains()) {
          gained = true;
          settle();
        } else {
          open(switches_[i], true);
        }
      }
      if (lp_->solve(0, watch_) != milp::Status::optimal) return;
      std::vector<std::pair<double, std::size_t>> closed;
      for (std::size_t i = 0; i < switches_.size(); ++i) {
        const auto saving = -lp_->reduced_costs()[static_cast<std::size_t>(switches_[i].flow)] * switches_[i].most;
        if (!on(i) && saving > 0) closed.emplace_back(switches_[i].fixed - saving, i);
      }
      std::sort(closed.begin(), closed.end());
      for (std::size_t k = 0; k < std::min(kOpened, closed.size()); ++k) {
        const auto i = closed[k].second;
        if (on(i)) continue;
        open(switches_[i], true);
        ever_[static_cast<std::size_t>(switches_[i].used)] = 1;
        if (gains()) {
          gained = true;
          settle();
        } else {
          open(switches_[i], false);
        }
      }
    }
    for (const auto i : used()) ever_[static_cast<std::size_t>(switches_[i].used)] = 1;
  }

  static constexpr int kMostSolved = 12'000;
  const milp::Model& model_;
  const Watch& watch_;
  std::vector<Switch> switches_;
  std::optional<milp::Lp> lp_;
  std::optional<Candidate> best_, first_;  ///< of this round, of all
  std::uint32_t seed_ = 1;
  std::vector<char> ever_;
  int solved_ = 0;
};

/// Fixes switches off whose reduced cost is more than the gap to what is known; how many.
int fix(milp::Model& model, const milp::Tightened& cut, double gap) {
  int fixed = 0;
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    auto& column = model.columns[j];
    if (!column.whole || column.lower == column.upper) continue;
    const auto reduced = cut.reduced_costs[j];
    if (reduced > gap && cut.values[j] < 1e-6) {
      column.upper = 0;
      ++fixed;
    } else if (-reduced > gap && cut.values[j] > 1 - 1e-6) {
      column.lower = 1;
      ++fixed;
    }
  }
  return fixed;
}

}  // namespace

milp::Solution solve_charged(const milp::Model& model, const std::vector<Charge>& charges, const milp::Limits& limits) {
  constexpr std::size_t kFew = 20, kSeveral = 250;
  if (charges.size() < kFew) return milp::solve(model, limits);
  milp::Solution out;
  milp::Lp relaxed(model);
  out.status = relaxed.solve(0, limits.watch);
  if (out.status != milp::Status::optimal) return out;
  out.bound = relaxed.objective();
  Descent descent(model, charges, limits.watch);
  if (charges.size() < kSeveral) {
    auto from = limits;
    from.start = descent.run(false);
    return milp::solve(model, from);
  }
  out.values = descent.run(true);
  out.objective = descent.cost();

  // Bounds hold for what is better than the solution that is known.
  constexpr int kRounds = 60, kPasses = 3;
  auto tight = model;
  std::vector<double> support(model.columns.size(), 0);
  for (int pass = 0; pass < kPasses && limits.watch.go_on(0); ++pass) {
    auto cut = milp::flow_cuts(tight, kRounds, limits.watch);
    if (cut.values.empty()) break;
    const auto none = cut.rows.empty();
    for (auto& row : cut.rows) tight.add(std::move(row));
    out.bound = std::max(out.bound, cut.bound);
    support = cut.values;
    if (!out.found()) break;
    const auto fixed = fix(tight, cut, out.objective - cut.bound + 1e-6 * (1 + std::fabs(out.objective)));
    for (const auto& charge : charges)
      if (tight.columns[static_cast<std::size_t>(charge.used)].upper == 0)
        tight.columns[static_cast<std::size_t>(charge.flow)].upper = 0;
    if (none || fixed == 0) break;
  }

  const auto better = [&](const milp::Solution& found) {
    if (!found.found() || (out.found() && found.objective >= out.objective)) return;
    out.values = found.values;
    out.objective = found.objective;
  };
  auto within = limits;
  within.made_ready = true;
  if (out.found()) {
    auto narrow = tight;
    for (const auto& charge : charges)
      if (!descent.ever()[static_cast<std::size_t>(charge.used)] &&
          support[static_cast<std::size_t>(charge.used)] < 0.01)
        narrow.columns[static_cast<std::size_t>(charge.used)].upper =
            narrow.columns[static_cast<std::size_t>(charge.flow)].upper = 0;
    within.start = out.values;
    within.nodes = std::min<std::int64_t>(limits.nodes, 100);
    within.pivots = limits.pivots / 5;
    better(milp::solve(narrow, within));
    within.start = out.values;
    within.nodes = limits.nodes;
    within.pivots = limits.pivots - within.pivots;
  }
  const auto last = milp::solve(tight, within);
  out.nodes = last.nodes;
  better(last);
  if (!out.found()) {
    out.status = last.status;
    out.bound = last.bound;
    return out;
  }
  // With nothing better left the program may have become impossible.
  const bool ended = last.status == milp::Status::optimal || last.status == milp::Status::infeasible;
  out.status = ended ? milp::Status::optimal : milp::Status::feasible;
  if (!ended && std::isfinite(last.bound)) out.bound = std::max(out.bound, last.bound);
  out.bound = ended && limits.relative_gap <= 0 ? out.objective : std::min(out.bound, out.objective);
  return out;
}

}  // namespace qy::engine::exchange
