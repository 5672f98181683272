// Footprints of sites: hand computations, published lines, what is unknown, and every refusal.
#include "libgeo/environment/footprint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

const char* const kTable =
    "route,name,kind,water_m3_per_kg_low,water_m3_per_kg,water_m3_per_kg_high,co2e_kg_per_kg,"
    "residue_t_per_t,reference_grade_pct,mining_share_pct,tailings_share_pct,thorium_follows_pct,"
    "source\n"
    "mill,\"flotation, \"\"acid\"\"\",primary,0.1,0.2,0.4,20,2,5,40,100,50,S1\n"
    "in_situ,,primary,,1,,30,,0.1,60,0,0,S2\n"
    "\n"
    "magnet,,secondary,,,,8,0.1,,,0,0,S3\n";

FootprintSite mine() {
  FootprintSite site;
  site.id = "M";
  site.route = "mill";
  site.ore_t = {8e6, 10e6, 12e6};
  site.treo = only_base(0.02);
  site.recovery = 0.5;
  site.strip_ratio = 3.0;
  site.thorium_ppm = 200.0;
  site.uranium_ppm = 10.0;
  site.treo_t_per_yr = 5000.0;
  site.disturbed_ha = 100.0;
  site.dam_height_m = 40.0;
  return site;
}

FootprintRow row_of(const FootprintSite& site, const FootprintOptions& options = {}) {
  return footprints({site}, parse_process_routes(kTable, "t.csv"), options).sites.at(0);
}
LowBaseHigh figure(const FootprintRow& row, const std::string& name) {
  const FootprintFigure* found = row.find(name);
  EXPECT_NE(found, nullptr) << name;
  return found == nullptr ? LowBaseHigh{} : found->value;
}

TEST(Footprint, WasteAndIntensitiesByHand) {
  const FootprintRow row = row_of(mine());
  EXPECT_NEAR(figure(row, "product_t").base, 1e5, 1e-6);  // 10 Mt x 2 % x 50 %
  EXPECT_NEAR(figure(row, "product_t").low, 8e4, 1e-6);
  // 60 % as it is, 40 % x 5 % / 2 %: 1.6 times.
  EXPECT_NEAR(figure(row, "co2e_kg_per_kg").base, 32.0, 1e-12);
  EXPECT_NEAR(figure(row, "water_m3_per_kg").low, 0.16, 1e-12);
  EXPECT_NEAR(figure(row, "water_m3_per_kg").high, 0.64, 1e-12);
  EXPECT_NEAR(figure(row, "co2e_t_per_yr").base, 160000.0, 1e-6);
  EXPECT_NEAR(figure(row, "water_m3_per_yr").base, 1.6e6, 1e-6);
  EXPECT_NEAR(figure(row, "tailings_t").base, 9.9e6, 1e-3);
  EXPECT_NEAR(figure(row, "tailings_m3").base, 6.6e6, 1e-3);
  EXPECT_NEAR(figure(row, "tailings_m3").high, 7.92e6, 1e-3);
  EXPECT_NEAR(figure(row, "waste_rock_t").base, 30e6, 1e-3);
  EXPECT_NEAR(figure(row, "waste_t_per_t").base, 399.0, 1e-9);  // (9.9 + 30) / 0.1
  EXPECT_NEAR(figure(row, "residue_t").base, 2e5, 1e-6);
  EXPECT_EQ(row.find("co2e_kg_per_kg")->source, "S1");
  EXPECT_EQ(row.find("absent"), nullptr);
}

TEST(Footprint, ALowGradeIsTheHighEnd) {
  FootprintSite site = mine();
  site.treo = {0.01, 0.02, 0.04};
  const FootprintRow row = row_of(site);
  EXPECT_NEAR(figure(row, "co2e_kg_per_kg").low, 20.0 * (0.6 + 0.4 * 1.25), 1e-12);
  EXPECT_NEAR(figure(row, "co2e_kg_per_kg").high, 20.0 * (0.6 + 0.4 * 5.0), 1e-12);
  EXPECT_NEAR(figure(row, "waste_t_per_t").high, 200.0 * (0.995 + 3.0), 1e-9);
  EXPECT_NEAR(figure(row, "tailings_t").low, 8e6 * 0.98, 1e-3);
}

