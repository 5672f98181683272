#include "tools/permit_rows.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/permits/timeline.h"
#include "tools/ground_inputs.h"

namespace lode::tools {
namespace {

Json date_or_null(const std::optional<Date>& date) {
  return date ? Json(to_text(*date)) : Json();
}

Json text_or_null(const std::string& text) {
  return trim(text).empty() ? Json() : Json(text);
}

Json days_or_null(const std::optional<long>& days) {
  return days ? Json(static_cast<std::int64_t>(*days)) : Json();
}

Json conflict_row(const PermitView& view, const PermitConflict& conflict) {
  Json row;
  row["permits"] = Json(std::vector<std::string>{view.id(conflict.a), view.id(conflict.b)});
  row["holders"] = Json(std::vector<std::string>{view.holder(conflict.a), view.holder(conflict.b)});
  row["area_ha"] = conflict.area_m2 / 1e4;
  row["kind"] = to_text(conflict.kind);
  if (conflict.sliver) row["sliver"] = true;
  return row;
}

/// What a permit is, wherever it is listed.
void tell_permit(const PermitView& view, std::size_t permit, Json& row) {
  const PermitRecord& record = view.coverage.permits[permit];
  row["holder"] = view.holder_or_null(permit);
  row["status"] = to_text(record.validity.status);
  row["kind"] = to_text(record.kind);
  row["granted"] = date_or_null(record.validity.granted);
  row["expires"] = date_or_null(record.validity.expires);
  if (!view.inputs.permits.commodities.empty())
    row["commodity"] = text_or_null(view.commodity(permit));
}

Json permit_detail(const PermitView& view, const CoveringPermit& covering) {
  Json row;
  row["permit"] = view.id(covering.permit);
  tell_permit(view, covering.permit, row);
  row["overlap_ha"] = covering.overlap_m2 / 1e4;
  row["share_pct"] = covering.share_pct;
  if (!std::isnan(covering.distance_m)) row["distance_m"] = covering.distance_m;
  return row;
}

Json withdrawn_row(const PermitView& view, const WithdrawnOverlap& overlap) {
  const WithdrawnLayer& layer = view.withdrawn_layers[overlap.layer];
  Json row;
  row["name"] = layer.name;
  row["id"] = layer.ids[overlap.feature];
  row["permit"] = view.id(overlap.permit);
  row["status"] = to_text(view.coverage.permits[overlap.permit].validity.status);
  row["area_ha"] = overlap.area_m2 / 1e4;
  row["sliver"] = overlap.sliver;
  return row;
}

Json missing_row(const PermitView& view, const MissingPermit& missing) {
  const RequiredPermit& required = view.required[missing.required];
  Json row;
  row["id"] = required.id;
  row["name"] = required.name;
  row["state"] = missing.state;
  row["jurisdiction"] = required.jurisdiction;
  row["citation"] = required.citation;
  row["valid_coverage_pct"] = missing.valid_coverage_pct;
  if (required.least_coverage_pct > 0.0) row["least_coverage_pct"] = required.least_coverage_pct;
  if (!required.note.empty()) row["note"] = required.note;
  return row;
}

/// Each text once, in order of appearance; registers write several minerals in one cell.
class Seen {
 public:
  explicit Seen(Json& list) : list_(list) {}
  void add(std::string_view text) {
    const std::string tidy(trim(text));
    const std::string key = lower(tidy);
    if (tidy.empty() || std::find(keys_.begin(), keys_.end(), key) != keys_.end()) return;
    keys_.push_back(key);
    list_.push_back(tidy);
  }
  void add_each(const std::string& cell) {
    std::string text = cell;
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == ';' || c == '|' || c == '/'; }, ',');
    for (const std::string& part : split(text, ',')) add(part);
  }

 private:
  Json& list_;
  std::vector<std::string> keys_;
};

/// Holders known by number, so that two spellings of one are listed once.
Json holders_of(const PermitView& view, const SiteCoverage& site) {
  Json out = Json::array();
  std::vector<std::size_t> seen;
  for (const CoveringPermit& covering : site.permits) {
    const std::size_t number = view.coverage.permits[covering.permit].holder;
    if (number == 0 || std::find(seen.begin(), seen.end(), number) != seen.end()) continue;
    seen.push_back(number);
    out.push_back(view.holder(covering.permit));
  }
  return out;
}

