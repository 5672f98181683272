// Sea lanes from the installed country map against the port-to-port distances of NGA Pub. 151.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <queue>

#include "libgeo/io/layer.h"
#include "libgeo/logistics/earth_tree.h"
#include "libgeo/logistics/sea_lanes.h"
#include "tests/logistics/sketch.h"
#include "tests/tools/run_lode.h"

namespace {

using namespace lode;

/// Outlines of the installed map, with the land of no country.
std::vector<Geometry> installed_land() {
  std::vector<Geometry> land;
  for (const char* name : {"countries.gpkg", "other_land.gpkg"}) {
    const std::string path = std::string(LODE_BINARY_DIR) + "/data/" + name;
    if (!std::filesystem::exists(path)) return {};
    ReadOptions options;
    options.check_geometry = false;
    const Layer layer = read_layer(path, options);
    land.insert(land.end(), layer.geometry.begin(), layer.geometry.end());
  }
  return land;
}

/// Lanes as a plain graph: ports start from the nearest vertex, by Dijkstra with a heap. An own
/// search, since an index over every piece of every lane would take longer than the lanes.
class Chart {
 public:
  explicit Chart(const LineLayer& lanes) : geodesic_(lanes.crs) {
    for (const auto& lane : lanes.geometry) {
      const Path& line = lane.lines.front();
      for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const std::size_t a = node(line[i]), b = node(line[i + 1]);
        const double km = geodesic_.distance_m(places_[a], places_[b]) / 1000.0;
        links_[a].emplace_back(b, km);
        links_[b].emplace_back(a, km);
      }
    }
  }

  [[nodiscard]] double distance_km(LonLat from, LonLat to) const {
    const std::size_t start = nearest(from), goal = nearest(to);
    std::vector<double> best(places_.size(), std::numeric_limits<double>::infinity());
    std::priority_queue<std::pair<double, std::size_t>> queue;
    best[start] = 0.0;
    queue.emplace(0.0, start);
    while (!queue.empty()) {
      const auto [negative, at] = queue.top();
      queue.pop();
      if (at == goal) break;
      if (-negative > best[at]) continue;
      for (const auto& [next, km] : links_[at])
        if (best[at] + km < best[next]) {
          best[next] = best[at] + km;
          queue.emplace(-best[next], next);
        }
    }
    return best[goal] +
           (geodesic_.distance_m(from, places_[start]) + geodesic_.distance_m(to, places_[goal])) /
               1000.0;
  }

 private:
  std::size_t node(Point p) {
    const auto [it, fresh] = number_.emplace(std::make_pair(p.x, p.y), places_.size());
    if (fresh) {
      places_.push_back({p.x, p.y});
      links_.emplace_back();
    }
    return it->second;
  }
  [[nodiscard]] std::size_t nearest(LonLat place) const {
    const EarthPoint p = earth_point(place);
    std::size_t found = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (const double m = straight_distance_m(p, earth_point(places_[i])); m < least) {
        least = m;
        found = i;
      }
    return found;
  }

  Geodesic geodesic_;
  std::map<std::pair<double, double>, std::size_t> number_;
  std::vector<LonLat> places_;
  std::vector<std::vector<std::pair<std::size_t, double>>> links_;
};

// Pairs of 1,000 nautical miles and more only, to stay within a minute and a half of one core;
// bench_sea has the others. Lanes of searoute-py stand at 3.1 % and 8.8 %.
TEST(SeaPublished, LongVoyagesComeWithinAPercent) {
  const std::string data = test::data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA to its folder";
  const auto land = installed_land();
  if (land.empty()) GTEST_SKIP() << "SKIPPED: no country map; ./bootstrap fetches it";
  const Layer table = read_table(data + "/sea_pub151/port_pairs.csv");
  const auto ax = table.table.numbers("a_lon"), ay = table.table.numbers("a_lat");
  const auto bx = table.table.numbers("b_lon"), by = table.table.numbers("b_lat");
  const auto nmi = table.table.numbers("published_nmi");
  Places from = sketch::places({}), to = sketch::places({});
  std::vector<SeaBerth> berths;
  std::vector<double> published_km;
  for (std::size_t i = 0; i < nmi.size(); ++i) {
    if (nmi[i] < 1000.0) continue;
    from.list.push_back(sketch::place("a", ax[i], ay[i]));
    to.list.push_back(sketch::place("b", bx[i], by[i]));
    berths.push_back({"a", {ax[i], ay[i]}});
    berths.push_back({"b", {bx[i], by[i]}});
    published_km.push_back(nmi[i] * 1.852);
  }
  ASSERT_EQ(published_km.size(), 186u);
  // Where a border meets the coast, outlines touch at a point: no lane may slip into the land
  // there.
  const LonLat riga{24.0, 57.1}, poti{41.65, 42.15}, cap_blanc{-17.05, 20.9}, port_said{32.3, 31.4};
  for (const LonLat at : {riga, poti, cap_blanc, port_said}) berths.push_back({"c", at});
  Findings findings;
  const LineLayer lanes = sea_lanes(wgs84(), land, built_in_sea_gates(), berths, {}, findings);
  EXPECT_FALSE(findings.has("sea.gate_inland"));
  EXPECT_FALSE(findings.has("sea.no_water"));
  const Chart chart(lanes);
  // By Gibraltar and the Bosporus; straight it would be 2,082 km.
  EXPECT_GT(chart.distance_km(riga, poti), 8000.0);
  EXPECT_LT(chart.distance_km(riga, poti), 9500.0);
  // Dakar's coast to Gibraltar is 2,500 km, Gibraltar to Port Said 3,550 (1,917 nautical miles,
  // Pub. 151); straight over the Sahara it would be 5,000.
  EXPECT_GT(chart.distance_km(cap_blanc, port_said), 5400.0);
  std::vector<double> errors;
  std::size_t unreachable = 0;
  for (std::size_t i = 0; i < published_km.size(); ++i) {
    const double km = chart.distance_km(from.list[i].at, to.list[i].at);
    unreachable += std::isfinite(km) ? 0 : 1;
    errors.push_back(std::isfinite(km) ? std::abs(km / published_km[i] - 1.0) : 1.0);
  }
  std::sort(errors.begin(), errors.end());
  EXPECT_LE(errors[errors.size() / 2], 0.010);
  EXPECT_LE(errors[errors.size() * 9 / 10], 0.035);
  EXPECT_LE(unreachable, errors.size() * 3 / 100);
}

}  // namespace
