#include <algorithm>
#include <cmath>

#include "codec/documents.h"
#include "engine/benchmark/benchmark.h"

namespace qy::codec {
namespace {

namespace benchmark = engine::benchmark;

constexpr std::size_t kMostRecords = 50000, kMostSketches = 1000, kMostStanding = 1000;

/// 分层依据: an attribute, by its text or by classes of its number.
struct Stratifier {
  std::string by;
  std::vector<Decimal> cuts;  ///< ascending; a class holds its lower end
};

std::string class_of(const Stratifier& stratifier, const Decimal& value) {
  const auto& cuts = stratifier.cuts;
  const auto above = std::upper_bound(cuts.begin(), cuts.end(), value);
  if (above == cuts.begin()) return "< " + above->shortest();
  if (above == cuts.end()) return "≥ " + cuts.back().shortest();
  return std::prev(above)->shortest() + "–" + above->shortest();
}

std::vector<Stratifier> read_stratifiers(json::ObjectReader& in) {
  std::vector<Stratifier> out;
  for (auto& item : in.objects("stratify_by", 6)) {
    Stratifier stratifier{item.text("by", 60), decimals(item, "cuts", 50)};
    const auto& cuts = stratifier.cuts;
    if (std::adjacent_find(cuts.begin(), cuts.end(), [](const auto& a, const auto& b) { return a >= b; }) != cuts.end())
      item.complain("cuts", "benchmark.class_cuts");
    const bool twice =
        std::any_of(out.begin(), out.end(), [&](const auto& other) { return other.by == stratifier.by; });
    if (twice) item.complain("by", "benchmark.duplicate_id", {{"id", stratifier.by}});
    out.push_back(std::move(stratifier));
  }
  return out;
}

std::vector<std::string> read_labels(json::ObjectReader& in, const std::vector<Stratifier>& stratifiers) {
  std::vector<std::string> labels;
  if (stratifiers.empty()) return labels;
  if (std::any_of(stratifiers.begin(), stratifiers.end(), [](const auto& each) { return each.by.empty(); })) {
    in.any("strata");  // by what could not be read
    return labels;
  }
  auto strata = in.object("strata");
  for (const auto& stratifier : stratifiers)
    labels.push_back(stratifier.cuts.empty() ? strata.text(stratifier.by, 100)
                                             : class_of(stratifier, strata.decimal(stratifier.by)));
  return labels;
}

double read_share(json::ObjectReader& in, std::string_view name, double absent, double least, double most) {
  const auto given = in.optional_decimal(name);
  if (!given) return absent;
  const double value = given->to_double();
  if (value >= least && value <= most) return value;
  in.complain(name, "field.range",
              {{"min", Decimal::from_double(least, 4).shortest()}, {"max", Decimal::from_double(most, 4).shortest()}});
  return absent;
}

void read_settings(json::ObjectReader& in, benchmark::Survey& asked) {
  asked.log_scale = in.optional_choice("scale", {"log", "linear"}).value_or("log") == "log";
  asked.lower_is_better =
      in.optional_choice("direction", {"lower_is_better", "higher_is_better"}).value_or("lower_is_better") ==
      "lower_is_better";
  asked.quantile_type = static_cast<int>(in.optional_integer("quantile_type", 6, 8).value_or(8));
  if (in.has("quantiles")) {
    asked.shares.clear();
    const auto shares = optional_decimals(in, "quantiles", 99);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!shares[i]) continue;
      asked.shares.push_back(shares[i]->to_double());
      if (asked.shares.back() <= 0 || asked.shares.back() >= 1)
        in.complain_at(json::pointer_to(json::pointer_to(in.pointer(), "quantiles"), std::to_string(i)), "field.range",
                       {{"min", "0"}, {"max", "1"}});
    }
  } else {
    in.any("quantiles");
  }
  asked.confidence = read_share(in, "confidence", 0.95, 0.5, 0.9999);
  asked.minimum_group = static_cast<std::size_t>(in.optional_integer("minimum_group", 10, 1000).value_or(10));
  asked.privacy_minimum = static_cast<std::size_t>(in.optional_integer("privacy_minimum", 1, 1000).value_or(3));
  asked.sketches = in.flag("sketch");
  asked.seed = static_cast<std::uint64_t>(in.optional_integer("seed", 0, 1000000000).value_or(1));
  auto outliers = in.object("outliers", false);
  const auto method = outliers.optional_choice("method", {"modified_z", "generalised_esd", "none"});
  if (method == "generalised_esd") asked.outliers = benchmark::Outliers::generalised_esd;
  if (method == "none") asked.outliers = benchmark::Outliers::none;
  asked.cut = read_share(outliers, "cut", 3.5, 1, 100);
  asked.alpha = read_share(outliers, "alpha", 0.05, 0.0001, 0.5);
  asked.at_most = static_cast<std::size_t>(outliers.optional_integer("at_most", 1, 100).value_or(10));
}

