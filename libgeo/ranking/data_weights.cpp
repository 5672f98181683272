#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/normalise.h"
#include "libgeo/ranking/weight_parts.h"

namespace lode {

using weight_parts::from_raw;

namespace weight_parts {

std::vector<double> solve_dense(std::vector<double> a, std::vector<double> b) {
  const std::size_t n = b.size();
  double largest = 0.0;
  for (const double x : a) largest = std::max(largest, std::abs(x));
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
    if (!(std::abs(a[pivot * n + k]) > 1e-12 * largest)) return {};
    for (std::size_t j = 0; j < n && pivot != k; ++j) std::swap(a[k * n + j], a[pivot * n + j]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i * n + k] / a[k * n + k];
      for (std::size_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k * n + j] * b[j];
    b[k] /= a[k * n + k];
  }
  return b;
}

}  // namespace weight_parts

namespace {

double correlation(const double* a, const double* b, std::size_t n) {
  Sum sa, sb;
  for (std::size_t i = 0; i < n; ++i) sa += a[i], sb += b[i];
  const double ma = sa.value() / static_cast<double>(n), mb = sb.value() / static_cast<double>(n);
  Sum ab, aa, bb;
  for (std::size_t i = 0; i < n; ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  const double scale = std::sqrt(aa.value() * bb.value());
  return scale > 0.0 ? ab.value() / scale : 0.0;
}

double deviation(const double* a, std::size_t n) {
  Sum sum, squares;
  for (std::size_t i = 0; i < n; ++i) sum += a[i];
  const double mean = sum.value() / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) squares += (a[i] - mean) * (a[i] - mean);
  return std::sqrt(squares.value() / static_cast<double>(n));
}

bool constant(const double* x, std::size_t sites) {
  return std::all_of(x, x + sites, [&](double v) { return v == x[0]; });
}

/// Columns that shares of a total can be taken of: finite, none negative, not all zero.
void check_shares(const double* x, std::size_t sites, std::size_t criterion, const char* who) {
  const std::string where = "criterion " + std::to_string(criterion + 1);
  bool any = false;
  for (std::size_t i = 0; i < sites; ++i) {
    if (!(x[i] >= 0.0) || std::isinf(x[i]))
      throw Error("ranking.not_positive",
                  std::string(who) + " weights cannot take the value " + number_text(x[i]), where,
                  "Use --weights critic, which takes any sign.");
    any = any || x[i] > 0.0;
  }
  if (!any)
    throw Error("ranking.not_positive", std::string(who) + " weights cannot take a column of zeros",
                where, "Leave the criterion out.");
}

void check_positive(const Criterion& criterion, const double* x, std::size_t sites,
                    const char* who) {
  for (std::size_t i = 0; i < sites; ++i)
    if (!(x[i] > 0.0) || std::isinf(x[i]))
      throw Error("ranking.not_positive",
                  std::string(who) + " weights cannot take the value " + number_text(x[i]),
                  criterion.name, "Use --weights critic, which takes any sign.");
}

}  // namespace

Weights entropy_weights(const std::vector<double>& columns, std::size_t sites,
                        std::size_t criteria) {
  std::vector<double> raw(criteria, 0.0);
  for (std::size_t j = 0; j < criteria; ++j) {
    const double* x = columns.data() + j * sites;
    check_shares(x, sites, j, "entropy");
    Sum total;
    for (std::size_t i = 0; i < sites; ++i) total += x[i];
    Sum entropy;
    for (std::size_t i = 0; i < sites; ++i) {
      const double share = x[i] / total.value();
      if (share > 0.0) entropy += -share * std::log(share);
    }
    if (!constant(x, sites))
      raw[j] = std::max(0.0, 1.0 - entropy.value() / std::log(static_cast<double>(sites)));
  }
  return from_raw(std::move(raw), "entropy");
}

