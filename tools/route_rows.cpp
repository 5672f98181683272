#include "libgeo/core/text.h"
#include "tools/route_parts.h"

namespace lode::tools {

namespace {

Json leg_json(const Leg& leg) {
  Json json;
  json["mode"] = leg.mode;
  json["distance_km"] = leg.distance_km;
  json["hours"] = number_or_null(leg.hours);
  json["cost_usd_per_t"] = number_or_null(leg.cost_usd_per_t);
  json["co2e_kg_per_t"] = number_or_null(leg.co2e_kg_per_t);
  json["from"] = leg.from;
  json["to"] = leg.to;
  json["cost_low_usd_per_t"] = number_or_null(leg.cost_low_usd_per_t);
  json["cost_high_usd_per_t"] = number_or_null(leg.cost_high_usd_per_t);
  json["freight_usd_per_t"] = number_or_null(leg.freight_usd_per_t);
  json["toll_usd_per_t"] = number_or_null(leg.toll_usd_per_t);
  json["time_usd_per_t"] = number_or_null(leg.time_usd_per_t);
  json["vehicle"] = leg.vehicle.empty() ? Json() : Json(leg.vehicle);
  json["wait_h"] = leg.wait_h;
  json["stock_usd_per_t"] = leg.stock_usd_per_t;
  json["stockpile_days"] = leg.stockpile_days;
  return json;
}

}  // namespace

Json route_row(const RouteRow& row, const Places& from, const Places& to) {
  Json json;
  json["from"] = from.list[row.from].id;
  json["to"] = to.list[row.to].id;
  json["reachable"] = row.reachable();
  json["reason"] = row.reachable() ? Json() : Json(to_text(row.reason));
  json["distance_km"] = number_or_null(row.distance_km);
  json["cost_usd_per_t"] = number_or_null(row.cost_usd_per_t);
  json["cost_low_usd_per_t"] = number_or_null(row.cost_low_usd_per_t);
  json["cost_high_usd_per_t"] = number_or_null(row.cost_high_usd_per_t);
  json["cost_usd_per_kg_contained"] = number_or_null(row.cost_usd_per_kg_contained);
  json["hours"] = number_or_null(row.hours);
  json["co2e_kg_per_t"] = number_or_null(row.co2e_kg_per_t);
  json["snap_km"] = number_or_null(row.snap_km);
  json["snap_to_km"] = number_or_null(row.snap_to_km);
  json["reason_text"] = row.words.empty() ? Json() : Json(row.words);
  json["from_name"] = from.list[row.from].name;
  json["to_name"] = to.list[row.to].name;
  json["seasonal"] = row.seasonal;
  json["class7"] = to_text(class7_of(row.cargo));
  json["activity"] = class7_words(row.cargo);
  json["legs"] = Json::array();
  for (const auto& leg : row.legs) json["legs"].push_back(leg_json(leg));
  return json;
}

OutputLayer route_layer(const RouteTable& table, const Places& from, const Places& to) {
  OutputLayer out;
  out.name = "routes";
  out.crs = from.crs;
  out.geometry = table.lines;
  out.table.name = out.name;
  const auto texts = [&](const char* name, auto value) {
    std::vector<std::string> column;
    for (const auto& row : table.rows) column.emplace_back(value(row));
    out.table.add(text_column(name, std::move(column)));
  };
  const auto numbers = [&](const char* name, const char* unit, double RouteRow::*member) {
    std::vector<double> column;
    for (const auto& row : table.rows) column.push_back(row.*member);
    out.table.add(number_column(name, std::move(column), unit));
  };
  texts("from", [&](const RouteRow& row) { return from.list[row.from].id; });
  texts("to", [&](const RouteRow& row) { return to.list[row.to].id; });
  texts("reachable", [](const RouteRow& row) { return row.reachable() ? "yes" : "no"; });
  texts("reason", [](const RouteRow& row) { return std::string(to_text(row.reason)); });
  numbers("distance_km", "km", &RouteRow::distance_km);
  numbers("cost_usd_per_t", "USD/t", &RouteRow::cost_usd_per_t);
  numbers("cost_low_usd_per_t", "USD/t", &RouteRow::cost_low_usd_per_t);
  numbers("cost_high_usd_per_t", "USD/t", &RouteRow::cost_high_usd_per_t);
  numbers("cost_usd_per_kg_contained", "USD/kg", &RouteRow::cost_usd_per_kg_contained);
  numbers("hours", "h", &RouteRow::hours);
  numbers("co2e_kg_per_t", "kg/t", &RouteRow::co2e_kg_per_t);
  numbers("snap_km", "km", &RouteRow::snap_km);
  numbers("snap_to_km", "km", &RouteRow::snap_to_km);
  texts("modes", [](const RouteRow& row) {
    std::vector<std::string> modes;
    for (const auto& leg : row.legs) modes.push_back(leg.mode);
    return join(modes, " ");
  });
  texts("reason_text", [](const RouteRow& row) { return row.words; });
  return out;
}

}  // namespace lode::tools
