#include "libgeo/ranking/uncertainty.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/ranking/order.h"
#include "libgeo/ranking/tally.h"
#include "libgeo/ranking/weight_sampler.h"

namespace lode {

namespace {

/// FNV-1a: a site's id names its random stream, so other sites do not disturb its draws.
std::uint64_t stream_of(const std::string& id) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash | (std::uint64_t{1} << 63);  // apart from the streams of the weights
}

/// Values of one draw. Criteria of one spread group share a site's random number.
class DataSampler {
 public:
  DataSampler(const PreparedMethod& prepared, const DrawInputs& inputs, const DrawOptions& options)
      : prepared_(prepared), inputs_(inputs), options_(options) {
    std::map<std::string, std::size_t> groups;
    for (const auto& c : prepared.criteria) {
      const std::string key =
          c.spread_group.empty() ? "criterion " + c.name : "group " + c.spread_group;
      group_.push_back(groups.emplace(key, groups.size()).first->second);
    }
    for (const auto& id : inputs.ids) stream_.push_back(stream_of(id));
  }

  [[nodiscard]] bool varies() const {
    const auto any = [](const std::vector<double>& v) {
      return std::any_of(v.begin(), v.end(), [](double x) { return !std::isnan(x); });
    };
    return any(inputs_.low) || any(inputs_.high) || !inputs_.cell_draws.empty();
  }

  void draw(std::size_t d, std::vector<double>& columns) const {
    const std::size_t n = prepared_.sites, m = prepared_.criteria.size();
    columns = inputs_.columns;
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t k = j * n + i;
        const double low = inputs_.low.empty() ? not_stated : inputs_.low[k];
        const double high = inputs_.high.empty() ? not_stated : inputs_.high[k];
        if (std::isnan(low) && std::isnan(high)) continue;
        const double u = Random{options_.seed, stream_[i]}.uniform(d * m + group_[j]);
        const bool anywhere = !inputs_.anywhere.empty() && inputs_.anywhere[k] != 0;
        columns[k] =
            sample_value(low, columns[k], high, u, anywhere ? Spread::uniform : options_.spread,
                         prepared_.criteria[j].scale == Scale::log);
      }
    for (const auto& cell : inputs_.cell_draws)
      columns[cell.criterion * n + cell.site] = cell.values[d % cell.values.size()];
  }

 private:
  const PreparedMethod& prepared_;
  const DrawInputs& inputs_;
  const DrawOptions& options_;
  std::vector<std::size_t> group_;
  std::vector<std::uint64_t> stream_;
};

constexpr std::size_t batch_draws = 64;
constexpr std::size_t together = 8;  // draws of one task

/// One batch of draws: everything that is not a count leaves memory with it.
class Draws {
 public:
  Draws(const PreparedMethod& prepared, const DrawInputs& inputs, const WeightDraws& weights,
        const DrawOptions& options)
      : prepared_(prepared),
        options_(options),
        weights_(weights, options),
        data_(prepared, inputs, options),
        n_(prepared.sites),
        m_(prepared.criteria.size()),
        draws_(weights_.varies() || data_.varies() ? options.draws : 1),
        replicates_(draws_ == 1 ? 1 : replicates_of(options)),
        kept_(std::min(n_, options.kept_ranks > 0 ? options.kept_ranks
                           : n_ <= 200            ? n_
                                                  : 20)),
        tally_(n_, draws_, kept_) {
    const std::size_t rows = std::min(batch_draws, draws_);
    ranks_.resize(rows * n_);
    batch_weights_.resize(rows * m_);
    first_.resize(rows);
    central_.assign(n_ * m_, 0.0);
    first_by_replicate_.assign(n_ * replicates_, 0);
    keep_merits_ = n_ <= RankTally::exact_sites;
    if (keep_merits_) merits_.resize(rows * n_), regret_.assign(n_, 0.0);
    if (n_ <= options.pairwise_sites) pairwise_.assign(n_ * n_, 0.0);
    pair_wins_.assign(options.pairs.size(), 0.0);
    batch_wins_.assign(rows * options.pairs.size(), 0.0);
  }

