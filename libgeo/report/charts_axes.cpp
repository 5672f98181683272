// Round axes, hatches and intervals; nothing here knows what is drawn with them.
#include "libgeo/report/charts_axes.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {

double NumberAxis::at(double value) const {
  if (!std::isfinite(value) || !(high > low)) return from_px;
  return from_px + (std::clamp(value, low, high) - low) / (high - low) * (to_px - from_px);
}

NumberAxis number_axis(double low, double high, double from_px, double to_px, int ticks,
                       bool loose) {
  NumberAxis axis;
  axis.from_px = from_px;
  axis.to_px = to_px;
  if (!std::isfinite(low)) low = 0.0;
  if (!std::isfinite(high)) high = 1.0;
  if (!loose) {
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
  }
  if (!(high > low)) high = low + std::max(1.0, std::abs(low) * 0.1);
  axis.step = nice_step(high - low, ticks);
  axis.low = std::floor(low / axis.step + 1e-9) * axis.step;
  axis.high = std::ceil(high / axis.step - 1e-9) * axis.step;
  return axis;
}

std::string tick_text(double value) {
  const double size = std::abs(value);
  const auto scaled = [&](double factor, const char* letter) {
    return number_text(std::round(value / factor * 1000.0) / 1000.0) + letter;
  };
  if (size >= 1e15) return number_text(value);
  if (size >= 1e9) return scaled(1e9, "bn");
  if (size >= 1e6) return scaled(1e6, "M");
  if (size >= 1e4) return scaled(1e3, "k");
  return people(size < 1e-12 ? 0.0 : value);
}

void draw_up_axis(Drawing& sheet, const PlotArea& area, const NumberAxis& axis,
                  const std::string& unit) {
  TextStyle style;
  style.size = 10.5;
  style.anchor = Anchor::end;
  const auto steps = static_cast<int>(std::lround((axis.high - axis.low) / axis.step));
  for (int i = 0; i <= std::min(steps, 20); ++i) {
    const double value = axis.low + axis.step * i, y = axis.at(value);
    sheet.line({area.x, y}, {area.right(), y}, std::abs(value) < axis.step * 1e-9 ? "ax" : "gl");
    sheet.text({area.x - 5.0, y + 3.6}, tick_text(value), "k2", style);
  }
  style.anchor = Anchor::start;
  sheet.text({std::max(2.0, area.x - 38.0), area.y - 8.0}, unit, "k2", style);
}

void draw_across_axis(Drawing& sheet, const PlotArea& area, const NumberAxis& axis,
                      const std::string& unit) {
  TextStyle style;
  style.size = 10.5;
  style.anchor = Anchor::middle;
  const auto steps = static_cast<int>(std::lround((axis.high - axis.low) / axis.step));
  for (int i = 0; i <= std::min(steps, 20); ++i) {
    const double value = axis.low + axis.step * i, x = axis.at(value);
    sheet.line({x, area.y}, {x, area.bottom()}, std::abs(value) < axis.step * 1e-9 ? "ax" : "gl");
    // The first and the last keep within the sheet.
    const std::string words = tick_text(value);
    const double half = text_width(words, style.size) / 2.0;
    const double most = std::max(half, sheet.width_px - half - 1.0);
    sheet.text({std::clamp(x, std::min(half + 1.0, most), most), area.bottom() + 14.0}, words, "k2",
               style);
  }
  style.anchor = Anchor::end;
  sheet.text({area.right(), area.bottom() + 28.0}, unit, "k2", style);
}

void draw_years(Drawing& sheet, const YearColumns& years, double y) {
  TextStyle style;
  style.size = 10.5;
  style.anchor = Anchor::middle;
  if (years.count == 0) return;
  const std::size_t room = static_cast<std::size_t>(std::max(1.0, years.width / 34.0));
  std::size_t step = 1;
  for (const std::size_t one : {1U, 2U, 5U, 10U, 20U, 50U, 100U}) {
    step = one;
    if (years.count <= room * one) break;
  }
  for (std::size_t i = 0; i < years.count; ++i) {
    const int year = years.first + static_cast<int>(i);
    if (step > 2 ? year % static_cast<int>(step) != 0 : i % step != 0) continue;
    sheet.text({years.middle(i), y}, number_text(year), "k2", style);
  }
}

void hatch(Drawing& sheet, double x, double y, double width, double height, const char* ink_name,
           double step) {
  if (!(width > 0.5) || !(height > 0.5)) return;
  std::vector<Path> lines;
  // Lines x + y = c through the box, from its upper left to its lower right corner.
  for (double c = step / 2.0; c < width + height && lines.size() < 400; c += step) {
    const double x0 = std::min(c, width), y0 = c - x0, y1 = std::min(c, height), x1 = c - y1;
    lines.push_back({{x + x0, y + y0}, {x + x1, y + y1}});
  }
  sheet.lines(std::move(lines), ink_name);
}

