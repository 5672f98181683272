// The class of a load against figures from outside: decay constants and the rule of SSR-6.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/logistics/cargo.h"

namespace {

using namespace lode;

/// ln 2 x Avogadro / (half-life x atomic mass), Bq/g.
double specific_activity(double half_life_years, double atomic_mass) {
  return std::log(2.0) * 6.02214076e23 / (half_life_years * 365.25 * 86400.0 * atomic_mass);
}

TEST(Cargo, SpecificActivitiesAreThoseOfTheNuclides) {
  // Pure thorium: half-lives in use are 1.40e10 (ICRP 107) and 1.405e10 years (ENSDF).
  EXPECT_LE(thorium_bq_per_g(1e6), specific_activity(1.40e10, 232.0381) * 1.001);
  EXPECT_GE(thorium_bq_per_g(1e6), specific_activity(1.405e10, 232.0381) * 0.999);
  EXPECT_GE(thorium_bq_per_g(1e6), 4.06e3);
  EXPECT_LE(thorium_bq_per_g(1e6), 4.07e3);
  // U-238: 12.44 kBq/g; natural uranium is 99.284 % of it by mass.
  EXPECT_NEAR(specific_activity(4.468e9, 238.0508), 12.44e3, 10.0);
  EXPECT_NEAR(uranium_bq_per_g(1e6), 0.99284 * 12.44e3, 1.0);
}

Cargo load(double thorium_ppm, double uranium_ppm) {
  Cargo cargo;
  cargo.thorium_ppm = thorium_ppm;
  cargo.uranium_ppm = uranium_ppm;
  return cargo;
}

// 10 Bq/g is reached at 10 / 4.07e-3 = 2457 ppm of thorium, or 10 / 12.351e-3 = 809.6 of uranium.
TEST(Cargo, TenTimesTheExemptConcentrationAsASumOfFractions) {
  EXPECT_EQ(class7_of(load(2450, 0)), Class7::no);
  EXPECT_EQ(class7_of(load(2465, 0)), Class7::yes);
  EXPECT_EQ(class7_of(load(0, 809)), Class7::no);
  EXPECT_EQ(class7_of(load(0, 811)), Class7::yes);
  // Each alone is exempt; 1200 x 4.07e-3 + 450 x 12.351e-3 = 4.88 + 5.56 = 10.44 is not.
  EXPECT_EQ(class7_of(load(1200, 0)), Class7::no);
  EXPECT_EQ(class7_of(load(0, 450)), Class7::no);
  EXPECT_EQ(class7_of(load(1200, 450)), Class7::yes);
}

TEST(Cargo, AnUnknownPartIsNotTakenAsNone) {
  const double unknown = std::nan("");
  EXPECT_EQ(class7_of(load(unknown, unknown)), Class7::unknown);
  EXPECT_EQ(class7_of(load(100, unknown)), Class7::unknown);
  EXPECT_EQ(class7_of(load(unknown, 100)), Class7::unknown);
  // Over the line already, whatever the other is.
  EXPECT_EQ(class7_of(load(3000, unknown)), Class7::yes);
  EXPECT_EQ(class7_of(load(unknown, 900)), Class7::yes);
}

TEST(Cargo, WordsGiveTheFigures) {
  EXPECT_EQ(class7_words(load(5000, 100)),
            "20.35 Bq/g of thorium, 1.24 Bq/g of uranium: class 7 (over 10 Bq/g together, IAEA "
            "SSR-6 107 (f))");
  EXPECT_EQ(class7_words(load(500, std::nan(""))),
            "2.04 Bq/g of thorium, uranium not known: class 7 or not is not known");
  EXPECT_EQ(to_text(Class7::yes), "yes");
  EXPECT_EQ(to_text(Class7::unknown), "unknown");
}

}  // namespace
