// Freight from every site to every place over a network: cost, hours and CO2e, leg by leg.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/logistics/cargo.h"
#include "libgeo/logistics/keep.h"
#include "libgeo/logistics/network.h"
#include "libgeo/logistics/snapping.h"
#include "libgeo/logistics/tariff.h"
#include "libgeo/logistics/terminals.h"

namespace lode {

/// A site or a place to deliver to. Longitude NaN = it has no place.
struct Place {
  std::string id;
  std::string name;
  LonLat at;
};

/// Places in one CRS.
struct Places {
  Crs crs;
  std::vector<Place> list;
};

/// One a row: the representative point of each geometry (see `representative_point`).
[[nodiscard]] Places places_from(const Crs& crs, const std::vector<Geometry>& geometry,
                                 const std::vector<std::string>& ids,
                                 const std::vector<std::string>& names);

enum class Minimise { cost, distance, hours, co2e };
enum class Pairs { all, pairwise, nearest, listed };
/// From which side the searches start. Results of one site do not depend on the other sites in any
/// case; but from which side affects the last digits and which of two equally dear ways is taken,
/// so shards of one study must all say `places`.
enum class SearchFrom { fewer, sites, places };
/// How ways are searched; the answer is the same. Automatic: a hierarchy when there are many
/// searches or one is kept already, Dijkstra otherwise.
enum class Algorithm { automatic, dijkstra, cch };

struct RouteOptions {
  Minimise minimise = Minimise::cost;
  Pairs pairs = Pairs::all;
  std::size_t nearest = 1;  ///< places a site, with Pairs::nearest; at least 1
  /// With Pairs::listed: indices of sites and places; one row each, in this order.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> listed;
  SnapOptions snap;  ///< of sites, places and terminals
  double vehicle_mass_t = std::numeric_limits<double>::quiet_NaN();  ///< loaded; NaN = no limit
  double axle_load_t = std::numeric_limits<double>::quiet_NaN();     ///< NaN = no limit
  int month = 0;                   ///< 1 to 12; 0 = lines closed in some months are open
  std::vector<std::string> close;  ///< gates that are closed, any case
  std::vector<std::string> avoid;  ///< countries whose lines are not used, as in column `country`
  double moisture = 0.0;           ///< mass fraction of the wet load, 0 to below 1
  double grade =
      std::numeric_limits<double>::quiet_NaN();  ///< product in the dry load, above 0 to 1
  double recovery = 1.0;                         ///< above 0 to 1
  Cargo cargo;                                   ///< of every site
  std::vector<Cargo> cargoes;                    ///< one a site; empty = `cargo` for all
  /// Classes of vehicles (ships) that may be used, by their names in the tariff; "all" = any. A mode
  /// none of whose classes is named runs its `ModeRates::default_classes`.
  std::vector<std::string> vehicle_classes;
  Algorithm algorithm = Algorithm::automatic;
  Keep keep;  ///< where orders of hierarchies are kept
  SearchFrom search_from = SearchFrom::fewer;
  bool legs = true;        ///< fill `RouteRow::legs`
  bool lines = false;      ///< fill `RouteTable::lines`
  bool leg_lines = false;  ///< fill `RouteTable::leg_lines`; needs `legs`
  int jobs = 0;
};

enum class Unreachable : std::uint8_t {
  no,
  component,
  season,
  closed,
  border,
  weight,
  snap,
  access,    ///< only over lines that are closed to through traffic
  draught,   ///< the ship lies too deep for a lane or a berth
  class7,    ///< the load is radioactive, and no terminal on the way takes that
  capacity,  ///< the terminals on the way take fewer tonnes a year
};
[[nodiscard]] std::string_view to_text(Unreachable reason);

/// One stretch of a route. `mode` is a mode of the tariff, "transfer" (a change of mode at a
/// terminal), "snap" (the straight way between a place or terminal and its line) or "border".
struct Leg {
  std::string mode;
  double distance_km = 0.0;
  double hours = 0.0;
  double cost_usd_per_t = 0.0;  ///< freight + toll + time + stock
  double cost_low_usd_per_t = 0.0, cost_high_usd_per_t = 0.0;
  double freight_usd_per_t = 0.0;  ///< rate x km, or handling
  double toll_usd_per_t = 0.0;
  double time_usd_per_t = 0.0;  ///< value of time x (hours - wait_h)
  double co2e_kg_per_t = 0.0;
  std::string from, to;  ///< ids of places and terminals
  std::string vehicle;   ///< class of ship, truck or train, where the tariff has classes
  /// Mean wait until the smallest parcel is together, part of `hours`; only with Cargo::annual_t.
  double wait_h = 0.0;
  double stock_usd_per_t = 0.0;  ///< value of time x wait_h
  double stockpile_days = 0.0;   ///< days of production that lie there when the parcel is together
};

/// One pair. Numbers are NaN when it cannot be reached. Totals are the sums over the legs, but
/// `distance_km` leaves the snap legs out.
struct RouteRow {
  std::uint32_t from = 0;  ///< index of the site
  std::uint32_t to = 0;    ///< index of the place
  Unreachable reason = Unreachable::no;
  std::string words;  ///< why it cannot be reached; "" when it can
  double distance_km = std::numeric_limits<double>::quiet_NaN();
  double cost_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double cost_low_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double cost_high_usd_per_t = std::numeric_limits<double>::quiet_NaN();
  double cost_usd_per_kg_contained = std::numeric_limits<double>::quiet_NaN();
  double hours = std::numeric_limits<double>::quiet_NaN();
  double co2e_kg_per_t = std::numeric_limits<double>::quiet_NaN();
  double snap_km = std::numeric_limits<double>::quiet_NaN();     ///< site to its line
  double snap_to_km = std::numeric_limits<double>::quiet_NaN();  ///< line to the place
  bool seasonal = false;  ///< uses a line that is closed in some months (only with month 0)
  Cargo cargo;            ///< of the site
  std::vector<Leg> legs;

