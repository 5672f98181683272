// Disruptions against closed forms: bans, quotas, stages, chance failures, tails, stock, recycling.
#include "libgeo/supply/disruption.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/supply/beta.h"
#include "libgeo/supply/disruption_parts.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

std::map<std::string, std::string> parameters(const std::string& text) {
  std::map<std::string, std::string> out;
  for (const auto& part : split(text, '|')) {
    const auto at = part.find('=');
    out[part.substr(0, at)] = part.substr(at + 1);
  }
  return out;
}

SupplyDemand demand_of(std::vector<double> tonnes, int first = 2028) {
  SupplyDemand demand;
  demand.table = "demand.csv";
  demand.metals = {"NdPr"};
  for (const double t : tonnes) {
    demand.years.push_back(first++);
    demand.tonnes.push_back(only_base(t));
  }
  return demand;
}

SupplySource source_of(const std::string& id, const std::string& country, double tonnes) {
  SupplySource source;
  source.id = id;
  source.country = country;
  source.capacity_t_per_year = only_base(tonnes);
  source.share = {1.0};
  return source;
}

SupplySources sources_of(std::vector<SupplySource> list) {
  SupplySources sources;
  sources.table = "sources.csv";
  sources.metals = {"NdPr"};
  sources.list = std::move(list);
  return sources;
}

Restriction ban(const std::string& country, double kept = 0.0) {
  Restriction one;
  one.name = "ban";
  one.countries = {country};
  one.kept = kept;
  return one;
}

DisruptionOptions without_chance() {
  DisruptionOptions options;
  options.draws = 0;
  return options;
}

const std::vector<StageSupply> one_stage = {{"mine", "NdPr", "CHN", 0.7, ""},
                                            {"mine", "NdPr", "AUS", 0.3, ""}};

TEST(BetaDistribution, AgreesWithScipy) {
  std::size_t seen = 0;
  for (const auto& one : read_cases("disruption_chance.csv")) {
    const auto given = parameters(one.at("parameters"));
    const double expected = number(one.at("expected"));
    if (one.at("quantity") == "beta_quantile")
      EXPECT_NEAR(
          beta_quantile(number(given.at("p")), number(given.at("a")), number(given.at("b"))),
          expected, 2e-12 * std::max(expected, 1e-6))
          << one.at("parameters");
    else if (one.at("quantity") == "beta_distribution")
      EXPECT_NEAR(
          beta_distribution(number(given.at("x")), number(given.at("a")), number(given.at("b"))),
          expected, 1e-12)
          << one.at("parameters");
    else
      continue;
    ++seen;
  }
  EXPECT_EQ(seen, 40u);
  EXPECT_EQ(beta_quantile(0.0, 2.0, 2.0), 0.0);
  EXPECT_EQ(beta_quantile(1.0, 2.0, 2.0), 1.0);
  EXPECT_NEAR(beta_quantile(0.5, 2.0, 2.0), 0.5, 1e-15);
}

TEST(Disruption, BanOfOneCountryTakesItsShareOfTheDemand) {
  const auto result = disruption(demand_of({1000, 2000}), one_stage, sources_of({}), {ban("CHN")},
                                 {}, without_chance());
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_DOUBLE_EQ(result.rows[0].alone_t.mean, 700.0);
  EXPECT_DOUBLE_EQ(result.rows[1].alone_t.p90, 1400.0);
  EXPECT_EQ(result.rows[0].stage, "mine");
  EXPECT_EQ(result.rows[0].probability, 1.0);
  EXPECT_DOUBLE_EQ(result.tails[0].expected_t, 2100.0);
  EXPECT_DOUBLE_EQ(result.tails[0].cvar_t, 2100.0);
  EXPECT_EQ(result.tails[0].first_short_alone, 2028);
  EXPECT_EQ(result.tails[0].free_from, 0);
  // Half of the sales that go on, twice over: a quarter is kept.
  const auto kept = disruption(demand_of({1000}), one_stage, sources_of({}),
                               {ban("CHN", 0.5), ban("CHN", 0.5)}, {}, without_chance());
  EXPECT_DOUBLE_EQ(kept.rows[0].alone_t.mean, 700.0 * 0.75);
}

