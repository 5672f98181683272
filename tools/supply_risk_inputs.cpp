// What `supply risk` reads: amounts by stage, and the tables that say what they mean.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/study/supply_tables.h"
#include "tools/supply_risk_parts.h"

namespace lode::tools {

namespace {

std::vector<std::string> listed(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& part : split(text, ','))
    if (!trim(part).empty()) out.emplace_back(trim(part));
  return out;
}

/// "separation=FILE" taken apart.
std::pair<std::string, std::string> pair_of(const std::string& text) {
  const auto at = text.find('=');
  if (at == std::string::npos) return {"", std::string(trim(text))};
  return {std::string(trim(text.substr(0, at))), std::string(trim(text.substr(at + 1)))};
}

/// Reads the tables of one run; sources and findings go to the outcome.
class Reader {
 public:
  Reader(const Arguments& arguments, const Session& session, Outcome& outcome)
      : arguments_(arguments),
        session_(session),
        outcome_(outcome),
        countries_(built_in_countries(session.jobs, outcome.findings)),
        inexact_(parse_inexact_rule(arguments.text("inexact"), "--inexact")) {}

  [[nodiscard]] Table table(const std::string& path) {
    Layer layer = read_table(path, other_read_options(arguments_, session_));
    outcome_.inputs.push_back(layer.source);
    outcome_.findings.add(layer.findings);
    return std::move(layer.table);
  }
  [[nodiscard]] Table main_table() {
    Layer layer = read_table(arguments_.text("TABLE"), read_options(arguments_, session_),
                             session_.progress.part(0.0, 0.5));
    outcome_.inputs.push_back(layer.source);
    outcome_.findings.add(layer.findings);
    return std::move(layer.table);
  }
  [[nodiscard]] SupplyReading reading(const ConcentrationOptions& options) {
    return {countries_, options, inexact_, outcome_.findings};
  }
  [[nodiscard]] bool has(const std::string& name) const { return arguments_.has(name); }
  [[nodiscard]] std::string text(const std::string& name) const { return arguments_.text(name); }
  [[nodiscard]] double number(const std::string& name) const { return arguments_.number(name); }
  [[nodiscard]] double quantity(const std::string& name) const {
    return has(name) ? arguments_.quantity(name) : unknown_figure;
  }
  [[nodiscard]] const Countries& countries() const { return countries_; }
  [[nodiscard]] std::string country(const std::string& text, const std::string& option) const {
    std::string code = country_code(text, countries_);
    if (code.empty())
      throw Error("usage.country", "'" + printable(text) + "' is no country we know", option,
                  "Write ISO 3166-1 alpha-3 codes (USA,AUS,CAN)" +
                      std::string(option == "--allies" ? ", or a set of --alliances FILE." : "."));
    return code;
  }

  void options(ConcentrationOptions& options);
  [[nodiscard]] std::vector<Production> supply(const ConcentrationOptions& options);
  [[nodiscard]] std::vector<TradeRow> trade(const ConcentrationOptions& options);
  [[nodiscard]] std::vector<AllianceSet> alliances(const ConcentrationOptions& options);
  [[nodiscard]] std::vector<MaterialFactors> factors();

