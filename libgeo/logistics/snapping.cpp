#include "libgeo/logistics/snapping.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/edge_index.h"

namespace lode {

namespace {

/// One index a choice: each first mode, then all the others.
std::vector<EdgeIndex> indices_of(const Network& network, const SnapOptions& options) {
  std::vector<std::vector<std::uint32_t>> chosen(options.first_modes.size() + 1);
  for (std::uint32_t edge = 0; edge < network.edges.size(); ++edge) {
    if (network.component_edges[network.component[edge]] < options.min_component_edges) continue;
    const auto mode =
        std::find(options.first_modes.begin(), options.first_modes.end(), network.mode_of(edge));
    chosen[static_cast<std::size_t>(mode - options.first_modes.begin())].push_back(edge);
  }
  std::vector<EdgeIndex> indices;
  for (const auto& edges : chosen)
    if (!edges.empty()) indices.emplace_back(network, edges, options.jobs);
  return indices;
}

Snap snap_one(const Network& network, const std::vector<EdgeIndex>& indices, LonLat place,
              double radius_m) {
  Snap snap;
  if (std::isnan(place.lon_deg) || std::isnan(place.lat_deg)) return snap;
  for (const auto& index : indices) {
    const EdgeHit hit = index.nearest(place, radius_m);
    if (!hit.found) continue;
    snap.found = true;
    snap.edge = hit.edge;
    snap.fraction = hit.fraction;
    snap.at = hit.at;
    snap.distance_m = hit.distance_m < kOnTheLine_m ? 0.0 : hit.distance_m;
    snap.component = network.component[hit.edge];
    return snap;
  }
  for (const auto& index : indices) {
    const EdgeHit hit = index.nearest(place, 2.1e7);
    if (hit.found && !(hit.distance_m >= snap.nearest_m)) snap.nearest_m = hit.distance_m;
  }
  return snap;
}

}  // namespace

std::vector<Snap> snap_places(const Network& network, const std::vector<LonLat>& places,
                              const SnapOptions& options, const Progress& progress) {
  if (!(options.radius_km > 0.0))
    throw Error("route.bad_option", "the snap radius must be above zero");
  const auto indices = indices_of(network, options);
  std::vector<Snap> snaps(places.size());
  parallel_blocks(
      places.size(), 16, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          snaps[i] = snap_one(network, indices,
                              std::isnan(places[i].lon_deg) || std::isnan(places[i].lat_deg)
                                  ? places[i]
                                  : plain_place(places[i].lon_deg, places[i].lat_deg),
                              options.radius_km * 1000.0);
      },
      progress);
  return snaps;
}

}  // namespace lode
