// Tonnage of a heap, pile or pit of a site from two surfaces.
#pragma once

#include <cstddef>

#include "libgeo/core/progress.h"
#include "libgeo/study/context.h"

namespace lode {

/// Ore and oxide of a site from what lies between a top surface and a base or level. With
/// `checking`, both are opened and nothing is added up.
/// Errors "study.volume" and those of surface volumes.
void take_heap(StudyContext& context, const VolumesTable& table, std::size_t site, bool checking,
               const Progress& progress);

}  // namespace lode