 private:
  const Arguments& arguments_;
  const Session& session_;
  Outcome& outcome_;
  Countries countries_;
  InexactRule inexact_;
};

void Reader::options(ConcentrationOptions& options) {
  options.other = parse_other_rule(text("other"), "--other");
  options.not_available = parse_not_available_rule(text("not-available"), "--not-available");
  options.quota = parse_quota_rule(text("quota"), "--quota");
  for (const auto& word : arguments_.texts("undocumented")) {
    const auto [who, amount] = pair_of(word);
    const std::string code = country(who, "--undocumented");
    if (!options.undocumented
             .emplace(code, parse_quantity(amount, Dimension::grade, "--undocumented"))
             .second)
      throw Error("usage.undocumented", "the country " + code + " stands twice", "--undocumented",
                  "Say once what is made beside its figure.");
  }
  if (has("other-governance")) options.other_governance = number("other-governance");
  options.total_is_minimum = arguments_.flag("total-at-least");
  if (!has("governance")) return;
  const GovernanceTable found =
      read_governance_table(reading(options), table(text("governance")),
                            {text("governance-country"), text("governance-value"),
                             text("governance-indicator"), text("governance-year")});
  options.governance = found.risk;
  outcome_.summary["governance_column"] = found.column;
  if (!found.how.empty()) outcome_.summary["governance"] = found.how;
}

std::vector<Production> Reader::supply(const ConcentrationOptions& options) {
  const Table own = main_table();
  SupplyFields fields{text("country"),      "",          text("element"), text("stage"),
                      text("trade-factor"), text("low"), text("high"),    text("kind")};
  std::vector<Production> all;
  std::set<std::string> read;
  for (const auto& value : arguments_.texts("value")) {
    fields.value = own.at(value).name;
    if (!read.insert(fields.value).second)
      throw Error("usage.value", "the column " + printable(fields.value) + " stands twice",
                  "--value", "Name each column once.");
    for (auto& one : read_production(reading(options), own, fields)) {
      one.period = value;
      if (one.stage.empty()) one.stage = text("table-stage");
      all.push_back(std::move(one));
    }
  }
  // A quota is one of the table that prints it, not of every other stage.
  std::set<std::string> quotas;
  for (const auto& word : listed(text("quota-countries")))
    quotas.insert(country(word, "--quota-countries"));
  mark_quotas(all, quotas);
  for (const auto& word : arguments_.texts("stage-table")) {
    const auto [stage, path] = pair_of(word);
    const Table more = table(path);
    say_production_slips(reading(options), more);
    std::vector<std::string> values;
    for (const auto& value : arguments_.texts("value"))
      if (more.find(value) != nullptr) values.push_back(value);
    if (values.empty())
      values = {supply_field(more, "", {"share_pct", "amount_t", "share", "value"}, "--value")};
    const auto own_column = [&](const char* name) {
      return more.find(name) != nullptr ? more.find(name)->name : std::string();
    };
    const std::string stage_column = stage.empty() ? own_column("stage") : "";
    if (stage.empty() && stage_column.empty())
      throw Error("supply.no_column", "the table has no column stage", more.name,
                  "Name the stage with --stage-table separation=FILE.");
    for (const auto& value : values)
      for (auto& one : read_production(
               reading(options), more,
               {"", value, own_column("element"), stage_column, own_column("trade_factor"),
                own_column("low"), own_column("high"), own_column("kind")})) {
        if (!stage.empty()) one.stage = stage;
        // A stage that is there already would be counted twice.
        if (std::any_of(all.begin(), all.end(), [&](const Production& known) {
              return known.stage == one.stage && known.element == one.element &&
                     known.period == one.period;
            }))
          throw Error("supply.duplicate_stage",
                      "the stage '" + printable(one.stage) + "' is in two tables", more.name,
                      "Leave it out of one.");
        all.push_back(std::move(one));
      }
  }
  return all;
}

std::vector<TradeRow> Reader::trade(const ConcentrationOptions& options) {
  std::vector<TradeRow> rows;
  if (has("trade")) {
    TradeFields fields;
    fields.period = text("trade-period");
    for (const auto& word : arguments_.texts("trade-series")) {
      const auto [role, series] = pair_of(word);
      for (const auto& name : split(series, '+')) fields.series[role].emplace_back(trim(name));
    }
    rows = read_trade(reading(options), table(text("trade")), fields);
  }
  TradeRow said;
  said.source = "options";
  said.balance = {quantity("domestic"), quantity("imports-total"), quantity("exports-total"),
                  quantity("apparent-consumption"), quantity("stock-increase")};
  if (has("reliance-printed")) {
    const ReportedFigure figure = parse_reported(text("reliance-printed"), "--reliance-printed");
    said.printed = figure_range(figure, inexact_, 100.0, "--reliance-printed");
    for (double* x : {&said.printed.value, &said.printed.low, &said.printed.high}) *x /= 100.0;
    check_fraction("import reliance", said.printed.value, "--reliance-printed");
  }
  bool any = has("reliance-printed");
  for (const char* name :
       {"domestic", "imports-total", "exports-total", "apparent-consumption", "stock-increase"})
    any = any || has(name);
  if (any) rows.push_back(said);
  return rows;
}

std::vector<AllianceSet> Reader::alliances(const ConcentrationOptions& options) {
  if (!has("allies")) return {};
  const auto words = listed(text("allies"));
  std::vector<AllianceSet> sets;
  if (has("alliances")) {
    sets = read_alliances(reading(options), table(text("alliances")), words);
  } else {
    AllianceSet set;
    set.name = join(words, ",");
    for (const auto& word : words) set.members.insert(country(word, "--allies"));
    sets.push_back(std::move(set));
  }
  if (has("as-of"))
    for (const auto& set : sets) check_alliance_date(set, text("as-of"), outcome_.findings);
  return sets;
}

std::vector<MaterialFactors> Reader::factors() {
  std::vector<MaterialFactors> rows;
  if (has("factors")) rows = read_factors(table(text("factors")), outcome_.findings);
  if (has("uses"))
    for (const auto& one : read_uses(table(text("uses")), outcome_.findings)) rows.push_back(one);
  if (has("vulnerability")) {
    MaterialFactors all;
    all.vulnerability = number("vulnerability");
    rows.push_back(all);
  }
  return rows;
}

}  // namespace

