#include "libgeo/environment/screening.h"

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/io/open.h"
#include "libgeo/io/role_checks.h"
#include "tools/command.h"
#include "tools/constraint_inputs.h"
#include "tools/ground_inputs.h"
#include "tools/screen_bodies.h"
#include "tools/screen_outputs.h"

namespace lode::tools {

namespace {

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "SITES",
       .kind = Kind::vector_layer,
       .help = "points, lines or polygons of the sites, closed solids, or a block model",
       .positional = true,
       .required = true},
      {.name = "constraint",
       .kind = Kind::text,
       .help = "FILE[:layer]=SETBACK, e.g. rivers.shp='200 m'; SETBACK may be a field, or "
               "class:FIELD with --setbacks",
       .repeatable = true},
      {.name = "rules",
       .kind = Kind::file,
       .help = "TOML with [[constraints]]: name, path, setback, hard, citation, ..."},
      {.name = "as-of",
       .kind = Kind::date,
       .help = "day on which rules with dates (from, to) are judged"},
      {.name = "conservative",
       .kind = Kind::flag,
       .help = "setbacks are nowhere narrower than said"},
      tolerance_parameter(),
      edges_parameter(),
      area_parameter("SITES"),
      {.name = "sliver-width",
       .kind = Kind::quantity,
       .help = "overlaps thinner than this are marked as slivers, never dropped",
       .dimension = Dimension::length,
       .default_text = "1 m",
       .minimum = 0.0},
      {.name = "block-size",
       .help = "of SITES that are a block model without columns of sizes: '10,10,5 m'"}};
  append(list, setback_parameters());
  append(list, screen_output_parameters());
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Screening";
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

Json touched_row(const ConstraintLayer& layer, const TouchedFeature& touched, double area_m2) {
  Json row;
  row["id"] = layer.ids[touched.feature];
  row["overlap_ha"] = touched.overlap_m2 / 1e4;
  row["overlap_pct"] = area_m2 > 0.0 ? Json(100.0 * touched.overlap_m2 / area_m2) : Json();
  row["distance_m"] = touched.distance_m;
  row["setback_m"] = layer.setback_m[layer.setback_m.size() == 1 ? 0 : touched.feature];
  if (touched.sliver && touched.overlap_m2 > 0.0) row["sliver"] = true;
  if (!layer.classes.empty()) row["class"] = layer.classes[touched.feature];
  if (!layer.rules[touched.feature].empty()) row["rule"] = layer.rules[touched.feature];
  return row;
}

/// The rule that takes most of the site, null where none is known or none meets it.
void add_binding(Json& row, const ScreenConstraints& constraints, const BindingRule& binding) {
  const bool some = binding.constraint != BindingRule::none;
  if (row.has("area_ha"))  // of the site: which constraint it is of
    row["binding_constraint"] = some ? Json(constraints.layers[binding.constraint].name) : Json();
  row["binding_rule"] = some && !binding.rule.empty() ? Json(binding.rule) : Json();
}

Json site_row(const SiteScreening& site, const std::string& id, double recorded_m2,
              const ScreenConstraints& constraints) {
  Json row;
  row["id"] = id;
  row["area_ha"] = site.area_m2 / 1e4;
  row["recorded_ha"] = hectares(recorded_m2);
  row["excluded_ha"] = site.excluded_m2 / 1e4;
  row["excluded_pct"] = site.excluded_pct;
  row["net_ha"] = site.net_m2 / 1e4;
  row["review_ha"] = site.review_m2 / 1e4;
  row["free_parts"] = site.free_parts;
  row["largest_free_ha"] = site.largest_free_m2 / 1e4;
  add_binding(row, constraints, binding_rule(constraints.layers, site));
  row["constraints"] = Json::object();
  for (std::size_t k = 0; k < site.constraints.size(); ++k) {
    const SiteConstraint& c = site.constraints[k];
    const ConstraintLayer& layer = constraints.layers[k];
    Json& one = row["constraints"][layer.name];
    one["overlap_ha"] = c.overlap_m2 / 1e4;
    one["overlap_pct"] = c.overlap_pct;
    one["nearest_m"] = number_or_null(c.nearest_m);
    one["nearest_id"] = c.nearest == SiteConstraint::none ? Json() : Json(layer.ids[c.nearest]);
    one["hard"] = layer.hard;
    if (!layer.hard) one["review_ha"] = c.overlap_m2 / 1e4;
    add_binding(one, constraints, binding_rule(constraints.layers, site, k));
    one["touched"] = Json::array();
    for (const TouchedFeature& touched : c.touched)
      one["touched"].push_back(touched_row(layer, touched, site.area_m2));
  }
  return row;
}

