// Slips of a study file and its tables that once passed without a word, each with its line.
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

const std::string sites = R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
)";
const std::string supply = R"([supply]
governance = "governance.csv"
production = "production.csv"
production_value = "t"
)";

class Slips : public SmallStudy {
 protected:
  Slips() {
    write("sites.csv", "id,lon,lat,word,num\nA,0,0,high,1\nB,2,0,low,2\nC,4.5,0,low,3\n");
    write("governance.csv", "iso3,wgi_eu010\nHOM,2\nALL,3.5\nOTH,5\n");
    write("production.csv", "iso3,t\nHOM,50\nALL,30\nOTH,20\n");
  }
  /// All errors of a run, "code | what | where | hint" a line.
  std::string errors(const std::string& tables, const std::string& keys = {}) const {
    try {
      (void)run(tables, keys);
    } catch (const Error& error) {
      std::string text;
      const auto add = [&](const Error& one) {
        text += one.code + " | " + one.what() + " | " +
                one.where.substr(
                    one.where.find("s.toml") == std::string::npos ? 0 : one.where.find("s.toml")) +
                " | " + one.hint + "\n";
      };
      add(error);
      for (const auto& one : error.more) add(one);
      return text;
    }
    return {};
  }
  std::string rule(const std::string& text) const { return errors(sites + "[[rules]]\n" + text); }
};

// Lines: [study] 1, title, home, as_of, allies 5, [[sites]] 6 to 9, then what a test adds from 10.

TEST_F(Slips, AMisspeltWordOfAClosedListIsRefused) {
  const std::string group = rule("field = \"group\"\nany_of = [\"domestic\", \"alied\"]\n");
  EXPECT_THAT(group, HasSubstr("study.value | 'alied' is no group"));
  EXPECT_THAT(group, HasSubstr("s.toml, line 12, rule"));
  EXPECT_THAT(group, HasSubstr("Did you mean 'allied'?"));
  EXPECT_THAT(rule("field = \"kind\"\nnone_of = [\"secundary\"]\n"), HasSubstr("'secondary'"));
  EXPECT_THAT(rule("field = \"country\"\nany_of = [\"Homeladn\"]\n"), HasSubstr("'Homeland'"));
  EXPECT_THAT(rule("field = \"class\"\nany_of = [\"infered\"]\n"), HasSubstr("'inferred'"));
}

TEST_F(Slips, AnEnglishNameCountsAsItsCode) {
  const StudyResult result =
      run(sites + "[[rules]]\nfield = \"country\"\nany_of = [\"Homeland\", \"all\"]\n");
  EXPECT_EQ(result.ranking.size(), 2u);
}

TEST_F(Slips, AWordThatNoSiteHasIsWarnedOf) {
  const StudyResult result =
      run(sites + "[[rules]]\nname = \"W\"\nfield = \"word\"\nany_of = [\"high\", \"medium\"]\n");
  const Finding finding = said(result, "ranking.unknown_word");
  EXPECT_EQ(finding.count, 1u);
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(finding.where, "W");
  EXPECT_THAT(finding.message, HasSubstr("'medium'"));
}

TEST_F(Slips, ARuleOfNumbersOnAFieldOfWordsIsNamed) {
  const std::string text = rule("name = \"N\"\nfield = \"word\"\nmin = 3\n");
  EXPECT_THAT(text, HasSubstr("study.criterion | the rule asks for numbers of 'word'"));
  EXPECT_THAT(text, HasSubstr("s.toml, line 12, rule N"));
}

TEST_F(Slips, EveryMistakeIsListedAtOnceWithItsLine) {
  const std::string text =
      errors(sites + "[[permits]]\npath = \"none.shp\"\n" + supply +
                 "quota_countries = [\"QXX\"]\nelements = [\"Nd\", \"Nd\"]\nimports = \"no.csv\"\n"
                 "[[criteria]]\nname = \"net_trio_t\"\ndirection = \"max\"\nweight = 1\n",
             "allies = [\"ALL\"]\n");
  EXPECT_THAT(text, HasSubstr("study.criterion"));
  EXPECT_THAT(text, HasSubstr("s.toml, line 20, criterion net_trio_t"));
  EXPECT_THAT(text, HasSubstr("no file 'none.shp'"));
  EXPECT_THAT(text, HasSubstr("no file 'no.csv' | s.toml, line 18"));
  EXPECT_THAT(text, HasSubstr("'QXX' is no country we know | s.toml, line 16"));
  EXPECT_THAT(text, HasSubstr("supply.duplicate_element | 'Nd' is named twice | s.toml, line 17"));
}

