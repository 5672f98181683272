#include "libgeo/supply/economics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "libgeo/core/spread.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/cash_flow.h"
#include "libgeo/supply/draws.h"
#include "libgeo/supply/price_units.h"

namespace lode {

double taylor_life_years(double ore_t, double factor, double exponent) {
  return ore_t >= 0.0 ? factor * std::pow(ore_t / 1e6, exponent) : std::nan("");
}

double taylor_rate_t_per_year(double ore_t, double factor, double exponent) {
  return ore_t == 0.0 ? 0.0 : ore_t / taylor_life_years(ore_t, factor, exponent);
}

double scaled_cost(const ScaledCost& cost, double size) {
  return cost.base * std::pow(size / cost.base_size, cost.exponent);
}

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t many_sites = 64;

/// What one evaluation of a site gives.
struct SiteWorth {
  double npv = 0.0, irr = nothing, payback = nothing, per_kg = nothing, per_kg_oxide = nothing,
         break_even = nothing, cash_factor = nothing, break_even_usd_per_kg = nothing;
  std::size_t irr_roots = 0;
};

SiteWorth worth(const SiteCash& site, double discount, std::vector<CashYear>& cash,
                std::vector<double>& net) {
  site.flow(1.0, 1.0, cash);
  SiteWorth out;
  net.clear();
  for (const auto& year : cash)
    if (!net.empty() || year.net_usd != 0.0) net.push_back(year.net_usd);
  const auto sum = [&](const auto& of) { return present_value(cash, of); };
  out.npv = sum([](const CashYear& y) { return y.net_usd; });
  out.irr = paying_rate(net, discount, &out.irr_roots);
  out.payback = payback_years(net);
  const double cost = present_cost(cash);
  const double floors = sum([](const CashYear& y) { return y.floor_usd; });
  const double kg = 1000.0 * sum([](const CashYear& y) { return y.output_t; });
  const double own_kg = site.chosen_kg(), own_sold = site.chosen_revenue();
  if (kg > 0.0) out.per_kg_oxide = (cost - floors) / kg;
  out.per_kg = levelised_usd_per_kg(site, cash);
  out.break_even = rising_zero([&](double factor) { return site.npv(factor, 1.0); });
  if (kg > 0.0)
    out.cash_factor = rising_zero([&](double factor) { return site.yearly_margin(factor); });
  if (own_kg > 0.0 && own_sold > 0.0)
    out.break_even_usd_per_kg =
        own_sold / own_kg * rising_zero([&](double factor) { return site.npv(1.0, factor); });
  return out;
}

/// Everything that is the same for all sites.
struct EconomicsRun {
  const SupplySources& sources;
  const PricePath& prices;
  const EconomicsOptions& options;
  int base_year = 0;
  int jobs = 0;                     ///< for the draws of one site
  std::vector<std::size_t> chosen;  ///< metals of the levelised cost
  std::vector<Random> price_streams;
};

std::vector<SiteWorth> drawn_worths(const EconomicsRun& run, std::size_t place,
                                    const LowBaseHigh& capex, const Progress& progress) {
  const SupplySource& source = run.sources.list[place];
  const std::uint64_t seed = run.options.seed;
  const Random capacity{seed, draw_stream(source.id, "capacity")},
      opex{seed, draw_stream(source.id, "opex")}, spent{seed, draw_stream(source.id, "capex")};
  std::vector<SiteWorth> worths(run.options.draws);
  parallel_blocks(
      worths.size(), 64, run.jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        SiteCash site(run.sources, place, run.options, run.base_year, run.chosen);
        std::vector<CashYear> cash;
        std::vector<double> net, prices, u(run.price_streams.size());
        for (std::size_t draw = begin; draw < end; ++draw) {
          for (std::size_t m = 0; m < u.size(); ++m) u[m] = run.price_streams[m].uniform(draw);
          prices_by_year(run.sources, run.prices, run.base_year, site.years(), u, prices);
          site.set_prices(prices);
          site.set_figures(drawn(source.capacity_t_per_year, capacity, draw),
                           drawn(source.opex_usd_per_kg, opex, draw), drawn(capex, spent, draw));
          worths[draw] = worth(site, run.options.discount, cash, net);
        }
      },
      progress);
  return worths;
}

