// The machinery of draws: loops of every width, order, counting, data and weights drawn two ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/progress.h"
#include "libgeo/core/random.h"
#include "libgeo/ranking/data_draws.h"
#include "libgeo/ranking/draw_kernels.h"
#include "libgeo/ranking/order.h"
#include "libgeo/ranking/rank.h"
#include "libgeo/ranking/tally.h"
#include "libgeo/ranking/weight_sampler.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

const double none = std::nan("");

std::vector<double> values(std::size_t n, std::uint64_t stream, double steps = 0.0) {
  std::vector<double> out(n);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = Random{11, stream}.uniform(i);
    if (steps > 0.0) out[i] = std::floor(out[i] * steps) / steps;
  }
  return out;
}

/// Heavy on one side, with an outlier far off: buckets by the range alone would hold everything.
std::vector<double> lopsided(std::size_t n) {
  auto x = values(n, 12);
  for (auto& one : x) one = std::exp(8.0 * one);
  x[n / 3] = 1e12;
  x[n / 2] = -1e9;
  return x;
}

TEST(DrawKernels, EveryWidthGivesTheSameBitsAsThePlainFormula) {
  const std::size_t n = 1003, m = 5, draws = 7;
  const auto a = values(n * m, 1), b = values(n * m, 2), w = values(draws * m, 3);
  std::vector<std::uint64_t> streams(n);
  for (std::size_t i = 0; i < n; ++i) streams[i] = Random{5, 5}.bits(i);
  auto low = values(n, 6), base = values(n, 7), high = values(n, 8);
  for (std::size_t i = 0; i < n; ++i) {
    base[i] += low[i];
    high[i] += base[i];
    if (i % 5 == 0) low[i] = none;
    if (i % 7 == 0) high[i] = none;
    if (i % 11 == 0) low[i] = -low[i];
  }
  for (std::size_t k = 0; draw_kernels::kernels_number(k) != nullptr; ++k) {
    const auto& kernel = *draw_kernels::kernels_number(k);
    std::vector<double> sums(draws * n), close(draws * n), u(n), x(n), merit(n), regret(n, 0.0);
    kernel.weighted(a.data(), n, m, w.data(), draws, 0, n, sums.data(), n);
    kernel.closeness(a.data(), b.data(), n, m, w.data(), draws, 0, n, close.data(), n);
    kernel.uniforms(9, streams.data(), n, 123456789012345ull, u.data());
    kernel.halves(low.data(), base.data(), high.data(), u.data(), n, x.data());
    kernel.bounded(x.data(), n, 0.5, 2.0, true, merit.data());
    kernel.add_regret(merit.data(), n, 1.0, regret.data());
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t d = 0; d < draws; ++d) {
        double sum = 0.0, far = 0.0, near = 0.0;
        for (std::size_t j = 0; j < m; ++j) {
          sum += w[d * m + j] * a[j * n + i];
          far += w[d * m + j] * a[j * n + i];
          near += w[d * m + j] * b[j * n + i];
        }
        ASSERT_EQ(sums[d * n + i], sum) << kernel.name;
        ASSERT_EQ(close[d * n + i], near / (far + near)) << kernel.name;
      }
      ASSERT_EQ(u[i], (Random{9, streams[i]}.uniform(123456789012345ull))) << kernel.name;
      ASSERT_EQ(x[i], sample_value(low[i], base[i], high[i], u[i], Spread::p10_p90)) << i;
      ASSERT_EQ(merit[i], (2.0 - std::clamp(x[i], 0.5, 2.0)) / 1.5);
      ASSERT_EQ(regret[i], 1.0 - merit[i]);
    }
  }
}

TEST(Order, ExactRanksAreCompetitionRanks) {
  OrderScratch scratch;
  std::vector<LeadingRank> leading;
  for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{777}, std::size_t{9000}})
    for (const double steps : {0.0, 0.01, 25.0}) {
      const auto x = n == 777 && steps == 0.01 ? lopsided(n) : values(n, 3, steps);
      const auto exact = competition_ranks(x, 0.0);
      std::vector<std::uint16_t> ranks(n);
      exact_ranks(x.data(), n, 5, ranks.data(), leading, scratch);
      for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(ranks[i] + 1u, exact[i]);
      ASSERT_EQ(static_cast<long>(leading.size()),
                std::count_if(exact.begin(), exact.end(), [](auto r) { return r <= 5; }));
    }
}

