#include "libgeo/deposit/drillholes.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/drillhole_parts.h"

namespace lode {

namespace drillhole_parts {

bool holds_numbers(const Column& column) {
  if (column.kind == ColumnKind::number) return true;
  std::size_t numbers = 0, filled = 0;
  for (const std::string& text : column.texts) {
    const auto cell = trim(text);
    if (cell.empty()) continue;
    ++filled;
    const auto digits = cell.front() == '<' || cell.front() == '>' ? cell.substr(1) : cell;
    numbers += parse_number(digits.substr(0, digits.find(' '))) ? 1 : 0;
  }
  return numbers * 2 > filled;
}

namespace {

std::string unit_of(const Column& column) {
  return column.unit.empty() ? unit_of_field_name(column.name) : column.unit;
}

bool is_label(const std::string& field) {
  const std::string small = lower(field);
  return small.ends_with("id") || small.starts_with("sample") || small.starts_with("batch");
}

std::vector<std::string> value_columns(const Table& table,
                                       const std::map<std::string, std::string>& columns,
                                       const DrillholeOptions& options, Findings& findings) {
  std::vector<std::string> fields;
  if (!options.values.empty()) {
    for (const std::string& value : options.values) {
      const Column* column = table.find(value);
      if (column == nullptr)
        throw Error("drillholes.no_value", "no column '" + printable(value) + "'", table.name,
                    suggestion(value, table.names()));
      fields.push_back(column->name);
    }
    return fields;
  }
  std::set<std::string> keys{lower(options.density), lower(options.recovery),
                             lower(options.domain)};
  for (const auto& [wanted, field] : columns) keys.insert(lower(field));
  for (const Column& column : table.columns)
    if (!keys.contains(lower(column.name)) && !is_label(column.name) && holds_numbers(column))
      fields.push_back(column.name);
  findings.add("drillholes.values", Severity::note, table.name,
               fields.empty()
                   ? "no column holds values"
                   : "values taken: " + printable(join(fields, ", ")) + " (--value names others)");
  return fields;
}

double mended(double value, NegativeValue rule) {
  switch (rule) {
    case NegativeValue::half:
      return -value / 2.0;
    case NegativeValue::zero:
      return 0.0;
    case NegativeValue::limit:
      return -value;
    case NegativeValue::missing:
    case NegativeValue::refuse:
      return std::nan("");
  }
  return std::nan("");
}

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  const double upper = *middle;
  if (values.size() % 2 == 1) return upper;
  return (upper + *std::max_element(values.begin(), middle)) / 2.0;
}

// The highest value that a negative one may stand for: a detection limit above half of the grades
// is none.
double highest_limit(const std::vector<double>& values) {
  std::vector<double> positive;
  for (const double value : values)
    if (value > 0.0) positive.push_back(value);
  return positive.empty() ? std::numeric_limits<double>::infinity() : median_of(positive);
}

// A negative grade: a mark for "below |value|" that follows the rule, or impossible.
void settle_negative(const std::string& where, const std::string& quoted, double limit,
                     const DrillholeOptions& options, double& value, Faults& faults) {
  const bool mark = -value <= limit, rule = options.negative != NegativeValue::refuse;
  const bool refused = !mark || (!rule && !options.checking);
  faults.add("drillholes.negative_grade", refused ? Severity::error : Severity::warning, where,
             number_text(value) + " in " + quoted +
                 (!mark  ? " is negative, and no mark for \"below detection\" either: half of the "
                           "grades lie lower"
                  : rule ? " was read as below detection, by the rule given"
                         : ": a mark for \"below detection\" needs --below-detection"));
  value = mended(value, options.negative);
}

// Values that a grade cannot have.
void check_range(const Table& table, const Column& column, const DrillholeOptions& options,
                 std::vector<double>& values, Faults& faults) {
  const std::string unit = unit_of(column);
  const bool grade = !unit.empty() && is_unit_of(unit, Dimension::grade);
  const double factor = grade ? unit_factor(unit, Dimension::grade) : 0.0;
  const bool named = grade || !options.values.empty();
  // More core may come out than was drilled: broken rock swells.
  const std::string small = lower(column.name);
  const bool core = small.find("recov") != std::string::npos || small.starts_with("rqd");
  const double whole = core ? 1.1 : 1.0;
  const std::string quoted = "'" + printable(column.name) + "'";
  const bool any = std::any_of(values.begin(), values.end(), [](double v) { return v < 0.0; });
  const double limit = any ? highest_limit(values) : 0.0;
  for (std::size_t row = 0; row < values.size(); ++row) {
    double& value = values[row];
    if (value < 0.0 && named) {
      settle_negative(place(table, row), quoted, limit, options, value, faults);
    } else if (value < 0.0) {
      faults.add("drillholes.negative_value", Severity::warning, place(table, row),
                 number_text(value) + " in " + quoted + " is negative and was kept");
    } else if (value * factor > whole + 1e-9) {
      faults.add("drillholes.grade_above_100", Severity::error, place(table, row),
                 number_text(value) + " " + unit + " in " + quoted + " is more than the whole");
    }
  }
}

// A hole in % under a heading in ppm, or the other way round: about 10,000 times off.
void check_units(const Table& table, const DrillholeSet& set, std::size_t variable,
                 Faults& faults) {
  const auto& values = set.assays.values[variable];
  std::vector<std::pair<std::uint32_t, double>> medians;
  for (std::size_t begin = 0; begin < values.size();) {
    std::size_t end = begin;
    std::vector<double> own;
    for (; end < values.size() && set.assays.hole[end] == set.assays.hole[begin]; ++end)
      if (values[end] > 0.0) own.push_back(values[end]);
    if (own.size() >= 3) medians.emplace_back(set.assays.hole[begin], median_of(own));
    begin = end;
  }
  if (medians.size() < 2) return;
  std::vector<double> all;
  for (const auto& [hole, median] : medians) all.push_back(median);
  const double typical = median_of(all);
  for (const auto& [hole, median] : medians) {
    const double off = std::max(typical / median, median / typical);
    if (off < 1e3 || off > 1e5) continue;
    faults.add("drillholes.unit_mix", Severity::warning,
               table.name + ", hole " + printable(set.holes[hole].name),
               "'" + printable(set.assays.variables[variable]) + "' is about " +
                   fixed_text(off, 0) + " times " + (median < typical ? "below" : "above") +
                   " the other holes: ppm and % may be mixed up");
  }
}

void read_weights(const Table& table, const DrillholeOptions& options, DrillholeSet& set,
                  Faults& faults) {
  const auto gather = [&](const std::string& field, double low, double high, double factor,
                          const char* code, std::vector<double>& to) {
    const auto values = column_numbers(table, field, faults);
    for (const std::size_t row : set.assays.row) {
      const double value = values[row] * factor;
      if (value < low || value > high)
        faults.add(code, Severity::error, place(table, row),
                   number_text(values[row]) + " in '" + printable(field) + "' is not within " +
                       number_text(low) + " to " + number_text(high));
      to.push_back(value);
    }
  };
  if (!options.density.empty()) {
    const Column& column = table.at(options.density);
    const std::string unit = unit_of(column);
    if (unit.empty())
      throw Error("unit.missing", "the density '" + printable(column.name) + "' says no unit",
                  table.name, "Say it: --field-unit " + column.name + "=t/m3");
    gather(column.name, 0.2, 23.0, unit_factor(unit, Dimension::density, table.name),
           "drillholes.bad_density", set.assays.density_t_m3);
  }
  if (!options.recovery.empty()) {
    const Column& column = table.at(options.recovery);
    const std::string unit = unit_of(column);
    gather(column.name, 0.0, 110.0, unit.empty() ? 1.0 : unit_ratio(unit, "%").value_or(1.0),
           "drillholes.bad_recovery", set.assays.recovery_pct);
  }
}

void read_domains(const Table& table, const DrillholeOptions& options, DrillholeSet& set) {
  if (options.domain.empty() || set.has_domain || table.find(options.domain) == nullptr) return;
  const auto names = table.texts(options.domain);
  std::map<std::string, std::uint32_t> known;
  set.domain_names = {""};
  known.emplace("", 0U);
  for (const std::size_t row : set.assays.row) {
    const auto [at, is_new] = known.emplace(std::string(trim(names[row])),
                                            static_cast<std::uint32_t>(set.domain_names.size()));
    if (is_new) set.domain_names.push_back(at->first);
    set.assays.domain.push_back(at->second);
  }
  set.has_domain = true;
}

}  // namespace

void read_values(const Table& table, const std::map<std::string, std::string>& columns,
                 const DrillholeOptions& options, DrillholeSet& set, Faults& faults) {
  for (const std::string& field : value_columns(table, columns, options, set.findings)) {
    const Column& column = table.at(field);
    auto values = column_numbers(table, field, faults);
    check_range(table, column, options, values, faults);
    std::vector<double> sorted;
    sorted.reserve(set.assays.row.size());
    for (const std::size_t row : set.assays.row) sorted.push_back(values[row]);
    set.assays.variables.push_back(field);
    set.assays.units.push_back(unit_of(column));
    set.assays.values.push_back(std::move(sorted));
    const std::string& unit = set.assays.units.back();
    if (!unit.empty() && is_unit_of(unit, Dimension::grade))
      check_units(table, set, set.assays.variables.size() - 1, faults);
  }
  read_weights(table, options, set, faults);
  read_domains(table, options, set);
}

}  // namespace drillhole_parts

