// One programme in GLPK's hands: its arrays, simplex, branch and cut, and changes from solve to
// solve.
#include "libgeo/supply/programme_glpk.h"

#include <glpk.h>

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstring>
#include <exception>

#include "libgeo/core/error.h"

namespace lode {

namespace {

constexpr int words_every_ms = 100;

/// Where GLPK's errors land, which would end the process otherwise, and a stop by the user.
struct Landing {
  std::jmp_buf place;
  const Progress* progress;
  char said[400];
};

extern "C" {
/// GLPK says something every now and then, which is the only way out of a long simplex run. Its
/// last words are kept: they say what an error was.
int keep_words(void* place, const char* text) {
  auto& landing = *static_cast<Landing*>(place);
  if (landing.progress->cancelled()) std::longjmp(landing.place, 1);
  const std::size_t room = sizeof(Landing::said) - 1, more = std::min(std::strlen(text), room);
  std::size_t kept = std::strlen(landing.said);
  const std::size_t drop = kept + more > room ? kept + more - room : 0;
  std::memmove(landing.said, landing.said + drop, kept - drop);
  kept -= drop;
  std::memcpy(landing.said + kept, text, more);
  landing.said[kept + more] = '\0';
  return 1;  // not on the terminal
}
void jump_away(void* landing) {
  std::longjmp(static_cast<Landing*>(landing)->place, 1);
}
}

/// GLPK keeps an environment for every thread that called it. One that is ended takes all problems
/// of its thread along, also those of other solvers that wait for this one.
struct ThreadEnvironment {
  std::uint64_t ended = 0;

