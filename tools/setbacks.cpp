#include <map>

#include "libgeo/core/text.h"
#include "libgeo/environment/setback_table.h"
#include "tools/command.h"
#include "tools/constraint_inputs.h"

namespace lode::tools {

namespace {

/// A rule of one of the tables, and whether none of its class and kind is stricter.
struct Listed {
  const SetbackTable* table = nullptr;
  const SetbackRule* rule = nullptr;
  bool strictest = false;
};

std::vector<Listed> in_force(const std::vector<SetbackTable>& tables, const Arguments& arguments) {
  std::optional<Date> day;
  if (arguments.has("as-of")) day = parse_date(arguments.text("as-of"));
  const std::string wanted = class_key(arguments.text("class"));
  std::vector<Listed> out;
  for (const SetbackTable& table : tables)
    for (const SetbackRule* rule : rules_in_force(table, jurisdiction_of(arguments), day))
      if (class_key(rule->feature_class).find(wanted) != std::string::npos)
        out.push_back({&table, rule});
  std::map<std::pair<std::string, bool>, std::size_t> best;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto [at, fresh] =
        best.try_emplace({class_key(out[i].rule->feature_class), out[i].rule->hard}, i);
    if (!fresh && out[i].rule->setback_m > out[at->second].rule->setback_m) at->second = i;
  }
  for (const auto& [key, i] : best) out[i].strictest = true;
  return out;
}

Json row_of(const Listed& listed) {
  const SetbackRule& rule = *listed.rule;
  const auto day = [](const std::optional<Date>& date) {
    return date ? Json(to_text(*date)) : Json();
  };
  Json row;
  row["class"] = rule.feature_class;
  row["setback_m"] = rule.setback_m;
  row["setback"] = rule.setback;
  row["hard"] = rule.hard;
  row["strictest"] = listed.strictest;
  row["jurisdiction"] = rule.jurisdiction;
  row["citation"] = rule.citation;
  row["from"] = day(rule.from);
  row["to"] = day(rule.to);
  row["source"] = rule.source;
  row["note"] = rule.note;
  row["table"] = listed.table->name;
  row["line"] = rule.line;
  return row;
}

void say_what_lacks(const std::vector<SetbackTable>& tables, Findings& findings) {
  for (const SetbackTable& table : tables) {
    if (!table.disclaimer.empty())
      findings.add("setbacks.disclaimer", Severity::note, table.name, printable(table.disclaimer));
    std::size_t without = 0;
    for (const SetbackRule& rule : table.rules) without += rule.source.empty();
    if (without > 0)
      findings.add("setbacks.no_source", Severity::note, table.name,
                   "rules do not say where their figure was read", without);
  }
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  std::vector<SetbackTable> tables;
  for (const std::string& path : arguments.texts("TABLE"))
    tables.push_back(read_setback_table(path, outcome.inputs));
  say_what_lacks(tables, outcome.findings);
  const std::vector<Listed> rules = in_force(tables, arguments);
  if (rules.empty())
    outcome.findings.add("setbacks.none_in_force", Severity::warning,
                         join(arguments.texts("TABLE"), ", "),
                         "no rule of the tables is for this place, day and class");
  outcome.shown = {"class",     "setback",      "setback_m", "hard",
                   "strictest", "jurisdiction", "citation"};
  add_results(session, outcome, rules.size(), [&](std::size_t i) { return row_of(rules[i]); });
  ScreenConstraints heads;
  std::size_t all = 0;
  for (SetbackTable& table : tables) all += table.rules.size();
  heads.tables = tables;
  outcome.summary["rules"] = all;
  outcome.summary["in_force"] = rules.size();
  outcome.summary["setback_tables"] = tables_in_use(heads);
  outcome.summary["disclaimer"] = disclaimers(tables);
  return outcome;
}

}  // namespace

Command setbacks_command() {
  Command command;
  command.name = "setbacks";
  command.summary = "the rules in force of a table of setbacks, and what is wrong with the table";
  command.group = "Environment";
  command.parameters = {{.name = "TABLE",
                         .kind = Kind::file,
                         .help = "TOML with [[setbacks]]: class, setback, hard, citation, ...",
                         .positional = true,
                         .required = true,
                         .repeatable = true},
                        {.name = "jurisdiction",
                         .kind = Kind::text,
                         .help = "rules that hold there, as ISO 3166: US, US-NV, AU-WA",
                         .group = "Choosing"},
                        {.name = "as-of",
                         .kind = Kind::date,
                         .help = "rules in force on that day; without it, of all days",
                         .group = "Choosing"},
                        {.name = "class",
                         .kind = Kind::text,
                         .help = "rules whose class holds this text",
                         .group = "Choosing"}};
  command.setup = [](const Arguments& arguments) { static_cast<void>(jurisdiction_of(arguments)); };
  command.run = run;
  return command;
}

}  // namespace lode::tools
