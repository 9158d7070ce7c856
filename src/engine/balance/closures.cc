#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <map>

#include "engine/balance/balance.h"

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

}  // namespace

std::vector<NodeAnswer> node_closures(const Model& model) {
  struct Sum {
    double in = 0, out = 0, variance = 0;
    bool whole = true, any = false;
  };
  std::vector<Sum> sums(at(model.nodes));
  for (const auto& stream : model.streams) {
    const auto take = [&](int node, double Sum::*side) {
      if (node == kEnvironment) return;
      auto& sum = sums[at(node)];
      sum.any = true;
      if (stream.role == Role::unmeasured) {
        sum.whole = false;
        return;
      }
      sum.*side += stream.value;
      sum.variance += stream.role == Role::measured ? stream.sd * stream.sd : 0;
    };
    take(stream.link.to, &Sum::in);
    take(stream.link.from, &Sum::out);
  }
  for (const auto& [first, second, value] : model.covariances) {
    const auto sign = [&](int stream, int node) {
      const auto& link = model.streams[at(stream)].link;
      return (link.to == node) - (link.from == node);
    };
    for (const int node : {model.streams[at(first)].link.from, model.streams[at(first)].link.to})
      if (node != kEnvironment) sums[at(node)].variance += 2 * value * sign(first, node) * sign(second, node);
  }
  std::vector<NodeAnswer> out(sums.size());
  for (size_t node = 0; node < sums.size(); ++node) {
    const auto& sum = sums[node];
    if (!sum.whole || !sum.any) continue;
    auto& answer = out[node];
    answer.in = sum.in;
    answer.out = sum.out;
    answer.difference = sum.in - sum.out;
    if (sum.in != 0) answer.relative = answer.difference / sum.in;
    if (sum.variance > 0) answer.z = answer.difference / std::sqrt(sum.variance);
  }
  return out;
}

std::optional<int> improper_covariance(const Model& model) {
  constexpr size_t kMostCorrelated = 200;
  std::map<int, int> up;
  const auto find = [&](int stream) {
    auto found = up.emplace(stream, stream).first;
    while (found->second != found->first) found = up.find(found->second);
    return found->first;
  };
  for (const auto& c : model.covariances) {
    const int a = find(c.first), b = find(c.second);
    up[a] = b;
  }
  std::map<int, std::vector<int>> blocks;
  for (const auto& [stream, parent] : up) blocks[find(stream)].push_back(stream);
  std::map<int, int> bad;
  for (const auto& [root, members] : blocks) {
    bool good = members.size() <= kMostCorrelated;
    if (good) {
      const auto size = static_cast<Eigen::Index>(members.size());
      Eigen::MatrixXd correlation = Eigen::MatrixXd::Identity(size, size);
      const auto position = [&members = members](int stream) {
        return static_cast<Eigen::Index>(std::lower_bound(members.begin(), members.end(), stream) - members.begin());
      };
      for (const auto& c : model.covariances) {
        if (find(c.first) != root) continue;
        const double value = c.value / (model.streams[at(c.first)].sd * model.streams[at(c.second)].sd);
        correlation(position(c.first), position(c.second)) = correlation(position(c.second), position(c.first)) = value;
      }
      const Eigen::LLT<Eigen::MatrixXd> factor(correlation);
      good = factor.info() == Eigen::Success && factor.matrixLLT().diagonal().minCoeff() > 1e-6;
    }
    if (!good) bad[root] = 1;
  }
  for (size_t i = 0; i < model.covariances.size(); ++i)
    if (bad.count(find(model.covariances[i].first))) return static_cast<int>(i);
  return std::nullopt;
}

}  // namespace qy::engine::balance
