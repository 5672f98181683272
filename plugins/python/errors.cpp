#include "plugins/python/errors.h"

#include "tools/run.h"

namespace lode::python {

py::object to_python(const Error& error) {
  py::list more;
  for (const Error& other : error.more) more.append(to_python(other));
  const py::object type = py::module_::import("lode.errors").attr("Error");
  return type(error.code, error.what(), error.where, error.hint, more);
}

void translate_errors() {
  py::register_exception_translator([](std::exception_ptr thrown) {
    const auto raise = [](const Error& error) {
      const py::object exception = to_python(error);
      PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
    };
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const py::builtin_exception&) {
      throw;  // pybind11's: TypeError, StopIteration ...
    } catch (const std::exception& error) {
      raise(tools::as_error(error));
    }
  });
}

}  // namespace lode::python
