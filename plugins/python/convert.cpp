// Numbers, text, columns, fields and choices between Python and C++: what needs no template.
#include "plugins/python/convert.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace lode::python {

namespace {

std::string type_of(py::handle value) { return Py_TYPE(value.ptr())->tp_name; }

bool is_text(py::handle value) {
  return PyUnicode_Check(value.ptr()) || PyBytes_Check(value.ptr());
}

// An error that Python raised while a value was looked at: said as a wrong argument.
[[noreturn]] void refuse_raised(const Where& where, const std::string& wanted, py::handle got) {
  if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) || PyErr_ExceptionMatches(PyExc_MemoryError))
    throw py::error_already_set();
  PyErr_Clear();
  where.refuse(wanted, got);
}

}  // namespace

std::string Where::text() const {
  const std::string before = outer ? outer->text() : "";
  if (index >= 0) return before + "[" + std::to_string(index) + "]";
  return before.empty() ? name : before + "." + name;
}

void Where::refuse(const std::string& wanted, py::handle got) const {
  std::string shown;
  if (PyObject* text = PyObject_Repr(got.ptr())) {
    shown = py::reinterpret_steal<py::str>(text).cast<std::string>();
  } else {
    PyErr_Clear();
  }
  const bool brief = shown.size() <= 60 && shown.find('\n') == std::string::npos;
  throw WrongArgument(text() + ": wanted " + wanted + ", got " + type_of(got) +
                      (brief ? " " + shown : ""));
}

void Where::refuse(const std::string& message) const {
  throw WrongArgument(text() + ": " + message);
}

double read_double(py::handle source, const Where& where) {
  if (source.is_none() || type_of(source) == "NAType")
    return std::numeric_limits<double>::quiet_NaN();
  if (is_text(source) || PyBool_Check(source.ptr())) where.refuse("a number", source);
  const double value = PyFloat_AsDouble(source.ptr());
  if (value == -1.0 && PyErr_Occurred()) refuse_raised(where, "a number", source);
  return value;
}

bool read_bool(py::handle source, const Where& where) {
  if (source.ptr() == Py_True) return true;
  if (source.ptr() == Py_False) return false;
  if (type_of(source) == "numpy.bool_" || type_of(source) == "numpy.bool")
    return PyObject_IsTrue(source.ptr()) == 1;
  where.refuse("True or False", source);
}

long long read_integer(py::handle source, long long least, long long most, const Where& where) {
  if (PyBool_Check(source.ptr())) where.refuse("a whole number", source);
  PyObject* whole = PyNumber_Index(source.ptr());
  if (!whole) refuse_raised(where, "a whole number", source);
  const auto number = py::reinterpret_steal<py::object>(whole);
  const long long value = PyLong_AsLongLong(whole);
  const bool beyond = value == -1 && PyErr_Occurred();
  if (beyond) PyErr_Clear();
  if (beyond || value < least || value > most)
    where.refuse("a whole number from " + std::to_string(least) + " to " + std::to_string(most),
                 source);
  return value;
}

std::uint64_t read_unsigned(py::handle source, std::uint64_t most, const Where& where) {
  if (PyBool_Check(source.ptr())) where.refuse("a whole number", source);
  PyObject* whole = PyNumber_Index(source.ptr());
  if (!whole) refuse_raised(where, "a whole number of 0 or more", source);
  const auto number = py::reinterpret_steal<py::object>(whole);
  const std::uint64_t value = PyLong_AsUnsignedLongLong(whole);
  const bool beyond = value == std::numeric_limits<std::uint64_t>::max() && PyErr_Occurred();
  if (beyond) PyErr_Clear();
  if (beyond || value > most)
    where.refuse("a whole number from 0 to " + std::to_string(most), source);
  return value;
}

