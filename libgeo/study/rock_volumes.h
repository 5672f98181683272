// Tonnage of a site from a solid, a surface or a block model, and where its rock lies.
#pragma once

#include "libgeo/core/progress.h"
#include "libgeo/study/context.h"

namespace lode {

/// Fills ore, grade, oxide tonnes, outline and rock of the site that the table of kind "mesh",
/// "surface" or "blocks" names; the last such table of a site counts. With `checking`, headers and
/// solids are read and refused as they would be, and nothing is added up.
/// Errors "study.value" (no such site), "study.volume", and those of meshes, surfaces and block
/// models.
void take_rock(StudyContext& context, const VolumesTable& table, bool checking,
               const Progress& progress);

/// A column of block or sample grades as mass fractions: its factor, elements to oxides as traded
/// when `to_oxide` is set. Errors "unit.*" with the line of the study.
[[nodiscard]] double grade_column_factor(const StudyContext& context, const VolumesTable& table,
                                         const std::string& field, const std::string& unit,
                                         bool to_oxide);

}  // namespace lode
