// A fall of prices against hand computation: who stops, break-even prices, what counters cost.
#include "libgeo/supply/price_shock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

using Kind = PriceCounter::Kind;

/// 1000 t with 50 % NdPr and 2 % DyTb: 36 USD/kg against 20 and 2 of fixed cost. 2000 t with 40 %
/// NdPr: 24 USD/kg against 8 and 2.
SupplySources two_sources() {
  SupplySources sources;
  sources.table = "sources.csv";
  sources.metals = {"NdPr", "DyTb"};
  SupplySource a;
  a.id = "A";
  a.country = "USA";
  a.group = "domestic";
  a.capacity_t_per_year = only_base(1000.0);
  a.share = {0.5, 0.02};
  a.opex_usd_per_kg = only_base(20.0);
  a.fixed_usd_per_year = 2e6;
  a.operating = true;
  SupplySource b = a;
  b.id = "B";
  b.country = "AUS";
  b.group = "allied";
  b.capacity_t_per_year = only_base(2000.0);
  b.share = {0.4, 0.0};
  b.opex_usd_per_kg = only_base(8.0);
  b.fixed_usd_per_year = 4e6;
  sources.list = {a, b};
  return sources;
}

/// 1000 t of NdPr alone from 2030 on for five years: 100 million over two years, 20 USD/kg.
SupplySources one_project() {
  SupplySources sources;
  sources.table = "sources.csv";
  sources.metals = {"NdPr"};
  SupplySource c;
  c.id = "C";
  c.capacity_t_per_year = only_base(1000.0);
  c.share = {1.0};
  c.opex_usd_per_kg = only_base(20.0);
  c.capex_usd = only_base(100e6);
  c.lead_years = 2.0;
  c.life_years = 5.0;
  sources.list = {c};
  return sources;
}

PricePath prices_of(double ndpr = 60.0, double dytb = 300.0) {
  PricePath prices;
  prices.table = "prices.csv";
  prices.metals = {"NdPr", "DyTb"};
  prices.usd_per_kg = {only_base(ndpr), only_base(dytb)};
  return prices;
}

PriceShock half_price() {
  PriceShock shock;
  shock.from_year = 2029;
  shock.recovery_years = 2;
  return shock;
}

PriceShockOptions to_2036() {
  PriceShockOptions options;
  options.base_year = 2028;
  options.first_year = 2028;
  options.last_year = 2036;
  options.economics.discount = 0.1;
  return options;
}

PriceCounter counter_of(Kind kind, double level, std::vector<std::string> groups = {"domestic"}) {
  PriceCounter counter;
  counter.kind = kind;
  counter.metal = "NdPr";
  counter.usd_per_kg = level;
  counter.groups = std::move(groups);
  return counter;
}

PriceShockResult with(const PriceCounter& counter) {
  return price_shock(two_sources(), prices_of(), half_price(), {counter}, to_2036());
}

TEST(PriceShock, FactorFallsStaysAndComesBackInEqualSteps) {
  PriceShock shock = half_price();
  shock.depth = 0.6;
  const double expected[] = {1.0, 0.4, 0.4, 0.4, 0.6, 0.8, 1.0, 1.0};
  for (int k = 0; k < 8; ++k) EXPECT_NEAR(shock_factor(shock, 2028 + k), expected[k], 1e-15) << k;
  shock.recovery_years = 0;
  EXPECT_EQ(shock_factor(shock, 2031), 0.4);
  EXPECT_EQ(shock_factor(shock, 2032), 1.0);
}

TEST(PriceShock, NoFloorOfAMetalKeepsWhoHasNoneOfIt) {
  auto sources = two_sources();
  SupplySource& heavy = sources.list[1];  // DyTb alone: 30 USD/kg, 15 in the fall, against 22
  heavy.share = {0.0, 0.1};
  heavy.capacity_t_per_year = only_base(1000.0);
  heavy.opex_usd_per_kg = only_base(20.0);
  heavy.fixed_usd_per_year = 2e6;
  const auto result = price_shock(sources, prices_of(), half_price(), {}, to_2036());
  EXPECT_TRUE(result.sources[1].stops);
  EXPECT_TRUE(result.findings.has("supply.no_floor"));
}

