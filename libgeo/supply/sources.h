// Who could supply how much of which metal, from when and at what cost: mines and recyclers alike.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/table.h"

namespace lode {

/// A mine, a tailings project, a recycler, or an exporter that sells today. Masses are of oxide.
struct SupplySource {
  std::string id, name, country, group;
  std::string kind = "primary";     ///< primary or secondary (recycled)
  LowBaseHigh capacity_t_per_year;  ///< all oxides together, at full rate; low and high P10, P90
  std::vector<double> share;        ///< of the capacity, by SupplySources::metals; sums to <= 1
  LowBaseHigh opex_usd_per_kg;      ///< per kg of all oxides, delivered, by-products not credited
  double fixed_usd_per_year = 0.0;  ///< while it is open, whatever it makes
  LowBaseHigh capex_usd;            ///< spent evenly over the lead years; NaN = none
  double lead_years = 0.0;          ///< from the decision to the first output
  double ramp_years = 0.0;          ///< from the first output to the full rate
  double life_years = std::numeric_limits<double>::quiet_NaN();  ///< of output; NaN = no end
  /// Year before which nothing comes out, whatever the lead: the grant of its permit; NaN = none.
  double not_before = std::numeric_limits<double>::quiet_NaN();
  /// Planned first output: nothing comes out before it either; NaN = as soon as it can.
  double planned_start = std::numeric_limits<double>::quiet_NaN();
  bool operating = false;  ///< makes its capacity today: no decision, lead or capex
  /// What can be fed to a recycler, as oxide it would recover; NaN = not said.
  double feedstock_t_per_year = std::numeric_limits<double>::quiet_NaN();
  /// Most that can be made in the years from `limit_from` on, as what is scrapped then allows;
  /// empty = the capacity alone.
  int limit_from = 0;
  std::vector<double> limit_t_per_year;
  std::vector<double> burden;  ///< per kg of all oxides, by SupplySources::burdens
  std::string where;           ///< "sources.csv, row 7", for messages
};

struct SupplySources {
  std::string table;  ///< for messages
  std::string currency = "USD";
  int price_year = 0;                ///< of the money; 0 = not said
  std::vector<std::string> metals;   ///< "NdPr", "DyTb", "Nd", ...
  std::vector<std::string> burdens;  ///< "co2e_kg", "waste_t", "water_m3", ...: columns burden_*
  std::vector<SupplySource> list;

  /// Place of a metal; error "supply.no_metal" with the names that there are.
  [[nodiscard]] std::size_t metal(std::string_view name, const std::string& where = {}) const;
};

/// Columns of the table: `id country capacity_t_per_year share_<metal>` and perhaps `name group
/// kind opex_usd_per_kg fixed_usd_per_year capex_usd lead_years ramp_years life_years not_before
/// start_year operating feedstock_t_per_year burden_<name> currency price_year`;
/// `capacity_low_t_per_year`, `capacity_high_t_per_year`, and likewise `opex_low_usd_per_kg`,
/// `capex_low_usd`, ... Shares are fractions, or per cent where the column ends in `_pct`. Any
/// case. `limit_<year>_t_per_year`, a column a year: what each year allows, if less than capacity.
/// Where the capacity is empty and `ore_t grade_pct recovery_pct` stand, it is Taylor's rate
/// x grade x recovery, and the life Taylor's unless said (note "supply.taylor_rate", counted). A
/// `start_year` before `not_before` is moved to it (warning "supply.before_permit"). Errors:
/// "supply.no_column", "supply.duplicate_source", "supply.no_id", "supply.no_capacity",
/// "supply.negative", "supply.magnitude", "supply.shares_over_one", "supply.range_order",
/// "supply.year", "supply.mixed_currency", "supply.mixed_price_year", "supply.kind",
/// "supply.duplicate_element", "supply.unknown_element", "supply.no_feedstock"; warnings
/// "supply.column_unused", "supply.looks_like_fraction", "supply.no_burden", and those of
/// `check_sources`.
[[nodiscard]] SupplySources read_sources(const Table& table, Findings& findings);

/// The same checks of sources made by hand, those of `check_lengths`, and: "supply.no_feedstock"
/// for recyclers whose capacity has nothing to feed it (0 t a year; below the capacity it is the
/// warning "supply.less_feedstock" and counts as capacity). Warnings "supply.before_permit",
/// "supply.no_life" (of 0 years), "supply.no_share" (none of the metals), "supply.like_ids".
void check_sources(SupplySources& sources, Findings& findings);

/// Error "supply.length" where a source has not a share of each metal and each burden.
void check_lengths(const SupplySources& sources);

/// The earliest year of output when decided on in `base_year`. Error "supply.before_permit" for
/// one that is operating before its permit is granted.
[[nodiscard]] int first_year(const SupplySource& source, int base_year);
/// Part of the capacity that runs in `year` when output begins in `start`: 0 before, then equal
/// steps up to 1 in the last of `ramp_years`, 0 from the end of its life on; the part of a life
/// that is not whole is that part of its last year.
[[nodiscard]] double ramp_share(const SupplySource& source, int start, int year);
/// What its `limit_t_per_year` allows in `year`: 0 before it begins, its last figure after its end,
/// infinite where it has none.
[[nodiscard]] double limit_in(const SupplySource& source, int year);
/// Whether a list of names, in any case, holds one; an empty list means all.
[[nodiscard]] bool names_or_all(const std::vector<std::string>& list, std::string_view name);
/// Most that it can make in `year` when output begins in `start`: capacity x ramp, within its
/// limit.
[[nodiscard]] double output_t(const SupplySource& source, int start, int year);

}  // namespace lode
