// The command `supply curve`: keys, price lines, stocks beside mines, tables it writes, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/tools/supply_run.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

const std::string sample = std::string(LODE_SOURCE_DIR) + "/sample_data/us_allied_ree";

const std::string source_columns =
    "id,name,country,group,capacity_t_per_year,share_NdPr,share_DyTb_pct,opex_usd_per_kg,"
    "opex_low_usd_per_kg,opex_high_usd_per_kg,operating,life_years,kind,feedstock_t_per_year\n";
const std::string stock_columns =
    "id,product,country,year,sold_t,oxide_content_pct,share_NdPr,share_DyTb,lifetime,mean_years,"
    "spread,collection_pct,dismantling_pct,recovery_pct,growth_pct,start,opex_usd_per_kg,capex_usd"
    "\n";
const std::string stock_row =
    "D1,drives,United States,2020,1000,40,0.9,0.1,fixed,5,,50,80,90,0,,18,0\n";

/// Two mines without capex: 12/0.2 = 60 and 10/0.25 = 40 USD/kg.
struct Inputs {
  TempDir dir;
  std::string sources =
      file_with(dir, "s.csv",
                source_columns + "B,Bee,Australia,allied,1000,0.2,0,12,,,1,20,,\n" +
                    "A,Ant,United States,domestic,500,0.25,0,10,8,12,1,20,,\n" +
                    "N,None,Canada,allied,500,0,1,10,8,12,1,20,,\n");
  std::string prices = file_with(
      dir, "p.csv",
      "metal,price_usd_per_kg,low_usd_per_kg,high_usd_per_kg,price_year\nNdPr,60,50,130,2024\n"
      "DyTb,300,,,2024\n");
  [[nodiscard]] std::string stocks(const std::string& rows = stock_row) const {
    return file_with(dir, "k.csv", stock_columns + rows);
  }
  [[nodiscard]] Words words(const Words& more = {}) const {
    Words all{"supply", "curve", sources, "--prices", prices};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

TEST(SupplyCurveCommand, CheapestFirstWithPriceLinesOfTheTable) {
  const Inputs inputs;
  const Json json = json_of(inputs.words({"--draws", "4000", "--grid", "5"}));
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("id").as_string(), "A");
  EXPECT_EQ(rows[0].at("country").as_string(), "USA");
  EXPECT_NEAR(rows[0].at("usd_per_kg").as_number(), 40.0, 1e-9);
  EXPECT_NEAR(rows[0].at("p10_usd_per_kg").as_number(), 32.0, 0.4);
  EXPECT_NEAR(rows[0].at("p90_usd_per_kg").as_number(), 48.0, 0.4);
  EXPECT_NEAR(rows[0].at("cash_usd_per_kg").as_number(), 40.0, 1e-9);
  EXPECT_NEAR(rows[0].at("t_per_year").as_number(), 125.0, 1e-9);
  EXPECT_NEAR(rows[1].at("from_t").as_number(), 125.0, 1e-9);
  EXPECT_NEAR(rows[1].at("cumulated_t").as_number(), 325.0, 1e-9);
  const Json& summary = json.at("summary");
  EXPECT_EQ(summary.at("metal").as_string(), "NdPr");
  EXPECT_EQ(summary.at("price_year").as_number(), 2024);
  EXPECT_TRUE(summary.at("year").is_null());
  const auto& lines = summary.at("lines").items();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].at("name").as_string(), "low price");
  EXPECT_EQ(lines[0].at("sources").as_number(), 1);
  EXPECT_NEAR(lines[0].at("t_per_year").as_number(), 125.0, 1e-9);
  EXPECT_EQ(lines[2].at("sources").as_number(), 2);
  ASSERT_EQ(summary.at("bands").size(), 5u);
  EXPECT_NEAR(summary.at("bands").items()[4].at("p50_usd_per_kg").as_number(), 60.0, 1e-9);
  EXPECT_EQ(summary.at("left_out").items().at(0).as_string(), "N: none of the metal");
  EXPECT_EQ(summary.at("recycling").size(), 0u);
}

