// From ore to magnet: the cheapest chain of plants, where each stage changes what is hauled.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/logistics/freight.h"

namespace lode {

/// What is hauled between two stages. Masses, grades and concentrations are of the dry mass unless
/// they say wet.
struct Product {
  std::string name;       ///< "ore", "mineral concentrate", "mixed carbonate", "separated oxide"
  double grade = 0.0;     ///< contained product over dry mass, above 0 to 1; 0 = the site's own
  double moisture = 0.0;  ///< of the wet mass, 0 to below 1
  /// Part of the ore's thorium and uranium that stays with this product (1 = all of it).
  double radioactivity_share = 1.0;
  std::string source;
};

/// A step that turns one product into the next at plants that offer it. Several steps may have one
/// name when they take different products: a plant that names it does them all.
struct ChainStage {
  std::string name;  ///< "concentration", "separation": as plants name what they do
  std::string takes, gives;
  double recovery = 1.0;  ///< contained out over contained in
  Rate usd_per_kg;        ///< cost of the step, per kg contained in what it gives
  bool at_site = false;   ///< may also be done at the mine itself
  bool optional = false;  ///< that no plant offers it is no error: sites that need it say so
  std::string source;
};

/// A chain as one editable, dated, sourced table.
struct ChainTable {
  std::string name, as_of, contained, source;  ///< contained: "TREO", "NdPr oxide"
  std::string last;  ///< where chains end; "" = the one product that no stage takes
  std::vector<Product> products;
  std::vector<ChainStage> stages;
};

/// Reads a chain (TOML: `as_of contained last`, `[[products]]`, `[[stages]]` with the members as
/// keys, shares with units: "60 %"). Only the grade of a product that no stage gives, its
/// radioactivity share, `last`, `at_site`, `optional` and `source` may be left out.
/// Errors "chain.syntax", "chain.invalid" with the line, all in `more`: unknown or missing keys,
/// wrong types, a stage that takes or gives no product of the table, a product that no stage takes
/// or gives, stages that run in a circle, more than one end and no `last`.
[[nodiscard]] ChainTable parse_chain(std::string_view text, const std::string& where);

/// The same checks of a table made by hand. Error "chain.invalid".
void check_chain(const ChainTable& table);

/// The table for rare earths that is used when the user gives none; its sources stand in it.
[[nodiscard]] std::string_view built_in_chain_text();
[[nodiscard]] const ChainTable& built_in_chain();

/// A place that does one or more stages; NaN and "" take the table's value.
struct ChainPlant {
  Place place;
  std::vector<std::string> stages;
  /// Products that may be brought here; empty = whatever its stages take. What one of its stages
  /// gives goes on to the next without asking.
  std::vector<std::string> accepts;
  double recovery = std::numeric_limits<double>::quiet_NaN();
  double usd_per_kg = std::numeric_limits<double>::quiet_NaN();
};

struct ChainSite {
  Place place;
  std::string product;  ///< what leaves the mine or the collector; "" = not known
  double grade = std::numeric_limits<double>::quiet_NaN();        ///< of it; NaN = the table's
  double thorium_ppm = std::numeric_limits<double>::quiet_NaN();  ///< of it, dry
  double uranium_ppm = std::numeric_limits<double>::quiet_NaN();
};

/// The load when `product` leaves a plant or the site. Thorium and uranium follow the mass: ppm of
/// the dry product = ppm of what leaves the site x share / its share x dry tonnes of it a tonne of
/// product, which is grade / (site's grade x recovery), recoveries by the table (of several ways to
/// a product the lowest: the strongest load); wet = dry x (1 - moisture). NaN where not known.
[[nodiscard]] Cargo chain_cargo(const ChainTable& table, const ChainSite& site,
                                const std::string& product);

/// One haul and the stage at its end.
struct ChainStep {
  std::string stage, product;  ///< product: what is hauled to the plant
  std::uint32_t plant = 0;     ///< index into plants; kAtSite = done at the mine
  bool delivery = false;       ///< the haul to a goal: `plant` is its index, `stage` is ""
  bool moved = false;          ///< false where nothing moves: `haul` is empty then
  RouteRow haul;  ///< `from`: index of the plant it leaves, or kAtSite; `to`: that of `plant`
  Geometry line;  ///< of the haul, with RouteOptions::lines
  Cargo cargo;    ///< of the haul
  double grade = std::numeric_limits<double>::quiet_NaN();  ///< of what is hauled
  double moisture = 0.0;
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
  /// Where it breaks: the stage that cannot be reached ("" = the delivery), and why: a reason of
  /// `route`, "plant" (none does the stage, or none takes the product), "grade" (not known, so that
  /// nothing can be hauled) or "product" (not known, or no stages lead on from it).
  std::string broken_stage, reason;
  std::string words;
  std::vector<ChainStep> steps;
  double usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double low_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double high_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double haul_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
  double process_usd_per_kg = std::numeric_limits<double>::quiet_NaN();
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
/// places if there are any. At each plant the least cost per kg contained decides:
///
///     C(given, p) = (min over q of C(taken, q) + haul per kg(q, p)) / recovery(p) + process(p)
///
/// where the haul of a kg contained costs USD/t / (1000 x (1 - moisture) x grade), and a step's
/// process costs count per kg contained in what it gives, losses apart. Later stages only scale
/// what went before, so the choice is exact for any recoveries. Ways are those that are least in
/// what `options.minimise` says; chains are always the cheapest of them. Of equally dear ways to a
/// plant the stage that stands first in the table counts, then material from the site itself, then
/// from the plant of the lowest number. Low and high are sums along the chosen chain. CO2e and
/// hours are those of the hauls. Class 7 of each load is that of `chain_cargo`; options.moisture,
/// grade, recovery, cargo and pairs do not count.
///
/// Findings: those of `route` but "route.unreachable"; "chain.broken", "chain.no_grade",
/// "chain.no_product", "chain.plant_without_place", "chain.accepts_unknown".
/// Errors: those of `route`, "chain.invalid", "chain.unknown_stage", "chain.unknown_product",
/// "chain.no_plant" (a stage on the way that is not optional), "chain.bad_plant", "chain.bad_site".
[[nodiscard]] ChainResult cheapest_chains(const Network& network, const Tariff& tariff,
                                          const Terminals& terminals, const ChainTable& table,
                                          const std::vector<ChainSite>& sites,
                                          const std::vector<ChainPlant>& plants,
                                          const Places& goals, const RouteOptions& options,
                                          const Progress& progress = {});

}  // namespace lode
