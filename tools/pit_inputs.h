// What `lode pit` reads: blocks with their money and mass, waste around them, and slopes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libgeo/deposit/grade_tonnage.h"
#include "libgeo/deposit/pit.h"
#include "tools/block_inputs.h"

namespace lode::tools {

/// Where the value of a block comes from.
enum class PitMoney {
  value,    ///< --value: a column
  columns,  ///< --revenue and --cost: two columns
  computed  ///< --price, --recovery, --cost-mining, --cost-processing
};

/// Columns that are read, and what is done with them. Places are those in `numbers`, -1 = not read.
struct PitPlan {
  PitMoney money = PitMoney::value;
  std::vector<std::string> numbers;
  int value = -1, revenue = -1, cost = -1, ore = -1, share = -1, tonnage = -1, density = -1;
  int slope = -1;
  double value_factor = 1.0, revenue_factor = 1.0, cost_factor = 1.0;
  double tonnage_factor = 1.0, density_factor = 1.0, density_said = 0.0;
  std::vector<int> grade;
  std::vector<ProductColumn> products;
  std::vector<double> price_usd_per_t, recovery, selling_usd_per_t;  ///< by product
  double mining_usd_per_t = 0.0, processing_usd_per_t = 0.0;
  std::string zone;        ///< column of words; "" = none
  bool unit_said = false;  ///< the money columns say their unit
  bool blank_is_air = false, blank_is_waste = false;
  [[nodiscard]] bool has_mass() const { return tonnage >= 0 || density >= 0 || density_said > 0.0; }
};
/// Errors "table.no_field", "unit.missing", "usage.list".
[[nodiscard]] PitPlan make_pit_plan(const Arguments& arguments, const Session& session,
                                    const BlockFile& header);

/// Listed blocks first, in the file's order; then waste that the file does not list.
struct PitInputs {
  PitBlocks blocks;
  Precedence precedence;
  std::size_t listed = 0;
  std::size_t blank = 0;                       ///< blocks without value or grade
  std::vector<std::uint8_t> column_uncovered;  ///< by column of the grid, with --waste-below
  std::string slopes;                          ///< in words
};
/// Reads the model. Errors "pit.no_value", "pit.no_mass", "pit.slope", "pit.zones", "pit.sectors",
/// "pit.not_regular", "pit.too_many", "blocks.duplicate".
[[nodiscard]] PitInputs read_pit_inputs(const Arguments& arguments, const Session& session,
                                        const PitPlan& plan, const BlockLayout& layout,
                                        const BlockCrs& crs, BlockFile& file,
                                        const Progress& progress, Outcome& outcome);

/// Zones of slopes as --slope and --sectors say them, by name; "" without --zone.
[[nodiscard]] std::map<std::string, SlopeZone> read_slope_zones(const Arguments& arguments,
                                                                Outcome& outcome);
/// Numbers of --revenue-factors; {1} when not said. Error "usage.list".
[[nodiscard]] std::vector<double> revenue_factors(const Arguments& arguments);

}  // namespace lode::tools
