#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/balance/network.h"

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// Where less than this share of a variance is left, σ²(1 − h) has lost digits; the combination of readings has not.
constexpr double kCancelled = 1e-7;
/// Such streams times all streams at most: each costs a solve.
constexpr size_t kMostAgain = 20'000'000;

/// Work on sets of streams around subtrees at most; a network beyond it leaves variances out (NaN).
constexpr size_t kMostWork = 400'000'000, kMostValues = 30'000'000;

/// The determinable unmeasured streams: each is the balance of everything metered around one side of it. With T the
/// subtree of the forest on that side, its variance is Σσ² over the metered streams that cross T's border, less
/// b' V⁻¹ b for b = Σσ²(e_T − e_other).
class Cuts {
 public:
  Cuts(const Network& network, std::span<const double> variance) : network_(network), forms_(network.rank()) {
    list_crossings();
    order_subtrees();
    list_neighbours(variance);
  }

  /// Carries every cut's b to where the selected inverse will answer it.
  void ask(const Factor& factor) {
    const auto forest = network_.forest();
    const auto classes = network_.classes();
    work_.assign(at(network_.rank()), 0.0);
    asked_.reserve(pieces_.size());
    forms_.forms.reserve(pieces_.size());
    const auto front = 2 + 2 * factor.entries.size() / std::max<size_t>(1, work_.size());
    forms_.values.reserve(std::min(kMostValues, pieces_.size() * front));
    for (size_t i = 0; i < pieces_.size() && spent_ <= kMostWork && forms_.values.size() <= kMostValues; ++i)
      if (classes[at(forest[at(pieces_[i].branch)].stream)] == Class::observable) ask(i, factor);
  }

  FrontForms& forms() { return forms_; }

  /// By branch of the forest; NaN when it is not determinable or was left out.
  std::vector<double> variances() const {
    std::vector<double> out(pieces_.size(), kNothing);
    for (size_t form = 0; form < asked_.size(); ++form)
      out[at(asked_[form].branch)] = std::max(0.0, asked_[form].own - forms_.forms[form].energy);
    return out;
  }

  /// Branches of whose variance little is left.
  std::vector<int> cancelled() const {
    std::vector<int> out;
    for (size_t form = 0; form < asked_.size(); ++form)
      if (asked_[form].own - forms_.forms[form].energy < kCancelled * asked_[form].own)
        out.push_back(asked_[form].branch);
    return out;
  }

 private:
  struct Piece {
    int branch, row, end;  ///< the subtree below reaches to the piece `end`
  };
  struct Neighbour {
    int piece, row;  ///< −1: of none
    double weight;
  };
  struct Asked {
    int branch;
    double own;
  };

  /// The metered streams that end in a subtree, 2·stream, 1 more for the end that `to` is.
  void list_crossings() {
    const auto forest = network_.forest();
    const auto links = network_.links();
    const auto roles = network_.roles();
    place_.assign(at(network_.nodes()) + 1, -1);  // the outside comes first
    for (size_t b = 0; b < forest.size(); ++b) place_[at(forest[b].child + 1)] = static_cast<int>(b);
    crossings_ = LargeVector<int>(2 * links.size());
    // Without a branch, because there is nothing to guess.
    for (size_t j = 0; j < links.size(); ++j) {
      const auto [from, to] = links[j];
      if (roles[j] != Role::measured || from == to) continue;
      crossings_[crossed_] = static_cast<int>(2 * j);
      crossed_ += place_[at(from + 1)] >= 0;
      crossings_[crossed_] = static_cast<int>(2 * j + 1);
      crossed_ += place_[at(to + 1)] >= 0;
    }
  }

