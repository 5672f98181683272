// Programmes as text: names that LP files can take, and the file itself.
#include <cctype>
#include <cmath>
#include <set>
#include <string_view>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

namespace {

// Words that begin a part of an LP file, or mean a number there.
constexpr std::string_view taken[] = {
    "max",    "maximize", "maximise", "maximum",  "min",   "minimize", "minimise", "minimum",
    "st",     "s.t.",     "st.",      "subject",  "such",  "bound",    "bounds",   "general",
    "gen",    "generals", "integer",  "integers", "int",   "binary",   "binaries", "bin",
    "free",   "inf",      "infinity", "end",      "semi",  "sos",      "sos1",     "sos2",
    "ranges", "to",       "that",     "semis",    "range", "obj"};
constexpr const char* constant_name = "objective_constant";

void check_name(const std::string& name, const std::string& what, std::set<std::string>& names) {
  const auto fault = [&](const std::string& why) {
    throw Error("supply.programme", "the name '" + printable(name) + "' " + why, what,
                "Use letters, digits, _ and . only, and each name once.");
  };
  if (name.empty()) fault("is empty");
  if (name.size() > 200) fault("is longer than 200 characters");
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '.')
      fault("holds more than letters, digits, _ and .");
  const auto digit = [&](std::size_t k) {
    return k < name.size() && std::isdigit(static_cast<unsigned char>(name[k])) != 0;
  };
  if (digit(0) || name[0] == '.') fault("begins like a number");
  // "3 e2" would be 300.
  if ((name[0] == 'e' || name[0] == 'E') && (name.size() == 1 || digit(1)))
    fault("reads like an exponent");
  const std::string word = lower(name);
  for (const auto one : taken)
    if (word == one) fault("is a word of LP files");
  if (word == constant_name) fault("is kept for the constant of the objective");
  if (!names.insert(name).second) fault("stands twice");
}

void check_bounds(double low, double high, const std::string& name) {
  if (std::isnan(low) || std::isnan(high) || low == unbounded_value || high == -unbounded_value)
    throw Error("supply.programme", "a bound is no number", name);
}

std::string term_text(double factor, const std::string& name) {
  return std::string(std::signbit(factor) ? " - " : " + ") + number_text(std::abs(factor)) + " " +
         name;
}

/// Lines of a few terms each: readers have short lines.
class Wrapped {
 public:
  explicit Wrapped(std::string& text) : text_(text) {}
  void add(const std::string& piece) {
    if (count_ > 0 && count_ % 4 == 0) text_ += "\n ";
    text_ += piece;
    ++count_;
  }

 private:
  std::string& text_;
  std::size_t count_ = 0;
};

void row_line(const Programme& programme, const Programme::Row& row, const std::string& name,
              const std::string& relation, double side, std::string& text) {
  text += name.empty() ? " " : " " + name + ":";
  Wrapped line(text);
  for (const auto& [variable, factor] : row.terms)
    line.add(term_text(factor, programme.variables[variable].name));
  if (row.terms.empty())
    line.add(" 0 " + (programme.variables.empty() ? constant_name : programme.variables[0].name));
  text += " " + relation + " " + number_text(side) + "\n";
}

void bound_line(const Programme::Variable& variable, std::string& text) {
  const bool low = std::isfinite(variable.low), high = std::isfinite(variable.high);
  const std::string& name = variable.name;
  if (!low && !high)
    text += " " + name + " free\n";
  else if (low && high && variable.low == variable.high)
    text += " " + name + " = " + number_text(variable.low) + "\n";
  else if (!low)
    text += " -inf <= " + name + " <= " + number_text(variable.high) + "\n";
  else if (high)
    text += " " + number_text(variable.low) + " <= " + name + " <= " + number_text(variable.high) +
            "\n";
  else if (variable.low != 0.0 || variable.integer)
    // Some readers end whole variables at 1 unless told otherwise.
    text += " " + number_text(variable.low) + " <= " + name + " <= +inf\n";
}

}  // namespace

void check_programme(const Programme& programme) {
  std::set<std::string> names;
  for (const auto& variable : programme.variables) {
    check_name(variable.name, "variable", names);
    check_bounds(variable.low, variable.high, variable.name);
    if (!std::isfinite(variable.cost))
      throw Error("supply.programme", "a cost is no number", variable.name);
  }
  std::set<std::string> row_names;
  for (const auto& row : programme.rows) {
    if (!row.name.empty()) check_name(row.name, "row", row_names);
    check_bounds(row.low, row.high, row.name);
    for (const auto& [variable, factor] : row.terms) {
      if (variable >= programme.variables.size())
        throw Error("supply.programme", "a term is of a variable that is not there", row.name);
      if (!std::isfinite(factor))
        throw Error("supply.programme", "a coefficient is no number", row.name);
    }
  }
  if (!std::isfinite(programme.constant))
    throw Error("supply.programme", "the constant of the objective is no number", "objective");
}

std::string lp_text(const Programme& programme) {
  check_programme(programme);
  std::string text = "Minimize\n obj:";
  {
    Wrapped line(text);
    // Every variable stands here, with 0 too, so that later parts know it.
    for (const auto& variable : programme.variables)
      line.add(term_text(variable.cost, variable.name));
    if (programme.constant != 0.0 || programme.variables.empty())
      line.add(term_text(programme.constant, constant_name));
  }
  text += "\nSubject To\n";
  bool any = false;
  for (const auto& row : programme.rows) {
    const bool low = std::isfinite(row.low), high = std::isfinite(row.high);
    const auto named = [&](const char* ending) {
      return row.name.empty() ? row.name : row.name + ending;
    };
    any = any || low || high;
    if (low && high && row.low == row.high) {
      row_line(programme, row, row.name, "=", row.low, text);
    } else {
      if (low) row_line(programme, row, high ? named("__low") : row.name, ">=", row.low, text);
      if (high) row_line(programme, row, low ? named("__high") : row.name, "<=", row.high, text);
    }
  }
  if (!any)
    text += " nothing: 0 " +
            (programme.variables.empty() ? constant_name : programme.variables[0].name) + " <= 1\n";
  text += "Bounds\n";
  for (const auto& variable : programme.variables) bound_line(variable, text);
  if (programme.constant != 0.0 || programme.variables.empty())
    text += std::string(" ") + constant_name + " = 1\n";
  bool whole = false;
  for (const auto& variable : programme.variables) {
    if (!variable.integer) continue;
    if (!whole) text += "General\n";
    whole = true;
    text += " " + variable.name + "\n";
  }
  return text + "End\n";
}

}  // namespace lode
