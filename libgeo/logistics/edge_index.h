// The edge of a network nearest to a place, exactly on the ellipsoid, anywhere on Earth.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/logistics/earth_tree.h"
#include "libgeo/logistics/network.h"

namespace lode {

/// Where on an edge a place is nearest.
struct EdgeHit {
  bool found = false;
  std::uint32_t edge = 0;
  double fraction = 0.0;  ///< of the edge's length, 0 at its node a, 1 at its node b
  LonLat at;
  double distance_m = 0.0;  ///< geodesic, from the place to `at`
  std::uint32_t segment =
      0;  ///< the foot lies between vertices segment and segment + 1 of the edge
};

/// A segment of an edge, or a part of a long one, with its ends in earth-centred metres.
struct EdgePiece {
  std::uint32_t edge = 0;
  std::uint32_t segment = 0;
  EarthPoint a, b;
};

/// The foot of a place on the geodesic from a to b: nearest point, clamped to the ends.
struct Foot {
  LonLat at;
  double distance_m = 0.0;
  double along_m = 0.0;  ///< from a
};
/// Newton steps along the geodesic until they are shorter than 0.1 micrometre; the ends are
/// returned exactly. The distance is right to a few nanometres for feet within 5,000 km.
[[nodiscard]] Foot foot_on_geodesic(const Geodesic& geodesic, LonLat place, LonLat a, LonLat b);

/// Holds a view of the network, which must outlive it. Safe to query from several threads.
class EdgeIndex {
 public:
  /// Of the edges given (indices into network.edges).
  EdgeIndex(const Network& network, const std::vector<std::uint32_t>& edges, int jobs = 0);

  /// The nearest edge within the radius; of equally near ones the lowest number. `accept` (if any)
  /// says which edges count.
  [[nodiscard]] EdgeHit nearest(LonLat place, double radius_m,
                                const std::function<bool(std::uint32_t edge)>& accept = {}) const;

 private:
  const Network* network_ = nullptr;
  Geodesic geodesic_;
  std::vector<EdgePiece> pieces_;
  EarthTree tree_;
};

/// The edge nearest to each of some places: by a look at every edge when the places are few, by an
/// index (built when first needed, then kept) when they are many. The same bits either way.
class NearestEdges {
 public:
  enum class By { automatic, pass, index };

  NearestEdges(const Network& network, std::vector<std::uint32_t> edges, int jobs = 0,
               By by = By::automatic)
      : network_(&network), edges_(std::move(edges)), jobs_(jobs), by_(by) {}

  /// One hit a place, as `EdgeIndex::nearest`. Places are plain and known (no NaN).
  [[nodiscard]] std::vector<EdgeHit> find(const std::vector<LonLat>& places, double radius_m,
                                          const Progress& progress = {});

 private:
  [[nodiscard]] std::vector<EdgeHit> pass(const std::vector<LonLat>& places, double radius_m,
                                          const Progress& progress) const;
  const Network* network_ = nullptr;
  std::vector<std::uint32_t> edges_;
  int jobs_ = 0;
  By by_ = By::automatic;
  std::optional<EdgeIndex> index_;
};

/// Length from node a of the edge to a place on its segment, over the whole length, 0 to 1.
[[nodiscard]] double fraction_of(const Network& network, const Geodesic& geodesic,
                                 std::uint32_t edge, std::uint32_t segment, double along_m);

}  // namespace lode