TEST(Order, BinsHoldTheExactRankAndTheLeadingOnesAreExact) {
  const std::size_t n = 12000, width = 47, kept = 100;
  for (const double steps : {0.0, 0.01, 25.0, -1.0}) {
    const auto x = steps < 0.0 ? lopsided(n) : values(n, 4, steps);
    const auto exact = competition_ranks(x, 0.0);
    std::vector<std::uint8_t> bins(n);
    std::vector<LeadingRank> leading;
    OrderScratch scratch;
    binned_ranks(x.data(), n, width, kept, bins.data(), leading, scratch);
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(bins[i], (exact[i] - 1) / width);
    for (const auto& one : leading) ASSERT_EQ(one.rank, exact[one.site]);
    ASSERT_EQ(static_cast<long>(leading.size()),
              std::count_if(exact.begin(), exact.end(), [&](auto r) { return r <= kept; }));
  }
}

TEST(Tally, QuantilesAreTheSameListedAndCounted) {
  const std::size_t n = 60;
  const std::vector<std::uint16_t> ranks = {3, 3, 1, 60, 7, 7, 7, 2, 9, 9,
                                            9, 9, 4, 5,  6, 8, 8, 8, 8, 10};
  const auto tally_of = [&](std::size_t draws) {
    RankTally tally(n, draws, n);
    for (std::size_t d = 0; d < draws; ++d) {
      std::vector<std::uint16_t> own(n, 0);
      own[5] = static_cast<std::uint16_t>(ranks[d % ranks.size()] - 1);
      tally.add_exact(own.data(), d, 1, 0, n);
      tally.add_leading({{5, own[5] + 1u}});
    }
    EXPECT_EQ(tally.leading(5, 7), 3 * draws / ranks.size());
    EXPECT_EQ(tally.summary(6).entropy, 0.0);
    return tally.summary(5);
  };
  for (const std::size_t draws : {5 * ranks.size(), 10 * ranks.size(), 4000 * ranks.size()}) {
    const auto q = tally_of(draws);
    EXPECT_EQ(q.p05, 1.0);  // 1 of 20 draws at rank 1: five in a hundred
    EXPECT_EQ(q.p50, 7.0);  // the tenth of twenty in rising order
    EXPECT_EQ(q.p95, 10.0);
    // Shares of a twentieth: 1, 1, 2, 1, 1, 1, 3, 4, 4, 1, 1 of ranks 1 to 10 and 60.
    const auto part = [](double k) { return -k / 20 * std::log(k / 20); };
    const double entropy = 7 * part(1) + part(2) + part(3) + 2 * part(4);
    EXPECT_NEAR(q.entropy, entropy / std::log(60.0), 1e-12);
  }
}

struct Example {
  std::vector<Criterion> criteria;
  DrawInputs inputs;
  std::size_t sites = 0;
};

/// Every kind of cell: each spread, logarithms, values without spread, realizations, groups.
Example mixed_example(std::size_t n) {
  Example e;
  e.sites = n;
  const std::vector<Spread> spreads = {Spread::p10_p90,    Spread::p10_p90, Spread::uniform,
                                       Spread::lognormal,  Spread::pert,    Spread::normal,
                                       Spread::triangular, Spread::p10_p90};
  for (std::size_t j = 0; j < spreads.size(); ++j) {
    Criterion c;
    c.name = "c" + std::to_string(j);
    c.lo = 0.2;
    c.hi = 1.5;
    c.spread = spreads[j];
    c.scale = j == 1 || j == 3 ? Scale::log : Scale::linear;
    c.direction = j % 2 == 0 ? Direction::max : Direction::min;
    if (j == 2) c.curve = {{0.0, 0.1}, {0.5, 0.9}, {2.0, 0.3}};
    if (j == 6) c.ideal = 0.7;
    if (j > 4) c.spread_group = "g";
    if (j == 5) c.spread_correlation = 0.6, c.spread_common = 0.2;
    e.criteria.push_back(c);
  }
  for (std::size_t i = 0; i < n; ++i) e.inputs.ids.push_back("S" + std::to_string(i));
  const std::size_t cells = n * e.criteria.size();
  e.inputs.columns = values(cells, 20);
  e.inputs.low.assign(cells, none);
  e.inputs.high.assign(cells, none);
  e.inputs.anywhere.assign(cells, 0);
  for (std::size_t k = 0; k < cells; ++k) {
    if (k / n == 7) continue;  // only realizations
    if (k % 3 != 0) e.inputs.low[k] = 0.5 * e.inputs.columns[k];
    if (k % 4 != 0) e.inputs.high[k] = 1.5 * e.inputs.columns[k];
    if (k % 17 == 0) e.inputs.low[k] = 0.2, e.inputs.high[k] = 1.4, e.inputs.anywhere[k] = 1;
  }
  e.inputs.cell_draws = {{3, 7, {0.3, 0.9, 1.9}}, {3, 1, {0.4, 0.6, 0.8}}};
  return e;
}

