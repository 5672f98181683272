#include "libgeo/permits/coverage.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/exchanged.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/permits/conflicts.h"
#include "libgeo/permits/ground.h"
#include "libgeo/permits/standing.h"

namespace lode {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kNear = 10e3;  ///< metres between layers of one district
constexpr const char* kGround = "ground of the site under permits";
constexpr const char* kLeft = "ground of the site without permits";

/// One site against the permits.
class SiteRun {
 public:
  SiteRun(const CoverageInputs& inputs, const CoverageOptions& options, const PermitGround& ground,
          const std::vector<PermitRecord>& records, const Progress& progress)
      : inputs_(inputs),
        options_(options),
        ground_(ground),
        records_(records),
        stop_({}, [progress] { return progress.cancelled(); }) {
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < records.size(); ++i)
      titles_.push_back(known.try_emplace(permit_id(inputs.permits.ids, i), i).first->second);
    for (std::size_t i = 0; options.point_radius_m > 0.0 && i < records.size(); ++i) {
      const Geometry& permit = inputs.permits.geometry[i];
      if (permit.kind != GeometryKind::polygon && !permit.empty())
        without_ground_.emplace_back(i, NearestReady(permit, inputs.crs, options.edges));
    }
  }

  SiteCoverage run(std::size_t index, Findings& findings) const {
    const Geometry& site = inputs_.sites[index];
    const Told say{permit_id(inputs_.ids, index), findings};
    SiteCoverage out;
    if (site.empty()) return out;
    switch (site.kind) {
      case GeometryKind::polygon:
        areal(site, say, out);
        break;
      case GeometryKind::line:
        along(site, say, out);
        break;
      default:
        at_points(site, say, out);
    }
    near_by(site, out);
    finish(out);
    return out;
  }

 private:
  /// Where overlays that fail are said.
  struct Told {
    std::string site;
    Findings& findings;
    [[nodiscard]] std::optional<Geometry> operator()(OverlayOutcome outcome,
                                                     const std::string& what) const {
      return told(std::move(outcome), what, site, findings);
    }
  };
  [[nodiscard]] std::string with(std::size_t permit) const {
    return "overlap with permit " + permit_id(inputs_.permits.ids, permit);
  }

  void at_points(const Geometry& site, const Told& say, SiteCoverage& out) const {
    std::vector<bool> any(site.points.size(), false), in_force(site.points.size(), false);
    for (const std::size_t permit : ground_.near(box_of(site))) {
      const Geometry& shape = ground_.shape(permit);
      bool meets = false;
      for (std::size_t i = 0; i < site.points.size(); ++i) {
        if (!covers(shape, site.points[i])) continue;
        meets = any[i] = true;
        if (is_valid(permit)) in_force[i] = true;
      }
      if (meets) out.permits.push_back({permit, 0.0, 100.0});
    }
    out.inside = std::all_of(any.begin(), any.end(), [](bool b) { return b; });
    const bool all = std::all_of(in_force.begin(), in_force.end(), [](bool b) { return b; });
    out.coverage_pct = out.inside ? 100.0 : 0.0;
    out.valid_coverage_pct = all ? 100.0 : 0.0;
    if (!options_.conflicts) return;
    const auto list =
        parties(out, [&](std::size_t permit) { return std::optional(ground_.shape_of(permit)); });
    if (list.empty()) return;
    list_conflicts(
        list, ground_.overlaps(),
        [&](const ConflictParty& a, const ConflictParty& b) {
          return std::pair(ground_.pair_area_m2(a.permit, b.permit, say.site, say.findings), false);
        },
        out);
  }

  void along(const Geometry& site, const Told& say, SiteCoverage& out) const {
    const Geometry planar = ground_.planar(site);
    const double whole = length_m(planar, ground_.crs, ground_.edges);
    std::vector<const Geometry*> any, in_force;
    for (const std::size_t permit : ground_.near(box_of(planar))) {
      if (ground_.shape(permit).kind != GeometryKind::polygon) continue;
      const auto part = say(try_intersection(planar, ground_.shape(permit)), with(permit));
      if (!part) {
        out.permits.push_back({permit, kNan, kNan});
        continue;
      }
      const double length = length_m(*part, ground_.crs, ground_.edges);
      if (!(length > 0.0)) continue;
      out.permits.push_back({permit, 0.0, whole > 0.0 ? 100.0 * length / whole : 0.0});
      any.push_back(&ground_.shape(permit));
      if (is_valid(permit)) in_force.push_back(&ground_.shape(permit));
    }
    const auto share = [&](const std::vector<const Geometry*>& shapes) {
      if (shapes.empty() || !(whole > 0.0)) return 0.0;
      const Geometry covered = united(shapes, kGround, say.site, say.findings);
      const auto left = say(try_difference(planar, covered), kLeft);
      if (left && left->empty()) return 100.0;
      const auto part = say(try_intersection(planar, covered), kGround);
      if (!part) return kNan;
      return std::min(100.0, 100.0 * length_m(*part, ground_.crs, ground_.edges) / whole);
    };
    out.coverage_pct = share(any);
    out.valid_coverage_pct = share(in_force);
    out.inside = out.coverage_pct >= 100.0;
  }

