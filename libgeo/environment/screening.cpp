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
#include "libgeo/environment/ready_constraint.h"
#include "libgeo/environment/site_screen.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/exchanged.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {
namespace {

constexpr double kFarthest = 5.0e6;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

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

/// Ground of some pieces of sites, counted once. Sites that meet no other have it known already.
double dissolved_area(const std::vector<SiteGround>& sites,
                      const std::vector<std::vector<const Geometry*>>& pieces,
                      const std::vector<double>& known_m2, const SetbackPlane& plane, int jobs,
                      const Progress& progress, Findings& findings) {
  std::vector<const Geometry*> all;
  Geometry none;
  for (const SiteGround& site : sites)
    all.push_back(site.planar.kind == GeometryKind::polygon ? &site.planar : &none);
  Sum sum;
  std::vector<const Geometry*> shared;
  for (const std::vector<std::size_t>& cluster : clusters_of(all)) {
    if (cluster.size() == 1) {
      sum += known_m2[cluster.front()];
      continue;
    }
    for (const std::size_t i : cluster)
      shared.insert(shared.end(), pieces[i].begin(), pieces[i].end());
  }
  const std::vector<Geometry> ground = dissolve(shared, jobs, progress, &findings);
  std::vector<double> areas(ground.size());
  parallel_blocks(ground.size(), 64, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) areas[i] = plane.area_m2(ground[i]);
  });
  for (const double a : areas) sum += a;
  return sum.value();
}

/// Which shapes meet others, so that what is taken of them may be the same ground.
std::vector<bool> share_ground(const std::vector<Geometry>& sites,
                               const std::vector<std::size_t>& which, Edges edges) {
  // Bent edges reach out of the boxes of their vertices.
  if (edges != Edges::straight) return std::vector<bool>(which.size(), true);
  std::vector<Box> boxes;
  for (const std::size_t i : which)
    boxes.push_back(sites[i].kind == GeometryKind::polygon ? box_of(sites[i]) : Box{});
  const SpatialIndex index(boxes);
  std::vector<bool> out(which.size());
  for (std::size_t i = 0; i < which.size(); ++i)
    out[i] = !boxes[i].empty() && index.query(boxes[i]).size() > 1;
  return out;
}

/// What is known of the different shapes among the sites.
struct Shapes {
  std::vector<SiteScreening> once;
  std::vector<SiteGround> ground;
};

void dissolved_areas(const Shapes& shapes, const SetbackPlane& plane, int jobs,
                     const Progress& progress, Screening& out) {
  const std::size_t n = shapes.once.size();
  std::vector<std::vector<const Geometry*>> whole(n), gone(n);
  std::vector<double> whole_m2(n), gone_m2(n);
  for (std::size_t i = 0; i < n; ++i) {
    whole[i] = {&shapes.ground[i].planar};
    for (const Geometry& piece : shapes.ground[i].excluded) gone[i].push_back(&piece);
    whole_m2[i] = shapes.once[i].area_m2;
    gone_m2[i] = shapes.once[i].excluded_m2;
  }
  out.summary.sites_dissolved_m2 = dissolved_area(shapes.ground, whole, whole_m2, plane, jobs,
                                                  progress.part(0.0, 0.5), out.findings);
  out.summary.excluded_dissolved_m2 = dissolved_area(shapes.ground, gone, gone_m2, plane, jobs,
                                                     progress.part(0.5, 1.0), out.findings);
  out.summary.net_dissolved_m2 =
      std::max(0.0, out.summary.sites_dissolved_m2 - out.summary.excluded_dissolved_m2);
}

void summarize(const ScreenInputs& inputs, Screening& out) {
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
  for (std::size_t i = 0; i < out.sites.size(); ++i) {
    const double recorded_m2 = i < inputs.recorded_m2.size() ? inputs.recorded_m2[i] : kNan;
    s.over_twice_recorded += out.sites[i].area_m2 > 2.0 * recorded_m2;
    s.stacked_sites += out.sites[i].same_as != i && !inputs.sites[i].empty();
  }
}

std::string percent_more(double large, double small) {
  return fixed_text(large / small, large < 1.1 * small ? 3 : 1) + " times";
}

