// From the distribution of samples to that of blocks: what tonnage and grade a cut-off will leave.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/estimation/variogram_model.h"

namespace lode {

/// Mean semivariance between two points that wander through a block (Journel and Huijbregts 1978,
/// section II.D.2), by Gauss-Legendre quadrature of 32 points an axis over the separation: about
/// 1e-6 of the sill where ranges exceed the block, 1e-3 where they are far shorter. A size of 0 is
/// a plate, a line or a point. The block turns about z as a BlockGrid does.
/// Errors "support.block_size" and those of `check_model`.
[[nodiscard]] double mean_gamma_in_block(const VariogramModel& model,
                                         const std::array<double, 3>& size_m,
                                         double rotation_deg = 0.0);
/// Variance of blocks as a share of that of points: 1 - mean gamma in the block / sill.
/// Error "support.unbounded" for a model without a sill.
[[nodiscard]] double block_variance_share(const VariogramModel& model,
                                          const std::array<double, 3>& size_m,
                                          double rotation_deg = 0.0);

/// Values with weights, from low to high, equal ones joined; weights sum to 1.
struct Distribution {
  std::vector<double> value, weight;
  [[nodiscard]] double mean() const;
  [[nodiscard]] double variance() const;
  /// Smallest value whose cumulated weight reaches p.
  [[nodiscard]] double quantile(double p) const;
};
/// NaN and weights of 0 are left out; no weights = all alike.
/// Errors "support.no_values", "support.weight".
[[nodiscard]] Distribution distribution_of(const std::vector<double>& values,
                                           const std::vector<double>& weights = {});

/// One cut-off, inclusive. Metal is tonnage_share * mean_above, per unit of the whole tonnage.
struct Selectivity {
  double cutoff = 0.0, tonnage_share = 0.0, mean_above = 0.0, metal = 0.0;
};
[[nodiscard]] std::vector<Selectivity> grade_tonnage(const Distribution& points,
                                                     const std::vector<double>& cutoffs);

/// Gaussian anamorphosis z = phi(y): the values by normal quantile, and its expansion in Hermite
/// polynomials normed to variance 1, H0 = 1, H1 = y (Rivoirard 1994; Chiles and Delfiner 2012,
/// section 6.2), by exact integration of the steps.
class Anamorphosis {
 public:
  explicit Anamorphosis(Distribution points, std::size_t order = 200);

  [[nodiscard]] const Distribution& points() const { return points_; }
  [[nodiscard]] const std::vector<double>& coefficients() const { return coefficients_; }
  /// Expectation of z given a normal score y that has correlation r with the point's: the
  /// anamorphosis of blocks, all terms of the expansion taken in. It rises with y.
  [[nodiscard]] double at(double y, double r) const;
  /// Variance of that: the expansion's sum of coefficient^2 r^(2k), k from 1.
  [[nodiscard]] double variance(double r) const;
  /// The r at which the variance is this share of the points'. Error "support.share" unless it is
  /// above 0 and at most 1.
  [[nodiscard]] double coefficient_for(double variance_share) const;

 private:
  Distribution points_;
  std::vector<double> score_;  ///< upper edge of each value's class
  std::vector<double> coefficients_;
};

/// Discrete Gaussian model (Matheron 1976): blocks have normal scores of their own, correlated by r
/// with those of a point in them.
class DiscreteGaussian {
 public:
  DiscreteGaussian(const Anamorphosis& anamorphosis, double r, int jobs = 0,
                   const Progress& progress = {});
  [[nodiscard]] double r() const { return r_; }
  [[nodiscard]] std::vector<Selectivity> curve(const std::vector<double>& cutoffs) const;
  /// Uniform conditioning (Rivoirard 1994, chapter 8): blocks of a panel whose estimate is
  /// `panel_mean`; `panel_r` belongs to the variance of the panels' estimates.
  /// Error "support.panel" unless 0 < panel_r < r.
  [[nodiscard]] std::vector<Selectivity> in_panel(double panel_mean, double panel_r,
                                                  const std::vector<double>& cutoffs) const;

 private:
  [[nodiscard]] double score_of(double cutoff, double r) const;
  [[nodiscard]] double grade_at(double score) const;
  const Anamorphosis* anamorphosis_;
  double r_;
  std::vector<double> table_;  ///< block grade at scores from -limit to limit
};

/// Affine correction: the same shape, the spread drawn in (Journel and Huijbregts 1978, p. 471).
[[nodiscard]] Distribution affine_correction(const Distribution& points, double variance_share);
/// Indirect lognormal correction, z' = a z^b, then brought back to the mean (Isaaks and Srivastava
/// 1989, p. 472). Error "support.not_positive" unless all values are above 0.
[[nodiscard]] Distribution indirect_lognormal_correction(const Distribution& points,
                                                         double variance_share);

}  // namespace lode
