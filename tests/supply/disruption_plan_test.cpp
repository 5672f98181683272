// Scenarios as text: every key, blocs written out, every mistake at its line.
#include "libgeo/supply/disruption_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"

namespace lode::test {
namespace {

std::vector<std::string> faults(const std::string& text) {
  try {
    (void)parse_disruption_plan(text, "s.toml");
  } catch (const Error& error) {
    std::vector<std::string> all{error.code + " " + error.where + " " + error.what()};
    for (const auto& more : error.more) all.push_back(more.where + " " + more.what());
    return all;
  }
  return {};
}

TEST(DisruptionPlan, EveryKeyIsRead) {
  const DisruptionPlan plan = parse_disruption_plan(R"(
base_year = 2026
draws = 500
confidence_pct = 90
bloc_correlation = 0.3
probability_per_risk = 0.02
years_mean = 2
severity = { a = 2, b = 5 }
[blocs]
east = ["CHN", "mmr"]
[probability]
east = 0.1
CHN = 0.2
[[restriction]]
name = "ban"
countries = ["East", "RUS"]
metals = "NdPr"
stages = ["mine"]
from_year = 2028
kept_pct = 25
[[restriction]]
countries = "CHN"
year = 2030
quota_t = 100
[[stockpile]]
metal = "NdPr"
tonnes = 1000
per_year_t = 300
usd_per_kg = 60
[[shock]]
metals = ["NdPr"]
depth_pct = 50
from_year = 2029
years = 4
recovery_years = 2
by = "east"
[[counter]]
kind = "floor_price"
metal = "NdPr"
share_of_price_pct = 80
from_year = 2029
to_year = 2033
groups = ["domestic", "allied"]
[[counter]]
kind = "stockpile"
metal = "NdPr"
usd_per_kg = 55
tonnes_per_year = 400
holding_usd_per_kg_year = 0.5
[stopping]
patience_years = 1
restart_years = 2
restart_capex_pct = 10
projects_wait = false
)",
                                                    "s.toml");
  EXPECT_EQ(plan.disruption.base_year, 2026);
  EXPECT_EQ(plan.shock.base_year, 2026);
  EXPECT_EQ(plan.disruption.draws, 500u);
  EXPECT_EQ(plan.disruption.confidence, 0.9);
  EXPECT_EQ(plan.disruption.severity_b, 5.0);
  EXPECT_EQ(plan.disruption.bloc.at("MMR"), "east");
  EXPECT_EQ(plan.disruption.probability.at("MMR"), 0.1);
  EXPECT_EQ(plan.disruption.probability.at("CHN"), 0.2);  // its own, not its bloc's
  ASSERT_EQ(plan.restrictions.size(), 2u);
  EXPECT_THAT(plan.restrictions[0].countries, testing::ElementsAre("CHN", "MMR", "RUS"));
  EXPECT_EQ(plan.restrictions[0].kept, 0.25);
  EXPECT_TRUE(std::isnan(plan.restrictions[0].quota_t));
  EXPECT_EQ(plan.restrictions[1].from_year, 2030);
  EXPECT_EQ(plan.restrictions[1].to_year, 2030);
  EXPECT_EQ(plan.restrictions[1].quota_t, 100.0);
  EXPECT_EQ(plan.stock[0].per_year_t, 300.0);
  EXPECT_EQ(plan.shocks[0].years, 4);
  EXPECT_EQ(plan.shocks[0].depth, 0.5);
  EXPECT_THAT(plan.shocks[0].by, testing::ElementsAre("CHN", "MMR"));
  EXPECT_EQ(plan.counters[0].share_of_price, 0.8);
  EXPECT_THAT(plan.counters[0].groups, testing::ElementsAre("domestic", "allied"));
  EXPECT_EQ(plan.counters[1].kind, PriceCounter::Kind::stockpile);
  EXPECT_TRUE(std::isnan(plan.counters[1].share_of_price));
  EXPECT_EQ(plan.shock.restart_capex, 0.1);
  EXPECT_FALSE(plan.shock.projects_wait);
}

TEST(DisruptionPlan, AnEmptyTextIsChanceAlone) {
  const DisruptionPlan plan = parse_disruption_plan("", "s.toml");
  EXPECT_TRUE(plan.restrictions.empty());
  EXPECT_EQ(plan.disruption.draws, 10000u);
}

TEST(DisruptionPlan, PerCentBelowOneIsAskedAbout) {
  const DisruptionPlan plan = parse_disruption_plan(R"(
[[restriction]]
countries = "CHN"
kept_pct = 0
[[restriction]]
countries = "CHN"
kept_pct = 0.5
[[restriction]]
countries = "CHN"
kept_pct = 1
[[shock]]
depth_pct = 0.6
from_year = 2029
)",
                                                    "s.toml");
  ASSERT_EQ(plan.findings.list().size(), 2u);
  const Finding &kept = plan.findings.list()[0], &depth = plan.findings.list()[1];
  EXPECT_EQ(kept.code, "supply.looks_like_fraction");
  EXPECT_EQ(kept.severity, Severity::warning);
  EXPECT_EQ(kept.where, "s.toml, restriction 2, kept_pct");
  EXPECT_EQ(depth.where, "s.toml, shock 1, depth_pct");
  EXPECT_THAT(depth.message, testing::HasSubstr("0.6 % is meant? Write 60 for 60 per cent"));
  EXPECT_DOUBLE_EQ(plan.shocks[0].depth, 0.006);  // taken at its word
}

