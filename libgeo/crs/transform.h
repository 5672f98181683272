// Transforms between two CRSs, with the accuracy of the chosen operation kept.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libgeo/crs/crs.h"

namespace lode {

/// Usable from several threads at once (each thread makes its own handle inside).
class Transform {
 public:
  /// Errors: "crs.no_operation"; "crs.local" when one side is a mine grid and the other is not.
  Transform(const Crs& from, const Crs& to);

  /// In place, x easting or longitude. A point that cannot be transformed becomes NaN; returns how
  /// many did.
  std::size_t forward(double* x, double* y, std::size_t count) const;

  [[nodiscard]] const Crs& from() const { return from_; }
  [[nodiscard]] const Crs& to() const { return to_; }
  /// Of the best operation PROJ can use here; NaN when it is not known, 0 when nothing is done.
  [[nodiscard]] double accuracy_m() const;
  [[nodiscard]] const std::string& operation() const;  ///< its name, for the run record
  [[nodiscard]] bool is_identity() const { return from_ == to_; }

 private:
  struct Impl;
  Crs from_;
  Crs to_;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace lode
