// What `supply alliance` takes: its parameters, and the tables of capacity, demand and hauls.
#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/study/alliance_tables.h"
#include "libgeo/supply/price_units.h"
#include "tools/supply_alliance_parts.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

namespace {

constexpr double kg_per_t = 1000.0;

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& part : split(text, ','))
    if (!trim(part).empty()) out.emplace_back(trim(part));
  return out;
}

std::vector<std::string> stages_of(const Arguments& arguments) {
  std::vector<std::string> stages;
  for (const auto& word : words_of(arguments.text("stages"))) stages.push_back(lower(word));
  return stages;
}

/// "NdPr='300 USD/kg'" taken apart.
std::pair<std::string, PricePerKg> unmet_of(const std::string& text) {
  const auto at = text.find('=');
  if (at == std::string::npos || at == 0)
    throw Error("usage.unmet", "'" + printable(text) + "' is not METAL=PRICE", "--unmet",
                "Write --unmet NdPr='300 USD/kg'.");
  PricePerKg price;
  check_option("usage.unmet", [&] { price = parse_price_per_kg(text.substr(at + 1), "--unmet"); });
  if (price.amount < 0.0)
    throw Error("usage.unmet", "a price below 0", "--unmet", "It must be 0 or more.");
  return {std::string(trim(text.substr(0, at))), price};
}

Parameter whole(const std::string& name, const std::string& help, double least, double most,
                const std::string& value) {
  Parameter parameter{.name = name,
                      .kind = Kind::integer,
                      .help = help,
                      .default_text = value,
                      .range = number_text(least) + " to " + number_text(most),
                      .group = "Alliance"};
  parameter.minimum = least;
  parameter.maximum = most;
  return parameter;
}

Parameter option(const std::string& name, Kind kind, const std::string& help,
                 const std::string& value = {}) {
  return {.name = name, .kind = kind, .help = help, .default_text = value, .group = "Alliance"};
}

/// Members as named: codes, and sets of the alliances table, each country once.
std::vector<std::string> members_of(const Arguments& arguments, const SupplyReading& reading,
                                    const Session& session, Outcome& outcome) {
  const auto words = words_of(arguments.text("members"));
  std::vector<std::string> members;
  std::set<std::string> seen;
  if (!arguments.has("alliances")) {
    for (const auto& word : words) {
      const std::string code = country_code(word, reading.countries);
      if (code.empty())
        throw Error("usage.country", "'" + printable(word) + "' is no country we know", "--members",
                    "Write ISO 3166-1 alpha-3 codes (USA,AUS,CAN), or a set of --alliances FILE.");
      if (!seen.insert(code).second)
        throw Error("usage.members", code + " is named twice", "--members",
                    "Name each member once.");
      members.push_back(code);
    }
    return members;
  }
  Json dates = Json::object();
  for (const auto& set :
       read_alliances(reading, supply_table(arguments, session, "alliances", outcome), words)) {
    if (!set.valid_as_of.empty()) dates[set.name] = set.valid_as_of;
    for (const auto& code : set.members)
      if (seen.insert(code).second) members.push_back(code);
  }
  if (dates.size() > 0) outcome.summary["members_valid_as_of"] = dates;
  return members;
}

void say_without_demand(const MemberDemand& demand, const std::vector<std::string>& members,
                        Findings& findings) {
  std::size_t without = 0;
  for (const auto& member : members)
    if (std::find(demand.countries.begin(), demand.countries.end(), member) ==
        demand.countries.end())
      ++without;
  if (without > 0)
    findings.add("supply.member_without_demand", Severity::note, demand.table,
                 "members that are not in the table need nothing", without);
  std::vector<std::string> strangers;
  for (const auto& country : demand.countries)
    if (std::find(members.begin(), members.end(), country) == members.end())
      strangers.push_back(country);
  if (!strangers.empty())
    findings.add("supply.not_member", Severity::note, demand.table,
                 "the demand of " + join(strangers, ", ") + " is left out: they are no members",
                 strangers.size());
}