TEST(Disruption, TheTightestStageLimits) {
  std::vector<StageSupply> today = one_stage;
  today.push_back({"magnet", "NdPr", "CHN", 0.9, ""});
  today.push_back({"magnet", "NdPr", "JPN", 0.1, ""});
  auto magnets = ban("CHN", 0.4);
  magnets.stages = {"magnet"};
  // The mine keeps 30 %, magnets 10 % + 40 % of 90 % = 46 %: the mine limits.
  const auto both = disruption(demand_of({1000}), today, sources_of({}), {ban("CHN", 0.0), magnets},
                               {}, without_chance());
  EXPECT_EQ(both.rows[0].stage, "magnet");  // the ban without stages is of magnets too
  EXPECT_DOUBLE_EQ(both.rows[0].alone_t.mean, 900.0);
  auto mines = ban("CHN");
  mines.stages = {"mine"};
  const auto apart =
      disruption(demand_of({1000}), today, sources_of({}), {mines, magnets}, {}, without_chance());
  EXPECT_EQ(apart.rows[0].stage, "mine");
  EXPECT_DOUBLE_EQ(apart.rows[0].alone_t.mean, 700.0);
  const auto last =
      disruption(demand_of({1000}), today, sources_of({}), {magnets}, {}, without_chance());
  EXPECT_EQ(last.rows[0].stage, "magnet");
  EXPECT_NEAR(last.rows[0].alone_t.mean, 540.0, 1e-9);
}

TEST(Disruption, QuotaIsTonnesAYear) {
  auto quota = ban("CHN");
  quota.quota_t = 500.0;
  auto tighter = quota;
  tighter.quota_t = 400.0;
  tighter.from_year = 2029;
  const auto result = disruption(demand_of({1000, 1000, 600}), one_stage, sources_of({}),
                                 {quota, tighter}, {}, without_chance());
  EXPECT_DOUBLE_EQ(result.rows[0].alone_t.mean, 200.0);  // 700 less 500
  EXPECT_DOUBLE_EQ(result.rows[1].alone_t.mean, 300.0);  // the least of both
  EXPECT_DOUBLE_EQ(result.rows[2].alone_t.mean, 20.0);   // 420 less 400
}

TEST(Disruption, SitesAddAndFreeTheDemand) {
  auto mine = source_of("M", "AUS", 600.0);
  mine.lead_years = 2.0;  // decided on in 2027: from 2029 on
  mine.ramp_years = 2.0;
  auto recycler = source_of("R", "USA", 100.0);
  recycler.kind = "secondary";
  const auto result = disruption(demand_of({1000, 1000, 1000, 1000}), one_stage,
                                 sources_of({mine, recycler}), {ban("CHN")}, {}, without_chance());
  const double missing[] = {600.0, 300.0, 0.0, 0.0};
  for (std::size_t y = 0; y < 4; ++y) {
    EXPECT_DOUBLE_EQ(result.rows[y].alone_t.mean, 700.0);
    EXPECT_NEAR(result.rows[y].with_sites_t.mean, missing[y], 1e-9) << y;
    EXPECT_DOUBLE_EQ(result.rows[y].recycled_t, 100.0);
  }
  EXPECT_EQ(result.tails[0].free_from, 2030);
  EXPECT_EQ(result.tails[0].first_short_with, 2028);
  // Without the mine 600 t in each year: it saves 300 + 600 + 600, the recycler 100 in each.
  EXPECT_EQ(result.relief[0].id, "M");
  EXPECT_NEAR(result.relief[0].saved_t, 1500.0, 1e-9);
  EXPECT_NEAR(result.relief[1].saved_t, 400.0, 1e-9);
}

TEST(Disruption, SitesOfARestrictedCountryAreRestrictedToo) {
  const auto result =
      disruption(demand_of({1000}), one_stage, sources_of({source_of("C", "CHN", 500.0)}),
                 {ban("CHN", 0.2)}, {}, without_chance());
  EXPECT_DOUBLE_EQ(result.rows[0].sites_t, 100.0);
  // A quota of 800 t leaves 100 beside the 700 of today.
  auto quota = ban("CHN");
  quota.quota_t = 800.0;
  const auto limited =
      disruption(demand_of({1000}), one_stage, sources_of({source_of("C", "CHN", 500.0)}), {quota},
                 {}, without_chance());
  EXPECT_DOUBLE_EQ(limited.rows[0].sites_t, 100.0);
  EXPECT_FALSE(limited.findings.has("supply.no_effect"));
}

