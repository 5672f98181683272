#include "libgeo/geometry/box_share.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

// Rounding alone leaves less than this share of a block.
constexpr double rounding = 1e-11;
// More than this over a whole block is no rounding: part of it is inside twice.
constexpr double excess = 1e-6;

using Vertex = std::array<double, 3>;

// A convex polygon of at most 3 + 6 corners: a triangle cut by four sides and two levels.
struct Piece {
  std::array<Vertex, 12> at;
  std::size_t n = 0;
  void add(const Vertex& v) { at[n++] = v; }
};

// Where an edge meets a plane; the same bits from either end, so that neighbours keep fitting.
Vertex meet(const Vertex& p, const Vertex& q, std::size_t axis, double bound) {
  const bool in_order = p < q;
  const Vertex &a = in_order ? p : q, &b = in_order ? q : p;
  const double t = (bound - a[axis]) / (b[axis] - a[axis]);
  Vertex v;
  for (std::size_t c = 0; c < 3; ++c) v[c] = a[c] + t * (b[c] - a[c]);
  v[axis] = bound;
  return v;
}

// The part of a piece on one side of a plane.
void cut(const Piece& from, std::size_t axis, double bound, bool upper, Piece& to) {
  to.n = 0;
  for (std::size_t i = 0; i < from.n; ++i) {
    const Vertex &a = from.at[i], &b = from.at[i + 1 == from.n ? 0 : i + 1];
    const bool keep_a = upper ? a[axis] >= bound : a[axis] <= bound;
    const bool keep_b = upper ? b[axis] >= bound : b[axis] <= bound;
    if (keep_a) to.add(a);
    if (keep_a != keep_b && a[axis] != bound && b[axis] != bound) to.add(meet(a, b, axis, bound));
  }
}

// The part of a piece under the slanted line of a plan piece.
void cut_under(const Piece& from, const PlanPiece& under, Piece& to) {
  const Footprint& place = under.place;
  const double slope = (under.right_y - under.left_y) / (place.x1 - place.x0);
  const auto above = [&](const Vertex& v) {
    return v[1] - (under.left_y + slope * (v[0] - place.x0));
  };
  to.n = 0;
  for (std::size_t i = 0; i < from.n; ++i) {
    const Vertex &a = from.at[i], &b = from.at[i + 1 == from.n ? 0 : i + 1];
    const bool in_order = a < b;
    const Vertex &p = in_order ? a : b, &q = in_order ? b : a;
    const double over_a = above(a), over_b = above(b);
    if (over_a <= 0.0) to.add(a);
    if ((over_a < 0.0 && over_b > 0.0) || (over_a > 0.0 && over_b < 0.0)) {
      const double over_p = in_order ? over_a : over_b, over_q = in_order ? over_b : over_a;
      const double t = over_p / (over_p - over_q);
      to.add({p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), p[2] + t * (q[2] - p[2])});
    }
  }
}

struct AreaAndVolume {
  double area = 0.0;    // signed: counter-clockwise is positive
  double volume = 0.0;  // of what stands under the piece, down to a level
};

AreaAndVolume measure(const Piece& piece, double level) {
  AreaAndVolume sum;
  const Vertex& o = piece.at[0];
  for (std::size_t i = 1; i + 1 < piece.n; ++i) {
    const Vertex &b = piece.at[i], &c = piece.at[i + 1];
    const double twice = (b[0] - o[0]) * (c[1] - o[1]) - (b[1] - o[1]) * (c[0] - o[0]);
    sum.area += twice / 2.0;
    sum.volume += twice / 6.0 * ((o[2] - level) + (b[2] - level) + (c[2] - level));
  }
  return sum;
}

}  // namespace

double clean_share(double share, const char* what) {
  if (share > 1.0 + excess || share < -excess)
    throw Error(
        "mesh.overlap",
        "part of a block is inside " + std::string(what) + " " + number_text(share) + " times",
        what, "Parts that overlap one another must be joined where they were made.");
  if (share < rounding) return 0.0;
  return share > 1.0 - rounding ? 1.0 : share;
}