  void areal(const Geometry& site, const Told& say, SiteCoverage& out) const {
    const Geometry planar = ground_.planar(site);
    out.area_m2 = ground_.area_m2(site);
    std::map<std::size_t, Geometry> parts;  // by shape: stacked permits share one overlap
    std::set<std::size_t> unsolved;         // shapes whose overlap no way was found to
    for (const std::size_t permit : ground_.near(box_of(planar))) {
      const std::size_t shape = ground_.shape_of(permit);
      auto [at, fresh] = parts.try_emplace(shape);
      if (fresh && ground_.shape(permit).kind == GeometryKind::polygon) {
        auto part = say(try_intersection(planar, ground_.shape(permit)), with(permit));
        if (part)
          at->second = std::move(*part);
        else
          unsolved.insert(shape);
      }
      if (unsolved.contains(shape)) out.permits.push_back({permit, kNan, kNan});
      if (at->second.empty()) continue;
      const double area = std::min(out.area_m2, ground_.area_m2(at->second));
      if (!(area > 0.0)) continue;
      out.permits.push_back({permit, area, out.area_m2 > 0.0 ? 100.0 * area / out.area_m2 : 0.0});
    }
    Geometry left, valid_left;
    out.covered_m2 = covered(planar, out, parts, false, say, left);
    const auto in_force = std::count_if(out.permits.begin(), out.permits.end(),
                                        [&](const auto& one) { return is_valid(one.permit); });
    if (in_force == std::ssize(out.permits)) {
      out.valid_m2 = out.covered_m2;
      valid_left = left;
    } else {
      out.valid_m2 = covered(planar, out, parts, true, say, valid_left);
    }
    out.inside = left.empty();
    if (out.area_m2 > 0.0) {
      out.coverage_pct = 100.0 * out.covered_m2 / out.area_m2;
      out.valid_coverage_pct = 100.0 * out.valid_m2 / out.area_m2;
    }
    out.gap_m2 = out.area_m2 - out.valid_m2;
    for (const Polygon& polygon : valid_left.polygons) {
      Geometry part;
      part.kind = GeometryKind::polygon;
      part.polygons.push_back(polygon);
      const double area = ground_.area_m2(part);
      if (ground_.width_m(part, area) < options_.sliver_width_m)
        out.gap_sliver_m2 += area;
      else
        out.only_sliver_gaps = false;
    }
    if (options_.gaps) out.gap = std::move(valid_left);
    if (options_.conflicts) conflicts(parts, say, out);
  }

  /// Permits without ground that lie near by, put among the others in layer order.
  void near_by(const Geometry& site, SiteCoverage& out) const {
    if (without_ground_.empty()) return;
    const NearestReady here(site, inputs_.crs, options_.edges);
    for (const auto& [permit, ready] : without_ground_) {
      const double distance = nearest(here, ready, options_.point_radius_m).distance_m;
      if (distance <= options_.point_radius_m) out.permits.push_back({permit, 0.0, 0.0, distance});
    }
    std::sort(out.permits.begin(), out.permits.end(),
              [](const auto& a, const auto& b) { return a.permit < b.permit; });
  }

  /// Area of the site under permits (valid ones only, or all) and what they leave.
  double covered(const Geometry& planar, const SiteCoverage& out,
                 const std::map<std::size_t, Geometry>& parts, bool valid_only, const Told& say,
                 Geometry& left) const {
    std::vector<const Geometry*> shapes;
    std::vector<bool> seen(ground_.size(), false);
    for (const CoveringPermit& covering : out.permits) {
      if (valid_only && !is_valid(covering.permit)) continue;
      const std::size_t shape = ground_.shape_of(covering.permit);
      if (!seen[shape]) shapes.push_back(&parts.at(shape));
      seen[shape] = true;
    }
    if (shapes.empty()) {
      left = planar;
      return 0.0;
    }
    const Geometry ground =
        shapes.size() == 1 ? *shapes.front() : united(shapes, kGround, say.site, say.findings);
    auto rest = say(try_difference(planar, ground), kLeft);
    left = rest ? std::move(*rest) : planar;
    return left.empty() ? out.area_m2 : std::min(out.area_m2, ground_.area_m2(ground));
  }

