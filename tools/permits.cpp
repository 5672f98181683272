#include <algorithm>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/role_checks.h"
#include "libgeo/permits/coverage.h"
#include "tools/command.h"
#include "tools/ground_inputs.h"
#include "tools/permit_inputs.h"
#include "tools/permit_layers.h"
#include "tools/permit_rows.h"

namespace lode::tools {

namespace {

std::vector<Parameter> judging() {
  return {
      {.name = "undated",
       .kind = Kind::choice,
       .help = "what permits of a register without dates of expiry are: unknown, or what their "
               "status says",
       .choices = {"unknown", "status"},
       .default_text = "unknown"},
      {.name = "point-radius",
       .kind = Kind::quantity,
       .help = "permits without a polygon within this distance of a site are listed with it",
       .dimension = Dimension::length,
       .minimum = 0.0},
      {.name = "between",
       .kind = Kind::date,
       .help = "two days: permits granted, lapsed or otherwise changed from one to the other",
       .repeatable = true},
      {.name = "earlier",
       .kind = Kind::vector_layer,
       .help = "an earlier edition of the register: titles added, removed, changed hands, moved"},
      {.name = "earlier-as-of",
       .kind = Kind::date,
       .help = "day on which the earlier edition is judged; that of the later one if not said"},
      {.name = "withdrawn",
       .kind = Kind::text,
       .help = "NAME=FILE[:layer] or FILE[:layer] of protected or withdrawn ground: which "
               "permits reach into it",
       .repeatable = true},
      {.name = "required",
       .kind = Kind::file,
       .help = "TOML of permits that jurisdictions ask for: which a site lacks"},
      {.name = "jurisdiction",
       .kind = Kind::text,
       .help = "field of SITES, or one code for all, such as US-NV"},
      {.name = "site-kind",
       .kind = Kind::text,
       .help = "field of SITES, or primary or secondary for all: what is required of them"}};
}

std::vector<Parameter> results() {
  return {{.name = "by",
           .kind = Kind::choice,
           .help = "rows: one a site, or one a permit with the sites in it",
           .choices = {"site", "permit"},
           .default_text = "site"},
          {.name = "permits-out",
           .kind = Kind::vector_out,
           .help = "layer of the permits: standing, area, sites in them, conflicts"},
          {.name = "timeline",
           .kind = Kind::file_out,
           .help = "CSV of valid coverage between the days on which it changes"},
          {.name = "gaps",
           .kind = Kind::vector_out,
           .help = "layer of the ground without a valid permit"},
          {.name = "sliver-width",
           .kind = Kind::quantity,
           .help = "overlaps and gaps thinner than this are marked as slivers, never dropped",
           .dimension = Dimension::length,
           .default_text = "1 m",
           .minimum = 0.0},
          edges_parameter()};
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {{.name = "SITES",
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
                                  .help = "day on which permits are judged; today if not said"}};
  append(list, permit_parameters());
  append(list, judging());
  append(list, results());
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Permits";
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

/// "NAME=FILE", or FILE named by its stem.
std::vector<WithdrawnLayer> withdrawn_of(const Arguments& arguments, const Session& session,
                                         const Crs& crs, Outcome& outcome) {
  std::vector<WithdrawnLayer> out;
  for (const std::string& text : arguments.texts("withdrawn")) {
    const auto equals = text.find('=');
    const std::string path = equals == std::string::npos ? text : text.substr(equals + 1);
    WithdrawnLayer layer;
    layer.name = equals == std::string::npos ? std::filesystem::path(path).stem().string()
                                             : text.substr(0, equals);
    if (layer.name.empty() || path.empty())
      throw Error("usage.withdrawn", "'" + printable(text) + "' is not NAME=FILE", "--withdrawn",
                  "Write --withdrawn parks=protected.shp.");
    Layer read =
        brought_to(read_layer(path, other_read_options(arguments, session)), crs, arguments);
    layer.ids = feature_ids(read, "");
    outcome.inputs.push_back(read.source);
    outcome.findings.add(read.findings);
    const auto no_ground =
        std::count_if(read.geometry.begin(), read.geometry.end(),
                      [](const Geometry& g) { return g.kind != GeometryKind::polygon; });
    if (no_ground > 0)
      outcome.findings.add("permits.withdrawn_no_ground", Severity::warning, read.table.name,
                           "a feature of withdrawn ground has no polygon and takes nothing",
                           static_cast<std::size_t>(no_ground));
    layer.geometry = std::move(read.geometry);
    out.push_back(std::move(layer));
  }
  return out;
}

/// A field of the sites where they have one of that name, else the same text for all.
std::vector<std::string> field_or_text(const Layer& sites, const std::string& said) {
  if (said.empty()) return std::vector<std::string>(sites.size());
  if (sites.table.find(said) != nullptr) return sites.table.texts(said);
  return std::vector<std::string>(sites.size(), said);
}

void judge_required(const Arguments& arguments, const Layer& sites, PermitView& view,
                    Outcome& outcome) {
  if (!arguments.has("required")) return;
  const std::string file = arguments.text("required");
  view.required = parse_required_permits(text_of_file(file), file);
  outcome.inputs.push_back({file, sha256_of_file(file), "", view.required.size(), ""});
  const auto kinds = field_or_text(sites, arguments.text("site-kind"));
  view.missing = missing_permits(view.inputs, view.coverage,
                                 field_or_text(sites, arguments.text("jurisdiction")), kinds,
                                 view.required, outcome.findings);
  outcome.findings.add("required.starting_point", Severity::note, file,
                       "the table is a starting point, not law: what a site needs is for its "
                       "authorities to say");
}

/// Ids as the layer has them: a blank one must not be met again by a number of its own.
PermitInputs edition_of(const Arguments& arguments, const Layer& layer,
                        const PermitColumns& columns, Findings& findings) {
  PermitInputs out = permit_inputs(arguments, layer, columns, findings);
  out.ids = columns.id.empty() ? std::vector<std::string>{} : layer.table.texts(columns.id);
  return out;
}

void compare_editions(const Arguments& arguments, const Session& session, const Layer& permits,
                      const PermitColumns& columns, const ValidityOptions& today,
                      Outcome& outcome) {
  if (!arguments.has("earlier")) return;
  const Layer earlier =
      brought_to(read_layer(arguments.text("earlier"), other_read_options(arguments, session)),
                 permits.crs, arguments);
  outcome.inputs.push_back(earlier.source);
  outcome.findings.add(earlier.findings);
  ValidityOptions then = today;
  if (arguments.has("earlier-as-of")) then.as_of = *parse_date(arguments.text("earlier-as-of"));
  Findings told_of_the_later;
  const PermitInputs before = edition_of(
      arguments, earlier, permit_columns(arguments, earlier, outcome.findings), outcome.findings);
  const PermitInputs after = edition_of(arguments, permits, columns, told_of_the_later);
  const auto changes = register_changes(before, then, after, today, permits.crs, outcome.findings);
  Json& out = outcome.summary["register_changes"];
  out = register_change_rows(changes);
  out["earlier_as_of"] = to_text(then.as_of);
  out["as_of"] = to_text(today.as_of);
}

void write_results(const Arguments& arguments, const Session& session, const PermitView& view,
                   const CoverageOptions& options, bool by_permit, Outcome& outcome) {
  write_output(arguments, session,
               by_permit ? permit_features_layer(view) : permit_sites_layer(view), outcome);
  if (arguments.has("permits-out"))
    write_beside(arguments, session, "permits-out", permit_features_layer(view), outcome);
  if (arguments.has("gaps"))
    write_beside(arguments, session, "gaps", permit_gaps_layer(view), outcome);
  if (arguments.has("timeline"))
    write_beside(
        arguments, session, "timeline",
        permit_timeline_table(view, options, session.progress.part(0.9, 1.0), outcome.findings),
        outcome);
}

CoverageOptions options_of(const Arguments& arguments, const Session& session, const Crs& crs,
                           const PermitColumns& columns, Findings& findings) {
  CoverageOptions options;
  options.validity.as_of = permit_day(arguments, findings);
  options.validity.valid = columns.valid;
  options.validity.undated_by_status = arguments.text("undated") == "status";
  options.edges = edges_of(arguments, crs);
  options.sliver_width_m = arguments.quantity("sliver-width");
  if (arguments.has("point-radius")) options.point_radius_m = arguments.quantity("point-radius");
  options.gaps = arguments.has("gaps");
  options.jobs = session.jobs;
  return options;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Layer sites = read_layer(arguments.text("SITES"), read_options(arguments, session),
                                 session.progress.part(0.0, 0.1));
  const Layer permits =
      brought_to(read_layer(arguments.text("PERMITS"), other_read_options(arguments, session)),
                 sites.crs, arguments);
  outcome.inputs = {sites.source, permits.source};
  outcome.findings = sites.findings;
  CoverageInputs inputs;
  inputs.sites = sites.geometry;
  inputs.ids = feature_ids(sites, arguments.text("id"));
  inputs.crs = sites.crs;
  outcome.findings.add(doubtful_ids(sites, inputs.ids));
  outcome.findings.add(permits.findings);
  const PermitColumns columns = permit_columns(arguments, permits, outcome.findings);
  inputs.permits = permit_inputs(arguments, permits, columns, outcome.findings);
  const CoverageOptions options =
      options_of(arguments, session, sites.crs, columns, outcome.findings);
  const Coverage coverage = permit_coverage(inputs, options, session.progress.part(0.1, 0.7));
  outcome.findings.add(coverage.findings);
  PermitView view{inputs, coverage, inputs.ids, {}, {}, {}, {}, {}};
  view.withdrawn_layers = withdrawn_of(arguments, session, sites.crs, outcome);
  if (!view.withdrawn_layers.empty()) {
    view.withdrawn = withdrawn_overlaps(inputs, coverage, view.withdrawn_layers, options,
                                        session.progress.part(0.7, 0.8));
    outcome.findings.add(view.withdrawn.findings);
  }
  judge_required(arguments, sites, view, outcome);
  const bool by_permit = arguments.text("by") == "permit";
  if (by_permit || arguments.has("permits-out"))
    view.contents = permit_contents(inputs, coverage, options, session.progress.part(0.8, 0.9),
                                    &outcome.findings);
  outcome.summary = permit_summary(view, options.validity.as_of, columns);
  if (arguments.has("between")) {
    const auto days = arguments.texts("between");
    outcome.summary["between"] =
        permit_days_between(view, *parse_date(days[0]), *parse_date(days[1]), options.validity);
  }
  compare_editions(arguments, session, permits, columns, options.validity, outcome);
  if (by_permit) {
    outcome.shown = {"id", "holder", "status", "days_to_expiry", "mapped_ha", "site_count"};
    add_results(session, outcome, coverage.permits.size(),
                [&](std::size_t i) { return permit_feature_row(view, i); });
  } else {
    outcome.shown = {"id", "status", "coverage_pct", "valid_coverage_pct", "days_to_expiry"};
    add_results(session, outcome, inputs.ids.size(),
                [&](std::size_t i) { return permit_site_row(view, i, session.json); });
  }
  write_results(arguments, session, view, options, by_permit, outcome);
  return outcome;
}

void check_usage(const Arguments& arguments) {
  if (arguments.has("between") && arguments.texts("between").size() != 2)
    throw Error("usage.between", "--between takes two days", "permits",
                "Write --between 2026-01-01 2026-12-31.");
  if (arguments.has("required") != arguments.has("jurisdiction"))
    throw Error("usage.required", "--required and --jurisdiction go together", "permits",
                "Write --required requirements.toml --jurisdiction US-NV.");
  if (arguments.has("earlier-as-of") && !arguments.has("earlier"))
    throw Error("usage.earlier", "--earlier-as-of was said without --earlier", "permits",
                "Name the earlier edition: --earlier old.gpkg.");
}

}  // namespace

Command permits_command() {
  Command command;
  command.name = "permits";
  command.summary = "which permits cover each site, valid on which day, held by whom";
  command.group = "Permits";
  command.parameters = parameters();
  command.setup = check_usage;
  command.run = run;
  return command;
}

}  // namespace lode::tools
