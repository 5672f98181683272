// Sites whose loads meet the same closures and waits, so that one graph serves them all.
#pragma once

#include <cstdint>
#include <vector>

#include "libgeo/logistics/freight_graph.h"

namespace lode {

/// Sites (in their order) and a load that stands for theirs.
struct CargoGroup {
  Cargo cargo;
  std::vector<std::uint32_t> sites;
};

/// Groups `options.cargoes` by what changes the graph: class 7 or not, and the tonnes a year where
/// the tariff has parcels or some terminal takes fewer. In the order of their first sites.
/// Error "route.cargo_length" unless there is one load a site.
[[nodiscard]] std::vector<CargoGroup> cargo_groups(const RouteOptions& options, std::size_t sites,
                                                   const Network& network, const Tariff& tariff,
                                                   const Terminals& terminals);

/// Where sites, places and terminals meet their lines: worked out once for all groups.
struct RouteSnaps {
  TerminalSnaps terminals;
  std::vector<Snap> from, to;
};
[[nodiscard]] RouteSnaps snap_route(const Network& network, const Terminals& terminals,
                                    const Places& from, const Places& to,
                                    const RouteOptions& options, const Progress& progress);

/// `route` for one load, `options.cargo`, with what is snapped already. In freight.cpp.
[[nodiscard]] RouteTable route_one_cargo(const Network& network, const Tariff& tariff,
                                         const Terminals& terminals, const Places& from,
                                         const Places& to, const RouteOptions& options,
                                         const RouteSnaps* ready, const Progress& progress);

/// `route` for `options.cargoes`: group by group, rows in the order as without groups.
[[nodiscard]] RouteTable route_cargo_groups(const Network& network, const Tariff& tariff,
                                            const Terminals& terminals, const Places& from,
                                            const Places& to, const RouteOptions& options,
                                            const Progress& progress);

}  // namespace lode
