// Rare earth elements and oxides: conversion factors, TREO and its parts, basket value.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/table.h"

namespace lode {

/// Which oxide an element is reported as. trade: CeO2, Pr6O11, Tb4O7, else M2O3 (as sold and as
/// most companies report). sesquioxide: M2O3 for all.
enum class OxideBasis { trade, sesquioxide };
/// Where the light ones end: usgs after Gd, eu after Sm. Y always counts as heavy.
enum class HeavyLine { usgs, eu };
enum class GradeForm { element, oxide };

[[nodiscard]] std::string_view to_text(OxideBasis basis);
[[nodiscard]] std::string_view to_text(HeavyLine line);
/// Error "oxides.basis" / "oxides.line" with the known names.
[[nodiscard]] OxideBasis parse_oxide_basis(std::string_view text);
[[nodiscard]] HeavyLine parse_heavy_line(std::string_view text);

/// Mass fraction of the element, and of its oxide: different quantities that never mix.
using ElementGrade = Unit<struct ElementGradeTag>;
using OxideGrade = Unit<struct OxideGradeTag>;

namespace ree {
/// Place in `rare_earths()`, in a namespace of its own so that Y and the like stay free.
enum Element : std::size_t { La, Ce, Pr, Nd, Sm, Eu, Gd, Tb, Dy, Ho, Er, Tm, Yb, Lu, Y, Sc };
}  // namespace ree
using RareEarth = ree::Element;
inline constexpr std::size_t rare_earth_count = 16;
/// La to Lu and Y: the suite that TREO sums. Scandium stands apart.
inline constexpr std::size_t suite_count = 15;

/// Atomic weights: IUPAC/CIAAW standard values (Gd, Lu as revised 2024); O = 15.999.
struct RareEarthFacts {
  std::string_view symbol;
  std::string_view name;
  int atomic_number = 0;
  double atomic_weight = 0.0;
  int trade_metal = 2;  ///< atoms of metal in the trade oxide
  int trade_oxygen = 3;
};
inline constexpr double oxygen_weight = 15.999;

[[nodiscard]] const std::array<RareEarthFacts, rare_earth_count>& rare_earths();
/// "CeO2", "Ce2O3", ...
[[nodiscard]] std::string oxide_name(RareEarth element, OxideBasis basis);
/// Tonnes of oxide from one tonne of element, computed from the atomic weights.
[[nodiscard]] double oxide_factor(RareEarth element, OxideBasis basis);
[[nodiscard]] OxideGrade to_oxide(ElementGrade grade, RareEarth element, OxideBasis basis);
[[nodiscard]] ElementGrade to_element(OxideGrade grade, RareEarth element, OxideBasis basis);
/// By symbol or English name, any case ("Nd", "neodymium").
[[nodiscard]] std::optional<RareEarth> find_rare_earth(std::string_view text);

/// What a column's name says that it holds.
struct GradeColumn {
  std::optional<RareEarth> element;  ///< empty: a sum
  std::string sum;  ///< "treo", "lreo", "hreo", "mreo", "ndpr", "dytb" when no element
  GradeForm form = GradeForm::oxide;
  OxideBasis basis = OxideBasis::trade;  ///< of an oxide column that has two forms
  std::string unit;                      ///< "" = the name says none
};
/// "La_ppm", "La2O3_pct", "CEO2", "TREO_PCT", "Nd (ppm)" in any case; empty when it is none of
/// them. A bare "Y" is a coordinate, never yttrium.
[[nodiscard]] std::optional<GradeColumn> parse_grade_column(std::string_view name);

/// Price of one oxide.
struct OxidePrice {
  double usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double payable = 1.0;   ///< share of the price that is paid, 0 to 1
  double recovery = 1.0;  ///< share of the oxide in the ore that becomes product, 0 to 1
};
/// By `RareEarth`; NaN = no price.
struct PriceTable {
  std::array<OxidePrice, rare_earth_count> of;
  Findings findings;
};
/// From a table with a column `oxide` (or `element`, `item`, `name`: "Nd2O3", "Nd"), a price column
/// (`price_usd_per_kg`, `usd_per_t`, ... : the one whose unit is a price per mass of oxide, apart
/// from `low_...` and `high_...`), and perhaps `payable` and `recovery` (0 to 1, or `_pct`). Of
/// several rows for one oxide the last `year` counts, else it is an error. Rows that are no rare
/// earth oxide are left out with a note. Errors: "prices.no_item", "prices.no_price",
/// "prices.ambiguous_column", "prices.repeated", "prices.negative", "prices.share", "unit.missing".
[[nodiscard]] PriceTable read_prices(const Table& table);

struct OxideOptions {
  OxideBasis basis = OxideBasis::trade;
  HeavyLine line = HeavyLine::usgs;
  PriceTable prices;
  /// Parts may exceed a stated TREO by this share before the row is refused: rounding, and TREO
  /// stated on the other basis (which differs by up to 5 %). 0 to 1.
  double total_tolerance = 0.05;
};

/// The oxides of one row. Mass fractions; NaN = not known.
struct OxideSuite {
  std::array<double, rare_earth_count> oxide;
  double stated_treo = std::numeric_limits<double>::quiet_NaN();
  double stated_lreo = std::numeric_limits<double>::quiet_NaN();
  double stated_hreo = std::numeric_limits<double>::quiet_NaN();
  double stated_mreo = std::numeric_limits<double>::quiet_NaN();
  double stated_ndpr = std::numeric_limits<double>::quiet_NaN();
  double stated_dytb = std::numeric_limits<double>::quiet_NaN();

  OxideSuite() { oxide.fill(std::numeric_limits<double>::quiet_NaN()); }
  /// Members of the suite (without Sc) that are not known.
  [[nodiscard]] std::vector<std::string> missing() const;
};

/// Sums of one row: mass fractions of oxide. NaN where nothing of the sum is known; where part of
/// it is known, the sum of that part (a lower bound: see OxideSuite::missing).
struct OxideSums {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  double treo = none, lreo = none, hreo = none, mreo = none, ndpr = none, dytb = none;
  double treo_without_y = none, treo_minus_ceo2 = none;
  double basket_usd_per_t = none;   ///< USD per tonne of ore; needs prices and element grades
  double basket_usd_per_kg = none;  ///< USD per kg of the oxides known in the ore
  double unpriced_share = none;     ///< of the oxides known: those that have no price
  bool treo_stated = false;         ///< from a TREO column rather than summed
};
[[nodiscard]] OxideSums sum_oxides(const OxideSuite& suite, const OxideOptions& options = {});

struct OxideRow {
  OxideSuite suite;
  OxideSums sums;
  std::array<double, rare_earth_count> element;  ///< back-converted, mass fractions
};
struct OxideResult {
  std::vector<OxideRow> rows;
  std::vector<std::string> columns_used;
  std::size_t partial_rows = 0;
  Findings findings;
};

/// Reads the grade columns of a table, converts elements to oxides of the basis and sums them.
/// Oxide columns are taken as they stand, whatever the basis (a finding says when a column holds
/// the form of the other basis). Where an element has both forms in a row, the oxide counts.
/// Errors: "oxides.no_column", "oxides.ambiguous_column", "oxides.negative_grade",
/// "oxides.grade_above_100", "oxides.part_above_total", "unit.missing", "table.bad_number".
[[nodiscard]] OxideResult oxides_of(const Table& table, const OxideOptions& options = {},
                                    const Progress& progress = {});

}  // namespace lode
