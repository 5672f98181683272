// Stage 3: may we: coverage of every site by the permits that are valid on the study's day.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/jurisdiction.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/recorded_area.h"
#include "libgeo/permits/coverage.h"
#include "libgeo/permits/presets.h"
#include "libgeo/permits/required.h"
#include "libgeo/study/context.h"

namespace lode {

namespace {

std::vector<std::string> optional_texts(const StudyContext& context, const Layer& layer,
                                        const PermitsTable& table, const std::string& field) {
  if (field.empty()) return {};
  try {
    return layer.table.texts(field);
  } catch (const Error& error) {
    throw Error(error.code, error.what(), context.where(table.layer.line) + ": " + error.where,
                error.hint);
  }
}

/// The columns of a register's preset where the table names none.
PermitsTable with_preset(PermitsTable table, const Layer& layer) {
  if (table.preset.empty()) return table;
  const PermitFields known = permit_fields(table.preset);
  const std::vector<std::string> columns = layer.table.names();
  for (const auto& [names, column] : {std::pair{&known.id, &table.id},
                                      {&known.holder, &table.holder},
                                      {&known.status, &table.status},
                                      {&known.granted, &table.granted},
                                      {&known.expires, &table.expires},
                                      {&known.area, &table.area},
                                      {&known.type, &table.kind}})
    if (column->empty()) *column = first_present(*names, columns);
  if (table.valid.empty()) table.valid = known.valid;
  if (table.area_unit.empty()) table.area_unit = known.area_unit;
  if (table.date_order == DateOrder::unsaid) table.date_order = known.date_order;
  if (table.date_numbers == DateNumbers::unsaid) table.date_numbers = known.date_numbers;
  return table;
}

void add_permits(StudyContext& context, const PermitsTable& said, PermitInputs& to) {
  Layer layer = context.read(said.layer, true);
  const PermitsTable table = with_preset(said, layer);
  const auto status = optional_texts(context, layer, table, table.status);
  const auto granted = optional_texts(context, layer, table, table.granted);
  const auto expires = optional_texts(context, layer, table, table.expires);
  const auto holders = optional_texts(context, layer, table, table.holder);
  const auto kinds = optional_texts(context, layer, table, table.kind);
  const auto areas = table.area.empty() ? std::vector<double>(layer.size(), unknown)
                                        : recorded_areas(layer.table, table.area,
                                                         context.result.findings, table.area_unit);
  const auto ids = feature_ids(layer, table.id);
  // Registers differ in their words: those of one table say nothing of another's permits.
  const auto valid = std::make_shared<const std::vector<std::string>>(table.valid);
  MapLayer on_map;
  on_map.name = "permits";
  on_map.role = "permit";
  for (std::size_t i = 0; i < layer.size(); ++i) {
    PermitCells cells;
    if (!status.empty()) cells.status = status[i];
    if (!granted.empty()) cells.granted = granted[i];
    if (!expires.empty()) cells.expires = expires[i];
    cells.date_order = table.date_order;
    cells.date_numbers = table.date_numbers;
    cells.valid = valid;
    to.cells.push_back(std::move(cells));
    to.ids.push_back(ids[i]);
    to.holders.push_back(holders.empty() ? "" : holders[i]);
    to.types.push_back(kinds.empty() ? "" : kinds[i]);
    to.recorded_m2.push_back(areas[i]);
    on_map.geometry.push_back(layer.geometry[i]);
    on_map.label.push_back(ids[i]);
    to.geometry.push_back(std::move(layer.geometry[i]));
  }
  context.result.layers.push_back(std::move(on_map));
}

void set_indicators(StudyContext& context, std::size_t site, const SiteCoverage& cover,
                    const PermitInputs& permits) {
  const std::string day = to_text(context.study.as_of);
  std::vector<std::string> names;
  for (const auto& one : cover.permits) names.push_back(permits.ids[one.permit]);
  std::string list =
      join(std::vector<std::string>(names.begin(),
                                    names.begin() + std::min<std::ptrdiff_t>(5, std::ssize(names))),
           ", ");
  if (names.size() > 5) list += " and " + std::to_string(names.size() - 5) + " more";
  const std::string source =
      names.empty() ? "no permit of the layers meets the site" : "permits " + list + " on " + day;
  context.set("permit_coverage_pct", "%", site, cover.coverage_pct,
              source + ", whatever their status");
  context.set("valid_coverage_pct", "%", site, cover.valid_coverage_pct, source);
  if (cover.days_to_expiry)
    context.set("days_to_expiry", "d", site, static_cast<double>(*cover.days_to_expiry), source);
  context.set("permit_conflicts", "n", site, static_cast<double>(cover.conflict_count), source);
  SitePermits row;
  row.site = site;
  row.status = cover.status;
  row.coverage_pct = cover.coverage_pct;
  row.valid_coverage_pct = cover.valid_coverage_pct;
  row.permits = std::move(names);
  row.days_to_expiry = cover.days_to_expiry ? static_cast<double>(*cover.days_to_expiry) : unknown;
  row.conflicts = cover.conflict_count;
  context.result.permits.push_back(std::move(row));
}

/// What the jurisdiction of each site asks for and is not in force on the study's day.
void take_required(StudyContext& context, const CoverageInputs& inputs, const Coverage& coverage,
                   const std::vector<std::size_t>& rows, std::size_t first_row) {
  const StudyFile& study = context.study;
  if (study.required_permits.empty()) return;
  const auto table = parse_required_permits(
      context.read_text_or_shipped(study.required_permits, "permit_requirements", 0),
      study.required_permits);
  std::vector<std::string> places, kinds;
  for (const std::size_t i : rows) {
    const Site& site = context.result.sites[i];
    places.push_back(jurisdiction_code(site.country).value_or(""));
    kinds.push_back(site.kind);
  }
  const auto missing =
      missing_permits(inputs, coverage, places, kinds, table, context.result.findings);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (places[r].empty()) continue;
    std::string list;
    for (const MissingPermit& one : missing[r]) {
      const RequiredPermit& asked = table[one.required];
      list += (list.empty() ? "" : "; ") + asked.name +
              (one.state == "missing" ? "" : " (" + one.state + ")");
      context.result.permits[first_row + r].missing.push_back(
          asked.name + (one.state == "missing" ? "" : " (" + one.state + ")") + ": " +
          asked.citation);
    }
    context.set("missing_permits", "n", rows[r], static_cast<double>(missing[r].size()),
                study.required_permits + " for " + places[r] +
                    (list.empty() ? ": all are in force" : ": " + list));
  }
}

/// Year of the first permit that begins after the study's day; NaN when none does.
double first_grant(const SiteCoverage& cover, const Coverage& coverage) {
  double year = unknown;
  for (const auto& one : cover.permits) {
    const Validity& validity = coverage.permits[one.permit].validity;
    if (validity.status != PermitStatus::not_yet || !validity.granted) continue;
    year = std::fmin(year, validity.granted->year);  // a NaN yields to a number
  }
  return year;
}

}  // namespace

