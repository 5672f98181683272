#include "libgeo/study/study_init.h"

#include <chrono>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/open.h"
#include "tools/command.h"

namespace lode::tools {

namespace fs = std::filesystem;

namespace {

std::string today() {
  const std::chrono::year_month_day day(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return to_text(Date{static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                      static_cast<unsigned>(day.day())});
}

/// A path as the study file will hold it: relative to its folder.
std::string from_study(const std::string& path, const std::string& study) {
  const fs::path folder = fs::absolute(study).parent_path();
  return fs::absolute(path)
      .lexically_normal()
      .lexically_relative(folder.lexically_normal())
      .generic_string();
}

InitLayer read_init(const std::string& argument, const std::string& study, Outcome& outcome) {
  const PathAndLayer named = split_layer(argument);
  ReadOptions options;
  options.need_crs = false;
  options.need_geometry = false;
  options.check_geometry = false;
  Layer layer = read_layer(argument, options);
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  InitLayer init;
  init.path = from_study(named.path, study);
  init.layer = named.layer;
  init.has_crs = layer.has_crs || !layer.has_geometry();
  init.table = std::move(layer.table);
  return init;
}

/// "rivers=rivers.shp=200 m" or "road=roads.gpkg:roads".
std::vector<std::string> parts_of(const std::string& text, std::size_t count,
                                  const std::string& option, const std::string& form) {
  const auto parts = split(text, '=');
  if (parts.size() != count || parts[0].empty() || parts[1].empty())
    throw Error("usage.pairs", "'" + printable(text) + "' is not " + form, option,
                "Write " + form + ".");
  return parts;
}

Outcome run_it(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const std::string study = arguments.text("FILE");
  InitInputs inputs;
  inputs.title = arguments.text("title");
  inputs.home = arguments.text("home");
  inputs.as_of = arguments.has("as-of") ? to_text(*parse_date(arguments.text("as-of"))) : today();
  inputs.allies = arguments.texts("ally");
  for (const auto& path : arguments.texts("sites")) {
    inputs.sites.push_back(read_init(path, study, outcome));
    inputs.sites.back().kind = "primary";
  }
  for (const auto& path : arguments.texts("secondary")) {
    inputs.sites.push_back(read_init(path, study, outcome));
    inputs.sites.back().kind = "secondary";
  }
  for (const auto& path : arguments.texts("permits"))
    inputs.permits.push_back(read_init(path, study, outcome));
  for (const auto& text : arguments.texts("constraint")) {
    const auto parts = parts_of(text, 3, "--constraint", "NAME=FILE=SETBACK");
    inputs.constraints.push_back(read_init(parts[1], study, outcome));
    inputs.constraints.back().name = parts[0];
    inputs.constraints.back().setback = parts[2];
  }
  for (const auto& text : arguments.texts("network")) {
    const auto parts = parts_of(text, 2, "--network", "MODE=FILE");
    inputs.networks.push_back(read_init(parts[1], study, outcome));
    inputs.networks.back().name = parts[0];
  }
  for (const auto& [name, target] :
       {std::pair<const char*, std::string*>{"terminals", &inputs.terminals},
        {"plants", &inputs.plants},
        {"ports", &inputs.ports},
        {"tariff", &inputs.tariff},
        {"governance", &inputs.governance},
        {"production", &inputs.production}})
    if (arguments.has(name)) *target = from_study(arguments.text(name), study);
  const InitResult result = init_study(inputs);
  enforce_strict(session, outcome.findings);
  OutputSet set(session.overwrite);
  set.write_text(study, result.text);
  set.commit();
  outcome.outputs = set.written();
  outcome.summary["guessed"] = result.guessed;
  outcome.summary["open"] = result.open;
  outcome.summary["sites"] = inputs.sites.size();
  outcome.text = "wrote " + printable(study) + "\n";
  for (const auto& line : result.guessed) outcome.text += "  taken: " + printable(line) + "\n";
  for (const auto& line : result.open) outcome.text += "  open:  " + printable(line) + "\n";
  outcome.text += "Look it over, then: lode study check " + printable(study) + "\n";
  return outcome;
}

}  // namespace

Command study_init_command() {
  Command command;
  command.name = "study init";
  command.summary = "write a commented study file from the layers you point at";
  command.group = "Study";
  command.parameters = {
      {.name = "FILE",
       .kind = Kind::file_out,
       .help = "the study file to write",
       .positional = true,
       .required = true},
      {.name = "sites",
       .kind = Kind::vector_layer,
       .help = "layer of deposits",
       .required = true,
       .repeatable = true},
      {.name = "home",
       .kind = Kind::text,
       .help = "home country, ISO 3166-1 alpha-3",
       .required = true},
      {.name = "secondary",
       .kind = Kind::vector_layer,
       .help = "layer of recycling sources",
       .repeatable = true},
      {.name = "ally",
       .kind = Kind::text,
       .help = "an allied country, ISO 3166-1 alpha-3",
       .repeatable = true},
      {.name = "permits",
       .kind = Kind::vector_layer,
       .help = "layer of permits",
       .repeatable = true},
      {.name = "constraint",
       .kind = Kind::text,
       .help = "NAME=FILE=SETBACK, e.g. 'rivers=rivers.shp=200 m'",
       .repeatable = true},
      {.name = "network",
       .kind = Kind::text,
       .help = "MODE=FILE[:layer], mode road, rail, sea or barge",
       .repeatable = true},
      {.name = "terminals", .kind = Kind::table, .help = "table of terminals"},
      {.name = "plants", .kind = Kind::table, .help = "table of plants"},
      {.name = "ports", .kind = Kind::table, .help = "table of ports"},
      {.name = "tariff", .kind = Kind::file, .help = "freight tariff (TOML)"},
      {.name = "governance", .kind = Kind::table, .help = "table of governance risk by country"},
      {.name = "production", .kind = Kind::table, .help = "table of production by country"},
      {.name = "title",
       .kind = Kind::text,
       .help = "title of the study",
       .default_text = "A study"},
      {.name = "as-of",
       .kind = Kind::date,
       .help = "day for which permits are judged; today when not said"}};
  command.run = run_it;
  return command;
}

}  // namespace lode::tools
