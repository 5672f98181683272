// The work on groups of neighbouring targets: search, systems of equations, rows of results.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "libgeo/estimation/kriging_dense.h"
#include "libgeo/estimation/kriging_plan.h"

namespace lode::kriging {

inline constexpr std::size_t most_in_lanes = 64;
inline constexpr std::uint8_t flag_tie = 1, flag_negative = 2, flag_bad = 4, flag_no_drift = 8;

/// Rows of consecutive targets while they are worked on.
struct Slab {
  std::size_t first = 0;
  EstimateChunk chunk;
  std::vector<std::uint8_t> flags;  ///< of the first group of variables
};

/// Weights of the targets of one block of work, in the order they were solved.
struct WeightRows {
  std::vector<std::size_t> row, start;
  std::vector<std::uint32_t> sample;
  std::vector<double> weight;
};

/// Systems that all targets share: every sample of a set, no limit to the search.
struct SharedSystem {
  bool in_use = false;
  DenseSystem system;
};
/// By group of variables, then set.
using SharedSystems = std::vector<std::vector<SharedSystem>>;
[[nodiscard]] SharedSystems share_systems(const Plan& plan, bool excluding,
                                          const Progress& progress);

/// Drift terms at a place, counted from `centre` in units of `reach`.
struct DriftFrame {
  Place centre{}, reach{};
  std::vector<double> external_centre, external_reach;
};
void drift_terms(const Plan& plan, const DriftFrame& frame, const Place& place,
                 const double* external, double* into);
[[nodiscard]] DriftFrame frame_of(const SampleSet& set);

/// One thread's work. What it does for a target depends on the target alone.
class Worker {
 public:
  Worker(const Plan& plan, const TargetSource& targets, const SharedSystems& shared,
         const Progress& progress);
  /// Targets (rows of the slab) that lie together and use the same set of group `variables`.
  void group(std::size_t variables, const std::uint32_t* rows, std::size_t count, Slab& slab,
             WeightRows* weights);
  /// Solves what still waits for company.
  void finish();

 private:
  /// A target with its neighbours.
  struct Job {
    std::uint32_t row = 0;
    Place place{};
    std::uint8_t pass = 0;
    bool tie = false;
    std::size_t first = 0, count = 0;  ///< in chosen_
  };
  /// A system that waits in a lane.
  struct Waiting {
    Job job;
    std::vector<std::uint32_t> position;  ///< in the set
    const SampleSet* set = nullptr;
    std::size_t variables = 0;
    double within = 0.0;
  };
  struct Bucket {
    std::size_t n = 0, used = 0;
    Aligned matrix, drift, scratch, weights, result;
    std::array<Waiting, lanes> waiting;
  };

  void search(std::size_t pass, std::vector<Job>& pending);
  std::size_t holes_among(const SampleSet::Pass& those, const Candidates& candidates);
  void weigh_distances(const Job& job);
  void krig(std::vector<Job>& jobs);
  void krig_shared(const std::vector<Job>& jobs, const DenseSystem& system);
  void unite(const Job* jobs, std::size_t count);
  void add_to_lanes(const Job& job);
  void krig_dense(const Job& job);
  void covariances_with_target(const Job& job, std::size_t n);
  void set_support(const Job& job);
  /// Keeps what a job needs until its system is solved.
  void note(const Job& job, Waiting& waiting);
  bool drift_of(const Job& job, const std::uint32_t* positions, std::size_t n, double* samples,
                double* target);
  void target_drift(const Job& job, const DriftFrame& frame, double* into);
  void run(Bucket& bucket);
  Solution judge_lane(Bucket& bucket, std::size_t lane, const double* weights) const;
  bool without_negative(double* weights, std::size_t n);
  void relate();
  void gather_columns(const std::uint32_t* at, std::size_t n);
  void emit(const Waiting& waiting, double* weights, std::size_t n, const Solution& solution);
  void estimate_values(const Waiting& waiting, const double* weights, std::size_t n);
  void fill_row(const Waiting& waiting, std::size_t n, const Solution& solution);

  const Plan& plan_;
  const TargetSource& targets_;
  const SharedSystems& shared_;
  Progress progress_;
  Slab* slab_ = nullptr;
  WeightRows* weights_ = nullptr;
  std::size_t variables_ = 0;
  const SampleSet* set_ = nullptr;
  const Covariance* covariance_ = nullptr;
  std::vector<Metric> metrics_;  ///< turned, with local angles
  Covariance turned_;
  std::vector<Candidates> candidates_;
  std::vector<std::uint32_t> chosen_, picked_;
  std::vector<Job> pending_, found_, left_;
  /// Samples united over jobs: positions in the set, columns of scaled places, covariances.
  std::vector<std::uint32_t> united_, number_;
  Aligned columns_, matrix_, own_columns_, with_target_, dense_weights_;
  std::size_t stride_ = 0;
  bool dropped_ = false;  ///< negative weights of the system at hand were set to 0
  BlockSupport support_;
  Place support_size_{-1.0, -1.0, -1.0};
  double within_ = 0.0;
  std::vector<double> scaled_, scaled_target_, point_, drift_, drift_target_, external_, sums_;
  DenseSystem dense_;
  std::array<std::unique_ptr<Bucket>, most_in_lanes / 4 + 1> buckets_;
  std::vector<std::uint32_t> hole_seen_;
  std::uint32_t hole_turn_ = 0;
};

}  // namespace lode::kriging
