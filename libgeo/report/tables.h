// The ranking and the indicators as plain tables, for CSV files.
#pragma once

#include "libgeo/core/table.h"
#include "libgeo/study/result.h"

namespace lode {

/// One row a ranked site, in rank order:
/// rank id name group kind score rank_p05 rank_p50 rank_p95 first_acceptability first_error
/// rank_entropy confidence pareto_front cautions; what was not computed is empty.
[[nodiscard]] Table ranking_table(const StudyResult& result);
/// One row a site and indicator that has a value or a source, in the sites' order:
/// site criterion value unit low high source.
[[nodiscard]] Table indicator_table(const StudyResult& result);

}  // namespace lode
