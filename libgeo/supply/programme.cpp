#include "libgeo/supply/programme.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/programme_glpk.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

std::uint32_t Programme::add(Variable variable) {
  variables.push_back(std::move(variable));
  return static_cast<std::uint32_t>(variables.size() - 1);
}

std::uint32_t Programme::add(Row row) {
  rows.push_back(std::move(row));
  return static_cast<std::uint32_t>(rows.size() - 1);
}

std::string_view to_text(ProgrammeStatus status) {
  switch (status) {
    case ProgrammeStatus::optimal:
      return "optimal";
    case ProgrammeStatus::feasible:
      return "feasible";
    case ProgrammeStatus::infeasible:
      return "infeasible";
    case ProgrammeStatus::unbounded:
      return "unbounded";
    case ProgrammeStatus::unsolved:
      break;
  }
  return "unsolved";
}

double relative_gap(double objective, double bound) {
  if (objective == bound) return 0.0;
  return (objective - bound) / std::abs(objective);
}
namespace {

double row_value(const Programme::Row& row, const std::vector<double>& values) {
  Sum sum;
  for (const auto& [variable, factor] : row.terms) sum += factor * values[variable];
  return sum.value();
}

/// Relative: by how much a value is outside, over 1 + the side.
double outside(double value, double low, double high) {
  double by = 0.0;
  if (value < low) by = (low - value) / (1.0 + std::abs(low));
  if (value > high) by = std::max(by, (value - high) / (1.0 + std::abs(high)));
  return by;
}

}  // namespace

double within_a_hair(double value, const Programme::Variable& variable) {
  if (outside(value, variable.low, variable.high) <= 1e-9)
    value = std::clamp(value, variable.low, variable.high);
  return value;
}

void throw_gave_up() {
  throw Error("supply.programme", "the solver gave up on numerical grounds", "GLPK",
              "Look for figures of very different size among the inputs.");
}

