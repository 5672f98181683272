#include "plugins/python/progress.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace lode::python {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{50};

struct Report {
  double fraction = 0.0;
  std::string message;
};

/// What the working thread and the waiting one share. A Progress may outlive the run.
struct Watch {
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::condition_variable ended;
  bool done = false;
  std::optional<Report> newest;
};

Progress progress_of(const std::shared_ptr<Watch>& watch, bool listened) {
  Progress::Report report;
  if (listened)
    report = [watch](double fraction, const std::string& message) {
      const std::lock_guard lock(watch->mutex);
      // A report without words goes on with the words before it.
      if (!watch->newest) watch->newest.emplace();
      watch->newest->fraction = fraction;
      if (!message.empty()) watch->newest->message = message;
    };
  return Progress(std::move(report), [watch] { return watch->stop.load(); });
}

/// Waits without the GIL; true when the work has ended.
bool look(Watch& watch, std::optional<Report>& report) {
  const py::gil_scoped_release released;
  std::unique_lock lock(watch.mutex);
  watch.ended.wait_for(lock, kBetweenLooks, [&] { return watch.done; });
  report = std::exchange(watch.newest, std::nullopt);
  return watch.done;
}

void hear(const py::object& listener, const std::optional<Report>& report) {
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  if (report && !listener.is_none()) listener(report->fraction, report->message);
}

}  // namespace

void run_watched(const py::object& listener, const std::function<void(const Progress&)>& work) {
  const auto watch = std::make_shared<Watch>();
  const Progress progress = progress_of(watch, !listener.is_none());
  std::exception_ptr failed, raised;
  std::thread worker([&] {
    try {
      work(progress);
    } catch (...) {
      failed = std::current_exception();
    }
    const std::lock_guard lock(watch->mutex);
    watch->done = true;
    watch->ended.notify_all();
  });
  for (bool done = false; !done;) {
    std::optional<Report> report;
    done = look(*watch, report);
    if (raised) continue;
    try {
      hear(listener, report);
    } catch (...) {
      raised = std::current_exception();
      watch->stop = true;
    }
  }
  {
    const py::gil_scoped_release released;
    worker.join();
  }
  if (raised) std::rethrow_exception(raised);
  if (failed) std::rethrow_exception(failed);
}

}  // namespace lode::python
