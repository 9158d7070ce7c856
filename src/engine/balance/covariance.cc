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

/// Work on sets of streams around subtrees at most; a network beyond it leaves variances out (NaN).
constexpr size_t kMostWork = 400'000'000, kMostValues = 30'000'000;

/// The determinable unmeasured streams: each is the balance of everything metered around one side of it. With T the
/// subtree of the forest on that side, its variance is Σσ² over the metered streams that cross T's border, less
/// b' V⁻¹ b for b = Σσ²(e_T − e_other).
class Cuts {
 public:
  explicit Cuts(const Network& network) : network_(network), forms_(network.rank()) { order_subtrees(); }

  /// Carries every cut's b to where the selected inverse will answer it.
  void ask(const Factor& factor, std::span<const double> variance) {
    list_neighbours(variance);
    side_.assign(at(network_.nodes()), -1);
    work_.assign(at(network_.rank()), 0.0);
    for (size_t i = 0; i < pieces_.size() && spent_ <= kMostWork && forms_.values.size() <= kMostValues; ++i)
      if (network_.classes()[at(network_.forest()[at(pieces_[i].branch)].stream)] == Class::observable) ask(i, factor);
  }

  FrontForms& forms() { return forms_; }

  /// By branch of the forest; NaN when it is not determinable or was left out.
  std::vector<double> variances() const {
    std::vector<double> out(pieces_.size(), kNothing);
    for (size_t form = 0; form < asked_.size(); ++form)
      out[at(asked_[form].branch)] = std::max(0.0, asked_[form].own - forms_.forms[form].energy);
    return out;
  }

 private:
  struct Piece {
    int branch, node, row, end;  ///< the subtree below reaches to the piece `end`
  };
  struct Neighbour {
    int node, row;
    double weight;
  };
  struct Asked {
    int branch;
    double own;
  };

  /// The branches in an order in which every subtree is one piece, and what shares a row of the factor stands together
  /// as it does there: neighbours in the factor are then near in memory.
  void order_subtrees() {
    const auto forest = network_.forest();
    std::vector<int> branch_of(at(network_.nodes()), -1);
    for (size_t b = 0; b < forest.size(); ++b) branch_of[at(forest[b].child)] = static_cast<int>(b);
    // Leaves come first in the forest, so that sizes add up forwards and places are dealt out backwards.
    std::vector<int> above(forest.size()), size(forest.size(), 1), end(forest.size());
    std::vector<int> end_of_row(at(network_.rank()) + 2, 0);
    for (size_t b = 0; b < forest.size(); ++b) {
      const auto [stream, child, parent] = forest[b];
      above[b] = parent == kEnvironment ? -1 : branch_of[at(parent)];
      if (above[b] >= 0) size[at(above[b])] += size[b];
      ++end_of_row[at(network_.row_of(child) + 1)];
    }
    for (size_t row = 1; row < end_of_row.size(); ++row) end_of_row[row] += end_of_row[row - 1];
    pieces_.resize(forest.size());
    for (size_t b = forest.size(); b-- > 0;) {
      const int row = network_.row_of(forest[b].child);
      int& free = above[b] < 0 ? end_of_row[at(row + 1)] : end[at(above[b])];
      end[b] = free;
      free -= size[b];
      pieces_[at(free)] = {static_cast<int>(b), forest[b].child, row, end[b]};
    }
  }

  void list_neighbours(std::span<const double> variance) {
    const auto links = network_.links();
    const auto ends = network_.ends();
    const auto roles = network_.roles();
    std::vector<int> place(at(network_.nodes()), -1);
    for (size_t i = 0; i < pieces_.size(); ++i) place[at(pieces_[i].node)] = static_cast<int>(i);
    std::vector<std::pair<int, Neighbour>> found;
    found.reserve(4 * pieces_.size());
    start_.assign(pieces_.size() + 1, 0);
    for (size_t j = 0; j < links.size(); ++j) {
      const auto [from, to] = links[j];
      if (roles[j] != Role::measured || from == to) continue;
      if (const int i = from < 0 ? -1 : place[at(from)]; i >= 0) {
        found.push_back({i, {to, ends[j].to, variance[j]}});
        ++start_[at(i) + 1];
      }
      if (const int i = to < 0 ? -1 : place[at(to)]; i >= 0) {
        found.push_back({i, {from, ends[j].from, variance[j]}});
        ++start_[at(i) + 1];
      }
    }
    for (size_t i = 0; i < pieces_.size(); ++i) start_[i + 1] += start_[i];
    neighbours_.resize(found.size());
    auto cursor = start_;
    for (const auto& [i, neighbour] : found) neighbours_[at(cursor[at(i)]++)] = neighbour;
  }