ColumnCutter::ColumnCutter(const TriangleMesh& mesh, Form form, const BlockGrid& axes)
    : mesh_(mesh), form_(form) {
  for (auto& v : mesh_.vertices) v = to_grid(axes, v);
  bounds_ = bounds_of(mesh_);
  const std::size_t n = mesh_.triangles.size();
  boxes_.resize(n);
  top_.resize(n);
  for (std::size_t t = 0; t < n; ++t) {
    const auto& [a, b, c] = mesh_.triangles[t];
    const auto x = std::minmax({mesh_.vertices[a][0], mesh_.vertices[b][0], mesh_.vertices[c][0]});
    const auto y = std::minmax({mesh_.vertices[a][1], mesh_.vertices[b][1], mesh_.vertices[c][1]});
    boxes_[t] = {x.first, y.first, x.second, y.second};
    top_[t] = std::max({mesh_.vertices[a][2], mesh_.vertices[b][2], mesh_.vertices[c][2]});
  }
  const double width = std::max(bounds_.upper[0] - bounds_.lower[0], 1e-9);
  const double depth = std::max(bounds_.upper[1] - bounds_.lower[1], 1e-9);
  double side = std::sqrt(width * depth / static_cast<double>(n + 1));
  std::vector<std::uint64_t> count;
  for (;; side *= 2.0) {
    bins_ = {std::clamp<std::size_t>(static_cast<std::size_t>(width / side), 1, 4096),
             std::clamp<std::size_t>(static_cast<std::size_t>(depth / side), 1, 4096)};
    bin_size_ = {width / static_cast<double>(bins_[0]), depth / static_cast<double>(bins_[1])};
    count.assign(bins_[0] * bins_[1] + 1, 0);
    std::uint64_t entries = 0;
    // Long thin triangles stand in many bins: coarser ones keep the memory bounded.
    for (std::size_t t = 0; t < n; ++t) {
      const Footprint& box = boxes_[t];
      const auto i0 = bin_of(box.x0, bounds_.lower[0], bin_size_[0], bins_[0]);
      const auto i1 = bin_of(box.x1, bounds_.lower[0], bin_size_[0], bins_[0]);
      const auto j0 = bin_of(box.y0, bounds_.lower[1], bin_size_[1], bins_[1]);
      const auto j1 = bin_of(box.y1, bounds_.lower[1], bin_size_[1], bins_[1]);
      entries += (i1 - i0 + 1) * (j1 - j0 + 1);
      if (entries > 32 * n + 1000000) break;
      for (std::size_t j = j0; j <= j1; ++j)
        for (std::size_t i = i0; i <= i1; ++i) ++count[j * bins_[0] + i + 1];
    }
    if (entries <= 32 * n + 1000000) break;
  }
  start_.resize(count.size());
  std::uint64_t total = 0;
  for (std::size_t b = 0; b < count.size(); ++b)
    start_[b] = static_cast<std::uint32_t>(total += count[b]);
  list_.resize(start_.back());
  std::vector<std::uint32_t> next(start_.begin(), start_.end() - 1);
  for (std::size_t t = 0; t < n; ++t) {
    const Footprint& box = boxes_[t];
    const auto i1 = bin_of(box.x1, bounds_.lower[0], bin_size_[0], bins_[0]);
    const auto j1 = bin_of(box.y1, bounds_.lower[1], bin_size_[1], bins_[1]);
    for (auto j = bin_of(box.y0, bounds_.lower[1], bin_size_[1], bins_[1]); j <= j1; ++j)
      for (auto i = bin_of(box.x0, bounds_.lower[0], bin_size_[0], bins_[0]); i <= i1; ++i)
        list_[next[j * bins_[0] + i]++] = static_cast<std::uint32_t>(t);
  }
}

template <class Visit>
void ColumnCutter::for_each_near(const Footprint& place, Visit visit) const {
  if (place.x1 <= bounds_.lower[0] || place.x0 >= bounds_.upper[0] ||
      place.y1 <= bounds_.lower[1] || place.y0 >= bounds_.upper[1])
    return;
  const auto i0 = bin_of(place.x0, bounds_.lower[0], bin_size_[0], bins_[0]);
  const auto i1 = bin_of(place.x1, bounds_.lower[0], bin_size_[0], bins_[0]);
  const auto j0 = bin_of(place.y0, bounds_.lower[1], bin_size_[1], bins_[1]);
  const auto j1 = bin_of(place.y1, bounds_.lower[1], bin_size_[1], bins_[1]);
  const auto meets = [&](std::uint32_t t) {
    const Footprint& box = boxes_[t];
    return box.x0 < place.x1 && box.x1 > place.x0 && box.y0 < place.y1 && box.y1 > place.y0;
  };
  if (i0 == i1 && j0 == j1) {
    const std::size_t bin = j0 * bins_[0] + i0;
    for (std::uint32_t at = start_[bin]; at < start_[bin + 1]; ++at)
      if (meets(list_[at])) visit(list_[at]);
    return;
  }
  std::vector<std::uint32_t> near;
  for (std::size_t j = j0; j <= j1; ++j)
    for (std::size_t i = i0; i <= i1; ++i)
      for (std::uint32_t at = start_[j * bins_[0] + i]; at < start_[j * bins_[0] + i + 1]; ++at)
        if (meets(list_[at])) near.push_back(list_[at]);
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  for (const std::uint32_t t : near) visit(t);
}

