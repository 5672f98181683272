#include "libgeo/ranking/uncertainty.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/ranking/data_draws.h"
#include "libgeo/ranking/draw_kernels.h"
#include "libgeo/ranking/order.h"
#include "libgeo/ranking/tally.h"
#include "libgeo/ranking/weight_sampler.h"

namespace lode {

namespace {

constexpr std::size_t many_sites = 250000;  // above, fewer draws are held at once
constexpr std::size_t strip = 256;          // sites whose columns stay in cache from draw to draw
constexpr double confidence_cost = 4e8;     // site scores: about a second

std::vector<std::string> names_of(const std::vector<Criterion>& criteria) {
  std::vector<std::string> names;
  for (const auto& c : criteria) names.push_back(c.name);
  return names;
}

/// Merits of every site for several draws, whichever way is quickest for the method and data.
class MeritDraws {
 public:
  MeritDraws(const PreparedMethod& prepared, const DataSampler& data)
      : prepared_(prepared),
        data_(data),
        streams_(data.varies() && StreamedMerits::possible(prepared)) {
    if (prepared.options.jobs == 1 || !(data.varies() || many_pairs())) return;
    // The loops around run on threads already.
    alone_ = std::make_unique<PreparedMethod>(prepared);
    alone_->options.jobs = 1;
  }

  struct Scratch {
    std::vector<double> columns, u, squares;
    std::unique_ptr<StreamedMerits> streamed;
  };

  /// Draws [first, first + count) of the data, each with its own weights; sites by draw.
  void operator()(std::size_t first, std::size_t count, const double* weights, double* merit,
                  Scratch& scratch, const Progress& progress) const {
    if (!data_.varies())
      under_weights(single(), count, weights, merit, scratch, progress);
    else if (streams_)
      streamed(first, count, weights, merit, scratch, progress);
    else
      for (std::size_t d = 0; d < count; ++d)  // every site has a say in every score
        under_weights(drawn(first + d, scratch, progress), 1, weights + d * criteria(),
                      merit + d * sites(), scratch, progress);
  }

  /// The method with draw d of the data.
  PreparedMethod drawn(std::size_t d, Scratch& scratch, const Progress& progress) const {
    const std::size_t n = sites(), m = criteria();
    scratch.columns.resize(n * m);
    scratch.u.resize(n);
    for (std::size_t j = 0; j < m; ++j) {
      progress.check();
      data_.column(d, j, 0, n, scratch.u.data(), scratch.columns.data() + j * n);
    }
    return prepare_method(prepared_.criteria, scratch.columns, n, single().options);
  }

  /// Several sets of weights on the same data.
  static void under_weights(const PreparedMethod& p, std::size_t count, const double* weights,
                            double* merit, Scratch& scratch, const Progress& progress);
  const PreparedMethod& single() const { return alone_ ? *alone_ : prepared_; }

 private:
  std::size_t sites() const { return prepared_.sites; }
  std::size_t criteria() const { return prepared_.criteria.size(); }
  bool many_pairs() const {
    return prepared_.options.method == Method::electre3 ||
           prepared_.options.method == Method::electre_tri;
  }
  void streamed(std::size_t first, std::size_t count, const double* weights, double* merit,
                Scratch& scratch, const Progress& progress) const {
    const std::size_t n = sites();
    if (!scratch.streamed) scratch.streamed = std::make_unique<StreamedMerits>(prepared_);
    for (std::size_t from = 0; from < n; from += StreamedMerits::most_sites) {
      const std::size_t to = std::min(n, from + StreamedMerits::most_sites);
      if (from % (16 * StreamedMerits::most_sites) == 0) progress.check();
      for (std::size_t d = 0; d < count; ++d)
        scratch.streamed->merits(data_, first + d, from, to, weights + d * criteria(),
                                 merit + d * n + from);
    }
  }