Weights critic_weights(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                       std::size_t sites) {
  const Normalised norm = normalise(criteria, columns, sites, Normalise::minmax);
  const std::size_t m = criteria.size();
  std::vector<double> spread(m), raw(m, 0.0);
  for (std::size_t j = 0; j < m; ++j) spread[j] = deviation(norm.merit.data() + j * sites, sites);
  for (std::size_t j = 0; j < m; ++j) {
    Sum conflict;
    for (std::size_t k = 0; k < m; ++k)
      if (k != j && spread[k] > 0.0)
        conflict +=
            1.0 - correlation(norm.merit.data() + j * sites, norm.merit.data() + k * sites, sites);
    raw[j] = m == 1 ? spread[j] : std::max(0.0, spread[j] * conflict.value());
  }
  return from_raw(std::move(raw), "CRITIC");
}

Weights merec_weights(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                      std::size_t sites) {
  const std::size_t m = criteria.size();
  std::vector<double> logs(columns.size());
  for (std::size_t j = 0; j < m; ++j) {
    const double* x = columns.data() + j * sites;
    const auto [low, high] = std::minmax_element(x, x + sites);
    check_positive(criteria[j], x, sites, "MEREC");
    const bool cost = is_cost(criteria[j]);
    for (std::size_t i = 0; i < sites; ++i)
      logs[j * sites + i] = std::abs(std::log(cost ? x[i] / *high : *low / x[i]));
  }
  std::vector<double> raw(m, 0.0);
  const double share = 1.0 / static_cast<double>(m);
  for (std::size_t i = 0; i < sites; ++i) {
    Sum all;
    for (std::size_t j = 0; j < m; ++j) all += logs[j * sites + i];
    const double whole = std::log1p(share * all.value());
    for (std::size_t j = 0; j < m; ++j)
      raw[j] +=
          std::abs(std::log1p(share * std::max(0.0, all.value() - logs[j * sites + i])) - whole);
  }
  return from_raw(std::move(raw), "MEREC");
}

Weights sd_weights(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                   std::size_t sites) {
  const Normalised norm = normalise(criteria, columns, sites, Normalise::minmax);
  std::vector<double> raw;
  for (std::size_t j = 0; j < criteria.size(); ++j)
    raw.push_back(deviation(norm.merit.data() + j * sites, sites));
  return from_raw(std::move(raw), "standard deviation");
}

Weights gini_weights(const std::vector<double>& columns, std::size_t sites, std::size_t criteria) {
  std::vector<double> raw;
  for (std::size_t j = 0; j < criteria; ++j) {
    const double* x = columns.data() + j * sites;
    check_shares(x, sites, j, "Gini");
    std::vector<double> sorted(x, x + sites);
    std::sort(sorted.begin(), sorted.end());
    // sum_ik |x_i - x_k| = 2 sum_k (2k - n + 1) x_(k), k from 0
    Sum total, spread;
    for (std::size_t k = 0; k < sites; ++k) {
      total += sorted[k];
      spread += (2.0 * static_cast<double>(k) - static_cast<double>(sites) + 1.0) * sorted[k];
    }
    raw.push_back(
        constant(x, sites) ? 0.0 : spread.value() / (static_cast<double>(sites) * total.value()));
  }
  return from_raw(std::move(raw), "Gini coefficient");
}

