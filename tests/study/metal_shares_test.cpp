// Shares of elements and groups: by hand, and through a study whose demand names single elements.
#include "libgeo/study/metal_shares.h"

#include "tests/error_code.h"
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

SiteFacts facts_of(std::map<std::string, double> elements, double ndpr = unknown,
                   double dytb = unknown) {
  SiteFacts facts;
  facts.ndpr_share = ndpr;
  facts.dytb_share = dytb;
  facts.element_share = std::move(elements);
  join_shares(facts, "sites.csv, row 1");
  return facts;
}

TEST(MetalShares, GroupsAreTheSumsOfTheirElements) {
  const SiteFacts facts =
      facts_of({{"Nd", 0.15}, {"Pr", 0.05}, {"Dy", 0.01}, {"Tb", 0.002}, {"La", 0.25}});
  EXPECT_NEAR(metal_share(facts, "NdPr"), 0.20, 1e-15);
  EXPECT_NEAR(metal_share(facts, "DyTb"), 0.012, 1e-15);
  EXPECT_NEAR(metal_share(facts, "MREO"), 0.212, 1e-15);
  EXPECT_NEAR(metal_share(facts, "LaNd"), 0.40, 1e-15);
  EXPECT_EQ(metal_share(facts, "TREO"), 1.0);
  EXPECT_TRUE(std::isnan(metal_share(facts, "Ce")));
  EXPECT_TRUE(std::isnan(metal_share(facts, "LaCe")));
}

TEST(MetalShares, TheRestOfAGroupIsItsOtherElement) {
  const SiteFacts facts = facts_of({{"Nd", 0.15}, {"Tb", 0.002}}, 0.2, 0.012);
  EXPECT_NEAR(metal_share(facts, "Pr"), 0.05, 1e-15);
  EXPECT_NEAR(metal_share(facts, "Dy"), 0.01, 1e-15);
  EXPECT_EQ(metal_share(facts, "NdPr"), 0.2);
  EXPECT_TRUE(std::isnan(metal_share(facts_of({}, 0.2), "Nd")));
  EXPECT_TRUE(std::isnan(metal_share(facts_of({{"Nd", 0.15}}), "NdPr")));
}

/// Blocks that give NdPr a new share leave Nd to Pr at 3 to 1.
TEST(MetalShares, AGroupThatIsFoundAnewKeepsTheRatio) {
  SiteFacts facts = facts_of({{"Nd", 0.15}, {"Pr", 0.05}});
  facts.ndpr_share = 0.24;
  EXPECT_NEAR(metal_share(facts, "Nd"), 0.18, 1e-15);
  EXPECT_NEAR(metal_share(facts, "Pr"), 0.06, 1e-15);
}

TEST(MetalShares, WhatCannotBeIsRefused) {
  const auto code = [](std::map<std::string, double> elements, double ndpr = unknown) {
    return test::code_of([&] { (void)facts_of(std::move(elements), ndpr); });
  };
  EXPECT_EQ(code({{"Nd", 0.15}, {"Pr", 0.05}}, 0.201), "");  // rounded apart
  EXPECT_EQ(code({{"Nd", 0.15}, {"Pr", 0.05}}, 0.25), "deposit.share");
  EXPECT_EQ(code({{"Nd", 0.25}}, 0.2), "deposit.share");
  EXPECT_EQ(code({{"La", 1.2}}), "deposit.share");
  EXPECT_EQ(code({{"La", -0.1}}), "deposit.share");
  EXPECT_EQ(code({{"La", 0.5}, {"Ce", 0.6}}), "deposit.share");
  EXPECT_EQ(code({{"La", 0.3}, {"Ce", 0.6}}, 0.4), "deposit.share");  // NdPr beside them
}