  const PreparedMethod& prepared_;
  const DataSampler& data_;
  bool streams_;
  std::unique_ptr<PreparedMethod> alone_;
};

void MeritDraws::under_weights(const PreparedMethod& p, std::size_t count, const double* weights,
                               double* merit, Scratch& scratch, const Progress& progress) {
  const std::size_t n = p.sites, m = p.criteria.size();
  const auto& kernels = draw_kernels::kernels();
  const Method method = p.options.method;
  const bool distance = method == Method::topsis;
  const double* columns = method == Method::wsm          ? p.norm.merit.data()
                          : method == Method::promethee2 ? p.raw.data()
                          : method == Method::spotis     ? p.toward.data()
                                                         : nullptr;
  if (columns == nullptr && !distance) {
    for (std::size_t d = 0; d < count; ++d) {
      progress.check();
      lode::merits(p, weights + d * m, merit + d * n);
    }
    return;
  }
  scratch.squares.resize(count * m);
  for (std::size_t k = 0; k < count * m; ++k) scratch.squares[k] = weights[k] * weights[k];
  for (std::size_t from = 0; from < n; from += strip) {
    const std::size_t to = std::min(n, from + strip);
    if (from % (64 * strip) == 0) progress.check();
    if (distance)
      kernels.closeness(p.toward.data(), p.away.data(), n, m, scratch.squares.data(), count, from,
                        to, merit, n);
    else
      kernels.weighted(columns, n, m, weights, count, from, to, merit, n);
  }
  if (method == Method::spotis)  // a distance
    for (std::size_t k = 0; k < count * n; ++k) merit[k] = -merit[k];
}

/// What a task needs again and again.
struct TaskScratch {
  std::vector<double> merit;
  MeritDraws::Scratch merits;
  OrderScratch order;
};

/// Scratch space handed from task to task, so that its pages are asked for once a thread.
class ScratchPool {
 public:
  std::unique_ptr<TaskScratch> take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (free_.empty()) return std::make_unique<TaskScratch>();
    auto one = std::move(free_.back());
    free_.pop_back();
    return one;
  }
  void give(std::unique_ptr<TaskScratch> one) {
    const std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(std::move(one));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<TaskScratch>> free_;
};

/// One batch of draws after the other: what is not a count leaves memory with its batch.
class Draws {
 public:
  Draws(const PreparedMethod& prepared, const DrawInputs& inputs, const WeightDraws& weights,
        const DrawOptions& options)
      : options_(options),
        weights_(weights, options, names_of(prepared.criteria)),
        data_(prepared, inputs, options),
        merits_(prepared, data_),
        n_(prepared.sites),
        m_(prepared.criteria.size()),
        draws_(weights_.varies() || data_.varies() ? options.draws : 1),
        replicates_(draws_ == 1 ? 1 : replicates_of(options)),
        kept_(std::min(n_, options.kept_ranks > 0 ? options.kept_ranks
                           : n_ <= 200            ? n_
                                                  : 20)),
        together_(n_ > many_sites ? 4 : 8),
        batch_(std::min(draws_, std::size_t{n_ > many_sites ? 64u : 256u})),
        tally_(n_, draws_, kept_) {
    if (tally_.exact())
      ranks_.resize(batch_ * n_);
    else
      bins_.resize(batch_ * n_);
    batch_weights_.resize(batch_ * m_);
    leading_.resize(batch_);
    regret_parts_.resize((batch_ + together_ - 1) / together_);
    regret_.assign(n_, 0.0);
    central_.assign(n_ * m_, 0.0);
    first_by_replicate_.assign(n_ * replicates_, 0);
    if (n_ <= options.pairwise_sites && tally_.exact()) pairwise_.assign(n_ * n_, 0.0);
    pair_wins_.assign(options.pairs.size(), 0.0);
    pair_ties_.assign(options.pairs.size(), 0.0);
    batch_wins_.assign(batch_ * options.pairs.size(), 0.0);
  }

  void run(const Progress& progress) {
    std::atomic<std::size_t> done{0};
    for (std::size_t from = 0; from < draws_; from += batch_) {
      const std::size_t count = std::min(batch_, draws_ - from);
      parallel_blocks(count, together_, options_.jobs,
                      [&](std::size_t b, std::size_t e, std::size_t task) {
                        rank_some(from, b, e, task, progress);
                        const std::size_t so_far = done += e - b;
                        progress.update(static_cast<double>(so_far) / static_cast<double>(draws_),
                                        "ranking under uncertainty");
                      });
      parallel_blocks(n_, 1024, options_.jobs, [&](std::size_t b, std::size_t e, std::size_t) {
        progress.check();
        count_some(from, count, b, e);
      });
      gather(from, count);
    }
  }

