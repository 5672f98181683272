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
  double least_probability = 1e-4;  ///< links below it are left out; > 0
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
  Findings findings;
};

/// Probability of connectivity and equivalent connected area (Saura & Pascual-Hortal 2007; Saura,
/// Estreguil, Mouton & Rodriguez-Freire 2011), best paths over stepping stones.
/// Error "habitat.half_distance".
[[nodiscard]] Habitat habitat_loss(const HabitatInputs& inputs, const HabitatOptions& options = {},
                                   const Progress& progress = {});

}  // namespace lode