void ColumnCutter::near(const Footprint& place, std::vector<std::uint32_t>& list) const {
  list.clear();
  for_each_near(place, [&](std::uint32_t t) { list.push_back(t); });
}

double ColumnCutter::volumes(const Footprint& place, const std::vector<double>& levels,
                             std::vector<double>& volume, const PlanPiece* under) const {
  const std::size_t n = levels.size() - 1;
  volume.assign(n, 0.0);
  std::vector<Sum> area_in(n + 1);  // by layer where the surface runs; the last one: above all
  Sum all;
  const Vertex corner{place.x0, place.y0, 0.0};
  for_each_near(place, [&](std::uint32_t t) {
    if (form_ == Form::solid && top_[t] <= levels.front()) return;
    Piece a, b;
    for (const std::uint32_t v : mesh_.triangles[t]) a.add(mesh_.vertices[v]);
    cut(a, 0, place.x0, true, b);
    cut(b, 0, place.x1, false, a);
    cut(a, 1, place.y0, true, b);
    cut(b, 1, place.y1, false, a);
    if (under != nullptr && under->slanted && a.n >= 3) {
      cut_under(a, *under, b);
      std::swap(a, b);
    }
    if (a.n < 3) return;
    double low = a.at[0][2];
    for (std::size_t i = 0; i < a.n; ++i) {
      for (std::size_t c = 0; c < 2; ++c) a.at[i][c] -= corner[c];
      low = std::min(low, a.at[i][2]);
    }
    const double whole = measure(a, 0.0).area;
    const double sign = form_ == Form::surface && whole < 0.0 ? -1.0 : 1.0;
    all += sign * whole;
    std::size_t k = 0;
    if (low < levels.front()) {
      cut(a, 2, levels.front(), true, b);
      std::swap(a, b);
    } else {
      k = static_cast<std::size_t>(std::upper_bound(levels.begin(), levels.end(), low) -
                                   levels.begin()) -
          1;
    }
    for (; k < n && a.n >= 3; ++k) {
      cut(a, 2, levels[k + 1], false, b);
      if (b.n >= 3) {
        const AreaAndVolume part = measure(b, levels[k]);
        area_in[k] += sign * part.area;
        volume[k] += sign * part.volume;
      }
      cut(a, 2, levels[k + 1], true, b);
      std::swap(a, b);
    }
    if (a.n >= 3) area_in[n] += sign * measure(a, 0.0).area;
  });
  Sum above;
  for (std::size_t k = n; k-- > 0;) {
    above += area_in[k + 1].value();
    const double height = levels[k + 1] - levels[k];
    const double block = height * place.area();
    const double part = volume[k] + height * above.value();
    volume[k] = block * clean_share(part / block, mesh_.name.c_str());
  }
  if (form_ == Form::solid) return place.area();
  return place.area() * clean_share(all.value() / place.area(), mesh_.name.c_str());
}

double ColumnCutter::share(const Footprint& place, double z0, double z1, double* covered) const {
  thread_local std::vector<double> levels(2), volume;
  levels[0] = z0;
  levels[1] = z1;
  const double area = volumes(place, levels, volume);
  if (covered != nullptr) *covered = area / place.area();
  return clean_share(volume[0] / (place.area() * (z1 - z0)), mesh_.name.c_str());
}

double ColumnCutter::joint_share(const Footprint& place, double z0, double z1,
                                 const PlanCutter& polygons, double* covered) const {
  const std::vector<double> levels{z0, z1};
  std::vector<double> volume;
  Sum inside, area;
  for (const PlanPiece& piece : polygons.pieces(place)) {
    const double over = volumes(piece.place, levels, volume, &piece);
    area += form_ == Form::surface ? piece.sign * over : 0.0;
    inside += piece.sign * volume[0];
  }
  if (covered != nullptr) *covered = clean_share(area.value() / place.area(), mesh_.name.c_str());
  return clean_share(inside.value() / (place.area() * (z1 - z0)), mesh_.name.c_str());
}

