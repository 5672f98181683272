// The fast inner loops against slow ones written from the definitions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/random.h"
#include "libgeo/ranking/method_parts.h"
#include "libgeo/ranking/order.h"
#include "libgeo/ranking/small_lp.h"
#include "libgeo/ranking/sobol.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

/// Values with ties, outliers and both signs.
std::vector<double> values(std::size_t n, std::uint64_t stream, double steps = 0.0) {
  const Random random{11, stream};
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = 100.0 * random.normal(i);
    if (steps > 0.0) x[i] = std::round(x[i] / steps) * steps;
    if (i % 97 == 5) x[i] *= 50.0;
  }
  return x;
}

struct Flows {
  std::vector<double> plus, minus;
};

Flows flows_by_definition(const std::vector<double>& x, Shape shape, double q, double p) {
  Flows out;
  for (const double a : x) {
    double plus = 0.0, minus = 0.0;
    for (const double b : x)
      plus += preference(a - b, shape, q, p), minus += preference(b - a, shape, q, p);
    out.plus.push_back(plus / static_cast<double>(x.size() - 1));
    out.minus.push_back(minus / static_cast<double>(x.size() - 1));
  }
  return out;
}

TEST(Promethee, FlowsBySortingEqualThoseByPairs) {
  for (const double steps : {0.0, 10.0})
    for (const auto shape : {Shape::usual, Shape::ushape, Shape::vshape, Shape::level,
                             Shape::linear, Shape::gaussian}) {
      const auto x = values(700, 1, steps);
      const auto expected = flows_by_definition(x, shape, 20.0, 80.0);
      std::vector<double> plus(x.size()), minus(x.size());
      preference_flows(x.data(), x.size(), shape, 20.0, 80.0, plus.data(), minus.data());
      for (std::size_t i = 0; i < x.size(); ++i) {
        ASSERT_NEAR(plus[i], expected.plus[i], 1e-12) << to_text(shape) << " " << steps;
        ASSERT_NEAR(minus[i], expected.minus[i], 1e-12) << to_text(shape) << " " << steps;
      }
    }
}

TEST(Promethee, GaussianAboveThePairwiseLimitKeepsItsBound) {
  const std::size_t n = 20400;
  for (const double sigma : {5.0, 80.0, 4000.0}) {
    const auto x = values(n, 2, 1.0);
    std::vector<double> plus(n), minus(n);
    preference_flows(x.data(), n, Shape::gaussian, 0.0, sigma, plus.data(), minus.data());
    for (std::size_t i = 0; i < n; i += 1709) {
      double up = 0.0, down = 0.0;
      for (const double b : x)
        up += preference(x[i] - b, Shape::gaussian, 0.0, sigma),
            down += preference(b - x[i], Shape::gaussian, 0.0, sigma);
      EXPECT_NEAR(plus[i], up / static_cast<double>(n - 1), gaussian_bound);
      EXPECT_NEAR(minus[i], down / static_cast<double>(n - 1), gaussian_bound);
    }
  }
}

TEST(Order, RadixOrderEqualsComparisonOrder) {
  for (const std::size_t n : {std::size_t{3}, std::size_t{599}, std::size_t{5000}})
    for (const double steps : {0.0, 25.0}) {
      const auto x = values(n, 3, steps);
      std::vector<std::uint32_t> order(n), expected(n);
      OrderScratch scratch;
      descending_order(x.data(), n, order.data(), scratch);
      std::iota(expected.begin(), expected.end(), 0u);
      std::stable_sort(expected.begin(), expected.end(),
                       [&](auto a, auto b) { return x[a] > x[b]; });
      EXPECT_EQ(order, expected);
    }
}

/// Distillation straight from the definition (Figueira, Mousseau & Roy 2005): everything is looked
/// for again at each step.
std::vector<double> distil_by_definition(const std::vector<double>& sigma, std::size_t n,
                                         bool descending) {
  const auto s = [](double level) { return 0.30 - 0.15 * level; };
  std::vector<std::size_t> left(n);
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<std::vector<std::size_t>> classes;
  const auto largest = [&](const std::vector<std::size_t>& set, double below) {
    double level = 0.0;
    for (const auto a : set)
      for (const auto b : set)
        if (a != b && sigma[a * n + b] < below) level = std::max(level, sigma[a * n + b]);
    return level;
  };
  while (!left.empty()) {
    std::vector<std::size_t> set = left;
    double level = largest(set, 2.0);
    do {
      const double next = largest(set, level - s(level));
      std::map<std::size_t, long> q;
      for (const auto a : set) q[a] = 0;
      for (const auto a : set)
        for (const auto b : set) {
          const double ab = sigma[a * n + b];
          if (a != b && ab > next && ab > sigma[b * n + a] + s(ab)) ++q[a], --q[b];
        }
      long best = q[set.front()];
      for (const auto& [a, value] : q)
        best = descending ? std::max(best, value) : std::min(best, value);
      std::vector<std::size_t> kept;
      for (const auto a : set)
        if (q[a] == best) kept.push_back(a);
      set = kept;
      level = next;
    } while (set.size() > 1 && level > 0.0);
    classes.push_back(set);
    std::vector<std::size_t> rest;
    for (const auto a : left)
      if (std::find(set.begin(), set.end(), a) == set.end()) rest.push_back(a);
    left = rest;
  }
  std::vector<double> place(n);
  for (std::size_t c = 0; c < classes.size(); ++c)
    for (const auto a : classes[c])
      place[a] = static_cast<double>(descending ? c + 1 : classes.size() - c);
  return place;
}

