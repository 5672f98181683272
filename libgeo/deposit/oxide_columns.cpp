// Grade columns recognised by their names, and whole tables of them.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/oxides.h"

namespace lode {

namespace {

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 6> sums{"treo", "lreo", "hreo", "mreo", "ndpr", "dytb"};

// "Nd (ppm)" and "Nd_ppm" alike: the word before the first blank, bracket or underscore, and the
// rest without them.
std::pair<std::string, std::string> stem_and_rest(std::string_view name) {
  const std::string text = lower(trim(name));
  const auto end = text.find_first_of("_ ([");
  std::string rest;
  if (end != std::string::npos)
    for (char c : text.substr(end))
      if (std::string_view("_ ()[]").find(c) == std::string_view::npos) rest += c;
  return {text.substr(0, end), rest};
}

std::optional<std::string> unit_of_rest(const std::string& rest) {
  static constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"", ""},         {"pct", "%"},    {"%", "%"},      {"wt%", "%"},   {"wtpct", "%"},
      {"percent", "%"}, {"ppm", "ppm"},  {"ppb", "ppb"},  {"gpt", "g/t"}, {"gt", "g/t"},
      {"g/t", "g/t"},   {"kgt", "kg/t"}, {"kg/t", "kg/t"}};
  for (const auto& [text, unit] : known)
    if (rest == text) return std::string(unit);
  return std::nullopt;
}

struct Found {
  const Column* column = nullptr;
  std::vector<double> values;  ///< mass fractions
};

// One place a column may fill: an element, an oxide, or a sum.
struct Columns {
  std::array<Found, rare_earth_count> element, oxide;
  std::array<Found, sums.size()> sum;
};

[[noreturn]] void throw_negative(const Table& table, const Column& column, std::size_t row,
                                 double value) {
  throw Error("oxides.negative_grade",
              "grade " + column.name + " is negative (" + number_text(value) + ")",
              table.name + " " + table.row_name(row),
              "Say what such values mean, e.g. --missing=" + number_text(value) + ".");
}

std::vector<double> fractions(const Table& table, const Column& column, const std::string& unit) {
  std::vector<double> values = table.numbers(column.name);
  const double factor = unit_factor(unit, Dimension::grade, column.name);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (values[row] < 0.0) throw_negative(table, column, row, values[row]);
    const double fraction = values[row] * factor;
    if (fraction > 1.0)
      throw Error("oxides.grade_above_100",
                  "grade " + column.name + " = " + number_text(values[row]) + " " + unit +
                      " is more than the whole",
                  table.name + " " + table.row_name(row),
                  "Check the unit: --field-unit " + column.name + "=ppm.");
    values[row] = fraction;
  }
  return values;
}

void put(const Table& table, Found& place, const Column& column, const std::string& unit) {
  if (place.column != nullptr)
    throw Error("oxides.ambiguous_column",
                "columns " + place.column->name + " and " + column.name + " both give one grade",
                table.name, "Leave one of them out.");
  place.column = &column;
  place.values = fractions(table, column, unit);
}

// The unit of a grade column: declared, else of the name. Empty: the column is no grade.
std::optional<std::string> grade_unit(const Table& table, const Column& column,
                                      const GradeColumn& says) {
  const std::string unit = column.unit.empty() ? says.unit : column.unit;
  if (!unit.empty()) {
    if (!is_unit_of(unit, Dimension::grade)) return std::nullopt;
    return unit;
  }
  // A bare "La" or "Nd" may be anything in a table of attributes; an oxide's name may not.
  if (says.element && says.form == GradeForm::element) return std::nullopt;
  throw Error("unit.missing", "column " + column.name + " has no unit", table.name,
              "Name it " + column.name + "_pct, or say --field-unit " + column.name + "=%.");
}

