// Sources of supply as the table that `read_sources` takes: for files, and to run them again.
#pragma once

#include "libgeo/core/table.h"
#include "libgeo/supply/sources.h"

namespace lode {

/// One row a source, columns as in `read_sources`; low and high only where some source has them.
/// Numbers are whole doubles: read again they are the same sources. Years of limits are those of
/// all sources together; a source's last limit stands in the years after its own, as `output_t` has
/// it, and 0 in those before. Error "supply.length".
[[nodiscard]] Table table_of(const SupplySources& sources);

}  // namespace lode