TEST_F(Slips, HomeAndMissingFilesStandInOneList) {
  write("h.toml", "[study]\ntitle = \"T\"\nhome = \"QQQ\"\nas_of = 2026-11-01\n" + sites +
                      "[[permits]]\npath = \"none.shp\"\n[[criteria]]\nname = \"group\"\n"
                      "direction = \"min\"\nweight = 1\n[ranking]\n");
  try {
    (void)check_study(read_study((folder_ / "h.toml").string()));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "study.country");
    EXPECT_THAT(error.where, HasSubstr("line 3"));
    ASSERT_EQ(error.more.size(), 1u);
    EXPECT_EQ(error.more[0].code, "io.missing_file");
  }
}

TEST_F(Slips, GovernanceRiskWithoutATableSaysWhichKeyIsMissing) {
  EXPECT_THAT(errors(sites + "[[criteria]]\nname = \"governance_risk\"\ndirection = \"min\"\n"
                             "weight = 1\n"),
              HasSubstr("[supply] governance is missing | s.toml, line 11"));
}

TEST_F(Slips, WhatTheRankingRefusesHasItsLine) {
  EXPECT_THAT(rule("name = \"no\"\nfield = \"group\"\nmin = 9\n"),
              HasSubstr("s.toml, line 10, no | "));
  write("j.csv", ",group,depth\ngroup,1,3\ndepth,3,1\n");
  const std::string text =
      errors(sites +
             "[[criteria]]\nname = \"group\"\ndirection = \"min\"\nweight = 0.5\n"
             "[[criteria]]\nname = \"depth\"\nfield = \"num\"\nunit = \"m\"\n"
             "direction = \"min\"\nweight = 0.5\n"
             "[ranking]\nweights = \"ahp\"\npairwise = \"j.csv\"\ndraws = 0\n");
  EXPECT_THAT(text, HasSubstr("ranking.not_reciprocal"));
  EXPECT_THAT(text, HasSubstr("j.csv, row group, column depth"));
}

TEST_F(Slips, WithoutDrawsNothingIsSaidOfThem) {
  const StudyResult result = run(sites);
  ASSERT_FALSE(result.ranking.empty());
  for (const auto& one : result.ranking)
    for (const double x : {one.rank_p05, one.rank_p50, one.rank_p95, one.first_acceptability})
      EXPECT_TRUE(std::isnan(x));
}

TEST_F(Slips, TerritoriesAreChecked) {
  const std::string tables = sites + supply + "territories = \"t.csv\"\n";
  write("t.csv", "territory_iso3,parent_iso3\nALL,OTH\nOTH,ALL\n");
  EXPECT_THAT(errors(tables), HasSubstr("supply.territory | OTH comes back to itself"));
  EXPECT_THAT(errors(tables), HasSubstr("t.csv, line 3"));
  write("t.csv", "territory_iso3,parent_iso3\nALL,OTH\nALL,HOM\n");
  EXPECT_THAT(errors(tables), HasSubstr("supply.territory | ALL has two parents"));
  write("t.csv", "territory_iso3,parent_iso3\nQXX,OTH\n");
  EXPECT_EQ(said(run(tables), "supply.unknown_country").count, 1u);
}

TEST_F(Slips, TablesOfSupplyNameTheirRows) {
  write("production.csv", "iso3,t\nHOM,50\nALL,30\nHOM,20\n");
  EXPECT_THAT(errors(sites + supply), HasSubstr("line 4, HOM"));
}

TEST_F(Slips, AnElementThatIsNoneIsWarnedOf) {
  write("stages.csv", "iso3,stage,element,share_pct\nHOM,metal,Xq,100\nALL,magnet,Nd,100\n");
  const StudyResult result = run(sites + supply + "stages = \"stages.csv\"\n");
  EXPECT_EQ(said(result, "supply.odd_element").count, 1u);
  EXPECT_THAT(said(result, "supply.odd_element").where, HasSubstr("stages.csv, line 2"));
}

TEST_F(Slips, APeriodOfATableWithoutPeriodsIsRefused) {
  write("trade.csv", "element,production_t,imports_t,exports_t\nTREO,1,2,0\n");
  EXPECT_EQ(code_of(sites + supply + "trade = \"trade.csv\"\ntrade_period = \"2024\"\n"),
            "supply.trade_period");
}

}  // namespace
}  // namespace lode::test
