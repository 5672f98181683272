// Settings of site economics: what is read, what is refused, and what holds when nothing is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/supply/one_mine.h"

namespace lode::test {
namespace {

TEST(Economics, Refusals) {
  const auto code = [](const EconomicsOptions& options) {
    return code_of([&] { (void)site_economics(sources_of({mine()}), flat_prices(), options); });
  };
  EconomicsOptions options = bare();
  const auto refused = [&](auto change) {
    EconomicsOptions changed = bare();
    change(changed);
    EXPECT_EQ(code(changed), "supply.economics_option");
  };
  refused([](EconomicsOptions& o) { o.discount = -1.0; });
  refused([](EconomicsOptions& o) { o.discount = none; });
  refused([](EconomicsOptions& o) { o.tax = 1.0; });
  refused([](EconomicsOptions& o) { o.royalty = -0.1; });
  refused([](EconomicsOptions& o) { o.horizon_years = 1e9; });
  refused([](EconomicsOptions& o) { o.incentives.loan_years = 2.5; });
  refused([](EconomicsOptions& o) { o.incentives.floor_metals = {"NdPr"}; });
  refused([](EconomicsOptions& o) { o.capex_model.base_size = 0.0; });
  PricePath prices = flat_prices();
  prices.metals = {"NdPr"};
  prices.usd_per_kg.resize(1);
  EXPECT_EQ(code_of([&] { (void)site_economics(sources_of({mine()}), prices, options); }),
            "supply.no_price");
  options.unpriced_is_zero = true;
  const auto zero = site_economics(sources_of({mine()}), prices, options);
  EXPECT_TRUE(zero.findings.has("supply.unpriced"));
  EXPECT_EQ(zero.sites[0].basket_usd_per_kg, 12.0);
  SupplySource costless = mine();
  costless.opex_usd_per_kg = only_base(none);
  try {
    (void)site_economics(sources_of({costless, costless}), flat_prices(), bare());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "supply.no_cost");
    EXPECT_EQ(error.more.size(), 1u);
  }
  PricePath euros = flat_prices();
  euros.currency = "EUR";
  EXPECT_EQ(code_of([&] { (void)site_economics(sources_of({mine()}), euros, bare()); }),
            "supply.money");
  SupplySource dated = mine();
  dated.not_before = 2030;
  EXPECT_EQ(code_of([&] { (void)site_economics(sources_of({dated}), flat_prices(), {}); }),
            "supply.economics_option");
}

TEST(Economics, BaseYearWhenNotSaid) {
  EXPECT_EQ(site_economics(sources_of({mine()}), flat_prices(), {}).base_year, 0);
  PricePath prices = flat_prices();
  prices.price_year = 2024;
  EXPECT_EQ(site_economics(sources_of({mine()}), prices, {}).base_year, 2024);
  prices.years = {2027};
  EXPECT_EQ(site_economics(sources_of({mine()}), prices, {}).base_year, 2027);
}

TEST(EconomicsSettings, AreReadAndRefusedWithTheirLines) {
  const EconomicsOptions options = parse_economics(
      "discount_pct = 10\nbase_year = 2026\nmid_year = true\ntax_pct = 21\nroyalty_pct = 2\n"
      "depreciation_years = 7\nworking_capital_pct = 15\nclosure_usd = 1e6\nhorizon_years = 20\n"
      "unpriced_is_zero = true\nmetal = 'DyTb'\ndraws = 50\n[incentives]\ngrant_usd = 5e6\n"
      "investment_credit_pct = 30\nproduction_credit_pct = 10\nloan_share_pct = 40\n"
      "loan_rate_pct = 4\nloan_years = 12\nfloor_years = 10\ncountries = 'USA'\n"
      "groups = ['domestic']\n[incentives.floor_usd_per_kg]\nNdPr = 110\n[capex_model]\n"
      "base_usd = 5e8\nbase_size_t_per_year = 10000\nexponent = 0.7\n",
      "economics.toml");
  EXPECT_DOUBLE_EQ(options.discount, 0.1);
  EXPECT_EQ(options.base_year, 2026);
  EXPECT_TRUE(options.mid_year);
  EXPECT_DOUBLE_EQ(options.tax, 0.21);
  EXPECT_DOUBLE_EQ(options.royalty, 0.02);
  EXPECT_EQ(options.depreciation_years, 7);
  EXPECT_DOUBLE_EQ(options.working_capital, 0.15);
  EXPECT_EQ(options.closure_usd, 1e6);
  EXPECT_EQ(options.horizon_years, 20);
  EXPECT_TRUE(options.unpriced_is_zero);
  EXPECT_EQ(options.metal, "DyTb");
  EXPECT_EQ(options.draws, 50u);
  const Incentives& aid = options.incentives;
  EXPECT_EQ(aid.grant_usd, 5e6);
  EXPECT_DOUBLE_EQ(aid.investment_credit, 0.3);
  EXPECT_DOUBLE_EQ(aid.production_credit, 0.1);
  EXPECT_DOUBLE_EQ(aid.loan_share, 0.4);
  EXPECT_DOUBLE_EQ(aid.loan_rate, 0.04);
  EXPECT_EQ(aid.loan_years, 12);
  EXPECT_EQ(aid.floor_years, 10);
  EXPECT_EQ(aid.countries, std::vector<std::string>{"USA"});
  EXPECT_EQ(aid.groups, std::vector<std::string>{"domestic"});
  EXPECT_EQ(aid.floor_metals, std::vector<std::string>{"NdPr"});
  EXPECT_EQ(aid.floor_usd_per_kg, std::vector<double>{110});
  EXPECT_EQ(options.capex_model.base, 5e8);
  EXPECT_EQ(options.capex_model.base_size, 10000);
  EXPECT_EQ(options.capex_model.exponent, 0.7);
  EXPECT_DOUBLE_EQ(parse_economics("", "e.toml").discount, 0.08);
  EconomicsOptions otherwise;
  otherwise.draws = 1000;
  EXPECT_EQ(parse_economics("tax_pct = 5", "e.toml", otherwise).draws, 1000u);
  EXPECT_EQ(code_of([] { (void)parse_economics("discount_pct = = 1", "e.toml"); }),
            "economics.syntax");
  try {
    (void)parse_economics("discount = 8\n\ntax_pct = 120\n[incentives]\nloan_years = 2.5\n",
                          "e.toml");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "economics.invalid");
    EXPECT_EQ(error.where, "e.toml:1");
    ASSERT_EQ(error.more.size(), 2u);
    EXPECT_EQ(error.more[0].where, "e.toml:3");
    EXPECT_EQ(error.more[1].where, "e.toml:5");
  }
}

