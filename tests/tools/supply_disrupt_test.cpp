// The command `supply disrupt`: keys of the contract, worked figures, layers, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/tools/supply_run.h"

namespace lode::test {
namespace {

class SupplyDisruptCommand : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    return file_with(dir_, name, text);
  }
  Words words(Words more = {}) {
    Words all{"supply",  "disrupt", sources_,     "--demand", demand_,
              "--today", today_,    "--scenario", scenario_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  TempDir dir_;
  // A operates in the country of today's supply; M gives 300 t from 2029 on.
  std::string sources_ =
      file("sources.csv",
           "id,country,group,kind,capacity_t_per_year,share_NdPr,share_DyTb,opex_usd_per_kg,"
           "fixed_usd_per_year,capex_usd,lead_years,operating,price_year\n"
           "A,China,other,primary,1000,0.5,0.02,20,2000000,,,1,2024\n"
           "M,USA,domestic,primary,500,0.6,0.1,20,0,1000000,2,0,2024\n");
  std::string demand_ =
      file("demand.csv", "year,ndpr_t,dytb_t\n2028,1000,50\n2029,1000,50\n2030,1000,50\n");
  std::string today_ = file("today.csv",
                            "stage,metal,country,share_pct\nmine,NdPr,China,70\nmine,NdPr,AUS,30\n"
                            "mine,DyTb,CHN,100\n");
  std::string scenario_ = file("scenario.toml",
                               "draws = 0\n[[restriction]]\ncountries = [\"CHN\"]\n"
                               "[[stockpile]]\nmetal = \"NdPr\"\ntonnes = 700\n");
  std::string prices_ =
      file("prices.csv", "metal,price_usd_per_kg,year\nNdPr,60,2024\nDyTb,300,2024\n");
  std::string shock_ = "draws = 0\nbase_year = 2027\n[[shock]]\ndepth_pct = 50\nfrom_year = 2029\n";
};

TEST_F(SupplyDisruptCommand, ShortfallsByMetalAndYear) {
  const Json json = json_of(words({"--home", "USA"}));
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 6u);
  const Json& first = rows.at(0);
  EXPECT_EQ(first.at("metal").as_string(), "NdPr");
  EXPECT_EQ(first.at("year").as_number(), 2028);
  EXPECT_NEAR(first.at("shortfall_t").as_number(), 700.0, 1e-9);
  EXPECT_NEAR(first.at("shortfall_p90_t").as_number(), 700.0, 1e-9);
  EXPECT_EQ(first.at("limiting_stage").as_string(), "mine");
  EXPECT_EQ(first.at("shortfall_with_stock_t").as_number(), 0.0);
  const Json& second = rows.at(1);
  EXPECT_NEAR(second.at("shortfall_with_sites_t").as_number(), 400.0, 1e-9);
  EXPECT_NEAR(second.at("shortfall_with_stock_t").as_number(), 400.0, 1e-9);
  EXPECT_NEAR(second.at("sites_t").as_number(), 300.0, 1e-9);
  const Json& heavy = json.at("summary").at("tails").items().at(1);
  EXPECT_EQ(heavy.at("free_from").as_number(), 2029);  // 50 t of it from 2029 on
  EXPECT_NEAR(heavy.at("with_expected_t").as_number(), 50.0, 1e-9);
  const Json& light = json.at("summary").at("tails").items().at(0);
  EXPECT_TRUE(light.at("free_from").is_null());
  EXPECT_NEAR(light.at("bought_by_stock_years").as_number(), 1.0, 1e-9);
  const Json& relief = json.at("summary").at("relief").items().at(0);
  EXPECT_EQ(relief.at("id").as_string(), "M");
  EXPECT_NEAR(relief.at("saved_t").as_number(), 600.0, 1e-9);
  EXPECT_THAT(json.dump(), testing::HasSubstr("supply.counted_today"));
}

/// One that the scenario does not say would shift every start by years, unseen.
TEST_F(SupplyDisruptCommand, YearOfDecisionsIsThatOfTheSettingsUnlessSaid) {
  const std::string scenario =
      file("fall.toml", "draws = 0\n[[shock]]\ndepth_pct = 50\nfrom_year = 2029\n");
  const std::string settings = file("economics.toml", "base_year = 2025\n");
  const auto year = [&](Words more) {
    Words all{"supply", "disrupt", sources_, "--prices", prices_, "--scenario", scenario};
    all.insert(all.end(), more.begin(), more.end());
    return json_of(all).at("summary").at("shocks").items().at(0).at("base_year").as_number();
  };
  EXPECT_EQ(year({"--economics", settings}), 2025);
  EXPECT_EQ(year({"--economics", settings, "--base-year", "2026"}), 2026);
  EXPECT_EQ(year({}), 2028);
}

TEST_F(SupplyDisruptCommand, ChanceFromGovernance) {
  const std::string governance =
      file("governance.csv", "iso3,governance_risk\nCHN,5\nAUS,2\nUSA,3\n");
  const Json json = json_of(words({"--governance", governance, "--draws", "400", "--home",
                                   "United States", "--confidence", "90 %"}));
  EXPECT_EQ(json.at("summary").at("draws").as_number(), 400);
  EXPECT_NEAR(json.at("summary").at("failure_probability").at("CHN").as_number(), 0.05, 1e-15);
  EXPECT_EQ(json.at("summary").at("failure_probability").at("USA").as_number(), 0.0);
  EXPECT_THAT(json.at("summary").at("how").as_string(),
              testing::HasSubstr("value at risk at 90 %"));
  // Australia fails now and then on top of the ban.
  EXPECT_GT(json.at("results").items().at(0).at("shortfall_t").as_number(), 700.0);
  const Json again = json_of(words({"--governance", governance, "--draws", "400", "--home", "USA",
                                    "--confidence", "90 %", "--jobs", "2"}));
  EXPECT_EQ(json.at("results").dump(), again.at("results").dump());
}

TEST_F(SupplyDisruptCommand, PlanInsteadOfTheEarliest) {
  const std::string plan = file("plan.csv", "id,year,tonnes\nM,2028,100\nM,2029,200\nM,2040,9\n");
  const Json json = json_of(words({"--plan", plan}));
  EXPECT_NEAR(json.at("results").items().at(1).at("sites_t").as_number(), 120.0, 1e-9);
  // M can from 2029 on, and 2040 is outside the demand.
  EXPECT_THAT(json.at("findings").dump(),
              testing::AllOf(testing::HasSubstr("supply.plan_years"), testing::HasSubstr("M 2040"),
                             testing::HasSubstr("supply.start_early"),
                             testing::HasSubstr("M in 2028, can from 2029 on")));
  const std::string much = file("much.csv", "id,year,tonnes\nM,2029,99999\n");
  EXPECT_THAT(json_of(words({"--plan", much})).at("findings").dump(),
              testing::HasSubstr("supply.plan_above"));
  EXPECT_EQ(error_code_of(words({"--plan", file("p.csv", "id,year,tonnes\nX,2028,100\n")})),
            "supply.plan");
  EXPECT_EQ(error_code_of(words({"--plan", file("p.csv", "id,year,tonnes\nM,2028,1\nM,2028,1\n")})),
            "supply.plan");
  EXPECT_EQ(error_code_of(words({"--plan", file("p.csv", "id,year,tonnes\nM,2028,-1\n")})),
            "supply.negative");
}

TEST_F(SupplyDisruptCommand, PricesAlone) {
  const std::string scenario =
      file("shock.toml", shock_ +
                             "[[counter]]\nkind = \"floor_price\"\nmetal = \"NdPr\"\n"
                             "usd_per_kg = 38\n[[counter]]\nkind = \"offtake\"\n"
                             "metal = \"NdPr\"\nusd_per_kg = 60\n");
  const Json json =
      json_of({"supply", "disrupt", sources_, "--prices", prices_, "--scenario", scenario});
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows.at(0).at("id").as_string(), "A");
  EXPECT_EQ(rows.at(0).at("stops_in").as_number(), 2029);
  EXPECT_NEAR(rows.at(0).at("cash_break_even_usd_per_kg").as_number(), 32.0, 1e-9);
  EXPECT_NEAR(rows.at(0).at("floor_needed_usd_per_kg").as_number(), 38.0, 1e-9);
  EXPECT_TRUE(rows.at(0).at("probability_of_stopping").is_null());
  const Json& shock = json.at("summary").at("shocks").items().at(0);
  EXPECT_EQ(shock.at("terms").at("depth_pct").as_number(), 50.0);
  EXPECT_EQ(shock.at("counters").size(), 3u);
  // 8 USD/kg on 500 t of A and 300 t of M in three years.
  EXPECT_NEAR(shock.at("counters").items().at(0).at("cost_usd").as_number(), 19200000.0, 0.005);
  EXPECT_EQ(shock.at("counters").items().at(0).at("keeps").items().at(0).as_string(), "A");
  EXPECT_NEAR(shock.at("floor_for_all_usd_per_kg").as_number(), 38.0, 1e-9);
  const RunResult people =
      run_lode({"supply", "disrupt", sources_, "--prices", prices_, "--scenario", scenario});
  EXPECT_THAT(people.out, testing::HasSubstr("Of 2 sources 1 stop"));
  EXPECT_THAT(people.out, testing::HasSubstr("stops 2029, back 2033"));
  EXPECT_THAT(people.out, testing::HasSubstr("floor price NdPr at 38 USD/kg"));
  EXPECT_THAT(people.out,
              testing::HasSubstr("that keeps them all: 38.00 USD/kg, at a cost of 19.20"));
}