  ThreadEnvironment() = default;
  ThreadEnvironment(const ThreadEnvironment&) = delete;
  ThreadEnvironment& operator=(const ThreadEnvironment&) = delete;
  ~ThreadEnvironment() { glp_free_env(); }
  void end() {
    glp_free_env();
    ++ended;
  }
};

ThreadEnvironment& environment() {
  static thread_local ThreadEnvironment of_this_thread;
  return of_this_thread;
}

/// Does `work` of GLPK, which may hold no object with a destructor: an error or a stop jumps over
/// it. After that all of this thread's problems are gone.
template <class Work>
void guarded(glp_prob*& problem, const Progress& progress, const Work& work) {
  ThreadEnvironment& surroundings = environment();
  Landing landing;
  landing.progress = &progress;
  landing.said[0] = '\0';
  glp_term_hook(keep_words, &landing);
  glp_error_hook(jump_away, &landing);
  if (setjmp(landing.place) != 0) {
    surroundings.end();
    problem = nullptr;
    progress.check();
    std::string said = landing.said;
    std::replace(said.begin(), said.end(), '\n', ' ');
    throw Error("supply.programme", "the solver failed: " + said, "GLPK",
                "Look for figures of very different size among the inputs.");
  }
  work();
  glp_error_hook(nullptr, nullptr);
  glp_term_hook(nullptr, nullptr);
}

int bounds_kind(double low, double high) {
  if (!std::isfinite(low)) return std::isfinite(high) ? GLP_UP : GLP_FR;
  if (!std::isfinite(high)) return GLP_LO;
  return low == high ? GLP_FX : GLP_DB;
}

double or_zero(double side) {
  return std::isfinite(side) ? side : 0.0;
}

}  // namespace

GlpkArrays::GlpkArrays(const Programme& programme, bool relax) : row(1), column(1), value(1) {
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

GlpkSolver::GlpkSolver(const Programme& programme, const GlpkArrays& arrays,
                       const ProgrammeOptions& options)
    : programme_(programme), options_(options), environment_(environment().ended) {
  guarded(problem_, progress_, [&] {
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

GlpkSolver::~GlpkSolver() {
  if (problem_ != nullptr && environment_ == environment().ended) glp_delete_prob(problem_);
}

GlpkSolver::End GlpkSolver::simplex(int presolve, int method, int factor) {
  int code = 0, status = 0;
  guarded(problem_, progress_, [&] {
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_ON;
    how.out_frq = words_every_ms;
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

GlpkSolver::End GlpkSolver::linear() {
  End end = simplex(GLP_ON, GLP_DUALP, GLP_BF_LUF + GLP_BF_FT);
  // Presolving tells that there is no dual solution, which means unbounded or infeasible.
  if (end == End::unbounded || end == End::failed)
    end = simplex(GLP_OFF, GLP_PRIMAL, GLP_BF_LUF + GLP_BF_FT);
  if (end == End::failed) end = simplex(GLP_OFF, GLP_DUALP, GLP_BF_BTF + GLP_BF_GR);
  return end;
}

std::vector<double> GlpkSolver::values() const {
  std::vector<double> values(programme_.variables.size());
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] = glp_get_col_prim(problem_, static_cast<int>(k) + 1);
  return values;
}

void GlpkSolver::take_linear(ProgrammeResult& result) const {
  result.values = values();
  result.duals.resize(programme_.rows.size());
  for (std::size_t k = 0; k < result.duals.size(); ++k)
    result.duals[k] = glp_get_row_dual(problem_, static_cast<int>(k) + 1);
}

void GlpkSolver::fix(const std::vector<double>& values) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (!programme_.variables[k].integer) continue;
    const double at = std::round(values[k]);
    glp_set_col_bnds(problem_, static_cast<int>(k) + 1, GLP_FX, at, at);
  }
}

void GlpkSolver::set_bounds(std::uint32_t variable, double low, double high) {
  glp_set_col_bnds(problem_, static_cast<int>(variable) + 1, bounds_kind(low, high), or_zero(low),
                   or_zero(high));
}

void GlpkSolver::set_row(std::uint32_t row, double low, double high) {
  glp_set_row_bnds(problem_, static_cast<int>(row) + 1, bounds_kind(low, high), or_zero(low),
                   or_zero(high));
}

void GlpkSolver::set_cost(std::uint32_t variable, double cost) {
  glp_set_obj_coef(problem_, static_cast<int>(variable) + 1, cost);
}

void GlpkSolver::take_rows() {
  const auto had = static_cast<std::size_t>(glp_get_num_rows(problem_));
  if (had == programme_.rows.size()) return;
  guarded(problem_, progress_,
          [&] { glp_add_rows(problem_, static_cast<int>(programme_.rows.size() - had)); });
  std::vector<std::pair<std::uint32_t, double>> terms;
  std::vector<int> column;
  std::vector<double> value;
  for (std::size_t r = had; r < programme_.rows.size(); ++r) {
    const auto& row = programme_.rows[r];
    terms = row.terms;
    std::stable_sort(terms.begin(), terms.end(),
                     [](const auto& x, const auto& y) { return x.first < y.first; });
    column.assign(1, 0);
    value.assign(1, 0.0);
    for (const auto& [variable, factor] : terms) {
      const int place = static_cast<int>(variable) + 1;
      if (column.back() != place) {
        column.push_back(place);
        value.push_back(0.0);
      }
      value.back() += factor;
    }
    guarded(problem_, progress_, [&] {
      glp_set_mat_row(problem_, static_cast<int>(r) + 1, static_cast<int>(column.size()) - 1,
                      column.data(), value.data());
    });
    set_row(static_cast<std::uint32_t>(r), row.low, row.high);
  }
}

GlpkSolver::End GlpkSolver::again(double most) {
  End end = End::failed;
  if (based_) {
    int code = 0, status = 0;
    guarded(problem_, progress_, [&] {
      glp_smcp how;
      glp_init_smcp(&how);
      how.msg_lev = GLP_MSG_ON;
      how.out_frq = words_every_ms;
      how.meth = GLP_DUALP;
      how.tol_bnd = options_.tolerance;
      if (std::isfinite(most)) how.obj_ul = most;
      code = glp_simplex(problem_, &how);
      status = glp_get_status(problem_);
    });
    if (code == GLP_EOBJUL) return End::infeasible;
    // That there is no solution is believed from the start alone: a basis that wore out while much
    // was changed has said so of programmes that have one.
    if (code == 0 && status == GLP_OPT) end = End::optimal;
  }
  if (end == End::failed) end = linear();
  based_ = based_ || end == End::optimal;
  return end;
}

std::vector<int> GlpkSolver::basis() const {
  std::vector<int> basis;
  for (int k = 1; k <= glp_get_num_cols(problem_); ++k)
    basis.push_back(glp_get_col_stat(problem_, k));
  for (int k = 1; k <= glp_get_num_rows(problem_); ++k)
    basis.push_back(glp_get_row_stat(problem_, k));
  return basis;
}

void GlpkSolver::set_basis(const std::vector<int>& basis) {
  const int columns = glp_get_num_cols(problem_);
  for (int k = 1; k <= glp_get_num_rows(problem_); ++k) {
    const auto at = static_cast<std::size_t>(columns + k - 1);
    // A row that came since stands aside.
    glp_set_row_stat(problem_, k, at < basis.size() ? basis[at] : GLP_BS);
  }
  for (int k = 1; k <= columns; ++k) glp_set_col_stat(problem_, k, basis[k - 1]);
}

namespace {

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

}  // namespace

int GlpkSolver::search(int presolve, const Progress& progress, ProgrammeResult& result) {
  Search search;
  search.progress = &progress;
  search.limit = options_.nodes;
  int code = 0;
  guarded(problem_, progress_, [&] {
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_ON;
    how.out_frq = words_every_ms;
    how.out_dly = 0;
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

GlpkSolver::End GlpkSolver::whole(const Progress& progress, ProgrammeResult& result) {
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
}  // namespace lode
