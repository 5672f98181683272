#include <algorithm>
#include <cctype>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/drillhole_parts.h"

namespace lode::drillhole_parts {

namespace {

constexpr std::size_t listed_a_code = 100;

std::string alike_key(const std::string& name) {
  std::string key;
  for (const char c : lower(name))
    if (c != ' ' && c != '\t') key += c;
  return key;
}

// "5000 ppm" or "0.5 %": the unit behind the number, "" when there is none.
std::string unit_behind(std::string_view cell) {
  const auto cut = cell.find_first_not_of("+-.0123456789eE <>");
  if (cut == std::string_view::npos || cut == 0) return {};
  const std::string unit(trim(cell.substr(cut)));
  return parse_number(trim(cell.substr(0, cut))) && is_unit_of(unit, Dimension::grade)
             ? unit
             : std::string();
}

}  // namespace

bool is_sentinel(double value) {
  return value == -9999 || value == -99999 || value == -999999 || value == -9999999 ||
         value == -999 || std::abs(value) >= 1e30;
}

void Faults::add(const char* code, Severity severity, const std::string& where,
                 const std::string& message) {
  if (listed_[code]++ < listed_a_code) {
    findings_->add(code, severity, where, message);
    return;
  }
  Rest& rest = rest_[code];
  rest.severity = severity;
  rest.where = where.substr(0, where.find(", "));
  ++rest.count;
}

void Faults::finish() {
  for (const auto& [code, rest] : rest_)
    findings_->add(code, rest.severity, rest.where, "further ones of the same kind", rest.count);
  rest_.clear();
}

std::map<std::string, std::string> columns_of(const Table& table, const char* what,
                                              const std::vector<Wanted>& wanted,
                                              const DrillholeOptions& options, Findings& findings) {
  std::map<std::string, std::string> columns;
  std::string taken;
  std::map<std::string, std::vector<std::string>> by_plain;
  for (const Column& column : table.columns)
    by_plain[plain_name(column.name)].push_back(column.name);
  for (const Wanted& want : wanted) {
    std::string& field = columns[want.name];
    const auto said = options.fields.find(want.name);
    // --fields holds for all tables: one that lacks the column may call it by its usual name.
    if (said != options.fields.end() && table.find(said->second) != nullptr) {
      field = table.at(said->second).name;
    } else {
      std::vector<std::string> found;
      for (const std::string& usual : want.usual)
        if (const auto at = by_plain.find(usual); at != by_plain.end())
          found.insert(found.end(), at->second.begin(), at->second.end());
      if (found.size() > 1)
        throw Error("drillholes.ambiguous_column",
                    "several columns may be the '" + std::string(want.name) +
                        "': " + printable(join(found, ", ")),
                    table.name, "Say which: --fields " + std::string(want.name) + "=" + found[0]);
      if (!found.empty()) field = found.front();
    }
    if (field.empty() && want.required)
      throw Error("drillholes.no_column",
                  std::string("the ") + what + " have no column for '" + want.name + "'",
                  table.name,
                  "Columns there: " + printable(join(table.names(), ", ")) +
                      ". Name it with --fields " + want.name + "=...");
    if (!field.empty())
      taken += (taken.empty() ? "" : ", ") + std::string(want.name) + "=" + printable(field);
  }
  findings.add("drillholes.columns", Severity::note, table.name,
               std::string(what) + " read with " + taken);
  return columns;
}

std::string place(const Table& table, std::size_t row, const std::string& hole) {
  std::string where = table.name + ", " + table.row_name(row);
  if (!hole.empty()) where += ", hole " + printable(hole);
  return where;
}

std::string span(double from_m, double to_m) {
  return number_text(from_m) + " to " + number_text(to_m) + " m";
}

std::vector<double> column_numbers(const Table& table, const std::string& field, Faults& faults) {
  const Column& column = table.at(field);
  std::vector<double> values;
  const std::string quoted = "'" + printable(field) + "'";
  if (column.kind == ColumnKind::number) {
    values = column.numbers;
  } else {
    values.assign(column.texts.size(), std::nan(""));
    std::string unit;
    for (std::size_t row = 0; row < values.size(); ++row) {
      const auto cell = trim(column.texts[row]);
      if (cell.empty()) continue;
      if (const auto number = parse_number(cell)) {
        values[row] = *number;
        continue;
      }
      if (cell.front() == '<' && parse_number(cell.substr(1))) {
        faults.add("drillholes.below_detection",
                   faults.checking() ? Severity::warning : Severity::error, place(table, row),
                   "'" + printable(cell) + "' in " + quoted + " needs --below-detection");
        continue;
      }
      const std::string behind = unit_behind(cell);
      if (!unit.empty() && !behind.empty() && behind != unit) {
        faults.add("drillholes.mixed_units", Severity::error, place(table, row),
                   quoted + " is in " + behind + " here and in " + unit + " above");
        continue;
      }
      if (unit.empty()) unit = behind;
      faults.add("table.bad_number", Severity::error, place(table, row),
                 "'" + printable(cell) + "' in " + quoted + " is not a number");
    }
  }
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!is_sentinel(values[row])) continue;
    faults.add("table.sentinel", Severity::error, place(table, row),
               number_text(values[row]) + " in " + quoted +
                   " looks like \"no value\": blank it with --missing " + number_text(values[row]));
    values[row] = std::nan("");
  }
  return values;
}

