// The parts of the command chain: what it reads, its rows, its account for people.
#pragma once

#include "libgeo/logistics/chain.h"
#include "tools/route_parts.h"

namespace lode::tools {

/// All that rows are made of.
struct ChainRun {
  ChainTable table;
  std::vector<ChainSite> sites;
  std::vector<ChainPlant> plants;
  Places goals;
  ChainResult result;
};

/// The network and freight options of `route`, without those of a load that a chain changes.
[[nodiscard]] std::vector<Parameter> chain_freight_parameters();

/// --chain, or the built-in one; --until is its last product. Error "chain.unknown_product".
[[nodiscard]] ChainTable read_chain(const Arguments& arguments, Outcome& outcome);

/// SITES with --product, --grade, --thorium, --uranium. Error "chain.unknown_product".
[[nodiscard]] std::vector<ChainSite> read_chain_sites(const Arguments& arguments,
                                                      const Session& session,
                                                      const ChainTable& table,
                                                      const Progress& progress, Outcome& outcome);

/// --plants: the columns `stages`, `accepts`, `recovery_pct`, `usd_per_kg`, by name or through
/// --fields. Errors "table.no_field", "table.bad_number", "unit.unknown".
[[nodiscard]] std::vector<ChainPlant> read_chain_plants(const Arguments& arguments,
                                                        const Session& session,
                                                        const Progress& progress, Outcome& outcome);

[[nodiscard]] Json chain_row(const ChainRun& run, std::size_t row);
/// Every chain step by step, for people.
[[nodiscard]] std::string chain_account(const ChainRun& run);
/// One feature a haul.
[[nodiscard]] OutputLayer chain_layer(const ChainRun& run);

}  // namespace lode::tools
