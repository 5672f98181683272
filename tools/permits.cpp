#include <algorithm>
#include <chrono>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/role_checks.h"
#include "libgeo/permits/coverage.h"
#include "libgeo/permits/presets.h"
#include "libgeo/permits/timeline.h"
#include "tools/command.h"
#include "tools/ground_inputs.h"

namespace lode::tools {

namespace {

Parameter field(const std::string& name, const std::string& help) {
  return {.name = name, .kind = Kind::field, .help = help, .parent = "PERMITS"};
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "SITES",
       .kind = Kind::vector_layer,
       .help = "points, lines or polygons of the sites",
       .positional = true,
       .required = true},
      {.name = "PERMITS",
       .kind = Kind::vector_layer,
       .help = "polygons of permits, claims, leases, licences",
       .positional = true,
       .required = true},
      {.name = "as-of",
       .kind = Kind::date,
       .help = "day on which permits are judged; today if not said"},
      field("permit-id", "field that identifies a permit; parts of one share it"),
      field("holder", "field with the holder"),
      field("status", "field with the status"),
      field("granted", "field with the day of grant"),
      field("expires", "field with the last day of validity"),
      field("kind", "field with the kind of permit; only like kinds conflict"),
      area_parameter("PERMITS"),
      {.name = "valid", .help = "status texts that mean 'in force'", .repeatable = true},
      {.name = "date-order",
       .kind = Kind::choice,
       .help = "what comes first in dates such as 03/04/2026, which are not counted otherwise",
       .choices = {"month-first", "day-first"}},
      {.name = "preset",
       .kind = Kind::choice,
       .help = "field mapping of a register",
       .choices = permit_presets()},
      {.name = "timeline",
       .kind = Kind::file_out,
       .help = "CSV of valid coverage between the days on which it changes"},
      {.name = "gaps",
       .kind = Kind::vector_out,
       .help = "layer of the ground without a valid permit"},
      {.name = "between",
       .kind = Kind::date,
       .help = "two days: permits granted, lapsed or otherwise changed from one to the other",
       .repeatable = true},
      {.name = "sliver-width",
       .kind = Kind::quantity,
       .help = "overlaps and gaps thinner than this are marked as slivers, never dropped",
       .dimension = Dimension::length,
       .default_text = "1 m",
       .minimum = 0.0},
      edges_parameter()};
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Permits";
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

/// Which column of the permit layer holds what: said, of the preset, or found by its usual name.
struct Fields {
  std::string id, holder, status, granted, expires, area, kind;
  std::string area_unit;
  std::vector<std::string> valid;
  DateOrder date_order = DateOrder::unsaid;
};

Fields fields_of(const Arguments& arguments, const Layer& permits) {
  const PermitFields known = permit_fields(arguments.text("preset"));
  const auto columns = permits.table.names();
  const auto choose = [&](const std::string& option, const std::vector<std::string>& names) {
    if (!arguments.has(option)) return first_present(names, columns);
    static_cast<void>(permits.table.at(arguments.text(option)));
    return arguments.text(option);
  };
  Fields out;
  out.id = choose("permit-id", known.id);
  out.holder = choose("holder", known.holder);
  out.status = choose("status", known.status);
  out.granted = choose("granted", known.granted);
  out.expires = choose("expires", known.expires);
  out.area = choose("area", known.area);
  out.kind = choose("kind", known.type);
  out.area_unit = known.area_unit;
  out.valid = arguments.has("valid") ? arguments.texts("valid") : known.valid;
  out.date_order = parse_date_order(arguments.text("date-order")).value_or(known.date_order);
  return out;
}

PermitInputs permits_of(const Arguments& arguments, const Layer& layer, const Fields& fields,
                        Findings& findings) {
  PermitInputs out;
  out.geometry = layer.geometry;
  out.ids = feature_ids(layer, fields.id);
  const auto column = [&](const std::string& name) {
    return name.empty() ? std::vector<std::string>{} : layer.table.texts(name);
  };
  out.holders = column(fields.holder);
  out.types = column(fields.kind);
  const auto status = column(fields.status), granted = column(fields.granted),
             expires = column(fields.expires);
  out.cells.resize(layer.size());
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (!status.empty()) out.cells[i].status = status[i];
    if (!granted.empty()) out.cells[i].granted = granted[i];
    if (!expires.empty()) out.cells[i].expires = expires[i];
    out.cells[i].date_order = fields.date_order;
  }
  out.recorded_m2 = recorded_of(arguments, layer, fields.area, findings, fields.area_unit);
  return out;
}

