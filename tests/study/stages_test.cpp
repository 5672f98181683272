// Each stage of a study against values from closed forms: squares on the equator, round figures.
#include "libgeo/geometry/measure.h"
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

class Stages : public SmallStudy {
 protected:
  static constexpr const char* square_site = R"([[sites]]
path = "squares.geojson"
id = "id"
kind = "primary"
ore = { value = "1 Mt" }
grade = { value = "5 %" }
)";
  static constexpr const char* point_site = R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
ore = { value = "1 Mt" }
grade = { value = "5 %" }
)";
  /// S: a square of a hundredth of a degree with its corner at 0 N 0 E; 50,000 t of oxide.
  void write_square() const {
    write("squares.geojson", collection({feature(R"("id":"S")", box(0, 0, 0.01, 0.01))}));
  }
};

// ---- only what must be there

TEST_F(Stages, TheFourRequiredTablesAreEnough) {
  write("sites.csv", "id,lon,lat,AGE\nA,0,0,90\nB,2,0,10\nC,4.5,0,50\n");
  const StudyResult result = run(R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
[[criteria]]
name = "group"
direction = "min"
weight = 0.5
bounds = [0, 2]
[[criteria]]
name = "AGE"
unit = "yr"
direction = "max"
weight = 0.5
bounds = [0, 100]
[ranking]
method = "wsm"
)");
  // 0.5 (1 - group/2) + 0.5 age/100.
  ASSERT_EQ(result.ranking.size(), 3u);
  EXPECT_EQ(result.sites[result.ranking[0].site].id, "A");
  EXPECT_NEAR(result.ranking[0].score, 0.95, 1e-12);
  EXPECT_EQ(result.sites[result.ranking[1].site].id, "B");
  EXPECT_NEAR(result.ranking[1].score, 0.30, 1e-12);
  EXPECT_NEAR(result.ranking[2].score, 0.25, 1e-12);
  EXPECT_EQ(cell(result, "AGE", "A").unit, "yr");
  EXPECT_EQ(cell(result, "AGE", "A").source, "sites.csv, line 2, field AGE");
  // No tonnage, no permits, no constraints, no freight: nothing is made up.
  EXPECT_TRUE(std::isnan(value(result, "gross_treo_t", "A")));
  EXPECT_TRUE(std::isnan(value(result, "net_treo_t", "A")));
  for (const char* absent : {"valid_coverage_pct", "excluded_pct", "delivered_usd_per_t",
                             "governance_risk", "plant_distance_km"})
    EXPECT_FALSE(cell(result, absent, "A").column) << absent;
  EXPECT_TRUE(result.permits.empty() && result.constraints.empty() && result.routes.empty() &&
              result.dependence.empty() && result.left_out.empty());
}

// ---- deposit

