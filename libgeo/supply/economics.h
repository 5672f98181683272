// What a site is worth: rate, capex, opex, cash flow year by year, NPV, IRR, levelised cost.
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
#include "libgeo/supply/demand.h"
#include "libgeo/supply/sources.h"

namespace lode {

/// Life in years of an ore body: factor x (million tonnes)^exponent (Taylor 1986: 6.5, 0.25).
[[nodiscard]] double taylor_life_years(double ore_t, double factor = 6.5, double exponent = 0.25);
/// Tonnes of ore a year over that life. Both are NaN below 0 t, and 0 at 0 t.
[[nodiscard]] double taylor_rate_t_per_year(double ore_t, double factor = 6.5,
                                            double exponent = 0.25);

/// amount = base x (size / base_size)^exponent (capacity factored, Williams 1947: 0.6).
struct ScaledCost {
  double base = 0.0, base_size = 1.0, exponent = 0.6;
};
[[nodiscard]] double scaled_cost(const ScaledCost& cost, double size);

/// What a state or a buyer adds; 0 and empty = nothing. Nothing of it is taxed but floor payments,
/// and none lowers what is depreciated.
struct Incentives {
  double grant_usd = 0.0;          ///< paid with the capex, in its proportion; not above the capex
  double investment_credit = 0.0;  ///< share of capex, paid in the first year of output
  double production_credit = 0.0;  ///< share of yearly opex without fixed cost (US 45X: 10 %)
  double loan_share = 0.0;         ///< of capex, drawn as it is spent; interest is added meanwhile
  double loan_rate = 0.0;          ///< a year; interest lowers tax
  /// Of equal payments from the first year of output on, or the year after it was drawn; whole.
  double loan_years = 10.0;
  /// Country codes and groups that are eligible, both where both are said; empty = all.
  std::vector<std::string> countries, groups;
  std::vector<std::string> floor_metals;  ///< floor prices, metal by metal
  std::vector<double> floor_usd_per_kg;
  double floor_years = unlimited_years;  ///< from the first year of output on
  static constexpr double unlimited_years = 1e6;
};

/// Timing: the base year is year 0. Cash of a year stands at its end and is worth
/// 1/(1 + discount)^(year - base year) of it, so that of the base year counts in full and values
/// are as of its end. `mid_year` puts it half a year earlier: all values times sqrt(1 + discount).
/// A source is decided on in time for its first output (`first_year`); capex is spent in equal
/// parts in the lead years before that, or with the first output when there is no lead.
struct EconomicsOptions {
  double discount = 0.08;  ///< a year, real; above -1
  /// 0 = the first year of prices that are a path, else the price year, else counted from year 0.
  int base_year = 0;
  bool mid_year = false;  ///< flows in the middle of their year, else at its end
  double tax = 0.0;       ///< of profit after depreciation, interest and losses carried forward
  /// Of sources of these countries (codes) instead, as `tax`.
  std::vector<std::pair<std::string, double>> country_tax;
  double royalty = 0.0;  ///< of revenue at market prices
  /// Straight line from the first year of output; what is left is written off in the last.
  double depreciation_years = 10.0;
  /// Share of a full year's revenue, out in the year before output and back in its last.
  double working_capital = 0.0;
  double closure_usd = 0.0;       ///< in the year after the last
  double horizon_years = 30.0;    ///< of output, for sources without an end
  bool unpriced_is_zero = false;  ///< else a metal without a price is an error
  /// The metal that the levelised cost is of; the others are credited. It may be made of several
  /// (NdPr of Nd and Pr). "" = NdPr, else Nd, else the first that there is.
  std::string metal;
  Incentives incentives;
  ScaledCost capex_model{};  ///< for sources without capex; size = t of oxide a year
  std::size_t draws = 0;     ///< Monte Carlo; 0 = base figures alone
  std::uint64_t seed = 1;
  int jobs = 0;
};

/// One year of a site's cash, in USD of the price year.
struct CashYear {
  int year = 0;
  double output_t = 0.0;     ///< all oxides
  double revenue_usd = 0.0;  ///< at market prices, floor prices not counted
  double floor_usd = 0.0;    ///< what the floor price adds
  double opex_usd = 0.0, fixed_usd = 0.0, royalty_usd = 0.0, capex_usd = 0.0;
  double working_capital_usd = 0.0, closure_usd = 0.0, tax_usd = 0.0;
  double grant_usd = 0.0, credit_usd = 0.0, loan_usd = 0.0;  ///< loan: in, less what is paid back
  /// What the tax is of: profit = revenue + floor - opex - fixed - royalty - closure - depreciation
  /// - interest, before losses carried forward.
  double depreciation_usd = 0.0, interest_usd = 0.0, profit_usd = 0.0;
  double net_usd = 0.0;
  double discount_factor = 1.0;
};

/// P10, P50, P90 (low, base, high) of the draws; `base` alone without draws. NaN = there is none.
struct SiteEconomics {
  std::string id, name, country, group, kind, metal;
  LowBaseHigh npv_usd, irr;
  LowBaseHigh payback_years;  ///< from its first year with any cash
  /// Discounted cost before income tax less by-products and incentives over discounted kg of
  /// `metal`. A floor price of the metal itself is no part of its cost.
  LowBaseHigh usd_per_kg;
  /// The same over kg of all oxides, by-products not credited.
  LowBaseHigh usd_per_kg_oxide;
  /// What all prices would have to be multiplied by for an NPV of 0, and to cover yearly costs
  /// alone.
  LowBaseHigh break_even_factor, cash_factor;
  /// Price of `metal` for an NPV of 0, the other prices as they are: the mean over its discounted
  /// kg. 0 where the others pay for all.
  LowBaseHigh break_even_usd_per_kg;
  double probability_of_loss = std::numeric_limits<double>::quiet_NaN();  ///< NPV below 0
  double npv_base_usd = 0.0;  ///< at the base figures: what `cash` sums to
  double capex_usd = 0.0, life_years = 0.0, basket_usd_per_kg = 0.0;
  double incentives_usd = 0.0;  ///< their present value
  std::size_t irr_roots = 0;    ///< above 1: several rates, see `internal_rate_of_return`
  std::vector<CashYear> cash;   ///< of the base figures
  std::vector<std::string> notes;
};

struct EconomicsResult {
  std::vector<SiteEconomics> sites;  ///< in the order of the sources
  std::string metal, currency;
  int price_year = 0, base_year = 0;
  Findings findings;
};

/// NPV of flows at the end (or middle) of years 0, 1, 2, ... from the base: sum f_k / (1 + r)^k.
[[nodiscard]] double net_present_value(double rate, const std::vector<double>& flows);
/// Rate with an NPV of 0, to 1e-12; NaN without a change of sign. `roots`: how many there are
/// between -0.99 and 10; of several it is the least at or above 0, else the greatest below.
[[nodiscard]] double internal_rate_of_return(const std::vector<double>& flows,
                                             std::size_t* roots = nullptr);
/// Years until the sum of flows stays at or above 0, the last in its part; NaN = never.
[[nodiscard]] double payback_years(const std::vector<double>& flows);
/// Equal payments over `years` that discount to 1 (spreadsheet PMT).
[[nodiscard]] double annuity(double rate, double years);

/// The rate of a source's country.
[[nodiscard]] double tax_of(const EconomicsOptions& options, std::string_view country);

/// TOML with the members of `EconomicsOptions` as keys (rates and shares in `_pct`: `discount_pct
/// tax_pct royalty_pct working_capital_pct`), `[country_tax_pct]`, `[incentives]` with
/// `[incentives.floor_usd_per_kg]`, and `[capex_model]`; what it does not say is as in `otherwise`.
/// Errors "economics.syntax", "economics.invalid" with the line, all at once.
[[nodiscard]] EconomicsOptions parse_economics(std::string_view text, const std::string& where,
                                               const EconomicsOptions& otherwise = {});

/// Errors: "supply.no_price" (a metal that some source has, unless unpriced_is_zero),
/// "supply.money", "supply.no_cost" (a source without opex), "supply.economics_option".
[[nodiscard]] EconomicsResult site_economics(const SupplySources& sources, const PricePath& prices,
                                             const EconomicsOptions& options = {},
                                             const Progress& progress = {});

}  // namespace lode
