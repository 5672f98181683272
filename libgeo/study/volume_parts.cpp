#include "libgeo/study/volume_parts.h"

#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/io/surface_files.h"

namespace lode {

std::size_t volume_site(const StudyContext& context, const VolumesTable& table) {
  const auto& sites = context.result.sites;
  const auto at = std::find_if(sites.begin(), sites.end(),
                               [&](const Site& site) { return site.id == table.site; });
  if (at == sites.end())
    throw Error("study.value", "there is no site '" + printable(table.site) + "'",
                context.where(table.layer.line), "site names one id of the [[sites]] layers.");
  return static_cast<std::size_t>(at - sites.begin());
}

Crs volume_crs(const StudyContext& context, const VolumesTable& table, const std::string& what) {
  const std::string place = context.where(table.layer.line);
  if (table.layer.crs.empty())
    throw Error("study.volume", "the " + what + " do not say which CRS their coordinates are in",
                place, "Add crs = \"EPSG:n\" to the table.");
  Crs crs = parse_crs(table.layer.crs, place);
  if (crs.is_geographic() || crs.is_local())
    throw Error("study.volume",
                what + " of a study stand in a projected CRS, not in " + crs.label(), place,
                "Bring their coordinates to a projected CRS, such as UTM.");
  return crs;
}

void check_volume_place(StudyContext& context, const VolumesTable& table, const Crs& crs,
                        std::size_t site_index, const std::array<double, 3>& place_m,
                        const std::string& what) {
  constexpr double far_m = 10e3, too_far_m = 100e3;
  const Site& site = context.result.sites[site_index];
  if (!site.located) return;
  const double unit = crs.metres_per_unit;
  LonLat place{place_m[0] / unit, place_m[1] / unit};
  (void)Transform(crs, wgs84()).forward(&place.lon_deg, &place.lat_deg, 1);
  const double distance_m = Geodesic().distance_m(place, site.place);
  const std::string far =
      what + " lies " + fixed_text(distance_m / 1000.0, 1) + " km from the site '" + site.id + "'";
  if (!(distance_m <= too_far_m))
    throw Error("study.volume", far, context.where(table.layer.line),
                "Check crs, and the coordinates of the site and its rock.");
  if (distance_m > far_m)
    context.result.findings.add("study.volume_far", Severity::warning, table.layer.path, far);
}

LowBaseHigh volume_figure(const StudyContext& context, const FieldOrValue& figure,
                          Dimension dimension) {
  LowBaseHigh value;
  const std::string place = context.where(figure.line);
  for (const auto& [text, to] : {std::pair{&figure.constant, &value.base},
                                 {&figure.low, &value.low},
                                 {&figure.high, &value.high}})
    if (!text->empty()) *to = parse_quantity(*text, dimension, place);
  return value;
}

void keep_volume(StudyContext& context, const VolumesTable& table, std::size_t site,
                 double volume_m3, const std::string& what) {
  SiteFacts& facts = context.facts[site];
  const std::string place = context.where(table.layer.line);
  const LowBaseHigh density = volume_figure(context, table.density, Dimension::density);
  check_range(density, "density", place);
  if (!(density.base > 0.0 && density.base <= 23.0))
    throw Error("study.volume", "a density of " + number_text(density.base) + " t/m3 cannot be",
                place, "Dry bulk density is above 0 and up to 23 t/m3.");
  facts.ore_t = times(density, volume_m3);
  facts.ore_source = what + " x " + table.density.constant;
  facts.tonnage_source = facts.ore_source;
  facts.treo_t = {};
  facts.simulated_t.clear();
  facts.simulated_treo.clear();
  if (!table.grade.given()) return;
  const LowBaseHigh grade = volume_figure(context, table.grade, Dimension::grade);
  check_range(grade, "grade", place);
  if (!(grade.base <= 1.0))
    throw Error("study.volume", "a grade of " + number_text(grade.base * 100.0) + " % cannot be",
                place, "Is its unit wrong?");
  facts.treo = grade;
  facts.treo_source = place + ", " + table.grade.constant;
  facts.treo_t = times(facts.ore_t, grade);
  facts.tonnage_source += " x " + table.grade.constant;
}

void keep_rock(StudyContext& context, const VolumesTable& table, std::size_t site, SiteRock rock,
               const Geometry& plan) {
  const Transform transform(rock.crs, wgs84());
  context.facts[site].outline = reproject(plan, transform);
  context.result.operations.push_back({table.layer.path, rock.crs.label(), wgs84().label(),
                                       transform.operation(), transform.accuracy_m()});
  context.facts[site].rock = std::move(rock);
}

void keep_rock(StudyContext& context, const VolumesTable& table, std::size_t site,
               std::shared_ptr<const RockBody> rock, const Geometry& plan) {
  const Crs crs = rock->crs();
  const int jobs = context.options.jobs;
  keep_rock(context, table, site,
            SiteRock{crs,
                     [rock = std::move(rock), jobs](const std::vector<PlanCut>& cuts,
                                                    const std::vector<std::uint64_t>& which) {
                       return rock->left(cuts, which, jobs);
                     }},
            plan);
}

TriangleMesh read_volume_solid(StudyContext& context, const VolumesTable& table,
                               const std::string& path, const Crs& crs) {
  if (path.empty()) return {};
  MeshFile file = read_mesh(context.resolve(path, table.layer.line), crs.metres_per_unit);
  context.keep_source(file.source, path);
  context.result.findings.add(file.findings);
  check_mesh_crs(file, crs, context.result.findings);
  file.mesh.name = path;
  require_solid(file.mesh, context.result.findings);
  return std::move(file.mesh);
}

TriangleMesh read_volume_ground(StudyContext& context, const VolumesTable& table,
                                const std::string& path, const Crs& crs, const BlockGrid& grid) {
  if (path.empty()) return {};
  Box window;
  for (const double i : {0.0, static_cast<double>(grid.count[0]) * grid.spacing[0]})
    for (const double j : {0.0, static_cast<double>(grid.count[1]) * grid.spacing[1]}) {
      const auto corner = from_grid(grid, {i, j, 0.0});
      window.add(Point{corner[0], corner[1]});
    }
  SurfaceFile ground = read_surface(context.resolve(path, table.layer.line), window,
                                    table.layer.crs, crs.metres_per_unit);
  if (ground.has_crs && !(ground.crs == crs))
    throw Error("study.volume",
                "the ground is in " + ground.crs.label() + ", the rock in " + crs.label(), path,
                "Bring one of them to the other's CRS.");
  context.keep_source(ground.source, path);
  context.result.findings.add(ground.findings);
  return std::move(ground.mesh);
}

}  // namespace lode
