// Implicit surfaces of many contacts with orientations or values: fit, surface, memory.
//   bench_implicit [points, default 20000] [jobs, default 1] [orientations: 0 or 1, default 0]
//                  [cell in m, default 8] [kernel: linear or cubic] [direct up to so many data]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <string>

#include "libgeo/core/text.h"
#include "libgeo/deposit/implicit.h"
#include "tests/bench/measure.h"

namespace {

using lode::bench::cpu_seconds;
using lode::bench::peak_mb;

using Place = std::array<double, 3>;

// Even spread over an ellipsoid of 300 x 200 x 100 m (Fibonacci's spiral).
Place direction(std::size_t i, std::size_t n) {
  const double z = 1.0 - (2.0 * static_cast<double>(i) + 1.0) / static_cast<double>(n);
  const double r = std::sqrt(1.0 - z * z),
               angle = std::numbers::pi * (3.0 - std::sqrt(5.0)) * static_cast<double>(i);
  return {r * std::cos(angle), r * std::sin(angle), z};
}

lode::ImplicitPoints contacts(std::size_t n) {
  lode::ImplicitPoints points;
  points.source = "ellipsoid";
  for (std::size_t i = 0; i < n; ++i) {
    const Place d = direction(i, n);
    points.places.push_back({500000.0 + 300.0 * d[0], 7000000.0 + 200.0 * d[1], 100.0 * d[2]});
    points.normals.push_back({d[0] / 300.0, d[1] / 200.0, d[2] / 100.0});
  }
  return points;
}

// Values of x^2/a^2 + ... - 1 in a cloud around the ellipsoid.
lode::ImplicitPoints values(std::size_t n) {
  lode::ImplicitPoints points;
  points.source = "cloud";
  for (std::size_t i = 0; i < n; ++i) {
    const Place d = direction(i, n);
    const double s = 0.6 + 0.8 * std::fmod(static_cast<double>(i) * 0.4142135623730951, 1.0);
    points.places.push_back(
        {500000.0 + 300.0 * s * d[0], 7000000.0 + 200.0 * s * d[1], 100.0 * s * d[2]});
    points.values.push_back(100.0 * (s - 1.0));
  }
  return points;
}

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int at, double otherwise) {
    return argc > at ? lode::parse_number(argv[at]).value_or(otherwise) : otherwise;
  };
  const auto n = static_cast<std::size_t>(number(1, 20000));
  const bool normals = number(3, 0) > 0;
  lode::ImplicitOptions options;
  options.rbf.jobs = static_cast<int>(number(2, 1));
  options.cell_m = number(4, 8.0);
  options.iso = {0.0};
  if (argc > 5 && std::string(argv[5]) == "cubic") {
    options.rbf.kernel = lode::RadialKernel::cubic;
    options.rbf.drift = lode::RbfDrift::linear;
  }
  options.rbf.dense_limit = static_cast<std::size_t>(number(6, 2500));
  const lode::ImplicitPoints points = normals ? contacts(n) : values(n);
  const double start = cpu_seconds();
  lode::ImplicitModel data_only;
  const lode::RbfData data = lode::implicit_data(points, options, data_only);
  lode::RbfOptions fitting = options.rbf;
  const auto [low, high] = std::minmax_element(data.values.begin(), data.values.end());
  fitting.tolerance = 1e-4 * (*high - *low);
  const lode::RbfField field = lode::fit_rbf(data, fitting);
  const double fit = cpu_seconds() - start;
  std::vector<double> at_nodes;
  const double before = cpu_seconds();
  field.values(values(100000).places, at_nodes, options.rbf.jobs);
  const double evaluated = cpu_seconds() - before;
  const double again = cpu_seconds();
  const lode::ImplicitModel model = lode::implicit_model(points, options);
  const double all = cpu_seconds() - again;
  const double truth = 4.0 / 3.0 * std::numbers::pi * 300.0 * 200.0 * 100.0;
  std::printf(
      "%zu points, %zu data (%s): fit %.2f CPU s, %zu steps, largest residual %.2e (tolerance "
      "%.2e); 100,000 values %.2f CPU s; fit and solid %.2f CPU s, %zu triangles, volume %+.3f %%, "
      "peak %.0f MB\n",
      n, model.field.data, model.from.c_str(), fit, model.field.iterations,
      model.field.max_residual, model.tolerance, evaluated, all,
      model.solids[0].mesh.triangles.size(), (model.solids[0].volume_m3 / truth - 1.0) * 100.0,
      peak_mb());
  return 0;
}
