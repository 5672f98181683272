// Inside of a disruption: supply as places in lists, one draw of it, and tail figures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/supply/disruption.h"

namespace lode {

/// Mean and spread of figures; percentiles lie between neighbours in proportion, as spreadsheets
/// do.
[[nodiscard]] Spread5 spread_of(std::vector<double> values);

/// Mean, the quantile, and the mean of the worst 1 - confidence of the figures: the figure at the
/// quantile counts with the part of it that is among the worst (Rockafellar, Uryasev 2002).
struct WorstOf {
  double mean = 0.0, value_at_risk = 0.0, cvar = 0.0, standard_error = 0.0;
};
[[nodiscard]] WorstOf worst_of(std::vector<double> values, double confidence);

/// What one country sells of a metal at a stage.
struct SupplyLine {
  std::size_t country = 0;
  double share = 0.0;
  std::vector<double> kept;     ///< by year: what restrictions leave
  std::vector<double> quota_t;  ///< by year; infinite = none
};
struct SupplyStage {
  std::string name;
  std::vector<SupplyLine> lines;
};
/// What one source adds, by year.
struct SupplySite {
  std::size_t country = 0;
  bool secondary = false;
  bool ranged = false;
  std::vector<double> most_t, limit_t;    ///< at its base capacity; infinite = no limit
  std::vector<std::vector<double>> part;  ///< [metal][year]: share of it x what restrictions leave
};

/// What is held of a metal in one place.
struct StockPile {
  double tonnes = 0.0;
  double per_year_t = 0.0;  ///< most that can be drawn in a year; infinite = all
};

/// All of a disruption as places in lists: what every draw works on.
struct DisruptionSetup {
  std::vector<std::string> countries;
  std::vector<double> probability;               ///< by country
  std::vector<int> bloc;                         ///< by country; -1 = by itself
  std::vector<std::string> blocs;                ///< that have several countries which may fail
  std::vector<std::vector<SupplyStage>> stages;  ///< by metal
  std::vector<SupplySite> sites;                 ///< in the order of the sources
  std::vector<std::vector<StockPile>> stock;     ///< by metal
  bool planned = false;  ///< sites make what a plan says, in the place of today's supply
};

/// One metal over the years, in one draw.
struct ShortfallPath {
  std::vector<double> alone, with_sites, with_stock;
  std::vector<int> stage;        ///< that limits, -1 = none
  std::vector<StockPile> stock;  ///< what is left of it
};

/// What is missing: `lost` by country and year ([country * years + year], empty = no failures),
/// `demand` and what the sites give by year.
void shortfalls(const DisruptionSetup& setup, std::size_t metal, const std::vector<double>& demand,
                const std::vector<double>& sites_t, const std::vector<double>& lost,
                ShortfallPath& into);

/// Failures of one draw: the lost share by country and year.
class FailureDraws {
 public:
  FailureDraws(const DisruptionSetup& setup, const DisruptionOptions& options, std::size_t years);
  void draw(std::size_t index, std::vector<double>& lost) const;

 private:
  const DisruptionSetup& setup_;
  const DisruptionOptions& options_;
  std::size_t years_;
  struct Streams {
    std::uint64_t begin, goes_on, severity;
    double threshold = 0.0;
  };
  std::vector<Streams> streams_;
  std::vector<std::uint64_t> bloc_streams_;
};

/// Every draw's shortfalls: [(metal * years + year) * draws + draw].
struct DrawnShortfalls {
  std::vector<double> alone, with_sites, with_stock;
};
[[nodiscard]] DrawnShortfalls drawn_shortfalls(const DisruptionSetup& setup,
                                               const SupplyDemand& demand,
                                               const SupplySources& sources,
                                               const DisruptionOptions& options,
                                               const Progress& progress);

/// Everything checked and put into places; findings and the rules in words go to the result.
[[nodiscard]] DisruptionSetup disruption_setup(
    const SupplyDemand& demand, const std::vector<StageSupply>& today, const SupplySources& sources,
    const std::vector<Restriction>& restrictions, const std::vector<Stockpile>& stock,
    const DisruptionOptions& options, DisruptionResult& result);

}  // namespace lode