  void run(const Progress& progress) {
    for (std::size_t from = 0; from < draws_; from += batch_draws) {
      const std::size_t count = std::min(batch_draws, draws_ - from);
      progress.update(static_cast<double>(from) / static_cast<double>(draws_),
                      "ranking under uncertainty");
      parallel_blocks(
          count, together, options_.jobs,
          [&](std::size_t b, std::size_t e, std::size_t) { rank_some(from, b, e, progress); });
      parallel_blocks(n_, 256, options_.jobs, [&](std::size_t b, std::size_t e, std::size_t) {
        count_some(from, count, b, e);
      });
      gather(from, count);
    }
  }

  RankUncertainty result() const;

 private:
  /// Draws [begin, end) of the batch: weights, data, merits, ranks.
  void rank_some(std::size_t from, std::size_t begin, std::size_t end, const Progress& progress) {
    std::vector<double> merit((end - begin) * n_), columns;
    OrderScratch scratch;
    std::vector<std::uint32_t> order(tally_.bin_width() == 1 ? n_ : 0);
    for (std::size_t b = begin; b < end; ++b)
      weights_.draw(from + b, batch_weights_.data() + b * m_);
    progress.check();
    if (!data_.varies())
      lode::merits(prepared_, batch_weights_.data() + begin * m_, end - begin, merit.data());
    for (std::size_t b = begin; b < end; ++b) {
      double* own = merit.data() + (b - begin) * n_;
      if (data_.varies()) {
        progress.check();
        data_.draw(from + b, columns);
        lode::merits(prepare_method(prepared_.criteria, columns, n_, prepared_.options),
                     batch_weights_.data() + b * m_, own);
      }
      if (tally_.bin_width() > 1)
        binned_ranks(own, n_, tally_.bin_width(), kept_, ranks_.data() + b * n_, first_[b],
                     scratch);
      else
        exact_ranks(own, order, ranks_.data() + b * n_, first_[b], scratch);
      for (std::size_t k = 0; k < options_.pairs.size(); ++k) {
        const double a = own[options_.pairs[k].first], other = own[options_.pairs[k].second];
        batch_wins_[b * options_.pairs.size() + k] = a > other ? 1.0 : a == other ? 0.5 : 0.0;
      }
      if (keep_merits_)
        std::copy(own, own + n_, merits_.begin() + static_cast<std::ptrdiff_t>(b * n_));
    }
  }

  void exact_ranks(const double* merit, std::vector<std::uint32_t>& order, std::uint32_t* ranks,
                   std::vector<std::uint32_t>& first, OrderScratch& scratch) const {
    descending_order(merit, n_, order.data(), scratch);
    std::uint32_t group = 0;
    first.clear();
    for (std::uint32_t k = 0; k < n_; ++k) {
      if (merit[order[k]] != merit[order[group]]) group = k;
      ranks[order[k]] = group + 1;
      if (group == 0) first.push_back(order[k]);
    }
  }

  /// Sites [begin, end): one thread a site, so counts need no lock and add in the order of draws.
  void count_some(std::size_t from, std::size_t count, std::size_t begin, std::size_t end) {
    for (std::size_t b = 0; b < count; ++b) {
      const std::uint32_t* ranks = ranks_.data() + b * n_;
      for (std::size_t i = begin; i < end; ++i) tally_.add(i, from + b, ranks[i]);
    }
    if (keep_merits_)
      for (std::size_t b = 0; b < count; ++b) {
        const double* merit = merits_.data() + b * n_;
        const double best = merit[first_[b].front()];
        for (std::size_t i = begin; i < end; ++i) regret_[i] += best - merit[i];
      }
    if (pairwise_.empty()) return;
    for (std::size_t b = 0; b < count; ++b) {
      const std::uint32_t* ranks = ranks_.data() + b * n_;
      for (std::size_t i = begin; i < end; ++i)
        for (std::size_t k = 0; k < n_; ++k)
          pairwise_[i * n_ + k] += ranks[i] < ranks[k] ? 1.0 : ranks[i] == ranks[k] ? 0.5 : 0.0;
    }
  }

  /// Few numbers a draw, added in the order of draws.
  void gather(std::size_t from, std::size_t count) {
    for (std::size_t b = 0; b < count; ++b) {
      for (const auto i : first_[b]) {
        ++first_by_replicate_[i * replicates_ + (from + b) % replicates_];
        for (std::size_t j = 0; j < m_; ++j) central_[i * m_ + j] += batch_weights_[b * m_ + j];
      }
      for (std::size_t k = 0; k < options_.pairs.size(); ++k)
        pair_wins_[k] += batch_wins_[b * options_.pairs.size() + k];
    }
  }

