#include "libgeo/permits/overlaps.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/parallel.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {
namespace {

template <class Visit>
void each_ring(const Geometry& g, Visit visit) {
  for (const Polygon& polygon : g.polygons) {
    visit(polygon.shell);
    for (const Path& hole : polygon.holes) visit(hole);
  }
}

/// Sign of the turn a, b, c; 0 where rounding could decide it (Shewchuk 1997, bound A).
int sure_turn(Point a, Point b, Point c) {
  const double left = (a.x - c.x) * (b.y - c.y), right = (a.y - c.y) * (b.x - c.x);
  const double bound = 3.3306690738754716e-16 * (std::abs(left) + std::abs(right));
  const double turn = left - right;
  return turn > bound ? 1 : turn < -bound ? -1 : 0;
}

bool surely_cross(Point a, Point b, Point c, Point d) {
  const int abc = sure_turn(a, b, c), abd = sure_turn(a, b, d);
  if (abc * abd >= 0) return false;
  return sure_turn(c, d, a) * sure_turn(c, d, b) < 0;
}

/// Distance of a place from the nearest edge when it is inside, negative when outside; in the units
/// of the coordinates.
double depth_inside(const Geometry& g, Point p) {
  bool inside = false;
  double nearest = 1e308;
  each_ring(g, [&](const Path& ring) {
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      const Point a = ring[i], b = ring[i + 1];
      if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
        inside = !inside;
      const double dx = b.x - a.x, dy = b.y - a.y;
      const double length = dx * dx + dy * dy;
      const double at =
          length > 0.0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0.0;
      nearest = std::min(nearest, std::hypot(p.x - a.x - at * dx, p.y - a.y - at * dy));
    }
  });
  return inside ? nearest : -nearest;
}

/// Far enough from every edge that rounding cannot have put it there.
bool surely_inside(const Geometry& g, Point p) {
  return depth_inside(g, p) > 1e-12 * (1.0 + std::abs(p.x) + std::abs(p.y));
}

bool share_box_area(const Box& a, const Box& b) {
  return std::min(a.max_x, b.max_x) > std::max(a.min_x, b.min_x) &&
         std::min(a.max_y, b.max_y) > std::max(a.min_y, b.min_y);
}

bool edges_surely_cross(const Geometry& a, const Geometry& b, const Box& common) {
  const auto near = [&](Point p, Point q) {
    return std::max(p.x, q.x) >= common.min_x && std::min(p.x, q.x) <= common.max_x &&
           std::max(p.y, q.y) >= common.min_y && std::min(p.y, q.y) <= common.max_y;
  };
  std::vector<std::pair<Point, Point>> edges;
  each_ring(b, [&](const Path& ring) {
    for (std::size_t i = 0; i + 1 < ring.size(); ++i)
      if (near(ring[i], ring[i + 1])) edges.emplace_back(ring[i], ring[i + 1]);
  });
  bool found = false;
  each_ring(a, [&](const Path& ring) {
    for (std::size_t i = 0; !found && i + 1 < ring.size(); ++i) {
      if (!near(ring[i], ring[i + 1])) continue;
      found = std::any_of(edges.begin(), edges.end(), [&](const auto& edge) {
        return surely_cross(ring[i], ring[i + 1], edge.first, edge.second);
      });
    }
  });
  return found;
}

bool a_vertex_surely_inside(const Geometry& of, const Geometry& in, const Box& common) {
  bool found = false;
  each_ring(of, [&](const Path& ring) {
    for (std::size_t i = 0; !found && i + 1 < ring.size(); ++i) {
      const Point p = ring[i];
      if (p.x < common.min_x || p.x > common.max_x || p.y < common.min_y || p.y > common.max_y)
        continue;
      found = surely_inside(in, p);
    }
  });
  return found;
}

double planar_area(const Geometry& g) {
  double area = 0.0;
  for (const Polygon& polygon : g.polygons) {
    const auto ring = [](const Path& path) {
      double twice = 0.0;
      for (std::size_t i = 0; i + 1 < path.size(); ++i)
        twice += (path[i].x - path[0].x) * (path[i + 1].y - path[0].y) -
                 (path[i + 1].x - path[0].x) * (path[i].y - path[0].y);
      return std::abs(twice) / 2.0;
    };
    area += ring(polygon.shell);
    for (const Path& hole : polygon.holes) area -= ring(hole);
  }
  return area;
}

bool has_ground(const Geometry* g) {
  return g != nullptr && g->kind == GeometryKind::polygon && !g->empty();
}

}  // namespace

bool interiors_surely_meet(const Geometry& a, const Geometry& b) {
  const Box box_a = box_of(a), box_b = box_of(b);
  if (!share_box_area(box_a, box_b)) return false;
  const Box common{std::max(box_a.min_x, box_b.min_x), std::max(box_a.min_y, box_b.min_y),
                   std::min(box_a.max_x, box_b.max_x), std::min(box_a.max_y, box_b.max_y)};
  return edges_surely_cross(a, b, common) || a_vertex_surely_inside(a, b, common) ||
         a_vertex_surely_inside(b, a, common);
}

