#include "libgeo/permits/withdrawn.h"

#include <algorithm>
#include <limits>
#include <map>

#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/permits/ground.h"
#include "libgeo/permits/standing.h"

namespace lode {
namespace {

constexpr const char* kWhat = "overlap with withdrawn or protected ground";

/// A feature of one of the layers, in the plane of the permits.
struct Withdrawn {
  std::size_t layer = 0, feature = 0;
  Geometry ground;
};

class Run {
 public:
  Run(const CoverageInputs& inputs, const Coverage& coverage,
      const std::vector<WithdrawnLayer>& layers, const CoverageOptions& options)
      : inputs_(inputs),
        coverage_(coverage),
        options_(options),
        ground_(inputs.permits.geometry, inputs.crs, options.edges, options.jobs) {
    std::vector<Box> boxes;
    for (std::size_t l = 0; l < layers.size(); ++l)
      for (std::size_t f = 0; f < layers[l].geometry.size(); ++f) {
        if (layers[l].geometry[f].kind != GeometryKind::polygon) continue;
        land_.push_back({l, f, ground_.planar(layers[l].geometry[f])});
        boxes.push_back(box_of(land_.back().ground));
      }
    index_ = SpatialIndex(std::move(boxes));
  }

  [[nodiscard]] bool stands(std::size_t permit) const {
    return coverage_.permits[permit].validity.status != PermitStatus::expired;
  }

  /// Overlaps of one permit's shape with the land; `within` narrows it to a site's ground.
  std::vector<WithdrawnOverlap> of(const Geometry& ground, const std::string& where,
                                   Findings& findings) const {
    std::vector<WithdrawnOverlap> out;
    if (ground.kind != GeometryKind::polygon || ground.empty()) return out;
    for (const std::size_t w : index_.query(box_of(ground))) {
      const auto both = told(try_intersection(ground, land_[w].ground), kWhat, where, findings);
      if (!both) {
        out.push_back(
            {0, land_[w].layer, land_[w].feature, std::numeric_limits<double>::quiet_NaN(), false});
        continue;
      }
      const double area = ground_.area_m2(*both);
      if (!(area > 0.0)) continue;
      out.push_back({0, land_[w].layer, land_[w].feature, area,
                     ground_.width_m(*both, area) < options_.sliver_width_m});
    }
    return out;
  }

  void permits(WithdrawnResult& out, const Progress& progress) const {
    const std::size_t n = inputs_.permits.geometry.size();
    std::vector<std::vector<WithdrawnOverlap>> by_shape(ground_.shapes());
    std::vector<double> once(ground_.shapes(), 0.0);
    std::vector<std::string> name(ground_.shapes());
    for (std::size_t p = n; p-- > 0;) name[ground_.shape_of(p)] = permit_id(inputs_.permits.ids, p);
    std::vector<Findings> said(ground_.shapes());
    parallel_blocks(
        by_shape.size(), 16, options_.jobs,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          const OverlayStop stop(progress);
          for (std::size_t s = begin; s < end; ++s) {
            progress.check();
            by_shape[s] = of(ground_.shape_list()[s], name[s], said[s]);
            once[s] = by_shape[s].empty() ? 0.0 : ground_.area_m2(shared(s, name[s], said[s]));
          }
        },
        progress);
    for (const Findings& own : said) out.findings.add(own);
    out.permits.resize(n);
    out.permit_m2.assign(n, 0.0);
    std::vector<bool> valid(ground_.shapes(), false);
    for (std::size_t p = 0; p < n; ++p) {
      if (!stands(p)) continue;
      const std::size_t s = ground_.shape_of(p);
      out.permits[p] = by_shape[s];
      for (WithdrawnOverlap& overlap : out.permits[p]) overlap.permit = p;
      out.permit_m2[p] = once[s];
      if (coverage_.permits[p].validity.status != PermitStatus::valid || by_shape[s].empty())
        continue;
      valid[s] = true;
      out.findings.add("permits.valid_on_withdrawn", Severity::warning, "permits",
                       "a valid permit reaches into withdrawn or protected ground (first: " +
                           permit_id(inputs_.permits.ids, p) + ")");
    }
    out.valid_m2 = dissolved(valid, progress, out.findings);
  }

