#include "tools/params.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/crs.h"

namespace lode::tools {

namespace {

const std::string hint_help = "'lode help' lists the commands, 'lode help COMMAND' its options.";

[[noreturn]] void usage(const std::string& code, const std::string& what, const std::string& where,
                        const std::string& hint) {
  throw Error("usage." + code, what, where, hint);
}

std::string where_of(const Parameter& parameter) {
  return parameter.positional ? parameter.name : "--" + parameter.name;
}

void check_choice(const Parameter& parameter, const std::string& value) {
  if (std::find(parameter.choices.begin(), parameter.choices.end(), value) !=
      parameter.choices.end())
    return;
  // The choices stand in the message; a hint that lists them again says nothing new.
  const auto near = nearest_name(value, parameter.choices);
  usage("choice", "'" + printable(value) + "' is not one of " + join(parameter.choices, ", "),
        where_of(parameter), near ? "Did you mean '" + *near + "'?" : "");
}

void check_number(const Parameter& parameter, const std::string& value) {
  const auto number = parse_number(value);
  if (!number || (parameter.kind == Kind::integer && *number != std::floor(*number)))
    usage("number",
          "'" + printable(value) + "' is not " +
              (parameter.kind == Kind::integer ? "a whole number" : "a number"),
          where_of(parameter), parameter.range.empty() ? "" : "Range: " + parameter.range + ".");
  if ((parameter.minimum && *number < *parameter.minimum) ||
      (parameter.maximum && *number > *parameter.maximum))
    usage("range", value + " is out of range", where_of(parameter),
          "Range: " + parameter.range + ".");
}

/// The range as it was written for people, else its ends in base units.
std::string range_words(const Parameter& parameter) {
  if (!parameter.range.empty()) return parameter.range;
  const std::string unit = " " + std::string(base_unit(parameter.dimension));
  if (!parameter.maximum) return "at least " + number_text(*parameter.minimum) + unit;
  if (!parameter.minimum) return "at most " + number_text(*parameter.maximum) + unit;
  return number_text(*parameter.minimum) + " to " + number_text(*parameter.maximum) + unit;
}

void check_quantity(const Parameter& parameter, const std::string& value) {
  std::vector<double> numbers;
  try {
    if (parameter.kind == Kind::field_or_quantity)
      numbers = {parse_quantity(value, parameter.dimension, where_of(parameter))};
    else
      numbers = parse_quantities(value, parameter.dimension, where_of(parameter));
  } catch (const Error& error) {
    usage("quantity", error.what(), where_of(parameter), error.hint);
  }
  for (const double number : numbers)
    if ((parameter.minimum && number < *parameter.minimum) ||
        (parameter.maximum && number > *parameter.maximum))
      usage("range", value + " is out of range", where_of(parameter),
            "Range: " + range_words(parameter) + ".");
}

void check_crs(const Parameter& parameter, const std::string& value) {
  try {
    (void)parse_crs(value, where_of(parameter));
  } catch (const Error& error) {
    usage("crs", error.what(), where_of(parameter), error.hint);
  }
}

void check_value(const Parameter& parameter, const std::string& value) {
  if (!is_valid_utf8(value))
    usage("encoding", "the value is not valid UTF-8", where_of(parameter), "Write it in UTF-8.");
  switch (parameter.kind) {
    case Kind::choice:
      return check_choice(parameter, value);
    case Kind::number:
    case Kind::integer:
      return check_number(parameter, value);
    case Kind::quantity:
      return check_quantity(parameter, value);
    case Kind::field_or_quantity:
      if (looks_like_quantity(value)) check_quantity(parameter, value);
      return;
    case Kind::crs:
      return check_crs(parameter, value);
    case Kind::date:
      if (!parse_date(value))
        usage("date", "'" + printable(value) + "' is no calendar day", where_of(parameter),
              "Write it as 2026-11-01.");
      return;
    default:
      if (value.empty()) usage("empty", "the value is empty", where_of(parameter), "");
  }
}

std::vector<Parameter> all_parameters(const Command& command) {
  std::vector<Parameter> all = command.parameters;
  append(all, common_parameters());
  return all;
}

/// "--output,-o" for CLI11, with the aliases.
std::string option_names(const Parameter& parameter) {
  if (parameter.positional) return parameter.name;
  std::string names = "--" + parameter.name;
  for (const auto& alias : parameter.aliases)
    names += "," + (alias.front() == '-' ? alias : "--" + alias);
  return names;
}

std::vector<std::string> long_names(const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  for (const auto& parameter : parameters) {
    if (parameter.positional) continue;
    names.push_back("--" + parameter.name);
    for (const auto& alias : parameter.aliases)
      if (alias.front() != '-') names.push_back("--" + alias);
  }
  return names;
}

/// What CLI11 says, in our words, with the option that was likely meant.
[[noreturn]] void rethrow(const CLI::ParseError& error, const Command& command,
                          const std::vector<Parameter>& parameters, CLI::App& app) {
  const std::string help = "'lode help " + command.name + "' lists the options.";
  // A mistyped option first: its value then counts as an argument too many, or it is itself the
  // required one that is missing.
  const auto extras = app.remaining();
  for (const auto& extra : extras) {
    if (!extra.starts_with("-") || looks_like_quantity(extra)) continue;
    const std::string name = extra.substr(0, extra.find('='));
    const auto near = nearest_name(name, long_names(parameters));
    usage("option", "there is no option '" + printable(name) + "'", "lode " + command.name,
          near ? "Did you mean '" + *near + "'?" : help);
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error))
    usage("extra",
          "'" + printable(extras.empty() ? "" : extras.front()) + "' is one argument too many",
          "lode " + command.name, help);
  if (dynamic_cast<const CLI::RequiredError*>(&error)) {
    for (const auto& parameter : parameters) {
      if (!parameter.required ||
          app.get_option_no_throw(parameter.positional ? parameter.name : "--" + parameter.name)
                  ->count() > 0)
        continue;
      usage("missing", where_of(parameter) + " is missing: " + parameter.help,
            "lode " + command.name, "Usage: " + usage_line(command));
    }
  }
  std::string text = error.what();
  usage("arguments", text, "lode " + command.name, help);
}

std::string value_word(const Parameter& parameter) {
  switch (parameter.kind) {
    case Kind::flag:
      return "";
    case Kind::field:
      return "FIELD";
    case Kind::field_or_quantity:
      return "FIELD|QUANTITY";
    case Kind::quantity:
      return "QUANTITY";
    case Kind::number:
      return "NUMBER";
    case Kind::integer:
      return "N";
    case Kind::choice:
      return join(parameter.choices, "|");
    case Kind::crs:
      return "CRS";
    case Kind::date:
      return "DATE";
    case Kind::text:
      return "TEXT";
    case Kind::folder_out:
      return "DIR";
    default:
      return "PATH";
  }
}

std::string names_text(const Parameter& parameter) {
  if (parameter.positional) return parameter.name;
  std::string text;
  for (const auto& alias : parameter.aliases)
    if (alias.front() == '-') text += alias + ", ";
  return text + "--" + parameter.name;
}

std::string detail_text(const Parameter& parameter) {
  std::string text = parameter.help;
  std::vector<std::string> facts;
  if (parameter.kind == Kind::quantity || parameter.kind == Kind::field_or_quantity) {
    auto fitting = units_of(parameter.dimension);
    if (fitting.size() > 6) fitting.resize(6);
    facts.push_back("units: " + join(fitting, " "));
  }
  if (!parameter.range.empty()) facts.push_back("range: " + parameter.range);
  if (!parameter.default_text.empty()) facts.push_back("default: " + parameter.default_text);
  if (parameter.repeatable) facts.push_back("may be repeated");
  if (!facts.empty()) text += " [" + join(facts, "; ") + "]";
  return text;
}

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  for (const auto& word : split(text, ' ')) {
    if (column > indent && column + word.size() + 1 > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::vector<std::string> group_names(const std::vector<Parameter>& parameters) {
  std::vector<std::string> groups;
  for (const auto& parameter : parameters) {
    const std::string group = parameter.positional      ? "Arguments"
                              : parameter.group.empty() ? "Options"
                                                        : parameter.group;
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  return groups;
}

bool in_group(const Parameter& parameter, const std::string& group) {
  return group == (parameter.positional      ? "Arguments"
                   : parameter.group.empty() ? "Options"
                                             : parameter.group);
}

}  // namespace

std::string_view to_text(Kind kind) {
  switch (kind) {
    case Kind::vector_layer:
      return "vector";
    case Kind::table:
      return "table";
    case Kind::raster:
      return "raster";
    case Kind::file:
      return "file";
    case Kind::file_out:
      return "file_out";
    case Kind::vector_out:
      return "vector_out";
    case Kind::folder_out:
      return "folder_out";
    case Kind::field:
      return "field";
    case Kind::field_or_quantity:
      return "field_or_quantity";
    case Kind::quantity:
      return "quantity";
    case Kind::number:
      return "number";
    case Kind::integer:
      return "integer";
    case Kind::text:
      return "text";
    case Kind::choice:
      return "choice";
    case Kind::flag:
      return "flag";
    case Kind::crs:
      return "crs";
    case Kind::date:
      return "date";
  }
  return "text";
}

NamedCommand find_command(const std::vector<std::string>& words) {
  NamedCommand best;
  for (const auto& command : commands()) {
    const auto parts = split(command.name, ' ');
    if (parts.size() > words.size() || parts.size() <= best.words) continue;
    if (std::equal(parts.begin(), parts.end(), words.begin())) best = {&command, parts.size()};
  }
  return best;
}

std::vector<double> option_quantities(const std::string& text, Dimension dimension,
                                      const std::string& where) {
  try {
    return parse_quantities(text, dimension, where);
  } catch (const Error& error) {
    usage("quantity", error.what(), where, error.hint);
  }
}

Arguments parse_arguments(const Command& command, const std::vector<std::string>& words) {
  // The declaration outlives every run: commands() is static, and so are the common parameters.
  CLI::App app;
  app.set_help_flag();
  app.allow_extras(false);
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, bool> flags;
  const std::vector<Parameter> parameters = all_parameters(command);
  for (const auto& parameter : parameters) {
    if (parameter.kind == Kind::flag) {
      app.add_flag(option_names(parameter), flags[parameter.name]);
      continue;
    }
    auto* option = app.add_option(option_names(parameter), values[parameter.name]);
    option->expected(parameter.bare_text.empty() ? 1 : 0,
                     parameter.repeatable ? CLI::detail::expected_max_vector_size : 1);
    option->allow_extra_args(parameter.repeatable);  // else the first argument takes the second too
    option->required(parameter.required);
    // A second --layer is an error, not a silent overrule.
    option->multi_option_policy(parameter.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                                     : CLI::MultiOptionPolicy::Throw);
  }
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    rethrow(error, command, parameters, app);
  }
  std::map<std::string, std::vector<std::string>> all;
  for (const auto& [name, said] : flags)
    if (said) all[name] = {"true"};
  for (const auto& parameter : parameters) {
    auto& texts = values[parameter.name];
    const bool said = parameter.kind != Kind::flag && !parameter.positional &&
                      app.get_option("--" + parameter.name)->count() > 0;
    if (said && !parameter.bare_text.empty() && (texts.empty() || texts.front().empty()))
      texts = {parameter.bare_text};
    if (!texts.empty()) all[parameter.name] = texts;
  }
  return check_arguments(command, std::move(all));
}

Arguments check_arguments(const Command& command,
                          std::map<std::string, std::vector<std::string>> values) {
  Arguments arguments;
  arguments.values = std::move(values);
  const auto keep = [&](const std::vector<Parameter>& list) {
    for (const auto& parameter : list) {
      arguments.parameters[parameter.name] = &parameter;
      const auto said = arguments.values.find(parameter.name);
      if (said == arguments.values.end() || parameter.kind == Kind::flag) continue;
      for (const auto& value : said->second) check_value(parameter, value);
    }
  };
  keep(command.parameters);
  keep(common_parameters());
  return arguments;
}

std::string usage_line(const Command& command) {
  std::string line = "lode " + command.name;
  for (const auto& parameter : command.parameters) {
    if (!parameter.positional) continue;
    const std::string word = parameter.name + (parameter.repeatable ? "..." : "");
    line += parameter.required ? " " + word : " [" + word + "]";
  }
  for (const auto& parameter : command.parameters)
    if (!parameter.positional && parameter.required)
      line += " --" + parameter.name + " " + value_word(parameter);
  return line + " [options]";
}

std::string help_text(const Command& command) {
  std::string text =
      "lode " + command.name + ": " + command.summary + "\n\nUsage: " + usage_line(command) + "\n";
  const auto parameters = all_parameters(command);
  for (const auto& group : group_names(parameters)) {
    text += "\n" + group + ":\n";
    for (const auto& parameter : parameters) {
      if (!in_group(parameter, group)) continue;
      const std::string word = parameter.positional ? "" : value_word(parameter);
      const std::string left = "  " + names_text(parameter) + (word.empty() ? "" : " " + word);
      text += left;
      text += left.size() < 30 ? std::string(30 - left.size(), ' ') : "\n" + std::string(30, ' ');
      text += wrapped(detail_text(parameter), 30, 100) + "\n";
    }
  }
  return text + "\nManual page: man lode-" + join(split(command.name, ' '), "-") + "\n";
}

std::string overview_text() {
  std::string text =
      "lode: assesses mineral deposits, rare earths first.\n\n"
      "Usage: lode COMMAND [SUBCOMMAND] INPUT... [options]\n";
  std::vector<std::string> groups;
  std::size_t width = 0;  // of the names, so that all summaries begin in one column
  for (const auto& command : commands()) {
    width = std::max(width, command.name.size());
    if (std::find(groups.begin(), groups.end(), command.group) == groups.end())
      groups.push_back(command.group);
  }
  for (const auto& group : groups) {
    text += "\n" + group + ":\n";
    for (const auto& command : commands()) {
      if (command.group != group) continue;
      text += "  " + command.name + std::string(width - command.name.size() + 2, ' ') +
              command.summary + "\n";
    }
  }
  return text +
         "\n'lode help COMMAND' or 'lode COMMAND --help' shows the options, 'lode --version' the "
         "version.\nA first run: lode study run sample_data/us_allied_ree/study.toml -o results\n";
}

std::string options_markdown(const Command& command) {
  std::string text;
  const auto parameters = all_parameters(command);
  for (const auto& group : group_names(parameters)) {
    text += "## " + group + "\n\n";
    for (const auto& parameter : parameters) {
      if (!in_group(parameter, group)) continue;
      const std::string word = parameter.positional ? "" : value_word(parameter);
      text += "`" + names_text(parameter) + (word.empty() ? "" : " " + word) +
              "`\n:   " + detail_text(parameter) + "\n\n";
    }
  }
  return text;
}

Json describe(const Command& command) {
  Json json;
  json["command"] = command.name;
  json["summary"] = command.summary;
  json["group"] = command.group;
  json["parameters"] = Json::array();
  for (const auto& parameter : all_parameters(command)) {
    Json one;
    one["name"] = parameter.name;
    one["kind"] = to_text(parameter.kind);
    one["positional"] = parameter.positional;
    one["required"] = parameter.required;
    one["repeatable"] = parameter.repeatable;
    const bool quantity =
        parameter.kind == Kind::quantity || parameter.kind == Kind::field_or_quantity;
    one["unit"] = quantity ? Json(base_unit(parameter.dimension)) : Json();
    one["units"] = quantity ? Json(units_of(parameter.dimension)) : Json::array();
    one["choices"] = parameter.choices;
    one["range"] = parameter.range.empty() ? Json() : Json(parameter.range);
    one["default"] = parameter.default_text.empty() ? Json() : Json(parameter.default_text);
    one["parent"] = parameter.parent.empty() ? Json() : Json(parameter.parent);
    one["group"] = parameter.group;
    one["help"] = parameter.help;
    json["parameters"].push_back(one);
  }
  return json;
}

bool Arguments::has(const std::string& name) const {
  return values.count(name) > 0;
}

bool Arguments::flag(const std::string& name) const {
  return has(name);
}

std::string Arguments::text(const std::string& name) const {
  if (const auto said = values.find(name); said != values.end()) return said->second.front();
  if (const auto known = parameters.find(name); known != parameters.end())
    return known->second->default_text;
  return {};
}

std::vector<std::string> Arguments::texts(const std::string& name) const {
  if (const auto said = values.find(name); said != values.end()) return said->second;
  const std::string fallback = text(name);
  return fallback.empty() ? std::vector<std::string>{} : std::vector<std::string>{fallback};
}

double Arguments::number(const std::string& name) const {
  const auto value = parse_number(text(name));
  return value ? *value : std::numeric_limits<double>::quiet_NaN();
}

long Arguments::integer(const std::string& name) const {
  const double value = number(name);
  return std::isnan(value) ? 0 : static_cast<long>(value);
}

double Arguments::quantity(const std::string& name) const {
  const std::string value = text(name);
  if (value.empty()) return std::numeric_limits<double>::quiet_NaN();
  return parse_quantity(value, parameters.at(name)->dimension, "--" + name);
}

void append(std::vector<Parameter>& to, const std::vector<Parameter>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace lode::tools
