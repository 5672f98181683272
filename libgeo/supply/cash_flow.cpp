#include "libgeo/supply/cash_flow.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/spread.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/composition.h"

namespace lode {

namespace {

int whole_up(double years) {
  return static_cast<int>(std::ceil(years));
}

}  // namespace

double part_of_year(int age, double span) {
  return std::clamp(span - age, 0.0, 1.0);
}

Incentives incentives_of(const SupplySource& source, const EconomicsOptions& options) {
  const Incentives& aid = options.incentives;
  return names_or_all(aid.countries, source.country) && names_or_all(aid.groups, source.group)
             ? aid
             : Incentives{};
}

double tax_of(const EconomicsOptions& options, std::string_view country) {
  for (const auto& [name, tax] : options.country_tax)
    if (lower(name) == lower(country)) return tax;
  return options.tax;
}

CashCalendar cash_calendar(const SupplySource& source, const EconomicsOptions& options,
                           int base_year) {
  CashCalendar calendar;
  calendar.base = base_year;
  calendar.start = first_year(source, base_year);
  calendar.life_years = std::isnan(source.life_years) ? options.horizon_years : source.life_years;
  calendar.last = calendar.start + whole_up(calendar.life_years) - 1;
  calendar.end = std::max(calendar.last, calendar.start);
  if (options.closure_usd > 0.0) calendar.end = calendar.last + 1;
  if (source.operating) return calendar;
  // Without a lead it is bought and runs in the same year.
  calendar.spend_years = std::max(1, whole_up(source.lead_years));
  calendar.spend_from =
      source.lead_years > 0.0 ? calendar.start - calendar.spend_years : calendar.start;
  const Incentives aid = incentives_of(source, options);
  if (aid.loan_share > 0.0) {
    calendar.repay_from = std::max(calendar.start, calendar.spend_from + calendar.spend_years);
    calendar.repay_years = whole_up(aid.loan_years);
    calendar.end = std::max(calendar.end, calendar.repay_from + calendar.repay_years - 1);
  }
  return calendar;
}

std::vector<std::size_t> metals_of(const SupplySources& sources, const std::string& name,
                                   const std::string& where) {
  const ElementGroup group = element_group_of_column(name, where);
  std::vector<std::size_t> parts;
  for (std::size_t m = 0; m < sources.metals.size(); ++m) {
    if (sources.metals[m] == group.name) return {m};
    const auto own = parse_element_group(sources.metals[m]).elements;
    if (std::all_of(own.begin(), own.end(), [&](std::size_t element) {
          return std::find(group.elements.begin(), group.elements.end(), element) !=
                 group.elements.end();
        }))
      parts.push_back(m);
  }
  if (parts.empty()) (void)sources.metal(name, where);  // says which there are
  return parts;
}

SiteCash::SiteCash(const SupplySources& sources, std::size_t place, const EconomicsOptions& options,
                   int base_year, const std::vector<std::size_t>& chosen)
    : source_(sources.list[place]),
      options_(options),
      aid_(incentives_of(source_, options)),
      calendar_(cash_calendar(source_, options, base_year)),
      is_chosen_(sources.metals.size(), 0) {
  source_.life_years = calendar_.life_years;
  for (const std::size_t m : chosen) is_chosen_[m] = 1;
  for (std::size_t f = 0; f < aid_.floor_metals.size(); ++f)
    for (const std::size_t m : metals_of(sources, aid_.floor_metals[f], "floor_usd_per_kg"))
      floors_.push_back({m, aid_.floor_usd_per_kg[f]});
  const auto years = static_cast<std::size_t>(calendar_.end - calendar_.base + 1);
  for (std::size_t k = 0; k < years; ++k) {
    const int age = calendar_.base + static_cast<int>(k) - calendar_.start;
    const double when = static_cast<double>(k) - (options.mid_year ? 0.5 : 0.0);
    factor_.push_back(std::pow(1.0 + options.discount, -when));
    open_.push_back(age < 0 ? 0.0 : part_of_year(age, calendar_.life_years));
    floor_part_.push_back(age < 0 ? 0.0 : part_of_year(age, aid_.floor_years));
  }
}

void SiteCash::set_figures(double capacity_t, double opex_usd_per_kg, double capex_usd) {
  source_.capacity_t_per_year.base = capacity_t;
  opex_ = opex_usd_per_kg;
  capex_ = source_.operating ? 0.0 : capex_usd;
  kg_.resize(years());
  for (std::size_t k = 0; k < years(); ++k)
    kg_[k] = 1000.0 * output_t(source_, calendar_.start, calendar_.base + static_cast<int>(k));
}

void SiteCash::set_prices(const std::vector<double>& usd_per_kg) {
  prices_ = usd_per_kg;
}

void SiteCash::set_payments(const std::vector<double>& usd_per_kg) {
  payments_ = usd_per_kg;
}

double SiteCash::revenue(std::size_t k, double all, double chosen) const {
  const std::size_t metals = is_chosen_.size();
  double usd_per_kg = 0.0;
  for (std::size_t m = 0; m < metals; ++m)
    usd_per_kg += source_.share[m] * prices_[k * metals + m] * all * (is_chosen_[m] ? chosen : 1.0);
  return kg_[k] * usd_per_kg;
}

double SiteCash::floor(std::size_t k, double all, double chosen, bool only_chosen) const {
  double usd_per_kg = 0.0;
  if (!payments_.empty()) {
    for (std::size_t m = 0; m < is_chosen_.size(); ++m)
      if (!only_chosen || is_chosen_[m])
        usd_per_kg += source_.share[m] * payments_[k * is_chosen_.size() + m];
    return kg_[k] * usd_per_kg;
  }
  if (floors_.empty() || floor_part_[k] == 0.0) return 0.0;
  for (const auto& one : floors_) {
    if (only_chosen && !is_chosen_[one.metal]) continue;
    const double market =
        prices_[k * is_chosen_.size() + one.metal] * all * (is_chosen_[one.metal] ? chosen : 1.0);
    usd_per_kg += source_.share[one.metal] * std::max(0.0, one.usd_per_kg - market);
  }
  return kg_[k] * usd_per_kg * floor_part_[k];
}

void SiteCash::flow(double all, double chosen, std::vector<CashYear>& into) const {
  into.assign(years(), {});
  for (std::size_t k = 0; k < years(); ++k) {
    CashYear& year = into[k];
    year.year = calendar_.base + static_cast<int>(k);
    year.discount_factor = factor_[k];
    if (open_[k] == 0.0) continue;
    year.output_t = kg_[k] / 1000.0;
    year.revenue_usd = revenue(k, all, chosen);
    year.floor_usd = floor(k, all, chosen, false);
    year.opex_usd = kg_[k] * opex_;
    year.fixed_usd = source_.fixed_usd_per_year * open_[k];
    year.royalty_usd = options_.royalty * year.revenue_usd;
    year.credit_usd = aid_.production_credit * year.opex_usd;
  }
  pay_capital(into, all, chosen);
  pay_tax(into);
  for (auto& year : into)
    year.net_usd = year.revenue_usd + year.floor_usd - year.opex_usd - year.fixed_usd -
                   year.royalty_usd - year.capex_usd + year.working_capital_usd - year.closure_usd -
                   year.tax_usd + year.grant_usd + year.credit_usd + year.loan_usd;
}

void SiteCash::pay_capital(std::vector<CashYear>& into, double all, double chosen) const {
  const auto at = [&](int year) -> CashYear& {
    return into[static_cast<std::size_t>(year - calendar_.base)];
  };
  const double grant = std::min(aid_.grant_usd, capex_);
  for (int k = 0; k < calendar_.spend_years; ++k) {
    CashYear& year = at(calendar_.spend_from + k);
    year.capex_usd = capex_ / calendar_.spend_years;
    year.grant_usd = grant / calendar_.spend_years;
    year.loan_usd = aid_.loan_share * year.capex_usd;
  }
  const bool runs = calendar_.last >= calendar_.start;
  if (runs) at(calendar_.start).credit_usd += aid_.investment_credit * capex_;
  if (runs && !source_.operating) {
    // A full year's sales at the prices of the first; an operating site's is in place.
    const auto first = static_cast<std::size_t>(calendar_.start - calendar_.base);
    const double full_kg = *std::max_element(kg_.begin(), kg_.end());
    const double capital = kg_[first] > 0.0 ? options_.working_capital *
                                                  revenue(first, all, chosen) / kg_[first] * full_kg
                                            : 0.0;
    at(std::max(calendar_.base, calendar_.start - 1)).working_capital_usd -= capital;
    at(calendar_.last).working_capital_usd += capital;
  }
  if (options_.closure_usd > 0.0) at(calendar_.last + 1).closure_usd = options_.closure_usd;
}

void SiteCash::pay_tax(std::vector<CashYear>& into) const {
  const double payment =
      calendar_.repay_years > 0 ? annuity(aid_.loan_rate, calendar_.repay_years) : 0.0;
  const double tax = tax_of(options_, source_.country);
  double debt = 0.0, instalment = 0.0, losses = 0.0, depreciated = 0.0;
  for (auto& year : into) {
    year.interest_usd = debt * aid_.loan_rate;
    debt += year.interest_usd + year.loan_usd;
    if (year.year + 1 == calendar_.repay_from) instalment = debt * payment;
    if (calendar_.repay_years > 0 && year.year >= calendar_.repay_from &&
        year.year < calendar_.repay_from + calendar_.repay_years) {
      year.loan_usd -= instalment;
      // What the last instalment leaves is rounding, not debt.
      debt = year.year + 1 < calendar_.repay_from + calendar_.repay_years ? debt - instalment : 0.0;
    }
    year.depreciation_usd = written_off(year.year, capex_ - depreciated);
    depreciated += year.depreciation_usd;
    year.profit_usd = year.revenue_usd + year.floor_usd - year.opex_usd - year.fixed_usd -
                      year.royalty_usd - year.closure_usd - year.depreciation_usd -
                      year.interest_usd;
    const double used = std::min(losses, std::max(0.0, year.profit_usd));
    losses += std::max(0.0, -year.profit_usd) - used;
    year.tax_usd = tax * std::max(0.0, year.profit_usd - used);
  }
}

double SiteCash::written_off(int year, double left) const {
  if (year < calendar_.start || year > calendar_.last) return 0.0;
  if (year == calendar_.last || options_.depreciation_years == 0.0) return left;
  const double part = part_of_year(year - calendar_.start, options_.depreciation_years);
  return std::min(left, capex_ * part / options_.depreciation_years);
}

double SiteCash::npv(double all, double chosen) const {
  flow(all, chosen, scratch_);
  Sum sum;
  for (const auto& year : scratch_) sum += year.net_usd * year.discount_factor;
  return sum.value();
}

double SiteCash::yearly_margin(double all) const {
  std::size_t full = 0;
  for (std::size_t k = 1; k < years(); ++k)
    if (kg_[k] > kg_[full]) full = k;
  const double sold = revenue(full, all, 1.0);
  const double opex = kg_[full] * opex_;
  return sold * (1.0 - options_.royalty) + floor(full, all, 1.0, false) -
         opex * (1.0 - aid_.production_credit) - source_.fixed_usd_per_year * open_[full];
}

double SiteCash::chosen_kg() const {
  double share = 0.0;
  for (std::size_t m = 0; m < is_chosen_.size(); ++m)
    if (is_chosen_[m]) share += source_.share[m];
  Sum sum;
  for (std::size_t k = 0; k < years(); ++k) sum += share * kg_[k] * factor_[k];
  return sum.value();
}

double SiteCash::chosen_revenue() const {
  Sum sum;
  for (std::size_t k = 0; k < years(); ++k)
    sum += (revenue(k, 1.0, 1.0) - revenue(k, 1.0, 0.0)) * factor_[k];
  return sum.value();
}

double SiteCash::chosen_floor(std::size_t k) const {
  return floor(k, 1.0, 1.0, true);
}

double SiteCash::basket_usd_per_kg() const {
  const auto first = static_cast<std::size_t>(calendar_.start - calendar_.base);
  const std::size_t metals = is_chosen_.size();
  double usd_per_kg = 0.0;
  for (std::size_t m = 0; m < metals; ++m)
    usd_per_kg += source_.share[m] * prices_[first * metals + m];
  return usd_per_kg;
}

double present_value(const std::vector<CashYear>& cash,
                     const std::function<double(const CashYear&)>& of) {
  Sum sum;
  for (const auto& year : cash) sum += of(year) * year.discount_factor;
  return sum.value();
}

double present_cost(const std::vector<CashYear>& cash) {
  return present_value(cash, [](const CashYear& y) {
    return y.opex_usd + y.fixed_usd + y.royalty_usd + y.capex_usd - y.working_capital_usd +
           y.closure_usd - y.grant_usd - y.credit_usd - y.loan_usd;
  });
}

double levelised_usd_per_kg(const SiteCash& site, const std::vector<CashYear>& cash) {
  const double kg = site.chosen_kg();
  if (!(kg > 0.0)) return std::nan("");
  double own_floor = 0.0;
  for (std::size_t k = 0; k < cash.size(); ++k)
    own_floor += site.chosen_floor(k) * cash[k].discount_factor;
  const double sold = present_value(cash, [](const CashYear& y) { return y.revenue_usd; });
  const double floors = present_value(cash, [](const CashYear& y) { return y.floor_usd; });
  return (present_cost(cash) - (sold - site.chosen_revenue()) - (floors - own_floor)) / kg;
}

void prices_by_year(const SupplySources& sources, const PricePath& prices, int base_year,
                    std::size_t years, const std::vector<double>& u, std::vector<double>& into) {
  const std::size_t metals = sources.metals.size();
  into.resize(years * metals);
  for (std::size_t m = 0; m < metals; ++m)
    for (std::size_t k = 0; k < years; ++k) {
      double& price = into[k * metals + m];
      if (k > 0 && prices.years.empty()) {
        price = into[m];
        continue;
      }
      const LowBaseHigh range = prices.of(sources.metals[m], base_year + static_cast<int>(k));
      if (!range.known())
        price = 0.0;  // refused before, unless it is to count as nothing
      else
        price =
            u.empty() ? range.base : between_percentiles(range.low, range.base, range.high, u[m]);
    }
}

double rising_zero(const std::function<double(double)>& f) {
  double low = 0.0, below = f(0.0);
  if (below >= 0.0) return 0.0;
  double high = 1.0, above = f(1.0);
  while (above < 0.0) {
    if (high > 1e12) return std::nan("");
    low = high;
    below = above;
    high *= 4.0;
    above = f(high);
  }
  // Illinois: false position whose kept end is halved, so both ends close in. Pieces are straight.
  int kept = 0;
  for (int step = 0; step < 200 && high - low > 1e-15 * high; ++step) {
    const double at = std::clamp((low * above - high * below) / (above - below), low, high);
    const double value = f(at);
    if (value == 0.0) return at;
    if (value < 0.0) {
      if (at == low) break;
      low = at;
      below = value;
      if (kept == 1) above *= 0.5;
      kept = 1;
    } else {
      if (at == high) break;
      high = at;
      above = value;
      if (kept == -1) below *= 0.5;
      kept = -1;
    }
  }
  return std::abs(above) < std::abs(below) ? high : low;
}

}  // namespace lode
