// Present value, rate of return, payback and annuity of plain flows, as spreadsheets compute them.
#include <algorithm>
#include <cmath>
#include <functional>

#include "libgeo/supply/economics.h"

namespace lode {

namespace {

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
  const double from = std::log(0.01), to = std::log(11.0);
  double most = 0.0;
  for (const double flow : flows) most = std::max(most, std::abs(flow));
  std::vector<double> u, value, zeros;
  for (int k = 0; k <= steps; ++k) {
    u.push_back(from + (to - from) * k / steps);
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
      } else if (std::abs(there) < 1e-14 * most) {
        zeros.push_back(near);
      }
    }
  }
  if (value.back() == 0.0) zeros.push_back(u.back());
  std::sort(zeros.begin(), zeros.end());
  return zeros;
}

}  // namespace

double net_present_value(double rate, const std::vector<double>& flows) {
  // From the last flow back: one division a year, and no power that could overflow.
  double value = 0.0;
  for (std::size_t k = flows.size(); k-- > 0;) value = value / (1.0 + rate) + flows[k];
  return value;
}

double internal_rate_of_return(const std::vector<double>& flows, std::size_t* roots) {
  if (roots != nullptr) *roots = 0;
  const std::size_t changes = sign_changes(flows);
  if (changes == 0) return std::nan("");
  std::vector<double> zeros;
  if (changes == 1) {
    // One change of sign has one root (Descartes), wherever it is.
    double reach = 8.0;
    while (reach < 600.0 &&
           (scaled_value(flows, -reach) > 0.0) == (scaled_value(flows, reach) > 0.0))
      reach *= 2.0;
    zeros.push_back(bisected_zero(flows, -reach, reach));
  } else {
    zeros = several_zeros(flows);
  }
  if (roots != nullptr) *roots = zeros.size();
  if (zeros.empty()) return std::nan("");
  // What closure costs at the end adds a rate far below 0, which nobody means.
  const auto gain = std::lower_bound(zeros.begin(), zeros.end(), 0.0);
  return std::expm1(gain != zeros.end() ? *gain : zeros.back());
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