void read_records(json::ObjectReader& in, const std::vector<Stratifier>& stratifiers, benchmark::Survey& asked) {
  for (auto& item : in.objects("records", kMostRecords)) {
    benchmark::Record record;
    record.id = item.text("id", 100);
    record.value = required_double(item, "value");
    record.weight = optional_double(item, "weight");
    if (record.weight && *record.weight <= 0) item.complain("weight", "benchmark.weight");
    record.excluded = item.optional_text("exclude", 500).value_or("");
    record.stratum = read_labels(item, stratifiers);
    asked.records.push_back(std::move(record));
  }
  for (auto& item : in.objects("standing", kMostStanding)) {
    benchmark::Asking asking{item.text("id", 100), {}, {}};
    const bool outside = item.has("value");
    const auto value = optional_double(item, "value");
    if (outside) {
      asking.value = value.value_or(1);
      if (asked.log_scale && *asking.value <= 0) item.complain("value", "benchmark.not_positive");
      asking.stratum = read_labels(item, stratifiers);
    }
    asked.standing.push_back(std::move(asking));
  }
}

void read_sketches(json::ObjectReader& in, const std::vector<Stratifier>& stratifiers, benchmark::Survey& asked) {
  for (auto& item : in.objects("sketches", kMostSketches)) {
    std::vector<std::string> labels;
    if (!stratifiers.empty()) {  // a sketch carries the class itself, as an answer wrote it
      auto strata = item.object("strata");
      for (const auto& stratifier : stratifiers) labels.push_back(strata.text(stratifier.by, 100));
    }
    auto sketch = item.object("sketch");
    const auto k = sketch.integer("k", benchmark::Sketch::kSmallest, benchmark::Sketch::kLargest);
    const double least = required_double(sketch, "least"), most = required_double(sketch, "most");
    const auto count = sketch.optional_integer("count", 1, std::int64_t{1} << 62);
    std::vector<std::vector<double>> levels;
    for (auto& level : sketch.objects("levels", 40, true)) {
      levels.emplace_back();
      for (const auto& value : decimals(level, "values", 20000)) levels.back().push_back(value.to_double());
    }
    auto restored =
        benchmark::Sketch::restored(static_cast<int>(k), asked.seed + asked.summaries.size(), levels, least, most);
    if (restored &&
        count.value_or(static_cast<std::int64_t>(restored->count())) == static_cast<std::int64_t>(restored->count()))
      asked.summaries.push_back({std::move(labels), std::move(*restored)});
    else
      item.complain("sketch", "benchmark.sketch");
  }
}

json::Value maybe(const std::optional<double>& value) { return value ? scaled_number(*value) : json::Value(nullptr); }
json::Value maybe(const std::optional<std::size_t>& value) {
  return value ? json::Value(static_cast<std::int64_t>(*value)) : json::Value(nullptr);
}

json::Value numbers(const std::vector<double>& values) {
  json::Array out;
  for (const auto value : values) out.push_back(scaled_number(value));
  return out;
}