TEST_F(Stages, TonnageIsOreTimesGradeEndByEnd) {
  write("sites.csv",
        "id,lon,lat,ore,lo,hi,pct,nd,dy,class,th,rec\n"
        "A,0,0,10,8,15,2,20,1,Inferred,500,80\nB,0.1,0,,,,,,,,,\n");
  const StudyResult result = run(R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
ore = { field = "ore", unit = "Mt", low = "lo", high = "hi" }
grade = { field = "pct", unit = "%" }
ndpr_share = { field = "nd", unit = "%" }
dytb_share = { field = "dy", unit = "%" }
confidence = "class"
thorium = { field = "th", unit = "ppm" }
recovery = { field = "rec", unit = "%" }
)");
  const Cell gross = cell(result, "gross_treo_t", "A");
  EXPECT_DOUBLE_EQ(gross.value, 200e3);
  EXPECT_DOUBLE_EQ(gross.low, 160e3);
  EXPECT_DOUBLE_EQ(gross.high, 300e3);
  EXPECT_EQ(gross.unit, "t");
  EXPECT_THAT(gross.source,
              HasSubstr("sites.csv, line 2, field ore x sites.csv, line 2, field pct"));
  EXPECT_DOUBLE_EQ(value(result, "treo_grade_pct", "A"), 2.0);
  EXPECT_EQ(cell(result, "treo_grade_pct", "A").unit, "%");
  EXPECT_DOUBLE_EQ(value(result, "mreo_share_pct", "A"), 21.0);
  EXPECT_DOUBLE_EQ(value(result, "resource_confidence", "A"), 0.5);
  EXPECT_DOUBLE_EQ(value(result, "thorium_ppm", "A"), 500.0);
  EXPECT_EQ(cell(result, "thorium_ppm", "A").source, "sites.csv, line 2, field th");
  // Net: no constraint and no permit, but a recovery of 80 %.
  EXPECT_DOUBLE_EQ(value(result, "net_treo_t", "A"), 160e3);
  EXPECT_DOUBLE_EQ(cell(result, "net_treo_t", "A").low, 128e3);
  EXPECT_DOUBLE_EQ(cell(result, "net_treo_t", "A").high, 240e3);
  EXPECT_DOUBLE_EQ(value(result, "net_ndpr_t", "A"), 32e3);
  EXPECT_DOUBLE_EQ(value(result, "net_dytb_t", "A"), 1600.0);
  EXPECT_DOUBLE_EQ(value(result, "net_mreo_t", "A"), 33600.0);
  EXPECT_THAT(cell(result, "net_treo_t", "A").source,
              HasSubstr("x net share 1 (no constraints) x recovery 0.8"));
  for (const char* name : {"gross_treo_t", "treo_grade_pct", "mreo_share_pct", "net_treo_t",
                           "resource_confidence", "thorium_ppm"}) {
    EXPECT_TRUE(std::isnan(value(result, name, "B"))) << name;
    EXPECT_EQ(cell(result, name, "B").source, "") << name;
  }
  EXPECT_EQ(figure(result, "sites with a known tonnage"), 1.0);
}

TEST_F(Stages, AStreamCountsItsRateTimesItsLife) {
  write("sites.csv", "id,lon,lat,r,lo,hi,life,nd\nR,0,0,100,80,120,20,25\n");
  const StudyResult result = run(R"([[sites]]
path = "sites.csv"
id = "id"
kind = "secondary"
rate = { field = "r", unit = "t/yr", low = "lo", high = "hi" }
life = "life"
ndpr_share = { field = "nd", unit = "%" }
)");
  EXPECT_DOUBLE_EQ(value(result, "gross_treo_t", "R"), 2000.0);
  EXPECT_DOUBLE_EQ(cell(result, "gross_treo_t", "R").low, 1600.0);
  EXPECT_DOUBLE_EQ(cell(result, "gross_treo_t", "R").high, 2400.0);
  EXPECT_THAT(cell(result, "gross_treo_t", "R").source, HasSubstr("field r x life 20"));
  EXPECT_DOUBLE_EQ(value(result, "net_ndpr_t", "R"), 500.0);
  const Cell yearly = cell(result, "ndpr_t_per_yr", "R");
  EXPECT_DOUBLE_EQ(yearly.value, 25.0);
  EXPECT_DOUBLE_EQ(yearly.low, 20.0);
  EXPECT_DOUBLE_EQ(yearly.high, 30.0);
  EXPECT_EQ(yearly.unit, "t/yr");
  EXPECT_TRUE(std::isnan(value(result, "dytb_t_per_yr", "R")));
}

const std::string outlines = R"([[volumes]]
kind = "outline"
path = "outlines.geojson"
site_field = "site"
thickness = { field = "thick_m", unit = "m", low = "thin_m" }
density = { value = "2.5 t/m3" }
)";

