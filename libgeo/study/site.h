// Sites and their indicators: one row per deposit or recycling source, every value with its source.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// One source of metal under assessment.
struct Site {
  std::string id;
  std::string name;
  std::string country;   ///< ISO 3166-1 alpha-3, "" when unknown
  std::string group;     ///< domestic, allied or other; "" when the country is unknown
  std::string kind;      ///< primary or secondary
  bool located = false;  ///< false: no place; never ranked by anything that needs one
  Geometry geometry;     ///< as read, in EPSG:4326
  LonLat place;          ///< its representative point
  std::string source;    ///< "deposits.shp, feature 12"
};

/// What a figure shares with others when data are drawn: indicators of one group come from the same
/// figure, and move together at a site; with `common` above 0 between sites, too. Both are
/// correlations of normal scores, as in `Criterion`.
struct SpreadShare {
  std::string group;  ///< "" = drawn by itself
  double correlation = 1.0;
  double common = 0.0;
};

/// One indicator over all sites. `value[i]` belongs to site i; NaN = not known.
struct IndicatorColumn {
  std::string name;
  std::string unit;
  std::vector<double> value;
  std::vector<double> low;   ///< 10th percentile, NaN = no spread known
  std::vector<double> high;  ///< 90th percentile
  /// How each value came about: file, feature and formula in words ("" when there is no value).
  std::vector<std::string> source;
  SpreadShare spread;
  /// By site: its values in simulations, in their order, where there are any; low and high then
  /// only sum them up.
  std::map<std::size_t, std::vector<double>> simulated;
};

}  // namespace lode
