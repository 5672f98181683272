#include <array>
#include <map>

#include "libgeo/core/text.h"
#include "libgeo/report/qml.h"
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

Json reason_json(Unreachable reason) {
  return reason == Unreachable::no ? Json() : Json(to_text(reason));
}

void add_year(const YearRow& year, Json& json) {
  json["months"] = Json::array();
  for (std::size_t m = 0; m < 12; ++m) {
    Json month;
    month["month"] = m + 1;
    month["cost_usd_per_t"] = number_or_null(year.cost_usd_per_t[m]);
    month["distance_km"] = number_or_null(year.distance_km[m]);
    month["hours"] = number_or_null(year.hours[m]);
    month["reason"] = reason_json(year.reason[m]);
    json["months"].push_back(std::move(month));
  }
  json["months_open"] = year.months_open;
  json["mean_usd_per_t"] = number_or_null(year.mean_usd_per_t);
  json["dearest_month"] = year.dearest_month > 0 ? Json(year.dearest_month) : Json();
  json["longest_closed_days"] = year.longest_closed_days;
}

void add_detour(const Detour& detour, Json& json) {
  json["detour_km"] = number_or_null(detour.distance_km);
  json["detour_usd_per_t"] = number_or_null(detour.cost_usd_per_t);
  json["detour_hours"] = number_or_null(detour.hours);
  json["detour_co2e_kg_per_t"] = number_or_null(detour.co2e_kg_per_t);
  json["detour_lost"] = detour.lost;
}

/// Columns from one value a row of anything.
template <class Row>
class Columns {
 public:
  Columns(Table& table, const std::vector<Row>& rows) : table_(table), rows_(rows) {}

  template <class Value>
  void texts(const char* name, Value value) {
    std::vector<std::string> column;
    for (const auto& row : rows_) column.emplace_back(value(row));
    table_.add(text_column(name, std::move(column)));
  }
  template <class Value>
  void numbers(const char* name, const char* unit, Value value) {
    std::vector<double> column;
    for (const auto& row : rows_) column.push_back(static_cast<double>(value(row)));
    table_.add(number_column(name, std::move(column), unit));
  }

 private:
  Table& table_;
  const std::vector<Row>& rows_;
};

/// The mode that covers most of the way, for the colour on a map.
std::string longest_mode(const RouteRow& row) {
  std::map<std::string, double> km;
  std::string longest;
  for (const auto& leg : row.legs) {
    if (leg.mode == "snap" || leg.mode == "transfer" || leg.mode == "border") continue;
    km[leg.mode] += leg.distance_km;
    if (longest.empty() || km[leg.mode] > km[longest]) longest = leg.mode;
  }
  return longest;
}

void add_year_columns(const std::vector<YearRow>& year, Table& table) {
  constexpr std::array<const char*, 12> kNames = {
      "usd_per_t_jan", "usd_per_t_feb", "usd_per_t_mar", "usd_per_t_apr",
      "usd_per_t_may", "usd_per_t_jun", "usd_per_t_jul", "usd_per_t_aug",
      "usd_per_t_sep", "usd_per_t_oct", "usd_per_t_nov", "usd_per_t_dec"};
  Columns<YearRow> columns(table, year);
  for (std::size_t m = 0; m < 12; ++m)
    columns.numbers(kNames[m], "USD/t", [m](const YearRow& row) { return row.cost_usd_per_t[m]; });
  columns.numbers("months_open", "", [](const YearRow& row) { return row.months_open; });
  columns.numbers("mean_usd_per_t", "USD/t", [](const YearRow& row) { return row.mean_usd_per_t; });
  columns.numbers("longest_closed_days", "d",
                  [](const YearRow& row) { return row.longest_closed_days; });
}

void add_detour_columns(const std::vector<Detour>& detours, Table& table) {
  Columns<Detour> columns(table, detours);
  columns.numbers("detour_km", "km", [](const Detour& d) { return d.distance_km; });
  columns.numbers("detour_usd_per_t", "USD/t", [](const Detour& d) { return d.cost_usd_per_t; });
  columns.numbers("detour_hours", "h", [](const Detour& d) { return d.hours; });
  columns.numbers("detour_co2e_kg_per_t", "kg/t", [](const Detour& d) { return d.co2e_kg_per_t; });
  columns.texts("detour_lost", [](const Detour& d) { return d.lost ? "yes" : "no"; });
}

}  // namespace

