#include "engine/balance/gross.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/statistics/statistics.h"

namespace qy::engine::balance {
namespace {

/// Level of each of `count` tests that together raise a false alarm with probability 1 − confidence (Šidák 1967).
double sidak_confidence(double confidence, int count) { return std::pow(confidence, 1.0 / std::max(1, count)); }

using std::size_t;

constexpr double kSame = 1e-9;
constexpr double kRefused =
    1e-8;  ///< share of a hypothesis that others leave visible, below which it is not told apart
constexpr size_t kShown = 20;

class Search {
 public:
  Search(const Estimator& estimator, const Candidates& candidates, const Options& options)
      : estimator_(estimator), options_(options), candidates_(candidates), left_(candidates.energy) {
    out_.multiplier = estimator.multiplier;
    out_.objective = estimator.objective;
    out_.dof = estimator.rank();
    strength_.resize(candidates_.size());
    for (size_t i = 0; i < candidates_.size(); ++i) strength_[i] = product(i, out_.multiplier);
    for (size_t i = 0; i < candidates_.size(); ++i)
      checked_ += candidates_.measured[i] && candidates_.kind[i] == Hypothesis::Kind::bias;
    critical_ = statistics::chi_squared_quantile(sidak_confidence(options.confidence, checked_), 1);
    single_ = statistics::chi_squared_quantile(options.confidence, 1);
  }

  GrossErrors run(const Watch& watch) {
    list_strongest();
    const size_t most = std::min<size_t>(static_cast<size_t>(std::max(0, options_.most_suspects)),
                                         20'000'000 / std::max<size_t>(1, out_.multiplier.size()));
    while (out_.suspects.size() < most && out_.dof > 0 && watch.go_on(0.5)) {
      const int found = strongest();
      if (found < 0) break;
      const bool fails = out_.objective > statistics::chi_squared_quantile(options_.confidence, out_.dof);
      const double t = statistic(static_cast<size_t>(found));
      if (fails ? t <= single_ : t <= critical_) break;
      accept(static_cast<size_t>(found));
    }
    sizes();
    std::stable_sort(out_.suspects.begin(), out_.suspects.end(),
                     [](const Hypothesis& a, const Hypothesis& b) { return a.statistic > b.statistic; });
    return std::move(out_);
  }

 private:
  double product(size_t i, std::span<const double> x) const {
    double sum = 0;
    for (const auto& [row, coefficient] : candidates_.column(i)) sum += coefficient * x[static_cast<size_t>(row)];
    return sum;
  }
  bool open(size_t i) const { return left_[i] > kRefused * candidates_.energy[i]; }
  double statistic(size_t i) const { return strength_[i] * strength_[i] / left_[i]; }

  int strongest() const {
    int best = -1;
    for (size_t i = 0; i < candidates_.size(); ++i)
      if (candidates_.measured[i] && open(i) &&
          (best < 0 || statistic(i) > statistic(static_cast<size_t>(best)) * (1 + kSame)))
        best = static_cast<int>(i);
    return best;
  }

  Hypothesis described(size_t i) const {
    Hypothesis h;
    h.kind = candidates_.kind[i];
    h.index = candidates_.index[i];
    h.size = strength_[i] / left_[i];
    h.statistic = statistic(i);
    h.p_value = statistics::chi_squared_survival(h.statistic, 1);
    h.significant = h.statistic > critical_;
    return h;
  }

  void list_strongest() {
    std::vector<size_t> order;
    for (size_t i = 0; i < candidates_.size(); ++i)
      if (candidates_.measured[i]) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      const double ta = statistic(a), tb = statistic(b);
      return ta > tb * (1 + kSame);
    });
    // Benjamini, Hochberg 1995 over all that can be listed, biases and leaks: each line is one test among these.
    double bar = -1;
    for (size_t k = 0; k < order.size(); ++k) {
      const double p = statistics::chi_squared_survival(statistic(order[k]), 1);
      if (p <= (1 - options_.confidence) * static_cast<double>(k + 1) / static_cast<double>(order.size())) bar = p;
    }
    for (size_t k = 0; k < std::min(order.size(), kShown); ++k) {
      out_.strongest.push_back(described(order[k]));
      auto& h = out_.strongest.back();
      h.discovered = h.p_value <= bar;
    }
  }

  void accept(size_t i) {
    std::vector<double> u(out_.multiplier.size(), 0.0);
    for (const auto& [row, coefficient] : candidates_.column(i)) u[static_cast<size_t>(row)] += coefficient;
    estimator_.solve(u);
    solved_.push_back(u);
    found_.push_back(i);
    for (size_t k = 0; k + 1 < found_.size(); ++k) {
      const double share = product(i, directions_[k]) / energies_[k];
      for (size_t row = 0; row < u.size(); ++row) u[row] -= share * directions_[k][row];
    }
    const double energy = left_[i], size = strength_[i] / energy;
    auto suspect = described(i);
    for (size_t row = 0; row < u.size(); ++row) out_.multiplier[row] -= size * u[row];
    out_.objective = std::max(0.0, out_.objective - strength_[i] * size);
    --out_.dof;
    for (size_t g = 0; g < candidates_.size(); ++g) {
      const double shared = product(g, u);
      if (shared == 0) continue;
      if (g != i && open(g) && shared * shared >= (1 - 1e-7) * energy * left_[g])
        (candidates_.kind[g] == Hypothesis::Kind::bias ? suspect.equivalent_streams : suspect.equivalent_nodes)
            .push_back(candidates_.index[g]);
      strength_[g] -= shared * size;
      left_[g] -= shared * shared / energy;
    }
    left_[i] = 0;
    directions_.push_back(std::move(u));
    energies_.push_back(energy);
    out_.suspects.push_back(std::move(suspect));
  }

  /// All sizes at once: (F'V⁻¹F) b = F'V⁻¹r, by Cholesky; F'V⁻¹F is small.
  void sizes() {
    const auto count = found_.size();
    std::vector<std::vector<double>> a(count, std::vector<double>(count));
    std::vector<double> b(count);
    for (size_t i = 0; i < count; ++i) {
      for (size_t j = 0; j <= i; ++j) a[i][j] = product(found_[j], solved_[i]);
      b[i] = product(found_[i], estimator_.multiplier);
    }
    for (size_t i = 0; i < count; ++i) {
      for (size_t j = 0; j <= i; ++j) {
        for (size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k];
        a[i][j] = i == j ? std::sqrt(std::max(a[i][i], 1e-300)) : a[i][j] / a[j][j];
      }
      for (size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
      b[i] /= a[i][i];
    }
    for (size_t i = count; i-- > 0;) {
      for (size_t k = i + 1; k < count; ++k) b[i] -= a[k][i] * b[k];
      b[i] /= a[i][i];
      out_.suspects[i].size = b[i];
    }
  }

  const Estimator& estimator_;
  const Options& options_;
  const Candidates& candidates_;
  std::vector<double> left_, strength_, energies_;
  std::vector<std::vector<double>> directions_, solved_;
  std::vector<size_t> found_;
  int checked_ = 0;
  double critical_ = 0, single_ = 0;
  GrossErrors out_;
};

}  // namespace

GrossErrors find_gross_errors(const Estimator& estimator, const Candidates& candidates, const Options& options,
                              const Watch& watch) {
  return Search(estimator, candidates, options).run(watch);
}

}  // namespace qy::engine::balance
