// Stage 4: at what price to nature: distances to constraints, overlaps with setbacks, net tonnage.
#include <algorithm>
#include <cmath>

#include "libgeo/environment/buffer.h"
#include "libgeo/environment/screening.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/study/context.h"

namespace lode {

namespace {

ConstraintLayer read_constraint(StudyContext& context, const ConstraintTable& table) {
  Layer layer = context.read(table.layer, true);
  ConstraintLayer constraint;
  constraint.name = table.name;
  constraint.ids = feature_ids(layer, table.id);
  constraint.setback_m = {table.setback_m};
  constraint.hard = table.hard;
  MapLayer on_map;
  on_map.name = table.name;
  on_map.role = "constraint";
  on_map.geometry = layer.geometry;
  on_map.label = constraint.ids;
  context.result.layers.push_back(std::move(on_map));
  constraint.geometry = std::move(layer.geometry);
  return constraint;
}

void set_indicators(StudyContext& context, std::size_t site, const SiteScreening& screened,
                    const std::vector<ConstraintLayer>& layers) {
  std::vector<std::string> hit;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const ConstraintLayer& layer = layers[k];
    const ConstraintTable& table = context.study.constraints[k];
    const SiteConstraint& found = screened.constraints[k];
    ConstraintAtSite row;
    row.site = site;
    row.constraint = layer.name;
    row.hard = layer.hard;
    row.overlap_ha = found.overlap_m2 / 1e4;
    row.nearest_m = found.nearest_m;
    row.nearest_id = found.nearest == SiteConstraint::none ? "" : layer.ids[found.nearest];
    const std::string near = row.nearest_id.empty()
                                 ? table.layer.path
                                 : table.layer.path + ", feature " + row.nearest_id;
    const std::string setback = number_text(table.setback_m) + " m setback";
    context.set(layer.name + "_nearest_m", "m", site, found.nearest_m, near);
    context.set(layer.name + "_overlap_ha", "ha", site, row.overlap_ha,
                table.layer.path + ", " + setback);
    if (layer.name == "protected")
      context.set("protected_nearest_km", "km", site, found.nearest_m / 1000.0, near);
    if (layer.hard && !found.touched.empty()) hit.push_back(layer.name + " (" + setback + ")");
    context.result.constraints.push_back(std::move(row));
  }
  const std::string source =
      hit.empty() ? "no hard setback meets the site" : "hard setbacks: " + join(hit, ", ");
  context.set("excluded_pct", "%", site, screened.excluded_pct, source);
  context.facts[site].net_source = source;
}

/// The hard setbacks that meet a site's ground, by constraint, for what they take of its rock.
std::vector<PlanCut> setbacks_of(const SiteScreening& screened,
                                 const std::vector<ConstraintLayer>& layers) {
  BufferOptions options;
  options.edges = Edges::straight;
  std::vector<PlanCut> cuts;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    if (!layers[k].hard || screened.constraints[k].touched.empty()) continue;
    std::vector<Geometry> grounds;
    for (const TouchedFeature& one : screened.constraints[k].touched) {
      const Geometry& feature = layers[k].geometry[one.feature];
      const double setback_m = layers[k].setback_m.front();
      if (setback_m > 0.0)
        grounds.push_back(setback_of(feature, wgs84(), setback_m, options));
      else if (feature.kind == GeometryKind::polygon)
        grounds.push_back(feature);
    }
    if (grounds.empty()) continue;
    cuts.push_back({layers[k].name, false, unite(grounds)});
  }
  return cuts;
}

/// Share of the oxide that valid permits and setbacks leave, where the rock is known in space.
double net_share_of_rock(StudyContext& context, std::size_t site) {
  const SiteFacts& facts = context.facts[site];
  std::vector<PlanCut> cuts;
  if (facts.permit_on_record) cuts.push_back({"permits", true, facts.permitted});
  cuts.insert(cuts.end(), facts.setbacks.begin(), facts.setbacks.end());
  const Crs& crs = facts.rock->crs;
  const Transform transform(wgs84(), crs);
  for (PlanCut& cut : cuts) {
    if (!cut.ground.empty()) cut.ground = reproject(cut.ground, transform, 0.001);
    for_each_vertex(cut.ground, [&](Point& p) {
      p.x *= crs.metres_per_unit;
      p.y *= crs.metres_per_unit;
    });
  }
  NetTonnes net = net_tonnes(*facts.rock, cuts, facts.treo_t.base);
  net.site = site;
  const double share = net.net_t / net.gross_t;
  context.result.net_tonnes.push_back(std::move(net));
  return share;
}

}  // namespace

