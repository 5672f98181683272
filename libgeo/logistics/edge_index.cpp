#include "libgeo/logistics/edge_index.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"

namespace lode {

namespace {

constexpr double kRad = 0.017453292519943295;
constexpr double kMeanRadius = 6371008.8;
/// Longer segments are indexed in parts, so that the arc stays near its chord.
constexpr double kPartLength = 1e5;

/// How far an arc of the ellipsoid may leave its chord: c^2 / (8 R), R not above the least radius
/// of curvature (6,335 km on the meridian at the equator), rounded up.
double bulge_m(double chord_m) {
  return chord_m * chord_m / (8.0 * 6.2e6);
}

double square_of(const EarthPoint& a, const EarthPoint& b) {
  const double dx = a.x_m - b.x_m, dy = a.y_m - b.y_m, dz = a.z_m - b.z_m;
  return dx * dx + dy * dy + dz * dz;
}

}  // namespace

Foot foot_on_geodesic(const Geodesic& geodesic, LonLat place, LonLat a, LonLat b) {
  const Inverse line = geodesic.inverse(a, b);
  const Inverse to_place = geodesic.inverse(a, place);
  if (line.distance_m == 0.0 || to_place.distance_m == 0.0) return {a, to_place.distance_m, 0.0};
  const auto step = [](double distance_m, double angle_deg) {
    const double arc = distance_m / kMeanRadius;
    return kMeanRadius * std::atan2(std::sin(arc) * std::cos(angle_deg * kRad), std::cos(arc));
  };
  double along = step(to_place.distance_m, to_place.azimuth1_deg - line.azimuth1_deg);
  const auto at_a = [&] { return Foot{a, to_place.distance_m, 0.0}; };
  const auto at_b = [&] { return Foot{b, geodesic.distance_m(place, b), line.distance_m}; };
  for (int turn = 0; turn < 20; ++turn) {
    // Once past an end by more than the spherical formula can be wrong, the end is nearest.
    const double clamped = std::clamp(along, 0.0, line.distance_m);
    const LonLat at = geodesic.direct(a, line.azimuth1_deg, clamped);
    const Inverse back = geodesic.inverse(at, place);
    if (back.distance_m == 0.0) break;
    const double heading = clamped > 0.0 ? geodesic.inverse(a, at).azimuth2_deg : line.azimuth1_deg;
    const double move = step(back.distance_m, back.azimuth1_deg - heading);
    along = clamped + move;
    if (clamped == 0.0 && move <= 0.0) return at_a();
    if (clamped == line.distance_m && move >= 0.0) return at_b();
    if (std::abs(move) < 1e-7) break;
  }
  along = std::clamp(along, 0.0, line.distance_m);
  if (along == 0.0) return at_a();
  if (along == line.distance_m) return at_b();
  const LonLat at = geodesic.direct(a, line.azimuth1_deg, along);
  Foot foot{plain_place(at.lon_deg, at.lat_deg), geodesic.distance_m(place, at), along};
  // A foot a rounding away from an end is the end.
  if (along < 1e-6) return at_a();
  if (line.distance_m - along < 1e-6) return at_b();
  return foot;
}

double fraction_of(const Network& network, const Geodesic& geodesic, std::uint32_t edge,
                   std::uint32_t segment, double along_m) {
  const NetworkEdge& e = network.edges[edge];
  if (segment == 0 && along_m <= 0.0) return 0.0;
  Sum before;
  const LonLat* shape = network.shape.data() + e.first_vertex;
  for (std::uint32_t i = 0; i < segment; ++i) before += geodesic.distance_m(shape[i], shape[i + 1]);
  before += along_m;
  const double fraction = e.length_m > 0.0 ? before.value() / e.length_m : 0.0;
  return std::clamp(fraction, 0.0, 1.0);
}

namespace {

/// Cuts a segment into pieces whose arc stays near its chord, and hands them to `take`.
template <class Take>
void cut_segment(const Network& network, const Geodesic& geodesic, std::uint32_t edge,
                 std::uint32_t segment, EarthPoint from, const EarthPoint& to, Take&& take) {
  const double chord = straight_distance_m(from, to);
  if (chord <= kPartLength) {
    take(EdgePiece{edge, segment, from, to});
    return;
  }
  const LonLat* shape = network.shape.data() + network.edges[edge].first_vertex + segment;
  const int parts = static_cast<int>(std::ceil(chord * 1.6 / kPartLength));
  const Inverse line = geodesic.inverse(shape[0], shape[1]);
  for (int part = 1; part <= parts; ++part) {
    const EarthPoint next =
        part == parts ? to
                      : earth_point(geodesic.direct(shape[0], line.azimuth1_deg,
                                                    line.distance_m * part / parts),
                                    network.crs.semi_major_m, network.crs.inverse_flattening);
    take(EdgePiece{edge, segment, from, next});
    from = next;
  }
}

/// All pieces of an edge; of a lane over open water, its two ends.
template <class Take>
void cut_edge(const Network& network, const Geodesic& geodesic, std::uint32_t edge, Take&& take) {
  const NetworkEdge& e = network.edges[edge];
  const auto earth = [&](std::uint32_t vertex) {
    return earth_point(network.shape[e.first_vertex + vertex], network.crs.semi_major_m,
                       network.crs.inverse_flattening);
  };
  if (network.open_water(edge)) {
    for (const std::uint32_t vertex : {0U, e.vertices - 1}) {
      const EarthPoint end = earth(vertex);
      take(EdgePiece{edge, vertex == 0 ? 0 : e.vertices - 2, end, end});
    }
    return;
  }
  EarthPoint last = earth(0);
  for (std::uint32_t s = 0; s + 1 < e.vertices; ++s) {
    const EarthPoint next = earth(s + 1);
    cut_segment(network, geodesic, edge, s, last, next, take);
    last = next;
  }
}

/// Lanes over open water are met at their ends alone.
Foot nearer_end(const Geodesic& geodesic, LonLat place, LonLat a, LonLat b) {
  const double to_a = geodesic.distance_m(place, a), to_b = geodesic.distance_m(place, b);
  if (to_a <= to_b) return {a, to_a, 0.0};
  return {b, to_b, geodesic.distance_m(a, b)};
}

/// Edges that need a place in an index: all, but of lanes over open water only the first at a node,
/// since thousands leave a port and the first is the one that an equal distance is given to.
std::vector<std::uint32_t> edges_to_index(const Network& network,
                                          const std::vector<std::uint32_t>& edges) {
  std::vector<std::uint32_t> kept;
  std::vector<char> seen(network.nodes.size(), 0);
  for (const auto edge : edges) {
    const NetworkEdge& e = network.edges[edge];
    const bool lane = network.open_water(edge);
    if (lane && seen[e.a] != 0 && seen[e.b] != 0) continue;
    if (lane) seen[e.a] = seen[e.b] = 1;
    kept.push_back(edge);
  }
  return kept;
}

/// The nearest of the pieces that are offered. What cannot be nearest by its chord is passed over;
/// the rest is looked at exactly, so that the answer depends on no order.
class Nearest {
 public:
  Nearest(const Network& network, const Geodesic& geodesic, LonLat place, double radius_m)
      : network_(network),
        geodesic_(geodesic),
        place_(place),
        at_(earth_point(place, network.crs.semi_major_m, network.crs.inverse_flattening)),
        least_radius_m_(least_radius_of(network.crs)),
        radius_m_(radius_m),
        ceiling_m_(radius_m),
        straight_m_(straight_limit_m(radius_m)) {}

