// Many polygons made one ground: cluster by cluster, so that stacked layers stay cheap.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// Groups of geometries whose boxes meet, directly or through others; each ascending, in the order
/// of their first members. Empty geometries are in none.
[[nodiscard]] std::vector<std::vector<std::size_t>> clusters_of(
    const std::vector<const Geometry*>& geometries);

/// Equal geometries known as one: `of[i]` is the place in `first` of the one that i equals, and
/// `first` holds the first member of each.
struct Distinct {
  std::vector<std::size_t> of;
  std::vector<std::size_t> first;
};
[[nodiscard]] Distinct distinct_of(const std::vector<const Geometry*>& geometries);
[[nodiscard]] Distinct distinct_of(const std::vector<Geometry>& geometries);

/// The union of valid polygons of one plane, one geometry a cluster. Equal polygons, as stacked
/// claims are, enter once. The same bits for any `jobs`. With `findings`, what cannot be united is
/// left out and said there ("overlay.failed"); without, Error "geometry.overlay".
[[nodiscard]] std::vector<Geometry> dissolve(const std::vector<const Geometry*>& geometries,
                                             int jobs = 0, const Progress& progress = {},
                                             Findings* findings = nullptr);

/// The union of valid polygons; those that no way is found to unite with the ones before are left
/// out and said in `findings`, as "`what`" at `where`.
[[nodiscard]] Geometry united(const std::vector<const Geometry*>& geometries,
                              const std::string& what, const std::string& where,
                              Findings& findings);

}  // namespace lode
