#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/small_lp.h"
#include "libgeo/ranking/weights.h"

namespace lode {

namespace {

/// Saaty's random indices for 1 to 15 criteria.
constexpr std::array<double, 15> saaty_index{0.0,  0.0,  0.58, 0.90, 1.12, 1.24, 1.32, 1.41,
                                             1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59};

struct Eigen {
  std::vector<double> vector;
  double value = 0.0;
};

std::vector<double> times(const std::vector<double>& a, const std::vector<double>& x) {
  const std::size_t m = x.size();
  std::vector<double> y(m, 0.0);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) y[i] += a[i * m + j] * x[j];
  return y;
}

double scale_to_one(std::vector<double>& x) {
  Sum sum;
  for (const double v : x) sum += v;
  for (auto& v : x) v /= sum.value();
  return sum.value();
}

double largest_eigenvalue(const std::vector<double>& a, const std::vector<double>& w) {
  const auto aw = times(a, w);
  double mean = 0.0;
  for (std::size_t i = 0; i < w.size(); ++i) mean += aw[i] / w[i] / static_cast<double>(w.size());
  return mean;
}

/// A positive matrix has one positive eigenvector; power iteration finds it from anywhere.
Eigen principal(const std::vector<double>& a, std::size_t m) {
  Eigen out;
  out.vector.assign(m, 1.0 / static_cast<double>(m));
  for (int step = 0; step < 10000; ++step) {
    auto next = times(a, out.vector);
    scale_to_one(next);
    double change = 0.0;
    for (std::size_t i = 0; i < m; ++i)
      change = std::max(change, std::abs(next[i] - out.vector[i]) / next[i]);
    out.vector = std::move(next);
    if (change < 1e-15) break;
  }
  out.value = largest_eigenvalue(a, out.vector);
  return out;
}

std::vector<double> geometric_means(const std::vector<double>& a, std::size_t m) {
  std::vector<double> w(m);
  for (std::size_t i = 0; i < m; ++i) {
    Sum logs;
    for (std::size_t j = 0; j < m; ++j) logs += std::log(a[i * m + j]);
    w[i] = std::exp(logs.value() / static_cast<double>(m));
  }
  scale_to_one(w);
  return w;
}

void check_matrix(const std::vector<double>& a, std::size_t m, double tolerance) {
  if (m == 0 || a.size() != m * m)
    throw Error("ranking.not_square",
                "the comparison matrix is not " + std::to_string(m) + " x " + std::to_string(m),
                "judgements");
  const auto place = [](std::size_t i, std::size_t j) {
    return "row " + std::to_string(i + 1) + ", column " + std::to_string(j + 1);
  };
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      if (!(a[i * m + j] > 0.0) || !std::isfinite(a[i * m + j]))
        throw Error("ranking.judgement", "a comparison is a number above 0", place(i, j));
      if (std::abs(a[i * m + j] * a[j * m + i] - 1.0) > tolerance)
        throw Error("ranking.not_reciprocal",
                    number_text(a[i * m + j]) + " and " + number_text(a[j * m + i]) +
                        " are not the inverse of each other",
                    place(i, j), "Write 1/" + number_text(a[i * m + j]) + " in the mirrored cell.");
    }
}

struct Mend {
  std::size_t i = 0, j = 0;
  double value = 0.0;
  double lambda = 0.0;
};

/// The one judgement whose replacement by the ratio of the weights lowers the eigenvalue most.
Mend judgement_to_mend(const std::vector<double>& a, const std::vector<double>& w) {
  const std::size_t m = w.size();
  Mend best;
  best.lambda = INFINITY;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = i + 1; j < m; ++j) {
      auto b = a;
      b[i * m + j] = w[i] / w[j];
      b[j * m + i] = w[j] / w[i];
      const double lambda = principal(b, m).value;
      if (lambda < best.lambda) best = {i, j, w[i] / w[j], lambda};
    }
  return best;
}

double consistency(double lambda, std::size_t m) {
  if (m < 3) return 0.0;
  if (m > saaty_index.size()) return not_stated;
  return (lambda - static_cast<double>(m)) / static_cast<double>(m - 1) / saaty_index[m - 1];
}

}  // namespace

