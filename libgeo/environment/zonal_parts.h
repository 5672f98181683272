// What the parts of `zonal_statistics` share: sums of cells, zones on a grid, grids of weights.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/core/sum.h"
#include "libgeo/environment/zonal.h"
#include "libgeo/geometry/cell_coverage.h"

namespace lode::zonal {

/// A statistic as it is computed.
enum class Figure {
  count,
  sum,
  mean,
  min,
  max,
  range,
  quantile,
  mode,
  minority,
  variety,
  variance,
  stdev,
  variation,
  fraction,
  min_x,
  min_y,
  max_x,
  max_y
};
struct Wanted {
  Figure figure = Figure::count;
  bool weighted = false;
  double percent = 50.0;
};
/// Error "zonal.statistic".
[[nodiscard]] Wanted wanted_of(const ZonalStatistic& statistic);

/// What has to be kept of the cells for the statistics asked for.
struct Needs {
  bool values = false, spread = false, weights = false;
};
[[nodiscard]] Needs needs_of(const std::vector<Wanted>& wanted, const ZonalOptions& options);

/// Cells of one value. Runs of them rise by value.
struct Entry {
  double value = 0.0, share = 0.0, weight = 0.0, area = 0.0;
};
using Run = std::vector<Entry>;
/// Sorted by value, cells of one value added up in their order.
void tidy(Run& run);
/// Both rising; what `a` has stands before what `b` has.
[[nodiscard]] Run merged(const Run& a, const Run& b, const Progress& progress);

/// Cells with a value: of one band, within a zone, in one window of the grid or in all of them.
struct Moments {
  Sum share, value, square;           ///< sums of c, c x, c^2
  Sum weight, valued, square_weight;  ///< of c w, c w x, (c w)^2
  Sum area;
  double spread = 0.0, weighted_spread = 0.0;  ///< sums of c (x - mean)^2, c w (x - mean)^2
  double min = std::numeric_limits<double>::infinity(), max = -min;
  std::uint64_t min_at = 0, max_at = 0;  ///< row x columns + column of the first such cell

  /// `pool` the spreads, where they are kept.
  void add(const Moments& more, bool pool);
};

/// One band of one zone.
struct BandSums {
  Moments moments;
  std::vector<Run> runs;  ///< by falling size, each more than twice as long as the next

  void add(const Moments& more, bool pool, Run run, const Progress& progress);
};
/// All runs in one.
[[nodiscard]] Run joined(std::vector<Run>& runs, const Progress& progress);

/// Asked for of a finished band; NaN where there is no cell with a value.
[[nodiscard]] double figure_of(const Wanted& wanted, const Moments& moments, const Run& run,
                               const RasterPlace& place);

/// A zone on the grid.
struct GridZone {
  GeometryKind kind = GeometryKind::none;
  /// In the CRS of the grid, within one turn of longitude; polygons alone.
  Geometry shape;
  Geometry copies;                   ///< the same where the grid has it, when that is elsewhere
  std::vector<std::uint64_t> cells;  ///< of points and lines: row x columns + column, rising
  Box bounds;                        ///< in columns and rows, cut off at the grid
  double area_m2 = 0.0;              ///< NaN: the sum of its cells
  bool sticks_out = false;           ///< its bounds; copies of it a turn further do too
  bool outside = false, partly_outside = false, repaired = false;

  const Geometry* given = nullptr;  ///< the shape, where it is as it came

  [[nodiscard]] const Geometry& whole() const { return given != nullptr ? *given : shape; }
  [[nodiscard]] const Geometry& on_grid() const { return copies.empty() ? whole() : copies; }
};
/// All zones, brought to the CRS of the grid, in parallel.
[[nodiscard]] std::vector<GridZone> zones_on_grid(const ZonalInputs& inputs,
                                                  const ZonalOptions& options,
                                                  const RasterPlace& place,
                                                  const Progress& progress);
[[nodiscard]] std::string zone_name(const ZonalInputs& inputs, std::size_t zone);

/// What a finished run is judged by.
struct Judged {
  const ZonalInputs& inputs;
  const std::vector<GridZone>& zones;
  const std::vector<double>& cells;  ///< that each zone covers, with a value or not
  const std::vector<Wanted>& wanted;
  const RasterPlace& place;
};
/// Adds the findings. Error "zonal.all_outside".
void judge(const Judged& run, Zonal& result);

/// A number that stands for nothing. Errors "raster.not_finite", "raster.nodata_unset".
[[noreturn]] void refuse_number(double value, const RasterPlace& place);
/// Numbers of a file as weights, NaN where there is none. Error "zonal.weights" below 0.
void to_weights(std::vector<double>& numbers, const RasterPlace& place);

/// How the cells of a grid of weights lie upon those of the bands.
class WeightGrid {
 public:
  /// Error "zonal.grid" where neither nests in the other.
  WeightGrid(const RasterPlace& bands, const RasterPlace& weights);

  /// Cells of the weights in a cell of the bands, along columns and rows; 1 where they are as large
  /// or larger.
  [[nodiscard]] std::size_t across() const { return column_.pieces; }
  [[nodiscard]] std::size_t down() const { return row_.pieces; }
  /// Cells of the weights over a window of the bands; empty when there is none.
  [[nodiscard]] RasterWindow under(const RasterWindow& window) const;
  /// Of each cell in a row of the bands: the sum of the shares of its pieces times their weight;
  /// NaN where a piece that is covered has none. `numbers` are those `under` the window.
  void weigh(const RasterWindow& row, const double* share, const double* pieces,
             const RasterWindow& under, const std::vector<double>& numbers, double* weight) const;

 private:
  struct Axis {
    double scale = 1.0, shift = 0.0;
    std::size_t pieces = 1, count = 0;
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    [[nodiscard]] std::size_t at(std::size_t piece) const;
  };
  [[nodiscard]] static Axis axis_of(double scale, double shift, std::size_t cells,
                                    std::size_t count, const RasterPlace& weights);
  Axis column_, row_;
};

}  // namespace lode::zonal
