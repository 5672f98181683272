// The later stages against values by hand: freight, governance and dependence, ranking.
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

const std::string sites = R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
)";
const std::string tariff = R"(as_of = 2026-01-01
currency = "USD"
[modes.road]
usd_per_tkm = { low = 0.08, base = 0.10, high = 0.15 }
co2e_g_per_tkm = 50
speed_kmh = 60
)";

class StagesOut : public SmallStudy {
 protected:
  static const SiteStanding* standing(const StudyResult& result, const std::string& id) {
    for (const auto& one : result.ranking)
      if (result.sites[one.site].id == id) return &one;
    return nullptr;
  }
};

// ---- logistics

TEST_F(StagesOut, WithoutANetworkDistancesAreGeodesicTimesCircuity) {
  write("sites.csv", "id,lon,lat\nA,0,0\n");
  write("ports.csv", "id,name,lon,lat\nFAR,Far,2,0\nEAST,East Quay,1,0\n");
  const StudyResult result = run(sites + "[logistics]\nports = \"ports.csv\"\ncircuity = 1.2\n");
  const Cell distance = cell(result, "port_distance_km", "A");
  EXPECT_NEAR(distance.value, 1.2 * equator_degree_m / 1000, 1e-9);
  EXPECT_EQ(distance.unit, "km");
  EXPECT_EQ(distance.source,
            "geodesic to port East Quay x circuity 1.2 (the study has no network)");
  EXPECT_FALSE(cell(result, "plant_distance_km", "A").column);
  EXPECT_FALSE(cell(result, "delivered_usd_per_t", "A").column);
}

TEST_F(StagesOut, AlongARoadEveryFigureIsKilometresTimesItsRate) {
  // A road along the equator from 0 to 1 E. A is on it; B lies 0.01 degrees north of its middle;
  // C is out of reach.
  write("sites.csv", "id,lon,lat\nA,0,0\nB,0.5,0.01\nC,0.5,0.9\n");
  write("roads.geojson", collection({feature(R"("n":1)", line(0, 0, 1, 0))}));
  write("plants.csv", "id,name,lon,lat\nW,Works,1,0\n");
  write("tariff.toml", tariff);
  const StudyResult result = run(sites + R"([[networks]]
path = "roads.geojson"
mode = "road"
[logistics]
plants = "plants.csv"
tariff = "tariff.toml"
snap_radius = "10 km"
product_grade = "60 %"
product_moisture = "8 %"
)");
  const double km = equator_degree_m / 1000;  // 111.319
  const Cell cost = cell(result, "delivered_usd_per_t", "A");
  EXPECT_NEAR(cost.value, 0.10 * km, 1e-6);
  EXPECT_NEAR(cost.low, 0.08 * km, 1e-6);
  EXPECT_NEAR(cost.high, 0.15 * km, 1e-6);
  EXPECT_EQ(cost.unit, "USD/t");
  EXPECT_THAT(cost.source, HasSubstr("cheapest way to plant Works"));
  EXPECT_THAT(cost.source, HasSubstr("tariff tariff.toml"));
  // A tonne hauled holds 1000 x 0.92 x 0.6 = 552 kg of oxide.
  const Cell per_kg = cell(result, "delivered_usd_per_kg", "A");
  EXPECT_NEAR(per_kg.value, 0.10 * km / 552, 1e-9);
  EXPECT_NEAR(per_kg.low, 0.08 * km / 552, 1e-9);
  EXPECT_EQ(per_kg.unit, "USD/kg");
  EXPECT_THAT(per_kg.source, HasSubstr("at 60 % TREO and 8 % moisture"));
  EXPECT_NEAR(value(result, "delivered_hours", "A"), km / 60, 1e-9);
  EXPECT_EQ(cell(result, "delivered_hours", "A").unit, "h");
  EXPECT_NEAR(value(result, "delivered_co2e_kg_per_t", "A"), 0.050 * km, 1e-9);
  EXPECT_EQ(cell(result, "delivered_co2e_kg_per_t", "A").unit, "kg/t");
  EXPECT_NEAR(value(result, "plant_distance_km", "A"), km, 1e-9);
  EXPECT_EQ(cell(result, "plant_distance_km", "A").source, "along the network to plant Works");
  EXPECT_NEAR(value(result, "access_km", "A"), 0.0, 1e-9);

  EXPECT_NEAR(value(result, "access_km", "B"), hundredth_north_m / 1000, 1e-6);
  EXPECT_NEAR(value(result, "plant_distance_km", "B"), km / 2, 1e-6);
  EXPECT_NEAR(value(result, "delivered_usd_per_t", "B"), 0.10 * (km / 2 + hundredth_north_m / 1000),
              1e-6);

  EXPECT_TRUE(std::isnan(value(result, "delivered_usd_per_t", "C")));
  EXPECT_EQ(cell(result, "delivered_usd_per_t", "C").source, "");
  EXPECT_EQ(figure(result, "sites that freight cannot reach"), 1.0);
  ASSERT_EQ(result.routes.size(), 3u);
  EXPECT_THAT(result.routes[2].reason, HasSubstr("snap: "));
  double legs = 0;
  for (const auto& leg : result.routes[1].legs) legs += leg.cost_usd_per_t;
  EXPECT_NEAR(legs, result.routes[1].cost_usd_per_t, 1e-12);
}

