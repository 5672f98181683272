// The command `explain`: sites by name, several in a row, sentences, the table it writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

using Words = std::vector<std::string>;

std::string sites_in(const TempDir& dir) {
  const std::string path = (dir / "sites.csv").string();
  std::ofstream(path) << "id,name,oxide_kt,cost_usd,years\nA,Alpha,70,30,8\nB,Beta,50,20,5\n"
                         "C,Gamma,90,55,15\nD,Delta,20,25,2\nE,Gamma,10,60,20\n";
  return path;
}

Words explain_words(const TempDir& dir, const Words& more) {
  Words words = {"explain",     sites_in(dir),
                 "--criterion", "name=oxide_kt,unit=kt,direction=max,weight=0.4,bounds=0:100",
                 "--criterion", "name=cost_usd,direction=min,weight=0.35,bounds=10:60",
                 "--criterion", "name=years,direction=min,weight=0.25,bounds=0:20",
                 "--method",    "wsm"};
  words.insert(words.begin() + 2, more.begin(), more.end());
  return words;
}

Json json_of(const TempDir& dir, const Words& more) {
  Words words = explain_words(dir, more);
  words.push_back("--json");
  const RunResult run = run_lode(words);
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  return run.json();
}

TEST(ExplainSites, FirstAgainstSecondWhenNoneIsNamed) {
  const TempDir dir;
  const Json row = json_of(dir, {}).at("results").items().at(0);
  EXPECT_EQ(row.at("rank_a").as_integer(), 1);
  EXPECT_EQ(row.at("rank_b").as_integer(), 2);
  EXPECT_EQ(row.at("a").as_string(), "B");
  const Json alone = json_of(dir, {"Delta"}).at("results").items().at(0);
  EXPECT_EQ(alone.at("a").as_string(), "B");
  EXPECT_EQ(alone.at("b").as_string(), "D");
}

TEST(ExplainSites, EachAgainstTheNextByIdOrName) {
  const TempDir dir;
  const Json json = json_of(dir, {"alpha", "B", "Delta"});
  ASSERT_EQ(json.at("results").size(), 2u);
  EXPECT_EQ(json.at("results").items().at(0).at("a").as_string(), "A");
  EXPECT_EQ(json.at("results").items().at(1).at("a").as_string(), "B");
  EXPECT_EQ(json.at("results").items().at(1).at("b").as_string(), "D");
}

TEST(ExplainSites, OfAPairThatNothingTurnsNoFlipIsOffered) {
  // A and B differ in oxide alone: all the weight on cost makes them level, and turns nothing.
  const TempDir dir;
  const std::string path = (dir / "two.csv").string();
  std::ofstream(path) << "id,oxide_kt,cost_usd\nA,70,30\n-B,50,30\n";
  const std::string out = (dir / "out.csv").string();
  const RunResult run =
      run_lode({"explain", path, "--method", "wsm", "--criterion",
                "name=oxide_kt,direction=max,weight=0.4,bounds=0:100", "--criterion",
                "name=cost_usd,direction=min,weight=0.6,bounds=10:60", "-o", out, "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.out;
  const Json json = run.json();
  const Json& row = json.at("results").items().at(0);
  EXPECT_TRUE(row.at("flip_weight").is_null());
  EXPECT_TRUE(row.at("flips").at("cost_usd").at("weight").is_null());
  // The id that a spreadsheet would run as a formula is guarded, and that is said.
  bool said = false;
  for (const auto& finding : json.at("findings").items())
    if (finding.at("code").as_string() == "output.guarded") {
      said = true;
      EXPECT_THAT(finding.at("message").as_string(), testing::HasSubstr("in b"));
      EXPECT_GE(finding.at("count").as_integer(), 2);
    }
  EXPECT_TRUE(said);
}

TEST(ExplainSites, AnUnknownChoiceIsListedOnce) {
  const TempDir dir;
  const RunResult run = run_lode(explain_words(dir, {"--weights", "bogus"}));
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err.find("cilos"), run.err.rfind("cilos")) << run.err;
}

TEST(ExplainSites, ANameOfSeveralIsRefused) {
  const TempDir dir;
  Words words = explain_words(dir, {"A", "Gamma"});
  words.push_back("--json");
  const RunResult run = run_lode(words);
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.json().at("error").at("code").as_string(), "ranking.ambiguous_site");
  EXPECT_THAT(run.json().at("error").at("hint").as_string(), testing::HasSubstr("C, E"));
}

TEST(ExplainSites, WordsAgreeWithTheNumbers) {
  const TempDir dir;
  const Json json = json_of(dir, {"A", "B"});
  const Json row = json.at("results").items().at(0);
  EXPECT_EQ(row.at("words").items().at(0).as_string(),
            "Beta (B) stands above Alpha (A) by 0.0275 (weighted sum, 0 to 1).");
  EXPECT_EQ(row.at("values").at("oxide_kt").at("a").as_number(), 70.0);
  EXPECT_EQ(row.at("values").at("oxide_kt").at("better").as_string(), "A");
  const Json stable = json.at("summary").at("stability").items().at(0);
  EXPECT_EQ(stable.at("criterion").as_string(), "oxide_kt");
  EXPECT_NEAR(stable.at("high").as_number(), 43.0 / 91, 1e-12);  // A passes B there
  EXPECT_EQ(stable.at("first_above").as_string(), "A");
}

TEST(ExplainSites, WritesARowACriterion) {
  const TempDir dir;
  const std::string path = (dir / "why.csv").string();
  Words words = explain_words(dir, {"A", "B", "C"});
  words.insert(words.end(), {"-o", path});
  ASSERT_EQ(run_lode(words).exit_code, 0);
  const std::string text = slurp(path);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 7);
  EXPECT_THAT(text, testing::StartsWith("a,b,criterion,unit,weight,value_a,value_b,"));
  EXPECT_THAT(text, testing::HasSubstr("A,B,oxide_kt,kt,0.4,70,50,"));
  EXPECT_EQ(run_lode(words).exit_code, 1);  // there already
}

TEST(ExplainSites, TopsisHasItsDistances) {
  const TempDir dir;
  Words words = explain_words(dir, {"A", "B"});
  words.back() = "topsis";
  words.push_back("--json");
  const Json row = run_lode(words).json().at("results").items().at(0);
  // A: merits 0.7 0.6 0.6; D- = |(0.28, 0.21, 0.15)|.
  EXPECT_NEAR(row.at("topsis").at("d_minus").at("a").as_number(), 0.38078865529319544, 1e-14);
}

}  // namespace
}  // namespace lode::test
