// The command `habitat`: keys by closed form, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write_files(const TempDir& dir) {
  std::ofstream(dir / "sites.csv") << "id,wkt\n"
                                   << "A,\"POLYGON((-1 -1,101 -1,101 101,-1 101,-1 -1))\"\n"
                                   << "B,POINT(50 50)\n";
  std::ofstream(dir / "woods.csv") << "id,wkt\n"
                                   << "1,\"POLYGON((0 0,100 0,100 100,0 100,0 0))\"\n"
                                   << "2,\"POLYGON((600 0,700 0,700 100,600 100,600 0))\"\n"
                                   << "3,POINT(0 0)\n";
}

RunResult on_grid(const TempDir& dir, std::vector<std::string> words) {
  write_files(dir);
  words.insert(words.begin(),
               {"habitat", "sites.csv", "woods.csv", "--input-crs", "local:m", "--json"});
  return run_lode(words, dir.path().string());
}

TEST(HabitatCommand, TwoWoodsAtTheHalfDistance) {
  const TempDir dir;
  const RunResult run = on_grid(dir, {"--half-distance", "0.5 km", "-o", "out.gpkg"});
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("patches").as_number(), 1.0);
  EXPECT_NEAR(row.at("lost_ha").as_number(), 1.0, 1e-9);
  EXPECT_NEAR(row.at("lost_pct").as_number(), 50.0, 1e-9);
  EXPECT_NEAR(row.at("connectivity_loss_pct").as_number(), 200.0 / 3.0, 1e-9);
  EXPECT_NEAR(row.at("connected_before_ha").as_number(), std::sqrt(3.0), 1e-9);
  EXPECT_NEAR(row.at("connected_after_ha").as_number(), 1.0, 1e-9);
  EXPECT_EQ(json.at("results").items().at(1).at("lost_ha").as_number(), 0.0);
  EXPECT_EQ(json.at("summary").at("patches").as_number(), 2.0);
  EXPECT_EQ(json.at("summary").at("links").as_number(), 1.0);
  EXPECT_THAT(run.out, testing::HasSubstr("habitat.no_patch"));
  EXPECT_THAT(run.out, testing::HasSubstr("habitat.no_ground"));
  EXPECT_TRUE(std::filesystem::exists(dir / "out.gpkg"));
}

TEST(HabitatCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto refused = [&](const std::vector<std::string>& words) {
    const RunResult run = on_grid(dir, words);
    EXPECT_EQ(run.exit_code, 2) << run.out;
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({"--half-distance", "0 m"}), "usage.half_distance");
  EXPECT_EQ(refused({"--half-distance", "1 km", "--least-probability", "1"}),
            "usage.least_probability");
  EXPECT_EQ(refused({"--half-distance", "500"}), "usage.quantity");
}

}  // namespace
}  // namespace lode::test