TEST_F(StagesOut, TheCheapestPlantCountsAndPortsAreAskedForApart) {
  write("sites.csv", "id,lon,lat\nA,0.4,0\n");
  write("roads.geojson", collection({feature(R"("n":1)", line(0, 0, 1, 0))}));
  write("plants.csv", "id,name,lon,lat\nE,East,1,0\nW,West,0,0\n");
  write("ports.csv", "id,name,lon,lat\nQ,Quay,1,0\n");
  write("tariff.toml", tariff);
  const std::string text = sites + R"([[networks]]
path = "roads.geojson"
mode = "road"
[logistics]
ports = "ports.csv"
tariff = "tariff.toml"
)";
  const StudyResult both = run(text + "plants = \"plants.csv\"\n");
  const double km = equator_degree_m / 1000;
  EXPECT_NEAR(value(both, "plant_distance_km", "A"), 0.4 * km, 1e-6);
  EXPECT_NEAR(value(both, "port_distance_km", "A"), 0.6 * km, 1e-6);
  EXPECT_NEAR(value(both, "delivered_usd_per_t", "A"), 0.04 * km, 1e-6);  // to the plant
  const StudyResult ports = run(text);
  EXPECT_NEAR(value(ports, "delivered_usd_per_t", "A"), 0.06 * km, 1e-6);  // to the port
  EXPECT_FALSE(cell(ports, "plant_distance_km", "A").column);
}

// ---- supply

const std::string supply = R"([supply]
governance = "governance.csv"
production = "production.csv"
production_value = "t"
)";

TEST_F(StagesOut, GovernanceIsTheCountrysAndNeverMadeUp) {
  write("sites.csv", "id,lon,lat\nA,0,0\nB,2,0\nC,4.5,0\nD,4.6,0\n");
  write("governance.csv", "iso3,wgi_eu010\nHOM,2\nALL,3.5\n");
  write("production.csv", "iso3,t\nHOM,50\n");
  const StudyResult result = run(sites + supply);
  EXPECT_EQ(value(result, "governance_risk", "A"), 2.0);
  EXPECT_EQ(value(result, "governance_risk", "B"), 3.5);
  EXPECT_TRUE(std::isnan(value(result, "governance_risk", "C")));
  EXPECT_EQ(cell(result, "governance_risk", "B").unit, "0 to 10");
  EXPECT_EQ(cell(result, "governance_risk", "B").source, "governance.csv, country ALL");
  EXPECT_EQ(cell(result, "governance_risk", "C").source, "");
  const Finding finding = said(result, "study.no_governance");
  EXPECT_EQ(finding.count, 2u);
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(finding.where, "governance.csv");
  EXPECT_THAT(finding.message, HasSubstr("(first: OTH)"));
}

TEST_F(StagesOut, DependenceIsTheSumOfSquaredShares) {
  write("sites.csv", "id,lon,lat\nA,0,0\n");
  write("governance.csv", "iso3,wgi_eu010\nHOM,2\nALL,3\n");
  write("production.csv", "iso3,t\nHOM,30\nOTH,50\nALL,20\nWorld total,100\n");
  const StudyResult result = run(sites + supply);
  ASSERT_EQ(result.dependence.size(), 1u);
  const Dependence& today = result.dependence[0];
  EXPECT_NEAR(today.hhi, 0.25 + 0.09 + 0.04, 1e-12);
  EXPECT_NEAR(today.hhi_wgi, 2 * 0.09 + 3 * 0.04, 1e-12);  // OTH has no figure: it adds nothing
  ASSERT_EQ(today.share_by_country.size(), 3u);
  EXPECT_EQ(today.share_by_country[0].first, "OTH");
  EXPECT_DOUBLE_EQ(today.share_by_country[0].second, 0.5);
  EXPECT_EQ(today.stage, "mine");
  EXPECT_THAT(today.source, HasSubstr("production.csv, field t"));
  EXPECT_TRUE(result.findings.has("supply.no_governance"));
}

