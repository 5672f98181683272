#include "libgeo/permits/contents.h"

#include <algorithm>
#include <map>

#include "libgeo/core/parallel.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/permits/conflicts.h"
#include "libgeo/permits/ground.h"
#include "libgeo/permits/standing.h"

namespace lode {
namespace {

void count_conflicts(const CoverageInputs& inputs, const Coverage& coverage,
                     const PermitGround& ground, std::vector<PermitContents>& out) {
  std::vector<ConflictParty> parties;
  std::map<std::string, std::size_t> titles;
  for (std::size_t p = 0; p < out.size(); ++p) {
    const PermitRecord& record = coverage.permits[p];
    const std::size_t title = titles.try_emplace(permit_id(inputs.permits.ids, p), p).first->second;
    if (record.holder == 0 || record.validity.status == PermitStatus::expired) continue;
    parties.push_back({p, ground.shape_of(p), record.holder, title, record.kind});
  }
  const std::vector<ConflictParty> kept = parties;
  const Conflicts found(std::move(parties), ground.overlaps());
  for (std::size_t i = 0; i < kept.size(); ++i) out[kept[i].permit].conflicts = found.of_party()[i];
}

/// Ground of each shape under sites; sites and permits of equal shapes are looked at once.
std::vector<double> under_sites(const CoverageInputs& inputs,
                                const std::vector<PermitContents>& contents,
                                const PermitGround& ground, int jobs, const Progress& progress,
                                Findings& findings) {
  const Distinct distinct = distinct_of(inputs.sites);
  std::vector<std::size_t> first(ground.shapes(), OverlapClasses::none);
  for (std::size_t p = 0; p < contents.size(); ++p)
    if (std::size_t& f = first[ground.shape_of(p)]; f == OverlapClasses::none) f = p;
  std::vector<double> out(ground.shapes(), 0.0);
  std::vector<Findings> said(out.size());
  const auto measure = [&](std::size_t begin, std::size_t end, std::size_t) {
    const OverlayStop stop(progress);
    for (std::size_t s = begin; s < end; ++s) {
      progress.check();
      std::vector<std::size_t> which;
      for (const ContainedSite& one : contents[first[s]].sites)
        if (one.overlap_m2 > 0.0) which.push_back(distinct.of[one.site]);
      std::sort(which.begin(), which.end());
      which.erase(std::unique(which.begin(), which.end()), which.end());
      const std::string where = permit_id(inputs.permits.ids, first[s]);
      std::vector<Geometry> parts;
      for (const std::size_t w : which) {
        auto part = told(try_intersection(ground.shape_list()[s],
                                          ground.planar(inputs.sites[distinct.first[w]])),
                         "overlap of the permit with a site", where, said[s]);
        if (part) parts.push_back(std::move(*part));
      }
      if (parts.empty()) continue;
      std::vector<const Geometry*> all;
      for (const Geometry& part : parts) all.push_back(&part);
      out[s] = ground.area_m2(
          parts.size() == 1 ? parts.front() : united(all, "ground under sites", where, said[s]));
    }
  };
  parallel_blocks(out.size(), 16, jobs, measure, progress);
  for (const Findings& own : said) findings.add(own);
  return out;
}

}  // namespace

std::vector<PermitContents> permit_contents(const CoverageInputs& inputs, const Coverage& coverage,
                                            const CoverageOptions& options,
                                            const Progress& progress, Findings* findings) {
  Findings said;
  std::vector<PermitContents> out(coverage.permits.size());
  for (std::size_t i = 0; i < coverage.sites.size(); ++i)
    for (const CoveringPermit& covering : coverage.sites[i].permits)
      out[covering.permit].sites.push_back({i, covering.overlap_m2, covering.share_pct});
  PermitGround ground(inputs.permits.geometry, inputs.crs, options.edges, options.jobs);
  if (options.conflicts) {
    ground.find_overlaps(options.jobs, progress.part(0.0, 0.4));
    count_conflicts(inputs, coverage, ground, out);
  }
  const auto under = under_sites(inputs, out, ground, options.jobs, progress.part(0.4, 1.0), said);
  if (findings != nullptr) findings->add(said);
  for (std::size_t p = 0; p < out.size(); ++p) {
    const double area = coverage.permits[p].area_m2;
    out[p].sites_m2 = std::min(area, under[ground.shape_of(p)]);
    out[p].sites_pct = area > 0.0 ? 100.0 * out[p].sites_m2 / area : 0.0;
  }
  return out;
}

}  // namespace lode
