// The command `setbacks`, and `screen` by class of feature: keys, the strictest rule, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A claim of 1000 x 500 m on a mine grid, two streams across it and one beside it.
void write_files(const TempDir& dir) {
  std::ofstream(dir / "sites.csv") << "id,wkt\nA,\"POLYGON((0 0,1000 0,1000 500,0 500,0 0))\"\n"
                                   << "B,\"POLYGON((0 5000,1000 5000,1000 5500,0 5500,0 5000))\"\n";
  std::ofstream(dir / "streams.csv") << "id,TYPE,STATE,wkt\n"
                                     << "F,Fish-bearing,US-CA,\"LINESTRING(-900 400,2900 400)\"\n"
                                     << "P,perennial,US-CA,\"LINESTRING(-900 100,2900 100)\"\n"
                                     << "D,ditch,US-NV,\"LINESTRING(-900 250,2900 250)\"\n"
                                     << "N,,US-NV,\"LINESTRING(-900 260,2900 260)\"\n";
  std::ofstream(dir / "federal.toml") << R"([table]
title = "Of a country"
disclaimer = "A starting point, not law."
as_of = 2026-11-29

[[setbacks]]
class = "fish-bearing"
setback = "20 m"
hard = true
citation = "Act 1"
jurisdiction = "US"
source = "read"

[[setbacks]]
class = "fish-bearing"
setback = "90 m"
hard = false
citation = "Guide 2"
jurisdiction = "US"

[[setbacks]]
class = "perennial"
setback = "10 m"
hard = true
citation = "Act 1"
jurisdiction = "US"
)";
  std::ofstream(dir / "state.toml") << R"(
[[setbacks]]
class = "fish-bearing"
setback = "30 m"
hard = true
citation = "Code 3"
jurisdiction = "US-NV"
from = 2020-01-01
to = 2030-12-31
[[setbacks]]
class = "fish-bearing"
setback = "60 m"
hard = true
citation = "Code 4"
jurisdiction = "US-CA"
)";
  std::ofstream(dir / "rules.toml") << R"(
[[constraints]]
name = "water"
path = "streams.csv"
class = "TYPE"
setbacks = ["federal.toml", "state.toml"]
jurisdiction = "US-NV"
[[constraints]]
name = "all fish"
path = "streams.csv"
where = "TYPE = 'ditch'"
class_is = "fish-bearing"
setbacks = "federal.toml"
)";
}

RunResult screened(const TempDir& dir, std::vector<std::string> words) {
  write_files(dir);
  words.insert(words.begin(), {"screen", "sites.csv", "--input-crs", "local:m", "--json"});
  return run_lode(words, dir.path().string());
}

const std::vector<std::string> kByClass = {"--constraint", "streams.csv=class:TYPE",
                                           "--setbacks",   "federal.toml",
                                           "--setbacks",   "state.toml"};

