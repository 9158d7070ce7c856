#include <algorithm>
#include <cmath>
#include <set>

#include "engine/exchange/exchange.h"
#include "engine/exchange/fixed_charges.h"
#include "engine/exchange/parts.h"
#include "engine/milp/milp.h"

namespace qy::engine::exchange {
namespace {

constexpr double kSmall = 1e-7;

/// A possible flow.
struct Pipe {
  enum Kind { fresh_sink, source_sink, source_unit, source_waste, unit_sink, unit_waste };
  Kind kind;
  std::size_t from = 0, to = 0;
  const Arc* arc = nullptr;
  double price = 0;  ///< per unit
  double fixed = 0;  ///< when used
  int column = -1, used = -1;
};

/// The network as a program; with `switched` each member is a whole column that turns its sources and sinks on; `wide`
/// ones may be given what they lack, so that no flow is bounded by it.
class Build {
 public:
  Build(const Network& problem, const std::vector<std::string>& members, bool switched, bool wide = false)
      : problem_(problem), members_(members), wide_(wide) {
    if (switched)
      for (std::size_t m = 0; m < members.size(); ++m) switches_.push_back(model_.add({0, 0, 1, true}));
    for (const auto& arc : problem.arcs) arcs_[{arc.from, arc.to}] = &arc;
    pipes();
    narrow();
    units();
    sources();
    sinks();
    for (auto& pipe : pipes_) usage(pipe);
    partners();
  }

  milp::Model& model() { return model_; }
  const std::vector<Pipe>& flows() const { return pipes_; }
  const std::string& from(const Pipe& pipe) const {
    static const std::string kFresh = "fresh";
    if (pipe.kind == Pipe::fresh_sink) return kFresh;
    return pipe.kind >= Pipe::unit_sink ? problem_.regenerators[pipe.from].id : problem_.sources[pipe.from].id;
  }
  const std::string& to(const Pipe& pipe) const {
    static const std::string kWaste = "waste";
    if (pipe.kind == Pipe::source_waste || pipe.kind == Pipe::unit_waste) return kWaste;
    return pipe.kind == Pipe::source_unit ? problem_.regenerators[pipe.to].id : problem_.sinks[pipe.to].id;
  }
  const std::vector<Charge>& charges() const { return charges_; }

  /// Whose costs a pipe's are: the taker's; what is discharged costs whoever discharges it.
  const std::string& payer(const Pipe& pipe) const {
    switch (pipe.kind) {
      case Pipe::source_waste:
        return problem_.sources[pipe.from].member;
      case Pipe::unit_waste:
        return problem_.regenerators[pipe.from].member;
      case Pipe::source_unit:
        return problem_.regenerators[pipe.to].member;
      default:
        return problem_.sinks[pipe.to].member;
    }
  }

  /// Costs that a member bears itself, as terms over the columns.
  std::vector<std::pair<int, double>> direct(const std::string& member) const {
    std::vector<std::pair<int, double>> terms;
    for (const auto& pipe : pipes_) {
      if (payer(pipe) != member) continue;
      if (pipe.price != 0) terms.emplace_back(pipe.column, pipe.price);
      if (pipe.used >= 0 && pipe.fixed != 0) terms.emplace_back(pipe.used, pipe.fixed);
    }
    for (std::size_t u = 0; u < problem_.regenerators.size(); ++u)
      if (problem_.regenerators[u].member == member && problem_.regenerators[u].fixed_cost != 0)
        terms.emplace_back(built_[u], problem_.regenerators[u].fixed_cost);
    return terms;
  }