std::string read_text(py::handle source, const Where& where) {
  if (PyUnicode_Check(source.ptr())) {
    // Names of files that are not UTF-8 keep their bytes.
    PyObject* bytes = PyUnicode_AsEncodedString(source.ptr(), "utf-8", "surrogateescape");
    if (!bytes) refuse_raised(where, "text", source);
    return py::reinterpret_steal<py::bytes>(bytes).cast<std::string>();
  }
  if (PyBytes_Check(source.ptr())) return py::reinterpret_borrow<py::bytes>(source);
  // Missing cells of a column of text, and ids that are whole numbers.
  if (source.is_none() || (PyFloat_Check(source.ptr()) &&
                           std::isnan(PyFloat_AsDouble(source.ptr()))))
    return {};
  if (type_of(source) == "NAType") return {};
  if (!PyBool_Check(source.ptr()) && PyIndex_Check(source.ptr()))
    return py::str(source).cast<std::string>();
  if (py::hasattr(source, "__fspath__"))
    return read_text(source.attr("__fspath__")(), where);
  where.refuse("text", source);
}

py::object give_text(std::string_view text) {
  PyObject* made = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()),
                                        "surrogateescape");
  if (!made) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

// Columns ------------------------------------------------------------------------------------

namespace {

const py::module_& numpy() {
  static const auto* kept = new py::module_(py::module_::import("numpy"));  // outlives all
  return *kept;
}

py::object as_array(py::handle source, const Where& where) {
  if (is_text(source) || source.is_none() || PyDict_Check(source.ptr()))
    where.refuse("a column of numbers", source);
  try {
    // Columns of pandas' own types have a missing value that is no number to numpy.
    if (py::hasattr(source, "to_numpy") && py::hasattr(source, "dtype") &&
        py::hasattr(source.attr("dtype"), "na_value")) {
      const std::string kind = py::str(source.attr("dtype").attr("kind"));
      if (kind == "f" || kind == "i" || kind == "u")
        return source.attr("to_numpy")(py::arg("dtype") = "float64",
                                       py::arg("na_value") = py::float_(std::nan("")));
    }
    // Masks would be lost.
    if (py::hasattr(source, "filled") && py::hasattr(source, "mask"))
      return source.attr("astype")("float64").attr("filled")(py::float_(std::nan("")));
    py::object array = numpy().attr("asarray")(source);
    if (py::str(array.attr("dtype").attr("kind")).cast<std::string>() != "O" ||
        array.attr("ndim").cast<int>() != 1)
      return array;
    // Numbers among None, one by one: numpy would read text as numbers.
    std::vector<double> numbers;
    for (const py::handle item : py::list(array)) numbers.push_back(read_double(item, where));
    return python::give(std::move(numbers));
  } catch (py::error_already_set& error) {
    if (error.matches(PyExc_KeyboardInterrupt) || error.matches(PyExc_MemoryError)) throw;
    where.refuse("a column of numbers", source);
  }
}

// Whole numbers that came as another type must be the same numbers in the type wanted.
py::object whole(const py::object& array, const py::dtype& type, const Where& where) {
  const py::object info = numpy().attr("iinfo")(type);
  // None that is missing is within the range.
  const py::object low = numpy().attr("greater_equal")(array, info.attr("min"));
  // The largest of 64 bits is none that a fraction's type can say: the number above it is.
  const bool real = py::str(array.attr("dtype").attr("kind")).cast<std::string>() == "f";
  const double above = info.attr("max").cast<double>() + 1.0;
  const py::object high = real ? numpy().attr("less")(array, above)
                               : numpy().attr("less_equal")(array, info.attr("max"));
  if (!numpy().attr("logical_and")(low, high).attr("all")().cast<bool>())
    where.refuse("wanted whole numbers that fit " + std::string(py::str(py::object(type))) +
                 ", got missing ones or numbers out of range");
  const py::object cast = array.attr("astype")(type);
  const py::object same = numpy().attr("array_equal")(cast, array);
  if (!same.cast<bool>())
    where.refuse("wanted whole numbers that fit " + std::string(py::str(py::object(type))) +
                 ", got fractions");
  return cast;
}

}  // namespace

