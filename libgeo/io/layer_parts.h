// The steps of reading a layer: features from GDAL, tables from text, and the checks they share.
#pragma once

#include <string>

#include "libgeo/io/door.h"
#include "libgeo/io/layer.h"

class GDALDataset;
class OGRGeometry;

namespace lode::parts {

/// What the geometries of a source held that the memory model does not.
struct Census {
  struct CensusCount {
    std::size_t count = 0;
    std::size_t first = 0;  ///< row of the first
  };
  std::size_t row = 0;      ///< of the geometry that is looked at
  CensusCount curves;       ///< made straight
  CensusCount z;            ///< heights or measures dropped
  CensusCount collections;  ///< of several kinds: the highest dimension was kept
  CensusCount short_parts;  ///< lines of one vertex, rings of fewer than four

  void add(CensusCount& tally) const {
    if (tally.count++ == 0) tally.first = row;
  }
};

/// Adds the parts of an OGR geometry to ours.
[[nodiscard]] Geometry geometry_of(const OGRGeometry& source, Census& census);

/// From WKT of any kind OGR knows, curves and collections too. Error "geometry.bad_wkt".
[[nodiscard]] Geometry geometry_of_wkt(const std::string& wkt, const std::string& where,
                                       Census& census);
/// Says how many and which was the first: its row in the file and, where there is one, its id.
void report_census(const Census& census, Layer& layer);
/// "file, row 3".
[[nodiscard]] std::string row_place(const Layer& layer, std::size_t row);
/// "id A12", or "" when the layer has no column `id` or `name`.
[[nodiscard]] std::string id_text(const Table& table, std::size_t row);

/// Names of the layers that hold data: style and project tables are left out.
[[nodiscard]] std::vector<LayerName> layer_names(GDALDataset& dataset);
/// Which layer is meant. Errors "io.no_layer", "io.several_layers", "io.empty_layer".
[[nodiscard]] std::string choose_layer(const std::vector<LayerName>& names,
                                       const std::string& wanted, const std::string& where);

/// Reads all features of one layer: table, fid, geometry (empty when the layer has none), CRS.
void read_features(GDALDataset& dataset, const std::string& name, const ReadOptions& options,
                   const door::Input& input, Layer& layer, const Progress& progress);

/// CSV and XLSX: text cells into a table, places from WKT or coordinate columns.
[[nodiscard]] Table sheet_table(GDALDataset& dataset, const std::string& sheet,
                                const std::string& where, Findings& findings);
/// The column names that hold coordinates; both "" when there are none.
struct PlaceColumns {
  std::string x, y, wkt;
  bool degrees = false;  ///< by their names (lon, lat): EPSG:4326 unless said
};
[[nodiscard]] PlaceColumns place_columns(const Table& table, const ReadOptions& options);
void add_places(Layer& layer, const PlaceColumns& columns);
/// Keeps the rows that pass `where` and `bbox` (tables from text; GDAL filters the others).
void filter_rows(Layer& layer, const ReadOptions& options);

/// CRS by `input_crs`, or that of the file. Errors "crs.missing", "crs.unknown".
void settle_crs(Layer& layer, const ReadOptions& options);
/// Coordinates that cannot be: not finite, not of that CRS. Errors "geometry.bad_coordinate",
/// "crs.mismatch"; findings "crs.outside_area", "geometry.zero_zero", "geometry.antimeridian" ...
void check_places(Layer& layer, const ReadOptions& options);
/// Validity and repair of every geometry, in parallel.
void repair_geometries(Layer& layer, const ReadOptions& options, const Progress& progress);

}  // namespace lode::parts
