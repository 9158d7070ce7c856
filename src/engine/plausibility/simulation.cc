#include "engine/plausibility/simulation.h"

#include <algorithm>
#include <cmath>

namespace qy::engine::plausibility {
namespace {

using statistics::Random;

/// The errors of `seed_errors`, put in one after another.
class Forger {
 public:
  Forger(Submission& world, Random& random) : world_(world), random_(random) {
    for (std::size_t i = 1; i < world.reports.size(); i += 2) free_.push_back(i);  // reports of 2025
    for (auto i = free_.size(); i > 1; --i) std::swap(free_[i - 1], free_[random.below(i)]);
  }

  std::vector<Seeded> run() {
    mistype(Check::sum, pick(), Relation::Kind::sum);
    mistype(Check::conversion, pick(), Relation::Kind::conversion);
    mistype(Check::ratio, pick(), Relation::Kind::ratio);
    contradict(pick());
    break_limit(pick());
    close(Check::closed_too_well, pick());
    close(Check::gross_error, pick());
    slip(pick());
    multiply(Check::year_jump, pick(), "water.fresh", random_.below(2) ? between(1.5, 4) : 1 / between(1.5, 4));
    multiply(Check::out_of_step, pick(), "energy.electricity", between(0.6, 0.8));
    scale_year(pick());
    const auto copied = pick(), scaled = pick();
    copy(copied, pick());
    copy_scaled(scaled, pick());
    invent();
    return std::move(seeded_);
  }

 private:
  std::size_t pick() {
    const auto report = free_.back();
    free_.pop_back();
    return report;
  }
  double between(double low, double high) { return low + (high - low) * random_.uniform(); }
  void put(Check check, std::size_t report) { seeded_.push_back({check, report}); }

  static void set(Number& number, double value) { number.value = Decimal::from_double(value, number.value.decimals()); }

  Number* find(std::size_t report, const std::string& quantity, const std::string& period = "2025") {
    for (auto& number : world_.reports[report].numbers)
      if (number.quantity == quantity && number.period == period) return &number;
    return nullptr;
  }

  /// Another digit at a random place of a number of one relation.
  void mistype(Check check, std::size_t report, Relation::Kind kind) {
    auto& relations = world_.reports[report].relations;
    std::vector<const Relation*> fitting;
    for (const auto& relation : relations)
      if (relation.kind == kind) fitting.push_back(&relation);
    const auto& relation = *fitting[random_.below(fitting.size())];
    auto& number = world_.reports[report].numbers[relation.total];
    auto text = number.value.str();
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] >= '0' && text[i] <= '9') places.push_back(i);
    auto& digit = text[places[random_.below(places.size())]];
    digit = static_cast<char>('0' + (static_cast<std::uint64_t>(digit - '0') + 1 + random_.below(9)) % 10);
    number.value = Decimal::of(text);
    put(check, report);
  }

  void contradict(std::size_t report) {
    for (auto& number : world_.reports[report].numbers)
      if (number.id == "summary_electricity")
        set(number, number.value.to_double() * (random_.below(2) ? between(1.01, 1.1) : between(0.9, 0.99)));
    put(Check::contradiction, report);
  }

  void break_limit(std::size_t report) {
    const double intake = find(report, "water.fresh")->value.to_double();
    const double rest =
        find(report, "water.waste")->value.to_double() + find(report, "water.product")->value.to_double();
    set(*find(report, "water.evaporated"), intake * between(1.005, 1.3) - rest);
    put(Check::limit, report);
  }

  void close(Check check, std::size_t report) {
    auto& closure = world_.reports[report].closures[0];
    if (check == Check::closed_too_well)
      closure.statistic *= std::pow(10, -between(1.5, 4));
    else
      closure.statistic += std::pow(between(2, 8), 2) + 2 * random_.normal();
    closure.statistic = std::max(closure.statistic, 0.0);
    put(check, report);
  }

  void slip(std::size_t report) {
    static constexpr double kFactors[] = {10, 0.1, 1000, 0.001, 10000, 3.6, 1 / 3.6};
    auto& number = *find(report, "intensity.electricity");
    set(number, number.value.to_double() * kFactors[random_.below(std::size(kFactors))]);
    put(Check::unit_slip, report);
  }

