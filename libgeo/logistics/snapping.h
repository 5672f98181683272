// Which edge of a network a place is reached from: the nearest one, a function of the place alone.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/logistics/edge_index.h"
#include "libgeo/logistics/network.h"

namespace lode {

struct SnapOptions {
  /// Farther than this from every line is out of reach. Above 0, in kilometres. The default lets
  /// every port of Pub. 151 reach the coarsest sea lanes in use (241 km); roads want less.
  double radius_km = 250.0;
  /// Parts of the network with fewer edges are passed over. 1 = any.
  std::uint32_t min_component_edges = 1;
  /// A place is reached by the first of these modes that has a line within the radius; only without
  /// one, by the nearest line of any mode: a load gets on a truck anywhere, but on a train or a
  /// ship only at a terminal.
  std::vector<std::string> first_modes = {"road"};
  int jobs = 0;
};

struct Snap {
  bool found = false;
  std::uint32_t edge = 0;
  double fraction = 0.0;  ///< of the edge's length from its node a
  LonLat at;              ///< nearest point of the edge
  double distance_m = std::numeric_limits<double>::quiet_NaN();  ///< straight way to it, geodesic
  std::uint32_t component = 0;
  /// When not found: how far the nearest line of any mode is (NaN: no line, or no place).
  double nearest_m = std::numeric_limits<double>::quiet_NaN();
};

/// Nearest to a millimetre counts as on the line: distance_m is then 0.
inline constexpr double kOnTheLine_m = 1e-3;

/// A hit as a snap, 0 m when on the line.
[[nodiscard]] Snap snap_of(const Network& network, const EdgeHit& hit);

/// A place with a coordinate that is NaN is not found. Results stand in the order of the places and
/// depend on nothing but the place, the network and the options.
/// Error "route.bad_option" for a radius or size out of range.
[[nodiscard]] std::vector<Snap> snap_places(const Network& network,
                                            const std::vector<LonLat>& places,
                                            const SnapOptions& options = {},
                                            const Progress& progress = {});

}  // namespace lode
