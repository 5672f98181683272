#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/core/random.h"
#include "libgeo/ranking/setting.h"

namespace lode::ranking_work {

namespace {

constexpr std::size_t exact_criteria = 16;
constexpr std::size_t most_criteria = 63;
constexpr std::size_t order_pairs = 1000;
constexpr double most_cost = 1e10;  // nanoseconds or so

/// Margins over b of hybrids: a's values where the mask has a bit, else b's. For methods that look
/// at a row the setting stays as it is and the hybrids are scored in it.
class Hybrids {
 public:
  Hybrids(const Setting& setting, const Scored& whole)
      : s_(setting), merit_b_(whole.merit[setting.b]) {
    if (s_.options.method != Method::vikor) return;
    const auto [s_low, s_high] = std::minmax_element(whole.s.begin(), whole.s.end());
    const auto [r_low, r_high] = std::minmax_element(whole.r.begin(), whole.r.end());
    s_low_ = *s_low;
    s_high_ = *s_high;
    r_low_ = *r_low;
    r_high_ = *r_high;
  }

  [[nodiscard]] std::vector<double> margins(const std::vector<std::uint64_t>& masks) const {
    return is_electre(s_.options.method) ? scored_anew(masks) : scored_in_place(masks);
  }

 private:
  [[nodiscard]] std::vector<double> scored_anew(const std::vector<std::uint64_t>& masks) const {
    std::vector<double> out(masks.size());
    for (std::size_t k = 0; k < masks.size(); ++k) {
      auto columns = s_.columns;
      for (std::size_t j = 0; j < s_.table.criteria.size(); ++j)
        if (((masks[k] >> j) & 1u) == 0)
          columns[j * s_.sites + s_.a] = columns[j * s_.sites + s_.b];
      out[k] = margin_with(s_, columns, s_.weights);
    }
    return out;
  }

  [[nodiscard]] std::vector<double> scored_in_place(const std::vector<std::uint64_t>& masks) const {
    const std::size_t m = s_.table.criteria.size(), count = masks.size();
    PreparedMethod hybrids;
    hybrids.options = s_.prepared.options;
    hybrids.criteria = s_.prepared.criteria;
    hybrids.sites = count;
    const auto fill = [&](const std::vector<double>& from, std::vector<double>& to) {
      if (from.empty()) return;
      to.resize(count * m);
      for (std::size_t j = 0; j < m; ++j)
        for (std::size_t k = 0; k < count; ++k)
          to[j * count + k] = from[j * s_.sites + (((masks[k] >> j) & 1u) != 0 ? s_.a : s_.b)];
    };
    fill(s_.prepared.norm.merit, hybrids.norm.merit);
    fill(s_.prepared.toward, hybrids.toward);
    fill(s_.prepared.away, hybrids.away);
    Scored scored = score(hybrids, s_.weights);
    if (s_.options.method == Method::vikor)  // Q on the scale of the whole set
      for (std::size_t k = 0; k < count; ++k)
        scored.merit[k] = -(s_.options.vikor_v * share(scored.s[k], s_low_, s_high_) +
                            (1.0 - s_.options.vikor_v) * share(scored.r[k], r_low_, r_high_));
    for (auto& merit : scored.merit) merit -= merit_b_;
    return scored.merit;
  }

  static double share(double x, double low, double high) {
    return high > low ? (x - low) / (high - low) : 0.0;
  }

