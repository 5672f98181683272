// Boxes in space in a packed tree: which of them meet a box, and which pairs meet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/geometry/mesh.h"

namespace lode {

/// Boxes are kept in single precision, rounded outward: what is told to meet may miss by a hair,
/// what is not told does miss.
class BoxTree {
 public:
  explicit BoxTree(const std::vector<Box3>& boxes);
  /// One box a triangle.
  static BoxTree of_triangles(const TriangleMesh& mesh);

  /// Numbers of the boxes that meet `box`, in no order, into `found` (emptied first).
  void meeting(const Box3& box, std::vector<std::uint32_t>& found) const;

  /// Work on pairs is cut into parts, each of which finds its own: every pair that meets is found
  /// once, in one of them.
  [[nodiscard]] std::size_t parts() const { return leaves_; }
  void pairs_of_part(std::size_t part, std::vector<std::array<std::uint32_t, 2>>& found) const;

 private:
  struct Small {
    std::array<float, 3> lower, upper;
  };
  [[nodiscard]] Small small(const Box3& box) const;
  [[nodiscard]] static bool meet(const Small& a, const Small& b);

  static constexpr std::size_t leaf_size = 8;
  std::array<double, 3> middle_{0.0, 0.0, 0.0};
  std::size_t leaves_ = 0;
  std::vector<std::uint32_t> order_;        ///< numbers of the boxes along a Morton curve
  std::vector<Small> items_;                ///< in that order
  std::vector<std::vector<Small>> levels_;  ///< leaves first; each level has half of the one below
};

}  // namespace lode
