// Classes: rules in words, missing values, the spotted dog, UNFC, hole spacing.
#include "libgeo/deposit/classification.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libgeo/core/random.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

const std::string rules_text = R"(
[[classes]]
name = "measured"
when = ["spacing_m <= 30", "holes >= 3"]
[[classes]]
name = "indicated"
when = ["spacing_m < 60.5", "pass != 3"]
[[classes]]
name = "inferred"
when = ["spacing_m <= 120"]
[smoothing]
blocks = 1
rounds = 1
[unfc]
e = "E2"
f = "F1"
)";

TEST(Classification, TheFirstClassWhoseConditionsHold) {
  const ClassRules rules = parse_class_rules(rules_text, "rules.toml");
  EXPECT_EQ(rules.columns(), (std::vector<std::string>{"spacing_m", "holes", "pass"}));
  EXPECT_EQ(rules.names(),
            (std::vector<std::string>{"measured", "indicated", "inferred", "unclassified"}));
  bool missing = false;
  EXPECT_EQ(class_of(rules, {30.0, 3.0, 1.0}, missing), 0);
  EXPECT_EQ(class_of(rules, {30.0, 2.0, 1.0}, missing), 1);
  EXPECT_EQ(class_of(rules, {60.5, 5.0, 1.0}, missing), 2);
  EXPECT_EQ(class_of(rules, {40.0, 5.0, 3.0}, missing), 2);
  EXPECT_EQ(class_of(rules, {121.0, 5.0, 1.0}, missing), 3);
  EXPECT_FALSE(missing);
  EXPECT_EQ(class_of(rules, {20.0, NAN, 1.0}, missing), 1);
  EXPECT_TRUE(missing);
  EXPECT_EQ(unfc_of(rules, "measured"), "E2,F1,G1");
  EXPECT_EQ(unfc_of(rules, "inferred"), "E2,F1,G3");
  EXPECT_EQ(unfc_of(rules, "unclassified"), "E2,F1,G4");
}

TEST(Classification, FaultsOfRules) {
  const auto code = [](const std::string& text) {
    return code_of([&] { (void)parse_class_rules(text, "rules.toml"); });
  };
  const std::string good = "[[classes]]\nname = \"a\"\nwhen = [\"x <= 1\"]\n";
  EXPECT_EQ(code(good), "no error");
  EXPECT_EQ(code("[[classes]\n"), "classes.syntax");
  EXPECT_EQ(code(""), "classes.missing_key");
  EXPECT_EQ(code("[[classes]]\nname = \"a\"\n"), "classes.missing_key");
  EXPECT_EQ(code("[[classes]]\nname = \"a\"\nwhen = \"x <= 1\"\n"), "classes.type");
  EXPECT_EQ(code("[[classes]]\nname = 3\nwhen = [\"x <= 1\"]\n"), "classes.type");
  EXPECT_EQ(code("[[classes]]\nname = \"a\"\nwhen = [\"x about 1\"]\n"), "classes.condition");
  EXPECT_EQ(code("[[classes]]\nname = \"a\"\nwhen = [\"x <= 1 m\"]\n"), "classes.condition");
  EXPECT_EQ(code(good + good), "classes.repeated");
  EXPECT_EQ(code(good + "wen = 1\n"), "classes.unknown_key");
  EXPECT_EQ(code(good + "[smoothing]\nblocks = -1\n"), "classes.type");
  EXPECT_EQ(code(good + "[unfc]\ne = \"E9\"\n"), "classes.unfc");
}

TEST(Classification, TheSpottedDogLosesItsSpots) {
  ClassRules rules = parse_class_rules(rules_text, "rules.toml");
  const BlockGrid grid{{0, 0, 0}, {1, 1, 1}, {9, 9, 1}, 0.0};
  std::vector<std::uint8_t> classes(81, 1);
  classes[grid.index(4, 4, 0)] = 0;                                        // a spot
  for (std::size_t i = 0; i < 9; ++i) classes[grid.index(i, 0, 0)] = 255;  // no block there
  // An edge between two classes stays: there each has most of its own.
  for (std::size_t j = 1; j < 9; ++j)
    for (std::size_t i = 6; i < 9; ++i) classes[grid.index(i, j, 0)] = 2;
  auto three = classes;
  const Smoothing smoothing = smooth_classes(rules, grid, classes, 1);
  EXPECT_EQ(smoothing.changed, 1u);
  EXPECT_EQ(classes[grid.index(4, 4, 0)], 1);
  EXPECT_EQ(classes[grid.index(6, 5, 0)], 2);
  EXPECT_EQ(classes[grid.index(0, 0, 0)], 255);
  (void)smooth_classes(rules, grid, three, 3);
  EXPECT_EQ(three, classes);
  rules.smooth_blocks = 0;
  EXPECT_EQ(smooth_classes(rules, grid, classes).changed, 0u);
}

