#include "libgeo/estimation/fft_field.h"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <new>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/node_covariance.h"

namespace lode {

namespace {

// Of the sill: where the grid may be cut, and down to where periodic images are summed.
constexpr double cut_share = 1e-3;
constexpr double image_share = 1e-6;
// Eigenvalues nearer to 0, in shares of the largest, are rounding.
constexpr double rounding_share = 1e-12;
// FFTW's scalar codelets: those for wider registers use fused multiply-adds where the machine has
// them, so that its bits would differ from machine to machine. FFTW_MEASURE would choose by time.
constexpr unsigned plan_flags = FFTW_ESTIMATE | FFTW_NO_SIMD;

// FFTW's planner is not safe to call from several threads.
std::mutex& planner() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

std::size_t fft_size(std::size_t least) {
  for (std::size_t size = std::max<std::size_t>(least, 1);; ++size) {
    std::size_t rest = size;
    for (const std::size_t prime : {2, 3, 5, 7})
      while (rest % prime == 0) rest /= prime;
    if (rest == 1) return size;
  }
}

struct FftField::Impl {
  std::array<std::size_t, 3> inner{}, count{};  ///< nodes of the grid, and of the periodic one
  std::vector<double> root;                     ///< sqrt(eigenvalue / nodes)
  Embedding embedding;
  fftw_plan plan = nullptr;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    const std::lock_guard lock(planner());
    if (plan != nullptr) fftw_destroy_plan(plan);
  }
  [[nodiscard]] std::size_t size() const { return count[0] * count[1] * count[2]; }
  void choose_size(const BlockGrid& grid, const NodeCovariance& covariance, std::size_t most);
  void fill_covariance(const NodeCovariance& covariance, double* data, const Progress& progress);
  double periodic(const NodeCovariance& covariance, const std::array<double, 3>& reach,
                  const std::array<std::size_t, 3>& at);
  void take_roots(const double* data, const FftFieldOptions& options);
};

void FftField::Impl::choose_size(const BlockGrid& grid, const NodeCovariance& covariance,
                                 std::size_t most) {
  const auto reach = covariance.reach(cut_share);
  inner = grid.count;
  double nodes = 1.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    // An axis of one node needs no second one: its lag is always 0.
    const double wanted = inner[axis] == 1 ? 1.0
                                           : static_cast<double>(inner[axis] - 1) +
                                                 std::max(1.0, std::ceil(reach[axis]));
    nodes *= wanted;
    if (nodes > static_cast<double>(most))
      throw Error("simulate.embedding_size",
                  "the variogram's range is so long against the grid that its periodic grid would "
                  "have " +
                      number_text(nodes) + " nodes or more; " + std::to_string(most) +
                      " are allowed",
                  "variogram", "Use --method sgs, or shorten a range that is far beyond the grid.");
    count[axis] = fft_size(static_cast<std::size_t>(wanted));
  }
}

// The covariance summed over the images of one place of the periodic grid.
double FftField::Impl::periodic(const NodeCovariance& covariance,
                                const std::array<double, 3>& reach,
                                const std::array<std::size_t, 3>& at) {
  std::array<std::array<double, 16>, 3> lags{};
  std::array<std::size_t, 3> lag_count{}, inside{};
  std::size_t inner_lags = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double i = static_cast<double>(at[axis]), m = static_cast<double>(count[axis]);
    inside[axis] = (at[axis] < inner[axis] ? 1u : 0u) +
                   (at[axis] > 0 && count[axis] - at[axis] < inner[axis] ? 1u : 0u);
    inner_lags *= inside[axis];
    if (inner[axis] == 1) {
      lag_count[axis] = 1;
      continue;
    }
    for (double image = std::ceil((-reach[axis] - i) / m);
         i + image * m <= reach[axis] && lag_count[axis] < 16; image += 1.0)
      lags[axis][lag_count[axis]++] = i + image * m;
  }
  double total = 0.0, error = 0.0;
  std::array<double, 8> inner_value{};
  std::size_t inner_seen = 0;
  for (std::size_t c = 0; c < lag_count[2]; ++c)
    for (std::size_t b = 0; b < lag_count[1]; ++b)
      for (std::size_t a = 0; a < lag_count[0]; ++a) {
        const double x = lags[0][a], y = lags[1][b], z = lags[2][c];
        const double value = covariance.smooth(x, y, z);
        total += value;
        if (std::abs(x) < static_cast<double>(inner[0]) &&
            std::abs(y) < static_cast<double>(inner[1]) &&
            std::abs(z) < static_cast<double>(inner[2]))
          inner_value[inner_seen++] = value;
      }
  for (std::size_t i = 0; i < inner_seen; ++i)
    error = std::max(error, std::abs(total - inner_value[i]));
  if (inner_seen < inner_lags) error = std::max(error, total);
  embedding.largest_error = std::max(embedding.largest_error, error / covariance.sill());
  return total;
}

