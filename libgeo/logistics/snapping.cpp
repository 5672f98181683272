#include "libgeo/logistics/snapping.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"

namespace lode {

namespace {

/// More than half way round the Earth.
constexpr double kAnywhere_m = 2.1e7;

/// The edges of each choice: each first mode, then all the others.
std::vector<NearestEdges> choices_of(const Network& network, const SnapOptions& options) {
  std::vector<std::vector<std::uint32_t>> chosen(options.first_modes.size() + 1);
  std::vector<std::size_t> choice_of_carrier;
  for (const auto& carrier : network.carriers) {
    const auto mode =
        std::find(options.first_modes.begin(), options.first_modes.end(), carrier.mode);
    choice_of_carrier.push_back(static_cast<std::size_t>(mode - options.first_modes.begin()));
  }
  for (std::uint32_t edge = 0; edge < network.edges.size(); ++edge)
    if (network.component_edges[network.component[edge]] >= options.min_component_edges)
      chosen[choice_of_carrier[network.edges[edge].carrier]].push_back(edge);
  std::vector<NearestEdges> choices;
  for (auto& edges : chosen)
    if (!edges.empty()) choices.emplace_back(network, std::move(edges), options.jobs);
  return choices;
}

/// The places that are still to be found, plain.
struct Waiting {
  std::vector<std::size_t> number;
  std::vector<LonLat> at;
};

Waiting waiting_of(const std::vector<LonLat>& places, const std::vector<Snap>& snaps) {
  Waiting waiting;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const LonLat at = places[i];
    if (snaps[i].found || std::isnan(at.lon_deg) || std::isnan(at.lat_deg)) continue;
    waiting.number.push_back(i);
    waiting.at.push_back(plain_place(at.lon_deg, at.lat_deg));
  }
  return waiting;
}

}  // namespace

Snap snap_of(const Network& network, const EdgeHit& hit) {
  Snap snap;
  if (!hit.found) return snap;
  snap.found = true;
  snap.edge = hit.edge;
  snap.fraction = hit.fraction;
  snap.at = hit.at;
  snap.distance_m = hit.distance_m < kOnTheLine_m ? 0.0 : hit.distance_m;
  snap.component = network.component[hit.edge];
  return snap;
}

std::vector<Snap> snap_places(const Network& network, const std::vector<LonLat>& places,
                              const SnapOptions& options, const Progress& progress) {
  if (!(options.radius_km > 0.0))
    throw Error("route.bad_option", "the snap radius must be above zero");
  auto choices = choices_of(network, options);
  std::vector<Snap> snaps(places.size());
  double done = 0.0;
  for (auto& choice : choices) {
    const Waiting waiting = waiting_of(places, snaps);
    if (waiting.at.empty()) return snaps;
    const auto hits =
        choice.find(waiting.at, options.radius_km * 1000.0, progress.part(done, 0.5 + 0.5 * done));
    done = 0.5 + 0.5 * done;
    for (std::size_t k = 0; k < hits.size(); ++k)
      if (hits[k].found) snaps[waiting.number[k]] = snap_of(network, hits[k]);
  }
  const Waiting lost = waiting_of(places, snaps);
  if (lost.at.empty()) return snaps;
  for (auto& choice : choices) {
    const auto hits = choice.find(lost.at, kAnywhere_m, progress.part(done, 1.0));
    for (std::size_t k = 0; k < hits.size(); ++k) {
      double& nearest_m = snaps[lost.number[k]].nearest_m;
      if (hits[k].found && !(hits[k].distance_m >= nearest_m)) nearest_m = hits[k].distance_m;
    }
  }
  return snaps;
}

}  // namespace lode
