// Which polygons of a stack share ground, without an overlay for every pair of them.
#pragma once

#include <cstdint>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// True when the interiors of two valid polygons meet for certain: an edge of one crosses one of
/// the other, or a vertex of one lies inside the other. False says nothing (equal rings, touching
/// edges): an overlay decides.
[[nodiscard]] bool interiors_surely_meet(const Geometry& a, const Geometry& b);

/// Twenty thousand claims staked over one place make two hundred million pairs. Shapes that hold
/// one common inner place overlap each other without further question, so they are kept as classes
/// of shapes that hold the same such places; only the pairs that share none are looked at singly.
class OverlapClasses {
 public:
  /// Shapes are valid polygons of one plane that stay alive; null or empty ones overlap nothing.
  /// The same answer for any `jobs`.
  OverlapClasses(const std::vector<const Geometry*>& shapes, int jobs,
                 const Progress& progress = {});

  /// Members of each class, ascending; every shape with ground is in one.
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& classes() const { return classes_; }
  /// For each class the classes that share a place with it, and itself, ascending.
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& sharing() const { return sharing_; }
  [[nodiscard]] std::size_t class_of(std::size_t shape) const { return class_of_[shape]; }
  /// Shapes that overlap this one without a common place, ascending.
  [[nodiscard]] const std::vector<std::size_t>& others(std::size_t shape) const {
    return others_[shape];
  }
  /// Whether two different shapes overlap.
  [[nodiscard]] bool overlap(std::size_t a, std::size_t b) const;

  /// Pairs that no overlay decided and that count as apart: "overlay.failed".
  [[nodiscard]] const Findings& findings() const { return findings_; }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

 private:
  void find_places(const std::vector<const Geometry*>& shapes);
  void find_classes();
  void find_others(const std::vector<const Geometry*>& shapes, int jobs, const Progress& progress);
  [[nodiscard]] bool share_place(std::size_t a, std::size_t b) const;

  std::vector<std::vector<std::uint32_t>> places_;  ///< of each shape, ascending
  std::vector<std::size_t> class_of_;
  std::vector<std::vector<std::size_t>> classes_, sharing_;
  std::vector<std::vector<std::size_t>> others_;
  Findings findings_;
};

}  // namespace lode
