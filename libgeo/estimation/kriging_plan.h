// What a run of estimation stands on: checked options, sets of samples in search order, targets.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libgeo/estimation/estimate.h"
#include "libgeo/estimation/kriging_search.h"

namespace lode::kriging {

/// Samples beyond which one system of equations is refused.
inline constexpr std::size_t most_in_a_system = 5000;

/// Samples that serve the same targets, in the order of the first pass's tree.
struct SampleSet {
  std::vector<std::uint32_t> sample;  ///< as the caller counts them
  std::vector<Place> places;          ///< from the plan's origin
  std::vector<double> scaled;         ///< by sample, as Covariance::scale (no local angles)
  std::size_t width = 0;              ///< values a sample, a multiple of `lanes`
  std::vector<double> values;         ///< by sample, then variable
  std::vector<std::uint32_t> hole;    ///< empty = not known
  std::vector<double> drift;          ///< external, by sample, then drift variable
  std::vector<std::uint8_t> high;     ///< 1 = some value is above its threshold; empty = none is
  Place centre{}, reach{};            ///< of the places, and the half widths
  std::vector<double> drift_centre, drift_reach;

  struct Pass {
    PlaceTree tree;
    double unit = 1.0;
    std::vector<std::uint32_t> sample, hole;  ///< in the tree's order
    std::vector<std::uint32_t> set_position;  ///< empty = the set's own order
  };
  std::vector<Pass> passes;
};

/// A drift term x^a y^b z^c.
using Monomial = std::array<int, 3>;

struct Plan {
  EstimateOptions options;
  Place origin{};
  Covariance covariance;
  std::vector<Metric> metrics;  ///< by pass
  std::vector<Monomial> monomials;
  std::size_t drift_terms = 0;  ///< 0 for sk, else 1 + monomials + external
  bool point = true;
  std::size_t external = 0;
  /// Variables that have the same samples, by group; their sets by group and domain of targets.
  std::vector<std::vector<std::size_t>> groups;
  std::vector<std::vector<SampleSet>> sets;
  /// Samples that one in a set stands for; itself alone when not in here.
  std::map<std::uint32_t, std::vector<std::uint32_t>> merged;
  std::vector<std::uint32_t> stands_for;       ///< by sample: the one in the sets
  std::map<std::string, std::size_t> domains;  ///< number of each domain of targets
  std::vector<std::uint32_t> hole;
  std::size_t variables = 0;
  std::size_t duplicates = 0, dropped = 0;
  std::vector<std::uint8_t> used;
  Findings findings;

  [[nodiscard]] bool krigs() const {
    return options.method != EstimationMethod::nn && options.method != EstimationMethod::idw;
  }
};

/// `weights_only`: values are not looked at.
[[nodiscard]] Plan make_plan(const Samples& samples, const Targets& targets,
                             const EstimateOptions& options, bool weights_only);

/// Refusals that need no work (part of make_plan).
void check_samples(const Samples& samples, bool weights_only);
void check_targets(const Samples& samples, const Targets& targets, const EstimateOptions& options);
void check_options(const Samples& samples, const EstimateOptions& options, bool weights_only);
[[nodiscard]] std::vector<Monomial> parse_drift(const std::string& text);

/// Targets by number.
class TargetSource {
 public:
  TargetSource(const Plan& plan, const Targets& targets);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Place place(std::size_t target) const;  ///< from the plan's origin
  [[nodiscard]] std::size_t domain(std::size_t target) const {
    return domain_.empty() ? 0 : domain_[target];
  }
  [[nodiscard]] Place block(std::size_t target) const;
  [[nodiscard]] const Matrix3& block_axes() const { return axes_; }
  [[nodiscard]] const Targets& targets() const { return *targets_; }
  /// Cross-validation: what a target may not use.
  std::vector<std::uint32_t> without_sample, without_hole;

 private:
  const Targets* targets_;
  std::size_t size_;
  Place origin_;
  Matrix3 axes_{};
  std::vector<std::uint32_t> domain_;
};

}  // namespace lode::kriging
