// The alliance's chain in a study: capacities joined with the sites, hauls by the study's freight.
#pragma once

#include <string>
#include <vector>

#include "libgeo/study/supply_files.h"
#include "libgeo/study/supply_sources.h"

namespace lode {

/// Reads `[supply] capacities` and `member_demand` into `files.alliance`.
/// Stages in order: those of mine, concentrate, separation, metal and magnet that there are.
/// Errors: those of the readers, "supply.no_stage".
void take_alliance_tables(StudyContext& context, const Table& capacities, const Table& demand,
                          const std::vector<std::string>& members, SupplyFiles& files);

/// The chain of the members: mines and recyclers are those of the study at cost without freight, in
/// place of the table's rows for the mines of their countries. Candidates that operate sell oxide
/// and are no mines. Members without demand and capacity are left out.
/// Notes "study.mine_rows", "study.members".
[[nodiscard]] AllianceView study_alliance(StudyContext& context, const SupplyFiles& files,
                                          const StudySources& sources, const Progress& progress);

/// Cheapest ways between the members by the study's networks and chain: from what does a stage in
/// one country (sites, plants, else plants of any kind, else ports) to what does the next in
/// another. None without networks or chain: note "study.no_hauls".
[[nodiscard]] std::vector<StageHaul> country_hauls(StudyContext& context,
                                                   const std::vector<std::string>& members,
                                                   const std::vector<std::string>& stages,
                                                   const Progress& progress);

}  // namespace lode
