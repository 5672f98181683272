// Conditional simulation: exact conditional moments, data honoured, the same bits for any threads.
#include "libgeo/estimation/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libgeo/estimation/simulation_engine.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

VariogramModel model_of(double nugget = 0.1, StructureType type = StructureType::spherical) {
  VariogramModel model;
  model.nugget = nugget;
  Structure s;
  s.type = type;
  s.sill = 1.0 - nugget;
  s.ranges_m = {70.0, 40.0, 20.0};
  s.angles = {30.0, 0.0, 0.0};
  model.structures = {s};
  return model;
}

BlockGrid small_grid() {
  BlockGrid grid;
  grid.origin = {500000.0, 4000000.0, 100.0};
  grid.spacing = {10.0, 10.0, 5.0};
  grid.count = {6, 4, 2};
  grid.rotation_deg = 15.0;
  return grid;
}

double covariance(const BlockGrid& grid, const VariogramModel& model, std::size_t a,
                  std::size_t b) {
  const auto pa = centre_of(grid, a), pb = centre_of(grid, b);
  return model.sill() - gamma_at(model, pa[0] - pb[0], pa[1] - pb[1], pa[2] - pb[2]);
}

/// The conditional mean and covariance of all nodes, by Gaussian elimination of the data.
struct Conditional {
  std::vector<double> mean, covariance;
};
Conditional condition(const BlockGrid& grid, const VariogramModel& model,
                      const std::vector<std::size_t>& nodes, const std::vector<double>& values) {
  const std::size_t n = grid.size();
  Conditional result{std::vector<double>(n, 0.0), std::vector<double>(n * n)};
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      result.covariance[a * n + b] = covariance(grid, model, a, b);
  for (std::size_t s = 0; s < nodes.size(); ++s) {
    const std::size_t at = nodes[s];
    const auto before = result.covariance;
    const double pivot = before[at * n + at], step = values[s] - result.mean[at];
    for (std::size_t a = 0; a < n; ++a) {
      result.mean[a] += before[a * n + at] / pivot * step;
      for (std::size_t b = 0; b < n; ++b)
        result.covariance[a * n + b] -= before[a * n + at] * before[b * n + at] / pivot;
    }
  }
  return result;
}

// Means and covariances over many realisations against conditioning in closed form; with all data
// and nodes in the search both methods are exact.
void check_engine(const SimulationEngine& engine, const BlockGrid& grid,
                  const Conditional& expected, std::size_t count) {
  const std::size_t n = grid.size(), lanes = engine.lanes();
  std::vector<double> batch(n * lanes), sum(n, 0.0), products(n * n, 0.0);
  const auto work = engine.work();
  for (std::size_t first = 0; first < count; first += lanes) {
    engine.draw(0, first, lanes, *work, batch.data(), {});
    for (std::size_t lane = 0; lane < lanes; ++lane)
      for (std::size_t a = 0; a < n; ++a) {
        const double off = batch[a * lanes + lane] - expected.mean[a];
        sum[a] += off;
        for (std::size_t b = 0; b <= a; ++b)
          products[a * n + b] += off * (batch[b * lanes + lane] - expected.mean[b]);
      }
  }
  const double realizations = static_cast<double>(count);
  for (std::size_t a = 0; a < n; ++a) {
    const double va = std::max(0.0, expected.covariance[a * n + a]);
    EXPECT_NEAR(sum[a] / realizations, 0.0, 5.0 * std::sqrt(va / realizations) + 1e-12) << a;
    for (std::size_t b = 0; b <= a; ++b) {
      const double c = expected.covariance[a * n + b];
      const double vb = std::max(0.0, expected.covariance[b * n + b]);
      EXPECT_NEAR(products[a * n + b] / realizations, c,
                  5.0 * std::sqrt((va * vb + c * c) / realizations) + 1e-12)
          << a << ' ' << b;
    }
  }
}

