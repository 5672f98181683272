// Every method on random tables against its definition, written out plainly and without haste.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/random.h"
#include "libgeo/ranking/methods.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

struct Problem {
  std::vector<Criterion> criteria;
  std::vector<double> columns;
  std::vector<double> weights;
  std::size_t n = 0, m = 0;

  [[nodiscard]] double at(std::size_t i, std::size_t j) const { return columns[j * n + i]; }
  [[nodiscard]] double sense(std::size_t j) const {
    return criteria[j].direction == Direction::max ? 1.0 : -1.0;
  }
};

/// Positive values with ties, one criterion of no weight, one with the same value everywhere.
Problem problem(std::uint64_t trial) {
  const Random random{23, trial};
  Problem p;
  p.n = 1 + trial % 9;
  p.m = 1 + trial % 5;
  double total = 0.0;
  for (std::size_t j = 0; j < p.m; ++j) {
    Criterion c;
    c.name = "c" + std::to_string(j);
    c.direction = random.uniform(j) < 0.5 ? Direction::max : Direction::min;
    c.lo = 0.0;
    c.hi = 12.0;
    c.q = 1.0;
    c.p = trial % 4 == 0 ? 1.0 : 3.0;
    if (trial % 3 == 0) c.v = trial % 2 == 0 ? c.p : 6.0;
    p.criteria.push_back(c);
    p.weights.push_back(j == 1 && trial % 2 == 0 ? 0.0 : 0.1 + random.uniform(100 + j));
    total += p.weights.back();
    for (std::size_t i = 0; i < p.n; ++i) {
      const double u = random.uniform(1000 + j * 50 + i);
      p.columns.push_back(j == 2 && trial % 5 == 2 ? 4.0 : 1.0 + std::floor(u * 10.0));
    }
  }
  for (auto& w : p.weights) w /= total;
  return p;
}

/// Merits as normalise.h states them.
double merit_of(const Problem& p, Normalise how, std::size_t i, std::size_t j) {
  const double x = p.at(i, j);
  const bool cost = p.sense(j) < 0.0;
  double low = x, high = x, sum = 0.0, inverse = 0.0, squares = 0.0;
  for (std::size_t k = 0; k < p.n; ++k) {
    const double y = p.at(k, j);
    low = std::min(low, y);
    high = std::max(high, y);
    sum += y;
    inverse += 1.0 / y;
    squares += y * y;
  }
  switch (how) {
    case Normalise::bounds:
      return cost ? (12.0 - x) / 12.0 : x / 12.0;
    case Normalise::minmax:
      return high > low ? (cost ? high - x : x - low) / (high - low) : 0.5;
    case Normalise::vector:
      return cost ? 1.0 - x / std::sqrt(squares) : x / std::sqrt(squares);
    case Normalise::max:
      return cost ? low / x : x / high;
    case Normalise::sum:
      return cost ? 1.0 / x / inverse : x / sum;
    case Normalise::none:
      break;
  }
  return cost ? -x : x;
}

std::vector<double> topsis(const Problem& p, Normalise how) {
  std::vector<double> out;
  for (std::size_t i = 0; i < p.n; ++i) {
    double near = 0.0, far = 0.0;
    for (std::size_t j = 0; j < p.m; ++j) {
      double best = -INFINITY, worst = INFINITY;
      for (std::size_t k = 0; k < p.n; ++k) {
        best = std::max(best, merit_of(p, how, k, j));
        worst = std::min(worst, merit_of(p, how, k, j));
      }
      if (how == Normalise::bounds) best = 1.0, worst = 0.0;
      near += std::pow(p.weights[j] * (merit_of(p, how, i, j) - best), 2);
      far += std::pow(p.weights[j] * (merit_of(p, how, i, j) - worst), 2);
    }
    const double both = std::sqrt(near) + std::sqrt(far);
    out.push_back(both > 0.0 ? std::sqrt(far) / both : 0.5);
  }
  return out;
}

double share(double x, const std::vector<double>& all) {
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  return *high - *low > 1e-15 ? (x - *low) / (*high - *low) : 0.0;
}

/// By observed extremes of the values themselves, or by the bounds 0 and 12.
std::vector<double> vikor(const Problem& p, bool bounds) {
  std::vector<double> s, r, q;
  for (std::size_t i = 0; i < p.n; ++i) {
    double sum = 0.0, worst = 0.0;
    for (std::size_t j = 0; j < p.m; ++j) {
      double best = -INFINITY, least = INFINITY;
      for (std::size_t k = 0; k < p.n; ++k) {
        best = std::max(best, p.sense(j) * p.at(k, j));
        least = std::min(least, p.sense(j) * p.at(k, j));
      }
      if (bounds) best = p.sense(j) > 0 ? 12.0 : 0.0, least = p.sense(j) > 0 ? 0.0 : -12.0;
      const double regret =
          best > least ? p.weights[j] * (best - p.sense(j) * p.at(i, j)) / (best - least) : 0.0;
      sum += regret;
      worst = std::max(worst, regret);
    }
    s.push_back(sum);
    r.push_back(worst);
  }
  for (std::size_t i = 0; i < p.n; ++i) q.push_back(0.5 * share(s[i], s) + 0.5 * share(r[i], r));
  return q;
}

