#include "libgeo/environment/zonal.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/raster_blocks.h"
#include "libgeo/io/role_checks.h"
#include "tools/command.h"
#include "tools/ground_inputs.h"

namespace lode::tools {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Distinct values that a zone may have where they are listed.
constexpr std::size_t most_classes = 10000;
// Classes that are written as columns.
constexpr std::size_t most_columns = 200;

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "ZONES",
       .kind = Kind::vector_layer,
       .help = "polygons, one zone a feature; lines and points take the cells they meet",
       .positional = true,
       .required = true},
      {.name = "RASTER",
       .kind = Kind::raster,
       .help = "raster of values or classes (.tif .asc)",
       .positional = true,
       .required = true},
      {.name = "stats",
       .kind = Kind::text,
       .help =
           "count, sum, mean, min, max, range, median, pNN, mode, minority, variety, variance, "
           "stdev, coefficient_of_variation, fraction, unique, min_center_x, ..., weighted_mean, "
           "...",
       .default_text = "count,mean,min,max,sum"},
      {.name = "weights",
       .kind = Kind::text,
       .help = "what cells are weighted by: area (true area on the ellipsoid) or a raster"},
      {.name = "band", .kind = Kind::text, .help = "bands of RASTER, e.g. '1,2'; default all"},
      edges_parameter()};
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Statistics";
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

std::vector<int> bands_of(const Arguments& arguments) {
  std::vector<int> bands;
  if (!arguments.has("band")) return bands;
  for (const std::string& word : split(arguments.text("band"), ',')) {
    const auto number = parse_number(word);
    if (!number || !(*number >= 1.0 && *number <= 65535.0) || *number != std::floor(*number))
      throw Error("usage.band", "'" + printable(word) + "' is no number of a band", "--band",
                  "Bands are counted from 1, e.g. --band 1,2.");
    const int band = static_cast<int>(*number);
    if (std::find(bands.begin(), bands.end(), band) != bands.end())
      throw Error("usage.band", "band " + std::to_string(band) + " stands there twice", "--band",
                  "Name each band once.");
    bands.push_back(band);
  }
  return bands;
}

bool has_weighted_form(const std::string& name) {
  static const std::set<std::string> list{"sum",
                                          "mean",
                                          "median",
                                          "mode",
                                          "majority",
                                          "minority",
                                          "stdev",
                                          "variance",
                                          "fraction",
                                          "frac",
                                          "coefficient_of_variation"};
  return list.contains(name) || (name[0] == 'p' && name.size() > 1 && name[1] <= '9');
}

// One statistic as it is printed and as it is computed.
struct Statistics {
  std::vector<std::string> keys;
  std::vector<ZonalStatistic> computed;
  std::vector<std::string> weighted;  // keys that are weighted without saying so

  [[nodiscard]] static bool is_list(const std::string& key) {
    return key == "fraction" || key == "frac" || key == "unique" || key == "weighted_fraction" ||
           key == "weighted_frac";
  }
};

// With weights, plain names are weighted, unless weighted ones stand beside them: then each name
// means what it says.
Statistics statistics_of(const Arguments& arguments) {
  Statistics out;
  try {
    out.computed = parse_zonal_statistics(arguments.text("stats"));
  } catch (const Error& error) {
    throw Error("usage.stats", error.what(), "--stats", error.hint);
  }
  const bool said = std::any_of(out.computed.begin(), out.computed.end(),
                                [](const auto& s) { return s.name.starts_with("weighted_"); });
  if (said && !arguments.has("weights"))
    throw Error("usage.weights", "a weighted statistic needs weights", "--stats",
                "Say --weights area or --weights RASTER.");
  for (ZonalStatistic& statistic : out.computed) {
    out.keys.push_back(statistic.name);
    if (said || !arguments.has("weights") || !has_weighted_form(statistic.name)) continue;
    out.weighted.push_back(statistic.name);
    statistic.name = "weighted_" + statistic.name;
  }
  if (arguments.has("weights") && !said && out.weighted.empty())
    throw Error("usage.weights", "none of the statistics asked for changes with weights",
                "--weights", "Ask for mean, sum, stdev, a quantile or fraction, or leave it out.");
  return out;
}

// What is read, and the names of its figures.
struct Read {
  Layer zones;
  std::vector<std::string> ids, names;
  ValuesFile values;
  ValuesFile weights;
  Statistics statistics;
  [[nodiscard]] std::string key(const std::string& name, std::size_t band) const {
    return values.bands.size() == 1 ? name : name + "_" + std::to_string(values.band[band]);
  }
};

