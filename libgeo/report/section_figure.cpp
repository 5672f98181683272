#include "libgeo/report/section_figure.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/text.h"

namespace lode::report {

namespace {

constexpr double width = 1040.0, left = 84.0, right = 172.0, head = 74.0, foot = 56.0;
constexpr double plot_width = width - left - right;
constexpr const char* heat[]{"h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8", "h9"};

double nice_step(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * (1.0 - 1e-9)) return factor * power;
  return 10.0 * power;
}

std::string tick_text(double value, double step) {
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
  const std::string text = fixed_text(value, digits);
  return text == "-0" ? "0" : text;
}

struct Frame {
  double low = 0.0, high = 1.0, length = 1.0, scale = 1.0, up = 1.0;
  [[nodiscard]] double px(double s) const { return left + s * scale; }
  [[nodiscard]] double py(double z) const { return head + (high - z) * scale * up; }
  [[nodiscard]] double bottom() const { return py(low); }
};

Frame frame_of(const Section& section) {
  double low = 1e308, high = -1e308;
  for (const SectionBlock& block : section.blocks) {
    low = std::min(low, block.z0);
    high = std::max(high, block.z1);
  }
  for (const SectionTrace& trace : section.traces)
    for (const auto& piece : trace.pieces)
      for (const Point& p : piece) {
        low = std::min(low, p.y);
        high = std::max(high, p.y);
      }
  const double margin = 0.06 * (high - low);
  Frame frame;
  frame.low = low - margin;
  frame.high = high + margin;
  frame.length = section.length_m;
  frame.scale = plot_width / section.length_m;
  frame.up = vertical_exaggeration(section.length_m, frame.high - frame.low);
  return frame;
}

std::vector<Path> clipped(const std::vector<std::array<Point, 2>>& pieces, const Frame& frame) {
  std::vector<Path> paths;
  for (const auto& piece : pieces)
    paths.push_back({{frame.px(piece[0].x), frame.py(piece[0].y)},
                     {frame.px(piece[1].x), frame.py(piece[1].y)}});
  return paths;
}

void draw_axes(Drawing& sheet, const Section& section, const Frame& frame) {
  TextStyle small;
  small.size = 11.0;
  small.anchor = Anchor::middle;
  const double bottom = frame.bottom();
  const double step = nice_step(frame.length / 8.0);
  for (int i = 0; i * step <= frame.length * (1.0 + 1e-9); ++i) {
    sheet.line({frame.px(i * step), bottom}, {frame.px(i * step), bottom + 5.0}, "ax");
    sheet.text({frame.px(i * step), bottom + 18.0}, tick_text(i * step, step), "k2", small);
  }
  sheet.text({left + plot_width / 2.0, bottom + 38.0}, "Distance along the section (m)", "k2",
             small);
  small.anchor = Anchor::end;
  const double rise = nice_step((frame.high - frame.low) / 6.0);
  for (double n = std::ceil(frame.low / rise); n * rise <= frame.high; n += 1.0) {
    sheet.line({left, frame.py(n * rise)}, {left + plot_width, frame.py(n * rise)}, "gl");
    sheet.text({left - 8.0, frame.py(n * rise) + 4.0}, tick_text(n * rise, rise), "k2", small);
  }
  small.anchor = Anchor::start;
  sheet.text({left, head - 10.0}, section.from_name, "k2", small);
  sheet.text({14.0, head - 10.0}, "Elevation (m)", "k2", small);
  small.anchor = Anchor::end;
  sheet.text({left + plot_width, head - 10.0}, section.to_name, "k2", small);
}

void draw_blocks(Drawing& sheet, const Section& section, const Frame& frame,
                 const SectionClasses& classes) {
  for (const SectionBlock& block : section.blocks) {
    const double x = frame.px(block.s0), y = frame.py(block.z1);
    const double wide = frame.px(block.s1) - x, high = frame.py(block.z0) - y;
    const bool known = !std::isnan(block.value);
    sheet.open("", known ? number_text(block.value) : std::string("no value"));
    sheet.rect(x, y, wide, high, known ? heat[classes.of(block.value)] : "bg");
    sheet.close();
  }
}

// The classes as boxes, the highest on top, then the lines.
void draw_legend(Drawing& sheet, const Section& section, const Frame& frame,
                 const SectionClasses& classes) {
  const double x = left + plot_width + 20.0;
  double y = head + 4.0;
  TextStyle bold;
  bold.size = 11.5;
  bold.bold = true;
  TextStyle style;
  style.size = 11.0;
  sheet.text({x, y}, fit_text(section.value_name, bold.size, right - 28.0, true), "k", bold);
  y += 12.0;
  for (std::size_t c = classes.count; c-- > 0;) {
    const double from = classes.from + static_cast<double>(c) * classes.step;
    sheet.rect(x, y, 16.0, 13.0, heat[c * 9 / std::max<std::size_t>(classes.count - 1, 1)]);
    sheet.text(
        {x + 23.0, y + 10.5},
        tick_text(from, classes.step) + " to " + tick_text(from + classes.step, classes.step), "k2",
        style);
    y += 16.0;
  }
  y += 12.0;
  const auto line = [&](const char* ink, const std::string& name) {
    sheet.line({x, y}, {x + 18.0, y}, ink);
    sheet.text({x + 24.0, y + 4.0}, fit_text(name, style.size, right - 50.0), "k2", style);
    y += 17.0;
  };
  for (const SectionTrace& trace : section.traces) line(trace.solid ? "rr" : "ro", trace.name);
  if (section.has_pit) line("mkl", "pit");
  if (!section.within_name.empty()) line("wa", section.within_name);
  if (frame.up > 1.0) {
    sheet.text({x, y + 6.0}, "vertical x " + number_text(frame.up), "k2", style);
  }
}

}  // namespace

