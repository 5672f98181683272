// How concentrated supply is: shares by country, HHI and its kin, governance weights, bounds.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/supply/figures.h"

namespace lode {

/// What becomes of a row "Other" (several countries, none named).
enum class OtherRule {
  one_country,  ///< counted as if it were one country, in the total and in the sum of squares
  exclude,      ///< left out of both
  total_only    ///< in the total, not in the sum of squares
};
[[nodiscard]] std::string_view to_text(OtherRule rule);
/// Error "supply.unknown_choice".
[[nodiscard]] OtherRule parse_other_rule(std::string_view text, const std::string& where = {});

/// What becomes of countries without a figure (NA, W, blank).
enum class NotAvailableRule { exclude, refuse };
[[nodiscard]] std::string_view to_text(NotAvailableRule rule);
/// What becomes of figures that are quotas, not output.
enum class QuotaRule {
  take,     ///< counted as output
  warn,     ///< the same, and said
  exclude,  ///< left out of the table
};
[[nodiscard]] std::string_view to_text(QuotaRule rule);
/// Error "supply.unknown_choice".
[[nodiscard]] NotAvailableRule parse_not_available_rule(std::string_view text,
                                                        const std::string& where = {});
[[nodiscard]] QuotaRule parse_quota_rule(std::string_view text, const std::string& where = {});

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
  std::string period;  ///< year, or the column's name; may be empty
  std::vector<double> low, high;  ///< what an inexact figure leaves open; empty = exact
  std::vector<bool> quota;        ///< the figure is a quota; empty = none is
  std::vector<std::string>
      row;  ///< where each stands in its table, for messages; empty = not known
  double tonnes_per_unit = std::numeric_limits<double>::quiet_NaN();  ///< of the amounts
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
  NotAvailableRule not_available = NotAvailableRule::exclude;
  QuotaRule quota = QuotaRule::warn;
  std::set<std::string> quota_countries;  ///< whose figures are quotas in every table
  /// Undocumented output by country, as a fraction of its figure, added to it.
  std::map<std::string, double> undocumented;
};

struct CountryShare {
  std::string country;
  double amount = 0.0;
  double share = 0.0;  ///< fraction of `Concentration::total`
  double governance = std::numeric_limits<double>::quiet_NaN();
  double trade_factor = 1.0;
  bool is_other = false;
  double low = 0.0, high = 0.0;  ///< of the amount; high may be infinite
};

struct Concentration {
  std::string element, stage;
  double total = 0.0;  ///< what shares are of
  double hhi = 0.0;    ///< sum of squared fractions, 0 to 1 (x 10,000 = the antitrust scale)
  double hhi_wgi = std::numeric_limits<double>::quiet_NaN();  ///< 0 to 10; NaN without governance
  /// Least and greatest HHI of all amounts that the table leaves open: inexact figures anywhere in
  /// their ranges, and a row Other shared out among countless countries or part of the largest.
  double hhi_low = 0.0, hhi_high = 0.0;
  double shannon = 0.0;          ///< -sum S ln S, nats (0 = one country)
  double theil = 0.0;            ///< ln n - shannon over the n countries above 0 (0 = equal shares)
  double equal_countries = 0.0;  ///< 1 / HHI: as concentrated as so many equal countries
  double cr1 = 0.0, cr3 = 0.0, cr4 = 0.0;  ///< share of the 1, 3, 4 largest named countries
  double governance_covered = 0.0;  ///< share of the total whose country has a governance figure
  double world_total =
      std::numeric_limits<double>::quiet_NaN();  ///< the check row, if there is one
  std::vector<CountryShare> shares;              ///< largest first, ties by country
  std::vector<std::string> not_available;        ///< countries without a figure
  std::vector<std::string> quotas;               ///< countries whose figure is a quota
  std::string how;                               ///< the rules that were applied, in words
  Findings findings;
};

/// HHI = sum S_c^2 (Hirschman 1964); HHI_WGI = sum S_c^2 g_c t_c (Graedel et al. 2012; EU
/// methodology 2017). Countries without a governance figure add nothing and are said.
/// A row named as total is a check sum, never a country.
/// Errors: "supply.negative", "supply.no_production", "supply.duplicate_country",
/// "supply.no_country", "supply.total_mismatch", "supply.length", "supply.governance_range",
/// "supply.shares_over_100"; "supply.not_available" by the rule refuse; "supply.range" when a
/// figure lies outside its low and high.
[[nodiscard]] Concentration concentration(const Production& production,
                                          const ConcentrationOptions& options = {});

/// Rows of a table grouped by element and stage (either column may be empty), in order of
/// appearance.
[[nodiscard]] std::vector<Production> group_production(
    const std::vector<std::string>& element, const std::vector<std::string>& stage,
    const std::vector<std::string>& country, const std::vector<double>& amount,
    const std::vector<double>& trade_factor = {});
/// The same of `rows` with all its columns; its own element and stage are not looked at.
[[nodiscard]] std::vector<Production> group_production(const Production& rows,
                                                       const std::vector<std::string>& element,
                                                       const std::vector<std::string>& stage);
/// Rows of territories added to those of their parents (USGS prints China with Hong Kong). Returns
/// the territories that were merged.
std::vector<std::string> merge_territories(Production& production,
                                           const std::map<std::string, std::string>& parents);

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

/// Least and greatest HHI over amounts between `low` and `high` (which may be infinite). For the
/// least, `spread` is shared out among countless countries: in the total and in no square. Exact,
/// but for the greatest with more than 16 open amounts, which is searched from both ends. Errors
/// "supply.length", "supply.range".
struct HhiRange {
  double low = 0.0, high = 0.0;
};
[[nodiscard]] HhiRange hhi_range(const std::vector<double>& low, const std::vector<double>& high,
                                 double spread = 0.0);

/// True for a name of the list, in any case.
[[nodiscard]] bool is_named(const std::vector<std::string>& names, const std::string& country);

/// Share of the total from `members`. A territory counts as its parent when `parents` says so.
[[nodiscard]] double share_of(const Concentration& supply, const std::set<std::string>& members,
                              const std::map<std::string, std::string>& parents = {});

}  // namespace lode
