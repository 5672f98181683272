// The command `screen`: keys, hand-computed rectangles, rules and refusals as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "libgeo/geometry/measure.h"
#include "libgeo/io/layer.h"
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

TEST(ScreenCommand, WritesPairsAndFreeParts) {
  const TempDir dir;
  const RunResult run = on_grid(
      dir, {"--constraint", "lake.csv=0 m", "--pairs", "pairs.csv", "--free-parts", "free.gpkg"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(slurp(dir / "pairs.csv"),
            "site,constraint,feature,class,rule,hard,setback_m,distance_m,overlap_ha,overlap_pct,"
            "sliver\nA,lake,L,,,yes,0,0,5,10,no\nB,lake,L,,,yes,0,0,5,10,no\n");
  EXPECT_EQ(run.json().at("outputs").items().size(), 2u);
  ReadOptions options;
  options.input_crs = "local:m";
  const Layer free = read_layer((dir / "free.gpkg").string(), options);
  ASSERT_EQ(free.size(), 4u);
  EXPECT_NEAR(area_m2(free.geometry[0], free.crs), 300000.0, 1e-6);  // A: 600 and 300 by 500 m
  EXPECT_NEAR(area_m2(free.geometry[1], free.crs), 150000.0, 1e-6);
  EXPECT_NEAR(area_m2(free.geometry[2], free.crs), 400000.0, 1e-6);  // B: 800 and 100 by 500 m
}

/// A box of 100 x 100 x 10 m.
const char* const kBox =
    "o body\nv 0 0 0\nv 100 0 0\nv 100 100 0\nv 0 100 0\nv 0 0 10\nv 100 0 10\nv 100 100 10\n"
    "v 0 100 10\nf 1 4 3\nf 1 3 2\nf 5 6 7\nf 5 7 8\nf 1 2 6\nf 1 6 5\nf 2 3 7\nf 2 7 6\n"
    "f 3 4 8\nf 3 8 7\nf 4 1 5\nf 4 5 8\n";

TEST(ScreenCommand, ASolidIsScreenedByItsOutline) {
  const TempDir dir;
  std::ofstream(dir / "body.obj") << kBox;
  std::ofstream(dir / "park.csv")
      << "id,wkt\np,\"POLYGON((75 -50,200 -50,200 150,75 150,75 -50))\"\n";
  const RunResult run = run_lode(
      {"screen", "body.obj", "--constraint", "park.csv=0 m", "--input-crs", "local:m", "--json"},
      dir.path());
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json row = run.json().at("results").items().at(0);
  EXPECT_EQ(row.at("id").as_string(), "body");
  EXPECT_NEAR(row.at("area_ha").as_number(), 1.0, 1e-12);
  EXPECT_NEAR(row.at("excluded_pct").as_number(), 25.0, 1e-9);
  EXPECT_NEAR(row.at("volume_m3").as_number(), 100000.0, 1e-6);
  EXPECT_NEAR(row.at("net_m3").as_number(), 75000.0, 1e-6);
  const RunResult without =
      run_lode({"screen", "body.obj", "--constraint", "park.csv=0 m", "--json"}, dir.path());
  EXPECT_EQ(without.json().at("error").at("code").as_string(), "crs.missing");
}

TEST(ScreenCommand, ABlockModelGetsTheSharesOfItsColumns) {
  const TempDir dir;
  // Two levels of two blocks of 20 x 20 x 5 m; the park takes a quarter of the second column.
  std::ofstream(dir / "model.csv")
      << "x,y,z,dx,dy,dz,cu_pct\n10,10,2.5,20,20,5,1\n30,10,2.5,20,20,5,2\n"
      << "10,10,7.5,20,20,5,3\n30,10,7.5,20,20,5,4\n";
  std::ofstream(dir / "park.csv")
      << "id,wkt\np,\"POLYGON((35 -50,200 -50,200 150,35 150,35 -50))\"\n";
  const auto lode = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"screen", "model.csv", "--constraint", "park.csv=0 m", "--input-crs",
                               "local:m", "--json"});
    return run_lode(more, dir.path());
  };
  const RunResult run = lode({"-o", "net.csv"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json row = run.json().at("results").items().at(0);
  EXPECT_EQ(row.at("blocks").as_number(), 4.0);
  EXPECT_EQ(row.at("blocks_cut").as_number(), 2.0);
  EXPECT_NEAR(row.at("volume_m3").as_number(), 8000.0, 1e-9);
  EXPECT_NEAR(row.at("net_m3").as_number(), 7000.0, 1e-9);
  EXPECT_NEAR(row.at("area_ha").as_number(), 0.08, 1e-12);
  EXPECT_EQ(run.json().at("summary").at("outlines").as_number(), 2.0);
  EXPECT_EQ(slurp(dir / "net.csv"),
            "x,y,z,dx,dy,dz,cu_pct,excluded_pct,net_pct,review_pct,nearest_m,nearest_constraint\n"
            "10,10,2.5,20,20,5,1,0,100,0,15,park\n30,10,2.5,20,20,5,2,25,75,0,0,park\n"
            "10,10,7.5,20,20,5,3,0,100,0,15,park\n30,10,7.5,20,20,5,4,25,75,0,0,park\n");
  const auto refused = [&](const std::vector<std::string>& more) {
    return lode(more).json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({"--pairs", "p.csv"}), "usage.blocks");
  EXPECT_EQ(refused({"-o", "net.gpkg"}), "usage.output");
  std::ofstream(dir / "model.csv") << "x,y,z,dx,dy,dz,net_pct\n10,10,2.5,20,20,5,1\n";
  EXPECT_EQ(refused({"-o", "again.csv"}), "blocks.column_exists");
}

TEST(ScreenCommand, OfTheMcDermittClaims) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const std::string folder = data + "/environment_mcdermitt/";
  const TempDir dir;
  const RunResult run =
      run_lode({"screen", folder + "mining_claims_wgs84.geojson", "--constraint",
                folder + "trout_streams_wgs84.geojson=300 ft", "--area", "acres", "--json"},
               dir.path());
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& sum = json.at("summary");
  const auto km2 = [&](const char* key) { return sum.at(key).as_number() / 100.0; };
  // PostGIS geography and equal-area projections; see the README of the data.
  EXPECT_NEAR(km2("excluded_sum_ha"), 78.6, 0.05);
  EXPECT_NEAR(km2("excluded_dissolved_ha"), 2.9, 0.05);
  EXPECT_NEAR(km2("sites_sum_ha"), 10475.0, 1.0);
  EXPECT_NEAR(km2("sites_dissolved_ha"), 301.0, 0.5);
  EXPECT_NEAR(km2("recorded_ha"), 546.0, 0.5);
  EXPECT_EQ(sum.at("constraints").items().at(0).at("sites_touched").as_number(), 666.0);
  EXPECT_EQ(sum.at("mapped_over_twice_recorded").as_number(), 6548.0);
  EXPECT_THAT(run.out, testing::HasSubstr("screen.stacked"));
  EXPECT_THAT(run.out, testing::HasSubstr("screen.recorded_area"));
  const RunResult ground = run_lode({"buffer", folder + "trout_streams_wgs84.geojson", "--distance",
                                     "300 ft", "--dissolve", "--json"},
                                    dir.path());
  ASSERT_EQ(ground.exit_code, 0) << ground.err;
  EXPECT_NEAR(ground.json().at("summary").at("area_m2").as_number() / 1e6, 73.84, 0.04);
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