LowBaseHigh spread(const std::vector<SiteWorth>& worths, double SiteWorth::*member) {
  std::vector<double> values;
  values.reserve(worths.size());
  for (const auto& one : worths) values.push_back(one.*member);
  return percentiles_of(std::move(values));
}

/// Why there is no rate of return to show; "" = there is one.
std::string why_no_rate(double irr, double npv) {
  if (std::isinf(irr)) return "above 1000 %";
  if (!std::isnan(irr)) return "";
  return npv < 0.0 ? "none, for no rate pays" : "none, for nothing is put in first";
}

/// A rate that does not exist is below all when the cash sums to a loss, and above all otherwise.
LowBaseHigh spread_of_irr(const std::vector<SiteWorth>& worths, std::vector<std::string>& notes) {
  // Finite, so that percentiles can lie between two of them.
  constexpr double beyond_all = 1e100, highest = 10.0, lowest = -1.0;
  std::vector<double> values;
  bool beyond = false;
  for (const auto& one : worths) {
    values.push_back(std::isfinite(one.irr)                 ? one.irr
                     : std::isnan(one.irr) && one.npv < 0.0 ? -beyond_all
                                                            : beyond_all);
    beyond = beyond || std::isinf(one.irr);
  }
  std::sort(values.begin(), values.end());
  LowBaseHigh rates;
  std::map<std::string, std::vector<std::string>> missing;
  for (const auto& [member, name, part] :
       {std::tuple{&LowBaseHigh::low, "P10", 0.1}, std::tuple{&LowBaseHigh::base, "P50", 0.5},
        std::tuple{&LowBaseHigh::high, "P90", 0.9}}) {
    const double rate = percentile_of_sorted(values, part);
    const bool above = rate > highest;
    if (rate >= lowest && !above)
      rates.*member = rate;
    else
      missing[why_no_rate(above && beyond ? std::numeric_limits<double>::infinity() : nothing,
                          above ? 1.0 : -1.0)]
          .emplace_back(name);
  }
  for (const auto& [why, names] : missing)
    notes.push_back("rate of return" + (names.size() < 3 ? " at " + join(names, ", ") : "") + ": " +
                    why);
  return rates;
}

void put_worth(const SiteWorth& base, const std::vector<SiteWorth>& worths, SiteEconomics& out) {
  out.npv_base_usd = base.npv;
  out.irr_roots = base.irr_roots;
  const std::pair<double SiteWorth::*, LowBaseHigh SiteEconomics::*> parts[] = {
      {&SiteWorth::npv, &SiteEconomics::npv_usd},
      {&SiteWorth::payback, &SiteEconomics::payback_years},
      {&SiteWorth::per_kg, &SiteEconomics::usd_per_kg},
      {&SiteWorth::per_kg_oxide, &SiteEconomics::usd_per_kg_oxide},
      {&SiteWorth::break_even, &SiteEconomics::break_even_factor},
      {&SiteWorth::cash_factor, &SiteEconomics::cash_factor},
      {&SiteWorth::break_even_usd_per_kg, &SiteEconomics::break_even_usd_per_kg}};
  for (const auto& [from, to] : parts)
    out.*to = worths.empty() ? only_base(base.*from) : spread(worths, from);
  if (!worths.empty()) {
    out.irr = spread_of_irr(worths, out.notes);
  } else if (std::isfinite(base.irr)) {
    out.irr = only_base(base.irr);
  } else {
    out.notes.push_back("rate of return: " + why_no_rate(base.irr, base.npv));
  }
  if (worths.empty()) return;
  const auto lost = std::count_if(worths.begin(), worths.end(),
                                  [](const SiteWorth& one) { return one.npv < 0.0; });
  out.probability_of_loss = static_cast<double>(lost) / static_cast<double>(worths.size());
}

/// Its capex, from the model where it has none, and what was assumed.
LowBaseHigh capex_of(const SupplySource& source, const EconomicsOptions& options,
                     SiteEconomics& out, Findings& findings) {
  if (source.operating) return only_base(0.0);
  if (source.capex_usd.known()) return source.capex_usd;
  if (options.capex_model.base > 0.0) {
    out.notes.push_back("capex from the model");
    findings.add("supply.capex_model", Severity::note, out.id,
                 "it has no capex: scaled from its capacity");
    return only_base(scaled_cost(options.capex_model, source.capacity_t_per_year.base));
  }
  out.notes.push_back("no capex");
  findings.add("supply.no_capex", Severity::warning, source.where,
               "it has no capex, and counts as if it cost nothing to build");
  return only_base(0.0);
}

