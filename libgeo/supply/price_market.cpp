// Prices in a shock, what counters add to them, and each source's answer: stop, wait, return.
#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/supply/cash_flow.h"
#include "libgeo/supply/price_shock_parts.h"

namespace lode {

namespace {

constexpr double slack = 1e-9;  // of revenue and cost: a price at break-even covers the cost

constexpr int years_after = 60;  // the last that is looked at, whose prices are kept at hand

}  // namespace

double shock_factor(const PriceShock& shock, int year) {
  const int after = year - shock.from_year - shock.years;
  if (year < shock.from_year || after >= shock.recovery_years) return 1.0;
  if (after < 0) return 1.0 - shock.depth;
  return 1.0 - shock.depth + shock.depth * (after + 1) / (shock.recovery_years + 1);
}

ShockMarket::ShockMarket(const SupplySources& sources, const PricePath& prices,
                         const PriceShock& shock, const PriceShockOptions& options,
                         std::vector<std::size_t> chosen)
    : sources_(sources),
      prices_(prices),
      shock_(shock),
      options_(options),
      chosen_(std::move(chosen)) {
  base_year_ = options.base_year;
  for (int year = options.first_year; year <= options.last_year; ++year) years_.push_back(year);
  for (const auto& source : sources.list) {
    start_.push_back(first_year(source, base_year_));
    add_aid(source);
  }
  falls_.assign(sources.metals.size(), shock.metals.empty() ? 1 : 0);
  for (const auto& name : shock.metals)
    for (const std::size_t m : metals_of(sources, name, "the shock")) falls_[m] = 1;
  known_from_ = std::min(base_year_, options.first_year);
  const int years = options.last_year + years_after - known_from_;
  for (int k = 0; k < years; ++k)
    for (std::size_t m = 0; m < sources.metals.size(); ++m)
      known_.push_back(price_before(m, known_from_ + k));
  known_years_ = years;
}

void ShockMarket::set_counters(std::vector<CounterTerms> counters) {
  counters_ = std::move(counters);
  for (auto& one : counters_) {
    one.bought.clear();
    if (std::isinf(one.terms.tonnes_per_year)) continue;
    for (int k = 0; k < known_years_; ++k) one.bought.push_back(contracted(one, known_from_ + k));
  }
}

double ShockMarket::price_before(std::size_t metal, int year) const {
  const int k = year - known_from_;
  if (k >= 0 && k < known_years_)
    return known_[static_cast<std::size_t>(k) * sources_.metals.size() + metal];
  const LowBaseHigh price = prices_.of(sources_.metals[metal], year);
  return price.known() ? price.base : 0.0;  // refused before, unless it is to
}

double ShockMarket::price(std::size_t metal, int year, bool shocked) const {
  const double usd_per_kg = price_before(metal, year);
  return shocked && falls_[metal] != 0 ? usd_per_kg * shock_factor(shock_, year) : usd_per_kg;
}

SourceFigures ShockMarket::base_figures(std::size_t source) const {
  const SupplySource& one = sources_.list[source];
  return {one.capacity_t_per_year.base, one.opex_usd_per_kg.base};
}

bool ShockMarket::is_waiting(std::size_t source) const {
  return options_.projects_wait && !sources_.list[source].operating &&
         start_[source] >= shock_.from_year && !brings_it_about(source);
}

bool ShockMarket::brings_it_about(std::size_t source) const {
  const auto& by = shock_.by;
  return std::find(by.begin(), by.end(), sources_.list[source].country) != by.end();
}

double ShockMarket::planned_t(std::size_t source, int year) const {
  return output_t(sources_.list[source], start_[source], year);
}

bool ShockMarket::is_chosen(std::size_t metal) const {
  return std::find(chosen_.begin(), chosen_.end(), metal) != chosen_.end();
}

double ShockMarket::share(std::size_t source) const {
  double sum = 0.0;
  for (const std::size_t m : chosen_) sum += sources_.list[source].share[m];
  return sum;
}

double ShockMarket::discount_factor(int year) const {
  const double exponent = year - base_year_ - (options_.economics.mid_year ? 0.5 : 0.0);
  return std::pow(1.0 + options_.economics.discount, -exponent);
}

/// What this source has of the incentives, put into places once: the draws ask for it often.
void ShockMarket::add_aid(const SupplySource& source) {
  const Incentives aid = incentives_of(source, options_.economics);
  credit_.push_back(aid.production_credit);
  floor_years_.push_back(aid.floor_years);
  std::vector<double> levels(sources_.metals.size(), 0.0);
  for (std::size_t k = 0; k < aid.floor_metals.size(); ++k)
    for (const std::size_t m : metals_of(sources_, aid.floor_metals[k], "floor_usd_per_kg"))
      if (levels[m] == 0.0) levels[m] = aid.floor_usd_per_kg[k];
  floor_.insert(floor_.end(), levels.begin(), levels.end());
}

bool ShockMarket::has_floor(std::size_t source, std::size_t metal, int age) const {
  return age >= 0 && age < floor_years_[source] &&
         floor_[source * sources_.metals.size() + metal] > 0.0;
}

double ShockMarket::floored(std::size_t source, std::size_t metal, int age, double market) const {
  if (!has_floor(source, metal, age)) return market;
  const double level = floor_[source * sources_.metals.size() + metal];
  return market + part_of_year(age, floor_years_[source]) * std::max(0.0, level - market);
}

bool ShockMarket::counts(std::size_t counter, std::size_t source, std::size_t metal, int year,
                         const CountersOn& on) const {
  const CounterTerms& one = counters_[counter];
  if (on[counter] == 0 || one.eligible[source] == 0 || year < one.terms.from_year ||
      year > one.terms.to_year)
    return false;
  // A stock is filled while prices are down.
  if (one.terms.kind == PriceCounter::Kind::stockpile && shock_factor(shock_, year) == 1.0)
    return false;
  return std::find(one.metals.begin(), one.metals.end(), metal) != one.metals.end();
}

/// Part of what eligible sources planned to make that is bought, the same of each.
double ShockMarket::contracted(const CounterTerms& counter, int year) const {
  double planned = 0.0;
  for (std::size_t i = 0; i < sources_.list.size(); ++i)
    if (counter.eligible[i] != 0)
      for (const std::size_t m : counter.metals)
        planned += planned_t(i, year) * sources_.list[i].share[m];
  return planned > 0.0 ? std::min(1.0, counter.terms.tonnes_per_year / planned) : 0.0;
}

double ShockMarket::bought(const CounterTerms& counter, std::size_t source, int year,
                           int age) const {
  if (std::isinf(counter.terms.tonnes_per_year)) return 1.0;
  const int k = year - known_from_;
  const double part = k >= 0 && k < known_years_ ? counter.bought[static_cast<std::size_t>(k)]
                                                 : contracted(counter, year);
  // One that begins late sells no more under it than it planned to make in the year.
  if (year - age == start_[source]) return part;
  const double made = output_t(sources_.list[source], year - age, year);
  return made > 0.0 ? part * std::min(1.0, planned_t(source, year) / made) : part;
}

PriceGot ShockMarket::got(std::size_t source, std::size_t metal, int year, int age,
                          const CountersOn& on) const {
  PriceGot got;
  got.paid.assign(counters_.size(), 0.0);
  got.bought.assign(counters_.size(), 0.0);
  const double market = price(metal, year, true);
  const double base = floored(source, metal, age, market);
  std::size_t floor = counters_.size();
  double best = base;
  std::vector<std::size_t> contracts;
  for (std::size_t k = 0; k < counters_.size(); ++k) {
    if (!counts(k, source, metal, year, on)) continue;
    if (counters_[k].terms.kind != PriceCounter::Kind::floor_price) {
      contracts.push_back(k);
    } else if (counters_[k].level_of(metal) > best) {
      best = counters_[k].level_of(metal);
      floor = k;
    }
  }
  // Each kg goes to the highest bidder that still buys; nobody sells below what else it gets.
  std::stable_sort(contracts.begin(), contracts.end(), [&](std::size_t a, std::size_t b) {
    return counters_[a].level_of(metal) > counters_[b].level_of(metal);
  });
  double left = 1.0;
  for (const std::size_t k : contracts) {
    if (counters_[k].level_of(metal) < best) break;
    const double part = std::min(left, bought(counters_[k], source, year, age));
    left -= part;
    got.usd_per_kg += part * counters_[k].level_of(metal);
    if (counters_[k].terms.kind == PriceCounter::Kind::stockpile) {
      got.bought[k] = part;
      got.paid[k] = part * counters_[k].level_of(metal);
    } else {
      got.paid[k] = part * (counters_[k].level_of(metal) - market);
    }
  }
  got.usd_per_kg += left * best;
  if (floor < counters_.size()) got.paid[floor] = left * (best - base);
  return got;
}

double ShockMarket::full_t(std::size_t source, int year, const SourceFigures& figures) const {
  return std::min(figures.capacity_t, limit_in(sources_.list[source], year));
}

double ShockMarket::costs_usd_per_kg(std::size_t source, int year,
                                     const SourceFigures& figures) const {
  const double made = full_t(source, year, figures);
  return figures.opex_usd_per_kg * (1.0 - credit_[source]) +
         (made > 0.0 ? sources_.list[source].fixed_usd_per_year / (1000.0 * made) : 0.0);
}

double ShockMarket::margin(std::size_t source, int year, int age, const CountersOn& on,
                           const SourceFigures& figures) const {
  double revenue = 0.0;
  for (std::size_t m = 0; m < sources_.metals.size(); ++m) {
    const double share = sources_.list[source].share[m];
    if (share > 0.0)
      revenue += share * (got(source, m, year, age, on).usd_per_kg -
                          options_.economics.royalty * price(m, year, true));
  }
  return revenue - costs_usd_per_kg(source, year, figures);
}

double ShockMarket::margin_at(std::size_t source, int year, int age, const PriceFactors& times,
                              const SourceFigures& figures) const {
  double revenue = 0.0;
  for (std::size_t m = 0; m < sources_.metals.size(); ++m) {
    const double usd_per_kg =
        price(m, year, false) * times.all * (is_chosen(m) ? times.chosen : 1.0);
    revenue += sources_.list[source].share[m] *
               (floored(source, m, age, usd_per_kg) - options_.economics.royalty * usd_per_kg);
  }
  return revenue - costs_usd_per_kg(source, year, figures);
}

double ShockMarket::margin_before(std::size_t source, int year, int age,
                                  const SourceFigures& figures) const {
  return margin_at(source, year, age, {}, figures);
}

bool ShockMarket::under_water(std::size_t source, int year, int age, const CountersOn& on,
                              const SourceFigures& figures) const {
  if (shock_factor(shock_, year) == 1.0 || brings_it_about(source)) return false;
  const double now = margin(source, year, age, on, figures);
  const double small = slack * costs_usd_per_kg(source, year, figures);
  return now < -small && now < margin_before(source, year, age, figures) - small;
}

double ShockMarket::npv(std::size_t source, int delay, const CountersOn* on) const {
  const EconomicsOptions& economics = options_.economics;
  const SupplySource& one = sources_.list[source];
  SiteCash cash(sources_, source, economics, base_year_ + delay, chosen_);
  const std::size_t metals = sources_.metals.size();
  std::vector<double> usd_per_kg(cash.years() * metals), paid(cash.years() * metals);
  for (std::size_t k = 0; k < cash.years(); ++k)
    for (std::size_t m = 0; m < metals; ++m) {
      const int year = base_year_ + delay + static_cast<int>(k);
      const double market = price(m, year, on != nullptr);
      usd_per_kg[k * metals + m] = market;
      if (on != nullptr && one.share[m] > 0.0)
        paid[k * metals + m] =
            got(source, m, year, year - cash.calendar().start, *on).usd_per_kg - market;
    }
  double capex = one.capex_usd.base;
  if (!one.capex_usd.known())
    capex = economics.capex_model.base > 0.0
                ? scaled_cost(economics.capex_model, one.capacity_t_per_year.base)
                : 0.0;
  cash.set_prices(usd_per_kg);
  if (on != nullptr) cash.set_payments(paid);
  cash.set_figures(one.capacity_t_per_year.base, one.opex_usd_per_kg.base, capex);
  return cash.npv(1.0, 1.0);
}

int ShockMarket::delay(std::size_t source, const CountersOn& on) const {
  if (!is_waiting(source)) return 0;
  // One that never paid is not held back by the shock, once the shock takes nothing from it.
  for (int k = 0; base_year_ + k <= years_.back(); ++k) {
    const int start = first_year(sources_.list[source], base_year_ + k);
    if (start > years_.back()) return -1;
    const double with = npv(source, k, &on);
    if (with >= 0.0) return start - start_[source];
    const double before = npv(source, k, nullptr);
    if (with >= before - slack * std::abs(before)) return start - start_[source];
  }
  return -1;
}

ShockedRun ShockMarket::run(std::size_t source, const CountersOn& on, const SourceFigures& figures,
                            int delay) const {
  ShockedRun run;
  run.delay = delay;
  const SupplySource& one = sources_.list[source];
  run.start = start_[source] + std::max(0, delay);
  const double scale =
      one.capacity_t_per_year.base > 0.0 ? figures.capacity_t / one.capacity_t_per_year.base : 1.0;
  bool stopped = false;
  int losses = 0, covered = 0;
  for (const int year : years_) {
    const double made = delay < 0 ? 0.0 : scale * output_t(one, run.start, year);
    if (made > 0.0) {
      const bool under = under_water(source, year, year - run.start, on, figures);
      losses = under ? losses + 1 : 0;
      if (!stopped && losses > options_.patience_years) {
        stopped = true;
        covered = 0;
        if (run.stops_in == 0) run.stops_in = year;
      } else if (stopped) {
        covered = under ? 0 : covered + 1;
        if (covered > options_.restart_years) {
          stopped = false;
          if (run.returns_in == 0) run.returns_in = year;
        }
      }
    }
    run.output_t.push_back(stopped ? 0.0 : made);
  }
  return run;
}

ShockedRun ShockMarket::run(std::size_t source, const CountersOn& on) const {
  return run(source, on, base_figures(source), delay(source, on));
}

double ShockMarket::needed_price(std::size_t source, int year, const SourceFigures& figures) const {
  const CountersOn off = none();
  const int age = year - start_[source];
  double others = 0.0, royalty = 0.0;
  for (std::size_t m = 0; m < sources_.metals.size(); ++m) {
    const double share = sources_.list[source].share[m];
    royalty += share * options_.economics.royalty * price(m, year, true);
    if (share > 0.0 && !is_chosen(m)) others += share * got(source, m, year, age, off).usd_per_kg;
  }
  const double target = std::min(0.0, margin_before(source, year, age, figures));
  return (target + costs_usd_per_kg(source, year, figures) + royalty - others) / share(source);
}

double ShockMarket::cash_price(std::size_t source, const SourceFigures& figures) const {
  if (!(share(source) > 0.0)) return std::nan("");
  const int year = shock_.from_year;
  const int age = std::max(0, year - start_[source]);  // a project's floor counts as in its first
  double sold = 0.0;
  bool floors = false;
  for (const std::size_t m : chosen_) {
    sold += sources_.list[source].share[m] * price(m, year, false);
    floors = floors || (sources_.list[source].share[m] > 0.0 && has_floor(source, m, age));
  }
  const auto margin = [&](double factor) {
    return margin_at(source, year, age, {1.0, factor}, figures);
  };
  if (floors) return sold / share(source) * rising_zero(margin);
  return std::max(0.0, -margin(0.0) / (share(source) * (1.0 - options_.economics.royalty)));
}

double ShockMarket::cash_factor(std::size_t source) const {
  const int year = shock_.from_year;
  const int age = std::max(0, year - start_[source]);
  double revenue = 0.0;
  bool floors = false;
  for (std::size_t m = 0; m < sources_.metals.size(); ++m) {
    revenue += sources_.list[source].share[m] * price(m, year, false);
    floors = floors || (sources_.list[source].share[m] > 0.0 && has_floor(source, m, age));
  }
  revenue *= 1.0 - options_.economics.royalty;
  if (!(revenue > 0.0)) return std::nan("");
  const SourceFigures figures = base_figures(source);
  if (!floors) return costs_usd_per_kg(source, year, figures) / revenue;
  return rising_zero([&](double factor) {
    return margin_at(source, year, age, {factor, 1.0}, figures);
  });
}

}  // namespace lode
