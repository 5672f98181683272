#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/ranking/setting.h"
#include "libgeo/ranking/weight_sampler.h"

namespace lode::ranking_work {

namespace {

constexpr std::size_t few_draws = 1024, many_draws = 4096;
constexpr double cheap = 4e8, most_cost = 1e10;  // nanoseconds or so
constexpr std::size_t resamples = 200;
constexpr std::uint64_t sobol_stream = 4, bootstrap_stream = 5;

/// Criteria that share a spread group, in the order of the table.
std::vector<std::pair<std::string, std::vector<std::size_t>>> groups_of(
    const DecisionTable& table) {
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  for (std::size_t j = 0; j < table.criteria.size(); ++j) {
    const std::string& name = table.criteria[j].spread_group;
    if (name.empty()) continue;
    const auto at = std::find_if(groups.begin(), groups.end(),
                                 [&](const auto& group) { return group.first == name; });
    if (at == groups.end())
      groups.push_back({name, {j}});
    else
      at->second.push_back(j);
  }
  return groups;
}

/// The margin when the values of a, b or both on some criteria go to one end.
class Ends {
 public:
  Ends(const Setting& whole, const Work& work)
      : whole_(whole), work_(work), s_(essential(whole, false)) {}

  [[nodiscard]] TornadoBar bar(const std::vector<std::size_t>& criteria) const {
    TornadoBar bar;
    const auto& low = work_.inputs.low;
    const auto& high = work_.inputs.high;
    bar.a_low = margin(criteria, low, true, false);
    bar.a_high = margin(criteria, high, true, false);
    bar.b_low = margin(criteria, low, false, true);
    bar.b_high = margin(criteria, high, false, true);
    bar.both_low = margin(criteria, low, true, true);
    bar.both_high = margin(criteria, high, true, true);
    return bar;
  }

 private:
  [[nodiscard]] double margin(const std::vector<std::size_t>& criteria,
                              const std::vector<double>& ends, bool of_a, bool of_b) const {
    if (ends.empty()) return not_stated;
    auto columns = s_.columns;
    bool moved_a = false, moved_b = false;
    for (const auto j : criteria) {
      const double a = ends[j * whole_.sites + whole_.a], b = ends[j * whole_.sites + whole_.b];
      if (of_a && !std::isnan(a)) {
        columns[j * s_.sites + s_.a] = a;
        moved_a = true;
      }
      if (of_b && !std::isnan(b)) {
        columns[j * s_.sites + s_.b] = b;
        moved_b = true;
      }
    }
    if (moved_a != of_a || moved_b != of_b) return not_stated;
    return margin_with(s_, columns, s_.weights);
  }

  const Setting& whole_;
  const Work& work_;
  Setting s_;
};

bool has_bar(const TornadoBar& bar) {
  return !std::isnan(bar.a_low) || !std::isnan(bar.a_high) || !std::isnan(bar.b_low) ||
         !std::isnan(bar.b_high);
}

}  // namespace

void find_tornado(const Setting& whole, const Work& work, Explanation& out) {
  const Ends ends(whole, work);
  for (std::size_t j = 0; j < whole.table.criteria.size(); ++j)
    out.tornado.push_back(ends.bar({j}));
  for (const auto& [name, criteria] : groups_of(whole.table)) {
    const TornadoBar bar = ends.bar(criteria);
    if (criteria.size() > 1 && has_bar(bar)) out.tornado_groups.push_back({name, criteria, bar});
  }
}

namespace {

/// Cells of the two sites that vary: by a spread, or by simulated values.
class Cells {
 public:
  Cells(const Setting& whole, const Work& work) : whole_(whole), work_(work) {
    for (const auto& cell : work.inputs.cell_draws)
      if ((cell.site == whole.a || cell.site == whole.b) && !cell.values.empty())
        simulated_[cell.criterion * whole.sites + cell.site] = &cell.values;
  }
  [[nodiscard]] std::size_t cell(std::size_t j, bool of_a) const {
    return j * whole_.sites + (of_a ? whole_.a : whole_.b);
  }
  [[nodiscard]] const std::vector<double>* simulated(std::size_t j, bool of_a) const {
    const auto at = simulated_.find(cell(j, of_a));
    return at == simulated_.end() ? nullptr : at->second;
  }
  [[nodiscard]] bool is_simulated(std::size_t j) const {
    return simulated(j, true) != nullptr || simulated(j, false) != nullptr;
  }
  [[nodiscard]] bool has_spread(std::size_t j, bool of_a) const {
    const std::size_t k = cell(j, of_a);
    return !std::isnan(work_.inputs.low[k]) || !std::isnan(work_.inputs.high[k]);
  }
  [[nodiscard]] bool varies(std::size_t j) const {
    return is_simulated(j) || has_spread(j, true) || has_spread(j, false);
  }

