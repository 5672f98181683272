#include "libgeo/supply/beta.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lode {

namespace {

/// lgamma writes a global sign, so threads take the reentrant one.
double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double continued_fraction(double x, double a, double b) {
  constexpr double tiny = 1e-300;
  double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0);
  d = 1.0 / (std::abs(d) < tiny ? tiny : d);
  double value = d;
  for (int m = 1; m < 100000; ++m) {
    const double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    d = 1.0 + even * d;
    c = 1.0 + even / c;
    d = 1.0 / (std::abs(d) < tiny ? tiny : d);
    if (std::abs(c) < tiny) c = tiny;
    value *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    d = 1.0 + odd * d;
    c = 1.0 + odd / c;
    d = 1.0 / (std::abs(d) < tiny ? tiny : d);
    if (std::abs(c) < tiny) c = tiny;
    const double step = d * c;
    value *= step;
    if (std::abs(step - 1.0) < 3e-16) break;
  }
  return value;
}

double log_density(double x, double a, double b, double log_whole) {
  return (a - 1.0) * std::log(x) + (b - 1.0) * std::log1p(-x) - log_whole;
}

}  // namespace

double beta_distribution(double x, double a, double b) {
  if (!(x > 0.0)) return 0.0;
  if (x >= 1.0) return 1.0;
  const double log_whole = log_gamma(a) + log_gamma(b) - log_gamma(a + b);
  const double front = std::exp(a * std::log(x) + b * std::log1p(-x) - log_whole);
  if (x < (a + 1.0) / (a + b + 2.0)) return front * continued_fraction(x, a, b) / a;
  return 1.0 - front * continued_fraction(1.0 - x, b, a) / b;
}

double beta_quantile(double p, double a, double b) {
  if (!(p > 0.0)) return 0.0;
  if (p >= 1.0) return 1.0;
  const double log_whole = log_gamma(a) + log_gamma(b) - log_gamma(a + b);
  double low = 0.0, high = 1.0, x = a / (a + b);
  // Newton's steps, and halving where they leave what encloses the answer.
  for (int step = 0; step < 200; ++step) {
    const double miss = beta_distribution(x, a, b) - p;
    (miss > 0.0 ? high : low) = x;
    double next = x - miss / std::exp(log_density(x, a, b, log_whole));
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - x) <= 1e-15 * x || high - low <= std::numeric_limits<double>::min())
      return next;
    x = next;
  }
  return x;
}

}  // namespace lode
