#include "libgeo/estimation/kriging_work.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace lode::kriging {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

double square_between(const Place& a, const Place& b) {
  const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z;
}

// The middle of places, and how far the farthest corner of their box is from it.
double half_of(const std::vector<Place>& places, Place& centre) {
  Place low = places[0], high = low;
  for (const Place& at : places)
    for (std::size_t c = 0; c < 3; ++c) {
      low[c] = std::min(low[c], at[c]);
      high[c] = std::max(high[c], at[c]);
    }
  double half = 0.0;
  for (std::size_t c = 0; c < 3; ++c) {
    centre[c] = low[c] + (high[c] - low[c]) * 0.5;
    half += (high[c] - centre[c]) * (high[c] - centre[c]);
  }
  return std::sqrt(half);
}

}  // namespace

Worker::Worker(const Plan& plan, const TargetSource& targets, const SharedSystems& shared,
               const Progress& progress)
    : plan_(plan),
      targets_(targets),
      shared_(shared),
      progress_(progress),
      covariance_(&plan.covariance),
      metrics_(plan.metrics),
      candidates_(plan.metrics.size()) {
  const std::size_t width = plan.covariance.width();
  scaled_target_.resize(width);
  point_.resize(width);
  external_.resize(plan.external);
  std::uint32_t holes = 0;
  for (const std::uint32_t hole : plan.hole) holes = std::max(holes, hole + 1);
  hole_seen_.assign(holes, 0);
}

void Worker::group(std::size_t variables, const std::uint32_t* rows, std::size_t count, Slab& slab,
                   WeightRows* weights) {
  slab_ = &slab;
  weights_ = weights;
  variables_ = variables;
  const std::size_t domain = targets_.domain(slab.first + rows[0]);
  set_ = &plan_.sets[variables][domain];
  if (set_->sample.empty()) return;
  if (!plan_.options.local_angles.empty()) {
    const Angles& angles = plan_.options.local_angles[slab.first + rows[0]];
    turned_ = plan_.covariance.turned(angles);
    covariance_ = &turned_;
    support_size_ = {-1.0, -1.0, -1.0};
    for (std::size_t p = 0; p < metrics_.size(); ++p)
      metrics_[p] = metric_of(plan_.options.search.passes[p], angles);
  }
  pending_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    Job job;
    job.row = rows[i];
    job.place = targets_.place(slab.first + rows[i]);
    bool known = true;
    for (const auto& column : targets_.targets().drift)
      if (plan_.external > 0) known = known && std::isfinite(column[slab.first + rows[i]]);
    if (known)
      pending_.push_back(job);
    else
      slab.flags[rows[i]] |= flag_no_drift;
  }
  if (pending_.empty()) return;
  const SharedSystem* shared = shared_.empty() ? nullptr : &shared_[variables][domain];
  if (shared && shared->in_use) {
    krig_shared(pending_, shared->system);
    return;
  }
  chosen_.clear();
  found_.clear();
  for (std::size_t pass = 0; pass < metrics_.size() && !pending_.empty(); ++pass)
    search(pass, pending_);
  if (plan_.krigs()) {
    krig(found_);
  } else {
    for (const Job& job : found_) weigh_distances(job);
  }
}

std::size_t Worker::holes_among(const SampleSet::Pass& those, const Candidates& candidates) {
  ++hole_turn_;
  std::size_t holes = 0;
  for (const std::uint32_t local : picked_) {
    std::uint32_t& seen = hole_seen_[those.hole[candidates.position(local)]];
    holes += seen != hole_turn_ ? 1 : 0;
    seen = hole_turn_;
  }
  return holes;
}

