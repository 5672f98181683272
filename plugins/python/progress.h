// Long work for Python: in a thread of its own, heard and stopped from the thread that called.
#pragma once

#include <pybind11/pybind11.h>

#include <functional>
#include <optional>
#include <utility>

#include "libgeo/core/progress.h"

namespace lode::python {

namespace py = pybind11;

/// Runs `work` in a new thread without the GIL while the caller waits. Twenty times a second the
/// caller takes the GIL, lets Python look for signals (Ctrl-C) and calls `listener(fraction,
/// message)` with the newest report, if there is a new one; None listens to nothing. What the
/// listener or a signal raises stops the work at its next check and comes out when it has ended.
/// `work` must not touch Python. To be called with the GIL held; several threads may do so at once.
void run_watched(const py::object& listener, const std::function<void(const Progress&)>& work);

/// The same for work with a result.
template <class Work>
auto watched(const py::object& listener, Work&& work) {
  std::optional<decltype(work(std::declval<const Progress&>()))> result;
  run_watched(listener, [&](const Progress& progress) { result.emplace(work(progress)); });
  return std::move(*result);
}

}  // namespace lode::python
