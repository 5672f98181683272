// `lode rank`: what it makes of bad input, and what stands in the files that it writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/tools/rank_sites.h"

namespace lode::test {
namespace {

using namespace rank_sites;

const Words two = {"--criterion", "name=x,direction=max,weight=0.5",
                   "--criterion", "name=y,direction=min,weight=0.5",
                   "--draws",     "0"};

struct Bad {
  int exit_code = 0;
  std::string code, where;
};
Bad bad(const Words& words) {
  const RunResult run = run_lode(with(words, {"--json"}));
  if (run.exit_code == 0) return {};
  const Json error = run.json().at("error");
  return {run.exit_code, error.at("code").as_string(), error.at("where").as_string()};
}

class RankInput : public testing::Test {
 protected:
  Bad cells(const std::string& text, const Words& more = {}) {
    return bad(with(with({"rank", file_with(dir, "in.csv", text)}, two), more));
  }
  Json good(const std::string& text, const Words& more = {}) {
    return json_of(with(with({"rank", file_with(dir, "in.csv", text)}, two), more));
  }
  TempDir dir;
};

TEST_F(RankInput, CellsThatAreNoNumberHaveTheirPlace) {
  for (const char* cell : {"NaN", "inf", "-Infinity", "much", "1,5x", "0x10"}) {
    const Bad found = cells("id;x;y\nA;1;2\nB;" + std::string(cell) + ";3\n");
    EXPECT_EQ(found.code, "table.bad_number") << cell;
    EXPECT_THAT(found.where, testing::HasSubstr("line 3")) << cell;
  }
  const RunResult run =
      run_lode(with({"rank", file_with(dir, "in.csv", "id,x,y\nA,1,2\nB,n.d.,3\n")}, two));
  EXPECT_THAT(run.err, testing::HasSubstr("field 'x'"));
  EXPECT_THAT(run.err, testing::HasSubstr("--missing-text"));
  const Bad blank = cells("id,x,y\nA,1,2\nB,,3\n");
  EXPECT_EQ(blank.code, "ranking.missing_value");
  EXPECT_THAT(blank.where, testing::HasSubstr("B, x"));
  EXPECT_EQ(cells("id,x,y\nA,,2\nB,,3\n", {"--missing", "neutral"}).code,
            "ranking.empty_criterion");
}

TEST_F(RankInput, FewSitesAndEqualOnesHaveARank) {
  EXPECT_TRUE(has_finding(good("id,x,y\nA,1,2\n"), "ranking.one_site"));
  const Json equal = good("id,x,y\nB,1,2\nA,1,2\n");
  EXPECT_EQ(ids_of(equal), (Words{"A", "B"}));
  for (const auto& row : equal.at("results").items()) {
    EXPECT_EQ(row.at("rank").as_integer(), 1);
    EXPECT_EQ(row.at("score").as_number(), 0.5);
  }
  const Json constant = good("id,x,y\nA,1,2\nB,1,3\n");
  EXPECT_TRUE(has_finding(constant, "ranking.constant_criterion"));
  EXPECT_EQ(ids_of(constant), (Words{"A", "B"}));
  EXPECT_EQ(cells("id,x,y\n").code, "io.empty_layer");
}

TEST_F(RankInput, ValuesThatAMethodForbidsAreRefused) {
  const std::string text = "id,x,y\nA,0,2\nB,-1,3\nC,4,5\n";
  for (const char* method : {"wpm", "waspas", "fuzzy"})
    EXPECT_EQ(cells(text, {"--method", method, "--normalise", "none"}).code, "ranking.not_positive")
        << method;
  for (const char* scale : {"sum", "max"})
    EXPECT_EQ(cells(text, {"--normalise", scale}).code, "ranking.not_positive") << scale;
  for (const char* scheme : {"entropy", "merec", "gini", "cilos", "idocriw"})
    EXPECT_EQ(cells(text, {"--weights", scheme}).code, "ranking.not_positive") << scheme;
  for (const char* scheme : {"critic", "sd", "lopcow"})
    EXPECT_EQ(cells(text, {"--weights", scheme}).code, "") << scheme;
}

TEST_F(RankInput, IdsAreOfOneSiteEach) {
  EXPECT_EQ(cells("id,x,y\nA,1,2\nA,2,3\n").code, "ranking.duplicate_id");
  const Json alike = good("id,x,y\na1,1,2\nA1,2,3\n");
  EXPECT_TRUE(has_finding(alike, "ranking.alike_ids"));
  EXPECT_FALSE(has_finding(good("id,x,y\nA1,1,2\nA2,2,3\n"), "ranking.alike_ids"));
  EXPECT_EQ(cells("id,x,y\na1,1,2\nA1,2,3\n", {"--strict"}).code, "strict.finding");
}

TEST_F(RankInput, WeightsAndBoundsThatContradictAreRefused) {
  const std::string path = file_with(dir, "in.csv", "id,x,y\nA,1,2\nB,2,3\n");
  EXPECT_EQ(bad({"rank", path, "--criterion", "name=x,direction=max,weight=1,bounds=5:1"}).code,
            "usage.criterion");
  EXPECT_EQ(bad({"rank", path, "--criterion", "name=x,direction=max,weight=-1"}).code,
            "usage.criterion");
  EXPECT_EQ(bad({"rank", path, "--criterion", "name=x,direction=max,weight=0"}).code,
            "ranking.bad_weight");
  EXPECT_EQ(bad({"rank", path, "--criterion", "name=x,direction=max"}).code, "ranking.no_weights");
  EXPECT_EQ(bad({"rank", path, "--criterion", "name=x,direction=max,weight=0.5", "--criterion",
                 "name=x,field=y,direction=max,weight=0.5"})
                .code,
            "ranking.duplicate_criterion");
  const RunResult slip = run_lode({"rank", path, "--criterion", "name=xx,direction=max,weight=1"});
  EXPECT_THAT(slip.err, testing::HasSubstr("[table.no_field]"));
  EXPECT_THAT(slip.err, testing::HasSubstr("Did you mean 'x'?"));
}

TEST_F(RankInput, CriteriaFilesOfAllEditorsAreRead) {
  const std::string path = file_with(dir, "in.csv", "id,x,y\nA,1,2\nB,2,3\n");
  const auto code = [&](const std::string& toml) {
    return bad({"rank", path, "--criteria", file_with(dir, "c.toml", toml)}).code;
  };
  EXPECT_EQ(
      code("\xEF\xBB\xBF[[criteria]]\r\nname = \"x\"\r\ndirection = \"max\"\r\nweight = 1.0\r\n"),
      "");
  EXPECT_EQ(code("[[criteria]\nname=\n"), "ranking.syntax");
  EXPECT_EQ(code("[[criteria]]\nname=\"x\"\ndirection=\"up\"\nweight=1\n"),
            "ranking.criteria_file");
  EXPECT_EQ(code("[other]\na=1\n"), "ranking.criteria_file");
  EXPECT_EQ(bad({"rank", path, "--criteria", (dir / "none.toml").string()}).code,
            "io.missing_file");
}

std::string points(const TempDir& dir, const std::string& more = {}) {
  return file_with(
      dir, "points.geojson",
      R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"P1","grade_pct":2.5)" +
          more +
          R"(},"geometry":{"type":"Point","coordinates":[10,50]}},)"
          R"({"type":"Feature","properties":{"id":"P2","grade_pct":7.5},"geometry":{"type":"Point","coordinates":[11,51]}},)"
          R"({"type":"Feature","properties":{"id":"P3","grade_pct":0.5},"geometry":{"type":"Point","coordinates":[12,52]}}]})");
}

const Words grade = {"--criterion", "name=grade_pct,direction=max,weight=1,bounds=0:10",
                     "--method",    "wsm",
                     "--draws",     "0"};

TEST_F(RankInput, ShapefilesNeedTheirTableButNoCrs) {
  const std::string shp = (dir / "in.shp").string();
  ASSERT_EQ(error_of(with(with({"rank", points(dir)}, grade), {"-o", shp}), 0), "");
  std::filesystem::remove(dir / "in.prj");
  const std::string again = (dir / "again.shp").string();
  const Json json = json_of(with(with({"rank", shp}, grade), {"-o", again}));
  EXPECT_TRUE(has_finding(json, "crs.missing"));
  EXPECT_TRUE(has_finding(json, "ranking.replaced_columns"));
  EXPECT_EQ(ids_of(json), (Words{"P2", "P1", "P3"}));
  std::filesystem::remove(dir / "in.dbf");
  EXPECT_EQ(bad(with({"rank", shp}, grade)).code, "io.missing_sidecar");
}

TEST_F(RankInput, TheResultIsNeverAnInput) {
  const std::string path = points(dir);
  EXPECT_EQ(bad(with(with({"rank", path}, grade), {"-o", path, "--overwrite"})).code,
            "io.output_is_input");
  const std::string link = (dir / "link.geojson").string();
  std::filesystem::create_symlink(path, link);
  EXPECT_EQ(bad(with(with({"rank", link}, grade), {"-o", path, "--overwrite"})).code,
            "io.output_is_input");
  const std::string out = (dir / "out.geojson").string();
  EXPECT_EQ(bad(with(with({"rank", path}, grade),
                     {"--criterion", "name=b,field=grade_pct,direction=max,weight=1", "-o", out,
                      "--rescale-weights", "--strict"}))
                .code,
            "");
}

TEST_F(RankInput, OutputNamesTheRuleAndTheContributions) {
  const std::string out = (dir / "out.csv").string();
  ASSERT_EQ(
      error_of(with(with({"rank", points(dir)}, grade), {"--require", "grade_pct >= 1", "-o", out}),
               0),
      "");
  const std::string text = slurp(out);
  EXPECT_THAT(text, testing::HasSubstr("LD_RANK,LD_SCORE,LD_R05,LD_R95,LD_ACC1,LD_C_grade_pct,"
                                       "LD_RULE"));
  EXPECT_THAT(text, testing::HasSubstr("1,0.75,,,,0.75,\n"));
  EXPECT_THAT(text, testing::HasSubstr(",,,,,,grade_pct >= 1\n"));
  EXPECT_LT(text.find("P1"), text.find("P3"));
}

TEST_F(RankInput, GeoPackageOpensStyledByRank) {
  const std::string out = (dir / "out.gpkg").string();
  ASSERT_EQ(error_of(with(with({"rank", points(dir)}, grade), {"-o", out}), 0), "");
  const std::string bytes = slurp(out);
  for (const char* part :
       {"layer_styles", "categorizedSymbol", "LD_RANK", "LD_C_grade_pct", "SimpleMarker"})
    EXPECT_THAT(bytes, testing::HasSubstr(part));
  // A second ranking of the result replaces the first one's columns.
  const std::string again = (dir / "again.gpkg").string();
  const Json json = json_of(with(with({"rank", out}, grade), {"-o", again}));
  EXPECT_TRUE(has_finding(json, "ranking.replaced_columns"));
  const RunResult fields = run_lode({"inspect", again, "--json"});
  EXPECT_THAT(fields.out, testing::Not(testing::HasSubstr("LD_RANK_")));
}

TEST_F(RankInput, DescribeTellsQgisWhatIsWhat) {
  const RunResult run = run_lode({"describe", "rank"});
  ASSERT_EQ(run.exit_code, 0);
  std::map<std::string, std::pair<std::string, std::string>> kinds;
  const Json json = run.json();  // outlives the loop
  for (const auto& one : json.at("results").items().at(0).at("parameters").items())
    kinds[one.at("name").as_string()] = {
        one.at("kind").as_string(), one.at("parent").is_null() ? "" : one.at("parent").as_string()};
  using Pair = std::pair<std::string, std::string>;
  for (const char* field : {"id", "name", "group-by"})
    EXPECT_EQ(kinds.at(field), (Pair{"field", "TABLE"})) << field;
  EXPECT_EQ(kinds.at("TABLE").first, "table");
  EXPECT_EQ(kinds.at("realizations").first, "table");
  EXPECT_EQ(kinds.at("criteria").first, "file");
  EXPECT_EQ(kinds.at("pairwise").first, "file");
  EXPECT_EQ(kinds.at("output").first, "vector_out");
  EXPECT_EQ(kinds.at("pareto").first, "choice");
}

}  // namespace
}  // namespace lode::test
