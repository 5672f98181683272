// What frames the library's functions in Python, and the array forms that are written by hand.
#include <string>

#include "libgeo/core/error.h"
#include "libgeo/crs/transform.h"
#include "libgeo/deposit/oxides.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/ranking/methods.h"
#include "plugins/python/call.h"
#include "plugins/python/described.h"

namespace lode::python {

namespace {

/// ArgumentError: a TypeError and a ValueError, for whoever catches either.
PyObject* argument_error() {
  static PyObject* type = [] {
    const py::tuple bases = py::make_tuple(py::handle(PyExc_TypeError), py::handle(PyExc_ValueError));
    PyObject* made = PyErr_NewExceptionWithDoc(
        "lode._lode.ArgumentError", "An argument that cannot be what it is meant for; names the place.",
        bases.ptr(), nullptr);
    if (!made) throw py::error_already_set();
    return made;
  }();
  return type;
}

// Columns of one length -------------------------------------------------------------------------

using Numbers = std::vector<double>;

void same_length(std::size_t first, std::size_t other, const char* name) {
  if (first != other)
    throw WrongArgument(std::string(name) + ": wanted as many numbers as before, " +
                        std::to_string(first) + ", got " + std::to_string(other));
}

/// Four columns in; work(i) for every row, without the GIL.
template <std::size_t N>
std::array<Numbers, N> columns(Call& in, std::size_t from, const std::array<const char*, N>& names) {
  std::array<Numbers, N> all;
  for (std::size_t i = 0; i < N; ++i) {
    in.read(from + i, names[i], all[i]);
    same_length(all[0].size(), all[i].size(), names[i]);
  }
  return all;
}

py::object distances_m(const py::args& arguments) {
  Call in(arguments);
  const auto geodesic = in.held<Geodesic>(0, "self");
  const auto all = columns<4>(in, 1, {"lon1_deg", "lat1_deg", "lon2_deg", "lat2_deg"});
  return give(in.run(-1, [&](const Progress&) {
    Numbers out(all[0].size());
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = geodesic->distance_m({all[0][i], all[1][i]}, {all[2][i], all[3][i]});
    return out;
  }));
}

py::object inverses(const py::args& arguments) {
  Call in(arguments);
  const auto geodesic = in.held<Geodesic>(0, "self");
  const auto all = columns<4>(in, 1, {"lon1_deg", "lat1_deg", "lon2_deg", "lat2_deg"});
  std::array<Numbers, 3> out;
  in.run(-1, [&](const Progress&) {
    for (Numbers& column : out) column.resize(all[0].size());
    for (std::size_t i = 0; i < all[0].size(); ++i) {
      const Inverse one = geodesic->inverse({all[0][i], all[1][i]}, {all[2][i], all[3][i]});
      out[0][i] = one.distance_m;
      out[1][i] = one.azimuth1_deg;
      out[2][i] = one.azimuth2_deg;
    }
    return 0;
  });
  return give(std::move(out));
}

py::object directs(const py::args& arguments) {
  Call in(arguments);
  const auto geodesic = in.held<Geodesic>(0, "self");
  const auto all = columns<4>(in, 1, {"lon_deg", "lat_deg", "azimuth_deg", "distance_m"});
  std::array<Numbers, 2> out;
  in.run(-1, [&](const Progress&) {
    for (Numbers& column : out) column.resize(all[0].size());
    for (std::size_t i = 0; i < all[0].size(); ++i) {
      const LonLat to = geodesic->direct({all[0][i], all[1][i]}, all[2][i], all[3][i]);
      out[0][i] = to.lon_deg;
      out[1][i] = to.lat_deg;
    }
    return 0;
  });
  return give(std::move(out));
}

py::object transform_columns(const py::args& arguments) {
  Call in(arguments);
  const auto transform = in.held<Transform>(0, "self");
  auto all = columns<2>(in, 1, {"x", "y"});
  in.run(-1, [&](const Progress&) {
    return transform->forward(all[0].data(), all[1].data(), all[0].size());
  });
  return give(std::move(all));
}

py::object areas_m2(const py::args& arguments) {
  Call in(arguments);
  std::vector<Geometry> geometries;
  Crs crs;
  in.read(0, "geometries", geometries);
  in.read(1, "crs", crs);
  Edges edges = default_edges(crs);
  in.read_given(2, "edges", edges);
  return give(in.run(-1, [&](const Progress&) {
    Numbers out;
    out.reserve(geometries.size());
    for (const Geometry& geometry : geometries) out.push_back(area_m2(geometry, crs, edges));
    return out;
  }));
}

py::object scaled(const py::args& arguments, bool to_oxide) {
  Call in(arguments);
  Numbers grades;
  in.read(0, "grades", grades);
  std::string element;
  in.read(1, "element", element);
  OxideBasis basis = OxideBasis::trade;
  in.read_given(2, "basis", basis);
  const auto found = find_rare_earth(element);
  if (!found) throw WrongArgument("element: '" + element + "' is no rare earth element");
  return give(in.run(-1, [&](const Progress&) {
    for (double& grade : grades)
      grade = to_oxide ? lode::to_oxide(ElementGrade{grade}, *found, basis).value
                       : lode::to_element(OxideGrade{grade}, *found, basis).value;
    return std::move(grades);
  }));
}
py::object to_oxide_column(const py::args& arguments) { return scaled(arguments, true); }
py::object to_element_column(const py::args& arguments) { return scaled(arguments, false); }

// Ranking: what takes memory in C++ --------------------------------------------------------------

py::object preference_flow_columns(const py::args& arguments) {
  Call in(arguments);
  Numbers value;
  Shape shape{};
  double q = 0.0, p = 0.0;
  in.read(0, "value", value);
  in.read(1, "shape", shape);
  in.read(2, "q", q);
  in.read(3, "p", p);
  std::array<Numbers, 2> out;
  in.run(-1, [&](const Progress&) {
    for (Numbers& flow : out) flow.resize(value.size());
    if (!value.empty())
      preference_flows(value.data(), value.size(), shape, q, p, out[0].data(), out[1].data());
    return 0;
  });
  return give(std::move(out));
}

}  // namespace

void begin_library(py::module_& m) {
  m.attr("ArgumentError") = py::handle(argument_error());
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const WrongArgument& error) {
      PyErr_SetString(argument_error(), error.what());
    }
  });
}

void end_library(py::module_& m) {
  py::module_ crs = m.attr("crs");
  add_function(crs, "distances_m", distances_m);
  add_function(crs, "inverses", inverses);
  add_function(crs, "directs", directs);
  add_function(crs, "transform_columns", transform_columns);
  py::module_ geometry = m.attr("geometry");
  add_function(geometry, "areas_m2", areas_m2);
  py::module_ deposit = m.attr("deposit");
  add_function(deposit, "to_oxide_column", to_oxide_column);
  add_function(deposit, "to_element_column", to_element_column);
  py::module_ ranking = m.attr("ranking");
  add_function(ranking, "preference_flow_columns", preference_flow_columns);
}

}  // namespace lode::python
