#include "libgeo/environment/site_screen.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlap_area.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
/// Metres within which an edge and a vertex are left to exact predicates.
constexpr double kNearness = 1e-6;

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

/// True when a box lies inside a polygon for certain: no edge comes near it and a corner is inside.
bool holds_box(const Geometry& polygon, const Box& box) {
  const auto clear = [&](const Path& ring) {
    for (std::size_t i = 1; i < ring.size(); ++i) {
      const Point a = ring[i - 1], b = ring[i];
      if (box.meets(
              {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)}))
        return false;
    }
    return true;
  };
  for (const Polygon& part : polygon.polygons) {
    if (!clear(part.shell)) return false;
    for (const Path& hole : part.holes)
      if (!clear(hole)) return false;
  }
  return covers(polygon, {box.min_x, box.min_y});
}

/// Polygons inside the site and apart from each other leave holes in it.
Geometry with_holes(Geometry site, const std::vector<const Geometry*>& covers) {
  for (const Geometry* cover : covers) {
    Path hole = cover->polygons.front().shell;
    double twice = 0.0;
    for (std::size_t i = 1; i < hole.size(); ++i)
      twice += (hole[i - 1].x - hole[0].x) * (hole[i].y - hole[0].y) -
               (hole[i].x - hole[0].x) * (hole[i - 1].y - hole[0].y);
    if (twice > 0.0) std::reverse(hole.begin(), hole.end());
    for (Polygon& polygon : site.polygons) {
      if (site.polygons.size() > 1) {
        Geometry part;
        part.kind = GeometryKind::polygon;
        part.polygons.push_back(polygon);
        if (!lode::covers(part, hole.front())) continue;
      }
      polygon.holes.push_back(std::move(hole));
      break;
    }
  }
  return site;
}

/// Which boxes meet no other; none of a great many.
std::vector<bool> standing_apart(const std::vector<const Geometry*>& covers) {
  constexpr std::size_t kMost = 256;
  std::vector<bool> out(covers.size(), covers.size() <= kMost);
  if (covers.size() > kMost) return out;
  std::vector<Box> boxes;
  for (const Geometry* cover : covers) boxes.push_back(box_of(*cover));
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (boxes[i].meets(boxes[k])) out[i] = out[k] = false;
  return out;
}

}  // namespace

/// What constraints take of a site. Sites are cut by what covers them as it came: pieces cut out
/// before share lines with the site but for rounding, which is what overlays fail of.
struct SiteScreen::Taken {
  std::vector<FeatureSetback::Part> covers;  ///< features and parts of setbacks
  bool setbacks = false;                     ///< parts of setbacks are among them
  bool keep = false;                         ///< the pieces are wanted
  std::vector<Geometry> pieces;              ///< within the site, one a feature
  bool apart = false;                        ///< no two covers share ground; once settled
  double sum_m2 = 0.0;                       ///< of the pieces
  std::size_t takers = 0;                    ///< features that take something
  bool whole = false;
  bool settled = false;
  double area_m2 = 0.0;  ///< once settled, as is `left`; NaN when it takes that to know it
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
    setbacks |= other.setbacks;
    sum_m2 += other.sum_m2;
    covers.insert(covers.end(), other.covers.begin(), other.covers.end());
    std::move(other.pieces.begin(), other.pieces.end(), std::back_inserter(pieces));
  }
};

/// One feature's part of a site.
struct SiteScreen::Piece {
  double area_m2 = 0.0;  ///< NaN when it could not be computed
  bool sliver = false;
  std::optional<Geometry> geometry;  ///< not made where its area alone was wanted
};

/// The site being screened.
struct SiteScreen::Here {
  const Geometry& planar;
  double area_m2;
  std::string name;
  Findings& findings;
  std::optional<Box> window;  ///< once a setback asks for it

  /// The geometry of an outcome; nothing, and a finding, where there is none.
  std::optional<Geometry> told(OverlayOutcome outcome, const std::string& what) {
    return lode::told(std::move(outcome), what, name, findings);
  }
  [[nodiscard]] Geometry without(Taken& taken);
  [[nodiscard]] Geometry left_of(const std::vector<const Geometry*>& covers, bool setbacks);
};

/// A few features are cheaper taken off one by one than united first.
Geometry SiteScreen::Here::without(Taken& taken) {
  std::vector<const Geometry*> all;
  for (const FeatureSetback::Part& cover : taken.covers) all.push_back(cover.get());
  std::vector<const Geometry*> covers;
  for (const std::size_t i : distinct_of(all).first) covers.push_back(all[i]);
  // Those inside the site and apart from all others are cut out as holes, without an overlay.
  std::vector<const Geometry*> inside, others;
  const std::vector<bool> apart = standing_apart(covers);
  taken.apart = covers.size() == all.size() &&
                std::all_of(apart.begin(), apart.end(), [](bool one) { return one; });
  for (std::size_t i = 0; i < covers.size(); ++i) {
    const bool hole = apart[i] && covers[i]->polygons.size() == 1 &&
                      covers[i]->polygons.front().holes.empty() &&
                      holds_box(planar, box_of(*covers[i]));
    (hole ? inside : others).push_back(covers[i]);
  }
  covers = std::move(others);
  Geometry left = left_of(covers, taken.setbacks);
  return inside.empty() || left.empty() ? left : with_holes(left, inside);
}

