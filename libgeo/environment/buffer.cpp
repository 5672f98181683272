#include "libgeo/environment/buffer.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/near_ground.h"
#include "libgeo/environment/near_index.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

constexpr double kFarthest = 5.0e6;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string id_of(const BufferInputs& inputs, std::size_t i) {
  return i < inputs.ids.size() ? inputs.ids[i] : "feature " + std::to_string(i + 1);
}

double tolerance_for(double distance_m, const BufferOptions& options) {
  return std::isnan(options.tolerance_m) ? options.tolerance * distance_m
                                         : std::min(options.tolerance_m, 0.1 * distance_m);
}

/// Edges of rings that only close a cut at the antimeridian or over a pole bound nothing.
bool is_seam(Point a, Point b) {
  return (std::abs(a.x) == 180.0 && a.x == b.x) || (std::abs(a.y) == 90.0 && a.y == b.y);
}

bool touches_both_seams(const Geometry& g) {
  bool west = false, east = false;
  for (const Polygon& polygon : g.polygons)
    for (const Point& p : polygon.shell) west |= p.x == -180.0, east |= p.x == 180.0;
  return west && east;
}

/// Lines along which a feature is bounded, longitude running on.
std::vector<Path> boundary_of(const Geometry& g) {
  std::vector<Path> out = g.lines;
  const bool seams = touches_both_seams(g);
  const auto ring = [&](const Path& path) {
    if (!seams) {
      out.push_back(path);
      return;
    }
    Path part;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (i > 0 && is_seam(path[i - 1], path[i])) {
        if (part.size() > 1) out.push_back(part);
        part.clear();
      }
      part.push_back(path[i]);
    }
    if (part.size() > 1) out.push_back(part);
  };
  for (const Polygon& polygon : g.polygons) {
    ring(polygon.shell);
    for (const Path& hole : polygon.holes) ring(hole);
  }
  return out;
}

Geometry empty_polygon() {
  Geometry out;
  out.kind = GeometryKind::polygon;
  return out;
}

/// Puts longitudes of every part near those of the first vertex of the part.
Geometry running(const Geometry& g) {
  Geometry out = g;
  const auto run = [](Path& path) {
    for (std::size_t i = 1; i < path.size(); ++i)
      path[i].x = longitude_near(path[i].x, path[i - 1].x);
  };
  for (Path& line : out.lines) run(line);
  for (Polygon& polygon : out.polygons) {
    run(polygon.shell);
    for (Path& hole : polygon.holes) run(hole);
  }
  return out;
}

/// The whole work for one CRS.
class Worker {
 public:
  Worker(const Crs& crs, const BufferOptions& options) : crs_(crs), options_(options) {
    if (crs.is_local()) return;
    base_ = geodetic_base(crs);
    to_base_ = std::make_unique<Transform>(crs, base_);
    geodesic_ = Geodesic(crs);
  }

  [[nodiscard]] SetbackShape shape_of(double distance_m, int finer) const {
    SetbackShape shape;
    shape.distance_m = std::abs(distance_m);
    shape.tolerance_m = tolerance_for(shape.distance_m, options_);
    shape.conservative = options_.conservative;
    shape.cap = options_.cap;
    shape.finer = finer;
    if (options_.side == SetbackSide::left) shape.side = BufferSide::left;
    if (options_.side == SetbackSide::right) shape.side = BufferSide::right;
    return shape;
  }

  /// In degrees (or grid units of a mine grid), not yet in the CRS.
  [[nodiscard]] Geometry buffer(const Geometry& feature, double distance_m, int finer) const {
    if (feature.empty()) return empty_polygon();
    const bool inwards = distance_m < 0.0 || options_.side == SetbackSide::in;
    const SetbackShape shape = shape_of(distance_m, finer);
    if (crs_.is_local()) return planar(feature, shape, inwards);
    if (shape.distance_m == 0.0)
      return cut_at_antimeridian(to_lonlat(feature, *to_base_, options_.edges));
    const SetbackPlan plan = plan_of(shape);
    EdgeOptions edges;
    edges.tolerance_m = std::min(0.01, 0.1 * plan.working_m);
    edges.longest_m = plan.longest_edge_m;
    edges.for_geodesics = true;
    const Geometry lonlat = to_lonlat(feature, *to_base_, options_.edges, edges);
    const Geometry near = grow(lonlat, shape, plan, inwards);
    if (options_.side != SetbackSide::out || feature.kind != GeometryKind::polygon) return near;
    return difference(near, cut_at_antimeridian(lonlat));
  }

