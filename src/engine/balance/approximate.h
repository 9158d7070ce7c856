#pragma once

#include <span>
#include <vector>

namespace qy::engine::balance {

struct WeightedPair {
  int first = 0;
  int second = 0;  ///< −1: the ground
  double weight = 0;
};

/// 近似消元 (Kyng, Sachdeva 2016; Gao, Kyng, Spielman 2023): a grounded Laplacian eliminated vertex by vertex, but in
/// place of the clique that an eliminated vertex leaves only a tree of it, drawn so that the expected Laplacian is the
/// right one. L never grows much beyond the network, and L D L' is a good preconditioner where a true factor would
/// fill. Exact on trees. The draws begin from a fixed seed: the same network has the same factor.
struct ApproximateFactor {
  /// Every vertex must reach the ground. Weights > 0; repetitions are added up.
  ApproximateFactor(int size, std::span<const WeightedPair> pairs);

  std::vector<int> place;     ///< of every vertex in the order of elimination
  std::vector<int> start;     ///< of column k: start[k] … start[k + 1]
  std::vector<int> row;       ///< by place, in no order
  std::vector<double> share;  ///< −L
  std::vector<double> pivot;  ///< D
};

}  // namespace qy::engine::balance
