// The parts of the command route: its parameters, its rows, its matrix.
#pragma once

#include <functional>

#include "libgeo/logistics/matrix.h"
#include "tools/route_inputs.h"

namespace lode::tools {

/// Sites, places and what is asked of a route.
[[nodiscard]] std::vector<Parameter> route_parameters();
/// The network, the tariff and the load.
[[nodiscard]] std::vector<Parameter> freight_parameters();

/// Options of a route as said on the command line.
[[nodiscard]] RouteOptions route_options(const Arguments& arguments, const Session& session);

/// --thorium, --uranium and --annual, of all sites or one a site. Values that cannot be are not
/// known
/// ("route.bad_cargo").
void read_cargo(const Arguments& arguments, const Layer& sites, RouteOptions& options,
                Outcome& outcome);

/// One pair as a row of JSON, legs included.
[[nodiscard]] Json route_row(const RouteRow& row, const Places& from, const Places& to);
/// Route lines with the totals as columns.
[[nodiscard]] OutputLayer route_layer(const RouteTable& table, const Places& from,
                                      const Places& to);

/// Works out a matrix and hands its rows to the sink.
using MatrixSource = std::function<MatrixReport(const MatrixSink&)>;
/// Writes totals as CSV to --output, row by row as they are found: whole or not at all. Adds the
/// source's findings and the summary's pairs and unreachable.
MatrixReport write_matrix(const Arguments& arguments, const Session& session, const Places& from,
                          const Places& to, const MatrixSource& source, Outcome& outcome);

}  // namespace lode::tools
