// The cost curve against site economics, closed forms and a re-sorting by hand; refusals.
#include "libgeo/supply/cost_curve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/supply/recycling.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

SupplySource source_of(const std::string& id, double capacity, double share, double opex) {
  SupplySource source;
  source.id = id;
  source.country = "USA";
  source.capacity_t_per_year = only_base(capacity);
  source.share = {share, 0.0};
  source.opex_usd_per_kg = only_base(opex);
  source.operating = true;
  source.life_years = 20;
  source.where = "sources.csv, row (" + id + ")";
  return source;
}

SupplySources sources_of(std::vector<SupplySource> list) {
  SupplySources sources;
  sources.table = "sources.csv";
  sources.metals = {"NdPr", "DyTb"};
  sources.list = std::move(list);
  return sources;
}

PricePath prices_of(LowBaseHigh ndpr = only_base(60.0), LowBaseHigh dytb = only_base(300.0)) {
  PricePath prices;
  prices.table = "prices.csv";
  prices.price_year = 2024;
  prices.metals = {"NdPr", "DyTb"};
  prices.usd_per_kg = {ndpr, dytb};
  return prices;
}

CostCurveOptions without_draws() {
  CostCurveOptions options;
  options.draws = 0;
  return options;
}

TEST(CostCurve, OperatingSitesAreOpexOverShareSortedAndCumulated) {
  // Without capex and by-products: cost a kg of NdPr = opex a kg of oxide over the share.
  auto options = without_draws();
  options.price_lines = {{"low", 39.0}, {"base", 60.0}, {"all", 1000.0}};
  const auto curve =
      cost_curve(sources_of({source_of("B", 1000, 0.2, 12), source_of("A", 500, 0.25, 10),
                             source_of("C", 200, 0.2, 8)}),
                 prices_of(), options);
  ASSERT_EQ(curve.steps.size(), 3u);
  EXPECT_EQ(curve.metal, "NdPr");
  EXPECT_EQ(curve.price_year, 2024);
  EXPECT_EQ(curve.steps[0].id, "A");  // 40, as C: ties by id
  EXPECT_EQ(curve.steps[1].id, "C");
  EXPECT_EQ(curve.steps[2].id, "B");
  EXPECT_NEAR(curve.steps[0].usd_per_kg.base, 40.0, 1e-12);
  EXPECT_NEAR(curve.steps[1].usd_per_kg.base, 40.0, 1e-12);
  EXPECT_NEAR(curve.steps[2].usd_per_kg.base, 60.0, 1e-12);
  EXPECT_NEAR(curve.steps[0].cash_usd_per_kg, 40.0, 1e-12);
  EXPECT_NEAR(curve.steps[0].tonnes.base, 125.0, 1e-12);
  EXPECT_EQ(curve.steps[0].from_t, 0.0);
  EXPECT_NEAR(curve.steps[1].from_t, 125.0, 1e-12);
  EXPECT_NEAR(curve.steps[2].from_t, 165.0, 1e-12);
  EXPECT_TRUE(std::isnan(curve.steps[0].usd_per_kg.low));
  EXPECT_TRUE(curve.bands.empty());
  ASSERT_EQ(curve.lines.size(), 3u);
  EXPECT_EQ(curve.lines[0].sources, 0u);
  EXPECT_EQ(curve.lines[0].tonnes.base, 0.0);
  EXPECT_EQ(curve.lines[2].sources, 3u);
  EXPECT_NEAR(curve.lines[2].tonnes.base, 365.0, 1e-12);
}

TEST(CostCurve, NewSiteByAnnuityAndByProduct) {
  // 1000 t a year, 20 % NdPr and 2 % DyTb, from the year after the decision for 10 years; capex of
  // 20 M spent in the base year. Capital a year by the annuity of 10 years at 8 %: PMT
  // 0.149029488697
  SupplySource mine = source_of("M", 1000, 0.2, 10);
  mine.operating = false;
  mine.share = {0.2, 0.02};
  mine.capex_usd = only_base(2e7);
  mine.lead_years = 1;
  mine.life_years = 10;
  mine.fixed_usd_per_year = 3e5;
  auto options = without_draws();
  const auto curve = cost_curve(sources_of({mine}), prices_of(), options);
  const double capital = 2e7 * 0.149029488697 / 2e5, opex = 10 / 0.2, fixed = 3e5 / 2e5,
               credit = 0.02 * 300 / 0.2;
  EXPECT_NEAR(curve.steps[0].usd_per_kg.base, capital + opex + fixed - credit, 1e-9);
  EXPECT_NEAR(curve.steps[0].cash_usd_per_kg, opex + fixed - credit, 1e-9);
}

