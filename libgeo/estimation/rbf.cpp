#include "libgeo/estimation/rbf.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/rbf_parts.h"

namespace lode {

std::string_view to_text(RadialKernel kernel) {
  switch (kernel) {
    case RadialKernel::linear:
      return "linear";
    case RadialKernel::cubic:
      return "cubic";
    case RadialKernel::wendland:
      return "wendland";
  }
  return "";
}

std::string_view to_text(RbfDrift drift) {
  switch (drift) {
    case RbfDrift::none:
      return "none";
    case RbfDrift::constant:
      return "constant";
    case RbfDrift::linear:
      return "linear";
  }
  return "";
}

RadialKernel parse_radial_kernel(std::string_view text) {
  for (const auto kernel : {RadialKernel::linear, RadialKernel::cubic, RadialKernel::wendland})
    if (text == to_text(kernel)) return kernel;
  throw Error("rbf.kernel", "'" + printable(std::string(text)) + "' is no kernel", "",
              "One of linear, cubic, wendland.");
}

RbfDrift parse_rbf_drift(std::string_view text) {
  for (const auto drift : {RbfDrift::none, RbfDrift::constant, RbfDrift::linear})
    if (text == to_text(drift)) return drift;
  throw Error("rbf.drift", "'" + printable(std::string(text)) + "' is no drift", "",
              "One of none, constant, linear.");
}

RbfDrift least_drift(RadialKernel kernel) {
  if (kernel == RadialKernel::linear) return RbfDrift::constant;
  return kernel == RadialKernel::cubic ? RbfDrift::linear : RbfDrift::none;
}

namespace {

using namespace rbf;

void check(const RbfData& data, const RbfOptions& options) {
  if (data.places.empty()) throw Error("rbf.empty", "there is no datum", "", "Give places.");
  if (data.size() > rbf_most_data)
    throw Error("rbf.too_many",
                std::to_string(data.size()) + " data; up to " + std::to_string(rbf_most_data) +
                    " are fitted, for the sake of memory and time",
                "", "Thin the points out, or fit parts of the area one by one.");
  if (options.drift < least_drift(options.kernel))
    throw Error("rbf.kernel_drift",
                "a " + std::string(to_text(options.kernel)) + " kernel asks for a " +
                    std::string(to_text(least_drift(options.kernel))) + " drift at least",
                "", "Without it the function is not determined.");
  if (options.kernel == RadialKernel::wendland &&
      !(options.range_m > 0.0 && std::isfinite(options.range_m)))
    throw Error("rbf.range", "a wendland kernel needs its range", "",
                "Say how far a datum reaches, e.g. --range '500 m'.");
  for (const double ratio : options.ratios)
    if (!(ratio > 0.0 && std::isfinite(ratio)))
      throw Error("rbf.anisotropy", "a ratio of the anisotropy is not above 0", "",
                  "Give the three axes as lengths relative to one another, e.g. 4,2,1.");
  for (const double angle :
       {options.angles.azimuth_deg, options.angles.dip_deg, options.angles.rake_deg})
    if (!(std::abs(angle) <= 360.0))
      throw Error("rbf.anisotropy", "an angle of the anisotropy lies outside -360 to 360", "",
                  "Azimuth, dip and rake are degrees.");
  if (!(options.smoothing_m >= 0.0 && std::isfinite(options.smoothing_m)))
    throw Error("rbf.smoothing", "the smoothing is below 0 or no number", "",
                "0 honours the data exactly.");
  if (!(options.tolerance > 0.0 && std::isfinite(options.tolerance)))
    throw Error("rbf.tolerance", "the tolerance is not above 0", "",
                "Say the largest residual that may stand.");
}

Scaling scaling_of(const RbfData& data, const RbfOptions& options) {
  Scaling scaling;
  std::array<double, 3> lower = data.places[0], upper = data.places[0];
  const auto take = [&](const std::array<double, 3>& place) {
    for (std::size_t a = 0; a < 3; ++a) {
      lower[a] = std::min(lower[a], place[a]);
      upper[a] = std::max(upper[a], place[a]);
    }
  };
  for (const auto& place : data.places) take(place);
  for (const auto& slope : data.slopes) take(slope.at);
  for (std::size_t a = 0; a < 3; ++a) scaling.centre[a] = (lower[a] + upper[a]) / 2.0;
  const auto& r = options.ratios;
  scaling.axes = scaled_axes(options.angles, {1.0, r[1] / r[0], r[2] / r[0]});
  double largest = 0.0;
  const auto reach = [&](const std::array<double, 3>& place) {
    for (const double v : scaling.scaled(place)) largest = std::max(largest, std::abs(v));
  };
  for (const auto& place : data.places) reach(place);
  for (const auto& slope : data.slopes) reach(slope.at);
  double unit = largest > 0.0 ? largest : 1.0;
  if (options.kernel == RadialKernel::wendland) unit = options.range_m;
  for (auto& row : scaling.axes)
    for (double& v : row) v /= unit;
  return scaling;
}

double length_of(const std::array<double, 3>& v) {
  return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

System system_of(const RbfData& data, const RbfOptions& options, const Scaling& scaling) {
  System system;
  system.basis = options.kernel == RadialKernel::linear  ? Basis::linear
                 : options.kernel == RadialKernel::cubic ? Basis::cubic
                                                         : Basis::wendland;
  system.values = data.places.size();
  system.size = data.size();
  system.terms = options.drift == RbfDrift::none ? 0 : options.drift == RbfDrift::constant ? 1 : 4;
  system.jobs = options.jobs;
  for (const auto& place : data.places) system.places.add(scaling.scaled(place));
  for (const RbfSlope& slope : data.slopes)
    for (const double sign : {1.0, -1.0}) {
      std::array<double, 3> place = slope.at;
      for (std::size_t a = 0; a < 3; ++a) place[a] += sign * slope.step_m * slope.direction[a];
      system.places.add(scaling.scaled(place));
    }
  system.places.fill_up();
  // A length along the major axis, in the scaled space.
  const double length = options.smoothing_m * length_of(scaling.axes[0]);
  system.smoothing = options.kernel == RadialKernel::cubic ? length * length * length : length;
  return system;
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
void add(Vector& to, double factor, const Vector& what) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * what[i];
}
double largest_of(const Vector& of) {
  double most = 0.0;
  for (const double v : of) most = std::max(most, std::isfinite(v) ? std::abs(v) : INFINITY);
  return most;
}

// Flexible GMRES (Saad 1993) without restart, on what the drift leaves.
class Solve {
 public:
  Solve(const System& system, const DriftBasis& drift, const LocalSolutions& local,
        const Progress& progress)
      : system_(system), drift_(drift), local_(local), progress_(progress) {}

  // Adds to `weights` until no residual is above `target`; returns the steps that it took.
  // `residual` is orthogonal to the drift and keeps up with the weights.
  std::size_t run(Vector& weights, Vector& residual, double target, std::size_t most) {
    const double size = std::sqrt(dot(residual, residual));
    v_.assign(1, residual);
    for (double& one : v_[0]) one /= size;
    z_.clear();
    h_.clear();
    turns_.clear();
    g_ = {size};
    const double first = largest_of(residual);
    Vector y;
    std::size_t step = 0;
    while (step < most) {
      const bool broke = expand(step++);
      y = triangle_solution(step);
      const Vector left = residual_of(step, residual.size());
      const double now = largest_of(left);
      if (now < first && target < first)
        progress_.update(std::min(1.0, std::log(first / now) / std::log(first / target)),
                         "fitting the function");
      if (now <= target || broke) break;
    }
    for (std::size_t k = 0; k < y.size(); ++k) add(weights, y[k], z_[k]);
    return step;
  }

 private:
  bool expand(std::size_t k) {
    Vector z, w;
    local_.apply(drift_, v_[k], z, progress_);
    system_.product(z, nullptr, w, progress_);
    drift_.remove_from(w);
    z_.push_back(std::move(z));
    Vector column(k + 2, 0.0);
    for (int twice = 0; twice < 2; ++twice)
      for (std::size_t i = 0; i <= k; ++i) {
        const double part = dot(v_[i], w);
        column[i] += part;
        add(w, -part, v_[i]);
      }
    const double size = std::sqrt(dot(w, w));
    column[k + 1] = size;
    for (std::size_t i = 0; i < k; ++i) turn(turns_[i], column[i], column[i + 1]);
    const double r = std::hypot(column[k], column[k + 1]);
    turns_.push_back(r > 0.0 ? std::array{column[k] / r, column[k + 1] / r} : std::array{1.0, 0.0});
    turn(turns_[k], column[k], column[k + 1]);
    g_.push_back(0.0);
    turn(turns_[k], g_[k], g_[k + 1]);
    const bool broke = !(size > 1e-300) || !(r > 0.0);
    for (double& one : w) one = broke ? 0.0 : one / size;
    v_.push_back(std::move(w));
    h_.push_back(std::move(column));
    return broke;
  }
  static void turn(const std::array<double, 2>& by, double& a, double& b) {
    const double first = by[0] * a + by[1] * b;
    b = by[0] * b - by[1] * a;
    a = first;
  }
  [[nodiscard]] Vector triangle_solution(std::size_t n) const {
    Vector y(n, 0.0);
    for (std::size_t i = n; i-- > 0;) {
      double sum = g_[i];
      for (std::size_t j = i + 1; j < n; ++j) sum -= h_[j][i] * y[j];
      y[i] = h_[i][i] != 0.0 ? sum / h_[i][i] : 0.0;
    }
    return y;
  }
  // What is left is the last basis vector, turned back through all rotations.
  [[nodiscard]] Vector residual_of(std::size_t n, std::size_t size) const {
    Vector back(n + 1, 0.0);
    back[n] = g_[n];
    for (std::size_t i = n; i-- > 0;) {
      const double a = back[i], b = back[i + 1];
      back[i] = turns_[i][0] * a - turns_[i][1] * b;
      back[i + 1] = turns_[i][1] * a + turns_[i][0] * b;
    }
    Vector left(size, 0.0);
    for (std::size_t i = 0; i <= n; ++i) add(left, back[i], v_[i]);
    return left;
  }

  const System& system_;
  const DriftBasis& drift_;
  const LocalSolutions& local_;
  Progress progress_;
  std::vector<Vector> v_, z_, h_;
  std::vector<std::array<double, 2>> turns_;
  Vector g_;
};

Vector right_side(const RbfData& data, double zero) {
  Vector right;
  for (const double value : data.values) right.push_back(value - zero);
  for (const RbfSlope& slope : data.slopes) right.push_back(slope.difference);
  return right;
}

double middle_of(const Vector& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *low + (*high - *low) / 2.0;
}

[[noreturn]] void give_up(double residual, const RbfField& field, const RbfOptions& options) {
  throw Error("rbf.not_converged",
              "after " + std::to_string(field.iterations) + " steps a residual of " +
                  number_text(residual) + " is left, above the tolerance of " +
                  number_text(options.tolerance),
              "", "Allow a larger --tolerance, or --smoothing; look for data that contradict.");
}

// Weights by datum and the coefficients of the drift.
Vector solve_system(const System& system, const DriftBasis& drift, const Vector& right,
                    const RbfOptions& options, const Progress& progress, RbfField& field,
                    std::array<double, 4>& coefficients) {
  const LocalSolutions local(system, std::max<std::size_t>(options.dense_limit, 100),
                             progress.part(0.0, 0.2));
  Solve solve(system, drift, local, progress.part(0.2, 1.0));
  Vector weights(system.size, 0.0), residual = right, product(system.size, 0.0);
  drift.remove_from(residual);
  double left = largest_of(residual), before = INFINITY;
  // The residual that GMRES carries drifts from the true one by rounding: it is formed anew.
  while (left > options.tolerance && left < before / 2.0 &&
         field.iterations < options.max_iterations) {
    field.iterations += solve.run(weights, residual, options.tolerance / 2.0,
                                  options.max_iterations - field.iterations);
    system.product(weights, nullptr, product, progress);
    residual = right;
    add(residual, -1.0, product);
    drift.remove_from(residual);
    before = left;
    left = largest_of(residual);
  }
  field.solver_residual = left;
  if (!(left <= options.tolerance)) give_up(left, field, options);
  add(product, -1.0, right);  // minus the drift at the data
  for (std::size_t t = system.terms; t-- > 0;) {
    double sum = -dot(drift.columns[t], product);
    for (std::size_t u = t + 1; u < system.terms; ++u)
      sum -= drift.triangle[t][u] * coefficients[u];
    coefficients[t] = sum / drift.triangle[t][t];
  }
  return weights;
}

}  // namespace

RbfField fit_rbf(const RbfData& data, const RbfOptions& options, const Progress& progress) {
  check(data, options);
  const auto parts = std::make_shared<RbfField::Parts>();
  parts->scaling = scaling_of(data, options);
  const System system = system_of(data, options, parts->scaling);
  parts->zero = options.drift == RbfDrift::none ? 0.0 : middle_of(data.values);
  const Vector right = right_side(data, parts->zero);
  const DriftBasis drift = drift_basis(system);
  RbfField field;
  field.data = data.size();
  const Vector weights = solve_system(system, drift, right, options, progress, field, parts->drift);
  parts->basis = system.basis;
  parts->weights = system.spread(weights);
  parts->places = system.places;
  field.parts = parts;
  // The function itself at the data, not what the solver believes.
  Vector product;
  System plain = system;
  plain.smoothing = 0.0;
  plain.product(weights, nullptr, product, progress);
  double squares = 0.0;
  for (std::size_t d = 0; d < system.size; ++d) {
    const auto row = system.drift(d);
    double value = product[d];
    for (std::size_t t = 0; t < system.terms; ++t) value += row[t] * parts->drift[t];
    const double off = value - right[d];
    field.max_residual = std::max(field.max_residual, std::abs(off));
    squares += off * off;
  }
  field.rms_residual = std::sqrt(squares / static_cast<double>(system.size));
  return field;
}

void RbfField::values(const std::vector<std::array<double, 3>>& at, std::vector<double>& into,
                      int jobs, const Progress& progress) const {
  into.resize(at.size());
  const Centres centres{parts->places.x.data(), parts->places.y.data(), parts->places.z.data(),
                        parts->weights.data(), parts->weights.size()};
  parallel_blocks(at.size(), 64, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    progress.check();
    for (std::size_t i = begin; i < end; ++i) {
      const auto p = parts->scaling.scaled(at[i]);
      double sum = 0.0;
      sums(parts->basis, centres, &p[0], &p[1], &p[2], 1, &sum);
      const auto& c = parts->drift;
      into[i] = sum + (c[0] + c[1] * p[0] + c[2] * p[1] + c[3] * p[2]) + parts->zero;
    }
  });
}

double RbfField::value(const std::array<double, 3>& place) const {
  std::vector<double> one;
  values({place}, one, 1);
  return one[0];
}

}  // namespace lode
