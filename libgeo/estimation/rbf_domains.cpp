#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/estimation/rbf_parts.h"

namespace lode::rbf {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Stops that a matrix of thousands would take seconds to hear.
constexpr Eigen::Index block = 128;

// Cholesky in place of the lower triangle, by blocks, with a look for a stop between them.
bool factor(MatrixXd& a, const Progress& progress) {
  const Eigen::Index n = a.rows();
  for (Eigen::Index k = 0; k < n; k += block) {
    progress.check();
    const Eigen::Index w = std::min(block, n - k), rest = n - k - w;
    const Eigen::LLT<MatrixXd> small(a.block(k, k, w, w));
    if (small.info() != Eigen::Success) return false;
    const MatrixXd lower = small.matrixL();
    a.block(k, k, w, w) = lower;
    if (rest == 0) continue;
    auto below = a.block(k + w, k, rest, w);
    lower.triangularView<Eigen::Lower>().transpose().solveInPlace<Eigen::OnTheRight>(below);
    a.block(k + w, k + w, rest, rest).selfadjointView<Eigen::Lower>().rankUpdate(below, -1.0);
  }
  return true;
}

}  // namespace

// The interpolant of some of the data, solved on the space that the drift leaves: there the kernel
// is positive definite (Micchelli 1986), whether or not the places fix the drift.
struct LocalSolutions::Solver {
  Solver(const System& system, const std::vector<std::uint32_t>& data, const Progress& progress) {
    const auto n = static_cast<Eigen::Index>(data.size());
    MatrixXd a(n, n);
    for (Eigen::Index j = 0; j < n; ++j) {
      if (j % 64 == 0) progress.check();
      for (Eigen::Index i = j; i < n; ++i)
        a(i, j) = a(j, i) =
            system.element(data[static_cast<std::size_t>(i)], data[static_cast<std::size_t>(j)]);
      a(j, j) += system.smoothing;
    }
    MatrixXd p(n, static_cast<Eigen::Index>(system.terms));
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto row = system.drift(data[static_cast<std::size_t>(i)]);
      for (Eigen::Index t = 0; t < p.cols(); ++t) p(i, t) = row[static_cast<std::size_t>(t)];
    }
    if (p.cols() > 0) {
      drift.setThreshold(1e-10);
      drift.compute(p);
      rank = drift.rank();
      a.applyOnTheLeft(drift.householderQ().adjoint());
      a.applyOnTheRight(drift.householderQ());
    }
    size = n - rank;
    if (size == 0) return;
    lower = a.bottomRightCorner(size, size);
    a.resize(0, 0);
    const MatrixXd whole = size > 1000 ? MatrixXd() : lower;
    double lift = 0.0;
    while (!factor(lower, progress)) {
      // Rounding: data so close that they are one for the arithmetic. Lifted, it still serves as
      // a preconditioner; the residual says whether that was enough.
      lift = lift == 0.0 ? 1e-14 : lift * 100.0;
      if (lift > 1e-2)
        throw Error("rbf.not_converged", "the data contradict one another within rounding", "",
                    "Look for places that all but coincide, or allow --smoothing.");
      if (whole.rows() == size)
        lower = whole;
      else
        lower = assembled(system, data, progress);
      lower.diagonal().array() += lift * static_cast<double>(size);
    }
  }

  MatrixXd assembled(const System& system, const std::vector<std::uint32_t>& data,
                     const Progress& progress) const {
    const auto n = static_cast<Eigen::Index>(data.size());
    MatrixXd a(n, n);
    for (Eigen::Index j = 0; j < n; ++j) {
      if (j % 64 == 0) progress.check();
      for (Eigen::Index i = 0; i < n; ++i)
        a(i, j) =
            system.element(data[static_cast<std::size_t>(i)], data[static_cast<std::size_t>(j)]);
      a(j, j) += system.smoothing;
    }
    if (system.terms > 0) {
      a.applyOnTheLeft(drift.householderQ().adjoint());
      a.applyOnTheRight(drift.householderQ());
    }
    return a.bottomRightCorner(size, size);
  }

  [[nodiscard]] VectorXd solve(const VectorXd& right) const {
    VectorXd y = right;
    if (drift.cols() > 0) y.applyOnTheLeft(drift.householderQ().adjoint());
    y.head(rank).setZero();
    auto tail = y.tail(size);
    lower.triangularView<Eigen::Lower>().solveInPlace(tail);
    lower.triangularView<Eigen::Lower>().transpose().solveInPlace(tail);
    if (drift.cols() > 0) y.applyOnTheLeft(drift.householderQ());
    return y;
  }

  Eigen::ColPivHouseholderQR<MatrixXd> drift{0, 0};
  MatrixXd lower;
  Eigen::Index rank = 0, size = 0;
};

