// The command `volume outline`: keys, true areas, ranges and refusals as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

// GeographicLib's Planimeter 2.1.2 for this square.
constexpr double square_m2 = 1006948.04216;

std::string square_file(const TempDir& dir, const std::string& properties) {
  const std::string path = (dir / "outlines.geojson").string();
  std::ofstream(path)
      << R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{)" << properties
      << R"(},"geometry":{"type":"Polygon","coordinates":[[[-115.54,35.47],)"
      << R"([-115.53,35.47],[-115.53,35.48],[-115.54,35.48],[-115.54,35.47]]]}}]})";
  return path;
}

TEST(VolumeOutlineCommand, KeysOfTheContract) {
  const TempDir dir;
  const std::string path = square_file(dir, R"("id":"MP-1","name":"Pit","THICK_M":30.0)");
  const RunResult run = run_lode({"volume", "outline", path, "--thickness", "THICK_M", "--density",
                                  "2.7 t/m3", "--grade", "8 %", "--grade-low", "6 %", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("id").as_string(), "MP-1");
  EXPECT_EQ(row.at("name").as_string(), "Pit");
  EXPECT_NEAR(row.at("area_m2").as_number(), square_m2, 1e-3);
  EXPECT_NEAR(row.at("volume_m3").as_number(), square_m2 * 30, 0.1);
  EXPECT_NEAR(row.at("tonnage_t").as_number(), square_m2 * 81, 0.3);
  EXPECT_NEAR(row.at("contained_t").as_number(), square_m2 * 6.48, 0.1);
  EXPECT_NEAR(row.at("contained_low_t").as_number(), square_m2 * 4.86, 0.1);
  EXPECT_TRUE(row.at("volume_low_m3").is_null());
  EXPECT_THAT(row.at("basis").as_string(), testing::HasSubstr("THICK_M"));
}

TEST(VolumeOutlineCommand, AnEdgeOnceRoundTheEarthRunsAlongItsParallel) {
  const TempDir dir;
  const std::string path = (dir / "cap.csv").string();
  std::ofstream(path) << "id,wkt\ncap,\"POLYGON((-180 80,180 80,180 90,-180 90,-180 80))\"\n";
  const RunResult run = run_lode(
      {"volume", "outline", path, "--thickness", "1 m", "--input-crs", "EPSG:4326", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  // The ellipsoid's cap north of 80 degrees in closed form (Snyder 1987, 3-12).
  EXPECT_NEAR(run.json().at("results").items().at(0).at("area_m2").as_number(), 3908572761836.56,
              1e-4 * 3908572761836.56);
  EXPECT_THAT(run.out, testing::HasSubstr("geometry.full_turn"));
}

TEST(VolumeOutlineCommand, IdsThatDoNotTellFeaturesApartAreSaid) {
  const TempDir dir;
  const std::string path = (dir / "twice.csv").string();
  const auto codes = [&](const std::string& first, const std::string& second) {
    std::ofstream(path) << "id,wkt\n"
                        << first << ",\"POLYGON((0 0,1 0,1 1,0 1,0 0))\"\n"
                        << second << ",\"POLYGON((3 0,4 0,4 1,3 1,3 0))\"\n";
    return run_lode({"volume", "outline", path, "--thickness", "1 m", "--input-crs", "local:m",
                     "--json"})
        .out;
  };
  EXPECT_THAT(codes("a", "a"), testing::HasSubstr("table.duplicate_id"));
  EXPECT_THAT(codes("a", "A"), testing::HasSubstr("table.near_duplicate_id"));
  EXPECT_THAT(codes("007", "7"), testing::Not(testing::HasSubstr("duplicate_id")));
}

TEST(VolumeOutlineCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const std::string path = square_file(dir, R"("id":"MP-1","THICK_M":30.0)");
  const auto refused = [&](std::vector<std::string> words, int exit_code) {
    words.insert(words.begin(), {"volume", "outline", path, "--json"});
    const RunResult run = run_lode(words);
    EXPECT_EQ(run.exit_code, exit_code) << run.out;
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({"--thickness", "30 m", "--density", "2700 t/m3"}, 1), "deposit.density");
  EXPECT_EQ(refused({"--thickness", "30 m", "--grade", "1 %"}, 2), "usage.density");
  EXPECT_EQ(refused({"--thickness", "30 m", "--density-low", "2 t/m3"}, 2), "usage.range");
  EXPECT_EQ(refused({"--thickness", "30 m", "--thickness-low", "40 m"}, 1), "deposit.range_order");
  EXPECT_EQ(refused({"--thickness", "30"}, 2), "usage.quantity");
}

}  // namespace
}  // namespace lode::test