TEST_F(SupplyDisruptCommand, ComingBackCostsItsShareOfTheCapex) {
  sources_ = file("s.csv",
                  "id,country,capacity_t_per_year,share_NdPr,share_DyTb,opex_usd_per_kg,"
                  "fixed_usd_per_year,capex_usd,operating\n"
                  "A,China,1000,0.5,0.02,20,2000000,100000000,1\nB,USA,1000,0.5,0.02,1,0,,1\n");
  const std::string scenario = file("s.toml", shock_ + "[stopping]\nrestart_capex_pct = 5\n");
  const Json json =
      json_of({"supply", "disrupt", sources_, "--prices", prices_, "--scenario", scenario});
  const auto& rows = json.at("results").items();
  EXPECT_NEAR(rows.at(0).at("restart_usd").as_number(), 5e6, 1e-6);
  EXPECT_TRUE(rows.at(1).at("restart_usd").is_null());  // goes on
}

TEST_F(SupplyDisruptCommand, BothAndTheirLayers) {
  const std::string scenario = file("both.toml", shock_ + R"(years = 1
[[restriction]]
countries = "CHN"
[[counter]]
kind = "stockpile"
metal = "NdPr"
usd_per_kg = 40
)");
  const std::string out = (dir_ / "out.gpkg").string();
  const Json json = json_of({"supply", "disrupt", sources_, "--demand", demand_, "--today", today_,
                             "--prices", prices_, "--scenario", scenario, "-o", out});
  EXPECT_EQ(json.at("results").size(), 6u);
  EXPECT_EQ(json.at("summary").at("shocks").size(), 1u);
  for (const char* layer : {"shortfall", "tails", "shocked_sources", "counters"}) {
    const RunResult read = run_lode({"inspect", out + ":" + layer, "--json"});
    EXPECT_EQ(read.exit_code, 0) << layer << read.out;
  }
}

