#include "libgeo/environment/grid_cells.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "libgeo/geometry/cell_coverage.h"

namespace lode {

namespace {

void add_cell(Point at, const RasterPlace& place, GridCells& out) {
  // Places on the last edges belong to the last cells.
  const auto columns = static_cast<double>(place.columns), rows = static_cast<double>(place.rows);
  if (!(at.x >= 0.0 && at.y >= 0.0 && at.x <= columns && at.y <= rows)) {
    out.whole = false;
    return;
  }
  const std::size_t c = std::min(static_cast<std::size_t>(at.x), place.columns - 1);
  const std::size_t r = std::min(static_cast<std::size_t>(at.y), place.rows - 1);
  out.cells.push_back({r * place.columns + c, 1.0});
}

// Cut where it leaves columns and rows, each piece lies in one cell: that of its middle.
void add_line(Point a, Point b, const RasterPlace& place, GridCells& out) {
  std::vector<double> cuts{0.0, 1.0};
  const auto cut = [&](double from, double to, std::size_t count) {
    if (from == to) return;
    const double low = std::max(std::min(from, to), 0.0);
    const double high = std::min(std::max(from, to), static_cast<double>(count));
    for (double k = std::ceil(low); k <= high; k += 1.0) cuts.push_back((k - from) / (to - from));
  };
  cut(a.x, b.x, place.columns);
  cut(a.y, b.y, place.rows);
  std::sort(cuts.begin(), cuts.end());
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    if (cuts[i] == cuts[i + 1] && cuts.size() > 2) continue;
    const double t = (cuts[i] + cuts[i + 1]) / 2.0;
    add_cell({a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}, place, out);
  }
}

void add_polygons(const Geometry& geometry, const RasterPlace& place, GridCells& out) {
  const CellCoverage coverage(geometry, place.transform);
  const Box& box = coverage.bounds();
  if (box.empty()) return;
  const auto columns = static_cast<double>(place.columns), rows = static_cast<double>(place.rows);
  if (box.min_x < -1e-9 || box.min_y < -1e-9 || box.max_x > columns + 1e-9 ||
      box.max_y > rows + 1e-9)
    out.whole = false;
  const double left = std::max(0.0, std::floor(box.min_x));
  const double right = std::min(columns, std::ceil(box.max_x));
  const double top = std::max(0.0, std::floor(box.min_y));
  const double bottom = std::min(rows, std::ceil(box.max_y));
  if (!(left < right && top < bottom)) return;
  std::vector<double> u, v, share;
  for (double c = left; c <= right; c += 1.0) u.push_back(c);
  // In strips, so that a large polygon takes no memory for cells that it does not cover.
  const double at_once = std::max(1.0, std::floor(1e6 / (right - left)));
  for (double from = top; from < bottom; from += at_once) {
    v.clear();
    for (double r = from; r <= std::min(bottom, from + at_once); r += 1.0) v.push_back(r);
    coverage.shares(u, v, share);
    const std::size_t wide = u.size() - 1;
    for (std::size_t i = 0; i < share.size(); ++i)
      if (share[i] > 0.0)
        out.cells.push_back({(static_cast<std::size_t>(from) + i / wide) * place.columns +
                                 static_cast<std::size_t>(left) + i % wide,
                             share[i]});
  }
}

// The outline of cells, walked with them to the right.
class Outline {
 public:
  Outline(const std::vector<std::uint32_t>& cells, const RasterPlace& place) : place_(place) {
    std::size_t right = 0, bottom = 0;
    column_ = row_ = static_cast<std::size_t>(-1);
    for (const std::uint32_t cell : cells) {
      const std::size_t r = cell / place.columns, c = cell % place.columns;
      column_ = std::min(column_, c);
      row_ = std::min(row_, r);
      right = std::max(right, c);
      bottom = std::max(bottom, r);
    }
    wide_ = right - column_ + 3;  // with a cell of nothing about it
    part_.assign(wide_ * (bottom - row_ + 3), 0);
    for (const std::uint32_t cell : cells)
      part_[(cell / place.columns - row_ + 1) * wide_ + cell % place.columns - column_ + 1] =
          unknown;
  }

  Geometry polygons() {
    label();
    walked_.assign(part_.size(), 0);
    out_.kind = GeometryKind::polygon;
    out_.polygons.resize(parts_);
    for (std::size_t cell = 0; cell < part_.size(); ++cell)
      for (std::uint8_t side = 0; side < 4; ++side)
        if (is_border(cell, side) && (walked_[cell] & (1U << side)) == 0) walk(cell, side);
    return std::move(out_);
  }

 private:
  static constexpr std::uint32_t unknown = 0xffffffffU;

  // Sides: 0 the upper one walked to the right, 1 the right one down, 2 the lower one to the left,
  // 3 the left one up.
  [[nodiscard]] std::size_t ahead(std::size_t cell, unsigned side) const {
    switch (side % 4) {
      case 0:
        return cell + 1;
      case 1:
        return cell + wide_;
      case 2:
        return cell - 1;
      default:
        return cell - wide_;
    }
  }
  [[nodiscard]] bool is_border(std::size_t cell, std::uint8_t side) const {
    return part_[cell] != 0 && part_[ahead(cell, side + 3U)] == 0;
  }
  [[nodiscard]] std::size_t start_of(std::size_t cell, unsigned side) const {
    const std::array<std::size_t, 4> corner{0, 1, wide_ + 1, wide_};
    return cell + corner[side];
  }

