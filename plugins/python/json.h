// Json to plain Python (dict, list, str, int, float, bool, None) and back, type by type.
#pragma once

#include <pybind11/pybind11.h>

#include "libgeo/core/json.h"

namespace lode::python {

/// NaN and infinity, which JSON writes as null, become None.
[[nodiscard]] pybind11::object to_python(const Json& value);

/// The same value again, so that its text is the program's. Raises TypeError for anything else.
[[nodiscard]] Json to_json(pybind11::handle value);

}  // namespace lode::python
