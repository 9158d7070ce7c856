#include "engine/plausibility/plausibility.h"

namespace qy::engine::plausibility {

std::span<const Rate> rates() {
  static constexpr Rate kRates[] = {
      {Check::sum, "relation", 0, 0, 0, 0},
      {Check::conversion, "relation", 0, 0, 0, 0},
      {Check::ratio, "relation", 0, 0, 0, 0},
      {Check::contradiction, "quantity", 0, 0, 0, 0},
      {Check::limit, "limit", 0, 0, 0, 0},
      {Check::closed_too_well, "balance", 0, 0, 0, 0},
      {Check::gross_error, "balance", 0, 0, 0, 0},
      {Check::unit_slip, "number", 0, 0, 0, 0},
      {Check::year_jump, "number", 0, 0, 0, 0},
      {Check::out_of_step, "number", 0, 0, 0, 0},
      {Check::scaled_year, "report", 0, 0, 0, 0},
      {Check::duplicates, "pair", 0, 0, 0, 0},
      {Check::scaled_duplicates, "pair", 0, 0, 0, 0},
      {Check::first_digit, "batch", 0, 0, 0, 0},
      {Check::second_digit, "batch", 0, 0, 0, 0},
      {Check::last_digit, "batch", 0, 0, 0, 0},
      {Check::heaping, "batch", 0, 0, 0, 0},
  };
  return kRates;
}

}  // namespace qy::engine::plausibility
