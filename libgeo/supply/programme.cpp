#include "libgeo/supply/programme.h"

#include <glpk.h>

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstring>
#include <exception>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
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

/// Where GLPK's errors land: it would end the process otherwise.
struct Landing {
  std::jmp_buf place;
  char said[400];
};

extern "C" {
int keep_words(void* landing, const char* text) {
  char* said = static_cast<Landing*>(landing)->said;
  std::strncat(said, text, sizeof(Landing::said) - std::strlen(said) - 1);
  return 1;  // not on the terminal
}
void jump_away(void* landing) {
  std::longjmp(static_cast<Landing*>(landing)->place, 1);
}
}

/// GLPK keeps an environment for every thread that called it.
struct ThreadEnvironment {
  ~ThreadEnvironment() { glp_free_env(); }
};

/// Does `work` of GLPK, which may hold no object with a destructor: an error jumps over it. After
/// an error all of this thread's problems are gone.
template <class Work>
void guarded(glp_prob*& problem, const Work& work) {
  static thread_local ThreadEnvironment environment;
  (void)environment;
  Landing landing;
  landing.said[0] = '\0';
  glp_term_hook(keep_words, &landing);
  glp_error_hook(jump_away, &landing);
  if (setjmp(landing.place) != 0) {
    glp_free_env();
    problem = nullptr;
    std::string said = landing.said;
    std::replace(said.begin(), said.end(), '\n', ' ');
    throw Error("supply.programme", "the solver failed: " + said, "GLPK",
                "Look for figures of very different size among the inputs.");
  }
  work();
  glp_error_hook(nullptr, nullptr);
  glp_term_hook(nullptr, nullptr);
}

/// A programme as GLPK takes it: columns and rows from 1, terms of a variable added up.
struct Arrays {
  std::vector<int> row, column;
  std::vector<double> value;
  std::vector<double> column_low, column_high, row_low, row_high;
  bool crossed = false;  ///< a low end is above its high end

  Arrays(const Programme& programme, bool relax);
};

Arrays::Arrays(const Programme& programme, bool relax) : row(1), column(1), value(1) {
  for (const auto& variable : programme.variables) {
    const bool whole = variable.integer && !relax;
    column_low.push_back(whole ? std::ceil(variable.low - 1e-9) : variable.low);
    column_high.push_back(whole ? std::floor(variable.high + 1e-9) : variable.high);
    crossed = crossed || column_low.back() > column_high.back();
  }
  std::vector<double> sums(programme.variables.size());
  std::vector<std::uint32_t> seen;
  for (std::size_t r = 0; r < programme.rows.size(); ++r) {
    const auto& one = programme.rows[r];
    row_low.push_back(one.low);
    row_high.push_back(one.high);
    crossed = crossed || one.low > one.high;
    seen.clear();
    for (const auto& [variable, factor] : one.terms) {
      sums[variable] += factor;
      seen.push_back(variable);
    }
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    for (const auto variable : seen) {
      if (sums[variable] != 0.0) {
        row.push_back(static_cast<int>(r) + 1);
        column.push_back(static_cast<int>(variable) + 1);
        value.push_back(sums[variable]);
      }
      sums[variable] = 0.0;
    }
  }
}

int bounds_kind(double low, double high) {
  if (!std::isfinite(low)) return std::isfinite(high) ? GLP_UP : GLP_FR;
  if (!std::isfinite(high)) return GLP_LO;
  return low == high ? GLP_FX : GLP_DB;
}

double or_zero(double side) {
  return std::isfinite(side) ? side : 0.0;
}

/// One programme in GLPK.
class Solver {
 public:
  Solver(const Programme& programme, const Arrays& arrays, const ProgrammeOptions& options);
  ~Solver() {
    if (problem_ != nullptr) glp_delete_prob(problem_);
  }
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  enum class End { optimal, infeasible, unbounded, failed };
  /// The programme without wholeness.
  [[nodiscard]] End linear();
  /// Branch and cut.
  [[nodiscard]] End whole(const Progress& progress, ProgrammeResult& result);
  /// Integers fixed at the whole numbers nearest to `values`.
  void fix(const std::vector<double>& values);
  void take_linear(ProgrammeResult& result) const;

  [[nodiscard]] bool stopped_early() const { return early_; }

 private:
  [[nodiscard]] End simplex(int presolve, int method, int factor);
  [[nodiscard]] int search(int presolve, const Progress& progress, ProgrammeResult& result);

  const Programme& programme_;
  const ProgrammeOptions& options_;
  glp_prob* problem_ = nullptr;
  bool early_ = false;
};

