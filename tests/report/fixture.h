// A small study result made by hand from public facts, for the tests of the report.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/study/result.h"
#include "tests/report/fixture_ranking.h"
#include "tests/report/fixture_supply.h"

namespace lode::test {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Places: USGS rare earth deposits (Orris and Grauch 2002) and company sites; ore and grade: Weng
/// et al. 2015 (doi 10.2113/econgeo.110.8.1925), NaN where that table has none.
struct FixtureSite {
  const char *id, *name, *country, *group, *kind;
  double lon, lat, ore_mt, treo_pct;
};
inline const std::vector<FixtureSite>& fixture_sites() {
  static const std::vector<FixtureSite> sites{
      {"US-01", "Mountain Pass", "USA", "domestic", "primary", -115.53333, 35.48333, 16.7131,
       8.1891},
      {"AU-01", "Mount Weld", "AUS", "allied", "primary", 122.55, -28.86667, 23.9, 9.972},
      {"AU-02", "Nolans Bore", "AUS", "allied", "primary", 133.24, -22.58, 47.3, 2.6366},
      {"CA-01", "Strange Lake", "CAN", "allied", "primary", -64.11667, 56.3, 492.5, 0.8947},
      {"US-02", "Bear Lodge", "USA", "domestic", "primary", -104.45, 44.48333, 51.7095, 2.7707},
      {"US-R1", "Magnet recycling, San Marcos", "USA", "domestic", "secondary", -97.96, 29.83, kNan,
       kNan},
      {"CA-02", "Nechalacho (Thor Lake)", "CAN", "allied", "primary", -112.66667, 62.1, 125.7,
       1.3583},
      {"US-03", "Round Top", "USA", "domestic", "primary", -105.48, 31.28, 1033.82, 0.0644},
      {"SE-01", "Norra K\xc3\xa4rr", "SWE", "allied", "primary", 14.57, 58.1, 58.1, 0.5948},
      {"US-04", "Bokan-Dotson Ridge", "USA", "domestic", "primary", -132.13333, 54.91667, 6.579,
       0.5909},
      {"BR-01", "Arax\xc3\xa1", "BRA", "other", "primary", -46.93333, -19.63333, 28.29, 4.3141},
      {"GB-R1", "Magnet recycling, Belfast", "GBR", "allied", "secondary", -5.9, 54.61, kNan, kNan},
      {"TZ-01", "Ngualla", "TZA", "other", "primary", 32.83333, -7.7, 41.6, 2.3196},
      {"ZA-01", "Zandkopsdrift", "ZAF", "other", "primary", 17.95, -30.88333, 42.48, 2.2866},
      {"CN-01", "Bayan Obo", "CHN", "other", "primary", 109.96667, 41.75, 1540.0, 6.1336},
      {"US-R2", "Iron-ore tailings, Mineville", "USA", "domestic", "secondary", -73.52, 44.09, 9.0,
       0.906},
  };
  return sites;
}

inline Geometry box_geometry(double lon, double lat, double half_deg) {
  return polygon_geometry({{lon - half_deg, lat - half_deg},
                           {lon + half_deg, lat - half_deg},
                           {lon + half_deg, lat + half_deg},
                           {lon - half_deg, lat + half_deg},
                           {lon - half_deg, lat - half_deg}});
}

inline IndicatorColumn fixture_column(const std::string& name, const std::string& unit,
                                      const std::string& source) {
  IndicatorColumn column;
  column.name = name;
  column.unit = unit;
  const std::size_t count = fixture_sites().size();
  column.value.assign(count, kNan);
  column.low.assign(count, kNan);
  column.high.assign(count, kNan);
  column.source.assign(count, "");
  for (std::size_t i = 0; i < count; ++i)
    column.source[i] = "deposits.shp, feature " + std::to_string(i + 1) + ": " + source;
  return column;
}

inline void add_fixture_indicators(StudyResult& study) {
  auto treo = fixture_column("net_treo_t", "t", "ORE_MT x TREO_PCT, inside valid permits");
  auto grade = fixture_column("treo_grade_pct", "%", "TREO_PCT");
  auto cost =
      fixture_column("delivered_usd_per_kg", "USD/kg", "cheapest way to a plant by tariff.toml");
  auto risk = fixture_column("governance_risk", "1", "wgi_mean6.csv by country");
  for (std::size_t i = 0; i < fixture_sites().size(); ++i) {
    const auto& site = fixture_sites()[i];
    treo.value[i] = site.ore_mt * site.treo_pct * 1e4;
    treo.low[i] = treo.value[i] * 0.7;
    treo.high[i] = treo.value[i] * 1.35;
    grade.value[i] = site.treo_pct;
    cost.value[i] = 0.4 + 0.23 * static_cast<double>(i);
    cost.low[i] = cost.value[i] * 0.8;
    cost.high[i] = cost.value[i] * 1.4;
    risk.value[i] = site.group[0] == 'o' ? 6.1 : 2.2;
  }
  treo.source[5] = treo.source[11] = "";
  study.indicators = {treo, grade, cost, risk};
  study.criteria = {{"net_treo_t", "t", "max", "log", 0.4, 1e3, 1e7},
                    {"delivered_usd_per_kg", "USD/kg", "min", "linear", 0.3, 0.0, 5.0},
                    {"treo_grade_pct", "%", "max", "linear", 0.2, 0.0, 10.0},
                    {"governance_risk", "1", "min", "linear", 0.1, 0.0, 10.0}};
}

inline void add_fixture_ranking(StudyResult& study) {
  const std::size_t count = fixture_sites().size();
  const std::size_t ranked = count - 1;  // Bayan Obo is left out
  std::size_t rank = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (study.sites[i].id == "CN-01") continue;
    SiteStanding one;
    one.site = i;
    one.rank = static_cast<int>(++rank);
    one.score = 0.81 - 0.038 * static_cast<double>(rank) - (rank > 6 ? 0.05 : 0.0);
    const double spread = 0.7 + 0.25 * static_cast<double>(rank);
    double total = 0.0;
    for (std::size_t r = 1; r <= ranked; ++r) {
      const double d = (static_cast<double>(r) - static_cast<double>(rank)) / spread;
      one.rank_acceptability.push_back(std::exp(-0.5 * d * d));
      total += one.rank_acceptability.back();
    }
    double sum = 0.0;
    bool p05 = false, p50 = false, p95 = false;
    for (std::size_t r = 0; r < ranked; ++r) {
      auto& share = one.rank_acceptability[r];
      share = share / total < 0.0005 ? 0.0 : share / total;
      sum += share;
      const double at = static_cast<double>(r + 1);
      if (!p05 && sum >= 0.05) one.rank_p05 = at, p05 = true;
      if (!p50 && sum >= 0.50) one.rank_p50 = at, p50 = true;
      if (!p95 && sum >= 0.95) one.rank_p95 = at, p95 = true;
    }
    one.first_acceptability = one.rank_acceptability.front();
    one.contributions = {{"net_treo_t", one.score * 0.45},
                         {"delivered_usd_per_kg", one.score * 0.25},
                         {"treo_grade_pct", one.score * 0.18},
                         {"governance_risk", one.score * 0.12}};
    study.ranking.push_back(one);
  }
  study.left_out = {
      {"CN-01", "Bayan Obo", "its country is outside the alliance and excluded by the policy"},
      {"XX-9", "Unplaced occurrence", "it has no place and delivered_usd_per_kg needs one"}};
}

