// What the parts of `surface_volume` share: exact sums by zone and level, and how rows are made.
#pragma once

#include <vector>

#include "libgeo/deposit/exact_sum.h"
#include "libgeo/deposit/surface_volume.h"
#include "libgeo/geometry/cut_fill.h"

namespace lode::surface_parts {

/// Heights and levels beyond it are faults; what it bounds fits the exact sums.
constexpr double most_height_m = 1e6;

/// Sums of one zone against a surface or a level. Exact, so that the order of parts leaves no
/// trace.
struct Sums {
  ExactSum area, above, cut, fill, planar, planar_cut, planar_fill;

  void add(const CutFill& part);
};

/// Cells by the levels between which their height lies: those under the first level stand in bin
/// 0, those between level k - 1 and level k in bin k. From these follow area, cut and fill at every
/// level, sums of positive terms alone.
class LevelBins {
 public:
  explicit LevelBins(const std::vector<double>& levels)
      : levels_(&levels), bins_(levels.size() + 1) {}
  void add(double height, double area, double cells);
  void add(const LevelBins& other);
  [[nodiscard]] std::vector<Sums> sums() const;

 private:
  struct Bin {
    ExactSum area, up, down;  // m2; m3 above the level below, m3 under the level above
    ExactSum cells, cells_up, cells_down;
  };
  const std::vector<double>* levels_;
  std::vector<Bin> bins_;
};

struct Zone {
  ExactSum all_m2;          ///< within TOP's extent, with heights or not
  double outside_m2 = 0.0;  ///< beyond it
};

/// The rows of a zone. `planar_m2` is a cell of the map plane.
void add_rows(std::size_t zone, double zone_m2, const std::vector<Sums>& sums,
              const std::vector<double>& levels, double planar_m2, SurfaceResult& result);

/// Rasters against a raster or levels.
[[nodiscard]] SurfaceResult volume_of_rasters(const RasterSource& top, const SurfaceBase& base,
                                              const SurfaceZones& zones,
                                              const SurfaceOptions& options,
                                              const Progress& progress);
/// TINs against a TIN or levels.
[[nodiscard]] SurfaceResult volume_of_tins(const Surface& top, const SurfaceBase& base,
                                           const SurfaceZones& zones, const SurfaceOptions& options,
                                           const Progress& progress);

}  // namespace lode::surface_parts