TEST(DataDraws, StreamedMeritsAreThoseOfTheWholeTableToTheBit) {
  const std::size_t n = 601;
  const Example e = mixed_example(n);
  const std::size_t m = e.criteria.size();
  DrawOptions options;
  for (const auto method :
       {Method::wsm, Method::wpm, Method::waspas, Method::topsis, Method::owa, Method::fuzzy}) {
    MethodOptions how;
    how.method = method;
    how.jobs = 1;
    const auto prepared = prepare_method(e.criteria, e.inputs.columns, n, how);
    ASSERT_TRUE(StreamedMerits::possible(prepared));
    const DataSampler data(prepared, e.inputs, options);
    StreamedMerits streamed(prepared);
    std::vector<double> columns(n * m), u(n), whole(n), strip(n);
    const auto weights = values(m, 30);
    for (std::size_t d = 0; d < 5; ++d) {
      for (std::size_t j = 0; j < m; ++j) data.column(d, j, 0, n, u.data(), columns.data() + j * n);
      merits(prepare_method(e.criteria, columns, n, how), weights.data(), whole.data());
      for (std::size_t from = 0; from < n; from += StreamedMerits::most_sites)
        streamed.merits(data, d, from, std::min(n, from + StreamedMerits::most_sites),
                        weights.data(), strip.data() + from);
      ASSERT_EQ(strip, whole) << to_text(method) << " draw " << d;
      ASSERT_EQ(columns[7 * n + 3], std::vector<double>({0.3, 0.9, 1.9})[d % 3]);
      ASSERT_EQ(columns[7 * n + 4], e.inputs.columns[7 * n + 4]);
    }
  }
}

TEST(DataDraws, OnlyFixedScalesAreStreamed) {
  Example e = mixed_example(20);
  const auto possible = [&](Method method, Normalise how) {
    MethodOptions options;
    options.method = method;
    options.normalise = how;
    return StreamedMerits::possible(prepare_method(e.criteria, e.inputs.columns, 20, options));
  };
  EXPECT_FALSE(possible(Method::vikor, Normalise::bounds));
  EXPECT_FALSE(possible(Method::promethee2, Normalise::bounds));
  EXPECT_FALSE(possible(Method::wsm, Normalise::minmax));
  EXPECT_FALSE(possible(Method::spotis, Normalise::bounds));  // a target
  e.criteria[6].ideal = none;
  EXPECT_TRUE(possible(Method::spotis, Normalise::bounds));
  e.criteria[0].lo = e.criteria[0].hi = none;
  EXPECT_FALSE(possible(Method::wsm, Normalise::bounds));
}

TEST(DataDraws, FaultsNameSiteAndCriterion) {
  const auto refused = [](const std::function<void(Example&)>& spoil) {
    Example e = mixed_example(20);
    spoil(e);
    const auto prepared = prepare_method(e.criteria, e.inputs.columns, 20);
    try {
      const DataSampler data(prepared, e.inputs, {});
    } catch (const Error& error) {
      return error.code + " " + error.where;
    }
    return std::string();
  };
  EXPECT_EQ(refused([](Example&) {}), "");
  EXPECT_EQ(refused([](Example& e) { e.inputs.cell_draws[0].values[1] = none; }),
            "ranking.cell_draws S3, c7");
  EXPECT_EQ(refused([](Example& e) { e.inputs.low[3 * 20 + 7] = -1.0; }),
            "ranking.spread_not_positive S7, c3");
  EXPECT_EQ(refused([](Example& e) { e.inputs.low[5] = 9.0; }), "ranking.spread_order S5, c0");
  EXPECT_EQ(refused([](Example& e) {
              e.criteria[1].spread_common = 0.3, e.criteria[1].spread_correlation = 0.2;
            }),
            "ranking.option c1");
}