TEST_F(StagesOut, DependenceIsByElementAndStageAndOtherByRule) {
  write("sites.csv", "id,lon,lat\nA,0,0\n");
  write("governance.csv", "iso3,wgi_eu010\nHOM,2\n");
  write("production.csv",
        "element,stage,iso3,t\nNd,mine,HOM,60\nNd,mine,Other,40\nDy,metal,HOM,9\n");
  const StudyResult one = run(sites + supply);
  ASSERT_EQ(one.dependence.size(), 2u);
  EXPECT_NEAR(one.dependence[0].hhi, 0.36 + 0.16, 1e-12);
  EXPECT_EQ(one.dependence[1].material, "Dy");
  EXPECT_EQ(one.dependence[1].stage, "metal");
  EXPECT_DOUBLE_EQ(one.dependence[1].hhi, 1.0);
  const StudyResult none = run(sites + supply + "other = \"exclude\"\n");
  EXPECT_DOUBLE_EQ(none.dependence[0].hhi, 1.0);
}

TEST_F(StagesOut, DependenceIsSplitTracedAndSetAgainstTrade) {
  write("sites.csv", "id,lon,lat\nA,0,0\n");
  write("governance.csv", "iso3,wgi_eu010\nHOM,2\nALL,3\nOTH,6\n");
  write("production.csv", "iso3,t\nHOM,30\nOTH,50\nALL,20\n");
  write("compositions.csv", "iso3,La,Nd\nHOM,90,10\nOTH,80,20\n");
  write("stages.csv", "element,stage,iso3,share_pct\nNd,metal,OTH,100\n");
  write("imports.csv", "iso3,share_pct\nOTH,80\nALL,20\n");
  write("origins.csv", "from,origin,share\nALL,HOM,1\n");
  write("trade.csv", "production_t,imports_t,apparent_consumption_t\n20,80,100\n");
  write("factors.csv", "element,recycling_rate,vulnerability\n,0.1,0.5\n");
  write("willingness.csv", "iso3,ability,willingness\nOTH,0.4,0.8\nALL,0.1,0.1\n");
  const StudyResult result =
      run(sites + supply +
          "composition = \"compositions.csv\"\nelements = [\"Nd\"]\nstages = \"stages.csv\"\n"
          "imports = \"imports.csv\"\norigins = \"origins.csv\"\ntrade = \"trade.csv\"\n"
          "factors = \"factors.csv\"\nwillingness = \"willingness.csv\"\n"
          "quota_countries = [\"OTH\"]\n");
  ASSERT_EQ(result.dependence.size(), 3u);  // all oxide and Nd of the mine, Nd metal
  const Dependence& all = result.dependence[0];
  EXPECT_EQ(all.period, "t");
  EXPECT_TRUE(std::isnan(all.total_t));  // a column named t alone states no unit
  EXPECT_NEAR(all.home_share, 0.3, 1e-12);
  EXPECT_NEAR(all.allied_share, 0.2, 1e-12);
  EXPECT_NEAR(all.import_reliance, 0.8, 1e-12);
  // g = .09 x 2 + .25 x 6 + .04 x 3 = 1.8, s = .64 x 6 + .04 x 2 = 3.92
  EXPECT_NEAR(all.eu_supply_risk, (1.8 * 0.4 + 3.92 * 0.6) * 0.9, 1e-12);
  EXPECT_NEAR(all.geopolrisk, 0.38 * (64 * 0.6 + 16 * 0.2) / 100, 1e-12);
  EXPECT_NEAR(all.usgs_supply_risk, std::cbrt((0.25 * 0.8 + 0.04 * 0.1) * 0.8 * 0.5), 1e-12);
  EXPECT_THAT(all.how, HasSubstr("quota of OTH counted as output"));
  EXPECT_TRUE(result.findings.has("supply.quota"));
  const Dependence& nd = result.dependence[1];
  EXPECT_EQ(nd.material, "Nd");
  EXPECT_EQ(nd.stage, "mine");
  EXPECT_NEAR(nd.share_by_country[0].second, 10.0 / 13, 1e-12);
  EXPECT_THAT(nd.how, HasSubstr("20.0 % of the oxide left out"));
  EXPECT_EQ(result.dependence[2].stage, "metal");
  EXPECT_EQ(result.dependence[2].hhi, 1.0);
  EXPECT_LE(nd.hhi_low, nd.hhi);
}

