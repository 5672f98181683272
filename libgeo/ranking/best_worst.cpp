#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/small_lp.h"
#include "libgeo/ranking/weight_parts.h"

namespace lode {

namespace {

/// Largest acceptable input-based ratio for a best-over-worst preference of 3 to 9 (rows) and 3 to
/// 9 criteria (Liang, Brunelli & Rezaei 2020, table of thresholds).
constexpr std::array<std::array<double, 7>, 7> input_limits{
    {{0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667},
     {0.1121, 0.1529, 0.1898, 0.2206, 0.2527, 0.2577, 0.2683},
     {0.1354, 0.1994, 0.2306, 0.2546, 0.2716, 0.2844, 0.2960},
     {0.1330, 0.1990, 0.2643, 0.3044, 0.3144, 0.3221, 0.3262},
     {0.1294, 0.2457, 0.2819, 0.3029, 0.3144, 0.3251, 0.3403},
     {0.1309, 0.2521, 0.2958, 0.3154, 0.3408, 0.3620, 0.3657},
     {0.1359, 0.2681, 0.3062, 0.3337, 0.3517, 0.3620, 0.3662}}};

struct Preferences {
  std::size_t best, worst;
  const std::vector<double>& best_to;
  const std::vector<double>& to_worst;
  [[nodiscard]] double best_over_worst() const { return best_to[worst]; }
};

void check(const Preferences& p) {
  const std::size_t m = p.best_to.size();
  if (p.to_worst.size() != m || p.best >= m || p.worst >= m || (m > 1 && p.best == p.worst))
    throw Error("ranking.judgement",
                "best-worst needs a best, another worst, and both rows of preferences",
                "judgements");
  for (std::size_t j = 0; j < m; ++j)
    if (!(p.best_to[j] >= 1.0) || !(p.to_worst[j] >= 1.0) ||
        !std::isfinite(p.best_to[j] + p.to_worst[j]))
      throw Error("ranking.judgement", "best-worst preferences are numbers from 1 up",
                  "criterion " + std::to_string(j + 1));
}

/// Variables w_1 .. w_m and xi: min xi with |w_B - a_Bj w_j| <= xi, |w_j - a_jW w_W| <= xi.
SmallLpResult solve(const Preferences& p) {
  const std::size_t m = p.best_to.size();
  SmallLp lp;
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
    bounded(p.best, j, p.best_to[j]);
    bounded(j, p.worst, p.to_worst[j]);
  }
  lp.equal.assign(m + 1, 1.0);
  lp.equal[m] = 0.0;
  lp.equal_rhs = {1.0};
  return solve_small_lp(lp);
}

/// The xi of the non-linear model (Rezaei 2015): the smallest for which some w_B/w_W lies within xi
/// of the stated one and between (a_Bj - xi)(a_jW - xi) and (a_Bj + xi)(a_jW + xi) for every j.
double nonlinear_xi(const Preferences& p) {
  const auto possible = [&](double xi) {
    double least = 0.0, most = INFINITY;
    for (const double stated : {p.best_to[p.worst], p.to_worst[p.best]}) {
      least = std::max(least, stated - xi);
      most = std::min(most, stated + xi);
    }
    for (std::size_t j = 0; j < p.best_to.size(); ++j) {
      if (j == p.best || j == p.worst) continue;
      least = std::max(least, std::max(0.0, p.best_to[j] - xi) * std::max(0.0, p.to_worst[j] - xi));
      most = std::min(most, (p.best_to[j] + xi) * (p.to_worst[j] + xi));
    }
    return least <= most;
  };
  double low = 0.0, high = 1.0;
  while (!possible(high)) high *= 2.0;
  if (possible(0.0)) return 0.0;
  for (int step = 0; step < 200 && high - low > 1e-16 * high; ++step) {
    const double middle = 0.5 * (low + high);
    (possible(middle) ? high : low) = middle;
  }
  return high;
}

/// Rezaei's consistency index, the xi of the worst contradiction: (a - xi)^2 = a + xi. It is his
/// table 0, 0.44, 1, 1.63, 2.30, 3, 3.73, 4.47, 5.23 for 1 to 9.
double consistency_index(double a) {
  return 0.5 * (1.0 + 2.0 * a - std::sqrt(1.0 + 8.0 * a));
}

double tabulated_limit(double best_over_worst, std::size_t m) {
  const double row = best_over_worst - 3.0;
  if (row != std::floor(row) || row < 0.0 || row > 6.0 || m < 3 || m > 9) return not_stated;
  return input_limits[static_cast<std::size_t>(row)][m - 3];
}

/// The criterion whose two preferences multiply furthest off, and what best-to should say for it.
void compare_input(const Preferences& p, Weights& out) {
  const double a = p.best_over_worst();
  const std::size_t m = p.best_to.size();
  out.input_ratio = 0.0;
  std::size_t at = m;
  for (std::size_t j = 0; j < m; ++j) {
    const double ratio = a > 1.0 ? std::abs(p.best_to[j] * p.to_worst[j] - a) / (a * a - a) : 0.0;
    if (j == p.best || j == p.worst || !(ratio > out.input_ratio)) continue;
    out.input_ratio = ratio;
    at = j;
  }
  out.input_limit = tabulated_limit(a, m);
  if (at == m) return;
  double rest = 0.0;
  for (std::size_t j = 0; j < m; ++j)
    if (j != at && j != p.best && j != p.worst)
      rest = std::max(rest, std::abs(p.best_to[j] * p.to_worst[j] - a) / (a * a - a));
  out.mend = {0, at, p.best_to[at], std::max(1.0, a / p.to_worst[at]), rest};
  if (!(out.input_ratio > out.input_limit)) return;
  out.findings.add(
      "ranking.inconsistent", Severity::warning, "best_to, column " + std::to_string(at + 1),
      "input-based consistency ratio " + fixed_text(out.input_ratio, 4) + " is above " +
          fixed_text(out.input_limit, 4) + ": " + number_text(p.best_to[at]) + " times " +
          number_text(p.to_worst[at]) + " is far from best over worst, " + number_text(a) +
          "; with " + fixed_text(out.mend.value, 2) + " here the ratio is " + fixed_text(rest, 4));
}

}  // namespace