TEST(DataDraws, RealizationsThatRepeatOrDoNotPairAreSaid) {
  Example e = mixed_example(20);
  const auto prepared = prepare_method(e.criteria, e.inputs.columns, 20);
  DrawOptions options;
  options.draws = 3;
  EXPECT_TRUE(DataSampler(prepared, e.inputs, options).findings().empty());
  options.draws = 4;
  EXPECT_TRUE(
      DataSampler(prepared, e.inputs, options).findings().has("ranking.realizations_repeat"));
  e.inputs.cell_draws[1].values.push_back(0.9);
  EXPECT_TRUE(
      DataSampler(prepared, e.inputs, options).findings().has("ranking.unpaired_realizations"));
}

std::string message_of(const WeightDraws& weights, const std::vector<std::string>& names) {
  try {
    const WeightSampler sampler(weights, {}, names);
  } catch (const Error& error) {
    return error.code + ": " + error.what();
  }
  return "";
}

TEST(WeightLimits, ContradictionsAreNamed) {
  WeightDraws w{WeightScheme::free, {0.25, 0.25, 0.25, 0.25}, 0.5, {}, {}};
  const std::vector<std::string> names = {"tonnage", "grade", "permits", "price"};
  w.limits = {{0.6, 1}, {0.5, 1}, {0.0, 0.9}, {0, 1}};
  EXPECT_THAT(message_of(w, names), testing::AllOf(testing::HasSubstr("ranking.weight_limits"),
                                                   testing::HasSubstr("tonnage >= 0.6"),
                                                   testing::HasSubstr("grade >= 0.5"),
                                                   testing::Not(testing::HasSubstr("permits"))));
  w.limits = {{0, 0.3}, {0, 1}, {0.2, 1}, {0, 1}};
  w.ratios = {{0, 2, 2.0, 3.0}, {1, 3, 1.0, 2.0}};
  EXPECT_THAT(message_of(w, names), testing::AllOf(testing::HasSubstr("tonnage <= 0.3"),
                                                   testing::HasSubstr("permits >= 0.2"),
                                                   testing::HasSubstr("tonnage/permits >= 2"),
                                                   testing::Not(testing::HasSubstr("price"))));
  w.limits = {{0.4, 0.3}, {0, 1}, {0, 1}, {0, 1}};
  EXPECT_THAT(message_of(w, names), testing::HasSubstr("ranking.weight_limits"));
  w.limits.clear();
  w.ratios = {{1, 1, 1.0, 2.0}};
  EXPECT_THAT(message_of(w, names), testing::HasSubstr("ranking.option"));
  // In the order of the given weights price cannot outweigh tonnage.
  w.scheme = WeightScheme::ordered;
  w.base = {0.4, 0.3, 0.2, 0.1};
  w.ratios = {{3, 0, 1.5, 2.0}};
  EXPECT_THAT(message_of(w, names), testing::HasSubstr("price/tonnage >= 1.5"));
}

TEST(WeightLimits, WalksAreSaidAndKeepEveryLimit) {
  WeightDraws w{WeightScheme::uncertain, {0.4, 0.3, 0.2, 0.1}, 0.5, {}, {}};
  w.limits = {{0.4, 0.41}, {0.3, 0.31}, {0.15, 0.2}, {0.0, 1.0}};
  w.ratios = {{2, 3, 1.2, 1.3}};
  DrawOptions options;
  options.draws = 300;
  const WeightSampler sampler(w, options);
  EXPECT_TRUE(sampler.walks());
  EXPECT_TRUE(sampler.findings().has("ranking.weights_walked"));
  const auto drawn = draw_weights(w, options);
  std::vector<double> alone(4);
  sampler.draw(123, alone.data());
  for (std::size_t d = 0; d < options.draws; ++d) {
    const double* own = drawn.data() + 4 * d;
    EXPECT_NEAR(own[0] + own[1] + own[2] + own[3], 1.0, 1e-9);
    for (std::size_t j = 0; j < 4; ++j) {
      EXPECT_GE(own[j], w.limits[j].first);
      EXPECT_LE(own[j], w.limits[j].second);
      EXPECT_TRUE(d != 123 || own[j] == alone[j]);
    }
    EXPECT_GE(own[2] / own[3], 1.2 - 1e-9);
    EXPECT_LE(own[2] / own[3], 1.3 + 1e-9);
  }
}

