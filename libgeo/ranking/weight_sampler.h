// Weights of one draw as a function of seed and draw number alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libgeo/ranking/uncertainty.h"
#include "libgeo/ranking/weight_walk.h"

namespace lode {

/// Independent scramblings among which draws are dealt in turn (8, or 1 below 80 draws).
[[nodiscard]] std::size_t replicates_of(const DrawOptions& options);

class WeightSampler {
 public:
  /// `names` of the criteria serve messages; without them they are numbered.
  WeightSampler(const WeightDraws& weights, const DrawOptions& options,
                const std::vector<std::string>& names = {});
  [[nodiscard]] bool varies() const;
  void draw(std::size_t draw, double* weights) const;
  /// True when draws are ends of walks, since too few trial points fit the limits.
  [[nodiscard]] bool walks() const { return walk_ != nullptr; }
  [[nodiscard]] const Findings& findings() const { return findings_; }

 private:
  double uniform(std::size_t draw, std::size_t j, std::size_t attempt) const;
  void from_uniforms(double* weights) const;
  bool fits(const double* weights) const;
  void look_at_limits(const std::vector<std::string>& names);

  const WeightDraws& weights_;
  std::uint64_t seed_;
  std::size_t replicates_;
  bool quasi_ = true;
  std::vector<std::size_t> order_;
  std::unique_ptr<WeightWalk> walk_;
  Findings findings_;
};

}  // namespace lode