// ---- ranking

const std::string two_criteria = sites + R"(grade = { field = "pct", unit = "%" }
country = "iso3"
[[criteria]]
name = "treo_grade_pct"
direction = "max"
weight = 0.6
bounds = [0, 10]
[[criteria]]
name = "group"
direction = "min"
weight = 0.4
bounds = [0, 2]
)";

TEST_F(StagesOut, ScoresAreWeightedMerits) {
  write("sites.csv", "id,iso3,lon,lat,pct\nA,HOM,0,0,5\nB,OTH,4.5,0,10\nC,ALL,2,0,2\n");
  const StudyResult result = run(two_criteria);
  // 0.6 x 5/10 + 0.4 x 1; 0.6 x 1 + 0; 0.6 x 0.2 + 0.4 x 1/2.
  EXPECT_NEAR(standing(result, "A")->score, 0.70, 1e-12);
  EXPECT_NEAR(standing(result, "B")->score, 0.60, 1e-12);
  EXPECT_NEAR(standing(result, "C")->score, 0.32, 1e-12);
  EXPECT_EQ(standing(result, "A")->rank, 1);
  EXPECT_EQ(standing(result, "C")->rank, 3);
  ASSERT_EQ(standing(result, "A")->contributions.size(), 2u);
  EXPECT_NEAR(standing(result, "A")->contributions[0].second, 0.3, 1e-12);
  EXPECT_NEAR(standing(result, "A")->contributions[1].second, 0.4, 1e-12);
  ASSERT_EQ(result.criteria.size(), 2u);
  EXPECT_EQ(result.criteria[0].unit, "%");
  EXPECT_EQ(result.criteria[0].direction, "max");
  EXPECT_DOUBLE_EQ(result.criteria[0].high_bound, 10.0);
}

TEST_F(StagesOut, ACriterionMayAskForAnotherUnit) {
  write("sites.csv", "id,iso3,lon,lat,pct\nA,HOM,0,0,5\nB,OTH,4.5,0,10\n");
  std::string text = two_criteria;
  text.replace(text.find("bounds = [0, 10]"), 16, "unit = \"ppm\"\nbounds = [0, 100000]");
  const StudyResult result = run(text);
  EXPECT_NEAR(standing(result, "A")->score, 0.70, 1e-12);  // 50,000 ppm of 100,000
  EXPECT_EQ(result.criteria[0].unit, "ppm");
  EXPECT_DOUBLE_EQ(value(result, "treo_grade_pct", "A"), 5.0);  // the indicator keeps its own
  text.replace(text.find("\"ppm\""), 5, "\"km\"");
  EXPECT_EQ(code_of(text), "ranking.unit");
}

TEST_F(StagesOut, ASpreadReachesTheDraws) {
  // A is 5 % for certain, B 4 % with a tenth below 1 % and a tenth above 9 %: B is sometimes first.
  write("sites.csv", "id,lon,lat,pct,lo,hi\nA,0,0,5,5,5\nB,0.1,0,4,1,9\n");
  const StudyResult result =
      run(sites + R"(grade = { field = "pct", unit = "%", low = "lo", high = "hi" }
[[criteria]]
name = "treo_grade_pct"
direction = "max"
weight = 1.0
bounds = [0, 10]
[ranking]
method = "wsm"
weights = "given"
draws = 2000
)");
  EXPECT_DOUBLE_EQ(cell(result, "treo_grade_pct", "B").low, 1.0);
  EXPECT_DOUBLE_EQ(cell(result, "treo_grade_pct", "B").high, 9.0);
  EXPECT_EQ(standing(result, "A")->rank, 1);
  EXPECT_GT(standing(result, "B")->first_acceptability, 0.2);
  EXPECT_LT(standing(result, "B")->first_acceptability, 0.5);
  EXPECT_NEAR(
      standing(result, "A")->first_acceptability + standing(result, "B")->first_acceptability, 1.0,
      1e-12);
}

