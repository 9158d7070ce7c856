#include "engine/statistics/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

namespace qy::engine::statistics {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

TEST(Distributions, AgreeWithPrintedTables) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_survival(1.959963984540054), 0.025, 1e-16);
  EXPECT_NEAR(chi_squared_quantile(0.95, 1), 3.841458820694124, 1e-13);
  EXPECT_NEAR(chi_squared_quantile(0.95, 9), 16.918977604620448, 1e-12);
  EXPECT_NEAR(student_t_quantile(0.975, 10), 2.228138851986275, 1e-12);
  EXPECT_NEAR(binomial_cdf(5, 10, 0.5), 0.623046875, 1e-14);
  EXPECT_NEAR(binomial_survival(6, 10, 0.5), 0.376953125, 1e-14);
}

// Lower tails of published data that close too well: ethylene 50×26 and Valle 10×6 (methods, 4.2).
TEST(Distributions, KeepTheirAccuracyInTheTails) {
  EXPECT_NEAR(chi_squared_cdf(0.155, 26) / 5.6e-25, 1, 0.15);
  EXPECT_NEAR(chi_squared_cdf(0.029, 6) / 5e-7, 1, 0.2);
  EXPECT_NEAR(chi_squared_cdf(0.068, 4) / 6e-4, 1, 0.1);
  EXPECT_EQ(normal_quantile(0), -INFINITY);
  EXPECT_EQ(chi_squared_quantile(1, 3), INFINITY);
  EXPECT_EQ(binomial_cdf(-1, 5, 0.5), 0);
  EXPECT_EQ(binomial_cdf(5, 5, 0.5), 1);
  EXPECT_EQ(binomial_survival(1, 5, 0), 0);
}

TEST(Distributions, ShareIntervalIsClopperAndPearsons) {
  const auto none = share_interval(0, 10, 0.95);
  EXPECT_EQ(none.lower, 0);
  EXPECT_NEAR(none.upper, 1 - std::pow(0.025, 0.1), 1e-12);
  const auto some = share_interval(4, 10, 0.95);
  EXPECT_NEAR(binomial_survival(4, 10, some.lower), 0.025, 1e-10);
  EXPECT_NEAR(binomial_cdf(4, 10, some.upper), 0.025, 1e-10);
}

// The fifteen p-values of Benjamini & Hochberg (1995), 3.2: four discoveries at 0.05.
TEST(BenjaminiHochberg, ReproducesThePapersExample) {
  const double p[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                      0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const auto q = benjamini_hochberg(p);
  EXPECT_EQ(std::count_if(q.begin(), q.end(), [](double x) { return x <= 0.05; }), 4);
  EXPECT_NEAR(q[3], 0.0095 * 15 / 4, 1e-12);
}

TEST(Robust, SpreadsOfSmallSets) {
  const std::vector<double> nist{199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57};
  EXPECT_NEAR(robust(nist).centre, 201.37, 1e-9);
  EXPECT_NEAR(mad(nist) / 1.482602218505602, 0.995, 1e-9);
  EXPECT_EQ(robust(nist).by, Spread::mad);
  const std::vector<double> copied{5, 5, 5, 5, 5, 5, 7};
  EXPECT_EQ(robust(copied).by, Spread::mean_deviation);
  EXPECT_NEAR(robust(copied).spread, 1.2533141373155 * 2 / 7, 1e-12);
  EXPECT_EQ(robust(std::vector<double>(5, 3.0)).by, Spread::none);
  EXPECT_EQ(robust(std::vector<double>{3.0}).by, Spread::none);
}

double naive_sn(const std::vector<double>& x) {
  std::vector<double> out;
  for (const auto a : x) {
    std::vector<double> away;
    for (const auto b : x) away.push_back(std::fabs(a - b));
    std::sort(away.begin(), away.end());
    out.push_back(away[x.size() / 2]);
  }
  std::sort(out.begin(), out.end());
  return out[(x.size() + 1) / 2 - 1];
}

double naive_qn(const std::vector<double>& x) {
  std::vector<double> away;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) away.push_back(std::fabs(x[i] - x[j]));
  std::sort(away.begin(), away.end());
  const auto half = x.size() / 2 + 1;
  return away[half * (half - 1) / 2 - 1];
}

RC_GTEST_PROP(Robust, FastSpreadsAreTheDefinitions, (std::vector<int> raw)) {
  RC_PRE(raw.size() >= 10u);
  std::vector<double> x;
  for (const auto value : raw) x.push_back(value % 50);
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  const bool odd = x.size() % 2;
  RC_ASSERT(std::fabs(sn(x) - 1.1926 * (odd ? n / (n - 0.9) : 1) * naive_sn(x)) < 1e-9);
  RC_ASSERT(std::fabs(qn(x) - 2.2219 * (odd ? n / (n + 1.4) : n / (n + 3.8)) * naive_qn(x)) < 1e-9);
}

TEST(Robust, SpreadsEstimateSigmaOfNormalData) {
  Random random(4);
  std::vector<double> x(20001);
  for (auto& value : x) value = 7 + 3 * random.normal();
  std::sort(x.begin(), x.end());
  for (const auto spread : {mad(x), sn(x), qn(x), mean_deviation(x)}) EXPECT_NEAR(spread, 3, 0.1);
}

TEST(Random, IsTheSameEverywhere) {
  Random random(1);
  EXPECT_EQ(random.next(), 0x910a2dec89025cc1u);
  Random again(7);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const auto die = again.below(6);
    ASSERT_LT(die, 6u);
    sum += static_cast<double>(die);
  }
  EXPECT_NEAR(sum / 10000, 2.5, 0.1);
}

}  // namespace
}  // namespace qy::engine::statistics
