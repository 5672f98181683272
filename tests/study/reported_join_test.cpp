// Reported resources joined to sites: what each join does to the tonnes, reckoned by hand.
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

const std::string sites = R"([[sites]]
path = "sites.csv"
id = "id"
name = "name"
kind = "primary"
country = "iso3"
ore = { field = "own_Mt", unit = "Mt" }
grade = { field = "own_pct", unit = "%" }
ndpr_share = { field = "own_ndpr_pct", unit = "%" }
)";
const std::string reported = R"([[reported]]
path = "reported.csv"
name = "name"
ore = { field = "ore_Mt", unit = "Mt" }
)";
const std::string graded = reported + "grade = { field = \"treo_pct\", unit = \"%\" }\n";
const std::string by_country = graded + "country = \"iso3\"\n";
const std::string suite = reported + "elements = \"columns\"\n";
const std::string element_rows = R"([[reported]]
path = "rows.csv"
name = "name"
elements = "rows"
id = "record"
element = "metal"
element_grade = "grade_ppm"
ore = { field = "ore_Mt", unit = "Mt" }
)";

class ReportedJoin : public SmallStudy {
 protected:
  /// Alpha's own row says 1 Mt at 1 %: 10,000 t; Beta's 2 Mt at 1 %: 20,000 t.
  ReportedJoin() {
    write("sites.csv",
          "id,name,iso3,lon,lat,own_Mt,own_pct,own_ndpr_pct\n"
          "A,Alpha Hill,HOM,0.5,0,1,1,10\nB,Beta Pit (North),ALL,2,0,2,1,10\n");
  }
  static std::size_t warnings(const StudyResult& result) {
    std::size_t count = 0;
    for (const auto& finding : result.findings.list())
      if (finding.code.starts_with("study.reported") && finding.severity != Severity::note) ++count;
    return count;
  }
};

TEST_F(ReportedJoin, OneMatchGivesExactlyItsTonnage) {
  write("reported.csv", "name,ore_Mt,treo_pct\nALPHA HILL,10,2\nBeta Pit (North),4,0.5\n");
  const StudyResult result = run(sites + graded);
  // 10 Mt at 2 % and 4 Mt at 0.5 %, in place of the sites' own figures, not beside them.
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "A"), 200e3);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "B"), 20e3);
  EXPECT_DOUBLE_EQ(value(result, "treo_grade_pct", "A"), 2.0);
  EXPECT_DOUBLE_EQ(value(result, "net_ndpr_t", "A"), 20e3);  // the row's own 10 % of TREO
  const Cell gross = cell(result, "gross_treo_t", "A");
  EXPECT_EQ(gross.unit, "t");
  EXPECT_THAT(gross.source, HasSubstr("reported.csv, 'ALPHA HILL', reported ore tonnage"));
  EXPECT_THAT(gross.source, HasSubstr("shares from sites.csv, line 2"));
  EXPECT_EQ(said(result, "study.reported_joined").count, 2u);
  EXPECT_EQ(said(result, "study.reported_joined").severity, Severity::note);
  EXPECT_EQ(figure(result, "sites with a reported resource joined"), 2.0);
  EXPECT_EQ(warnings(result), 0u);
}

TEST_F(ReportedJoin, WhatNoSiteTakesIsSaidAndNotCounted) {
  write("reported.csv", "name,ore_Mt,treo_pct\nAlpha Hill,10,2\nGamma,99,9\nDelta,99,9\n");
  const StudyResult result = run(sites + graded);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "A"), 200e3);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "B"), 20e3);  // its own row
  EXPECT_EQ(said(result, "study.reported_unused").count, 2u);
  EXPECT_EQ(said(result, "study.reported_joined").count, 1u);
}