TEST(CostCurve, ByProductsMayPayForAll) {
  SupplySource rich = source_of("R", 1000, 0.2, 10);
  rich.share = {0.2, 0.1};  // 30 USD of DyTb in a kg that costs 10
  const auto curve =
      cost_curve(sources_of({rich, source_of("A", 10, 0.2, 10)}), prices_of(), without_draws());
  EXPECT_EQ(curve.steps[0].id, "R");
  EXPECT_NEAR(curve.steps[0].usd_per_kg.base, (10.0 - 30.0) / 0.2, 1e-9);
  EXPECT_TRUE(curve.findings.has("supply.cost_below_zero"));
}

/// Mines and recyclers of all kinds with made-up figures and ranges.
SupplySources mixed(std::size_t count, bool limits = true) {
  const Random any{7, 0};
  std::vector<SupplySource> list;
  for (std::size_t k = 0; k < count; ++k) {
    const auto u = [&](std::uint64_t j) { return any.uniform(100 * k + j); };
    SupplySource one = source_of("S" + std::to_string(k), 500 + 9000 * u(0), 0.0, 0.0);
    one.share = {0.1 + 0.3 * u(1), 0.05 * u(2)};
    const double c = one.capacity_t_per_year.base, o = 4 + 20 * u(3);
    one.capacity_t_per_year = {c * (0.4 + 0.5 * u(4)), c, c * (1.1 + 0.5 * u(5))};
    one.opex_usd_per_kg = {o * 0.8, o, o * 1.4};
    one.operating = k % 5 == 0;
    one.life_years = k % 3 == 0 ? std::nan("") : 8 + 20 * u(6);
    one.fixed_usd_per_year = k % 4 == 0 ? 1e6 * u(7) : 0.0;
    one.lead_years = 6 * u(8);
    one.ramp_years = 4 * u(9);
    const double spent = 2e8 * u(10);
    one.capex_usd = {spent * 0.8, spent, spent * 1.5};
    if (limits && k % 7 == 3) {
      one.kind = "secondary";
      one.limit_from = 2024;
      for (int year = 0; year < 12; ++year) one.limit_t_per_year.push_back(c * (0.3 + 0.08 * year));
    }
    list.push_back(one);
  }
  return sources_of(std::move(list));
}

EconomicsOptions with_everything() {
  EconomicsOptions options;
  options.base_year = 2024;
  options.tax = 0.25;
  options.royalty = 0.03;
  options.closure_usd = 5e6;
  options.incentives.grant_usd = 3e7;
  options.incentives.investment_credit = 0.1;
  options.incentives.production_credit = 0.1;
  options.incentives.loan_share = 0.4;
  options.incentives.loan_rate = 0.03;
  options.incentives.floor_metals = {"NdPr"};
  options.incentives.floor_usd_per_kg = {75.0};
  return options;
}

/// Base, P10 and P90 of every source are those of the site's economics, drawn cash flow by flow.
void expect_as_economics(const SupplySources& sources, const PricePath& prices,
                         EconomicsOptions economics) {
  CostCurveOptions options;
  options.draws = 300;
  options.seed = economics.seed = 11;
  options.economics = economics;
  const auto curve = cost_curve(sources, prices, options);
  const auto base = site_economics(sources, prices, economics);
  economics.draws = options.draws;
  const auto drawn = site_economics(sources, prices, economics);
  ASSERT_EQ(curve.steps.size(), sources.list.size());
  for (const auto& step : curve.steps) {
    const auto at = std::find_if(base.sites.begin(), base.sites.end(),
                                 [&](const SiteEconomics& site) { return site.id == step.id; });
    const auto& ranged = drawn.sites[static_cast<std::size_t>(at - base.sites.begin())];
    const double slack = 1e-9 * std::max(1.0, std::abs(at->usd_per_kg.base));
    EXPECT_NEAR(step.usd_per_kg.base, at->usd_per_kg.base, slack) << step.id;
    EXPECT_NEAR(step.usd_per_kg.low, ranged.usd_per_kg.low, slack) << step.id;
    EXPECT_NEAR(step.usd_per_kg.high, ranged.usd_per_kg.high, slack) << step.id;
  }
}

