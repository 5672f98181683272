#include "libgeo/deposit/surface_join.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode::surface_parts {

namespace {

// Edges nearer than this share of a cell are one edge.
constexpr double same_edge = 1e-6;

std::string size_text(const RasterPlace& p) {
  const auto& t = p.transform;
  return std::to_string(p.columns) + " x " + std::to_string(p.rows) + " cells of " +
         number_text(std::hypot(t[1], t[4])) + " x " + number_text(std::hypot(t[2], t[5])) +
         " from " + number_text(t[0]) + ", " + number_text(t[3]) +
         (t[5] > 0.0 ? " (south up)" : "");
}

double turn_deg(const RasterPlace& p) {
  return std::atan2(p.transform[4], p.transform[1]) * 180.0 / 3.141592653589793;
}

}  // namespace

GridJoin::GridJoin(const RasterPlace& top, const RasterPlace& base, Resample resample)
    : resample_(resample), base_columns_(base.columns), base_rows_(base.rows) {
  const auto &t = top.transform, &b = base.transform;
  const double det = b[1] * b[5] - b[2] * b[4];
  const auto undo = [&](double dx, double dy) {
    return std::array<double, 2>{(dx * b[5] - dy * b[2]) / det, (dy * b[1] - dx * b[4]) / det};
  };
  offset_ = undo(t[0] - b[0], t[3] - b[3]);
  const auto along_u = undo(t[1], t[4]), along_v = undo(t[2], t[5]);
  matrix_ = {along_u[0], along_v[0], along_u[1], along_v[1]};
  const auto columns = static_cast<double>(top.columns), rows = static_cast<double>(top.rows);
  const bool turned =
      std::abs(matrix_[1]) * rows > same_edge || std::abs(matrix_[2]) * columns > same_edge;
  const bool alike = !turned && top.columns == base.columns && top.rows == base.rows &&
                     std::abs(offset_[0]) < same_edge && std::abs(offset_[1]) < same_edge &&
                     std::abs(matrix_[0] - 1.0) * columns < same_edge &&
                     std::abs(matrix_[3] - 1.0) * rows < same_edge;
  if (alike) {
    kind_ = Kind::same;
  } else if (resample != Resample::none) {
    kind_ = Kind::sampled;
  } else if (!turned) {
    kind_ = Kind::parallel;
  } else {
    throw Error("surface.turned",
                "the grids are turned against one another: TOP's rows run at " +
                    number_text(std::round(turn_deg(top) * 1e6) / 1e6) + " degrees, BASE's at " +
                    number_text(std::round(turn_deg(base) * 1e6) / 1e6) + " (" + size_text(top) +
                    "; " + size_text(base) + ")",
                base.name,
                "Say how BASE is to be brought to TOP's cells: --resample bilinear or nearest.");
  }
}

GridJoin::Breaks GridJoin::breaks(std::size_t from, std::size_t count, double offset, double scale,
                                  std::size_t base_cells) {
  const auto start = static_cast<double>(from), end = static_cast<double>(from + count);
  const auto cells = static_cast<double>(base_cells);
  std::vector<double> at;
  for (std::size_t i = 0; i <= count; ++i) at.push_back(static_cast<double>(from + i));
  const double a = offset + scale * start, b = offset + scale * end;
  const double low = std::clamp(std::ceil(std::min(a, b) - same_edge), 0.0, cells);
  const double high = std::clamp(std::floor(std::max(a, b) + same_edge), 0.0, cells);
  // More edges of BASE than a window may hold: the caller splits it before it looks at them.
  for (double k = low; k <= high && high - low < 5e7; k += 1.0) {
    double u = (k - offset) / scale;
    if (std::abs(u - std::round(u)) < same_edge) u = std::round(u);
    if (u > start && u < end) at.push_back(u);
  }
  std::sort(at.begin(), at.end());
  at.erase(std::unique(at.begin(), at.end()), at.end());
  Breaks list;
  std::size_t first = JoinedWindow::none, last = 0;
  for (std::size_t i = 0; i + 1 < at.size(); ++i) {
    const double middle = (at[i] + at[i + 1]) / 2.0;
    const double in_base = offset + scale * middle;
    list.top.push_back(static_cast<std::size_t>(middle) - from);
    const bool beyond = !(in_base >= 0.0 && in_base < cells);
    const auto cell = beyond ? JoinedWindow::none : static_cast<std::size_t>(in_base);
    list.base.push_back(cell);
    if (beyond) continue;
    first = std::min(first, cell);
    last = std::max(last, cell);
  }
  list.at = std::move(at);
  if (first == JoinedWindow::none) return list;
  list.first = first;
  list.count = last - first + 1;
  for (std::size_t& cell : list.base)
    if (cell != JoinedWindow::none) cell -= first;
  return list;
}