TEST_F(Stages, AnOutlineReplacesTheRow) {
  write("sites.csv", "id,lon,lat\nA,0.005,0.005\n");
  write("outlines.geojson",
        collection({feature(R"("site":"A","thick_m":10,"thin_m":8)", box(0, 0, 0.01, 0.01)),
                    feature(R"("site":"Q","thick_m":10,"thin_m":8)", box(1, 0, 1.01, 0.01))}));
  const StudyResult result = run(point_site + outlines + "grade = { value = \"2 %\" }\n");
  const double tonnes = strip_m2(0.01, 0.01) * 10 * 2.5 * 0.02;  // 615,454 t, not the row's 50,000
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), tonnes, 1e-6 * tonnes);
  EXPECT_NEAR(cell(result, "gross_treo_t", "A").low, 0.8 * tonnes, 1e-6 * tonnes);
  EXPECT_NEAR(cell(result, "gross_treo_t", "A").high, tonnes, 1e-6 * tonnes);
  EXPECT_NEAR(value(result, "treo_grade_pct", "A"), 2.0, 1e-12);
  EXPECT_THAT(cell(result, "gross_treo_t", "A").source, HasSubstr("outlines.geojson, "));
  EXPECT_THAT(cell(result, "gross_treo_t", "A").source, HasSubstr("x thickness field thick_m"));
  EXPECT_EQ(said(result, "study.outline_without_site").count, 1u);
}

TEST_F(Stages, OutlinesWithoutGradeTakeTheRows) {
  write("sites.csv", "id,lon,lat\nA,0.005,0.005\n");
  write("outlines.geojson",
        collection({feature(R"("site":"A","thick_m":10,"thin_m":10)", box(0, 0, 0.01, 0.01)),
                    feature(R"("site":"A","thick_m":4,"thin_m":2)", box(0.1, 0, 0.11, 0.01))}));
  const StudyResult result = run(point_site + outlines);
  const double a_metre = strip_m2(0.01, 0.01) * 2.5 * 0.05;
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), 14 * a_metre, 1e-5 * a_metre);
  EXPECT_NEAR(cell(result, "gross_treo_t", "A").low, 12 * a_metre, 1e-5 * a_metre);
  EXPECT_DOUBLE_EQ(value(result, "treo_grade_pct", "A"), 5.0);
  EXPECT_EQ(cell(result, "treo_grade_pct", "A").source, "sites.csv, line 2, 5 %");
}

TEST_F(Stages, OutlinesOfOneSiteAddUpAndTheUnknownAddNothing) {
  // The first has no thickness; the next two, of which one stands in a table of its own, do.
  write("sites.csv", "id,lon,lat\nA,0.005,0.005\n");
  write("outlines.geojson",
        collection({feature(R"("site":"A","thick_m":null,"thin_m":null)", box(0.1, 0, 0.11, 0.01)),
                    feature(R"("site":"A","thick_m":10,"thin_m":8)", box(0, 0, 0.01, 0.01))}));
  write("lens.geojson", collection({feature(R"("n":1)", box(0.2, 0, 0.22, 0.01))}));
  const StudyResult result = run(point_site + outlines + "grade = { value = \"2 %\" }\n" +
                                 R"([[volumes]]
kind = "outline"
path = "lens.geojson"
site = "A"
thickness = { value = "4 m" }
density = { value = "2.5 t/m3" }
grade = { value = "1 %" }
)");
  const double first = strip_m2(0.01, 0.01) * 10 * 2.5, second = strip_m2(0.02, 0.01) * 4 * 2.5;
  const double treo = first * 0.02 + second * 0.01;
  EXPECT_NEAR(value(result, "gross_treo_t", "A"), treo, 1e-6 * treo);
  // The lens has no range: it counts the same at both ends.
  EXPECT_NEAR(cell(result, "gross_treo_t", "A").low, treo - 0.2 * first * 0.02, 1e-6 * treo);
  EXPECT_NEAR(cell(result, "gross_treo_t", "A").high, treo, 1e-6 * treo);
  EXPECT_NEAR(value(result, "treo_grade_pct", "A"), 100 * treo / (first + second), 1e-6);
  EXPECT_THAT(cell(result, "gross_treo_t", "A").source, HasSubstr("and 1 more"));
}

