// Layers that the command `permits` writes: sites, gaps, spans of time, permits.
#pragma once

#include "libgeo/io/writers.h"
#include "tools/permit_rows.h"

namespace lode::tools {

[[nodiscard]] OutputLayer permit_sites_layer(const PermitView& view);
[[nodiscard]] OutputLayer permit_gaps_layer(const PermitView& view);
[[nodiscard]] OutputLayer permit_timeline_table(const PermitView& view,
                                                const CoverageOptions& options,
                                                const Progress& progress, Findings& findings);
/// One feature a permit, with what it contains.
[[nodiscard]] OutputLayer permit_features_layer(const PermitView& view);

}  // namespace lode::tools
