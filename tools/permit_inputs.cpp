#include "tools/permit_inputs.h"

#include <chrono>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/recorded_area.h"
#include "tools/ground_inputs.h"

namespace lode::tools {
namespace {

Parameter field(const std::string& name, const std::string& help) {
  return {.name = name, .kind = Kind::field, .help = help, .parent = "PERMITS"};
}

/// Western Australia gives every area its own unit; graticular blocks are none.
std::vector<double> areas_with_units(const Layer& layer, const PermitColumns& columns,
                                     Findings& findings) {
  const auto areas = layer.table.texts(columns.area);
  const auto units = layer.table.texts(columns.area_unit_field);
  std::vector<double> out(layer.size(), std::nan(""));
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (trim(areas[i]).empty()) continue;
    try {
      out[i] = parse_recorded_area(areas[i] + " " + lower(trim(units[i])));
    } catch (const Error&) {
      findings.add("area.unread", Severity::warning, layer.table.name + ", " + columns.area,
                   "an area is not in a unit of area and is not counted (first: '" +
                       printable(areas[i] + " " + units[i]) + "')");
    }
  }
  return out;
}

std::vector<std::string> holders_of(const Layer& layer, const PermitColumns& columns) {
  if (columns.holder.empty()) return {};
  std::vector<std::string> out = layer.table.texts(columns.holder);
  for (const std::string& name : columns.more_holders) {
    const auto more = layer.table.texts(name);
    for (std::size_t i = 0; i < out.size(); ++i)
      if (!trim(more[i]).empty()) out[i] += (out[i].empty() ? "" : "; ") + more[i];
  }
  return out;
}

std::vector<std::string> ids_of(const Layer& layer, const PermitColumns& columns,
                                Findings& findings) {
  std::vector<std::string> ids = feature_ids(layer, columns.id);
  if (columns.id.empty()) return ids;
  const auto cells = layer.table.texts(columns.id);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!trim(cells[i]).empty()) continue;
    ids[i] = "feature " + std::to_string(layer.fid[i]);
    findings.add("permits.blank_id", Severity::warning,
                 layer.table.name + ", field '" + printable(columns.id) + "'",
                 "a permit has no id; it is a title of its own (first: " + ids[i] + ")");
  }
  return ids;
}

}  // namespace

std::vector<Parameter> permit_parameters() {
  return {field("permit-id", "field that identifies a permit; parts of one share it"),
          field("holder", "field with the holder"),
          field("status", "field with the status"),
          field("granted", "field with the day of grant"),
          field("expires", "field with the last day of validity"),
          field("kind", "field with the kind of permit; only like kinds conflict"),
          field("commodity", "field with the minerals that a permit is for"),
          area_parameter("PERMITS"),
          {.name = "valid", .help = "status texts that mean 'in force'", .repeatable = true},
          {.name = "date-order",
           .kind = Kind::choice,
           .help = "what comes first in dates such as 03/04/2026, which are not counted otherwise",
           .choices = {"month-first", "day-first"}},
          {.name = "date-numbers",
           .kind = Kind::choice,
           .help = "what plain numbers among dates count: milliseconds or seconds since 1970, or "
                   "the days of a spreadsheet; not said, numbers of 11 digits or more are "
                   "milliseconds",
           .choices = {"milliseconds", "seconds", "excel"}},
          {.name = "preset",
           .kind = Kind::choice,
           .help = "field mapping of a register: US BLM, Western Australia, Queensland, British "
                   "Columbia, Ontario",
           .choices = permit_presets()}};
}

PermitColumns permit_columns(const Arguments& arguments, const Layer& permits, Findings& findings) {
  const PermitFields known = permit_fields(arguments.text("preset"));
  const auto columns = permits.table.names();
  const auto choose = [&](const std::string& option, const std::vector<std::string>& names) {
    if (!arguments.has(option)) return first_present(names, columns);
    static_cast<void>(permits.table.at(arguments.text(option)));
    return arguments.text(option);
  };
  PermitColumns out;
  out.id = choose("permit-id", known.id);
  out.holder = choose("holder", known.holder);
  out.status = choose("status", known.status);
  out.granted = choose("granted", known.granted);
  out.expires = choose("expires", known.expires);
  out.area = choose("area", known.area);
  out.kind = choose("kind", known.type);
  out.commodity = choose("commodity", known.commodity);
  out.name = first_present({"CSE_NAME", "CLAIM_NAME", "permitname", "name"}, columns);
  if (!arguments.has("holder"))
    for (const std::string& more : known.more_holders)
      if (const std::string column = first_present({more}, columns); !column.empty())
        out.more_holders.push_back(column);
  out.area_unit = known.area_unit;
  if (!arguments.has("area")) out.area_unit_field = first_present(known.area_unit_field, columns);
  out.valid = arguments.has("valid") ? arguments.texts("valid") : known.valid;
  out.date_order = parse_date_order(arguments.text("date-order")).value_or(known.date_order);
  out.date_numbers =
      parse_date_numbers(arguments.text("date-numbers")).value_or(known.date_numbers);
  if (!arguments.has("preset"))
    if (const std::string fits = preset_that_fits(columns); !fits.empty())
      findings.add("permits.preset_fits", Severity::note, permits.table.name,
                   "the columns are those of " + permit_fields(fits).register_name + ": --preset " +
                       fits + " reads them");
  return out;
}

PermitInputs permit_inputs(const Arguments& arguments, const Layer& layer,
                           const PermitColumns& columns, Findings& findings) {
  PermitInputs out;
  out.geometry = layer.geometry;
  out.ids = ids_of(layer, columns, findings);
  const auto column = [&](const std::string& name) {
    return name.empty() ? std::vector<std::string>{} : layer.table.texts(name);
  };
  out.holders = holders_of(layer, columns);
  out.types = column(columns.kind);
  out.commodities = column(columns.commodity);
  out.names = column(columns.name);
  const auto status = column(columns.status), granted = column(columns.granted),
             expires = column(columns.expires);
  out.cells.resize(layer.size());
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (!status.empty()) out.cells[i].status = status[i];
    if (!granted.empty()) out.cells[i].granted = granted[i];
    if (!expires.empty()) out.cells[i].expires = expires[i];
    out.cells[i].date_order = columns.date_order;
    out.cells[i].date_numbers = columns.date_numbers;
  }
  if (!granted.empty()) check_date_order(granted, out.ids, columns.granted, findings);
  if (!expires.empty()) check_date_order(expires, out.ids, columns.expires, findings);
  out.recorded_m2 = columns.area_unit_field.empty()
                        ? recorded_of(arguments, layer, columns.area, findings, columns.area_unit)
                        : areas_with_units(layer, columns, findings);
  return out;
}

Date permit_day(const Arguments& arguments, Findings& findings) {
  if (arguments.has("as-of")) return *parse_date(arguments.text("as-of"));
  const std::chrono::year_month_day today(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  const Date day{static_cast<int>(today.year()), static_cast<unsigned>(today.month()),
                 static_cast<unsigned>(today.day())};
  findings.add("permits.as_of_today", Severity::note, to_text(day),
               "no --as-of was said: permits are judged today");
  return day;
}

}  // namespace lode::tools
