// Site economics: hand-made cash flows, a spreadsheet's functions, closed forms, odd cases,
// refusals.
#include "libgeo/supply/economics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/supply/cash_flow.h"
#include "tests/ranking/cases.h"
#include "tests/supply/one_mine.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

/// The options of the cases "plain" and "incentives" of cash_flows.csv.
EconomicsOptions case_options(bool incentives) {
  EconomicsOptions options;
  options.base_year = 2026;
  options.tax = 0.25;
  options.royalty = 0.02;
  options.depreciation_years = 5;
  options.working_capital = 0.1;
  options.closure_usd = 2e6;
  if (!incentives) return options;
  Incentives& aid = options.incentives;
  aid.grant_usd = 4e6;
  aid.investment_credit = 0.1;
  aid.production_credit = 0.1;
  aid.loan_share = 0.5;
  aid.loan_rate = 0.05;
  aid.loan_years = 3;
  aid.floor_metals = {"NdPr"};
  aid.floor_usd_per_kg = {80};
  aid.floor_years = 2;
  return options;
}

SiteEconomics case_named(const std::string& name) {
  if (name != "recycler") return one(mine(), flat_prices(), case_options(name == "incentives"));
  SupplySource source;
  source.id = "recycler";
  source.kind = "secondary";
  source.operating = true;
  source.capacity_t_per_year = only_base(100);
  source.share = {0.3, 0.0};
  source.opex_usd_per_kg = only_base(10);
  source.fixed_usd_per_year = 200000;
  source.life_years = 3;
  source.limit_from = 2026;
  source.limit_t_per_year = {80, 90, 120};
  PricePath prices = flat_prices();
  prices.years = {2026, 2027};
  prices.usd_per_kg = {only_base(60), only_base(50), only_base(300), only_base(300)};
  EconomicsOptions options = bare();
  options.tax = 0.25;
  return one(source, prices, options);
}

TEST(Economics, CashFlowsAgreeToTheCent) {
  std::map<std::string, std::vector<Case>> by_case;
  for (const auto& row : read_cases("cash_flows.csv")) by_case[row.at("case")].push_back(row);
  ASSERT_EQ(by_case.size(), 3u);
  const std::pair<const char*, double CashYear::*> columns[] = {
      {"output_t", &CashYear::output_t},
      {"revenue_usd", &CashYear::revenue_usd},
      {"floor_usd", &CashYear::floor_usd},
      {"opex_usd", &CashYear::opex_usd},
      {"fixed_usd", &CashYear::fixed_usd},
      {"royalty_usd", &CashYear::royalty_usd},
      {"capex_usd", &CashYear::capex_usd},
      {"working_capital_usd", &CashYear::working_capital_usd},
      {"closure_usd", &CashYear::closure_usd},
      {"grant_usd", &CashYear::grant_usd},
      {"credit_usd", &CashYear::credit_usd},
      {"loan_usd", &CashYear::loan_usd},
      {"interest_usd", &CashYear::interest_usd},
      {"depreciation_usd", &CashYear::depreciation_usd},
      {"profit_usd", &CashYear::profit_usd},
      {"tax_usd", &CashYear::tax_usd},
      {"net_usd", &CashYear::net_usd}};
  for (const auto& [name, rows] : by_case) {
    const SiteEconomics site = case_named(name);
    ASSERT_EQ(site.cash.size(), rows.size()) << name;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      EXPECT_EQ(site.cash[k].year, number(rows[k].at("year")));
      for (const auto& [column, member] : columns)
        EXPECT_NEAR(site.cash[k].*member, number(rows[k].at(column)), 0.00501)
            << name << " " << site.cash[k].year << " " << column;
    }
  }
}

