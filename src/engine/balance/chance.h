#pragma once

namespace qy::engine::balance {

/// P(χ²(dof) ≤ x) and P(χ²(dof) ≥ x).
double chi_square_below(double x, int dof);
double chi_square_above(double x, int dof);
/// x with P(χ²(dof) ≤ x) = probability.
double chi_square_quantile(double probability, int dof);
/// Level of each of `count` tests that together raise a false alarm with probability 1 − confidence (Šidák 1967).
double sidak_confidence(double confidence, int count);

}  // namespace qy::engine::balance
