// What a site costs a network of habitat: connectivity with and without its ground.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"

namespace lode {

struct HabitatInputs {
  std::vector<Geometry> patches;  ///< polygons that do not overlap (others are dissolved first)
  std::vector<Geometry> sites;
  Crs crs;  ///< of both
};

struct HabitatOptions {
  /// Distance at which half of the animals or seeds arrive, m, > 0: p = 0.5 ^ (d / half).
  double half_distance_m = 1000.0;
  /// Links below it are left out, and pairs of patches whose best path is below its square; > 0.
  double least_probability = 1e-4;
  Edges edges = Edges::geodesic;
  int jobs = 0;
};

struct HabitatLoss {
  std::size_t patches = 0;             ///< that the site meets
  double lost_m2 = 0.0;                ///< of habitat
  double lost_pct = 0.0;               ///< of all habitat
  double connectivity_loss_pct = 0.0;  ///< of the probability of connectivity (dPC)
  double connected_area_before_m2 = 0.0, connected_area_after_m2 = 0.0;  ///< ECA = sqrt(sum a a p)
};

struct Habitat {
  std::vector<HabitatLoss> sites;  ///< one each, each alone
  std::size_t nodes = 0;           ///< pieces of habitat that do not touch
  std::size_t links = 0;           ///< pairs of them that no path over others serves as well
  double habitat_m2 = 0.0;
  Findings findings;
};

/// Probability of connectivity and equivalent connected area (Saura & Pascual-Hortal 2007; Saura,
/// Estreguil, Mouton & Rodriguez-Freire 2011), best paths over stepping stones.
/// Nodes are the connected pieces of the dissolved habitat; distances run from edge to edge, and
/// crossing a patch costs nothing. What a site leaves of a patch becomes nodes of their own.
/// Errors "habitat.half_distance", "habitat.least_probability", "habitat.too_many_pairs"; findings
/// "habitat.no_patch", "habitat.no_ground".
[[nodiscard]] Habitat habitat_loss(const HabitatInputs& inputs, const HabitatOptions& options = {},
                                   const Progress& progress = {});

}  // namespace lode
