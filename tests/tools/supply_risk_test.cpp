// The command `supply risk`: keys and worked figures of the contract, rules for odd rows, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/tools/supply_run.h"

namespace lode::test {
namespace {

const std::string sample = std::string(LODE_SOURCE_DIR) + "/sample_data/us_allied_ree/";

Words command(Words words) {
  words.insert(words.begin(), {"supply", "risk"});
  return words;
}

Json run_json(const Words& words) {
  return json_of(command(words));
}

std::string error_of(const Words& words, int exit_code) {
  return error_code_of(command(words), exit_code);
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
  EXPECT_EQ(
      error_of({table("country,t\nA,10\n"), "--value", "t", "--trade",
                file_with(dir, "b.csv", "production_t,imports_t\n1,2\n"), "--trade-period", "2024"},
               1),
      "supply.trade_period");
  EXPECT_EQ(error_of({table("country,t\nA,10\n"), "--value", "t", "--territories",
                      file_with(dir, "p.csv", "territory_iso3,parent_iso3\nGRL,DNK\nDNK,GRL\n")},
                     1),
            "supply.territory");
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
  EXPECT_THAT(twice.err, testing::HasSubstr("t.csv, line 3, CHN: the country stands twice"));
  const Json unknown = run_json({table("country,t\nEU,70\nDEU,20\n"), "--value", "t"});
  EXPECT_THAT(unknown.dump(), testing::HasSubstr("supply.unknown_country"));
  EXPECT_EQ(error_of({table("country,t\nCHN,70\n"), "--value", "t", "--allies", "USA,QQQ"}, 2),
            "usage.country");
}

TEST(SupplyRiskCommand, PerElementFromCompositionsOfTheSampleData) {
  const Json json = run_json({sample + "production.csv", "--value", "mine_2024_t", "--composition",
                              sample + "compositions.csv", "--elements", "Nd,Dy,NdPr",
                              "--stage-table", sample + "stages.csv", "--table-stage", "mine"});
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 11u);  // TREO and three of it, and seven of the table of stages
  EXPECT_TRUE(rows.at(0).at("element").is_null());
  EXPECT_EQ(rows.at(1).at("element").as_string(), "Nd");
  EXPECT_EQ(rows.at(1).at("stage").as_string(), "mine");
  EXPECT_EQ(rows.at(1).at("oxide_basis").as_string(), "trade");
  EXPECT_NEAR(rows.at(1).at("composition_covered").as_number(), 379400.0 / 393950, 1e-12);
  EXPECT_GT(rows.at(2).at("share_by_country").at("MMR").as_number(), 0.3);  // Dy of the clays
  EXPECT_EQ(rows.at(3).at("element").as_string(), "NdPr");
  const auto& worst = json.at("summary").at("worst_stages").items();
  ASSERT_GE(worst.size(), 3u);  // all oxide, Nd, Dy
  EXPECT_EQ(worst.at(0).at("element").as_string(), "TREO");
  EXPECT_EQ(worst.at(2).at("element").as_string(), "Dy");
  EXPECT_EQ(worst.at(2).at("worst_stage").as_string(), "separation");
  EXPECT_EQ(worst.at(2).at("by").as_string(), "hhi");
  EXPECT_EQ(json.at("summary").at("no_composition").as_string(), "exclude");
  EXPECT_THAT(json.dump(), testing::HasSubstr("supply.composition_scaled"));
}

TEST(SupplyRiskCommand, TradeAsSeriesInRows) {
  const TempDir dir;
  const std::string trade =
      file_with(dir, "t.csv",
                "series,2023,2024e\nproduction_ore_t,41600,45000\nproduction_compounds_t,250,1300\n"
                "imports_a_t,8920,8000\nimports_b_t,259,220\napparent_consumption_t,10100,6600\n"
                "net_import_reliance_pct,>95,80\n");
  const std::string table = file_with(dir, "p.csv", "country,t\nCHN,70\nUSA,30\n");
  Words words{table,
              "--value",
              "t",
              "--trade",
              trade,
              "--trade-series",
              "production=production_compounds_t",
              "--trade-series",
              "imports=imports_a_t+imports_b_t"};
  const Json now = run_json(words);
  const Json& row = now.at("results").items().at(0);
  EXPECT_NEAR(row.at("import_reliance").as_number(), 5300.0 / 6600, 1e-12);
  EXPECT_EQ(row.at("import_reliance_printed").as_number(), 0.8);
  words.insert(words.end(), {"--trade-period", "2023"});
  const Json before = run_json(words);
  EXPECT_EQ(before.at("results").items().at(0).at("import_reliance_printed").as_number(), 0.95);
  EXPECT_THAT(before.dump(), testing::HasSubstr("supply.inexact_figure"));
  EXPECT_EQ(error_of({table, "--value", "t", "--trade", trade}, 1), "supply.series");
  EXPECT_EQ(error_of({table, "--value", "t", "--trade", trade, "--trade-series", "made=x"}, 1),
            "supply.series");
  EXPECT_EQ(error_of({table, "--value", "t", "--trade-period", "2023"}, 2), "usage.series");
  EXPECT_EQ(error_of({table, "--value", "t", "--trade", trade, "--trade-series", "production"}, 2),
            "usage.series");
  // The printed figure alone, with what it leaves open.
  const Json printed =
      run_json({table, "--value", "t", "--reliance-printed", "> 95", "--inexact", "middle"});
  const Json& only = printed.at("results").items().at(0);
  EXPECT_NEAR(only.at("import_reliance").as_number(), 0.975, 1e-12);
  EXPECT_NEAR(only.at("import_reliance_low").as_number(), 0.95, 1e-12);
  EXPECT_NEAR(only.at("import_reliance_high").as_number(), 1.0, 1e-12);
}

TEST(SupplyRiskCommand, TradeByElementAndStageInItsOwnUnit) {
  const TempDir dir;
  const std::string table = file_with(
      dir, "p.csv", "element,stage,country,t\nNd,mine,CHN,7\nNd,mine,USA,3\nDy,mine,CHN,9\n");
  const std::string trade =
      file_with(dir, "t.csv", "element,stage,production_kt,apparent_consumption_kt\nNd,mine,1,4\n");
  const Json json = run_json(
      {table, "--value", "t", "--element", "element", "--stage", "stage", "--trade", trade});
  EXPECT_EQ(json.at("results").items().at(0).at("import_reliance").as_number(), 0.75);
  EXPECT_TRUE(json.at("results").items().at(1).at("import_reliance").is_null());
  EXPECT_EQ(error_of({table, "--value", "t", "--element", "element", "--stage", "stage", "--trade",
                      file_with(dir, "u.csv", "element,foo\nNd,1\n")},
                     1),
            "supply.no_column");
}

TEST(SupplyRiskCommand, GovernanceInTheWorldBanksLongForm) {
  const TempDir dir;
  const std::string table = file_with(dir, "p.csv", "country,t\nCHN,50\nUSA,50\n");
  const std::string wgi = file_with(
      dir, "w.csv",
      "Code,Year,Estimate,Indicator\nCHN,2018,-1,Law\nCHN,2018,0,Voice\nCHN,2019,-0.5,Law\n"
      "CHN,2019,-1.5,Voice\nUSA,2019,1,Law\nUSA,2018,1,Law\nUSA,2018,2,Voice\n");
  // 2019: China -1, risk 7; the USA lacks an indicator and is left out.
  const Json latest = run_json({table, "--value", "t", "--governance", wgi});
  EXPECT_NEAR(latest.at("results").items().at(0).at("hhi_wgi").as_number(), 0.25 * 7, 1e-12);
  EXPECT_THAT(latest.dump(), testing::HasSubstr("supply.governance_incomplete"));
  EXPECT_EQ(latest.at("summary").at("governance").as_string(), "year 2019, mean of 2 indicators");
  const Json older = run_json({table, "--value", "t", "--governance", wgi, "--governance-year",
                               "2018", "--governance-indicator", "law"});
  EXPECT_NEAR(older.at("results").items().at(0).at("hhi_wgi").as_number(), 0.25 * (7 + 3), 1e-12);
  const Json beyond = run_json({table, "--value", "t", "--governance",
                                file_with(dir, "b.csv", "country,wgi\nCHN,-3.2\nUSA,1\n")});
  EXPECT_NEAR(beyond.at("results").items().at(0).at("hhi_wgi").as_number(), 0.25 * 13, 1e-12);
  EXPECT_THAT(beyond.dump(), testing::HasSubstr("supply.governance_clipped"));
  EXPECT_EQ(error_of({table, "--value", "t", "--governance",
                      file_with(dir, "b.csv", "country,wgi\nCHN,-32\nUSA,1\n")},
                     1),
            "supply.governance_range");
  EXPECT_EQ(error_of({table, "--value", "t", "--governance", wgi, "--governance-year", "1990"}, 1),
            "supply.governance_year");
  EXPECT_EQ(
      error_of({table, "--value", "t", "--governance", wgi, "--governance-indicator", "Luck"}, 1),
      "supply.governance_indicator");
}

TEST(SupplyRiskCommand, RulesAreStated) {
  const TempDir dir;
  const std::string table =
      file_with(dir, "p.csv", "country,t,kind\nCHN,100,quota\nUSA,80,\nMMR,NA,\n");
  const Json json =
      run_json({table, "--value", "t", "--kind", "kind", "--undocumented", "CHN=20 %"});
  const Json& row = json.at("results").items().at(0);
  EXPECT_NEAR(row.at("hhi").as_number(), 0.52, 1e-12);  // 120 and 80 t
  EXPECT_THAT(row.at("how").as_string(), testing::HasSubstr("quota of CHN counted as output"));
  EXPECT_THAT(row.at("how").as_string(), testing::HasSubstr("20 % of undocumented output"));
  EXPECT_THAT(json.dump(), testing::HasSubstr("supply.quota"));
  const Json without =
      run_json({table, "--value", "t", "--quota-countries", "CHN", "--quota", "exclude"});
  EXPECT_EQ(without.at("results").items().at(0).at("hhi").as_number(), 1);
  EXPECT_THAT(without.dump(), testing::HasSubstr("a quota is no output and was left out: CHN"));
  EXPECT_EQ(error_of({table, "--value", "t", "--not-available", "refuse"}, 1),
            "supply.not_available");
  EXPECT_EQ(error_of({file_with(dir, "q.csv", "country,t\nA,> 95\nB,5\n"), "--value", "t",
                      "--inexact", "refuse"},
                     1),
            "supply.inexact");
  EXPECT_EQ(error_of({table, "--value", "t", "--undocumented", "CHN"}, 2), "usage.undocumented");
  EXPECT_EQ(
      error_of(
          {table, "--value", "t", "--undocumented", "CHN=20 %", "--undocumented", "China=30 %"}, 2),
      "usage.undocumented");
  EXPECT_EQ(error_of({table, "--value", "t", "--value", "t"}, 2), "usage.value");
  EXPECT_EQ(error_of({table, "--value", "t", "--merge-territories"}, 2), "usage.territories");
  EXPECT_EQ(error_of({table, "--value", "t", "--elements", "Nd"}, 2), "usage.composition");
  EXPECT_EQ(
      error_of({table, "--value", "t", "--stage-table", "mine=" + table, "--table-stage", "mine"},
               1),
      "supply.duplicate_stage");
}

TEST(SupplyRiskCommand, GluedFootnotesAreReadOffTheTotal) {
  const TempDir dir;
  const std::string table =
      file_with(dir, "m.csv",
                "country,t\nAUS,\"1216,000\"\nCHN,\"14255,000\"\nUSA,41600\nMMR,\"1243,000\"\n"
                "World total,355600\n");
  const RunResult run = run_lode({"supply", "risk", table, "--value", "t"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, testing::HasSubstr("'1216,000' is likely 16000"));
  EXPECT_THAT(run.err, testing::HasSubstr("'14255,000' is likely 255000"));
  EXPECT_THAT(run.err, testing::HasSubstr("'1243,000' is likely 43000"));
}

TEST(SupplyRiskCommand, UsesFactorsAndPrices) {
  const TempDir dir;
  const std::string table = file_with(dir, "p.csv", "element,country,t\nNd,CHN,70\nNd,USA,30\n");
  const std::string uses =
      file_with(dir, "u.csv",
                "element,use,share,value_added,substitute,substitute_share,sp,scr,sco,scp\n"
                "Nd,magnets,0.6,5,ferrite,0.5,0.8,0.8,1,0.7\nNd,other,0.4,2,,,,,,\n");
  const std::string governance = file_with(dir, "g.csv", "country,governance_risk\nCHN,5\nUSA,3\n");
  const std::string imports = file_with(dir, "i.csv", "country,share_pct\nCHN,100\n");
  const std::string prices = file_with(dir, "x.csv", "oxide,price_usd_per_kg\nNd2O3,56\n");
  const std::string willing =
      file_with(dir, "w.csv", "iso3,ability,willingness\nCHN,0.2,0.8\nUSA,0.1,0.1\n");
  const Json json = run_json({table,      "--value",         "t",     "--element",
                              "element",  "--uses",          uses,    "--governance",
                              governance, "--imports",       imports, "--domestic",
                              "20 t",     "--imports-total", "80 t",  "--apparent-consumption",
                              "100 t",    "--prices",        prices,  "--willingness",
                              willing,    "--home",          "USA",   "--vulnerability",
                              "0.2",      "--allies",        "USA"});
  const Json& row = json.at("results").items().at(0);
  EXPECT_NEAR(row.at("substitution").as_number(), 0.958532162803826, 1e-12);
  EXPECT_NEAR(row.at("economic_importance").as_number(), 3.458, 1e-12);
  // (.49 x 5 + .09 x 3) x .4 + 5 x .6
  EXPECT_NEAR(row.at("eu_supply_risk").as_number(), 4.088 * 0.958532162803826, 1e-12);
  EXPECT_TRUE(row.at("eu_critical").as_bool());
  EXPECT_EQ(row.at("eu_critical_by").as_string(), "supply risk and economic importance");
  EXPECT_NEAR(row.at("geopolrisk_factor").as_number(), 0.58 * 0.4 * 56 / 0.409412948, 1e-10);
  EXPECT_NEAR(row.at("usgs_supply_risk").as_number(), std::cbrt(0.49 * 0.8 * 0.8 * 0.2), 1e-12);
  EXPECT_NEAR(row.at("home_share").as_number(), 0.3, 1e-12);
  EXPECT_NEAR(row.at("allied_without_home").as_number(), 0.0, 1e-12);
  EXPECT_EQ(error_of({table, "--value", "t", "--element", "element", "--uses",
                      file_with(dir, "v.csv", "use,share\nmagnets,0.6\nmagnets,0.4\n")},
                     1),
            "supply.use");
  const Json part = run_json({table, "--value", "t", "--element", "element", "--uses",
                              file_with(dir, "v.csv", "use,share\nmagnets,0.6\n")});
  EXPECT_THAT(part.dump(), testing::HasSubstr("supply.uses_incomplete"));
}

TEST(SupplyRiskCommand, AllianceSetsAreDatedAndMayHoldBlocs) {
  const TempDir dir;
  const std::string table = file_with(dir, "p.csv", "country,t\nCHN,50\nUSA,20\nFRA,20\nGRL,10\n");
  const std::string sets = file_with(
      dir, "a.csv",
      "group,iso3,valid_as_of\nMSP,USA,2024\nMSP,EU,2024\nEU27,FRA,2020\nEU27,DNK,2020\n");
  const std::string territories = file_with(dir, "t.csv", "territory_iso3,parent_iso3\nGRL,DNK\n");
  const Json json = run_json({table, "--value", "t", "--allies", "MSP,EU27", "--alliances", sets,
                              "--as-of", "2024-06-01", "--territories", territories});
  const Json& row = json.at("results").items().at(0);
  EXPECT_NEAR(row.at("allied_share").as_number(), 0.5, 1e-12);
  EXPECT_NEAR(row.at("share_by_alliance").at("MSP").as_number(), 0.5, 1e-12);  // the EU in it
  EXPECT_NEAR(row.at("share_by_alliance").at("EU27").as_number(), 0.3, 1e-12);
  EXPECT_THAT(json.dump(), testing::HasSubstr("supply.alliance_date"));
  EXPECT_EQ(json.at("summary").at("alliance_dates").at("EU27").as_string(), "2020");
  const Json merged =
      run_json({table, "--value", "t", "--territories", territories, "--merge-territories"});
  EXPECT_NEAR(merged.at("results").items().at(0).at("share_by_country").at("DNK").as_number(), 0.1,
              1e-12);
}

TEST(SupplyRiskCommand, SharesAsATable) {
  const TempDir dir;
  const std::string out = (dir / "shares.csv").string();
  (void)run_json({sample + "production.csv", "--value", "mine_2024_t", "-o", out});
  EXPECT_THAT(slurp(out), testing::HasSubstr("mine_2024_t,CHN,270000,0.68"));
}

}  // namespace
}  // namespace lode::test
