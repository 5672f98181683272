#include "libgeo/environment/near_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <queue>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/crs/local_frame.h"
#include "libgeo/crs/transform.h"
#include "libgeo/environment/inside.h"
#include "libgeo/environment/space_chords.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/spatial_index.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

using space::ChordBox;
using space::Xyz;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kEndless = std::numeric_limits<double>::infinity();
/// Geodesic edges are kept as chords of up to 10 km: in an azimuthal equidistant frame about a
/// place at any distance d they bend by L^2 / 12 R^2 of d, 2e-7.
constexpr double kLongestEdge = 10000.0;
constexpr double kLongestOfProbe = 2000.0;
constexpr double kLongestStraight = 2000.0;  ///< of edges that are straight in their CRS
constexpr std::uint32_t kChunk = 16;         ///< edges of one leaf box
constexpr std::size_t kLeaf = 4;             ///< leaf boxes of one lowest node

struct Chunk {
  std::uint32_t feature = 0;
  std::uint32_t first = 0;  ///< vertex
  std::uint32_t count = 0;  ///< vertices, at least 1
};

struct Node {
  ChordBox box;
  std::uint32_t first = 0;  ///< child node, or entry of `order` in a leaf
  std::uint32_t count = 0;
  bool leaf = true;
};

/// A pair of edges that may be the nearest one.
struct Pair {
  double chord = 0.0;
  double s = 0.0;
  std::uint32_t own = 0;  ///< first vertex of the probe's edge
  std::uint32_t own_end = 0;
  std::uint32_t theirs = 0;  ///< first vertex of the feature's edge
  std::uint32_t theirs_end = 0;
  std::uint32_t feature = 0;
};

/// Boundary runs of a geometry: single points, lines, rings.
template <class Visit>
void for_each_run(const Geometry& g, Visit visit) {
  for (const Point& p : g.points) visit(&p, std::size_t{1});
  for (const Path& line : g.lines) visit(line.data(), line.size());
  for (const Polygon& polygon : g.polygons) {
    visit(polygon.shell.data(), polygon.shell.size());
    for (const Path& hole : polygon.holes) visit(hole.data(), hole.size());
  }
}

/// Edges in blocks with a box each, about as many blocks as edges in one.
void block_edges(NearIndex::Probe& probe) {
  const auto size = std::max<std::uint32_t>(
      16, static_cast<std::uint32_t>(std::sqrt(static_cast<double>(probe.vertices.size()))));
  std::uint32_t begin = 0;
  for (const std::uint32_t end : probe.ends) {
    const bool single = end - begin == 1;
    const std::uint32_t last = single ? end : end - 1;
    for (std::uint32_t first = begin; first < last; first += size) {
      NearIndex::Probe::Block block;
      block.first = first;
      block.last = std::min(first + size, last);
      block.single = single;
      ChordBox box;
      for (std::uint32_t i = first; i <= block.last && i < end; ++i) box.add(probe.xyz[i]);
      block.low = box.low;
      block.high = box.high;
      probe.blocks.push_back(block);
    }
    begin = end;
  }
}

}  // namespace

struct NearIndex::Impl {
  Crs crs;
  Edges edges = Edges::geodesic;
  std::unique_ptr<Transform> to_base;
  Geodesic geodesic;
  double a = 0.0, e2 = 0.0;
  bool planar = false;
  std::size_t features = 0;
  double longest_square = 0.0;  ///< of the chords
  double slack_m = 1e-6;  ///< chords of the index and of a probe lie this far under the ground
  std::vector<Point> vertices;
  std::vector<Xyz> space;  ///< of the vertices; none in a mine grid, whose plane is space enough
  std::vector<Chunk> chunks;
  std::vector<ChordBox> boxes;
  std::vector<std::uint32_t> order;
  std::vector<Node> nodes;
  std::vector<std::size_t> first_chunk;  ///< of each feature; size features + 1
  InsideIndex inside;                    ///< polygons among the features
  SpatialIndex part_index;               ///< one vertex of each part
  std::vector<Point> part_vertex;
  std::vector<std::uint32_t> part_feature;

