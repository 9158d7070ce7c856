#include "engine/balance/balance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/balance/approximate.h"
#include "engine/balance/dense_oracle.h"

namespace qy::engine::balance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Answer solved(const Model& model, const Options& options = {}) {
  const auto answer = reconcile(model, options);
  EXPECT_TRUE(answer);
  return answer ? *answer : Answer();
}

void expect_close(double got, double wanted, double scale, const std::string& what) {
  if (std::isnan(wanted))
    RC_ASSERT(std::isnan(got));
  else if (!(std::fabs(got - wanted) <= 1e-7 * scale))
    RC_FAIL(what + ": " + std::to_string(got) + " instead of " + std::to_string(wanted));
}

void expect_same(const Answer& got, const oracle::Dense& wanted, const Model& model) {
  double scale = 1, variance = 1;
  for (const auto& stream : model.streams) {
    scale = std::max(scale, std::fabs(stream.value));
    variance = std::max(variance, stream.sd * stream.sd);
  }
  for (std::size_t j = 0; j < model.streams.size(); ++j) {  // coefficients near zero make large flows
    const auto i = static_cast<Eigen::Index>(j);
    if (std::isnan(wanted.x(i))) continue;
    scale = std::max(scale, std::fabs(wanted.x(i)));
    variance = std::max(variance, wanted.variance(i));
  }
  if (oracle::left_open(model, wanted) > 1e-10 * scale) return;
  for (std::size_t j = 0; j < model.streams.size(); ++j) {
    const auto i = static_cast<Eigen::Index>(j);
    const bool hardly = model.streams[j].role == Role::measured &&  // checked so little that either word is right
                        wanted.variance(i) > (1 - 1e-7) * std::pow(model.streams[j].sd, 2);
    if (got.streams[j].kind != wanted.classes[j] && !hardly)
      RC_FAIL("class of " + std::to_string(j) + ": " + std::to_string(static_cast<int>(got.streams[j].kind)) +
              " instead of " + std::to_string(static_cast<int>(wanted.classes[j])) + ", variance " +
              std::to_string(wanted.variance(i)) + " of " + std::to_string(std::pow(model.streams[j].sd, 2)));
    expect_close(got.streams[j].value, wanted.x(i), scale, "value " + std::to_string(j));
    expect_close(std::pow(got.streams[j].sd, 2), wanted.variance(i), variance, "variance " + std::to_string(j));
  }
  expect_close(got.global.statistic, wanted.objective, 1 + wanted.objective, "gamma");
  RC_ASSERT(got.global.dof == wanted.rank);
}

// In a row all flows are one, and so are their standard deviations: 1/sd² is the sum of the meters' 1/sd².
TEST(Variances, KeepTheirDigitsBetweenVeryDifferentMeters) {
  for (const double ratio : {1.0, 1e3, 1e5, 1e6, 1e7, 1e8})
    for (const int way : {0, 1, 2}) {
      Model model;
      model.nodes = 3;
      model.streams = {{{kEnvironment, 0}, Role::measured, 100, 0.01 * ratio},
                       {{0, 1}, Role::unmeasured},
                       {{1, 2}, Role::measured, 100, 0.01},
                       {{2, kEnvironment}, Role::measured, 100, 0.3}};
      if (way == 1) model.constraints.push_back(as_linear(model).rows[0]);
      if (way == 2) model.covariances.push_back({0, 3, 1e-12});
      const auto answer = solved(model);
      const double right = std::sqrt(1 / (1 / std::pow(0.01 * ratio, 2) + 1 / 1e-4 + 1 / 0.09));
      for (const auto& stream : answer.streams) EXPECT_NEAR(stream.sd, right, 1e-6 * right) << ratio << ' ' << way;
      EXPECT_EQ(answer.streams[2].kind, Class::redundant) << ratio << ' ' << way;
    }
}

RC_GTEST_PROP(Network, AgreesWithTheDenseProjection, (std::uint64_t seed)) {
  const auto model = oracle::random_network(seed);
  expect_same(solved(model), oracle::solve(model), model);
}

// The same network through general rows: one balance written once more as a constraint changes nothing.
RC_GTEST_PROP(Linear, ADependentConstraintChangesNothing, (std::uint64_t seed)) {
  auto model = oracle::random_network(seed);
  const auto network = solved(model);
  model.constraints.push_back(as_linear(model).rows[0]);
  const auto general = solved(model);
  RC_ASSERT(general.status == Status::solved);
  expect_same(general, oracle::solve(model), model);
  for (std::size_t j = 0; j < model.streams.size(); ++j)
    expect_close(general.streams[j].z, network.streams[j].z, 10, "z " + std::to_string(j));
}

