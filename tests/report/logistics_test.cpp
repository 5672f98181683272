// The freight part of the page: ways leg by leg, months, chains, shut passages; routes by mode.
#include <gtest/gtest.h>

#include "libgeo/report/html.h"
#include "libgeo/report/map.h"
#include "tests/report/fixture.h"
#include "tests/report/markup.h"

namespace lode {
namespace {

using test::between;
using test::has;
using test::kNan;

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t n = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
  return n;
}

/// The fixture with a year, a chain, a passage and the basis of freight.
StudyResult freight_study(const std::string& name = {}) {
  StudyResult study = test::fixture_study();
  SiteRoute& way = study.routes[0];
  way.legs[1].vehicle = "B-train";
  way.legs[1].cost_low_usd_per_t = 70.0;
  way.legs[1].cost_high_usd_per_t = 120.0;
  way.legs[1].to_name = "White Mesa Mill";
  way.parts = {{"road", {{-115.53, 35.48}, {-111.6, 35.2}}},
               {"rail", {{-111.6, 35.2}, {-109.5, 37.54}}}};
  RouteYear year;
  year.cost_usd_per_t.fill(88.4);
  for (const std::size_t closed : {5U, 6U}) year.cost_usd_per_t[closed] = kNan;
  year.cost_usd_per_t[11] = 93.2;
  year.months_open = 10;
  year.dearest_month = 12;
  year.longest_closed_days = 61;
  year.reason = "season";
  way.months = year;
  way.detour_usd_per_t = 12.5;
  SiteChain chain;
  chain.site = 0;
  chain.reachable = true;
  chain.usd_per_kg = 11.2;
  chain.low_usd_per_kg = 7.0;
  chain.high_usd_per_kg = 19.0;
  chain.haul_usd_per_kg = 0.21;
  chain.distance_km = 742.3;
  chain.hours = 14.2;
  chain.co2e_kg_per_kg = 0.13;
  chain.recovery = 0.58;
  SiteChainStep here;
  here.stage = "concentration";
  here.product = "ore";
  here.process_usd_per_kg = 2.0;
  here.recovery = 0.7;
  SiteChainStep there;
  there.stage = "cracking";
  there.product = "mineral concentrate";
  there.plant = "P-1";
  there.plant_name = "White Mesa Mill";
  there.haul_km = 742.3;
  there.haul_usd_per_kg = 0.21;
  there.process_usd_per_kg = 4.0;
  there.recovery = 0.9;
  there.cargo = "0.4 Bq/g of thorium: exempt";
  there.legs = way.legs;
  there.parts = way.parts;
  chain.steps = {here, there};
  SiteChain broken;
  broken.site = 1;
  broken.words = "no plant does the separation";
  study.chains = {chain, broken};
  GateClosure gate;
  gate.gate = "panama";
  gate.hits = {{0, false, 4.5, 2100.0, "Silmet"}, {1, true, kNan, kNan, ""}};
  study.closures = {gate};
  FreightBasis basis;
  basis.tariff = "tariff.toml";
  basis.as_of = "2026-11-01";
  basis.sources = {{"road", "BTS table 3-21, 2022"}};
  basis.chain = "chain.toml of 2026-11-01";
  basis.contained = "TREO";
  basis.closed = {"gate suez"};
  study.freight = basis;
  if (name.empty()) return study;
  way.legs[1].vehicle = way.legs[1].to_name = way.months->reason = name;
  for (auto& one : study.chains) one.words = name;
  for (auto& step : study.chains[0].steps)
    step.stage = step.product = step.plant = step.plant_name = step.cargo = name;
  study.closures[0].gate = study.closures[0].hits[0].destination = name;
  FreightBasis& said = *study.freight;
  said.tariff = said.as_of = said.chain = said.contained = name;
  said.sources = {{name, name}};
  said.closed = {name};
  for (auto& part : way.parts) part.mode = name;
  return study;
}

TEST(HtmlLogistics, TellsTheWayLegByLeg) {
  const std::string page = html_report(freight_study());
  EXPECT_EQ(test::markup_fault(page), "");
  EXPECT_TRUE(has(page, "<a href=\"#haul\">Freight</a>"));
  const std::string part = between(page, "<section id=\"haul\">", "</section>");
  EXPECT_TRUE(has(part, "off the network"));
  EXPECT_TRUE(has(part, "road, B-train"));
  EXPECT_TRUE(has(part,
                  "70\xe2\x80\x93"
                  "120"));
  EXPECT_TRUE(has(part, "gate suez"));
  EXPECT_TRUE(has(part, "Tariff tariff.toml of 2026-11-01"));
  EXPECT_TRUE(has(part, "road: BTS table 3-21, 2022"));
  EXPECT_TRUE(has(part, "Closures add 12.5\xc2\xa0USD/t"));
  // A site that cannot be reached says why, in the table of all.
  EXPECT_TRUE(has(part, "not reachable: component"));
}

TEST(HtmlLogistics, ShowsTwelveMonths) {
  const std::string part =
      between(html_report(freight_study()), "<section id=\"haul\">", "</section>");
  EXPECT_EQ(count(part, "class=\"shut\""), 2U);
  EXPECT_TRUE(has(part, "<i>Dec</i>93.2"));
  EXPECT_TRUE(has(part, "Open in 10 months (closed by: season); a stock for 61 days"));
  EXPECT_TRUE(has(part, "<title>closed in Jun, Jul</title>"));
  EXPECT_EQ(count(part, "class=\"off\""), 2U);
  EXPECT_EQ(count(part, "class=\"on\""), 10U);
}

TEST(HtmlLogistics, ShowsTheChainAsARowOfSteps) {
  const std::string part =
      between(html_report(freight_study()), "<section id=\"haul\">", "</section>");
  const std::size_t first = part.find("<b>Concentration</b>at the site"),
                    haul = part.find("mineral concentrate<small>742\xc2\xa0km"),
                    last = part.find("<b>Cracking</b>White Mesa Mill");
  ASSERT_NE(last, std::string::npos);
  EXPECT_LT(first, haul);
  EXPECT_LT(haul, last);
  EXPECT_TRUE(has(part, "0.4 Bq/g of thorium: exempt"));
  EXPECT_TRUE(has(part,
                  "11.2\xc2\xa0USD/kg (7\xe2\x80\x93"
                  "19) of TREO, of which hauls 0.21"));
  EXPECT_TRUE(has(part, "No chain: no plant does the separation"));
}

TEST(HtmlLogistics, SaysWhatAShutPassageCosts) {
  const std::string part = between(html_report(freight_study()), "id=\"gates\"", "</table>");
  EXPECT_TRUE(has(part, "<td>Panama</td><td class=\"n\">2</td><td class=\"n\">1</td>"));
  EXPECT_LT(part.find("no way left"), part.find("+4.5\xc2\xa0USD/t, +2,100\xc2\xa0km to Silmet"));
}

TEST(HtmlLogistics, HostileNamesStayText) {
  for (const std::string name : {"</span><script>alert(1)</script>", "\"><img src=x>", "]]><x>",
                                 "\x1b[31m", "\xff\xc3 & <b>"}) {
    const std::string page = html_report(freight_study(name));
    EXPECT_EQ(test::markup_fault(page), "") << name;
    for (const auto* word : {"<script>alert", "<img", "<x>", "\x1b"})
      EXPECT_EQ(page.find(word), std::string::npos) << word;
  }
}

TEST(HtmlLogistics, WithoutFreightThereIsNoPart) {
  StudyResult study = test::fixture_study();
  study.routes.clear();
  const std::string page = html_report(study);
  EXPECT_FALSE(has(page, "id=\"haul\""));
  EXPECT_FALSE(has(page, "#haul"));
}

TEST(HtmlLogistics, NeverPrintsNan) {
  StudyResult study = freight_study();
  for (auto& one : study.routes) one.cost_usd_per_t = one.distance_km = one.detour_usd_per_t = kNan;
  study.routes[0].months->cost_usd_per_t.fill(kNan);
  study.routes[0].months->months_open = 0;
  study.chains[0].usd_per_kg = study.chains[0].recovery = study.chains[0].haul_usd_per_kg = kNan;
  for (auto& step : study.chains[0].steps) step.haul_km = step.process_usd_per_kg = kNan;
  const std::string page = html_report(study);
  EXPECT_EQ(test::markup_fault(page), "");
  const std::string body = between(page, "<body>", "<script>");
  for (const auto* word : {">nan", " nan", "NaN", "-nan", ">inf", "\"nan"})
    EXPECT_EQ(body.find(word), std::string::npos) << word;
}

TEST(MapRoutes, AreALayerAMode) {
  const StudyResult study = freight_study();
  const report::Digest digest(study);
  std::vector<std::string> names;
  for (const auto& layer : report::map_layers(digest)) names.push_back(layer.css_class);
  const std::vector<std::string> first(names.begin(), names.begin() + 4);
  EXPECT_EQ(first, (std::vector<std::string>{"y-rs", "y-rr", "y-ro", "y-ch"}));
  const std::string page = html_report(study);
  for (const auto* css : {"y-rs", "y-rr", "y-ro", "y-ch"}) {
    EXPECT_TRUE(has(page, std::string("<g class=\"") + css + "\"")) << css;
    EXPECT_TRUE(has(page, std::string(".t-") + css + ":not(:checked)~figure ." + css)) << css;
  }
  EXPECT_TRUE(has(page, "Route by rail"));
}

}  // namespace
}  // namespace lode
