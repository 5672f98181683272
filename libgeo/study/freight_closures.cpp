// What closures cost: those of the study against everything open, and gates that ways pass.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/study/freight_results.h"

namespace lode {

namespace {

/// Differences below this are rounding.
constexpr double kSame_usd = 1e-9;
/// Edges that all searches for gates may look at together: some ten seconds of one core.
constexpr double kMostWork = 2e8;

const std::string& name_of(const Place& place) {
  return place.name.empty() ? place.id : place.name;
}

RouteTable totals_with(const FreightInputs& inputs, const Places& to, RouteOptions options,
                       const Progress& progress) {
  options.legs = false;
  options.lines = false;
  return route(inputs.network, inputs.tariff, inputs.terminals, inputs.from, to, options, progress);
}

/// Gates that lines of the network have and the study leaves open, as first written.
std::vector<std::string> open_gates(const FreightInputs& inputs) {
  std::vector<std::string> gates;
  std::set<std::string> seen;
  for (const auto& closed : inputs.options.close) seen.insert(lower(trim(closed)));
  for (const NetworkLine& line : inputs.network.lines) {
    const std::string& gate = inputs.network.texts[line.gate];
    if (!trim(gate).empty() && seen.insert(lower(trim(gate))).second) gates.push_back(gate);
  }
  std::sort(gates.begin(), gates.end());
  return gates;
}

}  // namespace

void add_detours(StudyContext& context, const FreightInputs& inputs, const Places& to,
                 const RouteTable& table, std::vector<SiteRoute>& routes,
                 const Progress& progress) {
  const LogisticsTable& said = context.study.logistics;
  if (said.close.empty() && said.avoid.empty() && said.only.empty()) return;
  RouteOptions options = inputs.options;
  options.close.clear();
  options.avoid.clear();
  const RouteTable open = totals_with(inputs, to, options, progress);
  std::size_t cut_off = 0;
  std::string first;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (!open.rows[r].reachable()) continue;
    const Place& place = to.list[open.rows[r].to];
    if (!table.rows[r].reachable()) {
      if (cut_off++ == 0) first = context.result.sites[routes[r].site].id;
      routes[r].reason += "; with everything open it would be " +
                          number_text(std::round(open.rows[r].cost_usd_per_t * 100.0) / 100.0) +
                          " USD/t to " + name_of(place);
      continue;
    }
    double more = table.rows[r].cost_usd_per_t - open.rows[r].cost_usd_per_t;
    if (std::abs(more) < kSame_usd) more = 0.0;
    routes[r].detour_usd_per_t = more;
    context.set("detour_usd_per_t", "USD/t", routes[r].site, more,
                "over the way with everything open, " +
                    number_text(std::round(open.rows[r].cost_usd_per_t * 100.0) / 100.0) +
                    " USD/t to " + name_of(place));
  }
  if (cut_off > 0)
    context.result.findings.add("study.cut_off", Severity::warning,
                                context.where(context.study.logistics.line),
                                "sites have a way only with everything open: closures and "
                                "countries shut them off (first: " +
                                    first + ")",
                                cut_off);
}

void add_closures(StudyContext& context, const FreightInputs& inputs, const Places& to,
                  const RouteTable& table, const Progress& progress) {
  const auto gates = open_gates(inputs);
  if (gates.empty()) return;
  const double work = static_cast<double>(inputs.network.edges.size()) *
                      static_cast<double>(to.list.size()) * static_cast<double>(gates.size());
  if (work > kMostWork) {
    context.result.findings.add("study.gates_not_priced", Severity::note, context.study.path,
                                "what shutting a gate would cost is not reckoned on a network of "
                                "this size: 'lode route --close' does it for one gate");
    return;
  }
  for (std::size_t g = 0; g < gates.size(); ++g) {
    RouteOptions options = inputs.options;
    options.close.push_back(gates[g]);
    const RouteTable shut =
        totals_with(inputs, to, options,
                    progress.part(static_cast<double>(g) / static_cast<double>(gates.size()),
                                  static_cast<double>(g + 1) / static_cast<double>(gates.size())));
    GateClosure closure;
    closure.gate = gates[g];
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (!table.rows[r].reachable()) continue;
      GateClosure::Hit hit;
      hit.site = inputs.rows[table.rows[r].from];
      hit.lost = !shut.rows[r].reachable();
      hit.usd_per_t = shut.rows[r].cost_usd_per_t - table.rows[r].cost_usd_per_t;
      hit.distance_km = shut.rows[r].distance_km - table.rows[r].distance_km;
      if (!hit.lost && std::abs(hit.usd_per_t) < kSame_usd && std::abs(hit.distance_km) < 1e-6)
        continue;
      if (!hit.lost) hit.destination = name_of(to.list[shut.rows[r].to]);
      closure.hits.push_back(std::move(hit));
    }
    if (!closure.hits.empty()) context.result.closures.push_back(std::move(closure));
  }
}

}  // namespace lode
