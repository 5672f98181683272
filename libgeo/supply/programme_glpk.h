// Inside of programmes: one programme in GLPK's hands.
#pragma once

#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/supply/programme.h"

struct glp_prob;

namespace lode {

/// A programme as GLPK takes it: columns and rows from 1, terms of a variable added up.
struct GlpkArrays {
  std::vector<int> row, column;
  std::vector<double> value;
  std::vector<double> column_low, column_high, row_low, row_high;
  bool crossed = false;  ///< a low end is above its high end

  GlpkArrays(const Programme& programme, bool relax);
};

/// One programme in GLPK.
class GlpkSolver {
 public:
  GlpkSolver(const Programme& programme, const GlpkArrays& arrays, const ProgrammeOptions& options);
  ~GlpkSolver();
  GlpkSolver(const GlpkSolver&) = delete;
  GlpkSolver& operator=(const GlpkSolver&) = delete;

  /// Who may stop what runs from now on.
  void watch(const Progress& progress) { progress_ = progress; }

  enum class End { optimal, infeasible, unbounded, failed };
  /// The programme without wholeness.
  [[nodiscard]] End linear();
  /// Branch and cut.
  [[nodiscard]] End whole(const Progress& progress, ProgrammeResult& result);
  /// Integers fixed at the whole numbers nearest to `values`.
  void fix(const std::vector<double>& values);
  void take_linear(ProgrammeResult& result) const;
  [[nodiscard]] std::vector<double> values() const;

  [[nodiscard]] bool stopped_early() const { return early_; }

  void set_bounds(std::uint32_t variable, double low, double high);
  void set_row(std::uint32_t row, double low, double high);
  void set_cost(std::uint32_t variable, double cost);
  /// Takes the rows that the programme has beyond those that it had.
  void take_rows();
  /// The programme without wholeness, from the basis that the last solve left.
  /// One that costs more than `most` may end as infeasible.
  [[nodiscard]] End again(double most);
  /// Which columns and rows are in the basis, columns first.
  [[nodiscard]] std::vector<int> basis() const;
  void set_basis(const std::vector<int>& basis);

 private:
  [[nodiscard]] End simplex(int presolve, int method, int factor);
  [[nodiscard]] int search(int presolve, const Progress& progress, ProgrammeResult& result);

  const Programme& programme_;
  const ProgrammeOptions& options_;
  Progress progress_;
  std::uint64_t environment_;  ///< which of its thread's holds the problem
  glp_prob* problem_ = nullptr;
  bool early_ = false, based_ = false;
};

}  // namespace lode
