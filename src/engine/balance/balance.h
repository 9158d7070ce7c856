#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/result.h"
#include "base/watch.h"
#include "engine/balance/linear.h"
#include "engine/balance/network.h"

/// 物料平衡与数据校正: balances of flow networks whose meters disagree. What each stream most probably was, how sure
/// that is, which streams nothing checks, and which meter or node is the likely culprit.
///
/// Sources: Václavek 1969; Mah, Stanley, Downing 1976; Crowe, Garcia Campos, Hrymak 1983 (projection); Mah, Tamhane
/// 1982; Serth, Heenan 1986; Narasimhan, Mah 1987 (GLR); Bagajewicz, Jiang 1998 (equivalent sets); Narasimhan, Jordache
/// 2000; VDI 2048. Missing numbers are NaN throughout.
namespace qy::engine::balance {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

/// 物料流. All streams of a model are in one unit per period; a change of stock is a stream to the outside.
struct Stream {
  Link link;
  Role role = Role::unmeasured;
  double value = 0;  ///< measured or fixed
  double sd = 0;     ///< standard deviation of a measured value, > 0
  double lower = 0;  ///< −kUnbounded: may run backwards
  double upper = kUnbounded;
};

struct Model {
  int nodes = 0;
  std::vector<Stream> streams;
  std::vector<Row> constraints;         ///< over streams
  std::vector<Covariance> covariances;  ///< of measured streams
};

/// 目标量 (KPI): Σ terms, or Σ terms / Σ per, over streams: total loss, recovery, water per tonne.
struct Target {
  std::vector<Term> terms;
  std::vector<Term> per;  ///< empty: 1
};

/// A meter that might be bought, or read a second time.
struct Meter {
  int stream = 0;
  double sd = 1;  ///< > 0
};

struct Options {
  double confidence = 0.95;  ///< of all tests
  /// Least share of a meter's variance that its adjustment is tested with (VDI 2048: 0.1), so that meters hardly
  /// checked raise no false alarm.
  double z_floor = 0;
  int most_suspects = 50;
  std::vector<Target> targets;
  std::vector<Meter> meters;  ///< candidates, each judged alone
};

enum class Status {
  solved,
  contradictory,  ///< what is fixed and required cannot hold together
  infeasible,     ///< the balances hold only outside the bounds
  too_large       ///< the constraints couple more than can be computed here
};

/// Why there is no solution, for people. `nodes` and `constraints` are the part where it shows.
struct Obstacle {
  std::vector<int> nodes;
  std::vector<int> constraints;
  double available = 0;  ///< infeasible: at most so much can enter (or leave) …
  double needed = 0;     ///< … and at least so much must leave (or enter); contradictory: the sum that should be 0
  bool entering = true;
};

/// 整体检验: γ = r'V⁻¹r against χ². Nothing to test: dof 0 and no verdict.
struct GlobalTest {
  double statistic = 0;
  int dof = 0;
  double threshold = kNone;
  double p_value = kNone;
  double lower_tail = kNone;  ///< P(χ² ≤ γ): below 0.001 the numbers close better than meters can
  std::optional<bool> passed;
};

/// 单一假设 of a gross error: a biased meter or fixed figure, or a leak (positive: leaves the node unrecorded).
struct Hypothesis {
  enum class Kind { bias, leak } kind = Kind::bias;
  int index = 0;         ///< stream or node
  double size = 0;       ///< in the streams' unit, re-estimated together with all found
  double statistic = 0;  ///< generalised likelihood ratio T ~ χ²(1); for suspects, when it was found
  double p_value = 1;
  bool significant = false;                               ///< beyond the Šidák level for the number of checked meters
  bool discovered = false;                                ///< Benjamini–Hochberg among all single biases and leaks
  std::vector<int> equivalent_streams, equivalent_nodes;  ///< explain the data exactly as well
};

struct StreamAnswer {
  double value = kNone;
  double sd = kNone;
  double adjustment = kNone;  ///< value − measured
  Class kind = Class::fixed;
  double z = kNone;            ///< adjustment over its standard deviation, redundant streams
  double z_max_power = kNone;  ///< the same of S⁻¹·adjustment; differs only with covariances
  bool at_bound = false;
};

struct NodeAnswer {
  double in = kNone, out = kNone;  ///< as given; none when a stream of the node has no number
  double difference = kNone, relative = kNone;
  double z = kNone;            ///< nodal test of the node as given
  double z_max_power = kNone;  ///< of the reduced balance that holds the node
};

struct TargetAnswer {
  double value = kNone;  ///< of the solution without bounds; none when a stream of it is unobservable
  double sd = kNone;
};

/// What a candidate meter does for a target; those that do nothing are left out.
struct MeterValue {
  int meter = 0;
  int target = 0;
  double sd_before = kNone, sd_after = kNone;
  double reduction = 0;  ///< of the variance, 0–1; 1 when only the meter makes the target known
};

struct Answer {
  Status status = Status::solved;
  Obstacle obstacle;
  std::vector<StreamAnswer> streams;
  std::vector<NodeAnswer> nodes;
  GlobalTest global;
  std::vector<Hypothesis> suspects;           ///< after serial elimination, strongest first
  std::vector<Hypothesis> hypotheses;         ///< strongest single ones before any elimination
  GlobalTest without_suspects;                ///< with the suspects' errors taken out
  std::vector<double> flow_without_suspects;  ///< empty when there are none
  std::vector<TargetAnswer> targets;
  std::vector<MeterValue> meters;  ///< by target, most useful first
  double closing = 0, closing_relative = 0;
  double leverage_sum_minus_rank = kNone;  ///< Foster 1949
  int active_bounds = 0;
  int factorisations = 0;
  bool variances_left_out = false;  ///< conjugate gradients, or cuts of enormous size
};

/// Reconciles. The model is valid: indices in range, sd > 0, lower ≤ upper, fixed values within bounds, covariances
/// positive definite with the variances. Errors: compute.stopped.
Result<Answer> reconcile(const Model& model, const Options& options, const Watch& watch = {});

/// 节点平衡: every node's balance as the numbers were given, without any adjustment.
std::vector<NodeAnswer> node_closures(const Model& model);

/// The first covariance that no set of meters can have together with the others and the variances (the matrix is not
/// positive definite), or whose block of correlated meters has more than 200 members.
std::optional<int> improper_covariance(const Model& model);

std::span<const Sentence> balance_messages();

}  // namespace qy::engine::balance
