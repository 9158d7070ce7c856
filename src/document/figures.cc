#include "document/figures.h"

#include <qrencode.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/text.h"
#include "document/markup.h"

namespace qy::document {
namespace {

constexpr const char* kFonts = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif";
constexpr const char* kInk = "#1F2933";
constexpr const char* kSoft = "#5B6770";
constexpr const char* kLine = "#C9D1D1";
constexpr const char* kAccent = "#0F766E";

/// A coordinate with one decimal.
std::string at(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string out = text;
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out == "-0" ? "0" : out;
}

/// Width of `text` set in `size` pixels, near enough to place it.
double width_of(std::string_view text, double size) {
  double ems = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      ems += 0.56;
    else if (byte >= 0xe0)
      ems += 1;
    else if (byte >= 0xc0)
      ems += 0.6;
  }
  return ems * size;
}

/// Cuts `text` into at most `lines` lines of `width` pixels; the last one ends in "…" when there is more.
std::vector<std::string> wrapped(std::string_view text, double size, double width, std::size_t lines) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < text.size();) {
    std::size_t n = 1;
    while (i + n < text.size() && (static_cast<unsigned char>(text[i + n]) & 0xc0) == 0x80) ++n;
    const auto piece = text.substr(i, n);
    if (piece == "\n" || width_of(out.back(), size) + width_of(piece, size) > width) {
      if (out.size() == lines) {
        out.back() += "…";
        break;
      }
      out.emplace_back();
    }
    if (piece != "\n") out.back() += piece;
    i += n;
  }
  return out;
}

class Svg {
 public:
  Svg(int width, int height) {
    out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width) + "\" height=\"" +
           std::to_string(height) + "\" viewBox=\"0 0 " + std::to_string(width) + " " + std::to_string(height) +
           "\" font-family=\"" + kFonts + "\" font-size=\"12\">\n" +
           "<rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\n";
  }
  void raw(std::string_view text) { out_ += text; }
  void line(double x1, double y1, double x2, double y2, const char* colour, double width = 1, const char* more = "") {
    out_ += "<line x1=\"" + at(x1) + "\" y1=\"" + at(y1) + "\" x2=\"" + at(x2) + "\" y2=\"" + at(y2) + "\" stroke=\"" +
            colour + "\" stroke-width=\"" + at(width) + "\" " + more + "/>\n";
  }
  void rect(double x, double y, double w, double h, const std::string& fill, const std::string& stroke = "none",
            double radius = 0, double line = 1) {
    out_ += "<rect x=\"" + at(x) + "\" y=\"" + at(y) + "\" width=\"" + at(w) + "\" height=\"" + at(h) + "\" fill=\"" +
            fill + "\" stroke=\"" + stroke + "\" stroke-width=\"" + at(line) + "\"" +
            (radius > 0 ? " rx=\"" + at(radius) + "\"" : "") + "/>\n";
  }
  void text(double x, double y, std::string_view content, const char* anchor = "middle", double size = 12,
            const char* colour = kInk, bool bold = false) {
    out_ += "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" + anchor + "\" font-size=\"" + at(size) +
            "\" fill=\"" + colour + "\"" + (bold ? " font-weight=\"bold\"" : "") + ">" + escaped_markup(content) +
            "</text>\n";
  }
  std::string finish() { return out_ + "</svg>\n"; }

 private:
  std::string out_;
};

/// Six looks that stay apart without colour: by darkness and hatching.
struct Look {
  const char* stroke;
  const char* fill;
  const char* dash;
  int marker;
};
constexpr Look kLooks[] = {
    {"#0F766E", "#0F766E", "", 0},        {"#8FA3A0", "#C5D3D0", "6 3", 1},   {"#334155", "url(#h1)", "2 3", 2},
    {"#111827", "#374151", "8 3 2 3", 3}, {"#0F766E", "url(#h2)", "10 4", 4}, {"#6B7280", "#EEF1F1", "1 2", 5},
};
constexpr const char* kHatches =
    "<defs><pattern id=\"h1\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#FFFFFF\"/><rect width=\"2\" height=\"6\" "
    "fill=\"#334155\"/></pattern>"
    "<pattern id=\"h2\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" "
    "fill=\"#FFFFFF\"/><circle cx=\"3\" cy=\"3\" r=\"1.4\" fill=\"#0F766E\"/></pattern></defs>\n";

