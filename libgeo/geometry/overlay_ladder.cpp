#include "libgeo/geometry/overlay_ladder.h"

#include <geos_c.h>

#include <mutex>

namespace lode {
namespace {

thread_local const Progress* current = nullptr;
thread_local unsigned calls = 0;

/// GEOS asks this before each of its own checks. Its request is one for the whole process: a thread
/// that takes it for another tries again (`stoppable`), and the other asks anew at its next check.
void ask_for_stop() {
  if (current == nullptr || ++calls % 64 != 0) return;
  if (current->cancelled()) GEOS_interruptRequest();
}

void listen() {
  static std::once_flag once;
  std::call_once(once, [] { GEOS_interruptRegisterCallback(&ask_for_stop); });
}

bool stopped_by_other(const std::string& message) {
  if (message.find("Interrupted") == std::string::npos) return false;
  if (current != nullptr) current->check();
  return true;
}

}  // namespace

OverlayStop::OverlayStop(const Progress& progress) : before_(current), own_(progress) {
  listen();
  current = &own_;
}

OverlayStop::~OverlayStop() {
  current = before_;
}

}  // namespace lode

namespace lode::geos {
namespace {

constexpr int kTries = 1000;  ///< other threads stop once each, so that a few are enough

bool within(const GEOSGeometry* g, const AreaBounds& bounds, std::string& fault) {
  double area = 0.0;
  if (GEOSArea_r(context(), g, &area) != 1) return false;
  const double slack = 1e-9 * bounds.most;
  if (area >= bounds.least - slack && area <= bounds.most + slack) return true;
  fault = "a result of more or less area than it can have";
  return false;
}

}  // namespace

Handle stoppable(const std::function<GEOSGeom_t*()>& call) {
  for (int i = 0; i < kTries; ++i) {
    Handle result(call());
    if (result) return result;
    std::string message = take_message();
    if (!stopped_by_other(message)) {
      keep_message(std::move(message));
      break;
    }
  }
  return {};
}

char stoppable_answer(const std::function<char()>& call) {
  for (int i = 0; i < kTries; ++i) {
    const char answer = call();
    if (answer != 2) return answer;
    std::string message = take_message();
    if (!stopped_by_other(message)) {
      keep_message(std::move(message));
      break;
    }
  }
  return 2;
}

Climbed climb(const std::vector<std::function<GEOSGeom_t*()>>& rungs, const AreaBounds& bounds) {
  Climbed out;
  const auto blame = [&](const std::string& fault) {
    if (out.fault.empty()) out.fault = fault.empty() ? "GEOS gave no reason" : fault;
  };
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    Handle result = stoppable(rungs[i]);
    if (!result) {
      blame(take_message());
      continue;
    }
    std::string fault;
    if (!within(result.get(), bounds, fault)) {
      blame(fault);
      continue;
    }
    if (i > 0 && stoppable_answer([&] { return GEOSisValid_r(context(), result.get()); }) != 1) {
      blame("a result that is not valid");
      continue;
    }
    out.rung = static_cast<OverlayRung>(i);
    out.result = std::move(result);
    return out;
  }
  return out;
}

}  // namespace lode::geos
