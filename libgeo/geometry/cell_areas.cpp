#include "libgeo/geometry/cell_areas.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/geometry/cut_fill.h"
#include "libgeo/geometry/earth.h"

namespace lode {

namespace {

constexpr double degree = std::numbers::pi / 180.0;
constexpr double kept = 1e-10;         // relative error that a patch is refined to
constexpr double step_m = 2000.0;      // of the differences: rounding 1e-12, truncation 1e-14
constexpr std::size_t most_side = 33;  // polynomials along an axis

struct Gauss {
  std::vector<double> at, weight;  // on -1 to 1, weights adding up to 1
};

// Nodes of Gauss-Legendre quadrature by Newton's method from Tricomi's guesses.
Gauss gauss(std::size_t n) {
  Gauss g;
  for (std::size_t i = 0; i < n; ++i) {
    const auto order = static_cast<double>(n);
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (order + 0.5));
    double slope = 1.0;
    for (int turn = 0; turn < 50; ++turn) {
      double before = 0.0, value = 1.0;
      for (std::size_t k = 0; k < n; ++k) {
        const auto j = static_cast<double>(k);
        const double next = ((2.0 * j + 1.0) * x * value - j * before) / (j + 1.0);
        before = value;
        value = next;
      }
      slope = order * (x * value - before) / (x * x - 1.0);
      const double move = value / slope;
      x -= move;
      if (std::abs(move) < 1e-15) break;
    }
    g.at.push_back(x);
    g.weight.push_back(1.0 / ((1.0 - x * x) * slope * slope));
  }
  return g;
}

// T_0 to T_(n-1) at x.
void chebyshev(double x, std::size_t n, double* t) {
  t[0] = 1.0;
  if (n > 1) t[1] = x;
  for (std::size_t k = 2; k < n; ++k) t[k] = 2.0 * x * t[k - 1] - t[k - 2];
}

// Means of T_0 to T_(n-1) over an interval: exact, since 2 ceil(n / 2) - 1 >= n - 1.
void chebyshev_means(double x0, double x1, std::size_t n, double* mean) {
  static const std::array<Gauss, most_side + 1> rules = [] {
    std::array<Gauss, most_side + 1> list;
    for (std::size_t k = 1; k <= most_side; ++k) list[k] = gauss((k + 1) / 2);
    return list;
  }();
  const Gauss& rule = rules[n];
  std::array<double, most_side> t{};
  std::fill(mean, mean + n, 0.0);
  for (std::size_t i = 0; i < rule.at.size(); ++i) {
    chebyshev((x0 + x1) / 2.0 + rule.at[i] * (x1 - x0) / 2.0, n, t.data());
    for (std::size_t k = 0; k < n; ++k) mean[k] += rule.weight[i] * t[k];
  }
}

using Vector = std::array<double, 3>;

Vector on_ellipsoid(LonLat place, double semi_major, double e2) {
  const double lat = place.lat_deg * degree, lon = place.lon_deg * degree;
  const double s = std::sin(lat), c = std::cos(lat);
  const double n = semi_major / std::sqrt(1.0 - e2 * s * s);
  return {n * c * std::cos(lon), n * c * std::sin(lon), n * (1.0 - e2) * s};
}

// Densities of area at places in columns and rows.
std::vector<double> densities(const Crs& crs, const std::array<double, 6>& t,
                              const std::vector<Point>& cells) {
  const Earth& earth = earth_of(crs);
  const double f = crs.inverse_flattening == 0.0 ? 0.0 : 1.0 / crs.inverse_flattening;
  const double e2 = f * (2.0 - f);
  const double unit =
      crs.is_geographic() ? crs.radians_per_unit * crs.semi_major_m : crs.metres_per_unit;
  const double du = step_m / (unit * std::hypot(t[1], t[4]));
  const double dv = step_m / (unit * std::hypot(t[2], t[5]));
  Path path;
  for (const Point& cell : cells)
    for (const int along : {0, 1})
      for (const double k : {-2.0, -1.0, 1.0, 2.0}) {
        const double u = cell.x + (along == 0 ? k * du : 0.0);
        const double v = cell.y + (along == 1 ? k * dv : 0.0);
        path.push_back({t[0] + u * t[1] + v * t[2], t[3] + u * t[4] + v * t[5]});
      }
  const std::vector<LonLat> places = earth.lon_lat(path);
  std::vector<double> density;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::array<Vector, 2> slope{};
    for (std::size_t along = 0; along < 2; ++along) {
      std::array<Vector, 4> x;
      for (std::size_t k = 0; k < 4; ++k)
        x[k] = on_ellipsoid(places[8 * i + 4 * along + k], crs.semi_major_m, e2);
      const double step = 12.0 * (along == 0 ? du : dv);
      for (std::size_t c = 0; c < 3; ++c)
        slope[along][c] = (8.0 * (x[2][c] - x[1][c]) - (x[3][c] - x[0][c])) / step;
    }
    const auto& [a, b] = slope;
    density.push_back(std::hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2],
                                 a[0] * b[1] - a[1] * b[0]));
  }
  return density;
}

}  // namespace

