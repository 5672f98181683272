// The section, figures and tables on supply: numbers as in the answer, nothing that breaks out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libgeo/core/text.h"
#include "libgeo/io/writers.h"
#include "libgeo/report/charts_axes.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/figures.h"
#include "libgeo/report/geopackage.h"
#include "libgeo/report/html.h"
#include "libgeo/report/supply_result_tables.h"
#include "tests/report/fixture.h"
#include "tests/report/markup.h"

namespace lode {
namespace {

using test::between;
using test::has;
using test::kNan;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* nbsp = "\xc2\xa0";

std::string section(const StudyResult& study) {
  return between(html_report(study), "<section id=\"supply\">", "</section>");
}

std::string said(const StudyResult& study) {
  return between(section(study), "<ul class=\"said\">", "</ul>");
}

/// "1,230 t" with the blank that does not break.
std::string unit(const std::string& number, const std::string& name) {
  return number + nbsp + name;
}

const std::vector<std::string>& supply_figures() {
  static const std::vector<std::string> names{
      "shortfall",   "cost-curve",   "economics",  "plan",          "schedule",
      "frontier",    "shock",        "break-even", "chain-balance", "chain-members",
      "chain-flows", "member-costs", "counters"};
  return names;
}

/// Everything that a reader of tables could take for a number and that is none.
void expect_no_nan(const std::string& text) {
  for (const auto* word :
       {">nan", " nan", "NaN", "-nan", ">inf", "\"inf", "\"nan", " inf ", "1e+308"})
    EXPECT_EQ(text.find(word), std::string::npos) << word;
}

void set_all(double& value) {
  value = kNan;
}
void set_all(LowBaseHigh& value) {
  value = {kNan, kNan, kNan};
}
void set_all(Spread5& value) {
  value = {kNan, kNan, kNan, kNan, kNan, kNan};
}
template <class T>
void set_all(std::vector<T>& values) {
  for (auto& one : values) set_all(one);
}
template <class... Field>
void unknown(Field&... fields) {
  (set_all(fields), ...);
}

TEST(SupplyReport, AnswersFirst) {
  const std::string words = said(test::fixture_study());
  // 0.7 x 14,000 x 1.04^14 = 16,970 t of NdPr and 0.93 x 1,250 x 1.04^14 = 2,013 t of DyTb in 2040.
  EXPECT_TRUE(has(words, "In 2040, the worst year, the scenario leaves <strong>" +
                             unit("17", "kt") + "</strong> of NdPr (" + unit("70", "%") +
                             " of demand) and <strong>" + unit("2,010", "t") +
                             "</strong> of DyTb (" + unit("93", "%") + " of demand) missing"))
      << words;
  EXPECT_TRUE(
      has(words, "8 sources are chosen at a discounted cost of " + unit("7.65", "billion USD")));
  EXPECT_TRUE(has(words, "it ends the shortfall of NdPr from <strong>2030</strong>"));
  EXPECT_TRUE(has(words, "<strong>does not end</strong> the shortfall of DyTb by 2040"));
  EXPECT_TRUE(has(words, "<a href=\"#s1\">Mount Weld</a></strong>: without it no plan meets"));
  EXPECT_TRUE(has(words, "A fall of " + unit("50", "%") +
                             " in the price of NdPr and DyTb from 2029 for 3 years stops "));
  EXPECT_TRUE(has(words, "A floor price of <strong>" + unit("63.4", "USD/kg") + "</strong>"));
  EXPECT_TRUE(has(words, "costs " + unit("1.36", "billion USD")));
  EXPECT_TRUE(has(words, "the bloc&#39;s chain breaks at <strong>metal</strong>") ||
              has(words, "the bloc's chain breaks at <strong>metal</strong>"));
  EXPECT_TRUE(has(words, "saves <strong>" + unit("1.76", "billion USD")) ||
              has(words, "saves <strong>" + unit("1.77", "billion USD")));
}

TEST(SupplyReport, StandsAfterDependenceAndInTheContents) {
  const std::string page = html_report(test::fixture_study());
  EXPECT_TRUE(has(page, "<a href=\"#supply\">Supply</a>"));
  EXPECT_LT(page.find("<section id=\"dependence\">"), page.find("<section id=\"supply\">"));
  EXPECT_LT(page.find("<section id=\"supply\">"), page.find("<section id=\"sites\">"));
  for (const auto* id : {"supply-shortfall", "supply-cost", "supply-recycling", "supply-plan",
                         "supply-shock", "supply-alliance"})
    EXPECT_TRUE(has(page, std::string(" id=\"") + id + "\"")) << id;
}

TEST(SupplyReport, WithoutAnAnswerThereIsNothing) {
  StudyResult study = test::fixture_study();
  for (const bool empty : {false, true}) {
    if (empty)
      study.supply = SupplyAnswer{};
    else
      study.supply.reset();
    const std::string page = html_report(study);
    EXPECT_FALSE(has(page, "id=\"supply\""));
    EXPECT_FALSE(has(page, "#supply"));
    EXPECT_TRUE(supply_result_tables(study).empty());
  }
}

TEST(SupplyReport, EachPartStandsAlone) {
  const StudyResult whole = test::fixture_study();
  for (int part = 0; part < 6; ++part) {
    StudyResult study = whole;
    SupplyAnswer& supply = *study.supply;
    if (part != 0) supply.disruption.reset();
    if (part != 1) supply.economics.reset();
    if (part != 1) supply.curves.clear();
    if (part != 2) supply.recycling.clear();
    if (part != 3) supply.portfolio.reset();
    if (part != 4) supply.shocks.clear();
    if (part != 5) supply.alliance.reset();
    const std::string page = html_report(study);
    EXPECT_EQ(test::markup_fault(page), "") << part;
    EXPECT_TRUE(has(page, "id=\"supply\"")) << part;
    EXPECT_EQ(has(page, "id=\"supply-shortfall\""), part == 0) << part;
    EXPECT_EQ(has(page, "id=\"supply-cost\""), part == 1 || part == 2) << part;
    EXPECT_EQ(has(page, "id=\"supply-plan\""), part == 3) << part;
    EXPECT_EQ(has(page, "id=\"supply-shock\""), part == 4) << part;
    EXPECT_EQ(has(page, "id=\"supply-alliance\""), part == 5) << part;
  }
}

TEST(SupplyReport, NumbersAreThoseOfTheAnswer) {
  const std::string text = section(test::fixture_study());
  for (const auto& number : {unit("163", "kt"),
                             unit("201", "kt"),
                             unit("214", "kt"),
                             unit("9,120", "t"),  // tails
                             unit("44.1", "kt"),
                             unit("4,220", "t"),  // relief
                             unit("43.2", "M"),
                             std::string("37") + nbsp + "%",  // incentives
                             unit("9.88", "billion USD"),
                             unit("9.87", "billion USD"),
                             unit("0.0537", "%"),
                             std::string("3.1e-09"),
                             unit("3.21", "billion USD"),
                             unit("198", "million USD"),
                             unit("45.6", "million USD"),
                             std::string("412 nodes"),
                             std::string("1,234 variables, 180 whole, 987 rows"),  // certificate
                             unit("615", "million USD"),
                             unit("492", "M"),
                             unit("11.1", "kt"),
                             unit("55.4", "USD/kg"),  // counters
                             unit("18.4", "M"),
                             std::string("keeps nothing"),
                             unit("2,470", "t"),
                             unit("2.18", "bn"),
                             unit("110", "M")})  // members
    EXPECT_TRUE(has(text, number)) << number;
}

TEST(SupplyReport, SaysWhereFiguresComeFromAndWhatIsIllustrative) {
  const std::string text = section(test::fixture_study());
  EXPECT_TRUE(has(text,
                  "<b>demand</b>: demand.csv: illustrative, after IEA 2024 <b class=\"ca\">"
                  "(illustrative)</b>"));
  EXPECT_TRUE(has(text, "<b>prices</b>: metal_prices.csv: USGS MCS 2025"));
  EXPECT_TRUE(has(text, "<b>capacities</b>: capacities.csv: from memory"));
  const std::string rest = text.substr(text.find("<h4>Sources</h4>"));
  EXPECT_TRUE(has(rest, "<b>a table of ours</b>: own.csv"));
  EXPECT_TRUE(has(rest, "demand.csv"));
}

TEST(SupplyReport, InfeasibleNamesWhatConflicts) {
  StudyResult study = test::fixture_study();
  study.supply = test::fixture_infeasible();
  const std::string text = section(study);
  EXPECT_TRUE(has(text, "No plan meets every requirement"));
  EXPECT_TRUE(has(text, "<em>demand of DyTb in 2028</em> and <em>budget of 1,000,000 USD</em>"));
  EXPECT_TRUE(has(text, "The fewest requirements that cannot hold together"));
  EXPECT_TRUE(has(text, "<li>demand of DyTb in 2028</li><li>budget of 1,000,000 USD</li>"));
  EXPECT_TRUE(has(text, "infeasible: proven that no plan meets every requirement"));
  EXPECT_FALSE(has(text, "<svg"));
  study.supply->portfolio->conflict.fewest = false;
  EXPECT_TRUE(has(section(study), "there may be a smaller set"));
  study.supply->portfolio->conflict.requirements.clear();
  EXPECT_TRUE(has(section(study), "No set of requirements was found"));
  study.supply->portfolio->status = ProgrammeStatus::unbounded;
  EXPECT_TRUE(has(section(study), "its cost has no lower end"));
  study.supply->portfolio->status = ProgrammeStatus::unsolved;
  EXPECT_TRUE(has(section(study), "that is no proof that there is none"));
}

TEST(SupplyReport, AFeasiblePlanIsNotCalledProven) {
  StudyResult study = test::fixture_study();
  study.supply->portfolio->status = ProgrammeStatus::feasible;
  study.supply->portfolio->gap = 0.034;
  const std::string text = section(study);
  EXPECT_TRUE(has(text, "not proven the best: at most " + unit("3.4", "%") + " off"));
  EXPECT_TRUE(has(text, "a plan, not proven the best"));
  EXPECT_FALSE(has(text, "proven best to the gap"));
}

TEST(SupplyReport, WhatHelpsWholeIsSaid) {
  StudyResult study = test::fixture_study();
  for (auto& row : study.supply->disruption->rows) row.with_sites_t = {};
  EXPECT_TRUE(has(said(study), "With what the plan makes nothing is missing that year."));
  study.supply->portfolio.reset();
  EXPECT_TRUE(has(said(study), "With the sites of this study nothing is missing that year."));
  for (auto& row : study.supply->disruption->rows) row.alone_t = {};
  EXPECT_TRUE(has(said(study), "Nothing is missing in any year, even when nothing helps."));
}

TEST(SupplyReport, AShockThatStopsNobodySaysSo) {
  StudyResult study = test::fixture_study();
  for (auto& one : study.supply->shocks[0].sources) one.stops = one.never_starts = false;
  EXPECT_TRUE(has(said(study), "for 3 years stops none of the sources."));
}

TEST(SupplyReport, IsTheSameTwice) {
  const StudyResult study = test::fixture_study();
  EXPECT_EQ(section(study), section(study));
  for (const auto& [name, table] : supply_result_tables(study)) EXPECT_GT(table.rows(), 0U) << name;
}

TEST(SupplyReport, UnknownValuesAreNeverPrinted) {
  StudyResult study = test::fixture_study();
  SupplyAnswer& s = *study.supply;
  for (auto& one : s.economics->sites)
    unknown(one.npv_usd, one.irr, one.payback_years, one.usd_per_kg, one.usd_per_kg_oxide,
            one.break_even_factor, one.cash_factor, one.probability_of_loss, one.capex_usd,
            one.life_years, one.incentives_usd);
  for (auto& curve : s.curves) {
    for (auto& one : curve.steps)
      unknown(one.usd_per_kg, one.tonnes, one.from_t, one.cash_usd_per_kg);
    for (auto& one : curve.bands) unknown(one.tonnes, one.usd_per_kg);
    for (auto& one : curve.lines) unknown(one.usd_per_kg, one.tonnes);
  }
  for (auto& one : s.recycling)
    unknown(one.retired_t, one.collected_t, one.recovered_t, one.in_use_t, one.recycling_rate);
  for (auto& one : s.disruption->rows)
    unknown(one.demand_t, one.alone_t, one.with_sites_t, one.with_stock_t, one.sites_t,
            one.recycled_t, one.stock_t, one.probability);
  for (auto& one : s.disruption->tails)
    unknown(one.expected_t, one.value_at_risk_t, one.cvar_t, one.with_expected_t,
            one.with_value_at_risk_t, one.with_cvar_t, one.standard_error_t);
  Portfolio& plan = *s.portfolio;
  unknown(plan.objective_usd, plan.cost_usd, plan.bound_usd, plan.gap, plan.hhi, plan.shortfall_t,
          plan.capex_usd, plan.worst_violation, plan.value_of_information_usd,
          plan.value_of_stochastic_usd);
  for (auto& one : plan.choices)
    unknown(one.tonnes, one.metal_t, one.capex_usd, one.cost_usd, one.worth_usd, one.worth_t);
  for (auto& one : plan.balance)
    unknown(one.demand_t, one.supply_t, one.shortfall_t, one.surplus_t, one.hhi, one.recycled_share,
            one.price_usd_per_kg);
  for (auto& one : plan.frontier) unknown(one.hhi, one.max_share, one.cost_usd, one.shortfall_t);
  for (auto& one : plan.scenarios)
    unknown(one.weight, one.cost_usd, one.shortfall_t, one.cost_if_known_usd);
  PriceShockResult& shock = s.shocks[0];
  for (auto& one : shock.sources)
    unknown(one.cash_break_even_usd_per_kg, one.full_break_even_usd_per_kg,
            one.probability_of_stopping, one.npv_before_usd, one.npv_after_usd, one.output_t,
            one.output_before_t, one.delayed_years);
  for (auto& one : shock.years) unknown(one.factor, one.lost_t, one.lost_with_t, one.cost_usd);
  for (auto& one : shock.counters)
    unknown(one.cost_usd, one.discounted_usd, one.kept_t, one.usd_per_kg_kept, one.stock_left_t,
            one.stock_value_usd);
  unknown(shock.floor_for_all_usd_per_kg, shock.floor_for_all_cost_usd);
  for (auto& one : s.alliance->balance)
    unknown(one.capacity_t, one.used_t, one.needed_t, one.frees_t_per_t, one.frees_usd_per_t);
  for (auto& one : s.alliance->members)
    unknown(one.demand_t, one.met_alone_t, one.met_together_t, one.cost_alone_usd, one.brings_t,
            one.used_t, one.pays_by_demand_usd, one.pays_by_capacity_usd, one.pays_shapley_usd,
            one.shapley_error_usd, one.gain_usd, one.spends_usd);
  for (auto& one : s.alliance->years)
    unknown(one.demand_t, one.met_together_t, one.met_alone_t, one.cost_together_usd,
            one.cost_alone_usd);
  for (auto& one : s.alliance->flows) unknown(one.tonnes, one.usd_per_kg);
  unknown(s.alliance->gain_usd, s.alliance->gain_t);
  for (auto& one : s.demand.tonnes) unknown(one);
  for (auto& one : s.prices.usd_per_kg) unknown(one);
  const std::string page = html_report(study);
  EXPECT_EQ(test::markup_fault(page), "");
  expect_no_nan(between(page, "<body>", "<script>"));
  EXPECT_TRUE(has(page, "not known"));
  for (const auto& [name, table] : supply_result_tables(study)) expect_no_nan(csv_text(table));
  for (const auto& layer : study_layers(study)) EXPECT_EQ(test::markup_fault(layer.style_qml), "");
}

/// Puts a name into every text of the answer.
void rename_all(SupplyAnswer& s, const std::string& name) {
  const auto source = [&](auto& one) {
    one.id = one.name = one.country = one.group = one.kind = name;
  };
  s.sources.currency = s.sources.table = s.prices.currency = name;
  for (auto& one : s.sources.list) source(one);
  for (auto& one : s.economics->sites) source(one), one.metal = name, one.notes = {name};
  s.economics->metal = s.economics->currency = name;
  for (auto& curve : s.curves) {
    curve.metal = curve.currency = name;
    curve.left_out = {name};
    for (auto& one : curve.steps) source(one);
    for (auto& one : curve.lines) one.name = name;
  }
  for (auto& one : s.recycling) one.id = name;
  s.disruption->how = name;
  s.disruption->failure = {{name, 0.5}};
  for (auto& one : s.disruption->rows) one.metal = one.stage = name;
  for (auto& one : s.disruption->tails) one.metal = name;
  for (auto& one : s.disruption->relief) one.id = one.metal = name;
  Portfolio& plan = *s.portfolio;
  plan.words = plan.matters_most = name;
  plan.metals = {name, name};
  plan.conflict.requirements = {name};
  for (auto& one : plan.choices) source(one);
  for (auto& one : plan.balance) one.metal = name;
  for (auto& one : plan.free_from) one.metal = name;
  for (auto& one : plan.scenarios) one.name = name;
  s.shock_terms[0].metals = {name};
  PriceShockResult& shock = s.shocks[0];
  shock.metal = shock.currency = name;
  shock.metals = {name, name};
  for (auto& one : shock.sources) source(one);
  for (auto& one : shock.counters) one.name = name, one.keeps = {name};
  AllianceView& view = *s.alliance;
  view.words = view.currency = name;
  view.stages.assign(5, name);
  view.metals = {name};
  for (auto& one : view.balance) one.stage = one.metal = one.best_country = name;
  for (auto& one : view.members) one.country = name;
  for (auto& one : view.flows) one.from = one.to = one.stage = one.metal = name;
  for (auto& one : view.years) one.weakest_stage = name;
  s.sources_of = {{name, name}, {"demand", name}};
}

TEST(SupplyReport, HostileNamesStayText) {
  for (const auto& name : std::vector<std::string>{
           "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]><x>",
           "&lt;b&gt; & &amp;", "=HYPERLINK(\"http://example.org\")", "\x1b[31mred\x07",
           "\xe2\x80\xaegnp.exe", std::string("nul\0inside", 10), "\xff\xfe not UTF-8 \xc3",
           "line\nbreak\r\n\ttab", std::string(1 << 15, 'A') + "end", ""}) {
    StudyResult study = test::fixture_study();
    rename_all(*study.supply, name);
    for (const bool infeasible : {false, true}) {
      if (infeasible) study.supply->portfolio->status = ProgrammeStatus::infeasible;
      const std::string page = html_report(study);
      EXPECT_EQ(test::markup_fault(page), "") << name.substr(0, 40);
      for (const auto* word : {"<script>alert", "<img", "<x>", "\x1b", "\xe2\x80\xae"})
        EXPECT_FALSE(has(page, word)) << word;
      EXPECT_EQ(page.find('\0'), std::string::npos);
      EXPECT_LT(page.size(), 2500000U);
    }
    study.supply->portfolio->status = ProgrammeStatus::optimal;
    for (const auto& figure_name : supply_figures())
      for (const double width : {360.0, 1040.0}) {
        FigureOptions options;
        options.width_px = width;
        try {
          EXPECT_EQ(test::markup_fault(figure(study, figure_name, options)), "") << figure_name;
        } catch (const std::exception&) {  // a name may leave nothing to draw
        }
      }
    for (const auto& [file, table] : supply_result_tables(study))
      EXPECT_FALSE(has(csv_text(table), "\n=HYPERLINK") || has(csv_text(table), ",=HYPERLINK"))
          << file;
  }
}

TEST(SupplyReport, HundredsOfSourcesStayBounded) {
  StudyResult study = test::fixture_study();
  SupplyAnswer& s = *study.supply;
  const auto grow = [](auto& list, std::size_t count) {
    for (std::size_t i = list.size(); i < count; ++i) list.push_back(list[i % 12]);
  };
  grow(s.sources.list, 600);
  grow(s.economics->sites, 600);
  for (auto& curve : s.curves) grow(curve.steps, 600);
  grow(s.portfolio->choices, 600);
  grow(s.shocks[0].sources, 600);
  const std::string page = html_report(study);
  EXPECT_EQ(test::markup_fault(page), "");
  EXPECT_LT(page.size(), 2500000U);
  EXPECT_TRUE(has(page, "all stand in supply_economics.csv"));
  EXPECT_TRUE(has(page, "And 564 dearer sources"));
}

TEST(SupplyReport, OddShapesDoNotBreakTheFigures) {
  StudyResult study = test::fixture_study();
  SupplyAnswer& s = *study.supply;
  // One year, vectors that are too short, indices that lead nowhere.
  s.disruption->rows.resize(1);
  s.portfolio->years.resize(1);
  for (auto& one : s.portfolio->choices) one.metal_t.resize(1);
  s.shocks[0].years.resize(1);
  for (auto& one : s.shocks[0].sources) one.output_before_t.clear();
  s.shock_terms.clear();
  s.site.assign(s.site.size(), 12345);
  s.alliance->members[0].brings_t.clear();
  s.alliance->year = 1999;
  for (auto& row : s.portfolio->balance) row.year = 3000;
  s.recycling[0].recovered_t.clear();
  const std::string page = html_report(study);
  EXPECT_EQ(test::markup_fault(page), "");
  expect_no_nan(between(page, "<body>", "<script>"));
  s.disruption->rows.clear();
  s.portfolio->years.clear();
  s.portfolio->metals.clear();
  s.shocks[0].years.clear();
  s.shocks[0].sources.clear();
  s.alliance->stages.clear();
  s.alliance->members.clear();
  for (auto& curve : s.curves) curve.steps.clear();
  EXPECT_EQ(test::markup_fault(html_report(study)), "");
}

TEST(SupplyTables, SourcesAreReadBackAsTheyWere) {
  const StudyResult study = test::fixture_study();
  const auto tables = supply_result_tables(study);
  ASSERT_EQ(tables.front().first, "supply_sources.csv");
  Findings findings;
  const SupplySources read = read_sources(tables.front().second, findings);
  const SupplySources& wrote = study.supply->sources;
  EXPECT_EQ(read.price_year, 2024);
  EXPECT_EQ(read.currency, "USD");
  ASSERT_EQ(read.list.size(), wrote.list.size());
  for (std::size_t i = 0; i < read.list.size(); ++i) {
    const auto &a = read.list[i], &b = wrote.list[i];
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.country, b.country);
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.group, b.group);
    EXPECT_EQ(a.capacity_t_per_year, b.capacity_t_per_year);
    EXPECT_EQ(a.opex_usd_per_kg, b.opex_usd_per_kg);
    EXPECT_EQ(a.capex_usd, b.capex_usd);
    EXPECT_EQ(a.share, b.share);
    EXPECT_EQ(a.burden, b.burden);
    EXPECT_EQ(a.operating, b.operating);
    EXPECT_EQ(a.lead_years, b.lead_years);
  }
}