  // Parts of cells joined across edges, numbered from 1.
  void label() {
    std::vector<std::size_t> stack;
    for (std::size_t first = 0; first < part_.size(); ++first) {
      if (part_[first] != unknown) continue;
      ++parts_;
      part_[first] = parts_;
      stack.push_back(first);
      while (!stack.empty()) {
        const std::size_t cell = stack.back();
        stack.pop_back();
        for (unsigned side = 0; side < 4; ++side) {
          const std::size_t n = ahead(cell, side);
          if (part_[n] != unknown) continue;
          part_[n] = parts_;
          stack.push_back(n);
        }
      }
    }
  }

  void walk(std::size_t cell, std::uint8_t side) {
    std::vector<std::size_t> corners;
    const std::uint32_t part = part_[cell];
    unsigned before = 4;
    while ((walked_[cell] & (1U << side)) == 0) {
      walked_[cell] = static_cast<std::uint8_t>(walked_[cell] | (1U << side));
      if (side != before) corners.push_back(start_of(cell, side));
      before = side;
      const std::size_t front = ahead(cell, side);
      if (part_[front] == 0) {
        side = static_cast<std::uint8_t>((side + 1) % 4);
        continue;
      }
      const std::size_t beside = ahead(front, side + 3U);
      if (part_[beside] == 0) {
        cell = front;
      } else {
        cell = beside;
        side = static_cast<std::uint8_t>((side + 3) % 4);
      }
    }
    split(corners, part);
  }

  // Where cells meet at a corner alone the walk comes by twice: each loop is a ring of its own.
  void split(const std::vector<std::size_t>& corners, std::uint32_t part) {
    std::vector<std::size_t> open;
    std::unordered_map<std::size_t, std::size_t> at;
    for (const std::size_t corner : corners) {
      const auto it = at.find(corner);
      if (it != at.end()) {
        add_ring({open.begin() + static_cast<std::ptrdiff_t>(it->second), open.end()}, part);
        const std::size_t keep = it->second;
        for (std::size_t i = keep; i < open.size(); ++i) at.erase(open[i]);
        open.resize(keep);
      }
      at[corner] = open.size();
      open.push_back(corner);
    }
    add_ring(open, part);
  }

  void add_ring(const std::vector<std::size_t>& corners, std::uint32_t part) {
    if (corners.size() < 4) return;
    double twice = 0.0;
    Path ring;
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const auto column = [&](std::size_t k) { return static_cast<double>(corners[k] % wide_); };
      const auto row = [&](std::size_t k) { return static_cast<double>(corners[k] / wide_); };
      const std::size_t j = (i + 1) % corners.size();
      twice += column(i) * row(j) - column(j) * row(i);
      ring.push_back(from_cells(column(i) + static_cast<double>(column_) - 1.0,
                                row(i) + static_cast<double>(row_) - 1.0, place_));
    }
    ring.push_back(ring.front());
    const auto& t = place_.transform;
    if (t[1] * t[5] - t[2] * t[4] < 0.0) std::reverse(ring.begin(), ring.end());
    Polygon& polygon = out_.polygons[part - 1];
    if (twice > 0.0)
      polygon.shell = std::move(ring);
    else
      polygon.holes.push_back(std::move(ring));
  }

  const RasterPlace& place_;
  std::size_t column_ = 0, row_ = 0, wide_ = 0;
  std::vector<std::uint32_t> part_;
  std::uint32_t parts_ = 0;
  std::vector<std::uint8_t> walked_;
  Geometry out_;
};

}  // namespace

Point to_cells(Point place, const RasterPlace& raster) {
  const auto& t = raster.transform;
  const double det = t[1] * t[5] - t[2] * t[4], x = place.x - t[0], y = place.y - t[3];
  return {(x * t[5] - y * t[2]) / det, (y * t[1] - x * t[4]) / det};
}

Point from_cells(double u, double v, const RasterPlace& raster) {
  const auto& t = raster.transform;
  return {t[0] + u * t[1] + v * t[2], t[3] + u * t[4] + v * t[5]};
}

GridCells cells_of(const Geometry& geometry, const RasterPlace& place) {
  GridCells out;
  for (const Point& p : geometry.points) add_cell(to_cells(p, place), place, out);
  for (const Path& line : geometry.lines)
    for (std::size_t i = 0; i + 1 < line.size(); ++i)
      add_line(to_cells(line[i], place), to_cells(line[i + 1], place), place, out);
  if (!geometry.polygons.empty()) add_polygons(geometry, place, out);
  std::sort(out.cells.begin(), out.cells.end(),
            [](const CellShare& a, const CellShare& b) { return a.cell < b.cell; });
  const auto same = [](const CellShare& a, const CellShare& b) { return a.cell == b.cell; };
  out.cells.erase(std::unique(out.cells.begin(), out.cells.end(), same), out.cells.end());
  return out;
}

Geometry outline_of_cells(const std::vector<std::uint32_t>& cells, const RasterPlace& place) {
  if (cells.empty()) return {};
  return Outline(cells, place).polygons();
}

}  // namespace lode