RC_GTEST_PROP(Linear, ConstraintsAndCovariancesAgreeWithTheDenseProjection, (std::uint64_t seed)) {
  auto model = oracle::random_network(seed);
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  const auto streams = model.streams.size();
  for (int k = 0; k < 2; ++k) {
    Row row;
    for (int t = 0; t < 3; ++t)  // not near zero: the dense oracle is the weaker of the two there
      row.terms.push_back({static_cast<int>(random() % streams),
                           (random() % 2 ? 1 : -1) * (0.5 + static_cast<double>(random() % 1000) / 500)});
    row.equals = 10 * normal(random);
    std::sort(row.terms.begin(), row.terms.end(), [](const Term& a, const Term& b) { return a.variable < b.variable; });
    model.constraints.push_back(row);
  }
  for (std::size_t j = 0; j + 1 < streams; j += 3) {
    const auto &a = model.streams[j], &b = model.streams[j + 1];
    if (a.role == Role::measured && b.role == Role::measured)
      model.covariances.push_back({static_cast<int>(j), static_cast<int>(j) + 1, 0.6 * a.sd * b.sd});
  }
  const auto answer = solved(model);
  if (answer.status == Status::contradictory) return;  // random rows on determined streams
  expect_same(answer, oracle::solve(model), model);
  RC_ASSERT(std::fabs(answer.leverage_sum_minus_rank) < 1e-4);
}

RC_GTEST_PROP(Network, OrderAndUnitsDoNotMatter, (std::uint64_t seed)) {
  const auto model = oracle::random_network(seed);
  const double unit = 1000;
  std::mt19937_64 random(seed + 1);
  std::vector<int> nodes(static_cast<std::size_t>(model.nodes)), streams(model.streams.size());
  std::iota(nodes.begin(), nodes.end(), 0);
  std::iota(streams.begin(), streams.end(), 0);
  std::shuffle(nodes.begin(), nodes.end(), random);
  std::shuffle(streams.begin(), streams.end(), random);
  auto other = model;
  const auto moved = [&](int node) { return node < 0 ? node : nodes[static_cast<std::size_t>(node)]; };
  for (std::size_t j = 0; j < streams.size(); ++j) {
    auto stream = model.streams[static_cast<std::size_t>(streams[j])];
    stream.link = {moved(stream.link.from), moved(stream.link.to)};
    stream.value *= unit;
    stream.sd *= unit;
    other.streams[j] = stream;
  }
  const auto a = solved(model), b = solved(other);
  for (std::size_t j = 0; j < streams.size(); ++j) {
    const auto& first = a.streams[static_cast<std::size_t>(streams[j])];
    RC_ASSERT(first.kind == b.streams[j].kind);
    expect_close(b.streams[j].value / unit, first.value, 1000, "value");
    expect_close(std::pow(b.streams[j].sd / unit, 2), std::pow(first.sd, 2), 100, "variance");
    expect_close(b.streams[j].z, first.z, 100, "z");
  }
  expect_close(a.global.statistic, b.global.statistic, 1 + a.global.statistic, "gamma");
}

RC_GTEST_PROP(Network, ClosesAndSumsToItsRank, (std::uint64_t seed)) {
  auto model = oracle::random_network(seed, 60);
  std::mt19937_64 random(seed);
  for (auto& stream : model.streams)
    stream.sd *= std::pow(10.0, static_cast<int>(random() % 6) - 2);  // variances 1e10 apart and more
  const auto answer = solved(model);
  RC_ASSERT(answer.closing_relative < 1e-9);
  RC_ASSERT(std::fabs(answer.leverage_sum_minus_rank) < 1e-9 * (1 + answer.global.dof));
}

RC_GTEST_PROP(Network, AnExactMeasurementNeverIncreasesAVariance, (std::uint64_t seed)) {
  const auto model = oracle::random_network(seed);
  const auto before = solved(model);
  auto better = model;
  auto& stream = better.streams[seed % better.streams.size()];
  stream.role = Role::measured;
  stream.sd = 1e-6;
  const auto after = solved(better);
  for (std::size_t j = 0; j < model.streams.size(); ++j)
    if (!std::isnan(before.streams[j].sd) && before.streams[j].kind != Class::fixed)
      RC_ASSERT(std::pow(after.streams[j].sd, 2) <= std::pow(before.streams[j].sd, 2) + 1e-9);
}

RC_GTEST_PROP(GrossErrors, SingleDeletionsAgreeWithRecomputation, (std::uint64_t seed)) {
  const auto model = oracle::random_network(seed);
  Options options;
  options.most_suspects = 0;
  const auto all = solved(model, options);
  for (const auto& hypothesis : all.hypotheses) {
    auto without = model;
    if (hypothesis.kind == Hypothesis::Kind::bias)
      without.streams[static_cast<std::size_t>(hypothesis.index)].role = Role::unmeasured;
    else
      without.streams.push_back({{hypothesis.index, kEnvironment}, Role::unmeasured, 0, 0, -kUnbounded, kUnbounded});
    const auto one = solved(without, options);
    expect_close(hypothesis.statistic, all.global.statistic - one.global.statistic, 1 + all.global.statistic, "T");
    RC_ASSERT(one.global.dof == all.global.dof - 1);
  }
}