// ---- permits

const std::string permits = R"([[permits]]
path = "permits.geojson"
id = "id"
holder = "holder"
status = "status"
expires = "expires"
valid = ["Active"]
)";

std::string permit(const std::string& id, const std::string& holder, const std::string& status,
                   const std::string& expires, const std::string& ground) {
  return feature("\"id\":\"" + id + "\",\"holder\":\"" + holder + "\",\"status\":\"" + status +
                     "\",\"expires\":\"" + expires + "\"",
                 ground);
}

TEST_F(Stages, PermitsCoverByAreaOnTheDay) {
  write_square();
  // P and Q overlap over a quarter of the square; R has lapsed.
  write("permits.geojson",
        collection({permit("P", "one", "Active", "2027-11-01", box(0, 0, 0.005, 0.01)),
                    permit("Q", "two", "Active", "2026-12-01", box(0.0025, 0, 0.0075, 0.01)),
                    permit("R", "two", "Active", "2020-01-01", box(0.0075, 0, 0.02, 0.01))}));
  const StudyResult result = run(square_site + permits);
  EXPECT_NEAR(value(result, "valid_coverage_pct", "S"), 75.0, 1e-6);
  EXPECT_NEAR(value(result, "permit_coverage_pct", "S"), 100.0, 1e-6);
  EXPECT_EQ(value(result, "days_to_expiry", "S"), 30.0);  // Q's, the first to end
  EXPECT_EQ(value(result, "permit_conflicts", "S"), 1.0);
  EXPECT_EQ(cell(result, "valid_coverage_pct", "S").unit, "%");
  EXPECT_EQ(cell(result, "days_to_expiry", "S").unit, "d");
  EXPECT_EQ(cell(result, "valid_coverage_pct", "S").source, "permits P, Q, R on 2026-11-01");
  EXPECT_NEAR(figure(result, "permit area summed"), strip_m2(0.0225, 0.01) / 1e4, 1e-4);
  EXPECT_NEAR(figure(result, "permit area counted once"), strip_m2(0.02, 0.01) / 1e4, 1e-4);
  ASSERT_EQ(result.permits.size(), 1u);
  EXPECT_EQ(result.permits[0].status, "partial");
  EXPECT_EQ(result.permits[0].permits, (std::vector<std::string>{"P", "Q", "R"}));
  // Three quarters of 50,000 t.
  EXPECT_NEAR(value(result, "net_treo_t", "S"), 37500.0, 1e-3);
  EXPECT_THAT(cell(result, "net_treo_t", "S").source, HasSubstr("clipped to valid permits"));
  EXPECT_NEAR(area_m2(result.net_area[0], wgs84(), Edges::straight), strip_m2(0.0075, 0.01), 1.0);
  EXPECT_FALSE(result.findings.has("study.no_permit_on_record"));
}

