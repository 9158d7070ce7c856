#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "engine/plausibility/simulation.h"

namespace qy::engine::plausibility {
namespace {

using statistics::Random;

constexpr int kEnterprises = 30;
constexpr const char* kMonth = "energy.electricity.month";

double log_normal(Random& random, double median, double sigma) { return median * std::exp(sigma * random.normal()); }

Decimal tens(double value) { return Decimal::from_double(std::round(value / 10) * 10, 0); }

/// How an enterprise writes its numbers.
class Pen {
 public:
  Pen(Random& random, Report& report) : random_(random), report_(report), cuts_(random.below(5) == 0) {}

  Decimal rounded(double value, int decimals) const {
    const double scale = std::pow(10, decimals);
    return Decimal::from_double(cuts_ ? std::trunc(value * scale + 1e-9) / scale : value, decimals);
  }

  /// Writes a value that was measured or computed; answers its place in the report.
  std::size_t write(const std::string& id, double value, int decimals, const char* unit,
                    const std::string& quantity = "", const std::string& period = "") {
    Number number;
    number.id = id;
    number.value = rounded(value, decimals);
    if (*unit) number.unit = Unit::of(unit);
    number.quantity = quantity;
    number.period = period;
    number.boundary = "plant";
    report_.numbers.push_back(std::move(number));
    return report_.numbers.size() - 1;
  }

  void relate(Relation::Kind kind, std::vector<Term> terms, std::size_t total, std::vector<Term> per = {}) {
    report_.relations.push_back({kind, std::move(terms), std::move(per), total});
  }

