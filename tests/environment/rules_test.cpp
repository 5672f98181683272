// Rule tables: every key, and every mistake with its line.
#include "libgeo/environment/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"

namespace lode {
namespace {

TEST(Rules, ReadsEveryKey) {
  const auto rules = parse_rules(R"(
[study]
title = "passed over"
[[rules]]
field = "passed over too"
min = 1
[[constraints]]
name = "fish streams"
path = "streams.gpkg"
layer = "rivers"
where = "CLASS = 'fish'"
id = "RIV_ID"
setback = "300 ft"
citation = "PACFISH 1995"
jurisdiction = "US"
missing = ["-"]
from = 1995-02-24
to = "2030-12-31"
[[constraints]]
name = "view"
path = "view.shp"
setback = { field = "BUF", unit = "m" }
hard = false
)",
                                 "rules.toml");
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].name, "fish streams");
  EXPECT_NEAR(rules[0].setback_m, 91.44, 1e-9);
  EXPECT_EQ(rules[0].layer, "rivers");
  EXPECT_EQ(rules[0].where, "CLASS = 'fish'");
  EXPECT_EQ(rules[0].id, "RIV_ID");
  EXPECT_EQ(rules[0].missing, std::vector<std::string>{"-"});
  EXPECT_TRUE(rules[0].hard);
  EXPECT_TRUE(rules[0].holds_on({1995, 2, 24}));
  EXPECT_FALSE(rules[0].holds_on({1995, 2, 23}));
  EXPECT_TRUE(rules[0].holds_on({2030, 12, 31}));
  EXPECT_FALSE(rules[0].holds_on({2031, 1, 1}));
  EXPECT_FALSE(rules[1].hard);
  EXPECT_TRUE(std::isnan(rules[1].setback_m));
  EXPECT_EQ(rules[1].setback_field, "BUF");
  EXPECT_EQ(rules[1].setback_unit, "m");
}

TEST(Rules, ASetbackMayComeFromTablesByClass) {
  const auto rules = parse_rules(R"(
[[constraints]]
name = "streams"
path = "streams.shp"
class = "TYPE"
setbacks = ["us_federal.toml", "us_states.toml"]
jurisdiction = "USA-NV"
[[constraints]]
name = "parks"
path = "parks.shp"
class_is = "national park"
setbacks = "us_federal.toml"
jurisdiction_field = "STATE"
)",
                                 "rules.toml");
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_TRUE(rules[0].by_class());
  EXPECT_EQ(rules[0].class_field, "TYPE");
  EXPECT_THAT(rules[0].setbacks, testing::ElementsAre("us_federal.toml", "us_states.toml"));
  EXPECT_EQ(rules[0].jurisdiction, "US-NV");
  EXPECT_TRUE(std::isnan(rules[0].setback_m));
  EXPECT_EQ(rules[1].class_is, "national park");
  EXPECT_THAT(rules[1].setbacks, testing::ElementsAre("us_federal.toml"));
  EXPECT_EQ(rules[1].class_field, "");
  EXPECT_EQ(rules[1].jurisdiction_field, "STATE");
}

struct Fault {
  const char* toml;
  const char* code;
  const char* line;
};

class RulesFault : public ::testing::TestWithParam<Fault> {};

TEST_P(RulesFault, IsRefusedWithItsLine) {
  try {
    static_cast<void>(parse_rules(GetParam().toml, "r.toml"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, GetParam().code);
    EXPECT_THAT(error.where, testing::HasSubstr(GetParam().line));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, RulesFault,
    ::testing::Values(
        Fault{"[[constraints]\n", "rules.syntax", "line 1"},
        Fault{"[[constraint]]\nname = 'a'\n", "rules.unknown_key", "line 1"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nset_back = '1 m'\n", "rules.unknown_key",
              "line 4"},
        Fault{"[[constraints]]\npath = 'b'\nsetback = '1 m'\n", "rules.missing_key", "line 1"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\n", "rules.missing_key", "line 1"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = 200\n", "rules.type", "line 4"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '200'\n", "unit.missing",
              "line 4"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '-2 m'\n", "rules.value",
              "line 4"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = {fields = 'x'}\n", "rules.value",
              "line 4"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '2 m'\nhard = 'no'\n",
              "rules.type", "line 5"},
        Fault{"[[constraints]]\nname = 7\npath = 'b'\nsetback = '2 m'\n", "rules.type", "line 2"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '2 m'\nfrom = 'soon'\n",
              "rules.value", "line 5"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '2 m'\nfrom = 2026-01-02\nto = "
              "2026-01-01\n",
              "rules.value", "line 1"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '2 m'\nmissing = [1]\n",
              "rules.type", "line 5"},
        Fault{"[study]\n", "rules.none", "r.toml"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\n", "rules.missing_key",
              "line 1"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '2 m'\nsetbacks = 't'\n",
              "rules.missing_key", "line 5"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = 't'\nsetback = '2 "
              "m'\n",
              "rules.value", "line 6"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = 't'\nhard = true\n",
              "rules.value", "line 6"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = "
              "'t'\nclass_is='x'\n",
              "rules.value", "line 6"},
        Fault{
            "[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '2 m'\njurisdiction_field = 'J'\n",
            "rules.missing_key", "line 5"},
        Fault{
            "[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = 't'\njurisdiction = "
            "'US'\njurisdiction_field = 'J'\n",
            "rules.value", "line 7"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = [3]\n",
              "rules.type", "line 5"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = []\n", "rules.type",
              "line 5"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = "
              "'t'\njurisdiction = 'US federal'\n",
              "rules.value", "line 6"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = "
              "'t'\n[[constraints]]\nname = 'a'\npath = 'c'\nsetback = '2 m'\n",
              "rules.mixed_table", "line 6"},
        Fault{"[[constraints]]\nname = 'a (review)'\npath = 'c'\nsetback = '2 "
              "m'\n[[constraints]]\nname = 'a'\npath = 'b'\nclass = 'C'\nsetbacks = 't'\n",
              "rules.mixed_table", "line 5"},
        Fault{"[[constraints]]\nname = 'a'\npath = 'b'\nsetback = '2 m'\n[[constraints]]\nname = "
              "'a'\npath = 'c'\nsetback = '2 m'\nhard = false\n",
              "rules.mixed_hard", "line 5"}));

}  // namespace
}  // namespace lode