TEST(Footprint, ThoriumAndUraniumWithTheirWaste) {
  const FootprintRow row = row_of(mine());
  EXPECT_NEAR(figure(row, "thorium_t").base, 2000.0, 1e-9);
  EXPECT_NEAR(figure(row, "uranium_t").base, 100.0, 1e-9);
  EXPECT_NEAR(figure(row, "thorium_residue_t").base, 500.0, 1e-9);  // x 50 % x 50 %
  // 0.2 mg/g x 4.06 + 0.01 mg/g x 12.4
  EXPECT_NEAR(figure(row, "activity_bq_per_g").base, 0.936, 1e-12);
  EXPECT_NEAR(figure(row, "residue_bq_per_g").base, 0.936 * 10e6 * 0.25 / 2e5, 1e-9);
  EXPECT_NEAR(figure(row, "tailings_bq_per_g").base, 0.936 * 0.75 / 0.99, 1e-9);
  // The ore is under 1 Bq/g, the residue is over it.
  EXPECT_EQ(figure(row, "radioactive").base, 1.0);
  FootprintSite clean = mine();
  clean.thorium_ppm = 4.0;
  clean.uranium_ppm = 1.0;  // residue: 0.203 and 0.155 Bq/g
  EXPECT_EQ(figure(row_of(clean), "radioactive").base, 0.0);
  clean.uranium_ppm = std::nan("");
  const FootprintRow unknown = row_of(clean);
  EXPECT_TRUE(std::isnan(figure(unknown, "radioactive").base));
  EXPECT_TRUE(std::isnan(figure(unknown, "activity_bq_per_g").base));
  EXPECT_NEAR(figure(unknown, "activity_bq_per_g").low, 0.01624, 1e-12);
  // The exemption is for each series, not for their sum: 246 ppm Th is 0.999 Bq/g.
  FootprintSite in_situ = mine();
  in_situ.route = "in_situ";
  in_situ.thorium_ppm = 246.0;
  in_situ.uranium_ppm = 80.0;  // 0.992 Bq/g
  EXPECT_EQ(figure(row_of(in_situ), "radioactive").base, 0.0);
  in_situ.thorium_ppm = 247.0;
  EXPECT_EQ(figure(row_of(in_situ), "radioactive").base, 1.0);
}

// VF = 0.332 VT^0.95, Dmax = 3.04 Hf^0.545, Hf = H x VF / VT x VF (Concha Larrauri & Lall 2018);
// VF = 0.354 VT^1.01, Dmax = 1.61 (H VF)^0.66 (Rico et al. 2008). Worked for ponds of 10 Mm3
// (2.9589 and 3.6224 Mm3) and 1 Mm3 behind 30 m.
TEST(Footprint, ReleaseAndRunOutOfAFailure) {
  FootprintSite site = mine();
  site.dam_height_m = 30.0;
  site.recovery = 0.0;  // everything is tailings
  site.ore_t = only_base(15e6);
  FootprintRow row = row_of(site);
  EXPECT_NEAR(figure(row, "release_m3").base / 1e6, 2.9589, 1e-4);
  EXPECT_NEAR(figure(row, "release_m3").high / 1e6, 3.6224, 1e-4);
  EXPECT_NEAR(figure(row, "runout_km").base, 18.0487, 1e-3);
  EXPECT_NEAR(figure(row, "runout_km").high, 35.536, 1e-3);
  site.ore_t = only_base(1.5e6);
  row = row_of(site);
  EXPECT_NEAR(figure(row, "release_m3").base, 332000.0, 1e-3);
  EXPECT_NEAR(figure(row, "release_m3").high, 354000.0, 1e-3);
  // Never more than there is: 0.332 VT^0.95 passes VT below 2.6e-10 Mm3.
  site.ore_t = only_base(1e-5);
  row = row_of(site);
  EXPECT_LE(figure(row, "release_m3").base, figure(row, "tailings_m3").base);
  site.dam_height_m = std::nan("");
  EXPECT_TRUE(std::isnan(figure(row_of(site), "runout_km").base));
  site.route = "in_situ";  // no tailings, no failure
  EXPECT_EQ(figure(row_of(site), "release_m3").base, 0.0);
}

