// Concentration and dependence against worked figures, and what bad tables get.
#include "libgeo/supply/concentration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/supply/indices.h"
#include "libgeo/supply/origin.h"
#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

const double none = std::nan("");

TEST(Concentration, SharesAreSortedAndTheTotalRowIsACheckOnly) {
  const auto result =
      concentration({"TREO", "mine", {"B", "A", "World total", "C"}, {30, 30, 100, 40}, {}});
  EXPECT_EQ(result.total, 100.0);
  EXPECT_EQ(result.world_total, 100.0);
  ASSERT_EQ(result.shares.size(), 3u);
  EXPECT_EQ(result.shares[0].country, "C");
  EXPECT_EQ(result.shares[1].country, "A");
  EXPECT_EQ(result.shares[1].share, 0.3);
  EXPECT_TRUE(result.findings.empty());
  EXPECT_TRUE(std::isnan(result.hhi_wgi));
}

TEST(Concentration, TotalsThatAreOff) {
  const auto with_total = [](double total) {
    return concentration({"", "", {"A", "B", "World total"}, {60, 40, total}, {}});
  };
  EXPECT_TRUE(with_total(101).findings.has("supply.total_rounded"));
  EXPECT_TRUE(with_total(105).findings.has("supply.total_mismatch"));
  EXPECT_EQ(code_of([&] { (void)with_total(1216); }), "supply.total_mismatch");
  ConcentrationOptions least;
  least.total_is_minimum = true;
  EXPECT_TRUE(
      concentration({"", "", {"A", "World total"}, {160, 100}, {}}, least).findings.empty());
}

TEST(Concentration, RefusesBadTables) {
  EXPECT_EQ(code_of([] {
              (void)concentration({"", "", {"A", "B"}, {1, -2}, {}});
            }),
            "supply.negative");
  EXPECT_EQ(code_of([] {
              (void)concentration({"", "", {"A", "B"}, {1, 2}, {1, -1}});
            }),
            "supply.negative");
  EXPECT_EQ(code_of([] {
              (void)concentration({"", "", {"A", "A"}, {1, 2}, {}});
            }),
            "supply.duplicate_country");
  EXPECT_EQ(code_of([] {
              (void)concentration({"", "", {"A", "B"}, {0, none}, {}});
            }),
            "supply.no_production");
  EXPECT_EQ(code_of([] { (void)concentration({"", "", {"A", "B"}, {1}, {}}); }), "supply.length");
  ConcentrationOptions options;
  options.governance["A"] = 11;
  EXPECT_EQ(code_of([&] {
              (void)concentration({"", "", {"A"}, {1}, {}}, options);
            }),
            "supply.governance_range");
}

TEST(Concentration, ACodeInSmallLettersIsNoSecondCountry) {
  EXPECT_EQ(country_key(" usa "), "USA");
  EXPECT_EQ(country_key("Rest of world"), "Rest of world");
  EXPECT_EQ(code_of([] {
              (void)concentration({"", "", {"USA", "usa", "CHN"}, {1, 1, 3}, {}});
            }),
            "supply.duplicate_country");
  ConcentrationOptions options;
  options.governance["CHN"] = 5;
  const auto result = concentration({"", "", {"chn", ""}, {3, none}, {}}, options);
  EXPECT_EQ(result.shares.at(0).country, "CHN");
  EXPECT_EQ(result.hhi_wgi, 5);
}

TEST(Concentration, AnAmountWithoutACountryIsRefused) {
  EXPECT_EQ(code_of([] {
              (void)concentration({"", "", {"USA", " "}, {1, 2}, {}});
            }),
            "supply.no_country");
}

TEST(Governance, TwoFiguresOfOneCountryAreRefused) {
  std::map<std::string, double> risk;
  add_governance(risk, "USA", 3, "t");
  add_governance(risk, "usa", 3, "t");
  EXPECT_EQ(risk.size(), 1u);
  EXPECT_EQ(code_of([&] { add_governance(risk, "USA", 4, "t"); }), "supply.duplicate_country");
}

