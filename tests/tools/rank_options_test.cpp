// `lode rank`: what its options do beyond the order, with figures worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tools/rank_sites.h"

namespace lode::test {
namespace {

using namespace rank_sites;

const Words one_to_ten = {"--criterion", "name=x,direction=max,weight=1,bounds=0:100", "--method",
                          "wsm"};

double share_of_first(const Json& json, const std::string& id) {
  for (const auto& row : json.at("results").items())
    if (row.at("id").as_string() == id) return row.at("first_acceptability").as_number();
  return -1.0;
}

// A = (1, 0) and B = (0.5, 0.75): A is ahead where w > 0.5 w + 0.75 (1 - w), so w > 0.6. A ratio
// from 1 to 3 is w from 0.5 to 0.75: A wins in (0.75 - 0.6)/(0.75 - 0.5) = 0.6 of them.
TEST(RankRatios, BoundWhatIsDrawn) {
  const TempDir dir;
  const std::string path = file_with(dir, "two.csv", "id,x,y\nA,1,0\nB,0.5,0.75\n");
  const Words words = {"rank",        path,
                       "--criterion", "name=x,direction=max,weight=0.5,bounds=0:1",
                       "--criterion", "name=y,direction=max,weight=0.5,bounds=0:1",
                       "--method",    "wsm",
                       "--weights",   "free",
                       "--draws",     "4000"};
  EXPECT_NEAR(share_of_first(json_of(words), "A"), 0.4, 0.01);
  EXPECT_NEAR(share_of_first(json_of(with(words, {"--weight-ratio", "x/y=1:3"})), "A"), 0.6, 0.01);
  EXPECT_NEAR(share_of_first(json_of(with(words, {"--weight-ratio", "x/y >= 1"})), "A"), 0.8, 0.01);
  EXPECT_NEAR(share_of_first(json_of(with(words, {"--weight-ratio", "x/y<=1"})), "A"), 0.0, 1e-12);
}

TEST(RankRatios, AreRefusedWhenTheyMeanNothing) {
  const TempDir dir;
  const Words words = with(with({"rank", sites_csv(dir)}, three), {"--weights", "free"});
  for (const char* ratio :
       {"oxide_kt", "oxide_kt=1:2", "oxide_kt/years=1", "oxide_kt/years>=1:2", "oxide_kt/years=3:1",
        "oxide_kt/years=a:b", "oxide_kt/years>=-1", "=1:2", "oxide_kt/years=2:2"})
    EXPECT_EQ(error_of(with(words, {"--weight-ratio", ratio}), 2), "usage.weight_ratio") << ratio;
  EXPECT_EQ(error_of(with(words, {"--weight-ratio", "years/years>=1"}), 2), "usage.weight_ratio");
  EXPECT_EQ(error_of(with(words, {"--weight-ratio", "oxide/years>=1"}), 1),
            "ranking.unknown_criterion");
  const Words given = with({"rank", sites_csv(dir)}, three);
  EXPECT_TRUE(has_finding(json_of(with(given, {"--weight-ratio", "oxide_kt/years>=1"})),
                          "ranking.limits_unused"));
  EXPECT_TRUE(has_finding(json_of(with(given, {"--weight-limit", "years=0:0.5"})),
                          "ranking.limits_unused"));
}

// A's four values 10 to 40 beat B's 25 in two of four draws.
TEST(RankRealizations, LongAndWideSayTheSame) {
  const TempDir dir;
  const std::string path = file_with(dir, "sites.csv", "id,x\nA,20\nB,25\n");
  const std::string tall =
      file_with(dir, "long.csv", "ID,realization,x\nA,2,20\nA,1,10\nA,4,40\nA,3,30\n");
  const std::string wide = file_with(dir, "wide.csv", "id,r1_x,r2_x,r3_x,r4_x\nA,10,20,30,40\n");
  const Words words = with({"rank", path}, one_to_ten);
  for (const auto& file : {tall, wide}) {
    const Json json = json_of(with(words, {"--realizations", file}));
    EXPECT_EQ(share_of_first(json, "A"), 0.5) << file;
    EXPECT_TRUE(has_finding(json, "ranking.realizations_without")) << file;
    EXPECT_TRUE(has_finding(json, "ranking.realizations_repeat")) << file;
    EXPECT_EQ(json.at("inputs").size(), 2u);
    EXPECT_FALSE(has_finding(json, "ranking.nothing_drawn"));
  }
  const Json short_run = json_of(with(words, {"--realizations", wide, "--draws", "2"}));
  EXPECT_EQ(share_of_first(short_run, "A"), 0.0);
  EXPECT_TRUE(has_finding(short_run, "ranking.realizations_unused"));
}

// One more than A in every realization: B is always ahead, though their ranges overlap.
TEST(RankRealizations, SitesOfOneRealizationBelongTogether) {
  const TempDir dir;
  const std::string path = file_with(dir, "sites.csv", "id,x\nA,25\nB,26\n");
  const std::string file = file_with(dir, "joint.csv",
                                     "id,realization,x\nA,1,10\nA,2,40\nA,3,25\nB,2,41\nB,3,26\n"
                                     "B,1,11\n");
  const Json json = json_of(with(with({"rank", path}, one_to_ten), {"--realizations", file}));
  EXPECT_EQ(share_of_first(json, "B"), 1.0);
  EXPECT_EQ(share_of_first(json, "A"), 0.0);
}

TEST(RankRealizations, UnitsAreConverted) {
  const TempDir dir;
  const std::string path = file_with(dir, "sites.csv", "id,ore_kt\nA,20\nB,25\n");
  const std::string file = file_with(dir, "t.csv", "id,r1_ore_kt,r2_ore_kt\nA,10,40\nB,25,25\n");
  const Json json = json_of({"rank", path, "--realizations", file, "--method", "wsm", "--criterion",
                             "name=ore_kt,unit=t,direction=max,weight=1,bounds=0:100000"});
  EXPECT_EQ(share_of_first(json, "A"), 0.5);
  EXPECT_FALSE(has_finding(json, "ranking.realizations_apart"));
}

TEST(RankRealizations, FaultsHaveTheirPlace) {
  const TempDir dir;
  const std::string path = file_with(dir, "sites.csv", "id,x\nA,20\nB,25\n");
  const auto code = [&](const std::string& text) {
    return error_of(
        with(with({"rank", path}, one_to_ten), {"--realizations", file_with(dir, "r.csv", text)}),
        1);
  };
  EXPECT_EQ(code("id,realization,x\nA,1,1\nA,2,2\nB,1,1\n"), "ranking.realizations_ragged");
  EXPECT_EQ(code("id,realization,x\nA,1,1\nA,2,2\nB,1,1\nB,3,2\n"), "ranking.realizations_ragged");
  EXPECT_EQ(code("id,realization,x\nA,1,1\nA,2,\n"), "ranking.realizations_gap");
  EXPECT_EQ(code("id,realization,x\nA,1,1\nA,1,2\n"), "ranking.realizations_twice");
  EXPECT_EQ(code("id,realization,z\nA,1,1\n"), "ranking.realizations_column");
  EXPECT_EQ(code("site,realization,x\nA,1,1\n"), "ranking.realizations_column");
  EXPECT_EQ(code("id,realization,x\nA,1.5,1\n"), "ranking.realizations_number");
  EXPECT_EQ(code("id,realization,x\nA,,1\n"), "ranking.realizations_number");
  EXPECT_EQ(code("id,realization,x\nA,1,inf\n"), "table.bad_number");
  const std::string far = file_with(dir, "far.csv", "id,realization,x\nA,1,50\nA,2,60\nQ,1,3\n");
  const Words words = with(with({"rank", path}, one_to_ten), {"--realizations", far});
  EXPECT_TRUE(has_finding(json_of(words), "ranking.realizations_apart"));
  EXPECT_TRUE(has_finding(json_of(words), "ranking.realizations_unknown_site"));
  EXPECT_EQ(error_of(with(words, {"--draws", "0"}), 2), "usage.realizations");
  EXPECT_EQ(error_of(with(words, {"--strict"}), 1), "strict.finding");
}

TEST(RankGroups, RankWithinBesideTheWhole) {
  const TempDir dir;
  const std::string path = file_with(
      dir, "g.csv", "id,x,g\nA,90,home\nB,80,ally\nC,80,ally\nD,70,home\nE,60,ally\nF,50,\n");
  const Json json = json_of(with(with({"rank", path}, one_to_ten), {"--group-by", "G"}));
  std::vector<std::int64_t> within;
  for (const auto& row : json.at("results").items())
    within.push_back(row.at("rank_in_group").is_null() ? 0 : row.at("rank_in_group").as_integer());
  EXPECT_EQ(within, (std::vector<std::int64_t>{1, 1, 1, 2, 3, 0}));
  EXPECT_TRUE(has_finding(json, "ranking.no_group"));
  EXPECT_TRUE(json.at("results").items().at(5).at("group").is_null());
  const Json& ally = json.at("summary").at("groups").at("ally");
  EXPECT_EQ(ally.at("sites").as_integer(), 3);
  EXPECT_EQ(ally.at("first").as_string(), "B");
  EXPECT_EQ(ally.at("best_rank").as_integer(), 2);
  EXPECT_EQ(error_of(with(with({"rank", path}, one_to_ten), {"--group-by", "q"}), 1),
            "table.no_field");
}

TEST(RankRules, WordsAndWhatEachRuleTook) {
  const TempDir dir;
  const std::string path = file_with(dir, "w.csv",
                                     "id,x,status\nA,90,granted\nB,80,Refused\nC,70, granted \n"
                                     "D,5,refused\nE,4,\n");
  const Json json = json_of(with(with({"rank", path}, one_to_ten),
                                 {"--require", "status = granted", "--require", "x >= 10"}));
  EXPECT_EQ(ids_of(json), (Words{"A", "C"}));
  const auto& screening = json.at("summary").at("screening").items();
  ASSERT_EQ(screening.size(), 2u);
  // B, D and E fail the first; D and E fail the second too, so nobody fails that alone.
  EXPECT_EQ(screening[0].at("alone").as_integer(), 3);
  EXPECT_EQ(screening[0].at("in_order").as_integer(), 3);
  EXPECT_EQ(screening[0].at("only").as_integer(), 1);
  EXPECT_EQ(screening[0].at("missing").as_integer(), 1);
  EXPECT_EQ(screening[1].at("alone").as_integer(), 2);
  EXPECT_EQ(screening[1].at("in_order").as_integer(), 0);
  EXPECT_EQ(screening[1].at("only").as_integer(), 0);
  const auto& dropped = json.at("summary").at("dropped").items();
  EXPECT_EQ(dropped[0].at("text").as_string(), "Refused");
  EXPECT_EQ(dropped[1].at("failed").size(), 2u);
}

TEST(RankPareto, NamesAndDrops) {
  const TempDir dir;
  const std::string path = file_with(dir, "p.csv", "id,x,y\nA,9,9\nB,5,10\nC,5,5\nD,1,1\n");
  const Words words = {"rank",        path,
                       "--criterion", "name=x,direction=max,weight=0.5,bounds=0:10",
                       "--criterion", "name=y,direction=max,weight=0.5,bounds=0:10",
                       "--method",    "wsm"};
  const Json json = json_of(words);
  const auto& rows = json.at("results").items();
  EXPECT_EQ(ids_of(json), (Words{"A", "B", "C", "D"}));
  EXPECT_EQ(rows[0].at("pareto_front").as_integer(), 1);
  EXPECT_EQ(rows[1].at("pareto_front").as_integer(), 1);
  EXPECT_EQ(rows[2].at("pareto_front").as_integer(), 2);
  EXPECT_EQ(rows[2].at("dominators").as_integer(), 2);
  EXPECT_EQ(rows[0].at("dominates").as_integer(), 2);
  EXPECT_EQ(rows[3].at("dominators").as_integer(), 3);
  EXPECT_EQ(ids_of(json_of(with(words, {"--pareto", "drop"}))), (Words{"A", "B"}));
  EXPECT_TRUE(
      json_of(with(words, {"--pareto", "off"})).at("results").items()[0].at("dominates").is_null());
  EXPECT_EQ(error_of(with(words, {"--pareto", "maybe"}), 2), "usage.choice");
}

TEST(RankResult, KeysBesideTheContract) {
  const TempDir dir;
  const Json json =
      json_of(with(with({"rank", sites_csv(dir)}, three),
                   {"--weights", "uncertain", "--wins", "--stability", "--explain", "2"}));
  for (const char* key : {"first_acceptability_se", "rank_entropy", "holistic_acceptability",
                          "pareto_front", "dominators", "dominates", "confidence", "regret"})
    EXPECT_TRUE(json.at("results").items().at(0).has(key)) << key;
  const Json& summary = json.at("summary");
  for (const char* key :
       {"screening", "correlation", "inflation", "standard_error", "pairwise_wins", "weights_note",
        "random_index", "bins", "stability", "words"})
    EXPECT_TRUE(summary.has(key)) << key;
  EXPECT_EQ(summary.at("stability").size(), 3u);
  EXPECT_EQ(summary.at("words").size(), 2u);
  EXPECT_EQ(summary.at("words").items().at(0).at("a").as_string(),
            json.at("results").items().at(0).at("id").as_string());
  const Json& wins = summary.at("pairwise_wins");
  EXPECT_NEAR(wins.at("A").at("B").as_number() + wins.at("B").at("A").as_number(), 1.0, 1e-12);
  const Json plain = json_of(with({"rank", sites_csv(dir)}, three));
  EXPECT_FALSE(plain.at("summary").has("pairwise_wins"));
  EXPECT_TRUE(has_finding(plain, "ranking.nothing_drawn"));
  EXPECT_TRUE(
      has_finding(json_of(with(with({"rank", sites_csv(dir)}, three), {"--wins", "--draws", "0"})),
                  "ranking.no_wins"));
}

TEST(RankResult, PartialOrdersNameWhoIsBehind) {
  const TempDir dir;
  for (const char* method : {"promethee1", "electre3"}) {
    const Json json =
        json_of(with(with({"rank", sites_csv(dir)}, three), {"--method", method, "--draws", "0"}));
    for (const char* key : {"preferred_to", "incomparable"})
      EXPECT_TRUE(json.at("results").items().at(0).has(key)) << method << key;
  }
}

TEST(RankResult, TopShortensTheResultNotTheOutput) {
  const TempDir dir;
  const std::string out = (dir / "all.csv").string();
  const Words words = with(with({"rank", sites_csv(dir)}, three), {"--top", "1", "-o", out});
  EXPECT_EQ(json_of(words).at("results").size(), 1u);
  const std::string text = slurp(out);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
  const RunResult people =
      run_lode(with(with({"rank", sites_csv(dir)}, three), {"--top", "2", "--draws", "0"}));
  EXPECT_THAT(people.out, testing::HasSubstr("and 2 more"));
}

TEST(RankWeights, GroupOfJudgesIsJoined) {
  const TempDir dir;
  const Words words = {"rank",        sites_csv(dir),
                       "--criterion", "name=oxide_kt,direction=max,bounds=0:100",
                       "--criterion", "name=years,direction=min,bounds=0:20",
                       "--method",    "wsm",
                       "--weights",   "ahp"};
  const std::string one = file_with(dir, "1.csv", ",oxide_kt,years\noxide_kt,1,8\nyears,1/8,1\n");
  const std::string two = file_with(dir, "2.csv", ",oxide_kt,years\noxide_kt,1,2\nyears,1/2,1\n");
  // The geometric mean of 8 and 2 is 4: weights 0.8 and 0.2.
  const Json json = json_of(with(words, {"--pairwise", one, "--pairwise", two}));
  EXPECT_NEAR(json.at("summary").at("weights").at("oxide_kt").as_number(), 0.8, 1e-12);
  EXPECT_EQ(json.at("summary").at("judges").size(), 2u);
  EXPECT_EQ(json.at("summary").at("random_index").as_string(), "Saaty");
  EXPECT_EQ(error_of({"rank", sites_csv(dir), "--criterion", "name=years,direction=min",
                      "--weights", "swara", "--pairwise", one, "--pairwise", two},
                     2),
            "usage.pairwise");
}

TEST(RankWeights, EverySchemeOfTheLibraryIsOffered) {
  const TempDir dir;
  for (const char* scheme : {"roc", "rank-sum", "rank-reciprocal", "sd", "gini", "cilos", "idocriw",
                             "lopcow", "entropy", "critic", "merec"}) {
    const Json json =
        json_of(with(with({"rank", sites_csv(dir)}, three), {"--weights", scheme, "--draws", "0"}));
    double sum = 0.0;
    for (const auto& [name, weight] : json.at("summary").at("weights").members())
      sum += weight.as_number();
    EXPECT_NEAR(sum, 1.0, 1e-12) << scheme;
  }
  // Rank sum of three places: 3/6, 2/6, 1/6.
  const Json sums = json_of(with(with({"rank", sites_csv(dir)}, three), {"--weights", "rank-sum"}));
  EXPECT_NEAR(sums.at("summary").at("weights").at("cost_usd").as_number(), 1.0 / 3.0, 1e-12);
}

TEST(RankMethod, DistillationThresholdsAreHeard) {
  const TempDir dir;
  const Words words = with(with({"rank", sites_csv(dir)}, three), {"--method", "electre3"});
  EXPECT_EQ(error_of(with(words, {"--electre-alpha", "2"}), 2), "usage.range");
  EXPECT_EQ(error_of(with(words, {"--electre-alpha", "0.2", "--electre-beta", "0.1"}), 0), "");
}

TEST(RankWords, SayWhoIsFirstAndHowSure) {
  const TempDir dir;
  const Words words = with({"rank", sites_csv(dir)}, three);
  const auto text = [&](const Words& more) { return run_lode(with(words, more)).out; };
  EXPECT_THAT(text({"--method", "wsm", "--draws", "0"}),
              testing::HasSubstr("Beta (B) is first of 4 sites by WSM. Without draws nothing is "
                                 "known of how sure that is."));
  EXPECT_THAT(text({"--method", "wsm"}), testing::HasSubstr("Neither a weight nor a value"));
  EXPECT_THAT(text({"--method", "wsm", "--weights", "uncertain"}),
              testing::HasSubstr("of 1,000 draws"));
  EXPECT_THAT(text({"--require", "years <= 10"}),
              testing::HasSubstr("Left out before scoring: 1 of 4 sites (1 by 'years <= 10')."));
  EXPECT_THAT(text({"--criterion", "name=x,field=years,direction=max,weight=0", "--draws", "0"}),
              testing::HasSubstr("Cautions:"));
}

}  // namespace
}  // namespace lode::test
