// Counters to a fall of prices and projects that it put off.
#include <gtest/gtest.h>

#include "libgeo/supply/price_shock.h"

namespace lode::test {
namespace {

/// 200 t of NdPr a year.
SupplySource mine(const std::string& id, bool operating) {
  SupplySource source;
  source.id = id;
  source.country = "USA";
  source.group = "domestic";
  source.capacity_t_per_year = only_base(1000.0);
  source.share = {0.2, operating ? 0.02 : 0.0};
  source.opex_usd_per_kg = only_base(operating ? 10.0 : 14.0);
  source.capex_usd = only_base(operating ? 0.0 : 20e6);
  source.operating = operating;
  source.lead_years = operating ? 0.0 : 1.0;
  source.life_years = operating ? 20.0 : 3.0;
  return source;
}

/// What was put off sells no more under an offtake than it planned to make in the year: B planned
/// 2027 to 2029 and makes it later, and 200 t a year are bought, all of A.
TEST(PriceCounters, AnOfftakeBuysNoMoreThanItSaysOfAProjectThatWaited) {
  SupplySources sources;
  sources.table = "sources.csv";
  sources.metals = {"NdPr", "DyTb"};
  sources.list = {mine("A", true), mine("B", false)};
  PricePath prices;
  prices.table = "prices.csv";
  prices.metals = sources.metals;
  prices.usd_per_kg = {only_base(100.0), only_base(400.0)};
  PriceShock shock;
  shock.from_year = 2027;
  PriceCounter counter;
  counter.kind = PriceCounter::Kind::offtake;
  counter.metal = "NdPr";
  counter.usd_per_kg = 120.0;
  counter.tonnes_per_year = 200.0;
  counter.from_year = 2030;
  PriceShockOptions options;
  options.base_year = 2026;
  options.economics.discount = 0.05;
  const auto result = price_shock(sources, prices, shock, {counter}, options);
  ASSERT_GT(result.sources[1].delayed_years, 0.0);
  const auto& paid = result.counters.at(0).by_year_usd;
  for (std::size_t y = 0; y < paid.size(); ++y)
    EXPECT_NEAR(paid[y], result.years[y].year < 2030 ? 0.0 : 200e3 * 20.0, 1e-3)
        << result.years[y].year;
}

}  // namespace
}  // namespace lode::test
