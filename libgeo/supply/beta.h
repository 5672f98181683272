// The beta distribution: its distribution function and the inverse of it.
#pragma once

namespace lode {

/// Regularised incomplete beta function I_x(a, b): the chance that Beta(a, b) is x or less; a and b
/// above 0. Continued fraction by Lentz's method (Press et al. 2007, 6.4); error below 1e-12.
[[nodiscard]] double beta_distribution(double x, double a, double b);
/// The x with I_x(a, b) = p.
[[nodiscard]] double beta_quantile(double p, double a, double b);

}  // namespace lode
