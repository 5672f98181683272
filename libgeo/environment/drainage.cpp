#include "libgeo/environment/drainage.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/drainage_fill.h"
#include "libgeo/environment/drainage_grid.h"
#include "libgeo/geometry/cell_areas.h"

namespace lode {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double most_height_m = 1e6;
constexpr std::size_t most_cells = std::size_t{1} << 31;
// Heights, directions, water, and what filling and flats take for a while.
constexpr double bytes_a_cell = 24.0;
constexpr std::size_t rows_at_once = 64;  // fixed, so that blocks do not depend on the threads

void check_size(const RasterPlace& place) {
  const double cells = static_cast<double>(place.columns) * static_cast<double>(place.rows);
  const double needed = cells * bytes_a_cell;
  const std::string size = number_text(static_cast<double>(place.columns)) + " x " +
                           number_text(static_cast<double>(place.rows)) + " cells need about " +
                           number_text(std::ceil(needed / 1e8) / 10.0) + " GB of memory";
  const std::string hint = "Cut the raster to the watershed, or take larger cells.";
  if (place.columns < 3 || place.rows < 3)
    throw Error("drainage.too_small",
                "water has no way on " + number_text(static_cast<double>(place.columns)) + " x " +
                    number_text(static_cast<double>(place.rows)) + " cells",
                place.name, "Give a raster of at least 3 x 3 cells.");
  if (place.columns > most_cells / place.rows)
    throw Error("drainage.size", size + ", and more than 2,147,483,648 are not computed",
                place.name, hint);
  const double memory =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (memory > 0.0 && needed > memory)
    throw Error("drainage.size",
                size + ", and this machine has " + number_text(std::floor(memory / 1e8) / 10.0),
                place.name, hint);
}

// Metres, NaN for none; judged as they come.
void to_metres(const RasterPlace& place, double* number, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double value = number[i];
    if (std::isnan(value)) continue;
    if (value == place.nodata) {
      number[i] = kNan;
      continue;
    }
    if (std::isinf(value))
      throw Error("raster.not_finite", "cells are infinite", place.name, "Set them to NoData.");
    if (is_fill_value(value))
      throw Error("raster.nodata_unset",
                  "cells hold " + number_text(value) + ", which is not declared as NoData",
                  place.name,
                  "Declare it: gdal_edit.py -a_nodata " + number_text(value) + " FILE.");
    number[i] = value * place.factor + place.shift;
    if (!(std::abs(number[i]) <= most_height_m))
      throw Error("drainage.height",
                  "cells hold " + number_text(value) + ": a height lies within 1,000,000 m",
                  place.name, "Set them to NoData, or say the unit of the heights.");
  }
}

// Directions where there is lower ground; the edge of the data without it is a way out.
class Descent {
 public:
  Descent(const ElevationGrid& filled, const GridMetric& metric,
          std::vector<std::uint8_t>& direction)
      : height_(filled.height_m),
        metric_(metric),
        direction_(direction),
        shape_{filled.place.columns, filled.place.rows} {}

  void rows(std::size_t from, std::size_t to) {
    for (std::size_t row = from; row < to; ++row) {
      const RowLengths length(metric_, row);
      for (std::size_t column = 0; column < shape_.columns; ++column) {
        const std::size_t cell = row * shape_.columns + column;
        if (direction_[cell] != drainage_none) direction_[cell] = steepest(cell, column, length);
      }
    }
  }

 private:
  [[nodiscard]] std::uint8_t steepest(std::size_t cell, std::size_t column,
                                      const RowLengths& length) const {
    const double here = height_[cell];
    double best = 0.0, best_corner = 0.0;
    std::uint8_t way = drainage_undecided, corner = drainage_undecided;
    std::size_t neighbours = 0;
    shape_.around(cell, [&](std::size_t n, std::uint8_t k) {
      const double drop = here - height_[n];
      neighbours += std::isnan(drop) ? 0 : 1;
      if (!(drop > 0.0)) return;
      const double slope = drop / length(column, k);
      if (k % 2 == 0 && slope > best) {
        best = slope;
        way = k;
      } else if (k % 2 == 1 && slope > best_corner) {
        best_corner = slope;
        corner = k;
      }
    });
    if (best_corner > best) way = corner;
    if (way == drainage_undecided && neighbours < 8) return drainage_out;
    return way;
  }

  const std::vector<double>& height_;
  const GridMetric& metric_;
  std::vector<std::uint8_t>& direction_;
  GridShape shape_;
};