  void ask(size_t piece, const Factor& factor) {
    const auto [branch, root, row, end] = pieces_[piece];
    for (auto i = piece; i < at(end); ++i) side_[at(pieces_[i].node)] = branch;
    double own = 0, inside = 0, total = 0;
    places_.clear();
    for (auto k = start_[piece]; k < start_[at(end)]; ++k) {
      const auto& [node, other, weight] = neighbours_[at(k)];
      if (node != kEnvironment && side_[at(node)] == branch) continue;
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
    if (row < 0)
      total = -inside;
    else if (inside > 0)
      places_.push_back(row), work_[at(row)] = inside;
    std::sort(places_.begin(), places_.end());
    values_.clear();
    for (const int place : places_) values_.push_back(std::exchange(work_[at(place)], 0.0));
    spent_ += at(end) - piece + at(start_[at(end)] - start_[piece]) + 50 * (1 + places_.size());
    asked_.push_back({branch, own});
    factor.carry(places_, values_, total, work_, forms_);
  }

  const Network& network_;
  FrontForms forms_;
  std::vector<Piece> pieces_;
  std::vector<int> start_, side_, places_;
  std::vector<Neighbour> neighbours_;
  std::vector<Asked> asked_;
  std::vector<double> work_, values_;
  size_t spent_ = 0;
};

}  // namespace

void WeightedNetwork::select() {
  if (!selected_.diagonal.empty() || (network_->rank() == 0 && network_->forest().empty())) return;
  Cuts cuts(*network_);
  cuts.ask(factor_, variance_);
  selected_ = selected_resistances(factor_, &cuts.forms());
  by_difference_ = cuts.variances();
}

std::vector<double> WeightedNetwork::variances() const {
  const auto& network = *network_;
  const auto classes = network.classes();
  std::vector<double> out(at(network.streams()));
  for (size_t j = 0; j < out.size(); ++j)
    if (classes[j] == Class::redundant)
      out[j] = variance_[j] * std::max(0.0, 1 - leverage(j));
    else
      out[j] = classes[j] == Class::nonredundant ? variance_[j] : classes[j] == Class::fixed ? 0.0 : kNothing;
  for (size_t b = 0; b < by_difference_.size(); ++b) out[at(network.forest()[b].stream)] = by_difference_[b];
  return out;
}

std::vector<double> WeightedNetwork::covariance_with(std::span<const double> coefficient) const {
  const auto& network = *network_;
  const auto links = network.links();
  const auto ends = network.ends();
  const auto roles = network.roles();
  const auto forest = network.forest();
  const auto nodes = at(network.nodes());
  // A coefficient of an unmeasured stream counts for everything that enters its side of the forest.
  std::vector<double> potential(nodes, 0.0);
  for (auto branch = forest.rbegin(); branch != forest.rend(); ++branch) {
    const auto stream = at(branch->stream);
    const double own = links[stream].from == branch->child ? coefficient[stream] : -coefficient[stream];
    potential[at(branch->child)] = own + (branch->parent == kEnvironment ? 0.0 : potential[at(branch->parent)]);
  }
  const auto of = [&](int node) { return node == kEnvironment ? 0.0 : potential[at(node)]; };
  std::vector<double> cov(links.size(), 0.0), rhs(at(network.rank()), 0.0);
  for (size_t j = 0; j < links.size(); ++j) {
    if (roles[j] != Role::measured) continue;
    cov[j] = variance_[j] * (coefficient[j] + of(links[j].to) - of(links[j].from));
    const auto [tail, head] = ends[j];
    if (tail == head) continue;
    if (head >= 0) rhs[at(head)] += cov[j];
    if (tail >= 0) rhs[at(tail)] -= cov[j];
  }
  solve(rhs);
  std::vector<double> net(nodes, 0.0);
  for (size_t j = 0; j < links.size(); ++j) {
    if (roles[j] != Role::measured) continue;
    const auto [tail, head] = ends[j];
    if (tail != head) cov[j] -= variance_[j] * ((head >= 0 ? rhs[at(head)] : 0.0) - (tail >= 0 ? rhs[at(tail)] : 0.0));
    if (links[j].to >= 0) net[at(links[j].to)] += cov[j];
    if (links[j].from >= 0) net[at(links[j].from)] -= cov[j];
  }
  for (const auto& branch : forest) {
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