 private:
  Random& random_;
  Report& report_;
  bool cuts_;
};

/// What truly happened in a year.
struct Year {
  double output, coal, water, steam;
  std::array<double, 12> electricity;  ///< kWh a month
  std::array<double, 3> raw;
  double returned;  ///< share of waste water
  double electricity_total() const { return std::accumulate(electricity.begin(), electricity.end(), 0.0); }
};

struct Plant {
  double kwh, coal, water, steam;
  std::array<double, 3> raw;
  std::array<bool, 8> estimates;
};

Year year_of(Random& random, const Plant& plant, double output, const Year* before) {
  const auto moved = [&](double intensity, double last) {
    if (!before) return output * intensity * std::exp(0.04 * random.normal());
    return last * std::pow(output / before->output, 0.8) * std::exp(0.04 * random.normal());
  };
  Year year{};
  year.output = output;
  year.coal = moved(plant.coal, before ? before->coal : 0);
  year.water = moved(plant.water, before ? before->water : 0);
  year.steam = moved(plant.steam, before ? before->steam : 0);
  const double electricity = moved(plant.kwh, before ? before->electricity_total() : 0);
  for (auto& month : year.electricity) month = std::round(electricity / 12 * std::exp(0.1 * random.normal()));
  for (std::size_t i = 0; i < 3; ++i) year.raw[i] = moved(plant.raw[i], before ? before->raw[i] : 0);
  year.returned = 0.55 + 0.3 * random.uniform();
  if (plant.estimates[0]) year.coal = tens(year.coal).to_double();
  if (plant.estimates[1]) year.steam = tens(year.steam).to_double();
  if (plant.estimates[2]) year.raw[2] = tens(year.raw[2]).to_double();
  return year;
}

Closure closure_of(Random& random, const std::string& place) {
  Closure closure{place, 0, 3 + static_cast<int>(random.below(10)), true};
  for (int i = 0; i < closure.dof; ++i) {
    const double z = random.normal();
    closure.statistic += z * z;
  }
  return closure;
}

void write_energy(Random& random, Pen& pen, const Year& year, const std::string& period, std::size_t output) {
  using enum Relation::Kind;
  std::vector<Term> months;
  for (std::size_t month = 0; month < 12; ++month) {
    const auto name = (month < 9 ? "0" : "") + std::to_string(month + 1);
    months.push_back({pen.write("e" + name, year.electricity[month], 0, "kWh", kMonth, period + "-" + name)});
  }
  const auto total = year.electricity_total();
  const auto electricity = pen.write("electricity", total, 0, "kWh", "energy.electricity", period);
  pen.relate(sum, months, electricity);
  const auto coal = pen.write("coal", year.coal, 1, "t", "energy.coal", period);
  const auto steam = pen.write("steam", year.steam, 1, "GJ", "energy.steam", period);
  const double parts[] = {total * 0.0001229, year.coal * 0.7143, year.steam * 0.0341};
  const auto from_power = pen.write("tce_power", parts[0], 2, "tce", "energy.tce.power", period);
  const auto from_coal = pen.write("tce_coal", parts[1], 2, "tce", "energy.tce.coal", period);
  const auto from_steam = pen.write("tce_steam", parts[2], 2, "tce", "energy.tce.steam", period);
  pen.relate(conversion, {{electricity, Decimal::of("0.0001229")}}, from_power);
  pen.relate(conversion, {{coal, Decimal::of("0.7143")}}, from_coal);
  pen.relate(conversion, {{steam, Decimal::of("0.0341")}}, from_steam);
  const double tce = parts[0] + parts[1] + parts[2];
  const auto all = pen.write("tce", tce, 2, "tce", "energy.total", period);
  pen.relate(sum, {{from_power}, {from_coal}, {from_steam}}, all);
  // One ratio in fifty is made from the figure in 万t, which was rounded.
  const double divisor = random.below(50) ? year.output : std::round(year.output / 100) * 100;
  const auto intensity = pen.write("kwh_per_t", total / divisor, 2, "kWh/t", "intensity.electricity", period);
  pen.relate(ratio, {{electricity}}, intensity, {{output}});
  const auto energy = pen.write("tce_per_t", tce / year.output, 4, "tce/t", "intensity.energy", period);
  pen.relate(ratio, {{all}}, energy, {{output}});
  pen.write("price", 0.6325, 4, "", "price.electricity", period);
}

void write_water(Random& random, Pen& pen, Report& report, const Year& year, const std::string& period,
                 std::size_t output) {
  using enum Relation::Kind;
  const auto metered = [&](double value) { return value * std::exp(0.01 * random.normal()); };
  const auto water = pen.write("water", year.water, 0, "m3", "water.fresh", period);
  const double waste = year.water * year.returned;
  const auto effluent = pen.write("effluent", metered(waste), 0, "m3", "water.waste", period);
  const auto evaporation =
      pen.write("evaporation", metered((year.water - waste) * 0.6), 0, "m3", "water.evaporated", period);
  const auto bound = pen.write("in_product", metered((year.water - waste) * 0.3), 0, "m3", "water.product", period);
  report.limits.push_back({{{effluent}, {evaporation}, {bound}}, {{water}}, 0, true, ""});
  const auto per_tonne = pen.write("m3_per_t", year.water / year.output, 2, "m3/t", "intensity.water", period);
  pen.relate(ratio, {{water}}, per_tonne, {{output}});
  const double circulated = year.water * (3 + 10 * random.uniform());
  const auto circulation = pen.write("circulated", circulated, 0, "m3", "water.circulated", period);
  const auto reuse = pen.write("reuse", 100 * circulated / (circulated + year.water), 2, "");
  pen.relate(percentage, {{circulation}}, reuse, {{circulation}, {water}});
  pen.write("cod", waste * 0.00005 * (0.5 + random.uniform()), 3, "t", "pollutant.cod", period);
}

void write_materials(Random& random, Pen& pen, Report& report, const Year& year, const std::string& period,
                     std::size_t output) {
  using enum Relation::Kind;
  std::vector<Term> terms;
  double input = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    terms.push_back({pen.write("raw" + std::to_string(i + 1), year.raw[i], 2, "t",
                               "material.raw" + std::to_string(i + 1), period)});
    input += year.raw[i];
  }
  const auto in = pen.write("input", input, 2, "t", "material.input", period);
  pen.relate(sum, terms, in);
  const double scrap = (input - year.output) * (0.6 + 0.3 * random.uniform());
  const auto waste = pen.write("scrap", scrap, 2, "t", "material.scrap", period);
  const auto out = pen.write("out", year.output + scrap, 2, "t", "material.output", period);
  pen.relate(sum, {{output}, {waste}}, out);
  const double lost = input - year.output - scrap;
  const auto loss = pen.write("loss", lost, 2, "t");
  pen.relate(difference, {{in}, {out, -1}}, loss);
  const auto share = pen.write("loss_share", 100 * lost / input, 2, "");
  pen.relate(percentage, {{loss}}, share, {{in}});
  report.limits.push_back({{{output}}, {{in}}, 0, true, ""});
  report.closures.push_back(closure_of(random, "water"));
  report.closures.push_back(closure_of(random, "material"));
}

Report report_of(Random& random, const std::string& enterprise, int when, const Year& year, const Year* before) {
  Report report;
  const auto period = std::to_string(when), last = std::to_string(when - 1);
  report.id = enterprise + "-" + period;
  report.enterprise = enterprise;
  Pen pen(random, report);
  const auto output = pen.write("output", year.output, 2, "t", "product", period);
  write_energy(random, pen, year, period, output);
  write_water(random, pen, report, year, period, output);
  write_materials(random, pen, report, year, period, output);
  pen.write("summary_output", year.output / 1e4, 2, "万t", "product", period);
  pen.write("summary_electricity", year.electricity_total() / 1e4, 2, "万kWh", "energy.electricity", period);
  if (before) {
    pen.write("last_output", before->output / 1e4, 2, "万t", "product", last);
    pen.write("last_water", before->water, 0, "m3", "water.fresh", last);
  }
  return report;
}

}  // namespace

