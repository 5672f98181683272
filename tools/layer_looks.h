// What the layers that commands write are called and look like when QGIS opens them.
#pragma once

#include <string>
#include <vector>

#include "libgeo/io/writers.h"

namespace lode::tools {

/// Gives each layer its title, a line on what it is and which command wrote it, titles for its
/// fields, and a style where it has none. For formats that keep them; others are left alone.
void dress(std::vector<OutputLayer>& layers, const std::string& path, const std::string& format);

}  // namespace lode::tools
