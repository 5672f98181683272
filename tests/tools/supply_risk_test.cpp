// The command `supply risk`: keys and worked figures of the contract, rules for odd rows, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using Words = std::vector<std::string>;

const std::string sample = std::string(LODE_SOURCE_DIR) + "/sample_data/us_allied_ree/";

std::string file_with(const TempDir& dir, const std::string& name, const std::string& text) {
  const std::string path = (dir / name).string();
  std::ofstream(path) << text;
  return path;
}

Json run_json(Words words) {
  words.insert(words.begin(), {"supply", "risk"});
  words.push_back("--json");
  const RunResult run = run_lode(words);
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  return run.json();
}

std::string error_of(Words words, int exit_code) {
  words.insert(words.begin(), {"supply", "risk"});
  words.push_back("--json");
  const RunResult run = run_lode(words);
  EXPECT_EQ(run.exit_code, exit_code) << run.out;
  return run.exit_code == 0 ? "" : run.json().at("error").at("code").as_string();
}

TEST(SupplyRiskCommand, WorkedFiguresOfMineOutput) {
  const Json json =
      run_json({sample + "production.csv", "--country", "iso3", "--value", "mine_2024_t", "--value",
                "reserves_t", "--governance", sample + "governance.csv", "--allies",
                "MSP_with_EU27", "--alliances", sample + "alliances.csv"});
  const Json& mine = json.at("results").items().at(0);
  EXPECT_NEAR(mine.at("hhi").as_number(), 0.492362, 5e-7);
  EXPECT_NEAR(mine.at("hhi_wgi").as_number(), 2.688733, 5e-7);
  EXPECT_NEAR(mine.at("allied_share").as_number(), 0.155, 5e-4);
  EXPECT_NEAR(mine.at("share_by_country").at("CHN").as_number(), 270000.0 / 393950, 1e-12);
  EXPECT_FALSE(mine.at("share_by_country").has("World total"));
  EXPECT_EQ(mine.at("world_total").as_number(), 390000);
  EXPECT_TRUE(mine.at("import_reliance").is_null());
  EXPECT_NEAR(json.at("results").items().at(1).at("hhi").as_number(), 0.301680, 5e-7);
  EXPECT_EQ(json.at("summary").at("other").as_string(), "one-country");
}

TEST(SupplyRiskCommand, OtherLeftOut) {
  const Json json =
      run_json({sample + "production.csv", "--value", "mine_2024_t", "--other", "exclude"});
  EXPECT_NEAR(json.at("results").items().at(0).at("hhi").as_number(), 0.495116, 5e-7);
  EXPECT_TRUE(json.at("results").items().at(0).at("hhi_wgi").is_null());
}

TEST(SupplyRiskCommand, ExposureOfACountry) {
  const TempDir dir;
  const std::string imports =
      file_with(dir, "imports.csv", "iso3,share_pct\nCHN,70\nMYS,13\nJPN,6\nEST,5\nOther,6\n");
  const Json json =
      run_json({sample + "production.csv", "--value", "mine_2024_t", "--governance",
                sample + "governance.csv", "--imports", imports, "--domestic", "1300 t",
                "--apparent-consumption", "6600 t", "--imports-total", "8310 t",
                "--other-governance", "5", "--recycling-rate", "0.01", "--substitution", "0.9"});
  const Json& row = json.at("results").items().at(0);
  EXPECT_NEAR(row.at("import_reliance").as_number(), 0.8030303, 5e-7);
  EXPECT_NEAR(row.at("weighted_import_share").as_number(), 0.425686, 5e-7);
  EXPECT_NEAR(row.at("geopolrisk").as_number(), 0.209592, 5e-7);
  EXPECT_GT(row.at("eu_supply_risk").as_number(), 2.43);
  EXPECT_TRUE(row.at("eu_critical").as_bool());
}

TEST(SupplyRiskCommand, ElementsAndStagesAreRowsOfTheirOwn) {
  const TempDir dir;
  const std::string path =
      file_with(dir, "by.csv",
                "element,stage,country,t\nNd,mine,CHN,70\nNd,mine,USA,30\nDy,mine,CHN,90\nDy,mine,"
                "MMR,10\nNd,metal,CHN,95\nNd,metal,JPN,NA\n");
  const Json json = run_json(
      {path, "--country", "country", "--value", "t", "--element", "element", "--stage", "stage"});
  ASSERT_EQ(json.at("results").size(), 3u);
  EXPECT_EQ(json.at("results").items().at(1).at("element").as_string(), "Dy");
  EXPECT_NEAR(json.at("results").items().at(1).at("hhi").as_number(), 0.82, 1e-12);
  EXPECT_EQ(json.at("results").items().at(2).at("not_available").items().at(0).as_string(), "JPN");
  EXPECT_EQ(error_of({path, "--value", "t"}, 1), "supply.duplicate_country");
}

