// Closed solids of a million triangles: volume, report of faults, self-intersections; CGAL beside.
//   bench_mesh [rows of quadrilaterals, default 708: 1,002,528 triangles]
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/measure.h>
#include <CGAL/Polygon_mesh_processing/self_intersections.h>
#include <CGAL/Surface_mesh.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "libgeo/core/text.h"
#include "libgeo/geometry/mesh_report.h"

namespace {

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Surface = CGAL::Surface_mesh<Kernel::Point_3>;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The best of some runs.
template <class Work>
double best_of(int runs, Work work) {
  double best = 1e300;
  for (int run = 0; run < runs; ++run) {
    const double start = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - start);
  }
  return best;
}

// A torus with waves, at UTM coordinates.
lode::TriangleMesh torus(std::uint32_t n) {
  lode::TriangleMesh mesh;
  mesh.name = "torus";
  const double step = 2.0 * std::numbers::pi / n;
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = 0; j < n; ++j) {
      const double u = i * step, v = j * step;
      const double r = 100.0 + 7.0 * std::sin(5.0 * u) * std::cos(3.0 * v);
      mesh.vertices.push_back({500123.4 + (300.0 + r * std::cos(v)) * std::cos(u),
                               4200321.7 + (300.0 + r * std::cos(v)) * std::sin(u),
                               1017.3 + r * std::sin(v)});
    }
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = 0; j < n; ++j) {
      const std::uint32_t a = i * n + j, b = (i + 1) % n * n + j, c = (i + 1) % n * n + (j + 1) % n,
                          d = i * n + (j + 1) % n;
      mesh.triangles.push_back({a, b, c});
      mesh.triangles.push_back({a, c, d});
    }
  return mesh;
}

// 64 bits of mantissa about a local origin, with a carry.
long double reference(const lode::TriangleMesh& mesh) {
  const auto& o = mesh.vertices[0];
  long double sum = 0.0L, carry = 0.0L;
  for (const auto& t : mesh.triangles) {
    long double p[3][3];
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t c = 0; c < 3; ++c)
        p[i][c] = static_cast<long double>(mesh.vertices[t[i]][c]) - o[c];
    const long double term = p[0][0] * (p[1][1] * p[2][2] - p[1][2] * p[2][1]) +
                             p[0][1] * (p[1][2] * p[2][0] - p[1][0] * p[2][2]) +
                             p[0][2] * (p[1][0] * p[2][1] - p[1][1] * p[2][0]);
    const long double y = term - carry, next = sum + y;
    carry = (next - sum) - y;
    sum = next;
  }
  return sum / 6.0L;
}

Surface surface_of(const lode::TriangleMesh& mesh) {
  Surface surface;
  for (const auto& v : mesh.vertices) surface.add_vertex({v[0], v[1], v[2]});
  for (const auto& t : mesh.triangles)
    surface.add_face(Surface::Vertex_index(t[0]), Surface::Vertex_index(t[1]),
                     Surface::Vertex_index(t[2]));
  return surface;
}

void tell(const char* what, double ours, double theirs) {
  std::printf("| %s | %.2f | ", what, ours * 1e3);
  if (theirs > 0.0)
    std::printf("%.2f | %.2f |\n", theirs * 1e3, theirs / ours);
  else
    std::printf("- | - |\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const double rows = argc > 1 ? lode::parse_number(argv[1]).value_or(708.0) : 708.0;
  const lode::TriangleMesh mesh = torus(static_cast<std::uint32_t>(rows));
  double start = cpu_seconds();
  const Surface surface = surface_of(mesh);
  const double built = cpu_seconds() - start;
  std::printf("%zu triangles; CGAL's surface built in %.0f ms\n", mesh.triangles.size(),
              built * 1e3);
  std::printf("| step | Lode, CPU ms | CGAL, CPU ms | ratio |\n|---|---|---|---|\n");

  double volume = 0.0, theirs = 0.0;
  const double ours_s = best_of(20, [&] { volume = lode::signed_volume_m3(mesh); });
  const double theirs_s = best_of(
      20, [&] { theirs = CGAL::to_double(CGAL::Polygon_mesh_processing::volume(surface)); });
  tell("volume", ours_s, theirs_s);

  lode::MeshReportOptions options;
  options.self_intersections = false;
  lode::MeshReport report;
  tell("report of faults without self-intersections",
       best_of(3, [&] { report = lode::examine_mesh(mesh, options); }), 0.0);
  std::size_t found = 0;
  bool crossing = false;
  const double own = best_of(3, [&] { found = lode::self_intersections(mesh).count; });
  const double peer =
      best_of(2, [&] { crossing = CGAL::Polygon_mesh_processing::does_self_intersect(surface); });
  tell("self-intersections", own, peer);
  lode::TriangleMesh solid = mesh;
  lode::Findings findings;
  tell("make_solid", best_of(3, [&] { lode::make_solid(solid, findings); }), 0.0);

  const long double truth = reference(mesh);
  std::printf("relative error of the volume: Lode %.1e, CGAL %.1e; report %.1e\n",
              static_cast<double>(std::abs(volume / truth - 1.0L)),
              static_cast<double>(std::abs(theirs / truth - 1.0L)),
              static_cast<double>(std::abs(report.volume_m3 / truth - 1.0L)));
  std::printf("self-intersections: Lode %zu, CGAL %s\n", found, crossing ? "some" : "none");
  return 0;
}
