// Gaussian random fields on a block grid by circulant embedding, from seed and stream.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/core/random.h"
#include "libgeo/estimation/variogram_model.h"
#include "libgeo/geometry/grid.h"

namespace lode {

struct FftFieldOptions {
  /// Refused when eigenvalues below 0, set to 0, have more than this share of the absolute sum.
  double max_clipped_share = 0.01;
  /// Refused when the grid needed has more nodes (16 bytes each and thread).
  std::size_t max_nodes = std::size_t{1} << 27;
};

/// How well the periodic grid carries the model.
struct Embedding {
  std::array<std::size_t, 3> count{1, 1, 1};  ///< nodes, sizes 2^a 3^b 5^c 7^d
  std::size_t clipped = 0;                    ///< eigenvalues below 0, set to 0
  double clipped_share = 0.0;                 ///< their share of the sum of absolute eigenvalues
  /// Largest difference between the covariance on the grid and the model's, in sills.
  double largest_error = 0.0;
};

/// Mean 0 and the covariance sill - gamma of a bounded model (Dietrich and Newsam 1997; Wood and
/// Chan 1994). The grid is extended by the range along each axis and the covariance summed over
/// its periodic images: exact for structures that end (spherical, cubic); for those that do not,
/// images count up to a millionth of the sill, and `Embedding` states what remains.
class FftField {
 public:
  /// Errors "simulate.unbounded", "simulate.embedding_size", "simulate.negative_eigenvalues".
  FftField(const BlockGrid& grid, const VariogramModel& model, const FftFieldOptions& options = {},
           const Progress& progress = {});
  ~FftField();
  FftField(const FftField&) = delete;
  FftField& operator=(const FftField&) = delete;

  [[nodiscard]] const Embedding& embedding() const;

  /// Memory of one thread's work; make one a thread.
  class Work {
   public:
    explicit Work(const FftField& field);
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

   private:
    friend class FftField;
    double* data_ = nullptr;
  };
  /// Two independent fields from one transform: node n goes to first[n * stride] and
  /// second[n * stride]; second may be null. The bits depend on `random` alone, on any x86-64
  /// machine.
  void simulate(const Random& random, Work& work, double* first, double* second,
                std::size_t stride = 1, const Progress& progress = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The least number not below `least` without other prime factors than 2, 3, 5 and 7.
[[nodiscard]] std::size_t fft_size(std::size_t least);

}  // namespace lode
