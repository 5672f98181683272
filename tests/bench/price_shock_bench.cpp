// A fall of prices over 10,000 sources, 15 years and 200 draws, with a floor price and an offtake.
//   bench_price_shock [sources, default 10000] [draws, default 200]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/supply/price_shock.h"
#include "tests/bench/measure.h"

namespace {

using namespace lode;

/// Three in ten operate; the others are decided on in 2026. Cost is drawn about half of the price.
SupplySources made_up(std::size_t count) {
  SupplySources sources;
  sources.table = "made up";
  sources.metals = {"NdPr", "DyTb"};
  const Random any{1, 0};
  for (std::size_t k = 0; k < count; ++k) {
    const auto u = [&](std::uint64_t j) { return any.uniform(8 * k + j); };
    SupplySource one;
    one.id = "S" + std::to_string(k);
    one.country = u(7) < 0.5 ? "USA" : "AUS";
    one.operating = u(5) < 0.3;
    const double capacity = 500 + 9000 * u(0), opex = 4 + 20 * u(1);
    one.capacity_t_per_year = {0.7 * capacity, capacity, 1.3 * capacity};
    one.opex_usd_per_kg = {0.8 * opex, opex, 1.4 * opex};
    one.share = {0.1 + 0.3 * u(3), 0.05 * u(4)};
    one.fixed_usd_per_year = 1e6;
    if (!one.operating) {
      one.capex_usd = only_base(3e8 * u(2));
      one.lead_years = 6 * u(5);
      one.ramp_years = 3;
    }
    one.life_years = 10 + 20 * u(6);
    sources.list.push_back(one);
  }
  return sources;
}

void measure(const SupplySources& sources, std::size_t draws, int jobs) {
  PricePath prices;
  prices.price_year = 2024;
  prices.metals = {"NdPr", "DyTb"};
  prices.usd_per_kg = {{50, 60, 120}, {250, 300, 500}};
  PriceShock shock;
  shock.from_year = 2029;
  shock.recovery_years = 2;
  PriceCounter floor, offtake;
  floor.metal = offtake.metal = "NdPr";
  floor.usd_per_kg = offtake.usd_per_kg = 60.0;
  offtake.kind = PriceCounter::Kind::offtake;
  offtake.tonnes_per_year = 5000.0;
  PriceShockOptions options;
  options.base_year = options.first_year = 2026;
  options.last_year = 2040;
  options.draws = draws;
  options.jobs = jobs;
  options.economics.incentives.production_credit = 0.1;
  options.economics.incentives.countries = {"USA"};
  const double cpu = bench::cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  const auto result = price_shock(sources, prices, shock, {floor, offtake}, options);
  const std::chrono::duration<double> clock = std::chrono::steady_clock::now() - begin;
  std::size_t stop = 0;
  for (const auto& source : result.sources) stop += source.stops ? 1 : 0;
  std::printf("%zu sources, %zu draws, %d jobs: %.2f s, CPU %.2f s, peak %.0f MB, %zu stop\n",
              sources.list.size(), draws, jobs, clock.count(), bench::cpu_seconds() - cpu,
              bench::peak_mb(), stop);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
  const std::size_t draws = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200;
  const SupplySources sources = made_up(count);
  measure(sources, draws, 1);
  measure(sources, draws, 2);
}
