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
#include "libgeo/environment/plane_near.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"

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

/// A constraint made ready: without the features that have no setback, the others checked where a
/// site may meet them.
class Ready {
 public:
  Ready(const ScreenInputs& inputs, const ConstraintLayer& of, const ScreenOptions& options,
        const SpatialIndex& sites, const Box& all_sites, Findings& findings)
      : layer(of) {
    features.resize(layer.geometry.size(), nullptr);
    std::vector<Box> boxes(features.size());
    Box all = all_sites;
    for (std::size_t i = 0; i < features.size(); ++i) {
      const double d = setback_of_feature(layer, i);
      if (std::isnan(d) || layer.geometry[i].empty()) continue;
      widest_m = std::max(widest_m, d);
      features[i] = &layer.geometry[i];
      boxes[i] = box_of(layer.geometry[i]);
      all.add(boxes[i]);
    }
    PlaneScale scale;
    if (inputs.crs.is_local() || options.edges == Edges::straight)
      scale = PlaneScale(inputs.crs, all);
    if (options.check_constraints) {
      const double reach = scale.units_of(widest_m + kTouch);
      std::vector<std::size_t> used;
      for (std::size_t i = 0; i < features.size(); ++i) {
        if (features[i] == nullptr || features[i]->kind != GeometryKind::polygon) continue;
        const Box& b = boxes[i];
        const Box grown{b.min_x - reach, b.min_y - reach, b.max_x + reach, b.max_y + reach};
        if (!scale.known() || !sites.query(grown).empty()) used.push_back(i);
      }
      mend(used, inputs.crs, options.jobs, findings);
    }
    if (scale.known()) {
      plane = std::make_unique<PlaneNear>(features, inputs.crs, scale);
      return;
    }
    std::vector<Geometry> copies(features.size());
    for (std::size_t i = 0; i < features.size(); ++i)
      if (features[i] != nullptr) copies[i] = *features[i];
    index = std::make_unique<NearIndex>(copies, inputs.crs, options.edges, options.jobs);
  }

  const ConstraintLayer& layer;
  std::vector<const Geometry*> features;  ///< null where left out
  std::unique_ptr<PlaneNear> plane;       ///< one of the two
  std::unique_ptr<NearIndex> index;
  double widest_m = 0.0;

 private:
  void mend(const std::vector<std::size_t>& used, const Crs& crs, int jobs, Findings& findings) {
    std::vector<Geometry> checked(used.size());
    std::vector<GeometryCheck> checks(used.size());
    parallel_blocks(used.size(), 64, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t k = begin; k < end; ++k) {
        Geometry copy = *features[used[k]];
        checks[k] = check_geometry(copy, crs, feature_name(layer, used[k]));
        if (!checks[k].valid) checked[k] = std::move(copy);
      }
    });
    for (std::size_t k = 0; k < used.size(); ++k) {
      const GeometryCheck& check = checks[k];
      if (check.valid) continue;
      const std::string name = feature_name(layer, used[k]);
      if (check.empty) {
        features[used[k]] = nullptr;
        findings.add("geometry.zero_area", Severity::warning, name,
                     "nothing is left of the geometry (zero area): " + check.fault);
        continue;
      }
      mended_.push_back(std::make_unique<Geometry>(std::move(checked[k])));
      features[used[k]] = mended_.back().get();
      findings.add(
          "geometry.repaired", Severity::warning, mended_.size() <= 100 ? name : layer.name,
          mended_.size() <= 100 ? check.fault + "; mended by joining what the parts cover, area " +
                                      number_text(check.area_before_m2) + " m2 before, " +
                                      number_text(check.area_after_m2) + " m2 after"
                                : "further geometries were mended in the same way");
    }
  }
  std::vector<std::unique_ptr<Geometry>> mended_;
};

/// A feature near a site, however it was found.
struct Near {
  std::size_t feature = PlaneNear::npos;
  double distance_m = kNan;
  PlaneNear::Meeting meeting = PlaneNear::Meeting::edges;
};

/// What one constraint is asked about a site: who is near, and who is nearest.
class Question {
 public:
  Question(const Ready& ready, const Geometry& site) : ready_(ready) {
    if (ready.plane)
      plane_ = ready.plane->probe(site);
    else
      probe_ = ready.index->probe(site);
  }
  [[nodiscard]] std::vector<Near> within(double distance_m) const {
    std::vector<Near> out;
    if (ready_.plane) {
      for (const PlaneNear::Hit& hit : ready_.plane->within(plane_, distance_m))
        out.push_back({hit.feature, hit.distance_m, hit.meeting});
    } else {
      for (const NearHit& hit : ready_.index->within(probe_, distance_m))
        out.push_back({hit.feature, hit.distance_m, PlaneNear::Meeting::edges});
    }
    return out;
  }
  [[nodiscard]] Near nearest() const {
    if (ready_.plane) {
      const PlaneNear::Hit hit = ready_.plane->nearest(plane_);
      return {hit.feature, hit.distance_m, hit.meeting};
    }
    const NearHit hit = ready_.index->nearest(probe_);
    return {hit.feature, hit.distance_m, PlaneNear::Meeting::edges};
  }

 private:
  const Ready& ready_;
  PlaneNear::Probe plane_;
  NearIndex::Probe probe_;
};

