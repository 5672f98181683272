#include "libgeo/supply/cost_draws.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/spread.h"
#include "libgeo/supply/draws.h"

namespace lode {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

bool is_chosen(const CurveRun& run, std::size_t metal) {
  return std::find(run.chosen.begin(), run.chosen.end(), metal) != run.chosen.end();
}

bool any_ranged(const std::vector<LowBaseHigh>& values) {
  return std::any_of(values.begin(), values.end(),
                     [](const LowBaseHigh& value) { return value.ranged(); });
}

/// Floor prices of by-products pay what the market does not: not proportional to a price.
bool floors_by_products(const CurveRun& run, const SupplySource& source) {
  for (const auto& name : incentives_of(source, run.options).floor_metals)
    for (const std::size_t m : metals_of(run.sources, name, "floor_usd_per_kg"))
      if (!is_chosen(run, m)) return true;
  return false;
}

/// With a price path each year has its own prices; one rule for all years needs none or one.
bool constant_prices(const PricePath& prices) {
  return prices.years.size() < 2;
}

}  // namespace

CurveRun curve_run(const SupplySources& sources, const PricePath& prices,
                   const EconomicsOptions& options, int base_year, int year, std::size_t draws) {
  CurveRun run{sources, prices, options, base_year, year, {}, {}, {}, {}};
  run.chosen = metals_of(sources, options.metal, "metal");
  for (const auto& metal : sources.metals) {
    run.price_streams.push_back(Random{options.seed, draw_stream(metal, "price")});
    LowBaseHigh price = prices.of(metal, base_year);
    if (!price.known()) price = only_base(0.0);  // refused before, or to count as nothing
    run.price.push_back(price);
    std::vector<double>& all = run.drawn_price.emplace_back();
    if (draws == 0 || !price.ranged()) continue;
    all.resize(draws + cost_lanes::spare);
    for (std::size_t d = 0; d < draws; ++d) all[d] = drawn(price, run.price_streams.back(), d);
  }
  return run;
}

CostDraws::CostDraws(const CurveRun& run, std::size_t place, const LowBaseHigh& capex)
    : run_(&run), source_(&run.sources.list[place]), capex_(capex) {
  const std::uint64_t seed = run.options.seed;
  capacity_stream_ = {seed, draw_stream(source_->id, "capacity")};
  opex_stream_ = {seed, draw_stream(source_->id, "opex")};
  capex_stream_ = {seed, draw_stream(source_->id, "capex")};
  for (const std::size_t m : run.chosen) share_ += source_->share[m];
  const bool limited = !source_->limit_t_per_year.empty();
  if (run.year != 0) {
    const int start = first_year(*source_, run.base_year);
    ramp_ = ramp_share(*source_, start, run.year);
    ceiling_t_ = limit_in(*source_, run.year);
  }
  by_parts_ = constant_prices(run.prices) && !floors_by_products(run, *source_) &&
              !(limited && run.options.working_capital > 0.0);
  varies_ = source_->capacity_t_per_year.ranged() || source_->opex_usd_per_kg.ranged() ||
            capex_.ranged() || any_ranged(run.prices.usd_per_kg);
  if (limited || !by_parts_)
    site_.emplace(run.sources, place, run.options, run.base_year, run.chosen);
  if (by_parts_) take_parts();
}

void CostDraws::take_parts() {
  // The grant is capped by the capex drawn, so it is no part of the unit's cash.
  EconomicsOptions plain = run_->options;
  grant_ = incentives_of(*source_, plain).grant_usd;
  plain.incentives.grant_usd = 0.0;
  const auto place = static_cast<std::size_t>(source_ - run_->sources.list.data());
  SiteCash site(run_->sources, place, plain, run_->base_year, run_->chosen);
  const std::size_t metals = run_->sources.metals.size();
  const double capacity = source_->capacity_t_per_year.base;
  std::vector<double> prices(site.years() * metals, 0.0);
  const auto sum = [&](auto of) { return present_value(cash_, of); };
  site.set_prices(prices);
  site.set_figures(capacity, 1.0, 0.0);
  site.flow(1.0, 1.0, cash_);
  chosen_kg_ = site.chosen_kg();
  per_opex_ = sum([](const CashYear& y) { return y.opex_usd - y.credit_usd; });
  fixed_ = sum([](const CashYear& y) { return y.fixed_usd + y.closure_usd; });
  site.set_figures(capacity, 0.0, 1.0);
  site.flow(1.0, 1.0, cash_);
  per_grant_ = sum([](const CashYear& y) { return y.capex_usd; });
  per_capex_ = sum([](const CashYear& y) { return y.capex_usd - y.credit_usd - y.loan_usd; });
  site.set_figures(capacity, 0.0, 0.0);
  for (std::size_t m = 0; m < metals; ++m) {
    for (std::size_t k = 0; k < site.years(); ++k) prices[k * metals + m] = 1.0;
    site.set_prices(prices);
    site.flow(1.0, 1.0, cash_);
    const double sold = sum([](const CashYear& y) { return y.revenue_usd; });
    per_price_.push_back(
        sum([](const CashYear& y) { return y.royalty_usd - y.working_capital_usd; }) -
        (is_chosen(*run_, m) ? 0.0 : sold));
    for (std::size_t k = 0; k < site.years(); ++k) prices[k * metals + m] = 0.0;
  }
  cash_.clear();
}

