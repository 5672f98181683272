// A command declared once: from its parameters come parsing, help, `describe` and the manual page.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/json.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/quantity.h"
#include "libgeo/io/layer.h"
#include "libgeo/io/writers.h"

namespace lode::tools {

enum class Kind {
  vector_layer,  ///< path or path:layer of a vector input
  table,         ///< a table, with or without places
  raster,
  file,        ///< any other input file
  file_out,    ///< an output file
  vector_out,  ///< a layer to write
  folder_out,
  field,              ///< a field of the parent parameter's layer
  field_or_quantity,  ///< F|Q: a field's name, or a quantity with its unit
  quantity,           ///< a number with a unit of `dimension`
  number,
  integer,
  text,
  choice,
  flag,
  crs,
  date,
};

/// One parameter. `name` is the long option without dashes, or the word of a positional one.
struct Parameter {
  std::string name;
  Kind kind = Kind::text;
  std::string help;
  bool positional = false;
  bool required = false;
  bool repeatable = false;                  ///< may stand several times (positional: several words)
  Dimension dimension = Dimension::number;  ///< of quantities
  std::vector<std::string> choices;
  std::string default_text;  ///< printed as it is; "" = none
  std::string range;         ///< for people: "0 to 1"
  std::optional<double> minimum, maximum;
  std::string parent;                ///< of fields: the parameter whose layer they are of
  std::vector<std::string> aliases;  ///< other spellings, e.g. "-o", "normalize"
  std::string group;                 ///< heading in help: "Reading", "Result", ...
  std::string bare_text;             ///< value when the option stands alone; "" = it needs one
};

/// What the user asked for, checked against the declaration.
class Arguments {
 public:
  [[nodiscard]] bool has(const std::string& name) const;  ///< said by the user
  [[nodiscard]] bool flag(const std::string& name) const;
  /// The text as said, or the default; "" when neither.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const;
  [[nodiscard]] double number(const std::string& name) const;  ///< NaN when not said and no default
  [[nodiscard]] long integer(const std::string& name) const;
  /// In the base unit of the parameter's dimension; NaN when not said and no default.
  [[nodiscard]] double quantity(const std::string& name) const;

  std::map<std::string, std::vector<std::string>> values;  ///< said
  std::map<std::string, const Parameter*> parameters;      ///< by name
};

/// JSON has no NaN and no infinity: null.
[[nodiscard]] Json number_or_null(double value);

/// What a run has to say; printed as JSON or as a table for people.
struct Outcome {
  std::vector<Source> inputs;
  Json results = Json::array();
  Json summary = Json::object();
  Findings findings;
  std::vector<OutputSet::Written> outputs;
  /// Further results, made one by one while the JSON is printed: nobody holds them all.
  std::size_t streamed = 0;
  std::function<Json(std::size_t)> streamed_row;
  /// Columns of the table for people, in order; empty = the keys of the first result that are
  /// plain values.
  std::vector<std::string> shown;
  std::string table;         ///< printed for people instead of the table of results, when not empty
  std::string text;          ///< printed for people instead of table and summary, when not empty
  bool always_json = false;  ///< JSON on stdout whether asked for or not
  /// Set when findings of severity error make the exit code 1 although there are results.
  bool failed = false;
};

/// What a run is given besides its arguments.
struct Session {
  Progress progress;
  int jobs = 0;
  std::uint64_t seed = 1;
  bool overwrite = false;
  bool strict = false;  ///< a finding of warning or worse must end in `Error` before any output
  bool dry_run = false;
  bool json = false;  ///< the result is wanted as JSON, with every key
  /// Fields of --field-unit that some input had.
  std::shared_ptr<std::set<std::string>> units_met = std::make_shared<std::set<std::string>>();
  /// When set, takes the layers of --output, said or not: for who wants them in memory.
  std::shared_ptr<std::vector<OutputLayer>> kept;
};

struct Command {
  std::string name;     ///< "volume outline"
  std::string summary;  ///< one line
  std::string group;    ///< Data, Deposit, Permits, Environment, Logistics, Ranking, Supply, Study
  std::vector<Parameter> parameters;
  /// Checks what can be checked without touching a file. Error "usage.*" (exit 2).
  std::function<void(const Arguments&)> setup;
  std::function<Outcome(const Arguments&, const Session&)> run;
};

/// All commands, in the order of the manual. Defined by commands.cpp from commands.list.
[[nodiscard]] const std::vector<Command>& commands();

// Parts shared by the commands' declarations.
[[nodiscard]] std::vector<Parameter>
reading_parameters();  ///< --layer --where --bbox --input-crs ...
[[nodiscard]] std::vector<Parameter> output_parameters();  ///< -o --format --crs
[[nodiscard]] std::vector<Parameter> naming_parameters();  ///< --id --name
void append(std::vector<Parameter>& to, const std::vector<Parameter>& more);

/// ReadOptions from the reading parameters (and --jobs).
[[nodiscard]] ReadOptions read_options(const Arguments& arguments, const Session& session);
/// The same for a command's further inputs: --layer, --where, --bbox, --x, --y and --fields are the
/// first input's alone.
[[nodiscard]] ReadOptions other_read_options(const Arguments& arguments, const Session& session);
/// Adds `count` rows to the results, deaf to no stop. People see the columns of `outcome.shown`
/// alone (set it before), so only those are kept for them: JSON of 1e6 rows takes 10 GB.
void add_results(const Session& session, Outcome& outcome, std::size_t count,
                 const std::function<Json(std::size_t)>& row);
/// The same where rows are long and many: JSON is made while it is printed, so `row` must hold what
/// it needs.
void stream_results(const Session& session, Outcome& outcome, std::size_t count,
                    const std::function<Json(std::size_t)>& row);
/// Whether the layers of -o are to be made: to be written, or to be kept.
[[nodiscard]] bool wants_output(const Arguments& arguments, const Session& session);
/// Writes `layer` to -o when it was asked for, in --crs when said; checks --strict first.
void write_output(const Arguments& arguments, const Session& session, OutputLayer layer,
                  Outcome& outcome);
/// The same with several layers, for formats that hold them.
void write_output(const Arguments& arguments, const Session& session,
                  std::vector<OutputLayer> layers, Outcome& outcome);
/// Writes a layer beside the main result, to the path of another option.
void write_beside(const Arguments& arguments, const Session& session, const std::string& option,
                  OutputLayer layer, Outcome& outcome);
/// Throws Error "strict.finding" when --strict and a finding is a warning or worse.
void enforce_strict(const Session& session, const Findings& findings);
/// Error "usage.field_unit" when no input had a field of --field-unit: a slip in its name would
/// leave the true field as it was.
void refuse_unmet_units(const Arguments& arguments, const Session& session);

}  // namespace lode::tools
