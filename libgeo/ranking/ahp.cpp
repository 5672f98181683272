#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/weight_parts.h"

namespace lode {

namespace {

/// Saaty's random indices for 1 to 15 criteria.
constexpr std::array<double, 15> saaty_index{0.0,  0.0,  0.58, 0.90, 1.12, 1.24, 1.32, 1.41,
                                             1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59};
constexpr double acceptable = 0.1;

using Matrix = std::vector<double>;  // m x m, NaN = a comparison nobody made

std::string place(std::size_t i, std::size_t j) {
  return "row " + std::to_string(i + 1) + ", column " + std::to_string(j + 1);
}

std::string of_judge(const std::string& judge, const std::string& where) {
  return judge.empty() ? where : judge + ", " + where;
}

/// A judgement as people write it: 4, or 1/4.
std::string judgement_text(double value) {
  const auto plain = [](double x) {
    return std::abs(x - std::round(x)) < 1e-9 ? number_text(std::round(x)) : fixed_text(x, 2);
  };
  return value < 1.0 ? "1/" + plain(1.0 / value) : plain(value);
}

/// The matrix with one-sided gaps filled by the inverse, once all that is stated makes sense.
Matrix checked(const Matrix& stated, std::size_t m, const AhpOptions& options,
               const std::string& judge, Findings& findings) {
  if (m == 0 || stated.size() != m * m)
    throw Error("ranking.not_square",
                "the comparison matrix is not " + std::to_string(m) + " x " + std::to_string(m),
                judge.empty() ? "judgements" : judge);
  Matrix a = stated;
  std::size_t above = 0, gaps = 0;
  std::string first_above, first_gap;
  for (std::size_t i = 0; i < m; ++i) {
    if (std::isnan(a[i * m + i])) a[i * m + i] = 1.0;
    for (std::size_t j = 0; j < m; ++j) {
      const double own = a[i * m + j], mirrored = a[j * m + i];
      const std::string where = of_judge(judge, place(i, j));
      if (std::isnan(own)) {
        if (!std::isnan(mirrored)) a[i * m + j] = 1.0 / mirrored;
        if (std::isnan(mirrored) && j > i && gaps++ == 0) first_gap = where;
        continue;
      }
      if (!(own > 0.0) || std::isinf(own))
        throw Error("ranking.judgement", "a comparison is a number above 0", where);
      if (std::abs(own * mirrored - 1.0) > options.tolerance)
        throw Error("ranking.not_reciprocal",
                    number_text(own) + " and " + number_text(mirrored) +
                        " are not the inverse of each other",
                    where, "Write 1/" + number_text(own) + " in the mirrored cell.");
      if (own > 9.0 + 1e-9 && above++ == 0) first_above = where;
    }
  }
  if (above > 0)
    findings.add({"ranking.judgement_scale", Severity::note, first_above, above,
                  "a comparison above 9, the end of Saaty's scale"});
  if (gaps > 0)
    findings.add(
        {"ranking.judgement_gaps", Severity::note, first_gap, gaps,
         "comparisons that were not made count as the ratio of the weights (Harker 1987)"});
  return a;
}

std::size_t gaps_in(const Matrix& a, std::size_t m) {
  std::size_t gaps = 0;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = i + 1; j < m; ++j) gaps += std::isnan(a[i * m + j]) ? 1 : 0;
  return gaps;
}

/// The first criterion that no chain of comparisons ties to criterion 0; m when all are tied.
std::size_t untied(const Matrix& a, std::size_t m) {
  std::vector<bool> reached(m, false);
  std::vector<std::size_t> next{0};
  reached[0] = true;
  while (!next.empty()) {
    const std::size_t i = next.back();
    next.pop_back();
    for (std::size_t j = 0; j < m; ++j)
      if (!reached[j] && !std::isnan(a[i * m + j])) reached[j] = true, next.push_back(j);
  }
  return static_cast<std::size_t>(std::find(reached.begin(), reached.end(), false) -
                                  reached.begin());
}

double scale_to_one(std::vector<double>& x) {
  const double sum = weight_parts::total_of(x);
  for (auto& v : x) v /= sum;
  return sum;
}

struct Eigen {
  std::vector<double> vector;
  double value = 0.0;
};

/// Harker's matrix: a gap is 0, and 1 is added to the diagonal of its row. Its Perron vector is
/// that of the matrix whose gaps hold the ratios of that very vector.
Matrix without_gaps(const Matrix& a, std::size_t m) {
  Matrix b = a;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j)
      if (std::isnan(a[i * m + j])) b[i * m + j] = 0.0, b[i * m + i] += 1.0;
  return b;
}

