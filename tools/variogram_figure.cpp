#include "tools/variogram_figure.h"

#include <algorithm>
#include <vector>

#include "libgeo/core/text.h"
#include "tools/sample_figures.h"

namespace lode::tools {

namespace {

std::string direction_name(const VariogramDirection& direction) {
  if (direction.omnidirectional) return "all directions";
  return "azimuth " + number_text(direction.azimuth_deg) + ", dip " +
         number_text(direction.dip_deg);
}

}  // namespace

std::string variogram_figure(const std::string& value, const ExperimentalVariogram& experimental,
                             const FitResult* fit, bool anisotropic) {
  std::vector<Plot> plots;
  for (const DirectionalVariogram& one : experimental.directions) {
    Plot plot;
    plot.title = direction_name(one.direction);
    plot.x_label = "Distance (m)";
    plot.y_label = std::string(to_text(experimental.type));
    plot.bars_label = "Pairs";
    PlotSeries points{PlotSeries::Kind::points, "Samples", 0, {}, {}, {}};
    PlotSeries pairs{PlotSeries::Kind::bars, "Pairs", 3, {}, {}, {}};
    for (const VariogramLag& lag : one.lags) {
      if (lag.pairs == 0) continue;
      points.x.push_back(lag.distance_m);
      points.y.push_back(lag.gamma);
      points.tooltip.push_back(number_text(lag.distance_m) + " m: " + number_text(lag.gamma) +
                               "\n" + std::to_string(lag.pairs) + " pairs");
      pairs.x.push_back(lag.distance_m);
      pairs.y.push_back(static_cast<double>(lag.pairs));
    }
    if (fit != nullptr && !points.x.empty()) {
      PlotSeries line{PlotSeries::Kind::line, "Model", 1, {}, {}, {}};
      const auto way = anisotropic
                           ? axes_of({one.direction.azimuth_deg, one.direction.dip_deg, 0.0})[0]
                           : std::array<double, 3>{0.0, 1.0, 0.0};
      const double longest = points.x.back();
      constexpr int steps = 160;
      for (int i = 0; i <= steps; ++i) {
        // The nugget shows as the limit at 0.
        const double h = std::max(longest * i / steps, longest * 1e-9);
        line.x.push_back(h);
        line.y.push_back(gamma_at(fit->model, h * way[0], h * way[1], h * way[2]));
      }
      plot.series.push_back(line);
    }
    if (experimental.type == VariogramType::semivariogram) {
      plot.level = experimental.variance;
      plot.level_label = "variance of the samples";
    }
    plot.series.push_back(points);
    plot.series.push_back(pairs);
    plots.push_back(plot);
  }
  return report::to_svg(draw_plots("Variogram of " + value, plots));
}

}  // namespace lode::tools