  /// Whatever a sink lacks and whatever a source cannot get rid of, for a price: to name what stands in the way.
  std::vector<std::pair<std::string, int>> relax() {
    for (auto& column : model_.columns) column.objective = 0;
    std::vector<std::pair<std::string, int>> out;
    for (std::size_t k = 0; k < problem_.sinks.size(); ++k) {
      const int column = model_.add({1 / std::max(1.0, problem_.sinks[k].flow), 0, milp::kInfinity, false});
      model_.rows[sink_rows_[k]].terms.emplace_back(column, 1);
      for (const auto& [row, missing] : quality_rows_[k]) model_.rows[row].terms.emplace_back(column, -missing);
      out.emplace_back("sink " + problem_.sinks[k].id, column);
    }
    for (std::size_t s = 0; s < problem_.sources.size(); ++s) {
      const int column = model_.add({1 / std::max(1.0, problem_.sources[s].flow), 0, milp::kInfinity, false});
      model_.rows[source_rows_[s]].terms.emplace_back(column, 1);
      out.emplace_back("source " + problem_.sources[s].id, column);
    }
    return out;
  }

 private:
  int switch_of(const std::string& member) const {
    if (switches_.empty() || member.empty()) return -1;
    const auto at = std::find(members_.begin(), members_.end(), member);
    return switches_[static_cast<std::size_t>(at - members_.begin())];
  }

  void pipe(Pipe::Kind kind, std::size_t from_index, std::size_t to_index, double price, double capacity) {
    Pipe pipe{kind, from_index, to_index};
    const auto found = arcs_.find({from(pipe), to(pipe)});
    if (found != arcs_.end()) {
      pipe.arc = found->second;
      if (pipe.arc->forbidden) return;
      price += pipe.arc->unit_cost;
      pipe.fixed = pipe.arc->fixed_cost;
      if (pipe.arc->max_flow) capacity = std::min(capacity, *pipe.arc->max_flow);
    } else if (problem_.only_listed_arcs && kind != Pipe::fresh_sink && kind != Pipe::source_waste &&
               kind != Pipe::unit_waste) {
      return;
    }
    pipe.price = price;
    pipe.column = model_.add({price, 0, capacity, false});
    pipes_.push_back(pipe);
  }

  void pipes() {
    double everything = 0;
    for (const auto& source : problem_.sources) everything += source.flow;
    for (std::size_t k = 0; k < problem_.sinks.size(); ++k) {
      const auto& sink = problem_.sinks[k];
      const auto most = sink.flow_max.value_or(sink.flow);
      if (problem_.fresh) pipe(Pipe::fresh_sink, 0, k, problem_.fresh->cost - sink.value, most);
      for (std::size_t s = 0; s < problem_.sources.size(); ++s)
        pipe(Pipe::source_sink, s, k, problem_.sources[s].cost - sink.value, std::min(most, problem_.sources[s].flow));
      for (std::size_t u = 0; u < problem_.regenerators.size(); ++u) pipe(Pipe::unit_sink, u, k, -sink.value, most);
    }
    for (std::size_t s = 0; s < problem_.sources.size(); ++s) {
      const auto& source = problem_.sources[s];
      pipe(Pipe::source_waste, s, 0, problem_.waste_cost, source.flow);
      for (std::size_t u = 0; u < problem_.regenerators.size(); ++u)
        pipe(Pipe::source_unit, s, u, source.cost + problem_.regenerators[u].unit_cost, source.flow);
    }
    for (std::size_t u = 0; u < problem_.regenerators.size(); ++u)
      pipe(Pipe::unit_waste, u, 0, problem_.waste_cost, everything);
  }

  double& most_of(const Pipe& pipe) { return model_.columns[static_cast<std::size_t>(pipe.column)].upper; }

