// Present value, rate of return, payback and annuity of plain flows, as spreadsheets compute them.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "libgeo/supply/cash_flow.h"
#include "libgeo/supply/economics.h"

namespace lode {

namespace {

constexpr double highest_rate = 10.0;
constexpr double rounding = 1e-14;  ///< of a value, over the largest flow
const double lowest = std::log(0.01), highest = std::log1p(highest_rate);  // as log(1 + rate)

/// Their present value at log(1 + rate) = u, scaled by a positive number so that it cannot
/// overflow: the sign and the zeros are those of the NPV.
double scaled_value(const std::vector<double>& flows, double u) {
  double value = 0.0;
  if (u >= 0.0) {
    const double x = std::exp(-u);
    for (std::size_t k = flows.size(); k-- > 0;) value = value * x + flows[k];
  } else {
    const double y = std::exp(u);
    for (const double flow : flows) value = value * y + flow;
  }
  return value;
}

double largest(const std::vector<double>& flows) {
  double most = 0.0;
  for (const double flow : flows) most = std::max(most, std::abs(flow));
  return most;
}

std::size_t sign_changes(const std::vector<double>& flows) {
  std::size_t changes = 0;
  double last = 0.0;
  for (const double flow : flows) {
    if (flow == 0.0) continue;
    if (last != 0.0 && (flow > 0.0) != (last > 0.0)) ++changes;
    last = flow;
  }
  return changes;
}

/// Bisection to the last bit: every rate of return of a run comes from the same steps.
double bisected_zero(const std::vector<double>& flows, double low, double high) {
  const bool rises = scaled_value(flows, high) > 0.0;
  for (int step = 0; step < 200; ++step) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if ((scaled_value(flows, middle) > 0.0) == rises)
      high = middle;
    else
      low = middle;
  }
  return 0.5 * (low + high);
}

/// Place between a and b where the value dips most towards 0 or through it.
double deepest_dip(const std::vector<double>& flows, double a, double b) {
  constexpr double golden = 0.6180339887498949;
  const double sign = scaled_value(flows, a) > 0.0 ? 1.0 : -1.0;
  const auto size = [&](double u) { return sign * scaled_value(flows, u); };
  for (int step = 0; step < 80; ++step) {
    const double left = b - golden * (b - a), right = a + golden * (b - a);
    if (size(left) < size(right))
      b = right;
    else
      a = left;
  }
  return 0.5 * (a + b);
}

/// Zeros between rates of -0.99 and 10 when more than one change of sign allows several.
std::vector<double> several_zeros(const std::vector<double>& flows) {
  constexpr int steps = 256;
  const double none = rounding * largest(flows);
  std::vector<double> u, value, zeros;
  for (int k = 0; k <= steps; ++k) {
    u.push_back(lowest + (highest - lowest) * k / steps);
    value.push_back(scaled_value(flows, u.back()));
  }
  for (std::size_t k = 0; k + 1 < u.size(); ++k) {
    if (value[k] == 0.0) {
      zeros.push_back(u[k]);
    } else if (value[k + 1] != 0.0 && (value[k] > 0.0) != (value[k + 1] > 0.0)) {
      zeros.push_back(bisected_zero(flows, u[k], u[k + 1]));
    } else if (k > 0 && std::abs(value[k]) < std::abs(value[k - 1]) &&
               std::abs(value[k]) <= std::abs(value[k + 1]) &&
               (value[k] > 0.0) == (value[k - 1] > 0.0)) {
      const double near = deepest_dip(flows, u[k - 1], u[k + 1]);
      const double there = scaled_value(flows, near);
      if ((there > 0.0) != (value[k] > 0.0)) {
        zeros.push_back(bisected_zero(flows, u[k - 1], near));
        zeros.push_back(bisected_zero(flows, near, u[k + 1]));
      } else if (std::abs(there) < none) {
        zeros.push_back(near);
      }
    }
  }
  if (value.back() == 0.0) zeros.push_back(u.back());
  std::sort(zeros.begin(), zeros.end());
  return zeros;
}

/// log(1 + rate) of all rates of return that are looked for, rising.
std::vector<double> zeros_of(const std::vector<double>& flows) {
  const std::size_t changes = sign_changes(flows);
  if (changes == 0) return {};
  if (changes > 1) return several_zeros(flows);
  // One change of sign has one root (Descartes), wherever it is.
  double reach = 8.0;
  while (reach < 600.0 && (scaled_value(flows, -reach) > 0.0) == (scaled_value(flows, reach) > 0.0))
    reach *= 2.0;
  return {bisected_zero(flows, -reach, reach)};
}

/// Whether the value falls through 0 at a zero: above 0 before it, below 0 after it. Between the
/// two that a zero by touching may be found as it is rounding alone.
bool falls_at(const std::vector<double>& flows, const std::vector<double>& zeros, std::size_t k) {
  const double before = k == 0 ? std::min(lowest, zeros[k] - 1.0) : zeros[k - 1];
  const double after = k + 1 == zeros.size() ? std::max(highest, zeros[k] + 1.0) : zeros[k + 1];
  const double none = rounding * largest(flows);
  return scaled_value(flows, 0.5 * (before + zeros[k])) > none &&
         scaled_value(flows, 0.5 * (zeros[k] + after)) < -none;
}

}  // namespace