Solver::Solver(const Programme& programme, const Arrays& arrays, const ProgrammeOptions& options)
    : programme_(programme), options_(options) {
  guarded(problem_, [&] {
    problem_ = glp_create_prob();
    const int columns = static_cast<int>(arrays.column_low.size());
    const int rows = static_cast<int>(arrays.row_low.size());
    glp_set_obj_dir(problem_, GLP_MIN);
    glp_set_obj_coef(problem_, 0, programme.constant);
    if (columns > 0) glp_add_cols(problem_, columns);
    if (rows > 0) glp_add_rows(problem_, rows);
    for (int k = 1; k <= columns; ++k) {
      const double low = arrays.column_low[k - 1], high = arrays.column_high[k - 1];
      glp_set_col_bnds(problem_, k, bounds_kind(low, high), or_zero(low), or_zero(high));
      glp_set_obj_coef(problem_, k, programme.variables[k - 1].cost);
      if (programme.variables[k - 1].integer && !options.relax)
        glp_set_col_kind(problem_, k, GLP_IV);
    }
    for (int k = 1; k <= rows; ++k) {
      const double low = arrays.row_low[k - 1], high = arrays.row_high[k - 1];
      glp_set_row_bnds(problem_, k, bounds_kind(low, high), or_zero(low), or_zero(high));
    }
    glp_load_matrix(problem_, static_cast<int>(arrays.value.size()) - 1, arrays.row.data(),
                    arrays.column.data(), arrays.value.data());
  });
}

Solver::End Solver::simplex(int presolve, int method, int factor) {
  int code = 0, status = 0;
  guarded(problem_, [&] {
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = method;
    how.presolve = presolve;
    how.tol_bnd = options_.tolerance;
    if (presolve == GLP_OFF) {
      glp_scale_prob(problem_, GLP_SF_AUTO);
      glp_adv_basis(problem_, 0);
      glp_bfcp basis;
      glp_get_bfcp(problem_, &basis);
      basis.type = factor;
      glp_set_bfcp(problem_, &basis);
    }
    code = glp_simplex(problem_, &how);
    status = glp_get_status(problem_);
  });
  if (code == GLP_ENOPFS) return End::infeasible;
  if (code == GLP_ENODFS) return End::unbounded;  // or infeasible: see linear()
  if (code != 0) return End::failed;
  if (status == GLP_OPT) return End::optimal;
  if (status == GLP_NOFEAS) return End::infeasible;
  return status == GLP_UNBND ? End::unbounded : End::failed;
}

Solver::End Solver::linear() {
  End end = simplex(GLP_ON, GLP_DUALP, GLP_BF_LUF + GLP_BF_FT);
  // Presolving tells that there is no dual solution, which means unbounded or infeasible.
  if (end == End::unbounded || end == End::failed)
    end = simplex(GLP_OFF, GLP_PRIMAL, GLP_BF_LUF + GLP_BF_FT);
  if (end == End::failed) end = simplex(GLP_OFF, GLP_DUALP, GLP_BF_BTF + GLP_BF_GR);
  return end;
}

void Solver::take_linear(ProgrammeResult& result) const {
  result.values.resize(programme_.variables.size());
  result.duals.resize(programme_.rows.size());
  for (std::size_t k = 0; k < result.values.size(); ++k)
    result.values[k] = glp_get_col_prim(problem_, static_cast<int>(k) + 1);
  for (std::size_t k = 0; k < result.duals.size(); ++k)
    result.duals[k] = glp_get_row_dual(problem_, static_cast<int>(k) + 1);
}

void Solver::fix(const std::vector<double>& values) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (!programme_.variables[k].integer) continue;
    const double at = std::round(values[k]);
    glp_set_col_bnds(problem_, static_cast<int>(k) + 1, GLP_FX, at, at);
  }
}

/// What the callback of the search keeps.
struct Search {
  const Progress* progress;
  std::size_t limit = 0, nodes = 0;
  double bound = -unbounded_value;
  bool early = false;
  std::exception_ptr thrown;
};

extern "C" void watch_search(glp_tree* tree, void* info) {
  auto& search = *static_cast<Search*>(info);
  int active = 0, now = 0, total = 0;
  glp_ios_tree_size(tree, &active, &now, &total);
  search.nodes = static_cast<std::size_t>(total);
  const int best = glp_ios_best_node(tree);
  if (best != 0) search.bound = std::max(search.bound, glp_ios_node_bound(tree, best));
  bool stop = search.nodes > search.limit;
  search.early = search.early || stop;
  if (glp_ios_reason(tree) == GLP_ISELECT) {
    // Nothing may be thrown through C.
    try {
      search.progress->update(static_cast<double>(search.nodes) /
                              (static_cast<double>(search.nodes) + 500.0));
    } catch (...) {
      search.thrown = std::current_exception();
      stop = true;
    }
  }
  if (stop) glp_ios_terminate(tree);
}

