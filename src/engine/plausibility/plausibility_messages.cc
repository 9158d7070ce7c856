#include "engine/plausibility/plausibility.h"

namespace qy::engine::plausibility {

std::span<const Sentence> plausibility_messages() {
  static constexpr Sentence kSentences[] = {
      {"plausibility.above_limit", "{arithmetic}，超出{difference}；{reason}请说明。",
       "{arithmetic}, over by {difference}; {reason} Please explain."},
      {"plausibility.below_limit", "{arithmetic}，低于应有值{difference}；{reason}请说明。",
       "{arithmetic}, short by {difference}; {reason} Please explain."},
      {"plausibility.by_difference", "报告{report}的“{place}”含差值法得出的物料流，不检验是否平衡得过好。",
       "“{place}” of report {report} has streams found by difference: whether it closes too well is not tested."},
      {"plausibility.closed_too_well",
       "“{place}”的平衡过于吻合：χ²={statistic}，自由度{dof}。各表独立计量时极少如此，请提供原始计量记录。",
       "“{place}” closes too well: χ² = {statistic} on {dof} degrees of freedom. Independent meters hardly ever agree "
       "so; please show their records."},
      {"plausibility.contradiction",
       "{period}“{quantity}”前后不一致：{first_place}（报告{first_report}）为{first}，{second_place}（报告{second_"
       "report}）为{second}。请说明以哪个为准。",
       "“{quantity}” of {period} has two values: {first} at {first_place} (report {first_report}), {second} at "
       "{second_place} (report {second_report}). Please say which holds."},
      {"plausibility.conversion",
       "“{number}”为{stated}，按换算应为{computed}（{arithmetic}），相差{difference}，超出四舍五入可解释的{room}"
       "。请核对。",
       "“{number}” is {stated}; converted it should be {computed} ({arithmetic}), off by {difference}, more than the "
       "{room} of rounding. Please check."},
      {"plausibility.duplicate_id", "标识“{id}”重复。", "The id “{id}” occurs twice."},
      {"plausibility.duplicates",
       "报告{a}与{b}有{count}个四位以上的数值相同（{arithmetic}），偶然出现的可能性约为10的-{score}"
       "次方。请两家企业说明数据来源。",
       "Reports {a} and {b} share {count} numbers of four or more digits ({arithmetic}); the chance is about 10 to the "
       "power of -{score}. Please explain where both have them from."},
      {"plausibility.few_peers", "“{quantity}”只有{count}个同行数值，少于{limit}个，不作比较。",
       "“{quantity}” has only {count} values of peers, fewer than {limit}: not compared."},
      {"plausibility.first_digit",
       "“{batch}”{count}个数的首位数字不合本福特定律（{shares}）：χ²={statistic}，模拟p={p}；平均偏差{deviation}"
       "，真实数据通常为{usual}。只作为抽查线索。",
       "The first digits of the {count} numbers of “{batch}” do not follow Benford's law ({shares}): χ² = {statistic}, "
       "simulated p = {p}; mean deviation {deviation}, usual {usual}. A hint for sampling only."},
      {"plausibility.gross_error",
       "“{place}”的平衡不吻合：χ²={statistic}，自由度{dof}，存在过失误差或漏计的物料流。请核查。",
       "“{place}” does not balance: χ² = {statistic} on {dof} degrees of freedom; there is a gross error or a stream "
       "left out. Please check."},
      {"plausibility.heaping",
       "“{batch}”{count}个数中有{heaped}个末位为0或5（{shares}），p={p}，可能为估算值。只作为抽查线索。",
       "{heaped} of the {count} numbers of “{batch}” end in 0 or 5 ({shares}), p = {p}: perhaps estimates. A hint for "
       "sampling only."},
      {"plausibility.hint_counted_twice", "“{number}”（{stated}）可能重复计入。",
       "“{number}” ({stated}) may be counted twice."},
      {"plausibility.hint_decimal_point", "“{number}”可能小数点错位或单位写错：{stated}应为{fits}。",
       "“{number}” may have its decimal point or unit wrong: {stated} for {fits}."},
      {"plausibility.hint_left_out", "合计可能漏计“{number}”（{stated}）。",
       "The total may leave out “{number}” ({stated})."},
      {"plausibility.hint_one_digit", "“{number}”可能有一位数字写错：{stated}应为{fits}。",
       "“{number}” may have one digit wrong: {stated} for {fits}."},
      {"plausibility.hint_sign", "“{number}”可能正负号相反：{stated}应为{fits}。",
       "“{number}” may have the wrong sign: {stated} for {fits}."},
      {"plausibility.hint_swapped_digits", "“{number}”可能有两位数字颠倒：{stated}应为{fits}。",
       "“{number}” may have two digits swapped: {stated} for {fits}."},
      {"plausibility.hint_would_fit", "其余数值不变时，“{number}”应为{fits}（现为{stated}）。",
       "With the other numbers as they are “{number}” would have to be {fits} (it is {stated})."},
      {"plausibility.how_measured",
       "误报率和检出率是在模拟的行业数据上测定的：每个行业30家企业、两年的如实报告（含四舍五入与截尾、估算到十位、计量"
       "误差1%"
       "、个别企业工艺不同、产量大起大落），再逐类放入差错后核查。真实报告会有所不同；结果只供抽查和询问，由人作出判断"
       "。",
       "False-alarm and detection rates were measured on simulated industries: 30 enterprises each with honest reports "
       "for two years (rounded or cut, some estimated to tens, 1 % meter error, a few on another process, some with "
       "sudden growth), then with one error of each kind put in. Real reports differ; the results are for sampling and "
       "asking, and a person decides."},
      {"plausibility.last_digit",
       "“{batch}”{count}个数的末位数字分布不均（{shares}）：χ²={statistic}，模拟p={p}；平均偏差{deviation}"
       "，真实数据通常为{usual}。只作为抽查线索。",
       "The last digits of the {count} numbers of “{batch}” are uneven ({shares}): χ² = {statistic}, simulated p = "
       "{p}; mean deviation {deviation}, usual {usual}. A hint for sampling only."},
      {"plausibility.more_findings", "核查“{check}”另有{count}条发现，只列出可能性最小的{limit}条。",
       "The check “{check}” has {count} more findings; the {limit} least likely are listed."},
      {"plausibility.negative", "此项不能为负。", "This cannot be negative."},
      {"plausibility.not_positive", "此项应大于0。", "This must be greater than 0."},
      {"plausibility.out_of_step",
       "{year}年“{quantity}”变为上年的{growth}倍，“{driver}”为{driver_growth}倍；按{count}家企业的关系应约为{expected}"
       "倍（稳健z={z}）。请说明原因。",
       "In {year} “{quantity}” became {growth} times the year before and “{driver}” {driver_growth} times; as {count} "
       "enterprises move it would be about {expected} times (robust z {z}). Please explain."},
      {"plausibility.per_balance", "每个平衡", "per balance"},
      {"plausibility.per_batch", "每批数字", "per batch of numbers"},
      {"plausibility.per_limit", "每条约束", "per limit"},
      {"plausibility.per_number", "每个数值", "per number"},
      {"plausibility.per_pair", "每对报告", "per pair of reports"},
      {"plausibility.per_quantity", "每个数据项", "per quantity"},
      {"plausibility.per_relation", "每条勾稽关系", "per relation"},
      {"plausibility.per_report", "每份报告", "per report"},
      {"plausibility.percentage", "“{number}”为{stated}%，重算为{arithmetic}%。请更正或说明。",
       "“{number}” is {stated} %; recomputed it is {arithmetic} %. Please correct or explain."},
      {"plausibility.ratio", "“{number}”为{stated}，重算为{arithmetic}。请更正或说明。",
       "“{number}” is {stated}; recomputed it is {arithmetic}. Please correct or explain."},
      {"plausibility.repeated_year",
       "{year}年与上年可比的{total}个数值中有{count}个完全相同（{arithmetic}）。请说明是否沿用上年报告。",
       "{count} of the {total} comparable numbers of {year} are those of the year before ({arithmetic}). Please say "
       "whether last year's report was used again."},
      {"plausibility.scaled_duplicates",
       "报告{b}有{count}个数值恰为报告{a}的{ratio}倍（可比{total}个：{arithmetic}）。请两家企业说明数据来源。",
       "{count} numbers of report {b} are exactly {ratio} times those of report {a} ({total} comparable: "
       "{arithmetic}). Please explain where both have them from."},
      {"plausibility.scaled_year",
       "{year}年与上年可比的{total}个数值中有{count}个同为{ratio}倍（{arithmetic}）。请说明是否由上年报告推算。",
       "{count} of the {total} comparable numbers of {year} are all {ratio} times the year before ({arithmetic}). "
       "Please say whether last year's report was scaled."},
      {"plausibility.second_digit",
       "“{batch}”{count}个数的第二位数字不合本福特定律（{shares}）：χ²={statistic}，模拟p={p}；平均偏差{deviation}"
       "，真实数据通常为{usual}。只作为抽查线索。",
       "The second digits of the {count} numbers of “{batch}” do not follow Benford's law ({shares}): χ² = "
       "{statistic}, simulated p = {p}; mean deviation {deviation}, usual {usual}. A hint for sampling only."},
      {"plausibility.slip_factor", "单位混淆的倍数应大于0且不等于1。",
       "A factor of confused units must be greater than 0 and not 1."},
      {"plausibility.small_batch", "“{batch}”只有{count}个可用的数，少于{limit}个，不作数字检验。",
       "“{batch}” has only {count} usable numbers, fewer than {limit}: its digits are not tested."},
      {"plausibility.step", "修约间隔应大于0。", "The step of rounding must be greater than 0."},
      {"plausibility.sum",
       "“{number}”为{stated}，重算为{arithmetic}，相差{difference}，超出四舍五入可解释的{room}。请更正或说明。",
       "“{number}” is {stated}; recomputed it is {arithmetic}, off by {difference}, more than the {room} of rounding. "
       "Please correct or explain."},
      {"plausibility.too_many_numbers", "数值总数超过{limit}个，请分批核查。",
       "There are more than {limit} numbers in all; examine them in parts."},
      {"plausibility.unit_missing",
       "报告{report}的“{place}”只写{value}，没有单位，而“{other}”的单位是{unit}：不作前后一致的核查，请补上单位。",
       "“{place}” of report {report} says {value} without a unit, while “{other}” is in {unit}: the two are not held "
       "against each other; please add the unit."},
      {"plausibility.unit_slip",
       "“{number}”为{stated}，是{count}家同行中位数的{arithmetic}倍，疑为单位混淆：{meaning}。请核对单位。",
       "“{number}” is {stated}, against the median of {count} peers {arithmetic}: perhaps units were confused, "
       "{meaning}. Please check the unit."},
      {"plausibility.unknown_number", "本报告没有标识为“{id}”的数值。", "There is no number “{id}” in this report."},
      {"plausibility.year_jump",
       "{year}年“{quantity}”变为上年的倍数：{arithmetic}，{count}家企业的中位数为{median}（稳健z={z}）。请说明原因。",
       "“{quantity}” in {year} against the year before: {arithmetic}; the median of {count} enterprises is {median} "
       "(robust z {z}). Please explain."},
      {"plausibility.zero_factor", "系数不能为0。", "A factor cannot be 0."},
  };
  return kSentences;
}

}  // namespace qy::engine::plausibility