TEST(Reliance, IsUnknownWhereNothingIsUsed) {
  EXPECT_TRUE(std::isnan(import_reliance({0, 0, 0, none})));
  EXPECT_EQ(import_reliance({10, 0, 20, none}), 0.0);
}

TEST(Concentration, SharesOverTheWholeAreRefused) {
  EXPECT_EQ(code_of([] {
              (void)concentration({"", "", {"A", "B"}, {70, 40}, {}, true});
            }),
            "supply.shares_over_100");
  EXPECT_EQ(concentration({"", "", {"A", "B"}, {70, 30.2}, {}, true}).shares.size(), 2u);
}

TEST(Concentration, SaysWhatIsNotAvailableOrNotGoverned) {
  ConcentrationOptions options;
  options.governance["A"] = 5;
  const auto result = concentration({"Dy", "", {"A", "B", "C"}, {50, 50, none}, {}}, options);
  EXPECT_TRUE(result.findings.has("supply.not_available"));
  EXPECT_TRUE(result.findings.has("supply.no_governance"));
  EXPECT_EQ(result.hhi_wgi, 0.25 * 5);
  EXPECT_EQ(result.governance_covered, 0.5);
}

TEST(Concentration, TradeFactorWeighsGovernanceOnly) {
  ConcentrationOptions options;
  options.governance = {{"A", 4.0}, {"B", 2.0}};
  const auto result = concentration({"", "", {"A", "B"}, {50, 50}, {1.1, 0.8}}, options);
  EXPECT_EQ(result.hhi, 0.5);
  EXPECT_NEAR(result.hhi_wgi, 0.25 * 4 * 1.1 + 0.25 * 2 * 0.8, 1e-15);
}

TEST(Reported, TextOfStatistics) {
  using Kind = ReportedFigure::Kind;
  EXPECT_EQ(parse_reported(" 45000 ").value, 45000.0);
  EXPECT_EQ(parse_reported("> 95").kind, Kind::more_than);
  EXPECT_EQ(parse_reported(">95").value, 95.0);
  EXPECT_EQ(parse_reported("<1").kind, Kind::less_than);
  EXPECT_EQ(parse_reported("E").kind, Kind::net_exporter);
  EXPECT_EQ(parse_reported("W").kind, Kind::withheld);
  EXPECT_EQ(parse_reported("--").value, 0.0);
  EXPECT_EQ(parse_reported("\xe2\x80\x94").value, 0.0);
  EXPECT_TRUE(std::isnan(parse_reported("NA").value));
  EXPECT_TRUE(std::isnan(parse_reported("").value));
  EXPECT_EQ(code_of([] { (void)parse_reported("1216,000"); }), "supply.glued_footnote");
  EXPECT_EQ(code_of([] { (void)parse_reported("16,000"); }), "supply.bad_figure");
  EXPECT_EQ(code_of([] { (void)parse_reported("twelve"); }), "supply.bad_figure");
}

TEST(Reported, AGluedFootnoteIsSaidWithWhatItMayBe) {
  EXPECT_EQ(without_footnote("1216,000"), (std::vector<double>{216000, 16000}));
  EXPECT_EQ(without_footnote("12310,000"), (std::vector<double>{310000}));
  EXPECT_TRUE(without_footnote("16,000").empty());
  try {
    (void)parse_reported("1216,000");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint.find("216000 or 16000"), std::string::npos) << error.hint;
  }
  // MCS 2025 as stored: Australia 1216,000 and China 14255,000 beside 105,090 t, 376,000 in all.
  EXPECT_EQ(
      likely_figures({without_footnote("1216,000"), without_footnote("14255,000")}, 105090, 376000),
      (std::vector<double>{16000, 255000}));
  EXPECT_TRUE(likely_figures({without_footnote("1216,000")}, 100, 1e6).empty());
  EXPECT_TRUE(likely_figures({}, 100, 100).empty());
}