/// Steps of an axis that covers [low, high]: 1, 2 or 5 times a power of ten, about five of them.
struct Axis {
  double low, high, step;
  int decimals;
};
Axis axis_for(double low, double high) {
  if (!(high > low)) high = low + 1;
  const double rough = (high - low) / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double nice : {1.0, 2.0, 5.0})
    if (nice * power >= rough - 1e-12 * power) {
      step = nice * power;
      break;
    }
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step,
          std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)))};
}

void marker(Svg& svg, int kind, double x, double y, const char* colour) {
  const auto X = at(x), Y = at(y);
  const std::string c = std::string(" fill=\"") + (kind % 2 ? "#FFFFFF" : colour) + "\" stroke=\"" + colour +
                        "\" stroke-width=\"1.5\"/>\n";
  if (kind == 0 || kind == 1)
    svg.raw("<circle cx=\"" + X + "\" cy=\"" + Y + "\" r=\"4\"" + c);
  else if (kind == 2 || kind == 3)
    svg.raw("<rect x=\"" + at(x - 3.5) + "\" y=\"" + at(y - 3.5) + "\" width=\"7\" height=\"7\"" + c);
  else
    svg.raw("<polygon points=\"" + X + "," + at(y - 4.5) + " " + at(x + 4.5) + "," + at(y + 3.5) + " " + at(x - 4.5) +
            "," + at(y + 3.5) + "\"" + c);
}

struct Frame {
  double left, right, top, bottom;
  Axis axis;
  double y(double v) const { return bottom - (v - axis.low) / (axis.high - axis.low) * (bottom - top); }
};

/// Title, legend, axis, grid and labels common to both charts.
Frame draw_frame(Svg& svg, const Chart& chart, bool lines) {
  double low = 0, high = 0;
  bool first = true;
  for (const auto& series : chart.series)
    for (const auto& value : series.values)
      if (value) {
        const double v = value->to_double();
        high = first ? v : std::max(high, v);
        low = first ? v : std::min(low, v);
        first = false;
      }
  if (chart.target) {
    high = std::max(high, chart.target->to_double());
    low = std::min(low, chart.target->to_double());
  }
  // Bars stand on zero; so do lines, unless their values are all far from it and close together.
  if (!lines || low < 0 || high - low > 0.3 * high) low = std::min(low, 0.0);
  high = std::max(high, low < 0 ? 0.0 : high);
  Frame frame{64, static_cast<double>(chart.width) - 20, 62, static_cast<double>(chart.height) - 40,
              axis_for(low, high + (high - low) * 0.08)};
  svg.raw(kHatches);
  svg.text(chart.width / 2.0, 22, chart.title, "middle", 15, kInk, true);
  // Legend, centred; a second line when it is long.
  double total = 0;
  for (const auto& series : chart.series) total += 26 + width_of(series.name, 12) + 16;
  if (chart.target) total += 34 + width_of(chart.target_name, 12);
  double x = std::max(frame.left, (chart.width - total) / 2), y = 44;
  const auto legend = [&](double swatch, std::string_view name, auto draw) {
    const double wide = swatch + 6 + width_of(name, 12) + 16;
    if (x + wide > chart.width - 8 && x > frame.left) {
      x = frame.left;
      y += 18;
      frame.top += 18;
    }
    draw(x, y);
    svg.text(x + swatch + 6, y, name, "start", 12, kSoft);
    x += wide;
  };
  if (chart.series.size() > 1 || chart.target)
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
      const auto& look = kLooks[s % 6];
      legend(lines ? 26 : 14, chart.series[s].name, [&](double lx, double ly) {
        if (lines) {
          svg.line(lx, ly - 4, lx + 26, ly - 4, look.stroke, 2,
                   *look.dash ? ("stroke-dasharray=\"" + std::string(look.dash) + "\"").c_str() : "");
          marker(svg, look.marker, lx + 13, ly - 4, look.stroke);
        } else {
          svg.rect(lx, ly - 10, 14, 11, look.fill, look.stroke);
        }
      });
    }
  if (chart.target)
    legend(22, chart.target_name, [&](double lx, double ly) {
      svg.line(lx, ly - 4, lx + 22, ly - 4, "#B45309", 1.5, "stroke-dasharray=\"5 3\"");
    });
  if (!chart.unit.empty()) svg.text(frame.left - 6, frame.top - 8, chart.unit, "end", 11, kSoft);
  for (double v = frame.axis.low; v <= frame.axis.high + frame.axis.step / 2; v += frame.axis.step) {
    const double line = frame.y(v);
    svg.line(frame.left, line, frame.right, line, std::fabs(v) < frame.axis.step / 1e6 ? kSoft : kLine, 1);
    svg.text(frame.left - 6, line + 4, Decimal::from_double(v, frame.axis.decimals).grouped(), "end", 11, kSoft);
  }
  svg.line(frame.left, frame.top, frame.left, frame.bottom, kSoft);
  const double step = (frame.right - frame.left) / static_cast<double>(std::max<std::size_t>(1, chart.labels.size()));
  for (std::size_t i = 0; i < chart.labels.size(); ++i) {
    const auto lines_of = wrapped(chart.labels[i], 12, step - 4, 2);
    for (std::size_t l = 0; l < lines_of.size(); ++l)
      svg.text(frame.left + step * (static_cast<double>(i) + 0.5), frame.bottom + 17 + 14 * static_cast<double>(l),
               lines_of[l], "middle", 12, kInk);
  }
  return frame;
}

