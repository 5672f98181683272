// Inside of the supply room: draws of a source's figures and costs, many at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "libgeo/core/low_base_high.h"
#include "libgeo/core/random.h"

namespace lode::cost_lanes {

/// Room that every array needs beyond what is asked for: lanes are written whole.
inline constexpr std::size_t spare = 8;

/// Present values of a source, each proportional to what is drawn.
struct Parts {
  double capacity_t = 0.0, chosen_kg = 0.0;  ///< at the base figures
  double per_capex = 0.0, per_grant = 0.0, grant = 0.0, fixed = 0.0;
  double ramp = 1.0, ceiling_t = 0.0, share = 0.0;
};

/// Equal steps of cost, from `low` on.
struct Scale {
  double low = 0.0, steps_per_usd = 0.0, last = 0.0;
};

/// The loops for one width of register; the same bits in all.
struct Kernels {
  const char* name;
  /// drawn(range, random, first + i) of a range.
  void (*figures)(const LowBaseHigh& range, const Random& random, std::uint64_t first,
                  std::size_t count, double* value);
  /// into += factor x value.
  void (*add)(double factor, const double* value, std::size_t count, double* into);
  /// Levelised cost and tonnes. `full_rate`: what is proportional to output, in USD at the base
  /// capacity.
  void (*costs)(const Parts& parts, const double* capacity, const double* full_rate,
                const double* capex, std::size_t count, double* usd_per_kg, double* tonnes);
  /// Whole steps of cost from 0 to last.
  void (*steps)(const Scale& scale, const double* usd_per_kg, std::size_t count,
                std::int32_t* step);
  /// Tonnes at or below a price added, draw by draw, as `Sum` does.
  void (*add_below)(double price, const double* usd_per_kg, const double* tonnes, std::size_t count,
                    double* total, double* carry);
  /// Values in [low, high] picked; says how many are below low.
  std::size_t (*pick)(const double* value, std::size_t count, double low, double high,
                      double* picked, std::size_t& so_many);
};

/// The widest that this machine has.
[[nodiscard]] const Kernels& kernels();
/// All that this machine can run, the narrowest first, then nullptr: for tests.
[[nodiscard]] const Kernels* kernels_number(std::size_t k);

}  // namespace lode::cost_lanes
