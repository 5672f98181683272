#include "libgeo/ranking/guards.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/normalise.h"

namespace lode {

namespace {

constexpr std::size_t correlation_sites = 5;
constexpr double twin_above = 0.999;

/// Makes a column of mean 0 and length 1 (all 0 when constant), so that correlations are products.
/// Brought to size 1 by a power of two first: neither the largest nor the smallest numbers lose.
void standardise(double* x, std::size_t n) {
  for (int pass = 0; pass < 2; ++pass) {
    double largest = 0.0;
    for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(x[i]));
    if (largest == 0.0) return;
    int exponent = 0;
    std::frexp(largest, &exponent);
    for (std::size_t i = 0; i < n; ++i) x[i] = std::ldexp(x[i], -exponent);
    if (pass == 1) break;
    const auto [low, high] = std::minmax_element(x, x + n);
    if (*low == *high) {
      std::fill(x, x + n, 0.0);
      return;
    }
    Sum sum;
    for (std::size_t i = 0; i < n; ++i) sum += x[i];
    const double mean = sum.value() / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) x[i] -= mean;
  }
  Sum squares;
  for (std::size_t i = 0; i < n; ++i) squares += x[i] * x[i];
  const double length = std::sqrt(squares.value());
  for (std::size_t i = 0; i < n; ++i) x[i] /= length;
}

double dot(const double* a, const double* b, std::size_t n) {
  double lanes[4] = {0.0, 0.0, 0.0, 0.0};
  for (std::size_t i = 0; i + 4 <= n; i += 4)
    for (std::size_t k = 0; k < 4; ++k) lanes[k] += a[i + k] * b[i + k];
  double sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
  for (std::size_t i = n - n % 4; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/// Oriented values. The logarithm of nothing stands with the worst finite one: a far value would
/// outweigh all others and make any two criteria that share a zero look like twins.
void orient(const Criterion& criterion, const double* from, std::size_t n, double* to) {
  double worst = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < n; ++i) {
    to[i] = oriented(criterion, from[i]);
    if (std::isfinite(to[i])) worst = std::min(worst, to[i]);
  }
  for (std::size_t i = 0; i < n; ++i)
    if (!std::isfinite(to[i])) to[i] = std::isfinite(worst) ? worst : 0.0;
}

/// Inverse of a symmetric positive definite matrix by Cholesky's factor; empty when a pivot falls
/// below `least`.
std::vector<double> inverse_of(std::vector<double> a, std::size_t m, double least) {
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t k = 0; k < j; ++k) a[j * m + j] -= a[j * m + k] * a[j * m + k];
    if (!(a[j * m + j] > least)) return {};
    a[j * m + j] = std::sqrt(a[j * m + j]);
    for (std::size_t i = j + 1; i < m; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i * m + j] -= a[i * m + k] * a[j * m + k];
      a[i * m + j] /= a[j * m + j];
    }
  }
  std::vector<double> inverse(m * m, 0.0), x(m);
  for (std::size_t c = 0; c < m; ++c) {
    for (std::size_t i = 0; i < m; ++i) {
      x[i] = i == c ? 1.0 : 0.0;
      for (std::size_t k = 0; k < i; ++k) x[i] -= a[i * m + k] * x[k];
      x[i] /= a[i * m + i];
    }
    for (std::size_t i = m; i-- > 0;) {
      for (std::size_t k = i + 1; k < m; ++k) x[i] -= a[k * m + i] * x[k];
      x[i] /= a[i * m + i];
      inverse[i * m + c] = x[i];
    }
  }
  return inverse;
}

/// The inverse, or where the criteria follow from each other that of the matrix with a trace added
/// to its diagonal: entries that would be infinite become very large.
std::vector<double> precision_of(const std::vector<double>& correlation, std::size_t m) {
  auto inverse = inverse_of(correlation, m, 1e-9);
  if (!inverse.empty()) return inverse;
  auto eased = correlation;
  for (std::size_t j = 0; j < m; ++j) eased[j * m + j] += 1e-10;
  return inverse_of(eased, m, 0.0);
}
constexpr double boundless = 1e8;

std::size_t side_of(const std::vector<double>& matrix) {
  return static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
}

