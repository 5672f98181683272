// Curves of a tile, cut by their neighbours, pieces brought to degrees.
#include "libgeo/environment/near_ground_outline.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/environment/near_ground_cuts.h"
#include "libgeo/environment/near_ground_frame.h"
#include "libgeo/environment/near_ground_network.h"
#include "libgeo/environment/near_ground_rings.h"
#include "libgeo/environment/near_ground_simple.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kRadius = 6371000.0;
constexpr double kStraight = 1e-7;  ///< radians; edges that bend less go on without a circle
constexpr double kLeast = 1e-9;     ///< of the radius; shorter pieces are nothing
constexpr std::size_t kTilesAtOnce = 8;
constexpr int kDeepest = 24;

double turned(double angle) {
  return angle <= 0.0 ? angle + 2.0 * kPi : angle;
}

/// How finely things are done.
struct Plan {
  double radius_m = 0.0;
  double step = 0.0;          ///< of chords, radians
  double gap_m = 0.0;         ///< edges of the result, bound
  double whole_circle = 1.0;  ///< share of the radius at which chords have a circle's area
  double tile_m = 0.0;
};

Plan plan_for(const SetbackShape& shape, const SetbackPlan& frames, double longest_m) {
  Plan out;
  const double d = shape.distance_m;
  const double size = std::max(15000.0, 4.0 * d);
  out.tile_m = std::min(1.2 * std::max(500.0, frames.run_m), size);
  const double reach = 0.75 * out.tile_m + longest_m + 2.0 * d;
  const double frame = d * reach * reach / (6.0 * kRadius * kRadius);
  const double chords = std::max(0.3 * frames.working_m, 0.75 * frames.working_m - frame);
  out.step = 2.0 * std::acos(1.0 - std::min(0.5, chords / d));
  out.radius_m = d;
  if (shape.conservative) out.radius_m = d / std::cos(0.5 * out.step) + 0.5 * frames.working_m;
  if (!shape.conservative) {
    const double step = 2.0 * kPi / std::ceil(2.0 * kPi / out.step);
    out.whole_circle = std::sqrt(step / std::sin(step));
  }
  out.gap_m = 0.2 * frames.working_m;
  return out;
}

const Crs& mine_grid() {
  static const Crs grid = parse_crs("local:m");
  return grid;
}

struct TileResult {
  std::vector<OutlinePiece> pieces;
  Path vertices;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> joined;  ///< edges of one body
  bool failed = false;
};

/// Everything about one tile: its own curves and the edges near them.
class TileWork {
 public:
  TileWork(const NearNetwork& network, const NearTiles& tiles, std::uint32_t tile, OutlineSide side,
           const Plan& plan, const NearFigure& figure, TileResult& out)
      : network_(network),
        tiles_(tiles),
        tile_(tiles.tiles()[tile]),
        block_(tile),
        side_(side),
        plan_(plan),
        planar_(figure.planar),
        frame_(figure, tiles.centre(tile_)),
        cuts_(plan.radius_m, static_cast<NearCurve>(2 * network.edges.size())),
        out_(out) {}

  void run() {
    gather();
    build_cells();
    for (std::uint32_t i = 0; i < own_edges_; ++i) lines_of(i);
    const auto& order = tiles_.node_order();
    for (std::uint32_t i = 0; i < tile_.nodes; ++i) circle_of(order[tile_.first_node + i]);
    tell_bodies();
  }

 private:
  [[nodiscard]] NearEdge edge_in_frame(std::uint32_t id) const {
    const auto [from, to] = network_.edges[id];
    NearEdge out;
    out.id = id, out.from = from, out.to = to;
    out.a = frame_.forward(network_.xyz[from]);
    out.b = from == to ? out.a : frame_.forward(network_.xyz[to]);
    const double dx = out.b.x - out.a.x, dy = out.b.y - out.a.y;
    out.length = std::sqrt(dx * dx + dy * dy);
    if (out.length > 0.0) out.along = {dx / out.length, dy / out.length};
    out.box.add(out.a);
    out.box.add(out.b);
    return out;
  }

