#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/catalogue.h"
#include "base/decimal.h"
#include "base/result.h"
#include "base/watch.h"
#include "engine/indicators/indicators.h"

/// 方案组合优选: which cleaner production options to carry out, and in which year, under yearly budgets (0-1
/// programming).
///
///     max Σ value·x − overlaps + saved water, energy …   or   min Σ cost·x
///     yearly budgets, at most one of an exclusive group, prerequisites, targets, a greatest number of options
///
/// Every answer is verified in exact arithmetic; the bound is of floating point. Source: Lorie & Savage 1955,
/// Weingartner 1963 (capital budgeting); Duran & Grossmann 1986 (tangents of a concave saving); Nemhauser & Wolsey 1981
/// (cuts of a submodular saving); Vimont, Boussier & Vasquez 2008 (enumeration by reduced costs).
namespace qy::engine::portfolio {

/// 起始年: building may begin in `year`, 1 … years of the budget, and is then worth `value`.
struct Start {
  int year = 1;
  std::optional<Decimal> value;  ///< the option's own when not given
};

/// What an option changes in one row of an indicator system: the row's new answer, or a difference on its present
/// value.
struct RowChange {
  indicators::Answer answer;
  std::optional<Decimal> change;  ///< added to the present value, in the unit it was given in; differences add up
};

/// 清洁生产方案.
struct Option {
  std::string id;
  Decimal value;                           ///< NPV or another gain; may be negative
  std::vector<Decimal> cost;               ///< of each year from its start on; a negative cost is income
  std::map<std::string, Decimal> effects;  ///< "water_t" → 100
  std::map<std::string, Decimal> savings;  ///< stream → saved share of what is left of it, 0–1
  std::vector<std::string> needs;          ///< 前置方案: every one of them, begun no later
  std::vector<std::string> excludes;       ///< 互斥方案; either side may say so
  std::vector<Start> starts;               ///< empty: the first year
  bool must = false;                       ///< 必须实施
  std::map<std::string, RowChange> rows;   ///< of the level's indicator system
};

/// 共用物流: savings on one stream never count twice: saved = flow·(1 − Π(1 − share)).
struct Stream {
  std::string id;
  Decimal flow;        ///< > 0
  Decimal unit_value;  ///< of one unit saved, ≥ 0; part of the objective "value"
  std::string effect;  ///< what a saved unit counts for; "" for none
};

/// 重叠修正: what two options together gain more (or less) than the sum of both.
struct Overlap {
  std::string first, second;
  Decimal value;
  std::map<std::string, Decimal> effects;
};

/// 达到某一级: the indicator system and the enterprise's present answers. Options change rows; a row that several
/// options set takes the best of them and of the sum of the differences.
struct Goal {
  const rules::IndicatorSystem* system = nullptr;
  const rules::LevelRule* rule = nullptr;
  indicators::Input now;
  std::string level;  ///< "I", "II", "III": this or better
};

enum class Objective { value, cost };

struct Problem {
  Objective objective = Objective::value;
  std::vector<Option> options;  ///< 1–1000
  std::vector<Decimal> budget;  ///< of each year, ≥ 0; empty: no limit, one year
  bool carry_over = false;      ///< unused budget goes on to the next year
  std::map<std::string, Decimal> targets;
  std::optional<std::int64_t> max_selected;
  std::vector<std::vector<std::string>> exclusive;  ///< 互斥组: at most one of each
  std::vector<Stream> streams;
  std::vector<Overlap> overlaps;
  std::optional<Goal> goal;
  std::int64_t nodes = 200'000;  ///< of the search: what ends a hard problem that nobody stops
};

/// A set of options; `starts` holds the year of each.
struct Choice {
  double objective = 0;
  std::vector<std::string> selected;  ///< in the order of the options
  std::vector<int> starts;
};

enum class Status {
  optimal,
  feasible,    ///< stopped: the best found, its bound and gap
  infeasible,  ///< proven; `blocking` says by what
};

/// 阻碍: a demand that cannot be met together with the others.
struct Blocking {
  std::string name;  ///< "target water_t", "budget 2", "max_selected", "must a", "level II index", "level II row 5"
  double wanted = 0, short_by = 0;  ///< in the demand's unit; a row: 1 and 1
};

struct Note {
  std::string code;
  Params params;
};

/// 达标路径: what the chosen options make of the indicator system, by its exact arithmetic.
struct Path {
  std::optional<std::string> level_now, level_then;
  std::string index_now, index_then;  ///< of the level aimed at
  struct Rise {
    std::string row;
    indicators::Grade from, to;
    bool limiting = false;
    std::vector<std::string> options;  ///< the chosen ones that change the row
  };
  std::vector<Rise> rises;  ///< rows whose grade changes
};

struct Answer {
  Status status = Status::feasible;
  Choice best;                                   ///< empty when infeasible
  double bound = 0;                              ///< proven: nothing is better than this
  double lp_bound = 0;                           ///< of the linear relaxation
  double gap = 0;                                ///< |bound − objective| / max(|objective|, 1e-9)
  std::vector<std::vector<std::string>> optima;  ///< every optimal set when there are at most 16, else none
  std::vector<std::vector<int>> optima_starts;
  bool optima_known = false;          ///< false: more than 16, or the search was stopped before it knew
  std::optional<Choice> second_best;  ///< the best one that is not optimal
  bool second_best_known = false;     ///< false: the search was stopped before it knew
  /// 影子价格 (Lorie–Savage multipliers): what one more in that year's budget is worth in the linear relaxation; with
  /// `carry_over` also in all years after it. For the least cost: what it saves. ≥ 0.
  std::vector<double> budget_shadow_price;
  std::vector<Decimal> spent;             ///< in each year
  std::map<std::string, double> effects;  ///< reached, overlaps counted once
  std::map<std::string, double> saved;    ///< of each stream
  Decimal total_cost;
  std::vector<Blocking> blocking;
  std::optional<Path> path;
  std::vector<Note> notes;
  std::int64_t nodes = 0;
};

inline constexpr std::size_t kMostOptions = 1000, kMostYears = 30, kMostOptima = 16, kMostOptionsOfARow = 10;

/// Every mistake of a problem that can be seen without grading rows: input.invalid with portfolio.* at
/// "#/options/3/cost/1" and the like.
Result<void> check(const Problem& problem);

/// The best portfolio. Without a watch that stops it, it ends after `nodes`.
///
/// Errors: those of `check`; those of engine/indicators and portfolio.level_*, portfolio.row_* at "#/level/…" and
/// "#/options/3/rows/…"; compute.stopped when nothing was found in time.
Result<Answer> choose(const Problem& problem, const Watch& watch = {});

std::span<const Sentence> portfolio_messages();

}  // namespace qy::engine::portfolio
