// The parts of the command route: its parameters, its rows, its account, its matrix.
#pragma once

#include "libgeo/logistics/scenarios.h"
#include "tools/route_inputs.h"

namespace lode::tools {

/// Sites, places and what is asked of a route.
[[nodiscard]] std::vector<Parameter> route_parameters();
/// The network, the tariff and the load.
[[nodiscard]] std::vector<Parameter> freight_parameters();
/// The year, closures and the account.
[[nodiscard]] std::vector<Parameter> scenario_parameters();

/// Options of a route as said on the command line.
[[nodiscard]] RouteOptions route_options(const Arguments& arguments, const Session& session);

/// What a run found: all that rows, tables and layers are made of.
struct RouteRun {
  Places from, to;
  RouteTable table;
  std::vector<YearRow> year;    ///< with --months, one a row of the table
  std::vector<Detour> detours;  ///< where something is closed, one a row of the table
  Tariff tariff;                ///< without modes for straight distances
  Terminals terminals;
};

/// --thorium, --uranium and --annual, of all sites or one a site. Values that cannot be are not
/// known
/// ("route.bad_cargo").
void read_cargo(const Arguments& arguments, const Layer& sites, RouteOptions& options,
                Outcome& outcome);

/// One pair as a row of JSON, legs included.
[[nodiscard]] Json route_row(const RouteRow& row, const Places& from, const Places& to);
/// The same with the keys of the year and of detours.
[[nodiscard]] Json route_row(const RouteRun& run, std::size_t row);
/// Route lines with the totals as columns; takes the lines out of the run.
[[nodiscard]] OutputLayer route_layer(RouteRun& run);
/// One feature a leg; takes the legs' lines out of the run.
[[nodiscard]] OutputLayer legs_layer(RouteRun& run);

/// Adds the keys of the year, of detours and the rates used to the summary.
void summarise_run(const RouteRun& run, Outcome& outcome);
/// The rates that price a leg: of its mode and class of vehicle, on straight ways those of the mode
/// they count at. No rates for changes of mode, borders and straight distances.
struct LegRate {
  std::string name;  ///< "sea", "sea handysize", "offroad"; "" for none
  const ModeRates* rates = nullptr;
};
[[nodiscard]] LegRate leg_rate(const Leg& leg, const Tariff& tariff);

/// For people: a row a pair with twelve months in USD/t.
[[nodiscard]] std::string months_table(const RouteRun& run);
/// For people: every pair leg by leg, and where the rates come from. At most 120 columns.
[[nodiscard]] std::string account_text(const RouteRun& run);

/// Writes the totals of all pairs as CSV to --output.
void write_matrix(const Arguments& arguments, const Session& session, const RouteTable& table,
                  const Places& from, const Places& to, Outcome& outcome);

}  // namespace lode::tools
