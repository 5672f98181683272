// Which name draws what, and when there is nothing to draw.
#include "libgeo/report/figures.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/report/charts.h"
#include "libgeo/report/charts_supply.h"
#include "libgeo/report/map.h"

namespace lode {
namespace {

[[noreturn]] void nothing(const std::string& name, const std::string& what) {
  throw Error("report.nothing_to_draw", "the study has no " + what + " for this figure", name,
              "Run the study with what it needs, or choose another figure.");
}

bool any_located(const StudyResult& result, const std::string& country) {
  return std::any_of(result.sites.begin(), result.sites.end(), [&](const Site& site) {
    return site.located && (country.empty() || site.country == country);
  });
}

using report::ChartOptions;
using report::Digest;
using report::Drawing;

/// A figure, and what the study lacks when nothing comes of it.
struct Chart {
  const char* name;
  const char* needs;
  Drawing (*draw)(const Digest&, const ChartOptions&);
};

/// The first pair that was explained, as a chart of it.
template <Drawing (*Draw)(const Digest&, const PairExplained&, const ChartOptions&)>
Drawing of_first_pair(const Digest& digest, const ChartOptions& options) {
  for (const auto& one : digest.result.explained)
    if (one.a < digest.result.sites.size() && one.b < digest.result.sites.size())
      return Draw(digest, one, options);
  return {};
}

/// The first price collapse of the study.
template <Drawing (*Draw)(const Digest&, std::size_t, const ChartOptions&)>
Drawing of_first_shock(const Digest& digest, const ChartOptions& options) {
  return Draw(digest, 0, options);
}

Drawing acceptability(const Digest& digest, const ChartOptions& options) {
  if (digest.ranking.empty() || digest.ranking.front()->rank_acceptability.empty()) return {};
  return draw_acceptability(digest, options);
}

Drawing contributions(const Digest& digest, const ChartOptions& options) {
  if (digest.ranking.empty() || digest.ranking.front()->contributions.empty()) return {};
  return draw_contributions(digest, options);
}

Drawing ranking(const Digest& digest, const ChartOptions& options) {
  return digest.ranking.empty() ? Drawing{} : draw_ranking(digest, options);
}

const std::vector<Chart>& charts() {
  static const std::vector<Chart> all{
      {"ranking", "ranked site", ranking},
      {"acceptability", "rank acceptability", acceptability},
      {"intervals", "interval of ranks", report::draw_intervals},
      {"pairwise", "pairwise win", report::draw_pairwise},
      {"contributions", "contribution", contributions},
      {"central-weights", "central weight", report::draw_central_weights},
      {"why", "explained pair", of_first_pair<report::draw_why>},
      {"tornado", "explained pair with spreads", of_first_pair<report::draw_tornado>},
      {"sobol", "explained pair with draws", of_first_pair<report::draw_sobol>},
      {"stability", "test of the weights", report::draw_stability},
      {"agreement", "other method", report::draw_agreement},
      {"correlation", "correlation of criteria", report::draw_correlation},
      {"dependence", "supply table", report::draw_dependence},
      {"dependence-elements", "supply by element and stage", report::draw_dependence_elements},
      {"shortfall", "disruption of supply", report::draw_shortfall},
      {"cost-curve", "cost of sources of supply", report::draw_cost_curve},
      {"economics", "cash flow of sources", report::draw_economics},
      {"plan", "plan of supply", report::draw_plan},
      {"schedule", "plan of supply", report::draw_schedule},
      {"frontier", "frontier of cost and concentration", report::draw_frontier},
      {"shock", "price collapse", of_first_shock<report::draw_shock>},
      {"break-even", "price collapse", of_first_shock<report::draw_break_even>},
      {"counters", "counter to a price collapse", of_first_shock<report::draw_counters>},
      {"chain-balance", "alliance with capacities", report::draw_chain_balance},
      {"chain-members", "alliance with capacities", report::draw_chain_members},
      {"chain-flows", "haul between members of an alliance", report::draw_chain_flows},
      {"member-costs", "alliance with capacities", report::draw_member_costs}};
  return all;
}

Drawing draw(const StudyResult& result, const std::string& name, const FigureOptions& options) {
  const Digest digest(result);
  report::MapOptions map;
  map.width_px = options.width_px;
  map.labels = options.labels;
  if (name == "map") {
    if (!any_located(result, "")) nothing(name, "located site");
    return report::draw_map(digest, map);
  }
  if (name == "home") {
    if (result.home.empty() || !any_located(result, result.home)) nothing(name, "site at home");
    map.home_only = true;
    return report::draw_map(digest, map);
  }
  for (const auto& chart : charts()) {
    if (name != chart.name) continue;
    Drawing sheet = chart.draw(digest, {options.width_px, options.rows});
    if (sheet.shapes.empty()) nothing(name, chart.needs);
    return sheet;
  }
  return {};
}

}  // namespace

const std::vector<std::string>& figure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list{"map", "home"};
    for (const auto& chart : charts()) list.emplace_back(chart.name);
    return list;
  }();
  return names;
}

std::string figure(const StudyResult& result, const std::string& name,
                   const FigureOptions& options) {
  const auto& names = figure_names();
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw Error("report.unknown_figure", "there is no figure of this name", name,
                suggestion(name, names));
  if (!(options.width_px >= 320.0 && options.width_px <= 4000.0))
    throw Error("report.bad_size", "a figure is 320 to 4000 pixels wide",
                number_text(options.width_px), "Give a width within that range.");
  if (options.rows == 0)
    throw Error("report.bad_size", "a figure shows at least one row", "rows", "Give 1 or more.");
  return report::to_svg(draw(result, name, options));
}

}  // namespace lode
