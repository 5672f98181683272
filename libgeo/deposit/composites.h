// Composites: intervals of a drillhole put together to even lengths or benches, within domains.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/deposit/drillholes.h"
#include "libgeo/estimation/samples.h"

namespace lode {

/// What becomes of the short piece at the end of a hole or domain. keep: a short composite; drop:
/// nothing; merge: part of the composite above (kept where there is none); share: the length is
/// changed so that whole composites fill the domain, the nearest number of them.
enum class Residual { keep, drop, merge, share };
[[nodiscard]] std::string_view to_text(Residual residual);
/// Error "composites.residual".
[[nodiscard]] Residual parse_residual(const std::string& text);

struct CompositeOptions {
  double length_m = std::numeric_limits<double>::quiet_NaN();  ///< down the hole, from 0.01
  /// Height of benches (instead of `length_m`), from 0.01; levels lie at `bench_level_m` and
  /// whole heights above and below it.
  double bench_m = std::numeric_limits<double>::quiet_NaN();
  double bench_level_m = 0.0;
  Residual residual = Residual::keep;
  double min_coverage_pct = 0.0;  ///< 0 to 100: a value known over less of a composite is missing
  /// The structure whose true thickness is wanted: dip direction and dip; NaN = not wanted.
  double structure_azimuth_deg = std::numeric_limits<double>::quiet_NaN();
  double structure_dip_deg = std::numeric_limits<double>::quiet_NaN();
};

struct Composite {
  std::uint32_t hole = 0;
  double from_m = 0.0, to_m = 0.0;
  Vector3 place{};           ///< at half its length
  std::uint32_t domain = 0;  ///< index into DrillholeSet::domain_names
  double true_thickness_m = std::numeric_limits<double>::quiet_NaN();
};

/// One entry a composite in every vector that is not empty; order: hole, depth.
struct CompositeResult {
  std::vector<Composite> composites;
  std::vector<std::vector<double>> values;        ///< by variable of the assays
  std::vector<std::vector<double>> coverage_pct;  ///< by variable: share of the length with a value
  std::vector<double> density_t_m3;               ///< by length; empty without densities
  std::size_t unsampled = 0;                      ///< left out: no value known enough of
  double dropped_m = 0.0;                         ///< residuals dropped
  Findings findings;
};

/// Values are means weighted by length, by density where the set has it and by core recovery where
/// it has that. Missing is never 0: it takes no part, and `coverage_pct` says over how much of the
/// length a value is known. With a domain, composites end at its boundaries.
/// Errors "composites.length", "composites.coverage", "composites.structure".
[[nodiscard]] CompositeResult composite(const DrillholeSet& set, const CompositeOptions& options,
                                        const Progress& progress = {});

/// The assays as samples at the middle of each interval, and the composites as samples.
[[nodiscard]] Samples samples_of(const DrillholeSet& set);
[[nodiscard]] Samples samples_of(const DrillholeSet& set, const CompositeResult& composites);

}  // namespace lode
