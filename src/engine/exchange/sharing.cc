#include "engine/exchange/sharing.h"

#include <algorithm>
#include <cmath>

#include "engine/milp/milp.h"

namespace qy::engine::exchange {

std::vector<double> shapley(int members, const std::vector<double>& cost) {
  const auto n = static_cast<std::size_t>(members);
  // weight[k] = k!(n−k−1)!/n!
  std::vector<double> weight(n), out(n, 0);
  weight[0] = 1.0 / static_cast<double>(n);
  for (std::size_t k = 1; k < n; ++k) weight[k] = weight[k - 1] * static_cast<double>(k) / static_cast<double>(n - k);
  for (std::size_t mask = 0; mask < cost.size(); ++mask) {
    const auto size = static_cast<std::size_t>(__builtin_popcountll(mask));
    for (std::size_t i = 0; i < n; ++i)
      if (!(mask >> i & 1)) out[i] += weight[size] * (cost[mask | std::size_t{1} << i] - cost[mask]);
  }
  return out;
}

Oracle listed(int members, const std::vector<double>& cost) {
  return [members, &cost](const std::vector<double>& shares, const std::vector<Group>& known) -> std::optional<Worst> {
    const auto n = static_cast<std::size_t>(members);
    std::vector<char> skip(cost.size(), 0);
    for (const auto& group : known) {
      std::size_t mask = 0;
      for (std::size_t i = 0; i < n; ++i)
        if (group[i]) mask |= std::size_t{1} << i;
      skip[mask] = 1;
    }
    std::size_t best = 0;
    double most = -milp::kInfinity;
    for (std::size_t mask = 1; mask + 1 < cost.size(); ++mask) {
      if (skip[mask]) continue;
      double sum = -cost[mask];
      for (std::size_t i = 0; i < n; ++i)
        if (mask >> i & 1) sum += shares[i];
      if (sum > most) {
        most = sum;
        best = mask;
      }
    }
    if (best == 0) return std::nullopt;
    Worst worst{Group(n, 0), cost[best]};
    for (std::size_t i = 0; i < n; ++i) worst.group[i] = best >> i & 1;
    return worst;
  };
}

namespace {

/// Rows of groups already decided, kept in echelon form, to see whether another one follows from them.
class Span {
 public:
  explicit Span(std::size_t n) : n_(n) {}

  bool add(const Group& group) {
    auto row = reduced(group);
    const auto at = pivot(row);
    if (at == n_) return false;
    const auto by = row[at];
    for (auto& value : row) value /= by;
    rows_.push_back(std::move(row));
    return true;
  }
  bool holds(const Group& group) const { return pivot(reduced(group)) == n_; }
  std::size_t rank() const { return rows_.size(); }

 private:
  std::vector<double> reduced(const Group& group) const {
    std::vector<double> row(group.begin(), group.end());
    for (const auto& known : rows_) {
      const auto by = row[pivot(known)];
      for (std::size_t i = 0; i < n_; ++i) row[i] -= by * known[i];
    }
    return row;
  }
  std::size_t pivot(const std::vector<double>& row) const {
    for (std::size_t i = 0; i < n_; ++i)
      if (std::fabs(row[i]) > 1e-7) return i;
    return n_;
  }

  std::size_t n_;
  std::vector<std::vector<double>> rows_;
};

}  // namespace

std::optional<std::vector<double>> nucleolus(int members, double total, const Oracle& worst, const Watch& watch) {
  const auto n = static_cast<std::size_t>(members);
  if (n == 1) return std::vector<double>{total};
  const double scale = std::max(1.0, std::fabs(total)), noise = 1e-7 * scale;
  struct Seen {
    Group group;
    double cost;
    std::optional<double> fixed;  ///< excess cost − Σ share, decided
  };
  std::vector<Seen> seen;
  Span span(n);
  span.add(Group(n, 1));
  std::vector<double> shares(n, total / static_cast<double>(n));
  // Single members bound the first program.
  for (int stage = 0; span.rank() < n && stage < 4 * members; ++stage) {
    double excess = 0;
    std::vector<double> prices;
    std::vector<std::size_t> rows;
    for (int round = 0;; ++round) {
      if (!watch.go_on(static_cast<double>(span.rank()) / static_cast<double>(n)) || round > 5000) return std::nullopt;
      // max e, Σ shares = total, Σ_{group} share + e ≤ cost, decided groups as decided.
      milp::Model model{.maximise = true};
      for (std::size_t i = 0; i < n; ++i) model.add({0, -1e6 * scale, 1e6 * scale, false});
      const int e = model.add({1, -1e7 * scale, 1e7 * scale, false});
      milp::Row everybody{.terms = {}, .lower = total, .upper = total};
      for (std::size_t i = 0; i < n; ++i) everybody.terms.emplace_back(static_cast<int>(i), 1);
      model.add(everybody);
      rows.clear();
      for (std::size_t g = 0; g < seen.size(); ++g) {
        milp::Row row{.terms = {}, .upper = seen[g].cost};
        for (std::size_t i = 0; i < n; ++i)
          if (seen[g].group[i]) row.terms.emplace_back(static_cast<int>(i), 1);
        if (seen[g].fixed)
          row.lower = row.upper = seen[g].cost - *seen[g].fixed;
        else if (span.holds(seen[g].group))
          continue;
        else
          row.terms.emplace_back(e, 1);
        rows.push_back(g);
        model.add(row);
      }
      milp::Lp lp(model);
      if (lp.solve(0, watch) != milp::Status::optimal) return std::nullopt;
      shares.assign(lp.values().begin(), lp.values().begin() + members);
      excess = lp.values()[n];
      prices.assign(lp.duals().begin() + 1, lp.duals().end());
      // Groups that follow from decided ones are no rows of this program.
      std::vector<Group> known;
      std::optional<Worst> found;
      while ((found = worst(shares, known)) && span.holds(found->group)) known.push_back(found->group);
      if (!found) break;
      double sum = found->cost;
      for (std::size_t i = 0; i < n; ++i)
        if (found->group[i]) sum -= shares[i];
      if (sum >= excess - noise) break;
      if (std::any_of(seen.begin(), seen.end(), [&](const Seen& s) { return s.group == found->group; })) break;
      seen.push_back({found->group, found->cost, std::nullopt});
    }
    bool more = false;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      auto& group = seen[rows[r]];
      if (!group.fixed && prices[r] > 1e-9 && span.add(group.group)) {
        group.fixed = excess;
        more = true;
      }
    }
    if (!more) break;
  }
  return shares;
}

}  // namespace qy::engine::exchange
