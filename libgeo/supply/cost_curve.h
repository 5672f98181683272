// The supply cost curve of a metal: sources by cost, cumulated, with bands and price lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/progress.h"
#include "libgeo/supply/economics.h"

namespace lode {

struct CostCurveOptions {
  std::string metal;          ///< "" = as in EconomicsOptions
  int year = 0;               ///< only what could run then; 0 = everything at full rate
  int base_year = 0;          ///< of the decisions, for `year`
  std::size_t draws = 10000;  ///< of capacity and cost; 0 = no bands
  std::size_t grid = 100;     ///< points of the bands
  std::uint64_t seed = 1;
  int jobs = 0;
  std::vector<std::pair<std::string, double>> price_lines;  ///< name, USD/kg of the metal
  EconomicsOptions economics;  ///< how cost is reckoned; its draws do not count here
};

/// One source on the curve. Low, base, high are P10, P50, P90; tonnes a year of the metal.
struct CostStep {
  std::string id, name, country, group, kind;
  LowBaseHigh usd_per_kg;  ///< levelised, of the metal, by-products credited
  LowBaseHigh tonnes;
  double from_t = 0.0;           ///< cumulated before this source, in order of base cost
  double cash_usd_per_kg = 0.0;  ///< without capex
};

struct CostCurve {
  std::string metal, currency;
  int price_year = 0, year = 0;
  std::vector<CostStep> steps;  ///< cheapest first, ties by id
  struct Band {
    double tonnes = 0.0;
    LowBaseHigh usd_per_kg;
  };  ///< NaN where most draws end before
  std::vector<Band> bands;
  struct Line {
    std::string name;
    double usd_per_kg = 0.0;
    LowBaseHigh tonnes;
    std::size_t sources = 0;
  };
  std::vector<Line> lines;            ///< what covers its cost at a price
  std::vector<std::string> left_out;  ///< "AU07: none of the metal", in words
  Findings findings;
};

/// Sources without any of the metal, or without a cost, are left out and said.
[[nodiscard]] CostCurve cost_curve(const SupplySources& sources, const PricePath& prices,
                                   const CostCurveOptions& options = {},
                                   const Progress& progress = {});

}  // namespace lode
