// What freight finds beyond the cheapest way: the year, closures, the chain from ore to product.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libgeo/logistics/chain.h"
#include "libgeo/study/freight_inputs.h"

namespace lode {

/// What later stages need of the freight that was read.
struct KeptFreight {
  FreightInputs inputs;
  Destinations to;
  std::optional<ChainTable> chain;
};

/// A leg as the report shows it.
[[nodiscard]] SiteLeg to_site_leg(const Leg& leg, const std::map<std::string, std::string>& names);
/// Names of places, plants and terminals by their ids.
using PlaceNames = std::map<std::string, std::string>;
[[nodiscard]] PlaceNames place_names(const FreightInputs& inputs, const Places& to);
/// The line of a way cut where its mode changes: by the lengths of its legs.
[[nodiscard]] std::vector<RouteStretch> parts_by_mode(const Geometry& line,
                                                      const std::vector<SiteLeg>& legs);
/// "road 120 km, rail 800 km, sea 9,100 km", for traces.
[[nodiscard]] std::string leg_words(const std::vector<SiteLeg>& legs);
/// "tariff.toml of 2026-11-01".
[[nodiscard]] std::string tariff_words(const Tariff& tariff);
/// "road: ... (2022); sea: ...": where the rates of these legs come from.
[[nodiscard]] std::string rate_sources(const Tariff& tariff, const std::vector<SiteLeg>& legs);

/// Months of the chosen ways: `delivered_months_open`, `delivered_dearest_usd_per_t`, and the year
/// of each route. `routes[r]` belongs to `table.rows[r]`.
void add_year(StudyContext& context, const FreightInputs& inputs, const Places& to,
              const RouteTable& table, std::vector<SiteRoute>& routes, const Progress& progress);

/// What the study's closures add, against the cheapest way with everything open:
/// `detour_usd_per_t`. Warning "study.cut_off" for sites that only the closures keep from any way.
void add_detours(StudyContext& context, const FreightInputs& inputs, const Places& to,
                 const RouteTable& table, std::vector<SiteRoute>& routes, const Progress& progress);

/// What it would cost if a gate that chosen ways pass were shut, one gate after the other. Note
/// "study.gates_not_priced" on networks on which that would take long.
void add_closures(StudyContext& context, const FreightInputs& inputs, const Places& to,
                  const RouteTable& table, const Progress& progress);

/// The chain's table, or nothing when the study has none.
[[nodiscard]] std::optional<ChainTable> read_chain(StudyContext& context);
/// Plants with what they do. Error "study.field" without a column of stages, those of
/// "chain.unknown_stage"; warning "study.plant_without_stage".
[[nodiscard]] std::vector<ChainPlant> chain_plants(StudyContext& context, const Destinations& to,
                                                   const ChainTable& chain);
/// `chain_usd_per_kg chain_co2e_kg_per_kg chain_recovery_pct haul_class7`, and
/// `delivered_usd_per_kg` from the chain's hauls. Warnings "study.no_product",
/// "study.plant_without_stage".
void add_chains(StudyContext& context, const FreightInputs& inputs, const Destinations& plants,
                const ChainTable& chain, const Progress& progress);

}  // namespace lode