std::vector<double> sums_and_products(const Problem& p, Normalise how, double lambda) {
  std::vector<double> out;
  for (std::size_t i = 0; i < p.n; ++i) {
    double sum = 0.0, product = 1.0;
    for (std::size_t j = 0; j < p.m; ++j) {
      const double merit = merit_of(p, how, i, j);
      sum += p.weights[j] * merit;
      if (lambda < 1.0 && p.weights[j] > 0.0) product *= std::pow(merit, p.weights[j]);
    }
    out.push_back(lambda * sum + (1.0 - lambda) * (lambda < 1.0 ? product : 0.0));
  }
  return out;
}

double preference_by_words(double d, Shape shape, double q, double p) {
  if (d <= 0.0) return 0.0;
  if (shape == Shape::usual) return 1.0;
  if (shape == Shape::ushape) return d <= q ? 0.0 : 1.0;
  if (shape == Shape::vshape) return d <= p ? d / p : 1.0;
  if (shape == Shape::level) return d <= q ? 0.0 : d <= p ? 0.5 : 1.0;
  if (shape == Shape::linear) return d <= q ? 0.0 : d <= p ? (d - q) / (p - q) : 1.0;
  return 1.0 - std::exp(-d * d / (2.0 * p * p));
}

std::vector<double> promethee(const Problem& p, Shape shape) {
  std::vector<double> net(p.n, 0.0);
  for (std::size_t a = 0; a < p.n; ++a)
    for (std::size_t b = 0; b < p.n; ++b)
      for (std::size_t j = 0; j < p.m; ++j) {
        const double d = p.sense(j) * (p.at(a, j) - p.at(b, j));
        const double over =
            p.weights[j] * preference_by_words(d, shape, p.criteria[j].q, p.criteria[j].p);
        net[a] += over;
        net[b] -= over;
      }
  if (p.n > 1)
    for (auto& x : net) x /= static_cast<double>(p.n - 1);
  return net;
}

double credibility_by_words(const Problem& p, std::size_t a, std::size_t b) {
  double concordance = 0.0;
  std::vector<double> against;
  for (std::size_t j = 0; j < p.m; ++j) {
    const Criterion& c = p.criteria[j];
    const double d = p.sense(j) * (p.at(b, j) - p.at(a, j));
    concordance += p.weights[j] * (d <= c.q ? 1.0 : d >= c.p ? 0.0 : (c.p - d) / (c.p - c.q));
    against.push_back(std::isnan(c.v) || d <= c.p ? 0.0 : d >= c.v ? 1.0 : (d - c.p) / (c.v - c.p));
  }
  double sigma = concordance;
  for (const double d : against)
    if (d > concordance) sigma *= (1.0 - d) / (1.0 - concordance);
  return sigma;
}

Scored scored_by(const Problem& p, Method method, Normalise how, Shape shape = Shape::linear) {
  MethodOptions options;
  options.method = method;
  options.normalise = how;
  options.preference = shape;
  return score(prepare_method(p.criteria, p.columns, p.n, options), p.weights);
}

void expect_same(const std::vector<double>& got, const std::vector<double>& expected,
                 const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (std::size_t k = 0; k < got.size(); ++k) EXPECT_NEAR(got[k], expected[k], 1e-12) << what;
}

constexpr std::uint64_t trials = 120;
constexpr Normalise all_kinds[] = {Normalise::bounds, Normalise::minmax, Normalise::vector,
                                   Normalise::max,    Normalise::sum,    Normalise::none};

TEST(Definition, RowMethodsUnderEveryNormalisation) {
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const Problem p = problem(trial);
    for (const auto how : all_kinds) {
      const std::string what = std::string(to_text(how)) + ", trial " + std::to_string(trial);
      expect_same(scored_by(p, Method::wsm, how).score, sums_and_products(p, how, 1.0),
                  "wsm, " + what);
      expect_same(scored_by(p, Method::topsis, how).score, topsis(p, how), "topsis, " + what);
      if (how == Normalise::none) continue;  // costs enter products as 1/x: a case of its own
      expect_same(scored_by(p, Method::wpm, how).score, sums_and_products(p, how, 0.0),
                  "wpm, " + what);
      expect_same(scored_by(p, Method::waspas, how).score, sums_and_products(p, how, 0.5),
                  "waspas, " + what);
    }
    expect_same(scored_by(p, Method::vikor, Normalise::minmax).score, vikor(p, false), "vikor");
    expect_same(scored_by(p, Method::vikor, Normalise::bounds).score, vikor(p, true), "vikor");
    auto spotis = sums_and_products(p, Normalise::bounds, 1.0);
    for (auto& x : spotis) x = 1.0 - x;
    expect_same(scored_by(p, Method::spotis, Normalise::minmax).score, spotis, "spotis");
  }
}

