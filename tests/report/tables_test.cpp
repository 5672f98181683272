#include "libgeo/report/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libgeo/core/text.h"
#include "libgeo/report/geopackage.h"
#include "tests/report/fixture.h"
#include "tests/report/markup.h"

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Tables, RankingHasTheContractsColumnsInRankOrder) {
  const Table table = ranking_table(test::fixture_study());
  EXPECT_THAT(table.names(),
              ElementsAre("rank", "id", "name", "group", "kind", "score", "rank_p05", "rank_p50",
                          "rank_p95", "first_acceptability", "first_error", "rank_entropy",
                          "confidence", "pareto_front", "cautions"));
  EXPECT_DOUBLE_EQ(table.at("first_error").numbers[0], 0.0031);
  EXPECT_DOUBLE_EQ(table.at("confidence").numbers[1], 0.78);
  EXPECT_TRUE(std::isnan(table.at("confidence").numbers[14]));
  EXPECT_DOUBLE_EQ(table.at("pareto_front").numbers[5], 2.0);
  EXPECT_EQ(table.at("cautions").texts[2], "economics on inferred material");
  EXPECT_THAT(table.at("cautions").texts[5], HasSubstr("; a partial suite"));
  ASSERT_EQ(table.rows(), 15U);
  EXPECT_EQ(table.at("id").texts[1], "AU-01");
  EXPECT_DOUBLE_EQ(table.at("rank").numbers[14], 15.0);
}

TEST(Tables, IndicatorsHaveARowForEveryKnownValueOrSource) {
  const Table table = indicator_table(test::fixture_study());
  EXPECT_THAT(table.names(),
              ElementsAre("site", "criterion", "value", "unit", "low", "high", "source"));
  // 16 sites x 4 indicators, less the net tonnage of two recyclers that has neither.
  ASSERT_EQ(table.rows(), 62U);
  EXPECT_EQ(table.at("site").texts[0], "US-01");
  EXPECT_EQ(table.at("criterion").texts[0], "net_treo_t");
  EXPECT_NEAR(table.at("value").numbers[0], 16.7131e6 * 0.081891, 1.0);
  EXPECT_EQ(table.at("unit").texts[0], "t");
}

TEST(Layers, SitesRoutesNetAreasAndWhatWasRead) {
  const auto layers = study_layers(test::fixture_study());
  std::vector<std::string> names;
  for (const auto& layer : layers) {
    names.push_back(layer.name);
    EXPECT_EQ(layer.crs, wgs84());
    EXPECT_EQ(layer.geometry.size(), layer.table.rows()) << layer.name;
    EXPECT_EQ(test::markup_fault(layer.style_qml), "") << layer.name;
    EXPECT_THAT(layer.style_qml, HasSubstr("<renderer-v2"));
  }
  EXPECT_THAT(names, ElementsAre("sites", "routes", "net_areas", "supply", "permits", "protected"));
  const auto& sites = layers[0].table;
  EXPECT_EQ(sites.rows(), 16U);
  EXPECT_TRUE(std::isnan(sites.at("rank").numbers[14]));
  EXPECT_THAT(sites.at("left_out").texts[14], HasSubstr("outside the alliance"));
  EXPECT_EQ(sites.at("permit_status").texts[0], "valid");
  EXPECT_NEAR(sites.at("net_treo_t_low").numbers[0], 0.7 * 16.7131e6 * 0.081891, 1.0);
  EXPECT_EQ(sites.find("treo_grade_pct_low"), nullptr);
  EXPECT_DOUBLE_EQ(sites.at("first_error").numbers[0], 0.0031);
  EXPECT_DOUBLE_EQ(sites.at("pareto_front").numbers[0], 1.0);
  EXPECT_TRUE(std::isnan(sites.at("pareto_front").numbers[14]));
  EXPECT_EQ(sites.at("cautions").texts[2], "economics on inferred material");
  EXPECT_EQ(sites.at("filled_in").texts[5], "net_treo_t");
  EXPECT_EQ(layers[1].table.at("mode").texts, (std::vector<std::string>{"road", "sea"}));
  EXPECT_EQ(layers[1].table.at("modes").texts[1], "road>sea");
}

TEST(Layers, WhatWasNotComputedHasNoColumn) {
  StudyResult study = test::fixture_study();
  study.draws = 0;
  for (auto& one : study.ranking) {
    one.confidence = one.rank_entropy = one.holistic_acceptability = one.regret = test::kNan;
    one.pareto_front = one.dominators = 0;
    one.cautions.clear();
    one.missing.clear();
  }
  const auto sites = study_layers(study).front().table;
  for (const auto* name : {"first_error", "rank_entropy", "confidence", "holistic_acceptability",
                           "regret", "pareto_front", "dominators", "cautions", "filled_in"})
    EXPECT_EQ(sites.find(name), nullptr) << name;
  EXPECT_TRUE(std::isnan(ranking_table(study).at("first_error").numbers[0]));
}

TEST(Layers, ColumnNamesCarryTheUnitAndStayApart) {
  StudyResult study = test::fixture_study();
  auto own = study.indicators[0];
  own.low.clear();
  own.high.clear();
  const auto add = [&](const std::string& name, const std::string& unit) {
    own.name = name;
    own.unit = unit;
    study.indicators.push_back(own);
  };
  add("DEPTH", "m");
  add("Depth_m", "m");
  add("fid", "");
  add("name", "");
  add("price", "USD/kg");
  add("days_to_expiry", "d");
  add("trust", "0 to 1");
  const auto layer = study_layers(study).front();
  std::vector<std::string> seen;
  for (const auto& name : layer.table.names()) {
    const std::string folded = lower(name);
    EXPECT_THAT(seen, testing::Not(testing::Contains(folded)));
    seen.push_back(folded);
  }
  EXPECT_NE(layer.table.find("DEPTH_m"), nullptr);
  EXPECT_NE(layer.table.find("Depth_m_"), nullptr);
  EXPECT_NE(layer.table.find("fid_"), nullptr);
  EXPECT_NE(layer.table.find("name_"), nullptr);
  EXPECT_NE(layer.table.find("price_USD_per_kg"), nullptr);
  EXPECT_NE(layer.table.find("days_to_expiry"), nullptr);
  EXPECT_NE(layer.table.find("trust"), nullptr);
}

TEST(Layers, AReadLayerOfMixedKindsIsParted) {
  StudyResult study = test::fixture_study();
  Geometry line;
  line.kind = GeometryKind::line;
  line.lines = {{{0, 0}, {1, 1}}};
  study.layers = {
      {"Sites", "constraint", {line, test::box_geometry(0, 0, 1), point_geometry(2, 2)}, {"a"}},
      {"roads", "network", {line}, {"b"}}};
  std::vector<std::string> names;
  for (const auto& layer : study_layers(study)) names.push_back(layer.name);
  EXPECT_THAT(names, ElementsAre("sites", "routes", "net_areas", "supply", "Sites_", "Sites__",
                                 "Sites___"));
}

TEST(Layers, NothingMakesNothing) {
  EXPECT_TRUE(study_layers(StudyResult{}).empty());
}

}  // namespace
}  // namespace lode
