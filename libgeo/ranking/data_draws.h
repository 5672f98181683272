// Criterion values of one draw, for any range of sites: a function of seed, site id and draw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/ranking/methods.h"
#include "libgeo/ranking/uncertainty.h"

namespace lode {

/// Values of sites with their spread. Criteria of one spread group share a site's random number;
/// with a correlation below 1, or one between sites, normal scores are mixed instead:
/// z = sqrt(c) Z(draw, group) + sqrt(r - c) S(draw, site, group) + sqrt(1 - r) E(draw, site,
/// criterion), u = Phi(z), where r is the criterion's `spread_correlation` and c its
/// `spread_common`: a Gaussian copula.
class DataSampler {
 public:
  /// Errors: "ranking.spread_order", "ranking.spread_not_positive", "ranking.cell_draws",
  /// "ranking.option".
  DataSampler(const PreparedMethod& prepared, const DrawInputs& inputs, const DrawOptions& options);

  [[nodiscard]] bool varies() const { return varies_; }
  /// What the user should know: realizations that repeat or do not pair.
  [[nodiscard]] const Findings& findings() const { return findings_; }
  /// Values of criterion j for sites [from, to) in draw d; `u` is scratch of as many.
  void column(std::size_t d, std::size_t j, std::size_t from, std::size_t to, double* u,
              double* value) const;

 private:
  struct Cell {
    std::size_t site = 0;
    const CellDraws* draws = nullptr;  ///< null: a cell that only sample_value can do
  };
  struct Column {
    bool varies = false;
    bool logs = false;  ///< drawn in logarithms, which are kept
    bool mixed = false;
    Spread spread = Spread::p10_p90;
    std::size_t group = 0;
    double common = 0.0, shared = 1.0, own = 0.0;  ///< what normal scores are multiplied by
    std::vector<double> low, base, high;           ///< logarithms
    std::vector<Cell> special;                     ///< by site
  };

  void prepare_column(std::size_t j);
  void take_cells(const std::vector<CellDraws>& cells);
  void mix(std::size_t d, std::size_t j, std::size_t from, std::size_t to, double* u) const;
  [[nodiscard]] double low_of(std::size_t k) const;
  [[nodiscard]] double high_of(std::size_t k) const;

  const std::vector<Criterion>& criteria_;
  const DrawInputs& inputs_;
  std::size_t n_, m_;
  std::uint64_t seed_;
  std::size_t draws_;
  bool varies_ = false;
  std::vector<Column> columns_;
  std::vector<std::uint64_t> stream_, own_stream_;
  std::vector<double> none_;  ///< a column without spread
  Findings findings_;
};

/// Row methods on a scale that no site's value moves: merits straight from the values of a few
/// sites, without a table a draw. The same bits as prepare_method and merits.
class StreamedMerits {
 public:
  static constexpr std::size_t most_sites = 256;

  explicit StreamedMerits(const PreparedMethod& prepared);
  /// True when `prepared` can be streamed: wsm, wpm, waspas, topsis, spotis (without targets), owa
  /// and fuzzy, normalised by bounds that are stated for every criterion, or value functions.
  [[nodiscard]] static bool possible(const PreparedMethod& prepared);
  /// Merits of sites [from, to), at most 256, in draw d under `weights`, into `merit[0 ..)`.
  void merits(const DataSampler& data, std::size_t d, std::size_t from, std::size_t to,
              const double* weights, double* merit);

 private:
  void fill_merits(std::size_t j, const double* value, std::size_t count, double* merit) const;

  const PreparedMethod& prepared_;
  PreparedMethod local_;
  std::vector<double> u_, value_;
  std::vector<double> far_, near_;
};

}  // namespace lode