Json summary_of(const Screening& screening, const ScreenConstraints& constraints, Edges edges) {
  const ScreenSummary& s = screening.summary;
  Json out;
  out["sites"] = screening.sites.size();
  out["sites_sum_ha"] = hectares(s.sites_sum_m2);
  out["sites_dissolved_ha"] = hectares(s.sites_dissolved_m2);
  out["recorded_ha"] = hectares(s.recorded_m2);
  out["excluded_sum_ha"] = hectares(s.excluded_sum_m2);
  out["excluded_dissolved_ha"] = hectares(s.excluded_dissolved_m2);
  out["net_sum_ha"] = hectares(s.net_sum_m2);
  out["net_dissolved_ha"] = hectares(s.net_dissolved_m2);
  out["review_sum_ha"] = hectares(s.review_sum_m2);
  out["stacked_sites"] = s.stacked_sites;
  out["mapped_over_twice_recorded"] = s.over_twice_recorded;
  out["edges"] = edges == Edges::geodesic ? "geodesic" : "straight";
  out["constraints"] = Json::array();
  for (std::size_t k = 0; k < constraints.layers.size(); ++k) {
    const ConstraintLayer& layer = constraints.layers[k];
    std::size_t hit = 0;
    for (const SiteScreening& site : screening.sites) hit += !site.constraints[k].touched.empty();
    Json one;
    one["name"] = layer.name;
    one["features"] = layer.geometry.size();
    one["setback_m"] = layer.setback_m.size() == 1 ? number_or_null(layer.setback_m[0]) : Json();
    one["hard"] = layer.hard;
    one["sites_touched"] = hit;
    if (!constraints.rules[k].citation.empty()) one["citation"] = constraints.rules[k].citation;
    if (!constraints.rules[k].jurisdiction.empty())
      one["jurisdiction"] = constraints.rules[k].jurisdiction;
    out["constraints"].push_back(std::move(one));
  }
  if (!constraints.uses.empty()) out["rules"] = rules_in_use(constraints.uses);
  if (!constraints.overruled.empty()) out["rules_overruled"] = rules_in_use(constraints.overruled);
  if (!constraints.tables.empty()) {
    out["setback_tables"] = tables_in_use(constraints);
    out["disclaimer"] = disclaimers(constraints.tables);
  }
  return out;
}

OutputLayer output_of(const Layer& sites, Screening& screening,
                      const std::vector<std::string>& ids) {
  OutputLayer out;
  out.name = "net_areas";
  out.crs = sites.crs;
  out.table.name = out.name;
  std::vector<double> area, excluded, pct, net, review, largest;
  for (SiteScreening& site : screening.sites) {
    out.geometry.push_back(std::move(site.net));
    area.push_back(site.area_m2 / 1e4);
    excluded.push_back(site.excluded_m2 / 1e4);
    pct.push_back(site.excluded_pct);
    net.push_back(site.net_m2 / 1e4);
    review.push_back(site.review_m2 / 1e4);
    largest.push_back(site.largest_free_m2 / 1e4);
  }
  out.table.add(text_column("id", ids));
  out.table.add(number_column("area_ha", area, "ha"));
  out.table.add(number_column("excl_ha", excluded, "ha"));
  out.table.add(number_column("excl_pct", pct, "%"));
  out.table.add(number_column("net_ha", net, "ha"));
  out.table.add(number_column("review_ha", review, "ha"));
  out.table.add(number_column("largest_ha", largest, "ha"));
  return out;
}

ScreenConstraints constraints_of(const Arguments& arguments, const Session& session, const Crs& crs,
                                 Outcome& outcome) {
  ScreenConstraints constraints = read_constraints(arguments, session, crs);
  outcome.findings.add(constraints.findings);
  outcome.inputs.insert(outcome.inputs.end(), constraints.inputs.begin(), constraints.inputs.end());
  return constraints;
}

ScreenOptions screen_options(const Arguments& arguments, const Session& session, const Crs& crs) {
  ScreenOptions options;
  options.edges = edges_of(arguments, crs);
  options.tolerance = tolerance_of(arguments).share;
  options.tolerance_m = tolerance_of(arguments).metres;
  options.conservative = arguments.flag("conservative");
  options.sliver_width_m = arguments.quantity("sliver-width");
  options.check_constraints = true;
  options.pair_geometry = arguments.has("pairs");
  options.jobs = session.jobs;
  return options;
}

