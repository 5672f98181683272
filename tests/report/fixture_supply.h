// An answer on supply made by hand: every part, none computed, for the tests of the report.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "libgeo/study/supply_answer.h"

namespace lode::test {

struct FixtureSource {
  const char *id, *name, *country, *group, *kind;
  double capacity_t, ndpr, dytb, opex, capex;
  int start;
  std::size_t site;
};
/// Capacities and costs are illustrative; sites by their place in `fixture_sites`.
inline const std::vector<FixtureSource>& fixture_sources() {
  constexpr auto none = static_cast<std::size_t>(-1);
  static const std::vector<FixtureSource> sources{
      {"US-01", "Mountain Pass", "USA", "domestic", "primary", 42000, 0.157, 0.002, 5.1, 3e8, 2026,
       0},
      {"AU-01", "Mount Weld", "AUS", "allied", "primary", 26500, 0.225, 0.006, 6.4, 5e8, 2026, 1},
      {"AU-02", "Nolans Bore", "AUS", "allied", "primary", 16900, 0.26, 0.008, 14.2, 1.2e9, 2030,
       2},
      {"CA-01", "Strange Lake", "CAN", "allied", "primary", 14700, 0.16, 0.041, 17.5, 1.9e9, 2033,
       3},
      {"US-02", "Bear Lodge", "USA", "domestic", "primary", 8100, 0.24, 0.007, 16.3, 4.5e8, 2031,
       4},
      {"US-R1", "Magnet recycling, San Marcos", "USA", "domestic", "secondary", 1900, 0.86, 0.09,
       38.0, 1.1e8, 2027, 5},
      {"CA-02", "Nechalacho (Thor Lake)", "CAN", "allied", "primary", 5000, 0.21, 0.03, 24.0, 9e8,
       0, 6},
      {"SE-01", "Norra K\xc3\xa4rr", "SWE", "allied", "primary", 6800, 0.12, 0.052, 26.0, 8.7e8, 0,
       8},
      {"GB-R1", "Magnet recycling, Belfast", "GBR", "allied", "secondary", 400, 0.84, 0.08, 52.0,
       4e7, 2028, 11},
      {"US-03", "Round Top", "USA", "domestic", "primary", 2200, 0.03, 0.09, 61.0, 6.5e8, 0, 7},
      {"FR-R1", "Caremag", "FRA", "allied", "secondary", 1400, 0.55, 0.3, 47.0, 2.2e8, 2029, none},
      {"BR-01", "Arax\xc3\xa1", "BRA", "other", "primary", 7200, 0.19, 0.003, 12.9, 6.1e8, 0, 10},
  };
  return sources;
}

inline LowBaseHigh around(double base, double low = 0.8, double high = 1.3) {
  return {base * (base < 0.0 ? high : low), base, base * (base < 0.0 ? low : high)};
}

/// What a source gives of a metal in a year of 2026 to 2040, ramping over two years.
inline double fixture_tonnes(const FixtureSource& one, int year) {
  if (one.start == 0 || year < one.start) return 0.0;
  return one.capacity_t * (year == one.start && one.start > 2026 ? 0.5 : 1.0);
}

inline void add_fixture_sources(SupplyAnswer& supply) {
  supply.sources.table = "candidates.csv";
  supply.sources.price_year = 2024;
  supply.sources.metals = {"NdPr", "DyTb"};
  supply.sources.burdens = {"co2e_kg"};
  for (const auto& one : fixture_sources()) {
    SupplySource source;
    source.id = one.id;
    source.name = one.name;
    source.country = one.country;
    source.group = one.group;
    source.kind = one.kind;
    source.capacity_t_per_year = around(one.capacity_t);
    source.share = {one.ndpr, one.dytb};
    source.opex_usd_per_kg = around(one.opex);
    source.capex_usd = around(one.capex);
    source.lead_years = one.start > 2026 ? one.start - 2026 : 0.0;
    source.ramp_years = 2.0;
    source.operating = one.start == 2026;
    source.burden = {31.5};
    source.where = "candidates.csv, row 1";
    if (source.kind == "secondary") source.feedstock_t_per_year = one.capacity_t;
    supply.sources.list.push_back(source);
    supply.site.push_back(one.site);
  }
  supply.demand.table = "demand.csv";
  supply.demand.metals = {"NdPr", "DyTb"};
  for (int year = 2026; year <= 2040; ++year) supply.demand.years.push_back(year);
  for (const double first : {14000.0, 1250.0})
    for (int k = 0; k < 15; ++k)
      supply.demand.tonnes.push_back(around(first * std::pow(1.04, k), 0.9, 1.15));
  supply.prices.table = "metal_prices.csv";
  supply.prices.price_year = 2024;
  supply.prices.metals = {"NdPr", "DyTb"};
  supply.prices.usd_per_kg = {only_base(56.25), only_base(410.0)};
  supply.prices.source = {"illustrative", "illustrative"};
}

inline void add_fixture_costs(SupplyAnswer& supply) {
  EconomicsResult economics;
  economics.metal = "NdPr";
  economics.currency = "USD";
  economics.price_year = 2024;
  economics.base_year = 2026;
  for (const auto& one : fixture_sources()) {
    SiteEconomics site;
    site.id = one.id;
    site.name = one.name;
    site.country = one.country;
    site.group = one.group;
    site.kind = one.kind;
    site.metal = "NdPr";
    site.usd_per_kg = around(one.opex / (one.ndpr + 6.0 * one.dytb) + 4.0);
    site.usd_per_kg_oxide = around(one.opex * 1.2);
    const double margin = 56.25 - site.usd_per_kg.base;
    site.npv_usd = around(margin * one.capacity_t * one.ndpr * 7.3e3, 0.4, 1.7);
    if (margin > 0.0) {
      site.irr = around(0.08 + margin / 300.0);
      site.payback_years = only_base(4.25);
    }
    site.break_even_factor = around(site.usd_per_kg.base / 56.25);
    site.cash_factor = around(one.opex / 25.0);
    site.probability_of_loss = margin > 0.0 ? 0.1234 : 0.871;
    site.capex_usd = one.capex;
    site.life_years = 23.0;
    site.basket_usd_per_kg = 14.5;
    site.incentives_usd = one.group[0] == 'd' ? 4.321e7 : 0.0;
    site.irr_roots = margin > 0.0 ? 1 : 0;
    economics.sites.push_back(site);
  }
  supply.economics = economics;
  for (std::size_t m = 0; m < 2; ++m) {
    CostCurve curve;
    curve.metal = m == 0 ? "NdPr" : "DyTb";
    curve.currency = "USD";
    curve.price_year = 2024;
    curve.year = m == 0 ? 2035 : 0;
    for (const auto& one : fixture_sources()) {
      CostStep step;
      step.id = one.id;
      step.name = one.name;
      step.country = one.country;
      step.group = one.group;
      step.kind = one.kind;
      step.tonnes = around(one.capacity_t * (m == 0 ? one.ndpr : one.dytb));
      step.usd_per_kg = m == 0 ? economics.sites[curve.steps.size()].usd_per_kg
                               : around(one.opex / (one.dytb + 0.14 * one.ndpr));
      step.cash_usd_per_kg = step.usd_per_kg.base * 0.7;
      curve.steps.push_back(step);
    }
    std::stable_sort(curve.steps.begin(), curve.steps.end(), [](const auto& a, const auto& b) {
      return a.usd_per_kg.base < b.usd_per_kg.base;
    });
    double total = 0.0;
    for (auto& step : curve.steps) {
      step.from_t = total;
      total += step.tonnes.base;
    }
    for (int i = 0; i <= 60; ++i) {
      CostCurve::Band band;
      band.tonnes = total * 1.2 * i / 60.0;
      for (const auto& step : curve.steps)
        if (step.from_t <= band.tonnes) band.usd_per_kg = around(step.usd_per_kg.base, 0.72, 1.35);
      if (band.tonnes > total) band.usd_per_kg = {};
      curve.bands.push_back(band);
    }
    const auto line = [&](const char* name, double price) {
      CostCurve::Line one{name, price, {}, 0};
      double tonnes = 0.0;
      for (const auto& step : curve.steps)
        if (step.usd_per_kg.base <= price) {
          tonnes += step.tonnes.base;
          ++one.sources;
        }
      one.tonnes = around(tonnes);
      curve.lines.push_back(one);
    };
    line("price 2024", m == 0 ? 56.25 : 410.0);
    line("half of it", m == 0 ? 28.125 : 205.0);
    line("floor price asked for", m == 0 ? 61.5 : 430.0);
    curve.left_out = {"ZA-01: none of the metal"};
    supply.curves.push_back(curve);
  }
  RecyclingFlow flow;
  flow.id = "US-R1";
  for (int k = 0; k < 15; ++k) {
    flow.years.push_back(2026 + k);
    flow.retired_t.push_back(2100.0 + 333.0 * k);
    flow.collected_t.push_back(900.0 + 150.0 * k);
    flow.dismantled_t.push_back(850.0 + 140.0 * k);
    flow.recovered_t.push_back(around(777.0 + 123.0 * k));
    flow.in_use_t.push_back(41000.0 + 2000.0 * k);
  }
  flow.recycling_rate = 0.374;
  supply.recycling = {flow};
}

inline void add_fixture_disruption(SupplyAnswer& supply) {
  DisruptionResult result;
  result.draws = 10000;
  result.how = "Exports of CHN at all stages end from 2028 on; what a stage keeps limits supply.";
  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t k = 0; k < 15; ++k) {
      ShortfallRow row;
      row.metal = m == 0 ? "NdPr" : "DyTb";
      row.year = 2026 + static_cast<int>(k);
      row.demand_t = supply.demand.at(m, k).base;
      row.stage = "separation";
      const double alone = row.year < 2028 ? 0.04 : m == 0 ? 0.7 : 0.93;
      double sites = 0.0;
      for (const auto& one : fixture_sources())
        sites += fixture_tonnes(one, row.year) * (m == 0 ? one.ndpr : one.dytb) * 0.55;
      const auto spread = [&](double value) {
        const double s = std::max(0.0, value);
        return Spread5{s * 1.03, s * 0.74, s * 0.81, s, s * 1.18, s * 1.31 + 60.0};
      };
      row.alone_t = spread(alone * row.demand_t);
      row.with_sites_t = spread(alone * row.demand_t - sites);
      row.stock_t = row.year >= 2028 && row.year < 2031 ? (m == 0 ? 900.0 : 80.0) : 0.0;
      row.with_stock_t = spread(alone * row.demand_t - sites - row.stock_t);
      row.sites_t = sites;
      row.recycled_t = sites * 0.11;
      row.probability = row.with_stock_t.p50 > 0.0 ? 0.962 : 0.113;
      result.rows.push_back(row);
    }
  for (const char* metal : {"NdPr", "DyTb"}) {
    ShortfallTail tail;
    tail.metal = metal;
    const double scale = metal[0] == 'N' ? 1.0 : 0.1;
    tail.expected_t = 163210.0 * scale;
    tail.value_at_risk_t = 201234.0 * scale;
    tail.cvar_t = 214321.0 * scale;
    tail.with_expected_t = 9120.0 * scale;
    tail.with_value_at_risk_t = 15678.0 * scale;
    tail.with_cvar_t = 18765.0 * scale;
    tail.standard_error_t = 33.0 * scale;
    tail.first_short_alone = 2026;
    tail.first_short_with = 2028;
    tail.bought_by_stock_years = 1.0;
    tail.bought_by_recycling_years = 2.0;
    tail.free_from = metal[0] == 'N' ? 2034 : 0;
    result.tails.push_back(tail);
  }
  result.relief = {{"AU-01", "NdPr", 44111.0}, {"CA-01", "DyTb", 4222.0}};
  result.failure = {{"CHN", 0.061}, {"MMR", 0.093}};
  supply.disruption = result;
}

