#include "libgeo/deposit/surface_volume.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/surface_parts.h"

namespace lode {

namespace surface_parts {

void Sums::add(const CutFill& part) {
  area += part.area.value();
  above += part.above.value();
  cut += part.cut.value();
  fill += part.fill.value();
  planar += part.planar.value();
  planar_cut += part.planar_cut.value();
  planar_fill += part.planar_fill.value();
}

void LevelBins::add(double height, double area, double cells) {
  const auto& levels = *levels_;
  const auto k = static_cast<std::size_t>(std::lower_bound(levels.begin(), levels.end(), height) -
                                          levels.begin());
  Bin& bin = bins_[k];
  bin.area += area;
  bin.cells += cells;
  if (k > 0) {
    bin.up += area * (height - levels[k - 1]);
    bin.cells_up += cells * (height - levels[k - 1]);
  }
  if (k < levels.size()) {
    bin.down += area * (levels[k] - height);
    bin.cells_down += cells * (levels[k] - height);
  }
}

void LevelBins::add(const LevelBins& other) {
  for (std::size_t k = 0; k < bins_.size(); ++k) {
    Bin& bin = bins_[k];
    const Bin& more = other.bins_[k];
    bin.area += more.area;
    bin.up += more.up;
    bin.down += more.down;
    bin.cells += more.cells;
    bin.cells_up += more.cells_up;
    bin.cells_down += more.cells_down;
  }
}

std::vector<Sums> LevelBins::sums() const {
  const auto& levels = *levels_;
  const std::size_t n = levels.size();
  std::vector<Sums> list(n);
  ExactSum area, cells, cut, planar_cut;  // of what is above the level at hand
  for (std::size_t k = n; k-- > 0;) {
    if (k + 1 < n) {
      cut += area.value() * (levels[k + 1] - levels[k]);
      planar_cut += cells.value() * (levels[k + 1] - levels[k]);
    }
    area += bins_[k + 1].area;
    cells += bins_[k + 1].cells;
    cut += bins_[k + 1].up;
    planar_cut += bins_[k + 1].cells_up;
    list[k].above = area;
    list[k].cut = cut;
    list[k].planar_cut = planar_cut;
  }
  area += bins_[0].area;
  cells += bins_[0].cells;
  ExactSum under, cells_under, fill, planar_fill;
  for (std::size_t k = 0; k < n; ++k) {
    if (k > 0) {
      fill += under.value() * (levels[k] - levels[k - 1]);
      planar_fill += cells_under.value() * (levels[k] - levels[k - 1]);
    }
    under += bins_[k].area;
    cells_under += bins_[k].cells;
    fill += bins_[k].down;
    planar_fill += bins_[k].cells_down;
    list[k].fill = fill;
    list[k].planar_fill = planar_fill;
    list[k].area = area;
    list[k].planar = cells;
  }
  return list;
}

void add_rows(std::size_t zone, double zone_m2, const std::vector<Sums>& sums,
              const std::vector<double>& levels, double planar_m2, SurfaceResult& result) {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const Sums& s = sums[i];
    SurfaceVolume row;
    row.zone = zone;
    if (!levels.empty()) row.level_m = levels[i];
    row.area_m2 = s.area.value();
    row.above_m2 = s.above.value();
    row.zone_m2 = std::max(zone_m2, row.area_m2);
    const double missing = row.zone_m2 > 0.0 ? 1.0 - row.area_m2 / row.zone_m2 : 1.0;
    // Rounding alone leaves less.
    row.nodata_pct = missing < 1e-11 ? 0.0 : 100.0 * missing;
    row.cut_m3 = s.cut.value();
    row.fill_m3 = s.fill.value();
    row.net_m3 = row.cut_m3 - row.fill_m3;
    row.planar_area_m2 = s.planar.value() * planar_m2;
    row.planar_cut_m3 = s.planar_cut.value() * planar_m2;
    row.planar_fill_m3 = s.planar_fill.value() * planar_m2;
    result.rows.push_back(row);
  }
}

}  // namespace surface_parts

namespace {

void check_levels(const std::vector<double>& levels) {
  const auto wrong = [](const std::string& what) {
    throw Error("surface.levels", what, "levels", "Give finite levels from low to high.");
  };
  if (levels.empty()) wrong("there is neither a second surface nor a level");
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (!(std::abs(levels[i]) <= surface_parts::most_height_m))
      wrong("a level is no number of metres within 1,000,000");
    if (i > 0 && !(levels[i] > levels[i - 1]))
      wrong("level " + number_text(levels[i]) + " m does not lie above " +
            number_text(levels[i - 1]) + " m");
  }
}

std::string zone_name(const SurfaceZones& zones, std::size_t zone) {
  if (zones.polygons == nullptr) return "all";
  return zone < zones.ids.size() ? "zone " + zones.ids[zone] : "zone " + std::to_string(zone + 1);
}

// Zones without heights, and those with gaps.
void judge(const SurfaceZones& zones, const std::string& name, SurfaceResult& result) {
  const bool any = std::any_of(result.rows.begin(), result.rows.end(),
                               [](const SurfaceVolume& row) { return !row.empty(); });
  if (!any)
    throw Error("surface.no_overlap",
                "there is no place in the zones where both surfaces have a height", name,
                "Check that both lie in one place, and their NoData.");
  std::size_t last = static_cast<std::size_t>(-1);
  for (const SurfaceVolume& row : result.rows) {
    if (row.zone == last) continue;
    last = row.zone;
    if (row.empty())
      result.findings.add("surface.zone_empty", Severity::warning, zone_name(zones, row.zone),
                          "no place of it has a height in both surfaces: its volumes are missing");
    else if (row.nodata_pct > 0.0)
      result.findings.add("surface.nodata", Severity::warning, zone_name(zones, row.zone),
                          number_text(std::round(row.nodata_pct * 1e4) / 1e4) +
                              " % of it have no height in one surface or the other: not counted");
  }
}

}  // namespace

SurfaceResult surface_volume(const Surface& top, const SurfaceBase& base, const SurfaceZones& zones,
                             const SurfaceOptions& options, const Progress& progress) {
  const bool to_surface = base.surface.raster != nullptr || base.surface.tin != nullptr;
  if (!to_surface) check_levels(base.levels_m);
  if (to_surface && (base.surface.raster == nullptr) != (top.raster == nullptr))
    throw Error("surface.mixed", "a raster and a TIN were given as they are",
                top.raster == nullptr ? top.name : top.raster->place().name,
                "Make a TIN of the raster first (read_surface).");
  const Crs& top_crs = top.raster != nullptr ? top.raster->place().crs : top.crs;
  if (to_surface) {
    const Crs& other =
        base.surface.raster != nullptr ? base.surface.raster->place().crs : base.surface.crs;
    if (!(other == top_crs))
      throw Error(
          "surface.other_crs", "TOP is in " + top_crs.label() + ", BASE in " + other.label(),
          base.surface.raster != nullptr ? base.surface.raster->place().name : base.surface.name,
          "Bring them into one CRS first: nothing is reprojected unasked.");
  }
  SurfaceResult result =
      top.raster != nullptr
          ? surface_parts::volume_of_rasters(*top.raster, base, zones, options, progress)
          : surface_parts::volume_of_tins(top, base, zones, options, progress);
  judge(zones, top.raster != nullptr ? top.raster->place().name : top.name, result);
  return result;
}

}  // namespace lode