TEST(PriceShock, WhoStopsAndAtWhichPriceEachBreaksEven) {
  const auto result = price_shock(two_sources(), prices_of(), half_price(), {}, to_2036());
  const ShockedSource &a = result.sources[0], &b = result.sources[1];
  // A: 18 USD/kg against 22 until 2031; 24 in 2032, and a year to come back.
  EXPECT_TRUE(a.stops);
  EXPECT_EQ(a.stops_in, 2029);
  EXPECT_EQ(a.returns_in, 2033);
  EXPECT_FALSE(b.stops);
  EXPECT_EQ(b.stops_in, 0);
  EXPECT_DOUBLE_EQ(a.cash_break_even_usd_per_kg.base, 32.0);  // (22 - 0.02 x 300) / 0.5
  EXPECT_DOUBLE_EQ(b.cash_break_even_usd_per_kg.base, 25.0);  // 10 / 0.4
  EXPECT_DOUBLE_EQ(a.cash_factor, 22.0 / 36.0);
  EXPECT_DOUBLE_EQ(a.floor_needed_usd_per_kg, 38.0);  // (22 - 0.02 x 150) / 0.5
  EXPECT_TRUE(std::isnan(b.floor_needed_usd_per_kg));
  EXPECT_TRUE(std::isnan(a.probability_of_stopping));
  for (const auto& year : result.years) {
    const bool away = year.year >= 2029 && year.year <= 2032;
    EXPECT_DOUBLE_EQ(year.lost_t[0], away ? 500.0 : 0.0) << year.year;
    EXPECT_DOUBLE_EQ(year.lost_t[1], away ? 20.0 : 0.0);
    EXPECT_EQ(year.cost_usd, 0.0);
  }
  // To the cent: 8 USD/kg on 500 t and 800 t in three years.
  EXPECT_NEAR(result.floor_for_all_usd_per_kg, 38.0, 1e-12);
  EXPECT_NEAR(result.floor_for_all_cost_usd, 31200000.0, 0.005);
}

TEST(PriceShock, PatienceWaitsAndRestartTakesItsTime) {
  auto options = to_2036();
  options.patience_years = 2.0;
  options.restart_years = 0.0;
  const auto late = price_shock(two_sources(), prices_of(), half_price(), {}, options);
  EXPECT_EQ(late.sources[0].stops_in, 2031);
  EXPECT_EQ(late.sources[0].returns_in, 2032);
  options.patience_years = 3.0;
  EXPECT_FALSE(price_shock(two_sources(), prices_of(), half_price(), {}, options).sources[0].stops);
}

TEST(PriceShock, OtherMetalsKeepTheirPrice) {
  auto shock = half_price();
  shock.metals = {"DyTb"};
  const auto result = price_shock(two_sources(), prices_of(), shock, {}, to_2036());
  EXPECT_FALSE(result.sources[0].stops);  // 30 + 3 against 22
  EXPECT_EQ(result.floor_for_all_usd_per_kg, 0.0);
}

TEST(PriceShock, WhoBringsItAboutGoesOn) {
  auto shock = half_price();
  shock.by = {"USA"};
  EXPECT_FALSE(price_shock(two_sources(), prices_of(), shock, {}, to_2036()).sources[0].stops);
}

TEST(PriceShock, ProjectsOfWhoBringsItAboutDoNotWait) {
  auto project = one_project();
  project.list[0].country = "CHN";
  auto shock = half_price();
  EXPECT_EQ(price_shock(project, prices_of(), shock, {}, to_2036()).sources[0].delayed_years, 2.0);
  shock.by = {"CHN"};
  const auto result = price_shock(project, prices_of(), shock, {}, to_2036());
  EXPECT_EQ(result.sources[0].delayed_years, 0.0);
  EXPECT_FALSE(result.sources[0].never_starts);
  EXPECT_DOUBLE_EQ(result.sources[0].output_t[2], 1000.0);
  EXPECT_EQ(result.floor_for_all_usd_per_kg, 0.0);
}

