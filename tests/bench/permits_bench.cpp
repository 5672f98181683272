// Registers of stacked and slightly different claims: coverage, overlaps, conflicts.
//   bench_permits [permits, default 20000] [jobs, default 1] [the pairs singly: as many permits,
//   default 2000]
// The peer is the plain way: an index of boxes and an overlay of every pair that it gives (GEOS),
// as a spatial join does. It is run on fewer permits and is quadratic in a stack.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "libgeo/crs/crs.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"
#include "libgeo/permits/coverage.h"
#include "libgeo/permits/overlaps.h"
#include "tests/bench/measure.h"

namespace {

using lode::bench::cpu_seconds;
using lode::bench::peak_mb;

/// Claims of 600 x 450 m staked over one place, each a few centimetres off the last one; or spread
/// as a field in which each meets some hundred others.
lode::CoverageInputs claims(std::size_t count, double step_m) {
  lode::CoverageInputs in;
  in.crs = lode::parse_crs("EPSG:26911");
  for (std::size_t i = 0; i < count; ++i) {
    const double w = 400000.0 + step_m * static_cast<double>(i % 150);
    const double s = 4600000.0 + step_m * static_cast<double>(i / 150);
    in.permits.geometry.push_back(lode::polygon_geometry(
        {{w, s}, {w + 600.0, s}, {w + 600.0, s + 450.0}, {w, s + 450.0}, {w, s}}));
    in.permits.ids.push_back("C" + std::to_string(i));
    in.permits.holders.push_back("Holder " + std::to_string(i % 97));
    in.permits.cells.push_back({"Active", "2020-01-01", "2030-01-01"});
  }
  in.sites = {lode::polygon_geometry({{400100, 4600100},
                                      {400500, 4600100},
                                      {400500, 4600400},
                                      {400100, 4600400},
                                      {400100, 4600100}})};
  in.ids = {"S"};
  return in;
}

void ours(const char* what, const lode::CoverageInputs& in, int jobs) {
  lode::CoverageOptions options;
  options.validity.as_of = {2026, 11, 1};
  options.jobs = jobs;
  const double start = cpu_seconds();
  const lode::Coverage out = lode::permit_coverage(in, options);
  std::printf(
      "%-34s %7zu permits %8.2f CPU s  %12zu pairs %12zu conflicts at the site  peak %5.0f MB\n",
      what, in.permits.ids.size(), cpu_seconds() - start, out.summary.overlapping_pairs,
      out.sites[0].conflict_count, peak_mb());
  std::fflush(stdout);
}

void pairs(const char* what, const lode::CoverageInputs& in, int jobs) {
  std::vector<lode::Box> boxes;
  std::vector<const lode::Geometry*> shapes;
  for (const auto& geometry : in.permits.geometry) {
    boxes.push_back(lode::box_of(geometry));
    shapes.push_back(&geometry);
  }
  double start = cpu_seconds();
  const lode::SpatialIndex index(boxes);
  std::size_t found = 0;
  for (std::size_t a = 0; a < boxes.size(); ++a)
    for (const std::size_t b : index.query(boxes[a])) {
      if (b <= a) continue;
      const auto both = lode::intersection(in.permits.geometry[a], in.permits.geometry[b]);
      if (!both.empty() && lode::area_m2(both, in.crs, lode::Edges::straight) > 0.0) ++found;
    }
  const double singly = cpu_seconds() - start;
  start = cpu_seconds();
  const lode::OverlapClasses classes(shapes, jobs);
  std::size_t twice = 0;
  for (std::size_t c = 0; c < classes.classes().size(); ++c) {
    for (const std::size_t d : classes.sharing()[c])
      twice += classes.classes()[c].size() * classes.classes()[d].size();
    twice -= classes.classes()[c].size();
    for (const std::size_t s : classes.classes()[c]) twice += classes.others(s).size();
  }
  const double by_class = cpu_seconds() - start;
  std::printf(
      "%-34s %7zu permits: every pair %8.3f CPU s, by classes %8.4f CPU s, ratio %6.0f; "
      "%zu and %zu pairs\n",
      what, boxes.size(), singly, by_class, singly / by_class, found, twice / 2);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int at, int fallback) {
    return argc > at ? std::atoi(argv[at]) : fallback;
  };
  const auto count = static_cast<std::size_t>(number(1, 20000));
  const int jobs = number(2, 1);
  const auto few = static_cast<std::size_t>(number(3, 2000));
  pairs("pairs in a stack", claims(few, 0.05), jobs);
  pairs("pairs in a field", claims(few, 60.0), jobs);
  ours("stack, all different", claims(count, 0.05), jobs);
  ours("field, each over some hundred", claims(count, 60.0), jobs);
  return 0;
}
