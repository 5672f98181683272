// Validation of estimates: declustering by blocks, swaths, quantiles, worked by hand.
#include "libgeo/estimation/validation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"

namespace lode {
namespace {

// Four blocks of 10 m along x, the last of double height.
EstimatedBlocks row_of_blocks() {
  EstimatedBlocks blocks;
  for (int i = 0; i < 4; ++i) {
    blocks.x.push_back(500005.0 + 10.0 * i);
    blocks.y.push_back(6000000.0);
    blocks.z.push_back(100.0);
    blocks.dx.push_back(10.0);
    blocks.dy.push_back(10.0);
    blocks.dz.push_back(i == 3 ? 20.0 : 10.0);
    blocks.value.push_back(1.0 + i);
  }
  return blocks;
}

Samples samples_at(const std::vector<double>& x, const std::vector<double>& value) {
  Samples samples;
  samples.variables = {"v"};
  for (const double one : x) {
    samples.x.push_back(500000.0 + one);
    samples.y.push_back(6000000.0);
    samples.z.push_back(100.0);
  }
  samples.values = {value};
  return samples;
}

std::string code_of(const EstimatedBlocks& blocks, const Samples& samples,
                    const ValidationOptions& options = {}) {
  try {
    (void)validate_estimates(blocks, samples, options);
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

TEST(Validation, SharesOfBlocksWeigh) {
  EstimatedBlocks blocks = row_of_blocks();
  blocks.share = {0.5, 0.0, std::nan(""), 0.25};
  const Validation one =
      validate_estimates(blocks, samples_at({5, 28}, {2.0, 6.0}), ValidationOptions());
  EXPECT_EQ(one.blocks, 2u);
  // 500 m3 of grade 1 and 500 of grade 4: half the ground is nearest to each sample.
  EXPECT_DOUBLE_EQ(one.volume_m3, 1000.0);
  EXPECT_DOUBLE_EQ(one.estimate_mean, 2.5);
  EXPECT_DOUBLE_EQ(one.declustered_mean, 4.0);
}

TEST(Validation, WeighsSamplesByTheVolumeNearest) {
  // The sample at 5 is nearest to blocks 5 and 15, that at 28 to 25 and 35 (of double volume), that
  // at 100 to none.
  ValidationOptions options;
  options.slice_m = {20.0, 0.0, 0.0};
  const Validation one =
      validate_estimates(row_of_blocks(), samples_at({5, 28, 100}, {2.0, 6.0, 50.0}), options);
  EXPECT_DOUBLE_EQ(one.weight[0], 0.4);
  EXPECT_DOUBLE_EQ(one.weight[1], 0.6);
  EXPECT_DOUBLE_EQ(one.weight[2], 0.0);
  EXPECT_DOUBLE_EQ(one.declustered_mean, 0.4 * 2.0 + 0.6 * 6.0);
  EXPECT_DOUBLE_EQ(one.sample_mean, 58.0 / 3.0);
  EXPECT_DOUBLE_EQ(one.estimate_mean, (1.0 + 2.0 + 3.0 + 2.0 * 4.0) / 5.0);
  EXPECT_NEAR(one.bias_pct, 100.0 * (2.8 / 4.4 - 1.0), 1e-9);
  EXPECT_TRUE(one.findings.has("validate.bias"));
  EXPECT_NEAR(one.declustered_variance, 0.24 * 16.0, 1e-12);
  EXPECT_DOUBLE_EQ(one.volume_m3, 5000.0);
  ASSERT_EQ(one.swath.size(), 3u);
  EXPECT_EQ(one.swath[0].blocks, 2u);
  EXPECT_DOUBLE_EQ(one.swath[0].from_m, 500000.0);
  EXPECT_DOUBLE_EQ(one.swath[0].estimate_mean, 1.5);
  EXPECT_DOUBLE_EQ(one.swath[0].nearest_mean, 2.0);
  EXPECT_DOUBLE_EQ(one.swath[1].estimate_mean, 11.0 / 3.0);
  EXPECT_DOUBLE_EQ(one.swath[1].declustered_mean, 6.0);
  EXPECT_EQ(one.swath[2].blocks, 0u);
  EXPECT_TRUE(std::isnan(one.swath[2].estimate_mean));
  EXPECT_TRUE(std::isnan(one.swath[2].declustered_mean));
  EXPECT_DOUBLE_EQ(one.swath[2].sample_mean, 50.0);
}

TEST(Validation, TiesGoToTheFirstSample) {
  const Validation one = validate_estimates(row_of_blocks(), samples_at({10, 0}, {1.0, 3.0}), {});
  EXPECT_DOUBLE_EQ(one.weight[0], 1.0);
}

TEST(Validation, DomainsStayApart) {
  EstimatedBlocks blocks = row_of_blocks();
  blocks.domain = {"a", "a", "b", "c"};
  Samples samples = samples_at({5, 15}, {2.0, 6.0});
  samples.domain = {"b", "a"};
  const Validation one = validate_estimates(blocks, samples, {});
  EXPECT_EQ(one.nearest[0], 6.0);
  EXPECT_EQ(one.nearest[2], 2.0);
  EXPECT_TRUE(std::isnan(one.nearest[3]));
  EXPECT_TRUE(one.findings.has("validate.no_domain"));
}

TEST(Validation, TurnedAxes) {
  // Axes turned by 90 degrees: the grid's y axis points east.
  ValidationOptions options;
  options.rotation_deg = 90.0;
  options.slice_m = {0.0, 20.0, 0.0};
  const Validation one =
      validate_estimates(row_of_blocks(), samples_at({5, 28}, {2.0, 6.0}), options);
  ASSERT_EQ(one.swath.size(), 2u);
  EXPECT_EQ(one.swath[0].axis, 1u);
  EXPECT_NEAR(one.swath[0].from_m, 500000.0, 1e-6);
  EXPECT_DOUBLE_EQ(one.swath[0].estimate_mean, 1.5);
}

TEST(Validation, QuantilesOfBothSides) {
  EstimatedBlocks blocks;
  Samples samples;
  samples.variables = {"v"};
  samples.values.resize(1);
  for (int i = 0; i < 100; ++i) {
    for (auto* axis : {&blocks.y, &blocks.z, &samples.y, &samples.z}) axis->push_back(0.0);
    blocks.x.push_back(i);
    samples.x.push_back(i);
    blocks.value.push_back(i < 99 ? i + 1.0 : std::nan(""));
    samples.values[0].push_back(2.0 * (i + 1.0));
  }
  ValidationOptions options;
  options.quantiles = 4;
  const Validation one = validate_estimates(blocks, samples, options);
  ASSERT_EQ(one.quantiles.size(), 3u);
  EXPECT_EQ(one.quantiles[1].estimate, 50.0);
  EXPECT_EQ(one.quantiles[1].sample, 100.0);
  EXPECT_TRUE(one.findings.has("validate.not_estimated"));
  EXPECT_TRUE(std::isnan(one.volume_m3));
}

TEST(Validation, SameBitsForAnyNumberOfThreads) {
  EstimatedBlocks blocks;
  Samples samples;
  samples.variables = {"v"};
  samples.values.resize(1);
  const Random random{9, 0};
  for (std::uint64_t i = 0; i < 20000; ++i) {
    blocks.x.push_back(100.0 * random.uniform(4 * i));
    blocks.y.push_back(100.0 * random.uniform(4 * i + 1));
    blocks.z.push_back(10.0 * random.uniform(4 * i + 2));
    blocks.value.push_back(random.normal(4 * i + 3));
    if (i % 100 != 0) continue;
    samples.x.push_back(blocks.x.back() + 0.1);
    samples.y.push_back(blocks.y.back());
    samples.z.push_back(blocks.z.back());
    samples.values[0].push_back(blocks.value.back());
  }
  ValidationOptions options;
  options.slice_m = {10.0, 10.0, 2.0};
  options.jobs = 1;
  const Validation single = validate_estimates(blocks, samples, options);
  options.jobs = 3;
  const Validation triple = validate_estimates(blocks, samples, options);
  EXPECT_EQ(single.weight, triple.weight);
  EXPECT_EQ(single.declustered_mean, triple.declustered_mean);
  ASSERT_EQ(single.swath.size(), triple.swath.size());
  // The nearest sample by brute force.
  for (std::size_t b = 0; b < blocks.x.size(); b += 997) {
    std::size_t best = 0;
    double least = 1e300;
    for (std::size_t s = 0; s < samples.size(); ++s) {
      const double d = std::hypot(blocks.x[b] - samples.x[s], blocks.y[b] - samples.y[s],
                                  blocks.z[b] - samples.z[s]);
      if (d < least) {
        least = d;
        best = s;
      }
    }
    EXPECT_EQ(single.nearest[b], samples.values[0][best]);
  }
}

TEST(Validation, Refuses) {
  const Samples samples = samples_at({5}, {2.0});
  EstimatedBlocks blocks = row_of_blocks();
  EXPECT_EQ(code_of(blocks, samples_at({5}, {std::nan("")})), "validate.no_samples");
  EXPECT_EQ(code_of(blocks, samples_at({50000}, {1.0})), "validate.apart");
  ValidationOptions options;
  options.slice_m = {-1.0, 0.0, 0.0};
  EXPECT_EQ(code_of(blocks, samples, options), "validate.slice");
  blocks.x[1] = std::nan("");
  EXPECT_EQ(code_of(blocks, samples), "validate.place");
  for (double& one : blocks.value) one = std::nan("");
  EXPECT_EQ(code_of(blocks, samples), "validate.no_blocks");
  EstimatedBlocks many;
  for (int i = 0; i < 100010; ++i) {
    many.x.push_back(i);
    many.y.push_back(0.0);
    many.z.push_back(0.0);
    many.value.push_back(1.0);
  }
  Samples near = samples_at({5}, {2.0});
  near.x[0] = 5.0;
  near.y[0] = near.z[0] = 0.0;
  options.slice_m = {1.0, 0.0, 0.0};
  EXPECT_EQ(code_of(many, near, options), "validate.too_many_slices");
  near.x.push_back(6.0);
  near.y.push_back(0.0);
  near.z.push_back(0.0);
  near.values[0].push_back(std::nan(""));
  options.slice_m = {1000.0, 0.0, 0.0};
  EXPECT_TRUE(validate_estimates(many, near, options).findings.has("validate.no_value"));
}

}  // namespace
}  // namespace lode