TEST(Simulation, ConditionalMomentsAreThoseOfTheModel) {
  const BlockGrid grid = small_grid();
  // All nodes correlated: sgs looks for no others.
  VariogramModel model = model_of();
  model.structures[0].ranges_m = {200.0, 150.0, 90.0};
  ConditioningData data;
  data.node = {3, 11, 20, 38, 46};
  data.factor = {{1.2, -0.7, 0.3, 1.9, -1.4}};
  const Conditional expected = condition(grid, model, data.node, data.factor[0]);
  SimulationOptions options;
  options.seed = 7;
  options.search.max_samples = 5;
  const auto fft = fft_engine(grid, {model}, data, options, {});
  check_engine(*fft, grid, expected, 4000);
  options.search.max_samples = 48;
  const auto sgs = sequential_engine(grid, {model}, data, options, {});
  check_engine(*sgs, grid, expected, 4000);
  options.multigrid = 0;
  check_engine(*sequential_engine(grid, {model}, data, options, {}), grid, expected, 2000);
}

/// Samples spread over the small grid, off its nodes.
Samples some_samples(std::size_t count = 20) {
  const BlockGrid grid = small_grid();
  Samples samples;
  samples.variables = {"treo_pct"};
  samples.values.resize(1);
  const Random random{.seed = 99};
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = from_grid(grid, {60.0 * random.uniform(4 * i), 40.0 * random.uniform(4 * i + 1),
                                     10.0 * random.uniform(4 * i + 2)});
    samples.x.push_back(at[0]);
    samples.y.push_back(at[1]);
    samples.z.push_back(at[2]);
    samples.values[0].push_back(std::exp(random.normal(4 * i + 3)));
  }
  return samples;
}

SimulationOptions some_options(SimulationMethod method, std::size_t variables = 1) {
  SimulationOptions options;
  options.method = method;
  options.realizations = 11;
  options.models = {model_of()};
  options.search.max_samples = 12;
  options.scores.resize(variables);
  for (auto& score : options.scores) score.max = 100.0;
  return options;
}

TEST(Simulation, HonoursTheDataExactly) {
  const BlockGrid grid = small_grid();
  const Samples samples = some_samples();
  const NodeSamples nodes =
      move_to_nodes(grid, samples, NodePolicy::nearest, OutsidePolicy::refuse);
  ASSERT_GT(nodes.node.size(), 10u);
  for (const auto method : {SimulationMethod::fft, SimulationMethod::sgs}) {
    const Simulation result = simulate(samples, grid, some_options(method));
    EXPECT_EQ(result.conditioning, nodes.node.size());
    EXPECT_LE(result.largest_move_m, std::sqrt(5.0 * 5.0 * 2 + 2.5 * 2.5));
    EXPECT_GT(result.mean_move_m, 0.0);
    for (std::size_t r = 0; r < 11; ++r)
      for (std::size_t s = 0; s < nodes.node.size(); ++s)
        EXPECT_EQ(result.values[0][r * grid.size() + nodes.node[s]], nodes.values[0][s]);
    EXPECT_NE(result.values[0][0], result.values[0][grid.size()]);
    for (const double value : result.values[0]) {
      EXPECT_GE(value, 0.0);
      EXPECT_LE(value, 100.0);
    }
  }
}

TEST(Simulation, GivesTheSameBitsForAnyThreadsAndOthersForAnotherSeed) {
  const BlockGrid grid = small_grid();
  const Samples samples = some_samples();
  for (const auto method : {SimulationMethod::fft, SimulationMethod::sgs}) {
    SimulationOptions options = some_options(method);
    options.realizations = 37;
    options.jobs = 1;
    const Simulation one = simulate(samples, grid, options);
    for (const int jobs : {2, 7}) {
      options.jobs = jobs;
      const Simulation other = simulate(samples, grid, options);
      EXPECT_EQ(one.values, other.values);
      EXPECT_EQ(one.moments[0].mean, other.moments[0].mean);
      EXPECT_EQ(one.moments[0].variance, other.moments[0].variance);
    }
    // A realisation is the same however many follow it.
    options.realizations = 8;
    const Simulation fewer = simulate(samples, grid, options);
    EXPECT_TRUE(std::equal(fewer.values[0].begin(), fewer.values[0].end(), one.values[0].begin()));
    options.seed = 2;
    EXPECT_NE(simulate(samples, grid, options).values, fewer.values);
  }
}

