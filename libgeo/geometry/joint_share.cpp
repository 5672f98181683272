#include "libgeo/geometry/joint_share.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/geometry/joint_pieces.h"

namespace lode {

namespace {

using Mask = std::uint64_t;

// A footprint with more lines than this is halved. Cells grow with the square of the lines, halving
// costs one more pass over them.
constexpr std::size_t most_lines = 32;
// Halving that leaves both halves about as full does not help: many triangles meet at one place.
constexpr int most_stuck = 4;
constexpr int most_halvings = 48;

// A triangle or an edge across the middle of a slab.
struct Over {
  double from_y = 0.0, to_y = 0.0;
  std::uint32_t triangle = 0;
  int sign = 0;
};
struct EdgeOver {
  double y = 0.0;
  std::uint32_t part = 0;
  int sign = 0;
};
struct Hit {
  double z = 0.0;
  int sign = 0;
};
struct Interval {
  double low = 0.0, high = 0.0;
};
struct Range {
  std::size_t begin = 0, end = 0;
};

// Everything that one block needs; kept by each thread so that nothing is allocated block by block.
struct Scratch : JointPieces {
  std::vector<std::uint32_t> triangle_list, line_list, edge_list;  // stacks, by halving
  std::vector<PlanLine> cut;
  std::vector<std::uint32_t> crossing;
  PlanCells cells;
  std::vector<Over> over;
  std::vector<EdgeOver> edges_over;
  std::vector<std::uint32_t> active;
  std::vector<Hit> hits;
  std::vector<Interval> kept, own, next;
  std::vector<int> winding;
  std::vector<Sum> twice;  // m3 that are inside a part twice, or inside out
};

class Joint {
 public:
  Joint(const std::vector<JointPart>& bodies, const Footprint& place, double z0, double z1,
        Scratch& s)
      : bodies_(bodies), place_(place), z0_(z0), height_(z1 - z0), s_(s) {}

  double volume() {
    s_.winding.assign(bodies_.size(), 0);
    s_.twice.assign(bodies_.size(), Sum());
    s_.gather(bodies_, place_, z0_, z0_ + height_);
    const auto fill = [](std::vector<std::uint32_t>& list, std::size_t n) {
      list.resize(n);
      for (std::size_t i = 0; i < n; ++i) list[i] = static_cast<std::uint32_t>(i);
      return Range{0, n};
    };
    Lists lists{fill(s_.triangle_list, s_.triangles.size()), fill(s_.line_list, s_.lines.size()),
                fill(s_.edge_list, s_.edges.size())};
    const Mask all = bodies_.size() == 64 ? ~Mask{0} : (Mask{1} << bodies_.size()) - 1;
    const Footprint whole{0.0, 0.0, place_.x1 - place_.x0, place_.y1 - place_.y0};
    integrate(whole, lists, all, 0, 0);
    for (std::size_t p = 0; p < bodies_.size(); ++p)
      if (bodies_[p].body != nullptr)
        (void)clean_share(1.0 + std::abs(s_.twice[p].value()) / (place_.area() * height_),
                          bodies_[p].body->mesh().name.c_str());
    return total_.value();
  }

 private:
  struct Lists {
    Range triangles, lines, edges;
  };

  static Mask bit(std::uint32_t part) { return Mask{1} << part; }

  void integrate(const Footprint& cell, const Lists& lists, Mask live, int halved, int stuck);
  bool resolve(const Footprint& cell, const Lists& lists, Mask busy, Mask& live);
  bool keeps_at(std::uint32_t p, const Lists& lists, double x, double y);
  void halve(const Footprint& cell, const Lists& lists, Mask live, int halved, int stuck);
  Lists child(const Footprint& half, const Lists& lists, Mask live);
  void sweep(const Footprint& cell, const Lists& lists, Mask live);
  void add_crossing(const JointTriangle& a, const JointTriangle& b, const Footprint& cell);
  void stand_over(double x, const Lists& lists, Mask live);
  double kept_height(const PlanCell& cell, Mask live);
  void body_intervals(std::uint32_t p, const PlanCell& cell);
  void surface_interval(std::uint32_t p, double area);
  void solid_intervals(std::uint32_t p, double area);
  void intersect();