Weights cilos_weights(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                      std::size_t sites) {
  std::vector<std::size_t> used, best;  // a constant column loses nothing and says nothing
  std::vector<double> merit(columns.size());
  for (std::size_t j = 0; j < criteria.size(); ++j) {
    const double* x = columns.data() + j * sites;
    check_positive(criteria[j], x, sites, "CILOS");
    if (constant(x, sites)) continue;
    const bool cost = is_cost(criteria[j]);
    double* r = merit.data() + j * sites;
    for (std::size_t i = 0; i < sites; ++i) r[i] = cost ? 1.0 / x[i] : x[i];
    used.push_back(j);
    best.push_back(static_cast<std::size_t>(std::max_element(r, r + sites) - r));
  }
  const std::size_t m = used.size();
  // loss[i][j]: share of criterion j's best that is lost where criterion i is at its best
  std::vector<double> f(m * m, 0.0), rhs(m, 0.0);
  for (std::size_t j = 0; j < m; ++j) {
    const double* r = merit.data() + used[j] * sites;
    for (std::size_t i = 0; i < m; ++i) {
      if (i == j) continue;
      f[i * m + j] = (r[best[j]] - r[best[i]]) / r[best[j]];
      f[j * m + j] -= f[i * m + j];
    }
  }
  // The columns of f sum to 0, so any one equation may give way to "the weights sum to 1".
  for (std::size_t j = 0; j < m; ++j) f[j] = 1.0;
  if (m > 0) rhs[0] = 1.0;
  const auto q = weight_parts::solve_dense(f, rhs);
  std::vector<double> raw(criteria.size(), 0.0);
  for (std::size_t j = 0; j < q.size(); ++j) raw[used[j]] = std::max(0.0, q[j]);
  Weights out = from_raw(std::move(raw), "CILOS");
  for (std::size_t j = 0; j < criteria.size(); ++j)
    if (m > 1 && out.weights[j] > 1.0 - 1e-9)
      out.findings.add("ranking.no_contrast", Severity::warning, "CILOS",
                       "'" + criteria[j].name +
                           "' is at its best wherever another criterion is: all weight falls on "
                           "it");
  return out;
}

Weights idocriw_weights(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                        std::size_t sites) {
  const Weights loss = cilos_weights(criteria, columns, sites);
  const Weights entropy = entropy_weights(columns, sites, criteria.size());
  std::vector<double> raw;
  for (std::size_t j = 0; j < criteria.size(); ++j)
    raw.push_back(loss.weights[j] * entropy.weights[j]);
  Weights out = from_raw(std::move(raw), "IDOCRIW");
  out.findings.add(loss.findings);
  return out;
}

Weights lopcow_weights(const std::vector<Criterion>& criteria, const std::vector<double>& columns,
                       std::size_t sites) {
  const Normalised norm = normalise(criteria, columns, sites, Normalise::minmax);
  std::vector<double> raw(criteria.size(), 0.0);
  const double n = static_cast<double>(sites);
  for (std::size_t j = 0; j < criteria.size(); ++j) {
    const double* r = norm.merit.data() + j * sites;
    if (constant(r, sites)) continue;
    Sum squares;
    for (std::size_t i = 0; i < sites; ++i) squares += r[i] * r[i];
    const double sample_deviation = deviation(r, sites) * std::sqrt(n / (n - 1.0));
    raw[j] = std::abs(std::log(std::sqrt(squares.value() / n) / sample_deviation));
  }
  return from_raw(std::move(raw), "LOPCOW");
}

Weights data_weights(WeightScheme scheme, const std::vector<Criterion>& criteria,
                     const std::vector<double>& columns, std::size_t sites) {
  switch (scheme) {
    case WeightScheme::entropy:
      return entropy_weights(columns, sites, criteria.size());
    case WeightScheme::critic:
      return critic_weights(criteria, columns, sites);
    case WeightScheme::merec:
      return merec_weights(criteria, columns, sites);
    case WeightScheme::sd:
      return sd_weights(criteria, columns, sites);
    case WeightScheme::gini:
      return gini_weights(columns, sites, criteria.size());
    case WeightScheme::cilos:
      return cilos_weights(criteria, columns, sites);
    case WeightScheme::idocriw:
      return idocriw_weights(criteria, columns, sites);
    case WeightScheme::lopcow:
      return lopcow_weights(criteria, columns, sites);
    default:
      throw Error("ranking.option",
                  "'" + std::string(to_text(scheme)) + "' does not read weights off data",
                  "weights");
  }
}

}  // namespace lode