  RankUncertainty result() const;

 private:
  /// Draws [begin, end) of the batch: weights, data, merits, ranks.
  void rank_some(std::size_t from, std::size_t begin, std::size_t end, std::size_t task,
                 const Progress& progress) {
    auto own = pool_.take();
    own->merit.resize(together_ * n_);
    for (std::size_t b = begin; b < end; ++b)
      weights_.draw(from + b, batch_weights_.data() + b * m_);
    merits_(from + begin, end - begin, batch_weights_.data() + begin * m_, own->merit.data(),
            own->merits, progress);
    auto& regret = regret_parts_[task];
    regret.assign(n_, 0.0);
    for (std::size_t b = begin; b < end; ++b) {
      const double* merit = own->merit.data() + (b - begin) * n_;
      progress.check();
      if (tally_.exact())
        exact_ranks(merit, n_, std::max<std::size_t>(kept_, 1), ranks_.data() + b * n_, leading_[b],
                    own->order);
      else
        binned_ranks(merit, n_, tally_.bin_width(), kept_, bins_.data() + b * n_, leading_[b],
                     own->order);
      draw_kernels::kernels().add_regret(merit, n_, merit[leading_[b].front().site], regret.data());
      for (std::size_t k = 0; k < options_.pairs.size(); ++k) {
        const double a = merit[options_.pairs[k].first], other = merit[options_.pairs[k].second];
        batch_wins_[b * options_.pairs.size() + k] = a > other ? 1.0 : a == other ? 0.5 : 0.0;
      }
    }
    pool_.give(std::move(own));
  }

  /// Sites [begin, end): one thread a site, so counts need no lock and add in the order of draws.
  void count_some(std::size_t from, std::size_t count, std::size_t begin, std::size_t end) {
    if (tally_.exact())
      tally_.add_exact(ranks_.data(), from, count, begin, end);
    else
      tally_.add_bins(bins_.data(), count, begin, end);
    for (std::size_t task = 0; task * together_ < count; ++task)
      for (std::size_t i = begin; i < end; ++i) regret_[i] += regret_parts_[task][i];
    if (pairwise_.empty()) return;
    for (std::size_t b = 0; b < count; ++b) {
      const std::uint16_t* ranks = ranks_.data() + b * n_;
      for (std::size_t i = begin; i < end; ++i)
        for (std::size_t k = 0; k < n_; ++k)
          pairwise_[i * n_ + k] += ranks[i] < ranks[k] ? 1.0 : ranks[i] == ranks[k] ? 0.5 : 0.0;
    }
  }

  /// Few numbers a draw, added in the order of draws.
  void gather(std::size_t from, std::size_t count) {
    for (std::size_t b = 0; b < count; ++b) {
      tally_.add_leading(leading_[b]);
      for (const auto& [i, rank] : leading_[b]) {
        if (rank > 1) break;
        ++first_by_replicate_[i * replicates_ + (from + b) % replicates_];
        for (std::size_t j = 0; j < m_; ++j) central_[i * m_ + j] += batch_weights_[b * m_ + j];
      }
      for (std::size_t k = 0; k < options_.pairs.size(); ++k) {
        const double won = batch_wins_[b * options_.pairs.size() + k];
        pair_wins_[k] += won;
        pair_ties_[k] += won == 0.5 ? 1.0 : 0.0;
      }
    }
  }

  double design_effect() const;
  void fill_shares(RankUncertainty& out) const;

