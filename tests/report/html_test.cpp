#include "libgeo/report/html.h"

#include <gtest/gtest.h>

#include "libgeo/core/json.h"
#include "libgeo/core/provenance.h"
#include "tests/report/fixture.h"
#include "tests/report/markup.h"

namespace lode {
namespace {

using test::between;
using test::kNan;

std::string hex_of_base64(const std::string& text) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string hex;
  unsigned group = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    group = group << 6 | static_cast<unsigned>(letters.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const unsigned byte = group >> bits & 255U;
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15U];
  }
  return hex;
}

/// Names that would break out of text, attributes, scripts, comments, CDATA or a terminal.
const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> names{"<script>alert(1)</script>",
                                              "\"><img src=x onerror=alert(1)>",
                                              "</script><script>alert(2)//",
                                              "--><svg/onload=alert(3)>",
                                              "]]><x>",
                                              "javascript:alert(4)",
                                              "&lt;b&gt; & &amp;",
                                              "'; DROP TABLE sites; --",
                                              "=HYPERLINK(\"http://example.org\")",
                                              "\x1b[31mred\x07",
                                              "\xe2\x80\xaegnp.exe",
                                              std::string("nul\0inside", 10),
                                              "\xff\xfe not UTF-8 \xc3",
                                              "line\nbreak\r\n\ttab",
                                              std::string(1 << 15, 'A') + "end",
                                              std::string(1 << 15, '\x80'),
                                              "{{7*7}} ${7*7} <%= 7*7 %>"};
  return names;
}

TEST(Html, HoldsEverySectionOfTheStudy) {
  const std::string page = html_report(test::fixture_study());
  for (const auto* id :
       {"answer", "map", "ranking", "why", "firm", "acceptability", "contributions", "dependence",
        "sites", "left-out", "findings", "method", "inputs", "caveats"})
    EXPECT_TRUE(test::has(page, std::string(" id=\"") + id + "\"")) << id;
  EXPECT_TRUE(test::has(page, "(United States, domestic) ranks first of 15 sites"));
  EXPECT_TRUE(test::has(page, "1,369,000\xc2\xa0t"));  // 16.7131 Mt x 8.1891 %
  EXPECT_TRUE(test::has(page, "deposits.shp, feature 1: ORE_MT x TREO_PCT, inside valid permits"));
  EXPECT_TRUE(test::has(page, "White Mesa Mill"));
  EXPECT_TRUE(test::has(page, "its country is outside the alliance"));
  EXPECT_TRUE(test::has(page, "geometry.repaired"));
  EXPECT_TRUE(test::has(page, std::string(64, 'a')));
  EXPECT_TRUE(test::has(page, "Ballpark geographic offset"));
}

TEST(Html, SaysWhichRuleBindsByWhichLawAndWhatIsMissing) {
  const std::string page = html_report(test::fixture_study());
  EXPECT_TRUE(test::has(page, "91.44 m setback, fish-bearing stream, US, 300 ft"));
  EXPECT_TRUE(test::has(page, "PACFISH 1995"));
  EXPECT_TRUE(test::has(page, " id=\"rules\""));
  EXPECT_TRUE(test::has(page, "us_federal.toml"));
  EXPECT_TRUE(test::has(page, "Plan of operations: 43 CFR 3809.11"));
  StudyResult plain = test::fixture_study();
  plain.rules.clear();
  EXPECT_FALSE(test::has(html_report(plain), " id=\"rules\""));
}

TEST(Html, NamesTheBestOfHomeAlliesAndRecycling) {
  const std::string answer =
      between(html_report(test::fixture_study()), "id=\"answer\"", "</section>");
  EXPECT_TRUE(test::has(answer,
                        "At home the best are <a href=\"#s0\">Mountain Pass</a> (1), <a "
                        "href=\"#s4\">Bear Lodge</a> (5)"));
  EXPECT_TRUE(test::has(answer, "with allies the best are <a href=\"#s1\">Mount Weld</a> (2)"));
  EXPECT_TRUE(test::has(
      answer, "in recycling the best are <a href=\"#s5\">Magnet recycling, San Marcos</a> (6)"));
}

TEST(Html, IsWellFormedAndTheSameTwice) {
  StudyResult study = test::fixture_study();
  study.ranking[9].first_acceptability = 0.0004;  // "< 0.1 %"
  const std::string page = html_report(study);
  EXPECT_EQ(test::markup_fault(page), "");
  EXPECT_EQ(page, html_report(study));
  EXPECT_LT(page.size(), 1500000U);
}