TEST(PriceShock, FloorPriceIsPaidForAllThatEligibleSourcesMake) {
  const auto domestic = with(counter_of(Kind::floor_price, 38.0));
  const CounterCost& cost = domestic.counters[0];
  EXPECT_EQ(cost.name, "floor price NdPr at 38 USD/kg, domestic");
  EXPECT_NEAR(cost.cost_usd, 12000000.0, 0.005);
  EXPECT_NEAR(cost.discounted_usd, 9947407.96393689, 0.005);
  EXPECT_NEAR(cost.by_year_usd[1], 4000000.0, 0.005);
  EXPECT_NEAR(cost.by_year_usd[4], 0.0, 0.005);
  EXPECT_DOUBLE_EQ(cost.kept_t, 2000.0);
  EXPECT_NEAR(cost.usd_per_kg_kept, 6.0, 1e-9);
  EXPECT_THAT(cost.keeps, testing::ElementsAre("A"));
  EXPECT_TRUE(domestic.sources[0].kept_by_counter);
  EXPECT_EQ(domestic.years[1].lost_with_t[0], 0.0);
  EXPECT_NEAR(domestic.floor_for_all_cost_usd, 12000000.0, 0.005);
  const auto all = with(counter_of(Kind::floor_price, 38.0, {}));
  EXPECT_NEAR(all.counters[0].cost_usd, 31200000.0, 0.005);
}

/// 0.3 of Nd at 25 of 50 and 0.1 of Pr at 50 of 100 USD/kg: 12.5 of 1 kg, and not what Nd's price
/// alone would say.
TEST(PriceShock, ShareOfThePriceIsOfEachMetalOfAGroup) {
  auto sources = two_sources();
  sources.list.resize(1);
  sources.metals = {"Nd", "Pr"};
  sources.list[0].share = {0.3, 0.1};
  sources.list[0].opex_usd_per_kg = only_base(1.0);
  auto prices = prices_of(50.0, 100.0);
  prices.metals = {"Nd", "Pr"};
  auto shock = half_price();
  shock.years = 1;
  shock.recovery_years = 0;
  auto counter = counter_of(Kind::floor_price, 0.0);
  counter.share_of_price = 1.0;
  const auto result = price_shock(sources, prices, shock, {counter}, to_2036());
  EXPECT_NEAR(result.counters[0].cost_usd, 12.5e6, 1e-3);
  EXPECT_THAT(result.counters[0].name, testing::HasSubstr("at 100 % of each price"));
}

TEST(PriceShock, FloorBelowTheCostKeepsNothing) {
  const auto low = with(counter_of(Kind::floor_price, 37.99));
  EXPECT_EQ(low.counters[0].kept_t, 0.0);
  EXPECT_EQ(low.counters[0].cost_usd, 0.0);  // nobody eligible runs
  EXPECT_TRUE(std::isnan(low.counters[0].usd_per_kg_kept));
  EXPECT_TRUE(low.counters[0].keeps.empty());
  EXPECT_FALSE(low.sources[0].kept_by_counter);
}

TEST(PriceShock, FloorAtTheMarketCostsNothing) {
  const auto result = with(counter_of(Kind::floor_price, 30.0, {}));
  EXPECT_EQ(result.counters[0].cost_usd, 0.0);
  auto before = counter_of(Kind::floor_price, 0.0, {"allied"});
  before.share_of_price = 1.0;
  // 60 USD/kg for 800 t: 30 short in three years, 20 and 10 in the recovery.
  EXPECT_NEAR(with(before).counters[0].cost_usd, 8e5 * (90.0 + 20.0 + 10.0), 0.005);
}