/// Moments of a walk against those of rejection, where both can be had.
TEST(WeightLimits, WalksHaveTheMomentsOfRejection) {
  for (const auto scheme : {WeightScheme::free, WeightScheme::ordered, WeightScheme::uncertain}) {
    WeightDraws w{scheme, {0.35, 0.25, 0.2, 0.12, 0.08}, 0.5, {}, {}};
    w.limits = {{0.25, 0.5}, {0.1, 0.4}, {0.0, 0.3}, {0.05, 0.3}, {0.0, 0.2}};
    w.ratios = {{0, 1, 1.1, 3.0}};
    std::vector<std::size_t> order = {0, 1, 2, 3, 4};
    WeightWalk walk(w, order, {});
    walk.round_off();
    DrawOptions options;
    options.draws = 6000;
    const WeightSampler rejection(w, options);
    ASSERT_FALSE(rejection.walks());
    double sums[2][5] = {}, squares[2][5] = {};
    for (std::size_t d = 0; d < options.draws; ++d) {
      double own[2][5];
      walk.draw(1, d, own[0]);
      rejection.draw(d, own[1]);
      for (std::size_t j = 0; j < 5; ++j)
        for (int k = 0; k < 2; ++k) {
          sums[k][j] += own[k][j] / 6000;
          squares[k][j] += own[k][j] * own[k][j] / 6000;
        }
    }
    for (std::size_t j = 0; j < 5; ++j) {
      EXPECT_NEAR(sums[0][j], sums[1][j], 4e-3) << to_text(scheme) << j;
      EXPECT_NEAR(std::sqrt(squares[0][j] - sums[0][j] * sums[0][j]),
                  std::sqrt(squares[1][j] - sums[1][j] * sums[1][j]), 3e-3)
          << to_text(scheme) << j;
    }
  }
}

TEST(WeightLimits, FortyCriteriaMixToTheKnownMeanAndDeviation) {
  // All of 40 at least 0.02: w = 0.02 + 0.2 x with x uniform on the simplex: mean 1/40, deviation
  // 0.2 sqrt(39/(40^2 41)).
  WeightDraws w{WeightScheme::free, std::vector<double>(40, 0.025), 0.5, {}, {}};
  w.limits.assign(40, {0.02, 1.0});
  DrawOptions options;
  options.draws = 300;
  options.jobs = 2;
  const auto drawn = draw_weights(w, options);
  double sum = 0.0, squares = 0.0;
  for (const double x : drawn) sum += x / 12000, squares += (x - 0.025) * (x - 0.025) / 12000;
  EXPECT_NEAR(sum, 0.025, 1e-9);
  EXPECT_NEAR(std::sqrt(squares), 0.2 * std::sqrt(39.0 / (1600.0 * 41.0)), 2e-4);
}

DecisionTable small_table(std::size_t n, std::size_t m, std::uint64_t stream) {
  DecisionTable table;
  for (std::size_t i = 0; i < n; ++i) table.ids.push_back("S" + std::to_string(1000 + i));
  for (std::size_t j = 0; j < m; ++j) {
    Criterion c;
    c.name = "c" + std::to_string(j);
    c.weight = static_cast<double>(j + 1);
    c.lo = 0.0;
    c.hi = 1.0;
    table.criteria.push_back(c);
  }
  table.values = values(n * m, stream);
  return table;
}

RankOptions drawn_options() {
  RankOptions options;
  options.method.method = Method::wsm;
  options.weights = WeightScheme::uncertain;
  options.rescale_weights = true;
  options.draws.draws = 200;
  return options;
}

