#include "codec/documents.h"
#include "codec/indicators_reading.h"

namespace qy::codec {
namespace {

namespace indicators = engine::indicators;

json::Value written(const std::optional<Rational>& number) {
  return number ? json::Value(number->str()) : json::Value(nullptr);
}

/// An object by level, or null when there is no index.
template <class Index>
json::Value by_level(Index index) {
  json::Object out;
  for (const auto level : indicators::kLevelGrades) {
    const std::optional<Rational> value = index(level);
    if (!value) return nullptr;
    out[to_string(level)] = value->str();
  }
  return out;
}

json::Value row_written(const rules::Library& library, const indicators::Evaluation& evaluation, std::size_t i) {
  const auto& row = evaluation.rows[i];
  json::Object out{
      {"id", row.row->id},
      {"name", json::both(row.row->name)},
      {"level", to_string(row.grade)},
      {"weight", written(evaluation.weight(i))},
      {"limiting", row.row->limiting},
      {"reason", json::both(evaluation.reasons[i].grade)},
      {"source", source(library, row.row->source)},
      {"evidence", row.row->evidence},
      {"confidence", row.row->confidence},
  };
  if (!row.row->product_group.empty()) {
    const auto& sharing = evaluation.reasons[i].sharing;
    out["sharing"] = sharing.zh.empty() ? json::Value(nullptr) : json::both(sharing);
    out["output_missing"] = row.output_missing;
  }
  return out;
}

json::Value group_written(const indicators::Evaluation& evaluation, std::size_t g) {
  const auto& group = evaluation.groups[g];
  return json::Object{
      {"name", json::both(group.group->name)},
      {"weight", group.group->weight ? json::Value(group.group->weight->shortest()) : json::Value(nullptr)},
      {"bonus", group.group->bonus},
      {"empty", group.empty},
      {"index", by_level([&](indicators::Grade level) { return evaluation.group_index(g, level); })}};
}

json::Value next_written(const indicators::Evaluation& evaluation, const indicators::NextLevel& next) {
  json::Array rows;
  for (const auto& rise : next.rows)
    rows.push_back(json::Object{{"id", evaluation.rows[rise.row].row->id},
                                {"from", to_string(rise.from)},
                                {"to", to_string(rise.to)},
                                {"weight", written(evaluation.weight(rise.row))},
                                {"why", to_string(rise.why)}});
  return json::Object{{"level", next.level->id},
                      {"index_now", written(evaluation.index(indicators::grade_of(next.level->id)))},
                      {"index_needed", next.level->index.shortest()},
                      {"index_then", next.index_then.str()},
                      {"reachable", next.reachable},
                      {"rows", rows}};
}

json::Array texts(const std::vector<std::string_view>& items) { return json::Array(items.begin(), items.end()); }

json::Value written(const rules::Library& library, const rules::IndicatorSystem& system, const rules::LevelRule& rule,
                    const indicators::Evaluation& evaluation) {
  json::Array rows, groups, warnings;
  json::Object limiting;
  for (std::size_t i = 0; i < evaluation.rows.size(); ++i) rows.push_back(row_written(library, evaluation, i));
  for (std::size_t g = 0; g < evaluation.groups.size(); ++g) groups.push_back(group_written(evaluation, g));
  for (const auto& warning : evaluation.warnings) warnings.push_back(remark(warning.code, warning.params));
  for (std::size_t level = 0; level < rule.levels.size(); ++level)
    limiting[rule.levels[level].id] = static_cast<bool>(evaluation.limiting[level]);

  json::Object out{{"system", system.id}};
  out["index"] = by_level([&](indicators::Grade level) { return evaluation.index(level); });
  if (evaluation.index_refused)
    out["index_refused"] =
        json::Object{{"code", evaluation.index_refused->code},
                     {"detail", both_sentences(evaluation.index_refused->code, evaluation.index_refused->params)}};
  out["level"] = evaluation.level ? json::Value(*evaluation.level) : json::Value(nullptr);
  out["level_name"] = evaluation.level ? json::both(*evaluation.level_name) : json::Value(nullptr);
  out["limiting"] = limiting;
  out["rows"] = rows;
  out["groups"] = groups;
  out["missing"] = texts(evaluation.missing);
  out["unread"] = texts(evaluation.unread);
  out["warnings"] = warnings;
  out["to_next_level"] = evaluation.next ? next_written(evaluation, *evaluation.next) : json::Value(nullptr);
  out["verification"] = system.verification;
  out["verification_note"] = json::both(system.verification_note);
  return out;
}

}  // namespace

Result<json::Value> compute_indicators(const rules::Library& library, const json::Value& input, const Watch&) {
  json::ObjectReader in(input);
  const auto* system = read_system(library, in);
  auto read = read_answers(in);
  read.unfinished = in.flag("unfinished");
  const auto complete = in.done();
  if (!system) return complete.error();
  const auto& rule = *library.find_level_rule(system->level_rule);
  const auto evaluation = indicators::evaluate(*system, rule, read);
  if (!complete) return evaluation ? complete.error() : both_complaints(complete.error(), evaluation.error(), false);
  if (!evaluation) return evaluation.error();
  return written(library, *system, rule, *evaluation);
}

}  // namespace qy::codec
