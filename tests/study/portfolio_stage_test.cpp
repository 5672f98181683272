// What ends the dependence, as a study computes it: sources, economics, portfolio, slips.
#include <filesystem>

#include "libgeo/core/text.h"
#include "libgeo/supply/sources_table.h"
#include "tests/study/small_study.h"

namespace lode::test {
namespace {

using testing::IsEmpty;

const std::string site_keys = R"([[sites]]
path = "sites.csv"
id = "id"
kind = "primary"
rate = { field = "rate", unit = "t/yr", low = "rate_low", high = "rate_high" }
ndpr_share = { field = "ndpr", unit = "%" }
dytb_share = { field = "dytb", unit = "%" }
opex = { field = "cost", unit = "USD/kg" }
lead = "lead"
operating = { field = "runs" }
)";
// A runs today; B comes in 2028; C has no cost; D no rate; E lies in no ally's country.
const std::string site_rows =
    "id,lon,lat,rate,rate_low,rate_high,ndpr,dytb,cost,lead,runs,value\n"
    "A,0,0,1000,800,1200,20,1,10,0,yes,1\n"
    "B,2,0,500,500,500,30,2,6,2,no,2\n"
    "C,2.5,0,500,500,500,30,2,,2,no,3\n"
    "D,0.5,0,,,,30,2,6,2,no,4\n"
    "E,4.5,0,100,100,100,10,,5,1,no,5\n";

class PortfolioStage : public SmallStudy {
 protected:
  PortfolioStage() {
    write("sites.csv", site_rows);
    write("demand.csv", "year,ndpr_t,dytb_t\n2027,150,5\n2028,150,5\n2029,150,5\n");
    write("prices.csv",
          "metal,price_usd_per_kg,currency,price_year\nNdPr,60,USD,2024\n"
          "DyTb,300,USD,2024\n");
    write("policy.toml", "discount = 0\nbase_year = 2026\n");
  }
  [[nodiscard]] static const SupplySource* source(const StudyResult& result,
                                                  const std::string& id) {
    for (const auto& one : result.supply->sources.list)
      if (one.id == id) return &one;
    return nullptr;
  }
  /// Code and place of what a run ends with.
  [[nodiscard]] std::string slip(const std::string& supply) const {
    try {
      (void)run(site_keys + "[supply]\n" + supply);
    } catch (const Error& error) {
      std::string where = error.where;
      const std::string folder = folder_.path().string() + "/";
      for (auto at = where.find(folder); at != std::string::npos; at = where.find(folder))
        where.erase(at, folder.size());
      return error.code + " at " + where;
    }
    return "";
  }
};

TEST_F(PortfolioStage, WithoutItsKeysNothingIsComputed) {
  const StudyResult result = run(site_keys + "[supply]\ndemand = \"demand.csv\"\n");
  EXPECT_FALSE(result.supply.has_value());
  EXPECT_EQ(said(result, "study.demand_unused").count, 1u);
  EXPECT_FALSE(cell(result, "lead_time_yr", "A").column);
}

TEST_F(PortfolioStage, SitesWithRateShareAndCostAreSources) {
  const StudyResult result =
      run(site_keys + "[supply]\ndemand = \"demand.csv\"\npolicy = \"policy.toml\"\n");
  ASSERT_TRUE(result.supply.has_value());
  EXPECT_EQ(result.supply->sources.metals, (std::vector<std::string>{"NdPr", "DyTb"}));
  ASSERT_EQ(result.supply->sources.list.size(), 3u);
  const SupplySource& a = *source(result, "A");
  EXPECT_TRUE(a.operating);
  EXPECT_EQ(a.country, "HOM");
  EXPECT_EQ(a.group, "domestic");
  EXPECT_EQ(a.capacity_t_per_year, (LowBaseHigh{800, 1000, 1200}));
  EXPECT_NEAR(a.share[0], 0.20, 1e-15);
  EXPECT_NEAR(a.share[1], 0.01, 1e-15);
  EXPECT_NEAR(a.opex_usd_per_kg.base, 10.0, 1e-12);
  EXPECT_EQ(a.lead_years, 0.0);
  const SupplySource& b = *source(result, "B");
  EXPECT_FALSE(b.operating);
  EXPECT_EQ(b.group, "allied");
  EXPECT_EQ(b.lead_years, 2.0);
  EXPECT_EQ(source(result, "E")->group, "other");
  EXPECT_EQ(source(result, "E")->share[1], 0.0);
  EXPECT_THAT(said(result, "study.no_share").message, HasSubstr("how much DyTb"));
  EXPECT_EQ(said(result, "study.not_a_source").count, 2u);  // C and D, each for its reason
  EXPECT_EQ(value(result, "lead_time_yr", "A"), 0.0);
  EXPECT_EQ(value(result, "lead_time_yr", "B"), 2.0);
  EXPECT_TRUE(std::isnan(value(result, "lead_time_yr", "C")));
  EXPECT_EQ(result.supply->site, (std::vector<std::size_t>{0, 1, 4}));
}

TEST_F(PortfolioStage, TheCheapestMixIsTheOneByHand) {
  const StudyResult result =
      run(site_keys + "[supply]\ndemand = \"demand.csv\"\npolicy = \"policy.toml\"\n");
  ASSERT_TRUE(result.supply->portfolio.has_value());
  const Portfolio& plan = *result.supply->portfolio;
  ASSERT_EQ(plan.status, ProgrammeStatus::optimal);
  // E gives 10 t a year at 5 USD/kg, dearer a kg of NdPr (50) than A (50) and B (20). 2027: A
  // alone, or A with E, at 50 USD/kg of NdPr: 7.5 M. 2028 and 2029: B at 20 USD/kg: 3 M each.
  EXPECT_NEAR(plan.objective_usd, 13.5e6, 13.5e6 * 1e-3);
  EXPECT_NEAR(plan.shortfall_t, 0.0, 1e-6);
}

TEST_F(PortfolioStage, EconomicsBecomeIndicatorsAndCriteria) {
  const std::string criteria = R"([[criteria]]
name = "usd_per_kg"
direction = "min"
weight = 1.0
bounds = [0, 100]
)";
  const StudyResult result =
      run(site_keys + "[supply]\nmetal_prices = \"prices.csv\"\n" + criteria);
  // One kg of all oxides costs 10 and holds 0.2 kg NdPr and 0.01 kg DyTb at 300: (10 - 3) / 0.2.
  EXPECT_NEAR(value(result, "usd_per_kg", "A"), 35.0, 1e-9);
  EXPECT_NEAR(value(result, "usd_per_kg", "B"), 0.0, 1e-9);  // (6 - 6) / 0.3
  EXPECT_NEAR(value(result, "usd_per_kg", "E"), 50.0, 1e-9);
  EXPECT_EQ(cell(result, "usd_per_kg", "A").unit, "USD/kg");
  EXPECT_THAT(cell(result, "usd_per_kg", "A").source,
              HasSubstr("opex 10.00 USD/kg (field cost); the study computes no freight"));
  EXPECT_GT(value(result, "npv_usd", "A"), 0.0);
  // The rate's range moves the value, not the cost a kg.
  EXPECT_LT(cell(result, "npv_usd", "A").low, value(result, "npv_usd", "A"));
  EXPECT_GT(cell(result, "npv_usd", "A").high, value(result, "npv_usd", "A"));
  EXPECT_EQ(said(result, "study.supply_part").count, 2u);  // portfolio, disruption
  ASSERT_FALSE(result.ranking.empty());
  EXPECT_EQ(result.sites[result.ranking.front().site].id, "B");
}