std::size_t SectionClasses::of(double value) const {
  const double place = std::floor((value - from) / step + 1e-9);
  const auto own = static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(count - 1)));
  return own * 9 / std::max<std::size_t>(count - 1, 1);
}

SectionClasses classes_of(const Section& section) {
  double low = 1e308, high = -1e308;
  for (const SectionBlock& block : section.blocks) {
    if (std::isnan(block.value)) continue;
    low = std::min(low, block.value);
    high = std::max(high, block.value);
  }
  SectionClasses classes;
  if (low > high) return classes;
  if (high <= low) high = low + std::max(std::abs(low), 1.0) * 1e-3;
  classes.step = nice_step((high - low) / 8.0);
  classes.from = std::floor(low / classes.step + 1e-9) * classes.step;
  classes.count = static_cast<std::size_t>(
      std::clamp(std::ceil((high - classes.from) / classes.step - 1e-9), 1.0, 10.0));
  return classes;
}

std::vector<std::array<Point, 2>> pit_outline(const std::vector<SectionBlock>& blocks) {
  // Edges in whole millimetres, so that those of neighbours are equal.
  using Edge = std::array<long long, 4>;
  std::map<Edge, int> count;
  const auto mm = [](double metres) { return std::llround(metres * 1000.0); };
  for (const SectionBlock& block : blocks) {
    if (!block.in_pit) continue;
    const long long a = mm(block.s0), b = mm(block.s1), c = mm(block.z0), d = mm(block.z1);
    for (const Edge& edge :
         {Edge{a, c, b, c}, Edge{a, d, b, d}, Edge{a, c, a, d}, Edge{b, c, b, d}})
      ++count[edge];
  }
  std::vector<std::array<Point, 2>> outline;
  const auto metres = [](long long value) { return static_cast<double>(value) / 1000.0; };
  for (const auto& [edge, times] : count)
    if (times == 1)
      outline.push_back(
          {Point{metres(edge[0]), metres(edge[1])}, Point{metres(edge[2]), metres(edge[3])}});
  return outline;
}

double vertical_exaggeration(double length_m, double height_m) {
  const double tall = height_m * plot_width / length_m;
  for (const double factor : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0})
    if (tall * factor >= 150.0) return factor;
  return 100.0;
}

Drawing draw_section(const Section& section) {
  const Frame frame = frame_of(section);
  const SectionClasses classes = classes_of(section);
  Drawing sheet;
  sheet.width_px = width;
  // The legend needs its own room under a flat section.
  const double lines = 20.0 * static_cast<double>(section.traces.size() + 4);
  sheet.height_px = std::max(frame.bottom() + foot,
                             head + 30.0 + 16.0 * static_cast<double>(classes.count) + lines);
  sheet.title = section.title;
  sheet.description = "Vertical section, " + fixed_text(section.length_m, 0) + " m long, " +
                      std::to_string(section.blocks.size()) + " blocks.";
  TextStyle style;
  style.size = 16.0;
  style.bold = true;
  sheet.text({left, 30.0}, fit_text(section.title, style.size, width - left - 20.0, true), "k",
             style);
  draw_axes(sheet, section, frame);
  draw_blocks(sheet, section, frame, classes);
  for (const auto& [from, to] : section.within)
    for (const double s : {from, to})
      sheet.line({frame.px(s), head}, {frame.px(s), frame.bottom()}, "wa");
  for (const SectionTrace& trace : section.traces)
    if (!trace.pieces.empty()) sheet.lines(clipped(trace.pieces, frame), trace.solid ? "rr" : "ro");
  if (section.has_pit)
    if (const auto outline = pit_outline(section.blocks); !outline.empty())
      sheet.lines(clipped(outline, frame), "mkl");
  sheet.line({left, frame.bottom()}, {left + plot_width, frame.bottom()}, "ax");
  sheet.line({left, head}, {left, frame.bottom()}, "ax");
  sheet.line({left + plot_width, head}, {left + plot_width, frame.bottom()}, "ax");
  draw_legend(sheet, section, frame, classes);
  return sheet;
}

}  // namespace lode::report