TEST(Reported, WhatAnInexactFigureCountsAs) {
  const double endless = std::numeric_limits<double>::infinity();
  const auto more = parse_reported("> 95"), less = parse_reported("<1");
  const FigureRange taken = figure_range(more, InexactRule::take, 100);
  EXPECT_EQ(taken.value, 95);
  EXPECT_EQ(taken.low, 95);
  EXPECT_EQ(taken.high, 100);
  EXPECT_EQ(figure_range(more, InexactRule::middle, 100).value, 97.5);
  EXPECT_EQ(figure_range(less, InexactRule::middle, endless).value, 0.5);
  EXPECT_EQ(figure_range(less, InexactRule::take, endless).low, 0.0);
  EXPECT_EQ(code_of([&] { (void)figure_range(more, InexactRule::refuse, 100); }), "supply.inexact");
  EXPECT_EQ(code_of([&] { (void)figure_range(more, InexactRule::middle, endless); }),
            "supply.inexact");
  EXPECT_EQ(code_of([] { (void)parse_inexact_rule("guess"); }), "supply.unknown_choice");
}

TEST(Concentration, AFootnoteGluedWithoutACommaIsFoundByTheTotal) {
  // "122,100" of MCS 2025 is Madagascar's 2,100 with note 12.
  try {
    (void)concentration({"", "", {"MDG", "CHN", "World total"}, {122100, 255000, 257000}, {}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "supply.total_mismatch");
    EXPECT_NE(error.hint.find("MDG 122100 may be 2100"), std::string::npos) << error.hint;
  }
}

TEST(Concentration, MissingFiguresAreRefusedWhenAsked) {
  ConcentrationOptions options;
  options.not_available = NotAvailableRule::refuse;
  EXPECT_EQ(code_of([&] {
              (void)concentration({"", "", {"A", "B"}, {1, none}, {}}, options);
            }),
            "supply.not_available");
  EXPECT_EQ(code_of([] { (void)parse_not_available_rule("zero"); }), "supply.unknown_choice");
  EXPECT_EQ(parse_not_available_rule("Refuse"), NotAvailableRule::refuse);
}

TEST(Concentration, QuotasAreSaid) {
  Production table{"", "", {"A", "B"}, {100, 30}, {}};
  table.quota = {true, false};
  const auto warned = concentration(table);
  EXPECT_TRUE(warned.findings.has("supply.quota"));
  EXPECT_EQ(warned.how, "quota of A counted as output");
  ConcentrationOptions options;
  options.quota = QuotaRule::take;
  EXPECT_TRUE(concentration(table, options).findings.empty());
  options.quota = QuotaRule::exclude;
  EXPECT_EQ(concentration(table, options).hhi, 1.0);
  options.undocumented["B"] = -1;
  EXPECT_EQ(code_of([&] { (void)concentration(table, options); }), "supply.fraction");
  EXPECT_EQ(code_of([] { (void)parse_quota_rule("ignore"); }), "supply.unknown_choice");
  EXPECT_EQ(parse_quota_rule("take"), QuotaRule::take);
}

TEST(Concentration, BoundsMustHoldTheFigure) {
  Production table{"", "", {"A", "B"}, {100, 30}, {}};
  table.low = {101, 10};
  EXPECT_EQ(code_of([&] { (void)concentration(table); }), "supply.range");
  table.low = {100};
  EXPECT_EQ(code_of([&] { (void)concentration(table); }), "supply.length");
  EXPECT_EQ(code_of([] { (void)hhi_range({2}, {1}); }), "supply.range");
}

TEST(Concentration, BoundsAreNeverCrossedByAnythingBetweenThem) {
  // Every combination of a fine grid of the box lies within the bounds, and touches them nearly.
  const std::vector<double> low{1, 2, 0}, high{4, 3, 5};
  const HhiRange range = hhi_range(low, high);
  double least = 1, most = 0;
  for (int i = 0; i <= 40; ++i)
    for (int j = 0; j <= 40; ++j)
      for (int k = 0; k <= 40; ++k) {
        const double a = 1 + i * 3 / 40.0, b = 2 + j / 40.0, c = k * 5 / 40.0;
        const double hhi = (a * a + b * b + c * c) / ((a + b + c) * (a + b + c));
        least = std::min(least, hhi);
        most = std::max(most, hhi);
      }
  EXPECT_LE(range.low, least);
  EXPECT_NEAR(range.low, least, 1e-4);
  EXPECT_NEAR(range.high, most, 1e-12);
}

TEST(Concentration, SharesThatStopShortOfTheWholeAreSaid) {
  EXPECT_TRUE(concentration({"", "", {"A", "B"}, {70, 20}, {}, true})
                  .findings.has("supply.shares_under_100"));
}

TEST(Territories, MergeIntoTheirParents) {
  Production imports{"", "", {"CHN", "HKG", "GRL"}, {60, 10, 5}, {}};
  const auto merged = merge_territories(imports, {{"HKG", "CHN"}, {"GRL", "DNK"}});
  EXPECT_EQ(merged.size(), 2u);
  EXPECT_EQ(imports.country, (std::vector<std::string>{"CHN", "DNK"}));
  EXPECT_EQ(imports.amount, (std::vector<double>{70, 5}));
  Production twice{"", "", {"HKG", "hkg"}, {1, 1}, {}};
  EXPECT_EQ(code_of([&] {
              (void)merge_territories(twice, {{"HKG", "CHN"}});
            }),
            "supply.duplicate_country");
}

TEST(OtherRule, ReadsItsNames) {
  EXPECT_EQ(parse_other_rule("Exclude"), OtherRule::exclude);
  EXPECT_EQ(code_of([] { (void)parse_other_rule("drop"); }), "supply.unknown_choice");
}

TEST(Indices, RefuseWhatIsNoFraction) {
  EXPECT_EQ(code_of([] { (void)eu_supply_risk({1, 1, 80, 0, 1}); }), "supply.fraction");
  EXPECT_EQ(code_of([] { (void)usgs_supply_risk(0.5, 1.2, 0.1); }), "supply.fraction");
  EXPECT_EQ(code_of([] { (void)import_reliance({-1, 0, 0, none}); }), "supply.negative");
  EXPECT_TRUE(std::isnan(import_reliance({1, none, 0, none})));
  ConcentrationOptions options;
  options.governance["CHN"] = 5.49;
  EXPECT_EQ(code_of([&] {
              (void)geopolrisk(0.5, {"", "", {"MYS"}, {1}, {}}, 0, options);
            }),
            "supply.no_governance");
  EXPECT_EQ(code_of([&] {
              (void)geopolrisk(0.5, {"", "", {"CHN"}, {0}, {}}, 0, options);
            }),
            "supply.no_production");
}

TEST(Governance, ScaleByNameOrByValues) {
  EXPECT_EQ(governance_scale("wgi_eu010", {1}), GovernanceScale::risk_10);
  EXPECT_EQ(governance_scale("governance_risk", {1}), GovernanceScale::risk_10);
  EXPECT_EQ(governance_scale("wgi_risk01", {1}), GovernanceScale::risk_1);
  EXPECT_EQ(governance_scale("wgi_mean6", {1}), GovernanceScale::indicator);
  EXPECT_EQ(governance_scale("x", {-1, 2}), GovernanceScale::indicator);
  EXPECT_EQ(governance_scale("x", {1, 7}), GovernanceScale::risk_10);
  EXPECT_EQ(code_of([] { (void)governance_scale("x", {0.5, 1}); }), "supply.governance_scale");
  EXPECT_EQ(to_risk(0.549, GovernanceScale::risk_1), 5.49);
  EXPECT_NEAR(to_risk(-0.245, GovernanceScale::indicator), 5.49, 1e-12);
}

TEST(Origin, OreIsTracedThroughRefiners) {
  // Malaysia refines Australian ore; Estonia's feed is half American.
  const auto traced = trace_origin({"", "", {"CHN", "MYS", "EST"}, {70, 20, 10}, {}},
                                   {{"MYS", "AUS", 1.0}, {"EST", "USA", 0.5}});
  const auto result = concentration(traced);
  EXPECT_EQ(result.total, 100.0);
  ASSERT_EQ(result.shares.size(), 4u);
  EXPECT_EQ(result.shares[1].country, "AUS");
  EXPECT_EQ(result.shares[1].share, 0.2);
  EXPECT_EQ(result.shares[2].share, 0.05);
  EXPECT_EQ(code_of([] {
              (void)trace_origin({"", "", {"A"}, {1}, {}}, {{"A", "B", 0.7}, {"A", "C", 0.7}});
            }),
            "supply.shares_over_one");
}

TEST(Origin, WhatCannotBeTraced) {
  const auto traced =
      trace_imports({"", "", {"CHN", "EST"}, {90, none}, {}}, {{"EST", "RUS", 0.4}});
  EXPECT_EQ(traced.by_origin.country, (std::vector<std::string>{"CHN", "EST"}));
  EXPECT_TRUE(std::isnan(traced.by_origin.amount[1]));
  EXPECT_EQ(traced.untraced, (std::vector<std::string>{"EST"}));
  EXPECT_EQ(code_of([] {
              (void)trace_origin({"", "", {"A"}, {1}, {}}, {{"A", "B", 1.0}, {"B", "A", 1.0}});
            }),
            "supply.closed_loop");
  EXPECT_EQ(code_of([] {
              (void)trace_origin({"", "", {"A"}, {1}, {}}, {{"A", "B", 1.5}});
            }),
            "supply.fraction");
  EXPECT_EQ(code_of([] { (void)trace_origin({"", "", {"A"}, {}, {}}, {}); }), "supply.length");
}

TEST(Origin, AChainOfRefinersKeepsEveryTonne) {
  // 30 refiners that buy from each other in all directions, each with 1 % of its own ore.
  std::vector<Origin> legs;
  Production imports;
  for (int i = 0; i < 30; ++i) {
    const std::string name = "R" + std::to_string(i);
    imports.country.push_back(name);
    imports.amount.push_back(1.0 + i);
    legs.push_back({name, name, 0.01});
    for (int j = 0; j < 30; ++j)
      if (j != i) legs.push_back({name, "R" + std::to_string(j), 0.99 / 29});
  }
  const auto traced = trace_imports(imports, legs);
  double sum = 0;
  for (const double amount : traced.by_origin.amount) sum += amount;
  EXPECT_NEAR(sum, 465.0, 1e-10);
  EXPECT_EQ(traced.refined_share, 1.0);
  EXPECT_NEAR(traced.untraced_share, 0.0, 1e-12);
}

TEST(AlliedShare, TerritoriesCountAsTheirParentOnlyWhenTold) {
  const auto supply = concentration({"", "", {"GRL", "CHN"}, {1, 3}, {}});
  EXPECT_EQ(share_of(supply, {"DNK"}), 0.0);
  EXPECT_EQ(share_of(supply, {"DNK"}, {{"GRL", "DNK"}}), 0.25);
}

TEST(Groups, RowsByElementAndStage) {
  const auto groups = group_production({"Nd", "Dy", "Nd"}, {}, {"A", "A", "B"}, {1, 2, 3});
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].element, "Nd");
  EXPECT_EQ(groups[0].country.size(), 2u);
  EXPECT_EQ(groups[1].amount[0], 2.0);
}

