// Programmes without wholeness that are solved again and again with small changes.
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/supply/programme_glpk.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

struct WarmProgramme::Inside {
  Programme& programme;
  ProgrammeOptions options;
  GlpkSolver solver;

  Inside(Programme& given, const ProgrammeOptions& how)
      : programme(given), options(how), solver(given, GlpkArrays(given, true), options) {}
};

WarmProgramme::WarmProgramme(Programme& programme, const ProgrammeOptions& options) {
  check_programme(programme);
  check_magnitudes(programme);
  ProgrammeOptions relaxed = options;
  relaxed.relax = true;
  inside_ = std::make_unique<Inside>(programme, relaxed);
}
WarmProgramme::~WarmProgramme() = default;

void WarmProgramme::set_bounds(std::uint32_t variable, double low, double high) {
  auto& one = inside_->programme.variables[variable];
  if (one.low == low && one.high == high) return;
  one.low = low;
  one.high = high;
  inside_->solver.set_bounds(variable, low, high);
}

void WarmProgramme::set_row(std::uint32_t row, double low, double high) {
  auto& one = inside_->programme.rows[row];
  one.low = low;
  one.high = high;
  inside_->solver.set_row(row, low, high);
}

void WarmProgramme::set_cost(std::uint32_t variable, double cost) {
  inside_->programme.variables[variable].cost = cost;
  inside_->solver.set_cost(variable, cost);
}

std::vector<int> WarmProgramme::basis() const {
  return inside_->solver.basis();
}

void WarmProgramme::set_basis(const std::vector<int>& basis) {
  inside_->solver.set_basis(basis);
}

ProgrammeResult WarmProgramme::solve(double most, const Progress& progress) {
  progress.check();
  GlpkSolver& solver = inside_->solver;
  solver.watch(progress);
  solver.take_rows();
  ProgrammeResult result;
  const GlpkSolver::End end = solver.again(most);
  if (end == GlpkSolver::End::failed) throw_gave_up();
  if (end == GlpkSolver::End::unbounded) result.status = ProgrammeStatus::unbounded;
  if (end == GlpkSolver::End::infeasible) result.status = ProgrammeStatus::infeasible;
  if (end != GlpkSolver::End::optimal) return result;
  result.status = ProgrammeStatus::optimal;
  const Programme& programme = inside_->programme;
  Sum cost;
  cost += programme.constant;
  result.values = solver.values();
  for (std::size_t k = 0; k < result.values.size(); ++k) {
    const auto& variable = programme.variables[k];
    result.values[k] = within_a_hair(result.values[k], variable);
    cost += variable.cost * result.values[k];
  }
  result.objective = result.bound = cost.value();
  result.gap = 0.0;
  return result;
}

}  // namespace lode
