// The command `supply alliance`: the sample's chain, its outputs, and an answer to every bad table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/supply_run.h"

namespace lode::test {
namespace {

const std::string sample = std::string(LODE_SOURCE_DIR) + "/sample_data/us_allied_ree/";

Words command(Words words) {
  words.insert(words.begin(), {"supply", "alliance"});
  return words;
}

Json run_json(const Words& words) {
  return json_of(command(words));
}

std::string error_of(const Words& words, int exit_code) {
  return error_code_of(command(words), exit_code);
}

/// A glove game: the USA has the mine, Japan the magnets and the demand.
struct Small {
  TempDir dir;
  std::string capacities, demand, hauls;
  Small() {
    capacities = file_with(dir, "c.csv",
                           "country,stage,tonnes_per_year,usd_per_kg,recovery_pct\n"
                           "USA,mine,100,10,100\nJapan,magnet,80,20,80\n");
    demand = file_with(dir, "d.csv", "country,year,NdPr_t\nJPN,2030,80\nUSA,2030,0\n");
    hauls = file_with(dir, "h.csv", "from,to,usd_per_kg\nUSA,JPN,1\n");
  }
  [[nodiscard]] Words words(const Words& more = {}) const {
    Words all{capacities,    "--demand",  demand,    "--hauls",         hauls,       "--stages",
              "mine,magnet", "--members", "USA,JPN", "--unmet-default", "100 USD/kg"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

TEST(SupplyAllianceCommand, TwoMembersByHand) {
  const Small small;
  const Json json = run_json(small.words());
  // 80 t of magnets from 100 t of ore: 80 x 20 + 100 x (10 + 1) = 2,700 thousand USD; alone Japan
  // goes without at 8,000. The gain of 5,300 is shared in halves.
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].at("country").as_string(), "JPN");
  EXPECT_NEAR(rows[1].at("cost_alone_usd").as_number(), 8e6, 1e-3);
  EXPECT_NEAR(rows[1].at("pays_shapley_usd").as_number(), 5.35e6, 1e-3);
  EXPECT_NEAR(rows[0].at("pays_shapley_usd").as_number(), -2.65e6, 1e-3);
  EXPECT_NEAR(rows[0].at("spends_usd").as_number(), 1.1e6, 1e-3);
  EXPECT_NEAR(rows[0].at("brings_t").at("mine").as_number(), 100, 1e-9);
  EXPECT_TRUE(rows[0].at("shapley_error_usd").is_null());
  const Json& summary = json.at("summary");
  EXPECT_NEAR(summary.at("gain_usd").as_number(), 5.3e6, 1e-3);
  EXPECT_NEAR(summary.at("gain_t").as_number(), 80, 1e-9);
  EXPECT_TRUE(summary.at("shapley_exact").as_bool());
  EXPECT_TRUE(summary.at("core_stable").as_bool());
  EXPECT_TRUE(summary.at("years").items().at(0).at("weakest_stage").is_null());
  EXPECT_NEAR(summary.at("balance").items().at(0).at("needed_t").as_number(), 100, 1e-9);
  EXPECT_THAT(json.dump(), testing::Not(testing::HasSubstr("\"findings\":[{")));
  // Sampled: the standard error is there, and two orders of two are all there are.
  const Json sampled = run_json(small.words({"--exact-members", "1"}));
  EXPECT_FALSE(sampled.at("summary").at("shapley_exact").as_bool());
  EXPECT_NEAR(sampled.at("results").items().at(1).at("pays_shapley_usd").as_number(), 5.35e6, 1e-3);
  EXPECT_TRUE(sampled.at("summary").at("core_whole").is_null());
  EXPECT_EQ(sampled.at("summary").at("shapley_method").as_string(), "sampled");
  EXPECT_EQ(sampled.at("summary").at("shapley_orders").as_number(), 500);
  EXPECT_NEAR(sampled.at("summary").at("shapley_largest_error_usd").as_number(), 0, 1e-3);
  EXPECT_FALSE(sampled.at("results").items().at(1).at("shapley_error_usd").is_null());
  EXPECT_EQ(summary.at("shapley_method").as_string(), "exact");
  EXPECT_TRUE(summary.at("shapley_orders").is_null());
  EXPECT_TRUE(summary.at("shapley_largest_error_usd").is_null());
}

TEST(SupplyAllianceCommand, TheSampleBreaksAndGainsByActingTogether) {
  const TempDir dir;
  const std::string out = (dir / "a.gpkg").string();
  const Words words{sample + "capacities.csv",
                    "--demand",
                    sample + "member_demand.csv",
                    "--hauls",
                    sample + "hauls.csv",
                    "--members",
                    "MSP_with_EU27",
                    "--alliances",
                    sample + "alliances.csv",
                    "--unmet",
                    "NdPr=300 USD/kg",
                    "--unmet",
                    "DyTb=1000 USD/kg",
                    "--year",
                    "2035",
                    "--exact-members",
                    "4",
                    "--orders",
                    "20"};
  Words writing = words;
  writing.insert(writing.end(), {"-o", out, "--jobs", "1"});
  const Json json = run_json(writing);
  const Json& summary = json.at("summary");
  EXPECT_GT(summary.at("gain_usd").as_number(), 1e9);
  EXPECT_EQ(summary.at("years").size(), 15u);
  EXPECT_EQ(summary.at("balance").size(), 150u);
  EXPECT_EQ(json.at("results").size(), 12u);
  EXPECT_EQ(summary.at("price_year").as_number(), 2024);
  EXPECT_THAT(summary.at("words").as_string(), testing::HasSubstr("The chain breaks at"));
  EXPECT_THAT(summary.at("words").as_string(), testing::HasSubstr("Acting together saves"));
  EXPECT_THAT(json.dump(), testing::HasSubstr("MYS are left out"));
  double paid = 0, cost = 0;
  for (const auto& row : json.at("results").items()) {
    paid += row.at("pays_shapley_usd").as_number();
    cost += row.at("spends_usd").as_number();
  }
  EXPECT_NEAR(paid, cost, 1e-9 * cost);
  for (const auto& row : summary.at("balance").items()) {
    EXPECT_LE(row.at("used_t").as_number(), row.at("capacity_t").as_number() * (1 + 1e-6) + 1e-6);
    EXPECT_EQ(row.at("breaks").as_bool(),
              row.at("capacity_t").as_number() < row.at("needed_t").as_number() * (1 - 1e-9));
  }
  // The same bytes on two threads.
  Words again = words;
  again.insert(again.end(), {"--jobs", "2"});
  Json other = run_json(again);
  EXPECT_EQ(json.at("results").dump(), other.at("results").dump());
  EXPECT_EQ(json.at("summary").dump(), other.at("summary").dump());
}

TEST(SupplyAllianceCommand, SourcesAreTheMines) {
  const Small small;
  const std::string sources = file_with(
      small.dir, "s.csv",
      "id,country,kind,capacity_t_per_year,share_NdPr,opex_usd_per_kg,lead_years,ramp_years\n"
      "U1,USA,primary,500,0.2,2,2,1\nJ1,JPN,secondary,100,0.5,40,0,1\n");
  const std::string capacities =
      file_with(small.dir, "c2.csv",
                "country,stage,tonnes_per_year,usd_per_kg,recovery_pct\nJPN,magnet,80,20,80\n");
  const auto words = [&](const std::string& base) {
    return Words{capacities, "--demand",    small.demand, "--hauls",          small.hauls,
                 "--stages", "mine,magnet", "--members",  "USA,JPN",          "--sources",
                 sources,    "--base-year", base,         "--recycled-stage", "mine"};
  };
  // Decided in 2028 the mine gives its 100 t of NdPr in 2030, and scrap could give 50 t.
  const Json json = run_json(words("2028"));
  const auto& balance = json.at("summary").at("balance").items();
  EXPECT_NEAR(balance.at(0).at("capacity_t").as_number(), 150, 1e-9);
  EXPECT_NEAR(json.at("summary").at("years").items().at(0).at("met_together_t").as_number(), 80,
              1e-9);
  // 100 t of NdPr from 500 t of oxide at 2 USD/kg is 10 a kg, cheaper than scrap's 80.
  EXPECT_NEAR(json.at("summary").at("years").items().at(0).at("cost_together_usd").as_number(),
              (500 * 2 + 100 * 1 + 80 * 20) * 1e3, 1e-2);
  const Json late = run_json(words("2029"));
  EXPECT_NEAR(late.at("summary").at("years").items().at(0).at("met_together_t").as_number(), 40,
              1e-9);
  EXPECT_EQ(late.at("summary").at("base_year").as_number(), 2029);
}

TEST(SupplyAllianceCommand, SourcesMayCostAllThatTheyCost) {
  const Small small;
  const std::string sources =
      file_with(small.dir, "s.csv",
                "id,country,kind,capacity_t_per_year,share_NdPr,opex_usd_per_kg,fixed_usd_per_year,"
                "capex_usd,lead_years,ramp_years,life_years\n"
                "U1,USA,primary,500,0.2,2,500000,10000000,0,1,10\n");
  const std::string capacities =
      file_with(small.dir, "c2.csv",
                "country,stage,tonnes_per_year,usd_per_kg,recovery_pct\nJPN,magnet,80,20,80\n");
  const auto cost = [&](const Words& more) {
    Words words{capacities, "--demand",    small.demand, "--hauls", small.hauls,
                "--stages", "mine,magnet", "--members",  "USA,JPN", "--sources",
                sources,    "--base-year", "2030"};
    words.insert(words.end(), more.begin(), more.end());
    return run_json(words)
        .at("summary")
        .at("years")
        .items()
        .at(0)
        .at("cost_together_usd")
        .as_number();
  };
  // 500 t of oxide at 2 USD/kg, its haul and the magnets; with all cost 1 USD/kg of fixed cost and,
  // at 0 %, a tenth of 20 USD of capex a kg. At 10 % the ten years count as 6.7590238.
  const double running = (500 * 2 + 100 * 1 + 80 * 20) * 1e3;
  EXPECT_NEAR(cost({}), running, 1e-2);
  EXPECT_NEAR(cost({"--source-cost", "levelised", "--discount", "0 %"}), running + 500e3 * 3, 1e-2);
  EXPECT_NEAR(cost({"--source-cost", "levelised", "--discount", "10 %"}),
              running + 500e3 * (1 + 20 / 6.7590238), 0.5);
  EXPECT_EQ(error_of(small.words({"--source-cost", "levelised"}), 2), "usage.sources");
  EXPECT_EQ(error_of(small.words({"--sources", sources, "--discount", "8 %"}), 2), "usage.sources");
}

TEST(SupplyAllianceCommand, DemandWithoutSupplyIsAnAnswer) {
  const Small small;
  Words words = small.words();
  words[6] = "mine,separation,magnet";
  const Json json = run_json(words);
  const Json& year = json.at("summary").at("years").items().at(0);
  EXPECT_EQ(year.at("weakest_stage").as_string(), "separation");
  EXPECT_EQ(year.at("met_together_t").as_number(), 0);
  EXPECT_EQ(json.at("summary").at("balance").items().at(1).at("capacity_t").as_number(), 0);
  EXPECT_TRUE(json.at("summary").at("balance").items().at(1).at("breaks").as_bool());
}

TEST(SupplyAllianceCommand, SaysWhatItLeavesOutAndTakesAsNothing) {
  const Small small;
  const std::string bare = file_with(
      small.dir, "c3.csv",
      "country,stage,metal,tonnes_per_year\nUSA,mine,,100\nJPN,magnet,,80\nJPN,magnet,La,80\n"
      "MYS,magnet,,10\n");
  const std::string demand =
      file_with(small.dir, "d3.csv", "country,year,NdPr_t\nJPN,2030,80\nDEU,2030,5\n");
  const Json json = run_json({bare, "--demand", demand, "--stages", "mine,magnet", "--members",
                              "USA,JPN", "--unmet-default", "100 USD/kg"});
  const std::string text = json.dump();
  for (const char* code :
       {"supply.no_cost", "supply.no_recovery", "supply.not_member", "supply.metal_unused",
        "supply.member_without_demand", "supply.no_hauls", "supply.no_haul"})
    EXPECT_THAT(text, testing::HasSubstr(code));
  EXPECT_EQ(json.at("summary").at("years").items().at(0).at("weakest_stage").as_string(), "hauls");
  // At less than the 33.75 USD/kg that it costs nothing is worth doing.
  const Json dear = run_json(small.words({"--unmet", "NdPr=30 USD/kg"}));
  EXPECT_EQ(dear.at("summary").at("years").items().at(0).at("weakest_stage").as_string(), "price");
  EXPECT_THAT(dear.dump(), testing::HasSubstr("supply.dearer_than_unmet"));
}

TEST(SupplyAllianceCommand, RefusesOptionsThatItCannotMean) {
  const Small small;
  const auto with = [&](const std::string& members) {
    Words words = small.words();
    words[8] = members;
    return words;
  };
  EXPECT_EQ(error_of(with("USA,QQQ"), 2), "usage.country");
  EXPECT_EQ(error_of(with(" , "), 2), "usage.members");
  EXPECT_EQ(error_of(with("USA,JPN,usa"), 2), "usage.members");
  EXPECT_EQ(error_of(with("USA,Japan,JPN"), 2), "usage.members");
  Words words = with("NOSET");
  words.insert(words.end(), {"--alliances", sample + "alliances.csv"});
  EXPECT_EQ(error_of(words, 1), "supply.no_alliance");
  words = small.words();
  words[6] = "mine,mine";
  EXPECT_EQ(error_of(words, 2), "usage.stages");
  EXPECT_EQ(error_of(small.words({"--unmet", "300"}), 2), "usage.unmet");
  EXPECT_EQ(error_of(small.words({"--unmet", "NdPr=300"}), 2), "usage.unmet");
  EXPECT_EQ(error_of(small.words({"--unmet", "NdPr=300 EUR/kg"}), 1), "supply.money");
  EXPECT_EQ(error_of(small.words({"--unmet", "NdPr=-3 USD/kg"}), 2), "usage.unmet");
  EXPECT_EQ(error_of(small.words({"--unmet", "Sm=3 USD/kg"}), 1), "supply.no_metal");
  EXPECT_EQ(error_of(small.words({"--base-year", "2026"}), 2), "usage.sources");
  EXPECT_EQ(error_of(small.words({"--year", "2050"}), 1), "supply.year");
}

TEST(SupplyAllianceCommand, SlipsInColumnsAreSaidOrRefused) {
  const Small small;
  Words words = small.words();
  words[0] =
      file_with(small.dir, "slips.csv",
                "country,stage,tonnes_per_year,usd_per_t,recovry_pct,metl,from_yr,fromscrap\n"
                "USA,mine,100,10,100,NdPr,2020,0\nJapan,magnet,80,20,80,NdPr,2020,0\n");
  const std::string text = run_json(words).dump();
  EXPECT_THAT(text, testing::HasSubstr("supply.column_unused"));
  for (const char* meant : {"usd_per_kg", "recovery_pct", "metal", "from_year", "from_scrap"})
    EXPECT_THAT(text, testing::HasSubstr("is " + std::string(meant) + " meant?"));
  words = small.words();
  words[2] = file_with(small.dir, "kt.csv", "country,year,NdPr_t,DyTb_kt\nJPN,2030,80,1\n");
  EXPECT_EQ(error_of(words, 1), "supply.demand_column");
}

TEST(SupplyAllianceCommand, PricesInTheMoneyOfTheTables) {
  const Small small;
  const std::string euros =
      file_with(small.dir, "e.csv",
                "country,stage,tonnes_per_year,usd_per_kg,recovery_pct,currency\n"
                "USA,mine,100,10,100,EUR\nJapan,magnet,80,20,80,EUR\n");
  const auto with = [&](const Words& more) {
    Words words{euros, "--demand", small.demand, "--stages", "mine,magnet", "--members", "USA,JPN"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  EXPECT_EQ(error_of(with({}), 1), "supply.money");  // 500 USD/kg of what is not met
  EXPECT_EQ(error_of(with({"--unmet", "NdPr=100 USD/kg"}), 1), "supply.money");
  const Words unmet{"--unmet", "NdPr=100 EUR/kg"};
  Words hauled = unmet;
  hauled.insert(hauled.end(), {"--missing-haul", "1 USD/kg"});
  EXPECT_EQ(error_of(with(hauled), 1), "supply.money");
  // Without hauls Japan goes without 80 t at 100 EUR/kg.
  const Json json = run_json(with(unmet));
  EXPECT_EQ(json.at("summary").at("currency").as_string(), "EUR");
  EXPECT_NEAR(json.at("results").items().at(1).at("cost_alone_usd").as_number(), 8e6, 1e-3);
}

TEST(SupplyAllianceCommand, APartOfTheChainLeavesOtherStagesOut) {
  Small small;
  Words words = small.words();
  words[0] = file_with(small.dir, "more.csv",
                       "country,stage,tonnes_per_year,usd_per_kg,recovery_pct\n"
                       "USA,mine,100,10,100\nJPN,magnet,80,20,80\nUSA,metal,1,1,90\n");
  const Json json = run_json(words);
  EXPECT_NEAR(json.at("summary").at("gain_t").as_number(), 80, 1e-9);  // as without the row
  bool said = false;
  for (const auto& finding : json.at("findings").items())
    said = said || finding.at("code").as_string() == "supply.other_stage";
  EXPECT_TRUE(said);
}

TEST(SupplyAllianceCommand, RefusesTablesThatItCannotMean) {
  const Small small;
  const auto capacity = [&](const std::string& text) {
    Words words = small.words();
    words[0] = file_with(small.dir, "bad.csv", text);
    return words;
  };
  const std::string head = "country,stage,tonnes_per_year,usd_per_kg,recovery_pct";
  EXPECT_EQ(error_of(capacity(head + "\nUSA,mine,-1,1,90\n"), 1), "supply.negative");
  EXPECT_EQ(error_of(capacity(head + "\nUSA,mine,,1,90\n"), 1), "supply.negative");
  EXPECT_EQ(error_of(capacity(head + "\nUSA,mine,1e20,1,90\n"), 1), "supply.magnitude");
  EXPECT_EQ(error_of(capacity(head + "\nUSA,magnet,1,1,101\n"), 1), "supply.recovery");
  EXPECT_EQ(error_of(capacity(head + "\nUSA,magnet,1,1,0\n"), 1), "supply.recovery");
  EXPECT_EQ(error_of(capacity(head + "\nUSA,smelter,1,1,90\n"), 1), "supply.no_stage");
  EXPECT_EQ(error_of(capacity(head + "\nUSA,,1,1,90\n"), 1), "supply.no_stage");
  EXPECT_EQ(error_of(capacity(head + "\nQQQ,mine,1,1,90\n"), 1), "supply.unknown_country");
  EXPECT_EQ(error_of(capacity(head + "\n,mine,1,1,90\n"), 1), "supply.no_country");
  EXPECT_EQ(error_of(capacity(head + ",metal\nUSA,mine,1,1,90,NdPrr\n"), 1),
            "supply.unknown_element");
  EXPECT_EQ(error_of(capacity("country,stage\nUSA,mine\n"), 1), "supply.no_column");
  EXPECT_EQ(error_of(capacity(head + "\n"), 1), "io.empty_layer");
  EXPECT_EQ(error_of(capacity(head + ",from_scrap\nUSA,mine,1,1,90,maybe\n"), 1), "supply.kind");
  EXPECT_EQ(error_of(capacity(head + ",from_year,to_year\nUSA,mine,1,1,90,2040,2030\n"), 1),
            "supply.year");
  EXPECT_EQ(error_of(capacity(head + ",currency\nUSA,mine,1,1,90,USD\nJPN,magnet,1,1,90,EUR\n"), 1),
            "supply.mixed_currency");
  EXPECT_EQ(
      error_of(capacity(head + ",price_year\nUSA,mine,1,1,90,2024\nJPN,magnet,1,1,90,2020\n"), 1),
      "supply.mixed_price_year");
  const auto hauls = [&](const std::string& text) {
    Words words = small.words();
    words[4] = file_with(small.dir, "bad.csv", text);
    return words;
  };
  EXPECT_EQ(error_of(hauls("from,to,usd_per_kg\nUSA,JPN,1\nUSA,Japan,2\n"), 1), "supply.haul");
  EXPECT_EQ(error_of(hauls("from,to,usd_per_kg\nUSA,JPN,\n"), 1), "supply.haul");
  EXPECT_EQ(error_of(hauls("from,to,usd_per_kg\nUSA,JPN,-1\n"), 1), "supply.negative");
  EXPECT_EQ(error_of(hauls("from,to,usd_per_kg,stage\nUSA,JPN,1,sea\n"), 1), "supply.no_stage");
  EXPECT_EQ(error_of(hauls("from,to,usd_per_kg,currency\nUSA,JPN,1,EUR\n"), 1), "supply.money");
  const auto demand = [&](const std::string& text) {
    Words words = small.words();
    words[2] = file_with(small.dir, "bad.csv", text);
    return words;
  };
  EXPECT_EQ(error_of(demand("country,year,NdPr_t\nJPN,2030,0\n"), 1), "supply.no_demand");
  EXPECT_EQ(error_of(demand("country,year,NdPr_t\nDEU,2030,5\n"), 1), "supply.no_demand");
  EXPECT_EQ(error_of(demand("country,year,note\nJPN,2030,0\n"), 1), "supply.no_demand");
  EXPECT_EQ(error_of(demand("country,year,NdPr_t\nJPN,2030,-5\n"), 1), "supply.negative");
  EXPECT_EQ(error_of(demand("country,year,NdPr_t\nJPN,2030,5\nJPN,2030,5\n"), 1), "supply.year");
  EXPECT_EQ(error_of(demand("country,year,NdPr_t\nJPN,2030,5\nJPN,2032,5\n"), 1), "supply.year");
  EXPECT_EQ(error_of(demand("country,year,NdPr_t\nJPN,2030,5\nUSA,2031,5\n"), 1), "supply.year");
  EXPECT_EQ(error_of(demand("country,year,NdPr_t,ndpr_t\nJPN,2030,5,5\n"), 1),
            "supply.duplicate_element");
}

/// Sets are priced from one another: after some thousand of them a basis once said that demand
/// which may be left unmet could not be left unmet.
TEST(SupplyAllianceCommand, EverySetOfMembersHasAPlan) {
  const TempDir dir;
  const std::string capacities =
      file_with(dir, "c.csv",
                "country,stage,metal,tonnes_per_year,usd_per_kg,recovery_pct,currency,price_year\n"
                "AUS,mine,DyTb,550.0,12.0,90.0,USD,2026\n"
                "AUS,separation,,1140.0,26.0,75.0,USD,2026\n"
                "CAN,separation,,420.0,24.0,70.0,USD,2026\n"
                "BRA,mine,NdPr,650.0,45.0,100.0,USD,2026\n"
                "BRA,separation,,240.0,8.0,84.0,USD,2026\n"
                "IND,separation,,480.0,25.0,81.0,USD,2026\n");
  const std::string demand = file_with(dir, "d.csv",
                                       "country,year,NdPr_t,DyTb_t\n"
                                       "AUS,2030,0,60\n"
                                       "CAN,2030,0,30\n"
                                       "JPN,2030,200,90\n"
                                       "FRA,2030,300,30\n"
                                       "BRA,2030,200,90\n"
                                       "IND,2030,300,90\n");
  const std::string hauls = file_with(dir, "h.csv",
                                      "from,to,usd_per_kg,currency,price_year\n"
                                      "AUS,BRA,0.35,USD,2026\n"
                                      "AUS,IND,2.89,USD,2026\n"
                                      "CAN,AUS,0.29,USD,2026\n"
                                      "CAN,BRA,1.85,USD,2026\n"
                                      "CAN,IND,1.91,USD,2026\n"
                                      "DEU,BRA,2.57,USD,2026\n"
                                      "DEU,IND,1.89,USD,2026\n"
                                      "FIN,BRA,0.47,USD,2026\n"
                                      "FIN,IND,1.08,USD,2026\n"
                                      "BRA,CAN,0.4,USD,2026\n"
                                      "BRA,IND,1.32,USD,2026\n");
  const std::string sources = file_with(
      dir, "s.csv",
      "id,country,kind,operating,capacity_t_per_year,share_NdPr,share_DyTb,opex_usd_per_kg,fixed_"
      "usd_per_year,capex_usd,lead_years,ramp_years,life_years,currency,price_year\n"
      "q0,DEU,primary,yes,1500.0,0.13,0.04,8.0,4000000.0,110000000.0,0,0,19,USD,2026\n"
      "q1,CAN,primary,no,1500.0,0.22,0.03,8.0,4000000.0,70000000.0,0,2,,USD,2026\n"
      "q2,AUS,primary,no,1400.0,0.15,0.02,10.0,4000000.0,50000000.0,1,0,17,USD,2026\n"
      "q3,FIN,primary,no,600.0,0.25,0.03,10.0,3000000.0,40000000.0,2,2,11,USD,2026\n");
  Words words{capacities,
              "--demand",
              demand,
              "--hauls",
              hauls,
              "--sources",
              sources,
              "--stages",
              "mine,separation",
              "--members",
              "AUS,CAN,JPN,DEU,FRA,GBR,NOR,SWE,FIN,ITA,BRA,IND",
              "--unmet",
              "NdPr=300 USD/kg",
              "--unmet",
              "DyTb=1000 USD/kg",
              "--base-year",
              "2026",
              "--year",
              "2030"};
  const Json exact = run_json(words);
  EXPECT_EQ(exact.at("summary").at("shapley_method").as_string(), "exact");
  // Drawn orders need the plans of other sets, and give what is saved by all as well.
  words.insert(words.end(), {"--exact-members", "2"});
  const Json drawn = run_json(words);
  EXPECT_EQ(drawn.at("summary").at("shapley_method").as_string(), "sampled");
  const double saved = drawn.at("summary").at("gain_usd").as_number();
  EXPECT_GT(saved, 1e8);
  EXPECT_NEAR(exact.at("summary").at("gain_usd").as_number(), saved, 1e-9 * saved);
}

}  // namespace
}  // namespace lode::test