double CostDraws::part_of(double capacity_t) {
  const double base = source_->capacity_t_per_year.base;
  if (!site_ || capacity_t == base) return capacity_t / base;
  site_->set_figures(capacity_t, 0.0, 0.0);
  return site_->chosen_kg() / chosen_kg_;
}

double CostDraws::cost_by_parts(const Figures& at, std::size_t index) {
  double per_full_rate = per_opex_ * at.opex_usd_per_kg;
  for (std::size_t m = 0; m < per_price_.size(); ++m) {
    if (per_price_[m] == 0.0) continue;
    const LowBaseHigh& range = run_->price[m];
    per_full_rate +=
        per_price_[m] * (at.base ? range.base : drawn(range, run_->price_streams[m], index));
  }
  const double part = part_of(at.capacity_t);
  return (part * per_full_rate + fixed_ + per_capex_ * at.capex_usd -
          per_grant_ * std::min(grant_, at.capex_usd)) /
         (part * chosen_kg_);
}

double CostDraws::cost_by_cash(const Figures& at, std::size_t index) {
  u_.clear();
  if (!at.base)
    for (const auto& stream : run_->price_streams) u_.push_back(stream.uniform(index));
  prices_by_year(run_->sources, run_->prices, run_->base_year, site_->years(), u_, prices_);
  site_->set_prices(prices_);
  site_->set_figures(at.capacity_t, at.opex_usd_per_kg, at.capex_usd);
  site_->flow(1.0, 1.0, cash_);
  return levelised_usd_per_kg(*site_, cash_);
}

CostAndTonnes CostDraws::at(const Figures& figures, std::size_t index) {
  if (!(figures.capacity_t > 0.0)) return {never, 0.0};
  const double cost = by_parts_ ? cost_by_parts(figures, index) : cost_by_cash(figures, index);
  const double tonnes = std::min(figures.capacity_t * ramp_, ceiling_t_) * share_;
  return {std::isnan(cost) ? never : cost, tonnes};
}

CostAndTonnes CostDraws::base() {
  return at({source_->capacity_t_per_year.base, source_->opex_usd_per_kg.base, capex_.base, true},
            0);
}

CostAndTonnes CostDraws::draw(std::size_t index) {
  return at({drawn(source_->capacity_t_per_year, capacity_stream_, index),
             drawn(source_->opex_usd_per_kg, opex_stream_, index),
             drawn(capex_, capex_stream_, index), false},
            index);
}

bool CostDraws::cost_varies() const {
  if (!by_parts_) return true;
  if (source_->capacity_t_per_year.ranged() || source_->opex_usd_per_kg.ranged() || capex_.ranged())
    return true;
  for (std::size_t m = 0; m < per_price_.size(); ++m)
    if (per_price_[m] != 0.0 && run_->price[m].ranged()) return true;
  return false;
}

void CostDraws::draws_in_lanes(std::size_t first, std::size_t count, DrawRoom& room,
                               double* usd_per_kg, double* tonnes) const {
  const cost_lanes::Kernels& with = cost_lanes::kernels();
  const auto put = [&](const LowBaseHigh& range, const Random& stream, std::vector<double>& to) {
    if (range.ranged())
      with.figures(range, stream, first, count, to.data());
    else
      std::fill_n(to.begin(), count + cost_lanes::spare, range.base);
  };
  put(source_->capacity_t_per_year, capacity_stream_, room.capacity);
  put(source_->opex_usd_per_kg, opex_stream_, room.opex);
  put(capex_, capex_stream_, room.capex);
  std::fill_n(room.full_rate.begin(), count + cost_lanes::spare, 0.0);
  with.add(per_opex_, room.opex.data(), count, room.full_rate.data());
  for (std::size_t m = 0; m < per_price_.size(); ++m) {
    if (per_price_[m] == 0.0) continue;
    if (!run_->price[m].ranged())
      for (std::size_t i = 0; i < count; ++i)
        room.full_rate[i] += per_price_[m] * run_->price[m].base;
    else
      with.add(per_price_[m], &run_->drawn_price[m][first], count, room.full_rate.data());
  }
  with.costs({source_->capacity_t_per_year.base, chosen_kg_, per_capex_, per_grant_, grant_, fixed_,
              ramp_, ceiling_t_, share_},
             room.capacity.data(), room.full_rate.data(), room.capex.data(), count, usd_per_kg,
             tonnes);
}

void CostDraws::draws(std::size_t first, std::size_t count, DrawRoom& room, double* usd_per_kg,
                      double* tonnes) const {
  if (!laned()) {
    CostDraws own = *this;  // its cash flow keeps what it was set to
    for (std::size_t i = 0; i < count; ++i) {
      const CostAndTonnes one = own.draw(first + i);
      usd_per_kg[i] = one.usd_per_kg;
      tonnes[i] = one.tonnes;
    }
    return;
  }
  for (std::size_t i = 0; i < count; i += DrawRoom::most)
    draws_in_lanes(first + i, std::min(DrawRoom::most, count - i), room, usd_per_kg + i,
                   tonnes + i);
}

}  // namespace lode
