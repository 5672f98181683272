// Normal scores of samples with declustering weights, and the way back with stated tails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lode {

/// How a value beyond the samples' own range follows from its probability (Deutsch and Journel
/// 1998, p. 134-138): straight in the cumulative distribution; its power `parameter`; hyperbolic
/// with exponent `parameter` (upper tail only, still cut at the largest value allowed).
enum class TailShape { linear, power, hyperbolic };
[[nodiscard]] std::string_view to_text(TailShape shape);

struct Tail {
  TailShape shape = TailShape::linear;
  double parameter = 1.0;  ///< of power and hyperbolic: above 0
};

/// Equal values: told apart by their place in the list, so that the scores stay normal; or all of
/// them given the score of their common class.
enum class TiePolicy { by_index, average };

struct NormalScoreOptions {
  double min = 0.0;  ///< least and largest value that a simulation may give: must be said, since
  double max = 0.0;  ///< they decide its extremes; not inside the range of the samples
  Tail lower, upper;
  TiePolicy ties = TiePolicy::by_index;
};

/// The transform of one variable. The cumulative probability of a sample is that of the middle of
/// its class: weights below it plus half its own (GSLIB's nscore; without weights R's ppoints with
/// a = 1/2).
class NormalScores {
 public:
  /// `weights` empty = all alike; else one a value, 0 or more. `name` is the variable's, for
  /// messages. Errors "simulate.no_values", "simulate.tails" (min above the least value, max below
  /// the largest, a parameter that is not above 0, hyperbolic below), "simulate.weights".
  NormalScores(const std::vector<double>& values, const std::vector<double>& weights,
               const NormalScoreOptions& options, const std::string& name = {});

  /// One a value, in the order given.
  [[nodiscard]] const std::vector<double>& scores() const { return scores_; }
  [[nodiscard]] std::size_t ties() const { return ties_; }  ///< values that are equal to another
  /// Of the samples with their weights; the variance divides by the sum of weights.
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double variance() const { return variance_; }

  /// The value of a score. At the score of a sample exactly its value.
  [[nodiscard]] double value_of(double score) const;
  /// The score of a value between `min` and `max`; between samples straight in the score. Of
  /// values that stand at several scores, the middle one.
  [[nodiscard]] double score_of(double value) const;

 private:
  void fill_table(const std::vector<double>& values, const std::vector<double>& weights,
                  const std::vector<std::size_t>& order, double total);
  [[nodiscard]] double below(double score) const;
  [[nodiscard]] double above(double score) const;

  NormalScoreOptions options_;
  std::vector<double> scores_;
  std::vector<double> table_score_, table_value_;  ///< ascending
  std::vector<std::uint32_t> bucket_;  ///< first entry at or after each 1/512 of a score
  double lowest_p_ = 0.0;              ///< probability of the first entry
  double mean_ = 0.0, variance_ = 0.0;
  std::size_t ties_ = 0;
};

/// The standard normal distribution function.
[[nodiscard]] double normal_probability(double score);

}  // namespace lode