void tell_fields(const PermitColumns& columns, Json& used) {
  const auto say = [&](const char* name, const std::string& column) {
    used[name] = column.empty() ? Json() : Json(column);
  };
  say("permit_id", columns.id);
  say("holder", columns.holder);
  say("status", columns.status);
  say("granted", columns.granted);
  say("expires", columns.expires);
  say("kind", columns.kind);
  say("area", columns.area);
  say("commodity", columns.commodity);
}

}  // namespace

std::string PermitView::holder(std::size_t permit) const {
  return inputs.permits.holders.empty() ? std::string() : inputs.permits.holders[permit];
}

Json PermitView::holder_or_null(std::size_t permit) const {
  const std::string text = holder(permit);
  return text.empty() ? Json() : Json(text);
}

std::string PermitView::commodity(std::size_t permit) const {
  return inputs.permits.commodities.empty() ? std::string() : inputs.permits.commodities[permit];
}

double PermitView::recorded_m2(std::size_t permit) const {
  return inputs.permits.recorded_m2.empty() ? std::nan("") : inputs.permits.recorded_m2[permit];
}

Json permit_site_row(const PermitView& view, std::size_t i, bool whole) {
  const SiteCoverage& site = view.coverage.sites[i];
  Json row;
  row["id"] = view.site_ids[i];
  row["area_ha"] = site.area_m2 / 1e4;
  row["coverage_pct"] = site.coverage_pct;
  row["valid_coverage_pct"] = site.valid_coverage_pct;
  row["inside"] = site.inside;
  row["status"] = site.status;
  row["days_to_expiry"] = days_or_null(site.days_to_expiry);
  row["gap_ha"] = site.gap_m2 / 1e4;
  row["gap_sliver_ha"] = site.gap_sliver_m2 / 1e4;
  if (!whole) return row;
  for (const char* key : {"permits", "permit_details", "conflicts"}) row[key] = Json::array();
  row["holders"] = holders_of(view, site);
  if (!view.inputs.permits.commodities.empty()) {
    row["commodities"] = Json::array();
    Seen seen(row["commodities"]);
    for (const CoveringPermit& covering : site.permits)
      seen.add_each(view.commodity(covering.permit));
  }
  for (const CoveringPermit& covering : site.permits) {
    row["permits"].push_back(view.id(covering.permit));
    row["permit_details"].push_back(permit_detail(view, covering));
  }
  for (const PermitConflict& conflict : site.conflicts)
    row["conflicts"].push_back(conflict_row(view, conflict));
  row["conflict_count"] = site.conflict_count;
  if (!view.withdrawn_layers.empty()) {
    row["withdrawn"] = Json::array();
    for (const WithdrawnOverlap& overlap : view.withdrawn.sites[i])
      row["withdrawn"].push_back(withdrawn_row(view, overlap));
  }
  if (!view.required.empty()) {
    row["missing_permits"] = Json::array();
    for (const MissingPermit& missing : view.missing[i])
      row["missing_permits"].push_back(missing_row(view, missing));
  }
  return row;
}

Json permit_feature_row(const PermitView& view, std::size_t permit) {
  const PermitRecord& record = view.coverage.permits[permit];
  const PermitContents& contents = view.contents[permit];
  Json row;
  row["id"] = view.id(permit);
  tell_permit(view, permit, row);
  row["days_to_expiry"] = days_or_null(record.validity.days_to_expiry);
  row["reason"] = text_or_null(record.validity.reason);
  row["mapped_ha"] = record.area_m2 / 1e4;
  row["recorded_ha"] = hectares(view.recorded_m2(permit));
  row["sites_ha"] = contents.sites_m2 / 1e4;
  row["sites_pct"] = contents.sites_pct;
  row["site_count"] = contents.sites.size();
  row["sites"] = Json::array();
  for (const ContainedSite& one : contents.sites) {
    Json site;
    site["site"] = view.site_ids[one.site];
    site["overlap_ha"] = one.overlap_m2 / 1e4;
    site["share_of_site_pct"] = one.share_of_site_pct;
    row["sites"].push_back(std::move(site));
  }
  row["conflict_count"] = contents.conflicts;
  if (!view.withdrawn_layers.empty()) {
    row["withdrawn_ha"] = view.withdrawn.permit_m2[permit] / 1e4;
    row["withdrawn"] = Json::array();
    for (const WithdrawnOverlap& overlap : view.withdrawn.permits[permit])
      row["withdrawn"].push_back(withdrawn_row(view, overlap));
  }
  return row;
}

