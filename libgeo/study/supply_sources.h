// Sites of a study as sources of supply: rate, shares, cost delivered, lead, permits, burdens.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/study/context.h"
#include "libgeo/supply/economics.h"
#include "libgeo/supply/recycling.h"
#include "libgeo/supply/sources.h"

namespace lode {

/// Sources on their way through the study; `site` and `made_of` go with `sources.list`.
struct StudySources {
  SupplySources sources;
  std::vector<std::size_t> site;       ///< index into StudyResult::sites; SupplyAnswer::no_site
  std::vector<std::string> made_of;    ///< what its cost is made of, in words
  std::vector<LowBaseHigh> gate_opex;  ///< a kg of all oxides, without freight
  std::vector<std::string> no_burden;  ///< "AU01, co2e_kg": not known, counted as 0
};

/// Sites with a rate, a share (`metal_share`) and a cost. Cost = `opex` of [[sites]] + the freight
/// that the study computed, end by end; capex = the field, else `capex_model`. Sites that miss
/// something are left out and counted: warning "study.not_a_source". Permits that begin later set
/// `not_before`.
[[nodiscard]] StudySources site_sources(StudyContext& context,
                                        const std::vector<std::string>& metals,
                                        const ScaledCost& capex_model);
/// Further rows of `[supply] candidates`, of the metals and the money of the others: a metal is
/// that of the table, or the sum of its parts there (NdPr of Nd and Pr). Error "supply.money".
void add_candidates(StudyContext& context, const SupplySources& candidates, StudySources& to);
/// Sources of products in use. Without an opex they take that of the study's recyclers (a figure
/// for all of a [[sites]] of kind secondary), note "study.stock_opex". Note "study.stock_sources".
void add_stocks(StudyContext& context, const ProductStocks& stocks, int from_year, int to_year,
                StudySources& to);
/// Leaves out the sites that [[rules]] rule out of the ranking; what was kept, by place in the list
/// before. Note "study.ruled_out".
[[nodiscard]] std::vector<std::size_t> drop_ruled_out(StudyContext& context, StudySources& from);

}  // namespace lode
