// Block models of 50 million rows: written, read, checked, coded by a solid and counted; a million
// blocks coded by solids and a surface, with CGAL's test of centroids beside.
//   bench_blocks [rows in millions, default 50; 0 = the million only] [jobs, default 1] [folder,
//   default /tmp]
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Side_of_triangle_mesh.h>
#include <CGAL/Surface_mesh.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/block_model.h"
#include "libgeo/deposit/grade_tonnage.h"
#include "libgeo/geometry/joint_share.h"
#include "libgeo/io/block_files.h"
#include "tests/bench/measure.h"
#include "tests/geometry/solids.h"

namespace {

using lode::bench::cpu_seconds;
using lode::bench::peak_mb;

using lode::BlockChunk;
using lode::BlockGrid;

void tell(const char* what, std::size_t rows, double seconds) {
  std::printf("%-44s %7.2f CPU s  %6.2f M rows/s/core  peak %5.0f MB\n", what, seconds,
              static_cast<double>(rows) / seconds / 1e6, peak_mb());
  std::fflush(stdout);
}

void write_model(const std::string& path, const BlockGrid& grid) {
  lode::BlockWriter writer(path, path);
  writer.write("x,y,z,dx,dy,dz,treo_pct,density_t_m3\n");
  std::string text;
  for (std::size_t b = 0; b < grid.size(); ++b) {
    for (const double c : centre_of(grid, b)) {
      lode::append_number(text, c);
      text += ',';
    }
    text += "5,5,2.5,";
    lode::append_number(text, static_cast<double>(b * 7919 % 30011) / 10000.0);
    text += b % 3 == 0 ? ",2.71\n" : ",2.65\n";
    if (text.size() < (1U << 20) && b + 1 < grid.size()) continue;
    writer.write(text);
    text.clear();
  }
  writer.finish();
}

void read_only(const std::string& path, int jobs, std::size_t rows) {
  const double start = cpu_seconds();
  lode::BlockReadOptions options;
  options.jobs = jobs;
  options.numbers = {"treo_pct", "density_t_m3"};
  lode::BlockFile file(path, options);
  BlockChunk chunk;
  std::size_t n = 0;
  while (file.next(chunk)) n += chunk.size();
  tell("read (8 numbers a row)", n == rows ? rows : 0, cpu_seconds() - start);
}

lode::BlockLayout scan(const std::string& path, int jobs, std::size_t rows) {
  const double start = cpu_seconds();
  lode::BlockReadOptions options;
  options.jobs = jobs;
  lode::BlockFile file(path, options);
  lode::LayoutScan layout({}, path);
  BlockChunk chunk;
  while (file.next(chunk)) layout.add(chunk);
  lode::BlockLayout found = layout.finish();
  tell("read, layout found", rows, cpu_seconds() - start);
  return found;
}

void count(const std::string& path, int jobs, std::size_t rows, const lode::BlockLayout& layout,
           const lode::ColumnCutter& cutter) {
  const double start = cpu_seconds();
  lode::BlockReadOptions options;
  options.jobs = jobs;
  options.numbers = {"treo_pct", "density_t_m3"};
  lode::BlockFile file(path, options);
  const lode::GridShares shares(layout.grid, cutter, jobs);
  lode::OverlapCheck overlaps(layout, path);
  lode::CurveOptions curve;
  curve.cutoffs = {0.0, 0.005, 0.01, 0.015, 0.02};
  lode::GradeTonnage total(curve);
  BlockChunk chunk;
  while (file.next(chunk)) {
    overlaps.add(chunk);
    std::vector<lode::GradeTonnage> parts((chunk.size() + 16383) / 16384,
                                          lode::GradeTonnage(curve));
    lode::parallel_blocks(
        chunk.size(), 16384, jobs, [&](std::size_t begin, std::size_t end, std::size_t block) {
          for (std::size_t r = begin; r < end; ++r) {
            const auto at = to_grid(layout.grid, {chunk.x[r], chunk.y[r], chunk.z[r]});
            const double grade = chunk.numbers[0][r] * 0.01;
            lode::BlockPart part;
            part.volume_m3 = chunk.dx[r] * chunk.dy[r] * chunk.dz[r] *
                             shares.at(static_cast<std::size_t>(at[0] / layout.grid.spacing[0]),
                                       static_cast<std::size_t>(at[1] / layout.grid.spacing[1]),
                                       static_cast<std::size_t>(at[2] / layout.grid.spacing[2]));
            part.density_t_m3 = chunk.numbers[1][r];
            part.grade = grade;
            part.product = &grade;
            if (part.volume_m3 > 0.0) parts[block].add(part);
          }
        });
    for (const auto& part : parts) total.merge(part);
  }
  tell("read, overlaps, coded by a solid, counted", rows, cpu_seconds() - start);
  std::printf("volume inside %.3f m3, %zu overlaps\n", total.curve()[0].volume_m3,
              overlaps.count());
}

// A million blocks and a solid of 131,072 triangles: exact shares, alone and under a surface that
// passes through it, and which centroids CGAL finds inside.
void code_a_million() {
  using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
  using Surface = CGAL::Surface_mesh<Kernel::Point_3>;
  BlockGrid grid;
  grid.spacing = {10.0, 10.0, 10.0};
  grid.count = {100, 100, 100};
  const lode::TriangleMesh ball = lode::sphere({500.0, 500.0, 500.0}, 450.0, 7);
  lode::TriangleMesh ground;  // 10,000 triangles
  for (int j = 0; j <= 71; ++j)
    for (int i = 0; i <= 71; ++i)
      ground.vertices.push_back({i * 15.0 - 30.0, j * 15.0 - 30.0,
                                 500.0 + 100.0 * std::sin(i * 0.21) * std::cos(j * 0.17)});
  for (std::uint32_t j = 0; j < 71; ++j)
    for (std::uint32_t i = 0; i < 71; ++i) {
      const std::uint32_t a = j * 72 + i;
      ground.triangles.push_back({a, a + 1, a + 73});
      ground.triangles.push_back({a, a + 73, a + 72});
    }
  double start = cpu_seconds();
  const lode::ColumnCutter solid(ball, lode::ColumnCutter::Form::solid, grid);
  const lode::GridShares shares(grid, solid, 1);
  double sum = 0.0;
  for (std::size_t b = 0; b < grid.size(); ++b) {
    const auto at = grid.ijk(b);
    sum += shares.at(at[0], at[1], at[2]);
  }
  tell("a million blocks, exact shares in one solid", grid.size(), cpu_seconds() - start);
  const double volume = signed_volume_m3(ball);
  std::printf("%.3f m3, off by %.1e\n", sum * 1000.0, sum * 1000.0 / volume - 1.0);
  start = cpu_seconds();
  const lode::ColumnCutter below(ground, lode::ColumnCutter::Form::surface, grid);
  lode::JointCutter joint;
  joint.add(solid, lode::JointCutter::Keep::inside);
  joint.add(below, lode::JointCutter::Keep::inside);
  double under = 0.0;
  for (std::size_t b = 0; b < grid.size(); ++b) {
    const auto at = grid.ijk(b);
    const double x = 10.0 * static_cast<double>(at[0]), y = 10.0 * static_cast<double>(at[1]);
    const double z = 10.0 * static_cast<double>(at[2]);
    under += joint.share({x, y, x + 10.0, y + 10.0}, z, z + 10.0, 3);
  }
  tell("a million blocks, in it and below a surface", grid.size(), cpu_seconds() - start);
  std::printf("%.3f m3\n", under * 1000.0);
  Surface surface;
  for (const auto& v : ball.vertices) surface.add_vertex({v[0], v[1], v[2]});
  for (const auto& [a, b, c] : ball.triangles)
    surface.add_face(Surface::Vertex_index(a), Surface::Vertex_index(b), Surface::Vertex_index(c));
  start = cpu_seconds();
  const CGAL::Side_of_triangle_mesh<Surface, Kernel> side(surface);
  std::size_t inside = 0;
  for (std::size_t b = 0; b < grid.size(); ++b) {
    const auto c = centre_of(grid, b);
    inside += side({c[0], c[1], c[2]}) == CGAL::ON_BOUNDED_SIDE ? 1 : 0;
  }
  tell("CGAL Side_of_triangle_mesh, centroids only", grid.size(), cpu_seconds() - start);
  std::printf("%.3f m3, off by %.1e\n", static_cast<double>(inside) * 1000.0,
              static_cast<double>(inside) * 1000.0 / volume - 1.0);
}

}  // namespace