  [[nodiscard]] Xyz xyz(Point p) const {
    if (planar) return {p.x, p.y, 0.0};
    const double lon = p.x * (std::numbers::pi / 180.0), lat = p.y * (std::numbers::pi / 180.0);
    const double sin_lat = std::sin(lat), cos_lat = std::cos(lat);
    const double n = a / std::sqrt(1.0 - e2 * sin_lat * sin_lat);
    return {n * cos_lat * std::cos(lon), n * cos_lat * std::sin(lon), n * (1.0 - e2) * sin_lat};
  }

  [[nodiscard]] Xyz vertex_xyz(std::uint32_t i) const {
    return planar ? Xyz{vertices[i].x, vertices[i].y, 0.0} : space[i];
  }

  /// Pairs this near to the nearest chord are measured. Chords are short of the way over ground by
  /// about d^3/24R^2, which differs by less than 2 % between places (1e-3 holds it five times
  /// over), and sink under the ground.
  [[nodiscard]] double with_slack(double chord) const {
    if (planar) return chord + slack_m;
    const double turn = chord / space::kRadius;
    return chord * (1.0 + 1e-6 + 1e-3 * turn * turn) + slack_m;
  }

  /// Vertices as metres of the mine grid, or degrees within which geodesics follow the edges;
  /// longitude may run on beyond 180.
  [[nodiscard]] Geometry boundary_form(const Geometry& g, double longest_m) const {
    if (planar) {
      Geometry out = g;
      if (crs.metres_per_unit != 1.0)
        for_each_vertex(out,
                        [&](Point& p) { p.x *= crs.metres_per_unit, p.y *= crs.metres_per_unit; });
      return out;
    }
    EdgeOptions options;
    options.longest_m = longest_m;
    if (edges == Edges::geodesic) {
      options.tolerance_m = kEndless;  // a geodesic needs no vertex to stay one
    } else {
      options.longest_m = std::min(longest_m, kLongestStraight);
      options.for_geodesics = true;
    }
    return to_lonlat(g, *to_base, edges, options);
  }

  /// Polygons for inside tests in longitude and latitude, cut at the antimeridian.
  [[nodiscard]] Geometry plane_form(const Geometry& g) const {
    if (planar) return boundary_form(g, kEndless);
    EdgeOptions options;
    options.longest_m = kLongestStraight;
    options.for_geodesics = true;
    return cut_at_antimeridian(to_lonlat(g, *to_base, edges, options));
  }

  /// The place as inside tests know it.
  [[nodiscard]] Point in_plane(Point p) const {
    if (!planar && std::abs(p.x) > 180.0) p.x = longitude_near(p.x, 0.0);
    return p;
  }

  void reserve(const std::vector<Geometry>& all) {
    std::size_t places = 0, runs = 0, parts = 0;
    for (const Geometry& g : all)
      for_each_run(g, [&](const Point*, std::size_t n) {
        places += n;
        runs += n / kChunk + 1;
        ++parts;
      });
    vertices.reserve(places);
    if (!planar) space.reserve(places);
    chunks.reserve(runs);
    boxes.reserve(runs);
    part_vertex.reserve(parts);
    part_feature.reserve(parts);
  }

