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
spread = "pert"
spread_group = "ore"
spread_correlation = 0.8
spread_common = 0.25
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
[[rules]]
field = "STATUS"
any_of = ["Active", "Issued"]
[[rules]]
name = "no old class"
field = "class"
none_of = ["void", 3]
missing_passes = true
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
  EXPECT_EQ(c.spread, Spread::pert);
  EXPECT_EQ(c.spread_correlation, 0.8);
  EXPECT_EQ(c.spread_common, 0.25);
  EXPECT_FALSE(file.criteria[1].spread.has_value());
  EXPECT_EQ(file.criteria[1].spread_correlation, 1.0);
  ASSERT_EQ(file.rules.size(), 3u);
  EXPECT_EQ(file.rules[1].name, "STATUS = Active|Issued");
  EXPECT_EQ(file.rules[1].words, (std::vector<std::string>{"Active", "Issued"}));
  EXPECT_FALSE(file.rules[1].none_of);
  EXPECT_EQ(file.rules[2].name, "no old class");
  EXPECT_EQ(file.rules[2].words, (std::vector<std::string>{"void", "3"}));
  EXPECT_TRUE(file.rules[2].none_of && file.rules[2].missing_passes);
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

TEST(CriteriaFile, RulesMixNoWordsWithBounds) {
  const std::string criterion = "[[criteria]]\nname=\"a\"\ndirection=\"max\"\n";
  const auto of = [&](const std::string& rule) {
    return message_of(criterion + "[[rules]]\nfield = \"f\"\n" + rule);
  };
  EXPECT_EQ(of("min = 1\n"), "");
  EXPECT_EQ(of("any_of = [\"x\"]\n"), "");
  EXPECT_THAT(of("min = 1\nany_of = [\"x\"]\n"),
              HasSubstr("line 7: a rule has words or min and max, not both"));
  EXPECT_THAT(of("max = 1\nnone_of = [\"x\"]\n"), HasSubstr("line 7: a rule has words"));
  EXPECT_THAT(of("any_of = [\"x\"]\nnone_of = [\"y\"]\n"),
              HasSubstr("line 7: a rule has any_of or none_of, not both"));
  EXPECT_THAT(of("any_of = []\n"), HasSubstr("line 6: any_of must be a list of words"));
  EXPECT_THAT(of("any_of = \"x\"\n"), HasSubstr("any_of must be a list of words"));
  EXPECT_THAT(of("none_of = [true]\n"), HasSubstr("none_of must be a list of words"));
  EXPECT_THAT(of("any_off = [\"x\"]\nmin = 1\n"), HasSubstr("Did you mean 'any_of'?"));
  EXPECT_THAT(of(""), HasSubstr("a rule needs min, max or both, or any_of or none_of"));
  EXPECT_THAT(of("min = 3\nmax = 2\n"), HasSubstr("contradict"));
}