void say_pairs(const std::vector<Criterion>& criteria, const std::vector<double>& correlation,
               double above, Findings& findings) {
  const std::size_t m = criteria.size();
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t k = j + 1; k < m; ++k) {
      const double r = correlation[j * m + k];
      if (std::abs(r) < above) continue;
      const bool twin = r > twin_above;
      findings.add(
          twin ? "ranking.duplicate_criteria" : "ranking.correlated_criteria",
          twin ? Severity::warning : Severity::note, criteria[j].name + ", " + criteria[k].name,
          "correlation " + fixed_text(r, 3) +
              (r > 0.0 ? ": the same thing may count twice" : ": what one gains the other loses"));
    }
}

/// Criteria that predict criterion j: those with at least a tenth of the largest coefficient.
std::vector<std::size_t> partners_of(const std::vector<double>& precision, std::size_t m,
                                     std::size_t j) {
  double largest = 0.0;
  for (std::size_t k = 0; k < m; ++k)
    if (k != j) largest = std::max(largest, std::abs(precision[j * m + k]));
  std::vector<std::size_t> partners;
  for (std::size_t k = 0; k < m; ++k)
    if (k != j && std::abs(precision[j * m + k]) >= 0.1 * largest) partners.push_back(k);
  return partners;
}

}  // namespace

std::vector<double> criteria_correlation(const std::vector<Criterion>& criteria,
                                         const std::vector<double>& columns, std::size_t sites,
                                         int jobs) {
  const std::size_t n = sites, m = criteria.size();
  if (n < correlation_sites) return {};
  std::vector<double> standard(n * m);
  parallel_blocks(m, 1, jobs, [&](std::size_t j, std::size_t, std::size_t) {
    orient(criteria[j], columns.data() + j * n, n, standard.data() + j * n);
    standardise(standard.data() + j * n, n);
  });
  std::vector<double> correlation(m * m, 1.0);
  parallel_blocks(m, 1, jobs, [&](std::size_t j, std::size_t, std::size_t) {
    for (std::size_t k = j + 1; k < m; ++k)
      correlation[j * m + k] =
          std::clamp(dot(standard.data() + j * n, standard.data() + k * n, n), -1.0, 1.0);
  });
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t k = 0; k < j; ++k) correlation[j * m + k] = correlation[k * m + j];
  return correlation;
}

std::vector<double> inflation_factors(const std::vector<double>& correlation, std::size_t sites) {
  const std::size_t m = side_of(correlation);
  if (m == 0 || sites < m + 2) return {};
  const auto precision = precision_of(correlation, m);
  std::vector<double> factors(m, std::numeric_limits<double>::infinity());
  if (precision.empty()) return factors;
  for (std::size_t j = 0; j < m; ++j) {
    const double factor = std::max(1.0, precision[j * m + j]);
    if (factor < boundless) factors[j] = factor;
  }
  return factors;
}

Findings overlap_findings(const std::vector<Criterion>& criteria,
                          const std::vector<double>& correlation,
                          const std::vector<double>& inflation, std::size_t sites,
                          const GuardLimits& limits) {
  Findings findings;
  if (correlation.empty()) return findings;
  const std::size_t m = criteria.size();
  say_pairs(criteria, correlation, limits.correlated_above, findings);
  if (inflation.empty()) return findings;
  const auto precision = precision_of(correlation, m);
  if (precision.empty()) return findings;
  // Few sites fit many criteria by chance: 1 - R^2 is taken by degrees of freedom (Theil's).
  const double by_chance = static_cast<double>(sites - m) / static_cast<double>(sites - 1);
  std::set<std::vector<std::size_t>> said;
  for (std::size_t j = 0; j < m; ++j) {
    if (!(inflation[j] * by_chance > limits.inflated_above)) continue;
    double pair = 0.0;
    for (std::size_t k = 0; k < m; ++k)
      if (k != j) pair = std::max(pair, std::abs(correlation[j * m + k]));
    const auto partners = partners_of(precision, m, j);
    if (pair >= limits.correlated_above || partners.size() < 2) continue;  // the pair is said
    auto together = partners;
    together.insert(std::lower_bound(together.begin(), together.end(), j), j);
    if (!said.insert(together).second) continue;
    std::vector<std::string> all, others;
    for (const auto k : together) all.push_back(criteria[k].name);
    for (const auto k : partners) others.push_back(criteria[k].name);
    findings.add("ranking.collinear_criteria", Severity::note, join(all, ", "),
                 criteria[j].name + " follows from " + join(others, ", ") +
                     " (variance inflation factor " +
                     (std::isfinite(inflation[j]) ? fixed_text(inflation[j], 1)
                                                  : std::string("without bound")) +
                     "): together they count the same thing twice");
  }
  return findings;
}

}  // namespace lode
