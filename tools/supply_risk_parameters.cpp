// Parameters of `supply risk`, and what of them can be checked without a file.
#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/composition.h"
#include "tools/supply_risk_parts.h"

namespace lode::tools {

namespace {

Parameter in(const std::string& group, Parameter parameter) {
  parameter.group = group;
  return parameter;
}

Parameter mass(const std::string& name, const std::string& help, bool negative = false) {
  Parameter parameter{
      .name = name, .kind = Kind::quantity, .help = help, .dimension = Dimension::mass};
  if (!negative) {
    parameter.range = "0 or more";
    parameter.minimum = 0.0;
  }
  return in("Trade", parameter);
}

Parameter field(const std::string& group, const std::string& name, const std::string& of,
                const std::string& help) {
  return {.name = name, .kind = Kind::field, .help = help, .parent = of, .group = group};
}

Parameter table(const std::string& group, const std::string& name, const std::string& help) {
  return {.name = name, .kind = Kind::table, .help = help, .group = group};
}

Parameter text(const std::string& group, const std::string& name, const std::string& help) {
  return {.name = name, .help = help, .group = group};
}

Parameter choice(const std::string& group, const std::string& name, const std::string& help,
                 const std::vector<std::string>& choices, const std::string& value) {
  return in(group, {.name = name,
                    .kind = Kind::choice,
                    .help = help,
                    .choices = choices,
                    .default_text = value});
}

Parameter number(const std::string& group, const std::string& name, const std::string& help,
                 double most, const std::string& value) {
  Parameter parameter{.name = name,
                      .kind = Kind::number,
                      .help = help,
                      .default_text = value,
                      .range = "0 to " + number_text(most)};
  parameter.minimum = 0.0;
  parameter.maximum = most;
  return in(group, parameter);
}

std::vector<Parameter> table_parameters() {
  const std::string group = "Supply";
  Parameter value =
      field(group, "value", "TABLE", "field of the amounts; several give a result each");
  value.required = value.repeatable = true;
  Parameter stages = text(group, "stage-table",
                          "STAGE=FILE: amounts or shares of another stage; FILE alone has a "
                          "column stage");
  stages.repeatable = true;
  return {
      {.name = "TABLE",
       .kind = Kind::table,
       .help = "amounts by country",
       .positional = true,
       .required = true},
      field(group, "country", "TABLE", "field of the country; iso3 or country when not said"),
      value,
      field(group, "element", "TABLE", "field that tells elements apart"),
      field(group, "stage", "TABLE",
            "field that tells stages apart (mine, separation, metal, magnet)"),
      text(group, "table-stage", "the stage that TABLE is of, where it has no such field"),
      stages,
      field(group, "trade-factor", "TABLE", "field of the EU's trade parameter t (1 = free trade)"),
      field(group, "low", "TABLE", "field of the least that an amount may be"),
      field(group, "high", "TABLE", "field of the most that an amount may be")};
}

std::vector<Parameter> element_parameters() {
  const std::string group = "Elements";
  return {table(group, "composition",
                "what each country's ore holds: iso3, perhaps material, share, stage; La to Lu and "
                "Y in % of its oxides"),
          {.name = "elements",
           .help = "elements and groups to split into: Nd, NdPr, DyTb, MREO",
           .default_text = "La,Ce,Pr,Nd,Tb,Dy,Y",
           .group = group},
          choice(group, "no-composition", "what becomes of a country without a composition",
                 {"exclude", "world-average", "refuse"}, "exclude"),
          choice(group, "composition-basis",
                 "oxides that the percentages count: CeO2, Pr6O11, Tb4O7 (trade), or M2O3",
                 {"trade", "sesquioxide"}, "trade")};
}

std::vector<Parameter> rule_parameters() {
  const std::string group = "Rules";
  Parameter undocumented =
      text(group, "undocumented", "COUNTRY='20 %': output beside the figure, added to it");
  undocumented.repeatable = true;
  return {
      choice(group, "other", "what becomes of a row Other",
             {"one-country", "exclude", "total-only"}, "one-country"),
      choice(group, "not-available", "what becomes of NA, W and blank", {"exclude", "refuse"},
             "exclude"),
      choice(group, "inexact", "what '> 95' and '< 1' count as", {"take", "middle", "refuse"},
             "take"),
      text(group, "quota-countries", "countries whose figure in TABLE is a quota: CHN"),
      field(group, "kind", "TABLE", "field in which the word quota marks a quota"),
      choice(group, "quota", "what becomes of quotas", {"take", "warn", "exclude"}, "warn"),
      undocumented,
      in(group,
         {.name = "total-at-least", .kind = Kind::flag, .help = "the total row says 'more than'"})};
}

std::vector<Parameter> governance_parameters() {
  const std::string group = "Governance";
  Parameter other = number(group, "other-governance", "governance risk of the row Other", 10, "");
  return {table(group, "governance", "table of governance by country"),
          field(group, "governance-country", "governance", "its country field"),
          field(group, "governance-value", "governance",
                "its field: risk 0 to 10, risk 0 to 1, or indicator -2.5 to 2.5"),
          text(group, "governance-year", "of a table with a column year; the latest when not said"),
          text(group, "governance-indicator",
               "of a table with a column indicator; the mean of all when not said"),
          other};
}

std::vector<Parameter> trade_parameters() {
  const std::string group = "Trade";
  Parameter series = text(group, "trade-series",
                          "ROLE=SERIES+SERIES: rows of a table of series that make up production, "
                          "imports, exports, apparent_consumption, import_reliance");
  series.repeatable = true;
  return {
      table(group, "imports", "imports by country, as amounts or shares"),
      field(group, "imports-country", "imports", "its country field"),
      field(group, "imports-value", "imports", "its field of amounts or shares"),
      table(group, "origins",
            "columns from, origin, share: whose ore a seller refines, through other refiners"),
      table(group, "trade", "trade by element and stage, or series in rows with a column a year"),
      text(group, "trade-period", "column of a table of series; the last when not said"),
      series,
      mass("domestic", "domestic production"),
      mass("imports-total", "all imports"),
      mass("exports-total", "all exports"),
      mass("stock-increase", "what goes into stocks; below 0 when they are drawn down", true),
      mass("apparent-consumption", "as printed; else production + imports - exports"),
      text(group, "reliance-printed", "net import reliance as printed, in %: 80, '> 95', E"),
      number(group, "recycling-rate", "end-of-life recycling input rate", 1, "0"),
      number(group, "substitution", "EU substitution index of supply risk, 1 = no substitute", 1,
             "1"),
      table(group, "factors",
            "by element and stage: recycling_rate, substitution, economic_importance, "
            "vulnerability"),
      table(group, "uses",
            "by element: use, share, value_added, substitute, substitute_share, sp, scr, sco, "
            "scp")};
}

std::vector<Parameter> index_parameters() {
  const std::string group = "Indices";
  Parameter price = in(group, {.name = "reference-price",
                               .kind = Kind::number,
                               .help = "USD/kg that GeoPolRisk factors are relative to; copper",
                               .default_text = "0.409412948",
                               .range = "above 0"});
  price.minimum = 1e-12;
  return {
      table(group, "prices", "oxide prices, as in lode-oxides(1), for GeoPolRisk factors"), price,
      table(group, "willingness",
            "iso3, ability, willingness: 0 (able, willing) to 1, for the USGS's potential of "
            "disruption"),
      number(group, "vulnerability", "economic vulnerability of the USGS's supply risk", 1, "")};
}

std::vector<Parameter> alliance_parameters() {
  const std::string group = "Alliance";
  return {
      text(group, "allies", "sets of the alliances table (MSP_states,EU27), or codes: USA,AUS"),
      table(group, "alliances", "table of sets: group, iso3, valid_as_of"),
      in(group,
         {.name = "as-of", .kind = Kind::date, .help = "warns of sets that are of another year"}),
      text(group, "home", "the country at home: its share stands apart"),
      table(group, "territories",
            "territory_iso3, parent_iso3: a territory counts as allied with its parent"),
      in(group, {.name = "merge-territories",
                 .kind = Kind::flag,
                 .help = "rows of territories are added to those of their parents"})};
}

void check_pairs(const Arguments& arguments, const char* option, const char* code,
                 const std::string& hint) {
  for (const auto& word : arguments.texts(option)) {
    const auto at = word.find('=');
    if (at == std::string::npos || at == 0 || at + 1 == word.size())
      throw Error(code, "'" + printable(word) + "' is not NAME=VALUE", "--" + std::string(option),
                  hint);
  }
}

}  // namespace

std::vector<Parameter> supply_risk_parameters() {
  std::vector<Parameter> all = table_parameters();
  for (const auto& part : {element_parameters(), rule_parameters(), governance_parameters(),
                           trade_parameters(), index_parameters(), alliance_parameters()})
    append(all, part);
  return all;
}

void check_supply_risk(const Arguments& arguments) {
  if (arguments.has("origins") && !arguments.has("imports"))
    throw Error("usage.imports", "--origins traces imports, and there are none", "--origins",
                "Add --imports FILE.");
  if (arguments.has("alliances") && !arguments.has("allies"))
    throw Error("usage.allies", "--alliances without --allies", "--alliances",
                "Name the set with --allies.");
  for (const char* option : {"elements", "no-composition", "composition-basis"})
    if (arguments.has(option) && !arguments.has("composition"))
      throw Error("usage.composition",
                  "--" + std::string(option) + " without a table of compositions",
                  "--" + std::string(option), "Add --composition FILE.");
  for (const auto& word : split(arguments.text("elements"), ','))
    if (!trim(word).empty()) (void)parse_element_group(word, "--elements");
  if (arguments.flag("merge-territories") && !arguments.has("territories"))
    throw Error("usage.territories", "--merge-territories without a table of territories",
                "--merge-territories", "Add --territories FILE.");
  for (const char* option : {"trade-period", "trade-series"})
    if (arguments.has(option) && !arguments.has("trade"))
      throw Error("usage.series", "--" + std::string(option) + " without a table of trade",
                  "--" + std::string(option), "Add --trade FILE.");
  check_pairs(arguments, "trade-series", "usage.series",
              "Write --trade-series production=SERIES, or SERIES+SERIES for a sum.");
  check_pairs(arguments, "undocumented", "usage.undocumented", "Write --undocumented CHN='20 %'.");
}

}  // namespace lode::tools
