// Geometry as shapely's, WKB or WKT; CRSs as text, EPSG numbers or pyproj's; places as pairs.
#include <algorithm>
#include <bit>
#include <cstring>

#include "libgeo/core/error.h"
#include "libgeo/geometry/overlay.h"
#include "plugins/python/convert.h"

namespace lode::python {

namespace {

/// Shells counter-clockwise and holes clockwise, as readers of files leave them: areas hang on it.
void wind(Path& ring, bool counter_clockwise) {
  if (ring.empty()) return;
  double doubled = 0.0;
  const Point from = ring.front();
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    doubled += (ring[i].x - from.x) * (ring[i + 1].y - from.y) -
               (ring[i + 1].x - from.x) * (ring[i].y - from.y);
  if ((doubled > 0.0) != counter_clockwise && doubled != 0.0) std::reverse(ring.begin(), ring.end());
}

/// Well-known binary, ISO's or PostGIS's; heights and measures are passed over, as readers of files
/// pass over them.
class WkbReader {
 public:
  WkbReader(std::string_view bytes, const Where& where) : bytes_(bytes), where_(where) {}

  void read(Geometry& out) {
    const Head head = take_head();
    switch (head.kind) {
      case 1: add_point(out, head); return;
      case 2: add(out, GeometryKind::line).lines.push_back(take_path(head)); return;
      case 3: add_polygon(out, head); return;
      case 4:
      case 5:
      case 6: add_parts(out, head); return;
      default: where_.refuse("a geometry of WKB type " + std::to_string(head.kind) +
                             " is neither points, lines nor polygons");
    }
  }

 private:
  struct Head {
    std::uint32_t kind = 0;
    std::size_t numbers = 2;  ///< a vertex
    bool little = true;
  };

