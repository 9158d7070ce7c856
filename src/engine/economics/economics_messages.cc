#include "engine/economics/economics.h"

namespace qy::engine::economics {

std::span<const Sentence> economics_messages() {
  static constexpr Sentence kSentences[] = {
      {"economics.depreciation_ends",
       "折旧{years}年后结束，工程经济部分此后不再有折旧抵税；手册算法按每年相同的净现金流量计算。",
       "Depreciation ends after {years} years; the engineering part has no tax shield from then on, the handbook chain "
       "takes the same flow every year."},
      {"economics.falls_again", "累计现金流量转正后又转负，请核对各年数据；偿还期为首次转正的时间。",
       "The cumulative cash flow turns negative again after the payback; the payback shown is the first one."},
      {"economics.flow_count", "现金流量应有2至{max}个。", "There must be 2 to {max} cash flows."},
      {"economics.loss_not_taxed", "年节省小于折旧，应税利润为负，不计所得税。",
       "The saving is less than the depreciation: the taxable profit is negative and no tax is due."},
      {"economics.negative", "此项不能为负。", "This cannot be negative."},
      {"economics.never_paid_back", "在计算期内不能收回投资。", "The investment is not paid back within the period."},
      {"economics.never_paid_back_discounted", "按折现值在计算期内不能收回投资。",
       "Discounted, the investment is not paid back within the period."},
      {"economics.no_cash_flow", "年净现金流量不为正，没有偿还期和内部收益率。",
       "The yearly net cash flow is not positive: there is no payback and no internal rate of return."},
      {"economics.no_irr", "没有内部收益率：在-99%至100000%之间没有使净现值为零的折现率。",
       "There is no internal rate of return: no rate from -99 % to 100 000 % makes the net present value zero."},
      {"economics.no_net_investment", "扣除补助后没有投资，净现值率和内部收益率没有意义。",
       "Nothing is invested after the subsidy: NPVR and IRR have no meaning."},
      {"economics.rate", "比率应在0至{max}之间，写成小数（25%写成0.25），这里是{value}。",
       "A rate is from 0 to {max}, as a fraction (25 % is 0.25); here is {value}."},
      {"economics.several_irr", "有{count}个内部收益率，都不能单独作为判据，请以净现值判断。",
       "There are {count} internal rates of return; none of them decides alone, use the net present value."},
      {"economics.years", "年数应为1至{max}的整数。", "Years must be a whole number from 1 to {max}."},
  };
  return kSentences;
}

}  // namespace qy::engine::economics
