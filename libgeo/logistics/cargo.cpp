#include "libgeo/logistics/cargo.h"

#include <cmath>

#include "libgeo/core/text.h"

namespace lode {

namespace {

// Specific activities of the nuclides, Bq/g: ln 2 x Avogadro / (half-life x atomic mass), with
// half-lives of 1.40e10 and 4.468e9 years (ICRP 107).
constexpr double kThorium232_bq_per_g = 4.07e3;
constexpr double kUranium238_bq_per_g = 1.244e4;
// Atoms of uranium that are U-238, by mass.
constexpr double kUranium238_share = 0.99284;
// SSR-6 paragraph 107 (f): ten times the 1 Bq/g of table 2.
constexpr double kNaturalLimit_bq_per_g = 10.0;

}  // namespace

double thorium_bq_per_g(double thorium_ppm) {
  return thorium_ppm * 1e-6 * kThorium232_bq_per_g;
}

double uranium_bq_per_g(double uranium_ppm) {
  return uranium_ppm * 1e-6 * kUranium238_share * kUranium238_bq_per_g;
}

Class7 class7_of(const Cargo& cargo) {
  const double thorium = thorium_bq_per_g(cargo.thorium_ppm) / kNaturalLimit_bq_per_g;
  const double uranium = uranium_bq_per_g(cargo.uranium_ppm) / kNaturalLimit_bq_per_g;
  const double known =
      (std::isnan(thorium) ? 0.0 : thorium) + (std::isnan(uranium) ? 0.0 : uranium);
  if (known > 1.0) return Class7::yes;
  return std::isnan(thorium) || std::isnan(uranium) ? Class7::unknown : Class7::no;
}

std::string_view to_text(Class7 class7) {
  switch (class7) {
    case Class7::yes:
      return "yes";
    case Class7::no:
      return "no";
    case Class7::unknown:
      break;
  }
  return "unknown";
}

std::string class7_words(const Cargo& cargo) {
  const auto part = [](double bq_per_g, const char* element) {
    return std::isnan(bq_per_g) ? std::string(element) + " not known"
                                : fixed_text(bq_per_g, 2) + " Bq/g of " + element;
  };
  const double thorium = thorium_bq_per_g(cargo.thorium_ppm);
  const double uranium = uranium_bq_per_g(cargo.uranium_ppm);
  std::string words = part(thorium, "thorium") + ", " + part(uranium, "uranium");
  switch (class7_of(cargo)) {
    case Class7::yes:
      return words + ": class 7 (over 10 Bq/g together, IAEA SSR-6 107 (f))";
    case Class7::no:
      return words + ": exempt (at most 10 Bq/g together, IAEA SSR-6 107 (f))";
    case Class7::unknown:
      break;
  }
  return words + ": class 7 or not is not known";
}

}  // namespace lode
