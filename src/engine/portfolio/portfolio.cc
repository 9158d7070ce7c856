#include "engine/portfolio/portfolio.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "engine/portfolio/instance.h"
#include "engine/portfolio/search.h"

namespace qy::engine::portfolio {
namespace {

/// Every mistake of a problem at its place.
class Check {
 public:
  explicit Check(const Problem& problem) : problem_(problem) {}

  std::vector<FieldError> run() {
    names();
    amounts();
    links();
    streams();
    return std::move(complaints_);
  }

 private:
  void complain(std::string pointer, const char* code, Params params = {}) {
    constexpr std::size_t kMost = 1000;
    if (complaints_.size() < kMost) complaints_.push_back({std::move(pointer), code, std::move(params)});
  }
  static std::string at(const char* list, std::size_t i, const std::string& rest = {}) {
    return std::string("#/") + list + "/" + std::to_string(i) + (rest.empty() ? "" : "/" + rest);
  }

  void size(const std::string& pointer, const Decimal& value) {
    static const auto kMost = Decimal::of("1e12");
    if (value > kMost || -value > kMost) complain(pointer, "portfolio.too_large", {{"limit", "1 000 000 000 000"}});
  }

  void names() {
    if (problem_.options.empty()) complain("#/options", "portfolio.no_options");
    if (problem_.options.size() > kMostOptions)
      complain("#/options", "portfolio.too_many", {{"limit", std::to_string(kMostOptions)}});
    for (std::size_t k = 0; k < problem_.options.size(); ++k)
      if (!options_.insert(problem_.options[k].id).second)
        complain(at("options", k, "id"), "portfolio.duplicate", {{"id", prefix_of(problem_.options[k].id, 40)}});
    for (std::size_t s = 0; s < problem_.streams.size(); ++s)
      if (!streams_.insert(problem_.streams[s].id).second)
        complain(at("streams", s, "id"), "portfolio.duplicate", {{"id", prefix_of(problem_.streams[s].id, 40)}});
  }

  void known(const std::string& pointer, const std::string& id) {
    if (!options_.contains(id)) complain(pointer, "portfolio.unknown_option", {{"id", prefix_of(id, 40)}});
  }

  void amounts() {
    if (problem_.budget.size() > kMostYears)
      complain("#/budget", "portfolio.too_many", {{"limit", std::to_string(kMostYears)}});
    for (std::size_t year = 0; year < problem_.budget.size(); ++year) {
      size(at("budget", year), problem_.budget[year]);
      if (problem_.budget[year].is_negative()) complain(at("budget", year), "portfolio.negative");
    }
    for (const auto& [name, target] : problem_.targets) size("#/targets/" + name, target);
    if (problem_.max_selected && *problem_.max_selected < 0) complain("#/max_selected", "portfolio.negative");
    const auto years = problem_.budget.empty() ? kMostYears : problem_.budget.size();
    std::size_t picks = 0;
    for (std::size_t k = 0; k < problem_.options.size(); ++k) {
      const auto& option = problem_.options[k];
      size(at("options", k, "value"), option.value);
      for (std::size_t t = 0; t < option.cost.size(); ++t)
        size(at("options", k, "cost/" + std::to_string(t)), option.cost[t]);
      for (const auto& [name, effect] : option.effects) size(at("options", k, "effects/" + name), effect);
      if (option.cost.size() > years)
        complain(at("options", k, "cost"), "portfolio.cost_years", {{"years", std::to_string(years)}});
      picks += std::max<std::size_t>(1, option.starts.size());
      std::set<int> seen;
      for (std::size_t s = 0; s < option.starts.size(); ++s) {
        const auto here = at("options", k, "starts/" + std::to_string(s));
        const auto year = option.starts[s].year;
        if (option.starts[s].value) size(here + "/value", *option.starts[s].value);
        if (year < 1 || static_cast<std::size_t>(year) > years)
          complain(here + "/year", years == 1 ? "portfolio.only_year" : "portfolio.start_year",
                   {{"years", std::to_string(years)}});
        else if (!seen.insert(year).second)
          complain(here + "/year", "portfolio.duplicate", {{"id", std::to_string(year)}});
        else if (static_cast<std::size_t>(year) - 1 + option.cost.size() > years && option.cost.size() <= years)
          complain(here + "/year", "portfolio.cost_beyond", {{"years", std::to_string(years)}});
      }
      if (!option.rows.empty() && !problem_.goal) complain(at("options", k, "rows"), "portfolio.rows_without_level");
    }
    constexpr std::size_t kMostPicks = 3000;
    if (picks > kMostPicks) complain("#/options", "portfolio.too_many_starts", {{"limit", std::to_string(kMostPicks)}});
  }

