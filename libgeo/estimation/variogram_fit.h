// Variogram models fitted to experimental variograms by weighted least squares.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/estimation/variogram.h"
#include "libgeo/estimation/variogram_model.h"

namespace lode {

/// Weight of a lag with N pairs at distance h; in brackets gstat's fit.method.
enum class FitWeights {
  pairs_over_h2,      ///< N / h^2 (7)
  pairs,              ///< N (1)
  pairs_over_gamma2,  ///< N / gamma(h)^2 of the model (2; Cressie 1985)
  equal               ///< 1 (6)
};
[[nodiscard]] std::string_view to_text(FitWeights weights);
/// Error "usage.choice".
[[nodiscard]] FitWeights parse_fit_weights(std::string_view text);

struct FitOptions {
  /// Types a structure may take; with several, every combination is tried. No power structure.
  std::vector<StructureType> types{StructureType::spherical};
  /// 1 to 3; 0 = up to 3, a further one only where it lowers AICc by more than 10 (Burnham and
  /// Anderson 2002, p. 70: the simpler model has then essentially no support).
  std::size_t structures = 0;
  FitWeights weights = FitWeights::pairs_over_h2;
  /// Ranges and angles from several directions; else one range for all.
  bool anisotropic = false;
  /// Level data: azimuth and two ranges only, the minor range is the semi-major one.
  bool planar = false;
  double nugget = std::numeric_limits<double>::quiet_NaN();  ///< held at this; NaN = fitted
  /// Lags with fewer do not count; 0 = 30 (Journel and Huijbregts 1978, p. 194) where at least five
  /// lags have as many, else 1.
  std::size_t min_pairs = 0;
};

struct FitResult {
  VariogramModel model;
  double weighted_residual = 0.0;  ///< sum of weight * (model - experimental)^2
  double aicc = 0.0;           ///< n ln(weighted_residual / n) + 2 p + 2 p (p + 1) / (n - p - 1)
  std::size_t lags = 0;        ///< that counted
  std::size_t min_pairs = 1;   ///< that each of them had at least
  std::size_t parameters = 0;  ///< fitted
  bool nugget_only = false;
  Findings findings;
};

/// Sills by non-negative least squares at given ranges and angles (so that none is ever below 0),
/// ranges and angles by Levenberg-Marquardt on that from a fixed list of starts: no random number,
/// the same bits every time. Ranges lie between half the shortest lag and five times the longest
/// (minor ones down to a hundredth of the longest lag); all structures of a fit share their axes.
/// A nugget alone wins where its AICc is no worse.
/// Errors "variogram.fit_type" (a measure that no model fits), "variogram.too_few_lags",
/// "variogram.fit_zero" (all lags are 0), "variogram.fit_directions" (too few for anisotropy),
/// "variogram.fit_options".
/// Findings "variogram.nugget_only", "variogram.range_beyond_lags".
[[nodiscard]] FitResult fit_variogram(const ExperimentalVariogram& experimental,
                                      const FitOptions& options, const Progress& progress = {});

}  // namespace lode
