#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "libgeo/core/text.h"
#include "tools/route_parts.h"

namespace lode::tools {

namespace {

/// Smaller differences are the last digits of sums, not detours.
constexpr double kSame = 1e-9;

bool differs(double change, double total) {
  return std::abs(change) > kSame * std::max(1.0, std::abs(total));
}

bool changed(const Detour& detour, const RouteRow& row) {
  return differs(detour.cost_usd_per_t, row.cost_usd_per_t) ||
         differs(detour.distance_km, row.distance_km) || differs(detour.hours, row.hours) ||
         differs(detour.co2e_kg_per_t, row.co2e_kg_per_t);
}

Json detours_json(const RouteRun& run) {
  std::size_t pairs = 0, lost = 0, largest = 0;
  double usd = 0.0, km = 0.0;
  for (std::size_t i = 0; i < run.detours.size(); ++i) {
    if (run.detours[i].lost) ++lost;
    if (!changed(run.detours[i], run.table.rows[i])) continue;
    usd += run.detours[i].cost_usd_per_t;
    km += run.detours[i].distance_km;
    if (pairs++ == 0 || run.detours[i].cost_usd_per_t > run.detours[largest].cost_usd_per_t)
      largest = i;
  }
  Json json;
  json["pairs_changed"] = pairs;
  json["pairs_lost"] = lost;
  if (pairs == 0) return json;
  const auto count = static_cast<double>(pairs);
  json["mean_usd_per_t"] = number_or_null(usd / count);
  json["mean_km"] = number_or_null(km / count);
  json["largest_usd_per_t"] = number_or_null(run.detours[largest].cost_usd_per_t);
  json["largest_km"] = number_or_null(run.detours[largest].distance_km);
  json["largest_from"] = run.from.list[run.table.rows[largest].from].id;
  json["largest_to"] = run.to.list[run.table.rows[largest].to].id;
  return json;
}

Json year_json(const RouteRun& run) {
  std::size_t all = 0, never = 0, days = 0;
  for (const auto& row : run.year) {
    all += row.months_open == 12 ? 1 : 0;
    never += row.months_open == 0 ? 1 : 0;
    if (row.months_open > 0)
      days = std::max(days, static_cast<std::size_t>(row.longest_closed_days));
  }
  Json json;
  json["pairs_open_all_year"] = all;
  json["pairs_open_part_of_it"] = run.year.size() - all - never;
  json["pairs_never_open"] = never;
  json["longest_closed_days"] = days;
  return json;
}

/// The rates of a class of vehicle where the tariff has classes, else the mode's.
const ModeRates& class_rates(const ModeRates& mode, const std::string& vehicle) {
  for (const auto& one : mode.classes)
    if (one.vehicle == vehicle) return one;
  return mode;
}

/// The rates that the legs rest on, by mode, so that every figure can be traced.
Json rates_json(const RouteRun& run) {
  std::map<std::string, std::pair<const ModeRates*, const Leg*>> used;
  for (const auto& row : run.table.rows)
    for (const auto& leg : row.legs)
      if (const LegRate rate = leg_rate(leg, run.tariff); rate.rates != nullptr)
        used.try_emplace(rate.name, rate.rates, &leg);
  Json list = Json::array();
  for (const auto& [name, by] : used) {
    const auto& [rates, leg] = by;
    Json json;
    json["mode"] = name.substr(0, name.find(' '));
    json["vehicle"] = leg->vehicle.empty() ? Json() : Json(leg->vehicle);
    json["usd_per_tkm_low"] = rates->usd_per_tkm.low;
    json["usd_per_tkm"] = rates->usd_per_tkm.base;
    json["usd_per_tkm_high"] = rates->usd_per_tkm.high;
    json["co2e_g_per_tkm"] = number_or_null(rates->co2e_g_per_tkm);
    json["source"] = rates->source;
    json["year"] = rates->year > 0 ? Json(rates->year) : Json();
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::vector<Parameter> scenario_parameters() {
  std::vector<Parameter> list = {
      {.name = "months",
       .kind = Kind::flag,
       .help = "cost in every month of the year, days closed, the dearest month"},
      {.name = "no-detours",
       .kind = Kind::flag,
       .help = "do not price what --close, --avoid and --only add: saves half of the time"},
      {.name = "legs",
       .kind = Kind::flag,
       .help = "print the account of every pair leg by leg; with -o a layer of legs too"}};
  for (auto& parameter : list) parameter.group = "The year, closures, the account";
  return list;
}

LegRate leg_rate(const Leg& leg, const Tariff& tariff) {
  if (leg.mode == "transfer" || leg.mode == "border") return {};
  std::string mode = leg.mode;
  if (mode == "snap") {
    // One end of a straight way is the place on the line, "x@road".
    const auto end_of = [](const std::string& name) {
      const auto at = name.rfind('@');
      return at == std::string::npos ? std::string() : name.substr(at + 1);
    };
    mode = end_of(leg.to);
    if (tariff.mode(mode) == nullptr) mode = end_of(leg.from);
    if (mode == "road" && tariff.mode("offroad") != nullptr) mode = "offroad";
  }
  const ModeRates* rates = tariff.mode(mode);
  if (rates == nullptr) return {};
  if (leg.vehicle.empty()) return {mode, rates};
  return {mode + " " + leg.vehicle, &class_rates(*rates, leg.vehicle)};
}

void summarise_run(const RouteRun& run, Outcome& outcome) {
  if (const Json rates = rates_json(run); rates.size() > 0) outcome.summary["rates"] = rates;
  if (!run.year.empty()) outcome.summary["year"] = year_json(run);
  if (!run.detours.empty()) outcome.summary["detours"] = detours_json(run);
}

std::string months_table(const RouteRun& run) {
  constexpr std::array<const char*, 12> kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::size_t from = 4, to = 2, cell = 5;
  for (const auto& row : run.year) {
    from = std::max(from, printable(run.from.list[row.from].id).size());
    to = std::max(to, printable(run.to.list[row.to].id).size());
    for (const double usd : row.cost_usd_per_t)
      if (!std::isnan(usd)) cell = std::max(cell, fixed_text(usd, 1).size());
  }
  std::string text = padded("from", from) + "  " + padded("to", to);
  for (const char* name : kNames) text += "  " + padded_left(name, cell);
  text += "  " + padded_left("mean", cell) + "  open  closed_days\n";
  const auto number = [](double value) { return std::isnan(value) ? "-" : fixed_text(value, 1); };
  for (const auto& row : run.year) {
    text += padded(printable(run.from.list[row.from].id), from) + "  " +
            padded(printable(run.to.list[row.to].id), to);
    for (const double usd : row.cost_usd_per_t) text += "  " + padded_left(number(usd), cell);
    text += "  " + padded_left(number(row.mean_usd_per_t), cell) + "  " +
            padded_left(std::to_string(row.months_open), 4) + "  " +
            padded_left(std::to_string(row.longest_closed_days), 11) + "\n";
  }
  return text + "USD/t in each month; closed_days: the longest time without a way, in days\n";
}

}  // namespace lode::tools