void say_notes(const SupplySource& source, const EconomicsRun& run, SiteEconomics& out,
               Findings& findings) {
  if (std::isnan(source.life_years))
    out.notes.push_back("no end: " + number_text(run.options.horizon_years) + " years of output");
  if (out.irr_roots > 1)
    out.notes.push_back("several rates of return: by the NPV at the discount rate, one is given");
  if (incentives_of(source, run.options).grant_usd > out.capex_usd && out.capex_usd > 0.0) {
    out.notes.push_back("grant cut to the capex");
    findings.add("supply.grant_capped", Severity::note, out.id,
                 "the grant is above its capex: cut to it");
  }
  if (std::isnan(out.usd_per_kg.base)) out.notes.push_back("makes no " + out.metal);
}

/// Figures that are given and too large to be reckoned with.
void check_finite(const SupplySource& source, const SiteEconomics& site, bool drawn) {
  bool finite = std::isfinite(site.npv_base_usd) && !std::isinf(site.usd_per_kg.base) &&
                std::isfinite(site.incentives_usd) && std::isfinite(site.basket_usd_per_kg) &&
                std::isfinite(site.npv_usd.base);
  if (drawn) finite = finite && std::isfinite(site.npv_usd.low) && std::isfinite(site.npv_usd.high);
  for (const auto& year : site.cash) finite = finite && std::isfinite(year.net_usd);
  if (!finite)
    throw Error("supply.magnitude", "its cash is too large to be reckoned with", source.where,
                "Nothing on earth is worth that much: is a capacity, price or cost a mark for no "
                "data, or in another unit?");
}

SiteEconomics one_site(const EconomicsRun& run, std::size_t place, const std::string& metal,
                       const Progress& progress, Findings& findings) {
  const SupplySource& source = run.sources.list[place];
  SiteEconomics out;
  out.id = source.id;
  out.name = source.name;
  out.country = source.country;
  out.group = source.group;
  out.kind = source.kind;
  out.metal = metal;
  const LowBaseHigh capex = capex_of(source, run.options, out, findings);
  out.capex_usd = capex.base;
  SiteCash site(run.sources, place, run.options, run.base_year, run.chosen);
  std::vector<double> prices, net;
  prices_by_year(run.sources, run.prices, run.base_year, site.years(), {}, prices);
  site.set_prices(prices);
  site.set_figures(source.capacity_t_per_year.base, source.opex_usd_per_kg.base, capex.base);
  const SiteWorth base = worth(site, run.options.discount, out.cash, net);
  put_worth(base, drawn_worths(run, place, capex, progress), out);
  out.life_years = site.calendar().life_years;
  out.basket_usd_per_kg = site.basket_usd_per_kg();
  out.incentives_usd = present_value(out.cash, [](const CashYear& y) {
    return y.grant_usd + y.credit_usd + y.floor_usd + y.loan_usd;
  });
  check_finite(source, out, run.options.draws > 0);
  say_notes(source, run, out, findings);
  return out;
}

