#include <algorithm>
#include <cmath>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/study/countries.h"
#include "libgeo/supply/concentration.h"
#include "tools/command.h"

namespace lode::tools {

namespace {

const double none = std::numeric_limits<double>::quiet_NaN();

/// The field that was named, or the first of `usual` that the table has.
std::string field_of(const Table& table, const std::string& named,
                     const std::vector<std::string>& usual, const std::string& option) {
  if (!named.empty()) return table.at(named).name;
  for (const auto& name : usual)
    if (table.find(name) != nullptr) return table.find(name)->name;
  throw Error("supply.no_column", "no column is named " + join(usual, ", "), table.name,
              "Name it with " + option + ".");
}

/// Figures as statistics print them; what is not exact is taken at its number and said.
std::vector<double> amounts_of(const Table& table, const std::string& field, Findings& findings) {
  std::vector<double> amounts;
  const auto texts = table.texts(field);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string where = table.name + ", " + table.row_name(row) + ", " + field;
    const ReportedFigure figure = parse_reported(texts[row], where);
    using Kind = ReportedFigure::Kind;
    if (figure.kind == Kind::more_than || figure.kind == Kind::less_than)
      findings.add("supply.inexact_figure", Severity::warning, where,
                   "'" + printable(texts[row]) + "' is taken as its number");
    if (figure.kind == Kind::net_exporter)
      throw Error("supply.bad_figure", "'E' (net exporter) is no amount", where,
                  "Give the amount, or leave the cell empty.");
    amounts.push_back(figure.value);
  }
  return amounts;
}

Layer read_side_table(const std::string& path, const Arguments& arguments, const Session& session,
                      Outcome& outcome) {
  Layer layer = read_table(path, other_read_options(arguments, session));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  return layer;
}

std::map<std::string, double> governance_of(const Arguments& arguments, const Session& session,
                                            const Countries& countries, Outcome& outcome) {
  std::map<std::string, double> risk;
  if (!arguments.has("governance")) return risk;
  const Layer layer = read_side_table(arguments.text("governance"), arguments, session, outcome);
  const std::string country =
      field_of(layer.table, arguments.text("governance-country"),
               {"iso3", "iso_a3", "country", "code"}, "--governance-country");
  const std::string value =
      field_of(layer.table, arguments.text("governance-value"),
               {"governance_risk", "wgi_eu010", "wgi_risk01", "wgi_mean6", "wgi", "estimate"},
               "--governance-value");
  const auto codes = layer.table.texts(country);
  const auto values = layer.table.numbers(value);
  const GovernanceScale scale = governance_scale(value, values, layer.table.name);
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (!std::isnan(values[i]))
      add_governance(risk, country_id(codes[i], countries), to_risk(values[i], scale),
                     layer.table.name + ", " + layer.table.row_name(i));
  outcome.summary["governance_column"] = value;
  return risk;
}

/// Text columns carry their unit in the name alone.
bool is_percent(const Table& table, const std::string& field) {
  return table.at(field).unit == "%" || unit_of_field_name(field) == "%";
}

std::optional<Production> imports_of(const Arguments& arguments, const Session& session,
                                     const Countries& countries,
                                     const ConcentrationOptions& options, Outcome& outcome) {
  if (!arguments.has("imports")) return std::nullopt;
  const Layer layer = read_side_table(arguments.text("imports"), arguments, session, outcome);
  Production imports;
  imports.source = layer.table.name;
  const std::string value =
      field_of(layer.table, arguments.text("imports-value"),
               {"share_pct", "imports_t", "share", "amount_t", "value"}, "--imports-value");
  imports.percent = is_percent(layer.table, value);
  imports.country =
      layer.table.texts(field_of(layer.table, arguments.text("imports-country"),
                                 {"iso3", "iso_a3", "country", "code"}, "--imports-country"));
  name_countries(imports.country, countries, options, layer.table.name, outcome.findings);
  imports.amount = amounts_of(layer.table, value, outcome.findings);
  if (!arguments.has("origins")) return imports;
  const Layer traced = read_side_table(arguments.text("origins"), arguments, session, outcome);
  auto from = traced.table.texts("from"), origin = traced.table.texts("origin");
  for (auto* names : {&from, &origin})
    name_countries(*names, countries, options, traced.table.name, outcome.findings);
  const auto share = traced.table.numbers("share");
  std::vector<Origin> legs;
  for (std::size_t i = 0; i < from.size(); ++i) legs.push_back({from[i], origin[i], share[i]});
  return trace_origin(imports, legs);
}

/// Members of the alliance set, or the codes listed on the command line.
std::set<std::string> allies_of(const Arguments& arguments, const Session& session,
                                const Countries& countries, Outcome& outcome) {
  std::set<std::string> members;
  if (!arguments.has("allies")) return members;
  if (!arguments.has("alliances")) {
    for (const auto& word : split(arguments.text("allies"), ',')) {
      if (trim(word).empty()) continue;
      const std::string code = country_code(word, countries);
      if (code.empty())
        throw Error("usage.country", "'" + printable(word) + "' is no country we know", "--allies",
                    "Write ISO 3166-1 alpha-3 codes (USA,AUS,CAN), or a set of --alliances FILE.");
      members.insert(code);
    }
    return members;
  }
  const Layer layer = read_side_table(arguments.text("alliances"), arguments, session, outcome);
  const auto groups = layer.table.texts("group"), codes = layer.table.texts("iso3");
  std::vector<std::string> known;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (std::find(known.begin(), known.end(), groups[i]) == known.end()) known.push_back(groups[i]);
    if (groups[i] == arguments.text("allies")) members.insert(country_key(codes[i]));
  }
  if (members.empty())
    throw Error("supply.no_alliance",
                "there is no set '" + printable(arguments.text("allies")) + "'", layer.table.name,
                suggestion(arguments.text("allies"), known));
  if (const Column* dated = layer.table.find("valid_as_of")) {
    const auto dates = layer.table.texts(dated->name);
    for (std::size_t i = 0; i < groups.size(); ++i)
      if (groups[i] == arguments.text("allies")) {
        outcome.summary["allies_valid_as_of"] = dates[i];
        break;
      }
  }
  return members;
}

