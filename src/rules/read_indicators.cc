#include <algorithm>

#include "base/text.h"
#include "rules/kinds.h"

// Level rules, indicator systems and their cases.
namespace qy::rules {
namespace {

const std::vector<std::string> kGrades = {"I", "II", "III"};

int grade_number(std::string_view grade) {
  return static_cast<int>(std::find(kGrades.begin(), kGrades.end(), grade) - kGrades.begin());
}

/// Reads the three levels of a map {I: …, II: …, III: …}; all three must be answered.
template <class Read>
void read_grades(const Reading& in, const YamlNode& node, std::string_view key, Read read) {
  Fields fields(in, node, key);
  for (const auto& grade : kGrades)
    if (const auto* value = fields.require(grade)) read(grade, *value);
}

/// A number, {expression: …}, {zh: …, en: …}, {same_as: I}, or the words `none` and `unread`.
Benchmark read_benchmark(const Reading& in, const YamlNode& node, const std::string& grade,
                         const std::set<std::string>& parameters) {
  Benchmark benchmark;
  if (node.kind == YamlNode::Kind::scalar && (node.text == "none" || node.text == "unread")) {
    benchmark.kind = node.text == "none" ? Benchmark::Kind::none : Benchmark::Kind::unread;
  } else if (node.kind == YamlNode::Kind::map && node.find("same_as")) {
    Fields fields(in, node, grade);
    benchmark.kind = Benchmark::Kind::same_as;
    benchmark.same_as = fields.choice("same_as", kGrades);
    if (benchmark.same_as == grade) in.complain(node.line, "pack.same_as_itself", {{"grade", grade}});
  } else if (node.kind == YamlNode::Kind::map && !node.find("expression")) {
    benchmark.kind = Benchmark::Kind::text;
    benchmark.text = read_title(in, node, grade);
  } else {
    benchmark.kind = Benchmark::Kind::number;
    benchmark.number = read_amount(in, node, grade, parameters);
  }
  return benchmark;
}

/// Complains when a worse level demands more than a better one. Levels without a plain number are passed over.
void check_order(const Reading& in, int line, const std::string& row, bool higher_is_better,
                 const std::vector<std::optional<Decimal>>& limits) {
  for (std::size_t better = 0; better < limits.size(); ++better)
    for (std::size_t worse = better + 1; worse < limits.size(); ++worse) {
      if (!limits[better] || !limits[worse]) continue;
      const bool ordered = higher_is_better ? *limits[better] >= *limits[worse] : *limits[better] <= *limits[worse];
      if (ordered) continue;
      in.complain(line, "pack.unordered_limits",
                  {{"row", row},
                   {"better", kGrades[better]},
                   {"better_limit", limits[better]->str()},
                   {"worse", kGrades[worse]},
                   {"worse_limit", limits[worse]->str()},
                   {"direction", higher_is_better ? "≥" : "≤"}});
      return;
    }
}

std::optional<Decimal> plain(const Amount& amount) {
  if (!amount.expression.empty()) return {};
  return amount.value;
}

IndicatorRow::Metric read_metric(const Reading& in, const YamlNode& node, const std::string& row,
                                 const std::set<std::string>& parameters) {
  Fields fields(in, node, "metrics");
  IndicatorRow::Metric metric;
  metric.name = fields.title("name");
  metric.unit = fields.unit_or("unit");
  metric.higher_is_better = fields.choice("direction", {"lower_is_better", "higher_is_better"}) == "higher_is_better";
  std::vector<std::optional<Decimal>> limits(3);
  if (const auto* levels = fields.require("benchmarks"))
    read_grades(in, *levels, "benchmarks", [&](const std::string& grade, const YamlNode& value) {
      metric.levels[grade] = read_amount(in, value, grade, parameters);
      limits[grade_number(grade)] = plain(metric.levels[grade]);
    });
  check_order(in, node.line, row, metric.higher_is_better, limits);
  return metric;
}

IndicatorRow read_row(const Reading& in, const YamlNode& node, const IndicatorSystem& system,
                      const std::set<std::string>& parameters) {
  Fields fields(in, node, "rows");
  IndicatorRow row;
  row.id = fields.text("id");
  row.name = fields.title("name");
  if (const auto* weight = fields.require("weight"))
    if (weight->kind != YamlNode::Kind::scalar || weight->text != "unknown") {
      row.weight = read_amount(in, *weight, "weight", parameters);
      if (row.weight->expression.empty() && row.weight->value.is_negative())
        in.complain(weight->line, "pack.negative_weight", {{"row", row.id}});
    }
  row.limiting = fields.flag_or("limiting", false);
  row.quantitative = fields.choice("kind", {"quantitative", "qualitative"}) == "quantitative";
  row.unit = row.quantitative ? fields.unit("unit") : fields.unit_or("unit");
  const auto* direction = row.quantitative ? fields.require("direction") : fields.find("direction");
  if (direction)
    row.higher_is_better =
        read_choice(in, *direction, "direction", {"lower_is_better", "higher_is_better"}) == "higher_is_better";
  row.strict = fields.flag_or("strict", false);
  row.rounded_value = fields.choice_or("comparison", {"full_value", "rounded_value"}, "full_value") == "rounded_value";

  std::vector<std::optional<Decimal>> limits(3);
  if (const auto* benchmarks = fields.require("benchmarks")) {
    read_grades(in, *benchmarks, "benchmarks", [&](const std::string& grade, const YamlNode& value) {
      auto benchmark = read_benchmark(in, value, grade, parameters);
      if (benchmark.kind == Benchmark::Kind::number) {
        limits[grade_number(grade)] = plain(benchmark.number);
        if (!row.quantitative)
          in.complain(value.line, "pack.wrong_type", {{"key", grade}, {"expected", "map"}, {"found", "number"}});
      } else if (benchmark.kind == Benchmark::Kind::text && row.quantitative) {
        in.complain(value.line, "pack.wrong_type", {{"key", grade}, {"expected", "number"}, {"found", "map"}});
      }
      row.benchmarks[grade] = std::move(benchmark);
    });
    check_order(in, benchmarks->line, row.id, row.higher_is_better, limits);
  }
  for (const auto& metric : fields.list_or("metrics"))
    row.metrics.push_back(read_metric(in, metric, row.id, parameters));
  for (const auto& variant : fields.list_or("variants")) {
    std::map<std::string, std::string> read;
    if (variant.kind != YamlNode::Kind::map)
      in.complain(variant.line, "pack.wrong_type", {{"key", "variants"}, {"expected", "map"}});
    for (const auto& [key, value] : variant.fields) read[key.text] = read_text(in, value, key.text);
    row.variants.push_back(std::move(read));
  }
  if (const auto* formula = fields.find("formula")) {
    Fields ratio(in, *formula, "formula");
    ratio.choice("kind", {"ratio"});
    row.formula_numerator = ratio.reference("numerator", "key");
    row.formula_denominator = ratio.reference("denominator", "key");
  }
  row.product_group = fields.text_or("product_group");
  row.source = fields.source("source", system.document);
  row.evidence = fields.choice("evidence", {"source", "source-corrected", "source-levels-1-2", "memory"});
  row.confidence = fields.choice("confidence", {"high", "medium", "low"});
  row.note = fields.title_or("note");
  return row;
}

/// Complains when known weights do not add up to exactly one. Rows of one product group share one weight.
void check_weights(const Reading& in, const IndicatorSystem& system, const std::vector<int>& group_lines, int line) {
  Decimal total;
  bool all_known = !system.groups.empty();
  for (std::size_t i = 0; i < system.groups.size(); ++i) {
    const auto& group = system.groups[i];
    if (!group.weight)
      all_known = false;
    else if (!group.bonus)
      total = total + *group.weight;

    Decimal inner;
    bool inner_known = group.complete && !group.rows.empty();
    std::set<std::string> groups_seen;
    for (const auto& row : group.rows) {
      if (!row.weight || !row.weight->expression.empty())
        inner_known = false;
      else if (row.product_group.empty() || groups_seen.insert(row.product_group).second)
        inner = inner + row.weight->value;
    }
    if (inner_known && inner != Decimal(1))
      in.complain(group_lines[i], "pack.weights_sum", {{"what", group.name.zh}, {"sum", inner.shortest()}});
  }
  if (all_known && total != Decimal(1))
    in.complain(line, "pack.weights_sum", {{"what", system.title.zh}, {"sum", total.shortest()}});
}

/// A system that calls itself complete must be.
void check_completeness(const Reading& in, const IndicatorSystem& system, int line) {
  if (system.verification != "complete-verified") return;
  if (!system.has_all_weights()) in.complain(line, "pack.not_complete", {{"what", "weight"}});
}

/// "on: …": the day; complains when it is missing.
Date day_of(Fields& fields) {
  const auto* node = fields.require("on");
  return (node ? read_date(fields.reading(), *node, "on") : std::nullopt).value_or(Date());
}

}  // namespace

void read_level_rules(Fields& root) {
  const auto& in = root.reading();
  for (const auto& node : root.list("level_rules")) {
    Fields fields(in, node, "level_rules");
    LevelRule rule;
    rule.id = fields.text("id");
    in.define("level_rule", rule.id, node.line);
    rule.title = fields.title("title");
    rule.source = fields.source("source");
    for (const auto& item : fields.list("levels")) {
      Fields level(in, item, "levels");
      LevelRule::Level read;
      read.id = level.choice("id", kGrades);
      read.name = level.title("name");
      read.index = level.decimal("index");
      read.exactly = level.flag_or("exactly", false);
      read.limiting = level.choice("limiting", kGrades);
      read.others = level.choice_or("others", kGrades, "");
      read.mark = level.mark();
      if (read.index.is_negative() || Decimal(100) < read.index)
        in.complain(item.line, "pack.out_of_range", {{"key", "index"}, {"least", "0"}, {"most", "100"}});
      rule.levels.push_back(std::move(read));
    }
    for (std::size_t i = 1; i < rule.levels.size(); ++i)
      if (grade_number(rule.levels[i].id) <= grade_number(rule.levels[i - 1].id))
        in.complain(node.line, "pack.unordered_levels", {{"id", rule.id}});
    in.contents.level_rules.push_back(std::move(rule));
  }
}

void read_indicator_system(Fields& root, const PackFile& file) {
  const auto& in = root.reading();
  in.define("indicator_system", file.id, root.line());
  IndicatorSystem system;
  system.id = file.id;
  system.title = file.title;
  system.verification = file.verification;
  system.document = root.reference("document", "document");
  system.scope = root.title("scope");
  system.in_force = root.validity("in_force");
  system.replaces = root.text_or("replaces");
  system.level_rule = root.reference("level_rule", "level_rule");
  system.verification_note = root.title("verification_note");
  for (const auto& item : root.list_or("industries")) {
    const auto code = read_text(in, item, "industries");
    in.refer("industry", code, item.line);
    system.industries.insert(code);
  }
  for (const auto& tag : root.texts_or("tags")) system.tags.insert(tag);
  std::set<std::string> parameters;
  for (const auto& item : root.list_or("parameters")) {
    Fields fields(in, item, "parameters");
    system.parameters.push_back({fields.text("id"), fields.title("name")});
    in.define("parameter of " + system.id, system.parameters.back().id, item.line);
    parameters.insert(system.parameters.back().id);
  }
  system.sources = root.texts_or("sources");

  std::vector<int> group_lines;
  const auto before = in.complaints();
  for (const auto& node : root.list("groups")) {
    Fields fields(in, node, "groups");
    IndicatorGroup group;
    group.name = fields.title("name");
    if (const auto* weight = fields.require("weight"))
      if (weight->kind != YamlNode::Kind::scalar || weight->text != "unknown")
        group.weight = read_decimal(in, *weight, "weight");
    group.bonus = fields.flag_or("bonus", false);
    group.complete = fields.flag_or("complete", true);
    group.note = fields.title_or("note");
    for (const auto& item : fields.list("rows")) {
      group.rows.push_back(read_row(in, item, system, parameters));
      in.define("row of " + system.id, group.rows.back().id, item.line);
    }
    group_lines.push_back(node.line);
    system.groups.push_back(std::move(group));
  }
  if (in.complaints() == before) check_weights(in, system, group_lines, root.line_of("groups"));
  check_completeness(in, system, root.line_of("verification"));
  in.contents.systems.push_back(std::move(system));
}

void read_indicator_cases(Fields& root) {
  const auto& in = root.reading();
  const auto system = root.reference("system", "indicator_system");
  for (const auto& node : root.list("cases")) {
    Fields fields(in, node, "cases");
    PackCase one;
    one.file = in.file;
    one.line = node.line;
    one.system = system;
    one.name = fields.text("name");
    one.on = day_of(fields);
    for (const auto& [name, value] : fields.map_or("parameters"))
      one.parameters[name.text] = read_decimal(in, value, name.text);
    for (const auto& [row, value] : fields.map_or("values")) {
      in.refer("row of " + system, row.text, row.line);
      PackCase::Value read;
      if (value.kind == YamlNode::Kind::map) {
        Fields answer(in, value, row.text);
        read.not_applicable = answer.text("not_applicable");
      } else if (std::find(kGrades.begin(), kGrades.end(), value.text) != kGrades.end() || value.text == "below") {
        read.level = value.text;
      } else {
        read_decimal(in, value, row.text);
        read.value = value.text;
      }
      one.values[row.text] = std::move(read);
    }
    if (const auto* expect = fields.require("expect")) {
      Fields wanted(in, *expect, "expect");
      for (const auto& [row, level] : wanted.map_or("rows")) {
        in.refer("row of " + system, row.text, row.line);
        one.expect_rows[row.text] =
            read_choice(in, level, row.text, {"I", "II", "III", "below", "missing", "not_applicable"});
      }
      one.expect_level = wanted.choice_or("level", {"I", "II", "III", "none", "missing"}, "");
      for (const auto& [grade, value] : wanted.map_or("index")) {
        read_decimal(in, value, grade.text);
        one.expect_index[grade.text] = value.text;
      }
      one.expect_error = wanted.text_or("error");
      if (one.expect_rows.empty() && one.expect_level.empty() && one.expect_index.empty() && one.expect_error.empty())
        in.complain(expect->line, "pack.case_without_expectation", {{"name", one.name}});
    }
    in.contents.cases.push_back(std::move(one));
  }
}

}  // namespace qy::rules
