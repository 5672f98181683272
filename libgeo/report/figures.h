// The figures of a study by name, each an SVG that stands alone.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/study/result.h"

namespace lode {

struct FigureOptions {
  double width_px = 1040.0;  ///< 320 to 4000; below 600 the charts use their narrow layout
  std::size_t rows = 25;     ///< sites in a chart, at least 1
  std::size_t labels = 10;   ///< names on a map
};

/// "map", "home", "ranking", "acceptability", "intervals", "pairwise", "contributions",
/// "central-weights", "why", "tornado", "sobol" (of the first pair explained), "stability",
/// "agreement", "correlation", "dependence", "dependence-elements", "shortfall", "cost-curve",
/// "economics", "plan", "schedule", "frontier", "shock", "break-even", "counters" (of the first
/// collapse), "chain-balance", "chain-members", "chain-flows", "member-costs".
[[nodiscard]] const std::vector<std::string>& figure_names();

/// One figure as SVG (UTF-8, colours at every shape, white ground). Equal results give equal bytes.
/// Errors: "report.unknown_figure" (with the names there are), "report.bad_size" and
/// "report.nothing_to_draw" when the study has nothing of that kind.
[[nodiscard]] std::string figure(const StudyResult& result, const std::string& name,
                                 const FigureOptions& options = {});

}  // namespace lode
