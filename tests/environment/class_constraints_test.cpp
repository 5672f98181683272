// Constraints by class: two overlapping circles in closed form, review beside hard, what is said.
#include "libgeo/environment/class_constraints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

namespace lode {
namespace {

const char* const kFederal = R"(
[[setbacks]]
class = "spring"
setback = "300 m"
hard = true
citation = "federal act"
jurisdiction = "US"
[[setbacks]]
class = "well"
setback = "100 m"
hard = true
citation = "federal act"
jurisdiction = "US"
[[setbacks]]
class = "well"
setback = "500 m"
hard = false
citation = "federal guidance"
jurisdiction = "US"
)";
const char* const kStates = R"(
[[setbacks]]
class = "Well"
setback = "200 m"
hard = true
citation = "state code"
jurisdiction = "US-NV"
from = 2020-01-01
[[setbacks]]
class = "well"
setback = "400 m"
hard = true
citation = "another state's code"
jurisdiction = "US-CA"
)";

Geometry place(double x, double y) {
  return point_geometry(x, y);
}

/// A spring, and a well 300 m east of it, in the middle of a site of 4 x 4 km.
ScreenInputs site() {
  ScreenInputs inputs;
  inputs.crs = parse_crs("local:m");
  inputs.sites = {polygon_geometry(
      {{-2000, -2000}, {2000, -2000}, {2000, 2000}, {-2000, 2000}, {-2000, -2000}})};
  inputs.ids = {"S"};
  return inputs;
}

ClassConstraints made(const std::string& jurisdiction, const std::optional<Date>& day,
                      std::vector<std::string> classes = {"spring", "well", "ditch"}) {
  ClassedFeatures features;
  features.name = "water";
  features.where = "water.shp";
  features.geometry = {place(0, 0), place(300, 0), place(0, 900)};
  features.ids = {"sp", "we", "di"};
  features.feature_class = std::move(classes);
  return constraints_of_classes(
      std::move(features),
      {parse_setback_table(kFederal, "federal.toml"), parse_setback_table(kStates, "states.toml")},
      jurisdiction, day);
}

/// Ground within r1 of one place or r2 of another, d apart.
double union_of_circles(double r1, double r2, double d) {
  const double a1 = std::acos((d * d + r1 * r1 - r2 * r2) / (2 * d * r1));
  const double a2 = std::acos((d * d + r2 * r2 - r1 * r1) / (2 * d * r2));
  const double lens = r1 * r1 * (a1 - std::sin(2 * a1) / 2) + r2 * r2 * (a2 - std::sin(2 * a2) / 2);
  return std::numbers::pi * (r1 * r1 + r2 * r2) - lens;
}

TEST(ClassConstraints, TheStrictestRuleOfEachKindAndItsGroundOnce) {
  const ClassConstraints water = made("US-NV", Date{2026, 11, 29});
  ASSERT_EQ(water.layers.size(), 2u);
  EXPECT_EQ(water.layers[0].name, "water");
  EXPECT_TRUE(water.layers[0].hard);
  EXPECT_THAT(water.layers[0].ids, testing::ElementsAre("sp", "we"));
  EXPECT_THAT(water.layers[0].setback_m, testing::ElementsAre(300.0, 200.0));
  EXPECT_THAT(water.layers[0].rules,
              testing::ElementsAre("spring, US, 300 m", "Well, US-NV, 200 m"));
  EXPECT_EQ(water.layers[1].name, "water (review)");
  EXPECT_FALSE(water.layers[1].hard);
  EXPECT_THAT(water.layers[1].setback_m, testing::ElementsAre(500.0));
  EXPECT_THAT(water.layers[1].classes, testing::ElementsAre("well"));
  EXPECT_TRUE(water.findings.has("setbacks.class_without_rule"));
  EXPECT_FALSE(water.findings.has("setbacks.several_jurisdictions"));
  EXPECT_FALSE(water.findings.has("setbacks.dates_unused"));

  ScreenInputs inputs = site();
  inputs.constraints = water.layers;
  ScreenOptions options;
  options.edges = Edges::straight;
  options.tolerance = 1e-6;
  const Screening screening = screen_sites(inputs, options);
  const SiteScreening& s = screening.sites[0];
  const double excluded = union_of_circles(300.0, 200.0, 300.0);
  EXPECT_NEAR(s.excluded_m2, excluded, 1e-4 * excluded);
  EXPECT_NEAR(s.net_m2, 16e6 - excluded, 1e-4 * excluded);
  EXPECT_NEAR(s.review_m2, std::numbers::pi * 500.0 * 500.0, 1e-4 * 785398.0);
  const BindingRule binding = binding_rule(water.layers, s);
  EXPECT_EQ(binding.constraint, 0u);  // hard before review, though the review takes more
  EXPECT_EQ(binding.rule, "spring, US, 300 m");
  EXPECT_NEAR(binding.taken_m2, std::numbers::pi * 300.0 * 300.0, 30.0);
  EXPECT_EQ(binding_rule(water.layers, s, 1).rule, "well, US, 500 m");
}