  /// Own edges first, then those of other tiles that can meet their ground.
  void gather() {
    const auto& order = tiles_.edge_order();
    Box reach;
    for (std::uint32_t i = 0; i < tile_.edges; ++i) {
      edges_.push_back(edge_in_frame(order[tile_.first_edge + i]));
      reach.add(edges_.back().box);
    }
    own_edges_ = tile_.edges;
    for (std::uint32_t i = 0; i < tile_.nodes; ++i)
      reach.add(frame_.forward(network_.xyz[tiles_.node_order()[tile_.first_node + i]]));
    const double wide = 2.02 * plan_.radius_m;
    reach = {reach.min_x - wide, reach.min_y - wide, reach.max_x + wide, reach.max_y + wide};
    const double far = 2.05 * plan_.radius_m + 2.0 * network_.longest_m;
    for (const std::uint32_t other : tiles_.near(tile_, far)) {
      if (other == block_) continue;
      const NearTiles::Tile& tile = tiles_.tiles()[other];
      for (std::uint32_t i = 0; i < tile.edges; ++i) {
        const NearEdge edge = edge_in_frame(order[tile.first_edge + i]);
        if (edge.box.meets(reach)) edges_.push_back(edge);
      }
    }
    for (const NearEdge& edge : edges_) extent_.add(edge.box);
    parent_.resize(edges_.size());
    for (std::uint32_t i = 0; i < parent_.size(); ++i) parent_[i] = i;
  }

  void build_cells() {
    if (edges_.empty()) return;
    const double span =
        std::max({extent_.max_x - extent_.min_x, extent_.max_y - extent_.min_y, 1.0});
    cell_ = std::max(2.0 * plan_.radius_m, span / 128.0);
    across_ = static_cast<std::int64_t>((extent_.max_x - extent_.min_x) / cell_) + 1;
    down_ = static_cast<std::int64_t>((extent_.max_y - extent_.min_y) / cell_) + 1;
    first_.assign(static_cast<std::size_t>(across_ * down_) + 1, 0);
    for (const NearEdge& edge : edges_)
      each_cell(edge.box, [&](std::size_t c) { ++first_[c + 1]; });
    for (std::size_t c = 1; c < first_.size(); ++c) first_[c] += first_[c - 1];
    in_cell_.resize(first_.back());
    std::vector<std::uint32_t> at(first_.begin(), first_.end() - 1);
    for (std::uint32_t i = 0; i < edges_.size(); ++i)
      each_cell(edges_[i].box, [&](std::size_t c) { in_cell_[at[c]++] = i; });
    stamp_.assign(edges_.size(), 0);
  }

