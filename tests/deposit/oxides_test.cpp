// Factors and sums against published atomic weights and tables, and every refusal of bad grades.
#include "libgeo/deposit/oxides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_FALSE(error.hint.empty()) << error.code;
    return error.code;
  }
  return "";
}

Table one_row(const std::vector<std::pair<std::string, double>>& values) {
  Table table;
  table.name = "t.csv";
  for (const auto& [name, value] : values) table.add(number_column(name, {value}));
  return table;
}

// Weng, Jowitt, Mudd, Haque 2015 (doi 10.2113/econgeo.110.8.1925), ppm of element.
Table mountain_pass() {
  return one_row({{"Y_ppm", 81.7291},
                  {"La_ppm", 23003.5},
                  {"Ce_ppm", 33802.8},
                  {"Pr_ppm", 2810.68},
                  {"Nd_ppm", 7639.06},
                  {"Sm_ppm", 585.226},
                  {"Eu_ppm", 72.3976},
                  {"Gd_ppm", 145.463},
                  {"Tb_ppm", 11.0984},
                  {"Dy_ppm", 23.6523},
                  {"Ho_ppm", 2.78791},
                  {"Er_ppm", 4.18927},
                  {"Tm_ppm", 1.39816},
                  {"Yb_ppm", 1.4023}});
}

TEST(OxideFactors, MatchThePublishedTable) {
  std::ifstream file(std::string(LODE_SOURCE_DIR) + "/tests/cases/oxide_factors.csv");
  ASSERT_TRUE(file);
  std::string line;
  std::getline(file, line);
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    const auto cells = split(line, ',');
    const auto element = find_rare_earth(cells.at(0));
    ASSERT_TRUE(element) << line;
    EXPECT_EQ(oxide_name(*element, OxideBasis::trade), cells.at(1));
    EXPECT_NEAR(oxide_factor(*element, OxideBasis::trade), *parse_number(cells.at(2)), 5.1e-7);
    EXPECT_EQ(oxide_name(*element, OxideBasis::sesquioxide), cells.at(3));
    EXPECT_NEAR(oxide_factor(*element, OxideBasis::sesquioxide), *parse_number(cells.at(4)),
                5.1e-7);
    if (*element != ree::Sc) {
      for (const auto& [heavy_line, cell] :
           {std::pair{HeavyLine::usgs, cells.at(5)}, std::pair{HeavyLine::eu, cells.at(6)}}) {
        OxideSuite suite;
        suite.oxide[*element] = 0.01;
        const OxideSums sums = sum_oxides(suite, {.line = heavy_line});
        EXPECT_EQ(std::isnan(sums.hreo) ? "LREE" : "HREE", std::string(trim(cell))) << line;
      }
    }
    ++rows;
  }
  EXPECT_EQ(rows, 16);
}

TEST(OxideFactors, GoThereAndBack) {
  for (std::size_t i = 0; i < rare_earth_count; ++i)
    for (OxideBasis basis : {OxideBasis::trade, OxideBasis::sesquioxide}) {
      const auto element = static_cast<RareEarth>(i);
      const ElementGrade grade{0.0123};
      EXPECT_NEAR(to_element(to_oxide(grade, element, basis), element, basis).value, 0.0123, 1e-17);
    }
}

TEST(OxideFactors, ElementsAreFoundBySymbolAndName) {
  EXPECT_EQ(find_rare_earth("nd"), ree::Nd);
  EXPECT_EQ(find_rare_earth(" Yttrium "), ree::Y);
  EXPECT_FALSE(find_rare_earth("Niobium"));
  EXPECT_FALSE(find_rare_earth("Pm"));
}