TEST(Concentration, RefusesMagnitudesThatSquaresCannotHold) {
  Production table;
  table.country = {"A", "B"};
  for (const double amount : {1e155, 1e-162, 1e308, 1e30}) {
    table.amount = {amount, amount};
    EXPECT_EQ(code_of([&] { (void)concentration(table, {}); }), "supply.magnitude") << amount;
  }
  table.amount = {1e-99, 1e-99};
  EXPECT_NEAR(concentration(table, {}).hhi_low, 0.5, 1e-12);
  table.amount = {1e29, 1e29};
  EXPECT_NEAR(concentration(table, {}).hhi_high, 0.5, 1e-12);
}

TEST(Concentration, TwoRowsOfWhatIsLeftAreOne) {
  Production table;
  table.country = {"A", "Other", "Rest of world"};
  table.amount = {60, 10, 30};
  const auto found = concentration(table, {});
  EXPECT_NEAR(found.hhi, 0.52, 1e-12);
  EXPECT_EQ(found.shares.size(), 2u);
  EXPECT_TRUE(found.findings.has("supply.residuals_joined"));
  table.country[2] = "other";
  EXPECT_EQ(code_of([&] { (void)concentration(table, {}); }), "supply.duplicate_country");
}

}  // namespace
}  // namespace lode::test