TEST(Disruption, WhatOperatesTodayIsCountedOnce) {
  auto today = source_of("T", "AUS", 200.0);
  today.operating = true;
  auto elsewhere = source_of("E", "CAN", 200.0);
  elsewhere.operating = true;
  const auto result = disruption(demand_of({1000}), one_stage, sources_of({today, elsewhere}),
                                 {ban("CHN")}, {}, without_chance());
  EXPECT_DOUBLE_EQ(result.rows[0].sites_t, 200.0);
  EXPECT_TRUE(result.findings.has("supply.counted_today"));
}

TEST(Disruption, StockLastsAsLongAsItIsDrawn) {
  const auto demand = demand_of({1000, 1000, 1000, 1000, 1000});
  const auto with = [&](double tonnes, double per_year) {
    return disruption(demand, one_stage, sources_of({}), {ban("CHN")},
                      {{"NdPr", tonnes, per_year, 60.0}}, without_chance());
  };
  const double inf = std::numeric_limits<double>::infinity();
  const auto three = with(2100.0, inf);  // 700 t a year: three years
  EXPECT_EQ(three.tails[0].first_short_with, 2031);
  EXPECT_NEAR(three.tails[0].bought_by_stock_years, 3.0, 1e-9);
  EXPECT_DOUBLE_EQ(three.tails[0].with_expected_t, 1400.0);
  EXPECT_NEAR(with(1050.0, inf).tails[0].bought_by_stock_years, 1.5, 1e-9);
  // No more than 200 t a year: something is missing from the first year on.
  const auto slow = with(2100.0, 200.0);
  EXPECT_EQ(slow.tails[0].bought_by_stock_years, 0.0);
  EXPECT_DOUBLE_EQ(slow.rows[4].with_stock_t.mean, 500.0);
  EXPECT_DOUBLE_EQ(slow.rows[4].stock_t, 200.0);
  EXPECT_NEAR(with(1e9, inf).tails[0].bought_by_stock_years, 5.0, 1e-9);
  EXPECT_EQ(with(1e9, inf).tails[0].free_from, 0);  // stock alone frees nobody
}

/// 700 t a year are missing. 100 t at once and 1000 t at 100 a year are not 1100 t at once.
TEST(Disruption, EachStockpileGivesNoFasterThanItCan) {
  const double inf = std::numeric_limits<double>::infinity();
  const auto result =
      disruption(demand_of({1000, 1000, 1000}), one_stage, sources_of({}), {ban("CHN")},
                 {{"NdPr", 100.0, inf, 60.0}, {"NdPr", 1000.0, 100.0, 60.0}}, without_chance());
  EXPECT_DOUBLE_EQ(result.rows[0].stock_t, 200.0);
  EXPECT_DOUBLE_EQ(result.rows[1].stock_t, 100.0);
  EXPECT_DOUBLE_EQ(result.rows[2].with_stock_t.mean, 600.0);
  // 300 t that last three years come before 600 t that would give all at once: none is left over.
  const auto both =
      disruption(demand_of({1000, 1000, 1000}), one_stage, sources_of({}), {ban("CHN", 4.0 / 7.0)},
                 {{"NdPr", 600.0, inf, 60.0}, {"NdPr", 300.0, 100.0, 60.0}}, without_chance());
  EXPECT_NEAR(both.tails[0].bought_by_stock_years, 3.0, 1e-9);
}

TEST(Disruption, RecyclingPutsOffTheFirstShortfall) {
  auto recycler = source_of("R", "USA", 900.0);
  recycler.kind = "secondary";
  recycler.lead_years = 1.0;
  recycler.life_years = 2.0;
  const auto result = disruption(demand_of({1000, 1000, 1000}), one_stage, sources_of({recycler}),
                                 {ban("CHN")}, {}, without_chance());
  EXPECT_NEAR(result.tails[0].bought_by_recycling_years, 2.0, 1e-12);
  EXPECT_EQ(result.tails[0].first_short_with, 2030);
}

