// From ore to magnet: the cheapest chain of plants, where each stage changes what is hauled.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/logistics/freight.h"

namespace lode {

/// What is hauled between two stages.
struct Product {
  std::string name;       ///< "ore", "mineral concentrate", "mixed carbonate", "separated oxide"
  double grade = 0.0;     ///< contained product over dry mass, above 0 to 1; 0 = the site's own
  double moisture = 0.0;  ///< of the wet mass, 0 to below 1
  /// Part of the ore's thorium and uranium that stays with this product (1 = all of it).
  double radioactivity_share = 1.0;
};

/// A step that turns one product into the next at plants that offer it.
struct ChainStage {
  std::string name;  ///< "concentration", "separation": as plants name what they do
  std::string takes, gives;
  double recovery = 1.0;  ///< contained out over contained in
  Rate usd_per_kg;        ///< cost of the step, per kg contained in what it gives
  bool at_site = false;   ///< may also be done at the mine itself
  bool optional = false;  ///< left out where the site's product is past it
};

/// A chain as one editable, dated, sourced table.
struct ChainTable {
  std::string name, as_of, contained, source;  ///< contained: "TREO", "NdPr oxide"
  std::vector<Product> products;
  std::vector<ChainStage> stages;
};

/// Reads a chain (TOML: `as_of contained`, `[[products]]`, `[[stages]]` with the members as keys,
/// shares with units: "60 %"). Errors "chain.syntax", "chain.invalid" with the line, all in `more`.
[[nodiscard]] ChainTable parse_chain(std::string_view text, const std::string& where);

/// A place that does one or more stages; NaN and "" take the table's value.
struct ChainPlant {
  Place place;
  std::vector<std::string> stages;
  std::vector<std::string> accepts;  ///< products; empty = whatever its stages take
  double recovery = std::numeric_limits<double>::quiet_NaN();
  double usd_per_kg = std::numeric_limits<double>::quiet_NaN();
};

struct ChainSite {
  Place place;
  std::string product;  ///< what leaves the mine or the collector
  double grade = std::numeric_limits<double>::quiet_NaN();  ///< of it; NaN = the table's
  double thorium_ppm = std::numeric_limits<double>::quiet_NaN();
  double uranium_ppm = std::numeric_limits<double>::quiet_NaN();
};

/// One haul and the stage at its end.
struct ChainStep {
  std::string stage, product;  ///< product: what is hauled to the plant
  std::uint32_t plant = 0;     ///< index into plants; kAtSite = done at the mine
  RouteRow haul;               ///< empty where nothing moves
  double haul_usd_per_kg = 0.0, haul_low_usd_per_kg = 0.0, haul_high_usd_per_kg = 0.0;
  double process_usd_per_kg = 0.0, process_low_usd_per_kg = 0.0, process_high_usd_per_kg = 0.0;
  double recovery = 1.0;
  double wet_t_per_t_contained = 0.0;  ///< hauled, per tonne that the chain delivers
};
inline constexpr std::uint32_t kAtSite = 0xffffffffU;

/// The cheapest chain of a site. Costs are per kg contained in the last product. Numbers are NaN
/// when there is none; `words` says at which stage it breaks.
struct ChainRow {
  std::uint32_t site = 0;
  bool reachable = false;
  std::string words;
  std::vector<ChainStep> steps;
  double usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double low_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double high_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double haul_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double distance_km = std::numeric_limits<double>::quiet_NaN();
  double hours = std::numeric_limits<double>::quiet_NaN();
  double co2e_kg_per_kg = std::numeric_limits<double>::quiet_NaN();
  double recovery = std::numeric_limits<double>::quiet_NaN();  ///< of the whole chain
};

struct ChainResult {
  std::vector<ChainRow> rows;  ///< one a site
  Findings findings;
};

/// The cheapest chain from every site through all stages to the last product, and on to `goal`
/// places if there are any. At each plant the least cost per kg contained decides: later stages
/// only scale it, so the choice is exact for any recoveries.
/// Errors: those of `route`, "chain.unknown_stage", "chain.unknown_product", "chain.no_plant".
[[nodiscard]] ChainResult cheapest_chains(const Network& network, const Tariff& tariff,
                                          const Terminals& terminals, const ChainTable& table,
                                          const std::vector<ChainSite>& sites,
                                          const std::vector<ChainPlant>& plants,
                                          const Places& goals, const RouteOptions& options,
                                          const Progress& progress = {});

}  // namespace lode
