// The supply cost curve of a metal: sources by cost, cumulated, with bands and price lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/progress.h"
#include "libgeo/supply/economics.h"

namespace lode {

struct CostCurveOptions {
  std::string metal;          ///< "" = as in EconomicsOptions
  int year = 0;               ///< only what could run then; 0 = everything at full rate
  int base_year = 0;          ///< of the decisions; 0 = as in EconomicsOptions
  std::size_t draws = 10000;  ///< of capacity, opex, capex and prices; 0 = no bands
  std::size_t grid = 100;     ///< points of the bands
  std::uint64_t seed = 1;
  int jobs = 0;
  std::vector<std::pair<std::string, double>> price_lines;  ///< name, USD/kg of the metal
  EconomicsOptions economics;  ///< how cost is reckoned; its draws do not count here
};

/// One source on the curve. Base is the figure at the base figures, as `site_economics` gives it;
/// low and high are P10 and P90 of the draws, those of `site_economics` with the same seed.
struct CostStep {
  std::string id, name, country, group, kind;
  LowBaseHigh usd_per_kg;        ///< levelised, of the metal, by-products credited; may be below 0
  LowBaseHigh tonnes;            ///< a year, of the metal
  double from_t = 0.0;           ///< cumulated before this source, in order of base cost
  double cash_usd_per_kg = 0.0;  ///< without capex, closure, working capital and their credits
};

struct CostCurve {
  std::string metal, currency;
  int price_year = 0, year = 0, base_year = 0;
  std::vector<CostStep> steps;  ///< cheapest first, ties by id
  /// Marginal cost at a cumulated tonnage over the draws, each of which sorts its own costs: P10,
  /// P50, P90. A draw that ends before costs more than any there: P90 is NaN where a tenth of the
  /// draws end before, P50 where most do.
  struct Band {
    double tonnes = 0.0;
    LowBaseHigh usd_per_kg;
  };
  std::vector<Band> bands;
  struct Line {
    std::string name;
    double usd_per_kg = 0.0;
    LowBaseHigh tonnes;       ///< base at the base figures, low and high P10 and P90 of the draws
    std::size_t sources = 0;  ///< at the base figures
  };
  std::vector<Line> lines;            ///< what covers its cost at a price, that price included
  std::vector<std::string> left_out;  ///< "AU07: none of the metal", in words
  Findings findings;
};

/// Sources without any of the metal, without a cost, or that make nothing (then) are left out and
/// said. Errors: those of `site_economics`; "supply.curve_option", "supply.length". Findings: those of
/// `site_economics`; "supply.curve_empty", "supply.cost_below_zero", "supply.no_range".
[[nodiscard]] CostCurve cost_curve(const SupplySources& sources, const PricePath& prices,
                                   const CostCurveOptions& options = {},
                                   const Progress& progress = {});

}  // namespace lode
