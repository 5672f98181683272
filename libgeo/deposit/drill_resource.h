// The tonnes of a deposit from its composites: kriged blocks, and simulated ones for the range.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/progress.h"
#include "libgeo/estimation/neighbours.h"
#include "libgeo/estimation/samples.h"
#include "libgeo/estimation/variogram_model.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/grid.h"

namespace lode {

struct DrillResourceInputs {
  /// Composites in metres. The first variable is the grade of oxide as a mass fraction, the others
  /// are parts of it (NdPr, DyTb), likewise.
  Samples composites;
  BlockGrid grid;
  std::vector<double> share;  ///< of each block inside the body, 0 to 1; empty = all of each
  double density_t_m3 = 0.0;  ///< dry bulk density, above 0
};

struct DrillResourceOptions {
  std::optional<VariogramModel> model;        ///< of the grade; none = fitted to the composites
  std::optional<VariogramModel> score_model;  ///< of its normal scores; none = fitted
  SearchOptions search;
  double cutoff = 0.0;  ///< mass fraction; a block at it counts
  std::size_t realizations = 100;
  /// Nodes that are averaged to a block, along each axis; kriging takes as many points.
  std::array<std::size_t, 3> nodes{1, 1, 1};
  std::uint64_t seed = 1;
  int jobs = 0;
};

struct DrillResource {
  /// Above the cut-off, over blocks that kriging reached: low, base and high are the 10th, 50th and
  /// 90th percentile of the realisations, each figure for itself.
  LowBaseHigh ore_t, grade, contained_t;
  std::vector<double> ore_draws_t, contained_draws_t;  ///< one a realisation, in their order
  double kriged_ore_t = 0.0, kriged_grade = 0.0, kriged_contained_t = 0.0;
  std::vector<double> part_share;  ///< of the oxide, by further variable, from the kriged blocks
  std::size_t composites = 0, blocks = 0, estimated = 0, unestimated = 0;
  VariogramModel model, score_model;
  bool fitted = false, fitted_scores = false;
  std::vector<double> kriged;  ///< grade by block, NaN where kriging did not reach or nothing is
  Geometry footprint;  ///< polygons in the grid's system: the estimated blocks seen from above
  Findings findings;
};

/// What `drill_resource` would refuse of the blocks alone: error "deposit.too_many_nodes".
void check_blocks(const BlockGrid& grid, const DrillResourceOptions& options);

/// Ordinary kriging of blocks with weights shared by all variables, and conditional simulation of
/// the grade (FFT) averaged to the same blocks. The histogram weighs each composite by the part of
/// the body nearest to it, and is drawn anew, hole by hole, for every few realisations: that the
/// holes might have met richer or poorer ground is part of the range. Blocks that no pass of the
/// search reaches have no tonnage and are counted (warning "deposit.blocks_not_reached");
/// composites that lack a variable are left out (warning "deposit.partial_composites"). Errors
/// "deposit.too_few_composites" (fewer than 10), "deposit.composites_alike", "deposit.density",
/// "deposit.no_blocks" (none inside, or none reached), "deposit.too_many_nodes", and those of
/// estimation.
[[nodiscard]] DrillResource drill_resource(const DrillResourceInputs& inputs,
                                           const DrillResourceOptions& options,
                                           const Progress& progress = {});

}  // namespace lode
