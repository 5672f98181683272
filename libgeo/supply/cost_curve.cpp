#include "libgeo/supply/cost_curve.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/cost_bands.h"
#include "libgeo/supply/cost_draws.h"
#include "libgeo/supply/draws.h"

namespace lode {

namespace {

constexpr std::size_t most_cells = 100'000'000;  // of draws x points of the bands: 0.8 GB
constexpr std::size_t sources_at_once = 1000;    // whose yearly cash is held together

void check_options(const CostCurveOptions& options) {
  const auto refuse = [](const std::string& what, const std::string& hint) {
    throw Error("supply.curve_option", what, "", hint);
  };
  if (options.draws > 0 && options.grid == 0)
    refuse("bands over draws need points", "Say 1 or more for grid, or no draws.");
  if (options.draws > 0 && options.grid > most_cells / options.draws)
    refuse(std::to_string(options.draws) + " draws x " + std::to_string(options.grid) +
               " points are more than " + std::to_string(most_cells),
           "Ask for fewer draws or points.");
  for (const auto& [name, price] : options.price_lines)
    if (!std::isfinite(price))
      refuse("the price line " + printable(name) + " has no price", "Give USD/kg of the metal.");
}

/// What of the sources is on the curve, and what it costs there.
struct OnCurve {
  SupplySources sources;  ///< those that are on it
  std::vector<double> cost, cash, capex;
};

/// USD a kg that are spent every year, of what is levelised.
double cash_cost(const SiteEconomics& site, const SupplySource& source, double chosen_share,
                 const EconomicsOptions& options) {
  const double credit = incentives_of(source, options).production_credit;
  const double once = present_value(site.cash, [&](const CashYear& y) {
    return y.capex_usd - y.working_capital_usd + y.closure_usd - y.grant_usd - y.loan_usd -
           (y.credit_usd - credit * y.opex_usd);
  });
  const double kg = present_value(
      site.cash, [&](const CashYear& y) { return 1000.0 * chosen_share * y.output_t; });
  return site.usd_per_kg.base - once / kg;
}

/// Why a source is not on the curve; "" = it is.
std::string why_left_out(const SupplySource& source, const CurveRun& run) {
  double share = 0.0;
  for (const std::size_t m : run.chosen) share += source.share[m];
  if (!(share > 0.0)) return "none of the metal";
  if (!source.opex_usd_per_kg.known()) return "no cost";
  if (!(source.capacity_t_per_year.base > 0.0)) return "makes nothing";
  if (run.year == 0) return "";
  const int start = first_year(source, run.base_year);
  if (output_t(source, start, run.year) > 0.0) return "";
  const std::string year = std::to_string(run.year);
  return start > run.year ? "not before " + std::to_string(start)
                          : "makes nothing any more in " + year;
}

OnCurve priced(const CurveRun& run, CostCurve& curve, const Progress& progress) {
  OnCurve on;
  on.sources = run.sources;
  on.sources.list.clear();
  std::vector<const SupplySource*> kept;
  for (const auto& source : run.sources.list) {
    const std::string why = why_left_out(source, run);
    if (why.empty())
      kept.push_back(&source);
    else
      curve.left_out.push_back(printable(source.id) + ": " + why);
  }
  EconomicsOptions options = run.options;
  options.draws = 0;
  SupplySources some = on.sources;
  for (std::size_t from = 0; from < kept.size(); from += sources_at_once) {
    const std::size_t to = std::min(kept.size(), from + sources_at_once);
    some.list.clear();
    for (std::size_t k = from; k < to; ++k) some.list.push_back(*kept[k]);
    const auto all = static_cast<double>(kept.size());
    const auto economics = site_economics(
        some, run.prices, options,
        progress.part(static_cast<double>(from) / all, static_cast<double>(to) / all));
    curve.findings.add(economics.findings);
    for (std::size_t k = 0; k < economics.sites.size(); ++k) {
      const SiteEconomics& site = economics.sites[k];
      if (!std::isfinite(site.usd_per_kg.base)) {
        curve.left_out.push_back(printable(site.id) + ": makes none of the metal in its life");
        continue;
      }
      double share = 0.0;
      for (const std::size_t m : run.chosen) share += some.list[k].share[m];
      on.sources.list.push_back(some.list[k]);
      on.cost.push_back(site.usd_per_kg.base);
      on.cash.push_back(cash_cost(site, some.list[k], share, options));
      on.capex.push_back(site.capex_usd);
    }
  }
  return on;
}

/// The capex that is drawn: the source's range, or the figure that stood in for it.
LowBaseHigh drawn_capex(const SupplySource& source, double capex_usd) {
  return !source.operating && source.capex_usd.known() ? source.capex_usd : only_base(capex_usd);
}

void put_steps(const OnCurve& on, std::vector<CostDraws>& draws, CostCurve& curve) {
  std::vector<std::size_t> order(on.cost.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  const auto& list = on.sources.list;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return on.cost[a] != on.cost[b] ? on.cost[a] < on.cost[b] : list[a].id < list[b].id;
  });
  Sum before;
  for (const std::size_t k : order) {
    CostStep step;
    step.id = list[k].id;
    step.name = list[k].name;
    step.country = list[k].country;
    step.group = list[k].group;
    step.kind = list[k].kind;
    step.usd_per_kg = only_base(on.cost[k]);
    step.tonnes = only_base(draws[k].base().tonnes);
    step.from_t = before.value();
    step.cash_usd_per_kg = on.cash[k];
    before += step.tonnes.base;
    curve.steps.push_back(std::move(step));
  }
}

void put_lines(const CostCurveOptions& options, CostCurve& curve) {
  for (const auto& [name, price] : options.price_lines) {
    CostCurve::Line line{name, price, only_base(0.0), 0};
    Sum tonnes;
    for (const auto& step : curve.steps) {
      if (step.usd_per_kg.base > price) break;
      tonnes += step.tonnes.base;
      ++line.sources;
    }
    line.tonnes.base = tonnes.value();
    curve.lines.push_back(line);
  }
}

std::vector<double> grid_of(const CostCurve& curve, std::size_t points) {
  const auto& last = curve.steps.back();
  const double total = last.from_t + last.tonnes.base;
  std::vector<double> grid;
  for (std::size_t i = 1; i <= points; ++i)
    grid.push_back(total * static_cast<double>(i) / static_cast<double>(points));
  return grid;
}

void put_bands(const std::vector<CostDraws>& sources, const OnCurve& on,
               const CostCurveOptions& options, CostCurve& curve, const Progress& progress) {
  std::vector<std::size_t> step_of(sources.size());
  std::vector<std::pair<std::string, std::size_t>> by_id;
  for (std::size_t s = 0; s < curve.steps.size(); ++s) by_id.emplace_back(curve.steps[s].id, s);
  std::sort(by_id.begin(), by_id.end());
  for (std::size_t k = 0; k < sources.size(); ++k)
    step_of[k] = std::lower_bound(by_id.begin(), by_id.end(),
                                  std::pair<std::string, std::size_t>(on.sources.list[k].id, 0))
                     ->second;
  const std::vector<CostTails> tails =
      cost_tails(sources, options.draws, options.jobs, progress.part(0.0, 0.4));
  for (std::size_t k = 0; k < sources.size(); ++k) {
    CostStep& step = curve.steps[step_of[k]];
    step.usd_per_kg.low = tails[k].usd_per_kg.low;
    step.usd_per_kg.high = tails[k].usd_per_kg.high;
    step.tonnes.low = tails[k].tonnes.low;
    step.tonnes.high = tails[k].tonnes.high;
  }
  BandsAsked asked{grid_of(curve, options.grid), {}, options.draws, options.jobs};
  for (const auto& line : curve.lines) asked.line_usd_per_kg.push_back(line.usd_per_kg);
  const BandsDrawn all = cost_bands(sources, asked, progress.part(0.4, 1.0));
  const std::size_t points = options.grid, lines = curve.lines.size();
  curve.bands.resize(points);
  parallel_blocks(points, 4, options.jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::vector<double> values(options.draws);
    for (std::size_t p = begin; p < end; ++p) {
      for (std::size_t d = 0; d < options.draws; ++d) values[d] = all.marginal[d * points + p];
      curve.bands[p] = {asked.grid_t[p], percentiles_of(values)};
    }
  });
  for (std::size_t l = 0; l < lines; ++l) {
    std::vector<double> values(options.draws);
    for (std::size_t d = 0; d < options.draws; ++d) values[d] = all.below[d * lines + l];
    const LowBaseHigh tonnes = percentiles_of(std::move(values));
    curve.lines[l].tonnes.low = tonnes.low;
    curve.lines[l].tonnes.high = tonnes.high;
  }
}

