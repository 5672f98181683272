// What the commands rank and explain share: parameters, the decision table they read, its options.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libgeo/ranking/rank.h"
#include "tools/command.h"

namespace lode::tools {

/// Criteria, method, weights, missing values and draws.
[[nodiscard]] std::vector<Parameter> ranking_parameters();

/// The reading parameters without --missing, which says here what to do with a missing value;
/// --missing-text takes its place.
[[nodiscard]] std::vector<Parameter> ranking_reading_parameters();

/// --id and --name, as fields of TABLE.
[[nodiscard]] std::vector<Parameter> ranking_naming_parameters();

/// What can be checked without a file. Error "usage.criteria", "usage.criterion", "usage.rule",
/// "usage.pairwise", "usage.weight_limit", "usage.weight_ratio", "usage.order_weights",
/// "usage.realizations".
void check_ranking(const Arguments& arguments);

/// The input and what is to be ranked.
struct RankingInput {
  Layer layer;
  DecisionTable table;
  RankOptions options;
};
/// Reads the table or layer, the criteria, the judgements and the realizations; sources and
/// findings go to the outcome. Errors: those of reading, "ranking.unit", "ranking.criteria_file",
/// "ranking.realizations_*", ...
[[nodiscard]] RankingInput read_ranking_input(const Arguments& arguments, const Session& session,
                                              const Progress& progress, Outcome& outcome);

/// Names and numbers as a JSON object; NaN is null.
[[nodiscard]] Json by_name(const std::vector<std::string>& names,
                           const std::vector<double>& values);

/// What belongs to the whole run: method, weights, bounds, screening, dropped sites, draws.
[[nodiscard]] Json ranking_summary(const RankResult& result, const RankOptions& options);

/// True when weights or data of this input differ from draw to draw.
[[nodiscard]] bool anything_is_drawn(const DecisionTable& table, const RankOptions& options);

}  // namespace lode::tools
