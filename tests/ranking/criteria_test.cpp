// Criteria read from TOML and from one line, and the faults each must name.
#include "libgeo/ranking/criteria.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/ranking/methods.h"
#include "libgeo/ranking/rank.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

using testing::HasSubstr;

TEST(CriteriaFile, ReadsEveryKey) {
  const auto file = read_criteria(R"(
[[criteria]]
name = "net_mreo_t"
field = "MREO_T"
unit = "t"
direction = "max"
weight = 0.3
scale = "log"
bounds = [1e2, 1e6]
q = 1.1
p = 2
v = 10.0
shape = "gaussian"
spread_group = "ore"
profiles = [1e3, 1e5]
[[criteria]]
name = "ph"
ideal = [6.5, 7.5]
bounds = [4, 10]
[[criteria]]
name = "life"
curve = [[0, 0], [10, 0.8], [30, 1]]
[[rules]]
field = "valid_coverage_pct"
min = 50
)");
  ASSERT_EQ(file.criteria.size(), 3u);
  const auto& c = file.criteria[0];
  EXPECT_EQ(c.field, "MREO_T");
  EXPECT_EQ(c.weight, 0.3);
  EXPECT_EQ(c.scale, Scale::log);
  EXPECT_EQ(c.hi, 1e6);
  EXPECT_EQ(c.p, 2.0);
  EXPECT_EQ(c.shape, Shape::gaussian);
  EXPECT_EQ(c.profiles.size(), 2u);
  EXPECT_EQ(file.criteria[1].ideal_to, 7.5);
  EXPECT_EQ(file.criteria[2].curve[1].value, 0.8);
  ASSERT_EQ(file.rules.size(), 1u);
  EXPECT_EQ(file.rules[0].name, "valid_coverage_pct >= 50");
  EXPECT_EQ(file.rules[0].min, 50.0);
}

std::string message_of(const std::string& text) {
  try {
    (void)read_criteria(text, "criteria.toml");
  } catch (const Error& error) {
    return error.code + "|" + error.what();
  }
  return "";
}

TEST(CriteriaFile, ListsAllMistakesWithTheirLines) {
  const auto message = message_of(
      "[[criteria]]\nname = \"a\"\nwieght = 0.3\ndirection = \"up\"\nbounds = [5, 2]\nq = "
      "\"x\"\n[[criteria]]\nname = \"a\"\nweight = nan\n");
  EXPECT_THAT(message, HasSubstr("ranking.criteria_file|"));
  EXPECT_THAT(message, HasSubstr("line 3: unknown key 'wieght'. Did you mean 'weight'?"));
  EXPECT_THAT(message, HasSubstr("line 4: direction"));
  EXPECT_THAT(message, HasSubstr("contradict"));
  EXPECT_THAT(message, HasSubstr("line 6: q must be a number"));
  EXPECT_THAT(message, HasSubstr("line 9: weight must be a number"));
  EXPECT_THAT(message, HasSubstr("two criteria are named 'a'"));
  EXPECT_THAT(message, HasSubstr("needs direction"));
}

TEST(CriteriaFile, SyntaxAndEmptiness) {
  EXPECT_THAT(message_of("[[criteria]\n"), HasSubstr("ranking.syntax|line 1"));
  EXPECT_THAT(message_of(""), HasSubstr("ranking.no_criteria"));
  EXPECT_THAT(message_of("criteria = 3"), HasSubstr("[[criteria]]"));
  EXPECT_THAT(message_of("[[criterion]]\nname=\"a\"\n"), HasSubstr("Did you mean 'criteria'?"));
  EXPECT_THAT(
      message_of(
          "[[criteria]]\nname=\"a\"\ndirection=\"max\"\n[[rules]]\nname=\"r\"\nmin=3\nmax=2\n"),
      HasSubstr("a rule needs a field"));
}

TEST(CriteriaFile, AStudyFilesOtherTablesArePassedOver) {
  const auto file = read_criteria(
      "[study]\ntitle = \"t\"\n[[sites]]\npath = \"x\"\n[[criteria]]\nname = \"a\"\ndirection = "
      "\"min\"\n");
  EXPECT_EQ(file.criteria.size(), 1u);
  EXPECT_EQ(file.criteria[0].direction, Direction::min);
}

