#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/ranking/setting.h"
#include "libgeo/ranking/weight_sampler.h"

namespace lode::ranking_work {

double margin_of(const Scored& scored, Method method, std::size_t a, std::size_t b) {
  if (method == Method::promethee1)
    return (scored.phi_plus[a] - scored.phi_minus[a]) - (scored.phi_plus[b] - scored.phi_minus[b]);
  return scored.merit[a] - scored.merit[b];
}

double margin_with(const Setting& s, const std::vector<double>& columns,
                   const std::vector<double>& weights) {
  return margin_of(
      score(prepare_method(s.table.criteria, columns, s.sites, s.options, s.ids), weights),
      s.options.method, s.a, s.b);
}

double margin_with(const Setting& s, const std::vector<double>& weights) {
  return margin_of(score(s.prepared, weights), s.options.method, s.a, s.b);
}

/// True when no other site has a say in the scores of these two: then they may be scored alone.
bool stands_alone(const Setting& s) {
  const bool electre =
      s.options.method == Method::electre3 || s.options.method == Method::electre_tri;
  if (s.options.method == Method::vikor || electre || s.options.method == Method::promethee1 ||
      s.options.method == Method::promethee2)
    return false;
  if (s.options.normalise == Normalise::none && s.options.method != Method::spotis &&
      s.options.method != Method::topsis)
    return true;
  if (s.options.normalise != Normalise::bounds && s.options.method != Method::spotis) return false;
  return std::all_of(s.table.criteria.begin(), s.table.criteria.end(), [](const Criterion& c) {
    return !c.curve.empty() || (!std::isnan(c.lo) && !std::isnan(c.hi));
  });
}

/// The same setting with the two sites only.
Setting alone(const Setting& s) {
  Setting two{s.table, s.options, {s.ids[s.a], s.ids[s.b]}, {}, 2, 0, 1, s.weights, {}};
  for (std::size_t j = 0; j < s.table.criteria.size(); ++j) {
    two.columns.push_back(s.columns[j * s.sites + s.a]);
    two.columns.push_back(s.columns[j * s.sites + s.b]);
  }
  two.prepared = prepare_method(two.table.criteria, two.columns, 2, two.options, two.ids);
  return two;
}

namespace {

constexpr std::size_t base_draws = 1024;
constexpr double most_steps = 2e9;
constexpr std::uint64_t sobol_stream = 4;

/// Inputs of the margin: the data of both sites on one criterion, or the weights.
struct Inputs {
  std::vector<std::size_t> criteria;  ///< those with a spread
  bool weights = false;
  [[nodiscard]] std::size_t count() const { return criteria.size() + (weights ? 1 : 0); }
};

/// Two independent copies of every input a draw, mixed as asked.
class Sampler {
 public:
  Sampler(const Setting& s, const Setting& whole, const Work& work, const RankOptions& options,
          const WeightSampler& weights)
      : s_(s), whole_(whole), work_(work), options_(options), weights_(weights) {}

  /// Margin of draw d with every input from copy `rest` (0 or 1), but input k from copy `own`.
  [[nodiscard]] double margin(std::size_t d, const Inputs& inputs, std::size_t rest, std::size_t k,
                              std::size_t own) const {
    std::vector<double> columns(s_.columns), weights(s_.weights);
    for (std::size_t i = 0; i < inputs.criteria.size(); ++i)
      for (const bool of_a : {true, false})
        draw_cell(d, inputs.criteria[i], of_a, i == k ? own : rest, columns);
    if (inputs.weights)
      weights_.draw(2 * d + (k == inputs.criteria.size() ? own : rest), weights.data());
    return inputs.criteria.empty() ? margin_with(s_, weights) : margin_with(s_, columns, weights);
  }

 private:
  void draw_cell(std::size_t d, std::size_t j, bool of_a, std::size_t copy,
                 std::vector<double>& columns) const {
    const std::size_t cell = j * whole_.sites + (of_a ? whole_.a : whole_.b);
    const double low = work_.inputs.low[cell], high = work_.inputs.high[cell];
    if (std::isnan(low) && std::isnan(high)) return;
    const std::size_t m = s_.table.criteria.size();
    const double u = Random{options_.draws.seed, sobol_stream}.uniform(
        ((2 * d + copy) * m + j) * 2 + (of_a ? 0 : 1));
    const bool anywhere = !work_.inputs.anywhere.empty() && work_.inputs.anywhere[cell] != 0;
    columns[j * s_.sites + (of_a ? s_.a : s_.b)] = sample_value(
        low, whole_.columns[cell], high, u,
        anywhere ? Spread::uniform : s_.table.criteria[j].spread.value_or(options_.draws.spread),
        s_.table.criteria[j].scale == Scale::log);
  }