  [[nodiscard]] const EarthPoint& at() const { return at_; }
  /// Nothing farther than this in a straight line can be nearest.
  [[nodiscard]] double straight_m() const { return straight_m_; }

  void offer(const EdgePiece& piece) {
    const double dx = piece.b.x_m - piece.a.x_m, dy = piece.b.y_m - piece.a.y_m,
                 dz = piece.b.z_m - piece.a.z_m;
    const double square = dx * dx + dy * dy + dz * dz;
    const double dot =
        (at_.x_m - piece.a.x_m) * dx + (at_.y_m - piece.a.y_m) * dy + (at_.z_m - piece.a.z_m) * dz;
    const double t = square > 0.0 ? std::clamp(dot / square, 0.0, 1.0) : 0.0;
    const EarthPoint foot{piece.a.x_m + t * dx, piece.a.y_m + t * dy, piece.a.z_m + t * dz};
    const double straight = straight_distance_m(at_, foot);
    const double slack = bulge_m(std::sqrt(square)) + 1e-6;
    const double low = geodesic_bound_m(std::max(0.0, straight - slack));
    if (low > ceiling_m_) return;
    candidates_.push_back({low, piece.edge, piece.segment});
    // Some point of the arc lies within its bulge of the chord's foot.
    if (const double high = geodesic_ceiling_m(straight + slack, least_radius_m_);
        high < ceiling_m_) {
      ceiling_m_ = high;
      straight_m_ = straight_limit_m(ceiling_m_);
    }
  }

