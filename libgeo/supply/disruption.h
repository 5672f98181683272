// What is lost when exporters stop selling: bans, quotas, chance failures, with and without sites.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/supply/demand.h"
#include "libgeo/supply/sources.h"

namespace lode {

/// Where what is used today comes from, at each stage of the chain: shares of the demand. A stage
/// that lists no row of a metal does not limit it.
struct StageSupply {
  std::string stage;  ///< "mine", "separation", "metal", "magnet"
  std::string metal;  ///< as in the demand
  std::string country;
  double share = 0.0;  ///< of the demand of every year, 0 to 1
  std::string where;   ///< "today.csv, row 7", for messages
};

/// What one exporter does on purpose.
struct Restriction {
  std::string name;
  std::vector<std::string> countries;  ///< codes; a bloc is written out by its members
  std::vector<std::string> metals;     ///< empty = all
  std::vector<std::string> stages;     ///< empty = all
  int from_year = 0, to_year = 9999;   ///< both included
  double kept = 0.0;                   ///< share of its sales that go on: 0 = ban
  /// Or tonnes a year, of each country, metal and stage; NaN = by `kept`.
  double quota_t = std::numeric_limits<double>::quiet_NaN();
};

struct Stockpile {
  std::string metal;
  double tonnes = 0.0;
  double per_year_t =
      std::numeric_limits<double>::infinity();  ///< most that can be drawn in a year
  double usd_per_kg = 0.0;                      ///< to buy and hold it
};

struct DisruptionOptions {
  int base_year = 0;          ///< of decisions on sites; 0 = the year before the first
  std::size_t draws = 10000;  ///< of chance failures, outputs and demand; 0 = restrictions alone
  std::uint64_t seed = 1;
  int jobs = 0;
  /// Yearly probability that a country fails: `probability` of it, else governance risk (0 to 10)
  /// x `probability_per_risk`: that a failure begins. The home country never fails.
  std::map<std::string, double> probability, governance;
  double probability_per_risk = 0.01;
  /// Lost share of a failing country, the same while the failure lasts: Beta(a, b).
  double severity_a = 2.0, severity_b = 2.0;
  double years_mean = 1.0;  ///< a failure goes on with 1 - 1 / years_mean a year
  /// Failures within a bloc go together: one-factor Gaussian copula with this correlation; between
  /// blocs there is none.
  double bloc_correlation = 0.5;
  std::map<std::string, std::string> bloc;  ///< country -> name of its bloc; none = by itself
  std::string home;
  double confidence = 0.95;  ///< of value at risk
  /// Years in which sites start, by source (0 = never); empty = each as early as it can.
  std::vector<int> start;
  /// Tonnes of all oxides a year by source that a plan makes, from the first year of demand on;
  /// empty = what it can. Drawn capacities scale it. A plan meets demand by itself: with it the
  /// sources stand in the place of today's supply, those that operate today among them.
  std::vector<std::vector<double>> plan;
};

/// Mean and percentiles over the draws; all equal the one figure without draws.
struct Spread5 {
  double mean = 0.0, p05 = 0.0, p10 = 0.0, p50 = 0.0, p90 = 0.0, p95 = 0.0;
};

/// One metal and year.
struct ShortfallRow {
  std::string metal;
  int year = 0;
  double demand_t = 0.0;
  std::string stage;  ///< that limits supply without the sites, of the base figures
  /// What is missing when nothing helps, with the sites, and with the stockpile too.
  Spread5 alone_t, with_sites_t, with_stock_t;
  double sites_t = 0.0;      ///< what the sites give, of the base figures
  double recycled_t = 0.0;   ///< of it from secondary sources
  double stock_t = 0.0;      ///< drawn from the stockpile, of the base figures
  double probability = 0.0;  ///< that anything is missing with all that helps
};

/// One metal over all years; tail figures of the sum of its yearly shortfalls.
struct ShortfallTail {
  std::string metal;
  double expected_t = 0.0, value_at_risk_t = 0.0, cvar_t = 0.0;                 ///< nothing helps
  double with_expected_t = 0.0, with_value_at_risk_t = 0.0, with_cvar_t = 0.0;  ///< all that helps
  double standard_error_t = 0.0;                    ///< of with_expected_t
  int first_short_alone = 0, first_short_with = 0;  ///< 0 = never; of the base figures
  /// Years that stock, and recycling, put off the first missing tonne (a stock that runs out within
  /// a year counts with its part of it; never short = to the end); of the base figures.
  double bought_by_stock_years = 0.0, bought_by_recycling_years = 0.0;
  /// First year from which nothing is missing any more, by the sites and without stock; 0 = never.
  int free_from = 0;
};

/// What one source keeps from being missing: the sum of shortfalls without it less with it, beside
/// all other sites and the stock.
struct SourceRelief {
  std::string id, metal;
  double saved_t = 0.0;
};

struct DisruptionResult {
  std::vector<ShortfallRow> rows;  ///< metals in their order, years in theirs
  std::vector<ShortfallTail> tails;
  std::vector<SourceRelief> relief;       ///< of the base figures, largest first
  std::map<std::string, double> failure;  ///< yearly probability by country as used
  std::size_t draws = 0;
  std::string how;  ///< the rules in words
  Findings findings;
};

/// What is left of a metal in a year is the least over its stages of what each keeps; sites give
/// oxide past all stages (they count at the last), under the restrictions and failures of their
/// country. A source that operates in a country which today's supply lists is part of that and adds
/// nothing. Surplus of a year is not stored. Value at risk is the quantile `confidence` of the
/// total, CVaR the mean of what is worse. Errors: "supply.shares_over_one" (of a stage),
/// "supply.no_metal", "supply.restriction", "supply.probability", "supply.negative",
/// "supply.duplicate_country", "supply.length", "supply.base_year" (after the demand),
/// "supply.no_stage"; findings "supply.plan_above" (a plan above what a source can make),
/// "supply.no_effect" (a restriction that touches no supply), "supply.not_covered" (shares of a
/// stage below 1: the rest counts as safe), "supply.not_demanded", "supply.no_source",
/// "supply.counted_today", "supply.start_early", "supply.no_probability" (countries that never fail
/// by chance).
[[nodiscard]] DisruptionResult disruption(
    const SupplyDemand& demand, const std::vector<StageSupply>& today, const SupplySources& sources,
    const std::vector<Restriction>& restrictions, const std::vector<Stockpile>& stock,
    const DisruptionOptions& options = {}, const Progress& progress = {});

}  // namespace lode
