// What a kilogram of oxide costs nature by process route, and what its waste is and may do.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/progress.h"

namespace lode {

/// Factors of one process route (bastnaesite flotation and acid, monazite cracking, ion-adsorption
/// leach, coal ash, magnet recycling by hydrogen, by acid, ...). Per kg of TREO produced unless
/// said; NaN = not known.
struct ProcessRoute {
  std::string id, name;
  std::string kind;  ///< primary or secondary
  LowBaseHigh water_m3_per_kg, reagents_kg_per_kg, energy_mj_per_kg, co2e_kg_per_kg;
  /// Grade at which the intensities hold, mass fraction; mining's part scales with 1 / grade.
  double reference_grade = std::numeric_limits<double>::quiet_NaN();
  double mining_share = 0.0;  ///< of them, 0 to 1
  /// Share of the ore that ends in tailings: 1 for mills, 0 where it stays in place (in-situ
  /// leach).
  double tailings_share = 1.0;
  /// Share of the ore's thorium and uranium that goes with the rare earths into the concentrate.
  double thorium_follows = 0.0;
  /// Residue of cracking and leaching, dry tonnes a tonne of TREO: holds what followed.
  LowBaseHigh residue_t_per_t;
  std::string data;    ///< fact, memory or illustrative
  std::string source;  ///< of the factors
};
/// CSV text: `route,name,kind,water_m3_per_kg,...` with _low and _high; shares and grades as
/// `reference_grade_pct mining_share_pct tailings_share_pct thorium_follows_pct`. Errors
/// "footprint.table", with the line.
[[nodiscard]] std::vector<ProcessRoute> parse_process_routes(const std::string& csv,
                                                             const std::string& where);

/// One site's ore and output; NaN = not known.
struct FootprintSite {
  std::string id, route;
  LowBaseHigh ore_t, treo;  ///< grade as mass fraction
  double recovery = 1.0;
  double strip_ratio = std::numeric_limits<double>::quiet_NaN();  ///< waste rock t a t of ore
  double thorium_ppm = std::numeric_limits<double>::quiet_NaN();
  double uranium_ppm = std::numeric_limits<double>::quiet_NaN();
  double treo_t_per_yr = std::numeric_limits<double>::quiet_NaN();
  double disturbed_ha = std::numeric_limits<double>::quiet_NaN();
  double dam_height_m = std::numeric_limits<double>::quiet_NaN();
  double life_yr = std::numeric_limits<double>::quiet_NaN();
};

struct FootprintOptions {
  double tailings_density_t_m3 = 1.5;  ///< dry, as deposited; 0.5 to 3
  double water_treatment_usd_per_yr = 0.0;
  double treatment_yr = 30.0, discount = 0.03;
  double reclamation_usd_per_ha = 25000.0;  ///< earthworks, cover, seeding
  double cover_usd_per_ha_radioactive = 150000.0;
  double contingency = 0.25, indirect = 0.20;  ///< shares on top
};

/// One figure of a site with how it was had.
struct FootprintFigure {
  std::string name, unit;  ///< "co2e_kg_per_kg", "kg/kg REO"
  LowBaseHigh value;
  std::string formula;  ///< in words and numbers, "" = from the table
  std::string source;   ///< paper or table
};
struct FootprintRow {
  std::vector<FootprintFigure> figures;  ///< fixed order, the same names for every site
  [[nodiscard]] const FootprintFigure* find(const std::string& name) const;
};
struct Footprints {
  std::vector<FootprintRow> sites;
  Findings findings;  ///< "footprint.no_route", "footprint.extrapolated"
};

/// Errors "footprint.value" (a site's figure out of range), "footprint.option". Figures:
/// water_m3_per_kg reagents_kg_per_kg energy_mj_per_kg co2e_kg_per_kg waste_t_per_t tailings_t
/// tailings_m3 thorium_t uranium_t activity_bq_per_g radioactive (naturally occurring material over
/// 1 Bq/g, IAEA) release_m3 runout_km (Larrauri & Lall 2018, Rico 2008) closure_bond_usd ...
[[nodiscard]] Footprints footprints(const std::vector<FootprintSite>& sites,
                                    const std::vector<ProcessRoute>& routes,
                                    const FootprintOptions& options = {},
                                    const Progress& progress = {});

}  // namespace lode
