#include "engine/indicators/indicators.h"

namespace qy::engine::indicators {

std::span<const Sentence> indicators_messages() {
  static constexpr Sentence kSentences[] = {
      {"indicator_system.no_weights", "《{system}》没有权重或权重不全，只能逐项评定，不能计算综合指数。",
       "“{system}” has no weights, or not all of them: rows are graded, an index is not computed."},
      {"indicator_system.not_in_force", "指标体系{system}在{day}没有生效，请核对版本。",
       "The indicator system {system} is not in force on {day}; check its version."},
      {"indicators.answer_twice", "同一指标只能有一种答案：数值、等级或不适用。",
       "A row has one answer: a value, a level, or not applicable."},
      {"indicators.expression", "基准值公式“{expression}”无法计算。",
       "The expression “{expression}” cannot be calculated."},
      {"indicators.group_empty", "“{group}”没有适用的指标，其权重{weight}按0分计。",
       "“{group}” has no applicable row; its weight {weight} scores 0."},
      {"indicators.group_redistributed", "“{group}”没有适用的指标，其权重{weight}已分配给其他一级指标。",
       "“{group}” has no applicable row; its weight {weight} went to the other groups."},
      {"indicators.level_choice", "等级只能是I、II、III或below。", "A level is I, II, III or below."},
      {"indicators.level_needed", "这是定性指标，请选择等级。", "This row is qualitative: choose a level."},
      {"indicators.metrics_count", "此指标需要{count}个数值，请全部填写。",
       "This row needs {count} numbers; give all of them."},
      {"indicators.output_missing", "同组有多种产品，请填写此产品的产量。",
       "The group has several products: give the output of this one."},
      {"indicators.output_not_asked", "此指标不按产品产量分配权重，请不要填写产量。",
       "The weight of this row does not depend on an output; leave it out."},
      {"indicators.output_sign", "产量应大于零；没有生产的产品请填不适用。",
       "An output is greater than zero; a product that is not made is not applicable."},
      {"indicators.parameter_missing", "缺少参数{name}。", "The parameter {name} is missing."},
      {"indicators.parameter_zero", "公式“{expression}”除以零，请核对参数。",
       "The expression “{expression}” divides by zero; check the parameters."},
      {"indicators.unknown_parameter", "此指标体系没有参数“{name}”，已有：{known}。",
       "This indicator system has no parameter “{name}”; it has: {known}."},
      {"indicators.unknown_row", "指标体系{system}没有编号为“{row}”的指标。",
       "The indicator system {system} has no row “{row}”."},
      {"indicators.value_needed", "这是定量指标，请填写数值（{unit}）。",
       "This row is quantitative: give a value ({unit})."},
      {"indicators.weight_negative", "“{group}”中有指标的权重按参数算得负数，请核对参数。",
       "The parameters give a row of “{group}” a negative weight; check them."},
      {"indicators.weights_over_one", "“{group}”适用指标的权重之和为{sum}，超过1，请核对参数和不适用的指标。",
       "The weights of the applicable rows of “{group}” add up to {sum}, more than 1; check the parameters and the "
       "rows that do not apply."},
  };
  return kSentences;
}

}  // namespace qy::engine::indicators
