#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/balance/sparse.h"

/// 物料流网络: flow networks of one layer (mass, volume, energy), analysed once and solved as often as needed.
namespace qy::engine::balance {

/// The world outside; it has no balance.
inline constexpr int kEnvironment = -1;

/// 物料流: from one node to another.
struct Link {
  int from = kEnvironment;
  int to = kEnvironment;
};

/// What is known of a stream beforehand.
enum class Role : std::uint8_t { measured, unmeasured, fixed };

/// 可观测性与冗余: what the network says about a stream (Václavek 1969; Kretsovalis, Mah 1988).
enum class Class : std::uint8_t {
  redundant,     ///< measured, and the balances check it
  nonredundant,  ///< measured, nothing checks it
  observable,    ///< unmeasured, follows from others
  unobservable,  ///< unmeasured, lies on a cycle of unmeasured streams
  fixed
};

/// The structure of a network: contraction of unmeasured streams (exact Crowe projection of a graph), bridges of the
/// unmeasured part (Tarjan 1974), a spanning forest to work unmeasured flows out, and the pattern of the grounded
/// Laplacian of the rest. Knows no numbers; one object serves all periods, substances and draws.
class Network {
 public:
  /// More than `fill_limit` entries of L a row: solve by conjugate gradients instead of factoring.
  Network(int nodes, std::span<const Link> links, std::span<const Role> roles, double fill_limit = 100);

  int nodes() const { return nodes_; }
  int streams() const { return static_cast<int>(links_.size()); }
  std::span<const Link> links() const { return links_; }
  std::span<const Role> roles() const { return roles_; }
  std::span<const Class> classes() const { return classes_; }

  /// Independent balances that measurements check: the degrees of freedom of the global test.
  int rank() const { return symbolic_.size(); }
  bool iterative() const { return symbolic_.too_full(); }
  const Symbolic& symbolic() const { return symbolic_; }

  /// Row of the reduced system that holds a node; −1 for what is joined with the outside or chosen as ground.
  int row_of(int node) const { return node == kEnvironment ? -1 : row_[static_cast<std::size_t>(node)]; }
  int tail(int stream) const { return ends_[static_cast<std::size_t>(stream)].from; }
  int head(int stream) const { return ends_[static_cast<std::size_t>(stream)].to; }
  /// Both ends of every stream as rows.
  std::span<const Link> ends() const { return ends_; }
  /// Entry of L that joins the ends of a redundant stream; −1 when one end is ground.
  int slot(int stream) const { return slots_[static_cast<std::size_t>(stream)]; }

  /// Parts that neither reach the outside nor each other: a representative node each, and the part of every node (−1:
  /// reaches the outside).
  std::span<const int> islands() const { return islands_; }
  int island_of(int node) const { return island_[static_cast<std::size_t>(node)]; }

  /// One stream of the spanning forest of unmeasured streams: leaves first. `stream` carries what `child` needs.
  struct Branch {
    int stream;
    int child;
    int parent;  ///< a node, kEnvironment included
  };
  std::span<const Branch> forest() const { return forest_; }

 private:
  void contract();
  void span_unmeasured();

  int nodes_ = 0;
  std::vector<Link> links_, ends_;
  std::vector<Role> roles_;
  std::vector<Class> classes_;
  std::vector<int> row_, slots_, islands_, island_;
  std::vector<Branch> forest_;
  Symbolic symbolic_;
  double fill_limit_ = 0;
};

/// Numbers of one solve, by stream; unused places are ignored.
struct Readings {
  std::span<const double> value;     ///< measured or fixed
  std::span<const double> variance;  ///< of measured streams, > 0
  /// What enters a node besides its streams (a re-estimated leak, negative); empty when nothing does.
  std::span<const double> supply = {};
};

/// 校正结果 of the equality problem min Σ (x − y)²/σ² with A x = b.
struct Reconciled {
  bool solved = false;
  int bad_island = -1;             ///< not solved: what is fixed around this island does not add up
  double bad_sum = 0;              ///< … but leaves so much
  std::vector<double> flow;        ///< unobservable streams are NaN
  std::vector<double> multiplier;  ///< λ of every row of the reduced system
  std::vector<double> imbalance;   ///< r of every row, before
  double objective = 0;            ///< γ = r' V⁻¹ r
  double closing = 0;              ///< largest |A x − b| of a node
  double closing_relative = 0;     ///< … over what flows through that node
};

/// A network with its weights: everything that is asked of one set of variances.
class WeightedNetwork {
 public:
  /// Factors the Laplacian (or prepares conjugate gradients). `network` and `variance` must outlive this.
  WeightedNetwork(const Network& network, std::span<const double> variance);

  /// One solve with one step of iterative refinement.
  Reconciled reconcile(const Readings& readings) const;

  /// V⁻¹ of a right-hand side, in place.
  void solve(std::span<double> rhs) const;

  /// f' V⁻¹ f of a vector with few nonzeros, see Factor::energy.
  double energy(std::span<const int> rows, std::span<const double> values, std::vector<double>& work) const {
    return factor_.energy(rows, values, work, selected_.diagonal.empty() ? nullptr : &selected_);
  }

  /// Effective resistance and leverage of all redundant streams, by selected inversion, and the variances of the
  /// unmeasured streams. Not with `iterative()`; before what follows.
  void select();
  const SelectedInverse& selected() const { return selected_; }

  /// σ²·R of every redundant stream, 0 of the others. Their sum is the rank (Foster 1949).
  std::vector<double> leverages() const;

  /// Var(x) of every stream: exact for all classes; unobservable NaN.
  std::vector<double> variances() const;

  /// Var(Σ coefficient·x) of determinable streams, as a sum of squares: it keeps its digits where σ²(1 − h) does not,
  /// because what the readings are given is best and an error in it counts only squared.
  double variance_of(std::span<const double> coefficient) const;

  /// Σ coefficient·Cov(x_stream, x_k) for every stream k, for a combination of determinable streams.
  std::vector<double> covariance_with(std::span<const double> coefficient) const;

  const Network& network() const { return *network_; }
  std::span<const double> variance() const { return variance_; }

 private:
  double leverage(std::size_t redundant) const {
    const auto [tail, head] = network_->ends()[redundant];
    return variance_[redundant] * selected_.resistance(tail, head, network_->slot(static_cast<int>(redundant)));
  }

  std::vector<double> shares(std::span<const double> coefficient) const;

  const Network* network_;
  std::span<const double> variance_;
  Factor factor_;
  SelectedInverse selected_;
  std::vector<double> by_difference_;  ///< variance by branch of the forest
  std::vector<int> cancelled_;         ///< branches whose variance lost digits
  std::shared_ptr<const class Conjugate> conjugate_;
};

}  // namespace qy::engine::balance