/// Mines and recyclers of the table of sources take the place of rows of the first stage.
void add_sources(const Arguments& arguments, const Session& session, AllianceInputs& inputs,
                 const StageCapacities& capacities, Outcome& outcome) {
  SupplySources sources =
      read_sources(supply_table(arguments, session, "sources", outcome), outcome.findings);
  const Countries countries = built_in_countries(session.jobs, outcome.findings);
  for (auto& source : sources.list) source.country = country_id(source.country, countries);
  check_same_money(capacities.currency, capacities.price_year, capacities.table, sources.currency,
                   sources.price_year, sources.table);
  const int base_year = arguments.has("base-year")
                            ? static_cast<int>(arguments.integer("base-year"))
                            : inputs.years.front();
  outcome.summary["base_year"] = base_year;
  if (arguments.text("source-cost") == "levelised")
    sources = at_levelised_cost(std::move(sources), arguments.quantity("discount"), base_year,
                                outcome.findings);
  const std::string recycled = arguments.text("recycled-stage");
  auto rows = stage_capacity_of(sources, inputs.stages, inputs.metals, inputs.years, base_year,
                                lower(trim(recycled)));
  inputs.capacity.insert(inputs.capacity.end(), rows.begin(), rows.end());
}

}  // namespace

std::vector<Parameter> supply_alliance_parameters() {
  Parameter members = option("members", Kind::text, "codes (USA,AUS), or sets of --alliances");
  members.required = true;
  Parameter demand =
      option("demand", Kind::table, "demand: country, year, <metal>_t (NdPr_t, DyTb_t)");
  demand.required = true;
  Parameter unmet =
      option("unmet", Kind::text, "METAL='300 USD/kg': price of demand that is not met");
  unmet.repeatable = true;
  Parameter unmet_default = option("unmet-default", Kind::quantity,
                                   "that price for metals without --unmet", "500 USD/kg");
  Parameter missing = option("missing-haul", Kind::quantity,
                             "cost of hauls that are not in the table; no trade when not said");
  Parameter cost =
      option("source-cost", Kind::choice,
             "what a kg of a source costs: running cost, or capex and fixed cost too", "running");
  cost.choices = {"running", "levelised"};
  Parameter discount =
      option("discount", Kind::quantity, "rate of levelised cost, a year, as '8 %'", "8 %");
  discount.dimension = Dimension::grade;
  discount.range = "above -100 % to 1000 %";
  discount.minimum = -0.99;
  discount.maximum = 10.0;
  for (auto* price : {&unmet_default, &missing}) {
    price->dimension = Dimension::price_per_mass;
    price->range = "0 or more";
    price->minimum = 0.0;
  }
  return {
      {.name = "CAPACITIES",
       .kind = Kind::table,
       .help = "capacity: country, stage, tonnes_per_year, perhaps metal, from_year, usd_per_kg, "
               "recovery_pct, ...",
       .positional = true,
       .required = true},
      demand,
      option("hauls", Kind::table, "hauls: from, to, usd_per_kg, perhaps stage"),
      members,
      option("alliances", Kind::table, "table of sets: group, iso3, valid_as_of"),
      option("stages", Kind::text, "stages in order", "mine,concentrate,separation,metal,magnet"),
      option("sources", Kind::table,
             "sources, as in lode-supply-portfolio(1): capacity of the first stage, and recyclers"),
      whole("base-year",
            "year in which sources are decided on; the first of the demand when not "
            "said",
            1900, 2200, ""),
      option("recycled-stage", Kind::text, "stage whose product recyclers give", "separation"),
      cost,
      discount,
      whole("year", "year of the members' parts; the last when not said", 1900, 2200, ""),
      unmet,
      unmet_default,
      missing,
      whole("exact-members", "Shapley values exactly up to so many members, else by sampling", 0,
            20, "12"),
      whole("orders", "sampled orders of joining", 4, 1000000, "500")};
}

void check_supply_alliance(const Arguments& arguments) {
  for (const auto& word : arguments.texts("unmet")) (void)unmet_of(word);
  const auto stages = stages_of(arguments);
  if (stages.empty() || std::set<std::string>(stages.begin(), stages.end()).size() < stages.size())
    throw Error("usage.stages", "no stages, or one twice", "--stages",
                "Name them in order: mine,separation,metal,magnet.");
  if (arguments.has("discount") && arguments.text("source-cost") != "levelised")
    throw Error("usage.sources", "--discount without levelised cost", "--discount",
                "Add --source-cost levelised.");
  for (const char* option : {"base-year", "recycled-stage", "source-cost"})
    if (arguments.has(option) && !arguments.has("sources"))
      throw Error("usage.sources", "--" + std::string(option) + " without sources",
                  "--" + std::string(option), "Add --sources FILE.");
  const auto members = words_of(arguments.text("members"));
  if (members.empty())
    throw Error("usage.members", "no member is named", "--members",
                "Write --members USA,AUS,CAN, or a set of --alliances FILE.");
  std::set<std::string> named;
  for (const auto& word : members)
    if (!named.insert(lower(word)).second)
      throw Error("usage.members", "'" + printable(word) + "' is named twice", "--members",
                  "Name each member once.");
}