  template <class Visit>
  void each_cell(const Box& box, Visit visit) const {
    const auto place = [&](double v, double low, std::int64_t count) {
      return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor((v - low) / cell_)), 0,
                                      count - 1);
    };
    const std::int64_t x0 = place(box.min_x, extent_.min_x, across_);
    const std::int64_t x1 = place(box.max_x, extent_.min_x, across_);
    const std::int64_t y0 = place(box.min_y, extent_.min_y, down_);
    const std::int64_t y1 = place(box.max_y, extent_.min_y, down_);
    for (std::int64_t y = y0; y <= y1; ++y)
      for (std::int64_t x = x0; x <= x1; ++x) visit(static_cast<std::size_t>(y * across_ + x));
  }

  /// Calls visit for every edge whose ground may meet that of something in the box.
  template <class Visit>
  void neighbours(const Box& box, Visit visit) {
    const double wide = 2.01 * plan_.radius_m;
    const Box reach{box.min_x - wide, box.min_y - wide, box.max_x + wide, box.max_y + wide};
    ++turn_;
    each_cell(reach, [&](std::size_t c) {
      for (std::uint32_t k = first_[c]; k < first_[c + 1]; ++k) {
        const std::uint32_t i = in_cell_[k];
        if (stamp_[i] == turn_ || !edges_[i].box.meets(reach)) continue;
        stamp_[i] = turn_;
        visit(i);
      }
    });
  }

  [[nodiscard]] std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a), b = root(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }
  void tell_bodies() {
    for (std::uint32_t i = 0; i < parent_.size(); ++i)
      if (root(i) != i) out_.joined.push_back({edges_[i].id, edges_[root(i)].id});
  }

  [[nodiscard]] bool wanted(NearCurve line) const {
    if (side_ == OutlineSide::both) return true;
    return (line % 2 == 0) == (side_ == OutlineSide::outside);
  }

  /// The curve on the left, or right, of an edge seen from one of its nodes.
  static NearCurve seen_left(const NearNetwork::Spoke& s) {
    return 2 * s.edge + (s.outgoing ? 1u : 0u);
  }
  static NearCurve seen_right(const NearNetwork::Spoke& s) {
    return 2 * s.edge + (s.outgoing ? 0u : 1u);
  }
  [[nodiscard]] Point direction(const NearNetwork::Spoke& spoke) const {
    const auto [from, to] = network_.edges[spoke.edge];
    const Point a = frame_.forward(network_.xyz[spoke.outgoing ? from : to]);
    const Point b = frame_.forward(network_.xyz[spoke.outgoing ? to : from]);
    return {b.x - a.x, b.y - a.y};
  }

  struct Sector {
    double gap = 2.0 * kPi;
    NearNetwork::Spoke next;
  };
  /// From a spoke on to the next one, counter-clockwise or clockwise.
  [[nodiscard]] Sector sector(std::uint32_t node, const NearNetwork::Spoke& own, Point w,
                              bool counter) const {
    Sector out;
    out.next = own;
    for (std::uint32_t s = network_.first_spoke[node]; s < network_.first_spoke[node + 1]; ++s) {
      const NearNetwork::Spoke& other = network_.spokes[s];
      if (other.edge == own.edge) continue;
      const Point v = direction(other);
      const double turn = std::atan2(w.x * v.y - w.y * v.x, w.x * v.x + w.y * v.y);
      double angle = counter ? turn : -turn;
      if (angle == 0.0) angle = (own.edge < other.edge) == counter ? 1e-15 : 2.0 * kPi;
      angle = turned(angle);
      if (angle < out.gap || out.next.edge == own.edge) out.gap = angle, out.next = other;
    }
    return out;
  }
  /// The curve that a line beside a spoke goes on to at its node.
  [[nodiscard]] NearCurve beyond(std::uint32_t node, const NearNetwork::Spoke& own, Point w,
                                 bool counter) const {
    const Sector s = sector(node, own, w, counter);
    if (s.gap > kPi + kStraight) return cuts_.circle(node);
    if (s.gap < kPi - kStraight) return kNoCurve;
    return counter ? seen_right(s.next) : seen_left(s.next);
  }

  void lines_of(std::uint32_t i) {
    const NearEdge& edge = edges_[i];
    if (edge.length == 0.0) return;
    candidates_.clear();
    neighbours(edge.box, [&](std::uint32_t k) {
      if (k != i) candidates_.push_back(k);
    });
    for (const bool left : {false, true}) {
      const BesideLine line = cuts_.beside(edge, left);
      if (!wanted(line.name)) continue;
      found_.clear();
      for (const std::uint32_t k : candidates_) {
        const auto cut = cuts_.of_line(line, edges_[k]);
        if (!cut || cut->end <= 0.0 || cut->begin >= line.length) continue;
        found_.push_back(*cut);
        join(i, k);
      }
      const NearCurve first = beyond(line.from, {edge.id, !left}, line.along, false);
      const NearCurve last = beyond(line.to, {edge.id, left}, {-line.along.x, -line.along.y}, true);
      const auto at = [&](double t) {
        return Point{line.start.x + t * line.along.x, line.start.y + t * line.along.y};
      };
      for (const NearCut& piece :
           left_over(found_, line.length, first, last, kLeast * plan_.radius_m)) {
        begin_piece(line.name, piece, edge.id);
        to(at(piece.begin), at(piece.end));
        end_piece();
      }
    }
  }

  void circle_of(std::uint32_t node) {
    const std::uint32_t begin = network_.first_spoke[node], end = network_.first_spoke[node + 1];
    const bool lone = begin == end;
    double first_angle = 0.0, span = 2.0 * kPi;
    NearCurve before = cuts_.circle(node), after = before;
    std::uint32_t edge = lone_edge(node);
    if (!lone) {
      bool open = false;
      for (std::uint32_t s = begin; s < end && !open; ++s) {
        const Point w = direction(network_.spokes[s]);
        const Sector gap = sector(node, network_.spokes[s], w, true);
        if (gap.gap <= kPi + kStraight) continue;
        open = true;
        first_angle = std::atan2(w.y, w.x) + 0.5 * kPi;
        span = gap.gap - kPi;
        before = seen_left(network_.spokes[s]);
        after = seen_right(gap.next);
        edge = network_.spokes[s].edge;
      }
      if (!open || !wanted(before)) return;
    } else if (side_ != OutlineSide::both) {
      return;
    }
    const Point centre = frame_.forward(network_.xyz[node]);
    find_circle_cuts(node, centre);
    if (lone && !found_.empty()) {
      first_angle = found_.front().end;
      before = found_.front().end_at;
    }
    cut_circle(node, centre, edge, {first_angle, first_angle + span, before, after});
  }

  [[nodiscard]] std::uint32_t lone_edge(std::uint32_t node) const {
    for (std::uint32_t i = 0; i < own_edges_; ++i)
      if (edges_[i].from == node && edges_[i].to == node) return edges_[i].id;
    return 0;
  }

  void find_circle_cuts(std::uint32_t node, Point centre) {
    found_.clear();
    std::uint32_t own = kNoCurve;
    alone_ = true;
    neighbours({centre.x, centre.y, centre.x, centre.y}, [&](std::uint32_t k) {
      const NearEdge& other = edges_[k];
      if (other.from == node || other.to == node) {
        own = k;
        return;
      }
      alone_ = false;
      const auto cut = cuts_.of_circle(centre, other);
      if (!cut) return;
      found_.push_back(*cut);
      touching_.push_back(k);
    });
    if (own != kNoCurve)
      for (const std::uint32_t k : touching_) join(own, k);
    touching_.clear();
  }

  void cut_circle(std::uint32_t node, Point centre, std::uint32_t edge, const NearCut& arc) {
    const double span = arc.end - arc.begin;
    std::vector<NearCut> shifted;
    for (NearCut cut : found_) {
      const double width = cut.end - cut.begin;
      cut.begin -= arc.begin;
      cut.begin -= 2.0 * kPi * std::floor(cut.begin / (2.0 * kPi));
      cut.end = cut.begin + width;
      shifted.push_back(cut);
      cut.begin -= 2.0 * kPi, cut.end -= 2.0 * kPi;
      shifted.push_back(cut);
    }
    // Where nothing is near, chords about a place are set so far out that they hold its area.
    const bool whole = alone_ && network_.first_spoke[node] == network_.first_spoke[node + 1];
    const double radius = plan_.radius_m * (whole ? plan_.whole_circle : 1.0);
    const auto at = [&](double angle) {
      return Point{centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)};
    };
    for (const NearCut& piece : left_over(shifted, span, arc.begin_at, arc.end_at, kLeast)) {
      begin_piece(cuts_.circle(node), piece, edge);
      const double length = piece.end - piece.begin;
      const int steps = std::max(1, static_cast<int>(std::ceil(length / plan_.step - 1e-9)));
      Point from = at(arc.begin + piece.begin);
      for (int i = 1; i <= steps; ++i) {
        const Point next = at(arc.begin + piece.begin + length * i / steps);
        to(from, next);
        from = next;
      }
      end_piece();
    }
  }

  void begin_piece(NearCurve curve, const NearCut& piece, std::uint32_t edge) {
    OutlinePiece one;
    one.curve = curve;
    one.before = piece.begin_at, one.after = piece.end_at;
    one.body = edge;
    one.block = block_;
    one.first = static_cast<std::uint32_t>(out_.vertices.size());
    out_.pieces.push_back(one);
  }
  void end_piece() {
    OutlinePiece& one = out_.pieces.back();
    one.count = static_cast<std::uint32_t>(out_.vertices.size()) - one.first;
    one.end = last_;
  }

  /// Adds `a` and what it takes to follow the straight line to `b`, without `b`.
  void to(Point a, Point b) {
    const Point pa = a == last_in_frame_ ? last_ : frame_.inverse(a);
    last_in_frame_ = b;
    last_ = frame_.inverse(b);
    out_.vertices.push_back(pa);
    if (!planar_) divide(a, b, pa, {longitude_near(last_.x, pa.x), last_.y}, 0);
  }
  void divide(Point a, Point b, Point pa, Point pb, int depth) {
    if (depth >= kDeepest || edge_gap_bound_m(pa, pb) <= plan_.gap_m) return;
    const Point m{0.5 * (a.x + b.x), 0.5 * (a.y + b.y)};
    Point pm = frame_.inverse(m);
    pm.x = longitude_near(pm.x, pa.x);
    divide(a, m, pa, pm, depth + 1);
    out_.vertices.push_back(pm);
    divide(m, b, pm, {longitude_near(pb.x, pm.x), pb.y}, depth + 1);
  }

  const NearNetwork& network_;
  const NearTiles& tiles_;
  const NearTiles::Tile& tile_;
  std::uint32_t block_;
  OutlineSide side_;
  const Plan& plan_;
  bool planar_;
  NearFrame frame_;
  NearCuts cuts_;
  TileResult& out_;
  std::vector<NearEdge> edges_;
  std::uint32_t own_edges_ = 0;
  Box extent_;
  double cell_ = 1.0;
  std::int64_t across_ = 1, down_ = 1;
  std::vector<std::uint32_t> first_, in_cell_, stamp_, parent_, candidates_, touching_;
  std::uint32_t turn_ = 0;
  std::vector<NearCut> found_;
  Point last_in_frame_{1e308, 1e308}, last_;  ///< where the piece ends so far
  bool alone_ = false;                        ///< nothing is near the circle just looked at
};

