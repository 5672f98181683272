#include "libgeo/io/role_checks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/cells.h"
#include "libgeo/io/id_keys.h"

namespace lode {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 6> kRoles{{{Role::deposits, "deposits"},
                                                                   {Role::permits, "permits"},
                                                                   {Role::constraint, "constraint"},
                                                                   {Role::network, "network"},
                                                                   {Role::outline, "outline"},
                                                                   {Role::points, "points"}}};

std::string place(const Layer& layer, std::size_t row) {
  return layer.table.name + ", " + layer.table.row_name(row);
}
std::string field_place(const Layer& layer, const Column& column) {
  return layer.table.name + ", field '" + printable(column.name) + "'";
}
std::string quoted_field(const Column& column) {
  return "field '" + printable(column.name) + "'";
}

std::string unit_of(const Column& column) {
  return column.unit.empty() ? unit_of_field_name(column.name) : column.unit;
}

bool has_unit_of(const Column& column, Dimension dimension) {
  const std::string unit = unit_of(column);
  return !unit.empty() && is_unit_of(unit, dimension);
}

/// "treo", "grade", "Nd2O3", "la": what a grade column is called before its unit.
bool is_grade_name(const std::string& name) {
  const std::string small = lower(name);
  for (const char* word : {"grade", "reo", "tree", "oxide"}) {
    if (small.find(word) != std::string::npos) return true;
  }
  static constexpr std::array<std::string_view, 34> kSymbols{
      "la", "ce", "pr", "nd", "sm", "eu", "gd", "tb", "dy", "ho", "er", "tm",
      "yb", "lu", "y",  "sc", "cu", "au", "ag", "zn", "pb", "ni", "co", "li",
      "fe", "mn", "sn", "w",  "ta", "nb", "ti", "zr", "v",  "mo"};
  const std::string stem = small.substr(0, small.find('_'));
  if (std::find(kSymbols.begin(), kSymbols.end(), stem) != kSymbols.end()) return true;
  for (const auto symbol : kSymbols) {
    if (stem.size() > symbol.size() && stem.compare(0, symbol.size(), symbol) == 0 &&
        stem.find('o', symbol.size()) != std::string::npos &&
        stem.find_first_not_of("0123456789o", symbol.size()) == std::string::npos) {
      return true;
    }
  }
  return false;
}

/// The column as numbers; what is none becomes an error with its row (the first ten are named).
std::vector<double> judged_numbers(const Layer& layer, const Column& column, Findings& findings) {
  if (column.kind == ColumnKind::number) return column.numbers;
  std::vector<double> values(column.texts.size(), std::nan(""));
  std::size_t bad = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto cell = trim(column.texts[i]);
    if (cell.empty()) continue;
    if (const auto value = parse_number(cell)) {
      values[i] = *value;
      continue;
    }
    // Values below detection were said at reading; a rule on the command line mends them.
    if (cell.front() == '<' && parse_number(cell.substr(1))) continue;
    findings.add("table.bad_number", Severity::error,
                 ++bad <= 10 ? place(layer, i) : field_place(layer, column),
                 "'" + printable(cell) + "' in " + quoted_field(column) + " is not a number");
  }
  return values;
}

struct Range {
  double low = 0.0, high = HUGE_VAL;  ///< in the base unit
  const char* low_code = "";
  const char* high_code = "";
  const char* low_text = "";
  const char* high_text = "";
  Severity high_severity = Severity::error;
};

void check_values(const Layer& layer, const Column& column, Dimension dimension, const Range& range,
                  Findings& findings) {
  for (const auto& finding : layer.findings.list()) {
    if (finding.code == "table.asterisks" && finding.where.ends_with("'" + column.name + "'")) {
      findings.add("table.asterisks", Severity::error, field_place(layer, column),
                   "values were lost in the .dbf (asterisks): put them back or leave them blank",
                   finding.count);
    }
  }
  const double factor = unit_factor(unit_of(column), dimension, field_place(layer, column));
  const std::vector<double> values = judged_numbers(layer, column, findings);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double v = values[i] * factor;
    const std::string text =
        number_text(values[i]) + " " + unit_of(column) + " in " + quoted_field(column);
    if (std::isnan(v)) continue;
    if (cells::is_sentinel(values[i])) {
      findings.add("table.sentinel", Severity::error, place(layer, i),
                   text + " looks like \"no value\": blank it with --missing");
    } else if (v < range.low) {
      findings.add(range.low_code, Severity::error, place(layer, i), text + " " + range.low_text);
    } else if (v > range.high) {
      findings.add(range.high_code, range.high_severity, place(layer, i),
                   text + " " + range.high_text);
    }
  }
}

