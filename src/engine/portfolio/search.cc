#include "engine/portfolio/search.h"

#include <algorithm>
#include <cmath>
#include <queue>

#include "engine/portfolio/enumerate.h"

namespace qy::engine::portfolio {
namespace {

constexpr double kWhole = 1e-6;
constexpr std::size_t kEnumerated = 60;        ///< free picks of a node that is worth enumerating
constexpr std::int64_t kStepsOfANode = 2'000;  ///< before it is branched after all
constexpr int kPivots = 20'000;                ///< of one relaxation

/// A subproblem: picks fixed on the way down.
struct Node {
  std::vector<std::int32_t> fixed;  ///< pick·2 + value
  double bound = 0;
  std::int64_t order = 0;
  std::int32_t last = -1;  ///< the branching that made it, as in `fixed`
  double part = 0;         ///< what that branching moved the pick by
  double parent = 0;       ///< objective of the relaxation above
};

struct Worse {
  bool operator()(const Node& a, const Node& b) const {
    return a.bound != b.bound ? a.bound < b.bound : a.order < b.order;
  }
};

class Search {
 public:
  Search(const Instance& instance, const Watch& watch)
      : instance_(instance),
        watch_(watch),
        picks_(instance.picks().size()),
        model_(instance.model()),
        lp_(model_),
        enumeration_(model_, picks_),
        lower_(model_.columns.size()),
        upper_(model_.columns.size()) {
    for (std::size_t j = 0; j < model_.columns.size(); ++j) {
      lower_[j] = model_.columns[j].lower;
      upper_[j] = model_.columns[j].upper;
    }
    worth_.resize(picks_);
    limit_ = instance.problem().nodes;
  }

  Outcome run() {
    if (!relax()) return std::move(out_);
    strengthen();
    if (instance_.linear()) improve();
    tree(false);
    out_.proven = !stopped_;
    if (out_.proven && !out_.best) {
      out_.infeasible = true;
      return std::move(out_);
    }
    if (!out_.proven) return std::move(out_);
    out_.bound = out_.best->estimate;
    list();
    return std::move(out_);
  }

 private:
  // -- the root ------------------------------------------------------------------------------------------------------

  /// The relaxation with the tangents it needs; false when it has no solution.
  bool relax() {
    for (int round = 0; round < 30; ++round) {
      const auto status = lp_.solve(0, watch_);
      if (status == milp::Status::infeasible && !instance_.value(Taken(picks_, 0))) {
        out_.infeasible = true;
        return false;
      }
      if (status != milp::Status::optimal) {  // stopped, or numbers of too different a size: without a bound, then
        out_.bound = out_.lp_bound = milp::kInfinity;
        out_.budget_duals.assign(instance_.budget_rows(), 0);
        return true;
      }
      out_.bound = out_.lp_bound = lp_.objective();
      out_.budget_duals.assign(lp_.duals().begin(),
                               lp_.duals().begin() + static_cast<std::ptrdiff_t>(instance_.budget_rows()));
      if (!add(instance_.stream_cuts(lp_.values()))) break;
    }
    return true;
  }

  bool add(std::vector<milp::Row> rows) {
    for (auto& row : rows) {
      lp_.add(row);
      model_.add(std::move(row));
    }
    if (!rows.empty()) enumeration_.index();
    return !rows.empty();
  }

  void strengthen() {
    constexpr int kRounds = 8;
    const auto rows = model_.rows.size();
    if (!add(milp::cuts(model_, kRounds, watch_)) || lp_.solve(0, watch_) != milp::Status::optimal) return;
    out_.bound = std::min(out_.bound, lp_.objective());
    // What is not tight at the root would slow every node.
    std::vector<milp::Row> kept(model_.rows.begin(), model_.rows.begin() + static_cast<std::ptrdiff_t>(rows));
    for (auto i = rows; i < model_.rows.size(); ++i)
      if (std::fabs(lp_.duals()[i]) > 1e-9) kept.push_back(std::move(model_.rows[i]));
    model_.rows = std::move(kept);
    lp_ = milp::Lp(model_);
    enumeration_.index();
  }

