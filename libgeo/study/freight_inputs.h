// What freight in a study needs, read: network, places to go to, terminals, tariff, loads, options.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "libgeo/logistics/freight.h"
#include "libgeo/logistics/line_countries.h"
#include "libgeo/logistics/sea_lanes.h"
#include "libgeo/study/context.h"

namespace lode {

/// Plants and ports of the study. The columns of a chain are "" and NaN for ports.
struct Destinations {
  Places places;
  std::vector<std::string> role;  ///< plant or port, one a place
  std::vector<std::string> stages, accepts;
  std::vector<double> recovery, usd_per_kg;
  bool says_stages = false;  ///< the table of plants has a column of stages
};

[[nodiscard]] Destinations read_destinations(StudyContext& context);
[[nodiscard]] Destinations of_role(const Destinations& all, const std::string& role);

/// Places where loads change mode; none when the study names no table.
[[nodiscard]] Terminals read_terminals(StudyContext& context);

/// Everything for a search over the network.
struct FreightInputs {
  Network network;
  Tariff tariff;
  Terminals terminals;
  Places from;                    ///< sites with a place
  std::vector<std::size_t> rows;  ///< their rows among all sites
  RouteOptions options;           ///< the cheapest place of each site, with legs and lines
};

/// Located sites into `from` and `rows`.
void take_sites(const StudyContext& context, FreightInputs& inputs);
/// The rest; the order of reading is the order of the run record.
/// Errors: those of the readers, "study.unknown_group", "study.gate" (no line of the network has
/// such a gate), "study.vehicle".
void read_freight(StudyContext& context, const Destinations& to, FreightInputs& inputs,
                  const Progress& progress);

/// Layers of lines of one `[[networks]]` table, each on the report's map. Lines but those of the
/// sea take the country they lie in, unless there are no borders.
void read_lines(StudyContext& context, const NetworkTable& table,
                const std::function<std::vector<SeaBerth>()>& berths, const CountryBorders& borders,
                std::vector<LineLayer>& layers, const Progress& progress);
/// Lanes around land, between berths.
[[nodiscard]] LineLayer lanes_of(StudyContext& context, const NetworkTable& table,
                                 const std::vector<Geometry>& land,
                                 const std::vector<SeaBerth>& berths, const Progress& progress);
/// The lines of an OpenStreetMap extract.
[[nodiscard]] std::vector<LineLayer> extract_lines(StudyContext& context, const NetworkTable& table,
                                                   const Progress& progress);
/// `study check`: reads what [[networks]] and [logistics] name, each through `keep`, which takes
/// errors up.
void look_into_freight(StudyContext& context,
                       const std::function<void(const std::function<void()>&)>& keep);

/// The haul's load of one site: thorium and uranium of the product, wet tonnes a year.
[[nodiscard]] Cargo haul_of(const StudyContext& context, std::size_t site);

}  // namespace lode
