#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/estimation/kriging_work.h"

namespace lode::kriging {

namespace {

constexpr std::uint32_t none = UINT32_MAX;

[[noreturn]] void refuse_size(std::size_t n) {
  throw Error("estimate.too_many",
              std::to_string(n) + " samples in one system of equations; up to " +
                  std::to_string(most_in_a_system) + " are solved",
              "the search", "Give --max-samples (16 to 40 are common), or a smaller radius.");
}

}  // namespace

DriftFrame frame_of(const SampleSet& set) {
  DriftFrame frame{set.centre, set.reach, set.drift_centre, set.drift_reach};
  for (double& reach : frame.reach) reach = reach > 0.0 ? reach : 1.0;
  for (double& reach : frame.external_reach) reach = reach > 0.0 ? reach : 1.0;
  return frame;
}

void drift_terms(const Plan& plan, const DriftFrame& frame, const Place& place,
                 const double* external, double* into) {
  if (plan.drift_terms == 0) return;
  *into++ = 1.0;
  for (const Monomial& term : plan.monomials) {
    double product = 1.0;
    for (std::size_t c = 0; c < 3; ++c)
      for (int power = 0; power < term[c]; ++power)
        product *= (place[c] - frame.centre[c]) / frame.reach[c];
    *into++ = product;
  }
  for (std::size_t d = 0; d < plan.external; ++d)
    *into++ = (external[d] - frame.external_centre[d]) / frame.external_reach[d];
}

SharedSystems share_systems(const Plan& plan, bool excluding, const Progress& progress) {
  const SearchPass& pass = plan.options.search.passes.front();
  const Metric& metric = plan.metrics.front();
  const bool everything = pass.max_samples == 0 && std::isinf(metric.limit) && !metric.partly &&
                          pass.max_per_octant == 0 && pass.max_per_hole == 0 && pass.min_holes == 0;
  SharedSystems shared;
  if (!plan.krigs() || !everything || excluding || !plan.options.local_angles.empty())
    return shared;
  for (const auto& sets : plan.sets) {
    shared.emplace_back();
    for (const SampleSet& set : sets) {
      SharedSystem& one = shared.back().emplace_back();
      const std::size_t n = set.sample.size(), p = plan.drift_terms;
      if (n <= most_in_lanes / 2 || n < pass.min_samples) continue;
      if (n > most_in_a_system) refuse_size(n);
      progress.check();
      one.in_use = true;
      std::vector<double> drift(n * p);
      const DriftFrame frame = frame_of(set);
      for (std::size_t i = 0; i < n; ++i)
        drift_terms(plan, frame, set.places[i],
                    plan.external > 0 ? &set.drift[i * plan.external] : nullptr, &drift[i * p]);
      one.system.factor(plan.covariance, set.scaled.data(), n, drift.data(), p);
    }
  }
  return shared;
}

void Worker::set_support(const Job& job) {
  if (plan_.point) {
    within_ = covariance_->at_zero();
    return;
  }
  const Place size = targets_.block(slab_->first + job.row);
  if (size == support_size_) return;
  support_size_ = size;
  support_ = block_support(*covariance_, size, plan_.options.discretise, targets_.block_axes());
  within_ = support_.within;
}

// Into with_target_, from the columns of the job's own samples.
void Worker::covariances_with_target(const Job& job, std::size_t n) {
  const std::size_t width = covariance_->width(), stride = padded(n);
  with_target_.resize(stride);
  covariance_->scale(job.place, scaled_target_.data());
  double* out = with_target_.data();
  const double* columns = own_columns_.data();
  if (plan_.point) {
    covariance_->row(scaled_target_.data(), columns, stride, n, covariance_->nugget(), out);
    return;
  }
  const std::size_t points = support_.points.size();
  for (std::size_t q = 0; q < points; ++q) {
    for (std::size_t c = 0; c < width; ++c)
      point_[c] = scaled_target_[c] + support_.scaled[q * width + c];
    covariance_->row(point_.data(), columns, stride, n, 0.0, out, q > 0);
  }
  for (std::size_t i = 0; i < n; ++i) out[i] /= static_cast<double>(points);
}

void Worker::target_drift(const Job& job, const DriftFrame& frame, double* into) {
  const std::size_t p = plan_.drift_terms;
  for (std::size_t d = 0; d < plan_.external; ++d)
    external_[d] = targets_.targets().drift[d][slab_->first + job.row];
  if (plan_.point || plan_.monomials.empty()) {
    drift_terms(plan_, frame, job.place, external_.data(), into);
    return;
  }
  // Over a block, the mean of each term over its points.
  std::vector<double> one(p);
  std::fill(into, into + p, 0.0);
  for (const Place& point : support_.points) {
    drift_terms(plan_, frame,
                {job.place[0] + point[0], job.place[1] + point[1], job.place[2] + point[2]},
                external_.data(), one.data());
    for (std::size_t q = 0; q < p; ++q) into[q] += one[q];
  }
  for (std::size_t q = 0; q < p; ++q) into[q] /= static_cast<double>(support_.points.size());
}

// Drift terms counted from the target, in units of the neighbourhood's reach.
bool Worker::drift_of(const Job& job, const std::uint32_t* positions, std::size_t n,
                      double* samples, double* target) {
  const std::size_t p = plan_.drift_terms, external = plan_.external;
  if (n < p) return false;
  if (p == 1) {
    std::fill(samples, samples + n, 1.0);
    *target = 1.0;
    return true;
  }
  DriftFrame frame;
  frame.centre = job.place;
  for (std::size_t d = 0; d < external; ++d)
    frame.external_centre.push_back(targets_.targets().drift[d][slab_->first + job.row]);
  frame.external_reach.assign(external, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t s = positions[i];
    for (std::size_t c = 0; c < 3; ++c)
      frame.reach[c] = std::max(frame.reach[c], std::abs(set_->places[s][c] - job.place[c]));
    for (std::size_t d = 0; d < external; ++d)
      frame.external_reach[d] =
          std::max(frame.external_reach[d],
                   std::abs(set_->drift[s * external + d] - frame.external_centre[d]));
  }
  for (double& reach : frame.reach) reach = reach > 0.0 ? reach : 1.0;
  for (double& reach : frame.external_reach) reach = reach > 0.0 ? reach : 1.0;
  for (std::size_t i = 0; i < n; ++i)
    drift_terms(plan_, frame, set_->places[positions[i]],
                external > 0 ? &set_->drift[positions[i] * external] : nullptr, samples + i * p);
  target_drift(job, frame, target);
  return true;
}

void Worker::krig_shared(const std::vector<Job>& jobs, const DenseSystem& system) {
  const std::size_t n = set_->sample.size(), width = covariance_->width(), stride = padded(n);
  const DriftFrame frame = frame_of(*set_);
  own_columns_.resize(width * stride);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t c = 0; c < width; ++c)
      own_columns_[c * stride + i] = set_->scaled[i * width + c];
  Waiting waiting;
  waiting.set = set_;
  waiting.variables = variables_;
  waiting.position.resize(n);
  for (std::uint32_t i = 0; i < n; ++i) waiting.position[i] = i;
  drift_target_.resize(plan_.drift_terms);
  dense_weights_.resize(n * lanes);
  for (const Job& job : jobs) {
    progress_.check();
    waiting.job = job;
    waiting.job.pass = 1;
    set_support(job);
    waiting.within = within_;
    covariances_with_target(job, n);
    if (plan_.drift_terms > 0) target_drift(job, frame, drift_target_.data());
    Solution solution =
        system.solve(with_target_.data(), drift_target_.data(), dense_weights_.data());
    if (solution.good && plan_.options.drop_negative_weights &&
        without_negative(dense_weights_.data(), n))
      solution = system.judge(with_target_.data(), dense_weights_.data());
    emit(waiting, dense_weights_.data(), n, solution);
  }
}

