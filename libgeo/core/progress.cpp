#include "libgeo/core/progress.h"

#include <algorithm>
#include <mutex>

#include "libgeo/core/error.h"

namespace lode {

struct Progress::State {
  Report report;
  Cancelled cancelled;
  std::mutex mutex;
  double reached = 0.0;
};

Progress::Progress(Report report, Cancelled cancelled) : state_(std::make_shared<State>()) {
  state_->report = std::move(report);
  state_->cancelled = std::move(cancelled);
}

bool Progress::cancelled() const {
  return state_ && state_->cancelled && state_->cancelled();
}

void Progress::check() const {
  if (cancelled()) throw Error("run.interrupted", "stopped on request; nothing was written");
}

void Progress::update(double fraction, const std::string& message) const {
  if (!state_) return;
  check();
  if (!state_->report) return;
  const double share = from_ + (to_ - from_) * std::clamp(fraction, 0.0, 1.0);
  const std::lock_guard lock(state_->mutex);
  state_->reached = std::max(state_->reached, share);
  state_->report(state_->reached, message);
}

Progress Progress::part(double from, double to) const {
  Progress child = *this;
  child.from_ = from_ + (to_ - from_) * from;
  child.to_ = from_ + (to_ - from_) * to;
  return child;
}

}  // namespace lode