  [[nodiscard]] EdgeHit hit();

 private:
  struct Candidate {
    double low_m = 0.0;
    std::uint32_t edge = 0;
    std::uint32_t segment = 0;
  };
  const Network& network_;
  const Geodesic& geodesic_;
  LonLat place_;
  EarthPoint at_;
  double least_radius_m_ = 0.0;
  double radius_m_ = 0.0;
  double ceiling_m_ = 0.0;
  double straight_m_ = 0.0;
  std::vector<Candidate> candidates_;
};

EdgeHit Nearest::hit() {
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.low_m, a.edge, a.segment) < std::tie(b.low_m, b.edge, b.segment);
  });
  EdgeHit best;
  double best_m = radius_m_, along = 0.0;
  for (const auto& candidate : candidates_) {
    if (candidate.low_m > best_m) break;
    const LonLat* shape =
        network_.shape.data() + network_.edges[candidate.edge].first_vertex + candidate.segment;
    const Foot foot = network_.open_water(candidate.edge)
                          ? nearer_end(geodesic_, place_, shape[0], shape[1])
                          : foot_on_geodesic(geodesic_, place_, shape[0], shape[1]);
    const bool nearer = foot.distance_m < best_m || (!best.found && foot.distance_m <= best_m);
    const bool tie =
        best.found && foot.distance_m == best_m &&
        std::tie(candidate.edge, candidate.segment) < std::tie(best.edge, best.segment);
    if (!nearer && !tie) continue;
    best = {true, candidate.edge, 0.0, foot.at, foot.distance_m, candidate.segment};
    along = foot.along_m;
    best_m = foot.distance_m;
  }
  if (!best.found) return best;
  best.fraction = fraction_of(network_, geodesic_, best.edge, best.segment, along);
  const NetworkEdge& e = network_.edges[best.edge];
  if (best.at == network_.shape[e.first_vertex + e.vertices - 1] && best.segment + 2 == e.vertices)
    best.fraction = 1.0;
  return best;
}

}  // namespace

EdgeIndex::EdgeIndex(const Network& network, const std::vector<std::uint32_t>& all, int jobs)
    : network_(&network), geodesic_(network.crs) {
  constexpr std::size_t kBlock = 8192;
  const auto edges = edges_to_index(network, all);
  std::vector<std::vector<EdgePiece>> cut((edges.size() + kBlock - 1) / kBlock);
  parallel_blocks(edges.size(), kBlock, jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t block) {
                    for (std::size_t i = begin; i < end; ++i)
                      cut_edge(network, geodesic_, edges[i],
                               [&](const EdgePiece& piece) { cut[block].push_back(piece); });
                  });
  std::vector<EdgePiece> pieces;
  std::size_t total = 0;
  for (const auto& block : cut) total += block.size();
  pieces.reserve(total);
  for (auto& block : cut) {
    pieces.insert(pieces.end(), block.begin(), block.end());
    std::vector<EdgePiece>().swap(block);
  }
  std::vector<EarthBox> boxes(pieces.size());
  parallel_blocks(
      pieces.size(), 4 * kBlock, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          boxes[i] = EarthBox::around(pieces[i].a, pieces[i].b,
                                      bulge_m(straight_distance_m(pieces[i].a, pieces[i].b)));
      });
  tree_ = EarthTree(boxes, jobs);
  const auto order = tree_.renumber();
  pieces_.resize(pieces.size());
  for (std::size_t i = 0; i < order.size(); ++i) pieces_[i] = pieces[order[i]];
}

EdgeHit EdgeIndex::nearest(LonLat place, double radius_m,
                           const std::function<bool(std::uint32_t)>& accept) const {
  Nearest nearest(*network_, geodesic_, place, radius_m);
  tree_.within(nearest.at(), nearest.straight_m(), [&](std::uint32_t item) {
    const EdgePiece& piece = pieces_[item];
    if (!accept || accept(piece.edge)) nearest.offer(piece);
    return nearest.straight_m();
  });
  return nearest.hit();
}