std::vector<double> column_metres(const Table& table, const std::string& field,
                                  double metres_per_unit, Faults& faults) {
  std::vector<double> values = column_numbers(table, field, faults);
  const Column& column = table.at(field);
  const std::string unit = column.unit.empty() ? unit_of_field_name(field) : column.unit;
  const double factor = !unit.empty() && is_unit_of(unit, Dimension::length)
                            ? unit_factor(unit, Dimension::length)
                            : metres_per_unit;
  if (factor != 1.0)
    for (double& value : values) value *= factor;
  return values;
}

bool HoleIndex::add(const std::string& name, std::uint32_t hole) {
  if (!exact_.emplace(name, hole).second) return false;
  const auto [at, is_new] = alike_.emplace(alike_key(name), hole);
  if (!is_new) at->second = none;
  return true;
}

std::uint32_t HoleIndex::find(const std::string& name) const {
  const auto at = exact_.find(name);
  return at == exact_.end() ? none : at->second;
}

std::uint32_t HoleIndex::like(const std::string& name) const {
  const auto at = alike_.find(alike_key(name));
  return at == alike_.end() ? none : at->second;
}

std::vector<std::uint32_t> holes_of(const Table& table, const std::string& field,
                                    const HoleIndex& index, const std::vector<Drillhole>& holes,
                                    Faults& faults) {
  const auto names = table.texts(field);
  std::vector<std::uint32_t> found(names.size(), HoleIndex::none);
  for (std::size_t row = 0; row < names.size(); ++row) {
    // Rows of a hole mostly stand together.
    if (row > 0 && names[row] == names[row - 1] && found[row - 1] != HoleIndex::none) {
      found[row] = found[row - 1];
      continue;
    }
    const std::string name(trim(names[row]));
    if (name.empty()) {
      faults.add("drillholes.blank_hole", Severity::error, place(table, row), "no hole is named");
      continue;
    }
    found[row] = index.find(name);
    if (found[row] != HoleIndex::none) continue;
    found[row] = index.like(name);
    if (found[row] == HoleIndex::none)
      faults.add("drillholes.unknown_hole", Severity::error, place(table, row, name),
                 "the collars have no such hole");
    else
      faults.add("drillholes.near_id", Severity::warning, place(table, row, name),
                 "taken as hole '" + printable(holes[found[row]].name) +
                     "', which differs in case or blanks only");
  }
  return found;
}

double depth_unit(const DrillholeOptions& options) {
  return std::isnan(options.depth_metres_per_unit) ? options.metres_per_unit
                                                   : options.depth_metres_per_unit;
}

}  // namespace lode::drillhole_parts
