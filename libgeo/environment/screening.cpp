#include "libgeo/environment/screening.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/local_setback.h"
#include "libgeo/environment/near_index.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

constexpr double kFarthest = 5.0e6;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
/// A micrometre: what rounding makes of edges that touch.
constexpr double kTouch = 1e-6;

double setback_of_feature(const ConstraintLayer& layer, std::size_t i) {
  return layer.setback_m.size() == 1 ? layer.setback_m.front() : layer.setback_m[i];
}

std::string feature_name(const ConstraintLayer& layer, std::size_t i) {
  return layer.name + ": " + (i < layer.ids.size() ? layer.ids[i] : std::to_string(i + 1));
}

void check(const ScreenInputs& inputs, const ScreenOptions& options, Findings& findings) {
  if (!(options.tolerance >= 1e-7 && options.tolerance <= 0.1))
    throw Error("buffer.tolerance", "the tolerance must lie between 1e-5 % and 10 % of the setback",
                {}, "Leave it out for 0.1 %.");
  std::set<std::string> names;
  for (const ConstraintLayer& layer : inputs.constraints) {
    if (!names.insert(layer.name).second)
      throw Error("screen.duplicate_name", "two constraints are named '" + layer.name + "'", {},
                  "Give each constraint its own name.");
    const std::size_t n = layer.setback_m.size();
    for (std::size_t i = 0; i < n; ++i) {
      const double d = layer.setback_m[i];
      const std::string where = n == 1 ? layer.name : feature_name(layer, i);
      if (d < 0.0)
        throw Error("screen.negative_setback", "a setback of " + number_text(d) + " m", where,
                    "Setbacks are 0 or more.");
      if (d > kFarthest)
        throw Error("screen.setback_range",
                    "a setback of " + number_text(d) + " m is over 5,000 km", where,
                    "Check its unit.");
      if (std::isnan(d))
        findings.add("screen.no_setback", Severity::warning, layer.name,
                     "a feature has no setback and was left out (first: " + where + ")");
    }
  }
}

/// A constraint made ready: without the features that have no setback.
struct Ready {
  explicit Ready(const ScreenInputs& inputs, const ConstraintLayer& of, Edges edges, int jobs)
      : layer(of), index(kept(of), inputs.crs, edges, jobs) {
    for (std::size_t i = 0; i < layer.geometry.size(); ++i) {
      const double d = setback_of_feature(layer, i);
      if (d > widest_m) widest_m = d;
    }
  }
  static std::vector<Geometry> kept(const ConstraintLayer& layer) {
    std::vector<Geometry> out = layer.geometry;
    for (std::size_t i = 0; i < out.size(); ++i)
      if (std::isnan(setback_of_feature(layer, i))) out[i] = {};
    return out;
  }
  const ConstraintLayer& layer;
  NearIndex index;
  double widest_m = 0.0;
};

bool thinner_than(const Geometry& g, double area_m2, double width_m, const Crs& crs, Edges edges) {
  if (area_m2 <= 0.0) return true;
  Geometry outline;
  outline.kind = GeometryKind::line;
  for (const Polygon& polygon : g.polygons) {
    outline.lines.push_back(polygon.shell);
    for (const Path& hole : polygon.holes) outline.lines.push_back(hole);
  }
  return 2.0 * area_m2 < width_m * length_m(outline, crs, edges);
}

/// One site against all constraints.
class SiteScreen {
 public:
  SiteScreen(const ScreenInputs& inputs, const ScreenOptions& options, const SetbackPlane& plane)
      : inputs_(inputs), options_(options), plane_(plane) {}

  void run(const Geometry& site, const std::vector<std::unique_ptr<Ready>>& ready,
           SiteScreening& out, Geometry& planar_site, Geometry& excluded) const {
    out.constraints.resize(ready.size());
    if (site.empty()) return;
    const bool areal = site.kind == GeometryKind::polygon;
    planar_site = plane_.planar(site);
    out.area_m2 = plane_.area_m2(site);
    std::vector<Geometry> hard, review;
    for (std::size_t k = 0; k < ready.size(); ++k) {
      const NearIndex::Probe probe = ready[k]->index.probe(site);
      SiteConstraint& result = out.constraints[k];
      distances(probe, *ready[k], result);
      const bool is_hard = ready[k]->layer.hard;
      if (!areal) {
        result.overlap_pct = result.touched.empty() ? 0.0 : 100.0;
        out.excluded |= is_hard && !result.touched.empty();
        continue;
      }
      Geometry covered = overlaps(site, planar_site, *ready[k], out.area_m2, result);
      if (!covered.empty()) (is_hard ? hard : review).push_back(std::move(covered));
    }
    if (areal) {
      sum_up(planar_site, hard, review, out, excluded);
    } else {
      out.excluded_pct = out.excluded ? 100.0 : 0.0;
      if (!out.excluded) out.net = site;
    }
  }

