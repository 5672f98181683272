// Which feature is nearest, and which lie within a distance: true metres, anywhere on Earth.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"

namespace lode {

struct NearHit {
  std::size_t feature = 0;
  double distance_m = 0.0;  ///< 0 = touches, crosses or inside
};

/// Features of one layer ready for distance questions. Edges are held as chords in space (earth
/// centred) in a tree of boxes, so neither poles nor the antimeridian are special; the nearest
/// few pairs of edges are then measured on the ellipsoid, in an azimuthal equidistant frame about
/// the nearer end (relative error below 1e-6, or 1 cm for the bend of an edge). In a mine grid
/// everything is planar. Built once, safe to ask from any number of threads.
class NearIndex {
 public:
  /// Empty geometries stand for features without a place and are never found.
  /// Error "crs.not_degrees" for a geographic CRS that is not in degrees.
  NearIndex(const std::vector<Geometry>& features, const Crs& crs, Edges edges, int jobs = 0,
            const Progress& progress = {});
  ~NearIndex();
  NearIndex(NearIndex&&) noexcept;
  NearIndex& operator=(NearIndex&&) noexcept;

  /// A geometry of the same CRS made ready to be asked about.
  struct Probe {
    /// Edges `first` to `last` (each to the next vertex) and their box in space.
    struct Block {
      std::uint32_t first = 0;
      std::uint32_t last = 0;
      bool single = false;  ///< one place, no edge
      std::array<double, 3> low{}, high{};
    };
    std::vector<Point> vertices;             ///< degrees (beyond 180 too), or metres of a mine grid
    std::vector<std::array<double, 3>> xyz;  ///< of the vertices
    std::vector<std::uint32_t> ends;         ///< one past the last vertex of each run
    std::vector<Block> blocks;
    Geometry plane;  ///< for inside tests; of polygons only
    std::array<double, 3> low{}, high{};
    std::array<double, 3> centre{};
    double radius_m = 0.0;  ///< of the ball about the centre that holds it all
    [[nodiscard]] bool empty() const { return vertices.empty(); }
  };
  [[nodiscard]] Probe probe(const Geometry& geometry) const;

  /// The nearest feature, the first one of several as near; {npos, NaN} when there is none.
  [[nodiscard]] NearHit nearest(const Probe& probe) const;
  /// Every feature at most `distance_m` away, in feature order.
  [[nodiscard]] std::vector<NearHit> within(const Probe& probe, double distance_m) const;
  /// Distance to one feature; NaN when either is empty.
  [[nodiscard]] double distance_m(const Probe& probe, std::size_t feature) const;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lode
