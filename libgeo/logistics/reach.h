// How far a load gets: the parts of a network within so many hours, dollars or kilometres.
#pragma once

#include "libgeo/logistics/freight.h"

namespace lode {

/// What can be reached within one limit, as lines along the network (edges cut where the limit
/// ends), split at 180 degrees.
struct Reach {
  std::uint32_t from = 0;
  double limit = 0.0;  ///< in the unit of what is minimised: USD/t, km, h, kg CO2e/t
  Geometry lines;
  double length_km = 0.0;
};

/// From every place, or to it (`towards`), for every limit. The straight way to the network counts.
/// Errors: those of `route`; "route.bad_option" for a limit that is not above zero.
[[nodiscard]] std::vector<Reach> reach(const Network& network, const Tariff& tariff,
                                       const Terminals& terminals, const Places& from,
                                       const std::vector<double>& limits, bool towards,
                                       const RouteOptions& options, const Progress& progress = {});

}  // namespace lode
