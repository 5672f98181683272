// The charts of ending the dependence: cost, shortfall, plan, price collapse, alliance.
#pragma once

#include <cstddef>
#include <string>

#include "libgeo/report/charts.h"
#include "libgeo/report/digest.h"
#include "libgeo/report/drawing.h"

namespace lode::report {

/// All of them have no shape when the study has nothing of their kind. One panel a metal, at most
/// `most_metals`.
inline constexpr std::size_t most_metals = 6;

/// A plan was found: then what helps in a disruption is what it makes, not all that sites could.
[[nodiscard]] bool has_plan(const Digest& digest);

/// Sources by cost, cumulated, with the band of the draws, prices and demand.
[[nodiscard]] Drawing draw_cost_curve(const Digest& digest, const ChartOptions& options = {});
/// Net present value and levelised cost of every source, P10 to P90.
[[nodiscard]] Drawing draw_economics(const Digest& digest, const ChartOptions& options = {});

/// What is missing by year: nothing helps, with the sites, with sites and stockpile.
[[nodiscard]] Drawing draw_shortfall(const Digest& digest, const ChartOptions& options = {});
/// Cost against concentration of the mixes that were found.
[[nodiscard]] Drawing draw_frontier(const Digest& digest, const ChartOptions& options = {});

/// What the chosen sources give by year, stacked, against demand; what is missing is hatched.
[[nodiscard]] Drawing draw_plan(const Digest& digest, const ChartOptions& options = {});
/// Chosen sources by the year they start in, with what each is worth.
[[nodiscard]] Drawing draw_schedule(const Digest& digest, const ChartOptions& options = {});

/// The price of one collapse over the years, and who stops and comes back.
[[nodiscard]] Drawing draw_shock(const Digest& digest, std::size_t shock,
                                 const ChartOptions& options = {});
/// The prices that cover yearly cost, and capex too, beside the price before and during.
[[nodiscard]] Drawing draw_break_even(const Digest& digest, std::size_t shock,
                                      const ChartOptions& options = {});
/// What each counter to a collapse costs.
[[nodiscard]] Drawing draw_counters(const Digest& digest, std::size_t shock,
                                    const ChartOptions& options = {});

/// Capacity of the bloc against need, stage by stage; where it breaks.
[[nodiscard]] Drawing draw_chain_balance(const Digest& digest, const ChartOptions& options = {});
/// Who holds which stage.
[[nodiscard]] Drawing draw_chain_members(const Digest& digest, const ChartOptions& options = {});
/// What moves between the members, from stage to stage.
[[nodiscard]] Drawing draw_chain_flows(const Digest& digest, const ChartOptions& options = {});
/// What each member pays, three ways, beside its cost alone.
[[nodiscard]] Drawing draw_member_costs(const Digest& digest, const ChartOptions& options = {});

}  // namespace lode::report
