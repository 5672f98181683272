// Guards: correlation, variance inflation, and criteria that do not mean what they seem.
#include "libgeo/ranking/guards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/deposit/oxides.h"
#include "libgeo/ranking/rank.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Criterion named(const std::string& name, Direction direction = Direction::max,
                const std::string& unit = {}) {
  Criterion c;
  c.name = name;
  c.direction = direction;
  c.unit = unit;
  return c;
}

std::vector<Criterion> plain(std::size_t m) {
  std::vector<Criterion> criteria;
  for (std::size_t j = 0; j < m; ++j) criteria.push_back(named("c" + std::to_string(j)));
  return criteria;
}

std::vector<double> uniform_columns(std::size_t n, std::size_t m, std::uint64_t seed) {
  std::vector<double> x(n * m);
  const Random random{seed, 9};
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = random.uniform(k);
  return x;
}

Findings overlaps(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                  std::size_t n) {
  const auto r = criteria_correlation(criteria, columns, n);
  return overlap_findings(criteria, r, inflation_factors(r, n), n);
}

// In exact rational arithmetic (Python fractions): VIF_j = (S^-1)_jj S_jj.
TEST(Guards, CorrelationAndInflationOfASmallTable) {
  const std::vector<double> columns{1,   2,   3,   4,   5,    6,    7,    8,     //
                                    2,   1,   5,   3,   6,    4,    8,    7,     //
                                    3.5, 3.1, 8.2, 7.1, 10.8, 10.3, 15.2, 14.7,  //
                                    10,  7,   1,   4,   8,    2,    9,    3};
  const auto r = criteria_correlation(plain(4), columns, 8);
  const auto vif = inflation_factors(r, 8);
  ASSERT_EQ(vif.size(), 4u);
  EXPECT_NEAR(r[1], 5.0 / 6.0, 1e-14);
  EXPECT_NEAR(r[2], 0.9537907854918996, 1e-14);
  EXPECT_NEAR(r[3], -0.2726392706363988, 1e-14);
  EXPECT_NEAR(r[6], 0.9589152490808419, 1e-14);
  EXPECT_NEAR(vif[0], 123.68582690024316, 1e-9);
  EXPECT_NEAR(vif[1], 136.61068485735944, 1e-9);
  EXPECT_NEAR(vif[2], 464.0017496770653, 1e-9);
  EXPECT_NEAR(vif[3], 1.1678147387879878, 1e-12);
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_EQ(r[j * 4 + j], 1.0);
    for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(r[j * 4 + k], r[k * 4 + j]);
  }
}

TEST(Guards, InflationOfTwoCriteriaIsTheClosedForm) {
  const std::size_t n = 50;
  auto columns = uniform_columns(n, 2, 4);
  for (std::size_t i = 0; i < n; ++i) columns[n + i] += 2 * columns[i];
  const auto r = criteria_correlation(plain(2), columns, n);
  for (const double factor : inflation_factors(r, n))
    EXPECT_NEAR(factor, 1.0 / (1.0 - r[1] * r[1]), 1e-12 * factor);
}

TEST(Guards, ACostTurnsTheSignAndALogScaleTakesLogarithms) {
  const std::vector<double> columns{1, 10, 100, 1000, 10000, 4, 3, 2, 1, 0};
  auto criteria = plain(2);
  criteria[0].scale = Scale::log;
  criteria[1].direction = Direction::min;
  EXPECT_NEAR(criteria_correlation(criteria, columns, 5)[1], 1.0, 1e-12);
}

TEST(Guards, NeitherSizeNorAConstantSpoilsACorrelation) {
  const std::vector<double> shape{0, 1, 2, 3, 4, 6}, other{5, 1, 4, 2, 3, 0};
  std::vector<double> columns;
  for (const double scale : {1.0, 1e300, 5e-324})
    for (const double x : shape) columns.push_back(x * scale);
  columns.insert(columns.end(), other.begin(), other.end());
  columns.insert(columns.end(), 6, 3.3);
  const auto r = criteria_correlation(plain(5), columns, 6);
  EXPECT_NEAR(r[1], 1.0, 1e-12);
  EXPECT_NEAR(r[2], 1.0, 1e-12);
  EXPECT_NEAR(r[3], r[8], 1e-12);
  EXPECT_EQ(r[4], 0.0);
  EXPECT_EQ(inflation_factors(criteria_correlation(plain(1), std::vector<double>(6, 1.0), 6), 6),
            std::vector<double>{1.0});
}

