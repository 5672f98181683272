// Weights of one draw as a function of seed and draw number alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/ranking/uncertainty.h"

namespace lode {

/// Independent scramblings among which draws are dealt in turn (8, or 1 below 80 draws).
[[nodiscard]] std::size_t replicates_of(const DrawOptions& options);

class WeightSampler {
 public:
  WeightSampler(const WeightDraws& weights, const DrawOptions& options);
  [[nodiscard]] bool varies() const;
  void draw(std::size_t draw, double* weights) const;

 private:
  double uniform(std::size_t draw, std::size_t j, std::size_t attempt) const;
  void draw_once(std::size_t draw, std::size_t attempt, double* weights) const;
  bool fits(const double* weights) const;

  const WeightDraws& weights_;
  std::uint64_t seed_;
  std::size_t replicates_;
  bool quasi_ = true;
  std::vector<std::size_t> order_;
};

}  // namespace lode
