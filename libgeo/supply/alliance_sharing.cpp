// The cost of an alliance shared among its members: Shapley values, exact or sampled, and the core.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/core/sum.h"
#include "libgeo/supply/alliance_parts.h"

namespace lode {

namespace {

constexpr std::size_t most_exact = 20;
constexpr std::uint64_t joining_stream = 0x616c6c69616e6365;  // "alliance"

std::vector<char> all_of(const ChainYear& year, const std::vector<std::size_t>& active) {
  std::vector<char> in(year.members, 0);
  for (const std::size_t i : active) in[i] = 1;
  return in;
}

/// Who leaves when `sum` is what its members pay and `alone` what the set would cost by itself.
void look_at(CostShares& shares, double paid, double alone, double whole,
             std::vector<std::size_t> set) {
  ++shares.sets;
  const double gain = paid - alone;
  if (gain <= 1e-7 * std::abs(whole) + 1e-3) return;
  if (set.size() <= 2) shares.pairs_stay = false;
  shares.all_stay = false;
  if (gain > shares.leaves_usd) {
    shares.leaves_usd = gain;
    shares.leaves = std::move(set);
  }
}

CostShares exact_shares(const ChainYear& year, const std::vector<std::size_t>& active,
                        const ShareRules& rules, const Progress& progress) {
  const std::size_t n = active.size(), sets = std::size_t{1} << n;
  std::vector<double> cost(sets, 0.0);
  // By Gray's code one member joins or leaves from set to set.
  const auto gray = [](std::size_t k) { return k ^ (k >> 1); };
  const std::vector<char> all = all_of(year, active);
  parallel_blocks(
      sets, 128, rules.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        CoalitionCosts costs(year, all);
        std::size_t now = 0;
        for (std::size_t step = begin; step < end; ++step) {
          const std::size_t set = gray(step);
          for (std::size_t k = 0; k < n; ++k)
            if (((set ^ now) >> k & 1) != 0)
              (set >> k & 1) != 0 ? costs.join(active[k]) : costs.leave(active[k]);
          now = set;
          if (set != 0) cost[set] = costs.cost_usd();
        }
      },
      progress);
  CostShares shares;
  shares.shapley_usd = shapley_values(cost, n);
  shares.error_usd.assign(n, 0.0);
  for (std::size_t k = 0; k < n; ++k) shares.alone_usd.push_back(cost[std::size_t{1} << k]);
  shares.all_stay = true;
  for (std::size_t set = 1; set + 1 < sets; ++set) {
    Sum paid;
    std::vector<std::size_t> who;
    for (std::size_t k = 0; k < n; ++k)
      if ((set >> k & 1) != 0) {
        paid += shares.shapley_usd[k];
        who.push_back(active[k]);
      }
    look_at(shares, paid.value(), cost[set], cost[sets - 1], std::move(who));
  }
  return shares;
}

/// Costs that orders of joining begin and end with, and that leaving alone or in pairs needs.
struct KnownCosts {
  std::vector<double> one, two;  ///< two: [a * n + b]
  double all = 0.0;
};

KnownCosts known_costs(const ChainYear& year, const std::vector<std::size_t>& active, int jobs,
                       const Progress& progress) {
  const std::size_t n = active.size();
  KnownCosts known;
  known.one.assign(n, 0.0);
  known.two.assign(n * n, 0.0);
  const std::vector<char> all = all_of(year, active);
  parallel_blocks(
      n, 1, jobs,
      [&](std::size_t a, std::size_t, std::size_t) {
        CoalitionCosts costs(year, all);
        costs.join(active[a]);
        known.one[a] = costs.cost_usd();
        for (std::size_t b = a + 1; b < n; ++b) {
          costs.join(active[b]);
          known.two[a * n + b] = costs.cost_usd();
          costs.leave(active[b]);
        }
      },
      progress);
  CoalitionCosts costs(year, all);
  for (const std::size_t i : active) costs.join(i);
  known.all = costs.cost_usd();
  return known;
}

/// What each adds to the cost when joining in this order, and in its reverse: all join, and leave
/// in the same order, so that those who are left are the first of the reverse.
void add_marginals(CoalitionCosts& costs, const std::vector<std::size_t>& active,
                   const KnownCosts& known, const std::vector<std::size_t>& order,
                   std::vector<double>& to) {
  const std::size_t n = active.size();
  const auto two = [&](std::size_t a, std::size_t b) {
    return known.two[std::min(a, b) * n + std::max(a, b)];
  };
  double before = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    costs.join(active[order[k]]);
    const double after = k == 0       ? known.one[order[0]]
                         : k + 1 == n ? known.all
                         : k == 1     ? two(order[0], order[1])
                                      : costs.cost_usd();
    to[order[k]] += after - before;
    before = after;
  }
  for (std::size_t k = 0; k < n; ++k) {
    costs.leave(active[order[k]]);
    const double after = k + 1 == n   ? 0.0
                         : k + 2 == n ? known.one[order[n - 1]]
                         : k + 3 == n ? two(order[n - 2], order[n - 1])
                                      : costs.cost_usd();
    to[order[k]] += before - after;
    before = after;
  }
}

