// Price collapses with who stops, and the alliance with where its chain breaks and who pays.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/html_supply_parts.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostShocks = 3;

std::string tonnes(double value) {
  return escape(people_short(value, "t"));
}

std::string metals_words(const PriceShock& terms) {
  std::vector<std::string> parts;
  for (const auto& one : terms.metals) parts.push_back(shown(one, 30));
  return parts.empty() ? "all metals" : in_a_row(parts);
}

std::string terms_words(const PriceShock& terms) {
  std::string out = "Prices of " + metals_words(terms) + " fall by " +
                    escape(percent(terms.depth)) + " in " + number_text(terms.from_year) +
                    " and stay there for " +
                    counted(static_cast<std::size_t>(std::max(0, terms.years)), "year");
  if (terms.recovery_years > 0)
    put(out, ", then come back over ",
        counted(static_cast<std::size_t>(terms.recovery_years), "year"));
  else
    out += ", then come back at once";
  return out + ".";
}

HtmlTable shocked_table(const Digest& digest, const PriceShockResult& result) {
  HtmlTable table;
  table.heads = {{"Source", "", false},
                 {"Before", "", false},
                 {"Stops", "stops", true},
                 {"Is back", "back", true},
                 {"Waits", "waits", true},
                 {"Chance of stopping", "chance", true},
                 {"Covers yearly cost from", "covers yearly cost from", true},
                 {"Pays capex from", "pays capex from", true},
                 {"NPV before", "NPV before", true},
                 {"NPV after", "NPV after", true},
                 {"Kept by a counter", "", false}};
  for (const auto& one : result.sources)
    table.rows.push_back(
        {source_link(digest, one.id, one.name), one.operating ? "runs" : "project",
         one.stops          ? year_or(one.stops_in, "yes")
         : one.never_starts ? std::string("is never begun")
                            : std::string("no"),
         one.stops ? year_or(one.returns_in, "never") : std::string(),
         one.delayed_years > 0.0 ? escape(people(one.delayed_years, "yr")) : std::string(),
         std::isfinite(one.probability_of_stopping) ? escape(percent(one.probability_of_stopping))
                                                    : std::string(),
         range_html(one.cash_break_even_usd_per_kg), range_html(one.full_break_even_usd_per_kg),
         money_cell(one.npv_before_usd), money_cell(one.npv_after_usd),
         one.kept_by_counter ? std::string("yes") : std::string()});
  return table;
}

HtmlTable counter_table(const PriceShockResult& result) {
  HtmlTable table;
  table.heads = {{"Counter", "", false},
                 {"Cost", "cost", true},
                 {"Discounted", "discounted", true},
                 {"Keeps", "keeps", true},
                 {"Per kg kept", "per kg kept", true},
                 {"Left in stock", "in stock", true},
                 {"Worth", "worth", true},
                 {"Sources kept", "keeps", false}};
  for (const auto& one : result.counters) {
    std::vector<std::string> keeps;
    for (const auto& id : one.keeps) {
      std::string name;
      for (const auto& source : result.sources)
        if (source.id == id) name = source.name;
      keeps.push_back(shown(source_name(name, id), 60));
    }
    table.rows.push_back({shown(capital(clip(one.name, 120)), 120), money_cell(one.cost_usd),
                          money_cell(one.discounted_usd), tonnes(one.kept_t),
                          std::isfinite(one.usd_per_kg_kept)
                              ? escape(cost_words(one.usd_per_kg_kept, result.currency))
                              : std::string("keeps nothing"),
                          one.stock_left_t > 0.0 ? tonnes(one.stock_left_t) : std::string(),
                          one.stock_left_t > 0.0 ? money_cell(one.stock_value_usd) : std::string(),
                          in_a_row(keeps, 8)});
  }
  return table;
}

