#include "libgeo/environment/surroundings.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/open.h"
#include "libgeo/io/raster_blocks.h"
#include "libgeo/io/role_checks.h"
#include "tools/command.h"
#include "tools/ground_inputs.h"
#include "tools/params.h"

namespace lode::tools {

namespace {

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "SITES",
       .kind = Kind::vector_layer,
       .help = "points, lines or polygons of the sites",
       .positional = true,
       .required = true},
      {.name = "water",
       .kind = Kind::vector_layer,
       .help = "lines or polygons of water: how often a site meets them",
       .repeatable = true},
      {.name = "people",
       .help = "raster of people a cell, or LAYER:FIELD of places with their number"},
      {.name = "within",
       .help = "distances from the site within which people are counted, rising",
       .default_text = "5,25,50 km"},
      {.name = "value",
       .help = "NAME=LAYER:FIELD, polygons with a number: its mean over the site and its largest",
       .repeatable = true},
      {.name = "land",
       .help = "NAME=LAYER, land of somebody: share of the site, and whose",
       .repeatable = true},
      tolerance_parameter(),
      edges_parameter()};
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Surroundings";
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

/// NAME=PATH[:layer], and for values :FIELD at the end.
struct Named {
  std::string name, path, field;
};

Named named_of(const std::string& text, const std::string& option, bool with_field) {
  const auto wrong = [&] {
    return Error(with_field ? "usage.value" : "usage.land",
                 "'" + printable(text) + "' is not NAME=LAYER" + (with_field ? ":FIELD" : ""),
                 "--" + option,
                 with_field ? "Write --value stress=basins.gpkg:bws_score."
                            : "Write --land treaty=treaty_lands.gpkg.");
  };
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) throw wrong();
  Named named{text.substr(0, equals), text.substr(equals + 1), {}};
  if (!with_field) return named;
  const auto colon = named.path.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == named.path.size()) throw wrong();
  named.field = named.path.substr(colon + 1);
  named.path.resize(colon);
  return named;
}

std::vector<Named> named_list(const Arguments& arguments, const std::string& option,
                              bool with_field) {
  std::vector<Named> list;
  std::set<std::string> names;
  const auto columns_of = [&](const std::string& name) {
    return with_field ? std::vector<std::string>{name, name + "_max"}
                      : std::vector<std::string>{name + "_pct", name + "_of"};
  };
  for (const std::string& text : arguments.texts(option)) {
    list.push_back(named_of(text, option, with_field));
    const std::string& name = list.back().name;
    for (const std::string& column : columns_of(name)) {
      const std::string key = lower(column);
      if (key == "id" || key == "name" || key == "area_ha" || key == "water_crossings" ||
          key.starts_with("population_"))
        throw Error(with_field ? "usage.value" : "usage.land",
                    "'" + printable(name) + "' would give a column '" + printable(column) +
                        "', which the results have already",
                    "--" + option, "Give the layer another name.");
      if (!names.insert(key).second)
        throw Error(with_field ? "usage.value" : "usage.land",
                    "two layers would give the column '" + printable(column) + "'", "--" + option,
                    "Give each its own name.");
    }
  }
  return list;
}

std::vector<double> distances_of(const Arguments& arguments) {
  const auto list = option_quantities(arguments.text("within"), Dimension::length, "--within");
  double last = 0.0;
  for (const double d : list) {
    if (!(d > last && d <= 5e6))
      throw Error("usage.within",
                  "the distances do not rise, or are not above 0 and up to 5,000 km", "--within",
                  "For example '5,25,50 km'.");
    last = d;
  }
  return list;
}

/// "population_25km", "population_500m".
std::string people_key(double metres) {
  return "population_" +
         (metres < 1000.0 ? number_text(metres) + "m" : number_text(metres / 1000.0) + "km");
}

/// One layer of values or land, with what it says of every site.
struct Answer {
  Named named;
  std::vector<PlaceValue> at;
  std::vector<std::string> ids;
};

/// What is known of all sites.
struct Found {
  std::vector<std::size_t> crossings;  ///< empty: not asked
  std::vector<double> within_m;
  std::vector<std::vector<double>> people;  ///< empty: not asked
  std::vector<Answer> values, lands;
};

/// Reads layers beside the sites, in their CRS, and keeps what was said about them.
class Reading {
 public:
  Reading(const Arguments& arguments, const Session& session, const Layer& sites, Outcome& outcome)
      : arguments_(arguments), session_(session), sites_(sites), outcome_(outcome) {}

