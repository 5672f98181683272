// After freight: what process, waste and closure cost nature, by [footprint].
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/environment/footprint.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/study/context.h"

namespace lode {

namespace {

FootprintSite footprint_site(const StudyContext& context, std::size_t i) {
  const SiteFacts& facts = context.facts[i];
  FootprintSite site;
  site.id = context.result.sites[i].id;
  site.route = facts.process_route;
  site.ore_t = facts.ore_t;
  site.treo = facts.treo;
  site.recovery = facts.recovery;
  site.strip_ratio = facts.strip_ratio;
  site.thorium_ppm = facts.thorium_ppm;
  site.uranium_ppm = facts.uranium_ppm;
  site.treo_t_per_yr = facts.rate_t_per_yr.base;
  site.dam_height_m = facts.dam_height_m;
  site.life_yr = facts.life_yr;
  if (!std::isnan(facts.disturbed_m2))
    site.disturbed_ha = facts.disturbed_m2 / 1e4;
  else if (!facts.outline.empty())
    site.disturbed_ha = area_m2(facts.outline, wgs84(), Edges::straight) / 1e4;
  return site;
}

/// Name under which a figure stands among the indicators: the haul is added to the process's gas.
std::string indicator_of(const std::string& figure) {
  return figure == "co2e_kg_per_kg" ? "process_co2e_kg_per_kg" : figure;
}

/// A figure's range is that of its process route, which sites of one route share and others do not;
/// every figure of a route has a range of its own.
SpreadShare route_spread(const std::string& indicator) {
  return {"route " + indicator, 1.0, 0.5};
}

/// Gas of process and haul, a kg of oxide; not known where the haul should be and is not.
void add_haul(StudyContext& context, std::size_t site, const FootprintFigure& process) {
  const LogisticsTable& logistics = context.study.logistics;
  LowBaseHigh total = process.value;
  std::string source = "process (" + process.source + ")";
  if (logistics.given && !context.study.networks.empty()) {
    const double kg_per_t = 1000.0 * (1.0 - logistics.product_moisture) * logistics.product_grade;
    const double haul =
        logistics.chain.empty()
            ? context.indicator("delivered_co2e_kg_per_t", "kg/t").value[site] / kg_per_t
            : context.indicator("chain_co2e_kg_per_kg", "kg/kg").value[site];
    for (double* end : {&total.low, &total.base, &total.high}) *end += haul;
    source += std::string(logistics.chain.empty() ? " + haul, " : " + hauls of the chain, ") +
              number_text(std::round(haul * 1e4) / 1e4) + " kg/kg";
  } else {
    source += "; no haul is known to the study";
  }
  context.set("co2e_kg_per_kg", "kg/kg REO", site, total, source,
              route_spread("process_co2e_kg_per_kg"));
}

}  // namespace

std::vector<std::string> footprint_indicators(const StudyFile& study) {
  std::vector<std::string> names;
  if (!study.footprint.given) return names;
  // The figures are the same for every site, known or not.
  const Footprints none = footprints({FootprintSite{}}, {});
  for (const FootprintFigure& figure : none.sites.front().figures)
    names.push_back(indicator_of(figure.name));
  names.push_back("co2e_kg_per_kg");
  return names;
}

void stage_footprint(StudyContext& context, const Progress& progress) {
  const FootprintTable& table = context.study.footprint;
  if (!table.given) return;
  progress.update(0.0, "footprint");
  const std::string shipped = "sample_data/process_routes/process_routes.csv";
  const std::string name = table.routes.empty() ? shipped : table.routes;
  const auto routes =
      parse_process_routes(table.routes.empty() ? context.read_shipped_text(shipped)
                                                : context.read_text(name, table.line),
                           name);
  std::vector<FootprintSite> sites;
  for (std::size_t i = 0; i < context.result.sites.size(); ++i)
    sites.push_back(footprint_site(context, i));
  const Footprints found = footprints(sites, routes, table.options, progress);
  context.result.findings.add(found.findings);
  for (std::size_t i = 0; i < sites.size(); ++i)
    for (const FootprintFigure& figure : found.sites[i].figures) {
      if (!figure.value.known()) continue;
      std::string source = figure.formula.empty() ? figure.source : figure.formula;
      if (!figure.formula.empty() && !figure.source.empty()) source += " (" + figure.source + ")";
      context.set(indicator_of(figure.name), figure.unit, i, figure.value, source,
                  route_spread(indicator_of(figure.name)));
      if (figure.name == "co2e_kg_per_kg") add_haul(context, i, figure);
    }
}

}  // namespace lode
