#include "libgeo/supply/price_shock.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/core/spread.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/cash_flow.h"
#include "libgeo/supply/draws.h"
#include "libgeo/supply/price_shock_parts.h"

namespace lode {

namespace {

constexpr int years_after_shock = 5;  // that are looked at where no horizon is said

void check_shock(const PriceShock& shock, const PriceShockOptions& options, Findings& findings) {
  const std::string hint = "A fall of prices has depth_pct (above 0, to 100), from_year, years.";
  const auto refuse = [&](const std::string& what) {
    throw Error("supply.shock", what, "price shock", hint);
  };
  if (!(shock.depth > 0.0 && shock.depth <= 1.0))
    refuse("a depth of " + number_text(100.0 * shock.depth) + " %");
  if (shock.years < 1) refuse("it lasts " + std::to_string(shock.years) + " years");
  if (shock.recovery_years < 0)
    refuse("a recovery of " + std::to_string(shock.recovery_years) + " years");
  if (shock.from_year < options.first_year || shock.from_year > options.last_year)
    refuse("it begins in " + std::to_string(shock.from_year) + ", outside " +
           std::to_string(options.first_year) + " to " + std::to_string(options.last_year));
  if (options.base_year > options.last_year)
    refuse("its base year is " + std::to_string(options.base_year) + ", after " +
           std::to_string(options.last_year) + ", the last year that is looked at");
  for (const auto& [value, what] : {std::pair{options.patience_years, "patience_years"},
                                    {options.restart_years, "restart_years"},
                                    {options.restart_capex, "restart_capex"}})
    if (!(value >= 0.0)) refuse(std::string(what) + " is " + number_text(value));
  if (shock.from_year + shock.years + shock.recovery_years > options.last_year + 1)
    findings.add("supply.shock_cut", Severity::warning, "price shock",
                 "it goes on beyond " + std::to_string(options.last_year) +
                     ", the last year that is looked at");
}

/// Without a demand the years looked at follow the shock, so that no horizon says it is too late.
/// Nor does a base year that follows it: then sources are decided on when their prices are from.
void check_touches(const SupplySources& sources, const PricePath& prices, const PriceShock& shock,
                   const PriceShockOptions& said) {
  int base = said.base_year;
  if (base == 0 && said.first_year != 0) base = said.first_year - 1;
  if (base == 0) base = prices.years.empty() ? prices.price_year : prices.years.front();
  if (base == 0 || sources.list.empty()) return;
  int last = std::numeric_limits<int>::min();
  for (const auto& source : sources.list)
    last = std::max(last, cash_calendar(source, said.economics, base).last);
  if (shock.from_year > last)
    throw Error("supply.shock",
                "it begins in " + std::to_string(shock.from_year) + ", and sources decided on in " +
                    std::to_string(base) + " give nothing after " + std::to_string(last),
                "price shock",
                "Say an earlier from_year, or a later base_year. Sources without an end count " +
                    number_text(said.economics.horizon_years) + " years (horizon_years).");
}

PriceShockOptions with_horizon(PriceShockOptions options, const PriceShock& shock,
                               const PricePath& prices) {
  const int end = shock.from_year + std::max(0, shock.years) + std::max(0, shock.recovery_years);
  if (options.base_year == 0)
    options.base_year = options.first_year != 0 ? options.first_year - 1 : shock.from_year - 1;
  if (options.first_year == 0) options.first_year = options.base_year;
  if (options.last_year == 0)
    options.last_year = std::max(end + years_after_shock,
                                 prices.years.empty() ? options.first_year : prices.years.back());
  options.economics.base_year = options.base_year;
  options.economics.draws = 0;
  return options;
}

std::string name_of(const CounterTerms& one, const std::string& currency) {
  const PriceCounter& counter = one.terms;
  std::string name =
      std::string(to_text(counter.kind)) + " " + printable(counter.metal) + " at " +
      (one.levels.empty()
           ? number_text(std::round(100.0 * one.level) / 100.0) + " " + currency + "/kg"
           : number_text(100.0 * counter.share_of_price) + " % of each price");
  if (std::isfinite(counter.tonnes_per_year))
    name += ", " + number_text(counter.tonnes_per_year) + " t a year";
  if (!counter.groups.empty()) name += ", " + join(counter.groups, " and ");
  return name;
}

std::vector<CounterTerms> counter_terms(const std::vector<PriceCounter>& counters,
                                        const ShockMarket& market, const std::string& currency,
                                        const PricePath& prices, Findings& findings) {
  const SupplySources& sources = market.sources();
  std::vector<CounterTerms> out;
  for (std::size_t k = 0; k < counters.size(); ++k) {
    CounterTerms one;
    one.terms = counters[k];
    const std::string where = "counter " + std::to_string(k + 1);
    one.metals = metals_of(sources, one.terms.metal, where);
    const double before =
        prices.of(sources.metals[one.metals.front()], market.shock().from_year).base;
    if (std::isnan(before))
      throw Error("supply.counter", printable(one.terms.metal) + " has no price", where,
                  "Metals with one: " + join(prices.metals, ", ") + ".");
    one.level = std::isnan(one.terms.share_of_price) ? one.terms.usd_per_kg
                                                     : one.terms.share_of_price * before;
    if (!(one.level > 0.0 && std::isfinite(one.level)))
      throw Error("supply.counter", "its level is " + number_text(one.level) + " USD/kg", where,
                  "Say usd_per_kg, or share_of_price_pct.");
    if (!std::isnan(one.terms.share_of_price) && one.metals.size() > 1)
      for (const auto& metal : sources.metals) {
        const double own = prices.of(metal, market.shock().from_year).base;
        one.levels.push_back(std::isnan(own) ? 0.0 : one.terms.share_of_price * own);
      }
    if (!(one.terms.tonnes_per_year >= 0.0) || !(one.terms.holding_usd_per_kg_year >= 0.0))
      throw Error("supply.counter", "its tonnes or its holding cost are below 0", where);
    if (one.terms.from_year > one.terms.to_year)
      throw Error("supply.counter", "it ends before it begins", where, "Turn the years round.");
    bool any = false;
    for (const auto& source : sources.list) {
      const bool eligible = names_or_all(one.terms.groups, source.group);
      one.eligible.push_back(eligible ? 1 : 0);
      any = any || eligible;
    }
    if (!any)
      findings.add("supply.no_effect", Severity::warning, where,
                   "no source is of its groups: " + join(one.terms.groups, ", "));
    one.name = name_of(one, currency);
    out.push_back(std::move(one));
  }
  return out;
}

/// P10 and P90 of the price that covers yearly costs, and how often the shock stops it.
void add_chance(const ShockMarket& market, std::size_t place, ShockedSource& out) {
  const SupplySource& source = market.sources().list[place];
  const PriceShockOptions& options = market.options();
  if (options.draws == 0) return;
  const Random capacity{options.seed, draw_stream(source.id, "capacity")},
      opex{options.seed, draw_stream(source.id, "opex")};
  const auto drawn = [](const LowBaseHigh& range, const Random& random, std::size_t draw) {
    return range.ranged()
               ? between_percentiles(range.low, range.base, range.high, random.uniform(draw))
               : range.base;
  };
  std::vector<double> prices(options.draws), stops(options.draws);
  const CountersOn off = market.none();
  parallel_blocks(options.draws, 256, options.jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t) {
                    for (std::size_t d = begin; d < end; ++d) {
                      const SourceFigures figures{drawn(source.capacity_t_per_year, capacity, d),
                                                  drawn(source.opex_usd_per_kg, opex, d)};
                      prices[d] = market.cash_price(place, figures);
                      stops[d] = market.run(place, off, figures, 0).stops_in != 0 ? 1.0 : 0.0;
                    }
                  });
  Sum sum;
  for (const double one : stops) sum += one;
  out.probability_of_stopping = sum.value() / static_cast<double>(options.draws);
  if (!(market.share(place) > 0.0)) return;
  const LowBaseHigh spread = percentiles_of(std::move(prices));
  out.cash_break_even_usd_per_kg.low = spread.low;
  out.cash_break_even_usd_per_kg.high = spread.high;
}

ShockedSource shocked_source(const ShockMarket& market, const SiteEconomics& economics,
                             const SiteEconomics* spread, std::size_t place,
                             const ShockedRun& run) {
  const SupplySource& source = market.sources().list[place];
  ShockedSource out;
  out.id = source.id;
  out.name = source.name;
  out.country = source.country;
  out.group = source.group;
  out.kind = source.kind;
  out.operating = source.operating || market.start(place) < market.shock().from_year;
  out.stops = run.stops_in != 0;
  out.stops_in = run.stops_in;
  out.returns_in = run.returns_in;
  out.never_starts = run.delay < 0;
  out.delayed_years = std::max(0, run.delay);
  out.cash_break_even_usd_per_kg = only_base(market.cash_price(place, market.base_figures(place)));
  out.full_break_even_usd_per_kg = only_base(economics.break_even_usd_per_kg.base);
  if (spread != nullptr) {
    out.full_break_even_usd_per_kg.low = spread->break_even_usd_per_kg.low;
    out.full_break_even_usd_per_kg.high = spread->break_even_usd_per_kg.high;
  }
  out.cash_factor = market.cash_factor(place);
  out.full_factor = economics.break_even_factor.base;
  out.npv_before_usd = economics.npv_base_usd;
  const CountersOn off = market.none();
  out.npv_after_usd = market.npv(place, 0, &off);
  out.output_t = run.output_t;
  for (const int year : market.years())
    out.output_before_t.push_back(market.planned_t(place, year));
  add_chance(market, place, out);
  return out;
}

std::vector<ShockedRun> runs_of(const ShockMarket& market, const CountersOn& on) {
  std::vector<ShockedRun> runs;
  for (std::size_t i = 0; i < market.sources().list.size(); ++i) runs.push_back(market.run(i, on));
  return runs;
}

std::vector<double> lost_in(const ShockMarket& market, const std::vector<ShockedRun>& runs,
                            std::size_t y) {
  std::vector<double> lost;
  for (std::size_t m = 0; m < market.sources().metals.size(); ++m) {
    Sum sum;
    for (std::size_t i = 0; i < runs.size(); ++i)
      sum += market.sources().list[i].share[m] *
             (market.planned_t(i, market.years()[y]) - runs[i].output_t[y]);
    lost.push_back(std::abs(sum.value()) > 1e-9 ? sum.value() : 0.0);
  }
  return lost;
}

void add_counters(const ShockMarket& market, const std::vector<ShockedRun>& alone,
                  PriceShockResult& result) {
  std::vector<ShockedRun> with = alone;
  const std::size_t count = market.counters().size();
  for (std::size_t k = 0; k < count; ++k) {
    CountersOn on = market.none();
    on[k] = 1;
    with = runs_of(market, on);
    result.counters.push_back(cost_of(market, on, alone, with));
    result.counters.back().name = market.counters()[k].name;
  }
  if (count > 1) {
    with = runs_of(market, market.all());
    result.counters.push_back(cost_of(market, market.all(), alone, with));
    result.counters.back().name = "all together";
  }
  for (std::size_t i = 0; i < alone.size(); ++i)
    result.sources[i].kept_by_counter = (alone[i].stops_in != 0 || alone[i].delay != 0) &&
                                        with[i].stops_in == 0 && with[i].delay == 0;
  for (std::size_t y = 0; y < market.years().size(); ++y) {
    ShockYear year;
    year.year = market.years()[y];
    year.factor = shock_factor(market.shock(), year.year);
    year.lost_t = lost_in(market, alone, y);
    year.lost_with_t = lost_in(market, with, y);
    if (count > 0) year.cost_usd = result.counters.back().by_year_usd[y];
    result.years.push_back(std::move(year));
  }
}

/// The floor price that keeps everyone who may have one.
void add_floor_for_all(ShockMarket market, const std::vector<ShockedRun>& alone,
                       const std::string& metal, PriceShockResult& result) {
  CounterTerms floor;
  floor.terms.metal = metal;
  floor.metals = market.chosen();
  floor.eligible.assign(alone.size(), 1);
  for (const auto& counter : market.counters())
    if (counter.terms.kind == PriceCounter::Kind::floor_price && counter.metals == floor.metals) {
      floor.eligible = counter.eligible;
      break;
    }
  std::vector<std::string> beyond;
  double level = 0.0;
  for (std::size_t i = 0; i < alone.size(); ++i) {
    if (alone[i].stops_in == 0 && alone[i].delay == 0) continue;
    ShockedSource& source = result.sources[i];
    source.floor_needed_usd_per_kg = floor_needed(market, i);
    if (floor.eligible[i] == 0) continue;
    if (std::isnan(source.floor_needed_usd_per_kg))
      beyond.push_back(printable(source.id));
    else
      level = std::max(level, source.floor_needed_usd_per_kg);
  }
  if (!beyond.empty())
    result.findings.add("supply.no_floor", Severity::warning, join(beyond, ", "),
                        "no floor price of " + metal + " keeps it going");
  result.floor_for_all_usd_per_kg = level;
  result.floor_for_all_cost_usd = 0.0;
  if (level == 0.0) return;
  floor.level = level;
  market.set_counters({floor});
  result.floor_for_all_cost_usd =
      cost_of(market, market.all(), alone, runs_of(market, market.all())).cost_usd;
}

void say_unpaying(const ShockMarket& market, PriceShockResult& result) {
  std::vector<std::string> losing, unprofitable;
  for (std::size_t i = 0; i < result.sources.size(); ++i) {
    const ShockedSource& source = result.sources[i];
    const int year = std::max(market.shock().from_year, market.start(i));
    if (market.margin_before(i, year, year - market.start(i), market.base_figures(i)) < 0.0)
      losing.push_back(printable(source.id));
    else if (source.npv_before_usd < 0.0 && !market.sources().list[i].operating)
      unprofitable.push_back(printable(source.id));
  }
  if (!losing.empty())
    result.findings.add("supply.loss_before", Severity::warning, join(losing, ", "),
                        "does not cover its yearly costs before the shock either: counted as going "
                        "on until prices fall");
  if (!unprofitable.empty())
    result.findings.add("supply.no_return_before", Severity::note, join(unprofitable, ", "),
                        "does not earn its capex before the shock either (NPV below 0): counted as "
                        "built as planned, unless the shock lowers its NPV");
}

}  // namespace