Date day_of(const Arguments& arguments, Findings& findings) {
  if (arguments.has("as-of")) return *parse_date(arguments.text("as-of"));
  const std::chrono::year_month_day today(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  const Date day{static_cast<int>(today.year()), static_cast<unsigned>(today.month()),
                 static_cast<unsigned>(today.day())};
  findings.add("permits.as_of_today", Severity::note, to_text(day),
               "no --as-of was said: permits are judged today");
  return day;
}

Json date_or_null(const std::optional<Date>& date) {
  return date ? Json(to_text(*date)) : Json();
}

/// Everything that a row needs.
struct View {
  const CoverageInputs& inputs;
  const Coverage& coverage;

  [[nodiscard]] std::string holder(std::size_t permit) const {
    return inputs.permits.holders.empty() ? std::string() : inputs.permits.holders[permit];
  }
  [[nodiscard]] Json holder_or_null(std::size_t permit) const {
    const std::string text = holder(permit);
    return text.empty() ? Json() : Json(text);
  }
  [[nodiscard]] const std::string& id(std::size_t permit) const {
    return inputs.permits.ids[permit];
  }
};

Json conflict_row(const View& view, const PermitConflict& conflict) {
  Json row;
  row["permits"] = Json(std::vector<std::string>{view.id(conflict.a), view.id(conflict.b)});
  row["holders"] = Json(std::vector<std::string>{view.holder(conflict.a), view.holder(conflict.b)});
  row["area_ha"] = conflict.area_m2 / 1e4;
  row["kind"] = to_text(conflict.kind);
  if (conflict.sliver) row["sliver"] = true;
  return row;
}

Json permit_row(const View& view, const CoveringPermit& covering) {
  const PermitRecord& record = view.coverage.permits[covering.permit];
  Json row;
  row["permit"] = view.id(covering.permit);
  row["holder"] = view.holder_or_null(covering.permit);
  row["status"] = to_text(record.validity.status);
  row["kind"] = to_text(record.kind);
  row["granted"] = date_or_null(record.validity.granted);
  row["expires"] = date_or_null(record.validity.expires);
  row["overlap_ha"] = covering.overlap_m2 / 1e4;
  row["share_pct"] = covering.share_pct;
  return row;
}

Json site_row(const View& view, const SiteCoverage& site, const std::string& id) {
  Json row;
  row["id"] = id;
  row["area_ha"] = site.area_m2 / 1e4;
  row["coverage_pct"] = site.coverage_pct;
  row["valid_coverage_pct"] = site.valid_coverage_pct;
  row["inside"] = site.inside;
  row["status"] = site.status;
  row["days_to_expiry"] =
      site.days_to_expiry ? Json(static_cast<std::int64_t>(*site.days_to_expiry)) : Json();
  row["gap_ha"] = site.gap_m2 / 1e4;
  row["gap_sliver_ha"] = site.gap_sliver_m2 / 1e4;
  for (const char* key : {"permits", "holders", "permit_details", "conflicts"})
    row[key] = Json::array();
  std::vector<std::string> seen;
  for (const CoveringPermit& covering : site.permits) {
    row["permits"].push_back(view.id(covering.permit));
    row["permit_details"].push_back(permit_row(view, covering));
    const std::string holder = view.holder(covering.permit);
    if (holder.empty() || std::find(seen.begin(), seen.end(), holder) != seen.end()) continue;
    seen.push_back(holder);
    row["holders"].push_back(holder);
  }
  for (const PermitConflict& conflict : site.conflicts)
    row["conflicts"].push_back(conflict_row(view, conflict));
  row["conflict_count"] = site.conflict_count;
  return row;
}

Json summary_of(const View& view, const Date& day, const Fields& fields) {
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
  out["mapped_over_twice_recorded"] = s.mapped_over_twice_recorded;
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const auto status :
       {PermitStatus::valid, PermitStatus::expired, PermitStatus::not_yet, PermitStatus::pending,
        PermitStatus::renewal_pending, PermitStatus::unknown}) {
    const auto n =
        std::count_if(view.coverage.permits.begin(), view.coverage.permits.end(),
                      [&](const PermitRecord& record) { return record.validity.status == status; });
    out["by_status"][to_text(status)] = static_cast<std::size_t>(n);
  }
  Json& used = out["fields"];
  const auto say = [&](const char* name, const std::string& column) {
    used[name] = column.empty() ? Json() : Json(column);
  };
  say("permit_id", fields.id);
  say("holder", fields.holder);
  say("status", fields.status);
  say("granted", fields.granted);
  say("expires", fields.expires);
  say("kind", fields.kind);
  say("area", fields.area);
  return out;
}

