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

/// Codes among the findings of a run.
std::vector<std::string> codes(const RunResult& run) {
  std::vector<std::string> out;
  const Json json = run.json();
  for (const Json& finding : json.at("findings").items())
    out.push_back(finding.at("code").as_string());
  return out;
}

std::string refusal(const TempDir& dir, const std::vector<std::string>& words, int exit_code) {
  const RunResult bad = on_grid(dir, words);
  EXPECT_EQ(bad.exit_code, exit_code) << bad.out;
  return bad.json().at("error").at("code").as_string();
}

constexpr const char* kRequired =
    "[[permits]]\nid = \"lease\"\nname = \"Mining lease\"\njurisdiction = \"US\"\n"
    "matches = [\"lease\"]\nleast_coverage = \"100 %\"\ncitation = \"Law 1\"\n"
    "[[permits]]\nid = \"water\"\nname = \"Water permit\"\njurisdiction = \"US-NV\"\n"
    "matches = [\"water\"]\ncitation = \"Law 2\"\n";

TEST(PermitsCommand, WithdrawnGroundAndRequiredPermits) {
  const TempDir dir;
  std::ofstream(dir / "parks.csv") << "id,wkt\n"
                                   << "park,\"POLYGON((80 0,300 0,300 50,80 50,80 0))\"\n"
                                   << "spring,POINT(1 1)\n";
  std::ofstream(dir / "required.toml") << kRequired;
  write_files(dir);
  std::ofstream(dir / "kinds.csv")
      << "permit_id,holder,status,granted,expires,kind,commodity,wkt\n"
      << "L1,Ann,Issued,2020-01-01,2030-01-01,mining lease,\"REE; Th\",\"POLYGON((0 0,90 0,90 "
         "100,0 100,0 0))\"\n"
      << "W1,Ann,Pending,,,water right,Water,\"POLYGON((0 0,10 0,10 10,0 10,0 0))\"\n";
  const RunResult run =
      run_lode({"permits", "sites.csv", "kinds.csv", "--input-crs", "local:m", "--as-of",
                "2026-11-01", "--withdrawn", "reserve=parks.csv", "--required", "required.toml",
                "--jurisdiction", "US-NV", "-o", "seen.csv", "--json"},
               dir.path().string());
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& site = json.at("results").items().at(0);
  const Json& withdrawn = site.at("withdrawn").items().at(0);
  EXPECT_EQ(withdrawn.at("name").as_string(), "reserve");
  EXPECT_EQ(withdrawn.at("id").as_string(), "park");
  EXPECT_EQ(withdrawn.at("permit").as_string(), "L1");
  EXPECT_NEAR(withdrawn.at("area_ha").as_number(), 0.05, 1e-12);  // 80..90 by 0..50
  EXPECT_FALSE(withdrawn.at("sliver").as_bool());
  EXPECT_NEAR(json.at("summary").at("withdrawn_ha").as_number(), 0.05, 1e-12);
  ASSERT_EQ(site.at("missing_permits").size(), 2u);
  const Json& lease = site.at("missing_permits").items().at(0);
  EXPECT_EQ(lease.at("id").as_string(), "lease");
  EXPECT_EQ(lease.at("state").as_string(), "partial");
  EXPECT_EQ(lease.at("citation").as_string(), "Law 1");
  EXPECT_NEAR(lease.at("valid_coverage_pct").as_number(), 90.0, 1e-9);
  EXPECT_EQ(site.at("missing_permits").items().at(1).at("state").as_string(), "pending");
  EXPECT_EQ(site.at("commodities").items().at(1).as_string(), "Th");
  EXPECT_EQ(site.at("permit_details").items().at(0).at("commodity").as_string(), "REE; Th");
  EXPECT_THAT(codes(run),
              testing::IsSupersetOf({"permits.valid_on_withdrawn", "permits.withdrawn_no_ground",
                                     "required.starting_point"}));
  EXPECT_THAT(slurp(dir / "seen.csv"), testing::HasSubstr("lease water"));
  EXPECT_EQ(refusal(dir, {"--withdrawn", "=parks.csv"}, 2), "usage.withdrawn");
  EXPECT_EQ(refusal(dir, {"--required", "required.toml"}, 2), "usage.required");
}