TEST(SupplyTables, AreThoseThatThereAre) {
  StudyResult study = test::fixture_study();
  std::vector<std::string> names;
  for (const auto& [name, table] : supply_result_tables(study)) names.push_back(name);
  EXPECT_EQ(names, supply_result_files());
  study.supply = test::fixture_infeasible();
  names.clear();
  for (const auto& [name, table] : supply_result_tables(study)) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("supply_sources.csv"));
}

TEST(SupplyTables, HoldTheAnswerUnrounded) {
  const StudyResult study = test::fixture_study();
  std::map<std::string, Table> tables;
  for (const auto& [name, table] : supply_result_tables(study)) tables[name] = table;
  const Table& plan = tables["supply_portfolio.csv"];
  EXPECT_EQ(plan.at("id").texts[1], "AU-01");
  EXPECT_EQ(plan.at("indispensable").texts[1], "yes");
  EXPECT_DOUBLE_EQ(plan.at("start_year").numbers[2], 2030.0);
  EXPECT_TRUE(std::isnan(plan.at("start_year").numbers[6]));
  EXPECT_DOUBLE_EQ(plan.at("t_2030").numbers[2], 8450.0);  // half of 16,900 t in its first year
  EXPECT_DOUBLE_EQ(plan.at("t_2031").numbers[2], 16900.0);
  const Table& lost = tables["supply_shortfall.csv"];
  EXPECT_EQ(lost.rows(), 30U);
  EXPECT_DOUBLE_EQ(lost.at("alone_p50_t").numbers[2], 0.7 * 14000.0 * 1.04 * 1.04);
  EXPECT_DOUBLE_EQ(tables["supply_economics.csv"].at("capex_usd").numbers[3], 1.9e9);
  EXPECT_EQ(tables["supply_curve.csv"].rows(), 24U);
  EXPECT_EQ(tables["supply_balance.csv"].rows(), 30U);
  EXPECT_DOUBLE_EQ(tables["supply_balance.csv"].at("hhi").numbers[1], 0.6);
  EXPECT_EQ(tables["supply_shock.csv"].at("stops").texts[0], "yes");
  EXPECT_DOUBLE_EQ(tables["supply_shock.csv"].at("returns_in").numbers[0], 2034.0);
  EXPECT_EQ(tables["supply_alliance.csv"].at("breaks").texts[2], "yes");
  EXPECT_DOUBLE_EQ(tables["supply_members.csv"].at("brings_metal_t").numbers[1], 3900.0);
}

