#pragma once

#include <vector>

#include "engine/plausibility/plausibility.h"
#include "engine/statistics/statistics.h"

/// 误报率的测定: made-up worlds of honest reports, and the same with errors put in, through the checks that ship.
namespace qy::engine::plausibility {

/// A made-up industry of 30 enterprises with a report each for 2024 and 2025, written as honest people write.
///
/// Outputs are log-normal over a factor of ten, intensities log-normal (σ 0.35) with one in twenty twice as high
/// (another process); output grows by 3 ± 6 %, one enterprise in twenty by a further ± 30 %, and what is consumed
/// follows it with an elasticity of 0.8 and 4 % of its own. Each number is rounded, by a fifth of the enterprises cut,
/// to the decimals of its table; a tenth of coal, steam and one material are estimates to tens; ratios are made from
/// what stands behind the written numbers, one electricity intensity in fifty from an output already rounded to
/// hundreds. Main figures stand a second time in 万 units, last year's figures again in this year's report. Water
/// meters err by 1 %. The price is the region's, the same for all. Batches: amounts over some six decades, and meter
/// readings of which one in fifty is an estimate.
Submission honest_world(statistics::Random& random);

/// What was put into a report to be found.
struct Seeded {
  Check check;
  std::size_t report;  ///< whose finding counts; for batches nothing
};

/// Puts one error of each kind into the world, each into another report: a digit of a sum, a conversion, a ratio
/// mistyped, a second figure off by 1–10 %, a limit broken by 0.5–30 %, a balance whose χ² is divided by 30–10 000 or
/// gains a bias of 2–8 σ, an intensity times 10, 1000, 10 000, 3.6 or divided by such, a year's water multiplied or
/// divided by 1.5–4, electricity 20–40 % lower at the same output, 60–100 % of a report scaled from last year's, 8–20
/// numbers copied, a whole report copied and scaled, half of a batch invented.
std::vector<Seeded> seed_errors(Submission& world, statistics::Random& random);

/// Runs `worlds` worlds as they are and as many with errors; a finding of the check in the report counts. Errors:
/// compute.stopped.
Result<std::vector<Rate>> measure(std::uint64_t seed, int worlds, const Watch& watch = {});

}  // namespace qy::engine::plausibility