TEST(GradeColumns, AreKnownByTheirNames) {
  const auto la = parse_grade_column("La_ppm");
  ASSERT_TRUE(la);
  EXPECT_EQ(la->element, ree::La);
  EXPECT_EQ(la->form, GradeForm::element);
  EXPECT_EQ(la->unit, "ppm");
  const auto oxide = parse_grade_column("LA2O3_PCT");
  ASSERT_TRUE(oxide);
  EXPECT_EQ(oxide->element, ree::La);
  EXPECT_EQ(oxide->form, GradeForm::oxide);
  EXPECT_EQ(oxide->unit, "%");
  EXPECT_EQ(parse_grade_column("Ce2O3_pct")->basis, OxideBasis::sesquioxide);
  EXPECT_EQ(parse_grade_column("CEO2")->basis, OxideBasis::trade);
  EXPECT_EQ(parse_grade_column("CEO2")->unit, "");
  EXPECT_EQ(parse_grade_column("Nd (ppm)")->element, ree::Nd);
  EXPECT_EQ(parse_grade_column("TREO_pct")->sum, "treo");
  EXPECT_FALSE(parse_grade_column("Y"));  // a coordinate
  EXPECT_FALSE(parse_grade_column("Y_m"));
  EXPECT_FALSE(parse_grade_column("CO2_pct"));
  EXPECT_FALSE(parse_grade_column("P2O5"));
  EXPECT_FALSE(parse_grade_column("Er_t_per_yr"));
}

TEST(Oxides, MountainPassAsPublished) {
  // 8.1891 % and 7.9855 % from the same ppm; company figure 7.98 %.
  const OxideResult trade = oxides_of(mountain_pass());
  EXPECT_NEAR(trade.rows[0].sums.treo * 100.0, 8.1891, 5e-5);
  EXPECT_NEAR(trade.rows[0].sums.ndpr / trade.rows[0].sums.treo * 100.0, 15.027, 5e-4);
  EXPECT_NEAR(trade.rows[0].sums.dytb / trade.rows[0].sums.treo * 100.0, 0.049, 5e-4);
  EXPECT_NEAR(trade.rows[0].sums.hreo / trade.rows[0].sums.treo * 100.0, 0.189, 5e-4);
  const OxideResult sesqui = oxides_of(mountain_pass(), {.basis = OxideBasis::sesquioxide});
  EXPECT_NEAR(sesqui.rows[0].sums.treo * 100.0, 7.9855, 5e-5);
  EXPECT_THAT(trade.rows[0].suite.missing(), ElementsAre("Lu"));
  EXPECT_EQ(trade.partial_rows, 1u);
  EXPECT_TRUE(trade.findings.has("oxides.partial_suite"));
}

TEST(Oxides, PartsAddUp) {
  const OxideSums sums = oxides_of(mountain_pass()).rows[0].sums;
  EXPECT_NEAR(sums.lreo + sums.hreo, sums.treo, 1e-15);
  EXPECT_NEAR(sums.ndpr + sums.dytb, sums.mreo, 1e-15);
  EXPECT_NEAR(sums.treo - sums.treo_without_y, 81.7291e-6 * 1.269932, 1e-10);
  EXPECT_NEAR(sums.treo - sums.treo_minus_ceo2, 33802.8e-6 * 1.228368, 1e-8);
}

TEST(Oxides, OxideColumnsAreNeverConvertedAgain) {
  for (OxideBasis basis : {OxideBasis::trade, OxideBasis::sesquioxide}) {
    const OxideResult result =
        oxides_of(one_row({{"La2O3_pct", 2.0}, {"CeO2_pct", 3.0}}), {.basis = basis});
    EXPECT_DOUBLE_EQ(result.rows[0].sums.treo, 0.05);
    // Back to the element with the factor of its basis.
    EXPECT_NEAR(result.rows[0].element[ree::La], 0.02 / 1.172769, 1e-8);
    EXPECT_EQ(result.findings.has("oxides.other_basis"), basis == OxideBasis::sesquioxide);
  }
}

TEST(Oxides, OxideCountsWhereBothFormsAreGiven) {
  const OxideResult result = oxides_of(one_row({{"La2O3_pct", 2.0}, {"La_ppm", 17000.0}}));
  EXPECT_DOUBLE_EQ(result.rows[0].sums.treo, 0.02);
  EXPECT_TRUE(result.findings.has("oxides.both_forms"));
  EXPECT_FALSE(result.findings.has("oxides.forms_differ"));  // 1.994 % as oxide
  EXPECT_TRUE(oxides_of(one_row({{"La2O3_pct", 2.0}, {"La_ppm", 1000.0}}))
                  .findings.has("oxides.forms_differ"));
}