py::array read_array(py::handle source, char kind, std::size_t bytes, std::size_t columns,
                     const Where& where) {
  py::object array = as_array(source, where);
  const std::string has = py::str(array.attr("dtype").attr("kind"));
  auto shaped = py::reinterpret_borrow<py::array>(array);
  const bool nothing = shaped.size() == 0;
  if (!nothing && has != "f" && has != "i" && has != "u" && has != "b")
    where.refuse("wanted numbers, got an array of " + std::string(py::str(array.attr("dtype"))));
  const py::dtype type(std::string(1, kind == 'b' ? '?' : kind) +
                       (kind == 'b' ? "" : std::to_string(bytes)));
  if (nothing) return py::array(type, columns ? std::vector<py::ssize_t>{0, py::ssize_t(columns)}
                                              : std::vector<py::ssize_t>{0});
  if (columns == 0 && shaped.ndim() != 1)
    where.refuse("wanted one dimension, got " + std::to_string(shaped.ndim()));
  if (columns != 0 && (shaped.ndim() != 2 || shaped.shape(1) != py::ssize_t(columns)))
    where.refuse("wanted rows of " + std::to_string(columns) + " numbers");
  if (kind == 'b' && has != "b") where.refuse("wanted True and False, got numbers");
  if (kind != 'f' && kind != 'b' && !shaped.dtype().is(type)) array = whole(array, type, where);
  return py::reinterpret_borrow<py::array>(
      numpy().attr("ascontiguousarray")(array, py::arg("dtype") = type));
}

py::object give_array(const py::dtype& type, std::size_t rows, std::size_t columns, void* data,
                      const py::capsule& owner) {
  const auto n = static_cast<py::ssize_t>(rows);
  const py::ssize_t width = type.itemsize();
  if (columns == 0) return py::array(type, {n}, {width}, data, owner);
  const auto m = static_cast<py::ssize_t>(columns);
  return py::array(type, {n, m}, {width * m, width}, data, owner);
}

void Convert<std::vector<bool>>::read(py::handle source, std::vector<bool>& value,
                                      const Where& where) {
  const py::array array = read_array(source, 'b', 1, 0, where);
  const auto* data = static_cast<const bool*>(array.data());
  value.assign(data, data + array.shape(0));
}

py::object Convert<std::vector<bool>>::give(const std::vector<bool>& value) {
  py::array_t<bool> array(static_cast<py::ssize_t>(value.size()));
  std::copy(value.begin(), value.end(), array.mutable_data());
  return array;
}

// Lists --------------------------------------------------------------------------------------

py::list read_list(py::handle source, const Where& where) {
  if (PyList_Check(source.ptr())) return py::reinterpret_borrow<py::list>(source);
  if (is_text(source) || source.is_none() || PyDict_Check(source.ptr()))
    where.refuse("a list", source);
  // A Series iterates over its values; an array gives numpy scalars, which are read as numbers.
  PyObject* list = PySequence_List(source.ptr());
  if (!list) refuse_raised(where, "a list", source);
  return py::reinterpret_steal<py::list>(list);
}

py::dict read_dict(py::handle source, const Where& where) {
  if (PyDict_Check(source.ptr())) return py::reinterpret_borrow<py::dict>(source);
  if (source.is_none() || is_text(source) || !PyMapping_Check(source.ptr()) ||
      !py::hasattr(source, "items"))
    where.refuse("a dict", source);
  py::dict made;
  for (const py::handle pair : source.attr("items")())
    made[pair.attr("__getitem__")(0)] = pair.attr("__getitem__")(1);
  return made;
}

std::shared_ptr<py::object> read_callable(py::handle source, const Where& where) {
  if (!PyCallable_Check(source.ptr())) where.refuse("something to call", source);
  return {new py::object(py::reinterpret_borrow<py::object>(source)), [](py::object* call) {
            const py::gil_scoped_acquire held;
            delete call;
          }};
}

// Classes of the Python half -----------------------------------------------------------------

py::handle python_class(const char* name) {
  // Never let go: classes live as long as the interpreter, which may end after us.
  static auto* known = new std::map<std::string, PyObject*, std::less<>>();
  const auto found = known->find(std::string_view(name));
  if (found != known->end()) return found->second;
  const std::string_view text(name);
  const std::size_t dot = text.find('.');
  const py::module_ room =
      py::module_::import(("lode." + std::string(text.substr(0, dot))).c_str());
  py::object made = room.attr(std::string(text.substr(dot + 1)).c_str());
  return known->emplace(name, made.release().ptr()).first->second;
}

