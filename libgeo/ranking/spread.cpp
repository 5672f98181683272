#include "libgeo/ranking/spread.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/spread.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/uncertainty.h"

namespace lode {

namespace {

constexpr double z90 = 1.2815515655446004;  // 90th percentile of the standard normal

double triangular(double low, double mode, double high, double u) {
  const double range = high - low;
  if (!(range > 0.0)) return mode;
  const double turn = (mode - low) / range;
  return u < turn ? low + std::sqrt(u * range * (mode - low))
                  : high - std::sqrt((1.0 - u) * range * (high - mode));
}

double two_sided_normal(double low, double base, double high, double u) {
  const double z = inverse_normal(u) / z90;
  return z < 0.0 ? base + (base - low) * z : base + (high - base) * z;
}

/// Continued fraction of the incomplete beta function (modified Lentz).
double beta_fraction(double a, double b, double x) {
  double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0);
  d = 1.0 / d;
  double f = d;
  for (int i = 1; i <= 300; ++i) {
    const double even = i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i));
    d = 1.0 / (1.0 + even * d);
    c = 1.0 + even / c;
    f *= c * d;
    const double odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1));
    d = 1.0 / (1.0 + odd * d);
    c = 1.0 + odd / c;
    f *= c * d;
    if (std::abs(c * d - 1.0) < 1e-15) break;
  }
  return f;
}

double beta_distribution(double a, double b, double x) {
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1.0) / (a + b + 2.0) ? front * beta_fraction(a, b, x) / a
                                       : 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

/// Beta-PERT (Malcolm et al. 1959): mean (low + 4 mode + high)/6. The inverse of the distribution
/// function by Newton's steps with the curvature (Halley), kept inside a bracket that halves when a
/// step would leave it: four to six evaluations reach 1e-14 of the range.
double pert(double low, double mode, double high, double u) {
  const double range = high - low;
  if (!(range > 0.0)) return mode;
  const double a = 1.0 + 4.0 * (mode - low) / range, b = 1.0 + 4.0 * (high - mode) / range;
  const double log_front = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b);
  double from = 0.0, to = 1.0;
  // The normal of the same mean and deviation is near enough to start from.
  double x = std::clamp(a / 6.0 + inverse_normal(u) * std::sqrt(a * b / 252.0), 0.02, 0.98);
  for (int step = 0; step < 60; ++step) {
    const double above = beta_distribution(a, b, x) - u;
    (above < 0.0 ? from : to) = x;
    const double density =
        std::exp(log_front + (a - 1.0) * std::log(x) + (b - 1.0) * std::log1p(-x));
    const double newton = above / density;
    const double bend = 0.5 * newton * ((a - 1.0) / x - (b - 1.0) / (1.0 - x));
    double next = x - newton / (1.0 - std::clamp(bend, -0.5, 0.5));
    if (!(next > from && next < to)) next = 0.5 * (from + to);
    const bool done = std::abs(next - x) <= 1e-15 + 1e-15 * x || to - from <= 1e-16;
    x = next;
    if (done) break;
  }
  return low + range * x;
}

}  // namespace

double sample_value(double low, double base, double high, double u, Spread spread, bool log_scale) {
  if (std::isnan(low)) low = base;
  if (std::isnan(high)) high = base;
  const bool positive = low > 0.0;
  double value = base;
  switch (spread) {
    case Spread::triangular:
      return triangular(low, base, high, u);
    case Spread::pert:
      return pert(low, base, high, u);
    case Spread::uniform:
      return low + (high - low) * u;
    case Spread::normal:
      value = two_sided_normal(low, base, high, u);
      break;
    case Spread::lognormal:
      if (!(low < high)) return base;
      if (!positive)
        throw Error("ranking.spread_not_positive",
                    "a lognormal spread cannot reach down to " + number_text(low));
      value = std::exp(two_sided_normal(std::log(low), std::log(base), std::log(high), u));
      break;
    case Spread::p10_p90:
      if (log_scale && positive)
        value = std::exp(percentile_triangle(std::log(low), std::log(base), std::log(high), u));
      else
        value = percentile_triangle(low, base, high, u);
  }
  return low >= 0.0 ? std::max(0.0, value) : value;
}

namespace spread_parts {

void log_values(const double* low, const double* base, const double* high, const double* u,
                std::size_t count, Spread spread, double* value) {
  if (spread == Spread::lognormal) {
    for (std::size_t i = 0; i < count; ++i)
      value[i] = low[i] < high[i] ? two_sided_normal(low[i], base[i], high[i], u[i]) : base[i];
  } else {
    for (std::size_t i = 0; i < count; ++i) value[i] = percentile_triangle(low[i], base[i], high[i], u[i]);
  }
  for (std::size_t i = 0; i < count; ++i) value[i] = std::exp(value[i]);
}

}  // namespace spread_parts

}  // namespace lode
