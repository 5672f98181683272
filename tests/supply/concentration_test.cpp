// Concentration and dependence against worked figures, and what bad tables get.
#include "libgeo/supply/concentration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ranking/cases.h"

namespace lode::test {
namespace {

const double none = std::nan("");

struct MineTable {
  std::vector<std::string> country;
  std::map<std::string, std::vector<double>> columns;
  std::map<std::string, double> governance;
};

MineTable mine_table() {
  MineTable table;
  for (const auto& row : read_cases("supply_mine_2024.csv")) {
    table.country.push_back(row.at("country"));
    for (const std::string column : {"mine_2023_t", "mine_2024_t", "reserves_t"})
      table.columns[column].push_back(parse_reported(row.at(column)).value);
    const double risk = parse_reported(row.at("governance_risk")).value;
    if (!std::isnan(risk)) table.governance[row.at("country")] = risk;
  }
  table.governance["JPN"] = 2.154;
  table.governance["EST"] = 2.346;
  return table;
}

Production us_imports(double total) {
  return {"",
          "",
          {"CHN", "MYS", "JPN", "EST", "Other"},
          {0.70 * total, 0.13 * total, 0.06 * total, 0.05 * total, 0.06 * total},
          {}};
}

Production production_of(const MineTable& table, const std::string& column) {
  if (column == "us_imports") return us_imports(1.0);
  if (column == "equal_4") return {"", "", {"A", "B", "C", "D"}, {7, 7, 7, 7}, {}};
  if (column == "one") return {"", "", {"A", "B"}, {7, 0}, {}};
  return {"", "", table.country, table.columns.at(column), {}};
}

double value_of(const Case& one) {
  const auto given = parameters(one.at("parameters"));
  const auto at = [&](const std::string& key) {
    return given.count(key) > 0 ? number(given.at(key)) : none;
  };
  const MineTable table = mine_table();
  ConcentrationOptions options;
  options.governance = table.governance;
  const std::string quantity = one.at("quantity");
  if (quantity == "hhi" || quantity == "hhi_wgi") {
    options.other = parse_other_rule(given.at("other"));
    const auto result = concentration(production_of(table, given.at("column")), options);
    return quantity == "hhi" ? result.hhi : result.hhi_wgi;
  }
  if (quantity == "eu")
    return eu_supply_risk({at("gs"), at("sourcing"), at("ir"), at("eol"), at("si")});
  if (quantity == "reliance")
    return import_reliance({at("production"), at("imports"), at("exports"), at("consumption")});
  if (quantity == "usgs") return usgs_supply_risk(at("dp"), at("te"), at("ev"));
  if (quantity == "wgi") return governance_risk(at("x"));
  if (quantity == "allied") {
    const auto list = words(given.at("members"));
    return share_of(concentration(production_of(table, "mine_2024_t")), {list.begin(), list.end()});
  }
  options.other_governance = at("other_governance");
  const auto risk = geopolrisk(at("hhi"), us_imports(at("total")), at("domestic"), options);
  return quantity == "geopolrisk" ? risk.score : risk.weighted_import_share;
}

class WorkedFigure : public testing::TestWithParam<Case> {};

TEST_P(WorkedFigure, Agrees) {
  EXPECT_NEAR(value_of(GetParam()), number(GetParam().at("expected")),
              number(GetParam().at("tolerance")))
      << GetParam().at("source");
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.at("case");
  for (auto& c : name)
    if (c == '-') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, WorkedFigure,
                         testing::ValuesIn(read_cases("supply_indicators.csv")), name_of);

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

}  // namespace
}  // namespace lode::test