TEST(Footprint, BondIsAnAnnuityWithSharesOnTop) {
  FootprintOptions options;
  options.water_treatment_usd_per_yr = 1e5;
  options.treatment_yr = 20.0;
  options.discount = 0.05;
  // Annuity factor of 5 % and 20 years in every table: 12.46221.
  const double water = 1e5 * 12.46221;
  FootprintSite site = mine();
  EXPECT_NEAR(figure(row_of(site, options), "closure_bond_usd").base,
              (100.0 * 150000.0 + water) * 1.45, 10.0);
  site.thorium_ppm = site.uranium_ppm = 0.0;
  EXPECT_NEAR(figure(row_of(site, options), "closure_bond_usd").base,
              (100.0 * 25000.0 + water) * 1.45, 10.0);
  options.discount = 0.0;
  EXPECT_NEAR(figure(row_of(site, options), "closure_bond_usd").base, (2.5e6 + 2e6) * 1.45, 1e-6);
  site.uranium_ppm = std::nan("");
  const LowBaseHigh open = figure(row_of(site, options), "closure_bond_usd");
  EXPECT_NEAR(open.base, (2.5e6 + 2e6) * 1.45, 1e-6);
  EXPECT_NEAR(open.high, (15e6 + 2e6) * 1.45, 1e-6);
}

TEST(Footprint, RecyclingHasNoOreAndNothingIsTakenForZero) {
  FootprintSite site;
  site.id = "R";
  site.route = "Magnet";  // any case
  site.treo_t_per_yr = 400.0;
  site.life_yr = 20.0;
  const FootprintRow row = row_of(site);
  EXPECT_NEAR(figure(row, "product_t").base, 8000.0, 1e-9);
  EXPECT_NEAR(figure(row, "co2e_kg_per_kg").base, 8.0, 1e-12);
  EXPECT_TRUE(std::isnan(figure(row, "water_m3_per_kg").base));
  EXPECT_NEAR(figure(row, "waste_t_per_t").base, 0.1, 1e-12);
  EXPECT_TRUE(std::isnan(figure(row, "tailings_t").base));
  EXPECT_TRUE(std::isnan(figure(row, "closure_bond_usd").base));
  FootprintSite no_strip = mine();
  no_strip.strip_ratio = std::nan("");
  EXPECT_TRUE(std::isnan(figure(row_of(no_strip), "waste_t_per_t").base));
}

TEST(Footprint, ARadioactiveResidueThatIsNotKnownIsNotTakenForNone) {
  FootprintSite site = mine();
  site.thorium_ppm = 100.0;
  site.uranium_ppm = 20.0;  // 0.41 and 0.25 Bq/g: the ore is under the limit
  site.route = "no such route";
  const FootprintRow row = footprints({site}, parse_process_routes(kTable, "t.csv")).sites.at(0);
  EXPECT_TRUE(std::isnan(row.find("radioactive")->value.base));
  EXPECT_TRUE(row.find("closure_bond_usd")->value.ranged());
  site.thorium_ppm = site.uranium_ppm = 0.0;
  const FootprintRow none = footprints({site}, parse_process_routes(kTable, "t.csv")).sites.at(0);
  EXPECT_EQ(none.find("radioactive")->value.base, 0.0);
}

TEST(Footprint, FindingsAreToldOnceAKind) {
  FootprintSite unknown = mine();
  unknown.route = "mil";
  FootprintSite lean = mine();
  lean.treo = only_base(0.004);  // 12.5 times leaner than the route's 5 %
  FootprintSite large = mine();
  large.ore_t = only_base(500e6);
  large.dam_height_m = 200.0;
  const Footprints out = footprints({unknown, unknown, lean, lean, lean, large},
                                    parse_process_routes(kTable, "t.csv"));
  ASSERT_EQ(out.findings.list().size(), 4u);
  EXPECT_EQ(out.findings.list()[0].code, "footprint.no_route");
  EXPECT_EQ(out.findings.list()[0].count, 2u);
  EXPECT_THAT(out.findings.list()[0].message, testing::HasSubstr("mill"));
  EXPECT_EQ(out.findings.list()[1].code, "footprint.extrapolated");
  EXPECT_EQ(out.findings.list()[1].count, 3u);
  EXPECT_TRUE(std::isnan(figure(out.sites[0], "co2e_kg_per_kg").base));
  EXPECT_NEAR(figure(out.sites[0], "thorium_t").base, 2000.0, 1e-9);
  EXPECT_TRUE(footprints({mine()}, parse_process_routes(kTable, "t.csv")).findings.empty());
  for (std::size_t k = 0; k < out.sites[0].figures.size(); ++k)
    EXPECT_EQ(out.sites[0].figures[k].name, out.sites[5].figures[k].name);
}