TEST(PriceShock, OfftakeBuysItsTonnesAndSellsAtTheMarket) {
  auto offtake = counter_of(Kind::offtake, 50.0);
  offtake.tonnes_per_year = 250.0;
  const auto result = with(offtake);
  // Half of A's NdPr at 50, half at 30: 23 USD/kg against 22. 250 t x 20 three times, then x 10.
  EXPECT_EQ(result.counters[0].name, "offtake NdPr at 50 USD/kg, 250 t a year, domestic");
  EXPECT_NEAR(result.counters[0].cost_usd, 17500000.0, 0.005);
  EXPECT_DOUBLE_EQ(result.counters[0].kept_t, 2000.0);
  offtake.tonnes_per_year = 150.0;  // 30 % at 50: 21 USD/kg are too little
  EXPECT_EQ(with(offtake).counters[0].kept_t, 0.0);
}

TEST(PriceShock, StockpileIsBoughtHeldAndSold) {
  auto stock = counter_of(Kind::stockpile, 41.0);
  stock.tonnes_per_year = 500.0;
  stock.holding_usd_per_kg_year = 2.0;
  const auto result = with(stock);
  const double millions[] = {0.0, 21.5, 22.5, 23.5, 24.5, 4.0, -27.0, -28.0, -29.0};
  for (std::size_t y = 0; y < 9; ++y)
    EXPECT_NEAR(result.counters[0].by_year_usd[y], 1e6 * millions[y], 0.005) << y;
  EXPECT_NEAR(result.counters[0].cost_usd, 12e6, 0.005);
  EXPECT_NEAR(result.counters[0].stock_left_t, 500.0, 1e-9);
  EXPECT_NEAR(result.counters[0].stock_value_usd, 30e6, 0.005);
}

TEST(PriceShock, SeveralCountersAreCostedAloneAndTogether) {
  auto offtake = counter_of(Kind::offtake, 50.0);
  offtake.tonnes_per_year = 250.0;
  const auto result = price_shock(two_sources(), prices_of(), half_price(),
                                  {counter_of(Kind::floor_price, 38.0), offtake}, to_2036());
  ASSERT_EQ(result.counters.size(), 3u);
  EXPECT_EQ(result.counters[2].name, "all together");
  // The offtake takes half of A's NdPr, the floor the rest: 250 t x 8 x 3 more.
  EXPECT_NEAR(result.counters[2].cost_usd, 17500000.0 + 6000000.0, 0.005);
  EXPECT_NEAR(result.years[1].cost_usd, 7000000.0, 0.005);
}

TEST(PriceShock, ProjectsWaitUntilTheyPay) {
  const auto result = price_shock(one_project(), prices_of(), half_price(), {}, to_2036());
  const ShockedSource& c = result.sources[0];
  // Put off by one year it still has an NPV of -4 million; by two it has 18.
  EXPECT_FALSE(c.operating);
  EXPECT_FALSE(c.stops);
  EXPECT_EQ(c.delayed_years, 2.0);
  EXPECT_NEAR(c.npv_before_usd, 42392246.16030718, 0.005);
  EXPECT_NEAR(c.npv_after_usd, -24810068.634385175, 0.005);
  EXPECT_NEAR(c.full_break_even_usd_per_kg.base, 47.698735483448274, 1e-9);
  EXPECT_DOUBLE_EQ(c.output_t[2], 0.0);
  EXPECT_DOUBLE_EQ(c.output_before_t[2], 1000.0);
  EXPECT_DOUBLE_EQ(c.output_t[4], 1000.0);
  EXPECT_NEAR(c.floor_needed_usd_per_kg, 43.99529350078651, 1e-6);
  EXPECT_NEAR(result.floor_for_all_usd_per_kg, 43.99529350078651, 1e-6);
  auto options = to_2036();
  options.projects_wait = false;
  const auto built = price_shock(one_project(), prices_of(), half_price(), {}, options);
  EXPECT_EQ(built.sources[0].delayed_years, 0.0);
  EXPECT_FALSE(built.sources[0].stops);  // 30 against 20
  options = to_2036();
  options.last_year = 2031;
  EXPECT_TRUE(
      price_shock(one_project(), prices_of(), half_price(), {}, options).sources[0].never_starts);
}

