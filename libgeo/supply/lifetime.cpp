// Lifetimes of products: the part that has gone out of use by an age.
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/recycling.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

/// Standard normal distribution function above x, accurate in its far tail too.
double normal_above(double x) {
  return 0.5 * std::erfc(x / std::sqrt(2.0));
}

double weibull_retired(const Lifetime& life, double age) {
  const double scale = life.mean_years / std::tgamma(1.0 + 1.0 / life.spread);
  return -std::expm1(-std::pow(age / scale, life.spread));
}

/// What a normal life would have below 0 is cut off and the rest scaled up, so the mean of what is
/// left is a little above `mean_years`.
double normal_retired(const Lifetime& life, double age) {
  const double at_zero = -life.mean_years / life.spread;
  const double at_age = (age - life.mean_years) / life.spread;
  const double alive_at_zero = normal_above(at_zero);
  return (normal_above(-at_age) - normal_above(-at_zero)) / alive_at_zero;
}

double lognormal_retired(const Lifetime& life, double age) {
  const double relative = life.spread / life.mean_years;
  const double variance = std::log1p(relative * relative);
  const double middle = std::log(life.mean_years) - 0.5 * variance;
  return normal_above(-(std::log(age) - middle) / std::sqrt(variance));
}

}  // namespace

std::string_view to_text(LifetimeShape shape) {
  switch (shape) {
    case LifetimeShape::fixed:
      return "fixed";
    case LifetimeShape::weibull:
      return "weibull";
    case LifetimeShape::normal:
      return "normal";
    case LifetimeShape::lognormal:
      return "lognormal";
  }
  return "";
}

LifetimeShape parse_lifetime_shape(std::string_view text, const std::string& where) {
  const std::string word = lower(trim(text));
  for (const LifetimeShape shape : {LifetimeShape::fixed, LifetimeShape::weibull,
                                    LifetimeShape::normal, LifetimeShape::lognormal})
    if (word == to_text(shape)) return shape;
  throw Error("supply.lifetime", "'" + printable(text) + "' is no distribution of lifetimes", where,
              "Write fixed, weibull, normal or lognormal.");
}

void check_lifetime(const Lifetime& lifetime, const std::string& where) {
  if (!(lifetime.mean_years > 0.0) || std::isinf(lifetime.mean_years))
    throw Error("supply.lifetime",
                std::isnan(lifetime.mean_years)
                    ? std::string("mean_years is empty")
                    : "mean_years is " + number_text(lifetime.mean_years) + ", not above 0",
                where, "Write the mean life in years.");
  check_amount(lifetime.mean_years, "mean_years", where);
  if (lifetime.shape == LifetimeShape::fixed) return;
  if (!(lifetime.spread > 0.0) || std::isinf(lifetime.spread))
    throw Error("supply.lifetime",
                std::isnan(lifetime.spread)
                    ? std::string("spread is empty")
                    : "spread is " + number_text(lifetime.spread) + ", not above 0",
                where,
                "Write Weibull's shape (about 2 to 5), or the standard deviation in years of a "
                "normal or lognormal life.");
  // Beyond these the gamma function or the cut at 0 leaves nothing to reckon with.
  const double deviations = lifetime.mean_years / lifetime.spread;
  const bool odd = lifetime.shape == LifetimeShape::weibull
                       ? lifetime.spread < 0.1 || lifetime.spread > 1000.0
                       : deviations < 1e-3;
  if (odd)
    throw Error("supply.lifetime",
                "a spread of " + number_text(lifetime.spread) + " says nothing of a life of " +
                    number_text(lifetime.mean_years) + " years",
                where, "Weibull's shape is from 0.1 to 1000; a deviation at most 1000 means.");
}

double retired_by(const Lifetime& lifetime, double age_years) {
  if (!(age_years > 0.0)) return 0.0;
  switch (lifetime.shape) {
    case LifetimeShape::fixed:
      return age_years >= lifetime.mean_years ? 1.0 : 0.0;
    case LifetimeShape::weibull:
      return weibull_retired(lifetime, age_years);
    case LifetimeShape::normal:
      return normal_retired(lifetime, age_years);
    case LifetimeShape::lognormal:
      return lognormal_retired(lifetime, age_years);
  }
  return 0.0;
}

}  // namespace lode