  void add(const Geometry& boundary, std::uint32_t feature) {
    for_each_run(boundary, [&](const Point* p, std::size_t n) {
      if (n == 0) return;
      part_vertex.push_back(in_plane(*p));
      part_feature.push_back(feature);
      const auto base = static_cast<std::uint32_t>(vertices.size());
      vertices.insert(vertices.end(), p, p + n);
      if (!planar)
        for (std::size_t i = 0; i < n; ++i) space.push_back(xyz(p[i]));
      const auto total = static_cast<std::uint32_t>(n);
      std::uint32_t at = 0;
      do {
        Chunk chunk{feature, base + at, std::min(kChunk + 1, total - at)};
        ChordBox box;
        for (std::uint32_t i = 0; i < chunk.count; ++i) {
          const Xyz here = vertex_xyz(chunk.first + i);
          box.add(here);
          if (i == 0 || planar) continue;
          const Xyz step = space::minus(here, vertex_xyz(chunk.first + i - 1));
          longest_square = std::max(longest_square, space::dot(step, step));
        }
        chunks.push_back(chunk);
        boxes.push_back(box);
        at += kChunk;
      } while (at + 1 < total);
    });
  }

  /// Splits by the middle of the longest axis; the order among equals is the chunks' own.
  void build(std::uint32_t node, std::uint32_t begin, std::uint32_t end) {
    ChordBox box, middles;
    for (std::uint32_t i = begin; i < end; ++i) {
      box.add(boxes[order[i]]);
      middles.add(middle(order[i]));
    }
    nodes[node].box = box;
    if (end - begin <= kLeaf) {
      nodes[node].first = begin;
      nodes[node].count = end - begin;
      return;
    }
    int axis = 0;
    for (int k = 1; k < 3; ++k)
      if (middles.high[k] - middles.low[k] > middles.high[axis] - middles.low[axis]) axis = k;
    const std::uint32_t half = begin + (end - begin) / 2;
    std::nth_element(order.begin() + begin, order.begin() + half, order.begin() + end,
                     [&](std::uint32_t p, std::uint32_t q) {
                       const double u = boxes[p].low[axis] + boxes[p].high[axis];
                       const double v = boxes[q].low[axis] + boxes[q].high[axis];
                       return u < v || (u == v && p < q);
                     });
    const auto child = static_cast<std::uint32_t>(nodes.size());
    nodes[node].leaf = false;
    nodes[node].first = child;
    nodes[node].count = 2;
    nodes.emplace_back();
    nodes.emplace_back();
    build(child, begin, half);
    build(child + 1, half, end);
  }
  [[nodiscard]] Xyz middle(std::uint32_t chunk) const {
    const ChordBox& b = boxes[chunk];
    return {0.5 * (b.low[0] + b.high[0]), 0.5 * (b.low[1] + b.high[1]),
            0.5 * (b.low[2] + b.high[2])};
  }

  /// Every pair of edges of the probe and a chunk whose chord distance is at most `limit()`.
  template <class Limit, class Take>
  void pairs(const Probe& probe, std::uint32_t chunk, Limit limit, Take take) const {
    const Chunk& c = chunks[chunk];
    std::array<Xyz, kChunk + 1> theirs;
    for (std::uint32_t i = 0; i < c.count; ++i) theirs[i] = vertex_xyz(c.first + i);
    const std::uint32_t their_edges = c.count > 1 ? c.count - 1 : 1;
    if (probe.vertices.size() == 1) {
      for (std::uint32_t k = 0; k < their_edges; ++k) {
        const std::uint32_t m = std::min(k + 1, c.count - 1);
        const double d = space::point_to_chord(probe.xyz.front(), theirs[k], theirs[m]);
        if (d <= limit()) take(Pair{d, 0.0, 0, 0, c.first + k, c.first + m, c.feature});
      }
      return;
    }
    for (const Probe::Block& block : probe.blocks) {
      const ChordBox& near = boxes[chunk];
      if (ChordBox{block.low, block.high}.distance(near) > limit()) continue;
      for (std::uint32_t i = block.first; i < block.last; ++i) {
        const std::uint32_t j = block.single ? i : i + 1;
        ChordBox own;
        own.add(probe.xyz[i]);
        own.add(probe.xyz[j]);
        if (own.distance(near) > limit()) continue;
        for (std::uint32_t k = 0; k < their_edges; ++k) {
          const std::uint32_t m = std::min(k + 1, c.count - 1);
          const space::ClosestApproach at =
              space::closest(probe.xyz[i], probe.xyz[j], theirs[k], theirs[m]);
          if (at.distance <= limit())
            take(Pair{at.distance, at.s, i, j, c.first + k, c.first + m, c.feature});
        }
      }
    }
  }

