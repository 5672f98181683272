#include "libgeo/environment/drainage_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/environment/drainage.h"
#include "libgeo/geometry/earth.h"

namespace lode {

namespace {

constexpr double degree = 3.141592653589793 / 180.0;
constexpr double between_nodes_m = 20000.0;
constexpr std::size_t most_between = 64;  // cells
constexpr double step_m = 1000.0;         // of the differences

using Vector = std::array<double, 3>;

Vector on_ellipsoid(LonLat place, const Crs& crs) {
  const double f = crs.inverse_flattening == 0.0 ? 0.0 : 1.0 / crs.inverse_flattening;
  const double e2 = f * (2.0 - f);
  const double lat = place.lat_deg * degree, lon = place.lon_deg * degree;
  const double s = std::sin(lat), c = std::cos(lat);
  const double n = crs.semi_major_m / std::sqrt(1.0 - e2 * s * s);
  return {n * c * std::cos(lon), n * c * std::sin(lon), n * (1.0 - e2) * s};
}

// From the four places left, right, before and behind.
CellMetric of_places(const std::array<Vector, 4>& x, double du, double dv) {
  CellMetric m;
  for (std::size_t k = 0; k < 3; ++k) {
    const double a = (x[1][k] - x[0][k]) / (2.0 * du), b = (x[3][k] - x[2][k]) / (2.0 * dv);
    m.e += a * a;
    m.f += a * b;
    m.g += b * b;
  }
  return m;
}

CellMetric mix(const CellMetric& a, const CellMetric& b, double t) {
  return {a.e + t * (b.e - a.e), a.f + t * (b.f - a.f), a.g + t * (b.g - a.g)};
}

}  // namespace

std::vector<bool> edge_of_data(const GridShape& shape, const std::vector<std::uint8_t>& direction) {
  std::vector<bool> edge(shape.size(), false);
  const auto mark = [&](std::size_t cell) {
    if (direction[cell] != drainage_none) edge[cell] = true;
  };
  for (std::size_t c = 0; c < shape.columns; ++c) {
    mark(c);
    mark(shape.size() - 1 - c);
  }
  for (std::size_t r = 0; r < shape.rows; ++r) {
    mark(r * shape.columns);
    mark((r + 1) * shape.columns - 1);
  }
  for (std::size_t cell = 0; cell < shape.size(); ++cell)
    if (direction[cell] == drainage_none)
      shape.around(cell, [&](std::size_t n, std::uint8_t) { mark(n); });
  return edge;
}

double CellMetric::length_m(double du, double dv) const {
  return std::sqrt(e * du * du + 2.0 * f * du * dv + g * dv * dv);
}

GridMetric::GridMetric(const RasterPlace& place) : place_(place) {
  const bool straight = place.transform[2] == 0.0 && place.transform[4] == 0.0;
  lattice_ = place.crs.is_projected() || (place.crs.is_geographic() && !straight);
  if (lattice_) build_lattice();
}

CellMetric GridMetric::of_row(double v) const {
  const auto& t = place_.transform;
  const Crs& crs = place_.crs;
  if (crs.is_local()) {
    const double m2 = crs.metres_per_unit * crs.metres_per_unit;
    return {(t[1] * t[1] + t[4] * t[4]) * m2, (t[1] * t[2] + t[4] * t[5]) * m2,
            (t[2] * t[2] + t[5] * t[5]) * m2};
  }
  const double flat = crs.inverse_flattening == 0.0 ? 0.0 : 1.0 / crs.inverse_flattening;
  const double e2 = flat * (2.0 - flat);
  const double lat = (t[3] + v * t[5]) * crs.radians_per_unit;
  const double s = std::sin(lat), w = std::sqrt(1.0 - e2 * s * s);
  // At the poles and beyond them the step along the parallel is nothing, but not divided by.
  const double round = std::max(std::cos(lat), 1e-9) * crs.semi_major_m / w;
  const double across = crs.semi_major_m * (1.0 - e2) / (w * w * w);
  const double du = round * t[1] * crs.radians_per_unit;
  const double dv = across * t[5] * crs.radians_per_unit;
  return {du * du, 0.0, dv * dv};
}

void GridMetric::build_lattice() {
  const auto& t = place_.transform;
  const Crs& crs = place_.crs;
  const double unit =
      crs.is_geographic() ? crs.radians_per_unit * crs.semi_major_m : crs.metres_per_unit;
  const double cell_u = unit * std::hypot(t[1], t[4]), cell_v = unit * std::hypot(t[2], t[5]);
  const auto spaced = [](std::size_t cells, double cell_m, std::size_t& nodes, double& step) {
    const auto all = static_cast<double>(cells);
    const double apart = std::clamp(between_nodes_m / cell_m, 1.0, double{most_between});
    const double pieces = std::max(1.0, std::ceil(all / apart));
    nodes = static_cast<std::size_t>(pieces) + 1;
    step = all / pieces;
  };
  spaced(place_.columns, cell_u, nodes_u_, step_u_);
  spaced(place_.rows, cell_v, nodes_v_, step_v_);
  const double du = step_m / cell_u, dv = step_m / cell_v;
  const Earth& earth = earth_of(crs);
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const auto places_of = [&](std::size_t i, std::size_t j, Path& path) {
    const double u = static_cast<double>(i) * step_u_, v = static_cast<double>(j) * step_v_;
    for (const auto& [a, b] : {Point{u - du, v}, {u + du, v}, {u, v - dv}, {u, v + dv}})
      path.push_back({t[0] + a * t[1] + b * t[2], t[3] + a * t[4] + b * t[5]});
  };
  const auto metric_of = [&](const std::vector<LonLat>& places, std::size_t first) {
    std::array<Vector, 4> x;
    for (std::size_t k = 0; k < 4; ++k) x[k] = on_ellipsoid(places[first + k], crs);
    return of_places(x, du, dv);
  };
  for (std::size_t j = 0; j < nodes_v_; ++j) {
    Path path;
    for (std::size_t i = 0; i < nodes_u_; ++i) places_of(i, j, path);
    try {
      const std::vector<LonLat> places = earth.lon_lat(path);
      for (std::size_t i = 0; i < nodes_u_; ++i) nodes_.push_back(metric_of(places, 4 * i));
      continue;
    } catch (const Error& error) {
      if (error.code != "crs.transform") throw;
    }
    // Some of the row lies where the projection cannot be undone.
    for (std::size_t i = 0; i < nodes_u_; ++i) try {
        Path one;
        places_of(i, j, one);
        nodes_.push_back(metric_of(earth.lon_lat(one), 0));
      } catch (const Error& error) {
        if (error.code != "crs.transform") throw;
        nodes_.push_back({kNan, kNan, kNan});
      }
  }
}

void GridMetric::row(double v, std::vector<CellMetric>& out) const {
  if (!lattice_) {
    out.assign(1, of_row(v));
    return;
  }
  const double at = std::clamp(v / step_v_, 0.0, static_cast<double>(nodes_v_ - 1));
  const std::size_t j = std::min(static_cast<std::size_t>(at), nodes_v_ - 2);
  const double t = at - static_cast<double>(j);
  out.resize(place_.columns);
  std::size_t c = 0;
  for (std::size_t i = 0; i + 1 < nodes_u_; ++i) {
    const CellMetric left = mix(node(i, j), node(i, j + 1), t);
    const CellMetric right = mix(node(i + 1, j), node(i + 1, j + 1), t);
    const double from = static_cast<double>(i) * step_u_;
    const bool last = i + 2 == nodes_u_;
    for (; c < place_.columns; ++c) {
      const double along = (static_cast<double>(c) + 0.5 - from) / step_u_;
      if (along >= 1.0 && !last) break;
      out[c] = mix(left, right, along);
    }
  }
}

CellMetric GridMetric::at(double u, double v) const {
  if (!lattice_) return of_row(v);
  const auto place = [](double x, double step, std::size_t nodes, std::size_t& first) {
    const double at = std::clamp(x / step, 0.0, static_cast<double>(nodes - 1));
    first = std::min(static_cast<std::size_t>(at), nodes - 2);
    return at - static_cast<double>(first);
  };
  std::size_t i = 0, j = 0;
  const double a = place(u, step_u_, nodes_u_, i), b = place(v, step_v_, nodes_v_, j);
  return mix(mix(node(i, j), node(i, j + 1), b), mix(node(i + 1, j), node(i + 1, j + 1), b), a);
}

RowLengths::RowLengths(const GridMetric& metric, std::size_t row)
    : stride_(metric.along_rows() ? 0 : 1) {
  const auto v = static_cast<double>(row);
  std::vector<CellMetric> above, here, below;
  metric.row(v, above);
  metric.row(v + 0.5, here);
  metric.row(v + 1.0, below);
  for (std::size_t k = 0; k < 8; ++k) {
    const GridStep& step = grid_steps[k];
    const std::vector<CellMetric>& m = step.row == 0 ? here : step.row > 0 ? below : above;
    length_[k].resize(m.size());
    for (std::size_t i = 0; i < m.size(); ++i) length_[k][i] = m[i].length_m(step.column, step.row);
  }
}

}  // namespace lode
