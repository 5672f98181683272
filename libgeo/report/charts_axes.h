// Axes with ticks, bands, hatches and rows that the charts of supply share.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/low_base_high.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/digest.h"
#include "libgeo/report/drawing.h"

namespace lode::report {

/// From numbers to pixels, with round ends.
struct NumberAxis {
  double low = 0.0, high = 1.0, step = 1.0;
  double from_px = 0.0, to_px = 0.0;

  [[nodiscard]] double at(double value) const;  ///< kept within the ends
};
/// Round ends around what is to be shown; 0 is among it unless `loose`.
[[nodiscard]] NumberAxis number_axis(double low, double high, double from_px, double to_px,
                                     int ticks, bool loose = false);

struct PlotArea {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
  [[nodiscard]] double bottom() const { return y + height; }
  [[nodiscard]] double right() const { return x + width; }
};

/// A number on an axis: "0", "250", "1,200", "15k", "2.5M".
[[nodiscard]] std::string tick_text(double value);
/// Grid lines from left to right with their numbers at the left; `unit` stands above them.
void draw_up_axis(Drawing& sheet, const PlotArea& area, const NumberAxis& axis,
                  const std::string& unit);
/// Grid lines from bottom to top with their numbers below; `unit` stands under the last one.
void draw_across_axis(Drawing& sheet, const PlotArea& area, const NumberAxis& axis,
                      const std::string& unit);
/// Years along the bottom: the middle of each column, as many as there is room for.
struct YearColumns {
  int first = 0;
  std::size_t count = 0;
  double x = 0.0, width = 0.0;  ///< of all of them

  [[nodiscard]] double column() const { return count > 0 ? width / static_cast<double>(count) : 0; }
  [[nodiscard]] double left(std::size_t year) const {
    return x + column() * static_cast<double>(year);
  }
  [[nodiscard]] double middle(std::size_t year) const { return left(year) + column() / 2.0; }
};
void draw_years(Drawing& sheet, const YearColumns& years, double y);

/// Slanting lines over a box, cut at its edges.
void hatch(Drawing& sheet, double x, double y, double width, double height, const char* ink_name,
           double step = 5.0);
/// A wedge at the end of the axis that a value lies beyond.
void draw_beyond(Drawing& sheet, const NumberAxis& axis, double value, double y,
                 const std::string& ink_name);
/// A horizontal interval with a dot at its middle value; ends that are not known are left out.
void interval(Drawing& sheet, const NumberAxis& axis, const LowBaseHigh& value, double y,
              const std::string& letter, bool recycling);

/// A bold line above a panel.
void panel_title(Drawing& sheet, const std::string& words, double x, double y, double width);
/// "gd", "ga", "go" or "gu" of a source's group.
[[nodiscard]] std::string source_ink(const std::string& group);
/// Group colours and kinds of the sources shown; returns the height used.
struct SourceKinds {
  bool domestic = false, allied = false, other = false, unknown = false, primary = false,
       recycled = false;
  void see(const std::string& group, const std::string& kind);
};
double source_legend(Drawing& sheet, const SourceKinds& kinds, double x, double y, bool hatched,
                     double width = 1000.0);
/// The name of a source, its id when it has none; cut.
[[nodiscard]] std::string source_name(const std::string& name, const std::string& id,
                                      std::size_t most = 60);
/// "1.2 billion USD", "-3.4 million EUR".
[[nodiscard]] std::string money_words(double value, const std::string& currency);
/// "62.4 USD/kg"; "not known".
[[nodiscard]] std::string cost_words(double value, const std::string& currency);
/// "62.4 USD/kg (P10 48.1, P90 90.2)".
[[nodiscard]] std::string range_words(const LowBaseHigh& value, const std::string& currency);

}  // namespace lode::report