  std::vector<WithdrawnOverlap> site(std::size_t site, const WithdrawnResult& whole,
                                     Findings& findings) const {
    std::vector<WithdrawnOverlap> out;
    const Geometry planar = ground_.planar(inputs_.sites[site]);
    std::map<std::size_t, std::vector<WithdrawnOverlap>> by_shape;  // stacked permits share it
    for (const CoveringPermit& covering : coverage_.sites[site].permits) {
      const std::size_t permit = covering.permit;
      if (whole.permits[permit].empty()) continue;  // ended, or clear of such land
      const auto [at, fresh] = by_shape.try_emplace(ground_.shape_of(permit));
      if (fresh) at->second = here(planar, site, permit, whole, findings);
      for (WithdrawnOverlap overlap : at->second) {
        overlap.permit = permit;
        out.push_back(overlap);
      }
    }
    return out;
  }

 private:
  std::vector<WithdrawnOverlap> here(const Geometry& planar, std::size_t site, std::size_t permit,
                                     const WithdrawnResult& whole, Findings& findings) const {
    const std::string where = permit_id(inputs_.ids, site);
    Geometry own;  // ground of the permit on the site
    if (planar.kind != GeometryKind::point) {
      auto both = told(try_intersection(planar, ground_.shape(permit)), "overlap with a permit",
                       where, findings);
      if (both) own = std::move(*both);
    }
    if (planar.kind == GeometryKind::polygon) return of(own, where, findings);
    std::vector<WithdrawnOverlap> out;
    for (WithdrawnOverlap overlap : whole.permits[permit]) {
      const Geometry& land = ground_of(overlap);
      if (planar.kind == GeometryKind::point) {
        if (std::none_of(planar.points.begin(), planar.points.end(), [&](const Point& place) {
              return covers(ground_.shape(permit), place) && covers(land, place);
            }))
          continue;
      } else {
        if (!intersects(own, land)) continue;
        overlap.area_m2 = 0.0;
        overlap.sliver = false;
      }
      out.push_back(overlap);
    }
    return out;
  }

  [[nodiscard]] const Geometry& ground_of(const WithdrawnOverlap& overlap) const {
    return std::find_if(land_.begin(), land_.end(),
                        [&](const Withdrawn& w) {
                          return w.layer == overlap.layer && w.feature == overlap.feature;
                        })
        ->ground;
  }

  /// Ground of a shape inside the land, counted once.
  [[nodiscard]] Geometry shared(std::size_t s, const std::string& where, Findings& findings) const {
    const Geometry& shape = ground_.shape_list()[s];
    std::vector<Geometry> parts;
    for (const std::size_t w : index_.query(box_of(shape))) {
      auto both = told(try_intersection(shape, land_[w].ground), kWhat, where, findings);
      if (both && both->kind == GeometryKind::polygon && !both->empty())
        parts.push_back(std::move(*both));
    }
    if (parts.size() == 1) return std::move(parts.front());
    std::vector<const Geometry*> all;
    for (const Geometry& part : parts) all.push_back(&part);
    return united(all, kWhat, where, findings);
  }

  double dissolved(const std::vector<bool>& valid, const Progress& progress,
                   Findings& findings) const {
    Findings said_before;
    std::vector<Geometry> parts;
    for (std::size_t s = 0; s < valid.size(); ++s)
      if (valid[s]) parts.push_back(shared(s, {}, said_before));
    std::vector<const Geometry*> all;
    for (const Geometry& part : parts) all.push_back(&part);
    Sum sum;
    for (const Geometry& ground : dissolve(all, options_.jobs, progress, &findings))
      sum += ground_.area_m2(ground);
    return sum.value();
  }

  const CoverageInputs& inputs_;
  const Coverage& coverage_;
  const CoverageOptions& options_;
  PermitGround ground_;
  std::vector<Withdrawn> land_;
  SpatialIndex index_;
};

}  // namespace

WithdrawnResult withdrawn_overlaps(const CoverageInputs& inputs, const Coverage& coverage,
                                   const std::vector<WithdrawnLayer>& layers,
                                   const CoverageOptions& options, const Progress& progress) {
  WithdrawnResult out;
  const Run run(inputs, coverage, layers, options);
  run.permits(out, progress.part(0.0, 0.6));
  out.sites.resize(inputs.sites.size());
  std::vector<Findings> said(inputs.sites.size());
  parallel_blocks(
      out.sites.size(), 16, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t i = begin; i < end; ++i) {
          progress.check();
          out.sites[i] = run.site(i, out, said[i]);
        }
      },
      progress.part(0.6, 1.0));
  for (const Findings& own : said) out.findings.add(own);
  return out;
}

}  // namespace lode
