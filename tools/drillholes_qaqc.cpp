#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/qaqc.h"
#include "tools/command.h"
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

Layer read_control(const Arguments& arguments, const Session& session, const char* option,
                   Outcome& outcome) {
  ReadOptions reading = other_read_options(arguments, session);
  Layer layer = read_table(arguments.text(option), reading, session.progress.part(0.0, 0.9));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  return layer;
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

void add_standards(const Arguments& arguments, const Session& session, const Names& values,
                   Outcome& outcome) {
  const Layer layer = read_control(arguments, session, "standards", outcome);
  const Table& table = layer.table;
  const auto names =
      table.texts(need_column(table, "standard's name",
                              {"standard", "crm", "material", "standard_id", "crm_id"})
                      .name);
  for (const std::string& value : values) {
    const auto expected = table.numbers(
        need_column(table, "certified value",
                    {value + "_expected", value + "_certified", "expected", "certified"})
            .name);
    const auto sd = table.numbers(
        need_column(table, "certificate's standard deviation", {value + "_sd", "sd", "std_dev"})
            .name);
    for (const StandardSummary& s : summarise_standards(names, table.numbers(value), expected, sd,
                                                        table.name, outcome.findings))
      outcome.results.push_back(standard_row(value, s));
  }
}

// The limit of a value's blanks, in the column's own unit.
double blank_limit(const Arguments& arguments, const Column& column) {
  const std::string text = arguments.text("blank-limit");
  const std::string unit = column.unit.empty() ? unit_of_field_name(column.name) : column.unit;
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
  return *number * *ratio;
}

void add_blanks(const Arguments& arguments, const Session& session, const Names& values,
                Outcome& outcome) {
  const Layer layer = read_control(arguments, session, "blanks", outcome);
  const Table& table = layer.table;
  for (const std::string& value : values) {
    const Column* previous = usual_column(table, {value + "_previous", "previous"});
    outcome.results.push_back(blank_row(
        value, summarise_blanks(
                   table.numbers(value), blank_limit(arguments, table.at(value)),
                   previous != nullptr ? table.numbers(previous->name) : std::vector<double>{},
                   table.name + ", " + value, outcome.findings)));
  }
}

void add_duplicates(const Arguments& arguments, const Session& session, const Names& values,
                    Outcome& outcome) {
  const Layer layer = read_control(arguments, session, "duplicates", outcome);
  const Table& table = layer.table;
  const Column* kind = usual_column(table, {"kind", "type", "duplicate_type"});
  for (const std::string& value : values) {
    const auto first = table.numbers(value);
    const auto second =
        table.numbers(need_column(table, "duplicate",
                                  {value + "_duplicate", value + "_dup", value + "_2", "duplicate"})
                          .name);
    std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> groups;
    const auto kinds = kind != nullptr ? table.texts(kind->name) : Names(first.size(), "all");
    for (std::size_t i = 0; i < first.size(); ++i) {
      groups[kinds[i]].first.push_back(first[i]);
      groups[kinds[i]].second.push_back(second[i]);
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

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Names values = list_of(arguments, "value");
  if (arguments.has("standards")) add_standards(arguments, session, values, outcome);
  if (arguments.has("blanks")) add_blanks(arguments, session, values, outcome);
  if (arguments.has("duplicates")) add_duplicates(arguments, session, values, outcome);
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
       .help = "columns of the tables, with commas between",
       .required = true,
       .repeatable = true}};
  for (Parameter& parameter : command.parameters) parameter.group = "Quality control";
  for (const Parameter& parameter : reading_parameters())
    for (const char* name : {"field-unit", "encoding", "missing", "below-detection"})
      if (parameter.name == name) command.parameters.push_back(parameter);
  command.setup = [](const Arguments& arguments) {
    if (!arguments.has("standards") && !arguments.has("blanks") && !arguments.has("duplicates"))
      throw Error("usage.qaqc", "no control samples are named", "drillholes qaqc",
                  "Give --standards, --blanks, --duplicates, or several of them.");
    if (arguments.has("blanks") != arguments.has("blank-limit"))
      throw Error("usage.qaqc", "--blanks and --blank-limit go together", "drillholes qaqc",
                  "Say above which value a blank failed, e.g. --blank-limit '5 ppm'.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
