#include "libgeo/ranking/explain.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/setting.h"

namespace lode {

namespace {

using ranking_work::alone;
using ranking_work::margin_of;
using ranking_work::margin_with;
using ranking_work::Setting;
using ranking_work::stands_alone;
using ranking_work::Work;

constexpr std::size_t exact_criteria = 16;
constexpr std::size_t sampled_orders = 2000;
constexpr double costly = 1e9;    // elementary steps beyond which a split of ELECTRE is not tried
constexpr int steps = 200;        // trials on the way from a value to its bound
constexpr int coarse_steps = 40;  // where a trial compares all pairs

bool is_additive(Method method) {
  return method == Method::wsm || method == Method::spotis || method == Method::promethee1 ||
         method == Method::promethee2;
}
bool is_electre(Method method) {
  return method == Method::electre3 || method == Method::electre_tri;
}

/// Margins of hybrids (a's values where the mask has a bit, else b's) over b. For methods that look
/// at a row, the setting stays as it is and the hybrids are scored in it.
std::vector<double> hybrid_margins(const Setting& s, const std::vector<std::uint64_t>& masks) {
  const std::size_t n = s.sites, m = s.table.criteria.size(), count = masks.size();
  std::vector<double> out(count);
  if (is_electre(s.options.method)) {
    for (std::size_t k = 0; k < count; ++k) {
      auto columns = s.columns;
      for (std::size_t j = 0; j < m; ++j)
        if (((masks[k] >> j) & 1u) == 0) columns[j * n + s.a] = columns[j * n + s.b];
      out[k] = margin_with(s, columns, s.weights);
    }
    return out;
  }
  PreparedMethod hybrids;
  hybrids.options = s.prepared.options;
  hybrids.criteria = s.prepared.criteria;
  hybrids.sites = count;
  const auto fill = [&](const std::vector<double>& from, std::vector<double>& to) {
    if (from.empty()) return;
    to.resize(count * m);
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t k = 0; k < count; ++k)
        to[j * count + k] = from[j * n + (((masks[k] >> j) & 1u) != 0 ? s.a : s.b)];
  };
  fill(s.prepared.norm.merit, hybrids.norm.merit);
  fill(s.prepared.toward, hybrids.toward);
  fill(s.prepared.away, hybrids.away);
  const Scored whole = score(s.prepared, s.weights);
  Scored scored = score(hybrids, s.weights);
  if (s.options.method == Method::vikor) {  // Q on the scale of the whole set
    const auto [s_low, s_high] = std::minmax_element(whole.s.begin(), whole.s.end());
    const auto [r_low, r_high] = std::minmax_element(whole.r.begin(), whole.r.end());
    const auto share = [](double x, double low, double high) {
      return high > low ? (x - low) / (high - low) : 0.0;
    };
    for (std::size_t k = 0; k < count; ++k)
      scored.merit[k] = -(s.options.vikor_v * share(scored.s[k], *s_low, *s_high) +
                          (1.0 - s.options.vikor_v) * share(scored.r[k], *r_low, *r_high));
  }
  for (std::size_t k = 0; k < count; ++k) out[k] = scored.merit[k] - whole.merit[s.b];
  return out;
}

std::vector<double> shapley_exact(const Setting& s) {
  const std::size_t m = s.table.criteria.size(), all = std::size_t{1} << m;
  std::vector<std::uint64_t> masks(all);
  std::iota(masks.begin(), masks.end(), std::uint64_t{0});
  const auto value = hybrid_margins(s, masks);
  std::vector<double> by_size(m);  // |S|! (m - |S| - 1)! / m!
  for (std::size_t k = 0; k < m; ++k)
    by_size[k] = std::exp(std::lgamma(static_cast<double>(k) + 1.0) +
                          std::lgamma(static_cast<double>(m - k)) -
                          std::lgamma(static_cast<double>(m) + 1.0));
  std::vector<double> split(m, 0.0);
  for (std::size_t mask = 0; mask < all; ++mask) {
    const auto size = static_cast<std::size_t>(__builtin_popcountll(mask));
    for (std::size_t j = 0; j < m; ++j)
      if (((mask >> j) & 1u) == 0)
        split[j] += by_size[size] * (value[mask | (std::size_t{1} << j)] - value[mask]);
  }
  return split;
}

/// Random orders in pairs, each with its reverse, by a fixed seed.
std::vector<double> shapley_sampled(const Setting& s) {
  const std::size_t m = s.table.criteria.size();
  std::vector<double> split(m, 0.0);
  std::vector<std::size_t> order(m);
  for (std::size_t k = 0; k < sampled_orders; ++k) {
    if (k % 2 == 0) {
      std::iota(order.begin(), order.end(), std::size_t{0});
      for (std::size_t j = m; j > 1; --j)
        std::swap(order[j - 1], order[Random{1, 3}.bits(k * m + j) % j]);
    } else {
      std::reverse(order.begin(), order.end());
    }
    std::vector<std::uint64_t> masks = {0};
    for (const auto j : order) masks.push_back(masks.back() | (std::uint64_t{1} << j));
    const auto value = hybrid_margins(s, masks);
    for (std::size_t j = 0; j < m; ++j)
      split[order[j]] += (value[j + 1] - value[j]) / sampled_orders;
  }
  return split;
}

std::vector<double> split_of(const Setting& s, const Scored& scored, Explanation& out) {
  const std::size_t m = s.table.criteria.size();
  std::vector<double> split;
  out.additive = is_additive(s.options.method);
  if (out.additive) {
    const double sign = s.options.method == Method::spotis ? -1.0 : 1.0;
    for (std::size_t j = 0; j < m; ++j)
      split.push_back(sign *
                      (scored.contributions[s.a * m + j] - scored.contributions[s.b * m + j]));
    return split;
  }
  const double n = static_cast<double>(s.sites),
               coalitions = std::pow(2.0, static_cast<double>(std::min<std::size_t>(m, 16)));
  if (m > 63 ||
      (is_electre(s.options.method) && n * n * static_cast<double>(m) * coalitions > costly)) {
    out.ranking.findings.add(
        "ranking.no_split", Severity::note, s.ids[s.a] + ", " + s.ids[s.b],
        "splitting the margin of this method over so many sites and criteria takes too long");
    return {};
  }
  return m <= exact_criteria ? shapley_exact(s) : shapley_sampled(s);
}

/// The first argument on the way from `from` to `end` at which `margin` has another sign, by steps
/// and bisection; NaN when there is none.
double first_change(double from, double end, double at_from, int trials,
                    const std::function<double(double)>& margin) {
  double before = from;
  for (int k = 1; k <= trials; ++k) {
    double after = from + (end - from) * k / trials;
    if (margin(after) * at_from > 0.0) {
      before = after;
      continue;
    }
    for (int halving = 0; halving < 60; ++halving) {
      const double middle = 0.5 * (before + after);
      (margin(middle) * at_from > 0.0 ? before : after) = middle;
    }
    return after;
  }
  return not_stated;
}

int trials_of(const Setting& s) {
  return is_electre(s.options.method) ? coarse_steps : steps;
}

std::vector<double> shifted(const std::vector<double>& weights, std::size_t j, double to) {
  std::vector<double> out(weights);
  for (std::size_t k = 0; k < out.size(); ++k)
    if (k != j) out[k] *= (1.0 - to) / (1.0 - weights[j]);
  out[j] = to;
  return out;
}

WeightFlip weight_flip(const Setting& s, std::size_t j, double margin,
                       const std::vector<double>& split) {
  WeightFlip flip;
  flip.criterion = j;
  flip.from = s.weights[j];
  if (margin == 0.0 || s.weights[j] >= 1.0) return flip;
  if (is_additive(s.options.method)) {
    // margin(t) = t d_j + (1 - t) rest, with rest what the others give when they share all weight.
    const double rest = (margin - split[j]) / (1.0 - s.weights[j]);
    double own = 0.0;
    if (s.weights[j] > 0.0) {
      own = split[j] / s.weights[j];
    } else {
      std::vector<double> only(s.weights.size(), 0.0);
      only[j] = 1.0;
      own = margin_with(s, only);
    }
    flip.to = rest / (rest - own);
    flip.found = std::isfinite(flip.to) && flip.to >= 0.0 && flip.to <= 1.0;
    return flip;
  }
  const auto at = [&](double t) { return margin_with(s, shifted(s.weights, j, t)); };
  const double up = first_change(flip.from, 1.0, margin, trials_of(s), at),
               down = first_change(flip.from, 0.0, margin, trials_of(s), at);
  flip.found = !std::isnan(up) || !std::isnan(down);
  if (flip.found) flip.to = std::isnan(down) || up - flip.from < flip.from - down ? up : down;
  return flip;
}

double on_scale(const Criterion& c, double x) {
  return c.scale == Scale::log ? std::log(x) : x;
}
double off_scale(const Criterion& c, double t) {
  return c.scale == Scale::log ? std::exp(t) : t;
}

/// The nearest value of one cell at which the margin changes sign, towards both bounds.
ValueFlip value_flip(const Setting& s, std::size_t j, bool of_a, const Bounds& bounds,
                     double margin) {
  ValueFlip flip;
  flip.of_a = of_a;
  flip.criterion = j;
  const Criterion& c = s.table.criteria[j];
  const std::size_t cell = j * s.sites + (of_a ? s.a : s.b);
  flip.from = s.columns[cell];
  if (margin == 0.0 || !(bounds.lo < bounds.hi) || (c.scale == Scale::log && !(bounds.lo > 0.0)))
    return flip;
  const double start = on_scale(c, std::clamp(flip.from, bounds.lo, bounds.hi));
  const double low = on_scale(c, bounds.lo), high = on_scale(c, bounds.hi);
  auto columns = s.columns;
  const auto at = [&](double t) {
    columns[cell] = off_scale(c, t);
    return margin_with(s, columns, s.weights);
  };
  for (const double end : {low, high}) {
    const double t = first_change(start, end, margin, trials_of(s), at);
    const double share = std::abs(t - start) / (high - low);
    if (std::isnan(t) || (flip.found && share >= flip.share)) continue;
    flip.found = true;
    flip.to = off_scale(c, t);
    flip.share = share;
  }
  return flip;
}

void find_flips(const Setting& s, const std::vector<Criterion>& used, const Progress& progress,
                Explanation& out) {
  const Setting small = stands_alone(s) ? alone(s) : s;
  const std::size_t m = s.table.criteria.size();
  for (std::size_t j = 0; j < m; ++j) {
    progress.update(static_cast<double>(j) / static_cast<double>(m), "what would turn it round");
    const WeightFlip weight = weight_flip(small, j, out.margin, out.split);
    out.weight_flips.push_back(weight);
    if (weight.found &&
        (!out.flip_weight.found ||
         std::abs(weight.to - weight.from) < std::abs(out.flip_weight.to - out.flip_weight.from)))
      out.flip_weight = weight;
    const Bounds bounds{used[j].lo, used[j].hi, false};
    ValueFlip value = value_flip(small, j, true, bounds, out.margin);
    const ValueFlip other = value_flip(small, j, false, bounds, out.margin);
    if (other.found && (!value.found || other.share < value.share)) value = other;
    out.value_flips.push_back(value);
    if (value.found && (!out.flip_value.found || value.share < out.flip_value.share))
      out.flip_value = value;
  }
}

void find_tornado(const Setting& s, const Work& work, Explanation& out) {
  const Setting small = stands_alone(s) ? alone(s) : s;
  for (std::size_t j = 0; j < s.table.criteria.size(); ++j) {
    TornadoBar bar;
    const auto at = [&](bool of_a, const std::vector<double>& ends) {
      const double end = ends.empty() ? not_stated : ends[j * s.sites + (of_a ? s.a : s.b)];
      if (std::isnan(end)) return not_stated;
      auto columns = small.columns;
      columns[j * small.sites + (of_a ? small.a : small.b)] = end;
      return margin_with(small, columns, small.weights);
    };
    bar.a_low = at(true, work.inputs.low);
    bar.a_high = at(true, work.inputs.high);
    bar.b_low = at(false, work.inputs.low);
    bar.b_high = at(false, work.inputs.high);
    out.tornado.push_back(bar);
  }
}

std::size_t row_of(const DecisionTable& table, const std::string& id) {
  const auto at = std::find(table.ids.begin(), table.ids.end(), id);
  if (at == table.ids.end())
    throw Error("ranking.no_such_site", "there is no site '" + printable(id) + "'", {},
                suggestion(id, table.ids));
  return static_cast<std::size_t>(at - table.ids.begin());
}

const RankedSite& ranked(const RankResult& result, std::size_t row, const std::string& id) {
  for (const auto& site : result.sites)
    if (site.row == row) return site;
  throw Error("ranking.no_such_site", "the site was left out by a hard rule", printable(id),
              "Loosen the rule to compare it.");
}

}  // namespace

