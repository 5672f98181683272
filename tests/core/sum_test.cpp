// Compensated sums: examples where plain addition loses everything.
#include "libgeo/core/sum.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

// Neumaier (1974): Kahan's own sum gives 0 here, as plain addition does.
TEST(Sum, NeumaiersExample) {
  Sum sum;
  for (const double term : {1.0, 1e100, 1.0, -1e100}) sum += term;
  EXPECT_EQ(sum.value(), 2.0);
}

TEST(Sum, TenMillionTenths) {
  Sum sum;
  double plain = 0.0;
  for (int i = 0; i < 10000000; ++i) {
    sum += 0.1;
    plain += 0.1;
  }
  EXPECT_EQ(sum.value(), 1000000.0);
  EXPECT_NE(plain, 1000000.0);
}

TEST(Sum, NothingIsZero) {
  EXPECT_EQ(Sum().value(), 0.0);
}

// The harmonic series to 10^6, from the Euler-Maclaurin expansion: 14.392726722865723631...
TEST(Sum, TheHarmonicSeries) {
  Sum forward, backward;
  for (int i = 1; i <= 1000000; ++i) forward += 1.0 / i;
  for (int i = 1000000; i >= 1; --i) backward += 1.0 / i;
  EXPECT_DOUBLE_EQ(forward.value(), 14.392726722865723631);
  EXPECT_DOUBLE_EQ(backward.value(), 14.392726722865723631);
}

}  // namespace
}  // namespace lode
