// How the cells of two rasters meet: alike, cut by each other's edges, or sampled.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "libgeo/deposit/surface_volume.h"

namespace lode::surface_parts {

/// The pieces into which the cells of both grids cut a window of TOP: between consecutive `u` and
/// `v` (columns and rows of TOP), each with its cell of either (counted within their windows).
struct JoinedWindow {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<double> u, v;
  std::vector<std::size_t> top_column, top_row, base_column, base_row;  ///< none: beyond BASE
  RasterWindow base;                                                    ///< empty: beyond BASE
};

class GridJoin {
 public:
  enum class Kind {
    same,      ///< cell upon cell
    parallel,  ///< the cells' sides run the same ways
    sampled    ///< as `Resample` says
  };
  /// Error "surface.turned" when the grids are turned against one another and nothing says how to
  /// sample.
  GridJoin(const RasterPlace& top, const RasterPlace& base, Resample resample);
  [[nodiscard]] Kind kind() const { return kind_; }

  /// Of `parallel` grids.
  [[nodiscard]] JoinedWindow cut(const RasterWindow& top) const;
  /// What `sample` needs, or the same window; empty when BASE has nothing there.
  [[nodiscard]] RasterWindow base_window(const RasterWindow& top) const;
  /// Heights of BASE at the centres of TOP's cells, NaN beyond it.
  void sample(const RasterWindow& top, const RasterWindow& base, const std::vector<double>& base_m,
              std::vector<double>& to) const;

  /// Says in the result how they were joined (notes "surface.grids_differ", warning
  /// "surface.resampled").
  void describe(const RasterPlace& top, const RasterPlace& base, SurfaceResult& result) const;

 private:
  struct Breaks {
    std::vector<double> at;
    std::vector<std::size_t> top, base;
    std::size_t first = 0, count = 0;
  };
  [[nodiscard]] static Breaks breaks(std::size_t from, std::size_t count, double offset,
                                     double scale, std::size_t base_cells);

  Kind kind_ = Kind::same;
  Resample resample_ = Resample::none;
  std::size_t base_columns_ = 0, base_rows_ = 0;
  /// Column and row of BASE = offset + matrix x (column, row of TOP).
  std::array<double, 2> offset_{};
  std::array<double, 4> matrix_{};
};

}  // namespace lode::surface_parts