TEST_F(Stages, APointIsInOrOutAndWithoutPermitsNotClipped) {
  write("sites.csv", "id,lon,lat\nIN,0.001,0.001\nLAPSED,0.015,0.001\nNONE,0.5,0.5\n");
  write("permits.geojson",
        collection({permit("P", "one", "Active", "2027-11-01", box(0, 0, 0.005, 0.01)),
                    permit("R", "two", "Active", "2020-01-01", box(0.0075, 0, 0.02, 0.01))}));
  const StudyResult free = run(point_site + permits);
  EXPECT_EQ(value(free, "valid_coverage_pct", "IN"), 100.0);
  EXPECT_EQ(value(free, "valid_coverage_pct", "LAPSED"), 0.0);
  EXPECT_EQ(value(free, "net_treo_t", "IN"), 50e3);
  EXPECT_EQ(value(free, "net_treo_t", "LAPSED"), 0.0);
  EXPECT_EQ(value(free, "net_treo_t", "NONE"), 50e3);
  EXPECT_THAT(cell(free, "net_treo_t", "LAPSED").source, HasSubstr("lies in no valid permit"));
  EXPECT_THAT(cell(free, "net_treo_t", "NONE").source,
              HasSubstr("no permit on record: not clipped"));
  EXPECT_EQ(cell(free, "valid_coverage_pct", "NONE").source,
            "no permit of the layers meets the site");
  EXPECT_EQ(said(free, "study.no_permit_on_record").count, 1u);
  EXPECT_EQ(said(free, "study.no_permit_on_record").severity, Severity::note);
  EXPECT_THAT(said(free, "study.no_permit_on_record").message, HasSubstr("not clipped"));

  const StudyResult strict = run(point_site + permits, "net_requires_permit = true\n");
  EXPECT_EQ(value(strict, "net_treo_t", "IN"), 50e3);
  EXPECT_EQ(value(strict, "net_treo_t", "NONE"), 0.0);
  EXPECT_EQ(value(strict, "gross_treo_t", "NONE"), 50e3);
  EXPECT_THAT(said(strict, "study.no_permit_on_record").message, HasSubstr("net tonnage is 0"));
}

TEST_F(Stages, EachPermitTableHasItsOwnWordsForValid) {
  write("sites.csv", "id,lon,lat\nA,0.001,0.001\nB,0.5,0.5\nC,0.501,0.501\n");
  write("permits.geojson",
        collection({permit("P", "one", "Filed", "2027-11-01", box(0, 0, 0.005, 0.01))}));
  write("others.geojson",
        collection({permit("Q", "one", "Issued", "2027-11-01", box(0.5, 0.5, 0.5005, 0.5005)),
                    permit("R", "one", "Filed", "2027-11-01", box(0.5009, 0.5009, 0.502, 0.502))}));
  const std::string usual =
      "[[permits]]\npath = \"others.geojson\"\nid = \"id\"\n"
      "status = \"status\"\nexpires = \"expires\"\n";
  std::string filed = permits;
  filed.replace(filed.find("Active"), 6, "Filed");
  const StudyResult result = run(point_site + filed + usual);
  EXPECT_EQ(value(result, "valid_coverage_pct", "A"), 100.0);  // "Filed" is what its table says
  EXPECT_EQ(value(result, "valid_coverage_pct", "B"), 100.0);  // "Issued" is a usual word
  EXPECT_EQ(value(result, "valid_coverage_pct", "C"), 0.0);    // "Filed" is not
}

// ---- environment and net

const std::string river = R"([[constraints]]
name = "rivers"
path = "rivers.geojson"
id = "id"
setback = "500 m"
)";

TEST_F(Stages, ASetbackTakesItsShareOfTheSquare) {
  write_square();
  // The river is the meridian of 0 E, the square's western edge.
  write("rivers.geojson", collection({feature(R"("id":"R")", line(0, -0.5, 0, 0.5))}));
  const StudyResult result = run(square_site + river);
  const double taken = 500 / (0.01 * equator_degree_m);  // 44.916 % of its width
  const Cell excluded = cell(result, "excluded_pct", "S");
  EXPECT_NEAR(excluded.value, 100 * taken, 0.01);
  EXPECT_EQ(excluded.unit, "%");
  EXPECT_EQ(excluded.source, "hard setbacks: rivers (500 m setback)");
  EXPECT_NEAR(value(result, "rivers_overlap_ha", "S"), strip_m2(0.01, 0.01) * taken / 1e4, 0.01);
  EXPECT_EQ(cell(result, "rivers_overlap_ha", "S").unit, "ha");
  EXPECT_EQ(cell(result, "rivers_overlap_ha", "S").source, "rivers.geojson, 500 m setback");
  EXPECT_EQ(value(result, "rivers_nearest_m", "S"), 0.0);
  EXPECT_EQ(cell(result, "rivers_nearest_m", "S").source, "rivers.geojson, feature R");
  EXPECT_NEAR(value(result, "net_treo_t", "S"), 50e3 * (1 - taken), 5.0);
  EXPECT_EQ(value(result, "gross_treo_t", "S"), 50e3);
  EXPECT_NEAR(area_m2(result.net_area[0], wgs84(), Edges::straight),
              strip_m2(0.01, 0.01) * (1 - taken), 100.0);
}