/// Half of 1000 t and then three years of them at 15 - 6 USD/kg less 1e6 a year; 2e6 are written
/// off in each of the first three years and 14e6 in the last: profits of 1.5, 6, 6 and -6 million.
TEST(EconomicsSettings, EachCountryHasItsRate) {
  SupplySource usa = mine(), aus = mine(), nowhere = mine();
  usa.id = "u";
  aus.id = "a";
  aus.country = "AUS";
  nowhere.id = "n";
  nowhere.country = "";
  const EconomicsOptions options = parse_economics(
      "base_year = 2026\ntax_pct = 25\n[country_tax_pct]\naus = 30\nCHN = 0\n", "e.toml");
  const auto result = site_economics(sources_of({usa, aus, nowhere}), flat_prices(), options);
  const auto taxes = [&](std::size_t k) {
    std::vector<double> paid;
    for (const auto& year : result.sites[k].cash)
      if (year.output_t > 0.0) paid.push_back(std::round(year.tax_usd));
    return paid;
  };
  EXPECT_EQ(taxes(0), (std::vector<double>{375000, 1500000, 1500000, 0}));
  EXPECT_EQ(taxes(1), (std::vector<double>{450000, 1800000, 1800000, 0}));
  EXPECT_EQ(taxes(2), taxes(0));  // the rate of all others
  EXPECT_EQ(tax_of(options, "CHN"), 0.0);
  EXPECT_EQ(code_of([] { (void)parse_economics("[country_tax_pct]\nUSA = 120\n", "e.toml"); }),
            "economics.invalid");
  EXPECT_EQ(code_of([] { (void)parse_economics("country_tax_pct = 21\n", "e.toml"); }),
            "economics.invalid");
  EconomicsOptions odd = bare();
  odd.country_tax = {{"USA", 1.5}};
  EXPECT_EQ(code_of([&] { (void)site_economics(sources_of({usa}), flat_prices(), odd); }),
            "supply.economics_option");
  odd.country_tax = {{"USA", 0.0021}};
  EXPECT_TRUE(site_economics(sources_of({usa}), flat_prices(), odd)
                  .findings.has("supply.looks_like_fraction"));
}

