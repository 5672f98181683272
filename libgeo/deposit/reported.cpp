#include "libgeo/deposit/reported.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();

void check_share(double share, const std::string& quantity, const std::string& where) {
  if (share < 0.0 || share > 1.0)
    throw Error("deposit.share",
                quantity + " = " + number_text(share * 100.0) + " % is not a share of TREO", where,
                "A share lies between 0 and 100 % of TREO.");
}

void check_grade(const LowBaseHigh& grade, const std::string& where) {
  for (double x : {grade.low, grade.base, grade.high})
    if (x > 1.0)
      throw Error("deposit.grade", "grade of " + number_text(x * 100.0) + " % is more than the ore",
                  where, "Check its unit: ppm and % may be mixed up.");
}

// One deposit while its rows are read.
struct Folding {
  std::string id, name;
  double ore_t = missing_value;
  bool ore_differs = false;
  std::array<double, rare_earth_count> grade;
  std::array<bool, rare_earth_count> differs{};
  std::size_t rows = 0;

  Folding() { grade.fill(missing_value); }
};

// Units written out, as published tables have them.
std::string short_unit(std::string_view unit) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"parts per million", "ppm"},
      {"parts per billion", "ppb"},
      {"percent", "%"},
      {"grams per tonne", "g/t"},
      {"tonnes", "t"},
      {"metric tons", "t"},
      {"thousand tonnes", "kt"},
      {"million tonnes", "Mt"},
      {"million metric tons", "Mt"}};
  for (const auto& [word, symbol] : words)
    if (lower(trim(unit)) == word) return std::string(symbol);
  return std::string(trim(unit));
}

// A column's factor to base units, the same for all rows or row by row.
std::vector<double> in_base_units(const Table& table, const std::string& field,
                                  const std::string& unit_field, Dimension dimension) {
  const Column& column = table.at(field);
  std::vector<double> values = table.numbers(field);
  if (!unit_field.empty()) {
    const std::vector<std::string> units = table.texts(unit_field);
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (std::isnan(values[row])) continue;
      const std::string where = table.name + " " + table.row_name(row);
      if (trim(units[row]).empty())
        throw Error("unit.missing", field + " has no unit", where, "Fill in " + unit_field + ".");
      values[row] *= unit_factor(short_unit(units[row]), dimension, where);
    }
    return values;
  }
  const std::string unit = column.unit.empty() ? unit_of_field_name(column.name) : column.unit;
  if (unit.empty())
    throw Error("unit.missing", "column " + column.name + " has no unit", table.name,
                "Say --field-unit " + column.name + "=" + std::string(base_unit(dimension)) + ".");
  const double factor = unit_factor(unit, dimension, column.name);
  for (double& value : values) value *= factor;
  return values;
}

// Keeps the first figure; a different one marks it.
void fold_value(double& kept, bool& differs, double value) {
  if (std::isnan(value)) return;
  if (std::isnan(kept)) kept = value;
  // Relative, since the same figure may come through two units.
  if (std::abs(kept - value) > 1e-9 * std::abs(kept)) differs = true;
}

Table table_of(const std::string& name, const std::vector<Folding>& deposits, GradeForm form,
               Findings& findings) {
  std::vector<std::string> ids, names;
  std::vector<double> ore;
  for (const Folding& d : deposits) {
    ids.push_back(d.id);
    names.push_back(d.name);
    ore.push_back(d.ore_differs ? missing_value : d.ore_t);
    if (d.ore_differs)
      findings.add("reported.tonnage_differs", Severity::warning, name + " " + d.id,
                   "the rows of this deposit give different ore tonnages; none was taken");
  }
  Table table;
  table.name = name;
  table.add(text_column("id", ids));
  table.add(text_column("name", names));
  table.add(number_column("ore_t", ore, "t"));
  for (std::size_t i = 0; i < rare_earth_count; ++i) {
    const auto element = static_cast<RareEarth>(i);
    std::vector<double> values;
    bool occurs = false;
    for (const Folding& d : deposits) {
      const double scale = form == GradeForm::element ? 1e6 : 100.0;
      values.push_back(d.differs[i] ? missing_value : d.grade[i] * scale);
      occurs = occurs || !std::isnan(d.grade[i]);
      if (d.differs[i])
        findings.add("reported.element_repeated", Severity::warning, name + " " + d.id,
                     "several different grades of " + std::string(rare_earths()[i].symbol) +
                         "; none was taken");
    }
    if (!occurs) continue;
    if (form == GradeForm::element)
      table.add(number_column(std::string(rare_earths()[i].symbol) + "_ppm", values, "ppm"));
    else
      table.add(number_column(oxide_name(element, OxideBasis::trade) + "_pct", values, "%"));
  }
  return table;
}

}  // namespace