TEST(PermitsCommand, ByPermit) {
  const TempDir dir;
  const RunResult run = on_grid(
      dir, {"--as-of", "2026-11-01", "--by", "permit", "--area", "size", "--permits-out", "p.csv"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  ASSERT_EQ(json.at("results").size(), 3u);
  const Json& first = json.at("results").items().at(0);
  EXPECT_EQ(first.at("id").as_string(), "L1");
  EXPECT_EQ(first.at("status").as_string(), "valid");
  EXPECT_NEAR(first.at("mapped_ha").as_number(), 0.6, 1e-12);
  EXPECT_NEAR(first.at("recorded_ha").as_number(), 1.0, 1e-12);
  EXPECT_NEAR(first.at("sites_pct").as_number(), 100.0, 1e-9);
  EXPECT_EQ(first.at("sites").items().at(0).at("site").as_string(), "S");
  EXPECT_NEAR(first.at("sites").items().at(0).at("share_of_site_pct").as_number(), 60.0, 1e-9);
  EXPECT_EQ(first.at("conflict_count").as_integer(), 1);
  const Json& third = json.at("results").items().at(2);
  EXPECT_EQ(third.at("status").as_string(), "expired");
  EXPECT_EQ(third.at("sites").items().at(0).at("site").as_string(), "P");
  EXPECT_THAT(slurp(dir / "p.csv"), testing::HasSubstr("L3,Cy,mineral,expired,2010-01-01"));
}

TEST(PermitsCommand, TwoEditionsOfARegister) {
  const TempDir dir;
  std::ofstream(dir / "old.csv")
      << "permit_id,holder,status,granted,expires,wkt\n"
      << "L1,ANN,Issued,2020-01-01,2026-11-01,\"POLYGON((0 0,60 0,60 100,0 100,0 0))\"\n"
      << "L2,Dora,Active,2020-01-01,2030-01-01,\"POLYGON((50 0,90 0,90 100,50 100,50 0))\"\n"
      << "L9,Eve,Active,2020-01-01,2030-01-01,\"POLYGON((50 0,90 0,90 100,50 100,50 0))\"\n"
      << ",Eve,Active,2020-01-01,2030-01-01,\"POLYGON((50 0,90 0,90 100,50 100,50 0))\"\n";
  const RunResult run = on_grid(
      dir, {"--as-of", "2026-11-01", "--earlier", "old.csv", "--earlier-as-of", "2025-11-01"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& changes = json.at("summary").at("register_changes");
  EXPECT_EQ(changes.at("added").as_integer(), 1);          // L3
  EXPECT_EQ(changes.at("removed").as_integer(), 1);        // L9
  EXPECT_EQ(changes.at("changed_hands").as_integer(), 1);  // L2; ANN is Ann
  EXPECT_EQ(changes.at("moved").as_integer(), 1);
  const Json& sold = changes.at("titles").items().at(0);
  EXPECT_EQ(sold.at("id").as_string(), "L2");
  EXPECT_EQ(sold.at("holder_before").as_string(), "Dora");
  EXPECT_NEAR(sold.at("gained_ha").as_number(), 0.1, 1e-12);
  EXPECT_EQ(changes.at("earlier_as_of").as_string(), "2025-11-01");
  EXPECT_THAT(codes(run), testing::Contains("register.blank_id"));
  EXPECT_EQ(refusal(dir, {"--earlier-as-of", "2025-01-01"}, 2), "usage.earlier");
}

TEST(PermitsCommand, FaultyRegistersAreSaid) {
  const TempDir dir;
  write_files(dir);
  std::ofstream(dir / "faulty.csv")
      << "permit_id,holder,status,granted,expires,wkt\n"
      << "A,X Inc.,Active,01/02/2020,13/11/2030,\"POLYGON((0 0,60 0,60 100,0 100,0 0))\"\n"
      << "A,Y,Active,2020-01-01,11/30/2030,\"POLYGON((60 0,70 0,70 100,60 100,60 0))\"\n"
      << ",X INC,Active,2020-01-01,2030-01-01,\"POLYGON((0 0,60 0,60 100,0 100,0 0))\"\n"
      << "B,Z,Active,2031-01-01,2030-01-01,\"POLYGON((0 0,60 0,60 100,0 100,0 0))\"\n"
      << "C,Z,Active,2020-01-01,1793491200,\"POLYGON((0 0,60 0,60 100,0 100,0 0))\"\n"
      << "T,Z,Active,2020-01-01,2030-01-01,\"POLYGON((0 0,60 60,60 0,0 60,0 0))\"\n"
      << "P,Z,Active,2020-01-01,2030-01-01,POINT(105 50)\n";
  const auto judged = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"permits", "sites.csv", "faulty.csv", "--input-crs", "local:m",
                               "--as-of", "2026-11-01", "--json"});
    return run_lode(more, dir.path().string());
  };
  const RunResult run = judged({});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(codes(run),
              testing::IsSupersetOf(
                  {"permits.ambiguous_date", "permits.mixed_date_order", "permits.blank_id",
                   "permits.two_holders", "permits.two_standings", "permits.holder_spelling",
                   "permits.dates_reversed", "permits.no_area", "geometry.repaired"}));
  EXPECT_THAT(run.out, testing::HasSubstr("feature 3"));  // the one without an id
  const RunResult told =
      judged({"--date-numbers", "seconds", "--date-order", "day-first", "--point-radius", "10 m"});
  const Json details = told.json().at("results").items().at(0).at("permit_details");
  EXPECT_EQ(details.items().at(0).at("granted").as_string(), "2020-02-01");
  EXPECT_EQ(details.items().at(4).at("expires").as_string(), "2026-11-01");
  EXPECT_NEAR(details.items().at(6).at("distance_m").as_number(), 5.0, 1e-9);
}

TEST(PermitsCommand, RegistersOfWesternAustraliaAndBritishColumbia) {
  const TempDir dir;
  write_files(dir);
  std::ofstream(dir / "wa.csv")
      << "fmt_tenid,type,tenstatus,holder1,holder2,grantdate,enddate,legal_area,unit_of_me,wkt\n"
      << "M 38/1,MINING LEASE,LIVE,ANN PTY LTD,BOB LIMITED,1577836800000,1893456000000,1,HA,"
         "\"POLYGON((0 0,100 0,100 100,0 100,0 0))\"\n"
      << "E 38/2,EXPLORATION LICENCE,PENDING,CY,,,,3,BL,\"POLYGON((0 0,9 0,9 9,0 9,0 0))\"\n";
  std::ofstream(dir / "bc.csv")
      << "TENURE_NUMBER_ID,OWNER_NAME,ISSUE_DATE,GOOD_TO_DATE,AREA_IN_HECTARES,"
         "TITLE_TYPE_DESCRIPTION,wkt\n"
      << "512345,ANN,2020-01-01Z,2026-10-31,2,MINERAL CLAIM,\"POLYGON((0 0,100 0,100 100,0 100,0 "
         "0))\"\n";
  const auto judged = [&](const std::string& file, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"permits", "sites.csv", file,         "--input-crs",
                                      "local:m", "--as-of",   "2026-11-01", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run_lode(words, dir.path().string());
  };
  const RunResult wa = judged("wa.csv", {"--preset", "wa"});
  ASSERT_EQ(wa.exit_code, 0) << wa.err;
  const Json site = wa.json().at("results").items().at(0);
  EXPECT_EQ(site.at("status").as_string(), "valid");
  EXPECT_EQ(site.at("holders").items().at(0).as_string(), "ANN PTY LTD; BOB LIMITED");
  EXPECT_EQ(site.at("permit_details").items().at(0).at("expires").as_string(), "2030-01-01");
  EXPECT_EQ(site.at("permit_details").items().at(1).at("status").as_string(), "pending");
  EXPECT_NEAR(wa.json().at("summary").at("recorded_ha").as_number(), 1.0, 1e-12);
  EXPECT_THAT(codes(wa), testing::Contains("area.unread"));  // blocks are no area
  EXPECT_THAT(codes(judged("wa.csv", {})), testing::Contains("permits.preset_fits"));
  const RunResult bc = judged("bc.csv", {"--preset", "bc"});
  ASSERT_EQ(bc.exit_code, 0) << bc.err;
  EXPECT_EQ(bc.json().at("results").items().at(0).at("status").as_string(), "expired");
}

TEST(PermitsCommand, OnTheClaimsOfMcDermitt) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const TempDir dir;
  std::ofstream(dir / "site.csv") << "id,x,y\nS,-118.05,41.75\n";
  const std::string claims = data + "/environment_mcdermitt/mining_claims_wgs84.geojson";
  const RunResult run =
      run_lode({"permits", (dir / "site.csv").string(), claims, "--x", "x", "--y", "y",
                "--input-crs", "EPSG:4326", "--preset", "blm", "--as-of", "2026-11-01", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json sum = run.json().at("summary");
  // As worked out apart from this program: 10,475 km2 in sum, 301 of ground, 546 recorded.
  EXPECT_NEAR(sum.at("sum_ha").as_number(), 1047500, 100);
  EXPECT_NEAR(sum.at("dissolved_ha").as_number(), 30100, 50);
  EXPECT_NEAR(sum.at("recorded_ha").as_number(), 54600, 50);
  // Counted in the file: 2,311 serials, every further feature the same ground and acres again.
  EXPECT_EQ(sum.at("titles").as_integer(), 2311);
  EXPECT_EQ(sum.at("repeated_features").as_integer(), 4240);
  EXPECT_NEAR(sum.at("recorded_once_ha").as_number(), 19239.7, 0.1);
  EXPECT_THAT(codes(run), testing::IsSupersetOf({"permits.sums_differ", "permits.no_expires_field",
                                                 "permits.repeated_feature"}));
}

}  // namespace
}  // namespace lode::test
