#include "libgeo/report/figures.h"

#include <gtest/gtest.h>

#include "libgeo/core/error.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/wording.h"
#include "tests/report/fixture.h"
#include "tests/report/markup.h"

namespace lode {
namespace {

std::string code_of(const StudyResult& study, const std::string& name,
                    const FigureOptions& options = {}) {
  try {
    (void)figure(study, name, options);
  } catch (const Error& error) {
    EXPECT_FALSE(error.hint.empty());
    return error.code;
  }
  return "";
}

TEST(Figures, EveryOneStandsAlone) {
  const StudyResult study = test::fixture_study();
  for (const auto& name : figure_names())
    for (const double width : {360.0, 1040.0}) {
      FigureOptions options;
      options.width_px = width;
      const std::string svg = figure(study, name, options);
      EXPECT_EQ(test::markup_fault(svg), "") << name;
      EXPECT_TRUE(test::has(svg, "xmlns=\"http://www.w3.org/2000/svg\""));
      EXPECT_TRUE(test::attribute_values(svg, "class").empty()) << name;
      EXPECT_TRUE(test::attribute_values(svg, "href").empty()) << name;
      EXPECT_FALSE(test::has(svg, ">nan") || test::has(svg, "\"nan"));
      EXPECT_EQ(svg, figure(study, name, options));
    }
}

TEST(Figures, TheRankingNamesTheSites) {
  const std::string svg = figure(test::fixture_study(), "ranking");
  EXPECT_TRUE(test::has(svg, ">Mountain Pass<"));
  EXPECT_TRUE(test::has(svg, ">Norra K\xc3\xa4rr<"));
  EXPECT_TRUE(test::has(svg, ">0.772<"));
}

TEST(Figures, AnUnknownNameIsRefusedWithTheNearest) {
  EXPECT_EQ(code_of(test::fixture_study(), "rankin"), "report.unknown_figure");
  try {
    (void)figure(test::fixture_study(), "rankin");
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(test::has(error.hint, "ranking"));
  }
}

TEST(Figures, SizesOutOfRangeAreRefused) {
  FigureOptions options;
  for (const double width : {319.0, 4001.0, std::nan("")}) {
    options.width_px = width;
    EXPECT_EQ(code_of(test::fixture_study(), "map", options), "report.bad_size");
  }
  options = {};
  options.rows = 0;
  EXPECT_EQ(code_of(test::fixture_study(), "ranking", options), "report.bad_size");
}

TEST(Figures, NothingToDrawIsSaid) {
  for (const auto& name : figure_names())
    EXPECT_EQ(code_of(StudyResult{}, name), "report.nothing_to_draw") << name;
  StudyResult study = test::fixture_study();
  study.ranking.front().rank_acceptability.clear();
  study.ranking.front().contributions.clear();
  EXPECT_EQ(code_of(study, "acceptability"), "report.nothing_to_draw");
  EXPECT_EQ(code_of(study, "contributions"), "report.nothing_to_draw");
}

TEST(Figures, NegativeContributionsLieOnTheOtherSide) {
  StudyResult study = test::fixture_study();
  study.ranking[0].contributions = {{"net_treo_t", 0.5}, {"governance_risk", -0.4}};
  EXPECT_EQ(test::markup_fault(figure(study, "contributions")), "");
}

TEST(Drawing, CoordinatesAreShort) {
  using report::coordinate;
  EXPECT_EQ(coordinate(0.0), "0");
  EXPECT_EQ(coordinate(12.04), "12");
  EXPECT_EQ(coordinate(-0.25), "-.3");
  EXPECT_EQ(coordinate(3.5), "3.5");
  EXPECT_EQ(coordinate(std::nan("")), "0");
}

TEST(Drawing, EveryInkHasARuleForLightAndDark) {
  const std::string light = report::ink_rules(false), dark = report::ink_rules(true);
  for (const auto& one : report::inks()) {
    EXPECT_TRUE(test::has(light, "svg ." + std::string(one.name) + "{"));
    EXPECT_TRUE(test::has(dark, "svg ." + std::string(one.name) + "{"));
  }
}

TEST(Wording, NumbersForPeople) {
  using namespace report;
  EXPECT_EQ(people(1368672.0), "1,369,000");
  EXPECT_EQ(counted(21572), "21,572");
  EXPECT_EQ(people(-1234.0), "-1,234");
  EXPECT_EQ(people(0.0432109), "0.04321");
  EXPECT_EQ(people(100.0), "100");
  EXPECT_EQ(people(0.0), "0");
  EXPECT_EQ(people(std::nan("")), "not known");
  EXPECT_EQ(people(HUGE_VAL), "not known");
  EXPECT_EQ(people(8.1891, "%"), "8.189\xc2\xa0%");
  EXPECT_EQ(people(1.0, "d"),
            "1\xc2\xa0"
            "day");
  EXPECT_EQ(people(12.0, "d"),
            "12\xc2\xa0"
            "days");
  EXPECT_EQ(people(3.0, "n"), "3");
  EXPECT_EQ(people(1.0, "0 domestic, 1 allied, 2 other"), "allied");
  EXPECT_EQ(people(2.2, "0 to 10"), "2.2\xc2\xa0(0 to 10)");
  EXPECT_EQ(people_short(1.37e6, "t"), "1.37\xc2\xa0Mt");
  EXPECT_EQ(people_short(15500.0, "t"), "15.5\xc2\xa0kt");
  EXPECT_EQ(people_short(2.5e9, "USD"),
            "2.5\xc2\xa0"
            "billion USD");
  EXPECT_EQ(percent(0.62), "62\xc2\xa0%");
  EXPECT_EQ(percent(0.0004),
            "<\xc2\xa0"
            "0.1\xc2\xa0%");
  EXPECT_EQ(percent(0.034), "3.4\xc2\xa0%");
  EXPECT_EQ(percent(0.0), "0\xc2\xa0%");
  EXPECT_EQ(percent(std::nan("")), "not known");
  EXPECT_EQ(counted(1, "site"), "1 site");
  EXPECT_EQ(counted(12345, "country", "countries"), "12,345 countries");
  EXPECT_EQ(rank_text(2.5), "2.5");
  EXPECT_EQ(rank_text(1200.0), "1,200");
}

TEST(Wording, Titles) {
  using namespace report;
  EXPECT_EQ(indicator_title("treo_grade_pct"), "Grade of total rare earth oxides");
  EXPECT_EQ(indicator_title("PIT_DEPTH_m"), "PIT DEPTH");
  EXPECT_EQ(indicator_title("rivers_nearest_m"), "Rivers nearest");
  EXPECT_EQ(kind_title("secondary"), "Recycling");
  EXPECT_EQ(group_title(""), "Group not known");
}

TEST(Wording, EscapesAndClips) {
  using namespace report;
  EXPECT_EQ(escape("<a href='x'>&\""), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
  EXPECT_EQ(escape("\x01\xe2\x80\xae"), "\\x01\\xe2\\x80\\xae");
  EXPECT_EQ(clip("Norra K\xc3\xa4rr", 9), "Norra K\xc3\xa4\xe2\x80\xa6");
  EXPECT_EQ(clip("short", 5), "short");
}

TEST(Wording, TextIsCutToItsPlace) {
  EXPECT_EQ(report::fit_text("Mount Weld", 12.0, 500.0), "Mount Weld");
  const std::string cut = report::fit_text("A very long name of a deposit", 12.0, 80.0);
  EXPECT_LE(report::text_width(cut, 12.0), 82.0);
  EXPECT_TRUE(test::has(cut, "\xe2\x80\xa6"));
}

}  // namespace
}  // namespace lode
