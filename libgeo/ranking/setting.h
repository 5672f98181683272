// Inside of the ranking room: two sites in their setting, and their margin under what-ifs.
#pragma once

#include <string>
#include <vector>

#include "libgeo/ranking/explain.h"
#include "libgeo/ranking/families.h"
#include "libgeo/ranking/work.h"

namespace lode::ranking_work {

/// The two sites in their setting: everything a what-if needs.
struct Setting {
  const DecisionTable& table;
  MethodOptions options;
  std::vector<std::string> ids;
  std::vector<double> columns;
  std::size_t sites = 0, a = 0, b = 0;
  std::vector<double> weights;
  PreparedMethod prepared;
};

/// How far a is ahead of b; PROMETHEE I by net flows.
[[nodiscard]] double margin_of(const Scored& scored, Method method, std::size_t a, std::size_t b);
[[nodiscard]] double margin_with(const Setting& setting, const std::vector<double>& columns,
                                 const std::vector<double>& weights);
[[nodiscard]] double margin_with(const Setting& setting, const std::vector<double>& weights);

[[nodiscard]] bool is_additive(Method method);

/// True when no other site has a say in the scores of these two: then they may be scored alone.
[[nodiscard]] bool stands_alone(const Setting& setting);
/// The same setting with the two sites and those others alone that have a say in their scores,
/// such as the ends of an observed scale: what-ifs about the two give the same bits in it.
/// `weights_move`: also under other weights.
[[nodiscard]] Setting essential(const Setting& setting, bool weights_move);

/// Nanoseconds or so that one scoring of all sites takes.
[[nodiscard]] double scoring_cost(const Setting& setting);

/// PROMETHEE: the net flow of a on criterion j less that of b, for any values of theirs among the
/// other sites' values; O(n) a trial where scoring all anew sorts.
class NetFlows {
 public:
  NetFlows(const Setting& setting, std::size_t j);
  [[nodiscard]] double difference(double value_a, double value_b) const;
  /// True when the thresholds do not move with the values.
  [[nodiscard]] bool fixed_thresholds() const { return fixed_; }

 private:
  const Criterion& criterion_;
  MethodOptions options_;
  Shape shape_;
  std::vector<double> others_;  ///< oriented values
  double least_ = 0.0, most_ = 0.0;
  bool fixed_ = true;
};

/// Splits the margin by criterion; `whole` is the score of all sites.
void find_split(const Setting& setting, const Scored& whole, const Progress& progress,
                Explanation& out);
void find_flips(const Setting& setting, const Progress& progress, Explanation& out);
void find_tornado(const Setting& setting, const Work& work, Explanation& out);
/// Fills the Sobol indices and `margin_deviation`.
void find_sobol(const Setting& setting, const Work& work, const RankOptions& options,
                const Progress& progress, Explanation& out);

}  // namespace lode::ranking_work
