// Errors on their way to Python: lode::Error becomes `lode.Error`, and nothing else ever leaves.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>

#include "libgeo/core/error.h"

namespace lode::python {

namespace py = pybind11;

/// The Python exception of an error, with its code, message, where, hint and further faults.
[[nodiscard]] py::object to_python(const Error& error);

/// From now on every C++ exception that leaves a function of `_lode` is a `lode.Error`, but for
/// what Python code raised, wrong types (TypeError) and the like of pybind11's own.
void translate_errors();

}  // namespace lode::python
