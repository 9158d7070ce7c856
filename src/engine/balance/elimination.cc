#include "engine/balance/elimination.h"

#include <algorithm>
#include <cmath>
#include <queue>

namespace qy::engine::balance {
namespace {

using std::size_t;
size_t at(int index) { return static_cast<size_t>(index); }

constexpr double kCancels = 1e-11;
constexpr double kThreshold = 0.1;
constexpr size_t kMostEntries = 20'000'000;

const Term* find(const std::vector<Term>& terms, int variable) {
  const auto found = std::lower_bound(terms.begin(), terms.end(), variable,
                                      [](const Term& term, int value) { return term.variable < value; });
  return found != terms.end() && found->variable == variable ? &*found : nullptr;
}

}  // namespace

std::vector<Term> combined(const std::vector<Term>& a, const std::vector<Term>& b, double factor) {
  std::vector<Term> out;
  out.reserve(a.size() + b.size());
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    if (right == b.end() || (left != a.end() && left->variable < right->variable)) {
      out.push_back(*left++);
    } else if (left == a.end() || right->variable < left->variable) {
      out.push_back({right->variable, factor * right->coefficient});
      ++right;
    } else {
      const double added = factor * right->coefficient, sum = left->coefficient + added;
      if (std::fabs(sum) > kCancels * std::max(std::fabs(left->coefficient), std::fabs(added)))
        out.push_back({left->variable, sum});
      ++left, ++right;
    }
  }
  return out;
}

Elimination eliminate(std::vector<WorkingRow>& rows, const std::vector<char>& wanted, const std::vector<double>& scale,
                      const Watch& watch) {
  Elimination out;
  std::vector<std::vector<int>> holders(wanted.size());  // rows that hold or held a variable
  std::vector<int> weight(rows.size(), 0);
  size_t entries = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    entries += rows[i].terms.size();
    for (const auto& term : rows[i].terms)
      if (wanted[at(term.variable)]) {
        holders[at(term.variable)].push_back(static_cast<int>(i));
        ++weight[i];
      }
  }
  using Candidate = std::pair<size_t, int>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  for (size_t v = 0; v < wanted.size(); ++v)
    if (wanted[v] && !holders[v].empty()) queue.push({holders[v].size(), static_cast<int>(v)});

  const auto refresh = [&](int variable) {
    auto& list = holders[at(variable)];
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    list.erase(std::remove_if(list.begin(), list.end(),
                              [&](int i) { return rows[at(i)].used || !find(rows[at(i)].terms, variable); }),
               list.end());
    return list.size();
  };
  size_t steps = 0;
  while (!queue.empty()) {
    const auto [seen, variable] = queue.top();
    queue.pop();
    const auto now = refresh(variable);
    if (now == 0) continue;
    if (now > seen) {
      queue.push({now, variable});
      continue;
    }
    if (++steps % 256 == 0 && !watch.go_on(0.1)) {
      out.stopped = true;
      return out;
    }
    // Rows are compared by their largest wanted entry, so that a row written in other units counts the same.
    const auto share = [&, variable = variable](int i) {
      double largest = 0;
      for (const auto& term : rows[at(i)].terms)
        if (wanted[at(term.variable)])
          largest = std::max(largest, std::fabs(term.coefficient) * scale[at(term.variable)]);
      return std::fabs(find(rows[at(i)].terms, variable)->coefficient) * scale[at(variable)] / largest;
    };
    double best_share = 0;
    for (const int i : holders[at(variable)]) best_share = std::max(best_share, share(i));
    int pivot = -1;
    for (const int i : holders[at(variable)])
      if (share(i) >= kThreshold * best_share && (pivot < 0 || rows[at(i)].terms.size() < rows[at(pivot)].terms.size()))
        pivot = i;
    auto& chosen = rows[at(pivot)];
    const double coefficient = find(chosen.terms, variable)->coefficient;
    chosen.used = true;
    out.pivots.push_back({pivot, variable, coefficient});
    for (const int i : holders[at(variable)]) {
      if (i == pivot) continue;
      auto& row = rows[at(i)];
      const double factor = -find(row.terms, variable)->coefficient / coefficient;
      entries -= row.terms.size();
      row.terms = combined(row.terms, chosen.terms, factor);
      if (const auto* left = find(row.terms, variable)) row.terms.erase(row.terms.begin() + (left - row.terms.data()));
      row.combination = combined(row.combination, chosen.combination, factor);
      row.equals += factor * chosen.equals;
      row.size += std::fabs(factor) * chosen.size;
      entries += row.terms.size() + row.combination.size() / 8;
      for (const auto& term : chosen.terms)
        if (wanted[at(term.variable)] && term.variable != variable) holders[at(term.variable)].push_back(i);
    }
    if (entries > kMostEntries) {
      out.too_large = true;
      return out;
    }
  }
  return out;
}

}  // namespace qy::engine::balance