// Two stations in a row, 20 missing at the second: the leak and the meter behind it explain the data alike.
TEST(GrossErrors, BiasesAndLeaksAreOneFamilyOfTests) {
  Model model;
  model.nodes = 2;
  const auto metered = [](int from, int to, double value) {
    return Stream{{from, to}, Role::measured, value, 1, -kUnbounded, kUnbounded};
  };
  model.streams = {metered(kEnvironment, 0, 100), metered(0, 1, 100.5), metered(1, kEnvironment, 80)};
  const auto answer = solved(model);
  ASSERT_EQ(answer.hypotheses.size(), 5u);
  // m = 5 tests: with p sorted, all up to the last with p ≤ 0.05·rank/5 are discovered.
  double bar = -1;
  for (std::size_t k = 0; k < 5; ++k)
    if (answer.hypotheses[k].p_value <= 0.05 * static_cast<double>(k + 1) / 5) bar = answer.hypotheses[k].p_value;
  bool leak = false;
  for (const auto& hypothesis : answer.hypotheses) {
    EXPECT_EQ(hypothesis.discovered, hypothesis.p_value <= bar);
    leak = leak || (hypothesis.kind == Hypothesis::Kind::leak && hypothesis.index == 1 && hypothesis.discovered);
  }
  EXPECT_TRUE(leak);
}

RC_GTEST_PROP(GrossErrors, SuspectsTogetherExplainWhatTheirDeletionExplains, (std::uint64_t seed)) {
  const auto model = oracle::random_network(seed);
  const auto answer = solved(model);
  if (answer.suspects.empty()) return;
  auto without = model;
  double explained = 0;
  for (const auto& suspect : answer.suspects) {
    explained += suspect.statistic;
    if (suspect.kind == Hypothesis::Kind::bias)
      without.streams[static_cast<std::size_t>(suspect.index)].role = Role::unmeasured;
    else
      without.streams.push_back({{suspect.index, kEnvironment}, Role::unmeasured, 0, 0, -kUnbounded, kUnbounded});
  }
  const auto reference = oracle::solve(without);
  const double scale = 1 + answer.global.statistic;
  expect_close(answer.without_suspects.statistic, reference.rank ? reference.objective : 0, scale, "gamma left");
  RC_ASSERT(answer.without_suspects.dof == reference.rank);
  expect_close(answer.global.statistic - explained, reference.objective, scale, "sum of statistics");
  for (std::size_t j = 0; j < model.streams.size(); ++j)
    if (!std::isnan(answer.flow_without_suspects[j]))
      expect_close(answer.flow_without_suspects[j], reference.x(static_cast<Eigen::Index>(j)), 1e4, "flow");
}

TEST(Network, NamesAnIslandWhoseFixedFlowsDoNotAddUp) {
  Model model;
  model.nodes = 3;
  model.streams = {{{kEnvironment, 0}, Role::fixed, 10},
                   {{0, 1}, Role::measured, 9, 1},
                   {{1, kEnvironment}, Role::fixed, 7},
                   {{kEnvironment, 2}, Role::measured, 5, 1},
                   {{2, kEnvironment}, Role::unmeasured}};
  const auto answer = solved(model);
  EXPECT_EQ(answer.status, Status::contradictory);
  EXPECT_THAT(answer.obstacle.nodes, ElementsAre(0, 1));
  EXPECT_NEAR(answer.obstacle.needed, 3, 1e-12);
  model.streams[2].value = 10;
  const auto good = solved(model);
  EXPECT_EQ(good.status, Status::solved);
  EXPECT_NEAR(good.streams[1].value, 10, 1e-12);
  EXPECT_EQ(good.global.dof, 1);
  EXPECT_NEAR(good.global.statistic, 1, 1e-12);
}

TEST(Linear, NamesTheConstraintsThatContradict) {
  Model model;
  model.nodes = 1;
  model.streams = {{{kEnvironment, 0}, Role::measured, 10, 1}, {{0, kEnvironment}, Role::measured, 11, 1}};
  model.constraints = {{{{0, 1}, {1, -1}}, 0.5}, {{{0, 2}}, 20}};
  const auto answer = solved(model);
  EXPECT_EQ(answer.status, Status::contradictory);
  EXPECT_THAT(answer.obstacle.nodes, ElementsAre(0));
  EXPECT_THAT(answer.obstacle.constraints, ElementsAre(0));
}

