#include "codec/documents.h"
#include "codec/indicators_reading.h"
#include "engine/portfolio/portfolio.h"

namespace qy::codec {
namespace {

namespace portfolio = engine::portfolio;

/// {"water_t": 100}
std::map<std::string, Decimal> read_amounts(json::ObjectReader& parent, std::string_view name) {
  constexpr std::size_t kMost = 100;
  std::map<std::string, Decimal> out;
  auto in = parent.object(name, false);
  const auto keys = in.keys();
  if (keys.size() > kMost) {
    parent.complain(name, "field.too_many", {{"limit", std::to_string(kMost)}});
    return out;
  }
  for (const auto& key : keys) out[key] = in.decimal(key);
  return out;
}

portfolio::Option read_option(json::ObjectReader& in, bool value_needed) {
  portfolio::Option option;
  option.id = in.text("id", 100);
  for (auto& start : in.objects("starts", portfolio::kMostYears)) {
    option.starts.push_back(
        {static_cast<int>(start.integer("year", 1, portfolio::kMostYears)), start.optional_decimal("value")});
  }
  const bool every = !option.starts.empty() && std::all_of(option.starts.begin(), option.starts.end(),
                                                           [](const auto& start) { return start.value.has_value(); });
  option.value = value_needed && !every ? in.decimal("value") : in.optional_decimal("value").value_or(Decimal());
  option.cost = decimals(in, "cost", portfolio::kMostYears);
  option.effects = read_amounts(in, "effects");
  option.savings = read_amounts(in, "savings");
  option.needs = in.texts("requires", 200, 100);
  option.excludes = in.texts("excludes", portfolio::kMostOptions, 100);
  option.must = in.flag("must");
  for (auto& [row, change] : in.members("rows", 100)) {
    auto& read = option.rows[row];
    read.change = change.optional_decimal("change");
    if (!read.change) read.answer = read_answer(change);
  }
  return option;
}

std::pair<std::string, std::string> read_pair(json::ObjectReader& in) {
  const auto ids = in.texts("options", 2, 100);
  if (ids.size() == 2) return {ids[0], ids[1]};
  in.complain("options", "portfolio.two_options");
  return {};
}

portfolio::Problem read_problem(const rules::Library& library, json::ObjectReader& in) {
  portfolio::Problem problem;
  const auto objective = in.optional_choice("objective", {"max_value", "min_cost"});
  const bool cost = objective ? *objective == "min_cost" : in.has("level");
  problem.objective = cost ? portfolio::Objective::cost : portfolio::Objective::value;
  for (auto& option : in.objects("options", portfolio::kMostOptions, true))
    problem.options.push_back(read_option(option, !cost));
  problem.budget = decimals(in, "budget", portfolio::kMostYears);
  problem.carry_over = in.flag("carry_over");
  problem.targets = read_amounts(in, "targets");
  problem.max_selected = in.optional_integer("max_selected", 0, 1'000'000);
  for (auto& group : in.objects("exclusive", 1000)) problem.exclusive.push_back(group.texts("options", 1000, 100));
  for (auto& stream : in.objects("streams", 100))
    problem.streams.push_back({stream.text("id", 100), stream.decimal("flow"),
                               stream.optional_decimal("unit_value").value_or(Decimal()),
                               stream.optional_text("effect", 100).value_or("")});
  for (auto& overlap : in.objects("overlaps", 2000)) {
    const auto [first, second] = read_pair(overlap);
    problem.overlaps.push_back(
        {first, second, overlap.optional_decimal("value").value_or(Decimal()), read_amounts(overlap, "effects")});
  }
  if (in.has("level")) {
    auto level = in.object("level");
    portfolio::Goal goal;
    goal.system = read_system(library, level);
    goal.now = read_answers(level);
    goal.level = level.choice("target", {"I", "II", "III"});
    if (goal.system) goal.rule = library.find_level_rule(goal.system->level_rule);
    problem.goal = std::move(goal);
  }
  problem.nodes = in.optional_integer("nodes", 1, 10'000'000).value_or(problem.nodes);
  return problem;
}

json::Value years_of(const portfolio::Choice& choice) {
  json::Object years;
  for (std::size_t i = 0; i < choice.selected.size(); ++i) years[choice.selected[i]] = choice.starts[i];
  return years;
}

json::Value written(const portfolio::Path& path) {
  json::Array rows;
  for (const auto& rise : path.rises)
    rows.push_back(json::Object{{"id", rise.row},
                                {"from", to_string(rise.from)},
                                {"to", to_string(rise.to)},
                                {"limiting", rise.limiting},
                                {"options", json::texts(rise.options)}});
  const auto level = [](const std::optional<std::string>& id) { return id ? json::Value(*id) : json::Value(nullptr); };
  return json::Object{{"from", level(path.level_now)},
                      {"to", level(path.level_then)},
                      {"index_now", path.index_now},
                      {"index_then", path.index_then},
                      {"rows", rows}};
}

json::Object numbers(const std::map<std::string, double>& values) {
  json::Object out;
  for (const auto& [name, value] : values) out[name] = rounded_number(value);
  return out;
}

const char* name_of(portfolio::Status status) {
  if (status == portfolio::Status::infeasible) return "infeasible";
  return status == portfolio::Status::optimal ? "optimal" : "feasible";
}

json::Value written(const portfolio::Problem& problem, const portfolio::Answer& answer) {
  const bool none = answer.status == portfolio::Status::infeasible;
  const bool years = std::any_of(problem.options.begin(), problem.options.end(),
                                 [](const auto& option) { return !option.starts.empty(); });
  const auto number = [&](double value) { return none ? json::Value(nullptr) : rounded_number(value); };
  json::Array optima, optima_starts, prices, spent, blocking, details, notes;
  for (std::size_t i = 0; i < answer.optima.size(); ++i) {
    optima.push_back(json::texts(answer.optima[i]));
    optima_starts.push_back(years_of({0, answer.optima[i], answer.optima_starts[i]}));
  }
  for (const auto price : answer.budget_shadow_price) prices.push_back(rounded_number(price));
  for (const auto& part : answer.spent) spent.push_back(json::Value(part.shortest()));
  for (const auto& demand : answer.blocking) {
    blocking.push_back(json::Value(demand.name));
    details.push_back(json::Object{{"name", demand.name},
                                   {"wanted", rounded_number(demand.wanted)},
                                   {"short_by", rounded_number(demand.short_by)}});
  }
  for (const auto& note : answer.notes) notes.push_back(remark(note.code, note.params));

  json::Object out{{"status", name_of(answer.status)},
                   {"objective", number(answer.best.objective)},
                   {"bound", number(answer.bound)},
                   {"lp_bound", number(answer.lp_bound)},
                   {"gap", number(answer.gap)},
                   {"selected", json::texts(answer.best.selected)},
                   {"optima", optima},
                   {"optima_known", answer.optima_known},
                   {"budget_shadow_price", prices},
                   {"second_best", nullptr},
                   {"second_best_known", answer.second_best_known},
                   {"blocking", blocking},
                   {"blocking_details", details},
                   {"spent", spent},
                   {"total_cost", none ? json::Value(nullptr) : json::Value(answer.total_cost.shortest())},
                   {"effects", numbers(answer.effects)},
                   {"saved", numbers(answer.saved)},
                   {"level", answer.path ? written(*answer.path) : json::Value(nullptr)},
                   {"nodes", answer.nodes},
                   {"notes", notes}};
  if (answer.second_best)
    out["second_best"] = json::Object{{"objective", rounded_number(answer.second_best->objective)},
                                      {"selected", json::texts(answer.second_best->selected)}};
  if (years) {
    out["starts"] = years_of(answer.best);
    out["optima_starts"] = optima_starts;
    if (answer.second_best) out["second_best"].as_object()["starts"] = years_of(*answer.second_best);
  }
  return out;
}

}  // namespace

Result<json::Value> compute_portfolio(const rules::Library& library, const json::Value& input, const Watch& watch) {
  json::ObjectReader in(input);
  const auto problem = read_problem(library, in);
  if (const auto read = in.done(); !read) {
    const auto checked = portfolio::check(problem);
    return checked ? read.error() : both_complaints(read.error(), checked.error());
  }
  QY_TRY(const auto answer, portfolio::choose(problem, watch));
  return written(problem, answer);
}

}  // namespace qy::codec