TEST(SupplyRiskCommand, OriginOfTheOre) {
  const TempDir dir;
  const std::string table = file_with(dir, "t.csv", "country,t\nCHN,1\nUSA,1\n");
  const std::string imports = file_with(dir, "i.csv", "country,imports_t\nCHN,80\nMYS,20\n");
  const std::string origins = file_with(dir, "o.csv", "from,origin,share\nMYS,AUS,1\n");
  const std::string governance =
      file_with(dir, "g.csv", "country,governance_risk\nCHN,5\nAUS,2\nUSA,3\n");
  const Json json = run_json({table, "--value", "t", "--imports", imports, "--origins", origins,
                              "--governance", governance});
  EXPECT_NEAR(json.at("summary").at("sourcing_hhi_wgi").as_number(), 0.64 * 5 + 0.04 * 2, 1e-12);
  EXPECT_EQ(error_of({table, "--value", "t", "--origins", origins}, 2), "usage.imports");
}

TEST(SupplyRiskCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto table = [&](const std::string& text) { return file_with(dir, "t.csv", text); };
  EXPECT_EQ(error_of({table("country,share_pct\nA,70\nB,50\n"), "--value", "share_pct"}, 1),
            "supply.shares_over_100");
  EXPECT_EQ(error_of({table("country,t\nA,\"1216,000\"\nB,x\n"), "--value", "t"}, 1),
            "supply.glued_footnote");
  EXPECT_EQ(error_of({table("country,t\nA,E\nB,x\n"), "--value", "t"}, 1), "supply.bad_figure");
  EXPECT_EQ(error_of({table("country,t\nA,10\nB,20\nWorld total,1216\n"), "--value", "t"}, 1),
            "supply.total_mismatch");
  EXPECT_EQ(error_of({table("where,t\nA,10\n"), "--value", "t"}, 1), "supply.no_column");
  EXPECT_EQ(
      error_of(
          {table("country,t\nA,10\n"), "--value", "t", "--alliances", sample + "alliances.csv"}, 2),
      "usage.allies");
  EXPECT_EQ(error_of({table("country,t\nA,10\n"), "--value", "t", "--allies", "MSP", "--alliances",
                      sample + "alliances.csv"},
                     1),
            "supply.no_alliance");
  const Json inexact = run_json({table("country,t\nA,> 95\nB,5\n"), "--value", "t"});
  EXPECT_THAT(inexact.dump(), testing::HasSubstr("supply.inexact_figure"));
}

TEST(SupplyRiskCommand, ACountryIsOneUnderItsNameAndItsCode) {
  const TempDir dir;
  const auto table = [&](const std::string& text) { return file_with(dir, "t.csv", text); };
  // 70 + 20 of 100 t: named in words, they meet the codes of governance and allies.
  const std::string governance = file_with(dir, "g.csv", "country,governance_risk\nCHN,5\nUSA,2\n");
  const Json json = run_json({table("country,t\nChina,70\nUnited States,20\nOther,10\n"), "--value",
                              "t", "--governance", governance, "--allies", "usa,AUS"});
  const Json& row = json.at("results").items().at(0);
  EXPECT_NEAR(row.at("allied_share").as_number(), 0.2, 1e-12);
  EXPECT_NEAR(row.at("hhi_wgi").as_number(), 0.49 * 5 + 0.04 * 2, 1e-12);
  EXPECT_EQ(row.at("largest").as_string(), "CHN");
  EXPECT_EQ(json.dump().find("supply.unknown_country"), std::string::npos);
  EXPECT_EQ(error_of({table("country,t\nChina,70\nCHN,20\n"), "--value", "t"}, 1),
            "supply.duplicate_country");
  const RunResult twice =
      run_lode({"supply", "risk", table("country,t\nChina,70\nCHN,20\n"), "--value", "t"});
  EXPECT_THAT(twice.err, testing::HasSubstr("t.csv, CHN: the country stands twice"));
  const Json unknown = run_json({table("country,t\nEU,70\nDEU,20\n"), "--value", "t"});
  EXPECT_THAT(unknown.dump(), testing::HasSubstr("supply.unknown_country"));
  EXPECT_EQ(error_of({table("country,t\nCHN,70\n"), "--value", "t", "--allies", "USA,QQQ"}, 2),
            "usage.country");
}

TEST(SupplyRiskCommand, SharesAsATable) {
  const TempDir dir;
  const std::string out = (dir / "shares.csv").string();
  (void)run_json({sample + "production.csv", "--value", "mine_2024_t", "-o", out});
  EXPECT_THAT(slurp(out), testing::HasSubstr("mine_2024_t,CHN,270000,0.68"));
}

}  // namespace
}  // namespace lode::test
