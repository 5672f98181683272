#include "tools/permit_layers.h"

#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/permits/timeline.h"

namespace lode::tools {
namespace {

double days_or_nan(const std::optional<long>& days) {
  return days ? static_cast<double>(*days) : std::nan("");
}

std::string day_or_blank(const std::optional<Date>& date) {
  return date ? to_text(*date) : "";
}

}  // namespace

OutputLayer permit_sites_layer(const PermitView& view) {
  OutputLayer out;
  out.name = "permit_coverage";
  out.crs = view.inputs.crs;
  out.geometry = view.inputs.sites;
  out.table.name = out.name;
  std::vector<double> coverage, valid, days, gap, conflicts, withdrawn;
  std::vector<std::string> status, permits, missing;
  for (std::size_t i = 0; i < view.coverage.sites.size(); ++i) {
    const SiteCoverage& site = view.coverage.sites[i];
    coverage.push_back(site.coverage_pct);
    valid.push_back(site.valid_coverage_pct);
    days.push_back(days_or_nan(site.days_to_expiry));
    gap.push_back(site.gap_m2 / 1e4);
    conflicts.push_back(static_cast<double>(site.conflict_count));
    status.push_back(site.status);
    std::vector<std::string> own;
    for (const CoveringPermit& covering : site.permits) own.push_back(view.id(covering.permit));
    permits.push_back(join(own, " "));
    if (!view.withdrawn_layers.empty())
      withdrawn.push_back(static_cast<double>(view.withdrawn.sites[i].size()));
    if (view.required.empty()) continue;
    std::vector<std::string> lacking;
    for (const MissingPermit& one : view.missing[i])
      lacking.push_back(view.required[one.required].id);
    missing.push_back(join(lacking, " "));
  }
  out.table.add(text_column("id", view.site_ids));
  out.table.add(text_column("status", status));
  out.table.add(number_column("cover_pct", coverage, "%"));
  out.table.add(number_column("valid_pct", valid, "%"));
  out.table.add(number_column("days_left", days, "d"));
  out.table.add(number_column("gap_ha", gap, "ha"));
  out.table.add(number_column("conflicts", conflicts));
  out.table.add(text_column("permits", permits));
  if (!withdrawn.empty()) out.table.add(number_column("withdrawn", withdrawn));
  if (!missing.empty()) out.table.add(text_column("missing", missing));
  return out;
}

OutputLayer permit_gaps_layer(const PermitView& view) {
  OutputLayer out;
  out.name = "gaps";
  out.crs = view.inputs.crs;
  out.table.name = out.name;
  std::vector<std::string> id;
  std::vector<double> gap, sliver;
  for (std::size_t i = 0; i < view.site_ids.size(); ++i) {
    const SiteCoverage& site = view.coverage.sites[i];
    if (site.gap.empty()) continue;
    id.push_back(view.site_ids[i]);
    out.geometry.push_back(site.gap);
    gap.push_back(site.gap_m2 / 1e4);
    sliver.push_back(site.gap_sliver_m2 / 1e4);
  }
  out.table.add(text_column("id", id));
  out.table.add(number_column("gap_ha", gap, "ha"));
  out.table.add(number_column("sliver_ha", sliver, "ha"));
  return out;
}

OutputLayer permit_timeline_table(const PermitView& view, const CoverageOptions& options,
                                  const Progress& progress, Findings& findings) {
  OutputLayer out;
  out.name = "timeline";
  out.table.name = out.name;
  std::vector<std::string> id, from, to, permits;
  std::vector<double> valid;
  for (const CoverageSpan& span :
       coverage_timeline(view.inputs, view.coverage, options, progress, &findings)) {
    id.push_back(view.site_ids[span.site]);
    from.push_back(day_or_blank(span.from));
    to.push_back(day_or_blank(span.to));
    valid.push_back(span.valid_coverage_pct);
    std::vector<std::string> own;
    for (const std::size_t permit : span.permits) own.push_back(view.id(permit));
    permits.push_back(join(own, " "));
  }
  out.table.add(text_column("id", id));
  out.table.add(text_column("from", from));
  out.table.add(text_column("to", to));
  out.table.add(number_column("valid_coverage_pct", valid, "%"));
  out.table.add(text_column("permits", permits));
  return out;
}

OutputLayer permit_features_layer(const PermitView& view) {
  OutputLayer out;
  out.name = "permits";
  out.crs = view.inputs.crs;
  out.geometry = view.inputs.permits.geometry;
  out.table.name = out.name;
  std::vector<std::string> id, holder, kind, status, granted, expires, commodity, sites;
  std::vector<double> days, mapped, recorded, count, share, conflicts, withdrawn;
  for (std::size_t p = 0; p < view.coverage.permits.size(); ++p) {
    const PermitRecord& record = view.coverage.permits[p];
    const PermitContents& contents = view.contents[p];
    id.push_back(view.id(p));
    holder.push_back(view.holder(p));
    kind.emplace_back(to_text(record.kind));
    status.emplace_back(to_text(record.validity.status));
    granted.push_back(day_or_blank(record.validity.granted));
    expires.push_back(day_or_blank(record.validity.expires));
    commodity.push_back(view.commodity(p));
    days.push_back(days_or_nan(record.validity.days_to_expiry));
    mapped.push_back(record.area_m2 / 1e4);
    recorded.push_back(view.recorded_m2(p) / 1e4);
    count.push_back(static_cast<double>(contents.sites.size()));
    share.push_back(contents.sites_pct);
    conflicts.push_back(static_cast<double>(contents.conflicts));
    std::vector<std::string> own;
    for (const ContainedSite& one : contents.sites) own.push_back(view.site_ids[one.site]);
    sites.push_back(join(own, " "));
    if (!view.withdrawn_layers.empty()) withdrawn.push_back(view.withdrawn.permit_m2[p] / 1e4);
  }
  out.table.add(text_column("id", id));
  out.table.add(text_column("holder", holder));
  out.table.add(text_column("kind", kind));
  out.table.add(text_column("status", status));
  out.table.add(text_column("granted", granted));
  out.table.add(text_column("expires", expires));
  out.table.add(number_column("days_left", days, "d"));
  out.table.add(text_column("commodity", commodity));
  out.table.add(number_column("mapped_ha", mapped, "ha"));
  out.table.add(number_column("record_ha", recorded, "ha"));
  out.table.add(number_column("site_count", count));
  out.table.add(number_column("sites_pct", share, "%"));
  out.table.add(text_column("sites", sites));
  out.table.add(number_column("conflicts", conflicts));
  if (!withdrawn.empty()) out.table.add(number_column("wdrawn_ha", withdrawn, "ha"));
  return out;
}

}  // namespace lode::tools