Fields::Fields(py::handle source, const char* type, const char* const* names, std::size_t count,
               const Where& where)
    : source_(py::reinterpret_borrow<py::object>(source)), names_(names), where_(where) {
  const py::handle made = python_class(type);
  const bool record = PyObject_IsInstance(source.ptr(), made.ptr()) == 1;
  if ((record || PyDict_Check(source.ptr())) && py::hasattr(made, "_lengths"))
    py::module_::import("lode._records").attr("check_record")(where.text(), made, source);
  if (record) return;
  if (!PyDict_Check(source.ptr())) where.refuse(std::string("lode.") + type, source);
  mapping_ = true;
  for (const auto& [key, item] : py::reinterpret_borrow<py::dict>(source)) {
    const std::string name = py::str(key);
    bool known = false;
    for (std::size_t i = 0; i < count && !known; ++i)
      known = name == names[i] || name + "_" == names[i];
    if (!known) where.refuse(std::string("lode.") + type + " has no field '" + name + "'");
  }
}

py::object Fields::take(std::size_t i) const {
  if (!mapping_) {
    PyObject* item = PyObject_GetAttrString(source_.ptr(), names_[i]);
    if (!item) refuse_raised(where_.at(names_[i]), "a field that was taken away", source_);
    return py::reinterpret_steal<py::object>(item);
  }
  const py::dict dict = source_;
  std::string name = names_[i];
  if (dict.contains(name)) return dict[name.c_str()];
  if (name.back() != '_') return {};
  name.pop_back();
  return dict.contains(name) ? py::object(dict[name.c_str()]) : py::object();
}

py::object give_fields(const char* type, py::object* values, std::size_t count) {
  std::vector<PyObject*> pointers(count);
  for (std::size_t i = 0; i < count; ++i) pointers[i] = values[i].ptr();
  PyObject* made =
      PyObject_Vectorcall(python_class(type).ptr(), pointers.data(), count, nullptr);
  if (!made) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

long long read_choice(py::handle source, const char* type, const std::vector<Choice>& choices,
                      const Where& where) {
  const bool member = PyObject_IsInstance(source.ptr(), python_class(type).ptr()) == 1;
  if (!member && (!PyUnicode_Check(source.ptr()) || py::hasattr(source, "_name_")))
    where.refuse(std::string("lode.") + type, source);
  const std::string given = member ? py::str(source.attr("_name_")) : py::str(source);
  std::string name = given;
  for (char& c : name)
    if (c == '-' || c == ' ') c = '_';
  std::string known;
  for (const Choice& choice : choices) {
    const std::string_view own(choice.name);
    const bool keyword = own == name + "_";
    if (own == name || keyword || choice.word == given || own == given) return choice.value;
    known += (known.empty() ? "" : ", ") + std::string(own);
  }
  where.refuse("'" + given + "' is none of " + known);
}

py::object give_choice(const char* type, const std::vector<Choice>& choices, long long value) {
  for (const Choice& choice : choices)
    if (choice.value == value) return python_class(type).attr(choice.name);
  throw std::logic_error(std::string("no choice of ") + type + " has the value " +
                         std::to_string(value));
}

// What is held -------------------------------------------------------------------------------

std::shared_ptr<void> held_pointer(py::handle source, const char* type, const Where& where) {
  if (PyObject_IsInstance(source.ptr(), python_class(type).ptr()) != 1 ||
      !py::hasattr(source, "_held"))
    where.refuse(std::string("lode.") + type, source);
  const py::object held = source.attr("_held");
  void* pointer = PyCapsule_GetPointer(held.ptr(), type);
  if (!pointer) refuse_raised(where, std::string("lode.") + type, source);
  return *static_cast<std::shared_ptr<void>*>(pointer);
}

py::object held_object(const char* type, std::shared_ptr<void> value) {
  if (!value) return py::none();
  auto* kept = new std::shared_ptr<void>(std::move(value));
  PyObject* capsule = PyCapsule_New(kept, type, [](PyObject* object) {
    delete static_cast<std::shared_ptr<void>*>(
        PyCapsule_GetPointer(object, PyCapsule_GetName(object)));
  });
  if (!capsule) {
    delete kept;
    throw py::error_already_set();
  }
  const auto owner = py::reinterpret_steal<py::object>(capsule);
  const py::handle made = python_class(type);
  py::object object = made.attr("__new__")(made);
  object.attr("_held") = owner;
  return object;
}

void add_function(py::module_& room, const char* name, Body body) {
  room.def(name, body);
}

}  // namespace lode::python