std::vector<double> times(const Matrix& a, const std::vector<double>& x) {
  const std::size_t m = x.size();
  std::vector<double> y(m, 0.0);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) y[i] += a[i * m + j] * x[j];
  return y;
}

/// A matrix without negative entries whose rows are tied together and whose diagonal is positive
/// has one positive eigenvector; power iteration finds it from anywhere. It stops when no entry
/// changes by more than 1e-15 of itself, or when rounding keeps it from getting closer.
Eigen principal(const Matrix& with_gaps, std::size_t m) {
  const Matrix a = without_gaps(with_gaps, m);
  Eigen out;
  out.vector.assign(m, 1.0 / static_cast<double>(m));
  double before = 1.0;
  for (int step = 0; step < 100000; ++step) {
    auto next = times(a, out.vector);
    scale_to_one(next);
    double change = 0.0;
    for (std::size_t i = 0; i < m; ++i)
      change = std::max(change, std::abs(next[i] - out.vector[i]) / next[i]);
    out.vector = std::move(next);
    if (change < 1e-15 || (change < 2e-15 && change >= before)) break;
    before = change;
  }
  const auto image = times(a, out.vector);
  for (std::size_t i = 0; i < m; ++i)
    out.value += image[i] / out.vector[i] / static_cast<double>(m);
  return out;
}

/// Logarithmic least squares: row geometric means; with gaps the normal equations over those
/// comparisons that were made (Bozoki, Fulop & Ronyai 2010).
std::vector<double> geometric_means(const Matrix& a, std::size_t m) {
  std::vector<double> w(m, 1.0);
  Matrix laplace(m * m, 0.0);
  std::vector<double> logs(m, 0.0);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      if (j == i || std::isnan(a[i * m + j])) continue;
      logs[i] += std::log(a[i * m + j]);
      laplace[i * m + i] += 1.0;
      laplace[i * m + j] -= 1.0;
    }
  if (gaps_in(a, m) == 0) {
    for (std::size_t i = 0; i < m; ++i) w[i] = std::exp(logs[i] / static_cast<double>(m));
  } else {
    for (std::size_t j = 0; j < m; ++j) laplace[j] = j == 0 ? 1.0 : 0.0;  // the first is 1
    logs[0] = 0.0;
    const auto solved = weight_parts::solve_dense(laplace, logs);
    for (std::size_t i = 0; i < m; ++i) w[i] = std::exp(solved[i]);
  }
  scale_to_one(w);
  return w;
}

/// Saaty's index, less what gaps leave undecided (Agoston & Csato 2022); NaN above 15 criteria.
double random_index(std::size_t m, std::size_t gaps) {
  if (m > saaty_index.size()) return not_stated;
  if (m < 3) return 0.0;
  const double pairs = static_cast<double>((m - 1) * (m - 2));
  return saaty_index[m - 1] * std::max(0.0, 1.0 - 2.0 * static_cast<double>(gaps) / pairs);
}

double consistency(double lambda, std::size_t m, std::size_t gaps) {
  const double index = random_index(m, gaps);
  if (!(index > 0.0)) return index;  // nothing could contradict, or no table: 0 or NaN
  const double order = static_cast<double>(m);
  return std::max(0.0, (lambda - order) / (order - 1.0) / index);
}

/// Geometric consistency index: mean square of ln(a_ij w_j/w_i).
double geometric_index(const Matrix& a, const std::vector<double>& w) {
  const std::size_t m = w.size();
  if (m < 3 || gaps_in(a, m) > 0) return not_stated;
  Sum squares;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = i + 1; j < m; ++j) {
      const double error = std::log(a[i * m + j] * w[j] / w[i]);
      squares += error * error;
    }
  return 2.0 * squares.value() / static_cast<double>((m - 1) * (m - 2));
}