const PricePath ranged_prices = prices_of({50, 60, 120}, {250, 300, 500});

TEST(CostCurve, AgreesWithSiteEconomicsDrawByDraw) {
  EconomicsOptions plain;
  plain.base_year = 2024;
  expect_as_economics(mixed(30), ranged_prices, plain);
  expect_as_economics(mixed(30), ranged_prices, with_everything());
  EconomicsOptions capital = with_everything();
  capital.working_capital = 0.2;
  capital.mid_year = true;
  expect_as_economics(mixed(30), ranged_prices, capital);
  EconomicsOptions some = with_everything();
  some.incentives.countries = {"USA"};
  auto abroad = mixed(20);
  for (std::size_t k = 0; k < 10; ++k) abroad.list[k].country = "AUS";
  expect_as_economics(abroad, ranged_prices, some);
  EconomicsOptions floors = with_everything();
  floors.incentives.floor_metals = {"DyTb"};
  floors.incentives.floor_usd_per_kg = {310.0};
  floors.incentives.floor_years = 5;
  expect_as_economics(mixed(20), ranged_prices, floors);
  PricePath path = ranged_prices;
  path.years = {2024, 2030};
  path.usd_per_kg = {{50, 60, 120}, {60, 80, 130}, {250, 300, 500}, {200, 250, 300}};
  expect_as_economics(mixed(20), path, with_everything());
}

TEST(CostCurve, DrawsReSortAsByHand) {
  // Two sources of fixed 100 t: one costs 50, the other P10 40 and P90 60 about 50. In half of the
  // draws the uncertain one comes first: the cost of the first 100 t is min(50, x), of the second
  // max(50, x).
  SupplySource sure = source_of("A", 500, 0.2, 10), unsure = source_of("B", 500, 0.2, 10);
  unsure.opex_usd_per_kg = {8, 10, 12};
  CostCurveOptions options;
  options.draws = 20000;
  options.grid = 2;
  options.price_lines = {{"at 50", 50.0}, {"at 45", 45.0}};
  const auto curve = cost_curve(sources_of({sure, unsure}), prices_of(), options);
  ASSERT_EQ(curve.bands.size(), 2u);
  EXPECT_NEAR(curve.bands[0].tonnes, 100.0, 1e-9);
  EXPECT_NEAR(curve.bands[0].usd_per_kg.low, 40.0, 0.15);
  EXPECT_NEAR(curve.bands[0].usd_per_kg.base, 50.0, 0.15);
  EXPECT_NEAR(curve.bands[0].usd_per_kg.high, 50.0, 1e-9);
  EXPECT_NEAR(curve.bands[1].tonnes, 200.0, 1e-9);
  EXPECT_NEAR(curve.bands[1].usd_per_kg.low, 50.0, 1e-9);
  EXPECT_NEAR(curve.bands[1].usd_per_kg.high, 60.0, 0.15);
  const auto step = curve.steps[1];
  EXPECT_EQ(step.id, "B");
  EXPECT_NEAR(step.usd_per_kg.low, 40.0, 0.15);
  EXPECT_NEAR(step.usd_per_kg.high, 60.0, 0.15);
  EXPECT_EQ(curve.lines[0].sources, 2u);
  EXPECT_NEAR(curve.lines[0].tonnes.low, 100.0, 1e-9);
  EXPECT_NEAR(curve.lines[0].tonnes.high, 200.0, 1e-9);
  EXPECT_NEAR(curve.lines[1].tonnes.low, 0.0, 1e-9);
  EXPECT_NEAR(curve.lines[1].tonnes.high, 100.0, 1e-9);
  EXPECT_EQ(curve.lines[1].sources, 0u);
}

TEST(CostCurve, BandsEndWhereTheDrawsEnd) {
  SupplySource one = source_of("A", 1000, 0.2, 10);
  one.capacity_t_per_year = {500, 1000, 1500};
  CostCurveOptions options;
  options.draws = 20000;
  options.grid = 100;
  const auto curve = cost_curve(sources_of({one}), prices_of(), options);
  // 200 t at base: P10 of the total 100 t, so a tenth of the draws end before it.
  EXPECT_NEAR(curve.bands[40].tonnes, 82.0, 1e-9);
  EXPECT_NEAR(curve.bands[40].usd_per_kg.high, 50.0, 1e-9);
  EXPECT_TRUE(std::isnan(curve.bands[55].usd_per_kg.high));
  EXPECT_NEAR(curve.bands[55].usd_per_kg.base, 50.0, 1e-9);
  EXPECT_NEAR(curve.bands[97].usd_per_kg.low, 50.0, 1e-9);
  EXPECT_NEAR(curve.steps[0].tonnes.low, 100.0, 2.0);
  EXPECT_NEAR(curve.steps[0].tonnes.base, 200.0, 1e-9);
  EXPECT_NEAR(curve.steps[0].tonnes.high, 300.0, 2.0);
}

