#include "engine/benchmark/benchmark.h"

namespace qy::engine::benchmark {

std::span<const Sentence> benchmark_messages() {
  static constexpr Sentence kSentences[] = {
      {"benchmark.class_cuts", "分档界限应为由小到大、互不相同的数。",
       "The cuts of classes must be ascending numbers, no two the same."},
      {"benchmark.copied_values", "{total}个数值中有{count}个都是{value}，离散度改用其他稳健估计；请核对是否抄录。",
       "{count} of the {total} values are {value}; another robust measure of spread was used. Please check whether "
       "they were copied."},
      {"benchmark.duplicate_id", "标识“{id}”重复。", "The id “{id}” occurs twice."},
      {"benchmark.excluded_by_hand", "人工剔除：{reason}", "Left out by hand: {reason}"},
      {"benchmark.not_positive", "对数尺度只适用于正数；请更正数值，或选用线性尺度（\"scale\": \"linear\"）。",
       "A log scale needs positive values; correct the value or choose \"scale\": \"linear\"."},
      {"benchmark.outlier_esd", "离群值（广义ESD检验）：统计量{statistic}，临界值{critical}。",
       "Outlier by the generalised ESD test: statistic {statistic}, critical value {critical}."},
      {"benchmark.outlier_z", "离群值：修正z分数{z}，界限±{cut}。", "Outlier: modified z {z}, limit ±{cut}."},
      {"benchmark.points_only", "只有{count}个数值，少于{limit}个，列出各点，不计算分位数。",
       "There are only {count} values, fewer than {limit}: the points are shown, no quantiles."},
      {"benchmark.sketch", "这不是有效的分位数草图。", "This is not a sketch of quantiles."},
      {"benchmark.unknown_record", "没有标识为“{id}”的记录；组外企业请同时给出value和strata。",
       "There is no record “{id}”; for an enterprise from outside give value and strata too."},
      {"benchmark.weight", "权重（产量）应大于0。", "A weight (output) must be greater than 0."},
      {"benchmark.withheld", "只有{count}个数值，少于{limit}个，为保护企业数据不予显示。",
       "There are only {count} values, fewer than {limit}: nothing is shown, to protect the enterprises' data."},
  };
  return kSentences;
}

}  // namespace qy::engine::benchmark
