#include "libgeo/ranking/compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/ranking/families.h"
#include "libgeo/ranking/work.h"

namespace lode {

namespace {

using ranking_work::Work;

void check_lengths(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size())
    throw Error("ranking.shape", "the rankings have different numbers of sites");
}

double pairs_of(double count) {
  return 0.5 * count * (count - 1.0);
}

/// Pairs within runs of equal neighbours.
template <class Equal>
double tied_pairs(std::size_t n, const Equal& equal) {
  double pairs = 0.0;
  for (std::size_t from = 0, to = 0; from < n; from = to) {
    while (to < n && equal(from, to)) ++to;
    pairs += pairs_of(static_cast<double>(to - from));
  }
  return pairs;
}

/// Pairs that stand in the wrong order, counted while merging.
double inversions(std::vector<double>& x, std::vector<double>& scratch, std::size_t from,
                  std::size_t to) {
  if (to - from < 2) return 0.0;
  const std::size_t middle = from + (to - from) / 2;
  double count = inversions(x, scratch, from, middle) + inversions(x, scratch, middle, to);
  std::size_t left = from, right = middle;
  for (std::size_t k = from; k < to; ++k) {
    if (right == to || (left < middle && x[left] <= x[right])) {
      scratch[k] = x[left++];
    } else {
      count += static_cast<double>(middle - left);
      scratch[k] = x[right++];
    }
  }
  std::copy(scratch.begin() + static_cast<std::ptrdiff_t>(from),
            scratch.begin() + static_cast<std::ptrdiff_t>(to),
            x.begin() + static_cast<std::ptrdiff_t>(from));
  return count;
}

/// Ties at the mean of their places.
std::vector<double> mean_places(const std::vector<double>& x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> out(x.size());
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    while (to < order.size() && x[order[to]] == x[order[from]]) ++to;
    for (std::size_t k = from; k < to; ++k)
      out[order[k]] = 0.5 * static_cast<double>(from + to + 1);
  }
  return out;
}

}  // namespace

double kendall_tau(const std::vector<double>& x, const std::vector<double>& y) {
  check_lengths(x, y);
  const std::size_t n = x.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return x[a] != x[b] ? x[a] < x[b] : y[a] < y[b]; });
  const double all = pairs_of(static_cast<double>(n));
  const double same_x =
      tied_pairs(n, [&](std::size_t a, std::size_t b) { return x[order[a]] == x[order[b]]; });
  const double same_both = tied_pairs(n, [&](std::size_t a, std::size_t b) {
    return x[order[a]] == x[order[b]] && y[order[a]] == y[order[b]];
  });
  std::vector<double> sorted, scratch(n);
  for (const auto i : order) sorted.push_back(y[i]);
  const double against = inversions(sorted, scratch, 0, n);
  const double same_y =
      tied_pairs(n, [&](std::size_t a, std::size_t b) { return sorted[a] == sorted[b]; });
  const double agree = all - same_x - same_y + same_both - 2.0 * against;
  return agree / std::sqrt((all - same_x) * (all - same_y));
}

double spearman_rho(const std::vector<double>& first, const std::vector<double>& second) {
  check_lengths(first, second);
  const auto x = mean_places(first), y = mean_places(second);
  const double mean = 0.5 * (static_cast<double>(x.size()) + 1.0);
  double xy = 0.0, xx = 0.0, yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xy / std::sqrt(xx * yy);
}

double weighted_rho(const std::vector<double>& x, const std::vector<double>& y) {
  check_lengths(x, y);
  const double n = static_cast<double>(x.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += (x[i] - y[i]) * (x[i] - y[i]) * ((n - x[i] + 1.0) + (n - y[i] + 1.0));
  return 1.0 - 6.0 * sum / (n * n * n * n + n * n * n - n * n - n);
}

double ws_coefficient(const std::vector<double>& x, const std::vector<double>& y) {
  check_lengths(x, y);
  const double n = static_cast<double>(x.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] != y[i])
      sum += std::pow(2.0, -x[i]) * std::abs(x[i] - y[i]) /
             std::max(std::abs(x[i] - 1.0), std::abs(x[i] - n));
  return 1.0 - sum;
}

