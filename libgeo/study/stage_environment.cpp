// Stage 4: at what price to nature: distances to constraints, overlaps with setbacks, net tonnage.
#include <algorithm>
#include <cmath>
#include <utility>

#include "libgeo/environment/buffer.h"
#include "libgeo/environment/screening.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/study/context.h"
#include "libgeo/study/study_constraints.h"

namespace lode {

namespace {

/// Of the features whose setback meets the site, the one that takes most of it, else reaches
/// farthest past it; -1 when there is none.
std::ptrdiff_t binding_feature(const ConstraintLayer& layer, const SiteConstraint& found) {
  std::ptrdiff_t most = -1;
  double taken = -1.0, reach = 0.0;
  for (const TouchedFeature& one : found.touched) {
    const double past =
        layer.setback_m[layer.setback_m.size() == 1 ? 0 : one.feature] - one.distance_m;
    if (one.overlap_m2 < taken || (one.overlap_m2 == taken && past <= reach)) continue;
    most = static_cast<std::ptrdiff_t>(one.feature);
    taken = one.overlap_m2;
    reach = past;
  }
  return most;
}

void set_indicators(StudyContext& context, std::size_t site, const SiteScreening& screened,
                    const std::vector<StudyConstraint>& constraints) {
  std::vector<std::string> hit;
  for (std::size_t k = 0; k < constraints.size(); ++k) {
    const auto& [layer, indicator, path, citation] = constraints[k];
    const SiteConstraint& found = screened.constraints[k];
    ConstraintAtSite row;
    row.site = site;
    row.constraint = layer.name;
    row.hard = layer.hard;
    row.overlap_ha = found.overlap_m2 / 1e4;
    row.overlap_pct = found.overlap_pct;
    row.nearest_m = found.nearest_m;
    row.nearest_id = found.nearest == SiteConstraint::none ? "" : layer.ids[found.nearest];
    row.touched = found.touched.size();
    const std::ptrdiff_t binding = binding_feature(layer, found);
    const std::size_t shown = binding >= 0 ? static_cast<std::size_t>(binding)
                              : found.nearest == SiteConstraint::none ? layer.geometry.size()
                                                                      : found.nearest;
    const std::string setback = shown < layer.geometry.size() ? setback_words(layer, shown)
                                : layer.setback_m.size() == 1 ? setback_words(layer, 0)
                                                              : "no feature near";
    row.rule = setback;
    if (shown < citation.size()) row.citation = citation[shown];
    const std::string near = row.nearest_id.empty() ? path : path + ", feature " + row.nearest_id;
    context.set(indicator + "_nearest_m", "m", site, found.nearest_m, near);
    context.set(indicator + "_overlap_ha", "ha", site, row.overlap_ha, path + ", " + setback);
    if (indicator == "protected")
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
                                 const std::vector<StudyConstraint>& constraints) {
  BufferOptions options;
  options.edges = Edges::straight;
  std::vector<PlanCut> cuts;
  for (std::size_t k = 0; k < constraints.size(); ++k) {
    const ConstraintLayer& layer = constraints[k].layer;
    if (!layer.hard || screened.constraints[k].touched.empty()) continue;
    std::vector<Geometry> grounds;
    for (const TouchedFeature& one : screened.constraints[k].touched) {
      const Geometry& feature = layer.geometry[one.feature];
      const double setback_m = layer.setback_m[layer.setback_m.size() == 1 ? 0 : one.feature];
      if (setback_m > 0.0)
        grounds.push_back(setback_of(feature, wgs84(), setback_m, options));
      else if (feature.kind == GeometryKind::polygon)
        grounds.push_back(feature);
    }
    if (grounds.empty()) continue;
    cuts.push_back({layer.name, false, unite(grounds)});
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

/// Net tonnes of oxide, and what recovery and the class of the resource leave of them.
void set_net(StudyContext& context, std::size_t i, const std::string& how) {
  const SiteFacts& facts = context.facts[i];
  // A stream's rate is of recovered oxide already.
  const double recovery = facts.recovered ? 1.0 : facts.recovery;
  const std::string net = facts.tonnage_source + " x net share " +
                          number_text(std::round(facts.net_share * 1e4) / 1e4) + " (" + how + ")" +
                          (recovery < 1 ? " x recovery " + number_text(recovery) : "");
  const double share = facts.net_share * recovery;
  const double factor = std::isnan(facts.class_factor) ? 1.0 : facts.class_factor;
  const std::string recoverable =
      net +
      (facts.recovered          ? "; recovered oxide: no recovery is applied again"
       : !facts.recovery_stated ? "; no recovery is stated: it counts 1"
                                : "") +
      (std::isnan(facts.class_factor)
           ? "; no class is asked for: not discounted"
           : " x class factor " + number_text(factor) + " (" + facts.class_source + ")");
  const double all = facts.treo_t.base;
  for (const auto& [name, tonnes] : {std::pair{"treo_t", &facts.treo_t},
                                     {"ndpr_t", &facts.ndpr_t},
                                     {"dytb_t", &facts.dytb_t},
                                     {"mreo_t", &facts.mreo_t}}) {
    const std::string ending = name;
    context.set("net_" + ending, "t", i, times(*tonnes, share), net, ore_body_spread);
    context.simulate("net_" + ending, i, facts.simulated_t, tonnes->base / all * share);
    context.set("recoverable_" + ending, "t", i, times(*tonnes, share * factor), recoverable,
                ore_body_spread);
    context.simulate("recoverable_" + ending, i, facts.simulated_t,
                     tonnes->base / all * share * factor);
  }
}

}  // namespace

void stage_environment(StudyContext& context, const Progress& progress) {
  StudyResult& result = context.result;
  result.net_area.assign(result.sites.size(), {});
  if (context.study.constraints.empty()) return;
  progress.update(0.0, "constraints");
  ScreenInputs inputs;
  inputs.crs = wgs84();
  const std::vector<StudyConstraint> constraints = read_constraints(context);
  for (const StudyConstraint& one : constraints) inputs.constraints.push_back(one.layer);
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
    set_indicators(context, rows[r], screening.sites[r], constraints);
    SiteFacts& facts = context.facts[rows[r]];
    facts.net_share = 1.0 - screening.sites[r].excluded_pct / 100.0;
    if (facts.rock) facts.setbacks = setbacks_of(screening.sites[r], constraints);
    if (!facts.outline.empty()) {
      facts.net_ground = screening.sites[r].net;
      facts.ground_m2 = screening.sites[r].area_m2;
    }
  }
  const ScreenSummary& all = screening.summary;
  for (const auto& [name, area_m2] :
       {std::pair{"site area summed", all.sites_sum_m2},
        {"site area, ground counted once", all.sites_dissolved_m2},
        {"site area excluded, summed", all.excluded_sum_m2},
        {"site area excluded, ground counted once", all.excluded_dissolved_m2},
        {"site area left, summed", all.net_sum_m2},
        {"site area left, ground counted once", all.net_dissolved_m2}})
    result.figures.push_back({name, area_m2 / 1e4, "ha"});
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
    set_net(context, i, how);
  }
}

}  // namespace lode
