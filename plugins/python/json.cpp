#include "plugins/python/json.h"

#include <cmath>

#include "libgeo/core/text.h"

namespace lode::python {

namespace py = pybind11;

namespace {

py::object text_object(const std::string& text) {
  // What is not UTF-8 is mended as in the program's JSON.
  if (!is_valid_utf8(text)) return py::str(Json::parse(Json(text).dump()).as_string());
  return py::str(text);
}

}  // namespace

py::object to_python(const Json& value) {
  if (value.is_null()) return py::none();
  if (value.is_bool()) return py::bool_(value.as_bool());
  if (value.is_integer()) return py::int_(value.as_integer());
  if (value.is_number()) {
    const double number = value.as_number();
    return std::isfinite(number) ? py::object(py::float_(number)) : py::none();
  }
  if (value.is_string()) return text_object(value.as_string());
  if (value.is_array()) {
    py::list list(value.size());
    std::size_t i = 0;
    for (const Json& item : value.items()) list[i++] = to_python(item);
    return list;
  }
  py::dict dict;
  for (const auto& [key, item] : value.members()) dict[text_object(key)] = to_python(item);
  return dict;
}

Json to_json(py::handle value) {
  if (value.is_none()) return {};
  if (PyBool_Check(value.ptr())) return Json(value.cast<bool>());
  if (PyLong_Check(value.ptr())) return Json(value.cast<std::int64_t>());
  if (PyFloat_Check(value.ptr())) return Json(value.cast<double>());
  if (PyUnicode_Check(value.ptr())) return Json(value.cast<std::string>());
  if (PyDict_Check(value.ptr())) {
    Json::Object members;
    for (const auto& [key, item] : py::reinterpret_borrow<py::dict>(value))
      members.emplace_back(key.cast<std::string>(), to_json(item));
    return Json(std::move(members));
  }
  if (PyList_Check(value.ptr()) || PyTuple_Check(value.ptr())) {
    Json::Array items;
    for (const auto& item : py::reinterpret_borrow<py::sequence>(value))
      items.push_back(to_json(item));
    return Json(std::move(items));
  }
  throw py::type_error("there is no JSON for a value of type " +
                       py::str(py::type::of(value).attr("__name__")).cast<std::string>());
}

}  // namespace lode::python
