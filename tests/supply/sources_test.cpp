// Sources, demand and prices as tables: every column, every refusal, and when a source may run.
#include "libgeo/supply/sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/alliance_chain.h"
#include "libgeo/supply/demand.h"
#include "libgeo/supply/economics.h"
#include "libgeo/supply/recycling.h"
#include "libgeo/supply/sources_table.h"

namespace lode::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const double none = std::nan("");

/// Cells of comma-separated lines: a column of numbers where all cells are, else of texts.
Table table_of(const std::string& text) {
  Table table;
  table.name = "t.csv";
  std::vector<std::vector<std::string>> lines;
  for (const auto& line : split(text, '\n'))
    if (!line.empty()) lines.push_back(split(line, ','));
  for (std::size_t c = 0; c < lines.at(0).size(); ++c) {
    std::vector<std::string> cells;
    std::vector<double> numbers;
    bool numeric = true;
    for (std::size_t r = 1; r < lines.size(); ++r) {
      const std::string& cell = lines[r].at(c);
      cells.push_back(cell);
      const auto value = parse_number(cell);
      numeric = numeric && (value || cell.empty());
      numbers.push_back(value ? *value : none);
    }
    table.add(numeric ? number_column(lines[0][c], numbers) : text_column(lines[0][c], cells));
  }
  return table;
}

SupplySources sources_in(const std::string& text, Findings* findings = nullptr) {
  Findings own;
  return read_sources(table_of(text), findings != nullptr ? *findings : own);
}

SupplyDemand demand_in(const std::string& text) {
  Findings findings;
  return read_demand(table_of(text), findings);
}

PricePath prices_in(const std::string& text) {
  Findings findings;
  return read_price_path(table_of(text), findings);
}

/// "code at where" of what is thrown.
std::string told(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    EXPECT_FALSE(std::string(error.what()).empty());
    return error.code + " at " + error.where;
  }
  return "";
}

std::string sources_error(const std::string& text) {
  return told([&] { (void)sources_in(text); });
}
std::string demand_error(const std::string& text) {
  return told([&] { (void)demand_in(text); });
}
std::string prices_error(const std::string& text) {
  return told([&] { (void)prices_in(text); });
}

TEST(Sources, EveryColumnIsRead) {
  const SupplySources sources = sources_in(
      "ID,Name,Country,Group,Kind,capacity_low_t_per_year,capacity_t_per_year,"
      "capacity_high_t_per_year,share_ndpr,Share_DyTb_pct,opex_usd_per_kg,opex_low_usd_per_kg,"
      "opex_high_usd_per_kg,fixed_usd_per_year,capex_usd,capex_low_usd,capex_high_usd,lead_years,"
      "ramp_years,life_years,not_before,start_year,operating,feedstock_t_per_year,burden_co2e_kg,"
      "currency,price_year\n"
      "a,Alpha,USA,Domestic,mine,80,100,120,0.2,1.5,6,5,9,1000,2000,1500,3000,3,2,20,2030,2031,no,,"
      "4,usd,2024\n"
      "b,,AUS,,recycled,,50,,0.3,,7,,,,,,,,,,,,yes,60,,USD,\n");
  EXPECT_EQ(sources.table, "t.csv");
  EXPECT_EQ(lower(sources.currency), "usd");
  EXPECT_EQ(sources.price_year, 2024);
  EXPECT_THAT(sources.metals, ElementsAre("NdPr", "DyTb"));
  EXPECT_THAT(sources.burdens, ElementsAre("co2e_kg"));
  ASSERT_EQ(sources.list.size(), 2u);
  const SupplySource& a = sources.list[0];
  EXPECT_EQ(a.id, "a");
  EXPECT_EQ(a.name, "Alpha");
  EXPECT_EQ(a.country, "USA");
  EXPECT_EQ(a.group, "domestic");
  EXPECT_EQ(a.kind, "primary");
  EXPECT_EQ(a.capacity_t_per_year, (LowBaseHigh{80, 100, 120}));
  EXPECT_EQ(a.share.at(0), 0.2);
  EXPECT_DOUBLE_EQ(a.share.at(1), 0.015);
  EXPECT_EQ(a.opex_usd_per_kg, (LowBaseHigh{5, 6, 9}));
  EXPECT_EQ(a.fixed_usd_per_year, 1000);
  EXPECT_EQ(a.capex_usd, (LowBaseHigh{1500, 2000, 3000}));
  EXPECT_EQ(a.lead_years, 3);
  EXPECT_EQ(a.ramp_years, 2);
  EXPECT_EQ(a.life_years, 20);
  EXPECT_EQ(a.not_before, 2030);
  EXPECT_EQ(a.planned_start, 2031);
  EXPECT_FALSE(a.operating);
  EXPECT_THAT(a.burden, ElementsAre(4));
  EXPECT_THAT(a.where, HasSubstr("(a)"));
  const SupplySource& b = sources.list[1];
  EXPECT_EQ(b.kind, "secondary");
  EXPECT_TRUE(b.operating);
  EXPECT_EQ(b.feedstock_t_per_year, 60);
  EXPECT_THAT(b.share, ElementsAre(0.3, 0.0));
  EXPECT_THAT(b.burden, ElementsAre(0.0));
  EXPECT_TRUE(std::isnan(b.life_years));
  EXPECT_FALSE(b.capex_usd.known());
  EXPECT_EQ(sources.metal("dytb"), 1u);
  EXPECT_EQ(told([&] { (void)sources.metal("Sm"); }), "supply.no_metal at t.csv");
  EXPECT_EQ(told([&] { (void)sources.metal("Sm", "--metal"); }), "supply.no_metal at --metal");
}