inline void add_fixture_portfolio(SupplyAnswer& supply) {
  Portfolio plan;
  plan.status = ProgrammeStatus::optimal;
  plan.objective_usd = 9.8765e9;
  plan.cost_usd = 7.6543e9;
  plan.bound_usd = 9.8712e9;
  plan.gap = 0.000537;
  plan.hhi = 0.3456;
  plan.capex_usd = 3.2109e9;
  plan.nodes = 412;
  plan.variables = 1234;
  plan.integers = 180;
  plan.rows = 987;
  plan.worst_violation = 3.1e-9;
  plan.metals = {"NdPr", "DyTb"};
  plan.years = supply.demand.years;
  double worth = 0.31e9;
  for (const auto& one : fixture_sources()) {
    PortfolioChoice choice;
    choice.id = one.id;
    choice.name = one.name;
    choice.country = one.country;
    choice.group = one.group;
    choice.kind = one.kind;
    choice.start_year = one.start;
    choice.metal_t.resize(2);
    for (const int year : plan.years) {
      const double tonnes = fixture_tonnes(one, year);
      choice.tonnes.push_back(tonnes);
      choice.metal_t[0].push_back(tonnes * one.ndpr);
      choice.metal_t[1].push_back(tonnes * one.dytb);
    }
    if (one.start > 0) {
      choice.capex_usd = one.capex * 0.9;
      choice.cost_usd = one.capex * 2.1;
      choice.worth_usd = worth *= 1.23;
      choice.worth_t = one.start > 2029 ? one.capacity_t * 0.3 : 0.0;
      choice.indispensable = std::string(one.id) == "AU-01";
    }
    plan.choices.push_back(choice);
  }
  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t k = 0; k < 15; ++k) {
      PortfolioBalance row;
      row.metal = plan.metals[m];
      row.year = plan.years[k];
      row.demand_t = supply.demand.at(m, k).base;
      for (const auto& choice : plan.choices) row.supply_t += choice.metal_t[m][k];
      row.shortfall_t = std::max(0.0, row.demand_t - row.supply_t);
      row.surplus_t = std::max(0.0, row.supply_t - row.demand_t);
      row.hhi = 0.62 - 0.02 * static_cast<double>(k);
      row.recycled_share = 0.02 + 0.008 * static_cast<double>(k);
      row.price_usd_per_kg = m == 0 ? 48.7 : 391.0;
      plan.shortfall_t += row.shortfall_t;
      plan.balance.push_back(row);
    }
  plan.free_from = {{"NdPr", 2030}, {"DyTb", 0}};
  plan.matters_most = "AU-01";
  for (int i = 0; i < 7; ++i) {
    FrontierPoint point;
    point.hhi = 0.21 + 0.035 * i;
    point.max_share = 0.3 + 0.1 * i;
    point.cost_usd = 7.6e9 + 2.4e9 / (1.0 + i);
    point.shortfall_t = i == 0 ? 321.0 : 0.0;
    point.gap = 0.0005;
    point.chosen.assign(static_cast<std::size_t>(12 - i), "x");
    plan.frontier.push_back(point);
  }
  plan.scenarios = {{"export ban", 0.3, 8.1e9, 4321.0, 7.9e9},
                    {"as today", 0.7, 7.2e9, 0.0, 7.0e9}};
  plan.value_of_information_usd = 1.98e8;
  plan.value_of_stochastic_usd = 4.56e7;
  plan.words = "Eight sources end the shortfall of NdPr from 2030; that of DyTb does not end.";
  supply.portfolio = plan;
}

