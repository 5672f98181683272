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

std::vector<char> members_of(const ChainYear& year, const std::vector<std::size_t>& active,
                             std::uint64_t set) {
  std::vector<char> in(year.members, 0);
  for (std::size_t k = 0; k < active.size(); ++k)
    if ((set >> k & 1) != 0) in[active[k]] = 1;
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
  parallel_blocks(
      sets, 16, rules.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t set = std::max<std::size_t>(begin, 1); set < end; ++set)
          cost[set] = chain_cost_usd(year, members_of(year, active, set));
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
  parallel_blocks(
      n * n, 1, jobs,
      [&](std::size_t begin, std::size_t, std::size_t) {
        const std::size_t a = begin / n, b = begin % n;
        if (a > b) return;
        std::vector<char> in(year.members, 0);
        in[active[a]] = in[active[b]] = 1;
        (a == b ? known.one[a] : known.two[begin]) = chain_cost_usd(year, in);
      },
      progress);
  std::vector<char> in(year.members, 0);
  for (const std::size_t i : active) in[i] = 1;
  known.all = chain_cost_usd(year, in);
  return known;
}

/// What each adds to the cost when joining in this order.
void add_marginals(const ChainYear& year, const std::vector<std::size_t>& active,
                   const KnownCosts& known, const std::vector<std::size_t>& order,
                   std::vector<double>& to) {
  const std::size_t n = active.size();
  std::vector<char> in(year.members, 0);
  double before = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    in[active[order[k]]] = 1;
    const double after =
        k == 0       ? known.one[order[0]]
        : k + 1 == n ? known.all
        : k == 1     ? known.two[std::min(order[0], order[1]) * n + std::max(order[0], order[1])]
                     : chain_cost_usd(year, in);
    to[order[k]] += after - before;
    before = after;
  }
}

CostShares sampled_shares(const ChainYear& year, const std::vector<std::size_t>& active,
                          const ShareRules& rules, const Progress& progress) {
  const std::size_t n = active.size(), pairs = std::max<std::size_t>(2, (rules.orders + 1) / 2);
  const KnownCosts known = known_costs(year, active, rules.jobs, progress.part(0.0, 0.1));
  std::vector<std::vector<double>> drawn(pairs, std::vector<double>(n, 0.0));
  const Random random{rules.seed, joining_stream};
  // An order and its reverse: who comes early in one comes late in the other, so means vary less.
  parallel_blocks(
      pairs, 1, rules.jobs,
      [&](std::size_t pair, std::size_t, std::size_t) {
        std::vector<std::size_t> order(n);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<double> key(n);
        for (std::size_t k = 0; k < n; ++k) key[k] = random.uniform(pair * n + k);
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return key[a] < key[b]; });
        add_marginals(year, active, known, order, drawn[pair]);
        std::reverse(order.begin(), order.end());
        add_marginals(year, active, known, order, drawn[pair]);
        for (double& one : drawn[pair]) one /= 2.0;
      },
      progress.part(0.1, 1.0));
  CostShares shares;
  shares.exact = false;
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
