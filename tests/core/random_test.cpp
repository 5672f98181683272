// Random numbers against the known answers of Random123 and published normal quantiles.
#include "libgeo/core/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

namespace lode {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Random123 1.09, file kat_vectors, lines "philox4x32 10".
TEST(Random, Philox4x32KnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// The third known answer again, so that the layout of index, stream and seed can never move:
// saved studies are run again from their seed.
TEST(Random, IndexStreamAndSeedFillTheCounterAndTheKey) {
  const Random random{.seed = 0x299f31d0a4093822, .stream = 0x0370734413198a2e};
  EXPECT_EQ(random.bits(0x85a308d3243f6a88), 0x94fdccebd16cfe09u);
  EXPECT_EQ(random.uniform(0x85a308d3243f6a88),
            (static_cast<double>(0x94fdccebd16cfu) + 0.5) / 4503599627370496.0);
}

TEST(Random, UniformIsUniform) {
  const Random random{.seed = 7, .stream = 3};
  constexpr int count = 200000, bins = 100;
  std::vector<double> seen(bins, 0.0);
  double sum = 0.0;
  for (int i = 0; i < count; ++i) {
    const double u = random.uniform(static_cast<std::uint64_t>(i));
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    seen[static_cast<std::size_t>(u * bins)] += 1.0;
  }
  EXPECT_NEAR(sum / count, 0.5, 4.0 * std::sqrt(1.0 / 12.0 / count));
  double chi2 = 0.0;
  for (const double n : seen) chi2 += (n - count / bins) * (n - count / bins) / (count / bins);
  EXPECT_LT(chi2, 148.2);  // 99.9 % point of chi-square with 99 degrees of freedom
  EXPECT_GT(chi2, 60.0);
}

TEST(Random, StreamsAndSeedsDiffer) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (std::uint64_t stream = 0; stream < 20; ++stream)
      for (std::uint64_t index = 0; index < 20; ++index)
        seen.insert(Random{.seed = seed, .stream = stream}.bits(index));
  EXPECT_EQ(seen.size(), 8000u);
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  const Random random;
  constexpr int count = 200000;
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < count; ++i) {
    const double z = random.normal(static_cast<std::uint64_t>(i));
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / count, 0.0, 4.0 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1.0, 4.0 * std::sqrt(2.0 / count));
}

// Box and Muller's transform of the two uniforms of a Philox word, in long double; pairs taken one
// by one go another way through the registers than many at once.
TEST(Random, NormalPairsAreThoseOfTheirWords) {
  const Random random{.seed = 0x1234567890abcdef, .stream = 0xfedcba9876543210};
  constexpr std::uint64_t first = 0xfffffff0;  // the index passes 32 bits on the way
  constexpr std::size_t pairs = 10007;
  std::vector<double> many(2 * pairs);
  fill_normal_pairs(random, first, many.data(), pairs);
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const std::uint64_t at = first + i;
    const auto w = philox4x32({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at >> 32),
                               0x76543210, 0xfedcba98},
                              {0x90abcdef, 0x12345678});
    const auto uniform = [](std::uint32_t low, std::uint32_t high) {
      const std::uint64_t bits = (static_cast<std::uint64_t>(high) << 32) | low;
      return (static_cast<long double>(bits >> 12) + 0.5L) / 4503599627370496.0L;
    };
    const long double radius = std::sqrt(-2.0L * std::log(uniform(w[0], w[1])));
    const long double turn = 6.283185307179586476925L * uniform(w[2], w[3]);
    const double tolerance = 8e-16 * static_cast<double>(radius);
    ASSERT_NEAR(many[2 * i], static_cast<double>(radius * std::cos(turn)), tolerance) << i;
    ASSERT_NEAR(many[2 * i + 1], static_cast<double>(radius * std::sin(turn)), tolerance) << i;
    double one[2];
    fill_normal_pairs(random, at, one, 1);
    ASSERT_EQ(one[0], many[2 * i]);
    ASSERT_EQ(one[1], many[2 * i + 1]);
  }
}

TEST(Random, NormalPairsAreNormal) {
  std::vector<double> z(400000);
  fill_normal_pairs({.seed = 5, .stream = 1}, 0, z.data(), z.size() / 2);
  double sum = 0.0, squares = 0.0, fourth = 0.0, product = 0.0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    sum += z[i];
    squares += z[i] * z[i];
    fourth += z[i] * z[i] * z[i] * z[i];
    if (i % 2 == 1) product += z[i] * z[i - 1];
  }
  const double n = static_cast<double>(z.size());
  EXPECT_NEAR(sum / n, 0.0, 4.0 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1.0, 4.0 * std::sqrt(2.0 / n));
  EXPECT_NEAR(fourth / n, 3.0, 4.0 * std::sqrt(96.0 / n));
  EXPECT_NEAR(product / n * 2.0, 0.0, 4.0 / std::sqrt(n / 2.0));
}

// Wichura (1988), table of check values (0.25, 0.001, 1e-20); the others from NIST/SEMATECH
// e-Handbook 1.3.6.7.1 to its digits, and to 16 digits from Abramowitz and Stegun's series
// evaluated in long arithmetic.
TEST(Random, InverseNormalGivesPublishedQuantiles) {
  const std::pair<double, double> cases[] = {
      {0.25, -0.6744897501960817}, {0.001, -3.090232306167814}, {1e-20, -9.262340089798408},
      {0.975, 1.959963984540054},  {0.95, 1.644853626951473},   {0.99, 2.326347874040841},
      {0.9999, 3.719016485455709}, {0.1, -1.281551565544600},   {0.5, 0.0}};
  for (const auto& [p, z] : cases)
    EXPECT_NEAR(inverse_normal(p), z, 1e-14 * std::abs(z) + 1e-300) << p;
}

TEST(Random, InverseNormalUndoesTheDistributionFunction) {
  for (double z = -8.0; z <= 5.0; z += 0.01) {
    const double p = 0.5 * std::erfc(-z / std::sqrt(2.0));
    // What a rounding of p alone moves z by, besides the algorithm's own error.
    const double density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.141592653589793);
    EXPECT_NEAR(inverse_normal(p), z, 4e-16 * p / density + 4e-15 * std::abs(z) + 1e-15) << z;
  }
}

TEST(Random, InverseNormalAtAndBeyondTheEnds) {
  EXPECT_EQ(inverse_normal(0.0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(inverse_normal(1.0), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(inverse_normal(-0.1)));
  EXPECT_TRUE(std::isnan(inverse_normal(1.1)));
  EXPECT_TRUE(std::isnan(inverse_normal(std::numeric_limits<double>::quiet_NaN())));
}

}  // namespace
}  // namespace lode
