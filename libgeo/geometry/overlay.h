// Planar set operations and repair of geometries, through GEOS, in the plane of their CRS.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// What `check_geometry` found and did.
struct GeometryCheck {
  bool valid = true;      ///< as it came
  bool repaired = false;  ///< changed so that it is valid now
  bool empty = false;     ///< nothing was left (zero area, no vertex)
  std::string fault;      ///< "Self-intersection at (x y)", "" when valid
  double area_before_m2 = 0.0;
  double area_after_m2 = 0.0;
};

/// Validity as OGC has it; repair joins what parts cover (union, not even-odd), removes spikes and
/// zero-area parts, closes rings, winds shells counter-clockwise. Points and lines lose only
/// repeated vertices. Error "geometry.bad_coordinate" for NaN or infinite coordinates.
GeometryCheck check_geometry(Geometry& geometry, const Crs& crs, const std::string& where = {});

/// Which rung of the ladder gave a result: as it is (GEOS snaps by rounding errors within this
/// one), with vertices snapped to the other geometry, or on a grid; both of a millimetre or less.
enum class OverlayRung { floating, snapping, grid };

struct OverlayOutcome {
  Geometry geometry;
  OverlayRung rung = OverlayRung::floating;
  bool done = true;   ///< false: no rung gave a result, and `geometry` is empty
  std::string fault;  ///< what was wrong on the rungs before; "" for the first one
};

/// Set operations that tell what they needed and never throw for a geometry's sake: each rung is
/// tried when the one before throws or gives a result that is not valid or has more or less area
/// than it can have.
[[nodiscard]] OverlayOutcome try_intersection(const Geometry& a, const Geometry& b);
[[nodiscard]] OverlayOutcome try_difference(const Geometry& a, const Geometry& b);
[[nodiscard]] OverlayOutcome try_unite(const std::vector<const Geometry*>& geometries);
/// Says when an outcome needed more than the first rung: "overlay.snapped" (note), or had none,
/// "overlay.failed" (warning). `what` is the operation ("overlap of A12 with rivers: 7").
void report_overlay(const OverlayOutcome& outcome, const std::string& what,
                    const std::string& where, Findings& findings);
/// What an outcome gave, said as above; empty where it gave nothing.
[[nodiscard]] std::optional<Geometry> told(OverlayOutcome outcome, const std::string& what,
                                           const std::string& where, Findings& findings);

/// While it lives, GEOS calls of this thread stop soon after `progress` is cancelled: Error
/// "run.interrupted". Scopes may be nested; the innermost counts.
class OverlayStop {
 public:
  explicit OverlayStop(const Progress& progress);
  ~OverlayStop();
  OverlayStop(const OverlayStop&) = delete;
  OverlayStop& operator=(const OverlayStop&) = delete;

 private:
  const Progress* before_;
  Progress own_;
};

/// Operations on valid polygons; the results are valid. As above, but Error "geometry.overlay" when
/// no rung gives a result.
[[nodiscard]] Geometry intersection(const Geometry& a, const Geometry& b);
[[nodiscard]] Geometry difference(const Geometry& a, const Geometry& b);
[[nodiscard]] Geometry unite(const std::vector<const Geometry*>& geometries);
[[nodiscard]] Geometry unite(const std::vector<Geometry>& geometries);
[[nodiscard]] bool intersects(const Geometry& a, const Geometry& b);
/// Inside or on the boundary.
[[nodiscard]] bool covers(const Geometry& polygon, Point place);
/// Lines joined at their ends where exactly two meet.
[[nodiscard]] Geometry merge_lines(const std::vector<const Geometry*>& lines);
/// Planar buffer in the units of the coordinates; `segments` a quadrant.
enum class Cap { round, flat, square };
enum class BufferSide { both, left, right };
[[nodiscard]] Geometry planar_buffer(const Geometry& geometry, double distance, int segments,
                                     Cap cap = Cap::round, BufferSide side = BufferSide::both);
/// Fewer vertices, none moved by more than `tolerance` (in the units of the coordinates).
[[nodiscard]] Geometry simplify(const Geometry& geometry, double tolerance);
/// WKB round trip for writers and readers (little endian, 2-D out; Z is dropped on reading).
[[nodiscard]] std::string to_wkb(const Geometry& geometry);
[[nodiscard]] std::string to_wkt(const Geometry& geometry);
/// Error "geometry.bad_wkt".
[[nodiscard]] Geometry from_wkt(const std::string& wkt, const std::string& where = {});

}  // namespace lode