Weights ahp_weights(const std::vector<double>& matrix, std::size_t criteria,
                    const AhpOptions& options) {
  check_matrix(matrix, criteria, options.tolerance);
  const Eigen eigen = principal(matrix, criteria);
  Weights out;
  out.weights = options.geometric ? geometric_means(matrix, criteria) : eigen.vector;
  out.lambda_max = eigen.value;
  out.consistency_ratio = consistency(eigen.value, criteria);
  out.note =
      std::string("AHP, ") + (options.geometric ? "row geometric means" : "principal eigenvector") +
      "; random index of Saaty (RI = " +
      (criteria <= saaty_index.size() ? number_text(saaty_index[criteria - 1]) : "none above 15") +
      ")";
  if (std::isnan(out.consistency_ratio))
    out.findings.add("ranking.no_random_index", Severity::warning, "judgements",
                     "Saaty's table ends at 15 criteria: no consistency ratio");
  if (out.consistency_ratio > 0.1) {
    const Mend mend = judgement_to_mend(matrix, eigen.vector);
    out.findings.add("ranking.inconsistent", Severity::warning,
                     "row " + std::to_string(mend.i + 1) + ", column " + std::to_string(mend.j + 1),
                     "consistency ratio " + fixed_text(out.consistency_ratio, 4) +
                         " is above 0.1; changing this judgement from " +
                         number_text(matrix[mend.i * criteria + mend.j]) + " to " +
                         fixed_text(mend.value, 2) + " lowers it most, to " +
                         fixed_text(consistency(mend.lambda, criteria), 4));
  }
  return out;
}

Weights bwm_weights(std::size_t best, std::size_t worst, const std::vector<double>& best_to,
                    const std::vector<double>& to_worst) {
  const std::size_t m = best_to.size();
  if (to_worst.size() != m || best >= m || worst >= m || (m > 1 && best == worst))
    throw Error("ranking.judgement",
                "best-worst needs a best, another worst, and both rows of preferences",
                "judgements");
  for (std::size_t j = 0; j < m; ++j)
    if (!(best_to[j] >= 1.0) || !(to_worst[j] >= 1.0) || !std::isfinite(best_to[j] + to_worst[j]))
      throw Error("ranking.judgement", "best-worst preferences are numbers from 1 up",
                  "criterion " + std::to_string(j + 1));
  SmallLp lp;  // variables: w_1 .. w_m, xi
  lp.cost.assign(m + 1, 0.0);
  lp.cost[m] = 1.0;
  const auto bounded = [&](std::size_t plus, std::size_t minus, double factor) {
    if (plus == minus) return;
    for (const double sign : {1.0, -1.0}) {
      std::vector<double> row(m + 1, 0.0);
      row[plus] += sign;
      row[minus] -= sign * factor;
      row[m] = -1.0;
      lp.less.insert(lp.less.end(), row.begin(), row.end());
      lp.less_rhs.push_back(0.0);
    }
  };
  for (std::size_t j = 0; j < m; ++j) {
    bounded(best, j, best_to[j]);
    bounded(j, worst, to_worst[j]);
  }
  lp.equal.assign(m + 1, 1.0);
  lp.equal[m] = 0.0;
  lp.equal_rhs = {1.0};
  const auto solved = solve_small_lp(lp);
  Weights out;
  out.weights.assign(solved.x.begin(), solved.x.end() - 1);
  for (auto& w : out.weights) w = std::max(0.0, w);
  scale_to_one(out.weights);
  out.consistency_ratio = std::max(0.0, solved.objective);
  out.note = "best-worst method, linear form; consistency_ratio is xi";
  return out;
}

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Judgement files hold names and numbers: a quoted cell may hold a comma, nothing more.
Rows cells_of(std::string_view text) {
  Rows rows;
  for (const auto& line : split(text, '\n')) {
    if (trim(line).empty() || trim(line).front() == '#') continue;
    std::vector<std::string> row(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        row.emplace_back();
      else
        row.back() += c;
    }
    for (auto& cell : row) cell = std::string(trim(cell));
    rows.push_back(std::move(row));
  }
  return rows;
}

struct Reader {
  const std::vector<Criterion>& criteria;
  const std::string& where;