TEST(Classification, SpacingOfHoles) {
  // Four vertical holes on a square of 40 m, a sample every 5 m: at its centre all are 20 sqrt 2
  // away.
  Samples samples;
  samples.hole_names = {"A", "B", "C", "D"};
  for (std::uint32_t hole = 0; hole < 4; ++hole)
    for (int s = 0; s < 10; ++s) {
      samples.x.push_back(hole & 1U ? 40.0 : 0.0);
      samples.y.push_back(hole & 2U ? 40.0 : 0.0);
      samples.z.push_back(-5.0 * s);
      samples.hole.push_back(hole);
    }
  const HoleSpacing spacing = hole_spacing(samples, {20, 0, 400}, {20, 0, 0}, {-20, -20, -20});
  EXPECT_NEAR(spacing.nearest_m[0], 20.0 * std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(spacing.mean_m[0], 20.0 * std::sqrt(2.0), 1e-12);
  EXPECT_EQ(spacing.nearest_m[1], 0.0);
  EXPECT_NEAR(spacing.mean_m[1], 80.0 / 3.0, 1e-12);
  EXPECT_NEAR(spacing.mean_m[2], (360.0 + std::hypot(360.0, 40.0) + 400.0) / 3.0, 1e-9);
  samples.hole_names.resize(2);
  Samples two = samples;
  two.x.resize(20), two.y.resize(20), two.z.resize(20), two.hole.resize(20);
  EXPECT_TRUE(std::isnan(hole_spacing(two, {20}, {20}, {-20}).mean_m[0]));
  two.hole.clear();
  EXPECT_EQ(code_of([&] { (void)hole_spacing(two, {0}, {0}, {0}); }), "class.no_hole");
}

TEST(Classification, SpacingIsThatOfAllPairs) {
  const Random random{11, 2};
  Samples samples;
  for (std::uint32_t s = 0; s < 600; ++s) {
    samples.x.push_back(300.0 * random.uniform(3 * s));
    samples.y.push_back(500.0 * random.uniform(3 * s + 1));
    samples.z.push_back(50.0 * random.uniform(3 * s + 2));
    samples.hole.push_back(s % 40);
  }
  for (int h = 0; h < 40; ++h) samples.hole_names.push_back("H" + std::to_string(h));
  std::vector<double> x, y, z;
  for (std::uint64_t b = 0; b < 50; ++b) {
    x.push_back(500.0 * random.uniform(9000 + 3 * b) - 100.0);
    y.push_back(700.0 * random.uniform(9001 + 3 * b) - 100.0);
    z.push_back(90.0 * random.uniform(9002 + 3 * b) - 20.0);
  }
  const HoleSpacing spacing = hole_spacing(samples, x, y, z, 3, 2);
  for (std::size_t b = 0; b < x.size(); ++b) {
    std::vector<double> nearest(40, 1e300);
    for (std::size_t s = 0; s < samples.size(); ++s)
      nearest[samples.hole[s]] =
          std::min(nearest[samples.hole[s]],
                   std::sqrt(std::pow(samples.x[s] - x[b], 2) + std::pow(samples.y[s] - y[b], 2) +
                             std::pow(samples.z[s] - z[b], 2)));
    std::sort(nearest.begin(), nearest.end());
    EXPECT_NEAR(spacing.nearest_m[b], nearest[0], 1e-9);
    EXPECT_NEAR(spacing.mean_m[b], (nearest[0] + nearest[1] + nearest[2]) / 3.0, 1e-9);
  }
}

TEST(Classification, TheChecklistHoldsFactsOnly) {
  ReportFacts facts;
  facts.density = "column 'density_t_m3'";
  const auto list = checklist(facts);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].answer, facts.density);
}

}  // namespace
}  // namespace lode
