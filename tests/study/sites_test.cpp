// Whose sites they are: country by field and by place, groups, alliances, sites without a place.
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

const std::string by_place = R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
)";
const std::string by_field = by_place + "country = \"iso3\"\n";

class Sites : public SmallStudy {
 protected:
  static std::string group_of(const StudyResult& result, const std::string& id) {
    for (const auto& site : result.sites)
      if (site.id == id) return site.country + " " + site.group;
    return "no such site";
  }
};

TEST_F(Sites, GroupsFollowTheCountry) {
  write("sites.csv", "id,iso3,lon,lat\nA,HOM,0.5,0.5\nB,Allyland,2,0\nC,oth,4.5,0\n");
  const StudyResult result = run(by_field);
  EXPECT_EQ(group_of(result, "A"), "HOM domestic");
  EXPECT_EQ(group_of(result, "B"), "ALL allied");
  EXPECT_EQ(group_of(result, "C"), "OTH other");
  const Cell group = cell(result, "group", "B");
  EXPECT_EQ(group.value, 1.0);
  EXPECT_EQ(group.unit, "0 domestic, 1 allied, 2 other");
  EXPECT_EQ(group.source, "sites.csv, line 3: country ALL");
  EXPECT_EQ(value(result, "group", "A"), 0.0);
  EXPECT_EQ(value(result, "group", "C"), 2.0);
  EXPECT_FALSE(result.findings.has("study.offshore"));
  EXPECT_FALSE(result.findings.has("study.no_country"));
  EXPECT_FALSE(result.findings.has("study.country_differs"));
}

TEST_F(Sites, OffACoastTheNearestCountryWithinTenKilometresCounts) {
  // Along the equator, 111.319 km a degree. P: 6.68 km from HOM, 10.02 from ALL; Q the other way
  // round; R is 8.91 km off ALL's far coast.
  write("sites.csv", "id,lon,lat\nP,1.06,0\nQ,1.09,0\nR,3.08,0\n");
  const StudyResult result = run(by_place);
  EXPECT_EQ(group_of(result, "P"), "HOM domestic");
  EXPECT_EQ(group_of(result, "Q"), "ALL allied");
  EXPECT_EQ(group_of(result, "R"), "ALL allied");
  EXPECT_EQ(value(result, "group", "P"), 0.0);
  EXPECT_EQ(value(result, "group", "Q"), 1.0);
  EXPECT_EQ(said(result, "study.offshore").count, 3u);
  EXPECT_EQ(said(result, "study.offshore").severity, Severity::note);
  EXPECT_THAT(said(result, "study.offshore").message, HasSubstr("(first: P)"));
}

TEST_F(Sites, BeyondTenKilometresThereIsNoCountry) {
  // 3.09 E is 10.02 km off ALL; 3.5 E is far from all.
  write("sites.csv", "id,lon,lat\nA,0,0\nX,3.09,0\nY,3.5,0\n");
  const StudyResult result = run(by_place);
  EXPECT_EQ(group_of(result, "X"), " other");
  EXPECT_EQ(group_of(result, "Y"), " other");
  EXPECT_EQ(value(result, "group", "Y"), 2.0);
  EXPECT_EQ(cell(result, "group", "Y").source, "sites.csv, line 4: country unknown");
  EXPECT_EQ(said(result, "study.no_country").count, 2u);
  EXPECT_EQ(said(result, "study.no_country").severity, Severity::warning);
  EXPECT_THAT(said(result, "study.no_country").message, HasSubstr("(first: X)"));
  EXPECT_FALSE(result.findings.has("study.offshore"));
}

TEST_F(Sites, AnOldAllianceIsSaidAndStillCounts) {
  write("sites.csv", "id,iso3,lon,lat\nA,HOM,0.5,0.5\nB,ALL,2,0\nC,OTH,4.5,0\n");
  write("alliances.csv", "group,iso3,valid_as_of\nPACT,ALL,2025\nPACT,HOM,2026\nCLUB,OTH,1999\n");
  const StudyResult result = run(by_field, "allies = \"PACT\"\nalliances = \"alliances.csv\"\n");
  const Finding finding = said(result, "study.alliance_age");
  EXPECT_EQ(finding.count, 1u);
  EXPECT_EQ(finding.where, "alliances.csv, PACT");
  EXPECT_THAT(finding.message, HasSubstr("as of 2025, older than the study's date 2026-11-01"));
  EXPECT_EQ(result.allies, (std::vector<std::string>{"ALL", "HOM"}));
  EXPECT_EQ(value(result, "group", "A"), 0.0);
  EXPECT_EQ(value(result, "group", "B"), 1.0);
  EXPECT_EQ(value(result, "group", "C"), 2.0);
}

TEST_F(Sites, AnAllianceOfTheYearIsNotOld) {
  write("sites.csv", "id,iso3,lon,lat\nA,HOM,0.5,0.5\n");
  write("alliances.csv", "group,iso3,valid_as_of\nPACT,ALL,2026\nCLUB,OTH,1999\n");
  EXPECT_FALSE(run(by_field, "allies = \"PACT\"\nalliances = \"alliances.csv\"\n")
                   .findings.has("study.alliance_age"));
}

TEST_F(Sites, WithoutAPlaceTheyAreCountedNotRanked) {
  write("sites.csv", "id,iso3,lon,lat\nA,HOM,0.5,0.5\nB,ALL,,\n");
  const StudyResult result = run(by_field);
  EXPECT_EQ(said(result, "study.unlocated").count, 1u);
  EXPECT_EQ(figure(result, "sites read"), 2.0);
  EXPECT_EQ(figure(result, "sites without a place"), 1.0);
  EXPECT_EQ(figure(result, "sites ranked"), 1.0);
  ASSERT_EQ(result.left_out.size(), 1u);
  EXPECT_EQ(result.left_out[0].site_id, "B");
  EXPECT_EQ(result.left_out[0].reason, "it has no place");
  EXPECT_EQ(value(result, "group", "B"), 1.0);  // its country is known
}

TEST_F(Sites, WithoutSitesThereIsNoStudy) {
  // A study file and the readers of layers refuse it first; a program that uses the library may
  // not.
  StudyFile study;
  study.home = "HOM";
  try {
    (void)run_study(study);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "study.no_sites");
  }
  write("sites.csv", "id,iso3,lon,lat\nA,HOM,0.5,0.5\n");
  EXPECT_EQ(code_of(by_field + "where = \"id = 'B'\"\n"), "io.empty_layer");
  write("sites.csv", "id,iso3,lon,lat\nA,HOM,,\n");
  EXPECT_EQ(code_of(by_field), "geometry.missing");
}

}  // namespace
}  // namespace lode::test
