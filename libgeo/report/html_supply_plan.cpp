// The plan of supply: what is chosen, what is missing, what it stands on, and how sure it is.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/html_supply_parts.h"

namespace lode::report {
namespace {

std::string tonnes(double value) {
  return escape(people_short(value, "t"));
}

HtmlTable choice_table(const Digest& digest, const Portfolio& plan) {
  HtmlTable table;
  table.heads = {{"Source", "", false},
                 {"Country", "", false},
                 {"Starts", "starts", true},
                 {"Used in", "used in", true},
                 {"A year, at first", "at first", true},
                 {"A year, at last", "at last", true},
                 {"Capex", "capex", true},
                 {"Discounted cost", "cost", true},
                 {"Without it, missing", "without it missing", true},
                 {"Without it, dearer by", "without it dearer by", true}};
  std::set<std::string> operating;
  for (const auto& source : digest.result.supply->sources.list)
    if (source.operating) operating.insert(source.id);
  std::vector<const PortfolioChoice*> chosen;
  for (const auto& one : plan.choices)
    if (one.start_year > 0) chosen.push_back(&one);
  std::stable_sort(chosen.begin(), chosen.end(), [](const auto* a, const auto* b) {
    const auto worth = [](const auto* one) {
      return one->indispensable ? HUGE_VAL : std::isfinite(one->worth_usd) ? one->worth_usd : 0.0;
    };
    return worth(a) > worth(b);
  });
  for (const auto* one : chosen) {
    double first = std::nan(""), last = std::nan("");
    int from = 0, to = 0;
    for (std::size_t t = 0; t < one->tonnes.size() && t < plan.years.size(); ++t)
      if (one->tonnes[t] > 0.0) {
        if (from == 0) {
          from = plan.years[t];
          first = one->tonnes[t];
        }
        to = plan.years[t];
        last = one->tonnes[t];
      }
    const std::string used = from == 0    ? std::string("no year")
                             : from == to ? number_text(from)
                                          : number_text(from) + " to " + number_text(to);
    table.rows.push_back(
        {source_link(digest, one->id, one->name), shown(digest.country(one->country), 60),
         operating.count(one->id) != 0 ? std::string("operates") : number_text(one->start_year),
         used, std::isnan(first) ? std::string("nothing") : tonnes(first),
         std::isnan(last) ? std::string("nothing") : tonnes(last),
         one->capex_usd != 0.0 ? money_cell(one->capex_usd) : std::string(),
         money_cell(one->cost_usd), one->worth_t > 0.0 ? tonnes(one->worth_t) : std::string(),
         one->indispensable              ? std::string("no plan is left")
         : std::isfinite(one->worth_usd) ? money_cell(one->worth_usd)
                                         : std::string("not known")});
  }
  return table;
}

HtmlTable balance_table(const Portfolio& plan) {
  HtmlTable table;
  table.heads = {{"Metal", "", false},
                 {"Year", "in", true},
                 {"Demand", "demand", true},
                 {"Supply", "supply", true},
                 {"Missing", "missing", true},
                 {"Beyond demand", "beyond", true},
                 {"HHI", "HHI", true},
                 {"Recycled", "recycled", true},
                 {"One more kg costs", "one more kg", true}};
  for (const auto& one : plan.balance)
    table.rows.push_back(
        {shown(one.metal, 30), number_text(one.year), tonnes(one.demand_t), tonnes(one.supply_t),
         one.shortfall_t > 0.0 ? tonnes(one.shortfall_t) : std::string(),
         one.surplus_t > 0.0 ? tonnes(one.surplus_t) : std::string(),
         std::isfinite(one.hhi) ? fixed_text(one.hhi, 3) : std::string("not known"),
         escape(percent(one.recycled_share)), escape(people_short(one.price_usd_per_kg, ""))});
  return table;
}

HtmlTable scenario_table(const Portfolio& plan) {
  HtmlTable table;
  table.heads = {{"Scenario", "", false},
                 {"Weight", "weight", true},
                 {"Cost and penalty", "cost and penalty", true},
                 {"Missing", "missing", true},
                 {"Best mix had it been known", "if known", true},
                 {"Regret", "regret", true}};
  for (const auto& one : plan.scenarios)
    table.rows.push_back({shown(one.name, 80), escape(people(one.weight)),
                          money_cell(one.objective_usd), tonnes(one.shortfall_t),
                          money_cell(one.objective_if_known_usd),
                          money_cell(one.objective_usd - one.objective_if_known_usd)});
  return table;
}

void put_fact(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) put(out, "<div><dt>", name, "</dt><dd>", value, "</dd></div>");
}

std::string_view status_words(ProgrammeStatus status) {
  switch (status) {
    case ProgrammeStatus::optimal:
      return "proven best to the gap";
    case ProgrammeStatus::feasible:
      return "a plan, not proven the best";
    case ProgrammeStatus::infeasible:
      return "infeasible: proven that no plan meets every requirement";
    case ProgrammeStatus::unbounded:
      return "unbounded: the cost has no lower end";
    default:
      return "unsolved: the search ended before any plan was found";
  }
}

/// What shows that the answer is right: gap, bound, and the plan checked against every row again.
void put_certificate(std::string& out, const Portfolio& plan, const std::string& currency) {
  put(out, "<h4>Certificate</h4>\n<dl class=\"facts tight\">");
  put_fact(out, "Status", std::string(status_words(plan.status)));
  if (std::isfinite(plan.gap)) put_fact(out, "Gap", escape(people(plan.gap * 100.0, "%")));
  if (std::isfinite(plan.objective_usd))
    put_fact(out, "Objective, penalties included", money_html(plan.objective_usd, currency));
  if (std::isfinite(plan.bound_usd))
    put_fact(out, "Bound: no plan is below", money_html(plan.bound_usd, currency));
  if (std::isfinite(plan.cost_usd)) put_fact(out, "Cost", money_html(plan.cost_usd, currency));
  if (std::isfinite(plan.objective_usd)) {
    put_fact(out, "Capex, discounted", money_html(plan.capex_usd, currency));
    put_fact(out, "Missing in all", tonnes(plan.shortfall_t));
    put_fact(out, "Greatest violation, checked again",
             plan.worst_violation < 1e-9 ? "below 1e-9" : escape(people(plan.worst_violation)));
  }
  if (std::isfinite(plan.hhi)) put_fact(out, "HHI, mean", fixed_text(plan.hhi, 3));
  put_fact(out, "Programme",
           counted(plan.variables, "variable") + ", " + counted(plan.integers) + " whole, " +
               counted(plan.rows, "row") + "; " + counted(plan.nodes, "node"));
  if (std::isfinite(plan.value_of_information_usd))
    put_fact(out, "Worth of knowing the scenario",
             money_html(plan.value_of_information_usd, currency));
  if (std::isfinite(plan.value_of_stochastic_usd))
    put_fact(out, "Worth of planning for all scenarios",
             money_html(plan.value_of_stochastic_usd, currency));
  put(out, "</dl>\n");
}

void put_conflict(std::string& out, const Portfolio& plan) {
  if (plan.conflict.requirements.empty()) {
    put(out,
        "<p>No set of requirements was found that could be given up to mend it: what the sources "
        "can make does not allow any plan.</p>\n");
    return;
  }
  put(out, "<div class=\"callout\"><strong>",
      plan.conflict.fewest ? "The fewest requirements that cannot hold together"
                           : "Requirements that cannot hold together",
      "</strong> (giving up any one of them ends this conflict",
      plan.conflict.fewest ? "" : "; there may be a smaller set", "):<ul>");
  for (std::size_t i = 0; i < std::min(kMostSupplyRows, plan.conflict.requirements.size()); ++i)
    put(out, "<li>", shown(plan.conflict.requirements[i], 200), "</li>");
  put(out, "</ul></div>\n");
}

}  // namespace