TEST_F(ReportedJoin, WhenNothingFitsNothingIsSaidToBeJoined) {
  write("reported.csv", "name,ore_Mt,treo_pct\nGamma,99,9\n");
  const StudyResult result = run(sites + graded);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "A"), 10e3);
  EXPECT_EQ(said(result, "study.reported_joined").count, 0u);
  EXPECT_EQ(said(result, "study.reported_unused").count, 1u);
}

TEST_F(ReportedJoin, SeveralRowsOfOneNameJoinNone) {
  write("reported.csv", "name,ore_Mt,treo_pct\nAlpha Hill,10,2\nAlpha-Hill,30,3\n");
  const StudyResult result = run(sites + graded);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "A"), 10e3);  // neither 200,000 nor their sum
  EXPECT_EQ(said(result, "study.reported_ambiguous").count, 1u);
  EXPECT_THAT(said(result, "study.reported_ambiguous").message, HasSubstr("(first: Alpha Hill)"));
  EXPECT_EQ(said(result, "study.reported_joined").count, 0u);
  EXPECT_EQ(figure(result, "sites with a reported resource joined"), 0.0);
}

TEST_F(ReportedJoin, TheCountryTellsNamesakesApart) {
  write("reported.csv",
        "name,iso3,ore_Mt,treo_pct\nAlpha Hill,OTH,30,3\nAlpha Hill,Homeland,10,2\n");
  const StudyResult result = run(sites + by_country);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "A"), 200e3);
  EXPECT_EQ(said(result, "study.reported_ambiguous").count, 0u);
  EXPECT_EQ(said(result, "study.reported_unused").count, 1u);
  EXPECT_THAT(said(result, "study.reported_unused").message, HasSubstr("name and country"));
}

TEST_F(ReportedJoin, WhatStandsInBracketsMayDiffer) {
  write("reported.csv", "name,ore_Mt,treo_pct\nBeta Pit [all lenses],4,3\n");
  EXPECT_DOUBLE_EQ(value(run(sites + graded), "gross_treo_t", "B"), 120e3);
}

TEST_F(ReportedJoin, OneRowAtTwoSitesIsCountedAtEachAndSaid) {
  write("sites.csv",
        "id,name,iso3,lon,lat,own_Mt,own_pct,own_ndpr_pct\n"
        "A,Alpha (east),HOM,0.5,0,1,1,10\nB,Alpha (west),HOM,0.6,0,2,1,10\n");
  write("reported.csv", "name,ore_Mt,treo_pct\nAlpha,10,2\n");
  const StudyResult result = run(sites + graded);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "A"), 200e3);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "B"), 200e3);
  EXPECT_EQ(said(result, "study.reported_twice").count, 1u);
  EXPECT_EQ(said(result, "study.reported_twice").severity, Severity::warning);
  EXPECT_EQ(said(result, "study.reported_joined").count, 2u);
}

TEST_F(ReportedJoin, ByIdNamesDoNotMatter) {
  write("reported.csv", "name,site,ore_Mt,treo_pct\nAlpha Hill,B,10,2\n");
  const StudyResult result = run(sites + graded + "match = \"id\"\nid = \"site\"\n");
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "A"), 10e3);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "B"), 200e3);
}

TEST_F(ReportedJoin, TheReportedClassReplacesTheSitesOwn) {
  write("reported.csv", "name,ore_Mt,treo_pct,class\nAlpha Hill,10,2,Indicated\n");
  const StudyResult result = run(sites + graded + "confidence = \"class\"\n");
  EXPECT_DOUBLE_EQ(value(result, "resource_confidence", "A"), 0.8);
  EXPECT_EQ(cell(result, "resource_confidence", "A").source,
            "reported.csv, 'Alpha Hill': class 'indicated' counts 0.8");
  EXPECT_TRUE(std::isnan(value(result, "resource_confidence", "B")));
}

// Oxide factors from CIAAW's atomic weights: La 138.90547, Ce 140.116, Pr 140.90766, Nd 144.242,
// Dy 162.500, O 15.999.
constexpr double la2o3 = 1.1727686, ceo2 = 1.2283679, pr6o11 = 1.2081611, nd2o3 = 1.1663766,
                 dy2o3 = 1.1476831;

