// Figures of the commands on samples: points and lines over axes with ticks.
#pragma once

#include <string>
#include <vector>

#include "libgeo/report/drawing.h"

namespace lode::tools {

/// One series of a plot: points, a line, bars from 0 of the second axis, or points and a line.
struct PlotSeries {
  enum class Kind { points, line, bars };
  Kind kind = Kind::points;
  std::string name;  ///< in the legend
  std::size_t colour = 0;
  std::vector<double> x, y;          ///< NaN breaks a line
  std::vector<std::string> tooltip;  ///< by point; may be empty
};

struct Plot {
  std::string title, x_label, y_label, bars_label;
  std::vector<PlotSeries> series;
  bool y_from_zero = true;
  double level = 0.0;  ///< a dashed level line, when not 0
  std::string level_label;
};

/// Plots one under the other, one figure.
[[nodiscard]] report::Drawing draw_plots(const std::string& title, const std::vector<Plot>& plots);

}  // namespace lode::tools