Explanation explain(const DecisionTable& table, const std::string& a, const std::string& b,
                    RankOptions options, const Progress& progress) {
  const std::size_t row_a = row_of(table, a), row_b = row_of(table, b);
  if (row_a == row_b)
    throw Error("ranking.same_site", "a site is compared with itself", printable(a),
                "Name two sites.");
  Explanation out;
  RankResult screened;
  check_table(table);
  const Work work = ranking_work::make_work(table, options, screened);
  const auto place = [&](std::size_t row) {
    return static_cast<std::size_t>(std::find(work.rows.begin(), work.rows.end(), row) -
                                    work.rows.begin());
  };
  for (const auto row : {row_a, row_b})
    if (place(row) == work.rows.size())
      throw Error("ranking.no_such_site", "the site was left out by a hard rule",
                  printable(table.ids[row]), "Loosen the rule to compare it.");
  options.draws.pairs = {{row_a, row_b}};
  out.ranking = rank(table, options, progress.part(0.0, 0.5));
  const RankedSite& first = ranked(out.ranking, row_a, a);
  const RankedSite& second = ranked(out.ranking, row_b, b);
  out.a = a;
  out.b = b;
  out.rank_a = first.rank;
  out.rank_b = second.rank;
  out.score_a = first.score;
  out.score_b = second.score;
  Setting s{table,
            options.method,
            work.inputs.ids,
            work.inputs.columns,
            work.rows.size(),
            place(row_a),
            place(row_b),
            out.ranking.weights.weights,
            {}};
  s.prepared = prepare_method(table.criteria, s.columns, s.sites, s.options, s.ids);
  const Scored scored = score(s.prepared, s.weights);
  out.margin = margin_of(scored, s.options.method, s.a, s.b);
  out.split = split_of(s, scored, out);
  out.win_probability = out.ranking.pair_wins.empty() ? (out.margin > 0.0    ? 1.0
                                                         : out.margin == 0.0 ? 0.5
                                                                             : 0.0)
                                                      : out.ranking.pair_wins.front();
  find_flips(s, out.ranking.used, progress.part(0.5, 0.9), out);
  find_tornado(s, work, out);
  ranking_work::find_sobol(s, work, options, progress.part(0.9, 1.0), out);
  return out;
}

