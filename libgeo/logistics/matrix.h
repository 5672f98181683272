// Many sites to many places as bare totals, row after row, so that no matrix has to fit in memory.
#pragma once

#include <functional>
#include <limits>

#include "libgeo/logistics/freight.h"

namespace lode {

/// Totals of one pair along the way that is least in what is minimised; NaN when there is none.
struct MatrixCell {
  double distance_km = std::numeric_limits<double>::quiet_NaN();  ///< snaps left out
  double cost_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double hours = std::numeric_limits<double>::quiet_NaN();
  double co2e_kg_per_t = std::numeric_limits<double>::quiet_NaN();
};

/// Takes the cells of one site, one a place, or those of `RouteOptions::nearest` places. Called
/// from one thread, site after site in their order.
using MatrixSink = std::function<void(std::uint32_t site, const std::vector<std::uint32_t>& places,
                                      const std::vector<MatrixCell>& cells)>;

struct MatrixReport {
  std::size_t pairs = 0;
  std::size_t unreachable = 0;
  std::string algorithm;  ///< "dijkstra" or "cch": which one was taken
  Findings findings;      ///< those of `route`
};

/// The totals of `route` without legs, lines or reasons a pair; equal to them but for the last
/// digits where sums are added in another order. Memory: the graph, and a block of rows; with loads
/// that need several graphs (`RouteOptions::cargoes`), the rows that wait for their turn.
/// Pairs::pairwise has one cell a site. Errors: those of `route`.
[[nodiscard]] MatrixReport route_matrix(const Network& network, const Tariff& tariff,
                                        const Terminals& terminals, const Places& from,
                                        const Places& to, const RouteOptions& options,
                                        const MatrixSink& sink, const Progress& progress = {});

/// The same of `straight_distances`: geodesic distances only, the other totals NaN.
[[nodiscard]] MatrixReport straight_matrix(const Places& from, const Places& to,
                                           const RouteOptions& options, const MatrixSink& sink,
                                           const Progress& progress = {});

}  // namespace lode