TEST_F(PortfolioStage, AWayOutIsPartOfTheCost) {
  write("roads.geojson", collection({feature(R"("n":1)", line(0, 0, 2, 0))}));
  write("plants.csv", "id,name,lon,lat\nW,Works,1,0\n");
  write("tariff.toml",
        "as_of = 2026-01-01\ncurrency = \"USD\"\n[modes.road]\n"
        "usd_per_tkm = { low = 0.08, base = 0.10, high = 0.15 }\n"
        "co2e_g_per_tkm = 50\nspeed_kmh = 60\n");
  const StudyResult result = run(site_keys + R"([[networks]]
path = "roads.geojson"
mode = "road"
[logistics]
plants = "plants.csv"
tariff = "tariff.toml"
snap_radius = "10 km"
product_grade = "60 %"
product_moisture = "8 %"
[supply]
demand = "demand.csv"
policy = "policy.toml"
)");
  // A tonne hauled holds 552 kg of oxide and goes a degree of the equator.
  const double per_kg = equator_degree_m / 1000 / 552;
  const SupplySource& a = *source(result, "A");
  EXPECT_NEAR(a.opex_usd_per_kg.base, 10.0 + 0.10 * per_kg, 1e-9);
  EXPECT_NEAR(a.opex_usd_per_kg.low, 10.0 + 0.08 * per_kg, 1e-9);
  EXPECT_NEAR(a.opex_usd_per_kg.high, 10.0 + 0.15 * per_kg, 1e-9);
  EXPECT_EQ(source(result, "E"), nullptr);  // out of reach: it cannot deliver
}