Json changes_of(const Arguments& arguments, const View& view, const ValidityOptions& options) {
  const auto days = arguments.texts("between");
  const Date first = *parse_date(days[0]), second = *parse_date(days[1]);
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

OutputLayer sites_layer(const Layer& sites, const View& view, const std::vector<std::string>& ids) {
  OutputLayer out;
  out.name = "permit_coverage";
  out.crs = sites.crs;
  out.geometry = sites.geometry;
  out.table.name = out.name;
  std::vector<double> coverage, valid, days, gap, conflicts;
  std::vector<std::string> status, permits;
  for (const SiteCoverage& site : view.coverage.sites) {
    coverage.push_back(site.coverage_pct);
    valid.push_back(site.valid_coverage_pct);
    days.push_back(site.days_to_expiry ? static_cast<double>(*site.days_to_expiry) : std::nan(""));
    gap.push_back(site.gap_m2 / 1e4);
    conflicts.push_back(static_cast<double>(site.conflict_count));
    status.push_back(site.status);
    std::vector<std::string> own;
    for (const CoveringPermit& covering : site.permits) own.push_back(view.id(covering.permit));
    permits.push_back(join(own, " "));
  }
  out.table.add(text_column("id", ids));
  out.table.add(text_column("status", status));
  out.table.add(number_column("cover_pct", coverage, "%"));
  out.table.add(number_column("valid_pct", valid, "%"));
  out.table.add(number_column("days_left", days, "d"));
  out.table.add(number_column("gap_ha", gap, "ha"));
  out.table.add(number_column("conflicts", conflicts));
  out.table.add(text_column("permits", permits));
  return out;
}

OutputLayer gaps_layer(const Layer& sites, const View& view, const std::vector<std::string>& ids) {
  OutputLayer out;
  out.name = "gaps";
  out.crs = sites.crs;
  out.table.name = out.name;
  std::vector<std::string> id;
  std::vector<double> gap, sliver;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const SiteCoverage& site = view.coverage.sites[i];
    if (site.gap.empty()) continue;
    id.push_back(ids[i]);
    out.geometry.push_back(site.gap);
    gap.push_back(site.gap_m2 / 1e4);
    sliver.push_back(site.gap_sliver_m2 / 1e4);
  }
  out.table.add(text_column("id", id));
  out.table.add(number_column("gap_ha", gap, "ha"));
  out.table.add(number_column("sliver_ha", sliver, "ha"));
  return out;
}

OutputLayer timeline_table(const View& view, const CoverageOptions& options,
                           const std::vector<std::string>& ids) {
  OutputLayer out;
  out.name = "timeline";
  out.table.name = out.name;
  std::vector<std::string> id, from, to, permits;
  std::vector<double> valid;
  for (const CoverageSpan& span : coverage_timeline(view.inputs, view.coverage, options)) {
    id.push_back(ids[span.site]);
    from.push_back(span.from ? to_text(*span.from) : "");
    to.push_back(span.to ? to_text(*span.to) : "");
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

/// A result beside the main one.
void write_beside(const Arguments& arguments, const Session& session, const std::string& option,
                  OutputLayer layer, Outcome& outcome) {
  std::vector<std::string> inputs;
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text(option), inputs);
  WriteOptions options;
  options.overwrite = session.overwrite;
  const auto written =
      write_layers(arguments.text(option), {std::move(layer)}, options, outcome.findings);
  outcome.outputs.insert(outcome.outputs.end(), written.begin(), written.end());
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Layer sites = read_layer(arguments.text("SITES"), read_options(arguments, session),
                                 session.progress.part(0.0, 0.1));
  const Layer permits =
      brought_to(read_layer(arguments.text("PERMITS"), other_read_options(arguments, session)),
                 sites.crs, arguments);
  const auto ids = feature_ids(sites, arguments.text("id"));
  outcome.inputs = {sites.source, permits.source};
  outcome.findings = sites.findings;
  outcome.findings.add(doubtful_ids(sites, ids));
  outcome.findings.add(permits.findings);
  const Fields fields = fields_of(arguments, permits);
  CoverageInputs inputs;
  inputs.sites = sites.geometry;
  inputs.ids = ids;
  inputs.crs = sites.crs;
  inputs.permits = permits_of(arguments, permits, fields, outcome.findings);
  CoverageOptions options;
  options.validity.as_of = day_of(arguments, outcome.findings);
  options.validity.valid = fields.valid;
  options.edges = edges_of(arguments, sites.crs);
  options.sliver_width_m = arguments.quantity("sliver-width");
  options.gaps = arguments.has("gaps");
  options.jobs = session.jobs;
  const Coverage coverage = permit_coverage(inputs, options, session.progress.part(0.1, 0.9));
  outcome.findings.add(coverage.findings);
  const View view{inputs, coverage};
  outcome.summary = summary_of(view, options.validity.as_of, fields);
  if (arguments.has("between"))
    outcome.summary["between"] = changes_of(arguments, view, options.validity);
  outcome.shown = {"id", "status", "coverage_pct", "valid_coverage_pct", "days_to_expiry"};
  add_results(session, outcome, ids.size(),
              [&](std::size_t i) { return site_row(view, coverage.sites[i], ids[i]); });
  write_output(arguments, session, sites_layer(sites, view, ids), outcome);
  if (arguments.has("gaps"))
    write_beside(arguments, session, "gaps", gaps_layer(sites, view, ids), outcome);
  if (arguments.has("timeline"))
    write_beside(arguments, session, "timeline", timeline_table(view, options, ids), outcome);
  return outcome;
}

}  // namespace

Command permits_command() {
  Command command;
  command.name = "permits";
  command.summary = "which permits cover each site, valid on which day, held by whom";
  command.group = "Permits";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) {
    if (arguments.has("between") && arguments.texts("between").size() != 2)
      throw Error("usage.between", "--between takes two days", "permits",
                  "Write --between 2026-01-01 2026-12-31.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