TEST(InlineCriterion, ReadsKeysAndLists) {
  const auto c =
      parse_criterion("name=net_ndpr_t,direction=max,weight=0.3,scale=log,bounds=1e2:1e6");
  EXPECT_EQ(c.name, "net_ndpr_t");
  EXPECT_EQ(c.lo, 100.0);
  EXPECT_EQ(c.scale, Scale::log);
  EXPECT_EQ(parse_criterion("name=x, ideal=4:6, bounds=0:10").ideal_to, 6.0);
  EXPECT_EQ(parse_criterion("name=x,curve=0:0;50:0.8;100:1").curve.size(), 3u);
}

TEST(InlineCriterion, RefusesWhatItCannotRead) {
  const auto code = [](const std::string& text) {
    return code_of([&] { (void)parse_criterion(text); });
  };
  EXPECT_EQ(code("name=x,direction=max,wieght=1"), "usage.criterion");
  EXPECT_EQ(code("name=x"), "usage.criterion");
  EXPECT_EQ(code("direction=max"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,weight=1,2"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,weight=0x1A"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,bounds=5"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,bounds=5:2"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,direction=min"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=up"), "ranking.unknown_choice");
  EXPECT_EQ(code("name=x,curve=1:2:3"), "usage.criterion");
}

TEST(Rules, ReadComparisons) {
  EXPECT_EQ(parse_rule("coverage >= 50").min, 50.0);
  EXPECT_EQ(parse_rule("thorium_ppm<=500").max, 500.0);
  EXPECT_EQ(parse_rule("inside = 1").min, 1.0);
  EXPECT_EQ(parse_rule("inside = 1").max, 1.0);
  for (const char* bad : {"coverage", ">= 5", "coverage >= many"})
    EXPECT_EQ(code_of([&] { (void)parse_rule(bad); }), "usage.rule") << bad;
}

TEST(Faults, OfOneCriterion) {
  Criterion c;
  c.name = "x";
  EXPECT_TRUE(faults_of(c).empty());
  const auto with = [&](auto change) {
    Criterion d = c;
    change(d);
    return faults_of(d).size();
  };
  EXPECT_EQ(with([](Criterion& d) { d.name = " "; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.weight = -1; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.lo = 1; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.lo = 1, d.hi = INFINITY; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.scale = Scale::log, d.lo = 0, d.hi = 1; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.q = 2, d.p = 1; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.p = 2, d.v = 1; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.scale = Scale::log, d.p = 0.5; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.ideal = 5, d.lo = 0, d.hi = 4; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.ideal = 5, d.ideal_to = 4; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.ideal_to = 4; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.curve = {{0, 0}}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.curve = {{0, 0}, {0, 1}}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.curve = {{0, 0}, {1, 2}}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.profiles = {2, 1}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.profiles = {2, 1}, d.direction = Direction::min; }), 0u);
}

TEST(Options, OutOfRangeAreRefused) {
  Criterion c;
  c.name = "x";
  const auto code = [&](auto change) {
    MethodOptions options;
    change(options);
    return code_of([&] { (void)prepare_method({c}, {1, 2}, 2, options); });
  };
  EXPECT_EQ(code([](MethodOptions& o) { o.vikor_v = 1.5; }), "ranking.option");
  EXPECT_EQ(code([](MethodOptions& o) { o.owa_order = {0.5, 0.5}; }), "ranking.option");
  EXPECT_EQ(code([](MethodOptions& o) { o.electre_cut = 0.4; }), "ranking.option");
  EXPECT_EQ(code([](MethodOptions&) {}), "");
}

TEST(Options, TriProfilesMustBeAsManyEverywhere) {
  Criterion a, b;
  a.name = "a";
  b.name = "b";
  a.profiles = {1, 2};
  b.profiles = {1};
  MethodOptions options;
  options.method = Method::electre_tri;
  EXPECT_EQ(code_of([&] { (void)prepare_method({a, b}, {1, 2}, 1, options); }), "ranking.profiles");
}

TEST(Names, AreReadBackAndMisspellingsSuggested) {
  EXPECT_EQ(parse_method("electre-tri"), Method::electre_tri);
  EXPECT_EQ(parse_missing("Interval"), Missing::interval);
  EXPECT_EQ(parse_spread("p10-p90"), Spread::p10_p90);
  try {
    (void)parse_method("topsys");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "ranking.unknown_choice");
    EXPECT_THAT(error.hint, HasSubstr("topsis"));
  }
}

}  // namespace
}  // namespace lode::test
