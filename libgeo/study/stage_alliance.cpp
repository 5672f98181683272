// The alliance's chain in a study: its tables, its members, its mines from the sites.
#include <algorithm>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/study/alliance_stage.h"
#include "libgeo/study/alliance_tables.h"

namespace lode {

namespace {

const std::vector<std::string>& usual_stages() {
  static const std::vector<std::string> stages = {"mine", "concentrate", "separation", "metal",
                                                  "magnet"};
  return stages;
}

/// The usual stages that the table has; mines there are in any case.
std::vector<std::string> stages_of(const StageCapacities& capacities) {
  std::set<std::string> said = {"mine"};
  for (const StageCapacity& row : capacities.rows) {
    if (std::find(usual_stages().begin(), usual_stages().end(), row.stage) == usual_stages().end())
      throw Error("supply.no_stage", "there is no stage '" + printable(row.stage) + "'", row.where,
                  suggestion(row.stage, usual_stages()));
    said.insert(row.stage);
  }
  std::vector<std::string> stages;
  for (const auto& stage : usual_stages())
    if (said.count(stage) > 0) stages.push_back(stage);
  return stages;
}

/// Mines and recyclers at cost without freight: the chain hauls by itself.
SupplySources at_the_gate(const StudySources& from, bool recyclers) {
  SupplySources sources = from.sources;
  sources.list.clear();
  for (std::size_t k = 0; k < from.sources.list.size(); ++k) {
    SupplySource source = from.sources.list[k];
    if (from.site[k] == SupplyAnswer::no_site && source.operating) continue;
    if (source.kind == "secondary" && !recyclers) continue;
    source.opex_usd_per_kg = from.gate_opex[k];
    sources.list.push_back(std::move(source));
  }
  return sources;
}

/// The study's sites are the mines of their countries: rows of the table would count them twice.
void put_mines(StudyContext& context, const StudySources& from, AllianceInputs& inputs) {
  const std::string recycled = "separation";
  const bool recyclers =
      std::find(inputs.stages.begin(), inputs.stages.end(), recycled) != inputs.stages.end();
  const SupplySources sources = at_the_gate(from, recyclers);
  std::set<std::string> mined;
  for (const SupplySource& source : sources.list)
    if (source.kind == "primary") mined.insert(source.country);
  const std::size_t before = inputs.capacity.size();
  std::erase_if(inputs.capacity, [&](const StageCapacity& row) {
    return row.stage == inputs.stages.front() && mined.count(row.country) > 0;
  });
  if (inputs.capacity.size() < before)
    context.result.findings.add("study.mine_rows", Severity::note, context.study.supply.capacities,
                                "mines of countries that have sites in the study are those sites: "
                                "the table's rows for them are left out",
                                before - inputs.capacity.size());
  const auto rows =
      stage_capacity_of(sources, inputs.stages, inputs.metals, inputs.years,
                        context.study.as_of.year, recyclers ? recycled : inputs.stages.front());
  inputs.capacity.insert(inputs.capacity.end(), rows.begin(), rows.end());
}

/// Members without capacity and demand neither bring nor need anything.
void keep_members(StudyContext& context, AllianceInputs& inputs) {
  std::vector<std::string> members, idle;
  std::vector<std::vector<double>> demand;
  for (std::size_t k = 0; k < inputs.members.size(); ++k) {
    const std::string& member = inputs.members[k];
    const bool needs = std::any_of(inputs.demand_t[k].begin(), inputs.demand_t[k].end(),
                                   [](double tonnes) { return tonnes > 0.0; });
    const bool brings =
        std::any_of(inputs.capacity.begin(), inputs.capacity.end(), [&](const StageCapacity& row) {
          return row.country == member && row.tonnes_per_year > 0.0;
        });
    if (!needs && !brings) {
      idle.push_back(member);
      continue;
    }
    members.push_back(member);
    demand.push_back(inputs.demand_t[k]);
  }
  if (!idle.empty())
    context.result.findings.add(
        "study.members", Severity::note, context.study.supply.member_demand,
        "members that neither need nor bring anything are left out: " + join(idle, ", "),
        idle.size());
  inputs.members = std::move(members);
  inputs.demand_t = std::move(demand);
}

}  // namespace

void take_alliance_tables(StudyContext& context, const Table& capacities, const Table& demand,
                          const std::vector<std::string>& members, SupplyFiles& files) {
  const ConcentrationOptions rules;
  const SupplyReading reading{context.countries, rules, InexactRule::take, context.result.findings};
  StageCapacities read = read_stage_capacities(reading, capacities);
  const MemberDemand wanted = read_member_demand(reading, demand);
  AllianceInputs inputs;
  inputs.members = members;
  inputs.stages = stages_of(read);
  inputs.metals = wanted.metals;
  inputs.years = wanted.years;
  inputs.demand_t = wanted.of(members);
  inputs.currency = read.currency;
  inputs.price_year = read.price_year;
  inputs.capacity = std::move(read.rows);
  files.alliance = std::move(inputs);
}

AllianceView study_alliance(StudyContext& context, const SupplyFiles& files,
                            const StudySources& sources, const Progress& progress) {
  AllianceInputs inputs = *files.alliance;
  put_mines(context, sources, inputs);
  keep_members(context, inputs);
  inputs.hauls = country_hauls(context, inputs.members, inputs.stages, progress.part(0.0, 0.5));
  return alliance_chain(inputs, files.alliance_options, progress.part(0.5, 1.0));
}

}  // namespace lode
