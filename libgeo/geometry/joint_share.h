// Exact share of a box that several solids, surfaces and polygons leave together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/geometry/box_share.h"

namespace lode {

/// Cutters applied at once. Along a vertical line each leaves some intervals; their common length
/// is piecewise linear in plan, so that it is integrated exactly over the cells into which the
/// projected edges and the lines where two surfaces cross divide the footprint.
class JointCutter {
 public:
  enum class Keep {
    inside,  ///< of a solid or polygons; below a surface
    outside  ///< of a solid or polygons; above a surface
  };
  /// The cutters must outlive this. Where a surface covers nothing, nothing is kept.
  void add(const ColumnCutter& body, Keep keep);
  void add(const PlanCutter& polygons, Keep keep);
  [[nodiscard]] std::size_t size() const { return parts_.size(); }

  /// Share of a box, 0 to 1, that the cutters whose bit is set in `which` leave together (bit i =
  /// the i-th added; at most 64). `covered` is the share of the footprint that every surface among
  /// them covers.
  [[nodiscard]] double share(const Footprint& place, double z0, double z1, std::uint64_t which,
                             double* covered = nullptr) const;

 private:
  struct Part {
    const ColumnCutter* body = nullptr;
    const PlanCutter* polygons = nullptr;
    Keep keep = Keep::inside;
  };
  std::vector<Part> parts_;
};

}  // namespace lode