/// A tenth of the market's 30, 30, 40, 50, 60 USD/kg, not of the floor: scipy's root of the NPV.
TEST(PriceShock, RoyaltyIsOfTheMarketNotOfWhatACounterPays) {
  auto options = to_2036();
  options.economics.royalty = 0.1;
  const auto result = price_shock(one_project(), prices_of(), half_price(), {}, options);
  EXPECT_NEAR(result.sources[0].floor_needed_usd_per_kg, 50.132387220622526, 1e-6);
}

/// At 45 USD/kg it would begin in 2030, at 30. Two years later a floor of 50 for two years carries
/// it through 40 and 50; counted from 2030, it would be over before the first kg.
TEST(PriceShock, FloorOfAProjectThatWaitsBeginsWithItsOutput) {
  auto project = one_project();
  project.list[0].opex_usd_per_kg = only_base(45.0);
  project.list[0].capex_usd = only_base(33.5e6);
  auto options = to_2036();
  Incentives& aid = options.economics.incentives;
  aid.floor_metals = {"NdPr"};
  aid.floor_usd_per_kg = {50.0};
  aid.floor_years = 2.0;
  const auto result = price_shock(project, prices_of(), half_price(), {}, options);
  EXPECT_EQ(result.sources[0].delayed_years, 2.0);
  EXPECT_FALSE(result.sources[0].stops);
  EXPECT_DOUBLE_EQ(result.sources[0].output_t[4], 1000.0);
}

/// In its second year a floor of 40 for a year and a half makes 34 of 28 USD/kg.
TEST(PriceShock, FloorOfHalfAYearPaysHalf) {
  auto sources = two_sources();
  sources.list.resize(1);
  sources.list[0].share = {1.0, 0.0};
  sources.list[0].fixed_usd_per_year = 0.0;
  auto options = to_2036();
  Incentives& aid = options.economics.incentives;
  aid.floor_metals = {"NdPr"};
  aid.floor_usd_per_kg = {40.0};
  aid.floor_years = 1.5;
  auto shock = half_price();
  shock.years = 1;
  shock.recovery_years = 0;
  const auto stops_at = [&](double opex) {
    sources.list[0].opex_usd_per_kg = only_base(opex);
    return price_shock(sources, prices_of(56.0), shock, {}, options).sources[0].stops_in;
  };
  EXPECT_EQ(stops_at(33.9), 0);
  EXPECT_EQ(stops_at(34.1), 2029);
}

TEST(PriceShock, WhatDidNotPayBeforeIsNotChargedToTheShock) {
  auto sources = two_sources();
  sources.list[0].opex_usd_per_kg = only_base(40.0);
  const auto result = price_shock(sources, prices_of(), half_price(), {}, to_2036());
  EXPECT_TRUE(result.findings.has("supply.loss_before"));
  EXPECT_EQ(result.sources[0].stops_in, 2029);
  EXPECT_EQ(result.sources[0].returns_in, 2035);  // prices are back in 2034
  auto project = one_project();
  const auto poor = price_shock(project, prices_of(40.0), half_price(), {}, to_2036());
  EXPECT_TRUE(poor.findings.has("supply.no_return_before"));
}

TEST(PriceShock, ChanceOfStoppingIsThatOfItsCost) {
  auto sources = two_sources();
  sources.list[0].opex_usd_per_kg = {14.0, 16.0, 20.0};  // 18 - 2 of fixed cost: the median
  auto options = to_2036();
  options.draws = 20000;
  const auto result = price_shock(sources, prices_of(), half_price(), {}, options);
  EXPECT_NEAR(result.sources[0].probability_of_stopping, 0.5, 4.0 * std::sqrt(0.25 / 20000.0));
  EXPECT_EQ(result.sources[1].probability_of_stopping, 0.0);
  EXPECT_DOUBLE_EQ(result.sources[0].cash_break_even_usd_per_kg.base, 24.0);
  EXPECT_NEAR(result.sources[0].cash_break_even_usd_per_kg.low, 20.0, 0.1);
  EXPECT_NEAR(result.sources[0].cash_break_even_usd_per_kg.high, 32.0, 0.2);
  options.jobs = 2;
  const auto again = price_shock(sources, prices_of(), half_price(), {}, options);
  EXPECT_EQ(result.sources[0].probability_of_stopping, again.sources[0].probability_of_stopping);
  EXPECT_EQ(result.sources[0].full_break_even_usd_per_kg.low,
            again.sources[0].full_break_even_usd_per_kg.low);
}

