// Writers of one format each, to a temporary path; called by `OutputSet` alone.
#pragma once

#include <string>
#include <vector>

#include "libgeo/io/writers.h"

namespace lode::writing {

enum class Kind { geopackage, shapefile, flatgeobuf, geojson, csv };

/// By the driver's name or the ending. Error "io.unsupported_format".
[[nodiscard]] Kind kind_of(const std::string& path, const std::string& format);

/// What the format cannot hold: several layers, mixed kinds, no CRS.
/// Errors "write.several_layers", "write.mixed_kinds", "write.length".
void check(Kind kind, const std::string& path, const std::vector<OutputLayer>& layers);

/// A table with places: columns x and y for points, WKT otherwise.
[[nodiscard]] std::string csv_layer(const OutputLayer& layer);
/// Text cells that `csv_text` guards, as one finding "output.guarded" (warning) with the columns.
void say_guarded(const Table& table, const std::string& path, Findings& findings);
/// RFC 7946: longitude and latitude in WGS 84, nine decimals (0.1 mm), cut at the antimeridian.
[[nodiscard]] std::string geojson_text(const OutputLayer& layer, Findings& findings);

/// GeoPackage, Shapefile, FlatGeobuf through GDAL, then read back and compared.
/// `name` is the final path, for messages. Error "io.write".
void write_with_gdal(Kind kind, const std::string& temporary, const std::string& name,
                     const std::vector<OutputLayer>& layers, const WriteOptions& options,
                     Findings& findings);

}  // namespace lode::writing