TEST(CostCurve, SameBitsForAnyJobsAndNeighbours) {
  CostCurveOptions options;
  options.draws = 500;
  options.economics = with_everything();
  options.price_lines = {{"60", 60.0}};
  options.jobs = 1;
  const auto sources = mixed(40);
  const auto one = cost_curve(sources, ranged_prices, options);
  options.jobs = 2;
  const auto two = cost_curve(sources, ranged_prices, options);
  ASSERT_EQ(one.steps.size(), two.steps.size());
  for (std::size_t k = 0; k < one.steps.size(); ++k) {
    EXPECT_EQ(one.steps[k].usd_per_kg, two.steps[k].usd_per_kg);
    EXPECT_EQ(one.steps[k].tonnes, two.steps[k].tonnes);
  }
  for (std::size_t p = 0; p < 90; ++p)
    EXPECT_EQ(one.bands[p].usd_per_kg.base, two.bands[p].usd_per_kg.base);
  EXPECT_EQ(one.lines[0].tonnes, two.lines[0].tonnes);
  // Alone it draws what it draws among others.
  SupplySources alone = sources;
  alone.list = {sources.list[17]};
  const auto single = cost_curve(alone, ranged_prices, options);
  const auto at = std::find_if(one.steps.begin(), one.steps.end(),
                               [](const CostStep& step) { return step.id == "S17"; });
  EXPECT_EQ(single.steps[0].usd_per_kg, at->usd_per_kg);
  EXPECT_EQ(single.steps[0].tonnes, at->tonnes);
}

TEST(CostCurve, OnlyWhatRunsInTheYear) {
  SupplySource early = source_of("E", 1000, 0.2, 10);
  early.life_years = 5;
  SupplySource late = source_of("L", 1000, 0.2, 10);
  late.operating = false;
  late.lead_years = 4;
  late.ramp_years = 2;
  SupplySource fed = source_of("R", 1000, 0.5, 10);
  fed.operating = false;
  fed.kind = "secondary";
  fed.limit_from = 2026;
  fed.limit_t_per_year = {100, 200, 300, 400, 500, 600};
  auto options = without_draws();
  options.base_year = 2026;
  options.year = 2030;
  auto curve = cost_curve(sources_of({early, late, fed}), prices_of(), options);
  ASSERT_EQ(curve.steps.size(), 3u);
  const auto tonnes = [&](const std::string& id) {
    for (const auto& step : curve.steps)
      if (step.id == id) return step.tonnes.base;
    return -1.0;
  };
  EXPECT_NEAR(tonnes("E"), 200.0, 1e-9);  // its last year
  EXPECT_NEAR(tonnes("L"), 100.0, 1e-9);  // half its rate, as it ramps up
  EXPECT_NEAR(tonnes("R"), 250.0, 1e-9);  // what its feed allows
  options.year = 2031;
  curve = cost_curve(sources_of({early, late, fed}), prices_of(), options);
  EXPECT_EQ(tonnes("E"), -1.0);
  EXPECT_NEAR(tonnes("L"), 200.0, 1e-9);
  EXPECT_THAT(curve.left_out, testing::ElementsAre("E: makes nothing any more in 2031"));
  options.year = 2027;
  curve = cost_curve(sources_of({early, late, fed}), prices_of(), options);
  EXPECT_THAT(curve.left_out, testing::ElementsAre("L: not before 2030"));
  EXPECT_EQ(curve.year, 2027);
  EXPECT_EQ(curve.base_year, 2026);
}