double kendall_tau(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size())
    throw Error("ranking.shape", "the rankings have different numbers of sites");
  double agree = 0.0, only_x = 0.0, only_y = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t k = i + 1; k < x.size(); ++k) {
      const double dx = x[i] - x[k], dy = y[i] - y[k];
      if (dx * dy > 0.0) agree += 1.0;
      if (dx * dy < 0.0) agree -= 1.0;
      only_x += dx != 0.0 ? 1.0 : 0.0;
      only_y += dy != 0.0 ? 1.0 : 0.0;
    }
  return agree / std::sqrt(only_x * only_y);
}

double ws_coefficient(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size())
    throw Error("ranking.shape", "the rankings have different numbers of sites");
  const double n = static_cast<double>(x.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += std::pow(2.0, -x[i]) * std::abs(x[i] - y[i]) /
           std::max(std::abs(x[i] - 1.0), std::abs(x[i] - n));
  return 1.0 - sum;
}

namespace {

/// Ranks in the order of table rows; rows that were left out by a rule have none.
std::vector<double> ranks_by_row(const RankResult& result, std::size_t rows) {
  std::vector<double> ranks(rows, 0.0), out;
  for (const auto& site : result.sites) ranks[site.row] = static_cast<double>(site.rank);
  for (const double rank : ranks)
    if (rank > 0.0) out.push_back(rank);
  return out;
}

}  // namespace