void draw_beyond(Drawing& sheet, const NumberAxis& axis, double value, double y,
                 const std::string& ink_name) {
  const bool above = value > axis.high;
  const double end =
      above ? std::max(axis.from_px, axis.to_px) : std::min(axis.from_px, axis.to_px);
  const double tip = above ? end + 6.0 : end - 6.0, base = above ? end - 3.0 : end + 3.0;
  sheet.polygon({Path{{base, y - 4.5}, {tip, y}, {base, y + 4.5}}}, ink_name);
}

void interval(Drawing& sheet, const NumberAxis& axis, const LowBaseHigh& value, double y,
              const std::string& letter, bool recycling) {
  if (!value.known()) return;
  const double low = std::isfinite(value.low) ? value.low : value.base,
               high = std::isfinite(value.high) ? value.high : value.base;
  if (high > low) {
    const double from = axis.at(low), to = std::max(axis.at(high), axis.at(low) + 0.5);
    sheet.rect(from, y - 3.5, to - from, 7.0, "i" + letter, 3.0);
  }
  if (value.base < axis.low || value.base > axis.high)
    draw_beyond(sheet, axis, value.base, y, "g" + letter);
  else
    draw_sign(sheet, {axis.at(value.base), y}, 4.4, recycling, "g" + letter);
}

void panel_title(Drawing& sheet, const std::string& words, double x, double y, double width) {
  TextStyle style;
  style.size = 13.0;
  style.bold = true;
  sheet.text({x, y}, fit_text(words, style.size, width, true), "k", style);
}

std::string source_ink(const std::string& group) {
  return "g" + group_letter(group);
}

void SourceKinds::see(const std::string& group, const std::string& kind) {
  const std::string letter = group_letter(group);
  (letter == "d" ? domestic : letter == "a" ? allied : letter == "o" ? other : unknown) = true;
  (kind == "secondary" ? recycled : primary) = true;
}

double source_legend(Drawing& sheet, const SourceKinds& kinds, double x, double y, bool hatched,
                     double width) {
  TextStyle style;
  style.size = 11.5;
  const double left = x;
  double used = 18.0;
  const auto step = [&](const std::string& words) {
    const double wide = 16.0 + text_width(words, style.size);
    if (x > left && x + wide > left + width) {
      x = left;
      y += 18.0;
      used += 18.0;
    }
    return wide + 12.0;
  };
  const auto box = [&](bool there, const char* ink_name, const std::string& words, bool lines) {
    if (!there) return;
    const double wide = step(words);
    sheet.rect(x, y - 9.5, 11.0, 11.0, ink_name, 2.0);
    if (lines) hatch(sheet, x, y - 9.5, 11.0, 11.0, "xw", 4.0);
    sheet.text({x + 16.0, y}, words, "k2", style);
    x += wide;
  };
  const auto sign = [&](bool there, bool diamond, const std::string& words) {
    if (!there) return;
    const double wide = step(words);
    draw_sign(sheet, {x + 5.0, y - 4.0}, 5.0, diamond, "gu");
    sheet.text({x + 16.0, y}, words, "k2", style);
    x += wide;
  };
  box(kinds.domestic, "gd", "Domestic", false);
  box(kinds.allied, "ga", "Allied", false);
  box(kinds.other, "go", "Other", false);
  box(kinds.unknown, "gu", "Group not known", false);
  if (hatched) {
    box(kinds.recycled, "gu", "Recycling", true);
  } else if (kinds.recycled) {
    sign(kinds.primary, false, "Mine");
    sign(true, true, "Recycling");
  }
  return used;
}

std::string source_name(const std::string& name, const std::string& id, std::size_t most) {
  return clip(name.empty() ? id : name, most);
}

std::string money_words(double value, const std::string& currency) {
  if (!std::isfinite(value)) return people(value);
  const std::string unit = clip(currency.empty() ? "USD" : currency, 8);
  const double size = std::abs(value);
  if (size >= 1e15 || size < 1e4) return people(value) + "\xc2\xa0" + unit;
  const double factor = size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : 1e3;
  return people_short(value / factor, "") + "\xc2\xa0" +
         (size >= 1e9   ? "billion "
          : size >= 1e6 ? "million "
                        : "thousand ") +
         unit;
}

std::string cost_words(double value, const std::string& currency) {
  return people_short(value, clip(currency.empty() ? "USD" : currency, 8) + "/kg");
}

std::string range_words(const LowBaseHigh& value, const std::string& currency) {
  std::string words = cost_words(value.base, currency);
  if (std::isfinite(value.low) && std::isfinite(value.high) && value.high > value.low)
    put(words, " (P10 ", people_short(value.low, ""), ", P90 ", people_short(value.high, ""), ")");
  return words;
}

}  // namespace lode::report