void stage_permits(StudyContext& context, const Progress& progress) {
  if (context.study.permits.empty()) return;
  progress.update(0.0, "permits");
  CoverageInputs inputs;
  inputs.crs = wgs84();
  for (const auto& table : context.study.permits) add_permits(context, table, inputs.permits);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    if (!context.result.sites[i].located) continue;
    rows.push_back(i);
    inputs.sites.push_back(ground_of(context, i));
    inputs.ids.push_back(context.result.sites[i].id);
  }
  CoverageOptions options;
  options.validity.as_of = context.study.as_of;
  options.edges = Edges::straight;  // layers were drawn straight in their CRS
  options.jobs = context.options.jobs;
  const Coverage coverage = permit_coverage(inputs, options, progress);
  context.result.findings.add(coverage.findings);
  std::size_t none = 0;
  const std::size_t first_row = context.result.permits.size();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const SiteCoverage& cover = coverage.sites[r];
    SiteFacts& facts = context.facts[rows[r]];
    facts.permit_on_record = !cover.permits.empty();
    for (const auto& one : cover.permits)
      if (coverage.permits[one.permit].validity.status == PermitStatus::valid)
        facts.valid_permits.push_back(one.permit);
    if (facts.valid_permits.empty()) facts.permit_from_year = first_grant(cover, coverage);
    if (!facts.valid_permits.empty()) {
      std::vector<const Geometry*> valid;
      for (const std::size_t permit : facts.valid_permits)
        valid.push_back(&inputs.permits.geometry[permit]);
      facts.permitted = unite(valid);
    }
    none += facts.permit_on_record ? 0 : 1;
    set_indicators(context, rows[r], cover, inputs.permits);
  }
  take_required(context, inputs, coverage, rows, first_row);
  auto& figures = context.result.figures;
  const CoverageSummary& summary = coverage.summary;
  figures.push_back({"permits read", static_cast<double>(inputs.permits.geometry.size()), ""});
  figures.push_back({"permits that are stacked", static_cast<double>(summary.stacked_permits), ""});
  figures.push_back(
      {"permit pairs that overlap", static_cast<double>(summary.overlapping_pairs), ""});
  figures.push_back({"permit area summed", summary.sum_m2 / 1e4, "ha"});
  figures.push_back({"permit area counted once", summary.dissolved_m2 / 1e4, "ha"});
  if (!std::isnan(summary.recorded_m2))
    figures.push_back({"permit area recorded", summary.recorded_m2 / 1e4, "ha"});
  if (none > 0)
    context.result.findings.add(
        "study.no_permit_on_record", Severity::note, context.study.permits.front().layer.path,
        "sites have no permit in the layers; their net tonnage is " +
            std::string(context.study.net_requires_permit ? "0" : "not clipped by permits"),
        none);
}

}  // namespace lode