  [[nodiscard]] Geometry to_crs(Geometry degrees, double tolerance_m) const {
    if (crs_.is_local() || crs_ == base_) return degrees;
    return reproject(degrees, Transform(base_, crs_), std::min(tolerance_m, 0.01));
  }

  [[nodiscard]] double area(const Geometry& g) const {
    if (g.empty()) return 0.0;
    return area_m2(g, crs_, crs_.is_local() ? Edges::straight : Edges::straight);
  }

 private:
  [[nodiscard]] Geometry planar(const Geometry& feature, const SetbackShape& shape,
                                bool inwards) const {
    if (shape.distance_m == 0.0) return feature;
    SetbackPlan plan = plan_of(shape);
    if (!shape.conservative) plan.radius_m = shape.distance_m;
    const double units = plan.radius_m / crs_.metres_per_unit;
    const Geometry near =
        planar_buffer(feature, inwards ? -units : units, plan.segments, shape.cap, shape.side);
    if (options_.side != SetbackSide::out || feature.kind != GeometryKind::polygon) return near;
    return difference(near, feature);
  }

  [[nodiscard]] Geometry grow(const Geometry& lonlat, const SetbackShape& shape,
                              const SetbackPlan& plan, bool inwards) const {
    if (lonlat.kind == GeometryKind::point) {
      std::vector<Geometry> circles;
      for (const Point& p : lonlat.points) circles.push_back(ground_near({p}, shape, geodesic_));
      return circles.size() == 1 ? circles.front() : unite(circles);
    }
    const Geometry whole = running(lonlat);
    const bool seams = touches_both_seams(lonlat);
    if (plan.frames && !seams && extent_of(whole).radius_m <= plan.run_m)
      return ground_near_small(whole, shape, inwards, geodesic_);
    std::vector<Geometry> parts;
    for (const Path& path : boundary_of(lonlat.kind == GeometryKind::polygon ? lonlat : whole))
      run_buffers(path, shape, plan, parts);
    Geometry near = unite(parts);
    if (lonlat.kind != GeometryKind::polygon) return near;
    const Geometry own = cut_at_antimeridian(lonlat);
    return inwards ? difference(own, near) : unite(std::vector<Geometry>{own, std::move(near)});
  }

  /// The runs of one line; only its own two ends are capped otherwise than round.
  void run_buffers(const Path& path, const SetbackShape& shape, const SetbackPlan& plan,
                   std::vector<Geometry>& parts) const {
    const std::vector<Path> runs = runs_of(path, plan.run_m);
    for (const Path& run : runs) parts.push_back(ground_near(run, shape, geodesic_));
    if (shape.cap == Cap::round && shape.side == BufferSide::both) return;
    if (shape.side != BufferSide::both) return;
    SetbackShape joint = shape;
    joint.cap = Cap::round;
    for (std::size_t i = 1; i < runs.size(); ++i)
      parts.push_back(ground_near({runs[i].front()}, joint, geodesic_));
  }

  const Crs& crs_;
  const BufferOptions& options_;
  Crs base_;
  std::unique_ptr<Transform> to_base_;
  Geodesic geodesic_;
};

void check(const BufferInputs& inputs, const BufferOptions& options) {
  if (std::isnan(options.tolerance_m) ? !(options.tolerance >= 1e-7 && options.tolerance <= 0.1)
                                      : !(options.tolerance_m > 0.0))
    throw Error("buffer.tolerance", "the tolerance must lie between 1e-5 % and 10 % of the setback",
                {}, "Leave it out for 0.1 %.");
  double before = 0.0;
  for (const double ring : options.rings_m) {
    if (!(ring > before) || ring > kFarthest)
      throw Error("buffer.rings", "rings must have growing distances, up to 5,000 km", {},
                  "Give them from the inside out: --rings '100,200,500 m'.");
    before = ring;
  }
  for (std::size_t i = 0; i < inputs.distance_m.size(); ++i) {
    const double d = inputs.distance_m[i];
    if (std::abs(d) > kFarthest)
      throw Error("buffer.distance_range", "a setback of " + number_text(d) + " m is over 5,000 km",
                  inputs.distance_m.size() > 1 ? id_of(inputs, i) : "",
                  "Check the unit of the distance.");
  }
}