const std::string head = "id,country,capacity_t_per_year,share_NdPr";

TEST(Sources, Refusals) {
  EXPECT_EQ(sources_error("id,country,capacity_t_per_year\na,USA,1\n"),
            "supply.no_column at t.csv");
  EXPECT_EQ(sources_error("country,capacity_t_per_year,share_NdPr\nUSA,1,0.2\n"),
            "supply.no_column at t.csv");
  EXPECT_EQ(sources_error("id,country,share_NdPr\na,USA,0.2\n"), "supply.no_column at t.csv");
  EXPECT_EQ(
      sources_error("id,country,capacity_t_per_year,share_NdPr,share_ndpr_pct\na,USA,1,0,0\n"),
      "supply.duplicate_element at t.csv");
  EXPECT_THAT(sources_error("id,country,capacity_t_per_year,share_Xx\na,USA,1,0.2\n"),
              HasSubstr("supply.unknown_element"));
  EXPECT_EQ(sources_error(head + "\na,USA,1,0.2\na,AUS,1,0.2\n"),
            "supply.duplicate_source at t.csv, row 2 (a)");
  EXPECT_EQ(sources_error(head + "\na,USA,1,0.2\n,AUS,1,0.2\n"), "supply.no_id at t.csv, row 2");
  EXPECT_EQ(sources_error(head + "\na,USA,,0.2\n"), "supply.no_capacity at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + "\na,USA,-5,0.2\n"), "supply.negative at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + "\na,USA,5,-0.2\n"), "supply.negative at t.csv, row 1 (a)");
  for (const std::string column :
       {"opex_usd_per_kg", "fixed_usd_per_year", "capex_usd", "lead_years", "ramp_years",
        "life_years", "feedstock_t_per_year", "burden_waste_t"})
    EXPECT_EQ(sources_error(head + "," + column + "\na,USA,5,0.2,-1\n"),
              "supply.negative at t.csv, row 1 (a)")
        << column;
  EXPECT_EQ(sources_error(head + ",lead_years\na,USA,5,0.2,1e9\n"),
            "supply.year at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + "\na,USA,5,1.1\n"), "supply.shares_over_one at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + ",share_DyTb_pct\na,USA,5,0.6,41\n"),
            "supply.shares_over_one at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + ",share_DyTb_pct\na,USA,5,0.6,40\n"), "");  // 100 % is whole
  EXPECT_EQ(sources_error(head + ",capacity_low_t_per_year\na,USA,5,0.2,6\n"),
            "supply.range_order at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + ",opex_high_usd_per_kg\na,USA,5,0.2,6\n"),
            "supply.range_order at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + ",currency\na,USA,5,0.2,USD\nb,USA,5,0.2,EUR\n"),
            "supply.mixed_currency at t.csv, row 2");
  EXPECT_EQ(sources_error(head + ",price_year\na,USA,5,0.2,2024\nb,USA,5,0.2,\nc,USA,5,0.2,2020\n"),
            "supply.mixed_price_year at t.csv, row 3");
  EXPECT_EQ(sources_error(head + ",price_year\na,USA,5,0.2,24\n"), "supply.year at t.csv, row 1");
  EXPECT_EQ(sources_error(head + ",kind\na,USA,5,0.2,tertiary\n"),
            "supply.kind at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + ",operating\na,USA,5,0.2,maybe\n"),
            "supply.kind at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + ",not_before\na,USA,5,0.2,2030.5\n"),
            "supply.year at t.csv, row 1");
  EXPECT_EQ(sources_error(head + ",start_year\na,USA,5,0.2,30\n"), "supply.year at t.csv, row 1");
}

