#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/environment/zonal_parts.h"

namespace lode::zonal {

namespace {

// Zones of one kind: how many, and the first.
struct Told {
  std::size_t count = 0, first = 0;
  void add(std::size_t zone) {
    if (count++ == 0) first = zone;
  }
};

struct Kinds {
  Told without, repaired, outside, partly, other, small, empty, gaps, unweighted;
};

// A zone that lies on the raster, by its bands.
void sort_bands(const Judged& run, const ZonalRow& row, std::size_t z, Kinds& kinds) {
  const GridZone& zone = run.zones[z];
  const double cells = run.cells[z];
  const bool polygon = zone.kind == GeometryKind::polygon;
  double least = 1.0;
  bool lacks = false;
  for (const ZonalBand& band : row.bands) {
    least = std::min(least, band.count / cells);
    for (std::size_t i = 0; i < run.wanted.size(); ++i)
      lacks = lacks || (run.wanted[i].weighted && run.wanted[i].figure != Figure::fraction &&
                        band.count > 0.0 && std::isnan(band.value[i]));
  }
  if (lacks) kinds.unweighted.add(z);
  if (least == 0.0)
    kinds.empty.add(z);
  else if (least < 1.0 - 1e-11)
    kinds.gaps.add(z);
  if (polygon && cells < 1.0) kinds.small.add(z);
  if (zone.partly_outside) kinds.partly.add(z);
}

Kinds sorted(const Judged& run, const Zonal& result) {
  Kinds kinds;
  for (std::size_t z = 0; z < run.zones.size(); ++z) {
    const GridZone& zone = run.zones[z];
    if (zone.repaired) kinds.repaired.add(z);
    if (zone.kind == GeometryKind::none) {
      kinds.without.add(z);
      continue;
    }
    if (zone.kind != GeometryKind::polygon) kinds.other.add(z);
    if (zone.outside || run.cells[z] == 0.0)
      kinds.outside.add(z);
    else
      sort_bands(run, result.zones[z], z, kinds);
  }
  return kinds;
}

}  // namespace

void judge(const Judged& run, Zonal& result) {
  const Kinds kinds = sorted(run, result);
  const std::size_t placed = run.zones.size() - kinds.without.count;
  if (placed > 0 && kinds.outside.count == placed)
    throw Error("zonal.all_outside", "no zone lies on the raster", run.place.name,
                "Check the CRS of both, and that longitude and latitude are not swapped.");
  const auto say = [&](const Told& told, const char* code, Severity severity, const char* message) {
    if (told.count > 0)
      result.findings.add(code, severity, zone_name(run.inputs, told.first), message, told.count);
  };
  say(kinds.repaired, "zonal.repaired", Severity::warning,
      "zones that cross themselves or are not closed were mended: what their parts cover");
  say(kinds.without, "zonal.no_geometry", Severity::warning,
      "zones without a place have count 0 and no other statistic");
  say(kinds.outside, "zonal.outside", Severity::warning,
      "zones that lie outside the raster have count 0 and no other statistic");
  say(kinds.partly, "zonal.partly_outside", Severity::warning,
      "zones that lie partly outside the raster: only what is on it counts, see covered_pct");
  say(kinds.empty, "zonal.empty", Severity::warning,
      "zones on cells without a value alone (in one band or all)");
  say(kinds.gaps, "zonal.nodata", Severity::note,
      "zones with cells that have no value, which are left out, see covered_pct");
  say(kinds.unweighted, "zonal.weight_missing", Severity::warning,
      "zones with cells that have a value and no weight, or weights of 0 alone: weighted "
      "statistics are missing");
  say(kinds.small, "zonal.small", Severity::note, "zones that cover less than one cell in all");
  say(kinds.other, "zonal.not_polygon", Severity::note,
      "points and lines take the cells that they lie in and run through, each as a whole");
}

}  // namespace lode::zonal
