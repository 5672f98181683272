// Sums of radial kernels over many centres, eight at a time, the same bits on every processor.
#pragma once

#include <cstddef>

namespace lode::rbf {

enum class Basis { linear, cubic, wendland };

/// Centres with their weights; `count` is a multiple of eight, filled up with weights of 0.
struct Centres {
  const double *x, *y, *z, *weight;
  std::size_t count;
};

/// The sum of weight * basis(distance) at each of `n` places.
void sums(Basis basis, const Centres& centres, const double* x, const double* y, const double* z,
          std::size_t n, double* into);

}  // namespace lode::rbf