/// No outline on the ground is longer: a degree is at most 111.7 km, and a projection that makes
/// lengths a tenth of what they are is used by nobody.
double longest_outline_m(const Geometry& g, const Crs& crs) {
  double units = 0.0;
  const auto add = [&](const Path& ring) {
    for (std::size_t i = 1; i < ring.size(); ++i)
      units += std::abs(ring[i].x - ring[i - 1].x) + std::abs(ring[i].y - ring[i - 1].y);
  };
  for (const Polygon& polygon : g.polygons) {
    add(polygon.shell);
    for (const Path& hole : polygon.holes) add(hole);
  }
  if (crs.is_geographic()) return units * crs.radians_per_unit * 6.4e6;
  return units * crs.metres_per_unit * (crs.is_local() ? 1.0 : 10.0);
}

bool thinner_than(const Geometry& g, double area_m2, double width_m, const Crs& crs, Edges edges) {
  if (area_m2 <= 0.0) return true;
  if (2.0 * area_m2 >= width_m * longest_outline_m(g, crs)) return false;
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
      SiteConstraint& result = out.constraints[k];
      std::vector<PlaneNear::Meeting> meetings;
      distances(Question(*ready[k], site), *ready[k], result, meetings);
      const bool is_hard = ready[k]->layer.hard;
      if (!areal) {
        result.overlap_pct = result.touched.empty() ? 0.0 : 100.0;
        out.excluded |= is_hard && !result.touched.empty();
        continue;
      }
      Geometry covered = overlaps(planar_site, *ready[k], meetings, out.area_m2, result);
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
  void distances(const Question& question, const Ready& ready, SiteConstraint& out,
                 std::vector<PlaneNear::Meeting>& meetings) const {
    for (Near hit : question.within(ready.widest_m + kTouch)) {
      if (hit.distance_m < kTouch) hit.distance_m = 0.0;
      if (!(hit.distance_m <= setback_of_feature(ready.layer, hit.feature) + kTouch)) continue;
      out.touched.push_back({hit.feature, 0.0, hit.distance_m, false, {}});
      meetings.push_back(hit.meeting);
      if (!(out.nearest_m <= hit.distance_m)) {
        out.nearest_m = hit.distance_m;
        out.nearest = hit.feature;
      }
    }
    const bool one_setback = ready.layer.setback_m.size() == 1;
    if (!options_.nearest ||
        (out.nearest != SiteConstraint::none && (one_setback || out.nearest_m == 0.0)))
      return;
    const Near hit = question.nearest();
    if (hit.feature == PlaneNear::npos) return;
    out.nearest = hit.feature;
    out.nearest_m = hit.distance_m < kTouch ? 0.0 : hit.distance_m;
  }

  /// The part of the site within one feature's setback.
  [[nodiscard]] Geometry covered_by(const Geometry& planar_site, const Geometry& feature,
                                    double setback, PlaneNear::Meeting meeting) const {
    if (feature.kind == GeometryKind::polygon && meeting == PlaneNear::Meeting::holds)
      return planar_site;
    if (setback == 0.0) {
      if (feature.kind != GeometryKind::polygon) return {};
      if (meeting == PlaneNear::Meeting::held_by) return feature;
      if (options_.edges == Edges::straight) return intersection(planar_site, feature);
    }
    std::vector<Geometry> near;
    for (Geometry& part : plane_.parts_near(feature, setback, planar_site)) {
      Geometry inside = intersection(planar_site, part);
      if (!inside.empty()) near.push_back(std::move(inside));
    }
    if (near.empty()) return {};
    return near.size() == 1 ? std::move(near.front()) : unite(near);
  }

  /// Fills the overlaps; returns the site's part within the setbacks.
  Geometry overlaps(const Geometry& planar_site, const Ready& ready,
                    const std::vector<PlaneNear::Meeting>& meetings, double area,
                    SiteConstraint& out) const {
    std::vector<Geometry> pieces;
    bool whole = false;
    for (std::size_t k = 0; k < out.touched.size(); ++k) {
      TouchedFeature& touched = out.touched[k];
      const Geometry& feature = *ready.features[touched.feature];
      Geometry covered = covered_by(planar_site, feature,
                                    setback_of_feature(ready.layer, touched.feature), meetings[k]);
      if (covered.empty()) continue;
      touched.overlap_m2 = std::min(area, plane_.area_m2(covered));
      touched.sliver = thinner_than(covered, touched.overlap_m2, options_.sliver_width_m,
                                    inputs_.crs, options_.edges);
      whole |= feature.kind == GeometryKind::polygon && meetings[k] == PlaneNear::Meeting::holds;
      if (options_.pair_geometry) touched.overlap = covered;
      pieces.push_back(std::move(covered));
    }
    if (pieces.empty()) return {};
    Geometry covered = whole                ? planar_site
                       : pieces.size() == 1 ? std::move(pieces.front())
                                            : unite(pieces);
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
      out.net = excluded == planar_site ? nothing_left() : difference(planar_site, excluded);
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

  static Geometry nothing_left() {
    Geometry out;
    out.kind = GeometryKind::polygon;
    return out;
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
  std::vector<Box> boxes;
  Box all_sites;
  for (const Geometry& site : inputs.sites) {
    boxes.push_back(site.empty() ? Box{} : box_of(site));
    if (!site.empty()) all_sites.add(boxes.back());
  }
  const SpatialIndex near_sites(std::move(boxes));
  std::vector<std::unique_ptr<Ready>> ready;
  for (std::size_t k = 0; k < inputs.constraints.size(); ++k) {
    progress.update(0.3 * static_cast<double>(k) / static_cast<double>(inputs.constraints.size()),
                    inputs.constraints[k].name);
    ready.push_back(std::make_unique<Ready>(inputs, inputs.constraints[k], options, near_sites,
                                            all_sites, out.findings));
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
  for (const std::size_t i : distinct.of) {
    out.sites.push_back(once[i]);
    out.sites.back().same_as = distinct.first[i];
  }
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
