#include "engine/balance/balance.h"

namespace qy::engine::balance {

std::span<const Sentence> balance_messages() {
  static constexpr Sentence kSentences[] = {
      {"balance.at_bound", "有{count}条物料流取在上下限上：其标准差以此为条件，整体检验和单项检验只是近似的。",
       "{count} streams stand at a bound: standard deviations are conditional on that, and the tests are approximate."},
      {"balance.bounds_crossed", "上限小于下限。", "The upper bound is below the lower one."},
      {"balance.by_difference", "以下物料流是由其他物料流算出的（差减法），没有经过核验：{streams}。",
       "These streams are computed from the others (by difference) and verified by nothing: {streams}."},
      {"balance.closed_too_well",
       "平衡好得不像独立测量的结果：如果各仪表独立，{dof}个自由度下偏差这样小的概率只有{probability}"
       "。请核对数据是否由平衡倒推。",
       "The balance closes better than independent meters do: with {dof} degrees of freedom so small a deviation has "
       "probability {probability}. Check whether numbers were written backwards from the balance."},
      {"balance.confidence", "置信水平应在0.5至0.999999之间。", "The confidence is from 0.5 to 0.999999."},
      {"balance.contradictory",
       "节点{nodes}不与外界相连，固定的流量加起来应为零，实际为{sum}。请核对固定值，或补上遗漏的物料流。",
       "The nodes {nodes} are cut off from the outside by fixed streams that should add up to zero but leave {sum}. "
       "Check the fixed values or add the missing stream."},
      {"balance.contradictory_constraints",
       "节点{nodes}的平衡与约束{constraints}相互矛盾：合并后应为零，实际为{sum}。请核对固定值和约束。",
       "The balances of nodes {nodes} and the constraints {constraints} contradict each other: together they should "
       "give zero but leave {sum}. Check fixed values and constraints."},
      {"balance.covariance_form", "协方差应写成[物料流, 另一物料流, 数值]，每一对只写一次。",
       "A covariance is [stream, other stream, number], each pair once."},
      {"balance.covariance_not_positive", "协方差过大：与各标准差不相容（协方差矩阵不是正定的）。",
       "This covariance is too large for the standard deviations: the covariance matrix is not positive definite."},
      {"balance.covariance_unmeasured", "物料流“{id}”没有测量值，不能有协方差。",
       "Stream “{id}” is not measured and cannot have a covariance."},
      {"balance.declared_by_difference", "以下物料流申报为差减得出，其数值不作为测量使用：{streams}。",
       "These streams are declared as computed by difference; their numbers are not used as measurements: {streams}."},
      {"balance.duplicate", "标识“{id}”重复。", "The id “{id}” is there twice."},
      {"balance.empty", "至少需要一项。", "At least one is needed."},
      {"balance.environment_is_no_node", "ENV表示外界，不列入节点。",
       "ENV is the outside world and not listed as a node."},
      {"balance.fixed_outside", "固定值超出上下限；可以反向流动的物料流请写\"lower\": null。",
       "The fixed value is outside the bounds; a stream that may run backwards has \"lower\": null."},
      {"balance.fraction_range", "质量分数、转移系数和检出限应在0至1之间（2%写成0.02）。",
       "Mass fractions, transfer coefficients and detection limits are from 0 to 1 (2 % is 0.02)."},
      {"balance.global_failed",
       "整体检验未通过（统计量{statistic}，临界值{threshold}，自由度{dof}"
       "）：数据中有显著误差、泄漏或遗漏的物料流，校正值不能当作核实结果。",
       "The global test fails (statistic {statistic}, threshold {threshold}, {dof} degrees of freedom): there is a "
       "gross "
       "error, a leak or a missing stream, and reconciled values are no verified result."},
      {"balance.ill_conditioned", "标准差或流量相差过于悬殊，结果的有效位数可能不足。",
       "Standard deviations or flows differ so widely that the result may lack digits."},
      {"balance.infeasible_constraints", "在上下限之内，节点{nodes}的平衡与约束{constraints}不能同时成立。",
       "Within the bounds the balances of nodes {nodes} and the constraints {constraints} cannot hold together."},
      {"balance.infeasible_short", "节点{nodes}：最多能进入{available}，但至少要流出{needed}。请核对上下限和固定值。",
       "Nodes {nodes}: at most {available} can enter but at least {needed} must leave. Check bounds and fixed values."},
      {"balance.infeasible_surplus", "节点{nodes}：最多能流出{available}，但至少要进入{needed}。请核对上下限和固定值。",
       "Nodes {nodes}: at most {available} can leave but at least {needed} must enter. Check bounds and fixed values."},
      {"balance.measured_and_fixed", "一条物料流要么是测量值，要么是固定值，不能两者都写。",
       "A stream is either measured or fixed, not both."},
      {"balance.no_redundancy", "没有冗余测量：没有任何数据得到核验。", "There is no redundancy: nothing was checked."},
      {"balance.no_terms", "约束至少需要一项。", "A constraint needs at least one term."},
      {"balance.not_converged", "多组分计算没有收敛，结果不可用作依据；请检查初始数据或减少未知量。",
       "The component balances did not converge; do not rely on the result. Check the data or reduce the unknowns."},
      {"balance.range", "数值的绝对值不能超过{max}。", "A number may not exceed {max} in size."},
      {"balance.same_ends", "物料流的起点和终点相同。", "The stream begins where it ends."},
      {"balance.scale",
       "如果没有显著误差，则标准差估小了约{factor}倍；校正值只取决于标准差之间的比例，检验通过之前不要放大标准差。",
       "If there is no gross error, the standard deviations are too small by about {factor}; reconciled values depend "
       "only on their ratios. Do not rescale them before the test passes."},
      {"balance.sd_not_positive", "标准差必须大于零；确知的数值请写成\"fixed\"。",
       "A standard deviation must be above zero; write a value known for certain as \"fixed\"."},
      {"balance.sd_without_measured", "没有测量值，不应有标准差。",
       "There is no measured value that this standard deviation could belong to."},
      {"balance.several_optima",
       "从另一个起点得到不同的解（统计量{other}），这里给出统计量较小的一个；请增加流量计量。",
       "Another start ends at a different solution (statistic {other}); the one with the smaller statistic is given. "
       "Meter more flows."},
      {"balance.too_large",
       "约束使过多的物料流相互耦合，或数值过于悬殊，这里算不出；请减少约束、核对悬殊的数值或分开计算。",
       "The constraints couple more streams than can be computed here, or the numbers differ too widely; use fewer "
       "constraints, check the numbers or split the problem."},
      {"balance.too_many_general", "有附加约束、协方差或组分时，物料流最多{limit}条。",
       "With constraints, covariances or components there may be {limit} streams at most."},
      {"balance.transfer_leaves", "转移系数的物料流应从该节点流出。",
       "The stream of a transfer coefficient must leave the node."},
      {"balance.unchecked", "以下测量值没有其他数据可以核验：{streams}。",
       "Nothing checks the measured values of these streams: {streams}."},
      {"balance.unknown_component", "没有组分“{id}”，请先列入components。",
       "There is no component “{id}”; list it under components."},
      {"balance.unknown_node", "没有节点“{id}”；外界写ENV。", "There is no node “{id}”; the outside world is ENV."},
      {"balance.unknown_stream", "没有物料流“{id}”。", "There is no stream “{id}”."},
      {"balance.unobservable", "以下物料流无法由现有数据确定，需要增加计量：{streams}。",
       "These streams cannot be determined from the data; they need a meter: {streams}."},
      {"balance.variances_left_out", "网络的分解过于稠密，改用迭代求解；部分或全部标准差和检验没有计算。",
       "The network is too dense to factor and was solved by iteration; some or all standard deviations and tests were "
       "left out."},
  };
  return kSentences;
}

}  // namespace qy::engine::balance