inline void add_fixture_shock(SupplyAnswer& supply) {
  supply.shock_terms = {{{"NdPr", "DyTb"}, 0.5, 2029, 3, 2}};
  PriceShockResult result;
  result.metal = "NdPr";
  result.currency = "USD";
  result.price_year = 2024;
  result.metals = {"NdPr", "DyTb"};
  for (const auto& one : fixture_sources()) {
    ShockedSource source;
    source.id = one.id;
    source.name = one.name;
    source.country = one.country;
    source.group = one.group;
    source.kind = one.kind;
    source.operating = one.start > 0 && one.start < 2029;
    const double cash = one.opex / (one.ndpr + 6.0 * one.dytb);
    source.cash_break_even_usd_per_kg = around(cash, 0.85, 1.2);
    source.full_break_even_usd_per_kg = around(cash * 1.5 + 4.0, 0.85, 1.2);
    source.cash_factor = cash / 56.25;
    source.full_factor = cash / 40.0;
    source.npv_before_usd = (50.0 - cash) * 1e7;
    source.npv_after_usd = (31.0 - cash) * 1e7;
    source.probability_of_stopping = cash > 28.0 ? 0.834 : 0.021;
    for (int year = 2026; year <= 2040; ++year) {
      source.output_before_t.push_back(fixture_tonnes(one, year));
      source.output_t.push_back(source.output_before_t.back());
    }
    if (source.operating && cash > 28.0) {
      source.stops = true;
      source.stops_in = 2029;
      source.returns_in = 2034;
      std::fill(source.output_t.begin() + 3, source.output_t.begin() + 8, 0.0);
      source.kept_by_counter = one.group[0] == 'd';
    } else if (!source.operating && one.start > 0 && cash > 40.0) {
      source.never_starts = true;
      std::fill(source.output_t.begin(), source.output_t.end(), 0.0);
    } else if (one.start > 2029) {
      source.delayed_years = 2.0;
      std::fill(source.output_t.begin(), source.output_t.begin() + one.start - 2026 + 2, 0.0);
    }
    result.sources.push_back(source);
  }
  for (int year = 2026; year <= 2040; ++year) {
    ShockYear one;
    one.year = year;
    one.factor = year < 2029 || year > 2032 ? 1.0 : year == 2032 ? 0.75 : 0.5;
    one.lost_t = {year >= 2029 && year < 2034 ? 2468.0 : 0.0,
                  year >= 2029 && year < 2034 ? 135.0 : 0.0};
    one.lost_with_t = {year >= 2029 && year < 2034 ? 246.0 : 0.0, 0.0};
    one.cost_usd = year >= 2029 && year < 2034 ? 1.23e8 : 0.0;
    result.years.push_back(one);
  }
  const auto counter = [](const char* name, double cost, double kept,
                          std::vector<std::string> keeps) {
    CounterCost one;
    one.name = name;
    one.cost_usd = cost;
    one.discounted_usd = cost * 0.8;
    one.kept_t = kept;
    one.usd_per_kg_kept = kept > 0.0 ? cost / kept / 1000.0 : std::nan("");
    one.keeps = std::move(keeps);
    one.by_year_usd.assign(15, cost / 15.0);
    return one;
  };
  result.counters = {counter("floor price NdPr at 55 USD/kg", 6.15e8, 11110.0, {"US-R1", "GB-R1"}),
                     counter("offtake NdPr at 50 USD/kg", 2.5e8, 0.0, {}),
                     counter("stockpile DyTb at 380 USD/kg", -4.4e7, 222.0, {"FR-R1"}),
                     counter("all together", 7.77e8, 11332.0, {"US-R1", "GB-R1", "FR-R1"})};
  result.counters[2].stock_left_t = 45.0;
  result.counters[2].stock_value_usd = 1.845e7;
  result.floor_for_all_usd_per_kg = 63.4;
  result.floor_for_all_cost_usd = 1.357e9;
  supply.shocks = {result};
}

