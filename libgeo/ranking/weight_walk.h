// Weights drawn uniformly within limits that leave little room: hit-and-run in the polytope.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/ranking/uncertainty.h"

namespace lode {

/// Hit-and-run (Smith 1984): from an interior point, again and again to a uniform point of the
/// chord in a random direction, in coordinates in which the body is about round (its covariance is
/// taken from pilot walks that are the same for every seed).
/// Every draw is a walk of its own from one of 256 states of a long pilot walk (draw modulo 256),
/// so any one of them can be made alone. Weights are walked in the coordinates in which their
/// scheme is uniform: on the simplex for `free`, on the shares of the corners of the ordered
/// simplex for `ordered`, in the box before rescaling for `uncertain`; limits and ratios are linear
/// in all three.
class WeightWalk {
 public:
  /// `order` has the criteria by falling base weight. Error "ranking.weight_limits" when no weights
  /// fit: it names a smallest set of limits that contradict.
  WeightWalk(const WeightDraws& weights, const std::vector<std::size_t>& order,
             const std::vector<std::string>& names);

  /// Free directions; 0 when the limits leave one point.
  [[nodiscard]] std::size_t dimensions() const { return free_; }
  /// Finds the round coordinates; `draw` needs them.
  void round_off();
  void draw(std::uint64_t seed, std::size_t draw, double* weights) const;

 private:
  struct Row {
    std::vector<double> by;  ///< by . x <= most
    double most = 0.0;
    std::string name;  ///< empty: of the scheme itself
    bool equal = false;
  };

  void add_scheme();
  void add_limits(const std::vector<std::string>& names);
  void add_limit(std::vector<double> by, double most, std::string name, bool equal);
  [[nodiscard]] bool feasible(const std::vector<char>& left_out) const;
  [[noreturn]] void name_contradiction() const;
  void find_centre();
  void find_hidden_equalities();
  void to_subspace();
  void walk(std::uint64_t seed, std::uint64_t stream, std::size_t draw, std::size_t steps,
            std::vector<double>& y, std::vector<double>* moments) const;
  void to_weights(const std::vector<double>& y, double* weights) const;

  const WeightDraws& weights_;
  const std::vector<std::size_t>& order_;
  std::size_t m_, free_ = 0;
  std::vector<Row> rows_;
  std::vector<std::vector<double>> fixed_;  ///< orthonormal directions that the equalities take
  std::vector<double> centre_;
  double depth_ = 0.0;          ///< distance of the centre from the nearest limit
  std::vector<double> basis_;   ///< m x free: x = centre + basis y
  std::vector<double> slope_;   ///< inequalities x free
  std::vector<double> room_;    ///< of each inequality at the centre
  std::vector<double> starts_;  ///< y of 256 states of the pilot walk
};

}  // namespace lode