Submission honest_world(Random& random) {
  Submission world;
  world.seed = random.next();
  const auto intensity = [&](double median) {
    const double usual = log_normal(random, median, 0.35);
    return random.below(20) ? usual : 2 * usual;
  };
  Peers electricity{"intensity.electricity", Unit::of("kWh/t"), {}}, water{"intensity.water", Unit::of("m3/t"), {}};
  for (int i = 0; i < 40; ++i) {
    electricity.values.push_back(intensity(420));
    water.values.push_back(intensity(8));
  }
  world.peers = {electricity, water};
  world.drivers = {{"energy.electricity", "product"}, {"energy.total", "product"}, {"water.fresh", "product"}};
  for (int i = 0; i < kEnterprises; ++i) {
    Plant plant{intensity(420), intensity(0.3), intensity(8), intensity(2), {}, {}};
    for (std::size_t r = 0; r < 3; ++r) plant.raw[r] = (r == 0 ? 0.8 : 0.2) * (1 + 0.2 * random.uniform());
    for (auto& estimate : plant.estimates) estimate = random.below(10) == 0;
    const double output = log_normal(random, 20000, 0.8);
    double growth = 0.03 + 0.06 * random.normal();
    if (random.below(20) == 0) growth += 0.3 * random.normal();
    const auto first = year_of(random, plant, output, nullptr);
    const auto second = year_of(random, plant, output * std::exp(growth), &first);
    const auto name = "e" + std::to_string(i + 1);
    world.reports.push_back(report_of(random, name, 2024, first, nullptr));
    world.reports.push_back(report_of(random, name, 2025, second, &first));
  }
  Batch amounts{"amounts", {}, true, true, false, false}, readings{"readings", {}, false, false, true, true};
  for (int i = 0; i < 400; ++i) {
    amounts.values.push_back(Decimal::from_double(log_normal(random, 30000, 2.5), 2));
    // A meter read to the last digit; one reading in fifty is an estimate.
    const double reading = log_normal(random, 50000, 1);
    readings.values.push_back(random.below(50) ? Decimal::from_double(reading, 0) : tens(reading));
  }
  world.batches = {amounts, readings};
  return world;
}

}  // namespace qy::engine::plausibility
