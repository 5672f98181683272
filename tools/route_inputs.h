// What the command route reads: sites, places, network, terminals and tariff, all in EPSG:4326.
#pragma once

#include "libgeo/logistics/freight.h"
#include "tools/command.h"

namespace lode::tools {

/// A layer of places with what is needed to name them.
struct PlaceLayer {
  Layer layer;
  Places places;
};

/// Reads a layer and brings it to EPSG:4326; its source and findings go to the outcome.
[[nodiscard]] PlaceLayer read_places(const std::string& path, const ReadOptions& options,
                                     const std::string& id, const std::string& name,
                                     const Progress& progress, Outcome& outcome);

/// `MODE=FILE[:layer]` taken apart. Error "usage.network".
struct NetworkArgument {
  std::string mode;
  std::string path;
};
[[nodiscard]] NetworkArgument parse_network_argument(const std::string& text);

/// Builds the network of all --network arguments, or takes it from the cache.
[[nodiscard]] Network read_network(const Arguments& arguments, const Session& session,
                                   const Progress& progress, Outcome& outcome);

[[nodiscard]] Terminals read_terminals(const Arguments& arguments, const Session& session,
                                       Outcome& outcome);

/// --tariff, or the built-in one. Error "io.missing_file", "io.read", "io.too_large", "tariff.*".
[[nodiscard]] Tariff read_tariff(const Arguments& arguments, Outcome& outcome);

/// Countries that one option names: codes of three capitals, groups by --alliances.
/// Errors "usage.country", "route.unknown_group".
[[nodiscard]] std::vector<std::string> read_countries(const Arguments& arguments,
                                                      const Session& session,
                                                      const std::string& option, Outcome& outcome);

/// Countries whose lines are not used: those that --avoid names, and with --only all of the network
/// but those named and --home. Codes of three capitals, groups by --alliances. A group that is
/// older than the tariff is told as "route.old_group".
/// Errors "usage.country", "route.unknown_group".
[[nodiscard]] std::vector<std::string> avoided_countries(const Arguments& arguments,
                                                         const Session& session,
                                                         const Network& network,
                                                         const Tariff& tariff, Outcome& outcome);

/// The pairs of --fields.
[[nodiscard]] std::map<std::string, std::string> field_pairs(const Arguments& arguments);

}  // namespace lode::tools