Weights bwm_weights(std::size_t best, std::size_t worst, const std::vector<double>& best_to,
                    const std::vector<double>& to_worst) {
  const Preferences p{best, worst, best_to, to_worst};
  check(p);
  const auto solved = solve(p);
  Weights out;
  out.weights.assign(solved.x.begin(), solved.x.end() - 1);
  for (auto& w : out.weights) w = std::max(0.0, w);
  const double total = weight_parts::total_of(out.weights);
  for (auto& w : out.weights) w /= total;
  out.consistency_ratio = std::max(0.0, solved.objective);
  out.note = "best-worst method, linear form; consistency_ratio is xi";
  if (best_to.size() > 1) {
    const double index = consistency_index(p.best_over_worst());
    out.output_ratio = index > 0.0 ? nonlinear_xi(p) / index : 0.0;
    compare_input(p, out);
    out.note += "; input-based ratio " + fixed_text(out.input_ratio, 4) +
                (std::isnan(out.input_limit) ? ""
                                             : " (at most " + fixed_text(out.input_limit, 4) +
                                                   ", Liang, Brunelli & Rezaei 2020)") +
                "; non-linear xi over the index of Rezaei 2015 " + fixed_text(out.output_ratio, 4);
  }
  if (best_to[worst] != to_worst[best])
    out.findings.add("ranking.best_worst_differ", Severity::warning, "judgements",
                     "best over worst is " + number_text(best_to[worst]) + " in best_to and " +
                         number_text(to_worst[best]) +
                         " in to_worst: both count, but only one can be meant");
  return out;
}

}  // namespace lode