PlanCutter::PlanCutter(const Geometry& polygons, const BlockGrid& axes) {
  const auto add_ring = [&](const Path& ring, bool shell) {
    std::vector<std::array<double, 3>> turned;
    for (const Point& p : ring) turned.push_back(to_grid(axes, {p.x, p.y, 0.0}));
    Sum twice;
    for (std::size_t i = 0; i + 1 < turned.size(); ++i)
      twice += (turned[i][0] - turned[0][0]) * (turned[i + 1][1] - turned[0][1]) -
               (turned[i + 1][0] - turned[0][0]) * (turned[i][1] - turned[0][1]);
    const bool reversed = (twice.value() > 0.0) != shell;
    for (std::size_t i = 0; i + 1 < turned.size(); ++i) {
      const auto &a = turned[reversed ? i + 1 : i], &b = turned[reversed ? i : i + 1];
      if (a[0] != b[0] || a[1] != b[1]) edges_.push_back({a[0], a[1], b[0], b[1]});
    }
  };
  for (const Polygon& polygon : polygons.polygons) {
    add_ring(polygon.shell, true);
    for (const Path& hole : polygon.holes) add_ring(hole, false);
  }
  if (edges_.empty()) return;
  bounds_ = {edges_[0].ax, edges_[0].ay, edges_[0].ax, edges_[0].ay};
  for (const Edge& e : edges_) {
    bounds_.x0 = std::min({bounds_.x0, e.ax, e.bx});
    bounds_.x1 = std::max({bounds_.x1, e.ax, e.bx});
    bounds_.y0 = std::min({bounds_.y0, e.ay, e.by});
    bounds_.y1 = std::max({bounds_.y1, e.ay, e.by});
  }
  bins_.fill(
      edges_.size(), bounds_.x0, bounds_.x1, 64,
      [&](std::size_t e) { return std::min(edges_[e].ax, edges_[e].bx); },
      [&](std::size_t e) { return std::max(edges_[e].ax, edges_[e].bx); });
}

namespace {

// Integral of clamp(y, 0, h) over a straight line of length `dx` from height ya to yb.
double clamped_integral(double dx, double ya, double yb, double h) {
  if (ya > yb) std::swap(ya, yb);
  if (yb <= 0.0) return 0.0;
  if (ya >= h) return dx * h;
  const double rise = yb - ya;
  const double below = ya < 0.0 ? -ya / rise : 0.0, above = yb > h ? (yb - h) / rise : 0.0;
  const double from = std::max(ya, 0.0), to = std::min(yb, h);
  return dx * (above * h + (1.0 - below - above) * (from + to) / 2.0);
}

}  // namespace

template <class Visit>
void PlanCutter::for_each_edge(const Footprint& place, Visit visit) const {
  if (edges_.empty() || place.x1 <= bounds_.x0 || place.x0 >= bounds_.x1 ||
      place.y1 <= bounds_.y0 || place.y0 >= bounds_.y1)
    return;
  const std::size_t bins = bins_.count();
  const auto last = bins_.of(place.x1);
  for (auto b = bins_.of(place.x0); b <= last; ++b) {
    // Each bin answers for its own span of x, so that an edge in several counts once.
    const double lower = b == 0 ? bounds_.x0 : bounds_.x0 + static_cast<double>(b) * bins_.size;
    const double upper =
        b + 1 == bins ? bounds_.x1 : bounds_.x0 + static_cast<double>(b + 1) * bins_.size;
    for (std::uint32_t at = bins_.start[b]; at < bins_.start[b + 1]; ++at) {
      const Edge& e = edges_[bins_.list[at]];
      const double from = std::max({place.x0, lower, std::min(e.ax, e.bx)});
      const double to = std::min({place.x1, upper, std::max(e.ax, e.bx)});
      if (!(from < to)) continue;
      const double slope = (e.by - e.ay) / (e.bx - e.ax);
      const auto height = [&](double x) {
        if (x == e.ax) return e.ay - place.y0;
        if (x == e.bx) return e.by - place.y0;
        return e.ay + slope * (x - e.ax) - place.y0;
      };
      visit(from, to, height(from), height(to), e.bx < e.ax ? 1.0 : -1.0);
    }
  }
}

