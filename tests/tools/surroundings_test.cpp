// The command `surroundings`: keys, a raster and places of people, real towns, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <numbers>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write_files(const TempDir& dir) {
  std::ofstream(dir / "sites.csv") << "id,wkt\n"
                                   << "A,\"POLYGON((0 0,1000 0,1000 500,0 500,0 0))\"\n"
                                   << "P,POINT(5000 250)\n";
  std::ofstream(dir / "river.csv") << "id,wkt\nR,\"LINESTRING(200 -100,200 600)\"\n"
                                   << "S,\"LINESTRING(800 -100,800 250,900 600)\"\n";
  std::ofstream(dir / "stress.csv")
      << "id,bws,wkt\n"
      << "east,4,\"POLYGON((500 -100,6000 -100,6000 900,500 900,500 -100))\"\n"
      << "west,1,\"POLYGON((-900 -100,500 -100,500 900,-900 900,-900 -100))\"\n";
  std::ofstream(dir / "nations.csv") << "id,name,wkt\n"
                                     << "1,People of the Two Rivers and the Hills "
                                        "between,\"POLYGON((0 0,250 0,250 500,0 500,0 0))\"\n";
  std::ofstream(dir / "towns.csv") << "id,pop,wkt\n1,100,POINT(2000 250)\n2,50,POINT(5100 250)\n";
  std::ofstream raster(dir / "people.asc");
  raster << "ncols 100\nnrows 100\nxllcorner -5000\nyllcorner -5000\ncellsize 100\n"
         << "NODATA_value -1\n";
  for (int i = 0; i < 10000; ++i) raster << "2 ";
}

RunResult on_grid(const TempDir& dir, std::vector<std::string> words) {
  write_files(dir);
  words.insert(words.begin(), {"surroundings", "sites.csv", "--input-crs", "local:m", "--json"});
  return run_lode(words, dir.path().string());
}

TEST(SurroundingsCommand, EverythingByHand) {
  const TempDir dir;
  const RunResult run = on_grid(
      dir, {"--water", "river.csv", "--people", "towns.csv:pop", "--within", "0.5,2 km", "--value",
            "stress=stress.csv:bws", "--land", "nations=nations.csv", "-o", "out.csv"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("water_crossings").as_number(), 2.0);
  EXPECT_EQ(row.at("population_500m").as_number(), 0.0);
  EXPECT_EQ(row.at("population_2km").as_number(), 100.0);
  EXPECT_NEAR(row.at("values").at("stress").at("mean").as_number(), 2.5, 1e-9);
  EXPECT_EQ(row.at("values").at("stress").at("largest").as_number(), 4.0);
  EXPECT_EQ(row.at("values").at("stress").at("features").items().size(), 2u);
  EXPECT_NEAR(row.at("land").at("nations").at("covered_pct").as_number(), 25.0, 1e-9);
  EXPECT_NEAR(row.at("land").at("nations").at("covered_ha").as_number(), 12.5, 1e-9);
  EXPECT_EQ(row.at("land").at("nations").at("names").items().at(0).as_string(),
            "People of the Two Rivers and the Hills between");
  const Json& point = json.at("results").items().at(1);
  EXPECT_EQ(point.at("population_500m").as_number(), 50.0);
  EXPECT_EQ(point.at("values").at("stress").at("mean").as_number(), 4.0);
  EXPECT_THAT(slurp(dir / "out.csv"),
              testing::HasSubstr("People of the Two Rivers and the Hills between"));
}

TEST(SurroundingsCommand, ARasterOfPeople) {
  const TempDir dir;
  const RunResult run = on_grid(dir, {"--people", "people.asc", "--within", "1,4 km"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  const Json row = run.json().at("results").items().at(0);
  // 1000 x 500 m of ground and 1 km around, 2 people on each hectare.
  const double ha = 50.0 + 300.0 + 100.0 * std::numbers::pi;
  EXPECT_NEAR(row.at("population_1km").as_number() / (2.0 * ha), 1.0, 2e-3);
  EXPECT_THAT(run.out, testing::HasSubstr("people.partly_outside"));  // of the point
}

TEST(SurroundingsCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto refused = [&](const std::vector<std::string>& words, int exit_code) {
    const RunResult run = on_grid(dir, words);
    EXPECT_EQ(run.exit_code, exit_code) << run.out;
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({}, 2), "usage.surroundings");
  EXPECT_EQ(refused({"--value", "stress.csv:bws"}, 2), "usage.value");
  EXPECT_EQ(refused({"--value", "stress=stress.csv"}, 2), "usage.value");
  EXPECT_EQ(refused({"--value", "area_ha=stress.csv:bws"}, 2), "usage.value");
  EXPECT_EQ(refused({"--land", "nations.csv"}, 2), "usage.land");
  EXPECT_EQ(refused({"--land", "a=nations.csv", "--land", "a=stress.csv"}, 2), "usage.land");
  EXPECT_EQ(refused({"--people", "towns.csv:pop", "--within", "5,2 km"}, 2), "usage.within");
  EXPECT_EQ(refused({"--people", "towns.csv:pop", "--within", "5"}, 2), "usage.quantity");
  EXPECT_EQ(refused({"--people", "towns.csv:inhabitants"}, 1), "table.no_field");
}

// Natural Earth's populated places around Mountain Pass, added up apart from this program with
// Vincenty's formula: 0 within 50 km, 3 within 100, 11 within 250.
TEST(SurroundingsCommand, RealTowns) {
  const std::string data = data_folder();
  const std::string towns = data + "/base_natural_earth/ne_10m_populated_places_simple.gpkg";
  if (data.empty() || !std::filesystem::exists(towns))
    GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const TempDir dir;
  std::ofstream(dir / "site.csv") << "id,lon,lat\nMP,-115.533,35.48\n";
  const RunResult run = run_lode({"surroundings", "site.csv", "--people", towns + ":pop_max",
                                  "--within", "50,100,250 km", "--json"},
                                 dir.path());
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  const Json row = run.json().at("results").items().at(0);
  EXPECT_EQ(row.at("population_50km").as_number(), 0.0);
  EXPECT_EQ(row.at("population_100km").as_number(), 1876468.0);
  EXPECT_EQ(row.at("population_250km").as_number(), 4519041.0);
}

}  // namespace
}  // namespace lode::test