TEST(Electre, DistillationEqualsTheDefinition) {
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    const std::size_t n = 3 + trial % 20;
    const Random random{5, trial};
    std::vector<double> sigma(n * n);
    for (std::size_t k = 0; k < n * n; ++k) {
      const double u = random.uniform(k);
      sigma[k] = trial % 3 == 0 ? std::round(u * 5) / 5 : u < 0.2 ? 0.0 : u;
    }
    for (const bool descending : {true, false})
      EXPECT_EQ(method_parts::distil(sigma, n, 0.30, 0.15, descending),
                distil_by_definition(sigma, n, descending))
          << "trial " << trial;
  }
}

/// Credibilities and places of two lecture examples, as in the tests of another program (Go,
/// electreIII package); it calls the order that takes out the best first the ascending one.
TEST(Electre, DistillationsOfTwoKnownExamples) {
  const std::vector<double> first = {1,   0,   1,    0.8, 1,    0, 1,    0,    0.9, 0.67, 0.6, 0, 1,
                                     0.6, 0.8, 0.25, 0.8, 0.67, 1, 0.85, 0.67, 0,   0.8,  0.8, 1};
  using Places = std::vector<double>;
  EXPECT_EQ(method_parts::distil(first, 5, 0.30, 0.15, true), (Places{1, 2, 3, 3, 3}));
  EXPECT_EQ(method_parts::distil(first, 5, 0.30, 0.15, false), (Places{1, 1, 3, 2, 3}));
  const std::vector<double> power = {1,    0.6, 0.3, 0.7, 0.55, 0, 1,    0.2, 0, 0,   0.58, 0.6, 1,
                                     0.85, 0,   0.3, 0,   0.6,  1, 0.58, 0.6, 0, 0.6, 0.7,  1};
  EXPECT_EQ(method_parts::distil(power, 5, 0.30, 0.15, true), (Places{2, 3, 1, 3, 3}));
  EXPECT_EQ(method_parts::distil(power, 5, 0.30, 0.15, false), (Places{3, 4, 2, 5, 1}));
}

TEST(Sobol, FirstPointsAreTheKnownOnes) {
  // Points 1 to 3 of the sequence of Joe & Kuo in Gray-code order: (.5, .5, .5), (.75, .25, .25),
  // (.25, .75, .75).
  const auto at = [](std::uint32_t index, std::size_t d) { return sobol_bits(index, d) * 0x1p-32; };
  EXPECT_EQ(at(1, 0), 0.5);
  EXPECT_EQ(at(1, 2), 0.5);
  EXPECT_EQ(at(2, 0), 0.75);
  EXPECT_EQ(at(2, 1), 0.25);
  EXPECT_EQ(at(3, 1), 0.75);
  EXPECT_EQ(at(4, 2), 0.625);
}

TEST(Sobol, EveryDimensionIsStratified) {
  for (std::size_t d = 0; d < sobol_dimensions; ++d) {
    std::vector<int> hits(1024, 0);
    for (std::uint32_t k = 0; k < 1024; ++k) ++hits[sobol_bits(k, d) >> 22];
    EXPECT_EQ(*std::min_element(hits.begin(), hits.end()), 1) << d;
  }
}

TEST(SmallLp, KnownOptimaAndImpossibleOnes) {
  // max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18 (Wyndor Glass): x 2, y 6, 36.
  const auto wyndor = solve_small_lp({{-3, -5}, {1, 0, 0, 2, 3, 2}, {4, 12, 18}, {}, {}});
  EXPECT_NEAR(wyndor.x[0], 2.0, 1e-12);
  EXPECT_NEAR(wyndor.x[1], 6.0, 1e-12);
  EXPECT_NEAR(wyndor.objective, -36.0, 1e-12);
  EXPECT_EQ(code_of([] { (void)solve_small_lp({{1}, {1}, {1}, {1}, {2}}); }), "ranking.infeasible");
  EXPECT_EQ(code_of([] { (void)solve_small_lp({{-1}, {}, {}, {}, {}}); }), "ranking.infeasible");
}

}  // namespace
}  // namespace lode::test