Columns find_columns(const Table& table, const OxideOptions& options, OxideResult& result) {
  Columns columns;
  for (const Column& column : table.columns) {
    const auto says = parse_grade_column(column.name);
    if (!says) continue;
    const auto unit = grade_unit(table, column, *says);
    if (!unit) {
      result.findings.add("oxides.ignored_column", Severity::note, table.name,
                          "column " + column.name +
                              " is named like an element but has no unit of "
                              "grade; it was left out");
      continue;
    }
    if (!says->element) {
      const auto at = std::find(sums.begin(), sums.end(), says->sum) - sums.begin();
      put(table, columns.sum[static_cast<std::size_t>(at)], column, *unit);
    } else if (says->form == GradeForm::element) {
      put(table, columns.element[*says->element], column, *unit);
    } else {
      put(table, columns.oxide[*says->element], column, *unit);
      if (says->basis != options.basis && oxide_name(*says->element, OxideBasis::trade) !=
                                              oxide_name(*says->element, OxideBasis::sesquioxide))
        result.findings.add("oxides.other_basis", Severity::warning, table.name,
                            "column " + column.name + " is not an oxide of the " +
                                std::string(to_text(options.basis)) +
                                " basis; it was taken as it stands");
    }
    result.columns_used.push_back(column.name);
  }
  if (result.columns_used.empty())
    throw Error("oxides.no_column", "no column of rare earth grades was found", table.name,
                "Name columns like La_ppm, La2O3_pct or TREO_pct, or map them with --fields "
                "La_ppm=NAME.");
  return columns;
}

double value_at(const Found& found, std::size_t row) {
  return found.column == nullptr ? missing_value : found.values[row];
}

void check_parts(const Table& table, std::size_t row, const OxideSuite& suite,
                 const OxideOptions& options) {
  OxideSuite parts = suite;
  parts.stated_treo = missing_value;
  const OxideSums of_parts = sum_oxides(parts, options);
  // Assays of a pure concentrate may sum to a little over the whole.
  if (of_parts.treo > 1.0 + options.total_tolerance)
    throw Error("oxides.sum_above_100",
                "the oxides sum to " + number_text(of_parts.treo * 100.0) + " %",
                table.name + " " + table.row_name(row),
                "Check the units of the columns: shares of TREO are no grades, ppm and % may be "
                "mixed up.");
  if (std::isnan(suite.stated_treo)) return;
  const double limit = suite.stated_treo * (1.0 + options.total_tolerance);
  for (double part :
       {of_parts.treo, of_parts.lreo, of_parts.hreo, of_parts.mreo, of_parts.ndpr, of_parts.dytb})
    if (part > limit)
      throw Error("oxides.part_above_total",
                  "the parts (" + number_text(part * 100.0) + " %) exceed the stated TREO (" +
                      number_text(suite.stated_treo * 100.0) + " %)",
                  table.name + " " + table.row_name(row),
                  "Check the units of the columns: ppm and % may be mixed up.");
}

/// Rows that give element and oxide of one metal.
struct BothForms {
  std::size_t count = 0;
  std::size_t differ = 0;
  std::string first_differing;
};

OxideSuite suite_of(const Table& table, const Columns& columns, std::size_t row,
                    const OxideOptions& options, BothForms& both) {
  OxideSuite suite;
  for (std::size_t i = 0; i < rare_earth_count; ++i) {
    const auto element = static_cast<RareEarth>(i);
    const double of_element = value_at(columns.element[i], row);
    suite.oxide[i] = value_at(columns.oxide[i], row);
    const double converted = to_oxide({of_element}, element, options.basis).value;
    if (std::isnan(suite.oxide[i])) {
      suite.oxide[i] = converted;
    } else if (!std::isnan(converted)) {
      ++both.count;
      if (std::abs(converted - suite.oxide[i]) <=
          options.total_tolerance * std::max(converted, suite.oxide[i]))
        continue;
      if (both.differ++ == 0)
        both.first_differing = table.name + " " + table.row_name(row) + ", " +
                               columns.element[i].column->name + " and " +
                               columns.oxide[i].column->name;
    }
  }
  suite.stated_treo = value_at(columns.sum[0], row);
  suite.stated_lreo = value_at(columns.sum[1], row);
  suite.stated_hreo = value_at(columns.sum[2], row);
  suite.stated_mreo = value_at(columns.sum[3], row);
  suite.stated_ndpr = value_at(columns.sum[4], row);
  suite.stated_dytb = value_at(columns.sum[5], row);
  return suite;
}