  const DrawOptions& options_;
  WeightSampler weights_;
  DataSampler data_;
  MeritDraws merits_;
  std::size_t n_, m_, draws_, replicates_, kept_, together_, batch_;
  RankTally tally_;
  ScratchPool pool_;
  std::vector<std::uint16_t> ranks_;
  std::vector<std::uint8_t> bins_;
  std::vector<double> batch_weights_;
  std::vector<std::vector<LeadingRank>> leading_;
  std::vector<std::vector<double>> regret_parts_;
  std::vector<double> central_, regret_, pairwise_, pair_wins_, pair_ties_, batch_wins_;
  std::vector<std::uint32_t> first_by_replicate_;
};

/// Variance of the first-rank shares between replicates over that of independent draws. Eight
/// replicates tell little of one site, so all sites are taken together.
double Draws::design_effect() const {
  if (draws_ == 1 || replicates_ == 1) return 1.0;
  const double r = static_cast<double>(replicates_);
  Sum between, binomial;
  for (std::size_t i = 0; i < n_; ++i) {
    const double p = tally_.leading(i, 1) / static_cast<double>(draws_);
    if (!(p > 0.0 && p < 1.0)) continue;
    double sum = 0.0, squares = 0.0;
    for (std::size_t k = 0; k < replicates_; ++k) {
      // Draws are dealt in turn: replicate k has those with draw % replicates = k.
      const auto dealt = (draws_ + replicates_ - 1 - k) / replicates_;
      const double share = first_by_replicate_[i * replicates_ + k] / static_cast<double>(dealt);
      sum += share;
      squares += share * share;
    }
    const double mean = sum / r;
    between += std::max(0.0, squares / r - mean * mean) / (r - 1.0);
    binomial += p * (1.0 - p) / static_cast<double>(draws_);
  }
  return binomial.value() > 0.0 ? between.value() / binomial.value() : 1.0;
}

void Draws::fill_shares(RankUncertainty& out) const {
  const double total = static_cast<double>(draws_);
  out.acceptability.resize(n_ * kept_);
  out.central.assign(n_ * m_, not_stated);
  // Rank-order centroid weights of the kept ranks.
  std::vector<double> meta(kept_, 0.0);
  double tail = 0.0;
  for (std::size_t r = kept_; r-- > 0;) {
    tail += 1.0 / static_cast<double>(r + 1);
    meta[r] = tail / static_cast<double>(kept_);
  }
  const double effect = design_effect();
  for (std::size_t i = 0; i < n_; ++i) {
    double holistic = 0.0;
    for (std::size_t r = 0; r < kept_; ++r) {
      out.acceptability[i * kept_ + r] = tally_.leading(i, r + 1) / total;
      holistic += meta[r] * out.acceptability[i * kept_ + r];
    }
    out.holistic.push_back(holistic);
    const double wins = tally_.leading(i, 1);
    out.first.push_back(wins / total);
    const double share = wins / total;
    out.first_error.push_back(
        draws_ == 1 ? 0.0 : std::sqrt(effect * std::max(0.0, share * (1.0 - share)) / total));
    if (wins > 0.0)
      for (std::size_t j = 0; j < m_; ++j) out.central[i * m_ + j] = central_[i * m_ + j] / wins;
  }
  out.standard_error = *std::max_element(out.first_error.begin(), out.first_error.end());
}

RankUncertainty Draws::result() const {
  RankUncertainty out;
  const double total = static_cast<double>(draws_);
  out.draws = options_.draws;
  out.bin_width = tally_.bin_width();
  out.kept = kept_;
  out.p05.resize(n_);
  out.p50.resize(n_);
  out.p95.resize(n_);
  out.rank_entropy.resize(n_);
  parallel_blocks(n_, 256, options_.jobs, [&](std::size_t from, std::size_t to, std::size_t) {
    for (std::size_t i = from; i < to; ++i) {
      const auto summary = tally_.summary(i);
      out.p05[i] = summary.p05;
      out.p50[i] = summary.p50;
      out.p95[i] = summary.p95;
      out.rank_entropy[i] = summary.entropy;
    }
  });
  fill_shares(out);
  out.regret = regret_;
  for (auto& regret : out.regret) regret /= total;
  out.pairwise = pairwise_;
  for (auto& share : out.pairwise) share /= total;
  out.pair_wins = pair_wins_;
  for (auto& share : out.pair_wins) share /= total;
  out.pair_ties = pair_ties_;
  for (auto& share : out.pair_ties) share /= total;
  out.findings.add(weights_.findings());
  out.findings.add(data_.findings());
  return out;
}

void check_shapes(const PreparedMethod& prepared, const DrawInputs& inputs) {
  const std::size_t cells = prepared.sites * prepared.criteria.size();
  const auto fits = [&](std::size_t size) { return size == 0 || size == cells; };
  if (inputs.ids.size() != prepared.sites || inputs.columns.size() != cells ||
      !fits(inputs.low.size()) || !fits(inputs.high.size()) || !fits(inputs.anywhere.size()))
    throw Error("ranking.shape", "ids, columns and weights do not fit the prepared method");
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
  check_shapes(prepared, inputs);
  if (weights.base.size() != prepared.criteria.size())
    throw Error("ranking.shape", "ids, columns and weights do not fit the prepared method");
  Draws draws(prepared, inputs, weights, options);
  draws.run(progress);
  return draws.result();
}

std::vector<double> confidence_factors(const PreparedMethod& prepared, const DrawInputs& inputs,
                                       const RankUncertainty& found, const DrawOptions& options,
                                       const Progress& progress) {
  const std::size_t n = prepared.sites, m = prepared.criteria.size();
  check_shapes(prepared, inputs);
  std::vector<double> confidence(n, not_stated);
  std::vector<std::size_t> winners;
  for (std::size_t i = 0; i < n; ++i)
    if (!std::isnan(found.central[i * m])) winners.push_back(i);
  const DataSampler data(prepared, inputs, options);
  const MeritDraws merits(prepared, data);
  const bool pairs = prepared.options.method == Method::electre3;
  const double cost = static_cast<double>(n) * static_cast<double>(winners.size()) *
                      (pairs ? static_cast<double>(n) : 1.0);
  std::size_t draws = data.varies() ? std::min<std::size_t>(options.draws, 1000) : 1;
  const double affordable = confidence_cost / cost;
  if (affordable < static_cast<double>(std::min<std::size_t>(draws, 100))) return confidence;
  if (affordable < static_cast<double>(draws)) draws = static_cast<std::size_t>(affordable);

  constexpr std::size_t together = 8;  // winners whose merits are held at once
  std::vector<char> first(draws * winners.size(), 0);
  const auto try_some = [&](const PreparedMethod& p, std::size_t d, std::size_t from,
                            std::size_t to) {
    MeritDraws::Scratch scratch;
    std::vector<double> weights((to - from) * m), merit((to - from) * n);
    for (std::size_t k = 0; k < to - from; ++k)
      std::copy_n(found.central.begin() + static_cast<std::ptrdiff_t>(winners[from + k] * m), m,
                  weights.begin() + static_cast<std::ptrdiff_t>(k * m));
    MeritDraws::under_weights(p, to - from, weights.data(), merit.data(), scratch, progress);
    for (std::size_t k = 0; k < to - from; ++k) {
      const double* own = merit.data() + k * n;
      first[d * winners.size() + from + k] =
          own[winners[from + k]] >= *std::max_element(own, own + n) ? 1 : 0;
    }
  };
  if (data.varies()) {
    std::atomic<std::size_t> done{0};
    parallel_blocks(draws, 1, options.jobs, [&](std::size_t d, std::size_t, std::size_t) {
      MeritDraws::Scratch scratch;
      const PreparedMethod drawn = merits.drawn(d, scratch, progress);
      for (std::size_t from = 0; from < winners.size(); from += together)
        try_some(drawn, d, from, std::min(winners.size(), from + together));
      progress.update(static_cast<double>(++done) / static_cast<double>(draws),
                      "confidence factors");
    });
  } else {
    parallel_blocks(
        winners.size(), together, options.jobs,
        [&](std::size_t from, std::size_t to, std::size_t) {
          try_some(merits.single(), 0, from, to);
        },
        progress);
  }
  for (std::size_t w = 0; w < winners.size(); ++w) {
    std::size_t wins = 0;
    for (std::size_t d = 0; d < draws; ++d) wins += first[d * winners.size() + w] != 0 ? 1 : 0;
    confidence[winners[w]] = static_cast<double>(wins) / static_cast<double>(draws);
  }
  return confidence;
}

}  // namespace lode