  /// The branches in an order in which every subtree is one piece, and what shares a row of the factor, or when it has
  /// none the row of a neighbour, stands together as it does there: neighbours in the factor are then near in memory.
  void order_subtrees() {
    const auto forest = network_.forest();
    const auto ends = network_.ends();
    std::vector<int> row(forest.size());
    for (size_t b = 0; b < forest.size(); ++b) row[b] = network_.row_of(forest[b].child);
    for (size_t i = 0; i < crossed_; ++i) {
      const auto [own, other] = seen_from(crossings_[i], ends);
      if (own >= 0 || other < 0) continue;
      auto& near = row[at(place_[at(seen_from(crossings_[i], network_.links()).from + 1)])];
      near = near < 0 ? other : std::min(near, other);
    }
    // Leaves come first in the forest, so that sizes add up forwards and places are dealt out backwards.
    std::vector<int> above(forest.size()), size(forest.size(), 1), end(forest.size());
    std::vector<int> end_of_row(at(network_.rank()) + 2, 0);
    for (size_t b = 0; b < forest.size(); ++b) {
      above[b] = place_[at(forest[b].parent + 1)];
      if (above[b] < 0) {
        end_of_row[at(row[b] + 1)] += size[b];
        continue;
      }
      size[at(above[b])] += size[b];
      row[at(above[b])] = std::max(row[at(above[b])], row[b]);
    }
    for (size_t r = 1; r < end_of_row.size(); ++r) end_of_row[r] += end_of_row[r - 1];
    pieces_.resize(forest.size());
    for (size_t b = forest.size(); b-- > 0;) {
      int& free = above[b] < 0 ? end_of_row[at(row[b] + 1)] : end[at(above[b])];
      end[b] = free;
      free -= size[b];
      pieces_[at(free)] = {static_cast<int>(b), network_.row_of(forest[b].child), end[b]};
      place_[at(forest[b].child + 1)] = free;
    }
  }

  void list_neighbours(std::span<const double> variance) {
    const auto links = network_.links();
    const auto ends = network_.ends();
    start_.assign(pieces_.size() + 2, 0);
    for (size_t i = 0; i < crossed_; ++i) ++start_[at(place_[at(seen_from(crossings_[i], links).from + 1)]) + 2];
    for (size_t i = 0; i < pieces_.size(); ++i) start_[i + 2] += start_[i + 1];
    neighbours_ = LargeVector<Neighbour>(crossed_);
    for (size_t i = 0; i < crossed_; ++i) {
      const auto [own, other] = seen_from(crossings_[i], links);
      neighbours_[at(start_[at(place_[at(own + 1)]) + 1]++)] = {
          place_[at(other + 1)], seen_from(crossings_[i], ends).to, variance[at(crossings_[i] / 2)]};
    }
  }

  static Link seen_from(int crossing, std::span<const Link> links) {
    const auto [from, to] = links[at(crossing / 2)];
    return crossing % 2 ? Link{to, from} : Link{from, to};
  }

  void ask(size_t piece, const Factor& factor) {
    const auto [branch, row, end] = pieces_[piece];
    double own = 0, inside = 0, total = 0;
    places_.clear();
    for (auto k = at(start_[piece]); k < at(start_[at(end)]); ++k) {
      const auto& [beyond, other, weight] = neighbours_[k];
      if (beyond >= static_cast<int>(piece) && beyond < end) continue;
      own += weight;
      if (other == row) continue;
      inside += weight;
      if (other < 0) {
        total += weight;
        continue;
      }
      if (work_[at(other)] == 0) places_.push_back(other);
      work_[at(other)] -= weight;
    }
    spent_ += at(end) - piece + at(start_[at(end)] - start_[piece]) + 50 * (1 + places_.size());
    asked_.push_back({branch, own});
    if (row >= 0) {
      work_[at(row)] = inside;
      factor.carry(places_, row, total, work_, forms_);  // its later neighbours are in its front
    } else if (!places_.empty()) {
      std::sort(places_.begin(), places_.end());
      factor.carry(places_, factor.symbolic().joint(places_), -inside, work_, forms_);
    } else {
      forms_.forms.emplace_back();
    }
  }

  const Network& network_;
  FrontForms forms_;
  LargeVector<int> place_;  ///< of each node and the outside: its branch, then its piece
  LargeVector<int> crossings_;
  size_t crossed_ = 0;
  LargeVector<Piece> pieces_;
  std::vector<int> start_, places_;
  LargeVector<Neighbour> neighbours_;
  std::vector<Asked> asked_;
  LargeVector<double> work_;
  size_t spent_ = 0;
};

}  // namespace

void WeightedNetwork::select() {
  if (!selected_.diagonal.empty() || (network_->rank() == 0 && network_->forest().empty())) return;
  Cuts cuts(*network_, variance_);
  cuts.ask(factor_);
  selected_ = selected_resistances(factor_, &cuts.forms());
  by_difference_ = cuts.variances();
  cancelled_ = cuts.cancelled();
}

