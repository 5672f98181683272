// The Python extension `lode._lode`: the commands of the program, and the functions of the library.
#include <pybind11/pybind11.h>

#include "libgeo/core/provenance.h"
#include "libgeo/io/guest.h"
#include "plugins/python/errors.h"
#include "plugins/python/parts.h"

PYBIND11_MODULE(_lode, m) {
  m.doc() = "What the package lode is made on; import lode instead.";
  m.attr("__version__") = std::string(lode::version());
  lode::be_a_guest();
  lode::python::translate_errors();
  lode::python::bind_commands(m);
  if (lode::python::bind_library != nullptr) lode::python::bind_library(m);
}
