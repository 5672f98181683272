#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/zonal_parts.h"

namespace lode::zonal {

namespace {

// Most that a line of one grid may lie from that of the other, in the smaller cell.
constexpr double most_off = 1e-3;
constexpr double most_pieces = 64.0;

[[noreturn]] void refuse(const std::string& what, const RasterPlace& weights) {
  throw Error("zonal.grid", what, weights.name,
              "Resample the weights to the cells of the raster first (gdalwarp -tr -te -r).");
}

bool whole(double value, double slack) {
  return std::abs(value - std::round(value)) <= slack;
}

}  // namespace

void refuse_number(double value, const RasterPlace& place) {
  if (std::isinf(value))
    throw Error("raster.not_finite", "cells are infinite", place.name, "Set them to NoData.");
  throw Error("raster.nodata_unset",
              "cells hold " + number_text(value) + ", which is not declared as NoData", place.name,
              "Declare it: gdal_edit.py -a_nodata " + number_text(value) + " FILE.");
}

void to_weights(std::vector<double>& numbers, const RasterPlace& place) {
  for (double& number : numbers) {
    if (std::isnan(number) || number == place.nodata) {
      number = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    if (std::isinf(number) || is_fill_value(number)) refuse_number(number, place);
    number = number * place.factor + place.shift;
    if (number < 0.0)
      throw Error("zonal.weights", "cells hold the weight " + number_text(number), place.name,
                  "Weights are 0 or more.");
  }
}

std::size_t WeightGrid::Axis::at(std::size_t piece) const {
  const double middle = (static_cast<double>(piece) + 0.5) / static_cast<double>(pieces);
  const double place = std::floor(scale * middle + shift);
  return place >= 0.0 && place < static_cast<double>(count) ? static_cast<std::size_t>(place)
                                                            : none;
}

WeightGrid::Axis WeightGrid::axis_of(double scale, double shift, std::size_t cells,
                                     std::size_t count, const RasterPlace& weights) {
  Axis axis;
  axis.scale = scale;
  axis.shift = shift;
  axis.count = count;
  const double size = std::abs(scale), end = static_cast<double>(cells);
  // Lines of both grids at either end; where weights are the larger ones, in cells of the bands.
  if (size >= 1.0 - 1e-9) {
    if (size > most_pieces + 0.5)
      refuse("a cell of the raster holds more than 64 cells of the weights along an axis", weights);
    axis.pieces = static_cast<std::size_t>(std::round(size));
    if (!whole(size, most_off) || !whole(shift, most_off) ||
        !whole(scale * end + shift, most_off) || std::abs(size - std::round(size)) * end > most_off)
      refuse("the cells of the weights do not nest in those of the raster", weights);
    return axis;
  }
  const double ratio = 1.0 / size;
  if (!whole(ratio, most_off) || std::abs(ratio - std::round(ratio)) * (end / ratio) > most_off ||
      !whole(shift * std::round(ratio), most_off))
    refuse("the cells of the raster do not nest in those of the weights", weights);
  return axis;
}

WeightGrid::WeightGrid(const RasterPlace& bands, const RasterPlace& weights) {
  if (!(bands.crs == weights.crs))
    refuse("the weights are in " + weights.crs.label() + ", the raster in " + bands.crs.label(),
           weights);
  const auto &a = bands.transform, &b = weights.transform;
  const double det = b[1] * b[5] - b[2] * b[4];
  // Columns and rows of the weights for those of the bands.
  const auto solve = [&](double x, double y, double& u, double& v) {
    u = (x * b[5] - y * b[2]) / det;
    v = (y * b[1] - x * b[4]) / det;
  };
  double u0 = 0.0, v0 = 0.0, uu = 0.0, vu = 0.0, uv = 0.0, vv = 0.0;
  solve(a[0] - b[0], a[3] - b[3], u0, v0);
  solve(a[1], a[4], uu, vu);
  solve(a[2], a[5], uv, vv);
  if (std::abs(uv) * static_cast<double>(bands.rows) > most_off ||
      std::abs(vu) * static_cast<double>(bands.columns) > most_off)
    refuse("the grid of the weights is turned against that of the raster", weights);
  column_ = axis_of(uu, u0, bands.columns, weights.columns, weights);
  row_ = axis_of(vv, v0, bands.rows, weights.rows, weights);
}

RasterWindow WeightGrid::under(const RasterWindow& window) const {
  const auto reach = [](const Axis& axis, std::size_t from, std::size_t cells, std::size_t& start,
                        std::size_t& count) {
    const auto place = [&](std::size_t cell) {
      return axis.scale * static_cast<double>(cell) + axis.shift;
    };
    const double a = place(from), b = place(from + cells);
    const double low = std::max(0.0, std::floor(std::min(a, b) + most_off));
    const double high =
        std::min(static_cast<double>(axis.count), std::ceil(std::max(a, b) - most_off));
    start = high > low ? static_cast<std::size_t>(low) : 0;
    count = high > low ? static_cast<std::size_t>(high - low) : 0;
  };
  RasterWindow out;
  reach(column_, window.column, window.columns, out.column, out.columns);
  reach(row_, window.row, window.rows, out.row, out.rows);
  return out.size() == 0 ? RasterWindow{} : out;
}

void WeightGrid::weigh(const RasterWindow& row, const double* share, const double* pieces,
                       const RasterWindow& under, const std::vector<double>& numbers,
                       double* weight) const {
  const std::size_t m = across(), n = down();
  const double piece = 1.0 / static_cast<double>(m * n);
  for (std::size_t c = 0; c < row.columns; ++c) {
    double sum = 0.0;
    for (std::size_t j = 0; j < n && share[c] > 0.0; ++j)
      for (std::size_t i = 0; i < m; ++i) {
        const double s = pieces[(j * row.columns + c) * m + i];
        if (s == 0.0) continue;
        const std::size_t r = row_.at(row.row * n + j);
        const std::size_t k = column_.at((row.column + c) * m + i);
        const bool there = r != Axis::none && k != Axis::none;
        sum += there ? s * piece * numbers[(r - under.row) * under.columns + (k - under.column)]
                     : std::numeric_limits<double>::quiet_NaN();
      }
    weight[c] = sum;
  }
}

}  // namespace lode::zonal
