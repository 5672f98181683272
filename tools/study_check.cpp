#include "libgeo/core/text.h"
#include "tools/study_outputs.h"

namespace lode::tools {

namespace {

/// Parts of what ends the dependence that the tables of `[supply]` allow.
std::vector<std::string> parts_of(const SupplyTable& supply) {
  const auto all = [](std::initializer_list<const std::string*> paths) {
    for (const auto* path : paths)
      if (path->empty()) return false;
    return true;
  };
  std::vector<std::string> parts;
  const auto add = [&](const char* part, std::initializer_list<const std::string*> paths) {
    if (all(paths)) parts.emplace_back(part);
  };
  add("economics", {&supply.metal_prices});
  add("cost curves", {&supply.metal_prices});
  add("recycling", {&supply.stocks});
  add("portfolio", {&supply.demand, &supply.policy});
  add("disruption", {&supply.demand, &supply.today});
  add("alliance", {&supply.capacities, &supply.member_demand});
  return parts;
}

}  // namespace

Command study_check_command() {
  Command command;
  command.name = "study check";
  command.summary = "read a study and all its inputs, list every mistake, compute nothing";
  command.group = "Study";
  command.parameters = {{.name = "FILE",
                         .kind = Kind::file,
                         .help = "the study file (TOML)",
                         .positional = true,
                         .required = true}};
  append(command.parameters, study_parameters());
  command.run = [](const Arguments& arguments, const Session& session) {
    const StudyFile study = read_study(arguments.text("FILE"));
    const StudyOptions options = study_options(arguments, session);
    (void)output_folder(study, options, "");
    const StudyResult result = check_study(study, options, session.progress);
    Outcome outcome;
    outcome.inputs = result.inputs;
    outcome.findings = result.findings;
    std::size_t located = 0;
    for (const auto& site : result.sites) located += site.located ? 1 : 0;
    outcome.summary["sites"] = result.sites.size();
    outcome.summary["ranked"] = located;
    outcome.summary["outputs"] = 0;
    outcome.summary["criteria"] = study.criteria.size();
    const std::vector<std::string> parts = parts_of(study.supply);
    if (!parts.empty()) outcome.summary["supply"] = join(parts, ", ");
    outcome.text = "The study is in order: " + std::to_string(result.sites.size()) + " sites, " +
                   std::to_string(located) + " with a place, " +
                   std::to_string(study.criteria.size()) + " criteria" +
                   (parts.empty() ? "" : "; supply: " + join(parts, ", ")) + ".\n";
    return outcome;
  };
  return command;
}

}  // namespace lode::tools