TEST_F(ReportedJoin, ASuiteOfElementsIsSummedAsOxides) {
  write("reported.csv",
        "name,ore_Mt,La_ppm,Ce_ppm,Pr_ppm,Nd_ppm,Dy_ppm\nAlpha Hill,10,1000,2000,300,800,10\n");
  const StudyResult result = run(sites + suite);
  const double ndpr = 300 * pr6o11 + 800 * nd2o3, dytb = 10 * dy2o3;
  const double treo = 1000 * la2o3 + 2000 * ceo2 + ndpr + dytb;  // ppm, 10 t a ppm
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), 10 * treo, 0.1);
  EXPECT_NEAR(value(result, "net_ndpr_t", "A"), 10 * ndpr, 0.05);
  EXPECT_NEAR(value(result, "net_dytb_t", "A"), 10 * dytb, 0.001);
  EXPECT_NEAR(value(result, "net_mreo_t", "A"), 10 * (ndpr + dytb), 0.05);
  EXPECT_NEAR(value(result, "mreo_share_pct", "A"), 100 * (ndpr + dytb) / treo, 1e-4);
  // Ten of fifteen are not reported: counted, and said to be a lower bound.
  EXPECT_TRUE(result.findings.has("oxides.partial_suite"));
  EXPECT_FALSE(result.findings.has("study.partial_suite"));
  EXPECT_THAT(cell(result, "treo_grade_pct", "A").source, HasSubstr("10 of 15 not reported"));
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "B"), 20e3);
}

TEST_F(ReportedJoin, ASuiteWithoutTheMainFourIsNoTreo) {
  // Beta's three elements would sum to 4,100 ppm: a false TREO. Its own 1 % stays.
  write("reported.csv",
        "name,ore_Mt,La_ppm,Ce_ppm,Pr_ppm,Nd_ppm,Dy_ppm\nAlpha Hill,10,1000,2000,300,800,10\n"
        "Beta Pit,5,1000,2000,300,,10\n");
  const StudyResult result = run(sites + suite);
  EXPECT_DOUBLE_EQ(value(result, "treo_grade_pct", "B"), 1.0);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "B"), 50e3);  // 5 Mt reported at the row's 1 %
  EXPECT_DOUBLE_EQ(value(result, "net_ndpr_t", "B"), 5e3);
  EXPECT_EQ(said(result, "study.partial_suite").count, 1u);
  EXPECT_EQ(said(result, "study.partial_suite").where, "reported.csv");
  EXPECT_THAT(said(result, "study.partial_suite").message,
              HasSubstr("(first: Beta Pit, 11 of 15 missing)"));
}

TEST_F(ReportedJoin, AStatedTreoLeavesTheSharesOfTheRow) {
  write("reported.csv", "name,ore_Mt,TREO_pct\nAlpha Hill,10,2\n");
  const StudyResult result = run(sites + suite);
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "A"), 200e3);
  EXPECT_DOUBLE_EQ(value(result, "net_ndpr_t", "A"), 20e3);
  EXPECT_EQ(said(result, "study.partial_suite").count, 0u);
}

TEST_F(ReportedJoin, PricesGiveTheBasketOfATonneOfOre) {
  write("reported.csv", "name,ore_Mt,La_ppm,Ce_ppm,Pr_ppm,Nd_ppm\nAlpha Hill,10,1000,2000,0,800\n");
  write("prices.csv", "oxide,price_usd_per_kg\nNd2O3,100\nCeO2,1\n");
  const StudyResult result = run(sites + suite + "[supply]\nprices = \"prices.csv\"\n");
  // ppm of ore is grams a tonne: 933.1 g at 0.1 USD and 2,456.7 g at 0.001 USD.
  const Cell basket = cell(result, "basket_usd_per_t", "A");
  EXPECT_NEAR(basket.value, 800 * nd2o3 * 0.1 + 2000 * ceo2 * 0.001, 1e-3);
  EXPECT_EQ(basket.unit, "USD/t");
  EXPECT_THAT(basket.source, HasSubstr("oxides x prices of prices.csv"));
}