TEST(SupplyCurveCommand, LinesAsAskedFor) {
  const Inputs inputs;
  const Json json = json_of(inputs.words(
      {"--draws", "0", "--price-line", "floor = 50 USD/kg", "--price-line", "t=39000 USD/t"}));
  const auto& lines = json.at("summary").at("lines").items();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].at("name").as_string(), "floor");
  EXPECT_EQ(lines[0].at("usd_per_kg").as_number(), 50.0);
  EXPECT_EQ(lines[0].at("sources").as_number(), 1);
  EXPECT_TRUE(lines[0].at("p10_t_per_year").is_null());
  EXPECT_NEAR(lines[1].at("usd_per_kg").as_number(), 39.0, 1e-12);
  EXPECT_EQ(lines[1].at("sources").as_number(), 0);
  EXPECT_EQ(json.at("summary").at("bands").size(), 0u);
}

TEST(SupplyCurveCommand, RecyclersStandBesideMines) {
  const Inputs inputs;
  // 1000 t x 40 % oxide retire whole after 5 years; 50 % x 80 % x 90 % of it are recovered.
  const Json json =
      json_of(inputs.words({"--draws", "0", "--stocks", inputs.stocks(), "--base-year", "2024",
                            "--from-year", "2024", "--to-year", "2026"}));
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 3u);
  // 18 USD/kg of oxide, less a tenth of it at 300, over nine tenths.
  EXPECT_EQ(rows[0].at("id").as_string(), "D1");
  EXPECT_EQ(rows[0].at("country").as_string(), "USA");
  EXPECT_EQ(rows[0].at("kind").as_string(), "secondary");
  EXPECT_NEAR(rows[0].at("usd_per_kg").as_number(), (18.0 - 30.0) / 0.9, 1e-9);
  EXPECT_NEAR(rows[0].at("t_per_year").as_number(), 144.0 * 0.9, 1e-9);
  EXPECT_THAT(json.dump(), HasSubstr("supply.cost_below_zero"));
  const auto& flow = json.at("summary").at("recycling").items().at(0);
  EXPECT_EQ(flow.at("id").as_string(), "D1");
  EXPECT_EQ(flow.at("years").size(), 3u);
  EXPECT_NEAR(flow.at("retired_t").items()[0].as_number(), 0.0, 1e-12);
  EXPECT_NEAR(flow.at("retired_t").items()[1].as_number(), 400.0, 1e-9);
  EXPECT_NEAR(flow.at("recovered_t").items()[1].as_number(), 144.0, 1e-9);
  EXPECT_TRUE(flow.at("low_recovered_t").items()[1].is_null());
  EXPECT_NEAR(flow.at("in_use_t").items()[1].as_number(), 2000.0, 1e-9);
  EXPECT_NEAR(flow.at("recycling_rate").as_number(), 0.36, 1e-12);
  // Nothing is scrapped in 2024, so there is no recycling then.
  const Json then =
      json_of(inputs.words({"--draws", "0", "--stocks", inputs.stocks(), "--base-year", "2024",
                            "--year", "2024", "--to-year", "2026"}));
  EXPECT_EQ(then.at("results").size(), 2u);
  EXPECT_THAT(then.at("summary").at("left_out").dump(), HasSubstr("D1: makes nothing"));
}

TEST(SupplyCurveCommand, WritesItsTables) {
  const Inputs inputs;
  const std::string out = (inputs.dir / "curve.csv").string(),
                    bands = (inputs.dir / "bands.csv").string(),
                    flows = (inputs.dir / "flows.csv").string(),
                    all = (inputs.dir / "all.gpkg").string();
  (void)json_of(inputs.words({"--draws", "50", "--grid", "4", "--stocks", inputs.stocks(), "-o",
                              out, "--bands", bands, "--recycling", flows}));
  EXPECT_THAT(slurp(out), HasSubstr("id,name,country,group,kind,metal,p10_usd_per_kg,usd_per_kg,"
                                    "p90_usd_per_kg,cash_usd_per_kg"));
  EXPECT_THAT(slurp(out), HasSubstr("\nD1,drives,USA,,secondary,NdPr,"));
  EXPECT_THAT(slurp(bands),
              HasSubstr("cumulated_t,p10_usd_per_kg,p50_usd_per_kg,p90_usd_per_kg\n"));
  EXPECT_THAT(slurp(flows), HasSubstr("id,year,sold_t,retired_t,collected_t,dismantled_t,"));
  EXPECT_THAT(slurp(flows), HasSubstr("\nD1,2025,400,400,200,160,"));
  (void)json_of(inputs.words({"--draws", "50", "--stocks", inputs.stocks(), "-o", all}));
  for (const char* layer : {"curve", "bands", "recycling"})
    EXPECT_EQ(run_lode({"inspect", all + ":" + layer, "--json"}).exit_code, 0) << layer;
}