  /// Least distance in space from anything of the probe to anything in a box, from below.
  [[nodiscard]] static double bound(const Probe& probe, const ChordBox& box) {
    const double ball = box.distance(probe.centre) - probe.radius_m;
    return probe.vertices.size() == 1
               ? ball
               : std::max(ball, box.distance(ChordBox{probe.low, probe.high}));
  }

  /// The pair's distance on the ellipsoid.
  [[nodiscard]] double measure(const Probe& probe, const Pair& pair) const {
    const Point from = probe.vertices[pair.own], to = probe.vertices[pair.own_end];
    const Point c = vertices[pair.theirs], d = vertices[pair.theirs_end];
    if (planar) return space::planar_distance(from, to, c, d);
    LonLat centre{from.x, from.y};
    if (pair.s >= 1.0) {
      centre = {to.x, to.y};
    } else if (pair.s > 0.0) {
      const Inverse way = geodesic.inverse({from.x, from.y}, {to.x, to.y});
      centre = geodesic.direct({from.x, from.y}, way.azimuth1_deg, pair.s * way.distance_m);
    }
    const LocalFrame frame(geodesic, centre);
    const auto at = [&](Point p) {
      const auto xy = frame.forward({p.x, p.y});
      return Point{xy.x_m, xy.y_m};
    };
    const Point pc = at(c), pd = pair.theirs == pair.theirs_end ? pc : at(d);
    if (pair.own == pair.own_end) return space::to_segment({0, 0}, pc, pd);
    return space::planar_distance(at(from), at(to), pc, pd);
  }

  /// Features that hold a part of the probe or are held by it (distance 0 without crossing edges).
  void containing(const Probe& probe, std::vector<std::size_t>& out) const {
    std::uint32_t begin = 0;
    for (const std::uint32_t end : probe.ends) {
      inside.holding(in_plane(probe.vertices[begin]), out);
      begin = end;
    }
    if (probe.plane.kind == GeometryKind::polygon) {
      const InsideIndex own({probe.plane});
      for (const std::size_t part : part_index.query(box_of(probe.plane)))
        if (own.holds(0, part_vertex[part])) out.push_back(part_feature[part]);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
  }
};

NearIndex::NearIndex(const std::vector<Geometry>& features, const Crs& crs, Edges edges, int jobs,
                     const Progress& progress)
    : impl_(std::make_unique<Impl>()) {
  Impl& m = *impl_;
  m.crs = crs;
  m.edges = edges;
  m.planar = crs.is_local();
  m.features = features.size();
  if (!m.planar) {
    m.to_base = std::make_unique<Transform>(crs, geodetic_base(crs));
    m.geodesic = Geodesic(crs);
    m.a = crs.semi_major_m;
    const double f = crs.inverse_flattening > 0.0 ? 1.0 / crs.inverse_flattening : 0.0;
    m.e2 = f * (2.0 - f);
  }
  const bool as_given = m.planar && crs.metres_per_unit == 1.0;
  std::vector<Geometry> boundaries(as_given ? 0 : features.size()), planes(features.size());
  parallel_blocks(
      features.size(), 256, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          if (!as_given) boundaries[i] = m.boundary_form(features[i], kLongestEdge);
          if (features[i].kind == GeometryKind::polygon) planes[i] = m.plane_form(features[i]);
        }
      },
      progress);
  m.reserve(as_given ? features : boundaries);
  m.first_chunk.reserve(features.size() + 1);
  for (std::size_t i = 0; i < features.size(); ++i) {
    m.first_chunk.push_back(m.chunks.size());
    m.add(as_given ? features[i] : boundaries[i], static_cast<std::uint32_t>(i));
    if (!as_given) boundaries[i] = {};
  }
  m.first_chunk.push_back(m.chunks.size());
  // Twice for the two ends of a comparison, and once more for the chords of probes.
  if (!m.planar)
    m.slack_m = 0.01 + 2.0 * (space::sagitta(std::sqrt(m.longest_square)) +
                              space::sagitta(kLongestOfProbe));
  m.order.resize(m.chunks.size());
  for (std::uint32_t i = 0; i < m.order.size(); ++i) m.order[i] = i;
  if (!m.order.empty()) {
    m.nodes.emplace_back();
    m.build(0, 0, static_cast<std::uint32_t>(m.order.size()));
  }
  std::vector<Box> places;
  for (const Point& p : m.part_vertex) places.push_back({p.x, p.y, p.x, p.y});
  m.part_index = SpatialIndex(std::move(places));
  if (std::any_of(planes.begin(), planes.end(), [](const Geometry& g) { return !g.empty(); }))
    m.inside = InsideIndex(std::move(planes));
}