TEST(Guards, TheSameBitsForAnyNumberOfThreads) {
  const auto columns = uniform_columns(1000, 7, 5);
  EXPECT_EQ(criteria_correlation(plain(7), columns, 1000, 1),
            criteria_correlation(plain(7), columns, 1000, 3));
}

TEST(Guards, FewSitesGiveNoFactors) {
  EXPECT_TRUE(criteria_correlation(plain(2), {1, 2, 3, 4, 4, 3, 2, 1}, 4).empty());
  EXPECT_TRUE(
      inflation_factors(criteria_correlation(plain(6), uniform_columns(7, 6, 1), 7), 7).empty());
  EXPECT_TRUE(inflation_factors({}, 3).empty());
}

TEST(Guards, ThreeCriteriaOfWhichOneFollowsFromTheOthersAreNamedOnce) {
  const std::size_t n = 40;
  auto columns = uniform_columns(n, 4, 6);
  for (std::size_t i = 0; i < n; ++i)
    columns[2 * n + i] = columns[i] + columns[n + i] + 0.02 * columns[2 * n + i];
  const auto findings = overlaps(plain(4), columns, n);
  ASSERT_EQ(findings.list().size(), 1u) << findings.list().back().message;
  EXPECT_EQ(findings.list()[0].code, "ranking.collinear_criteria");
  EXPECT_EQ(findings.list()[0].where, "c0, c1, c2");
  EXPECT_THAT(findings.list()[0].message, HasSubstr("c0 follows from c1, c2"));
  for (std::size_t i = 0; i < n; ++i) columns[2 * n + i] = columns[i] + columns[n + i];
  const auto r = criteria_correlation(plain(4), columns, n);
  const auto exact = inflation_factors(r, n);
  EXPECT_TRUE(std::isinf(exact[0]) && std::isinf(exact[1]) && std::isinf(exact[2]));
  EXPECT_LT(exact[3], 2.0);
  EXPECT_THAT(overlaps(plain(4), columns, n).list().at(0).message, HasSubstr("without bound"));
}

TEST(Guards, APairIsSaidAsAPairOnly) {
  const std::size_t n = 40;
  auto columns = uniform_columns(n, 3, 8);
  for (std::size_t i = 0; i < n; ++i) columns[n + i] = columns[i] + 0.1 * columns[n + i];
  const auto close = overlaps(plain(3), columns, n);
  ASSERT_EQ(close.list().size(), 1u);
  EXPECT_EQ(close.list()[0].code, "ranking.correlated_criteria");
  for (std::size_t i = 0; i < n; ++i) columns[n + i] = 3 * columns[i] + 1;
  const auto twins = overlaps(plain(3), columns, n);
  ASSERT_EQ(twins.list().size(), 1u);
  EXPECT_EQ(twins.list()[0].code, "ranking.duplicate_criteria");
  EXPECT_EQ(twins.list()[0].severity, Severity::warning);
}

TEST(Guards, IndependentCriteriaOverFewSitesRaiseNoAlarm) {
  std::size_t said = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed)
    said +=
        overlaps(plain(8), uniform_columns(14, 8, 100 + seed), 14).has("ranking.collinear_criteria")
            ? 1
            : 0;
  EXPECT_LE(said, 10u);  // without the correction for chance it is one table in three
}

std::vector<std::string> codes(const std::vector<Criterion>& criteria,
                               const std::vector<double>& columns, std::size_t n,
                               const std::vector<double>& weights = {}) {
  std::vector<std::string> out;
  const auto findings = meaning_findings(criteria, columns, n, weights);
  for (const auto& finding : findings.list()) out.push_back(finding.code);
  return out;
}

