#include "codec/documents.h"
#include "codec/indicators_reading.h"

namespace qy::codec {
namespace {

namespace indicators = engine::indicators;

json::Object by_level(const std::map<std::string, std::string>& values) {
  json::Object out;
  for (const auto& [level, value] : values) out[level] = value;
  return out;
}

json::Value written(const rules::Library& library, const indicators::Row& row) {
  json::Object out{
      {"id", row.row->id},
      {"name", json::both(row.row->name)},
      {"level", to_string(row.grade)},
      {"weight", row.weight.empty() ? json::Value(nullptr) : json::Value(row.weight)},
      {"limiting", row.row->limiting},
      {"reason", json::both(row.reason)},
      {"source", source(library, row.row->source)},
      {"evidence", row.row->evidence},
      {"confidence", row.row->confidence},
  };
  if (!row.row->product_group.empty()) {
    out["sharing"] = row.sharing.zh.empty() ? json::Value(nullptr) : json::both(row.sharing);
    out["output_missing"] = row.output_missing;
  }
  return out;
}

json::Value written(const indicators::Group& group) {
  json::Value index;
  if (!group.index[0].empty())
    index = json::Object{{"I", group.index[0]}, {"II", group.index[1]}, {"III", group.index[2]}};
  return json::Object{
      {"name", json::both(group.group->name)},
      {"weight", group.group->weight ? json::Value(group.group->weight->shortest()) : json::Value(nullptr)},
      {"bonus", group.group->bonus},
      {"empty", group.empty},
      {"index", index}};
}

json::Value written(const indicators::NextLevel& next) {
  json::Array rows;
  for (const auto& rise : next.rows)
    rows.push_back(json::Object{
        {"id", rise.row}, {"from", to_string(rise.from)}, {"to", rise.to}, {"weight", rise.weight}, {"why", rise.why}});
  return json::Object{
      {"level", next.level},           {"index_now", next.index_now}, {"index_needed", next.index_needed},
      {"index_then", next.index_then}, {"reachable", next.reachable}, {"rows", rows}};
}

json::Array texts(const std::vector<std::string>& items) { return json::Array(items.begin(), items.end()); }

json::Value written(const rules::Library& library, const rules::IndicatorSystem& system,
                    const indicators::Evaluation& evaluation) {
  json::Array rows, groups, warnings;
  json::Object limiting;
  for (const auto& row : evaluation.rows) rows.push_back(written(library, row));
  for (const auto& group : evaluation.groups) groups.push_back(written(group));
  for (const auto& warning : evaluation.warnings) warnings.push_back(remark(warning.code, warning.params));
  for (const auto& [level, met] : evaluation.limiting) limiting[level] = met;

  json::Object out{{"system", system.id}};
  out["index"] = evaluation.index_refused ? json::Value(nullptr) : json::Value(by_level(evaluation.index));
  if (evaluation.index_refused)
    out["index_refused"] =
        json::Object{{"code", evaluation.index_refused->code},
                     {"detail", both_sentences(evaluation.index_refused->code, evaluation.index_refused->params)}};
  out["level"] = evaluation.level ? json::Value(*evaluation.level) : json::Value(nullptr);
  out["level_name"] = evaluation.level ? json::both(evaluation.level_name) : json::Value(nullptr);
  out["limiting"] = limiting;
  out["rows"] = rows;
  out["groups"] = groups;
  out["missing"] = texts(evaluation.missing);
  out["unread"] = texts(evaluation.unread);
  out["warnings"] = warnings;
  out["to_next_level"] = evaluation.next ? written(*evaluation.next) : json::Value(nullptr);
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
  const auto evaluation = indicators::evaluate(*system, *library.find_level_rule(system->level_rule), read);
  if (!complete) return evaluation ? complete.error() : both_complaints(complete.error(), evaluation.error());
  if (!evaluation) return evaluation.error();
  return written(library, *system, *evaluation);
}

}  // namespace qy::codec
