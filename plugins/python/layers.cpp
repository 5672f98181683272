// Layers between Python and the library: what a command made, and frames written for it to read.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/writers.h"
#include "plugins/python/parts.h"
#include "plugins/python/wkb.h"

namespace lode::python {

namespace py = pybind11;

namespace {

/// Numbers as an array on the layer's own memory, which it keeps alive; texts as a list.
py::object values_of(const py::object& layer, const Column& column) {
  if (column.kind == ColumnKind::text) return py::cast(column.texts);
  return py::array_t<double>(static_cast<py::ssize_t>(column.numbers.size()), column.numbers.data(),
                             layer);
}

py::dict columns_of(const py::object& self) {
  py::dict columns;
  for (const Column& column : self.cast<const OutputLayer&>().table.columns)
    columns[py::str(column.name)] = values_of(self, column);
  return columns;
}

py::list wkb_of(const OutputLayer& layer) {
  py::list list;
  for (const Geometry& geometry : layer.geometry) {
    if (geometry.empty())
      list.append(py::none());
    else
      list.append(py::bytes(to_wkb(geometry)));
  }
  return list;
}

Column column_of(const std::string& name, const py::handle& values) {
  if (py::isinstance<py::array>(values)) {
    const auto array =
        py::array_t<double, py::array::c_style | py::array::forcecast>::ensure(values);
    if (!array) throw py::error_already_set();
    return number_column(name, {array.data(), array.data() + array.size()});
  }
  return text_column(name, values.cast<std::vector<std::string>>());
}

/// WKB, WKT or None.
std::vector<Geometry> places_of(const py::list& list) {
  std::vector<Geometry> places(list.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const py::handle one = list[i];
    if (one.is_none()) continue;
    if (py::isinstance<py::str>(one))
      places[i] = from_wkt(one.cast<std::string>(), "geometry " + std::to_string(i + 1));
    else if (py::isinstance<py::bytes>(one))
      places[i] = from_wkb(one.cast<std::string_view>());
    else
      throw py::type_error("geometry: wanted shapely's geometries, WKB or WKT, got " +
                           py::str(py::type::of(one).attr("__name__")).cast<std::string>());
  }
  return places;
}

/// A frame as a GeoPackage, by the writer of every result.
void write_frame(const std::string& path, const std::string& name, const py::dict& columns,
                 const py::list& geometry, const std::string& crs) {
  OutputLayer layer;
  layer.name = name;
  layer.table.name = name;
  layer.crs = parse_crs(crs, name);
  for (const auto& [key, values] : columns)
    layer.table.add(column_of(key.cast<std::string>(), values));
  layer.geometry = places_of(geometry);
  const py::gil_scoped_release released;
  Findings findings;
  write_layers(path, {std::move(layer)}, {}, findings);
}

}  // namespace

void bind_layers(py::module_& m) {
  py::class_<OutputLayer, std::shared_ptr<OutputLayer>>(m, "Layer", "A layer that a command made.")
      .def_readonly("name", &OutputLayer::name)
      .def_property_readonly("crs", [](const OutputLayer& layer) { return layer.crs.label(); })
      .def_property_readonly("crs_wkt", [](const OutputLayer& layer) { return layer.crs.wkt; })
      .def_property_readonly("columns", &columns_of, "Numbers as arrays, texts as lists.")
      .def_property_readonly("has_geometry",
                             [](const OutputLayer& layer) { return !layer.geometry.empty(); })
      .def("wkb", &wkb_of, "The places as WKB, None where there is none.");
  m.def("write_frame", &write_frame);
  m.def("frame_wkt", [](const py::list& geometry) {
    std::vector<std::string> texts;
    for (const Geometry& one : places_of(geometry))
      texts.push_back(one.empty() ? std::string() : to_wkt(one));
    return texts;
  });
}

}  // namespace lode::python
