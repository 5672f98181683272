// Inside of the radial basis fit: the data as functionals, products, and the local solutions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "libgeo/estimation/rbf.h"
#include "libgeo/estimation/rbf_lanes.h"

namespace lode {

namespace rbf {

using Vector = std::vector<double>;

/// From metres to the scaled space in which the kernel is isotropic and the data fill [-1, 1].
struct Scaling {
  std::array<double, 3> centre{0.0, 0.0, 0.0};
  Matrix3 axes{};  ///< a place less the centre times these is its place in the scaled space
  [[nodiscard]] std::array<double, 3> scaled(const std::array<double, 3>& place) const;
};

/// Places in the scaled space by axis, filled up to a multiple of eight.
struct Places {
  Vector x, y, z;
  std::size_t count = 0;
  void add(const std::array<double, 3>& place);
  void fill_up();
};

/// The system of equations. Datum i < `values` is the value at place i; each further datum is the
/// difference between two places that follow one another.
struct System {
  Basis basis = Basis::linear;
  std::size_t values = 0, size = 0, terms = 0;  ///< terms of the drift: 0, 1 or 4
  Places places;
  double smoothing = 0.0;
  int jobs = 0;

  [[nodiscard]] std::size_t first_place(std::size_t datum) const {
    return datum < values ? datum : values + 2 * (datum - values);
  }
  [[nodiscard]] std::array<double, 4> drift(std::size_t datum) const;
  [[nodiscard]] std::array<double, 3> middle(std::size_t datum) const;
  /// One element of the matrix, without the smoothing.
  [[nodiscard]] double element(std::size_t a, std::size_t b) const;
  /// Weights by place from weights by datum.
  [[nodiscard]] Vector spread(const Vector& weights) const;
  /// The rows `which` (null = all) of the matrix times `weights`, with the smoothing.
  void product(const Vector& weights, const std::vector<std::uint32_t>* which, Vector& into,
               const Progress& progress) const;
};

/// An orthonormal basis of the drift's columns.
struct DriftBasis {
  std::vector<Vector> columns;
  std::array<std::array<double, 4>, 4> triangle{};  ///< drift = columns * triangle
  void remove_from(Vector& of) const;
};
/// Error "rbf.flat" when the data do not fix the drift.
[[nodiscard]] DriftBasis drift_basis(const System& system);

/// Overlapping local solutions and a coarse one; with few data one that is exact.
class LocalSolutions {
 public:
  LocalSolutions(const System& system, std::size_t dense_limit, const Progress& progress);
  ~LocalSolutions();
  LocalSolutions(const LocalSolutions&) = delete;
  LocalSolutions& operator=(const LocalSolutions&) = delete;
  /// Weights, orthogonal to the drift, that nearly leave `residual`.
  void apply(const DriftBasis& drift, const Vector& residual, Vector& weights,
             const Progress& progress) const;

 private:
  struct Solver;
  struct Part {
    std::vector<std::uint32_t> data;  ///< the first `own` are the part's own
    std::size_t own = 0;
    std::unique_ptr<Solver> solver;
  };
  void cut(std::size_t leaf);
  void choose_coarse(std::size_t each);
  const System& system_;
  std::vector<Part> parts_;
  Part coarse_;
};

}  // namespace rbf

struct RbfField::Parts {
  rbf::Scaling scaling;
  rbf::Basis basis = rbf::Basis::linear;
  rbf::Places places;
  rbf::Vector weights;  ///< by place, filled up with 0
  std::array<double, 4> drift{0.0, 0.0, 0.0, 0.0};
  double zero = 0.0;  ///< added to all values: the middle of the data
};

}  // namespace lode