std::map<std::string, std::string> parents_of(const Arguments& arguments, const Session& session,
                                              Outcome& outcome) {
  std::map<std::string, std::string> parents;
  if (!arguments.has("territories")) return parents;
  const Layer layer = read_side_table(arguments.text("territories"), arguments, session, outcome);
  const auto territory = layer.table.texts("territory_iso3"),
             parent = layer.table.texts("parent_iso3");
  for (std::size_t i = 0; i < territory.size(); ++i)
    parents[country_key(territory[i])] = country_key(parent[i]);
  return parents;
}

TradeBalance balance_of(const Arguments& arguments) {
  const auto said = [&](const std::string& name) {
    return arguments.has(name) ? arguments.quantity(name) : none;
  };
  return {said("domestic"), said("imports-total"), said("exports-total"),
          said("apparent-consumption")};
}

struct Context {
  Countries countries;
  ConcentrationOptions options;
  std::optional<Production> imports;
  std::optional<Concentration> sourcing;
  std::set<std::string> allies;
  std::map<std::string, std::string> parents;
  TradeBalance balance;
  EuSupplyRisk eu;
};

Json row_of(const Concentration& supply, const std::string& value, const Context& context) {
  Json row = Json::object();
  const auto word = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  row["element"] = word(supply.element);
  row["stage"] = word(supply.stage);
  row["value"] = value;
  row["hhi"] = supply.hhi;
  row["hhi_wgi"] = supply.hhi_wgi;
  row["governance_covered"] = supply.governance_covered;
  const double reliance = import_reliance(context.balance);
  row["import_reliance"] = reliance;
  row["largest"] = supply.shares.front().country;
  row["largest_share"] = supply.shares.front().share;
  Json shares = Json::object();
  for (const auto& share : supply.shares) shares[share.country] = share.share;
  row["share_by_country"] = shares;
  row["total"] = supply.total;
  row["world_total"] = supply.world_total;
  row["not_available"] = Json(supply.not_available);
  row["allied_share"] =
      context.allies.empty() ? none : share_of(supply, context.allies, context.parents);
  double eu = none, weighted = none, score = none;
  if (context.sourcing && !std::isnan(supply.hhi_wgi) && !std::isnan(context.sourcing->hhi_wgi) &&
      !std::isnan(reliance)) {
    EuSupplyRisk inputs = context.eu;
    inputs.global_supply = supply.hhi_wgi;
    inputs.sourcing = context.sourcing->hhi_wgi;
    inputs.import_reliance = reliance;
    eu = eu_supply_risk(inputs);
  }
  if (context.imports && !std::isnan(context.balance.production) &&
      !context.options.governance.empty()) {
    Production imports = *context.imports;
    // Shares become tonnes when the total is known: GeoPolRisk sets imports against domestic
    // output.
    double sum = 0.0;
    for (const double amount : imports.amount) sum += std::isnan(amount) ? 0.0 : amount;
    if (!std::isnan(context.balance.imports) && sum > 0.0)
      for (auto& amount : imports.amount) amount *= context.balance.imports / sum;
    const GeoPolRisk risk =
        geopolrisk(supply.hhi, imports, context.balance.production, context.options);
    weighted = risk.weighted_import_share;
    score = risk.score;
  }
  row["eu_supply_risk"] = eu;
  row["eu_critical"] = std::isnan(eu) ? Json() : Json(eu >= eu_critical_from);
  row["weighted_import_share"] = weighted;
  row["geopolrisk"] = score;
  return row;
}

