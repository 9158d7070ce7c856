#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/result.h"
#include "base/watch.h"

/// 水与副产物交换: water reuse inside a plant, and exchange of water and by-products between the members of a park.
///
/// Two models, both linear because no outlet concentration is a variable. Fixed load: an operation takes up a load, its
/// outlet is at its greatest concentration. Source–sink: the qualities of what leaves and of what may enter are data.
/// Source: Wang & Smith 1994 (target); Savelski & Bagajewicz 2000 (outlets at their greatest concentration are
/// optimal); Manan, Tan & Foo 2004 (cascade); Shapley 1953; Schmeidler 1969 and Kopelowitz 1967 (nucleolus).
namespace qy::engine::exchange {

/// 用水单元(定负荷): takes up `load` kg/h of one contaminant. Concentrations in ppm (g/t), flows in t/h.
struct Operation {
  std::string id;
  double load = 0;
  double in_max = 0, out_max = 0;
  std::string member;  ///< 成员企业; "" when costs are not shared
};

/// 再生单元: gives water of a fixed quality, whatever enters it.
struct Regenerator {
  std::string id;
  std::map<std::string, double> outlet;     ///< by substance; "" in the fixed-load model
  std::map<std::string, double> inlet_max;  ///< what may enter, by substance
  double recovery = 1;                      ///< outlet flow / inlet flow, 0–1]; the rest is waste
  double fixed_cost = 0, unit_cost = 0;     ///< when built; per unit of inlet flow
  double min_flow = 0;                      ///< of the inlet, when built
  std::optional<double> max_flow;
  std::string member;
};

/// 匹配: what is special about one pair. Pairs that are not listed are free, unless only listed ones are allowed.
struct Arc {
  std::string from, to;  ///< ids, or "fresh" and "waste"
  double fixed_cost = 0, unit_cost = 0;
  double min_flow = 0;  ///< when used
  std::optional<double> max_flow;
  bool forbidden = false;
};

struct FixedLoad {
  std::vector<Operation> operations;  ///< 1–200
  double fresh_quality = 0;
  double fresh_cost = 1;
  std::vector<Regenerator> regenerators;  ///< at most 20
};

/// 源: water or a by-product that leaves somewhere.
struct Source {
  std::string id;
  double flow = 0;                        ///< > 0
  std::map<std::string, double> quality;  ///< concentration by substance, ≥ 0
  double cost = 0;                        ///< per unit taken by a sink or a regenerator
  std::string member;
  std::optional<int> max_partners;  ///< sinks and regenerators it may go to
};

/// 阱: what needs it.
struct Sink {
  std::string id;
  double flow = 0;                    ///< > 0; with `flow_max` the least flow, ≥ 0
  std::optional<double> flow_max;     ///< may take up to this
  double value = 0;                   ///< per unit taken (what it replaces)
  std::map<std::string, double> max;  ///< greatest concentration of the mixture by substance
  std::string member;
  std::optional<int> max_partners;  ///< sources and regenerators it may take from; fresh does not count
};

struct Fresh {
  std::map<std::string, double> quality;
  double cost = 0;  ///< per unit
  std::optional<double> max_flow;
};

struct Network {
  std::vector<Source> sources;  ///< at most 300
  std::vector<Sink> sinks;      ///< 1–300
  std::optional<Fresh> fresh;
  double waste_cost = 0;  ///< per unit discharged
  std::vector<Arc> arcs;
  bool only_listed_arcs = false;
  std::vector<Regenerator> regenerators;  ///< at most 20
  /// 个体理性: nobody's own costs may exceed what they are alone.
  bool individual_rationality = false;
  std::int64_t nodes = 20'000;  ///< of the branch and cut: what ends a hard problem that nobody stops
};

enum class Sharing { none, shapley, nucleolus };

enum class Status { optimal, feasible, infeasible };

struct Match {
  std::string from, to;
  double flow = 0;
};

/// 成员: its costs alone, in the network before transfers, and its fair part.
struct Member {
  std::string id;
  std::optional<double> alone;   ///< nothing when it cannot stand alone
  std::optional<double> direct;  ///< fresh, waste and what it pays for what it takes; nothing in the fixed-load model
  std::optional<double> share;   ///< by the sharing asked for; all shares add up to the cost
};

struct Note {
  std::string code;
  Params params;
};

struct Answer {
  Status status = Status::optimal;
  double fresh = 0, waste = 0, cost = 0;
  double bound = 0;  ///< proven: no network costs less
  std::vector<Match> matches;
  std::vector<std::string> built;  ///< regenerators
  std::vector<Member> members;
  std::vector<std::string> blocking;  ///< when infeasible: "sink K1", "source S2" …
  std::vector<Note> notes;

  // Fixed load only.
  std::optional<double> target;    ///< least fresh water by the composite curve
  std::optional<double> no_reuse;  ///< fresh water when every operation takes fresh water only
  std::optional<double> pinch;     ///< concentration that decides the target
};

inline constexpr std::size_t kMostShapley = 12, kMostMembers = 24;

/// 水夹点: max over c of (load taken up below c)/(c − c₀), in t/h, and the least c where it is reached.
struct Target {
  double fresh = 0, pinch = 0;
};
Target pinch_target(const std::vector<Operation>& operations, double fresh_quality);

/// Every mistake: input.invalid with exchange.* at "#/operations/2/load" and the like.
Result<void> check(const FixedLoad& problem, Sharing sharing);
Result<void> check(const Network& problem, Sharing sharing);

/// The least cost of fixed loads; without regenerators that is the least fresh water and equals the pinch target.
/// Errors: those of `check`; compute.stopped.
Result<Answer> design(const FixedLoad& problem, Sharing sharing, const Watch& watch = {});

/// The least cost of a network of sources and sinks. `bound` and `status` tell how far it is proven.
/// Errors: those of `check`; compute.stopped.
Result<Answer> design(const Network& problem, Sharing sharing, const Watch& watch = {});

std::span<const Sentence> exchange_messages();

}  // namespace qy::engine::exchange