TEST(Economics, AgreesWithASpreadsheetsFunctions) {
  std::size_t compared = 0;
  for (const auto& row : read_cases("spreadsheet_finance.csv")) {
    const double expected = number(row.at("value"));
    const std::string function = row.at("function"), flows = row.at("flows");
    double value = none;
    if (flows == "plain" || flows == "incentives") {
      const SiteEconomics site = case_named(flows);
      const std::map<std::string, double> values = {
          {"npv", site.npv_usd.base},
          {"irr", site.irr.base},
          {"usd_per_kg", site.usd_per_kg.base},
          {"usd_per_kg_oxide", site.usd_per_kg_oxide.base}};
      value = values.at(function);
    } else {
      std::vector<double> numbers;
      for (const auto& word : words(flows)) numbers.push_back(number(word));
      if (function == "npv") value = net_present_value(number(row.at("rate")), numbers);
      if (function == "irr") value = internal_rate_of_return(numbers);
      if (function == "pmt") value = annuity(number(row.at("rate")), numbers.at(0));
    }
    EXPECT_NEAR(value, expected, 1e-9 * std::abs(expected)) << function << " of " << flows;
    ++compared;
  }
  EXPECT_EQ(compared, 21u);
}

TEST(Economics, TaylorsRule) {
  // 6.5 (Mt)^0.25: 1, 16 and 81 Mt last 6.5, 13 and 19.5 years.
  EXPECT_DOUBLE_EQ(taylor_life_years(1e6), 6.5);
  EXPECT_DOUBLE_EQ(taylor_life_years(16e6), 13.0);
  EXPECT_DOUBLE_EQ(taylor_life_years(81e6), 19.5);
  EXPECT_DOUBLE_EQ(taylor_rate_t_per_year(16e6), 16e6 / 13.0);
  EXPECT_DOUBLE_EQ(taylor_rate_t_per_year(1e6, 5.0, 0.5), 2e5);
  EXPECT_EQ(taylor_rate_t_per_year(0.0), 0.0);
  EXPECT_TRUE(std::isnan(taylor_life_years(-1.0)));
  EXPECT_TRUE(std::isnan(taylor_rate_t_per_year(-1.0)));
}

TEST(Economics, ScaledCostFollowsTheSixTenthsRule) {
  EXPECT_DOUBLE_EQ(scaled_cost({100.0, 10.0, 0.5}, 40.0), 200.0);
  EXPECT_NEAR(scaled_cost({100.0, 10.0, 0.6}, 20.0), 151.571656651, 1e-9);  // 2^0.6
}

TEST(Economics, AnnuityAndPerpetuity) {
  EXPECT_DOUBLE_EQ(annuity(0.0, 4), 0.25);
  EXPECT_NEAR(annuity(0.08, 1e4), 0.08, 1e-15);  // for ever: the rate itself
  EXPECT_NEAR(net_present_value(0.08, std::vector<double>(2000, 8.0)), 8.0 + 100.0, 1e-9);
  EXPECT_TRUE(std::isnan(annuity(0.08, 0.0)));
  EXPECT_EQ(net_present_value(0.08, {}), 0.0);
}