void check_deposits(const Layer& layer, const RoleFields& fields, Findings& findings) {
  const std::string id = id_field(layer.table, fields.id);
  if (id.empty()) {
    findings.add("role.no_id", Severity::error, layer.table.name,
                 "no field names the deposits: say it with --id");
  } else {
    findings.add(check_ids(layer, id));
  }
  static constexpr Range kGrade{
      0, 1, "grade.negative", "grade.over_100", "is negative", "is more than 100 %"};
  // 1e11 t is fifty times the largest deposits known.
  static constexpr Range kMass{0,
                               1e11,
                               "mass.negative",
                               "mass.unlikely",
                               "is negative",
                               "is beyond any known deposit: is the unit right?",
                               Severity::warning};
  static constexpr Range kDensity{0.5,
                                  10,
                                  "density.impossible",
                                  "density.impossible",
                                  "is no density of rock",
                                  "is no density of rock"};
  std::size_t grades = 0;
  const Column* unitless = nullptr;
  for (const auto& column : layer.table.columns) {
    if (has_unit_of(column, Dimension::grade) && is_grade_name(column.name)) {
      ++grades;
      check_values(layer, column, Dimension::grade, kGrade, findings);
    } else if (has_unit_of(column, Dimension::mass)) {
      check_values(layer, column, Dimension::mass, kMass, findings);
    } else if (has_unit_of(column, Dimension::density)) {
      check_values(layer, column, Dimension::density, kDensity, findings);
    } else if (unit_of(column).empty() && is_grade_name(column.name) &&
               column.kind == ColumnKind::number && unitless == nullptr) {
      unitless = &column;
    }
  }
  if (grades > 0) return;
  if (unitless != nullptr) {
    findings.add("unit.missing", Severity::warning, field_place(layer, *unitless),
                 "the field looks like a grade but does not say its unit: --field-unit " +
                     printable(unitless->name) + "=UNIT");
  } else {
    findings.add("role.no_grade", Severity::error, layer.table.name,
                 "no field holds a grade: its name must end in its unit, as in treo_pct or nd_ppm");
  }
}

const Column* column_called(const Table& table, const std::string& said,
                            std::initializer_list<std::string_view> names) {
  if (!said.empty()) return &table.at(said);
  for (const auto name : names) {
    if (const Column* column = table.find(name)) return column;
  }
  return nullptr;
}

std::vector<std::optional<Date>> judged_dates(const Layer& layer, const Column* column,
                                              Findings& findings) {
  std::vector<std::optional<Date>> dates(layer.size());
  if (column == nullptr) return dates;
  if (column->kind == ColumnKind::number) {
    findings.add("permit.bad_date", Severity::error, field_place(layer, *column),
                 "the field holds numbers, not dates such as 2026-11-01");
    return dates;
  }
  for (std::size_t i = 0; i < dates.size(); ++i) {
    if (trim(column->texts[i]).empty()) continue;
    dates[i] = parse_date(column->texts[i]);
    if (dates[i]) continue;
    findings.add("permit.bad_date", Severity::error, place(layer, i),
                 "'" + printable(column->texts[i]) + "' in " + quoted_field(*column) +
                     " is no calendar day such as 2026-11-01");
  }
  return dates;
}

void check_permits(const Layer& layer, const RoleFields& fields, Findings& findings) {
  const Column* granted = column_called(layer.table, fields.granted,
                                        {"granted", "from_date", "grant_date", "start_date",
                                         "valid_from", "issued", "effective", "date_granted"});
  const Column* expires = column_called(layer.table, fields.expires,
                                        {"expires", "to_date", "expiry", "expiry_date", "end_date",
                                         "valid_to", "expiration", "exp_date", "date_expires"});
  const auto from = judged_dates(layer, granted, findings);
  const auto to = judged_dates(layer, expires, findings);
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] && to[i] && *to[i] < *from[i]) {
      findings.add(
          "permit.dates_reversed", Severity::error, place(layer, i),
          "the permit ends (" + to_text(*to[i]) + ") before it begins (" + to_text(*from[i]) + ")");
    }
  }
  if (expires == nullptr) {
    findings.add("permit.no_expiry", Severity::warning, layer.table.name,
                 "no field says when permits end: none can be counted as valid");
  }
}

void need_kind(const Layer& layer, std::initializer_list<GeometryKind> kinds, Role role,
               Findings& findings) {
  std::size_t others = 0, fitting = 0;
  for (const auto& g : layer.geometry) {
    if (g.empty()) continue;
    const bool fits = std::find(kinds.begin(), kinds.end(), g.kind) != kinds.end();
    (fits ? fitting : others) += 1;
  }
  std::string wanted;
  for (const auto kind : kinds) {
    wanted += (wanted.empty() ? "" : " or ") + std::string(to_text(kind)) + "s";
  }
  if (fitting == 0) {
    findings.add(
        "role.kind", Severity::error, layer.table.name,
        "the role " + std::string(to_text(role)) + " needs " + wanted + ": there are none");
  } else if (others > 0) {
    findings.add("role.kind", Severity::warning, layer.table.name,
                 "features that are no " + wanted + " count for nothing in this role", others);
  }
}

}  // namespace