inline void add_fixture_context(StudyResult& study) {
  study.permits = {{0,
                    "valid",
                    100.0,
                    92.5,
                    {"CACA-1234", "CACA-1235"},
                    2190.0,
                    0,
                    {"Plan of operations: 43 CFR 3809.11"}},
                   {4, "partial", 61.0, 40.2, {"WYW-0871"}, kNan, 2, {}}};
  study.constraints = {{0, "rivers", true, 12.5, 8.0, 0.0, "R-17", 1,
                        "91.44 m setback, fish-bearing stream, US, 300 ft", "PACFISH 1995"},
                       {0, "protected", false, 0.0, 0.0, 5230.0, "Mojave", 0, "0 m setback", ""},
                       {1, "protected", true, 0.0, 0.0, kNan, "", 0, "", ""}};
  study.rules = {{"rivers", "fish-bearing stream, US, 300 ft", "fish-bearing stream",
                  "PACFISH 1995", "US", "us_federal.toml", true, 91.44, 3}};
  SiteRoute route;
  route.site = 0;
  route.destination = "P-1";
  route.destination_name = "White Mesa Mill";
  route.role = "plant";
  route.reachable = true;
  route.distance_km = 742.3;
  route.cost_usd_per_t = 88.4;
  route.cost_low_usd_per_t = 70.1;
  route.cost_high_usd_per_t = 121.0;
  route.hours = 14.2;
  route.co2e_kg_per_t = 61.0;
  route.legs = {{"snap", "US-01", "road", 2.3, 0.1, 0.5, 0.2},
                {"road", "road", "P-1", 740.0, 14.1, 87.9, 60.8}};
  route.line.kind = GeometryKind::line;
  route.line.lines = {{{-115.53, 35.48}, {-114.0, 35.2}, {-111.6, 35.2}, {-109.5, 37.54}}};
  SiteRoute blocked;
  blocked.site = 3;
  blocked.destination = "P-2";
  blocked.role = "port";
  blocked.reason = "component: no road joins the site to the network";
  SiteRoute sea;
  sea.site = 1;
  sea.destination = "P-3";
  sea.destination_name = "Port of Los Angeles";
  sea.role = "port";
  sea.reachable = true;
  sea.distance_km = 15210.0;
  sea.cost_usd_per_t = 96.0;
  sea.cost_low_usd_per_t = sea.cost_high_usd_per_t = kNan;
  sea.hours = 640.0;
  sea.co2e_kg_per_t = 190.0;
  sea.legs = {{"road", "AU-01", "Esperance", 620.0, 9.0, 41.0, 55.0},
              {"sea", "Esperance", "P-3", 14590.0, 631.0, 55.0, 135.0}};
  sea.line.kind = GeometryKind::line;
  sea.line.lines = {{{122.55, -28.87},
                     {121.9, -33.86},
                     {135.0, -38.0},
                     {151.0, -40.0},
                     {179.0, -25.0},
                     {-170.0, -10.0},
                     {-118.2, 33.7}}};
  study.routes = {route, blocked, sea};
  const auto supply = [](const char* material, const char* stage, double hhi, double hhi_wgi,
                         std::vector<std::pair<std::string, double>> shares) {
    Dependence one;
    one.material = material;
    one.stage = stage;
    one.hhi = hhi;
    one.hhi_wgi = hhi_wgi;
    one.share_by_country = std::move(shares);
    one.source = "USGS Mineral Commodity Summaries 2025";
    return one;
  };
  study.dependence = {
      supply("Rare earths", "mining", 0.506, 3.4,
             {{"CHN", 0.69},
              {"USA", 0.115},
              {"MMR", 0.08},
              {"AUS", 0.033},
              {"NGA", 0.033},
              {"THA", 0.033},
              {"IND", 0.007}}),
      supply("US imports", "compounds", 0.52, kNan,
             {{"CHN", 0.70}, {"MYS", 0.13}, {"JPN", 0.06}, {"EST", 0.05}, {"other", 0.06}})};
  for (auto& one : fixture_dependence(32)) study.dependence.push_back(one);
  study.figures = {{"unlocated occurrences", 221.0, ""},
                   {"net TREO in valid permits", 1.37e6, "t"},
                   {"import reliance", kNan, "%"}};
  study.caveats = {"Permit outlines and haul tariffs are illustrative.",
                   "Places of recycling plants are from memory, 5 to 15 km."};
  study.layers = {{"permits",
                   "permit",
                   {box_geometry(-115.53, 35.48, 0.06), box_geometry(-104.45, 44.48, 0.2)},
                   {"CACA-1234", "WYW-0871"}},
                  {"protected",
                   "constraint",
                   {box_geometry(-115.2, 35.1, 0.5), box_geometry(-110.5, 44.6, 0.7)},
                   {"Mojave", "Yellowstone"}}};
  study.net_area.resize(study.sites.size());
  study.net_area[0] = box_geometry(-115.53, 35.48, 0.05);
  study.inputs = {{"deposits.shp", std::string(64, 'a'), "deposits", 16, "EPSG:4326"},
                  {"tariff.toml", std::string(64, 'b'), "", 1, ""}};
  study.operations = {{"permits.shp", "EPSG:26911", "EPSG:4326",
                       "Inverse of UTM zone 11N + NAD83 to WGS 84 (1)", 4.0},
                      {"deposits.shp", "EPSG:4326", "EPSG:4326", "none", 0.0},
                      {"rivers.shp", "EPSG:4267", "EPSG:4326", "Ballpark geographic offset", kNan}};
  study.findings.add("geometry.repaired", Severity::warning, "permits.shp:permits",
                     "self-crossing outline repaired", 3);
  study.findings.add("io.encoding", Severity::note, "deposits.shp", "encoding taken as UTF-8");
}