TEST(Economics, RatesOfReturn) {
  std::size_t roots = 9;
  EXPECT_NEAR(internal_rate_of_return({-100, 110}, &roots), 0.1, 1e-12);
  EXPECT_EQ(roots, 1u);
  EXPECT_TRUE(std::isnan(internal_rate_of_return({100, 10, 1}, &roots)));
  EXPECT_EQ(roots, 0u);
  EXPECT_TRUE(std::isnan(internal_rate_of_return({-100, -10}, &roots)));
  EXPECT_TRUE(std::isnan(internal_rate_of_return({}, &roots)));
  // (1 - 1.1 x)(1 - 1.3 x): rates of 10 and 30 %, of which the least is given.
  EXPECT_NEAR(internal_rate_of_return({-1, 2.4, -1.43}, &roots), 0.1, 1e-12);
  EXPECT_EQ(roots, 2u);
  // (1 - 0.2 x)(1 - 1.3 x): -80 and 30 %; and (1 - 0.2 x)(1 - 0.9 x): -80 and -10 %.
  EXPECT_NEAR(internal_rate_of_return({-1, 1.5, -0.26}, &roots), 0.3, 1e-12);
  EXPECT_EQ(roots, 2u);
  EXPECT_NEAR(internal_rate_of_return({-1, 1.1, -0.18}, &roots), -0.1, 1e-12);
  EXPECT_EQ(roots, 2u);
  // They touch: (1 - 1.1 x)^2. A double root is known to half the digits.
  EXPECT_NEAR(internal_rate_of_return({-1, 2.2, -1.21}, &roots), 0.1, 1e-6);
  EXPECT_GE(roots, 1u);
  // 10, 10.2 and 30 %, -(1 - 1.1 x)(1 - 1.102 x)(1 - 1.3 x).
  EXPECT_NEAR(internal_rate_of_return({-1, 3.502, -4.0748, 1.57586}, &roots), 0.1, 1e-10);
  EXPECT_EQ(roots, 3u);
  // Changes of sign without a root: never 0.
  EXPECT_TRUE(std::isnan(internal_rate_of_return({1, -1, 1}, &roots)));
  EXPECT_EQ(roots, 0u);
  EXPECT_NEAR(internal_rate_of_return({-1, 1e6}), 1e6 - 1, 1e-4);
  EXPECT_NEAR(internal_rate_of_return({-1000, 1}), -0.999, 1e-12);
}

TEST(Economics, TheRateUpToWhichAnInvestmentPays) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  std::size_t roots = 0;
  // -100 (1 - 1.1 x)(1 - 1.2 x): above 0 between 10 and 20 % alone.
  const std::vector<double> twice{-100, 230, -132};
  EXPECT_TRUE(std::isnan(paying_rate(twice, 0.05, &roots)));
  EXPECT_EQ(roots, 2u);
  EXPECT_NEAR(paying_rate(twice, 0.15), 0.2, 1e-12);
  EXPECT_NEAR(paying_rate(twice, 0.25), 0.2, 1e-12);
  EXPECT_NEAR(paying_rate(twice, 0.2), 0.2, 1e-12);
  // 10, 20 and 30 %, -(1 - 1.1 x)(1 - 1.2 x)(1 - 1.3 x): it pays up to 10, and from 20 to 30 %.
  const std::vector<double> thrice{-1, 3.6, -4.31, 1.716};
  EXPECT_NEAR(paying_rate(thrice, 0.05), 0.1, 1e-10);
  EXPECT_NEAR(paying_rate(thrice, 0.15), 0.1, 1e-10);
  EXPECT_NEAR(paying_rate(thrice, 0.25), 0.3, 1e-10);
  EXPECT_NEAR(paying_rate(thrice, 0.5), 0.3, 1e-10);
  // (1 - 10 x)(1 - 0.2 x) and (1 - 12 x)(1 - 0.2 x): 900 % and 1100 %, each beside -80 %.
  EXPECT_NEAR(paying_rate({-1, 10.2, -2}, 0.09), 9.0, 1e-9);
  EXPECT_EQ(paying_rate({-1, 12.2, -2.4}, 0.09), infinite);
  EXPECT_EQ(paying_rate({-1, 12.0}, 0.09), infinite);
  EXPECT_NEAR(paying_rate({-100, 110}, 0.2), 0.1, 1e-12);
  // Paid first and owed later: no rate at which it is worth putting anything in.
  EXPECT_TRUE(std::isnan(paying_rate({100, -50}, 0.09, &roots)));
  EXPECT_EQ(roots, 1u);
  EXPECT_TRUE(std::isnan(paying_rate({-1, 2.2, -1.21}, 0.2)));  // touches 0 at 10 %: never above
  EXPECT_TRUE(std::isnan(paying_rate({-100, -10}, 0.09)));
  EXPECT_TRUE(std::isnan(paying_rate({}, 0.09)));
}