TEST(EconomicsSettings, TheFirstMistakesTell) {
  std::string text;
  for (int k = 0; k < 1000; ++k) text += "key" + std::to_string(k) + " = 1\n";
  try {
    (void)parse_economics(text, "e.toml");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.where, "e.toml:1");
    ASSERT_EQ(error.more.size(), 20u);
    EXPECT_STREQ(error.more.back().what(), "and 980 more mistakes");
  }
}

TEST(EconomicsSettings, DollarsDoNotMixWithOtherMoney) {
  PricePath euros = flat_prices();
  euros.currency = "EUR";
  SupplySources sources = sources_of({mine()});
  sources.currency = "EUR";
  const auto code = [&](const EconomicsOptions& options) {
    return code_of([&] { (void)site_economics(sources, euros, options); });
  };
  EconomicsOptions options = bare();
  EXPECT_NO_THROW((void)site_economics(sources, euros, options));
  options.incentives.grant_usd = 1e6;
  EXPECT_EQ(code(options), "supply.money");
  options = bare();
  options.incentives.floor_metals = {"NdPr"};
  options.incentives.floor_usd_per_kg = {60};
  EXPECT_EQ(code(options), "supply.money");
  options = bare();
  options.closure_usd = 1e6;
  EXPECT_EQ(code(options), "supply.money");
  options = bare();
  options.capex_model.base = 1e6;
  EXPECT_EQ(code(options), "supply.money");
}

TEST(EconomicsSettings, FractionsInPlaceOfPerCentAreSaid) {
  EconomicsOptions options = bare();
  options.tax = 0.0021;  // tax_pct = 0.21
  auto result = site_economics(sources_of({mine()}), flat_prices(), options);
  EXPECT_TRUE(result.findings.has("supply.looks_like_fraction"));
  EXPECT_EQ(result.findings.list().front().message, "0.21 % is meant? Write 21 for 21 per cent");
  options.tax = 0.21;
  result = site_economics(sources_of({mine()}), flat_prices(), options);
  EXPECT_FALSE(result.findings.has("supply.looks_like_fraction"));
}

TEST(EconomicsSettings, WhatIsTooLargeIsNoAnswer) {
  const auto code = [&](double usd_per_kg) {
    return code_of(
        [&] { (void)site_economics(sources_of({mine()}), flat_prices(usd_per_kg, 300), bare()); });
  };
  EXPECT_EQ(code(1e308), "supply.magnitude");
  SupplySource source = mine();
  source.opex_usd_per_kg.high = 1e307;
  EconomicsOptions options = bare();
  options.draws = 100;
  EXPECT_EQ(code_of([&] { (void)site_economics(sources_of({source}), flat_prices(), options); }),
            "supply.magnitude");
}

}  // namespace
}  // namespace lode::test
