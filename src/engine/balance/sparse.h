#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/large_vector.h"

/// 稀疏对称分解: symmetric sparse matrices as L D L', the symbolic phase once, the numeric phase as often as needed.
namespace qy::engine::balance {

/// A pair of different rows of a symmetric matrix; the order of the two does not matter.
struct Pair {
  int first = 0;
  int second = 0;
};

/// Neighbours of every node of a graph, ascending, without repetition.
struct Adjacency {
  std::vector<int> start;  ///< size + 1
  std::vector<int> to;

  int size() const { return static_cast<int>(start.size()) - 1; }
  static Adjacency of(int size, std::span<const Pair> pairs);
};

/// An elimination order with little fill. Nodes of degree ≤ 2 go first, in rounds of nodes that are not neighbours, so
/// that the elimination tree of a long chain stays flat; the rest goes by approximate minimum degree (Amestoy, Davis,
/// Duff 1996). `hopeless` is set, and the order is left unfinished, when the rest spreads like a random graph: the
/// levels of a breadth-first search are so wide that L would have more than `fill_limit` entries a row.
std::vector<int> fill_reducing_order(const Adjacency& graph, double fill_limit, bool& hopeless);

/// The pattern of L: columns in postorder of the elimination tree, rows ascending in each column.
class Symbolic {
 public:
  Symbolic() = default;

  /// Analyses the pattern of `pairs` (repetitions allowed). More than `fill_limit` entries of L a row
  /// (negative: in any case): `too_full`.
  Symbolic(int size, std::span<const Pair> pairs, double fill_limit);

  int size() const { return size_; }
  bool too_full() const { return too_full_; }
  std::size_t entries() const { return row_.size(); }

  /// Where the original row is eliminated.
  int place(int original) const { return place_[static_cast<std::size_t>(original)]; }
  std::span<const int> places() const { return place_; }
  /// Entry of L of two different *places*; −1 when it is structurally zero.
  int slot(int place, int other) const;
  /// The first place that each of `places` (ascending, not empty) is, lies below or has in its front; what is in trees
  /// before its own does not count.
  int joint(std::span<const int> places) const;

  std::span<const int> start() const { return start_; }  ///< of column k: start()[k] … start()[k + 1]
  std::span<const int> row() const { return row_; }
  std::span<const int> relative() const { return relative_; }  ///< position of each entry in the parent's front
  std::span<const int> parent() const { return parent_; }      ///< −1 for a root
  std::span<const int> children() const { return children_; }  ///< how many
  std::size_t largest_front() const { return largest_front_; }

 private:
  int size_ = 0;
  bool too_full_ = false;
  LargeVector<int> place_, start_, row_, relative_, parent_, children_;
  std::size_t largest_front_ = 0;
};

struct SelectedInverse;

/// Quadratic forms b' V⁻¹ b that are asked before the inverse is selected and answered while it is: only then is all of
/// V⁻¹ on a column's front at hand, as one dense triangle. Each b has been carried up the elimination tree until one
/// front holds what is left of it (Factor::carry).
struct FrontForms {
  struct Form {
    int next = -1;      ///< of the same column
    int begin = 0;      ///< in `values`: the front's last row first, the column itself last
    double total = 0;   ///< Σ b, kept apart because differences would lose it
    double energy = 0;  ///< of what was eliminated on the way, at last the whole form
  };
  explicit FrontForms(int columns) : first(static_cast<std::size_t>(columns), -1), seen(first) {}

  /// Columns are visited downwards; what waits somewhat below `column` is fetched before it is needed.
  void expect(std::size_t column) const {
    constexpr std::size_t kFar = 24, kNear = 12;
    if (column < kFar) return;
    if (const int form = first[column - kFar]; form >= 0) __builtin_prefetch(&forms[static_cast<std::size_t>(form)]);
    if (const int form = first[column - kNear]; form >= 0) {
      const auto* at = values.data() + forms[static_cast<std::size_t>(form)].begin;
      __builtin_prefetch(at);
      __builtin_prefetch(at + 8);
    }
  }