NearIndex::~NearIndex() = default;
NearIndex::NearIndex(NearIndex&&) noexcept = default;
NearIndex& NearIndex::operator=(NearIndex&&) noexcept = default;

NearIndex::Probe NearIndex::probe(const Geometry& geometry) const {
  Probe out;
  const Impl& m = *impl_;
  const bool areal = geometry.kind == GeometryKind::polygon;
  if (areal) out.plane = m.plane_form(geometry);
  const Geometry boundary =
      areal && m.planar ? Geometry{} : m.boundary_form(geometry, kLongestOfProbe);
  for_each_run(areal && m.planar ? out.plane : boundary, [&](const Point* p, std::size_t n) {
    if (n == 0) return;
    out.vertices.insert(out.vertices.end(), p, p + n);
    out.ends.push_back(static_cast<std::uint32_t>(out.vertices.size()));
  });
  if (out.vertices.empty()) return out;
  ChordBox box;
  out.xyz.reserve(out.vertices.size());
  for (const Point& p : out.vertices) {
    out.xyz.push_back(m.xyz(p));
    box.add(out.xyz.back());
  }
  out.low = box.low;
  out.high = box.high;
  for (int k = 0; k < 3; ++k) out.centre[k] = 0.5 * (box.low[k] + box.high[k]);
  for (const Xyz& p : out.xyz) {
    const Xyz gap = space::minus(p, out.centre);
    out.radius_m = std::max(out.radius_m, std::sqrt(space::dot(gap, gap)));
  }
  block_edges(out);
  return out;
}

NearHit NearIndex::nearest(const Probe& probe) const {
  const Impl& m = *impl_;
  if (probe.empty() || m.nodes.empty()) return {npos, kNan};
  std::vector<std::size_t> holding;
  m.containing(probe, holding);
  double best = holding.empty() ? kEndless : 0.0;
  std::vector<Pair> pairs;
  using Entry = std::pair<double, std::uint32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  const auto bound = [&](const ChordBox& box) { return Impl::bound(probe, box); };
  queue.push({bound(m.nodes[0].box), 0});
  while (!queue.empty()) {
    const auto [lower, at] = queue.top();
    queue.pop();
    if (lower > m.with_slack(best)) break;
    const Node& node = m.nodes[at];
    for (std::uint32_t i = 0; i < node.count; ++i) {
      if (!node.leaf) {
        const double low = bound(m.nodes[node.first + i].box);
        if (low <= m.with_slack(best)) queue.push({low, node.first + i});
        continue;
      }
      const std::uint32_t chunk = m.order[node.first + i];
      if (bound(m.boxes[chunk]) > m.with_slack(best)) continue;
      m.pairs(
          probe, chunk, [&] { return m.with_slack(best); },
          [&](const Pair& pair) {
            best = std::min(best, pair.chord);
            pairs.push_back(pair);
          });
    }
    if (pairs.size() > 4096)
      std::erase_if(pairs, [&](const Pair& p) { return p.chord > m.with_slack(best); });
  }
  NearHit hit{npos, kEndless};
  if (!holding.empty()) hit = {holding.front(), 0.0};
  for (const Pair& pair : pairs) {
    if (pair.chord > m.with_slack(best)) continue;
    if (hit.distance_m == 0.0 && pair.feature >= hit.feature) continue;
    const double d = m.measure(probe, pair);
    if (d < hit.distance_m || (d == hit.distance_m && pair.feature < hit.feature))
      hit = {pair.feature, d};
  }
  return hit;
}

