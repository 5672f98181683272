// Rule tables: every key, every mistake with its line, places, days, and which rule is strictest.
#include "libgeo/environment/setback_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/jurisdiction.h"
#include "libgeo/core/provenance.h"

namespace lode {
namespace {

const char* const kTable = R"(
[table]
title = "Of two places"
disclaimer = "Not law."
as_of = 2026-11-29
[[setbacks]]
class = "fish-bearing stream"
setback = "300 ft"
hard = false
citation = "PACFISH"
jurisdiction = "USA"
source = "read"
[[setbacks]]
class = "Fish-Bearing  Stream"
setback = "100 ft"
hard = true
citation = "federal act"
jurisdiction = "US"
[[setbacks]]
class = "fish-bearing stream"
setback = "50 m"
hard = true
citation = "state code"
jurisdiction = "us-nv"
from = 2020-01-01
to = "2030-12-31"
note = "wider"
[[setbacks]]
class = "road"
setback = "0 m"
hard = true
citation = "state code"
jurisdiction = "US-CA"
)";

TEST(SetbackTable, ReadsEveryKey) {
  const SetbackTable table = parse_setback_table(kTable, "t.toml");
  EXPECT_EQ(table.name, "t.toml");
  EXPECT_EQ(table.title, "Of two places");
  EXPECT_EQ(table.disclaimer, "Not law.");
  EXPECT_EQ(table.as_of, (Date{2026, 11, 29}));
  ASSERT_EQ(table.rules.size(), 4u);
  EXPECT_EQ(table.rules[0].feature_class, "fish-bearing stream");
  EXPECT_NEAR(table.rules[0].setback_m, 91.44, 1e-12);  // the foot is 0.3048 m
  EXPECT_EQ(table.rules[0].setback, "300 ft");
  EXPECT_FALSE(table.rules[0].hard);
  EXPECT_EQ(table.rules[0].jurisdiction, "US");
  EXPECT_EQ(table.rules[0].source, "read");
  EXPECT_EQ(table.rules[0].line, 6);
  EXPECT_EQ(table.rules[2].jurisdiction, "US-NV");
  EXPECT_EQ(table.rules[2].from, (Date{2020, 1, 1}));
  EXPECT_EQ(table.rules[2].to, (Date{2030, 12, 31}));
  EXPECT_EQ(table.rules[2].note, "wider");
  EXPECT_EQ(rule_name(table.rules[2]), "fish-bearing stream, US-NV, 50 m");
}

TEST(SetbackTable, ARuleMayHoldInSeveralPlaces) {
  const SetbackTable table = parse_setback_table(
      "[[setbacks]]\nclass='a'\nsetback='1 m'\nhard=true\ncitation='c'\n"
      "jurisdiction=['US-OR','USA-ID']\n",
      "t");
  ASSERT_EQ(table.rules.size(), 2u);
  EXPECT_EQ(table.rules[0].jurisdiction, "US-OR");
  EXPECT_EQ(table.rules[1].jurisdiction, "US-ID");
}

TEST(SetbackTable, BothEndsOfTheDaysOfForceBelongToThem) {
  const SetbackTable table = parse_setback_table(kTable, "t");
  const auto count = [&](const Date& day) { return rules_in_force(table, "US-NV", day).size(); };
  EXPECT_EQ(count({2019, 12, 31}), 2u);
  EXPECT_EQ(count({2020, 1, 1}), 3u);
  EXPECT_EQ(count({2030, 12, 31}), 3u);
  EXPECT_EQ(count({2031, 1, 1}), 2u);
}

TEST(SetbackTable, RulesOfTheCountryHoldInItsStates) {
  const SetbackTable table = parse_setback_table(kTable, "t");
  EXPECT_EQ(rules_in_force(table, "", {}).size(), 4u);
  EXPECT_EQ(rules_in_force(table, "US", {}).size(), 4u);
  EXPECT_EQ(rules_in_force(table, "US-NV", {}).size(), 3u);
  EXPECT_EQ(rules_in_force(table, "US-CA", {}).size(), 3u);
  EXPECT_EQ(rules_in_force(table, "US-OR", {}).size(), 2u);
  EXPECT_EQ(rules_in_force(table, "CA", {}).size(), 0u);
}

TEST(SetbackTable, TheStrictestOfEachKindApplies) {
  const SetbackTable table = parse_setback_table(kTable, "t");
  const auto rules = rules_in_force(table, "US-NV", Date{2026, 11, 29});
  const StrictestRules of =
      rules_of_classes(rules, {" FISH-bearing stream ", "ditch", "ditch", ""}, "l");
  ASSERT_NE(of.hard[0], StrictestRules::none);
  EXPECT_EQ(rules[of.hard[0]]->citation, "state code");  // 50 m against 30.48 m
  EXPECT_EQ(rules[of.review[0]]->citation, "PACFISH");
  EXPECT_EQ(of.hard[1], StrictestRules::none);
  EXPECT_EQ(of.review[1], StrictestRules::none);
  ASSERT_EQ(of.findings.list().size(), 2u);
  EXPECT_EQ(of.findings.list()[0].code, "setbacks.class_without_rule");
  EXPECT_EQ(of.findings.list()[0].count, 2u);
  EXPECT_THAT(of.findings.list()[0].where, testing::HasSubstr("'ditch'"));
  EXPECT_EQ(of.findings.list()[1].code, "setbacks.no_class");
  // Out of force the federal rule is the strictest.
  const auto before = rules_in_force(table, "US-NV", Date{2019, 1, 1});
  const StrictestRules then = rules_of_classes(before, {"fish-bearing stream"}, "l");
  EXPECT_EQ(before[then.hard[0]]->citation, "federal act");
}

TEST(SetbackTable, RulesThatNoFeatureNeedsAreSaid) {
  const SetbackTable table = parse_setback_table(kTable, "t");
  const auto rules = rules_in_force(table, "", {});
  const StrictestRules of = rules_of_classes(rules, {"fish-bearing stream"}, "l");
  ASSERT_TRUE(of.findings.has("setbacks.rule_unused"));
  EXPECT_THAT(of.findings.list()[0].message, testing::HasSubstr("'road'"));
  EXPECT_EQ(of.findings.list()[0].severity, Severity::note);
}

TEST(SetbackTable, ManyClassesWithoutARuleAreCounted) {
  const SetbackTable table = parse_setback_table(kTable, "t");
  std::vector<std::string> classes;
  for (int i = 0; i < 30; ++i) classes.push_back("class " + std::to_string(i));
  const StrictestRules of = rules_of_classes(rules_in_force(table, "", {}), classes, "l");
  std::size_t said = 0, features = 0;
  for (const Finding& finding : of.findings.list())
    if (finding.code == "setbacks.class_without_rule") ++said, features += finding.count;
  EXPECT_EQ(said, 21u);
  EXPECT_EQ(features, 30u);
}

const std::string kHead = "[[setbacks]]\nclass='a'\nsetback='1 m'\nhard=true\ncitation='c'\n";

struct TableFault {
  std::string toml;
  const char* code;
  const char* line;
};

class SetbackTableFault : public ::testing::TestWithParam<TableFault> {};

TEST_P(SetbackTableFault, IsRefusedWithItsLine) {
  try {
    static_cast<void>(parse_setback_table(GetParam().toml, "t.toml"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, GetParam().code) << error.what();
    EXPECT_THAT(error.where, testing::StartsWith(GetParam().line));
    EXPECT_TRUE(error.more.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, SetbackTableFault,
    ::testing::Values(
        TableFault{"[[setbacks]\n", "setbacks.syntax", "t.toml, line 1"},
        TableFault{"", "setbacks.missing_key", "t.toml, line 1"},
        TableFault{"setbacks = 3\n", "setbacks.missing_key", "t.toml, line 1"},
        TableFault{kHead + "[[setback]]\n", "setbacks.unknown_key", "t.toml, line 6"},
        TableFault{kHead + "cite='c'\n", "setbacks.unknown_key", "t.toml, line 6"},
        TableFault{kHead + "[table]\nname='c'\n", "setbacks.unknown_key", "t.toml, line 7"},
        TableFault{"table='c'\n" + kHead, "setbacks.value", "t.toml, line 1"},
        TableFault{"[[setbacks]]\nsetback='1 m'\nhard=true\ncitation='c'\n", "setbacks.missing_key",
                   "t.toml, line 1"},
        TableFault{"[[setbacks]]\nclass='a'\nhard=true\ncitation='c'\n", "setbacks.missing_key",
                   "t.toml, line 1"},
        TableFault{"[[setbacks]]\nclass='a'\nsetback='1 m'\ncitation='c'\n", "setbacks.missing_key",
                   "t.toml, line 1"},
        TableFault{"[[setbacks]]\nclass='a'\nsetback='1 m'\nhard=true\n", "setbacks.missing_key",
                   "t.toml, line 1"},
        TableFault{"[[setbacks]]\nclass=' '\nsetback='1 m'\nhard=true\ncitation='c'\n",
                   "setbacks.value", "t.toml, line 2"},
        TableFault{"[[setbacks]]\nclass='a'\nsetback=100\nhard=true\ncitation='c'\n",
                   "setbacks.value", "t.toml, line 3"},
        TableFault{"[[setbacks]]\nclass='a'\nsetback='100'\nhard=true\ncitation='c'\n",
                   "unit.missing", "t.toml, line 3"},
        TableFault{"[[setbacks]]\nclass='a'\nsetback='100 cubits'\nhard=true\ncitation='c'\n",
                   "unit.unknown", "t.toml, line 3"},
        TableFault{"[[setbacks]]\nclass='a'\nsetback='-1 m'\nhard=true\ncitation='c'\n",
                   "setbacks.value", "t.toml, line 3"},
        TableFault{"[[setbacks]]\nclass='a'\nsetback='1 m'\nhard='yes'\ncitation='c'\n",
                   "setbacks.value", "t.toml, line 4"},
        TableFault{kHead + "jurisdiction='Nevada'\n", "setbacks.value", "t.toml, line 6"},
        TableFault{kHead + "jurisdiction=[]\n", "setbacks.value", "t.toml, line 6"},
        TableFault{kHead + "jurisdiction=['US', 7]\n", "setbacks.value", "t.toml, line 6"},
        TableFault{kHead + "from='soon'\n", "setbacks.value", "t.toml, line 6"},
        TableFault{kHead + "from=2026-01-02\nto=2026-01-01\n", "setbacks.value", "t.toml, line 1"},
        TableFault{kHead + kHead, "setbacks.duplicate", "t.toml, line 6"},
        TableFault{kHead + "to=2020-06-30\n" + kHead + "from=2020-06-30\n", "setbacks.duplicate",
                   "t.toml, line 7"}));

TEST(SetbackTable, OneLawMayChangeAndTwoLawsMayAgree) {
  const std::string changed = kHead + "to=2020-06-30\n" + kHead + "from=2020-07-01\n";
  EXPECT_EQ(parse_setback_table(changed, "t").rules.size(), 2u);
  const std::string two =
      kHead + "[[setbacks]]\nclass='a'\nsetback='1 m'\nhard=true\ncitation='another'\n";
  EXPECT_EQ(parse_setback_table(two, "t").rules.size(), 2u);
}

TEST(SetbackTable, AllFaultsAreToldAtOnce) {
  try {
    static_cast<void>(parse_setback_table(
        "[[setbacks]]\nclass='a'\nsetback='9'\nhard=1\ncitation='c'\n[[setbacks]]\nclas='b'\n",
        "t.toml"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "unit.missing");
    std::vector<std::string> more;
    for (const Error& other : error.more) more.push_back(other.where.substr(8) + " " + other.code);
    EXPECT_THAT(more,
                testing::ElementsAre("line 4 setbacks.value", "line 7 setbacks.unknown_key",
                                     "line 6 setbacks.missing_key", "line 6 setbacks.missing_key",
                                     "line 6 setbacks.missing_key", "line 6 setbacks.missing_key"));
  }
}

TEST(SetbackTable, TheTablesThatShipAreWholeAndSourced) {
  const std::filesystem::path folder =
      std::filesystem::path(LODE_SOURCE_DIR) / "sample_data" / "setback_rules";
  std::size_t tables = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    ++tables;
    const SetbackTable table =
        parse_setback_table(text_of_file(entry.path().string()), entry.path().string());
    EXPECT_THAT(table.disclaimer, testing::HasSubstr("not law")) << entry.path();
    EXPECT_TRUE(table.as_of) << entry.path();
    EXPECT_FALSE(table.title.empty()) << entry.path();
    for (const SetbackRule& rule : table.rules) {
      EXPECT_FALSE(rule.citation.empty()) << entry.path() << " line " << rule.line;
      EXPECT_FALSE(rule.source.empty()) << entry.path() << " line " << rule.line;
      EXPECT_FALSE(rule.jurisdiction.empty()) << entry.path() << " line " << rule.line;
    }
  }
  EXPECT_GE(tables, 5u);
}

/// The strictest rule of one kind for a class in a table that ships; NaN when there is none.
double shipped_m(const std::string& file, const std::string& place, const Date& day,
                 const std::string& feature_class, bool hard = true) {
  const std::string path = std::string(LODE_SOURCE_DIR) + "/sample_data/setback_rules/" + file;
  const SetbackTable table = parse_setback_table(text_of_file(path), path);
  const auto rules = rules_in_force(table, place, day);
  const StrictestRules of = rules_of_classes(rules, {feature_class}, "l");
  const std::size_t r = hard ? of.hard[0] : of.review[0];
  return r == StrictestRules::none ? std::nan("") : rules[r]->setback_m;
}

TEST(SetbackTable, WhatShipsSaysWhatTheLawsSay) {
  const Date now{2026, 11, 29};
  // A mile is 1,609.344 m, a foot 0.3048 m.
  EXPECT_NEAR(shipped_m("us_federal.toml", "US-NV", now, "wild river"), 402.336, 1e-9);
  EXPECT_NEAR(shipped_m("us_federal.toml", "US-AK", now, "wild river"), 804.672, 1e-9);
  EXPECT_NEAR(shipped_m("us_federal.toml", "US-ID", now, "fish-bearing stream", false), 91.44,
              1e-9);
  EXPECT_TRUE(std::isnan(shipped_m("us_federal.toml", "US-MN", now, "fish-bearing stream", false)));
  EXPECT_TRUE(std::isnan(shipped_m("us_federal.toml", "US-NV", {1983, 12, 31}, "wilderness")));
  EXPECT_EQ(shipped_m("us_federal.toml", "US-NV", {1984, 1, 1}, "wilderness"), 0.0);
  EXPECT_NEAR(shipped_m("us_smcra_coal.toml", "US-WY", now, "occupied dwelling"), 91.44, 1e-9);
  EXPECT_NEAR(shipped_m("us_states.toml", "US-WI", now, "water supply well"), 365.76, 1e-9);
  EXPECT_EQ(shipped_m("australia.toml", "AU-WA", now, "dam"), 400.0);  // s. 20(5) over s. 29(2)
  EXPECT_EQ(shipped_m("australia.toml", "AU-QLD", now, "dam"), 50.0);
  EXPECT_EQ(shipped_m("australia.toml", "AU-NSW", now, "occupied dwelling"), 200.0);
  EXPECT_EQ(shipped_m("australia.toml", "AU-SA", {2020, 12, 31}, "residence"), 400.0);
  EXPECT_TRUE(std::isnan(shipped_m("australia.toml", "AU-SA", {2021, 1, 1}, "residence")));
  EXPECT_EQ(shipped_m("australia.toml", "AU-SA", {2021, 1, 1}, "residence", false), 600.0);
  EXPECT_EQ(shipped_m("canada.toml", "CA-ON", now, "lake", false), 120.0);
  EXPECT_EQ(shipped_m("canada.toml", "CA-BC", now, "lake", false), 0.0);
  EXPECT_EQ(shipped_m("eu.toml", "SE", now, "shore"), 100.0);
  EXPECT_EQ(shipped_m("eu.toml", "SE", now, "natura 2000", false), 0.0);
  EXPECT_TRUE(std::isnan(shipped_m("eu.toml", "FI", now, "shore")));
  EXPECT_EQ(shipped_m("norway.toml", "NO", now, "sea shore"), 100.0);
}

TEST(SetbackTable, DamagedTablesAreRefusedOrRead) {
  const std::string whole = kTable;
  std::uint64_t state = 1;
  const auto draw = [&](std::size_t below) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>((state >> 33) % below);
  };
  const std::string bytes = "[]=\"'\n,.#-0123 {}truefalseT:\\\x01\xff";
  for (int i = 0; i < 3000; ++i) {
    std::string text = whole;
    for (std::size_t k = 1 + draw(4); k > 0; --k) {
      const std::size_t at = draw(text.size());
      const std::size_t kind = draw(3);
      if (kind == 0)
        text[at] = bytes[draw(bytes.size())];
      else if (kind == 1)
        text.erase(at, 1 + draw(8));
      else
        text.insert(at, 1, bytes[draw(bytes.size())]);
    }
    try {
      for (const SetbackRule& rule : parse_setback_table(text, "t").rules) {
        EXPECT_GE(rule.setback_m, 0.0) << text;
        EXPECT_FALSE(rule.feature_class.empty()) << text;
      }
    } catch (const Error& error) {
      EXPECT_FALSE(error.where.empty()) << text;
    }
  }
}

}  // namespace
}  // namespace lode
