// What `screen` writes beside the net areas: pairs of site and feature, and the free parts.
#pragma once

#include <string>
#include <vector>

#include "libgeo/environment/screening.h"
#include "libgeo/io/writers.h"
#include "tools/command.h"

namespace lode::tools {

/// --pairs and --free-parts.
[[nodiscard]] std::vector<Parameter> screen_output_parameters();

/// Writes what was asked for.
void write_screen_outputs(const Arguments& arguments, const Session& session,
                          const ScreenInputs& inputs, Edges edges, const Screening& screening,
                          Outcome& outcome);

}  // namespace lode::tools