  /// A first set for linear problems: the picks by their relaxation, then additions and exchanges while they gain.
  void improve() {
    if (lp_.solve(0, watch_) != milp::Status::optimal) return;
    const std::vector<double> values(lp_.values().begin(), lp_.values().end());
    const std::vector<double> reduced(lp_.reduced_costs().begin(), lp_.reduced_costs().end());
    std::vector<std::size_t> order(picks_);
    for (std::size_t j = 0; j < picks_; ++j) order[j] = j;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return values[a] != values[b] ? values[a] > values[b] : reduced[a] > reduced[b];
    });
    std::vector<std::vector<std::pair<std::size_t, double>>> cells(picks_);
    const auto& rows = instance_.model().rows;
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (const auto& [j, a] : rows[i].terms) cells[static_cast<std::size_t>(j)].emplace_back(i, a);
    std::vector<double> activity(rows.size(), 0);
    Taken taken(picks_, 0);
    const auto flip = [&](std::size_t j) {
      taken[j] = !taken[j];
      for (const auto& [i, a] : cells[j]) activity[i] += taken[j] ? a : -a;
    };
    const auto packed = [&](std::size_t j) {
      return std::all_of(cells[j].begin(), cells[j].end(),
                         [&](const auto& cell) { return activity[cell.first] <= rows[cell.first].upper + 1e-9; });
    };
    const auto whole = [&](std::size_t j) {
      return std::all_of(cells[j].begin(), cells[j].end(), [&](const auto& cell) {
        const auto& row = rows[cell.first];
        return activity[cell.first] <= row.upper + 1e-9 && activity[cell.first] >= row.lower - 1e-9;
      });
    };
    for (const auto j : order) {
      if (values[j] < kWhole && model_.columns[j].objective <= 0) continue;
      flip(j);
      if (!packed(j)) flip(j);
    }
    record(taken);
    for (int sweep = 0, gained = 1; gained && sweep < 50 && watch_.go_on(0); ++sweep) {
      gained = 0;
      for (std::size_t j = 0; j < picks_; ++j) {
        if (taken[j] || model_.columns[j].objective <= 0) continue;
        flip(j);
        if (whole(j)) {
          gained = 1;
          continue;
        }
        std::optional<std::size_t> out;
        for (std::size_t i = 0; i < picks_; ++i) {
          if (i == j || !taken[i]) continue;
          const auto change = model_.columns[j].objective - model_.columns[i].objective;
          if (change <= 1e-9 || (out && model_.columns[i].objective >= model_.columns[*out].objective)) continue;
          flip(i);
          if (whole(j) && whole(i)) out = i;
          flip(i);
        }
        if (out) {
          flip(*out);
          gained = 1;
        } else {
          flip(j);
        }
      }
    }
    record(taken);
  }

  // -- what has been found -------------------------------------------------------------------------------------------

  /// A bound below this is of no interest.
  double threshold() const {
    const auto& known = listing_ ? out_.second : out_.best;
    return known ? next_after(*known) : -milp::kInfinity;
  }

  double next_after(const Found& found) const {
    const auto* known = &found;
    const auto noise = 1e-9 * (1 + std::fabs(known->estimate));
    const auto grain = instance_.grain();
    return known->estimate + (grain > 4 * noise ? grain - noise : noise);
  }

  void record(const Taken& taken) {
    const auto estimate = instance_.estimate(taken);
    const auto noise = 1e-9 * (1 + std::fabs(estimate));
    if (out_.second && estimate < out_.second->estimate - noise) return;
    const auto value = instance_.value(taken);
    if (!value) return;
    if (!out_.best || out_.best->value < *value) {
      if (out_.best) out_.second = std::move(out_.best);
      out_.best = Found{taken, *value, estimate};
      out_.optima = {taken};
    } else if (out_.best->value == *value) {
      if (!listing_ || std::find(out_.optima.begin(), out_.optima.end(), taken) != out_.optima.end()) return;
      out_.optima.push_back(taken);
      if (out_.optima.size() > kMostOptima) out_.more_optima = true;
    } else if (!out_.second || out_.second->value < *value) {
      out_.second = Found{taken, *value, estimate};
    }
  }

  // -- the tree ------------------------------------------------------------------------------------------------------

  void tree(bool listing) {
    listing_ = listing;
    std::priority_queue<Node, std::vector<Node>, Worse> open;
    open.push({{}, out_.bound, 0});
    std::int64_t order = 0;
    while (!open.empty() && !stopped_ && !out_.more_optima) {
      auto node = open.top();
      open.pop();
      if (node.bound < threshold()) break;
      // Down one side to its end, the other sides kept for later.
      while (true) {
        if (!go_on()) {
          if (!listing_) out_.bound = std::max(node.bound, open.empty() ? node.bound : open.top().bound);
          return;
        }
        auto side = process(node);
        if (!side) break;
        side->order = ++order;
        open.push(std::move(*side));
      }
    }
  }