std::vector<std::string> by_class(const std::vector<std::string>& more) {
  std::vector<std::string> words = kByClass;
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> codes(const Json& json) {
  std::vector<std::string> out;
  for (const Json& finding : json.at("findings").items())
    out.push_back(finding.at("code").as_string());
  return out;
}

TEST(SetbacksCommand, ListsTheRulesInForceAndMarksTheStrictest) {
  const TempDir dir;
  write_files(dir);
  const auto listed = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"setbacks", "federal.toml", "state.toml", "--json"});
    return run_lode(words, dir.path().string()).json();
  };
  const Json all = listed({});
  EXPECT_EQ(all.at("results").items().size(), 5u);
  EXPECT_EQ(all.at("summary").at("rules").as_number(), 5.0);
  EXPECT_EQ(all.at("summary").at("disclaimer").as_string(), "A starting point, not law.");
  EXPECT_THAT(codes(all), testing::Contains("setbacks.no_source"));
  EXPECT_THAT(codes(all), testing::Contains("setbacks.disclaimer"));

  const Json json =
      listed({"--jurisdiction", "usa-nv", "--as-of", "2030-12-31", "--class", "FISH"});
  const auto& rows = json.at("results").items();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].at("citation").as_string(), "Act 1");
  EXPECT_FALSE(rows[0].at("strictest").as_bool());
  EXPECT_EQ(rows[0].at("source").as_string(), "read");
  EXPECT_FALSE(rows[1].at("hard").as_bool());
  EXPECT_TRUE(rows[1].at("strictest").as_bool());
  EXPECT_EQ(rows[2].at("setback_m").as_number(), 30.0);
  EXPECT_EQ(rows[2].at("setback").as_string(), "30 m");
  EXPECT_TRUE(rows[2].at("strictest").as_bool());
  EXPECT_EQ(rows[2].at("jurisdiction").as_string(), "US-NV");
  EXPECT_EQ(rows[2].at("from").as_string(), "2020-01-01");
  EXPECT_EQ(rows[2].at("to").as_string(), "2030-12-31");
  EXPECT_EQ(rows[2].at("table").as_string(), "state.toml");
  EXPECT_EQ(rows[2].at("line").as_number(), 2.0);
  EXPECT_EQ(
      listed({"--jurisdiction", "US-NV", "--as-of", "2031-01-01"}).at("results").items().size(),
      3u);
  EXPECT_THAT(codes(listed({"--jurisdiction", "SE"})), testing::Contains("setbacks.none_in_force"));
}

TEST(SetbacksCommand, TellsEveryFaultOfATable) {
  const TempDir dir;
  std::ofstream(dir / "bad.toml")
      << "[[setbacks]]\nclass='a'\nsetback='30'\nhard='x'\ncitation='c'\n";
  const RunResult run = run_lode({"setbacks", "bad.toml", "--json"}, dir.path().string());
  EXPECT_EQ(run.exit_code, 1);
  const Json error = run.json().at("error");
  EXPECT_EQ(error.at("code").as_string(), "unit.missing");
  EXPECT_THAT(error.at("where").as_string(), HasSubstr("line 3"));
  const Json more = run.json().at("more").items().at(0);
  EXPECT_EQ(more.at("code").as_string(), "setbacks.value");
  EXPECT_THAT(more.at("where").as_string(), HasSubstr("line 4"));
  EXPECT_EQ(
      run_lode({"setbacks", "bad.toml", "--jurisdiction", "Nevada"}, dir.path().string()).exit_code,
      2);
}

