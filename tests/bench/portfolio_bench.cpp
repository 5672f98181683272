// Proves a mix of 80 sources over 15 years and 6 metals; the cbc program on the same LP file.
//   bench_portfolio [seed, default 1] [sources, default 80]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

#include "libgeo/supply/portfolio.h"
#include "tests/bench/measure.h"

namespace {

using namespace lode;

/// Sources whose capex, cost and metals are drawn; demand is about half of what they could make.
SupplySources drawn_sources(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  const auto draw = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() % 1000001) / 1e6;
  };
  const char* countries[] = {"USA", "CAN", "AUS", "BRA", "IND", "ZAF", "SWE", "VNM"};
  SupplySources sources;
  sources.table = "drawn";
  sources.metals = {"Nd", "Pr", "Dy", "Tb", "Sm", "Gd"};
  const double mean[] = {0.16, 0.045, 0.012, 0.002, 0.02, 0.015};
  for (std::size_t k = 0; k < count; ++k) {
    SupplySource source;
    source.id = "S" + std::to_string(k + 1);
    source.country = countries[random() % 8];
    source.group = source.country == "USA" ? "domestic" : "allied";
    source.kind = k % 5 == 4 ? "secondary" : "primary";
    source.capacity_t_per_year.base = draw(500, 20000);
    for (const double part : mean) source.share.push_back(part * draw(0.2, 2.0));
    source.opex_usd_per_kg.base = draw(4, 40);
    source.fixed_usd_per_year = draw(1e6, 2e7);
    source.capex_usd.base = 1e9 * std::pow(source.capacity_t_per_year.base / 20000, 0.6);
    source.lead_years = static_cast<double>(random() % 8);
    source.ramp_years = 3;
    source.life_years = static_cast<double>(8 + random() % 30);
    source.operating = k % 10 == 0;
    sources.list.push_back(source);
  }
  return sources;
}

SupplyDemand drawn_demand(const SupplySources& sources) {
  SupplyDemand demand;
  demand.table = "drawn";
  demand.metals = sources.metals;
  for (int year = 2026; year < 2041; ++year) demand.years.push_back(year);
  for (std::size_t m = 0; m < demand.metals.size(); ++m) {
    double most = 0.0;
    for (const auto& source : sources.list)
      most += source.share[m] * source.capacity_t_per_year.base;
    for (std::size_t t = 0; t < demand.years.size(); ++t)
      demand.tonnes.push_back(only_base(most * (0.1 + 0.02 * static_cast<double>(t))));
  }
  return demand;
}

PortfolioPolicy drawn_policy() {
  PortfolioPolicy policy;
  policy.base_year = 2026;
  policy.allow_shortfall = true;
  policy.shortfall_usd_per_kg = 300;
  PortfolioLimit limit;
  limit.each_country = true;
  limit.but = {"USA"};
  limit.from_year = 2032;
  limit.max_share = 0.35;
  policy.limits.push_back(limit);
  return policy;
}

}  // namespace

int main(int count, char** words) {
  const auto number = [&](int at, std::uint64_t otherwise) {
    return count > at ? std::strtoull(words[at], nullptr, 10) : otherwise;
  };
  const SupplySources sources = drawn_sources(number(1, 1), number(2, 80));
  const SupplyDemand demand = drawn_demand(sources);
  const PortfolioPolicy policy = drawn_policy();
  const Programme programme = portfolio_programme(sources, demand, policy);
  std::ofstream("portfolio_bench.lp") << lp_text(programme);
  ProgrammeOptions options;
  options.gap = policy.gap;
  const double start = bench::cpu_seconds();
  const ProgrammeResult result = solve(programme, options);
  const double own = bench::cpu_seconds() - start;
  std::printf("%zu variables, %zu rows: %s, gap %.4f %%, %zu nodes, %.2f CPU s, %.0f MB\n",
              programme.variables.size(), programme.rows.size(),
              std::string(to_text(result.status)).c_str(), 100.0 * result.gap, result.nodes, own,
              bench::peak_mb());
  // The peer reads the same file and stops at the same gap; its start and reading count too.
  if (std::system("cbc portfolio_bench.lp ratio 0.001 solve >portfolio_bench.log 2>&1") != 0) {
    std::printf("cbc is not installed\n");
    return 0;
  }
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const double peer = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                      1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  std::printf("cbc %.2f CPU s, ours / cbc %.2f\n", peer, own / peer);
}