/// A twin of B abroad and at home; incentives are for the USA alone.
SupplySources twins() {
  auto sources = two_sources();
  sources.list[0] = sources.list[1];
  sources.list[0].id = "A";
  sources.list[0].country = "USA";
  return sources;
}

TEST(PriceShock, IncentivesOfOneCountryAreNotThoseOfOthers) {
  auto options = to_2036();
  options.economics.incentives.production_credit = 0.1;
  options.economics.incentives.countries = {"USA"};
  const auto result = price_shock(twins(), prices_of(), half_price(), {}, options);
  const ShockedSource &home = result.sources[0], &abroad = result.sources[1];
  EXPECT_DOUBLE_EQ(home.cash_break_even_usd_per_kg.base, (0.9 * 8.0 + 2.0) / 0.4);
  EXPECT_DOUBLE_EQ(abroad.cash_break_even_usd_per_kg.base, (8.0 + 2.0) / 0.4);
  EXPECT_DOUBLE_EQ(home.cash_factor, 9.2 / 24.0);
  EXPECT_DOUBLE_EQ(abroad.cash_factor, 10.0 / 24.0);
  // What operates has no capex to pay: both prices are one.
  for (const auto& one : result.sources)
    EXPECT_NEAR(one.cash_break_even_usd_per_kg.base, one.full_break_even_usd_per_kg.base, 1e-9);
  options.economics.incentives.countries.clear();
  options.economics.incentives.groups = {"allied"};
  const auto grouped = price_shock(two_sources(), prices_of(), half_price(), {}, options);
  EXPECT_DOUBLE_EQ(grouped.sources[0].cash_break_even_usd_per_kg.base, 32.0);  // domestic
  EXPECT_DOUBLE_EQ(grouped.sources[1].cash_break_even_usd_per_kg.base, 9.2 / 0.4);
}

/// A project at 20 USD/kg and 30 million, with a floor price of 26 in its first three years; 30
/// falls to 15 in 2029 to 2034. Its cash of five years from 2029, 2030, 2031 and 2032 on is, in
/// millions, 18 - 10 = 8, 18 - 10 = 8, 18 - 5 + 10 = 23 and 18 + 20 = 38: it begins in 2032, three
/// years late, and its floor then holds in 2032 to 2034, in which the market would stop it.
TEST(PriceShock, FloorOfItsOwnCountsFromTheDelayedStart) {
  auto sources = one_project();
  sources.list[0].capex_usd = only_base(30e6);
  sources.list[0].lead_years = 1.0;
  auto options = to_2036();
  options.economics.discount = 0.0;
  Incentives& aid = options.economics.incentives;
  aid.floor_metals = {"NdPr"};
  aid.floor_usd_per_kg = {26.0};
  aid.floor_years = 3.0;
  auto shock = half_price();
  shock.years = 6;
  shock.recovery_years = 0;
  // A counter of 2032 alone pays what its level is above the floor: 2 USD/kg of 1000 t.
  auto counter = counter_of(Kind::floor_price, 28.0, {});
  counter.from_year = counter.to_year = 2032;
  const auto result = price_shock(sources, prices_of(30.0), shock, {counter}, options);
  const ShockedSource& c = result.sources[0];
  EXPECT_EQ(c.delayed_years, 3.0);
  EXPECT_FALSE(c.stops);
  EXPECT_THAT(c.output_t, testing::ElementsAre(0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000));
  EXPECT_NEAR(result.counters[0].cost_usd, 2e6, 1e-3);
  EXPECT_EQ(result.counters[0].kept_t, 0.0);
  // In 2035 the floor has ended and the market is back; one year less of floor, and 2034 stops it.
  aid.floor_years = 2.0;
  sources.list[0].capex_usd = only_base(26e6);  // 12 - 5 + 20 = 27 from 2032 on
  const auto shorter = price_shock(sources, prices_of(30.0), shock, {}, options);
  EXPECT_EQ(shorter.sources[0].delayed_years, 3.0);
  EXPECT_EQ(shorter.sources[0].stops_in, 2034);
}

