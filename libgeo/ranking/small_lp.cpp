#include "libgeo/ranking/small_lp.h"

#include <cmath>

#include "libgeo/core/error.h"

namespace lode {

namespace {

constexpr double tiny = 1e-11;

/// Rows of constraints, the last row the reduced costs; the last column the right-hand side.
class Tableau {
 public:
  Tableau(std::size_t rows, std::size_t columns)
      : rows_(rows), columns_(columns), cells_((rows + 1) * (columns + 1), 0.0), basis_(rows, 0) {}

  double& at(std::size_t r, std::size_t c) { return cells_[r * (columns_ + 1) + c]; }
  double& rhs(std::size_t r) { return at(r, columns_); }
  double& cost(std::size_t c) { return at(rows_, c); }
  std::size_t& basic(std::size_t r) { return basis_[r]; }
  std::size_t rows() const { return rows_; }

  void pivot(std::size_t row, std::size_t column) {
    const double by = at(row, column);
    for (std::size_t c = 0; c <= columns_; ++c) at(row, c) /= by;
    for (std::size_t r = 0; r <= rows_; ++r) {
      const double factor = at(r, column);
      if (r == row || factor == 0.0) continue;
      for (std::size_t c = 0; c <= columns_; ++c) at(r, c) -= factor * at(row, c);
    }
    basis_[row] = column;
  }

  /// Bland's rule cannot cycle. Columns from `usable` on are never entered.
  void minimise(std::size_t usable) {
    while (true) {
      std::size_t enter = 0;
      while (enter < usable && cost(enter) >= -tiny) ++enter;
      if (enter == usable) return;
      std::size_t leave = rows_;
      double best = 0.0;
      for (std::size_t r = 0; r < rows_; ++r) {
        if (at(r, enter) <= tiny) continue;
        const double ratio = rhs(r) / at(r, enter);
        if (leave == rows_ || ratio < best - tiny ||
            (ratio <= best + tiny && basis_[r] < basis_[leave])) {
          best = ratio;
          leave = r;
        }
      }
      if (leave == rows_) throw Error("ranking.infeasible", "the linear programme has no bound");
      pivot(leave, enter);
    }
  }

 private:
  std::size_t rows_, columns_;
  std::vector<double> cells_;
  std::vector<std::size_t> basis_;
};

}  // namespace

SmallLpResult solve_small_lp(const SmallLp& lp) {
  const std::size_t n = lp.cost.size(), slack = lp.less_rhs.size();
  const std::size_t rows = slack + lp.equal_rhs.size();
  const std::size_t real = n + slack;
  Tableau t(rows, real + rows);  // one artificial variable a row
  for (std::size_t r = 0; r < rows; ++r) {
    const bool less = r < slack;
    const double* from = less ? lp.less.data() + r * n : lp.equal.data() + (r - slack) * n;
    const double rhs = less ? lp.less_rhs[r] : lp.equal_rhs[r - slack];
    const double sign = rhs < 0.0 ? -1.0 : 1.0;
    for (std::size_t c = 0; c < n; ++c) t.at(r, c) = sign * from[c];
    if (less) t.at(r, n + r) = sign;
    t.at(r, real + r) = 1.0;
    t.rhs(r) = sign * rhs;
    t.basic(r) = real + r;
    for (std::size_t c = 0; c < real; ++c) t.cost(c) -= t.at(r, c);
    t.cost(real + rows) -= t.rhs(r);
  }
  t.minimise(real);
  if (-t.cost(real + rows) > 1e-8)
    throw Error("ranking.infeasible", "the linear programme has no solution");
  for (std::size_t r = 0; r < rows; ++r) {  // drive artificial variables out of the basis
    if (t.basic(r) < real) continue;
    for (std::size_t c = 0; c < real; ++c)
      if (std::abs(t.at(r, c)) > tiny) {
        t.pivot(r, c);
        break;
      }
  }
  for (std::size_t c = 0; c <= real + rows; ++c) t.cost(c) = c < n ? lp.cost[c] : 0.0;
  for (std::size_t r = 0; r < rows; ++r) {
    const std::size_t basic = t.basic(r);
    const double factor = basic < n ? lp.cost[basic] : 0.0;
    if (factor == 0.0) continue;
    for (std::size_t c = 0; c <= real + rows; ++c) t.cost(c) -= factor * t.at(r, c);
  }
  t.minimise(real);
  SmallLpResult result;
  result.x.assign(n, 0.0);
  for (std::size_t r = 0; r < rows; ++r)
    if (t.basic(r) < n) result.x[t.basic(r)] = t.rhs(r);
  for (std::size_t c = 0; c < n; ++c) result.objective += lp.cost[c] * result.x[c];
  return result;
}

}  // namespace lode