std::vector<EdgeHit> NearestEdges::find(const std::vector<LonLat>& places, double radius_m,
                                        const Progress& progress) {
  // A look at a run of nodes for one place costs a few nanoseconds, an edge's place in an index a
  // microsecond.
  // Lanes that cross an ocean would all be in reach.
  const auto& layers = network_->layers;
  const bool lanes = std::find(layers.begin(), layers.end(), kOpenWaterLanes) != layers.end() &&
                     std::any_of(edges_.begin(), edges_.end(),
                                 [&](const auto edge) { return network_->open_water(edge); });
  // An index costs as much as a pass for some thousand places near their edges; farther off, more
  // and more edges are in question.
  constexpr double near_m = 5e5;
  const std::size_t most =
      radius_m <= near_m ? std::max<std::size_t>(128, edges_.size() / 400) : 128;
  const bool few = !lanes && places.size() <= most && edges_.size() > 2000;
  if (by_ == By::pass || (by_ == By::automatic && few && !index_))
    return pass(places, radius_m, progress);
  if (!index_) index_.emplace(*network_, edges_, jobs_);
  std::vector<EdgeHit> hits(places.size());
  parallel_blocks(
      places.size(), 16, jobs_,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) hits[i] = index_->nearest(places[i], radius_m);
      },
      progress);
  return hits;
}

namespace {

/// Nodes of a run: they stand along a curve, so that a run is a small patch of ground.
constexpr std::uint32_t kRun = 128;

/// The nodes at which edges begin, and how far from them those edges may lead.
class FirstNodes {
 public:
  /// With `many` places the nodes are worked out once, not place by place.
  FirstNodes(const Network& network, const std::vector<std::uint32_t>& edges, bool many);

  /// Those whose edges may come as near to a place as any edge does, within the radius.
  [[nodiscard]] std::vector<std::uint32_t> in_reach(LonLat place, double radius_m) const;

 private:
  struct Run {
    std::uint32_t first = 0, last = 0;
    EarthPoint centre;
    double radius_m = 0.0;  ///< no node of the run is farther than this from the centre
    double reach_m = 0.0;
  };
  [[nodiscard]] EarthPoint earth(LonLat at) const {
    return earth_point(at, network_.crs.semi_major_m, network_.crs.inverse_flattening);
  }
  [[nodiscard]] EarthPoint point_of(std::uint32_t number) const {
    return earth_.empty() ? earth(network_.nodes[number]) : earth_[number];
  }
  void add_run(std::uint32_t first, std::uint32_t last);
  [[nodiscard]] double nearest_m(const EarthPoint& at) const;