Context context_of(const Arguments& arguments, const Session& session, Outcome& outcome) {
  Context context;
  context.countries = built_in_countries(session.jobs, outcome.findings);
  context.options.other = parse_other_rule(arguments.text("other"), "--other");
  if (arguments.has("other-governance"))
    context.options.other_governance = arguments.number("other-governance");
  context.options.total_is_minimum = arguments.flag("total-at-least");
  context.options.governance = governance_of(arguments, session, context.countries, outcome);
  context.imports = imports_of(arguments, session, context.countries, context.options, outcome);
  if (context.imports) {
    context.sourcing = concentration(*context.imports, context.options);
    outcome.findings.add(context.sourcing->findings);
    outcome.summary["sourcing_hhi"] = context.sourcing->hhi;
    outcome.summary["sourcing_hhi_wgi"] = context.sourcing->hhi_wgi;
  }
  context.allies = allies_of(arguments, session, context.countries, outcome);
  context.parents = parents_of(arguments, session, outcome);
  context.balance = balance_of(arguments);
  context.eu.recycling_rate = arguments.number("recycling-rate");
  context.eu.substitution = arguments.number("substitution");
  return context;
}

OutputLayer output_of(const std::vector<std::pair<Concentration, std::string>>& all) {
  OutputLayer out;
  out.name = "shares";
  std::vector<std::string> element, stage, value, country;
  std::vector<double> amount, share, governance;
  for (const auto& [supply, column] : all)
    for (const auto& one : supply.shares) {
      element.push_back(supply.element);
      stage.push_back(supply.stage);
      value.push_back(column);
      country.push_back(one.country);
      amount.push_back(one.amount);
      share.push_back(one.share);
      governance.push_back(one.governance);
    }
  out.table.name = out.name;
  out.table.add(text_column("element", element));
  out.table.add(text_column("stage", stage));
  out.table.add(text_column("value", value));
  out.table.add(text_column("country", country));
  out.table.add(number_column("amount", amount));
  out.table.add(number_column("share", share));
  out.table.add(number_column("gov_risk", governance));
  return out;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  ReadOptions reading = read_options(arguments, session);
  const Layer layer = read_table(arguments.text("TABLE"), reading, session.progress.part(0.0, 0.5));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  const Context context = context_of(arguments, session, outcome);
  const Table& table = layer.table;
  auto country = table.texts(
      field_of(table, arguments.text("country"), {"iso3", "iso_a3", "country"}, "--country"));
  name_countries(country, context.countries, context.options, table.name, outcome.findings);
  const auto optional_texts = [&](const std::string& name) {
    return arguments.has(name) ? table.texts(arguments.text(name)) : std::vector<std::string>{};
  };
  const auto trade = arguments.has("trade-factor") ? table.numbers(arguments.text("trade-factor"))
                                                   : std::vector<double>{};
  std::vector<std::pair<Concentration, std::string>> all;
  for (const auto& value : arguments.texts("value"))
    for (auto& group : group_production(optional_texts("element"), optional_texts("stage"), country,
                                        amounts_of(table, value, outcome.findings), trade)) {
      group.source = table.name;
      group.percent = is_percent(table, value);
      all.emplace_back(concentration(group, context.options), value);
      outcome.findings.add(all.back().first.findings);
      outcome.results.push_back(row_of(all.back().first, value, context));
    }
  outcome.summary["other"] = to_text(context.options.other);
  outcome.summary["rows"] = all.size();
  outcome.shown = {"element", "stage",           "value",   "hhi",
                   "hhi_wgi", "import_reliance", "largest", "largest_share"};
  write_output(arguments, session, output_of(all), outcome);
  return outcome;
}