TEST(DisruptionPlan, ConfidenceAndSharesOfAPriceThatLookLikeFractionsAreTold) {
  const DisruptionPlan plan = parse_disruption_plan(R"(
confidence_pct = 0.95
[[counter]]
kind = "floor_price"
metal = "NdPr"
share_of_price_pct = 1.1
[[counter]]
kind = "floor_price"
metal = "NdPr"
share_of_price_pct = 2
)",
                                                    "s.toml");
  ASSERT_EQ(plan.findings.list().size(), 2u);
  EXPECT_EQ(plan.findings.list()[0].code, "supply.looks_like_fraction");
  EXPECT_EQ(plan.findings.list()[0].where, "s.toml, confidence_pct");
  EXPECT_EQ(plan.findings.list()[1].where, "s.toml, counter 1, share_of_price_pct");
  EXPECT_DOUBLE_EQ(plan.disruption.confidence, 0.0095);
  EXPECT_DOUBLE_EQ(plan.counters[0].share_of_price, 0.011);
}

TEST(DisruptionPlan, MistakesAreToldTogetherAtTheirLines) {
  const auto all = faults(R"(draws = -1
confidence_pct = 100
drawz = 5
[blocs]
east = ["CHN"]
west = ["CHN"]
[probability]
CHN = 1.5
[[restriction]]
name = "nobody"
from_year = 2030
to_year = 2029
[[restriction]]
countries = ["CHN"]
kept_pct = 120
quota_t = -4
[[stockpile]]
tonnes = -5
[[shock]]
depth_pct = 0
years = 1.5
[[counter]]
kind = "flor_price"
metal = "NdPr"
)");
  const std::string told = testing::PrintToString(all);
  EXPECT_THAT(all.front(), testing::StartsWith("scenario.invalid s.toml:1 "));
  for (const char* line :
       {"s.toml:1 draws", "s.toml:2 confidence_pct", "s.toml:3 unknown key 'drawz'", "s.toml:6",
        "s.toml:8", "countries: names no country", "from_year: is after to_year",
        "kept_pct: 120 is not 0 to 100", "quota_t: -4", "stands beside kept_pct",
        "stockpile metal: is missing", "stockpile tonnes: -5", "depth_pct: 0 is no fall",
        "shock from_year: is missing", "shock years: a whole number",
        "'flor_price' is not one of floor_price, offtake, stockpile",
        "or share_of_price_pct is missing"})
    EXPECT_THAT(told, testing::HasSubstr(line));
  EXPECT_THAT(faults("draws = ").front(), testing::StartsWith("scenario.syntax s.toml:1"));
  EXPECT_THAT(faults("blocs = 3").front(), testing::HasSubstr("write [blocs]"));
  EXPECT_THAT(faults("shock = 3").front(), testing::HasSubstr("write [[shock]]"));
}

}  // namespace
}  // namespace lode::test
