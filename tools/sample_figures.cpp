#include "tools/sample_figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "libgeo/core/text.h"

namespace lode::tools {

namespace {

using report::Anchor;
using report::Drawing;
using report::TextStyle;

constexpr double width = 860.0, plot_height = 380.0, head = 44.0;
constexpr double left = 76.0, right = 64.0, above = 46.0, below = 52.0;

// Inks of lines and dots, then of fills, by colour.
constexpr std::array<std::string_view, 4> line_inks{"wd", "wo", "wa", "wu"};
constexpr std::array<std::string_view, 4> dot_inks{"sd", "so", "sa", "su"};

struct Axis {
  double from = 0.0, to = 1.0, step = 1.0;
};

// Ticks at 1, 2 or 5 times a power of ten.
Axis axis_of(double low, double high, bool from_zero) {
  if (!(low <= high)) {
    low = 0.0;
    high = 1.0;
  }
  if (from_zero && low > 0.0) low = 0.0;
  if (high <= low) high = low + std::max(1.0, std::abs(low));
  const double rough = (high - low) / 6.0;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = power;
  for (const double factor : {2.0, 5.0, 10.0})
    if (step < rough) step = factor * power;
  return {std::floor(low / step) * step, std::ceil(high / step) * step, step};
}

// As many decimals as the step has.
std::string tick_text(double value, double step) {
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
  const std::string text = fixed_text(value, digits);
  return text == "-0" ? "0" : text;
}

struct Frame {
  Axis x, y, bars;
  double top = 0.0;
  [[nodiscard]] double px(double value) const {
    return left + (value - x.from) / (x.to - x.from) * (width - left - right);
  }
  [[nodiscard]] double bottom() const { return top + plot_height - below; }
  [[nodiscard]] double py(double value) const {
    return bottom() - (value - y.from) / (y.to - y.from) * (bottom() - top - above);
  }
  [[nodiscard]] double pbar(double value) const {
    // Bars take the lower third, so that they stand clear of most lines.
    return bottom() - value / bars.to * (bottom() - top - above) / 3.0;
  }
};

Frame frame_of(const Plot& plot, double top) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::array<double, 2> x{infinity, -infinity}, y{infinity, -infinity}, bars{0.0, 0.0};
  const auto widen = [](std::array<double, 2>& span, double value) {
    if (!std::isfinite(value)) return;
    span = {std::min(span[0], value), std::max(span[1], value)};
  };
  for (const PlotSeries& series : plot.series)
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (!std::isfinite(series.y[i])) continue;
      widen(x, series.x[i]);
      widen(series.kind == PlotSeries::Kind::bars ? bars : y, series.y[i]);
    }
  if (plot.level != 0.0) widen(y, plot.level);
  Frame frame;
  frame.top = top;
  frame.x = axis_of(x[0], x[1], plot.y_from_zero && x[0] > 0.0 && x[0] < 0.3 * x[1]);
  frame.y = axis_of(y[0], y[1], plot.y_from_zero);
  frame.bars = axis_of(0.0, std::max(bars[1], 1.0), true);
  return frame;
}

void draw_axes(Drawing& sheet, const Plot& plot, const Frame& frame) {
  TextStyle small;
  small.size = 11.0;
  small.anchor = Anchor::middle;
  const auto count = [](const Axis& axis) {
    return static_cast<int>(std::lround((axis.to - axis.from) / axis.step));
  };
  for (int i = 0; i <= count(frame.x); ++i) {
    const double value = frame.x.from + i * frame.x.step;
    sheet.line({frame.px(value), frame.top + above}, {frame.px(value), frame.bottom()}, "gl");
    sheet.text({frame.px(value), frame.bottom() + 16.0}, tick_text(value, frame.x.step), "k2",
               small);
  }
  sheet.text({(left + width - right) / 2.0, frame.bottom() + 36.0}, plot.x_label, "k2", small);
  small.anchor = Anchor::end;
  for (int i = 0; i <= count(frame.y); ++i) {
    const double value = frame.y.from + i * frame.y.step;
    sheet.line({left, frame.py(value)}, {width - right, frame.py(value)}, "gl");
    sheet.text({left - 8.0, frame.py(value) + 4.0}, tick_text(value, frame.y.step), "k2", small);
  }
  sheet.line({left, frame.bottom()}, {width - right, frame.bottom()}, "ax");
  sheet.line({left, frame.top + above}, {left, frame.bottom()}, "ax");
  small.anchor = Anchor::start;
  sheet.text({left, frame.top + above - 10.0}, plot.y_label, "k2", small);
  TextStyle bold;
  bold.size = 13.0;
  bold.bold = true;
  sheet.text({left, frame.top + 14.0}, plot.title, "k", bold);
  if (!plot.bars_label.empty()) {
    small.anchor = Anchor::start;
    sheet.text({width - right + 6.0, frame.pbar(frame.bars.to) + 4.0},
               tick_text(frame.bars.to, frame.bars.step), "k2", small);
    sheet.text({width - right + 6.0, frame.bottom() + 4.0}, "0", "k2", small);
    sheet.text({width - right + 6.0, frame.pbar(frame.bars.to) - 10.0}, plot.bars_label, "k2",
               small);
  }
}

