// One large kriging system, factored once and solved for many targets.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/estimation/kriging_covariance.h"

namespace lode::kriging {

/// What a target's solution says besides the weights.
struct Solution {
  double with_target = 0.0;  ///< w'b
  double spread = 0.0;       ///< w'Cw
  bool good = false;
};

/// Covariance form: Cholesky of the covariances, a Schur complement for the drift.
class DenseSystem {
 public:
  /// `scaled`: of `n` samples, as Covariance::scale; `drift`: by sample, then `p` terms.
  void factor(const Covariance& covariance, const double* scaled, std::size_t n,
              const double* drift, std::size_t p);
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t size() const { return n_; }
  /// `target_drift`: p terms. Weight i goes to weights[i * lanes].
  [[nodiscard]] Solution solve(const double* with_target, const double* target_drift,
                               double* weights) const;
  /// The spread and w'b of weights that are not the solution.
  [[nodiscard]] Solution judge(const double* with_target, const double* weights) const;
  /// Leave-one-out at every sample at once (Dubrule 1983): the error estimate - value of each
  /// column of `values` (by column, then sample) in place, and the variances. False when the
  /// system was not solved.
  [[nodiscard]] bool leave_one_out(std::vector<std::vector<double>>& values,
                                   std::vector<double>& variances) const;

 private:
  std::size_t n_ = 0, p_ = 0;
  bool good_ = false;
  std::vector<double> factor_;  ///< by column
  std::vector<double> drift_;   ///< L^-1 F by column
  std::vector<double> schur_;   ///< Cholesky factor of F' C^-1 F by column
};

}  // namespace lode::kriging