 private:
  void distances(const NearIndex::Probe& probe, const Ready& ready, SiteConstraint& out) const {
    for (NearHit hit : ready.index.within(probe, ready.widest_m + kTouch)) {
      if (hit.distance_m < kTouch) hit.distance_m = 0.0;
      if (!(hit.distance_m <= setback_of_feature(ready.layer, hit.feature) + kTouch)) continue;
      out.touched.push_back({hit.feature, 0.0, hit.distance_m, false});
      if (!(out.nearest_m <= hit.distance_m)) {
        out.nearest_m = hit.distance_m;
        out.nearest = hit.feature;
      }
    }
    const bool one_setback = ready.layer.setback_m.size() == 1;
    if (!options_.nearest ||
        (out.nearest != SiteConstraint::none && (one_setback || out.nearest_m == 0.0)))
      return;
    const NearHit hit = ready.index.nearest(probe);
    if (hit.feature == NearIndex::npos) return;
    out.nearest = hit.feature;
    out.nearest_m = hit.distance_m < kTouch ? 0.0 : hit.distance_m;
  }

  /// Fills the overlaps; returns the site's part within the setbacks.
  Geometry overlaps(const Geometry& site, const Geometry& planar_site, const Ready& ready,
                    double area, SiteConstraint& out) const {
    std::vector<Geometry> pieces;
    for (TouchedFeature& touched : out.touched) {
      const Geometry& feature = ready.layer.geometry[touched.feature];
      const double setback = setback_of_feature(ready.layer, touched.feature);
      if (setback == 0.0 && feature.kind != GeometryKind::polygon) continue;
      std::vector<Geometry> near;
      for (Geometry& part : plane_.parts_near(feature, setback, planar_site)) {
        Geometry inside = intersection(planar_site, part);
        if (!inside.empty()) near.push_back(std::move(inside));
      }
      if (near.empty()) continue;
      Geometry covered = near.size() == 1 ? std::move(near.front()) : unite(near);
      touched.overlap_m2 = std::min(area, plane_.area_m2(covered));
      touched.sliver = thinner_than(covered, touched.overlap_m2, options_.sliver_width_m,
                                    inputs_.crs, options_.edges);
      pieces.push_back(std::move(covered));
    }
    static_cast<void>(site);
    if (pieces.empty()) return {};
    Geometry covered = pieces.size() == 1 ? std::move(pieces.front()) : unite(pieces);
    out.overlap_m2 = std::min(area, plane_.area_m2(covered));
    out.overlap_pct = area > 0.0 ? 100.0 * out.overlap_m2 / area : 0.0;
    return covered;
  }

  void sum_up(const Geometry& planar_site, std::vector<Geometry>& hard,
              const std::vector<Geometry>& review, SiteScreening& out, Geometry& excluded) const {
    if (!review.empty())
      out.review_m2 = std::min(out.area_m2,
                               plane_.area_m2(review.size() == 1 ? review.front() : unite(review)));
    if (hard.empty()) {
      out.net = planar_site;
    } else {
      excluded = hard.size() == 1 ? std::move(hard.front()) : unite(hard);
      out.net = difference(planar_site, excluded);
      out.excluded_m2 = std::min(out.area_m2, plane_.area_m2(excluded));
      if (out.net.empty()) out.excluded_m2 = out.area_m2;
    }
    out.net_m2 = out.area_m2 - out.excluded_m2;
    out.excluded = out.net.empty();
    out.excluded_pct = out.area_m2 > 0.0 ? 100.0 * out.excluded_m2 / out.area_m2 : 0.0;
    for (const Polygon& polygon : out.net.polygons) {
      Geometry part;
      part.kind = GeometryKind::polygon;
      part.polygons.push_back(polygon);
      out.largest_free_m2 = std::max(out.largest_free_m2, plane_.area_m2(part));
      ++out.free_parts;
    }
  }

  const ScreenInputs& inputs_;
  const ScreenOptions& options_;
  const SetbackPlane& plane_;
};