TEST(Disruption, IndependentFailuresHaveTheirMean) {
  DisruptionOptions options;
  options.draws = 40000;
  options.probability = {{"CHN", 0.2}, {"AUS", 0.1}};
  options.severity_a = 2.0;
  options.severity_b = 3.0;
  const auto result =
      disruption(demand_of({1000, 1000, 1000}), one_stage, sources_of({}), {}, {}, options);
  // p x E[severity] x share x demand, summed; Var = p E[S^2] - (p E[S])^2 a country.
  const double mean = 0.4, square = 0.04 + 0.16;  // of Beta(2, 3): variance 6/150
  const double expected = 1000.0 * mean * (0.2 * 0.7 + 0.1 * 0.3);
  const double variance = 1e6 * (0.49 * (0.2 * square - 0.04 * mean * mean) +
                                 0.09 * (0.1 * square - 0.01 * mean * mean));
  for (const auto& row : result.rows) {
    EXPECT_NEAR(row.alone_t.mean, expected, 4.0 * std::sqrt(variance / 40000.0)) << row.year;
    EXPECT_NEAR(row.probability, 1.0 - 0.8 * 0.9, 4.0 * std::sqrt(0.28 * 0.72 / 40000.0));
  }
  EXPECT_NEAR(result.tails[0].with_expected_t, 3.0 * expected,
              4.0 * result.tails[0].standard_error_t);
  EXPECT_NEAR(result.tails[0].standard_error_t, std::sqrt(3.0 * variance / 40000.0), 0.04);
}

TEST(Disruption, FailuresGoOnWithTheirMeanLength) {
  DisruptionOptions options;
  options.draws = 40000;
  options.probability = {{"CHN", 0.1}};
  options.years_mean = 4.0;
  const auto result =
      disruption(demand_of({1000, 1000, 1000, 1000}), one_stage, sources_of({}), {}, {}, options);
  // In a state of failure: goes on with 3/4, else a new one begins with 0.1.
  double state = 0.0;
  for (const auto& row : result.rows) {
    state = 0.75 * state + (1.0 - 0.75 * state) * 0.1;
    EXPECT_NEAR(row.probability, state, 4.0 * std::sqrt(state * (1.0 - state) / 40000.0));
  }
}

TEST(Disruption, FailuresWithinABlocGoTogether) {
  constexpr double draws = 60000.0;
  for (const auto& one : read_cases("disruption_chance.csv")) {
    if (one.at("quantity") != "both_fail") continue;
    const auto given = parameters(one.at("parameters"));
    DisruptionOptions options;
    options.draws = static_cast<std::size_t>(draws);
    options.probability = {{"CHN", number(given.at("p"))}, {"AUS", number(given.at("q"))}};
    options.bloc = {{"CHN", "east"}, {"AUS", "east"}};
    options.bloc_correlation = number(given.at("correlation"));
    const auto result = disruption(demand_of({1000}), one_stage, sources_of({}), {}, {}, options);
    // Something is missing when either fails: p + q - both.
    const double either =
        options.probability["CHN"] + options.probability["AUS"] - number(one.at("expected"));
    EXPECT_NEAR(result.rows[0].probability, either,
                4.0 * std::sqrt(either * (1.0 - either) / draws))
        << one.at("parameters");
  }
}

TEST(Disruption, TailOfAKnownDistributionIsExact) {
  std::vector<double> two(100, 0.0);
  for (std::size_t k = 0; k < 10; ++k) two[7 * k] = 100.0;  // ten in a hundred lose 100
  const WorstOf inside = worst_of(two, 0.95);
  EXPECT_EQ(inside.value_at_risk, 100.0);
  EXPECT_DOUBLE_EQ(inside.cvar, 100.0);
  const WorstOf beyond = worst_of(two, 0.8);  // the worst twenty: ten of 100, ten of 0
  EXPECT_EQ(beyond.value_at_risk, 0.0);
  EXPECT_DOUBLE_EQ(beyond.cvar, 50.0);
  EXPECT_DOUBLE_EQ(beyond.mean, 10.0);
  // A standard deviation of 30 of the whole, of n - 1: 30 sqrt(100/99).
  EXPECT_NEAR(beyond.standard_error, 3.0 * std::sqrt(100.0 / 99.0), 1e-12);
  // 1 to 8 at 90 %: the worst 0.8 are all of the 8.
  EXPECT_DOUBLE_EQ(worst_of({1, 2, 3, 4, 5, 6, 7, 8}, 0.9).cvar, 8.0);
  // At 70 %: the worst 2.4 are 8, 7 and 0.4 of 6.
  EXPECT_DOUBLE_EQ(worst_of({1, 2, 3, 4, 5, 6, 7, 8}, 0.7).cvar, (8 + 7 + 0.4 * 6) / 2.4);
  EXPECT_EQ(worst_of({1, 2, 3, 4, 5, 6, 7, 8}, 0.7).value_at_risk, 6.0);
}