std::vector<double> WeightedNetwork::variances() const {
  const auto& network = *network_;
  const auto classes = network.classes();
  std::vector<double> out(at(network.streams()));
  std::vector<size_t> again;
  for (size_t j = 0; j < out.size(); ++j)
    if (classes[j] == Class::redundant) {
      const double left = 1 - leverage(j);
      out[j] = variance_[j] * std::max(0.0, left);
      if (left < kCancelled) again.push_back(j);
    } else {
      out[j] = classes[j] == Class::nonredundant ? variance_[j] : classes[j] == Class::fixed ? 0.0 : kNothing;
    }
  for (size_t b = 0; b < by_difference_.size(); ++b) out[at(network.forest()[b].stream)] = by_difference_[b];
  for (const int branch : cancelled_) again.push_back(at(network.forest()[at(branch)].stream));
  if (again.size() * out.size() > kMostAgain) return out;
  std::vector<double> unit(out.size(), 0.0);
  for (const auto j : again) {
    unit[j] = 1;
    out[j] = variance_of(unit);
    unit[j] = 0;
  }
  return out;
}

double WeightedNetwork::variance_of(std::span<const double> coefficient) const {
  const auto share = shares(coefficient);
  double sum = 0;
  for (size_t j = 0; j < share.size(); ++j)
    if (share[j] != 0) sum += variance_[j] * share[j] * share[j];
  return sum;
}

/// What the combination takes from each reading: Σ coefficient·x = Σ share·y + what is fixed.
std::vector<double> WeightedNetwork::shares(std::span<const double> coefficient) const {
  const auto& network = *network_;
  const auto links = network.links();
  const auto ends = network.ends();
  const auto roles = network.roles();
  const auto forest = network.forest();
  // A coefficient of an unmeasured stream counts for everything that enters its side of the forest.
  std::vector<double> potential(at(network.nodes()), 0.0);
  for (auto branch = forest.rbegin(); branch != forest.rend(); ++branch) {
    const auto stream = at(branch->stream);
    const double own = links[stream].from == branch->child ? coefficient[stream] : -coefficient[stream];
    potential[at(branch->child)] = own + (branch->parent == kEnvironment ? 0.0 : potential[at(branch->parent)]);
  }
  const auto of = [&](int node) { return node == kEnvironment ? 0.0 : potential[at(node)]; };
  std::vector<double> share(links.size(), 0.0), rhs(at(network.rank()), 0.0);
  for (size_t j = 0; j < links.size(); ++j) {
    if (roles[j] != Role::measured) continue;
    share[j] = coefficient[j] + of(links[j].to) - of(links[j].from);
    const auto [tail, head] = ends[j];
    if (tail == head) continue;
    if (head >= 0) rhs[at(head)] += variance_[j] * share[j];
    if (tail >= 0) rhs[at(tail)] -= variance_[j] * share[j];
  }
  solve(rhs);
  for (size_t j = 0; j < links.size(); ++j) {
    const auto [tail, head] = ends[j];
    if (roles[j] == Role::measured && tail != head)
      share[j] -= (head >= 0 ? rhs[at(head)] : 0.0) - (tail >= 0 ? rhs[at(tail)] : 0.0);
  }
  return share;
}

std::vector<double> WeightedNetwork::covariance_with(std::span<const double> coefficient) const {
  const auto& network = *network_;
  const auto links = network.links();
  const auto roles = network.roles();
  const auto nodes = at(network.nodes());
  auto cov = shares(coefficient);
  std::vector<double> net(nodes, 0.0);
  for (size_t j = 0; j < links.size(); ++j) {
    if (roles[j] != Role::measured) continue;
    cov[j] *= variance_[j];
    if (links[j].to >= 0) net[at(links[j].to)] += cov[j];
    if (links[j].from >= 0) net[at(links[j].from)] -= cov[j];
  }
  for (const auto& branch : network.forest()) {
    const auto stream = at(branch.stream);
    const double carried = net[at(branch.child)];
    cov[stream] = links[stream].from == branch.child ? carried : -carried;
    if (branch.parent != kEnvironment) net[at(branch.parent)] += carried;
  }
  for (size_t j = 0; j < cov.size(); ++j)
    if (network.classes()[j] == Class::unobservable) cov[j] = kNothing;
  return cov;
}

}  // namespace qy::engine::balance
