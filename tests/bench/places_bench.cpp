// The nearest of 10,000 places for a million sites, in memory: ours, judged by every pair.
#include <GeographicLib/Geodesic.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "libgeo/logistics/matrix.h"
#include "tests/bench/measure.h"
#include "tests/bench/roads.h"

namespace {

using namespace lode;

/// Evenly over the sphere.
Places scatter(std::size_t count, std::uint64_t stream) {
  bench::Draws draw(stream);
  Places places;
  places.crs = wgs84();
  for (std::size_t i = 0; i < count; ++i) {
    const double lon = 360.0 * draw() - 180.0;
    const double lat = std::asin(2.0 * draw() - 1.0) * 57.29577951308232;
    places.list.push_back({std::to_string(i), "", {lon, lat}});
  }
  return places;
}

void save(const std::string& path, const Places& places) {
  std::ofstream file(path);
  file.precision(15);
  file << "id,lon,lat\n";
  for (const auto& place : places.list)
    file << place.id << ',' << place.at.lon_deg << ',' << place.at.lat_deg << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = static_cast<std::size_t>(argc > 1 ? std::atoi(argv[1]) : 1000000);
  const Places sites = scatter(count, 41), places = scatter(10000, 42);
  if (argc > 2) {
    save(std::string(argv[2]) + "/sites1m.csv", sites);
    save(std::string(argv[2]) + "/places10k.csv", places);
  }
  std::printf("| case | CPU s | peak MB |\n|---|---|---|\n");
  std::vector<std::uint32_t> chosen(count);
  std::vector<double> distance_km(count);
  for (const std::size_t nearest : {std::size_t{1}, std::size_t{5}}) {
    RouteOptions options;
    options.pairs = Pairs::nearest;
    options.nearest = nearest;
    options.jobs = 1;
    const double start = bench::cpu_seconds();
    (void)straight_matrix(sites, places, options,
                          [&](std::uint32_t site, const auto& columns, const auto& cells) {
                            chosen[site] = columns[0];
                            distance_km[site] = cells[0].distance_km;
                          });
    std::printf("| nearest %zu of %zu for %zu | %.2f | %.0f |\n", nearest, places.list.size(),
                count, bench::cpu_seconds() - start, bench::peak_mb());
  }
  const auto& geodesic = GeographicLib::Geodesic::WGS84();
  const std::size_t sample = 200;
  const double start = bench::cpu_seconds();
  std::size_t others = 0;
  double worst = 0.0;
  for (std::size_t s = 0; s < sample; ++s) {
    const std::size_t site = s * (count / sample);
    double best = 1e9;
    std::uint32_t place = 0;
    for (std::uint32_t k = 0; k < places.list.size(); ++k) {
      double m = 0.0;
      geodesic.Inverse(sites.list[site].at.lat_deg, sites.list[site].at.lon_deg,
                       places.list[k].at.lat_deg, places.list[k].at.lon_deg, m);
      if (m < best) best = m, place = k;
    }
    others += place == chosen[site] ? 0 : 1;
    worst = std::max(worst, std::abs(best - 1000.0 * distance_km[site]));
  }
  std::printf("| GeographicLib, every pair, %zu sites | %.2f | |\n", sample,
              bench::cpu_seconds() - start);
  std::printf("another place: %zu of %zu, largest difference %.1e m\n", others, sample, worst);
  return 0;
}
