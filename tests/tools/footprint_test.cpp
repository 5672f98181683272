// The command `footprint`: keys, fields with units, both kinds of route, and refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

void write_files(const TempDir& dir) {
  std::ofstream(dir / "sites.csv")
      << "id,name,way,ore_Mt,treo_pct,th_ppm,u_ppm,dam_ft,area_ha,rate_t_yr,strip\n"
      << "A,Hill,mill,10,2,200,10,100,100,5000,3\n"
      << "B,,magnet,,,,,,,400,\n";
  std::ofstream(dir / "routes.csv")
      << "route,name,kind,water_m3_per_kg,water_m3_per_kg_low,co2e_kg_per_kg,residue_t_per_t,"
         "reference_grade_pct,mining_share_pct,tailings_share_pct,thorium_follows_pct,source\n"
      << "mill,,primary,0.2,0.1,20,2,5,40,100,50,S1\n"
      << "magnet,,secondary,,,8,0.1,,,0,0,S2\n";
}

RunResult on_files(const TempDir& dir, std::vector<std::string> words) {
  write_files(dir);
  words.insert(words.begin(), {"footprint", "sites.csv", "--json"});
  return run_lode(words, dir.path().string());
}

const std::vector<std::string> kSaid = {"--routes",
                                        "routes.csv",
                                        "--route",
                                        "way",
                                        "--ore",
                                        "ore_Mt",
                                        "--grade",
                                        "treo_pct",
                                        "--recovery",
                                        "50 %",
                                        "--thorium",
                                        "th_ppm",
                                        "--uranium",
                                        "u_ppm",
                                        "--dam-height",
                                        "dam_ft",
                                        "--disturbed",
                                        "area_ha",
                                        "--rate",
                                        "rate_t_yr",
                                        "--life",
                                        "20 yr",
                                        "--strip-ratio",
                                        "strip",
                                        "--water-treatment",
                                        "100000 USD/yr",
                                        "--treatment-time",
                                        "20 yr",
                                        "--discount",
                                        "5 %"};

TEST(FootprintCommand, OneRowASiteWithFormulas) {
  const TempDir dir;
  auto words = kSaid;
  words.insert(words.end(), {"-o", "out.csv"});
  const RunResult run = on_files(dir, words);
  ASSERT_EQ(run.exit_code, 0) << run.err << run.out;
  const Json json = run.json();
  const Json& mine = json.at("results").items().at(0);
  EXPECT_EQ(mine.at("id").as_string(), "A");
  EXPECT_EQ(mine.at("route").as_string(), "mill");
  EXPECT_NEAR(mine.at("co2e_kg_per_kg").as_number(), 32.0, 1e-9);
  EXPECT_NEAR(mine.at("waste_t_per_t").as_number(), 399.0, 1e-6);
  EXPECT_NEAR(mine.at("tailings_m3").as_number(), 6.6e6, 1e-3);
  EXPECT_NEAR(mine.at("thorium_t").as_number(), 2000.0, 1e-6);
  EXPECT_EQ(mine.at("radioactive").as_number(), 1.0);
  EXPECT_NEAR(mine.at("closure_bond_usd").as_number(), (15e6 + 1e5 * 12.46221) * 1.45, 10.0);
  const Json& first = mine.at("figures").items().at(1);
  EXPECT_EQ(first.at("name").as_string(), "water_m3_per_kg");
  EXPECT_NEAR(first.at("low").as_number(), 0.16, 1e-9);
  EXPECT_EQ(first.at("source").as_string(), "S1");
  EXPECT_THAT(first.at("formula").as_string(), testing::HasSubstr("5 %"));
  const Json& magnets = json.at("results").items().at(1);
  EXPECT_NEAR(magnets.at("product_t").as_number(), 8000.0, 1e-6);
  EXPECT_TRUE(magnets.at("tailings_t").is_null());
  EXPECT_EQ(json.at("summary").at("radioactive").as_number(), 1.0);
  EXPECT_EQ(json.at("summary").at("radioactive_unknown").as_number(), 1.0);
  const std::string text = slurp(dir / "out.csv");
  EXPECT_THAT(text, testing::HasSubstr("water_m3_per_kg_low"));
  EXPECT_THAT(text, testing::HasSubstr("closure_bond_usd"));
}

TEST(FootprintCommand, OneRouteForAllAndUnknownOnes) {
  const TempDir dir;
  const RunResult all = on_files(dir, {"--routes", "routes.csv", "--route", "MAGNET"});
  ASSERT_EQ(all.exit_code, 0) << all.err;
  EXPECT_NEAR(all.json().at("results").items().at(0).at("co2e_kg_per_kg").as_number(), 8.0, 1e-12);
  const RunResult names = on_files(dir, {"--routes", "routes.csv", "--route", "name"});
  EXPECT_THAT(names.out, testing::HasSubstr("footprint.no_route"));
  const RunResult lean =
      on_files(dir, {"--routes", "routes.csv", "--route", "mill", "--grade", "100 ppm"});
  EXPECT_THAT(lean.out, testing::HasSubstr("footprint.extrapolated"));
}

TEST(FootprintCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto refused = [&](const std::vector<std::string>& words, int exit_code) {
    const RunResult run = on_files(dir, words);
    EXPECT_EQ(run.exit_code, exit_code) << run.out;
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({"--routes", "routes.csv", "--route", "mlil"}, 1), "footprint.unknown_route");
  EXPECT_EQ(refused({"--routes", "sites.csv", "--route", "mill"}, 1), "footprint.table");
  EXPECT_EQ(refused({"--routes", "routes.csv", "--route", "mill", "--recovery", "120 %"}, 1),
            "footprint.value");
  EXPECT_EQ(refused({"--routes", "routes.csv", "--route", "mill", "--reclamation", "25000"}, 2),
            "usage.quantity");
  EXPECT_EQ(
      refused({"--routes", "routes.csv", "--route", "mill", "--water-treatment", "5 USD/ha"}, 2),
      "usage.quantity");
  EXPECT_EQ(
      refused({"--routes", "routes.csv", "--route", "mill", "--tailings-density", "9 t/m3"}, 2),
      "usage.range");
}

}  // namespace
}  // namespace lode::test
