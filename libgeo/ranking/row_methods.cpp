#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/method_parts.h"

namespace lode::method_parts {

namespace {

bool is_product(Method method) {
  return method == Method::wpm || method == Method::waspas;
}

/// Products need merits from 0 up; without normalisation a cost enters as 1/x, so that the score is
/// the product of x^w over benefits divided by that over costs.
void prepare_products(PreparedMethod& p) {
  const std::size_t n = p.sites;
  for (std::size_t j = 0; j < p.criteria.size(); ++j)
    for (std::size_t i = 0; i < n; ++i) {
      double& merit = p.norm.merit[j * n + i];
      if (p.options.normalise == Normalise::none && is_cost(p.criteria[j]))
        merit = merit < 0.0 ? 1.0 / -merit : -1.0;
      if (!(merit >= 0.0) || std::isinf(merit))
        throw Error("ranking.not_positive", "a weighted product takes values above 0 only",
                    p.criteria[j].name,
                    "Use --normalise bounds with stated bounds, or another method.");
    }
  p.toward.resize(p.norm.merit.size());
  std::transform(p.norm.merit.begin(), p.norm.merit.end(), p.toward.begin(),
                 [](double r) { return std::log(r); });
}

void prepare_distances(PreparedMethod& p) {
  const std::size_t n = p.sites, m = p.criteria.size();
  p.toward.resize(n * m);
  if (p.options.method == Method::topsis) p.away.resize(n * m);
  for (std::size_t j = 0; j < m; ++j) {
    const double best = p.norm.best[j], worst = p.norm.worst[j], range = best - worst;
    for (std::size_t i = 0; i < n; ++i) {
      const double r = p.norm.merit[j * n + i];
      if (p.options.method == Method::topsis) {
        p.toward[j * n + i] = (r - best) * (r - best);
        p.away[j * n + i] = (r - worst) * (r - worst);
      } else {
        p.toward[j * n + i] = range > 0.0 ? (best - r) / range : 0.0;
      }
    }
  }
}

/// The merits of one site, for methods that look at a whole row.
void row_of(const PreparedMethod& p, std::size_t site, std::vector<double>& row) {
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = p.norm.merit[j * p.sites + site];
}

double log_product(const PreparedMethod& p, const double* w, std::size_t site) {
  double sum = 0.0;
  for (std::size_t j = 0; j < p.criteria.size(); ++j)
    if (w[j] > 0.0) sum += w[j] * p.toward[j * p.sites + site];
  return sum;
}

double weighted_sum(const PreparedMethod& p, const double* w, std::size_t site) {
  double sum = 0.0;
  for (std::size_t j = 0; j < p.criteria.size(); ++j)
    sum += w[j] * p.norm.merit[j * p.sites + site];
  return sum;
}

/// Ordered weighted average. `share[j]` receives what criterion j adds. With explicit order weights
/// o (Yager 1988, importance as m w r): sum_k o_k (m w r)_(k). Otherwise Yager's quantifier
/// Q(y) = y^((1 - orness)/orness) over cumulated importance, best merit first.
double owa(const PreparedMethod& p, const double* w, const std::vector<double>& row,
           std::vector<double>& share) {
  const std::size_t m = row.size();
  std::vector<std::size_t> order(m);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> value(row);
  const bool explicit_order = !p.options.owa_order.empty();
  if (explicit_order)
    for (std::size_t j = 0; j < m; ++j) value[j] = static_cast<double>(m) * w[j] * row[j];
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return value[a] > value[b]; });
  const double power = (1.0 - p.options.owa_orness) / p.options.owa_orness;
  double importance = 0.0, before = 0.0, total = 0.0;
  for (std::size_t k = 0; k < m; ++k) {
    const std::size_t j = order[k];
    importance = k + 1 == m ? 1.0 : std::min(1.0, importance + w[j]);
    const double after = std::pow(importance, power);
    const double by = explicit_order ? p.options.owa_order[k] : after - before;
    before = after;
    share[j] = by * value[j];
    total += share[j];
  }
  return total;
}

/// Memberships enter as r^(m w), so that equal weights give the plain operators.
double fuzzy(const PreparedMethod& p, const double* w, const std::vector<double>& row) {
  double lowest = 1.0, highest = 0.0, product = 1.0, against = 1.0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    const double r = w[j] > 0.0 ? std::pow(row[j], static_cast<double>(row.size()) * w[j]) : 1.0;
    if (w[j] > 0.0) lowest = std::min(lowest, r);
    if (w[j] > 0.0) highest = std::max(highest, r);
    product *= r;
    against *= w[j] > 0.0 ? 1.0 - r : 1.0;
  }
  switch (p.options.fuzzy) {
    case FuzzyOperator::all:
      return lowest;
    case FuzzyOperator::any:
      return highest;
    case FuzzyOperator::product:
      return product;
    case FuzzyOperator::sum:
      return 1.0 - against;
    case FuzzyOperator::gamma:
      break;
  }
  return std::pow(1.0 - against, p.options.fuzzy_gamma) *
         std::pow(product, 1.0 - p.options.fuzzy_gamma);
}

