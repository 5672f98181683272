// A polygon of 8 million vertices, whole and with 100,000 holes: checked, measured, met with 1,000
// small boxes; CPU seconds and peak memory in copies of its coordinates. Arguments: vertices
// (8,000,000), holes (0), boxes (1,000).
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "libgeo/core/random.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "tests/bench/measure.h"

namespace lode {
namespace {

constexpr Point kCentre{500000.0, 4000000.0};
constexpr double kRadius = 200000.0;

Path ring(Point centre, double radius, std::size_t vertices, bool rough) {
  const Random random{5, 1};
  Path path;
  path.reserve(vertices + 1);
  for (std::size_t i = 0; i < vertices; ++i) {
    const double t = 6.283185307179586 * static_cast<double>(i) / static_cast<double>(vertices);
    const double r =
        rough ? radius * (0.9 + 0.1 * std::sin(40.0 * t) + 1e-7 * random.uniform(i)) : radius;
    path.push_back({centre.x + r * std::cos(t), centre.y + r * std::sin(t)});
  }
  path.push_back(path.front());
  return path;
}

/// Half of the vertices in the shell when there are holes, which stand on a grid inside.
Geometry made(std::size_t vertices, std::size_t holes) {
  Geometry g;
  g.kind = GeometryKind::polygon;
  g.polygons.emplace_back();
  Polygon& polygon = g.polygons.front();
  polygon.shell = ring(kCentre, kRadius, holes > 0 ? vertices / 2 : vertices, true);
  if (holes == 0) return g;
  const auto side = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(holes))));
  const double step = 1.0 * kRadius / static_cast<double>(side);  // within the inner circle
  for (std::size_t k = 0; k < holes; ++k) {
    const Point at{kCentre.x - 0.5 * kRadius + step * (static_cast<double>(k % side) + 0.5),
                   kCentre.y - 0.5 * kRadius + step * (static_cast<double>(k / side) + 0.5)};
    polygon.holes.push_back(ring(at, 0.3 * step, vertices / 2 / holes, false));
  }
  return g;
}

}  // namespace
}  // namespace lode

int main(int argc, char** argv) {
  using namespace lode;
  const auto number = [&](int i, std::size_t otherwise) {
    return argc > i ? std::strtoul(argv[i], nullptr, 10) : otherwise;
  };
  const std::size_t vertices = number(1, 8000000), holes = number(2, 0), boxes = number(3, 1000);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const Crs crs = parse_crs("EPSG:32611");
  const double before_mb = bench::peak_mb();
  Geometry g = made(vertices, holes);
  const double own_mb = static_cast<double>(vertices) * sizeof(Point) / 1048576.0;
  std::printf("| step | CPU s | peak MB | copies of the coordinates |\n|---|---|---|---|\n");
  double start = bench::cpu_seconds();
  const auto row = [&](const char* step) {
    const double now = bench::cpu_seconds();
    std::printf("| %s | %.2f | %.0f | %.1f |\n", step, now - start, bench::peak_mb(),
                (bench::peak_mb() - before_mb) / own_mb);
    start = bench::cpu_seconds();
  };
  row("made");
  const double area = area_m2(g, crs);
  row("area on the ellipsoid");
  const Random random{5, 2};
  double sum = 0.0;
  for (std::size_t i = 0; i < boxes; ++i) {
    const double t = 6.283185307179586 * random.uniform(2 * i);
    const double r = kRadius * (0.2 + 0.8 * random.uniform(2 * i + 1));
    const double x = kCentre.x + r * std::cos(t), y = kCentre.y + r * std::sin(t), s = 100.0;
    const Geometry box = polygon_geometry({{x, y}, {x + s, y}, {x + s, y + s}, {x, y + s}, {x, y}});
    sum += area_m2(intersection(g, box), crs);
  }
  row("overlap with the boxes");
  const GeometryCheck check = check_geometry(g, crs);
  row("checked");
  g.polygons.front().shell[vertices / 8].x -= 5000.0;  // a spike through its neighbours' edges
  g.polygons.front().shell[vertices / 8].y += 5000.0;
  const GeometryCheck spiked = check_geometry(g, crs);
  row("checked again after one vertex was moved");
  std::printf("Area %.6f km2, overlap %.6f km2, valid %d, after the move: %s (%.3f m2 less)\n",
              area / 1e6, sum / 1e6, check.valid ? 1 : 0, spiked.fault.c_str(),
              spiked.area_before_m2 - spiked.area_after_m2);
  return 0;
}
