// Sources of supply as the table that `read_sources` takes: for files, and to run them again.
#pragma once

#include "libgeo/core/table.h"
#include "libgeo/supply/sources.h"

namespace lode {

/// One row a source, columns as in `read_sources`; low and high only where some source has them.
/// Numbers are whole doubles: read again they are the same sources, but for what recycling allows
/// year by year (`limit_t_per_year`), which no table holds.
[[nodiscard]] Table table_of(const SupplySources& sources);

}  // namespace lode
