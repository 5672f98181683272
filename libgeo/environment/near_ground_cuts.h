// Where the ground near one edge swallows the outline of the ground near another, in a plane.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libgeo/geometry/geometry.h"

namespace lode {

/// Names a curve that bounds ground: 2e is the line to the right of edge e, 2e + 1 that to its
/// left, and from `NearCuts::first_circle` on the circles about nodes.
using NearCurve = std::uint32_t;
constexpr NearCurve kNoCurve = 0xffffffffu;

/// A straight edge between two nodes; a lone place has one node twice and length 0.
struct NearEdge {
  std::uint32_t id = 0, from = 0, to = 0;
  Point a, b;
  Point along;  ///< unit vector; (0, 0) for a lone place
  double length = 0.0;
  Box box;
};

/// The line beside an edge, walked with the ground on its left.
struct BesideLine {
  std::uint32_t edge = 0, from = 0, to = 0;  ///< nodes in walking order
  NearCurve name = kNoCurve;
  Point start;
  Point along;
  Point outward;  ///< unit vector, to the right
  double length = 0.0;
};

/// A stretch of a curve inside other ground, and the curves that it enters and leaves by.
struct NearCut {
  double begin = 0.0, end = 0.0;
  NearCurve begin_at = kNoCurve, end_at = kNoCurve;
};

/// All exact but for rounding: lines, circles and stadia of one radius.
class NearCuts {
 public:
  NearCuts(double radius, NearCurve first_circle) : d_(radius), first_circle_(first_circle) {}

  [[nodiscard]] BesideLine beside(const NearEdge& edge, bool left) const;
  /// What the ground near `other` takes of the endless line; empty when nothing.
  [[nodiscard]] std::optional<NearCut> of_line(const BesideLine& line, const NearEdge& other) const;
  /// What it takes of the circle about a node, in radians; begin in (-2 pi, 2 pi).
  [[nodiscard]] std::optional<NearCut> of_circle(Point centre, const NearEdge& other) const;
  [[nodiscard]] NearCurve circle(std::uint32_t node) const { return first_circle_ + node; }
  [[nodiscard]] double radius() const { return d_; }

 private:
  void disc_on_line(const BesideLine& line, Point centre, std::uint32_t node,
                    std::optional<NearCut>& cut) const;
  void band_on_line(const BesideLine& line, const NearEdge& other,
                    std::optional<NearCut>& cut) const;
  double d_;
  NearCurve first_circle_;
};

/// What is left of 0 to `length` without the cuts (sorted here); pieces shorter than `least` are
/// nothing. `first` and `last` name the curves before and after.
[[nodiscard]] std::vector<NearCut> left_over(std::vector<NearCut>& cuts, double length,
                                             NearCurve first, NearCurve last, double least);

}  // namespace lode
