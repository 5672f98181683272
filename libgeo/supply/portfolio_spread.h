// Concentration of a portfolio in its programme: shares of countries, tangents to their squares.
#pragma once

#include <limits>
#include <utility>
#include <vector>

#include "libgeo/supply/portfolio_parts.h"

namespace lode {

/// A place where shares of countries are squared: a metal in a year, with its weight in the mean.
struct SpreadCell {
  std::size_t m = 0, t = 0;
  double supply = 0.0, weight = 0.0;
};

/// Cells where there is supply, by what is lacking ([metal * years + year]; empty = nothing).
[[nodiscard]] std::vector<SpreadCell> spread_cells(const PortfolioModel& model,
                                                   const SupplyDemand& demand,
                                                   const std::vector<double>& lack);

/// Shares of countries from variables, and the tangents to their squares. The model is one with
/// `ModelTerms::spread`; it must live as long as this. Where a country's sources are begun in
/// fractions y of 1 in all, its share x counts as x^2 / y, which is x^2 for every whole solution
/// and more for all others: the perspective of a square (Frangioni and Gentile 2006, Mathematical
/// Programming 106).
class Tangents {
 public:
  Tangents(const SupplySources& sources, PortfolioModel& model, std::vector<SpreadCell> cells);
  /// The mean HHI as a row's terms.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, double>> mean() const;
  /// The mean HHI of a solution itself, not of its tangents; with x^2 / y where it has fractions.
  [[nodiscard]] double hhi(const std::vector<double>& values) const;
  /// Tangents where the squares lie above what the programme thinks.
  void refine(const std::vector<double>& values);

 private:
  [[nodiscard]] std::size_t place(std::size_t c, const SpreadCell& cell) const {
    return (c * model_.metals + cell.m) * model_.years + cell.t;
  }
  void find_open(const SupplySources& sources);
  /// How much of a country's sources is begun, 1 at most.
  [[nodiscard]] double part_open(std::size_t c, const SpreadCell& cell,
                                 const std::vector<double>& values) const;
  [[nodiscard]] double square(std::size_t c, const SpreadCell& cell,
                              const std::vector<double>& values) const;
  /// At a share of what is begun: of `open` where that is not all.
  void touch(std::size_t at, const SpreadCell& cell, double share,
             const std::vector<std::uint32_t>* open);

  /// What a country's sources are open by in a year.
  struct Open {
    std::vector<std::uint32_t> when;
    bool always = false;
  };

  PortfolioModel& model_;
  std::vector<SpreadCell> cells_;
  std::vector<Open> open_;  ///< [country * years + year]
};

/// The portfolio's programme of shares, with what is lacking held to `lack`.
[[nodiscard]] PortfolioModel spread_model(const SupplySources& sources, const SupplyDemand& demand,
                                          const PortfolioPolicy& policy, ModelAim aim,
                                          const std::vector<double>& lack);

/// A solution of least HHI, or with `most` of least cost below that HHI, each to `slack`.
struct SpreadResult {
  ProgrammeResult result;  ///< of the last programme
  PortfolioModel model;
  double hhi = std::numeric_limits<double>::quiet_NaN();    ///< of the solution
  double bound = std::numeric_limits<double>::quiet_NaN();  ///< no solution has less
};
[[nodiscard]] SpreadResult least_spread(const SupplySources& sources, const SupplyDemand& demand,
                                        const PortfolioPolicy& policy,
                                        const std::vector<double>& lack, double most, double slack,
                                        const Progress& progress);

}  // namespace lode