json::Value written(const benchmark::Sketch& sketch) {
  json::Array levels;
  for (const auto& level : sketch.levels()) levels.push_back(json::Object{{"values", numbers(level)}});
  return json::Object{{"k", sketch.k()},
                      {"count", sketch.count()},
                      {"least", scaled_number(sketch.least())},
                      {"most", scaled_number(sketch.most())},
                      {"levels", levels}};
}

json::Value written(const benchmark::Standing& standing) {
  json::Value interval(nullptr);
  if (standing.beats_interval)
    interval =
        json::Array{rounded_number(standing.beats_interval->lower), rounded_number(standing.beats_interval->upper)};
  return json::Object{{"id", standing.id},
                      {"value", scaled_number(standing.value)},
                      {"better", maybe(standing.better)},
                      {"equal", maybe(standing.equal)},
                      {"worse", maybe(standing.worse)},
                      {"beats", maybe(standing.beats)},
                      {"beats_interval", interval},
                      {"above_quantiles", numbers(standing.above)}};
}

json::Value written(const benchmark::Stratum& stratum, const std::vector<Stratifier>& stratifiers, int type) {
  static constexpr const char* kShown[] = {"quantiles", "points", "withheld"};
  json::Object labels;
  for (std::size_t i = 0; i < stratifiers.size(); ++i) labels[stratifiers[i].by] = stratum.labels[i];
  json::Array quantiles, excluded, standing, notes;
  for (const auto& quantile : stratum.quantiles)
    quantiles.push_back(json::Object{{"p", rounded_number(quantile.share)},
                                     {"type", stratum.rank_error ? json::Value("sketch") : json::Value(type)},
                                     {"value", scaled_number(quantile.value)},
                                     {"lower", maybe(quantile.lower)},
                                     {"upper", maybe(quantile.upper)},
                                     {"coverage", rounded_number(quantile.coverage)}});
  for (const auto& exclusion : stratum.excluded)
    excluded.push_back(json::Object{
        {"id", exclusion.id}, {"value", maybe(exclusion.value)}, {"reason", remark(exclusion.code, exclusion.params)}});
  for (const auto& each : stratum.standing) standing.push_back(written(each));
  for (const auto& note : stratum.notes) notes.push_back(remark(note.code, note.params));
  json::Object out{{"strata", labels},
                   {"shown", kShown[static_cast<int>(stratum.shown)]},
                   {"count", stratum.count},
                   {"quantiles", quantiles},
                   {"rank_error", maybe(stratum.rank_error)},
                   {"points", numbers(stratum.points)},
                   {"mean", maybe(stratum.mean)},
                   {"geometric_mean", maybe(stratum.geometric_mean)},
                   {"weighted_mean", maybe(stratum.weighted_mean)},
                   {"spread", maybe(stratum.spread)},
                   {"excluded", excluded},
                   {"standing", standing},
                   {"notes", notes}};
  if (stratum.sketch) out["sketch"] = written(*stratum.sketch);
  return out;
}

}  // namespace

Result<json::Value> compute_benchmark(const rules::Library&, const json::Value& input, const Watch& watch) {
  json::ObjectReader in(input);
  benchmark::Survey asked;
  read_settings(in, asked);
  const auto stratifiers = read_stratifiers(in);
  read_records(in, stratifiers, asked);
  read_sketches(in, stratifiers, asked);
  if (asked.records.empty() && asked.summaries.empty() && !in.has("sketches"))
    in.complain("records", in.has("records") ? "field.empty" : "field.required");
  const auto read = in.done();
  auto answer = benchmark::survey(asked, watch);
  if (!read) return both_complaints(read.error(), answer ? Error() : answer.error());
  if (!answer) return answer.error();

  json::Array strata;
  for (const auto& stratum : *answer) strata.push_back(written(stratum, stratifiers, asked.quantile_type));
  return json::Object{{"scale", asked.log_scale ? "log" : "linear"},    {"quantile_type", asked.quantile_type},
                      {"confidence", rounded_number(asked.confidence)}, {"minimum_group", asked.minimum_group},
                      {"privacy_minimum", asked.privacy_minimum},       {"strata", strata}};
}

}  // namespace qy::codec