  void links() {
    std::size_t count = 0;
    for (std::size_t k = 0; k < problem_.options.size(); ++k) {
      const auto& option = problem_.options[k];
      const auto look = [&](const char* list, const std::vector<std::string>& ids) {
        for (std::size_t i = 0; i < ids.size(); ++i, ++count) {
          const auto here = at("options", k, std::string(list) + "/" + std::to_string(i));
          if (ids[i] == option.id)
            complain(here, "portfolio.itself");
          else
            known(here, ids[i]);
        }
      };
      look("requires", option.needs);
      look("excludes", option.excludes);
    }
    for (std::size_t g = 0; g < problem_.exclusive.size(); ++g)
      for (std::size_t i = 0; i < problem_.exclusive[g].size(); ++i, ++count)
        known(at("exclusive", g, "options/" + std::to_string(i)), problem_.exclusive[g][i]);
    std::set<std::pair<std::string, std::string>> pairs;
    for (std::size_t p = 0; p < problem_.overlaps.size(); ++p, ++count) {
      const auto& overlap = problem_.overlaps[p];
      known(at("overlaps", p, "options/0"), overlap.first);
      known(at("overlaps", p, "options/1"), overlap.second);
      size(at("overlaps", p, "value"), overlap.value);
      for (const auto& [name, effect] : overlap.effects) size(at("overlaps", p, "effects/" + name), effect);
      if (overlap.first == overlap.second)
        complain(at("overlaps", p, "options"), "portfolio.itself");
      else if (!pairs.insert(std::minmax(overlap.first, overlap.second)).second)
        complain(at("overlaps", p, "options"), "portfolio.duplicate", {{"id", prefix_of(overlap.first, 40)}});
    }
    constexpr std::size_t kMostLinks = 20'000;
    if (count > kMostLinks) complain("#/options", "portfolio.too_many_links", {{"limit", std::to_string(kMostLinks)}});
  }

  void streams() {
    for (std::size_t s = 0; s < problem_.streams.size(); ++s) {
      const auto& stream = problem_.streams[s];
      size(at("streams", s, "flow"), stream.flow);
      size(at("streams", s, "unit_value"), stream.unit_value);
      if (stream.flow <= Decimal(0)) complain(at("streams", s, "flow"), "portfolio.not_positive");
      if (stream.unit_value.is_negative()) complain(at("streams", s, "unit_value"), "portfolio.negative");
    }
    for (std::size_t k = 0; k < problem_.options.size(); ++k)
      for (const auto& [stream, share] : problem_.options[k].savings) {
        const auto here = at("options", k, "savings/" + stream);
        if (!streams_.contains(stream)) complain(here, "portfolio.unknown_stream", {{"id", prefix_of(stream, 40)}});
        if (share.is_negative() || share > Decimal(1)) complain(here, "portfolio.share");
      }
  }

