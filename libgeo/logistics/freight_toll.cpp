#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/logistics/freight_graph.h"

namespace lode {

namespace {

double hours_of(double km, double speed_kmh) {
  return km == 0.0 ? 0.0 : km / speed_kmh;
}

/// Value of time x hours; 0 when time has no value, even where hours are not known.
double time_of(double usd_per_t_h, double hours) {
  return usd_per_t_h > 0.0 ? usd_per_t_h * hours : 0.0;
}

}  // namespace

Toll FreightGraph::access_toll(std::uint32_t edge, double distance_m) const {
  Toll toll;
  if (distance_m == 0.0) return toll;
  const std::uint16_t carrier = net_.edges[edge].carrier;
  const ModeRates* rates = &own_[carrier];
  Rate usd_per_tkm = rates->usd_per_tkm;
  if (net_.carriers[carrier].mode == "road")
    if (const ModeRates* offroad = tariff_.mode("offroad")) {
      rates = offroad;
      usd_per_tkm = offroad->net_usd_per_tkm();
    }
  toll.gap_km = distance_m / 1000.0;
  toll.freight_low = usd_per_tkm.low * toll.gap_km;
  toll.freight = usd_per_tkm.base * toll.gap_km;
  toll.freight_high = usd_per_tkm.high * toll.gap_km;
  toll.hours = hours_of(toll.gap_km, rates->speed_kmh);
  toll.time = time_of(tariff_.value_of_time_usd_per_t_h, toll.hours);
  toll.co2e_kg = rates->co2e_g_per_tkm * toll.gap_km / 1000.0;
  return toll;
}

void FreightGraph::add_handling(const Step& step, Toll& toll) const {
  const Terminal& terminal = terminals_.list[step.terminal];
  if (const Handling* known =
          tariff_.transfer(net_.carriers[step.carrier].mode, net_.carriers[step.carrier_to].mode)) {
    toll.freight_low = known->usd_per_t.low;
    toll.freight = known->usd_per_t.base;
    toll.freight_high = known->usd_per_t.high;
    toll.hours = known->hours;
    toll.co2e_kg = known->co2e_kg_per_t;
  }
  if (!std::isnan(terminal.handling_usd_per_t)) {
    const auto or_middle = [&](double usd) {
      return std::isnan(usd) ? terminal.handling_usd_per_t : usd;
    };
    toll.freight_low = or_middle(terminal.handling_low_usd_per_t);
    toll.freight = terminal.handling_usd_per_t;
    toll.freight_high = or_middle(terminal.handling_high_usd_per_t);
  }
  if (!std::isnan(terminal.dwell_h)) toll.hours = terminal.dwell_h;
  if (class7_of(options_.cargo) == Class7::yes) {
    toll.freight_low += tariff_.class7.usd_per_t.low;
    toll.freight += tariff_.class7.usd_per_t.base;
    toll.freight_high += tariff_.class7.usd_per_t.high;
    toll.hours += tariff_.class7.hours;
  }
  toll.wait_h = wait_h(step.carrier_to, step.vehicle_to);
}

void FreightGraph::add_edge(const Step& step, Toll& toll) const {
  const NetworkEdge& edge = net_.edges[step.edge];
  const NetworkLine& line = net_.lines[edge.line];
  const ModeRates& rates = vehicles_[edge.carrier][step.vehicle];
  double share = std::abs(step.to - step.from);
  // Two feet at one place differ by rounding: that is no way.
  if (share * edge.length_m < 1e-6) share = 0.0;
  toll.km = edge.length_m * line.length_factor * share / 1000.0;
  toll.seasonal = line.months_closed != 0;
  const auto& factors = surface_factors_[edge.carrier][step.vehicle];
  const double factor = factors.empty() ? 1.0 : factors[line.surface];
  toll.freight_low = rates.usd_per_tkm.low * factor * toll.km;
  toll.freight = rates.usd_per_tkm.base * factor * toll.km;
  toll.freight_high = rates.usd_per_tkm.high * factor * toll.km;
  if (line.toll_usd > 0.0) {
    toll.toll = line.toll_usd * share * edge.length_m / line.length_m;
    if (!std::isnan(rates.payload_t)) toll.toll /= rates.payload_t;
  }
  double speed_kmh = line.speed_kmh > 0.0 ? line.speed_kmh : rates.speed_kmh;
  if (rates.own_speed) speed_kmh = std::min(speed_kmh, rates.speed_kmh);
  toll.hours = hours_of(toll.km, speed_kmh);
  toll.co2e_kg = rates.co2e_g_per_tkm * toll.km / 1000.0;
  if (step.loading) toll.wait_h = wait_h(edge.carrier, step.vehicle);
}

Toll FreightGraph::toll(const Step& step) const {
  Toll toll;
  switch (step.kind) {
    case Step::Kind::access:
      return access_toll(step.edge, step.gap_km * 1000.0);
    case Step::Kind::pass:
      return toll;
    case Step::Kind::border: {
      const Handling* border =
          tariff_.border(net_.texts[step.country_from], net_.texts[step.country_to]);
      if (border == nullptr) return toll;
      toll.freight_low = border->usd_per_t.low;
      toll.freight = border->usd_per_t.base;
      toll.freight_high = border->usd_per_t.high;
      toll.hours = border->hours;
      toll.co2e_kg = border->co2e_kg_per_t;
      break;
    }
    case Step::Kind::transfer:
      add_handling(step, toll);
      break;
    case Step::Kind::edge:
      add_edge(step, toll);
      break;
  }
  toll.time = time_of(tariff_.value_of_time_usd_per_t_h, toll.hours);
  toll.stock = time_of(tariff_.value_of_time_usd_per_t_h, toll.wait_h);
  toll.hours += toll.wait_h;
  return toll;
}

}  // namespace lode