TEST(CriteriaFile, SpreadsAreChecked) {
  const auto of = [](const std::string& keys) {
    return message_of("[[criteria]]\nname=\"a\"\ndirection=\"max\"\n" + keys);
  };
  EXPECT_EQ(of("spread = \"normal\"\nspread_correlation = 0.5\nspread_common = 0.5\n"), "");
  EXPECT_THAT(of("spread = \"norml\"\n"), HasSubstr("line 4: spread: "));
  EXPECT_THAT(of("spread_correlation = 1.5\n"), HasSubstr("spread_correlation = 1.5 must lie"));
  EXPECT_THAT(of("spread_common = -0.1\n"), HasSubstr("spread_common = -0.1 must lie"));
  EXPECT_THAT(of("spread_correlation = 0.3\nspread_common = 0.4\n"),
              HasSubstr("must not be above spread_correlation = 0.3"));
  EXPECT_THAT(of("spread_common = \"x\"\n"), HasSubstr("spread_common must be a number"));
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
  const auto drawn = parse_criterion(
      "name=x,direction=min,spread=lognormal,spread_group=g,spread_correlation=0.7,"
      "spread_common=0.2");
  EXPECT_EQ(drawn.spread, Spread::lognormal);
  EXPECT_EQ(drawn.spread_correlation, 0.7);
  EXPECT_EQ(drawn.spread_common, 0.2);
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
  EXPECT_EQ(code("name=x,direction=up"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,spread=wide"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,scale=foo"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,shape=foo"), "usage.criterion");
  try {
    (void)parse_criterion("name=x,direction=max,scale=lgo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint.find("log"), std::string::npos) << error.hint;
  }
  EXPECT_EQ(code("name=x,direction=max,spread_common=2"), "usage.criterion");
  EXPECT_EQ(code("name=x,direction=max,weight=1:2"), "usage.criterion");
  EXPECT_EQ(code("name=x,curve=1:2:3"), "usage.criterion");
}

TEST(Rules, ReadComparisons) {
  EXPECT_EQ(parse_rule("coverage >= 50").min, 50.0);
  EXPECT_EQ(parse_rule("thorium_ppm<=500").max, 500.0);
  EXPECT_EQ(parse_rule("inside = 1").min, 1.0);
  EXPECT_EQ(parse_rule("inside = 1").max, 1.0);
  EXPECT_EQ(parse_rule("name >= 1e3").min, 1000.0);
  EXPECT_EQ(parse_rule("x == 4").max, 4.0);
  EXPECT_FALSE(parse_rule("x >= 4").missing_passes);
  EXPECT_TRUE(parse_rule("x >= 4 or missing").missing_passes);
  EXPECT_EQ(parse_rule("x >= 4 or missing").min, 4.0);
}

TEST(Rules, StrictComparisonsLeaveTheBoundItselfOut) {
  const auto below = parse_rule("x < 5"), above = parse_rule("x > 0");
  EXPECT_LT(below.max, 5.0);
  EXPECT_EQ(std::nextafter(below.max, 6.0), 5.0);
  EXPECT_TRUE(std::isinf(below.min));
  EXPECT_GT(above.min, 0.0);
  EXPECT_EQ(std::nextafter(above.min, -1.0), 0.0);
}

TEST(Rules, ReadWords) {
  const auto any = parse_rule("STATUS = Active | Issued");
  EXPECT_EQ(any.field, "STATUS");
  EXPECT_EQ(any.words, (std::vector<std::string>{"Active", "Issued"}));
  EXPECT_FALSE(any.none_of);
  EXPECT_EQ(any.name, "STATUS = Active | Issued");
  EXPECT_TRUE(parse_rule("STATUS != Expired").none_of);
  EXPECT_EQ(parse_rule("n != 5").words, std::vector<std::string>{"5"});
  EXPECT_EQ(parse_rule("n = 5|6").words.size(), 2u);
  EXPECT_EQ(parse_rule("CODE = \"007\"").words, std::vector<std::string>{"007"});
  EXPECT_EQ(parse_rule("s = \"a|b\"|c").words, (std::vector<std::string>{"a|b", "c"}));
  EXPECT_EQ(parse_rule("s = two words").words, std::vector<std::string>{"two words"});
  EXPECT_TRUE(parse_rule("s = a|b or missing").missing_passes);
}

TEST(Rules, RefuseWhatTheyCannotRead) {
  for (const char* bad : {"coverage", ">= 5", "coverage >= many", "x >", "x =", "x = a||b", "x = |",
                          "x => 5", "x <> 5", "x ! 5", "x !== 5", "x = \"a", "x = a\"b\"",
                          "x = \"a\"b", "x < a|b", "x >= ", "x = \"\"", "x >= 4 or missing data"})
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
  EXPECT_EQ(with([](Criterion& d) { d.profiles = {1, std::nan("")}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.profiles = {1, INFINITY}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.weight = INFINITY; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.lo = 0, d.hi = 1e30; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.lo = 2, d.hi = 2; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.lo = 0, d.hi = 5e-324; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.p = 5e-324; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.q = -1; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.q = INFINITY; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.ideal = INFINITY; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.ideal = 1, d.curve = {{0, 0}, {1, 1}}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.ideal = 0, d.scale = Scale::log; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.curve = {{0, std::nan("")}, {1, 1}}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.curve = {{0, 0}, {INFINITY, 1}}; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.curve = {{0, 0}, {1, 1}, {2, 0}}; }), 0u);  // may turn
  EXPECT_EQ(with([](Criterion& d) { d.shape = Shape::ushape; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.shape = Shape::level, d.p = 2; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.shape = Shape::ushape, d.q = 1; }), 0u);
  EXPECT_EQ(with([](Criterion& d) { d.spread_correlation = std::nan(""); }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.spread_correlation = 1.1; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.spread_common = std::nan(""); }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.spread_common = 0.5, d.spread_correlation = 0.4; }), 1u);
  EXPECT_EQ(with([](Criterion& d) { d.profiles = {2, 1}, d.direction = Direction::min; }), 0u);
}

TEST(Tables, OneBadNumberIsNamed) {
  DecisionTable table;
  Criterion x;
  x.name = "x";
  x.weight = 1;
  table.ids = {"a", "b"};
  table.criteria = {x};
  table.values = {1, 2};
  const auto message = [](const DecisionTable& t) -> std::string {
    try {
      check_table(t);
    } catch (const Error& error) {
      return error.code + "|" + error.where;
    }
    return "";
  };
  EXPECT_EQ(message(table), "");
  for (const double mark :
       {1e30, -1e30, 1.70141e38, -3.4028234663852886e38, 1.7976931348623157e308}) {
    auto bad = table;
    bad.values[1] = mark;
    EXPECT_EQ(message(bad), "ranking.magnitude|b, x") << mark;
    bad = table;
    bad.low = {std::nan(""), -std::abs(mark)};
    EXPECT_EQ(message(bad), "ranking.magnitude|b, x") << mark;
  }
  for (const double tiny : {5e-324, -1e-308, 9e-101}) {
    auto small = table;
    small.values[1] = tiny;
    EXPECT_EQ(message(small), "ranking.magnitude|b, x") << tiny;
  }
  auto bad = table;
  bad.values = {0.0, 1e-100};
  EXPECT_EQ(message(bad), "");
  bad = table;
  bad.high = {INFINITY, std::nan("")};
  EXPECT_EQ(message(bad), "ranking.not_finite|a, x");
  bad = table;
  bad.draws = {{1, 0, {1, std::nan("")}}};
  EXPECT_EQ(message(bad), "ranking.not_finite|b, x");
  bad.draws = {{2, 0, {1}}};
  EXPECT_THAT(message(bad), HasSubstr("ranking.shape"));
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