void Worker::search(std::size_t pass, std::vector<Job>& pending) {
  const SampleSet::Pass& those = set_->passes[pass];
  const SearchPass& rules = plan_.options.search.passes[pass];
  Candidates::Source source;
  source.tree = &those.tree;
  source.sample = &those.sample;
  source.hole = those.hole.empty() ? nullptr : &those.hole;
  source.pass = &rules;
  source.metric = &metrics_[pass];
  source.turned = !plan_.options.local_angles.empty();
  source.unit = those.unit;
  source.excluding = !targets_.without_sample.empty();
  const auto in_tree = [&](Place place) {
    if (!source.turned) return source.metric->scale(place);
    for (double& part : place) part /= those.unit;
    return place;
  };
  std::vector<Place> places;
  for (const Job& job : pending) places.push_back(in_tree(job.place));
  Place centre;
  const double half = half_of(places, centre);
  Candidates& candidates = candidates_[pass];
  candidates.gather(source, centre, half);
  left_.clear();
  for (std::size_t i = 0; i < pending.size();) {
    Job& job = pending[i];
    const std::size_t target = slab_->first + job.row;
    Seeker seeker;
    seeker.place = source.metric->scale(job.place);
    if (source.excluding) {
      seeker.without_sample = targets_.without_sample[target];
      if (!targets_.without_hole.empty()) seeker.without_hole = targets_.without_hole[target];
    }
    auto answer = candidates.choose(seeker, picked_, job.tie);
    if (answer == Candidates::Answer::widen && candidates.widen()) continue;
    if (answer == Candidates::Answer::found && rules.min_holes > 0 &&
        holes_among(those, candidates) < rules.min_holes)
      answer = Candidates::Answer::too_few;
    if (answer == Candidates::Answer::found) {
      job.pass = static_cast<std::uint8_t>(std::min<std::size_t>(pass + 1, 255));
      job.first = chosen_.size();
      job.count = picked_.size();
      for (const std::uint32_t local : picked_) {
        const std::uint32_t position = candidates.position(local);
        chosen_.push_back(those.set_position.empty() ? position : those.set_position[position]);
      }
      // Systems are put together in the set's order, whatever pass found the samples.
      if (!those.set_position.empty())
        std::sort(chosen_.begin() + static_cast<std::ptrdiff_t>(job.first), chosen_.end());
      found_.push_back(job);
    } else {
      left_.push_back(job);
    }
    ++i;
  }
  pending.swap(left_);
}

// Nearest neighbour and inverse distance, in the distance of the pass that found the samples. A
// block takes the mean of the weights at its points.
void Worker::weigh_distances(const Job& job) {
  Waiting waiting;
  waiting.job = job;
  waiting.set = set_;
  waiting.variables = variables_;
  const auto first = chosen_.begin() + static_cast<std::ptrdiff_t>(job.first);
  waiting.position.assign(first, first + static_cast<std::ptrdiff_t>(job.count));
  const Metric& metric = metrics_[std::min<std::size_t>(job.pass, metrics_.size()) - 1];
  set_support(job);
  dense_weights_.resize(job.count * lanes);
  std::fill(dense_weights_.data(), dense_weights_.data() + job.count * lanes, 0.0);
  const std::vector<Place> centre{{0.0, 0.0, 0.0}};
  const std::vector<Place>& points = plan_.point ? centre : support_.points;
  const double share = 1.0 / static_cast<double>(points.size());
  std::vector<double> weight(job.count);
  for (const Place& point : points) {
    const Place from =
        metric.scale({job.place[0] + point[0], job.place[1] + point[1], job.place[2] + point[2]});
    double sum = 0.0;
    std::size_t nearest = 0;
    std::pair<double, std::uint32_t> least{HUGE_VAL, 0};
    std::size_t at_it = 0;
    for (std::size_t i = 0; i < job.count; ++i) {
      const std::uint32_t p = waiting.position[i];
      const double square = square_between(metric.scale(set_->places[p]), from);
      const std::pair<double, std::uint32_t> key{
          std::bit_cast<double>(std::bit_cast<std::uint64_t>(square) & ~std::uint64_t{0xFFFFF}),
          set_->sample[p]};
      if (key < least) {
        least = key;
        nearest = i;
      }
      at_it += square <= 1e-20 ? 1 : 0;
      weight[i] = square <= 1e-20 ? 0.0 : std::pow(square, -0.5 * plan_.options.power);
      sum += weight[i];
    }
    if (plan_.options.method == EstimationMethod::nn || at_it > 0) {
      dense_weights_[nearest * lanes] += share;
    } else {
      for (std::size_t i = 0; i < job.count; ++i)
        dense_weights_[i * lanes] += share * (weight[i] / sum);
    }
  }
  Solution solution;
  solution.good = true;
  solution.with_target = solution.spread = missing;
  waiting.within = missing;
  emit(waiting, dense_weights_.data(), job.count, solution);
}

