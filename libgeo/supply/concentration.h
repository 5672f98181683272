// How concentrated supply is: shares, HHI, governance, import reliance, risk indices.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"

namespace lode {

/// A figure as statistics print it: "45000", "> 95", "< 1", "E" (net exporter), "NA", "W"
/// (withheld), "--" (zero). Numbers only, no guess: NaN where there is none.
struct ReportedFigure {
  enum class Kind { exact, more_than, less_than, net_exporter, not_available, withheld };
  double value = std::numeric_limits<double>::quiet_NaN();
  Kind kind = Kind::exact;
};
/// Errors: "supply.bad_figure"; "supply.glued_footnote" for a number such as "1216,000", in which a
/// footnote's digits precede the figure.
[[nodiscard]] ReportedFigure parse_reported(std::string_view text, const std::string& where = {});

/// What becomes of a row "Other" (several countries, none named).
enum class OtherRule {
  one_country,  ///< counted as if it were one country, in the total and in the sum of squares
  exclude,      ///< left out of both
  total_only    ///< in the total, not in the sum of squares
};
[[nodiscard]] std::string_view to_text(OtherRule rule);
/// Error "supply.unknown_choice".
[[nodiscard]] OtherRule parse_other_rule(std::string_view text, const std::string& where = {});

/// A country as it is compared: trimmed, and a code of three letters in capitals, so that "usa" is
/// no second country beside "USA".
[[nodiscard]] std::string country_key(std::string_view text);

/// Adds a country's risk (0 to 10). Error "supply.duplicate_country" when it has another one
/// already.
void add_governance(std::map<std::string, double>& governance, std::string_view country,
                    double risk, const std::string& where);

/// Who supplies how much of one element at one stage. Vectors have one entry a row.
struct Production {
  std::string element;               ///< "Nd", "TREO", ... as in the table; may be empty
  std::string stage;                 ///< "mine", "separation", ...; may be empty
  std::vector<std::string> country;  ///< ISO 3166-1 alpha-3 where governance or alliances are used
  std::vector<double> amount;        ///< any one unit, >= 0; NaN = not available
  std::vector<double> trade_factor;  ///< the EU's t (export tax, quota, ban, agreement); empty = 1
  bool percent =
      false;           ///< amounts are percentages of a whole, refused when they sum to over 100.5
  std::string source;  ///< the table, for messages; may be empty
};

struct ConcentrationOptions {
  OtherRule other = OtherRule::one_country;
  std::map<std::string, double> governance;  ///< risk by country, 0 (good) to 10
  double other_governance = std::numeric_limits<double>::quiet_NaN();  ///< of the row "Other"
  std::vector<std::string> other_names = {"other", "others", "other countries", "rest of world",
                                          "row"};
  std::vector<std::string> total_names = {"world total", "world", "total", "world total (rounded)",
                                          "wld"};
  double total_tolerance = 0.02;  ///< relative; a sum further off is a warning
  double total_refused = 0.10;    ///< relative; a sum further off is refused
  /// The row named as total says "more than": only a sum below it counts as off.
  bool total_is_minimum = false;
};

struct CountryShare {
  std::string country;
  double amount = 0.0;
  double share = 0.0;  ///< fraction of `Concentration::total`
  double governance = std::numeric_limits<double>::quiet_NaN();
  double trade_factor = 1.0;
  bool is_other = false;
};

struct Concentration {
  std::string element, stage;
  double total = 0.0;  ///< what shares are of
  double hhi = 0.0;    ///< sum of squared fractions, 0 to 1 (x 10,000 = the antitrust scale)
  double hhi_wgi = std::numeric_limits<double>::quiet_NaN();  ///< 0 to 10; NaN without governance
  double governance_covered = 0.0;  ///< share of the total whose country has a governance figure
  double world_total =
      std::numeric_limits<double>::quiet_NaN();  ///< the check row, if there is one
  std::vector<CountryShare> shares;              ///< largest first, ties by country
  std::vector<std::string> not_available;        ///< countries without a figure
  Findings findings;
};

/// HHI = sum S_c^2 (Hirschman 1964); HHI_WGI = sum S_c^2 g_c t_c (Graedel et al. 2012; EU
/// methodology 2017). Countries without a governance figure add nothing and are said.
/// A row named as total is a check sum, never a country.
/// Errors: "supply.negative", "supply.no_production", "supply.duplicate_country",
/// "supply.no_country", "supply.total_mismatch", "supply.length", "supply.governance_range",
/// "supply.shares_over_100".
[[nodiscard]] Concentration concentration(const Production& production,
                                          const ConcentrationOptions& options = {});

/// Rows of a table grouped by element and stage (either column may be empty), in order of
/// appearance.
[[nodiscard]] std::vector<Production> group_production(
    const std::vector<std::string>& element, const std::vector<std::string>& stage,
    const std::vector<std::string>& country, const std::vector<double>& amount,
    const std::vector<double>& trade_factor = {});

/// World Governance Indicator (-2.5 to 2.5, good is high) as a risk from 0 to 10: 10 (2.5 - x)/5.
[[nodiscard]] double governance_risk(double wgi);

/// How a governance column is scaled: risk 0 to 10, risk 0 to 1, or the indicator itself.
enum class GovernanceScale { risk_10, risk_1, indicator };
/// By the column's name (`governance_risk`, `wgi_eu010`, `wgi_risk01`, `wgi_mean6`, `estimate`),
/// else by its values. Error "supply.governance_scale" when neither tells.
[[nodiscard]] GovernanceScale governance_scale(std::string_view column,
                                               const std::vector<double>& values,
                                               const std::string& where = {});
/// The value as a risk from 0 to 10.
[[nodiscard]] double to_risk(double value, GovernanceScale scale);

/// Net import reliance as a fraction of apparent consumption (production + imports - exports), 0
/// for a net exporter. NaN when a figure is missing. Error "supply.negative".
struct TradeBalance {
  double production = std::numeric_limits<double>::quiet_NaN();
  double imports = std::numeric_limits<double>::quiet_NaN();
  double exports = std::numeric_limits<double>::quiet_NaN();
  double apparent_consumption =
      std::numeric_limits<double>::quiet_NaN();  ///< as printed; else computed
};
[[nodiscard]] double import_reliance(const TradeBalance& balance);

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

/// Economic importance beside it: sum_s A_s Q_s SI_EI; critical at or above 2.8.
inline constexpr double eu_important_from = 2.8;

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

/// USGS (Nassar et al. 2020): (disruption potential x trade exposure x economic
/// vulnerability)^(1/3), each 0 to 1. Error "supply.fraction".
[[nodiscard]] double usgs_supply_risk(double disruption, double exposure, double vulnerability);

/// Share of the total from `members`. A territory counts as its parent when `parents` says so.
[[nodiscard]] double share_of(const Concentration& supply, const std::set<std::string>& members,
                              const std::map<std::string, std::string>& parents = {});

/// One leg of origin tracing: of what `from` sells, `share` was mined in `origin`.
struct Origin {
  std::string from;
  std::string origin;
  double share = 0.0;  ///< 0 to 1; what is not traced stays with `from`
};
/// Imports by seller turned into imports by country of the ore. Error "supply.shares_over_one".
[[nodiscard]] Production trace_origin(const Production& imports,
                                      const std::vector<Origin>& origins);

}  // namespace lode