DependenceInputs supply_risk_inputs(const Arguments& arguments, const Session& session,
                                    Outcome& outcome) {
  Reader reader(arguments, session, outcome);
  DependenceInputs inputs;
  reader.options(inputs.options);
  inputs.supply = reader.supply(inputs.options);
  const SupplyReading reading = reader.reading(inputs.options);
  if (reader.has("composition")) {
    inputs.compositions = read_compositions(reading, reader.table(reader.text("composition")));
    inputs.split.groups = parse_element_groups(listed(reader.text("elements")), "--elements");
    inputs.split.without = parse_no_composition(reader.text("no-composition"), "--no-composition");
    inputs.split.basis = parse_split_basis(reader.text("composition-basis"), "--composition-basis");
  }
  if (reader.has("imports")) {
    SupplyFields fields;
    fields.country = reader.text("imports-country");
    fields.value = reader.text("imports-value");
    inputs.imports = read_imports(reading, reader.table(reader.text("imports")), fields);
  }
  if (reader.has("origins"))
    inputs.origins = read_origins(reading, reader.table(reader.text("origins")));
  inputs.trade = reader.trade(inputs.options);
  inputs.factors = reader.factors();
  if (reader.has("willingness"))
    inputs.willingness = read_willingness(reading, reader.table(reader.text("willingness")));
  if (reader.has("prices"))
    inputs.price_usd_per_kg =
        read_element_prices(reader.table(reader.text("prices")), outcome.findings);
  inputs.reference_usd_per_kg = reader.number("reference-price");
  inputs.alliances = reader.alliances(inputs.options);
  if (reader.has("territories"))
    inputs.parents = read_territories(reading, reader.table(reader.text("territories")));
  inputs.merge_territories = arguments.flag("merge-territories");
  if (reader.has("home")) inputs.home = reader.country(reader.text("home"), "--home");
  inputs.recycling_rate = reader.number("recycling-rate");
  inputs.substitution = reader.number("substitution");
  outcome.summary["inexact"] = reader.text("inexact");
  return inputs;
}

}  // namespace lode::tools