std::vector<Agreement> compare_methods(const DecisionTable& table, const RankOptions& options) {
  if (table.ids.size() > 5000)
    throw Error("ranking.too_large", "comparing methods looks at every pair of sites", "compare",
                "Screen first: at most 5,000 sites.");
  RankOptions plain = options;
  plain.draws.draws = 0;
  const auto own = ranks_by_row(rank(table, plain), table.ids.size());
  std::vector<Agreement> out;
  for (const auto method :
       {Method::wsm, Method::wpm, Method::waspas, Method::topsis, Method::vikor, Method::promethee2,
        Method::electre3, Method::spotis, Method::owa, Method::fuzzy}) {
    if (method == options.method.method) continue;
    Agreement one;
    one.method = method;
    plain.method.method = method;
    try {
      const RankResult other = rank(table, plain);
      const auto ranks = ranks_by_row(other, table.ids.size());
      one.tau = kendall_tau(own, ranks);
      one.ws = ws_coefficient(own, ranks);
      one.first = other.sites.front().id;
    } catch (const Error& error) {
      if (error.code == "run.interrupted") throw;
      one.refused = error.code;
    }
    out.push_back(one);
  }
  return out;
}

ReversalTest test_rank_reversal(const DecisionTable& table, const RankOptions& options,
                                std::size_t trials) {
  RankOptions plain = options;
  plain.draws.draws = 0;
  const RankResult whole = rank(table, plain);
  plain.rules.clear();
  ReversalTest out;
  RankResult screened;
  const Work work = ranking_work::make_work(table, options, screened);
  const std::size_t n = work.rows.size(), m = table.criteria.size();
  for (std::size_t k = whole.sites.size(); k-- > 1 && out.trials < trials;) {
    if (whole.sites[k].rank == 1) break;
    ++out.trials;
    const auto gone = static_cast<std::size_t>(
        std::find(work.rows.begin(), work.rows.end(), whole.sites[k].row) - work.rows.begin());
    std::vector<double> columns;
    std::vector<std::string> ids;
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t i = 0; i < n; ++i)
        if (i != gone) columns.push_back(work.inputs.columns[j * n + i]);
    for (std::size_t i = 0; i < n; ++i)
      if (i != gone) ids.push_back(work.inputs.ids[i]);
    const auto scored = score(prepare_method(table.criteria, columns, n - 1, options.method, ids),
                              whole.weights.weights);
    const auto ranks = competition_ranks(scored.merit);
    for (std::size_t i = 0; i + 1 < n; ++i)
      if (ids[i] == whole.sites.front().id && ranks[i] != 1) {
        ++out.changed;
        out.causes.push_back(whole.sites[k].id);
      }
  }
  return out;
}

}  // namespace lode
