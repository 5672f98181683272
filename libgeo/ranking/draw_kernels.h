// Inside of the ranking room: the innermost loops over draws, alike to the bit on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lode::draw_kernels {

/// The loops for one width of register. Columns have a length of n; `out` of draw d starts at
/// out + d * stride, and sites [from, to) of it are written.
struct Kernels {
  const char* name;
  /// sum_j weights[d * m + j] columns[j * n + i], criteria in order.
  void (*weighted)(const double* columns, std::size_t n, std::size_t m, const double* weights,
                   std::size_t draws, std::size_t from, std::size_t to, double* out,
                   std::size_t stride);
  /// TOPSIS: near/(far + near) of the squared distances, 0.5 where both are 0.
  void (*closeness)(const double* toward, const double* away, std::size_t n, std::size_t m,
                    const double* squares, std::size_t draws, std::size_t from, std::size_t to,
                    double* out, std::size_t stride);
  /// sum += best - merit.
  void (*add_regret)(const double* merit, std::size_t count, double best, double* sum);
  /// (top - merit) * scale as a whole number from 0 to last.
  void (*buckets)(const double* merit, std::size_t n, double top, double scale, double last,
                  std::uint16_t* bucket);
  /// Random{seed, streams[i]}.uniform(index).
  void (*uniforms)(std::uint64_t seed, const std::uint64_t* streams, std::size_t count,
                   std::uint64_t index, double* u);
  /// sample_value(low, base, high, u, Spread::p10_p90).
  void (*halves)(const double* low, const double* base, const double* high, const double* u,
                 std::size_t count, double* value);
  /// (x - lo)/(hi - lo), or the same of a cost, of values taken at the bounds where beyond.
  void (*bounded)(const double* x, std::size_t count, double lo, double hi, bool cost,
                  double* merit);
  /// far += square (merit - 1)^2, near += square merit^2.
  void (*add_distances)(const double* merit, std::size_t count, double square, double* far,
                        double* near);
};

/// The widest that this machine has.
[[nodiscard]] const Kernels& kernels();
/// All that this machine can run, the narrowest first: for tests.
[[nodiscard]] const Kernels* kernels_number(std::size_t k);

}  // namespace lode::draw_kernels
