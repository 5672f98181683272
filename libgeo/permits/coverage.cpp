#include "libgeo/permits/coverage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/permits/ground.h"

namespace lode {
namespace {

bool has_word(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

void check(const PermitInputs& permits) {
  const std::size_t n = permits.geometry.size();
  const auto fits = [&](std::size_t size, bool may_lack) {
    return size == n || (may_lack && size == 0);
  };
  if (!fits(permits.cells.size(), false) || !fits(permits.ids.size(), true) ||
      !fits(permits.holders.size(), true) || !fits(permits.types.size(), true) ||
      !fits(permits.recorded_m2.size(), true))
    throw Error("permits.length", "columns and features of the permits differ in number", {},
                "Give every column one value for each feature.");
}

std::string id_of(const std::vector<std::string>& ids, std::size_t i) {
  return i < ids.size() ? ids[i] : std::to_string(i + 1);
}

/// One site against the permits.
class SiteRun {
 public:
  SiteRun(const CoverageInputs& inputs, const CoverageOptions& options, const PermitGround& ground,
          const std::vector<PermitRecord>& records)
      : inputs_(inputs), options_(options), ground_(ground), records_(records) {}

  SiteCoverage run(const Geometry& site) const {
    SiteCoverage out;
    if (site.empty()) return out;
    switch (site.kind) {
      case GeometryKind::polygon:
        areal(site, out);
        break;
      case GeometryKind::line:
        along(site, out);
        break;
      default:
        at_points(site, out);
    }
    finish(out);
    return out;
  }

 private:
  void at_points(const Geometry& site, SiteCoverage& out) const {
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
    find_conflicts(out, [&](std::size_t a, std::size_t b) {
      return Shared{ground_.pair_area_m2(a, b), false};
    });
  }

  void along(const Geometry& site, SiteCoverage& out) const {
    const Geometry planar = ground_.planar(site);
    const double whole = length_m(planar, ground_.crs, ground_.edges);
    std::vector<const Geometry*> any, in_force;
    for (const std::size_t permit : ground_.near(box_of(planar))) {
      const Geometry part = intersection(planar, ground_.shape(permit));
      const double length = length_m(part, ground_.crs, ground_.edges);
      if (!(length > 0.0)) continue;
      out.permits.push_back({permit, 0.0, whole > 0.0 ? 100.0 * length / whole : 0.0});
      any.push_back(&ground_.shape(permit));
      if (is_valid(permit)) in_force.push_back(&ground_.shape(permit));
    }
    const auto share = [&](const std::vector<const Geometry*>& shapes) {
      if (shapes.empty() || !(whole > 0.0)) return 0.0;
      const Geometry covered = unite(shapes);
      if (difference(planar, covered).empty()) return 100.0;
      const Geometry part = intersection(planar, covered);
      return std::min(100.0, 100.0 * length_m(part, ground_.crs, ground_.edges) / whole);
    };
    out.coverage_pct = share(any);
    out.valid_coverage_pct = share(in_force);
    out.inside = out.coverage_pct >= 100.0;
  }

  void areal(const Geometry& site, SiteCoverage& out) const {
    const Geometry planar = ground_.planar(site);
    out.area_m2 = ground_.area_m2(site);
    std::map<std::size_t, Geometry> parts;  // by shape: stacked permits share one overlap
    for (const std::size_t permit : ground_.near(box_of(planar))) {
      const std::size_t shape = ground_.shape_of(permit);
      auto [at, fresh] = parts.try_emplace(shape);
      if (fresh && ground_.shape(permit).kind == GeometryKind::polygon)
        at->second = intersection(planar, ground_.shape(permit));
      if (at->second.empty()) continue;
      const double area = std::min(out.area_m2, ground_.area_m2(at->second));
      if (!(area > 0.0)) continue;
      out.permits.push_back({permit, area, out.area_m2 > 0.0 ? 100.0 * area / out.area_m2 : 0.0});
    }
    Geometry left, valid_left;
    out.covered_m2 = covered(planar, out, parts, false, left);
    out.valid_m2 = covered(planar, out, parts, true, valid_left);
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
    if (options_.conflicts) conflicts(parts, out);
  }

  /// Area of the site under permits (valid ones only, or all) and what they leave.
  double covered(const Geometry& planar, const SiteCoverage& out,
                 const std::map<std::size_t, Geometry>& parts, bool valid_only,
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
    const Geometry ground = shapes.size() == 1 ? *shapes.front() : unite(shapes);
    left = difference(planar, ground);
    return left.empty() ? out.area_m2 : std::min(out.area_m2, ground_.area_m2(ground));
  }

  void conflicts(const std::map<std::size_t, Geometry>& parts, SiteCoverage& out) const {
    find_conflicts(out, [&](std::size_t a, std::size_t b) {
      const std::size_t sa = ground_.shape_of(a), sb = ground_.shape_of(b);
      const Geometry both = sa == sb ? parts.at(sa) : intersection(parts.at(sa), parts.at(sb));
      const double area = ground_.area_m2(both);
      if (!(area > 0.0)) return std::optional<Shared>();
      return std::optional<Shared>({area, ground_.width_m(both, area) < options_.sliver_width_m});
    });
  }

  /// Ground that two permits share.
  struct Shared {
    double area_m2 = 0.0;
    bool sliver = false;
  };

  /// Permits of one shape, holder and kind that have not ended: all conflict with the same others.
  /// A hundred thousand claims stacked on one place make five billion pairs but few such groups.
  struct Alike {
    std::string holder;
    PermitKind kind = PermitKind::mineral;
    std::vector<std::size_t> permits;  ///< in layer order
  };

  std::vector<Alike> alike(const SiteCoverage& out) const {
    const auto& holders = inputs_.permits.holders;
    std::map<std::tuple<std::size_t, std::string, PermitKind>, std::vector<std::size_t>> groups;
    for (const CoveringPermit& covering : out.permits) {
      const PermitRecord& record = records_[covering.permit];
      if (holders.empty() || record.validity.status == PermitStatus::expired) continue;
      const std::string holder = lower(trim(holders[covering.permit]));
      if (holder.empty()) continue;
      groups[{ground_.shape_of(covering.permit), holder, record.kind}].push_back(covering.permit);
    }
    std::vector<Alike> list;
    for (auto& [key, permits] : groups)
      list.push_back({std::get<1>(key), std::get<2>(key), std::move(permits)});
    return list;
  }

  bool one_title(std::size_t a, std::size_t b) const {
    return id_of(inputs_.permits.ids, a) == id_of(inputs_.permits.ids, b);
  }

  /// Pairs of two groups but for those of one title.
  std::size_t pairs_between(const Alike& a, const Alike& b) const {
    if (a.permits.size() == 1 && b.permits.size() == 1)
      return one_title(a.permits[0], b.permits[0]) ? 0 : 1;
    std::map<std::string, std::size_t> titles;
    for (const std::size_t p : a.permits) ++titles[id_of(inputs_.permits.ids, p)];
    std::size_t pairs = a.permits.size() * b.permits.size();
    for (const std::size_t p : b.permits) {
      const auto same = titles.find(id_of(inputs_.permits.ids, p));
      if (same != titles.end()) pairs -= same->second;
    }
    return pairs;
  }

  /// Titles of one kind with different known holders, neither of them ended, counted by groups;
  /// the first ones in layer order are listed.
  template <class SharedOf>
  void find_conflicts(SiteCoverage& out, SharedOf shared_of) const {
    struct Against {
      std::size_t group;
      Shared shared;
    };
    const std::vector<Alike> groups = alike(out);
    std::vector<std::vector<Against>> against(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i)
      for (std::size_t j = i + 1; j < groups.size(); ++j) {
        if (groups[i].kind != groups[j].kind || groups[i].holder == groups[j].holder) continue;
        const std::optional<Shared> shared =
            shared_of(groups[i].permits.front(), groups[j].permits.front());
        const std::size_t pairs = shared ? pairs_between(groups[i], groups[j]) : 0;
        if (pairs == 0) continue;
        out.conflict_count += pairs;
        against[i].push_back({j, *shared});
        against[j].push_back({i, *shared});
      }
    if (out.conflict_count == 0) return;
    std::vector<std::pair<std::size_t, std::size_t>> in_order;  // permit, its group
    for (std::size_t g = 0; g < groups.size(); ++g)
      for (const std::size_t permit : groups[g].permits) in_order.emplace_back(permit, g);
    std::sort(in_order.begin(), in_order.end());
    for (const auto& [a, g] : in_order) {
      if (out.conflicts.size() >= options_.most_conflicts) return;
      std::vector<PermitConflict> found;
      for (const Against& other : against[g]) {
        const auto& permits = groups[other.group].permits;
        for (auto b = std::upper_bound(permits.begin(), permits.end(), a); b != permits.end(); ++b)
          if (!one_title(a, *b))
            found.push_back({a, *b, other.shared.area_m2, groups[g].kind, other.shared.sliver});
      }
      std::sort(found.begin(), found.end(), [](const auto& x, const auto& y) { return x.b < y.b; });
      found.resize(std::min(found.size(), options_.most_conflicts - out.conflicts.size()));
      out.conflicts.insert(out.conflicts.end(), found.begin(), found.end());
    }
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
};

/// Parts of one title are added, mapped and recorded, before they are compared.
void compare_recorded(const PermitInputs& permits, Coverage& out) {
  std::map<std::string, std::size_t> known;
  std::vector<std::string> seen;
  std::map<std::string, bool> titles;
  Sum recorded;
  for (std::size_t i = 0; i < permits.geometry.size(); ++i) {
    const std::string id = id_of(permits.ids, i);
    titles[id] = true;
    if (permits.recorded_m2.empty() || std::isnan(permits.recorded_m2[i])) continue;
    const auto [at, fresh] = known.try_emplace(id, out.recorded.size());
    if (fresh) out.recorded.push_back({id, 0.0, 0.0});
    out.recorded[at->second].recorded_m2 += permits.recorded_m2[i];
    recorded += permits.recorded_m2[i];
  }
  for (std::size_t i = 0; i < permits.geometry.size(); ++i) {
    const auto at = known.find(id_of(permits.ids, i));
    if (at != known.end()) out.recorded[at->second].mapped_m2 += out.permits[i].area_m2;
  }
  out.summary.titles = titles.size();
  if (out.recorded.empty()) return;
  out.summary.recorded_m2 = recorded.value();
  for (const RecordedTitle& title : out.recorded)
    if (title.mapped_m2 > 2.0 * title.recorded_m2) {
      ++out.summary.mapped_over_twice_recorded;
      out.findings.add("permits.mapped_over_recorded", Severity::warning, "permits",
                       "a title is mapped over twice its recorded area (first: " + title.id + ")");
    } else if (title.recorded_m2 > 2.0 * title.mapped_m2 && title.mapped_m2 > 0.0) {
      out.findings.add("permits.recorded_over_mapped", Severity::warning, "permits",
                       "a title is recorded over twice its mapped area (first: " + title.id + ")");
    }
}

void judge_all(const CoverageInputs& inputs, const CoverageOptions& options,
               const PermitGround& ground, Coverage& out) {
  const PermitInputs& permits = inputs.permits;
  // Findings are told once a kind, with the first permit named, not once a permit.
  std::map<std::string, Finding> told;
  std::vector<std::string> order;
  for (std::size_t i = 0; i < permits.geometry.size(); ++i) {
    Findings own;
    PermitRecord record;
    record.validity = judge_permit(permits.cells[i], options.validity, id_of(permits.ids, i), own);
    if (i < permits.types.size()) record.kind = permit_kind(permits.types[i]);
    record.area_m2 = ground.shape_area_m2(i);
    out.permits.push_back(std::move(record));
    for (const Finding& finding : own.list()) {
      const auto [at, fresh] = told.try_emplace(finding.code, finding);
      if (fresh) {
        order.push_back(finding.code);
      } else {
        ++at->second.count;
      }
    }
    if (permits.geometry[i].kind != GeometryKind::polygon) {
      const auto [at, fresh] = told.try_emplace(
          "permits.no_area", Finding{"permits.no_area", Severity::warning, id_of(permits.ids, i), 1,
                                     "the permit has no polygon and covers nothing"});
      if (fresh) {
        order.push_back("permits.no_area");
      } else {
        ++at->second.count;
      }
    }
  }
  for (const std::string& code : order) out.findings.add(told.at(code));
}

}  // namespace

std::string_view to_text(PermitKind kind) {
  switch (kind) {
    case PermitKind::mineral:
      return "mineral";
    case PermitKind::surface:
      return "surface";
    case PermitKind::permit:
      break;
  }
  return "permit";
}

PermitKind permit_kind(std::string_view type) {
  const std::string text = lower(type);
  if (has_word(text, {"surface", "grazing", "right of way", "right-of-way", "easement", "timber",
                      "pasture", "land use", "mill site", "millsite"}))
    return PermitKind::surface;
  if (has_word(text, {"claim", "lode", "placer", "mineral", "mining l", "exploration", "tenement",
                      "concession", "coal", "prospecting", "retention", "tenure"}))
    return PermitKind::mineral;
  if (has_word(text, {"permit", "water", "air", "discharge", "nepa", "plan of operation",
                      "environmental", "notice", "consent", "operating", "operation"}))
    return PermitKind::permit;
  return PermitKind::mineral;
}

Coverage permit_coverage(const CoverageInputs& inputs, const CoverageOptions& options,
                         const Progress& progress) {
  check(inputs.permits);
  Coverage out;
  PermitGround ground(inputs.permits.geometry, inputs.crs, options.edges, options.jobs);
  judge_all(inputs, options, ground, out);
  progress.update(0.2, "permits");
  if (options.overlaps || options.conflicts)
    ground.measure_pairs(options.jobs, progress.part(0.2, 0.4));
  progress.update(0.4, "overlaps");
  Sum sum;
  for (const PermitRecord& record : out.permits) sum += record.area_m2;
  out.summary.sum_m2 = sum.value();
  if (options.overlaps) {
    out.summary.dissolved_m2 = ground.dissolved_m2(options.jobs);
    out.summary.stacked_m2 = std::max(0.0, out.summary.sum_m2 - out.summary.dissolved_m2);
    out.summary.overlapping_pairs = ground.overlapping_pairs();
    out.summary.stacked_permits = ground.stacked_permits();
  }
  compare_recorded(inputs.permits, out);
  progress.update(0.5, "sites");
  const SiteRun run(inputs, options, ground, out.permits);
  const Distinct distinct = distinct_of(inputs.sites);
  std::vector<SiteCoverage> once(distinct.first.size());
  parallel_blocks(
      once.size(), 32, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          once[i] = run.run(inputs.sites[distinct.first[i]]);
      },
      progress.part(0.5, 1.0));
  for (const std::size_t i : distinct.of) out.sites.push_back(once[i]);
  for (std::size_t i = 0; i < inputs.sites.size(); ++i) {
    if (inputs.sites[i].empty())
      out.findings.add("permits.site_no_place", Severity::warning, id_of(inputs.ids, i),
                       "the site has no place");
    bool unknown = false;
    for (const CoveringPermit& covering : out.sites[i].permits)
      unknown |= out.permits[covering.permit].validity.status == PermitStatus::unknown;
    if (unknown && out.sites[i].valid_coverage_pct < 100.0)
      out.findings.add("permits.unknown_not_counted", Severity::warning, "sites",
                       "permits whose standing is unknown were not counted as valid (first: " +
                           id_of(inputs.ids, i) + ")");
  }
  // More often a wrong CRS, or the register of another region, than ground without any claim.
  const bool met = std::any_of(out.sites.begin(), out.sites.end(),
                               [](const SiteCoverage& site) { return !site.permits.empty(); });
  if (!met && !inputs.sites.empty() && !inputs.permits.geometry.empty())
    out.findings.add("permits.none_met", Severity::warning, "permits",
                     "no site meets any permit; check the CRS and the extent of both layers");
  return out;
}

}  // namespace lode