  const Network& network_;
  std::vector<float> reach_m_;     ///< by node; below 0 where no edge begins
  std::vector<EarthPoint> earth_;  ///< of the nodes, or none
  std::vector<Run> runs_;
};

FirstNodes::FirstNodes(const Network& network, const std::vector<std::uint32_t>& edges, bool many)
    : network_(network), reach_m_(network.nodes.size(), -1.0F) {
  for (const auto edge : edges) {
    const NetworkEdge& e = network.edges[edge];
    // Parts of a split edge share its length, so that it is not theirs to the last digit.
    reach_m_[e.a] = std::max(reach_m_[e.a], static_cast<float>(1.001 * e.length_m + 2.0));
  }
  const auto nodes = static_cast<std::uint32_t>(network.nodes.size());
  for (std::uint32_t node = 0; many && node < nodes; ++node)
    earth_.push_back(earth(network.nodes[node]));
  for (std::uint32_t first = 0; first < nodes; first += kRun)
    add_run(first, std::min(nodes, first + kRun));
}

void FirstNodes::add_run(std::uint32_t first, std::uint32_t last) {
  LonLat low{1e9, 1e9}, high{-1e9, -1e9};
  Run run{first, last, {}, 0.0, -1.0};
  for (std::uint32_t node = first; node < last; ++node) {
    if (reach_m_[node] < 0.0F) continue;
    const LonLat at = network_.nodes[node];
    low = {std::min(low.lon_deg, at.lon_deg), std::min(low.lat_deg, at.lat_deg)};
    high = {std::max(high.lon_deg, at.lon_deg), std::max(high.lat_deg, at.lat_deg)};
    run.reach_m = std::max(run.reach_m, static_cast<double>(reach_m_[node]));
  }
  if (run.reach_m < 0.0) return;
  const Crs& crs = network_.crs;
  const double flattening = crs.inverse_flattening > 0.0 ? 1.0 / crs.inverse_flattening : 0.0;
  // Along the parallel, then along the meridian, neither more curved than this.
  const double m_per_deg = 1.001 * kRad * crs.semi_major_m / (1.0 - flattening);
  run.centre = earth({0.5 * (low.lon_deg + high.lon_deg), 0.5 * (low.lat_deg + high.lat_deg)});
  run.radius_m = 0.5 * m_per_deg * (high.lon_deg - low.lon_deg + high.lat_deg - low.lat_deg) + 0.01;
  runs_.push_back(run);
}

/// In a straight line.
double FirstNodes::nearest_m(const EarthPoint& at) const {
  double most = 1e18;
  for (const auto& run : runs_)
    most = std::min(most, straight_distance_m(run.centre, at) + run.radius_m);
  double least = 1e18;
  for (const auto& run : runs_) {
    if (straight_distance_m(run.centre, at) - run.radius_m > most) continue;
    for (std::uint32_t node = run.first; node < run.last; ++node)
      if (reach_m_[node] >= 0.0F) least = std::min(least, square_of(point_of(node), at));
  }
  return std::sqrt(least);
}

std::vector<std::uint32_t> FirstNodes::in_reach(LonLat place, double radius_m) const {
  const EarthPoint at = earth(place);
  const double limit_m =
      std::min(radius_m, geodesic_ceiling_m(nearest_m(at), least_radius_of(network_.crs)));
  std::vector<std::uint32_t> nodes;
  for (const auto& run : runs_) {
    if (straight_distance_m(run.centre, at) - run.radius_m > limit_m + run.reach_m) continue;
    for (std::uint32_t node = run.first; node < run.last; ++node) {
      if (reach_m_[node] < 0.0F) continue;
      const double most = limit_m + static_cast<double>(reach_m_[node]);
      if (square_of(point_of(node), at) <= most * most) nodes.push_back(node);
    }
  }
  return nodes;
}

/// For each place the edges that begin at its nodes.
std::vector<std::vector<std::uint32_t>> edges_from(
    const Network& network, const std::vector<std::uint32_t>& edges,
    const std::vector<std::vector<std::uint32_t>>& nodes_of) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> wanted;  // node, place
  std::vector<char> any(network.nodes.size(), 0);
  for (std::uint32_t p = 0; p < nodes_of.size(); ++p)
    for (const auto node : nodes_of[p]) {
      wanted.emplace_back(node, p);
      any[node] = 1;
    }
  std::sort(wanted.begin(), wanted.end());
  std::vector<std::vector<std::uint32_t>> edges_of(nodes_of.size());
  for (const auto edge : edges) {
    const std::uint32_t node = network.edges[edge].a;
    if (any[node] == 0) continue;
    for (auto at = std::lower_bound(wanted.begin(), wanted.end(), std::pair(node, 0U));
         at != wanted.end() && at->first == node; ++at)
      edges_of[at->second].push_back(edge);
  }
  return edges_of;
}

}  // namespace

// Every point of an edge lies within the edge's length of its first node, so that one straight
// distance a node and place is enough to pass its edges over, and one for a whole run of nodes.
std::vector<EdgeHit> NearestEdges::pass(const std::vector<LonLat>& places, double radius_m,
                                        const Progress& progress) const {
  const Network& network = *network_;
  const Geodesic geodesic(network.crs);
  const std::size_t count = places.size();
  constexpr std::size_t kMany = 256;
  const FirstNodes first(network, edges_, count > kMany);
  std::vector<std::vector<std::uint32_t>> nodes_of(count);
  parallel_blocks(
      count, 1, jobs_,
      [&](std::size_t p, std::size_t, std::size_t) {
        nodes_of[p] = first.in_reach(places[p], radius_m);
      },
      progress.part(0.0, 0.5));
  const auto edges_of = edges_from(network, edges_, nodes_of);
  std::vector<EdgeHit> hits(count);
  parallel_blocks(
      count, 1, jobs_,
      [&](std::size_t begin, std::size_t, std::size_t) {
        Nearest nearest(network, geodesic, places[begin], radius_m);
        for (const auto edge : edges_of[begin])
          cut_edge(network, geodesic, edge, [&](const EdgePiece& piece) { nearest.offer(piece); });
        hits[begin] = nearest.hit();
      },
      progress.part(0.5, 1.0));
  return hits;
}

}  // namespace lode
