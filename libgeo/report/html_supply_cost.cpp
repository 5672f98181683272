// What goes missing, what each source costs, and what old stock gives back.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/html_supply_parts.h"

namespace lode::report {
namespace {

std::string tonnes(double value) {
  return escape(people_short(value, "t"));
}

HtmlTable tail_table(const DisruptionResult& result) {
  HtmlTable table;
  table.heads = {{"Metal", "", false},
                 {"Expected, nothing helps", "nothing helps", true},
                 {"Value at risk", "value at risk", true},
                 {"CVaR", "CVaR", true},
                 {"Expected, all that helps", "all that helps", true},
                 {"Value at risk", "value at risk with help", true},
                 {"CVaR", "CVaR with help", true},
                 {"First short", "first short", true},
                 {"With help", "with help", true},
                 {"Stock buys", "stock buys", true},
                 {"Recycling buys", "recycling buys", true},
                 {"Free from", "free from", true}};
  const auto years = [](double value) {
    return value > 0.0 ? escape(people(value, "yr")) : std::string();
  };
  for (const auto& one : result.tails) {
    std::string expected = tonnes(one.with_expected_t);
    if (result.draws > 0 && one.standard_error_t > 0.0 && std::isfinite(one.standard_error_t))
      put(expected, "<br/><small>\xc2\xb1 ", tonnes(one.standard_error_t), "</small>");
    table.rows.push_back({shown(one.metal, 30), tonnes(one.expected_t), tonnes(one.value_at_risk_t),
                          tonnes(one.cvar_t), expected, tonnes(one.with_value_at_risk_t),
                          tonnes(one.with_cvar_t), year_or(one.first_short_alone, "never"),
                          year_or(one.first_short_with, "never"), years(one.bought_by_stock_years),
                          years(one.bought_by_recycling_years), year_or(one.free_from, "never")});
  }
  return table;
}

HtmlTable shortfall_table(const DisruptionResult& result, bool planned) {
  HtmlTable table;
  table.heads = {{"Metal", "", false},
                 {"Year", "in", true},
                 {"Demand", "demand", true},
                 {"Stage that limits", "limited at", false},
                 {"Missing, nothing helps", "missing", true},
                 {planned ? "With the plan" : "With the sites",
                  planned ? "with the plan" : "with sites", true},
                 {"And stockpile", "and stock", true},
                 {planned ? "The plan gives" : "Sites give", "gives", true},
                 {"Of it recycled", "recycled", true},
                 {"From stock", "from stock", true},
                 {"Chance of any", "chance", true}};
  const auto spread = [&](const Spread5& value) {
    std::string out = tonnes(value.p50);
    if (value.p95 > value.p05)
      put(out, "<br/><small>", tonnes(value.p05), " to ", tonnes(value.p95), "</small>");
    return out;
  };
  for (const auto& one : result.rows)
    table.rows.push_back({shown(one.metal, 30), number_text(one.year), tonnes(one.demand_t),
                          shown(one.stage, 30), spread(one.alone_t), spread(one.with_sites_t),
                          spread(one.with_stock_t), tonnes(one.sites_t),
                          one.recycled_t > 0.0 ? tonnes(one.recycled_t) : std::string(),
                          one.stock_t > 0.0 ? tonnes(one.stock_t) : std::string(),
                          result.draws > 0 ? escape(percent(one.probability)) : std::string()});
  return table;
}

HtmlTable relief_table(const Digest& digest, const DisruptionResult& result) {
  HtmlTable table;
  table.heads = {
      {"Source", "", false}, {"Metal", "", false}, {"Keeps from being missing", "", true}};
  for (const auto& one : result.relief) {
    std::string name;
    for (const auto& source : digest.result.supply->sources.list)
      if (source.id == one.id) name = source.name;
    table.rows.push_back(
        {source_link(digest, one.id, name), shown(one.metal, 30), tonnes(one.saved_t)});
  }
  return table;
}

HtmlTable economics_table(const Digest& digest, const EconomicsResult& result) {
  HtmlTable table;
  table.heads = {{"Source", "", false},
                 {"NPV", "NPV", true},
                 {"IRR", "IRR", true},
                 {"Payback", "payback", true},
                 {"Cost a kg", "a kg", true},
                 {"A kg of all oxides", "a kg of all oxides", true},
                 {"Capex", "capex", true},
                 {"Life", "life", true},
                 {"Incentives", "incentives", true},
                 {"Prices times, NPV 0", "breaks even at prices times", true},
                 {"Chance of loss", "chance of loss", true}};
  for (const auto& one : result.sites) {
    std::string irr = std::isfinite(one.irr.base) ? escape(percent(one.irr.base)) : "none";
    if (one.irr_roots > 1) irr += "<br/><small>one of " + counted(one.irr_roots) + "</small>";
    table.rows.push_back(
        {source_link(digest, one.id, one.name), money_range_cell(one.npv_usd), irr,
         std::isfinite(one.payback_years.base) ? escape(people_short(one.payback_years.base, "yr"))
                                               : std::string("never"),
         range_html(one.usd_per_kg), range_html(one.usd_per_kg_oxide), money_cell(one.capex_usd),
         escape(people_short(one.life_years, "yr")),
         one.incentives_usd != 0.0 ? money_cell(one.incentives_usd) : std::string(),
         escape(people_short(one.break_even_factor.base, "")),
         std::isfinite(one.probability_of_loss) ? escape(percent(one.probability_of_loss))
                                                : std::string()});
  }
  return table;
}

HtmlTable recycling_table(const Digest& digest, const std::vector<RecyclingFlow>& flows) {
  HtmlTable table;
  table.heads = {{"Source", "", false},
                 {"Years", "", false},
                 {"Retired, first", "retired", true},
                 {"Recovered, first", "recovered", true},
                 {"Retired, last", "retired at last", true},
                 {"Recovered, last", "recovered at last", true},
                 {"In use at last", "in use", true},
                 {"Recovered of retired", "of what retires", true}};
  for (const auto& one : flows) {
    if (one.years.empty() || one.retired_t.size() != one.years.size() ||
        one.recovered_t.size() != one.years.size())
      continue;
    std::string name;
    for (const auto& source : digest.result.supply->sources.list)
      if (source.id == one.id) name = source.name;
    table.rows.push_back({source_link(digest, one.id, name),
                          number_text(one.years.front()) + " to " + number_text(one.years.back()),
                          tonnes(one.retired_t.front()), tonnes(one.recovered_t.front().base),
                          tonnes(one.retired_t.back()), tonnes(one.recovered_t.back().base),
                          one.in_use_t.empty() ? std::string() : tonnes(one.in_use_t.back()),
                          escape(percent(one.recycling_rate))});
  }
  return table;
}

/// Probabilities that chance failures were drawn with, the greatest first.
std::string failure_words(const Digest& digest, const DisruptionResult& result) {
  if (result.draws == 0) return {};
  std::vector<std::pair<double, std::string>> all;
  for (const auto& [country, chance] : result.failure)
    if (chance > 0.0) all.push_back({chance, country});
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> parts;
  for (const auto& [chance, country] : all)
    parts.push_back(shown(digest.country(country), 60) + " " + escape(percent(chance)));
  return parts.empty() ? std::string()
                       : "Chance of a failure in a year: " + in_a_row(parts, 10) + ".";
}

}  // namespace

void put_shortfall(std::string& out, const Digest& digest) {
  const SupplyAnswer& supply = *digest.result.supply;
  if (!supply.disruption || supply.disruption->rows.empty()) return;
  const DisruptionResult& result = *supply.disruption;
  put(out, "<h3 id=\"supply-shortfall\">What goes missing</h3>\n");
  put_chart(out, digest, draw_shortfall, 1, 1,
            source_caption(supply, {"demand", "today", "scenario", "governance", "sites", "sources",
                                    "candidates"}));
  put_table(out, tail_table(result), "");
  put_folded_table(out, "Metal by metal and year by year",
                   shortfall_table(result, has_plan(digest)), "supply_shortfall.csv");
  put_folded_table(out, "What each source keeps from being missing", relief_table(digest, result),
                   "");
  if (!result.how.empty())
    put(out, "<p class=\"src\">How it is counted: ", shown(result.how, 900), "</p>\n");
  const std::string failure = failure_words(digest, result);
  if (!failure.empty()) put(out, "<p class=\"src\">", failure, "</p>\n");
}

void put_supply_costs(std::string& out, const Digest& digest) {
  const SupplyAnswer& supply = *digest.result.supply;
  if (!supply.economics && supply.curves.empty() && supply.recycling.empty()) return;
  put(out, "<h3 id=\"supply-cost\">What each source costs</h3>\n");
  const std::string caption =
      source_caption(supply, {"sites", "sources", "candidates", "stocks", "metal_prices", "prices",
                              "price_lines", "economics"});
  if (!supply.curves.empty()) {
    put_chart(out, digest, draw_cost_curve, 36, 15,
              "The pale band holds eight draws of ten (P10 to P90), the grey line is their median. "
              "A step with a wedge at its end goes on beyond the axis. " +
                  caption);
    std::vector<std::string> left_out;
    for (const auto& curve : supply.curves)
      for (const auto& one : curve.left_out)
        left_out.push_back(shown(curve.metal, 20) + ": " + shown(one, 120));
    if (!left_out.empty()) {
      put(out, "<details class=\"plain\"><summary>Not on the curves <small>",
          counted(left_out.size(), "source"), "</small></summary><ul class=\"src\">");
      for (std::size_t i = 0; i < std::min(kMostSupplyRows, left_out.size()); ++i)
        put(out, "<li>", left_out[i], "</li>");
      put(out, "</ul></details>\n");
    }
  }
  if (supply.economics) {
    put(out, "<h4>What each is worth</h4>\n");
    put_chart(out, digest, draw_economics, 25, 15,
              "Dots are the base figures or medians, bands reach from P10 to P90; the dashed line "
              "is the price. " +
                  caption);
    put_folded_table(out, "Economics source by source", economics_table(digest, *supply.economics),
                     "supply_economics.csv");
  }
  const HtmlTable recycling = recycling_table(digest, supply.recycling);
  if (!recycling.rows.empty()) {
    put(out, "<h4 id=\"supply-recycling\">What old stock gives back</h4>\n");
    put_table(out, recycling, "");
    const std::string stocks = source_caption(supply, {"stocks", "recycling"});
    if (!stocks.empty()) put(out, "<p class=\"src\">", stocks, "</p>\n");
  }
}

}  // namespace lode::report
