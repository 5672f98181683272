// Drainage of hills of 5,000 x 5,000 cells, and slope beside gdaldem in one run.
//   bench_drainage [side, default 5000] [folder, default /tmp]
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/drainage.h"
#include "libgeo/io/raster_blocks.h"
#include "libgeo/io/raster_writer.h"
#include "tests/bench/measure.h"

namespace {

using lode::bench::cpu_seconds;
using lode::bench::peak_mb;

// Midpoint hills: octaves of random values joined smoothly, with hollows of every size.
std::vector<float> hills(std::size_t side) {
  std::vector<float> z(side * side, 0.0F);
  const lode::Random random{3, 8};
  std::uint64_t first = 0;
  double high = 800.0;
  for (double size = 2048.0; size >= 1.0; size /= 2.0, high *= 0.55) {
    const std::size_t nodes = static_cast<std::size_t>(static_cast<double>(side) / size) + 2;
    std::vector<double> node(nodes * nodes);
    for (std::size_t i = 0; i < node.size(); ++i) node[i] = high * random.uniform(first + i);
    first += node.size();
    for (std::size_t r = 0; r < side; ++r)
      for (std::size_t c = 0; c < side; ++c) {
        const double u = static_cast<double>(c) / size, v = static_cast<double>(r) / size;
        const auto i = static_cast<std::size_t>(u), j = static_cast<std::size_t>(v);
        const double a = u - static_cast<double>(i), b = v - static_cast<double>(j);
        const double* const at = &node[j * nodes + i];
        const double top = at[0] + a * (at[1] - at[0]);
        const double low = at[nodes] + a * (at[nodes + 1] - at[nodes]);
        z[r * side + c] += static_cast<float>(top + b * (low - top));
      }
  }
  return z;
}

lode::ElevationGrid grid_of(const std::vector<float>& z, std::size_t side) {
  lode::ElevationGrid grid;
  grid.place.name = "hills";
  grid.place.columns = grid.place.rows = side;
  grid.place.transform = {300000, 30, 0, 4500000, 0, -30};
  grid.place.crs = lode::parse_crs("EPSG:32613");
  grid.place.nodata = -9999.0;
  grid.height_m.assign(z.begin(), z.end());
  return grid;
}

double child_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void peer(const std::string& name, const std::string& command) {
  const double start = child_seconds();
  if (std::system(command.c_str()) == 0)
    std::printf("%-44s %7.2f CPU s\n", name.c_str(), child_seconds() - start);
  else
    std::printf("%-44s not there\n", name.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const auto side =
      static_cast<std::size_t>(lode::parse_number(argc > 1 ? argv[1] : "5000").value_or(5000));
  const std::string folder = argc > 2 ? argv[2] : "/tmp";
  const std::vector<float> z = hills(side);
  const double cells = static_cast<double>(z.size());
  std::printf("%.0f million cells; before anything: peak %.0f MB\n", cells / 1e6, peak_mb());
  lode::ElevationGrid grid = grid_of(z, side);
  double start = cpu_seconds();
  const std::vector<double> slope = lode::slope_deg(grid, 1);
  std::printf("%-44s %7.2f CPU s\n", "slope in memory", cpu_seconds() - start);
  for (const double most : {1e12, 5.0}) {
    start = cpu_seconds();
    lode::DrainageOptions options;
    options.jobs = 1;
    options.most_fill_m = most;
    const lode::Drainage d = lode::drain(grid_of(z, side), options);
    const double seconds = cpu_seconds() - start;
    std::printf("%-44s %7.2f CPU s  %.1f M cells/s, %zu cells filled, %zu sinks\n",
                most < 1e9 ? "drained, hollows over 5 m kept" : "drained, all hollows filled",
                seconds, cells / seconds / 1e6, d.filled_cells, d.sinks);
    std::vector<lode::Geometry> sites;
    for (int i = 0; i < 1000; ++i) {
      const lode::Random random{5, 1};
      const auto at = [&](int k) {
        return 30.0 * static_cast<double>(side) *
               random.uniform(static_cast<std::uint64_t>(2 * i + k));
      };
      sites.push_back(lode::point_geometry(300000 + at(0), 4500000 - at(1)));
    }
    lode::Findings findings;
    start = cpu_seconds();
    const auto rows = lode::catchments(d, sites, {.snap_m = 300.0, .jobs = 1}, findings);
    std::printf("%-44s %7.2f CPU s\n", "catchments and ways of 1,000 points",
                cpu_seconds() - start);
  }
  std::printf("peak %.0f MB\n", peak_mb());

  const std::string dem = folder + "/drainage_bench.tif", out = folder + "/drainage_out.tif";
  lode::OutputSet outputs(true);
  lode::OutputRaster raster;
  raster.place = grid.place;
  raster.read = [&](std::size_t row, std::size_t rows, double* numbers) {
    std::copy_n(&grid.height_m[row * side], rows * side, numbers);
  };
  lode::Findings findings;
  lode::write_raster(outputs, dem, raster, findings);
  outputs.commit();
  start = cpu_seconds();
  const lode::HeightsFile file = lode::open_heights(dem, {.checksum = false});
  const lode::ElevationGrid read = lode::read_elevation(*file.raster);
  std::printf("%-44s %7.2f CPU s\n", "read from GeoTIFF", cpu_seconds() - start);
  start = cpu_seconds();
  static_cast<void>(lode::slope_deg(read, 1));
  std::printf("%-44s %7.2f CPU s\n", "and its slope", cpu_seconds() - start);
  peer("gdaldem slope (to an uncompressed file)", "gdaldem slope -q " + dem + " " + out);
  ::unlink(dem.c_str());
  ::unlink(out.c_str());
  return 0;
}