// ---- one row a deposit and element

const std::string header = "record,name,iso3,metal,grade_ppm,ore_Mt\n";
const std::string alpha_rows =
    "a1,Alpha Hill,HOM,Lanthanum,1000,10\na1,Alpha Hill,HOM,Cerium,2000,10\n"
    "a1,Alpha Hill,HOM,Praseodymium,300,10\na1,Alpha Hill,HOM,Neodymium,800,10\n";

TEST_F(ReportedJoin, ElementRowsCountTheirTonnageOnce) {
  write("rows.csv", header + alpha_rows);
  const StudyResult result = run(sites + element_rows);
  const double treo = 1000 * la2o3 + 2000 * ceo2 + 300 * pr6o11 + 800 * nd2o3;
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), 10 * treo, 0.1);  // 10 Mt, not 40
  EXPECT_NEAR(value(result, "treo_grade_pct", "A"), treo / 1e4, 1e-6);
  EXPECT_EQ(said(result, "reported.tonnage_repeated").count, 3u);
  EXPECT_EQ(said(result, "study.reported_joined").count, 1u);
  EXPECT_EQ(warnings(result), 0u);
}

TEST_F(ReportedJoin, ElementRowsAreToldApartByCountry) {
  write("rows.csv", header + alpha_rows +
                        "z9,Alpha Hill,OTH,Lanthanum,9000,70\nz9,Alpha Hill,OTH,Cerium,9000,70\n");
  EXPECT_EQ(said(run(sites + element_rows), "study.reported_ambiguous").count, 1u);
  const StudyResult result = run(sites + element_rows + "country = \"iso3\"\n");
  EXPECT_NEAR(value(result, "gross_treo_t", "A"),
              10 * (1000 * la2o3 + 2000 * ceo2 + 300 * pr6o11 + 800 * nd2o3), 0.1);
  EXPECT_EQ(said(result, "study.reported_unused").count, 1u);
}

TEST_F(ReportedJoin, RowsThatContradictEachOtherGiveNoTonnage) {
  write("rows.csv", header + alpha_rows + "a1,Alpha Hill,HOM,Samarium,50,11\n");
  const StudyResult result = run(sites + element_rows);
  EXPECT_TRUE(result.findings.has("reported.tonnage_differs"));
  // The row's own ore of 1 Mt stays, at the reported grade.
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), 1e6 * value(result, "treo_grade_pct", "A") / 100,
              1e-6);
}

TEST_F(ReportedJoin, ElementRowsReadAsDepositsAreRefused) {
  // Taken row by row, Gamma's one line would make its neodymium a TREO, and Alpha's would be
  // four deposits of 10 Mt.
  write("rows.csv", header + alpha_rows + "g1,Gamma,HOM,Neodymium,700,3\n");
  const std::string plain = R"([[reported]]
path = "rows.csv"
name = "name"
ore = { field = "ore_Mt", unit = "Mt" }
grade = { field = "grade_ppm", unit = "ppm" }
)";
  EXPECT_EQ(code_of(sites + plain), "study.element_rows");
  EXPECT_EQ(code_of(sites + plain + "country = \"iso3\"\n"), "study.element_rows");
  EXPECT_EQ(code_of(sites + plain + "match = \"id\"\nid = \"record\"\n"), "study.element_rows");
  // A deposit a row may well have a column of its main element.
  write("rows.csv",
        header + "a1,Alpha Hill,HOM,Neodymium,700,3\nb1,Beta Pit,ALL,Lanthanum,900,3\n");
  EXPECT_DOUBLE_EQ(value(run(sites + plain), "gross_treo_t", "A"), 2100.0);
}