// Far from the samples the values have their distribution: mean and variance of the transform of
// a standard normal, by quadrature, within what 300 realisations leave open.
TEST(Simulation, ReproducesTheDistribution) {
  const Samples samples = some_samples(40);
  BlockGrid grid = small_grid();
  grid.count = {40, 30, 2};
  for (const auto method : {SimulationMethod::fft, SimulationMethod::sgs}) {
    SimulationOptions options = some_options(method);
    options.realizations = method == SimulationMethod::fft ? 300 : 100;
    options.scores[0].max = 12.0;
    options.models[0].structures[0].ranges_m = {30.0, 25.0, 15.0};
    const Simulation result = simulate(samples, grid, options);
    const NormalScores scores(samples.values[0], {}, options.scores[0]);
    double first = 0.0, second = 0.0;
    constexpr int steps = 200000;
    for (int i = 0; i < steps; ++i) {
      const double value = scores.value_of(inverse_normal((i + 0.5) / steps));
      first += value / steps;
      second += value * value / steps;
    }
    const double realizations = static_cast<double>(options.realizations);
    double mean = 0.0, mean_square = 0.0, square = 0.0, square_square = 0.0, nodes = 0.0;
    for (std::size_t r = 0; r < options.realizations; ++r) {
      double m = 0.0, s = 0.0;
      nodes = 0.0;
      for (std::size_t node = 0; node < grid.size(); ++node) {
        if (grid.ijk(node)[0] < 12) continue;  // 60 m of samples, and a range
        const double value = result.values[0][r * grid.size() + node];
        m += value;
        s += value * value;
        nodes += 1.0;
      }
      mean += m / nodes / realizations;
      mean_square += m / nodes * m / nodes / realizations;
      square += s / nodes / realizations;
      square_square += s / nodes * s / nodes / realizations;
    }
    EXPECT_NEAR(mean, first, 4.0 * std::sqrt((mean_square - mean * mean) / realizations));
    EXPECT_NEAR(square, second, 4.0 * std::sqrt((square_square - square * square) / realizations));
  }
}

TEST(Simulation, AveragesNodesToBlocks) {
  const BlockGrid grid = small_grid();
  SimulationOptions options = some_options(SimulationMethod::fft);
  const Simulation nodes = simulate(some_samples(), grid, options);
  options.reblock = {3, 2, 1};
  const Simulation blocks = simulate(some_samples(), grid, options);
  EXPECT_EQ(blocks.blocks.count, (std::array<std::size_t, 3>{2, 2, 2}));
  EXPECT_EQ(blocks.blocks.spacing, (std::array<double, 3>{30.0, 20.0, 5.0}));
  for (std::size_t r = 0; r < 11; ++r) {
    double sum = 0.0;
    for (std::size_t j = 2; j < 4; ++j)
      for (std::size_t i = 3; i < 6; ++i)
        sum += nodes.values[0][r * grid.size() + grid.index(i, j, 1)];
    EXPECT_NEAR(blocks.values[0][r * 8 + blocks.blocks.index(1, 1, 1)], sum / 6.0, 1e-12);
  }
  EXPECT_EQ(nodes.moments[0].mean, blocks.moments[0].mean);
}