  /// Titles that may stand in conflict on a site, their shapes as `place` has them; empty when one
  /// holder alone has a say.
  template <class Place>
  std::vector<ConflictParty> parties(const SiteCoverage& out, Place place) const {
    std::vector<ConflictParty> list;
    bool rivals = false;
    for (const CoveringPermit& covering : out.permits) {
      const PermitRecord& record = records_[covering.permit];
      if (record.holder == 0 || record.validity.status == PermitStatus::expired) continue;
      const std::optional<std::size_t> shape = place(covering.permit);
      if (!shape) continue;
      rivals |= !list.empty() && list.front().holder != record.holder;
      list.push_back(
          {covering.permit, *shape, record.holder, titles_[covering.permit], record.kind});
    }
    if (!rivals) list.clear();
    return list;
  }

  /// Titles of one kind with different known holders, neither of them ended: all counted, the first
  /// ones in layer order listed with the ground they share.
  template <class Shared>
  void list_conflicts(const std::vector<ConflictParty>& parties, const OverlapClasses& classes,
                      Shared shared, SiteCoverage& out) const {
    const Conflicts found(parties, classes);
    out.conflict_count = found.count();
    std::map<std::pair<std::size_t, std::size_t>, std::pair<double, bool>> known;
    for (const auto& [a, b] : found.first(options_.most_conflicts)) {
      const auto [at, fresh] = known.try_emplace(std::minmax(parties[a].shape, parties[b].shape));
      if (fresh) at->second = shared(parties[a], parties[b]);
      out.conflicts.push_back({parties[a].permit, parties[b].permit, at->second.first,
                               parties[a].kind, at->second.second});
    }
  }

  void conflicts(const std::map<std::size_t, Geometry>& parts, const Told& say,
                 SiteCoverage& out) const {
    std::map<std::size_t, std::size_t> place;
    std::vector<const Geometry*> shapes;
    for (const auto& [shape, part] : parts) {
      place[shape] = shapes.size();
      shapes.push_back(&part);
    }
    const auto list = parties(
        out, [&](std::size_t permit) { return std::optional(place.at(ground_.shape_of(permit))); });
    if (list.empty()) return;
    const OverlapClasses classes(shapes, 1, stop_);
    say.findings.add(classes.findings());
    list_conflicts(
        list, classes,
        [&](const ConflictParty& a, const ConflictParty& b) {
          std::optional<Geometry> made;
          if (a.shape != b.shape) {
            made = say(try_intersection(*shapes[a.shape], *shapes[b.shape]), "a conflict");
            if (!made) return std::pair(kNan, false);
          }
          const Geometry& both = made ? *made : *shapes[a.shape];
          const double area = ground_.area_m2(both);
          return std::pair(area, ground_.width_m(both, area) < options_.sliver_width_m);
        },
        out);
  }

  bool is_valid(std::size_t permit) const {
    return records_[permit].validity.status == PermitStatus::valid;
  }

  void finish(SiteCoverage& out) const {
    std::array<bool, 6> has{};
    std::optional<long> first_end, last_past;
    for (const CoveringPermit& covering : out.permits) {
      const Validity& v = records_[covering.permit].validity;
      has[static_cast<std::size_t>(v.status)] = true;
      if (!v.days_to_expiry) continue;
      if (v.status == PermitStatus::valid)
        first_end = first_end ? std::min(*first_end, *v.days_to_expiry) : *v.days_to_expiry;
      if (v.status == PermitStatus::expired || v.status == PermitStatus::renewal_pending)
        last_past = last_past ? std::max(*last_past, *v.days_to_expiry) : *v.days_to_expiry;
    }
    const auto any = [&](PermitStatus s) { return has[static_cast<std::size_t>(s)]; };
    // Judged by the parts that are left, not by the difference of two large areas.
    const bool only_slivers = out.area_m2 > 0.0 && out.valid_m2 > 0.0 && out.only_sliver_gaps;
    if (out.valid_coverage_pct >= 100.0 || only_slivers) {
      out.status = "valid";
    } else if (out.valid_coverage_pct > 0.0 || any(PermitStatus::valid)) {
      out.status = "partial";
    } else if (any(PermitStatus::renewal_pending)) {
      out.status = "renewal_pending";
    } else if (any(PermitStatus::pending)) {
      out.status = "pending";
    } else if (any(PermitStatus::not_yet)) {
      out.status = "not_yet";
    } else if (any(PermitStatus::expired)) {
      out.status = "expired";
    }
    if (any(PermitStatus::valid)) {
      out.days_to_expiry = first_end;
    } else if (out.status == "expired" || out.status == "renewal_pending") {
      out.days_to_expiry = last_past;
    }
  }