TEST_F(SupplyDisruptCommand, RefusesWhatItCannotMean) {
  EXPECT_EQ(error_code_of({"supply", "disrupt", sources_, "--scenario", scenario_}, 2),
            "usage.disrupt");
  EXPECT_EQ(error_code_of(
                {"supply", "disrupt", sources_, "--scenario", scenario_, "--demand", demand_}, 2),
            "usage.disrupt");
  EXPECT_EQ(
      error_code_of({"supply", "disrupt", sources_, "--scenario", scenario_, "--today", today_}, 2),
      "usage.disrupt");
  EXPECT_EQ(error_code_of(words({"--economics", scenario_}), 2), "usage.disrupt");
  EXPECT_EQ(error_code_of(words({"--governance-value", "x"}), 2), "usage.disrupt");
  EXPECT_EQ(error_code_of(words({"--home", "Atlantis"}), 2), "usage.country");
  EXPECT_EQ(error_code_of(words({"--prices", prices_})), "supply.no_shock");
  const auto with_today = [&](const std::string& text) {
    today_ = file("t.csv", text);
    return error_code_of(words());
  };
  EXPECT_EQ(with_today("stage,metal,country,share_pct\nmine,NdPr,CHN,70\nmine,NdPr,AUS,50\n"),
            "supply.shares_over_one");
  EXPECT_EQ(with_today("stage,metal,country,share\nmine,NdPr,CHN,70\n"), "supply.shares_over_one");
  EXPECT_EQ(with_today("stage,metal,country,share\nmine,NdPr,CHN,-0.7\n"), "supply.negative");
  EXPECT_EQ(with_today("stage,metal,country,share\nmine,NdPr,CHN,\n"), "supply.no_share");
  EXPECT_EQ(with_today("stage,metal,country,share\nmine,NdPr,,0.5\n"), "supply.no_country");
  EXPECT_EQ(with_today("stage,metal,country,share\n,NdPr,CHN,0.5\n"), "supply.no_stage");
  EXPECT_EQ(with_today("stage,metal,country\nmine,NdPr,CHN\n"), "supply.no_column");
  EXPECT_EQ(with_today("stage,metal,country,share\nmine,Gold,CHN,0.5\n"), "supply.unknown_element");
  EXPECT_EQ(with_today("stage,metal,country,share\nmine,NdPr,CHN,0.5\nmine,NdPr,China,0.1\n"),
            "supply.duplicate_country");
}