namespace {

struct Bounds {
  std::array<double, 3> lower, upper;
  [[nodiscard]] double distance2(const std::array<double, 3>& p) const {
    double sum = 0.0;
    for (std::size_t a = 0; a < 3; ++a) {
      const double out = std::max({lower[a] - p[a], p[a] - upper[a], 0.0});
      sum += out * out;
    }
    return sum;
  }
};

Bounds bounds_of(const std::vector<std::array<double, 3>>& middle, const std::uint32_t* begin,
                 const std::uint32_t* end) {
  Bounds box{middle[*begin], middle[*begin]};
  for (const std::uint32_t* d = begin; d != end; ++d)
    for (std::size_t a = 0; a < 3; ++a) {
      box.lower[a] = std::min(box.lower[a], middle[*d][a]);
      box.upper[a] = std::max(box.upper[a], middle[*d][a]);
    }
  return box;
}

// Halves runs of data across their longest side until none is larger than a leaf.
void halve(const std::vector<std::array<double, 3>>& middle, std::uint32_t* begin,
           std::uint32_t* end, std::size_t leaf, std::vector<std::vector<std::uint32_t>>& leaves) {
  const auto n = static_cast<std::size_t>(end - begin);
  if (n <= leaf) {
    leaves.emplace_back(begin, end);
    return;
  }
  const Bounds box = bounds_of(middle, begin, end);
  std::size_t axis = 0;
  for (std::size_t a = 1; a < 3; ++a)
    if (box.upper[a] - box.lower[a] > box.upper[axis] - box.lower[axis]) axis = a;
  std::uint32_t* half = begin + n / 2;
  std::nth_element(begin, half, end, [&](std::uint32_t a, std::uint32_t b) {
    return middle[a][axis] != middle[b][axis] ? middle[a][axis] < middle[b][axis] : a < b;
  });
  halve(middle, begin, half, leaf, leaves);
  halve(middle, half, end, leaf, leaves);
}

}  // namespace

LocalSolutions::~LocalSolutions() = default;

LocalSolutions::LocalSolutions(const System& system, std::size_t dense_limit,
                               const Progress& progress)
    : system_(system) {
  constexpr std::size_t leaf = 240, most_coarse = 1800;
  cut(system.size <= dense_limit ? system.size : leaf);
  if (parts_.size() > 1) choose_coarse(std::clamp<std::size_t>(most_coarse / parts_.size(), 2, 24));
  parallel_blocks(parts_.size(), 1, system.jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t) {
                    for (std::size_t p = begin; p < end; ++p)
                      parts_[p].solver = std::make_unique<Solver>(system, parts_[p].data, progress);
                  });
  if (!coarse_.data.empty())
    coarse_.solver = std::make_unique<Solver>(system, coarse_.data, progress);
}