/// Sixteen sites, fifteen ranked, in nine countries.
inline StudyResult fixture_study() {
  StudyResult study;
  study.title = "Rare earths for the United States and its allies";
  study.home = "USA";
  study.allies_name = "MSP_with_EU27";
  study.allies = {"AUS", "CAN", "GBR", "SWE", "NOR", "JPN", "KOR",
                  "FRA", "DEU", "ITA", "IND", "FIN", "EST"};
  study.as_of = {2026, 11, 1};
  study.seed = 1;
  study.method = "topsis";
  study.weights_mode = "uncertain";
  study.missing = "interval";
  study.draws = 10000;
  for (const auto& one : fixture_sites()) {
    Site site;
    site.id = one.id;
    site.name = one.name;
    site.country = one.country;
    site.group = one.group;
    site.kind = one.kind;
    site.located = true;
    site.place = {one.lon, one.lat};
    site.geometry = point_geometry(one.lon, one.lat);
    site.source = "deposits.shp, feature " + std::to_string(study.sites.size() + 1);
    study.sites.push_back(site);
  }
  for (const auto& [iso3, name] :
       std::vector<std::pair<std::string, std::string>>{{"USA", "United States"},
                                                        {"AUS", "Australia"},
                                                        {"CAN", "Canada"},
                                                        {"SWE", "Sweden"},
                                                        {"BRA", "Brazil"},
                                                        {"GBR", "United Kingdom"},
                                                        {"TZA", "Tanzania"},
                                                        {"ZAF", "South Africa"},
                                                        {"CHN", "China"},
                                                        {"MYS", "Malaysia"},
                                                        {"JPN", "Japan"},
                                                        {"EST", "Estonia"},
                                                        {"FRA", "France"},
                                                        {"MMR", "Myanmar"}})
    study.countries.push_back({iso3, name, {}});
  // Two outlines are enough for the tests; whole ones come from the data folder.
  study.countries[0].outline = box_geometry(-100.0, 40.0, 15.0);
  study.countries[1].outline = box_geometry(134.0, -25.0, 14.0);
  add_fixture_indicators(study);
  add_fixture_ranking(study);
  add_fixture_context(study);
  add_fixture_explanations(study);
  study.supply = fixture_supply();
  return study;
}

}  // namespace lode::test
