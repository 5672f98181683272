// The result of a study as map layers with their styles, ready to be written into one GeoPackage.
#pragma once

#include <vector>

#include "libgeo/io/writers.h"
#include "libgeo/study/result.h"

namespace lode {

/// Layers in EPSG:4326, in this order, each only when it has features:
/// `sites` (points; one row a site in input order: id name country group kind, rank score rank_p05
/// rank_p50 rank_p95 first_acceptability, where computed first_error rank_entropy confidence
/// holistic_acceptability regret pareto_front dominators cautions filled_in, left_out,
/// permit_status, then every indicator as a column that ends in its unit (the contract's own names
/// stay as they are), with `_low` and
/// `_high` beside it where a spread is known), `routes` (site destination role mode modes
/// distance_km cost_usd_per_t ... one line a route, months_open detour_usd_per_t where known),
/// `net_areas` (site name rank), and the layers of role permit, tenure and constraint by their own
/// names. Column names that would differ by case only, or that the format keeps for itself, get a
/// trailing underscore. Every layer carries a QGIS style (QML, 3.22 and later).
[[nodiscard]] std::vector<OutputLayer> study_layers(const StudyResult& result);

}  // namespace lode