 private:
  const Setting& whole_;
  const Work& work_;
  std::map<std::size_t, const std::vector<double>*> simulated_;
};

/// The independent inputs: criteria of one group, and those with simulated values, vary as one.
struct Inputs {
  std::vector<SobolInput> list;
  std::vector<std::size_t> of;  ///< per criterion: its place in the list; the list's size = fixed
  bool weights = false;         ///< they are the last of the list
};

Inputs inputs_of(const Setting& s, const Cells& cells, bool weights) {
  const std::size_t m = s.table.criteria.size();
  std::vector<std::size_t> joined(m);
  std::iota(joined.begin(), joined.end(), std::size_t{0});
  const auto join = [&](std::size_t j, std::size_t k) {
    const std::size_t from = std::max(joined[j], joined[k]), to = std::min(joined[j], joined[k]);
    for (auto& x : joined) x = x == from ? to : x;
  };
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t k = j + 1; k < m; ++k) {
      if (!cells.varies(j) || !cells.varies(k)) continue;
      const auto& group = s.table.criteria[j].spread_group;
      if ((!group.empty() && group == s.table.criteria[k].spread_group) ||
          (cells.is_simulated(j) && cells.is_simulated(k)))
        join(j, k);
    }
  Inputs inputs;
  std::map<std::size_t, std::size_t> place;
  for (std::size_t j = 0; j < m; ++j) {
    if (!cells.varies(j)) continue;
    const auto [at, fresh] = place.emplace(joined[j], inputs.list.size());
    if (fresh) inputs.list.emplace_back();
    SobolInput& input = inputs.list[at->second];
    input.name += (input.name.empty() ? "" : " + ") + s.table.criteria[j].name;
    input.criteria.push_back(j);
  }
  inputs.weights = weights;
  if (weights) inputs.list.push_back({"the weights", {}, {}});
  inputs.of.assign(m, inputs.list.size());
  for (std::size_t k = 0; k < inputs.list.size(); ++k)
    for (const auto j : inputs.list[k].criteria) inputs.of[j] = k;
  return inputs;
}

/// Two independent copies of every input a draw, mixed as asked.
class Sampler {
 public:
  Sampler(const Setting& s, const Setting& whole, const Work& work, const Cells& cells,
          const Inputs& inputs, const RankOptions& options, const WeightSampler& weights)
      : s_(s),
        whole_(whole),
        work_(work),
        cells_(cells),
        inputs_(inputs),
        options_(options),
        weights_(weights),
        random_{options.draws.seed, sobol_stream} {
    std::map<std::string, std::size_t> groups;
    for (const auto& c : s.table.criteria) {
      const std::string key =
          c.spread_group.empty() ? "criterion " + c.name : "group " + c.spread_group;
      group_.push_back(groups.emplace(key, groups.size()).first->second);
    }
    if (!is_promethee(s.options.method)) return;
    for (std::size_t j = 0; j < s.table.criteria.size(); ++j) flows_.emplace_back(s, j);
  }

  /// Margins of draw d with every input from copy 0, with all from copy 1, and for each input with
  /// that one from copy 1 and the others from copy 0.
  void margins(std::size_t d, double& first, double& second, double* mixed) const {
    const std::size_t m = s_.table.criteria.size(), k = inputs_.list.size();
    std::vector<double> a[2], b[2], w[2];
    for (const std::size_t copy : {0u, 1u}) {
      for (std::size_t j = 0; j < m; ++j) {
        a[copy].push_back(value(d, j, true, copy));
        b[copy].push_back(value(d, j, false, copy));
      }
      w[copy] = s_.weights;
      if (inputs_.weights) weights_.draw(2 * d + copy, w[copy].data());
    }
    std::vector<double> net[2];
    if (!flows_.empty())
      for (const std::size_t copy : {0u, 1u})
        for (std::size_t j = 0; j < m; ++j)
          net[copy].push_back(copy == 1 && inputs_.of[j] == k
                                  ? net[0][j]
                                  : flows_[j].difference(a[copy][j], b[copy][j]));
    const auto margin = [&](std::size_t own, bool all) {
      const auto copy_of = [&](std::size_t input) -> std::size_t {
        return all || input == own ? 1 : 0;
      };
      const auto& weights = w[inputs_.weights ? copy_of(k - 1) : 0];
      if (!flows_.empty()) {
        double sum = 0.0;
        for (std::size_t j = 0; j < m; ++j) sum += weights[j] * net[copy_of(inputs_.of[j])][j];
        return sum;
      }
      auto columns = s_.columns;
      for (std::size_t j = 0; j < m; ++j) {
        columns[j * s_.sites + s_.a] = a[copy_of(inputs_.of[j])][j];
        columns[j * s_.sites + s_.b] = b[copy_of(inputs_.of[j])][j];
      }
      return margin_with(s_, columns, weights);
    };
    first = margin(k + 1, false);
    second = margin(k + 1, true);
    for (std::size_t i = 0; i < k; ++i) mixed[i] = margin(i, false);
  }

