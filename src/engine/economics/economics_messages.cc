#include "engine/economics/economics.h"

namespace qy::engine::economics {

std::span<const Sentence> economics_messages() {
  static constexpr Sentence kSentences[] = {
      {"economics.amount", "金额的绝对值应小于10的15次方，请换用更大的单位（如万元）。",
       "An amount must be below 10^15 in size; use a larger unit."},
      {"economics.between_0_and_1", "应大于0且小于1。", "This lies above 0 and below 1."},
      {"economics.book_value_left", "使用年限短于折旧年限{years}年，剩余账面价值未处理；如有残值请填写残值（可为0）。",
       "The option is used for less than its {years} depreciation years; the book value that is left is not dealt "
       "with. State a residual value (0 if none)."},
      {"economics.convention_engineering",
       "工程经济：逐年现金流量，均发生在年末，第0年为现在；npv_mid_year假定运行期现金流量发生在年中。",
       "Engineering economics: flows year by year, at the end of each year, year 0 is today; npv_mid_year takes the "
       "flows of operation in the middle of their years."},
      {"economics.convention_handbook",
       "手册算法：D=I/Y，T=P−D，E=T(1−t)，F=E+D，N=I/F，NPV=F·((1−(1+i)^−n)/i)−I，NPVR=NPV/"
       "I；I为扣除补助的总投资，各年F相同；IRR在相邻两个整百分数之间插值。",
       "Handbook: D = I/Y, T = P − D, E = T(1 − t), F = E + D, N = I/F, NPV = F·((1 − (1+i)^−n)/i) − I, NPVR = NPV/I; "
       "I is the investment less the subsidy, F is the same every year; the IRR is interpolated between two whole per "
       "cents."},
      {"economics.convention_mirr",
       "MIRR：流出按融资利率折现，流入按再投资利率计终值；NPVR以投资现值为分母；效益费用比为流入现值与流出现值之比。",
       "MIRR: what goes out is discounted at the finance rate, what comes in grows at the reinvestment rate; NPVR is "
       "over the present value of the investment; benefit-cost is present inflows over present outflows."},
      {"economics.convention_payback",
       "静态和动态投资回收期均自现在起算，含建设期；动态回收期按折现值累计，年内按年金折算。",
       "Both paybacks count from today, construction included; the dynamic one cumulates discounted flows, and inside "
       "a year the flow is an annuity."},
      {"economics.depreciation_ends",
       "折旧{years}年后结束，工程经济部分此后不再有折旧抵税；手册算法按每年相同的净现金流量计算。",
       "Depreciation ends after {years} years; the engineering part has no tax shield from then on, the handbook chain "
       "takes the same flow every year."},
      {"economics.falls_again", "累计现金流量转正后又转负，请核对各年数据；偿还期为首次转正的时间。",
       "The cumulative cash flow turns negative again after the payback; the payback shown is the first one."},
      {"economics.flow_count", "现金流量应有2至{max}个。", "There must be 2 to {max} cash flows."},
      {"economics.id_twice", "标识“{id}”出现不止一次。", "The id “{id}” is used more than once."},
      {"economics.input_of_other",
       "{input}在这里没有作用：方案用方案的参数，现金流量用inflows、outflows和discount_rate。",
       "{input} has no effect here: a proposal varies by its own inputs, a cash flow by inflows, outflows and "
       "discount_rate."},
      {"economics.irr_disagrees",
       "内部收益率最高的是“{by_irr}”，但按增量净现值应选“{by_npv}”；互斥方案不按内部收益率排序。",
       "“{by_irr}” has the highest rate of return, but the incremental net present value chooses “{by_npv}”; options "
       "that exclude each other are never ranked by their rates."},
      {"economics.lives_repeated", "各方案寿命不同，假定到期后重复实施，按{years}年的共同计算期比较。",
       "The lives differ; each option is taken to be repeated, and they are compared over a common period of {years} "
       "years."},
      {"economics.loss_not_taxed", "年节省小于折旧，应税利润为负，不计所得税。",
       "The saving is less than the depreciation: the taxable profit is negative and no tax is due."},
      {"economics.losses_twice", "亏损或向后结转，或抵减企业其他利润，只能选一种。",
       "A loss is either carried forward or set off against other profit, not both."},
      {"economics.more_than", "应不超过{max}，这里是{value}。", "This is at most {max}; here is {value}."},
      {"economics.nav_decides", "各方案寿命的最小公倍数超过{max}年，按净年值比较，不列增量现金流量。",
       "The least common multiple of the lives is above {max} years; the net annual value decides, and no incremental "
       "flows are shown."},
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
      {"economics.none_worth_it", "没有方案的净现值大于零，不实施为最优。",
       "No option has a net present value above zero; doing nothing is best."},
      {"economics.rate", "比率应在0至{max}之间，写成小数（25%写成0.25），这里是{value}。",
       "A rate is from 0 to {max}, as a fraction (25 % is 0.25); here is {value}."},
      {"economics.residual", "残值不能超过可折旧的固定资产原值{base}，这里是{value}。",
       "The residual value cannot exceed what is written off, {base}; here is {value}."},
      {"economics.several_irr", "有{count}个内部收益率，都不能单独作为判据，请以净现值判断。",
       "There are {count} internal rates of return; none of them decides alone, use the net present value."},
      {"economics.spread_order", "分布的参数应满足最小值≤最可能值≤最大值。",
       "The spread must have its least ≤ likeliest ≤ most."},
      {"economics.spread_range", "该参数只能在{min}至{max}之间取值。", "This input lies between {min} and {max}."},
      {"economics.spread_sd", "标准差不能为负。", "A standard deviation cannot be negative."},
      {"economics.sum", "各年投资之和为{sum}，应等于总投资{investment}。",
       "The payments add up to {sum}; they must add up to the investment, {investment}."},
      {"economics.vat_credit_left", "计算期末仍有{amount}的进项税额未抵扣也未退还。",
       "At the end {amount} of input VAT is neither credited nor refunded."},
      {"economics.year_count", "最多{max}个数，每年一个，最后一个沿用到以后各年。",
       "At most {max} numbers, one for each year; the last one holds on."},
      {"economics.years", "年数应为{min}至{max}的整数。", "Years must be a whole number from {min} to {max}."},
      {"economics.years_fixed", "年数只能是{min}。", "The years can only be {min}."},
  };
  return kSentences;
}

}  // namespace qy::engine::economics
