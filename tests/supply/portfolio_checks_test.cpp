// Policies that name what is not there, money of two names, figures too great: errors and warnings.
#include <gmock/gmock.h>

#include "libgeo/core/error.h"
#include "tests/supply/small_portfolio.h"

namespace lode::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A is of the USA, B of China; NdPr in 2026 to 2028.
SupplySources two_sources() {
  SupplySources sources =
      small_sources({small_source("A", "USA", 100, 5), small_source("B", "CHN", 100, 4)});
  sources.list[0].group = "MP";
  return sources;
}

Portfolio plan_of(const PortfolioPolicy& policy, const SupplySources& sources = two_sources(),
                  const std::vector<double>& tonnes = {50, 50, 50}) {
  PortfolioOptions quick;
  quick.values = false;
  return plan_portfolio(sources, small_demand(2026, tonnes), policy, quick);
}

/// The error of a policy; one with an empty code where there is none.
Error error_of(const PortfolioPolicy& policy, const SupplySources& sources = two_sources(),
               const std::vector<double>& tonnes = {50, 50, 50}) {
  try {
    (void)plan_of(policy, sources, tonnes);
  } catch (const Error& error) {
    return error;
  }
  return {"", "nothing"};
}

/// Where a policy does nothing, as its warnings say.
std::vector<std::string> unused_in(const PortfolioPolicy& policy,
                                   const SupplySources& sources = two_sources()) {
  std::vector<std::string> where;
  const Portfolio plan = plan_of(policy, sources);
  for (const auto& finding : plan.findings.list())
    if (finding.code == "supply.policy_unused" && finding.severity == Severity::warning)
      where.push_back(finding.where);
  return where;
}

PortfolioPolicy with_limit(PortfolioLimit limit) {
  PortfolioPolicy policy = small_policy(true);
  limit.max_share = 0.5;
  policy.limits = {limit};
  return policy;
}

TEST(PortfolioChecks, ALostSourceThatIsNotThereIsAnError) {
  PortfolioPolicy policy = small_policy(true);
  policy.scenarios.resize(1);
  policy.scenarios[0].name = "loss";
  for (const char* id : {"ZZ", "b"}) {
    policy.scenarios[0].lost_sources = {id};
    EXPECT_EQ(error_of(policy).code, "supply.policy") << id;
  }
  EXPECT_THAT(std::string(error_of(policy).what()), HasSubstr("'loss' loses 'b'"));
  EXPECT_THAT(error_of(policy).hint, HasSubstr("'B'"));
  policy.scenarios[0].lost_sources = {"B"};
  EXPECT_EQ(error_of(policy).code, "");
}

TEST(PortfolioChecks, WhatDoesNothingIsAWarning) {
  PortfolioLimit limit;
  limit.country = "AUS";
  EXPECT_THAT(unused_in(with_limit(limit)), ElementsAre("policy, limit 1"));
  limit.country = "CHN";
  EXPECT_THAT(unused_in(with_limit(limit)), ElementsAre());
  limit.name = "ban";
  limit.from_year = 2060;
  EXPECT_THAT(unused_in(with_limit(limit)), ElementsAre("policy, limit 'ban', years"));
  limit.from_year = 0;
  limit.to_year = 2025;
  EXPECT_THAT(unused_in(with_limit(limit)), ElementsAre("policy, limit 'ban', years"));
  limit.to_year = 2026;
  EXPECT_THAT(unused_in(with_limit(limit)), ElementsAre());
  limit = {};
  limit.kind = "secondary";
  EXPECT_THAT(unused_in(with_limit(limit)), ElementsAre("policy, limit 1"));
  limit = {};
  limit.each_country = true;
  limit.but = {"USA", "AUS"};
  EXPECT_THAT(unused_in(with_limit(limit)), ElementsAre("policy, limit 1, but"));
  PortfolioPolicy policy = small_policy(true);
  policy.scenarios.resize(2);
  policy.scenarios[0].name = "late";
  policy.scenarios[0].from_year = 2060;
  policy.scenarios[1].name = "loss";
  policy.scenarios[1].lost_countries = {"AUS", "CHN"};
  EXPECT_THAT(unused_in(policy), ElementsAre("policy, scenario 'late', years",
                                             "policy, scenario 'loss', lost_countries AUS"));
  policy = small_policy(true);
  SupplySources burdened = two_sources();
  burdened.burdens = {"co2e_kg"};
  for (auto& source : burdened.list) source.burden = {1.0};
  policy.caps = {{"co2e_kg", "AUS", 0, 9999, 1.0}, {"co2e_kg", "USA", 2050, 9999, 1.0}};
  EXPECT_THAT(unused_in(policy, burdened), ElementsAre("policy, cap 1", "policy, cap 2, years"));
}

TEST(PortfolioChecks, AMistypedGroupIsSuggested) {
  PortfolioLimit limit;
  limit.group = "NP";
  const Portfolio plan = plan_of(with_limit(limit));
  ASSERT_EQ(plan.findings.list().size(), 1u);
  EXPECT_EQ(plan.findings.list()[0].message,
            "no source is of the group NP (did you mean 'MP'?): it limits nothing");
}