std::string_view to_text(Role role) {
  for (const auto& [known, name] : kRoles) {
    if (known == role) return name;
  }
  return "";
}

std::optional<Role> parse_role(const std::string& text) {
  for (const auto& [role, name] : kRoles) {
    if (name == text) return role;
  }
  return std::nullopt;
}

std::string id_field(const Table& table, const std::string& field) {
  if (!field.empty()) return table.at(field).name;
  for (const auto& column : table.columns) {
    if (lower(column.name) == "id") return column.name;
  }
  for (const auto& column : table.columns) {
    const std::string small = lower(column.name);
    if (small.ends_with("_id") || small.ends_with(" id") || column.name.ends_with("Id")) {
      return column.name;
    }
  }
  return {};
}

Findings check_ids(const Layer& layer, const std::string& field) {
  Findings findings;
  const std::vector<std::string> ids = layer.table.texts(field);
  std::map<std::string, std::vector<std::size_t>> equal;
  std::map<std::string, std::vector<std::string>> alike;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string id(trim(ids[i]));
    if (id.empty()) {
      findings.add("table.blank_id", Severity::error, place(layer, i),
                   "field '" + printable(field) + "' is blank: the row has no id");
      continue;
    }
    auto& rows = equal[id];
    if (rows.empty()) alike[id_key(id)].push_back(id);
    rows.push_back(i);
  }
  for (const auto& [id, rows] : equal) {
    if (rows.size() < 2) continue;
    std::vector<std::string> names;
    for (std::size_t k = 0; k < rows.size() && k < 5; ++k)
      names.push_back(layer.table.row_name(rows[k]));
    findings.add("table.duplicate_id", Severity::error, place(layer, rows[1]),
                 "id '" + printable(id) + "' stands " + std::to_string(rows.size()) + " times (" +
                     join(names, ", ") + (rows.size() > 5 ? ", ..." : "") +
                     "): it would count as often");
  }
  for (const auto& [key, spellings] : alike) {
    if (spellings.size() < 2) continue;
    findings.add("table.near_duplicate_id", Severity::warning, layer.table.name,
                 "ids '" + printable(spellings[0]) + "' and '" + printable(spellings[1]) +
                     "' differ in case, blanks or the way a letter is written only");
  }
  return findings;
}

Findings doubtful_ids(const Layer& layer, const std::vector<std::string>& ids) {
  std::map<std::string, std::string> spellings;  // by key
  std::set<std::string> seen;
  std::size_t repeated = 0, alike = 0, first_repeated = 0, first_alike = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!seen.insert(ids[i]).second) {
      if (repeated++ == 0) first_repeated = i;
      continue;
    }
    const auto [at, fresh] = spellings.try_emplace(id_key(ids[i]), ids[i]);
    if (!fresh && alike++ == 0) first_alike = i;
  }
  Findings findings;
  if (repeated > 0)
    findings.add("table.duplicate_id", Severity::warning, place(layer, first_repeated),
                 "ids stand more than once, so that they do not tell features apart (first: '" +
                     printable(ids[first_repeated]) + "'); name another field with --id",
                 repeated);
  if (alike > 0)
    findings.add("table.near_duplicate_id", Severity::warning, place(layer, first_alike),
                 "ids differ in case, blanks or the way a letter is written only (first: '" +
                     printable(spellings[id_key(ids[first_alike])]) + "' and '" +
                     printable(ids[first_alike]) + "')",
                 alike);
  return findings;
}

Findings check_role(const Layer& layer, Role role, const RoleFields& fields) {
  Findings findings;
  switch (role) {
    case Role::deposits:
      check_deposits(layer, fields, findings);
      break;
    case Role::permits:
      check_permits(layer, fields, findings);
      need_kind(layer, {GeometryKind::polygon}, role, findings);
      break;
    case Role::constraint:
      need_kind(layer, {GeometryKind::point, GeometryKind::line, GeometryKind::polygon}, role,
                findings);
      break;
    case Role::network:
      need_kind(layer, {GeometryKind::line, GeometryKind::polygon}, role, findings);
      break;
    case Role::outline:
      need_kind(layer, {GeometryKind::polygon}, role, findings);
      break;
    case Role::points:
      need_kind(layer, {GeometryKind::point}, role, findings);
      break;
  }
  return findings;
}

}  // namespace lode