TEST(DrawProperties, AcceptabilitiesSumToOneDownAndAcross) {
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    const std::size_t n = 2 + trial, m = 1 + trial % 5;
    const auto result = rank(small_table(n, m, 40 + trial), drawn_options());
    for (std::size_t r = 0; r < n; ++r) {
      double across = 0.0, down = 0.0;
      for (std::size_t k = 0; k < n; ++k) {
        across += result.sites[r].rank_acceptability[k];
        down += result.sites[k].rank_acceptability[r];
      }
      EXPECT_NEAR(across, 1.0, 1e-12);
      EXPECT_NEAR(down, 1.0, 1e-12);
    }
  }
}

TEST(DrawProperties, ScaleOfWeightsAndACriterionWithoutWeightHaveNoSay) {
  for (std::uint64_t trial = 0; trial < 10; ++trial) {
    const auto table = small_table(12, 3, 70 + trial);
    auto scaled = table;
    for (auto& c : scaled.criteria) c.weight *= 8.0;  // a power of two: to the bit
    auto longer = table;
    longer.criteria.push_back(table.criteria[0]);
    longer.criteria.back().name = "none";
    longer.criteria.back().weight = 0.0;
    longer.values.clear();
    for (std::size_t i = 0; i < 12; ++i) {
      longer.values.insert(longer.values.end(), table.values.begin() + static_cast<long>(3 * i),
                           table.values.begin() + static_cast<long>(3 * i + 3));
      longer.values.push_back(0.5);
    }
    const auto a = rank(table, drawn_options()), b = rank(scaled, drawn_options()),
               c = rank(longer, drawn_options());
    for (std::size_t k = 0; k < 12; ++k) {
      EXPECT_EQ(a.sites[k].id, b.sites[k].id);
      EXPECT_EQ(a.sites[k].rank_acceptability, b.sites[k].rank_acceptability);
      EXPECT_EQ(a.sites[k].id, c.sites[k].id);
      EXPECT_EQ(a.sites[k].rank_acceptability, c.sites[k].rank_acceptability);
    }
  }
}

TEST(DrawProperties, BinnedSitesKeepTheirFiguresForAnyThreadsAndOrderOfRows) {
  auto table = small_table(10400, 3, 90);
  for (const double x : table.values) {
    table.low.push_back(0.9 * x);
    table.high.push_back(1.2 * x);
  }
  auto options = drawn_options();
  options.pareto = Pareto::off;
  options.draws.draws = 24;
  options.draws.jobs = options.method.jobs = 1;
  const auto one = rank(table, options);
  std::reverse(table.ids.begin(), table.ids.end());
  for (auto* column : {&table.values, &table.low, &table.high}) {
    std::reverse(column->begin(), column->end());
    for (std::size_t k = 0; k < column->size(); k += 3)
      std::reverse(column->begin() + static_cast<long>(k),
                   column->begin() + static_cast<long>(k + 3));
  }
  options.draws.jobs = options.method.jobs = 3;
  const auto two = rank(table, options);
  for (std::size_t k = 0; k < one.sites.size(); ++k) {
    ASSERT_EQ(one.sites[k].id, two.sites[k].id);
    ASSERT_EQ(one.sites[k].rank_acceptability, two.sites[k].rank_acceptability);
    ASSERT_EQ(one.sites[k].rank_p95, two.sites[k].rank_p95);
    ASSERT_EQ(one.sites[k].regret, two.sites[k].regret);
    ASSERT_EQ(one.sites[k].rank_entropy, two.sites[k].rank_entropy);
    ASSERT_GE(one.sites[k].regret, 0.0);
  }
}

TEST(DrawProperties, AStopIsHeardAndProgressComesToItsEnd) {
  const auto table = small_table(500, 4, 91);
  auto options = drawn_options();
  options.draws.draws = 2000;
  double last = 0.0;
  int calls = 0;
  (void)rank(table, options, Progress([&](double f, const std::string&) { last = f; }, {}));
  EXPECT_EQ(last, 1.0);
  EXPECT_EQ(code_of([&] { (void)rank(table, options, Progress({}, [&] { return ++calls > 3; })); }),
            "run.interrupted");
}

}  // namespace
}  // namespace lode::test