TEST_F(PortfolioStage, APermitThatBeginsLaterHoldsOutputBack) {
  write("permits.geojson",
        collection({feature(R"("id":"P","status":"Issued","from":"2031-05-01","to":"2060-01-01")",
                            box(1.9, -0.1, 2.1, 0.1)),
                    feature(R"("id":"Q","status":"Issued","from":"2030-05-01","to":"2060-01-01")",
                            box(-0.1, -0.1, 0.1, 0.1))}));
  const StudyResult result = run(site_keys + R"([[permits]]
path = "permits.geojson"
id = "id"
status = "status"
granted = "from"
expires = "to"
[supply]
demand = "demand.csv"
policy = "allow.toml"
)",
                                 (write("allow.toml", "allow_shortfall = true\n"), ""));
  EXPECT_EQ(source(result, "B")->not_before, 2031.0);
  EXPECT_EQ(value(result, "lead_time_yr", "B"), 5.0);
  // A is said to run before its permit: it counts from the grant on.
  EXPECT_EQ(source(result, "A")->not_before, 2030.0);
  EXPECT_FALSE(source(result, "A")->operating);
  EXPECT_EQ(said(result, "supply.before_permit").count, 1u);
  EXPECT_TRUE(std::isnan(source(result, "E")->not_before));
}

TEST_F(PortfolioStage, SitesThatRulesLeaveOutTakeNoPart) {
  const StudyResult result = run(site_keys +
                                 "[[rules]]\nname = \"cheap\"\nfield = \"usd_per_kg\"\nmax = 40\n"
                                 "[supply]\nmetal_prices = \"prices.csv\"\n");
  EXPECT_NE(source(result, "A"), nullptr);
  EXPECT_EQ(source(result, "E"), nullptr);
  EXPECT_EQ(said(result, "study.ruled_out").count, 1u);
  EXPECT_EQ(result.supply->economics->sites.size(), result.supply->sources.list.size());
  EXPECT_NEAR(value(result, "usd_per_kg", "E"), 50.0, 1e-9);  // what the rule looked at stands
}

TEST_F(PortfolioStage, CandidatesStandBesideTheSites) {
  write("more.csv",
        "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,operating,price_year\n"
        "X,Allyland,100,1,55,1,2024\n");
  const StudyResult result = run(site_keys +
                                 "[supply]\ndemand = \"demand.csv\"\npolicy = \"policy.toml\"\n"
                                 "candidates = \"more.csv\"\n");
  const SupplySource& x = *source(result, "X");
  EXPECT_EQ(x.country, "ALL");
  EXPECT_EQ(x.group, "allied");
  EXPECT_EQ(x.share, (std::vector<double>{1.0, 0.0}));
  EXPECT_EQ(result.supply->site.back(), SupplyAnswer::no_site);
  EXPECT_EQ(result.supply->sources.price_year, 2024);
}