  std::size_t criterion(const std::string& name) const {
    std::vector<std::string> known;
    for (std::size_t j = 0; j < criteria.size(); ++j) {
      if (criteria[j].name == name) return j;
      known.push_back(criteria[j].name);
    }
    throw Error("ranking.unknown_criterion", "'" + printable(name) + "' is not a criterion", where,
                suggestion(name, known));
  }
  double number(const std::string& cell) const {
    const auto slash = cell.find('/');
    const auto above = parse_number(std::string_view(cell).substr(0, slash));
    const auto below = slash == std::string::npos
                           ? std::optional<double>(1.0)
                           : parse_number(std::string_view(cell).substr(slash + 1));
    if (!above || !below || *below == 0.0)
      throw Error("ranking.judgement", "'" + printable(cell) + "' is not a number or a fraction",
                  where);
    return *above / *below;
  }
  /// Criteria in the order in which `names` lists them; every one exactly once.
  std::vector<std::size_t> all(const std::vector<std::string>& names) const {
    std::vector<std::size_t> order;
    for (const auto& name : names) {
      order.push_back(criterion(name));
      if (std::count(order.begin(), order.end(), order.back()) > 1)
        throw Error("ranking.judgement", "'" + printable(name) + "' stands twice", where);
    }
    if (order.size() != criteria.size())
      throw Error("ranking.judgement",
                  "the judgements name " + std::to_string(order.size()) + " of " +
                      std::to_string(criteria.size()) + " criteria",
                  where);
    return order;
  }
  std::vector<double> row(const std::vector<std::string>& cells,
                          const std::vector<std::size_t>& order) const {
    if (cells.size() != order.size() + 1)
      throw Error("ranking.not_square",
                  "a row has " + std::to_string(cells.size() - 1) + " numbers, the header " +
                      std::to_string(order.size()) + " names",
                  where);
    std::vector<double> values(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) values[order[k]] = number(cells[k + 1]);
    return values;
  }
};

Judgements read_matrix(const Rows& rows, const Reader& reader) {
  Judgements out;
  const auto columns = reader.all({rows.front().begin() + 1, rows.front().end()});
  const std::size_t m = columns.size();
  if (rows.size() != m + 1)
    throw Error("ranking.not_square",
                std::to_string(rows.size() - 1) + " rows for " + std::to_string(m) + " criteria",
                reader.where);
  std::vector<std::string> names;
  for (std::size_t r = 1; r <= m; ++r) names.push_back(rows[r].front());
  const auto order = reader.all(names);
  out.matrix.resize(m * m);
  for (std::size_t r = 0; r < m; ++r) {
    const auto values = reader.row(rows[r + 1], columns);
    std::copy(values.begin(), values.end(),
              out.matrix.begin() + static_cast<std::ptrdiff_t>(order[r] * m));
  }
  return out;
}

Judgements read_best_worst(const Rows& rows, const Reader& reader) {
  Judgements out;
  const auto columns = reader.all({rows.front().begin() + 1, rows.front().end()});
  for (std::size_t r = 1; r < rows.size(); ++r) {
    if (rows[r].front() == "best_to")
      out.best_to = reader.row(rows[r], columns);
    else if (rows[r].front() == "to_worst")
      out.to_worst = reader.row(rows[r], columns);
    else
      throw Error("ranking.judgement", "a best-worst file has the rows best_to and to_worst",
                  reader.where);
  }
  if (out.best_to.empty() || out.to_worst.empty())
    throw Error("ranking.judgement", "a best-worst file has the rows best_to and to_worst",
                reader.where);
  // The best is as good as itself, and the worst: the one 1 of its row.
  const auto one = [&](const std::vector<double>& row, const std::string& name) {
    if (std::count(row.begin(), row.end(), 1.0) < 1)
      throw Error("ranking.judgement",
                  "row " + name + " has no 1: it must hold 1 at the criterion itself",
                  reader.where);
    std::size_t at = 0;  // of several 1s, the one with the strongest opposite judgement
    const auto& other = name == "best_to" ? out.to_worst : out.best_to;
    bool found = false;
    for (std::size_t j = 0; j < row.size(); ++j)
      if (row[j] == 1.0 && (!found || other[j] > other[at])) at = j, found = true;
    return at;
  };
  out.best = one(out.best_to, "best_to");
  out.worst = one(out.to_worst, "to_worst");
  return out;
}

}  // namespace

Judgements read_judgements(std::string_view text, WeightScheme scheme,
                           const std::vector<Criterion>& criteria, const std::string& where) {
  const Rows rows = cells_of(text);
  const Reader reader{criteria, where};
  if (rows.empty()) throw Error("ranking.judgement", "the file of judgements is empty", where);
  if (scheme == WeightScheme::ahp) return read_matrix(rows, reader);
  if (scheme == WeightScheme::bwm) return read_best_worst(rows, reader);
  Judgements out;
  std::vector<std::string> names;
  const bool header = rows.front().front() == "name";
  for (std::size_t r = header ? 1 : 0; r < rows.size(); ++r) {
    names.push_back(rows[r].front());
    const bool step = scheme == WeightScheme::swara && rows[r].size() > 1 && !rows[r][1].empty();
    if (scheme == WeightScheme::swara && !step && names.size() > 1)
      throw Error("ranking.judgement", "no step is given for '" + printable(names.back()) + "'",
                  where);
    out.step.push_back(step ? reader.number(rows[r][1]) : 0.0);
  }
  out.order = reader.all(names);
  return out;
}

}  // namespace lode
