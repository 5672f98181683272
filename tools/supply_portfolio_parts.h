// What the files of `supply portfolio` share: its rows, layers and the check by another program.
#pragma once

#include <string>
#include <vector>

#include "libgeo/supply/portfolio.h"
#include "tools/command.h"

namespace lode::tools {

[[nodiscard]] Json portfolio_row(const Portfolio& plan, const PortfolioChoice& choice);
void summarise_portfolio(const Portfolio& plan, const PortfolioPolicy& policy,
                         const std::string& currency, Outcome& outcome);
/// Layers portfolio, output, balance and, where there is one, frontier.
[[nodiscard]] std::vector<OutputLayer> portfolio_layers(const Portfolio& plan);

/// What another program finds for an LP file, to the gap; NaN when it finds nothing.
/// Errors: "supply.no_program" (it is not installed), "supply.check" (it failed).
[[nodiscard]] double objective_by(const std::string& program, const std::string& lp, double gap);

}  // namespace lode::tools