TEST_F(StagesOut, AFieldIsReadInTheCriterionsUnitWithItsSpread) {
  write("sites.csv", "id,iso3,lon,lat,depth_ft,depth_ft_low,deep_m\nA,HOM,0,0,1000,900,400\n");
  const std::string criterion =
      "[[criteria]]\nname = \"depth\"\nfield = \"depth_ft\"\nhigh = \"deep_m\"\n"
      "unit = \"m\"\ndirection = \"min\"\nweight = 1.0\nbounds = [0, 1000]\n";
  const StudyResult result = run(sites + criterion);
  EXPECT_NEAR(value(result, "depth", "A"), 304.8, 1e-9);
  EXPECT_NEAR(cell(result, "depth", "A").low, 274.32, 1e-9);
  EXPECT_NEAR(cell(result, "depth", "A").high, 400.0, 1e-9);
  std::string text = sites + criterion;
  text.replace(text.find("unit = \"m\""), 10, "unit = \"t\"");
  EXPECT_EQ(code_of(text), "ranking.unit");
  text = sites + criterion;
  text.replace(text.find("deep_m"), 6, "deap_m");
  EXPECT_EQ(code_of(text), "study.criterion");
  // A name that Lode computes takes no field: one of the two would go unsaid.
  text = sites + criterion;
  text.replace(text.find("\"depth\""), 7, "\"net_treo_t\"");
  EXPECT_EQ(code_of(text), "study.criterion");
}

TEST_F(StagesOut, ACriterionThatTurnsAnIndicatorRoundIsSaid) {
  write("sites.csv", "id,iso3,lon,lat,pct\nA,HOM,0,0,5\n");
  EXPECT_EQ(said(run(two_criteria), "study.direction").count, 0u);
  std::string text = two_criteria;
  text.replace(text.find("\"min\""), 5, "\"max\"");
  EXPECT_EQ(said(run(text), "study.direction").count, 1u);
}

TEST_F(StagesOut, HardRulesLeaveSitesOutBeforeScoring) {
  write("sites.csv",
        "id,iso3,lon,lat,pct,depth\nA,HOM,0,0,5,10\nB,OTH,4.5,0,10,\nC,ALL,2,0,2,99\n");
  const StudyResult result = run(two_criteria + R"([[rules]]
field = "treo_grade_pct"
min = 3
[[rules]]
name = "not too deep"
field = "depth"
max = 50
missing_passes = true
)");
  ASSERT_EQ(result.ranking.size(), 2u);
  EXPECT_NEAR(standing(result, "A")->score, 0.70, 1e-12);
  EXPECT_EQ(standing(result, "C"), nullptr);
  ASSERT_EQ(result.left_out.size(), 1u);
  EXPECT_EQ(result.left_out[0].site_id, "C");
  EXPECT_EQ(result.left_out[0].reason, "rule 'treo_grade_pct >= 3'");
  EXPECT_EQ(code_of(two_criteria + "[[rules]]\nfield = \"depht\"\nmax = 50\n"), "study.criterion");
}

TEST_F(StagesOut, ARuleOfWordsReadsAFieldAsText) {
  write("sites.csv",
        "id,iso3,lon,lat,pct,status\nA,HOM,0,0,5,Active\nB,OTH,4.5,0,10,expired\nC,ALL,2,0,2,\n");
  const StudyResult result =
      run(two_criteria + "[[rules]]\nfield = \"status\"\nnone_of = [\"Expired\"]\n");
  ASSERT_EQ(result.ranking.size(), 1u);  // C says nothing, so it does not pass
  EXPECT_NE(standing(result, "A"), nullptr);
  ASSERT_EQ(result.left_out.size(), 2u);
  EXPECT_EQ(result.left_out[0].reason, "rule 'status != Expired'");
}

TEST_F(StagesOut, AMissingValueIsRefusedOrFilledAsAsked) {
  write("sites.csv", "id,iso3,lon,lat,pct\nA,HOM,0,0,5\nB,OTH,4.5,0,\n");
  EXPECT_EQ(code_of(two_criteria + "[ranking]\nmethod = \"wsm\"\nmissing = \"refuse\"\n"),
            "ranking.missing_value");
  const StudyResult result =
      run(two_criteria + "[ranking]\nmethod = \"wsm\"\nmissing = \"worst\"\n");
  EXPECT_NEAR(standing(result, "B")->score, 0.0, 1e-12);
  EXPECT_TRUE(std::isnan(value(result, "treo_grade_pct", "B")));
}

}  // namespace
}  // namespace lode::test