inline void add_fixture_alliance(SupplyAnswer& supply) {
  AllianceView view;
  view.stages = {"mine", "concentrate", "separation", "metal", "magnet"};
  view.metals = {"NdPr", "DyTb"};
  view.year = 2030;
  view.currency = "USD";
  view.price_year = 2024;
  const double capacity[2][5] = {{21000, 20000, 9800, 5600, 11800}, {1100, 1000, 240, 410, 900}};
  const double needed[2][5] = {{18400, 17900, 17000, 16600, 16400}, {1640, 1600, 1520, 1480, 1460}};
  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t k = 0; k < 5; ++k) {
      StageBalance row;
      row.stage = view.stages[k];
      row.metal = view.metals[m];
      row.year = 2030;
      row.capacity_t = capacity[m][k];
      row.needed_t = needed[m][k];
      row.breaks = row.capacity_t < row.needed_t;
      row.used_t = std::min(row.capacity_t, m == 0 ? 5600.0 : 240.0);
      if ((m == 0 && k == 3) || (m == 1 && k == 2)) {
        row.frees_t_per_t = 0.987;
        row.frees_usd_per_t = 432100.0;
        row.best_country = m == 0 ? "JPN" : "AUS";
      }
      view.balance.push_back(row);
    }
  for (int year = 2026; year <= 2030; ++year) {
    AllianceYear one;
    one.year = year;
    one.demand_t = 15000.0 + 500.0 * (year - 2026);
    one.met_together_t = 5840.0;
    one.met_alone_t = 2130.0;
    one.cost_together_usd = 6.1e9;
    one.cost_alone_usd = 7.9e9;
    one.weakest_stage = "metal";
    view.years.push_back(one);
  }
  const auto member = [&](const char* country, double demand, std::vector<double> brings) {
    MemberPart one;
    one.country = country;
    one.demand_t = demand;
    one.met_alone_t = demand * 0.12;
    one.met_together_t = demand * 0.36;
    one.cost_alone_usd = demand * 4.4e5;
    one.brings_t = std::move(brings);
    for (const double tonnes : one.brings_t) one.used_t.push_back(tonnes * 0.5);
    one.pays_by_demand_usd = demand * 3.4e5;
    one.pays_by_capacity_usd = one.brings_t[0] * 2.2e5;
    one.pays_shapley_usd = demand * 3.9e5 - one.brings_t[0] * 4e4;
    one.gain_usd = one.cost_alone_usd - one.pays_shapley_usd;
    one.spends_usd = 1.1e8;
    view.members.push_back(one);
  };
  member("USA", 6400.0, {7200, 7200, 3100, 900, 2500});
  member("JPN", 5600.0, {0, 0, 1200, 3900, 6900});
  member("AUS", 0.0, {11800, 11800, 4200, 0, 0});
  member("GBR", 1900.0, {0, 0, 0, 800, 0});
  member("EST", 2500.0, {0, 0, 1300, 0, 2400});
  view.flows = {{"AUS", "AUS", "mine", "NdPr", 2030, 3100.0, 0.0},
                {"USA", "USA", "mine", "NdPr", 2030, 2700.0, 0.0},
                {"AUS", "AUS", "concentrate", "NdPr", 2030, 2400.0, 0.0},
                {"AUS", "EST", "concentrate", "NdPr", 2030, 700.0, 0.41},
                {"USA", "USA", "concentrate", "NdPr", 2030, 2700.0, 0.0},
                {"AUS", "JPN", "separation", "NdPr", 2030, 2300.0, 0.22},
                {"USA", "USA", "separation", "NdPr", 2030, 900.0, 0.0},
                {"USA", "JPN", "separation", "NdPr", 2030, 1600.0, 0.33},
                {"EST", "GBR", "separation", "NdPr", 2030, 690.0, 0.2},
                {"JPN", "JPN", "metal", "NdPr", 2030, 3700.0, 0.0},
                {"USA", "USA", "metal", "NdPr", 2030, 870.0, 0.0},
                {"GBR", "EST", "metal", "NdPr", 2030, 660.0, 0.3},
                {"JPN", "JPN", "magnet", "NdPr", 2030, 2300.0, 0.0},
                {"JPN", "USA", "magnet", "NdPr", 2030, 1300.0, 0.3},
                {"USA", "USA", "magnet", "NdPr", 2030, 850.0, 0.0},
                {"EST", "EST", "magnet", "NdPr", 2030, 400.0, 0.0},
                {"EST", "GBR", "magnet", "NdPr", 2030, 250.0, 0.2},
                {"AUS", "USA", "mine", "NdPr", 2029, 99999.0, 0.2}};
  view.gain_usd = 1.765e9;
  view.gain_t = 3710.0;
  view.words = "The chain breaks at metal making; acting together meets 3,710 t more.";
  supply.alliance = view;
}

