#include "engine/economics/risk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "engine/economics/measures.h"
#include "engine/economics/model.h"

namespace qy::engine::economics {
namespace {

struct Described {
  const char* name;
  Text title;
  double least, most;
  bool whole;
};

const Described& described(Input input) {
  static const std::array<Described, kInputs> all{{
      {"investment", {"总投资", "investment"}, 0, 1e15, false},
      {"subsidy", {"补助", "subsidy"}, 0, 1e15, false},
      {"working_capital", {"流动资金", "working capital"}, 0, 1e15, false},
      {"annual_saving", {"年节省", "annual saving"}, -1e15, 1e15, false},
      {"residual_value", {"残值", "residual value"}, 0, 1e15, false},
      {"tax_rate", {"所得税率", "income tax rate"}, 0, 1, false},
      {"discount_rate", {"折现率", "discount rate"}, 0, 10, false},
      {"years", {"使用年限", "years of operation"}, 1, kMostYears, true},
      {"depreciation_years", {"折旧年限", "depreciation years"}, 1, kMostYears, true},
      {"inflows", {"现金流入（倍数）", "cash inflows (factor)"}, 0, 1e6, false},
      {"outflows", {"现金流出（倍数）", "cash outflows (factor)"}, 0, 1e6, false},
  }};
  return all[static_cast<std::size_t>(input)];
}

double sum(const std::vector<double>& parts) { return std::accumulate(parts.begin(), parts.end(), 0.0); }

/// `to` becomes `from` in proportion, so that its first (or whole) is `value`.
void rescale(const std::vector<double>& from, double base, double value, std::vector<double>& to) {
  if (base == 0) {
    std::fill(to.begin(), to.end(), 0);
    to[0] = value;
    return;
  }
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i] * (value / base);
}

}  // namespace

struct Subject::Parts {
  std::optional<Plan<double>> plan;
  std::vector<double> flows;
  double rate = 0, annual_saving = 0, tax_rate = 0;
};

namespace {

/// A subject whose inputs are turned; made once, turned many times.
class Turned {
 public:
  explicit Turned(const Subject::Parts& base)
      : base_(base), plan_(base.plan.value_or(Plan<double>())), rate_(base.rate) {}

  void set(Input input, double value) {
    switch (input) {
      case Input::investment:
        return rescale(base_.plan->investment, sum(base_.plan->investment), value, plan_.investment);
      case Input::subsidy:
        plan_.subsidy = value;
        return;
      case Input::working_capital:
        plan_.working_capital = value;
        return;
      case Input::annual_saving:
        return set_series(base_.plan->saving, base_.annual_saving, value, plan_.saving);
      case Input::residual_value:
        plan_.residual = value;
        return;
      case Input::tax_rate:
        return set_series(base_.plan->tax_rate, base_.tax_rate, value, plan_.tax_rate);
      case Input::discount_rate:
        rate_ = value;
        return;
      case Input::years:
        plan_.years = static_cast<int>(value);
        return;
      case Input::depreciation_years:
        plan_.depreciation_years = static_cast<int>(value);
        return;
      case Input::inflows:
        inflows_ = value;
        return;
      case Input::outflows:
        outflows_ = value;
        return;
    }
  }

  double npv() {
    double value = 0;
    if (!base_.plan) {
      for (auto t = base_.flows.size(); t-- > 0;)
        value = value / (1 + rate_) + base_.flows[t] * (base_.flows[t] > 0 ? inflows_ : outflows_);
      return value;
    }
    lay_out(plan_, table_);
    for (auto t = table_.size(); t-- > 0;) value = value / (1 + rate_) + table_[t].after_tax;
    return value;
  }

 private:
  static void set_series(const std::vector<double>& from, double base, double value, std::vector<double>& to) {
    if (base == 0)
      std::fill(to.begin(), to.end(), value);
    else
      for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i] * (value / base);
  }

  const Subject::Parts& base_;
  Plan<double> plan_;
  double rate_, inflows_ = 1, outflows_ = 1;
  std::vector<Year<double>> table_;
};

