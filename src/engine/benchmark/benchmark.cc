#include "engine/benchmark/benchmark.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/decimal.h"

namespace qy::engine::benchmark {
namespace {

std::string shown(double value) { return Decimal::from_double(value, 4).shortest(); }

/// The records of one stratum on their way to its answer.
struct Group {
  std::vector<const Record*> counted;
  std::vector<const Record*> left_out;  ///< by hand
  std::vector<const Summary*> summaries;
  std::vector<const Asking*> asking;
};

class Stratifier {
 public:
  Stratifier(const Survey& asked, std::vector<std::string> labels, const Group& group)
      : asked_(asked), group_(group), counted_(group.counted) {
    out_.labels = std::move(labels);
  }

  Stratum run() {
    for (const auto* record : group_.left_out)
      out_.excluded.push_back(
          {record->id, record->value, "benchmark.excluded_by_hand", {{"reason", record->excluded}}});
    gather();
    out_.count = values_.size() + merged_count_;
    if (out_.count < asked_.privacy_minimum) return withheld();
    if (out_.count >= asked_.minimum_group && merged_count_ == 0) drop_outliers();
    if (out_.count < asked_.minimum_group) {
      out_.shown = Shown::points;
      out_.points = values_;
      note("benchmark.points_only", asked_.minimum_group);
    } else {
      out_.shown = Shown::quantiles;
      if (merged_count_)
        sketched_quantiles();
      else
        exact_quantiles();
      if (merged_count_ == 0) averages();
      if (asked_.sketches) out_.sketch = whole_sketch();
    }
    for (const auto* asking : group_.asking) out_.standing.push_back(standing(*asking));
    return std::move(out_);
  }

 private:
  void note(const char* code, std::size_t limit) {
    out_.notes.push_back({code, {{"count", std::to_string(out_.count)}, {"limit", std::to_string(limit)}}});
  }

  /// Ascending values of the records that count and of sketches that still hold every value.
  void gather() {
    values_.clear();
    for (const auto* record : counted_) values_.push_back(record->value);
    merged_count_ = 0;
    for (const auto* summary : group_.summaries) {
      if (summary->sketch.is_exact())
        values_.insert(values_.end(), summary->sketch.levels()[0].begin(), summary->sketch.levels()[0].end());
      else
        merged_count_ += summary->sketch.count();
    }
    std::sort(values_.begin(), values_.end());
  }

  Stratum withheld() {
    out_.shown = Shown::withheld;
    for (auto& exclusion : out_.excluded) exclusion.value.reset();
    note("benchmark.withheld", asked_.privacy_minimum);
    for (const auto* asking : group_.asking)
      out_.standing.push_back({asking->id, value_of(*asking), {}, {}, {}, {}, {}, {}});
    return std::move(out_);
  }

  double scaled(double value) const { return asked_.log_scale ? std::log(value) : value; }
  double back(double value) const { return asked_.log_scale ? std::exp(value) : value; }
  std::vector<double> scaled_all() const {
    std::vector<double> out;
    for (const auto value : values_) out.push_back(scaled(value));
    return out;
  }

  void drop_outliers() {
    std::vector<double> scaled_records;
    for (const auto* record : counted_) scaled_records.push_back(scaled(record->value));
    if (scaled_records.size() < asked_.minimum_group) return;
    std::vector<bool> drop(counted_.size());
    if (asked_.outliers == Outliers::modified_z) {
      const auto scores = modified_z(scaled_records);
      for (std::size_t i = 0; i < drop.size(); ++i) {
        drop[i] = std::fabs(scores.z[i]) > asked_.cut;
        if (drop[i])
          exclude(*counted_[i], "benchmark.outlier_z", {{"z", shown(scores.z[i])}, {"cut", shown(asked_.cut)}});
      }
    } else if (asked_.outliers == Outliers::generalised_esd) {
      const auto test = generalised_esd(scaled_records, asked_.at_most, asked_.alpha);
      for (std::size_t step = 0; step < test.outliers; ++step) {
        const auto& [index, statistic, critical] = test.steps[step];
        drop[index] = true;
        exclude(*counted_[index], "benchmark.outlier_esd",
                {{"statistic", shown(statistic)}, {"critical", shown(critical)}});
      }
    }
    std::vector<const Record*> kept;
    for (std::size_t i = 0; i < drop.size(); ++i)
      if (!drop[i]) kept.push_back(counted_[i]);
    counted_ = std::move(kept);
    gather();
    out_.count = values_.size();
    say_if_copied(scaled_records);
  }