void draw_target(Svg& svg, const Frame& frame, const Chart& chart) {
  if (!chart.target) return;
  const double y = frame.y(chart.target->to_double());
  svg.line(frame.left, y, frame.right, y, "#B45309", 1.5, "stroke-dasharray=\"5 3\"");
  const auto text = chart.target->shortest();
  const double wide = width_of(text, 11);
  svg.raw("<rect x=\"" + at(frame.right - wide - 8) + "\" y=\"" + at(y - 15) + "\" width=\"" + at(wide + 8) +
          "\" height=\"14\" fill=\"#FFFFFF\" fill-opacity=\"0.85\"/>\n");
  svg.text(frame.right - 4, y - 4, text, "end", 11, "#92400E");
}

}  // namespace

std::string bar_chart_svg(const Chart& chart) {
  Svg svg(chart.width, chart.height);
  const auto frame = draw_frame(svg, chart, false);
  const double step = (frame.right - frame.left) / static_cast<double>(std::max<std::size_t>(1, chart.labels.size()));
  const auto count = std::max<std::size_t>(1, chart.series.size());
  const double bar = std::min(46.0, step * 0.72 / static_cast<double>(count));
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    const auto& look = kLooks[s % 6];
    for (std::size_t i = 0; i < std::min(chart.labels.size(), chart.series[s].values.size()); ++i) {
      const auto& value = chart.series[s].values[i];
      if (!value) continue;
      const double v = value->to_double();
      const double x = frame.left + step * (static_cast<double>(i) + 0.5) +
                       bar * (static_cast<double>(s) - static_cast<double>(count) / 2);
      const double y = frame.y(std::max(v, 0.0)), foot = frame.y(std::min(v, 0.0));
      svg.rect(x + 1, y, bar - 2, std::max(0.5, foot - y), look.fill, look.stroke);
      const auto label = value->grouped();
      const double size = std::min(11.0, std::max(7.0, 11 * (bar * 1.25) / std::max(1.0, width_of(label, 11))));
      if (bar >= 14) svg.text(x + bar / 2, v < 0 ? foot + 12 : y - 4, label, "middle", size, kInk);
    }
  }
  draw_target(svg, frame, chart);
  return svg.finish();
}

std::string line_chart_svg(const Chart& chart) {
  Svg svg(chart.width, chart.height);
  const auto frame = draw_frame(svg, chart, true);
  const double step = (frame.right - frame.left) / static_cast<double>(std::max<std::size_t>(1, chart.labels.size()));
  draw_target(svg, frame, chart);
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    const auto& look = kLooks[s % 6];
    const auto& values = chart.series[s].values;
    const auto x = [&](std::size_t i) { return frame.left + step * (static_cast<double>(i) + 0.5); };
    for (std::size_t i = 1; i < std::min(values.size(), chart.labels.size()); ++i)
      if (values[i - 1] && values[i])
        svg.line(x(i - 1), frame.y(values[i - 1]->to_double()), x(i), frame.y(values[i]->to_double()), look.stroke, 2,
                 *look.dash ? ("stroke-dasharray=\"" + std::string(look.dash) + "\"").c_str() : "");
    for (std::size_t i = 0; i < std::min(values.size(), chart.labels.size()); ++i)
      if (values[i]) {
        const double y = frame.y(values[i]->to_double());
        marker(svg, look.marker, x(i), y, look.stroke);
        if (chart.series.size() <= 2) svg.text(x(i), s == 0 ? y - 9 : y + 18, values[i]->grouped(), "middle", 11, kInk);
      }
  }
  return svg.finish();
}

