#include "tools/route_inputs.h"

#include <algorithm>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/io/role_checks.h"
#include "tools/route_cache.h"

namespace lode::tools {

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
         {"modes", "handling_usd_per_t", "dwell_h", "capacity_t_per_year", "draught_m", "class7"})
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

/// Reads one layer of the network; columns of --fields that it has are taken from `unused`.
LineLayer read_lines(const NetworkArgument& argument, const ReadOptions& options,
                     const std::map<std::string, std::string>& fields,
                     std::set<std::string>& unused, const Progress& progress,
                     std::vector<Source>& sources, Findings& findings) {
  Layer layer = read_layer(argument.path, options, progress);
  sources.push_back(layer.source);
  findings.add(layer.findings);
  if (!(layer.crs == wgs84())) layer = to_crs(std::move(layer), wgs84());
  LineLayer lines;
  lines.name = layer.table.name;
  lines.mode = argument.mode;
  lines.crs = layer.crs;
  lines.geometry = std::move(layer.geometry);
  lines.table = std::move(layer.table);
  lines.fields = fields;
  for (const auto& [wanted, field] : fields)
    if (lines.table.find(field) != nullptr) unused.erase(wanted);
  return lines;
}

}  // namespace

Network read_network(const Arguments& arguments, const Session& session, const Progress& progress,
                     Outcome& outcome) {
  const NetworkCache cache(arguments.text("cache"), network_key(arguments));
  std::vector<Source> sources;
  Findings found;
  std::optional<Network> kept = cache.load(sources, found);
  if (!kept) {
    found = {};
    const auto texts = arguments.texts("network");
    const auto fields = field_pairs(arguments);
    std::vector<LineLayer> layers;
    std::set<std::string> unused;
    for (const auto& [wanted, field] : fields) unused.insert(wanted);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const double share = 0.6 / static_cast<double>(texts.size());
      layers.push_back(read_lines(
          parse_network_argument(texts[i]), other_read_options(arguments, session), fields, unused,
          progress.part(share * static_cast<double>(i), share * static_cast<double>(i + 1)),
          sources, found));
    }
    for (const auto& column : line_columns())
      if (unused.count(column) != 0)
        throw Error("table.no_field", "no network layer has the field '" + fields.at(column) + "'",
                    "--fields", suggestion(fields.at(column), layers.front().table.names()));
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