TEST(Footprint, RefusesWhatCannotBe) {
  const auto refused = [](auto change) {
    FootprintSite site = mine();
    change(site);
    return code_of([&] { static_cast<void>(row_of(site)); });
  };
  EXPECT_EQ(refused([](FootprintSite& s) { s.recovery = 1.1; }), "footprint.value");
  EXPECT_EQ(refused([](FootprintSite& s) { s.ore_t.base = -1.0; }), "footprint.value");
  EXPECT_EQ(refused([](FootprintSite& s) { s.ore_t.low = 11e6; }), "footprint.value");
  EXPECT_EQ(refused([](FootprintSite& s) { s.treo = only_base(2.0); }), "footprint.value");
  FootprintOptions options;
  options.tailings_density_t_m3 = 0.0;
  EXPECT_EQ(code_of([&] { static_cast<void>(row_of(mine(), options)); }), "footprint.option");
  options = {};
  options.discount = std::nan("");
  EXPECT_EQ(code_of([&] { static_cast<void>(row_of(mine(), options)); }), "footprint.option");
}

std::string fault(const std::string& csv) {
  try {
    static_cast<void>(parse_process_routes(csv, "t.csv"));
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "footprint.table") << error.what();
    return error.where;
  }
  return "none";
}

TEST(ProcessRoutes, EveryMistakeHasItsLine) {
  EXPECT_EQ(fault(""), "t.csv, line 1");
  EXPECT_EQ(fault("route,kind\n"), "t.csv, line 1");                         // no source
  EXPECT_EQ(fault("route,kind,source,watr\n"), "t.csv, line 1");             // no such column
  EXPECT_EQ(fault("route,kind,source\n"), "t.csv");                          // no row
  EXPECT_EQ(fault("route,kind,source\na,primary\n"), "t.csv, line 2");       // a cell short
  EXPECT_EQ(fault("route,kind,source\n\na,tertiary,x\n"), "t.csv, line 3");  // kind
  EXPECT_EQ(fault("route,kind,source\na,primary,\n"), "t.csv, line 2");      // whence?
  EXPECT_EQ(fault("route,kind,source\na,primary,x\nA,primary,x\n"), "t.csv, line 3");
  EXPECT_EQ(fault("route,kind,source\n,primary,x\n"), "t.csv, line 2");
  EXPECT_EQ(fault("route,kind,source\na,primary,\"x\n"), "t.csv, line 2");  // open quote
  EXPECT_EQ(fault("route,kind,source,co2e_kg_per_kg\na,primary,x,ten\n"), "t.csv, line 2");
  EXPECT_EQ(fault("route,kind,source,co2e_kg_per_kg\na,primary,x,-1\n"), "t.csv, line 2");
  EXPECT_EQ(fault("route,kind,source,co2e_kg_per_kg_low\na,primary,x,1\n"), "t.csv, line 2");
  EXPECT_EQ(fault("route,kind,source,co2e_kg_per_kg,co2e_kg_per_kg_low\na,primary,x,1,2\n"),
            "t.csv, line 2");
  EXPECT_EQ(fault("route,kind,source,mining_share_pct\na,primary,x,20\n"), "t.csv, line 2");
  EXPECT_EQ(fault("route,kind,source,route\na,primary,x,b\n"), "t.csv, line 1");
}

TEST(ProcessRoutes, TheShippedTableIsWholeAndSaysWhence) {
  const std::string file =
      std::string(LODE_SOURCE_DIR) + "/sample_data/process_routes/process_routes.csv";
  const auto routes = parse_process_routes(text_of_file(file), file);
  EXPECT_GE(routes.size(), 15u);
  std::size_t secondary = 0;
  for (const ProcessRoute& route : routes) {
    secondary += route.kind == "secondary";
    for (const LowBaseHigh& f : {route.water_m3_per_kg, route.reagents_kg_per_kg,
                                 route.energy_mj_per_kg, route.co2e_kg_per_kg}) {
      EXPECT_LT(f.low, f.base) << route.id;
      EXPECT_LT(f.base, f.high) << route.id;
    }
    EXPECT_FALSE(route.name.empty());
    EXPECT_EQ(route.data, "memory") << route.id;
  }
  EXPECT_GE(secondary, 8u);
}

}  // namespace
}  // namespace lode
