#pragma once

#include <Eigen/Dense>
#include <random>

#include "engine/balance/balance.h"
#include "engine/balance/estimator.h"

/// Test support: the textbook solution by dense projection (Crowe 1983), without any of the engine's short cuts.
namespace qy::engine::balance::oracle {

struct Dense {
  Eigen::VectorXd x;         ///< unobservable streams NaN
  Eigen::VectorXd variance;  ///< unobservable streams NaN
  std::vector<Class> classes;
  double objective = 0;
  int rank = 0;
};

inline Eigen::MatrixXd null_space_of_transpose(const Eigen::MatrixXd& m) {
  if (m.cols() == 0) return Eigen::MatrixXd::Identity(m.rows(), m.rows());
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(m, Eigen::ComputeFullU);
  int rank = 0;
  for (int i = 0; i < svd.singularValues().size(); ++i) rank += svd.singularValues()(i) > 1e-9;
  return svd.matrixU().rightCols(m.rows() - rank);
}

inline Dense solve(const Model& model) {
  const auto problem = as_linear(model);
  const auto rows = static_cast<Eigen::Index>(problem.rows.size()), n = static_cast<Eigen::Index>(problem.roles.size());
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(rows, n), s = Eigen::MatrixXd::Zero(n, n);
  Eigen::VectorXd b(rows), y = Eigen::VectorXd::Zero(n);
  for (Eigen::Index i = 0; i < rows; ++i) {
    b(i) = problem.rows[static_cast<std::size_t>(i)].equals;
    for (const auto& term : problem.rows[static_cast<std::size_t>(i)].terms) a(i, term.variable) += term.coefficient;
  }
  std::vector<Eigen::Index> measured, unmeasured;
  for (Eigen::Index j = 0; j < n; ++j) {
    const auto role = problem.roles[static_cast<std::size_t>(j)];
    if (role != Role::unmeasured) y(j) = problem.value[static_cast<std::size_t>(j)];
    if (role == Role::measured) measured.push_back(j), s(j, j) = problem.variance[static_cast<std::size_t>(j)];
    if (role == Role::unmeasured) unmeasured.push_back(j);
    if (role == Role::fixed) b -= a.col(j) * y(j);
  }
  for (const auto& c : problem.covariances) s(c.first, c.second) = s(c.second, c.first) = c.value;
  const Eigen::MatrixXd au = a(Eigen::all, unmeasured), am = a(Eigen::all, measured), sm = s(measured, measured);
  const Eigen::VectorXd ym = y(measured);
  const Eigen::MatrixXd p = null_space_of_transpose(au).transpose();
  const Eigen::MatrixXd g = p * am;
  const Eigen::MatrixXd v = g * sm * g.transpose();
  const Eigen::VectorXd r = g * ym - p * b;
  Eigen::MatrixXd pinv = Eigen::MatrixXd::Zero(v.rows(), v.cols());
  int rank = 0;
  if (v.rows() > 0 && !measured.empty()) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> split(v);
    const double least = 1e-14 * sm.diagonal().maxCoeff();
    for (Eigen::Index i = 0; i < v.rows(); ++i) {
      if (split.eigenvalues()(i) <= least) continue;
      const Eigen::VectorXd direction = split.eigenvectors().col(i);
      pinv += direction * direction.transpose() / split.eigenvalues()(i);
      ++rank;
    }
  }
  Dense out;
  out.x = y;
  out.variance = Eigen::VectorXd::Zero(n);
  out.classes.assign(static_cast<std::size_t>(n), Class::fixed);
  out.objective = r.size() ? r.dot(pinv * r) : 0.0;
  out.rank = rank;
  const Eigen::MatrixXd adjusting = sm * g.transpose() * pinv * g * sm, cov = sm - adjusting;
  const Eigen::VectorXd xm = ym - sm * g.transpose() * pinv * r;
  for (std::size_t k = 0; k < measured.size(); ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    out.x(measured[k]) = xm(i);
    out.variance(measured[k]) = cov(i, i);
    out.classes[static_cast<std::size_t>(measured[k])] =
        adjusting(i, i) > 1e-9 * sm(i, i) ? Class::redundant : Class::nonredundant;
  }
  if (!unmeasured.empty()) {
    const Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> back(au);
    const Eigen::MatrixXd h = back.pseudoInverse();
    const Eigen::VectorXd xu = h * (b - am * xm);
    const Eigen::MatrixXd covu = h * am * cov * am.transpose() * h.transpose();
    const Eigen::MatrixXd determined = h * au;  // a row of the identity exactly when the stream is observable
    for (std::size_t k = 0; k < unmeasured.size(); ++k) {
      const auto i = static_cast<Eigen::Index>(k);
      const bool observable = std::fabs(determined(i, i) - 1) < 1e-7;
      out.classes[static_cast<std::size_t>(unmeasured[k])] = observable ? Class::observable : Class::unobservable;
      out.x(unmeasured[k]) = observable ? xu(i) : kNone;
      out.variance(unmeasured[k]) = observable ? covu(i, i) : kNone;
    }
  }
  return out;
}

/// What the dense solution itself leaves of its rows: where that is much, it is no measure for anything.
inline double left_open(const Model& model, const Dense& dense) {
  double worst = 0;
  for (const auto& row : as_linear(model).rows) {
    double sum = -row.equals;
    for (const auto& term : row.terms) sum += term.coefficient * dense.x(term.variable);
    if (!std::isnan(sum)) worst = std::max(worst, std::fabs(sum));
  }
  return worst;
}

/// A random network: true flows that balance along random paths, readings with errors.
inline Model random_network(std::uint64_t seed, int most_nodes = 12) {
  std::mt19937_64 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  std::normal_distribution<double> normal;
  Model model;
  model.nodes = 1 + below(most_nodes);
  const int streams = 1 + below(3 * model.nodes + 3);
  for (int j = 0; j < streams; ++j) {
    Stream stream;
    stream.link = {below(model.nodes + 1) - 1, below(model.nodes + 1) - 1};
    if (stream.link.from == stream.link.to) stream.link = {kEnvironment, below(model.nodes)};
    stream.role = below(3) == 0 ? Role::unmeasured : Role::measured;
    stream.value = 100 * std::exp(normal(random));
    stream.sd = 0.02 * stream.value * std::exp(normal(random));
    stream.lower = -kUnbounded;
    model.streams.push_back(stream);
  }
  return model;
}

}  // namespace qy::engine::balance::oracle
