// Total rare earth oxides split into elements, country by country, by what each one's ore holds.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/supply/concentration.h"

namespace lode {

/// The elements of a composition, in the order of its columns.
inline constexpr std::array<std::string_view, 15> composition_elements = {
    "La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y"};

/// What one source holds, in % of its rare earth oxides.
struct Composition {
  std::string country;
  std::string material;  ///< "bastnaesite, Bayan Obo"; may be empty
  /// The stage that it is of: "" = the mine (it is that of the ore), "any" = every stage.
  std::string stage;
  /// Of the country's output; NaN = what its other sources leave, in equal parts.
  double share = std::numeric_limits<double>::quiet_NaN();
  std::array<double, 15> percent{};  ///< NaN counts as 0
};

/// What becomes of a country that has no composition.
enum class NoComposition {
  exclude,        ///< in no element's shares, and said
  world_average,  ///< the mean of the others, weighted by output
  refuse
};
[[nodiscard]] std::string_view to_text(NoComposition rule);
/// Error "supply.unknown_choice".
[[nodiscard]] NoComposition parse_no_composition(std::string_view text,
                                                 const std::string& where = {});

/// Which oxides the percentages count: those of trade (CeO2, Pr6O11, Tb4O7, else M2O3) or M2O3
/// throughout. Amounts are contained oxide of the same kind; nothing is converted.
enum class SplitBasis { trade, sesquioxide };
[[nodiscard]] std::string_view to_text(SplitBasis basis);
[[nodiscard]] SplitBasis parse_split_basis(std::string_view text, const std::string& where = {});

/// An element, or several counted together: "Nd", "NdPr" = Nd + Pr, "DyTb", "MREO", "TREO" = all.
struct ElementGroup {
  std::string name;
  std::vector<std::size_t> elements;  ///< places in `composition_elements`
};
/// Symbols written together ("NdPr", "DyTb"), "MREO" = NdPrDyTb, "TREO" = all. Error
/// "supply.unknown_element".
[[nodiscard]] ElementGroup parse_element_group(std::string_view text,
                                               const std::string& where = {});
/// The same of a column's name, whose case may have got lost: "ndpr" = "NdPr". What is written with
/// capitals is read as it stands.
[[nodiscard]] ElementGroup element_group_of_column(std::string_view text,
                                                   const std::string& where = {});
/// Several of them. Error "supply.duplicate_element" when one is named twice.
[[nodiscard]] std::vector<ElementGroup> parse_element_groups(const std::vector<std::string>& words,
                                                             const std::string& where);

struct SplitOptions {
  std::vector<ElementGroup> groups;
  NoComposition without = NoComposition::exclude;
  SplitBasis basis = SplitBasis::trade;
};

struct SplitProduction {
  std::vector<Production> parts;     ///< by group, in their order
  double covered = 0.0;              ///< share of the TREO whose country has a composition
  std::vector<std::string> without;  ///< countries with output and none, Other among them
  std::string how;                   ///< the rules that were applied, in words
  Findings findings;
};

/// True for a table of all rare earths together: no element, TREO, REO, REE or "rare earths".
[[nodiscard]] bool is_total_oxide(std::string_view element);

/// True when some row describes what stands at this stage; the mine is "", "mine", "mining" or
/// "extraction".
[[nodiscard]] bool has_composition(const std::vector<Composition>& compositions,
                                   std::string_view stage);

/// Splits total oxide by country. Rows of percentages are scaled to 100 and those off by more than
/// 0.5 are said; a row of `production` named as total is left out, for it holds no elements.
/// Errors: "supply.composition" (a row below 0, without a figure, or off 100 by more than 20),
/// "supply.shares_over_one" (sources of a country), "supply.no_composition" by the rule refuse, or
/// when no country at all has one.
[[nodiscard]] SplitProduction split_by_element(const Production& production,
                                               const std::vector<Composition>& compositions,
                                               const SplitOptions& options,
                                               const ConcentrationOptions& names = {});

}  // namespace lode