namespace {

constexpr std::size_t top_sites = 10;

/// Sites after screening and filling, which the rankings share.
struct Shared {
  const DecisionTable& table;
  const RankOptions& options;
  Work work;
  std::vector<double> weights;
};

std::vector<double> ranks_of(const Shared& s, const MethodOptions& method,
                             const std::vector<double>& weights) {
  const auto prepared = prepare_method(s.table.criteria, s.work.inputs.columns, s.work.rows.size(),
                                       method, s.work.inputs.ids);
  const auto ranks = competition_ranks(score(prepared, weights).merit);
  return {ranks.begin(), ranks.end()};
}

std::size_t first_of(const std::vector<double>& ranks) {
  return static_cast<std::size_t>(std::min_element(ranks.begin(), ranks.end()) - ranks.begin());
}

void agree(const Shared& s, const std::vector<double>& own, const std::vector<double>& ranks,
           Agreement& one) {
  one.tau = kendall_tau(own, ranks);
  one.ws = ws_coefficient(own, ranks);
  one.rho = spearman_rho(own, ranks);
  one.rw = weighted_rho(own, ranks);
  const std::size_t first = first_of(ranks), row = s.work.rows[first];
  one.first = s.work.inputs.ids[first];
  if (!s.table.names.empty()) one.first_name = s.table.names[row];
  one.rank_of_first = static_cast<std::size_t>(ranks[first_of(own)]);
  one.top = std::min(top_sites, own.size());
  const double top = static_cast<double>(one.top);
  for (std::size_t i = 0; i < own.size(); ++i)
    one.overlap += own[i] <= top && ranks[i] <= top ? 1 : 0;
}

Shared shared_of(const DecisionTable& table, const RankOptions& options) {
  check_table(table);
  RankResult screened;
  Shared s{table, options, ranking_work::make_work(table, options, screened), {}};
  s.weights = ranking_work::base_weights(table, s.work, options).weights;
  return s;
}

/// Fills one agreement a job; a method that cannot take the data says so and stops nobody.
template <class Job>
std::vector<Agreement> run_all(const Shared& s, std::vector<Agreement> all, const Job& ranks_of_one,
                               const Progress& progress) {
  const auto own = ranks_of(s, s.options.method, s.weights);
  parallel_blocks(
      all.size(), 1, s.options.method.jobs,
      [&](std::size_t k, std::size_t, std::size_t) {
        progress.check();
        try {
          agree(s, own, ranks_of_one(k), all[k]);
        } catch (const Error& error) {
          if (error.code == "run.interrupted") throw;
          all[k].refused = error.code;
        }
      },
      progress);
  return all;
}

}  // namespace

std::vector<Agreement> compare_methods(const DecisionTable& table, const RankOptions& options,
                                       const Progress& progress) {
  const Shared s = shared_of(table, options);
  std::vector<Agreement> all;
  for (const auto method :
       {Method::wsm, Method::wpm, Method::waspas, Method::topsis, Method::vikor, Method::promethee2,
        Method::electre3, Method::spotis, Method::owa, Method::fuzzy}) {
    if (method == options.method.method) continue;
    all.emplace_back();
    all.back().method = method;
  }
  const auto ranks = [&](std::size_t k) {
    MethodOptions other = options.method;
    other.method = all[k].method;
    return ranks_of(s, other, s.weights);
  };
  return run_all(s, all, ranks, progress);
}

std::vector<Agreement> compare_variants(const DecisionTable& table, const RankOptions& options,
                                        const Progress& progress) {
  const Shared s = shared_of(table, options);
  const Method own = options.method.method;
  std::vector<Agreement> all;
  std::vector<MethodOptions> methods;
  std::vector<std::optional<WeightScheme>> schemes;
  const auto add = [&](const std::string& variant, const MethodOptions& method,
                       std::optional<WeightScheme> scheme) {
    all.emplace_back();
    all.back().method = own;
    all.back().variant = variant;
    methods.push_back(method);
    schemes.push_back(scheme);
  };
  const bool scaled = !is_promethee(own) && !is_electre(own) && own != Method::spotis;
  if (scaled)
    for (const auto scale : {Normalise::bounds, Normalise::minmax, Normalise::vector}) {
      if (scale == options.method.normalise) continue;
      MethodOptions other = options.method;
      other.normalise = scale;
      add("normalise " + std::string(to_text(scale)), other, {});
    }
  for (const auto scheme : {WeightScheme::given, WeightScheme::equal, WeightScheme::entropy,
                            WeightScheme::critic, WeightScheme::roc}) {
    const bool same =
        scheme == options.weights ||
        (scheme == WeightScheme::given && options.weights == WeightScheme::uncertain) ||
        (scheme == WeightScheme::equal && options.weights == WeightScheme::free) ||
        (scheme == WeightScheme::roc && options.weights == WeightScheme::ordered);
    if (!same) add("weights " + std::string(to_text(scheme)), options.method, scheme);
  }
  const auto ranks = [&](std::size_t k) {
    if (!schemes[k]) return ranks_of(s, methods[k], s.weights);
    RankOptions other = options;
    other.weights = *schemes[k];
    return ranks_of(s, methods[k], ranking_work::base_weights(table, s.work, other).weights);
  };
  return run_all(s, all, ranks, progress);
}

std::vector<FirstPlace> first_places(const std::string& own, const std::vector<Agreement>& others) {
  std::map<std::string, std::size_t> counts;
  ++counts[own];
  for (const auto& one : others)
    if (one.refused.empty()) ++counts[one.first];
  std::vector<FirstPlace> out;
  for (const auto& [id, count] : counts) out.push_back({id, count});
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return out;
}

