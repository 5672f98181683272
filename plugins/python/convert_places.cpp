// Geometry as shapely's, WKB or WKT; CRSs as text, EPSG numbers or pyproj's; places as pairs.
#include "libgeo/core/error.h"
#include "libgeo/geometry/geos_handles.h"
#include "libgeo/geometry/overlay.h"
#include "plugins/python/convert.h"
#include "plugins/python/wkb.h"

namespace lode::python {

namespace {

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
  try {
    value = from_wkb_of_one_kind({data, static_cast<std::size_t>(size)});
  } catch (const Error& error) {  // an argument that is wrong, of which only we know the name
    where.refuse(error.what());
  }
  // As readers of files leave them: areas hang on it.
  for (Polygon& polygon : value.polygons) wind(polygon);
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
