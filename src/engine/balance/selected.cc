#include <algorithm>
#include <type_traits>

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
  const auto* children = s.children().data();

  SelectedInverse out;
  out.resistances = kResistances;
  out.diagonal.resize(size);
  out.entries.resize(factor.entries.size());

  struct Piece {
    size_t begin, end;
    int children;  ///< still to come
    bool shared;   ///< with a column that has children to come
  };
  LargeVector<Piece> piece(size);
  const auto row_end = [](size_t rows) { return rows * (rows + 1) / 2; };
  LargeVector<double> stack(8 * row_end(s.largest_front()) + 4096);
  std::vector<double> share(s.largest_front()), sum(s.largest_front());
  std::vector<size_t> from(s.largest_front());
  for (size_t k = size; k-- > 0;) {
    if constexpr (kResistances)
      if (forms) forms->expect(k);
    const auto first = static_cast<size_t>(start[k]);
    const auto count = static_cast<size_t>(start[k + 1]) - first;
    const double* l = factor.entries.data() + first;
    size_t source = 0, at = 0, last = row_end(count);
    bool shared = false, in_place = false;
    if (parent[k] >= 0) {
      const auto up = static_cast<size_t>(parent[k]);
      const auto wide = static_cast<size_t>(start[up + 1] - start[up]);
      in_place = count == wide + 1;
      // The last child takes its parent's place: of both triangles, what it keeps moves only towards the front.
      const bool only = --piece[up].children == 0 && !piece[up].shared;
      source = piece[up].begin;
      at = in_place || only ? source : piece[up].end;
      shared = in_place && !only;
      last = in_place ? piece[up].end : at + row_end(count);
      if (last + count + 1 > stack.size()) stack.resize((last + count + 1) * 3 / 2);
      if (!in_place)
        for (size_t u = 0; u < count; ++u) from[u] = wide - static_cast<size_t>(relative[first + count - 1 - u]);
    }
    piece[k] = {at, last + count + 1, children[k], shared};

    double* added = stack.data() + last;
    const double inverse = 1.0 / factor.diagonal[k];
    const double to_ground = kResistances ? factor.ground[k] * inverse : 0;
    double ground_sum = 0;
    // p, where a walker goes who leaves k, times the triangle. Off its diagonal lie resistances, on it those to the
    // ground.
    const auto multiply = [&]<bool kMoved>(std::bool_constant<kMoved>) {
      const double* triangle = stack.data() + source;
      double* to = stack.data() + at;
      for (size_t u = 0; u < count; ++u) {
        const double* row = kMoved ? triangle + row_end(from[u]) : to;
        const double p = share[u];
        double here = 0;
        for (size_t v = 0; v < u; ++v) {
          const double r = kMoved ? row[from[v]] : row[v];
          if (kMoved) to[v] = r;
          here += r * share[v];
          sum[v] += r * p;
        }
        const double own = kMoved ? row[from[u]] : row[u];
        if (kMoved) to[u] = own;
        sum[u] = here + (kResistances ? to_ground : p) * own;
        if (kResistances) ground_sum += p * own;
        to += u + 1;
      }
    };
    for (size_t u = 0; u < count; ++u) share[u] = kResistances ? -l[count - 1 - u] : l[count - 1 - u];
    if (in_place)
      multiply(std::false_type());
    else
      multiply(std::true_type());
    double* column = out.entries.data() + first;
    if constexpr (kResistances) {
      double half = to_ground * ground_sum;
      for (size_t u = 0; u < count; ++u) half += share[u] * sum[u];
      half *= 0.5;
      for (size_t u = 0; u < count; ++u) column[count - 1 - u] = added[u] = inverse + (sum[u] - half);
      out.diagonal[k] = added[count] = inverse + (ground_sum - half);
      if (forms && forms->first[k] >= 0) answer(*forms, forms->first[k], stack.data() + at, count + 1);
    } else {
      double own = inverse;
      for (size_t u = 0; u < count; ++u) {
        own += share[u] * sum[u];
        column[count - 1 - u] = added[u] = -sum[u];
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