int main(int argc, char** argv) {
  const auto word = [&](int i, const char* otherwise) { return argc > i ? argv[i] : otherwise; };
  const double millions = lode::parse_number(word(1, "50")).value_or(50.0);
  const int jobs = static_cast<int>(lode::parse_number(word(2, "1")).value_or(1.0));
  code_a_million();
  if (!(millions > 0.0)) return 0;
  const std::string path = std::string(word(3, "/tmp")) + "/lode_bench_blocks.csv";
  BlockGrid grid;
  grid.origin = {500000.0, 6000000.0, 0.0};
  grid.spacing = {5.0, 5.0, 2.5};
  const auto layers =
      static_cast<std::size_t>(std::max(1.0, std::round(millions * 1e6 / 250000.0)));
  grid.count = {500, 500, layers};
  const std::size_t rows = grid.size();
  ::unlink(path.c_str());
  double start = cpu_seconds();
  write_model(path, grid);
  tell("written", rows, cpu_seconds() - start);
  read_only(path, jobs, rows);
  const lode::BlockLayout layout = scan(path, jobs, rows);
  start = cpu_seconds();
  const double depth = 2.5 * static_cast<double>(layers);
  lode::TriangleMesh ball =
      lode::sphere({501250.0, 6001250.0, depth / 2}, std::min(1200.0, depth / 2), 7);
  const lode::ColumnCutter cutter(ball, lode::ColumnCutter::Form::solid, layout.grid);
  std::printf("solid of %zu triangles, %.3f m3\n", ball.triangles.size(), signed_volume_m3(ball));
  count(path, jobs, rows, layout, cutter);
  ::unlink(path.c_str());
  return 0;
}