 private:
  /// The random numbers of a draw: per copy four for every criterion, group or site.
  [[nodiscard]] std::uint64_t index(std::size_t d, std::size_t copy, std::size_t what,
                                    std::size_t key) const {
    return (static_cast<std::uint64_t>(2 * d + copy) * s_.table.criteria.size() + key) * 8 + what;
  }

  [[nodiscard]] double value(std::size_t d, std::size_t j, bool of_a, std::size_t copy) const {
    const double base = whole_.columns[cells_.cell(j, of_a)];
    if (const auto* simulated = cells_.simulated(j, of_a))
      return (*simulated)[random_.bits(index(d, copy, 6, 0)) % simulated->size()];
    if (!cells_.has_spread(j, of_a)) return base;
    const std::size_t cell = cells_.cell(j, of_a);
    const Criterion& c = s_.table.criteria[j];
    const bool anywhere = !work_.inputs.anywhere.empty() && work_.inputs.anywhere[cell] != 0;
    return sample_value(work_.inputs.low[cell], base, work_.inputs.high[cell],
                        uniform(d, j, of_a, copy),
                        anywhere ? Spread::uniform : c.spread.value_or(options_.draws.spread),
                        c.scale == Scale::log);
  }

  /// Normal scores with the correlations of the group and between the sites.
  [[nodiscard]] double uniform(std::size_t d, std::size_t j, bool of_a, std::size_t copy) const {
    const Criterion& c = s_.table.criteria[j];
    const double together = c.spread_group.empty() ? 1.0 : c.spread_correlation;
    const double common = c.spread_common;
    const std::size_t side = of_a ? 0 : 1;
    if (common == 0.0 && together == 1.0) return random_.uniform(index(d, copy, side, group_[j]));
    const double z = std::sqrt(common) * random_.normal(index(d, copy, 2, group_[j])) +
                     std::sqrt(std::max(0.0, together - common)) *
                         random_.normal(index(d, copy, side, group_[j])) +
                     std::sqrt(std::max(0.0, 1.0 - std::max(together, common))) *
                         random_.normal(index(d, copy, 3 + side, j));
    const double u = 0.5 * std::erfc(-z / std::sqrt(2.0));
    return std::clamp(u, 1e-16, 1.0 - 1e-16);
  }

  const Setting& s_;
  const Setting& whole_;
  const Work& work_;
  const Cells& cells_;
  const Inputs& inputs_;
  const RankOptions& options_;
  const WeightSampler& weights_;
  Random random_;
  std::vector<std::size_t> group_;
  std::vector<NetFlows> flows_;
};

WeightDraws weight_draws(const Setting& s, const RankOptions& options) {
  WeightDraws drawn;
  drawn.scheme = options.weights;
  drawn.base = s.weights;
  drawn.spread = options.weight_spread;
  drawn.limits = options.weight_limits;
  drawn.ratios = options.weight_ratios;
  return drawn;
}

/// Margins of copy 0, copy 1, and copy 0 with one input of copy 1 (draws x inputs).
struct Margins {
  std::vector<double> a, b, mixed;
};

struct Estimates {
  double variance = 0.0;
  std::vector<double> first, total;
};

/// First-order index: the correlation of copy 1 with the mixture that has input i from it (Martinez
/// 2011); total index: mean squared change (Jansen 1999). `of` picks the draws.
template <class Pick>
Estimates estimates(const Margins& m, std::size_t k, const Pick& of) {
  const std::size_t n = m.a.size();
  const double count = static_cast<double>(n);
  Estimates out{0.0, std::vector<double>(k), std::vector<double>(k)};
  double mean_a = 0.0, mean_b = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    mean_a += m.a[of(i)] / count;
    mean_b += m.b[of(i)] / count;
  }
  double var_a = 0.0, var_b = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    var_a += (m.a[of(i)] - mean_a) * (m.a[of(i)] - mean_a) / count;
    var_b += (m.b[of(i)] - mean_b) * (m.b[of(i)] - mean_b) / count;
  }
  const double mean = 0.5 * (mean_a + mean_b);
  out.variance =
      0.5 * (var_a + (mean_a - mean) * (mean_a - mean) + var_b + (mean_b - mean) * (mean_b - mean));
  for (std::size_t j = 0; j < k; ++j) {
    double mean_x = 0.0, var_x = 0.0, shared = 0.0, change = 0.0;
    for (std::size_t i = 0; i < n; ++i) mean_x += m.mixed[of(i) * k + j] / count;
    for (std::size_t i = 0; i < n; ++i) {
      const double x = m.mixed[of(i) * k + j];
      var_x += (x - mean_x) * (x - mean_x) / count;
      shared += (x - mean_x) * (m.b[of(i)] - mean_b) / count;
      change += 0.5 * (x - m.a[of(i)]) * (x - m.a[of(i)]) / count;
    }
    out.first[j] = var_x > 0.0 && var_b > 0.0 ? shared / std::sqrt(var_x * var_b) : 0.0;
    out.total[j] = out.variance > 0.0 ? change / out.variance : 0.0;
  }
  return out;
}

