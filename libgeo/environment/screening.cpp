#include "libgeo/environment/screening.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/local_setback.h"
#include "libgeo/environment/ready_constraint.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlap_area.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {
namespace {

constexpr double kFarthest = 5.0e6;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
/// Metres within which an edge and a vertex are left to exact predicates.
constexpr double kNearness = 1e-6;

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

/// No outline on the ground is longer: a degree is at most 111.7 km, a projection that makes
/// lengths a tenth of what they are is used by nobody, and one that keeps areas makes them half of
/// it at most where it is used.
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
  return units * crs.metres_per_unit * (crs.is_local() ? 1.0 : keeps_areas(crs) ? 2.0 : 10.0);
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
      : inputs_(inputs), options_(options), plane_(plane) {
    const Crs& crs = inputs.crs;
    const bool planar = crs.is_local() || (options.edges == Edges::straight && keeps_areas(crs));
    if (planar) square_m2_ = crs.metres_per_unit * crs.metres_per_unit;
  }

  void run(const Geometry& site, const std::vector<std::unique_ptr<ReadyConstraint>>& ready,
           bool keep_pieces, SiteScreening& out, Geometry& planar_site,
           std::vector<Geometry>& excluded) const {
    out.constraints.resize(ready.size());
    if (site.empty()) return;
    const bool areal = site.kind == GeometryKind::polygon;
    planar_site = plane_.planar(site);
    out.area_m2 = plane_.area_m2(site);
    Taken hard, review;
    for (std::size_t k = 0; k < ready.size(); ++k) {
      SiteConstraint& result = out.constraints[k];
      std::vector<PlaneNear::Meeting> meetings;
      distances(NearQuestion(*ready[k], site), *ready[k], result, meetings);
      const bool is_hard = ready[k]->layer.hard;
      if (!areal) {
        result.overlap_pct = result.touched.empty() ? 0.0 : 100.0;
        out.excluded |= is_hard && !result.touched.empty();
        continue;
      }
      Taken taken;
      taken.keep = keep_pieces || options_.pair_geometry;
      overlaps(planar_site, *ready[k], meetings, out.area_m2, result, taken);
      settle(planar_site, out.area_m2, taken);
      result.overlap_m2 = taken.area_m2;
      result.overlap_pct = out.area_m2 > 0.0 ? 100.0 * taken.area_m2 / out.area_m2 : 0.0;
      (is_hard ? hard : review).add(std::move(taken));
    }
    if (areal) {
      settle(planar_site, out.area_m2, hard);
      settle(planar_site, out.area_m2, review);
      sum_up(planar_site, hard, review, out);
      excluded = std::move(hard.pieces);
    } else {
      out.excluded_pct = out.excluded ? 100.0 : 0.0;
      if (!out.excluded) out.net = site;
    }
  }

