// Scrap from past sales by an inflow-driven stock model, and the sources that it feeds.
#include "libgeo/supply/recycling.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/demand.h"
#include "libgeo/supply/supply_columns.h"

namespace lode {

namespace {

constexpr double balance_slack = 1e-9;
constexpr int longest_span = 1000;  // years; more is a slip of the pen

/// Oxide sold by year from the first sale to `to_year`, growing after the last year that is known.
std::vector<double> oxide_sold(const ProductStock& stock, int to_year) {
  std::vector<double> sold;
  const int first = stock.years.front();
  for (int year = first; year <= to_year; ++year) {
    const auto at = static_cast<std::size_t>(year - first);
    const double tonnes =
        at < stock.sold_t.size()
            ? stock.sold_t[at]
            : stock.sold_t.back() * std::pow(1.0 + stock.growth, year - stock.years.back());
    sold.push_back(tonnes * stock.oxide_content);
  }
  return sold;
}

/// Part of a year's sales that retires when it is k = 0, 1, ... years old.
std::vector<double> retired_at_age(const Lifetime& lifetime, std::size_t ages) {
  std::vector<double> part(ages);
  double before = 0.0;
  for (std::size_t k = 0; k < ages; ++k) {
    const double by = retired_by(lifetime, static_cast<double>(k) + 0.5);
    part[k] = by - before;
    before = by;
  }
  return part;
}

LowBaseHigh collection_in(const ProductStock& stock, int year) {
  const int known = stock.years.back();
  if (stock.collection_by == 0 || year >= stock.collection_by) return stock.collection;
  const double way = year <= known ? 0.0
                                   : static_cast<double>(year - known) /
                                         static_cast<double>(stock.collection_by - known);
  const auto risen = [&](double end) {
    return stock.collection_from + way * (end - stock.collection_from);
  };
  return {risen(stock.collection.low), risen(stock.collection.base), risen(stock.collection.high)};
}

void check_years(int from_year, int to_year, const ProductStocks& stocks) {
  int first = from_year;
  for (const auto& stock : stocks.list) first = std::min(first, stock.years.front());
  if (from_year <= to_year && std::int64_t{to_year} - first <= longest_span) return;
  throw Error("supply.year",
              "from " + std::to_string(from_year) + " to " + std::to_string(to_year) +
                  (from_year > to_year ? " runs backward" : " is too long a time"),
              stocks.table, "Give the first year and then the last, within 1000 years.");
}

/// What was sold is what retired and what is in use: the sums are made apart, so a slip shows.
void check_balance(const RecyclingFlow& flow, const ProductStock& stock) {
  Sum sold, retired;
  sold += flow.sold_before_t;
  retired += flow.retired_before_t;
  for (const double tonnes : flow.sold_t) sold += tonnes;
  for (const double tonnes : flow.retired_t) retired += tonnes;
  const double off = sold.value() - retired.value() - flow.in_use_t.back();
  // Not "off > slack": sums beyond the largest number are not a number.
  if (!(std::abs(off) <= balance_slack * sold.value()))
    throw Error("supply.balance", "what was sold is not what retired and what is in use",
                stock.where, "Sales too large to add up: look for a wrong unit.");
}

RecyclingFlow flow_of(const ProductStock& stock, int from_year, int to_year) {
  RecyclingFlow flow;
  flow.id = stock.id;
  const int first = stock.years.front();
  const auto sold = oxide_sold(stock, to_year);
  const auto part = retired_at_age(stock.lifetime, sold.size());
  std::vector<double> stays(sold.size());  // by age, at the end of that year
  for (std::size_t k = 0; k < stays.size(); ++k)
    stays[k] = 1.0 - retired_by(stock.lifetime, static_cast<double>(k) + 0.5);
  Sum sold_before, retired_before, all_retired, all_recovered;
  for (int year = std::min(first, from_year); year <= to_year; ++year) {
    Sum retired, in_use;
    double bought = 0.0;
    if (year >= first) {
      const auto at = static_cast<std::size_t>(year - first);
      bought = sold[at];
      for (std::size_t s = 0; s <= at; ++s) {
        retired += sold[s] * part[at - s];
        in_use += sold[s] * stays[at - s];
      }
    }
    if (year < from_year) {
      sold_before += bought;
      retired_before += retired.value();
      continue;
    }
    const LowBaseHigh collected = times(collection_in(stock, year), retired.value());
    const LowBaseHigh dismantled = times(collected, stock.dismantling);
    const LowBaseHigh recovered = times(dismantled, stock.recovery);
    flow.years.push_back(year);
    flow.sold_t.push_back(bought);
    flow.retired_t.push_back(retired.value());
    flow.collected_t.push_back(collected.base);
    flow.dismantled_t.push_back(dismantled.base);
    flow.recovered_t.push_back(recovered);
    flow.in_use_t.push_back(in_use.value());
    all_retired += retired.value();
    all_recovered += recovered.base;
  }
  flow.sold_before_t = sold_before.value();
  flow.retired_before_t = retired_before.value();
  flow.recycling_rate = all_retired.value() > 0.0 ? all_recovered.value() / all_retired.value()
                                                  : std::numeric_limits<double>::quiet_NaN();
  check_balance(flow, stock);
  return flow;
}

LowBaseHigh largest_of(const std::vector<LowBaseHigh>& flows) {
  LowBaseHigh most = flows.front();
  for (const auto& flow : flows) {
    most.low = std::max(most.low, flow.low);  // NaN stays NaN: a range stands in all years or none
    most.base = std::max(most.base, flow.base);
    most.high = std::max(most.high, flow.high);
  }
  return most;
}

/// Places of `names` in `all`, which takes those that it lacks.
std::vector<std::size_t> joined(std::vector<std::string>& all,
                                const std::vector<std::string>& names) {
  std::vector<std::size_t> places;
  for (const auto& name : names) {
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const std::string& one) { return lower(one) == lower(name); });
    places.push_back(static_cast<std::size_t>(at - all.begin()));
    if (at == all.end()) all.push_back(name);
  }
  return places;
}

}  // namespace