/// Three areas of one layer of sites disagree for reasons that can be counted.
void say_why_areas_differ(Screening& out) {
  const ScreenSummary& s = out.summary;
  if (s.sites_sum_m2 > s.sites_dissolved_m2 * (1.0 + 1e-6) + 1.0)
    out.findings.add(
        "screen.stacked", Severity::note, {},
        "the sites' areas add up to " + percent_more(s.sites_sum_m2, s.sites_dissolved_m2) +
            " the ground they stand on, because sites lie over one another (" +
            std::to_string(s.stacked_sites) + " have exactly the shape of a site before them); " +
            "sums count such ground each time, dissolved areas count it once");
  if (s.over_twice_recorded > 0)
    out.findings.add("screen.recorded_area", Severity::note, {},
                     std::to_string(s.over_twice_recorded) +
                         " sites are mapped over twice as large as recorded; mapped shapes are "
                         "screened, recorded areas are the register's own figure");
}

/// A constraint that is far from every site is more often in another CRS than of no concern.
void say_far_constraints(const ScreenInputs& inputs, Screening& out) {
  constexpr double kFar = 100e3;
  for (std::size_t k = 0; k < inputs.constraints.size(); ++k) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const SiteScreening& site : out.sites)
      if (site.constraints[k].nearest_m < nearest) nearest = site.constraints[k].nearest_m;
    if (!(nearest > kFar) || std::isinf(nearest)) continue;
    const bool exchanged =
        look_exchanged(inputs.constraints[k].geometry, inputs.sites, inputs.crs, kFar);
    out.findings.add("screen.far_constraint", Severity::warning, inputs.constraints[k].name,
                     "no site lies within 100 km of this constraint, the nearest " +
                         fixed_text(nearest / 1e3, 0) +
                         (exchanged ? " km away; its longitudes and latitudes look exchanged: with "
                                      "x and y the other way round it lies near the sites"
                                    : " km away; check its CRS and its extent"));
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
  SetbackStore store;
  std::vector<std::unique_ptr<ReadyConstraint>> ready;
  for (std::size_t k = 0; k < inputs.constraints.size(); ++k) {
    progress.update(0.3 * static_cast<double>(k) / static_cast<double>(inputs.constraints.size()),
                    inputs.constraints[k].name);
    ready.push_back(std::make_unique<ReadyConstraint>(inputs, inputs.constraints[k], options,
                                                      near_sites, all_sites, store, out.findings));
  }
  const SetbackPlane plane(inputs.crs, options.edges, options.tolerance, options.tolerance_m,
                           options.conservative);
  const SiteScreen screen(inputs, options, plane);
  // Stacked claims share one shape: it is screened once.
  const Distinct distinct = distinct_of(inputs.sites);
  const std::size_t shapes = distinct.first.size();
  const std::vector<bool> shared = share_ground(inputs.sites, distinct.first, options.edges);
  Shapes known{std::vector<SiteScreening>(shapes), std::vector<SiteGround>(shapes)};
  parallel_blocks(
      shapes, 16, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t i = begin; i < end; ++i)
          screen.run(distinct.first[i], ready, shared[i], known.once[i], known.ground[i]);
      },
      progress.part(0.3, 0.9));
  for (const SiteGround& ground : known.ground) out.findings.add(ground.findings);
  for (const std::size_t i : distinct.of) {
    out.sites.push_back(known.once[i]);
    out.sites.back().same_as = distinct.first[i];
  }
  summarize(inputs, out);
  if (options.dissolve) {
    dissolved_areas(known, plane, options.jobs, progress.part(0.9, 1.0), out);
    say_why_areas_differ(out);
  }
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

std::vector<FreePart> free_parts(const Screening& screening, const Crs& crs, Edges edges) {
  std::vector<FreePart> out;
  for (std::size_t i = 0; i < screening.sites.size(); ++i) {
    const std::size_t first = out.size();
    for (const Polygon& polygon : screening.sites[i].net.polygons) {
      FreePart part;
      part.site = i;
      part.geometry.kind = GeometryKind::polygon;
      part.geometry.polygons.push_back(polygon);
      part.area_m2 = area_m2(part.geometry, crs, edges);
      out.push_back(std::move(part));
    }
    std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
                     [](const FreePart& a, const FreePart& b) { return a.area_m2 > b.area_m2; });
    for (std::size_t k = first; k < out.size(); ++k) out[k].rank = k - first + 1;
  }
  return out;
}

}  // namespace lode