  LargeVector<int> first;  ///< form by column; −1: none
  LargeVector<Form> forms;
  LargeVector<double> values;
  LargeVector<int> seen;  ///< working space of Factor::carry
  std::vector<int> reach;
  std::vector<std::size_t> paths;
};

/// The numeric phase of a symmetric matrix that needs no pivoting: positive definite or quasi-definite.
/// Fill `diagonal` (by place) and `entries` (by slot), then `factor`. Frontal, one column at a time, updates on a
/// stack.
class Factor {
 public:
  explicit Factor(const Symbolic& symbolic);

  void clear();
  void add_diagonal(int place, double value) { diagonal[static_cast<std::size_t>(place)] += value; }
  void add(int slot, double value) { entries[static_cast<std::size_t>(slot)] += value; }

  /// False when a pivot is zero or not finite; `failed_at` is its place.
  bool factor();
  /// The same for a grounded Laplacian, given by its edge weights > 0 (in `entries`, positive) and the weights to the
  /// ground (in `diagonal`). Pivots are sums and nothing is subtracted, so every entry keeps its relative accuracy
  /// whatever the ratio of the weights (Grassmann, Taksar, Heyman 1985).
  bool factor_laplacian();

  /// Solves in place; `x` is by place.
  void solve(std::span<double> x) const;
  /// b' V⁻¹ b of a vector with few nonzeros, along the paths of the elimination tree; with `selected` only as far as
  /// they join, because from there on it knows all entries. `work` is all zero before and after, as long as the matrix.
  double energy(std::span<const int> places, std::span<const double> values, std::vector<double>& work,
                const SelectedInverse* selected = nullptr) const;
  /// The same of a Laplacian, left to `forms` where one front holds what is left. The vector stands in `work` and is
  /// taken out of it; `places` are its nonzeros, `joint` is theirs (Symbolic::joint) or a place above, `total` is the
  /// vector's sum.
  void carry(std::span<const int> places, int joint, double total, std::span<double> work, FrontForms& forms) const;

  const Symbolic& symbolic() const { return *symbolic_; }

  LargeVector<double> diagonal;  ///< D after factoring
  LargeVector<double> entries;   ///< L after factoring
  LargeVector<double> ground;    ///< of a Laplacian: weight to the ground at the time of elimination
  int failed_at = -1;

 private:
  template <bool kLaplacian>
  bool run();
  double front_energy(std::size_t place, std::vector<double>& work, const SelectedInverse& selected) const;
  const Symbolic* symbolic_;
};

/// 选择逆 (Takahashi 1973; Erisman, Tinney 1975): entries of V⁻¹ where L has entries. For a Laplacian they are kept as
/// effective resistances, which loses no digits when the ground is far away.
struct SelectedInverse {
  bool resistances = false;
  LargeVector<double> diagonal;  ///< V⁻¹_kk, the resistance to the ground
  LargeVector<double> entries;   ///< V⁻¹_ij, or the resistance between i and j

  /// b' V⁻¹ b for b = e_i − e_j; a place of −1 is the ground; −1 as slot when one of them is.
  double resistance(int i, int j, int slot) const {
    if (i == j) return 0;
    if (i < 0) return diagonal[static_cast<std::size_t>(j)];
    if (j < 0) return diagonal[static_cast<std::size_t>(i)];
    const double between = entries[static_cast<std::size_t>(slot)];
    if (resistances) return between;
    return diagonal[static_cast<std::size_t>(i)] + diagonal[static_cast<std::size_t>(j)] - 2 * between;
  }
  double inverse(int i, int j, int slot) const;
};

SelectedInverse selected_inverse(const Factor& factor);
/// Answers `forms` on the way.
SelectedInverse selected_resistances(const Factor& laplacian, FrontForms* forms = nullptr);

}  // namespace qy::engine::balance
