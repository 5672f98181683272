// Experimental variograms of samples: directional, cross, relative, down-hole, and maps.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/estimation/samples.h"

namespace lode {

/// The measures of Deutsch and Journel 1998 (GSLIB, section III.1). With u and u + h the two places
/// of a pair and means over the pairs of a lag:
///   semivariogram 1/2 mean (z(u) - z(u+h))^2      cross 1/2 mean (z(u) - z(u+h)) (y(u) - y(u+h))
///   covariance    mean z(u) z(u+h) - m(u) m(u+h)  correlogram covariance / (s(u) s(u+h))
///   madogram      1/2 mean |z(u) - z(u+h)|        rodogram 1/2 mean sqrt |z(u) - z(u+h)|
///   general_relative  semivariogram / ((m(u) + m(u+h)) / 2)^2
///   pairwise_relative 1/2 mean ((z(u) - z(u+h)) / ((z(u) + z(u+h)) / 2))^2
/// Without a direction a pair stands for both of its orders, so m(u) = m(u+h).
enum class VariogramType {
  semivariogram,
  cross,
  covariance,
  correlogram,
  madogram,
  rodogram,
  general_relative,
  pairwise_relative
};
[[nodiscard]] std::string_view to_text(VariogramType type);
/// Error "usage.choice".
[[nodiscard]] VariogramType parse_variogram_type(std::string_view text);

/// Which pairs count: those whose separation lies within an angle of the direction (a cone to both
/// sides) and, beside it, within the bandwidths.
struct VariogramDirection {
  bool omnidirectional = true;  ///< all pairs, the rest is not looked at
  double azimuth_deg = 0.0;
  double dip_deg = 0.0;  ///< positive down
  double angle_tolerance_deg = 22.5;
  /// Largest distance from the direction's axis: to the side, and across it in the upright plane.
  double bandwidth_m = std::numeric_limits<double>::infinity();
  double vertical_bandwidth_m = std::numeric_limits<double>::infinity();
  double lag_m = std::numeric_limits<double>::quiet_NaN();  ///< NaN = that of the options
};

struct VariogramOptions {
  VariogramType type = VariogramType::semivariogram;
  std::size_t variable = 0;
  std::size_t variable2 = 0;                                ///< of a cross variogram
  double lag_m = std::numeric_limits<double>::quiet_NaN();  ///< must be said, above 0
  std::size_t lags = 15;                                    ///< 1 to 10,000
  /// Half the width of a bin, up to lag / 2 (so that no pair counts twice); NaN = lag / 2.
  double lag_tolerance_m = std::numeric_limits<double>::quiet_NaN();
  std::vector<VariogramDirection> directions{VariogramDirection{}};
  bool down_hole = false;  ///< only pairs of one hole; needs Samples::hole
  int jobs = 0;
};

/// Bin k holds the distances in [(k - 1/2) lag, (k + 1/2) lag), k from 1; bin 0 those below lag
/// / 2. With a tolerance: |distance - k lag| <= tolerance.
struct VariogramLag {
  std::size_t lag = 0;
  std::size_t pairs = 0;
  double distance_m = std::numeric_limits<double>::quiet_NaN();  ///< mean of the pairs
  double gamma = std::numeric_limits<double>::quiet_NaN();
  /// Mean separation of the pairs, taken along the direction; 0 without a direction.
  std::array<double, 3> separation_m{0.0, 0.0, 0.0};
};

struct DirectionalVariogram {
  VariogramDirection direction;    ///< lag_m filled in
  std::vector<VariogramLag> lags;  ///< lag 0 to the last one, also those without pairs
};

struct ExperimentalVariogram {
  VariogramType type = VariogramType::semivariogram;
  std::vector<DirectionalVariogram> directions;
  std::size_t samples = 0;            ///< with a value
  double mean = 0.0, variance = 0.0;  ///< of them, variance over n
  std::size_t same_place_pairs = 0;   ///< pairs at distance 0, in bin 0
  Findings findings;
};

/// Each pair counts once in a direction; pairs of two domains never do. The same bits for any
/// number of threads; memory: the samples and 80 bytes for each of 512 blocks, direction and lag.
/// Errors "variogram.place" (not finite), "variogram.lag", "variogram.lag_count",
/// "variogram.lag_tolerance", "variogram.direction", "variogram.too_few_samples",
/// "variogram.all_alike", "variogram.no_holes", "variogram.no_pairs".
/// Findings "variogram.missing_value", "variogram.same_place", "variogram.zero_sum",
/// "variogram.few_pairs".
[[nodiscard]] ExperimentalVariogram experimental_variogram(const Samples& samples,
                                                           const VariogramOptions& options,
                                                           const Progress& progress = {});

/// A map of level separations: cell (i, j) holds the pairs whose separation is nearest to
/// (i, j) lag. Each pair stands in its cell and in the one opposite.
struct VariogramMap {
  double lag_m = 0.0;
  std::size_t half = 0;  ///< cells run from -half to half in x, then in y
  struct Cell {
    double dx_m = 0.0, dy_m = 0.0;
    std::size_t pairs = 0;
    double gamma = std::numeric_limits<double>::quiet_NaN();
  };
  std::vector<Cell> cells;  ///< x fastest
};
/// `options.lags` is `half`, at most 200. Pairs farther apart in height than the vertical bandwidth
/// of the first direction do not count. Errors as above.
[[nodiscard]] VariogramMap variogram_map(const Samples& samples, const VariogramOptions& options,
                                         const Progress& progress = {});

enum class VariogramTransform { none, log, nscore, indicator };
/// Values for a variogram of logarithms (natural), normal scores (ranks, equal values share the
/// score of their mean rank) or an indicator (1 up to and with the cut-off, else 0). NaN stays.
/// Error "variogram.log_of_zero" naming the sample.
[[nodiscard]] std::vector<double> transformed(const Samples& samples, std::size_t variable,
                                              VariogramTransform transform, double cutoff = 0.0);

/// A third of the diagonal of the box around the samples, by `lags`: a usual first look.
[[nodiscard]] double usual_lag(const Samples& samples, std::size_t lags);

}  // namespace lode
