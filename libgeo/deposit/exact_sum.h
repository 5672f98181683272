// Sums that do not depend on the order of their terms: whole numbers of 2^-50.
#pragma once

#include <cmath>
#include <cstdint>

namespace lode {

/// Each term is rounded once to a multiple of 2^-50 (9e-16); adding is then exact, so that shuffled
/// rows and any number of threads give the same bits. Terms and total up to 2^76 (7e22) in size.
class ExactSum {
 public:
  void add(double term) {
    const double whole = std::floor(term);
    whole_ += static_cast<Wide>(whole);
    // The rest lies in [0, 1): at most 2^50 after scaling.
    part_ += static_cast<Wide>(
        static_cast<std::int64_t>(std::nearbyint((term - whole) * 1125899906842624.0)));
  }
  ExactSum& operator+=(double term) {
    add(term);
    return *this;
  }
  ExactSum& operator+=(const ExactSum& other) {
    whole_ += other.whole_;
    part_ += other.part_;
    return *this;
  }
  ExactSum& operator-=(const ExactSum& other) {
    whole_ -= other.whole_;
    part_ -= other.part_;
    return *this;
  }
  [[nodiscard]] double value() const {
    return static_cast<double>(whole_ * (Wide{1} << 50) + part_) / 1125899906842624.0;
  }
  bool operator==(const ExactSum&) const = default;

 private:
  __extension__ typedef __int128 Wide;
  Wide whole_ = 0, part_ = 0;
};

}  // namespace lode