  void multiply(Check check, std::size_t report, const char* quantity, double by) {
    auto& number = *find(report, quantity);
    set(number, number.value.to_double() * by);
    put(check, report);
  }

  /// This year's numbers made from last year's.
  void scale_year(std::size_t report) {
    const double ratio = between(1.01, 1.15), share = between(0.6, 1);
    for (auto& number : world_.reports[report].numbers) {
      if (number.period != "2025" || number.quantity.empty()) continue;
      const auto* before = find(report - 1, number.quantity, "2024");
      if (before && before->value.decimals() == number.value.decimals() && random_.uniform() < share)
        set(number, before->value.to_double() * ratio);
    }
    put(Check::scaled_year, report);
  }

  void copy(std::size_t from, std::size_t to) {
    auto left = 8 + random_.below(13);
    for (auto& number : world_.reports[to].numbers) {
      const auto* other = number.quantity.empty() ? nullptr : find(from, number.quantity, number.period);
      if (!other || left == 0 || random_.below(2)) continue;
      number.value = other->value;
      --left;
    }
    put(Check::duplicates, to);
  }

  void copy_scaled(std::size_t from, std::size_t to) {
    const double ratio = random_.below(2) ? between(1.1, 2) : between(0.5, 0.9);
    for (auto& number : world_.reports[to].numbers)
      if (const auto* other = number.quantity.empty() ? nullptr : find(from, number.quantity, number.period))
        if (other->value.decimals() == number.value.decimals()) set(number, other->value.to_double() * ratio);
    put(Check::scaled_duplicates, to);
  }

  /// Half of each batch is written by people who make numbers up: first digits at will, last digits with favourites.
  void invent() {
    for (auto& value : world_.batches[0].values)
      if (random_.below(2)) {
        value = Decimal::from_double(
            (1 + 9 * random_.uniform()) * std::pow(10, 3 + static_cast<double>(random_.below(3))), 0);
        // Second digits: people avoid repeating and prefer the middle.
        auto text = value.str();
        text[1] = static_cast<char>('0' + 2 + random_.below(6));
        value = Decimal::of(text);
      }
    for (auto& value : world_.batches[1].values)
      if (random_.below(2)) {
        static constexpr char kFavourites[] = "0335577";
        auto text = value.str();
        text.back() = kFavourites[random_.below(7)];
        value = Decimal::of(text);
      }
    for (const auto check : {Check::first_digit, Check::second_digit, Check::last_digit, Check::heaping}) put(check, 0);
  }

  Submission& world_;
  Random& random_;
  std::vector<std::size_t> free_;
  std::vector<Seeded> seeded_;
};

bool hits(const Answer& answer, const Seeded& seeded) {
  return std::any_of(answer.findings.begin(), answer.findings.end(), [&](const auto& finding) {
    return finding.check == seeded.check &&
           (finding.reports.empty() ||
            std::find(finding.reports.begin(), finding.reports.end(), seeded.report) != finding.reports.end());
  });
}

}  // namespace

std::vector<Seeded> seed_errors(Submission& world, Random& random) { return Forger(world, random).run(); }

Result<std::vector<Rate>> measure(std::uint64_t seed, int worlds, const Watch& watch) {
  std::vector<Rate> out;
  for (std::size_t check = 0; check < kChecks; ++check)
    out.push_back({static_cast<Check>(check), rates()[check].per, 0, 0, 0, 0});
  Random random(seed);
  for (int i = 0; i < worlds; ++i) {
    if (!watch.go_on(static_cast<double>(i) / worlds)) return Watch::stopped();
    auto world = honest_world(random);
    QY_TRY(const auto honest, examine(world));
    for (std::size_t check = 0; check < kChecks; ++check) out[check].honest += static_cast<int>(honest.tested[check]);
    for (const auto& finding : honest.findings) {
      auto& rate = out[static_cast<std::size_t>(finding.check)];
      ++rate.alarms;
      for (std::size_t far = 0; far < kDistances.size(); ++far) rate.beyond[far] += finding.distance >= kDistances[far];
    }
    const auto seeded = seed_errors(world, random);
    QY_TRY(const auto answer, examine(world));
    for (const auto& error : seeded) {
      auto& rate = out[static_cast<std::size_t>(error.check)];
      ++rate.seeded;
      rate.found += hits(answer, error);
    }
  }
  return out;
}

}  // namespace qy::engine::plausibility