  double standard_error() const;

  const PreparedMethod& prepared_;
  const DrawOptions& options_;
  WeightSampler weights_;
  DataSampler data_;
  std::size_t n_, m_, draws_, replicates_, kept_;
  RankTally tally_;
  bool keep_merits_ = true;
  std::vector<std::uint32_t> ranks_;
  std::vector<double> batch_weights_, merits_;
  std::vector<std::vector<std::uint32_t>> first_;
  std::vector<double> central_, regret_, pairwise_, pair_wins_, batch_wins_;
  std::vector<std::uint32_t> first_by_replicate_;
};

/// Largest standard error of a first-rank share: from the spread between replicates, or binomial.
double Draws::standard_error() const {
  double worst = 0.0;
  const double per = static_cast<double>(draws_) / static_cast<double>(replicates_);
  const double r = static_cast<double>(replicates_);
  for (std::size_t i = 0; i < n_; ++i) {
    double sum = 0.0, squares = 0.0;
    for (std::size_t k = 0; k < replicates_; ++k) {
      const double share = first_by_replicate_[i * replicates_ + k] / per;
      sum += share;
      squares += share * share;
    }
    const double mean = sum / r;
    const double variance = replicates_ > 1 ? std::max(0.0, squares / r - mean * mean) / (r - 1.0)
                                            : std::max(0.0, mean * (1.0 - mean)) / per;
    worst = std::max(worst, std::sqrt(variance));
  }
  return draws_ == 1 ? 0.0 : worst;
}

RankUncertainty Draws::result() const {
  RankUncertainty out;
  const double total = static_cast<double>(draws_);
  out.draws = options_.draws;
  out.bin_width = tally_.bin_width();
  out.kept = kept_;
  out.acceptability.resize(n_ * kept_);
  out.central.assign(n_ * m_, not_stated);
  for (std::size_t i = 0; i < n_; ++i) {
    const auto q = tally_.quantiles(i);
    out.p05.push_back(q.p05);
    out.p50.push_back(q.p50);
    out.p95.push_back(q.p95);
    for (std::size_t r = 0; r < kept_; ++r)
      out.acceptability[i * kept_ + r] = tally_.leading(i, r + 1) / total;
    const double wins = tally_.leading(i, 1);
    out.first.push_back(wins / total);
    if (wins > 0.0)
      for (std::size_t j = 0; j < m_; ++j) out.central[i * m_ + j] = central_[i * m_ + j] / wins;
  }
  out.regret = regret_;
  for (auto& regret : out.regret) regret /= total;
  out.pairwise = pairwise_;
  for (auto& share : out.pairwise) share /= total;
  out.pair_wins = pair_wins_;
  for (auto& share : out.pair_wins) share /= total;
  out.standard_error = standard_error();
  return out;
}

}  // namespace

void check_draw_cost(Method method, std::size_t sites, std::size_t draws) {
  const double pairs = static_cast<double>(sites) * static_cast<double>(sites);
  if (method == Method::electre3 && pairs * static_cast<double>(draws) > 2e10)
    throw Error("ranking.too_large", "ELECTRE III over so many pairs and draws would take hours",
                "draws", "Use fewer draws, screen first, or use promethee2.");
}

RankUncertainty rank_draws(const PreparedMethod& prepared, const DrawInputs& inputs,
                           const WeightDraws& weights, const DrawOptions& options,
                           const Progress& progress) {
  check_draw_cost(prepared.options.method, prepared.sites, options.draws);
  if (options.draws == 0)
    throw Error("ranking.option", "draws = 0: at least one draw is needed", "draws");
  if (inputs.ids.size() != prepared.sites ||
      inputs.columns.size() != prepared.sites * prepared.criteria.size() ||
      weights.base.size() != prepared.criteria.size())
    throw Error("ranking.shape", "ids, columns and weights do not fit the prepared method");
  // The inner loops run on `options.jobs` threads already.
  PreparedMethod single = prepared;
  single.options.jobs = 1;
  Draws draws(single, inputs, weights, options);
  draws.run(progress);
  return draws.result();
}

}  // namespace lode
