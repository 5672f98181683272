// The one door to GDAL: which files may be opened, how, and what GDAL said while doing so.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"

class GDALDataset;

namespace lode {

struct DatasetCloser {
  void operator()(GDALDataset* dataset) const;
};
using DatasetHandle = std::unique_ptr<GDALDataset, DatasetCloser>;

enum class OpenKind { vector, raster };

/// Opens a file read-only with the drivers that Lode allows for its kind of content (Shapefile,
/// GeoPackage, GeoJSON, FlatGeobuf, CSV, XLSX, DXF; GeoTIFF, AAIGrid, ...), never over a network,
/// never running code that the file names, and never touching files beside it. The content must be
/// what the ending says. Warnings of GDAL become findings, its errors become Error.
/// Local virtual prefixes (/vsizip/, /vsigzip/, /vsistdin/) pass; others are refused.
/// Errors: "io.missing_file", "io.forbidden_path", "io.unsupported_format", "io.corrupt",
/// "io.missing_sidecar", "io.too_large".
/// Text fields come as the bytes of the file; `read_layer` decodes them.
[[nodiscard]] DatasetHandle open_dataset(const std::string& path, OpenKind kind,
                                         Findings& findings);

/// Runs `body` with GDAL's messages caught: errors are thrown as Error `code` at `where`, warnings
/// added to `findings`. For every GDAL call that reads or writes.
void guard_gdal(const std::string& code, const std::string& where, Findings& findings,
                const std::function<void()>& body);

/// Splits "file.gpkg:layer" (a file of the whole name wins) and "/vsizip/..." paths.
struct PathAndLayer {
  std::string path;
  std::string layer;
};
[[nodiscard]] PathAndLayer split_layer(const std::string& argument);

}  // namespace lode
