// Gaussian fields by circulant embedding: exact covariance on the grid, moments within the bands
// that the model itself gives.
#include "libgeo/estimation/fft_field.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/code_of.h"

namespace lode {
namespace {

VariogramModel model_of(StructureType type, double nugget, std::array<double, 3> ranges) {
  VariogramModel model;
  model.nugget = nugget;
  Structure s;
  s.type = type;
  s.sill = 1.0 - nugget;
  s.ranges_m = ranges;
  model.structures = {s};
  return model;
}

BlockGrid grid_of(std::size_t nx, std::size_t ny, std::size_t nz) {
  BlockGrid grid;
  grid.count = {nx, ny, nz};
  grid.spacing = {10.0, 10.0, 5.0};
  return grid;
}

TEST(FftField, SizesHaveSmallFactors) {
  EXPECT_EQ(fft_size(1), 1u);
  EXPECT_EQ(fft_size(11), 12u);
  EXPECT_EQ(fft_size(121), 125u);
  EXPECT_EQ(fft_size(337), 343u);
}

TEST(FftField, CarriesModelsThatEndExactly) {
  for (const StructureType type : {StructureType::spherical, StructureType::cubic}) {
    auto model = model_of(type, 0.1, {70.0, 40.0, 15.0});
    model.structures[0].angles = {30.0, 20.0, 10.0};
    BlockGrid grid = grid_of(12, 10, 6);
    grid.rotation_deg = 25.0;
    const FftField field(grid, model);
    EXPECT_LT(field.embedding().largest_error, 1e-12);
    EXPECT_EQ(field.embedding().clipped, 0u);
    EXPECT_LT(field.embedding().clipped_share, 1e-12);
  }
  // One level, one row, one node: no period is needed along an axis without lags.
  for (const BlockGrid& flat : {grid_of(12, 10, 1), grid_of(12, 1, 1), grid_of(1, 1, 1)}) {
    const FftField field(flat, model_of(StructureType::spherical, 0.1, {70.0, 40.0, 15.0}));
    EXPECT_LT(field.embedding().largest_error, 1e-12);
    EXPECT_EQ(field.embedding().clipped, 0u);
    EXPECT_EQ(field.embedding().count[2], 1u);
  }
  // Those that do not end say how far they are off.
  const FftField field(grid_of(12, 10, 6),
                       model_of(StructureType::exponential, 0.1, {70.0, 40.0, 15.0}));
  EXPECT_GT(field.embedding().largest_error, 0.0);
  EXPECT_LT(field.embedding().largest_error, 0.01);
}

// Mean over the realisations of the products of node pairs, against the covariance; the bands are
// those of Wishart's distribution: var(z_i z_j) = C(0)^2 + C(h)^2.
TEST(FftField, ReproducesTheVariogramNodeByNode) {
  for (const StructureType type :
       {StructureType::spherical, StructureType::exponential, StructureType::gaussian}) {
    auto model = model_of(type, 0.2, {60.0, 40.0, 20.0});
    model.structures[0].angles = {40.0, 0.0, 0.0};
    const BlockGrid grid = grid_of(6, 5, 3);
    const FftField field(grid, model);
    FftField::Work work(field);
    const std::size_t nodes = grid.size();
    constexpr std::size_t count = 4000;
    std::vector<double> values(nodes * count);
    for (std::size_t r = 0; r < count; r += 2)
      field.simulate({.seed = 3, .stream = r / 2}, work, values.data() + r * nodes,
                     values.data() + (r + 1) * nodes);
    double worst = 0.0, squares = 0.0, pairs = 0.0;
    for (std::size_t a = 0; a < nodes; ++a)
      for (std::size_t b = 0; b <= a; ++b) {
        double sum = 0.0;
        for (std::size_t r = 0; r < count; ++r)
          sum += values[r * nodes + a] * values[r * nodes + b];
        const auto pa = centre_of(grid, a), pb = centre_of(grid, b);
        const double c = 1.0 - gamma_at(model, pa[0] - pb[0], pa[1] - pb[1], pa[2] - pb[2]);
        const double band = std::sqrt((1.0 + c * c) / static_cast<double>(count));
        const double off = (sum / static_cast<double>(count) - c) / band;
        worst = std::max(worst, std::abs(off));
        squares += off * off;
        pairs += 1.0;
      }
    EXPECT_LT(worst, 5.0);  // the largest of 4,095, each normal
    EXPECT_NEAR(squares / pairs, 1.0, 0.35);
  }
}

// Mean, variance and variogram of single fields: quadratic forms whose mean and variance follow
// from the covariance matrix (var z'Az = 2 tr(ACAC)).
TEST(FftField, MomentsOfAFieldLieInTheirBands) {
  const auto model = model_of(StructureType::spherical, 0.1, {60.0, 60.0, 20.0});
  const BlockGrid grid = grid_of(10, 8, 4);
  const std::size_t n = grid.size();
  const double nodes = static_cast<double>(n);
  std::vector<double> c(n * n), row(n, 0.0);
  double all = 0.0;
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b) {
      const auto pa = centre_of(grid, a), pb = centre_of(grid, b);
      c[a * n + b] = 1.0 - gamma_at(model, pa[0] - pb[0], pa[1] - pb[1], pa[2] - pb[2]);
      row[a] += c[a * n + b] / nodes;
      all += c[a * n + b] / nodes / nodes;
    }
  double trace = 0.0;  // of the centred matrix times itself
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b) {
      const double centred = c[a * n + b] - row[a] - row[b] + all;
      trace += centred * centred;
    }
  constexpr std::size_t count = 400;
  const FftField field(grid, model);
  FftField::Work work(field);
  std::vector<double> one(n), two(n);
  double mean_sum = 0.0, mean_squares = 0.0, variance_sum = 0.0, gamma_sum = 0.0;
  for (std::size_t r = 0; r < count; r += 2) {
    field.simulate({.seed = 11, .stream = r}, work, one.data(), two.data());
    for (const auto* z : {&one, &two}) {
      double mean = 0.0, variance = 0.0, gamma = 0.0, pairs = 0.0;
      for (const double value : *z) mean += value / nodes;
      for (const double value : *z) variance += (value - mean) * (value - mean) / nodes;
      for (std::size_t i = 0; i < n; ++i) {
        if (grid.ijk(i)[0] + 2 >= grid.count[0]) continue;
        const double step = (*z)[i + 2] - (*z)[i];
        gamma += 0.5 * step * step;
        pairs += 1.0;
      }
      mean_sum += mean;
      mean_squares += mean * mean;
      variance_sum += variance;
      gamma_sum += gamma / pairs;
    }
  }
  const double fields = static_cast<double>(count);
  EXPECT_NEAR(mean_sum / fields, 0.0, 4.0 * std::sqrt(all / fields));
  EXPECT_NEAR(mean_squares / fields, all, 4.0 * all * std::sqrt(2.0 / fields));
  EXPECT_NEAR(variance_sum / fields, 1.0 - all,
              4.0 * std::sqrt(2.0 * trace / nodes / nodes / fields));
  // Semivariance two nodes apart along x: 20 m of 60.
  double gamma_variance = 0.0, pairs = 0.0;
  for (std::size_t a = 0; a < n; ++a) {
    if (grid.ijk(a)[0] + 2 >= grid.count[0]) continue;
    pairs += 1.0;
    for (std::size_t b = 0; b < n; ++b) {
      if (grid.ijk(b)[0] + 2 >= grid.count[0]) continue;
      const double cov =
          c[(a + 2) * n + b + 2] - c[(a + 2) * n + b] - c[a * n + b + 2] + c[a * n + b];
      gamma_variance += 0.5 * cov * cov;
    }
  }
  EXPECT_NEAR(gamma_sum / fields, gamma_at(model, 20.0, 0.0, 0.0),
              4.0 * std::sqrt(gamma_variance) / pairs / std::sqrt(fields));
}