double npv_with(const Subject& subject, Input input, double value) {
  Turned turned(subject.parts());
  turned.set(input, value);
  return turned.npv();
}

/// Where the NPV is zero, nearest to the base, looking from 0 to ten times the base.
std::optional<double> switching_value(const Subject& subject, Input input, double base) {
  const auto& limits = described(input);
  if (limits.whole || base == 0) return std::nullopt;
  const auto npv = [&](double value) { return npv_with(subject, input, value); };
  const double here = npv(base);
  if (here == 0) return base;
  std::optional<double> found;
  for (const bool up : {false, true}) {
    double before = base;
    for (int step = 1; step <= (up ? 180 : 20); ++step) {
      const double next = base * (up ? 1 + 0.05 * step : 1 - 0.05 * step);
      if (next > limits.most || next < limits.least) break;
      if ((npv(next) < 0) != (here < 0)) {
        const double zero = bisect(std::min(before, next), std::max(before, next), npv);
        if (!found || std::fabs(zero - base) < std::fabs(*found - base)) found = zero;
        break;
      }
      before = next;
    }
  }
  return found;
}

// -- drawing ----------------------------------------------------------------------------------------------------------

/// SplitMix64 (Steele, Lea, Flood 2014).
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}
  /// Uniform in (0, 1), on the middle of 2^53 steps.
  double next() {
    state_ += 0x9e3779b97f4a7c15;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return (static_cast<double>(z >> 12) + 0.5) * 0x1p-52;
  }

 private:
  std::uint64_t state_;
};

/// ln x of a normal x > 0 from exact steps and + − × ÷ alone: C libraries differ in their last digit.
double plain_log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0.70710678118654752) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1), square = s * s;
  double series = 0;
  for (int k = 23; k >= 1; k -= 2) series = series * square + 1.0 / k;
  return exponent * 0.69314718055994530942 + 2 * s * series;
}

double ratio(const double (&above)[8], const double (&below)[8], double r) {
  double top = above[7], bottom = below[7];
  for (int k = 6; k >= 0; --k) {
    top = top * r + above[k];
    bottom = bottom * r + below[k];
  }
  return top / bottom;
}

/// The standard normal quantile: Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477–484.
double normal_quantile(double p) {
  static constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                 1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[] = {1.0,
                                 4.2313330701600911252e+1,
                                 6.8718700749205790830e+2,
                                 5.3941960214247511077e+3,
                                 2.1213794301586595867e+4,
                                 3.9307895800092710610e+4,
                                 2.8729085735721942674e+4,
                                 5.2264952788528545610e+3};
  static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                 3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[] = {1.0,
                                 2.05319162663775882187e0,
                                 1.67638483018380384940e0,
                                 6.89767334985100004550e-1,
                                 1.48103976427480074590e-1,
                                 1.51986665636164571966e-2,
                                 5.47593808499534494600e-4,
                                 1.05075007164441684324e-9};
  static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[] = {1.0,
                                 5.99832206555887937690e-1,
                                 1.36929880922735805310e-1,
                                 1.48753612908506148525e-2,
                                 7.86869131145613259100e-4,
                                 1.84631831751005468180e-5,
                                 1.42151175831644588870e-7,
                                 2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) return q * ratio(a, b, 0.180625 - q * q);
  const double r = std::sqrt(-plain_log(q < 0 ? p : 1 - p));
  const double value = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
  return q < 0 ? -value : value;
}

double spread_at(const Spread& spread, double first, double second, double third, double u) {
  switch (spread.kind) {
    case Spread::Kind::uniform:
      return first + (second - first) * u;
    case Spread::Kind::normal:
      return first + second * normal_quantile(u);
    case Spread::Kind::triangular:
      break;
  }
  const double width = third - first;
  if (width == 0) return first;
  const double left = (second - first) / width;
  return u < left ? first + std::sqrt(u * width * (second - first))
                  : third - std::sqrt((1 - u) * width * (third - second));
}

