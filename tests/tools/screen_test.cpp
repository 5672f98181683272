// The command `screen`: keys, hand-computed rectangles, rules and refusals as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

/// Two claims of 1000 x 500 m that share half, and three constraints on a mine grid.
void write_files(const TempDir& dir) {
  std::ofstream(dir / "sites.csv")
      << "id,AREA_TXT,wkt\n"
      << "A,\"1,000 acres\",\"POLYGON((0 0,1000 0,1000 500,0 500,0 0))\"\n"
      << "B,20 ha,\"POLYGON((500 0,1500 0,1500 500,500 500,500 0))\"\n";
  std::ofstream(dir / "lake.csv") << "id,wkt\nL,\"POLYGON((600 0,700 0,700 500,600 500,600 0))\"\n";
  std::ofstream(dir / "road.csv") << "id,kind,wkt\nR,paved,\"LINESTRING(-500 250,2500 250)\"\n"
                                  << "T,track,\"LINESTRING(-500 1250,2500 1250)\"\n";
  std::ofstream(dir / "rules.toml") << R"(
[[constraints]]
name = "roads"
path = "road.csv"
where = "kind = 'paved'"
setback = "50 m"
citation = "By-law 7"
[[constraints]]
name = "roads"
path = "road.csv"
where = "kind = 'track'"
setback = "10 m"
[[constraints]]
name = "lake"
path = "lake.csv"
setback = "0 m"
hard = false
[[constraints]]
name = "old"
path = "lake.csv"
setback = "0 m"
to = 2020-12-31
)";
}

RunResult on_grid(const TempDir& dir, std::vector<std::string> words) {
  write_files(dir);
  words.insert(words.begin(), {"screen", "sites.csv", "--input-crs", "local:m", "--json"});
  return run_lode(words, dir.path().string());
}

TEST(ScreenCommand, KeysOfTheContract) {
  const TempDir dir;
  const RunResult run = on_grid(dir, {"--constraint", "lake.csv=0 m", "--constraint",
                                      "road.csv=50 m", "--area", "AREA_TXT", "-o", "net.gpkg"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("id").as_string(), "A");
  EXPECT_NEAR(row.at("area_ha").as_number(), 50.0, 1e-9);
  EXPECT_NEAR(row.at("excluded_ha").as_number(), 14.0, 1e-6);  // 10 + 5 - 1 shared
  EXPECT_NEAR(row.at("excluded_pct").as_number(), 28.0, 1e-6);
  EXPECT_NEAR(row.at("net_ha").as_number(), 36.0, 1e-6);
  const Json& lake = row.at("constraints").at("lake");
  EXPECT_NEAR(lake.at("overlap_ha").as_number(), 5.0, 1e-9);
  EXPECT_NEAR(lake.at("overlap_pct").as_number(), 10.0, 1e-9);
  EXPECT_EQ(lake.at("nearest_m").as_number(), 0.0);
  EXPECT_EQ(lake.at("nearest_id").as_string(), "L");
  const Json& touched = row.at("constraints").at("road").at("touched").items().at(0);
  EXPECT_EQ(touched.at("id").as_string(), "R");
  EXPECT_NEAR(touched.at("overlap_ha").as_number(), 10.0, 1e-6);
  EXPECT_EQ(touched.at("distance_m").as_number(), 0.0);
  const Json& sum = json.at("summary");
  EXPECT_NEAR(sum.at("sites_sum_ha").as_number(), 100.0, 1e-9);
  EXPECT_NEAR(sum.at("sites_dissolved_ha").as_number(), 75.0, 1e-9);
  EXPECT_NEAR(sum.at("recorded_ha").as_number(), 404.68564224 + 20.0, 1e-6);
  EXPECT_NEAR(sum.at("excluded_sum_ha").as_number(), 28.0, 1e-6);
  EXPECT_NEAR(sum.at("excluded_dissolved_ha").as_number(), 19.0, 1e-6);
  EXPECT_NEAR(sum.at("net_dissolved_ha").as_number(), 56.0, 1e-6);
  EXPECT_TRUE(std::filesystem::exists(dir / "net.gpkg"));
}

TEST(ScreenCommand, RulesJoinUnderOneNameAndReviewExcludesNothing) {
  const TempDir dir;
  const RunResult run = on_grid(dir, {"--rules", "rules.toml", "--as-of", "2026-11-01"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json row = run.json().at("results").items().at(0);
  EXPECT_NEAR(row.at("excluded_ha").as_number(), 10.0, 1e-6);
  EXPECT_NEAR(row.at("review_ha").as_number(), 5.0, 1e-9);
  EXPECT_FALSE(row.at("constraints").has("old"));
  EXPECT_EQ(row.at("constraints").at("roads").at("touched").items().at(0).at("rule").as_string(),
            "By-law 7");
  EXPECT_THAT(run.out, testing::HasSubstr("screen.rule_not_in_force"));
  EXPECT_THAT(on_grid(dir, {"--rules", "rules.toml"}).out,
              testing::HasSubstr("screen.rule_dates_unused"));
}

TEST(ScreenCommand, AConstraintFarFromEverySiteIsDoubted) {
  const TempDir dir;
  std::ofstream(dir / "site.csv") << "id,lon,lat\na,-104.9,31.2\n";
  std::ofstream(dir / "near.csv") << "id,lon,lat\nn,-104.8,31.2\n";
  std::ofstream(dir / "far.csv") << "id,lon,lat\nf,-110.9,31.2\n";  // one UTM zone off
  const auto said = [&](const std::string& constraint) {
    return run_lode({"screen", "site.csv", "--constraint", constraint, "--json"}, dir.path()).out;
  };
  EXPECT_THAT(said("near.csv=200 m"), testing::Not(testing::HasSubstr("screen.far_constraint")));
  EXPECT_THAT(said("far.csv=200 m"), testing::HasSubstr("screen.far_constraint"));
}

TEST(ScreenCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto refused = [&](const std::vector<std::string>& words, int exit_code) {
    const RunResult run = on_grid(dir, words);
    EXPECT_EQ(run.exit_code, exit_code) << run.out;
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({}, 2), "usage.constraint");
  EXPECT_EQ(refused({"--constraint", "lake.csv"}, 2), "usage.constraint");
  EXPECT_EQ(refused({"--constraint", "lake.csv=200"}, 2), "usage.quantity");
  EXPECT_EQ(refused({"--constraint", "lake.csv=1 m", "--constraint", "lake.csv=2 m"}, 1),
            "screen.duplicate_name");
  EXPECT_EQ(refused({"--rules", "absent.toml"}, 1), "io.missing_file");
  std::ofstream(dir / "past.toml")
      << "[[constraints]]\nname='a'\npath='lake.csv'\nsetback='0 m'\nto=2020-01-01\n";
  EXPECT_EQ(refused({"--rules", "past.toml", "--as-of", "2026-11-01"}, 1), "screen.no_constraint");
}

}  // namespace
}  // namespace lode::test