  void exclude(const Record& record, const char* code, Params params) {
    out_.excluded.push_back({record.id, record.value, code, std::move(params)});
  }

  /// Half of all values the same is common with copied data: MAD is 0 then.
  void say_if_copied(std::vector<double> scaled_records) {
    std::sort(scaled_records.begin(), scaled_records.end());
    if (statistics::robust(scaled_records).by == statistics::Spread::mad) return;
    std::map<double, std::size_t> counts;
    for (const auto* record : group_.counted) ++counts[record->value];
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    out_.notes.push_back({"benchmark.copied_values",
                          {{"value", shown(most->first)},
                           {"count", std::to_string(most->second)},
                           {"total", std::to_string(group_.counted.size())}}});
  }

  void exact_quantiles() {
    const auto values = scaled_all();
    for (const auto share : asked_.shares) {
      const auto ranks = rank_interval(values_.size(), share, asked_.confidence);
      Quantile quantile{share, back(benchmark::quantile(values, share, asked_.quantile_type)), {}, {}, ranks.coverage};
      if (ranks.lower > 0) quantile.lower = values_[ranks.lower - 1];
      if (ranks.upper <= values_.size()) quantile.upper = values_[ranks.upper - 1];
      out_.quantiles.push_back(quantile);
    }
  }

  Sketch whole_sketch() const {
    Sketch whole(200, asked_.seed);
    for (const auto value : values_) whole.add(value);
    for (const auto* summary : group_.summaries)
      if (!summary->sketch.is_exact()) whole.merge(summary->sketch);
    return whole;
  }

  void sketched_quantiles() {
    const auto whole = whole_sketch();
    out_.rank_error = whole.rank_error();
    const auto n = static_cast<double>(out_.count);
    for (const auto share : asked_.shares) {
      const auto ranks = rank_interval(out_.count, share, asked_.confidence);
      Quantile quantile{share, whole.quantile(share), {}, {}, ranks.coverage};
      const double low = static_cast<double>(ranks.lower) / n - *out_.rank_error;
      const double high = static_cast<double>(ranks.upper) / n + *out_.rank_error;
      if (low > 0) quantile.lower = whole.quantile(low);
      if (high < 1) quantile.upper = whole.quantile(high);
      out_.quantiles.push_back(quantile);
    }
  }

  void averages() {
    const auto n = static_cast<double>(values_.size());
    const auto values = scaled_all();
    out_.mean = std::accumulate(values_.begin(), values_.end(), 0.0) / n;
    if (asked_.log_scale) out_.geometric_mean = std::exp(std::accumulate(values.begin(), values.end(), 0.0) / n);
    out_.spread = statistics::robust(values).spread;
    double sum = 0, weights = 0;
    for (const auto* record : counted_) {
      if (!record->weight) return;
      sum += record->value * *record->weight;
      weights += *record->weight;
    }
    if (weights > 0 && counted_.size() == values_.size()) out_.weighted_mean = sum / weights;
  }

  double value_of(const Asking& asking) const {
    if (asking.value) return *asking.value;
    const auto named = [&](const Record* record) { return record->id == asking.id; };
    for (const auto* records : {&group_.counted, &group_.left_out})
      if (const auto found = std::find_if(records->begin(), records->end(), named); found != records->end())
        return (*found)->value;
    return 0;
  }