std::string level_bars_svg(std::string_view title, const std::vector<LevelBar>& bars) {
  constexpr double left = 76, right = 560, row = 46, top = 52;
  const int height = static_cast<int>(top + row * static_cast<double>(bars.size()) + 30);
  Svg svg(640, height);
  svg.text(320, 24, title, "middle", 15, kInk, true);
  const auto x = [&](double v) { return left + std::clamp(v, 0.0, 100.0) / 100 * (right - left); };
  for (int v = 0; v <= 100; v += 20) {
    svg.line(x(v), top - 6, x(v), height - 26, kLine);
    svg.text(x(v), height - 10, std::to_string(v), "middle", 11, kSoft);
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto& bar = bars[i];
    const double y = top + row * static_cast<double>(i) + 6;
    svg.text(left - 10, y + 19, bar.name, "end", 13, kInk, true);
    svg.rect(left, y, right - left, 26, "#F1F4F4", kLine);
    if (bar.value.to_double() > 0)
      svg.rect(left, y, x(bar.value.to_double()) - left, 26, bar.passed ? kAccent : "#B8C7C4",
               bar.passed ? kAccent : "#8FA3A0");
    const double pass = x(bar.pass.to_double());
    svg.line(pass, y - 5, pass, y + 31, "#B45309", 2, "stroke-dasharray=\"4 2\"");
    svg.text(pass, y - 8, bar.pass.shortest(), "middle", 10, "#92400E");
    svg.text(right + 8, y + 18, bar.value.str(), "start", 13, kInk, true);
    svg.text(right + 62, y + 18, bar.passed ? "✓" : "✗", "middle", 14, bar.passed ? kAccent : "#92400E", true);
  }
  return svg.finish();
}