/// Ground that all but touches itself may touch when its outline is drawn in chords: mended when
/// that changes next to nothing, empty otherwise.
std::optional<Geometry> simple(Geometry out, bool planar, const Progress& progress) {
  progress.check();
  if (surely_simple(out)) return out;
  for (const Polygon& polygon : out.polygons)
    if (!planar && std::abs(polygon.shell.back().x - polygon.shell.front().x) > 180.0) return out;
  const GeometryCheck check = check_geometry(out, planar ? mine_grid() : wgs84());
  const double change = std::abs(check.area_after_m2 - check.area_before_m2);
  if (!check.valid && !(check.repaired && change <= 1e-3 * check.area_before_m2))
    return std::nullopt;
  return out;
}

}  // namespace

double outline_edge_m(const SetbackShape& shape) {
  return std::min(plan_of(shape).longest_edge_m, std::max(5000.0, 4.0 * shape.distance_m));
}

std::optional<Geometry> outline_near(const Geometry& geometry, OutlineSide side,
                                     const SetbackShape& shape, const Geodesic* geodesic, int jobs,
                                     const Progress& progress) {
  const SetbackPlan frames = plan_of(shape);
  const bool planar = geodesic == nullptr;
  if (shape.cap != Cap::round || shape.side != BufferSide::both || shape.exact ||
      !(shape.distance_m > 0.0) || (!planar && !frames.frames))
    return std::nullopt;
  const NearFigure figure = planar ? NearFigure() : NearFigure(*geodesic);
  std::optional<NearNetwork> network = network_of(geometry, figure);
  if (!network || network->edges.empty()) return std::nullopt;
  progress.check();
  const Plan plan = plan_for(shape, frames, network->longest_m);
  const NearTiles tiles(*network, planar, plan.tile_m);
  std::vector<TileResult> results(tiles.tiles().size());
  parallel_blocks(
      results.size(), kTilesAtOnce, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t t = begin; t < end; ++t)
          TileWork(*network, tiles, static_cast<std::uint32_t>(t), side, plan, figure, results[t])
              .run();
      },
      progress);
  std::vector<OutlinePiece> pieces;
  std::vector<Path> vertices(results.size());
  for (std::size_t t = 0; t < results.size(); ++t) {
    for (const auto& [a, b] : results[t].joined) network->unite(a, b);
    pieces.insert(pieces.end(), results[t].pieces.begin(), results[t].pieces.end());
    vertices[t] = std::move(results[t].vertices);
  }
  for (OutlinePiece& piece : pieces) piece.body = network->root(piece.body);
  JoinOptions join;
  join.apart_m = frames.working_m;
  join.apart_named_m = 0.2 * shape.distance_m;
  join.planar = planar;
  join.stop = progress;
  join.reversed = side == OutlineSide::inside;
  join.least_m = 0.01 * frames.working_m;
  std::optional<Geometry> rings = join_pieces(pieces, vertices, join);
  if (!rings) return std::nullopt;
  if (planar || !crosses_antimeridian(*rings)) return simple(std::move(*rings), planar, progress);
  // Rings that cross themselves cannot be cut; one around a pole cannot be mended first.
  try {
    std::optional<Geometry> whole = simple(std::move(*rings), false, progress);
    if (!whole) return std::nullopt;
    return simple(cut_at_antimeridian(*whole, PoleRule::left), false, progress);
  } catch (const Error& error) {
    if (error.code != "geometry.overlay") throw;
    return std::nullopt;
  }
}

}  // namespace lode