Geometry SiteScreen::Here::left_of(const std::vector<const Geometry*>& covers, bool setbacks) {
  if (covers.size() > 1 && (setbacks || covers.size() > 8)) {
    // Where that does not work out they are still taken off one by one.
    const OverlayOutcome united = try_unite(covers);
    if (united.done) {
      OverlayOutcome rest = try_difference(planar, united.geometry);
      if (rest.done) return std::move(rest.geometry);
    }
  }
  Geometry left = planar;
  for (const Geometry* cover : covers) {
    if (left.empty()) break;
    if (auto rest = told(try_difference(left, *cover), "what a constraint leaves of the site"))
      left = std::move(*rest);
  }
  return left;
}

SiteScreen::SiteScreen(const ScreenInputs& inputs, const ScreenOptions& options,
                       const SetbackPlane& plane)
    : inputs_(inputs), options_(options), plane_(plane) {
  const Crs& crs = inputs.crs;
  const bool planar = crs.is_local() || (options.edges == Edges::straight && keeps_areas(crs));
  if (planar) square_m2_ = crs.metres_per_unit * crs.metres_per_unit;
}

void SiteScreen::run(std::size_t site, const std::vector<std::unique_ptr<ReadyConstraint>>& ready,
                     bool keep_pieces, SiteScreening& out, SiteGround& ground) const {
  const Geometry& shape = inputs_.sites[site];
  out.constraints.resize(ready.size());
  if (shape.empty()) return;
  const bool areal = shape.kind == GeometryKind::polygon;
  ground.planar = plane_.planar(shape);
  out.area_m2 = plane_.area_m2(shape);
  Here here{ground.planar, out.area_m2,
            site < inputs_.ids.size() ? inputs_.ids[site] : std::to_string(site + 1),
            ground.findings, std::nullopt};
  Taken hard, review;
  for (std::size_t k = 0; k < ready.size(); ++k) {
    SiteConstraint& result = out.constraints[k];
    std::vector<PlaneNear::Meeting> meetings;
    distances(NearQuestion(*ready[k], shape), *ready[k], result, meetings);
    const bool is_hard = ready[k]->layer.hard;
    if (!areal) {
      result.overlap_pct = result.touched.empty() ? 0.0 : 100.0;
      out.excluded |= is_hard && !result.touched.empty();
      continue;
    }
    Taken taken;
    taken.keep = keep_pieces || options_.pair_geometry;
    overlaps(here, *ready[k], meetings, result, taken);
    settle(here, taken);
    result.overlap_m2 = taken.area_m2;
    result.overlap_pct = out.area_m2 > 0.0 ? 100.0 * taken.area_m2 / out.area_m2 : 0.0;
    (is_hard ? hard : review).add(std::move(taken));
  }
  if (areal) {
    settle(here, hard);
    settle(here, review);
    sum_up(here, hard, review, out);
    ground.excluded = std::move(hard.pieces);
  } else {
    out.excluded_pct = out.excluded ? 100.0 : 0.0;
    if (!out.excluded) out.net = shape;
  }
}

