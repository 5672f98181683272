// The answer in sentences: what goes missing, what ends it, what matters most, what breaks.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/html_supply_parts.h"

namespace lode::report {
namespace {

void say(std::string& out, std::string_view head, const std::string& words) {
  if (!words.empty()) put(out, "<li><b>", head, ".</b> ", words, "</li>");
}

/// The year in which most is missing when nothing helps; 0 when nothing ever is.
int worst_year(const DisruptionResult& result) {
  int worst = 0;
  double most = 0.0;
  for (const auto& row : result.rows) {
    double total = 0.0;
    for (const auto& other : result.rows)
      if (other.year == row.year && std::isfinite(other.alone_t.p50)) total += other.alone_t.p50;
    if (total > most) {
      most = total;
      worst = row.year;
    }
  }
  return worst;
}

std::string missing_words(const DisruptionResult& result, int year, Spread5 ShortfallRow::*help,
                          bool with_share) {
  std::vector<std::string> parts;
  for (const auto& row : result.rows) {
    if (row.year != year) continue;
    const double tonnes = (row.*help).p50;
    std::string words =
        "<strong>" + escape(people_short(tonnes, "t")) + "</strong> of " + shown(row.metal, 30);
    if (with_share && row.demand_t > 0.0)
      put(words, " (", escape(percent(tonnes / row.demand_t)), " of demand)");
    parts.push_back(words);
  }
  return in_a_row(parts);
}

bool none_missing(const DisruptionResult& result, int year, Spread5 ShortfallRow::*help) {
  return std::none_of(result.rows.begin(), result.rows.end(), [&](const ShortfallRow& row) {
    return row.year == year && !((row.*help).p50 <= 0.0);
  });
}

std::string disruption_words(const DisruptionResult& result, bool planned) {
  if (result.rows.empty()) return {};
  const int year = worst_year(result);
  if (year == 0) return "Nothing is missing in any year, even when nothing helps.";
  std::string out = "In " + number_text(year) + ", the worst year, the scenario leaves " +
                    missing_words(result, year, &ShortfallRow::alone_t, true) + " missing";
  put(out, result.draws > 0 ? " (median of " + counted(result.draws, "draw") + ")" : std::string(),
      planned ? ". With what the plan makes " : ". With the sites of this study ");
  if (none_missing(result, year, &ShortfallRow::with_sites_t)) {
    out += "nothing is missing that year.";
    return out;
  }
  put(out, "it is ", missing_words(result, year, &ShortfallRow::with_sites_t, false));
  const bool stock = std::any_of(result.rows.begin(), result.rows.end(), [&](const auto& row) {
    return row.year == year && row.with_stock_t.p50 != row.with_sites_t.p50;
  });
  if (stock)
    put(out, ", with the stockpile too ",
        none_missing(result, year, &ShortfallRow::with_stock_t)
            ? std::string("nothing")
            : missing_words(result, year, &ShortfallRow::with_stock_t, false));
  return out + ".";
}

std::string conflict_words(const Conflict& conflict) {
  std::vector<std::string> parts;
  for (const auto& one : conflict.requirements) parts.push_back("<em>" + shown(one, 160) + "</em>");
  if (parts.empty()) return "no requirement of the policy is to blame";
  if (parts.size() == 1) return "it cannot hold: " + parts.front();
  return "these cannot hold together: " + in_a_row(parts, 12);
}

/// Metals freed by year, and those never freed, with what stays missing.
std::string freed_words(const Portfolio& plan) {
  std::vector<std::string> freed, never;
  for (const auto& one : plan.free_from) {
    const std::string metal = shown(one.metal, 30);
    if (one.year > 0 && !plan.years.empty() && one.year <= plan.years.front())
      freed.push_back("of " + metal + " from the first year on");
    else if (one.year > 0)
      freed.push_back("of " + metal + " from <strong>" + number_text(one.year) + "</strong>");
    else
      never.push_back(metal);
  }
  std::string out;
  if (!freed.empty()) put(out, "it ends the shortfall ", in_a_row(freed));
  if (!never.empty()) {
    put(out, out.empty() ? "it" : "; it", " <strong>does not end</strong> the shortfall of ",
        in_a_row(never));
    if (!plan.years.empty()) put(out, " by ", number_text(plan.years.back()));
  }
  return out;
}

std::string plan_words(const Digest& digest, const Portfolio& plan) {
  const std::string& currency = digest.result.supply->sources.currency;
  switch (plan.status) {
    case ProgrammeStatus::infeasible:
      return "<strong>No plan meets every requirement</strong>: " + conflict_words(plan.conflict) +
             ".";
    case ProgrammeStatus::unbounded:
      return "No plan was made: its cost has no lower end.";
    case ProgrammeStatus::unsolved:
      return "No plan was found before the search ended; that is no proof that there is none.";
    default:
      break;
  }
  std::size_t chosen = 0;
  for (const auto& one : plan.choices) chosen += one.start_year > 0;
  std::string out = counted(chosen, "source is", "sources are") + " chosen";
  if (std::isfinite(plan.cost_usd))
    put(out, " at a discounted cost of ", money_html(plan.cost_usd, currency));
  const std::string freed = freed_words(plan);
  if (!freed.empty()) put(out, "; ", freed);
  if (plan.shortfall_t > 0.0)
    put(out, "; over all years ", escape(people_short(plan.shortfall_t, "t")), " stay missing");
  if (plan.status == ProgrammeStatus::feasible)
    put(out, " (not proven the best: at most ", escape(percent(plan.gap)), " off)");
  return out + ".";
}

std::string most_words(const Digest& digest, const Portfolio& plan) {
  if (plan.matters_most.empty()) return {};
  for (const auto& one : plan.choices) {
    if (one.id != plan.matters_most) continue;
    std::string out = "<strong>" + source_link(digest, one.id, one.name) + "</strong>: without it ";
    if (one.indispensable) return out + "no plan meets the requirements.";
    std::vector<std::string> parts;
    if (one.worth_t > 0.0)
      parts.push_back(escape(people_short(one.worth_t, "t")) + " more are missing");
    if (std::isfinite(one.worth_usd))
      parts.push_back("the plan, penalties for what is missing included, is " +
                      money_html(std::abs(one.worth_usd), digest.result.supply->sources.currency) +
                      (one.worth_usd < 0.0 ? " cheaper" : " dearer"));
    if (parts.empty()) return {};
    return out + in_a_row(parts) + ".";
  }
  return {};
}

std::string shock_terms_words(const SupplyAnswer& supply, std::size_t shock) {
  if (shock >= supply.shock_terms.size()) return "A price collapse";
  const PriceShock& terms = supply.shock_terms[shock];
  std::string out = "A fall of " + escape(percent(terms.depth)) + " in the price";
  std::vector<std::string> metals;
  for (const auto& metal : terms.metals) metals.push_back(shown(metal, 30));
  put(out, metals.empty() ? std::string("s of all metals") : " of " + in_a_row(metals), " from ",
      number_text(terms.from_year), " for ",
      counted(static_cast<std::size_t>(std::max(0, terms.years)), "year"));
  return out;
}

std::string shock_words(const Digest& digest, std::size_t shock) {
  const auto& supply = *digest.result.supply;
  const PriceShockResult& result = supply.shocks[shock];
  std::vector<std::string> stop, never;
  for (const auto& one : result.sources) {
    if (one.stops) stop.push_back(source_link(digest, one.id, one.name));
    if (one.never_starts) never.push_back(source_link(digest, one.id, one.name));
  }
  std::string out = shock_terms_words(supply, shock);
  if (stop.empty() && never.empty()) put(out, " stops none of the sources");
  if (!stop.empty()) put(out, " stops ", in_a_row(stop));
  if (!never.empty())
    put(out, stop.empty() ? " keeps " : "; ", in_a_row(never),
        stop.empty()       ? " from being begun"
        : never.size() > 1 ? " are never begun"
                           : " is never begun");
  out += ".";
  if (std::isfinite(result.floor_for_all_usd_per_kg) && result.floor_for_all_usd_per_kg > 0.0) {
    put(out, " A floor price of <strong>",
        escape(cost_words(result.floor_for_all_usd_per_kg, result.currency)), "</strong> of ",
        shown(result.metal, 30), " keeps every eligible source going");
    if (std::isfinite(result.floor_for_all_cost_usd))
      put(out, " and costs ", money_html(result.floor_for_all_cost_usd, result.currency));
    out += ".";
  }
  return out;
}

std::string alliance_words(const Digest& digest, const AllianceView& view) {
  const AllianceYear* year = nullptr;
  for (const auto& one : view.years)
    if (one.year == view.year) year = &one;
  if (!year) return {};
  std::string out = "In " + number_text(view.year) + " ";
  if (year->weakest_stage.empty()) {
    out += "the bloc's chain meets all demand";
  } else {
    put(out, "the bloc's chain breaks at <strong>", shown(year->weakest_stage, 40),
        "</strong>: ", escape(people_short(year->met_together_t, "t")), " of ",
        escape(people_short(year->demand_t, "t")), " are met");
    const StageBalance* best = nullptr;
    for (const auto& one : view.balance)
      if (one.year == view.year && one.frees_t_per_t > 0.0005 &&
          (!best || one.frees_t_per_t > best->frees_t_per_t))
        best = &one;
    if (best) {
      put(out, "; a tonne more of ", shown(best->stage, 40), " capacity for ",
          shown(best->metal, 30));
      if (!best->best_country.empty())
        put(out, " in ", shown(digest.country(best->best_country), 60));
      put(out, " frees most, ", escape(people_short(best->frees_t_per_t, "t")));
    }
  }
  put(out, ". Acting together meets ", escape(people_short(view.gain_t, "t")),
      " more than each alone and saves <strong>", money_html(view.gain_usd, view.currency),
      "</strong> that year.");
  return out;
}

}  // namespace

void put_supply_answer(std::string& out, const Digest& digest) {
  const SupplyAnswer& supply = *digest.result.supply;
  std::string list;
  if (supply.disruption)
    say(list, "What goes missing", disruption_words(*supply.disruption, has_plan(digest)));
  if (supply.portfolio) {
    say(list, "The plan", capital(plan_words(digest, *supply.portfolio)));
    say(list, "What matters most", most_words(digest, *supply.portfolio));
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(3, supply.shocks.size()); ++i)
    say(list, "When prices collapse", shock_words(digest, i));
  if (supply.alliance) say(list, "Acting together", alliance_words(digest, *supply.alliance));
  if (!list.empty()) put(out, "<ul class=\"said\">", list, "</ul>\n");
}

}  // namespace lode::report