void check_options(const EconomicsOptions& options) {
  const auto refuse = [](const std::string& what) {
    throw Error("supply.economics_option", what, "", "See lode-supply-economics(1) for its range.");
  };
  const auto between = [&](double value, double low, double high, const std::string& name) {
    if (!(value >= low && value <= high))
      refuse(name + " is " + number_text(value) + ", not " + number_text(low) + " to " +
             number_text(high));
  };
  const Incentives& aid = options.incentives;
  constexpr double most = 1e15, rate = 10.0;
  if (!(options.discount > -1.0 && options.discount <= rate))
    refuse("discount is " + number_text(options.discount) + ", not above -1 and up to 10");
  between(options.tax, 0.0, 0.99, "tax");
  for (const auto& [country, tax] : options.country_tax)
    between(tax, 0.0, 0.99, "country_tax of " + printable(country));
  between(options.royalty, 0.0, 0.99, "royalty");
  between(options.depreciation_years, 0.0, 200.0, "depreciation_years");
  between(options.working_capital, 0.0, 10.0, "working_capital");
  between(options.closure_usd, 0.0, most, "closure_usd");
  between(options.horizon_years, 1.0, 200.0, "horizon_years");
  between(aid.grant_usd, 0.0, most, "grant_usd");
  between(aid.investment_credit, 0.0, 1.0, "investment_credit");
  between(aid.production_credit, 0.0, 1.0, "production_credit");
  between(aid.loan_share, 0.0, 1.0, "loan_share");
  between(aid.loan_rate, 0.0, rate, "loan_rate");
  between(aid.loan_years, 1.0, 100.0, "loan_years");
  if (aid.loan_years != std::floor(aid.loan_years)) refuse("loan_years is not whole");
  if (!(aid.floor_years >= 0.0)) refuse("floor_years is below 0");
  if (aid.floor_metals.size() != aid.floor_usd_per_kg.size())
    refuse("a floor price has no metal, or a metal no floor price");
  for (const double floor : aid.floor_usd_per_kg) between(floor, 0.0, most, "floor price");
  between(options.capex_model.base, 0.0, most, "capex_model base");
  between(options.capex_model.base_size, 1e-9, most, "capex_model base_size");
  between(options.capex_model.exponent, 0.0, 2.0, "capex_model exponent");
}

void check_prices(const SupplySources& sources, const PricePath& prices,
                  const EconomicsOptions& options, Findings& findings) {
  check_same_money(sources.currency, sources.price_year, sources.table, prices.currency,
                   prices.price_year, prices.table);
  for (std::size_t m = 0; m < sources.metals.size(); ++m) {
    const std::string& metal = sources.metals[m];
    const bool held = std::any_of(sources.list.begin(), sources.list.end(),
                                  [&](const SupplySource& one) { return one.share[m] > 0.0; });
    if (!held || prices.of(metal, 0).known()) continue;
    if (!options.unpriced_is_zero)
      throw Error("supply.no_price", metal + " has no price", prices.table,
                  "Add a row for it (metals with one: " + join(prices.metals, ", ") +
                      "), or count it as nothing: unpriced_is_zero = true.");
    findings.add("supply.unpriced", Severity::warning, prices.table,
                 metal + " has no price and counts as nothing");
  }
}

/// Amounts of the settings that are in USD by their name cannot stand beside money of another kind.
void check_settings_money(const EconomicsOptions& options, const PricePath& prices) {
  const std::pair<const char*, bool> said[] = {
      {"grant_usd", options.incentives.grant_usd > 0.0},
      {"floor_usd_per_kg", !options.incentives.floor_metals.empty()},
      {"closure_usd", options.closure_usd > 0.0},
      {"capex_model base_usd", options.capex_model.base > 0.0}};
  for (const auto& [name, given] : said)
    if (given) check_dollars(prices.currency, name, prices.table);
}

/// 0.08 where 8 is meant gives a plausible wrong answer.
void say_fractions(const EconomicsOptions& options, Findings& findings) {
  const Incentives& aid = options.incentives;
  std::vector<std::pair<std::string, double>> rates = {
      {"discount_pct", options.discount},
      {"tax_pct", options.tax},
      {"working_capital_pct", options.working_capital},
      {"investment_credit_pct", aid.investment_credit},
      {"production_credit_pct", aid.production_credit},
      {"loan_share_pct", aid.loan_share}};
  for (const auto& [country, tax] : options.country_tax)
    rates.emplace_back("country_tax_pct, " + country, tax);
  for (const auto& [name, value] : rates)
    if (value > 0.0 && value < 0.01)
      findings.add("supply.looks_like_fraction", Severity::warning, name,
                   number_text(std::round(1e10 * value) / 1e8) + " % is meant? Write " +
                       number_text(std::round(1e12 * value) / 1e8) + " for " +
                       number_text(std::round(1e12 * value) / 1e8) + " per cent");
}

void check_costs(const SupplySources& sources) {
  std::vector<Error> missing;
  for (const auto& source : sources.list)
    if (!source.opex_usd_per_kg.known())
      missing.emplace_back("supply.no_cost", "the source has no cost of operation", source.where,
                           "Fill opex_usd_per_kg, or leave the row out.");
  if (missing.empty()) return;
  Error first = missing.front();
  first.more.assign(missing.begin() + 1, missing.end());
  throw first;
}

