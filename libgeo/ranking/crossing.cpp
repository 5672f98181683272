#include "libgeo/ranking/crossing.h"

#include <algorithm>
#include <cmath>

namespace lode::ranking_work {

namespace {

constexpr int halvings = 60;
constexpr int closer_looks = 40;
constexpr double just_beyond = 1e-7;  // of the way

/// A point in (low, high) at which f is not positive, by golden section; NaN when the least value
/// found is positive.
double dip_between(double low, double high, const std::function<double(double)>& f) {
  const double golden = 0.5 * (std::sqrt(5.0) - 1.0);
  double x = high - golden * (high - low), y = low + golden * (high - low);
  double fx = f(x), fy = f(y);
  for (int look = 0; look < closer_looks; ++look) {
    if (fx <= 0.0) return x;
    if (fy <= 0.0) return y;
    if (fx < fy) {
      high = y;
      y = x;
      fy = fx;
      x = high - golden * (high - low);
      fx = f(x);
    } else {
      low = x;
      x = y;
      fx = fy;
      y = low + golden * (high - low);
      fy = f(y);
    }
  }
  return not_stated;
}

Crossing bisected(double before, double after, double end, double way,
                  const std::function<double(double)>& f) {
  for (int k = 0; k < halvings; ++k) {
    const double middle = 0.5 * (before + after);
    if (middle == before || middle == after) break;
    (f(middle) > 0.0 ? before : after) = middle;
  }
  double beyond = after + just_beyond * way;
  if ((end - beyond) * way < 0.0) beyond = end;
  return {after, !(f(after) < 0.0 || f(beyond) < 0.0)};
}

}  // namespace

Crossing first_crossing(double from, double at_from, const std::vector<double>& stops, bool dips,
                        const std::function<double(double)>& margin) {
  if (stops.empty() || at_from == 0.0) return {};
  const double sign = at_from > 0.0 ? 1.0 : -1.0;
  const std::function<double(double)> f = [&](double t) { return sign * margin(t); };
  const double end = stops.back(), way = end - from;
  double older = from, f_older = std::abs(at_from), before = from, f_before = f_older;
  for (const double stop : stops) {
    const double here = f(stop);
    if (std::isnan(here)) return {};
    if (here <= 0.0) return bisected(before, stop, end, way, f);
    if (dips && f_before < f_older && f_before <= here) {
      const double low = dip_between(older, stop, f);
      if (!std::isnan(low)) return bisected(older, low, end, way, f);
    }
    older = before;
    f_older = f_before;
    before = stop;
    f_before = here;
  }
  return {};
}

std::vector<double> stops_between(double from, double end, int count,
                                  const std::vector<double>& corners) {
  std::vector<double> stops;
  if (from == end) return stops;
  for (int k = 1; k < count; ++k) stops.push_back(from + (end - from) * k / count);
  for (const double corner : corners)
    if ((corner - from) * (end - corner) > 0.0) stops.push_back(corner);
  stops.push_back(end);
  std::sort(stops.begin(), stops.end());
  if (end < from) std::reverse(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  return stops;
}

std::vector<double> sign_changes(double c2, double c1, double c0) {
  const double scale = std::max({std::abs(c2), std::abs(c1), std::abs(c0)});
  if (!(scale > 0.0)) return {};
  if (std::abs(c2) <= 1e-15 * scale)
    return std::abs(c1) <= 1e-15 * scale ? std::vector<double>{} : std::vector<double>{-c0 / c1};
  const double inside = c1 * c1 - 4.0 * c2 * c0;
  if (!(inside > 0.0)) return {};  // a double root touches and does not pass
  const double q = -0.5 * (c1 + std::copysign(std::sqrt(inside), c1));
  std::vector<double> roots = {q / c2};
  if (q != 0.0) roots.push_back(c0 / q);
  std::sort(roots.begin(), roots.end());
  return roots;
}

}  // namespace lode::ranking_work