void Worker::unite(const Job* jobs, std::size_t count) {
  if (number_.size() < set_->sample.size()) number_.resize(set_->sample.size(), none);
  for (const std::uint32_t s : united_) number_[s] = none;
  united_.clear();
  for (std::size_t j = 0; j < count; ++j) {
    if (jobs[j].count > most_in_lanes) continue;
    for (std::size_t i = 0; i < jobs[j].count; ++i) {
      std::uint32_t& number = number_[chosen_[jobs[j].first + i]];
      if (number != none) continue;
      number = 0;
      united_.push_back(chosen_[jobs[j].first + i]);
    }
  }
  std::sort(united_.begin(), united_.end());
  for (std::uint32_t u = 0; u < united_.size(); ++u) number_[united_[u]] = u;
}

void Worker::relate() {
  const std::size_t n = united_.size(), width = covariance_->width();
  stride_ = padded(n);
  columns_.resize(width * stride_);
  matrix_.resize(n * stride_);
  scaled_.resize(n * width);
  double* columns = columns_.data();
  for (std::size_t u = 0; u < n; ++u) {
    if (covariance_ == &turned_)
      turned_.scale(set_->places[united_[u]], &scaled_[u * width]);
    else
      std::copy_n(&set_->scaled[united_[u] * width], width, &scaled_[u * width]);
    for (std::size_t c = 0; c < width; ++c) columns[c * stride_ + u] = scaled_[u * width + c];
  }
  for (std::size_t c = 0; c < width; ++c)
    for (std::size_t u = n; u < stride_; ++u) columns[c * stride_ + u] = 0.0;
  double* matrix = matrix_.data();
  for (std::size_t u = 0; u < n; ++u) {
    covariance_->row(&scaled_[u * width], columns, stride_, u + 1, 0.0, matrix + u * stride_);
    matrix[u * stride_ + u] = covariance_->at_zero();
  }
}

