#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/qaqc.h"
#include "tools/command.h"
#include "tools/cutoffs.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

using Names = std::vector<std::string>;

// The first of the usual names that the table has.
const Column* usual_column(const Table& table, const Names& names) {
  for (const std::string& name : names)
    if (const Column* column = table.find(name)) return column;
  return nullptr;
}

const Column& need_column(const Table& table, const char* what, const Names& names) {
  if (const Column* column = usual_column(table, names)) return *column;
  throw Error("qaqc.no_column", std::string("no column of the ") + what, table.name,
              "Call it one of: " + join(names, ", ") + ", or map it with --fields.");
}

std::string unit_of(const Column& column) {
  return column.unit.empty() ? unit_of_field_name(column.name) : column.unit;
}

// A column in the unit of the value it goes with.
std::vector<double> in_unit_of(const Table& table, const Column& column, const std::string& value) {
  std::vector<double> numbers = table.numbers(column.name);
  const double ratio = unit_ratio(unit_of(column), unit_of(table.at(value))).value_or(1.0);
  if (ratio != 1.0)
    for (double& number : numbers) number *= ratio;
  return numbers;
}

Table read_control(const Arguments& arguments, const Session& session, const char* option,
                   Outcome& outcome) {
  Layer layer = read_table(arguments.text(option), other_read_options(arguments, session),
                           session.progress.part(0.0, 0.9));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  return std::move(layer.table);
}

// The rows of one kind of control sample.
Table rows_of_kind(const Table& table, const Names& kinds, const std::string& kind) {
  Table part;
  part.name = table.name;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (lower(trim(kinds[i])).starts_with(kind)) rows.push_back(i);
  for (const std::size_t row : rows) part.row_names.push_back(table.row_name(row));
  for (const Column& column : table.columns) {
    Column own = column;
    own.numbers.clear();
    own.texts.clear();
    for (const std::size_t row : rows) {
      if (column.kind == ColumnKind::number)
        own.numbers.push_back(column.numbers[row]);
      else
        own.texts.push_back(column.texts[row]);
    }
    part.columns.push_back(std::move(own));
  }
  return part;
}

// --value, or the column that is called so.
Names values_of(const Arguments& arguments, const Table& table) {
  Names values = list_of(arguments, "value");
  if (values.empty())
    values.push_back(need_column(table, "value", {"value", "value_pct", "value_ppm"}).name);
  return values;
}

Json standard_row(const std::string& value, const StandardSummary& s) {
  Json row;
  row["kind"] = "standard";
  row["value"] = value;
  row["name"] = s.name;
  row["n"] = s.n;
  row["expected"] = s.expected;
  row["sd"] = s.sd;
  row["mean"] = s.mean;
  row["bias_pct"] = s.bias_pct;
  row["cv_pct"] = s.cv_pct;
  row["mean_z"] = s.mean_z;
  row["outside_2sd"] = s.outside_2sd;
  row["outside_3sd"] = s.outside_3sd;
  row["runs_of_two"] = s.runs_of_two;
  row["failures"] = s.outside_3sd + s.runs_of_two;
  return row;
}

Json blank_row(const std::string& value, const BlankSummary& s) {
  Json row;
  row["kind"] = "blank";
  row["value"] = value;
  row["name"] = "blank";
  row["n"] = s.n;
  row["limit"] = s.limit;
  row["mean"] = s.mean;
  row["median"] = s.median;
  row["max"] = s.max;
  row["pairs"] = s.pairs;
  row["carry_over_r"] = s.carry_over_r;
  row["carry_over_pct"] = s.carry_over_pct;
  row["failures"] = s.above;
  return row;
}

Json duplicate_row(const std::string& value, const std::string& kind, const DuplicateSummary& s) {
  Json row;
  row["kind"] = "duplicate";
  row["value"] = value;
  row["name"] = kind;
  row["n"] = s.n;
  row["mean"] = s.mean_first;
  row["mean_duplicate"] = s.mean_second;
  row["bias_pct"] = s.bias_pct;
  row["r"] = s.r;
  row["median_hard_pct"] = s.median_hard_pct;
  row["mean_hard_pct"] = s.mean_hard_pct;
  row["within_10_pct_hard_pct"] = s.within_10_hard_pct;
  row["rms_cv_pct"] = s.rms_cv_pct;
  row["precision_pct"] = s.precision_pct;
  row["left_out"] = s.left_out;
  return row;
}