  const std::vector<JointPart>& bodies_;
  const Footprint& place_;
  double z0_, height_;
  Scratch& s_;
  Sum total_;
};

bool Joint::keeps_at(std::uint32_t p, const Lists& lists, double x, double y) {
  if (bodies_[p].polygons != nullptr) {
    int winding = 0;
    for (std::size_t i = lists.edges.begin; i < lists.edges.end; ++i) {
      const JointEdge& e = s_.edges[s_.edge_list[i]];
      if (e.part != p || !(e.line.ax <= x && x < e.line.bx)) continue;
      const JointVertex a{e.line.ax, e.line.ay, 0.0}, b{e.line.bx, e.line.by, 0.0};
      if (along(a, b, x, 1) > y) winding += e.sign;
    }
    return (winding > 0) == (bodies_[p].keeps == Keeps::inside);
  }
  int winding = 0;
  bool covered = false, higher = false;
  for (std::size_t i = lists.triangles.begin; i < lists.triangles.end; ++i) {
    const JointTriangle& t = s_.triangles[s_.triangle_list[i]];
    if (t.part != p || !t.stands_over(x)) continue;
    const double y0 = t.long_y(x), y1 = t.short_y(x);
    if (!(std::min(y0, y1) <= y && y < std::max(y0, y1))) continue;
    covered = true;
    higher = t.low >= height_;
    winding += t.sign(y1 > y0);
  }
  switch (bodies_[p].keeps) {
    case Keeps::inside:
      return winding > 0;
    case Keeps::outside:
      return winding <= 0;
    case Keeps::below:
      return covered && higher;
    case Keeps::above:
      return covered && !higher;
    case Keeps::footprint:
      break;
  }
  return covered;
}

// Parts that do not change over the cell: false when one of them leaves nothing.
bool Joint::resolve(const Footprint& cell, const Lists& lists, Mask busy, Mask& live) {
  const double x = cell.x0 + (cell.x1 - cell.x0) / 2.0, y = cell.y0 + (cell.y1 - cell.y0) / 2.0;
  for (Mask rest = live & ~busy; rest != 0; rest &= rest - 1) {
    const auto p = static_cast<std::uint32_t>(std::countr_zero(rest));
    if (!keeps_at(p, lists, x, y)) return false;
    live &= ~bit(p);
  }
  return true;
}

void Joint::integrate(const Footprint& cell, const Lists& lists, Mask live, int halved, int stuck) {
  Mask busy = 0;
  for (std::size_t i = lists.triangles.begin; i < lists.triangles.end; ++i) {
    const JointTriangle& t = s_.triangles[s_.triangle_list[i]];
    if (t.in_range) busy |= bit(t.part);
  }
  for (std::size_t i = lists.lines.begin; i < lists.lines.end; ++i)
    busy |= bit(s_.lines[s_.line_list[i]].part);
  if (!resolve(cell, lists, busy, live)) return;
  if (live == 0) {
    total_ += cell.area() * height_;
    return;
  }
  if (lists.lines.end - lists.lines.begin > most_lines && stuck < most_stuck &&
      halved < most_halvings)
    halve(cell, lists, live, halved, stuck);
  else
    sweep(cell, lists, live);
}

void Joint::halve(const Footprint& cell, const Lists& lists, Mask live, int halved, int stuck) {
  std::array<Footprint, 2> halves{cell, cell};
  if (cell.x1 - cell.x0 >= cell.y1 - cell.y0)
    halves[0].x1 = halves[1].x0 = cell.x0 + (cell.x1 - cell.x0) / 2.0;
  else
    halves[0].y1 = halves[1].y0 = cell.y0 + (cell.y1 - cell.y0) / 2.0;
  const std::size_t lines = lists.lines.end - lists.lines.begin;
  for (const Footprint& half : halves) {
    const Lists part = child(half, lists, live);
    const bool as_full = (part.lines.end - part.lines.begin) * 10 > lines * 9;
    integrate(half, part, live, halved + 1, as_full ? stuck + 1 : 0);
    s_.triangle_list.resize(part.triangles.begin);
    s_.line_list.resize(part.lines.begin);
    s_.edge_list.resize(part.edges.begin);
  }
}

Joint::Lists Joint::child(const Footprint& half, const Lists& lists, Mask live) {
  Lists part;
  part.triangles.begin = s_.triangle_list.size();
  for (std::size_t i = lists.triangles.begin; i < lists.triangles.end; ++i) {
    const std::uint32_t at = s_.triangle_list[i];
    const JointTriangle& t = s_.triangles[at];
    if ((live & bit(t.part)) != 0 && t.box.x0 < half.x1 && t.box.x1 > half.x0 &&
        t.box.y0 < half.y1 && t.box.y1 > half.y0)
      s_.triangle_list.push_back(at);
  }
  part.triangles.end = s_.triangle_list.size();
  part.lines.begin = s_.line_list.size();
  for (std::size_t i = lists.lines.begin; i < lists.lines.end; ++i) {
    const std::uint32_t at = s_.line_list[i];
    PlanLine line = s_.lines[at].line;
    if ((live & bit(s_.lines[at].part)) != 0 && clip_line(line, half)) s_.line_list.push_back(at);
  }
  part.lines.end = s_.line_list.size();
  part.edges.begin = s_.edge_list.size();
  for (std::size_t i = lists.edges.begin; i < lists.edges.end; ++i) {
    const std::uint32_t at = s_.edge_list[i];
    const JointEdge& e = s_.edges[at];
    if ((live & bit(e.part)) != 0 && e.line.ax < half.x1 && e.line.bx > half.x0)
      s_.edge_list.push_back(at);
  }
  part.edges.end = s_.edge_list.size();
  return part;
}

// The part of a line over a triangle; false where there is none.
bool clip_to_triangle(PlanLine& line, const JointTriangle& t) {
  const double dx = line.bx - line.ax, dy = line.by - line.ay;
  double from = 0.0, to = 1.0;
  for (std::size_t c = 0; c < 3; ++c) {
    const JointVertex &u = t.at[c == 2 ? 0 : c], &v = t.at[c == 0 ? 1 : 2], &w = t.at[(c + 2) % 3];
    const double ex = v[0] - u[0], ey = v[1] - u[1];
    const double side = ex * (w[1] - u[1]) - ey * (w[0] - u[0]) > 0.0 ? 1.0 : -1.0;
    const double start = side * (ex * (line.ay - u[1]) - ey * (line.ax - u[0]));
    const double change = side * (ex * dy - ey * dx);
    if (change == 0.0 && start < 0.0) return false;
    if (change > 0.0) from = std::max(from, -start / change);
    if (change < 0.0) to = std::min(to, -start / change);
  }
  if (!(from < to)) return false;
  const PlanLine whole = line;
  if (from > 0.0) {
    line.ax = whole.ax + from * dx;
    line.ay = whole.ay + from * dy;
  }
  if (to < 1.0) {
    line.bx = whole.ax + to * dx;
    line.by = whole.ay + to * dy;
  }
  return line.ax <= line.bx;
}

// The line on which two triangles have one height, cut to both.
void Joint::add_crossing(const JointTriangle& a, const JointTriangle& b, const Footprint& cell) {
  if (!a.has_slope || !b.has_slope || !(a.low <= b.high && b.low <= a.high)) return;
  const Footprint room{
      std::max({a.box.x0, b.box.x0, cell.x0}), std::max({a.box.y0, b.box.y0, cell.y0}),
      std::min({a.box.x1, b.box.x1, cell.x1}), std::min({a.box.y1, b.box.y1, cell.y1})};
  if (!(room.x0 < room.x1 && room.y0 < room.y1)) return;
  const double gx = a.slope_x - b.slope_x, gy = a.slope_y - b.slope_y;
  const double steepness = gx * gx + gy * gy;
  if (!(steepness > 0.0)) return;
  const double x = room.x0 + (room.x1 - room.x0) / 2.0, y = room.y0 + (room.y1 - room.y0) / 2.0;
  const auto height = [&](const JointTriangle& t) {
    return t.at[0][2] + t.slope_x * (x - t.at[0][0]) + t.slope_y * (y - t.at[0][1]);
  };
  const double off = (height(b) - height(a)) / steepness;
  const double reach = std::abs(room.x1 - room.x0) + std::abs(room.y1 - room.y0);
  if (!(off * off * steepness <= reach * reach)) return;
  const double norm = std::sqrt(steepness);
  const double px = x + off * gx, py = y + off * gy;
  const double ux = -gy / norm * reach * 2.0, uy = gx / norm * reach * 2.0;
  PlanLine line{px - ux, py - uy, px + ux, py + uy};
  if (line.bx < line.ax || (line.bx == line.ax && line.by < line.ay))
    line = {line.bx, line.by, line.ax, line.ay};
  if (clip_line(line, room) && clip_to_triangle(line, a) && clip_to_triangle(line, b))
    s_.cut.push_back(line);
}

// Cuts the cell into trapezoids and adds up what is kept over each.
void Joint::sweep(const Footprint& cell, const Lists& lists, Mask live) {
  s_.cut.clear();
  for (std::size_t i = lists.lines.begin; i < lists.lines.end; ++i) {
    const JointLine& one = s_.lines[s_.line_list[i]];
    PlanLine line = one.line;
    if ((live & bit(one.part)) != 0 && clip_line(line, cell)) s_.cut.push_back(line);
  }
  s_.crossing.clear();
  for (std::size_t i = lists.triangles.begin; i < lists.triangles.end; ++i) {
    const std::uint32_t at = s_.triangle_list[i];
    const JointTriangle& b = s_.triangles[at];
    if (!b.in_range || (live & bit(b.part)) == 0) continue;
    for (const std::uint32_t a : s_.crossing)
      if (s_.triangles[a].part != b.part) add_crossing(s_.triangles[a], b, cell);
    s_.crossing.push_back(at);
  }
  s_.cells.divide(cell, s_.cut);
  std::size_t c = 0;
  for (const PlanSlab& slab : s_.cells.slabs()) {
    if (c == slab.end) continue;
    stand_over(slab.middle_x, lists, live);
    s_.active.clear();
    std::size_t next = 0, passed = 0;
    for (; c < slab.end; ++c) {
      const PlanCell& piece = s_.cells.cells()[c];
      const double y = piece.middle_y;
      while (next < s_.over.size() && s_.over[next].from_y <= y)
        s_.active.push_back(static_cast<std::uint32_t>(next++));
      std::erase_if(s_.active, [&](std::uint32_t at) { return s_.over[at].to_y <= y; });
      for (; passed < s_.edges_over.size() && s_.edges_over[passed].y <= y; ++passed)
        s_.winding[s_.edges_over[passed].part] -= s_.edges_over[passed].sign;
      total_ += piece.area * kept_height(piece, live);
    }
  }
}

// What crosses the vertical plane at x, from the foot of the plan to its head.
void Joint::stand_over(double x, const Lists& lists, Mask live) {
  s_.over.clear();
  for (std::size_t i = lists.triangles.begin; i < lists.triangles.end; ++i) {
    const std::uint32_t at = s_.triangle_list[i];
    const JointTriangle& t = s_.triangles[at];
    if (!t.stands_over(x) || (live & bit(t.part)) == 0) continue;
    const double y0 = t.long_y(x), y1 = t.short_y(x);
    if (y0 != y1) s_.over.push_back({std::min(y0, y1), std::max(y0, y1), at, t.sign(y1 > y0)});
  }
  std::sort(s_.over.begin(), s_.over.end(), [](const Over& a, const Over& b) {
    return a.from_y != b.from_y ? a.from_y < b.from_y : a.triangle < b.triangle;
  });
  s_.edges_over.clear();
  std::fill(s_.winding.begin(), s_.winding.end(), 0);
  for (std::size_t i = lists.edges.begin; i < lists.edges.end; ++i) {
    const JointEdge& e = s_.edges[s_.edge_list[i]];
    if (!(e.line.ax <= x && x < e.line.bx)) continue;
    const JointVertex a{e.line.ax, e.line.ay, 0.0}, b{e.line.bx, e.line.by, 0.0};
    s_.edges_over.push_back({along(a, b, x, 1), e.part, e.sign});
    s_.winding[e.part] += e.sign;
  }
  std::sort(s_.edges_over.begin(), s_.edges_over.end(),
            [](const EdgeOver& a, const EdgeOver& b) { return a.y < b.y; });
}

// Height of what all living parts keep on the vertical line at a cell's centroid.
double Joint::kept_height(const PlanCell& cell, Mask live) {
  s_.kept.assign(1, {0.0, height_});
  for (Mask rest = live; rest != 0; rest &= rest - 1) {
    const auto p = static_cast<std::uint32_t>(std::countr_zero(rest));
    if (bodies_[p].polygons != nullptr) {
      if ((s_.winding[p] > 0) != (bodies_[p].keeps == Keeps::inside)) return 0.0;
      continue;
    }
    body_intervals(p, cell);
    intersect();
    if (s_.kept.empty()) return 0.0;
  }
  double sum = 0.0;
  for (const Interval& one : s_.kept) sum += one.high - one.low;
  return sum;
}

// What one body keeps, from the top down.
void Joint::body_intervals(std::uint32_t p, const PlanCell& cell) {
  s_.own.clear();
  s_.hits.clear();
  for (const std::uint32_t at : s_.active) {
    const Over& over = s_.over[at];
    const JointTriangle& t = s_.triangles[over.triangle];
    if (t.part != p) continue;
    const double z = t.in_range ? t.z(cell.x, cell.y) : (t.low >= height_ ? height_ : 0.0);
    s_.hits.push_back({std::clamp(z, 0.0, height_), over.sign});
  }
  if (bodies_[p].is_surface())
    surface_interval(p, cell.area);
  else
    solid_intervals(p, cell.area);
}

void Joint::surface_interval(std::uint32_t p, double area) {
  if (s_.hits.empty()) return;
  const auto [low, high] = std::minmax_element(
      s_.hits.begin(), s_.hits.end(), [](const Hit& a, const Hit& b) { return a.z < b.z; });
  if (s_.hits.size() > 1) s_.twice[p] += area * height_;
  const Keeps keeps = bodies_[p].keeps;
  Interval own{0.0, height_};
  if (keeps == Keeps::below) own.high = low->z;
  if (keeps == Keeps::above) own.low = high->z;
  if (own.low < own.high) s_.own.push_back(own);
}

void Joint::solid_intervals(std::uint32_t p, double area) {
  std::sort(s_.hits.begin(), s_.hits.end(), [](const Hit& a, const Hit& b) { return a.z > b.z; });
  int winding = 0;
  double top = height_;
  const bool inside = bodies_[p].keeps == Keeps::inside;
  const auto close = [&](double z) {
    if (!(z < top)) return;
    if (winding > 1 || winding < 0) s_.twice[p] += area * (top - z);
    if ((winding > 0) == inside) s_.own.push_back({z, top});
    top = z;
  };
  for (const Hit& hit : s_.hits) {
    close(hit.z);
    winding += hit.sign;
  }
  close(0.0);
}

// Both lists run from the top down.
void Joint::intersect() {
  s_.next.clear();
  for (std::size_t i = 0, j = 0; i < s_.kept.size() && j < s_.own.size();) {
    const Interval &a = s_.kept[i], &b = s_.own[j];
    const double low = std::max(a.low, b.low), high = std::min(a.high, b.high);
    if (low < high) s_.next.push_back({low, high});
    if (a.low >= b.low)
      ++i;
    else
      ++j;
  }
  std::swap(s_.kept, s_.next);
}

double joint_volume(const std::vector<JointPart>& bodies, const Footprint& place, double z0,
                    double z1) {
  thread_local Scratch scratch;
  return Joint(bodies, place, z0, z1, scratch).volume();
}

}  // namespace

void JointCutter::add(const ColumnCutter& body, Keep keep) {
  if (parts_.size() == 64)
    throw Error("blocks.too_many_cutters", "more than 64 solids, surfaces and polygons at once",
                body.mesh().name, "Join some of them first.");
  parts_.push_back({&body, nullptr, keep});
}

void JointCutter::add(const PlanCutter& polygons, Keep keep) {
  if (parts_.size() == 64)
    throw Error("blocks.too_many_cutters", "more than 64 solids, surfaces and polygons at once",
                "polygons", "Join some of them first.");
  parts_.push_back({nullptr, &polygons, keep});
}

double JointCutter::share(const Footprint& place, double z0, double z1, std::uint64_t which,
                          double* covered) const {
  thread_local std::vector<JointPart> bodies, surfaces;
  bodies.clear();
  surfaces.clear();
  double least = 1.0;  // of what single surfaces cover
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if ((which >> i & 1U) == 0) continue;
    const Part& part = parts_[i];
    const bool inside = part.keep == Keep::inside;
    JointPart one{part.body, part.polygons, inside ? Keeps::inside : Keeps::outside};
    if (part.body != nullptr && part.body->form() == ColumnCutter::Form::surface) {
      one.keeps = inside ? Keeps::below : Keeps::above;
      surfaces.push_back({part.body, nullptr, Keeps::footprint});
    }
    bodies.push_back(one);
  }
  const double block = place.area() * (z1 - z0);
  if (covered != nullptr) {
    for (const JointPart& one : surfaces) {
      double over = 1.0;
      (void)one.body->share(place, z0, z1, &over);
      least = std::min(least, over);
    }
    *covered = least < 1.0 && surfaces.size() > 1
                   ? clean_share(joint_volume(surfaces, place, z0, z1) / block, "the surfaces")
                   : least;
  }
  if (bodies.empty()) return 1.0;
  if (bodies.size() == 1 && bodies[0].polygons != nullptr) {
    const double within = bodies[0].polygons->share(place);
    return bodies[0].keeps == Keeps::inside ? within : 1.0 - within;
  }
  if (bodies.size() == 1) {
    double over = 1.0;
    const double inside = bodies[0].body->share(place, z0, z1, &over);
    const Keeps keeps = bodies[0].keeps;
    if (keeps == Keeps::inside || keeps == Keeps::below) return inside;
    return std::max(0.0, (keeps == Keeps::above ? over : 1.0) - inside);
  }
  return clean_share(joint_volume(bodies, place, z0, z1) / block, "the solids together");
}

void BoxShares::start(const Footprint& place, double z0, double z1) {
  place_ = place;
  z0_ = z0;
  z1_ = z1;
  cutting_ = emptying_ = 0;
  known_.clear();
}

double BoxShares::measure(std::size_t part, bool& uncovered) {
  double covered = 1.0;
  const double share = cutter_.share(place_, z0_, z1_, std::uint64_t{1} << part, &covered);
  uncovered = uncovered || covered < 1.0;
  set(part, share);
  return share;
}

void BoxShares::set(std::size_t part, double share) {
  const std::uint64_t bit = std::uint64_t{1} << part;
  if (share <= 0.0)
    emptying_ |= bit;
  else if (share < 1.0)
    cutting_ |= bit;
  known_.emplace_back(bit, share);
}

double BoxShares::together(std::uint64_t which) {
  if ((which & emptying_) != 0) return 0.0;
  which &= cutting_;
  if (which == 0) return 1.0;
  for (const auto& [set, share] : known_)
    if (set == which) return share;
  known_.emplace_back(which, cutter_.share(place_, z0_, z1_, which));
  return known_.back().second;
}

}  // namespace lode