/// Draws one input's values.
class Source {
 public:
  explicit Source(const Spread& spread)
      : spread_(spread),
        limits_(described(spread.input)),
        first_(spread.first.to_double()),
        second_(spread.second.to_double()),
        third_(spread.third.to_double()) {}

  double draw(Generator& random) const {
    constexpr int kPatience = 100;
    double value = 0;
    for (int i = 0; i < kPatience; ++i) {
      value = spread_at(spread_, first_, second_, third_, random.next());
      if (limits_.whole) value = std::floor(value + 0.5);
      if (limits_.least <= value && value <= limits_.most) return value;
    }
    return std::clamp(value, limits_.least, limits_.most);
  }
  Input input() const { return spread_.input; }

 private:
  const Spread& spread_;
  const Described& limits_;
  double first_, second_, third_;
};

Simulated summarised(std::vector<double> drawn, const std::vector<Decimal>& quantiles) {
  Simulated out;
  const auto count = static_cast<double>(drawn.size());
  std::sort(drawn.begin(), drawn.end());
  out.lowest = drawn.front();
  out.highest = drawn.back();
  out.mean = sum(drawn) / count;
  double squares = 0;
  for (const auto value : drawn) squares += (value - out.mean) * (value - out.mean);
  out.sd = drawn.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
  const auto negative = std::lower_bound(drawn.begin(), drawn.end(), 0.0) - drawn.begin();
  out.probability_negative = static_cast<double>(negative) / count;
  out.probability_error = std::sqrt(out.probability_negative * (1 - out.probability_negative) / count);
  for (const auto& p : quantiles) {
    const auto rank = static_cast<std::size_t>(std::ceil(p.to_double() * count));
    out.quantiles.push_back(drawn[std::clamp<std::size_t>(rank, 1, drawn.size()) - 1]);
  }
  constexpr int kBins = 20;
  const double width = (out.highest - out.lowest) / kBins;
  if (!(width > 0)) {
    out.histogram.push_back({out.lowest, out.highest, static_cast<int>(drawn.size())});
    return out;
  }
  for (int bin = 0; bin < kBins; ++bin)
    out.histogram.push_back(
        {out.lowest + width * bin, bin + 1 == kBins ? out.highest : out.lowest + width * (bin + 1), 0});
  for (const auto value : drawn)
    ++out.histogram[static_cast<std::size_t>(std::min(kBins - 1, static_cast<int>((value - out.lowest) / width)))]
          .count;
  return out;
}

}  // namespace

const char* to_string(Input input) { return described(input).name; }

std::optional<Input> input_of(std::string_view name) {
  for (int i = 0; i < kInputs; ++i)
    if (name == described(static_cast<Input>(i)).name) return static_cast<Input>(i);
  return std::nullopt;
}

Text title_of(Input input) { return described(input).title; }

Subject::Subject(const Proposal& proposal) : parts_(std::make_unique<Parts>()) {
  parts_->plan = plan_of<double>(proposal);
  parts_->rate = proposal.discount_rate.to_double();
  parts_->annual_saving = proposal.annual_saving.to_double();
  parts_->tax_rate = proposal.tax_rate.to_double();
}

Subject::Subject(const CashFlows& cash) : parts_(std::make_unique<Parts>()) {
  parts_->flows = doubles(cash.flows);
  parts_->rate = cash.discount_rate.to_double();
}

Subject::Subject(Subject&&) noexcept = default;
Subject::~Subject() = default;

std::vector<Input> Subject::inputs() const {
  std::vector<Input> out;
  for (int i = 0; i < kInputs; ++i) {
    const auto input = static_cast<Input>(i);
    const bool of_flows = input == Input::inflows || input == Input::outflows;
    if (input == Input::discount_rate || of_flows != parts_->plan.has_value()) out.push_back(input);
  }
  return out;
}

double Subject::base(Input input) const {
  const auto& plan = parts_->plan;
  switch (input) {
    case Input::investment:
      return sum(plan->investment);
    case Input::subsidy:
      return plan->subsidy;
    case Input::working_capital:
      return plan->working_capital;
    case Input::annual_saving:
      return parts_->annual_saving;
    case Input::residual_value:
      return plan->residual.value_or(0);
    case Input::tax_rate:
      return parts_->tax_rate;
    case Input::discount_rate:
      return parts_->rate;
    case Input::years:
      return plan->years;
    case Input::depreciation_years:
      return plan->depreciation_years;
    case Input::inflows:
    case Input::outflows:
      break;
  }
  return 1;
}