/// One buffer to be made: the members of a group, or one feature.
struct Job {
  std::vector<std::size_t> members;
  std::string group;
};

std::vector<Job> jobs_of(const BufferInputs& inputs, const BufferOptions& options) {
  std::vector<Job> out;
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < inputs.geometry.size(); ++i) {
    const std::string group = inputs.groups.empty() ? std::string() : inputs.groups[i];
    if (!options.dissolve) {
      out.push_back({{i}, group});
      continue;
    }
    const auto [at, fresh] = known.try_emplace(group, out.size());
    if (fresh) out.push_back({{}, group});
    out[at->second].members.push_back(i);
  }
  return out;
}

double distance_of(const BufferInputs& inputs, std::size_t i) {
  if (inputs.distance_m.empty()) return kNan;
  return inputs.distance_m[inputs.distance_m.size() == 1 ? 0 : i];
}

/// Lines of a group and one distance are joined first: rivers come in pieces.
std::vector<Geometry> pieces_of(const BufferInputs& inputs, const BufferOptions& options,
                                const std::vector<std::size_t>& members) {
  std::vector<const Geometry*> lines;
  std::vector<Geometry> out;
  const bool merge = options.dissolve && members.size() > 1 && options.cap == Cap::round &&
                     (options.side == SetbackSide::both || options.side == SetbackSide::out);
  for (const std::size_t i : members) {
    if (merge && inputs.geometry[i].kind == GeometryKind::line) {
      lines.push_back(&inputs.geometry[i]);
    } else {
      out.push_back(inputs.geometry[i]);
    }
  }
  if (lines.empty()) return out;
  const Geometry merged = merge_lines(lines);
  for (const Path& line : merged.lines) {
    Geometry one;
    one.kind = GeometryKind::line;
    one.lines.push_back(line);
    out.push_back(std::move(one));
  }
  return out;
}

Geometry buffer_job(const BufferInputs& inputs, const BufferOptions& options, const Worker& worker,
                    const Job& job, double ring_m, int finer) {
  // Members of one distance are merged together; several distances only when they are attributes.
  std::map<double, std::vector<std::size_t>> by_distance;
  for (const std::size_t i : job.members) {
    const double d = std::isnan(ring_m) ? distance_of(inputs, i) : ring_m;
    if (!std::isnan(d)) by_distance[d].push_back(i);
  }
  std::vector<Geometry> parts;
  for (const auto& [distance, members] : by_distance) {
    const std::vector<Geometry> pieces = pieces_of(inputs, options, members);
    const std::size_t first = parts.size();
    parts.resize(first + pieces.size());
    parallel_blocks(pieces.size(), 8, pieces.size() > 1 ? options.jobs : 1,
                    [&, d = distance](std::size_t begin, std::size_t end, std::size_t) {
                      for (std::size_t i = begin; i < end; ++i)
                        parts[first + i] = worker.buffer(pieces[i], d, finer);
                    });
  }
  if (parts.size() == 1) return parts.front();
  Geometry out = unite(parts);
  out.kind = GeometryKind::polygon;
  return out;
}