void Worker::krig(std::vector<Job>& jobs) {
  std::size_t pairs = 0;
  for (const Job& job : jobs)
    if (job.count <= most_in_lanes) pairs += job.count * job.count;
  unite(jobs.data(), jobs.size());
  // Covariances among all samples of the group at once, unless they are mostly not wanted.
  const bool together = united_.size() * united_.size() <= 2 * pairs;
  if (together && !united_.empty()) relate();
  for (const Job& job : jobs) {
    if (job.count > most_in_lanes || job.count + plan_.drift_terms >= most_rows) {
      krig_dense(job);
      continue;
    }
    if (!together) {
      unite(&job, 1);
      relate();
    }
    add_to_lanes(job);
  }
}

void Worker::add_to_lanes(const Job& job) {
  const std::size_t n = job.count, size = (n + 3) / 4 * 4, p = plan_.drift_terms;
  auto& held = buckets_[size / 4];
  if (!held) {
    held = std::make_unique<Bucket>();
    held->n = size;
    held->matrix.resize(matrix_size(size, p));
    std::fill(held->matrix.data(), held->matrix.data() + held->matrix.size(), 0.0);
    held->drift.resize(std::max<std::size_t>(p, 1) * lanes);
    held->scratch.resize((p * p + 2 * p + 2 * size) * lanes);
    held->weights.resize(size * lanes);
    held->result.resize(3 * lanes);
  }
  Bucket& bucket = *held;
  const std::size_t lane = bucket.used;
  Waiting& waiting = bucket.waiting[lane];
  note(job, waiting);
  drift_.resize(n * p);
  drift_target_.resize(p);
  if (p > 0 && !drift_of(job, waiting.position.data(), n, drift_.data(), drift_target_.data())) {
    emit(waiting, nullptr, n, Solution{});
    return;
  }
  std::uint32_t at[most_in_lanes];
  for (std::size_t i = 0; i < n; ++i) at[i] = number_[waiting.position[i]];
  double* into = bucket.matrix.data() + lane;
  const double* matrix = matrix_.data();
  for (std::size_t i = 0; i < n; ++i) {
    const double* row = matrix + at[i] * stride_;
    for (std::size_t k = 0; k <= i; ++k, into += lanes) *into = row[at[k]];
  }
  // Rows that fill up to a multiple of four stand alone and change nothing.
  for (std::size_t i = n; i < size; ++i)
    for (std::size_t k = 0; k <= i; ++k, into += lanes) *into = k == i ? covariance_->at_zero() : 0;
  gather_columns(at, n);
  covariances_with_target(job, n);
  for (std::size_t i = 0; i < size; ++i, into += lanes) *into = i < n ? with_target_[i] : 0.0;
  for (std::size_t q = 0; q < p; ++q) {
    for (std::size_t i = 0; i < size; ++i, into += lanes) *into = i < n ? drift_[i * p + q] : 0.0;
    bucket.drift[q * lanes + lane] = drift_target_[q];
  }
  if (++bucket.used == lanes) run(bucket);
}

void Worker::gather_columns(const std::uint32_t* at, std::size_t n) {
  const std::size_t width = covariance_->width(), stride = padded(n);
  own_columns_.resize(width * stride);
  double* own = own_columns_.data();
  const double* columns = columns_.data();
  for (std::size_t c = 0; c < width; ++c) {
    for (std::size_t i = 0; i < n; ++i) own[c * stride + i] = columns[c * stride_ + at[i]];
    for (std::size_t i = n; i < stride; ++i) own[c * stride + i] = 0.0;
  }
}

