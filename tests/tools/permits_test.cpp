// The command `permits`: keys, days, conflicts, time line and gaps as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write_files(const TempDir& dir) {
  std::ofstream(dir / "sites.csv") << "id,wkt\n"
                                   << "S,\"POLYGON((0 0,100 0,100 100,0 100,0 0))\"\n"
                                   << "P,POINT(150 50)\n"
                                   << "Q,POINT(999 999)\n";
  std::ofstream(dir / "permits.csv")
      << "permit_id,holder,status,granted,expires,size,wkt\n"
      << "L1,Ann,Issued,2020-01-01,2026-11-01,1 ha,\"POLYGON((0 0,60 0,60 100,0 100,0 0))\"\n"
      << "L2,Bob,Active,2020-01-01,2030-01-01,1 ha,\"POLYGON((50 0,100 0,100 100,50 100,50 0))\"\n"
      << "L3,Cy,Issued,2010-01-01,2020-01-01,1 ha,\"POLYGON((140 0,160 0,160 100,140 100,140 "
         "0))\"\n";
}

RunResult on_grid(const TempDir& dir, std::vector<std::string> words) {
  write_files(dir);
  words.insert(words.begin(),
               {"permits", "sites.csv", "permits.csv", "--input-crs", "local:m", "--json"});
  return run_lode(words, dir.path().string());
}

TEST(PermitsCommand, KeysOfTheContract) {
  const TempDir dir;
  const RunResult run = on_grid(dir, {"--as-of", "2026-11-01", "--area", "size"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& site = json.at("results").items().at(0);
  EXPECT_EQ(site.at("coverage_pct").as_number(), 100.0);
  EXPECT_EQ(site.at("valid_coverage_pct").as_number(), 100.0);  // L1 to the end of its day
  EXPECT_TRUE(site.at("inside").as_bool());
  EXPECT_EQ(site.at("status").as_string(), "valid");
  EXPECT_EQ(site.at("days_to_expiry").as_integer(), 0);
  EXPECT_EQ(site.at("permits").size(), 2u);
  EXPECT_EQ(site.at("permits").items().at(0).as_string(), "L1");
  const Json& conflict = site.at("conflicts").items().at(0);
  EXPECT_EQ(conflict.at("permits").items().at(1).as_string(), "L2");
  EXPECT_EQ(conflict.at("holders").items().at(0).as_string(), "Ann");
  EXPECT_NEAR(conflict.at("area_ha").as_number(), 0.1, 1e-12);
  EXPECT_EQ(conflict.at("kind").as_string(), "mineral");
  const Json& point = json.at("results").items().at(1);
  EXPECT_EQ(point.at("status").as_string(), "expired");
  EXPECT_EQ(point.at("coverage_pct").as_number(), 100.0);
  EXPECT_EQ(point.at("valid_coverage_pct").as_number(), 0.0);
  EXPECT_LT(point.at("days_to_expiry").as_number(), 0.0);
  const Json& outside = json.at("results").items().at(2);
  EXPECT_EQ(outside.at("status").as_string(), "none");
  EXPECT_FALSE(outside.at("inside").as_bool());
  EXPECT_TRUE(outside.at("days_to_expiry").is_null());
  const Json& sum = json.at("summary");
  EXPECT_NEAR(sum.at("sum_ha").as_number(), 1.3, 1e-12);
  EXPECT_NEAR(sum.at("dissolved_ha").as_number(), 1.2, 1e-12);
  EXPECT_NEAR(sum.at("recorded_ha").as_number(), 3.0, 1e-12);
  EXPECT_EQ(sum.at("overlap_pairs").as_integer(), 1);
}

TEST(PermitsCommand, TheNextDay) {
  const TempDir dir;
  const RunResult run = on_grid(dir, {"--as-of", "2026-11-02", "--gaps", "gaps.gpkg", "--timeline",
                                      "times.csv", "-o", "cover.gpkg"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json site = run.json().at("results").items().at(0);
  EXPECT_EQ(site.at("status").as_string(), "partial");
  EXPECT_NEAR(site.at("valid_coverage_pct").as_number(), 50.0, 1e-12);
  EXPECT_NEAR(site.at("gap_ha").as_number(), 0.5, 1e-12);
  EXPECT_EQ(run.json().at("outputs").size(), 3u);
  const std::string times = slurp(dir / "times.csv");
  EXPECT_THAT(times, testing::HasSubstr("S,2020-01-01,2026-11-01,100,L1 L2"));
  EXPECT_THAT(times, testing::HasSubstr("S,2026-11-02,2030-01-01,50,L2"));
}

TEST(PermitsCommand, BetweenTwoDays) {
  const TempDir dir;
  const RunResult run =
      on_grid(dir, {"--as-of", "2026-11-01", "--between", "2019-06-01", "2026-12-01"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json between = run.json().at("summary").at("between");
  EXPECT_EQ(between.at("granted").items().at(0).at("permit").as_string(), "L2");
  EXPECT_EQ(between.at("lapsed").items().at(0).at("permit").as_string(), "L3");
  EXPECT_EQ(between.at("changed").items().at(0).at("permit").as_string(), "L1");
}

TEST(PermitsCommand, FieldsPresetsAndRefusals) {
  const TempDir dir;
  EXPECT_THAT(on_grid(dir, {}).out, testing::HasSubstr("permits.as_of_today"));
  const RunResult run = on_grid(dir, {"--as-of", "2026-11-01", "--valid", "Issued"});
  EXPECT_THAT(run.out, testing::HasSubstr("permits.unknown_status"));
  const auto refused = [&](const std::vector<std::string>& words, int exit_code) {
    const RunResult bad = on_grid(dir, words);
    EXPECT_EQ(bad.exit_code, exit_code) << bad.out;
    return bad.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({"--between", "2026-01-01"}, 2), "usage.between");
  EXPECT_EQ(refused({"--between", "2026-01-02", "2026-01-01"}, 1), "permits.between");
  EXPECT_EQ(refused({"--holder", "owner"}, 1), "table.no_field");
  EXPECT_EQ(refused({"--preset", "bml"}, 2), "usage.choice");
}

TEST(PermitsCommand, OnTheBlmsClaims) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const std::string claims = data + "/permits_blm_norcal/blm_mining_claims_active.geojson";
  const RunResult run =
      run_lode({"permits", claims, claims, "--preset", "blm", "--as-of", "2026-11-01", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  EXPECT_NEAR(json.at("summary").at("sum_ha").as_number(), 83332, 1);
  EXPECT_NEAR(json.at("summary").at("dissolved_ha").as_number(), 45728, 1);
  EXPECT_NEAR(json.at("summary").at("recorded_ha").as_number(), 13439, 1);
  EXPECT_EQ(json.at("results").items().at(0).at("status").as_string(), "none");
}

}  // namespace
}  // namespace lode::test
