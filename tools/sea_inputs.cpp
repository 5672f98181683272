#include "tools/sea_inputs.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/share.h"
#include "libgeo/core/text.h"
#include "libgeo/io/open.h"
#include "libgeo/io/osm_lines.h"
#include "libgeo/study/countries.h"

namespace lode::tools {

namespace {

constexpr const char* kInstalled = "installed";

bool is_installed(const NetworkArgument& argument) {
  return argument.mode == "sea" && argument.path == kInstalled;
}

/// Whether the sea is the only mode: then sites and places are berths themselves.
bool only_sea(const Arguments& arguments) {
  const auto texts = arguments.texts("network");
  return std::all_of(texts.begin(), texts.end(),
                     [](const auto& text) { return parse_network_argument(text).mode == "sea"; });
}

/// The gates of --gates take the place of the built-in ones of their names.
std::vector<SeaGate> read_gates(const Arguments& arguments, std::vector<Source>& sources) {
  if (!arguments.has("gates")) return built_in_sea_gates();
  const std::string path = arguments.text("gates");
  const std::string text = text_of_file(path, {}, std::size_t{16} << 20);
  Source source;
  source.path = path;
  source.sha256 = sha256(text);
  sources.push_back(source);
  return with_built_in_gates(parse_sea_gates(text, path));
}

void add_berths(const Places& places, std::vector<SeaBerth>& berths) {
  for (const auto& place : places.list) berths.push_back({place.id, place.at});
}

std::vector<SeaBerth> read_berths(const Arguments& arguments, const Session& session) {
  // Read once more by the command itself, which says what was wrong with them.
  Outcome aside;
  std::vector<SeaBerth> berths;
  for (const auto& terminal : read_terminals(arguments, session, aside).list)
    if (std::find(terminal.modes.begin(), terminal.modes.end(), "sea") != terminal.modes.end())
      berths.push_back({terminal.id, terminal.at});
  if (!only_sea(arguments)) return berths;
  if (arguments.has("SITES")) {
    ReadOptions options = other_read_options(arguments, session);
    options.layer = arguments.text("layer");
    options.where = arguments.text("where");
    options.x = arguments.text("x");
    options.y = arguments.text("y");
    add_berths(
        read_places(arguments.text("SITES"), options, arguments.text("id"), "", {}, aside).places,
        berths);
  }
  if (arguments.has("to"))
    add_berths(read_places(arguments.text("to"), other_read_options(arguments, session),
                           arguments.text("to-id"), "", {}, aside)
                   .places,
               berths);
  return berths;
}

/// Land as polygons in EPSG:4326; nothing when the file holds none.
std::optional<std::vector<Geometry>> read_land(const NetworkArgument& argument,
                                               const Arguments& arguments, const Session& session,
                                               const Progress& progress,
                                               std::vector<Source>& sources, Findings& findings) {
  if (is_installed(argument)) {
    InstalledLand map = installed_land(session.jobs, progress);
    sources.insert(sources.end(), map.sources.begin(), map.sources.end());
    return std::move(map.land);
  }
  Layer layer = read_layer(argument.path, other_read_options(arguments, session), progress);
  const bool land = std::any_of(layer.geometry.begin(), layer.geometry.end(),
                                [](const auto& g) { return g.kind == GeometryKind::polygon; });
  if (!land) return std::nullopt;
  sources.push_back(layer.source);
  findings.add(layer.findings);
  if (!(layer.crs == wgs84())) layer = to_crs(std::move(layer), wgs84());
  return std::move(layer.geometry);
}

}  // namespace

std::vector<Parameter> sea_parameters() {
  std::vector<Parameter> list = {
      {.name = "sea-tolerance",
       .kind = Kind::quantity,
       .help = "with land as the network of mode sea: capes are cut by at most this",
       .dimension = Dimension::length,
       .default_text = "2 km",
       .range = "0 to 100 km",
       .minimum = 0.0,
       .maximum = 100000.0},
      {.name = "gates",
       .kind = Kind::file,
       .help = "canals, straits and ice (TOML) beside or instead of the built-in ones"},
      {.name = "open",
       .help = "gates shut by default that may be passed, e.g. 'northeast passage'",
       .repeatable = true}};
  for (auto& parameter : list) parameter.group = "Sea";
  return list;
}

std::string network_path(const NetworkArgument& argument) {
  return is_installed(argument) ? share_file("countries.gpkg") : argument.path;
}

std::optional<LineLayer> sea_layer(const NetworkArgument& argument, const Arguments& arguments,
                                   const Session& session, const Progress& progress,
                                   std::vector<Source>& sources, Findings& findings) {
  if (argument.mode != "sea" || is_osm_path(argument.path)) return std::nullopt;
  const auto land =
      read_land(argument, arguments, session, progress.part(0.0, 0.1), sources, findings);
  if (!land) return std::nullopt;
  SeaOptions sea;
  // Commands that do not offer the option take the default.
  if (const double said = arguments.quantity("sea-tolerance"); !std::isnan(said))
    sea.tolerance_m = said;
  if (arguments.has("snap-radius"))
    sea.berth_radius_km = arguments.quantity("snap-radius") / 1000.0;
  for (const auto& text : arguments.texts("open"))
    for (const auto& name : split(text, ','))
      if (!trim(name).empty()) sea.open.emplace_back(trim(name));
  sea.jobs = session.jobs;
  const auto gates = read_gates(arguments, sources);
  progress.update(0.1, "finding sea lanes");
  return sea_lanes(wgs84(), *land, gates, read_berths(arguments, session), sea, findings,
                   progress.part(0.1, 1.0));
}

std::string sea_key(const Arguments& arguments) {
  const auto texts = arguments.texts("network");
  if (std::none_of(texts.begin(), texts.end(),
                   [](const auto& text) { return parse_network_argument(text).mode == "sea"; }))
    return {};
  std::string key = "gates " + sha256(built_in_sea_gates_text()) + "\n";
  std::vector<std::string> files = {"terminals", "gates"};
  std::vector<std::string> options = {"sea-tolerance", "open", "snap-radius"};
  if (only_sea(arguments)) {
    files.insert(files.end(), {"SITES", "to"});
    options.insert(options.end(), {"layer", "where", "x", "y"});
  }
  for (const auto& file : files) {
    if (!arguments.has(file)) continue;
    const std::string path = split_layer(arguments.text(file)).path;
    std::error_code failed;
    key += file + "=" + arguments.text(file) + "\n";
    // What is no plain file cannot be told from another of its name.
    if (!std::filesystem::is_regular_file(path, failed)) return "unkept";
    key += sha256_of_file(path) + "\n";
  }
  for (const auto& option : options)
    for (const auto& value : arguments.texts(option)) key += option + "=" + value + "\n";
  return key;
}

}  // namespace lode::tools