/// The one judgement whose replacement by what all others imply for it lowers the eigenvalue most.
JudgementMend judgement_to_mend(const Matrix& a, std::size_t m) {
  JudgementMend best;
  const std::size_t gaps = gaps_in(a, m);
  double lowest = INFINITY;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = i + 1; j < m; ++j) {
      if (std::isnan(a[i * m + j])) continue;
      Matrix b = a;
      b[i * m + j] = b[j * m + i] = not_stated;
      if (untied(b, m) < m) continue;  // no other judgement says anything about it
      const Eigen eigen = principal(b, m);
      if (!(eigen.value < lowest)) continue;
      lowest = eigen.value;
      best = {i, j, a[i * m + j], eigen.vector[i] / eigen.vector[j],
              consistency(eigen.value, m, gaps)};
    }
  return best;
}

void say_inconsistent(const Weights& weights, const std::string& judge, Findings& findings) {
  const JudgementMend& mend = weights.mend;
  findings.add(
      "ranking.inconsistent", Severity::warning, of_judge(judge, place(mend.row, mend.column)),
      "consistency ratio " + fixed_text(weights.consistency_ratio, 4) +
          " is above 0.1; changing this judgement from " + judgement_text(mend.stated) + " to " +
          judgement_text(mend.value) + " lowers it most, to " + fixed_text(mend.ratio_after, 4));
}

std::string note_of(const Weights& weights, std::size_t m, std::size_t gaps, bool geometric) {
  std::string note =
      std::string("AHP, ") + (geometric ? "row geometric means" : "principal eigenvector");
  if (gaps > 0)
    note += geometric ? ", least squares over the comparisons made" : ", gaps after Harker";
  note += "; random index of Saaty (RI = " +
          (m <= saaty_index.size() ? number_text(saaty_index[m - 1]) : "none above 15") + ")";
  if (gaps > 0 && m <= saaty_index.size())
    note += ", times " +
            fixed_text(
                1.0 - 2.0 * static_cast<double>(gaps) / static_cast<double>((m - 1) * (m - 2)), 3) +
            " for the gaps";
  if (!std::isnan(weights.geometric_index))
    note += "; geometric consistency index " + fixed_text(weights.geometric_index, 4) +
            " (at most " +
            (m == 3   ? "0.31"
             : m == 4 ? "0.35"
                      : "0.37") +
            ")";
  return note;
}

/// `a` is checked and its criteria are tied together.
Weights weigh(const Matrix& a, std::size_t m, const AhpOptions& options) {
  const std::size_t gaps = gaps_in(a, m);
  const Eigen eigen = principal(a, m);
  Weights out;
  out.weights = options.geometric ? geometric_means(a, m) : eigen.vector;
  out.lambda_max = eigen.value;
  out.random_index = random_index(m, gaps);
  out.consistency_ratio = consistency(eigen.value, m, gaps);
  if (options.geometric) out.geometric_index = geometric_index(a, out.weights);
  if (out.consistency_ratio > acceptable) out.mend = judgement_to_mend(a, m);
  out.note = note_of(out, m, gaps, options.geometric);
  return out;
}

void check_tied(const Matrix& a, std::size_t m) {
  const std::size_t alone = untied(a, m);
  if (alone < m)
    throw Error(
        "ranking.judgement",
        "no chain of comparisons ties criterion " + std::to_string(alone + 1) + " to criterion 1",
        "row " + std::to_string(alone + 1), "Compare it with at least one of the others.");
}

/// The geometric mean of each comparison over the judges that made it, without judge `skip`.
Matrix mean_of(const std::vector<Matrix>& all, std::size_t skip) {
  Matrix mean(all.front().size(), not_stated);
  for (std::size_t k = 0; k < mean.size(); ++k) {
    Sum logs;
    std::size_t count = 0;
    for (std::size_t g = 0; g < all.size(); ++g)
      if (g != skip && !std::isnan(all[g][k])) logs += std::log(all[g][k]), ++count;
    if (count > 0) mean[k] = std::exp(logs.value() / static_cast<double>(count));
  }
  return mean;
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  const std::size_t half = x.size() / 2;
  return x.size() % 2 == 1 ? x[half] : 0.5 * (x[half - 1] + x[half]);
}

