// Progress and cancel: one object handed down through every long call.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace lode {

/// Cheap to copy; a default one reports nothing and is never cancelled. Callable from any thread.
/// The fraction never falls. `part` gives a child that fills a share of its parent.
class Progress {
 public:
  using Report = std::function<void(double fraction, const std::string& message)>;
  using Cancelled = std::function<bool()>;

  Progress() = default;
  Progress(Report report, Cancelled cancelled);

  /// Says that `fraction` (0 to 1) of this part is done.
  /// Error "run.interrupted" when the user has asked to stop.
  void update(double fraction, const std::string& message = {}) const;
  /// Only the check for a stop: the same error, no report.
  void check() const;
  [[nodiscard]] bool cancelled() const;
  /// A child that runs from `from` to `to` of this one.
  [[nodiscard]] Progress part(double from, double to) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  double from_ = 0.0;
  double to_ = 1.0;
};

}  // namespace lode
