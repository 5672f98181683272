// What the kinds of volumes of a study share: whose they are, their CRS, their solids and ground.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "libgeo/geometry/grid.h"
#include "libgeo/geometry/mesh.h"
#include "libgeo/study/context.h"

namespace lode {

/// The site that the table names. Error "study.value".
[[nodiscard]] std::size_t volume_site(const StudyContext& context, const VolumesTable& table);
/// The table's crs, which must be projected: error "study.volume".
[[nodiscard]] Crs volume_crs(const StudyContext& context, const VolumesTable& table,
                             const std::string& what);
/// Rock in the wrong zone lies hundreds of kilometres from its site, and would give it its tonnes
/// all the same: warning "study.volume_far" beyond 10 km, error "study.volume" beyond 100.
void check_volume_place(StudyContext& context, const VolumesTable& table, const Crs& crs,
                        std::size_t site, const std::array<double, 3>& place_m,
                        const std::string& what);
/// A figure of the table in base units, with its range.
[[nodiscard]] LowBaseHigh volume_figure(const StudyContext& context, const FieldOrValue& figure,
                                        Dimension dimension);
/// Ore from a volume and the table's density, oxide from its grade where there is one, each end by
/// end. `what` says in words how the volume came about. Errors "study.volume", "deposit.*".
void keep_volume(StudyContext& context, const VolumesTable& table, std::size_t site,
                 double volume_m3, const std::string& what);
/// Where the rock of a site lies, and its plan in the rock's CRS.
void keep_rock(StudyContext& context, const VolumesTable& table, std::size_t site,
               std::shared_ptr<const RockBody> rock, const Geometry& plan);
void keep_rock(StudyContext& context, const VolumesTable& table, std::size_t site, SiteRock rock,
               const Geometry& plan);
/// A closed mesh in metres, wound outward; empty when `path` is "".
[[nodiscard]] TriangleMesh read_volume_solid(StudyContext& context, const VolumesTable& table,
                                             const std::string& path, const Crs& crs);
/// A raster or TIN over a grid, in metres; empty when `path` is "".
[[nodiscard]] TriangleMesh read_volume_ground(StudyContext& context, const VolumesTable& table,
                                              const std::string& path, const Crs& crs,
                                              const BlockGrid& grid);

}  // namespace lode