// Two elements that go together: scores of the simulated nodes keep the samples' correlation.
TEST(Simulation, KeepsElementsTogether) {
  BlockGrid grid = small_grid();
  grid.count = {20, 20, 2};
  Samples samples;
  samples.variables = {"la_pct", "ce_pct"};
  samples.values.resize(2);
  const Random random{.seed = 5};
  for (std::size_t i = 0; i < 200; ++i) {
    const auto at =
        from_grid(grid, {200.0 * random.uniform(5 * i), 200.0 * random.uniform(5 * i + 1),
                         10.0 * random.uniform(5 * i + 2)});
    samples.x.push_back(at[0]);
    samples.y.push_back(at[1]);
    samples.z.push_back(at[2]);
    const double a = random.normal(5 * i + 3), b = random.normal(5 * i + 4);
    samples.values[0].push_back(std::exp(a));
    samples.values[1].push_back(std::exp(0.9 * a + std::sqrt(0.19) * b));
  }
  for (const auto how : {Decorrelation::pca, Decorrelation::maf}) {
    SimulationOptions options = some_options(SimulationMethod::fft, 2);
    options.decorrelation = how;
    options.maf_lag_m = 20.0;
    options.realizations = 8;
    const Simulation result = simulate(samples, grid, options);
    const NormalScores la(samples.values[0], {}, options.scores[0]);
    const NormalScores ce(samples.values[1], {}, options.scores[1]);
    double aa = 0.0, bb = 0.0, ab = 0.0;
    for (std::size_t i = 0; i < result.values[0].size(); ++i) {
      const double a = la.score_of(result.values[0][i]), b = ce.score_of(result.values[1][i]);
      aa += a * a;
      bb += b * b;
      ab += a * b;
    }
    double saa = 0.0, sbb = 0.0, sab = 0.0;
    for (std::size_t s = 0; s < 200; ++s) {
      saa += la.scores()[s] * la.scores()[s];
      sbb += ce.scores()[s] * ce.scores()[s];
      sab += la.scores()[s] * ce.scores()[s];
    }
    // 6,400 values of which some 800 are independent: sd of a correlation of 0.9 about 0.007.
    EXPECT_NEAR(ab / std::sqrt(aa * bb), sab / std::sqrt(saa * sbb), 0.03);
    const NodeSamples nodes =
        move_to_nodes(grid, samples, NodePolicy::nearest, OutsidePolicy::refuse);
    for (std::size_t s = 0; s < nodes.node.size(); ++s)
      EXPECT_EQ(result.values[1][nodes.node[s]], nodes.values[1][s]);
  }
}