CellAreas::CellAreas(const Crs& crs, const std::array<double, 6>& transform, std::size_t columns,
                     std::size_t rows)
    : transform_(transform) {
  const double cell = std::abs(transform[1] * transform[5] - transform[2] * transform[4]);
  planar_ = cell * crs.metres_per_unit * crs.metres_per_unit;
  if (crs.is_local()) return;
  if (crs.is_geographic()) planar_ = std::numeric_limits<double>::quiet_NaN();
  const double f = crs.inverse_flattening == 0.0 ? 0.0 : 1.0 / crs.inverse_flattening;
  e2_ = f * (2.0 - f);
  semi_major_ = crs.semi_major_m;
  radians_ = crs.radians_per_unit;
  if (crs.is_geographic() && transform[2] == 0.0 && transform[4] == 0.0) {
    form_ = Form::parallels;
    return;
  }
  form_ = Form::patches;
  side_u_ = std::max<std::size_t>(2048, (columns + 31) / 32);
  side_v_ = std::max<std::size_t>(2048, (rows + 31) / 32);
  patches_u_ = std::max<std::size_t>(1, (columns + side_u_ - 1) / side_u_);
  patches_v_ = std::max<std::size_t>(1, (rows + side_v_ - 1) / side_v_);
  for (std::size_t j = 0; j < patches_v_; ++j)
    for (std::size_t i = 0; i < patches_u_; ++i) {
      Patch patch;
      patch.u0 = static_cast<double>(i * side_u_);
      patch.v0 = static_cast<double>(j * side_v_);
      patch.u1 = static_cast<double>(std::min((i + 1) * side_u_, columns));
      patch.v1 = static_cast<double>(std::min((j + 1) * side_v_, rows));
      fit(crs, transform, patch);
      patches_.push_back(std::move(patch));
    }
}

