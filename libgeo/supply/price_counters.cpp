// What counters to a price shock cost and keep, year by year, and the least floor price that holds.
#include <algorithm>
#include <cmath>

#include "libgeo/core/sum.h"
#include "libgeo/supply/price_shock_parts.h"

namespace lode {

namespace {

constexpr double kg = 1000.0;  // in a tonne

bool is_held(const ShockedRun& run) {
  return run.stops_in == 0 && run.delay == 0;
}

/// What one counter's stock holds and brings in after the shock.
class CounterStock {
 public:
  CounterStock(const ShockMarket& market, std::size_t counter)
      : market_(market), counter_(counter), held_t_(market.sources().metals.size()) {}

  void buy(std::size_t metal, double tonnes) { held_t_[metal] += tonnes; }
  /// Sells what the year allows, pays for keeping the rest; the cost, below 0 = earns.
  [[nodiscard]] double end_of_year(int year) {
    const PriceCounter& terms = market_.counters()[counter_].terms;
    double cost = 0.0, may_sell = terms.tonnes_per_year;
    const PriceShock& shock = market_.shock();
    const bool after = year >= shock.from_year + shock.years + shock.recovery_years;
    for (std::size_t m = 0; m < held_t_.size(); ++m) {
      const double sold = after ? std::min(may_sell, held_t_[m]) : 0.0;
      may_sell -= sold;
      held_t_[m] -= sold;
      cost -= sold * kg * market_.price(m, year, true);
      cost += held_t_[m] * kg * terms.holding_usd_per_kg_year;
    }
    return cost;
  }
  [[nodiscard]] double left_t() const {
    Sum sum;
    for (const double tonnes : held_t_) sum += tonnes;
    return sum.value();
  }
  [[nodiscard]] double left_usd(int year) const {
    Sum sum;
    for (std::size_t m = 0; m < held_t_.size(); ++m)
      sum += held_t_[m] * kg * market_.price(m, year, true);
    return sum.value();
  }

 private:
  const ShockMarket& market_;
  std::size_t counter_;
  std::vector<double> held_t_;
};

/// The metals that a set of counters is about.
std::vector<char> covered_metals(const ShockMarket& market, const CountersOn& on) {
  std::vector<char> covered(market.sources().metals.size(), 0);
  for (std::size_t k = 0; k < on.size(); ++k)
    if (on[k] != 0)
      for (const std::size_t m : market.counters()[k].metals) covered[m] = 1;
  return covered;
}

}  // namespace

CounterCost cost_of(const ShockMarket& market, const CountersOn& on,
                    const std::vector<ShockedRun>& alone, const std::vector<ShockedRun>& with) {
  CounterCost cost;
  const auto covered = covered_metals(market, on);
  const SupplySources& sources = market.sources();
  std::vector<CounterStock> stocks;
  for (std::size_t k = 0; k < on.size(); ++k) stocks.emplace_back(market, k);
  Sum total, discounted, kept;
  for (std::size_t y = 0; y < market.years().size(); ++y) {
    const int year = market.years()[y];
    Sum paid;
    for (std::size_t i = 0; i < sources.list.size(); ++i)
      for (std::size_t m = 0; m < covered.size(); ++m) {
        const double share = sources.list[i].share[m];
        if (covered[m] == 0 || share == 0.0) continue;
        const double tonnes = with[i].output_t[y] * share;
        kept += tonnes - alone[i].output_t[y] * share;
        if (tonnes == 0.0) continue;
        const PriceGot got = market.got(i, m, year, year - with[i].start, on);
        for (std::size_t k = 0; k < on.size(); ++k) {
          paid += tonnes * kg * got.paid[k];
          stocks[k].buy(m, tonnes * got.bought[k]);
        }
      }
    for (std::size_t k = 0; k < on.size(); ++k) paid += stocks[k].end_of_year(year);
    cost.by_year_usd.push_back(paid.value());
    total += paid.value();
    discounted += paid.value() * market.discount_factor(year);
  }
  cost.cost_usd = total.value();
  cost.discounted_usd = discounted.value();
  cost.kept_t = std::abs(kept.value()) > 1e-9 ? kept.value() : 0.0;
  cost.usd_per_kg_kept = cost.kept_t > 0.0 ? cost.cost_usd / (kg * cost.kept_t) : std::nan("");
  for (const auto& stock : stocks) {
    cost.stock_left_t += stock.left_t();
    cost.stock_value_usd += stock.left_usd(market.years().back());
  }
  for (std::size_t i = 0; i < sources.list.size(); ++i)
    if (!is_held(alone[i]) && is_held(with[i])) cost.keeps.push_back(sources.list[i].id);
  return cost;
}

double floor_needed(const ShockMarket& market, std::size_t source) {
  const SourceFigures figures = market.base_figures(source);
  if (!(market.share(source) > 0.0)) return std::nan("");
  ShockMarket floored = market;
  CounterTerms counter;
  counter.metals = market.chosen();
  counter.eligible.assign(market.sources().list.size(), 1);
  const auto holds = [&](double level) {
    counter.level = level;
    floored.set_counters({counter});
    return is_held(floored.run(source, floored.all()));
  };
  if (market.is_waiting(source)) {
    // A project's NPV rises with the floor: halve what encloses the least that pays.
    double low = 0.0, high = 1.0;
    while (!holds(high) && high < 1e7) high *= 2.0;
    if (!holds(high)) return std::nan("");
    while (high - low > 1e-9 * high) {
      const double middle = 0.5 * (low + high);
      (holds(middle) ? high : low) = middle;
    }
    return high;
  }
  // One that runs needs no price but one of those at which a year breaks even.
  std::vector<double> levels;
  for (const int year : market.years())
    if (market.planned_t(source, year) > 0.0)
      levels.push_back(market.needed_price(source, year, figures));
  std::sort(levels.begin(), levels.end());
  std::size_t low = 0, high = levels.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (holds(levels[middle]))
      high = middle;
    else
      low = middle + 1;
  }
  return low < levels.size() ? levels[low] : std::nan("");
}

}  // namespace lode