TEST_F(SupplyDisruptCommand, RefusesScenariosThatCannotBe) {
  const auto with = [&](const std::string& text) {
    scenario_ = file("s.toml", text);
    return error_code_of(words());
  };
  EXPECT_EQ(with("draws = "), "scenario.syntax");
  EXPECT_EQ(with("drawz = 5"), "scenario.invalid");
  EXPECT_EQ(with("[[restriction]]\ncountries = \"CHN\"\nfrom_year = 2030\nto_year = 2028\n"),
            "scenario.invalid");
  EXPECT_EQ(with("[[restriction]]\ncountries = \"Atlantis\"\n"), "scenario.country");
  EXPECT_EQ(with("[[restriction]]\ncountries = \"CHN\"\nmetals = \"Gd\"\n"), "supply.no_metal");
  EXPECT_EQ(with("[[stockpile]]\nmetal = \"NdPr\"\ntonnes = -1\n"), "scenario.invalid");
  EXPECT_EQ(with("[probability]\nCHN = 2\n"), "scenario.invalid");
  EXPECT_EQ(with("base_year = 2040\n"), "supply.base_year");
  const auto shocked = [&](const std::string& text) {
    scenario_ = file("s.toml", text);
    return error_code_of(words({"--prices", prices_}));
  };
  EXPECT_EQ(shocked("draws = 0\n[[shock]]\nfrom_year = 2050\n"), "supply.shock");
  EXPECT_EQ(shocked("draws = 0\n[[shock]]\nfrom_year = 2029\nmetals = \"Gd\"\n"),
            "supply.no_metal");
  EXPECT_EQ(shocked("draws = 0\n[[shock]]\nfrom_year = 2029\n[[counter]]\nkind = \"offtake\"\n"
                    "metal = \"NdPr\"\nusd_per_kg = 0\n"),
            "supply.counter");
  prices_ = file("p.csv", "metal,price_usd_per_kg\nNdPr,60\n");
  EXPECT_EQ(shocked("draws = 0\n[[shock]]\nfrom_year = 2029\n"), "supply.no_price");
  prices_ = file("p.csv", "metal,price_usd_per_kg,price_year\nNdPr,60,2020\nDyTb,300,2020\n");
  EXPECT_EQ(shocked("draws = 0\n[[shock]]\nfrom_year = 2029\n"), "supply.money");
  // Warnings, and a result.
  scenario_ = file("s.toml", shock_ + "[[restriction]]\ncountries = \"MMR\"\n");
  const Json json = json_of(words());
  EXPECT_THAT(json.dump(), testing::HasSubstr("supply.no_effect"));
  EXPECT_THAT(json.dump(), testing::HasSubstr("supply.no_prices"));
  scenario_ = file("s.toml", "draws = 0\n[[restriction]]\ncountries = \"CHN\"\nkept_pct = 0.5\n");
  EXPECT_THAT(json_of(words()).at("findings").dump(),
              testing::HasSubstr("supply.looks_like_fraction"));
}

}  // namespace
}  // namespace lode::test