void add_standards(const Table& table, const Names& values, Outcome& outcome) {
  const auto names =
      table.texts(need_column(table, "standard's name",
                              {"standard", "crm", "material", "standard_id", "crm_id"})
                      .name);
  for (const std::string& value : values) {
    const Column& expected = need_column(table, "certified value",
                                         {value + "_expected", value + "_certified", "expected",
                                          "certified", "expected_pct", "expected_ppm"});
    const Column& sd = need_column(table, "certificate's standard deviation",
                                   {value + "_sd", "sd", "std_dev", "sd_pct", "sd_ppm"});
    for (const StandardSummary& s :
         summarise_standards(names, table.numbers(value), in_unit_of(table, expected, value),
                             in_unit_of(table, sd, value), table.name, outcome.findings))
      outcome.results.push_back(standard_row(value, s));
  }
}

// The limit of a value's blanks, in the column's own unit.
double blank_limit(const Arguments& arguments, const Column& column) {
  const std::string text = arguments.text("blank-limit");
  if (text.empty())
    throw Error("usage.qaqc", "there are blanks, and --blank-limit says no limit",
                "drillholes qaqc", "Say above which value a blank failed, e.g. '5 ppm'.");
  const std::string unit = unit_of(column);
  const auto bare = parse_number(text);
  if (unit.empty() && bare) return *bare;
  const auto cut = text.find_first_not_of("+-.0123456789eE ");
  const auto number =
      cut == std::string::npos ? std::nullopt : parse_number(trim(text.substr(0, cut)));
  const auto ratio = cut == std::string::npos
                         ? std::nullopt
                         : unit_ratio(trim(std::string_view(text).substr(cut)), unit);
  if (!number || !ratio)
    throw Error(
        "usage.blank_limit",
        "'" + printable(text) + "' is no amount in " + (unit.empty() ? "a bare number" : unit),
        "--blank-limit",
        unit.empty() ? "The column says no unit: give a bare number, or --field-unit."
                     : "Write it like '5 " + unit + "'.");
  return in_unit(*number, *ratio);
}

void add_blanks(const Arguments& arguments, const Table& table, const Names& values,
                Outcome& outcome) {
  for (const std::string& value : values) {
    const Column* previous = usual_column(table, {value + "_previous", "previous"});
    const std::vector<double> before =
        previous != nullptr ? in_unit_of(table, *previous, value) : std::vector<double>{};
    outcome.results.push_back(blank_row(
        value, summarise_blanks(table.numbers(value), blank_limit(arguments, table.at(value)),
                                before, table.name + ", " + value, outcome.findings)));
  }
}

// The value against its duplicate, or the original against the value.
void add_duplicates(const Table& table, const Names& values, Outcome& outcome) {
  const Column* kind = usual_column(table, {"kind", "type", "duplicate_type"});
  for (const std::string& value : values) {
    const Column* original =
        usual_column(table, {value + "_original", "original", "original_pct", "original_ppm"});
    const auto own = table.numbers(value);
    const auto other = in_unit_of(
        table,
        original != nullptr
            ? *original
            : need_column(table, "duplicate",
                          {value + "_duplicate", value + "_dup", value + "_2", "duplicate"}),
        value);
    std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> groups;
    const auto kinds = kind != nullptr ? table.texts(kind->name) : Names(own.size(), "all");
    for (std::size_t i = 0; i < own.size(); ++i) {
      groups[kinds[i]].first.push_back(original != nullptr ? other[i] : own[i]);
      groups[kinds[i]].second.push_back(original != nullptr ? own[i] : other[i]);
    }
    for (const auto& [name, pair] : groups) {
      const DuplicateSummary s = summarise_duplicates(pair.first, pair.second);
      if (s.left_out > 0)
        outcome.findings.add(
            "qaqc.left_out", Severity::warning, table.name + ", " + value + ", " + printable(name),
            "pairs with a missing value or without a positive sum took no part", s.left_out);
      outcome.results.push_back(duplicate_row(value, name, s));
    }
  }
}