struct Regrets {
  std::vector<double> s, r, q;
};

double spread_share(double value, double low, double high) {
  return high > low ? (value - low) / (high - low) : 0.0;
}

Regrets vikor(const PreparedMethod& p, const double* w) {
  const std::size_t n = p.sites;
  Regrets out;
  out.s.assign(n, 0.0);
  out.r.assign(n, 0.0);
  out.q.resize(n);
  for (std::size_t j = 0; j < p.criteria.size(); ++j)
    for (std::size_t i = 0; i < n; ++i) {
      const double regret = w[j] * p.toward[j * n + i];
      out.s[i] += regret;
      out.r[i] = std::max(out.r[i], regret);
    }
  const auto [s_low, s_high] = std::minmax_element(out.s.begin(), out.s.end());
  const auto [r_low, r_high] = std::minmax_element(out.r.begin(), out.r.end());
  const double v = p.options.vikor_v;
  for (std::size_t i = 0; i < n; ++i)
    out.q[i] = v * spread_share(out.s[i], *s_low, *s_high) +
               (1.0 - v) * spread_share(out.r[i], *r_low, *r_high);
  return out;
}

/// Opricovic & Tzeng 2004: the best by Q alone when it is ahead by 1/(n - 1) and also best by S or
/// R; the first two when only the second fails; else all that are within 1/(n - 1).
std::vector<bool> compromise_set(const Regrets& regrets) {
  const std::size_t n = regrets.q.size();
  std::vector<bool> in(n, false);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return regrets.q[a] < regrets.q[b]; });
  in[order[0]] = true;
  if (n == 1) return in;
  constexpr double rounding = 1e-12;
  const double advantage = 1.0 / static_cast<double>(n - 1);
  const double first = regrets.q[order[0]], second = regrets.q[order[1]];
  const bool stable =
      regrets.s[order[0]] <= *std::min_element(regrets.s.begin(), regrets.s.end()) + rounding ||
      regrets.r[order[0]] <= *std::min_element(regrets.r.begin(), regrets.r.end()) + rounding;
  if (second - first >= advantage - rounding) {
    for (std::size_t k = 1; k < n && !stable && regrets.q[order[k]] <= second + rounding; ++k)
      in[order[k]] = true;  // the second, with all that share its place
    return in;
  }
  for (std::size_t k = 1; k < n && regrets.q[order[k]] - first < advantage - rounding; ++k)
    in[order[k]] = true;
  return in;
}

constexpr std::size_t topsis_block = 512;

void topsis_merits(const PreparedMethod& p, const double* w, std::size_t from, std::size_t to,
                   double* merit) {
  const std::size_t n = p.sites, m = p.criteria.size(), count = to - from;
  std::array<double, topsis_block> toward{}, away{};
  for (std::size_t j = 0; j < m; ++j) {
    const double w2 = w[j] * w[j];
    const double* a = p.toward.data() + j * n + from;
    const double* b = p.away.data() + j * n + from;
    for (std::size_t i = 0; i < count; ++i) {
      toward[i] += w2 * a[i];
      away[i] += w2 * b[i];
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    // D-^2/(D+^2 + D-^2) orders sites as D-/(D+ + D-) does, without two roots.
    const double both = toward[i] + away[i];
    merit[from + i] = both > 0.0 ? away[i] / both : 0.5;
  }
}

void score_sums(const PreparedMethod& p, const std::vector<double>& w,
                const std::vector<double>& columns, Scored& out) {
  const std::size_t n = p.sites, m = w.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      out.contributions[i * m + j] = w[j] * columns[j * n + i];
      out.score[i] += out.contributions[i * m + j];
    }
}

void score_products(const PreparedMethod& p, const std::vector<double>& w, Scored& out) {
  const std::size_t m = w.size();
  const double lambda = p.options.method == Method::waspas ? p.options.waspas_lambda : 0.0;
  for (std::size_t i = 0; i < p.sites; ++i) {
    const double sum = weighted_sum(p, w.data(), i);
    const double product = std::exp(log_product(p, w.data(), i));
    out.score[i] = lambda * sum + (1.0 - lambda) * product;
    for (std::size_t j = 0; j < m; ++j)
      out.contributions[i * m + j] =
          sum > 0.0 ? w[j] * p.norm.merit[j * p.sites + i] * (out.score[i] / sum) : 0.0;
  }
}

void score_topsis(const PreparedMethod& p, const std::vector<double>& w, Scored& out) {
  const std::size_t n = p.sites, m = w.size();
  for (std::size_t i = 0; i < n; ++i) {
    double toward = 0.0, away = 0.0;
    for (std::size_t j = 0; j < m; ++j) {
      toward += w[j] * w[j] * p.toward[j * n + i];
      away += w[j] * w[j] * p.away[j * n + i];
    }
    const double both = std::sqrt(toward) + std::sqrt(away);
    out.score[i] = both > 0.0 ? std::sqrt(away) / both : 0.5;
    for (std::size_t j = 0; j < m; ++j)
      out.contributions[i * m + j] =
          away > 0.0 ? out.score[i] * (w[j] * w[j] * p.away[j * n + i] / away) : 0.0;
  }
}