JoinedWindow GridJoin::cut(const RasterWindow& top) const {
  JoinedWindow joined;
  Breaks u = breaks(top.column, top.columns, offset_[0], matrix_[0], base_columns_);
  Breaks v = breaks(top.row, top.rows, offset_[1], matrix_[3], base_rows_);
  joined.u = std::move(u.at);
  joined.v = std::move(v.at);
  joined.top_column = std::move(u.top);
  joined.top_row = std::move(v.top);
  joined.base_column = std::move(u.base);
  joined.base_row = std::move(v.base);
  if (u.count > 0 && v.count > 0) {
    joined.base = {u.first, v.first, u.count, v.count};
  } else {
    std::fill(joined.base_row.begin(), joined.base_row.end(), JoinedWindow::none);
  }
  return joined;
}

RasterWindow GridJoin::base_window(const RasterWindow& top) const {
  if (kind_ == Kind::same) return top;
  double low_u = 1e300, high_u = -1e300, low_v = 1e300, high_v = -1e300;
  for (const std::size_t c : {top.column, top.column + top.columns})
    for (const std::size_t r : {top.row, top.row + top.rows}) {
      const auto column = static_cast<double>(c), row = static_cast<double>(r);
      const double u = offset_[0] + matrix_[0] * column + matrix_[1] * row;
      const double v = offset_[1] + matrix_[2] * column + matrix_[3] * row;
      low_u = std::min(low_u, u);
      high_u = std::max(high_u, u);
      low_v = std::min(low_v, v);
      high_v = std::max(high_v, v);
    }
  const auto clip = [](double value, std::size_t most) {
    return static_cast<std::size_t>(std::clamp(value, 0.0, static_cast<double>(most)));
  };
  RasterWindow window;
  window.column = clip(std::floor(low_u) - 1.0, base_columns_);
  window.row = clip(std::floor(low_v) - 1.0, base_rows_);
  window.columns = clip(std::ceil(high_u) + 1.0, base_columns_) - window.column;
  window.rows = clip(std::ceil(high_v) + 1.0, base_rows_) - window.row;
  if (window.columns == 0 || window.rows == 0) return {};
  return window;
}

void GridJoin::sample(const RasterWindow& top, const RasterWindow& base,
                      const std::vector<double>& base_m, std::vector<double>& to) const {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  to.assign(top.size(), nan);
  if (base.size() == 0) return;
  const auto at = [&](double column, double row) {
    if (!(column >= 0.0 && row >= 0.0 && column < static_cast<double>(base_columns_) &&
          row < static_cast<double>(base_rows_)))
      return nan;
    return base_m[(static_cast<std::size_t>(row) - base.row) * base.columns +
                  (static_cast<std::size_t>(column) - base.column)];
  };
  for (std::size_t r = 0; r < top.rows; ++r)
    for (std::size_t c = 0; c < top.columns; ++c) {
      const double column = static_cast<double>(top.column + c) + 0.5;
      const double row = static_cast<double>(top.row + r) + 0.5;
      const double u = offset_[0] + matrix_[0] * column + matrix_[1] * row;
      const double v = offset_[1] + matrix_[2] * column + matrix_[3] * row;
      double& height = to[r * top.columns + c];
      if (resample_ == Resample::nearest) {
        height = at(std::floor(u), std::floor(v));
        continue;
      }
      const double left = std::floor(u - 0.5), upper = std::floor(v - 0.5);
      const double p = u - 0.5 - left, q = v - 0.5 - upper;
      height = 0.0;
      // Corners of no weight need no height.
      for (const double i : {0.0, 1.0})
        for (const double j : {0.0, 1.0}) {
          const double weight = (i == 0.0 ? 1.0 - p : p) * (j == 0.0 ? 1.0 - q : q);
          if (weight > 0.0) height += weight * at(left + i, upper + j);
        }
    }
}

void GridJoin::describe(const RasterPlace& top, const RasterPlace& base,
                        SurfaceResult& result) const {
  if (kind_ == Kind::same) return;
  const std::string how = "TOP has " + size_text(top) + ", BASE " + size_text(base);
  if (kind_ == Kind::parallel) {
    result.method = "prisms over the pieces into which the cells of both cut each other";
    result.findings.add("surface.grids_differ", Severity::note, base.name,
                        how + ": their cells were cut at each other's edges, which is exact");
    return;
  }
  const std::string name = resample_ == Resample::nearest ? "nearest" : "bilinear";
  result.method = "prisms over TOP's cells, BASE sampled at their centres (" + name + ")";
  result.findings.add("surface.resampled", Severity::warning, base.name,
                      how + ": BASE was resampled to TOP's cells (" + name + ")");
}

}  // namespace lode::surface_parts
