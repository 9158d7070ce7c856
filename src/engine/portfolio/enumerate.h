#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/milp/milp.h"

namespace qy::engine::portfolio {

/// Depth-first enumeration of the picks that are free at a node. Every step away from the dual solution costs its
/// reduced cost, every unit of slack that a priced row can no longer use costs its shadow price; what costs more than
/// the gap is cut off. Rows are checked by their least and greatest possible activity.
class Enumeration {
 public:
  struct Node {
    double bound = 0;                      ///< objective of the node's relaxation
    std::span<const double> lower, upper;  ///< of all columns
    std::span<const double> values, reduced, duals;
  };

  Enumeration(const milp::Model& model, std::size_t picks) : model_(model), picks_(picks) { index(); }

  /// Calls `leaf` for every completion whose bound is at least `threshold()`; false when `steps` did not suffice.
  bool run(const Node& node, const std::function<double()>& threshold, std::int64_t steps,
           const std::function<void(const std::vector<char>&)>& leaf);

  /// After rows were added to the model.
  void index();

 private:
  struct Cell {
    int row;
    double coefficient;
  };
  void descend(std::size_t depth);
  bool fix(std::size_t pick, bool up);
  void release(std::size_t pick, bool up);
  struct Line {
    double least, most;   ///< activity that is still possible
    double lower, upper;  ///< with a tolerance
    double side;          ///< the one the price is for
    double price;         ///< |shadow price|
    bool upwards;         ///< that side is the upper one
    double missed;        ///< what the price loses because its side cannot be reached any more
  };
  static double missed(const Line& line);

  const milp::Model& model_;
  std::size_t picks_;
  std::vector<std::vector<Cell>> cells_;  ///< of each column
  const Node* node_ = nullptr;
  double floor_ = 0;  ///< the threshold, asked again after every leaf
  const std::function<double()>* threshold_ = nullptr;
  const std::function<void(const std::vector<char>&)>* leaf_ = nullptr;
  std::int64_t steps_ = 0;
  std::vector<std::size_t> order_;
  std::vector<Line> lines_;  ///< of each row
  std::vector<double> tolerance_;
  double penalty_ = 0;
  std::vector<char> taken_;
};

}  // namespace qy::engine::portfolio
