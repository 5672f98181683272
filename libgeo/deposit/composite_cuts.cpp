#include "libgeo/deposit/composite_cuts.h"

#include <algorithm>
#include <cmath>

namespace lode {

namespace {

constexpr double slack_m = 1e-6;

double height_at(const HolePath& path, double at_m) {
  return place_at(path, at_m)[2];
}

// Where f changes its sign between a and b, to the last digits of a depth.
template <class F>
double crossing(F f, double a, double b) {
  const bool above = f(a) > 0.0;
  for (int step = 0; step < 200 && b - a > 1e-10; ++step) {
    const double middle = (a + b) / 2.0;
    if (middle <= a || middle >= b) break;
    ((f(middle) > 0.0) == above ? a : b) = middle;
  }
  return (a + b) / 2.0;
}

// Depths between which the path only rises or only falls.
std::vector<double> monotone_parts(const HolePath& path, double from_m, double to_m) {
  std::vector<double> parts{from_m};
  const auto& nodes = path.nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].at_m > from_m && nodes[i].at_m < to_m) parts.push_back(nodes[i].at_m);
    if (i + 1 == nodes.size()) break;
    const double a = nodes[i].at_m, b = nodes[i + 1].at_m;
    double turn = std::nan("");
    if (path.method == PathMethod::balanced_tangential) {
      turn = (a + b) / 2.0;
    } else if (path.method == PathMethod::minimum_curvature &&
               nodes[i].direction[2] * nodes[i + 1].direction[2] < 0.0) {
      turn = crossing([&](double at) { return direction_at(path, at)[2]; }, a, b);
    }
    if (turn > from_m && turn < to_m) parts.push_back(turn);
  }
  parts.push_back(to_m);
  return parts;
}

// To the nanometre: what a search leaves behind it is no measurement (4.999999999972715 m).
double rounded(double depth_m) {
  return std::round(depth_m * 1e9) / 1e9;
}

}  // namespace

std::vector<double> length_cuts(double from_m, double to_m, double length_m, Residual residual) {
  const double whole = to_m - from_m;
  std::vector<double> cuts{from_m};
  if (residual == Residual::share) {
    const double n = std::max(1.0, std::round(whole / length_m));
    for (double i = 1.0; i < n; i += 1.0) cuts.push_back(from_m + whole * i / n);
    cuts.push_back(to_m);
    return cuts;
  }
  const double full = std::floor((whole + slack_m) / length_m);
  for (double i = 1.0; i <= full; i += 1.0) cuts.push_back(from_m + i * length_m);
  const double rest = to_m - cuts.back();
  if (rest <= slack_m || (residual == Residual::merge && full >= 1.0)) {
    cuts.back() = to_m;
  } else if (residual != Residual::drop) {
    cuts.push_back(to_m);
  }
  return cuts;
}

std::vector<double> bench_cuts(const HolePath& path, double from_m, double to_m, double height_m,
                               double level_m) {
  const std::vector<double> parts = monotone_parts(path, from_m, to_m);
  std::vector<double> cuts{from_m};
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const double a = parts[i], b = parts[i + 1];
    const double top = height_at(path, a), bottom = height_at(path, b);
    const double low = std::min(top, bottom), high = std::max(top, bottom);
    std::vector<double> found;
    for (double k = std::ceil((low - level_m) / height_m); level_m + k * height_m <= high;
         k += 1.0) {
      const double level = level_m + k * height_m;
      if (low == high) break;  // level ground: the path lies in one bench
      // A level met at an end is no change of sign.
      found.push_back(
          level == top ? a
          : level == bottom
              ? b
              : rounded(crossing([&](double at) { return height_at(path, at) - level; }, a, b)));
    }
    if (top > bottom) std::reverse(found.begin(), found.end());
    cuts.insert(cuts.end(), found.begin(), found.end());
  }
  cuts.push_back(to_m);
  // A level met at the very end of a part is found from both sides.
  std::vector<double> kept{cuts.front()};
  for (std::size_t i = 1; i + 1 < cuts.size(); ++i)
    if (cuts[i] - kept.back() > slack_m && to_m - cuts[i] > slack_m) kept.push_back(cuts[i]);
  kept.push_back(to_m);
  return kept;
}

}  // namespace lode
