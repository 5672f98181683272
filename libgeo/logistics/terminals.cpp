#include "libgeo/logistics/terminals.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/measure.h"

namespace lode {

namespace {

const Column* column_of(const Table& table, const std::map<std::string, std::string>& fields,
                        const std::string& wanted) {
  if (const auto said = fields.find(wanted); said != fields.end())
    if (const Column* column = table.find(said->second)) return column;
  if (const Column* column = table.find(wanted)) return column;
  // A shapefile keeps ten characters of a name.
  return wanted.size() > 10 ? table.find(wanted.substr(0, 10)) : nullptr;
}

std::vector<std::string> modes_of(std::string text) {
  for (char& c : text)
    if (c == ',' || c == ';' || c == '/' || c == '|') c = ' ';
  std::vector<std::string> modes;
  for (const auto& word : split(text, ' ')) {
    const std::string mode = lower(trim(word));
    if (!mode.empty() && std::find(modes.begin(), modes.end(), mode) == modes.end())
      modes.push_back(mode);
  }
  return modes;
}

/// One figure of all terminals, in the unit that is wanted.
void fill_figures(const Table& table, const Column& column, std::string_view unit,
                  Dimension dimension, double Terminal::*member, std::vector<Terminal>& all) {
  const auto values = table.numbers(column.name);
  const double factor = column.unit.empty() ? 1.0
                                            : unit_factor(column.unit, dimension, table.name) /
                                                  unit_factor(unit, dimension);
  for (std::size_t row = 0; row < all.size(); ++row) {
    all[row].*member = values[row] * factor;
    if (values[row] < 0.0)
      throw Error("route.bad_terminal", column.name + " is below zero",
                  table.name + ": " + table.row_name(row), "Leave it blank when it is not known.");
  }
}

/// The band must hold its middle: low <= handling <= high.
void check_band(const Terminal& terminal, const std::string& where) {
  const double base = terminal.handling_usd_per_t;
  const bool band =
      !std::isnan(terminal.handling_low_usd_per_t) || !std::isnan(terminal.handling_high_usd_per_t);
  if (band && std::isnan(base))
    throw Error("route.bad_terminal", "handling has a band but no handling_usd_per_t", where,
                "Give the middle too, or leave the band blank.");
  if (terminal.handling_low_usd_per_t > base || terminal.handling_high_usd_per_t < base)
    throw Error("route.bad_terminal", "handling low, middle and high must rise", where,
                "handling_low_usd_per_t <= handling_usd_per_t <= handling_high_usd_per_t.");
}

}  // namespace

Accepts Terminal::accepts_class7() const {
  const std::string word = lower(trim(class7));
  for (const char* yes : {"yes", "y", "true", "1"})
    if (word == yes) return Accepts::yes;
  for (const char* no : {"no", "n", "false", "0"})
    if (word == no) return Accepts::no;
  return Accepts::unknown;
}

Terminals terminals_from_table(const Crs& crs, const std::vector<Geometry>& geometry,
                               const Table& table, const std::vector<std::string>& ids,
                               const std::vector<std::string>& names,
                               const std::map<std::string, std::string>& fields,
                               Findings& findings) {
  const Column* modes = column_of(table, fields, "modes");
  if (modes == nullptr)
    throw Error("table.no_field", "there is no field 'modes'", table.name,
                "A terminal needs the modes it links, such as 'road;rail'.");
  const auto mode_texts = table.texts(modes->name);
  Terminals terminals;
  terminals.crs = crs;
  std::vector<Terminal> all(table.rows());
  const auto fill = [&](const char* wanted, std::string_view unit, Dimension dimension,
                        double Terminal::*member) {
    if (const Column* column = column_of(table, fields, wanted))
      fill_figures(table, *column, unit, dimension, member, all);
  };
  fill("handling_usd_per_t", "USD/t", Dimension::price_per_mass, &Terminal::handling_usd_per_t);
  fill("handling_low_usd_per_t", "USD/t", Dimension::price_per_mass,
       &Terminal::handling_low_usd_per_t);
  fill("handling_high_usd_per_t", "USD/t", Dimension::price_per_mass,
       &Terminal::handling_high_usd_per_t);
  fill("dwell_h", "h", Dimension::time, &Terminal::dwell_h);
  fill("capacity_t_per_year", "t/yr", Dimension::mass_rate, &Terminal::capacity_t_per_year);
  fill("draught_m", "m", Dimension::length, &Terminal::draught_m);
  const Column* class7 = column_of(table, fields, "class7");
  const auto class7_texts =
      class7 == nullptr ? std::vector<std::string>(all.size()) : table.texts(class7->name);
  for (std::size_t row = 0; row < all.size(); ++row) {
    Terminal& terminal = all[row];
    terminal.id = ids[row];
    terminal.name = names[row];
    terminal.modes = modes_of(mode_texts[row]);
    terminal.class7 = class7_texts[row];
    check_band(terminal, table.name + ": " + table.row_name(row));
    if (!trim(terminal.class7).empty() && terminal.accepts_class7() == Accepts::unknown)
      findings.add("route.bad_class7", Severity::warning, table.name,
                   "class7 is neither yes nor no and counts as not recorded, first '" +
                       printable(terminal.class7) + "' at " + terminal.id);
    if (row >= geometry.size() || geometry[row].empty()) {
      findings.add("route.terminal_without_place", Severity::warning, table.name,
                   "a terminal without a place is left out, first " + terminal.id);
      continue;
    }
    if (terminal.modes.size() < 2) {
      findings.add("route.terminal_one_mode", Severity::warning, table.name,
                   "a terminal with fewer than two modes links nothing, first " + terminal.id);
      continue;
    }
    const Point at = representative_point(geometry[row]);
    terminal.at = {at.x, at.y};
    terminals.list.push_back(std::move(terminal));
  }
  return terminals;
}

}  // namespace lode