int Solver::search(int presolve, const Progress& progress, ProgrammeResult& result) {
  Search search;
  search.progress = &progress;
  search.limit = options_.nodes;
  int code = 0;
  guarded(problem_, [&] {
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.presolve = presolve;
    how.mip_gap = options_.gap;
    // Measured on plans of 80 sources: Gomory's cuts and the feasibility pump cost two to ten times
    // what they save, these pay.
    how.mir_cuts = how.cov_cuts = GLP_ON;
    how.cb_func = watch_search;
    how.cb_info = &search;
    code = glp_intopt(problem_, &how);
  });
  if (search.thrown) std::rethrow_exception(search.thrown);
  progress.check();
  result.nodes = search.nodes;
  result.bound = search.bound;
  early_ = search.early;
  return code;
}

Solver::End Solver::whole(const Progress& progress, ProgrammeResult& result) {
  int code = search(GLP_ON, progress, result);
  if (code == GLP_EFAIL) {
    if (linear() != End::optimal) return End::failed;
    code = search(GLP_OFF, progress, result);
  }
  if (code == GLP_ENOPFS) return End::infeasible;
  if (code == GLP_ENODFS) return End::unbounded;
  if (code != 0 && code != GLP_EMIPGAP && code != GLP_ESTOP) return End::failed;
  const int status = glp_mip_status(problem_);
  if (status == GLP_NOFEAS) return End::infeasible;
  if (status != GLP_OPT && status != GLP_FEAS) {
    result.status = ProgrammeStatus::unsolved;
    return End::optimal;
  }
  result.status = early_ ? ProgrammeStatus::feasible : ProgrammeStatus::optimal;
  result.objective = glp_mip_obj_val(problem_);
  // A finished tree proves all; one that ended at its gap proves that.
  if (code == 0) result.bound = result.objective;
  if (code == GLP_EMIPGAP)
    result.bound =
        std::max(result.bound, result.objective - options_.gap * std::abs(result.objective));
  result.values.resize(programme_.variables.size());
  for (std::size_t k = 0; k < result.values.size(); ++k)
    result.values[k] = glp_mip_col_val(problem_, static_cast<int>(k) + 1);
  return End::optimal;
}

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

void finish(const Programme& programme, const ProgrammeOptions& options, Solver& solver, bool whole,
            ProgrammeResult& result) {
  if (whole && result.status == ProgrammeStatus::unsolved) return;
  if (whole) {
    // Integers exactly whole, and the rest at its best for them; duals too.
    const std::vector<double> found = result.values;
    solver.fix(found);
    if (solver.linear() == Solver::End::optimal) solver.take_linear(result);
  } else {
    solver.take_linear(result);
    result.status = ProgrammeStatus::optimal;
  }
  for (std::size_t k = 0; k < result.values.size(); ++k) {
    const auto& variable = programme.variables[k];
    double& value = result.values[k];
    if (variable.integer && !options.relax &&
        std::abs(value - std::round(value)) <= 1e-9 * (1.0 + std::abs(value)))
      value = std::round(value);
    if (value == 0.0) value = 0.0;  // no -0
    // A hair outside is a matter of the solver's scaling, not of the answer.
    if (outside(value, variable.low, variable.high) <= 1e-9)
      value = std::clamp(value, variable.low, variable.high);
  }
  certify(programme, options, result);
  result.objective = result.recomputed_objective;
  result.bound = whole ? std::min(result.bound, result.objective) : result.objective;
  result.gap = relative_gap(result.objective, result.bound);
}

}  // namespace

ProgrammeResult solve(const Programme& programme, const ProgrammeOptions& options,
                      const Progress& progress) {
  check_programme(programme);
  if (!(options.gap >= 0.0 && options.gap <= 1.0))
    throw Error("supply.programme", "a gap is outside 0 to 1", "gap");
  if (!(options.tolerance > 0.0 && options.tolerance <= 1e-3))
    throw Error("supply.programme", "a tolerance is outside 0 to 0.001", "tolerance");
  progress.check();
  ProgrammeResult result;
  const Arrays arrays(programme, options.relax);
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
  Solver solver(programme, arrays, options);
  const Solver::End end = whole ? solver.whole(progress, result) : solver.linear();
  switch (end) {
    case Solver::End::infeasible:
      result = {};
      result.status = ProgrammeStatus::infeasible;
      break;
    case Solver::End::unbounded:
      tell_unbounded(programme, options, progress, result);
      break;
    case Solver::End::failed:
      throw Error("supply.programme", "the solver gave up on numerical grounds", "GLPK",
                  "Look for figures of very different size among the inputs.");
    case Solver::End::optimal:
      finish(programme, options, solver, whole, result);
      break;
  }
  return result;
}

}  // namespace lode
