#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/top_cut.h"
#include "tools/command.h"
#include "tools/drillhole_inputs.h"

namespace lode::tools {

namespace {

struct Composited {
  DrillholeInputs inputs;
  CompositeResult result;
};

Vector3 place_of(const Composited& all, std::size_t i) {
  Vector3 place = all.result.composites[i].place;
  for (double& one : place) one /= all.inputs.metres_per_unit;
  return place;
}

Json row_of(const Composited& all, bool thickness, std::size_t i) {
  const Composite& one = all.result.composites[i];
  const auto& assays = all.inputs.set.assays;
  const Vector3 place = place_of(all, i);
  Json row;
  row["hole"] = all.inputs.set.holes[one.hole].name;
  row["from_m"] = one.from_m;
  row["to_m"] = one.to_m;
  row["x"] = place[0];
  row["y"] = place[1];
  row["z"] = place[2];
  row["length_m"] = one.to_m - one.from_m;
  if (thickness) row["true_thickness_m"] = one.true_thickness_m;
  if (all.inputs.set.has_domain) row["domain"] = all.inputs.set.domain_names[one.domain];
  if (!all.result.density_t_m3.empty()) row["density_t_m3"] = all.result.density_t_m3[i];
  for (std::size_t v = 0; v < assays.variables.size(); ++v)
    row[assays.variables[v]] = all.result.values[v][i];
  for (std::size_t v = 0; v < assays.variables.size(); ++v)
    row[assays.variables[v] + "_coverage_pct"] = all.result.coverage_pct[v][i];
  return row;
}

OutputLayer output_of(const Composited& all, bool thickness) {
  const auto& set = all.inputs.set;
  OutputLayer out;
  out.name = "composites";
  out.crs = all.inputs.crs;
  out.table.name = out.name;
  std::vector<std::string> hole, domain;
  std::vector<double> z, from, to, length, thick;
  for (std::size_t i = 0; i < all.result.composites.size(); ++i) {
    const Composite& one = all.result.composites[i];
    const Vector3 place = place_of(all, i);
    out.geometry.push_back(point_geometry(place[0], place[1]));
    z.push_back(place[2]);
    hole.push_back(set.holes[one.hole].name);
    from.push_back(one.from_m);
    to.push_back(one.to_m);
    length.push_back(one.to_m - one.from_m);
    thick.push_back(one.true_thickness_m);
    domain.push_back(set.has_domain ? set.domain_names[one.domain] : std::string());
  }
  out.table.add(number_column("z", std::move(z)));
  out.table.add(text_column("hole", std::move(hole)));
  out.table.add(number_column("from_m", std::move(from), "m"));
  out.table.add(number_column("to_m", std::move(to), "m"));
  out.table.add(number_column("length_m", std::move(length), "m"));
  if (thickness) out.table.add(number_column("true_thickness_m", std::move(thick), "m"));
  if (set.has_domain) out.table.add(text_column("domain", std::move(domain)));
  if (!all.result.density_t_m3.empty())
    out.table.add(number_column("density_t_m3", all.result.density_t_m3, "t/m3"));
  const auto& names = set.assays.variables;
  for (std::size_t v = 0; v < names.size(); ++v)
    if (out.table.find(names[v]) == nullptr)
      out.table.add(number_column(names[v], all.result.values[v], set.assays.units[v]));
  for (std::size_t v = 0; v < names.size(); ++v)
    if (out.table.find(names[v] + "_coverage_pct") == nullptr)
      out.table.add(number_column(names[v] + "_coverage_pct", all.result.coverage_pct[v], "%"));
  return out;
}

CompositeOptions options_of(const Arguments& arguments) {
  CompositeOptions options;
  options.length_m = arguments.quantity("length");
  options.bench_m = arguments.quantity("bench");
  if (arguments.has("bench-level")) options.bench_level_m = arguments.quantity("bench-level");
  options.residual = parse_residual(arguments.text("residual"));
  options.min_coverage_pct = percentage_of(arguments, "min-coverage", 0.0);
  options.structure_azimuth_deg = arguments.number("structure-azimuth");
  options.structure_dip_deg = arguments.number("structure-dip");
  return options;
}

// Length x grade before and after, by value: the check that nothing was lost.
Json balance_of(const Composited& all) {
  Json balance = Json::array();
  const auto& assays = all.inputs.set.assays;
  for (std::size_t v = 0; v < assays.variables.size(); ++v) {
    double before = 0.0, before_m = 0.0, after = 0.0, after_m = 0.0;
    for (std::size_t i = 0; i < assays.size(); ++i) {
      if (std::isnan(assays.values[v][i])) continue;
      before_m += assays.to_m[i] - assays.from_m[i];
      before += (assays.to_m[i] - assays.from_m[i]) * assays.values[v][i];
    }
    for (std::size_t i = 0; i < all.result.composites.size(); ++i) {
      if (std::isnan(all.result.values[v][i])) continue;
      const Composite& one = all.result.composites[i];
      const double covered = (one.to_m - one.from_m) * all.result.coverage_pct[v][i] / 100.0;
      after_m += covered;
      after += covered * all.result.values[v][i];
    }
    Json row;
    row["value"] = assays.variables[v];
    row["assayed_m"] = before_m;
    row["composited_m"] = after_m;
    row["assay_mean"] = before / before_m;
    row["composite_mean"] = after / after_m;
    balance.push_back(row);
  }
  return balance;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  Composited all;
  all.inputs =
      read_drillhole_inputs(arguments, session, {}, session.progress.part(0.0, 0.6), outcome);
  for (const NamedCap& cap : caps_of(arguments, all.inputs.set.assays)) {
    const std::size_t capped = apply_cap(all.inputs.set.assays.values[cap.variable], cap.cap);
    outcome.findings.add("composites.capped", Severity::note,
                         "'" + printable(all.inputs.set.assays.variables[cap.variable]) + "'",
                         "values above " + number_text(cap.cap) + " were set to it", capped);
  }
  all.result = composite(all.inputs.set, options_of(arguments), session.progress.part(0.6, 0.8));
  outcome.findings.add(all.result.findings);
  if (all.result.composites.empty())
    throw Error("composites.none", "no composite has a value", "drillholes composite",
                "Lower --min-coverage, or look at the assays with 'lode drillholes check'.");
  summarise(all.inputs, outcome);
  outcome.summary["composites"] = all.result.composites.size();
  outcome.summary["residual"] = arguments.text("residual");
  outcome.summary["dropped_m"] = all.result.dropped_m;
  outcome.summary["unsampled"] = all.result.unsampled;
  outcome.summary["balance"] = balance_of(all);
  outcome.shown = {"hole", "from_m", "to_m", "x", "y", "z", "length_m", "domain"};
  for (const std::string& value : all.inputs.set.assays.variables) outcome.shown.push_back(value);
  const bool thickness = arguments.has("structure-dip");
  add_results(session, outcome, all.result.composites.size(),
              [&](std::size_t i) { return row_of(all, thickness, i); });
  write_output(arguments, session, output_of(all, thickness), outcome);
  return outcome;
}

std::vector<Parameter> composite_parameters() {
  std::vector<Parameter> list = {
      {.name = "length",
       .kind = Kind::quantity,
       .help = "of a composite, down the hole",
       .dimension = Dimension::length},
      {.name = "bench",
       .kind = Kind::quantity,
       .help = "height of benches, instead of a length",
       .dimension = Dimension::length},
      {.name = "bench-level",
       .kind = Kind::quantity,
       .help = "elevation of one bench's floor; the others lie whole heights above and below",
       .dimension = Dimension::length,
       .default_text = "0 m"},
      {.name = "residual",
       .kind = Kind::choice,
       .help = "what becomes of the short end of a hole or domain",
       .choices = {"keep", "drop", "merge", "share"},
       .default_text = "keep"},
      {.name = "min-coverage",
       .help = "per cent of a composite over which a value must be known",
       .default_text = "0",
       .range = "0 to 100"},
      {.name = "structure-azimuth",
       .kind = Kind::number,
       .help = "dip direction of the structure whose true thickness is wanted, degrees",
       .range = "-360 to 360",
       .minimum = -360.0,
       .maximum = 360.0},
      {.name = "structure-dip",
       .kind = Kind::number,
       .help = "its dip, degrees",
       .range = "0 to 90",
       .minimum = 0.0,
       .maximum = 90.0}};
  for (Parameter& parameter : list) parameter.group = "Composites";
  return list;
}

}  // namespace

Command drillholes_composite_command() {
  Command command;
  command.name = "drillholes composite";
  command.summary = "even lengths or benches from drillhole intervals, within domains";
  command.group = "Deposit";
  append(command.parameters, drillhole_parameters());
  append(command.parameters, composite_parameters());
  append(command.parameters, weighting_parameters());
  append(command.parameters,
         {cap_parameter("highest value that counts: 'treo_pct=5 %', or '5 %' of the only value")});
  append(command.parameters, output_parameters());
  command.setup = [](const Arguments& arguments) {
    check_drillhole_options(arguments);
    if (arguments.has("length") == arguments.has("bench"))
      throw Error("usage.composite", "a length or a bench height is wanted, one of the two",
                  "drillholes composite", "For example --length '5 m' or --bench '10 m'.");
    if (arguments.has("structure-azimuth") != arguments.has("structure-dip"))
      throw Error("usage.composite", "a structure takes its dip direction and its dip",
                  "drillholes composite", "Give --structure-azimuth and --structure-dip.");
    if (arguments.has("collars") && !arguments.has("assays"))
      throw Error("usage.drillholes", "--assays names no table", "drillholes composite",
                  "There is nothing to composite without assays.");
    (void)percentage_of(arguments, "min-coverage", 0.0);
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
