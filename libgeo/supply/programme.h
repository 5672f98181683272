// Linear and mixed-integer programmes: solved, proven, written as LP files, conflicts explained.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/progress.h"

namespace lode {

inline constexpr double unbounded_value = std::numeric_limits<double>::infinity();

/// Least cost . x with low <= row . x <= high and low <= x <= high.
struct Programme {
  struct Variable {
    std::string name;  ///< letters, digits, _ . only: LP files take them as they are
    double low = 0.0, high = unbounded_value, cost = 0.0;
    bool integer = false;
  };
  struct Row {
    std::string name;
    /// What of the user's requirements it belongs to ("budget", "demand of DyTb in 2030"); rows of
    /// one requirement stand or fall together when conflicts are looked for; "" = not the user's to
    /// give up (a definition, a capacity that nature sets).
    std::string requirement;
    double low = -unbounded_value, high = unbounded_value;
    std::vector<std::pair<std::uint32_t, double>> terms;  ///< (variable, coefficient)
  };
  std::vector<Variable> variables;
  std::vector<Row> rows;
  double constant = 0.0;  ///< added to the objective

  std::uint32_t add(Variable variable);
  std::uint32_t add(Row row);
};

struct ProgrammeOptions {
  double gap = 1e-3;           ///< relative, between the best solution and the bound; 0 to 1
  std::size_t nodes = 200000;  ///< of the search tree, then it ends with what it has
  double tolerance = 1e-7;     ///< feasibility of rows and bounds, relative to their size
  bool relax = false;          ///< integers may be fractions
};

enum class ProgrammeStatus {
  optimal,   ///< proven to the gap
  feasible,  ///< nodes ran out; `gap` says how far off it may be
  infeasible,
  unbounded,
  unsolved  ///< nodes ran out before any solution was found
};
[[nodiscard]] std::string_view to_text(ProgrammeStatus status);

struct ProgrammeResult {
  ProgrammeStatus status = ProgrammeStatus::unsolved;
  double objective = std::numeric_limits<double>::quiet_NaN();
  double bound = std::numeric_limits<double>::quiet_NaN();  ///< no solution is better than this
  double gap = std::numeric_limits<double>::quiet_NaN();    ///< (objective - bound) / |objective|
  std::size_t nodes = 0;
  std::vector<double> values;      ///< by variable
  std::vector<double> row_values;  ///< by row
  /// Of a linear programme, or of the last one with integers fixed: what the objective changes by a
  /// unit of the row's side.
  std::vector<double> duals;
  /// Certificate, recomputed from `values` in plain arithmetic: greatest violation of a row, of a
  /// bound, of wholeness, and the objective again.
  double worst_row = 0.0, worst_bound = 0.0, worst_integer = 0.0, recomputed_objective = 0.0;
  std::string unbounded_by;  ///< a variable that may grow without end
};

/// By GLPK: presolve, simplex, branch and cut. The same bits in every run; no clock decides.
/// Errors: "supply.programme" (a name that LP files cannot take, a term beyond the variables, NaN),
/// "run.interrupted".
[[nodiscard]] ProgrammeResult solve(const Programme& programme,
                                    const ProgrammeOptions& options = {},
                                    const Progress& progress = {});

/// The programme in CPLEX LP format, as glpsol and cbc read it; numbers in shortest round trip.
[[nodiscard]] std::string lp_text(const Programme& programme);

/// The fewest requirements that cannot hold together, in the order of their rows; each alone may be
/// given up to mend it. Empty when the programme is feasible, or infeasible without any
/// requirement. Exact for up to `exact` requirements, above that irreducible (none of them can be
/// left out) but perhaps not the fewest.
struct Conflict {
  std::vector<std::string> requirements;
  bool fewest = true;
};
[[nodiscard]] Conflict conflict(const Programme& programme, const ProgrammeOptions& options = {},
                                std::size_t exact = 40, const Progress& progress = {});

}  // namespace lode