  [[nodiscard]] bool reachable() const { return reason == Unreachable::no; }
};

struct RouteTable {
  /// All: site by site, places in their order. Pairwise and listed: pair by pair. Nearest: site by
  /// site, nearest first; a site that reaches none has one row, for the place that is nearest on
  /// the ellipsoid, with the reason.
  std::vector<RouteRow> rows;
  std::vector<Geometry> lines;  ///< with `RouteOptions::lines`, one a row, cut at 180 degrees
  std::vector<std::vector<Geometry>> leg_lines;  ///< with `RouteOptions::leg_lines`, one a leg
  std::vector<Snap> from_snaps, to_snaps;
  std::string algorithm;  ///< "dijkstra" or "cch": which one was taken
  Findings findings;
};

/// Every site to every place by the way that is least in what is minimised. The way is found on one
/// graph of places by modes: edges of the network cost rate x km + value of time x hours + toll;
/// modes are linked only at terminals (handling, dwell); borders cost what the tariff says. The
/// straight ways to and from the network count at the tariff's `offroad` mode where they meet a
/// road (without such a mode, at the road's own), at the mode's own otherwise.
///
/// Classes of vehicles are copies of their mode's lines: the search takes the class that is least,
/// among those that lanes and berths are deep enough for; classes change at terminals only. With
/// `RouteOptions::cargoes`, sites whose loads meet the same closures and waits are routed together.
///
/// Findings: "route.unreachable" by reason, "route.seasonal", "route.no_country",
/// "route.snap_tariff", "route.terminal_far", "route.terminal_mode_absent",
/// "route.transfer_without_tariff", "route.far_snap", "route.no_speed", "route.no_emissions",
/// "route.class7_unknown", "route.terminal_class7_unknown", "route.no_draught",
/// "route.parcel_unknown".
/// Errors: "tariff.no_mode", "tariff.incomplete", "route.unknown_mode", "route.unknown_gate",
/// "route.unknown_vehicle", "route.cargo_length", "route.bad_option", "route.pairwise_length",
/// "route.no_places", "crs.mismatch", "route.bad_coordinate".
[[nodiscard]] RouteTable route(const Network& network, const Tariff& tariff,
                               const Terminals& terminals, const Places& from, const Places& to,
                               const RouteOptions& options = {}, const Progress& progress = {});

/// Only the geodesic distance of each pair, no network: `distance_km` and `snap_km` 0.
/// One leg "straight"; cost, hours and emissions are NaN.
/// Errors: "route.no_places", "crs.mismatch", "route.crs", "route.pairwise_length",
/// "route.bad_option", "route.bad_coordinate".
[[nodiscard]] RouteTable straight_distances(const Places& from, const Places& to,
                                            const RouteOptions& options = {},
                                            const Progress& progress = {});

}  // namespace lode
