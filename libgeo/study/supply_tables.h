// Tables of supply read into what libgeo/supply takes: one reading for the command and the study.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "libgeo/core/table.h"
#include "libgeo/study/countries.h"
#include "libgeo/supply/dependence.h"

namespace lode {

inline constexpr double unknown_figure = std::numeric_limits<double>::quiet_NaN();

/// What every table is read with.
struct SupplyReading {
  const Countries& countries;
  const ConcentrationOptions& options;  ///< names of Other and of totals
  InexactRule inexact = InexactRule::take;
  Findings& findings;
};

/// The field that was named, or the first of `usual` that the table has. Error "supply.no_column".
[[nodiscard]] std::string supply_field(const Table& table, const std::string& named,
                                       const std::vector<std::string>& usual,
                                       const std::string& option);
/// True when the field's unit is %.
[[nodiscard]] bool is_percent_field(const Table& table, const std::string& field);
/// Tonnes in one unit of the field ("mine_2024_kt", "mine_2024e_t_REO"); NaN when it says no mass.
[[nodiscard]] double tonnes_per_unit(const Table& table, const std::string& field);

/// Columns of a production table; "" = none, or by its usual name.
struct SupplyFields {
  std::string country, value, element, stage, trade_factor, low, high;
  std::string kind;  ///< rows that say "quota" are quotas
};
/// Rows by element and stage. Errors: those of `parse_reported`; "supply.glued_footnote" with the
/// likely figures of all its cells when the column has a total.
[[nodiscard]] std::vector<Production> read_production(const SupplyReading& reading,
                                                      const Table& table,
                                                      const SupplyFields& fields);
/// Warning "supply.column_unused" for slips in the names of the columns that a table of production
/// may have: element, stage, trade_factor, kind. All tables below are looked at likewise.
void say_production_slips(const SupplyReading& reading, const Table& table);
/// Marks the figures of these countries as quotas, in the tables at hand alone.
void mark_quotas(std::vector<Production>& tables, const std::set<std::string>& countries);
/// Imports by seller, as amounts or shares; columns `element` and `stage` when it has them.
[[nodiscard]] std::vector<Production> read_imports(const SupplyReading& reading, const Table& table,
                                                   const SupplyFields& fields);

struct GovernanceFields {
  std::string country, value;
  std::string indicator;  ///< of a long table: one of its indicators; "" = the mean of all
  std::string year;       ///< of a table with years; "" = the latest
};
struct GovernanceTable {
  std::map<std::string, double> risk;  ///< 0 to 10
  std::string column, how;
};
/// One row a country, or the World Bank's long form (a row a country, year and indicator), of which
/// countries without every indicator are left out and said. Errors: "supply.governance_scale",
/// "supply.governance_range", "supply.governance_year", "supply.governance_indicator".
[[nodiscard]] GovernanceTable read_governance_table(const SupplyReading& reading,
                                                    const Table& table,
                                                    const GovernanceFields& fields);

/// Columns country (iso3), perhaps material, stage and share, and La to Lu and Y in %.
[[nodiscard]] std::vector<Composition> read_compositions(const SupplyReading& reading,
                                                         const Table& table);
/// Columns from, origin, share.
[[nodiscard]] std::vector<Origin> read_origins(const SupplyReading& reading, const Table& table);

struct TradeFields {
  std::string period;  ///< of a table of series: the column; "" = the last
  /// Role (production, imports, exports, apparent_consumption, stock_increase, import_reliance) ->
  /// series that are summed; by their names where not said.
  std::map<std::string, std::vector<std::string>> series;
};
/// A row an element and stage, or series in rows with a column a year (MCS salient statistics).
/// Errors "supply.series", "supply.no_column".
[[nodiscard]] std::vector<TradeRow> read_trade(const SupplyReading& reading, const Table& table,
                                               const TradeFields& fields);

/// Sets by name; a word that is no set but a country counts as that country. A member that is
/// itself the name of a set (the EU in MSP) stands for its members. Error "supply.no_alliance".
[[nodiscard]] std::vector<AllianceSet> read_alliances(const SupplyReading& reading,
                                                      const Table& table,
                                                      const std::vector<std::string>& names);
/// Columns territory_iso3, parent_iso3. Error "supply.territory" (two parents, a loop).
[[nodiscard]] std::map<std::string, std::string> read_territories(const SupplyReading& reading,
                                                                  const Table& table);

/// Columns element, stage, recycling_rate, substitution, economic_importance, vulnerability.
[[nodiscard]] std::vector<MaterialFactors> read_factors(const Table& table, Findings& findings);
/// Columns element, use, share, value_added, substitute, substitute_share, sp, scr, sco, scp: one
/// row a use, or a use and substitute.
[[nodiscard]] std::vector<MaterialFactors> read_uses(const Table& table, Findings& findings);
/// Columns country, ability, willingness.
[[nodiscard]] std::map<std::string, SupplyWillingness> read_willingness(
    const SupplyReading& reading, const Table& table);
/// Prices of single elements' oxides in USD/kg, from a table as `read_prices` takes it.
[[nodiscard]] std::map<std::string, double> read_element_prices(const Table& table,
                                                                Findings& findings);

}  // namespace lode