TEST(Economics, RatesAboveAllRankAboveAll) {
  // Without tax: year 0 costs 3e6, each year gives up to 57 USD/kg of 1e6 kg, closure ends it.
  SupplySource source = mine();
  source.lead_years = source.ramp_years = source.fixed_usd_per_year = 0;
  source.lead_years = 1;
  source.life_years = 3;
  source.capex_usd = only_base(3e6);
  source.share = {0.2, 0.0};
  source.opex_usd_per_kg = {1, 6, 11.8};
  EconomicsOptions options = bare();
  options.closure_usd = 1e6;
  options.draws = 4000;
  const SiteEconomics site = one(source, flat_prices(), options);
  // 12 USD/kg less 6 are 6e6: -3, 6, 6, 6, -1. 0.2e6 at P10 never pay 3e6 back.
  EXPECT_NEAR(site.irr.base, paying_rate({-3, 6, 6, 6, -1}, 0.08), 0.05);
  EXPECT_NEAR(site.irr.high, paying_rate({-3, 11, 11, 11, -1}, 0.08), 0.15);
  EXPECT_TRUE(std::isnan(site.irr.low));
  EXPECT_THAT(site.notes, testing::Contains(HasSubstr("at P10: none, for no rate pays")));
  source.capex_usd = only_base(0.5e6);  // 1100 % at the base, 2100 % at P90
  const SiteEconomics quick = one(source, flat_prices(), options);
  EXPECT_TRUE(std::isnan(quick.irr.base));
  EXPECT_TRUE(std::isnan(quick.irr.high));
  EXPECT_THAT(quick.notes, testing::Contains(HasSubstr("at P50, P90: above 1000 %")));
  source.operating = true;
  const SiteEconomics running = one(source, flat_prices(), options);
  EXPECT_TRUE(std::isnan(running.irr.base));
  EXPECT_THAT(running.notes, testing::Contains(HasSubstr("nothing is put in first")));
}

TEST(Economics, Payback) {
  EXPECT_DOUBLE_EQ(payback_years({-100, 50, 50, 50}), 2.0);
  EXPECT_DOUBLE_EQ(payback_years({-100, 40, 80}), 1.75);
  EXPECT_TRUE(std::isnan(payback_years({-100, 40, 40})));
  EXPECT_EQ(payback_years({5, 5}), 0.0);
  EXPECT_EQ(payback_years({}), 0.0);
  EXPECT_DOUBLE_EQ(payback_years({-100, 150, -100, 100}), 2.5);  // where it stays at or above 0
  EXPECT_TRUE(std::isnan(payback_years({-100, 150, -100})));
}

TEST(Economics, ConstantFlowsHaveClosedForms) {
  SupplySource source = mine();
  source.ramp_years = 0;
  source.lead_years = 1;
  source.life_years = 10;
  const EconomicsOptions options = bare();
  const SiteEconomics site = one(source, flat_prices(), options);
  // 15 - 6 USD/kg of 1e6 kg, less 1e6, over ten years from the first on; capex in year 0.
  const double factor = (1 - std::pow(1.08, -10)) / 0.08;
  EXPECT_NEAR(site.npv_usd.base, 8e6 * factor - 20e6, 1e-6);
  EXPECT_NEAR(site.usd_per_kg_oxide.base, 7 + 20 / factor, 1e-12);
  EXPECT_NEAR(site.usd_per_kg.base, (7 + 20 / factor - 3) / 0.2, 1e-11);
  EXPECT_NEAR(site.break_even_factor.base, (7 + 20 / factor) / 15, 1e-12);
  // Without tax and royalty the price at which it breaks even is its levelised cost.
  EXPECT_NEAR(site.break_even_usd_per_kg.base, site.usd_per_kg.base, 1e-9);
  EXPECT_NEAR(site.cash_factor.base, 7.0 / 15.0, 1e-12);
  EXPECT_NEAR(site.payback_years.base, 2.5, 1e-12);
  EXPECT_EQ(site.basket_usd_per_kg, 15.0);
  EXPECT_EQ(site.npv_base_usd, site.npv_usd.base);
  EXPECT_TRUE(std::isnan(site.npv_usd.low));
  EXPECT_TRUE(std::isnan(site.probability_of_loss));
  EconomicsOptions middle = options;
  middle.mid_year = true;
  EXPECT_NEAR(one(source, flat_prices(), middle).npv_usd.base, site.npv_usd.base * std::sqrt(1.08),
              1e-6);
}

