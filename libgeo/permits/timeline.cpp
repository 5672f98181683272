#include "libgeo/permits/timeline.h"

#include <algorithm>
#include <limits>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/permits/ground.h"
#include "libgeo/permits/standing.h"

namespace lode {
namespace {

bool leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

unsigned days_in(int year, unsigned month) {
  constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

Date next_day(Date d) {
  if (++d.day <= days_in(d.year, d.month)) return d;
  d.day = 1;
  if (++d.month > 12) d.month = 1, ++d.year;
  return d;
}

Date day_before(Date d) {
  if (d.day > 1) return {d.year, d.month, d.day - 1};
  if (d.month == 1) return {d.year - 1, 12, 31};
  return {d.year, d.month - 1, days_in(d.year, d.month - 1)};
}

PermitStatus status_on(const PermitInputs& permits, ValidityOptions options, std::size_t permit,
                       const Date& day) {
  options.as_of = day;
  Findings told_before;
  return judge_permit(permits.cells[permit], options, "", told_before).status;
}

/// One site's spans.
class SiteTimeline {
 public:
  SiteTimeline(const CoverageInputs& inputs, const Coverage& coverage,
               const CoverageOptions& options, const PermitGround& ground)
      : inputs_(inputs), coverage_(coverage), options_(options), ground_(ground) {}

  std::vector<CoverageSpan> run(std::size_t site, Findings& findings) const {
    const SiteCoverage& cover = coverage_.sites[site];
    std::set<Date> changes;
    for (const CoveringPermit& covering : cover.permits) {
      const Validity& v = coverage_.permits[covering.permit].validity;
      if (v.granted) changes.insert(*v.granted);
      if (v.expires) changes.insert(next_day(*v.expires));
    }
    std::vector<CoverageSpan> out;
    const auto add = [&](std::optional<Date> from, std::optional<Date> to) {
      CoverageSpan span;
      span.site = site;
      span.from = from;
      span.to = to;
      const Date day = from ? *from : to ? *to : options_.validity.as_of;
      for (const CoveringPermit& covering : cover.permits)
        if (status_on(inputs_.permits, options_.validity, covering.permit, day) ==
            PermitStatus::valid)
          span.permits.push_back(covering.permit);
      if (!out.empty() && out.back().permits == span.permits) {
        out.back().to = to;
        return;
      }
      span.valid_coverage_pct = share(site, span.permits, findings);
      out.push_back(std::move(span));
    };
    std::optional<Date> from;
    for (const Date& change : changes) {
      add(from, day_before(change));
      from = change;
    }
    add(from, std::nullopt);
    return out;
  }

 private:
  double share(std::size_t site, const std::vector<std::size_t>& permits,
               Findings& findings) const {
    const Geometry& geometry = inputs_.sites[site];
    if (permits.empty()) return 0.0;
    if (geometry.kind == GeometryKind::point) {
      const bool all =
          std::all_of(geometry.points.begin(), geometry.points.end(), [&](const Point& place) {
            return std::any_of(permits.begin(), permits.end(), [&](std::size_t permit) {
              return ground_.shape(permit).kind == GeometryKind::polygon &&
                     covers(ground_.shape(permit), place);
            });
          });
      return all ? 100.0 : 0.0;
    }
    const Geometry planar = ground_.planar(geometry);
    std::vector<const Geometry*> shapes;
    for (const std::size_t permit : permits)
      if (ground_.shape(permit).kind == GeometryKind::polygon)
        shapes.push_back(&ground_.shape(permit));
    if (shapes.empty()) return 0.0;
    const std::string where = permit_id(inputs_.ids, site);
    const Geometry ground = united(shapes, "ground of permits", where, findings);
    const auto left =
        told(try_difference(planar, ground), "ground without permits", where, findings);
    if (left && left->empty()) return 100.0;
    const auto both =
        told(try_intersection(planar, ground), "overlap with permits", where, findings);
    if (!both) return std::numeric_limits<double>::quiet_NaN();
    const Geometry& part = *both;
    const bool areal = geometry.kind == GeometryKind::polygon;
    const double whole =
        areal ? ground_.area_m2(planar) : length_m(planar, ground_.crs, ground_.edges);
    const double covered =
        areal ? ground_.area_m2(part) : length_m(part, ground_.crs, ground_.edges);
    return whole > 0.0 ? std::min(100.0, 100.0 * covered / whole) : 0.0;
  }

  const CoverageInputs& inputs_;
  const Coverage& coverage_;
  const CoverageOptions& options_;
  const PermitGround& ground_;
};

}  // namespace

std::vector<CoverageSpan> coverage_timeline(const CoverageInputs& inputs, const Coverage& coverage,
                                            const CoverageOptions& options,
                                            const Progress& progress, Findings* findings) {
  const PermitGround ground(inputs.permits.geometry, inputs.crs, options.edges, options.jobs);
  const SiteTimeline timeline(inputs, coverage, options, ground);
  std::vector<std::vector<CoverageSpan>> spans(inputs.sites.size());
  std::vector<Findings> said(spans.size());
  parallel_blocks(
      spans.size(), 32, options.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        const OverlayStop stop(progress);
        for (std::size_t i = begin; i < end; ++i) spans[i] = timeline.run(i, said[i]);
      },
      progress);
  for (const Findings& own : said)
    if (findings != nullptr) findings->add(own);
  std::vector<CoverageSpan> out;
  for (auto& own : spans) out.insert(out.end(), own.begin(), own.end());
  return out;
}

std::vector<PermitChange> permit_changes(const PermitInputs& permits,
                                         const ValidityOptions& options, const Date& first,
                                         const Date& second) {
  if (!(first < second))
    throw Error("permits.between", "the second day is not later than the first",
                to_text(first) + " " + to_text(second), "Give the earlier day first.");
  std::vector<PermitChange> out;
  for (std::size_t i = 0; i < permits.cells.size(); ++i) {
    const PermitStatus before = status_on(permits, options, i, first);
    const PermitStatus after = status_on(permits, options, i, second);
    if (before != after) out.push_back({i, before, after});
  }
  return out;
}

}  // namespace lode