Json classes_of(const ZonalBand& band, const std::string& key, bool weighted) {
  if (band.fraction.empty()) return {};
  if (key == "unique") {
    Json list = Json::array();
    for (const auto& [value, share] : band.fraction) list.push_back(value);
    return list;
  }
  const bool of_weights = weighted || key.starts_with("weighted_");
  Json::Object shares;
  for (std::size_t i = 0; i < band.fraction.size(); ++i)
    shares.emplace_back(
        number_text(band.fraction[i].first),
        number_or_null(of_weights ? band.weighted_fraction[i] : band.fraction[i].second));
  return Json(std::move(shares));
}

Json areas_of(const ZonalBand& band) {
  if (band.fraction.empty()) return {};
  Json::Object areas;
  for (std::size_t i = 0; i < band.fraction.size(); ++i)
    areas.emplace_back(number_text(band.fraction[i].first), hectares(band.fraction_m2[i]));
  return Json(std::move(areas));
}

Json row_of(const ZonalRow& zone, const Read& read, std::size_t i) {
  Json row;
  row["id"] = read.ids[i];
  row["name"] = read.names[i].empty() ? Json() : Json(read.names[i]);
  row["area_m2"] = zone.area_m2;
  const auto& keys = read.statistics.keys;
  for (std::size_t b = 0; b < zone.bands.size(); ++b) {
    const ZonalBand& band = zone.bands[b];
    row[read.key("covered_pct", b)] = band.covered_pct;
    bool lists = false;
    for (std::size_t s = 0; s < keys.size(); ++s) {
      const bool list = Statistics::is_list(keys[s]);
      const bool weighted = read.statistics.computed[s].name != keys[s];
      row[read.key(keys[s], b)] =
          list ? classes_of(band, keys[s], weighted) : number_or_null(band.value[s]);
      lists = lists || (list && keys[s] != "unique");
    }
    if (lists) row[read.key("class_ha", b)] = areas_of(band);
  }
  return row;
}

// A class more costs a column; measurements have none.
void check_classes(const Zonal& zonal, const Read& read) {
  for (std::size_t i = 0; i < zonal.zones.size(); ++i)
    for (const ZonalBand& band : zonal.zones[i].bands)
      if (band.fraction.size() > most_classes)
        throw Error("zonal.classes",
                    std::to_string(band.fraction.size()) +
                        " different values lie in it: a raster of measurements has no classes",
                    "zone " + read.ids[i],
                    "Ask for quantiles (p10,median,p90), or classify it first.");
}

void add_class_columns(const Zonal& zonal, const Read& read, std::size_t b, Table& table,
                       Findings& findings) {
  std::set<double> classes;
  for (const ZonalRow& zone : zonal.zones)
    for (const auto& [value, share] : zone.bands[b].fraction) classes.insert(value);
  if (classes.size() > most_columns) {
    findings.add("zonal.classes_not_written", Severity::warning, read.values.source.path,
                 "the output has no columns of classes: there are more than 200");
    return;
  }
  for (const double value : classes) {
    std::vector<double> column;
    for (const ZonalRow& zone : zonal.zones) {
      const auto& list = zone.bands[b].fraction;
      const auto found = std::lower_bound(list.begin(), list.end(), std::pair(value, -1.0));
      const bool there = found != list.end() && found->first == value;
      column.push_back(there ? found->second : list.empty() ? kNan : 0.0);
    }
    table.add(number_column(read.key("frac_" + number_text(value), b), std::move(column)));
  }
}

OutputLayer output_of(const Zonal& zonal, const Read& read, Findings& findings) {
  OutputLayer out;
  out.name = "zonal";
  out.crs = read.zones.crs;
  out.geometry = read.zones.geometry;
  out.table.name = out.name;
  out.table.add(text_column("id", read.ids));
  out.table.add(text_column("name", read.names));
  const auto column = [&](auto figure) {
    std::vector<double> list;
    for (const ZonalRow& zone : zonal.zones) list.push_back(figure(zone));
    return list;
  };
  out.table.add(
      number_column("area_m2", column([](const ZonalRow& z) { return z.area_m2; }), "m2"));
  const auto& keys = read.statistics.keys;
  for (std::size_t b = 0; b < read.values.bands.size(); ++b) {
    out.table.add(number_column(read.key("cover_pct", b),
                                column([b](const ZonalRow& z) { return z.bands[b].covered_pct; }),
                                "%"));
    bool lists = false;
    for (std::size_t s = 0; s < keys.size(); ++s) {
      lists = lists || Statistics::is_list(keys[s]);
      if (!Statistics::is_list(keys[s]))
        out.table.add(number_column(read.key(keys[s], b), column([b, s](const ZonalRow& z) {
                                      return z.bands[b].value[s];
                                    })));
    }
    if (lists) add_class_columns(zonal, read, b, out.table, findings);
  }
  return out;
}

