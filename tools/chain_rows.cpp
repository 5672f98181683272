#include <cmath>

#include "libgeo/core/text.h"
#include "tools/chain_parts.h"

namespace lode::tools {

namespace {

std::string class7_name(const Cargo& cargo) {
  switch (class7_of(cargo)) {
    case Class7::yes:
      return "yes";
    case Class7::no:
      return "no";
    case Class7::unknown:
      break;
  }
  return "unknown";
}

std::string stage_name(const ChainStep& step) {
  return step.delivery ? "delivery" : step.stage;
}

const Place& end_of(const ChainRun& run, const ChainRow& row, const ChainStep& step) {
  if (step.delivery) return run.goals.list[step.plant];
  return step.plant == kAtSite ? run.sites[row.site].place : run.plants[step.plant].place;
}

const Place& start_of(const ChainRun& run, const ChainRow& row, const ChainStep& step) {
  return step.haul.from == kAtSite ? run.sites[row.site].place : run.plants[step.haul.from].place;
}

/// The keys of a row of route.
Json haul_json(const ChainRun& run, const ChainRow& row, const ChainStep& step) {
  if (!step.moved) return {};
  RouteRow haul = step.haul;
  haul.from = haul.to = 0;
  const Places from{run.goals.crs, {start_of(run, row, step)}};
  const Places to{run.goals.crs, {end_of(run, row, step)}};
  return route_row(haul, from, to);
}

Json step_json(const ChainRun& run, const ChainRow& row, const ChainStep& step) {
  Json json;
  json["stage"] = stage_name(step);
  json["product"] = step.product;
  json["plant"] = end_of(run, row, step).id;
  json["haul"] = haul_json(run, row, step);
  json["usd_per_kg"] = number_or_null(step.haul_usd_per_kg + step.process_usd_per_kg);
  json["wet_t_per_t"] = step.moved ? number_or_null(step.wet_t_per_t_contained) : Json();
  json["grade_pct"] = number_or_null(100.0 * step.grade);
  json["moisture_pct"] = 100.0 * step.moisture;
  json["class7"] = class7_name(step.cargo);
  json["at_site"] = !step.delivery && step.plant == kAtSite;
  json["plant_name"] = end_of(run, row, step).name;
  json["recovery_pct"] = 100.0 * step.recovery;
  json["haul_usd_per_kg"] = number_or_null(step.haul_usd_per_kg);
  json["process_usd_per_kg"] = step.process_usd_per_kg;
  json["low_usd_per_kg"] = number_or_null(step.haul_low_usd_per_kg + step.process_low_usd_per_kg);
  json["high_usd_per_kg"] =
      number_or_null(step.haul_high_usd_per_kg + step.process_high_usd_per_kg);
  json["thorium_ppm"] = number_or_null(step.cargo.thorium_ppm);
  json["uranium_ppm"] = number_or_null(step.cargo.uranium_ppm);
  return json;
}

std::string plants_of(const ChainRun& run, const ChainRow& row) {
  std::vector<std::string> names;
  for (const auto& step : row.steps) {
    if (!step.delivery && step.plant == kAtSite) continue;
    const std::string& id = end_of(run, row, step).id;
    if (names.empty() || names.back() != id) names.push_back(id);
  }
  return join(names, " > ");
}

/// A name that is the user's, fit to be shown.
std::string named(const Place& place) {
  return printable(place.id) + (place.name.empty() ? "" : " " + printable(place.name));
}

std::string step_line(const ChainRun& run, const ChainRow& row, const ChainStep& step) {
  const Place& end = end_of(run, row, step);
  std::string line = "  " + padded(printable(stage_name(step)), 16) + printable(step.product) + " ";
  if (step.moved)
    line += printable(start_of(run, row, step).id) + " to " + named(end) + ": " +
            fixed_text(step.haul.distance_km, 0) + " km, " +
            fixed_text(step.haul.cost_usd_per_t, 2) + " USD/t x " +
            fixed_text(step.wet_t_per_t_contained, 2) +
            " t/t = " + fixed_text(step.haul_usd_per_kg, 3) + " USD/kg" +
            (class7_of(step.cargo) == Class7::yes ? ", class 7" : "");
  else
    line += "at " + printable(end.id);
  if (!step.delivery)
    line += "; process " + fixed_text(step.process_usd_per_kg, 3) + " USD/kg, recovers " +
            fixed_text(100.0 * step.recovery, 1) + " %";
  line += "\n";
  for (const auto& leg : step.haul.legs)
    line += "    " + padded(printable(leg.mode), 14) +
            padded(printable(leg.from) + " to " + printable(leg.to), 34) +
            fixed_text(leg.distance_km, 1) + " km, " + fixed_text(leg.cost_usd_per_t, 2) +
            " USD/t\n";
  return line;
}

}  // namespace

Json chain_row(const ChainRun& run, std::size_t index) {
  const ChainRow& row = run.result.rows[index];
  const ChainSite& site = run.sites[row.site];
  Json json;
  json["id"] = site.place.id;
  json["reachable"] = row.reachable;
  json["reason"] = row.reachable ? Json() : Json(row.reason);
  json["usd_per_kg"] = number_or_null(row.usd_per_kg);
  json["low_usd_per_kg"] = number_or_null(row.low_usd_per_kg);
  json["high_usd_per_kg"] = number_or_null(row.high_usd_per_kg);
  json["haul_usd_per_kg"] = number_or_null(row.haul_usd_per_kg);
  json["process_usd_per_kg"] = number_or_null(row.process_usd_per_kg);
  json["recovery_pct"] = number_or_null(100.0 * row.recovery);
  json["distance_km"] = number_or_null(row.distance_km);
  json["hours"] = number_or_null(row.hours);
  json["co2e_kg_per_kg"] = number_or_null(row.co2e_kg_per_kg);
  json["plants"] = plants_of(run, row);
  json["name"] = site.place.name;
  json["product"] = site.product.empty() ? Json() : Json(site.product);
  json["broken_stage"] = row.reachable || row.reason == "product" ? Json()
                         : row.broken_stage.empty()               ? Json("delivery")
                                                                  : Json(row.broken_stage);
  json["reason_text"] = row.words.empty() ? Json() : Json(row.words);
  json["ends"] = Json::array();
  for (const auto& end : row.ends) {
    Json one;
    one["plant"] = end.plant == kAtSite ? site.place.id : run.plants[end.plant].place.id;
    one["usd_per_kg"] = end.usd_per_kg;
    json["ends"].push_back(std::move(one));
  }
  json["steps"] = Json::array();
  for (const auto& step : row.steps) json["steps"].push_back(step_json(run, row, step));
  return json;
}

std::string chain_account(const ChainRun& run) {
  std::string text;
  for (const auto& row : run.result.rows) {
    const Place& site = run.sites[row.site].place;
    text += named(site) + ": ";
    if (row.reachable)
      text += fixed_text(row.usd_per_kg, 2) + " USD/kg (" + fixed_text(row.low_usd_per_kg, 2) +
              " to " + fixed_text(row.high_usd_per_kg, 2) + "), hauls " +
              fixed_text(row.haul_usd_per_kg, 2) + ", stages " +
              fixed_text(row.process_usd_per_kg, 2) + "; recovers " +
              fixed_text(100.0 * row.recovery, 1) + " %\n";
    else
      text += "no chain: " + printable(row.words) + "\n";
    for (const auto& step : row.steps) text += step_line(run, row, step);
  }
  return text;
}

OutputLayer chain_layer(const ChainRun& run) {
  OutputLayer out;
  out.name = "hauls";
  out.crs = wgs84();
  out.table.name = out.name;
  std::vector<std::string> site, stage, product, from, to, class7;
  std::vector<double> order, km, cost, low, high, hours, co2e, wet, per_kg, chain;
  for (const auto& row : run.result.rows)
    for (std::size_t i = 0; i < row.steps.size(); ++i) {
      const ChainStep& step = row.steps[i];
      if (!step.moved) continue;
      out.geometry.push_back(step.line);
      site.push_back(run.sites[row.site].place.id);
      order.push_back(static_cast<double>(i + 1));
      stage.push_back(stage_name(step));
      product.push_back(step.product);
      from.push_back(start_of(run, row, step).id);
      to.push_back(end_of(run, row, step).id);
      class7.push_back(class7_name(step.cargo));
      km.push_back(step.haul.distance_km);
      cost.push_back(step.haul.cost_usd_per_t);
      low.push_back(step.haul.cost_low_usd_per_t);
      high.push_back(step.haul.cost_high_usd_per_t);
      hours.push_back(step.haul.hours);
      co2e.push_back(step.haul.co2e_kg_per_t);
      wet.push_back(step.wet_t_per_t_contained);
      per_kg.push_back(step.haul_usd_per_kg);
      chain.push_back(row.usd_per_kg);
    }
  out.table.add(text_column("site", std::move(site)));
  out.table.add(number_column("step", std::move(order)));
  out.table.add(text_column("stage", std::move(stage)));
  out.table.add(text_column("product", std::move(product)));
  out.table.add(text_column("from", std::move(from)));
  out.table.add(text_column("to", std::move(to)));
  out.table.add(text_column("class7", std::move(class7)));
  out.table.add(number_column("distance_km", std::move(km), "km"));
  out.table.add(number_column("cost_usd_per_t", std::move(cost), "USD/t"));
  out.table.add(number_column("cost_low_usd_per_t", std::move(low), "USD/t"));
  out.table.add(number_column("cost_high_usd_per_t", std::move(high), "USD/t"));
  out.table.add(number_column("hours", std::move(hours), "h"));
  out.table.add(number_column("co2e_kg_per_t", std::move(co2e), "kg/t"));
  out.table.add(number_column("wet_t_per_t", std::move(wet)));
  out.table.add(number_column("haul_usd_per_kg", std::move(per_kg), "USD/kg"));
  out.table.add(number_column("chain_usd_per_kg", std::move(chain), "USD/kg"));
  return out;
}

}  // namespace lode::tools
