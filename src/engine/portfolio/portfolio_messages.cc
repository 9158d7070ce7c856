#include "engine/portfolio/portfolio.h"

namespace qy::engine::portfolio {

std::span<const Sentence> portfolio_messages() {
  static constexpr Sentence kSentences[] = {
      {"portfolio.blocking_unknown", "没有可行的组合；未能在限定的计算量内指出是哪项要求造成的。",
       "No portfolio is possible; which demand stands in the way was not found within the limits of the computation."},
      {"portfolio.cost_beyond", "从这一年开始，费用会超出{years}年的预算期，请提前起始年或延长预算。",
       "Begun in this year, the cost runs past the {years} years of the budget; begin earlier or give more years."},
      {"portfolio.cost_years", "费用的年数多于预算的年数（{years}）。",
       "The cost has more years than the budget ({years})."},
      {"portfolio.duplicate", "“{id}”重复。", "“{id}” is given twice."},
      {"portfolio.itself", "不能指向自身，两个方案应不同。",
       "An option cannot refer to itself; two different ones are needed."},
      {"portfolio.level_missing", "指标{rows}没有数据，也没有方案给出，无法评定等级。",
       "Rows {rows} have no data and no option gives any, so that no level can be given."},
      {"portfolio.level_unknown", "该指标体系没有等级“{level}”。", "The indicator system has no level “{level}”."},
      {"portfolio.many_optima", "最优组合多于{limit}个，不逐一列出，也不给出次优组合。",
       "There are more than {limit} optimal portfolios; they are not listed and no second best is given."},
      {"portfolio.negative", "此项不能为负。", "This cannot be negative."},
      {"portfolio.no_options", "请至少给出一个方案。", "Give at least one option."},
      {"portfolio.not_listed", "已证明最优；计算停止时，其他最优组合和次优组合尚未查完。",
       "The portfolio is proven optimal; the computation stopped before all other optimal ones and the second best "
       "were "
       "known."},
      {"portfolio.not_positive", "此项应大于零。", "This must be above zero."},
      {"portfolio.not_proven", "计算停止时尚未证明最优；给出的是已找到的最好组合，以及界限和差距。",
       "The computation stopped before the portfolio was proven optimal; it is the best found, with its bound and "
       "gap."},
      {"portfolio.only_year", "预算只有一年，起始年只能是1。",
       "The budget has one year only; a start can only be in year 1."},
      {"portfolio.row_change", "指标{row}没有可以加减的数值（或结果超出范围），请直接填写方案实施后的值。",
       "Row {row} has no number to which a difference can be added (or the sum is too large); give the value after the "
       "option instead."},
      {"portfolio.row_options", "改变指标{row}的方案多于{limit}个。", "More than {limit} options change row {row}."},
      {"portfolio.row_unknown", "指标体系中没有指标“{row}”，或该指标不适用。",
       "The indicator system has no row “{row}”, or it does not apply."},
      {"portfolio.rows_without_level", "方案改变了指标，但没有给出要达到的等级（level）。",
       "The option changes rows, but no level to reach is given."},
      {"portfolio.share", "节约比例应在0至1之间。", "A saved share is from 0 to 1."},
      {"portfolio.start_year", "起始年应为1至{years}。", "A start is in year 1 to {years}."},
      {"portfolio.too_large", "数值过大，应不超过{limit}，可改用更大的单位（如万元）。",
       "The number is too large, at most {limit}; use a larger unit."},
      {"portfolio.too_many", "最多{limit}个。", "At most {limit}."},
      {"portfolio.too_many_links", "前置、互斥和重叠关系合计最多{limit}个。",
       "Prerequisites, exclusions and overlaps together are at most {limit}."},
      {"portfolio.too_many_starts", "各方案的起始年合计最多{limit}个。", "All starts together are at most {limit}."},
      {"portfolio.two_options", "请给出两个方案。", "Give two options."},
      {"portfolio.unknown_option", "没有方案“{id}”。", "There is no option “{id}”."},
      {"portfolio.unknown_stream", "没有物流“{id}”。", "There is no stream “{id}”."},
  };
  return kSentences;
}

}  // namespace qy::engine::portfolio
