// Inside rank and explain: what their options say, read from words and small files.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "tools/ranking_parts.h"

namespace lode::tools {

/// Criteria and judgements are a page or two; more is another file. The source goes to the outcome.
[[nodiscard]] std::string read_small_file(const std::string& path, Outcome& outcome);

/// --criterion, each parsed. Error "usage.criterion".
[[nodiscard]] std::vector<Criterion> inline_criteria(const Arguments& arguments);

/// --order-weights. Error "usage.order_weights".
[[nodiscard]] std::vector<double> order_weights(const Arguments& arguments);

struct WeightLimit {
  std::string criterion;
  double low = 0.0, high = 1.0;
};
/// --weight-limit. Error "usage.weight_limit".
[[nodiscard]] std::vector<WeightLimit> weight_limits(const Arguments& arguments);

/// "a/b" as written: which slash parts the names is known with the criteria only.
struct RatioText {
  std::string names;
  double low = 0.0;
  double high = std::numeric_limits<double>::infinity();
};
/// --weight-ratio: a/b=1:3, a/b>=1, a/b<=3. Error "usage.weight_ratio".
[[nodiscard]] std::vector<RatioText> weight_ratios(const Arguments& arguments);

/// Weights: scheme, judgements, limits. Errors "ranking.unknown_criterion", those of judgements;
/// finding "ranking.limits_unused".
void read_weighting(const Arguments& arguments, const std::vector<Criterion>& criteria,
                    RankOptions& options, Outcome& outcome);

/// A column of a table as numbers in the criterion's unit. Error "ranking.unit".
[[nodiscard]] std::vector<double> values_of(const Table& table, const std::string& field,
                                            const Criterion& criterion,
                                            const std::string& unit_if_unsaid = {});

/// --realizations: simulated values of sites into `input.table.draws`. Errors
/// "ranking.realizations_column", "ranking.realizations_number", "ranking.realizations_twice",
/// "ranking.realizations_gap", "ranking.realizations_ragged"; findings
/// "ranking.realizations_unknown_site", "ranking.realizations_without",
/// "ranking.realizations_apart", "ranking.realizations_unused".
void read_realizations(const Arguments& arguments, const Session& session, const Progress& progress,
                       RankingInput& input, Outcome& outcome);

}  // namespace lode::tools
