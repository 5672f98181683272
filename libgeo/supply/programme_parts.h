// Inside of programmes: their checks, and solving one again and again with small changes.
#pragma once

#include <memory>

#include "libgeo/supply/programme.h"

namespace lode {

/// Error "supply.programme" for what neither a solver nor an LP file can take.
void check_programme(const Programme& programme);
/// Error "supply.programme", naming the variable, for figures that arithmetic with a solver's
/// tolerances cannot hold together: beyond 1e15, or above 1e11 times another of one row or of the
/// objective. A file of the programme may still be written.
void check_magnitudes(const Programme& programme);
/// What no solution of the linear programme is below, reckoned from any prices of the rows: the
/// objective itself where they are the right ones. `whole`: integers are fixed at `values`.
[[nodiscard]] double dual_bound(const Programme& programme, const std::vector<double>& values,
                                const std::vector<double>& duals, bool whole);
/// (objective - bound) / |objective|, 0 where they are the same.
[[nodiscard]] double relative_gap(double objective, double bound);
/// The value, moved onto a bound of the variable that it lies a hair beyond: that is a matter of
/// the solver's scaling, not of the answer.
[[nodiscard]] double within_a_hair(double value, const Programme::Variable& variable);
/// Error "supply.programme": no answer, on numerical grounds.
[[noreturn]] void throw_gave_up();

/// A programme without wholeness that is changed and solved again from where it ended: many times
/// quicker than `solve` where little changes. Used on the thread that made it.
class WarmProgramme {
 public:
  /// Rows that are added to `programme` later are taken at the next solve; it must live as long.
  WarmProgramme(Programme& programme, const ProgrammeOptions& options);
  ~WarmProgramme();
  WarmProgramme(const WarmProgramme&) = delete;
  WarmProgramme& operator=(const WarmProgramme&) = delete;

  void set_bounds(std::uint32_t variable, double low, double high);
  void set_row(std::uint32_t row, double low, double high);
  void set_cost(std::uint32_t variable, double cost);
  /// As `solve` with `relax`, but without duals and certificate. Values are empty where there is no
  /// solution; one that costs more than `most` may be called infeasible, which is quicker.
  [[nodiscard]] ProgrammeResult solve(double most = unbounded_value, const Progress& progress = {});
  /// The place where the last solve ended, and back there: quicker than going on from one that led
  /// nowhere.
  [[nodiscard]] std::vector<int> basis() const;
  void set_basis(const std::vector<int>& basis);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace lode
