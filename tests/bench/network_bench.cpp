// A network of a million nodes: from a file to a graph, to the cache and back, and a few places.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "libgeo/io/layer.h"
#include "libgeo/logistics/network.h"
#include "libgeo/logistics/network_cache.h"
#include "libgeo/logistics/snapping.h"
#include "tests/bench/measure.h"
#include "tests/bench/roads.h"

namespace {

using namespace lode;

class Clock {
 public:
  void row(const char* what) {
    const auto now = std::chrono::steady_clock::now();
    const double cpu = bench::cpu_seconds();
    std::printf("| %s | %.2f | %.2f | %.0f |\n", what,
                std::chrono::duration<double>(now - wall_).count(), cpu - cpu_, bench::peak_mb());
    std::fflush(stdout);
    wall_ = std::chrono::steady_clock::now();
    cpu_ = bench::cpu_seconds();
  }

 private:
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  double cpu_ = bench::cpu_seconds();
};

LineLayer lines_of(Layer layer) {
  LineLayer lines;
  lines.name = layer.table.name;
  lines.mode = "road";
  lines.crs = layer.crs;
  lines.geometry = std::move(layer.geometry);
  lines.table = std::move(layer.table);
  return lines;
}

/// Files for this and for the command: roads.gpkg, roads.fgb, plain.gpkg, sites.csv, places.csv.
void make_files(const std::string& folder, std::uint32_t side) {
  const bench::Roads roads = bench::make_roads(side);
  Findings findings;
  WriteOptions options;
  options.overwrite = true;
  write_layers(folder + "/roads.gpkg", {bench::road_layer(roads, true)}, options, findings);
  write_layers(folder + "/roads.fgb", {bench::road_layer(roads, true)}, options, findings);
  write_layers(folder + "/plain.gpkg", {bench::road_layer(roads, false)}, options, findings);
  bench::Draws draw(11);
  for (const char* name : {"sites", "places"}) {
    std::string text = "id,lon,lat\n";
    for (int i = 0; i < 20; ++i)
      text += std::to_string(i) + "," + std::to_string(-105.0 + 0.01 * side * draw()) + "," +
              std::to_string(38.0 + 0.01 * side * draw()) + "\n";
    OutputSet set(true);
    set.write_text(folder + "/" + name + ".csv", text);
    set.commit();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::printf("bench_network FOLDER [side] [jobs] [make|file.gpkg]\n");
    return 1;
  }
  const std::string folder = argv[1];
  const auto side = static_cast<std::uint32_t>(argc > 2 ? std::atoi(argv[2]) : 1000);
  const int jobs = argc > 3 ? std::atoi(argv[3]) : 1;
  const std::string file = argc > 4 ? argv[4] : "roads.gpkg";
  if (file == "make") {
    make_files(folder, side);
    return 0;
  }
  std::printf("| step | wall s | CPU s | peak MB |\n|---|---|---|---|\n");
  Clock clock;
  ReadOptions read;
  read.jobs = jobs;
  std::vector<LineLayer> layers;
  layers.push_back(lines_of(read_layer(folder + "/" + file, read)));
  clock.row("reading");
  NetworkOptions options;
  options.jobs = jobs;
  const Network network = build_network(layers, options);
  clock.row("building");
  layers.clear();
  std::string bytes = pack_network(network);
  clock.row("packing");
  Network back = unpack_network(bytes);
  clock.row("unpacking");
  std::printf("nodes %zu edges %zu vertices %zu lines %zu, cache %.0f MB, same %d\n",
              network.nodes.size(), network.edges.size(), network.shape.size(),
              network.lines.size(), static_cast<double>(bytes.size()) * 1e-6,
              static_cast<int>(back.edges == network.edges && back.lines == network.lines));
  clock.row("(compared)");
  std::vector<LonLat> places;
  bench::Draws draw(12);
  for (int i = 0; i < 100000; ++i)
    places.push_back({-105.0 + 0.01 * side * draw(), 38.0 + 0.01 * side * draw()});
  SnapOptions snap;
  snap.jobs = jobs;
  (void)snap_places(network, {places.begin(), places.begin() + 40}, snap);
  clock.row("40 places");
  (void)snap_places(network, places, snap);
  clock.row("100,000 places");
  return 0;
}