namespace {

constexpr std::size_t paired_sites = 100;

/// The sites of `kept` alone, in their order; merits by the options' method.
std::vector<double> merits_of(const Shared& s, const std::vector<std::size_t>& kept) {
  const std::size_t n = s.work.rows.size(), m = s.table.criteria.size();
  std::vector<double> columns;
  std::vector<std::string> ids;
  for (const auto i : kept) ids.push_back(s.work.inputs.ids[i]);
  for (std::size_t j = 0; j < m; ++j)
    for (const auto i : kept) columns.push_back(s.work.inputs.columns[j * n + i]);
  MethodOptions method = s.options.method;
  method.jobs = 1;
  return score(prepare_method(s.table.criteria, columns, kept.size(), method, ids), s.weights)
      .merit;
}

std::size_t affordable_trials(const Shared& s) {
  const double n = static_cast<double>(s.work.rows.size()),
               cells = n * static_cast<double>(s.table.criteria.size());
  const Method method = s.options.method.method;
  const bool flows = is_promethee(method);
  const double nanoseconds = method == Method::electre3 ? 15.0 * cells * n + 60.0 * n * n
                             : flows                    ? 100.0 * cells
                                                        : 40.0 * cells;
  return static_cast<std::size_t>(std::max(1.0, 1e10 / std::max(1.0, nanoseconds)));
}

/// Sites in rank order, ties by id.
std::vector<std::size_t> order_of(const std::vector<double>& ranks) {
  std::vector<std::size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; });
  return order;
}

/// The most circular triads that a tournament of n can have (Kendall & Babington Smith 1940).
double most_circles(double n) {
  return std::fmod(n, 2.0) == 1.0 ? (n * n * n - n) / 24.0 : (n * n * n - 4.0 * n) / 24.0;
}

/// Decides the leading sites two at a time, and counts what does not fit.
void compare_pairs(const Shared& s, const std::vector<std::size_t>& order,
                   const std::vector<double>& ranks, const Progress& progress, ReversalTest& out) {
  const std::size_t k = std::min(order.size(), paired_sites);
  out.paired = k;
  std::vector<int> wins(k * k, 0);
  parallel_blocks(
      k, 1, s.options.method.jobs,
      [&](std::size_t a, std::size_t, std::size_t) {
        progress.check();
        for (std::size_t b = a + 1; b < k; ++b) {
          const auto two = competition_ranks(
              merits_of(s, {std::min(order[a], order[b]), std::max(order[a], order[b])}));
          const bool swapped = order[a] > order[b];
          const std::size_t own = two[swapped ? 1 : 0], other = two[swapped ? 0 : 1];
          wins[a * k + b] = own < other ? 1 : own > other ? -1 : 0;
          wins[b * k + a] = -wins[a * k + b];
        }
      },
      progress);
  for (std::size_t a = 0; a < k; ++a)
    for (std::size_t b = a + 1; b < k; ++b) {
      out.pairs += wins[a * k + b] != 0 ? 1 : 0;
      out.against += wins[a * k + b] < 0 && ranks[order[a]] < ranks[order[b]] ? 1 : 0;
      for (std::size_t c = b + 1; c < k; ++c) {
        const int ab = wins[a * k + b], bc = wins[b * k + c], ca = wins[c * k + a];
        if (ab == 0 || ab != bc || bc != ca) continue;
        if (out.circles++ > 0) continue;
        const auto id = [&](std::size_t at) { return s.work.inputs.ids[order[at]]; };
        out.circle = ab > 0 ? std::vector<std::string>{id(a), id(b), id(c)}
                            : std::vector<std::string>{id(a), id(c), id(b)};
      }
    }
  const double most = most_circles(static_cast<double>(k));
  if (most > 0.0) out.transitivity = 1.0 - static_cast<double>(out.circles) / most;
}

}  // namespace

ReversalTest test_rank_reversal(const DecisionTable& table, const RankOptions& options,
                                std::size_t trials, const Progress& progress) {
  const Shared s = shared_of(table, options);
  const auto ranks = ranks_of(s, options.method, s.weights);
  const auto order = order_of(ranks);
  // A trial scores all sites anew; as many of the last in rank as some ten seconds allow.
  trials = std::min(trials, affordable_trials(s));
  std::vector<std::size_t> gone;
  for (std::size_t k = order.size(); k-- > 1 && gone.size() < trials;) {
    if (ranks[order[k]] == 1.0) break;
    gone.push_back(order[k]);
  }
  ReversalTest out;
  out.trials = gone.size();
  const std::size_t first = order.front();
  std::vector<char> changes(gone.size(), 0);
  parallel_blocks(
      gone.size(), 1, options.method.jobs,
      [&](std::size_t k, std::size_t, std::size_t) {
        progress.check();
        std::vector<std::size_t> kept;
        for (std::size_t i = 0; i < ranks.size(); ++i)
          if (i != gone[k]) kept.push_back(i);
        const auto left = competition_ranks(merits_of(s, kept));
        const auto at = std::find(kept.begin(), kept.end(), first) - kept.begin();
        changes[k] = left[static_cast<std::size_t>(at)] != 1 ? 1 : 0;
      },
      progress.part(0.0, 0.8));
  for (std::size_t k = 0; k < gone.size(); ++k) {
    if (changes[k] == 0) continue;
    ++out.changed;
    out.causes.push_back(s.work.inputs.ids[gone[k]]);
  }
  compare_pairs(s, order, ranks, progress.part(0.8, 1.0), out);
  return out;
}

}  // namespace lode