void check_floors(const SupplySources& sources, const Incentives& aid) {
  std::vector<char> has(sources.metals.size(), 0);
  for (const auto& name : aid.floor_metals)
    for (const std::size_t m : metals_of(sources, name, "floor_usd_per_kg"))
      if (std::exchange(has[m], 1) != 0)
        throw Error("supply.economics_option", sources.metals[m] + " has two floor prices",
                    "floor_usd_per_kg", "Keep one.");
}

std::string chosen_metal(const SupplySources& sources, const std::string& said) {
  const auto has = [&](const char* name) {
    return std::find(sources.metals.begin(), sources.metals.end(), name) != sources.metals.end();
  };
  if (!said.empty() || sources.metals.empty()) return said;
  if (has("NdPr") || (has("Nd") && has("Pr"))) return "NdPr";
  return has("Nd") ? "Nd" : sources.metals.front();
}

int known_base_year(const SupplySources& sources, const PricePath& prices,
                    const EconomicsOptions& options) {
  if (options.base_year != 0) return options.base_year;
  if (!prices.years.empty()) return prices.years.front();
  if (prices.price_year != 0) return prices.price_year;
  if (sources.price_year != 0) return sources.price_year;
  for (const auto& source : sources.list)
    if (!std::isnan(source.not_before) || !std::isnan(source.planned_start))
      throw Error("supply.economics_option",
                  "a source has a year, and there is no year to count from", source.where,
                  "Say --base-year 2026, or base_year in the settings.");
  return 0;
}

bool any_range(const SupplySources& sources, const PricePath& prices) {
  const auto ranged = [](const LowBaseHigh& value) { return value.ranged(); };
  return std::any_of(prices.usd_per_kg.begin(), prices.usd_per_kg.end(), ranged) ||
         std::any_of(sources.list.begin(), sources.list.end(), [&](const SupplySource& one) {
           return ranged(one.capacity_t_per_year) || ranged(one.opex_usd_per_kg) ||
                  ranged(one.capex_usd);
         });
}

}  // namespace

EconomicsResult site_economics(const SupplySources& sources, const PricePath& prices,
                               const EconomicsOptions& options, const Progress& progress) {
  EconomicsResult result;
  check_options(options);
  check_lengths(sources);
  check_prices(sources, prices, options, result.findings);
  check_settings_money(options, prices);
  say_fractions(options, result.findings);
  check_costs(sources);
  check_floors(sources, options.incentives);
  // Of many sites each is one thread's work, of few the draws are shared out.
  const std::size_t count = sources.list.size();
  const bool by_site = count >= many_sites;
  EconomicsRun run{sources,
                   prices,
                   options,
                   known_base_year(sources, prices, options),
                   by_site ? 1 : options.jobs,
                   {},
                   {}};
  const std::string metal = chosen_metal(sources, options.metal);
  run.chosen = metals_of(sources, metal, "metal");
  if (options.draws > 0)
    for (const auto& name : sources.metals)
      run.price_streams.push_back(Random{options.seed, draw_stream(name, "price")});
  if (options.draws > 0 && !any_range(sources, prices))
    result.findings.add("supply.no_range", Severity::note, sources.table,
                        "no figure has a low or a high: all draws are the same");
  result.metal = metal;
  result.currency = prices.currency;
  result.price_year = prices.price_year != 0 ? prices.price_year : sources.price_year;
  result.base_year = run.base_year;
  result.sites.resize(count);
  std::vector<Findings> found(count);
  const auto part = [&](std::size_t k) {
    return static_cast<double>(k) / static_cast<double>(count);
  };
  parallel_blocks(
      count, 8, by_site ? options.jobs : 1,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t k = begin; k < end; ++k) {
          if (!by_site) progress.update(part(k), sources.list[k].id);
          const Progress own = by_site ? Progress{} : progress.part(part(k), part(k + 1));
          result.sites[k] = one_site(run, k, metal, own, found[k]);
        }
      },
      by_site ? progress : Progress{});
  for (const auto& one : found) result.findings.add(one);
  return result;
}

}  // namespace lode