TEST(CostCurve, WhatHasNoPlaceIsLeftOutAndSaid) {
  SupplySource none = source_of("N", 1000, 0.0, 10), free = source_of("F", 1000, 0.2, 10);
  none.share = {0.0, 0.5};
  free.opex_usd_per_kg = {};
  const auto curve =
      cost_curve(sources_of({none, free, source_of("Z", 0, 0.2, 10), source_of("A", 10, 0.2, 10)}),
                 prices_of(), without_draws());
  EXPECT_THAT(curve.left_out,
              testing::ElementsAre("N: none of the metal", "F: no cost", "Z: makes nothing"));
  EXPECT_EQ(curve.steps.size(), 1u);
  const auto empty = cost_curve(sources_of({none}), prices_of(), CostCurveOptions{});
  EXPECT_TRUE(empty.steps.empty());
  EXPECT_TRUE(empty.bands.empty());
  EXPECT_TRUE(empty.findings.has("supply.curve_empty"));
}

TEST(CostCurve, AnotherMetal) {
  SupplySource both = source_of("B", 1000, 0.2, 10);
  both.share = {0.2, 0.02};
  auto options = without_draws();
  options.metal = "DyTb";
  const auto curve =
      cost_curve(sources_of({both, source_of("A", 1, 0.2, 1)}), prices_of(), options);
  EXPECT_EQ(curve.metal, "DyTb");
  EXPECT_NEAR(curve.steps[0].usd_per_kg.base, (10 - 0.2 * 60) / 0.02, 1e-9);
  EXPECT_THAT(curve.left_out, testing::ElementsAre("A: none of the metal"));
  options.metal = "La";
  EXPECT_EQ(code_of([&] { (void)cost_curve(sources_of({both}), prices_of(), options); }),
            "supply.no_metal");
}

TEST(CostCurve, Refusals) {
  const auto sources = sources_of({source_of("A", 1000, 0.2, 10)});
  CostCurveOptions options;
  options.grid = 0;
  EXPECT_EQ(code_of([&] { (void)cost_curve(sources, prices_of(), options); }),
            "supply.curve_option");
  options.grid = 1'000'000;
  EXPECT_EQ(code_of([&] { (void)cost_curve(sources, prices_of(), options); }),
            "supply.curve_option");
  options = without_draws();
  options.price_lines = {{"x", std::nan("")}};
  EXPECT_EQ(code_of([&] { (void)cost_curve(sources, prices_of(), options); }),
            "supply.curve_option");
  options = without_draws();
  options.year = 2030;
  PricePath undated = prices_of();
  undated.price_year = 0;
  EXPECT_EQ(code_of([&] { (void)cost_curve(sources, undated, options); }), "supply.curve_option");
  auto short_of_shares = sources;
  short_of_shares.list[0].share = {0.2};
  EXPECT_EQ(code_of([&] { (void)cost_curve(short_of_shares, prices_of(), without_draws()); }),
            "supply.length");
  PricePath euro = prices_of();
  euro.currency = "EUR";
  EXPECT_EQ(code_of([&] { (void)cost_curve(sources, euro, without_draws()); }), "supply.money");
  PricePath unpriced = prices_of();
  unpriced.usd_per_kg[0] = {};
  EXPECT_EQ(code_of([&] { (void)cost_curve(sources, unpriced, without_draws()); }),
            "supply.no_price");
}

TEST(CostCurve, NoRangesAreSaid) {
  const auto curve = cost_curve(sources_of({source_of("A", 1000, 0.2, 10)}), prices_of());
  EXPECT_TRUE(curve.findings.has("supply.no_range"));
  EXPECT_NEAR(curve.bands.back().usd_per_kg.high, 50.0, 1e-12);
  EXPECT_NEAR(curve.steps[0].usd_per_kg.low, 50.0, 1e-12);
}

TEST(CostCurve, ManySourcesInSlabsGiveTheSame) {
  // 5,000 sources x 4,000 draws do not fit at once; the first source draws what it draws alone.
  auto sources = mixed(5000, false);
  CostCurveOptions options;
  options.draws = 4000;
  options.grid = 10;
  const auto curve = cost_curve(sources, ranged_prices, options);
  SupplySources alone = sources;
  alone.list = {sources.list[4321]};
  const auto single = cost_curve(alone, ranged_prices, options);
  const auto at = std::find_if(curve.steps.begin(), curve.steps.end(),
                               [](const CostStep& step) { return step.id == "S4321"; });
  EXPECT_EQ(single.steps[0].usd_per_kg, at->usd_per_kg);
  for (std::size_t p = 1; p < 9; ++p)
    EXPECT_GE(curve.bands[p].usd_per_kg.base, curve.bands[p - 1].usd_per_kg.base);
}

}  // namespace
}  // namespace lode::test