OverlapClasses::OverlapClasses(const std::vector<const Geometry*>& shapes, int jobs,
                               const Progress& progress)
    : places_(shapes.size()), class_of_(shapes.size(), none), others_(shapes.size()) {
  find_places(shapes);
  progress.update(0.1, "overlaps");
  for (std::size_t s = 0; s < shapes.size(); ++s)
    if (has_ground(shapes[s])) class_of_[s] = 0;  // known below
  find_classes();
  find_others(shapes, jobs, progress.part(0.1, 1.0));
}

void OverlapClasses::find_places(const std::vector<const Geometry*>& shapes) {
  std::vector<Box> boxes;
  for (const Geometry* shape : shapes) boxes.push_back(has_ground(shape) ? box_of(*shape) : Box{});
  const SpatialIndex index(std::move(boxes));
  std::uint32_t next = 0;
  for (std::size_t s = 0; s < shapes.size(); ++s) {
    // A shape that holds a place already has its overlaps there; one more would only split classes.
    if (!has_ground(shapes[s]) || !places_[s].empty()) continue;
    const Point place = representative_point(*shapes[s]);
    if (!surely_inside(*shapes[s], place)) continue;
    for (const std::size_t other : index.query({place.x, place.y, place.x, place.y}))
      if (has_ground(shapes[other]) && surely_inside(*shapes[other], place))
        places_[other].push_back(next);
    ++next;
  }
}

void OverlapClasses::find_classes() {
  std::map<std::vector<std::uint32_t>, std::size_t> known;
  for (std::size_t s = 0; s < places_.size(); ++s) {
    if (class_of_[s] == none) continue;
    // Without a place nothing is known of its overlaps: a class of its own.
    if (places_[s].empty()) {
      class_of_[s] = classes_.size();
      classes_.push_back({s});
      continue;
    }
    const auto [at, fresh] = known.try_emplace(places_[s], classes_.size());
    if (fresh) classes_.emplace_back();
    class_of_[s] = at->second;
    classes_[at->second].push_back(s);
  }
  std::map<std::uint32_t, std::vector<std::size_t>> holders;
  for (const auto& [places, one] : known)
    for (const std::uint32_t place : places) holders[place].push_back(one);
  sharing_.resize(classes_.size());
  for (std::size_t c = 0; c < classes_.size(); ++c) sharing_[c] = {c};
  for (const auto& [places, one] : known) {
    std::vector<std::size_t>& own = sharing_[one];
    for (const std::uint32_t place : places)
      own.insert(own.end(), holders[place].begin(), holders[place].end());
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
  }
}

bool OverlapClasses::share_place(std::size_t a, std::size_t b) const {
  const auto& one = places_[a];
  const auto& two = places_[b];
  for (std::size_t i = 0, j = 0; i < one.size() && j < two.size();) {
    if (one[i] == two[j]) return true;
    if (one[i] < two[j])
      ++i;
    else
      ++j;
  }
  return false;
}

void OverlapClasses::find_others(const std::vector<const Geometry*>& shapes, int jobs,
                                 const Progress& progress) {
  std::vector<Box> boxes(shapes.size()), class_boxes(classes_.size());
  for (std::size_t c = 0; c < classes_.size(); ++c)
    for (const std::size_t s : classes_[c]) {
      boxes[s] = box_of(*shapes[s]);
      class_boxes[c].add(boxes[s]);
    }
  const SpatialIndex index(class_boxes);
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> found(classes_.size());
  std::vector<Findings> said(classes_.size());
  const auto look = [&](std::size_t a, std::size_t b, std::size_t c) {
    if (!share_box_area(boxes[a], boxes[b])) return;
    if (!interiors_surely_meet(*shapes[a], *shapes[b])) {
      const auto both = told(try_intersection(*shapes[a], *shapes[b]), "overlap of two permits",
                             "permits", said[c]);
      if (!both || !(planar_area(*both) > 0.0)) return;
    }
    found[c].emplace_back(std::min(a, b), std::max(a, b));
  };
  parallel_blocks(
      classes_.size(), 1, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t c = begin; c < end; ++c)
          for (const std::size_t d : index.query(class_boxes[c])) {
            progress.check();
            if (d <= c || std::binary_search(sharing_[c].begin(), sharing_[c].end(), d)) continue;
            for (const std::size_t a : classes_[c]) {
              if (!share_box_area(boxes[a], class_boxes[d])) continue;
              for (const std::size_t b : classes_[d]) look(a, b, c);
            }
          }
      },
      progress);
  for (const Findings& own : said) findings_.add(own);
  for (const auto& pairs : found)
    for (const auto& [a, b] : pairs) {
      others_[a].push_back(b);
      others_[b].push_back(a);
    }
  for (auto& list : others_) std::sort(list.begin(), list.end());
}

bool OverlapClasses::overlap(std::size_t a, std::size_t b) const {
  if (class_of_[a] == none || class_of_[b] == none) return false;
  return a == b || share_place(a, b) || std::binary_search(others_[a].begin(), others_[a].end(), b);
}

}  // namespace lode
