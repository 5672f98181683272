// The inner loops of kriging on eight targets or samples at a time, chosen for the processor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lode::kriging {

/// Doubles worked on at once. Every loop runs over this many, whatever the processor, and does the
/// same additions and multiplications in the same order, so the results are the same bits.
inline constexpr std::size_t lanes = 8;
[[nodiscard]] constexpr std::size_t padded(std::size_t n) {
  return (n + lanes - 1) / lanes * lanes;
}

/// One nested structure as the loops want it: its covariance is sill * correlation(h).
struct StructureCode {
  enum Kind { spherical, exponential, gaussian, cubic, power } kind = spherical;
  double sill = 0.0;
  double exponent = 1.0;
  double level = 1.0;  ///< power: the pseudo-covariance is sill * (level - h^exponent)
};

/// Covariances of one place with `n` others (a multiple of `lanes`), without the nugget.
/// `from` holds x y z in ranges of each structure in turn; of the others, coordinate c stands at
/// to[c * stride]. Where both places are one, `at_zero` is added.
struct CovarianceRow {
  const StructureCode* structures = nullptr;
  std::size_t count = 0;
  const double* from = nullptr;
  const double* to = nullptr;
  std::size_t stride = 0, n = 0;
  double at_zero = 0.0;
  double* out = nullptr;
  bool accumulate = false;  ///< add to what stands in `out`
};

/// Eight systems of `n` samples and `p` drift terms. Entry (row, column) of
/// the lower triangle stands at matrix[(row * (row + 1) / 2 + column) * lanes], then come
/// 1 + p rows of n: covariances with the target, and the drift terms. The matrix is overwritten.
struct Systems {
  std::size_t n = 0, p = 0;
  double* matrix = nullptr;
  double* target_drift = nullptr;  ///< p times lanes: the drift terms at the target
  double smallest_pivot = 0.0;
  double* scratch = nullptr;      ///< (p * p + 2 * p + 2 * n) * lanes
  double* weights = nullptr;      ///< n times lanes
  double* with_target = nullptr;  ///< w'b
  double* spread = nullptr;       ///< w'Cw
  double* bad = nullptr;          ///< 0 where the system was solved
};
[[nodiscard]] constexpr std::size_t matrix_size(std::size_t n, std::size_t p) {
  return (n * (n + 1) / 2 + (1 + p) * n) * lanes;
}
inline constexpr std::size_t most_rows = 160;  ///< of n + 1 + p

/// Squared distances of a place to `n` others (a multiple of `lanes`) with their last 20 bits put
/// to 0, so that distances alike but for rounding are alike. Others at to[axis * stride].
struct DistanceRow {
  std::array<double, 3> from{};
  const double* to = nullptr;
  std::size_t stride = 0, n = 0;
  const std::int64_t* label = nullptr;  ///< put into the last 20 bits; null = none
  double* out = nullptr;
};

/// Of `n` different keys (a multiple of `lanes`; unused ones infinite) the `k`-th smallest, and
/// the next one after it. Needs k below the number of finite keys.
struct Threshold {
  double kth, next;
};

struct Kernels {
  std::string_view name;
  void (*covariances)(const CovarianceRow&);
  void (*solve)(const Systems&);
  void (*distances)(const DistanceRow&);
  Threshold (*smallest)(const double* keys, std::size_t n, std::size_t k);
  /// out[v] = sum over i of weight[i * lanes] * rows[row[i] * width + v]; width a multiple of
  /// `lanes`.
  void (*dots)(const double* weight, const double* rows, const std::uint32_t* row, std::size_t n,
               std::size_t width, double* out);
};

/// The fastest that the processor has, or those said by `choose_kernels`.
[[nodiscard]] const Kernels& kernels();
/// All that this processor can run, the plain ones first.
[[nodiscard]] std::vector<std::string_view> kernel_names();
/// For tests: the kernels of a name in `kernel_names`; empty = the fastest.
void choose_kernels(std::string_view name);

const Kernels& plain_kernels();
#if defined(__x86_64__)
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
#endif

/// Doubles that start on a cache line.
class Aligned {
 public:
  Aligned() = default;
  Aligned(Aligned&&) = default;  // a copy would start elsewhere on its cache line
  Aligned& operator=(Aligned&&) = default;
  void resize(std::size_t n) {
    if (n + lanes > store_.size()) store_.resize(n + lanes);
    size_ = n;
  }
  [[nodiscard]] double* data() {
    const auto at = reinterpret_cast<std::uintptr_t>(store_.data());
    return store_.data() + (64 - at % 64) % 64 / sizeof(double);
  }
  [[nodiscard]] double& operator[](std::size_t i) { return data()[i]; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::vector<double> store_;
  std::size_t size_ = 0;
};

}  // namespace lode::kriging