TEST_F(PortfolioStage, SourcesAsATableAreTheSameSources) {
  const StudyResult result =
      run(site_keys + "[supply]\ndemand = \"demand.csv\"\npolicy = \"policy.toml\"\n");
  Findings findings;
  const SupplySources again = read_sources(table_of(result.supply->sources), findings);
  ASSERT_EQ(again.list.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    const SupplySource &a = again.list[k], &b = result.supply->sources.list[k];
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.share, b.share);
    EXPECT_EQ(a.capacity_t_per_year.base, b.capacity_t_per_year.base);
    EXPECT_EQ(a.opex_usd_per_kg.base, b.opex_usd_per_kg.base);
    EXPECT_EQ(a.operating, b.operating);
    EXPECT_EQ(a.lead_years, b.lead_years);
  }
}

TEST_F(PortfolioStage, ProductsInUseStandBesideRecyclers) {
  write("scrap.csv", "id,lon,lat,rate,ndpr,dytb,cost\nR,0.5,0,50,90,5,20\n");
  write(
      "stocks.csv",
      "id,product,country,year,sold_t,oxide_content_pct,share_NdPr,share_DyTb,lifetime,mean_years,"
      "spread,collection_pct,dismantling_pct,recovery_pct,opex_usd_per_kg\n"
      "S,drives,HOM,2025,1000,30,0.9,0.05,fixed,3,1,50,100,90,20\n");
  const StudyResult result = run(site_keys +
                                 "[[sites]]\npath = \"scrap.csv\"\nid = \"id\"\nkind = "
                                 "\"secondary\"\nrate = { field = \"rate\", unit = \"t/yr\" }\n"
                                 "ndpr_share = { field = \"ndpr\", unit = \"%\" }\n"
                                 "dytb_share = { field = \"dytb\", unit = \"%\" }\n"
                                 "opex = { field = \"cost\", unit = \"USD/kg\" }\n"
                                 "[supply]\ndemand = \"demand.csv\"\npolicy = \"policy.toml\"\n"
                                 "stocks = \"stocks.csv\"\n");
  // All of 2025's 300 t of oxide retires in 2028: x 0.5 x 0.9.
  const SupplySource& s = *source(result, "S");
  EXPECT_EQ(s.kind, "secondary");
  EXPECT_NEAR(output_t(s, 2028, 2028), 135.0, 1e-9);
  EXPECT_NEAR(output_t(s, 2027, 2027), 0.0, 1e-9);
  ASSERT_EQ(result.supply->recycling.size(), 1u);
  EXPECT_EQ(said(result, "study.stock_sources").count, 1u);
  // As a table, too, its years are kept.
  Findings findings;
  const SupplySources again = read_sources(table_of(result.supply->sources), findings);
  EXPECT_EQ(again.list.back().limit_from, s.limit_from);
  EXPECT_EQ(again.list.back().limit_t_per_year, s.limit_t_per_year);
}