TEST_F(ReportedJoin, ElementRowsAreNoSites) {
  // One deposit of 10 Mt, not four: with an id a deposit they cannot be told apart, with an id a
  // row they would each count all of its ore.
  write("rows.csv",
        "row,id,name,iso3,metal,own_pct,own_Mt,own_ndpr_pct,lon,lat\n"
        "1,a1,Alpha Hill,HOM,La,1,10,10,0.5,0\n2,a1,Alpha Hill,HOM,Ce,2,10,10,0.5,0\n");
  std::string as_sites = sites;
  as_sites.replace(as_sites.find("sites.csv"), 9, "rows.csv");
  EXPECT_EQ(code_of(as_sites), "study.element_rows");
  as_sites.replace(as_sites.find("id = \"id\""), 9, "id = \"row\"");
  EXPECT_EQ(code_of(as_sites), "study.element_rows");
  // Two pits of one name that lie apart are two sites, whatever they are mined for.
  write("rows.csv",
        "row,id,name,iso3,metal,own_pct,own_Mt,own_ndpr_pct,lon,lat\n"
        "1,a1,Alpha Hill,HOM,La,1,10,10,0.5,0\n2,a2,Alpha Hill,HOM,Ce,2,10,10,0.7,0\n");
  EXPECT_DOUBLE_EQ(value(run(as_sites), "gross_treo_t", "2"), 200e3);
}

TEST_F(ReportedJoin, OreOfElementRowsIsOneFieldWithOneUnit) {
  write("rows.csv", header + alpha_rows);
  const auto with_ore = [&](const std::string& ore) {
    std::string text = element_rows;
    text.replace(text.find("ore = "), std::string::npos, "ore = " + ore + "\n");
    return sites + text;
  };
  EXPECT_EQ(code_of(with_ore("{ value = \"10 Mt\" }")), "study.value");
  EXPECT_EQ(code_of(with_ore("{ field = \"ore_Mt\", unit = \"Mt\", low = \"ore_Mt\" }")),
            "study.value");
  EXPECT_EQ(code_of(with_ore("{ field = \"ore_Mt\", unit = \"Mt\" }\nore_unit = \"metal\"")),
            "study.value");
  EXPECT_DOUBLE_EQ(
      value(run(with_ore("{ field = \"ore_Mt\", unit = \"kt\" }")), "gross_treo_t", "A"),
      1e-3 * value(run(with_ore("{ field = \"ore_Mt\", unit = \"Mt\" }")), "gross_treo_t", "A"));
}

TEST_F(ReportedJoin, WengsTableAsPublished) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "the real data are not here: set LODE_DATA to their folder";
  options_.data = data;
  write("sites.csv",
        "id,name,iso3,lon,lat,own_Mt,own_pct,own_ndpr_pct\nA,Mountain Pass,HOM,0.5,0,,,\n"
        "B,Buckton,ALL,2,0,,,\n");
  const std::string weng = R"([[reported]]
path = "res_ree_weng2015/ree_grades_tonnage.csv"
name = "name"
ore = "ore"
)";
  const StudyResult result = run(sites + weng + R"(elements = "rows"
element_grade_unit = "grade_unit"
ore_unit = "ore_unit"
)");
  // Contained oxide and its NdPr as summed elsewhere from the same publication, in kt and per cent.
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), 1368.65e3, 15.0);
  EXPECT_NEAR(value(result, "gross_treo_t", "B"), 1226.24e3, 15.0);
  EXPECT_NEAR(value(result, "net_ndpr_t", "A"), 1368.65e3 * 0.15027, 15.0);
  EXPECT_EQ(said(result, "study.reported_joined").count, 2u);
  EXPECT_EQ(code_of(sites + weng + "grade = { field = \"grade\", unit = \"ppm\" }\n"),
            "study.element_rows");
}

}  // namespace
}  // namespace lode::test