/// NdPr alone at 30 USD/kg, in Australia and the USA; a floor of 40 is for the USA alone. At half
/// of 56 the one stops, and needs its cost.
TEST(PriceShock, FloorOfOneCountryKeepsNoOther) {
  auto sources = two_sources();
  for (auto& one : sources.list) {
    one.share = {1.0, 0.0};
    one.capacity_t_per_year = only_base(1000.0);
    one.opex_usd_per_kg = only_base(30.0);
    one.fixed_usd_per_year = 0.0;
  }
  auto options = to_2036();
  Incentives& aid = options.economics.incentives;
  aid.countries = {"USA"};
  aid.floor_metals = {"NdPr"};
  aid.floor_usd_per_kg = {40.0};
  auto shock = half_price();
  shock.recovery_years = 0;
  const auto result = price_shock(sources, prices_of(56.0), shock, {}, options);
  EXPECT_FALSE(result.sources[0].stops);
  EXPECT_EQ(result.sources[1].stops_in, 2029);
  EXPECT_DOUBLE_EQ(result.sources[1].floor_needed_usd_per_kg, 30.0);
  EXPECT_DOUBLE_EQ(result.floor_for_all_usd_per_kg, 30.0);
  // The floor covers the cost at any price, at home.
  EXPECT_EQ(result.sources[0].cash_break_even_usd_per_kg.base, 0.0);
  EXPECT_EQ(result.sources[0].cash_factor, 0.0);
  EXPECT_DOUBLE_EQ(result.sources[1].cash_break_even_usd_per_kg.base, 30.0);
  EXPECT_DOUBLE_EQ(result.sources[1].cash_factor, 30.0 / 56.0);
}

TEST(PriceShock, FloorOfAnotherMetalLowersThePriceNeeded) {
  auto options = to_2036();
  Incentives& aid = options.economics.incentives;
  aid.countries = {"USA"};
  aid.floor_metals = {"DyTb"};
  aid.floor_usd_per_kg = {400.0};
  const auto result = price_shock(two_sources(), prices_of(), half_price(), {}, options);
  const ShockedSource& a = result.sources[0];
  EXPECT_DOUBLE_EQ(a.cash_break_even_usd_per_kg.base, (22.0 - 0.02 * 400.0) / 0.5);
  EXPECT_NEAR(a.full_break_even_usd_per_kg.base, 28.0, 1e-9);
  EXPECT_NEAR(a.cash_factor, (22.0 - 8.0) / (0.5 * 60.0), 1e-12);  // the floor stands below 4/3
}

/// As if it ran on: the loss is the revenue that the fall takes, and nothing of a stop or return.
TEST(PriceShock, NpvAfterIsThatOfRunningOn) {
  auto options = to_2036();
  options.restart_capex = 0.05;
  auto sources = two_sources();
  sources.list[0].capex_usd = only_base(100e6);
  const auto result = price_shock(sources, prices_of(), half_price(), {}, options);
  const ShockedSource& a = result.sources[0];
  EXPECT_EQ(a.returns_in, 2033);
  // 36 USD/kg of 1000 t: half of it in three years, a third and a sixth in the recovery.
  double lost = 0.0;
  const double part[] = {0.5, 0.5, 0.5, 1.0 / 3.0, 1.0 / 6.0};
  for (int k = 0; k < 5; ++k) lost += 36e6 * part[k] / std::pow(1.1, k + 1);
  EXPECT_NEAR(a.npv_before_usd - a.npv_after_usd, lost, 1e-6 * lost);
}