DrillholeSet read_drillholes(const DrillholeTables& tables, const DrillholeOptions& options,
                             const Progress& progress) {
  using namespace drillhole_parts;
  DrillholeSet set;
  Faults faults(set.findings, options.checking);
  if (tables.desurveyed != nullptr) {
    read_desurveyed(*tables.desurveyed, options, progress, set, faults);
  } else if (tables.collars != nullptr) {
    HoleIndex index;
    read_collars(tables, options, progress.part(0.0, 0.2), set, index, faults);
    read_intervals(tables, options, progress.part(0.2, 1.0), set, index, faults);
  } else {
    throw Error("drillholes.no_collars", "no collars are given", {},
                "Give collars with what there is of surveys and assays, or desurveyed intervals.");
  }
  faults.finish();
  set.samples = set.assays.size();
  if (set.has_domain && set.assays.domain.empty()) split_at_contacts(set);
  if (set.holes.empty())
    set.findings.add("drillholes.no_hole", Severity::error,
                     tables.desurveyed != nullptr ? tables.desurveyed->name : tables.collars->name,
                     "the table has no hole");
  return set;
}

void require_sound(const DrillholeSet& set) {
  std::vector<Error> errors;
  for (const Finding& finding : set.findings.list())
    if (finding.severity == Severity::error)
      errors.emplace_back(finding.code, finding.message, finding.where,
                          "'lode drillholes check' lists everything that is wrong.");
  if (errors.empty()) return;
  Error first = errors.front();
  first.more.assign(errors.begin() + 1, errors.end());
  throw first;
}

}  // namespace lode