  bool go_on() {
    ++out_.nodes;
    // A tree does not tell how much of it is left. Nine tenths for the proof, the rest for the list.
    const auto done = 1 - 1 / (1 + static_cast<double>(out_.nodes) / 500);
    share_ = std::max(share_, listing_ ? 0.9 + 0.1 * done : 0.89 * done);
    if (out_.nodes >= limit_ || !watch_.go_on(share_)) stopped_ = true;
    return !stopped_;
  }

  void set(std::size_t j, double lower, double upper) {
    if (lower_[j] == lower && upper_[j] == upper) return;
    lower_[j] = lower;
    upper_[j] = upper;
    lp_.bound(static_cast<int>(j), lower, upper);
  }

  void enter(const Node& node) {
    std::vector<char> want(picks_, 2);
    for (const auto f : node.fixed) want[static_cast<std::size_t>(f / 2)] = f & 1;
    for (std::size_t j = 0; j < picks_; ++j) set(j, want[j] == 1 ? 1 : 0, want[j] == 0 ? 0 : 1);
  }

  /// Nothing when the node is done with; otherwise `node` is its preferred child and the answer the other one.
  std::optional<Node> process(Node& node) {
    enter(node);
    milp::Status status;
    std::optional<bool> fractional;
    for (int round = 0;; ++round) {
      status = lp_.solve(kPivots, watch_);
      if (status == milp::Status::infeasible) return std::nullopt;
      if (status != milp::Status::optimal) break;
      if (round == 0 && node.last >= 0)
        learn(static_cast<std::size_t>(node.last / 2), node.last & 1, node.part, node.parent - lp_.objective());
      const auto noise = 1e-9 * (1 + std::fabs(lp_.objective()));
      node.bound = std::min(node.bound, lp_.objective() + noise);
      if (node.bound < threshold()) return std::nullopt;
      fractional = false;
      for (std::size_t j = 0; j < picks_; ++j)
        if (lp_.values()[j] > kWhole && lp_.values()[j] < 1 - kWhole) fractional = true;
      if (!*fractional || round == 0) rounded(!*fractional);
      if (*fractional || round > 40 || !add(instance_.stream_cuts(lp_.values()))) break;
    }
    if (node.bound < threshold()) return std::nullopt;
    if (status != milp::Status::optimal) return branch_blindly(node);

    const std::vector<double> values(lp_.values().begin(), lp_.values().end()),
        reduced(lp_.reduced_costs().begin(), lp_.reduced_costs().end()), duals(lp_.duals().begin(), lp_.duals().end());
    const auto relaxed = lp_.objective() + 1e-9 * (1 + std::fabs(lp_.objective())), gap = relaxed - threshold();
    std::size_t free = 0;
    for (std::size_t j = 0; j < picks_; ++j) {
      if (lower_[j] == upper_[j]) continue;
      const bool up = values[j] > 1 - kWhole && reduced[j] > gap + 1e-9,
                 down = values[j] < kWhole && -reduced[j] > gap + 1e-9;
      if (!up && !down) {
        ++free;
        continue;
      }
      node.fixed.push_back(static_cast<std::int32_t>(2 * j + (up ? 1 : 0)));
      lower_[j] = upper_[j] = up ? 1 : 0;
      lp_.bound(static_cast<int>(j), lower_[j], upper_[j]);
    }
    if (free == 0 || free <= kEnumerated) {
      const Enumeration::Node here{relaxed, lower_, upper_, values, reduced, duals};
      if (enumeration_.run(
              here, [this] { return threshold(); }, kStepsOfANode,
              [this](const std::vector<char>& taken) { record(taken); }))
        return std::nullopt;
    }
    return branch(node, values, reduced);
  }

  void rounded(bool whole) {
    Taken taken(picks_, 0);
    for (std::size_t j = 0; j < picks_; ++j) taken[j] = lp_.values()[j] > (whole ? 0.5 : 1 - kWhole);
    record(taken);
  }

  /// What forcing a pick down (0) or up (1) has cost per unit so far.
  struct Worth {
    double sum[2] = {0, 0};
    int count[2] = {0, 0};
  };

