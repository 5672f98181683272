// The study file: what it takes, and every mistake with its line.
#include "libgeo/study/study_file.h"

#include <gtest/gtest.h>

#include "libgeo/core/error.h"

namespace lode {
namespace {

const std::string good = R"([study]
title = "T"
home = "USA"
as_of = 2026-11-01
[[sites]]
path = "d.shp"
id = "ID"
kind = "primary"
ore = { field = "ORE_MT", unit = "Mt", low = "LO", high = "HI" }
[[criteria]]
name = "net_treo_t"
direction = "max"
weight = 1.0
scale = "log"
bounds = [1e2, 1e6]
[ranking]
method = "topsis"
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

/// Codes of all mistakes, and where the first one is.
struct Faults {
  std::vector<std::string> codes, wheres, hints;
};
Faults faults_of(const std::string& text) {
  Faults faults;
  try {
    (void)parse_study(text, "s.toml");
  } catch (const Error& error) {
    const auto keep = [&](const Error& one) {
      faults.codes.push_back(one.code);
      faults.wheres.push_back(one.where);
      faults.hints.push_back(one.hint);
    };
    keep(error);
    for (const auto& other : error.more) keep(other);
  }
  return faults;
}

TEST(StudyFile, TakesTheContractsKeys) {
  const StudyFile study = parse_study(good, "folder/s.toml");
  EXPECT_EQ(study.folder, "folder");
  EXPECT_EQ(study.home, "USA");
  EXPECT_EQ(to_text(study.as_of), "2026-11-01");
  ASSERT_EQ(study.sites.size(), 1u);
  EXPECT_EQ(study.sites[0].ore.field, "ORE_MT");
  EXPECT_EQ(study.sites[0].ore.high, "HI");
  ASSERT_EQ(study.criteria.size(), 1u);
  EXPECT_EQ(study.criteria[0].lo, 100.0);
  EXPECT_EQ(study.ranking.options.draws.draws, 10000u);
}

TEST(StudyFile, ListsAllMistakesAtOnceWithTheirLines) {
  std::string text = replaced(good, "title = \"T\"", "titel = \"T\"");
  text = replaced(text, "kind = \"primary\"", "kind = \"primery\"");
  text = replaced(text, "method = \"topsis\"", "method = \"topsy\"");
  const Faults faults = faults_of(text);
  ASSERT_EQ(faults.codes.size(), 4u);
  EXPECT_EQ(faults.codes[0], "study.missing");
  EXPECT_EQ(faults.codes[1], "study.unknown_key");
  EXPECT_EQ(faults.wheres[1], "s.toml, line 2, column 1");
  EXPECT_NE(faults.hints[1].find("'title'"), std::string::npos);
  EXPECT_EQ(faults.codes[2], "study.value");
  EXPECT_EQ(faults.codes[3], "study.value");
}

TEST(StudyFile, SyntaxHasLineAndColumn) {
  const Faults faults = faults_of(replaced(good, "title = \"T\"", "title = \"T"));
  ASSERT_EQ(faults.codes, std::vector<std::string>{"study.syntax"});
  EXPECT_NE(faults.wheres[0].find("line 2"), std::string::npos);
}

TEST(StudyFile, WrongTypes) {
  EXPECT_EQ(faults_of(replaced(good, "as_of = 2026-11-01", "as_of = 5")).codes[0], "study.type");
  EXPECT_EQ(faults_of(replaced(good, "id = \"ID\"", "id = 7")).codes[0], "study.type");
  EXPECT_EQ(faults_of(replaced(good, "id = \"ID\"", "id = \"ID\"\ncrs = \"EPSG:1\"")).codes[0],
            "crs.unknown");
  EXPECT_EQ(faults_of(replaced(good, "title = \"T\"", "title = 1")).codes[0], "study.type");
}

TEST(StudyFile, ValuesOutOfRange) {
  EXPECT_EQ(faults_of(replaced(good, "home = \"USA\"", "home = \"usa\"")).codes[0], "study.value");
  EXPECT_EQ(faults_of(replaced(good, "title = \"T\"", "title = \"T\"\nseed = 1.5")).codes[0],
            "study.value");
  EXPECT_EQ(faults_of(replaced(good, "title = \"T\"", "title = \"T\"\nseed = nan")).codes[0],
            "study.type");
}

TEST(StudyFile, WeightsMustSumToOneUnlessRescaled) {
  const std::string half = replaced(good, "weight = 1.0", "weight = 0.5");
  EXPECT_EQ(faults_of(half).codes, std::vector<std::string>{"study.weights"});
  EXPECT_TRUE(faults_of(half + "rescale_weights = true\n").codes.empty());
}

TEST(StudyFile, WhatIsNotComputedIsRefused) {
  EXPECT_EQ(faults_of(good + "[[tracts]]\npath = \"t.shp\"\n").codes[0], "study.unsupported");
}

TEST(StudyFile, SetbacksNeedAUnit) {
  const std::string table = "[[constraints]]\nname = \"rivers\"\npath = \"r.shp\"\nsetback = ";
  EXPECT_TRUE(faults_of(good + table + "\"200 m\"\n").codes.empty());
  EXPECT_EQ(parse_study(good + table + "\"1640 ft\"\n", "s.toml").constraints[0].setback_m,
            1640 * 0.3048);
  EXPECT_EQ(faults_of(good + table + "\"200\"\n").codes[0], "unit.missing");
  EXPECT_EQ(faults_of(good + table + "200\n").codes[0], "rules.type");
  EXPECT_EQ(faults_of(good + table + "\"200 kg\"\n").codes[0], "unit.unknown");
}

TEST(StudyFile, AnyFieldMayBeAConstant) {
  const StudyFile study = parse_study(
      replaced(good, "id = \"ID\"", "id = \"ID\"\ncountry = { value = \"AUS\" }"), "s.toml");
  EXPECT_EQ(study.sites[0].country.constant, "AUS");
}

TEST(StudyFile, MissingTablesAreNamed) {
  const Faults faults = faults_of("[study]\ntitle = \"T\"\nhome = \"USA\"\nas_of = 2026-11-01\n");
  EXPECT_GE(faults.codes.size(), 3u);
  for (const auto& code : faults.codes)
    EXPECT_TRUE(code == "study.missing" || code.starts_with("ranking.")) << code;
}

TEST(StudyFile, MissingFile) {
  try {
    (void)read_study("no_such_study.toml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "io.missing_file");
  }
}

}  // namespace
}  // namespace lode