TEST(Economics, AtTheBreakEvenFactorNothingIsGained) {
  for (const bool incentives : {false, true}) {
    const EconomicsOptions options = case_options(incentives);
    const SiteEconomics site = one(mine(), flat_prices(), options);
    const double f = site.break_even_factor.base;
    EXPECT_NEAR(one(mine(), flat_prices(60 * f, 300 * f), options).npv_usd.base, 0.0, 1e-4);
    const double metal = site.break_even_usd_per_kg.base;
    EXPECT_NEAR(one(mine(), flat_prices(metal, 300), options).npv_usd.base, 0.0, 1e-4);
    const double c = site.cash_factor.base;
    if (incentives) {
      EXPECT_EQ(c, 0.0);  // the floor of 80 x 0.2 USD/kg pays for 7 in its two years
      continue;
    }
    const auto cash = one(mine(), flat_prices(60 * c, 300 * c), options).cash;
    EXPECT_NEAR(cash[3].revenue_usd + cash[3].floor_usd - cash[3].opex_usd - cash[3].fixed_usd -
                    cash[3].royalty_usd + cash[3].credit_usd,
                0.0, 1e-4);
  }
}

TEST(Economics, LoanAtTheDiscountRateIsWorthNothing) {
  EconomicsOptions options = bare();
  for (const double lead : {0.0, 1.0, 3.0}) {
    SupplySource source = mine();
    source.lead_years = lead;
    options.incentives = {};
    const double before = one(source, flat_prices(), options).npv_usd.base;
    options.incentives.loan_share = 0.7;
    options.incentives.loan_rate = options.discount;
    options.incentives.loan_years = 7;  // beyond its life of four years
    const SiteEconomics site = one(source, flat_prices(), options);
    EXPECT_NEAR(site.npv_usd.base, before, 1e-6);
    EXPECT_NEAR(site.incentives_usd, 0.0, 1e-6);
    EXPECT_NEAR(site.cash.back().loan_usd, site.cash[site.cash.size() - 2].loan_usd, 1e-6);
  }
}

TEST(Economics, GrantsCreditsAndFloorsAddWhatTheyAre) {
  EconomicsOptions options = case_options(false);
  const double plain = one(mine(), flat_prices(), options).npv_usd.base;
  options.incentives.grant_usd = 3e6;
  const SiteEconomics granted = one(mine(), flat_prices(), options);
  EXPECT_NEAR(granted.npv_usd.base - plain, 1.5e6 + 1.5e6 / 1.08, 1e-6);
  EXPECT_NEAR(granted.incentives_usd, 1.5e6 + 1.5e6 / 1.08, 1e-6);
  options.incentives.grant_usd = 50e6;
  const auto capped = site_economics(sources_of({mine()}), flat_prices(), options);
  EXPECT_NEAR(capped.sites[0].npv_usd.base - plain, 10e6 + 10e6 / 1.08, 1e-6);
  EXPECT_TRUE(capped.findings.has("supply.grant_capped"));
  options.incentives = {};
  options.incentives.floor_metals = {"NdPr"};
  options.incentives.floor_usd_per_kg = {60};  // at the market: nothing is paid
  const SiteEconomics same = one(mine(), flat_prices(), options);
  EXPECT_EQ(same.npv_usd.base, plain);
  EXPECT_EQ(same.incentives_usd, 0.0);
  // Others' incentives are not its own.
  options.incentives.floor_usd_per_kg = {100};
  options.incentives.grant_usd = 1e6;
  options.incentives.countries = {"AUS"};
  EXPECT_EQ(one(mine(), flat_prices(), options).npv_usd.base, plain);
  options.incentives.countries = {"usa"};
  EXPECT_GT(one(mine(), flat_prices(), options).npv_usd.base, plain);
  options.incentives.groups = {"allied"};
  EXPECT_EQ(one(mine(), flat_prices(), options).npv_usd.base, plain);
}