  /// The greatest flow of each pipe that the limits of its end leave room for, with the cleanest of everything else to
  /// dilute it: what a used pipe's 0-1 column is worth in the relaxation depends on it.
  void narrow() {
    for (auto& pipe : pipes_)
      if (pipe.kind == Pipe::source_unit)
        if (const auto& most = problem_.regenerators[pipe.to].max_flow) most_of(pipe) = std::min(most_of(pipe), *most);
    for (std::size_t u = 0; u < problem_.regenerators.size(); ++u) {
      const auto& unit = problem_.regenerators[u];
      const auto into = pipes_to(u, true);
      double all = 0;
      for (const auto* pipe : into) all += most_of(*pipe);
      unit_most_.push_back(std::min(all, unit.max_flow.value_or(all)));
      narrow(into, unit_most_[u], unit.inlet_max);
      for (const auto& pipe : pipes_)
        if ((pipe.kind == Pipe::unit_sink || pipe.kind == Pipe::unit_waste) && pipe.from == u)
          most_of(pipe) = std::min(most_of(pipe), unit_most_[u] * unit.recovery);
    }
    for (std::size_t k = 0; k < problem_.sinks.size(); ++k) {
      const auto& sink = problem_.sinks[k];
      narrow(pipes_to(k, false), sink.flow_max.value_or(sink.flow), sink.max);
    }
  }

  std::vector<const Pipe*> pipes_to(std::size_t end, bool unit) const {
    std::vector<const Pipe*> out;
    for (const auto& pipe : pipes_) {
      const bool to_unit = pipe.kind == Pipe::source_unit, to_sink = pipe.kind == Pipe::fresh_sink ||
                                                                     pipe.kind == Pipe::source_sink ||
                                                                     pipe.kind == Pipe::unit_sink;
      if ((unit ? to_unit : to_sink) && pipe.to == end) out.push_back(&pipe);
    }
    return out;
  }

