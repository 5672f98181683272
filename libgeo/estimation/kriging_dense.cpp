#include "libgeo/estimation/kriging_dense.h"

#include <Eigen/Dense>

namespace lode::kriging {

namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using View = Eigen::Map<const Matrix>;

// Cholesky in place, lower triangle. False when a pivot is no larger than rounding leaves.
bool cholesky(Eigen::Ref<Matrix> matrix, double smallest_of_diagonal) {
  const Vector diagonal = matrix.diagonal();
  Eigen::LLT<Eigen::Ref<Matrix>> llt(matrix);
  if (llt.info() != Eigen::Success) return false;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    const double pivot = matrix(i, i) * matrix(i, i);
    if (!(pivot > smallest_of_diagonal * diagonal(i))) return false;
  }
  return true;
}

}  // namespace

void DenseSystem::factor(const Covariance& covariance, const double* scaled, std::size_t n,
                         const double* drift, std::size_t p) {
  n_ = n;
  p_ = p;
  const std::size_t width = covariance.width(), stride = padded(n);
  std::vector<double> columns(width * stride, 0.0), row(stride);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t c = 0; c < width; ++c) columns[c * stride + i] = scaled[i * width + c];
  factor_.assign(n * n, 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    covariance.row(scaled + j * width, columns.data(), stride, n, 0.0, row.data());
    for (std::size_t i = j; i < n; ++i) factor_[j * n + i] = row[i];
    factor_[j * n + j] = covariance.at_zero();
  }
  const auto size = static_cast<Eigen::Index>(n), terms = static_cast<Eigen::Index>(p);
  Eigen::Map<Matrix> matrix(factor_.data(), size, size);
  good_ = cholesky(matrix, 2e-14) && n >= p;
  drift_.assign(n * p, 0.0);
  schur_.assign(p * p, 0.0);
  if (!good_ || p == 0) return;
  Eigen::Map<Matrix> columns_of_drift(drift_.data(), size, terms);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t q = 0; q < p; ++q) drift_[q * n + i] = drift[i * p + q];
  matrix.triangularView<Eigen::Lower>().solveInPlace(columns_of_drift);
  Eigen::Map<Matrix> schur(schur_.data(), terms, terms);
  schur = columns_of_drift.transpose() * columns_of_drift;
  good_ = cholesky(schur, 1e-10);
}

Solution DenseSystem::solve(const double* with_target, const double* target_drift,
                            double* weights) const {
  Solution solution;
  if (!good_) return solution;
  const auto size = static_cast<Eigen::Index>(n_), terms = static_cast<Eigen::Index>(p_);
  const View matrix(factor_.data(), size, size);
  Vector y = Eigen::Map<const Vector>(with_target, size);
  matrix.triangularView<Eigen::Lower>().solveInPlace(y);
  Vector t = y;
  if (p_ > 0) {
    const View drift(drift_.data(), size, terms), schur(schur_.data(), terms, terms);
    Vector m = Eigen::Map<const Vector>(target_drift, terms) - drift.transpose() * y;
    schur.triangularView<Eigen::Lower>().solveInPlace(m);
    schur.transpose().triangularView<Eigen::Upper>().solveInPlace(m);
    t += drift * m;
  }
  solution.with_target = y.dot(t);
  solution.spread = t.squaredNorm();
  solution.good = true;
  matrix.transpose().triangularView<Eigen::Upper>().solveInPlace(t);
  for (std::size_t i = 0; i < n_; ++i) weights[i * lanes] = t(static_cast<Eigen::Index>(i));
  return solution;
}

Solution DenseSystem::judge(const double* with_target, const double* weights) const {
  const auto size = static_cast<Eigen::Index>(n_);
  const View matrix(factor_.data(), size, size);
  Vector w(size);
  Solution solution;
  for (std::size_t i = 0; i < n_; ++i) {
    w(static_cast<Eigen::Index>(i)) = weights[i * lanes];
    solution.with_target += weights[i * lanes] * with_target[i];
  }
  const Vector t = matrix.transpose().triangularView<Eigen::Upper>() * w;
  solution.spread = t.squaredNorm();
  solution.good = true;
  return solution;
}

bool DenseSystem::leave_one_out(std::vector<std::vector<double>>& values,
                                std::vector<double>& variances) const {
  if (!good_) return false;
  const auto size = static_cast<Eigen::Index>(n_), terms = static_cast<Eigen::Index>(p_);
  const View matrix(factor_.data(), size, size);
  // B = C^-1 - C^-1 F (F' C^-1 F)^-1 F' C^-1; the error at sample i is -(B z)_i / B_ii and its
  // variance 1 / B_ii.
  Matrix inverse = Matrix::Identity(size, size);
  matrix.triangularView<Eigen::Lower>().solveInPlace(inverse);
  if (p_ > 0) {
    const View drift(drift_.data(), size, terms), schur(schur_.data(), terms, terms);
    Matrix side = drift.transpose();
    schur.triangularView<Eigen::Lower>().solveInPlace(side);
    // L^-T (I - Q Q') L^-1 with Q = side': B_ii and B z follow from P = (I - Q Q') L^-1.
    inverse -= side.transpose() * (side * inverse).eval();
  }
  variances.resize(n_);
  const Vector diagonal = inverse.colwise().squaredNorm();
  for (std::size_t i = 0; i < n_; ++i) variances[i] = 1.0 / diagonal(static_cast<Eigen::Index>(i));
  for (auto& column : values) {
    const Eigen::Map<const Vector> z(column.data(), size);
    const Vector product = inverse.transpose() * (inverse * z);
    for (std::size_t i = 0; i < n_; ++i)
      column[i] = -product(static_cast<Eigen::Index>(i)) * variances[i];
  }
  return true;
}

}  // namespace lode::kriging
