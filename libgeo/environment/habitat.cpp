#include "libgeo/environment/habitat.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/habitat_network.h"
#include "libgeo/environment/local_setback.h"
#include "libgeo/environment/near_index.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {

namespace {

// Pieces below this share of their patch are what rounding leaves along an edge.
constexpr double kSliver = 1e-9;

struct Patch {
  Geometry ground;  ///< planar form, one polygon
  double area_m2 = 0.0;
};

Geometry one_polygon(Polygon polygon) {
  Geometry g;
  g.kind = GeometryKind::polygon;
  g.polygons.push_back(std::move(polygon));
  return g;
}

/// Connected pieces of the habitat, in the order of their first features.
std::vector<Patch> patches_of(const HabitatInputs& inputs, const SetbackPlane& plane, int jobs,
                              Findings& findings, const Progress& progress) {
  std::vector<Geometry> planar(inputs.patches.size());
  parallel_blocks(
      planar.size(), 64, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          if (inputs.patches[i].kind == GeometryKind::polygon)
            planar[i] = plane.planar(inputs.patches[i]);
      },
      progress.part(0.0, 0.5));
  std::vector<const Geometry*> ground;
  std::size_t none = 0;
  for (const Geometry& g : planar) {
    if (g.empty()) ++none;
    if (!g.empty()) ground.push_back(&g);
  }
  if (none > 0)
    findings.add("habitat.no_patch", Severity::warning, "patches",
                 "a feature of the habitat has no polygon and was left out", none);
  std::vector<Patch> patches;
  for (Geometry& cluster : dissolve(ground, jobs, progress.part(0.5, 1.0)))
    for (Polygon& polygon : cluster.polygons)
      patches.push_back({one_polygon(std::move(polygon)), 0.0});
  parallel_blocks(patches.size(), 64, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) patches[i].area_m2 = plane.area_m2(patches[i].ground);
  });
  return patches;
}

/// Distances are asked with straight edges: the planar forms follow the edges of the input.
class Connectivity {
 public:
  Connectivity(const HabitatInputs& inputs, const HabitatOptions& options,
               const SetbackPlane& plane, std::vector<Patch> patches, const Progress& progress)
      : crs_(inputs.crs),
        plane_(plane),
        balls_({}, inputs.crs, Edges::straight, 1),
        patches_(std::move(patches)),
        index_(boxes(patches_)),
        network_(pieces(options.jobs), reach_of(options), options.jobs, progress) {
    Sum sum;
    for (const Patch& patch : patches_) sum += patch.area_m2;
    habitat_m2_ = sum.value();
  }

  [[nodiscard]] double habitat_m2() const { return habitat_m2_; }
  [[nodiscard]] std::size_t nodes() const { return patches_.size(); }
  [[nodiscard]] std::size_t link_count() const { return network_.links(); }

  [[nodiscard]] HabitatLoss loss_by(const Geometry& site) const {
    HabitatLoss out;
    const double before = network_.connected();
    out.connected_area_before_m2 = out.connected_area_after_m2 = std::sqrt(before);
    if (site.kind != GeometryKind::polygon) return out;
    HabitatChange change;
    Sum lost;
    for (const std::size_t k : index_.query(box_of(site))) {
      const Patch& patch = patches_[k];
      const double taken = plane_.area_m2(intersection(patch.ground, site));
      if (!(taken > kSliver * patch.area_m2)) continue;
      change.gone.push_back(static_cast<std::uint32_t>(k));
      lost += taken;
      for (Polygon& polygon : difference(patch.ground, site).polygons) {
        const Geometry left = one_polygon(std::move(polygon));
        const double area = plane_.area_m2(left);
        if (area > kSliver * patch.area_m2) change.parts.push_back(piece_of(left, area));
      }
    }
    if (change.gone.empty()) return out;
    out.patches = change.gone.size();
    out.lost_m2 = lost.value();
    out.lost_pct = 100.0 * out.lost_m2 / habitat_m2_;
    const double after = std::min(before, network_.connected_after(change));
    out.connected_area_after_m2 = std::sqrt(after);
    out.connectivity_loss_pct = before > 0.0 ? 100.0 * (before - after) / before : 0.0;
    return out;
  }