double deviation(const std::vector<double>& x) {
  const double count = static_cast<double>(x.size());
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / count;
  double squares = 0.0;
  for (const double v : x) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / (count - 1.0));
}

/// Indices with their standard errors by bootstrap over the draws (Archer, Saltelli & Sobol 1997).
void keep_indices(const Margins& m, Inputs& inputs, Explanation& out) {
  const std::size_t k = inputs.list.size(), n = m.a.size();
  const auto all = estimates(m, k, [](std::size_t i) { return i; });
  out.margin_deviation = std::sqrt(all.variance);
  if (!(all.variance > 0.0)) return;
  std::vector<std::vector<double>> first(k), total(k);
  for (std::size_t r = 0; r < resamples; ++r) {
    std::vector<std::size_t> picked(n);
    for (std::size_t i = 0; i < n; ++i) picked[i] = Random{1, bootstrap_stream}.bits(r * n + i) % n;
    const auto some = estimates(m, k, [&](std::size_t i) { return picked[i]; });
    for (std::size_t j = 0; j < k; ++j) {
      first[j].push_back(some.first[j]);
      total[j].push_back(some.total[j]);
    }
  }
  for (std::size_t j = 0; j < k; ++j) {
    inputs.list[j].index = {all.first[j], all.total[j], deviation(first[j]), deviation(total[j])};
    for (const auto c : inputs.list[j].criteria) out.sobol[c] = inputs.list[j].index;
  }
  if (inputs.weights) out.sobol_weights = inputs.list.back().index;
  out.sobol_inputs = inputs.list;
}

}  // namespace

void find_sobol(const Setting& whole, const Work& work, const RankOptions& options,
                const Progress& progress, Explanation& out) {
  out.sobol.assign(whole.table.criteria.size(), {});
  if (options.draws.draws == 0) return;
  const WeightDraws drawn = weight_draws(whole, options);
  DrawOptions plain = options.draws;
  plain.quasi_random = false;  // the two copies must be independent
  const WeightSampler sampler(drawn, plain);
  Setting s = essential(whole, sampler.varies());
  s.options.jobs = s.prepared.options.jobs = 1;
  const Cells cells(whole, work);
  Inputs inputs = inputs_of(whole, cells, sampler.varies());
  const std::size_t k = inputs.list.size();
  out.varies = k > 0;
  if (k == 0) return;
  const double a_draw = is_promethee(s.options.method)
                            ? 16.0 * static_cast<double>(s.sites * whole.table.criteria.size())
                            : static_cast<double>(k + 2) * (scoring_cost(s) + 2000.0);
  if (static_cast<double>(few_draws) * a_draw > most_cost) {
    out.ranking.findings.add("ranking.no_sobol", Severity::note, out.a + ", " + out.b,
                             "Sobol indices over so many sites take too long");
    return;
  }
  const std::size_t n = static_cast<double>(many_draws) * a_draw <= cheap ? many_draws : few_draws;
  const Sampler draws(s, whole, work, cells, inputs, options, sampler);
  Margins margins{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n * k)};
  parallel_blocks(
      n, 32, options.draws.jobs,
      [&](std::size_t from, std::size_t to, std::size_t) {
        for (std::size_t d = from; d < to; ++d) {
          progress.check();
          draws.margins(d, margins.a[d], margins.b[d], margins.mixed.data() + d * k);
        }
      },
      progress);
  keep_indices(margins, inputs, out);
}

}  // namespace lode::ranking_work
