#include <algorithm>

#include "engine/balance/sparse.h"

namespace qy::engine::balance {
namespace {

using std::size_t;

/// The forms that wait at a column, from its triangle of resistances: Σb·Σ b_i R_i − Σ_{i>j} b_i b_j R_ij.
void answer(FrontForms& forms, int number, const double* triangle, size_t order) {
  for (; number >= 0; number = forms.forms[static_cast<size_t>(number)].next) {
    auto& form = forms.forms[static_cast<size_t>(number)];
    const double* b = forms.values.data() + form.begin;
    const double* row = triangle;
    double to_ground = 0, between = 0;
    for (size_t u = 0; u < order; ++u) {
      double sum = 0;
      for (size_t v = 0; v < u; ++v) sum += row[v] * b[v];
      between += sum * b[u];
      to_ground += row[u] * b[u];
      row += u + 1;
    }
    form.energy += form.total * to_ground - between;
  }
}

/// From the roots down: each column's triangle is taken from its parent's. Triangles are packed by rows with the last
/// place first, so a column whose front is its parent's plus itself only appends a row.
template <bool kResistances>
SelectedInverse select(const Factor& factor, FrontForms* forms = nullptr) {
  const auto& s = factor.symbolic();
  const auto size = static_cast<size_t>(s.size());
  const auto* start = s.start().data();
  const auto* relative = s.relative().data();
  const auto* parent = s.parent().data();

  SelectedInverse out;
  out.resistances = kResistances;
  out.diagonal.resize(size);
  out.entries.resize(factor.entries.size());

  std::vector<size_t> begin(size), end(size);
  std::vector<double> stack, share(s.largest_front()), sum(s.largest_front());
  for (size_t k = size; k-- > 0;) {
    const auto first = static_cast<size_t>(start[k]);
    const auto count = static_cast<size_t>(start[k + 1]) - first;
    const double* l = factor.entries.data() + first;
    size_t at = 0, last = 0;
    const auto row_end = [](size_t rows) { return rows * (rows + 1) / 2; };
    if (parent[k] >= 0) {
      const auto up = static_cast<size_t>(parent[k]);
      const auto wide = static_cast<size_t>(start[up + 1] - start[up]);
      const bool in_place = count == wide + 1;
      at = in_place ? begin[up] : end[up];
      last = at + row_end(count);
      if (last + count + 1 > stack.size()) stack.resize(std::max(last + count + 1, stack.size() * 3 / 2 + 1024));
      if (!in_place) {
        const double* from = stack.data() + begin[up];
        double* to = stack.data() + at;
        for (size_t u = 0; u < count; ++u) {
          const auto ru = wide - static_cast<size_t>(relative[first + count - 1 - u]);
          const double* row = from + row_end(ru);
          for (size_t v = 0; v <= u; ++v) *to++ = row[wide - static_cast<size_t>(relative[first + count - 1 - v])];
        }
      } else {
        last = end[up];
      }
    } else {
      if (stack.empty()) stack.resize(1024);
      at = 0;
      last = 0;
    }
    begin[k] = at;
    end[k] = last + count + 1;

    const double* triangle = stack.data() + at;
    double* added = stack.data() + last;
    const double inverse = 1.0 / factor.diagonal[k];
    if constexpr (kResistances) {
      // p: where a walker goes who leaves k; b = e_k − e_v. Off the diagonal lie resistances, on it those to the
      // ground.
      const double to_ground = factor.ground[k] * inverse;
      double* column = out.entries.data() + first;
      if (count == 1) {
        const double p = -l[0], far = triangle[0];
        column[0] = added[0] = inverse + to_ground * to_ground * far;
        out.diagonal[k] = added[1] = inverse + p * p * far;
        if (forms && forms->first[k] >= 0) answer(*forms, forms->first[k], stack.data() + at, count + 1);
        continue;
      }
      double ground_sum = 0;
      for (size_t u = 0; u < count; ++u) share[u] = -l[count - 1 - u];
      std::fill(sum.begin(), sum.begin() + static_cast<std::ptrdiff_t>(count), 0.0);
      for (size_t u = 0; u < count; ++u) {
        double here = 0;
        const double p = share[u];
        for (size_t v = 0; v < u; ++v) {
          const double r = *triangle++;
          here += r * share[v];
          sum[v] += r * p;
        }
        const double r0 = *triangle++;
        sum[u] += here + to_ground * r0;
        ground_sum += p * r0;
      }
      double half = to_ground * ground_sum;
      for (size_t u = 0; u < count; ++u) half += share[u] * sum[u];
      half *= 0.5;
      for (size_t u = 0; u < count; ++u) column[count - 1 - u] = added[u] = inverse + (sum[u] - half);
      out.diagonal[k] = added[count] = inverse + (ground_sum - half);
      if (forms && forms->first[k] >= 0) answer(*forms, forms->first[k], stack.data() + at, count + 1);
    } else {
      for (size_t u = 0; u < count; ++u) share[u] = l[count - 1 - u];
      std::fill(sum.begin(), sum.begin() + static_cast<std::ptrdiff_t>(count), 0.0);
      for (size_t u = 0; u < count; ++u) {
        double here = 0;
        for (size_t v = 0; v < u; ++v) {
          const double z = *triangle++;
          here += z * share[v];
          sum[v] += z * share[u];
        }
        sum[u] += here + *triangle++ * share[u];
      }
      double own = inverse;
      for (size_t u = 0; u < count; ++u) {
        own += share[u] * sum[u];
        out.entries[first + count - 1 - u] = added[u] = -sum[u];
      }
      out.diagonal[k] = added[count] = own;
    }
  }
  return out;
}

}  // namespace

double SelectedInverse::inverse(int i, int j, int slot) const {
  if (i < 0 || j < 0) return 0;
  if (i == j) return diagonal[static_cast<size_t>(i)];
  const double between = entries[static_cast<size_t>(slot)];
  if (!resistances) return between;
  return 0.5 * (diagonal[static_cast<size_t>(i)] + diagonal[static_cast<size_t>(j)] - between);
}

SelectedInverse selected_inverse(const Factor& factor) { return select<false>(factor); }
SelectedInverse selected_resistances(const Factor& laplacian, FrontForms* forms) {
  return select<true>(laplacian, forms);
}

}  // namespace qy::engine::balance
