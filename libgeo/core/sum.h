// Compensated summation, so that sums of a million terms keep their last digits.
#pragma once

#include <cmath>

namespace lode {

/// Neumaier's variant of Kahan summation (Neumaier 1974).
class Sum {
 public:
  void add(double term) {
    const double next = total_ + term;
    carry_ += std::abs(total_) >= std::abs(term) ? (total_ - next) + term : (term - next) + total_;
    total_ = next;
  }
  Sum& operator+=(double term) {
    add(term);
    return *this;
  }
  [[nodiscard]] double value() const { return total_ + carry_; }

 private:
  double total_ = 0.0;
  double carry_ = 0.0;
};

}  // namespace lode
