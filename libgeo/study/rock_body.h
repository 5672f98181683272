// The rock of a site in boxes, and what permits and setbacks leave of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/deposit/block_model.h"
#include "libgeo/geometry/box_share.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/study/result.h"

namespace lode {

/// Ground that keeps rock (the valid permits together) or takes it (the setbacks of a constraint),
/// to any depth.
struct PlanCut {
  std::string name;
  bool keeps = false;
  Geometry ground;  ///< polygons that do not overlap, in the body's CRS, metres
};

/// Oxide left by subsets of cuts: `which` has a bit for each cut; the first subset is empty.
using RockLeft = std::function<std::vector<double>(const std::vector<PlanCut>& cuts,
                                                   const std::vector<std::uint64_t>& which)>;

/// Where the oxide of a site lies.
struct SiteRock {
  Crs crs;
  RockLeft left;  ///< in any unit: shares of it count
};

/// Gross, net, and what each cut takes alone, in order and at the margin, scaled so that the gross
/// is `product_t` (which may have been found otherwise: the median of simulations). At most 60 cuts
/// (error "study.cuts").
[[nodiscard]] NetTonnes net_tonnes(const SiteRock& rock, const std::vector<PlanCut>& cuts,
                                   double product_t);

/// Boxes (blocks, or the columns of a solid) with what they hold, cut by a solid and the ground.
/// Tonnes lie evenly within a box. Not copied: the cutters are large.
class RockBody {
 public:
  /// `axes` gives origin and rotation of the boxes.
  RockBody(Crs crs, const BlockGrid& axes) : crs_(std::move(crs)), axes_(axes) {}
  /// Only rock inside the closed solid, or below the surface, counts.
  void keep_inside(const TriangleMesh& solid);
  void keep_below(const TriangleMesh& ground);
  /// Tonnes of a whole box, as if all of it counted.
  void add(const BlockBox& box, double ore_t, double product_t);

  struct Tonnes {
    double volume_m3 = 0.0, ore_t = 0.0, product_t = 0.0;
  };
  /// What counts, before permits and setbacks.
  [[nodiscard]] Tonnes gross(int jobs, const Progress& progress = {}) const;
  /// Oxide left by subsets of cuts; the share of each box is exact.
  [[nodiscard]] std::vector<double> left(const std::vector<PlanCut>& cuts,
                                         const std::vector<std::uint64_t>& which, int jobs,
                                         const Progress& progress = {}) const;
  /// Seen from above: the boxes that hold something, in the CRS.
  [[nodiscard]] Geometry footprint() const;
  [[nodiscard]] const Crs& crs() const { return crs_; }

 private:
  struct Box {
    BlockBox place;
    double ore_t = 0.0, product_t = 0.0;
  };
  Crs crs_;
  BlockGrid axes_;
  std::optional<ColumnCutter> solid_, ground_;
  std::vector<Box> boxes_;
};

}  // namespace lode
