// Tables of an alliance's chain read: capacity by stage, hauls, and demand by member.
#pragma once

#include <string>
#include <vector>

#include "libgeo/study/supply_tables.h"
#include "libgeo/supply/alliance_chain.h"

namespace lode {

struct StageCapacities {
  std::string table, currency = "USD";
  int price_year = 0;  ///< of the money; 0 = not said
  std::vector<StageCapacity> rows;
};
/// Columns `country stage tonnes_per_year` and perhaps `metal` (empty = all metals together)
/// `from_year to_year usd_per_kg recovery` (or `recovery_pct`) `from_scrap currency price_year`.
/// A row without a cost costs nothing, one without a recovery loses nothing: notes
/// "supply.no_cost", "supply.no_recovery".
/// Errors: "supply.no_column", "supply.no_country", "supply.unknown_country", "supply.no_stage"
/// (empty), "supply.negative", "supply.recovery", "supply.year",
/// "supply.kind", "supply.mixed_currency", "supply.mixed_price_year". Warning
/// "supply.column_unused".
[[nodiscard]] StageCapacities read_stage_capacities(const SupplyReading& reading,
                                                    const Table& table);

struct StageHauls {
  std::string table, currency = "USD";
  int price_year = 0;
  std::vector<StageHaul> rows;
};
/// Columns `from to usd_per_kg` and perhaps `stage currency price_year`. Errors as above, and
/// "supply.haul" (no cost).
[[nodiscard]] StageHauls read_stage_hauls(const SupplyReading& reading, const Table& table);

struct MemberDemand {
  std::string table;
  std::vector<std::string> countries, metals;
  std::vector<int> years;
  std::vector<std::vector<double>> tonnes;  ///< [country][metal * years + year]

  /// As `AllianceInputs::demand_t` has it; members that are not in the table need nothing.
  [[nodiscard]] std::vector<std::vector<double>> of(const std::vector<std::string>& members) const;
};
/// Columns `country year <metal>_t`, a row a country and year; the same years for all, rising one
/// by one. Errors: "supply.no_column", "supply.no_country", "supply.unknown_country",
/// "supply.year", "supply.negative", and those of `metal_columns`.
[[nodiscard]] MemberDemand read_member_demand(const SupplyReading& reading, const Table& table);

}  // namespace lode