double net_present_value(double rate, const std::vector<double>& flows) {
  // From the last flow back: one division a year, and no power that could overflow.
  double value = 0.0;
  for (std::size_t k = flows.size(); k-- > 0;) value = value / (1.0 + rate) + flows[k];
  return value;
}

double internal_rate_of_return(const std::vector<double>& flows, std::size_t* roots) {
  const std::vector<double> zeros = zeros_of(flows);
  if (roots != nullptr) *roots = zeros.size();
  if (zeros.empty()) return std::nan("");
  // What closure costs at the end adds a rate far below 0, which nobody means.
  const auto gain = std::lower_bound(zeros.begin(), zeros.end(), 0.0);
  return std::expm1(gain != zeros.end() ? *gain : zeros.back());
}

double paying_rate(const std::vector<double>& flows, double discount, std::size_t* roots) {
  // The discount rate may be the rate of return itself, known to rounding alone.
  constexpr double same = 1e-9;
  const std::vector<double> zeros = zeros_of(flows);
  if (roots != nullptr) *roots = zeros.size();
  const auto first =
      std::find_if(flows.begin(), flows.end(), [](double flow) { return flow != 0.0; });
  if (first == flows.end() || *first > 0.0) return std::nan("");  // nothing is put in
  const double here = std::log1p(discount);
  const bool pays = scaled_value(flows, here) > 0.0;
  double rate = pays ? std::numeric_limits<double>::infinity() : std::nan("");
  for (std::size_t k = 0; k < zeros.size(); ++k) {
    if (!falls_at(flows, zeros, k)) continue;
    if (std::abs(zeros[k] - here) < same) return std::expm1(zeros[k]);
    if (!pays && zeros[k] < here) rate = std::expm1(zeros[k]);
    if (pays && zeros[k] > here && std::isinf(rate)) rate = std::expm1(zeros[k]);
  }
  return rate > highest_rate ? std::numeric_limits<double>::infinity() : rate;
}

double payback_years(const std::vector<double>& flows) {
  double sum = 0.0, paid = 0.0;
  bool owing = false;
  for (std::size_t k = 0; k < flows.size(); ++k) {
    const double before = sum;
    sum += flows[k];
    if (sum >= 0.0 && before < 0.0) paid = static_cast<double>(k) - 1.0 - before / flows[k];
    owing = sum < 0.0;
  }
  return owing ? std::nan("") : paid + 0.0;
}

double annuity(double rate, double years) {
  if (!(years > 0.0)) return std::nan("");
  if (rate == 0.0) return 1.0 / years;
  return rate / -std::expm1(-years * std::log1p(rate));
}

}  // namespace lode