void draw_bars(Drawing& sheet, const PlotSeries& series, const Frame& frame) {
  double gap = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < series.x.size(); ++i)
    gap = std::min(gap, std::abs(frame.px(series.x[i]) - frame.px(series.x[i - 1])));
  const double wide = std::clamp(std::isfinite(gap) ? 0.7 * gap : 12.0, 1.0, 26.0);
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!(series.y[i] > 0.0)) continue;
    const double top = frame.pbar(series.y[i]);
    const std::string words =
        i < series.tooltip.size() ? series.tooltip[i] : number_text(series.y[i]);
    sheet.open("m", words);
    sheet.rect(frame.px(series.x[i]) - wide / 2.0, top, wide, frame.bottom() - top, "ln");
    sheet.close();
  }
}

void draw_series(Drawing& sheet, const PlotSeries& series, const Frame& frame) {
  if (series.kind == PlotSeries::Kind::bars) return draw_bars(sheet, series, frame);
  if (series.kind == PlotSeries::Kind::line) {
    std::vector<Path> paths(1);
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (std::isfinite(series.y[i]))
        paths.back().push_back({frame.px(series.x[i]), frame.py(series.y[i])});
      else if (!paths.back().empty())
        paths.emplace_back();
    }
    std::erase_if(paths, [](const Path& path) { return path.size() < 2; });
    if (!paths.empty()) sheet.lines(paths, line_inks[series.colour % line_inks.size()]);
    return;
  }
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.y[i])) continue;
    sheet.open("m", i < series.tooltip.size() ? series.tooltip[i] : std::string());
    sheet.circle({frame.px(series.x[i]), frame.py(series.y[i])}, 4.2,
                 dot_inks[series.colour % dot_inks.size()]);
    sheet.close();
  }
}

void draw_legend(Drawing& sheet, const Plot& plot, const Frame& frame) {
  TextStyle style;
  style.size = 11.5;
  double x = width - right;
  for (auto series = plot.series.rbegin(); series != plot.series.rend(); ++series) {
    if (series->name.empty()) continue;
    x -= report::text_width(series->name, style.size) + 26.0;
    const double y = frame.top + above - 14.0;
    if (series->kind == PlotSeries::Kind::bars)
      sheet.rect(x, y - 5.0, 12.0, 10.0, "ln");
    else if (series->kind == PlotSeries::Kind::line)
      sheet.line({x, y}, {x + 14.0, y}, line_inks[series->colour % line_inks.size()]);
    else
      sheet.circle({x + 7.0, y}, 4.2, dot_inks[series->colour % dot_inks.size()]);
    sheet.text({x + 18.0, y + 4.0}, series->name, "k2", style);
  }
}

}  // namespace

Drawing draw_plots(const std::string& title, const std::vector<Plot>& plots) {
  Drawing sheet;
  sheet.width_px = width;
  sheet.height_px = head + plot_height * static_cast<double>(plots.size());
  sheet.title = title;
  TextStyle style;
  style.size = 16.0;
  style.bold = true;
  sheet.text({left, 28.0}, report::fit_text(title, style.size, width - left - right, true), "k",
             style);
  double top = head;
  for (const Plot& plot : plots) {
    sheet.description += (sheet.description.empty() ? "" : "; ") + plot.title;
    const Frame frame = frame_of(plot, top);
    draw_axes(sheet, plot, frame);
    for (const PlotSeries& series : plot.series)
      if (series.kind == PlotSeries::Kind::bars) draw_series(sheet, series, frame);
    if (plot.level != 0.0) {
      sheet.line({left, frame.py(plot.level)}, {width - right, frame.py(plot.level)}, "rr");
      TextStyle small;
      small.size = 11.0;
      small.anchor = Anchor::end;
      sheet.text({width - right - 4.0, frame.py(plot.level) - 5.0}, plot.level_label, "k2", small);
    }
    for (const PlotSeries& series : plot.series)
      if (series.kind == PlotSeries::Kind::line) draw_series(sheet, series, frame);
    for (const PlotSeries& series : plot.series)
      if (series.kind == PlotSeries::Kind::points) draw_series(sheet, series, frame);
    draw_legend(sheet, plot, frame);
    top += plot_height;
  }
  return sheet;
}

}  // namespace lode::tools