namespace {

/// A part of the chain is asked for: rows of its other stages are no slips.
void leave_other_stages(const Arguments& arguments, AllianceInputs& inputs, Findings& findings) {
  const auto usual = words_of(arguments.parameters.at("stages")->default_text);
  const auto is_other = [&](const std::string& stage) {
    const auto has = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), stage) != list.end();
    };
    return has(usual) && !has(inputs.stages);
  };
  std::size_t left = std::erase_if(
      inputs.capacity, [&](const StageCapacity& row) { return is_other(lower(trim(row.stage))); });
  left += std::erase_if(inputs.hauls,
                        [&](const StageHaul& row) { return is_other(lower(trim(row.stage))); });
  if (left > 0)
    findings.add("supply.other_stage", Severity::note, "--stages",
                 "rows of stages that are not asked for are left out", left);
}

}  // namespace

AllianceInputs supply_alliance_inputs(const Arguments& arguments, const Session& session,
                                      Outcome& outcome) {
  const Countries countries = built_in_countries(session.jobs, outcome.findings);
  const ConcentrationOptions rules;
  const SupplyReading reading{countries, rules, InexactRule::take, outcome.findings};
  Layer layer = read_table(arguments.text("CAPACITIES"), read_options(arguments, session));
  outcome.inputs.push_back(layer.source);
  outcome.findings.add(layer.findings);
  StageCapacities capacities = read_stage_capacities(reading, layer.table);
  AllianceInputs inputs;
  inputs.stages = stages_of(arguments);
  inputs.members = members_of(arguments, reading, session, outcome);
  const MemberDemand demand =
      read_member_demand(reading, supply_table(arguments, session, "demand", outcome));
  say_without_demand(demand, inputs.members, outcome.findings);
  inputs.metals = demand.metals;
  inputs.years = demand.years;
  inputs.demand_t = demand.of(inputs.members);
  inputs.currency = capacities.currency;
  inputs.price_year = capacities.price_year;
  inputs.capacity = std::move(capacities.rows);
  if (arguments.has("hauls")) {
    StageHauls hauls =
        read_stage_hauls(reading, supply_table(arguments, session, "hauls", outcome));
    check_same_money(capacities.currency, capacities.price_year, capacities.table, hauls.currency,
                     hauls.price_year, hauls.table);
    inputs.hauls = std::move(hauls.rows);
  } else if (!arguments.has("missing-haul") && inputs.members.size() > 1) {
    outcome.findings.add("supply.no_hauls", Severity::warning, "--hauls",
                         "neither --hauls nor --missing-haul: members do not trade");
  }
  leave_other_stages(arguments, inputs, outcome.findings);
  if (arguments.has("sources")) add_sources(arguments, session, inputs, capacities, outcome);
  return inputs;
}

AllianceOptions supply_alliance_options(const Arguments& arguments, const Session& session,
                                        const AllianceInputs& inputs) {
  AllianceOptions options;
  if (arguments.has("missing-haul")) {
    check_dollars(inputs.currency, "the price", "--missing-haul");
    options.missing_haul_usd_per_kg = arguments.quantity("missing-haul") / kg_per_t;
  }
  std::set<std::string> priced;
  for (const auto& word : arguments.texts("unmet")) {
    const auto [metal, price] = unmet_of(word);
    check_price_money(price, inputs.currency, "--unmet");
    options.unmet_usd_per_kg.emplace_back(metal, price.amount);
    priced.insert(lower(metal));
  }
  for (const auto& metal : inputs.metals)
    if (!priced.contains(lower(metal)))
      check_dollars(inputs.currency, "the price of unmet " + printable(metal), "--unmet-default");
  options.unmet_usd_per_kg_default = arguments.quantity("unmet-default") / kg_per_t;
  if (arguments.has("year")) options.year = static_cast<int>(arguments.integer("year"));
  options.exact_members = static_cast<std::size_t>(arguments.integer("exact-members"));
  options.orders = static_cast<std::size_t>(arguments.integer("orders"));
  options.seed = session.seed;
  options.jobs = session.jobs;
  return options;
}

}  // namespace lode::tools
