// Splitting by composition, and whole rows of dependence, on small tables worked by hand.
#include "libgeo/supply/dependence.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

const double none = std::nan("");

Composition row(const std::string& country, double la, double nd, double share = none,
                const std::string& stage = {}) {
  Composition out;
  out.country = country;
  out.share = share;
  out.stage = stage;
  out.percent.fill(none);
  out.percent[0] = la;
  out.percent[3] = nd;
  return out;
}

SplitOptions by(const std::vector<std::string>& names) {
  SplitOptions options;
  for (const auto& name : names) options.groups.push_back(parse_element_group(name));
  return options;
}

TEST(ElementGroup, ReadsSymbolsAndGroups) {
  EXPECT_EQ(parse_element_group("NdPr").elements, (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(parse_element_group("MREO").elements.size(), 4u);
  EXPECT_EQ(parse_element_group("treo").elements.size(), 15u);
  EXPECT_EQ(parse_element_group("Y").elements, (std::vector<std::size_t>{14}));
  for (const char* bad : {"Xx", "nd", "NdNd", "", "Nd Pr"})
    EXPECT_EQ(code_of([&] { (void)parse_element_group(bad); }), "supply.unknown_element") << bad;
}

TEST(ElementGroup, ColumnsMayHaveLostTheirCase) {
  for (const auto& [text, name] : {std::pair{"ndpr", "NdPr"},
                                   {"NdPr", "NdPr"},
                                   {"dytb", "DyTb"},
                                   {"y", "Y"},
                                   {"dyy", "DyY"},
                                   {"yybla", "YYbLa"},
                                   {"treo", "TREO"},
                                   {"mreo", "MREO"}})
    EXPECT_EQ(element_group_of_column(text).name, name);
  for (const char* bad : {"xx", "ndnd", "", "ndp", "NDPR"})
    EXPECT_EQ(code_of([&] { (void)element_group_of_column(bad); }), "supply.unknown_element")
        << bad;
}

TEST(Split, SourcesOfOneCountryMix) {
  // 100 t: 60 % at 10 % Nd and what is left at 20 % Nd: 14 t.
  const auto split = split_by_element({"", "mine", {"A"}, {100}, {}},
                                      {row("A", 90, 10, 0.6), row("A", 80, 20)}, by({"Nd"}));
  EXPECT_NEAR(split.parts.at(0).amount.at(0), 14.0, 1e-12);
  EXPECT_EQ(split.parts[0].element, "Nd");
  EXPECT_EQ(split.parts[0].stage, "mine");
  EXPECT_EQ(split.covered, 1.0);
  // Sources that stop short of the whole: the rest is like them.
  const auto part = split_by_element({"", "", {"A"}, {100}, {}},
                                     {row("A", 90, 10, 0.3), row("A", 80, 20, 0.3)}, by({"Nd"}));
  EXPECT_NEAR(part.parts[0].amount[0], 15.0, 1e-12);
}

TEST(Split, SaysWhatItScalesAndLeavesOut) {
  const Production mined{"TREO", "", {"A", "B", "Other", "World total"}, {60, 30, 10, 100}, {}};
  const auto split = split_by_element(mined, {row("A", 80, 22.3)}, by({"Nd"}));
  EXPECT_TRUE(split.findings.has("supply.composition_scaled"));
  EXPECT_TRUE(split.findings.has("supply.no_composition"));
  EXPECT_EQ(split.without, (std::vector<std::string>{"B", "Other"}));
  EXPECT_NEAR(split.covered, 0.6, 1e-15);
  EXPECT_EQ(split.parts[0].country, (std::vector<std::string>{"A"}));
  EXPECT_NE(split.how.find("40.0 % of the oxide left out"), std::string::npos) << split.how;
  EXPECT_NE(split.how.find("trade basis"), std::string::npos) << split.how;
  SplitOptions refuse = by({"Nd"});
  refuse.without = NoComposition::refuse;
  EXPECT_EQ(code_of([&] { (void)split_by_element(mined, {row("A", 80, 20)}, refuse); }),
            "supply.no_composition");
  EXPECT_EQ(code_of([&] { (void)split_by_element(mined, {row("Q", 80, 20)}, by({"Nd"})); }),
            "supply.no_composition");
}

TEST(Split, RefusesBadCompositions) {
  const Production mined{"", "", {"A"}, {60}, {}};
  const auto code = [&](const std::vector<Composition>& rows) {
    return code_of([&] { (void)split_by_element(mined, rows, by({"Nd"})); });
  };
  EXPECT_EQ(code({row("A", 40, 20)}), "supply.composition");   // 60 %
  EXPECT_EQ(code({row("A", -1, 100)}), "supply.composition");  // below 0
  EXPECT_EQ(code({row("A", 80, 20, 0.0)}), "supply.composition");
  EXPECT_EQ(code({row("A", 80, 20, 0.7), row("A", 80, 20, 0.7)}), "supply.shares_over_one");
  EXPECT_EQ(code({row("A", 80, 20, 70)}), "supply.fraction");
  EXPECT_EQ(code_of([] { (void)parse_no_composition("drop"); }), "supply.unknown_choice");
  EXPECT_EQ(code_of([] { (void)parse_split_basis("metal"); }), "supply.unknown_choice");
}

TEST(Split, OreIsOfTheMineAlone) {
  const std::vector<Composition> rows{row("A", 80, 20), row("A", 70, 30, none, "separation")};
  EXPECT_TRUE(has_composition(rows, "Mine"));
  EXPECT_TRUE(has_composition(rows, ""));
  EXPECT_FALSE(has_composition(rows, "metal"));
  const auto at = [&](const std::string& stage) {
    return split_by_element({"", stage, {"A"}, {100}, {}}, rows, by({"Nd"})).parts[0].amount[0];
  };
  EXPECT_NEAR(at("mine"), 20.0, 1e-12);
  EXPECT_NEAR(at("separation"), 30.0, 1e-12);
}

DependenceInputs worked_inputs() {
  DependenceInputs in;
  in.supply.push_back({"TREO", "mine", {"CHN", "USA", "GRL"}, {60, 30, 10}, {}});
  in.supply.back().period = "2024";
  in.supply.push_back({"Nd", "metal", {"CHN", "JPN"}, {90, 10}, {}, true});
  in.supply.back().period = "2024";
  in.options.governance = {{"CHN", 5}, {"USA", 3}, {"GRL", 2}, {"JPN", 2}, {"AUS", 2}, {"MYS", 4}};
  in.compositions = {row("CHN", 80, 20), row("USA", 90, 10)};
  in.split = by({"Nd"});
  in.imports.push_back({"", "", {"CHN", "MYS"}, {80, 20}, {}, true});
  in.origins = {{"MYS", "AUS", 1.0}};
  TradeRow trade;
  trade.balance = {20, 80, none, 100, none};
  trade.printed = {0.8, 0.8, 0.8};
  in.trade.push_back(trade);
  in.home = "USA";
  in.parents = {{"GRL", "DNK"}};
  in.alliances = {{"set", {"USA", "DNK"}, "2024"}};
  return in;
}

TEST(DependenceRows, WholeRowsByHand) {
  const DependenceInputs in = worked_inputs();
  Findings findings;
  const auto rows = dependence(in, findings);
  ASSERT_EQ(rows.size(), 3u);  // TREO mined, Nd of it, Nd metal
  const auto& treo = rows[0];
  EXPECT_NEAR(treo.supply.hhi, 0.46, 1e-15);
  EXPECT_NEAR(treo.home_share, 0.3, 1e-15);
  EXPECT_NEAR(treo.allied_share, 0.4, 1e-15);  // with Greenland by its parent
  EXPECT_NEAR(treo.allied_without_home, 0.1, 1e-15);
  ASSERT_TRUE(treo.sourcing);
  EXPECT_NEAR(treo.sourcing->seller.hhi, 0.68, 1e-15);
  EXPECT_NEAR(treo.sourcing->seller.hhi_wgi, 0.64 * 5 + 0.04 * 4, 1e-15);
  EXPECT_NEAR(treo.sourcing->origin.hhi_wgi, 0.64 * 5 + 0.04 * 2, 1e-15);
  EXPECT_NEAR(treo.reliance.value, 0.8, 1e-15);
  // g = .36 x 5 + .09 x 3 + .01 x 2 = 2.09; s = 3.28; 2.09 x .4 + 3.28 x .6
  EXPECT_NEAR(treo.eu_supply_risk, 2.804, 1e-14);
  // imports 64 and 16 t of 100: (64 x .5 + 16 x .2)/100 = .352; x .46
  EXPECT_NEAR(treo.weighted_import_share, 0.352, 1e-15);
  EXPECT_NEAR(treo.geopolrisk, 0.16192, 1e-15);
  const auto& nd = rows[1];
  EXPECT_EQ(nd.supply.element, "Nd");
  EXPECT_NEAR(nd.composition_covered, 0.9, 1e-15);
  EXPECT_NEAR(nd.supply.shares[0].share, 12.0 / 15, 1e-15);  // 12 and 3 t
  EXPECT_EQ(nd.basis, "trade");
  EXPECT_NE(nd.how.find("left out for want of a composition"), std::string::npos) << nd.how;
  EXPECT_EQ(rows[2].supply.stage, "metal");
  const auto worst = worst_stages(rows);
  ASSERT_EQ(worst.size(), 1u);
  EXPECT_EQ(worst[0].element, "Nd");
  EXPECT_EQ(worst[0].stage, "metal");
  EXPECT_EQ(worst[0].by, "eu_supply_risk");
  EXPECT_FALSE(findings.has("supply.reliance_differs"));
}

TEST(DependenceRows, SideTablesFitByElementAndStage) {
  DependenceInputs in = worked_inputs();
  TradeRow metal;
  metal.element = "Nd";
  metal.stage = "metal";
  metal.printed = {0.95, 0.95, 1.0};
  in.trade.push_back(metal);
  in.factors = {{"", "", 0.01, none, none, 0.2}, {"Nd", "", none, 0.9, 7.0, none}};
  in.willingness = {{"CHN", {0.2, 0.8}}, {"GRL", {0.1, 0.1}}};
  Findings findings;
  const auto rows = dependence(in, findings);
  EXPECT_EQ(rows[2].reliance.low, 0.95);
  EXPECT_EQ(rows[2].reliance.high, 1.0);
  EXPECT_LT(rows[2].eu_low, rows[2].eu_high);
  EXPECT_EQ(rows[2].recycling_rate, 0.01);
  EXPECT_EQ(rows[2].substitution, 0.9);
  EXPECT_EQ(rows[2].economic_importance, 7.0);
  EXPECT_TRUE(std::isnan(rows[0].economic_importance));
  EXPECT_EQ(rows[0].substitution, 1.0);
  // .6^2 x .8 + .1^2 x .1, home left out; x .8 x .2
  EXPECT_NEAR(rows[0].disruption_potential, 0.289, 1e-15);
  EXPECT_NEAR(rows[0].usgs_supply_risk, std::cbrt(0.289 * 0.8 * 0.2), 1e-15);
  EXPECT_TRUE(findings.has("supply.no_willingness"));  // JPN of the metal
}

TEST(DependenceRows, SayWhatIsOddAboutTheTables) {
  DependenceInputs in = worked_inputs();
  in.trade[0].printed = {0.95, 0.95, 1.0};
  in.origins = {{"MYS", "AUS", 0.5}};
  in.compositions = {row("CHN", 80, 20, none, "separation")};
  Findings findings;
  const auto rows = dependence(in, findings);
  EXPECT_TRUE(findings.has("supply.reliance_differs"));
  EXPECT_TRUE(findings.has("supply.untraced"));
  EXPECT_TRUE(findings.has("supply.composition_unused"));
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_NEAR(rows[0].sourcing->untraced_share, 0.1, 1e-15);
}

TEST(DependenceRows, ImportsWithoutGovernanceAreRefusedOrSaid) {
  DependenceInputs in = worked_inputs();
  in.options.governance.erase("AUS");
  Findings findings;
  EXPECT_EQ(code_of([&] { (void)dependence(in, findings); }), "supply.no_governance");
  in.refuse_ungoverned_imports = false;
  Findings said;
  EXPECT_TRUE(std::isnan(dependence(in, said).at(0).geopolrisk));
  EXPECT_TRUE(said.has("supply.no_governance"));
}

TEST(DependenceRows, SharesAreNotSetAgainstTonnes) {
  DependenceInputs in = worked_inputs();
  in.trade[0].balance.imports = none;
  Findings findings;
  EXPECT_TRUE(std::isnan(dependence(in, findings).at(0).geopolrisk));
  EXPECT_TRUE(findings.has("supply.imports_total"));
}

TEST(DependenceRows, ChangeSinceThePeriodBefore) {
  DependenceInputs in;
  for (const double amount : {50.0, 75.0}) {
    in.supply.push_back({"", "", {"A", "B"}, {amount, 100 - amount}, {}});
    in.supply.back().period = number_text(amount);
  }
  Findings findings;
  const auto rows = dependence(in, findings);
  EXPECT_TRUE(std::isnan(rows[0].change_in_hhi));
  EXPECT_NEAR(rows[1].change_in_hhi, 0.125, 1e-15);
}

TEST(DependenceRows, TerritoriesMergeOnRequest) {
  DependenceInputs in = worked_inputs();
  in.split.groups.clear();
  in.parents = {{"GRL", "CHN"}};
  in.merge_territories = true;
  Findings findings;
  const auto rows = dependence(in, findings);
  EXPECT_EQ(rows[0].supply.shares.size(), 2u);
  EXPECT_NE(rows[0].how.find("GRL counted with the parent"), std::string::npos) << rows[0].how;
}

TEST(Substitution, RefusesWhatDoesNotAddUp) {
  EXPECT_EQ(code_of([] {
              (void)substitution_indices({{"a", 0.7}, {"b", 0.7}}, {});
            }),
            "supply.shares_over_one");
  EXPECT_EQ(code_of([] {
              (void)substitution_indices({{"a", 1}}, {{"b", "x", 0.5}});
            }),
            "supply.unknown_use");
  EXPECT_EQ(code_of([] {
              (void)substitution_indices({{"a", 1}}, {{"a", "x", 0.5, 2}});
            }),
            "supply.fraction");
  EXPECT_TRUE(std::isnan(economic_importance({{"a", 0.5}})));
  EXPECT_EQ(code_of([] { (void)geopolrisk_factor(0.5, -1); }), "supply.negative");
}

TEST(Reliance, PrintedAgainstComputed) {
  EXPECT_EQ(reliance_mismatch({0.80, 0.80, 0.80}, 0.803), "");  // MCS 2025 prints 80 for 80.3
  EXPECT_NE(reliance_mismatch({0.80, 0.80, 0.80}, 0.85), "");
  EXPECT_EQ(reliance_mismatch({0.95, 0.95, 1.0}, 0.97), "");
  EXPECT_NE(reliance_mismatch({0.95, 0.95, 1.0}, 0.9), "");
  EXPECT_EQ(reliance_mismatch({}, 0.9), "");
}

TEST(Alliance, DatesOfSets) {
  Findings findings;
  check_alliance_date({"MSP", {}, "2024"}, "2026-11-01", findings);
  EXPECT_TRUE(findings.has("supply.alliance_date"));
  EXPECT_NE(findings.list()[0].message.find("older"), std::string::npos);
  Findings newer;
  check_alliance_date({"MSP", {}, "2024-06-01"}, "2023", newer);
  EXPECT_NE(newer.list().at(0).message.find("newer"), std::string::npos);
  Findings same;
  check_alliance_date({"MSP", {}, "2024"}, "2024-11-01", same);
  check_alliance_date({"MSP", {}, ""}, "2026", same);
  EXPECT_TRUE(same.empty());
}

}  // namespace
}  // namespace lode::test