/// Median |log| of a judge's comparisons over those of the others; NaN when they share none.
double distance_from(const Matrix& own, const Matrix& others, std::size_t m) {
  std::vector<double> logs;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = i + 1; j < m; ++j) {
      const double log = std::log(own[i * m + j] / others[i * m + j]);
      if (!std::isnan(log)) logs.push_back(std::abs(log));
    }
  return logs.empty() ? not_stated : median(std::move(logs));
}

void compare_judges(const std::vector<Matrix>& all, std::size_t m, Weights& out) {
  std::vector<double> distances, known;
  for (std::size_t g = 0; g < all.size(); ++g) {
    distances.push_back(distance_from(all[g], mean_of(all, g), m));
    out.judges[g].factor_from_others = std::exp(distances.back());
    if (!std::isnan(distances.back())) known.push_back(distances.back());
  }
  if (known.size() < 3) return;
  const double usual = median(known);
  for (std::size_t g = 0; g < all.size(); ++g) {
    Judge& judge = out.judges[g];
    judge.stands_apart = distances[g] > std::log(2.0) && distances[g] > 2.0 * usual;
    if (judge.stands_apart)
      out.findings.add("ranking.judge_apart", Severity::warning, judge.name,
                       "half of this judge's comparisons differ from the mean of the others by a "
                       "factor of " +
                           fixed_text(judge.factor_from_others, 2) +
                           " or more: see whether the question was understood alike");
  }
}

}  // namespace

Weights ahp_weights(const std::vector<double>& matrix, std::size_t criteria,
                    const AhpOptions& options) {
  Findings findings;
  const Matrix a = checked(matrix, criteria, options, "", findings);
  check_tied(a, criteria);
  Weights out = weigh(a, criteria, options);
  out.findings = std::move(findings);
  if (std::isnan(out.consistency_ratio))
    out.findings.add("ranking.no_random_index", Severity::warning, "judgements",
                     "Saaty's table ends at 15 criteria: no consistency ratio");
  if (out.consistency_ratio > acceptable) say_inconsistent(out, "", out.findings);
  return out;
}

Weights group_ahp_weights(const std::vector<std::vector<double>>& matrices,
                          const std::vector<std::string>& judges, std::size_t criteria,
                          const AhpOptions& options) {
  if (matrices.empty() || judges.size() != matrices.size())
    throw Error("ranking.judgement", "a group needs a matrix and a name of every judge",
                "judgements");
  if (matrices.size() == 1) return ahp_weights(matrices.front(), criteria, options);
  Findings findings;
  std::vector<Matrix> all;
  for (std::size_t g = 0; g < matrices.size(); ++g)
    all.push_back(checked(matrices[g], criteria, options, judges[g], findings));
  const Matrix mean = mean_of(all, all.size());
  check_tied(mean, criteria);
  Weights out = weigh(mean, criteria, options);
  out.note += "; geometric mean of " + std::to_string(all.size()) + " judges";
  out.findings = std::move(findings);
  if (std::isnan(out.consistency_ratio))
    out.findings.add("ranking.no_random_index", Severity::warning, "judgements",
                     "Saaty's table ends at 15 criteria: no consistency ratio");
  for (std::size_t g = 0; g < all.size(); ++g) {
    Judge judge;
    judge.name = judges[g];
    if (untied(all[g], criteria) == criteria) {
      const Weights own = weigh(all[g], criteria, options);
      judge.weights = own.weights;
      judge.consistency_ratio = own.consistency_ratio;
      if (own.consistency_ratio > acceptable) say_inconsistent(own, judge.name, out.findings);
    }
    out.judges.push_back(std::move(judge));
  }
  if (out.consistency_ratio > acceptable) say_inconsistent(out, "all judges", out.findings);
  compare_judges(all, criteria, out);
  return out;
}

Weights ahp_weights(const Judgements& judgements, std::size_t criteria, const AhpOptions& options) {
  return judgements.matrices.size() > 1
             ? group_ahp_weights(judgements.matrices, judgements.judges, criteria, options)
             : ahp_weights(judgements.matrix, criteria, options);
}

}  // namespace lode