TEST(PortfolioChecks, MoneyOfThePolicyIsOfTheSources) {
  SupplySources euros = two_sources();
  euros.currency = "EUR";
  EXPECT_EQ(error_of(small_policy(true), euros).code, "");
  PortfolioPolicy policy = small_policy(true);
  policy.budget_usd = 1e9;
  policy.penalty = {{"NdPr", 100.0}};
  const Error error = error_of(policy, euros);
  EXPECT_EQ(error.code, "supply.money");
  EXPECT_EQ(std::string(error.what()), "budget_usd, [penalty] are in USD, the sources in EUR");
  EXPECT_EQ(error_of(policy).code, "");
  policy = small_policy(true);
  policy.shortfall_usd_per_kg = 100.0;
  EXPECT_EQ(error_of(policy, euros).code, "supply.money");
  // What a text says holds, though it is the default; what nobody said is of the sources' money.
  policy = small_policy(true);
  policy.shortfall_usd_per_kg =
      parse_policy("shortfall_usd_per_kg = 500", "p.toml").shortfall_usd_per_kg;
  EXPECT_EQ(policy.shortfall_usd_per_kg, 500.0);
  EXPECT_EQ(error_of(policy, euros).code, "supply.money");
  EXPECT_THAT(std::string(error_of(policy, euros).what()),
              HasSubstr("shortfall_usd_per_kg is in USD, the sources in EUR"));
  EXPECT_FALSE(parse_policy("discount = 0.05", "p.toml").shortfall_usd_per_kg.has_value());
  policy = small_policy(true);
  policy.shortfall_usd_per_kg.reset();
  EXPECT_EQ(error_of(policy, euros).code, "");
  policy.yearly_budget_usd = 1e9;
  EXPECT_EQ(error_of(policy, euros).code, "supply.money");
}

TEST(PortfolioChecks, ADemandBeyondTheEarthIsRefused) {
  const Error error = error_of(small_policy(true), two_sources(), {50, 1e308, 50});
  EXPECT_EQ(error.code, "supply.magnitude");
  EXPECT_THAT(std::string(error.what()), HasSubstr("NdPr in 2027"));
}

// 3000 t of NdPr a year of a source with 20 % of it at 4 USD/kg: 15000 t, 60 million USD a year,
// over five years at 5 %: 272 757 030 USD. The other source, which has a tenth of the capex back in
// no year, must not be begun however dear its opex is.
TEST(PortfolioChecks, NoCostIsSoGreatThatAWrongMixIsProven) {
  const double known =
      60e6 * (1 + 1 / 1.05 + 1 / std::pow(1.05, 2) + 1 / std::pow(1.05, 3) + 1 / std::pow(1.05, 4));
  SupplySource dear = small_source("A", "USA", 10000, 5, 1e8, 2);
  dear.fixed_usd_per_year = 1e6;
  dear.ramp_years = 2;
  dear.life_years = 20;
  dear.share = {0.2, 0.01};
  SupplySource cheap = small_source("B", "CHN", 20000, 4);
  cheap.ramp_years = 0;
  cheap.share = {0.2, 0.02};
  SupplySources sources = small_sources({dear, cheap});
  sources.metals = {"NdPr", "DyTb"};
  SupplyDemand demand = small_demand(2026, {3000, 3000, 3000, 3000, 3000});
  demand.metals.emplace_back("DyTb");
  for (int year = 0; year < 5; ++year) demand.tonnes.push_back(only_base(100));
  PortfolioPolicy policy = small_policy(true);
  policy.discount = 0.05;
  policy.gap = 1e-3;
  PortfolioOptions quick;
  quick.values = false;
  for (const double opex : {5.0, 1e6, 1e9, 1e11, 2e11, 3e11}) {
    sources.list[0].opex_usd_per_kg = only_base(opex);
    const Portfolio plan = plan_portfolio(sources, demand, policy, quick);
    EXPECT_LE(plan.bound_usd, known * (1 + 1e-9)) << opex;
    if (opex <= 1e9) {
      EXPECT_EQ(plan.status, ProgrammeStatus::optimal) << opex;
    }
    if (plan.status == ProgrammeStatus::optimal) {
      EXPECT_NEAR(plan.objective_usd, known, 1e-3 * known) << opex;
    } else {
      EXPECT_GE(plan.gap, (plan.objective_usd - known) / plan.objective_usd - 1e-9) << opex;
    }
  }
  for (const double opex : {1e12, 1e300}) {
    sources.list[0].opex_usd_per_kg = only_base(opex);
    try {
      (void)plan_portfolio(sources, demand, policy, quick);
      ADD_FAILURE() << opex;
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "supply.programme");
      EXPECT_THAT(std::string(error.what()), HasSubstr("made_A_20"));
    }
  }
}

Error policy_error(const std::string& text) {
  try {
    (void)parse_policy(text, "p.toml");
  } catch (const Error& error) {
    return error;
  }
  return {"", "nothing"};
}

TEST(PolicyText, RequiredAndExcludedIsFoundAtItsLine) {
  const Error error =
      policy_error("allow_shortfall = true\nexclude = [\"B\", \"A\"]\nrequire = [\"A\", \"C\"]\n");
  EXPECT_EQ(error.code, "supply.policy");
  EXPECT_EQ(error.where, "p.toml:3");
  EXPECT_THAT(std::string(error.what()), HasSubstr("'A'"));
  EXPECT_EQ(policy_error("exclude = [\"B\"]\nrequire = [\"A\"]\n").code, "");
}

TEST(PolicyText, ADiscountIsAFraction) {
  const Error error = policy_error("base_year = 2026\ndiscount = 8\n");
  EXPECT_EQ(error.code, "policy.invalid");
  EXPECT_EQ(error.where, "p.toml:2");
  EXPECT_THAT(error.hint, HasSubstr("fraction"));
  EXPECT_EQ(policy_error("discount = 0.08\n").code, "");
  EXPECT_EQ(policy_error("discount = 1\n").code, "");
  EXPECT_EQ(policy_error("discount = -0.6\n").code, "policy.invalid");
}

}  // namespace
}  // namespace lode::test