void put_plan(std::string& out, const Digest& digest) {
  const SupplyAnswer& supply = *digest.result.supply;
  if (!supply.portfolio) return;
  const Portfolio& plan = *supply.portfolio;
  const std::string& currency = supply.sources.currency;
  put(out, "<h3 id=\"supply-plan\">The plan</h3>\n");
  if (!plan.words.empty()) put(out, "<p class=\"say\">", shown(plan.words, 700), "</p>\n");
  if (plan.status == ProgrammeStatus::infeasible) put_conflict(out, plan);
  const bool solved = has_plan(digest);
  const std::string caption =
      source_caption(supply, {"demand", "sites", "sources", "candidates", "stocks", "policy"});
  if (solved) {
    put_chart(out, digest, draw_plan, 25, 25,
              "The line is demand; what stands above it is made beyond demand, since each source "
              "gives all its metals at once. " +
                  caption);
    put(out, "<h4>When the sources start</h4>\n");
    put_chart(out, digest, draw_schedule, 40, 30,
              "Strong: at its most; pale: ramping up or held back. The words say what would be "
              "lost without the source. " +
                  caption);
    const Drawing frontier = draw_frontier(digest, {kWide, 25});
    if (!frontier.shapes.empty()) {
      put(out, "<h4>Cost against concentration</h4>\n");
      put_figure(out, frontier, draw_frontier(digest, {kNarrow, 25}),
                 "Each point is the cheapest mix found of that HHI or less; the thin line under it "
                 "ends at what no such mix can be cheaper than. The dashed line stands at an HHI "
                 "of 0.18, above which a market counts as highly "
                 "concentrated. " +
                     caption);
    }
    put_table(out, choice_table(digest, plan), "supply_portfolio.csv");
    put_folded_table(out, "Balance year by year", balance_table(plan), "supply_balance.csv");
    put_folded_table(out, "The plan when scenarios come true", scenario_table(plan), "");
  }
  put_certificate(out, plan, currency);
  if (!solved && !caption.empty()) put(out, "<p class=\"src\">", caption, "</p>\n");
}

}  // namespace lode::report
