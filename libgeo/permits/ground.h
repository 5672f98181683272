// Permit polygons made ready for overlays: one plane, equal shapes known as one, overlaps found.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/spatial_index.h"
#include "libgeo/permits/overlaps.h"

namespace lode {

/// Registers draw neighbouring claims as the same land parcels, so thousands of features share a
/// few hundred shapes; everything that costs is done once a shape. Safe to ask from any number of
/// threads once made.
class PermitGround {
 public:
  PermitGround(const std::vector<Geometry>& permits, const Crs& crs, Edges edges, int jobs);

  [[nodiscard]] Geometry planar(const Geometry& geometry) const;
  [[nodiscard]] double area_m2(const Geometry& planar) const;
  /// Half the width of a long thin polygon is its area over its perimeter.
  [[nodiscard]] double width_m(const Geometry& planar, double area_m2) const;

  [[nodiscard]] const Geometry& shape(std::size_t permit) const { return shapes_[of_[permit]]; }
  [[nodiscard]] std::size_t shape_of(std::size_t permit) const { return of_[permit]; }
  [[nodiscard]] double shape_area_m2(std::size_t permit) const { return areas_[of_[permit]]; }
  [[nodiscard]] std::size_t size() const { return of_.size(); }
  [[nodiscard]] std::vector<std::size_t> near(const Box& box) const { return index_.query(box); }

  /// Overlap of two permits' shapes; 0 when they do not meet, NaN (said at `where`) when it cannot
  /// be computed.
  [[nodiscard]] double pair_area_m2(std::size_t permit_a, std::size_t permit_b,
                                    const std::string& where, Findings& findings) const;
  /// Finds which shapes overlap; what is below asks for it.
  void find_overlaps(int jobs, const Progress& progress = {});
  [[nodiscard]] const OverlapClasses& overlaps() const { return *overlaps_; }
  /// Pairs of permits whose overlap has an area.
  [[nodiscard]] std::size_t overlapping_pairs() const;
  /// Permits that share more than a square metre of ground with another one.
  [[nodiscard]] std::size_t stacked_permits(int jobs, Findings& findings,
                                            const Progress& progress = {}) const;
  [[nodiscard]] double dissolved_m2(int jobs, Findings& findings,
                                    const Progress& progress = {}) const;
  /// Most permits that have one and the same shape, and how many shapes there are.
  [[nodiscard]] std::size_t most_of_one_shape() const;
  [[nodiscard]] std::size_t shapes() const { return shapes_.size(); }
  [[nodiscard]] const std::vector<Geometry>& shape_list() const { return shapes_; }

  const Crs crs;
  const Edges edges;

 private:
  [[nodiscard]] std::vector<Geometry> united_classes(int jobs, Findings& findings,
                                                     const Progress& progress) const;

  std::vector<std::size_t> of_;  ///< shape of each permit
  std::vector<Geometry> shapes_;
  std::vector<double> areas_;
  std::vector<std::size_t> members_;  ///< permits of each shape
  SpatialIndex index_;                ///< over permits
  std::unique_ptr<OverlapClasses> overlaps_;
};

}  // namespace lode