TEST(ElementGrades, AreWarnedOfWithTheOxideAndItsFactor) {
  for (const char* name : {"Nd_ppm", "La_pct", "Dy_t", "neodymium_pct", "Y (ppm)", "contained_nd_t",
                           "TB_KT", "Pr_wt_pct", "dy_t_per_yr", "Ce %"})
    EXPECT_EQ(codes({named(name)}, {1}, 1), std::vector<std::string>{"ranking.element_grade"})
        << name;
  EXPECT_EQ(codes({named("Nd", Direction::max, "ppm")}, {1}, 1).size(), 1u);
  Criterion field = named("magnet metal");
  field.field = "Nd_ppm";
  const auto findings = meaning_findings({field}, {1}, 1, {});
  ASSERT_EQ(findings.list().size(), 1u);
  EXPECT_EQ(findings.list()[0].severity, Severity::warning);
  EXPECT_EQ(findings.list()[0].where, "magnet metal");
  EXPECT_THAT(findings.list()[0].message, HasSubstr("Nd2O3, 1.166377 times"));
}

TEST(ElementGrades, FactorsAreThoseOfTheDepositRoom) {
  for (std::size_t e = 0; e < rare_earth_count; ++e) {
    const auto element = static_cast<RareEarth>(e);
    const auto findings =
        meaning_findings({named(std::string(rare_earths()[e].symbol) + "_ppm")}, {1}, 1, {});
    ASSERT_EQ(findings.list().size(), 1u);
    const auto& message = findings.list()[0].message;
    EXPECT_THAT(message, HasSubstr(oxide_name(element, OxideBasis::trade)));
    const auto at = message.find(", ") + 2;
    const auto factor = parse_number(message.substr(at, message.find(' ', at) - at));
    ASSERT_TRUE(factor) << message;
    EXPECT_NEAR(*factor, oxide_factor(element, OxideBasis::trade), 5e-7) << message;
  }
}

TEST(ElementGrades, OxidesCoordinatesAndOtherThingsRaiseNoAlarm) {
  for (const char* name : {"Nd2O3_ppm",
                           "TREO_PCT",
                           "net_ndpr_t",
                           "net_dytb_t",
                           "Y",
                           "y",
                           "x_m",
                           "TH_PPM",
                           "thorium_ppm",
                           "nd_oxide_t",
                           "nd_reo_t",
                           "price_nd_usd_per_t",
                           "nd_usd_per_t",
                           "er_score",
                           "La",
                           "sc_score",
                           "ho_km",
                           "valid_coverage_pct",
                           "ndpr_t_per_yr",
                           "delivered_usd_per_t",
                           "co2e_kg_per_t"})
    EXPECT_THAT(codes({named(name)}, {1}, 1), IsEmpty()) << name;
  EXPECT_THAT(codes({named("nd_pct", Direction::min)}, {1}, 1), IsEmpty());  // share without data
  EXPECT_THAT(codes({named("Nd_ppm")}, {1}, 1, {0.0}), IsEmpty());           // has no say
}

TEST(RockTonnage, BesideAGradeIsNoted) {
  const auto ore = named("ore", Direction::max, "Mt"), grade = named("treo_pct");
  EXPECT_EQ(codes({ore, grade}, {1, 1}, 1), std::vector<std::string>{"ranking.rock_tonnage"});
  EXPECT_EQ(codes({named("resource_mt"), named("grade")}, {1, 1}, 1).size(), 1u);
  EXPECT_THAT(codes({ore, named("distance_km", Direction::min)}, {1, 1}, 1), IsEmpty());
  EXPECT_THAT(codes({named("contained_treo_t"), grade}, {1, 1}, 1), IsEmpty());
  EXPECT_THAT(codes({named("ore_usd_per_t"), grade}, {1, 1}, 1), IsEmpty());
  EXPECT_THAT(codes({named("waste_rock_t", Direction::min), grade}, {1, 1}, 1), IsEmpty());
  EXPECT_THAT(codes({ore, grade}, {1, 1}, 1, {0.0, 1.0}), IsEmpty());
}