  template <class T>
  T take(bool little) {
    if (bytes_.size() - at_ < sizeof(T)) where_.refuse("the WKB ends too early");
    std::array<char, sizeof(T)> raw;
    std::memcpy(raw.data(), bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    if (little != (std::endian::native == std::endian::little))
      std::reverse(raw.begin(), raw.end());
    return std::bit_cast<T>(raw);
  }
  Head take_head() {
    Head head;
    head.little = take<std::uint8_t>(true) == 1;
    auto kind = take<std::uint32_t>(head.little);
    if (kind & 0x80000000U) ++head.numbers;
    if (kind & 0x40000000U) ++head.numbers;
    if (kind & 0x20000000U) take<std::uint32_t>(head.little);  // SRID
    kind &= 0x0fffffffU;
    if (kind >= 1000) head.numbers += kind / 1000 == 3 ? 2 : 1;
    head.kind = kind % 1000;
    return head;
  }
  Point take_point(const Head& head) {
    Point point;
    point.x = take<double>(head.little);
    point.y = take<double>(head.little);
    for (std::size_t i = 2; i < head.numbers; ++i) take<double>(head.little);
    return point;
  }
  Path take_path(const Head& head) {
    const auto count = take<std::uint32_t>(head.little);
    if (count > (bytes_.size() - at_) / (8 * head.numbers))
      where_.refuse("the WKB ends too early");
    Path path(count);
    for (Point& point : path) point = take_point(head);
    return path;
  }
  Geometry& add(Geometry& out, GeometryKind kind) {
    if (out.kind != GeometryKind::none && out.kind != kind)
      where_.refuse("a geometry of several kinds");
    out.kind = kind;
    return out;
  }
  void add_point(Geometry& out, const Head& head) {
    const Point point = take_point(head);
    if (point.x == point.x && point.y == point.y)  // an empty point is NaN in WKB
      add(out, GeometryKind::point).points.push_back(point);
  }
  void add_polygon(Geometry& out, const Head& head) {
    const auto rings = take<std::uint32_t>(head.little);
    if (rings == 0) return;
    Polygon polygon;
    polygon.shell = take_path(head);
    wind(polygon.shell, true);
    for (std::uint32_t i = 1; i < rings; ++i) {
      polygon.holes.push_back(take_path(head));
      wind(polygon.holes.back(), false);
    }
    add(out, GeometryKind::polygon).polygons.push_back(std::move(polygon));
  }
  void add_parts(Geometry& out, const Head& head) {
    const auto parts = take<std::uint32_t>(head.little);
    for (std::uint32_t i = 0; i < parts; ++i) {
      const Head part = take_head();
      if (part.kind + 3 != head.kind) where_.refuse("a part of another kind in WKB");
      if (part.kind == 1) add_point(out, part);
      if (part.kind == 2) add(out, GeometryKind::line).lines.push_back(take_path(part));
      if (part.kind == 3) add_polygon(out, part);
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  const Where& where_;
};

/// shapely.wkb.loads, or None where shapely is not installed.
py::handle shapely_loads() {
  static PyObject* kept = [] {
    try {
      return py::module_::import("shapely.wkb").attr("loads").cast<py::object>().release().ptr();
    } catch (py::error_already_set& error) {
      if (!error.matches(PyExc_ImportError)) throw;
      return py::none().release().ptr();
    }
  }();
  return kept;
}

// Two numbers that stand for a place; objects with names of their own are not.
bool is_pair(py::handle source) {
  return PyTuple_Check(source.ptr()) || PyList_Check(source.ptr()) ||
         (py::hasattr(source, "__array__") && py::hasattr(source, "ndim") &&
          py::len(source) == 2);
}

}  // namespace

void Convert<Geometry>::read(py::handle source, Geometry& value, const Where& where) {
  value = {};
  if (source.is_none()) return;
  if (PyUnicode_Check(source.ptr())) {
    value = from_wkt(read_text(source, where), where.text());
    return;
  }
  py::object bytes = py::reinterpret_borrow<py::object>(source);
  if (!PyBytes_Check(source.ptr())) {
    if (!py::hasattr(source, "wkb")) where.refuse("a shapely geometry, WKB or WKT", source);
    bytes = source.attr("wkb");
  }
  char* data = nullptr;
  Py_ssize_t size = 0;
  if (PyBytes_AsStringAndSize(bytes.ptr(), &data, &size) != 0) throw py::error_already_set();
  WkbReader({data, static_cast<std::size_t>(size)}, where).read(value);
}

py::object Convert<Geometry>::give(const Geometry& value) {
  if (value.kind == GeometryKind::none) return py::none();
  const py::bytes wkb(to_wkb(value));
  const py::handle loads = shapely_loads();
  return loads.is_none() ? py::object(wkb) : py::object(loads(wkb));
}

template <>
bool read_otherwise(py::handle source, Crs& value, const Where& where) {
  std::string text;
  if (PyUnicode_Check(source.ptr())) {
    text = read_text(source, where);
  } else if (!PyBool_Check(source.ptr()) && PyIndex_Check(source.ptr())) {
    text = "EPSG:" + py::str(source).cast<std::string>();
  } else if (py::hasattr(source, "to_authority") && py::hasattr(source, "to_wkt")) {
    // The code where pyproj is sure of it, so that the same system has the same text.
    const py::object code = source.attr("to_authority")(py::arg("min_confidence") = 100);
    if (code.is_none())
      text = read_text(source.attr("to_wkt")(), where);
    else
      text = read_text(code.attr("__getitem__")(0), where) + ":" +
             read_text(code.attr("__getitem__")(1), where);
  } else {
    return false;
  }
  // The empty text is the CRS of what has none.
  value = text.empty() ? Crs{} : parse_crs(text, where.text());
  return true;
}

template <>
bool read_otherwise(py::handle source, Point& value, const Where& where) {
  if (!is_pair(source)) return false;
  std::array<double, 2> pair{};
  python::read(source, pair, where);
  value = {pair[0], pair[1]};
  return true;
}

template <>
bool read_otherwise(py::handle source, LonLat& value, const Where& where) {
  if (!is_pair(source)) return false;
  std::array<double, 2> pair{};
  python::read(source, pair, where);
  value = {pair[0], pair[1]};
  return true;
}

}  // namespace lode::python