Contained contained_from_shares(const ReportedResource& resource, const std::string& where) {
  check_range(resource.ore_t, "ore tonnage", where);
  check_range(resource.treo, "TREO grade", where);
  check_grade(resource.treo, where);
  check_share(resource.ndpr_share, "NdPr", where);
  check_share(resource.dytb_share, "DyTb", where);
  const double magnet = resource.ndpr_share + resource.dytb_share;
  check_share(magnet, "NdPr and DyTb together", where);
  Contained contained;
  contained.treo_t = times(resource.ore_t, resource.treo);
  contained.ndpr_t = times(contained.treo_t, resource.ndpr_share);
  contained.dytb_t = times(contained.treo_t, resource.dytb_share);
  contained.mreo_t = times(contained.treo_t, magnet);
  contained.basis = "reported ore tonnage x TREO grade x share of TREO";
  return contained;
}

Contained contained_from_suite(const LowBaseHigh& ore_t, const OxideSums& sums,
                               const std::string& where) {
  check_range(ore_t, "ore tonnage", where);
  Contained contained;
  contained.treo_t = times(ore_t, sums.treo);
  contained.ndpr_t = times(ore_t, sums.ndpr);
  contained.dytb_t = times(ore_t, sums.dytb);
  contained.mreo_t = times(ore_t, sums.mreo);
  contained.basis = sums.treo_stated ? "reported ore tonnage x stated oxide grades"
                                     : "reported ore tonnage x summed oxide grades";
  return contained;
}

FoldedDeposits fold_element_rows(const Table& table, const ElementRowFields& fields) {
  const std::vector<std::string> ids = table.texts(fields.deposit);
  const std::vector<std::string> names =
      table.find(fields.name) != nullptr ? table.texts(fields.name) : ids;
  const std::vector<std::string> elements = table.texts(fields.element);
  const auto grades = in_base_units(table, fields.grade, fields.grade_unit, Dimension::grade);
  const auto ores = in_base_units(table, fields.ore, fields.ore_unit, Dimension::mass);

  FoldedDeposits result;
  std::vector<Folding> deposits;
  std::map<std::string, std::size_t> place;
  std::size_t repeated = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string where = table.name + " " + table.row_name(row);
    check_range(only_base(ores[row]), "ore tonnage", where);
    check_range(only_base(grades[row]), "grade", where);
    const auto [at, is_new] = place.emplace(ids[row], deposits.size());
    if (is_new) {
      deposits.emplace_back();
      deposits.back().id = ids[row];
      deposits.back().name = names[row];
    }
    Folding& deposit = deposits[at->second];
    ++deposit.rows;
    if (!std::isnan(deposit.ore_t) && !std::isnan(ores[row])) ++repeated;
    fold_value(deposit.ore_t, deposit.ore_differs, ores[row]);
    if (const auto element = find_rare_earth(elements[row]))
      fold_value(deposit.grade[*element], deposit.differs[*element], grades[row]);
    else
      result.findings.add("reported.other_commodity", Severity::note, table.name,
                          "rows of commodities other than rare earths were left out");
  }
  if (repeated > 0)
    result.findings.add("reported.tonnage_repeated", Severity::note, table.name,
                        "ore tonnage repeated on the element rows of a deposit was counted once",
                        repeated);
  result.table = table_of(table.name, deposits, fields.form, result.findings);
  return result;
}

}  // namespace lode
