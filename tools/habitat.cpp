#include "libgeo/environment/habitat.h"

#include "libgeo/core/error.h"
#include "libgeo/io/role_checks.h"
#include "tools/command.h"
#include "tools/ground_inputs.h"

namespace lode::tools {

namespace {

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "SITES",
       .kind = Kind::vector_layer,
       .help = "polygons of the sites",
       .positional = true,
       .required = true},
      {.name = "PATCHES",
       .kind = Kind::vector_layer,
       .help = "polygons of habitat",
       .positional = true,
       .required = true},
      {.name = "half-distance",
       .kind = Kind::quantity,
       .help = "distance between patches at which half of the animals or seeds arrive",
       .required = true,
       .dimension = Dimension::length},
      {.name = "least-probability",
       .kind = Kind::number,
       .help = "links less probable than this are left out",
       .default_text = "0.0001",
       .range = "above 0, below 1"},
      edges_parameter()};
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Habitat";
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

HabitatOptions options_of(const Arguments& arguments) {
  HabitatOptions options;
  options.half_distance_m = arguments.quantity("half-distance");
  options.least_probability = arguments.number("least-probability");
  if (!(options.half_distance_m > 0.0 && options.half_distance_m <= 5e6))
    throw Error("usage.half_distance", "the half distance lies above 0 and up to 5,000 km",
                "--half-distance", "For example '1 km'.");
  if (!(options.least_probability > 0.0 && options.least_probability < 1.0))
    throw Error("usage.least_probability", "the least probability lies above 0 and below 1",
                "--least-probability", "Leave it out for 0.0001.");
  return options;
}

Json row_of(const HabitatLoss& loss, const std::string& id, const std::string& name) {
  Json row;
  row["id"] = id;
  row["name"] = name.empty() ? Json() : Json(name);
  row["patches"] = loss.patches;
  row["lost_ha"] = loss.lost_m2 / 1e4;
  row["lost_pct"] = loss.lost_pct;
  row["connectivity_loss_pct"] = loss.connectivity_loss_pct;
  row["connected_before_ha"] = loss.connected_area_before_m2 / 1e4;
  row["connected_after_ha"] = loss.connected_area_after_m2 / 1e4;
  return row;
}

OutputLayer output_of(const Layer& sites, const Habitat& habitat,
                      const std::vector<std::string>& ids) {
  OutputLayer out;
  out.name = "habitat_loss";
  out.crs = sites.crs;
  out.geometry = sites.geometry;
  out.table.name = out.name;
  std::vector<double> patches, lost, lost_pct, connectivity, after;
  for (const HabitatLoss& loss : habitat.sites) {
    patches.push_back(static_cast<double>(loss.patches));
    lost.push_back(loss.lost_m2 / 1e4);
    lost_pct.push_back(loss.lost_pct);
    connectivity.push_back(loss.connectivity_loss_pct);
    after.push_back(loss.connected_area_after_m2 / 1e4);
  }
  out.table.add(text_column("id", ids));
  out.table.add(number_column("patches", patches));
  out.table.add(number_column("lost_ha", lost, "ha"));
  out.table.add(number_column("lost_pct", lost_pct, "%"));
  out.table.add(number_column("dpc_pct", connectivity, "%"));
  out.table.add(number_column("eca_ha", after, "ha"));
  return out;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Layer sites = read_layer(arguments.text("SITES"), read_options(arguments, session),
                                 session.progress.part(0.0, 0.05));
  const auto ids = feature_ids(sites, arguments.text("id"));
  const auto names = feature_names(sites, arguments.text("name"));
  Layer patches = read_layer(arguments.text("PATCHES"), other_read_options(arguments, session),
                             session.progress.part(0.05, 0.1));
  outcome.inputs = {sites.source, patches.source};
  outcome.findings = sites.findings;
  outcome.findings.add(doubtful_ids(sites, ids));
  outcome.findings.add(patches.findings);
  patches = brought_to(std::move(patches), sites.crs, arguments);
  HabitatInputs inputs;
  inputs.sites = sites.geometry;
  inputs.patches = std::move(patches.geometry);
  inputs.crs = sites.crs;
  HabitatOptions options = options_of(arguments);
  options.edges = edges_of(arguments, sites.crs);
  options.jobs = session.jobs;
  const Habitat habitat = habitat_loss(inputs, options, session.progress.part(0.1, 0.95));
  outcome.findings.add(habitat.findings);
  add_results(session, outcome, ids.size(),
              [&](std::size_t i) { return row_of(habitat.sites[i], ids[i], names[i]); });
  outcome.summary["sites"] = ids.size();
  outcome.summary["patches"] = habitat.nodes;
  outcome.summary["links"] = habitat.links;
  outcome.summary["habitat_ha"] = habitat.habitat_m2 / 1e4;
  outcome.summary["half_distance_m"] = options.half_distance_m;
  write_output(arguments, session, output_of(sites, habitat, ids), outcome);
  return outcome;
}

}  // namespace

Command habitat_command() {
  Command command;
  command.name = "habitat";
  command.summary = "what each site costs a network of habitat: area and connectivity";
  command.group = "Environment";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) { static_cast<void>(options_of(arguments)); };
  command.run = run;
  return command;
}

}  // namespace lode::tools