TEST(SupplyCurveCommand, SameBytesForAnyJobs) {
  const Inputs inputs;
  const Words words = inputs.words({"--draws", "700", "--stocks", inputs.stocks()});
  Words one = words, two = words;
  one.insert(one.end(), {"--jobs", "1"});
  two.insert(two.end(), {"--jobs", "2"});
  const Json a = json_of(one), b = json_of(two);
  EXPECT_EQ(a.at("results").dump(), b.at("results").dump());
  EXPECT_EQ(a.at("summary").dump(), b.at("summary").dump());
}

TEST(SupplyCurveCommand, Refusals) {
  const Inputs inputs;
  const auto refused = [&](const Words& more) { return error_code_of(inputs.words(more)); };
  EXPECT_EQ(refused({"--price-line", "56 USD/kg"}), "usage.price_line");
  EXPECT_EQ(refused({"--price-line", "=56 USD/kg"}), "usage.price_line");
  EXPECT_EQ(refused({"--price-line", "a=56"}), "usage.price_line");
  EXPECT_EQ(refused({"--price-line", "a=-60 USD/kg"}), "usage.price_line");
  EXPECT_EQ(refused({"--price-line", "a=60 EUR/kg"}), "supply.money");
  EXPECT_EQ(refused({"--metal", "Foo"}), "usage.metal");
  EXPECT_EQ(refused({"--from-year", "2030"}), "usage.stocks");
  EXPECT_EQ(refused({"--recycling", (inputs.dir / "r.csv").string()}), "usage.stocks");
  EXPECT_EQ(refused({"--stocks", inputs.stocks(), "--from-year", "2030", "--to-year", "2029"}),
            "usage.stocks");
  EXPECT_EQ(refused({"--stocks", inputs.stocks(), "--to-year", "2020"}), "usage.stocks");
  EXPECT_EQ(refused({"--bands", (inputs.dir / "b.csv").string(), "--draws", "0"}), "usage.bands");
  EXPECT_EQ(refused({"--metal", "La"}), "supply.no_metal");
  EXPECT_EQ(refused({"--draws", "100000", "--grid", "100000"}), "supply.curve_option");
  EXPECT_EQ(
      refused({"--stocks", inputs.stocks("A,x,USA,2020,1,40,1,0,fixed,5,,50,80,90,0,,18,0\n")}),
      "supply.duplicate_source");
  EXPECT_EQ(
      refused({"--stocks", inputs.stocks("D,x,USA,2020,1,40,1,0,fixed,5,,50,80,110,0,,18,0\n")}),
      "supply.share_over_one");
  EXPECT_EQ(
      refused({"--stocks", inputs.stocks("D,x,USA,2020,0,40,1,0,fixed,5,,50,80,90,0,,18,0\n")}),
      "supply.no_feedstock");
}

TEST(SupplyCurveCommand, TwoResultsNeedTwoNames) {
  const Inputs inputs;
  const std::string out = (inputs.dir / "z.csv").string();
  const std::string same = (inputs.dir / "." / "z.csv").string();
  for (const Words& more :
       {Words{"-o", out, "--bands", same, "--overwrite"}, Words{"-o", out, "--bands", same},
        Words{"--bands", out, "--recycling", same, "--stocks", inputs.stocks()}})
    EXPECT_EQ(error_code_of(inputs.words(more)), "usage.same_output");
  EXPECT_FALSE(std::filesystem::exists(out));
  std::ofstream(out) << "x";
  const std::string link = (inputs.dir / "link.csv").string();
  std::filesystem::create_symlink(out, link);
  EXPECT_EQ(error_code_of(inputs.words({"-o", out, "--bands", link, "--overwrite"})),
            "usage.same_output");
  EXPECT_EQ(slurp(out), "x");
}