  void learn(std::size_t pick, int way, double part, double fall) {
    auto& worth = worth_[pick];
    worth.sum[way] += std::max(0.0, fall) / std::max(part, kWhole);
    ++worth.count[way];
    all_[way] += std::max(0.0, fall) / std::max(part, kWhole);
    ++counted_[way];
  }

  double expected(std::size_t pick, int way) const {
    const auto& worth = worth_[pick];
    if (worth.count[way] > 0) return worth.sum[way] / worth.count[way];
    return counted_[way] > 0 ? all_[way] / static_cast<double>(counted_[way])
                             : std::fabs(model_.columns[pick].objective);
  }

  /// By what both sides are expected to lose.
  std::optional<Node> branch(Node& node, const std::vector<double>& values, const std::vector<double>& reduced) {
    const auto objective = lp_.objective();
    std::vector<std::pair<double, std::size_t>> open;
    const auto score = [&](double down, double up) { return std::max(down, 1e-6) * std::max(up, 1e-6); };
    for (std::size_t j = 0; j < picks_; ++j)
      if (lower_[j] < upper_[j] && values[j] > kWhole && values[j] < 1 - kWhole)
        open.emplace_back(score(expected(j, 0) * values[j], expected(j, 1) * (1 - values[j])), j);
    if (open.empty()) {
      std::optional<std::size_t> at;
      for (std::size_t j = 0; j < picks_; ++j)
        if (lower_[j] < upper_[j] && (!at || std::fabs(reduced[j]) > std::fabs(reduced[*at]))) at = j;
      if (!at) return std::nullopt;
      return split(node, *at, values[*at] > 0.5, 1, objective);
    }
    const auto j = std::max_element(open.begin(), open.end())->second;
    return split(node, j, values[j] > 0.5, values[j], objective);
  }

  std::optional<Node> branch_blindly(Node& node) {
    for (std::size_t j = 0; j < picks_; ++j)
      if (lower_[j] < upper_[j]) {
        auto other = split(node, j, true, 0.5, node.bound);
        node.last = other.last = -1;
        return other;
      }
    Taken taken(picks_, 0);
    for (std::size_t j = 0; j < picks_; ++j) taken[j] = lower_[j] > 0.5;
    record(taken);
    return std::nullopt;
  }

  /// `node` goes `up` or down, the answer the other way.
  static Node split(Node& node, std::size_t j, bool up, double value, double objective) {
    Node other{node.fixed, node.bound, 0};
    for (auto* side : {&node, &other}) {
      const bool way = side == &node ? up : !up;
      side->last = static_cast<std::int32_t>(2 * j + (way ? 1 : 0));
      side->fixed.push_back(side->last);
      side->part = way ? 1 - value : value;
      side->parent = objective;
    }
    return other;
  }

  // -- everything as good, and the next best
  // ---------------------------------------------------------------------------

  void list() {
    neighbours();
    tree(true);
    out_.listed = !stopped_ && !out_.more_optima;
    out_.second_proven = out_.listed;
    if (!out_.listed) out_.second.reset();
  }

  /// A good next best to begin with: the best with one pick turned over, or two.
  void neighbours() {
    constexpr std::size_t kMost = 400;
    auto taken = out_.best->taken;
    const auto turn = [&](std::size_t j) { taken[j] = !taken[j]; };
    for (std::size_t i = 0; i < picks_; ++i) {
      turn(i);
      record(taken);
      for (std::size_t j = i + 1; j < picks_ && picks_ <= kMost; ++j) {
        if (taken[i] == taken[j]) continue;
        turn(j);
        if (!out_.second || instance_.estimate(taken) > out_.second->estimate) record(taken);
        turn(j);
      }
      turn(i);
    }
  }

  const Instance& instance_;
  const Watch& watch_;
  std::size_t picks_;
  milp::Model model_;
  milp::Lp lp_;
  Enumeration enumeration_;
  std::vector<double> lower_, upper_;
  std::int64_t limit_ = 0;
  std::vector<Worth> worth_;
  double all_[2] = {0, 0};
  std::int64_t counted_[2] = {0, 0};
  std::size_t enumerated_ = 40;  ///< free picks of a node that is worth enumerating
  bool stopped_ = false, listing_ = false;
  double share_ = 0;
  Outcome out_;
};

}  // namespace

Outcome search(const Instance& instance, const Watch& watch) { return Search(instance, watch).run(); }

}  // namespace qy::engine::portfolio
