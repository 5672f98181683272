// Finding samples about a target: a tree over scaled places and the rules of a search pass.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libgeo/estimation/kriging_covariance.h"
#include "libgeo/estimation/neighbours.h"

namespace lode::kriging {

/// A k-d tree whose order depends on the places alone, not on the order they came in.
class PlaceTree {
 public:
  PlaceTree() = default;
  /// Places alike stand in the order of `label`.
  PlaceTree(const std::vector<Place>& places, const std::vector<std::uint32_t>& label);

  [[nodiscard]] std::size_t size() const { return places_.size(); }
  /// Which of the places given stands at each position.
  [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }
  [[nodiscard]] const Place& at(std::size_t position) const { return places_[position]; }
  /// Appends the positions of all places within `radius`, rising.
  void within(const Place& centre, double radius, std::vector<std::uint32_t>& positions) const;
  /// A radius that holds about `count` places where places are neither dense nor sparse.
  [[nodiscard]] double usual_radius(std::size_t count) const;

 private:
  struct Node {
    Place low, high;
    std::uint32_t begin, end;
    std::uint32_t left = 0, right = 0;  ///< 0 = a leaf
  };
  std::uint32_t grow(const std::vector<Place>& places, const std::vector<std::uint32_t>& label,
                     std::uint32_t begin, std::uint32_t end);
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> order_;
  std::vector<Place> places_;
};

/// The distance of a search pass.
struct Metric {
  Matrix3 axes{};       ///< rotated axes, divided by the radii; by 1 m without limit
  double limit = 0.0;   ///< 1, or infinite
  bool partly = false;  ///< limited along some axes only
  Place most{};         ///< then: the radii, m
  [[nodiscard]] Place scale(const Place& place) const;
};
[[nodiscard]] Metric metric_of(const SearchPass& pass, const Angles& angles);

/// A target as the search sees it.
struct Seeker {
  Place place{};  ///< in the pass's scaled axes
  std::uint32_t without_sample = UINT32_MAX, without_hole = UINT32_MAX;
};

/// Samples near a group of targets, for one pass, and the choice among them for each target.
class Candidates {
 public:
  /// What is searched: places in the tree's order, sample and hole of each.
  struct Source {
    const PlaceTree* tree = nullptr;
    const std::vector<std::uint32_t>* sample = nullptr;
    const std::vector<std::uint32_t>* hole = nullptr;  ///< null = not known
    const SearchPass* pass = nullptr;
    const Metric* metric = nullptr;
    /// Locally turned axes: the tree then holds places divided by `unit` without rotation, whose
    /// distances bound the metric's from below.
    bool turned = false;
    double unit = 1.0;
    bool excluding = false;
  };
  /// All samples that the nearest of any place within `half` of `centre` may be among (both in the
  /// tree's scale), and more with every `widen`.
  void gather(const Source& source, const Place& centre, double half);
  /// False when there are no more.
  bool widen();

  enum class Answer { found, too_few, widen };
  /// Local numbers of the samples chosen, rising, into `chosen`.
  Answer choose(const Seeker& seeker, std::vector<std::uint32_t>& chosen, bool& tie);

  [[nodiscard]] std::size_t size() const { return positions_.size(); }
  [[nodiscard]] std::uint32_t position(std::uint32_t local) const { return positions_[local]; }
  /// Squared scaled distances of the last target asked for, by local number (ends are rounded).
  [[nodiscard]] double distance2(std::uint32_t local) { return keys_[local]; }

 private:
  void collect();
  void prepare();
  bool simple() const;
  Answer choose_nearest(std::vector<std::uint32_t>& chosen, bool& tie);
  Answer choose_limited(const Seeker& seeker, std::vector<std::uint32_t>& chosen, bool& tie);

  Source source_;
  Place centre_{};
  double half_ = 0.0;
  std::size_t wanted_ = 0;
  double radius_ = 0.0;    ///< all samples this near to the centre are there
  double usual_ = 0.0;     ///< the radius that the last group took
  bool complete_ = false;  ///< all that any target may use are there
  bool near_ = false;      ///< all of them lie inside the limit of every target
  std::vector<std::uint32_t> positions_;
  std::vector<double> squares_, sorted_squares_;
  Aligned places_, keys_;
  std::vector<std::int64_t> labels_;
  std::vector<std::pair<double, std::uint32_t>> sorted_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> holes_;
  std::vector<std::uint32_t> ranks_;
};

}  // namespace lode::kriging