Parameter mass(const std::string& name, const std::string& help) {
  return {.name = name,
          .kind = Kind::quantity,
          .help = help,
          .dimension = Dimension::mass,
          .range = "0 or more",
          .minimum = 0.0,
          .group = "Trade"};
}

Parameter in(const std::string& group, Parameter parameter) {
  parameter.group = group;
  return parameter;
}

Parameter field(const std::string& group, const std::string& name, const std::string& of,
                const std::string& help) {
  return {.name = name, .kind = Kind::field, .help = help, .parent = of, .group = group};
}

Parameter table(const std::string& group, const std::string& name, const std::string& help) {
  return {.name = name, .kind = Kind::table, .help = help, .group = group};
}

Parameter fraction(const std::string& name, const std::string& help, const std::string& value) {
  return {.name = name,
          .kind = Kind::number,
          .help = help,
          .default_text = value,
          .range = "0 to 1",
          .minimum = 0,
          .maximum = 1,
          .group = "Trade"};
}

std::vector<Parameter> table_parameters() {
  Parameter value =
      field("Supply", "value", "TABLE", "field of the amounts; several give a result each");
  value.required = value.repeatable = true;
  return {
      {.name = "TABLE",
       .kind = Kind::table,
       .help = "amounts by country",
       .positional = true,
       .required = true},
      field("Supply", "country", "TABLE", "field of the country; iso3 or country when not said"),
      value,
      field("Supply", "element", "TABLE", "field that tells elements apart"),
      field("Supply", "stage", "TABLE",
            "field that tells stages apart (mine, separation, metal, magnet)"),
      field("Supply", "trade-factor", "TABLE",
            "field of the EU's trade parameter t (1 = free trade)"),
      in("Supply", {.name = "other",
                    .kind = Kind::choice,
                    .help = "what becomes of a row Other",
                    .choices = {"one-country", "exclude", "total-only"},
                    .default_text = "one-country"}),
      in("Supply",
         {.name = "total-at-least", .kind = Kind::flag, .help = "the total row says 'more than'"})};
}

std::vector<Parameter> governance_parameters() {
  return {table("Governance", "governance", "table of governance by country"),
          field("Governance", "governance-country", "governance", "its country field"),
          field("Governance", "governance-value", "governance",
                "its field: risk 0 to 10, risk 0 to 1, or indicator -2.5 to 2.5"),
          in("Governance", {.name = "other-governance",
                            .kind = Kind::number,
                            .help = "governance risk of the row Other",
                            .range = "0 to 10",
                            .minimum = 0,
                            .maximum = 10})};
}

std::vector<Parameter> trade_parameters() {
  return {table("Trade", "imports", "imports by country, as amounts or shares"),
          field("Trade", "imports-country", "imports", "its country field"),
          field("Trade", "imports-value", "imports", "its field of amounts or shares"),
          table("Trade", "origins", "columns from, origin, share: whose ore a seller refines"),
          mass("domestic", "domestic production"),
          mass("imports-total", "all imports"),
          mass("exports-total", "all exports"),
          mass("apparent-consumption", "as printed; else production + imports - exports"),
          fraction("recycling-rate", "end-of-life recycling input rate", "0"),
          fraction("substitution", "EU substitution index of supply risk, 1 = no substitute", "1")};
}

std::vector<Parameter> alliance_parameters() {
  return {in("Alliance",
             {.name = "allies", .help = "a set of the alliances table, or codes: USA,AUS,CAN"}),
          table("Alliance", "alliances", "table of sets: group, iso3, valid_as_of"),
          table("Alliance", "territories",
                "territory_iso3, parent_iso3: a territory counts as its parent")};
}

}  // namespace

Command supply_risk_command() {
  Command command;
  command.name = "supply risk";
  command.summary = "dependence today: shares, concentration, governance, import reliance";
  command.group = "Supply";
  command.parameters = table_parameters();
  append(command.parameters, governance_parameters());
  append(command.parameters, trade_parameters());
  append(command.parameters, alliance_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = [](const Arguments& arguments) {
    if (arguments.has("origins") && !arguments.has("imports"))
      throw Error("usage.imports", "--origins traces imports, and there are none", "--origins",
                  "Add --imports FILE.");
    if (arguments.has("alliances") && !arguments.has("allies"))
      throw Error("usage.allies", "--alliances without --allies", "--alliances",
                  "Name the set with --allies.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