Read read_inputs(const Arguments& arguments, const Session& session, Outcome& outcome) {
  Read read;
  read.statistics = statistics_of(arguments);
  ValuesOptions options;
  options.input_crs = arguments.text("input-crs");
  options.bands = bands_of(arguments);
  read.values = open_values(arguments.text("RASTER"), options, session.progress);
  const Crs& crs = read.values.bands.front()->place().crs;
  ReadOptions layer = read_options(arguments, session);
  if (layer.input_crs.empty() && crs.is_local()) layer.input_crs = crs.authority;
  read.zones = read_layer(arguments.text("ZONES"), layer, session.progress.part(0.0, 0.1));
  read.ids = feature_ids(read.zones, arguments.text("id"));
  read.names = feature_names(read.zones, arguments.text("name"));
  outcome.inputs = {read.zones.source, read.values.source};
  outcome.findings = read.zones.findings;
  outcome.findings.add(read.values.findings);
  outcome.findings.add(doubtful_ids(read.zones, read.ids));
  const std::string weights = arguments.text("weights");
  if (!weights.empty() && weights != "area") {
    ValuesOptions wanted;
    wanted.input_crs = options.input_crs;
    read.weights = open_values(weights, wanted, session.progress);
    outcome.inputs.push_back(read.weights.source);
    outcome.findings.add(read.weights.findings);
    if (read.weights.bands.size() > 1)
      throw Error(
          "zonal.weights",
          "the raster of weights has " + std::to_string(read.weights.bands.size()) + " bands",
          weights, "Take the one that is meant out of it: gdal_translate -b N.");
  }
  if (!(read.zones.crs == crs))
    outcome.findings.add(
        "zonal.reprojected", Severity::note, arguments.text("ZONES"),
        "brought from " + read.zones.crs.label() + " to " + crs.label() + ", edges within 1 cm");
  return read;
}

void summarise(const Read& read, const Arguments& arguments, Edges edges, Outcome& outcome) {
  outcome.summary["zones"] = read.ids.size();
  outcome.summary["crs"] = read.values.bands.front()->place().crs.label();
  outcome.summary["edges"] = edges == Edges::geodesic ? "geodesic" : "straight";
  outcome.summary["weights"] = arguments.has("weights") ? Json(arguments.text("weights")) : Json();
  if (!read.statistics.weighted.empty()) outcome.summary["weighted"] = read.statistics.weighted;
  outcome.summary["bands"] = Json::array();
  for (std::size_t b = 0; b < read.values.bands.size(); ++b) {
    Json band;
    band["band"] = read.values.band[b];
    band["name"] = read.values.names[b];
    band["unit"] = read.values.units[b].empty() ? Json() : Json(read.values.units[b]);
    outcome.summary["bands"].push_back(std::move(band));
  }
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  Read read = read_inputs(arguments, session, outcome);
  ZonalInputs inputs;
  inputs.zones = std::move(read.zones.geometry);
  inputs.ids = read.ids;
  inputs.crs = read.zones.crs;
  for (const auto& band : read.values.bands) inputs.bands.push_back(band.get());
  ZonalOptions options;
  options.statistics = read.statistics.computed;
  options.edges = edges_of(arguments, read.zones.crs);
  options.jobs = session.jobs;
  options.check_zones = false;
  if (arguments.has("weights")) options.weights = ZonalWeights::area;
  if (!read.weights.bands.empty()) {
    options.weights = ZonalWeights::raster;
    inputs.weights = read.weights.bands.front().get();
  }
  const Zonal zonal = zonal_statistics(inputs, options, session.progress.part(0.1, 0.97));
  outcome.findings.add(zonal.findings);
  check_classes(zonal, read);
  summarise(read, arguments, options.edges, outcome);
  outcome.shown = {"id", "name"};
  for (std::size_t b = 0; b < read.values.bands.size(); ++b) {
    outcome.shown.push_back(read.key("covered_pct", b));
    for (const std::string& key : read.statistics.keys) outcome.shown.push_back(read.key(key, b));
  }
  add_results(session, outcome, zonal.zones.size(),
              [&](std::size_t i) { return row_of(zonal.zones[i], read, i); });
  OutputLayer output;
  read.zones.geometry = std::move(inputs.zones);
  Findings of_writing;  // what only a file would lack
  if (wants_output(arguments, session))
    output = output_of(zonal, read, arguments.has("output") ? outcome.findings : of_writing);
  write_output(arguments, session, std::move(output), outcome);
  return outcome;
}

}  // namespace

Command zonal_command() {
  Command command;
  command.name = "zonal";
  command.summary = "statistics of a raster in zones, by the exact share of each cell";
  command.group = "Environment";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) {
    static_cast<void>(statistics_of(arguments));
    static_cast<void>(bands_of(arguments));
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
