// A small dense linear programme for a dozen variables: two-phase simplex with Bland's rule.
#pragma once

#include <cstddef>
#include <vector>

namespace lode {

/// minimise cost . x  subject to  less * x <= less_rhs,  equal * x = equal_rhs,  x >= 0.
/// Matrices are row-major with cost.size() columns.
struct SmallLp {
  std::vector<double> cost;
  std::vector<double> less, less_rhs;
  std::vector<double> equal, equal_rhs;
};

struct SmallLpResult {
  std::vector<double> x;
  double objective = 0.0;
};

/// Error "ranking.infeasible" when there is no solution or no bound.
[[nodiscard]] SmallLpResult solve_small_lp(const SmallLp& lp);

}  // namespace lode
