#include "engine/exchange/exchange.h"

namespace qy::engine::exchange {

std::span<const Sentence> exchange_messages() {
  static constexpr Sentence kSentences[] = {
      {"exchange.duplicate", "“{id}”重复。", "“{id}” is given twice."},
      {"exchange.flow_too_large", "按此负荷和进出口浓度上限，水量超过{limit} t/h，请核对浓度的单位。",
       "With this load and these limits the flow is more than {limit} t/h; check the unit of the concentrations."},
      {"exchange.fresh_too_dirty", "进口浓度上限低于新鲜水的浓度，新鲜水也不能用。",
       "The greatest inlet concentration is below that of fresh water: not even fresh water may enter."},
      {"exchange.member_missing", "要分摊费用或要求各成员不吃亏，须写明属于哪个成员。",
       "To share costs or to keep each member from losing, say whose it is."},
      {"exchange.no_rise", "出口浓度上限应高于进口浓度上限。",
       "The greatest outlet concentration must be above the greatest inlet concentration."},
      {"exchange.no_such_pair", "新鲜水只进入阱，再生单元的出水不进入再生单元。",
       "Fresh water goes to sinks only, and no regenerator feeds another."},
      {"exchange.not_positive", "此项应不小于{least}，且不大于{limit}。",
       "This must be at least {least} and at most {limit}."},
      {"exchange.not_proven", "计算停止时尚未证明最优；给出的是已找到的最好网络及其费用界限。",
       "The computation stopped before the network was proven optimal; it is the best found, with the bound of its "
       "cost."},
      {"exchange.nothing", "请至少给出一项。", "Give at least one."},
      {"exchange.quality_missing", "缺少“{substance}”的浓度；有限值的污染物都要给出，没有时写0。",
       "The concentration of “{substance}” is missing; give every substance that is limited somewhere, 0 when there is "
       "none."},
      {"exchange.range", "此项应在0至{limit}之间。", "This must be from 0 to {limit}."},
      {"exchange.range_turned", "上限小于下限。", "The upper limit is below the lower one."},
      {"exchange.recovery", "回收率应大于0且不大于1。", "The recovery must be above 0 and at most 1."},
      {"exchange.reserved", "“{id}”是保留的名称，请换一个编号。", "“{id}” is a reserved name; use another id."},
      {"exchange.sharing_stopped", "有的成员组合单独不可行，或计算已停止，没有分摊费用。",
       "Some group of members is not possible alone, or the computation was stopped: the cost is not shared."},
      {"exchange.size", "数值的绝对值应不大于{limit}。", "The number must be at most {limit} in size."},
      {"exchange.too_many", "最多{limit}个。", "At most {limit}."},
      {"exchange.too_many_choices",
       "需要取舍的匹配（有固定费用、最小流量或伙伴数限制的）最多{limit}个，请减少候选匹配或限制。",
       "At most {limit} pairs may have a fixed cost, a least flow or a limit of partners; list fewer candidates."},
      {"exchange.too_many_for_shapley", "成员多于{limit}个时不能用夏普利值，请用核仁（nucleolus）。",
       "With more than {limit} members use the nucleolus instead of the Shapley value."},
      {"exchange.too_many_members", "成员最多{limit}个。", "At most {limit} members."},
      {"exchange.too_many_to_share", "有再生单元的定负荷网络，成员多于{limit}个时不分摊费用。",
       "With regenerators the cost of fixed loads is shared among at most {limit} members."},
      {"exchange.unknown_from", "没有源、再生单元“{id}”（新鲜水写fresh）。",
       "There is no source or regenerator “{id}” (fresh water is “fresh”)."},
      {"exchange.unknown_to", "没有阱、再生单元“{id}”（排放写waste）。",
       "There is no sink or regenerator “{id}” (discharge is “waste”)."},
  };
  return kSentences;
}

}  // namespace qy::engine::exchange