void check_distances(const BufferInputs& inputs, const BufferOptions& options, Findings& findings) {
  const bool polygons_only = options.side == SetbackSide::out || options.side == SetbackSide::in;
  const bool lines_only = options.side == SetbackSide::left || options.side == SetbackSide::right;
  for (std::size_t i = 0; i < inputs.geometry.size(); ++i) {
    const Geometry& g = inputs.geometry[i];
    if (g.empty()) continue;
    const double d = options.rings_m.empty() ? distance_of(inputs, i) : options.rings_m.front();
    if (d < 0.0 && g.kind != GeometryKind::polygon)
      throw Error("buffer.negative_distance",
                  "a setback of " + number_text(d) + " m has no meaning for a " +
                      std::string(to_text(g.kind)),
                  id_of(inputs, i), "Inward setbacks are for polygons.");
    if (polygons_only && g.kind != GeometryKind::polygon)
      throw Error("buffer.side", "only polygons have an inside and an outside", id_of(inputs, i),
                  "Use --side both, or left or right for lines.");
    if (lines_only && g.kind != GeometryKind::line)
      throw Error("buffer.side", "only lines have a left and a right side", id_of(inputs, i),
                  "Use --side both, or in or out for polygons.");
    if (std::isnan(d))
      findings.add("buffer.no_distance", Severity::warning, id_of(inputs, i),
                   "the feature has no setback distance and got no buffer");
  }
}

/// Largest error of the distance along the boundary of one buffer.
struct Probed {
  double worst_m = 0.0;
  std::size_t probes = 0;
};

Probed probe_boundary(const BufferFeature& buffer, const NearIndex& index, double wanted_m,
                      const BufferOptions& options, const Crs& crs, std::size_t most) {
  Probed out;
  std::size_t vertices = 0;
  for (const Polygon& polygon : buffer.geometry.polygons) {
    vertices += polygon.shell.size();
    for (const Path& hole : polygon.holes) vertices += hole.size();
  }
  const std::size_t stride = std::max<std::size_t>(1, vertices / std::max<std::size_t>(1, most));
  std::size_t count = 0;
  const bool degrees = crs.is_geographic();
  const auto ring = [&](const Path& path) {
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (count++ % stride != 0) continue;
      if (degrees && is_seam(path[i - 1], path[i])) continue;
      if (degrees && (std::abs(path[i].x) == 180.0 || std::abs(path[i].y) == 90.0)) continue;
      const Point middle{0.5 * (path[i - 1].x + path[i].x), 0.5 * (path[i - 1].y + path[i].y)};
      for (const Point& place : {path[i], middle}) {
        const double d = index.nearest(index.probe(point_geometry(place.x, place.y))).distance_m;
        double error = std::abs(d - wanted_m);
        // Places on flat ends and along the line itself are nearer by intent.
        const bool open = options.cap == Cap::flat || options.side == SetbackSide::left ||
                          options.side == SetbackSide::right || options.side == SetbackSide::out;
        if (open) error = std::max(0.0, d - wanted_m);
        if (options.cap == Cap::square) error = 0.0;
        out.worst_m = std::max(out.worst_m, error);
        ++out.probes;
      }
    }
  };
  for (const Polygon& polygon : buffer.geometry.polygons) {
    ring(polygon.shell);
    for (const Path& hole : polygon.holes) ring(hole);
  }
  return out;
}

/// What the distances of a buffer are measured from: its members, or their boundaries when inwards.
std::vector<Geometry> judged(const BufferInputs& inputs, const std::vector<std::size_t>& members,
                             bool inwards) {
  std::vector<Geometry> out;
  for (const std::size_t i : members) {
    Geometry g = inputs.geometry[i];
    if (inwards && g.kind == GeometryKind::polygon) {
      Geometry lines;
      lines.kind = GeometryKind::line;
      lines.lines = boundary_of(g);
      g = std::move(lines);
    }
    out.push_back(std::move(g));
  }
  return out;
}

}  // namespace

SetbackSide parse_side(const std::string& text) {
  const std::string side = lower(trim(text));
  if (side == "both") return SetbackSide::both;
  if (side == "left") return SetbackSide::left;
  if (side == "right") return SetbackSide::right;
  if (side == "out") return SetbackSide::out;
  if (side == "in") return SetbackSide::in;
  throw Error("buffer.side", "no side '" + text + "'", {},
              suggestion(text, {"both", "left", "right", "out", "in"}));
}

Geometry setback_of(const Geometry& geometry, const Crs& crs, double distance_m,
                    const BufferOptions& options) {
  const Worker worker(crs, options);
  return worker.to_crs(worker.buffer(geometry, distance_m, 0),
                       0.1 * tolerance_for(std::abs(distance_m), options));
}