void PlanCutter::near(const Footprint& place, std::vector<Edge>& list) const {
  list.clear();
  if (edges_.empty() || place.x1 <= bounds_.x0 || place.x0 >= bounds_.x1 ||
      place.y1 <= bounds_.y0 || place.y0 >= bounds_.y1)
    return;
  const auto first = bins_.of(place.x0);
  const auto last = bins_.of(place.x1);
  for (auto b = first; b <= last; ++b)
    for (std::uint32_t at = bins_.start[b]; at < bins_.start[b + 1]; ++at) {
      const Edge& e = edges_[bins_.list[at]];
      const double left = std::min(e.ax, e.bx), right = std::max(e.ax, e.bx);
      // An edge that stands in several bins belongs to the first of them.
      if (std::max(first, bins_.of(left)) != b) continue;
      if (left < place.x1 && right > place.x0) list.push_back(e);
    }
}

double PlanCutter::share(const Footprint& place) const {
  Sum area;
  for_each_edge(place, [&](double from, double to, double ya, double yb, double sign) {
    area += sign * clamped_integral(to - from, ya, yb, place.y1 - place.y0);
  });
  return clean_share(area.value() / place.area(), "the polygons");
}

std::vector<PlanPiece> PlanCutter::pieces(const Footprint& place) const {
  std::vector<PlanPiece> list;
  const double h = place.y1 - place.y0;
  for_each_edge(place, [&](double from, double to, double ya, double yb, double sign) {
    // Where the edge runs through the foot and the head of the rectangle.
    std::array<double, 4> at{from, to, to, to};
    std::size_t n = 1;
    const auto crossing = [&](double level) {
      if ((ya < level) == (yb < level)) return;
      const double x = from + (to - from) * ((level - ya) / (yb - ya));
      if (x > at[n - 1] && x < to) at[n++] = x;
    };
    crossing(ya < yb ? 0.0 : h);
    crossing(ya < yb ? h : 0.0);
    at[n] = to;
    const auto height = [&](double x) {
      return x == to ? yb : ya + (yb - ya) * ((x - from) / (to - from));
    };
    for (std::size_t i = 0; i < n; ++i) {
      if (!(at[i] < at[i + 1])) continue;
      const double left = std::clamp(height(at[i]), 0.0, h);
      const double right = std::clamp(height(at[i + 1]), 0.0, h);
      if (left + right <= 0.0) continue;
      PlanPiece piece;
      piece.place = {at[i], place.y0, at[i + 1], place.y1};
      piece.sign = sign;
      piece.slanted = left < h || right < h;
      piece.left_y = place.y0 + left;
      piece.right_y = place.y0 + right;
      list.push_back(piece);
    }
  });
  return list;
}

GridShares::GridShares(const BlockGrid& grid, const ColumnCutter& cutter, int jobs,
                       const Progress& progress)
    : nx_(grid.count[0]),
      columns_(grid.count[0] * grid.count[1]),
      covered_(grid.count[0] * grid.count[1], 0.0) {
  std::vector<double> levels(grid.count[2] + 1);
  for (std::size_t k = 0; k < levels.size(); ++k)
    levels[k] = static_cast<double>(k) * grid.spacing[2];
  parallel_blocks(
      columns_.size(), 256, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> volume;
        for (std::size_t c = begin; c < end; ++c) {
          const auto i = static_cast<double>(c % nx_), j = static_cast<double>(c / nx_);
          const Footprint place{i * grid.spacing[0], j * grid.spacing[1],
                                (i + 1.0) * grid.spacing[0], (j + 1.0) * grid.spacing[1]};
          covered_[c] = cutter.volumes(place, levels, volume) / place.area();
          double last = 0.0;
          for (std::size_t k = 0; k < volume.size(); ++k) {
            const double share =
                clean_share(volume[k] / (place.area() * (levels[k + 1] - levels[k])), "the solid");
            if (share != last) columns_[c].push_back({static_cast<std::uint32_t>(k), share});
            last = share;
          }
        }
      },
      progress);
}

double GridShares::at(std::size_t i, std::size_t j, std::size_t k) const {
  const auto& runs = columns_[j * nx_ + i];
  const auto after =
      std::upper_bound(runs.begin(), runs.end(), k,
                       [](std::size_t layer, const Run& run) { return layer < run.from; });
  return after == runs.begin() ? 0.0 : std::prev(after)->share;
}

double GridShares::covered(std::size_t i, std::size_t j) const {
  return covered_[j * nx_ + i];
}

}  // namespace lode
