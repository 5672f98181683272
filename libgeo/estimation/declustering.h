// Declustering weights: cells (Journel 1983) and polygons of influence.
#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/estimation/samples.h"

namespace lode {

/// Which of the sizes tried is taken: that of the lowest declustered mean (rich places were sampled
/// more), of the highest (poor places were), or the only one.
enum class CellChoice { lowest_mean, highest_mean };

struct CellOptions {
  double smallest_m = 1.0;  ///< side of a cell along x, above 0
  double largest_m = 1.0;   ///< at least `smallest_m`
  std::size_t sizes = 1;    ///< tried, evenly from the smallest to the largest
  std::size_t offsets = 5;  ///< origins of the cells, over which weights are averaged; from 1
  double y_ratio = 1.0;     ///< side along y over that along x, above 0
  double z_ratio = 1.0;     ///< side along z over that along x, above 0
  CellChoice choice = CellChoice::lowest_mean;
  /// True: every origin counts alike (GSLIB 2). False: shares of cells are summed over the origins
  /// first, so that origins with more occupied cells count more (GSLIB of 1992).
  bool origins_alike = true;
  int jobs = 0;
};

struct Declustering {
  /// By sample, 1 in the mean; NaN where the value is missing.
  std::vector<double> weights;
  std::size_t n = 0;        ///< samples with a value
  double naive_mean = 0.0;  ///< every sample alike
  double mean = 0.0;        ///< by the weights
  double cell_m = 0.0;      ///< taken; 0 = none beat the naive mean, all weights are 1
  std::vector<std::pair<double, double>> tried;  ///< size of cell (m) and its mean
};

/// Cell declustering as GSLIB's declus: a sample weighs 1 over the samples of its cell, over all
/// origins; the first origin lies 0.01 m below the lowest coordinates, the others a share of a
/// cell further down all axes. Of several sizes, one that does not beat the naive mean is never
/// taken (`cell_m` 0).
/// Errors "declustering.cell" (sizes), "declustering.cells" (more than 2^20 along an axis),
/// "declustering.values" (fewer than two).
[[nodiscard]] Declustering decluster_cells(const Samples& samples, std::size_t variable,
                                           const CellOptions& options,
                                           const Progress& progress = {});

/// A ring of vertices, not closed, either way round.
using Ring = std::vector<std::array<double, 2>>;

/// The rectangle about the samples, widened by `margin_m` on all sides.
[[nodiscard]] Ring rectangle_about(const Samples& samples, double margin_m);

/// Weights by the area that lies nearer to a sample than to any other, within `boundary`; places
/// that differ in z only share theirs. Areas are exact (bisectors clip the boundary).
/// Errors "declustering.boundary" (no area, or a sample outside), "declustering.values".
[[nodiscard]] Declustering decluster_polygons(const Samples& samples, std::size_t variable,
                                              const Ring& boundary, int jobs = 0,
                                              const Progress& progress = {});

}  // namespace lode
