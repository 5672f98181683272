// Zonal sum, mean and count of 10,000 star polygons on 10,000 x 10,000 cells, beside GDAL in one
// run.
//   bench_zonal [side, default 10000] [zones, default 10000] [folder, default /tmp] [python3]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "libgeo/core/text.h"
#include "libgeo/environment/zonal.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/raster_blocks.h"
#include "tests/bench/measure.h"

namespace {

using lode::bench::cpu_seconds;
using lode::bench::peak_mb;

struct Figures {
  double seconds = 1e300, mb = 0.0, sum = 0.0, count = 0.0;
};

// Reading of the zones is counted apart: every tool reads them.
Figures ours(const std::string& raster, const lode::Layer& zones, const std::string& statistics) {
  Figures best;
  lode::ZonalInputs inputs;
  inputs.zones = zones.geometry;
  for (int turn = 0; turn < 3; ++turn) {
    const double start = cpu_seconds();
    lode::ValuesOptions open;
    open.checksum = false;
    const lode::ValuesFile values = lode::open_values(raster, open);
    inputs.crs = zones.crs;
    inputs.bands = {values.bands[0].get()};
    lode::ZonalOptions options;
    options.statistics = lode::parse_zonal_statistics(statistics);
    options.edges = lode::Edges::straight;
    options.jobs = 1;
    options.check_zones = false;
    const lode::Zonal zonal = lode::zonal_statistics(inputs, options);
    best.seconds = std::min(best.seconds, cpu_seconds() - start);
    best.sum = best.count = 0.0;
    for (const lode::ZonalRow& zone : zonal.zones) {
      best.count += zone.bands[0].count;
      best.sum += std::isnan(zone.bands[0].value[0]) ? 0.0 : zone.bands[0].value[0];
    }
  }
  best.mb = peak_mb();
  return best;
}

// Every block once, around GDAL's cache, and nothing done with it.
Figures plain_read(const std::string& raster) {
  Figures best;
  for (int turn = 0; turn < 3; ++turn) {
    const double start = cpu_seconds();
    lode::ValuesOptions open;
    open.checksum = false;
    const lode::ValuesFile values = lode::open_values(raster, open);
    const lode::RasterPlace& place = values.bands[0]->place();
    const auto reader = values.bands[0]->reader();
    std::vector<float> block(place.block_columns * place.block_rows);
    for (std::size_t r = 0; r < place.rows; r += place.block_rows)
      for (std::size_t c = 0; c < place.columns; c += place.block_columns)
        reader->read({c, r, std::min(place.block_columns, place.columns - c),
                      std::min(place.block_rows, place.rows - r)},
                     block.data());
    best.seconds = std::min(best.seconds, cpu_seconds() - start);
  }
  best.mb = peak_mb();
  return best;
}

Figures peer(const std::string& command) {
  Figures figures;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  char line[256] = {};
  if (!pipe || std::fgets(line, sizeof line, pipe.get()) == nullptr) return figures;
  const auto words = lode::split(std::string(lode::trim(line)), ' ');
  if (words.size() < 4) return figures;
  const auto number = [&](std::size_t i) { return lode::parse_number(words[i]).value_or(NAN); };
  return {number(0), number(1), number(2), number(3)};
}

void tell(const char* what, const Figures& f) {
  if (f.seconds > 1e299) {
    std::printf("%-40s skipped: python3 with GDAL and numpy is not there\n", what);
    return;
  }
  std::printf("%-40s %7.2f CPU s  peak %5.0f MB", what, f.seconds, f.mb);
  if (f.count > 0.0) std::printf("  cells %.12g  sum %.12g", f.count, f.sum);
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto word = [&](int i, const char* otherwise) {
    return std::string(argc > i ? argv[i] : otherwise);
  };
  const std::string side = word(1, "10000"), zones = word(2, "10000"), folder = word(3, "/tmp");
  const std::string python =
      word(4, "/usr/bin/python3") + " " + LODE_SOURCE_DIR + "/tests/bench/zonal_peer.py ";
  const std::string raster = folder + "/zonal.tif", stars = folder + "/zonal.gpkg";
  for (const std::string compression : {"DEFLATE", "NONE"}) {
    std::remove(stars.c_str());
    const std::string made = "make " + folder + " " + side + " " + zones + " " + compression;
    if (std::system((python + made).c_str()) != 0) {
      std::printf("skipped: the raster is made by python3 with GDAL and numpy\n");
      return 0;
    }
    std::printf("%s\n", compression.c_str());
    const double start = cpu_seconds();
    const lode::Layer layer = lode::read_layer(stars);
    std::printf("%-40s %7.2f CPU s\n", "reading the zones", cpu_seconds() - start);
    tell("every block read, nothing done", plain_read(raster));
    tell("lode, sum mean count", ours(raster, layer, "sum,mean,count"));
    tell("lode, all but quantiles", ours(raster, layer, "sum,mean,min,max,variance,max_center_x"));
    tell("lode, sum median p90 mode", ours(raster, layer, "sum,median,p90,mode"));
    tell("GDAL, every strip read", peer(python + "read " + raster));
    tell("GDAL, each zone rasterised, numpy",
         peer(python + "rasterize " + raster + " " + stars + " " + zones));
    std::remove(raster.c_str());
    std::remove(stars.c_str());
  }
  return 0;
}
