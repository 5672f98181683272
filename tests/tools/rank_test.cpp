// The commands `rank` and `explain`: keys of the contract, outputs, refusals, as scripts see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/rank_sites.h"

namespace lode::test {
namespace {

using namespace rank_sites;

TEST(RankCommand, ASpreadIsInTheUnitOfItsField) {
  const TempDir dir;
  const std::string feet = file_with(dir, "feet.csv",
                                     "id,depth_ft,depth_ft_low,depth_ft_high\n"
                                     "A,1000,800,1500\nB,1100,1050,1150\nC,900,100,2500\n");
  const std::string metres = file_with(dir, "metres.csv",
                                       "id,depth_m,depth_m_low,depth_m_high\n"
                                       "A,304.8,243.84,457.2\nB,335.28,320.04,350.52\n"
                                       "C,274.32,30.48,762\n");
  const auto ranks = [&](const std::string& table, const std::string& field) {
    const Json json =
        run_lode({"rank", table, "--criterion",
                  "name=depth,field=" + field + ",unit=m,direction=min,weight=1," + "bounds=0:1000",
                  "--method", "wsm", "--weights", "given", "--json"})
            .json();
    std::vector<double> all;
    for (const auto& row : json.at("results").items())
      for (const auto& share : row.at("rank_acceptability").items())
        all.push_back(share.as_number());
    return all;
  };
  const auto by_metres = ranks(metres, "depth_m");
  ASSERT_EQ(by_metres.size(), 9u);
  EXPECT_GT(by_metres[0], 0.0);
  EXPECT_LT(by_metres[0], 1.0);
  EXPECT_EQ(ranks(feet, "depth_ft"), by_metres);
}

TEST(RankCommand, KeysOfTheContract) {
  const TempDir dir;
  const RunResult run = run_lode(with(with({"rank", sites_csv(dir)}, three),
                                      {"--method", "wsm", "--weights", "uncertain", "--json"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  EXPECT_EQ(ids_of(json), (Words{"B", "A", "D", "C"}));
  const Json& first = json.at("results").items().at(0);
  for (const char* key :
       {"rank", "id", "score", "rank_p05", "rank_p50", "rank_p95", "first_acceptability",
        "rank_acceptability", "contributions", "central_weights"})
    EXPECT_TRUE(first.has(key)) << key;
  EXPECT_EQ(first.at("rank").as_integer(), 1);
  EXPECT_NEAR(first.at("score").as_number(), 0.6675, 1e-12);
  EXPECT_NEAR(first.at("contributions").at("oxide_kt").as_number(), 0.2, 1e-12);
  EXPECT_EQ(first.at("rank_acceptability").size(), 4u);
  EXPECT_GT(first.at("first_acceptability").as_number(), 0.5);
  EXPECT_TRUE(json.at("results").items().at(3).at("central_weights").is_null());
  const Json& summary = json.at("summary");
  EXPECT_EQ(summary.at("weights").at("cost_usd").as_number(), 0.35);
  EXPECT_TRUE(summary.has("consistency_ratio") && summary.has("lambda_max"));
  EXPECT_EQ(summary.at("dropped").size(), 0u);
}

TEST(RankCommand, MethodsBringTheirOwnKeys) {
  const TempDir dir;
  const std::string path = sites_csv(dir);
  const auto first = [&](const std::string& method) {
    const RunResult run = run_lode(
        with(with({"rank", path}, three), {"--method", method, "--draws", "20", "--json"}));
    EXPECT_EQ(run.exit_code, 0) << method << run.err;
    return run.json().at("results").items().at(0);
  };
  for (const char* key : {"s", "r", "compromise"}) EXPECT_TRUE(first("vikor").has(key)) << key;
  for (const char* method : {"promethee1", "promethee2"})
    for (const char* key : {"phi_plus", "phi_minus"}) EXPECT_TRUE(first(method).has(key)) << key;
  EXPECT_EQ(first("electre3").at("credibility").members().size(), 4u);
  EXPECT_TRUE(first("electre-tri").at("category").is_string());
  for (const char* method : {"wpm", "waspas", "topsis", "spotis", "owa", "fuzzy"})
    EXPECT_TRUE(first(method).has("score"));
}

TEST(RankCommand, CriteriaFileRulesAndDropped) {
  const TempDir dir;
  const std::string criteria =
      file_with(dir, "criteria.toml",
                "[[criteria]]\nname = \"big\"\nfield = \"oxide_kt\"\ndirection = \"max\"\nweight = "
                "1.0\nbounds = [0, 100]\n"
                "[[rules]]\nfield = \"years\"\nmax = 10\n");
  const RunResult run = run_lode({"rank", sites_csv(dir), "--criteria", criteria, "--require",
                                  "cost_usd <= 25", "--method", "wsm", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  EXPECT_EQ(ids_of(json), (Words{"B", "D"}));
  const Json& dropped = json.at("summary").at("dropped");
  ASSERT_EQ(dropped.size(), 2u);
  EXPECT_EQ(dropped.items().at(0).at("id").as_string(), "A");
  EXPECT_EQ(dropped.items().at(0).at("rule").as_string(), "cost_usd <= 25");
  EXPECT_EQ(dropped.items().at(1).at("rule").as_string(), "years <= 10");
  EXPECT_EQ(json.at("inputs").size(), 2u);
}

TEST(RankCommand, ShapefileKeepsItsGeometry) {
  const TempDir dir;
  const std::string points = file_with(
      dir, "points.geojson",
      R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"P1","grade_pct":2.5},"geometry":{"type":"Point","coordinates":[10,50]}},)"
      R"({"type":"Feature","properties":{"id":"P2","grade_pct":7.5},"geometry":{"type":"Point","coordinates":[11,51]}}]})");
  const std::string out = (dir / "ranked.shp").string();
  const Words words = {
      "rank",     points, "--criterion", "name=grade_pct,direction=max,weight=1,bounds=0:10",
      "--method", "wsm",  "-o",          out,
      "--json"};
  ASSERT_EQ(run_lode(words).exit_code, 0);
  const RunResult back = run_lode({"inspect", out, "--json"});
  ASSERT_EQ(back.exit_code, 0) << back.err;
  EXPECT_THAT(back.out, testing::HasSubstr("LD_RANK"));
  for (const char* field : {"LD_SCORE", "LD_R05", "LD_R95", "LD_ACC1"})
    EXPECT_THAT(back.out, testing::HasSubstr(field));
  // Ranked again by its own result: the geometry is there, and the new columns replace the old.
  const RunResult again =
      run_lode({"rank", out, "--criterion", "name=LD_SCORE,direction=min,weight=1,bounds=0:1",
                "--method", "wsm", "-o", (dir / "again.geojson").string(), "--json"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  const std::string text = slurp(dir / "again.geojson");
  EXPECT_THAT(text, testing::HasSubstr("Point"));
  EXPECT_EQ(text.find("LD_RANK_1"), std::string::npos);
  EXPECT_EQ(error_of(words, 1), "io.exists");
}

TEST(RankCommand, WeightsByJudgement) {
  const TempDir dir;
  const std::string path = sites_csv(dir);
  const std::string ahp =
      file_with(dir, "ahp.csv",
                ",oxide_kt,cost_usd,years\noxide_kt,1,1/2,3\ncost_usd,2,1,4\nyears,1/3,1/4,1\n");
  const RunResult run = run_lode(
      with(with({"rank", path}, three), {"--weights", "ahp", "--pairwise", ahp, "--json"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  EXPECT_NEAR(json.at("summary").at("weights").at("cost_usd").as_number(), 0.558425, 5e-7);
  EXPECT_NEAR(json.at("summary").at("lambda_max").as_number(), 3.018295, 5e-7);
  EXPECT_NEAR(json.at("summary").at("consistency_ratio").as_number(), 0.015771, 5e-7);
  EXPECT_EQ(error_of(with(with({"rank", path}, three), {"--weights", "ahp"}), 2), "usage.pairwise");
  EXPECT_EQ(error_of(with(with({"rank", path}, three), {"--pairwise", ahp}), 2), "usage.pairwise");
  EXPECT_EQ(error_of(with(with({"rank", path}, three),
                          {"--weights", "roc", "--pairwise", (dir / "no.csv").string()}),
                     1),
            "io.missing_file");
}

TEST(RankCommand, RefusesWhatItCannotMean) {
  const TempDir dir;
  const std::string path = sites_csv(dir);
  EXPECT_EQ(error_of({"rank", path}, 2), "usage.criteria");
  EXPECT_EQ(error_of({"rank", path, "--criterion", "name=oxide_kt,wieght=1"}, 2),
            "usage.criterion");
  EXPECT_EQ(error_of(with(with({"rank", path}, three), {"--require", "years"}), 2), "usage.rule");
  EXPECT_EQ(error_of(with(with({"rank", path}, three), {"--weight-limit", "years=2"}), 2),
            "usage.weight_limit");
  EXPECT_EQ(error_of(with(with({"rank", path}, three), {"--weight-limit", "yeers=0:1"}), 1),
            "ranking.unknown_criterion");
  EXPECT_EQ(error_of(with(with({"rank", path}, three), {"--order-weights", "a,b"}), 2),
            "usage.order_weights");
  EXPECT_EQ(error_of(with(with({"rank", path}, three), {"--method", "topsys"}), 2), "usage.choice");
  EXPECT_EQ(error_of({"rank", path, "--criterion", "name=grade,direction=max,weight=1"}, 1),
            "table.no_field");
  const Words two = {"rank",        path,
                     "--criterion", "name=oxide_kt,direction=max,weight=0.4",
                     "--criterion", "name=years,direction=min,weight=0.4"};
  EXPECT_EQ(error_of(two, 1), "ranking.weights_sum");
  EXPECT_EQ(error_of(with(two, {"--rescale-weights"}), 0), "");
  EXPECT_EQ(error_of({"rank", path, "--criterion",
                      "name=years,field=oxide_kt,unit=Mt,direction=max,weight=1"},
                     0),
            "");
  EXPECT_EQ(
      error_of({"rank", path, "--criterion", "name=oxide_kt,unit=USD/t,direction=max,weight=1"}, 1),
      "ranking.unit");
  const std::string bad = file_with(dir, "bad.toml", "[[criteria]]\nname = 3\n");
  EXPECT_EQ(error_of({"rank", path, "--criteria", bad}, 1), "ranking.criteria_file");
}

TEST(RankCommand, UnitsOfColumnsAreConverted) {
  const TempDir dir;
  const RunResult run = run_lode({"rank", sites_csv(dir), "--criterion",
                                  "name=oxide_kt,unit=t,direction=max,weight=1,bounds=0:100000",
                                  "--method", "wsm", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NEAR(run.json().at("results").items().at(0).at("score").as_number(), 0.9, 1e-12);
}

TEST(RankCommand, MissingValuesNeedARule) {
  const TempDir dir;
  const std::string path = file_with(dir, "gaps.csv", "id,x\nA,0.5\nB,\nC,n.d.\nD,0.9\n");
  const Words words = {"rank",     path,          "--missing-text",
                       "n.d.",     "--criterion", "name=x,direction=max,weight=1,bounds=0:1",
                       "--method", "wsm"};
  EXPECT_EQ(error_of(words, 1), "ranking.missing_value");
  const RunResult run = run_lode(with(words, {"--missing", "worst", "--json"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(ids_of(run.json()), (Words{"D", "A", "B", "C"}));
  EXPECT_EQ(run.json().at("results").items().at(2).at("missing").items().at(0).as_string(), "x");
  EXPECT_EQ(error_of(with(words, {"--missing", "worst", "--strict"}), 1), "strict.finding");
}

TEST(RankCommand, SpreadColumnsAndSeeds) {
  const TempDir dir;
  const std::string path =
      file_with(dir, "spread.csv", "id,x,x_low,x_high,P90,P10\nA,0.5,0.1,0.9,,\nB,0.6,,,0.1,0.9\n");
  const auto acceptability = [&](const Words& more) {
    const RunResult run =
        run_lode(with({"rank", path, "--method", "wsm", "--json", "--draws", "2000"}, more));
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.json().at("results").items().at(0).at("first_acceptability").as_number();
  };
  const Words plain = {"--criterion", "name=x,direction=max,weight=1,bounds=0:1"};
  const double one = acceptability(plain);
  EXPECT_THAT(run_lode(with({"rank", path, "--json"}, plain)).out,
              testing::HasSubstr("ranking.spread_found"));
  EXPECT_GT(one, 0.5);
  EXPECT_LT(one, 0.75);
  EXPECT_EQ(one, acceptability(with(plain, {"--jobs", "1"})));
  EXPECT_NE(one, acceptability(with(plain, {"--seed", "2"})));
  EXPECT_NE(one, acceptability(
                     {"--criterion", "name=x,direction=max,weight=1,bounds=0:1,low=P90,high=P10"}));
}

TEST(RankCommand, CompareAndReversal) {
  const TempDir dir;
  const RunResult run =
      run_lode(with(with({"rank", sites_csv(dir)}, three), {"--compare", "--reversal", "--json"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json summary = run.json().at("summary");
  EXPECT_EQ(summary.at("agreement").size(), 9u);
  EXPECT_EQ(summary.at("rank_reversal").at("changed").as_integer(), 0);
}

TEST(ExplainCommand, KeysOfTheContract) {
  const TempDir dir;
  const RunResult run = run_lode(with(with({"explain", sites_csv(dir), "A", "B"}, three),
                                      {"--method", "wsm", "--weights", "uncertain", "--json"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("a").as_string(), "A");
  EXPECT_EQ(row.at("b").as_string(), "B");
  EXPECT_NEAR(row.at("margin").as_number(), -0.0275, 1e-12);
  EXPECT_NEAR(row.at("split").at("years").as_number(), -0.0375, 1e-12);
  EXPECT_GT(row.at("win_probability").as_number(), 0.0);
  EXPECT_EQ(row.at("flip_weight").at("criterion").as_string(), "oxide_kt");
  EXPECT_NEAR(row.at("flip_weight").at("to").as_number(), 43.0 / 91, 1e-12);
  EXPECT_NEAR(row.at("flip_value").at("to").as_number(), 76.875, 1e-9);
  EXPECT_EQ(row.at("flip_value").at("site").as_string(), "A");
}

TEST(ExplainCommand, SpeaksInSentencesAndRefusesStrangers) {
  const TempDir dir;
  const std::string path = sites_csv(dir);
  const RunResult run =
      run_lode(with(with({"explain", path, "B", "C"}, three), {"--method", "topsis"}));
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, testing::HasSubstr("Beta (B) stands above Gamma (C) by"));
  EXPECT_THAT(run.out, testing::HasSubstr("change places"));
  EXPECT_EQ(error_of(with({"explain", path, "A", "Z"}, three), 1), "ranking.no_such_site");
  EXPECT_EQ(error_of(with({"explain", path, "A", "A"}, three), 1), "ranking.same_site");
}

}  // namespace
}  // namespace lode::test
