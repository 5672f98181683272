// The surroundings of a site: waters it crosses, people near it, what polygons say of its place.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/raster_source.h"

namespace lode {

/// Times that each site's ground or line meets a water line or a water's edge: runs of a line
/// inside a polygon, crossings of two lines, each counted once.
[[nodiscard]] std::vector<std::size_t> water_crossings(const std::vector<Geometry>& sites,
                                                       const std::vector<Geometry>& waters,
                                                       const Crs& crs, Edges edges, int jobs = 0,
                                                       const Progress& progress = {});

struct PeopleOptions {
  std::vector<double> within_m{5e3, 25e3, 50e3};  ///< distances from the site, ascending
  double tolerance = 1e-3;                        ///< of the distance
  Edges edges = Edges::geodesic;
  int jobs = 0;
};
/// People within each distance of each site: `people[site][distance]`. From a raster of counts a
/// cell (shares of cells by exact coverage) ...
struct People {
  std::vector<std::vector<double>> people;  ///< NaN where the raster does not reach
  Findings findings;                        ///< "people.partly_outside"
};
[[nodiscard]] People people_within(const std::vector<Geometry>& sites, const Crs& crs,
                                   const RasterSource& counts, const PeopleOptions& options = {},
                                   const Progress& progress = {});
/// ... or from places with their number.
[[nodiscard]] People people_within(const std::vector<Geometry>& sites, const Crs& crs,
                                   const std::vector<Geometry>& places,
                                   const std::vector<double>& number,
                                   const PeopleOptions& options = {},
                                   const Progress& progress = {});

/// What polygons with a number (water stress, hazard class) or a name (land of whom) say of a site.
struct PlaceValue {
  double mean = std::numeric_limits<double>::quiet_NaN();  ///< by area; of a point: where it lies
  double largest = std::numeric_limits<double>::quiet_NaN();
  double covered_pct = 0.0;           ///< of the site, by polygons with a number
  std::vector<std::size_t> features;  ///< with a number, that the site meets
};
[[nodiscard]] std::vector<PlaceValue> values_at(const std::vector<Geometry>& sites,
                                                const std::vector<Geometry>& polygons,
                                                const std::vector<double>& number, const Crs& crs,
                                                Edges edges, int jobs = 0,
                                                const Progress& progress = {});

}  // namespace lode