double dissolved_area(const std::vector<Geometry>& planar, const SetbackPlane& plane, int jobs) {
  std::vector<const Geometry*> all;
  for (const Geometry& g : planar)
    if (g.kind == GeometryKind::polygon && !g.empty()) all.push_back(&g);
  const std::vector<Geometry> ground = dissolve(all, jobs);
  std::vector<double> areas(ground.size());
  parallel_blocks(ground.size(), 64, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) areas[i] = plane.area_m2(ground[i]);
  });
  Sum sum;
  for (const double a : areas) sum += a;
  return sum.value();
}

void summarize(const ScreenInputs& inputs, const ScreenOptions& options, const SetbackPlane& plane,
               const std::vector<Geometry>& planar, const std::vector<Geometry>& excluded,
               Screening& out) {
  Sum area, gone, net, review, recorded;
  for (const SiteScreening& site : out.sites) {
    area += site.area_m2;
    gone += site.excluded_m2;
    net += site.net_m2;
    review += site.review_m2;
  }
  bool any_recorded = false;
  for (const double m2 : inputs.recorded_m2)
    if (!std::isnan(m2)) recorded += m2, any_recorded = true;
  ScreenSummary& s = out.summary;
  s.sites_sum_m2 = area.value();
  s.excluded_sum_m2 = gone.value();
  s.net_sum_m2 = net.value();
  s.review_sum_m2 = review.value();
  s.recorded_m2 = any_recorded ? recorded.value() : kNan;
  s.sites_dissolved_m2 = s.excluded_dissolved_m2 = s.net_dissolved_m2 = kNan;
  if (!options.dissolve) return;
  s.sites_dissolved_m2 = dissolved_area(planar, plane, options.jobs);
  s.excluded_dissolved_m2 = dissolved_area(excluded, plane, options.jobs);
  s.net_dissolved_m2 = std::max(0.0, s.sites_dissolved_m2 - s.excluded_dissolved_m2);
}

/// A constraint that is far from every site is more often in another CRS than of no concern.
void say_far_constraints(const ScreenInputs& inputs, Screening& out) {
  constexpr double kFar = 100e3;
  for (std::size_t k = 0; k < inputs.constraints.size(); ++k) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const SiteScreening& site : out.sites)
      if (site.constraints[k].nearest_m < nearest) nearest = site.constraints[k].nearest_m;
    if (!(nearest > kFar) || std::isinf(nearest)) continue;
    out.findings.add("screen.far_constraint", Severity::warning, inputs.constraints[k].name,
                     "no site lies within 100 km of this constraint, the nearest " +
                         fixed_text(nearest / 1e3, 0) + " km away; check its CRS and its extent");
  }
}

}  // namespace

Screening screen_sites(const ScreenInputs& inputs, const ScreenOptions& options,
                       const Progress& progress) {
  Screening out;
  check(inputs, options, out.findings);
  std::vector<std::unique_ptr<Ready>> ready;
  for (std::size_t k = 0; k < inputs.constraints.size(); ++k) {
    progress.update(0.3 * static_cast<double>(k) / static_cast<double>(inputs.constraints.size()),
                    inputs.constraints[k].name);
    ready.push_back(
        std::make_unique<Ready>(inputs, inputs.constraints[k], options.edges, options.jobs));
  }
  const SetbackPlane plane(inputs.crs, options.edges, options.tolerance, options.tolerance_m,
                           options.conservative);
  const SiteScreen screen(inputs, options, plane);
  // Stacked claims share one shape: it is screened once.
  const Distinct distinct = distinct_of(inputs.sites);
  const std::size_t shapes = distinct.first.size();
  std::vector<SiteScreening> once(shapes);
  std::vector<Geometry> planar(shapes), excluded(shapes);
  parallel_blocks(
      shapes, 16, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          screen.run(inputs.sites[distinct.first[i]], ready, once[i], planar[i], excluded[i]);
      },
      progress.part(0.3, 0.9));
  for (const std::size_t i : distinct.of) out.sites.push_back(once[i]);
  summarize(inputs, options, plane, planar, excluded, out);
  for (std::size_t i = 0; i < inputs.sites.size(); ++i) {
    const std::string id = i < inputs.ids.size() ? inputs.ids[i] : std::to_string(i + 1);
    if (inputs.sites[i].empty())
      out.findings.add("screen.no_place", Severity::warning, id, "the site has no place");
    if (inputs.sites[i].kind == GeometryKind::polygon && out.sites[i].net.empty())
      out.findings.add("screen.nothing_left", Severity::warning, id,
                       "constraints take the whole site");
  }
  say_far_constraints(inputs, out);
  progress.update(1.0);
  return out;
}

}  // namespace lode
