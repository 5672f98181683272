#include "plugins/python/parts.h"

namespace lode::python {

void bind_commands(pybind11::module_&) {}

}  // namespace lode::python