Json route_row(const RouteRow& row, const Places& from, const Places& to) {
  Json json;
  json["from"] = from.list[row.from].id;
  json["to"] = to.list[row.to].id;
  json["reachable"] = row.reachable();
  json["reason"] = reason_json(row.reason);
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

Json route_row(const RouteRun& run, std::size_t row) {
  Json json = route_row(run.table.rows[row], run.from, run.to);
  if (!run.year.empty()) add_year(run.year[row], json);
  if (!run.detours.empty()) add_detour(run.detours[row], json);
  return json;
}

OutputLayer route_layer(RouteRun& run) {
  OutputLayer out;
  out.name = out.table.name = "routes";
  out.crs = run.from.crs;
  out.geometry = std::move(run.table.lines);
  out.style_qml = report::routes_style();
  Columns<RouteRow> columns(out.table, run.table.rows);
  using Row = const RouteRow&;
  columns.texts("from", [&](Row row) { return run.from.list[row.from].id; });
  columns.texts("to", [&](Row row) { return run.to.list[row.to].id; });
  columns.texts("reachable", [](Row row) { return row.reachable() ? "yes" : "no"; });
  columns.texts("reason", [](Row row) { return std::string(to_text(row.reason)); });
  columns.numbers("distance_km", "km", [](Row row) { return row.distance_km; });
  columns.numbers("cost_usd_per_t", "USD/t", [](Row row) { return row.cost_usd_per_t; });
  columns.numbers("cost_low_usd_per_t", "USD/t", [](Row row) { return row.cost_low_usd_per_t; });
  columns.numbers("cost_high_usd_per_t", "USD/t", [](Row row) { return row.cost_high_usd_per_t; });
  columns.numbers("cost_usd_per_kg_contained", "USD/kg",
                  [](Row row) { return row.cost_usd_per_kg_contained; });
  columns.numbers("hours", "h", [](Row row) { return row.hours; });
  columns.numbers("co2e_kg_per_t", "kg/t", [](Row row) { return row.co2e_kg_per_t; });
  columns.numbers("snap_km", "km", [](Row row) { return row.snap_km; });
  columns.numbers("snap_to_km", "km", [](Row row) { return row.snap_to_km; });
  columns.texts("modes", [](Row row) {
    std::vector<std::string> modes;
    for (const auto& leg : row.legs) modes.push_back(leg.mode);
    return join(modes, " ");
  });
  columns.texts("reason_text", [](Row row) { return row.words; });
  columns.texts("mode", longest_mode);
  if (!run.year.empty()) add_year_columns(run.year, out.table);
  if (!run.detours.empty()) add_detour_columns(run.detours, out.table);
  return out;
}

OutputLayer legs_layer(RouteRun& run) {
  struct OneLeg {
    const RouteRow* row;
    std::size_t number;
    const Leg* leg;
  };
  std::vector<OneLeg> legs;
  OutputLayer out;
  for (std::size_t r = 0; r < run.table.rows.size(); ++r)
    for (std::size_t i = 0; i < run.table.rows[r].legs.size(); ++i) {
      legs.push_back({&run.table.rows[r], i + 1, &run.table.rows[r].legs[i]});
      if (r < run.table.leg_lines.size())
        out.geometry.push_back(std::move(run.table.leg_lines[r][i]));
    }
  out.name = out.table.name = "legs";
  out.crs = run.from.crs;
  Columns<OneLeg> columns(out.table, legs);
  using One = const OneLeg&;
  columns.texts("route_from", [&](One one) { return run.from.list[one.row->from].id; });
  columns.texts("route_to", [&](One one) { return run.to.list[one.row->to].id; });
  columns.numbers("leg", "", [](One one) { return one.number; });
  columns.texts("mode", [](One one) { return one.leg->mode; });
  columns.texts("vehicle", [](One one) { return one.leg->vehicle; });
  columns.texts("from", [](One one) { return one.leg->from; });
  columns.texts("to", [](One one) { return one.leg->to; });
  columns.numbers("distance_km", "km", [](One one) { return one.leg->distance_km; });
  columns.numbers("hours", "h", [](One one) { return one.leg->hours; });
  const auto usd = [&](const char* name, double Leg::*member) {
    columns.numbers(name, "USD/t", [member](One one) { return one.leg->*member; });
  };
  usd("cost_usd_per_t", &Leg::cost_usd_per_t);
  usd("cost_low_usd_per_t", &Leg::cost_low_usd_per_t);
  usd("cost_high_usd_per_t", &Leg::cost_high_usd_per_t);
  usd("freight_usd_per_t", &Leg::freight_usd_per_t);
  usd("toll_usd_per_t", &Leg::toll_usd_per_t);
  usd("time_usd_per_t", &Leg::time_usd_per_t);
  columns.numbers("co2e_kg_per_t", "kg/t", [](One one) { return one.leg->co2e_kg_per_t; });
  columns.texts("rate", [&](One one) { return leg_rate(*one.leg, run.tariff).name; });
  return out;
}

}  // namespace lode::tools