TEST(Network, ALoneStreamWithoutRedundancyIsNotTested) {
  Model model;
  model.nodes = 1;
  model.streams = {{{kEnvironment, 0}, Role::measured, 10, 1}, {{0, kEnvironment}, Role::unmeasured}};
  const auto answer = solved(model);
  EXPECT_EQ(answer.global.dof, 0);
  EXPECT_FALSE(answer.global.passed);
  EXPECT_EQ(answer.streams[0].kind, Class::nonredundant);
  EXPECT_EQ(answer.streams[1].kind, Class::observable);
  EXPECT_NEAR(answer.streams[1].value, 10, 1e-12);
  EXPECT_NEAR(answer.streams[1].sd, 1, 1e-12);
  EXPECT_THAT(answer.suspects, IsEmpty());
}

// The factor of a network that conjugate gradients would take: the two ways give the same flows.
TEST(Network, ConjugateGradientsAgreeWithTheFactor) {
  const auto model = oracle::random_network(4711, 400);
  std::vector<Link> links;
  std::vector<Role> roles;
  std::vector<double> value, variance;
  for (const auto& stream : model.streams) {
    links.push_back(stream.link);
    roles.push_back(stream.role);
    value.push_back(stream.value);
    variance.push_back(stream.sd * stream.sd);
  }
  const Network direct(model.nodes, links, roles);
  ASSERT_FALSE(direct.iterative());
  const auto factored = WeightedNetwork(direct, variance).reconcile({value, variance});
  const Network other(model.nodes, links, roles, -1);
  ASSERT_TRUE(other.iterative());
  const auto iterated = WeightedNetwork(other, variance).reconcile({value, variance});
  for (std::size_t j = 0; j < links.size(); ++j)
    if (!std::isnan(factored.flow[j])) {
      EXPECT_NEAR(iterated.flow[j], factored.flow[j], 1e-6 * (1 + std::fabs(value[j])));
    }
  EXPECT_LT(iterated.closing_relative, 1e-9);
}

/// L D L' of an approximate factor, by vertex.
Eigen::MatrixXd product(const ApproximateFactor& factor) {
  const auto size = static_cast<Eigen::Index>(factor.place.size());
  Eigen::MatrixXd lower = Eigen::MatrixXd::Identity(size, size);
  for (std::size_t k = 0; k < factor.place.size(); ++k)
    for (auto at = static_cast<std::size_t>(factor.start[k]); at < static_cast<std::size_t>(factor.start[k + 1]); ++at)
      lower(factor.row[at], static_cast<Eigen::Index>(k)) = -factor.share[at];
  const Eigen::Map<const Eigen::VectorXd> pivots(factor.pivot.data(), size);
  const Eigen::MatrixXd by_place = lower * pivots.asDiagonal() * lower.transpose();
  return by_place(factor.place, factor.place);
}

TEST(ApproximateFactor, IsExactOnTreesAndNearElsewhere) {
  std::mt19937_64 random(5);
  const auto weight = [&] { return std::exp(std::normal_distribution<double>(0, 2)(random)); };
  for (const bool meshed : {false, true}) {
    constexpr int kSize = 60;
    std::vector<WeightedPair> pairs{{0, -1, weight()}};
    for (int v = 1; v < kSize; ++v)
      pairs.push_back({v, static_cast<int>(random() % static_cast<unsigned>(v)), weight()});
    pairs.push_back({pairs.back().second, pairs.back().first, weight()});  // two meters on one stretch
    for (int more = 0; meshed && more < 120; ++more) {
      const int a = static_cast<int>(random() % kSize), b = static_cast<int>(random() % kSize);
      if (a != b) pairs.push_back({a, b, weight()});
    }
    Eigen::MatrixXd laplacian = Eigen::MatrixXd::Zero(kSize, kSize);
    for (const auto& [a, b, w] : pairs) {
      laplacian(a, a) += w;
      if (b < 0) continue;
      laplacian(b, b) += w;
      laplacian(a, b) -= w;
      laplacian(b, a) -= w;
    }
    const Eigen::MatrixXd got = product(ApproximateFactor(kSize, pairs));
    if (!meshed) EXPECT_NEAR((got - laplacian).norm() / laplacian.norm(), 0, 1e-13);
    // How far the preconditioned system is from the identity decides how many steps conjugate gradients take.
    const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> spectrum(laplacian, got, Eigen::EigenvaluesOnly);
    EXPECT_GT(spectrum.eigenvalues().minCoeff(), meshed ? 0.05 : 1 - 1e-6);
    EXPECT_LT(spectrum.eigenvalues().maxCoeff(), meshed ? 20 : 1 + 1e-6);
  }
}

}  // namespace
}  // namespace qy::engine::balance
