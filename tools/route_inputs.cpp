#include "tools/route_inputs.h"

#include <algorithm>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/osm_lines.h"
#include "libgeo/io/role_checks.h"
#include "libgeo/logistics/line_countries.h"
#include "libgeo/study/countries.h"
#include "tools/route_cache.h"
#include "tools/sea_inputs.h"

namespace lode::tools {

namespace {

constexpr const char* kBuiltInOutlines = "built-in";

}  // namespace

std::map<std::string, std::string> field_pairs(const Arguments& arguments) {
  std::map<std::string, std::string> pairs;
  for (const auto& part : split(arguments.text("fields"), ',')) {
    if (trim(part).empty()) continue;
    const auto equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size())
      throw Error("usage.pairs", "'" + printable(part) + "' is not NAME=VALUE", "--fields",
                  "Write pairs such as gate=PASSAGE,speed_kmh=KMH.");
    const std::string wanted(trim(part.substr(0, equals)));
    auto known = line_columns();
    for (const char* more :
         {"modes", "handling_usd_per_t", "dwell_h", "capacity_t_per_year", "draught_m", "class7",
          "stages", "accepts", "recovery_pct", "usd_per_kg"})
      known.emplace_back(more);
    if (std::find(known.begin(), known.end(), wanted) == known.end())
      throw Error("usage.fields", "no column '" + printable(wanted) + "' is read", "--fields",
                  suggestion(wanted, known));
    pairs[wanted] = std::string(trim(part.substr(equals + 1)));
  }
  return pairs;
}

PlaceLayer read_places(const std::string& path, const ReadOptions& options, const std::string& id,
                       const std::string& name, const Progress& progress, Outcome& outcome) {
  PlaceLayer read;
  Layer layer = read_layer(path, options, progress);
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  const auto ids = feature_ids(layer, id);
  outcome.findings.add(doubtful_ids(layer, ids));
  const auto names = feature_names(layer, name);
  read.layer = layer.crs == wgs84() ? std::move(layer) : to_crs(std::move(layer), wgs84());
  read.places = places_from(read.layer.crs, read.layer.geometry, ids, names);
  return read;
}

NetworkArgument parse_network_argument(const std::string& text) {
  const auto equals = text.find('=');
  NetworkArgument argument;
  argument.mode = lower(trim(text.substr(0, equals)));
  const bool plain = !argument.mode.empty() &&
                     argument.mode.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
                         std::string::npos;
  if (equals == std::string::npos || equals + 1 == text.size() || !plain)
    throw Error("usage.network", "'" + printable(text) + "' is not MODE=FILE", "--network",
                "Write for instance --network road=roads.gpkg:roads.");
  argument.path = text.substr(equals + 1);
  return argument;
}

namespace {

LineLayer line_layer(Layer layer, const std::string& mode) {
  LineLayer lines;
  lines.name = layer.table.name;
  lines.mode = mode;
  lines.crs = layer.crs;
  lines.geometry = std::move(layer.geometry);
  lines.table = std::move(layer.table);
  return lines;
}

/// The layers of one argument: one, or one a mode of an extract of OpenStreetMap.
std::vector<LineLayer> read_lines(const NetworkArgument& argument, const ReadOptions& options,
                                  const Progress& progress, std::vector<Source>& sources,
                                  Findings& findings) {
  std::vector<LineLayer> layers;
  const auto take = [&](Layer layer, const std::string& mode) {
    sources.push_back(layer.source);
    findings.add(layer.findings);
    if (!(layer.crs == wgs84())) layer = to_crs(std::move(layer), wgs84());
    layers.push_back(line_layer(std::move(layer), mode));
  };
  if (!is_osm_path(argument.path)) {
    take(read_layer(argument.path, options, progress), argument.mode);
    return layers;
  }
  OsmOptions osm;
  osm.modes = osm_modes(argument.mode);
  osm.jobs = options.jobs;
  for (auto& layer : read_osm_lines(argument.path, osm, progress))
    take(std::move(layer.lines), layer.mode);
  return layers;
}

CountryBorders borders_of(const Arguments& arguments, const Session& session,
                          std::vector<Source>& sources, Findings& findings) {
  CountryBorders borders;
  const std::string file = outlines_file(arguments);
  if (file.empty()) {
    const Countries countries = built_in_countries(session.jobs, findings);
    for (const auto& country : countries.list()) borders.add(country.iso3, country.outline);
  } else {
    Layer layer = read_layer(file, other_read_options(arguments, session));
    sources.push_back(layer.source);
    findings.add(layer.findings);
    if (!(layer.crs == wgs84())) layer = to_crs(std::move(layer), wgs84());
    const auto codes = layer.table.texts("iso3");
    for (std::size_t i = 0; i < layer.size(); ++i)
      if (!trim(codes[i]).empty()) borders.add(std::string(trim(codes[i])), layer.geometry[i]);
  }
  borders.finish();
  if (borders.empty())
    throw Error("network.no_outlines", "there are no outlines of countries to locate lines by",
                "--locate-countries", "Name a layer of polygons with a field iso3.");
  return borders;
}

}  // namespace