TEST(Economics, NpvFallsWithTheRateAndRisesWithPrices) {
  const Random random{7, 11};
  for (std::size_t k = 0; k < 200; ++k) {
    SupplySource source = mine();
    source.capex_usd = only_base(1e6 + 40e6 * random.uniform(8 * k));
    source.lead_years = 1;  // one outlay, in year 0, and gains after it: a conventional flow
    source.fixed_usd_per_year = 0;
    source.life_years = 1 + 25 * random.uniform(8 * k + 2);
    source.opex_usd_per_kg = only_base(12 * random.uniform(8 * k + 3));
    EconomicsOptions options = bare();
    options.tax = 0.4 * random.uniform(8 * k + 4);
    options.royalty = 0.1 * random.uniform(8 * k + 5);
    double before = std::numeric_limits<double>::infinity();
    for (const double rate : {0.0, 0.03, 0.08, 0.2}) {
      options.discount = rate;
      const SiteEconomics site = one(source, flat_prices(), options);
      EXPECT_LT(site.npv_usd.base, before);
      before = site.npv_usd.base;
      if (!std::isnan(site.irr.base)) {
        EXPECT_EQ(site.irr.base > rate, site.npv_usd.base > 0.0);
      }
      EXPECT_EQ(site.break_even_factor.base<1.0, site.npv_usd.base> 0.0);
      EXPECT_GT(one(source, flat_prices(61, 301), options).npv_usd.base, site.npv_usd.base);
    }
  }
}

TEST(Economics, OddSources) {
  const EconomicsOptions options = bare();
  SupplySource running = mine();
  running.operating = true;
  SiteEconomics site = one(running, flat_prices(), options);
  EXPECT_EQ(site.capex_usd, 0.0);
  EXPECT_EQ(site.cash.at(0).output_t, 1000.0);  // from the base year on, without ramp
  EXPECT_TRUE(std::isnan(site.irr.base));       // nothing is put in
  EXPECT_EQ(site.payback_years.base, 0.0);
  SupplySource endless = mine();
  endless.life_years = none;
  site = one(endless, flat_prices(), options);
  EXPECT_EQ(site.life_years, 30.0);
  EXPECT_EQ(site.cash.back().year, 2057);
  EXPECT_THAT(site.notes, testing::Contains(HasSubstr("no end: 30 years")));
  SupplySource free = mine();
  free.capex_usd = only_base(none);
  auto result = site_economics(sources_of({free}), flat_prices(), options);
  EXPECT_TRUE(result.findings.has("supply.no_capex"));
  EXPECT_EQ(result.sites[0].capex_usd, 0.0);
  EconomicsOptions model = options;
  model.capex_model = {5e6, 250.0, 0.5};
  result = site_economics(sources_of({free}), flat_prices(), model);
  EXPECT_EQ(result.sites[0].capex_usd, 10e6);
  EXPECT_TRUE(result.findings.has("supply.capex_model"));
  SupplySource bare_of_metal = mine();
  bare_of_metal.share = {0.0, 0.01};
  site = one(bare_of_metal, flat_prices(), options);
  EXPECT_TRUE(std::isnan(site.usd_per_kg.base));
  EXPECT_TRUE(std::isnan(site.payback_years.base));  // 3 USD/kg does not pay for 7
  EXPECT_GT(site.break_even_factor.base, 2.0);
  SupplySource hollow = mine();
  hollow.share = {0.0, 0.0};
  site = one(hollow, flat_prices(), options);
  EXPECT_TRUE(std::isnan(site.break_even_factor.base));  // no price would do
  EXPECT_TRUE(std::isnan(site.cash_factor.base));
  SupplySource short_lived = mine();
  short_lived.life_years = 0.0;
  site = one(short_lived, flat_prices(), options);
  EXPECT_NEAR(site.npv_usd.base, -10e6 - 10e6 / 1.08, 1e-6);
  EXPECT_TRUE(std::isnan(site.usd_per_kg.base));
  EXPECT_TRUE(std::isnan(site.cash_factor.base));
  SupplySource part = mine();
  part.life_years = 2.25;
  site = one(part, flat_prices(), options);
  EXPECT_EQ(site.cash.back().output_t, 250.0);
  EXPECT_EQ(site.cash.back().fixed_usd, 250000.0);
  EXPECT_EQ(site_economics(sources_of({}), flat_prices(), options).sites.size(), 0u);
}