  [[nodiscard]] Layer layer(const std::string& path) const {
    Layer layer = read_layer(path, other_read_options(arguments_, session_));
    outcome_.inputs.push_back(layer.source);
    outcome_.findings.add(layer.findings);
    return brought_to(std::move(layer), sites_.crs, arguments_);
  }

  [[nodiscard]] People people(const PeopleOptions& options, const Progress& progress) const {
    const std::string text = arguments_.text("people");
    const auto colon = text.rfind(':');
    std::error_code ignored;
    const bool raster = colon == std::string::npos || std::filesystem::exists(text, ignored);
    if (raster) {
      ValuesOptions reading;
      reading.input_crs = arguments_.text("input-crs");
      reading.bands = {1};
      const ValuesFile file = open_values(text, reading, progress);
      outcome_.inputs.push_back(file.source);
      outcome_.findings.add(file.findings);
      return people_within(sites_.geometry, sites_.crs, *file.bands.front(), options, progress);
    }
    const Layer places = layer(text.substr(0, colon));
    return people_within(sites_.geometry, sites_.crs, places.geometry,
                         places.table.numbers(text.substr(colon + 1)), options, progress);
  }

  [[nodiscard]] Answer answer(const Named& named, Edges edges, const Progress& progress) const {
    const Layer polygons = layer(named.path);
    Answer out;
    out.named = named;
    out.ids = feature_ids(polygons, {});
    std::vector<double> numbers;
    if (!named.field.empty()) {
      numbers = polygons.table.numbers(named.field);
    } else {
      const auto names = feature_names(polygons, {});
      for (std::size_t i = 0; i < names.size(); ++i)
        if (!names[i].empty()) out.ids[i] = names[i];
    }
    out.at = values_at(sites_.geometry, polygons.geometry, numbers, sites_.crs, edges,
                       session_.jobs, progress);
    return out;
  }

 private:
  const Arguments& arguments_;
  const Session& session_;
  const Layer& sites_;
  Outcome& outcome_;
};

Json ids_of(const Answer& answer, std::size_t site) {
  Json list = Json::array();
  std::set<std::string> seen;
  for (const std::size_t feature : answer.at[site].features)
    if (seen.insert(answer.ids[feature]).second) list.push_back(answer.ids[feature]);
  return list;
}

Json row_of(const Found& found, std::size_t i, const std::string& id, const std::string& name,
            double area_m2) {
  Json row;
  row["id"] = id;
  row["name"] = name.empty() ? Json() : Json(name);
  row["area_ha"] = area_m2 / 1e4;
  if (!found.crossings.empty()) row["water_crossings"] = found.crossings[i];
  if (!found.people.empty())
    for (std::size_t k = 0; k < found.within_m.size(); ++k)
      row[people_key(found.within_m[k])] = number_or_null(found.people[i][k]);
  if (!found.values.empty()) row["values"] = Json::object();
  for (const Answer& answer : found.values) {
    Json& one = row["values"][answer.named.name];
    one["mean"] = number_or_null(answer.at[i].mean);
    one["largest"] = number_or_null(answer.at[i].largest);
    one["covered_pct"] = answer.at[i].covered_pct;
    one["features"] = ids_of(answer, i);
  }
  if (!found.lands.empty()) row["land"] = Json::object();
  for (const Answer& answer : found.lands) {
    Json& one = row["land"][answer.named.name];
    one["covered_pct"] = answer.at[i].covered_pct;
    one["covered_ha"] = area_m2 / 1e4 * answer.at[i].covered_pct / 100.0;
    one["names"] = ids_of(answer, i);
  }
  return row;
}

OutputLayer output_of(const Layer& sites, const Found& found, const std::vector<std::string>& ids) {
  OutputLayer out;
  out.name = "surroundings";
  out.crs = sites.crs;
  out.geometry = sites.geometry;
  out.table.name = out.name;
  out.table.add(text_column("id", ids));
  if (!found.crossings.empty())
    out.table.add(number_column(
        "water_crossings", std::vector<double>(found.crossings.begin(), found.crossings.end())));
  for (std::size_t k = 0; !found.people.empty() && k < found.within_m.size(); ++k) {
    std::vector<double> column;
    for (const auto& site : found.people) column.push_back(site[k]);
    out.table.add(number_column(people_key(found.within_m[k]), column));
  }
  for (const Answer& answer : found.values) {
    std::vector<double> mean, largest;
    for (const PlaceValue& value : answer.at) {
      mean.push_back(value.mean);
      largest.push_back(value.largest);
    }
    out.table.add(number_column(answer.named.name, mean));
    out.table.add(number_column(answer.named.name + "_max", largest));
  }
  for (const Answer& answer : found.lands) {
    std::vector<double> share;
    std::vector<std::string> whose;
    for (std::size_t i = 0; i < answer.at.size(); ++i) {
      share.push_back(answer.at[i].covered_pct);
      std::vector<std::string> names;
      const Json touched = ids_of(answer, i);  // outlives the loop over its items
      for (const Json& name : touched.items()) names.push_back(name.as_string());
      whose.push_back(join(names, "; "));
    }
    out.table.add(number_column(answer.named.name + "_pct", share, "%"));
    out.table.add(text_column(answer.named.name + "_of", whose));
  }
  return out;
}