inline SupplyAnswer fixture_supply() {
  SupplyAnswer supply;
  add_fixture_sources(supply);
  add_fixture_costs(supply);
  add_fixture_disruption(supply);
  add_fixture_portfolio(supply);
  add_fixture_shock(supply);
  add_fixture_alliance(supply);
  supply.sources_of = {{"demand", "demand.csv: illustrative, after IEA 2024"},
                       {"sources", "candidates.csv: company reports"},
                       {"prices", "metal_prices.csv: USGS MCS 2025"},
                       {"scenario", "scenario.toml: illustrative"},
                       {"policy", "policy.toml"},
                       {"capacities", "capacities.csv: from memory"},
                       {"a table of ours", "own.csv"}};
  return supply;
}

/// A policy that no mix can meet: nothing chosen, and what conflicts.
inline SupplyAnswer fixture_infeasible() {
  SupplyAnswer supply;
  add_fixture_sources(supply);
  Portfolio plan;
  plan.status = ProgrammeStatus::infeasible;
  plan.metals = {"NdPr", "DyTb"};
  plan.years = supply.demand.years;
  plan.conflict.requirements = {"demand of DyTb in 2028", "budget of 1,000,000 USD"};
  plan.conflict.fewest = true;
  plan.words = "No mix of sources meets the policy.";
  supply.portfolio = plan;
  return supply;
}

}  // namespace lode::test
