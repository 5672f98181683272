#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/study/countries.h"
#include "libgeo/study/policy_countries.h"
#include "tools/command.h"
#include "tools/supply_inputs.h"
#include "tools/supply_portfolio_parts.h"

namespace lode::tools {

namespace {

std::vector<Parameter> portfolio_parameters() {
  Parameter frontier{.name = "frontier",
                     .kind = Kind::integer,
                     .help = "points of cost against concentration; 0 = none",
                     .default_text = "0",
                     .range = "0 to 100"};
  frontier.minimum = 0.0;
  frontier.maximum = 100.0;
  std::vector<Parameter> list{
      sources_parameter("CANDIDATES"),
      demand_parameter(true),
      {.name = "policy",
       .kind = Kind::file,
       .help = "TOML: discount, gap, budget_usd, allow_shortfall, [[limit]], [[scenario]], ...",
       .required = true},
      prices_parameter(false),
      {.name = "aim",
       .kind = Kind::choice,
       .help = "what is least, instead of the policy's aim",
       .choices = {"cost", "concentration", "shortfall"}},
      frontier,
      {.name = "robust",
       .kind = Kind::flag,
       .help = "over scenarios: least cost of the worst, instead of the mean"},
      {.name = "no-values",
       .kind = Kind::flag,
       .help = "do not plan again without each chosen source: quicker"},
      {.name = "lp", .kind = Kind::file_out, .help = "write the programme in CPLEX LP format"},
      {.name = "check",
       .kind = Kind::choice,
       .help = "solve the same LP file with another program, which must be installed",
       .choices = {"cbc"}}};
  for (std::size_t k = 1; k < list.size(); ++k) list[k].group = "Portfolio";
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

PortfolioPolicy policy_of(const Arguments& arguments, const Session& session,
                          const SupplySources& sources, Outcome& outcome) {
  PortfolioPolicy policy =
      parse_policy(supply_text(arguments, "policy", outcome), arguments.text("policy"));
  const Countries countries = built_in_countries(session.jobs, outcome.findings);
  name_policy_countries(policy, countries, sources, arguments.text("policy"));
  if (arguments.has("aim")) {
    const std::string aim = arguments.text("aim");
    policy.aim = aim == "cost"        ? PortfolioAim::cost
                 : aim == "shortfall" ? PortfolioAim::shortfall
                                      : PortfolioAim::concentration;
  }
  if (arguments.has("prices")) policy.prices = supply_prices(arguments, session, outcome);
  return policy;
}

/// The same programme by another program: its objective, and how far ours is from it.
void check_by_program(const std::string& program, const std::string& lp,
                      const PortfolioPolicy& policy, const Portfolio& plan, Outcome& outcome) {
  const double said = objective_by(program, lp, policy.gap) * 1e6;
  Json check = Json::object();
  check["program"] = program;
  check["objective_usd"] = number_or_null(said);
  const double difference = (plan.objective_usd - said) / std::abs(said);
  check["difference"] = number_or_null(difference);
  outcome.summary["check"] = check;
  // Each may be a gap above the truth.
  if (!(std::abs(difference) <= policy.gap + 1e-6))
    outcome.findings.add("supply.check_differs", Severity::warning, program,
                         std::isnan(said)
                             ? "it finds no mix where we do"
                             : "its objective is " + fixed_text(100.0 * difference, 4) +
                                   " % away, more than the gap");
}

void write_programme(const Arguments& arguments, const Session& session, const std::string& lp,
                     Outcome& outcome) {
  std::vector<std::string> inputs;
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text("lp"), inputs);
  OutputSet outputs(session.overwrite);
  outputs.write_text(arguments.text("lp"), lp);
  outputs.commit();
  outcome.outputs.insert(outcome.outputs.end(), outputs.written().begin(), outputs.written().end());
}

void refuse_no_plan(const Portfolio& plan, const PortfolioPolicy& policy) {
  if (plan.status == ProgrammeStatus::infeasible)
    throw Error("supply.infeasible", plan.words, policy.path,
                "Loosen one of them, or set allow_shortfall = true.");
  if (plan.status == ProgrammeStatus::unsolved)
    throw Error("supply.unsolved", plan.words, policy.path, "Raise nodes, or gap.");
}

/// Another program is handed one programme, and the other aims take several.
void refuse_other_aims(const PortfolioPolicy& policy) {
  if (policy.aim == PortfolioAim::cost) return;
  throw Error(
      "usage.check",
      "the check is of the aim cost, and this is of the aim " + std::string(to_text(policy.aim)),
      "--check", "Add --aim cost, or leave --check out.");
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const SupplySources sources = supply_sources(arguments, session, "CANDIDATES", outcome);
  const SupplyDemand demand = supply_demand(arguments, session, outcome);
  const PortfolioPolicy policy = policy_of(arguments, session, sources, outcome);
  if (arguments.has("check")) refuse_other_aims(policy);
  PortfolioOptions options;
  options.values = !arguments.flag("no-values");
  options.robust = arguments.flag("robust");
  options.frontier = static_cast<std::size_t>(arguments.integer("frontier"));
  options.jobs = session.jobs;
  std::string lp;
  if (arguments.has("lp") || arguments.has("check"))
    lp = lp_text(portfolio_programme(sources, demand, policy));
  // Also of what has no plan: the file shows why to other programs.
  if (arguments.has("lp")) write_programme(arguments, session, lp, outcome);
  const Portfolio plan = plan_portfolio(sources, demand, policy, options, session.progress);
  refuse_no_plan(plan, policy);
  outcome.findings.add(plan.findings);
  outcome.shown = {"id", "name", "country", "kind", "start_year", "capex_usd", "worth_usd"};
  add_results(session, outcome, plan.choices.size(),
              [&](std::size_t k) { return portfolio_row(plan, plan.choices[k]); });
  summarise_portfolio(plan, policy, sources.currency, outcome);
  if (arguments.has("check")) check_by_program(arguments.text("check"), lp, policy, plan, outcome);
  enforce_strict(session, outcome.findings);
  write_tables(arguments, session, portfolio_layers(plan), outcome);
  return outcome;
}

}  // namespace

Command supply_portfolio_command() {
  Command command;
  command.name = "supply portfolio";
  command.summary = "which sources, from when, how much: the mix that meets demand at least cost";
  command.group = "Supply";
  command.parameters = portfolio_parameters();
  command.run = run;
  return command;
}

}  // namespace lode::tools
