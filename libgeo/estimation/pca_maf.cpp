#include "libgeo/estimation/pca_maf.h"

#include <Eigen/Eigenvalues>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

Eigen::Index at(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

// Correlations of the scores: their means are 0 by construction, up to the steps of the table.
MatrixXd correlations(const std::vector<std::vector<double>>& scores,
                      const std::vector<double>& weights) {
  const std::size_t n = scores.size();
  MatrixXd matrix = MatrixXd::Zero(at(n), at(n));
  for (std::size_t s = 0; s < scores.front().size(); ++s)
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b <= a; ++b)
        matrix(at(a), at(b)) += (weights.empty() ? 1.0 : weights[s]) * scores[a][s] * scores[b][s];
  const VectorXd scale = matrix.diagonal().cwiseSqrt();
  for (Eigen::Index a = 0; a < matrix.rows(); ++a)
    for (Eigen::Index b = 0; b <= a; ++b) {
      const double product = scale(a) * scale(b);
      const double value = product > 0.0 ? matrix(a, b) / product : (a == b ? 1.0 : 0.0);
      matrix(a, b) = matrix(b, a) = value;
    }
  return matrix;
}

// Eigenvectors have no sign of their own: the largest part is made positive.
void fix_signs(MatrixXd& vectors) {
  for (Eigen::Index column = 0; column < vectors.cols(); ++column) {
    Eigen::Index largest = 0;
    vectors.col(column).cwiseAbs().maxCoeff(&largest);
    if (vectors(largest, column) < 0.0) vectors.col(column) = -vectors.col(column);
  }
}

MatrixXd semivariances_at_lag(const Samples& samples, const MatrixXd& factors, double lag_m,
                              std::size_t& pairs, const Progress& progress) {
  const Eigen::Index n = factors.cols();
  MatrixXd sum = MatrixXd::Zero(n, n);
  pairs = 0;
  const double least = 0.25 * lag_m * lag_m, most = 2.25 * lag_m * lag_m;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % 64 == 0) progress.check();
    for (std::size_t j = i + 1; j < samples.size(); ++j) {
      const double dx = samples.x[i] - samples.x[j], dy = samples.y[i] - samples.y[j],
                   dz = samples.z[i] - samples.z[j];
      const double square = dx * dx + dy * dy + dz * dz;
      if (square < least || square >= most) continue;
      const VectorXd step = (factors.row(at(i)) - factors.row(at(j))).transpose();
      sum.noalias() += step * step.transpose();
      ++pairs;
    }
  }
  if (pairs < 10 * static_cast<std::size_t>(n))
    throw Error("simulate.maf_lag",
                std::to_string(pairs) + " pairs of samples lie about " + number_text(lag_m) +
                    " m apart; " + std::to_string(10 * n) + " are needed",
                "--maf-lag", "Give the samples' usual spacing.");
  return sum / (2.0 * static_cast<double>(pairs));
}

void store(FactorTransform& transform, const MatrixXd& forward, const MatrixXd& backward) {
  const std::size_t n = transform.count;
  transform.forward.resize(n * n);
  transform.backward.resize(n * n);
  for (std::size_t row = 0; row < n; ++row)
    for (std::size_t column = 0; column < n; ++column) {
      transform.forward[row * n + column] = forward(at(row), at(column));
      transform.backward[row * n + column] = backward(at(row), at(column));
    }
}

void multiply(const std::vector<double>& matrix, std::size_t n, const double* from, double* to) {
  for (std::size_t column = 0; column < n; ++column) {
    double sum = 0.0;
    for (std::size_t row = 0; row < n; ++row) sum += from[row] * matrix[row * n + column];
    to[column] = sum;
  }
}

}  // namespace

std::string_view to_text(Decorrelation method) {
  switch (method) {
    case Decorrelation::none:
      return "none";
    case Decorrelation::pca:
      return "pca";
    case Decorrelation::maf:
      return "maf";
  }
  return "";
}

void FactorTransform::to_factors(const double* scores, double* factors) const {
  multiply(forward, count, scores, factors);
}

void FactorTransform::to_scores(const double* factors, double* scores) const {
  multiply(backward, count, factors, scores);
}

FactorTransform decorrelate(const Samples& samples, const std::vector<std::vector<double>>& scores,
                            const std::vector<double>& weights, Decorrelation method, double lag_m,
                            const Progress& progress) {
  FactorTransform transform;
  const std::size_t n = transform.count = scores.size();
  if (method == Decorrelation::none) {
    const MatrixXd same = MatrixXd::Identity(at(n), at(n));
    store(transform, same, same);
    return transform;
  }
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(correlations(scores, weights));
  // Ascending from the solver; the largest component comes first.
  const VectorXd values = solver.eigenvalues().reverse();
  MatrixXd vectors = solver.eigenvectors().rowwise().reverse();
  fix_signs(vectors);
  if (!(values(at(n) - 1) > 1e-10 * values(0)))
    throw Error("simulate.collinear", "one of the variables follows from the others", "--value",
                "Leave one out, e.g. the total of the others, and add it up afterwards.");
  MatrixXd forward = vectors * values.cwiseSqrt().cwiseInverse().asDiagonal();
  MatrixXd backward = values.cwiseSqrt().asDiagonal() * vectors.transpose();
  for (std::size_t i = 0; i < n; ++i)
    transform.measure.push_back(values(at(i)) / static_cast<double>(n));
  if (method == Decorrelation::maf) {
    MatrixXd table(at(samples.size()), at(n));
    for (std::size_t v = 0; v < n; ++v)
      for (std::size_t s = 0; s < samples.size(); ++s) table(at(s), at(v)) = scores[v][s];
    const MatrixXd at_lag =
        semivariances_at_lag(samples, table * forward, lag_m, transform.pairs, progress);
    const Eigen::SelfAdjointEigenSolver<MatrixXd> second(at_lag);
    MatrixXd turn = second.eigenvectors();
    fix_signs(turn);
    forward = forward * turn;
    backward = turn.transpose() * backward;
    for (std::size_t i = 0; i < n; ++i) transform.measure[i] = second.eigenvalues()(at(i));
  }
  store(transform, forward, backward);
  return transform;
}

}  // namespace lode
