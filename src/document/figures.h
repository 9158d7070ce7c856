#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"

/// Drawings as SVG text; screen and paper show one picture. Greys and hatches stay apart in grey print.
namespace qy::document {

/// One series of a chart. A missing value is left out, never drawn as zero.
struct Series {
  std::string name = {};
  std::vector<std::optional<Decimal>> values = {};  ///< one per label
};

struct Chart {
  std::string title = {};                ///< says the finding
  std::string unit = {};                 ///< on the axis
  std::vector<std::string> labels = {};  ///< years, months, products
  std::vector<Series> series = {};       ///< at most 6
  std::string target_name = {};          ///< a dashed line at `target`
  std::optional<Decimal> target = {};
  int width = 640, height = 360;
};

std::string bar_chart_svg(const Chart& chart);  ///< grouped bars with their values
std::string line_chart_svg(const Chart& chart);

/// 等级: one bar per index (YⅠ, YⅡ, YⅢ) from 0 to 100 with the line to pass.
struct LevelBar {
  std::string name = {};
  Decimal value = {};
  Decimal pass = {};
  bool passed = false;
};
std::string level_bars_svg(std::string_view title, const std::vector<LevelBar>& bars);

/// 流程图: boxes in columns, arrows between them.
struct FlowBox {
  std::string text = {};
  std::string note = {};
};
struct FlowArrow {
  int from = 0, to = 0;
  std::string text = {};
};
/// Boxes stand in reading order, `per_row` a row; inputs and outputs are arrows from or to -1 (drawn from the left or
/// to the right edge).
std::string flow_svg(std::string_view title, const std::vector<FlowBox>& boxes, const std::vector<FlowArrow>& arrows,
                     int per_row = 4);

/// PNG at `scale` times the drawing's size. Outside references in the SVG are not followed. Errors: paper.picture.
Result<std::string> svg_to_png(std::string_view svg, double scale = 2.0);

/// Width and height of an SVG in its own pixels, or of a PNG. Errors: paper.picture.
Result<std::pair<double, double>> picture_size(std::string_view svg_or_png);

/// QR code, error correction M, quiet zone included. Errors: paper.qr_too_long (more than 2000 bytes).
Result<std::string> qr_svg(std::string_view text);
Result<std::string> qr_png(std::string_view text, int pixels_per_module = 8);

}  // namespace qy::document