TEST(Economics, PermitsBindTheStart) {
  SupplySource source = mine();
  source.not_before = 2031;
  const SiteEconomics site = one(source, flat_prices(), bare());
  EXPECT_EQ(site.cash.at(2).capex_usd, 0.0);  // 2028: it is built just before it may run
  EXPECT_EQ(site.cash.at(3).capex_usd, 10e6);
  EXPECT_EQ(site.cash.at(4).capex_usd, 10e6);
  EXPECT_EQ(site.cash.at(5).output_t, 500.0);
  EXPECT_NEAR(site.payback_years.base, one(mine(), flat_prices(), bare()).payback_years.base,
              1e-12);
  source.operating = true;
  EXPECT_EQ(code_of([&] { (void)one(source, flat_prices(), bare()); }), "supply.before_permit");
}

TEST(Economics, MetalsMadeOfOthers) {
  SupplySource source = mine();
  source.share = {0.15, 0.05, 0.01};
  SupplySources sources = sources_of({source});
  sources.metals = {"Nd", "Pr", "DyTb"};
  PricePath prices = flat_prices();
  prices.metals = {"Nd", "Pr", "DyTb"};
  prices.usd_per_kg = {only_base(60), only_base(60), only_base(300)};
  const auto apart = site_economics(sources, prices, bare());
  EXPECT_EQ(apart.metal, "NdPr");
  const SiteEconomics together = one(mine(), flat_prices(), bare());
  EXPECT_NEAR(apart.sites[0].usd_per_kg.base, together.usd_per_kg.base, 1e-12);
  EconomicsOptions options = bare();
  options.incentives.floor_metals = {"NdPr"};
  options.incentives.floor_usd_per_kg = {80};
  EXPECT_NEAR(site_economics(sources, prices, options).sites[0].npv_usd.base,
              one(mine(), flat_prices(), options).npv_usd.base, 1e-6);
  options.incentives.floor_metals = {"NdPr", "Nd"};
  options.incentives.floor_usd_per_kg = {80, 90};
  EXPECT_EQ(code_of([&] { (void)site_economics(sources, prices, options); }),
            "supply.economics_option");
  EconomicsOptions dysprosium = bare();
  dysprosium.metal = "DyTb";
  EXPECT_NEAR(site_economics(sources, prices, dysprosium).sites[0].usd_per_kg.base,
              (together.usd_per_kg_oxide.base - 12) / 0.01, 1e-9);
  dysprosium.metal = "Sm";
  EXPECT_EQ(code_of([&] { (void)site_economics(sources, prices, dysprosium); }), "supply.no_metal");
}

SupplySources uncertain() {
  SupplySource a = mine(), b = mine();
  a.capacity_t_per_year = {800, 1000, 1100};
  a.opex_usd_per_kg = {5, 6, 9};
  a.capex_usd = {15e6, 20e6, 40e6};
  b.id = "other";
  return sources_of({a, b});
}

PricePath uncertain_prices() {
  PricePath prices = flat_prices();
  prices.usd_per_kg = {{45, 60, 110}, {250, 300, 600}};
  return prices;
}

