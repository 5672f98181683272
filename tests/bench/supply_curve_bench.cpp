// The supply curve: 110 sources with 10,000 draws, then up to 100,000 sources with as many.
//   bench_supply_curve
#include <chrono>
#include <cstdio>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/supply/cost_curve.h"
#include "tests/bench/measure.h"

namespace {

lode::SupplySources made_up(std::size_t count) {
  lode::SupplySources sources;
  sources.table = "made up";
  sources.metals = {"NdPr", "DyTb"};
  const lode::Random any{1, 0};
  for (std::size_t k = 0; k < count; ++k) {
    const auto u = [&](std::uint64_t j) { return any.uniform(8 * k + j); };
    lode::SupplySource one;
    one.id = "S" + std::to_string(k);
    const double capacity = 500 + 9000 * u(0), opex = 4 + 20 * u(1), capex = 3e8 * u(2);
    one.capacity_t_per_year = {0.7 * capacity, capacity, 1.3 * capacity};
    one.opex_usd_per_kg = {0.8 * opex, opex, 1.4 * opex};
    one.capex_usd = {0.8 * capex, capex, 1.5 * capex};
    one.share = {0.1 + 0.3 * u(3), 0.05 * u(4)};
    one.lead_years = 6 * u(5);
    one.ramp_years = 3;
    one.life_years = 10 + 20 * u(6);
    sources.list.push_back(one);
  }
  return sources;
}

void measure(std::size_t count, std::size_t draws, int jobs) {
  const auto sources = made_up(count);
  lode::PricePath prices;
  prices.price_year = 2024;
  prices.metals = {"NdPr", "DyTb"};
  prices.usd_per_kg = {{50, 60, 120}, {250, 300, 500}};
  lode::CostCurveOptions options;
  options.draws = draws;
  options.jobs = jobs;
  const double cpu = lode::bench::cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  const auto curve = lode::cost_curve(sources, prices, options);
  const std::chrono::duration<double> clock = std::chrono::steady_clock::now() - begin;
  std::printf("%zu sources, %zu draws, %d jobs: %.2f s, CPU %.2f s, peak %.0f MB, P50 %.4f\n",
              count, draws, jobs, clock.count(), lode::bench::cpu_seconds() - cpu,
              lode::bench::peak_mb(), curve.bands[curve.bands.size() / 2].usd_per_kg.base);
}

}  // namespace

int main() {
  measure(110, 10'000, 1);
  measure(110, 10'000, 2);
  for (const std::size_t sources : {1'000, 10'000, 100'000}) measure(sources, 10'000, 2);
  measure(100'000, 100, 1);  // as supply_curve_peer.py 100000 100
}
