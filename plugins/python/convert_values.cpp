// Findings, dates, JSON and tables between Python and C++; data frames where tables are meant.
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/finding.h"
#include "libgeo/core/json.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/table.h"
#include "libgeo/core/text.h"
#include "libgeo/io/layer.h"
#include "plugins/python/convert.h"
#include "plugins/python/described.h"

namespace lode::python {

void Convert<Findings>::read(py::handle source, Findings& value, const Where& where) {
  std::vector<Finding> list;
  python::read(source, list, where);
  value = {};
  for (Finding& finding : list) value.add(std::move(finding));
}

py::object Convert<Findings>::give(const Findings& value) {
  return python::give(std::vector<Finding>(value.list()));
}

void Convert<Date>::read(py::handle source, Date& value, const Where& where) {
  if (PyUnicode_Check(source.ptr())) {
    const auto date = parse_date(read_text(source, where));
    if (!date) where.refuse("a date such as 2026-11-01", source);
    value = *date;
    return;
  }
  for (const char* field : {"year", "month", "day"})
    if (!py::hasattr(source, field)) where.refuse("a datetime.date", source);
  python::read(source.attr("year"), value.year, where);
  python::read(source.attr("month"), value.month, where);
  python::read(source.attr("day"), value.day, where);
}

py::object Convert<Date>::give(const Date& value) {
  return py::module_::import("datetime").attr("date")(value.year, value.month, value.day);
}

// JSON ---------------------------------------------------------------------------------------

namespace {

Json json_from(py::handle source, int depth, const Where& where) {
  if (depth > 200) where.refuse("nested deeper than 200 levels");
  if (source.is_none()) return {};
  if (PyBool_Check(source.ptr())) return source.ptr() == Py_True;
  if (PyUnicode_Check(source.ptr())) return read_text(source, where);
  if (PyFloat_Check(source.ptr())) return PyFloat_AsDouble(source.ptr());
  if (PyIndex_Check(source.ptr()) && !PySequence_Check(source.ptr()))
    return static_cast<std::int64_t>(read_integer(source, std::numeric_limits<std::int64_t>::min(),
                                                  std::numeric_limits<std::int64_t>::max(), where));
  if (PyDict_Check(source.ptr())) {
    Json object = Json::object();
    for (const auto& [key, item] : py::reinterpret_borrow<py::dict>(source)) {
      const std::string name = read_text(key, where);
      object[name] = json_from(item, depth + 1, where.at(name.c_str()));
    }
    return object;
  }
  if (PyFloat_Check(source.ptr()) || PyNumber_Check(source.ptr()))
    if (!PySequence_Check(source.ptr())) return read_double(source, where);
  Json array = Json::array();
  const py::list list = read_list(source, where);
  for (std::size_t i = 0; i < list.size(); ++i)
    array.push_back(json_from(list[i], depth + 1, where.at(i)));
  return array;
}

}  // namespace

void Convert<Json>::read(py::handle source, Json& value, const Where& where) {
  value = json_from(source, 0, where);
}

py::object Convert<Json>::give(const Json& value) {
  if (value.is_null()) return py::none();
  if (value.is_bool()) return py::bool_(value.as_bool());
  if (value.is_integer()) return py::int_(value.as_integer());
  if (value.is_number()) return py::float_(value.as_number());
  if (value.is_string()) return give_text(value.as_string());
  if (value.is_array()) {
    py::list list;
    for (const Json& item : value.items()) list.append(give(item));
    return list;
  }
  py::dict dict;
  for (const auto& [key, item] : value.members()) dict[give_text(key)] = give(item);
  return dict;
}

// Tables -------------------------------------------------------------------------------------

namespace {

// Numbers where the column's type is one; text otherwise.
Column column_from(const std::string& name, py::handle values, const Where& where) {
  const py::object array = py::module_::import("numpy").attr("asarray")(values);
  const std::string kind = py::str(array.attr("dtype").attr("kind"));
  Column column;
  column.name = name;
  column.unit = unit_of_field_name(name);
  if (kind == "f" || kind == "i" || kind == "u" || kind == "b") {
    python::read(py::hasattr(values, "to_numpy") ? values : py::handle(array), column.numbers,
                 where.at(name.c_str()));
  } else {
    column.kind = ColumnKind::text;
    python::read(array.attr("tolist")(), column.texts, where.at(name.c_str()));
  }
  return column;
}

void table_from(py::handle names, py::handle columns, py::handle geometry_name, Table& table,
                const Where& where) {
  table = {};
  table.name = where.text();
  for (const py::handle name : names) {
    if (!geometry_name.is_none() && name.equal(geometry_name)) continue;
    const py::object column = columns.attr("__getitem__")(name);
    table.add(column_from(read_text(name, where), column, where));
  }
}

bool is_frame(py::handle source) {
  return py::hasattr(source, "columns") && py::hasattr(source, "iloc");
}

}  // namespace

template <>
bool read_otherwise(py::handle source, Table& value, const Where& where) {
  if (PyDict_Check(source.ptr())) {
    table_from(py::list(py::reinterpret_borrow<py::dict>(source)), source, py::none(), value, where);
    return true;
  }
  if (!is_frame(source)) return false;
  const bool placed = py::hasattr(source, "_geometry_column_name");
  const py::object geometry =
      placed ? py::object(source.attr("_geometry_column_name")) : py::object(py::none());
  table_from(source.attr("columns"), source, geometry, value, where);
  return true;
}

template <>
bool read_otherwise(py::handle source, Layer& value, const Where& where) {
  if (!is_frame(source)) return false;
  value = {};
  static_cast<void>(read_otherwise(source, value.table, where));
  value.table.name = where.text();
  value.source.path = value.table.name;
  const std::size_t rows = py::len(source);
  for (std::size_t i = 0; i < rows; ++i) value.fid.push_back(static_cast<std::int64_t>(i));
  value.source.features = rows;
  if (!py::hasattr(source, "_geometry_column_name")) return true;
  python::read(source.attr("geometry"), value.geometry, where.at("geometry"));
  const py::object crs = source.attr("crs");
  if (crs.is_none()) return true;
  static_cast<void>(read_otherwise(crs, value.crs, where.at("crs")));
  value.has_crs = true;
  value.source.crs = value.crs.label();
  return true;
}

template <>
bool read_otherwise(py::handle source, LowBaseHigh& value, const Where& where) {
  if (PyFloat_Check(source.ptr()) || (PyIndex_Check(source.ptr()) && !PyBool_Check(source.ptr()))) {
    value = only_base(read_double(source, where));
    return true;
  }
  if (!PyTuple_Check(source.ptr()) && !PyList_Check(source.ptr())) return false;
  std::array<double, 3> three{};
  python::read(source, three, where);
  value.low = three[0];
  value.base = three[1];
  value.high = three[2];
  return true;
}

}  // namespace lode::python