HtmlTable lost_table(const PriceShockResult& result) {
  HtmlTable table;
  table.heads = {{"Year", "", false},
                 {"Price", "price", true},
                 {"Lost", "lost", false},
                 {"Lost with the counters", "with counters", false},
                 {"Counters cost", "counters cost", true}};
  for (const auto& year : result.years) {
    std::vector<std::string> lost, with;
    for (std::size_t m = 0; m < result.metals.size(); ++m) {
      const std::string metal = " of " + shown(result.metals[m], 20);
      if (m < year.lost_t.size() && year.lost_t[m] > 0.0)
        lost.push_back(tonnes(year.lost_t[m]) + metal);
      if (m < year.lost_with_t.size() && year.lost_with_t[m] > 0.0)
        with.push_back(tonnes(year.lost_with_t[m]) + metal);
    }
    table.rows.push_back({number_text(year.year), escape(percent(year.factor)),
                          lost.empty() ? std::string("nothing") : in_a_row(lost),
                          result.counters.empty() ? std::string()
                          : with.empty()          ? std::string("nothing")
                                                  : in_a_row(with),
                          result.counters.empty() ? std::string() : money_cell(year.cost_usd)});
  }
  return table;
}

HtmlTable stage_table(const Digest& digest, const AllianceView& view) {
  HtmlTable table;
  table.heads = {{"Stage", "", false},
                 {"Metal", "", false},
                 {"Year", "in", true},
                 {"Capacity", "capacity", true},
                 {"Used", "used", true},
                 {"Needed", "needed", true},
                 {"", "", false},
                 {"1 t more frees", "1 t more frees", true},
                 {"and saves", "and saves", true},
                 {"Best in", "best in", false}};
  for (const auto& one : view.balance)
    table.rows.push_back(
        {shown(capital(clip(one.stage, 40)), 40), shown(one.metal, 30), number_text(one.year),
         tonnes(one.capacity_t), tonnes(one.used_t), tonnes(one.needed_t),
         one.breaks ? "<b class=\"ca\">breaks</b>" : "",
         one.frees_t_per_t > 0.0005 ? tonnes(one.frees_t_per_t) : std::string(),
         one.frees_usd_per_t > 0.5 ? money_cell(one.frees_usd_per_t) : std::string(),
         one.best_country.empty() ? std::string() : shown(digest.country(one.best_country), 60)});
  return table;
}

HtmlTable member_table(const Digest& digest, const AllianceView& view) {
  HtmlTable table;
  table.heads = {{"Member", "", false},
                 {"Needs", "needs", true},
                 {"Met alone", "met alone", true},
                 {"Met together", "met together", true},
                 {"Cost alone", "cost alone", true},
                 {"Pays by demand", "by demand", true},
                 {"By capacity", "by capacity", true},
                 {"By Shapley value", "by Shapley value", true},
                 {"Gains", "gains", true},
                 {"Spends at home", "spends at home", true}};
  for (const auto& one : view.members) {
    std::string shapley = money_cell(one.pays_shapley_usd);
    if (one.shapley_error_usd > 0.0)
      put(shapley, "<br/><small>\xc2\xb1 ", money_cell(one.shapley_error_usd), "</small>");
    table.rows.push_back({shown(digest.country(one.country), 60), tonnes(one.demand_t),
                          tonnes(one.met_alone_t), tonnes(one.met_together_t),
                          money_cell(one.cost_alone_usd), money_cell(one.pays_by_demand_usd),
                          money_cell(one.pays_by_capacity_usd), shapley, money_cell(one.gain_usd),
                          money_cell(one.spends_usd)});
  }
  return table;
}

HtmlTable year_table(const AllianceView& view) {
  HtmlTable table;
  table.heads = {{"Year", "", false},
                 {"Demand", "demand", true},
                 {"Met together", "together", true},
                 {"Met alone", "alone", true},
                 {"Cost together", "cost together", true},
                 {"Cost alone", "cost alone", true},
                 {"Breaks at", "breaks at", false}};
  for (const auto& one : view.years)
    table.rows.push_back({number_text(one.year), tonnes(one.demand_t), tonnes(one.met_together_t),
                          tonnes(one.met_alone_t), money_cell(one.cost_together_usd),
                          money_cell(one.cost_alone_usd),
                          one.weakest_stage.empty() ? std::string("all demand is met")
                                                    : shown(one.weakest_stage, 40)});
  return table;
}

