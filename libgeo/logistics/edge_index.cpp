#include "libgeo/logistics/edge_index.h"

#include <algorithm>
#include <cmath>

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

EdgeIndex::EdgeIndex(const Network& network, const std::vector<std::uint32_t>& edges, int jobs)
    : network_(&network), geodesic_(network.crs) {
  const double a = network.crs.semi_major_m;
  const double inverse_f = network.crs.inverse_flattening;
  // First the segments, then (in blocks) the parts of the long ones.
  std::vector<Piece> segments;
  for (const auto edge : edges)
    for (std::uint32_t s = 0; s + 1 < network.edges[edge].vertices; ++s)
      segments.push_back({edge, s});
  constexpr std::size_t kBlock = 4096;
  const std::size_t blocks = (segments.size() + kBlock - 1) / kBlock;
  std::vector<std::vector<Piece>> pieces(blocks);
  std::vector<std::vector<EarthPoint>> ends(blocks);
  parallel_blocks(
      segments.size(), kBlock, jobs, [&](std::size_t begin, std::size_t end, std::size_t block) {
        for (std::size_t i = begin; i < end; ++i) {
          const NetworkEdge& e = network.edges[segments[i].edge];
          const LonLat from = network.shape[e.first_vertex + segments[i].segment];
          const LonLat to = network.shape[e.first_vertex + segments[i].segment + 1];
          EarthPoint last = earth_point(from, a, inverse_f);
          const EarthPoint stop = earth_point(to, a, inverse_f);
          const double chord = straight_distance_m(last, stop);
          const int parts =
              chord <= kPartLength ? 1 : static_cast<int>(std::ceil(chord * 1.6 / kPartLength));
          const Inverse line = parts > 1 ? geodesic_.inverse(from, to) : Inverse{};
          for (int part = 1; part <= parts; ++part) {
            const EarthPoint next =
                part == parts ? stop
                              : earth_point(geodesic_.direct(from, line.azimuth1_deg,
                                                             line.distance_m * part / parts),
                                            a, inverse_f);
            pieces[block].push_back(segments[i]);
            ends[block].push_back(last);
            ends[block].push_back(next);
            last = next;
          }
        }
      });
  for (std::size_t block = 0; block < blocks; ++block) {
    pieces_.insert(pieces_.end(), pieces[block].begin(), pieces[block].end());
    ends_.insert(ends_.end(), ends[block].begin(), ends[block].end());
  }
  std::vector<EarthBox> boxes(pieces_.size());
  for (std::size_t i = 0; i < pieces_.size(); ++i)
    boxes[i] = EarthBox::around(ends_[2 * i], ends_[2 * i + 1],
                                bulge_m(straight_distance_m(ends_[2 * i], ends_[2 * i + 1])));
  tree_ = EarthTree(boxes);
}

double EdgeIndex::bound_m(const Piece& piece, const EarthPoint& place) const {
  const auto i = static_cast<std::size_t>(&piece - pieces_.data());
  const EarthPoint& a = ends_[2 * i];
  const EarthPoint& b = ends_[2 * i + 1];
  const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m, dz = b.z_m - a.z_m;
  const double square = dx * dx + dy * dy + dz * dz;
  const double dot = (place.x_m - a.x_m) * dx + (place.y_m - a.y_m) * dy + (place.z_m - a.z_m) * dz;
  const double t = square > 0.0 ? std::clamp(dot / square, 0.0, 1.0) : 0.0;
  const EarthPoint foot{a.x_m + t * dx, a.y_m + t * dy, a.z_m + t * dz};
  return geodesic_bound_m(straight_distance_m(place, foot) - bulge_m(std::sqrt(square)) - 1e-6);
}

EdgeHit EdgeIndex::nearest(LonLat place, double radius_m,
                           const std::function<bool(std::uint32_t)>& accept) const {
  EdgeHit best;
  double best_m = radius_m;
  double best_along = 0.0;
  const EarthPoint at =
      earth_point(place, network_->crs.semi_major_m, network_->crs.inverse_flattening);
  tree_.nearest(at, radius_m, [&](std::uint32_t item) {
    const Piece& piece = pieces_[item];
    if (bound_m(piece, at) > best_m || (accept && !accept(piece.edge))) return best_m;
    const NetworkEdge& e = network_->edges[piece.edge];
    const Foot foot =
        foot_on_geodesic(geodesic_, place, network_->shape[e.first_vertex + piece.segment],
                         network_->shape[e.first_vertex + piece.segment + 1]);
    const bool nearer = foot.distance_m < best_m || (!best.found && foot.distance_m <= best_m);
    const bool tie =
        best.found && foot.distance_m == best_m &&
        (piece.edge < best.edge || (piece.edge == best.edge && piece.segment < best.segment));
    if (nearer || tie) {
      best = {true, piece.edge, 0.0, foot.at, foot.distance_m, piece.segment};
      best_along = foot.along_m;
      best_m = foot.distance_m;
    }
    return best_m;
  });
  if (!best.found) return best;
  best.fraction = fraction_of(*network_, geodesic_, best.edge, best.segment, best_along);
  const NetworkEdge& e = network_->edges[best.edge];
  if (best.at == network_->shape[e.first_vertex + e.vertices - 1] && best.segment + 2 == e.vertices)
    best.fraction = 1.0;
  return best;
}

}  // namespace lode