TEST_F(Stages, PointsHaveTrueMetresAndAreInOrOut) {
  write("sites.csv", "id,lon,lat\nFAR,0.03,0\nNEAR,0.004,0\n");
  write("rivers.geojson", collection({feature(R"("id":"R")", line(0, -0.5, 0, 0.5))}));
  const StudyResult result = run(point_site + river);
  EXPECT_NEAR(value(result, "rivers_nearest_m", "FAR"), 0.03 * equator_degree_m, 1e-3);
  EXPECT_NEAR(value(result, "rivers_nearest_m", "NEAR"), 0.004 * equator_degree_m, 1e-3);
  EXPECT_EQ(cell(result, "rivers_nearest_m", "FAR").unit, "m");
  EXPECT_EQ(value(result, "excluded_pct", "FAR"), 0.0);
  EXPECT_EQ(cell(result, "excluded_pct", "FAR").source, "no hard setback meets the site");
  EXPECT_EQ(value(result, "excluded_pct", "NEAR"), 100.0);
  EXPECT_EQ(value(result, "net_treo_t", "FAR"), 50e3);
  EXPECT_EQ(value(result, "net_treo_t", "NEAR"), 0.0);
}

TEST_F(Stages, ReviewIsReportedAndExcludesNothing) {
  write_square();
  write("park.geojson", collection({feature(R"("id":"P")", box(0.0075, 0, 0.02, 0.01))}));
  const std::string park =
      "[[constraints]]\nname = \"protected\"\npath = \"park.geojson\"\n"
      "id = \"id\"\nsetback = \"0 m\"\n";
  const StudyResult review = run(square_site + park + "hard = false\n");
  EXPECT_NEAR(value(review, "protected_overlap_ha", "S"), strip_m2(0.0025, 0.01) / 1e4, 1e-4);
  EXPECT_EQ(value(review, "excluded_pct", "S"), 0.0);
  EXPECT_EQ(value(review, "net_treo_t", "S"), 50e3);
  const StudyResult hard = run(square_site + park);
  EXPECT_NEAR(value(hard, "excluded_pct", "S"), 25.0, 1e-6);
  EXPECT_NEAR(value(hard, "net_treo_t", "S"), 37500.0, 1e-3);
  EXPECT_EQ(value(hard, "protected_nearest_km", "S"), 0.0);
  EXPECT_EQ(cell(hard, "protected_nearest_km", "S").unit, "km");
}

TEST_F(Stages, NetIsInsidePermitsAndOutsideSetbacks) {
  write_square();
  write("rivers.geojson", collection({feature(R"("id":"R")", line(0, -0.5, 0, 0.5))}));
  write("permits.geojson",
        collection({permit("P", "one", "Active", "2027-11-01", box(0, 0, 0.0075, 0.01))}));
  const StudyResult result = run(square_site + river + permits + "");
  const double share = 0.75 - 500 / (0.01 * equator_degree_m);  // 30.08 %: the rest is either
  EXPECT_NEAR(value(result, "net_treo_t", "S"), 50e3 * share, 5.0);
  EXPECT_NEAR(value(result, "valid_coverage_pct", "S"), 75.0, 1e-6);
  EXPECT_THAT(cell(result, "net_treo_t", "S").source,
              HasSubstr("hard setbacks: rivers (500 m setback); clipped to valid permits"));
}

}  // namespace
}  // namespace lode::test