/// Each product has its own opex; one without takes the figure of the study's recyclers.
TEST_F(PortfolioStage, ProductsWithoutAnOpexTakeThatOfTheRecyclers) {
  write("scrap.csv", "id,lon,lat,rate,ndpr\nR,0.5,0,50,90\n");
  const std::string header =
      "id,product,country,year,sold_t,oxide_content_pct,share_NdPr,share_DyTb,lifetime,mean_years,"
      "spread,collection_pct,dismantling_pct,recovery_pct,opex_usd_per_kg,opex_low_usd_per_kg,"
      "opex_high_usd_per_kg\n";
  write("stocks.csv", header +
                          "S,drives,HOM,2025,1000,30,0.9,0.05,fixed,3,1,50,100,90,15,10,25\n"
                          "T,motors,HOM,2025,1000,30,0.9,0.05,fixed,3,1,50,100,90,,,\n");
  const auto with = [&](const std::string& opex) {
    return run(site_keys +
               "[[sites]]\npath = \"scrap.csv\"\nid = \"id\"\nkind = \"secondary\"\nrate = { "
               "field = \"rate\", unit = \"t/yr\" }\nndpr_share = { field = \"ndpr\", unit = "
               "\"%\" }\n" +
               opex + "[supply]\ndemand = \"demand.csv\"\nstocks = \"stocks.csv\"\n");
  };
  const StudyResult result =
      with("opex = { value = \"20 USD/kg\", low = \"12 USD/kg\", high = \"40 USD/kg\" }\n");
  EXPECT_EQ(source(result, "S")->opex_usd_per_kg, (LowBaseHigh{10, 15, 25}));
  const LowBaseHigh taken = source(result, "T")->opex_usd_per_kg;
  EXPECT_NEAR(taken.low, 12, 1e-12);
  EXPECT_NEAR(taken.base, 20, 1e-12);
  EXPECT_NEAR(taken.high, 40, 1e-12);
  EXPECT_EQ(said(result, "study.stock_opex").count, 1u);
  EXPECT_THAT(said(result, "study.stock_opex").message, HasSubstr("scrap.csv"));
  const StudyResult bare = with("");
  EXPECT_FALSE(source(bare, "T")->opex_usd_per_kg.known());
  EXPECT_EQ(said(bare, "study.stock_opex").count, 0u);
}

TEST_F(PortfolioStage, ACapWithoutABurdenIsSaid) {
  write("capped.toml", "allow_shortfall = true\n[[cap]]\nburden = \"waste_t\"\nmax = 1e9\n");
  write("more.csv",
        "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,burden_waste_t\n"
        "X,ALL,100,1,55,0.01\n");
  const StudyResult result = run(site_keys +
                                 "[supply]\ndemand = \"demand.csv\"\npolicy = \"capped.toml\"\n"
                                 "candidates = \"more.csv\"\n");
  EXPECT_EQ(said(result, "study.no_burden").count, 3u);  // A, B and E
}

TEST_F(PortfolioStage, TheAllianceTakesItsMinesFromTheSites) {
  write("capacities.csv",
        "country,stage,tonnes_per_year,usd_per_kg\nHOM,mine,9999,1\nALL,separation,100,5\n"
        "ALL,metal,50,5\nHOM,metal,1000,5\nHOM,magnet,1000,5\n");
  write("members.csv", "country,year,ndpr_t\nHOM,2028,100\n");
  const StudyResult result = run(
      site_keys + "[supply]\ncapacities = \"capacities.csv\"\nmember_demand = \"members.csv\"\n",
      "allies = [\"ALL\", \"OTH\"]\n");
  ASSERT_TRUE(result.supply->alliance.has_value());
  const AllianceView& view = *result.supply->alliance;
  EXPECT_EQ(view.stages, (std::vector<std::string>{"mine", "separation", "metal", "magnet"}));
  // A 1000 t x 20 %, B 500 t x 30 % from 2028 on, E 100 t x 10 %; not the table's 9999 t.
  for (const StageBalance& row : view.balance)
    if (row.stage == "mine") EXPECT_NEAR(row.capacity_t, 200 + 150 + 10, 1e-9);
  EXPECT_EQ(said(result, "study.mine_rows").count, 1u);
  EXPECT_EQ(said(result, "study.no_hauls").count, 1u);
  ASSERT_EQ(view.years.size(), 1u);
  EXPECT_NEAR(view.years[0].met_together_t, 0.0, 1e-9);  // nothing can be hauled
  write("capacities.csv", "country,stage,tonnes_per_year\nHOM,smelting,1\n");
  EXPECT_THAT(slip("capacities = \"capacities.csv\"\nmember_demand = \"members.csv\"\n"),
              testing::StartsWith("supply.no_stage at capacities.csv, line"));
}

