#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/ranking/sobol.h"
#include "libgeo/ranking/weight_sampler.h"

namespace lode {

namespace {

constexpr std::uint64_t weight_stream = 1;
constexpr std::uint64_t retry_stream = 2;
constexpr std::uint64_t trial_stream = 3;
constexpr std::size_t tries = 10000;
constexpr std::size_t trials = 4096;
constexpr std::size_t enough = 16;

void scale_to_one(double* w, std::size_t m) {
  double sum = 0.0;
  for (std::size_t j = 0; j < m; ++j) sum += w[j];
  for (std::size_t j = 0; j < m; ++j) w[j] /= sum;
}

}  // namespace

std::size_t replicates_of(const DrawOptions& options) {
  return options.draws >= 80 ? 8 : 1;
}

WeightSampler::WeightSampler(const WeightDraws& weights, const DrawOptions& options,
                             const std::vector<std::string>& names)
    : weights_(weights), seed_(options.seed), replicates_(replicates_of(options)) {
  const std::size_t m = weights.base.size();
  quasi_ = options.quasi_random && m <= sobol_dimensions;
  if (!(weights.spread >= 0.0 && weights.spread <= 1.0))
    throw Error("ranking.option",
                "weight spread = " + number_text(weights.spread) + " is not from 0 to 1",
                "weight spread");
  if (!weights.limits.empty() && weights.limits.size() != m)
    throw Error("ranking.option", "there is not one pair of limits a criterion", "weight limits");
  order_.resize(m);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(),
                   [&](std::size_t a, std::size_t b) { return weights.base[a] > weights.base[b]; });
  const bool limited = !weights.limits.empty() || !weights.ratios.empty();
  if (limited && varies()) look_at_limits(names);
}

/// Whether rejection will do is decided by trial points that are the same for every seed.
void WeightSampler::look_at_limits(const std::vector<std::string>& names) {
  const std::size_t m = weights_.base.size();
  const auto name = [&](std::size_t j) {
    return j < names.size() ? names[j] : "criterion " + std::to_string(j + 1);
  };
  const auto check = [](const std::string& what, double low, double high, double most) {
    if (low >= 0.0 && low <= high && low <= most) return;
    throw Error("ranking.weight_limits",
                number_text(low) + " to " + number_text(high) +
                    " is no range of a weight or of a ratio of two",
                what, "Give the smaller number first, from 0 up.");
  };
  for (std::size_t j = 0; j < weights_.limits.size(); ++j)
    check(name(j), weights_.limits[j].first, weights_.limits[j].second, 1.0);
  for (const auto& ratio : weights_.ratios) {
    if (ratio.numerator >= m || ratio.denominator >= m || ratio.numerator == ratio.denominator)
      throw Error("ranking.option", "a ratio of weights is of two different criteria",
                  "weight ratios");
    check(name(ratio.numerator) + "/" + name(ratio.denominator), ratio.low, ratio.high,
          std::numeric_limits<double>::max());
  }
  auto walk = std::make_unique<WeightWalk>(weights_, order_, names);
  const Random trial{0, trial_stream};
  std::vector<double> w(m);
  std::size_t accepted = 0;
  for (std::size_t k = 0; k < trials; ++k) {
    for (std::size_t j = 0; j < m; ++j) w[j] = trial.uniform(k * m + j);
    from_uniforms(w.data());
    if (fits(w.data())) ++accepted;
  }
  if (accepted >= enough) return;
  walk->round_off();
  walk_ = std::move(walk);
  findings_.add("ranking.weights_walked", Severity::note, "weight limits",
                std::to_string(accepted) + " of " + std::to_string(trials) +
                    " trial points fit the limits: weights are drawn by hit-and-run within them");
}

bool WeightSampler::varies() const {
  const bool drawn = weights_.scheme == WeightScheme::free ||
                     weights_.scheme == WeightScheme::ordered ||
                     (weights_.scheme == WeightScheme::uncertain && weights_.spread > 0.0);
  return drawn && weights_.base.size() > 1;
}

double WeightSampler::uniform(std::size_t draw, std::size_t j, std::size_t attempt) const {
  const std::size_t m = weights_.base.size();
  if (attempt > 0) return Random{seed_, retry_stream}.uniform((draw * tries + attempt) * m + j);
  if (!quasi_) return Random{seed_, weight_stream}.uniform(draw * m + j);
  // Each replicate is the same Sobol sequence under its own random digital shift: points stay
  // evenly spread, and the replicates' differences show the error.
  const auto replicate = draw % replicates_;
  const auto shift = static_cast<std::uint32_t>(
      Random{seed_, weight_stream}.bits(replicate * sobol_dimensions + j));
  const auto bits = sobol_bits(static_cast<std::uint32_t>(draw / replicates_), j) ^ shift;
  return (static_cast<double>(bits) + 0.5) * 0x1p-32;
}

/// One uniform number a criterion in, weights out.
void WeightSampler::from_uniforms(double* w) const {
  const std::size_t m = weights_.base.size();
  if (weights_.scheme == WeightScheme::uncertain) {
    for (std::size_t j = 0; j < m; ++j)
      w[j] = weights_.base[j] * (1.0 + weights_.spread * (2.0 * w[j] - 1.0));
    scale_to_one(w, m);
    return;
  }
  // Exponentials over their sum are uniform on the simplex (Dirichlet with all parameters 1).
  for (std::size_t j = 0; j < m; ++j) w[j] = -std::log(w[j]);
  scale_to_one(w, m);
  if (weights_.scheme != WeightScheme::ordered) return;
  std::vector<double> sorted(w, w + m);
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  for (std::size_t k = 0; k < m; ++k) w[order_[k]] = sorted[k];
}

bool WeightSampler::fits(const double* w) const {
  for (std::size_t j = 0; j < weights_.limits.size(); ++j)
    if (w[j] < weights_.limits[j].first || w[j] > weights_.limits[j].second) return false;
  for (const auto& ratio : weights_.ratios) {
    const double above = w[ratio.numerator], below = w[ratio.denominator];
    if (above < ratio.low * below) return false;
    if (ratio.high < std::numeric_limits<double>::infinity() && above > ratio.high * below)
      return false;
  }
  return true;
}

void WeightSampler::draw(std::size_t draw, double* w) const {
  if (!varies()) {
    std::copy(weights_.base.begin(), weights_.base.end(), w);
    return;
  }
  if (walk_) return walk_->draw(seed_, draw, w);
  const std::size_t m = weights_.base.size();
  for (std::size_t attempt = 0; attempt < tries; ++attempt) {
    for (std::size_t j = 0; j < m; ++j) w[j] = uniform(draw, j, attempt);
    from_uniforms(w);
    if (fits(w)) return;
  }
  // One in 1e16 draws at the least share that is left to rejection.
  throw Error("ranking.weight_limits", "no drawn weights keep within the limits", "weight limits",
              "Draw with another seed.");
}

std::vector<double> draw_weights(const WeightDraws& weights, const DrawOptions& options) {
  const WeightSampler sampler(weights, options);
  const std::size_t m = weights.base.size();
  std::vector<double> out(options.draws * m);
  parallel_blocks(options.draws, 1024, options.jobs,
                  [&](std::size_t from, std::size_t to, std::size_t) {
                    for (std::size_t d = from; d < to; ++d) sampler.draw(d, out.data() + d * m);
                  });
  return out;
}

}  // namespace lode