  void narrow(const std::vector<const Pipe*>& into, double all, const std::map<std::string, double>& limits) {
    if (wide_) return;
    for (const auto& [substance, max] : limits) {
      std::vector<std::pair<double, const Pipe*>> clean;
      for (const auto* pipe : into)
        if (const auto room = max - quality(*pipe, substance); room > 0) clean.emplace_back(room, pipe);
      std::sort(clean.begin(), clean.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
      for (const auto* pipe : into) {
        const auto excess = quality(*pipe, substance) - max;
        if (excess <= 0) continue;
        const auto fits = [&](double flow) {
          double left = all - flow, room = 0;
          for (const auto& [part, other] : clean) {
            const auto taken = std::min(left, most_of(*other));
            room += taken * part;
            left -= taken;
          }
          return flow * excess <= room;
        };
        double low = 0, high = std::min(all, most_of(*pipe));
        if (fits(high)) continue;
        for (int step = 0; step < 50; ++step) {
          const auto middle = (low + high) / 2;
          (fits(middle) ? low : high) = middle;
        }
        most_of(*pipe) = std::min(most_of(*pipe), high * (1 + 1e-9) + 1e-12);
      }
    }
  }

  template <class Of>
  milp::Row sum(Of&& coefficient) const {
    milp::Row row;
    for (const auto& pipe : pipes_)
      if (const auto c = coefficient(pipe); c != 0) row.terms.emplace_back(pipe.column, c);
    return row;
  }

  void units() {
    for (std::size_t u = 0; u < problem_.regenerators.size(); ++u) {
      const auto& unit = problem_.regenerators[u];
      const auto into = [&](const Pipe& pipe) { return pipe.kind == Pipe::source_unit && pipe.to == u; };
      const auto out = [&](const Pipe& pipe) {
        return (pipe.kind == Pipe::unit_sink || pipe.kind == Pipe::unit_waste) && pipe.from == u;
      };
      // What is lost inside is discharged as well.
      const auto lost = problem_.waste_cost * (1 - unit.recovery);
      for (auto& pipe : pipes_)
        if (into(pipe)) {
          pipe.price += lost;
          model_.columns[static_cast<std::size_t>(pipe.column)].objective += lost;
        }
      auto balance = sum([&](const Pipe& pipe) { return into(pipe) ? unit.recovery : out(pipe) ? -1.0 : 0.0; });
      balance.lower = balance.upper = 0;
      model_.add(std::move(balance));
      for (const auto& [substance, max] : unit.inlet_max) {
        auto row = sum([&, &substance = substance, max = max](const Pipe& pipe) {
          return into(pipe) ? problem_.sources[pipe.from].quality.at(substance) - max : 0.0;
        });
        row.upper = 0;
        model_.add(std::move(row));
      }
      const int built = model_.add({unit.fixed_cost, 0, 1, unit.fixed_cost > 0 || unit.min_flow > 0});
      built_.push_back(built);
      auto high = sum([&](const Pipe&pipe) { return into(pipe) ? 1.0 : 0.0; }), low = high;
      high.terms.emplace_back(built, -unit_most_[u]);
      high.upper = 0;
      model_.add(std::move(high));
      if (model_.columns[static_cast<std::size_t>(built)].whole)
        for (const auto& pipe : pipes_)
          if (into(pipe) || out(pipe)) model_.add({.terms = {{pipe.column, 1}, {built, -most_of(pipe)}}, .upper = 0});
      if (unit.min_flow > 0) {
        low.terms.emplace_back(built, -unit.min_flow);
        low.lower = 0;
        model_.add(std::move(low));
      }
      if (const int on = switch_of(unit.member); on >= 0) model_.add({.terms = {{built, 1}, {on, -1}}, .upper = 0});
    }
  }

  void sources() {
    for (std::size_t s = 0; s < problem_.sources.size(); ++s) {
      auto row = sum([&](const Pipe& pipe) {
        return pipe.kind >= Pipe::source_sink && pipe.kind <= Pipe::source_waste && pipe.from == s ? 1.0 : 0.0;
      });
      row.lower = row.upper = problem_.sources[s].flow;
      if (const int on = switch_of(problem_.sources[s].member); on >= 0) {
        row.terms.emplace_back(on, -problem_.sources[s].flow);
        row.lower = row.upper = 0;
      }
      source_rows_.push_back(model_.rows.size());
      model_.add(std::move(row));
    }
    if (problem_.fresh && problem_.fresh->max_flow) {
      auto row = sum([](const Pipe& pipe) { return pipe.kind == Pipe::fresh_sink ? 1.0 : 0.0; });
      row.upper = *problem_.fresh->max_flow;
      model_.add(std::move(row));
    }
  }

  double quality(const Pipe& pipe, const std::string& substance) const {
    if (pipe.kind == Pipe::fresh_sink) return problem_.fresh->quality.at(substance);
    return pipe.kind == Pipe::unit_sink ? problem_.regenerators[pipe.from].outlet.at(substance)
                                        : problem_.sources[pipe.from].quality.at(substance);
  }

  void sinks() {
    for (std::size_t k = 0; k < problem_.sinks.size(); ++k) {
      const auto& sink = problem_.sinks[k];
      const auto into = [&](const Pipe& pipe) {
        return (pipe.kind == Pipe::fresh_sink || pipe.kind == Pipe::source_sink || pipe.kind == Pipe::unit_sink) &&
               pipe.to == k;
      };
      auto row = sum([&](const Pipe& pipe) { return into(pipe) ? 1.0 : 0.0; });
      row.lower = sink.flow;
      row.upper = sink.flow_max.value_or(sink.flow);
      if (const int on = switch_of(sink.member); on >= 0) {
        auto high = row;
        high.terms.emplace_back(on, -row.upper);
        high.lower = -milp::kInfinity;
        high.upper = 0;
        model_.add(std::move(high));
        row.terms.emplace_back(on, -row.lower);
        row.lower = 0;
        row.upper = milp::kInfinity;
      }
      sink_rows_.push_back(model_.rows.size());
      model_.add(std::move(row));
      quality_rows_.emplace_back();
      // The load above the cleanest that may enter: of a fixed flow a sum without negative terms, as cuts want it.
      const bool fixed = sink.flow_max.value_or(sink.flow) == sink.flow && switches_.empty();
      for (const auto& [substance, max] : sink.max) {
        double from = max;
        if (fixed)
          for (const auto& pipe : pipes_)
            if (into(pipe)) from = std::min(from, quality(pipe, substance));
        auto limit = sum([&, &substance = substance](const Pipe& pipe) {
          return into(pipe) ? quality(pipe, substance) - from : 0.0;
        });
        limit.upper = (max - from) * sink.flow;
        quality_rows_.back().emplace_back(model_.rows.size(), from);
        model_.add(std::move(limit));
      }
    }
  }

  /// A whole column for a pipe that is dear to begin, has a least flow or counts as a partner.
  void usage(Pipe& pipe) {
    const bool to_partner =
        pipe.kind == Pipe::source_sink || pipe.kind == Pipe::source_unit || pipe.kind == Pipe::unit_sink;
    const bool counted = to_partner && ((pipe.kind != Pipe::unit_sink && problem_.sources[pipe.from].max_partners) ||
                                        (pipe.kind != Pipe::source_unit && problem_.sinks[pipe.to].max_partners));
    const auto least = pipe.arc ? pipe.arc->min_flow : 0;
    if (pipe.fixed <= 0 && least <= 0 && !counted) return;
    pipe.used = model_.add({pipe.fixed, 0, 1, true});
    const auto most = most_of(pipe);
    charges_.push_back({pipe.column, pipe.used, most});
    model_.add({.terms = {{pipe.column, 1}, {pipe.used, -most}}, .upper = 0});
    if (least > 0) model_.add({.terms = {{pipe.column, 1}, {pipe.used, -least}}, .lower = 0});
  }

  void partners() {
    const auto limit = [&](const std::optional<int>& most, auto&& of) {
      if (!most) return;
      milp::Row row{.terms = {}, .upper = static_cast<double>(*most)};
      for (const auto& pipe : pipes_)
        if (pipe.used >= 0 && of(pipe)) row.terms.emplace_back(pipe.used, 1);
      model_.add(std::move(row));
    };
    for (std::size_t s = 0; s < problem_.sources.size(); ++s)
      limit(problem_.sources[s].max_partners, [&](const Pipe& pipe) {
        return (pipe.kind == Pipe::source_sink || pipe.kind == Pipe::source_unit) && pipe.from == s;
      });
    for (std::size_t k = 0; k < problem_.sinks.size(); ++k)
      limit(problem_.sinks[k].max_partners, [&](const Pipe& pipe) {
        return (pipe.kind == Pipe::source_sink || pipe.kind == Pipe::unit_sink) && pipe.to == k;
      });
  }

  const Network& problem_;
  const std::vector<std::string>& members_;
  bool wide_;
  milp::Model model_;
  std::vector<int> switches_;
  std::map<std::pair<std::string, std::string>, const Arc*> arcs_;
  std::vector<Pipe> pipes_;
  std::vector<Charge> charges_;
  std::vector<int> built_;
  std::vector<double> unit_most_;
  std::vector<std::size_t> sink_rows_, source_rows_;
  std::vector<std::vector<std::pair<std::size_t, double>>> quality_rows_;
};

std::vector<std::string> members_of(const Network& problem) {
  std::set<std::string> names;
  for (const auto& source : problem.sources) names.insert(source.member);
  for (const auto& sink : problem.sinks) names.insert(sink.member);
  for (const auto& unit : problem.regenerators) names.insert(unit.member);
  names.erase("");
  return {names.begin(), names.end()};
}

/// What some members would have alone.
Network part_of(const Network& problem, const std::vector<std::string>& members, const Group& group) {
  Network part = problem;
  part.individual_rationality = false;
  const auto out = [&](const auto& item) {
    const auto at = std::lower_bound(members.begin(), members.end(), item.member);
    return at != members.end() && *at == item.member && !group[static_cast<std::size_t>(at - members.begin())];
  };
  std::erase_if(part.sources, out);
  std::erase_if(part.sinks, out);
  std::erase_if(part.regenerators, out);
  return part;
}

double sum_of(const std::vector<std::pair<int, double>>& terms, const std::vector<double>& values) {
  double sum = 0;
  for (const auto& [column, coefficient] : terms) sum += coefficient * values[static_cast<std::size_t>(column)];
  return sum;
}

}  // namespace

milp::Model plain_program(const Network& problem) {
  const auto members = members_of(problem);
  return Build(problem, members, false).model();
}

Result<Answer> design(const Network& problem, Sharing sharing, const Watch& watch) {
  QY_CHECK(check(problem, sharing));
  const auto members = members_of(problem);
  Build build(problem, members, false);
  const CostOfGroup cost = [&](const Group& group) -> std::optional<double> {
    const auto part = part_of(problem, members, group);
    if (part.sources.empty() && part.sinks.empty()) return 0;
    Build alone(part, members, false);
    const auto solved = solve_charged(alone.model(), alone.charges(),
                                      {.nodes = 2000, .pivots = most_pivots(alone.model()), .watch = watch});
    return solved.status == milp::Status::optimal ? std::optional(solved.objective) : std::nullopt;
  };
  Answer out;
  if (problem.individual_rationality || sharing != Sharing::none) share(out, members, Sharing::none, cost, {}, watch);
  const auto nobody_loses = [&](Build& into) {
    if (!problem.individual_rationality) return;
    for (const auto& member : out.members)
      if (member.alone) {
        milp::Row row{.terms = into.direct(member.id),
                      .upper = *member.alone + 1e-6 * std::max(1.0, std::fabs(*member.alone))};
        if (!row.terms.empty()) into.model().add(std::move(row));
      }
  };
  nobody_loses(build);

  const auto solved = solve_charged(build.model(), build.charges(),
                                    {.nodes = problem.nodes, .pivots = most_pivots(build.model()), .watch = watch});
  if (!solved.found()) {
    if (solved.status != milp::Status::infeasible) return Watch::stopped();
    out.status = Status::infeasible;
    Build wide(problem, members, false, true);
    nobody_loses(wide);
    const auto slack = wide.relax();
    const auto relaxed =
        milp::solve(wide.model(), {.nodes = problem.nodes, .pivots = most_pivots(wide.model()), .watch = watch});
    for (const auto& [name, column] : slack)
      if (relaxed.found() && relaxed.values[static_cast<std::size_t>(column)] > 1e-6) out.blocking.push_back(name);
    return out;
  }
  out.status = solved.status == milp::Status::optimal ? Status::optimal : Status::feasible;
  out.cost = solved.objective;
  out.bound = solved.bound;
  if (out.status == Status::feasible) out.notes.push_back({"exchange.not_proven", {}});
  for (const auto& pipe : build.flows()) {
    const auto flow = solved.values[static_cast<std::size_t>(pipe.column)];
    if (flow <= kSmall) continue;
    out.matches.push_back({build.from(pipe), build.to(pipe), flow});
    if (pipe.kind == Pipe::fresh_sink) out.fresh += flow;
    if (pipe.kind == Pipe::source_waste || pipe.kind == Pipe::unit_waste) out.waste += flow;
    if (pipe.kind == Pipe::source_unit) out.waste += flow * (1 - problem.regenerators[pipe.to].recovery);
  }
  for (std::size_t u = 0; u < problem.regenerators.size(); ++u) {
    double through = 0;
    for (const auto& pipe : build.flows())
      if (pipe.kind == Pipe::source_unit && pipe.to == u)
        through += solved.values[static_cast<std::size_t>(pipe.column)];
    if (through > kSmall) out.built.push_back(problem.regenerators[u].id);
  }
  for (auto& member : out.members) member.direct = sum_of(build.direct(member.id), solved.values);
  if (sharing == Sharing::none) return out;

  const Oracle worst = [&](const std::vector<double>& shares, const std::vector<Group>& known) {
    Build switched(problem, members, true);
    auto& model = switched.model();
    model.maximise = true;
    for (auto& column : model.columns) column.objective = -column.objective;
    for (std::size_t m = 0; m < shares.size(); ++m) model.columns[m].objective = shares[m];
    return worst_group(std::move(model), members.size(), known, watch, cost);
  };
  share(out, members, sharing, cost, worst, watch);
  return out;
}

}  // namespace qy::engine::exchange
