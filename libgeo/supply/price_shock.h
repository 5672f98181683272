// A price collapse: who stops, at which price each breaks even, what a floor price or a stock
// costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/progress.h"
#include "libgeo/supply/economics.h"

namespace lode {

/// Prices fall by `depth` in `from_year`, stay there for `years`, then come back in equal steps
/// over `recovery_years` (0 = at once).
struct PriceShock {
  std::vector<std::string> metals;  ///< empty = all
  double depth = 0.5;               ///< 0.5 = half the price; above 0, to 1
  int from_year = 0, years = 3, recovery_years = 0;
};
/// What prices are multiplied by in a year.
[[nodiscard]] double shock_factor(const PriceShock& shock, int year);

/// What may be done about it; several at once cost what they cost together.
struct PriceCounter {
  enum class Kind {
    floor_price,  ///< pays the difference to `level` for what eligible sources make
    offtake,      ///< buys up to tonnes_per_year of the metal at `level`, sells at the market
    stockpile     ///< the same, but keeps it and sells in the years after the shock
  };
  Kind kind = Kind::floor_price;
  std::string metal;
  double usd_per_kg = 0.0;  ///< the level
  /// When no level is said: this share of the price before the shock. NaN = the level.
  double share_of_price = std::numeric_limits<double>::quiet_NaN();
  double tonnes_per_year = std::numeric_limits<double>::infinity();
  int from_year = 0, to_year = 9999;
  std::vector<std::string> groups;  ///< that are eligible; empty = all
  double holding_usd_per_kg_year = 0.0;
};
[[nodiscard]] std::string_view to_text(PriceCounter::Kind kind);
[[nodiscard]] PriceCounter::Kind parse_price_counter(std::string_view text,
                                                     const std::string& where = {});

struct PriceShockOptions {
  EconomicsOptions economics;
  int base_year = 0;  ///< of decisions
  int first_year = 0, last_year = 0;
  /// A source stops in a year in which revenue does not cover yearly costs, after so many years of
  /// it, and takes so long to come back once it does (at a cost, share of capex).
  double patience_years = 0.0, restart_years = 1.0, restart_capex = 0.0;
  std::size_t draws = 0;  ///< of cost and output; gives probabilities of stopping
  std::uint64_t seed = 1;
  int jobs = 0;
  /// Projects that are not built yet are not begun while the shock's NPV is below 0.
  bool projects_wait = true;
};

struct ShockedSource {
  std::string id, name, country, group, kind;
  bool operating = false;  ///< before the shock's first year
  bool stops = false, never_starts = false;
  int stops_in = 0, returns_in = 0;  ///< years; 0 = does not
  double delayed_years = 0.0;        ///< a project that waits
  /// Of the metal: price that covers yearly costs, and that pays capex too, other prices as before.
  LowBaseHigh cash_break_even_usd_per_kg, full_break_even_usd_per_kg;
  double cash_factor = 0.0, full_factor = 0.0;  ///< the same on all prices at once
  double probability_of_stopping = std::numeric_limits<double>::quiet_NaN();
  double npv_before_usd = 0.0, npv_after_usd = 0.0;
  std::vector<double> output_t, output_before_t;  ///< of all oxides, by year
  bool kept_by_counter = false;                   ///< would stop, and does not with the counters
};

struct ShockYear {
  int year = 0;
  double factor = 1.0;
  std::vector<double> lost_t;       ///< by metal, without counters
  std::vector<double> lost_with_t;  ///< with them
  double cost_usd = 0.0;            ///< of the counters; below 0 = earns
};

struct CounterCost {
  std::string name;  ///< "floor price NdPr at 110 USD/kg"
  double cost_usd = 0.0, discounted_usd = 0.0;
  double kept_t = 0.0;             ///< of the metal, over all years, against doing nothing
  double usd_per_kg_kept = 0.0;    ///< NaN where it keeps nothing
  double stock_left_t = 0.0;       ///< bought and not sold by the end
  double stock_value_usd = 0.0;    ///< of it, at the last price
  std::vector<std::string> keeps;  ///< sources that would stop without it
  std::vector<double> by_year_usd;
};

struct PriceShockResult {
  std::string metal, currency;
  int price_year = 0;
  std::vector<std::string> metals;
  std::vector<ShockedSource> sources;  ///< in the order of the sources
  std::vector<ShockYear> years;
  std::vector<CounterCost> counters;  ///< each alone, then "all together" when there are several
  /// The least floor price that keeps every source of the eligible groups going, and what it costs.
  double floor_for_all_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double floor_for_all_cost_usd = std::numeric_limits<double>::quiet_NaN();
  Findings findings;
};

/// Errors: those of `site_economics`; "supply.shock" (depth, years, a year outside the horizon),
/// "supply.counter" (no level, a metal without price).
[[nodiscard]] PriceShockResult price_shock(const SupplySources& sources, const PricePath& prices,
                                           const PriceShock& shock,
                                           const std::vector<PriceCounter>& counters = {},
                                           const PriceShockOptions& options = {},
                                           const Progress& progress = {});

}  // namespace lode
