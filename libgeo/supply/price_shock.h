// A price collapse: who stops, at which price each breaks even, what a floor price costs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/progress.h"
#include "libgeo/supply/economics.h"

namespace lode {

/// Prices fall by `depth` in `from_year`, stay there for `years`, then come back in equal steps
/// over `recovery_years` (0 = at once; 1 = one year half way).
struct PriceShock {
  std::vector<std::string> metals;  ///< empty = all
  double depth = 0.5;               ///< 0.5 = half the price; above 0, to 1
  int from_year = 0, years = 3, recovery_years = 0;
  std::vector<std::string> by;  ///< countries that bring it about: their sources go on
};
/// What prices are multiplied by in a year.
[[nodiscard]] double shock_factor(const PriceShock& shock, int year);

/// What may be done about it; several at once cost what they cost together.
struct PriceCounter {
  /// Nobody sells to a counter below the market. What an offtake or stockpile buys is shared out
  /// among the eligible sources by what they planned to make; what a stopped one has of it lapses.
  enum class Kind {
    floor_price,  ///< pays the difference to `level` for what eligible sources make
    offtake,      ///< buys up to tonnes_per_year of the metal at `level`, sells at the market
    /// The same while prices are down, but keeps it, and sells up to tonnes_per_year in each year
    /// after.
    stockpile
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
/// Error "supply.counter".
[[nodiscard]] PriceCounter::Kind parse_price_counter(std::string_view text,
                                                     const std::string& where = {});

struct PriceShockOptions {
  EconomicsOptions economics;
  int base_year = 0;  ///< of decisions
  int first_year = 0, last_year = 0;
  /// A source stops in a year in which revenue at full rate does not cover yearly costs and would
  /// have lost less without the shock, after so many years of it, and takes so long to come back
  /// once it does (at a cost, share of capex).
  double patience_years = 0.0, restart_years = 1.0, restart_capex = 0.0;
  std::size_t draws = 0;  ///< of cost and output; gives probabilities of stopping
  std::uint64_t seed = 1;
  int jobs = 0;
  /// Projects whose first output would come in the shock's first year or later are put off, year by
  /// year, while their NPV at prices with the shock (which they foresee) is below 0 and below that
  /// without it.
  bool projects_wait = true;
};

struct ShockedSource {
  std::string id, name, country, group, kind;
  bool operating = false;  ///< or due to give oxide before the shock's first year
  bool stops = false, never_starts = false;
  int stops_in = 0, returns_in = 0;  ///< years; 0 = does not
  double delayed_years = 0.0;        ///< a project that waits
  /// Of the metal: price that covers yearly costs, and that pays capex too, other prices as before.
  LowBaseHigh cash_break_even_usd_per_kg, full_break_even_usd_per_kg;
  double cash_factor = 0.0, full_factor = 0.0;  ///< the same on all prices at once
  double probability_of_stopping = std::numeric_limits<double>::quiet_NaN();
  /// As if it ran on through the shock: neither a stop nor the cost of coming back counts.
  double npv_before_usd = 0.0, npv_after_usd = 0.0;
  /// Of the metal, for one that stops or waits: the least floor price that keeps it going.
  double floor_needed_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
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
  double kept_t = 0.0;             ///< of its metals, over all years, against doing nothing
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
  /// The least floor price of the metal that keeps every source going (of the groups of the first
  /// floor price among the counters), in all years; 0 when none stops. And what it costs.
  double floor_for_all_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double floor_for_all_cost_usd = std::numeric_limits<double>::quiet_NaN();
  Findings findings;
};

/// Break-even prices are in the shock's first year at full rate, other prices as before the shock.
/// Errors: those of `site_economics` and `first_year`; "supply.shock" (depth, years, terms below 0,
/// a year outside the horizon or after the last output of every source), "supply.counter" (no
/// level, a metal without price, tonnes or cost below 0, an end before its beginning),
/// "supply.no_metal"; findings of `site_economics`, "supply.shock_cut" (it goes on beyond the
/// horizon), "supply.no_effect" (a counter for groups that no source is of), "supply.loss_before",
/// "supply.no_return_before", "supply.no_floor".
[[nodiscard]] PriceShockResult price_shock(const SupplySources& sources, const PricePath& prices,
                                           const PriceShock& shock,
                                           const std::vector<PriceCounter>& counters = {},
                                           const PriceShockOptions& options = {},
                                           const Progress& progress = {});

}  // namespace lode