  const Setting& s_;
  double merit_b_;
  double s_low_ = 0.0, s_high_ = 0.0, r_low_ = 0.0, r_high_ = 0.0;
};

std::vector<double> shapley_exact(const Hybrids& hybrids, std::size_t m, const Progress& progress) {
  const std::size_t all = std::size_t{1} << m, together = std::min<std::size_t>(all, 4096);
  std::vector<double> value;
  for (std::size_t from = 0; from < all; from += together) {
    progress.update(static_cast<double>(from) / static_cast<double>(all), "splitting the margin");
    std::vector<std::uint64_t> masks(together);
    std::iota(masks.begin(), masks.end(), std::uint64_t{from});
    const auto some = hybrids.margins(masks);
    value.insert(value.end(), some.begin(), some.end());
  }
  std::vector<double> by_size(m);  // |S|! (m - |S| - 1)! / m!
  for (std::size_t k = 0; k < m; ++k)
    by_size[k] = std::exp(std::lgamma(static_cast<double>(k) + 1.0) +
                          std::lgamma(static_cast<double>(m - k)) -
                          std::lgamma(static_cast<double>(m) + 1.0));
  std::vector<double> split(m, 0.0);
  for (std::size_t mask = 0; mask < all; ++mask) {
    const auto size = static_cast<std::size_t>(__builtin_popcountll(mask));
    for (std::size_t j = 0; j < m; ++j)
      if (((mask >> j) & 1u) == 0)
        split[j] += by_size[size] * (value[mask | (std::size_t{1} << j)] - value[mask]);
  }
  return split;
}

/// What each criterion adds in one order.
std::vector<double> of_order(const Hybrids& hybrids, const std::vector<std::size_t>& order) {
  std::vector<std::uint64_t> masks = {0};
  for (const auto j : order) masks.push_back(masks.back() | (std::uint64_t{1} << j));
  const auto value = hybrids.margins(masks);
  std::vector<double> out(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) out[order[k]] = value[k + 1] - value[k];
  return out;
}

/// Random orders in pairs, each with its reverse (antithetic), by a fixed seed. The standard error
/// is that of the mean over the pairs.
void shapley_sampled(const Hybrids& hybrids, std::size_t m, const Progress& progress,
                     Explanation& out) {
  out.split.assign(m, 0.0);
  std::vector<double> squares(m, 0.0);
  std::vector<std::size_t> order(m);
  constexpr double count = order_pairs;
  for (std::size_t k = 0; k < order_pairs; ++k) {
    progress.update(static_cast<double>(k) / count, "splitting the margin");
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t j = m; j > 1; --j)
      std::swap(order[j - 1], order[Random{1, 3}.bits(2 * k * m + j) % j]);
    const auto forth = of_order(hybrids, order);
    std::reverse(order.begin(), order.end());
    const auto back = of_order(hybrids, order);
    for (std::size_t j = 0; j < m; ++j) {
      const double mean = 0.5 * (forth[j] + back[j]);
      out.split[j] += mean / count;
      squares[j] += mean * mean / count;
    }
  }
  for (std::size_t j = 0; j < m; ++j)
    out.split_error.push_back(
        std::sqrt(std::max(0.0, squares[j] - out.split[j] * out.split[j]) / (count - 1.0)));
}

}  // namespace

void find_split(const Setting& whole, const Scored& scored, const Progress& progress,
                Explanation& out) {
  const std::size_t m = whole.table.criteria.size();
  out.additive = is_additive(whole.options.method);
  if (out.additive) {
    const double sign = whole.options.method == Method::spotis ? -1.0 : 1.0;
    for (std::size_t j = 0; j < m; ++j)
      out.split.push_back(
          sign * (scored.contributions[whole.a * m + j] - scored.contributions[whole.b * m + j]));
    return;
  }
  const bool exact = m <= exact_criteria;
  const double coalitions = exact ? std::pow(2.0, static_cast<double>(m))
                                  : 2.0 * static_cast<double>(order_pairs * (m + 1));
  const Setting s = essential(whole, false);
  const bool anew = is_electre(whole.options.method);
  if (m > most_criteria || (anew && scoring_cost(s) * coalitions > most_cost)) {
    out.ranking.findings.add(
        "ranking.no_split", Severity::note, whole.ids[whole.a] + ", " + whole.ids[whole.b],
        "splitting the margin of this method over so many sites and criteria takes too long");
    return;
  }
  const Hybrids hybrids(anew ? s : whole, anew ? score(s.prepared, s.weights) : scored);
  if (exact)
    out.split = shapley_exact(hybrids, m, progress);
  else
    shapley_sampled(hybrids, m, progress, out);
}

}  // namespace lode::ranking_work