void put_shock(std::string& out, const Digest& digest, std::size_t i) {
  const SupplyAnswer& supply = *digest.result.supply;
  const PriceShockResult& result = supply.shocks[i];
  const std::string caption = source_caption(supply, {"scenario", "metal_prices", "prices", "sites",
                                                      "sources", "candidates", "economics"});
  if (i < supply.shock_terms.size())
    put(out, "<p class=\"say\">", terms_words(supply.shock_terms[i]), "</p>\n");
  const auto stops = [&](const Digest& d, const ChartOptions& o) { return draw_shock(d, i, o); };
  const auto even = [&](const Digest& d, const ChartOptions& o) {
    return draw_break_even(d, i, o);
  };
  const auto cost = [&](const Digest& d, const ChartOptions& o) { return draw_counters(d, i, o); };
  put_chart(out, digest, stops, 30, 20, caption);
  put(out, "<h4>At which price each breaks even</h4>\n");
  put_chart(out, digest, even, 30, 20,
            "Dashed: the price before the collapse and during it. " + caption);
  if (!result.counters.empty()) {
    put(out, "<h4>What counters cost</h4>\n");
    put_chart(out, digest, cost, 12, 12, caption);
    put_table(out, counter_table(result), "");
  }
  put_folded_table(out, "Source by source", shocked_table(digest, result), "supply_shock.csv");
  put_folded_table(out, "Output lost year by year", lost_table(result), "");
}

}  // namespace

void put_shocks(std::string& out, const Digest& digest) {
  const SupplyAnswer& supply = *digest.result.supply;
  if (supply.shocks.empty()) return;
  put(out, "<h3 id=\"supply-shock\">When prices collapse</h3>\n");
  for (std::size_t i = 0; i < std::min(kMostShocks, supply.shocks.size()); ++i)
    put_shock(out, digest, i);
  if (supply.shocks.size() > kMostShocks)
    put(out, "<p class=\"src\">And ", counted(supply.shocks.size() - kMostShocks, "more collapse"),
        "; all stand in supply_shock.csv.</p>\n");
}

void put_alliance(std::string& out, const Digest& digest) {
  const SupplyAnswer& supply = *digest.result.supply;
  if (!supply.alliance) return;
  const AllianceView& view = *supply.alliance;
  put(out, "<h3 id=\"supply-alliance\">Acting together</h3>\n");
  if (!view.words.empty()) put(out, "<p class=\"say\">", shown(view.words, 700), "</p>\n");
  const std::string caption =
      source_caption(supply, {"capacities", "member_demand", "hauls", "sites", "sources"});
  put_chart(out, digest, draw_chain_balance, 25, 25, caption);
  put(out, "<h4>Who holds which stage</h4>\n");
  put_chart(out, digest, draw_chain_members, 25, 25, caption);
  const Drawing flows = draw_chain_flows(digest, {kWide, 25});
  if (!flows.shapes.empty()) {
    put(out, "<h4>What moves between the members</h4>\n");
    put_figure(out, flows, draw_chain_flows(digest, {kNarrow, 25}), caption);
  }
  put(out, "<h4>Who pays</h4>\n");
  put_chart(
      out, digest, draw_member_costs, 25, 25,
      std::string("Each way of sharing adds up to the bloc's cost of the year, unmet demand "
                  "at its price included. ") +
          (view.core_stable ? "By Shapley value no member and no pair does better by itself. "
                            : "By Shapley value some member or pair does better by itself. ") +
          (view.shapley_exact ? "" : "Shapley values are sampled. ") + caption);
  put_table(out, member_table(digest, view), "supply_members.csv");
  put_folded_table(out, "Stage by stage and year by year", stage_table(digest, view),
                   "supply_alliance.csv");
  put_folded_table(out, "The bloc year by year", year_table(view), "");
}

}  // namespace lode::report