  const Setting& s_;
  const Setting& whole_;
  const Work& work_;
  const RankOptions& options_;
  const WeightSampler& weights_;
};

Inputs inputs_of(const Setting& s, const Work& work, bool weights) {
  Inputs inputs;
  inputs.weights = weights;
  for (std::size_t j = 0; j < s.table.criteria.size(); ++j) {
    const auto spread = [&](std::size_t site) {
      const std::size_t cell = j * s.sites + site;
      return !std::isnan(work.inputs.low[cell]) || !std::isnan(work.inputs.high[cell]);
    };
    if (spread(s.a) || spread(s.b)) inputs.criteria.push_back(j);
  }
  return inputs;
}

WeightDraws weight_draws(const Setting& s, const RankOptions& options) {
  WeightDraws drawn;
  drawn.scheme = options.weights;
  drawn.base = s.weights;
  drawn.spread = options.weight_spread;
  drawn.limits = options.weight_limits;
  drawn.ratios = options.weight_ratios;
  return drawn;
}

bool takes_too_long(const Setting& s, std::size_t inputs) {
  const double n = static_cast<double>(s.sites);
  return static_cast<double>(base_draws * (inputs + 2)) * n *
             static_cast<double>(s.table.criteria.size()) *
             (s.options.method == Method::electre3 ? n : 1.0) >
         most_steps;
}

/// Margins of copy 0, copy 1, and copy 0 with one input of copy 1 (draws x inputs).
struct Margins {
  std::vector<double> a, b, mixed;
};

void keep_indices(const Margins& m, const Inputs& inputs, Explanation& out) {
  const std::size_t k = inputs.count();
  double mean = 0.0, variance = 0.0;
  for (std::size_t d = 0; d < base_draws; ++d) mean += 0.5 * (m.a[d] + m.b[d]) / base_draws;
  for (std::size_t d = 0; d < base_draws; ++d)
    variance += ((m.a[d] - mean) * (m.a[d] - mean) + (m.b[d] - mean) * (m.b[d] - mean)) /
                (2.0 * base_draws);
  out.margin_deviation = std::sqrt(variance);
  if (!(variance > 0.0)) return;
  for (std::size_t i = 0; i < k; ++i) {
    double first = 0.0, total = 0.0;
    for (std::size_t d = 0; d < base_draws; ++d) {
      const double change = m.mixed[d * k + i] - m.a[d];
      first += (m.b[d] - mean) * change / base_draws;
      total += 0.5 * change * change / base_draws;
    }
    SobolIndex& index =
        i < inputs.criteria.size() ? out.sobol[inputs.criteria[i]] : out.sobol_weights;
    index = {first / variance, total / variance};
  }
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
  const Setting s = stands_alone(whole) ? alone(whole) : whole;
  const Inputs inputs = inputs_of(whole, work, sampler.varies());
  const std::size_t k = inputs.count();
  if (k == 0) return;
  if (takes_too_long(s, k)) {
    out.ranking.findings.add("ranking.no_sobol", Severity::note, out.a + ", " + out.b,
                             "Sobol indices over so many sites take too long");
    return;
  }
  const Sampler draws(s, whole, work, options, sampler);
  Margins margins{std::vector<double>(base_draws), std::vector<double>(base_draws),
                  std::vector<double>(base_draws * k)};
  parallel_blocks(
      base_draws, 32, options.draws.jobs,
      [&](std::size_t from, std::size_t to, std::size_t) {
        for (std::size_t d = from; d < to; ++d) {
          margins.a[d] = draws.margin(d, inputs, 0, k, 0);
          margins.b[d] = draws.margin(d, inputs, 1, k, 1);
          for (std::size_t i = 0; i < k; ++i)
            margins.mixed[d * k + i] = draws.margin(d, inputs, 0, i, 1);
        }
      },
      progress);
  keep_indices(margins, inputs, out);
}

}  // namespace lode::ranking_work