void stage_environment(StudyContext& context, const Progress& progress) {
  StudyResult& result = context.result;
  result.net_area.assign(result.sites.size(), {});
  if (context.study.constraints.empty()) return;
  progress.update(0.0, "constraints");
  ScreenInputs inputs;
  inputs.crs = wgs84();
  for (const auto& table : context.study.constraints)
    inputs.constraints.push_back(read_constraint(context, table));
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < result.sites.size(); ++i) {
    if (!result.sites[i].located) continue;
    rows.push_back(i);
    inputs.sites.push_back(context.facts[i].outline.empty() ? result.sites[i].geometry
                                                            : context.facts[i].outline);
    inputs.ids.push_back(result.sites[i].id);
  }
  ScreenOptions options;
  options.edges = Edges::straight;
  options.jobs = context.options.jobs;
  const Screening screening = screen_sites(inputs, options, progress);
  result.findings.add(screening.findings);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    set_indicators(context, rows[r], screening.sites[r], inputs.constraints);
    SiteFacts& facts = context.facts[rows[r]];
    facts.net_share = 1.0 - screening.sites[r].excluded_pct / 100.0;
    if (facts.rock) facts.setbacks = setbacks_of(screening.sites[r], inputs.constraints);
    if (!facts.outline.empty()) {
      facts.net_ground = screening.sites[r].net;
      facts.ground_m2 = screening.sites[r].area_m2;
    }
  }
  result.figures.push_back({"site area summed", screening.summary.sites_sum_m2 / 1e4, "ha"});
  result.figures.push_back({"site area excluded", screening.summary.excluded_sum_m2 / 1e4, "ha"});
}

void stage_net(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "net tonnage");
  StudyResult& result = context.result;
  result.net_area.resize(result.sites.size());
  result.outline.resize(result.sites.size());
  for (std::size_t i = 0; i < result.sites.size(); ++i) {
    SiteFacts& facts = context.facts[i];
    result.outline[i] = facts.outline;
    if (!result.sites[i].located) continue;
    std::string how = facts.net_source.empty() ? "no constraints" : facts.net_source;
    if (!facts.outline.empty()) {
      Geometry ground = context.study.constraints.empty() ? facts.outline : facts.net_ground;
      if (facts.permit_on_record)
        ground = facts.permitted.empty() ? Geometry{} : intersection(ground, facts.permitted);
      const double whole = area_m2(facts.outline, wgs84(), Edges::straight);
      facts.net_share = ground.empty() || whole <= 0
                            ? 0.0
                            : std::min(1.0, area_m2(ground, wgs84(), Edges::straight) / whole);
      result.net_area[i] = std::move(ground);
      if (facts.permit_on_record) how += "; clipped to valid permits";
      if (facts.rock && facts.treo_t.known() && facts.treo_t.base > 0.0) {
        facts.net_share = net_share_of_rock(context, i);
        how += "; by the rock in them, box by box";
      }
    } else if (facts.permit_on_record) {
      if (facts.valid_permits.empty()) facts.net_share = 0.0;
      how += facts.valid_permits.empty() ? "; the place lies in no valid permit"
                                         : "; the place lies in a valid permit";
    }
    if (!facts.permit_on_record && !context.study.permits.empty()) {
      if (context.study.net_requires_permit) facts.net_share = 0.0;
      how += context.study.net_requires_permit ? "; no permit on record"
                                               : "; no permit on record: not clipped";
    }
    const std::string source =
        facts.tonnage_source + " x net share " +
        number_text(std::round(facts.net_share * 1e4) / 1e4) + " (" + how + ")" +
        (facts.recovery < 1 ? " x recovery " + number_text(facts.recovery) : "");
    const double share = facts.net_share * facts.recovery;
    context.set("net_treo_t", "t", i, times(facts.treo_t, share), source);
    context.set("net_ndpr_t", "t", i, times(facts.ndpr_t, share), source);
    context.set("net_dytb_t", "t", i, times(facts.dytb_t, share), source);
    context.set("net_mreo_t", "t", i, times(facts.mreo_t, share), source);
  }
}

}  // namespace lode