std::vector<NearHit> NearIndex::within(const Probe& probe, double distance_m) const {
  const Impl& m = *impl_;
  std::vector<NearHit> out;
  if (probe.empty() || m.nodes.empty()) return out;
  std::vector<std::size_t> holding;
  m.containing(probe, holding);
  const double limit = m.with_slack(distance_m);
  std::vector<Pair> pairs;
  std::vector<std::uint32_t> stack{0};
  while (!stack.empty()) {
    const Node& node = m.nodes[stack.back()];
    stack.pop_back();
    if (Impl::bound(probe, node.box) > limit) continue;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      if (!node.leaf) {
        stack.push_back(node.first + i);
        continue;
      }
      const std::uint32_t chunk = m.order[node.first + i];
      if (Impl::bound(probe, m.boxes[chunk]) > limit) continue;
      if (std::binary_search(holding.begin(), holding.end(), m.chunks[chunk].feature)) continue;
      double best = limit;  // of this chunk: others of the feature are compared below
      m.pairs(
          probe, chunk, [&] { return std::min(limit, m.with_slack(best)); },
          [&](const Pair& pair) {
            best = std::min(best, pair.chord);
            pairs.push_back(pair);
          });
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& p, const Pair& q) {
    if (p.feature != q.feature) return p.feature < q.feature;
    if (p.chord != q.chord) return p.chord < q.chord;
    return p.own != q.own ? p.own < q.own : p.theirs < q.theirs;
  });
  for (const std::size_t feature : holding) out.push_back({feature, 0.0});
  for (std::size_t i = 0; i < pairs.size();) {
    std::size_t end = i;
    double nearest = kEndless;
    const double reach = m.with_slack(pairs[i].chord);
    for (; end < pairs.size() && pairs[end].feature == pairs[i].feature; ++end)
      if (pairs[end].chord <= reach && nearest > 0.0)
        nearest = std::min(nearest, m.measure(probe, pairs[end]));
    if (nearest <= distance_m) out.push_back({pairs[i].feature, nearest});
    i = end;
  }
  std::sort(out.begin(), out.end(),
            [](const NearHit& p, const NearHit& q) { return p.feature < q.feature; });
  return out;
}

double NearIndex::distance_m(const Probe& probe, std::size_t feature) const {
  const Impl& m = *impl_;
  if (probe.empty() || m.first_chunk[feature] == m.first_chunk[feature + 1]) return kNan;
  std::vector<std::size_t> holding;
  m.containing(probe, holding);
  if (std::binary_search(holding.begin(), holding.end(), feature)) return 0.0;
  double best = kEndless;
  std::vector<Pair> pairs;
  for (std::size_t c = m.first_chunk[feature]; c < m.first_chunk[feature + 1]; ++c)
    m.pairs(
        probe, static_cast<std::uint32_t>(c), [&] { return m.with_slack(best); },
        [&](const Pair& pair) {
          best = std::min(best, pair.chord);
          pairs.push_back(pair);
        });
  double nearest = kEndless;
  for (const Pair& pair : pairs)
    if (pair.chord <= m.with_slack(best)) nearest = std::min(nearest, m.measure(probe, pair));
  return nearest;
}

}  // namespace lode