TEST(Html, PolicyAllowsOnlyItsOwnStyleAndScript) {
  const std::string page = html_report(test::fixture_study());
  const std::string policy =
      between(page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
  EXPECT_TRUE(test::has(policy, "default-src 'none'"));
  EXPECT_FALSE(test::has(policy, "unsafe"));
  EXPECT_EQ(hex_of_base64(between(policy, "style-src 'sha256-", "'")),
            sha256(between(page, "<style>", "</style>")));
  EXPECT_EQ(hex_of_base64(between(policy, "script-src 'sha256-", "'")),
            sha256(between(page, "<script>", "</script>")));
}

TEST(Html, AsksForNothingFromOutside) {
  const std::string page = html_report(test::fixture_study());
  for (const auto& link : test::attribute_values(page, "href"))
    EXPECT_TRUE(link.rfind("#", 0) == 0 || link == "data:,") << link;
  EXPECT_TRUE(test::attribute_values(page, "src").empty());
  EXPECT_TRUE(test::attribute_values(page, "style").empty());
  for (const auto* word :
       {"url(", "@import", "fetch(", "XMLHttpRequest", "onclick", "onload", "<iframe", "<form"})
    EXPECT_FALSE(test::has(page, word));
  std::size_t addresses = 0;
  for (std::size_t at = page.find("http"); at != std::string::npos; at = page.find("http", at + 1))
    addresses +=
        page.compare(at, 18, "http://www.w3.org/") != 0 && page.compare(at, 10, "http-equiv") != 0;
  EXPECT_EQ(addresses, 0U);
}

TEST(Html, EveryLinkWithinThePageLeadsSomewhere) {
  const std::string page = html_report(test::fixture_study());
  for (const auto& link : test::attribute_values(page, "href")) {
    if (link.size() <= 1 || link[0] != '#') continue;
    EXPECT_TRUE(test::has(page, " id=\"" + link.substr(1) + "\"")) << link;
  }
}

TEST(Html, HostileNamesStayText) {
  for (const auto& name : hostile_names()) {
    StudyResult study = test::fixture_study();
    study.title = study.home = study.allies_name = study.method = study.weights_mode =
        study.missing = name;
    study.allies = {name};
    for (auto& site : study.sites)
      site.id = site.name = site.country = site.group = site.kind = site.source = name;
    for (auto& column : study.indicators) {
      column.name = column.unit = name;
      for (auto& source : column.source) source = name;
    }
    for (auto& one : study.criteria) one.name = one.unit = one.direction = one.scale = name;
    for (auto& one : study.ranking)
      for (auto& part : one.contributions) part.first = name;
    for (auto& one : study.left_out) one.site_id = one.name = one.reason = name;
    for (auto& one : study.permits) one.status = name, one.permits = {name};
    for (auto& one : study.constraints) one.constraint = one.nearest_id = name;
    for (auto& one : study.routes) {
      one.destination = one.destination_name = one.role = one.reason = name;
      for (auto& leg : one.legs) leg.mode = leg.from = leg.to = name;
    }
    for (auto& one : study.dependence) {
      one.material = one.stage = one.source = name;
      for (auto& share : one.share_by_country) share.first = name;
    }
    for (auto& one : study.figures) one.name = one.unit = name;
    for (auto& one : study.countries) one.iso3 = one.name = name;
    for (auto& one : study.layers) one.name = name;
    for (auto& one : study.inputs) one.path = one.layer = one.crs = one.sha256 = name;
    for (auto& one : study.operations) one.input = one.from = one.to = one.operation = name;
    study.caveats = {name};
    study.findings.add(name, Severity::error, name, name);
    const std::string page = html_report(study);
    EXPECT_EQ(test::markup_fault(page), "") << name.substr(0, 40);
    for (const auto* word :
         {"<script>alert", "<img", "<svg/", "<x>", "<%=", "\x1b", "\xe2\x80\xae"})
      EXPECT_EQ(page.find(word), std::string::npos) << word;
    EXPECT_EQ(page.find('\0'), std::string::npos);
    EXPECT_LT(page.size(), 3000000U);
    for (const auto& link : test::attribute_values(page, "href"))
      EXPECT_TRUE(link.rfind("#", 0) == 0 || link == "data:,") << link.substr(0, 60);
    const Json rows = Json::parse(between(page, "id=\"ranking-data\">", "</script>"));
    EXPECT_EQ(rows.size(), 15U);
  }
}

TEST(Html, AMegabyteOfNameIsCut) {
  StudyResult study = test::fixture_study();
  study.sites[0].name = std::string(1 << 20, 'A');
  study.sites[1].name = std::string(1 << 20, '\x80');
  EXPECT_LT(html_report(study).size(), 1200000U);
}

TEST(Html, IslandKeepsTheNameAsItIs) {
  StudyResult study = test::fixture_study();
  study.sites[0].name = "</script><b> & 'x'";
  const std::string island = between(html_report(study), "id=\"ranking-data\">", "</script>");
  EXPECT_TRUE(test::has(island, "\\u003c/script\\u003e"));
  EXPECT_EQ(Json::parse(island).items().front().at("name").as_string(), study.sites[0].name);
}

TEST(Html, NeverPrintsNan) {
  StudyResult study = test::fixture_study();
  for (auto& column : study.indicators) {
    column.value.assign(column.value.size(), kNan);
    column.low.clear();
    column.high = {HUGE_VAL};
  }
  for (auto& one : study.ranking) {
    one.score = one.rank_p05 = one.rank_p50 = one.rank_p95 = one.first_acceptability = kNan;
    one.rank_acceptability = {kNan, kNan};
    for (auto& part : one.contributions) part.second = kNan;
  }
  for (auto& one : study.criteria) one.weight = one.low_bound = one.high_bound = kNan;
  for (auto& one : study.permits)
    one.coverage_pct = one.valid_coverage_pct = one.days_to_expiry = kNan;
  for (auto& one : study.constraints) one.overlap_ha = one.nearest_m = kNan;
  for (auto& one : study.routes) {
    one.distance_km = one.cost_usd_per_t = one.hours = one.co2e_kg_per_t = kNan;
    for (auto& leg : one.legs)
      leg.distance_km = leg.hours = leg.cost_usd_per_t = leg.co2e_kg_per_t = kNan;
  }
  for (auto& one : study.dependence) {
    one.hhi = one.hhi_wgi = kNan;
    for (auto& share : one.share_by_country) share.second = kNan;
  }
  for (auto& one : study.sites) one.place = {kNan, kNan};
  const std::string page = html_report(study);
  EXPECT_EQ(test::markup_fault(page), "");
  EXPECT_TRUE(test::has(page, "not known"));
  const std::string body = between(page, "<body>", "<script>");
  for (const auto* word : {">nan", " nan", "NaN", "-nan", ">inf", "\"inf", "\"nan"})
    EXPECT_EQ(body.find(word), std::string::npos) << word;
}

TEST(Html, AnEmptyStudyStillMakesAPage) {
  const std::string page = html_report(StudyResult{});
  EXPECT_EQ(test::markup_fault(page), "");
  EXPECT_TRUE(test::has(page, "No site could be ranked"));
}

TEST(Html, BadIndicesAreLeftOut) {
  StudyResult study = test::fixture_study();
  study.ranking[3].site = 999;
  study.permits[0].site = study.constraints[0].site = study.routes[0].site = 12345;
  study.indicators[0].value.resize(2);
  study.indicators[0].source.clear();
  study.net_area.resize(100);
  EXPECT_EQ(test::markup_fault(html_report(study)), "");
}

TEST(Html, ThousandsOfSitesStaySmallAndSayWhatIsNotUnfolded) {
  StudyResult study = test::fixture_study();
  const SiteStanding last = study.ranking.back();
  while (study.sites.size() < 10000) {
    Site site = study.sites[study.sites.size() % 16];
    site.id = "S-" + std::to_string(study.sites.size());
    site.name = "Occurrence " + std::to_string(study.sites.size());
    site.place.lon_deg = std::fmod(static_cast<double>(study.sites.size()) * 37.77, 360.0) - 180.0;
    SiteStanding standing = last;
    standing.site = study.sites.size();
    standing.rank = static_cast<int>(study.ranking.size() + 1);
    study.sites.push_back(site);
    study.ranking.push_back(standing);
  }
  const std::string page = html_report(study);
  EXPECT_LT(page.size(), 4000000U);
  EXPECT_EQ(test::markup_fault(page), "");
  EXPECT_TRUE(test::has(page, "Rows unfold for the first 200 sites"));
  EXPECT_TRUE(test::has(page, "Occurrence 9999"));
  HtmlOptions few;
  few.unfolded_sites = 3;
  EXPECT_TRUE(test::has(html_report(study, few), "Rows unfold for the first 3 sites"));
  few = {};
  few.unfolded_bytes = 1;
  EXPECT_TRUE(test::has(html_report(study, few), "Rows unfold for the first 1 site;"));
}

TEST(Html, TonnesSayWhetherTheyAreDiscountedByClass) {
  StudyResult study = test::fixture_study();
  IndicatorColumn column = study.indicators.front();
  column.name = "recoverable_treo_t";
  column.value.assign(study.sites.size(), 1e6);
  study.indicators.push_back(column);
  EXPECT_TRUE(test::has(html_report(study), "at home, discounted by class"));
  study.indicators.back().value.assign(study.sites.size(), 0.0);
  EXPECT_TRUE(test::has(html_report(study), "at home, before any discount for class"));
}

TEST(Html, SaysWhenUncertaintyWasNotComputed) {
  StudyResult study = test::fixture_study();
  for (auto& one : study.ranking) {
    one.rank_p05 = one.rank_p50 = one.rank_p95 = one.rank;
    one.first_acceptability = one.rank == 1 ? 1.0 : 0.0;
    one.rank_acceptability.clear();
  }
  study.draws = 0;
  const std::string page = html_report(study);
  EXPECT_TRUE(test::has(page, "How sure this is was not computed"));
  EXPECT_FALSE(test::has(page, "id=\"acceptability\""));
}

}  // namespace
}  // namespace lode