// Own areas of cells, 0 where there is no height.
void set_areas(const ElevationGrid& grid, int jobs, std::vector<double>& area) {
  const RasterPlace& place = grid.place;
  const CellAreas areas(place.crs, place.transform, place.columns, place.rows);
  std::vector<double> u(place.columns + 1);
  for (std::size_t c = 0; c < u.size(); ++c) u[c] = static_cast<double>(c);
  area.resize(grid.size());
  parallel_blocks(
      place.rows, rows_at_once, jobs, [&](std::size_t from, std::size_t to, std::size_t) {
        CellAreas::Basis basis;
        for (std::size_t row = from; row < to; ++row) {
          double* const out = &area[row * place.columns];
          areas.row(u, static_cast<double>(row), static_cast<double>(row + 1), basis, out);
          const double* const height = &grid.height_m[row * place.columns];
          for (std::size_t c = 0; c < place.columns; ++c) {
            if (std::isnan(height[c]))
              out[c] = 0.0;
            else if (!(out[c] > 0.0))
              throw Error("drainage.no_area",
                          "cells with heights lie where " + place.crs.label() +
                              " cannot be undone, so that they have no area",
                          place.name, "Cut the raster to where its CRS holds.");
          }
        }
      });
}

// Every cell gives its water on when all that drain into it have given theirs.
void accumulate(Drainage& drainage, const Progress& progress) {
  const GridShape shape{drainage.filled.place.columns, drainage.filled.place.rows};
  const auto& direction = drainage.direction;
  std::vector<std::uint8_t> donors(shape.size(), 0);
  for (std::size_t cell = 0; cell < shape.size(); ++cell)
    if (direction[cell] < drainage_out) ++donors[shape.step(cell, direction[cell])];
  drainage.from_edge = edge_of_data(shape, direction);
  constexpr std::uint8_t given = 255;
  for (std::size_t first = 0; first < shape.size(); ++first) {
    if (first % 1048576 == 0)
      progress.update(static_cast<double>(first) / static_cast<double>(shape.size()));
    std::size_t cell = first;
    while (direction[cell] != drainage_none && donors[cell] == 0) {
      donors[cell] = given;
      if (direction[cell] >= drainage_out) break;
      const std::size_t to = shape.step(cell, direction[cell]);
      drainage.upstream_m2[to] += drainage.upstream_m2[cell];
      if (drainage.from_edge[cell]) drainage.from_edge[to] = true;
      --donors[to];
      cell = to;
    }
  }
}

// NoData that nothing joins to the edge: water ends there, which is seldom meant.
std::size_t cells_in_holes(const GridShape& shape, const std::vector<std::uint8_t>& direction) {
  std::vector<bool> outer;
  std::vector<std::size_t> stack;
  std::size_t inner = 0;
  for (std::size_t cell = 0; cell < shape.size(); ++cell) {
    if (direction[cell] != drainage_none) continue;
    ++inner;
    if (outer.empty()) outer.assign(shape.size(), false);
    if (!shape.on_edge(cell) || outer[cell]) continue;
    outer[cell] = true;
    stack.push_back(cell);
    while (!stack.empty()) {
      const std::size_t at = stack.back();
      stack.pop_back();
      shape.around(at, [&](std::size_t n, std::uint8_t) {
        if (direction[n] != drainage_none || outer[n]) return;
        outer[n] = true;
        stack.push_back(n);
      });
    }
  }
  return inner - static_cast<std::size_t>(std::count(outer.begin(), outer.end(), true));
}

void tell(const FilledHollows& hollows, double most_fill_m, Drainage& drainage) {
  const std::string& where = drainage.filled.place.name;
  if (!hollows.raised.empty())
    drainage.findings.add("drainage.filled", Severity::note, where,
                          "cells in hollows were filled so that water leaves them, " +
                              number_text(std::round(drainage.filled_m3)) + " m3 in all",
                          hollows.raised.size());
  if (!hollows.sinks.empty())
    drainage.findings.add(
        "drainage.sinks", Severity::warning, where,
        "hollows are deeper than " + number_text(most_fill_m) + " m: water ends in them",
        hollows.sinks.size());
  const std::size_t holes = cells_in_holes(
      {drainage.filled.place.columns, drainage.filled.place.rows}, drainage.direction);
  if (holes > 0)
    drainage.findings.add("drainage.holes", Severity::warning, where,
                          "cells without a height lie within the heights: water ends in them",
                          holes);
}

}  // namespace

