// A variogram model turned into covariances, with places scaled once for every structure.
#pragma once

#include <array>
#include <vector>

#include "libgeo/estimation/kriging_lanes.h"
#include "libgeo/estimation/variogram_model.h"

namespace lode::kriging {

using Place = std::array<double, 3>;

/// C(h) = sill - gamma(h). An unbounded (power) model has a pseudo-covariance level - gamma(h)
/// instead: under the constraint that weights sum to 1 any level gives the same weights and
/// variance (Chiles and Delfiner 2012, section 3.4.2).
class Covariance {
 public:
  Covariance() = default;
  /// `extent_m`: the longest separation of two samples.
  Covariance(const VariogramModel& model, double extent_m);
  /// The same model with all structures turned to these angles.
  [[nodiscard]] Covariance turned(const Angles& angles) const;

  /// Numbers a place takes in `scale`: x y z in ranges of each structure.
  [[nodiscard]] std::size_t width() const { return 3 * codes_.size(); }
  void scale(const Place& place, double* into) const;
  [[nodiscard]] double nugget() const { return nugget_; }
  [[nodiscard]] double at_zero() const { return at_zero_; }
  [[nodiscard]] bool bounded() const { return bounded_; }
  [[nodiscard]] const std::vector<StructureCode>& codes() const { return codes_; }

  /// Covariances of a scaled place with `n` others (see CovarianceRow).
  void row(const double* from, const double* to, std::size_t stride, std::size_t n, double at_zero,
           double* out, bool accumulate = false) const {
    kernels().covariances(
        {codes_.data(), codes_.size(), from, to, stride, padded(n), at_zero, out, accumulate});
  }

 private:
  VariogramModel model_;
  std::vector<StructureCode> codes_;
  std::vector<Matrix3> axes_;
  double nugget_ = 0.0, at_zero_ = 0.0;
  bool bounded_ = true;
};

/// Points that stand for a block of `size` about its centre, as separations from it, and the mean
/// covariance among them. The nugget is the variance of a support far smaller than a block: it
/// averages out within one, so it counts neither here nor between a block and a sample, even where
/// a point falls on the sample (as in GSLIB's kt3d).
struct BlockSupport {
  std::vector<Place> points;
  std::vector<double> scaled;  ///< by point, then as Covariance::scale
  double within = 0.0;
};
[[nodiscard]] BlockSupport block_support(const Covariance& covariance, const Place& size,
                                         const std::array<int, 3>& discretise,
                                         const Matrix3& block_axes);

}  // namespace lode::kriging