void say_what_was_found(const Table& table, const OxideOptions& options, const BothForms& both,
                        OxideResult& result) {
  if (both.differ > 0)
    result.findings.add("oxides.forms_differ", Severity::warning, both.first_differing,
                        "element and oxide of one metal contradict each other by more than " +
                            number_text(options.total_tolerance * 100.0) + " %; the oxide counts",
                        both.differ);
  if (both.count > 0)
    result.findings.add("oxides.both_forms", Severity::note, table.name,
                        "element and oxide are both given; the oxide counts, the element was not "
                        "added",
                        both.count);
  if (result.partial_rows > 0)
    result.findings.add("oxides.partial_suite", Severity::warning, table.name,
                        "rows do not give all 15 oxides; sums of what is given are lower bounds",
                        result.partial_rows);
  std::vector<std::string> unpriced;
  bool any_price = false;
  for (std::size_t i = 0; i < suite_count; ++i) {
    const bool priced = !std::isnan(options.prices.of[i].usd_per_t);
    any_price = any_price || priced;
    const bool occurs = std::any_of(result.rows.begin(), result.rows.end(), [i](const auto& row) {
      return !std::isnan(row.suite.oxide[i]);
    });
    if (occurs && !priced) unpriced.push_back(oxide_name(static_cast<RareEarth>(i), options.basis));
  }
  if (any_price && !unpriced.empty())
    result.findings.add(
        "oxides.unpriced", Severity::note, table.name,
        "no price for " + join(unpriced, ", ") + "; the basket value counts them as nothing",
        unpriced.size());
}

}  // namespace

std::optional<GradeColumn> parse_grade_column(std::string_view name) {
  const auto [stem, rest] = stem_and_rest(name);
  const auto unit = unit_of_rest(rest);
  if (!unit) return std::nullopt;
  GradeColumn column;
  column.unit = *unit;
  if (std::find(sums.begin(), sums.end(), stem) != sums.end()) {
    column.sum = stem;
    return column;
  }
  for (std::size_t i = 0; i < rare_earth_count; ++i) {
    const auto element = static_cast<RareEarth>(i);
    for (OxideBasis basis : {OxideBasis::trade, OxideBasis::sesquioxide})
      if (stem == lower(oxide_name(element, basis))) {
        column.element = element;
        column.basis = basis;
        return column;
      }
    const bool bare_y = element == ree::Y && unit->empty();
    if (stem == lower(rare_earths()[i].symbol) && !bare_y) {
      column.element = element;
      column.form = GradeForm::element;
      return column;
    }
  }
  return std::nullopt;
}

OxideResult oxides_of(const Table& table, const OxideOptions& options, const Progress& progress) {
  OxideResult result;
  result.findings.add(options.prices.findings);
  const Columns columns = find_columns(table, options, result);
  BothForms both;
  result.rows.resize(table.rows());
  for (std::size_t row = 0; row < result.rows.size(); ++row) {
    OxideRow& out = result.rows[row];
    out.suite = suite_of(table, columns, row, options, both);
    check_parts(table, row, out.suite, options);
    out.sums = sum_oxides(out.suite, options);
    for (std::size_t i = 0; i < rare_earth_count; ++i) {
      const double given = value_at(columns.element[i], row);
      const auto element = static_cast<RareEarth>(i);
      out.element[i] = std::isnan(given)
                           ? to_element({out.suite.oxide[i]}, element, options.basis).value
                           : given;
    }
    if (!out.suite.missing().empty()) ++result.partial_rows;
  }
  progress.update(1.0);
  say_what_was_found(table, options, both, result);
  return result;
}

}  // namespace lode
