// Lifetimes, stocks and flows against closed forms and scipy; reading and refusing tables of
// stocks.
#include "libgeo/supply/recycling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "libgeo/core/error.h"
#include "tests/ranking/cases.h"
#include "tests/supply/csv_table.h"

namespace lode::test {
namespace {

TEST(Lifetimes, DistributionsAgreeWithScipy) {
  std::size_t seen = 0;
  for (const auto& one : read_cases("lifetimes.csv")) {
    const Lifetime life{parse_lifetime_shape(one.at("shape")), number(one.at("mean_years")),
                        number(one.at("spread"))};
    EXPECT_NEAR(retired_by(life, number(one.at("age_years"))), number(one.at("expected")),
                number(one.at("tolerance")))
        << one.at("case");
    ++seen;
  }
  EXPECT_GT(seen, 70u);
}

TEST(Lifetimes, WeibullOfShapeOneIsExponential) {
  const Lifetime life{LifetimeShape::weibull, 7.0, 1.0};
  for (const double age : {0.1, 1.0, 7.0, 30.0})
    EXPECT_NEAR(retired_by(life, age), 1.0 - std::exp(-age / 7.0), 1e-15);
}

TEST(Lifetimes, NothingRetiresBeforeItIsBought) {
  for (const auto shape : {LifetimeShape::fixed, LifetimeShape::weibull, LifetimeShape::normal,
                           LifetimeShape::lognormal}) {
    EXPECT_EQ(retired_by({shape, 5.0, 2.0}, 0.0), 0.0);
    EXPECT_EQ(retired_by({shape, 5.0, 2.0}, -0.5), 0.0);
    EXPECT_NEAR(retired_by({shape, 5.0, 2.0}, 1e4), 1.0, 1e-15);
    EXPECT_EQ(parse_lifetime_shape(to_text(shape)), shape);
  }
}

/// One product, all of it oxide of one metal, where nothing is lost.
ProductStock all_oxide(std::vector<double> sold, Lifetime life, int first = 2000) {
  ProductStock stock;
  stock.id = "S1";
  stock.product = "drives";
  stock.country = "USA";
  for (std::size_t k = 0; k < sold.size(); ++k) stock.years.push_back(first + static_cast<int>(k));
  stock.sold_t = std::move(sold);
  stock.oxide_content = 1.0;
  stock.share = {1.0};
  stock.lifetime = life;
  stock.collection = stock.dismantling = stock.recovery = only_base(1.0);
  stock.where = "stocks.csv, row 1 (S1)";
  return stock;
}

ProductStocks stocks_of(ProductStock stock) {
  ProductStocks stocks;
  stocks.table = "stocks.csv";
  stocks.metals = {"NdPr"};
  stocks.list = {std::move(stock)};
  return stocks;
}

RecyclingFlow flow_of(const ProductStock& stock, int from, int to) {
  return recycling_flows(stocks_of(stock), from, to).front();
}

TEST(RecyclingFlows, FixedLifetimeShiftsSales) {
  auto stock = all_oxide({10.0, 20.0, 40.0, 80.0}, {LifetimeShape::fixed, 3.0, 0.0});
  stock.growth = -1.0;  // nothing is sold later
  const auto flow = flow_of(stock, 1998, 2008);
  EXPECT_THAT(flow.retired_t, testing::ElementsAre(0, 0, 0, 0, 0, 10, 20, 40, 80, 0, 0));
  EXPECT_THAT(flow.in_use_t, testing::ElementsAre(0, 0, 10, 30, 70, 140, 120, 80, 0, 0, 0));
  EXPECT_THAT(flow.sold_t, testing::ElementsAre(0, 0, 10, 20, 40, 80, 0, 0, 0, 0, 0));
  EXPECT_EQ(flow.years.front(), 1998);
  EXPECT_EQ(flow.recycling_rate, 1.0);
}

TEST(RecyclingFlows, ConstantSalesRetireAsMuchInTheEnd) {
  for (const auto& life :
       {Lifetime{LifetimeShape::weibull, 8.0, 2.5}, Lifetime{LifetimeShape::normal, 8.0, 2.0},
        Lifetime{LifetimeShape::lognormal, 8.0, 3.0}}) {
    const auto flow = flow_of(all_oxide({100.0}, life), 2000, 2150);
    EXPECT_NEAR(flow.retired_t.back(), 100.0, 1e-7);
    // Little's law: in use = sales x mean life, less the half year after the end of sales' middle.
    const double mean = life.shape == LifetimeShape::normal
                            ? 8.0 + 2.0 * std::exp(-8.0) / std::sqrt(2.0 * M_PI) /
                                        (0.5 * std::erfc(-4.0 / std::sqrt(2.0)))
                            : 8.0;
    EXPECT_NEAR(flow.in_use_t.back(), 100.0 * mean, 0.5);
  }
}

TEST(RecyclingFlows, AgreesWithTheSameSumsInNumpy) {
  std::vector<double> sold;
  for (int year = 2000; year <= 2020; ++year) sold.push_back(1000.0 * std::pow(1.07, year - 2000));
  auto stock = all_oxide(sold, {LifetimeShape::weibull, 8.0, 2.5});
  stock.oxide_content = 0.36;
  stock.growth = 0.03;
  const auto flow = flow_of(stock, 2005, 2040);
  EXPECT_NEAR(flow.retired_t[0], 98.78741608322312, 1e-9);
  EXPECT_NEAR(flow.in_use_t[0], 2362.147708711214, 1e-9);
  EXPECT_NEAR(flow.retired_t[15], 832.2220637704112, 1e-9);
  EXPECT_NEAR(flow.in_use_t[15], 8571.093393370458, 1e-9);
  EXPECT_NEAR(flow.retired_t[35], 1996.3172753869856, 1e-9);
  EXPECT_NEAR(flow.in_use_t[35], 17843.7302705496, 1e-9);
}

TEST(RecyclingFlows, WhatIsSoldRetiresOrIsInUse) {
  std::mt19937 engine(7);
  std::uniform_real_distribution<double> any(0.0, 1.0);
  for (int round = 0; round < 300; ++round) {
    std::vector<double> sold(1 + engine() % 30);
    for (auto& tonnes : sold) tonnes = std::pow(10.0, 6.0 * any(engine));
    const auto shape = static_cast<LifetimeShape>(engine() % 4);
    auto stock = all_oxide(sold, {shape, 0.3 + 40.0 * any(engine), 0.4 + 6.0 * any(engine)});
    stock.growth = 0.2 * any(engine) - 0.1;
    const int from = 1990 + static_cast<int>(engine() % 40);
    const auto flow = flow_of(stock, from, from + static_cast<int>(engine() % 40));
    double bought = flow.sold_before_t, retired = flow.retired_before_t;
    double before = bought - retired;
    for (std::size_t k = 0; k < flow.years.size(); ++k) {
      bought += flow.sold_t[k];
      retired += flow.retired_t[k];
      EXPECT_NEAR(bought, retired + flow.in_use_t[k], 1e-9 * (1.0 + bought));
      EXPECT_NEAR(flow.in_use_t[k] - before, flow.sold_t[k] - flow.retired_t[k],
                  1e-9 * (1.0 + bought));
      EXPECT_GE(flow.retired_t[k], 0.0);
      before = flow.in_use_t[k];
    }
  }
}

TEST(RecyclingFlows, AYearDoesNotHangOnTheYearsAskedFor) {
  const auto stock = all_oxide({5.0, 7.0, 11.0}, {LifetimeShape::lognormal, 4.0, 2.0});
  const auto all = flow_of(stock, 1999, 2030), one = flow_of(stock, 2012, 2012);
  EXPECT_EQ(one.retired_t.front(), all.retired_t[13]);
  EXPECT_EQ(one.in_use_t.front(), all.in_use_t[13]);
}

TEST(RecyclingFlows, StepsAndTheirEnds) {
  auto stock = all_oxide({1000.0}, {LifetimeShape::fixed, 1.0, 0.0});
  stock.growth = 0.0;
  stock.collection = {0.4, 0.5, 0.6};
  stock.dismantling = only_base(0.8);
  stock.recovery = {0.7, 0.9, 0.95};
  const auto flow = flow_of(stock, 2001, 2002);
  EXPECT_NEAR(flow.collected_t[0], 500.0, 1e-9);
  EXPECT_NEAR(flow.dismantled_t[0], 400.0, 1e-9);
  EXPECT_NEAR(flow.recovered_t[0].low, 1000 * 0.4 * 0.8 * 0.7, 1e-9);
  EXPECT_NEAR(flow.recovered_t[0].base, 1000 * 0.5 * 0.8 * 0.9, 1e-9);
  EXPECT_NEAR(flow.recovered_t[0].high, 1000 * 0.6 * 0.8 * 0.95, 1e-9);
  EXPECT_NEAR(flow.recycling_rate, 0.36, 1e-12);
}

TEST(RecyclingFlows, CollectionRisesFromTheLastYearOfSales) {
  auto stock = all_oxide({100.0, 100.0}, {LifetimeShape::fixed, 1.0, 0.0});  // known to 2001
  stock.collection = {0.5, 0.6, 0.9};
  stock.collection_from = 0.1;
  stock.collection_by = 2006;
  const auto flow = flow_of(stock, 2001, 2008);
  const std::vector<double> expected = {10, 20, 30, 40, 50, 60, 60, 60};
  for (std::size_t k = 0; k < expected.size(); ++k)
    EXPECT_NEAR(flow.collected_t[k], expected[k], 1e-9) << k;
  EXPECT_NEAR(flow.recovered_t[2].high, 100 * (0.1 + 0.8 * 2 / 5), 1e-9);
  stock.collection_by = 2001;  // no time to rise
  EXPECT_NEAR(flow_of(stock, 2001, 2001).collected_t[0], 60.0, 1e-9);
}

TEST(RecyclingFlows, NothingRetiredHasNoRate) {
  const auto flow = flow_of(all_oxide({1.0}, {LifetimeShape::fixed, 30.0, 0.0}), 2000, 2005);
  EXPECT_TRUE(std::isnan(flow.recycling_rate));
}

TEST(RecyclingFlows, YearsThatRunBackwardAndSumsBeyondNumbers) {
  const auto stock = all_oxide({1.0}, {});
  EXPECT_EQ(code_of([&] { (void)flow_of(stock, 2030, 2020); }), "supply.year");
  EXPECT_EQ(code_of([&] { (void)flow_of(stock, 2030, 4000); }), "supply.year");
  auto huge = all_oxide({1e15, 1e15}, {LifetimeShape::fixed, 9.0, 0.0});
  huge.growth = 1.0;  // 1e15 x 2^975 is beyond the largest number
  EXPECT_EQ(code_of([&] { (void)flow_of(huge, 2000, 2990); }), "supply.balance");
}

TEST(RecyclingFlows, SharesOfOtherMetals) {
  auto stock = all_oxide({1.0}, {});
  stock.share = {0.5, 0.5};
  EXPECT_EQ(code_of([&] { (void)flow_of(stock, 2000, 2005); }), "supply.length");
}

TEST(RecyclingSources, StandOnTheAxesOfMines) {
  auto stock = all_oxide({100.0, 300.0, 200.0}, {LifetimeShape::fixed, 2.0, 0.0});
  stock.growth = -1.0;
  stock.recovery = {0.5, 0.8, 0.9};
  stock.opex_usd_per_kg = {10, 20, 30};
  stock.capex_usd = {4e6, 5e6, 7e6};
  stock.fixed_usd_per_year = 2e5;
  stock.lead_years = 3;
  stock.ramp_years = 2;
  stock.start = 2003;
  const auto sources = recycling_sources(stocks_of(stock), 2001, 2005);
  ASSERT_EQ(sources.list.size(), 1u);
  const auto& source = sources.list[0];
  EXPECT_EQ(source.kind, "secondary");
  EXPECT_EQ(source.id, "S1");
  EXPECT_NEAR(source.capacity_t_per_year.base, 240.0, 1e-9);
  EXPECT_NEAR(source.capacity_t_per_year.low, 150.0, 1e-9);
  EXPECT_NEAR(source.capacity_t_per_year.high, 270.0, 1e-9);
  EXPECT_EQ(source.limit_from, 2001);
  ASSERT_EQ(source.limit_t_per_year.size(), 5u);
  EXPECT_NEAR(source.limit_t_per_year[1], 80.0, 1e-9);
  EXPECT_NEAR(source.limit_t_per_year[2], 240.0, 1e-9);
  EXPECT_EQ(source.limit_t_per_year[4], 0.0);
  EXPECT_EQ(first_year(source, 1999), 2003);  // its start, after the lead
  EXPECT_EQ(first_year(source, 2001), 2004);  // its lead, after the start
  EXPECT_EQ(source.capex_usd.low, 4e6);
  EXPECT_EQ(source.capex_usd.base, 5e6);
  EXPECT_EQ(source.capex_usd.high, 7e6);
  EXPECT_EQ(source.fixed_usd_per_year, 2e5);
  EXPECT_EQ(source.opex_usd_per_kg.high, 30);
}

TEST(RecyclingSources, JoinOtherSources) {
  Findings findings;
  SupplySources mines =
      read_sources(csv_table("sources.csv",
                             "id,country,capacity_t_per_year,share_DyTb,share_NdPr,burden_x\n"
                             "M1,AUS,1000,0.01,0.2,3\n"),
                   findings);
  ProductStocks stocks = stocks_of(all_oxide({10.0}, {LifetimeShape::fixed, 1.0, 0.0}));
  stocks.price_year = 2024;
  SupplySources both = mines;
  add_recycling(both, stocks, 2001, 2002, findings);
  ASSERT_EQ(both.list.size(), 2u);
  EXPECT_EQ(both.price_year, 2024);
  EXPECT_THAT(both.metals, testing::ElementsAre("DyTb", "NdPr"));
  EXPECT_THAT(both.list[1].share, testing::ElementsAre(0.0, 1.0));
  EXPECT_THAT(both.list[1].burden, testing::ElementsAre(0.0));
  EXPECT_FALSE(findings.has("supply.other_metals"));
  EXPECT_EQ(code_of([&] { add_recycling(both, stocks, 2001, 2002, findings); }),
            "supply.duplicate_source");
  both = mines;
  stocks.metals = {"Sm"};
  add_recycling(both, stocks, 2001, 2002, findings);
  EXPECT_THAT(both.list[0].share, testing::ElementsAre(0.01, 0.2, 0.0));
  EXPECT_TRUE(findings.has("supply.other_metals"));
  stocks.currency = "EUR";
  both = mines;
  EXPECT_EQ(code_of([&] { add_recycling(both, stocks, 2001, 2002, findings); }), "supply.money");
}

const std::string header =
    "id,product,country,year,sold_t,oxide_content_pct,share_NdPr,share_DyTb_pct,lifetime,"
    "mean_years,spread,collection_pct,collection_low_pct,collection_high_pct,dismantling_pct,"
    "recovery_pct,growth_pct,collection_from_pct,collection_by,start,lead_years,ramp_years,"
    "opex_usd_per_kg,capex_usd,price_year\n";
const std::string first =
    "W1,turbines,usa,2010,100,36,0.9,6,weibull,25,3.5,50,40,60,80,90,5,10,2030,2028,3,2,30,1e7,"
    "2024\n";

ProductStocks read(const std::string& rows, const std::string& columns = header) {
  Findings findings;
  return read_stocks(csv_table("stocks.csv", columns + rows), findings);
}

TEST(ReadStocks, WhatIsSaidOnceHolds) {
  const auto stocks = read("W1,,,2011,120,,,,,,,,,,,,,,,,,,,,\n" + first +
                           "D1,drives,JPN,2020,7,36,1,0,fixed,5,,20,,,50,90,,,,,,,,,\n");
  ASSERT_EQ(stocks.list.size(), 2u);
  EXPECT_THAT(stocks.metals, testing::ElementsAre("NdPr", "DyTb"));
  EXPECT_EQ(stocks.price_year, 2024);
  const auto& wind = stocks.list[0];
  EXPECT_EQ(wind.country, "USA");
  EXPECT_THAT(wind.years, testing::ElementsAre(2010, 2011));
  EXPECT_THAT(wind.sold_t, testing::ElementsAre(100, 120));
  EXPECT_NEAR(wind.oxide_content, 0.36, 1e-15);
  EXPECT_THAT(wind.share, testing::ElementsAre(0.9, testing::DoubleNear(0.06, 1e-15)));
  EXPECT_EQ(wind.lifetime.shape, LifetimeShape::weibull);
  EXPECT_NEAR(wind.collection.low, 0.4, 1e-15);
  EXPECT_NEAR(wind.collection_from, 0.1, 1e-15);
  EXPECT_EQ(wind.collection_by, 2030);
  EXPECT_EQ(wind.start, 2028);
  EXPECT_NEAR(wind.growth, 0.05, 1e-15);
  EXPECT_EQ(wind.capex_usd.base, 1e7);
  EXPECT_EQ(stocks.list[1].lifetime.shape, LifetimeShape::fixed);
  EXPECT_TRUE(std::isnan(stocks.list[1].start));
  EXPECT_FALSE(stocks.list[1].opex_usd_per_kg.known());
  EXPECT_FALSE(stocks.list[1].capex_usd.known());  // as of other sources: not said, not 0
}

/// The first row with one of its cells changed.
std::string changed(const std::string& column, const std::string& cell) {
  const auto names = split(header.substr(0, header.size() - 1), ',');
  auto cells = split(first.substr(0, first.size() - 1), ',');
  for (std::size_t c = 0; c < names.size(); ++c)
    if (names[c] == column) cells[c] = cell;
  return join(cells, ",") + "\n";
}

TEST(ReadStocks, RefusesWhatCannotBe) {
  struct Fault {
    std::string column, cell, code;
  };
  for (const auto& fault :
       std::vector<Fault>{{"id", "", "supply.no_id"},
                          {"year", "2010.5", "supply.year"},
                          {"year", "", "supply.year"},
                          {"collection_by", "30", "supply.year"},
                          {"start", "99", "supply.year"},
                          {"sold_t", "-1", "supply.negative"},
                          {"sold_t", "1e308", "supply.magnitude"},
                          {"mean_years", "1e308", "supply.magnitude"},
                          {"opex_usd_per_kg", "2e6", "supply.magnitude"},
                          {"capex_usd", "2e13", "supply.magnitude"},
                          {"sold_t", "", "supply.no_feedstock"},
                          {"sold_t", "0", "supply.no_feedstock"},
                          {"oxide_content_pct", "0", "supply.no_feedstock"},
                          {"oxide_content_pct", "", "supply.no_feedstock"},
                          {"oxide_content_pct", "101", "supply.share_over_one"},
                          {"oxide_content_pct", "-1", "supply.negative"},
                          {"share_NdPr", "1.1", "supply.share_over_one"},
                          {"share_NdPr", "0.95", "supply.shares_over_one"},
                          {"share_NdPr", "-0.1", "supply.negative"},
                          {"lifetime", "gamma", "supply.lifetime"},
                          {"lifetime", "", "supply.lifetime"},
                          {"mean_years", "0", "supply.lifetime"},
                          {"mean_years", "", "supply.lifetime"},
                          {"mean_years", "-3", "supply.lifetime"},
                          {"spread", "0", "supply.lifetime"},
                          {"spread", "", "supply.lifetime"},
                          {"spread", "0.01", "supply.lifetime"},
                          {"collection_pct", "101", "supply.share_over_one"},
                          {"collection_pct", "-1", "supply.negative"},
                          {"collection_pct", "", "supply.no_step"},
                          {"collection_low_pct", "55", "supply.range_order"},
                          {"collection_high_pct", "45", "supply.range_order"},
                          {"collection_high_pct", "120", "supply.share_over_one"},
                          {"dismantling_pct", "", "supply.no_step"},
                          {"recovery_pct", "140", "supply.share_over_one"},
                          {"growth_pct", "-101", "supply.negative"},
                          {"growth_pct", "300", "supply.share_over_one"},
                          {"collection_from_pct", "101", "supply.share_over_one"},
                          {"lead_years", "-1", "supply.negative"},
                          {"ramp_years", "-1", "supply.negative"},
                          {"opex_usd_per_kg", "-1", "supply.negative"},
                          {"capex_usd", "-1", "supply.negative"}})
    EXPECT_EQ(code_of([&] { (void)read(changed(fault.column, fault.cell)); }), fault.code)
        << fault.column << " = '" << fault.cell << "'";
}

TEST(ReadStocks, SlipsAreSaid) {
  const auto codes = [](const std::string& text) {
    Findings findings;
    (void)read_stocks(csv_table("stocks.csv", text), findings);
    std::string all;
    for (const auto& one : findings.list()) all += one.code + " " + one.where + " " + one.message;
    return all;
  };
  EXPECT_EQ(codes(header + first), "");
  for (const auto& [column, slip] : {std::pair{"growth_pct", "grow_pct"},
                                     {"start", "strt"},
                                     {"start", "start_year"},
                                     {"collection_low_pct", "collection_low"}}) {
    std::string columns = header;
    const std::string name = column;
    columns.replace(columns.find("," + name + ",") + 1, name.size(), slip);
    EXPECT_EQ(codes(columns + first), "supply.column_unused stocks.csv the column " +
                                          std::string(slip) + " is not read; is " + name +
                                          " meant?");
  }
  for (const auto& [column, cell] : {std::pair{"oxide_content_pct", "0.365"},
                                     {"dismantling_pct", "0.8"},
                                     {"recovery_pct", "0.9"}})
    EXPECT_THAT(
        codes(header + changed(column, cell)),
        testing::HasSubstr("supply.looks_like_fraction stocks.csv, column " + std::string(column)));
  EXPECT_EQ(codes(header + changed("oxide_content_pct", "0.04")), "");  // a car's
}

TEST(ReadStocks, FaultsOfSalesNameTheirLine) {
  try {
    (void)read(first + "W1,,,2011,120,,,,,,,,,,,,,,,,,,,,\nW1,,,2012,,,,,,,,,,,,,,,,,,,,,\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "supply.no_feedstock");
    EXPECT_EQ(error.where, "stocks.csv, row 3 (W1)");
  }
}

TEST(ReadStocks, RefusesRowsThatDoNotFit) {
  EXPECT_EQ(code_of([] { (void)read(first + first); }), "supply.year");                    // twice
  EXPECT_EQ(code_of([] { (void)read(first + changed("year", "2012")); }), "supply.year");  // a gap
  const std::string next = "W1,cars,USA,2011,1,,,,,,,,,,,,,,,,,,,,\n";
  EXPECT_EQ(code_of([&] { (void)read(first + next); }), "supply.stock_differs");
  const std::string other = "W1,,,2011,1,,,,,,,,,,,,,,,,,,31,,\n";
  EXPECT_EQ(code_of([&] { (void)read(first + other); }), "supply.stock_differs");
  EXPECT_EQ(code_of([&] { (void)read(first + "W1,,,2011,1,,,,,,,,,,,,,,,,,,,,2023\n"); }),
            "supply.mixed_price_year");
  EXPECT_EQ(code_of([&] { (void)read("", header); }), "supply.no_feedstock");
}

TEST(ReadStocks, RefusesTablesWithoutTheirColumns) {
  EXPECT_EQ(code_of([] { (void)read("1\n", "id\n"); }), "supply.no_column");
  for (const std::string gone :
       {"id", "product", "country", "year", "sold_t", "oxide_content_pct", "lifetime", "mean_years",
        "collection_pct", "dismantling_pct", "recovery_pct"}) {
    std::string columns = header;
    columns.replace(columns.find(gone), gone.size(), "x");
    EXPECT_EQ(code_of([&] { (void)read(first, columns); }), "supply.no_column") << gone;
  }
  std::string twice = header;
  twice.replace(twice.find("share_DyTb_pct"), 14, "share_NdPr_pct");
  EXPECT_EQ(code_of([&] { (void)read(first, twice); }), "supply.duplicate_element");
  std::string money = header;
  money.replace(money.find("price_year"), 10, "currency");
  EXPECT_EQ(code_of([&] {
              (void)read(
                  "W1,a,USA,2010,1,36,1,0,fixed,5,,20,,,50,90,,,,,,,,,USD\n"
                  "W1,,,2011,1,,,,,,,,,,,,,,,,,,,,EUR\n",
                  money);
            }),
            "supply.mixed_currency");
}

TEST(ReadStocks, OxideOfNoMetalIsSaid) {
  Findings findings;
  std::string none = changed("share_NdPr", "0");
  none.replace(none.find(",6,"), 3, ",0,");
  (void)read_stocks(csv_table("stocks.csv", header + none), findings);
  EXPECT_TRUE(findings.has("supply.no_share"));
}

}  // namespace
}  // namespace lode::test