/// Blocks stand over one another: their outlines in plan are screened once each.
Outcome run_on_blocks(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  for (const char* option : {"pairs", "free-parts"})
    if (arguments.has(option))
      throw Error("usage.blocks", std::string("--") + option + " is not for block models",
                  arguments.text("SITES"), "-o writes the shares of every block.");
  BlockSites blocks(arguments, session, outcome);
  ScreenConstraints constraints = constraints_of(arguments, session, blocks.crs(), outcome);
  ScreenInputs inputs;
  inputs.sites = blocks.outlines();
  inputs.crs = blocks.crs();
  inputs.constraints = std::move(constraints.layers);
  ScreenOptions options = screen_options(arguments, session, inputs.crs);
  options.dissolve = !blocks.apart();
  Screening screening = screen_sites(inputs, options, session.progress.part(0.1, 0.9));
  for (const Finding& finding : screening.findings.list())
    if (finding.code != "screen.nothing_left" && finding.code != "screen.stacked")
      outcome.findings.add(finding);
  blocks.report(arguments, session, inputs, screening, outcome);
  constraints.layers = std::move(inputs.constraints);
  outcome.summary = summary_of(screening, constraints, options.edges);
  outcome.summary["site_kind"] = "block model";
  outcome.summary["outlines"] = screening.sites.size();
  return outcome;
}

Outcome run(const Arguments& arguments, const Session& session) {
  const SiteKind kind = site_kind(arguments, session);
  if (kind == SiteKind::blocks) return run_on_blocks(arguments, session);
  Outcome outcome;
  SolidSites solids;
  if (kind == SiteKind::solids) solids = read_solid_sites(arguments, session, outcome);
  const Layer sites = kind == SiteKind::solids
                          ? std::move(solids.sites)
                          : read_layer(arguments.text("SITES"), read_options(arguments, session),
                                       session.progress.part(0.0, 0.1));
  const auto ids = kind == SiteKind::solids ? solids.ids : feature_ids(sites, arguments.text("id"));
  outcome.inputs = {sites.source};
  outcome.findings.add(sites.findings);
  if (kind == SiteKind::layer) outcome.findings.add(doubtful_ids(sites, ids));
  ScreenConstraints constraints = constraints_of(arguments, session, sites.crs, outcome);
  ScreenInputs inputs;
  inputs.sites = sites.geometry;
  inputs.ids = ids;
  inputs.crs = sites.crs;
  if (kind == SiteKind::layer)
    inputs.recorded_m2 = recorded_of(arguments, sites, arguments.text("area"), outcome.findings);
  inputs.constraints = std::move(constraints.layers);
  const ScreenOptions options = screen_options(arguments, session, sites.crs);
  Screening screening = screen_sites(inputs, options, session.progress.part(0.1, 0.9));
  constraints.layers = std::move(inputs.constraints);
  outcome.findings.add(screening.findings);
  add_results(session, outcome, ids.size(), [&](std::size_t i) {
    const double recorded = inputs.recorded_m2.empty() ? std::nan("") : inputs.recorded_m2[i];
    Json row = site_row(screening.sites[i], ids[i], recorded, constraints);
    if (kind == SiteKind::solids) {
      const BodyVolume body = body_volume(solids.meshes[i], screening.sites[i], sites.crs);
      row["volume_m3"] = body.volume_m3;
      row["excluded_m3"] = body.volume_m3 - body.net_m3;
      row["net_m3"] = body.net_m3;
    }
    return row;
  });
  outcome.summary = summary_of(screening, constraints, options.edges);
  outcome.summary["site_kind"] =
      kind == SiteKind::solids ? "solids, by their outline in plan" : "features of a layer";
  inputs.constraints = std::move(constraints.layers);
  enforce_strict(session, outcome.findings);
  write_screen_outputs(arguments, session, inputs, options.edges, screening, outcome);
  const auto beside = std::move(outcome.outputs);
  write_output(arguments, session, output_of(sites, screening, ids), outcome);
  outcome.outputs.insert(outcome.outputs.end(), beside.begin(), beside.end());
  return outcome;
}

}  // namespace

Command screen_command() {
  Command command;
  command.name = "screen";
  command.summary = "what setbacks and constraints leave of each site";
  command.group = "Environment";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) {
    if (!arguments.has("constraint") && !arguments.has("rules"))
      throw Error("usage.constraint", "neither --constraint nor --rules was said", "screen",
                  "Write --constraint rivers.shp='200 m'.");
    check_constraint_arguments(arguments);
    static_cast<void>(tolerance_of(arguments));
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