std::string flow_svg(std::string_view title, const std::vector<FlowBox>& boxes, const std::vector<FlowArrow>& arrows,
                     int per_row) {
  per_row = std::max(1, per_row);
  constexpr double box_w = 124, box_h = 50, gap_x = 60, gap_y = 62, margin = 76;
  const auto count = static_cast<int>(boxes.size());
  const int columns = std::max(1, std::min(count, per_row)), rows = std::max(1, (count + per_row - 1) / per_row);
  const double top = title.empty() ? 34 : 62;
  const int width = static_cast<int>(2 * margin + columns * box_w + (columns - 1) * gap_x);
  const int height = static_cast<int>(top + rows * box_h + (rows - 1) * gap_y + 40);
  Svg svg(width, height);
  svg.raw(
      "<defs><marker id=\"a\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" "
      "orient=\"auto\"><path d=\"M0,0 L10,5 L0,10 z\" fill=\"#334155\"/></marker></defs>\n");
  if (!title.empty()) svg.text(width / 2.0, 24, title, "middle", 15, kInk, true);
  // Rows run back and forth, so that the next box is always beside or below.
  const auto place = [&](int i) {
    const int row = i / per_row, in_row = i % per_row;
    const int column = row % 2 ? columns - 1 - in_row : in_row;
    return std::pair(margin + column * (box_w + gap_x), top + row * (box_h + gap_y));
  };
  const auto arrow = [&](const std::string& path, std::string_view label, double lx, double ly,
                         const char* anchor = "middle") {
    svg.raw("<path d=\"" + path +
            "\" fill=\"none\" stroke=\"#334155\" stroke-width=\"1.4\" marker-end=\"url(#a)\"/>\n");
    if (label.empty()) return;
    const double wide = width_of(label, 11);
    const double left = std::string_view(anchor) == "middle" ? lx - wide / 2
                        : std::string_view(anchor) == "end"  ? lx - wide
                                                             : lx;
    svg.raw("<rect x=\"" + at(left - 2) + "\" y=\"" + at(ly - 11) + "\" width=\"" + at(wide + 4) +
            "\" height=\"14\" fill=\"#FFFFFF\" fill-opacity=\"0.9\"/>\n");
    svg.text(lx, ly, label, anchor, 11, kSoft);
  };
  std::vector<int> ins(boxes.size()), outs(boxes.size());  // how many side arrows a box has so far
  for (const auto& a : arrows) {
    const auto known = [&](int i) { return i >= 0 && i < count; };
    if (known(a.from) && known(a.to)) {
      const auto [x1, y1] = place(a.from);
      const auto [x2, y2] = place(a.to);
      const bool same_row = y1 == y2;
      if (same_row && std::fabs(x2 - x1) < box_w + gap_x + 1) {
        const double from = x2 > x1 ? x1 + box_w : x1, to = x2 > x1 ? x2 : x2 + box_w, y = y1 + box_h / 2;
        arrow("M" + at(from) + "," + at(y) + " L" + at(to) + "," + at(y), a.text, (from + to) / 2, y - 6);
      } else if (!same_row && x1 == x2 && std::fabs(y2 - y1) < box_h + gap_y + 1) {
        const double from = y2 > y1 ? y1 + box_h : y1, to = y2 > y1 ? y2 : y2 + box_h, x = x1 + box_w / 2;
        arrow("M" + at(x) + "," + at(from) + " L" + at(x) + "," + at(to), a.text, x + 6, (from + to) / 2 + 4, "start");
      } else {  // far: over the top of the upper row
        const double lane = std::min(y1, y2) - 18, xa = x1 + box_w * 0.4, xb = x2 + box_w * 0.6;
        arrow("M" + at(xa) + "," + at(y1) + " L" + at(xa) + "," + at(lane) + " L" + at(xb) + "," + at(lane) + " L" +
                  at(xb) + "," + at(y2),
              a.text, (xa + xb) / 2, lane - 4);
      }
    } else if (known(a.to)) {  // an input, from above
      const auto [x, y] = place(a.to);
      const double px = x + 22 + 40 * (ins[static_cast<std::size_t>(a.to)]++ % 3);
      arrow("M" + at(px) + "," + at(y - 22) + " L" + at(px) + "," + at(y), a.text, px, y - 25);
    } else if (known(a.from)) {  // an output, downwards
      const auto [x, y] = place(a.from);
      const double px = x + 22 + 40 * (outs[static_cast<std::size_t>(a.from)]++ % 3);
      arrow("M" + at(px) + "," + at(y + box_h) + " L" + at(px) + "," + at(y + box_h + 18), a.text, px, y + box_h + 30);
    }
  }
  for (int i = 0; i < count; ++i) {
    const auto [x, y] = place(i);
    const auto& box = boxes[static_cast<std::size_t>(i)];
    svg.rect(x, y, box_w, box_h, "#E9F3F1", kAccent, 4, 1.4);
    const auto lines = wrapped(box.text, 13, box_w - 12, box.note.empty() ? 2 : 1);
    const double first = y + box_h / 2 + 5 - (static_cast<double>(lines.size()) - 1) * 8 - (box.note.empty() ? 0 : 8);
    for (std::size_t l = 0; l < lines.size(); ++l)
      svg.text(x + box_w / 2, first + 16 * static_cast<double>(l), lines[l], "middle", 13, kInk);
    if (!box.note.empty())
      svg.text(x + box_w / 2, y + box_h - 10, wrapped(box.note, 10.5, box_w - 8, 1)[0], "middle", 10.5, kSoft);
  }
  return svg.finish();
}

namespace {

constexpr std::size_t kMostQrBytes = 2000;

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

Result<std::unique_ptr<QRcode, FreeCode>> qr_code(std::string_view text) {
  std::unique_ptr<QRcode, FreeCode> code;
  if (!text.empty() && text.size() <= kMostQrBytes)
    code.reset(QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0,
                                 QR_ECLEVEL_M));
  if (!code)
    return Error{ErrorKind::invalid,
                 "paper.qr_too_long",
                 {{"bytes", std::to_string(text.size())}, {"limit", std::to_string(kMostQrBytes)}}};
  return code;
}

}  // namespace

Result<std::string> qr_svg(std::string_view text) {
  QY_TRY(const auto code, qr_code(text));
  constexpr int kQuiet = 4;
  const int width = code->width + 2 * kQuiet;
  std::string path;
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width;) {
      int run = 0;
      while (x + run < code->width && (code->data[y * code->width + x + run] & 1)) ++run;
      if (run)
        path += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h" + std::to_string(run) +
                "v1h-" + std::to_string(run) + "z";
      x += std::max(1, run);
    }
  const auto size = std::to_string(width);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" height=\"" + size + "\" viewBox=\"0 0 " +
         size + " " + size +
         "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/><path d=\"" + path +
         "\" fill=\"#000000\"/></svg>\n";
}

Result<std::string> qr_png(std::string_view text, int pixels_per_module) {
  QY_TRY(const auto svg, qr_svg(text));
  return svg_to_png(svg, std::clamp(pixels_per_module, 1, 40));
}

}  // namespace qy::document
