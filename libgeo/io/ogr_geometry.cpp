#include <cpl_error.h>
#include <ogr_geometry.h>

#include <memory>
#include <type_traits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/layer_parts.h"

namespace lode::parts {
namespace {

static_assert(sizeof(Point) == sizeof(OGRRawPoint) && std::is_standard_layout_v<Point>);

Path path_of(const OGRSimpleCurve& curve) {
  Path path(static_cast<std::size_t>(curve.getNumPoints()));
  if (!path.empty()) curve.getPoints(reinterpret_cast<OGRRawPoint*>(path.data()));
  return path;
}

void add_polygon(const OGRPolygon& source, Geometry& result, Census& census) {
  const OGRLinearRing* shell = source.getExteriorRing();
  if (shell == nullptr || shell->IsEmpty()) return;
  Polygon polygon;
  polygon.shell = path_of(*shell);
  if (polygon.shell.size() < 3) {
    census.add(census.short_parts);
    return;
  }
  for (int i = 0; i < source.getNumInteriorRings(); ++i) {
    Path hole = path_of(*source.getInteriorRing(i));
    if (hole.size() < 3) {
      if (!hole.empty()) census.add(census.short_parts);
      continue;
    }
    polygon.holes.push_back(std::move(hole));
  }
  result.polygons.push_back(std::move(polygon));
}

void add(const OGRGeometry& source, Geometry& result, Census& census) {
  if (source.IsEmpty()) return;
  switch (wkbFlatten(source.getGeometryType())) {
    case wkbPoint: {
      const OGRPoint& point = *source.toPoint();
      result.points.push_back({point.getX(), point.getY()});
      return;
    }
    case wkbLineString: {
      Path path = path_of(*source.toLineString());
      if (path.size() < 2) {
        census.add(census.short_parts);
      } else {
        result.lines.push_back(std::move(path));
      }
      return;
    }
    case wkbPolygon:
      add_polygon(*source.toPolygon(), result, census);
      return;
    case wkbTriangle:
      add_polygon(*static_cast<const OGRPolygon*>(source.toTriangle()), result, census);
      return;
    case wkbMultiPoint:
    case wkbMultiLineString:
    case wkbMultiPolygon:
    case wkbGeometryCollection:
      for (const OGRGeometry* part : *source.toGeometryCollection()) add(*part, result, census);
      return;
    case wkbPolyhedralSurface:
    case wkbTIN:
      for (const OGRPolygon* part : *source.toPolyhedralSurface()) {
        add_polygon(*part, result, census);
      }
      return;
    default:
      break;
  }
  // What is left are curves and what holds them; GDAL reads no other kind.
  const std::unique_ptr<OGRGeometry> straight(source.getLinearGeometry());
  census.add(census.curves);
  add(*straight, result, census);
}

}  // namespace

Geometry geometry_of(const OGRGeometry& source, Census& census) {
  Geometry result;
  if ((source.Is3D() || source.IsMeasured()) && !source.IsEmpty()) census.add(census.z);
  add(source, result, census);
  const int kinds = static_cast<int>(!result.points.empty()) +
                    static_cast<int>(!result.lines.empty()) +
                    static_cast<int>(!result.polygons.empty());
  if (!result.polygons.empty()) {
    result.kind = GeometryKind::polygon;
    result.lines.clear();
    result.points.clear();
  } else if (!result.lines.empty()) {
    result.kind = GeometryKind::line;
    result.points.clear();
  } else if (!result.points.empty()) {
    result.kind = GeometryKind::point;
  }
  if (kinds > 1) census.add(census.collections);
  return result;
}

Geometry geometry_of_wkt(const std::string& wkt, const std::string& where, Census& census) {
  std::string text(trim(wkt));
  if (lower(text.substr(0, 5)) == "srid=")
    text = text.substr(std::min(text.size(), text.find(';') + 1));
  const char* rest = text.c_str();
  OGRGeometry* raw = nullptr;
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const OGRErr result = OGRGeometryFactory::createFromWkt(&rest, nullptr, &raw);
  CPLPopErrorHandler();
  const std::unique_ptr<OGRGeometry> geometry(raw);
  if (result != OGRERR_NONE || !geometry || !trim(rest).empty()) {
    throw Error("geometry.bad_wkt", "'" + printable(text.substr(0, 60)) + "' is no WKT geometry",
                where, "Write it as in POINT (10 20).");
  }
  return geometry_of(*geometry, census);
}

}  // namespace lode::parts