TEST(Economics, DrawsAreTheSameBitsForAnyThreadsAndNeighbours) {
  EconomicsOptions options = case_options(true);
  options.draws = 500;
  options.jobs = 1;
  const auto first = site_economics(uncertain(), uncertain_prices(), options);
  for (const int jobs : {2, 7}) {
    options.jobs = jobs;
    const auto again = site_economics(uncertain(), uncertain_prices(), options);
    for (std::size_t s = 0; s < 2; ++s) {
      EXPECT_EQ(again.sites[s].npv_usd, first.sites[s].npv_usd);
      EXPECT_EQ(again.sites[s].irr, first.sites[s].irr);
      EXPECT_EQ(again.sites[s].usd_per_kg, first.sites[s].usd_per_kg);
      EXPECT_EQ(again.sites[s].break_even_factor, first.sites[s].break_even_factor);
      EXPECT_EQ(again.sites[s].probability_of_loss, first.sites[s].probability_of_loss);
    }
  }
  SupplySources alone = uncertain();
  std::swap(alone.list[0], alone.list[1]);
  const auto turned = site_economics(alone, uncertain_prices(), options);
  EXPECT_EQ(turned.sites[1].npv_usd, first.sites[0].npv_usd);
  options.seed = 2;
  EXPECT_NE(site_economics(uncertain(), uncertain_prices(), options).sites[0].npv_usd,
            first.sites[0].npv_usd);
}

TEST(Economics, PercentilesFollowTheFigureThatVaries) {
  // Opex alone varies, and the cost of a kg is it plus constants: P10, P50, P90 are its own.
  SupplySource source = mine();
  source.opex_usd_per_kg = {5, 6, 9};
  EconomicsOptions options = bare();
  options.draws = 40000;
  const SiteEconomics site = one(source, flat_prices(), options);
  const double rest = one(mine(), flat_prices(), bare()).usd_per_kg_oxide.base - 6;
  EXPECT_NEAR(site.usd_per_kg_oxide.low, 5 + rest, 0.03);
  EXPECT_NEAR(site.usd_per_kg_oxide.base, 6 + rest, 0.03);
  EXPECT_NEAR(site.usd_per_kg_oxide.high, 9 + rest, 0.1);
  EXPECT_NEAR(site.npv_base_usd, one(mine(), flat_prices(), bare()).npv_usd.base, 1e-6);
  // The NPV falls with it, so its P10 belongs to the P90 of cost.
  SupplySource dear = mine();
  dear.opex_usd_per_kg = only_base(9);
  EXPECT_NEAR(site.npv_usd.low, one(dear, flat_prices(), bare()).npv_usd.base, 3e5);
  EXPECT_LT(site.npv_usd.low, site.npv_usd.base);
  EXPECT_LT(site.npv_usd.base, site.npv_usd.high);
  // Where it loses at the base figures and opex is half the time above them, a loss is as likely.
  SupplySource even = source;
  const double factor = one(mine(), flat_prices(), bare()).break_even_factor.base;
  const SiteEconomics edge = one(even, flat_prices(60 * factor, 300 * factor), options);
  EXPECT_NEAR(edge.probability_of_loss, 0.5, 0.01);
}

TEST(Economics, RatesThatDoNotExistAreNotLeftOut) {
  // So dear in most draws that nothing comes back: no P50 of payback, and no IRR that would look
  // like one.
  SupplySource source = mine();
  source.opex_usd_per_kg = {14, 20, 30};
  EconomicsOptions options = bare();
  options.draws = 400;
  const SiteEconomics site = one(source, flat_prices(), options);
  EXPECT_TRUE(std::isnan(site.payback_years.base));
  EXPECT_TRUE(std::isnan(site.irr.base));
  EXPECT_GT(site.probability_of_loss, 0.9);
}

TEST(Economics, SameDrawsWithoutRangesAreSaid) {
  EconomicsOptions options = bare();
  options.draws = 10;
  const auto result = site_economics(sources_of({mine()}), flat_prices(), options);
  EXPECT_TRUE(result.findings.has("supply.no_range"));
  EXPECT_EQ(result.sites[0].npv_usd.low, result.sites[0].npv_usd.high);
}

}  // namespace
}  // namespace lode::test