namespace {

void certify(const Programme& programme, const ProgrammeOptions& options, ProgrammeResult& result) {
  Sum cost;
  cost += programme.constant;
  for (std::size_t k = 0; k < programme.variables.size(); ++k) {
    const auto& variable = programme.variables[k];
    const double value = result.values[k];
    cost += variable.cost * value;
    result.worst_bound = std::max(result.worst_bound, outside(value, variable.low, variable.high));
    if (variable.integer && !options.relax)
      result.worst_integer = std::max(result.worst_integer, std::abs(value - std::round(value)));
  }
  for (const auto& row : programme.rows) {
    result.row_values.push_back(row_value(row, result.values));
    result.worst_row =
        std::max(result.worst_row, outside(result.row_values.back(), row.low, row.high));
  }
  result.recomputed_objective = cost.value();
}

/// The variable that grows most along a way on which the objective falls without end.
std::string endless_variable(const Programme& programme, const ProgrammeOptions& options) {
  Programme way;
  for (const auto& variable : programme.variables)
    way.add(Programme::Variable{variable.name, std::isfinite(variable.low) ? 0.0 : -1.0,
                                std::isfinite(variable.high) ? 0.0 : 1.0, variable.cost, false});
  for (const auto& row : programme.rows)
    way.add(Programme::Row{row.name, "", std::isfinite(row.low) ? 0.0 : -unbounded_value,
                           std::isfinite(row.high) ? 0.0 : unbounded_value, row.terms});
  const ProgrammeResult found = solve(way, options);
  std::string name;
  double most = 0.0;
  for (std::size_t k = 0; k < found.values.size(); ++k) {
    const double gain = -way.variables[k].cost * found.values[k];
    if (gain > most + 1e-9) {
      most = gain;
      name = way.variables[k].name;
    }
  }
  return name;
}

/// An objective that falls without end needs a solution to fall from.
void tell_unbounded(const Programme& programme, const ProgrammeOptions& options,
                    const Progress& progress, ProgrammeResult& result) {
  Programme any = programme;
  bool costs = false;
  for (auto& variable : any.variables) {
    costs = costs || variable.cost != 0.0;
    variable.cost = 0.0;
  }
  if (!costs) throw Error("supply.programme", "the solver found no end of a constant", "GLPK");
  any.constant = 0.0;
  const ProgrammeStatus status = solve(any, options, progress).status;
  result = {};
  result.status = status;
  if (status != ProgrammeStatus::optimal && status != ProgrammeStatus::feasible) return;
  result.status = ProgrammeStatus::unbounded;
  result.unbounded_by = endless_variable(programme, options);
}

/// Integers exactly whole, and the rest at its best for them; duals too.
bool settle(const Programme& programme, const ProgrammeOptions& options, GlpkSolver& solver,
            bool whole, ProgrammeResult& result) {
  bool settled = true;
  if (whole) {
    const std::vector<double> found = result.values;
    solver.fix(found);
    settled = solver.linear() == GlpkSolver::End::optimal;
  }
  if (settled) solver.take_linear(result);
  for (std::size_t k = 0; k < result.values.size(); ++k) {
    const auto& variable = programme.variables[k];
    double& value = result.values[k];
    if (variable.integer && !options.relax &&
        std::abs(value - std::round(value)) <= 1e-9 * (1.0 + std::abs(value)))
      value = std::round(value);
    if (value == 0.0) value = 0.0;  // no -0
    value = within_a_hair(value, variable);
  }
  return settled;
}

// What rounding explains: of a linear programme, and of a search, which takes 1e-5 for whole.
constexpr double linear_hair = 1e-6, search_hair = 1e-5;

/// Whether the solver's proof holds in plain arithmetic. If not, the solution is only feasible and
/// the bound is one that holds.
void prove(const Programme& programme, const ProgrammeOptions& options, bool whole, bool settled,
           const Progress& progress, ProgrammeResult& result) {
  const double size = 1.0 + std::abs(result.objective);
  const double least =
      settled ? dual_bound(programme, result.values, result.duals, whole) : -unbounded_value;
  bool holds = least >= result.objective - linear_hair * size;
  if (!whole) {
    result.status = holds ? ProgrammeStatus::optimal : ProgrammeStatus::feasible;
    result.bound = holds ? result.objective : std::min(least, result.objective);
  } else {
    // A solution below what was proven to be the least: nothing was proven.
    holds = holds && result.objective >= result.bound - search_hair * size;
    if (!holds) {
      ProgrammeOptions relaxed = options;
      relaxed.relax = true;
      const double bound = solve(programme, relaxed, progress).bound;
      result.bound = std::isnan(bound) ? -unbounded_value : bound;
    }
    result.bound = std::min(result.bound, result.objective);
    if (!(result.objective - result.bound <=
          options.gap * std::abs(result.objective) + search_hair * size))
      result.status = ProgrammeStatus::feasible;
  }
  result.gap = relative_gap(result.objective, result.bound);
}

void finish(const Programme& programme, const ProgrammeOptions& options, GlpkSolver& solver,
            bool whole, const Progress& progress, ProgrammeResult& result) {
  if (whole && result.status == ProgrammeStatus::unsolved) return;
  const bool settled = settle(programme, options, solver, whole, result);
  certify(programme, options, result);
  result.objective = result.recomputed_objective;
  prove(programme, options, whole, settled, progress, result);
}

}  // namespace

ProgrammeResult solve(const Programme& programme, const ProgrammeOptions& options,
                      const Progress& progress) {
  check_programme(programme);
  check_magnitudes(programme);
  if (!(options.gap >= 0.0 && options.gap <= 1.0))
    throw Error("supply.programme", "a gap is outside 0 to 1", "gap");
  if (!(options.tolerance > 0.0 && options.tolerance <= 1e-3))
    throw Error("supply.programme", "a tolerance is outside 0 to 0.001", "tolerance");
  progress.check();
  ProgrammeResult result;
  const GlpkArrays arrays(programme, options.relax);
  if (arrays.crossed) {
    result.status = ProgrammeStatus::infeasible;
    return result;
  }
  if (programme.variables.empty()) {
    // GLPK wants a column; without any, each row is 0.
    Programme with = programme;
    with.add(Programme::Variable{"nothing", 0.0, 0.0, 0.0, false});
    result = solve(with, options, progress);
    result.values.clear();
    return result;
  }
  const bool whole =
      !options.relax && std::any_of(programme.variables.begin(), programme.variables.end(),
                                    [](const auto& variable) { return variable.integer; });
  GlpkSolver solver(programme, arrays, options);
  solver.watch(progress);
  const GlpkSolver::End end = whole ? solver.whole(progress, result) : solver.linear();
  switch (end) {
    case GlpkSolver::End::infeasible:
      result = {};
      result.status = ProgrammeStatus::infeasible;
      break;
    case GlpkSolver::End::unbounded:
      tell_unbounded(programme, options, progress, result);
      break;
    case GlpkSolver::End::failed:
      throw_gave_up();
    case GlpkSolver::End::optimal:
      finish(programme, options, solver, whole, progress, result);
      break;
  }
  return result;
}

}  // namespace lode