 private:
  void distances(const NearQuestion& question, const ReadyConstraint& ready, SiteConstraint& out,
                 std::vector<PlaneNear::Meeting>& meetings) const {
    for (Near hit : question.within(ready.widest_m + kTouchM)) {
      if (hit.distance_m < kTouchM) hit.distance_m = 0.0;
      if (!(hit.distance_m <= setback_of_feature(ready.layer, hit.feature) + kTouchM)) continue;
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
    out.nearest_m = hit.distance_m < kTouchM ? 0.0 : hit.distance_m;
  }

  /// What constraints take of a site. Sites are cut by what covers them as it came: pieces cut out
  /// before share lines with the site but for rounding, which is what overlays fail of.
  struct Taken {
    std::vector<const Geometry*> covers;           ///< features and parts of setbacks
    std::vector<std::unique_ptr<Geometry>> parts;  ///< those of the covers made here
    bool keep = false;                             ///< the pieces are wanted
    std::vector<Geometry> pieces;                  ///< within the site, one a feature
    std::size_t takers = 0;                        ///< features that take something
    bool whole = false;
    bool settled = false;
    double area_m2 = 0.0;  ///< once settled, as is `left`
    Geometry left;
    void add(Taken other) {
      if (other.takers == 0) return;
      if (takers == 0) {
        *this = std::move(other);
        return;
      }
      settled = false;
      takers += other.takers;
      whole |= other.whole;
      covers.insert(covers.end(), other.covers.begin(), other.covers.end());
      std::move(other.parts.begin(), other.parts.end(), std::back_inserter(parts));
      std::move(other.pieces.begin(), other.pieces.end(), std::back_inserter(pieces));
    }
  };

  /// One feature's part of a site.
  struct Piece {
    double area_m2 = 0.0;
    bool sliver = false;
    std::optional<Geometry> geometry;  ///< not made where its area alone was wanted
  };

  [[nodiscard]] Piece made(Geometry geometry) const {
    Piece out;
    out.area_m2 = plane_.area_m2(geometry);
    out.sliver =
        thinner_than(geometry, out.area_m2, options_.sliver_width_m, inputs_.crs, options_.edges);
    out.geometry = std::move(geometry);
    return out;
  }

  /// Where two polygons share enough to be no sliver whatever its shape, and areas are planar.
  [[nodiscard]] std::optional<Piece> measured(const Geometry& site, const Geometry& feature) const {
    if (!(square_m2_ > 0.0)) return std::nullopt;
    const auto shared = overlap_area(site, feature, kNearness / std::sqrt(square_m2_));
    if (!shared) return std::nullopt;
    Piece out;
    out.area_m2 = *shared * square_m2_;
    const double outline =
        longest_outline_m(site, inputs_.crs) + longest_outline_m(feature, inputs_.crs);
    if (!(2.0 * out.area_m2 >= options_.sliver_width_m * outline)) return std::nullopt;
    return out;
  }

  /// One feature with its setback against the site; nothing where they only touch.
  std::optional<Piece> take(const Geometry& planar_site, double area, const Geometry& feature,
                            double setback, PlaneNear::Meeting meeting, Taken& out) const {
    const bool areal = feature.kind == GeometryKind::polygon;
    if (areal && meeting == PlaneNear::Meeting::holds) {
      out.whole = true;
      Piece whole{area, false, std::nullopt};
      if (out.keep) whole.geometry = planar_site;
      return whole;
    }
    if (setback == 0.0 && !areal) return std::nullopt;
    if (setback == 0.0 && options_.edges == Edges::straight) {
      out.covers.push_back(&feature);
      if (meeting == PlaneNear::Meeting::held_by) return made(feature);
      if (!out.keep)
        if (auto piece = measured(planar_site, feature)) return piece;
      Geometry inside = intersection(planar_site, feature);
      if (!inside.empty()) return made(std::move(inside));
      out.covers.pop_back();
      return std::nullopt;
    }
    std::vector<Geometry> near;
    for (Geometry& part : plane_.parts_near(feature, setback, planar_site)) {
      Geometry inside = intersection(planar_site, part);
      if (inside.empty()) continue;
      near.push_back(std::move(inside));
      out.parts.push_back(std::make_unique<Geometry>(std::move(part)));
      out.covers.push_back(out.parts.back().get());
    }
    if (near.empty()) return std::nullopt;
    return made(near.size() == 1 ? std::move(near.front()) : unite(near));
  }

  /// Fills the overlaps of single features.
  void overlaps(const Geometry& planar_site, const ReadyConstraint& ready,
                const std::vector<PlaneNear::Meeting>& meetings, double area, SiteConstraint& out,
                Taken& taken) const {
    for (std::size_t k = 0; k < out.touched.size(); ++k) {
      TouchedFeature& touched = out.touched[k];
      auto piece = take(planar_site, area, *ready.features[touched.feature],
                        setback_of_feature(ready.layer, touched.feature), meetings[k], taken);
      if (!piece) continue;
      touched.overlap_m2 = std::min(area, piece->area_m2);
      touched.sliver = piece->sliver;
      if (++taken.takers == 1) taken.area_m2 = touched.overlap_m2;
      if (!taken.keep) continue;
      if (options_.pair_geometry) touched.overlap = *piece->geometry;
      taken.pieces.push_back(std::move(*piece->geometry));
    }
  }

  /// What is left of the site, and how much is taken without counting any ground twice.
  void settle(const Geometry& planar_site, double area, Taken& taken) const {
    if (taken.settled || taken.takers == 0) return;
    taken.settled = true;
    taken.left.kind = GeometryKind::polygon;
    if (!taken.whole) taken.left = without(planar_site, taken);
    if (taken.left.empty()) {
      taken.area_m2 = area;
    } else if (taken.takers > 1) {
      taken.area_m2 = std::clamp(area - plane_.area_m2(taken.left), 0.0, area);
    }
  }

  /// A few features are cheaper taken off one by one than united first.
  static Geometry without(const Geometry& site, const Taken& taken) {
    std::vector<const Geometry*> covers;
    for (const std::size_t i : distinct_of(taken.covers).first) covers.push_back(taken.covers[i]);
    if (covers.size() > 1 && (!taken.parts.empty() || covers.size() > 8))
      return difference(site, unite(covers));
    Geometry left = site;
    for (const Geometry* cover : covers)
      if (!left.empty()) left = difference(left, *cover);
    return left;
  }

  void sum_up(const Geometry& planar_site, Taken& hard, const Taken& review,
              SiteScreening& out) const {
    out.review_m2 = review.area_m2;
    out.excluded_m2 = hard.area_m2;
    out.net = hard.takers == 0 ? planar_site : std::move(hard.left);
    out.net_m2 = out.area_m2 - out.excluded_m2;
    out.excluded = out.net.empty();
    out.excluded_pct = out.area_m2 > 0.0 ? 100.0 * out.excluded_m2 / out.area_m2 : 0.0;
    out.free_parts = out.net.polygons.size();
    if (out.free_parts == 1) {
      out.largest_free_m2 = out.net_m2;
      return;
    }
    for (const Polygon& polygon : out.net.polygons) {
      Geometry part;
      part.kind = GeometryKind::polygon;
      part.polygons.push_back(polygon);
      out.largest_free_m2 = std::max(out.largest_free_m2, plane_.area_m2(part));
    }
  }

  const ScreenInputs& inputs_;
  const ScreenOptions& options_;
  const SetbackPlane& plane_;
  double square_m2_ = 0.0;  ///< of a unit of the plane squared; 0 = areas are not planar
};

/// Ground of some pieces of sites, counted once. Sites that meet no other have it known already.
double dissolved_area(const std::vector<Geometry>& sites,
                      const std::vector<std::vector<const Geometry*>>& pieces,
                      const std::vector<double>& known_m2, const SetbackPlane& plane, int jobs) {
  std::vector<const Geometry*> all;
  Geometry none;
  for (const Geometry& site : sites)
    all.push_back(site.kind == GeometryKind::polygon ? &site : &none);
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
  const std::vector<Geometry> ground = dissolve(shared, jobs);
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
  std::vector<Geometry> planar;
  std::vector<std::vector<Geometry>> excluded;  ///< pieces that hard constraints take
};

void dissolved_areas(const Shapes& shapes, const SetbackPlane& plane, int jobs,
                     ScreenSummary& out) {
  const std::size_t n = shapes.once.size();
  std::vector<std::vector<const Geometry*>> whole(n), gone(n);
  std::vector<double> whole_m2(n), gone_m2(n);
  for (std::size_t i = 0; i < n; ++i) {
    whole[i] = {&shapes.planar[i]};
    for (const Geometry& piece : shapes.excluded[i]) gone[i].push_back(&piece);
    whole_m2[i] = shapes.once[i].area_m2;
    gone_m2[i] = shapes.once[i].excluded_m2;
  }
  out.sites_dissolved_m2 = dissolved_area(shapes.planar, whole, whole_m2, plane, jobs);
  out.excluded_dissolved_m2 = dissolved_area(shapes.planar, gone, gone_m2, plane, jobs);
  out.net_dissolved_m2 = std::max(0.0, out.sites_dissolved_m2 - out.excluded_dissolved_m2);
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
  std::vector<std::unique_ptr<ReadyConstraint>> ready;
  for (std::size_t k = 0; k < inputs.constraints.size(); ++k) {
    progress.update(0.3 * static_cast<double>(k) / static_cast<double>(inputs.constraints.size()),
                    inputs.constraints[k].name);
    ready.push_back(std::make_unique<ReadyConstraint>(inputs, inputs.constraints[k], options,
                                                      near_sites, all_sites, out.findings));
  }
  const SetbackPlane plane(inputs.crs, options.edges, options.tolerance, options.tolerance_m,
                           options.conservative);
  const SiteScreen screen(inputs, options, plane);
  // Stacked claims share one shape: it is screened once.
  const Distinct distinct = distinct_of(inputs.sites);
  const std::size_t shapes = distinct.first.size();
  const std::vector<bool> shared = share_ground(inputs.sites, distinct.first, options.edges);
  Shapes known{std::vector<SiteScreening>(shapes), std::vector<Geometry>(shapes),
               std::vector<std::vector<Geometry>>(shapes)};
  parallel_blocks(
      shapes, 16, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          screen.run(inputs.sites[distinct.first[i]], ready, shared[i], known.once[i],
                     known.planar[i], known.excluded[i]);
      },
      progress.part(0.3, 0.9));
  for (const std::size_t i : distinct.of) {
    out.sites.push_back(known.once[i]);
    out.sites.back().same_as = distinct.first[i];
  }
  summarize(inputs, out);
  if (options.dissolve) {
    dissolved_areas(known, plane, options.jobs, out.summary);
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
