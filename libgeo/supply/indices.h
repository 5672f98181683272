// Indices of dependence: import reliance, EU supply risk and importance, GeoPolRisk, USGS.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "libgeo/supply/concentration.h"

namespace lode {

/// Net import reliance as a fraction of apparent consumption (production + imports - exports - what
/// goes into stocks), 0 for a net exporter. NaN when a figure is missing. Error "supply.negative".
struct TradeBalance {
  double production = std::numeric_limits<double>::quiet_NaN();
  double imports = std::numeric_limits<double>::quiet_NaN();
  double exports = std::numeric_limits<double>::quiet_NaN();
  double apparent_consumption =
      std::numeric_limits<double>::quiet_NaN();                      ///< as printed; else computed
  double stock_increase = std::numeric_limits<double>::quiet_NaN();  ///< < 0: drawn down; NaN = 0
};
[[nodiscard]] double import_reliance(const TradeBalance& balance);

/// Compares a printed reliance (a fraction, with what "> 95" leaves open) with the computed one.
/// "" when they agree within `rounding`, else what differs.
[[nodiscard]] std::string reliance_mismatch(const FigureRange& printed, double computed,
                                            double rounding = 0.005);

/// EU supply risk (methodology of 2017): [g IR/2 + s (1 - IR/2)] (1 - EoL-RIR) SI, with g = HHI_WGI
/// of global supply and s = HHI_WGI of the actual sourcing, both 0 to 10. Error "supply.fraction".
struct EuSupplyRisk {
  double global_supply = 0.0;    ///< HHI_WGI, 0 to 10
  double sourcing = 0.0;         ///< HHI_WGI, 0 to 10
  double import_reliance = 1.0;  ///< 0 to 1
  double recycling_rate = 0.0;   ///< end-of-life recycling input rate, 0 to 1
  double substitution = 1.0;     ///< SI_SR, 0 to 1 (1 = no substitute)
};
[[nodiscard]] double eu_supply_risk(const EuSupplyRisk& inputs);
inline constexpr double eu_critical_from = 1.0;  ///< supply risk at or above it is critical

/// Economic importance beside it: sum_s A_s Q_s SI_EI; important at or above 2.8. A material is
/// critical when both hold.
inline constexpr double eu_important_from = 2.8;

/// A substitute of one use. Of the use, `share` may be replaced by it.
struct Substitute {
  std::string use, name;
  double share = 0.0;             ///< of the use, 0 to 1
  double production = 1.0;        ///< SP, 0 to 1: 1 = no more of the substitute is made
  double criticality = 1.0;       ///< SCr, 0 to 1: 1 = the substitute is critical itself
  double co_production = 1.0;     ///< SCo, 0 to 1: 1 = a by-product only
  double cost_performance = 1.0;  ///< SCP, 0 to 1: 1 = dearer and no better
};
/// One use (an application, with the sector that it belongs to).
struct MaterialUse {
  std::string name;
  double share = 0.0;  ///< of the material's demand, 0 to 1
  double value_added = std::numeric_limits<double>::quiet_NaN();  ///< Q of the sector
};
struct SubstitutionIndices {
  double supply_risk = 1.0;  ///< SI_SR = sum_u share_u sum_s share_us (SP SCr SCo)^(1/3)
  double importance = 1.0;   ///< SI_EI = sum_u share_u sum_s share_us SCP
  double covered = 0.0;      ///< share of the demand whose use is listed
};
/// What no substitute takes, and uses that are not listed, count 1 (not replaceable). Errors:
/// "supply.fraction", "supply.shares_over_one" (uses, or substitutes of a use),
/// "supply.unknown_use".
[[nodiscard]] SubstitutionIndices substitution_indices(const std::vector<MaterialUse>& uses,
                                                       const std::vector<Substitute>& substitutes);
/// sum_s A_s Q_s SI_EI, with Q scaled by the caller as the EU does (10 = the largest sector). NaN
/// when a use has no Q. Error "supply.shares_over_one".
[[nodiscard]] double economic_importance(const std::vector<MaterialUse>& uses, double si_ei = 1.0);

/// GeoPolRisk (Gemechu et al. 2016; Santillan-Saldivar et al. 2022): HHI times the
/// governance-weighted share of imports in imports plus domestic production. Amounts in one unit.
struct GeoPolRisk {
  double weighted_import_share = 0.0;
  double score = 0.0;
};
/// `imports` with `options.governance` on 0 to 10 (scaled to 0 to 1 here). Error
/// "supply.no_governance" when an importing country has none, "supply.negative".
[[nodiscard]] GeoPolRisk geopolrisk(double hhi, const Production& imports, double domestic,
                                    const ConcentrationOptions& options);
/// Characterisation factor: score x price over the same of the reference (copper in geopolrisk-py:
/// 0.409412948 USD/kg). Error "supply.negative".
[[nodiscard]] double geopolrisk_factor(double score, double price_usd_per_kg,
                                       double reference_usd_per_kg = 0.409412948);

/// USGS (Nassar et al. 2020): (disruption potential x trade exposure x economic
/// vulnerability)^(1/3), each 0 to 1. Error "supply.fraction".
[[nodiscard]] double usgs_supply_risk(double disruption, double exposure, double vulnerability);

/// How able and how willing a country is to supply, each 0 (is) to 1 (is not).
struct SupplyWillingness {
  double ability = std::numeric_limits<double>::quiet_NaN(),
         willingness = std::numeric_limits<double>::quiet_NaN();
};
struct DisruptionPotential {
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN when no country has an index
  double covered = 0.0;                                     ///< share of the total with an index
  std::vector<std::string> without;
};
/// DP = sum S_c^2 max(ability, willingness) over countries but `home` (Nassar et al. 2020: the
/// disruption is foreign). Error "supply.fraction".
[[nodiscard]] DisruptionPotential disruption_potential(
    const Concentration& supply, const std::map<std::string, SupplyWillingness>& indices,
    const std::string& home = {});

/// Error "supply.fraction" unless 0 <= value <= 1.
void check_fraction(const char* name, double value, const std::string& where = {});

}  // namespace lode
