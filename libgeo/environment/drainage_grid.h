// True lengths on the ellipsoid between the cells of a grid in any CRS, and its eight neighbours.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/geometry/raster_source.h"

namespace lode {

/// Steps to the neighbours, as `Drainage::direction` counts them.
struct GridStep {
  int column, row;
};
inline constexpr std::array<GridStep, 8> grid_steps{
    {{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}}};

/// Cells by number, row by row; at most 2^31 of them.
class GridShape {
 public:
  GridShape(std::size_t columns_, std::size_t rows_) : columns(columns_), rows(rows_) {
    for (std::size_t k = 0; k < 8; ++k)
      offset_[k] = grid_steps[k].row * static_cast<std::ptrdiff_t>(columns) + grid_steps[k].column;
  }

  [[nodiscard]] std::size_t size() const { return columns * rows; }
  /// Calls visit(neighbour, direction) for each neighbour within the grid.
  template <class Visit>
  void around(std::size_t cell, Visit visit) const {
    const std::size_t row = row_of(cell), column = cell - row * columns;
    if (column - 1 < columns - 2 && row - 1 < rows - 2) {
      for (std::size_t k = 0; k < 8; ++k) visit(moved(cell, k), static_cast<std::uint8_t>(k));
      return;
    }
    for (std::size_t k = 0; k < 8; ++k) {
      const std::size_t c = column + static_cast<std::size_t>(grid_steps[k].column);
      const std::size_t r = row + static_cast<std::size_t>(grid_steps[k].row);
      if (c < columns && r < rows) visit(r * columns + c, static_cast<std::uint8_t>(k));
    }
  }
  [[nodiscard]] std::size_t step(std::size_t cell, std::uint8_t direction) const {
    return moved(cell, direction);
  }
  [[nodiscard]] bool on_edge(std::size_t cell) const {
    const std::size_t row = row_of(cell), column = cell - row * columns;
    return row == 0 || column == 0 || row + 1 == rows || column + 1 == columns;
  }

  std::size_t columns = 0, rows = 0;

 private:
  // Division of 32 bits takes a third of the time of one of 64.
  [[nodiscard]] std::size_t row_of(std::size_t cell) const {
    return static_cast<std::uint32_t>(cell) / static_cast<std::uint32_t>(columns);
  }
  [[nodiscard]] std::size_t moved(std::size_t cell, std::size_t direction) const {
    return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(cell) + offset_[direction]);
  }
  std::array<std::ptrdiff_t, 8> offset_{};
};

/// Cells with a height at the edge of the grid or beside one without.
[[nodiscard]] std::vector<bool> edge_of_data(const GridShape& shape,
                                             const std::vector<std::uint8_t>& direction);

/// Squared length in m2 of a step of du columns and dv rows: e du2 + 2 f du dv + g dv2.
struct CellMetric {
  double e = 0.0, f = 0.0, g = 0.0;
  [[nodiscard]] double length_m(double du, double dv) const;
};

/// The ground that a grid's columns and rows stand for. In degrees with cells along the axes from
/// the radii of curvature of each row; elsewhere by differences at nodes at most 20 km apart,
/// between which it is taken as linear (below 1e-5); planar in local: grids.
class GridMetric {
 public:
  explicit GridMetric(const RasterPlace& place);
  /// One for all columns when `along_rows`, else one a column, at their middles.
  void row(double v, std::vector<CellMetric>& out) const;
  [[nodiscard]] CellMetric at(double u, double v) const;
  /// The same for every column of a row.
  [[nodiscard]] bool along_rows() const { return !lattice_; }

 private:
  [[nodiscard]] CellMetric of_row(double v) const;
  void build_lattice();
  [[nodiscard]] CellMetric node(std::size_t i, std::size_t j) const {
    return nodes_[j * nodes_u_ + i];
  }

  RasterPlace place_;
  bool lattice_ = false;
  std::size_t nodes_u_ = 0, nodes_v_ = 0;
  double step_u_ = 1.0, step_v_ = 1.0;
  std::vector<CellMetric> nodes_;
};

/// Lengths from the cells of one row to their neighbours, at the middles between them.
class RowLengths {
 public:
  RowLengths(const GridMetric& metric, std::size_t row);
  [[nodiscard]] double operator()(std::size_t column, std::uint8_t direction) const {
    return length_[direction][column * stride_];
  }

 private:
  std::size_t stride_;
  std::array<std::vector<double>, 8> length_;
};

}  // namespace lode