Json permit_summary(const PermitView& view, const Date& day, const PermitColumns& columns) {
  const CoverageSummary& s = view.coverage.summary;
  Json out;
  out["as_of"] = to_text(day);
  out["sites"] = view.inputs.sites.size();
  out["permits"] = view.coverage.permits.size();
  out["titles"] = s.titles;
  out["sum_ha"] = s.sum_m2 / 1e4;
  out["dissolved_ha"] = s.dissolved_m2 / 1e4;
  out["recorded_ha"] = hectares(s.recorded_m2);
  out["overlap_pairs"] = s.overlapping_pairs;
  out["overlap_ha"] = s.stacked_m2 / 1e4;
  out["stacked_permits"] = s.stacked_permits;
  out["mapped_over_twice_recorded"] = s.mapped_over_twice_recorded;
  out["median_mapped_over_recorded"] = number_or_null(s.median_mapped_over_recorded);
  out["shapes"] = s.shapes;
  out["most_of_one_shape"] = s.most_of_one_shape;
  out["repeated_features"] = s.repeated_features;
  out["sum_once_ha"] = s.sum_once_m2 / 1e4;
  out["recorded_once_ha"] = hectares(s.recorded_once_m2);
  if (!view.withdrawn_layers.empty()) out["withdrawn_ha"] = view.withdrawn.valid_m2 / 1e4;
  for (const auto status :
       {PermitStatus::valid, PermitStatus::expired, PermitStatus::not_yet, PermitStatus::pending,
        PermitStatus::renewal_pending, PermitStatus::unknown}) {
    const auto n =
        std::count_if(view.coverage.permits.begin(), view.coverage.permits.end(),
                      [&](const PermitRecord& record) { return record.validity.status == status; });
    out["by_status"][to_text(status)] = static_cast<std::size_t>(n);
  }
  tell_fields(columns, out["fields"]);
  return out;
}

Json permit_days_between(const PermitView& view, const Date& first, const Date& second,
                         const ValidityOptions& options) {
  Json out;
  out["from"] = to_text(first);
  out["to"] = to_text(second);
  for (const char* key : {"granted", "lapsed", "changed"}) out[key] = Json::array();
  for (const PermitChange& change : permit_changes(view.inputs.permits, options, first, second)) {
    const bool granted = change.after == PermitStatus::valid;
    const bool lapsed = change.before == PermitStatus::valid;
    Json row;
    row["permit"] = view.id(change.permit);
    row["holder"] = view.holder_or_null(change.permit);
    row["before"] = to_text(change.before);
    row["after"] = to_text(change.after);
    out[granted ? "granted" : lapsed ? "lapsed" : "changed"].push_back(std::move(row));
  }
  return out;
}

Json register_change_rows(const std::vector<TitleChange>& changes) {
  constexpr std::array kAll = {RegisterChange::added, RegisterChange::removed,
                               RegisterChange::changed_hands, RegisterChange::status,
                               RegisterChange::moved};
  std::array<std::size_t, kAll.size()> counts{};
  Json rows = Json::array();
  for (const TitleChange& change : changes) {
    Json row;
    row["id"] = change.id;
    row["changes"] = Json::array();
    for (const RegisterChange one : change.changes) {
      row["changes"].push_back(to_text(one));
      ++counts[static_cast<std::size_t>(one)];
    }
    const bool was = change.before != TitleChange::none, is = change.after != TitleChange::none;
    row["holder_before"] = was ? text_or_null(change.holder_before) : Json();
    row["holder_after"] = is ? text_or_null(change.holder_after) : Json();
    row["status_before"] = was ? Json(to_text(change.status_before)) : Json();
    row["status_after"] = is ? Json(to_text(change.status_after)) : Json();
    row["gained_ha"] = change.gained_m2 / 1e4;
    row["lost_ha"] = change.lost_m2 / 1e4;
    rows.push_back(std::move(row));
  }
  Json out;
  for (const RegisterChange one : kAll)
    out[std::string(to_text(one))] = counts[static_cast<std::size_t>(one)];
  out["titles"] = std::move(rows);
  return out;
}

}  // namespace lode::tools