TEST_F(PortfolioStage, HaulsBetweenMembersAreWaysOfTheStudysNetwork) {
  // A road along the equator; HOM separates at 0 E, ALL makes metal and magnets at 2 E.
  write("roads.geojson", collection({feature(R"("n":1)", line(0, 0, 2, 0))}));
  write("plants.csv",
        "id,name,lon,lat,stages\nS,Separation,0,0,separation\nM,Metal,2,0,metal making\n");
  write("tariff.toml",
        "as_of = 2026-01-01\ncurrency = \"USD\"\n[modes.road]\n"
        "usd_per_tkm = { low = 0.08, base = 0.10, high = 0.15 }\n"
        "co2e_g_per_tkm = 50\nspeed_kmh = 60\n");
  write("chain.toml", R"(as_of = 2026-01-01
contained = "TREO"
last = "metal"
[[products]]
name = "ore"
grade = "10 %"
moisture = "0 %"
[[products]]
name = "oxide"
grade = "80 %"
moisture = "0 %"
[[products]]
name = "metal"
grade = "100 %"
moisture = "0 %"
[[stages]]
name = "separation"
takes = "ore"
gives = "oxide"
recovery = "100 %"
usd_per_kg = { low = 1, base = 1, high = 1 }
[[stages]]
name = "metal making"
takes = "oxide"
gives = "metal"
recovery = "100 %"
usd_per_kg = { low = 1, base = 1, high = 1 }
)");
  write("capacities.csv",
        "country,stage,tonnes_per_year,usd_per_kg\nHOM,separation,1000,5\nALL,metal,1000,5\n");
  write("members.csv", "country,year,ndpr_t\nALL,2028,100\n");
  const StudyResult result = run(site_keys + R"(product = "ore"
[[networks]]
path = "roads.geojson"
mode = "road"
[logistics]
plants = "plants.csv"
tariff = "tariff.toml"
chain = "chain.toml"
snap_radius = "10 km"
[supply]
capacities = "capacities.csv"
member_demand = "members.csv"
)");
  const AllianceView& view = *result.supply->alliance;
  ASSERT_EQ(view.years.size(), 1u);
  EXPECT_NEAR(view.years[0].met_together_t, 100.0, 1e-6);
  EXPECT_NEAR(view.years[0].met_alone_t, 0.0, 1e-9);
  // Two degrees of the equator at 0.10 USD/tkm; a tonne of oxide holds 800 kg.
  const double haul = 0.10 * 2 * equator_degree_m / 1000 / 800;
  bool found = false;
  for (const StageFlow& flow : view.flows)
    if (flow.from == "HOM" && flow.to == "ALL" && flow.stage == "separation") {
      found = true;
      EXPECT_NEAR(flow.usd_per_kg, haul, 1e-9);
      EXPECT_NEAR(flow.tonnes, 100.0, 1e-6);
    }
  EXPECT_TRUE(found);
}

TEST_F(PortfolioStage, MembersThatBringAndNeedNothingAreLeftOut) {
  write("sites.csv",
        "id,lon,lat,rate,rate_low,rate_high,ndpr,dytb,cost,lead,runs\n"
        "A,0,0,1000,800,1200,20,1,10,0,yes\n");
  write("capacities.csv", "country,stage,tonnes_per_year\nHOM,magnet,100\n");
  write("members.csv", "country,year,ndpr_t\nHOM,2028,100\n");
  const StudyResult result = run(
      site_keys + "[supply]\ncapacities = \"capacities.csv\"\nmember_demand = \"members.csv\"\n");
  EXPECT_EQ(said(result, "study.members").count, 1u);
  EXPECT_THAT(said(result, "study.members").message, HasSubstr("ALL"));
}

