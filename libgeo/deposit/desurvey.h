// The path of a drillhole from its surveyed directions, and places along it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace lode {

/// East, north, up; metres.
using Vector3 = std::array<double, 3>;

/// A surveyed direction. Azimuth clockwise from grid north; dip positive down, 90 = vertical down.
struct SurveyStation {
  double at_m = 0.0;  ///< depth along the hole
  double azimuth_deg = 0.0;
  double dip_deg = 90.0;
};

/// How the hole runs between two stations. Minimum curvature: an arc of a circle that leaves the
/// upper and meets the lower station in their directions (Taylor and Mason 1972; API Bulletin D20).
/// Balanced tangential: the upper direction for the first half, the lower one for the second.
/// Tangential: the lower direction all the way. Through points: straight lines.
enum class PathMethod { minimum_curvature, balanced_tangential, tangential, through_points };
[[nodiscard]] std::string_view to_text(PathMethod method);
/// "mincurv", "balanced", "tangential". Error "drillholes.method".
[[nodiscard]] PathMethod parse_path_method(const std::string& text);

struct PathNode {
  double at_m = 0.0;
  Vector3 place{};
  Vector3 direction{0.0, 0.0, -1.0};  ///< unit vector down the hole
};

struct HolePath {
  PathMethod method = PathMethod::minimum_curvature;
  std::vector<PathNode> nodes;  ///< by rising depth
};

/// Unit vector down the hole. A vertical dip gives (0, 0, -1) whatever the azimuth.
[[nodiscard]] Vector3 direction_of(double azimuth_deg, double dip_deg);
/// The angle between two directions, degrees.
[[nodiscard]] double dogleg_deg(const SurveyStation& a, const SurveyStation& b);

/// The path from the collar through `stations` (rising depths). From the collar to the first
/// station, and past the last one, the hole runs straight on; a single station makes a straight
/// hole, none a vertical one.
[[nodiscard]] HolePath desurvey(const Vector3& collar, const std::vector<SurveyStation>& stations,
                                PathMethod method = PathMethod::minimum_curvature);
/// Straight lines through known places (rising depths), straight on at both ends; a single place
/// makes a vertical hole.
[[nodiscard]] HolePath path_through(const std::vector<double>& at_m,
                                    const std::vector<Vector3>& places);

[[nodiscard]] Vector3 place_at(const HolePath& path, double at_m);
[[nodiscard]] Vector3 direction_at(const HolePath& path, double at_m);

}  // namespace lode
