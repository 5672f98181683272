#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/chain_parts.h"

namespace lode::tools {

namespace {

// A table of parameters, long because every option is one row of it.
std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "SITES",
       .kind = Kind::vector_layer,
       .help = "mines, deposits, collectors: where the first product comes from",
       .positional = true},
      {.name = "plants",
       .kind = Kind::vector_layer,
       .help = "who does which stage: id name stages accepts recovery_pct usd_per_kg"},
      {.name = "chain",
       .kind = Kind::file,
       .help = "products and stages (TOML); built-in for rare earths when not said"},
      {.name = "until", .help = "the product with which chains end; the chain's own when not said"},
      {.name = "to",
       .kind = Kind::vector_layer,
       .help = "where the last product is delivered; chains end at the last plant when not said"},
      {.name = "network",
       .help = "MODE=FILE[:layer]: lines of one mode (road, rail, sea, barge or any mode of the "
               "tariff)",
       .repeatable = true},
      {.name = "minimise",
       .kind = Kind::choice,
       .help = "what the ways of the hauls are chosen for; chains are the cheapest of them",
       .choices = {"cost", "distance", "hours", "co2e"},
       .default_text = "cost",
       .aliases = {"minimize"}},
      {.name = "product",
       .help = "what leaves the sites: a product of the chain, or a field that names it; the "
               "chain's first product when not said"},
      {.name = "grade",
       .kind = Kind::field_or_quantity,
       .help = "of that product, dry; the chain's when not said",
       .dimension = Dimension::grade,
       .range = "above 0 to 100 %",
       .parent = "SITES"},
      {.name = "thorium",
       .kind = Kind::field_or_quantity,
       .help = "in that product, dry: decides which loads are radioactive (class 7)",
       .dimension = Dimension::grade,
       .range = "0 to 100 %",
       .parent = "SITES"},
      {.name = "uranium",
       .kind = Kind::field_or_quantity,
       .help = "in that product, dry",
       .dimension = Dimension::grade,
       .range = "0 to 100 %",
       .parent = "SITES"},
      {.name = "ends",
       .kind = Kind::integer,
       .help = "tell this many plants where chains may end, cheapest first, with what that costs",
       .default_text = "3",
       .range = "1 or more",
       .minimum = 1},
      {.name = "steps", .kind = Kind::flag, .help = "for people: every chain step by step"},
      {.name = "print-table",
       .kind = Kind::flag,
       .help = "print the chain (--chain, or the built-in one) to start your own from"},
      {.name = "plants-id",
       .kind = Kind::field,
       .help = "field that identifies a plant",
       .parent = "plants"},
      {.name = "plants-name",
       .kind = Kind::field,
       .help = "field that names a plant",
       .parent = "plants"},
      {.name = "to-id",
       .kind = Kind::field,
       .help = "field that identifies a place of --to",
       .parent = "to"},
      {.name = "to-name",
       .kind = Kind::field,
       .help = "field that names a place of --to",
       .parent = "to"}};
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Chain";
  append(list, chain_freight_parameters());
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

RouteOptions options_of(const Arguments& arguments, const Session& session) {
  // The grade here may be a field, and a route's is not asked for.
  Arguments freight = arguments;
  for (const char* name : {"grade", "thorium", "uranium"}) freight.values.erase(name);
  RouteOptions options = route_options(freight, session);
  options.nearest = static_cast<std::size_t>(arguments.integer("ends"));
  options.legs = session.json || arguments.flag("steps");
  return options;
}

Outcome print_table(const Arguments& arguments) {
  Outcome outcome;
  outcome.text = arguments.has("chain")
                     ? text_of_file(arguments.text("chain"), {}, std::size_t{4} << 20)
                     : std::string(built_in_chain_text());
  if (arguments.has("chain")) static_cast<void>(parse_chain(outcome.text, arguments.text("chain")));
  outcome.summary["table"] = outcome.text;
  return outcome;
}

void summarise(const ChainRun& run, const Tariff& tariff, Outcome& outcome) {
  std::size_t reached = 0;
  for (const auto& row : run.result.rows) reached += row.reachable ? 1 : 0;
  outcome.summary["sites"] = run.sites.size();
  outcome.summary["plants"] = run.plants.size();
  outcome.summary["unreachable"] = run.sites.size() - reached;
  outcome.summary["chain"] = run.table.name;
  outcome.summary["chain_as_of"] = run.table.as_of;
  outcome.summary["contained"] = run.table.contained;
  outcome.summary["last_product"] = run.table.last;
  outcome.summary["tariff"] = tariff.name;
  outcome.summary["tariff_as_of"] = tariff.as_of;
  outcome.summary["currency"] = tariff.currency;
}

Outcome run(const Arguments& arguments, const Session& session) {
  if (arguments.flag("print-table")) return print_table(arguments);
  Outcome outcome;
  ChainRun run;
  run.table = read_chain(arguments, outcome);
  run.sites =
      read_chain_sites(arguments, session, run.table, session.progress.part(0.0, 0.05), outcome);
  run.plants = read_chain_plants(arguments, session, session.progress.part(0.05, 0.08), outcome);
  run.goals.crs = wgs84();
  if (arguments.has("to"))
    run.goals = read_places(arguments.text("to"), other_read_options(arguments, session),
                            arguments.text("to-id"), arguments.text("to-name"),
                            session.progress.part(0.08, 0.1), outcome)
                    .places;
  RouteOptions options = options_of(arguments, session);
  const Network network =
      read_network(arguments, session, session.progress.part(0.1, 0.4), outcome);
  outcome.findings.add(network.findings);
  const Terminals terminals = read_terminals(arguments, session, outcome);
  const Tariff tariff = read_tariff(arguments, outcome);
  options.avoid = avoided_countries(arguments, session, network, tariff, outcome);
  run.result = cheapest_chains(network, tariff, terminals, run.table, run.sites, run.plants,
                               run.goals, options, session.progress.part(0.4, 0.95));
  outcome.findings.add(run.result.findings);
  summarise(run, tariff, outcome);
  outcome.shown = {"id",
                   "usd_per_kg",
                   "low_usd_per_kg",
                   "high_usd_per_kg",
                   "haul_usd_per_kg",
                   "process_usd_per_kg",
                   "recovery_pct",
                   "distance_km",
                   "hours",
                   "co2e_kg_per_kg",
                   "plants",
                   "reason"};
  add_results(session, outcome, run.result.rows.size(),
              [&](std::size_t i) { return chain_row(run, i); });
  if (arguments.flag("steps")) outcome.text = chain_account(run);
  write_output(arguments, session, chain_layer(run), outcome);
  return outcome;
}

void check(const Arguments& arguments) {
  if (arguments.flag("print-table")) return;
  const auto need = [&](const char* name, const char* word, const char* hint) {
    if (!arguments.has(name))
      throw Error("usage.chain", std::string(word) + " is not said", "chain", hint);
  };
  need("SITES", "the layer of sites", "Write lode chain SITES --plants FILE --network road=FILE.");
  need("plants", "--plants", "Give the table of plants with their stages.");
  need("network", "--network", "Give the lines to travel on: --network road=roads.gpkg.");
  for (const auto& text : arguments.texts("network")) (void)parse_network_argument(text);
  (void)field_pairs(arguments);
}

}  // namespace

Command chain_command() {
  Command command;
  command.name = "chain";
  command.summary = "from ore to oxide or magnet: the cheapest chain of plants, not the nearest";
  command.group = "Logistics";
  command.parameters = parameters();
  command.setup = check;
  command.run = run;
  return command;
}

}  // namespace lode::tools