void say_findings(const std::vector<CostDraws>& draws, const CostCurveOptions& options,
                  const std::string& table, CostCurve& curve) {
  if (curve.steps.empty())
    curve.findings.add("supply.curve_empty", Severity::warning, table,
                       "no source has " + curve.metal + " and a cost" +
                           (curve.year != 0 ? " in " + std::to_string(curve.year) : ""));
  const auto paid = std::count_if(curve.steps.begin(), curve.steps.end(),
                                  [](const CostStep& step) { return step.usd_per_kg.base < 0.0; });
  if (paid > 0)
    curve.findings.add("supply.cost_below_zero", Severity::note, table,
                       "by-products pay for all of the cost of " +
                           printable(curve.steps.front().id) +
                           (paid > 1 ? " and " + std::to_string(paid - 1) + " more" : "") +
                           ": what is left for " + curve.metal + " is below 0");
  const bool varies =
      std::any_of(draws.begin(), draws.end(), [](const CostDraws& one) { return one.varies(); });
  if (options.draws > 0 && !draws.empty() && !varies)
    curve.findings.add("supply.no_range", Severity::note, table,
                       "no figure has a low or a high: all draws are the same");
}

}  // namespace

CostCurve cost_curve(const SupplySources& sources, const PricePath& prices,
                     const CostCurveOptions& options, const Progress& progress) {
  check_options(options);
  check_lengths(sources);
  EconomicsOptions economics = options.economics;
  economics.draws = 0;
  economics.seed = options.seed;
  if (!options.metal.empty()) economics.metal = options.metal;
  if (options.base_year != 0) economics.base_year = options.base_year;
  // Of no sources: the metal, the base year and the money that hold for all.
  SupplySources none = sources;
  none.list.clear();
  const EconomicsResult terms = site_economics(none, prices, economics);
  economics.metal = terms.metal;
  economics.base_year = terms.base_year;
  if (options.year != 0 && terms.base_year == 0)
    throw Error("supply.curve_option", "a year of the curve, and no year of the decisions", "",
                "Say --base-year 2026.");
  CostCurve curve;
  curve.metal = terms.metal;
  curve.currency = terms.currency;
  curve.price_year = terms.price_year;
  curve.year = options.year;
  curve.base_year = terms.base_year;
  const CurveRun all = curve_run(sources, prices, economics, terms.base_year, options.year);
  const OnCurve on = priced(all, curve, progress.part(0.0, 0.3));
  const CurveRun run =
      curve_run(on.sources, prices, economics, terms.base_year, options.year, options.draws);
  std::vector<CostDraws> draws;
  draws.reserve(on.sources.list.size());
  for (std::size_t k = 0; k < on.sources.list.size(); ++k)
    draws.emplace_back(run, k, drawn_capex(on.sources.list[k], on.capex[k]));
  put_steps(on, draws, curve);
  put_lines(options, curve);
  if (options.draws > 0 && !curve.steps.empty())
    put_bands(draws, on, options, curve, progress.part(0.35, 1.0));
  say_findings(draws, options, sources.table, curve);
  return curve;
}

}  // namespace lode