void Worker::run(Bucket& bucket) {
  Systems systems;
  systems.n = bucket.n;
  systems.p = plan_.drift_terms;
  systems.matrix = bucket.matrix.data();
  systems.target_drift = bucket.drift.data();
  systems.smallest_pivot = 2e-14 * covariance_->at_zero();
  systems.scratch = bucket.scratch.data();
  systems.weights = bucket.weights.data();
  systems.with_target = bucket.result.data();
  systems.spread = systems.with_target + lanes;
  systems.bad = systems.spread + lanes;
  // Lanes that are not in use hold an older system, or nothing: their results are not read.
  kernels().solve(systems);
  for (std::size_t lane = 0; lane < bucket.used; ++lane) {
    const Waiting& waiting = bucket.waiting[lane];
    Solution solution{systems.with_target[lane], systems.spread[lane],
                      systems.bad[lane] == 0.0 && std::isfinite(systems.spread[lane])};
    double* weights = systems.weights + lane;
    if (solution.good && plan_.options.drop_negative_weights &&
        without_negative(weights, waiting.job.count))
      solution = judge_lane(bucket, lane, weights);
    emit(waiting, weights, waiting.job.count, solution);
  }
  bucket.used = 0;
}

// w'b and w'Cw from the factor that the lane holds: t = L'w, and L^-1 b in the row below it.
Solution Worker::judge_lane(Bucket& bucket, std::size_t lane, const double* weights) const {
  const std::size_t n = bucket.n;
  const double* matrix = bucket.matrix.data() + lane;
  const double* solved = matrix + n * (n + 1) / 2 * lanes;
  Solution solution;
  solution.good = true;
  for (std::size_t k = 0; k < n; ++k) {
    double t = 0.0;
    for (std::size_t i = k; i < n; ++i)
      t += matrix[(i * (i + 1) / 2 + k) * lanes] * weights[i * lanes];
    solution.with_target += solved[k * lanes] * t;
    solution.spread += t * t;
  }
  return solution;
}

// Deutsch (1996): negative weights to 0, the others scaled to the sum there was. True when there
// were any.
bool Worker::without_negative(double* weights, std::size_t n) {
  double before = 0.0, after = 0.0;
  bool any = false;
  for (std::size_t i = 0; i < n; ++i) {
    double& weight = weights[i * lanes];
    before += weight;
    any = any || weight < 0.0;
    if (weight < 0.0) weight = 0.0;
    after += weight;
  }
  if (!any) return false;
  const double scale = before > 0.0 && after > 0.0 ? before / after : 0.0;
  for (std::size_t i = 0; i < n; ++i) weights[i * lanes] *= scale;
  dropped_ = true;
  return true;
}

void Worker::note(const Job& job, Waiting& waiting) {
  waiting.job = job;
  waiting.set = set_;
  waiting.variables = variables_;
  const auto first = chosen_.begin() + static_cast<std::ptrdiff_t>(job.first);
  waiting.position.assign(first, first + static_cast<std::ptrdiff_t>(job.count));
  set_support(job);
  waiting.within = within_;
}

void Worker::krig_dense(const Job& job) {
  const std::size_t n = job.count, p = plan_.drift_terms, width = covariance_->width();
  if (n > most_in_a_system) refuse_size(n);
  progress_.check();
  Waiting waiting;
  note(job, waiting);
  drift_.resize(n * p);
  drift_target_.resize(p);
  dense_weights_.resize(n * lanes);
  if (p > 0 && !drift_of(job, waiting.position.data(), n, drift_.data(), drift_target_.data())) {
    emit(waiting, nullptr, n, Solution{});
    return;
  }
  const std::size_t stride = padded(n);
  scaled_.resize(n * width);
  own_columns_.resize(width * stride);
  for (std::size_t i = 0; i < n; ++i) {
    covariance_->scale(set_->places[waiting.position[i]], &scaled_[i * width]);
    for (std::size_t c = 0; c < width; ++c) own_columns_[c * stride + i] = scaled_[i * width + c];
  }
  dense_.factor(*covariance_, scaled_.data(), n, drift_.data(), p);
  covariances_with_target(job, n);
  Solution solution =
      dense_.solve(with_target_.data(), drift_target_.data(), dense_weights_.data());
  if (solution.good && plan_.options.drop_negative_weights &&
      without_negative(dense_weights_.data(), n))
    solution = dense_.judge(with_target_.data(), dense_weights_.data());
  emit(waiting, dense_weights_.data(), n, solution);
}

void Worker::finish() {
  for (auto& bucket : buckets_)
    if (bucket && bucket->used > 0) run(*bucket);
}

}  // namespace lode::kriging