TEST(Disruption, OutputsAndDemandVaryWithinTheirRanges) {
  auto demand = demand_of({1000});
  demand.tonnes[0] = {900.0, 1000.0, 1100.0};
  auto site = source_of("S", "CAN", 200.0);
  site.capacity_t_per_year = {100.0, 200.0, 300.0};
  DisruptionOptions options;
  options.draws = 20000;
  options.probability = {{"CHN", 0.0}, {"AUS", 0.0}, {"CAN", 0.0}};
  const auto result = disruption(demand, one_stage, sources_of({site}), {ban("CHN")}, {}, options);
  const ShortfallRow& row = result.rows[0];
  // The percentiles of the demand are those that it says: 70 % of 900, 1000, 1100.
  EXPECT_NEAR(row.alone_t.p10, 630.0, 3.0);
  EXPECT_NEAR(row.alone_t.p50, 700.0, 3.0);
  EXPECT_NEAR(row.alone_t.p90, 770.0, 3.0);
  EXPECT_NEAR(row.with_sites_t.p50, 500.0, 4.0);
  EXPECT_NEAR(row.with_sites_t.mean, 500.0, 4.0);
  EXPECT_EQ(row.sites_t, 200.0);
}

TEST(Disruption, SameBitsForAnyNumberOfThreads) {
  auto site = source_of("S", "MMR", 200.0);
  site.capacity_t_per_year = {100.0, 200.0, 300.0};
  DisruptionOptions options;
  options.draws = 1500;
  options.governance = {{"CHN", 6.0}, {"AUS", 2.0}, {"MMR", 9.0}};
  options.probability_per_risk = 0.02;
  options.bloc = {{"CHN", "east"}, {"MMR", "east"}};
  options.years_mean = 2.0;
  const auto run = [&](int jobs) {
    options.jobs = jobs;
    return disruption(demand_of({1000, 1100, 1200}), one_stage, sources_of({site}),
                      {ban("CHN", 0.5)}, {{"NdPr", 300.0, 100.0, 1.0}}, options);
  };
  const auto one = run(1);
  EXPECT_DOUBLE_EQ(one.failure.at("CHN"), 0.12);
  for (const int jobs : {2, 7}) {
    const auto other = run(jobs);
    for (std::size_t k = 0; k < one.rows.size(); ++k) {
      EXPECT_EQ(one.rows[k].alone_t.mean, other.rows[k].alone_t.mean);
      EXPECT_EQ(one.rows[k].with_stock_t.p95, other.rows[k].with_stock_t.p95);
      EXPECT_EQ(one.rows[k].probability, other.rows[k].probability);
    }
    EXPECT_EQ(one.tails[0].with_cvar_t, other.tails[0].with_cvar_t);
    EXPECT_EQ(one.tails[0].standard_error_t, other.tails[0].standard_error_t);
  }
}

TEST(Disruption, HomeNeverFailsAndUnknownCountriesAreSaid) {
  DisruptionOptions options;
  options.draws = 100;
  options.home = "AUS";
  options.governance = {{"AUS", 9.0}};
  const auto result = disruption(demand_of({1000}), one_stage, sources_of({}), {}, {}, options);
  EXPECT_EQ(result.rows[0].probability, 0.0);
  EXPECT_EQ(result.failure.at("AUS"), 0.0);
  ASSERT_TRUE(result.findings.has("supply.no_probability"));
  EXPECT_EQ(result.findings.list().back().where, "CHN");
}