void score_rows(const PreparedMethod& p, const std::vector<double>& w, Scored& out) {
  const std::size_t m = w.size();
  std::vector<double> row(m), share(m);
  for (std::size_t i = 0; i < p.sites; ++i) {
    row_of(p, i, row);
    if (p.options.method == Method::owa) {
      out.score[i] = owa(p, w.data(), row, share);
    } else {
      out.score[i] = fuzzy(p, w.data(), row);
      const double sum = weighted_sum(p, w.data(), i);
      for (std::size_t j = 0; j < m; ++j)
        share[j] = sum > 0.0 ? w[j] * row[j] * (out.score[i] / sum) : 0.0;
    }
    std::copy(share.begin(), share.end(),
              out.contributions.begin() + static_cast<std::ptrdiff_t>(i * m));
  }
}

void score_vikor(const PreparedMethod& p, const std::vector<double>& w, Scored& out) {
  const std::size_t n = p.sites, m = w.size();
  Regrets regrets = vikor(p, w.data());
  out.compromise = compromise_set(regrets);
  out.score = regrets.q;
  out.s = std::move(regrets.s);
  out.r = std::move(regrets.r);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j) out.contributions[i * m + j] = w[j] * p.toward[j * n + i];
}

}  // namespace

void prepare_rows(PreparedMethod& p) {
  const Method method = p.options.method;
  if (is_product(method)) prepare_products(p);
  if (method == Method::topsis || method == Method::vikor) prepare_distances(p);
  if (method == Method::spotis) {
    p.toward.resize(p.norm.merit.size());
    std::transform(p.norm.merit.begin(), p.norm.merit.end(), p.toward.begin(),
                   [](double r) { return 1.0 - r; });
  }
  if (method == Method::fuzzy && std::any_of(p.norm.merit.begin(), p.norm.merit.end(),
                                             [](double r) { return !(r >= 0.0 && r <= 1.0); }))
    throw Error("ranking.not_positive", "fuzzy overlay takes memberships from 0 to 1",
                std::string(to_text(p.options.normalise)), "Use --normalise bounds or minmax.");
}

bool merits_in_blocks(Method method) {
  return method == Method::wsm || method == Method::topsis || method == Method::spotis ||
         method == Method::promethee2;
}

void block_merits(const PreparedMethod& p, const double* w, std::size_t from, std::size_t to,
                  double* merit) {
  const std::size_t n = p.sites, m = p.criteria.size();
  switch (p.options.method) {
    case Method::wsm:
      return weighted_block(p.norm.merit.data(), n, m, w, from, to, merit);
    case Method::promethee2:
      return weighted_block(p.raw.data(), n, m, w, from, to, merit);
    case Method::topsis:
      return topsis_merits(p, w, from, to, merit);
    default:
      break;
  }
  weighted_block(p.toward.data(), n, m, w, from, to, merit);  // SPOTIS: a distance
  for (std::size_t i = from; i < to; ++i) merit[i] = -merit[i];
}

void row_merits(const PreparedMethod& p, const double* w, double* merit) {
  const std::size_t n = p.sites, m = p.criteria.size();
  switch (p.options.method) {
    case Method::wsm:
    case Method::topsis:
    case Method::spotis:
      for (std::size_t from = 0; from < n; from += topsis_block)
        block_merits(p, w, from, std::min(n, from + topsis_block), merit);
      return;
    case Method::vikor: {
      const Regrets regrets = vikor(p, w);
      for (std::size_t i = 0; i < n; ++i) merit[i] = -regrets.q[i];
      return;
    }
    case Method::wpm:
    case Method::waspas: {
      const double lambda = p.options.method == Method::waspas ? p.options.waspas_lambda : 0.0;
      for (std::size_t i = 0; i < n; ++i)
        merit[i] = lambda * weighted_sum(p, w, i) + (1.0 - lambda) * std::exp(log_product(p, w, i));
      return;
    }
    default:
      break;
  }
  std::vector<double> row(m), share(m);
  for (std::size_t i = 0; i < n; ++i) {
    row_of(p, i, row);
    merit[i] = p.options.method == Method::owa ? owa(p, w, row, share) : fuzzy(p, w, row);
  }
}

void row_score(const PreparedMethod& p, const std::vector<double>& w, Scored& out) {
  out.score.assign(p.sites, 0.0);
  out.contributions.assign(p.sites * w.size(), 0.0);
  switch (p.options.method) {
    case Method::wsm:
      score_sums(p, w, p.norm.merit, out);
      break;
    case Method::spotis:
      score_sums(p, w, p.toward, out);
      break;
    case Method::wpm:
    case Method::waspas:
      score_products(p, w, out);
      break;
    case Method::topsis:
      score_topsis(p, w, out);
      break;
    case Method::vikor:
      score_vikor(p, w, out);
      break;
    default:
      score_rows(p, w, out);
  }
  out.lower_is_better = p.options.method == Method::vikor || p.options.method == Method::spotis;
  out.merit = out.score;
  if (out.lower_is_better)
    for (auto& merit : out.merit) merit = -merit;
}

}  // namespace lode::method_parts
