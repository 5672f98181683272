// Radial basis functions through scattered values and slopes in space, with drift and anisotropy.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/estimation/variogram_model.h"

namespace lode {

/// The basis, as a function of the distance r in the scaled space of the anisotropy.
enum class RadialKernel {
  linear,   ///< -r, the biharmonic spline of space; asks for a constant drift at least
  cubic,    ///< r^3, smoother and stiffer; asks for a linear drift
  wendland  ///< (1 - r)^4 (4 r + 1) up to r = 1, in ranges; 0 beyond; asks for no drift
};
enum class RbfDrift { none, constant, linear };

[[nodiscard]] std::string_view to_text(RadialKernel kernel);
[[nodiscard]] std::string_view to_text(RbfDrift drift);
/// Errors "rbf.kernel", "rbf.drift" with the words there are.
[[nodiscard]] RadialKernel parse_radial_kernel(std::string_view text);
[[nodiscard]] RbfDrift parse_rbf_drift(std::string_view text);
/// The least drift with which a kernel has one solution.
[[nodiscard]] RbfDrift least_drift(RadialKernel kernel);

/// f(at + step * direction) - f(at - step * direction) = difference.
struct RbfSlope {
  std::array<double, 3> at{0.0, 0.0, 0.0}, direction{0.0, 0.0, 1.0};  ///< a unit vector
  double step_m = 0.0, difference = 0.0;
};

/// What the function must honour. No place may stand twice.
struct RbfData {
  std::vector<std::array<double, 3>> places;
  std::vector<double> values;  ///< one a place
  std::vector<RbfSlope> slopes;

  [[nodiscard]] std::size_t size() const { return places.size() + slopes.size(); }
};

struct RbfOptions {
  RadialKernel kernel = RadialKernel::linear;
  RbfDrift drift = RbfDrift::constant;
  Angles angles;                                ///< of the ellipsoid of anisotropy
  std::array<double, 3> ratios{1.0, 1.0, 1.0};  ///< its major, semi-major and minor axis, above 0
  double range_m = 0.0;                         ///< of `wendland`, along the major axis
  /// 0 = the data are honoured exactly. Otherwise their misfit is the weight of the datum times
  /// this length (cubic: its cube) in the kernel's own measure.
  double smoothing_m = 0.0;
  double tolerance = 1e-6;  ///< largest residual of the system that is let stand, in data units
  std::size_t max_iterations = 150;
  /// Up to so many data are solved directly, more by iteration. At least 100.
  std::size_t dense_limit = 2500;
  int jobs = 0;
};

/// The function that was found. Cheap to copy.
class RbfField {
 public:
  /// Values at places; the same bits for any number of threads.
  void values(const std::vector<std::array<double, 3>>& places, std::vector<double>& into, int jobs,
              const Progress& progress = {}) const;
  [[nodiscard]] double value(const std::array<double, 3>& place) const;

  std::size_t data = 0, iterations = 0;
  /// Of the function at the data (values and slopes), with the smoothing's part.
  double max_residual = 0.0, rms_residual = 0.0;
  double solver_residual = 0.0;  ///< largest of the system of equations: at most the tolerance

  struct Parts;
  std::shared_ptr<const Parts> parts;
};

/// The global interpolant (Carr et al. 2001). Its system is never held as a whole beyond
/// `dense_limit` data: flexible GMRES on the part of the space that the drift leaves, with products
/// summed anew each time, and overlapping local solutions joined by a coarse one as preconditioner
/// (Beatson, Light and Billings 2000). Memory: some 8 kB a datum.
/// Errors "rbf.kernel_drift" (less drift than the kernel asks for), "rbf.range",
/// "rbf.anisotropy", "rbf.smoothing", "rbf.tolerance", "rbf.empty", "rbf.flat" (the data do not
/// fix the drift), "rbf.too_many" (above `rbf_most_data`), "rbf.not_converged".
[[nodiscard]] RbfField fit_rbf(const RbfData& data, const RbfOptions& options,
                               const Progress& progress = {});

inline constexpr std::size_t rbf_most_data = 150000;

}  // namespace lode