std::vector<Swing> tornado(const Subject& subject, std::vector<Input> inputs, const Decimal& share) {
  const bool chosen = !inputs.empty();
  if (!chosen) inputs = subject.inputs();
  const double part = share.to_double();
  double npv = 0;
  {
    Turned untouched(subject.parts());
    npv = untouched.npv();
  }
  std::vector<Swing> out;
  for (const auto input : inputs) {
    const auto& limits = described(input);
    const double base = subject.base(input);
    if (base == 0 && !chosen) continue;
    const auto moved = [&](double by) {
      const double value = base * (1 + by);
      return std::clamp(limits.whole ? std::floor(value + 0.5) : value, limits.least, limits.most);
    };
    Swing swing{input, base, moved(-part), moved(part), 0, 0, 0, {}, {}};
    swing.npv_low = npv_with(subject, input, swing.low);
    swing.npv_high = npv_with(subject, input, swing.high);
    swing.swing = std::fabs(swing.npv_high - swing.npv_low);
    if (npv != 0 && base != 0 && swing.high != swing.low)
      swing.elasticity = (swing.npv_high - swing.npv_low) / npv / ((swing.high - swing.low) / base);
    swing.switching_value = switching_value(subject, input, base);
    out.push_back(swing);
  }
  std::stable_sort(out.begin(), out.end(), [](const Swing& a, const Swing& b) { return a.swing > b.swing; });
  return out;
}

std::vector<FieldError> check(const Subject& subject, const Simulation& simulation, const std::string& pointer) {
  std::vector<FieldError> out;
  const auto known = subject.inputs();
  for (const auto& spread : simulation.spreads) {
    const auto& limits = described(spread.input);
    const auto at = pointer + "/inputs/" + limits.name;
    if (std::find(known.begin(), known.end(), spread.input) == known.end()) {
      out.push_back({at, "economics.input_of_other", {{"input", limits.name}}});
      continue;
    }
    const bool normal = spread.kind == Spread::Kind::normal;
    const bool ordered = normal ? !spread.second.is_negative()
                                : spread.first <= spread.second &&
                                      (spread.kind == Spread::Kind::uniform || spread.second <= spread.third);
    if (!ordered)
      out.push_back({normal ? at + "/sd" : at, normal ? "economics.spread_sd" : "economics.spread_order", {}});
    const auto& top = spread.kind == Spread::Kind::triangular ? spread.third : spread.second;
    const double least = spread.first.to_double(), most = (normal ? spread.first : top).to_double();
    const double width = normal ? spread.second.to_double() : 0;
    if (least < limits.least || most > limits.most || width > 1e15)
      out.push_back({at,
                     "economics.spread_range",
                     {{"min", grouped(Decimal::from_double(limits.least, 0).str())},
                      {"max", grouped(Decimal::from_double(limits.most, 0).str())}}});
  }
  return out;
}

Result<Simulated> simulate(const Subject& subject, const Simulation& simulation, const Watch& watch) {
  Generator random(simulation.seed);
  std::vector<Source> sources(simulation.spreads.begin(), simulation.spreads.end());
  Turned turned(subject.parts());
  std::vector<double> drawn;
  drawn.reserve(static_cast<std::size_t>(simulation.draws));
  for (int i = 0; i < simulation.draws; ++i) {
    constexpr int kBetweenQuestions = 1024;
    if (i % kBetweenQuestions == 0 && !watch.go_on(static_cast<double>(i) / simulation.draws)) return Watch::stopped();
    for (const auto& source : sources) turned.set(source.input(), source.draw(random));
    drawn.push_back(turned.npv());
  }
  return summarised(std::move(drawn), simulation.quantiles);
}

}  // namespace qy::engine::economics