// One table of all control samples, told apart by the column `kind`.
void add_all(const Arguments& arguments, const Table& table, Outcome& outcome) {
  const Names values = values_of(arguments, table);
  const auto kinds =
      table.texts(need_column(table, "kind of control sample", {"kind", "type", "qc_type"}).name);
  const Table standards = rows_of_kind(table, kinds, "standard");
  const Table blanks = rows_of_kind(table, kinds, "blank");
  const Table duplicates = rows_of_kind(table, kinds, "duplicate");
  if (standards.rows() > 0) add_standards(standards, values, outcome);
  if (blanks.rows() > 0) add_blanks(arguments, blanks, values, outcome);
  if (duplicates.rows() > 0) add_duplicates(duplicates, values, outcome);
  const std::size_t other = table.rows() - standards.rows() - blanks.rows() - duplicates.rows();
  if (other > 0)
    outcome.findings.add("qaqc.other_kind", Severity::warning, table.name,
                         "rows that are no standard, blank or duplicate took no part", other);
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  if (arguments.has("assays"))
    add_all(arguments, read_control(arguments, session, "assays", outcome), outcome);
  if (arguments.has("standards")) {
    const Table table = read_control(arguments, session, "standards", outcome);
    add_standards(table, values_of(arguments, table), outcome);
  }
  if (arguments.has("blanks")) {
    const Table table = read_control(arguments, session, "blanks", outcome);
    add_blanks(arguments, table, values_of(arguments, table), outcome);
  }
  if (arguments.has("duplicates")) {
    const Table table = read_control(arguments, session, "duplicates", outcome);
    add_duplicates(table, values_of(arguments, table), outcome);
  }
  refuse_unmet_units(arguments, session);
  std::size_t failures = 0;
  for (const Json& row : outcome.results.items())
    failures += row.has("failures") ? static_cast<std::size_t>(row.at("failures").as_integer()) : 0;
  outcome.summary["rows"] = outcome.results.size();
  outcome.summary["failures"] = failures;
  outcome.shown = {"kind", "value", "name", "n", "mean", "bias_pct", "failures", "precision_pct"};
  enforce_strict(session, outcome.findings);
  return outcome;
}

}  // namespace

Command drillholes_qaqc_command() {
  Command command;
  command.name = "drillholes qaqc";
  command.summary = "how good the assays are: certified standards, blanks and duplicates";
  command.group = "Deposit";
  command.parameters = {
      {.name = "assays",
       .kind = Kind::table,
       .help = "control samples of all kinds, with a column kind: standard, blank, duplicate",
       .aliases = {"controls"}},
      {.name = "standards",
       .kind = Kind::table,
       .help = "standard, the value, and its expected and sd (VALUE_expected, VALUE_sd)"},
      {.name = "blanks",
       .kind = Kind::table,
       .help = "the value, and perhaps that of the sample before (VALUE_previous)"},
      {.name = "duplicates",
       .kind = Kind::table,
       .help = "the value and its duplicate (VALUE_duplicate), perhaps kind"},
      {.name = "blank-limit", .help = "a blank above it failed: '5 ppm'"},
      {.name = "value",
       .help = "columns of the tables, with commas between; else value, value_pct, value_ppm",
       .repeatable = true}};
  for (Parameter& parameter : command.parameters) parameter.group = "Quality control";
  for (const Parameter& parameter : reading_parameters())
    for (const char* name : {"field-unit", "encoding", "missing", "below-detection"})
      if (parameter.name == name) command.parameters.push_back(parameter);
  command.setup = [](const Arguments& arguments) {
    if (!arguments.has("assays") && !arguments.has("standards") && !arguments.has("blanks") &&
        !arguments.has("duplicates"))
      throw Error("usage.qaqc", "no control samples are named", "drillholes qaqc",
                  "Give --assays with a column kind, or --standards, --blanks, --duplicates.");
    if (arguments.has("blanks") && !arguments.has("blank-limit"))
      throw Error("usage.qaqc", "--blanks and --blank-limit go together", "drillholes qaqc",
                  "Say above which value a blank failed, e.g. --blank-limit '5 ppm'.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
