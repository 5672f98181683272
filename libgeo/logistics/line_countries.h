// Which country each line lies in, by outlines: lines are cut where they pass a border.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/spatial_index.h"
#include "libgeo/logistics/lines.h"

namespace lode {

/// Outlines of countries in longitude and latitude, straight between their vertices in that plane,
/// indexed. Safe to query from several threads.
class CountryBorders {
 public:
  /// Where outlines overlap, the one added first counts.
  void add(const std::string& iso3, const Geometry& outline);
  /// After the last `add`, before the first query.
  void finish();

  /// Number of the country that covers the place, `kNone` outside all. A place on a border belongs
  /// to one of its sides.
  [[nodiscard]] std::uint32_t at(Point place) const;
  [[nodiscard]] const std::string& iso3(std::uint32_t country) const;
  /// Fractions of the straight way from a to b at which it meets an outline, ascending.
  [[nodiscard]] std::vector<double> meetings(Point a, Point b) const;
  /// Whether an outline may pass through the box.
  [[nodiscard]] bool near(const Box& box) const { return !index_.query(box).empty(); }
  [[nodiscard]] bool empty() const { return names_.empty(); }

  static constexpr std::uint32_t kNone = 0xffffffffU;

 private:
  struct Side {
    Point a, b;
    std::uint32_t country = 0;
  };
  [[nodiscard]] std::size_t strip_of(double latitude) const;

  std::vector<std::string> names_;
  std::vector<Side> sides_;
  SpatialIndex index_;
  double strips_per_degree_ = 1.0;
  std::vector<std::size_t> strip_first_;    ///< into strip_sides_, one more than strips
  std::vector<std::uint32_t> strip_sides_;  ///< sides that reach into each strip of latitude
};

/// Lines without a country get that of the outline they lie in; those that pass a border are cut
/// there, into one line a country, both with the vertex of the cut. Crossings are computed, not
/// searched: a segment is cut where it meets the outline's straight sides in the plane of longitude
/// and latitude, and each piece is judged by its middle. A gap between two countries shorter than
/// 1 km counts to the first. `length_km` and `toll_usd` of a cut line are shared by length.
/// Segments over the antimeridian are not cut. What lies outside all outlines keeps no country.
/// Findings: "network.countries_located" (note), "network.outside_countries" (note).
void locate_countries(LineLayer& layer, const CountryBorders& borders, int jobs, Findings& findings,
                      const Progress& progress = {});

}  // namespace lode
