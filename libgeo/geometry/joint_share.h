// Exact share of a box that several solids, surfaces and polygons leave together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "libgeo/geometry/box_share.h"

namespace lode {

/// Cutters applied at once. Along a vertical line each leaves some intervals; their common length
/// is piecewise linear in plan, so that it is integrated exactly over the cells into which the
/// projected edges and the lines where two surfaces cross divide the footprint.
class JointCutter {
 public:
  enum class Keep {
    inside,  ///< of a solid or polygons; below a surface
    outside  ///< of a solid or polygons; above a surface
  };
  /// The cutters must outlive this. Where a surface covers nothing, nothing is kept.
  void add(const ColumnCutter& body, Keep keep);
  void add(const PlanCutter& polygons, Keep keep);
  [[nodiscard]] std::size_t size() const { return parts_.size(); }

  /// Share of a box, 0 to 1, that the cutters whose bit is set in `which` leave together (bit i =
  /// the i-th added; at most 64). `covered` is the share of the footprint that every surface among
  /// them covers.
  [[nodiscard]] double share(const Footprint& place, double z0, double z1, std::uint64_t which,
                             double* covered = nullptr) const;

 private:
  struct Part {
    const ColumnCutter* body = nullptr;
    const PlanCutter* polygons = nullptr;
    Keep keep = Keep::inside;
  };
  std::vector<Part> parts_;
};

/// Shares of one box under subsets of a cutter's parts, each worked out once: a part that leaves
/// all of the box, or nothing, needs no second look. For use by one thread, box after box.
class BoxShares {
 public:
  explicit BoxShares(const JointCutter& cutter) : cutter_(cutter) {}
  void start(const Footprint& place, double z0, double z1);
  /// What part `part` leaves alone; `uncovered` is set where a surface does not cover all of it.
  double measure(std::size_t part, bool& uncovered);
  /// The same, known otherwise.
  void set(std::size_t part, double share);
  /// What a set of parts leaves together; all of them have been measured or set.
  [[nodiscard]] double together(std::uint64_t which);

 private:
  const JointCutter& cutter_;
  Footprint place_;
  double z0_ = 0.0, z1_ = 0.0;
  std::uint64_t cutting_ = 0, emptying_ = 0;  ///< parts that take some of the box, all of it
  std::vector<std::pair<std::uint64_t, double>> known_;
};

}  // namespace lode