/// The message of a finding with its count in front; "" where there is none.
std::string said(const Findings& findings, const std::string& code) {
  for (const auto& one : findings.list())
    if (one.code == code) return std::to_string(one.count) + ": " + one.message;
  return "";
}

std::string unused_in_sources(const std::string& column, const std::string& cell = "5") {
  Findings findings;
  (void)sources_in(head + "," + column + "\na,USA,5,0.2," + cell + "\n", &findings);
  return said(findings, "supply.column_unused");
}

TEST(Sources, ColumnsLikelyMeantAsOthersAreSaid) {
  for (const auto& [column, meant] : {std::pair{"fixed_usd_year", "fixed_usd_per_year"},
                                      {"lead_months", "lead_years"},
                                      {"life_yr", "life_years"},
                                      {"DyTb_share", "share_<metal>"},
                                      {"curency", "currency"},
                                      {"kindd", "kind"},
                                      {"not_befor", "not_before"},
                                      {"Not Before", "not_before"},
                                      {"feedstock_t", "feedstock_t_per_year"},
                                      {"limit_2026_t", "limit_<year>_t_per_year"},
                                      {"limit_t_per_year", "limit_<year>_t_per_year"},
                                      {"capex_musd", "capex_usd"},
                                      {"capex_eur", "capex_usd"},
                                      {"recovery", "recovery_pct"},
                                      {"co2_burden", "burden_<name>"}})
    EXPECT_EQ(unused_in_sources(column),
              "1: the column " + std::string(column) + " is not read; is " + meant + " meant?");
  for (const std::string column : {"note", "data", "source", "lon", "lat", "region", "capex_source",
                                   "reserves_mt", "operator", "ip"})
    EXPECT_EQ(unused_in_sources(column), "") << column;
  EXPECT_EQ(unused_in_sources("capex_by", "study"), "");  // a text loses no figure
  Findings two;
  (void)sources_in(head + ",life_yr,lead_months\na,USA,5,0.2,1,2\n", &two);
  EXPECT_THAT(said(two, "supply.column_unused"), HasSubstr("2: "));
}

TEST(Sources, AYearIsLimitedOnce) {
  EXPECT_EQ(
      sources_error(head + ",limit_2026_t_per_year,limit_02026_t_per_year\na,USA,5,0.2,1,9\n"),
      "supply.year at t.csv");
  EXPECT_EQ(sources_error(head + ",limit_2O26_t_per_year\na,USA,5,0.2,1\n"),
            "supply.year at t.csv");
}

TEST(Sources, LikeIdsAreSaid) {
  Findings findings;
  (void)sources_in(head + "\nA,USA,5,0.2\na,USA,5,0.2\nb,USA,5,0.2\n", &findings);
  EXPECT_THAT(said(findings, "supply.like_ids"), HasSubstr("1: "));
  EXPECT_THAT(said(findings, "supply.like_ids"), HasSubstr("A and a"));
}

TEST(Sources, EmptyBurdensAreSaid) {
  Findings findings;
  (void)sources_in(head +
                       ",burden_co2e_kg,burden_waste_t\na,USA,5,0.2,,\nb,USA,5,0.2,1,\n"
                       "c,USA,5,0.2,0,0\n",
                   &findings);
  EXPECT_THAT(said(findings, "supply.no_burden"), HasSubstr("2: "));
  EXPECT_THAT(said(findings, "supply.no_burden"), HasSubstr("a, b"));
}