TEST(MetalShares, PartsMakeUpAMetalOrAreNone) {
  const std::vector<std::string> names = {"Dy", "Nd", "La", "Pr"};
  EXPECT_EQ(parts_of_metal(names, "NdPr"), (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(parts_of_metal(names, "Dy"), (std::vector<std::size_t>{0}));
  EXPECT_TRUE(parts_of_metal(names, "DyTb").empty());
  EXPECT_TRUE(parts_of_metal({"NdPr"}, "Nd").empty());
}

class SingleMetals : public SmallStudy {
 protected:
  SingleMetals() {
    write("sites.csv",
          "id,lon,lat,rate,nd,pr,dy,tb,la,ce,ndpr,cost\n"
          "A,0,0,1000,15,5,1,0.2,25,48,,10\n"
          "B,2,0,500,,,,,,,20,10\n");
    write("more.csv",
          "id,country,capacity_t_per_year,share_Nd,share_Pr,share_La,opex_usd_per_kg,operating\n"
          "X,HOM,100,0.6,0.2,0.1,5,1\n");
  }
  [[nodiscard]] StudyResult with(const std::string& demand) const {
    write("demand.csv", demand);
    std::string keys =
        "[[sites]]\npath = \"sites.csv\"\nid = \"id\"\nkind = \"primary\"\n"
        "rate = { field = \"rate\", unit = \"t/yr\" }\n"
        "ndpr_share = { field = \"ndpr\", unit = \"%\" }\n"
        "opex = { field = \"cost\", unit = \"USD/kg\" }\n";
    for (const std::string element : {"nd", "pr", "dy", "tb", "la", "ce"})
      keys += element + "_share = { field = \"" + element + "\", unit = \"%\" }\n";
    return run(keys + "[supply]\ndemand = \"demand.csv\"\ncandidates = \"more.csv\"\n");
  }
};

TEST_F(SingleMetals, EachMetalOfTheDemandIsCarried) {
  const StudyResult single = with("year,Nd_t,Pr_t,Dy_t,Tb_t,La_t,Ce_t\n2027,150,50,10,2,100,100\n");
  const auto& sources = single.supply->sources;
  EXPECT_EQ(sources.metals, (std::vector<std::string>{"Nd", "Pr", "Dy", "Tb", "La", "Ce"}));
  ASSERT_EQ(sources.list.size(), 2u);  // B says NdPr alone: how much is Nd it does not tell
  const std::vector<double> expected = {0.15, 0.05, 0.01, 0.002, 0.25, 0.48};
  for (std::size_t m = 0; m < expected.size(); ++m)
    EXPECT_NEAR(sources.list[0].share[m], expected[m], 1e-15) << sources.metals[m];
  EXPECT_EQ(sources.list[1].share, (std::vector<double>{0.6, 0.2, 0.0, 0.0, 0.1, 0.0}));
  EXPECT_EQ(said(single, "study.not_a_source").count, 1u);
  // 1000 t of A: the tonnes of the group are those of its elements, in either demand.
  const StudyResult grouped = with("year,NdPr_t,DyTb_t\n2027,200,12\n");
  const auto& groups = grouped.supply->sources.list;
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_NEAR(groups[0].share[0], sources.list[0].share[0] + sources.list[0].share[1], 1e-15);
  EXPECT_NEAR(groups[0].share[1], sources.list[0].share[2] + sources.list[0].share[3], 1e-15);
  EXPECT_EQ(groups[1].share[0], 0.2);
  EXPECT_NEAR(groups[2].share[0], 0.8, 1e-15);  // Nd and Pr of the table of candidates
  EXPECT_NEAR(value(grouped, "ndpr_t_per_yr", "A"), 200.0, 1e-9);
}

TEST_F(SingleMetals, ReportedElementsAreShares) {
  write("reported.csv",
        "id,ore,La2O3_pct,CeO2_pct,Pr6O11_pct,Nd2O3_pct,Dy2O3_pct\nA,1000,2,4,0.5,1.5,0.1\n");
  write("demand.csv", "year,Nd_t,Pr_t,La_t,Dy_t\n2027,1,1,1,1\n");
  const StudyResult result =
      run("[[sites]]\npath = \"sites.csv\"\nid = \"id\"\nkind = \"primary\"\n"
          "rate = { field = \"rate\", unit = \"t/yr\" }\n"
          "opex = { field = \"cost\", unit = \"USD/kg\" }\n"
          "[[reported]]\npath = \"reported.csv\"\nmatch = \"id\"\nid = \"id\"\n"
          "ore = { field = \"ore\", unit = \"t\" }\nelements = \"columns\"\n"
          "[supply]\ndemand = \"demand.csv\"\ncandidates = \"more.csv\"\n");
  // TREO is 8.1 %.
  const auto& a = result.supply->sources.list.front();
  EXPECT_NEAR(a.share[0], 1.5 / 8.1, 1e-12);
  EXPECT_NEAR(a.share[1], 0.5 / 8.1, 1e-12);
  EXPECT_NEAR(a.share[2], 2.0 / 8.1, 1e-12);
  EXPECT_NEAR(a.share[3], 0.1 / 8.1, 1e-12);
}

TEST_F(SingleMetals, SharesThatDisagreeAreTold) {
  write("sites.csv",
        "id,lon,lat,rate,nd,pr,dy,tb,la,ce,ndpr,cost\nA,0,0,1000,15,5,1,0.2,25,48,30,10\n");
  try {
    (void)with("year,Nd_t\n2027,1\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "deposit.share");
    EXPECT_STREQ(error.what(), "Nd and Pr are 20 % of TREO, and NdPr is 30 %");
    EXPECT_THAT(error.where, HasSubstr("sites.csv"));
  }
}

}  // namespace
}  // namespace lode::test