TEST_F(PortfolioStage, SlipsAreToldWithFileAndLine) {
  EXPECT_THAT(slip("demand = \"demand.csv\"\npolicy = \"none.toml\"\n"),
              testing::StartsWith("io.missing_file at s.toml, line"))
      << "the line of the key";
  write("bad.toml", "discount = 0.05\nbudgett_usd = 1\n");
  EXPECT_THAT(slip("demand = \"demand.csv\"\npolicy = \"bad.toml\"\n"),
              testing::StartsWith("policy.invalid at bad.toml:2"));
  write("bad.toml", "discount_pct = 5\nfoo\n");
  EXPECT_THAT(slip("demand = \"demand.csv\"\neconomics = \"bad.toml\"\n"),
              testing::StartsWith("economics.syntax at bad.toml:2"));
  EXPECT_THAT(slip("demand = \"demand.csv\"\nscenario = \"bad.toml\"\n"),
              testing::StartsWith("scenario.syntax at bad.toml:2"));
  write("bad.toml", "[incentives]\ncountries = ['Atlantis']\n");
  EXPECT_THAT(slip("demand = \"demand.csv\"\neconomics = \"bad.toml\"\n"),
              testing::StartsWith("supply.incentive at bad.toml"));
  EXPECT_THAT(slip("metal_prices = \"prices.csv\"\ncurves = [\"Foo\"]\n"),
              testing::StartsWith("supply.unknown_element at s.toml, line"));
  write("euro.csv", "metal,price_usd_per_kg,currency\nNdPr,60,USD\nDyTb,300,EUR\n");
  EXPECT_THAT(slip("metal_prices = \"euro.csv\"\n"),
              testing::StartsWith("supply.mixed_currency at euro.csv, line"));
  write("old.csv",
        "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg,price_year\nX,ALL,1,1,5,2020\n");
  EXPECT_THAT(slip("metal_prices = \"prices.csv\"\ncandidates = \"old.csv\"\n"),
              testing::StartsWith("supply.money at old.csv"));
  write("gap.csv", "year,ndpr_t\n2027,1\n2029,1\n");
  EXPECT_THAT(slip("demand = \"gap.csv\"\npolicy = \"policy.toml\"\n"),
              testing::StartsWith("supply.year at gap.csv, line"));
  write("twice.csv", "id,country,capacity_t_per_year,share_NdPr,opex_usd_per_kg\nA,ALL,1,1,5\n");
  EXPECT_THAT(
      slip("demand = \"demand.csv\"\npolicy = \"policy.toml\"\ncandidates = \"twice.csv\"\n"),
      HasSubstr("supply.duplicate_source at s.toml, line"));
  write("heavy.csv", "year,Y_t\n2027,5\n");
  EXPECT_THAT(slip("demand = \"heavy.csv\"\npolicy = \"policy.toml\"\n"),
              HasSubstr("supply.no_source at s.toml, line"));
  EXPECT_THAT(slip("capacities = \"demand.csv\"\nmembers = \"NATO\"\n"),
              testing::StartsWith("study.value at s.toml, line"));
}

TEST_F(PortfolioStage, TheCheckFindsTheSameSlips) {
  write("bad.toml", "discount = 0.05\nbudgett_usd = 1\n");
  write("gap.csv", "year,ndpr_t\n2027,1\n2029,1\n");
  write(
      "s.toml",
      "[study]\ntitle = \"T\"\nhome = \"HOM\"\nas_of = 2026-11-01\n" + site_keys +
          "[supply]\ndemand = \"gap.csv\"\npolicy = \"bad.toml\"\n[[criteria]]\nname = \"group\"\n"
          "direction = \"min\"\nweight = 1.0\nbounds = [0, 2]\n[ranking]\nmethod = \"wsm\"\n");
  try {
    (void)check_study(read_study((folder_ / "s.toml").string()), options_);
    FAIL() << "a bad policy passed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "supply.year");
    ASSERT_EQ(error.more.size(), 1u);  // both at once
    EXPECT_EQ(error.more.front().code, "policy.invalid");
  }
}

}  // namespace
}  // namespace lode::test
