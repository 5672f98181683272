#include "libgeo/environment/buffer.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/buffer_check.h"
#include "libgeo/environment/buffer_worker.h"
#include "libgeo/geometry/dissolve.h"

namespace lode {
namespace {

constexpr double kFarthest = 5.0e6;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kProbes =
    10000;  ///< places of a layer (two probes each), at least two a buffer

std::string id_of(const BufferInputs& inputs, std::size_t i) {
  return i < inputs.ids.size() ? inputs.ids[i] : "feature " + std::to_string(i + 1);
}

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

Geometry buffer_job(const BufferInputs& inputs, const BufferOptions& options,
                    const BufferWorker& worker, const Job& job, double ring_m, int finer,
                    const Progress& stop) {
  // Members of one distance are merged together; several distances only when they are attributes.
  std::map<double, std::vector<std::size_t>> by_distance;
  for (const std::size_t i : job.members) {
    const double d = std::isnan(ring_m) ? distance_of(inputs, i) : ring_m;
    if (!std::isnan(d)) by_distance[d].push_back(i);
  }
  std::vector<Geometry> parts;
  for (const auto& [distance, members] : by_distance) {
    std::vector<std::size_t> rest = members;
    if (options.dissolve && members.size() > 1) {
      std::vector<const Geometry*> thin;
      rest.clear();
      for (const std::size_t i : members) {
        const bool area = inputs.geometry[i].kind == GeometryKind::polygon;
        if (area) rest.push_back(i);
        if (!area && !inputs.geometry[i].empty()) thin.push_back(&inputs.geometry[i]);
      }
      auto outline = worker.buffer_together(thin, distance, finer, options.jobs, stop);
      if (outline) parts.push_back(std::move(*outline));
      if (!outline) rest = members;
    }
    const std::vector<Geometry> pieces = pieces_of(inputs, options, rest);
    const std::size_t first = parts.size();
    parts.resize(first + pieces.size());
    parallel_blocks(
        pieces.size(), 8, pieces.size() > 1 ? options.jobs : 1,
        [&, d = distance](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i)
            parts[first + i] = worker.buffer(pieces[i], d, finer);
        },
        pieces.size() > 1 ? stop : Progress());
  }
  if (parts.size() == 1) return parts.front();
  // Cluster by cluster: one union of everything looks at every buffer from every other.
  std::vector<const Geometry*> pointers;
  for (const Geometry& part : parts) pointers.push_back(&part);
  Geometry out;
  out.kind = GeometryKind::polygon;
  for (Geometry& ground : dissolve(pointers, options.jobs, stop))
    out.polygons.insert(out.polygons.end(), std::make_move_iterator(ground.polygons.begin()),
                        std::make_move_iterator(ground.polygons.end()));
  return out;
}

void check_distances(const BufferInputs& inputs, const BufferOptions& options, Findings& findings) {
  const bool polygons_only = options.side == SetbackSide::out || options.side == SetbackSide::in;
  const bool lines_only = options.side == SetbackSide::left || options.side == SetbackSide::right;
  for (std::size_t i = 0; i < inputs.geometry.size(); ++i) {
    const Geometry& g = inputs.geometry[i];
    if (g.empty()) continue;
    Geometry vertices = g;
    for_each_vertex(vertices, [&](Point& p) {
      if (!std::isfinite(p.x) || !std::isfinite(p.y))
        throw Error("geometry.bad_coordinate", "a vertex has no usable place", id_of(inputs, i),
                    "Mend or remove the feature.");
    });
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

/// A setback that the check did not pass.
struct Missed {
  std::size_t source = 0;
  double error_m = 0.0;
  double allowed_m = 0.0;
  bool holds_input = true;
  bool area_fits = true;
};

/// What one job came to.
struct Made {
  std::vector<BufferFeature> features;
  std::size_t probes = 0;
  std::vector<Missed> missed;
};

/// With as many decimals as two figures need, at least millimetres.
std::string length_text(double length_m) {
  const int figures = length_m > 0.0 ? 2 - static_cast<int>(std::floor(std::log10(length_m))) : 3;
  return fixed_text(length_m, std::clamp(figures, 3, 15)) + " m";
}

/// The setbacks of one feature or group, ring by ring, each checked and rebuilt where it is off.
class Maker {
 public:
  Maker(const BufferInputs& inputs, const BufferOptions& options, const BufferWorker& worker,
        std::size_t jobs, const Progress& stop)
      : inputs_(inputs),
        options_(options),
        worker_(worker),
        stop_(stop),
        most_(std::max<std::size_t>(2, kProbes / std::max<std::size_t>(1, jobs))) {}

  void make(const Job& job, const std::vector<double>& rings, Made& out) const {
    Geometry inner;
    double inner_m = 0.0;
    std::unique_ptr<NearIndex> index;
    for (const double ring : rings) {
      BufferFeature feature;
      feature.source = job.members.front();
      feature.members = job.members.size();
      feature.group = job.group;
      feature.distance_m = std::isnan(ring) ? distance_of(inputs_, feature.source) : ring;
      const bool inwards = feature.distance_m < 0.0 || options_.side == SetbackSide::in;
      Geometry whole = checked(job, ring, inwards, index, feature, out);
      if (!std::isnan(ring)) {
        feature.inner_m = inner_m;
        inner_m = ring;
        if (!inner.empty()) {
          const Geometry part = inwards ? difference(inner, whole) : difference(whole, inner);
          feature.geometry = worker_.to_crs(part, 0.1 * tolerance_for(ring, options_));
          feature.area_m2 = worker_.area(feature.geometry);
        }
        inner = std::move(whole);
      }
      out.features.push_back(std::move(feature));
    }
  }

 private:
  /// Fills the feature's geometry and error; returns it in degrees.
  Geometry checked(const Job& job, double ring, bool inwards, std::unique_ptr<NearIndex>& index,
                   BufferFeature& feature, Made& out) const {
    const double tolerance = tolerance_for(feature.distance_m, options_);
    bool one_distance = !std::isnan(feature.distance_m) && feature.distance_m != 0.0;
    for (const std::size_t i : job.members)
      one_distance &= !std::isnan(ring) || distance_of(inputs_, i) == feature.distance_m;
    Geometry whole;
    Missed missed;
    for (int finer = 0; finer <= BufferWorker::kExact; ++finer) {
      whole = buffer_job(inputs_, options_, worker_, job, ring, finer, stop_);
      feature.geometry = worker_.to_crs(whole, 0.1 * tolerance);
      feature.area_m2 = worker_.area(feature.geometry);
      if (!one_distance || feature.geometry.empty()) return whole;
      const auto features = judged_features(inputs_, job.members, inwards);
      if (!index)
        index = std::make_unique<NearIndex>(features, inputs_.crs, options_.edges, options_.jobs,
                                            features.size() > 1 ? stop_ : Progress());
      BufferCheck check =
          check_buffer(feature.geometry, *index, features, std::abs(feature.distance_m), inwards,
                       options_, inputs_.crs, most_, stop_);
      if (options_.side == SetbackSide::both || inwards) {
        const AreaBounds bounds =
            area_bounds(inputs_, job.members, std::abs(feature.distance_m), inwards, options_);
        const double area = feature.area_m2;
        const bool round = options_.cap == Cap::round;  // square ends reach farther
        check.area_fits =
            area >= bounds.least_m2 * (round ? 1.0 : 0.0) && (!round || area <= bounds.most_m2);
      }
      out.probes += check.probes;
      feature.max_radius_error_m = check.probes > 0 ? check.worst_m : kNan;
      if (check.passes(tolerance)) return whole;
      missed = {feature.source, check.worst_m, tolerance, check.holds_input, check.area_fits};
    }
    out.missed.push_back(missed);
    return whole;
  }

  const BufferInputs& inputs_;
  const BufferOptions& options_;
  const BufferWorker& worker_;
  Progress stop_;  ///< hears a request to stop within a group
  std::size_t most_;
};

/// Puts the jobs' results together in their order.
void gather(const BufferInputs& inputs, std::vector<Made>& made, Buffers& out) {
  std::size_t empty = 0;
  for (Made& one : made) {
    out.probes += one.probes;
    for (const Missed& missed : one.missed)
      out.findings.add("buffer.tolerance_missed", Severity::warning, id_of(inputs, missed.source),
                       !missed.area_fits ? "the setback's area is not one that its feature can have"
                       : missed.holds_input
                           ? "the setback line is off by up to " + length_text(missed.error_m) +
                                 " where " + length_text(missed.allowed_m) + " were allowed"
                           : "the setback does not hold the whole feature");
    for (BufferFeature& feature : one.features) {
      if (!std::isnan(feature.max_radius_error_m) &&
          !(out.max_radius_error_m >= feature.max_radius_error_m))
        out.max_radius_error_m = feature.max_radius_error_m;
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
  const BufferWorker worker(crs, options);
  return worker.to_crs(worker.buffer(geometry, distance_m, 0),
                       0.1 * tolerance_for(distance_m, options));
}

Buffers geodesic_buffers(const BufferInputs& inputs, const BufferOptions& options,
                         const Progress& progress) {
  check(inputs, options);
  Buffers out;
  check_distances(inputs, options, out.findings);
  const BufferWorker worker(inputs.crs, options);
  for (const double d : inputs.distance_m) worker.check_reach(d);
  for (const double d : options.rings_m) worker.check_reach(d);
  const std::vector<Job> jobs = jobs_of(inputs, options);
  std::vector<double> rings = options.rings_m;
  if (rings.empty()) rings.push_back(kNan);
  const Maker maker(inputs, options, worker, jobs.size(), progress.part(0.0, 0.0));
  std::vector<Made> made(jobs.size());
  // Groups are parallel inside, single features side by side.
  parallel_blocks(
      jobs.size(), options.dissolve ? std::max<std::size_t>(1, jobs.size()) : 8, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t j = begin; j < end; ++j) maker.make(jobs[j], rings, made[j]);
      },
      progress);
  gather(inputs, made, out);
  return out;
}

}  // namespace lode
