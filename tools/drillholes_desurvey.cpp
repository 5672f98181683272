#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "tools/command.h"
#include "tools/drillhole_inputs.h"

namespace lode::tools {

namespace {

// Of every interval at half its length: place in the CRS's unit, direction in degrees.
struct Middle {
  Vector3 place{};
  double azimuth_deg = 0.0, dip_deg = 90.0;
};

Middle middle_of(const DrillholeInputs& inputs, std::size_t i) {
  const auto& assays = inputs.set.assays;
  const HolePath& path = inputs.set.holes[assays.hole[i]].path;
  const double at = (assays.from_m[i] + assays.to_m[i]) / 2.0;
  Middle middle;
  middle.place = place_at(path, at);
  for (double& one : middle.place) one /= inputs.metres_per_unit;
  const Vector3 d = direction_at(path, at);
  constexpr double degrees = 180.0 / std::numbers::pi;
  const double flat = std::hypot(d[0], d[1]);
  middle.dip_deg = std::atan2(-d[2], flat) * degrees;
  middle.azimuth_deg = flat > 0.0 ? std::atan2(d[0], d[1]) * degrees : 0.0;
  if (middle.azimuth_deg < 0.0) middle.azimuth_deg += 360.0;
  return middle;
}

std::string domain_of(const DrillholeSet& set, std::size_t i) {
  return set.assays.domain.empty() ? std::string() : set.domain_names[set.assays.domain[i]];
}

Json row_of(const DrillholeInputs& inputs, const Middle& middle, std::size_t i) {
  const auto& assays = inputs.set.assays;
  Json row;
  row["hole"] = inputs.set.holes[assays.hole[i]].name;
  row["from_m"] = assays.from_m[i];
  row["to_m"] = assays.to_m[i];
  row["x"] = middle.place[0];
  row["y"] = middle.place[1];
  row["z"] = middle.place[2];
  row["length_m"] = assays.to_m[i] - assays.from_m[i];
  row["azimuth_deg"] = middle.azimuth_deg;
  row["dip_deg"] = middle.dip_deg;
  if (!assays.domain.empty()) row["domain"] = domain_of(inputs.set, i);
  for (std::size_t v = 0; v < assays.variables.size(); ++v)
    row[assays.variables[v]] = assays.values[v][i];
  return row;
}

OutputLayer output_of(const DrillholeInputs& inputs, const std::vector<Middle>& middles) {
  const auto& assays = inputs.set.assays;
  OutputLayer out;
  out.name = "intervals";
  out.crs = inputs.crs;
  std::vector<std::string> hole, domain;
  std::vector<double> z, length, azimuth, dip;
  for (std::size_t i = 0; i < middles.size(); ++i) {
    out.geometry.push_back(point_geometry(middles[i].place[0], middles[i].place[1]));
    hole.push_back(inputs.set.holes[assays.hole[i]].name);
    z.push_back(middles[i].place[2]);
    length.push_back(assays.to_m[i] - assays.from_m[i]);
    azimuth.push_back(middles[i].azimuth_deg);
    dip.push_back(middles[i].dip_deg);
    if (!assays.domain.empty()) domain.push_back(domain_of(inputs.set, i));
  }
  out.table.name = out.name;
  out.table.add(number_column("z", std::move(z)));
  out.table.add(text_column("hole", std::move(hole)));
  out.table.add(number_column("from_m", assays.from_m, "m"));
  out.table.add(number_column("to_m", assays.to_m, "m"));
  out.table.add(number_column("length_m", std::move(length), "m"));
  out.table.add(number_column("azimuth_deg", std::move(azimuth), "deg"));
  out.table.add(number_column("dip_deg", std::move(dip), "deg"));
  if (!domain.empty()) out.table.add(text_column("domain", std::move(domain)));
  for (std::size_t v = 0; v < assays.variables.size(); ++v)
    if (out.table.find(assays.variables[v]) == nullptr)
      out.table.add(number_column(assays.variables[v], assays.values[v], assays.units[v]));
  return out;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const DrillholeInputs inputs =
      read_drillhole_inputs(arguments, session, {}, session.progress.part(0.0, 0.7), outcome);
  summarise(inputs, outcome);
  outcome.summary["method"] = std::string(to_text(inputs.set.holes.front().path.method));
  outcome.shown = {"hole", "from_m", "to_m", "x", "y", "z", "azimuth_deg", "dip_deg"};
  std::vector<Middle> middles(inputs.set.assays.size());
  for (std::size_t i = 0; i < middles.size(); ++i) {
    if (i % 65536 == 0) session.progress.check();
    middles[i] = middle_of(inputs, i);
  }
  add_results(session, outcome, middles.size(),
              [&](std::size_t i) { return row_of(inputs, middles[i], i); });
  write_output(arguments, session, output_of(inputs, middles), outcome);
  return outcome;
}

}  // namespace

Command drillholes_desurvey_command() {
  Command command;
  command.name = "drillholes desurvey";
  command.summary = "places of drillhole intervals from their surveys";
  command.group = "Deposit";
  append(command.parameters, drillhole_parameters());
  append(command.parameters, {{.name = "domain",
                               .kind = Kind::field,
                               .help = "column of the assays that is written along",
                               .parent = "assays",
                               .group = "Weights and domains"}});
  append(command.parameters, output_parameters());
  command.setup = [](const Arguments& arguments) {
    check_drillhole_options(arguments);
    if (arguments.has("collars") && !arguments.has("assays"))
      throw Error("usage.drillholes", "intervals are wanted, and --assays names none",
                  "drillholes desurvey", "Name a table with hole, from and to.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