  const Problem& problem_;
  std::set<std::string> options_, streams_;
  std::vector<FieldError> complaints_;
};

/// Without the tolerances of the solver.
double six_digits(double value) {
  if (value == 0) return 0;
  const auto unit = std::pow(10.0, 5 - std::floor(std::log10(std::fabs(value))));
  return std::round(value * unit) / unit;
}

/// The least that the named demands must give way so that something is possible: targets and the level before budgets,
/// numbers and duties.
std::vector<Blocking> blocking(const Instance& instance, const Watch& watch) {
  constexpr double kReluctance = 1000;
  auto model = instance.model();
  model.maximise = false;
  for (auto& column : model.columns) column.objective = 0;
  struct Slack {
    std::string name;
    int column;
    double wanted;
  };
  std::vector<Slack> slacks;
  for (std::size_t i = 0; i < instance.row_names().size(); ++i) {
    const auto& name = instance.row_names()[i];
    if (name.empty()) continue;
    auto& row = model.rows[i];
    const bool below = row.upper < milp::kInfinity;
    const auto wanted = below ? row.upper : row.lower;
    auto found = std::find_if(slacks.begin(), slacks.end(), [&](const Slack& slack) { return slack.name == name; });
    if (found == slacks.end()) {
      const bool soft = name.starts_with("target ") || name.starts_with("level ");
      slacks.push_back(
          {name, model.add({(soft ? 1 : kReluctance) / std::max(1.0, std::fabs(wanted)), 0, milp::kInfinity, false}),
           name.ends_with("index") ? wanted * 100 : std::max(wanted, name.starts_with("level ") ? 1.0 : wanted)});
      found = slacks.end() - 1;
    }
    row.terms.emplace_back(found->column, below ? -1 : 1);
  }
  for (int round = 0; round < 20; ++round) {
    const auto solved = milp::solve(model, {.nodes = 20'000, .pivots = 300'000, .watch = watch});
    if (!solved.found()) return {};
    auto rows = instance.stream_cuts(solved.values);
    if (!rows.empty() && round < 19) {
      for (auto& row : rows) model.add(std::move(row));
      continue;
    }
    std::vector<Blocking> out;
    for (const auto& slack : slacks) {
      const bool index = slack.name.starts_with("level ") && slack.name.ends_with(" index");
      const auto short_by = solved.values[static_cast<std::size_t>(slack.column)] * (index ? 100 : 1);
      if (short_by > 1e-7 * std::max(1.0, std::fabs(slack.wanted)))
        out.push_back({slack.name, slack.wanted, six_digits(short_by)});
    }
    return out;
  }
  return {};
}

Path path_of(const Problem& problem, const LevelTable& table, const Taken& taken, const Instance& instance) {
  std::vector<char> none(problem.options.size(), 0), some = none;
  for (std::size_t pick = 0; pick < taken.size(); ++pick)
    if (taken[pick]) some[instance.picks()[pick].option] = 1;
  const auto before = table.evaluate(none), after = table.evaluate(some);
  const auto aim = indicators::grade_of(problem.goal->level);
  Path path{before.level, after.level, before.index(aim)->str(), after.index(aim)->str(), {}};
  for (std::size_t r = 0; r < before.rows.size(); ++r) {
    if (before.rows[r].grade == after.rows[r].grade) continue;
    Path::Rise rise{
        before.rows[r].row->id, before.rows[r].grade, after.rows[r].grade, before.rows[r].row->limiting, {}};
    for (const auto k : table.rows()[r].options)
      if (some[k]) rise.options.push_back(problem.options[k].id);
    path.rises.push_back(std::move(rise));
  }
  return path;
}

/// The mistakes of both, when the second ones are mistakes of the input too.
Error both(Error first, const Error& second) {
  if (second.code != "input.invalid") return first;
  first.fields.insert(first.fields.end(), second.fields.begin(), second.fields.end());
  return {first.kind, first.code, {{"count", std::to_string(first.fields.size())}}, std::move(first.fields)};
}

}  // namespace

Result<void> check(const Problem& problem) {
  auto complaints = Check(problem).run();
  if (complaints.empty()) return {};
  return Error{
      ErrorKind::invalid, "input.invalid", {{"count", std::to_string(complaints.size())}}, std::move(complaints)};
}

Result<Answer> choose(const Problem& problem, const Watch& watch) {
  const auto checked = check(problem);
  std::optional<LevelTable> table;
  if (problem.goal && problem.options.size() <= kMostOptions) {
    auto made = LevelTable::make(*problem.goal, problem.options);
    if (!made) return checked ? made.error() : both(checked.error(), made.error());
    table = std::move(*made);
  }
  if (!checked) return checked.error();

  const Instance instance(problem, table ? &*table : nullptr);
  const auto outcome = search(instance, watch);
  const double sign = problem.objective == Objective::cost ? -1 : 1, unit = instance.unit();
  Answer out;
  out.nodes = outcome.nodes;
  if (outcome.infeasible) {
    out.status = Status::infeasible;
    out.blocking = blocking(instance, watch);
    if (out.blocking.empty()) out.notes.push_back({"portfolio.blocking_unknown", {}});
    return out;
  }
  if (!outcome.best) return Watch::stopped();

  const auto& best = *outcome.best;
  out.status = outcome.proven ? Status::optimal : Status::feasible;
  out.best = instance.choice(best.taken, best.value);
  out.lp_bound = sign * outcome.lp_bound / unit;
  out.bound = outcome.proven ? out.best.objective : sign * std::max(outcome.bound, best.estimate) / unit;
  out.gap = std::fabs(out.bound - out.best.objective) / std::max(std::fabs(out.best.objective), 1e-9);
  for (const auto dual : outcome.budget_duals) out.budget_shadow_price.push_back(std::max(0.0, dual / unit));
  // What is added to a year is still there in the years after it.
  if (problem.carry_over)
    for (auto year = out.budget_shadow_price.size(); year-- > 1;)
      out.budget_shadow_price[year - 1] += out.budget_shadow_price[year];
  out.optima_known = outcome.listed;
  if (outcome.listed) {
    auto sets = outcome.optima;
    std::sort(sets.begin(), sets.end(), std::greater<>());
    for (const auto& taken : sets) {
      auto choice = instance.choice(taken, best.value);
      out.optima.push_back(std::move(choice.selected));
      out.optima_starts.push_back(std::move(choice.starts));
    }
    out.best = instance.choice(sets.front(), best.value);
    if (outcome.second) out.second_best = instance.choice(outcome.second->taken, outcome.second->value);
  }
  out.second_best_known = outcome.second_proven;
  const auto& shown = outcome.listed ? *std::max_element(outcome.optima.begin(), outcome.optima.end()) : best.taken;
  out.spent = instance.spent(shown);
  for (const auto& part : out.spent) out.total_cost = out.total_cost + part;
  std::set<std::string> effects;
  for (const auto& [name, target] : problem.targets) effects.insert(name);
  for (const auto& option : problem.options)
    for (const auto& [name, effect] : option.effects) effects.insert(name);
  for (const auto& overlap : problem.overlaps)
    for (const auto& [name, effect] : overlap.effects) effects.insert(name);
  for (std::size_t s = 0; s < problem.streams.size(); ++s) {
    if (!problem.streams[s].effect.empty()) effects.insert(problem.streams[s].effect);
    out.saved[problem.streams[s].id] = to_double(instance.saved(s, shown));
  }
  for (const auto& name : effects) out.effects[name] = to_double(instance.effect(name, shown));
  if (table) out.path = path_of(problem, *table, shown, instance);
  if (!outcome.proven)
    out.notes.push_back({"portfolio.not_proven", {}});
  else if (outcome.more_optima)
    out.notes.push_back({"portfolio.many_optima", {{"limit", std::to_string(kMostOptima)}}});
  else if (!outcome.listed)
    out.notes.push_back({"portfolio.not_listed", {}});
  return out;
}

}  // namespace qy::engine::portfolio