TEST(Simulation, OneSampleAllAlikeAndNuggetAloneAreDefined) {
  const BlockGrid grid = small_grid();
  for (const auto method : {SimulationMethod::fft, SimulationMethod::sgs}) {
    SimulationOptions options = some_options(method);
    const Simulation one = simulate(some_samples(1), grid, options);
    EXPECT_TRUE(one.findings.has("simulate.one_sample"));
    EXPECT_EQ(one.conditioning, 1u);
    Samples alike = some_samples();
    for (double& value : alike.values[0]) value = 2.0;
    options.scores[0].min = options.scores[0].max = 2.0;
    const Simulation same = simulate(alike, grid, options);
    EXPECT_TRUE(same.findings.has("simulate.all_alike"));
    for (const double value : same.values[0]) EXPECT_EQ(value, 2.0);
    options = some_options(method);
    options.models[0].structures.clear();
    options.models[0].nugget = 1.0;
    const Simulation noise = simulate(some_samples(), grid, options);
    for (const double value : noise.values[0]) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST(Simulation, SaysWhatItMended) {
  const BlockGrid grid = small_grid();
  Samples samples = some_samples();
  samples.values[0][3] = std::nan("");
  samples.values[0][4] = samples.values[0][5];
  samples.x[7] = samples.x[8];
  samples.y[7] = samples.y[8];
  samples.z[7] = samples.z[8];
  samples.x[9] += 1000.0;
  SimulationOptions options = some_options(SimulationMethod::fft);
  options.outside = OutsidePolicy::drop;
  options.models[0].nugget = 0.0;
  options.models[0].structures[0].type = StructureType::gaussian;
  const Simulation result = simulate(samples, grid, options);
  for (const char* code :
       {"simulate.missing_value", "simulate.ties", "simulate.shared_node", "simulate.outside",
        "simulate.clipped_eigenvalues", "simulate.sill_scaled"})
    EXPECT_TRUE(result.findings.has(code)) << code;
  EXPECT_EQ(result.samples, 19u);
  // The average of the two in one node.
  options.in_one_node = NodePolicy::average;
  const double both = 0.5 * (samples.values[0][7] + samples.values[0][8]);
  const NodeSamples nodes = move_to_nodes(grid, samples, NodePolicy::average, OutsidePolicy::drop);
  EXPECT_EQ(nodes.outside, 1u);
  EXPECT_GE(nodes.sharing, 2u);
  EXPECT_NE(std::find_if(nodes.values[0].begin(), nodes.values[0].end(),
                         [&](double value) { return std::abs(value - both) < 1e-15; }),
            nodes.values[0].end());
  // A smooth model without nugget makes systems singular: neighbours are left out and counted.
  options = some_options(SimulationMethod::sgs);
  options.models[0] = model_of(0.0, StructureType::gaussian);
  options.models[0].structures[0].ranges_m = {4000.0, 4000.0, 4000.0};
  options.search.max_samples = 40;
  EXPECT_TRUE(simulate(some_samples(), grid, options).findings.has("simulate.near_singular"));
}

TEST(Simulation, RefusesWhatItCannotMean) {
  const auto code = [](const auto& change) {
    Samples samples = some_samples();
    BlockGrid grid = small_grid();
    SimulationOptions options = some_options(SimulationMethod::fft);
    change(samples, grid, options);
    return code_of([&] { (void)simulate(samples, grid, options); });
  };
  using S = Samples;
  using G = BlockGrid;
  using O = SimulationOptions;
  EXPECT_EQ(code([](S&, G&, O& o) { o.realizations = 0; }), "simulate.realizations");
  EXPECT_EQ(code([](S&, G&, O& o) { o.reblock = {4, 1, 1}; }), "simulate.reblock");
  EXPECT_EQ(code([](S&, G& g, O&) { g.count = {70000, 70000, 1}; }), "simulate.grid_size");
  EXPECT_EQ(code([](S&, G& g, O& o) {
              g.count = {2000, 1000, 100};
              o.realizations = 1000;
            }),
            "simulate.grid_size");
  EXPECT_EQ(code([](S&, G&, O& o) { o.weights = {1.0, 2.0}; }), "simulate.weights");
  EXPECT_EQ(code([](S&, G&, O& o) { o.scores.clear(); }), "simulate.tails");
  EXPECT_EQ(code([](S&, G&, O& o) { o.models.clear(); }), "simulate.models");
  EXPECT_EQ(code([](S&, G&, O& o) { o.models.resize(2, model_of()); }), "simulate.models");
  EXPECT_EQ(code([](S&, G&, O& o) { o.models[0].structures[0].sill = 7.0; }), "simulate.sill");
  EXPECT_EQ(code([](S& s, G&, O&) { s.x[2] = std::nan(""); }), "simulate.bad_place");
  EXPECT_EQ(code([](S&, G&, O& o) { o.scores[0].max = 0.5; }), "simulate.tails");
  // A block is 10 m wide: 5.1 m beyond the outer node is past half a block, 4.9 m is not.
  const auto beyond = [](double metres) {
    return [metres](S& s, G& g, O&) {
      const auto at = from_grid(g, {55.0 + metres, 5.0, 2.5});
      s.x[0] = at[0];
      s.y[0] = at[1];
      s.z[0] = at[2];
    };
  };
  EXPECT_EQ(code(beyond(5.1)), "simulate.off_grid");
  EXPECT_EQ(code(beyond(4.9)), "no error");
  EXPECT_EQ(code([](S&, G& g, O& o) {
              g.origin[0] += 1000.0;
              o.outside = OutsidePolicy::drop;
            }),
            "simulate.off_grid");
  EXPECT_EQ(code([](S&, G&, O& o) {
              o.method = SimulationMethod::sgs;
              o.search.max_samples = 0;
            }),
            "simulate.max_samples");
}

}  // namespace
}  // namespace lode