Found find_all(const Arguments& arguments, const Session& session, const Layer& sites, Edges edges,
               Outcome& outcome) {
  const Reading reading(arguments, session, sites, outcome);
  Found found;
  if (arguments.has("water")) {
    std::vector<Geometry> waters;
    for (const std::string& path : arguments.texts("water")) {
      Layer layer = reading.layer(path);
      waters.insert(waters.end(), std::make_move_iterator(layer.geometry.begin()),
                    std::make_move_iterator(layer.geometry.end()));
    }
    found.crossings = water_crossings(sites.geometry, waters, sites.crs, edges, session.jobs,
                                      session.progress.part(0.1, 0.3));
  }
  if (arguments.has("people")) {
    PeopleOptions options;
    options.within_m = found.within_m = distances_of(arguments);
    options.edges = edges;
    options.jobs = session.jobs;
    options.tolerance = tolerance_of(arguments).share;
    const People people = reading.people(options, session.progress.part(0.3, 0.7));
    outcome.findings.add(people.findings);
    found.people = people.people;
  }
  for (const Named& named : named_list(arguments, "value", true))
    found.values.push_back(reading.answer(named, edges, session.progress.part(0.7, 0.8)));
  for (const Named& named : named_list(arguments, "land", false))
    found.lands.push_back(reading.answer(named, edges, session.progress.part(0.8, 0.9)));
  return found;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Layer sites = read_layer(arguments.text("SITES"), read_options(arguments, session),
                                 session.progress.part(0.0, 0.1));
  const auto ids = feature_ids(sites, arguments.text("id"));
  const auto names = feature_names(sites, arguments.text("name"));
  outcome.inputs = {sites.source};
  outcome.findings = sites.findings;
  outcome.findings.add(doubtful_ids(sites, ids));
  const Edges edges = edges_of(arguments, sites.crs);
  const Found found = find_all(arguments, session, sites, edges, outcome);
  outcome.shown = {"id", "area_ha"};
  if (!found.crossings.empty()) outcome.shown.emplace_back("water_crossings");
  if (!found.people.empty())
    for (const double d : found.within_m) outcome.shown.push_back(people_key(d));
  for (const Answer& answer : found.values) outcome.shown.push_back(answer.named.name);
  for (const Answer& answer : found.lands) outcome.shown.push_back(answer.named.name + "_pct");
  add_results(session, outcome, ids.size(), [&](std::size_t i) {
    Json row = row_of(found, i, ids[i], names[i], area_m2(sites.geometry[i], sites.crs, edges));
    if (session.json) return row;
    // The table for people has no nested values.
    for (const Answer& answer : found.values)
      row[answer.named.name] = number_or_null(answer.at[i].mean);
    for (const Answer& answer : found.lands)
      row[answer.named.name + "_pct"] = answer.at[i].covered_pct;
    return row;
  });
  outcome.summary["sites"] = ids.size();
  outcome.summary["edges"] = edges == Edges::geodesic ? "geodesic" : "straight";
  write_output(arguments, session, output_of(sites, found, ids), outcome);
  return outcome;
}

}  // namespace

Command surroundings_command() {
  Command command;
  command.name = "surroundings";
  command.summary = "waters that a site crosses, people near it, stress, hazard and land of whom";
  command.group = "Environment";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) {
    bool asked = false;
    for (const char* name : {"water", "people", "value", "land"}) asked |= arguments.has(name);
    if (!asked)
      throw Error("usage.surroundings", "nothing is asked", "surroundings",
                  "Say --water, --people, --value or --land.");
    static_cast<void>(named_list(arguments, "value", true));
    static_cast<void>(named_list(arguments, "land", false));
    static_cast<void>(distances_of(arguments));
    static_cast<void>(tolerance_of(arguments));
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
