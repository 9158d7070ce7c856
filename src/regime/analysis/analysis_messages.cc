#include "regime/analysis/analysis.h"

namespace qy::analysis {

std::span<const Sentence> analysis_messages() {
  static constexpr Sentence sentences[] = {
      {"analysis.no_system", "还没有选定评价指标体系。", "No indicator system has been chosen yet."},
      {"analysis.aspect", "请选择现状（measured）或核定后（verified）。",
       "Choose the state found (measured) or the state after the options (verified)."},
      {"analysis.row_unknown", "所选评价指标体系没有第{row}项。", "The chosen indicator system has no row {row}."},
      {"analysis.reason_missing", "“不适用”须写明理由。", "“Not applicable” needs a reason."},
      {"analysis.computed", "这一项由台账数据计算得出，不能直接填写；请修改台账中的数据。",
       "This value is computed from the ledger; change the figures there instead."},
      {"analysis.value_wanted", "这是定量指标，请填写数值。", "This is a quantitative row: enter a number."},
      {"analysis.level_wanted", "这是定性指标，请选择达到的等级。",
       "This is a qualitative row: choose the level attained."},
      {"analysis.level_unknown", "没有“{level}”这一等级，请选择Ⅰ级、Ⅱ级、Ⅲ级或未达到。",
       "There is no level “{level}”; choose I, II, III or below."},
      {"analysis.parameter_unknown", "所选评价指标体系没有参数“{parameter}”。",
       "The chosen indicator system has no parameter “{parameter}”."},
      {"analysis.parameter_positive", "参数应大于零。", "The parameter must be greater than zero."},
      {"option.not_found", "没有这个方案，或者您无权查看。", "There is no such option, or you may not see it."},
      {"option.stale", "方案刚被他人修改，请载入最新内容后再保存。",
       "Someone has just changed this option. Load the latest content and save again."},
      {"option.column_unknown", "绩效表没有“{column}”这一列。", "The performance table has no column “{column}”."},
      {"option.investment_negative", "投资额不能为负数。", "The investment cannot be negative."},
      {"option.class_fixed", "方案{code}的类别已定，如需更改请另建方案。",
       "The class of option {code} is fixed; make a new option instead."},
      {"option.verified_fixed", "方案效果已核定，预期值不能再改。",
       "The effects have been verified; the expected values are fixed."},
      {"option.state", "方案不能从“{from}”改为“{to}”。", "An option cannot go from “{from}” to “{to}”."},
      {"option.drop_reason", "放弃方案须写明理由。", "Say why the option is dropped."},
      {"option.implemented_on", "请填写实施完成日期。", "Give the day on which it was completed."},
      {"option.future", "日期不能晚于今天。", "The day cannot be in the future."},
      {"option.verified_missing", "请至少填写一项核定效果。", "Enter at least one verified effect."},
      {"option.before_evaluation", "中/高费方案{code}须在评估同意后实施，现在不能登记为已实施。",
       "Medium or high-cost option {code} may be built only after the evaluation has let it proceed."},
      {"option.office_verifies", "方案效果由牵头部门核定。", "The effects are verified by the lead department."},
      {"option.delete_state", "只有刚提出的方案可以删除；其他方案请登记为放弃并说明理由。",
       "Only a proposed option can be deleted; drop others with a reason."},
      {"gap.series.energy", "台账缺少{year}年的能源消耗数据。", "The ledger has no energy figures for {year}."},
      {"gap.series.water", "台账缺少{year}年的用水数据。", "The ledger has no water figures for {year}."},
      {"gap.series.material", "台账缺少{year}年的原辅材料数据。", "The ledger has no raw material figures for {year}."},
      {"gap.series.product", "台账缺少{year}年的产品产量数据。", "The ledger has no product figures for {year}."},
      {"gap.stale", "“{figure}”的来源数据已变更，请重新计算。", "The inputs of “{figure}” have changed; recompute it."},
      {"gap.rows_missing", "还有{count}项评价指标没有填写：{rows}。",
       "{count} indicator rows are still blank: {rows}."},
      {"gap.no_options", "还没有提出清洁生产方案。", "No options have been proposed yet."},
      {"gap.investment", "中/高费方案{code}没有填写投资额。", "Medium or high-cost option {code} has no investment."},
      {"gap.planned_on", "中/高费方案{code}没有计划完成日期。",
       "Medium or high-cost option {code} has no planned day of completion."},
      {"gap.low_cost_open", "无/低费方案{code}“{title}”尚未实施，也未说明放弃理由。",
       "No or low-cost option {code} “{title}” is neither carried out nor dropped with a reason."},
  };
  return sentences;
}

}  // namespace qy::analysis