ElevationGrid read_elevation(const RasterSource& raster, const Progress& progress) {
  ElevationGrid grid;
  grid.place = raster.place();
  const RasterPlace& place = grid.place;
  check_size(place);
  grid.height_m.resize(place.columns * place.rows);
  const std::unique_ptr<RasterReader> reader = raster.reader();
  const std::size_t block = std::max<std::size_t>(1, place.block_rows);
  // Whole blocks, of about a million cells.
  const std::size_t at_once =
      std::max<std::size_t>(1, (std::size_t{1} << 20) / place.columns / block) * block;
  bool any = false;
  for (std::size_t row = 0; row < place.rows; row += at_once) {
    progress.update(static_cast<double>(row) / static_cast<double>(place.rows));
    RasterWindow window;
    window.row = row;
    window.columns = place.columns;
    window.rows = std::min(at_once, place.rows - row);
    double* const into = &grid.height_m[row * place.columns];
    reader->read(window, into);
    to_metres(place, into, window.size());
    any = any || std::any_of(into, into + window.size(), [](double z) { return !std::isnan(z); });
  }
  if (!any)
    throw Error("raster.all_nodata", "no cell has a value", place.name,
                "Take a raster with data in it.");
  return grid;
}

Drainage drain(ElevationGrid grid, const DrainageOptions& options, const Progress& progress) {
  check_size(grid.place);
  Drainage drainage;
  drainage.filled = std::move(grid);
  ElevationGrid& filled = drainage.filled;
  drainage.direction.resize(filled.size());
  for (std::size_t i = 0; i < filled.size(); ++i)
    drainage.direction[i] = std::isnan(filled.height_m[i]) ? drainage_none : drainage_undecided;
  const FilledHollows hollows =
      fill_hollows(filled, options.most_fill_m, drainage.direction, progress.part(0.0, 0.5));
  const GridMetric metric(filled.place);
  Descent descent(filled, metric, drainage.direction);
  parallel_blocks(
      filled.place.rows, rows_at_once, options.jobs,
      [&](std::size_t from, std::size_t to, std::size_t) { descent.rows(from, to); },
      progress.part(0.5, 0.65));
  for (const std::uint32_t sink : hollows.sinks) drainage.direction[sink] = drainage_out;
  resolve_flats(filled, drainage.direction, progress.part(0.65, 0.75));
  set_areas(filled, options.jobs, drainage.upstream_m2);
  Sum volume;
  for (const RaisedCell& cell : hollows.raised)
    volume += (filled.height_m[cell.cell] - cell.height_m) * drainage.upstream_m2[cell.cell];
  drainage.filled_m3 = volume.value();
  drainage.filled_cells = hollows.raised.size();
  drainage.sinks = hollows.sinks.size();
  accumulate(drainage, progress.part(0.8, 1.0));
  tell(hollows, options.most_fill_m, drainage);
  return drainage;
}

std::vector<double> slope_deg(const ElevationGrid& grid, int jobs, const Progress& progress) {
  const std::size_t columns = grid.place.columns, rows = grid.place.rows;
  std::vector<double> slope(grid.size(), kNan);
  if (columns < 3 || rows < 3) return slope;
  const GridMetric metric(grid.place);
  parallel_blocks(
      rows, rows_at_once, jobs,
      [&](std::size_t from, std::size_t to, std::size_t) {
        std::vector<CellMetric> ground;
        for (std::size_t row = std::max<std::size_t>(from, 1); row < std::min(to, rows - 1);
             ++row) {
          metric.row(static_cast<double>(row) + 0.5, ground);
          const double* const b = &grid.height_m[row * columns];
          const double *const a = b - columns, *const c = b + columns;
          for (std::size_t i = 1; i + 1 < columns; ++i) {
            const double zu =
                ((a[i + 1] + 2.0 * b[i + 1] + c[i + 1]) - (a[i - 1] + 2.0 * b[i - 1] + c[i - 1])) /
                8.0;
            const double zv =
                ((c[i - 1] + 2.0 * c[i] + c[i + 1]) - (a[i - 1] + 2.0 * a[i] + a[i + 1])) / 8.0;
            const CellMetric& m = ground[metric.along_rows() ? 0 : i];
            const double steep2 =
                (m.g * zu * zu - 2.0 * m.f * zu * zv + m.e * zv * zv) / (m.e * m.g - m.f * m.f);
            // A cell without a height of its own has no slope, whatever is about it.
            slope[row * columns + i] =
                std::isnan(b[i]) ? kNan : std::atan(std::sqrt(steep2)) * 180.0 / std::numbers::pi;
          }
        }
      },
      progress);
  return slope;
}

}  // namespace lode