void LocalSolutions::cut(std::size_t leaf) {
  std::vector<std::array<double, 3>> middle(system_.size);
  std::vector<std::uint32_t> order(system_.size);
  for (std::size_t d = 0; d < system_.size; ++d) {
    middle[d] = system_.middle(d);
    order[d] = static_cast<std::uint32_t>(d);
  }
  std::vector<std::vector<std::uint32_t>> leaves;
  halve(middle, order.data(), order.data() + order.size(), leaf, leaves);
  parts_.resize(leaves.size());
  parallel_blocks(leaves.size(), 1, system_.jobs, [&](std::size_t p, std::size_t, std::size_t) {
    Part& part = parts_[p];
    part.data = leaves[p];
    std::sort(part.data.begin(), part.data.end());
    part.own = part.data.size();
    if (leaves.size() == 1) return;
    const Bounds box = bounds_of(middle, leaves[p].data(), leaves[p].data() + leaves[p].size());
    std::vector<char> own(system_.size, 0);
    for (const std::uint32_t d : part.data) own[d] = 1;
    std::vector<std::pair<double, std::uint32_t>> around;
    for (std::size_t d = 0; d < system_.size; ++d)
      if (own[d] == 0) around.emplace_back(box.distance2(middle[d]), static_cast<std::uint32_t>(d));
    const auto take = static_cast<std::ptrdiff_t>(std::min(around.size(), part.own));
    std::nth_element(around.begin(), around.begin() + take - 1, around.end());
    std::sort(around.begin(), around.begin() + take);
    for (std::ptrdiff_t i = 0; i < take; ++i)
      part.data.push_back(around[static_cast<std::size_t>(i)].second);
  });
}

// From each part those of its data that lie farthest from the ones chosen before.
void LocalSolutions::choose_coarse(std::size_t each) {
  for (const Part& part : parts_) {
    std::vector<double> far(part.own, std::numeric_limits<double>::infinity());
    std::size_t at = 0;
    for (std::size_t c = 0; c < std::min(each, part.own); ++c) {
      coarse_.data.push_back(part.data[at]);
      const auto chosen = system_.middle(part.data[at]);
      far[at] = -1.0;
      for (std::size_t i = 0; i < part.own; ++i) {
        const auto other = system_.middle(part.data[i]);
        double d2 = 0.0;
        for (std::size_t a = 0; a < 3; ++a) d2 += (other[a] - chosen[a]) * (other[a] - chosen[a]);
        if (far[i] >= 0.0) far[i] = std::min(far[i], d2);
      }
      at = static_cast<std::size_t>(std::max_element(far.begin(), far.end()) - far.begin());
    }
  }
}

void LocalSolutions::apply(const DriftBasis& drift, const Vector& residual, Vector& weights,
                           const Progress& progress) const {
  weights.assign(system_.size, 0.0);
  const auto solve = [](const Part& part, const Vector& of) {
    VectorXd right(static_cast<Eigen::Index>(part.data.size()));
    for (std::size_t i = 0; i < part.data.size(); ++i) right[static_cast<Eigen::Index>(i)] = of[i];
    return part.solver->solve(right);
  };
  parallel_blocks(parts_.size(), 1, system_.jobs, [&](std::size_t p, std::size_t, std::size_t) {
    progress.check();
    const Part& part = parts_[p];
    Vector local(part.data.size());
    for (std::size_t i = 0; i < local.size(); ++i) local[i] = residual[part.data[i]];
    const VectorXd found = solve(part, local);
    for (std::size_t i = 0; i < part.own; ++i)
      weights[part.data[i]] = found[static_cast<Eigen::Index>(i)];
  });
  drift.remove_from(weights);
  if (coarse_.data.empty()) return;
  Vector left;
  system_.product(weights, &coarse_.data, left, progress);
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = residual[coarse_.data[i]] - left[i];
  const VectorXd found = solve(coarse_, left);
  for (std::size_t i = 0; i < left.size(); ++i)
    weights[coarse_.data[i]] += found[static_cast<Eigen::Index>(i)];
  drift.remove_from(weights);
}

}  // namespace lode::rbf
