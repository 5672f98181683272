// Sea lanes from the installed country map against the port-to-port distances of NGA Pub. 151.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "libgeo/io/layer.h"
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
  const std::size_t published = published_km.size();
  const auto add = [&](LonLat a, LonLat b) {
    from.list.push_back(sketch::place("a", a.lon_deg, a.lat_deg));
    to.list.push_back(sketch::place("b", b.lon_deg, b.lat_deg));
    berths.push_back({"a", a});
    berths.push_back({"b", b});
  };
  add({24.0, 57.1}, {41.65, 42.15});
  add({-17.05, 20.9}, {32.3, 31.4});
  Findings findings;
  const Network network =
      build_network({sea_lanes(wgs84(), land, built_in_sea_gates(), berths, {}, findings)});
  EXPECT_FALSE(findings.has("sea.gate_inland"));
  EXPECT_FALSE(findings.has("sea.no_water"));
  RouteOptions options;
  options.minimise = Minimise::distance;
  options.pairs = Pairs::pairwise;
  options.legs = false;
  const auto rows = route(network, built_in_tariff(), sketch::terminals(), from, to, options).rows;
  const auto whole_km = [&](std::size_t i) {
    return rows[i].distance_km + rows[i].snap_km + rows[i].snap_to_km;
  };
  // Riga to Poti by Gibraltar and the Bosporus; straight it would be 2,082 km.
  EXPECT_GT(whole_km(published), 8000.0);
  EXPECT_LT(whole_km(published), 9500.0);
  // Cap Blanc to Gibraltar is 2,100 km, Gibraltar to Port Said 3,550 (1,917 nautical miles, Pub.
  // 151); straight over the Sahara it would be 5,000.
  EXPECT_GT(whole_km(published + 1), 5400.0);
  std::vector<double> errors;
  std::size_t unreachable = 0;
  for (std::size_t i = 0; i < published; ++i) {
    unreachable += rows[i].reachable() ? 0 : 1;
    errors.push_back(rows[i].reachable() ? std::abs(whole_km(i) / published_km[i] - 1.0) : 1.0);
  }
  std::sort(errors.begin(), errors.end());
  EXPECT_LE(errors[errors.size() / 2], 0.010);
  EXPECT_LE(errors[errors.size() * 9 / 10], 0.035);
  EXPECT_LE(unreachable, errors.size() * 3 / 100);
}

}  // namespace