TEST(LinearTonnage, OverMoreThanThreeDecadesIsNoted) {
  const auto tonnage = named("net_treo_t");
  EXPECT_EQ(codes({tonnage}, {1, 50, 1001}, 3), std::vector<std::string>{"ranking.linear_tonnage"});
  EXPECT_THAT(codes({tonnage}, {1, 50, 999}, 3), IsEmpty());
  EXPECT_THAT(codes({tonnage}, {0, 0, 50, 60, 70}, 5), IsEmpty());
  EXPECT_THAT(codes({named("usd_per_t")}, {1, 50, 10000}, 3), IsEmpty());
  auto log = tonnage;
  log.scale = Scale::log;
  EXPECT_THAT(codes({log}, {1, 50, 10000}, 3), IsEmpty());
  EXPECT_THAT(codes({named("co2e", Direction::min, "t")}, {1, 50, 10000}, 3), IsEmpty());
  EXPECT_EQ(codes({named("size", Direction::max, "kt")}, {1, 50, 10000}, 3).size(), 1u);
}

TEST(Curves, ThatTurnAreSaid) {
  Criterion c = named("ph");
  c.curve = {{4, 0}, {7, 1}, {10, 0}};
  EXPECT_EQ(codes({c}, {7}, 1), std::vector<std::string>{"ranking.curve_turns"});
  c.curve = {{4, 0}, {7, 0.5}, {8, 0.5}, {10, 1}};
  EXPECT_THAT(codes({c}, {7}, 1), IsEmpty());
  c.curve = {{4, 1}, {10, 0}};
  EXPECT_THAT(codes({c}, {7}, 1), IsEmpty());
}

TEST(Spreads, StatedButNotGivenAreSaid) {
  DecisionTable table;
  table.ids = {"a", "b"};
  table.criteria = {named("x"), named("y")};
  table.values = {1, 2, 3, 4};
  EXPECT_TRUE(spread_findings(table).empty());
  table.criteria[1].spread_common = 0.3;
  ASSERT_TRUE(spread_findings(table).has("ranking.no_spread"));
  EXPECT_EQ(spread_findings(table).list()[0].where, "y");
  table.low = {0, std::nan(""), 0, std::nan("")};
  EXPECT_TRUE(spread_findings(table).has("ranking.no_spread"));  // the other criterion's
  table.low[3] = 3;
  EXPECT_TRUE(spread_findings(table).empty());
  table.low.clear();
  table.draws = {{0, 1, {2, 3}}};
  EXPECT_TRUE(spread_findings(table).empty());
  table.criteria[1].spread_common = 0.0;  // a correlation with nothing to go with
  table.criteria[1].spread_correlation = 0.5;
  ASSERT_TRUE(spread_findings(table).has("ranking.no_spread"));
  EXPECT_THAT(spread_findings(table).list()[0].message, testing::HasSubstr("spread_group"));
  table.criteria[1].spread_group = "assay";
  EXPECT_TRUE(spread_findings(table).empty());
}

TEST(Guards, StandInTheRanking) {
  DecisionTable table;
  table.criteria = {named("Nd_ppm"), named("net_treo_t")};
  table.criteria[0].weight = table.criteria[1].weight = 0.5;
  table.criteria[0].spread_group = "assay";
  const double nd[] = {5, 1, 4, 2, 3, 1}, tonnes[] = {1, 10, 100, 1000, 10000, 20};
  for (std::size_t i = 0; i < 6; ++i) {
    table.ids.push_back("s" + std::to_string(i));
    table.values.insert(table.values.end(), {nd[i], tonnes[i]});
  }
  RankOptions options;
  options.draws.draws = 10;
  const auto result = rank(table, options);
  for (const char* code : {"ranking.element_grade", "ranking.linear_tonnage", "ranking.no_spread"})
    EXPECT_TRUE(result.findings.has(code)) << code;
  EXPECT_EQ(result.inflation.size(), 2u);
  EXPECT_EQ(result.correlation.size(), 4u);
}

}  // namespace
}  // namespace lode::test