TEST(FftField, SeedAndStreamDecideTheBits) {
  const auto model = model_of(StructureType::spherical, 0.1, {60.0, 60.0, 20.0});
  const BlockGrid grid = grid_of(9, 7, 3);
  const FftField field(grid, model);
  FftField::Work first(field), second(field);
  std::vector<double> a(grid.size()), b(grid.size()), c(grid.size()), d(grid.size());
  field.simulate({.seed = 1, .stream = 5}, first, a.data(), b.data());
  field.simulate({.seed = 1, .stream = 6}, second, c.data(), nullptr);
  EXPECT_NE(a, c);
  field.simulate({.seed = 1, .stream = 5}, second, c.data(), d.data());
  EXPECT_EQ(a, c);
  EXPECT_EQ(b, d);
  EXPECT_NE(a, b);
  field.simulate({.seed = 2, .stream = 5}, second, c.data(), nullptr);
  EXPECT_NE(a, c);
}

TEST(FftField, NuggetAloneIsWhiteNoise) {
  VariogramModel model;
  model.nugget = 1.0;
  const BlockGrid grid = grid_of(20, 10, 5);
  const FftField field(grid, model);
  FftField::Work work(field);
  std::vector<double> a(grid.size());
  field.simulate({.seed = 4}, work, a.data(), nullptr);
  double squares = 0.0, products = 0.0;
  for (std::size_t i = 0; i + 1 < a.size(); ++i) {
    squares += a[i] * a[i];
    products += a[i] * a[i + 1];
  }
  EXPECT_NEAR(squares / 999.0, 1.0, 4.0 * std::sqrt(2.0 / 999.0));
  EXPECT_NEAR(products / 999.0, 0.0, 4.0 / std::sqrt(999.0));
}

TEST(FftField, RefusesWhatItCannotCarry) {
  const BlockGrid grid = grid_of(10, 10, 1);
  auto model = model_of(StructureType::spherical, 0.0, {1e7, 1e7, 1e7});
  EXPECT_EQ(code_of([&] { (void)FftField(grid, model); }), "simulate.embedding_size");
  model.structures[0].type = StructureType::power;
  EXPECT_EQ(code_of([&] { (void)FftField(grid, model); }), "simulate.unbounded");
  // A Gaussian structure without nugget, its images cut at a millionth of the sill: some
  // eigenvalues fall below 0.
  model = model_of(StructureType::gaussian, 0.0, {55.0, 55.0, 55.0});
  const FftField field(grid, model);
  EXPECT_GT(field.embedding().clipped, 0u);
  EXPECT_GT(field.embedding().clipped_share, 0.0);
  EXPECT_LT(field.embedding().clipped_share, 1e-3);
  FftFieldOptions strict;
  strict.max_clipped_share = 0.0;
  EXPECT_EQ(code_of([&] { (void)FftField(grid, model, strict); }), "simulate.negative_eigenvalues");
}

}  // namespace
}  // namespace lode
