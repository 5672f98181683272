// Tonnes from composites: a closed form, the spread of simulation, and what has no answer.
#include "libgeo/deposit/drill_resource.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "libgeo/core/random.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

// 5 x 5 x 2 composites on a lattice of 20 x 20 x 10 m about (0, 0, 0).
DrillResourceInputs lattice() {
  DrillResourceInputs inputs;
  inputs.composites.variables = {"treo", "ndpr"};
  inputs.composites.values.resize(2);
  const Random random{7, 0};
  std::uint64_t drawn = 0;
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j)
      for (int k = 0; k < 2; ++k) {
        inputs.composites.x.push_back(20.0 * i);
        inputs.composites.y.push_back(20.0 * j);
        inputs.composites.z.push_back(10.0 * k);
        const double grade = 0.01 * std::exp(0.4 * random.normal(drawn++));
        inputs.composites.values[0].push_back(grade);
        inputs.composites.values[1].push_back(0.2 * grade);
      }
  inputs.grid.origin = {-10.0, -10.0, -5.0};
  inputs.grid.spacing = {20.0, 20.0, 10.0};
  inputs.grid.count = {5, 5, 2};
  inputs.density_t_m3 = 2.5;
  return inputs;
}

DrillResourceOptions with_model() {
  DrillResourceOptions options;
  VariogramModel model;
  Structure structure;
  structure.sill = 1.0;
  structure.ranges_m = {60.0, 60.0, 30.0};
  model.structures = {structure};
  options.model = options.score_model = model;
  SearchPass pass;
  pass.radius_m = {80.0, 80.0, 40.0};
  pass.max_samples = 12;
  options.search.passes = {pass};
  options.realizations = 20;
  options.nodes = {2, 2, 1};
  return options;
}

TEST(DrillResource, WithoutACutOffTheOreIsTheBody) {
  // 50 blocks of 4,000 m3 at 2.5 t/m3, every second one half inside the body.
  DrillResourceInputs inputs = lattice();
  for (std::size_t block = 0; block < inputs.grid.size(); ++block)
    inputs.share.push_back(block % 2 == 0 ? 1.0 : 0.5);
  const DrillResource found = drill_resource(inputs, with_model());
  const double body_t = (25.0 + 12.5) * 4000.0 * 2.5;
  for (const double ore : {found.ore_t.low, found.ore_t.base, found.ore_t.high, found.kriged_ore_t})
    EXPECT_NEAR(ore, body_t, 1e-6);
  EXPECT_NEAR(found.part_share.at(0), 0.2, 1e-12);  // shared weights keep a fixed share
  EXPECT_LT(found.contained_t.low, found.contained_t.base);
  EXPECT_LT(found.contained_t.base, found.contained_t.high);
  EXPECT_NEAR(found.kriged_contained_t, found.kriged_ore_t * found.kriged_grade, 1e-6);
  EXPECT_EQ(found.blocks, 50u);
  EXPECT_EQ(found.estimated, 50u);
}

TEST(DrillResource, FollowsNoThread) {
  DrillResourceOptions options = with_model();
  options.cutoff = 0.01;
  options.jobs = 1;
  const DrillResource one = drill_resource(lattice(), options);
  options.jobs = 3;
  const DrillResource three = drill_resource(lattice(), options);
  EXPECT_EQ(one.ore_t, three.ore_t);
  EXPECT_EQ(one.contained_t, three.contained_t);
  EXPECT_EQ(one.kriged_contained_t, three.kriged_contained_t);
}

TEST(DrillResource, FitsWhatIsNotGiven) {
  DrillResourceOptions options = with_model();
  options.model.reset();
  options.score_model.reset();
  const DrillResource found = drill_resource(lattice(), options);
  EXPECT_TRUE(found.fitted);
  EXPECT_TRUE(found.fitted_scores);
  EXPECT_GT(found.model.sill(), 0.0);
}

TEST(DrillResource, CountsWhatTheHolesDoNotReach) {
  DrillResourceInputs inputs = lattice();
  inputs.grid.count = {50, 5, 2};
  inputs.share.assign(inputs.grid.size(), 1.0);
  inputs.composites.values[1][3] = std::numeric_limits<double>::quiet_NaN();
  const DrillResource found = drill_resource(inputs, with_model());
  EXPECT_GT(found.unestimated, 0u);
  EXPECT_EQ(found.estimated + found.unestimated, 500u);
  EXPECT_TRUE(found.findings.has("deposit.blocks_not_reached"));
  EXPECT_TRUE(found.findings.has("deposit.partial_composites"));
  EXPECT_EQ(found.composites, 49u);
}

TEST(DrillResource, RefusesWhatHasNoAnswer) {
  const auto code = [](const DrillResourceInputs& inputs) {
    return code_of([&] { (void)drill_resource(inputs, with_model()); });
  };
  DrillResourceInputs inputs = lattice();
  inputs.density_t_m3 = 0.0;
  EXPECT_EQ(code(inputs), "deposit.density");
  inputs = lattice();
  inputs.composites.values[0].assign(50, 0.01);
  EXPECT_EQ(code(inputs), "deposit.composites_alike");
  inputs = lattice();
  for (std::size_t i = 9; i < 50; ++i)
    inputs.composites.values[0][i] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(code(inputs), "deposit.too_few_composites");
  inputs = lattice();
  inputs.share.assign(inputs.grid.size(), 0.0);
  EXPECT_EQ(code(inputs), "deposit.no_blocks");
  inputs = lattice();
  inputs.grid.count = {5000, 5000, 2};
  EXPECT_EQ(code(inputs), "deposit.too_many_nodes");
}

}  // namespace
}  // namespace lode