std::vector<std::string> network_texts(const Arguments& arguments) {
  return arguments.texts(arguments.parameters.count("NETWORK") != 0 ? "NETWORK" : "network");
}

Parameter locate_countries_parameter() {
  return {.name = "locate-countries",
          .kind = Kind::vector_layer,
          .help =
              "lines without a country get that of the outline they lie in, and are cut at "
              "borders; polygons with iso3, the built-in outlines when none are named",
          .bare_text = kBuiltInOutlines};
}

std::string outlines_file(const Arguments& arguments) {
  const std::string text = arguments.text("locate-countries");
  return text == kBuiltInOutlines ? std::string() : text;
}

std::vector<LineLayer> read_line_layers(const Arguments& arguments, const Session& session,
                                        const Progress& progress, std::vector<Source>& sources,
                                        Findings& findings) {
  const auto texts = network_texts(arguments);
  const auto fields = field_pairs(arguments);
  std::vector<LineLayer> layers;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const double share = 0.9 / static_cast<double>(texts.size());
    const Progress part =
        progress.part(share * static_cast<double>(i), share * static_cast<double>(i + 1));
    const NetworkArgument argument = parse_network_argument(texts[i]);
    if (auto lanes = sea_layer(argument, arguments, session, part, sources, findings)) {
      layers.push_back(std::move(*lanes));
      continue;
    }
    for (auto& lines :
         read_lines(argument, other_read_options(arguments, session), part, sources, findings)) {
      lines.fields = fields;
      layers.push_back(std::move(lines));
    }
  }
  for (const auto& column : line_columns()) {
    const auto wanted = fields.find(column);
    if (wanted == fields.end()) continue;
    const bool met = std::any_of(layers.begin(), layers.end(), [&](const LineLayer& lines) {
      return lines.table.find(wanted->second) != nullptr;
    });
    if (!met)
      throw Error("table.no_field", "no network layer has the field '" + wanted->second + "'",
                  "--fields", suggestion(wanted->second, layers.front().table.names()));
  }
  if (arguments.has("locate-countries")) {
    const CountryBorders borders = borders_of(arguments, session, sources, findings);
    for (auto& lines : layers)
      locate_countries(lines, borders, session.jobs, findings, progress.part(0.9, 1.0));
  }
  return layers;
}

Network read_network(const Arguments& arguments, const Session& session, const Progress& progress,
                     Outcome& outcome) {
  const NetworkCache cache(arguments.text("cache"), network_key(arguments));
  std::vector<Source> sources;
  Findings found;
  std::optional<Network> kept = cache.load(sources, found);
  if (!kept) {
    found = {};
    const auto layers =
        read_line_layers(arguments, session, progress.part(0.0, 0.6), sources, found);
    progress.update(0.6, "building the network");
    NetworkOptions options;
    options.snap_tolerance_m = arguments.quantity("snap-tolerance");
    options.jobs = session.jobs;
    kept = build_network(layers, options, progress.part(0.6, 1.0));
    cache.store(*kept, sources, found, outcome.findings);
  }
  outcome.inputs.insert(outcome.inputs.end(), sources.begin(), sources.end());
  outcome.findings.add(found);
  return std::move(*kept);
}

Terminals read_terminals(const Arguments& arguments, const Session& session, Outcome& outcome) {
  Terminals terminals;
  terminals.crs = wgs84();
  if (!arguments.has("terminals")) return terminals;
  const PlaceLayer read = read_places(arguments.text("terminals"),
                                      other_read_options(arguments, session), "", "", {}, outcome);
  std::vector<std::string> ids, names;
  for (const auto& place : read.places.list) {
    ids.push_back(place.id);
    names.push_back(place.name);
  }
  return terminals_from_table(read.layer.crs, read.layer.geometry, read.layer.table, ids, names,
                              field_pairs(arguments), outcome.findings);
}

Tariff read_tariff(const Arguments& arguments, Outcome& outcome) {
  if (!arguments.has("tariff")) return built_in_tariff();
  const std::string path = arguments.text("tariff");
  const std::string text = text_of_file(path, {}, std::size_t{4} << 20);  // a page or two
  Source source;
  source.path = path;
  source.sha256 = sha256(text);
  outcome.inputs.push_back(source);
  return parse_tariff(text, path);
}

}  // namespace lode::tools