std::string_view to_text(PriceCounter::Kind kind) {
  switch (kind) {
    case PriceCounter::Kind::floor_price:
      return "floor price";
    case PriceCounter::Kind::offtake:
      return "offtake";
    case PriceCounter::Kind::stockpile:
      break;
  }
  return "stockpile";
}

PriceCounter::Kind parse_price_counter(std::string_view text, const std::string& where) {
  std::string word = lower(trim(text));
  std::replace(word.begin(), word.end(), '_', ' ');
  std::replace(word.begin(), word.end(), '-', ' ');
  for (const auto kind : {PriceCounter::Kind::floor_price, PriceCounter::Kind::offtake,
                          PriceCounter::Kind::stockpile})
    if (word == to_text(kind)) return kind;
  throw Error("supply.counter", "'" + printable(text) + "' is no counter", where,
              "Known: floor_price, offtake, stockpile.");
}

PriceShockResult price_shock(const SupplySources& sources, const PricePath& prices,
                             const PriceShock& shock, const std::vector<PriceCounter>& counters,
                             const PriceShockOptions& options, const Progress& progress) {
  PriceShockResult result;
  const PriceShockOptions full = with_horizon(options, shock, prices);
  check_shock(shock, full, result.findings);
  check_touches(sources, prices, shock, options);
  const EconomicsResult economics =
      site_economics(sources, prices, full.economics, progress.part(0.0, 0.1));
  result.findings.add(economics.findings);
  EconomicsResult spread;
  if (full.draws > 0) {
    EconomicsOptions drawn = full.economics;
    drawn.draws = full.draws;
    drawn.seed = full.seed;
    drawn.jobs = full.jobs;
    spread = site_economics(sources, prices, drawn, progress.part(0.1, 0.7));
  }
  result.metal = economics.metal;
  result.currency = economics.currency;
  result.price_year = economics.price_year;
  result.metals = sources.metals;
  ShockMarket market(sources, prices, shock, full, metals_of(sources, economics.metal, "metal"));
  market.set_counters(counter_terms(counters, market, result.currency, prices, result.findings));
  const auto alone = runs_of(market, market.none());
  for (std::size_t i = 0; i < sources.list.size(); ++i) {
    progress.part(0.7, 0.9).update(static_cast<double>(i) /
                                   static_cast<double>(sources.list.size()));
    result.sources.push_back(shocked_source(market, economics.sites[i],
                                            spread.sites.empty() ? nullptr : &spread.sites[i], i,
                                            alone[i]));
  }
  add_counters(market, alone, result);
  add_floor_for_all(market, alone, result.metal, result);
  say_unpaying(market, result);
  progress.update(1.0);
  return result;
}

}  // namespace lode