void CellAreas::fit(const Crs& crs, const std::array<double, 6>& transform, Patch& patch) const {
  const auto place = [&](double x, double y) {
    return Point{patch.u0 + (x + 1.0) / 2.0 * (patch.u1 - patch.u0),
                 patch.v0 + (y + 1.0) / 2.0 * (patch.v1 - patch.v0)};
  };
  std::vector<Point> tests;
  for (const double y : {-0.93, -0.31, 0.38, 0.97})
    for (const double x : {-0.95, -0.42, 0.27, 0.91}) tests.push_back(place(x, y));
  try {
    const std::vector<double> wanted = densities(crs, transform, tests);
    for (std::size_t n = 3; n <= most_side; n = 2 * n - 1) {
      std::vector<double> node(n);
      for (std::size_t i = 0; i < n; ++i)
        node[i] =
            std::cos(std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(n));
      std::vector<Point> cells;
      for (const double y : node)
        for (const double x : node) cells.push_back(place(x, y));
      const std::vector<double> value = densities(crs, transform, cells);
      std::vector<double> t(n * n);
      for (std::size_t i = 0; i < n; ++i) chebyshev(node[i], n, &t[i * n]);
      patch.n = n;
      patch.coefficient.assign(n * n, 0.0);
      for (std::size_t l = 0; l < n; ++l)
        for (std::size_t k = 0; k < n; ++k) {
          double sum = 0.0;
          for (std::size_t j = 0; j < n; ++j)
            for (std::size_t i = 0; i < n; ++i)
              sum += value[j * n + i] * t[i * n + k] * t[j * n + l];
          const double scale = (k == 0 ? 1.0 : 2.0) * (l == 0 ? 1.0 : 2.0);
          patch.coefficient[l * n + k] = scale * sum / static_cast<double>(n * n);
        }
      double worst = 0.0;
      for (std::size_t i = 0; i < tests.size(); ++i) {
        std::array<double, most_side> tu{}, tv{};
        chebyshev(2.0 * (tests[i].x - patch.u0) / (patch.u1 - patch.u0) - 1.0, n, tu.data());
        chebyshev(2.0 * (tests[i].y - patch.v0) / (patch.v1 - patch.v0) - 1.0, n, tv.data());
        double sum = 0.0;
        for (std::size_t l = 0; l < n; ++l)
          for (std::size_t k = 0; k < n; ++k) sum += patch.coefficient[l * n + k] * tu[k] * tv[l];
        worst = std::max(worst, std::abs(sum / wanted[i] - 1.0));
      }
      if (worst <= kept) return;
    }
  } catch (const Error& error) {
    if (error.code != "crs.transform") throw;
  }
  patch.n = 0;
}

const CellAreas::Patch& CellAreas::patch_at(double u, double v) const {
  const auto place = [](double at, std::size_t side, std::size_t count) {
    if (!(at > 0.0)) return std::size_t{0};
    return std::min(static_cast<std::size_t>(at) / side, count - 1);
  };
  return patches_[place(v, side_v_, patches_v_) * patches_u_ + place(u, side_u_, patches_u_)];
}

bool CellAreas::known(double u, double v) const {
  return form_ != Form::patches || patch_at(u, v).n > 0;
}

void CellAreas::prepare(const std::vector<double>& u, double v, Basis& basis) const {
  basis.values.clear();
  basis.first.clear();
  basis.patch.clear();
  const std::size_t columns = u.size() - 1;
  std::array<double, most_side> mean{};
  for (std::size_t c = 0; c < columns;) {
    const Patch& patch = patch_at((u[c] + u[c + 1]) / 2.0, v);
    basis.first.push_back(c);
    basis.patch.push_back(static_cast<std::size_t>(&patch - patches_.data()));
    std::size_t end = c;
    while (end < columns && &patch_at((u[end] + u[end + 1]) / 2.0, v) == &patch) ++end;
    const std::size_t offset = basis.values.size();
    basis.values.resize(offset + patch.n * (end - c));
    for (std::size_t i = c; i < end; ++i) {
      const double scale = 2.0 / (patch.u1 - patch.u0);
      if (patch.n > 0)
        chebyshev_means((u[i] - patch.u0) * scale - 1.0, (u[i + 1] - patch.u0) * scale - 1.0,
                        patch.n, mean.data());
      for (std::size_t k = 0; k < patch.n; ++k)
        basis.values[offset + k * (end - c) + (i - c)] = mean[k] * (u[i + 1] - u[i]);
    }
    c = end;
  }
  basis.first.push_back(columns);
}

