// The command `buffer`: keys, areas and refusals as scripts see them.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

std::string points_file(const TempDir& dir) {
  const std::string path = (dir / "wells.csv").string();
  std::ofstream(path) << "id,x,y,setback_m,zone\nA,0,0,100,n\nB,150,0,50,n\nC,5000,0,,s\n";
  return path;
}

RunResult on_grid(const TempDir& dir, std::vector<std::string> words) {
  words.insert(words.begin(), {"buffer", points_file(dir), "--input-crs", "local:m", "--json"});
  return run_lode(words);
}

TEST(BufferCommand, KeysOfTheContract) {
  const TempDir dir;
  const RunResult run = on_grid(dir, {"--distance", "100 m"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const double circle = std::numbers::pi * 1e4;
  EXPECT_EQ(json.at("summary").at("features").as_integer(), 3);
  EXPECT_NEAR(json.at("summary").at("area_m2").as_number(), 3 * circle, 3e-3 * circle);
  EXPECT_LE(json.at("summary").at("max_radius_error_m").as_number(), 0.1);
  const Json& row = json.at("results").items().at(1);
  EXPECT_EQ(row.at("id").as_string(), "B");
  EXPECT_EQ(row.at("distance_m").as_number(), 100.0);
  EXPECT_NEAR(row.at("area_m2").as_number(), circle, 2e-3 * circle);
}

TEST(BufferCommand, DistanceByFieldDissolveAndRings) {
  const TempDir dir;
  Json json = on_grid(dir, {"--distance", "setback_m"}).json();
  EXPECT_NEAR(json.at("results").items().at(1).at("area_m2").as_number(), std::numbers::pi * 2500,
              2e-3 * std::numbers::pi * 2500);  // a radius may be 0.1 % short
  EXPECT_TRUE(json.at("results").items().at(2).at("area_m2").is_null());
  EXPECT_EQ(json.at("summary").at("features").as_integer(), 2);
  json = on_grid(dir, {"--distance", "100 m", "--dissolve"}).json();
  EXPECT_EQ(json.at("results").size(), 1u);
  // Two circles 150 m apart share a lens: 2 r^2 acos(d/2r) - d/2 sqrt(4r^2 - d^2).
  const double lens = 2e4 * std::acos(0.75) - 75.0 * std::sqrt(4e4 - 22500.0);
  EXPECT_NEAR(json.at("summary").at("area_m2").as_number(), 3 * std::numbers::pi * 1e4 - lens,
              60.0);
  json = on_grid(dir, {"--distance", "100 m", "--dissolve", "zone"}).json();
  EXPECT_EQ(json.at("results").size(), 2u);
  json = on_grid(dir, {"--rings", "50,100 m"}).json();
  ASSERT_EQ(json.at("results").size(), 6u);
  EXPECT_NEAR(json.at("results").items().at(1).at("area_m2").as_number(), std::numbers::pi * 7500,
              2e-3 * std::numbers::pi * 10000);
  EXPECT_EQ(json.at("results").items().at(1).at("inner_m").as_number(), 50.0);
}

TEST(BufferCommand, WritesWhatItSays) {
  const TempDir dir;
  const std::string out = (dir / "out.geojson").string();
  const std::string geo = (dir / "p.geojson").string();
  std::ofstream(geo) << R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":)"
                     << R"({"id":"fiji"},"geometry":{"type":"Point","coordinates":[180,-17]}}]})";
  const RunResult run = run_lode({"buffer", geo, "--distance", "50 km", "-o", out, "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json written = Json::parse(slurp(out));
  const Json& geometry = written.at("features").items().at(0).at("geometry");
  EXPECT_EQ(geometry.at("type").as_string(), "MultiPolygon");  // cut at the antimeridian
  EXPECT_EQ(geometry.at("coordinates").size(), 2u);
}

TEST(BufferCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto refused = [&](const std::vector<std::string>& words, int exit_code) {
    const RunResult run = on_grid(dir, words);
    EXPECT_EQ(run.exit_code, exit_code) << run.out;
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({}, 2), "usage.distance");
  EXPECT_EQ(refused({"--distance", "1 m", "--rings", "1,2 m"}, 2), "usage.distance");
  EXPECT_EQ(refused({"--distance", "1 m", "--tolerance", "50 %"}, 2), "usage.tolerance");
  EXPECT_EQ(refused({"--distance", "1 m", "--tolerance", "0 m"}, 2), "usage.tolerance");
  EXPECT_EQ(refused({"--distance", "1 m", "--tolerance", "fine"}, 2), "usage.tolerance");
  EXPECT_EQ(refused({"--distance", "-5 m"}, 1), "buffer.negative_distance");
  EXPECT_EQ(refused({"--distance", "9000 km"}, 1), "buffer.distance_range");
  EXPECT_EQ(refused({"--distance", "5 m", "--side", "in"}, 1), "buffer.side");
  EXPECT_EQ(refused({"--rings", "5,2 m"}, 1), "buffer.rings");
}

}  // namespace
}  // namespace lode::test