  Standing standing(const Asking& asking) const {
    Standing out{asking.id, value_of(asking), {}, {}, {}, {}, {}, {}};
    for (const auto& quantile : out_.quantiles)
      out.above.push_back(quantile.value != 0 ? out.value / quantile.value - 1 : 0);
    if (merged_count_) {
      const double below = whole_sketch().rank(out.value);
      out.beats = asked_.lower_is_better ? 1 - below : below;
      out.beats_interval = {std::max(0.0, *out.beats - *out_.rank_error), std::min(1.0, *out.beats + *out_.rank_error)};
      return out;
    }
    const auto [first, last] = std::equal_range(values_.begin(), values_.end(), out.value);
    auto less = static_cast<std::size_t>(first - values_.begin()), same = static_cast<std::size_t>(last - first);
    const auto more = static_cast<std::size_t>(values_.end() - last);
    const bool is_among_them = std::any_of(
        counted_.begin(), counted_.end(), [&](const auto* record) { return !asking.value && record->id == asking.id; });
    if (is_among_them) --same;
    out.better = asked_.lower_is_better ? less : more;
    out.equal = same;
    out.worse = asked_.lower_is_better ? more : less;
    const auto others = less + same + more;
    if (out_.shown != Shown::quantiles || others == 0) return out;
    out.beats = (static_cast<double>(*out.worse) + static_cast<double>(same) / 2) / static_cast<double>(others);
    // With ties the interval runs from none of them beaten to all.
    const auto n = static_cast<std::int64_t>(others), worse = static_cast<std::int64_t>(*out.worse);
    out.beats_interval = {
        statistics::share_interval(worse, n, asked_.confidence).lower,
        statistics::share_interval(worse + static_cast<std::int64_t>(same), n, asked_.confidence).upper};
    return out;
  }

  const Survey& asked_;
  const Group& group_;
  std::vector<const Record*> counted_;
  std::vector<double> values_;
  std::uint64_t merged_count_ = 0;
  Stratum out_;
};

std::string at(const char* list, std::size_t index, const char* field) {
  return std::string("#/") + list + "/" + std::to_string(index) + "/" + field;
}

}  // namespace

Result<std::vector<Stratum>> survey(const Survey& asked, const Watch& watch) {
  std::vector<FieldError> wrong;
  std::map<std::string, const Record*> by_id;
  std::map<std::vector<std::string>, Group> groups;
  for (std::size_t i = 0; i < asked.records.size(); ++i) {
    const auto& record = asked.records[i];
    if (asked.log_scale && record.value <= 0) wrong.push_back({at("records", i, "value"), "benchmark.not_positive"});
    if (!by_id.emplace(record.id, &record).second)
      wrong.push_back({at("records", i, "id"), "benchmark.duplicate_id", {{"id", record.id}}});
    auto& group = groups[record.stratum];
    (record.excluded.empty() ? group.counted : group.left_out).push_back(&record);
  }
  for (std::size_t i = 0; i < asked.summaries.size(); ++i) {
    if (asked.log_scale && asked.summaries[i].sketch.least() <= 0)
      wrong.push_back({at("sketches", i, "sketch"), "benchmark.not_positive"});
    groups[asked.summaries[i].stratum].summaries.push_back(&asked.summaries[i]);
  }
  for (std::size_t i = 0; i < asked.standing.size(); ++i) {
    const auto& asking = asked.standing[i];
    const auto found = by_id.find(asking.id);
    if (!asking.value && found == by_id.end())
      wrong.push_back({at("standing", i, "id"), "benchmark.unknown_record", {{"id", asking.id}}});
    else
      groups[asking.value ? asking.stratum : found->second->stratum].asking.push_back(&asking);
  }
  if (!wrong.empty()) {
    const auto count = std::to_string(wrong.size());
    return Error{ErrorKind::invalid, "input.invalid", {{"count", count}}, std::move(wrong)};
  }

  std::vector<Stratum> out;
  for (const auto& [labels, group] : groups) {
    if (!watch.go_on(static_cast<double>(out.size()) / static_cast<double>(groups.size()))) return Watch::stopped();
    out.push_back(Stratifier(asked, labels, group).run());
  }
  return out;
}

}  // namespace qy::engine::benchmark