void CellAreas::row(const std::vector<double>& u, double v0, double v1, Basis& basis,
                    double* area) const {
  const std::size_t columns = u.size() - 1;
  if (form_ == Form::planar) {
    for (std::size_t c = 0; c < columns; ++c) area[c] = planar_ * (u[c + 1] - u[c]) * (v1 - v0);
    return;
  }
  if (form_ == Form::parallels) {
    static const Gauss rule = gauss(5);
    const double quarter = std::numbers::pi / 2.0;
    const auto latitude = [&](double v) {
      return std::clamp((transform_[3] + v * transform_[5]) * radians_, -quarter, quarter);
    };
    const double from = latitude(v0), to = latitude(v1);
    const double pieces = std::max(1.0, std::ceil(std::abs(to - from) / 0.02));
    double band = 0.0;  // between the parallels, a radian wide
    for (double p = 0.0; p < pieces; p += 1.0)
      for (std::size_t i = 0; i < rule.at.size(); ++i) {
        const double lat = from + (to - from) * (p + (rule.at[i] + 1.0) / 2.0) / pieces;
        const double s = std::sin(lat), w = 1.0 - e2_ * s * s;
        band += rule.weight[i] * std::cos(lat) / (w * w);
      }
    band *= semi_major_ * semi_major_ * (1.0 - e2_) * std::abs(to - from) / pieces;
    const double column = band * std::abs(transform_[1]) * radians_;
    for (std::size_t c = 0; c < columns; ++c) area[c] = column * (u[c + 1] - u[c]);
    return;
  }
  const double middle = (v0 + v1) / 2.0;
  const Patch& first = patch_at(0.0, middle);
  const auto patch_row = static_cast<std::size_t>(&first - patches_.data());
  if (basis.patch_row != patch_row) {
    prepare(u, middle, basis);
    basis.patch_row = patch_row;
  }
  std::array<double, most_side> mean{};
  const double* values = basis.values.data();
  for (std::size_t p = 0; p < basis.patch.size(); ++p) {
    const Patch& patch = patches_[basis.patch[p]];
    const std::size_t from = basis.first[p], count = basis.first[p + 1] - from;
    double* const out = area + from;
    std::fill(out, out + count, 0.0);
    if (patch.n == 0) continue;
    const double scale = 2.0 / (patch.v1 - patch.v0);
    chebyshev_means((v0 - patch.v0) * scale - 1.0, (v1 - patch.v0) * scale - 1.0, patch.n,
                    mean.data());
    for (std::size_t k = 0; k < patch.n; ++k) {
      double factor = 0.0;
      for (std::size_t l = 0; l < patch.n; ++l)
        factor += patch.coefficient[l * patch.n + k] * mean[l];
      factor *= v1 - v0;
      add_scaled(out, values, factor, count);
      values += count;
    }
  }
}

double CellAreas::density(double u, double v) const {
  if (form_ == Form::planar) return planar_;
  if (form_ == Form::parallels) {
    const double lat = (transform_[3] + v * transform_[5]) * radians_;
    const double s = std::sin(lat), w = 1.0 - e2_ * s * s;
    return semi_major_ * semi_major_ * (1.0 - e2_) * std::cos(lat) / (w * w) *
           std::abs(transform_[1] * transform_[5]) * radians_ * radians_;
  }
  const Patch& patch = patch_at(u, v);
  if (patch.n == 0) return std::numeric_limits<double>::quiet_NaN();
  std::array<double, most_side> tu{}, tv{};
  chebyshev(2.0 * (u - patch.u0) / (patch.u1 - patch.u0) - 1.0, patch.n, tu.data());
  chebyshev(2.0 * (v - patch.v0) / (patch.v1 - patch.v0) - 1.0, patch.n, tv.data());
  double sum = 0.0;
  for (std::size_t l = 0; l < patch.n; ++l) {
    double along = 0.0;
    for (std::size_t k = 0; k < patch.n; ++k) along += patch.coefficient[l * patch.n + k] * tu[k];
    sum += along * tv[l];
  }
  return sum;
}

}  // namespace lode
