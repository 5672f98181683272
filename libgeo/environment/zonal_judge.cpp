#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/environment/zonal_parts.h"

namespace lode::zonal {

namespace {

// Zones of one kind: how many, and the first.
class Told {
 public:
  Told(const ZonalInputs& inputs, Findings& findings) : inputs_(inputs), findings_(findings) {}
  struct Kind {
    std::size_t count = 0, first = 0;
    void add(std::size_t zone) {
      if (count++ == 0) first = zone;
    }
  };
  void say(const Kind& kind, const char* code, Severity severity, const char* message) {
    if (kind.count > 0)
      findings_.add(code, severity, zone_name(inputs_, kind.first), message, kind.count);
  }

 private:
  const ZonalInputs& inputs_;
  Findings& findings_;
};

}  // namespace

void judge(const Judged& run, Zonal& result) {
  const auto& [inputs, zones, all_cells, wanted, place] = run;
  Told::Kind without, repaired, outside, partly, other, small, empty, gaps, unweighted;
  for (std::size_t z = 0; z < zones.size(); ++z) {
    const GridZone& zone = zones[z];
    if (zone.repaired) repaired.add(z);
    if (zone.kind == GeometryKind::none) {
      without.add(z);
      continue;
    }
    if (zone.kind != GeometryKind::polygon) other.add(z);
    const double cells = all_cells[z];
    if (zone.outside || cells == 0.0) {
      outside.add(z);
      continue;
    }
    if (zone.kind == GeometryKind::polygon && cells < 1.0) small.add(z);
    double least = 100.0, most = 0.0;
    bool lacks = false;
    for (std::size_t b = 0; b < result.zones[z].bands.size(); ++b) {
      const ZonalBand& band = result.zones[z].bands[b];
      least = std::min(least, band.count / cells);
      most = std::max(most, band.count / cells);
      for (std::size_t i = 0; i < wanted.size(); ++i)
        lacks = lacks || (wanted[i].weighted && wanted[i].figure != Figure::fraction &&
                          band.count > 0.0 && std::isnan(band.value[i]));
    }
    if (lacks) unweighted.add(z);
    if (least == 0.0)
      empty.add(z);
    else if (least < 1.0 - 1e-11)
      gaps.add(z);
    const double covered = result.zones[z].bands.front().covered_pct / 100.0;
    if (zone.sticks_out && (zone.kind != GeometryKind::polygon ||
                            covered < result.zones[z].bands.front().count / cells - 1e-7))
      partly.add(z);
  }
  const std::size_t placed = zones.size() - without.count;
  if (placed > 0 && outside.count == placed)
    throw Error("zonal.all_outside", "no zone lies on the raster", place.name,
                "Check the CRS of both, and that longitude and latitude are not swapped.");
  Told told(inputs, result.findings);
  told.say(repaired, "zonal.repaired", Severity::warning,
           "zones that cross themselves or are not closed were mended: what their parts cover");
  told.say(without, "zonal.no_geometry", Severity::warning,
           "zones without a place have count 0 and no other statistic");
  told.say(outside, "zonal.outside", Severity::warning,
           "zones that lie outside the raster have count 0 and no other statistic");
  told.say(partly, "zonal.partly_outside", Severity::warning,
           "zones that lie partly outside the raster: only what is on it counts, see covered_pct");
  told.say(empty, "zonal.empty", Severity::warning,
           "zones on cells without a value alone (in one band or all)");
  told.say(gaps, "zonal.nodata", Severity::note,
           "zones with cells that have no value, which are left out, see covered_pct");
  told.say(unweighted, "zonal.weight_missing", Severity::warning,
           "zones with cells that have a value and no weight, or weights of 0 alone: weighted "
           "statistics are missing");
  told.say(small, "zonal.small", Severity::note, "zones that cover less than one cell in all");
  told.say(other, "zonal.not_polygon", Severity::note,
           "points and lines take the cells that they lie in and run through, each as a whole");
}

}  // namespace lode::zonal
