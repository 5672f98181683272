// Sections as figures: classes, the pit's outline, exaggeration, and well-formed SVG.
#include "libgeo/report/section_figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace lode::report {
namespace {

SectionBlock block(double s, double z, double value, bool in_pit) {
  return {s, s + 10.0, z, z + 5.0, value, in_pit};
}

TEST(SectionFigure, ClassesAreEvenSteps) {
  Section section;
  for (const double value : {0.31, 1.7, 3.95, std::nan("")})
    section.blocks.push_back(block(0.0, 0.0, value, false));
  const SectionClasses classes = classes_of(section);
  EXPECT_EQ(classes.from, 0.0);
  EXPECT_EQ(classes.step, 0.5);
  EXPECT_EQ(classes.count, 8u);
  EXPECT_EQ(classes.of(0.31), 0u);
  EXPECT_EQ(classes.of(3.95), 9u);
  section.blocks.assign(1, block(0.0, 0.0, 2.0, false));
  EXPECT_GE(classes_of(section).count, 1u);
}

TEST(SectionFigure, OutlineHasNoEdgeBetweenBlocksOfThePit) {
  // Two blocks side by side: six edges, the common one is none.
  const auto outline =
      pit_outline({block(0, 0, 1, true), block(10, 0, 1, true), block(20, 0, 1, false)});
  EXPECT_EQ(outline.size(), 6u);
  for (const auto& [a, b] : outline) EXPECT_FALSE(a.x == 10.0 && b.x == 10.0);
}

TEST(SectionFigure, ExaggerationOnlyWhereFlat) {
  EXPECT_EQ(vertical_exaggeration(100.0, 100.0), 1.0);
  EXPECT_EQ(vertical_exaggeration(1000.0, 100.0), 2.0);
  EXPECT_EQ(vertical_exaggeration(10000.0, 50.0), 50.0);
}

TEST(SectionFigure, DrawsEverythingItIsGiven) {
  Section section;
  section.title = "a <b>";
  section.value_name = "treo_pct";
  section.length_m = 40.0;
  section.has_pit = true;
  section.within = {{5.0, 30.0}};
  section.within_name = "permit";
  section.blocks = {block(0, 0, 1, true), block(10, 0, std::nan(""), false)};
  section.traces.push_back({"ground", false, {{Point{0.0, 12.0}, Point{40.0, 14.0}}}});
  const std::string svg = to_svg(draw_section(section));
  for (const char* words : {"a &lt;b&gt;", "ground", "permit", "no value", "Elevation (m)",
                            "Distance along the section (m)"})
    EXPECT_THAT(svg, testing::HasSubstr(words));
  EXPECT_EQ(svg, to_svg(draw_section(section)));
}

}  // namespace
}  // namespace lode::report