/// Marginals of pairs of an order and its reverse: who comes early in one comes late in the other,
/// so means vary less.
std::vector<std::vector<double>> drawn_marginals(const ChainYear& year,
                                                 const std::vector<std::size_t>& active,
                                                 const KnownCosts& known, std::size_t pairs,
                                                 const ShareRules& rules,
                                                 const Progress& progress) {
  const std::size_t n = active.size();
  std::vector<std::vector<double>> drawn(pairs, std::vector<double>(n, 0.0));
  const Random random{rules.seed, joining_stream};
  const std::vector<char> all = all_of(year, active);
  parallel_blocks(
      pairs, 4, rules.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        CoalitionCosts costs(year, all);
        std::vector<std::size_t> order(n);
        std::vector<double> key(n);
        for (std::size_t pair = begin; pair < end; ++pair) {
          std::iota(order.begin(), order.end(), std::size_t{0});
          for (std::size_t k = 0; k < n; ++k) key[k] = random.uniform(pair * n + k);
          std::stable_sort(order.begin(), order.end(),
                           [&](std::size_t a, std::size_t b) { return key[a] < key[b]; });
          add_marginals(costs, active, known, order, drawn[pair]);
          for (double& one : drawn[pair]) one /= 2.0;
        }
      },
      progress);
  return drawn;
}

CostShares sampled_shares(const ChainYear& year, const std::vector<std::size_t>& active,
                          const ShareRules& rules, const Progress& progress) {
  const std::size_t n = active.size(), pairs = std::max<std::size_t>(2, (rules.orders + 1) / 2);
  const KnownCosts known = known_costs(year, active, rules.jobs, progress.part(0.0, 0.1));
  const auto drawn = drawn_marginals(year, active, known, pairs, rules, progress.part(0.1, 1.0));
  CostShares shares;
  shares.exact = false;
  shares.orders = 2 * pairs;
  shares.alone_usd = known.one;
  for (std::size_t k = 0; k < n; ++k) {
    Sum sum, squares;
    for (const auto& one : drawn) sum += one[k];
    const double mean = sum.value() / static_cast<double>(pairs);
    for (const auto& one : drawn) squares += (one[k] - mean) * (one[k] - mean);
    shares.shapley_usd.push_back(mean);
    shares.error_usd.push_back(
        std::sqrt(squares.value() / static_cast<double>(pairs - 1) / static_cast<double>(pairs)));
  }
  for (std::size_t a = 0; a < n; ++a) {
    look_at(shares, shares.shapley_usd[a], known.one[a], known.all, {active[a]});
    for (std::size_t b = a + 1; b < n; ++b)
      look_at(shares, shares.shapley_usd[a] + shares.shapley_usd[b], known.two[a * n + b],
              known.all, {active[a], active[b]});
  }
  return shares;
}

}  // namespace

std::vector<double> shapley_values(const std::vector<double>& cost, std::size_t n) {
  // Weight of a set of s others: s! (n - s - 1)! / n! = 1 / (n C(n - 1, s)).
  std::vector<double> weight(n);
  double choose = 1.0;
  for (std::size_t s = 0; s < n; ++s) {
    weight[s] = 1.0 / (static_cast<double>(n) * choose);
    choose = choose * static_cast<double>(n - 1 - s) / static_cast<double>(s + 1);
  }
  std::vector<double> values;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t bit = std::size_t{1} << k;
    Sum value;
    for (std::size_t set = 0; set < (std::size_t{1} << n); ++set)
      if ((set & bit) == 0)
        value +=
            weight[static_cast<std::size_t>(std::popcount(set))] * (cost[set | bit] - cost[set]);
    values.push_back(value.value());
  }
  return values;
}

CostShares share_cost(const ChainYear& year, const std::vector<std::size_t>& active,
                      const ShareRules& rules, const Progress& progress) {
  if (active.size() <= std::min(rules.exact_members, most_exact))
    return exact_shares(year, active, rules, progress);
  return sampled_shares(year, active, rules, progress);
}

}  // namespace lode