TEST(SupplyLayers, SitesSayWhetherTheyAreChosen) {
  const auto layers = study_layers(test::fixture_study());
  const Table& sites = layers.front().table;
  EXPECT_EQ(sites.at("chosen").texts[0], "yes");  // US-01
  EXPECT_EQ(sites.at("chosen").texts[10], "no");  // BR-01
  EXPECT_EQ(sites.at("chosen").texts[12], "");    // no source of the plan
  EXPECT_DOUBLE_EQ(sites.at("start_year").numbers[2], 2030.0);
  EXPECT_TRUE(std::isnan(sites.at("start_year").numbers[10]));
  EXPECT_FALSE(std::isnan(sites.at("npv_usd").numbers[1]));
  EXPECT_FALSE(std::isnan(sites.at("usd_per_kg").numbers[1]));
  EXPECT_THAT(layers.front().style_qml, HasSubstr("Starts in"));
  StudyResult plain = test::fixture_study();
  plain.supply.reset();
  const auto without = study_layers(plain);
  for (const auto* name : {"chosen", "start_year", "npv_usd", "usd_per_kg", "worth_usd"})
    EXPECT_EQ(without.front().table.find(name), nullptr) << name;
}

TEST(SupplyCharts, AxesHaveRoundEndsAndKeepWithin) {
  const auto axis = report::number_axis(0.0, 87.0, 100.0, 300.0, 5);
  EXPECT_DOUBLE_EQ(axis.low, 0.0);
  EXPECT_DOUBLE_EQ(axis.high, 100.0);
  EXPECT_DOUBLE_EQ(axis.step, 20.0);
  EXPECT_DOUBLE_EQ(axis.at(50.0), 200.0);
  EXPECT_DOUBLE_EQ(axis.at(1e9), 300.0);
  EXPECT_DOUBLE_EQ(axis.at(kNan), 100.0);
  const auto below = report::number_axis(-3.0, 8.0, 0.0, 1.0, 6);
  EXPECT_LE(below.low, -3.0);
  EXPECT_GE(below.high, 8.0);
  EXPECT_EQ(report::tick_text(1500.0), "1,500");
  EXPECT_EQ(report::tick_text(25000.0), "25k");
  EXPECT_EQ(report::tick_text(-2.5e6), "-2.5M");
  EXPECT_EQ(report::money_words(1.2345e9, "EUR"), unit("1.23", "billion EUR"));
  EXPECT_EQ(report::money_words(-4.4e7, ""), unit("-44", "million USD"));
  EXPECT_EQ(report::money_words(kNan, "USD"), "not known");
}

TEST(SupplyCharts, HatchesStayInTheirBox) {
  report::Drawing sheet;
  report::hatch(sheet, 10.0, 20.0, 30.0, 12.0, "xs");
  ASSERT_EQ(sheet.shapes.size(), 1U);
  for (const auto& line : sheet.shapes[0].paths)
    for (const auto& point : line) {
      EXPECT_GE(point.x, 10.0);
      EXPECT_LE(point.x, 40.0);
      EXPECT_GE(point.y, 20.0);
      EXPECT_LE(point.y, 32.0);
    }
}

TEST(SupplyCharts, TheCurveOrdersByCostAndCutsTheDearest) {
  StudyResult study = test::fixture_study();
  auto& curve = study.supply->curves.front();
  const std::string plain = figure(study, "cost-curve");
  EXPECT_TRUE(has(plain, "price 2024: 56.2"));
  curve.steps.back().usd_per_kg = only_base(98765.0);
  const std::string cut = figure(study, "cost-curve");
  EXPECT_TRUE(has(cut, "98,800"));   // said in its tooltip and key
  EXPECT_FALSE(has(cut, ">100k<"));  // but not on the axis
}

}  // namespace
}  // namespace lode
