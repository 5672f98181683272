// How far a load gets: the parts of a network within so many hours, dollars or kilometres.
#pragma once

#include "libgeo/logistics/freight.h"

namespace lode {

/// What can be reached within one limit, as lines along the network (edges cut where the limit
/// ends, from both their ends), split at 180 degrees. Larger limits contain smaller ones.
struct Reach {
  std::uint32_t from = 0;
  double limit = 0.0;  ///< in the unit of what is minimised: USD/t, km, h, kg CO2e/t
  Geometry lines;
  double length_km = 0.0;  ///< as distances count: a recorded length before the drawn one
  /// Why nothing is reached: no line within the snap radius, or the straight way to it takes up the
  /// limit, or the line is closed.
  std::string words;
};

struct ReachTable {
  std::vector<Reach> list;  ///< place by place, limits in their order
  std::vector<Snap> snaps;  ///< of the places
  Findings findings;        ///< those of `route`, and "reach.nothing"
};

/// From every place, or to it (`towards`), for every limit. The straight way to the network counts
/// against the limit but is no part of what is reached; terminals are passed at their price and
/// time. `options.cargo` counts for all places but for its tonnes a year; pairs and grades do not
/// count. Errors: those of `route`; "route.bad_option" for a limit that is not above zero.
[[nodiscard]] ReachTable reach(const Network& network, const Tariff& tariff,
                               const Terminals& terminals, const Places& from,
                               const std::vector<double>& limits, bool towards,
                               const RouteOptions& options, const Progress& progress = {});

}  // namespace lode