TEST(PriceShock, AFallAfterTheLastOutputIsRefused) {
  auto options = PriceShockOptions{};
  options.base_year = 2028;
  auto shock = half_price();
  const auto at = [&](const SupplySources& sources, int year) {
    shock.from_year = year;
    return code_of([&] { (void)price_shock(sources, prices_of(), shock, {}, options); });
  };
  EXPECT_EQ(at(one_project(), 2034), "");  // output from 2030 for five years
  EXPECT_EQ(at(one_project(), 2035), "supply.shock");
  EXPECT_EQ(at(two_sources(), 2057), "");  // without an end: 30 years from 2028 on
  EXPECT_EQ(at(two_sources(), 2150), "supply.shock");
  options.base_year = 0;
  EXPECT_EQ(at(two_sources(), 2150), "");  // nothing says when sources are decided on
  auto dated = prices_of();
  dated.price_year = 2024;
  shock.from_year = 2150;
  EXPECT_EQ(code_of([&] { (void)price_shock(two_sources(), dated, shock, {}, options); }),
            "supply.shock");
  options = to_2036();
  options.base_year = 2040;
  EXPECT_EQ(at(two_sources(), 2029), "supply.shock");
}

TEST(PriceShock, BadInputIsRefusedByName) {
  const auto run = [](const PriceShock& shock, std::vector<PriceCounter> counters = {},
                      PriceShockOptions options = to_2036()) {
    return code_of(
        [&] { (void)price_shock(two_sources(), prices_of(), shock, counters, options); });
  };
  auto shock = half_price();
  shock.depth = 0.0;
  EXPECT_EQ(run(shock), "supply.shock");
  shock.depth = 1.1;
  EXPECT_EQ(run(shock), "supply.shock");
  shock = half_price();
  shock.years = 0;
  EXPECT_EQ(run(shock), "supply.shock");
  shock = half_price();
  shock.from_year = 2040;
  EXPECT_EQ(run(shock), "supply.shock");
  shock = half_price();
  shock.recovery_years = -1;
  EXPECT_EQ(run(shock), "supply.shock");
  shock = half_price();
  shock.metals = {"Au"};
  EXPECT_EQ(run(shock), "supply.unknown_element");
  EXPECT_EQ(run(half_price(), {counter_of(Kind::offtake, 0.0)}), "supply.counter");
  auto backwards = counter_of(Kind::offtake, 10.0);
  backwards.from_year = 2030;
  backwards.to_year = 2029;
  EXPECT_EQ(run(half_price(), {backwards}), "supply.counter");
  PricePath prices = prices_of();
  prices.metals.pop_back();
  prices.usd_per_kg.pop_back();
  EXPECT_EQ(code_of([&] { (void)price_shock(two_sources(), prices, half_price(), {}, to_2036()); }),
            "supply.no_price");
  prices.usd_per_kg.clear();
  auto nobody = two_sources();
  nobody.list.clear();
  EXPECT_EQ(code_of([&] { (void)price_shock(nobody, prices, half_price(), {}, to_2036()); }),
            "supply.length");
  prices = prices_of();
  prices.metals.pop_back();
  prices.usd_per_kg.pop_back();
  auto unpriced = to_2036();
  unpriced.economics.unpriced_is_zero = true;
  auto heavy = counter_of(Kind::offtake, 10.0);
  heavy.metal = "DyTb";
  EXPECT_EQ(
      code_of([&] { (void)price_shock(two_sources(), prices, half_price(), {heavy}, unpriced); }),
      "supply.counter");
  EXPECT_EQ(code_of([] { (void)parse_price_counter("tariff"); }), "supply.counter");
  EXPECT_EQ(to_text(parse_price_counter("floor_price")), "floor price");
  shock = half_price();
  shock.from_year = 2035;
  EXPECT_TRUE(price_shock(two_sources(), prices_of(), shock, {}, to_2036())
                  .findings.has("supply.shock_cut"));
  EXPECT_TRUE(with(counter_of(Kind::floor_price, 38.0, {"moon"})).findings.has("supply.no_effect"));
}

}  // namespace
}  // namespace lode::test