TEST(Definition, PrometheeOfEveryShape) {
  for (std::uint64_t trial = 0; trial < trials; ++trial)
    for (const auto shape : {Shape::usual, Shape::ushape, Shape::vshape, Shape::level,
                             Shape::linear, Shape::gaussian}) {
      const Problem p = problem(trial);
      expect_same(scored_by(p, Method::promethee2, Normalise::none, shape).score,
                  promethee(p, shape), std::string(to_text(shape)));
    }
}

TEST(Definition, ElectreCredibilityAndTheOrderOfBothDistillations) {
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const Problem p = problem(trial);
    const Scored scored = scored_by(p, Method::electre3, Normalise::none);
    std::vector<double> sigma;
    for (std::size_t a = 0; a < p.n; ++a)
      for (std::size_t b = 0; b < p.n; ++b) sigma.push_back(credibility_by_words(p, a, b));
    expect_same(scored.credibility, sigma, "credibility");
    for (std::size_t a = 0; a < p.n; ++a)
      for (std::size_t b = 0; b < p.n; ++b) {
        const double down = scored.descending[a] - scored.descending[b];
        const double up = scored.ascending[a] - scored.ascending[b];
        const char expected = down == 0.0 && up == 0.0   ? 'I'
                              : down <= 0.0 && up <= 0.0 ? 'P'
                              : down >= 0.0 && up >= 0.0 ? '-'
                                                         : 'R';
        EXPECT_EQ(scored.relation[a * p.n + b], expected);
      }
  }
}

TEST(Definition, ThePartialOrderIsOneAndAgreesWithTheRanks) {
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const Problem p = problem(trial);
    for (const auto method : {Method::promethee1, Method::electre3}) {
      const Scored scored = scored_by(p, method, Normalise::none, Shape::usual);
      const auto relation = [&](std::size_t a, std::size_t b) {
        return scored.relation[a * p.n + b];
      };
      for (std::size_t a = 0; a < p.n; ++a)
        for (std::size_t b = 0; b < p.n; ++b) {
          EXPECT_EQ(relation(a, b) == 'P', relation(b, a) == '-');
          EXPECT_EQ(relation(a, b) == 'I', relation(b, a) == 'I');
          if (relation(a, b) == 'P') {
            EXPECT_GT(scored.merit[a], scored.merit[b]);
          }
          for (std::size_t c = 0; c < p.n; ++c)
            if (relation(a, b) == 'P' && relation(b, c) == 'P') {
              EXPECT_EQ(relation(a, c), 'P');
            }
        }
    }
  }
}

TEST(Normalise, RefusesWhatIsNotFiniteAndKeepsLargeNumbers) {
  Criterion c;
  c.name = "x";
  for (const auto how : all_kinds) {
    EXPECT_EQ(code_of([&] { (void)normalise({c}, {1.0, NAN}, 2, how); }), "ranking.not_finite");
    EXPECT_EQ(code_of([&] {
                (void)normalise({c}, {1.0, INFINITY}, 2, how);
              }),
              "ranking.not_finite");
  }
  // 3, 4 and 5 times 1e200: squares overflow, the vector norm must not.
  const auto merit = normalise({c}, {3e200, 4e200}, 2, Normalise::vector).merit;
  EXPECT_NEAR(merit[0], 0.6, 1e-15);
  EXPECT_NEAR(merit[1], 0.8, 1e-15);
  EXPECT_EQ(code_of([&] {
              (void)normalise({c}, {-1e308, 1e308}, 2, Normalise::minmax);
            }),
            "ranking.not_finite");
  for (const auto method : {Method::promethee2, Method::electre3}) {
    MethodOptions options;
    options.method = method;
    EXPECT_EQ(code_of([&] {
                (void)prepare_method({c}, {1.0, NAN}, 2, options);
              }),
              "ranking.not_finite");
  }
}

TEST(Promethee, AGaussianNeedsASigma) {
  Criterion c;
  c.name = "x";
  c.shape = Shape::gaussian;
  c.p = 0.0;
  MethodOptions options;
  options.method = Method::promethee2;
  EXPECT_EQ(code_of([&] {
              (void)prepare_method({c}, {1.0, 2.0}, 2, options);
            }),
            "ranking.bad_criterion");
}

}  // namespace
}  // namespace lode::test