TEST(ClassConstraints, TheRulesInUseAreCounted) {
  const ClassConstraints water = made("US-NV", Date{2026, 11, 29}, {"well", "WELL", "spring"});
  ASSERT_EQ(water.rules.size(), 3u);
  EXPECT_EQ(water.rules[0].rule.citation, "federal act");
  EXPECT_EQ(water.rules[0].features, 1u);
  EXPECT_EQ(water.rules[0].constraint, "water");
  EXPECT_EQ(water.rules[1].rule.citation, "federal guidance");
  EXPECT_EQ(water.rules[1].features, 2u);
  EXPECT_EQ(water.rules[1].constraint, "water (review)");
  EXPECT_EQ(water.rules[2].rule.citation, "state code");
  EXPECT_EQ(water.rules[2].features, 2u);
  EXPECT_EQ(water.rules[2].table, "states.toml");
  EXPECT_EQ(water.rules[2].name, "Well, US-NV, 200 m");
  ASSERT_EQ(water.overruled.size(), 1u);
  EXPECT_EQ(water.overruled[0].name, "well, US, 100 m");
  EXPECT_EQ(water.overruled[0].overruled_by, "Well, US-NV, 200 m");
  EXPECT_EQ(water.overruled[0].features, 0u);
}

TEST(ClassConstraints, APlaceAndADayChooseAmongRules) {
  const auto well = [](const std::string& place, const Date& day) {
    return made(place, day, {"well", "well", "well"}).layers.at(0).setback_m.at(0);
  };
  EXPECT_EQ(well("US-NV", {2026, 11, 29}), 200.0);
  EXPECT_EQ(well("US-NV", {2019, 12, 31}), 100.0);
  EXPECT_EQ(well("US-CA", {2026, 11, 29}), 400.0);
  EXPECT_EQ(well("US-OR", {2026, 11, 29}), 100.0);
  EXPECT_TRUE(made("CA", {}).layers.empty());
}

TEST(ClassConstraints, WithoutAPlaceOrADayThatIsSaid) {
  const ClassConstraints all = made("", {});
  EXPECT_EQ(all.layers.at(0).setback_m.at(1), 400.0);
  ASSERT_TRUE(all.findings.has("setbacks.several_jurisdictions"));
  EXPECT_TRUE(all.findings.has("setbacks.dates_unused"));
  // The whole country is asked for, and rules of states are applied all over it.
  EXPECT_TRUE(made("US", Date{2026, 11, 29}).findings.has("setbacks.several_jurisdictions"));
  EXPECT_FALSE(made("US-CA", Date{2026, 11, 29}).findings.has("setbacks.several_jurisdictions"));
  // Rules that no feature meets disturb nobody.
  const ClassConstraints springs = made("", {}, {"spring", "spring", "spring"});
  EXPECT_FALSE(springs.findings.has("setbacks.several_jurisdictions"));
  EXPECT_FALSE(springs.findings.has("setbacks.dates_unused"));
}

TEST(ClassConstraints, EachFeatureMayLieInItsOwnPlace) {
  ClassedFeatures features;
  features.name = "wells";
  features.where = "wells.shp";
  features.geometry.assign(5, place(0, 0));
  features.feature_class.assign(5, "well");
  features.jurisdiction = {"US-NV", "USA-CA", "US-OR", "", "AU-WA"};
  const ClassConstraints wells = constraints_of_classes(
      std::move(features),
      {parse_setback_table(kFederal, "federal.toml"), parse_setback_table(kStates, "states.toml")},
      "", Date{2026, 11, 29});
  ASSERT_EQ(wells.layers.size(), 2u);
  EXPECT_THAT(wells.layers[0].setback_m, testing::ElementsAre(200.0, 400.0, 100.0));
  EXPECT_THAT(wells.layers[1].setback_m, testing::ElementsAre(500.0, 500.0, 500.0));
  ASSERT_EQ(wells.rules.size(), 4u);
  EXPECT_EQ(wells.rules[0].name, "well, US, 100 m");
  EXPECT_EQ(wells.rules[0].features, 1u);
  EXPECT_TRUE(wells.overruled.empty());  // each rule governs somewhere
  std::map<std::string, std::size_t> said;
  for (const Finding& finding : wells.findings.list()) said[finding.code] += finding.count;
  EXPECT_EQ(said["setbacks.no_jurisdiction"], 1u);
  EXPECT_EQ(said["setbacks.class_without_rule"], 2u);  // nowhere, and Western Australia
  EXPECT_EQ(said["setbacks.several_jurisdictions"], 0u);
  EXPECT_EQ(said["setbacks.rule_unused"], 1u);  // the spring
}

TEST(ClassConstraints, OfPointsTheRuleThatReachesFarthestBinds) {
  const ClassConstraints water = made("US-NV", Date{2026, 11, 29});
  ScreenInputs inputs = site();
  inputs.sites = {place(190, 0), place(1900, 0)};
  inputs.ids = {"near", "far"};
  inputs.constraints = water.layers;
  ScreenOptions options;
  options.edges = Edges::straight;
  const Screening screening = screen_sites(inputs, options);
  // 190 m from the spring's 300 m, 110 m from the well's 200 m: 110 m and 90 m past.
  const BindingRule binding = binding_rule(water.layers, screening.sites[0]);
  EXPECT_EQ(binding.rule, "spring, US, 300 m");
  EXPECT_NEAR(binding.reach_m, 110.0, 1e-6);
  EXPECT_EQ(binding_rule(water.layers, screening.sites[1]).constraint, BindingRule::none);
}

}  // namespace
}  // namespace lode
