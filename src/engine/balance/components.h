#pragma once

#include "engine/balance/balance.h"

/// 多组分平衡: flows and mass fractions of several substances reconciled together.
namespace qy::engine::balance {

/// Mass fraction of one component in one stream.
struct Fraction {
  Role role = Role::unmeasured;
  double value = 0;
  double sd = 0;
};

/// 转移系数: the share of a component's inflow of `node` that leaves with `stream`.
struct Transfer {
  int node = 0;
  int stream = 0;
  int component = 0;
  double coefficient = 0;
};

struct ComponentModel {
  Model base;                       ///< flows; no covariances with fractions
  int components = 0;               ///< C
  std::vector<Fraction> fractions;  ///< of stream j and component c at j·C + c
  std::vector<int> splitters;       ///< nodes whose outlets have the composition of what enters
  std::vector<Transfer> transfers;
  std::vector<std::pair<int, int>> reacting;  ///< (node, component): made or consumed there, no balance
  bool complete = false;                      ///< the components are all there is: fractions of a stream sum to 1
};

struct ComponentAnswer {
  /// Over the streams, then the fractions in their order: values, sd, classes, z, suspects (`index` counts on). Tests
  /// and sd are those of the problem linearised at the solution.
  Answer answer;
  int iterations = 0;
  bool converged = false;
  double other_objective = kNone;  ///< of the second start, when it ended elsewhere
};

/// Gauss–Newton on the bilinear balances A F = 0, A (F∘w) = 0 (Knepper, Gorman 1980; Crowe 1986; Pai, Fisher 1988),
/// damped by an ℓ₁ merit function; every step by the block Laplacian, which is analysed once. Where flows have no meter
/// two starts are compared and the better one is given. Fractions stay in 0–1, flows in their bounds. Errors:
/// compute.stopped.
Result<ComponentAnswer> reconcile(const ComponentModel& model, const Options& options, const Watch& watch = {});

}  // namespace qy::engine::balance
