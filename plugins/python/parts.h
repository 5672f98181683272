// What the extension is put together from: one function a part, called once when it is loaded.
#pragma once

#include <pybind11/pybind11.h>

namespace lode::python {

/// `commands()`, `run(...)` and what turns their results into text.
void bind_commands(pybind11::module_& m);

/// Layers that commands made, and frames written for them to read.
void bind_layers(pybind11::module_& m);

/// The public functions of the library, a submodule a room. Left out where the generator of its
/// bindings cannot run.
__attribute__((weak)) void bind_library(pybind11::module_& m);

}  // namespace lode::python
