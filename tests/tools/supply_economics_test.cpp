// The command `supply economics`: keys, options over settings, tables it writes, refusals,
// examples.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/tools/supply_run.h"

namespace lode::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string sample = std::string(LODE_SOURCE_DIR) + "/sample_data/us_allied_ree";

/// One mine as in tests/cases/cash_flows.csv, "plain", and its prices and settings.
struct Inputs {
  TempDir dir;
  std::string sources = file_with(
      dir, "s.csv",
      "id,country,group,capacity_t_per_year,share_NdPr,share_DyTb_pct,opex_usd_per_kg,"
      "opex_high_usd_per_kg,fixed_usd_per_year,capex_usd,lead_years,ramp_years,life_years\n"
      "mine,United States,domestic,1000,0.2,1,6,9,1e6,20e6,2,2,4\n");
  std::string prices = file_with(dir, "p.csv", "metal,price_usd_per_kg\nNdPr,60\nDyTb,300\n");
  std::string settings =
      file_with(dir, "e.toml",
                "base_year = 2026\ntax_pct = 25\nroyalty_pct = 2\ndepreciation_years = 5\n"
                "working_capital_pct = 10\nclosure_usd = 2e6\n");
  [[nodiscard]] Words words(const Words& more = {}) const {
    Words all{"supply", "economics", sources, "--prices", prices, "--settings", settings};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

TEST(SupplyEconomicsCommand, HandMadeCash) {
  const Inputs inputs;
  const std::string cash = (inputs.dir / "cash.csv").string(),
                    out = (inputs.dir / "out.csv").string();
  const Json json = json_of(inputs.words({"--draws", "0", "--cash", cash, "-o", out}));
  const Json& row = json.at("results").items().at(0);
  // As gnumeric's NPV and IRR have it (tests/cases/spreadsheet_finance.csv).
  EXPECT_NEAR(row.at("npv_usd").as_number(), -2287998.5164194556, 1e-3);
  EXPECT_NEAR(row.at("irr_pct").as_number(), 3.9671042784598423, 1e-8);
  EXPECT_NEAR(row.at("usd_per_kg").as_number(), 61.900597457768336, 1e-8);
  EXPECT_NEAR(row.at("usd_per_kg_oxide").as_number(), 15.380119491553667, 1e-8);
  EXPECT_EQ(row.at("country").as_string(), "USA");
  EXPECT_EQ(row.at("metal").as_string(), "NdPr");
  EXPECT_TRUE(row.at("npv_p10_usd").is_null());
  EXPECT_TRUE(row.at("p10_usd_per_kg").is_null());
  EXPECT_TRUE(row.at("probability_of_loss").is_null());
  EXPECT_GT(row.at("break_even_factor").as_number(), 1.0);
  EXPECT_GT(row.at("break_even_usd_per_kg").as_number(), 60.0);
  EXPECT_LT(row.at("cash_factor").as_number(), 1.0);
  EXPECT_EQ(row.at("incentives_usd").as_number(), 0.0);
  const Json& summary = json.at("summary");
  EXPECT_EQ(summary.at("base_year").as_number(), 2026);
  EXPECT_EQ(summary.at("npv_above_0").as_number(), 0);
  EXPECT_NEAR(summary.at("npv_base_total_usd").as_number(), -2287998.5164194556, 1e-3);
  EXPECT_NEAR(summary.at("discount_pct").as_number(), 8, 1e-12);
  EXPECT_EQ(summary.at("currency").as_string(), "USD");
  EXPECT_THAT(slurp(cash),
              HasSubstr("mine,2029,1000,15000000,0,6000000,1000000,300000,0,0,0,762500"));
  EXPECT_THAT(slurp(out), HasSubstr("npv_p10_usd,npv_usd,npv_p90_usd"));
}

TEST(SupplyEconomicsCommand, OptionsComeBeforeSettings) {
  const Inputs inputs;
  const Json drawn = json_of(inputs.words());
  EXPECT_EQ(drawn.at("summary").at("draws").as_number(), 1000);
  EXPECT_LT(drawn.at("results").items().at(0).at("npv_p10_usd").as_number(),
            drawn.at("results").items().at(0).at("npv_usd").as_number());
  const Json json = json_of(inputs.words({"--discount", "0 %", "--base-year", "2030", "--metal",
                                          "dytb", "--draws", "20", "--seed", "3", "--jobs", "2"}));
  EXPECT_EQ(json.at("summary").at("base_year").as_number(), 2030);
  EXPECT_EQ(json.at("summary").at("draws").as_number(), 20);
  EXPECT_EQ(json.at("summary").at("discount_pct").as_number(), 0);
  EXPECT_EQ(json.at("summary").at("metal").as_string(), "DyTb");
  // Without a rate the sum of the net cash of cash_flows.csv.
  EXPECT_NEAR(json.at("results").items().at(0).at("npv_base_usd").as_number(), 2762500, 1e-3);
  const Json one = json_of(inputs.words({"--jobs", "1", "--draws", "200"}));
  const Json two = json_of(inputs.words({"--jobs", "2", "--draws", "200"}));
  EXPECT_EQ(one.at("results").dump(), two.at("results").dump());
}

TEST(SupplyEconomicsCommand, Refusals) {
  const Inputs inputs;
  const auto with = [&](const std::string& sources, const std::string& prices,
                        const std::string& settings) {
    return error_code_of({"supply", "economics", file_with(inputs.dir, "s2.csv", sources),
                          "--prices", file_with(inputs.dir, "p2.csv", prices), "--settings",
                          file_with(inputs.dir, "e2.toml", settings), "--json"});
  };
  const std::string head = "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg";
  const std::string good = head + "\na,USA,10,0.2,5\n", price = "metal,price_usd_per_kg\nNdPr,60\n";
  EXPECT_EQ(with(good, "metal,price_usd_per_kg\nDyTb,60\n", ""), "supply.no_price");
  EXPECT_EQ(with(good, price, "metal = 'Sm'"), "supply.no_metal");
  EXPECT_EQ(with(good, price, "discont_pct = 5"), "economics.invalid");
  EXPECT_EQ(with(good, price, "discount_pct 5"), "economics.syntax");
  EXPECT_EQ(with(head + "\na,USA,10,0.2,\n", price, ""), "supply.no_cost");
  EXPECT_EQ(
      with(head + ",operating,not_before\na,USA,10,0.2,5,1,2030\n", price, "base_year = 2026"),
      "supply.before_permit");
  EXPECT_EQ(with(head + ",not_before\na,USA,10,0.2,5,2030\n", price, ""),
            "supply.economics_option");
  EXPECT_EQ(with(good, "metal,price_usd_per_kg,currency\nNdPr,60,EUR\n", ""), "supply.money");
  EXPECT_EQ(with(good, price, "[incentives.floor_usd_per_kg]\nSm = 5"), "supply.no_metal");
  EXPECT_EQ(error_code_of(inputs.words({"--discount", "-100 %"})).substr(0, 6), "usage.");
  EXPECT_EQ(error_code_of(inputs.words({"--draws", "-1"})).substr(0, 6), "usage.");
  const Words strict{"supply",
                     "economics",
                     file_with(inputs.dir, "s3.csv", good),
                     "--prices",
                     file_with(inputs.dir, "p3.csv", price),
                     "--strict",
                     "--json"};
  EXPECT_EQ(error_code_of(strict), "strict.finding");  // it has no capex
}

TEST(SupplyEconomicsCommand, IncentivesAreForWhomTheyName) {
  Inputs inputs;
  const auto with = [&](const std::string& who) {
    inputs.settings =
        file_with(inputs.dir, "i.toml", "base_year = 2026\n[incentives]\ngrant_usd = 4e6\n" + who);
    return inputs.words({"--draws", "0"});
  };
  const auto paid = [&](const std::string& who) {
    return json_of(with(who)).at("results").items().at(0).at("incentives_usd").as_number();
  };
  // The grant is paid with the capex in 2026 and 2027: 2e6 + 2e6 / 1.08.
  const double grant = 2e6 + 2e6 / 1.08;
  for (const char* who : {"", "countries = ['USA']", "countries = 'usa'",
                          "countries = ['United States']", "groups = ['Domestic']"})
    EXPECT_NEAR(paid(who), grant, 1e-6) << who;
  EXPECT_EQ(error_code_of(with("countries = ['USAA']")), "supply.incentive");
  EXPECT_EQ(error_code_of(with("countries = ['us']")), "supply.incentive");
  EXPECT_EQ(error_code_of(with("groups = ['Domestik']")), "supply.incentive");
  EXPECT_THAT(run_with_json(with("groups = ['Domestik']")).out, HasSubstr("'domestic'"));
  EXPECT_EQ(paid("countries = ['AUS']"), 0.0);
  EXPECT_THAT(run_with_json(with("countries = ['AUS']")).out,
              HasSubstr("no source is of AUS, and nothing is paid there"));
}

TEST(SupplyEconomicsCommand, TaxesAreOfTheCountriesTheyName) {
  Inputs inputs;
  const auto with = [&](const std::string& taxes) {
    inputs.settings = file_with(inputs.dir, "t.toml",
                                "base_year = 2026\ntax_pct = 10\n[country_tax_pct]\n" + taxes);
    return inputs.words({"--draws", "0"});
  };
  const auto npv = [&](const std::string& taxes) {
    return json_of(with(taxes)).at("results").items().at(0).at("npv_usd").as_number();
  };
  EXPECT_EQ(npv("'United States' = 30\n"), npv("USA = 30\n"));
  EXPECT_LT(npv("USA = 30\n"), npv("AUS = 30\n"));
  const Json summary = json_of(with("'United States' = 30\n")).at("summary");
  EXPECT_EQ(summary.at("tax_pct").as_number(), 10.0);
  EXPECT_EQ(summary.at("country_tax_pct").at("USA").as_number(), 30.0);
  EXPECT_THAT(run_with_json(with("AUS = 30\n")).out,
              HasSubstr("no source is of AUS, and no tax is taken by that rate"));
  EXPECT_EQ(error_code_of(with("USAA = 30\n")), "supply.country_tax");
  EXPECT_EQ(error_code_of(with("usa = 30\n'United States' = 20\n")), "supply.country_tax");
}

TEST(SupplyEconomicsCommand, AskedWronglyBeforeAnyWork) {
  const Inputs inputs;
  const std::string out = (inputs.dir / "z.csv").string();
  EXPECT_EQ(error_code_of(inputs.words({"--metal", "Foo"})), "usage.metal");
  EXPECT_EQ(error_code_of(inputs.words({"-o", out, "--cash", out})), "usage.same_output");
  EXPECT_EQ(error_code_of(inputs.words({"-o", out, "--cash", out, "--overwrite"})),
            "usage.same_output");
  EXPECT_FALSE(fs::exists(out));
}

TEST(SupplyEconomicsCommand, ExamplesOfItsPageRun) {
  std::ifstream page(std::string(LODE_SOURCE_DIR) + "/tools/supply_economics.md");
  const TempDir dir;
  fs::copy(sample, dir / "us", fs::copy_options::recursive);
  bool inside = false;
  std::size_t count = 0;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line == "```sh";
    } else if (inside) {
      const std::string command = std::string(LODE_PROGRAM) + line.substr(4);
      EXPECT_EQ(
          std::system(("cd " + (dir / "us").string() + " && " + command + " > out 2> err").c_str()),
          0)
          << line << slurp(dir / "us" / "err") << slurp(dir / "us" / "out");
      ++count;
    }
  }
  EXPECT_EQ(count, 3u);
  EXPECT_THAT(slurp(dir / "us" / "cash.csv"), HasSubstr("id,year,output_t"));
}

}  // namespace
}  // namespace lode::test
