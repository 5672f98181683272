// Dependence today, whole: one row an element, stage and period from the tables that describe it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libgeo/supply/composition.h"
#include "libgeo/supply/indices.h"
#include "libgeo/supply/origin.h"

namespace lode {

/// Trade of one material at one stage; "" = every element, every stage.
struct TradeRow {
  std::string element, stage;
  TradeBalance balance;  ///< tonnes
  FigureRange printed;   ///< the reliance as printed, a fraction; NaN = none
  std::string source;
};

/// What the EU's and the USGS's indices want beside shares; "" = every element, every stage. NaN =
/// not said.
struct MaterialFactors {
  std::string element, stage;
  double recycling_rate = std::numeric_limits<double>::quiet_NaN(),
         substitution = std::numeric_limits<double>::quiet_NaN(),  ///< SI_SR
      economic_importance = std::numeric_limits<double>::quiet_NaN(),
         vulnerability = std::numeric_limits<double>::quiet_NaN();  ///< USGS, EV, 0 to 1
};

/// A dated set of countries.
struct AllianceSet {
  std::string name;
  std::set<std::string> members;
  std::string valid_as_of;  ///< as the table says; may be empty
};

struct DependenceInputs {
  std::vector<Production> supply;
  ConcentrationOptions options;
  std::vector<Composition> compositions;
  SplitOptions split;               ///< without groups: nothing is split
  std::vector<Production> imports;  ///< matched by element and stage, "" = every one
  std::vector<Origin> origins;
  std::vector<TradeRow> trade;
  std::vector<MaterialFactors> factors;
  std::map<std::string, SupplyWillingness> willingness;
  std::map<std::string, double> price_usd_per_kg;  ///< by element or group
  double reference_usd_per_kg = 0.409412948;
  std::vector<AllianceSet> alliances;
  std::map<std::string, std::string> parents;  ///< territory -> its country
  bool merge_territories = false;              ///< their rows count as their parents'
  std::string home;
  double recycling_rate = 0.0, substitution = 1.0;  ///< where `factors` say nothing
  /// Imports from a country without a governance figure: an error, else no GeoPolRisk and a
  /// warning.
  bool refuse_ungoverned_imports = true;
};

/// Where imports come from, by who sells and by whose ore it is.
struct Sourcing {
  Concentration seller, origin;  ///< the same when nothing is traced
  bool traced = false;
  double refined_share = 0.0, untraced_share = 0.0;
  std::vector<std::string> untraced;
  Production imports;  ///< by origin when traced, else by seller
};

struct DependenceRow {
  Concentration supply;
  std::string period, source;
  double total_t = std::numeric_limits<double>::quiet_NaN();  ///< NaN: the unit is no mass
  double composition_covered = std::numeric_limits<double>::quiet_NaN();  ///< NaN = not split
  std::string basis;                                                      ///< "" = not split
  double change_in_hhi =
      std::numeric_limits<double>::quiet_NaN();  ///< since the period before, of the same material
  double home_share = std::numeric_limits<double>::quiet_NaN(),
         allied_share = std::numeric_limits<double>::quiet_NaN(),  ///< union of all sets
      allied_without_home = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> share_by_set;  ///< as `DependenceInputs::alliances`
  std::optional<Sourcing> sourcing;
  /// Computed from the balance, else as printed; `low` and `high` carry "> 95".
  FigureRange reliance;
  double reliance_printed = std::numeric_limits<double>::quiet_NaN(),
         reliance_computed = std::numeric_limits<double>::quiet_NaN();
  double recycling_rate = 0.0, substitution = 1.0,
         economic_importance = std::numeric_limits<double>::quiet_NaN();
  double eu_supply_risk = std::numeric_limits<double>::quiet_NaN(),
         eu_low = std::numeric_limits<double>::quiet_NaN(),
         eu_high = std::numeric_limits<double>::quiet_NaN();  ///< over the range of the reliance
  double weighted_import_share = std::numeric_limits<double>::quiet_NaN(),
         geopolrisk = std::numeric_limits<double>::quiet_NaN(),
         geopolrisk_factor = std::numeric_limits<double>::quiet_NaN();
  double disruption_potential = std::numeric_limits<double>::quiet_NaN(),
         vulnerability = std::numeric_limits<double>::quiet_NaN(),
         usgs_supply_risk = std::numeric_limits<double>::quiet_NaN();
  std::string how;  ///< every rule that was applied, in words
};

/// Errors: those of the parts. Findings of all parts are added to `findings`.
[[nodiscard]] std::vector<DependenceRow> dependence(const DependenceInputs& inputs,
                                                    Findings& findings);

/// The stage at which each element and period is most at risk: by EU supply risk where all its
/// stages have one, else by `hhi_wgi`, else by `hhi`.
struct WorstStage {
  std::string element, period, stage;
  std::string by;  ///< eu_supply_risk, hhi_wgi or hhi
  double value = 0.0;
};
[[nodiscard]] std::vector<WorstStage> worst_stages(const std::vector<DependenceRow>& rows);

/// Members of several sets together.
[[nodiscard]] std::set<std::string> all_members(const std::vector<AllianceSet>& sets);
/// Says of a set that it is older, or newer, than `as_of` ("2026", "2026-11-01") by a year or more:
/// warning "supply.alliance_date". Nothing is said of a set without a date.
void check_alliance_date(const AllianceSet& set, const std::string& as_of, Findings& findings);

}  // namespace lode