TEST(SupplyCurveCommand, LinesInTheMoneyOfTheTables) {
  Inputs inputs;
  inputs.sources = file_with(inputs.dir, "e.csv",
                             "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,operating,"
                             "life_years,currency\nA,USA,1,0.2,8,1,20,EUR\n");
  inputs.prices = file_with(inputs.dir, "ep.csv", "metal,price_usd_per_kg,currency\nNdPr,60,EUR\n");
  EXPECT_EQ(error_code_of(inputs.words({"--price-line", "a=60 USD/kg"})), "supply.money");
  const Json json = json_of(inputs.words({"--price-line", "a=60000 eur/t", "--draws", "0"}));
  EXPECT_NEAR(json.at("summary").at("lines").items().at(0).at("usd_per_kg").as_number(), 60.0,
              1e-12);
}

TEST(SupplyCurveCommand, RefusesMoneyAndFeedThatDoNotFit) {
  Inputs inputs;
  inputs.sources =
      file_with(inputs.dir, "r.csv", source_columns + "R,,USA,,100,0.9,0,10,,,1,20,recycled,0\n");
  EXPECT_EQ(error_code_of(inputs.words()), "supply.no_feedstock");
  inputs.sources = file_with(inputs.dir, "r.csv",
                             source_columns + "R,,USA,,100,0.9,20,10,,,1,20,recycled,200\n");
  EXPECT_EQ(error_code_of(inputs.words()), "supply.shares_over_one");
  inputs.sources = file_with(inputs.dir, "r.csv",
                             "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,currency\n"
                             "A,USA,1,0.2,1,USD\nB,USA,1,0.2,1,EUR\n");
  EXPECT_EQ(error_code_of(inputs.words()), "supply.mixed_currency");
  inputs.sources =
      file_with(inputs.dir, "r.csv",
                "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,currency,price_year\n"
                "A,USA,1,0.2,1,USD,2020\n");
  EXPECT_EQ(error_code_of(inputs.words()), "supply.money");
  inputs.sources = file_with(inputs.dir, "r.csv",
                             "id,country,capacity_t_per_year,share_NdPr,share_La,opex_usd_per_kg\n"
                             "A,USA,1,0.2,0.3,1\n");
  EXPECT_EQ(error_code_of(inputs.words()), "supply.no_price");
  const std::string undated = file_with(inputs.dir, "u.csv", "metal,price_usd_per_kg\nNdPr,60\n");
  inputs.sources = file_with(inputs.dir, "r.csv",
                             "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg\n"
                             "A,USA,1,0.2,1\n");
  inputs.prices = undated;
  EXPECT_EQ(error_code_of(inputs.words({"--year", "2030"})), "supply.curve_option");
  EXPECT_EQ(error_code_of(inputs.words({"--stocks", inputs.stocks()})), "usage.stocks");
}

TEST(SupplyCurveCommand, TheSampleStudy) {
  const Json json =
      json_of({"supply", "curve", "sources.csv", "--prices", "metal_prices.csv", "--settings",
               "economics.toml", "--stocks", "stocks.csv", "--draws", "200", "--json"},
              sample);
  EXPECT_GT(json.at("results").size(), 90u);
  double before = -1e9;
  std::size_t recycled = 0;
  for (const auto& row : json.at("results").items()) {
    EXPECT_GE(row.at("usd_per_kg").as_number(), before);
    before = row.at("usd_per_kg").as_number();
    recycled += row.at("id").as_string().starts_with("EOL");
  }
  EXPECT_EQ(recycled, 5u);
  const auto& flows = json.at("summary").at("recycling").items();
  ASSERT_EQ(flows.size(), 5u);
  for (const auto& flow : flows) {
    const double rate = flow.at("recycling_rate").as_number();
    EXPECT_GT(rate, 0.0);
    EXPECT_LT(rate, 1.0);
  }
}

}  // namespace
}  // namespace lode::test