void Worker::emit(const Waiting& waiting, double* weights, std::size_t n,
                  const Solution& solution) {
  Slab& slab = *slab_;
  const std::uint32_t row = waiting.job.row;
  std::uint8_t flags = waiting.job.tie ? flag_tie : 0;
  if (!solution.good) {
    slab.flags[row] |= flags | flag_bad;
    return;
  }
  for (std::size_t i = 0; i < n; ++i)
    if (weights[i * lanes] < 0.0) flags |= flag_negative;
  if (dropped_) flags |= flag_negative;
  dropped_ = false;
  slab.flags[row] |= flags;
  if (weights_) {
    weights_->row.push_back(row);
    weights_->start.push_back(weights_->sample.size());
    for (std::size_t i = 0; i < n; ++i) {
      weights_->sample.push_back(waiting.set->sample[waiting.position[i]]);
      weights_->weight.push_back(weights[i * lanes]);
    }
  } else {
    estimate_values(waiting, weights, n);
  }
  // With groups of variables apart, the first one that was estimated tells of the neighbourhood.
  if (slab.chunk.pass[row] == 0) fill_row(waiting, n, solution);
}

void Worker::estimate_values(const Waiting& waiting, const double* weights, std::size_t n) {
  const SampleSet& set = *waiting.set;
  const auto& variables = plan_.groups[waiting.variables];
  sums_.resize(set.width);
  kernels().dots(weights, set.values.data(), waiting.position.data(), n, set.width, sums_.data());
  if (!set.high.empty()) {
    const auto& radius = plan_.options.high_yield_radius_m;
    const Matrix3 axes = axes_of(plan_.options.local_angles.empty()
                                     ? plan_.options.search.angles
                                     : plan_.options.local_angles[slab_->first + waiting.job.row]);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t p = waiting.position[i];
      if (!set.high[p]) continue;
      double square = 0.0;
      for (std::size_t c = 0; c < 3; ++c) {
        double along = 0.0;
        for (std::size_t d = 0; d < 3; ++d)
          along += axes[c][d] * (set.places[p][d] - waiting.job.place[d]);
        if (along != 0.0) square += (along / radius[c]) * (along / radius[c]);
      }
      if (square <= 1.0) continue;
      for (std::size_t v = 0; v < variables.size(); ++v) {
        const double above = plan_.options.high_yield_above[variables[v]];
        const double value = set.values.data()[p * set.width + v];
        if (value > above) sums_[v] += weights[i * lanes] * (above - value);
      }
    }
  }
  if (plan_.options.method == EstimationMethod::sk) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += weights[i * lanes];
    for (std::size_t v = 0; v < variables.size(); ++v)
      sums_[v] += plan_.options.means[variables[v]] * (1.0 - sum);
  }
  for (std::size_t v = 0; v < variables.size(); ++v)
    slab_->chunk.value[variables[v]][waiting.job.row] = sums_[v];
}

void Worker::fill_row(const Waiting& waiting, std::size_t n, const Solution& solution) {
  EstimateChunk& chunk = slab_->chunk;
  const SampleSet& set = *waiting.set;
  const std::uint32_t row = waiting.job.row;
  chunk.pass[row] = waiting.job.pass;
  chunk.samples[row] = static_cast<std::uint32_t>(n);
  double nearest = HUGE_VAL;
  for (std::size_t i = 0; i < n; ++i) {
    const double square = square_between(set.places[waiting.position[i]], waiting.job.place);
    nearest = square < nearest ? square : nearest;
  }
  chunk.nearest_m[row] = std::sqrt(nearest);
  if (!set.hole.empty()) {
    ++hole_turn_;
    std::uint32_t holes = 0;
    for (std::size_t i = 0; i < n; ++i) {
      std::uint32_t& seen = hole_seen_[set.hole[waiting.position[i]]];
      holes += seen != hole_turn_ ? 1 : 0;
      seen = hole_turn_;
    }
    chunk.holes[row] = holes;
  }
  if (std::isnan(solution.spread)) return;
  const double variance = waiting.within - 2.0 * solution.with_target + solution.spread;
  chunk.variance[row] = variance > 0.0 ? variance : 0.0;
  if (!plan_.covariance.bounded()) return;
  // Cov(Z, Z*) / Var(Z*); with a multiplier mu >= 0 this is (BV - KV + mu) / (BV - KV + 2 mu).
  if (solution.spread > 0.0) chunk.slope[row] = solution.with_target / solution.spread;
  if (waiting.within > 0.0)
    chunk.efficiency[row] = (waiting.within - chunk.variance[row]) / waiting.within;
}

}  // namespace lode::kriging