  const CoverageInputs& inputs_;
  const CoverageOptions& options_;
  const PermitGround& ground_;
  const std::vector<PermitRecord>& records_;
  Progress stop_;                    ///< without reports
  std::vector<std::size_t> titles_;  ///< first feature of each one's title
  std::vector<std::pair<std::size_t, NearestReady>> without_ground_;
};

/// What is to be said of the sites once all are covered.
void judge_sites(const CoverageInputs& inputs, Coverage& out) {
  for (std::size_t i = 0; i < inputs.sites.size(); ++i) {
    if (inputs.sites[i].empty())
      out.findings.add("permits.site_no_place", Severity::warning, permit_id(inputs.ids, i),
                       "the site has no place");
    bool unknown = false;
    for (const CoveringPermit& covering : out.sites[i].permits)
      unknown |= out.permits[covering.permit].validity.status == PermitStatus::unknown;
    if (unknown && out.sites[i].valid_coverage_pct < 100.0)
      out.findings.add("permits.unknown_not_counted", Severity::warning, "sites",
                       "permits whose standing is unknown were not counted as valid (first: " +
                           permit_id(inputs.ids, i) + ")");
  }
  // More often a wrong CRS, or the register of another region, than ground without any claim.
  const bool met = std::any_of(out.sites.begin(), out.sites.end(),
                               [](const SiteCoverage& site) { return !site.permits.empty(); });
  if (!met && !inputs.sites.empty() && !inputs.permits.geometry.empty())
    out.findings.add("permits.none_met", Severity::warning, "permits",
                     look_exchanged(inputs.permits.geometry, inputs.sites, inputs.crs, kNear)
                         ? "no site meets any permit; the longitudes and latitudes of one of the "
                           "layers look exchanged: with x and y the other way round they meet"
                         : "no site meets any permit; check the CRS and the extent of both layers");
}

}  // namespace

Coverage permit_coverage(const CoverageInputs& inputs, const CoverageOptions& options,
                         const Progress& progress) {
  check_lengths(inputs.permits);
  Coverage out;
  PermitGround ground(inputs.permits.geometry, inputs.crs, options.edges, options.jobs);
  judge_permits(inputs, options, ground, out);
  progress.update(0.2, "permits");
  if (options.overlaps || options.conflicts)
    ground.find_overlaps(options.jobs, progress.part(0.2, 0.4));
  if (options.overlaps || options.conflicts) out.findings.add(ground.overlaps().findings());
  progress.update(0.4, "overlaps");
  Sum sum;
  for (const PermitRecord& record : out.permits) sum += record.area_m2;
  out.summary.sum_m2 = sum.value();
  if (options.overlaps) {
    out.summary.dissolved_m2 =
        ground.dissolved_m2(options.jobs, out.findings, progress.part(0.4, 0.45));
    out.summary.stacked_m2 = std::max(0.0, out.summary.sum_m2 - out.summary.dissolved_m2);
    out.summary.overlapping_pairs = ground.overlapping_pairs();
    out.summary.stacked_permits =
        ground.stacked_permits(options.jobs, out.findings, progress.part(0.45, 0.5));
  }
  compare_recorded(inputs.permits, ground, out);
  if (options.overlaps) explain_sums(out);
  progress.update(0.5, "sites");
  const SiteRun run(inputs, options, ground, out.permits, progress);
  const Distinct distinct = distinct_of(inputs.sites);
  std::vector<SiteCoverage> once(distinct.first.size());
  std::vector<Findings> said(once.size());
  parallel_blocks(
      once.size(), 32, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t i = begin; i < end; ++i) once[i] = run.run(distinct.first[i], said[i]);
      },
      progress.part(0.5, 1.0));
  for (const Findings& own : said) out.findings.add(own);
  for (const std::size_t i : distinct.of) out.sites.push_back(once[i]);
  judge_sites(inputs, out);
  return out;
}

}  // namespace lode
