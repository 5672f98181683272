// Tonnage of a site from its drillholes: tables to composites, blocks and a range, with its trace.
#pragma once

#include <cstddef>

#include "libgeo/core/progress.h"
#include "libgeo/study/context.h"

namespace lode {

/// Fills ore, grade, oxide tonnes and outline of the site that the table names. With
/// `checking`, the tables are read and refused as they would be, and nothing is estimated.
/// Errors "study.value" (no such site), "study.volume", and those of drillholes, meshes and
/// estimation.
void take_drillholes(StudyContext& context, const VolumesTable& table, bool checking,
                     const Progress& progress);

}  // namespace lode