TEST(Oxides, ScandiumStandsApart) {
  const OxideResult result = oxides_of(one_row({{"Sc_ppm", 50.0}, {"La_ppm", 100.0}}));
  EXPECT_NEAR(result.rows[0].sums.treo, 100e-6 * 1.172769, 1e-10);
  EXPECT_NEAR(result.rows[0].suite.oxide[ree::Sc], 50e-6 * 1.533823, 1e-10);
}

TEST(Oxides, AStatedTreoCounts) {
  const OxideResult result = oxides_of(one_row({{"TREO_pct", 4.0}, {"Nd2O3_pct", 0.5}}));
  EXPECT_DOUBLE_EQ(result.rows[0].sums.treo, 0.04);
  EXPECT_TRUE(result.rows[0].sums.treo_stated);
  EXPECT_DOUBLE_EQ(result.rows[0].sums.ndpr, 0.005);
  EXPECT_TRUE(std::isnan(result.rows[0].sums.dytb));
}

TEST(Oxides, BlankIsNotZero) {
  Table table = one_row({{"La_ppm", 100.0}});
  table.add(number_column("Ce_ppm", {std::nan("")}));
  const OxideResult result = oxides_of(table);
  EXPECT_TRUE(std::isnan(result.rows[0].suite.oxide[ree::Ce]));
  EXPECT_EQ(result.rows[0].suite.missing().size(), 14u);
}

TEST(Oxides, AColumnWithoutUnitOfGradeIsLeftOutAndSaid) {
  const OxideResult result = oxides_of(one_row({{"La_ppm", 100.0}, {"Nd", 7.0}}));
  EXPECT_TRUE(result.findings.has("oxides.ignored_column"));
  EXPECT_TRUE(std::isnan(result.rows[0].sums.ndpr));
}

TEST(Oxides, BadGradesAreRefused) {
  const auto code = [](const Table& table) { return code_of([&] { (void)oxides_of(table); }); };
  EXPECT_EQ(code(one_row({{"GOLD_ppm", 1.0}})), "oxides.no_column");
  EXPECT_EQ(code(one_row({{"La_ppm", 1.0}, {"La_pct", 1.0}})), "oxides.ambiguous_column");
  EXPECT_EQ(code(one_row({{"La_ppm", -1.0}})), "oxides.negative_grade");
  EXPECT_EQ(code(one_row({{"TREO_pct", 101.0}})), "oxides.grade_above_100");
  EXPECT_EQ(code(one_row({{"La2O3_pct", 60.0}, {"CeO2_pct", 60.0}})), "oxides.sum_above_100");
  EXPECT_EQ(code(one_row({{"CEO2", 1.0}})), "unit.missing");
  EXPECT_EQ(code(one_row({{"TREO_pct", 0.5}, {"Nd2O3_pct", 0.6}})), "oxides.part_above_total");
  // Rounding and the other basis are no contradiction.
  EXPECT_EQ(code(one_row({{"TREO_pct", 0.5}, {"Nd2O3_pct", 0.51}})), "");
  EXPECT_EQ(code_of([] { (void)parse_oxide_basis("company"); }), "oxides.basis");
  EXPECT_EQ(code_of([] { (void)parse_heavy_line("japan"); }), "oxides.line");
}

Table prices(const std::vector<std::string>& items, const std::vector<double>& usd_per_kg) {
  Table table;
  table.name = "prices.csv";
  table.add(text_column("oxide", items));
  table.add(number_column("price_usd_per_kg", usd_per_kg, "USD/kg"));
  return table;
}

TEST(Basket, ByHand) {
  // 1 % Nd2O3 at 56 USD/kg and 0.1 % Dy2O3 at 260 USD/kg (USGS 2025 figures for 2024) in a tonne:
  // 10 kg x 56 + 1 kg x 260 = 820 USD; 2 % La2O3 without a price adds nothing.
  OxideOptions options;
  options.prices = read_prices(prices({"Nd2O3", "dysprosium oxide"}, {56.0, 260.0}));
  const OxideResult result =
      oxides_of(one_row({{"Nd2O3_pct", 1.0}, {"Dy2O3_pct", 0.1}, {"La2O3_pct", 2.0}}), options);
  EXPECT_NEAR(result.rows[0].sums.basket_usd_per_t, 820.0, 1e-9);
  EXPECT_NEAR(result.rows[0].sums.basket_usd_per_kg, 820.0 / 31.0, 1e-9);
  EXPECT_NEAR(result.rows[0].sums.unpriced_share, 20.0 / 31.0, 1e-12);
  EXPECT_TRUE(result.findings.has("oxides.unpriced"));
}