void SiteScreen::distances(const NearQuestion& question, const ReadyConstraint& ready,
                           SiteConstraint& out, std::vector<PlaneNear::Meeting>& meetings) const {
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

SiteScreen::Piece SiteScreen::made(Geometry geometry) const {
  Piece out;
  out.area_m2 = plane_.area_m2(geometry);
  out.sliver =
      thinner_than(geometry, out.area_m2, options_.sliver_width_m, inputs_.crs, options_.edges);
  out.geometry = std::move(geometry);
  return out;
}

/// Where two polygons share enough to be no sliver whatever its shape, and areas are planar.
std::optional<SiteScreen::Piece> SiteScreen::measured(const Geometry& site,
                                                      const Geometry& feature) const {
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
std::optional<SiteScreen::Piece> SiteScreen::take(Here& here, const ReadyConstraint& ready,
                                                  std::size_t feature, PlaneNear::Meeting meeting,
                                                  Taken& out) const {
  const Geometry& shape = *ready.features[feature];
  const double setback = setback_of_feature(ready.layer, feature);
  const bool areal = shape.kind == GeometryKind::polygon;
  if (areal && meeting == PlaneNear::Meeting::holds) {
    out.whole = true;
    Piece whole{here.area_m2, false, std::nullopt};
    if (out.keep) whole.geometry = here.planar;
    return whole;
  }
  if (setback == 0.0 && !areal) return std::nullopt;
  if (setback > 0.0 || options_.edges != Edges::straight)
    return take_setback(here, ready, feature, out);
  const auto cover = [&] { out.covers.emplace_back(FeatureSetback::Part{}, &shape); };
  if (meeting == PlaneNear::Meeting::held_by) {
    cover();
    return made(shape);
  }
  if (!out.keep)
    if (auto piece = measured(here.planar, shape)) {
      cover();
      return piece;
    }
  const auto inside = here.told(try_intersection(here.planar, shape),
                                "overlap with " + feature_name(ready.layer, feature));
  if (inside && inside->empty()) return std::nullopt;
  cover();
  return inside ? made(*inside) : Piece{kNan, false, std::nullopt};
}

std::optional<SiteScreen::Piece> SiteScreen::take_setback(Here& here, const ReadyConstraint& ready,
                                                          std::size_t feature, Taken& out) const {
  const auto what = [&] { return "overlap with " + feature_name(ready.layer, feature); };
  if (!here.window) here.window = plane_.window_of(here.planar);
  const Piece unknown{kNan, false, std::nullopt};
  std::vector<FeatureSetback::Part> parts;
  try {
    parts = ready.setbacks[feature]->near(plane_, *here.window);
  } catch (const Error& error) {
    if (error.code != "geometry.overlay") throw;
    here.told({{}, OverlayRung::grid, false, error.what()}, what());
    return unknown;
  }
  const auto cover = [&](FeatureSetback::Part part) {
    out.setbacks |= part.get() != ready.features[feature];
    out.covers.push_back(std::move(part));
  };
  // A setback that lies within the site is the same piece of every such site.
  if (parts.size() == 1 && holds_box(here.planar, box_of(*parts.front()))) {
    const Geometry& part = *parts.front();
    Piece whole;
    whole.area_m2 = ready.setbacks[feature]->area_m2(plane_, part);
    whole.sliver =
        thinner_than(part, whole.area_m2, options_.sliver_width_m, inputs_.crs, options_.edges);
    if (out.keep) whole.geometry = part;
    cover(std::move(parts.front()));
    return whole;
  }
  if (parts.size() == 1 && !out.keep)
    if (auto piece = measured(here.planar, *parts.front())) {
      cover(std::move(parts.front()));
      return piece;
    }
  std::vector<Geometry> near;
  bool failed = false;
  for (FeatureSetback::Part& part : parts) {
    auto inside = here.told(try_intersection(here.planar, *part), what());
    if (inside && inside->empty()) continue;
    failed |= !inside;
    if (inside) near.push_back(std::move(*inside));
    cover(std::move(part));
  }
  if (failed) return unknown;
  if (near.empty()) return std::nullopt;
  if (near.size() == 1) return made(std::move(near.front()));
  std::vector<const Geometry*> all;
  for (const Geometry& g : near) all.push_back(&g);
  auto both = here.told(try_unite(all), what());
  return both ? made(std::move(*both)) : unknown;
}

/// Fills the overlaps of single features.
void SiteScreen::overlaps(Here& here, const ReadyConstraint& ready,
                          const std::vector<PlaneNear::Meeting>& meetings, SiteConstraint& out,
                          Taken& taken) const {
  for (std::size_t k = 0; k < out.touched.size(); ++k) {
    TouchedFeature& touched = out.touched[k];
    auto piece = take(here, ready, touched.feature, meetings[k], taken);
    if (!piece) continue;
    touched.overlap_m2 = std::isnan(piece->area_m2) ? kNan : std::min(here.area_m2, piece->area_m2);
    touched.sliver = piece->sliver;
    taken.sum_m2 += touched.overlap_m2;
    if (++taken.takers == 1) taken.area_m2 = touched.overlap_m2;
    if (!taken.keep || !piece->geometry) continue;
    if (options_.pair_geometry) touched.overlap = *piece->geometry;
    taken.pieces.push_back(std::move(*piece->geometry));
  }
}

/// What is left of the site, and how much is taken without counting any ground twice.
void SiteScreen::settle(Here& here, Taken& taken) const {
  if (taken.settled || taken.takers == 0) return;
  taken.settled = true;
  taken.apart = false;
  taken.left = {};
  taken.left.kind = GeometryKind::polygon;
  if (!taken.whole) taken.left = here.without(taken);
  if (taken.left.empty()) {
    taken.area_m2 = here.area_m2;
  } else if (taken.takers > 1 && !std::isnan(taken.sum_m2) && taken.apart) {
    taken.area_m2 = std::min(taken.sum_m2, here.area_m2);
  } else if (taken.takers > 1 || std::isnan(taken.area_m2)) {
    taken.area_m2 = std::clamp(here.area_m2 - plane_.area_m2(taken.left), 0.0, here.area_m2);
  }
}

void SiteScreen::sum_up(const Here& here, Taken& hard, const Taken& review,
                        SiteScreening& out) const {
  out.review_m2 = review.area_m2;
  out.excluded_m2 = hard.area_m2;
  out.net = hard.takers == 0 ? here.planar : std::move(hard.left);
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

}  // namespace lode
