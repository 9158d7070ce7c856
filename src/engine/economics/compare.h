#pragma once

#include "engine/economics/economics.h"

/// 互斥方案比选: choosing one of options that exclude each other. Never by ranking rates of return.
namespace qy::engine::economics {

/// An option: its cash flow after tax, the first today.
struct Alternative {
  std::string id;
  std::vector<Decimal> flows;
};

struct Comparison {
  /// 计算期: the common study period in years. Unequal lives are repeated to their least common multiple, up to 200
  /// years; 0 when that is longer, and then the net annual value alone decides.
  int study_years = 0;
  struct Option {
    std::string id;
    int years = 0;            ///< its own life
    double first_cost = 0;    ///< present value of what is paid before the first surplus
    double npv = 0, nav = 0;  ///< over its own life
    std::optional<double> npv_study;
    std::vector<double> irr;
  };
  std::vector<Option> options;  ///< by first cost, the cheapest first
  /// The costlier against the best so far: is the additional investment worth it?
  struct Step {
    std::string from, to;        ///< from "": nothing is done
    std::vector<Decimal> flows;  ///< `to` less `from` over the study period; empty without one
    double npv = 0, nav = 0;     ///< of the difference (npv over the study period; 0 without one)
    std::vector<double> irr;
    bool accepted = false;
  };
  std::vector<Step> steps;
  std::string chosen;               ///< "": nothing is done
  std::vector<std::string> by_npv;  ///< over the study period (or by NAV), best first
  std::vector<Note> notes;
};

/// Compares at least two (or one, against doing nothing). With `must_choose` doing nothing is no option. Notes:
/// economics.irr_disagrees when the highest rate belongs to another option, economics.lives_repeated,
/// economics.nav_decides, economics.none_worth_it.
/// Source: Methods and Parameters 3rd ed.; Lorie and Savage 1955; Brealey and Myers, Principles of Corporate Finance.
Comparison compare(const std::vector<Alternative>& alternatives, const Decimal& discount_rate, bool must_choose);

}  // namespace qy::engine::economics
