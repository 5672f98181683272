// Cut and fill between two rasters of 10,000 x 10,000 cells, beside GDAL with numpy in one run.
//   bench_surface [side, default 10000] [folder, default /tmp] [python3 with GDAL and numpy]
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/surface_volume.h"
#include "libgeo/io/raster_blocks.h"
#include "tests/bench/measure.h"

namespace {

using lode::bench::cpu_seconds;
using lode::bench::peak_mb;

struct Figures {
  double seconds = 1e300, mb = 0.0, cut = 0.0, fill = 0.0;
};

Figures ours(const std::string& top, const std::string& base) {
  Figures best;
  for (int turn = 0; turn < 3; ++turn) {
    const double start = cpu_seconds();
    lode::HeightsOptions options;
    options.checksum = false;
    const lode::HeightsFile a = lode::open_heights(top, options);
    const lode::HeightsFile b = lode::open_heights(base, options);
    const lode::SurfaceResult result = lode::surface_volume(
        {.raster = a.raster.get()}, {.surface = {.raster = b.raster.get()}}, {}, {.jobs = 1});
    best.seconds = std::min(best.seconds, cpu_seconds() - start);
    best.cut = result.rows[0].planar_cut_m3;
    best.fill = result.rows[0].planar_fill_m3;
  }
  best.mb = peak_mb();
  return best;
}

Figures peer(const std::string& command) {
  Figures best;
  for (int turn = 0; turn < 3; ++turn) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    char line[256] = {};
    if (!pipe || std::fgets(line, sizeof line, pipe.get()) == nullptr) return best;
    const auto words = lode::split(std::string(lode::trim(line)), ' ');
    if (words.size() < 4) return best;
    const auto number = [&](std::size_t i) { return lode::parse_number(words[i]).value_or(NAN); };
    best.seconds = std::min(best.seconds, number(0));
    best.mb = number(1);
    best.cut = number(2);
    best.fill = number(3);
  }
  return best;
}

void tell(const char* what, const Figures& f, double side) {
  std::printf("%-28s %7.2f CPU s  %6.1f M cells/s  peak %5.0f MB  cut %.10g fill %.10g\n", what,
              f.seconds, side * side / f.seconds / 1e6, f.mb, f.cut, f.fill);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto word = [&](int i, const char* otherwise) {
    return std::string(argc > i ? argv[i] : otherwise);
  };
  const std::string side = word(1, "10000"), folder = word(2, "/tmp");
  const std::string python =
      word(3, "/usr/bin/python3") + " " + LODE_SOURCE_DIR + "/tests/bench/surface_peer.py ";
  const double cells = lode::parse_number(side).value_or(10000.0);
  std::printf("before anything: peak %.0f MB\n", peak_mb());
  for (const std::string compression : {"NONE", "DEFLATE"}) {
    if (std::system((python + "make " + folder + " " + side + " " + compression).c_str()) != 0)
      return 1;
    const std::string end = compression == "NONE" ? "_none.tif" : "_deflate.tif";
    const std::string top = folder + "/top" + end, base = folder + "/base" + end;
    std::printf("%s\n", compression.c_str());
    tell("lode, true areas", ours(top, base), cells);
    tell("GDAL and numpy, by strips", peer(python + "tiles " + top + " " + base), cells);
    tell("GDAL and numpy, whole", peer(python + "whole " + top + " " + base), cells);
    double start = cpu_seconds();
    static_cast<void>(lode::sha256_of_file(top));
    static_cast<void>(lode::sha256_of_file(base));
    std::printf("%-28s %7.2f CPU s\n", "checksums of both", cpu_seconds() - start);
    ::unlink(top.c_str());
    ::unlink(base.c_str());
  }
  return 0;
}
