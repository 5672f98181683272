// Calls into the library: without the GIL, heard, and stopped by Ctrl-C or by what a callback raises.
#pragma once

#include "plugins/python/convert.h"
#include "plugins/python/progress.h"

namespace lode::python {

/// Long work runs in a thread of its own (progress.h); what has no Progress runs in this one.
template <class Work>
auto Call::run(std::ptrdiff_t i, Work work) {
  if (i < 0) {
    const py::gil_scoped_release released;
    return work(Progress{});
  } else {
    const py::object listener = arguments_[static_cast<std::size_t>(i)];
    if (!listener.is_none() && !PyCallable_Check(listener.ptr()))
      Where{kept_, "progress"}.refuse("something to call with a fraction and a message", listener);
    if constexpr (std::is_void_v<decltype(work(Progress{}))>)
      return run_watched(listener, [&](const Progress& progress) { work(progress); });
    else
      return watched(listener, [&](const Progress& progress) { return work(progress); });
  }
}

/// Before the rooms are bound: ArgumentError. After: array forms and what else is written by hand.
void begin_library(py::module_& m);
void end_library(py::module_& m);

}  // namespace lode::python