TEST(Basket, PayablesAndRecoveries) {
  Table table = prices({"Nd"}, {100.0});
  table.add(number_column("payable", {0.8}));
  table.add(number_column("recovery_pct", {60.0}, "%"));
  OxideOptions options;
  options.prices = read_prices(table);
  // 10 kg x 100 USD/kg x 0.8 x 0.6
  EXPECT_NEAR(oxides_of(one_row({{"Nd2O3_pct", 1.0}}), options).rows[0].sums.basket_usd_per_t,
              480.0, 1e-9);
}

TEST(Basket, WithoutPricesIsMissing) {
  EXPECT_TRUE(std::isnan(oxides_of(mountain_pass()).rows[0].sums.basket_usd_per_t));
}

TEST(Prices, TheLastYearCounts) {
  Table table = prices({"Nd2O3", "Nd2O3"}, {78.0, 56.0});
  table.add(number_column("year", {2023, 2024}));
  EXPECT_DOUBLE_EQ(read_prices(table).of[ree::Nd].usd_per_t, 56000.0);
}

TEST(Prices, LowAndHighAreNotThePrice) {
  Table table;
  table.name = "prices.csv";
  table.add(text_column("oxide", {"Nd2O3"}));
  table.add(number_column("low_usd_per_kg", {49.0}));
  table.add(number_column("usd_per_kg", {56.0}));
  table.add(number_column("high_usd_per_kg", {134.0}));
  EXPECT_DOUBLE_EQ(read_prices(table).of[ree::Nd].usd_per_t, 56000.0);
}

TEST(Prices, OtherItemsAreLeftOutAndSaid) {
  const PriceTable table = read_prices(prices({"Nd2O3", "mischmetal"}, {56.0, 5.0}));
  EXPECT_TRUE(table.findings.has("prices.other_item"));
}

TEST(Prices, AMetalIsNoOxideAndAnElementIsDoubted) {
  const PriceTable table = read_prices(prices({"Nd2O3", "Dy metal"}, {56.0, 300.0}));
  EXPECT_TRUE(std::isnan(table.of[ree::Dy].usd_per_t));
  EXPECT_FALSE(table.findings.has("prices.taken_as_oxide"));
  EXPECT_FALSE(
      read_prices(prices({"neodymium oxide"}, {56.0})).findings.has("prices.taken_as_oxide"));
  EXPECT_TRUE(read_prices(prices({"Nd"}, {56.0})).findings.has("prices.taken_as_oxide"));
}

TEST(Prices, BadTablesAreRefused) {
  const auto code = [](const Table& table) { return code_of([&] { (void)read_prices(table); }); };
  EXPECT_EQ(code(prices({"Nd2O3", "Nd"}, {56.0, 57.0})), "prices.repeated");
  EXPECT_EQ(code(prices({"Nd2O3"}, {-1.0})), "prices.negative");
  Table share = prices({"Nd2O3"}, {56.0});
  share.add(number_column("payable", {85.0}));
  EXPECT_EQ(code(share), "prices.share");
  Table two = prices({"Nd2O3"}, {56.0});
  two.add(number_column("spot_usd_per_t", {57000.0}, "USD/t"));
  EXPECT_EQ(code(two), "prices.ambiguous_column");
  Table none;
  none.add(text_column("oxide", {"Nd2O3"}));
  EXPECT_EQ(code(none), "prices.no_price");
  none.add(number_column("price", {56.0}));
  EXPECT_EQ(code(none), "unit.missing");
  EXPECT_EQ(code(one_row({{"price_usd_per_kg", 1.0}})), "prices.no_item");
}

}  // namespace
}  // namespace lode
