#include "libgeo/geometry/cell_coverage.h"

#include <algorithm>
#include <cmath>

namespace lode {

namespace {

// Rounding alone leaves less than this share of a cell.
constexpr double rounding = 1e-11;

// What the edges leave in a window: area to the right within the cell, and height passed on.
struct Window {
  const std::vector<double>&u, &v;
  std::vector<double>&area, &height;  // (columns + 1) a row: the last one takes what lies beyond
  std::size_t columns = 0;

  // A part of an edge within one row of cells.
  void add_in_row(std::size_t row, double au, double av, double bu, double bv) {
    const double dv = bv - av;
    if (dv == 0.0) return;
    double* const in_area = &area[row * columns];
    double* const in_height = &height[row * (columns + 1)];
    double low = std::min(au, bu), high = std::max(au, bu);
    if (low >= u.back()) return;
    if (high <= u.front()) {
      in_height[0] += dv;
      return;
    }
    const double slope = high > low ? dv / (high - low) : 0.0;
    if (low < u.front()) {
      in_height[0] += slope * (u.front() - low);
      low = u.front();
    }
    high = std::min(high, u.back());
    auto c = static_cast<std::size_t>(std::upper_bound(u.begin(), u.end(), low) - u.begin());
    c = std::min(c == 0 ? 0 : c - 1, columns - 1);
    if (au == bu) {
      in_area[c] += dv * (u[c + 1] - low);
      in_height[c + 1] += dv;
      return;
    }
    for (; c < columns && low < high; ++c) {
      const double end = std::min(high, u[c + 1]);
      const double part = slope * (end - low);
      in_area[c] += part * (u[c + 1] - (low + end) / 2.0);
      in_height[c + 1] += part;
      low = end;
    }
  }

  void add(double au, double av, double bu, double bv) {
    const double top = std::min(av, bv), foot = std::max(av, bv);
    auto row = static_cast<std::size_t>(std::upper_bound(v.begin(), v.end(), top) - v.begin());
    row = row == 0 ? 0 : row - 1;
    const auto at = [&](double level) {
      if (level == av) return au;
      if (level == bv) return bu;
      return au + (bu - au) * ((level - av) / (bv - av));
    };
    for (; row + 1 < v.size() && v[row] < foot; ++row) {
      const double from = std::max(top, v[row]), to = std::min(foot, v[row + 1]);
      if (!(from < to)) continue;
      if (av < bv)
        add_in_row(row, at(from), from, at(to), to);
      else
        add_in_row(row, at(to), to, at(from), from);
    }
  }
};

}  // namespace

CellCoverage::CellCoverage(const Geometry& polygons, const std::array<double, 6>& t) {
  const double det = t[1] * t[5] - t[2] * t[4];
  const auto add_ring = [&](const Path& ring, bool shell) {
    Path turned;
    for (const Point& p : ring) {
      const double dx = p.x - t[0], dy = p.y - t[3];
      turned.push_back({(dx * t[5] - dy * t[2]) / det, (dy * t[1] - dx * t[4]) / det});
      bounds_.add(turned.back());
    }
    double twice = 0.0;
    for (std::size_t i = 0; i + 1 < turned.size(); ++i)
      twice += (turned[i].x - turned[0].x) * (turned[i + 1].y - turned[0].y) -
               (turned[i].y - turned[0].y) * (turned[i + 1].x - turned[0].x);
    // What lies right of an edge counts with the sign of its height: shells run clockwise here.
    const bool reversed = (twice > 0.0) == shell;
    for (std::size_t i = 0; i + 1 < turned.size(); ++i) {
      const Point &a = turned[reversed ? i + 1 : i], &b = turned[reversed ? i : i + 1];
      if (a.y != b.y) edges_.push_back({a.x, a.y, b.x, b.y});
    }
  };
  for (const Polygon& polygon : polygons.polygons) {
    add_ring(polygon.shell, true);
    for (const Path& hole : polygon.holes) add_ring(hole, false);
  }
  if (edges_.empty()) return;
  bins_.fill(
      edges_.size(), bounds_.min_y, bounds_.max_y, 16,
      [&](std::size_t e) { return std::min(edges_[e].av, edges_[e].bv); },
      [&](std::size_t e) { return std::max(edges_[e].av, edges_[e].bv); });
}

void CellCoverage::shares(const std::vector<double>& u, const std::vector<double>& v,
                          std::vector<double>& share) const {
  const std::size_t columns = u.size() - 1, rows = v.size() - 1;
  share.assign(columns * rows, 0.0);
  if (edges_.empty() || v.back() <= bounds_.min_y || v.front() >= bounds_.max_y) return;
  thread_local std::vector<double> height;
  height.assign((columns + 1) * rows, 0.0);
  Window window{u, v, share, height, columns};
  const auto first = bins_.of(v.front());
  const auto last = bins_.of(v.back());
  if (first == 0 && last + 1 == bins_.count()) {
    for (const Edge& e : edges_) window.add(e.au, e.av, e.bu, e.bv);
  } else {
    thread_local std::vector<std::uint32_t> near;
    near.clear();
    for (auto b = first; b <= last; ++b)
      near.insert(near.end(), bins_.list.begin() + bins_.start[b],
                  bins_.list.begin() + bins_.start[b + 1]);
    if (last > first) {
      std::sort(near.begin(), near.end());
      near.erase(std::unique(near.begin(), near.end()), near.end());
    }
    for (const std::uint32_t n : near) {
      const Edge& e = edges_[n];
      window.add(e.au, e.av, e.bu, e.bv);
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    const double row_height = v[r + 1] - v[r];
    double passed = 0.0, whole = 0.0;  // whole: of a cell that no edge runs through
    for (std::size_t c = 0; c < columns; ++c) {
      const double more = height[r * (columns + 1) + c];
      if (more != 0.0) {
        passed += more;
        whole = passed / row_height;
      }
      double& s = share[r * columns + c];
      s = s == 0.0 ? whole : (s / (u[c + 1] - u[c]) + passed) / row_height;
      s = s < rounding ? 0.0 : s > 1.0 - rounding ? 1.0 : s;
    }
  }
}

}  // namespace lode