TEST(Sources, FiguresThatLookLikeFractionsAreSaid) {
  const std::string ore = "id,country,share_NdPr,ore_t,grade_pct,recovery_pct\na,USA,0.2,1e6,0.5,";
  const auto fractions = [](const std::string& text) {
    Findings findings;
    (void)sources_in(text, &findings);
    return findings.has("supply.looks_like_fraction");
  };
  EXPECT_TRUE(fractions(ore + "0.9\n"));
  EXPECT_FALSE(fractions(ore + "90\n"));  // a grade of 0.5 % is an ore's
  const std::string shares = "id,country,capacity_t_per_year,share_NdPr_pct,share_DyTb_pct\n";
  EXPECT_TRUE(fractions(shares + "a,USA,5,0.2,0.01\nb,USA,5,0.3,0\n"));
  EXPECT_FALSE(fractions(shares + "a,USA,5,20,0.5\nb,USA,5,0.3,0\n"));
}

TEST(Sources, FiguresBeyondTheEarthAreRefused) {
  for (const auto& [column, cell] : {std::pair{"opex_usd_per_kg", "2e6"},
                                     {"capex_usd", "2e13"},
                                     {"fixed_usd_per_year", "1e308"},
                                     {"feedstock_t_per_year", "2e15"},
                                     {"burden_waste_t", "1e16"},
                                     {"limit_2026_t_per_year", "1e16"}})
    EXPECT_EQ(sources_error(head + "," + column + "\na,USA,5,0.2," + cell + "\n"),
              "supply.magnitude at t.csv, row 1 (a)")
        << column;
  EXPECT_EQ(sources_error(head + "\na,USA,1e308,0.2\n"), "supply.magnitude at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(head + ",opex_usd_per_kg,capex_usd\na,USA,5,0.2,1e6,1e13\n"), "");
  EXPECT_EQ(demand_error("year,NdPr_t\n2026,1e308\n"), "supply.magnitude at t.csv, row 1");
  EXPECT_EQ(prices_error("metal,usd_per_kg\nNd,1e308\n"), "supply.magnitude at t.csv, row 1");
}

TEST(Sources, SharesAboveOneAreToldFromIt) {
  try {
    (void)sources_in(head + ",share_DyTb\na,USA,5,0.99,0.0100001\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("100.00001 %"));
  }
}

TEST(Sources, ALifeOfNothingIsSaid) {
  Findings findings;
  (void)sources_in(head + ",life_years\na,USA,5,0.2,0\nb,USA,5,0.2,\n", &findings);
  ASSERT_EQ(findings.list().size(), 1u);
  EXPECT_EQ(findings.list()[0].code, "supply.no_life");
  EXPECT_EQ(findings.list()[0].severity, Severity::warning);
}

TEST(Demand, NoMetalIsLostUnseen) {
  for (const std::string column :
       {"DyTb_kt", "DyTb_tonnes", "Dy+Tb_t", "Foo_t", "Dy_low_t", "Dy_high_t", "DyTb", "DyTb (t)",
        "t_DyTb", "Dy_t_per_year", "Dy2O3_t", "demand_2026_DyTb"})
    EXPECT_EQ(demand_error("year,NdPr_t," + column + "\n2026,5,1\n"),
              "supply.demand_column at t.csv")
        << column;
  for (const std::string column : {"note", "data", "population", "y", "growth_pct"})
    EXPECT_EQ(demand_error("year,NdPr_t," + column + "\n2026,5,1\n"), "") << column;
  EXPECT_EQ(demand_error("year,NdPr_t,Dy_note\n2026,5,guess\n"), "");
  EXPECT_EQ(demand_error("year,NdPr_t,NdPr_low_t,NdPr_HIGH_t\n2026,5,1,9\n"), "");
  Findings findings;
  (void)read_demand(table_of("year,NdPr_t,total_t,sum_t\n2026,5,5,5\n"), findings);
  EXPECT_EQ(said(findings, "supply.column_unused"),
            "2: the column total_t, sum_t is not read: each metal has its own");
}

TEST(Prices, ColumnsLikelyMeantAsOthersAreSaid) {
  for (const auto& [column, meant] : {std::pair{"low_usd_kg", "low_usd_per_kg"},
                                      {"high_eur_per_kg", "high_usd_per_kg"},
                                      {"price_low_usd_per_kg", "price_usd_per_kg"},
                                      {"NdPr_usd_per_kg", "low_usd_per_kg"}}) {
    Findings findings;
    (void)read_price_path(
        table_of("metal,price_usd_per_kg," + std::string(column) + ",note,data\nNd,5,1,2,x\n"),
        findings);
    EXPECT_THAT(said(findings, "supply.column_unused"),
                HasSubstr("1: the column " + std::string(column) + " is not read"));
    (void)meant;
  }
}

TEST(Prices, GapsOfAPathAreSaid) {
  Findings findings;
  const auto prices = read_price_path(
      table_of("metal,usd_per_kg,year\nNd,60,2026\nNd,50,2030\nDy,300,2026\nDy,310,2027\n"),
      findings);
  EXPECT_EQ(said(findings, "supply.price_gap"),
            "3: no price of Nd of 2027 to 2029: a year without a row takes the last row before it");
  EXPECT_EQ(prices.of("Nd", 2029).base, 60);
  EXPECT_EQ(prices.of("Nd", 2030).base, 50);
}

TEST(Sources, RecyclersNeedFeedstock) {
  const std::string columns = head + ",kind,feedstock_t_per_year";
  EXPECT_EQ(sources_error(columns + "\nr,USA,100,0.3,recycled,0\n"),
            "supply.no_feedstock at t.csv, row 1 (r)");
  Findings findings;
  const auto less = sources_in(columns + "\nr,USA,100,0.3,secondary,40\n", &findings);
  EXPECT_TRUE(findings.has("supply.less_feedstock"));
  EXPECT_EQ(less.list[0].capacity_t_per_year.base, 40);
  Findings quiet;
  EXPECT_EQ(sources_in(columns + "\nr,USA,100,0.3,secondary,100\nm,USA,100,0.3,mine,0\n", &quiet)
                .list[1]
                .capacity_t_per_year.base,
            100);
  EXPECT_TRUE(quiet.empty());
}

TEST(Sources, WithoutMetalIsSaid) {
  Findings findings;
  (void)sources_in(head + "\na,USA,5,\n", &findings);
  EXPECT_TRUE(findings.has("supply.no_share"));
}

TEST(Sources, CapacityByTaylorsRule) {
  Findings findings;
  const auto sources = sources_in(
      head +
          ",life_years,ore_t,grade_pct,recovery_pct\n"
          "a,USA,,0.2,,16000000,5,60\nb,USA,,0.2,40,16000000,5,60\nc,USA,700,0.2,,16000000,5,60\n",
      &findings);
  // 16 Mt in 13 years, of 5 % oxide, of which 60 % is won.
  EXPECT_NEAR(sources.list[0].capacity_t_per_year.base, 16e6 / 13 * 0.05 * 0.6, 1e-9);
  EXPECT_NEAR(sources.list[0].life_years, 13.0, 1e-12);
  EXPECT_EQ(sources.list[1].life_years, 40);
  EXPECT_EQ(sources.list[2].capacity_t_per_year.base, 700);
  EXPECT_TRUE(std::isnan(sources.list[2].life_years));
  ASSERT_EQ(findings.list().size(), 1u);
  EXPECT_EQ(findings.list()[0].code, "supply.taylor_rate");
  EXPECT_EQ(findings.list()[0].count, 2u);
  const std::string columns = "id,country,share_NdPr,ore_t,grade_pct,recovery_pct\n";
  EXPECT_NEAR(sources_in(columns + "a,USA,0.2,1e6,10,50\n").list[0].capacity_t_per_year.base,
              1e6 / 6.5 * 0.05, 1e-9);  // without a column of capacities
  EXPECT_EQ(sources_error(columns + "a,USA,0.2,1e6,,50\n"),
            "supply.no_capacity at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(columns + "a,USA,0.2,-1,10,50\n"), "supply.negative at t.csv, row 1 (a)");
  EXPECT_EQ(sources_error(columns + "a,USA,0.2,1e6,10,150\n"),
            "supply.shares_over_one at t.csv, row 1 (a)");
}

TEST(Sources, FirstYear) {
  SupplySource source;
  source.id = "a";
  source.lead_years = 2.5;
  EXPECT_EQ(first_year(source, 2026), 2029);
  source.not_before = 2028;
  EXPECT_EQ(first_year(source, 2026), 2029);
  source.not_before = 2032;
  EXPECT_EQ(first_year(source, 2026), 2032);
  source.planned_start = 2034;
  EXPECT_EQ(first_year(source, 2026), 2034);
  source.planned_start = 2030;
  EXPECT_EQ(first_year(source, 2026), 2032);
  source.operating = true;
  EXPECT_EQ(told([&] { (void)first_year(source, 2026); }), "supply.before_permit at a");
  EXPECT_EQ(first_year(source, 2032), 2032);
  source.not_before = none;
  source.planned_start = none;
  EXPECT_EQ(first_year(source, 2026), 2026);  // whatever its lead
}

TEST(Sources, PlansBeforeThePermitAreMoved) {
  Findings findings;
  const auto sources =
      sources_in(head + ",not_before,start_year\na,USA,5,0.2,2031,2029\n", &findings);
  ASSERT_TRUE(findings.has("supply.before_permit"));
  EXPECT_EQ(findings.list()[0].severity, Severity::warning);
  EXPECT_EQ(first_year(sources.list[0], 2026), 2031);
  Findings quiet;
  (void)sources_in(head + ",not_before,start_year\na,USA,5,0.2,2031,2031\nb,USA,5,0.2,,2029\n",
                   &quiet);
  EXPECT_TRUE(quiet.empty());
}

TEST(Sources, RampLifeAndLimit) {
  SupplySource source;
  source.capacity_t_per_year.base = 90;
  source.ramp_years = 3;
  source.life_years = 4.5;
  EXPECT_EQ(ramp_share(source, 2030, 2029), 0.0);
  EXPECT_NEAR(ramp_share(source, 2030, 2030), 1.0 / 3, 1e-15);
  EXPECT_NEAR(ramp_share(source, 2030, 2031), 2.0 / 3, 1e-15);
  EXPECT_EQ(ramp_share(source, 2030, 2032), 1.0);
  EXPECT_EQ(ramp_share(source, 2030, 2033), 1.0);
  EXPECT_EQ(ramp_share(source, 2030, 2034), 0.5);  // half a year of life is left
  EXPECT_EQ(ramp_share(source, 2030, 2035), 0.0);
  EXPECT_NEAR(output_t(source, 2030, 2031), 60.0, 1e-12);
  source.limit_from = 2031;
  source.limit_t_per_year = {50, 70};
  EXPECT_EQ(output_t(source, 2030, 2030), 0.0);
  EXPECT_EQ(output_t(source, 2030, 2031), 50.0);
  EXPECT_EQ(output_t(source, 2030, 2032), 70.0);
  EXPECT_EQ(output_t(source, 2030, 2033), 70.0);  // the last limit holds on
  source.operating = true;
  source.life_years = none;
  EXPECT_EQ(ramp_share(source, 2026, 2026), 1.0);
  EXPECT_EQ(ramp_share(source, 2026, 2126), 1.0);
}

TEST(Demand, IsReadInOrderOfYears) {
  const SupplyDemand demand = demand_in(
      "year,ndpr_t,DyTb_t,dytb_low_t,dytb_high_t,note,total_t\n2027,200,12,10,15,x,1\n"
      "2026,100,6,,,x,1\n");
  EXPECT_THAT(demand.metals, ElementsAre("NdPr", "DyTb"));
  EXPECT_THAT(demand.years, ElementsAre(2026, 2027));
  EXPECT_EQ(demand.at(0, 0).base, 100);
  EXPECT_EQ(demand.at(0, 1).base, 200);
  EXPECT_EQ(demand.at(1, 1), (LowBaseHigh{10, 12, 15}));
}

TEST(Demand, Refusals) {
  EXPECT_EQ(demand_error("ndpr_t\n1\n"), "supply.no_column at t.csv");
  EXPECT_EQ(demand_error("year,x\n2026,1\n"), "supply.no_demand at t.csv");
  EXPECT_EQ(demand_error("year,ndpr_t\n2026,0\n2027,0\n"), "supply.no_demand at t.csv");
  EXPECT_EQ(demand_error("year,ndpr_t\n2026,5\n2027,\n"), "supply.no_demand at t.csv, row 2");
  EXPECT_EQ(demand_error("year,ndpr_t,NdPr_T\n2026,5,5\n"), "supply.duplicate_element at t.csv");
  EXPECT_EQ(demand_error("year,ndpr_t\n2026.5,5\n"), "supply.year at t.csv, row 1");
  EXPECT_EQ(demand_error("year,ndpr_t\n2026,5\n2026,6\n"), "supply.year at t.csv, row 2");
  EXPECT_EQ(demand_error("year,ndpr_t\n2026,5\n2028,6\n"), "supply.year at t.csv, row 2");
  EXPECT_EQ(demand_error("year,ndpr_t\n,5\n"), "supply.year at t.csv, row 1");
  EXPECT_EQ(demand_error("year,ndpr_t\n2026,-5\n"), "supply.negative at t.csv, row 1");
  EXPECT_EQ(demand_error("year,ndpr_t,ndpr_high_t\n2026,5,4\n"),
            "supply.range_order at t.csv, row 1");
}

TEST(Demand, MadeByHandIsChecked) {
  const auto fault = [](const SupplyDemand& demand) { return told([&] { check_demand(demand); }); };
  SupplyDemand demand = demand_in("year,NdPr_t,Dy_t\n2026,1,2\n2027,3,4\n");
  EXPECT_NO_THROW(check_demand(demand));
  EXPECT_THAT(fault({}), HasSubstr("supply.no_demand"));
  demand.years = {2026, 2028};
  EXPECT_THAT(fault(demand), HasSubstr("supply.year"));
  demand.years = {2026, 2027};
  demand.tonnes[2].base = none;
  EXPECT_THAT(fault(demand), HasSubstr("supply.negative"));
  demand.tonnes.pop_back();
  EXPECT_THAT(fault(demand), HasSubstr("supply.length"));
}

TEST(Sources, MadeByHandHaveAShareOfEachMetal) {
  SupplySources sources;
  sources.metals = {"NdPr", "DyTb"};
  sources.list.resize(1);
  sources.list[0].id = "A";
  sources.list[0].share = {0.2};
  EXPECT_THAT(told([&] { check_lengths(sources); }), HasSubstr("supply.length"));
  sources.list[0].share = {0.2, 0.1};
  EXPECT_NO_THROW(check_lengths(sources));
  sources.burdens = {"waste_t"};
  EXPECT_THAT(told([&] { check_lengths(sources); }), HasSubstr("supply.length"));
  sources.burdens.clear();
  sources.list[0].share.clear();
  Findings findings;
  EXPECT_THAT(told([&] { check_sources(sources, findings); }), HasSubstr("supply.length"));
  EXPECT_THAT(told([&] { (void)table_of(sources); }), HasSubstr("supply.length"));
  EXPECT_THAT(told([&] { (void)site_economics(sources, {}); }), HasSubstr("supply.length"));
  EXPECT_THAT(told([&] { (void)stage_capacity_of(sources, {"mine"}, {"NdPr"}, {2026}, 2026); }),
              HasSubstr("supply.length"));
  EXPECT_THAT(told([&] { add_recycling(sources, {}, 2026, 2030, findings); }),
              HasSubstr("supply.length"));
}

TEST(Sources, MetalsThatShareAnElementAreRefused) {
  const std::string head = "id,country,operating,capacity_t_per_year,opex_usd_per_kg,";
  Findings findings;
  for (const char* shares : {"share_NdPr,share_Nd", "share_Dy,share_DyTb", "share_TREO,share_La"})
    EXPECT_THAT(told([&] {
                  (void)read_sources(table_of(head + shares + "\nA,USA,yes,100,5,0.2,0.15\n"),
                                     findings);
                }),
                HasSubstr("supply.duplicate_element"))
        << shares;
  EXPECT_THAT(told([&] { (void)read_demand(table_of("year,NdPr_t,Nd_t\n2026,5,4\n"), findings); }),
              HasSubstr("supply.duplicate_element"));
  SupplySources sources =
      read_sources(table_of(head + "share_NdPr,share_Dy\nA,USA,yes,100,5,0.2,0.01\n"), findings);
  ProductStocks stocks;
  stocks.metals = {"Nd"};
  EXPECT_THAT(told([&] { add_recycling(sources, stocks, 2026, 2030, findings); }),
              HasSubstr("supply.duplicate_element"));
}

TEST(Prices, MadeByHandHaveOneOfEachMetalAndYear) {
  PricePath prices;
  prices.metals = {"NdPr", "DyTb"};
  prices.usd_per_kg = {only_base(60.0)};
  EXPECT_THAT(told([&] { (void)prices.of("NdPr", 2026); }), HasSubstr("supply.length"));
  prices.usd_per_kg.push_back(only_base(300.0));
  EXPECT_EQ(prices.of("DyTb", 2026).base, 300.0);
  prices.years = {2026, 2027};
  EXPECT_THAT(told([&] { (void)prices.of("DyTb", 2027); }), HasSubstr("supply.length"));
}

TEST(Prices, OneForAllYears) {
  const PricePath prices = prices_in(
      "oxide,price_usd_per_kg,low_usd_per_kg,high_usd_per_kg,year,source\n"
      "Nd2O3,56,49,134,2024,MCS\nDy2O3,260,,,2024,\nTb4O7,810,,,2024,\nCeO2,1,,,2024,\n");
  EXPECT_THAT(prices.metals, ElementsAre("Nd", "Dy", "Tb", "Ce"));
  EXPECT_TRUE(prices.years.empty());
  EXPECT_EQ(prices.price_year, 2024);
  EXPECT_EQ(prices.currency, "USD");
  EXPECT_EQ(prices.of("nd", 2040), (LowBaseHigh{49, 56, 134}));
  EXPECT_FALSE(prices.of("Sm", 2040).known());
  EXPECT_EQ(prices.source.at(0), "MCS");
  EXPECT_EQ(prices_in("metal,usd_per_kg,year\nNdPr,56,2024\nDy,260,\n").price_year, 2024);
}

TEST(Prices, PathByYear) {
  const PricePath prices = prices_in(
      "metal,usd_per_kg,year,price_year,currency\nNdPr,60,2026,2024,USD\nNdPr,50,2028,2024,USD\n"
      "DyTb,300,2028,,\n");
  EXPECT_THAT(prices.years, ElementsAre(2026, 2028));
  EXPECT_EQ(prices.price_year, 2024);
  EXPECT_EQ(prices.of("NdPr", 2020).base, 60);
  EXPECT_EQ(prices.of("NdPr", 2027).base, 60);
  EXPECT_EQ(prices.of("NdPr", 2028).base, 50);
  EXPECT_EQ(prices.of("NdPr", 2050).base, 50);
  EXPECT_EQ(prices.of("DyTb", 2026).base, 300);
}

TEST(Prices, Refusals) {
  EXPECT_EQ(prices_error("usd_per_kg\n1\n"), "supply.no_column at t.csv");
  EXPECT_EQ(prices_error("metal\nNd\n"), "supply.no_column at t.csv");
  EXPECT_EQ(prices_error("metal,usd_per_kg\nNd,\n"), "supply.no_price at t.csv, row 1");
  EXPECT_EQ(prices_error("metal,usd_per_kg\nNd,-1\n"), "supply.negative at t.csv, row 1");
  EXPECT_EQ(prices_error("metal,usd_per_kg,low_usd_per_kg\nNd,1,2\n"),
            "supply.range_order at t.csv, row 1");
  EXPECT_EQ(prices_error("metal,usd_per_kg\nNd,1\nNd,2\n"),
            "supply.duplicate_price at t.csv, row 2");
  EXPECT_EQ(prices_error("metal,usd_per_kg,year\nNd,1,2026\nNd,2,2026\n"),
            "supply.duplicate_price at t.csv, row 2");
  EXPECT_EQ(prices_error("metal,usd_per_kg,year\nNd,1,2026\nNd,2,2027\nDy,2,\n"),
            "supply.duplicate_price at t.csv");
  EXPECT_EQ(prices_error("metal,usd_per_kg,currency\nNd,1,USD\nDy,2,CNY\n"),
            "supply.mixed_currency at t.csv, row 2");
  EXPECT_EQ(prices_error("metal,usd_per_kg,price_year\nNd,1,2024\nDy,2,2023\n"),
            "supply.mixed_price_year at t.csv, row 2");
  EXPECT_EQ(prices_error("metal,usd_per_kg,year\nNd,1,2024\nDy,2,2023\n"),
            "supply.mixed_price_year at t.csv");
  EXPECT_THAT(prices_error("metal,usd_per_kg\nGold,1\n"), HasSubstr("supply.unknown_element"));
}

TEST(Prices, MoneyOfTwoTablesMustAgree) {
  const auto compared = [](const std::string& a, int year_a, const std::string& b, int year_b) {
    return told([&] { check_same_money(a, year_a, "a.csv", b, year_b, "b.csv"); });
  };
  EXPECT_EQ(compared("USD", 2024, "usd", 0), "");
  EXPECT_EQ(compared("USD", 2024, "EUR", 2024), "supply.money at b.csv");
  EXPECT_EQ(compared("USD", 2024, "USD", 2020), "supply.money at b.csv");
}

}  // namespace
}  // namespace lode::test
