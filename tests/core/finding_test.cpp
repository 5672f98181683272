// Findings are counted once a place, in the order of their first appearance.
#include "libgeo/core/finding.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

TEST(Findings, ARepeatedOneIsCounted) {
  Findings findings;
  findings.add("geometry.repaired", Severity::note, "a.shp", "first");
  findings.add("field.blank", Severity::note, "a.shp", "blank", 3);
  findings.add("geometry.repaired", Severity::warning, "a.shp", "second", 2);
  findings.add("geometry.repaired", Severity::note, "b.shp", "elsewhere");
  ASSERT_EQ(findings.list().size(), 3u);
  EXPECT_EQ(findings.list()[0],
            (Finding{"geometry.repaired", Severity::warning, "a.shp", 3, "first"}));
  EXPECT_EQ(findings.list()[1].count, 3u);
  EXPECT_EQ(findings.list()[2].where, "b.shp");
}

TEST(Findings, WordsOfGdalAreKeptEach) {
  Findings findings;
  findings.add("gdal.warning", Severity::warning, "a.tif", "one thing");
  findings.add("gdal.warning", Severity::warning, "a.tif", "another");
  findings.add("gdal.warning", Severity::warning, "a.tif", "one thing");
  Findings all;
  all.add(findings);
  ASSERT_EQ(all.list().size(), 2u);
  EXPECT_EQ(all.list()[0].count, 2u);
  EXPECT_EQ(all.list()[1].message, "another");
}

TEST(Findings, ThingsLostAreKeptEach) {
  Findings findings;
  for (const char* what : {"the CRS", "3 columns", "the CRS"})
    findings.add("convert.lost", Severity::warning, "a.omf", what);
  ASSERT_EQ(findings.list().size(), 2u);
  EXPECT_EQ(findings.list()[1].message, "3 columns");
}

TEST(Findings, CodeAndPlaceDoNotRunIntoEachOther) {
  Findings findings;
  findings.add("a", Severity::note, "bc", "");
  findings.add("ab", Severity::note, "c", "");
  EXPECT_EQ(findings.list().size(), 2u);
}

TEST(Findings, WorstAndHas) {
  Findings findings;
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(findings.worst(), Severity::note);
  findings.add("x.note", Severity::note, "", "");
  findings.add("x.error", Severity::error, "", "");
  findings.add("x.warning", Severity::warning, "", "");
  EXPECT_EQ(findings.worst(), Severity::error);
  EXPECT_TRUE(findings.has("x.warning"));
  EXPECT_FALSE(findings.has("x"));
  EXPECT_EQ(to_text(Severity::note), "note");
  EXPECT_EQ(to_text(Severity::warning), "warning");
  EXPECT_EQ(to_text(Severity::error), "error");
}

TEST(Findings, TwoListsJoin) {
  Findings one, other;
  one.add("a", Severity::note, "x", "", 2);
  other.add("a", Severity::note, "x", "", 5);
  other.add("b", Severity::note, "x", "");
  one.add(other);
  ASSERT_EQ(one.list().size(), 2u);
  EXPECT_EQ(one.list()[0].count, 7u);
  one.add(one);
  EXPECT_EQ(one.list()[0].count, 14u);
  EXPECT_EQ(one.list()[1].count, 2u);
}

// A finding a feature: a list walked for each would take minutes here.
TEST(Findings, ThreeHundredThousandPlacesAreNoBurden) {
  Findings findings;
  for (int i = 0; i < 300000; ++i)
    findings.add("geometry.repaired", Severity::note, "feature " + std::to_string(i), "");
  EXPECT_EQ(findings.list().size(), 300000u);
}

}  // namespace
}  // namespace lode
