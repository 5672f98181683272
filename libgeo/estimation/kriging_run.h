// Running the workers over all targets, slab by slab, with results in the order of the targets.
#pragma once

#include <functional>
#include <vector>

#include "libgeo/core/sum.h"
#include "libgeo/estimation/kriging_work.h"

namespace lode::kriging {

/// Rows in order, with the weights of each block of work when they were asked for.
using SlabSink = std::function<void(const Slab&, const std::vector<WeightRows>&)>;
void run_slabs(const Plan& plan, const TargetSource& targets, bool with_weights,
               const SlabSink& sink, const Progress& progress);

/// What a summary says, gathered row by row.
class Tally {
 public:
  explicit Tally(const Plan& plan)
      : sums_(plan.variables), counts_(plan.variables, 0), no_drift_(0), plan_(plan) {}
  void add(const Slab& slab);
  [[nodiscard]] EstimateSummary summary() const;

 private:
  std::vector<Sum> sums_;
  std::vector<std::size_t> counts_;
  Sum variance_;
  std::size_t variances_ = 0, no_drift_;
  EstimateSummary so_far_;
  const Plan& plan_;
};

}  // namespace lode::kriging