Buffers geodesic_buffers(const BufferInputs& inputs, const BufferOptions& options,
                         const Progress& progress) {
  check(inputs, options);
  Buffers out;
  check_distances(inputs, options, out.findings);
  const Worker worker(inputs.crs, options);
  const std::vector<Job> jobs = jobs_of(inputs, options);
  std::vector<double> rings = options.rings_m;
  if (rings.empty()) rings.push_back(kNan);
  std::vector<std::vector<BufferFeature>> made(jobs.size());
  std::vector<Probed> probed(jobs.size());
  const std::size_t most = std::max<std::size_t>(4, 20000 / std::max<std::size_t>(1, jobs.size()));
  const auto make = [&](std::size_t j) {
    const Job& job = jobs[j];
    Geometry inner;
    double inner_m = 0.0;
    std::unique_ptr<NearIndex> index;
    for (const double ring : rings) {
      const double distance = std::isnan(ring) ? distance_of(inputs, job.members.front()) : ring;
      const bool inwards = distance < 0.0 || options.side == SetbackSide::in;
      bool one_distance = !std::isnan(distance);
      for (const std::size_t i : job.members)
        one_distance &= !std::isnan(ring) || distance_of(inputs, i) == distance;
      BufferFeature feature;
      feature.source = job.members.front();
      feature.group = job.group;
      feature.distance_m = distance;
      const double tolerance = tolerance_for(std::abs(distance), options);
      Geometry whole;
      Probed best;
      for (int finer = 0; finer < 3; ++finer) {
        whole = buffer_job(inputs, options, worker, job, ring, finer);
        feature.geometry = worker.to_crs(whole, 0.1 * tolerance);
        if (!one_distance || distance == 0.0 || feature.geometry.empty()) break;
        if (!index)
          index = std::make_unique<NearIndex>(judged(inputs, job.members, inwards), inputs.crs,
                                              options.edges, options.jobs);
        best = probe_boundary(feature, *index, std::abs(distance), options, inputs.crs, most);
        if (best.worst_m <= tolerance) break;
      }
      probed[j].worst_m = std::max(probed[j].worst_m, best.worst_m);
      probed[j].probes += best.probes;
      if (best.worst_m > tolerance)
        made[j].push_back({feature.source, "", -best.worst_m, 0, {}, kNan});  // told below
      if (rings.size() > 1 || !std::isnan(ring)) {
        const Geometry previous = inner;
        inner = whole;
        feature.inner_m = inner_m;
        inner_m = std::abs(distance);
        if (!previous.empty())
          feature.geometry = worker.to_crs(
              inwards ? difference(previous, whole) : difference(whole, previous), 0.1 * tolerance);
      }
      feature.area_m2 = worker.area(feature.geometry);
      made[j].push_back(std::move(feature));
    }
  };
  // Few groups are parallel inside, many features side by side.
  parallel_blocks(
      jobs.size(), options.dissolve ? std::max<std::size_t>(1, jobs.size()) : 8, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t j = begin; j < end; ++j) make(j);
      },
      progress);
  double worst = 0.0;
  std::size_t empty = 0;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    worst = std::max(worst, probed[j].worst_m);
    out.probes += probed[j].probes;
    for (BufferFeature& feature : made[j]) {
      if (std::isnan(feature.area_m2)) {
        out.findings.add("buffer.tolerance_missed", Severity::warning,
                         id_of(inputs, feature.source),
                         "the setback line is off by up to " +
                             number_text(std::round(-feature.distance_m * 1e3) / 1e3) + " m");
        continue;
      }
      if (feature.geometry.empty()) {
        ++empty;
        if (!std::isnan(feature.distance_m) && !inputs.geometry[feature.source].empty())
          out.findings.add("buffer.nothing_left", Severity::warning, id_of(inputs, feature.source),
                           "nothing is left of the feature");
      }
      out.features.push_back(std::move(feature));
    }
  }
  if (empty == out.features.size())
    throw Error("buffer.nothing_left", "nothing is left of any feature", {},
                "Check the distance and its sign.");
  if (out.probes > 0) out.max_radius_error_m = worst;
  return out;
}

}  // namespace lode
