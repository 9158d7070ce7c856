#include "engine/plausibility/plausibility.h"

namespace qy::engine::plausibility {

/// Measured with 1000 worlds and seed 2026 (plausibility_bench says how); plausibility_test measures fewer anew and
/// compares.
std::span<const Rate> rates() {
  static constexpr Rate kRates[] = {
      {Check::sum, "relation", 300000, 0, 1000, 886, {0, 0, 0, 0, 0}},
      {Check::conversion, "relation", 180000, 0, 1000, 933, {0, 0, 0, 0, 0}},
      {Check::ratio, "relation", 300000, 1213, 1000, 985, {0, 0, 0, 0, 0}},
      {Check::contradiction, "quantity", 150000, 0, 1000, 1000, {0, 0, 0, 0, 0}},
      {Check::limit, "limit", 120000, 203, 1000, 1000, {0, 0, 0, 0, 0}},
      {Check::closed_too_well, "balance", 120000, 129, 1000, 974, {0, 0, 0, 0, 0}},
      {Check::gross_error, "balance", 120000, 1187, 1000, 780, {0, 0, 0, 0, 0}},
      {Check::unit_slip, "number", 120000, 836, 1000, 781, {836, 4, 0, 0, 0}},
      {Check::year_jump, "number", 780000, 8497, 1000, 999, {8497, 3446, 947, 154, 8}},
      {Check::out_of_step, "number", 120000, 314, 1000, 904, {314, 15, 0, 0, 0}},
      {Check::scaled_year, "report", 30000, 0, 1000, 999, {0, 0, 0, 0, 0}},
      {Check::duplicates, "pair", 1740000, 0, 1000, 1000, {0, 0, 0, 0, 0}},
      {Check::scaled_duplicates, "pair", 1740000, 0, 1000, 1000, {0, 0, 0, 0, 0}},
      {Check::first_digit, "batch", 1000, 11, 1000, 984, {0, 0, 0, 0, 0}},
      {Check::second_digit, "batch", 1000, 8, 1000, 1000, {0, 0, 0, 0, 0}},
      {Check::last_digit, "batch", 1000, 35, 1000, 1000, {0, 0, 0, 0, 0}},
      {Check::heaping, "batch", 1000, 60, 1000, 999, {0, 0, 0, 0, 0}},
  };
  return kRates;
}

}  // namespace qy::engine::plausibility