 private:
  static SpatialIndex boxes(const std::vector<Patch>& patches) {
    std::vector<Box> list;
    for (const Patch& patch : patches) list.push_back(box_of(patch.ground));
    return SpatialIndex(std::move(list));
  }
  static HabitatReach reach_of(const HabitatOptions& options) {
    const double most = -std::log(options.least_probability);
    return {std::log(2.0) / options.half_distance_m, most, 2.0 * most};
  }
  [[nodiscard]] HabitatPiece piece_of(const Geometry& ground, double area_m2) const {
    const NearIndex::Probe probe = balls_.probe(ground);
    return {NearestReady(ground, crs_, Edges::straight), probe.centre, probe.radius_m, area_m2};
  }
  [[nodiscard]] std::vector<HabitatPiece> pieces(int jobs) const {
    std::vector<std::vector<HabitatPiece>> blocks((patches_.size() + 63) / 64);
    parallel_blocks(patches_.size(), 64, jobs,
                    [&](std::size_t begin, std::size_t end, std::size_t block) {
                      for (std::size_t i = begin; i < end; ++i)
                        blocks[block].push_back(piece_of(patches_[i].ground, patches_[i].area_m2));
                    });
    std::vector<HabitatPiece> all;
    for (auto& block : blocks)
      for (HabitatPiece& piece : block) all.push_back(std::move(piece));
    return all;
  }

  const Crs& crs_;
  const SetbackPlane& plane_;
  NearIndex balls_;  ///< of nothing: it makes the balls
  std::vector<Patch> patches_;
  SpatialIndex index_;
  HabitatNetwork network_;
  double habitat_m2_ = 0.0;
};

void check(const HabitatOptions& options) {
  if (!(options.half_distance_m > 0.0 && options.half_distance_m <= 5e6))
    throw Error(
        "habitat.half_distance",
        "the distance at which half arrive is " + number_text(options.half_distance_m) + " m",
        "half distance", "It lies above 0 and up to 5,000 km.");
  if (!(options.least_probability > 0.0 && options.least_probability < 1.0))
    throw Error("habitat.least_probability",
                "the least probability is " + number_text(options.least_probability),
                "least probability", "It lies between 0 and 1.");
}

}  // namespace

Habitat habitat_loss(const HabitatInputs& inputs, const HabitatOptions& options,
                     const Progress& progress) {
  check(options);
  Habitat out;
  const SetbackPlane plane(inputs.crs, options.edges, 1e-3,
                           std::numeric_limits<double>::quiet_NaN(), false);
  const Connectivity habitat(
      inputs, options, plane,
      patches_of(inputs, plane, options.jobs, out.findings, progress.part(0.0, 0.1)),
      progress.part(0.1, 0.5));
  if (habitat.nodes() == 0)
    out.findings.add("habitat.no_patch", Severity::warning, "habitat", "there is no habitat");
  out.nodes = habitat.nodes();
  out.links = habitat.link_count();
  out.habitat_m2 = habitat.habitat_m2();
  const Distinct distinct = distinct_of(inputs.sites);
  std::vector<HabitatLoss> once(distinct.first.size());
  parallel_blocks(
      once.size(), 1, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          const Geometry& site = inputs.sites[distinct.first[i]];
          once[i] = habitat.loss_by(site.empty() ? site : plane.planar(site));
        }
      },
      progress.part(0.5, 1.0));
  std::size_t no_ground = 0;
  for (std::size_t i = 0; i < inputs.sites.size(); ++i) {
    out.sites.push_back(once[distinct.of[i]]);
    no_ground += inputs.sites[i].kind != GeometryKind::polygon || inputs.sites[i].empty();
  }
  if (no_ground > 0)
    out.findings.add("habitat.no_ground", Severity::note, "sites",
                     "a site has no ground (a point, a line, or nothing) and takes no habitat",
                     no_ground);
  progress.update(1.0);
  return out;
}

}  // namespace lode