TEST(ScreenByClass, TheStrictestRuleWinsAndIsNamed) {
  const TempDir dir;
  const RunResult run =
      screened(dir, by_class({"--jurisdiction", "US-NV", "--as-of", "2026-11-29"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  // 1000 m of stream: 2 x 30 m (state) and 2 x 10 m (federal), apart; review 90 m and the edge 100
  // m.
  EXPECT_NEAR(row.at("excluded_ha").as_number(), 8.0, 1e-6);
  EXPECT_NEAR(row.at("review_ha").as_number(), 18.0, 1e-6);
  EXPECT_EQ(row.at("binding_constraint").as_string(), "streams");
  EXPECT_EQ(row.at("binding_rule").as_string(), "fish-bearing, US-NV, 30 m");
  const Json& hard = row.at("constraints").at("streams");
  EXPECT_EQ(hard.at("binding_rule").as_string(), "fish-bearing, US-NV, 30 m");
  ASSERT_EQ(hard.at("touched").items().size(), 2u);
  EXPECT_EQ(hard.at("touched").items()[0].at("rule").as_string(), "fish-bearing, US-NV, 30 m");
  EXPECT_EQ(hard.at("touched").items()[0].at("class").as_string(), "Fish-bearing");
  EXPECT_EQ(hard.at("touched").items()[0].at("setback_m").as_number(), 30.0);
  EXPECT_EQ(hard.at("touched").items()[1].at("rule").as_string(), "perennial, US, 10 m");
  const Json& review = row.at("constraints").at("streams (review)");
  EXPECT_FALSE(review.at("hard").as_bool());
  EXPECT_EQ(review.at("touched").items()[0].at("rule").as_string(), "fish-bearing, US, 90 m");
  const Json& free = json.at("results").items().at(1);
  EXPECT_EQ(free.at("excluded_ha").as_number(), 0.0);
  EXPECT_TRUE(free.at("binding_rule").is_null());
  EXPECT_TRUE(free.at("binding_constraint").is_null());

  const auto& rules = json.at("summary").at("rules").items();
  ASSERT_EQ(rules.size(), 3u);
  EXPECT_EQ(rules[2].at("rule").as_string(), "fish-bearing, US-NV, 30 m");
  EXPECT_EQ(rules[2].at("class").as_string(), "fish-bearing");
  EXPECT_EQ(rules[2].at("citation").as_string(), "Code 3");
  EXPECT_EQ(rules[2].at("jurisdiction").as_string(), "US-NV");
  EXPECT_EQ(rules[2].at("from").as_string(), "2020-01-01");
  EXPECT_EQ(rules[2].at("features").as_number(), 1.0);
  EXPECT_EQ(rules[2].at("setback_m").as_number(), 30.0);
  EXPECT_TRUE(rules[2].at("hard").as_bool());
  const auto& overruled = json.at("summary").at("rules_overruled").items();
  ASSERT_EQ(overruled.size(), 1u);
  EXPECT_EQ(overruled[0].at("rule").as_string(), "fish-bearing, US, 20 m");
  EXPECT_EQ(overruled[0].at("overruled_by").as_string(), "fish-bearing, US-NV, 30 m");
  const Json& table = json.at("summary").at("setback_tables").items().at(0);
  EXPECT_EQ(table.at("file").as_string(), "federal.toml");
  EXPECT_EQ(table.at("title").as_string(), "Of a country");
  EXPECT_EQ(table.at("as_of").as_string(), "2026-11-29");
  EXPECT_EQ(json.at("summary").at("disclaimer").as_string(), "A starting point, not law.");
  EXPECT_THAT(codes(json), testing::Contains("setbacks.class_without_rule"));
  EXPECT_THAT(codes(json), testing::Contains("setbacks.no_class"));
  EXPECT_THAT(codes(json), testing::Contains("setbacks.disclaimer"));
  EXPECT_THAT(run.out, HasSubstr("'ditch'"));
  EXPECT_THAT(codes(json), Not(testing::Contains("setbacks.several_jurisdictions")));
  EXPECT_THAT(codes(json), Not(testing::Contains("screen.no_setback")));
}

TEST(ScreenByClass, WithoutAPlaceAllRulesHoldAndThatIsSaid) {
  const TempDir dir;
  const Json json = screened(dir, by_class({})).json();
  EXPECT_NEAR(json.at("results").items().at(0).at("excluded_ha").as_number(), 14.0, 1e-6);
  EXPECT_THAT(codes(json), testing::Contains("setbacks.several_jurisdictions"));
  EXPECT_THAT(codes(json), testing::Contains("setbacks.dates_unused"));
}

TEST(ScreenByClass, AFieldMaySayWhereEachFeatureLies) {
  const TempDir dir;
  const RunResult run =
      screened(dir, by_class({"--jurisdiction", "field:STATE", "--as-of", "2026-11-29"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json touched =
      run.json().at("results").items().at(0).at("constraints").at("streams").at("touched");
  EXPECT_EQ(touched.items()[0].at("rule").as_string(), "fish-bearing, US-CA, 60 m");
  EXPECT_THAT(run.out, Not(HasSubstr("setbacks.several_jurisdictions")));
  std::ofstream(dir / "by_field.toml")
      << "[[constraints]]\nname='w'\npath='streams.csv'\nclass='TYPE'\nsetbacks='state.toml'\n"
      << "jurisdiction_field='TYPE'\n";
  EXPECT_THAT(screened(dir, {"--rules", "by_field.toml", "--constraint", "streams.csv=1 m"}).out,
              HasSubstr("setbacks.no_jurisdiction"));
}

TEST(ScreenByClass, RulesFilesMayNameTables) {
  const TempDir dir;
  const RunResult run = screened(dir, {"--rules", "rules.toml", "--as-of", "2026-11-29"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json row = run.json().at("results").items().at(0);
  EXPECT_EQ(row.at("constraints").at("water").at("touched").items()[0].at("rule").as_string(),
            "fish-bearing, US-NV, 30 m");
  // The ditch as fish-bearing: 20 m each side, apart from the others' ground.
  EXPECT_NEAR(row.at("excluded_ha").as_number(), 12.0, 1e-6);
  EXPECT_TRUE(row.at("constraints").has("all fish (review)"));
}

TEST(ScreenByClass, RefusesWhatItCannotMean) {
  const TempDir dir;
  const auto refused = [&](const std::vector<std::string>& words, int exit_code) {
    const RunResult run = screened(dir, words);
    EXPECT_EQ(run.exit_code, exit_code) << run.out;
    return run.json().at("error").at("code").as_string();
  };
  EXPECT_EQ(refused({"--constraint", "streams.csv=class:TYPE"}, 2), "usage.setbacks");
  EXPECT_EQ(refused({"--constraint", "streams.csv=5 m", "--setbacks", "state.toml"}, 2),
            "usage.setbacks");
  EXPECT_EQ(refused({"--constraint", "streams.csv=5 m", "--jurisdiction", "US"}, 2),
            "usage.setbacks");
  std::ofstream(dir / "plain.toml")
      << "[[constraints]]\nname='a'\npath='streams.csv'\nsetback='0 m'\n";
  EXPECT_EQ(refused({"--rules", "plain.toml", "--jurisdiction", "US"}, 2), "usage.setbacks");
  EXPECT_EQ(refused(by_class({"--jurisdiction", "Nevada"}), 2), "usage.jurisdiction");
  EXPECT_EQ(refused({"--constraint", "streams.csv=class:KIND", "--setbacks", "state.toml"}, 1),
            "table.no_field");
  EXPECT_EQ(refused({"--constraint", "streams.csv=class_is:moat", "--setbacks", "state.toml"}, 1),
            "screen.no_constraint");
  EXPECT_EQ(refused({"--constraint", "streams.csv=class:TYPE", "--setbacks", "absent.toml"}, 1),
            "io.missing_file");
}

TEST(ScreenByClass, OfTheMcDermittClaims) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  const std::string folder = data + "/environment_mcdermitt/";
  const Json json =
      run_lode({"screen", folder + "mining_claims_wgs84.geojson", "--constraint",
                folder + "trout_streams_wgs84.geojson=class_is:fish-bearing stream", "--setbacks",
                std::string(LODE_SOURCE_DIR) + "/sample_data/setback_rules/us_federal.toml",
                "--jurisdiction", "US-NV", "--as-of", "2026-11-29", "--json"})
          .json();
  // PostGIS geography at 300 ft, see the data's README: INFISH says 300 ft, and for review.
  const Json& summary = json.at("summary");
  EXPECT_NEAR(summary.at("review_sum_ha").as_number(), 7860.0, 5.0);
  EXPECT_EQ(summary.at("excluded_sum_ha").as_number(), 0.0);
  EXPECT_EQ(summary.at("constraints").items().at(0).at("sites_touched").as_number(), 666.0);
  ASSERT_EQ(summary.at("rules").items().size(), 1u);
  EXPECT_THAT(summary.at("rules").items()[0].at("citation").as_string(), HasSubstr("INFISH"));
  EXPECT_EQ(summary.at("rules").items()[0].at("features").as_number(), 205.0);
}

}  // namespace
}  // namespace lode::test