TEST(Disruption, PlansAndStartsReplaceTheEarliest) {
  auto mine = source_of("M", "CAN", 600.0);
  DisruptionOptions options = without_chance();
  options.plan = {{100.0, 200.0}};
  const auto planned =
      disruption(demand_of({1000, 1000}), one_stage, sources_of({mine}), {ban("CHN")}, {}, options);
  // The plan is all there is: 1000 t are needed, and 200 t made.
  EXPECT_DOUBLE_EQ(planned.rows[1].with_sites_t.mean, 800.0);
  EXPECT_DOUBLE_EQ(planned.rows[1].alone_t.mean, 700.0);
  mine.operating = true;
  mine.country = "CHN";
  const auto today =
      disruption(demand_of({1000, 1000}), one_stage, sources_of({mine}), {}, {}, options);
  EXPECT_DOUBLE_EQ(today.rows[0].with_sites_t.mean, 900.0);
  mine = source_of("M", "CAN", 600.0);
  options.plan.clear();
  options.start = {2029};
  mine.not_before = 2030;
  const auto early =
      disruption(demand_of({1000, 1000}), one_stage, sources_of({mine}), {ban("CHN")}, {}, options);
  EXPECT_DOUBLE_EQ(early.rows[0].sites_t, 0.0);
  EXPECT_DOUBLE_EQ(early.rows[1].sites_t, 600.0);
  EXPECT_TRUE(early.findings.has("supply.start_early"));
  options.start = {0};
  EXPECT_EQ(
      disruption(demand_of({1000, 1000}), one_stage, sources_of({mine}), {ban("CHN")}, {}, options)
          .rows[1]
          .sites_t,
      0.0);
  options.start = {1, 2};
  EXPECT_EQ(code_of([&] {
              (void)disruption(demand_of({1000}), one_stage, sources_of({mine}), {}, {}, options);
            }),
            "supply.length");
}

TEST(Disruption, BadInputIsRefusedByName) {
  const auto run = [&](const std::vector<StageSupply>& today, std::vector<Restriction> restrictions,
                       std::vector<Stockpile> stock = {},
                       DisruptionOptions options = without_chance()) {
    return code_of([&] {
      (void)disruption(demand_of({1000}), today, sources_of({}), restrictions, stock, options);
    });
  };
  EXPECT_EQ(run({{"mine", "NdPr", "CHN", 0.8, ""}, {"mine", "NdPr", "AUS", 0.3, ""}}, {}),
            "supply.shares_over_one");
  EXPECT_EQ(run({{"mine", "NdPr", "CHN", -0.1, ""}}, {}), "supply.negative");
  EXPECT_EQ(run({{"mine", "NdPr", "CHN", 0.1, ""}, {"Mine", "ndpr", "CHN", 0.1, ""}}, {}),
            "supply.duplicate_country");
  auto unknown = ban("CHN");
  unknown.metals = {"Gold"};
  EXPECT_EQ(run(one_stage, {unknown}), "supply.no_metal");
  auto backwards = ban("CHN");
  backwards.from_year = 2030;
  backwards.to_year = 2029;
  EXPECT_EQ(run(one_stage, {backwards}), "supply.restriction");
  EXPECT_EQ(run(one_stage, {Restriction{}}), "supply.restriction");
  EXPECT_EQ(run(one_stage, {ban("CHN", 1.2)}), "supply.restriction");
  EXPECT_EQ(run(one_stage, {}, {{"NdPr", -5.0, 1.0, 1.0}}), "supply.negative");
  EXPECT_EQ(run(one_stage, {}, {{"Dy", 5.0, 1.0, 1.0}}), "supply.no_metal");
  DisruptionOptions options;
  options.probability = {{"CHN", 1.5}};
  EXPECT_EQ(run(one_stage, {}, {}, options), "supply.probability");
  options.probability.clear();
  options.governance = {{"CHN", 9.0}};
  options.probability_per_risk = 0.2;
  EXPECT_EQ(run(one_stage, {}, {}, options), "supply.probability");
  options = {};
  options.confidence = 1.0;
  EXPECT_EQ(run(one_stage, {}, {}, options), "supply.probability");
  options = {};
  options.years_mean = 0.5;
  EXPECT_EQ(run(one_stage, {}, {}, options), "supply.probability");
}