void FftField::Impl::fill_covariance(const NodeCovariance& covariance, double* data,
                                     const Progress& progress) {
  const auto reach = covariance.reach(image_share);
  for (std::size_t k = 0; k < count[2]; ++k) {
    for (std::size_t j = 0; j < count[1]; ++j) {
      progress.check();
      for (std::size_t i = 0; i < count[0]; ++i) {
        const std::size_t here = i + count[0] * (j + count[1] * k);
        // The covariance is even: the opposite lag has the same.
        const std::size_t there =
            (count[0] - i) % count[0] +
            count[0] * ((count[1] - j) % count[1] + count[1] * ((count[2] - k) % count[2]));
        if (there < here) continue;
        const double value = periodic(covariance, reach, {i, j, k});
        data[2 * here] = data[2 * there] = value;
        data[2 * here + 1] = data[2 * there + 1] = 0.0;
      }
    }
  }
  data[0] += covariance.nugget();
}

void FftField::Impl::take_roots(const double* data, const FftFieldOptions& options) {
  const std::size_t nodes = size();
  double largest = 0.0;
  Sum all, negative;
  for (std::size_t i = 0; i < nodes; ++i) {
    largest = std::max(largest, data[2 * i]);
    all.add(std::abs(data[2 * i]));
  }
  root.resize(nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    const double value = data[2 * i];
    if (value < -rounding_share * largest) {
      ++embedding.clipped;
      negative.add(-value);
    }
    root[i] = value > 0.0 ? std::sqrt(value / static_cast<double>(nodes)) : 0.0;
  }
  embedding.clipped_share = negative.value() / all.value();
  if (embedding.clipped_share > options.max_clipped_share)
    throw Error("simulate.negative_eigenvalues",
                std::to_string(embedding.clipped) + " eigenvalues of the covariance are below 0, " +
                    fixed_text(100.0 * embedding.clipped_share, 3) + " % of their sum",
                "variogram",
                "The fields would not follow the model: use --method sgs, or another model.");
}

FftField::FftField(const BlockGrid& grid, const VariogramModel& model,
                   const FftFieldOptions& options, const Progress& progress)
    : impl_(std::make_unique<Impl>()) {
  check_grid(grid, "grid");
  const NodeCovariance covariance(grid, model);
  impl_->choose_size(grid, covariance, options.max_nodes);
  impl_->embedding.count = impl_->count;
  Work work(*this);
  auto* data = reinterpret_cast<fftw_complex*>(work.data_);
  {
    const std::lock_guard lock(planner());
    const auto& m = impl_->count;
    impl_->plan = fftw_plan_dft_3d(static_cast<int>(m[2]), static_cast<int>(m[1]),
                                   static_cast<int>(m[0]), data, data, FFTW_FORWARD, plan_flags);
  }
  impl_->fill_covariance(covariance, work.data_, progress);
  fftw_execute_dft(impl_->plan, data, data);
  impl_->take_roots(work.data_, options);
}

FftField::~FftField() = default;

const Embedding& FftField::embedding() const {
  return impl_->embedding;
}

FftField::Work::Work(const FftField& field)
    : data_(reinterpret_cast<double*>(fftw_alloc_complex(field.impl_->size()))) {
  if (data_ == nullptr) throw std::bad_alloc();
}

FftField::Work::~Work() {
  fftw_free(data_);
}

void FftField::simulate(const Random& random, Work& work, double* first, double* second,
                        std::size_t stride, const Progress& progress) const {
  constexpr std::size_t at_once = 1024;
  double* data = work.data_;
  const std::size_t nodes = impl_->size();
  for (std::size_t from = 0; from < nodes; from += at_once) {
    if (from % (at_once * 1024) == 0) progress.check();
    const std::size_t pairs = std::min(at_once, nodes - from);
    double* to = data + 2 * from;
    fill_normal_pairs(random, from, to, pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
      to[2 * i] *= impl_->root[from + i];
      to[2 * i + 1] *= impl_->root[from + i];
    }
  }
  auto* complex = reinterpret_cast<fftw_complex*>(data);
  fftw_execute_dft(impl_->plan, complex, complex);
  const auto& n = impl_->inner;
  const auto& m = impl_->count;
  std::size_t node = 0;
  for (std::size_t k = 0; k < n[2]; ++k)
    for (std::size_t j = 0; j < n[1]; ++j) {
      const double* row = data + 2 * m[0] * (j + m[1] * k);
      for (std::size_t i = 0; i < n[0]; ++i, ++node) {
        first[node * stride] = row[2 * i];
        if (second != nullptr) second[node * stride] = row[2 * i + 1];
      }
    }
}

}  // namespace lode
