// When and where not: the year month by month, and what closures and avoided countries cost.
#pragma once

#include <array>

#include "libgeo/logistics/freight.h"

namespace lode {

/// The year of one pair; NaN in months in which there is no way.
struct YearRow {
  std::uint32_t from = 0, to = 0;
  std::array<double, 12> cost_usd_per_t{};
  std::array<double, 12> distance_km{};
  std::array<double, 12> hours{};
  std::array<Unreachable, 12> reason{};
  int months_open = 0;
  double mean_usd_per_t = std::numeric_limits<double>::quiet_NaN();  ///< of the open months
  int dearest_month = 0;        ///< 1 to 12, of the open ones; 0 without any
  int longest_closed_days = 0;  ///< days of stock that bridge it; runs pass the new year
};

/// The rows of `route` in each month. Months in which the same lines are closed are searched once.
/// Pairs: those of `options`; with Pairs::nearest, the places that are nearest in the best month.
[[nodiscard]] std::vector<YearRow> route_year(const Network& network, const Tariff& tariff,
                                              const Terminals& terminals, const Places& from,
                                              const Places& to, const RouteOptions& options,
                                              const Progress& progress = {});

/// What a closure adds to a pair, against the same pair with everything open. NaN where either way
/// is missing; `lost` where only the open one exists.
struct Detour {
  bool lost = false;
  double distance_km = std::numeric_limits<double>::quiet_NaN();
  double cost_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double hours = std::numeric_limits<double>::quiet_NaN();
  double co2e_kg_per_t = std::numeric_limits<double>::quiet_NaN();
};

/// One a row of `closed`, the table that `route` gave with these options: the same pairs are routed
/// again without `close` and `avoid`.
[[nodiscard]] std::vector<Detour> price_detours(const Network& network, const Tariff& tariff,
                                                const Terminals& terminals, const Places& from,
                                                const Places& to, const RouteOptions& options,
                                                const RouteTable& closed,
                                                const Progress& progress = {});

}  // namespace lode