std::vector<RecyclingFlow> recycling_flows(const ProductStocks& stocks, int from_year,
                                           int to_year) {
  check_stocks(stocks);
  check_years(from_year, to_year, stocks);
  std::vector<RecyclingFlow> flows;
  for (const auto& stock : stocks.list) flows.push_back(flow_of(stock, from_year, to_year));
  return flows;
}

SupplySources recycling_sources(const ProductStocks& stocks, int from_year, int to_year) {
  SupplySources sources;
  sources.table = stocks.table;
  sources.currency = stocks.currency;
  sources.price_year = stocks.price_year;
  sources.metals = stocks.metals;
  const auto flows = recycling_flows(stocks, from_year, to_year);
  for (std::size_t k = 0; k < flows.size(); ++k) {
    const ProductStock& stock = stocks.list[k];
    SupplySource source;
    source.id = stock.id;
    source.name = stock.product;
    source.country = stock.country;
    source.kind = "secondary";
    source.capacity_t_per_year = largest_of(flows[k].recovered_t);
    source.share = stock.share;
    source.opex_usd_per_kg = stock.opex_usd_per_kg;
    source.fixed_usd_per_year = stock.fixed_usd_per_year;
    source.capex_usd = stock.capex_usd;
    source.lead_years = stock.lead_years;
    source.ramp_years = stock.ramp_years;
    source.not_before = stock.start;
    source.feedstock_t_per_year = source.capacity_t_per_year.base;
    source.limit_from = from_year;
    for (const auto& recovered : flows[k].recovered_t)
      source.limit_t_per_year.push_back(recovered.base);
    source.where = stock.where;
    sources.list.push_back(std::move(source));
  }
  return sources;
}

void add_recycling(SupplySources& sources, const ProductStocks& stocks, int from_year, int to_year,
                   Findings& findings) {
  check_lengths(sources);
  check_same_money(sources.currency, sources.price_year, sources.table, stocks.currency,
                   stocks.price_year, stocks.table);
  SupplySources more = recycling_sources(stocks, from_year, to_year);
  if (sources.price_year == 0) sources.price_year = stocks.price_year;
  const std::size_t before = sources.metals.size();
  const auto places = joined(sources.metals, more.metals);
  check_apart(sources.metals, sources.table + " and " + stocks.table);
  if (std::none_of(places.begin(), places.end(), [&](std::size_t at) { return at < before; }))
    findings.add("supply.other_metals", Severity::warning, stocks.table,
                 "it names " + join(more.metals, ", ") + ", " + sources.table +
                     " none of these: neither side counts for the other's metals");
  for (auto& source : sources.list) source.share.resize(sources.metals.size(), 0.0);
  for (auto& source : more.list) {
    std::vector<double> share(sources.metals.size(), 0.0);
    for (std::size_t m = 0; m < places.size(); ++m) share[places[m]] = source.share[m];
    source.share = std::move(share);
    source.burden.assign(sources.burdens.size(), 0.0);
    sources.list.push_back(std::move(source));
  }
  check_sources(sources, findings);
}

}  // namespace lode