TEST(Disruption, WhatDoesNothingIsSaid) {
  const auto result =
      disruption(demand_of({1000}), {{"mine", "NdPr", "CHN", 0.7, ""}, {"mine", "Y", "CHN", 1, ""}},
                 sources_of({}), {ban("MMR")}, {}, without_chance());
  EXPECT_TRUE(result.findings.has("supply.no_effect"));
  EXPECT_TRUE(result.findings.has("supply.not_covered"));
  EXPECT_TRUE(result.findings.has("supply.not_demanded"));
  EXPECT_EQ(result.rows[0].alone_t.mean, 0.0);
  EXPECT_EQ(result.tails[0].free_from, 2028);
  auto other = sources_of({source_of("S", "CAN", 5.0)});
  other.metals = {"Dy"};
  EXPECT_TRUE(disruption(demand_of({1000}), {}, other, {}, {}, without_chance())
                  .findings.has("supply.no_source"));
}

const Finding* finding_of(const DisruptionResult& result, const std::string& code) {
  for (const auto& one : result.findings.list())
    if (one.code == code) return &one;
  return nullptr;
}

/// 10,000 t, decided on in 2026: half of it in 2028, all from 2029 on.
DisruptionResult with_plan(const std::vector<double>& tonnes, double life = std::nan("")) {
  auto mine = source_of("A", "USA", 10000.0);
  mine.lead_years = 2.0;
  mine.ramp_years = 2.0;
  mine.life_years = life;
  auto options = without_chance();
  options.base_year = 2026;
  options.plan = {tonnes};
  return disruption(demand_of({3000, 3000, 3000, 3000, 3000}, 2026), {}, sources_of({mine}), {}, {},
                    options);
}

TEST(Disruption, PlanAboveWhatASourceCanMakeIsTold) {
  const auto over = with_plan({0, 0, 99999, 0, 0});
  const Finding* told = finding_of(over, "supply.plan_above");
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->where, "A");
  EXPECT_EQ(told->count, 1u);
  EXPECT_EQ(told->severity, Severity::warning);
  EXPECT_THAT(told->message, testing::HasSubstr("A 99999 t in 2028"));
  EXPECT_FALSE(over.findings.has("supply.start_early"));
  EXPECT_TRUE(with_plan({0, 0, 5001, 10000, 10000}).findings.has("supply.plan_above"));
  EXPECT_FALSE(with_plan({0, 0, 5000, 10000, 10000}).findings.has("supply.plan_above"));
  // One that starts later has its ramp later, and its life.
  EXPECT_FALSE(with_plan({0, 0, 0, 5000, 10000}, 2.0).findings.has("supply.plan_above"));
  EXPECT_TRUE(with_plan({0, 0, 100, 5000, 5000}, 2.0).findings.has("supply.plan_above"));
}

TEST(Disruption, PlanBeforeTheLeadIsTold) {
  const auto early = with_plan({5000, 0, 0, 0, 0});
  const Finding* told = finding_of(early, "supply.start_early");
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->where, "A");
  EXPECT_THAT(told->message, testing::HasSubstr("A in 2026, can from 2028 on"));
  EXPECT_FALSE(early.findings.has("supply.plan_above"));
  EXPECT_FALSE(with_plan({0, 0, 5000, 0, 0}).findings.has("supply.start_early"));
}

TEST(Disruption, BaseYearAfterTheDemandIsRefused) {
  auto options = without_chance();
  const auto run = [&](int base) {
    options.base_year = base;
    return code_of([&] {
      (void)disruption(demand_of({1000, 1000}), one_stage, sources_of({}), {}, {}, options);
    });
  };
  EXPECT_EQ(run(2029), "");
  EXPECT_EQ(run(2030), "supply.base_year");
}

TEST(Disruption, ShareWithoutAStageIsRefusedAtItsRow) {
  try {
    (void)disruption(demand_of({1000}), {{" ", "NdPr", "CHN", 0.7, "today.csv, row 2"}},
                     sources_of({}), {}, {}, without_chance());
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "supply.no_stage");
    EXPECT_EQ(error.where, "today.csv, row 2");
  }
}

}  // namespace
}  // namespace lode::test
