#include <algorithm>
#include <set>

#include "base/text.h"
#include "codec/compute.h"
#include "regime/analysis/analysis.h"
#include "regime/analysis/analysis_commands.h"
#include "regime/audits/audits_json.h"

namespace qy::analysis {
namespace {

using figures::Aspect;
using figures::Figure;
using figures::Ledger;
using figures::Place;

db::Subject subject_of(const audits::AuditId& audit) { return {"audit", audit.str()}; }

std::string row_scope(const rules::IndicatorSystem& system, const rules::IndicatorRow& row) {
  return "row:" + system.id + ":" + row.id;
}

/// The units above and below the line of "L/m2".
std::pair<std::string, std::string> above_and_below(const std::string& unit) {
  const auto slash = unit.find('/');
  if (slash == std::string::npos) return {unit, ""};
  return {unit.substr(0, slash), unit.substr(slash + 1)};
}

bool has_formula(const rules::IndicatorRow& row) {
  return !row.formula_numerator.empty() && !row.formula_denominator.empty();
}

/// The unit in which the outputs of a row's product group are asked: what stands below the line in the group's values,
/// or, where they are shares, in those of the system's other product groups when these agree; "" when nothing tells.
std::string output_unit(const rules::IndicatorSystem& system, const rules::IndicatorRow& asked) {
  std::set<std::string> own, all;
  for (const auto& group : system.groups)
    for (const auto& row : group.rows) {
      const auto below = above_and_below(row.unit).second;
      if (row.product_group.empty() || below.empty()) continue;
      all.insert(below);
      if (row.product_group == asked.product_group) own.insert(below);
    }
  if (own.empty()) own = all;
  return own.size() == 1 ? *own.begin() : "";
}

/// A row's value from the keys its formula names; nullopt while an input is blank.
Result<std::optional<Decimal>> computed(const rules::IndicatorRow& row, const Ledger& ledger,
                                        const figures::Period& period, Aspect aspect) {
  auto [above, below] = above_and_below(row.unit);
  const bool share = row.unit == "%";
  QY_TRY(const auto numerator, ledger.number({row.formula_numerator, "", period, aspect}, share ? "" : above));
  QY_TRY(const auto denominator, ledger.number({row.formula_denominator, "", period, aspect}, share ? "" : below));
  if (!numerator || !denominator || denominator->is_zero()) return std::optional<Decimal>();
  QY_TRY(const auto value, Decimal::divide(share ? *numerator * Decimal(100) : *numerator, *denominator, 10));
  return std::optional<Decimal>(Decimal::of(value.shortest()));
}

/// The adopted figure of a place, or of the state found when the state after has none.
const Figure* find(const Ledger& ledger, const char* key, const std::string& scope, const figures::Period& period,
                   Aspect aspect) {
  const auto* figure = ledger.find(key, period.str(), aspect, scope);
  if (!figure && aspect == Aspect::verified) figure = ledger.find(key, period.str(), Aspect::measured, scope);
  return figure;
}

/// The number of a figure in the unit wanted, in which it is when it names none; nothing when it is no number, or of a
/// unit that cannot be converted.
std::optional<Decimal> number_in(const Ledger& ledger, const Figure* figure, const std::string& unit) {
  if (!figure || !figure->claim.value.is_number()) return std::nullopt;
  if (figure->claim.value.unit.empty()) return figure->claim.value.number;
  const auto number = ledger.number(figure->place, unit);
  return number ? *number : std::nullopt;
}

/// The answer of one row as the compute document wants it; null when the row is blank.
json::Value answer_of(const rules::IndicatorSystem& system, const rules::IndicatorRow& row, const Ledger& ledger,
                      const figures::Period& period, Aspect aspect, std::optional<Decimal>& from_formula) {
  const auto scope = row_scope(system, row);
  for (const char* key : {"indicator.value", "indicator.level"})
    if (const auto* figure = find(ledger, key, scope, period, aspect);
        figure && figure->claim.value.kind == figures::Value::Kind::not_applicable)
      return json::Object{{"not_applicable", figure->claim.value.text}};

  if (has_formula(row)) {
    auto value = computed(row, ledger, period, aspect);
    if (!(value && *value) && aspect == Aspect::verified) value = computed(row, ledger, period, Aspect::measured);
    if (value && *value) {
      from_formula = **value;
      return json::Object{{"value", (*value)->str()}};
    }
  }
  if (row.quantitative) {
    const auto* figure = find(ledger, "indicator.value", scope, period, aspect);
    // What was once computed says nothing after its inputs have been taken back.
    if (figure && figure->derived() && has_formula(row)) return nullptr;
    const auto number = number_in(ledger, figure, row.unit);
    if (!number) return nullptr;
    return json::Object{{"value", number->str()}};
  }
  json::Array metrics;
  for (std::size_t i = 0; i < row.metrics.size(); ++i)
    if (const auto number =
            number_in(ledger, find(ledger, "indicator.metric", scope + ":" + std::to_string(i), period, aspect),
                      row.metrics[i].unit))
      metrics.push_back(json::Value(number->str()));
  json::Object answer;
  if (!row.metrics.empty() && metrics.size() == row.metrics.size()) answer["metrics"] = std::move(metrics);
  if (const auto* figure = find(ledger, "indicator.level", scope, period, aspect);
      figure && figure->claim.value.kind == figures::Value::Kind::choice)
    answer["level"] = figure->claim.value.text;
  if (answer.empty()) return nullptr;
  if (answer.contains("level")) answer.erase("metrics");
  return answer;
}

json::Value benchmark_json(const rules::Benchmark& benchmark) {
  using Kind = rules::Benchmark::Kind;
  switch (benchmark.kind) {
    case Kind::number:
      return json::Object{
          {"kind", "number"},
          {"text", benchmark.number.expression.empty() ? benchmark.number.value.str() : benchmark.number.expression}};
    case Kind::text:
      return json::Object{{"kind", "text"}, {"title", json::both(benchmark.text)}};
    case Kind::same_as:
      return json::Object{{"kind", "same_as"}, {"text", benchmark.same_as}};
    case Kind::none:
      return json::Object{{"kind", "none"}};
    case Kind::unread:
      return json::Object{{"kind", "unread"}};
  }
  return nullptr;
}

/// What was answered of one system: the rows as the compute document wants them, which of them a formula gave, and the
/// outputs of products.
struct Answers {
  std::map<std::string, json::Value> rows;
  std::map<std::string, Decimal> from_formula;
  std::map<std::string, std::string> outputs;
};

/// Names, units, benchmarks and marks of the system beside the computed grades.
json::Object dressed(const rules::IndicatorSystem& system, const json::Object& answer, const Answers& answers) {
  std::map<std::string, json::Object> graded;
  if (const auto* rows = answer.if_contains("rows"))
    for (const auto& row : rows->as_array())
      graded[std::string(row.as_object().at("id").as_string())] = row.as_object();
  json::Array groups;
  for (const auto& group : system.groups) {
    json::Array rows;
    for (const auto& row : group.rows) {
      json::Object benchmarks;
      for (const auto& [level, benchmark] : row.benchmarks) benchmarks[level] = benchmark_json(benchmark);
      json::Array metrics;
      for (const auto& metric : row.metrics)
        metrics.push_back(json::Object{{"name", json::both(metric.name)}, {"unit", metric.unit}});
      json::Object item{{"id", row.id},
                        {"name", json::both(row.name)},
                        {"unit", row.unit},
                        {"limiting", row.limiting},
                        {"quantitative", row.quantitative},
                        {"higher_is_better", row.higher_is_better},
                        {"strict", row.strict},
                        {"benchmarks", std::move(benchmarks)},
                        {"metrics", std::move(metrics)},
                        {"note", json::both(row.note)},
                        {"evidence", row.evidence},
                        {"confidence", row.confidence},
                        {"source", json::Object{{"document", row.source.document},
                                                {"clause", row.source.clause},
                                                {"gist", json::both(row.source.gist)},
                                                {"mark", rules::to_string(row.source.mark)}}}};
      const auto input = answers.rows.find(row.id);
      item["answer"] = input == answers.rows.end() ? json::Value(nullptr) : input->second;
      item["computed"] = answers.from_formula.contains(row.id);
      if (row.product_group.empty()) {
        item["product"] = nullptr;
      } else {
        const auto output = answers.outputs.find(row.id);
        item["product"] = json::Object{
            {"group", row.product_group},
            {"unit", output_unit(system, row)},
            {"output", output == answers.outputs.end() ? json::Value(nullptr) : json::Value(output->second)},
            {"missing", false},
            {"sharing", nullptr}};
      }
      item["formula"] = has_formula(row) ? json::Value(json::Object{{"numerator", row.formula_numerator},
                                                                    {"denominator", row.formula_denominator}})
                                         : json::Value(nullptr);
      if (const auto grade = graded.find(row.id); grade != graded.end()) {
        for (const char* key : {"level", "weight", "reason"})
          if (const auto* value = grade->second.if_contains(key)) item[key] = *value;
        if (const auto* sharing = grade->second.if_contains("sharing")) {
          auto& product = item["product"].as_object();
          product["sharing"] = *sharing;
          product["missing"] = grade->second.at("output_missing");
        }
      } else {
        item["level"] = "missing";
        item["weight"] = nullptr;
        item["reason"] = nullptr;
      }
      rows.push_back(std::move(item));
    }
    groups.push_back(json::Object{{"name", json::both(group.name)},
                                  {"weight", group.weight ? json::Value(group.weight->str()) : json::Value(nullptr)},
                                  {"bonus", group.bonus},
                                  {"rows", std::move(rows)}});
  }
  return {{"groups", std::move(groups)}};
}

}  // namespace

figures::Period base_period(const audits::Audit& audit) { return figures::Period::year(audit.year - 1); }

Result<Benchmark> benchmark_of(const Premises& premises, const audits::Audit& audit, const Ledger& ledger,
                               Aspect aspect) {
  if (audit.indicator_system.empty()) return Error{ErrorKind::conflict, "analysis.no_system"};
  const auto* system = premises.rules->find_system(audit.indicator_system);
  if (!system) return Error{ErrorKind::conflict, "analysis.no_system"};
  const auto period = base_period(audit);

  Answers answers;
  json::Object values;
  for (const auto& group : system->groups)
    for (const auto& row : group.rows) {
      std::optional<Decimal> formula;
      auto answer = answer_of(*system, row, ledger, period, aspect, formula);
      if (!row.product_group.empty())
        if (const auto output =
                number_in(ledger, find(ledger, "indicator.output", row_scope(*system, row), period, aspect),
                          output_unit(*system, row)))
          if (!output->is_zero() && !output->is_negative()) answers.outputs.emplace(row.id, output->str());
      if (answer.is_null()) continue;
      if (formula) answers.from_formula.emplace(row.id, *formula);
      answers.rows.emplace(row.id, answer);
      if (const auto output = answers.outputs.find(row.id);
          output != answers.outputs.end() && !answer.as_object().contains("not_applicable"))
        answer.as_object()["output"] = output->second;
      values[row.id] = std::move(answer);
    }
  json::Object parameters;
  json::Array parameter_list;
  for (const auto& parameter : system->parameters) {
    const auto* figure =
        ledger.find("indicator.parameter", period.str(), Aspect::measured, system->id + ":" + parameter.id);
    const bool known = figure && figure->claim.value.is_number();
    if (known) parameters[parameter.id] = figure->claim.value.number.str();
    parameter_list.push_back(
        json::Object{{"id", parameter.id},
                     {"name", json::both(parameter.name)},
                     {"value", known ? json::Value(figure->claim.value.number.str()) : json::Value(nullptr)}});
  }
  const auto on = audit.published_on.value_or(premises.today());
  const json::Object input{{"system", system->id},
                           {"on", on.str()},
                           {"parameters", std::move(parameters)},
                           {"values", std::move(values)},
                           {"unfinished", true}};

  Benchmark benchmark;
  benchmark.has_index = system->has_all_weights();
  json::Object answer;
  const auto computed_answer = codec::compute(*premises.rules, "indicators", input);
  if (computed_answer) {
    answer = computed_answer->as_object();
  } else {
    // A missing parameter is something to fill in on this screen, not a failure of it.
    json::Array problems;
    for (const auto& field : computed_answer.error().fields)
      problems.push_back(json::Object{{"pointer", field.pointer}, {"code", field.code}});
    answer["problems"] = std::move(problems);
    answer["problem"] = computed_answer.error().code;
    for (const auto& group : system->groups)
      for (const auto& row : group.rows)
        if (!answers.rows.contains(row.id)) benchmark.missing.push_back(row.id);
    for (const auto& parameter : system->parameters)
      for (const auto& field : computed_answer.error().fields)
        if (field.pointer == "#/parameters" || field.pointer == "#/parameters/" + parameter.id) {
          benchmark.unusable.push_back(parameter.name);
          break;
        }
  }
  auto document = dressed(*system, answer, answers);
  for (const char* key : {"index", "index_refused", "level", "level_name", "limiting", "missing", "unread", "warnings",
                          "to_next_level", "problem", "problems"})
    if (const auto* value = answer.if_contains(key)) document[key] = *value;
  document["system"] = json::Object{{"id", system->id},
                                    {"title", json::both(system->title)},
                                    {"scope", json::both(system->scope)},
                                    {"verification", system->verification},
                                    {"verification_note", json::both(system->verification_note)}};
  document["parameters"] = std::move(parameter_list);
  document["period"] = period.str();
  document["has_index"] = benchmark.has_index;
  if (const auto* level = answer.if_contains("level"); level && level->is_string())
    benchmark.level = std::string(level->as_string());
  std::set<std::string> without_output;
  if (const auto* rows = answer.if_contains("rows"))
    for (const auto& row : rows->as_array())
      if (const auto* missing = row.as_object().if_contains("output_missing"); missing && missing->as_bool())
        without_output.emplace(row.as_object().at("id").as_string());
  if (const auto* missing = answer.if_contains("missing"); missing && missing->is_array())
    for (const auto& row : missing->as_array()) {
      const auto* unread = answer.if_contains("unread");
      const bool is_unread =
          unread && unread->is_array() &&
          std::find(unread->as_array().begin(), unread->as_array().end(), row) != unread->as_array().end();
      if (is_unread && answers.rows.contains(std::string(row.as_string()))) continue;
      (without_output.contains(std::string(row.as_string())) ? benchmark.without_output : benchmark.missing)
          .emplace_back(row.as_string());
    }
  document["without_output"] = json::texts(benchmark.without_output);
  for (const auto* figure : ledger.stale_figures())
    benchmark.stale += figure->claim.formula.starts_with("indicator:" + system->id + "/");
  document["stale"] = benchmark.stale;
  benchmark.document = std::move(document);
  return benchmark;
}

Result<Benchmark> benchmark_of(Tx& tx, const Premises& premises, const audits::Audit& audit, Aspect aspect) {
  return benchmark_of(premises, audit, figures::get_ledger(tx, subject_of(audit.id)), aspect);
}

Result<void> answer_rows(Tx& tx, const Premises& premises, const identity::Act& act, const audits::AuditId& id,
                         const std::map<std::string, RowAnswer>& rows,
                         const std::map<std::string, std::string>& parameters, Aspect aspect,
                         const std::map<std::string, std::string>& outputs) {
  const auto audit = audits::find_audit(tx, id);
  if (!audit) return Error{ErrorKind::not_found, "audit.not_found"};
  const auto* system = premises.rules->find_system(audit->indicator_system);
  if (!system) return Error{ErrorKind::conflict, "analysis.no_system"};
  const auto period = base_period(*audit);

  std::vector<FieldError> wrong;
  std::vector<figures::Entry> entries;
  const auto put = [&](const char* key, const std::string& scope, figures::Value value, const std::string& pointer,
                       Aspect of) {
    entries.push_back({.place = {key, scope, period, of},
                       .value = std::move(value),
                       .basis = figures::Basis::claimed,
                       .pointer = pointer});
  };
  const auto ledger = figures::get_ledger(tx, subject_of(id));
  const auto clear = [&](const char* key, const std::string& scope, const std::string& pointer) {
    if (ledger.find(key, period.str(), aspect, scope)) put(key, scope, figures::Value::retracted(), pointer, aspect);
  };

  for (const auto& [row_id, answer] : rows) {
    const auto pointer = "#/rows/" + row_id;
    const auto* row = system->find_row(row_id);
    if (!row) {
      wrong.push_back({pointer, "analysis.row_unknown", {{"row", row_id}}});
      continue;
    }
    const auto scope = row_scope(*system, *row);
    if (answer.not_applicable) {
      if (trim(*answer.not_applicable).empty())
        wrong.push_back({pointer + "/not_applicable", "analysis.reason_missing"});
      else if ((answer.value && !trim(*answer.value).empty()) || (answer.level && !answer.level->empty()))
        wrong.push_back({pointer + "/not_applicable", "analysis.answer_twice"});
      else
        put(row->quantitative ? "indicator.value" : "indicator.level", scope,
            figures::Value::not_applicable(std::string(trim(*answer.not_applicable))), pointer, aspect);
      continue;
    }
    if (row->quantitative) {
      if (has_formula(*row) && answer.value) {
        const auto value = computed(*row, ledger, period, aspect);
        if (value && *value) {
          wrong.push_back({pointer + "/value", "analysis.computed"});
          continue;
        }
      }
      if (answer.level) wrong.push_back({pointer + "/level", "analysis.value_wanted"});
      if (!answer.metrics.empty()) wrong.push_back({pointer + "/metrics", "analysis.value_wanted"});
      if (!answer.value || trim(*answer.value).empty()) {
        clear("indicator.value", scope, pointer);
        continue;
      }
      const auto number = Decimal::parse_pasted(*answer.value);
      if (!number)
        wrong.push_back({pointer + "/value", number.error().code, number.error().params});
      else
        put("indicator.value", scope, figures::Value::of(*number, row->unit), pointer + "/value", aspect);
      continue;
    }
    if (answer.value) wrong.push_back({pointer + "/value", "analysis.level_wanted"});
    if (answer.level && !answer.level->empty()) {
      static constexpr std::string_view kLevels[] = {"I", "II", "III", "below"};
      if (std::find(std::begin(kLevels), std::end(kLevels), *answer.level) == std::end(kLevels))
        wrong.push_back({pointer + "/level", "analysis.level_unknown", {{"level", *answer.level}}});
      else
        put("indicator.level", scope, figures::Value::of_choice(*answer.level), pointer + "/level", aspect);
    } else {
      clear("indicator.level", scope, pointer);
    }
    if (answer.metrics.size() > row->metrics.size())
      wrong.push_back(
          {pointer + "/metrics", "analysis.metrics_count", {{"count", std::to_string(row->metrics.size())}}});
    for (std::size_t i = 0; i < answer.metrics.size() && i < row->metrics.size(); ++i) {
      const auto cell = pointer + "/metrics/" + std::to_string(i);
      if (trim(answer.metrics[i]).empty()) {
        clear("indicator.metric", scope + ":" + std::to_string(i), cell);
        continue;
      }
      const auto number = Decimal::parse_pasted(answer.metrics[i]);
      if (!number)
        wrong.push_back({cell, number.error().code, number.error().params});
      else
        put("indicator.metric", scope + ":" + std::to_string(i), figures::Value::of(*number, row->metrics[i].unit),
            cell, aspect);
    }
  }
  for (const auto& [parameter, text] : parameters) {
    const auto pointer = "#/parameters/" + parameter;
    const bool known = std::any_of(system->parameters.begin(), system->parameters.end(),
                                   [&](const auto& p) { return p.id == parameter; });
    const auto scope = system->id + ":" + parameter;
    if (!known) {
      wrong.push_back({pointer, "analysis.parameter_unknown", {{"parameter", parameter}}});
      continue;
    }
    if (trim(text).empty()) {
      if (ledger.find("indicator.parameter", period.str(), Aspect::measured, scope))
        put("indicator.parameter", scope, figures::Value::retracted(), pointer, Aspect::measured);
      continue;
    }
    const auto number = Decimal::parse_pasted(text);
    if (!number)
      wrong.push_back({pointer, number.error().code, number.error().params});
    else if (number->is_zero() || number->is_negative())
      wrong.push_back({pointer, "analysis.parameter_positive"});
    else
      put("indicator.parameter", scope, figures::Value::of(*number, ""), pointer, Aspect::measured);
  }
  for (const auto& [row_id, text] : outputs) {
    const auto pointer = "#/outputs/" + row_id;
    const auto* row = system->find_row(row_id);
    if (!row || row->product_group.empty()) {
      wrong.push_back({pointer, row ? "analysis.output_not_asked" : "analysis.row_unknown", {{"row", row_id}}});
      continue;
    }
    if (trim(text).empty()) {
      clear("indicator.output", row_scope(*system, *row), pointer);
      continue;
    }
    const auto number = Decimal::parse_pasted(text);
    if (!number)
      wrong.push_back({pointer, number.error().code, number.error().params});
    else if (number->is_zero() || number->is_negative())
      wrong.push_back({pointer, "analysis.output_positive"});
    else
      put("indicator.output", row_scope(*system, *row), figures::Value::of(*number, output_unit(*system, *row)),
          pointer, aspect);
  }
  if (!wrong.empty()) return Error{ErrorKind::invalid, "input.invalid", {}, std::move(wrong)};
  if (entries.empty()) return {};
  QY_CHECK(figures::set_figures(tx, act, *premises.rules, subject_of(id), audit->province, entries));
  return {};
}

Result<void> recompute(Tx& tx, const Premises& premises, const identity::Act& act, const audits::Audit& audit) {
  const auto* system = premises.rules->find_system(audit.indicator_system);
  if (!system) return Error{ErrorKind::conflict, "analysis.no_system"};
  const auto period = base_period(audit);
  const auto ledger = figures::get_ledger(tx, subject_of(audit.id));
  std::vector<figures::Derived> derived;
  for (const auto& group : system->groups)
    for (const auto& row : group.rows) {
      if (!has_formula(row)) continue;
      for (const auto aspect : {Aspect::measured, Aspect::verified}) {
        // Who says that a row does not apply is not answered by its formula.
        const auto* said = ledger.find("indicator.value", period.str(), aspect, row_scope(*system, row));
        if (said && said->claim.value.kind == figures::Value::Kind::not_applicable) continue;
        QY_TRY(const auto value, computed(row, ledger, period, aspect));
        if (!value && !(said && said->derived())) continue;
        derived.push_back(
            {.place = {"indicator.value", row_scope(*system, row), period, aspect},
             .value = value ? figures::Value::of(*value, row.unit) : figures::Value::retracted(),
             .formula = "indicator:" + system->id + "/" + row.id,
             .inputs = {{row.formula_numerator, "", period, aspect}, {row.formula_denominator, "", period, aspect}}});
      }
    }
  return figures::set_derived(tx, act, *premises.rules, subject_of(audit.id), audit.province, derived);
}

std::vector<Offer> systems_for(const rules::Library& rules, std::string_view industry,
                               const std::vector<std::string>& tags, Date on) {
  std::vector<Offer> offers;
  for (const auto& system : rules.systems()) {
    if (!system.in_force.covers(on)) continue;
    Offer offer{.system = &system};
    offer.by_tag = std::any_of(tags.begin(), tags.end(), [&](const auto& tag) { return system.tags.contains(tag); });
    offer.by_industry = std::any_of(system.industries.begin(), system.industries.end(),
                                    [&](const auto& code) { return industry.starts_with(code); });
    offers.push_back(offer);
  }
  std::stable_sort(offers.begin(), offers.end(), [](const Offer& a, const Offer& b) {
    return 2 * a.by_tag + a.by_industry > 2 * b.by_tag + b.by_industry;
  });
  return offers;
}

Result<std::optional<json::Value>> economics_of(const Premises& premises, const Option& option,
                                                const Assumptions& assumptions) {
  const auto investment = option.planned.find("investment");
  const auto benefit = option.planned.find("annual_saving");
  if (investment == option.planned.end() || benefit == option.planned.end() || investment->second.is_zero())
    return std::optional<json::Value>();
  const json::Object input{
      {"investment", investment->second.str()},          {"subsidy", "0"},
      {"annual_saving", benefit->second.str()},          {"depreciation_years", assumptions.depreciation_years},
      {"tax_rate", assumptions.tax_rate.str()},          {"years", assumptions.years},
      {"discount_rate", assumptions.discount_rate.str()}};
  QY_TRY(auto answer, codec::compute(*premises.rules, "economics", input));
  auto object = answer.as_object();
  object["assumptions"] = input;
  return std::optional<json::Value>(json::Value(std::move(object)));
}

std::vector<Gap> gaps_of(Tx& tx, const Premises& premises, const audits::Audit& audit) {
  std::vector<Gap> gaps;
  const auto ledger = figures::get_ledger(tx, subject_of(audit.id));
  // 近三年: raw materials, energy, water and products of the three years before the list's (report outline, chapter 2).
  static constexpr std::string_view kGroups[] = {"energy", "water", "material", "product"};
  for (const auto group : kGroups)
    for (int year = audit.year - 3; year < audit.year; ++year) {
      const auto period = figures::Period::year(year);
      const bool any = std::any_of(ledger.figures().begin(), ledger.figures().end(), [&](const Figure& figure) {
        if (figure.place.period != period || figure.place.aspect != Aspect::measured || figure.claim.value.is_blank())
          return false;
        const auto* key = premises.rules->find_key(figure.place.key);
        return key && key->group == group;
      });
      if (!any) gaps.push_back({"gap.series." + std::string(group), {{"year", std::to_string(year)}}, "ledger"});
    }
  for (const auto* figure : ledger.stale_figures())
    gaps.push_back({"gap.stale", {{"figure", figure->place.str()}}, "ledger"});

  const auto benchmark = benchmark_of(premises, audit, ledger, Aspect::measured);
  if (!benchmark) {
    // A trade for which no system has been issued is not benchmarked; the report says so.
    const auto offers =
        systems_for(*premises.rules, audit.industry, audit.tags, audit.published_on.value_or(Date(2199, 12, 31)));
    const bool expected =
        !audit.indicator_system.empty() ||
        std::any_of(offers.begin(), offers.end(), [](const Offer& o) { return o.by_tag || o.by_industry; });
    if (expected) gaps.push_back({benchmark.error().code, {}, "benchmark"});
  } else {
    const auto say = [&](const char* code, const std::vector<std::string>& rows) {
      if (!rows.empty())
        gaps.push_back({code, {{"count", std::to_string(rows.size())}, {"rows", join(rows, "、")}}, "benchmark"});
    };
    say("gap.rows_missing", benchmark->missing);
    say("gap.outputs_missing", benchmark->without_output);
    for (const auto& name : benchmark->unusable)
      gaps.push_back({"gap.parameter", {{"name", name.zh}, {"name_en", name.en}}, "benchmark"});
  }

  const auto options = options_of(tx, premises, audit.id);
  if (options.empty()) gaps.push_back({"gap.no_options", {}, "options"});
  for (const auto& option : options) {
    if (option.state == "dropped") continue;
    if (option.cost_class == "medium_or_high" && !option.planned.contains("investment"))
      gaps.push_back({"gap.investment", {{"code", option.code}}, "options"});
    if (option.cost_class == "medium_or_high" && !option.planned_on)
      gaps.push_back({"gap.planned_on", {{"code", option.code}}, "options"});
    if (option.cost_class == "none_or_low" && option.state != "implemented" && option.state != "verified")
      gaps.push_back({"gap.low_cost_open", {{"code", option.code}, {"title", option.title}}, "options"});
  }
  return gaps;
}

}  // namespace qy::analysis
